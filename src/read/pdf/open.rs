//! Lattices with lines missing between their rows → with all of them. Two amounts one below the other in one cell
//! are never one value, and texts on the same heights in cells side by side are rows: a line was left out there, and
//! the text says where.

use std::ops::Range;

use super::aligned::{Row, blocks_to_rows};
use super::blocks::{Block, LEADING, glyphs_to_pieces, leading};
use super::column::lines_to_blocks;
use super::content::Glyph;
use super::lattice::{Lattice, LatticeCell, THIN};
use super::lines::TextLine;
use crate::base::amount::parse_figure;

/// Texts whose middles differ by less than this, in ems, stand on one height.
const SAME_HEIGHT: f32 = 0.3;
/// A table without lines between its rows has nearly all of its height between two lines.
const MOST: f32 = 0.6;
/// And is higher than this, in ems: three rows.
const HIGH: f32 = 4.0;

/// Lines of one text stand no further apart than this, in ems, where they are set wide.
const WIDE_LEADING: f32 = 2.2;

/// The lattice with a line between every two rows of figures.
pub(super) fn close_rows(lattice: Lattice, glyphs: &[Glyph], type_size: f32) -> Lattice {
    // Nearly all tables have all of their lines: the points of the amounts tell, before any text is put together.
    let points = points(&lattice, glyphs);
    let mut first: Vec<Option<f32>> = vec![None; lattice.cells.len()];
    let is_open = points.iter().any(|point| {
        let Some(first) = first.get_mut(point.cell) else { return false };
        let height = *first.get_or_insert(point.baseline);
        (point.baseline - height).abs() > 0.6 * point.size
    });
    let largest = largest_band(&lattice, type_size);
    if (is_open || largest.is_some())
        && let Some(closed) = close_bands(&lattice, glyphs, largest, THIN * type_size)
    {
        return closed;
    }
    let heights = heights_of_amounts(&lattice, &points);
    let is_beside = |cell: &LatticeCell| {
        let rows = heights.get(cell.row..cell.row + cell.row_span);
        cell.row_span > 1 && rows.is_some_and(|rows| rows.iter().all(Option::is_some))
    };
    if !lattice.cells.iter().any(is_beside) {
        return lattice;
    }
    let lines: Vec<Vec<Block>> =
        contents(&lattice, glyphs, is_beside).iter().map(|glyphs| glyphs_to_pieces(glyphs)).collect();
    divide_cells(&lattice, &lines, |lattice, cell, lines| stands_beside_amounts(lattice, cell, lines, &heights))
}

/// The rows between two lines, of two or more cells, that are nearly the whole table. Where lines beside side labels cut
/// all others, those of cells side by side.
fn largest_band(lattice: &Lattice, type_size: f32) -> Option<Range<usize>> {
    let [_, top, _, bottom] = lattice.bbox();
    let is_most = |rows: &Range<usize>| {
        let height = lattice.ys[rows.end] - lattice.ys[rows.start];
        height > HIGH * type_size && height > MOST * (bottom - top)
    };
    let drawn: Vec<usize> = (0..lattice.ys.len()).filter(|y| !lattice.left_out.contains(&lattice.ys[*y])).collect();
    let has_cells = |rows: &Range<usize>| lattice.cells.iter().filter(|cell| is_within(cell, rows)).count() > 1;
    let mut bands = drawn.windows(2).map(|pair| pair[0]..pair[1]);
    if let Some(rows) = bands.find(|rows| is_most(rows) && has_cells(rows)) {
        return Some(rows);
    }
    let mut high = lattice.cells.iter().filter(|cell| is_most(&rows_of(cell)));
    let is_beside = |cell: &&LatticeCell| {
        let column = cell.column + cell.column_span;
        lattice.cells.iter().any(|other| other.column == column && rows_of(other) == rows_of(cell))
    };
    high.find(is_beside).map(rows_of)
}

fn rows_of(cell: &LatticeCell) -> Range<usize> {
    cell.row..cell.row + cell.row_span
}

fn is_part(rows: &Range<usize>, of: &Range<usize>) -> bool {
    of.start <= rows.start && rows.end <= of.end
}

fn is_within(cell: &LatticeCell, rows: &Range<usize>) -> bool {
    is_part(&rows_of(cell), rows)
}

/// Cells side by side, between the same two lines.
struct Band {
    rows: Range<usize>,
    /// Heights of the lines that were left out.
    cuts: Vec<f32>,
    /// Number of each cell and its texts.
    texts: Vec<(usize, Vec<Block>)>,
}

/// The lattice with lines where cells hold texts of several rows; `None` where none does.
fn close_bands(lattice: &Lattice, glyphs: &[Glyph], largest: Option<Range<usize>>, thin: f32) -> Option<Lattice> {
    let lines: Vec<Vec<Block>> =
        contents(lattice, glyphs, |_| true).iter().map(|glyphs| glyphs_to_pieces(glyphs)).collect();
    let mut bands: Vec<Band> = Vec::new();
    for (cell, lines_of_cell) in lattice.cells.iter().zip(&lines) {
        let rows = rows_of(cell);
        // Whole lines: a paragraph may have amounts at many heights.
        if lines_of_cell.iter().filter(|line| is_amount(line)).count() > 1 && bands.iter().all(|band| band.rows != rows)
        {
            bands.push(rows_to_band(lattice, rows, &lines, LEADING));
        }
    }
    if let Some(rows) = largest {
        // Where neither amounts nor the ends of lines tell of rows, lines set wide may still be one text.
        let is_told = !lattice.left_out.is_empty() || bands.iter().any(|band| is_part(&band.rows, &rows));
        let band = rows_to_band(lattice, rows.clone(), &lines, if is_told { LEADING } else { WIDE_LEADING });
        if is_told || rows.end == lattice.rows() && stands_in_rows(&band) {
            bands.retain(|of_amounts| !is_part(&of_amounts.rows, &rows));
            bands.push(band);
        }
    }
    // No row is so thin: the line was drawn there, in part of the columns.
    let is_new = |cut: &f32| lattice.ys.iter().all(|y| (y - cut).abs() > thin);
    let mut cuts: Vec<f32> = bands.iter().flat_map(|band| band.cuts.clone()).filter(is_new).collect();
    cuts.sort_by(f32::total_cmp);
    cuts.dedup_by(|next, cut| *next - *cut < thin);
    let mut ys: Vec<f32> = lattice.ys.iter().copied().chain(cuts).collect();
    ys.sort_by(f32::total_cmp);
    if ys.len() == lattice.ys.len() {
        return None;
    }
    let closed = with_rows(lattice, ys);
    let mut cells: Vec<LatticeCell> = Vec::with_capacity(closed.cells.len());
    for (at, cell) in closed.cells.iter().enumerate() {
        let texts = bands.iter().flat_map(|band| &band.texts).find(|(of, _)| *of == at);
        match texts {
            Some((_, texts)) => cells.extend(cell_to_rows(&closed, cell, texts)),
            None => cells.push(*cell),
        }
    }
    cells.sort_by_key(|cell| (cell.row, cell.column));
    Some(Lattice::of_cells(closed.xs, closed.ys, cells))
}

fn rows_to_band(lattice: &Lattice, rows: Range<usize>, lines: &[Vec<Block>], most: f32) -> Band {
    let beside = || lattice.cells.iter().zip(lines).enumerate().filter(|(_, (cell, _))| is_within(cell, &rows));
    let mut all: Vec<TextLine> =
        beside().flat_map(|(_, (_, lines))| lines.iter().map(|line| line.last.clone())).collect();
    all.sort_by(|a, b| a.baseline.total_cmp(&b.baseline));
    let leading = leading(&all, most);
    let texts: Vec<(usize, Vec<Block>)> = beside()
        .map(|(at, (cell, lines))| {
            let [x0, _, x1, _] = lattice.cell_bbox(cell);
            let lines = lines.iter().map(|line| line.last.clone()).collect();
            (at, lines_to_blocks(lines, [x0, x1], leading))
        })
        .collect();
    let found = blocks_to_rows(texts.iter().flat_map(|(_, texts)| texts.iter().cloned()).collect());
    let cuts =
        found.windows(2).filter_map(|pair| if let [above, below] = pair { cut_between(above, below) } else { None });
    let ends = |y: usize| lattice.ys.get(y).copied().unwrap_or_default();
    let (top, bottom) = (ends(rows.start), ends(rows.end));
    let cuts = cuts.filter(|cut| top + 1.0 < *cut && *cut < bottom - 1.0).collect();
    Band { rows, cuts, texts }
}

/// Height of the line between two rows; none where texts beside each other overlap: they are one row.
fn cut_between(above: &Row, below: &Row) -> Option<f32> {
    // A text over several rows says nothing about where they end.
    let low = above.blocks.iter().map(|block| block.bottom).filter(|low| *low < below.middle);
    let high = below.blocks.iter().map(|block| block.top).filter(|high| *high > above.middle);
    let (low, high) = (low.reduce(f32::max)?, high.reduce(f32::min)?);
    let is_beside = |a: &Block| below.blocks.iter().all(|b| a.x1 < b.x0 || b.x1 < a.x0);
    let is_one = low > high + SAME_HEIGHT && above.blocks.iter().all(is_beside);
    (!is_one).then_some((low + high) / 2.0)
}

/// Whether the texts of two or more columns stand on the same heights, twice or more.
fn stands_in_rows(band: &Band) -> bool {
    let columns = band.texts.iter().filter(|(_, texts)| texts.len() > 1).count();
    columns > 1 && band.cuts.len() > 1
}

/// A cell cut at the lines between rows: one for each row, but one for all rows that a text stands in.
fn cell_to_rows(lattice: &Lattice, cell: &LatticeCell, texts: &[Block]) -> Vec<LatticeCell> {
    let end = cell.row + cell.row_span;
    let mut is_joined = vec![false; cell.row_span];
    for text in texts {
        let row_of = |y: f32| row_at(lattice, y).unwrap_or(cell.row).clamp(cell.row, end - 1) - cell.row;
        let (first, last) = (row_of(text.top + 0.2 * text.size), row_of(text.bottom - 0.2 * text.size));
        is_joined.iter_mut().take(last + 1).skip(first + 1).for_each(|joined| *joined = true);
    }
    let mut cells: Vec<LatticeCell> = Vec::new();
    for (row, is_joined) in (cell.row..end).zip(is_joined) {
        match cells.last_mut() {
            Some(above) if is_joined => above.row_span += 1,
            _ => cells.push(LatticeCell { row, row_span: 1, ..*cell }),
        }
    }
    cells
}

/// The point of an amount.
struct Point {
    cell: usize,
    baseline: f32,
    size: f32,
}

fn points(lattice: &Lattice, glyphs: &[Glyph]) -> Vec<Point> {
    let point = |glyph: &Glyph| {
        let cell = lattice.cell_at(glyph.middle_x(), glyph.middle_y())?;
        Some(Point { cell, baseline: glyph.origin[1], size: glyph.size })
    };
    glyphs.iter().filter(|glyph| glyph.character == '.').filter_map(point).collect()
}

/// The glyphs whose middles lie in each cell that is asked for.
fn contents<'a>(
    lattice: &Lattice,
    glyphs: &'a [Glyph],
    is_wanted: impl Fn(&LatticeCell) -> bool,
) -> Vec<Vec<&'a Glyph>> {
    let wanted: Vec<bool> = lattice.cells.iter().map(is_wanted).collect();
    let mut contents: Vec<Vec<&Glyph>> = vec![Vec::new(); lattice.cells.len()];
    for glyph in glyphs.iter().filter(|glyph| glyph.is_upright()) {
        if let Some(at) = lattice.cell_at(glyph.middle_x(), glyph.middle_y())
            && wanted.get(at) == Some(&true)
            && let Some(content) = contents.get_mut(at)
        {
            content.push(glyph);
        }
    }
    contents
}

fn is_amount(block: &Block) -> bool {
    block.text.contains('.') && parse_figure(&block.text).is_some()
}

/// The same cells over more rows.
fn with_rows(lattice: &Lattice, ys: Vec<f32>) -> Lattice {
    let row_of = |y: f32| ys.partition_point(|cut| *cut < y - 0.5);
    let cells: Vec<LatticeCell> = lattice
        .cells
        .iter()
        .map(|cell| {
            let [_, top, _, bottom] = lattice.cell_bbox(cell);
            LatticeCell { row: row_of(top), row_span: row_of(bottom) - row_of(top), ..*cell }
        })
        .collect();
    Lattice::of_cells(lattice.xs.clone(), ys, cells)
}

/// Cuts those cells over several rows whose texts are of several rows.
fn divide_cells(
    lattice: &Lattice,
    texts: &[Vec<Block>],
    is_divided: impl Fn(&Lattice, &LatticeCell, &[Block]) -> bool,
) -> Lattice {
    let mut cells = Vec::with_capacity(lattice.cells.len());
    for (cell, texts) in lattice.cells.iter().zip(texts) {
        if cell.row_span > 1 && is_divided(lattice, cell, texts) {
            let rows = cell.row..cell.row + cell.row_span;
            cells.extend(rows.map(|row| LatticeCell { row, row_span: 1, ..*cell }));
        } else {
            cells.push(*cell);
        }
    }
    cells.sort_by_key(|cell| (cell.row, cell.column));
    Lattice::of_cells(lattice.xs.clone(), lattice.ys.clone(), cells)
}

/// The row that a height lies in.
fn row_at(lattice: &Lattice, y: f32) -> Option<usize> {
    lattice.ys.partition_point(|edge| *edge <= y).checked_sub(1)
}

/// By row, the baseline of an amount in a cell of that row only.
fn heights_of_amounts(lattice: &Lattice, points: &[Point]) -> Vec<Option<f32>> {
    let mut heights: Vec<Option<f32>> = vec![None; lattice.rows()];
    for point in points {
        if let Some(cell) = lattice.cells.get(point.cell).filter(|cell| cell.row_span == 1)
            && let Some(height) = heights.get_mut(cell.row)
        {
            *height = Some(point.baseline);
        }
    }
    heights
}

/// Several lines, each on the height of an amount in a row of its own, and none so long that it was broken off.
fn stands_beside_amounts(lattice: &Lattice, cell: &LatticeCell, lines: &[Block], heights: &[Option<f32>]) -> bool {
    let [x0, _, x1, _] = lattice.cell_bbox(cell);
    let mut rows: Vec<usize> = Vec::new();
    for line in lines {
        let Some(row) = row_at(lattice, (line.top + line.bottom) / 2.0) else { return false };
        let is_level = heights
            .get(row)
            .copied()
            .flatten()
            .is_some_and(|height| (height - line.middle).abs() < SAME_HEIGHT * line.size);
        let is_full = line.x1 - line.x0 + 1.5 * line.size > x1 - x0;
        if !is_level || is_full || rows.contains(&row) {
            return false;
        }
        rows.push(row);
    }
    rows.len() > 1 && rows.len() == cell.row_span
}
