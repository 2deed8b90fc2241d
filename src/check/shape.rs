//! What a row looks like, where nothing printed says what it is.

use crate::model::{ColumnRole, Row, RowRole, Table};

/// Role, level, lengths of the codes, whether the row has words.
pub type Shape = (RowRole, Option<u8>, Vec<usize>, bool);

/// Rows that stand for things of one sort look alike.
pub fn row_to_shape(row: &Row, table: &Table) -> Shape {
    let codes = row.codes.iter().map(|code| code.code.len()).collect();
    (row.role, row.level, codes, has_words(row, table))
}

/// True for a row with text in a column of words.
pub fn has_words(row: &Row, table: &Table) -> bool {
    let is_words =
        |column: u32| table.columns.iter().any(|other| other.index == column && other.role == ColumnRole::Text);
    row.texts.iter().any(|text| is_words(text.column))
}
