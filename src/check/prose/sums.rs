//! 其中：…: parts against their whole, in money and in counts.

use std::collections::{BTreeMap, HashMap};

use rust_decimal::Decimal;

use super::Checked;
use super::terms::{ById, in_yuan, interval, is_alike, not_evaluated, shown, term};
use crate::base::amount::{Interval, Unit};
use crate::base::finding::Finding;
use crate::finding_code;
use crate::model::{CheckResult, Outcome, Statement, StatementKind};
use crate::spec::Narrative;

finding_code! {
    /// The parts that the text lists do not add up to their whole.
    /// Reported only where the list must be complete: its parts are the known parts of that whole (goods, works and
    /// services of procurement), or the printed shares of the parts make 100%.
    pub C505, "listed-parts-differ-from-whole", Warning
}

/// Checks every list of parts.
pub(super) fn check(
    statements: &[Statement],
    by_id: &ById,
    vocabulary: &Narrative,
    findings: &mut Vec<Finding>,
) -> Vec<Checked> {
    let places: HashMap<&str, usize> = statements.iter().enumerate().map(|(at, one)| (one.id.as_str(), at)).collect();
    let mut lists: BTreeMap<usize, Vec<&Statement>> = BTreeMap::new();
    for statement in statements {
        let whole = statement.part_of.as_deref().and_then(|id| places.get(id).copied());
        if let Some(whole) = whole
            && by_id.contains_key(statement.id.as_str())
            && is_alike(statement, &statements[whole])
        {
            lists.entry(whole).or_default().push(statement);
        }
    }
    lists
        .into_iter()
        .filter(|(_, parts)| parts.len() >= 2)
        .map(|(whole, parts)| {
            let whole = &statements[whole];
            let ids = parts.iter().map(|part| part.id.clone()).chain([whole.id.clone()]).collect();
            Checked { result: list(whole, &parts, statements, vocabulary, findings), statements: ids }
        })
        .collect()
}

fn list(
    whole: &Statement,
    parts: &[&Statement],
    statements: &[Statement],
    vocabulary: &Narrative,
    findings: &mut Vec<Finding>,
) -> CheckResult {
    let identity = if whole.kind == StatementKind::Count { "prose.counts_add_up" } else { "prose.parts_add_up" };
    let sum: Decimal = parts.iter().map(|part| in_yuan(part)).sum();
    let range = parts.iter().map(|part| interval(part)).fold(Interval::exactly(Decimal::ZERO), |a, b| a + b);
    let left = vec![term(whole, 1)];
    let right = parts.iter().map(|part| term(part, 1)).collect();
    let outcome = if sum == in_yuan(whole) {
        Outcome::Exact
    } else if range.meets(&interval(whole)) {
        Outcome::WithinRounding
    } else if is_complete(whole, parts, statements, vocabulary) {
        Outcome::Violated
    } else {
        return not_evaluated(identity, left, "the list may be a selection");
    };
    let unit = whole.unit.as_ref().and_then(Unit::yuan).unwrap_or(Decimal::ONE);
    let shown_sum = (sum / unit).normalize();
    if outcome == Outcome::Violated {
        let unit_name = whole.unit.as_ref().map(ToString::to_string).unwrap_or_default();
        let mut finding = Finding::new(
            &C505,
            format!("the parts of {} add up to {shown_sum}{unit_name}, printed is {}", whole.subject, shown(whole)),
        )
        .at(&whole.place, format!("the parts make {shown_sum}{unit_name}"));
        for part in parts {
            finding = finding.with(&part.place, format!("{} {}", part.subject, shown(part)));
        }
        findings.push(finding);
    }
    CheckResult {
        identity: identity.into(),
        outcome,
        left,
        right,
        difference: Some(((in_yuan(whole) - sum) / unit).normalize().to_string()),
        reason: None,
    }
}

/// True where nothing can be missing from the list.
fn is_complete(whole: &Statement, parts: &[&Statement], statements: &[Statement], vocabulary: &Narrative) -> bool {
    let measures: Vec<Option<&str>> = parts.iter().map(|part| part.measure.as_deref()).collect();
    if whole.measure.as_deref().is_some_and(|whole| vocabulary.ties.is_partition(whole, &measures)) {
        return true;
    }
    let subjects: Vec<&str> = parts.iter().map(|part| part.subject.as_str()).collect();
    if whole.measure.as_deref().is_some_and(|whole| vocabulary.ties.is_named_partition(whole, &subjects)) {
        return true;
    }
    let shares: Vec<&Statement> = statements
        .iter()
        .filter(|s| s.kind == StatementKind::Share && s.of.as_deref() == Some(whole.id.as_str()))
        .filter(|s| parts.iter().any(|part| s.part.as_deref() == Some(part.id.as_str())))
        .collect();
    let total = shares.iter().map(|s| interval(s)).fold(Interval::exactly(Decimal::ZERO), |a, b| a + b);
    shares.len() == parts.len() && total.meets(&Interval::exactly(Decimal::ONE_HUNDRED)) && shares.len() <= 12
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{checked, outcomes};
    use super::*;

    #[test]
    fn procurement_is_goods_works_and_services() {
        let text = "政府采购预算总额10.00万元，其中：政府采购货物预算4.00万元、政府采购工程预算0万元、政府采购服务预算5.00万元。";
        let (results, findings) = checked(&[text]);
        assert_eq!(outcomes(&results, "prose.parts_add_up"), [Outcome::Violated]);
        assert_eq!(findings[0].code, "C505");
        assert!(findings[0].message.contains("9万元"), "{}", findings[0].message);
    }

    #[test]
    fn a_selection_is_no_sum() {
        let (results, findings) = checked(&["支出合计10.00万元，其中：教育支出4.00万元，农林水支出5.00万元。"]);
        assert_eq!(outcomes(&results, "prose.parts_add_up"), [Outcome::NotEvaluated]);
        assert!(findings.is_empty());
    }

    #[test]
    fn classes_of_projects_in_number_and_in_money() {
        let text = |count: u32, amount: &str| {
            format!(
                "甲局纳入绩效目标管理的二级项目{count}个，共计金额{amount}万元。其中：其他运转类项目12个，涉及金额770.42万元；特定目标类项目6个，涉及金额3,574.37万元。"
            )
        };
        assert_eq!(checked(&[&text(18, "4,344.79")]).1, []);
        assert_eq!(checked(&[&text(17, "4,344.79")]).1.len(), 1);
        assert_eq!(checked(&[&text(18, "4,434.79")]).1.len(), 1);
    }

    #[test]
    fn counts_of_vehicles() {
        let (results, findings) = checked(&["甲局共有车辆3辆，其中，机要通信用车1辆、其他用车1辆。"]);
        assert_eq!(outcomes(&results, "prose.counts_add_up"), [Outcome::Violated]);
        assert_eq!(findings.len(), 1);
        let (results, _) = checked(&["二级项目18个，其中：甲类项目12个；乙类项目6个。"]);
        assert_eq!(outcomes(&results, "prose.counts_add_up"), [Outcome::Exact]);
    }
}
