//! One grid, or the part of a grid that holds one table, with random access to its cells.

use crate::base::place::{Place, Printed};
use crate::base::text::{is_blank, key};
use crate::model::GridMethod;
use crate::read::{Grid, GridCell};

use super::label::Label;

/// A run of rows of a grid. Rows count from its own top.
#[derive(Clone, Debug)]
pub struct Sheet {
    pub method: GridMethod,
    pub has_spans: bool,
    pub short_lines: Vec<u32>,
    /// Grids of further pages whose columns were laid beside.
    pub beside: Vec<Place>,
    pub rows: u32,
    pub columns: u32,
    pub cells: Vec<GridCell>,
    pub place: Place,
    pub column_edges: Vec<f32>,
    /// Captions, marks, units that stood in rows above the header.
    pub above: Vec<Label>,
    /// Notes that stood in rows below the body.
    pub below: Vec<Printed>,
    /// By row and column, the cell that covers it.
    cover: Vec<Option<u32>>,
    /// Cells with text that cover the place where they begin, row by row from left to right.
    begun: Vec<u32>,
    /// Where each row begins among those, and where the last one ends.
    row_starts: Vec<usize>,
}

impl Sheet {
    pub fn of_grid(grid: Grid) -> Sheet {
        let mut sheet = Sheet {
            method: grid.method,
            has_spans: grid.has_spans,
            short_lines: grid.short_lines,
            beside: grid.beside,
            rows: grid.rows,
            columns: grid.columns,
            cells: grid.cells,
            place: grid.place,
            column_edges: grid.column_edges,
            above: Vec::new(),
            below: Vec::new(),
            cover: Vec::new(),
            begun: Vec::new(),
            row_starts: Vec::new(),
        };
        sheet.index();
        sheet
    }

    /// Rows `from..to` alone.
    pub fn cut(mut self, from: u32, to: u32) -> Sheet {
        if from == 0 && to == self.rows {
            return self;
        }
        self.cells.retain_mut(|cell| {
            let is_in = (from..to).contains(&cell.row);
            if is_in {
                cell.row_span = cell.row_span.min(to - cell.row).max(1);
                cell.row -= from;
            }
            is_in
        });
        self.rows = to - from;
        self.place = hull(self.cells.iter().map(|cell| &cell.place)).unwrap_or(self.place);
        self.index();
        if self.has_spans {
            self.drop_unused_columns();
        }
        self
    }

    /// A border that only the rows taken off had (a title's cell) is no border of this table.
    fn drop_unused_columns(&mut self) {
        let mut starts: Vec<u32> = self.cells.iter().map(|cell| cell.column).collect();
        starts.sort_unstable();
        starts.dedup();
        if starts.len() as u32 >= self.columns || starts.first() != Some(&0) {
            return;
        }
        let rank = |column: u32| starts.partition_point(|start| *start < column) as u32;
        for cell in &mut self.cells {
            let end = cell.column + cell.column_span;
            cell.column = rank(cell.column);
            cell.column_span = (rank(end) - cell.column).max(1);
        }
        if self.column_edges.len() as u32 == self.columns + 1 {
            let last = self.column_edges.last().copied();
            let kept = starts.iter().filter_map(|start| self.column_edges.get(*start as usize).copied());
            self.column_edges = kept.chain(last).collect();
        }
        self.columns = starts.len() as u32;
        self.index();
    }

    /// Looks once for what every question about the sheet begins with.
    fn index(&mut self) {
        self.index_places();
        let begins = |at: &u32| {
            self.cells.get(*at as usize).is_some_and(|cell| {
                !is_empty(cell) && cell.column < self.columns && self.covering(cell.row, cell.column) == Some(*at)
            })
        };
        let place = |at: &u32| self.cells.get(*at as usize).map(|cell| (cell.row, cell.column));
        let mut begun: Vec<u32> = (0..self.cells.len() as u32).filter(begins).collect();
        if !begun.is_sorted_by_key(place) {
            begun.sort_by_key(place);
        }
        let mut row_starts = vec![0; self.rows as usize + 1];
        for cell in begun.iter().filter_map(|at| self.cells.get(*at as usize)) {
            row_starts[cell.row as usize + 1] += 1;
        }
        for row in 1..row_starts.len() {
            row_starts[row] += row_starts[row - 1];
        }
        (self.begun, self.row_starts) = (begun, row_starts);
    }

    fn index_places(&mut self) {
        self.cover = vec![None; (self.rows as usize).saturating_mul(self.columns as usize)];
        for (at, cell) in (0..).zip(&self.cells) {
            for row in cell.row..cell.row.saturating_add(cell.row_span).min(self.rows) {
                for column in cell.column..cell.column.saturating_add(cell.column_span).min(self.columns) {
                    if let Some(slot) = self.cover.get_mut((row * self.columns + column) as usize) {
                        *slot = Some(at);
                    }
                }
            }
        }
    }

    /// The cell that covers a place, spans included.
    pub fn at(&self, row: u32, column: u32) -> Option<&GridCell> {
        if row >= self.rows || column >= self.columns {
            return None;
        }
        self.cells.get(self.covering(row, column)? as usize)
    }

    fn covering(&self, row: u32, column: u32) -> Option<u32> {
        *self.cover.get((row * self.columns + column) as usize)?
    }

    /// True where a cell with text covers the place.
    pub fn has_text(&self, row: u32, column: u32) -> bool {
        self.at(row, column).is_some_and(|cell| !is_empty(cell))
    }

    /// Cells with text that begin in a row, from left to right.
    pub fn row(&self, row: u32) -> impl ExactSizeIterator<Item = &GridCell> {
        let bound = |row: usize| self.row_starts.get(row).copied().unwrap_or(self.begun.len());
        let begun = self.begun.get(bound(row as usize)..bound(row as usize + 1)).unwrap_or_default();
        begun.iter().map(|at| &self.cells[*at as usize])
    }

    /// True where no cell with text covers any place of the row.
    pub fn is_blank_row(&self, row: u32) -> bool {
        self.row(row).next().is_none() && !(0..self.columns).any(|column| self.has_text(row, column))
    }

    /// True for the pages on which its columns stand.
    pub fn is_on(&self, page: Option<u32>) -> bool {
        self.place.page() == page || self.beside.iter().any(|place| place.page() == page)
    }

    /// True where no cell reaches over the border above row `row`.
    pub fn closes(&self, row: u32) -> bool {
        !self.cells.iter().any(|cell| cell.row < row && cell.row + cell.row_span > row)
    }

    /// Keys of a row, column by column of its cells.
    pub fn row_keys(&self, row: u32) -> Vec<(u32, String)> {
        self.row(row).map(|cell| (cell.column, key(&cell.text))).collect()
    }
}

pub fn is_empty(cell: &GridCell) -> bool {
    cell.text.chars().all(is_blank)
}

/// The smallest place that holds all; over pages and lines, of the first.
pub fn hull<'a>(places: impl Iterator<Item = &'a Place>) -> Option<Place> {
    places.cloned().reduce(|whole, place| join_places(&whole, &place))
}

/// The place of two texts that are read as one. Over pages and lines, the first.
pub fn join_places(first: &Place, second: &Place) -> Place {
    match (first, second) {
        (Place::Page { page, bbox: a }, Place::Page { page: other, bbox: b }) if page == other => {
            Place::Page { page: *page, bbox: [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])] }
        }
        (
            Place::Text { line, column, width, cell },
            Place::Text { line: other, column: other_column, width: other_width, .. },
        ) if line == other => {
            let start = *column.min(other_column);
            let end = (column + width).max(other_column + other_width);
            Place::Text { line: *line, column: start, width: end - start, cell: *cell }
        }
        _ => first.clone(),
    }
}
