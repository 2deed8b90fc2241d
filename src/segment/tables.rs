//! Walks over the sheets of a document in order: caption blocks, joins, notes, tables announced as empty.

use crate::base::text::as_key;
use crate::read::Line;
use crate::spec::segmentation::Segmentation;

use super::caption::{block_above, notes_below};
use super::items::Item;
use super::label::{Kind, kind_of, labels_of, says_nothing};
use super::outline::RawTable;
use super::overflow::{self, lines_to_columns};
use super::stitch::{Open, begin, follows};

/// A table with the item at which it begins (for the heading above it).
pub struct Found {
    pub table: RawTable,
    pub first_item: usize,
}

/// All tables; what belongs to them is taken.
pub fn take_tables(items: &mut [Item], vocabulary: &Segmentation) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut open: Option<(Open, usize)> = None;
    // First item after the open table and its notes.
    let mut end = 0;
    for at in 0..items.len() {
        let Some(sheet) = items.get(at).and_then(Item::sheet) else { continue };
        let block = block_above(items, at, vocabulary);
        let between = items.get(end..at).unwrap_or_default();
        let strays: Vec<(usize, Line)> = (end..at)
            .zip(between)
            .filter(|(index, _)| !block.items.contains(index))
            .filter_map(|(index, item)| Some((index, item.free_line()?.clone())))
            .collect();
        let joined = open.as_ref().and_then(|(table, _)| {
            let lines: Vec<&Line> = strays.iter().map(|(_, line)| line).collect();
            let overflow = lines_to_columns(&table.table, &lines);
            let adjacent = strays.is_empty() || overflow.is_some();
            let follows = follows(table, &sheet.place);
            let join = follows.then(|| table.join(sheet, &block, adjacent, vocabulary)).flatten()?;
            Some((join, overflow.unwrap_or_default()))
        });
        take(items, &block.items);
        let Some(sheet) = items.get_mut(at).and_then(Item::take_sheet) else { continue };
        match (joined, open.as_mut()) {
            (Some((join, columns)), Some((table, _))) => {
                table.extend(sheet, &block, join, vocabulary);
                // Columns may have been refined by the new page.
                let lines: Vec<&Line> = strays.iter().map(|(_, line)| line).collect();
                let columns = lines_to_columns(&table.table, &lines).unwrap_or(columns);
                for ((index, line), column) in strays.iter().zip(columns) {
                    overflow::add(&mut table.table, line, column);
                    take(items, &[*index]);
                }
            }
            _ => {
                found.extend(open.take().map(|(table, first_item)| Found { table: table.table, first_item }));
                let first = block.items.first().copied().unwrap_or(at);
                open = Some((begin(sheet, &block, vocabulary), first));
            }
        }
        let (notes, lines) = notes_below(items, at, vocabulary);
        take(items, &lines);
        end = lines.last().copied().unwrap_or(at) + 1;
        if let Some((table, _)) = open.as_mut() {
            table.table.notes.extend(notes);
        }
    }
    found.extend(open.map(|(table, first_item)| Found { table: table.table, first_item }));
    found.extend(take_empty_tables(items, vocabulary));
    found.sort_by_key(|found| found.first_item);
    found
}

fn take(items: &mut [Item], indices: &[usize]) {
    for index in indices {
        if let Some(item) = items.get_mut(*index) {
            item.taken = true;
        }
    }
}

/// A caption with a note that the table is empty, and no grid.
fn take_empty_tables(items: &mut [Item], vocabulary: &Segmentation) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < items.len() {
        let Some((table, lines)) = empty_table(items, at, vocabulary) else {
            at += 1;
            continue;
        };
        take(items, &lines);
        let first_item = lines.first().copied().unwrap_or(at);
        at = lines.last().copied().unwrap_or(at) + 1;
        found.push(Found { table, first_item });
    }
    found
}

fn empty_table(items: &[Item], at: usize, vocabulary: &Segmentation) -> Option<(RawTable, Vec<usize>)> {
    let mut table = RawTable::default();
    let mut lines = Vec::new();
    for index in at..items.len().min(at + 8) {
        let line = items.get(index).and_then(Item::free_line)?;
        if says_nothing(&line.text, vocabulary) {
            return None;
        }
        let text = as_key(&line.text);
        let is_nil = || vocabulary.nil_note.is_match(&text) && text.chars().count() < 80;
        if table.caption.is_some() && (is_nil() || kind_of(&text, vocabulary) == Kind::Note) {
            lines.push(index);
            let page = line.place.page();
            let (mut notes, more) = notes_below(items, index - 1, vocabulary);
            if notes.is_empty() || page != items.get(index - 1)?.place().page() {
                notes = vec![crate::base::place::Printed::new(line.text.trim(), line.place.clone())];
            } else {
                lines = lines.into_iter().filter(|line| !more.contains(line)).chain(more.clone()).collect();
            }
            table.notes = notes;
            // A title in running prose is no caption: it must have a mark, a unit or a body beside it.
            let is_dressed = table.mark.is_some() || table.unit.is_some() || table.body.is_some();
            return is_dressed.then_some((table, lines));
        }
        for label in labels_of(&line.text, &line.place, vocabulary) {
            let slot = match label.kind {
                Kind::Caption if table.caption.is_none() => &mut table.caption,
                Kind::Mark if table.mark.is_none() => &mut table.mark,
                Kind::Unit if table.unit.is_none() => &mut table.unit,
                Kind::Body if table.body.is_none() => &mut table.body,
                Kind::Subtitle => {
                    table.subtitles.push(label.printed);
                    continue;
                }
                _ => return None,
            };
            *slot = Some(label.printed);
        }
        lines.push(index);
    }
    None
}
