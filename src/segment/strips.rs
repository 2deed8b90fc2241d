//! A sheet of a workbook printed without fitting it to the page: columns that find no room stand on further pages, at
//! the same heights, with neither labels nor a caption of their own. Either each page is followed by those beside it
//! (over, then down) or all pages of the first columns come first (down, then over).
//!
//! What tells such pages is the paper: the rules of their rows stand at the same heights, both begin at the same
//! margin, and the next column had no room. They are laid beside each other before anything is read into them.

mod cut;
mod lay;

use std::cell::OnceCell;
use std::collections::BTreeMap;

use crate::base::place::Place;
use crate::model::GridMethod;
use crate::read::{Block, Document, Grid, Line};
use crate::spec::segmentation::Segmentation;

use super::label::{Kind, labels_of};
use cut::is_cut;
use lay::{bottom, is_same_height, open_rows, row_edges, same_rows, stands_in};

/// Rules that are meant to stand at one place do so within so many points.
const TOLERANCE: f32 = 1.5;

/// A page with one ruled grid.
struct Strip<'a> {
    page: u32,
    width: f32,
    grid: &'a Grid,
    rows: OnceCell<Vec<f32>>,
    /// The bottom of its lowest cell.
    bottom: f32,
    /// Lines above the grid.
    above: Vec<&'a Line>,
}

impl Strip<'_> {
    /// Heights of the rules between its rows: most pages are told from what may lie beside them without.
    fn rows(&self) -> &[f32] {
        self.rows.get_or_init(|| row_edges(self.grid))
    }
}

/// Pages that show the same rows, from left to right.
type Band<'a> = Vec<Strip<'a>>;

/// Lays the pages of such sheets beside each other: one grid for each run of rows.
pub fn lay_beside(document: &mut Document, vocabulary: &Segmentation) {
    let runs = document_to_runs(document, vocabulary);
    for run in runs {
        lay::lay(&mut document.blocks, &run);
    }
}

/// The pages of each sheet that has pages beside each other, band by band.
fn document_to_runs(document: &Document, vocabulary: &Segmentation) -> Vec<Vec<Vec<u32>>> {
    let mut by_page: BTreeMap<u32, Vec<&Block>> = BTreeMap::new();
    for block in &document.blocks {
        by_page.entry(block.place().page().unwrap_or(0)).or_default().push(block);
    }
    let mut runs: Vec<Vec<Vec<u32>>> = Vec::new();
    let mut bands: Vec<Band> = Vec::new();
    for page in &document.pages {
        let blocks = by_page.get(&page.number).map_or(&[][..], Vec::as_slice);
        if blocks.iter().all(|block| matches!(block, Block::Line(line) if line.furniture.is_some())) {
            // Columns without any text.
            continue;
        }
        let Some(strip) = strip_of(page.number, page.width, blocks) else {
            close(&mut bands, &mut runs);
            continue;
        };
        // Both sides of a table of two may be equally wide: only a text that the page's edge cut tells them from rows
        // further down.
        let goes_down = bands.iter().any(|band| band.first().is_some_and(|first| same_columns(first.grid, strip.grid)));
        if goes_down && !bands.last().is_some_and(|band| is_beside(band, &strip, vocabulary) && ends_cut(band, &strip))
        {
            bands.push(vec![strip]);
            continue;
        }
        // Bands grow evenly: of those that it may belong to, the first of the shortest.
        let fitting = bands.iter_mut().filter(|band| is_beside(band, &strip, vocabulary)).min_by_key(|band| band.len());
        match fitting {
            Some(band) => band.push(strip),
            None => {
                close(&mut bands, &mut runs);
                bands.push(vec![strip]);
            }
        }
    }
    close(&mut bands, &mut runs);
    runs
}

fn close(bands: &mut Vec<Band>, runs: &mut Vec<Vec<Vec<u32>>>) {
    let bands = std::mem::take(bands);
    if bands.iter().any(|band| band.len() > 1) {
        runs.push(bands.iter().map(|band| band.iter().map(|strip| strip.page).collect()).collect());
    }
}

fn strip_of<'a>(page: u32, width: f32, blocks: &[&'a Block]) -> Option<Strip<'a>> {
    let mut grids = blocks.iter().filter_map(|block| match block {
        Block::Grid(grid) => Some(grid),
        Block::Line(_) => None,
    });
    let (Some(grid), None) = (grids.next(), grids.next()) else { return None };
    let [_, top, _, _] = bbox(&grid.place)?;
    let above = blocks.iter().filter_map(|block| match block {
        Block::Line(line) if line.furniture.is_none() && middle(&line.place) < top => Some(line),
        _ => None,
    });
    let is_ruled = grid.method == GridMethod::Ruled && grid.has_spans;
    is_ruled.then(|| Strip { page, width, grid, rows: OnceCell::new(), bottom: bottom(grid), above: above.collect() })
}

fn same_columns(a: &Grid, b: &Grid) -> bool {
    a.column_edges.len() == b.column_edges.len()
        && a.column_edges.iter().zip(&b.column_edges).all(|(a, b)| (a - b).abs() < TOLERANCE)
}

/// True where the strip shows further columns of the band's rows.
fn is_beside(band: &Band, strip: &Strip, vocabulary: &Segmentation) -> bool {
    let (Some(first), Some(last)) = (band.first(), band.last()) else { return false };
    let highest = || band.iter().max_by_key(|strip| strip.rows().len());
    (first.width - strip.width).abs() < TOLERANCE
        && has_no_room(last, strip)
        // A rule is known to within the tolerance, on either page.
        && band.iter().any(|other| (other.bottom - strip.bottom).abs() < 3.0 * TOLERANCE)
        && highest().is_some_and(|highest| have_same_rows(highest, strip, vocabulary))
        && !names_itself(band, strip, vocabulary)
}

/// Rules at the same heights. A cell of the header that the edges of its page cut at both sides has rules above and below
/// and none beside it: the grid begins under it, and its text stands above as a line.
fn have_same_rows(a: &Strip, b: &Strip, vocabulary: &Segmentation) -> bool {
    let (lower, higher) = if a.rows().first() > b.rows().first() { (a, b) } else { (b, a) };
    if same_rows(lower.rows(), higher.rows()) {
        return true;
    }
    let open = open_rows(lower.grid, higher.rows());
    let names_row = |row: &[f32; 2]| {
        let mut lines = lower.above.iter().filter(|line| stands_in(line, row));
        lines.any(|line| labels_of(&line.text, &line.place, vocabulary).iter().all(|label| label.kind == Kind::Other))
    };
    let rows: Vec<f32> = open.iter().map(|[top, _]| *top).chain(lower.rows().iter().copied()).collect();
    !open.is_empty() && open.iter().all(names_row) && same_rows(&rows, higher.rows())
}

/// Both begin at one margin (or stand in the middle of their pages), and the strip's first column would have passed
/// the other margin.
fn has_no_room(before: &Strip, strip: &Strip) -> bool {
    let (Some([left, _, right, _]), Some([next_left, _, next_right, _])) =
        (bbox(&before.grid.place), bbox(&strip.grid.place))
    else {
        return false;
    };
    let is_middle = |left: f32, right: f32| (left + right - strip.width).abs() < 2.0 * TOLERANCE;
    let is_aligned =
        (left - next_left).abs() < TOLERANCE || (is_middle(left, right) && is_middle(next_left, next_right));
    let column = match strip.grid.column_edges.as_slice() {
        [start, end, ..] => end - start,
        _ => return false,
    };
    is_aligned && right + column > before.width - left
}

/// A caption, mark, body or unit where the band has one already makes a table of its own, save where the strip prints
/// the rest of what the page's edge cut.
fn names_itself(band: &Band, strip: &Strip, vocabulary: &Segmentation) -> bool {
    let kinds = |lines: &mut dyn Iterator<Item = &&Line>| -> Vec<Kind> {
        lines
            .flat_map(|line| labels_of(&line.text, &line.place, vocabulary))
            .map(|label| label.kind)
            .filter(|kind| matches!(kind, Kind::Caption | Kind::Mark | Kind::Body | Kind::Unit))
            .collect()
    };
    let known = kinds(&mut band.iter().flat_map(|strip| &strip.above));
    let own = kinds(&mut strip.above.iter().filter(|line| !is_rest(band, line, strip)));
    own.iter().any(|kind| known.contains(kind))
}

/// True where a line above the strip's grid goes on from one above the grid before it.
fn ends_cut(band: &Band, strip: &Strip) -> bool {
    strip.above.iter().any(|line| is_rest(band, line, strip))
}

fn is_rest(band: &Band, line: &Line, strip: &Strip) -> bool {
    band.last().is_some_and(|last| {
        let mut level = last.above.iter().filter(|head| is_same_height(&head.place, &line.place));
        level.any(|head| is_cut(head, last.grid, line, strip.grid))
    })
}

fn bbox(place: &Place) -> Option<[f32; 4]> {
    match place {
        Place::Page { bbox, .. } => Some(*bbox),
        Place::Text { .. } => None,
    }
}

fn middle(place: &Place) -> f32 {
    bbox(place).map_or(0.0, |[_, top, _, bottom]| (top + bottom) / 2.0)
}
