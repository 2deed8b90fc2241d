//! Which of several readings of a table's columns is right: the one in whose rows the totals are the sums of their parts.

use rust_decimal::Decimal;

use crate::base::amount::parse_figure;
use crate::base::text::key;
use crate::read::{Grid, GridCell};
use crate::spec::segmentation::Segmentation;

use super::head::Head;

/// How many rows a reading makes right less how many it makes wrong; 0 where no column is a total of others.
pub fn rows_that_hold(grid: &Grid, head: Head, vocabulary: &Segmentation) -> i64 {
    let label = |column: u32| {
        let over =
            grid.cells.iter().filter(|cell| cell.row < head.labels && cell.column == column && cell.column_span == 1);
        over.max_by_key(|cell| cell.row).map(|cell| key(&cell.text))
    };
    let is_total = |column: u32| label(column).is_some_and(|label| vocabulary.total_labels.contains(&label));
    let totals: Vec<u32> = (0..grid.columns).filter(|column| is_total(*column)).collect();
    let mut balance = 0;
    for (at, total) in totals.iter().enumerate() {
        let end = totals.get(at + 1).copied().unwrap_or(grid.columns);
        let before = at.checked_sub(1).and_then(|at| totals.get(at)).map_or(0, |total| total + 1);
        // A total stands before its parts, or behind them where nothing follows.
        let parts = if total + 1 < end { total + 1..end } else { before..*total };
        for row in head.body..grid.rows {
            balance += row_that_holds(grid, row, *total, parts.clone());
        }
    }
    balance
}

fn row_that_holds(grid: &Grid, row: u32, total: u32, parts: std::ops::Range<u32>) -> i64 {
    let figures = |column: u32| {
        let in_column = move |cell: &&GridCell| cell.row == row && cell.column == column;
        grid.cells.iter().filter(in_column).find_map(|cell| parse_figure(&cell.text))
    };
    let parts: Vec<Decimal> = parts.filter_map(figures).collect();
    match (figures(total), parts.is_empty()) {
        (None, true) => 0,
        (Some(total), false) if total == parts.iter().sum::<Decimal>() => 1,
        _ => -1,
    }
}
