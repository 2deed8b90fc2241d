//! Sums that the figures themselves show: evidence where no identity is known, never an error.
//!
//! An unknown table still has columns that add up and rows that total others, and lists of known kinds (purchases, projects)
//! have levels that no code states. What counts as found leaves no room for chance:
//!
//! - columns: one sums the run of columns beside it in every row, and at least one row has two parts that are not zero;
//! - rows of a column: a tree that accounts for all of its figures exactly ([`nested`]).
//!
//! Figures that an identity has proved need no discovery and are not searched.

mod nested;

use std::collections::{BTreeMap, VecDeque};

use rust_decimal::Decimal;

use super::identity::{Amounts, is_counted, is_of_which, row_number};
use super::ledger::Ledger;
use super::shape::row_to_shape;
use super::term::{Relation, Spot, Term, compare};
use super::verdict::{Equation, judge};
use crate::model::{ColumnRole, Disclosure, Layout, Outcome, Row, RowRole, Side, Table};
use crate::spec::identities::Words;

/// Tables beyond this size are not searched: the search is quadratic.
const MOST_ROWS: usize = 2_000;
const MOST_COLUMNS: usize = 40;
/// Figures of a column that no identity supports, from which on it is searched.
const WORTH_A_SEARCH: usize = 2;

pub fn evaluate(disclosure: &Disclosure, words: &Words, ledger: &mut Ledger) {
    let amounts = Amounts::of(disclosure);
    for (at, table) in
        disclosure.tables.iter().enumerate().filter(|(_, table)| !table.is_nil && table.rows.len() <= MOST_ROWS)
    {
        if open_figures(at, table, ledger) < WORTH_A_SEARCH {
            continue;
        }
        let equations = column_sums(&amounts, at, table);
        enter(equations, ledger);
        for column in table.columns.iter().filter(|column| is_figures(column.role)) {
            if open_in_column(at, table, column.index, ledger) >= WORTH_A_SEARCH {
                for rows in table_to_runs(table, words) {
                    enter(row_sums(&amounts, at, table, &rows, words, column.index), ledger);
                }
            }
        }
    }
}

fn enter(equations: Vec<Equation>, ledger: &mut Ledger) {
    for (result, left, right) in equations {
        // What an identity has proved needs no discovery.
        if left.iter().chain(&right).any(|term| !ledger.supports(term.spot)) {
            ledger.enter(result, &left, &right);
        }
    }
}

fn is_figures(role: ColumnRole) -> bool {
    matches!(role, ColumnRole::Amount | ColumnRole::Quantity)
}

fn open_figures(at: usize, table: &Table, ledger: &Ledger) -> usize {
    table.columns.iter().map(|column| open_in_column(at, table, column.index, ledger)).sum()
}

/// How many figures of a column nothing supports yet.
fn open_in_column(at: usize, table: &Table, column: u32, ledger: &Ledger) -> usize {
    let is_open = |row: usize, cell: usize| !ledger.supports(Spot::Cell { table: at, row, cell });
    let cells = table.rows.iter().enumerate().flat_map(|(r, row)| {
        row.cells.iter().enumerate().filter(|(_, cell)| cell.column == column).map(move |(c, cell)| (r, c, cell))
    });
    cells.filter(|(r, c, cell)| cell.amount.is_some_and(|amount| !amount.is_zero()) && is_open(*r, *c)).count()
}

fn holds(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Exact | Outcome::WithinRounding)
}

fn is_telling(right: &[Term]) -> bool {
    right.iter().filter(|term| !term.amount.is_zero()).count() >= 2
}

/// Columns that sum the run of columns right after or right before them, in every row.
fn column_sums<'a>(amounts: &Amounts<'a>, at: usize, table: &Table) -> Vec<Equation<'a>> {
    let columns: Vec<u32> =
        table.columns.iter().filter(|column| column.role == ColumnRole::Amount).map(|column| column.index).collect();
    if columns.len() < 3 || columns.len() > MOST_COLUMNS {
        return Vec::new();
    }
    let rows: Vec<usize> =
        (0..table.rows.len()).filter(|row| table.rows[*row].role != RowRole::ColumnNumbers).collect();
    let figures: Vec<Vec<Option<Term>>> =
        rows.iter().map(|row| columns.iter().map(|column| amounts.term(at, *row, *column)).collect()).collect();
    let mut found = Vec::new();
    for sum in 0..columns.len() {
        let after = (sum + 2..columns.len()).rev().map(|end| (sum + 1)..(end + 1));
        let before = (0..sum.saturating_sub(1)).map(|start| start..sum);
        let holding = after.chain(before).find_map(|run| {
            let mut sides: Vec<(Vec<Term>, Vec<Term>)> = Vec::new();
            for row in &figures {
                let left: Vec<Term> = row.get(sum).copied().flatten().into_iter().collect();
                let right: Vec<Term> = row.get(run.clone())?.iter().flatten().copied().collect();
                if left.is_empty() && right.is_empty() {
                    continue;
                }
                if !holds(compare(Relation::Equal, &left, &right).outcome) {
                    return None;
                }
                sides.push((left, right));
            }
            let telling = sides.iter().filter(|(_, right)| is_telling(right)).count();
            (telling >= 1 && sides.len() >= 2).then_some(sides)
        });
        let judged = |(left, right): (Vec<Term<'a>>, Vec<Term<'a>>)| {
            (judge("discovered_column_sum", Relation::Equal, &left, &right), left, right)
        };
        found.extend(holding.into_iter().flatten().map(judged));
    }
    found
}

/// Rows whose figures may make a tree: all of them, or in a two-sided table each numbered row with those below it.
fn table_to_runs(table: &Table, words: &Words) -> Vec<Vec<usize>> {
    let counted = |row: &Row| is_counted(row) && !is_of_which(row, &words.of_which);
    let rows = || table.rows.iter().enumerate().filter(|(_, row)| counted(row));
    if table.layout != Layout::TwoSided {
        return vec![rows().map(|(at, _)| at).collect()];
    }
    let mut runs: BTreeMap<(Option<Side>, u32), Vec<Vec<usize>>> = BTreeMap::new();
    for (at, row) in rows() {
        let of_panel = runs.entry((row.side, row.panel)).or_default();
        match of_panel.last_mut() {
            Some(run) if row.role == RowRole::Item && row_number(row).is_none() => run.push(at),
            _ => of_panel.push(vec![at]),
        }
    }
    runs.into_values().flatten().collect()
}

/// Rows in the order of a tree, where totals stand below what they sum and groups above theirs: a government's revenue,
/// 一、税收收入 with its taxes, 二、非税收入, 一般公共预算收入合计, 转移性收入, 收入总计. Nothing where no total stands so.
fn totals_to_front(figures: &[(usize, Decimal)], table: &Table, words: &Words) -> Option<Vec<(usize, Decimal)>> {
    let is_total = |row: usize| {
        let row = table.rows.get(row);
        row.and_then(|row| row.label.as_ref()).is_some_and(|label| words.ends_in_total(&label.text))
    };
    let mut ordered: VecDeque<(usize, Decimal)> = VecDeque::new();
    for figure in figures {
        if is_total(figure.0) { ordered.push_front(*figure) } else { ordered.push_back(*figure) }
    }
    let ordered = Vec::from(ordered);
    (ordered != figures).then_some(ordered)
}

/// The tree over the figures of a column in these rows, the total first or last.
fn row_sums<'a>(
    amounts: &Amounts<'a>,
    at: usize,
    table: &Table,
    rows: &[usize],
    words: &Words,
    column: u32,
) -> Vec<Equation<'a>> {
    let mut figures: Vec<(usize, Decimal)> = Vec::new();
    for (r, row) in rows.iter().filter_map(|at| Some((*at, table.rows.get(*at)?))) {
        let cell = row.cells.iter().find(|cell| cell.column == column);
        figures.extend(cell.and_then(|cell| cell.amount).filter(|amount| !amount.is_zero()).map(|amount| (r, amount)));
    }
    let scale = figures.iter().map(|(_, amount)| amount.scale()).max().unwrap_or(0);
    let whole = |amount: &Decimal| {
        let mut amount = *amount;
        amount.rescale(scale);
        (amount.scale() == scale).then(|| amount.mantissa())
    };
    let search = |figures: &[(usize, Decimal)]| {
        let values: Vec<i128> = figures.iter().map(|(_, amount)| whole(amount)).collect::<Option<_>>()?;
        // The rows that look as the last one does are the lines, where the tree agrees; it must not.
        let shape =
            |at: usize| figures.get(at).and_then(|(row, _)| table.rows.get(*row)).map(|row| row_to_shape(row, table));
        let line = shape(figures.len().checked_sub(1)?);
        nested::figures_to_sums(&values, |at| Some(shape(at) == line))
            .or_else(|| nested::figures_to_sums(&values, |_| None))
    };
    let totals_first = totals_to_front(&figures, table, words);
    let sums = search(&figures).or_else(|| {
        figures.reverse();
        search(&figures)
    });
    let sums = sums.or_else(|| {
        figures = totals_first?;
        search(&figures)
    });
    let term = |position: &usize| figures.get(*position).and_then(|(row, _)| amounts.term(at, *row, column));
    let sums = sums.into_iter().flatten().filter_map(|(sum, parts)| {
        let (left, right) = (vec![term(&sum)?], parts.iter().map(term).collect::<Option<Vec<Term>>>()?);
        Some((judge("discovered_row_sum", Relation::Equal, &left, &right), left, right))
    });
    sums.filter(|(result, ..)| holds(result.outcome)).collect()
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::{checked, disclosure, outcomes, table};
    use crate::model::Evidence;

    #[test]
    fn rows_of_an_unknown_table_that_total_those_below() {
        let rows = ["|甲|15.17|3.40", "|乙|4.05|2.50", "|丙|11.12|0.90"];
        let (out, _) = checked(disclosure(vec![unknown(&rows)]));
        assert_eq!(outcomes(&out, "discovered_row_sum"), [1, 0, 0, 0], "34 = 25 + 9 is too round to tell");
        let last = ["|乙|4.05|2.51", "|丙|11.12|0.92", "|甲|15.17|3.43"];
        let (out, _) = checked(disclosure(vec![unknown(&last)]));
        assert_eq!(outcomes(&out, "discovered_row_sum"), [2, 0, 0, 0], "the total stands last");
    }

    /// A government's revenue: groups above their lines, totals below them.
    #[test]
    fn totals_below_and_groups_above() {
        let rows = [
            "|一、税收收入|8.01",
            "|增值税|5.00",
            "|契税|3.01",
            "|二、非税收入|2.50",
            "|罚没收入|1.20",
            "|专项收入|1.30",
            "|一般公共预算收入合计|10.51",
            "|转移性收入|4.07",
            "|上级补助收入|3.00",
            "|调入资金|1.07",
            "|收入总计|14.58",
        ];
        let (out, findings) = checked(disclosure(vec![unknown(&rows)]));
        let cells = || out.tables[0].rows.iter().map(|row| row.cells[0].evidence);
        assert!(cells().all(|evidence| evidence == Evidence::Proved), "{:?}", cells().collect::<Vec<_>>());
        assert!(findings.is_empty());
    }

    fn unknown(rows: &[&str]) -> crate::model::Table {
        let mut table = table("x", &["", "", ""], rows);
        table.kind = None;
        table
    }

    #[test]
    fn sums_of_an_unknown_table_are_evidence() {
        let (out, findings) =
            checked(disclosure(vec![unknown(&["|甲|5.00|2.00|3.00", "|乙|4.00|1.50|2.50", "|丙|1.00|0.50|0.50"])]));
        assert_eq!(outcomes(&out, "discovered_column_sum"), [3, 0, 0, 0]);
        assert!(out.tables[0].rows.iter().flat_map(|row| &row.cells).all(|cell| cell.evidence == Evidence::Proved));
        assert!(findings.is_empty());
    }

    #[test]
    fn one_exception_and_it_is_no_sum_and_no_error() {
        let (out, findings) = checked(disclosure(vec![unknown(&["|甲|5.00|2.00|3.00", "|乙|4.00|1.50|2.60"])]));
        assert_eq!(outcomes(&out, "discovered_column_sum"), [0, 0, 0, 0]);
        assert!(findings.is_empty());
    }
}
