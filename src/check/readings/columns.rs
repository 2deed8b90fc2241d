//! Figures of a row that stand some columns further: a blank cell was lost, or the white between columns misled.

use std::collections::BTreeSet;

use super::{Reading, method_of};
use crate::check::identity::columns_of;
use crate::model::{GridMethod, Row, Table};

/// The other readings of these rows.
pub(super) fn readings(table: &Table, rows: &BTreeSet<usize>) -> Vec<Reading> {
    let mut found = Vec::new();
    for at in rows {
        let Some(row) = table.rows.get(*at) else { continue };
        let columns: Vec<u32> = columns_of(table, row).map(|column| column.index).collect();
        let Some(standing) = standing(row, &columns) else { continue };
        let others = match method_of(table, row) {
            Some(GridMethod::Delimited) => with_blanks_put_in(&standing, columns.len()),
            Some(GridMethod::Aligned) => with_neighbours_taken(&standing, columns.len()),
            Some(GridMethod::Ruled) | None => continue,
        };
        for other in others {
            let mut read = table.clone();
            if let Some(row) = read.rows.get_mut(*at) {
                for (cell, position) in row.cells.iter_mut().zip(&other) {
                    cell.column = columns.get(*position).copied().unwrap_or(cell.column);
                }
            }
            let moved = standing.iter().zip(&other).position(|(own, other)| own != other);
            let cell = moved.and_then(|moved| row.cells.get(moved));
            let name = row.label.as_ref().map_or("a row", |label| label.text.as_str());
            let told =
                format!("the figures of {name} stand in other columns, from {}", cell.map_or("", |c| &c.printed));
            found.push(Reading { tables: vec![read], place: row.place.clone(), told });
        }
    }
    found
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
