//! Performance targets: their own sums and dates, and the join with the list of projects by name.

pub mod dates;
pub mod funds;
pub mod projects;

use super::ledger::Ledger;
use crate::model::{Disclosure, Repair};

/// Runs the checks; returns proposed repairs.
pub fn evaluate(disclosure: &Disclosure, ledger: &mut Ledger) -> Vec<Repair> {
    funds::evaluate(disclosure, ledger);
    dates::evaluate(disclosure, ledger);
    projects::evaluate(disclosure, ledger)
}
