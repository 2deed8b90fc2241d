//! The column 序号 of a list counts its rows: where it leaves a number out, a row is lost.

use super::numbers::C109;
use crate::base::finding::Finding;
use crate::check::ledger::Ledger;
use crate::model::{ColumnRole, Disclosure, RowRole, Table, TextCell};

/// Shorter lists do not show that they count on.
const NUMBERS_THAT_COUNT_ON: usize = 3;

pub fn evaluate(disclosure: &Disclosure, ledger: &mut Ledger) {
    for table in &disclosure.tables {
        for column in table.columns.iter().filter(|column| column.role == ColumnRole::Sequence) {
            if let Some(cell) = after_gap(table, column.index) {
                let caption = table.name();
                let message = format!("{caption}: number {} stands without the one before it", cell.text);
                ledger.findings.push(Finding::new(&C109, message).at(&cell.place, "a number is left out before it"));
            }
        }
    }
}

/// The number after the only gap of a column that counts on but for it. None where a row without a number stands in the gap.
fn after_gap(table: &Table, column: u32) -> Option<&TextCell> {
    let rows = table.rows.iter().filter(|row| !matches!(row.role, RowRole::ColumnNumbers | RowRole::Heading));
    // Both sides of a printed row share its number.
    let mut printed: Vec<(u32, u32, &TextCell)> = Vec::new();
    for row in rows {
        let Some(cell) = row.texts.iter().find(|text| text.column == column) else { continue };
        printed.push((row.index, cell.text.trim().parse().ok()?, cell));
    }
    printed.dedup_by_key(|(index, ..)| *index);
    let (_, first, cell) = printed.first()?;
    let mut gaps = Vec::new();
    if *first == 2 {
        gaps.push(*cell);
    }
    for pair in printed.windows(2) {
        let [(above, before, _), (index, number, cell)] = pair else { continue };
        match number.checked_sub(*before) {
            Some(1) => {}
            // Another list begins.
            _ if *number == 1 => {}
            Some(2) if above + 1 == *index => gaps.push(*cell),
            _ => return None,
        }
    }
    match gaps.as_slice() {
        [gap] if printed.len() >= NUMBERS_THAT_COUNT_ON => Some(gap),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::{checked, disclosure, table, with_texts};
    use crate::model::ColumnRole;

    /// Numbers that stand after a gap, in a list with these numbers; `-` is a row without one.
    fn told(numbers: &[&str]) -> Vec<String> {
        let rows: Vec<String> = (0..numbers.len()).map(|at| format!("|培训{at}|1.00")).collect();
        let list = table("training_expenses", &["amount"], &rows.iter().map(String::as_str).collect::<Vec<_>>());
        let texts = numbers.iter().map(|number| (*number != "-").then(|| number.to_string()));
        let list = with_texts(list, (0, ColumnRole::Sequence, "序号"), texts);
        let (_, findings) = checked(disclosure(vec![list]));
        findings.into_iter().filter(|finding| finding.code == "C109").map(|finding| finding.message).collect()
    }

    #[test]
    fn a_number_is_left_out() {
        assert_eq!(told(&["1", "2", "3", "4"]), [""; 0]);
        assert_eq!(told(&["1", "2", "4", "5"]), ["training_expenses: number 4 stands without the one before it"]);
        assert_eq!(told(&["2", "3", "4"]).len(), 1, "the first");
        assert_eq!(told(&["1", "2", "-", "4"]), [""; 0], "a row that lost its number only");
        assert_eq!(told(&["1", "2", "1", "2", "3"]), [""; 0], "two lists");
        assert_eq!(told(&["1", "3", "5", "7"]), [""; 0], "it does not count on");
        assert_eq!(told(&["38", "39", "39", "41"]), [""; 0], "misprinted, 佛山 2019");
    }
}
