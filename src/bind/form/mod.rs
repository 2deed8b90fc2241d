//! Performance-target forms: cells read in order as labels and the values that follow them.
//!
//! No rule depends on the number of a column: in the seed the same label stands in column 1, 2 or 3 of forms that were
//! one form when they were filled in (lines 489–1062). What is a label is data (`spec/forms`); a value is what follows a
//! label up to the next one; every other cell goes to `fields` or is reported.

mod block;
mod cells;
mod fields;
mod figures;
mod measures;
mod placed;
mod tree;
mod value;

use crate::base::finding::Finding;
use crate::base::place::Printed;
use crate::finding_code;
use crate::model::{Field, FormFigure, GridMethod, PerformanceTarget};
use crate::segment::{RawCell, RawTable};
use crate::spec::Specs;
use crate::spec::forms::{FormLabel, TreeColumn};

use cells::{FormCell, form_rows};
use fields::FormReader;
use placed::PlacedTree;
use tree::Tree;

finding_code! {
    /// A cell of a performance-target form is neither a known label nor follows one.
    ///
    /// The form is read as labels and values; a text that no label announces has no meaning that could be relied on.
    /// It is printed here and left out of the data. This tells of our reading, not of the publisher: a hint.
    pub B401, "form-cell-without-label", Info
}

finding_code! {
    /// What stands where an amount belongs in a performance-target form is no figure.
    pub B402, "form-amount-is-no-figure", Warning
}

finding_code! {
    /// A performance-target form has amounts and names no unit for them.
    pub B403, "form-without-unit", Warning
}

finding_code! {
    /// An indicator stands under a level-1 name that it does not belong under (成本指标 under 效益指标).
    ///
    /// The tree is kept as printed. Usually a merged cell was drawn one row too high or too low.
    pub B404, "indicator-under-another-heading", Info
}

/// Reads one form. `ordinal` is its 1-based number in the document.
///
/// Every non-blank cell is bound (`labels` for labels) or reported. Amounts keep the printed unit.
pub fn bind_form(
    raw: &RawTable,
    kind: &str,
    ordinal: usize,
    specs: &Specs,
    findings: &mut Vec<Finding>,
) -> PerformanceTarget {
    let unit = raw.unit.as_ref().and_then(fields::line_to_unit);
    let field = raw.body.as_ref().and_then(fields::line_to_field);
    // A line above the form that states neither is kept as printed.
    let unread_unit = raw.unit.iter().filter(|_| unit.is_none());
    let unread_body = raw.body.iter().filter(|_| field.is_none());
    let form = PerformanceTarget {
        id: format!("f{ordinal}"),
        kind: kind.to_string(),
        caption: raw.caption.clone(),
        mark: raw.mark.clone(),
        subtitles: raw.subtitles.iter().chain(unread_unit).chain(unread_body).cloned().collect(),
        notes: raw.notes.clone(),
        repeated: raw.repeated.clone(),
        fragments: raw.fragments.clone(),
        unit,
        fields: field.into_iter().collect(),
        ..PerformanceTarget::default()
    };
    let is_placed = !raw.fragments.is_empty() && raw.fragments.iter().all(|part| part.method != GridMethod::Delimited);
    let mut reader = FormReader::new(form, is_placed);
    let before = findings.len();
    let mut tree: Option<Tree> = None;
    let mut placed: Option<PlacedTree> = None;
    for row in form_rows(raw, &specs.forms) {
        if is_tree_header(&row) && is_placed {
            placed = Some(PlacedTree::from_header(&row, &mut reader.form.labels));
        } else if is_tree_header(&row) {
            tree = Some(Tree::from_header(&row, &mut reader.form.labels));
        } else if let Some(tree) = placed.as_mut().filter(|tree| tree.holds(&row)) {
            tree.read_row(&row, &specs.forms, &mut reader.form, findings);
        } else if let Some(tree) = tree.as_mut().filter(|_| is_tree_row(&row)) {
            let cells: Vec<&RawCell> = row.iter().map(|cell| cell.cell).collect();
            tree.read_row(&cells, &specs.forms, &mut reader.form, findings);
        } else {
            (tree, placed) = (None, None);
            reader.read_row(&row, findings);
        }
    }
    let mut form = reader.finish(findings);
    form.figures = figures::other_figures(raw, &form);
    measures::name_measures(&mut form, &specs.forms);
    // A figure that its row and column tell stands no longer alone.
    let told = findings.split_off(before).into_iter().filter(|finding| !is_told(finding, &form.figures));
    findings.extend(told.collect::<Vec<_>>());
    form
}

fn is_told(finding: &Finding, figures: &[FormFigure]) -> bool {
    let place = finding.place.as_ref();
    finding.code == B401.id && figures.iter().any(|figure| figure.row.is_some() && Some(&figure.place) == place)
}

/// The row that names the columns of the tree; 分值 and 得分 stand beside funds too.
fn is_tree_header(row: &[FormCell<'_>]) -> bool {
    let is_column =
        |cell: &FormCell<'_>| matches!(cell.label(), Some(FormLabel::TreeColumn(c)) if c != TreeColumn::Further);
    row.iter().any(is_column)
}

/// A row of the tree begins with a name or with what stands beside the whole tree; never with the label of a field.
fn is_tree_row(row: &[FormCell<'_>]) -> bool {
    row.first().is_some_and(|first| match first.label() {
        Some(label) => label == FormLabel::TreeHeading,
        None => !first.cell.text.ends_with([':', '：']),
    })
}

/// A cell that nothing announces.
fn report_unlabelled(cell: &FormCell<'_>, findings: &mut Vec<Finding>) {
    report_cell(&cell.printed(), findings);
}

fn report_cell(printed: &Printed, findings: &mut Vec<Finding>) {
    let message = format!("no label announces “{}”", printed.text);
    findings.push(Finding::new(&B401, message).at(&printed.place, "stands alone"));
}

/// Keeps a value under the label that it follows, where the label has its value already or is unknown.
fn keep_field(form: &mut PerformanceTarget, label: Printed, value: Printed) {
    form.fields.push(Field { label, path: Vec::new(), value, unit: None, measure: None });
}

#[cfg(test)]
mod tests;
