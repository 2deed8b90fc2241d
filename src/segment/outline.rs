//! The parts of a document, cut out but not yet understood.

use serde::Serialize;

use crate::base::place::{Place, Printed};
use crate::model::{ContentsEntry, Fragment, Furniture, Heading, Paragraph, Unbound};
use crate::read::Page;

/// A document cut into its parts. Every line and cell of the document is in exactly one of them.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Outline {
    pub format: String,
    pub pages: Vec<Page>,
    /// Lines before the contents list or the first heading: title, body, date.
    pub cover: Vec<Printed>,
    pub contents: Vec<ContentsEntry>,
    /// 目录 and other lines of the contents list that are no entries.
    pub contents_titles: Vec<Printed>,
    pub headings: Vec<Heading>,
    pub paragraphs: Vec<Paragraph>,
    pub tables: Vec<RawTable>,
    pub furniture: Vec<Furniture>,
    pub unbound: Vec<Unbound>,
}

/// A table as cut out: stitched over its pages, header split from body, nothing interpreted.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RawTable {
    pub caption: Option<Printed>,
    /// 预算公开表1, 公开01表, 表1.
    pub mark: Option<Printed>,
    /// The whole line that states the unit: `单位：万元`.
    pub unit: Option<Printed>,
    /// The line that names the body: `部门名称：…`.
    pub body: Option<Printed>,
    /// Further lines between caption and grid: `(2026年度)`.
    pub subtitles: Vec<Printed>,
    /// Index into `Outline::headings` of the heading it stands under.
    pub heading: Option<usize>,
    pub columns: u32,
    /// Header rows, spans resolved: cells stand once, with their spans.
    pub header: Vec<RawCell>,
    pub header_rows: u32,
    /// Body rows in order; a row that was cut by a page break is whole again.
    pub rows: Vec<RawRow>,
    /// Notes below (注：…) and nil notes.
    pub notes: Vec<Printed>,
    /// Captions, marks, units and header cells that the following pages repeat: kept, not data.
    pub repeated: Vec<Printed>,
    pub fragments: Vec<Fragment>,
    /// x of the column borders, where the format has them.
    pub column_edges: Vec<f32>,
}

#[derive(Clone, Debug, Serialize)]
pub struct RawRow {
    /// Non-blank cells by column; merged cells with their spans.
    pub cells: Vec<RawCell>,
    pub place: Place,
    /// Index into `fragments`.
    pub fragment: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RawCell {
    /// Row within the header, or 0 in a body row.
    pub row: u32,
    pub column: u32,
    pub row_span: u32,
    pub column_span: u32,
    pub text: String,
    pub place: Place,
}

impl RawTable {
    /// Header texts over column `column`, outermost first, repeated texts of one merged cell once.
    pub fn column_path(&self, column: u32) -> Vec<&RawCell> {
        let mut path: Vec<&RawCell> =
            self.header.iter().filter(|cell| (cell.column..cell.column + cell.column_span).contains(&column)).collect();
        path.sort_by_key(|cell| cell.row);
        path
    }
}

impl RawRow {
    /// The cell that covers `column`.
    pub fn cell_at(&self, column: u32) -> Option<&RawCell> {
        self.cells.iter().find(|cell| (cell.column..cell.column + cell.column_span).contains(&column))
    }

    /// The text of the cell that covers `column`, or "".
    pub fn text_at(&self, column: u32) -> &str {
        self.cell_at(column).map_or("", |cell| cell.text.as_str())
    }
}
