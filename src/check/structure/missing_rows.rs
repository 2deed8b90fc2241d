//! A function that one table lists and another, which must contain it, does not: a row is lost.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use crate::base::finding::Finding;
use crate::check::identity::{Amounts, budget_sets, is_counted};
use crate::check::ledger::Ledger;
use crate::finding_code;
use crate::model::{Cell, Classification, Code, Disclosure, Row, RowRole, Table};
use crate::spec::identities::{Cover, Identities};

finding_code! {
    /// A code stands in one table and is missing in another that contains the first.
    ///
    /// What the general public budget spends on a function is part of what the body spends on it, so every function of
    /// 一般公共预算支出表 stands in 支出总表 too; where both tables have the same total, the other way round as well. No sum
    /// sees such a row where it is the only part of the row above it, or where that row is lost too.
    pub C105, "row-missing-in-table", Warning
}

/// Measures of all that a row spends.
const WHOLE: [&str; 4] = ["total", "total_expenditure", "total_revenue", "current_year_revenue"];

/// Tables that differ in more codes than this list different things.
const MISSING_BY_MISTAKE: usize = 3;

pub fn evaluate(disclosure: &Disclosure, identities: &Identities, ledger: &mut Ledger) {
    let amounts = Amounts::of(disclosure);
    let mut said = BTreeSet::new();
    for set in budget_sets(&disclosure.tables) {
        for cover in &identities.cover {
            let table = |kind: &str| {
                let of_kind = |at: &&usize| disclosure.tables.get(**at).is_some_and(|table| is_of(table, kind));
                set.iter().find(of_kind).copied()
            };
            let (Some(part), Some(whole)) = (table(&cover.part), table(&cover.whole)) else { continue };
            let is_equal = total(&amounts, part).is_some_and(|of_part| Some(of_part) == total(&amounts, whole));
            for (from, to) in directions(cover, is_equal, part, whole) {
                let (Some(listed), Some(missing)) = (disclosure.tables.get(from), disclosure.tables.get(to)) else {
                    continue;
                };
                for code in missing_codes(listed, missing) {
                    if said.insert(code.code.clone()) {
                        ledger.findings.push(finding(code, listed, missing));
                    }
                }
            }
        }
    }
}

fn is_of(table: &Table, kind: &str) -> bool {
    table.kind.as_deref() == Some(kind) && !table.is_nil
}

fn directions(cover: &Cover, is_equal: bool, part: usize, whole: usize) -> Vec<(usize, usize)> {
    match (is_equal, cover.if_equal) {
        (true, _) => vec![(part, whole), (whole, part)],
        (false, false) => vec![(part, whole)],
        (false, true) => Vec::new(),
    }
}

/// The first figure of the row of the total.
fn total(amounts: &Amounts, at: usize) -> Option<Decimal> {
    let table = amounts.tables.get(at)?;
    let row = table.rows.iter().find(|row| row.role == RowRole::Total)?;
    row.cells.iter().find_map(|cell| cell.amount)
}

/// The classes and the codes below them that have figures, by code; those that stand in several rows are of several units.
fn codes_of(table: &Table) -> BTreeMap<&str, &Code> {
    // The year's own figure: a function of the year before has figures of that year only (国家信访局 2026, 210).
    let is_whole = |index: u32| {
        let column = table.columns.iter().find(|column| column.index == index);
        column.and_then(|column| column.measure.as_deref()).is_some_and(|measure| WHOLE.contains(&measure))
    };
    let is_figure = |cell: &Cell| is_whole(cell.column) && cell.amount.is_some_and(|amount| !amount.is_zero());
    let has_figure = |row: &Row| row.cells.iter().any(is_figure);
    let rows = table.rows.iter().filter(|row| is_counted(row) && has_figure(row));
    rows.filter_map(|row| row.codes.first())
        .filter(|code| code.classification == Classification::Functional && !code.is_resolved)
        .map(|code| (code.code.as_str(), code))
        .collect()
}

/// The highest codes of `listed` that no row of `missing` has, where that table lists codes of their length.
fn missing_codes<'t>(listed: &'t Table, missing: &Table) -> Vec<&'t Code> {
    let printed: BTreeSet<&str> = missing
        .rows
        .iter()
        .flat_map(|row| &row.codes)
        .filter(|code| !code.is_resolved)
        .map(|code| code.code.as_str())
        .collect();
    let lengths: BTreeSet<usize> = codes_of(missing).keys().map(|code| code.len()).collect();
    let mut found: Vec<&Code> = Vec::new();
    for (text, code) in codes_of(listed) {
        let is_below = found.iter().any(|above| text.starts_with(&above.code));
        if lengths.contains(&text.len()) && !printed.contains(text) && !is_below {
            found.push(code);
        }
    }
    if found.len() > MISSING_BY_MISTAKE { Vec::new() } else { found }
}

fn finding(code: &Code, listed: &Table, missing: &Table) -> Finding {
    let name = code.name.as_deref().unwrap_or_default();
    let message = format!("{} {name} of {} does not stand in {}", code.code, listed.name(), missing.name());
    let mut finding = Finding::new(&C105, message).at(&code.place, &code.code);
    if let Some(caption) = &missing.caption {
        finding = finding.with(&caption.place, "the table without it");
    }
    finding
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::{checked, disclosure, table};

    fn found(general: &[&str], all: &[&str]) -> Vec<String> {
        let tables = vec![
            table("expenditure_summary", &["total_expenditure"], all),
            table("general_public_budget_expenditure", &["total_expenditure"], general),
        ];
        let (_, findings) = checked(disclosure(tables));
        findings.into_iter().filter(|finding| finding.code == "C105").map(|finding| finding.message).collect()
    }

    #[test]
    fn every_function_of_the_general_budget_is_one_of_all() {
        let all = ["|合计|9.00", "201|一般公共服务支出|4.00", "221|住房保障支出|5.00"];
        let more = ["|合计|8.00", "201|一般公共服务支出|4.00", "222|粮油物资储备支出|4.00"];
        assert_eq!(found(&more, &all).len(), 1);
        assert_eq!(found(&["|合计|4.00", "201|一般公共服务支出|4.00"], &all), [""; 0], "221 is paid by other funds");
        let equal = ["|合计|9.00", "201|一般公共服务支出|4.00"];
        assert_eq!(found(&equal, &all).len(), 1, "with the same total nothing is paid by other funds");
    }
}
