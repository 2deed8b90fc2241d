//! Figures of a row that stand some columns further: a blank cell was lost, or the white between columns misled.

use std::collections::BTreeSet;

use super::{Change, Reading, is_short, method_of};
use crate::base::amount::parse_figure;
use crate::check::identity::columns_of;
use crate::model::{Cell, Evidence, GridMethod, Row, Table, TextCell};

/// The other readings of these rows.
pub(super) fn readings(table: &Table, rows: &BTreeSet<usize>) -> Vec<Reading> {
    rows.iter()
        .filter_map(|at| Some((*at, table.rows.get(*at)?)))
        .flat_map(|(at, row)| of_row(table, at, row))
        .collect()
}

fn of_row(table: &Table, at: usize, row: &Row) -> Vec<Reading> {
    let columns: Vec<u32> = columns_of(table, row).map(|column| column.index).collect();
    let method = method_of(table, row).filter(|method| *method != GridMethod::Delimited || is_short(table, row));
    if !matches!(method, Some(GridMethod::Delimited | GridMethod::Aligned)) {
        return Vec::new();
    }
    // A figure that the lost blank moved into the column of the names counts from there.
    let strayed =
        columns.first().filter(|_| method == Some(GridMethod::Delimited)).and_then(|first| strayed(row, *first));
    let row = row_with(row, strayed);
    let before = strayed.map(|text| text.column);
    let columns: Vec<u32> = before.into_iter().chain(columns).collect();
    let Some(standing) = standing(&row, &columns) else { return Vec::new() };
    let others = match method {
        Some(GridMethod::Delimited) => with_blanks_put_in(&standing, columns.len()),
        Some(GridMethod::Aligned) => with_neighbours_taken(&standing, columns.len()),
        Some(GridMethod::Ruled) | None => Vec::new(),
    };
    let is_whole = |other: &&Vec<usize>| before.is_none() || other.first().is_some_and(|first| *first > 0);
    let name = row.label.as_ref().map_or("a row", |label| label.text.as_str());
    let reading = |other: &Vec<usize>| {
        let mut read = row.clone();
        for (cell, position) in read.cells.iter_mut().zip(other) {
            cell.column = columns.get(*position).copied().unwrap_or(cell.column);
        }
        let moved = standing.iter().zip(other).position(|(own, other)| own != other);
        let from = moved.and_then(|moved| row.cells.get(moved)).map_or("", |cell| &cell.printed);
        let told = format!("the figures of {name} stand in other columns, from {from}");
        Reading { change: Change::Rows(at..at + 1, vec![read]), place: row.place.clone(), told }
    };
    others.iter().filter(is_whole).map(reading).collect()
}

/// A figure among the words of the column before the first amount.
fn strayed(row: &Row, first: u32) -> Option<&TextCell> {
    row.texts
        .iter()
        .find(|text| text.column + 1 == first && text.text.contains('.') && parse_figure(&text.text).is_some())
}

/// The row with this text of it as a figure.
fn row_with(row: &Row, strayed: Option<&TextCell>) -> Row {
    let mut row = row.clone();
    if let Some(text) = strayed {
        let (printed, place) = (text.text.clone(), text.place.clone());
        let amount = parse_figure(&printed);
        row.texts.retain(|other| other.column != text.column);
        row.cells.insert(0, Cell { column: text.column, printed, amount, evidence: Evidence::Untested, place });
    }
    row
}

/// Positions of the row's figures among its columns; none where a figure stands in a column that is not of amounts.
fn standing(row: &Row, columns: &[u32]) -> Option<Vec<usize>> {
    let positions: Option<Vec<usize>> =
        row.cells.iter().map(|cell| columns.iter().position(|column| *column == cell.column)).collect();
    positions.filter(|positions| !positions.is_empty() && positions.windows(2).all(|pair| pair[0] < pair[1]))
}

/// Where the last columns are blank, blanks may have been lost before any figure.
fn with_blanks_put_in(standing: &[usize], columns: usize) -> Vec<Vec<usize>> {
    let free = standing.last().map_or(0, |last| columns.saturating_sub(last + 1));
    let shifted = |from: usize, by: usize| {
        standing.iter().enumerate().map(|(at, position)| if at < from { *position } else { position + by }).collect()
    };
    (0..standing.len()).flat_map(|from| (1..=free).map(move |by| shifted(from, by))).collect()
}

/// One figure, or all from it to one end of the row, one column to the left or to the right.
fn with_neighbours_taken(standing: &[usize], columns: usize) -> Vec<Vec<usize>> {
    let mut found: BTreeSet<Vec<usize>> = BTreeSet::new();
    let last = standing.len() - 1;
    for at in 0..standing.len() {
        for (from, to, right) in [(at, at, true), (at, last, true), (at, at, false), (0, at, false)] {
            let moved: Option<Vec<usize>> = standing
                .iter()
                .enumerate()
                .map(|(i, position)| match ((from..=to).contains(&i), right) {
                    (false, _) => Some(*position),
                    (true, true) => Some(position + 1).filter(|position| *position < columns),
                    (true, false) => position.checked_sub(1),
                })
                .collect();
            found.extend(moved.filter(|moved| moved.windows(2).all(|pair| pair[0] < pair[1])));
        }
    }
    found.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lost_blanks_move_figures_to_the_left() {
        assert_eq!(with_blanks_put_in(&[0, 1], 3), [vec![1, 2], vec![0, 2]]);
        assert_eq!(with_blanks_put_in(&[0], 3), [vec![1], vec![2]]);
        assert!(with_blanks_put_in(&[0, 2], 3).is_empty(), "the last column is filled: no blank was lost");
    }

    #[test]
    fn figures_keep_their_order_and_their_columns() {
        assert_eq!(with_neighbours_taken(&[0, 1], 3), [vec![0, 2], vec![1, 2]]);
        assert_eq!(with_neighbours_taken(&[1], 3), [vec![0], vec![2]]);
        assert!(with_neighbours_taken(&[0, 1, 2], 3).is_empty());
    }
}
