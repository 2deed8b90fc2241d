//! The cells of a form in reading order, each with what its text announces.

use std::collections::BTreeMap;

use crate::base::amount::parse_figure;
use crate::base::place::{Place, Printed};
use crate::base::text::{is_all_blank, is_blank, unwrap_label};
use crate::segment::{RawCell, RawTable};
use crate::spec::forms::{FormLabel, FormSpecs, LabelMatch};

/// A non-blank cell of a form.
pub(super) struct FormCell<'a> {
    pub cell: &'a RawCell,
    pub matched: Option<LabelMatch>,
    /// The value printed in the same cell behind the colon of a label: `负责人：张三`.
    pub inline: Option<Box<Inline>>,
}

/// What a cell prints of a label and of its value.
pub(super) struct Inline {
    pub label: Printed,
    pub value: Printed,
}

impl FormCell<'_> {
    pub fn label(&self) -> Option<FormLabel> {
        self.matched.as_ref().map(|matched| matched.label)
    }

    /// What it prints as a label: the whole cell, or what stands before the value.
    pub fn printed_label(&self) -> Printed {
        self.inline.as_ref().map_or_else(|| self.printed(), |inline| inline.label.clone())
    }

    /// The whole cell as printed.
    pub fn printed(&self) -> Printed {
        printed_of(self.cell)
    }
}

/// A cell as printed; on a page the blanks that wrapping left are gone.
pub(super) fn printed_of(cell: &RawCell) -> Printed {
    let text = match cell.place {
        Place::Page { .. } => unwrap_label(&cell.text),
        Place::Text { .. } => cell.text.clone(),
    };
    Printed::new(text, cell.place.clone())
}

/// Header and body rows alike: a form has no header in the sense of other tables.
pub(super) fn form_rows<'a>(raw: &'a RawTable, specs: &'a FormSpecs) -> impl Iterator<Item = Vec<FormCell<'a>>> {
    let mut header: BTreeMap<u32, Vec<&RawCell>> = BTreeMap::new();
    for cell in &raw.header {
        header.entry(cell.row).or_default().push(cell);
    }
    let header = header.into_values().map(|cells| cells_to_row(cells, specs));
    header.chain(raw.rows.iter().map(|row| cells_to_row(&row.cells, specs))).filter(|row| !row.is_empty())
}

fn cells_to_row<'a>(cells: impl IntoIterator<Item = &'a RawCell>, specs: &FormSpecs) -> Vec<FormCell<'a>> {
    let printed = cells.into_iter().filter(|cell| !is_all_blank(&cell.text));
    let mut row: Vec<FormCell<'_>> = printed.map(|cell| cell_to_form_cell(cell, specs)).collect();
    row.sort_by_key(|cell| cell.cell.column);
    row
}

fn cell_to_form_cell<'a>(cell: &'a RawCell, specs: &FormSpecs) -> FormCell<'a> {
    let plain = FormCell { cell, matched: None, inline: None };
    // A label, with or without its value, is what the cell begins with.
    if specs.begins_otherwise(&cell.text) {
        return plain;
    }
    let matched = specs.label(&cell.text);
    if matched.is_some() {
        return FormCell { matched, ..plain };
    }
    match label_with_value(cell, specs).or_else(|| label_around_figure(cell, specs)) {
        Some((matched, inline)) => FormCell { matched: Some(matched), inline: Some(Box::new(inline)), ..plain },
        None => plain,
    }
}

/// `资金金额1620.98（万元）` (西安 2019): the label with its unit, and the figure in between.
fn label_around_figure(cell: &RawCell, specs: &FormSpecs) -> Option<(LabelMatch, Inline)> {
    let at = cell.text.bytes().position(|b| b.is_ascii_digit())?;
    let (name, rest) = cell.text.split_at_checked(at)?;
    let (figure, remark) = rest.split_at_checked(rest.find(['(', '（'])?)?;
    parse_figure(figure)?;
    let matched = specs.label(&format!("{name}{remark}")).filter(|matched| matched.unit.is_some())?;
    let place = cell.place.within(name.chars().count(), figure.trim_end().chars().count());
    Some((matched, Inline { label: printed_of(cell), value: Printed::new(figure.trim_end(), place) }))
}

/// `经办人：李四` → the label and its value, each with its place.
fn label_with_value(cell: &RawCell, specs: &FormSpecs) -> Option<(LabelMatch, Inline)> {
    let (before, after) = cell.text.split_once([':', '：'])?;
    let matched = specs.label(before)?;
    let value = after.trim_start_matches(is_blank);
    if value.is_empty() {
        return None;
    }
    let label_length = before.chars().count() + 1;
    let skip = cell.text.chars().count() - value.chars().count();
    let label: String = cell.text.chars().take(label_length).collect();
    let label = Printed::new(label, cell.place.within(0, label_length));
    let value = Printed::new(value.trim_end_matches(is_blank), cell.place.within(skip, value.chars().count()));
    Some((matched, Inline { label, value }))
}
