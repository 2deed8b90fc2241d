//! A head with lines over a body without lines between its columns → one lattice: the columns of the head go on below.
//! The body may have lines between its rows, a frame around it, or nothing at all.

use super::aligned::{Row, blocks_to_rows, is_near};
use super::blocks::{Block, baselines_to_blocks};
use super::content::Glyph;
use super::lattice::{Lattice, segments_to_lattices};
use super::lines::glyphs_to_baselines;
use super::rulings::{Segment, TOUCH};
use crate::base::amount::parse_figure;

/// Heads have no more rows than this.
const MOST_ROWS: usize = 6;
/// White space between head and body is no higher than this, in ems.
const NEAREST: f32 = 2.5;
/// Texts reach this far, in points, over the border of their column and are in it.
const OVER: f32 = 1.5;
/// One row of a body of so many may stand in no columns.
const MOST_STRAYS: usize = 8;
/// How far beside a table, in ems, a text shows that what stands below it is none.
const BESIDE: f32 = 2.0;

/// A head and its columns.
pub(super) struct Head {
    left: f32,
    right: f32,
    top: f32,
    pub bottom: f32,
    /// Borders of the columns, the outer ones too.
    walls: Vec<f32>,
    /// Where a frame of its own ends that goes on below.
    pub foot: Option<f32>,
}

/// The lattice with its body, if it is the head of one. `limit` is the top of what follows below.
pub(super) fn with_body(
    lattice: &Lattice,
    horizontal: &[Segment],
    vertical: &[Segment],
    glyphs: &[Glyph],
    limit: f32,
    type_size: f32,
) -> Option<Lattice> {
    let head = head_of(lattice)?;
    let end = head.foot.map_or(limit - TOUCH, |foot| foot + TOUCH);
    let reach = BESIDE * type_size;
    let is_below = |glyph: &&Glyph| {
        let (x, y) = (glyph.middle_x(), glyph.middle_y());
        glyph.is_upright() && head.bottom < y && y < end && head.left - reach < x && x < head.right + reach
    };
    let mut below = glyphs.iter().filter(is_below).peekable();
    below.peek()?;
    let rows = blocks_to_rows(baselines_to_blocks(&glyphs_to_baselines(below)));
    let is_line = |line: &&Segment| {
        let is_framed = line.start > head.left - TOUCH && line.end < head.right + TOUCH;
        is_framed && head.bottom + TOUCH < line.position && line.position < end
    };
    let lines: Vec<Segment> = horizontal.iter().filter(is_line).copied().collect();
    let is_whole = |line: &&Segment| line.start < head.left + TOUCH && line.end > head.right - TOUCH;
    let last = lines.iter().rfind(is_whole).map(|line| line.position);
    let foot = match head.foot.or(last) {
        Some(foot) => rows_stand_in(&head, &rows, foot).then_some(foot)?,
        None => foot_of_rows(&head, &rows)?,
    };
    let across = |position: f32| Segment { position, start: head.left, end: head.right };
    let of_head = horizontal.iter().filter(|line| {
        head.top - TOUCH < line.position
            && line.position < head.bottom + TOUCH
            && line.start > head.left - TOUCH
            && line.end < head.right + TOUCH
    });
    let mut all: Vec<Segment> = of_head.copied().collect();
    all.extend(lines.iter().filter(|line| line.position < foot - TOUCH));
    all.push(across(foot));
    let down = |x: &f32| Segment { position: *x, start: head.bottom, end: foot };
    let is_within = |line: &&Segment| {
        head.left - TOUCH < line.position
            && line.position < head.right + TOUCH
            && head.top - TOUCH < line.start
            && line.end < foot + TOUCH
    };
    let mut walls: Vec<Segment> = vertical.iter().filter(is_within).copied().collect();
    walls.extend(head.walls.iter().map(down));
    walls.sort_by(|a, b| a.position.total_cmp(&b.position));
    let mut found = segments_to_lattices(&all, &walls, type_size);
    (found.len() == 1).then(|| found.pop()).flatten()
}

/// The rows above those with a single cell over several columns (beside cells over several rows), or all rows of a low
/// table.
pub(super) fn head_of(lattice: &Lattice) -> Option<Head> {
    let columns = lattice.columns();
    let is_whole = |row: &usize| {
        let units = lattice.owner.get(row * columns..(row + 1) * columns).unwrap_or_default();
        let mut cells: Vec<usize> = units.to_vec();
        cells.dedup();
        let mut cells = cells.iter().filter_map(|cell| lattice.cells.get(*cell)).filter(|cell| cell.row_span == 1);
        matches!((cells.next(), cells.next()), (Some(cell), None) if cell.column_span > 1)
            || units.windows(2).all(|pair| pair[0] == pair[1])
    };
    let low = (0..lattice.rows()).rev().take_while(is_whole).last().unwrap_or(lattice.rows());
    if columns < 2 || !(1..=MOST_ROWS).contains(&low) {
        return None;
    }
    let [left, top, right, end] = lattice.bbox();
    let bottom = *lattice.ys.get(low)?;
    // A row of numbers may leave out borders (栏次 stands under the code and the name).
    let walls = lattice.xs.clone();
    Some(Head { left, right, top, bottom, walls, foot: (low < lattice.rows()).then_some(end) })
}

/// How a row stands in the columns.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stand {
    /// Texts in two or more columns; an amount among them.
    Amounts,
    Words,
    /// One text, in its column.
    Alone,
    Not,
}

fn stand(head: &Head, row: &Row) -> Stand {
    let mut free = 0;
    let (mut is_in_one, mut amounts) = (0, 0);
    for block in &row.blocks {
        let Some((first, last)) = columns_of(head, block) else { return Stand::Not };
        if first < free {
            return Stand::Not;
        }
        let is_amount = block.text.contains('.') && parse_figure(&block.text).is_some();
        if is_amount && first != last {
            return Stand::Not;
        }
        is_in_one += usize::from(first == last);
        amounts += usize::from(is_amount);
        free = last + 1;
    }
    match row.blocks.len() {
        1 if is_in_one == 1 => Stand::Alone,
        count if count > 1 && amounts > 0 => Stand::Amounts,
        count if count > 1 && is_in_one + 1 >= count => Stand::Words,
        _ => Stand::Not,
    }
}

/// First and last column that a text stands in; `None` where it reaches out of the table.
fn columns_of(head: &Head, block: &Block) -> Option<(usize, usize)> {
    let column = |x: f32| head.walls.partition_point(|wall| *wall <= x).checked_sub(1);
    let columns = head.walls.len().checked_sub(1)?;
    let (first, last) = (column(block.x0 + OVER)?, column(block.x1 - OVER)?);
    (first <= last && last < columns).then_some((first, last))
}

/// Whether what stands above `foot` stands in the columns of the head.
fn rows_stand_in(head: &Head, rows: &[Row], foot: f32) -> bool {
    let stands: Vec<Stand> = rows.iter().filter(|row| row.middle < foot).map(|row| stand(head, row)).collect();
    let count = |of: Stand| stands.iter().filter(|stand| **stand == of).count();
    count(Stand::Not) * MOST_STRAYS <= stands.len() && (count(Stand::Amounts) > 0 || count(Stand::Words) > 1)
}

/// The foot of the rows that follow the head and stand in its columns. Lines of labels with colons (notes, who filled
/// the form in) are none.
fn foot_of_rows(head: &Head, rows: &[Row]) -> Option<f32> {
    let first = rows.first()?;
    let top = first.blocks.iter().map(|block| block.top).fold(f32::INFINITY, f32::min);
    let size = first.blocks.iter().map(|block| block.size).fold(0.0, f32::max);
    if top - head.bottom > NEAREST * size {
        return None;
    }
    let stands: Vec<Stand> = rows.iter().map(|row| stand(head, row)).collect();
    let is_next = |at: &usize| {
        let is_near = at.checked_sub(1).and_then(|above| Some(is_near(rows.get(above)?, rows.get(*at)?)));
        stands.get(*at).is_some_and(|stand| *stand != Stand::Not) && is_near != Some(false)
    };
    let mut count = (0..rows.len()).take_while(is_next).count();
    let is_label = |row: &Row| row.blocks.iter().all(|block| block.text.contains([':', '：']));
    while let Some(last) = count
        .checked_sub(1)
        .filter(|last| rows.get(*last).is_some_and(is_label) && stands.get(*last) == Some(&Stand::Alone))
    {
        count = last;
    }
    let found = stands.get(..count)?;
    let words = found.iter().filter(|stand| **stand == Stand::Words).count();
    let is_body = found.contains(&Stand::Amounts) || words > 1;
    let bottom = rows.get(..count)?.iter().flat_map(|row| &row.blocks).map(|block| block.bottom);
    is_body.then(|| bottom.fold(head.bottom, f32::max) + OVER)
}
