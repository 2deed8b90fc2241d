//! A label of a column stands in the middle or at the left of it and the figures at its right: where they do not
//! overlap, the reader sees two columns. Labels and figures that alternate are joined; where they are not equally
//! many, the sums say which label has no figures, and else the distance.

use crate::base::finding::Finding;
use crate::base::place::Place;
use crate::read::{Grid, GridCell};
use crate::spec::segmentation::Segmentation;

use super::S111;
use super::groups::{put_groups, take_groups};
use super::head::{Head, head_of};
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
    /// Its number only.
    Number,
    /// Both, or nothing of its own.
    Whole,
}

/// Joins half columns in place, and puts labels over the columns that they head together.
pub fn join_halves(grid: &mut Grid, vocabulary: &Segmentation, findings: &mut Vec<Finding>) {
    let Some(head) = head_of(grid, vocabulary) else { return };
    let groups = take_groups(grid, head);
    join_columns(grid, head, vocabulary, findings);
    absorb_strays(grid, head);
    put_groups(grid, head, groups);
}

/// Chooses among the ways to give labels their figures.
fn join_columns(grid: &mut Grid, head: Head, vocabulary: &Segmentation, findings: &mut Vec<Finding>) {
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

fn half(grid: &Grid, head: Head, column: u32) -> Half {
    let mut own = grid.cells.iter().filter(|cell| cell.column == column && cell.column_span == 1).peekable();
    if own.peek().is_none() {
        return Half::Whole;
    }
    let (mut labels, mut numbers, mut bodies) = (0, 0, 0);
    for cell in own {
        let of_its_kind = match cell.row {
            row if row < head.labels => &mut labels,
            row if row < head.body => &mut numbers,
            _ => &mut bodies,
        };
        *of_its_kind += 1;
    }
    match (labels, numbers, bodies) {
        (0, 1.., 0) => Half::Number,
        (0, 0, 1..) => Half::Body,
        (_, _, 0) => Half::Label,
        _ => Half::Whole,
    }
}

/// Texts under no label that stand apart from the others of a column, in rows of their own, belong to it if its label
/// stands in the middle of them all (合计 left of the codes, which are set to the right).
fn absorb_strays(grid: &mut Grid, head: Head) {
    let mut column = 0;
    while column < grid.columns {
        let near = [column.checked_sub(1), Some(column + 1).filter(|next| *next < grid.columns)];
        let of = near.into_iter().flatten().find(|near| is_stray_of(grid, head, column, *near));
        match of {
            Some(near) => {
                let last = column.max(near);
                let numbers: Vec<u32> = (0..grid.columns).map(|at| if at < last { at } else { at - 1 }).collect();
                *grid = with_columns(grid, &numbers);
            }
            None => column += 1,
        }
    }
}

fn is_stray_of(grid: &Grid, head: Head, column: u32, near: u32) -> bool {
    if half(grid, head, column) != Half::Body || half(grid, head, near) != Half::Whole {
        return false;
    }
    let body = |column: u32| {
        let is_own = move |cell: &&GridCell| cell.row >= head.body && cell.column == column;
        grid.cells.iter().filter(is_own)
    };
    let extent = |columns: &[u32]| {
        let extents = columns.iter().flat_map(|column| body(*column)).filter_map(|cell| horizontal(&cell.place));
        extents.reduce(|a, b| [a[0].min(b[0]), a[1].max(b[1])])
    };
    let label = grid.cells.iter().rfind(|cell| cell.row < head.labels && cell.column == near && cell.column_span == 1);
    let label = label.and_then(|cell| horizontal(&cell.place));
    let (Some(label), Some(own), Some(all)) = (label, extent(&[near]), extent(&[column, near])) else { return false };
    let distance = |extent: [f32; 2]| (extent[0] + extent[1] - label[0] - label[1]).abs();
    distance(all) < distance(own) && !body(column).any(|cell| body(near).any(|other| other.row == cell.row))
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
        let of = |kinds: &[Half]| {
            (at..end).filter(|i| halves.get(*i).is_some_and(|half| kinds.contains(half))).collect::<Vec<usize>>()
        };
        // The numbers of empty columns stand where their amounts would; beside amounts they tell no more than labels.
        let matchings = match of(&[Half::Body]) {
            bodies if bodies.is_empty() => matchings(&of(&[Half::Label]), &of(&[Half::Number])),
            bodies => matchings(&of(&[Half::Label, Half::Number]), &bodies),
        };
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
