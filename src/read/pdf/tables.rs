//! Content of a page → grids. Ruled tables first; what is left is looked at for tables set by alignment only.

use super::aligned::{baselines_to_aligned, glyphs_to_aligned, pieces_to_grid};
use super::body::{head_of, with_body};
use super::content::{Area, Glyph, PageContent, Ruling};
use super::fill::lattice_to_grid;
use super::ground::grounds_to_lattices;
use super::lattice::{Lattice, segments_to_lattices};
use super::lines::{TextLine, glyphs_to_baselines, usual_size};
use super::open::close_rows;
use super::rulings::rulings_to_segments;
use crate::base::place::Place;
use crate::read::{Grid, Line};

/// Foot of the box of a line below its baseline, in ems.
const DESCENT: f32 = 0.14;
/// A frame below a few rows of cells is a table without lines where it is higher than this, in ems, and than this share
/// of all, and its text stands in more columns than so many.
const HIGH: f32 = 6.0;
const MOST: f32 = 0.6;
const FEWEST_COLUMNS: u32 = 2;

/// The tables of a page and the text that is in none of them.
#[derive(Clone, Debug, Default)]
pub struct Found<'a> {
    /// From top to bottom, then left to right.
    pub grids: Vec<Grid>,
    /// The glyphs outside of the grids, by baseline.
    pub outside: Vec<Vec<&'a Glyph>>,
}

/// Finds the tables of a page from which furniture was taken.
pub fn find_grids(page: &PageContent) -> Found<'_> {
    if page.glyphs.is_empty() {
        return Found::default();
    }
    let mut grids = Vec::new();
    let mut is_used = vec![false; page.glyphs.len()];
    let [horizontal, vertical] = rulings_to_segments(page.rulings.iter().filter(|ruling| is_seen(ruling)));
    let size = usual_size(page.glyphs.iter().filter(|glyph| !glyph.is_blank)).unwrap_or(10.0);
    let ruled = segments_to_lattices(&horizontal, &vertical, size);
    let charts = charts(&ruled, page);
    let shaded = grounds_to_lattices(&bare_grounds(page, &ruled), size);
    let tops: Vec<f32> = ruled.iter().map(|lattice| lattice.bbox()[1]).collect();
    let completed = ruled.into_iter().map(|lattice| {
        let [_, _, _, bottom] = lattice.bbox();
        let limit = tops.iter().copied().filter(|top| *top > bottom).fold(f32::INFINITY, f32::min);
        with_body(&lattice, &horizontal, &vertical, &page.glyphs, limit, size).unwrap_or(lattice)
    });
    for lattice in completed.chain(shaded) {
        // A frame without lines between columns says nothing about them.
        if lattice.cells.len() < 2
            || (lattice.columns() < 2 && stands_in_columns(&lattice, page, 1))
            || (is_head_and_frame(&lattice, size) && stands_in_columns(&lattice, page, FEWEST_COLUMNS))
        {
            continue;
        }
        let lattice = close_rows(lattice, &page.glyphs, size);
        let (grid, used) = lattice_to_grid(&lattice, page);
        if is_table(&lattice, &grid) {
            for string in used {
                is_used[string].fill(true);
            }
            grids.push(grid);
        }
    }
    let is_in_chart = |glyph: &Glyph| charts.iter().any(|chart| holds(*chart, glyph.middle_x(), glyph.middle_y()));
    let may_be_table = |glyph: &&Glyph| glyph.is_upright() && !is_in_chart(glyph);
    let left = glyphs_to_baselines(outside_of(page, &is_used).filter(may_be_table));
    let aligned = baselines_to_aligned(&left, page.number);
    if aligned.is_empty() && outside_of(page, &is_used).all(|glyph| may_be_table(&glyph)) {
        return Found { grids, outside: left };
    }
    for grid in aligned {
        for (glyph, is_used) in page.glyphs.iter().zip(&mut is_used) {
            *is_used |= glyph.is_upright() && is_inside(glyph, &grid);
        }
        grids.push(grid);
    }
    Found { grids, outside: glyphs_to_baselines(outside_of(page, &is_used)) }
}

fn outside_of<'a>(page: &'a PageContent, is_used: &[bool]) -> impl Iterator<Item = &'a Glyph> {
    page.glyphs.iter().zip(is_used).filter(|(_, is_used)| !**is_used).map(|(glyph, _)| glyph)
}

/// A table of lines that are known to be one: what stands above them says so, not their shape. Lines are of one page.
pub fn lines_to_grid(lines: &[Line]) -> Option<Grid> {
    let page = lines.first()?.place.page()?;
    let mut pieces: Vec<TextLine> = lines
        .iter()
        .filter_map(|line| {
            let (Place::Page { bbox, .. }, Some(style)) = (&line.place, line.style) else { return None };
            let baseline = bbox[3] - DESCENT * style.size;
            let text = line.text.clone();
            Some(TextLine { text, bbox: *bbox, baseline, size: style.size, is_bold: style.is_bold })
        })
        .collect();
    pieces.sort_by(|a, b| a.baseline.total_cmp(&b.baseline).then(a.bbox[0].total_cmp(&b.bbox[0])));
    (pieces.len() == lines.len()).then(|| pieces_to_grid(pieces, page))
}

/// Grounds outside of ruled tables that are seen: a white one only on one that is not.
fn bare_grounds<'a>(page: &'a PageContent, ruled: &[Lattice]) -> Vec<&'a Area> {
    let boxes: Vec<[f32; 4]> = ruled.iter().filter(|lattice| lattice.cells.len() > 1).map(Lattice::bbox).collect();
    let is_within = |[x0, y0, x1, y1]: [f32; 4]| {
        let (x, y) = ((x0 + x1) / 2.0, (y0 + y1) / 2.0);
        boxes.iter().any(|b| b[0] < x && x < b[2] && b[1] < y && y < b[3])
    };
    let bare: Vec<&Area> = page.fills.iter().filter(|fill| !is_within(fill.bbox)).collect();
    let encloses = |outer: &Area, inner: &Area| {
        let ([a, b, c, d], [e, f, g, h]) = (outer.bbox, inner.bbox);
        a <= e + 1.0 && b <= f + 1.0 && c >= g - 1.0 && d >= h - 1.0
    };
    let coloured: Vec<&Area> = bare.iter().copied().filter(|fill| is_colour_seen(fill.colour)).collect();
    if coloured.is_empty() {
        return coloured;
    }
    let largest = coloured.iter().copied().max_by(|a, b| extent(a).total_cmp(&extent(b)));
    let is_on_ground = |fill: &&Area| largest.is_some_and(|ground| encloses(ground, fill));
    bare.into_iter().filter(|fill| is_colour_seen(fill.colour) || is_on_ground(fill)).collect()
}

/// Frames with a drawing in them. Names and shares beside a pie stand in rows and are no table.
fn charts(ruled: &[Lattice], page: &PageContent) -> Vec<[f32; 4]> {
    let frames =
        ruled.iter().filter(|lattice| lattice.cells.len() == 1 && !page.drawings.is_empty()).map(Lattice::bbox);
    let has_drawing = |frame: &[f32; 4]| {
        let mut middles = page.drawings.iter().map(|d| ((d.bbox[0] + d.bbox[2]) / 2.0, (d.bbox[1] + d.bbox[3]) / 2.0));
        middles.any(|(x, y)| holds(*frame, x, y))
    };
    frames.filter(has_drawing).collect()
}

/// Whether nearly all of a lattice is one cell below others: a frame with a line below its first rows.
fn is_head_and_frame(lattice: &Lattice, type_size: f32) -> bool {
    let [_, top, _, bottom] = lattice.bbox();
    head_of(lattice).is_some_and(|head| {
        let height = head.foot.map_or(0.0, |foot| foot - head.bottom);
        let last = lattice.cells.last().is_some_and(|cell| cell.column_span == lattice.columns());
        last && height > HIGH * type_size && height > MOST * (bottom - top)
    })
}

/// Whether the text in a lattice without lines between columns is a table set by alignment, of more columns than so many.
fn stands_in_columns(lattice: &Lattice, page: &PageContent, columns: u32) -> bool {
    let within = page
        .glyphs
        .iter()
        .filter(|glyph| glyph.is_upright() && lattice.cell_at(glyph.middle_x(), glyph.middle_y()).is_some());
    glyphs_to_aligned(within, page.number).iter().any(|grid| grid.columns > columns && grid.rows > columns)
}

fn is_inside(glyph: &Glyph, grid: &Grid) -> bool {
    let Place::Page { bbox, .. } = grid.place else { return false };
    holds(bbox, glyph.middle_x(), glyph.middle_y())
}

fn holds(bbox: [f32; 4], x: f32, y: f32) -> bool {
    bbox[0] <= x && x <= bbox[2] && bbox[1] <= y && y <= bbox[3]
}

fn extent(area: &Area) -> f32 {
    (area.bbox[2] - area.bbox[0]) * (area.bbox[3] - area.bbox[1])
}

/// White on white is no border.
fn is_seen(ruling: &Ruling) -> bool {
    is_colour_seen(ruling.colour)
}

fn is_colour_seen(colour: [u8; 4]) -> bool {
    colour[3] > 0 && colour.iter().take(3).any(|part| *part < 250)
}

/// Something must stand in it.
fn is_table(lattice: &Lattice, grid: &Grid) -> bool {
    lattice.rows() > 0 && grid.cells.iter().any(|cell| !cell.text.is_empty())
}
