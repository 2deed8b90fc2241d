//! A code that has no code below it, in a table that prints the codes below all others.

use std::collections::{BTreeMap, BTreeSet};

use super::codes::{is_classification, table_to_sections};
use crate::base::finding::Finding;
use crate::check::identity::has_money;
use crate::check::ledger::Ledger;
use crate::finding_code;
use crate::model::{Classification, Code, Disclosure, Row, Table};
use crate::spec::Vocabulary;

finding_code! {
    /// A code has money and no code below it, where the table divides every other code of its level.
    ///
    /// 一般公共预算支出 is published down to 项, basic expenditure down to 款 of the economic classification. Where 21011 stands
    /// without 2101101 or a sister of it, the row is lost (no sum sees the only part of a row), or it was withheld.
    pub C108, "code-without-parts", Warning
}

pub fn evaluate(disclosure: &Disclosure, vocabulary: &Vocabulary, ledger: &mut Ledger) {
    let mut said = BTreeSet::new();
    // Codes of new functions are known from the document's other tables (20140 信访事务, since 2024).
    let all = disclosure.tables.iter().flat_map(|table| &table.rows).flat_map(|row| &row.codes);
    let all: BTreeSet<(Classification, &str)> =
        all.filter(|code| is_classification(code)).map(|code| (code.classification, code.code.as_str())).collect();
    for table in disclosure.tables.iter().filter(|table| table.kind.is_some()) {
        let only = only_undivided(table).filter(|(_, code)| is_divided_in_others(disclosure, table, code));
        for (row, code) in undivided(table, &all, vocabulary).into_iter().chain(only) {
            if said.insert(code.code.as_str()) {
                let caption = table.caption.as_ref().map_or("", |caption| caption.text.as_str());
                let name = code.name.as_deref().or(row.label.as_ref().map(|label| label.text.as_str()));
                let name = name.unwrap_or_default();
                let message = format!("{caption}: {} {name} stands without any code below it", code.code);
                ledger.findings.push(Finding::new(&C108, message).at(&code.place, &code.code));
            }
        }
    }
}

/// The only 款 of a table, where no 项 follows it.
fn only_undivided(table: &Table) -> Option<(&Row, &Code)> {
    let rows = table.rows.iter().filter_map(|row| Some((row, row.codes.first()?)));
    let mut functional = rows.filter(|(row, code)| code.classification == Classification::Functional && has_money(row));
    let (above, found) = (functional.next()?, functional.next()?);
    let is_only = functional.next().is_none() && above.1.code.len() == 3 && found.1.code.len() == 5;
    is_only.then_some(found)
}

/// So many tables must divide a code before the one that does not is told.
const TABLES_THAT_TELL: usize = 2;

/// True where all other tables that print the code divide it (Shanghai, a body of one function).
fn is_divided_in_others(disclosure: &Disclosure, table: &Table, code: &Code) -> bool {
    let others = disclosure.tables.iter().filter(|other| other.id != table.id && other.kind.is_some());
    let codes = |other: &Table| -> BTreeSet<(Classification, String)> {
        let all = other.rows.iter().filter_map(|row| row.codes.first());
        all.map(|code| (code.classification, code.code.clone())).collect()
    };
    let printing: Vec<_> =
        others.map(codes).filter(|codes| codes.contains(&(code.classification, code.code.clone()))).collect();
    let divides = |codes: &BTreeSet<(Classification, String)>| {
        codes.iter().any(|(other, longer)| {
            *other == code.classification && longer.len() > code.code.len() && longer.starts_with(&code.code)
        })
    };
    printing.len() >= TABLES_THAT_TELL && printing.iter().all(divides)
}

/// How many codes of a level are divided, and the rows of those that are not.
type Level<'t> = (usize, Vec<(&'t Row, &'t Code)>);

/// Codes without parts, where most codes of their level have some.
fn undivided<'t>(
    table: &'t Table,
    all: &BTreeSet<(Classification, &str)>,
    vocabulary: &Vocabulary,
) -> Vec<(&'t Row, &'t Code)> {
    let printed: BTreeSet<(Classification, &str)> = table
        .rows
        .iter()
        .flat_map(|row| &row.codes)
        .filter(|code| is_classification(code))
        .map(|code| (code.classification, code.code.as_str()))
        .collect();
    // Divided and undivided rows by level.
    let mut levels: BTreeMap<(Classification, usize), Level> = BTreeMap::new();
    for section in table_to_sections(table) {
        let codes: BTreeSet<(Classification, &str)> = section
            .iter()
            .filter_map(|row| row.codes.first())
            .map(|code| (code.classification, code.code.as_str()))
            .collect();
        for row in section {
            let Some(code) = row.codes.first().filter(|code| has_level_below(code)) else { continue };
            let level = levels.entry((code.classification, code.code.len())).or_default();
            if is_divided(code, &codes) {
                level.0 += 1;
            } else if has_money(row)
                && !is_divided(code, &printed)
                && (is_divided(code, all) || vocabulary.is_divided(code.classification, &code.code))
            {
                level.1.push((row, code));
            }
        }
    }
    levels.into_values().filter(|(divided, undivided)| *divided > undivided.len()).flat_map(|(_, rows)| rows).collect()
}

/// 类 and 款 of the functional classification, 类 of the economic ones.
fn has_level_below(code: &Code) -> bool {
    code.code.len() == 3 || code.classification == Classification::Functional && code.code.len() == 5
}

/// True where a longer code begins with this one.
fn is_divided(code: &Code, codes: &BTreeSet<(Classification, &str)>) -> bool {
    let from = (code.classification, code.code.as_str());
    codes
        .range(from..)
        .nth(1)
        .is_some_and(|(other, longer)| *other == code.classification && longer.starts_with(&code.code))
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::{checked, disclosure, table};

    fn found(rows: &[&str]) -> usize {
        let (_, findings) = checked(disclosure(vec![table("expenditure_summary", &["total_expenditure"], rows)]));
        findings.iter().filter(|finding| finding.code == "C108").count()
    }

    #[test]
    fn the_only_part_of_a_code_is_lost() {
        let rows = [
            "208|社会保障和就业支出|5.00",
            "20805|行政事业单位养老支出|5.00",
            "2080501|行政单位离退休|5.00",
            "210|卫生健康支出|1.00",
            "21011|行政事业单位医疗|1.00",
            "221|住房保障支出|3.00",
            "22102|住房改革支出|3.00",
            "2210201|住房公积金|3.00",
        ];
        assert_eq!(found(&rows), 1, "21011 without 2101101");
        assert_eq!(found(&rows[..3]), 0);
        // Fuzhou lists classes only.
        assert_eq!(found(&["301|工资福利支出|1.00", "302|商品和服务支出|1.00"]), 0);
    }

    #[test]
    fn a_code_that_has_none_below_it_in_the_classification() {
        // Shenzhen's works office: 21908 住房保障 of 援助其他地区支出 is not divided.
        let rows = [
            "219|援助其他地区支出|2.00",
            "21908|住房保障|2.00",
            "221|住房保障支出|3.00",
            "22102|住房改革支出|3.00",
            "2210201|住房公积金|3.00",
            "205|教育支出|3.00",
            "20508|进修及培训|3.00",
            "2050803|培训支出|3.00",
        ];
        assert_eq!(found(&rows), 0);
    }

    #[test]
    fn a_body_of_one_function() {
        // Shanghai, 政府办公厅: 201, 20103, 2010350 in each of three tables.
        let rows = ["201|一般公共服务支出|120.00", "20103|政府办公厅事务|120.00", "2010350|事业运行|120.00"];
        let found = |last: &[&str]| {
            let kinds = ["revenue_summary", "expenditure_summary", "general_public_budget_expenditure"];
            let mut tables: Vec<_> = kinds.iter().map(|kind| table(kind, &["total_expenditure"], &rows)).collect();
            *tables.last_mut().expect("a table") = table(kinds[2], &["total_expenditure"], last);
            for (at, table) in tables.iter_mut().enumerate() {
                table.id = format!("t{at}");
            }
            let (_, findings) = checked(disclosure(tables));
            let is_told = |code: &str| findings.iter().any(|finding| finding.code == code);
            (is_told("C108"), is_told("C101"))
        };
        assert_eq!(found(&rows), (false, false));
        assert_eq!(found(&rows[..2]), (true, false), "项 is lost");
        assert_eq!(found(&[rows[0], rows[2]]), (false, true), "款 is lost");
        assert_eq!(found(&rows[..1]), (false, false), "a table of 类");
    }
}
