//! 比上年增加…，增长…%: the printed rate against the amount and its change.

use rust_decimal::Decimal;

use super::Checked;
use super::terms::{ById, in_yuan, interval, is_alike, not_evaluated, ratio_check, shown, term};
use crate::base::amount::Unit;
use crate::base::finding::Finding;
use crate::finding_code;
use crate::model::{CheckResult, Direction, Outcome, Statement, StatementKind};

finding_code! {
    /// A rate of change printed in the text (增长…%) is not the one that the amount and its change give:
    /// change ÷ (amount ∓ change).
    /// A ratio that was printed as if it were a percentage (0.04% for 4.15%) is named as such. So is a rate that goes the
    /// other way than the change (减少…万元，增长…%).
    pub C503, "change-rate-differs-from-amounts", Warning
}

finding_code! {
    /// A change, the amount and the amount of the year before do not fit each other: amount − earlier amount is
    /// not the printed change.
    pub C504, "change-differs-from-amounts", Warning
}

finding_code! {
    /// A rate of change is printed for a quantity that was nothing before (0.3万元, 增加0.3万元, 增长100%): there is no such rate.
    pub C514, "rate-of-change-from-nothing", Info
}

/// Checks every change that knows its amount, and every rate that stands without its change.
pub(super) fn check(statements: &[Statement], by_id: &ById, findings: &mut Vec<Finding>) -> Vec<Checked> {
    let mut results = rates_alone(statements, by_id, findings);
    for (index, change) in statements.iter().enumerate() {
        if change.kind != StatementKind::Change {
            continue;
        }
        let Some(of) = change.of.as_deref().and_then(|id| by_id.get(id)).copied() else { continue };
        if !is_alike(change, of) {
            continue;
        }
        let base = change.base.as_deref().and_then(|id| by_id.get(id)).copied();
        if let Some(base) = base {
            results.push(Checked {
                result: difference(change, of, base, findings),
                statements: vec![change.id.clone(), of.id.clone(), base.id.clone()],
            });
        }
        let rate = statements
            .get(index + 1)
            .filter(|next| next.kind == StatementKind::ChangeRate && next.of == change.of && change.of.is_some());
        if let Some(rate) = rate {
            results.push(Checked {
                result: check_rate(rate, change, of, findings),
                statements: vec![rate.id.clone(), change.id.clone(), of.id.clone()],
            });
        }
    }
    results
}

/// 2025年当年预算执行数为A万元，2026年预算安排B万元，比2025年预算执行数增加…%: the two amounts of both years before the rate.
/// The amount that opens the paragraph, of the same year, is that of the second: B stands twice.
fn rates_alone(statements: &[Statement], by_id: &ById, findings: &mut Vec<Finding>) -> Vec<Checked> {
    let mut results = Vec::new();
    for at in 2..statements.len() {
        let Some([base, of, rate]) = statements.get(at - 2..=at) else { continue };
        let is_pair = rate.kind == StatementKind::ChangeRate
            && rate.of.as_deref().and_then(|id| by_id.get(id)).is_some_and(|known| known.id == of.id)
            && [base, of].iter().all(|amount| amount.kind == StatementKind::Amount)
            && rate.base_year.is_some()
            && base.fiscal_year == rate.base_year
            && base.heading == of.heading
            && is_alike(base, of);
        if !is_pair || in_yuan(base).is_zero() {
            continue;
        }
        let rise = in_yuan(of) - in_yuan(base);
        let sign = if rate.direction == Some(Direction::Decrease) { -Decimal::ONE } else { Decimal::ONE };
        let Some(check) =
            ratio_check(rate, (rise * sign, (interval(of) - interval(base)) * sign), (in_yuan(base), interval(base)))
        else {
            continue;
        };
        if check.outcome == Outcome::Violated {
            findings.push(
                Finding::new(
                    &C503,
                    format!(
                        "{} after {} is a change by {}, printed is {}",
                        shown(of),
                        shown(base),
                        check.computed,
                        shown(rate)
                    ),
                )
                .at(&rate.place, format!("the amounts give {}", check.computed))
                .with(&of.place, shown(of))
                .with(&base.place, shown(base)),
            );
        }
        results.push(Checked {
            result: CheckResult {
                identity: "prose.change_rate".into(),
                outcome: check.outcome,
                left: vec![term(rate, 1)],
                right: vec![term(of, 1), term(base, 1)],
                difference: None,
                reason: (check.outcome != Outcome::Exact).then(|| format!("the amounts give {}", check.computed)),
            },
            statements: vec![rate.id.clone(), of.id.clone(), base.id.clone()],
        });
        let opening = at.checked_sub(3).and_then(|at| statements.get(at)).filter(|opening| {
            opening.kind == StatementKind::Amount
                && opening.fiscal_year == of.fiscal_year
                && opening.heading == of.heading
                && is_alike(opening, of)
                && opening.of.is_none()
                && opening.subject.ends_with(['）', ')'])
        });
        if let Some(opening) = opening.filter(|opening| !interval(opening).meets(&interval(of))) {
            findings.push(
                Finding::new(
                    &super::consistency::C507,
                    format!("{} is {} here and {} there", opening.subject, shown(of), shown(opening)),
                )
                .at(&of.place, format!("stated as {} before", shown(opening)))
                .with(&opening.place, shown(opening)),
            );
        }
    }
    results
}

/// 增长-5% is a fall.
fn is_rise(change: &Statement) -> bool {
    (change.direction != Some(Direction::Decrease)) != change.value.is_sign_negative()
}

pub(super) fn signed(change: &Statement) -> Decimal {
    if change.direction == Some(Direction::Decrease) { -in_yuan(change) } else { in_yuan(change) }
}

fn check_rate(rate: &Statement, change: &Statement, of: &Statement, findings: &mut Vec<Finding>) -> CheckResult {
    let identity = "prose.change_rate";
    let prior_value = in_yuan(of) - signed(change);
    let prior = if change.direction == Some(Direction::Decrease) {
        interval(of) + interval(change)
    } else {
        interval(of) - interval(change)
    };
    let left = vec![term(rate, 1)];
    let right = vec![term(change, 1), term(of, 1)];
    if is_rise(rate) != is_rise(change) && !change.value.is_zero() && !rate.value.is_zero() {
        let told = |one: &Statement| format!("{} {}", if is_rise(one) { "up" } else { "down" }, shown(one));
        findings.push(
            Finding::new(&C503, format!("the change is {}, its rate {}", told(change), told(rate)))
                .at(&rate.place, told(rate))
                .with(&change.place, told(change)),
        );
        let reason = Some("the change and its rate have different directions".into());
        return CheckResult {
            identity: identity.into(),
            outcome: Outcome::Violated,
            left,
            right,
            difference: None,
            reason,
        };
    }
    if rate.direction != change.direction {
        return not_evaluated(identity, left, "one of change and rate is negative");
    }
    let Some(check) = ratio_check(rate, (in_yuan(change), interval(change)), (prior_value, prior)) else {
        if prior_value.is_zero() && !change.value.is_zero() && !rate.value.is_zero() {
            findings.push(
                Finding::new(&C514, format!("{} is all change, and its rate is printed as {}", shown(of), shown(rate)))
                    .at(&rate.place, "there was nothing before")
                    .with(&change.place, format!("change {}", shown(change)))
                    .with(&of.place, format!("{} {}", of.subject, shown(of))),
            );
        }
        return not_evaluated(identity, left, "the earlier amount is 0");
    };
    if check.outcome == Outcome::Violated {
        let unit = of.unit.as_ref().and_then(Unit::yuan).unwrap_or(Decimal::ONE);
        let earlier = (prior_value / unit).normalize();
        let unit_name = of.unit.as_ref().map(ToString::to_string).unwrap_or_default();
        let mut finding = Finding::new(
            &C503,
            format!(
                "{} of {earlier}{unit_name} ({} {} {}) is {}, printed is {}",
                shown(change),
                shown(of),
                if change.direction == Some(Direction::Decrease) { "+" } else { "−" },
                shown(change),
                check.computed,
                shown(rate),
            ),
        )
        .at(&rate.place, format!("the amounts give {}", check.computed))
        .with(&change.place, format!("change {}", shown(change)))
        .with(&of.place, format!("{} {}", of.subject, shown(of)));
        if is_ratio_as_percent(rate, change, prior_value) {
            finding = finding.help(format!("the plain ratio was printed as percent: it stands for {}", check.computed));
        }
        findings.push(finding);
    }
    CheckResult {
        identity: identity.into(),
        outcome: check.outcome,
        left,
        right,
        difference: None,
        reason: (check.outcome != Outcome::Exact).then(|| format!("the amounts give {}", check.computed)),
    }
}

/// True where the printed percentage is the plain ratio, rounded.
fn is_ratio_as_percent(rate: &Statement, change: &Statement, prior: Decimal) -> bool {
    let ratio = in_yuan(change).checked_div(prior);
    rate.unit == Some(Unit::Percent)
        && ratio.is_some_and(|ratio| {
            let off = (ratio - rate.value).abs();
            !rate.value.is_zero() && off <= Decimal::new(1, rate.value.scale())
        })
}

fn difference(change: &Statement, of: &Statement, base: &Statement, findings: &mut Vec<Finding>) -> CheckResult {
    let identity = "prose.change";
    let expected = in_yuan(of) - in_yuan(base);
    let range = interval(of) - interval(base);
    let printed = if change.direction == Some(Direction::Decrease) {
        crate::base::amount::Interval::exactly(Decimal::ZERO) - interval(change)
    } else {
        interval(change)
    };
    let outcome = if expected == signed(change) {
        Outcome::Exact
    } else if range.meets(&printed) {
        Outcome::WithinRounding
    } else {
        Outcome::Violated
    };
    let unit = change.unit.as_ref().and_then(Unit::yuan).unwrap_or(Decimal::ONE);
    let off = ((signed(change) - expected) / unit).normalize();
    if outcome == Outcome::Violated {
        let by = ((expected / unit).normalize()).to_string();
        findings.push(
            Finding::new(
                &C504,
                format!("{} − {} is {by}, printed is a change by {}", shown(of), shown(base), shown(change)),
            )
            .at(&change.place, format!("the amounts give {by}"))
            .with(&of.place, shown(of))
            .with(&base.place, shown(base)),
        );
    }
    CheckResult {
        identity: identity.into(),
        outcome,
        left: vec![term(change, 1)],
        right: vec![term(of, 1), term(base, -1)],
        difference: Some(off.to_string()),
        reason: None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{checked, outcomes};
    use super::*;

    #[test]
    fn a_rate_of_the_earlier_amount_holds() {
        let (results, findings) = checked(&["甲局本年支出4,722.97万元，比上年减少811.49万元，下降14.66%。"]);
        assert_eq!(outcomes(&results, "prose.change_rate"), [Outcome::Exact]);
        assert!(findings.is_empty(), "{findings:?}");
    }

    #[test]
    fn a_ratio_printed_as_percent_is_named() {
        let (results, findings) = checked(&["甲局运行经费18.09万元，比2025年预算增加0.72万元，增长0.04%。"]);
        assert_eq!(outcomes(&results, "prose.change_rate"), [Outcome::Violated]);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].code, "C503");
        assert!(findings[0].message.contains("4.15%"), "{}", findings[0].message);
        assert!(findings[0].help.as_deref().is_some_and(|help| help.contains("ratio")));
    }

    #[test]
    fn a_rate_cut_off_instead_of_rounded_is_rounding() {
        // 2.00 / 3.00 is 66.67 %.
        let (results, _) = checked(&["甲局经费5.00万元，比上年增加2.00万元，增长66.66%。"]);
        assert_eq!(outcomes(&results, "prose.change_rate"), [Outcome::WithinRounding]);
    }

    #[test]
    fn a_change_against_its_printed_base() {
        let (results, findings) =
            checked(&["收入预算33112.47万元，比2025年年初预算数35201.58万元减少2098.11万元，降低5.93%。"]);
        assert_eq!(outcomes(&results, "prose.change"), [Outcome::Violated]);
        assert_eq!(findings.first().map(|finding| finding.code.as_str()), Some("C504"));
    }

    #[test]
    fn a_rate_between_two_amounts() {
        // Putuo, budget of 2026, with its slip of the decimal point and without.
        let text = |opening: &str, base: &str| {
            format!(
                "6、公共安全支出（204类）司法（06款）其他司法支出（99项）{opening}万元。2025年当年预算执行数为{base}万元，2026年预算安排3845.49万元，比2025年预算执行数增加17.62%。"
            )
        };
        for (opening, base, codes) in
            [("3845.49", "3269.3", vec![]), ("3845.49", "43269.3", vec!["C503"]), ("3854.49", "3269.3", vec!["C507"])]
        {
            let (_, findings) = checked(&[&text(opening, base)]);
            assert_eq!(findings.iter().map(|finding| finding.code.as_str()).collect::<Vec<_>>(), codes, "{findings:?}");
        }
    }

    #[test]
    fn a_change_and_its_rate_go_the_same_way() {
        let told = |text: &str| checked(&[text]).1.into_iter().map(|finding| finding.message).collect::<Vec<_>>();
        let said = told("甲局本年支出4,722.97万元，比上年减少811.49万元，增长14.66%。");
        assert_eq!(said, ["the change is down 811.49万元, its rate up 14.66%"]);
        assert_eq!(told("甲局经费5.00万元，比上年增加0万元，下降0%。"), [""; 0], "nothing has no direction");
    }

    #[test]
    fn growth_from_nothing_has_no_rate() {
        let (results, findings) = checked(&["甲局经费5.00万元，比上年增加5.00万元，增长100%。"]);
        assert_eq!(outcomes(&results, "prose.change_rate"), [Outcome::NotEvaluated]);
        assert_eq!(findings.iter().map(|finding| finding.code.as_str()).collect::<Vec<_>>(), ["C514"]);
        let (_, findings) = checked(&["甲局经费5.00万元，比上年增加5.00万元。"]);
        assert!(findings.is_empty(), "no rate is printed");
    }
}
