//! Small documents for tests: lines as they are, rows as `a|b|c`.

use crate::base::place::Place;
use crate::model::GridMethod;
use crate::read::{Block, Document, Grid, GridCell, Line};

use super::sheet::Sheet;

/// Lines and, where a line has `|`, rows of a delimited grid.
pub fn document(text: &str) -> Document {
    let mut document = Document { format: "text".into(), ..Document::default() };
    let mut rows: Vec<(u32, &str)> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let number = at as u32 + 1;
        if line.contains('|') {
            rows.push((number, line));
            continue;
        }
        document.blocks.extend(flush(&mut rows));
        let trimmed = line.trim();
        if !trimmed.is_empty() {
            let place = Place::Text { line: number, column: 1, width: trimmed.chars().count() as u32, cell: None };
            document.blocks.push(Block::Line(Line { text: trimmed.into(), place, furniture: None, style: None }));
        }
    }
    document.blocks.extend(flush(&mut rows));
    document
}

fn flush(rows: &mut Vec<(u32, &str)>) -> Option<Block> {
    let first = rows.first()?.0;
    let place = |line, cell| Place::Text { line, column: 1, width: 0, cell };
    let mut cells = Vec::new();
    for (row, (line, text)) in rows.iter().enumerate() {
        for (column, part) in text.split('|').enumerate().filter(|(_, part)| !part.trim().is_empty()) {
            cells.push(GridCell {
                row: row as u32,
                column: column as u32,
                row_span: 1,
                column_span: 1,
                text: part.trim().into(),
                place: place(*line, Some(column as u32 + 1)),
            });
        }
    }
    let columns = rows.iter().map(|(_, text)| text.split('|').count()).max().unwrap_or(0) as u32;
    let grid = Grid {
        method: GridMethod::Delimited,
        rows: rows.len() as u32,
        columns,
        cells,
        place: place(first, None),
        column_edges: Vec::new(),
        has_spans: false,
        short_lines: Vec::new(),
        beside: Vec::new(),
    };
    rows.clear();
    Some(Block::Grid(grid))
}

pub fn sheet(text: &str) -> Sheet {
    match document(text).blocks.first() {
        Some(Block::Grid(grid)) => Sheet::of_grid(grid.clone()),
        _ => panic!("the fixture is no grid"),
    }
}
