//! Funds of a form: the total of each half is the sum of its sources; a year needs no more than the whole period.

use crate::base::finding::Severity;
use crate::check::ledger::{I101, I102, Ledger};
use crate::check::term::{Relation, Term, fund_to_term};
use crate::check::verdict::judge;
use crate::model::{Disclosure, FundSource, Half, Outcome, PerformanceTarget};

/// True where the form's half has a figure of an appropriation; without it the other sources are no sum.
fn has_appropriation(form: &PerformanceTarget, half: Half) -> bool {
    form.funds.iter().any(|fund| {
        fund.half == half
            && fund.amount.is_some_and(|amount| !amount.is_zero())
            && matches!(
                fund.source,
                FundSource::Central | FundSource::Provincial | FundSource::Local | FundSource::Fiscal
            )
    })
}

pub fn evaluate(disclosure: &Disclosure, ledger: &mut Ledger) {
    let forms = &disclosure.performance_targets;
    for (at, form) in forms.iter().enumerate() {
        let terms = |half: Half, is_total: bool| -> Vec<Term> {
            let of_half = form.funds.iter().enumerate().filter(|(_, fund)| fund.half == half);
            of_half
                .filter(|(_, fund)| (fund.source == FundSource::Total) == is_total)
                .filter_map(|(fund, _)| fund_to_term(forms, at, fund))
                .collect()
        };
        for half in [Half::ImplementationPeriod, Half::Annual] {
            let (total, parts) = (terms(half, true), terms(half, false));
            // A form that prints its total alone states no sum.
            if total.len() == 1 && !parts.is_empty() {
                let mut result = judge("target_funds_add_up", Relation::Equal, &total, &parts);
                if result.outcome == Outcome::Violated && !has_appropriation(form, half) {
                    result.doubt("the appropriation, a part of every total, was not read");
                }
                ledger.enter_identity(result, &I101, Severity::Error, &total, &parts);
            }
        }
        let (annual, period) = (terms(Half::Annual, true), terms(Half::ImplementationPeriod, true));
        if annual.len() == 1 && period.len() == 1 {
            let result = judge("target_year_within_period", Relation::AtMost, &annual, &period);
            ledger.enter_identity(result, &I102, Severity::Warning, &annual, &period);
        }
    }
}
