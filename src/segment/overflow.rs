//! Text of a cell that a page break cut: the producer prints it beyond the rules of either page, or in an outer column
//! whose merged cell has no rule there (北京, 绩效目标表; 西安, 绩效目标表). It stands in the width of one column.

use crate::base::place::Place;
use crate::read::Line;

use super::outline::{RawCell, RawRow, RawTable};
use super::sheet::join_places;

/// More than so many lines between two grids are prose.
const MOST_LINES: usize = 80;
/// Text may touch the rules of its column.
const TOLERANCE: f32 = 3.0;

/// The column of the table for each line, if every line stands within one.
pub fn lines_to_columns(table: &RawTable, lines: &[&Line]) -> Option<Vec<u32>> {
    if lines.len() > MOST_LINES || table.column_edges.len() < 3 {
        return None;
    }
    lines.iter().map(|line| column_of(&line.place, &table.column_edges)).collect()
}

fn column_of(place: &Place, edges: &[f32]) -> Option<u32> {
    let Place::Page { bbox, .. } = place else { return None };
    let frame = edges.last()? - edges.first()?;
    edges
        .windows(2)
        .position(|pair| {
            pair[1] - pair[0] < frame * 0.5 && bbox[0] > pair[0] - TOLERANCE && bbox[2] < pair[1] + TOLERANCE
        })
        .map(|at| at as u32)
}

/// Puts a line into the row on whose height it stands; above all rows of its page into the first, below into the last.
pub fn add(table: &mut RawTable, line: &Line, column: u32) {
    let page = line.place.page();
    let middle = middle_of(&line.place);
    let on_page = |row: &&mut RawRow| row.place.page() == page;
    let mut rows: Vec<&mut RawRow> = table.rows.iter_mut().filter(on_page).collect();
    let at = rows.iter().rposition(|row| top_of(&row.place) <= middle).unwrap_or(0);
    let Some(row) = rows.get_mut(at) else {
        table.repeated.push(crate::base::place::Printed::new(line.text.clone(), line.place.clone()));
        return;
    };
    match row.cells.iter_mut().find(|cell| cell.column == column) {
        Some(cell) => {
            let comes_first = middle < top_of(&cell.place);
            cell.text = if comes_first {
                format!("{} {}", line.text.trim(), cell.text)
            } else {
                format!("{} {}", cell.text, line.text.trim())
            };
            cell.place = join_places(&cell.place, &line.place);
        }
        None => {
            row.cells.push(RawCell {
                row: 0,
                column,
                row_span: 1,
                column_span: 1,
                text: line.text.trim().to_string(),
                place: line.place.clone(),
            });
            row.cells.sort_by_key(|cell| cell.column);
        }
    }
}

fn top_of(place: &Place) -> f32 {
    match place {
        Place::Page { bbox, .. } => bbox[1],
        Place::Text { line, .. } => *line as f32,
    }
}

fn middle_of(place: &Place) -> f32 {
    match place {
        Place::Page { bbox, .. } => (bbox[1] + bbox[3]) / 2.0,
        Place::Text { line, .. } => *line as f32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, x0: f32, x1: f32, top: f32) -> Line {
        let place = Place::Page { page: 2, bbox: [x0, top, x1, top + 9.0] };
        Line { text: text.into(), place, furniture: None, style: None }
    }

    #[test]
    fn a_line_over_the_first_row_belongs_to_its_column() {
        let mut table = RawTable { column_edges: vec![10.0, 60.0, 160.0, 300.0], ..RawTable::default() };
        let place = Place::Page { page: 2, bbox: [10.0, 50.0, 300.0, 70.0] };
        table.rows.push(RawRow { cells: Vec::new(), place, fragment: 0 });
        let (first, second) = (line("重点，开展", 62.0, 150.0, 20.0), line("公益", 62.0, 100.0, 30.0));
        assert_eq!(lines_to_columns(&table, &[&first, &second]), Some(vec![1, 1]));
        add(&mut table, &first, 1);
        add(&mut table, &second, 1);
        assert_eq!(table.rows[0].text_at(1), "重点，开展 公益");
    }

    #[test]
    fn a_line_over_several_columns_is_prose() {
        let table = RawTable { column_edges: vec![10.0, 60.0, 160.0, 300.0], ..RawTable::default() };
        assert_eq!(lines_to_columns(&table, &[&line("一般公共预算支出情况说明", 12.0, 200.0, 20.0)]), None);
    }
}
