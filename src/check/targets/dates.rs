//! The time at which a form was filled in.

use crate::check::ledger::Ledger;
use crate::finding_code;
use crate::model::Disclosure;

finding_code! {
    /// A form was filled in at a time that does not fit the document's year.
    ///
    /// Targets of a budget are written in the year before it or at the beginning of its own year. A date outside of
    /// the two years around the fiscal year is a slip of the form, or of the reader.
    pub C311, "implausible-date-of-target", Info
}

pub fn evaluate(disclosure: &Disclosure, ledger: &mut Ledger) {
    let Some(fiscal_year) = disclosure.metadata.fiscal_year.as_ref().map(|year| year.value) else { return };
    for filled in disclosure.performance_targets.iter().filter_map(|form| form.filled_at.as_ref()) {
        let Some(year) = filled.value.get(..4).and_then(|year| year.parse::<i32>().ok()) else { continue };
        if !(fiscal_year - 2..=fiscal_year + 2).contains(&year) {
            let message = format!("the target was filled in in {year}, the document is of {fiscal_year}");
            ledger.findings.push(crate::base::finding::Finding::new(&C311, message).at(&filled.place, &filled.printed));
        }
    }
}
