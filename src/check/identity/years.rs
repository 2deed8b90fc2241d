//! Rows of one thing in two years, and what it changed by: 2025年, 2026年, 增减变化金额 (Shenzhen, “三公”经费支出表).

use super::address::{Amounts, columns_of};
use crate::base::finding::Finding;
use crate::base::text::{begins_otherwise, key};
use crate::check::ledger::{I101, Ledger};
use crate::check::term::{Relation, Term};
use crate::check::verdict::judge;
use crate::finding_code;
use crate::model::{ColumnRole, Row, Table};
use crate::spec::identities::{Down, Words};

finding_code! {
    /// A row of a change stands without one of the years that it compares.
    ///
    /// 增减变化金额 follows the rows of two years of the same unit: the row of a year is lost, or it lost its year.
    pub C137, "change-without-its-years", Warning
}

/// What a row says of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Period {
    Year(i32),
    Change,
}

/// Rows without those of years and changes, which are compared with each other and are no parts of a sum. A year beside every
/// project says nothing of the kind: there are no changes.
pub fn without_years(table: &Table, rows: &[usize], words: &Words) -> Vec<usize> {
    let period = |at: &usize| table.rows.get(*at).and_then(|row| row_to_period(row, table, words));
    if !rows.iter().any(|at| period(at) == Some(Period::Change)) {
        return rows.to_vec();
    }
    rows.iter().filter(|at| period(at).is_none()).copied().collect()
}

pub fn evaluate(amounts: &Amounts, identity: &Down, words: &Words, table: usize, rows: &[usize], ledger: &mut Ledger) {
    let Some(of_table) = amounts.tables.get(table) else { return };
    let period = |at: usize| of_table.rows.get(at).and_then(|row| row_to_period(row, of_table, words));
    for (nth, change) in rows.iter().enumerate().filter(|(_, at)| period(**at) == Some(Period::Change)) {
        let above = |back: usize| {
            let at = *rows.get(nth.checked_sub(back)?)?;
            match period(at)? {
                Period::Year(year) => Some((at, year)),
                Period::Change => None,
            }
        };
        let (Some((later, year)), Some((earlier, before))) = (above(1), above(2)) else {
            ledger.enter_missing(&identity.name, "a change does not stand below two years");
            ledger.findings.extend(change_to_finding(of_table, *change));
            continue;
        };
        if before + 1 != year {
            continue;
        }
        let Some(row) = of_table.rows.get(*change) else { continue };
        for column in columns_of(of_table, row).filter(|column| column.role == ColumnRole::Amount) {
            let left: Vec<Term> = amounts.term(table, *change, column.index).into_iter().collect();
            let earlier = amounts.term(table, earlier, column.index).map(Term::negated);
            let right: Vec<Term> = amounts.term(table, later, column.index).into_iter().chain(earlier).collect();
            if !left.is_empty() || !right.is_empty() {
                let result = judge(&identity.name, Relation::Equal, &left, &right);
                ledger.enter_identity(result, &I101, identity.severity, &left, &right);
            }
        }
    }
}

fn change_to_finding(table: &Table, change: usize) -> Option<Finding> {
    let label = table.rows.get(change)?.label.as_ref()?;
    let caption = table.name();
    let message = format!("{caption}: {} does not stand below the rows of two years", label.text);
    Some(Finding::new(&C137, message).at(&label.place, "what it is the change of"))
}

/// From the row's label or the words beside it.
fn row_to_period(row: &Row, table: &Table, words: &Words) -> Option<Period> {
    let is_words = |column: u32| {
        table
            .columns
            .iter()
            .any(|other| other.index == column && matches!(other.role, ColumnRole::Text | ColumnRole::Label))
    };
    let beside = row.texts.iter().filter(|text| is_words(text.column)).map(|text| text.text.as_str());
    let label = row.label.as_ref().map(|label| label.text.as_str());
    label.into_iter().chain(beside).find_map(|text| text_to_period(text, words))
}

fn text_to_period(text: &str, words: &Words) -> Option<Period> {
    // A year begins with a digit.
    if begins_otherwise(text, &words.change_rows) {
        return None;
    }
    let text = key(text);
    if words.change_rows.contains(&text) {
        return Some(Period::Change);
    }
    let year = words.year_rows.iter().find_map(|ending| text.strip_suffix(ending.as_str()))?;
    let year: i32 = year.parse().ok()?;
    (1990..2100).contains(&year).then_some(Period::Year(year))
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::{checked, disclosure, outcomes, table};

    fn found(rows: &[&str]) -> [u32; 4] {
        let measures = ["three_public_expenses", "official_hospitality"];
        let (out, findings) = checked(disclosure(vec![table("three_public_expenses", &measures, rows)]));
        let [exact, _, violated, missing] = outcomes(&out, "change_is_difference_of_years");
        let told = findings.iter().filter(|finding| finding.code == "C137").count();
        assert_eq!(told, missing as usize);
        [exact, 0, violated, missing]
    }

    #[test]
    fn a_year_beside_every_row_of_a_sum() {
        let rows = ["|合计|5.00|5.00", "|2025年|2.00|1.00", "|2026年|3.00|4.00"];
        let (out, _) = checked(disclosure(vec![table("project_expenditure", &["total", "basic_expenditure"], &rows)]));
        assert_eq!(outcomes(&out, "total_is_sum_of_rows"), [2, 0, 0, 0]);
    }

    #[test]
    fn two_years_and_a_change() {
        assert_eq!(found(&["|2025年|19.50|1.60", "|2026年|27.60|13.20", "|增减变化金额|8.10|11.60"]), [2, 0, 0, 0]);
        assert_eq!(found(&["|2025年|19.50|1.60", "|2026年|27.60|13.20", "|增减变化金额|8.20|11.60"]), [1, 0, 1, 0]);
        assert_eq!(found(&["|2025年|19.50|1.60", "|增减变化金额|8.10|11.60"]), [0, 0, 0, 1]);
    }
}
