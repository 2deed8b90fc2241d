//! Pages beside each other → one grid, with the lines around it.

use crate::base::amount::parse_figure;
use crate::base::place::Place;
use crate::read::{Block, Grid, GridCell, Line};

use super::cut::{is_cut, joined, shared};
use super::{TOLERANCE, bbox, middle};

/// Heights of the rules between rows, from top to bottom.
pub fn row_edges(grid: &Grid) -> Vec<f32> {
    let mut edges: Vec<f32> =
        grid.cells.iter().filter_map(|cell| bbox(&cell.place)).flat_map(|[_, top, _, bottom]| [top, bottom]).collect();
    edges.sort_by(f32::total_cmp);
    edges.dedup_by(|a, b| (*a - *b).abs() < TOLERANCE);
    edges
}

/// The bottom of the lowest cell.
pub fn bottom(grid: &Grid) -> f32 {
    let boxes = grid.cells.iter().filter_map(|cell| bbox(&cell.place));
    boxes.map(|[_, _, _, bottom]| bottom).fold(f32::NEG_INFINITY, f32::max)
}

/// True where both begin and end at the same heights and one has the rules of the other: a cell merged over rows hides
/// a rule on the page that shows no other column there.
pub fn same_rows(a: &[f32], b: &[f32]) -> bool {
    let is_at = |x: Option<&f32>, y: Option<&f32>| x.zip(y).is_some_and(|(x, y)| (x - y).abs() < TOLERANCE);
    let (fewer, more) = if a.len() < b.len() { (a, b) } else { (b, a) };
    is_at(a.first(), b.first())
        && is_at(a.last(), b.last())
        && fewer.iter().all(|edge| more.iter().any(|other| (edge - other).abs() < TOLERANCE))
}

/// Tops and bottoms of the rows of a band that end where the grid begins.
pub fn open_rows(grid: &Grid, heights: &[f32]) -> Vec<[f32; 2]> {
    let Some([_, first, _, _]) = bbox(&grid.place) else { return Vec::new() };
    let rows = heights.windows(2).filter_map(|pair| <[f32; 2]>::try_from(pair).ok());
    rows.take_while(|[_, bottom]| *bottom < first + TOLERANCE).collect()
}

/// True where a line stands in the middle of a row.
pub fn stands_in(line: &Line, [top, bottom]: &[f32; 2]) -> bool {
    let height = middle(&line.place);
    line.furniture.is_none()
        && (top..bottom).contains(&&height)
        && (height - (top + bottom) / 2.0).abs() < (bottom - top) / 4.0
}

/// Makes cells of the lines in the rows above a grid, each as wide as it.
fn close_head(grid: &mut Grid, lines: &mut Vec<Line>, heights: &[f32]) {
    let (Some([x0, _, x1, bottom]), Some(page)) = (bbox(&grid.place), grid.place.page()) else { return };
    for row in open_rows(grid, heights) {
        let Some(at) = lines.iter().position(|line| stands_in(line, &row)) else { continue };
        let line = lines.remove(at);
        let cell = GridCell {
            row: 0,
            column: 0,
            row_span: 1,
            column_span: grid.columns,
            text: line.text,
            place: Place::Page { page, bbox: [x0, row[0], x1, row[1]] },
        };
        grid.cells.push(cell);
        if let Place::Page { bbox, .. } = &mut grid.place {
            *bbox = [x0, bbox[1].min(row[0]), x1, bottom];
        }
    }
}

pub fn is_same_height(a: &Place, b: &Place) -> bool {
    (middle(a) - middle(b)).abs() < 2.0 * TOLERANCE
}

/// Puts one grid in place of those of each band. Lines keep their places; those of a band stand around its grid.
pub fn lay(blocks: &mut Vec<Block>, run: &[Vec<u32>]) {
    let is_of = |block: &Block, pages: &[u32]| block.place().page().is_some_and(|page| pages.contains(&page));
    let Some(at) = blocks.iter().position(|block| run.iter().any(|pages| is_of(block, pages))) else { return };
    let mut laid: Vec<Block> = Vec::new();
    let mut edges: Vec<f32> = Vec::new();
    for pages in run {
        let mut own: Vec<Block> = blocks.extract_if(.., |block| is_of(block, pages)).collect();
        own.sort_by_key(|block| block.place().page());
        let band = blocks_to_band(own);
        laid.extend(band.lines_above.into_iter().map(Block::Line));
        if let Some(mut grid) = band.grid {
            // The last columns of a page may be blank and not there at all.
            if grid.column_edges.len() < edges.len() {
                grid.columns = edges.len() as u32 - 1;
                grid.column_edges.clone_from(&edges);
            }
            edges.clone_from(&grid.column_edges);
            laid.push(Block::Grid(grid));
        }
        laid.extend(band.lines_below.into_iter().map(Block::Line));
    }
    blocks.splice(at..at, laid);
}

#[derive(Default)]
struct Laid {
    lines_above: Vec<Line>,
    grid: Option<Grid>,
    lines_below: Vec<Line>,
}

fn blocks_to_band(blocks: Vec<Block>) -> Laid {
    let mut pages: Vec<(Option<Grid>, Vec<Line>)> = Vec::new();
    let mut last = None;
    for block in blocks {
        if block.place().page() != last {
            last = block.place().page();
            pages.push((None, Vec::new()));
        }
        let Some((grid, lines)) = pages.last_mut() else { continue };
        match block {
            Block::Grid(own) => *grid = Some(own),
            Block::Line(line) => lines.push(line),
        }
    }
    let edges = pages.iter().filter_map(|(grid, _)| grid.as_ref()).map(row_edges);
    let heights = edges.max_by_key(Vec::len).unwrap_or_default();
    let mut laid = Laid::default();
    let mut before: Option<Grid> = None;
    for (grid, mut lines) in pages {
        let Some(mut grid) = grid else { continue };
        close_head(&mut grid, &mut lines, &heights);
        let bottom = bbox(&grid.place).map_or(0.0, |[_, _, _, bottom]| bottom);
        match &mut laid.grid {
            Some(whole) => put_beside(whole, &grid),
            None => laid.grid = Some(grid.clone()),
        }
        for line in lines {
            let height = middle(&line.place);
            let is_content = line.furniture.is_none();
            let into = if height < bottom { &mut laid.lines_above } else { &mut laid.lines_below };
            let head = into.iter_mut().filter(|_| is_content).find(|head| {
                head.furniture.is_none()
                    && is_same_height(&head.place, &line.place)
                    && before.as_ref().is_some_and(|before| is_cut(head, before, &line, &grid))
            });
            match head {
                Some(head) => *head = Line { text: joined(&head.text, &line.text), ..head.clone() },
                None => into.push(line),
            }
        }
        before = Some(grid);
    }
    // Text of a cell that the page's edge cut may stand beside its grid; the whole cell shows it.
    let whole = laid.grid.as_ref();
    laid.lines_above.retain(|line| line.furniture.is_some() || !whole.is_some_and(|grid| holds(grid, line)));
    laid.lines_above.sort_by(|a, b| {
        let same = is_same_height(&a.place, &b.place);
        if same { a.place.page().cmp(&b.place.page()) } else { middle(&a.place).total_cmp(&middle(&b.place)) }
    });
    laid
}

/// True where a cell of a cut header at the height of the line shows its text already.
fn holds(grid: &Grid, line: &Line) -> bool {
    let height = middle(&line.place);
    grid.cells.iter().any(|cell| {
        bbox(&cell.place).is_some_and(|[_, top, _, bottom]| (top..bottom).contains(&height))
            && cell.text.contains(line.text.trim())
    })
}

/// Adds the columns of a page to the grid so far.
fn put_beside(grid: &mut Grid, next: &Grid) {
    let (own, other) = (row_edges(grid), row_edges(next));
    let heights = if own.len() < other.len() { other } else { own };
    to_rows(&mut grid.cells, &heights);
    let mut cells = next.cells.clone();
    to_rows(&mut cells, &heights);
    let width = grid.columns;
    for cell in &mut cells {
        cell.column += width;
    }
    let groups = group_rows(grid.cells.iter().chain(&cells));
    for cell in cells {
        let head = grid.cells.iter_mut().find(|head| {
            (head.row, head.row_span) == (cell.row, cell.row_span)
                && cell.row < groups
                && cell.column == width
                && head.column + head.column_span == width
                && is_one(head, &cell)
        });
        match head {
            Some(head) => {
                head.text = joined(&head.text, &cell.text);
                head.column_span += cell.column_span;
            }
            None => grid.cells.push(cell),
        }
    }
    grid.cells.sort_by_key(|cell| (cell.row, cell.column));
    grid.rows = heights.len().saturating_sub(1) as u32;
    grid.columns += next.columns;
    if let (Some(end), Some(start)) = (grid.column_edges.last().copied(), next.column_edges.first()) {
        grid.column_edges.extend(next.column_edges.iter().skip(1).map(|edge| end + edge - start));
    }
    grid.beside.push(next.place.clone());
}

/// Counts rows by the heights of all rules.
fn to_rows(cells: &mut [GridCell], heights: &[f32]) {
    let rank = |y: f32| heights.partition_point(|height| *height < y - TOLERANCE) as u32;
    for cell in cells {
        if let Some([_, top, _, bottom]) = bbox(&cell.place) {
            cell.row = rank(top);
            cell.row_span = rank(bottom).saturating_sub(cell.row).max(1);
        }
    }
}

/// Rows at the top in which cells are merged: groups of a header, that a page's edge may cut. The row of the columns'
/// own labels cannot be cut.
fn group_rows<'a>(cells: impl Iterator<Item = &'a GridCell>) -> u32 {
    let mut merged: Vec<u32> =
        cells.filter(|cell| cell.column_span > 1 || cell.row_span > 1).map(|cell| cell.row).collect();
    merged.sort_unstable();
    merged.dedup();
    merged.iter().zip(0..).take_while(|(row, at)| *row == at).count() as u32
}

/// Halves of one cell of words: both show the same characters at the edge, or all of them stand on one page. A figure
/// is never cut.
fn is_one(head: &GridCell, tail: &GridCell) -> bool {
    let (left, right) = (head.text.trim(), tail.text.trim());
    let has_blank = left.is_empty() || right.is_empty();
    let spans = head.column_span > 1 || tail.column_span > 1;
    let is_words = [left, right].iter().all(|text| parse_figure(text).is_none());
    is_words && if has_blank { spans } else { shared(left, right).is_some() }
}
