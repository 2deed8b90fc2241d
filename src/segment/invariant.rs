//! Every line and every cell with text of a document is in exactly one part of its outline.

use std::collections::BTreeMap;

use crate::base::place::Place;
use crate::read::{Block, Document, Source};
use crate::spec::Specs;

use super::fixture::document;
use super::sheet::is_empty;
use super::{Outline, segment};

fn places_of(outline: &Outline) -> Vec<&Place> {
    let mut places: Vec<&Place> = Vec::new();
    places.extend(outline.cover.iter().map(|part| &part.place));
    places.extend(outline.contents.iter().map(|part| &part.place));
    places.extend(outline.contents_titles.iter().map(|part| &part.place));
    places.extend(outline.headings.iter().map(|part| &part.place));
    places.extend(outline.paragraphs.iter().flat_map(|part| part.pieces.iter().map(|piece| &piece.place)));
    places.extend(outline.furniture.iter().map(|part| &part.place));
    places.extend(outline.unbound.iter().map(|part| &part.place));
    for table in &outline.tables {
        let labels = [&table.caption, &table.mark, &table.unit, &table.body];
        places.extend(labels.into_iter().flatten().map(|part| &part.place));
        places.extend(table.subtitles.iter().chain(&table.notes).chain(&table.repeated).map(|part| &part.place));
        places.extend(table.header.iter().map(|cell| &cell.place));
        places.extend(table.rows.iter().flat_map(|row| row.cells.iter().map(|cell| &cell.place)));
    }
    places
}

/// Line and cell of a place in a text.
fn spot(place: &Place) -> (u32, Option<u32>) {
    match place {
        Place::Text { line, cell, .. } => (*line, *cell),
        Place::Page { .. } => panic!("the test is for texts"),
    }
}

fn holds(document: &Document) {
    let specs = Specs::builtin().expect("the built-in data is sound");
    let outline = segment(document.clone(), &specs, &mut Vec::new());
    let mut found: BTreeMap<(u32, Option<u32>), u32> = BTreeMap::new();
    for place in places_of(&outline) {
        *found.entry(spot(place)).or_default() += 1;
    }
    for block in &document.blocks {
        match block {
            Block::Line(line) => {
                let count = found.remove(&spot(&line.place));
                // A line that says two things (部门：… 单位：…) is in two labels of one table.
                assert!(count.is_some_and(|count| count <= 3), "{} {count:?}", line.text);
            }
            Block::Grid(grid) => {
                for cell in grid.cells.iter().filter(|cell| !is_empty(cell)) {
                    assert_eq!(found.remove(&spot(&cell.place)), Some(1), "{}", cell.text);
                }
            }
        }
    }
    assert!(found.is_empty(), "parts from nowhere: {found:?}");
}

#[test]
fn of_a_small_document() {
    holds(&document(
        "甲市乙局\n2026年部门预算\n目录\n一、概况 1\n二、收支总表 2\n一、概况\n本部门职责如下。\n（说明）\n二、收支总表\n公开01表\n2026年收支总表\n部门：乙局 单位：万元\n收入||支出|\n项目|金额|项目|金额\n一、财政拨款|1.00|一、外交支出|1.00\n注：本表数据为四舍五入。\n\n2026年收入总表\n单位：万元\n项目|金额\n合计|\n\n一、财政拨款|1.00\n末尾",
    ));
}

#[test]
fn of_lines_and_grids_in_no_order() {
    holds(&document("a|b|c\n单位：万元\n注：本表无数据\nx|y\n目录\n1|2\n表\n（一）\n续表\nq|r"));
    holds(&document(""));
}

#[test]
fn of_a_text_as_read() {
    let text = "目 录\n第一部分 概况\t1\n表一收支总表\t2\n\n第一部分 概况\n\n表一收支总表\n\n部门名称：乙局\n单位：万元\n\n收入\t\t支出\t\n项目\t金额\t项目\t金额\n一、财政拨款\t1.00\t一、外交支出\t1.00\n\n收入总计\t1.00\t支出总计\t1.00\n";
    let source = Source { name: "a.txt".into(), bytes: std::sync::Arc::new(text.as_bytes().to_vec()), password: None };
    let document = crate::read::read(&source, &mut Vec::new()).expect("a text");
    holds(&document);
}
