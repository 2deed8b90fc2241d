//! A page that was joined to a table and begins another.

use super::{Change, Reading};
use crate::model::Table;

/// True where a page was joined to the table.
pub(super) fn are_joined(table: &Table) -> bool {
    table.fragments.iter().any(|fragment| fragment.joined_by.is_some())
}

/// The table cut before each page that was joined to it. What is cut off has no caption and is of no known kind.
pub(super) fn readings(table: &Table) -> Vec<Reading> {
    let joined = table.fragments.iter().enumerate().filter(|(_, fragment)| fragment.joined_by.is_some());
    joined
        .filter_map(|(nth, fragment)| {
            let page = fragment.place.page()?;
            let cut = table.rows.iter().position(|row| row.place.page() >= Some(page)).filter(|cut| *cut > 0)?;
            let (mut head, mut tail) = (table.clone(), table.clone());
            head.rows.truncate(cut);
            head.fragments.truncate(nth);
            head.notes.clear();
            tail.rows.drain(..cut);
            tail.fragments.drain(..nth);
            if let Some(first) = tail.fragments.first_mut() {
                first.joined_by = None;
            }
            (tail.kind, tail.kind_basis, tail.caption, tail.mark) = (None, None, None, None);
            tail.id = format!("{}.{}", table.id, nth + 1);
            tail.is_nil = tail.rows.iter().all(|row| row.cells.is_empty());
            let told = format!("the rows from page {page} on are no part of it");
            Some(Reading { change: Change::Tables(1, vec![head, tail]), place: fragment.place.clone(), told })
        })
        .collect()
}
