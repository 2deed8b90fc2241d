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
use crate::model::Disclosure;
use crate::spec::Specs;

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
