//! What tables and their parts must look like, sums aside: one phenomenon per file.

pub mod announced;
pub mod blank_page;
pub mod childless;
pub mod codes;
pub mod groups;
pub mod indicators;
pub mod lone_totals;
pub mod missing_rows;
pub mod missing_totals;
pub mod names;
pub mod nil;
pub mod numbers;
pub mod serials;
pub mod totals;
pub mod twins;

use super::ledger::Ledger;
use crate::base::finding::Code;
use crate::model::Disclosure;
use crate::spec::Specs;

/// Codes of this folder.
pub fn codes() -> Vec<&'static Code> {
    vec![
        &codes::C101,
        &codes::C102,
        &codes::C103,
        &codes::C104,
        &missing_rows::C105,
        &numbers::C106,
        &missing_totals::C107,
        &childless::C108,
        &numbers::C109,
        &twins::C110,
        &announced::C111,
        &announced::C112,
        &blank_page::C113,
        &nil::C121,
        &nil::C122,
        &nil::C123,
        &totals::C131,
        &names::C132,
        &groups::C133,
        &indicators::C135,
        &lone_totals::C136,
    ]
}

/// Runs the checks.
pub fn evaluate(disclosure: &Disclosure, specs: &Specs, ledger: &mut Ledger) {
    codes::evaluate(disclosure, &specs.vocabulary, ledger);
    missing_rows::evaluate(disclosure, &specs.identities, ledger);
    missing_totals::evaluate(disclosure, &specs.identities, ledger);
    childless::evaluate(disclosure, &specs.vocabulary, ledger);
    numbers::evaluate(disclosure, &specs.identities.words, ledger);
    twins::evaluate(disclosure, &specs.identities.totals, ledger);
    announced::evaluate(disclosure, ledger);
    blank_page::evaluate(disclosure, ledger);
    nil::evaluate(disclosure, specs, ledger);
    totals::evaluate(disclosure, ledger);
    names::evaluate(disclosure, ledger);
    groups::evaluate(disclosure, &specs.identities, ledger);
    indicators::evaluate(disclosure, &specs.forms, ledger);
    lone_totals::evaluate(disclosure, &specs.identities.totals, ledger);
    serials::evaluate(disclosure, ledger);
}
