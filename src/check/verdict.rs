//! What an identity came to, from the comparison of its sides to the result that is kept.

use std::borrow::Cow;

use rust_decimal::Decimal;

use super::term::{Comparison, Relation, Term, compare};
use crate::base::amount::Unit;
use crate::model::{CheckResult, CheckTerm, Outcome};

/// What an identity came to. Nearly all hold exactly, and those are only counted: of the others the book writes down what a
/// reader wants to know.
#[derive(Clone, Debug)]
pub struct Verdict<'a> {
    pub identity: &'a str,
    pub outcome: Outcome,
    difference: Option<Decimal>,
    reason: Option<Cow<'static, str>>,
}

/// A verdict with the two sides that it is about.
pub type Equation<'a> = (Verdict<'a>, Vec<Term<'a>>, Vec<Term<'a>>);

impl<'a> Verdict<'a> {
    /// A figure where the other side is known to be nothing.
    pub fn above_nothing(identity: &'a str, figure: &Term) -> Verdict<'a> {
        Verdict { identity, outcome: Outcome::Violated, difference: Some(figure.amount), reason: None }
    }

    /// Takes it back.
    pub fn doubt(&mut self, reason: impl Into<Cow<'static, str>>) {
        self.outcome = Outcome::NotEvaluated;
        self.reason = Some(reason.into());
    }

    /// What the two sides differ by; blank where they do not compare.
    pub fn difference(&self) -> String {
        self.difference.map(|difference| difference.normalize().to_string()).unwrap_or_default()
    }

    /// With all that it is about.
    pub fn into_result(self, left: &[Term], right: &[Term]) -> CheckResult {
        CheckResult {
            identity: self.identity.to_string(),
            outcome: self.outcome,
            left: left.iter().map(shown).collect(),
            right: right.iter().map(shown).collect(),
            difference: self.difference.map(|difference| difference.normalize().to_string()),
            reason: self.reason.map(Cow::into_owned),
        }
    }
}

/// [`compare`] for an identity.
pub fn judge<'a>(identity: &'a str, relation: Relation, left: &[Term], right: &[Term]) -> Verdict<'a> {
    let Comparison { outcome, difference, reason } = compare(relation, left, right);
    Verdict { identity, outcome, difference, reason: reason.map(Cow::Borrowed) }
}

fn shown(term: &Term) -> CheckTerm {
    CheckTerm {
        label: term.label(),
        sign: term.sign,
        printed: term.printed.to_string(),
        unit: term.unit.map(Unit::to_string).unwrap_or_default(),
        place: term.place.clone(),
    }
}
