//! Intermediate results for people: what was read, how the document was cut, what each table became.

use std::fmt::Write;

use super::aligned::rows_to_text;
use super::drawn::{Drawn, drawn_to_json};
use super::show;
use super::svg::pages_to_svg;
use serde_json::json;

use crate::base::finding::Finding;
use crate::read::{self, Block, Document, ReadError, Source};
use crate::segment::{Outline, RawCell, RawTable};
use crate::spec::Specs;

/// A point of the way from bytes to checked data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Drawn characters of a PDF, a JSON object a page.
    Glyphs,
    /// Ruling lines, filled areas and images of a PDF, a JSON object a page.
    Rulings,
    /// The pages of a PDF drawn again with what was found on them.
    Svg,
    /// Lines outside of tables, furniture marked.
    Lines,
    /// Tables as found on the pages, a JSON object each.
    Grids,
    /// Cover, contents list, headings, paragraphs, captions.
    Outline,
    /// Tables cut out and stitched, before anything is interpreted.
    Tables,
    /// Tables with the kind, the measure of each column and the role of each row.
    Rows,
}

/// Widest column of a dumped table.
const WIDEST: usize = 40;

/// The result of a stage as text; of page `only` where the stage knows pages.
///
/// # Errors
/// Where the source is refused, or has no such stage (a text has no glyphs).
pub fn stage_to_text(source: &Source, stage: Stage, only: Option<u32>, specs: &Specs) -> Result<String, ReadError> {
    if matches!(stage, Stage::Glyphs | Stage::Rulings | Stage::Svg) {
        return pages_to_text(source, stage, only);
    }
    let mut findings: Vec<Finding> = Vec::new();
    let document = read::read(source, &mut findings)?;
    if matches!(stage, Stage::Lines | Stage::Grids) {
        return Ok(document_to_text(&document, stage, only));
    }
    let outline = crate::segment::segment(document, specs, &mut findings);
    Ok(match stage {
        Stage::Outline => outline_to_text(&outline),
        Stage::Tables => outline.tables.iter().map(raw_table_to_text).collect::<Vec<_>>().join("\n"),
        _ => rows_of_tables(&crate::extract(source, specs)?),
    })
}

/// A JSON object a page, or one drawing of all pages.
fn pages_to_text(source: &Source, stage: Stage, only: Option<u32>) -> Result<String, ReadError> {
    if read::format::bytes_to_format(&source.bytes)? != read::format::Format::Pdf {
        return Err(ReadError { message: "is a text: nothing is drawn in it".to_string() });
    }
    if stage == Stage::Svg {
        let document = read::read(source, &mut Vec::new())?;
        return pages_to_svg(source, &document, only);
    }
    let part = if stage == Stage::Glyphs { Drawn::Glyphs } else { Drawn::Rulings };
    let mut out = String::new();
    drawn_to_json(source, part, only, |page| {
        out.push_str(&page.to_string());
        out.push('\n');
    })?;
    Ok(out)
}

fn document_to_text(document: &Document, stage: Stage, only: Option<u32>) -> String {
    let mut out = String::new();
    let is_wanted = |block: &&Block| only.is_none() || block.place().page() == only;
    // Writing to a string cannot fail.
    for block in document.blocks.iter().filter(is_wanted) {
        let _ = match block {
            Block::Line(line) if stage == Stage::Lines => {
                let kind = line.furniture.map(|kind| format!("  ({kind:?})")).unwrap_or_default();
                writeln!(out, "{}  {}{kind}", line.place, line.text)
            }
            Block::Grid(grid) if stage == Stage::Grids => writeln!(out, "{}", json!(grid)),
            _ => Ok(()),
        };
    }
    out
}

/// `合计 ↔2 ↕3` spans two columns and three rows.
fn spans(text: &str, rows: u32, columns: u32) -> String {
    let mut out = text.to_string();
    if columns > 1 {
        let _ = write!(out, " ↔{columns}");
    }
    if rows > 1 {
        let _ = write!(out, " ↕{rows}");
    }
    out
}

fn put(rows: &mut [Vec<String>], row: u32, column: u32, text: String) {
    let Some(row) = rows.get_mut(row as usize) else { return };
    let column = column as usize;
    if row.len() <= column {
        row.resize(column + 1, String::new());
    }
    if let Some(cell) = row.get_mut(column) {
        *cell = text;
    }
}

fn outline_to_text(outline: &Outline) -> String {
    let mut out = String::new();
    for line in &outline.cover {
        let _ = writeln!(out, "{}  cover      {}", line.place, line.text);
    }
    for entry in &outline.contents {
        let number = entry.number.as_deref().unwrap_or("");
        let page = entry.page.map(|page| format!(" … {page}")).unwrap_or_default();
        let table = if entry.is_table { " [table]" } else { "" };
        let _ = writeln!(out, "{}  contents {} {number} {}{page}{table}", entry.place, entry.level, entry.title);
    }
    for heading in &outline.headings {
        let number = heading.number.as_deref().unwrap_or("");
        let _ = writeln!(out, "{}  heading {}  {number} {}", heading.place, heading.level, heading.title);
    }
    for paragraph in &outline.paragraphs {
        let _ = writeln!(out, "{}  paragraph  {}", paragraph.place_of(0, 1), paragraph.text);
    }
    for table in &outline.tables {
        let caption = table.caption.as_ref().map_or("(no caption)", |caption| caption.text.as_str());
        let place = table.fragments.first().map(|fragment| fragment.place.to_string()).unwrap_or_default();
        let (rows, columns, parts) = (table.rows.len(), table.columns, table.fragments.len());
        let _ = writeln!(out, "{place}  table      {caption} ({rows} rows × {columns}, {parts} grids)");
    }
    for unbound in &outline.unbound {
        let _ = writeln!(out, "{}  unbound    {}: {}", unbound.place, unbound.reason, unbound.text);
    }
    out
}

fn raw_table_to_text(table: &RawTable) -> String {
    let mut out = String::new();
    let parts = [("mark", &table.mark), ("caption", &table.caption), ("body", &table.body), ("unit", &table.unit)];
    for (name, printed) in parts {
        if let Some(printed) = printed {
            let _ = writeln!(out, "{}  {name}: {}", printed.place, printed.text);
        }
    }
    for fragment in &table.fragments {
        let joined = fragment.joined_by.as_deref().map(|reason| format!(", joined by {reason}")).unwrap_or_default();
        let _ = writeln!(out, "{}  {:?} grid of {} rows{joined}", fragment.place, fragment.method, fragment.rows);
    }
    let mut header = vec![Vec::new(); table.header_rows as usize];
    for RawCell { row, column, row_span, column_span, text, .. } in &table.header {
        put(&mut header, *row, *column, spans(text, *row_span, *column_span));
    }
    let body = table.rows.iter().map(|row| {
        let mut line = vec![Vec::new()];
        for cell in &row.cells {
            put(&mut line, 0, cell.column, spans(&cell.text, 1, cell.column_span));
        }
        line.concat()
    });
    let header_rows = header.len();
    let rows: Vec<Vec<String>> = header.into_iter().chain(body).collect();
    for (index, line) in rows_to_text(&rows, &[], WIDEST).lines().enumerate() {
        let _ = writeln!(out, "{} {line}", if index < header_rows { "#" } else { "|" });
    }
    for note in &table.notes {
        let _ = writeln!(out, "{}  note: {}", note.place, note.text);
    }
    out
}

fn rows_of_tables(disclosure: &crate::model::Disclosure) -> String {
    let mut out = String::new();
    for table in &disclosure.tables {
        out.push_str(&show::table_to_text(table));
        for column in &table.columns {
            let measure = column.measure.as_deref().unwrap_or("-");
            let _ = writeln!(out, "  column {} {:?} {measure}: {}", column.index, column.role, column.path.join(" / "));
        }
        for row in &table.rows {
            let codes: Vec<&str> = row.codes.iter().map(|code| code.code.as_str()).collect();
            let label = row.label.as_ref().map_or("", |label| label.text.as_str());
            let item = row.item.as_deref().unwrap_or("-");
            let level = row.level.map_or("-".to_string(), |level| level.to_string());
            let (index, role, figures) = (row.index, row.role, row.cells.len());
            let _ = writeln!(
                out,
                "  row {index} {role:?} level {level} {item} [{}] {label}: {figures} figures",
                codes.join(" ")
            );
        }
        out.push('\n');
    }
    for form in &disclosure.performance_targets {
        out.push_str(&show::form_to_text(form));
        out.push('\n');
    }
    out
}
