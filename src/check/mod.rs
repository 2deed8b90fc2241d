//! [`Disclosure`] → the same with evidence, outcomes, findings and proposed repairs.
//!
//! Every check enters its results in one [`Ledger`](ledger::Ledger); evidence of cells, counts and findings come out of it.
//! A new identity is a stanza in `spec/identities`; a new coded check is a file here and a line in [`check`].

pub mod discover;
pub mod grounds;
pub mod identity;
pub mod known;
pub mod ledger;
pub mod marks;
pub mod prose;
pub mod readings;
pub mod repair;
mod shape;
pub mod structure;
pub mod targets;
pub mod term;
pub mod unit_slip;
pub mod verdict;

#[cfg(test)]
mod fixture;

use crate::base::finding::Finding;
use crate::base::place::Place;
use crate::model::Disclosure;
use crate::spec::Specs;
use ledger::Ledger;

/// Runs every check; sets `checks`, `repairs` and the evidence of cells. Findings come in the order of the document.
pub fn check(disclosure: &mut Disclosure, specs: &Specs, findings: &mut Vec<Finding>) {
    let mut ledger = Ledger::default();
    identity::evaluate(disclosure, &specs.identities, &mut ledger);
    let read_otherwise = readings::settle(disclosure, &specs.identities, &ledger);
    if !read_otherwise.is_empty() {
        ledger = Ledger::default();
        identity::evaluate(disclosure, &specs.identities, &mut ledger);
        ledger.findings = read_otherwise;
    }
    discover::evaluate(disclosure, &specs.identities.words, &mut ledger);
    structure::evaluate(disclosure, specs, &mut ledger);
    let repairs = targets::evaluate(disclosure, &mut ledger);
    disclosure.repairs.extend(repairs);
    let results = prose::check_prose(disclosure, specs, &mut ledger.findings);
    ledger.extend(results);
    let (mut found, marks) = ledger.close(disclosure);
    grounds::give(disclosure, &marks, &mut found);
    found.sort_by(|a, b| {
        place_order(a.place.as_ref()).total_cmp(&place_order(b.place.as_ref())).then_with(|| a.code.cmp(&b.code))
    });
    findings.extend(found);
}

/// A number that grows along the document; what is about the whole of it comes last.
fn place_order(place: Option<&Place>) -> f64 {
    match place {
        Some(Place::Text { line, column, .. }) => f64::from(*line) * 1e5 + f64::from(*column),
        Some(Place::Page { page, bbox }) => f64::from(*page) * 1e9 + f64::from(bbox[1]) * 1e4 + f64::from(bbox[0]),
        None => f64::INFINITY,
    }
}
