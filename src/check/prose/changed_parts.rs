//! What changed in the parts against what changed in their whole.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::Checked;
use super::changes::signed;
use super::terms::{in_yuan, interval, is_alike, shown, term};
use crate::base::amount::{Interval, Unit};
use crate::base::finding::Finding;
use crate::finding_code;
use crate::model::{CheckResult, Outcome, Statement, StatementKind};
use crate::spec::Narrative;

finding_code! {
    /// The changes of the parts do not add up to the change of their whole, though the parts are all that there are and add up
    /// themselves (the funds of fiscal appropriation), and all are compared with the same year.
    pub C515, "changes-of-parts-differ-from-whole", Warning
}

/// Checks every whole with a change whose parts follow it, each with its change.
pub(super) fn check(statements: &[Statement], vocabulary: &Narrative, findings: &mut Vec<Finding>) -> Vec<Checked> {
    let mut changes: BTreeMap<&str, &Statement> = BTreeMap::new();
    for change in statements.iter().filter(|statement| statement.kind == StatementKind::Change) {
        if let Some(of) = change.of.as_deref() {
            changes.entry(of).or_insert(change);
        }
    }
    let mut results = Vec::new();
    for (at, whole) in statements.iter().enumerate().filter(|(_, one)| one.kind == StatementKind::Amount) {
        let Some(change) = changes.get(whole.id.as_str()).copied() else { continue };
        let parts = parts_after(statements, at, vocabulary);
        let of_parts: Vec<&Statement> = parts
            .iter()
            .filter_map(|part| changes.get(part.id.as_str()).copied())
            .filter(|part| part.base_year == change.base_year && is_alike(part, change))
            .collect();
        let amounts = parts.iter().map(|part| interval(part)).fold(Interval::exactly(Decimal::ZERO), |a, b| a + b);
        if parts.is_empty() || of_parts.len() != parts.len() || !amounts.meets(&interval(whole)) {
            continue;
        }
        results.push(compare(change, &of_parts, whole, findings));
    }
    results
}

/// The amounts behind a whole that are all its parts; none where the next amounts are something else.
fn parts_after<'a>(statements: &'a [Statement], at: usize, vocabulary: &Narrative) -> Vec<&'a Statement> {
    let Some((whole, measure)) = statements.get(at).and_then(|whole| Some((whole, whole.measure.as_deref()?))) else {
        return Vec::new();
    };
    let after = statements.iter().skip(at + 1);
    let amounts: Vec<&Statement> = after
        .take_while(|part| part.heading == whole.heading)
        .filter(|part| part.kind == StatementKind::Amount && part.fiscal_year == whole.fiscal_year)
        .take(MOST_PARTS)
        .collect();
    let measures: Vec<Option<&str>> = amounts.iter().map(|part| part.measure.as_deref()).collect();
    let count = (2..=amounts.len()).find(|count| vocabulary.ties.is_partition(measure, &measures[..*count]));
    amounts.into_iter().take(count.unwrap_or(0)).collect()
}

/// No known whole has more parts.
const MOST_PARTS: usize = 4;

fn compare(change: &Statement, parts: &[&Statement], whole: &Statement, findings: &mut Vec<Finding>) -> Checked {
    let range = |one: &Statement| {
        let sign = if signed(one) == in_yuan(one) { Decimal::ONE } else { -Decimal::ONE };
        interval(one) * sign
    };
    let sum: Decimal = parts.iter().map(|part| signed(part)).sum();
    let ranges = parts.iter().map(|part| range(part)).fold(Interval::exactly(Decimal::ZERO), |a, b| a + b);
    let outcome = if sum == signed(change) {
        Outcome::Exact
    } else if ranges.meets(&range(change)) {
        Outcome::WithinRounding
    } else {
        Outcome::Violated
    };
    let unit = change.unit.as_ref().and_then(Unit::yuan).unwrap_or(Decimal::ONE);
    if outcome == Outcome::Violated {
        let name = change.unit.as_ref().map(ToString::to_string).unwrap_or_default();
        let made = (sum / unit).normalize();
        let message = format!("the parts of {} change by {made}{name}, printed is {}", whole.subject, shown(change));
        let mut finding = Finding::new(&C515, message).at(&change.place, format!("the parts make {made}{name}"));
        for part in parts {
            let verb = if signed(part).is_sign_negative() { "down" } else { "up" };
            finding = finding.with(&part.place, format!("{} {verb} {}", part.subject, shown(part)));
        }
        findings.push(finding);
    }
    let sign = |one: &Statement| if signed(one).is_sign_negative() { -1 } else { 1 };
    Checked {
        result: CheckResult {
            identity: "prose.changes_add_up".into(),
            outcome,
            left: vec![term(change, sign(change))],
            right: parts.iter().map(|part| term(part, sign(part))).collect(),
            difference: Some(((signed(change) - sum) / unit).normalize().to_string()),
            reason: None,
        },
        statements: parts.iter().map(|part| part.id.clone()).chain([change.id.clone()]).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{checked, outcomes};
    use crate::model::Outcome;

    #[test]
    fn the_funds_of_the_appropriation_change_as_it_does() {
        // Putuo, budget of 2026: 115,649 more in all, 5,965 less and 119,614 more of its two funds.
        let told = |all: &str| {
            let text = format!(
                "财政拨款支出预算328,661万元，比2025年预算增加{all}万元。财政拨款支出预算中，一般公共预算拨款支出预算49,376万元，比2025年预算减少5,965万元；政府性基金拨款支出预算279,285.70万元，比2025年预算增加119,614万元；国有资本经营预算拨款支出预算0万元，比2025年预算增加0万元。"
            );
            let (results, findings) = checked(&[&text]);
            let codes: Vec<String> = findings.into_iter().map(|finding| finding.code).collect();
            (outcomes(&results, "prose.changes_add_up"), codes)
        };
        assert_eq!(told("115,649"), (vec![Outcome::Violated], vec!["C515".to_string()]));
        assert_eq!(told("113,649"), (vec![Outcome::Exact], Vec::new()));
        assert_eq!(told("113,650"), (vec![Outcome::WithinRounding], Vec::new()));
        // A part whose change is not told: nothing is known.
        let (results, _) = checked(&[
            "财政拨款支出预算5万元，比2025年预算增加2万元。其中，一般公共预算拨款支出预算3万元，比2025年预算增加1万元；政府性基金拨款支出预算2万元。",
        ]);
        assert!(outcomes(&results, "prose.changes_add_up").is_empty());
    }
}
