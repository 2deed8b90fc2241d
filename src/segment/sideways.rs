//! A table too wide for its page: the next page has the same rows by their labels or numbers, and further columns.

use crate::base::text::key;
use crate::spec::segmentation::Segmentation;

use super::header::header_cells;
use super::outline::{RawCell, RawRow, RawTable};
use super::sheet::{Sheet, is_empty};

/// Fewer rows with the same labels may be chance.
const FEWEST_ROWS: usize = 2;

/// How the sheet lies beside the table.
pub struct Sideways {
    /// The row of the table at which the sheet's first row stands.
    first_row: usize,
    /// The table's column for each of the sheet's.
    columns: Vec<u32>,
    header: Vec<RawCell>,
}

/// Finds the rows of the table that the sheet goes on with: `depth` rows of header, of which the first columns are the
/// table's own and at least one is new.
pub fn beside(table: &RawTable, sheet: &Sheet, depth: u32, vocabulary: &Segmentation) -> Option<Sideways> {
    let header = header_cells(sheet, depth, vocabulary);
    let own: Vec<Vec<String>> = (0..table.columns).map(|column| path(&table.header, column)).collect();
    let theirs: Vec<Vec<String>> = (0..sheet.columns).map(|column| path(&header, column)).collect();
    let shared = own.iter().zip(&theirs).take_while(|(a, b)| a == b && !a.is_empty()).count() as u32;
    if shared == 0 || shared >= sheet.columns || shared >= table.columns {
        return None;
    }
    if theirs.iter().skip(shared as usize).any(|path| path.is_empty() || own.contains(path)) {
        return None;
    }
    let labels = |texts: Vec<&str>| texts.into_iter().map(key).collect::<Vec<String>>();
    let rows: Vec<Vec<String>> = (depth..sheet.rows)
        .filter(|row| !sheet.is_blank_row(*row))
        .map(|row| labels((0..shared).map(|column| sheet.at(row, column).map_or("", |cell| &cell.text)).collect()))
        .collect();
    let known: Vec<Vec<String>> =
        table.rows.iter().map(|row| labels((0..shared).map(|column| row.text_at(column)).collect())).collect();
    if rows.len() < FEWEST_ROWS || rows.iter().any(|row| row.iter().all(String::is_empty)) {
        return None;
    }
    let first_row = known.windows(rows.len()).position(|window| window == rows)?;
    let columns = (0..sheet.columns)
        .map(|column| if column < shared { column } else { table.columns + column - shared })
        .collect();
    Some(Sideways { first_row, columns, header })
}

/// Texts over a column, outermost first.
fn path(header: &[RawCell], column: u32) -> Vec<String> {
    let mut over: Vec<&RawCell> =
        header.iter().filter(|cell| (cell.column..cell.column + cell.column_span).contains(&column)).collect();
    over.sort_by_key(|cell| cell.row);
    over.iter().map(|cell| key(&cell.text)).collect()
}

impl Sideways {
    /// Adds the sheet's columns to the rows of the table. What repeats the table's own is kept as repeated.
    pub fn extend(self, table: &mut RawTable, sheet: &Sheet, depth: u32) {
        let width = table.columns;
        let column_of = |column: u32| self.columns.get(column as usize).copied().unwrap_or(column);
        for cell in self.header {
            let column = column_of(cell.column);
            if column < width {
                table.repeated.push(crate::base::place::Printed::new(cell.text, cell.place));
            } else {
                table.header.push(RawCell { column, ..cell });
            }
        }
        table.header.sort_by_key(|cell| (cell.row, cell.column));
        table.header_rows = table.header_rows.max(depth);
        let filled = (depth..sheet.rows).filter(|row| !sheet.is_blank_row(*row));
        for (row, into) in filled.zip(table.rows.iter_mut().skip(self.first_row)) {
            add_cells(into, sheet, row, width, column_of);
        }
        table.columns = self.columns.last().map_or(width, |last| last + 1);
        // Borders of two pages are no borders of one.
        table.column_edges = Vec::new();
    }
}

fn add_cells(into: &mut RawRow, sheet: &Sheet, row: u32, width: u32, column_of: impl Fn(u32) -> u32) {
    let cells = sheet.cells.iter().filter(|cell| cell.row == row && !is_empty(cell) && column_of(cell.column) >= width);
    into.cells.extend(cells.map(|cell| RawCell {
        row: 0,
        column: column_of(cell.column),
        row_span: cell.row_span,
        column_span: cell.column_span,
        text: cell.text.clone(),
        place: cell.place.clone(),
    }));
    into.cells.sort_by_key(|cell| cell.column);
}
