//! A label of a column stands in the middle or at the left of it and the figures at its right: where they do not
//! overlap, the reader sees two columns. Labels and figures that alternate are joined; where they are not equally
//! many, the sums say which label has no figures, and else the distance.

use crate::base::amount::parse_figure;
use crate::base::finding::Finding;
use crate::base::place::Place;
use crate::read::{Grid, GridCell};
use crate::spec::segmentation::Segmentation;

use super::S111;
use super::sums::rows_that_hold;

/// More readings than this are not compared.
const MOST_READINGS: usize = 64;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Half {
    /// A label and nothing under it.
    Label,
    /// Something under no label.
    Body,
    /// Both, or nothing of its own.
    Whole,
}

/// Joins half columns in place.
pub fn join_halves(grid: &mut Grid, vocabulary: &Segmentation, findings: &mut Vec<Finding>) {
    let Some(head) = rows_of_head(grid) else { return };
    span_groups(grid, head);
    let halves: Vec<Half> = (0..grid.columns).map(|column| half(grid, head, column)).collect();
    let readings = readings(grid, &halves);
    let [nearest, others @ ..] = readings.as_slice() else { return };
    let first = with_columns(grid, nearest);
    if others.is_empty() {
        *grid = first;
        return;
    }
    let best_without_sums = rows_that_hold(&first, head, vocabulary);
    let (mut best, mut held, mut is_chosen) = (first, best_without_sums, false);
    for other in others {
        let candidate = with_columns(grid, other);
        let balance = rows_that_hold(&candidate, head, vocabulary);
        is_chosen |= balance != best_without_sums;
        if balance > held {
            (best, held) = (candidate, balance);
        }
    }
    if is_chosen {
        let message =
            format!("of {} readings of its columns the one was chosen in which most totals are sums", readings.len());
        findings.push(Finding::new(&S111, message).at(&grid.place, "a table without rulings"));
    }
    *grid = best;
}

/// Rows above the first amount.
fn rows_of_head(grid: &Grid) -> Option<u32> {
    let is_amount = |cell: &&GridCell| cell.column > 0 && parse_figure(&cell.text).is_some();
    grid.cells.iter().filter(is_amount).map(|cell| cell.row).min().filter(|row| *row > 0)
}

fn half(grid: &Grid, head: u32, column: u32) -> Half {
    let mut own = grid.cells.iter().filter(|cell| cell.column == column && cell.column_span == 1).peekable();
    if own.peek().is_none() {
        return Half::Whole;
    }
    let (mut labels, mut bodies) = (0, 0);
    for cell in own {
        if cell.row < head {
            labels += 1;
        } else {
            bodies += 1;
        }
    }
    match (labels, bodies) {
        (_, 0) => Half::Label,
        (0, _) => Half::Body,
        _ => Half::Whole,
    }
}

/// A label over several columns that stands between them makes no column.
fn span_groups(grid: &mut Grid, head: u32) {
    let mut column = 0;
    while column < grid.columns {
        if let Some(span) = group_span(grid, head, column) {
            remove_column(grid, column, span);
        } else {
            column += 1;
        }
    }
}

/// The columns (before the removal) that the only text of a column spans, where labels stand below it to both sides.
fn group_span(grid: &Grid, head: u32, column: u32) -> Option<(u32, u32)> {
    let mut own = grid.cells.iter().filter(|cell| cell.column == column);
    let (group, None) = (own.next()?, own.next()) else { return None };
    if group.row + 1 >= head || group.column_span > 1 {
        return None;
    }
    let covers = |row: u32, column: u32| {
        let spans = |cell: &&GridCell| (cell.column..cell.column + cell.column_span).contains(&column);
        grid.cells.iter().filter(|cell| cell.row == row).find(spans)
    };
    let is_below = |column: u32| (group.row + 1..head).any(|row| covers(row, column).is_some());
    let is_free = |column: u32| covers(group.row, column).is_none() && is_below(column);
    let (left, right) = (column.checked_sub(1)?, column + 1);
    if !(is_free(left) && right < grid.columns && is_free(right)) {
        return None;
    }
    let first = (0..column).rev().take_while(|column| is_free(*column)).last()?;
    let last = (right..grid.columns).take_while(|column| is_free(*column)).last()?;
    let extent = |column: u32| {
        let labels = grid.cells.iter().filter(|cell| cell.row < head && cell.column == column);
        labels.filter_map(|cell| horizontal(&cell.place)).reduce(|a, b| [a[0].min(b[0]), a[1].max(b[1])])
    };
    let middle = horizontal(&group.place).map(|[x0, x1]| (x0 + x1) / 2.0)?;
    let spans = (first..=left).flat_map(|from| (right..=last).map(move |to| (from, to)));
    let distance = |from: u32, to: u32| Some(((extent(from)?[0] + extent(to)?[1]) / 2.0 - middle).abs());
    let measured = spans.filter_map(|(from, to)| Some((distance(from, to)?, from, to)));
    measured.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, from, to)| (from, to))
}

fn remove_column(grid: &mut Grid, column: u32, (from, to): (u32, u32)) {
    for cell in &mut grid.cells {
        if cell.column == column {
            (cell.column, cell.column_span) = (from, to - from);
        } else if cell.column > column {
            cell.column -= 1;
        } else if cell.column + cell.column_span > column {
            cell.column_span -= 1;
        }
    }
    grid.columns -= 1;
    if (column as usize) < grid.column_edges.len() {
        // The border right of a removed column goes with it.
        grid.column_edges.remove(column as usize + 1);
    }
    grid.cells.sort_by_key(|cell| (cell.row, cell.column));
}

fn horizontal(place: &Place) -> Option<[f32; 2]> {
    match place {
        Place::Page { bbox, .. } => Some([bbox[0], bbox[2]]),
        Place::Text { .. } => None,
    }
}

/// New numbers of the columns for each reading, the nearest labels first. One reading that changes nothing where
/// there is nothing to join.
fn readings(grid: &Grid, halves: &[Half]) -> Vec<Vec<u32>> {
    // Pairs of columns to join, for each reading, with the distances bridged.
    let mut readings: Vec<(f32, Vec<(usize, usize)>)> = vec![(0.0, Vec::new())];
    let mut at = 0;
    while at < halves.len() {
        let end = (at..halves.len()).find(|i| halves.get(*i) == Some(&Half::Whole)).unwrap_or(halves.len());
        let of = |half: Half| (at..end).filter(|i| halves.get(*i) == Some(&half)).collect::<Vec<usize>>();
        let matchings = matchings(&of(Half::Label), &of(Half::Body));
        if readings.len() * matchings.len() <= MOST_READINGS {
            readings = readings
                .iter()
                .flat_map(|(cost, pairs)| {
                    matchings.iter().map(move |matching| {
                        let bridged: f32 = matching.iter().map(|(a, b)| gap(grid, *a, *b)).sum();
                        (cost + bridged, [pairs.as_slice(), matching].concat())
                    })
                })
                .collect();
        }
        at = end + 1;
    }
    readings.sort_by(|a, b| a.0.total_cmp(&b.0));
    readings.into_iter().filter_map(|(_, pairs)| numbers(halves.len(), &pairs)).collect()
}

/// All ways to give as many labels as there can be their columns, in order.
fn matchings(labels: &[usize], bodies: &[usize]) -> Vec<Vec<(usize, usize)>> {
    let (few, many) = if labels.len() <= bodies.len() { (labels, bodies) } else { (bodies, labels) };
    let mut chosen: Vec<Vec<(usize, usize)>> = vec![Vec::new()];
    for (i, one) in few.iter().enumerate() {
        let mut longer = Vec::new();
        for pairs in &chosen {
            let next = pairs.last().and_then(|(_, last)| many.iter().position(|m| m == last)).map_or(0, |at| at + 1);
            // The rest of the few still needs its own.
            let until = many.len() - (few.len() - i - 1);
            for other in many.get(next..until).unwrap_or_default() {
                longer.push([pairs.as_slice(), &[(*one, *other)]].concat());
            }
        }
        chosen = longer;
        if chosen.len() > MOST_READINGS {
            return vec![Vec::new()];
        }
    }
    chosen
}

/// The white between the texts of two columns, or how far their middles are apart where they overlap.
fn gap(grid: &Grid, a: usize, b: usize) -> f32 {
    let middle = |column: usize| {
        let own = grid.cells.iter().filter(|cell| cell.column as usize == column && cell.column_span == 1);
        let extent = own.filter_map(|cell| horizontal(&cell.place)).reduce(|a, b| [a[0].min(b[0]), a[1].max(b[1])]);
        extent.map(|[x0, x1]| (x0 + x1) / 2.0)
    };
    match (middle(a), middle(b)) {
        (Some(a), Some(b)) => (a - b).abs(),
        _ => f32::INFINITY,
    }
}

/// The new number of each column where those of a pair become one; `None` where one joined column would cross another.
fn numbers(columns: usize, pairs: &[(usize, usize)]) -> Option<Vec<u32>> {
    // A column that a pair encloses would lie within the joined one: the figures' place counts, wherever the label is.
    let mut order: Vec<(usize, usize)> = (0..columns).map(|column| (column, column)).collect();
    for (a, b) in pairs {
        let (first, second) = (*a.min(b), *a.max(b));
        order.get_mut(second)?.0 = first;
    }
    let mut number = 0_u32;
    let mut numbers = vec![0_u32; columns];
    for (column, (joined, _)) in order.iter().enumerate() {
        if *joined == column {
            *numbers.get_mut(column)? = number;
            number += 1;
        } else {
            *numbers.get_mut(column)? = *numbers.get(*joined)?;
        }
    }
    numbers.windows(2).all(|pair| pair[0] <= pair[1]).then_some(numbers)
}

/// The grid with its columns renumbered.
fn with_columns(grid: &Grid, numbers: &[u32]) -> Grid {
    let mut joined = grid.clone();
    let number = |column: u32| numbers.get(column as usize).copied().unwrap_or(column);
    for cell in &mut joined.cells {
        let last = number(cell.column + cell.column_span - 1);
        cell.column = number(cell.column);
        cell.column_span = last - cell.column + 1;
    }
    joined.columns = numbers.last().map_or(0, |last| last + 1);
    if grid.column_edges.len() == numbers.len() + 1 {
        let starts = (0..numbers.len()).filter(|at| *at == 0 || numbers.get(at - 1) != numbers.get(*at));
        let edges = starts.filter_map(|at| grid.column_edges.get(at).copied());
        joined.column_edges = edges.chain(grid.column_edges.last().copied()).collect();
    }
    joined
}
