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
    /// A project may have a row for each function or unit, and lists of many units repeat names throughout; where one name
    /// or two stand twice in a list with nothing to tell the rows apart, a name has slid.
    pub C132, "project-name-repeated", Info
}

/// A list that repeats more names than this does so on purpose.
const REPEATED_BY_MISTAKE: usize = 2;

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
        let mut found = Vec::new();
        let mut seen: BTreeMap<(String, Vec<&str>), &Row> = BTreeMap::new();
        for row in &table.rows {
            // A heading or a subtotal opens the projects of another unit.
            if matches!(row.role, RowRole::Subtotal | RowRole::Heading) {
                seen.clear();
            }
            if row.role != RowRole::Item || row.cells.is_empty() {
                continue;
            }
            let Some(label) = &row.label else { continue };
            if bodies.contains(&key(&label.text)) {
                continue;
            }
            let codes = row.codes.iter().map(|code| code.code.as_str());
            // What else the row says: the unit, the function, the source of the money.
            let rest = codes.chain(row.texts.iter().map(|text| text.text.as_str())).collect();
            if let Some(first) = seen.insert((key(&label.text), rest), row) {
                let finding =
                    Finding::new(&C132, format!("{} stands twice", label.text)).at(&label.place, "again here");
                found.push(finding.with(&first.place, "the first time"));
            }
        }
        // A list that repeats many names has a row for each unit, whose names it does not print beside them.
        if found.len() <= REPEATED_BY_MISTAKE {
            ledger.findings.extend(found);
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

    fn told(rows: &[&str]) -> usize {
        let list = table("project_expenditure", &["project_expenditure"], rows);
        let (_, findings) = checked(disclosure(vec![list]));
        findings.iter().filter(|finding| finding.code == "C132").count()
    }

    #[test]
    fn units_may_have_projects_of_one_name() {
        assert_eq!(told(&["|#甲校|1.00", "|安保经费|1.00", "|#乙校|2.00", "|安保经费|2.00"]), 0);
        assert_eq!(told(&["205|安保经费|1.00", "208|安保经费|2.00"]), 0, "of another function");
        let rows = ["|甲|1.00", "|乙|1.00", "|丙|1.00", "|甲|2.00", "|乙|2.00", "|丙|2.00"];
        assert_eq!(told(&rows), 0, "a list that repeats its names throughout");
    }
}
