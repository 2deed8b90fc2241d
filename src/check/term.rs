//! Printed figures as terms of an equation, and the verdict on two sums of them.

use rust_decimal::Decimal;

use crate::base::amount::{Interval, Unit};
use crate::base::place::Place;
use crate::model::{Cell, CheckResult, CheckTerm, Column, Fund, Outcome, PerformanceTarget, Row, Table};

/// Figures beyond these bounds are no amounts of a budget, and sums of them could leave the range of a decimal.
const LARGEST: i64 = 10_000_000_000_000;
const MOST_DECIMALS: u32 = 9;

/// The figure in the disclosure that a term stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spot {
    /// Index of the table, of the row and of the cell within the row.
    Cell { table: usize, row: usize, cell: usize },
    /// Index of the form and of the fund within it.
    Fund { form: usize, fund: usize },
}

impl Spot {
    /// Index of the row within its table.
    pub fn row(&self) -> Option<usize> {
        match self {
            Spot::Cell { row, .. } => Some(*row),
            Spot::Fund { .. } => None,
        }
    }
}

/// A printed figure with its sign in an equation.
#[derive(Clone, Debug)]
pub struct Term {
    pub sign: i8,
    pub label: String,
    pub printed: String,
    pub amount: Decimal,
    /// Decimals to which the figure is known: those printed, or those usual in its table where zeros were dropped.
    pub decimals: u32,
    pub unit: Option<Unit>,
    pub place: Place,
    pub spot: Spot,
}

impl Term {
    /// The figure with its unit as a reader wants to see it.
    pub fn shown(&self) -> String {
        format!("{} {}", self.printed, self.unit.as_ref().map(Unit::to_string).unwrap_or_default())
            .trim_end()
            .to_string()
    }

    pub fn negated(mut self) -> Term {
        self.sign = -self.sign;
        self
    }

    /// The value and what it may have been before rounding, in yuan where the unit is money.
    fn value(&self, in_yuan: bool) -> (Decimal, Interval) {
        let mut precise = self.amount;
        precise.rescale(self.decimals.max(self.amount.scale()));
        let interval = Interval::of_printed(precise);
        let factor = if in_yuan { self.unit.as_ref().and_then(Unit::yuan) } else { None }.unwrap_or(Decimal::ONE);
        let (value, interval) = (self.amount * factor, interval * factor);
        if self.sign < 0 { (-value, Interval::exactly(Decimal::ZERO) - interval) } else { (value, interval) }
    }
}

/// The term for an amount cell; `None` where it is no figure.
pub fn cell_to_term(tables: &[Table], table: usize, row: usize, cell: usize, decimals: u32) -> Option<Term> {
    let (of_table, of_row) = (tables.get(table)?, tables.get(table)?.rows.get(row)?);
    let of_cell = of_row.cells.get(cell)?;
    let amount = bounded(of_cell.amount?)?;
    let column = of_table.columns.iter().find(|column| column.index == of_cell.column);
    Some(Term {
        sign: 1,
        label: label_of(of_table, of_row, column, of_cell),
        printed: of_cell.printed.clone(),
        amount,
        decimals,
        unit: column
            .and_then(|column| column.unit.clone())
            .or_else(|| of_table.unit.as_ref().map(|unit| unit.value.clone())),
        place: of_cell.place.clone(),
        spot: Spot::Cell { table, row, cell },
    })
}

/// The term for an amount of a form.
pub fn fund_to_term(forms: &[PerformanceTarget], form: usize, fund: usize) -> Option<Term> {
    let of_form = forms.get(form)?;
    let of_fund: &Fund = of_form.funds.get(fund)?;
    let amount = bounded(of_fund.amount?)?;
    Some(Term {
        sign: 1,
        label: of_fund.label.text.trim_end_matches([':', '：']).to_string(),
        printed: of_fund.printed.clone()?,
        amount,
        decimals: amount.scale(),
        unit: of_form.unit.as_ref().map(|unit| unit.value.clone()),
        place: of_fund.place.clone()?,
        spot: Spot::Fund { form, fund },
    })
}

fn bounded(amount: Decimal) -> Option<Decimal> {
    (amount.abs() < Decimal::from(LARGEST) && amount.scale() <= MOST_DECIMALS).then_some(amount)
}

fn label_of(table: &Table, row: &Row, column: Option<&Column>, _cell: &Cell) -> String {
    let caption = table.caption.as_ref().map_or("", |caption| caption.text.as_str());
    let name =
        row.label.as_ref().map(|label| label.text.clone()).or_else(|| row.codes.first().map(|code| code.code.clone()));
    let header = column.and_then(|column| column.path.last()).cloned();
    [Some(caption.to_string()), name, header]
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · ")
}

/// The number of decimals that most figures of a table print; a figure with fewer dropped its zeros.
pub fn usual_decimals(table: &Table) -> u32 {
    let mut counts = [0usize; MOST_DECIMALS as usize + 1];
    for amount in table.rows.iter().flat_map(|row| &row.cells).filter_map(|cell| cell.amount) {
        if let (false, Some(count)) = (amount.is_zero(), counts.get_mut(amount.scale() as usize)) {
            *count += 1;
        }
    }
    (0..counts.len()).max_by_key(|scale| (counts[*scale], *scale)).filter(|scale| counts[*scale] > 0).unwrap_or(0)
        as u32
}

/// How `left` and `right` are to compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    Equal,
    AtMost,
}

/// Compares two sums of printed figures.
///
/// In yuan where all terms are money; as printed where no unit is known and all come from the same unit.
pub fn judge(identity: &str, relation: Relation, left: &[Term], right: &[Term]) -> CheckResult {
    let all = || left.iter().chain(right);
    let money = all().filter(|term| term.unit.as_ref().and_then(Unit::yuan).is_some()).count();
    let same_unit = all().zip(all().skip(1)).all(|(a, b)| a.unit == b.unit);
    let mut result = CheckResult {
        identity: identity.to_string(),
        outcome: Outcome::NotEvaluated,
        left: left.iter().map(shown).collect(),
        right: right.iter().map(shown).collect(),
        difference: None,
        reason: None,
    };
    if left.is_empty() || right.is_empty() {
        result.reason = Some("nothing is printed on one side".into());
        return result;
    }
    let in_yuan = money == all().count();
    if !in_yuan && !same_unit {
        result.reason = Some("the units do not compare".into());
        return result;
    }
    let sum =
        |terms: &[Term]| {
            terms.iter().map(|term| term.value(in_yuan)).fold(
                (Decimal::ZERO, Interval::exactly(Decimal::ZERO)),
                |(value, interval), (other, other_interval)| (value + other, interval + other_interval),
            )
        };
    let ((left_value, left_interval), (right_value, right_interval)) = (sum(left), sum(right));
    let factor = left.first().and_then(|term| term.unit.as_ref()).and_then(Unit::yuan).filter(|_| in_yuan);
    result.difference = Some(((left_value - right_value) / factor.unwrap_or(Decimal::ONE)).normalize().to_string());
    result.outcome = match relation {
        Relation::Equal if left_value == right_value => Outcome::Exact,
        Relation::Equal if left_interval.meets(&right_interval) => Outcome::WithinRounding,
        Relation::AtMost if left_value <= right_value => Outcome::Exact,
        Relation::AtMost if left_interval.low <= right_interval.high => Outcome::WithinRounding,
        _ => Outcome::Violated,
    };
    result
}

/// The sum of terms in the unit of the first, for messages.
pub fn sum_shown(terms: &[Term]) -> String {
    let unit = terms.first().and_then(|term| term.unit.clone());
    let factor = unit.as_ref().and_then(Unit::yuan);
    let total: Decimal = terms
        .iter()
        .map(|term| {
            let own = term.unit.as_ref().and_then(Unit::yuan);
            let value = match (own, factor) {
                (Some(own), Some(factor)) => term.amount * own / factor,
                _ => term.amount,
            };
            if term.sign < 0 { -value } else { value }
        })
        .sum();
    format!("{} {}", grouped(total), unit.map(|unit| unit.to_string()).unwrap_or_default()).trim_end().to_string()
}

/// A decimal with separators between groups of three: `4,722.97`.
pub fn grouped(value: Decimal) -> String {
    let plain = value.abs().to_string();
    let (whole, fraction) = plain.split_once('.').map_or((plain.as_str(), ""), |(whole, fraction)| (whole, fraction));
    let mut out = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    if value.is_sign_negative() && !value.is_zero() { format!("-{out}") } else { out }
}

fn shown(term: &Term) -> CheckTerm {
    CheckTerm {
        label: term.label.clone(),
        sign: term.sign,
        printed: term.printed.clone(),
        unit: term.unit.as_ref().map(Unit::to_string).unwrap_or_default(),
        place: term.place.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::amount::parse_figure;

    fn term(printed: &str, unit: Unit) -> Term {
        let amount = parse_figure(printed).expect("a figure");
        Term {
            sign: 1,
            label: String::new(),
            printed: printed.into(),
            amount,
            decimals: amount.scale(),
            unit: Some(unit),
            place: Place::Text { line: 1, column: 1, width: 1, cell: None },
            spot: Spot::Cell { table: 0, row: 0, cell: 0 },
        }
    }

    fn outcome(left: &[(&str, Unit)], right: &[(&str, Unit)]) -> Outcome {
        let terms =
            |side: &[(&str, Unit)]| side.iter().map(|(printed, unit)| term(printed, unit.clone())).collect::<Vec<_>>();
        judge("x", Relation::Equal, &terms(left), &terms(right)).outcome
    }

    #[test]
    fn rounding_explains_half_a_unit_per_term() {
        let wan = || Unit::TenThousandYuan;
        // The seed, 对个人和家庭的补助: 3.04 = 2.33 + 0.72, and a slip of 0.02 on top.
        assert_eq!(outcome(&[("3.05", wan())], &[("2.33", wan()), ("0.72", wan())]), Outcome::Exact);
        assert_eq!(outcome(&[("3.04", wan())], &[("2.33", wan()), ("0.72", wan())]), Outcome::WithinRounding);
        assert_eq!(outcome(&[("3.02", wan())], &[("2.33", wan()), ("0.72", wan())]), Outcome::Violated);
        assert_eq!(outcome(&[("3.04", wan())], &[]), Outcome::NotEvaluated);
    }

    #[test]
    fn units_are_converted_and_strange_units_refused() {
        assert_eq!(outcome(&[("627.00", Unit::TenThousandYuan)], &[("6,270,000", Unit::Yuan)]), Outcome::Exact);
        assert_eq!(outcome(&[("19.92", Unit::TenThousandYuan)], &[("199,240", Unit::Yuan)]), Outcome::WithinRounding);
        assert_eq!(outcome(&[("19.92", Unit::TenThousandYuan)], &[("199,300", Unit::Yuan)]), Outcome::Violated);
        assert_eq!(outcome(&[("3", Unit::Yuan)], &[("3", Unit::Percent)]), Outcome::NotEvaluated);
    }

    #[test]
    fn a_figure_without_its_zeros_is_as_precise_as_its_table() {
        let mut left = term("200", Unit::TenThousandYuan);
        let right = [term("200.30", Unit::TenThousandYuan)];
        assert_eq!(judge("x", Relation::Equal, std::slice::from_ref(&left), &right).outcome, Outcome::WithinRounding);
        left.decimals = 2;
        assert_eq!(judge("x", Relation::Equal, &[left], &right).outcome, Outcome::Violated);
    }

    #[test]
    fn sums_are_shown_with_separators() {
        let wan = || Unit::TenThousandYuan;
        assert_eq!(sum_shown(&[term("4722.97", wan()), term("796.41", wan())]), "5,519.38 万元");
        assert_eq!(grouped(Decimal::new(-100_000, 2)), "-1,000.00");
        assert_eq!(grouped(Decimal::from(999)), "999");
    }
}
