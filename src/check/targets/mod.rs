//! Performance targets: their own sums and dates, and the join with the list of projects by name.

pub mod dates;
pub mod funds;
pub mod projects;

use super::ledger::Ledger;
use crate::base::finding::Code;
use crate::model::{Disclosure, Repair};

/// Codes of this folder.
pub fn codes() -> Vec<&'static Code> {
    vec![&projects::join::C301, &projects::slide::C302, &projects::C303, &projects::C304, &dates::C311]
}

/// Runs the checks; returns proposed repairs.
pub fn evaluate(disclosure: &Disclosure, ledger: &mut Ledger) -> Vec<Repair> {
    funds::evaluate(disclosure, ledger);
    dates::evaluate(disclosure, ledger);
    projects::evaluate(disclosure, ledger)
}
