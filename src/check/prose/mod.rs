//! What the text says against itself and against the tables. One kind of check, one file.

pub mod changed_parts;
pub mod changes;
pub mod consistency;
pub mod empty;
pub mod names;
pub mod order;
pub mod shares;
pub mod slips;
pub mod sums;
pub mod tables;
pub mod targets;
mod terms;
mod years;

use std::collections::HashMap;

use crate::base::finding::Finding;
use crate::model::{CheckResult, Disclosure, Evidence, Outcome};
use crate::spec::Specs;

/// A result with the `id`s of the statements that it rests on.
struct Checked {
    result: CheckResult,
    statements: Vec<String>,
}

/// Runs every check of the prose; sets the evidence of statements.
pub fn check_prose(disclosure: &mut Disclosure, specs: &Specs, findings: &mut Vec<Finding>) -> Vec<CheckResult> {
    let statements = &disclosure.statements;
    let by_id = terms::by_id(statements);
    let mut checked = shares::check(statements, &by_id, findings);
    checked.extend(changes::check(statements, &by_id, findings));
    checked.extend(changed_parts::check(statements, &specs.narrative, findings));
    checked.extend(sums::check(statements, &by_id, &specs.narrative, findings));
    checked.extend(tables::check(disclosure, &specs.narrative, findings));
    checked.extend(consistency::check(disclosure, &specs.narrative, findings));
    checked.extend(targets::check(disclosure, findings));
    slips::check(disclosure, &specs.narrative, findings);
    years::check(disclosure, &specs.narrative, findings);
    names::check(disclosure, findings);
    let functional = names::functional_rows(disclosure, &specs.narrative);
    names::misspelt(disclosure, &functional, findings);
    names::above(disclosure, &functional, findings);
    order::check(disclosure, &specs.narrative, findings);
    empty::check(disclosure, &specs.narrative, findings);

    let mut evidence: HashMap<&str, Evidence> = HashMap::new();
    for Checked { result, statements } in &checked {
        let says = match result.outcome {
            Outcome::Exact => Evidence::Proved,
            Outcome::WithinRounding => Evidence::WithinRounding,
            Outcome::Violated => Evidence::Contradicted,
            Outcome::NotEvaluated => continue,
        };
        for id in statements {
            let known = evidence.entry(id).or_default();
            *known = stronger(*known, says);
        }
    }
    for statement in &mut disclosure.statements {
        statement.evidence = evidence.get(statement.id.as_str()).copied().unwrap_or_default();
    }
    checked.into_iter().map(|checked| checked.result).collect()
}

/// An identity that holds outweighs one that does not.
fn stronger(a: Evidence, b: Evidence) -> Evidence {
    let rank = |evidence: Evidence| match evidence {
        Evidence::Untested => 0,
        Evidence::Contradicted => 1,
        Evidence::WithinRounding => 2,
        Evidence::Proved => 3,
    };
    if rank(a) >= rank(b) { a } else { b }
}

#[cfg(test)]
mod sound;

#[cfg(test)]
pub(crate) mod fixture {
    use crate::base::finding::Finding;
    use crate::base::place::Place;
    use crate::bind::narrative::narrate;
    use crate::model::{CheckResult, Disclosure, Outcome, Paragraph, Piece};
    use crate::spec::Specs;

    /// The built-in data, read once.
    fn specs() -> &'static Specs {
        static SPECS: std::sync::LazyLock<Specs> =
            std::sync::LazyLock::new(|| Specs::builtin().expect("built-in specs"));
        &SPECS
    }

    /// A disclosure of these paragraphs.
    pub fn disclosure(texts: &[&str]) -> Disclosure {
        let paragraphs: Vec<Paragraph> = texts
            .iter()
            .enumerate()
            .map(|(index, text)| {
                let width = text.chars().count() as u32;
                let place = Place::Text { line: index as u32 + 1, column: 1, width, cell: None };
                Paragraph { text: text.to_string(), heading: None, pieces: vec![Piece { start: 0, place }] }
            })
            .collect();
        let statements = narrate(&paragraphs, &[], Some(2026), specs(), &mut Vec::new());
        Disclosure { paragraphs, statements, ..Disclosure::default() }
    }

    /// Results and findings on these paragraphs.
    pub fn checked(texts: &[&str]) -> (Vec<CheckResult>, Vec<Finding>) {
        let mut findings = Vec::new();
        let results = super::check_prose(&mut disclosure(texts), specs(), &mut findings);
        (results, findings)
    }

    /// Outcomes of one identity.
    pub fn outcomes(results: &[CheckResult], identity: &str) -> Vec<Outcome> {
        results.iter().filter(|result| result.identity == identity).map(|result| result.outcome).collect()
    }
}
