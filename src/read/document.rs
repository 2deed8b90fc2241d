//! What every reader yields: pages and, in reading order, lines of text and grids of cells.

use serde::Serialize;

use crate::base::place::Place;
use crate::model::{FurnitureKind, GridMethod};

/// A document as read: no meaning yet.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Document {
    /// `text`, `pdf`, …
    pub format: String,
    /// Pages, where the format has them.
    pub pages: Vec<Page>,
    /// In reading order over all pages.
    pub blocks: Vec<Block>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Page {
    /// 1-based.
    pub number: u32,
    /// Width and height in points as displayed (and turned, where the text is).
    pub width: f32,
    pub height: f32,
    /// Clockwise degrees by which the page is turned to be read: 0, 90, 180, 270.
    pub rotation: u16,
    /// False for a page that only shows pictures.
    pub has_text: bool,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    Line(Line),
    Grid(Grid),
}

impl Block {
    pub fn place(&self) -> &Place {
        match self {
            Block::Line(line) => &line.place,
            Block::Grid(grid) => &grid.place,
        }
    }
}

/// A line of text outside of grids.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Line {
    /// As printed, ends trimmed.
    pub text: String,
    pub place: Place,
    /// Set where the line belongs to the page, not to the content.
    pub furniture: Option<FurnitureKind>,
    /// How it is set, where the format tells.
    pub style: Option<LineStyle>,
}

/// Typography of a line on a page.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct LineStyle {
    /// Size of the type in points.
    pub size: f32,
    pub is_bold: bool,
}

/// A table of cells as found on one page (or in one run of tab-separated lines).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Grid {
    pub method: GridMethod,
    pub rows: u32,
    pub columns: u32,
    /// Row-major; a merged cell stands once, at its top left corner, with its spans.
    /// Readers whose format has no spans (delimited text) leave every span 1 and blank cells out.
    pub cells: Vec<GridCell>,
    pub place: Place,
    /// x of the column borders in points (`columns + 1` of them), where the format has them: evidence for stitching.
    pub column_edges: Vec<f32>,
    /// True where the format tells the spans of merged cells (rulings, HTML, sheets).
    pub has_spans: bool,
    /// Lines of delimited text that print fewer cells than the grid has columns: a blank one may have been lost.
    pub short_lines: Vec<u32>,
    /// Grids of further pages whose columns were laid beside, from left to right.
    pub beside: Vec<Place>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GridCell {
    pub row: u32,
    pub column: u32,
    pub row_span: u32,
    pub column_span: u32,
    /// Wrapped lines joined with a blank; empty for a blank cell.
    pub text: String,
    pub place: Place,
}

impl Grid {
    /// The cell that covers `row`, `column`, spans included.
    pub fn cell_at(&self, row: u32, column: u32) -> Option<&GridCell> {
        self.cells.iter().find(|cell| {
            (cell.row..cell.row + cell.row_span).contains(&row)
                && (cell.column..cell.column + cell.column_span).contains(&column)
        })
    }
}
