//! Where the labels of a table without rulings end and its body begins.

use crate::base::amount::parse_figure;
use crate::base::text::key;
use crate::read::{Grid, GridCell};
use crate::segment::label::{Kind, labels_of};
use crate::spec::segmentation::Segmentation;

/// Rows `first..labels` are labels, rows up to `body` numbers of the columns. Above them stand mark, body and unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub first: u32,
    pub labels: u32,
    pub body: u32,
}

/// The rows above the first amount.
pub(super) fn head_of(grid: &Grid, vocabulary: &Segmentation) -> Option<Head> {
    let is_amount = |cell: &&GridCell| cell.column > 0 && parse_figure(&cell.text).is_some();
    let labels = grid.cells.iter().filter(is_amount).map(|cell| cell.row).min().filter(|row| *row > 0)?;
    let is_numbered = labels + 1 < grid.rows && numbers_columns(grid, labels, vocabulary);
    let is_dress =
        |cell: &GridCell| labels_of(&cell.text, &cell.place, vocabulary).iter().any(|label| label.kind != Kind::Other);
    let first = grid.cells.iter().filter(|cell| cell.row < labels && is_dress(cell)).map(|cell| cell.row + 1).max();
    let first = first.unwrap_or(0);
    Some(Head { first, labels, body: labels + u32::from(is_numbered) })
}

/// Numbers of columns, which stand in the middle as labels do: from 1 on, behind 栏次 or alone.
fn numbers_columns(grid: &Grid, row: u32, vocabulary: &Segmentation) -> bool {
    let cells = grid.cells.iter().filter(|cell| cell.row == row).map(|cell| key(&cell.text));
    let (numbers, words): (Vec<String>, Vec<String>) = cells.partition(|text| text.parse::<u32>().is_ok());
    numbers.len() > 1
        && numbers.iter().zip(1_u32..).all(|(text, number)| text.parse() == Ok(number))
        && words.iter().all(|word| vocabulary.column_number_labels.contains(word))
}
