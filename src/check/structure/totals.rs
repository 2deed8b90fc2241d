//! A total row that stands again on a continuation page.

use std::collections::BTreeMap;

use crate::base::finding::Finding;
use crate::check::ledger::Ledger;
use crate::finding_code;
use crate::model::{Disclosure, Row, RowRole};

finding_code! {
    /// The total row of a table stands twice with the same figures.
    ///
    /// Some publishers repeat it at the head of a continuation page. It is one total, and sums take it once.
    pub C131, "total-repeated", Info
}

pub fn evaluate(disclosure: &Disclosure, ledger: &mut Ledger) {
    for table in &disclosure.tables {
        let mut seen: BTreeMap<(Option<crate::model::Side>, u32, Vec<String>), &Row> = BTreeMap::new();
        for row in table.rows.iter().filter(|row| row.role == RowRole::Total && !row.cells.is_empty()) {
            let mut figures = vec![row.item.clone().unwrap_or_default()];
            figures.extend(row.cells.iter().map(|cell| format!("{} {}", cell.column, cell.printed)));
            if let Some(first) = seen.insert((row.side, row.panel, figures), row) {
                let label = row.label.as_ref().map_or("", |label| label.text.as_str());
                let finding = Finding::new(&C131, format!("{label} stands twice")).at(&row.place, "again here");
                ledger.findings.push(finding.with(&first.place, "the first time"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::{checked, disclosure, outcomes, table};

    #[test]
    fn a_repeated_total_is_said_and_counted_once() {
        // Foshan 2019: 合计 again on the continuation page.
        let rows = ["|合计|3.00", "201|一般|1.00", "|合计|3.00", "202|外交|2.00"];
        let (out, findings) = checked(disclosure(vec![table("x", &["total"], &rows)]));
        assert_eq!(findings.iter().filter(|finding| finding.code == "C131").count(), 1);
        assert_eq!(outcomes(&out, "total_is_sum_of_rows"), [1, 0, 0, 0]);
    }
}
