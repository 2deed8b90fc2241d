//! How many performance targets the text counts, and what amount it states for them, against the forms and the list of projects.

use rust_decimal::Decimal;

use super::Checked;
use super::terms::{in_yuan, interval, shown, term};
use crate::base::amount::{Interval, Unit};
use crate::base::finding::{Finding, Severity};
use crate::base::place::Place;
use crate::check::targets::projects::{listed_amounts, target_amounts};
use crate::check::term::Term;
use crate::finding_code;
use crate::model::{CheckResult, Disclosure, Outcome, Statement, StatementKind};

finding_code! {
    /// The text counts other performance targets than the document prints, or states another amount for them.
    ///
    /// Compared with the forms and with the list of projects; one that agrees is enough. A text may count targets that are
    /// not published: where it states more than the forms and no list is there to tell, the finding is info.
    pub C305, "targets-differ-from-text", Warning
}

/// Measures of the statements that speak of performance targets.
const PROJECTS: &str = "performance_target_projects";
const FUNDS: &str = "performance_target_funds";

/// The amounts of all forms, or of one list of projects.
struct Printed<'d> {
    what: &'static str,
    amounts: Vec<Term<'d>>,
    /// Of the amounts, in yuan.
    sum: Decimal,
    /// What the sum may have been before rounding.
    range: Interval,
}

impl<'d> Printed<'d> {
    fn of(what: &'static str, amounts: Vec<Term<'d>>) -> Printed<'d> {
        let zero = (Decimal::ZERO, Interval::exactly(Decimal::ZERO));
        let (sum, range) = amounts.iter().fold(zero, |(sum, range), term| {
            let yuan = term.unit.and_then(Unit::yuan).unwrap_or(Decimal::ONE);
            (sum + term.amount * yuan, range + Interval::of_printed(term.amount) * yuan)
        });
        Printed { what, amounts, sum, range }
    }
}

pub(super) fn check(disclosure: &Disclosure, findings: &mut Vec<Finding>) -> Vec<Checked> {
    let is_said = |said: &Statement| matches!(said.measure.as_deref(), Some(PROJECTS | FUNDS));
    if !disclosure.statements.iter().any(is_said) {
        return Vec::new();
    }
    let forms = Printed::of("performance targets", target_amounts(disclosure));
    if forms.amounts.is_empty() {
        return Vec::new();
    }
    let lists = listed_amounts(disclosure).into_iter().map(|amounts| Printed::of("rows of the list", amounts));
    let printed: Vec<Printed> = [forms].into_iter().chain(lists).collect();
    let mut results = Vec::new();
    for said in disclosure.statements.iter().filter(|said| said.part_of.is_none()) {
        let outcomes: Vec<Outcome> = match (said.measure.as_deref(), said.kind) {
            (Some(PROJECTS), StatementKind::Count) => printed.iter().map(|one| count_to_outcome(said, one)).collect(),
            (Some(FUNDS), StatementKind::Amount) => printed.iter().map(|one| sum_to_outcome(said, one)).collect(),
            _ => continue,
        };
        let outcome = outcomes.into_iter().min().unwrap_or(Outcome::NotEvaluated);
        if outcome == Outcome::Violated {
            findings.push(finding(said, &printed));
        }
        let result = CheckResult {
            identity: "prose.performance_targets".into(),
            outcome,
            left: vec![term(said, 1)],
            right: Vec::new(),
            difference: None,
            reason: None,
        };
        results.push(Checked { result, statements: vec![said.id.clone()] });
    }
    results
}

fn count_to_outcome(said: &Statement, printed: &Printed) -> Outcome {
    if said.value == Decimal::from(printed.amounts.len()) { Outcome::Exact } else { Outcome::Violated }
}

fn sum_to_outcome(said: &Statement, printed: &Printed) -> Outcome {
    if printed.sum == in_yuan(said) {
        Outcome::Exact
    } else if printed.range.meets(&interval(said)) {
        Outcome::WithinRounding
    } else {
        Outcome::Violated
    }
}

fn finding(said: &Statement, printed: &[Printed]) -> Finding {
    let yuan = said.unit.as_ref().and_then(Unit::yuan);
    let told = |one: &Printed| match yuan {
        None => format!("{} {}", one.amounts.len(), one.what),
        Some(yuan) => {
            let unit = said.unit.as_ref().map(ToString::to_string).unwrap_or_default();
            format!("{} {} make {}{unit}", one.amounts.len(), one.what, (one.sum / yuan).normalize())
        }
    };
    let all: Vec<String> = printed.iter().map(told).collect();
    let message = format!("the text says {} of {}; {}", shown(said), said.subject, all.join(", "));
    let mut finding = Finding::new(&C305, message).at(&said.place, &said.clause);
    let most = |one: &Printed| match yuan {
        None => Decimal::from(one.amounts.len()),
        Some(_) => one.sum,
    };
    let is_more = printed.iter().all(|one| in_yuan(said) > most(one));
    if is_more && printed.len() == 1 {
        finding.severity = Severity::Info;
    }
    let first: Option<&Place> = printed.iter().find_map(|one| one.amounts.first()).map(|term| term.place);
    match first {
        Some(place) => finding.with(place, "the first of them"),
        None => finding,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;
    use crate::check::fixture::{form, table};
    use crate::spec::Specs;

    /// Two projects of 3.00 and 4.00 万元 in a list and, in 元, in forms.
    fn told(text: &str, has_list: bool) -> Vec<(String, Severity)> {
        let specs = Specs::builtin().expect("built-in specs");
        let mut doc = fixture::disclosure(&[text]);
        if has_list {
            doc.tables = vec![table("project_expenditure", &["total"], &["|甲项目|3.00", "|乙项目|4.00"])];
        }
        doc.performance_targets = vec![form(100, "甲项目", 30_000), form(101, "乙项目", 40_000)];
        let mut findings = Vec::new();
        super::super::check_prose(&mut doc, &specs, &mut findings);
        let of_targets = findings.into_iter().filter(|finding| finding.code == "C305");
        of_targets.map(|finding| (finding.message, finding.severity)).collect()
    }

    #[test]
    fn the_text_counts_the_targets() {
        let text = |count: u32, amount: &str| format!("公开项目绩效目标{count}个，涉及项目金额{amount}万元。");
        assert_eq!(told(&text(2, "7.00"), true), []);
        let said = told(&text(1, "7.00"), true);
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].0.contains("2 performance targets, 2 rows of the list"), "{said:?}");
        let said = told(&text(2, "7.10"), true);
        assert!(said[0].0.contains("make 7万元"), "{said:?}");
        assert_eq!(said[0].1, Severity::Warning);
        assert_eq!(told(&text(3, "9.00"), false).iter().map(|one| one.1).collect::<Vec<_>>(), [Severity::Info; 2]);
    }
}
