//! The list of projects joined with the performance targets by name.
//!
//! No sum sees a name that slid by a row: the amounts still add up. The forms know which amount belongs to which name.

pub mod join;
mod sides;
pub mod slide;

use std::collections::BTreeSet;

use self::join::join;
use self::sides::{Targets, is_list, table_to_projects};
pub use self::sides::{listed_amounts, target_amounts};
use crate::base::finding::{Code, Finding};
use crate::base::place::Printed;
use crate::check::identity::Amounts;
use crate::check::ledger::Ledger;
use crate::check::term::Term;
use crate::finding_code;
use crate::model::{Disclosure, Repair};

finding_code! {
    /// Projects of the list have no performance target, though most have.
    ///
    /// One finding for each list, with the place of each such row. Where most rows have none, the list is of another kind
    /// (it details what the targets sum up), and nothing is told. Not every project needs a published target; a name written differently has the same effect.
    pub C303, "project-without-target", Info
}

finding_code! {
    /// Performance targets name projects that are not in the list.
    ///
    /// One finding for the document, with the place of each such target. The project may stand in another table, or its name is written differently.
    pub C304, "target-without-project", Info
}

/// Name of the check in the counts.
const IDENTITY: &str = "project_amount_agrees_with_target";

pub fn evaluate(disclosure: &Disclosure, ledger: &mut Ledger) -> Vec<Repair> {
    let forms = Targets::of(disclosure);
    let targets = &forms.all;
    if targets.is_empty() {
        return Vec::new();
    }
    let amounts = Amounts::of(disclosure);
    let mut repairs = Vec::new();
    let mut named = BTreeSet::new();
    let mut has_list = false;
    for at in (0..disclosure.tables.len()).filter(|at| is_list(disclosure, *at)) {
        let projects = table_to_projects(disclosure, &amounts, at);
        has_list |= !projects.is_empty();
        named.extend(join(&projects, &forms, ledger, &mut repairs));
    }
    let unlisted: Vec<(&Printed, &Term)> = targets
        .iter()
        .enumerate()
        .filter(|(at, _)| has_list && !named.contains(at))
        .map(|(_, target)| (target.name, &target.amount))
        .collect();
    let message = format!("{} of {} performance targets name no project of the list", unlisted.len(), targets.len());
    ledger.findings.extend(in_one(&C304, message, &unlisted));
    repairs
}

/// One finding for all that the other side lacks: the first of them as its place, the others beside it.
fn in_one(code: &Code, message: String, lacking: &[(&Printed, &Term)]) -> Option<Finding> {
    let told = |(name, amount): &(&Printed, &Term)| format!("{} {}", name.text, amount.shown());
    let (first, others) = lacking.split_first()?;
    let finding = Finding::new(code, message).at(&first.0.place, told(first));
    Some(others.iter().fold(finding, |finding, other| finding.with(&other.0.place, told(other))))
}

#[cfg(test)]
mod tests {
    use crate::base::finding::Finding;
    use crate::check::fixture::{checked, disclosure, form, outcomes, table};
    use crate::model::*;

    fn joined(rows: &[&str], forms: &[(&str, i64)]) -> (Disclosure, Vec<Finding>) {
        let mut disclosure = disclosure(vec![table("project_expenditure", &["project_expenditure"], rows)]);
        disclosure.performance_targets =
            forms.iter().enumerate().map(|(at, (name, yuan))| form(100 + at, name, *yuan)).collect();
        checked(disclosure)
    }

    const FORMS: [(&str, i64); 6] = [
        ("党员教育培训经费", 100_000),
        ("标准化规范化建设经费", 2_000_000),
        ("村级组织运转经费1", 6_270_000),
        ("补助资金的通知（长财行【2025】85号）", 79_000),
        ("（省级）关于提前下达专项经费的通知(长财行【2025】74号)", 119_700),
        ("学历提升工程经费", 100_000),
    ];

    #[test]
    fn names_that_agree_are_proved() {
        let (out, findings) = joined(&["|党员教育 培训经费|10.00", "|村级组织运转经费1|627.00"], &[FORMS[0], FORMS[2]]);
        assert_eq!(outcomes(&out, super::IDENTITY), [2, 0, 0, 0]);
        assert!(!findings.iter().any(|finding| finding.code.starts_with("C30")), "{findings:?}");
        assert_eq!(out.tables[0].rows[0].cells[0].evidence, Evidence::Proved);
    }

    #[test]
    fn a_fused_cell_and_the_slide_that_it_begins() {
        // Seed, 项目支出预算表（本年预算）: the wrapped cell swallowed the next name, every later name is one row off.
        let rows = [
            "|补助资金的通知（长财行【2025】85号）（省级）关于提前下达专项经费的通知 （长财行【2025】74号）|7.90",
            "|村级组织运转经费1|11.97",
            "|党员教育培训经费|627.00",
            "|标准化规范化建设经费|10.00",
            "|标准化规范化建设经费|200.00",
            "|学历提升工程经费|10.00",
        ];
        let (out, findings) = joined(&rows, &FORMS);
        let slid: Vec<_> = findings.iter().filter(|finding| finding.code.starts_with("C30")).collect();
        assert_eq!(slid.len(), 1, "{slid:?}");
        assert_eq!(slid[0].code, "C302");
        let proposed: Vec<_> =
            out.repairs.iter().map(|repair| (repair.place.line().unwrap_or(0), repair.proposed.as_str())).collect();
        assert_eq!(
            proposed,
            [
                (1, "补助资金的通知（长财行【2025】85号）"),
                (2, "（省级）关于提前下达专项经费的通知(长财行【2025】74号)"),
                (3, "村级组织运转经费1"),
                (4, "党员教育培训经费"),
            ]
        );
        assert_eq!(outcomes(&out, super::IDENTITY)[2], 3, "three names stand on wrong amounts");
        assert!(out.tables[0].rows.iter().all(|row| row.cells[0].evidence == Evidence::Proved));
    }

    #[test]
    fn two_swapped_names() {
        let (out, findings) = joined(
            &["|村级组织运转经费1|10.00", "|党员教育培训经费|627.00", "|学历提升工程经费|10.00"],
            &[FORMS[0], FORMS[2], FORMS[5]],
        );
        assert!(findings.iter().any(|finding| finding.code == "C302"));
        assert_eq!(out.repairs.len(), 2);
        assert_eq!(out.repairs[0].proposed, "党员教育培训经费");
    }

    #[test]
    fn one_wrong_amount_is_a_difference() {
        let (_, findings) = joined(
            &["|党员教育培训经费|10.02", "|村级组织运转经费1|627.00", "|学历提升工程经费|10.00"],
            &[FORMS[0], FORMS[2], FORMS[5]],
        );
        let found: Vec<_> = findings.iter().filter(|finding| finding.code == "C301").collect();
        assert_eq!(found.len(), 1);
        assert!(
            found[0].message.contains("10.02 万元") && found[0].message.contains("100000 元"),
            "{}",
            found[0].message
        );
    }

    #[test]
    fn several_rows_of_one_project_are_summed() {
        let (out, findings) = joined(
            &["|党员教育培训经费|4.00", "|党员教育培训经费|6.00", "|村级组织运转经费1|627.00"],
            &[FORMS[0], FORMS[2]],
        );
        assert_eq!(outcomes(&out, super::IDENTITY), [2, 0, 0, 0]);
        assert!(!findings.iter().any(|finding| matches!(finding.code.as_str(), "C301" | "C302")), "{findings:?}");
    }

    #[test]
    fn what_one_of_them_lacks_is_said() {
        let (_, findings) = joined(&["|党员教育培训经费|10.00", "|远程教育|20.00"], &[FORMS[0], FORMS[2]]);
        let codes: Vec<_> =
            findings.iter().map(|finding| finding.code.as_str()).filter(|code| code.starts_with("C30")).collect();
        assert_eq!(codes, ["C303", "C304"]);
    }
}
