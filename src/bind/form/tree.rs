//! The tree of indicators: 一级 / 二级 / 三级指标 and 指标值, once or in two mirrored halves.
//!
//! Rows slide: the cell of level 1 is merged over rows, and conversion drops blanks or moves whole rows to the left.
//! What a cell is, its neighbours tell: a name of level 2 opens a half, its repetition opens the other one. Columns
//! decide only where no name does, and then relative to the header of the tree.

use std::borrow::Cow;

use crate::base::finding::Finding;
use crate::base::place::Printed;
use crate::base::text::{as_key, key};
use crate::model::{Field, Half, Indicator, PerformanceTarget};
use crate::segment::RawCell;
use crate::spec::forms::{FormLabel, FormSpecs, TreeColumn};

use super::cells::{FormCell, printed_of};
use super::placed::report_heading;
use super::report_cell;
use super::value::printed_to_value;

/// The tree while it is read.
pub(super) struct Tree {
    /// Columns of each half as its header names them, level 1 left out; with their columns of the grid.
    halves: Vec<Vec<(TreeColumn, u32)>>,
    level1: Option<Printed>,
    /// Headings of further columns, per half.
    further: Vec<Vec<Printed>>,
    /// Level 2 that goes on, per half.
    level2: Vec<Option<Printed>>,
}

impl Tree {
    /// From the row that names the columns; a column named again opens the second half.
    pub fn from_header(row: &[FormCell<'_>], labels: &mut Vec<Printed>) -> Tree {
        let mut halves: Vec<Vec<(TreeColumn, u32)>> = Vec::new();
        let mut further: Vec<Vec<Printed>> = Vec::new();
        for cell in row {
            labels.push(cell.printed());
            let Some(FormLabel::TreeColumn(column)) = cell.label() else { continue };
            if column == TreeColumn::Level1 {
                continue;
            }
            let is_known = |half: &Vec<(TreeColumn, u32)>| half.iter().any(|(known, _)| *known == column);
            let opens = halves.last().is_none_or(|half| column != TreeColumn::Further && is_known(half));
            if opens {
                halves.push(Vec::new());
            }
            further.resize(halves.len(), Vec::new());
            if let (TreeColumn::Further, Some(headings)) = (column, further.last_mut()) {
                headings.push(cell.printed());
            }
            if let Some(half) = halves.last_mut() {
                half.push((column, cell.cell.column));
            }
        }
        let level2 = vec![None; halves.len()];
        Tree { halves, further, level1: None, level2 }
    }

    /// Reads one row into indicators; cells that fit nowhere are reported.
    pub fn read_row(
        &mut self,
        cells: &[&RawCell],
        specs: &FormSpecs,
        form: &mut PerformanceTarget,
        findings: &mut Vec<Finding>,
    ) {
        let mut cells = cells;
        while let Some((first, rest)) = cells.split_first()
            && matches!(specs.label(&first.text).map(|m| m.label), Some(FormLabel::TreeHeading))
        {
            form.labels.push(printed_of(first));
            cells = rest;
        }
        if let Some((first, rest)) = cells.split_first()
            && self.is_level1(cells, specs)
        {
            self.level1 = Some(printed_of(first));
            self.level2.fill(None);
            cells = rest;
        }
        let mut is_bound = false;
        for (index, part) in self.split_halves(cells, specs) {
            if part.is_empty() {
                continue;
            }
            is_bound = true;
            let half = if self.halves.len() > 1 && index == 0 { Half::ImplementationPeriod } else { Half::Annual };
            let indicator = self.read_half(index, half, &part, specs, findings);
            form.indicators.push(indicator);
        }
        if !is_bound && let Some(level1) = &self.level1 {
            // 满意度指标 alone in its row: the name counts, there is nothing under it.
            form.labels.push(level1.clone());
        }
    }

    /// A name of level 1, or an unknown name in its place: before a name of level 2, left of its column.
    fn is_level1(&self, cells: &[&RawCell], specs: &FormSpecs) -> bool {
        let [first, rest @ ..] = cells else { return false };
        let knows_level2 = specs.is_level2(&first.text);
        if specs.is_level1(&first.text) {
            if !knows_level2 {
                return true;
            }
            // 成本指标 and 满意度指标 are names of both levels.
            let twins = rest.iter().filter(|cell| as_key(&cell.text) == as_key(&first.text)).count();
            let child = rest.first().is_some_and(|next| specs.belongs_under(&next.text, &first.text));
            return child && (key_of(rest.first()) != key_of(Some(first)) || twins >= self.halves.len());
        }
        let total: usize = self.halves.iter().map(Vec::len).sum();
        !knows_level2 && (rest.first().is_some_and(|next| specs.is_level2(&next.text)) || cells.len() == total + 1)
    }

    /// The cells of each half.
    fn split_halves<'c>(&self, cells: &[&'c RawCell], specs: &FormSpecs) -> Vec<(usize, Vec<&'c RawCell>)> {
        if self.halves.len() < 2 {
            return vec![(0, cells.to_vec())];
        }
        let Some(first) = cells.first() else { return Vec::new() };
        let opens_half = |cell: &RawCell| specs.is_level2(&cell.text);
        let is_twin = |cell: &RawCell| as_key(&cell.text) == as_key(&first.text);
        // The repetition of the first name; in the middle of the row before anywhere else.
        let positions = || 1..cells.len();
        let middle = cells.len() / 2;
        let at = |position: usize| cells.get(position).copied();
        let is_named = |position: &usize| at(*position).is_some_and(opens_half) && opens_half(first);
        let is_mirror = |position: &usize| at(*position).is_some_and(is_twin);
        let even = cells.len().is_multiple_of(2);
        let split = Some(middle)
            .filter(|m| even && *m > 0 && (is_mirror(m) || is_named(m)))
            .or_else(|| positions().find(|m| opens_half(first) && is_mirror(m)))
            .or_else(|| positions().find(is_named));
        if let Some(split) = split {
            let (left, right) = cells.split_at(split);
            return vec![(0, left.to_vec()), (1, right.to_vec())];
        }
        // No name repeats: each cell belongs to the half whose columns it stands in.
        let border = self.halves.get(1).and_then(|half| half.first()).map_or(u32::MAX, |(_, column)| *column);
        let (left, right): (Vec<&RawCell>, Vec<&RawCell>) = cells.iter().partition(|cell| cell.column < border);
        vec![(0, left), (1, right)]
    }

    fn read_half(
        &mut self,
        index: usize,
        half: Half,
        cells: &[&RawCell],
        specs: &FormSpecs,
        findings: &mut Vec<Finding>,
    ) -> Indicator {
        let mut indicator = Indicator {
            half,
            level1: self.level1.clone(),
            level2: None,
            level3: None,
            value: None,
            fields: Vec::new(),
        };
        let mut comparator: Option<Printed> = None;
        let mut unit: Option<Printed> = None;
        let mut headings = self.further.get(index).into_iter().flatten().cloned();
        for (column, cell) in self.columns_of(index, cells, specs) {
            let printed = printed_of(cell);
            match column {
                Some(TreeColumn::Level2) => indicator.level2 = Some(printed),
                Some(TreeColumn::Level3) => indicator.level3 = Some(printed),
                Some(TreeColumn::Value) => indicator.value = Some(printed_to_value(printed, specs)),
                Some(TreeColumn::Comparator) => comparator = Some(printed),
                Some(TreeColumn::Unit) => unit = Some(printed),
                Some(TreeColumn::Further) => match headings.next() {
                    Some(label) => {
                        indicator.fields.push(Field {
                            label,
                            path: Vec::new(),
                            value: printed,
                            unit: None,
                            measure: None,
                        });
                    }
                    None => report_cell(&printed, findings),
                },
                Some(TreeColumn::Level1) | None => report_cell(&printed, findings),
            }
        }
        if let Some(value) = indicator.value.as_mut() {
            if let Some(printed) = comparator {
                value.comparator = Some(key(&printed.text));
            }
            if let Some(printed) = unit {
                value.unit = Some(printed.text);
            }
        }
        if let Some(level2) = &indicator.level2 {
            report_heading(level2, indicator.level1.as_ref(), specs, findings);
            if let Some(carried) = self.level2.get_mut(index) {
                *carried = Some(level2.clone());
            }
        } else {
            indicator.level2 = self.level2.get(index).cloned().flatten();
        }
        indicator
    }

    /// What each cell of a half is: by order where as many cells as columns stand there, else by the columns of the
    /// header, moved as far as the name of level 2 has moved.
    fn columns_of<'c>(
        &self,
        index: usize,
        cells: &[&'c RawCell],
        specs: &FormSpecs,
    ) -> Vec<(Option<TreeColumn>, &'c RawCell)> {
        let Some(columns) = self.halves.get(index) else {
            return cells.iter().map(|cell| (None, *cell)).collect();
        };
        let named = cells.first().filter(|cell| specs.is_level2(&cell.text) || cells.len() == columns.len());
        let home = columns.iter().find(|(column, _)| *column == TreeColumn::Level2).map(|(_, at)| *at);
        let (mut out, rest, shift) = match (named, home) {
            (Some(first), Some(home)) => (
                vec![(Some(TreeColumn::Level2), *first)],
                cells.get(1..).unwrap_or_default(),
                i64::from(first.column) - i64::from(home),
            ),
            _ => (Vec::new(), cells, 0),
        };
        let open: Vec<(TreeColumn, u32)> =
            columns.iter().copied().filter(|(column, _)| *column != TreeColumn::Level2).collect();
        if rest.len() == open.len() {
            out.extend(open.iter().zip(rest).map(|((column, _), cell)| (Some(*column), *cell)));
            return out;
        }
        let by_column = |cell: &RawCell| {
            let at = i64::from(cell.column) - shift;
            open.iter().find(|(_, column)| i64::from(*column) == at).map(|(column, _)| *column)
        };
        if rest.iter().all(|cell| by_column(cell).is_some()) {
            out.extend(rest.iter().map(|cell| (by_column(cell), *cell)));
        } else {
            let mut order = open.iter().map(|(column, _)| *column);
            out.extend(rest.iter().map(|cell| (order.next(), *cell)));
        }
        out
    }
}

fn key_of<'a>(cell: Option<&&'a RawCell>) -> Option<Cow<'a, str>> {
    cell.map(|cell| as_key(&cell.text))
}
