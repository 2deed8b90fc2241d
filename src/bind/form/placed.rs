//! The tree of indicators on a page: every cell stands below the heading of its column.
//!
//! Where a grid has its columns from the page (rulings, alignment) they are to be relied on; only in converted text do
//! they slide, and there [`Tree`](super::tree::Tree) reads by order and by names.

use crate::base::finding::Finding;
use crate::base::place::Printed;
use crate::base::text::key;
use crate::model::{Field, Half, Indicator, PerformanceTarget};
use crate::spec::forms::{FormLabel, FormSpecs, TreeColumn};

use super::B404;
use super::cells::FormCell;
use super::value::printed_to_value;

struct Heading {
    is: Is,
    half: usize,
    column: u32,
    end: u32,
    printed: Printed,
}

#[derive(Clone, Copy, PartialEq)]
enum Is {
    Column(TreeColumn),
    /// 绩效指标 over names that are printed as one: 产出指标数量指标出具报告 (北京 2026, table 13).
    Glued,
}

/// A tree whose columns are known.
pub(super) struct PlacedTree {
    headings: Vec<Heading>,
    halves: usize,
    level1: Option<Printed>,
    /// Level 2 that goes on, per half.
    level2: Vec<Option<Printed>>,
}

/// What a row prints of one half.
struct HalfRow {
    indicator: Indicator,
    comparator: Option<Printed>,
    unit: Option<Printed>,
}

impl HalfRow {
    fn of(half: Half) -> HalfRow {
        let indicator = Indicator { half, level1: None, level2: None, level3: None, value: None, fields: Vec::new() };
        HalfRow { indicator, comparator: None, unit: None }
    }
}

impl PlacedTree {
    /// From the row that names the columns; a column named again opens the second half.
    pub fn from_header(row: &[FormCell<'_>], labels: &mut Vec<Printed>) -> PlacedTree {
        let mut headings: Vec<Heading> = Vec::new();
        let mut half = 0;
        for cell in row {
            labels.push(cell.printed());
            let is = match cell.label() {
                Some(FormLabel::TreeColumn(column)) => Is::Column(column),
                // Beside the tree, left of it: 绩效指标 heads the rows, not a column.
                _ if headings.is_empty() && cell.cell.column == 0 => continue,
                Some(FormLabel::TreeHeading) => Is::Glued,
                _ => Is::Column(TreeColumn::Further),
            };
            let is_repeated = is != Is::Column(TreeColumn::Further) && is != Is::Column(TreeColumn::Level1);
            if is_repeated && headings.iter().any(|known| known.half == half && known.is == is) {
                half += 1;
            }
            let (column, end) = (cell.cell.column, cell.cell.column + cell.cell.column_span.max(1));
            headings.push(Heading { is, half, column, end, printed: cell.printed() });
        }
        PlacedTree { headings, halves: half + 1, level1: None, level2: vec![None; half + 1] }
    }

    /// The column that a cell stands below: the one that it begins in.
    fn heading_of(&self, cell: &FormCell<'_>) -> Option<&Heading> {
        self.headings.iter().rev().find(|heading| heading.column <= cell.cell.column)
    }

    /// A cell that ends before the tree begins.
    fn is_beside(&self, cell: &FormCell<'_>) -> bool {
        let first = self.headings.first().map_or(0, |heading| heading.column);
        cell.cell.column + cell.cell.column_span.max(1) <= first
    }

    /// True for a row whose cells each stand below one heading. 总分 that begins beside the tree and reaches into it,
    /// and a text below several columns, are none of the tree's.
    pub fn holds(&self, row: &[FormCell<'_>]) -> bool {
        let beside = row.iter().take_while(|cell| self.is_beside(cell));
        let names_field = |cell: &FormCell<'_>| matches!(cell.label(), Some(FormLabel::Field(_) | FormLabel::Other));
        let mut inside = row.iter().skip_while(|cell| self.is_beside(cell)).peekable();
        if beside.clone().any(names_field) || inside.peek().is_none_or(|first| names_field(first)) {
            return false;
        }
        let alone = row.iter().filter(|cell| !self.is_beside(cell)).count() == 1;

        inside.all(|cell| {
            let end = cell.cell.column + cell.cell.column_span.max(1);
            let covered =
                self.headings.iter().filter(|heading| heading.column < end && cell.cell.column < heading.end).count();
            self.heading_of(cell).is_some() && (!alone || covered <= 1)
        })
    }

    /// Reads one row into indicators.
    pub fn read_row(
        &mut self,
        row: &[FormCell<'_>],
        specs: &FormSpecs,
        form: &mut PerformanceTarget,
        findings: &mut Vec<Finding>,
    ) {
        let half_of = |half: usize| {
            if self.halves > 1 && half == 0 { Half::ImplementationPeriod } else { Half::Annual }
        };
        let mut read: Vec<HalfRow> = (0..self.halves).map(|half| HalfRow::of(half_of(half))).collect();
        let mut level1: Option<Printed> = None;
        let mut is_bound = false;
        for cell in row {
            let printed = cell.printed();
            let Some(heading) = self.heading_of(cell).filter(|_| !self.is_beside(cell)) else {
                form.labels.push(printed);
                continue;
            };
            let Some(HalfRow { indicator, comparator, unit }) = read.get_mut(heading.half) else { continue };
            let slot = match heading.is {
                Is::Column(TreeColumn::Level1) => &mut level1,
                Is::Column(TreeColumn::Level2) => &mut indicator.level2,
                Is::Column(TreeColumn::Level3) => &mut indicator.level3,
                Is::Column(TreeColumn::Comparator) => comparator,
                Is::Column(TreeColumn::Unit) => unit,
                Is::Column(TreeColumn::Value) if indicator.value.is_none() => {
                    indicator.value = Some(printed_to_value(printed, specs));
                    is_bound = true;
                    continue;
                }
                Is::Glued if indicator.level3.is_none() => {
                    let names = split_glued(&printed, specs);
                    (indicator.level1, indicator.level2, indicator.level3) = names;
                    is_bound = true;
                    continue;
                }
                Is::Column(TreeColumn::Value | TreeColumn::Further) | Is::Glued => {
                    indicator.fields.push(further(heading, printed));
                    is_bound = true;
                    continue;
                }
            };
            is_bound |= heading.is != Is::Column(TreeColumn::Level1);
            if slot.is_none() {
                *slot = Some(printed);
            } else {
                indicator.fields.push(further(heading, printed));
            }
        }
        if let Some(level1) = level1 {
            self.level2.fill(None);
            if !is_bound {
                form.labels.push(level1.clone());
            }
            self.level1 = Some(level1);
        }
        for (half, HalfRow { mut indicator, comparator, unit }) in read.into_iter().enumerate() {
            let is_blank = indicator.level2.is_none() && indicator.level3.is_none() && indicator.value.is_none();
            if is_blank && indicator.fields.is_empty() {
                continue;
            }
            complete(&mut indicator, comparator, unit);
            self.carry(half, &mut indicator, specs, findings);
            form.indicators.push(indicator);
        }
    }

    /// Names of merged cells go on below.
    fn carry(&mut self, half: usize, indicator: &mut Indicator, specs: &FormSpecs, findings: &mut Vec<Finding>) {
        if indicator.level1.is_some() {
            return;
        }
        // The heading's cell was cut by the page, and its name stands on the other one (西安商务局 2022, p83).
        let is_cut = |level1: &Printed| {
            let level2 = indicator.level2.as_ref().filter(|level2| level2.place.page() != level1.place.page());
            level2.is_some_and(|level2| specs.stands_elsewhere(&level2.text, &level1.text))
        };
        self.level1 = self.level1.take().filter(|level1| !is_cut(level1));
        indicator.level1 = self.level1.clone();
        let Some(carried) = self.level2.get_mut(half) else { return };
        match &indicator.level2 {
            Some(level2) => {
                *carried = Some(level2.clone());
                report_heading(level2, indicator.level1.as_ref(), specs, findings);
            }
            None => {
                // A list that begins anew is of another cell, whose name stands on the next page (西安商务局 2022, p74).
                let begins = indicator.level3.as_ref().is_some_and(|name| specs.begins_list(&name.text));
                indicator.level2 = carried.take().filter(|_| !begins);
                carried.clone_from(&indicator.level2);
            }
        }
    }
}

fn further(heading: &Heading, value: Printed) -> Field {
    Field { label: heading.printed.clone(), path: Vec::new(), value, unit: None, measure: None }
}

/// Comparator and unit of columns of their own; a lone unit makes the value's figure one.
fn complete(indicator: &mut Indicator, comparator: Option<Printed>, unit: Option<Printed>) {
    let Some(value) = indicator.value.as_mut() else { return };
    if let Some(printed) = comparator {
        value.comparator = Some(key(&printed.text));
    }
    if let Some(printed) = unit {
        value.unit = Some(printed.text);
    }
}

/// The three names of a cell that prints them as one; the whole text as the third where it begins with none.
fn split_glued(printed: &Printed, specs: &FormSpecs) -> (Option<Printed>, Option<Printed>, Option<Printed>) {
    let Some((first, second)) = specs.glued_names(&printed.text) else { return (None, None, Some(printed.clone())) };
    let part = |start: usize, length: usize| {
        let text: String = printed.text.chars().skip(start).take(length).collect();
        Some(Printed::new(text, printed.place.within(start, length)))
    };
    let rest = printed.text.chars().count().saturating_sub(first + second);
    (part(0, first), part(first, second), part(first + second, rest))
}

/// 成本指标 under 效益指标.
pub(super) fn report_heading(
    level2: &Printed,
    level1: Option<&Printed>,
    specs: &FormSpecs,
    findings: &mut Vec<Finding>,
) {
    let Some(level1) = level1 else { return };
    if specs.stands_elsewhere(&level2.text, &level1.text) {
        let message = format!("{} stands under {}", level2.text, level1.text);
        let finding = Finding::new(&B404, message).at(&level2.place, "belongs elsewhere");
        findings.push(finding.with(&level1.place, "the heading printed above it"));
    }
}
