//! Printed figures as terms of an equation, and the verdict on two sums of them.

use rust_decimal::Decimal;

use crate::base::amount::Unit;
use crate::base::place::Place;
use crate::model::{Column, Fund, Outcome, PerformanceTarget, Row, Table};

/// Figures beyond these bounds are no amounts of a budget, and sums of them could leave the range of a decimal.
const LARGEST: u128 = 10_000_000_000_000;
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
    /// Indexes of the table and of the row within it; none for a form.
    pub fn table_and_row(&self) -> Option<(usize, usize)> {
        self.table().zip(self.row())
    }

    /// Index of the table; none for a form.
    pub fn table(&self) -> Option<usize> {
        match self {
            Spot::Cell { table, .. } => Some(*table),
            Spot::Fund { .. } => None,
        }
    }

    /// Index of the row within its table.
    pub fn row(&self) -> Option<usize> {
        match self {
            Spot::Cell { row, .. } => Some(*row),
            Spot::Fund { .. } => None,
        }
    }
}

/// What names a figure.
#[derive(Clone, Copy, Debug)]
pub enum Name<'a> {
    Cell {
        table: &'a Table,
        row: &'a Row,
        column: Option<&'a Column>,
    },
    Label(&'a str),
    /// Nothing is left that does.
    Unknown,
}

/// A printed figure with its sign in an equation. Checks try many equations, so it borrows all of its texts.
#[derive(Clone, Copy, Debug)]
pub struct Term<'a> {
    pub sign: i8,
    pub name: Name<'a>,
    pub printed: &'a str,
    pub amount: Decimal,
    /// Decimals to which the figure is known: those printed, or those usual in its table where zeros were dropped.
    pub decimals: u32,
    pub unit: Option<&'a Unit>,
    pub place: &'a Place,
    pub spot: Spot,
}

impl Term<'_> {
    /// Caption, row and column: `收入总表 · 合计 · 本年收入`.
    pub fn label(&self) -> String {
        let Name::Cell { table, row, column } = self.name else {
            return if let Name::Label(label) = self.name { label.to_string() } else { String::new() };
        };
        let caption = table.caption.as_ref().map_or("", |caption| &caption.text);
        let leaf = column.and_then(|column| column.path.last()).map_or("", String::as_str);
        let names: Vec<&str> = [caption, row_name(row), leaf].into_iter().filter(|name| !name.is_empty()).collect();
        names.join(" · ")
    }

    /// The figure with its unit as a reader wants to see it.
    pub fn shown(&self) -> String {
        format!("{} {}", self.printed, self.unit.map(Unit::to_string).unwrap_or_default()).trim_end().to_string()
    }

    pub fn negated(mut self) -> Self {
        self.sign = -self.sign;
        self
    }

    /// What it is counted by: yuan in its unit, where they are wanted and the unit is money.
    fn factor(&self, in_yuan: bool) -> Option<Decimal> {
        if in_yuan { self.unit.and_then(Unit::yuan) } else { None }
    }

    fn value(&self, in_yuan: bool) -> Decimal {
        let value = self.factor(in_yuan).map_or(self.amount, |factor| self.amount * factor);
        if self.sign < 0 { -value } else { value }
    }

    /// Decimals to which the figure is known.
    fn precision(&self) -> u32 {
        self.decimals.max(self.amount.scale())
    }

    /// True for money that is printed to the fen, below which there is none: 元 with two decimals, 万元 with six (Beijing).
    /// True for a zero too: what rounds to 0.00 万元 is less than 50 yuan, and lists print 0.00 where there is nothing.
    fn is_exact(&self) -> bool {
        let to_fen = self.unit.and_then(Unit::decimals_of_fen);
        self.amount.is_zero() || to_fen.is_some_and(|decimals| self.precision() >= decimals)
    }

    /// What the figure may be off by through rounding, in its own unit.
    pub fn slack(&self) -> Decimal {
        if self.is_exact() { Decimal::ZERO } else { Decimal::new(5, self.precision() + 1) }
    }

    /// The same in the unit that is counted by.
    fn slack_in(&self, in_yuan: bool) -> Decimal {
        self.factor(in_yuan).map_or_else(|| self.slack(), |factor| self.slack() * factor)
    }
}

/// A figure of an equation that does not hold, kept until all checks are done.
#[derive(Clone, Debug)]
pub struct KeptTerm {
    sign: i8,
    pub printed: String,
    pub amount: Decimal,
    pub decimals: u32,
    unit: Option<Unit>,
    pub place: Place,
    pub spot: Spot,
}

impl KeptTerm {
    pub fn of(term: &Term) -> KeptTerm {
        let Term { sign, printed, amount, decimals, unit, place, spot, .. } = *term;
        KeptTerm { sign, printed: printed.into(), amount, decimals, unit: unit.cloned(), place: place.clone(), spot }
    }

    /// The same figure, taken in another unit.
    pub fn in_unit(&self, unit: &Unit) -> KeptTerm {
        KeptTerm { unit: Some(unit.clone()), ..self.clone() }
    }

    pub fn term(&self) -> Term<'_> {
        let KeptTerm { sign, amount, decimals, spot, .. } = *self;
        let (printed, unit, place) = (self.printed.as_str(), self.unit.as_ref(), &self.place);
        Term { sign, name: Name::Unknown, printed, amount, decimals, unit, place, spot }
    }
}

/// The term for an amount cell; `None` where it is no figure.
pub fn cell_to_term(tables: &[Table], table: usize, row: usize, cell: usize, decimals: u32) -> Option<Term<'_>> {
    let of_table = tables.get(table)?;
    let of_row = of_table.rows.get(row)?;
    let of_cell = of_row.cells.get(cell)?;
    let amount = bounded(of_cell.amount?)?;
    let column = of_table.columns.iter().find(|column| column.index == of_cell.column);
    Some(Term {
        sign: 1,
        name: Name::Cell { table: of_table, row: of_row, column },
        printed: &of_cell.printed,
        amount,
        decimals,
        unit: column.and_then(|column| of_table.unit_in(of_row, column)),
        place: &of_cell.place,
        spot: Spot::Cell { table, row, cell },
    })
}

/// The term for an amount of a form.
pub fn fund_to_term(forms: &[PerformanceTarget], form: usize, fund: usize) -> Option<Term<'_>> {
    let of_form = forms.get(form)?;
    let of_fund: &Fund = of_form.funds.get(fund)?;
    let amount = bounded(of_fund.amount?)?;
    Some(Term {
        sign: 1,
        name: Name::Label(of_fund.label.text.trim_end_matches([':', '：'])),
        printed: of_fund.printed.as_ref()?,
        amount,
        decimals: amount.scale(),
        unit: of_form.unit.as_ref().map(|unit| &unit.value),
        place: of_fund.place.as_ref()?,
        spot: Spot::Fund { form, fund },
    })
}

fn bounded(amount: Decimal) -> Option<Decimal> {
    /// [`LARGEST`] in the digits of an amount, by its decimals.
    const LARGEST_MANTISSAS: [u128; MOST_DECIMALS as usize + 1] = {
        let mut largest = [LARGEST; MOST_DECIMALS as usize + 1];
        let mut decimals = 1;
        while decimals < largest.len() {
            largest[decimals] = largest[decimals - 1] * 10;
            decimals += 1;
        }
        largest
    };
    let largest = LARGEST_MANTISSAS.get(amount.scale() as usize)?;
    (amount.mantissa().unsigned_abs() < *largest).then_some(amount)
}

/// Its label; without one its first code.
fn row_name(row: &Row) -> &str {
    let code = || row.codes.first().map(|code| code.code.as_str());
    row.label.as_ref().map(|label| label.text.as_str()).or_else(code).unwrap_or_default()
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

/// What comparing two sums came to.
#[derive(Clone, Copy, Debug)]
pub struct Comparison {
    pub outcome: Outcome,
    /// left − right in the unit of the first term; `None` where the two do not compare.
    pub difference: Option<Decimal>,
    /// Why they do not compare.
    pub reason: Option<&'static str>,
}

/// Compares two sums of printed figures.
///
/// In yuan where all terms are money of several units; as printed where all come from the same unit, known or not.
pub fn compare(relation: Relation, left: &[Term], right: &[Term]) -> Comparison {
    let not_evaluated = |reason| Comparison { outcome: Outcome::NotEvaluated, difference: None, reason: Some(reason) };
    let (Some(first), false) = (left.first(), right.is_empty()) else {
        return not_evaluated("nothing is printed on one side");
    };
    let all = || left.iter().chain(right);
    // Nearly all that is compared are two equal figures in one unit.
    if let ([left], [right]) = (left, right)
        && (left.amount, left.sign, left.unit) == (right.amount, right.sign, right.unit)
    {
        return Comparison { outcome: Outcome::Exact, difference: Some(Decimal::ZERO), reason: None };
    }
    let in_yuan = all().any(|term| term.unit != first.unit);
    let yuan = |term: &Term| term.unit.and_then(Unit::yuan);
    if in_yuan && all().any(|term| yuan(term).is_none()) {
        return not_evaluated("the units do not compare");
    }
    let value = |terms: &[Term]| terms.iter().map(|term| term.value(in_yuan)).sum::<Decimal>();
    let difference = value(left) - value(right);
    // The intervals of the two sides meet where these are no further from each other than half of both together.
    let slack = || all().map(|term| term.slack_in(in_yuan)).sum::<Decimal>();
    let outcome = match relation {
        Relation::Equal if difference.is_zero() => Outcome::Exact,
        Relation::Equal if difference.abs() <= slack() => Outcome::WithinRounding,
        Relation::AtMost if difference <= Decimal::ZERO => Outcome::Exact,
        Relation::AtMost if difference <= slack() => Outcome::WithinRounding,
        _ => Outcome::Violated,
    };
    let difference = first.factor(in_yuan).map_or(difference, |factor| difference / factor);
    Comparison { outcome, difference: Some(difference), reason: None }
}

/// The sum of terms in the unit of the first, for messages.
pub fn sum_shown(terms: &[Term]) -> String {
    let unit = terms.first().and_then(|term| term.unit);
    let factor = unit.and_then(Unit::yuan);
    let total: Decimal = terms
        .iter()
        .map(|term| {
            let own = term.unit.and_then(Unit::yuan);
            let value = match (own, factor) {
                (Some(own), Some(factor)) => term.amount * own / factor,
                _ => term.amount,
            };
            if term.sign < 0 { -value } else { value }
        })
        .sum();
    format!("{} {}", grouped(total), unit.map(Unit::to_string).unwrap_or_default()).trim_end().to_string()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::amount::parse_figure;
    use crate::check::verdict::judge;

    const WAN: &Unit = &Unit::TenThousandYuan;
    const PLACE: &Place = &Place::Text { line: 1, column: 1, width: 1, cell: None };

    fn term<'a>(printed: &'a str, unit: &'a Unit) -> Term<'a> {
        let amount = parse_figure(printed).expect("a figure");
        Term {
            sign: 1,
            name: Name::Unknown,
            printed,
            amount,
            decimals: amount.scale(),
            unit: Some(unit),
            place: PLACE,
            spot: Spot::Cell { table: 0, row: 0, cell: 0 },
        }
    }

    fn outcome(left: &[(&str, &Unit)], right: &[(&str, &Unit)]) -> Outcome {
        fn terms<'a>(side: &[(&'a str, &'a Unit)]) -> Vec<Term<'a>> {
            side.iter().map(|(printed, unit)| term(printed, unit)).collect()
        }
        judge("x", Relation::Equal, &terms(left), &terms(right)).outcome
    }

    #[test]
    fn rounding_explains_half_a_unit_per_term() {
        // The seed, 对个人和家庭的补助: 3.04 = 2.33 + 0.72, and a slip of 0.02 on top.
        assert_eq!(outcome(&[("3.05", WAN)], &[("2.33", WAN), ("0.72", WAN)]), Outcome::Exact);
        assert_eq!(outcome(&[("3.04", WAN)], &[("2.33", WAN), ("0.72", WAN)]), Outcome::WithinRounding);
        assert_eq!(outcome(&[("3.02", WAN)], &[("2.33", WAN), ("0.72", WAN)]), Outcome::Violated);
        assert_eq!(outcome(&[("3.04", WAN)], &[]), Outcome::NotEvaluated);
    }

    #[test]
    fn money_printed_to_the_fen_is_exact() {
        let with = |outcome: Outcome, sum: &str, parts: [&str; 3], unit: &Unit| {
            let [a, b, c] = parts.map(|part| (part, unit));
            assert_eq!(self::outcome(&[(sum, unit)], &[a, b, c]), outcome, "{sum}");
        };
        // Beijing, 政府购买服务: a slip of 0.00001 below which rounding of three figures would hide.
        with(Outcome::Violated, "6.000001", ["1.000000", "2.000000", "3.000000"], WAN);
        with(Outcome::Violated, "6.01", ["1.00", "2.00", "3.00"], &Unit::Yuan);
        with(Outcome::WithinRounding, "6.01", ["1.00", "2.00", "3.00"], WAN);
        with(Outcome::WithinRounding, "7", ["1", "2", "3"], &Unit::Yuan);
        with(Outcome::Violated, "6.01", ["6.00", "0.00", "0.00"], &Unit::Yuan);
    }

    #[test]
    fn units_are_converted_and_strange_units_refused() {
        assert_eq!(outcome(&[("627.00", WAN)], &[("6,270,000", &Unit::Yuan)]), Outcome::Exact);
        assert_eq!(outcome(&[("19.92", WAN)], &[("199,240", &Unit::Yuan)]), Outcome::WithinRounding);
        assert_eq!(outcome(&[("19.92", WAN)], &[("199,300", &Unit::Yuan)]), Outcome::Violated);
        assert_eq!(outcome(&[("3", &Unit::Yuan)], &[("3", &Unit::Percent)]), Outcome::NotEvaluated);
    }

    #[test]
    fn a_figure_without_its_zeros_is_as_precise_as_its_table() {
        let mut left = term("200", WAN);
        let right = [term("200.30", WAN)];
        assert_eq!(judge("x", Relation::Equal, std::slice::from_ref(&left), &right).outcome, Outcome::WithinRounding);
        left.decimals = 2;
        assert_eq!(judge("x", Relation::Equal, &[left], &right).outcome, Outcome::Violated);
    }

    #[test]
    fn sums_are_shown_with_separators() {
        assert_eq!(sum_shown(&[term("4722.97", WAN), term("796.41", WAN)]), "5,519.38 万元");
        assert_eq!(grouped(Decimal::new(-100_000, 2)), "-1,000.00");
        assert_eq!(grouped(Decimal::from(999)), "999");
    }
}
