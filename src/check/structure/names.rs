//! One name twice in a list of projects.

use std::collections::BTreeMap;

use crate::base::finding::Finding;
use crate::base::text::key;
use crate::check::identity::body_keys;
use crate::check::ledger::Ledger;
use crate::finding_code;
use crate::model::{Disclosure, Row, RowRole};

finding_code! {
    /// A project's name stands twice in one list with different amounts.
    ///
    /// A project may have a row for each function or unit; where it has not, a name has slid.
    pub C132, "project-name-repeated", Info
}

const LISTS: [&str; 4] = [
    "project_expenditure",
    "project_expenditure_summary",
    "general_public_budget_project_expenditure",
    "carryover_expenditure",
];

pub fn evaluate(disclosure: &Disclosure, ledger: &mut Ledger) {
    for table in
        disclosure.tables.iter().filter(|table| table.kind.as_deref().is_some_and(|kind| LISTS.contains(&kind)))
    {
        let bodies = body_keys(table);
        let mut seen: BTreeMap<(String, Vec<&str>), &Row> = BTreeMap::new();
        for row in table.rows.iter().filter(|row| row.role == RowRole::Item && !row.cells.is_empty()) {
            let Some(label) = &row.label else { continue };
            if bodies.contains(&key(&label.text)) {
                continue;
            }
            let codes = row.codes.iter().map(|code| code.code.as_str()).collect();
            if let Some(first) = seen.insert((key(&label.text), codes), row) {
                let finding =
                    Finding::new(&C132, format!("{} stands twice", label.text)).at(&label.place, "again here");
                ledger.findings.push(finding.with(&first.place, "the first time"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::{checked, disclosure, table};

    #[test]
    fn a_name_twice() {
        let list =
            table("project_expenditure", &["project_expenditure"], &["|甲项目|1.00", "|乙项目|2.00", "|甲 项目|3.00"]);
        let (_, findings) = checked(disclosure(vec![list]));
        assert_eq!(findings.iter().filter(|finding| finding.code == "C132").count(), 1);
    }
}
