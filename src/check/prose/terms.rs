//! Statements as terms of checks.

use std::collections::HashMap;

use rust_decimal::{Decimal, RoundingStrategy};

use crate::base::amount::{Interval, Unit};
use crate::model::{CheckResult, CheckTerm, Outcome, Statement, StatementKind};

/// Statements by their `id`.
pub type ById<'a> = HashMap<&'a str, &'a Statement>;

/// All statements by `id`.
pub fn by_id(statements: &[Statement]) -> ById<'_> {
    statements.iter().map(|statement| (statement.id.as_str(), statement)).collect()
}

/// A statement as a term.
pub fn term(statement: &Statement, sign: i8) -> CheckTerm {
    CheckTerm {
        label: statement.subject.clone(),
        sign,
        printed: statement.printed.clone(),
        unit: unit_text(statement),
        place: statement.place.clone(),
    }
}

/// `5,519.38万元`.
pub fn shown(statement: &Statement) -> String {
    format!("{}{}", statement.printed, unit_text(statement))
}

fn unit_text(statement: &Statement) -> String {
    statement.unit.as_ref().map(ToString::to_string).unwrap_or_default()
}

/// What the figure may have been before rounding; money in yuan.
pub fn interval(statement: &Statement) -> Interval {
    match statement.unit.as_ref().and_then(Unit::yuan) {
        Some(yuan) => Interval::of_printed(statement.value) * yuan,
        None if matches!(statement.kind, StatementKind::Count) => Interval::exactly(statement.value),
        None => Interval::of_printed(statement.value),
    }
}

/// The value, money in yuan.
pub fn in_yuan(statement: &Statement) -> Decimal {
    statement.unit.as_ref().and_then(Unit::yuan).map_or(statement.value, |yuan| statement.value * yuan)
}

/// True where both are money or both the same counted unit.
pub fn is_alike(a: &Statement, b: &Statement) -> bool {
    match (a.unit.as_ref().and_then(Unit::yuan), b.unit.as_ref().and_then(Unit::yuan)) {
        (Some(_), Some(_)) => true,
        (None, None) => a.unit == b.unit,
        _ => false,
    }
}

/// A check of a printed percentage (or of so many times) against the ratio of two amounts.
pub struct RatioCheck {
    pub outcome: Outcome,
    /// The percentage (times) that the amounts give, with the printed number of decimals and never under two.
    pub computed: String,
}

/// Compares a printed percentage with `part` of `whole`. A printed percentage may be rounded or cut off: one unit
/// of its last digit either way is within rounding (publishers also move one digit so that shares make 100%).
pub fn ratio_check(printed: &Statement, part: (Decimal, Interval), whole: (Decimal, Interval)) -> Option<RatioCheck> {
    let scale = if printed.unit == Some(Unit::Percent) { Decimal::ONE_HUNDRED } else { Decimal::ONE };
    let places = printed.value.scale();
    let ratio = part.0.checked_div(whole.0)?.checked_mul(scale)?;
    let range = part.1.over(whole.1)? * scale;
    let last = Decimal::new(1, places);
    let within = Interval { low: printed.value - last, high: printed.value + last };
    let rounded = |places| ratio.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
    let outcome = if rounded(places) == printed.value {
        Outcome::Exact
    } else if range.meets(&within) || (rounded(places) - printed.value).abs() <= last {
        Outcome::WithinRounding
    } else {
        Outcome::Violated
    };
    let unit = printed.unit.as_ref().map(ToString::to_string).unwrap_or_default();
    Some(RatioCheck { outcome, computed: format!("{}{unit}", rounded(places.max(2))) })
}

/// A result that could not run.
pub fn not_evaluated(identity: &str, left: Vec<CheckTerm>, reason: &str) -> CheckResult {
    CheckResult {
        identity: identity.into(),
        outcome: Outcome::NotEvaluated,
        left,
        right: Vec::new(),
        difference: None,
        reason: Some(reason.into()),
    }
}
