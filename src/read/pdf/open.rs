//! Lattices with lines missing between their rows → with all of them. Two amounts one below the other in one cell
//! are never one value: a line was left out there, and the text says where.

use super::aligned::{Row, blocks_to_rows};
use super::blocks::{Block, glyphs_to_blocks, glyphs_to_pieces};
use super::content::Glyph;
use super::lattice::{Lattice, LatticeCell};
use crate::base::amount::parse_figure;

/// Texts whose middles differ by less than this, in ems, stand on one height.
const SAME_HEIGHT: f32 = 0.3;

/// The lattice with a line between every two rows of figures.
pub(super) fn close_rows(lattice: Lattice, glyphs: &[Glyph]) -> Lattice {
    // Nearly all tables have all of their lines: the points of the amounts tell, before any text is put together.
    let points = points(&lattice, glyphs);
    let mut first: Vec<Option<f32>> = vec![None; lattice.cells.len()];
    let is_open = points.iter().any(|point| {
        let Some(first) = first.get_mut(point.cell) else { return false };
        let height = *first.get_or_insert(point.baseline);
        (point.baseline - height).abs() > 0.6 * point.size
    });
    if is_open {
        let texts = contents(&lattice, glyphs, |_| true);
        let blocks: Vec<Vec<Block>> = texts.iter().map(|glyphs| glyphs_to_blocks(glyphs.iter().copied())).collect();
        let mut cuts: Vec<f32> = lattice.ys.clone();
        for (cell, glyphs) in lattice.cells.iter().zip(&texts) {
            // Whole lines: a paragraph may have amounts at many heights.
            if glyphs_to_pieces(glyphs).iter().filter(|line| is_amount(line)).count() > 1 {
                cuts.extend(cuts_within(&lattice, cell, &blocks));
            }
        }
        cuts.sort_by(f32::total_cmp);
        cuts.dedup_by(|next, cut| (*next - *cut).abs() < 1.0);
        if cuts.len() > lattice.ys.len() {
            return divide_cells(&with_rows(&lattice, cuts), &blocks, stands_in_rows);
        }
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

/// Heights between the rows of text on the height of an open cell.
fn cuts_within(lattice: &Lattice, open: &LatticeCell, blocks: &[Vec<Block>]) -> Vec<f32> {
    let [_, top, _, bottom] = lattice.cell_bbox(open);
    let beside = lattice.cells.iter().zip(blocks).filter(|(cell, _)| {
        let bbox = lattice.cell_bbox(cell);
        bbox[1] >= top - 1.0 && bbox[3] <= bottom + 1.0
    });
    let rows = blocks_to_rows(beside.flat_map(|(_, blocks)| blocks.iter().cloned()).collect());
    let extent = |row: &Row| {
        let top = row.blocks.iter().map(|block| block.top).fold(f32::INFINITY, f32::min);
        (top, row.blocks.iter().map(|block| block.bottom).fold(f32::NEG_INFINITY, f32::max))
    };
    rows.windows(2)
        .filter_map(|pair| {
            let [above, below] = pair else { return None };
            let cut = (extent(above).1 + extent(below).0) / 2.0;
            (top + 1.0 < cut && cut < bottom - 1.0).then_some(cut)
        })
        .collect()
}

/// The same cells over more rows.
fn with_rows(lattice: &Lattice, ys: Vec<f32>) -> Lattice {
    if ys.len() == lattice.ys.len() {
        return lattice.clone();
    }
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

/// Each text is in a row, and no two are in one. A blank cell is cut too: a line was left out beside it.
fn stands_in_rows(lattice: &Lattice, _: &LatticeCell, texts: &[Block]) -> bool {
    let mut rows: Vec<usize> = Vec::new();
    texts.iter().all(|text| {
        let (first, last) =
            (row_at(lattice, text.top + 0.2 * text.size), row_at(lattice, text.bottom - 0.2 * text.size));
        let row = first.filter(|row| last == Some(*row) && !rows.contains(row));
        rows.extend(row);
        row.is_some()
    })
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
