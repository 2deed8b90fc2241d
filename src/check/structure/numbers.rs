//! Numbered rows that count 一、二、四、三、五、: two names have changed places.

use std::collections::BTreeMap;

use crate::base::finding::Finding;
use crate::check::identity::{is_counted, row_number};
use crate::check::ledger::Ledger;
use crate::finding_code;
use crate::model::{Disclosure, Row, Side, Table};

finding_code! {
    /// Two neighbouring rows have changed places, as their numbers show.
    ///
    /// The rows of a list count on (一、二、三、), and two of them stand the wrong way round: the names were exchanged, or the
    /// rows with their figures. Gaps and numbers that begin anew are not meant.
    pub C106, "rows-changed-places", Warning
}

pub fn evaluate(disclosure: &Disclosure, ledger: &mut Ledger) {
    for table in disclosure.tables.iter().filter(|table| table.kind.is_some()) {
        for row in exchanged(table) {
            let Some(label) = &row.label else { continue };
            let message = format!("{} stands before the row that its number follows", label.text);
            ledger.findings.push(Finding::new(&C106, message).at(&label.place, "out of order"));
        }
    }
}

/// Rows that count together: side, panel, style of the numbers.
type List = (Option<Side>, u32, u8);

/// The first rows of pairs that stand the wrong way round.
fn exchanged(table: &Table) -> Vec<&Row> {
    let mut lists: BTreeMap<List, Vec<(u32, &Row)>> = BTreeMap::new();
    for row in table.rows.iter().filter(|row| is_counted(row)) {
        if let Some((style, value)) = row_number(row) {
            lists.entry((row.side, row.panel, style as u8)).or_default().push((value, row));
        }
    }
    let mut found = Vec::new();
    for list in lists.values() {
        for (at, pair) in list.windows(2).enumerate() {
            let [(first, row), (second, _)] = pair else { continue };
            let before = at.checked_sub(1).and_then(|at| list.get(at)).map_or(0, |(value, _)| *value);
            let after = list.get(at + 2).map(|(value, _)| *value);
            let follows = *first == second + 1 && before + 1 == *second;
            if follows && after.is_none_or(|after| after == first + 1 || after == 1) {
                found.push(*row);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::{checked, disclosure, table};

    fn found(rows: &[&str]) -> usize {
        let (_, findings) = checked(disclosure(vec![table("revenue_expenditure_summary", &["total"], rows)]));
        findings.iter().filter(|finding| finding.code == "C106").count()
    }

    #[test]
    fn two_rows_the_wrong_way_round() {
        assert_eq!(found(&["|一、甲|1.00", "|二、乙|2.00", "|三、丙|3.00", "|四、丁|3.00"]), 0);
        assert_eq!(found(&["|一、甲|1.00", "|三、丙|2.00", "|二、乙|3.00", "|四、丁|3.00"]), 1);
        assert_eq!(found(&["|二、乙|1.00", "|一、甲|2.00"]), 1);
        assert_eq!(found(&["|一、甲|1.00", "|三、丙|2.00", "|四、丁|3.00"]), 0, "a gap");
        assert_eq!(found(&["|一、甲|1.00", "|二、乙|2.00", "|一、丙|3.00", "|二、丁|3.00"]), 0, "a second list");
    }
}
