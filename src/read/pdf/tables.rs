//! Content of a page → grids. Ruled tables first; what is left is looked at for tables set by alignment only.

use super::aligned::glyphs_to_aligned;
use super::content::{Glyph, PageContent, Ruling};
use super::fill::lattice_to_grid;
use super::lattice::{Lattice, segments_to_lattices};
use super::lines::is_blank;
use super::rulings::rulings_to_segments;
use crate::base::place::Place;
use crate::read::Grid;

/// The tables of a page and the glyphs that are in them.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// From top to bottom, then left to right.
    pub grids: Vec<Grid>,
    /// For every glyph of the page whether it stands in one of the grids.
    pub is_used: Vec<bool>,
}

/// Finds the tables of a page from which furniture was taken.
pub fn find_grids(page: &PageContent) -> Found {
    let mut found = Found { grids: Vec::new(), is_used: vec![false; page.glyphs.len()] };
    if page.glyphs.is_empty() {
        return found;
    }
    let rulings: Vec<Ruling> = page.rulings.iter().filter(|r| is_seen(r)).copied().collect();
    let horizontal = rulings_to_segments(&rulings, true);
    let vertical = rulings_to_segments(&rulings, false);
    for lattice in segments_to_lattices(&horizontal, &vertical, type_size(&page.glyphs)) {
        // A frame without inner lines says nothing about columns.
        if lattice.cells.len() < 2 {
            continue;
        }
        let (grid, used) = lattice_to_grid(&lattice, &page.glyphs, page.number);
        if is_table(&lattice, &grid) {
            for i in used {
                found.is_used[i] = true;
            }
            found.grids.push(grid);
        }
    }
    let left = page.glyphs.iter().zip(&found.is_used).filter(|(glyph, used)| !**used && glyph.is_upright());
    for grid in glyphs_to_aligned(left.map(|(glyph, _)| glyph), page.number) {
        for (glyph, is_used) in page.glyphs.iter().zip(&mut found.is_used) {
            *is_used |= glyph.is_upright() && is_inside(glyph, &grid);
        }
        found.grids.push(grid);
    }
    found
}

fn is_inside(glyph: &Glyph, grid: &Grid) -> bool {
    let Place::Page { bbox, .. } = grid.place else { return false };
    let (x, y) = (glyph.middle_x(), glyph.middle_y());
    bbox[0] <= x && x <= bbox[2] && bbox[1] <= y && y <= bbox[3]
}

/// White on white is no border.
fn is_seen(ruling: &Ruling) -> bool {
    ruling.colour[3] > 0 && ruling.colour.iter().take(3).any(|part| *part < 250)
}

/// Something must stand in it.
fn is_table(lattice: &Lattice, grid: &Grid) -> bool {
    lattice.rows() > 0 && grid.cells.iter().any(|cell| !cell.text.is_empty())
}

/// Size of most of the type of the page.
fn type_size(glyphs: &[Glyph]) -> f32 {
    let mut sizes: Vec<f32> = glyphs.iter().filter(|glyph| !is_blank(glyph)).map(|glyph| glyph.size).collect();
    sizes.sort_by(f32::total_cmp);
    sizes.get(sizes.len() / 2).copied().unwrap_or(10.0)
}
