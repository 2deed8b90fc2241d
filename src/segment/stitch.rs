//! Sheets of one table over pages. Every join says why; two tables with captions of their own are never joined.

use crate::base::place::{Place, Printed};
use crate::base::text::key;
use crate::model::{Fragment, GridMethod};
use crate::read::GridCell;
use crate::spec::segmentation::Segmentation;

use super::caption::CaptionBlock;
use super::columns::{Alignment, align};
use super::header::{form_label, header_cells, header_depth, is_body_row, is_form};
use super::label::Kind;
use super::numbering::number_of;
use super::outline::{RawCell, RawRow, RawTable};
use super::sheet::{Sheet, hull, is_empty};
use super::sideways::{Sideways, beside};

/// A table that may still grow.
pub struct Open {
    pub table: RawTable,
    /// Header rows of the first fragment, as keys.
    header: Vec<Vec<(u32, String)>>,
    is_form: bool,
    /// Page and edges of the last fragment.
    last_page: Option<u32>,
    last_line: u32,
}

/// What joins a sheet to the table before it.
pub struct Join {
    reason: String,
    /// Rows at its top that are header: they repeat the table's, go on with it, or head further columns.
    header: u32,
    way: Way,
}

/// Where the rows of a sheet go.
enum Way {
    /// Below, its header repeated or absent.
    Down { columns: Alignment, cuts_row: bool },
    /// Below a header that the page break cut.
    DownFromHeader { columns: Alignment },
    /// Beside the rows that the table has.
    Sideways(Sideways),
}

/// Begins a table with its first sheet.
pub fn begin(sheet: Sheet, block: &CaptionBlock, vocabulary: &Segmentation) -> Open {
    let caption = block.first(Kind::Caption).or_else(|| caption_in(&sheet)).map(|caption| caption.text.as_str());
    let is_form = is_form(&sheet, caption, vocabulary);
    let depth = header_depth(&sheet, is_form, vocabulary);
    let mut table = RawTable {
        columns: sheet.columns,
        header: header_cells(&sheet, depth, vocabulary),
        header_rows: depth,
        column_edges: sheet.column_edges.clone(),
        ..RawTable::default()
    };
    for label in block.labels.iter().chain(&sheet.above) {
        let slot = match label.kind {
            Kind::Caption => &mut table.caption,
            Kind::Mark => &mut table.mark,
            Kind::Unit => &mut table.unit,
            Kind::Body => &mut table.body,
            _ => {
                table.subtitles.push(label.printed.clone());
                continue;
            }
        };
        if slot.is_none() {
            *slot = Some(label.printed.clone());
        } else {
            table.subtitles.push(label.printed.clone());
        }
    }
    let mut open = Open {
        table,
        header: (0..depth).map(|row| sheet.row_keys(row)).collect(),
        is_form,
        last_page: None,
        last_line: 0,
    };
    let columns: Vec<u32> = (0..=sheet.columns).collect();
    open.append(sheet, depth, &columns, None, false);
    open
}

impl Open {
    /// Why the sheet continues this table, if it does. `is_adjacent`: nothing but repeated labels stands between.
    pub fn join(
        &self,
        sheet: &Sheet,
        block: &CaptionBlock,
        is_adjacent: bool,
        vocabulary: &Segmentation,
    ) -> Option<Join> {
        let caption = block.first(Kind::Caption).or_else(|| caption_in(sheet));
        let repeats_caption = match caption {
            Some(caption) => {
                if !self.is_caption(caption, vocabulary) {
                    return None;
                }
                true
            }
            None => false,
        };
        if !is_adjacent || self.contradicts(block, sheet) {
            return None;
        }
        let is_form = is_form(sheet, None, vocabulary);
        let own_header = header_depth(sheet, is_form, vocabulary);
        let turns_page = sheet.place.page() != self.last_page || sheet.place.page().is_none();
        if turns_page
            && own_header > 0
            && let Some(sideways) = beside(&self.table, sheet, own_header, vocabulary)
        {
            let reason = "further columns for the same rows".to_string();
            return Some(Join { reason, header: own_header, way: Way::Sideways(sideways) });
        }
        let columns = self.columns_of(sheet)?;
        let repeated = self.repeated_header(sheet);
        if self.is_form {
            // Every form begins with the same label; what begins with another goes on with the form before.
            let begins_again = first_label(sheet).is_some() && first_label(sheet) == self.first_form_label();
            return (!begins_again).then(|| self.plain_join(sheet, columns, 0, "form goes on", vocabulary));
        }
        if repeated > 0 {
            let reason = if repeats_caption { "caption and header repeated" } else { "header repeated" };
            return Some(self.plain_join(sheet, columns, repeated, reason, vocabulary));
        }
        // Nothing of the table is there yet but its header (江苏 2018): what follows overleaf is the rest of it.
        let is_rest = self.table.rows.is_empty() && self.table.header_rows > 0 && !repeats_caption && turns_page;
        if is_rest && own_header > 0 && sheet.rows > own_header && self.last_page.is_some() {
            let reason = "the header is cut by the page break".to_string();
            return Some(Join { reason, header: own_header, way: Way::DownFromHeader { columns } });
        }
        // A header of its own makes a table of its own.
        let has_other_header = own_header > 0 && self.table.header_rows > 0 && is_header_like(sheet, own_header);
        // A list of indicators (北京 预算12表) has labels of forms in its rows; its columns tell that it goes on.
        let is_other_form = is_form && !self.has_columns_of(sheet);
        if has_other_header || (own_header > 0 && !turns_page) || is_other_form {
            return None;
        }
        let reason =
            if repeats_caption { "caption repeated, same columns" } else { "same columns, no caption between" };
        Some(self.plain_join(sheet, columns, 0, reason, vocabulary))
    }

    fn plain_join(
        &self,
        sheet: &Sheet,
        columns: Alignment,
        repeated: u32,
        reason: &str,
        vocabulary: &Segmentation,
    ) -> Join {
        let cuts_row = self.cuts_row(sheet, repeated, &columns.other, vocabulary);
        let reason = if cuts_row { format!("{reason}; a row is cut in two") } else { reason.to_string() };
        Join { reason, header: repeated, way: Way::Down { columns, cuts_row } }
    }

    /// Appends a sheet that continues the table.
    pub fn extend(&mut self, sheet: Sheet, block: &CaptionBlock, join: Join, vocabulary: &Segmentation) {
        for label in block.labels.iter().chain(&sheet.above) {
            if self.table.unit.is_none() && label.kind == Kind::Unit {
                self.table.unit = Some(label.printed.clone());
            } else {
                self.table.repeated.push(label.printed.clone());
            }
        }
        match join.way {
            Way::Down { columns, cuts_row } => {
                for row in 0..join.header {
                    let cells = sheet.row(row).map(|cell| Printed::new(cell.text.clone(), cell.place.clone()));
                    self.table.repeated.extend(cells);
                }
                self.refine(&columns);
                self.append(sheet, join.header, &columns.other, Some(join.reason), cuts_row);
            }
            Way::DownFromHeader { columns } => {
                self.refine(&columns);
                self.continue_header(&sheet, join.header, &columns.other, vocabulary);
                self.append(sheet, join.header, &columns.other, Some(join.reason), false);
            }
            Way::Sideways(sideways) => {
                sideways.extend(&mut self.table, &sheet, join.header);
                self.header = Vec::new();
                let end = sheet.rows;
                self.append(sheet, end, &[], Some(join.reason), false);
            }
        }
    }

    /// Puts the first rows of a sheet under the header so far. A blank beside a cell there goes on from the page before
    /// (项目支出 cut in two beside 公用经费), and is none of the cell's where spans are drawn.
    fn continue_header(&mut self, sheet: &Sheet, depth: u32, columns: &[u32], vocabulary: &Segmentation) {
        let above = self.table.header_rows;
        for cell in header_cells(sheet, depth, vocabulary) {
            let is_own = |own: &&GridCell| (own.row, own.column) == (cell.row, cell.column);
            let drawn = sheet.cells.iter().find(is_own).filter(|_| sheet.has_spans).map(|own| own.column_span);
            let (column, column_span) = span_in(columns, cell.column, drawn.unwrap_or(cell.column_span));
            self.table.header.push(RawCell { row: above + cell.row, column, column_span, ..cell });
        }
        self.table.header_rows += depth;
        self.header.extend((0..depth).map(|row| sheet.row_keys(row)));
    }

    /// Renumbers the columns so far where the new page has borders between them.
    fn refine(&mut self, columns: &Alignment) {
        if columns.edges.len() <= self.table.column_edges.len() {
            return;
        }
        let rows = self.table.rows.iter_mut().flat_map(|row| &mut row.cells);
        for cell in self.table.header.iter_mut().chain(rows) {
            (cell.column, cell.column_span) = span_in(&columns.own, cell.column, cell.column_span);
        }
        self.table.columns = columns.edges.len().saturating_sub(1) as u32;
        self.table.column_edges.clone_from(&columns.edges);
    }

    fn append(&mut self, sheet: Sheet, from: u32, columns: &[u32], reason: Option<String>, cuts_row: bool) {
        let Sheet { method, place: of_sheet, mut cells, .. } = sheet;
        self.last_page = of_sheet.page();
        self.last_line = cells.iter().filter_map(|cell| cell.place.line()).max().unwrap_or(0);
        self.table.notes.extend(sheet.below);
        let fragment = self.table.fragments.len() as u32;
        self.table.fragments.push(Fragment {
            place: of_sheet.clone(),
            rows: sheet.rows,
            method,
            joined_by: reason,
            short_lines: sheet.short_lines,
        });
        let beside = sheet.beside.into_iter().map(|place| Fragment {
            place,
            rows: sheet.rows,
            method,
            joined_by: Some("further columns at the same heights".to_string()),
            short_lines: Vec::new(),
        });
        self.table.fragments.extend(beside);
        cells.retain(|cell| cell.row >= from && !is_empty(cell));
        cells.sort_by_key(|cell| cell.row);
        let mut cells = cells.into_iter().peekable();
        while let Some(row) = cells.peek().map(|cell| cell.row) {
            let mut own: Vec<RawCell> = Vec::with_capacity(sheet.columns as usize);
            while let Some(GridCell { column, row_span, column_span, text, place, .. }) =
                cells.next_if(|cell| cell.row == row)
            {
                let (column, column_span) = span_in(columns, column, column_span);
                own.push(RawCell { row: 0, column, row_span, column_span, text, place });
            }
            if cuts_row && row == from {
                self.complete_row(own);
                continue;
            }
            let place = hull(own.iter().map(|cell| &cell.place)).unwrap_or_else(|| of_sheet.clone());
            own.sort_by_key(|cell| cell.column);
            self.table.rows.push(RawRow { cells: own, place, fragment });
        }
    }

    /// Joins the second half of a row to its first half.
    fn complete_row(&mut self, halves: Vec<RawCell>) {
        let Some(row) = self.table.rows.last_mut() else { return };
        for half in halves {
            match row.cells.iter_mut().find(|cell| cell.column == half.column) {
                Some(cell) => {
                    cell.text = format!("{} {}", cell.text, half.text);
                }
                None => row.cells.push(half),
            }
        }
        row.cells.sort_by_key(|cell| cell.column);
    }

    fn is_caption(&self, caption: &Printed, vocabulary: &Segmentation) -> bool {
        let Some(own) = &self.table.caption else { return false };
        let stem = |text: &str| {
            let key = key(text);
            match vocabulary.continued.find(&key) {
                Some(found) if found.start == 0 => key.get(found.end..).unwrap_or("").to_string(),
                Some(found) => key.get(..found.start).unwrap_or("").to_string(),
                None => key,
            }
        };
        let (own, other) = (stem(&own.text), stem(&caption.text));
        own == other || other.is_empty()
    }

    /// Another mark or another body is another table.
    fn contradicts(&self, block: &CaptionBlock, sheet: &Sheet) -> bool {
        let differs = |kind: Kind, own: &Option<Printed>| {
            let other = block.first(kind).or_else(|| label_in(sheet, kind));
            match (own, other) {
                (Some(own), Some(other)) => key(&own.text) != key(&other.text),
                // A mark that the first page lacks begins a table.
                (None, Some(_)) => kind == Kind::Mark,
                _ => false,
            }
        };
        differs(Kind::Mark, &self.table.mark) || differs(Kind::Body, &self.table.body)
    }

    /// How the columns of the sheet lie among the table's, where they agree.
    fn columns_of(&self, sheet: &Sheet) -> Option<Alignment> {
        if sheet.columns == self.table.columns {
            return Some(Alignment::identity(sheet.columns, &self.table.column_edges));
        }
        // Blank cells at the end of rows may be left out of a text: where no row of a page has the last ones, the page
        // has fewer columns, and they still count from the left.
        let is_delimited = self.table.fragments.last().is_some_and(|last| last.method == GridMethod::Delimited);
        if is_delimited && sheet.method == GridMethod::Delimited && sheet.columns < self.table.columns {
            return Some(Alignment::identity(sheet.columns, &self.table.column_edges));
        }
        let both_known = |edges: &[f32], columns: u32| edges.len() as u32 == columns + 1;
        if !both_known(&self.table.column_edges, self.table.columns) || !both_known(&sheet.column_edges, sheet.columns)
        {
            return None;
        }
        align(&self.table.column_edges, &sheet.column_edges, self.is_form)
    }

    /// True where the sheet's columns are as many and stand where this table's do.
    fn has_columns_of(&self, sheet: &Sheet) -> bool {
        let (own, other) = (&self.table.column_edges, &sheet.column_edges);
        own.len() > 4 && own.len() == other.len() && own.iter().zip(other).all(|(a, b)| (a - b).abs() < 2.0)
    }

    /// How many rows at the top of the sheet repeat this table's header.
    fn repeated_header(&self, sheet: &Sheet) -> u32 {
        let depth = self.header.len() as u32;
        if depth == 0 || sheet.rows < depth {
            return 0;
        }
        let texts = |rows: Vec<Vec<(u32, String)>>| -> Vec<String> {
            let mut texts: Vec<String> = rows.into_iter().flatten().map(|(_, text)| text).collect();
            texts.sort();
            texts
        };
        let own = texts(self.header.clone());
        let other = texts((0..depth).map(|row| sheet.row_keys(row)).collect());
        if own == other && !own.is_empty() { depth } else { 0 }
    }

    fn first_form_label(&self) -> Option<String> {
        self.table.rows.first()?.cells.first().map(|cell| form_label(&cell.text))
    }

    /// True where the first row of the sheet is the rest of the last row here: words only, no number or code where
    /// rows have one, and every word continues a cell that has words.
    fn cuts_row(&self, sheet: &Sheet, from: u32, columns: &[u32], vocabulary: &Segmentation) -> bool {
        if sheet.place.page().is_none() || sheet.place.page() == self.last_page {
            return false;
        }
        let (Some(last), true) = (self.table.rows.last(), sheet.rows > from) else { return false };
        if is_body_row(sheet, from, vocabulary) {
            return false;
        }
        if self.is_form {
            // The cell of the label is there and blank: its label is on the page before.
            let is_headless =
                sheet.has_spans && sheet.at(from, 0).is_some_and(|cell| is_empty(cell) && cell.row_span == 1);
            let column_of = |column: u32| columns.get(column as usize).copied().unwrap_or(column);
            return is_headless
                && sheet.row(from).count() > 0
                && sheet.row(from).all(|cell| last.cell_at(column_of(cell.column)).is_some());
        }
        let cells: Vec<_> = sheet.row(from).collect();
        if cells.is_empty() || cells.iter().any(|cell| number_of(&cell.text).is_some()) {
            return false;
        }
        let column_of = |column: u32| columns.get(column as usize).copied().unwrap_or(column);
        let continues = cells.iter().all(|cell| {
            last.cell_at(column_of(cell.column)).is_some_and(|above| {
                crate::base::amount::parse_figure(&above.text).is_none() && !key(&above.text).ends_with('计')
            })
        });
        // Rows that begin with a code or number: a row without one is no row.
        let first = self.table.rows.iter().rev().skip(1).take(6);
        let numbered = first.clone().filter(|row| row.cells.first().is_some_and(|cell| begins_row(&cell.text))).count();
        let last_numbered = last.cells.first().is_some_and(|cell| begins_row(&cell.text));
        continues && (last_numbered || numbered * 2 > first.count())
    }
}

/// Column and span in new numbers of the borders.
fn span_in(borders: &[u32], column: u32, span: u32) -> (u32, u32) {
    let start = borders.get(column as usize).copied().unwrap_or(column);
    let end = borders.get((column + span) as usize).copied().unwrap_or(start + span);
    (start, end.saturating_sub(start).max(1))
}

/// A code or a number that begins a row.
fn begins_row(text: &str) -> bool {
    number_of(text).is_some() || text.trim_start().bytes().next().is_some_and(|b| b.is_ascii_digit())
}

fn caption_in(sheet: &Sheet) -> Option<&Printed> {
    label_in(sheet, Kind::Caption)
}

fn label_in(sheet: &Sheet, kind: Kind) -> Option<&Printed> {
    sheet.above.iter().find(|label| label.kind == kind).map(|label| &label.printed)
}

fn first_label(sheet: &Sheet) -> Option<String> {
    (0..sheet.rows).find_map(|row| sheet.row(row).next()).map(|cell| form_label(&cell.text))
}

/// Rows that look like a header: several words in a row, not a lone label that goes on from the page before.
fn is_header_like(sheet: &Sheet, depth: u32) -> bool {
    (0..depth).all(|row| sheet.row(row).count() > 1 || sheet.columns == 1) && depth < sheet.rows && {
        let last = sheet.row(depth - 1).count() as u32;
        last * 2 > sheet.columns || depth > 1
    }
}

/// The line of a text at which a table ends so far.
pub fn last_line(open: &Open) -> u32 {
    open.last_line
}

/// True where a place of a text follows on a line closely enough to be the rest of a table.
pub fn follows(open: &Open, place: &Place) -> bool {
    place.line().is_none_or(|line| line <= last_line(open) + 12)
}
