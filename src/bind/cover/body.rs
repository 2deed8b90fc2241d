//! Whose document it is: what the tables name, and what of it is another's.

use std::collections::BTreeMap;

use super::stated::stated;
use crate::base::finding::{Finding, Severity};
use crate::base::text::{key, squash, unwrap_label};
use crate::finding_code;
use crate::model::{Metadata, Stated};
use crate::segment::Outline;
use crate::spec::Specs;

finding_code! {
    /// A table names another body than the document.
    ///
    /// A warning where the other tables name the document's body; information where the tables of a department name
    /// its units, or one body by two names.
    pub B413, "another-body", Warning
}

pub fn is_only_a_place(name: &str, specs: &Specs) -> bool {
    specs.regions.find(name).is_some_and(|found| found.start == 0 && found.length == name.chars().count())
}

/// What the lines of the tables name.
pub fn table_bodies(outline: &Outline, specs: &Specs) -> Vec<Stated<String>> {
    let lines = outline.tables.iter().filter_map(|table| table.body.as_ref());
    lines
        .filter_map(|line| {
            let (_, name) = specs.cover.body_line(&line.text)?;
            Some(stated(squash(name), name, std::slice::from_ref(line)))
        })
        .collect()
}

/// The name in the first row of a form: 部门名称 / 北京市审计局 (北京 2026, table 13, the only place that names the body).
pub fn body_of_forms(outline: &Outline, specs: &Specs) -> Option<Stated<String>> {
    let forms = outline.tables.iter().filter(|table| table.header_rows == 0);
    forms.filter_map(|table| table.rows.first()).find_map(|row| {
        let [label, value] = row.cells.as_slice() else { return None };
        let name = unwrap_label(&value.text);
        let is_named = specs.cover.is_body_label(&label.text) && !name.is_empty();
        is_named.then(|| Stated { printed: name.clone(), value: name, place: value.place.clone() })
    })
}

/// The name most tables give; of two equally frequent ones neither.
pub fn most_frequent(names: &[Stated<String>]) -> Option<Stated<String>> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for name in names {
        *counts.entry(key(&name.value)).or_default() += 1;
    }
    let best = counts.values().max()?;
    let mut winners = counts.iter().filter(|(_, count)| *count == best);
    let (winner, None) = (winners.next()?, winners.next()) else { return None };
    names.iter().find(|name| key(&name.value) == *winner.0).cloned()
}

/// A body that so many tables name has its own set in the document of its department; a name left over stands in fewer.
const TABLES_OF_A_SET: usize = 4;

pub fn report_other_bodies(table_bodies: &[Stated<String>], metadata: &Metadata, findings: &mut Vec<Finding>) {
    let Some(body) = &metadata.body else { return };
    let is_same = |name: &str| {
        let (name, body) = (key(name), key(&body.value));
        name.contains(&body) || body.contains(&name)
    };
    let some_agree = table_bodies.iter().any(|name| is_same(&name.value));
    let mut seen: Vec<String> = Vec::new();
    for other in table_bodies.iter().filter(|name| !is_same(&name.value)) {
        if seen.contains(&other.value) {
            continue;
        }
        seen.push(other.value.clone());
        let is_named = table_bodies.iter().filter(|name| name.value == other.value).count();
        if some_agree && is_named >= TABLES_OF_A_SET {
            continue;
        }
        let message = format!("a table is of {}, the document of {}", other.value, body.value);
        let mut finding = Finding::new(&B413, message).at(&other.place, "another body");
        if !some_agree {
            finding.severity = Severity::Info;
        }
        findings.push(finding.with(&body.place, "the body of the document"));
    }
}
