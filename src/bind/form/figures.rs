//! Figures of a form that are no funds, indicators or labelled values: 分值, 得分, 全年执行数 of self-evaluations.
//!
//! Forms are many and their columns differ; what a cell says of itself is what stands left of it and above it.

use crate::base::amount::parse_figure;
use crate::base::place::{Place, Printed};
use crate::base::text::{as_squashed, is_ideograph, unwrap_label};
use crate::model::{FormFigure, PerformanceTarget};
use crate::segment::{RawCell, RawTable};

/// The figures of the grid at places that nothing of `form` holds as a value, in reading order.
pub(super) fn other_figures(raw: &RawTable, form: &PerformanceTarget) -> Vec<FormFigure> {
    let held = held_places(form);
    let cells = placed_cells(raw);
    let mut figures = Vec::new();
    // Most cells are words, which nothing has to be taken out of to be seen as none.
    for (index, (row, cell)) in cells.iter().enumerate().filter(|(_, (_, cell))| !cell.text.contains(is_ideograph)) {
        let printed = as_squashed(&cell.text);
        let Some(amount) = parse_figure(&printed).filter(|_| !held.contains(&&cell.place)) else { continue };
        let before = cells.get(..index).unwrap_or_default();
        figures.push(FormFigure {
            row: label_left(before, *row, cell),
            header: label_above(before, *row, cell).into_iter().collect(),
            measure: None,
            printed: printed.into_owned(),
            amount,
            place: cell.place.clone(),
        });
    }
    figures
}

/// Places of the values that the form knows; labels hold none.
fn held_places(form: &PerformanceTarget) -> Vec<&Place> {
    let named = [
        &form.project,
        &form.supervising_department,
        &form.implementing_unit,
        &form.attribute,
        &form.period,
        &form.overview,
        &form.basis,
        &form.necessity,
        &form.measures,
        &form.plan,
        &form.responsible_person,
        &form.handler,
        &form.phone,
    ];
    let named = named.into_iter().flatten().map(|printed| &printed.place);
    let funds = form.funds.iter().filter_map(|fund| fund.place.as_ref());
    let values = form.indicators.iter().filter_map(|indicator| Some(&indicator.value.as_ref()?.place));
    let further = form.indicators.iter().flat_map(|indicator| &indicator.fields);
    let fields = form.fields.iter().chain(further).map(|field| &field.value.place);
    let filled_at = form.filled_at.iter().map(|filled| &filled.place);
    named.chain(funds).chain(values).chain(fields).chain(filled_at).collect()
}

/// Header and body with their rows counted through.
fn placed_cells(raw: &RawTable) -> Vec<(u32, &RawCell)> {
    let header = raw.header.iter().map(|cell| (cell.row, cell));
    let body = raw.rows.iter().zip(raw.header_rows..).flat_map(|(row, at)| row.cells.iter().map(move |c| (at, c)));
    header.chain(body).collect()
}

fn is_word(cell: &RawCell) -> bool {
    cell.text.chars().any(char::is_alphabetic)
}

/// The nearest words left of a cell, in its row or in a cell that reaches into it. `before` are the cells before it.
fn label_left(before: &[(u32, &RawCell)], row: u32, cell: &RawCell) -> Option<Printed> {
    let reaches = |at: &u32, other: &RawCell| (*at..*at + other.row_span.max(1)).contains(&row);
    let left = before.iter().filter(|(at, other)| other.column < cell.column && reaches(at, other) && is_word(other));
    let (_, label) = left.max_by_key(|(_, other)| other.column)?;
    Some(Printed::new(unwrap_label(&label.text), label.place.clone()))
}

/// The nearest words above a cell; the last of them come first.
fn label_above(before: &[(u32, &RawCell)], row: u32, cell: &RawCell) -> Option<String> {
    let covers = |other: &RawCell| (other.column..other.column + other.column_span.max(1)).contains(&cell.column);
    let mut above = before.iter().rev().filter(|(at, other)| *at < row && covers(other) && is_word(other));
    above.next().map(|(_, other)| unwrap_label(&other.text))
}
