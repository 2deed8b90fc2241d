//! Years that cannot be meant: a comparison with a year to come or long past, this year's amount told of another year.

use rust_decimal::Decimal;

use super::slips::C509;
use super::tables::restated;
use super::terms::shown;
use crate::base::finding::Finding;
use crate::model::{Disclosure, Statement, StatementKind};
use crate::spec::Narrative;

/// Two years may well have one small or round amount: one with fewer digits tells nothing.
const DIGITS_THAT_TELL: usize = 5;

pub(super) fn check(disclosure: &Disclosure, vocabulary: &Narrative, findings: &mut Vec<Finding>) {
    let Some(year) = disclosure.metadata.fiscal_year.as_ref().map(|year| year.value) else { return };
    findings.extend(comparisons(&disclosure.statements, year));
    findings.extend(amounts(disclosure, year, vocabulary));
}

/// One finding for each comparison: a change and its rate share it.
fn comparisons(statements: &[Statement], year: i32) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut last = None;
    for change in statements {
        let Some(base) = change.base_year else { continue };
        let own = change.fiscal_year.unwrap_or(year);
        let why = if base > year {
            "a year to come"
        } else if base < own - 1 {
            "not the year before"
        } else {
            continue;
        };
        let comparison = Some((change.of.as_deref(), base));
        if last != comparison || change.of.is_none() {
            let message = format!("{} of {own} is compared with {base}, {why}", change.subject);
            findings.push(Finding::new(&C509, message).at(&change.place, &change.clause));
        }
        last = comparison;
    }
    findings
}

/// This year's amounts by the tables that the text tells of another year, and of that only.
fn amounts(disclosure: &Disclosure, year: i32, vocabulary: &Narrative) -> Vec<Finding> {
    let statements = || disclosure.statements.iter().filter(|one| one.kind == StatementKind::Amount);
    let is_unique =
        |one: &Statement| one.measure.as_deref().is_some_and(|measure| vocabulary.measures.is_unique(measure));
    let tells = |one: &Statement| is_unique(one) && digits(one.value) >= DIGITS_THAT_TELL;
    let is_told_of_year = |amount: &Statement| {
        let same = |one: &&Statement| one.heading == amount.heading && one.measure == amount.measure;
        statements().filter(same).any(|one| one.fiscal_year.is_none_or(|own| own == year))
    };
    let mut findings = Vec::new();
    for amount in statements() {
        let Some(other) = amount.fiscal_year.filter(|other| *other != year) else { continue };
        if !tells(amount) || is_told_of_year(amount) {
            continue;
        }
        if let Some(cell) = restated(amount, disclosure, vocabulary) {
            let message =
                format!("{} {} is told of {other}, and the tables of {year} print it", amount.subject, shown(amount));
            findings.push(Finding::new(&C509, message).at(&amount.place, &amount.clause).with(cell, "printed here"));
        }
    }
    findings
}

/// How many digits a figure has from its first to its last that is not 0.
fn digits(value: Decimal) -> usize {
    let text = value.normalize().to_string().replace('.', "");
    text.trim_matches(|c| matches!(c, '0' | '-')).len()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::disclosure;
    use super::*;
    use crate::base::place::Place;
    use crate::check::fixture::table;
    use crate::model::Stated;
    use crate::spec::Specs;

    fn told(texts: &[&str]) -> Vec<String> {
        let specs = Specs::builtin().expect("built-in specs");
        let mut doc = disclosure(texts);
        let place = Place::Text { line: 1, column: 1, width: 1, cell: None };
        doc.metadata.fiscal_year = Some(Stated { value: 2026, printed: "2026".into(), place });
        let mut summary = table("revenue_expenditure_summary", &["total_expenditure"], &["|支出总计|5519.38"]);
        summary.rows[0].item = Some("total_expenditure".into());
        doc.tables = vec![summary];
        let mut findings = Vec::new();
        check(&doc, &specs.narrative, &mut findings);
        findings.into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn a_comparison_is_with_the_year_before() {
        let text = |base: &str| format!("甲局公用经费18.09万元，比{base}预算增加0.72万元，增长4.15%。");
        assert_eq!(told(&[&text("2025年")]), [""; 0]);
        assert_eq!(told(&[&text("上年")]), [""; 0]);
        assert_eq!(told(&[&text("2024年")]), ["甲局公用经费 of 2026 is compared with 2024, not the year before"]);
        assert_eq!(told(&[&text("2027年")]), ["甲局公用经费 of 2026 is compared with 2027, a year to come"]);
        assert_eq!(told(&["甲局2025年公用经费18.09万元，比2024年增加0.72万元，增长4.15%。"]), [""; 0]);
    }

    #[test]
    fn an_amount_of_this_year_told_of_another() {
        let said = told(&["甲局2025年度支出预算5519.38万元，其中基本支出378.18万元。"]);
        assert_eq!(said, ["支出预算 5519.38万元 is told of 2025, and the tables of 2026 print it"]);
        assert_eq!(told(&["甲局2026年度支出预算5519.38万元。"]), [""; 0]);
        assert_eq!(told(&["甲局2025年度支出预算5500.12万元。"]), [""; 0]);
        let both = "甲局2025年度支出预算5519.38万元，2026年度支出预算5519.38万元，与上年持平。";
        assert_eq!(told(&[both]), [""; 0]);
    }
}
