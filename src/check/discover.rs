//! Sums that the figures themselves show: evidence where no identity is known, never an error.
//!
//! An unknown table still has columns that add up and rows that total others. A sum counts as found only where it holds
//! without exception and at least one of its equations has two parts that are not zero.

use super::identity::Amounts;
use super::ledger::Ledger;
use super::term::{Relation, Term, judge};
use crate::model::{CheckResult, ColumnRole, Disclosure, Outcome, RowRole, Table};

/// A row sums at most so many rows: beyond it, chance would find sums.
const LONGEST_RUN: usize = 200;
/// Tables beyond this size are not searched: the search is quadratic.
const MOST_ROWS: usize = 2_000;
const MOST_COLUMNS: usize = 40;

type Equation = (CheckResult, Vec<Term>, Vec<Term>);

pub fn evaluate(disclosure: &Disclosure, ledger: &mut Ledger) {
    let amounts = Amounts::of(disclosure);
    for (at, table) in
        disclosure.tables.iter().enumerate().filter(|(_, table)| !table.is_nil && table.rows.len() <= MOST_ROWS)
    {
        let equations = column_sums(&amounts, at, table);
        let row_equations = if table.kind.is_none() { row_sums(&amounts, at, table) } else { Vec::new() };
        for (result, left, right) in equations.into_iter().chain(row_equations) {
            // What an identity has proved needs no discovery.
            if left.iter().chain(&right).any(|term| !ledger.supports(term.spot)) {
                ledger.enter(result, &[&left, &right]);
            }
        }
    }
}

fn holds(result: &CheckResult) -> bool {
    matches!(result.outcome, Outcome::Exact | Outcome::WithinRounding)
}

fn is_telling(right: &[Term]) -> bool {
    right.iter().filter(|term| !term.amount.is_zero()).count() >= 2
}

/// Columns that sum the run of columns right after or right before them, in every row.
fn column_sums(amounts: &Amounts, at: usize, table: &Table) -> Vec<Equation> {
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
            let mut equations: Vec<Equation> = Vec::new();
            for row in &figures {
                let left: Vec<Term> = row.get(sum).cloned().flatten().into_iter().collect();
                let right: Vec<Term> = row.get(run.clone())?.iter().flatten().cloned().collect();
                if left.is_empty() && right.is_empty() {
                    continue;
                }
                let result = judge("discovered_column_sum", Relation::Equal, &left, &right);
                if !holds(&result) {
                    return None;
                }
                equations.push((result, left, right));
            }
            let telling = equations.iter().filter(|(_, _, right)| is_telling(right)).count();
            (telling >= 1 && equations.len() >= 2).then_some(equations)
        });
        found.extend(holding.into_iter().flatten());
    }
    found
}

/// Rows that sum the run of rows below them, in every column that they print.
fn row_sums(amounts: &Amounts, at: usize, table: &Table) -> Vec<Equation> {
    let columns: Vec<u32> =
        table.columns.iter().filter(|column| column.role == ColumnRole::Amount).map(|column| column.index).collect();
    let mut found = Vec::new();
    for first in 0..table.rows.len() {
        let left: Vec<Option<Term>> = columns.iter().map(|column| amounts.term(at, first, *column)).collect();
        if left.iter().flatten().all(|term| term.amount.is_zero()) {
            continue;
        }
        let mut right: Vec<Vec<Term>> = vec![Vec::new(); columns.len()];
        for next in first + 1..table.rows.len().min(first + LONGEST_RUN) {
            for (parts, column) in right.iter_mut().zip(&columns) {
                parts.extend(amounts.term(at, next, *column));
            }
            let equations: Vec<Equation> = left
                .iter()
                .zip(&right)
                .filter(|(left, right)| left.is_some() || !right.is_empty())
                .map(|(left, right)| {
                    let left: Vec<Term> = left.iter().cloned().collect();
                    (judge("discovered_row_sum", Relation::Equal, &left, right), left, right.clone())
                })
                .collect();
            let exact = equations.iter().all(|(result, ..)| result.outcome == Outcome::Exact);
            if exact && equations.iter().any(|(_, _, right)| is_telling(right)) {
                found.extend(equations);
                break;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::{checked, disclosure, outcomes, table};
    use crate::model::Evidence;

    #[test]
    fn rows_of_an_unknown_table_that_total_those_below() {
        let mut table = table("x", &["", ""], &["|甲|5.00|3.00", "|乙|4.00|2.50", "|丙|1.00|0.50"]);
        table.kind = None;
        let (out, _) = checked(disclosure(vec![table]));
        assert_eq!(outcomes(&out, "discovered_row_sum"), [2, 0, 0, 0]);
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
