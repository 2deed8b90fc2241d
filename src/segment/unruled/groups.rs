//! Labels over several columns. Such a label stands in the middle of the columns it spans: over one of them, or
//! between two, where the reader sees a column of its own. It is taken out before the columns are known, and put over
//! them afterwards: a label of one column stands in its middle too, and so the borders of the columns can be told.

use std::ops::Range;

use crate::base::place::Place;
use crate::read::{Grid, GridCell};

use super::head::Head;

/// Edges and middles closer than this, in points, are the same.
const SAME: f32 = 1.5;
/// A label stands under another if it is deeper than this share of the depth of the lowest label.
const UNDER: f32 = 0.65;
/// A column with a label that no group takes costs as much as this distance, in points.
const LEFT_OUT: f32 = 6.0;

/// Takes out labels over other columns, and the columns that hold nothing else.
pub(super) fn take_groups(grid: &mut Grid, head: Head) -> Vec<GridCell> {
    let mut groups = Vec::new();
    let mut column = 0;
    while column < grid.columns {
        if !is_under_group(grid, head, column) {
            column += 1;
            continue;
        }
        let is_group = |cell: &mut GridCell| cell.column == column && (head.first..head.body).contains(&cell.row);
        groups.extend(grid.cells.extract_if(.., is_group));
        if grid.cells.iter().any(|cell| cell.column == column) {
            column += 1;
        } else {
            close_up(grid, column);
        }
    }
    groups
}

/// Whether the only label of a column has labels below it to both sides, and none beside it there. One that is as high
/// as the header has so too, but stands below the first row.
fn is_under_group(grid: &Grid, head: Head, column: u32) -> bool {
    let own: Vec<&GridCell> =
        grid.cells.iter().filter(|cell| cell.column == column && cell.row >= head.first).collect();
    let Some(group) = own.first() else { return false };
    let is_whole = own.iter().any(|cell| cell.row >= head.body);
    if own.iter().any(|cell| cell.row < head.body && cell.column_span > 1)
        || own.iter().skip(1).any(|cell| cell.row < head.labels)
        || group.row + 1 >= head.labels
        || is_whole && group.row > head.first
    {
        return false;
    }
    let has_free_label = |mut columns: Box<dyn Iterator<Item = u32>>| {
        let next = columns.find(|column| has_label(grid, head, group.row, *column) || over(grid, group.row, *column));
        next.is_some_and(|next| !over(grid, group.row, next))
    };
    has_free_label(Box::new((0..column).rev())) && has_free_label(Box::new(column + 1..grid.columns))
}

fn spans(cell: &GridCell, column: u32) -> bool {
    (cell.column..cell.column + cell.column_span).contains(&column)
}

/// Whether a text of that row stands over a column.
fn over(grid: &Grid, row: u32, column: u32) -> bool {
    grid.cells.iter().any(|cell| cell.row == row && spans(cell, column))
}

/// Whether a column has a label below a row.
fn has_label(grid: &Grid, head: Head, row: u32, column: u32) -> bool {
    (row + 1..head.labels).any(|row| over(grid, row, column))
}

/// Removes a column that has no cell of its own any more.
fn close_up(grid: &mut Grid, column: u32) {
    for cell in &mut grid.cells {
        (cell.column, cell.column_span) = without(column, cell.column, cell.column_span);
    }
    grid.columns -= 1;
    if (column as usize) < grid.column_edges.len() {
        // The border right of a removed column goes with it.
        grid.column_edges.remove(column as usize + 1);
    }
}

/// Puts labels over the columns in whose middle they stand: those that were taken out, and those that a column below
/// took to be its own.
pub(super) fn put_groups(grid: &mut Grid, head: Head, mut groups: Vec<GridCell>) {
    let borders = borders(grid, head);
    let labels: Vec<GridCell> =
        grid.cells.iter().filter(|cell| (head.first..head.labels).contains(&cell.row)).cloned().collect();
    let is_standing = |cell: &mut GridCell| {
        (head.first..head.labels).contains(&cell.row)
            && labels.iter().any(|below| below.row > cell.row && spans(cell, below.column))
            && !labels.iter().any(|below| below.row > cell.row && is_set_left(cell, below))
    };
    groups.extend(grid.cells.extract_if(.., is_standing));
    groups.sort_by(|a, b| a.row.cmp(&b.row).then(middle(a).total_cmp(&middle(b))));
    let top = groups.first().map_or(0, |group| group.row);
    let mut is_wide = false;
    for of_row in groups.chunk_by_mut(|a, b| a.row == b.row) {
        let fits = fits(of_row, grid, &labels, &borders);
        for (at, group) in of_row.iter_mut().enumerate() {
            // A text as wide as its columns was seen over them.
            let (seen, end) = (group.column, group.column + group.column_span - 1);
            let is_wide_text = group.column_span > 1;
            is_wide |= is_wide_text;
            let fit = fits.get(at).copied().filter(|(from, to)| !is_wide_text || *from <= seen && end <= *to);
            let (from, to) = fit.or(is_wide_text.then_some((seen, end))).unwrap_or_else(|| {
                let column = borders.iter().skip(1).take_while(|border| **border < middle(group)).count() as u32;
                (column.min(grid.columns - 1), column.min(grid.columns - 1))
            });
            is_wide |= to > from && group.row < head.labels;
            (group.column, group.column_span) = (from, to - from + 1);
        }
    }
    grid.cells.extend(groups);
    if is_wide {
        raise(grid, head, top);
    }
    grid.cells.sort_by_key(|cell| (cell.row, cell.column));
}

/// Words set to the left of their columns say nothing by their middles.
fn is_set_left(cell: &GridCell, below: &GridCell) -> bool {
    let [a, b] = [extent(cell), extent(below)];
    below.column == cell.column && (a[0] - b[0]).abs() < SAME && (middle(cell) - middle(below)).abs() > SAME
}

/// What a way to place labels costs, and from where to where its first label goes.
type Fit = (f32, Option<(usize, usize)>);

/// The columns of each label of a row, from left to right: together they leave out as few as can be of those that
/// have labels below, and each stands as near to the middle of its own as can be. Empty where they do not fit.
fn fits(groups: &[GridCell], grid: &Grid, labels: &[GridCell], borders: &[f32]) -> Vec<(u32, u32)> {
    let columns = grid.columns as usize;
    let Some(row) = groups.first().map(|group| group.row) else { return Vec::new() };
    let height = groups.first().map_or(0.0, height);
    let below = |cell: &&GridCell| cell.row > row;
    let deepest = labels.iter().filter(below).map(|cell| self::height(cell) - height).fold(0.0, f32::max);
    // A label that is as high as the whole header stands half as deep as the lowest.
    let is_under = |cell: &GridCell| self::height(cell) - height > UNDER * deepest;
    let is_open: Vec<bool> = (0..grid.columns)
        .map(|column| {
            !over(grid, row, column) && labels.iter().filter(below).any(|cell| spans(cell, column) && is_under(cell))
        })
        .collect();
    // The best for the groups from `at` on, in the columns from `start` on: its cost, and the end of the first of them.
    let left_out = |from: usize, to: usize| {
        LEFT_OUT * is_open.get(from..to).map_or(0, |open| open.iter().filter(|o| **o).count()) as f32
    };
    let mut best: Vec<Vec<Fit>> = vec![vec![(f32::INFINITY, None); columns + 1]; groups.len() + 1];
    if let Some(end) = best.last_mut() {
        *end = (0..=columns).map(|start| (left_out(start, columns), None)).collect();
    }
    for (at, group) in groups.iter().enumerate().rev() {
        for start in 0..columns {
            let mut found = (f32::INFINITY, None);
            for from in start..columns {
                let run = is_open.iter().skip(from).take_while(|open| **open).count();
                for end in from + 1..=from + run {
                    let (Some(left), Some(right)) = (borders.get(from), borders.get(end)) else { continue };
                    let rest = best.get(at + 1).and_then(|row| row.get(end)).map_or(f32::INFINITY, |rest| rest.0);
                    let distance = ((left + right) / 2.0 - middle(group)).abs();
                    let cost = left_out(start, from) + distance + rest;
                    if cost < found.0 {
                        found = (cost, Some((from, end)));
                    }
                }
            }
            if let Some(slot) = best.get_mut(at).and_then(|row| row.get_mut(start)) {
                *slot = found;
            }
        }
    }
    let mut start = 0;
    let chosen = (0..groups.len()).map_while(|at| {
        let (from, end) = best.get(at)?.get(start)?.1?;
        start = end;
        Some((from as u32, end as u32 - 1))
    });
    let chosen: Vec<(u32, u32)> = chosen.collect();
    if chosen.len() == groups.len() { chosen } else { Vec::new() }
}

/// The borders of columns: between the texts of neighbours, and there as far right of the middle of a label as the
/// border before is left of it.
fn borders(grid: &Grid, head: Head) -> Vec<f32> {
    let own = |column: u32| {
        let lowest = grid
            .cells
            .iter()
            .filter(|cell| (head.first..head.labels).contains(&cell.row) && cell.column == column)
            .map(|c| c.row)
            .max();
        let is_own = move |cell: &&GridCell| {
            cell.column == column && cell.column_span == 1 && (cell.row >= head.labels || Some(cell.row) == lowest)
        };
        grid.cells.iter().filter(is_own)
    };
    let hull = |column: u32| own(column).map(extent).reduce(|a, b| [a[0].min(b[0]), a[1].max(b[1])]);
    let label = |column: u32| own(column).find(|cell| cell.row < head.labels).map(middle);
    let hulls: Vec<Option<[f32; 2]>> = (0..grid.columns).map(hull).collect();
    let first = hulls.iter().flatten().map(|hull| hull[0]).fold(f32::INFINITY, f32::min);
    let mut borders = vec![first];
    for column in 0..grid.columns {
        let before = borders.last().copied().unwrap_or(first);
        let at = column as usize;
        let low = hulls.get(at).copied().flatten().map_or(before, |hull| hull[1].max(before));
        let high = hulls.iter().skip(at + 1).flatten().map(|hull| hull[0]).next();
        let mirrored = label(column).map(|middle| 2.0 * middle - before);
        borders.push(match high {
            None => low.max(mirrored.unwrap_or(low)),
            Some(high) if high <= low => (low + high) / 2.0,
            Some(high) => mirrored.map_or((low + high) / 2.0, |border| border.clamp(low, high)),
        });
    }
    borders
}

/// A label reaches up to the one above it and down to the body; rows that hold nothing else go.
fn raise(grid: &mut Grid, head: Head, top: u32) {
    let taken: Vec<(u32, u32, u32)> = grid
        .cells
        .iter()
        .filter(|c| (head.first..head.labels).contains(&c.row))
        .map(|c| (c.row, c.column, c.column + c.column_span))
        .collect();
    // A label over one column only that has another label below it: what it heads was not found, and may be its neighbours.
    let is_open = |(row, from, to): &(u32, u32, u32)| {
        to - from == 1 && taken.iter().any(|(below, first, end)| below > row && first < to && from < end)
    };
    let open = taken.iter().filter(|label| label.0 >= top && is_open(label)).map(|label| label.0).min();
    let is_raised =
        |cell: &GridCell| cell.row >= top && cell.row < head.labels && open.is_none_or(|row| cell.row <= row);
    for cell in grid.cells.iter_mut().filter(|cell| is_raised(cell)) {
        let (first, end, row) = (cell.column, cell.column + cell.column_span, cell.row);
        let is_here = |from: u32, to: u32| from < end && first < to;
        let above = taken.iter().filter(|(other, from, to)| (top..row).contains(other) && is_here(*from, *to));
        // Beside labels of single columns it may be that one of them heads it.
        let highest = match above.max_by_key(|(other, _, _)| *other) {
            None => top,
            Some((other, from, to)) if is_level_of_groups(&taken, other + 1..row, *from..*to) => other + 1,
            Some(_) => row,
        };
        (cell.row, cell.row_span) = (highest, cell.row_span + row - highest);
        if !taken.iter().any(|(other, from, to)| *other > row && is_here(*from, *to)) {
            cell.row_span = head.labels - cell.row;
        }
    }
    for row in (top + 1..head.labels).rev() {
        if !grid.cells.iter().any(|cell| cell.row == row) {
            remove_row(grid, row);
        }
    }
}

/// Whether the labels of those rows over those columns stand over several columns each.
fn is_level_of_groups(taken: &[(u32, u32, u32)], rows: Range<u32>, columns: Range<u32>) -> bool {
    let mut labels =
        taken.iter().filter(|(row, from, to)| rows.contains(row) && *from < columns.end && columns.start < *to);
    !rows.is_empty() && columns.len() > 1 && labels.all(|(_, from, to)| to - from > 1)
}

fn remove_row(grid: &mut Grid, row: u32) {
    for cell in &mut grid.cells {
        (cell.row, cell.row_span) = without(row, cell.row, cell.row_span);
    }
    grid.rows -= 1;
}

/// First and number of the rows (or columns) of a cell once one of the grid is gone.
fn without(gone: u32, first: u32, span: u32) -> (u32, u32) {
    if first > gone {
        (first - 1, span)
    } else if first + span > gone {
        (first, span - 1)
    } else {
        (first, span)
    }
}

fn extent(cell: &GridCell) -> [f32; 2] {
    match &cell.place {
        Place::Page { bbox, .. } => [bbox[0], bbox[2]],
        Place::Text { .. } => [0.0, 0.0],
    }
}

fn middle(cell: &GridCell) -> f32 {
    let [x0, x1] = extent(cell);
    (x0 + x1) / 2.0
}

fn height(cell: &GridCell) -> f32 {
    match &cell.place {
        Place::Page { bbox, .. } => (bbox[1] + bbox[3]) / 2.0,
        Place::Text { .. } => 0.0,
    }
}
