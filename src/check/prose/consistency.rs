//! One quantity that the text states twice.

use std::collections::BTreeMap;

use super::Checked;
use super::terms::{in_yuan, interval, is_alike, shown, term};
use crate::base::finding::Finding;
use crate::base::text::key;
use crate::finding_code;
use crate::model::{CheckResult, Disclosure, Outcome, Statement, StatementKind};
use crate::spec::Narrative;

finding_code! {
    /// The text states one quantity of one year twice, and differently.
    ///
    /// Under one heading the same words mean the same quantity. Under different headings it must be one of which a body has one
    /// amount a year (total revenue, “三公”经费); a document that states such a quantity in many places speaks of several bodies,
    /// and nothing is told.
    pub C507, "statements-disagree", Warning
}

/// A quantity stated under more headings than this is stated of several bodies.
const MOST_PLACES: usize = 3;

/// Compares statements of the same words under the same heading.
pub(super) fn check(disclosure: &Disclosure, vocabulary: &Narrative, findings: &mut Vec<Finding>) -> Vec<Checked> {
    type Said<'a> = (Option<usize>, Option<i32>, String, &'a str);
    let mut groups: BTreeMap<Said, Vec<&Statement>> = BTreeMap::new();
    for statement in &disclosure.statements {
        let Some(measure) = statement.measure.as_deref().filter(|measure| vocabulary.measures.is_unique(measure))
        else {
            continue;
        };
        if statement.kind == StatementKind::Amount && statement.heading.is_some() {
            let said = (statement.heading, statement.fiscal_year, key(&statement.subject), measure);
            groups.entry(said).or_default().push(statement);
        }
    }
    let mut results = Vec::new();
    let mut groups: Vec<Vec<&Statement>> = groups.into_values().collect();
    groups.extend(across_headings(&groups));
    for group in groups {
        for pair in group.windows(2) {
            let [first, second] = pair else { continue };
            if !is_alike(first, second) {
                continue;
            }
            let outcome = if in_yuan(first) == in_yuan(second) {
                Outcome::Exact
            } else if interval(first).meets(&interval(second)) {
                Outcome::WithinRounding
            } else {
                Outcome::Violated
            };
            if outcome == Outcome::Violated {
                findings.push(
                    Finding::new(
                        &C507,
                        format!("{} is {} here and {} there", second.subject, shown(second), shown(first)),
                    )
                    .at(&second.place, format!("stated as {} before", shown(first)))
                    .with(&first.place, shown(first)),
                );
            }
            results.push(Checked {
                result: CheckResult {
                    identity: "prose.stated_twice".into(),
                    outcome,
                    left: vec![term(second, 1)],
                    right: vec![term(first, 1)],
                    difference: Some((in_yuan(second) - in_yuan(first)).normalize().to_string()),
                    reason: None,
                },
                statements: vec![first.id.clone(), second.id.clone()],
            });
        }
    }
    results
}

/// The first statement of each measure and year under every heading, where there are several headings and not too many.
fn across_headings<'a>(under_one: &[Vec<&'a Statement>]) -> Vec<Vec<&'a Statement>> {
    let mut across: BTreeMap<(Option<i32>, Option<&str>), Vec<&Statement>> = BTreeMap::new();
    for first in under_one.iter().filter_map(|group| group.first()) {
        let places = across.entry((first.fiscal_year, first.measure.as_deref())).or_default();
        if places.iter().all(|other| other.heading != first.heading) {
            places.push(first);
        }
    }
    across.into_values().filter(|places| (2..=MOST_PLACES).contains(&places.len())).collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::disclosure;
    use super::*;
    use crate::spec::Specs;

    #[test]
    fn one_quantity_stated_twice() {
        let specs = Specs::builtin().expect("built-in specs");
        let mut doc = disclosure(&["甲局公务接待费3.00万元。", "甲局公务接待费2.00万元。"]);
        let mut findings = Vec::new();
        // Under no heading nothing tells that both speak of the same.
        assert!(check(&doc, &specs.narrative, &mut findings).is_empty());
        for statement in &mut doc.statements {
            statement.heading = Some(0);
        }
        check(&doc, &specs.narrative, &mut findings);
        assert_eq!(findings.iter().map(|finding| finding.code.as_str()).collect::<Vec<_>>(), ["C507"]);
    }

    #[test]
    fn one_quantity_under_two_headings() {
        let specs = Specs::builtin().expect("built-in specs");
        let told = |texts: &[&str]| {
            let mut doc = disclosure(texts);
            for (at, statement) in doc.statements.iter_mut().enumerate() {
                statement.heading = Some(at);
            }
            let mut findings = Vec::new();
            check(&doc, &specs.narrative, &mut findings);
            findings.len()
        };
        assert_eq!(told(&["甲局公务接待费3.00万元。", "公务接待费预算2.00万元。"]), 1);
        assert_eq!(told(&["甲局公务接待费3.00万元。", "公务接待费预算3.00万元。"]), 0);
        assert_eq!(
            told(&["甲局公务接待费3.00万元。", "公务接待费1.00万元。", "公务接待费2.00万元。", "公务接待费4.00万元。"]),
            0
        );
    }
}
