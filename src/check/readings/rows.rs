//! Two lines that are one row: a name that wraps, or a row that a page break cuts.

use super::{Change, Reading, method_of};
use crate::base::place::{Place, Printed};
use crate::model::{GridMethod, Row, RowRole, Table};

/// The rows that may be one with the row behind them.
pub(super) fn pairs(table: &Table) -> Vec<usize> {
    let pairs = table.rows.windows(2).enumerate();
    let is_one = |pair: &[Row]| matches!(pair, [first, second] if may_be_one(table, first, second));
    pairs.filter(|(_, pair)| is_one(pair)).map(|(at, _)| at).collect()
}

/// This row and the one behind it as one.
pub(super) fn reading(table: &Table, at: usize) -> Option<Reading> {
    let [first, second] = table.rows.get(at..at + 2)? else { return None };
    let row = joined(first, second);
    let name = row.label.as_ref().map_or_else(String::new, |label| label.text.clone());
    let (place, told) = (row.place.clone(), format!("two lines are the one row {name}"));
    Some(Reading { change: Change::Rows(at..at + 2, vec![row]), place, told })
}

/// True where nothing printed tells the two apart: one code at most, no column with a figure in both, and one of them without
/// figures or the second without a name. Ruled rows of one page are two.
fn may_be_one(table: &Table, first: &Row, second: &Row) -> bool {
    let is_cut = first.place.page() != second.place.page();
    let is_open = is_cut || matches!(method_of(table, first), Some(GridMethod::Aligned | GridMethod::Delimited));
    let has_code = |row: &Row| row.codes.iter().any(|code| !code.is_resolved);
    let is_line = |row: &Row| matches!(row.role, RowRole::Item | RowRole::Heading);
    let meets = |row: &Row| row.cells.iter().any(|cell| second.cells.iter().any(|other| other.column == cell.column));
    is_open
        && (first.side, first.panel) == (second.side, second.panel)
        && is_line(first)
        && is_line(second)
        && !(has_code(first) && has_code(second))
        && !meets(first)
        && (first.cells.is_empty() != second.cells.is_empty() || second.label.is_none())
}

fn joined(first: &Row, second: &Row) -> Row {
    let mut row = first.clone();
    let text = |row: &Row| row.label.as_ref().map_or_else(String::new, |label| label.text.clone());
    let name = text(first) + &text(second);
    row.role = RowRole::Item;
    row.place = hull(&first.place, &second.place);
    if !name.is_empty() {
        let place = match (&first.label, &second.label) {
            (Some(first), Some(second)) => hull(&first.place, &second.place),
            (Some(one), None) | (None, Some(one)) => one.place.clone(),
            (None, None) => row.place.clone(),
        };
        row.label = Some(Printed::new(name.as_str(), place));
    }
    let is_printed = |row: &Row| row.codes.iter().any(|code| !code.is_resolved);
    if !is_printed(first) && is_printed(second) {
        row.codes.clone_from(&second.codes);
        row.level = second.level;
    }
    for code in row.codes.iter_mut().filter(|code| !code.is_resolved && code.name.is_some()) {
        code.name = Some(name.clone());
    }
    row.item = first.item.clone().or_else(|| second.item.clone());
    row.cells.extend(second.cells.iter().cloned());
    row.cells.sort_by_key(|cell| cell.column);
    row.texts.extend(second.texts.iter().cloned());
    row
}

/// What holds both places; the first where they stand on two pages or lines.
fn hull(a: &Place, b: &Place) -> Place {
    match (a, b) {
        (Place::Page { page, bbox: a }, Place::Page { page: other, bbox: b }) if page == other => {
            Place::Page { page: *page, bbox: [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])] }
        }
        _ => a.clone(),
    }
}
