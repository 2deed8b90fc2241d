//! [`Document`](crate::read::Document) → [`Outline`]: cover, contents list, headings, paragraphs, captioned tables.
//!
//! In this order, each part takes its lines and leaves the rest: furniture, contents list, tables (caption block,
//! grid, notes), cover, headings, paragraphs. So every line and cell is in exactly one part.

pub mod caption;
pub mod columns;
pub mod contents;
#[cfg(test)]
mod fixture;
pub mod header;
pub mod headings;
#[cfg(test)]
mod invariant;
pub mod items;
pub mod label;
pub mod numbering;
pub mod outline;
pub mod overflow;
pub mod paragraph;
pub mod sheet;
pub mod sideways;
pub mod split;
pub mod stitch;
pub mod strips;
pub mod tables;
pub mod unruled;

pub use outline::*;

use std::collections::BTreeMap;

use crate::base::finding::Finding;
use crate::base::place::Printed;
use crate::finding_code;
use crate::model::{Paragraph, Unbound};
use crate::read::Document;
use crate::spec::Specs;

use contents::{Contents, take_contents};
use headings::{Role, runs_to_roles};
use items::{Content, Item, items_of, split_grids};
use paragraph::{Run, lines_to_runs};
use tables::take_tables;

finding_code! {
    /// A line or a grid of the document belongs to no part of it that is known: neither cover, contents list,
    /// heading, paragraph nor table. It is kept under `unbound` as printed.
    pub S101, "piece-of-no-part", Warning
}

/// Cuts a document into its parts.
pub fn segment(mut document: Document, specs: &Specs, findings: &mut Vec<Finding>) -> Outline {
    let vocabulary = &specs.segmentation;
    strips::lay_beside(&mut document, vocabulary);
    unruled::complete(&mut document, specs, findings);
    let Document { format, pages, blocks } = document;
    let (mut items, furniture) = items_of(blocks);
    let contents = take_contents(&mut items, vocabulary);
    let mut items = split_grids(items, vocabulary);
    let tables = take_tables(&mut items, vocabulary);
    let widths: BTreeMap<u32, f32> = pages.iter().map(|page| (page.number, page.width)).collect();
    let runs = lines_to_runs(&items, &widths);
    let roles = runs_to_roles(&runs, &contents.entries);
    let cover = cover_runs(&items, &runs, &roles, &contents);

    let mut outline = Outline {
        format,
        pages,
        contents_titles: contents.titles,
        contents: contents.entries,
        furniture,
        ..Outline::default()
    };
    let mut heading_starts: Vec<usize> = Vec::new();
    for (at, (run, role)) in runs.iter().zip(roles).enumerate() {
        take(&mut items, &run.items);
        if at < cover {
            outline.cover.extend(printed_lines(&items, run));
            continue;
        }
        match role {
            Role::Heading(heading) => {
                outline.headings.push(heading);
                heading_starts.push(run.items.first().copied().unwrap_or(0));
            }
            Role::Rest => {}
            Role::Paragraph => outline.paragraphs.push(Paragraph {
                text: run.text.clone(),
                heading: outline.headings.len().checked_sub(1),
                pieces: run.pieces.clone(),
            }),
        }
    }
    for found in tables {
        let mut table = found.table;
        table.heading = heading_starts.partition_point(|start| *start < found.first_item).checked_sub(1);
        outline.tables.push(table);
    }
    outline.unbound = items.iter().filter(|item| !item.taken).flat_map(unbound).collect();
    for unbound in &outline.unbound {
        findings.push(Finding::new(&S101, unbound.reason.clone()).at(&unbound.place, unbound.text.clone()));
    }
    outline
}

/// How many runs at the beginning are the cover: those before the contents list, or else before the first heading
/// or table, as far as the first page goes.
fn cover_runs(items: &[Item], runs: &[Run], roles: &[Role], contents: &Contents) -> usize {
    let first_sheet = items.iter().position(Item::is_sheet).unwrap_or(items.len());
    let limit = contents.start.map_or(first_sheet, |start| start.min(first_sheet));
    let first_page = runs.first().and_then(|run| run.pieces.first()).and_then(|piece| piece.place.page());
    let cover = runs
        .iter()
        .zip(roles)
        .take_while(|(run, role)| {
            let before = run.items.first().is_some_and(|item| *item < limit);
            let is_first_page = run.pieces.first().is_some_and(|piece| piece.place.page() == first_page);
            let is_short = run.text.chars().count() <= 60 && !run.text.contains('。');
            before
                && (contents.start.is_some()
                    || (is_first_page && is_short && !matches!(role, Role::Heading(_) | Role::Rest)))
        })
        .count();
    // What completes a line of the cover is of the cover.
    cover + roles.iter().skip(cover).take_while(|role| **role == Role::Rest).count()
}

fn take(items: &mut [Item], indices: &[usize]) {
    for index in indices {
        if let Some(item) = items.get_mut(*index) {
            item.taken = true;
        }
    }
}

/// The lines of a run, each as printed.
fn printed_lines(items: &[Item], run: &Run) -> Vec<Printed> {
    let line = |index: &usize| match items.get(*index).map(|item| &item.content) {
        Some(Content::Line(line)) => Some(Printed::new(line.text.clone(), line.place.clone())),
        _ => None,
    };
    run.items.iter().filter_map(line).collect()
}

/// What no part took.
fn unbound(item: &Item) -> Vec<Unbound> {
    let reason = "in no part of the document";
    let one = |text: &str, place: &crate::base::place::Place| Unbound {
        text: text.to_string(),
        reason: reason.to_string(),
        place: place.clone(),
    };
    match &item.content {
        Content::Line(line) => vec![one(&line.text, &line.place)],
        Content::Grid(grid) => grid.cells.iter().map(|cell| one(&cell.text, &cell.place)).collect(),
        Content::Sheet(sheet) => sheet.cells.iter().map(|cell| one(&cell.text, &cell.place)).collect(),
        Content::Held(_) => Vec::new(),
    }
}
