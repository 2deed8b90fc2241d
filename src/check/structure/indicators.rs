//! Indicators of a project that begin anew: the row that names the next project is lost.

use std::collections::BTreeSet;

use crate::base::finding::Finding;
use crate::base::text::key;
use crate::check::identity::is_counted;
use crate::check::ledger::Ledger;
use crate::finding_code;
use crate::model::{Disclosure, Layout, Row, Table};
use crate::spec::forms::{FormLabel, FormSpecs, TreeColumn};

finding_code! {
    /// The indicators below a project begin anew.
    ///
    /// A list of performance targets names each project in the first row of its indicators, and groups these by 一级指标 and
    /// 二级指标. Where a group comes a second time below one project, and in the list's other projects none does, the row that
    /// names the next project is lost, with its amounts.
    pub C135, "indicators-begin-anew", Warning
}

/// So many projects must have each group once before one that has not is told.
const PROJECTS_THAT_TELL: usize = 4;
/// More projects than this with a group twice: it is the habit of the list.
const SLIPS: usize = 1;

pub fn evaluate(disclosure: &Disclosure, forms: &FormSpecs, ledger: &mut Ledger) {
    for table in disclosure.tables.iter().filter(|table| table.layout == Layout::Rows) {
        let levels = indicator_columns(table, forms);
        if levels.len() < 2 {
            continue;
        }
        let projects = table_to_projects(table);
        let repeating: Vec<&Row> = projects.iter().filter_map(|rows| begins_anew(rows, &levels)).collect();
        if repeating.len() > SLIPS || projects.len() < PROJECTS_THAT_TELL + repeating.len() {
            continue;
        }
        let caption = table.caption.as_ref().map_or("a list", |caption| caption.text.as_str());
        for row in repeating {
            let message = format!("{caption}: indicators begin anew without a project of their own");
            ledger.findings.push(Finding::new(&C135, message).at(&row.place, "a kind of indicators for the second time"));
        }
    }
}

/// Columns 一级指标 and 二级指标.
fn indicator_columns(table: &Table, forms: &FormSpecs) -> Vec<u32> {
    let is_level = |text: &String| {
        let label = forms.label(text).map(|found| found.label);
        matches!(label, Some(FormLabel::TreeColumn(TreeColumn::Level1 | TreeColumn::Level2)))
    };
    table.columns.iter().filter(|column| column.path.last().is_some_and(is_level)).map(|column| column.index).collect()
}

/// The rows of each project: one with an amount begins the next.
fn table_to_projects(table: &Table) -> Vec<Vec<&Row>> {
    let mut projects: Vec<Vec<&Row>> = Vec::new();
    for row in table.rows.iter().filter(|row| is_counted(row)) {
        match projects.last_mut() {
            Some(project) if row.cells.is_empty() => project.push(row),
            _ => projects.push(vec![row]),
        }
    }
    projects
}

/// The first row of a group that the project had before, with another between.
fn begins_anew<'t>(rows: &[&'t Row], levels: &[u32]) -> Option<&'t Row> {
    let mut seen: BTreeSet<Vec<String>> = BTreeSet::new();
    let mut last: Option<Vec<String>> = None;
    for row in rows {
        let text = |column: &u32| row.texts.iter().find(|text| text.column == *column).map(|text| key(&text.text));
        let Some(group) = levels.iter().map(text).collect::<Option<Vec<String>>>() else { continue };
        if last.as_ref() != Some(&group) {
            if !seen.insert(group.clone()) {
                return Some(row);
            }
            last = Some(group);
        }
    }
    None
}
