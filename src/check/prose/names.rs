//! Names of functions in the text against the tables, known by the code that the text prints beside them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use crate::base::expression::expression;
use regex::Regex;
use rust_decimal::Decimal;

use crate::base::amount::Unit;
use crate::base::finding::Finding;
use crate::base::text::key;
use crate::finding_code;
use crate::model::{Classification, Disclosure, Row, StatementKind, Table};
use crate::spec::Narrative;
use crate::spec::narrative::Function;

finding_code! {
    /// The text names a class of expenditure by its code and by another name than the tables print for that code:
    /// 医疗卫生与计划生育支出（210类） where the tables say 卫生健康支出.
    pub C510, "name-differs-from-tables", Warning
}

finding_code! {
    /// The text names a function that no table has, and a table has the same amount under a name that differs in one
    /// character: one of the two is misprinted.
    ///
    /// The equal amount is the evidence; names that are merely alike are not compared. So is a class or a section that the text
    /// names above a function and the tables do not, where they have that function with that amount: 文化体育与传媒支出（类）体育（款）
    /// 群众体育（项） below 207 文化旅游体育与传媒支出.
    pub C513, "name-misspelt", Info
}

/// 卫生健康支出（210类）
static CLASS: LazyLock<Option<Regex>> = LazyLock::new(|| expression(r"([〇々㐀-鿿]{4,20})[（(](2\d\d)类[）)]").ok());

pub(super) fn check(disclosure: &Disclosure, findings: &mut Vec<Finding>) {
    let mut said = BTreeSet::new();
    for paragraph in disclosure.paragraphs.iter().filter(|paragraph| paragraph.text.contains('类')) {
        let Some(pattern) = CLASS.as_ref() else { return };
        for captures in pattern.captures_iter(&paragraph.text) {
            let (Some(name), Some(code)) = (captures.get(1), captures.get(2)) else { continue };
            let Some(printed) = name_in_tables(disclosure, code.as_str(), name.as_str()) else { continue };
            if !said.insert((code.as_str(), name.as_str())) {
                continue;
            }
            let start = paragraph.text.get(..name.start()).map_or(0, |before| before.chars().count());
            let place = paragraph.place_of(start, name.as_str().chars().count());
            findings.push(
                Finding::new(
                    &C510,
                    format!("the text names {} {}, the tables {}", code.as_str(), name.as_str(), printed.0),
                )
                .at(&place, format!("the tables say {}", printed.0))
                .with(&printed.1, printed.0.clone()),
            );
        }
    }
}

/// The tables' name of a code where all of them have another one than this.
fn name_in_tables(disclosure: &Disclosure, code: &str, name: &str) -> Option<(String, crate::base::place::Place)> {
    let bare = |name: &str| key(name).trim_end_matches("支出").to_string();
    let mut other = None;
    let rows = disclosure.tables.iter().filter(|table| table.kind.is_some()).flat_map(|table| &table.rows);
    for printed in rows.flat_map(|row| row.codes.iter().map(move |code| (row, code))) {
        let (row, printed) = printed;
        if printed.classification != Classification::Functional || printed.code != code || printed.is_resolved {
            continue;
        }
        let label = row.label.as_ref().map(|label| label.text.as_str());
        let Some(own) = printed.name.as_deref().or(label).filter(|own| !own.is_empty()) else { continue };
        if bare(name).ends_with(&bare(own)) {
            return None;
        }
        other = other.or_else(|| Some((own.to_string(), printed.place.clone())));
    }
    other
}

/// A row of a table of functions, with the name of its own.
pub(super) struct Functional<'d> {
    name: String,
    row: &'d Row,
    table: &'d Table,
}

/// The rows of all tables of functions.
pub(super) fn functional_rows<'d>(disclosure: &'d Disclosure, vocabulary: &Narrative) -> Vec<Functional<'d>> {
    let is_functional = |table: &&Table| table.kind.as_ref().is_some_and(|kind| vocabulary.ties.is_functional(kind));
    let tables = disclosure.tables.iter().filter(is_functional);
    let rows = tables.flat_map(|table| table.rows.iter().map(move |row| (table, row)));
    let named = rows
        .filter_map(|(table, row)| Some(Functional { name: Function::key_of(&row.label.as_ref()?.text), row, table }));
    named.collect()
}

/// Names of functions that the tables print otherwise by one character, for the same amount.
pub(super) fn misspelt(disclosure: &Disclosure, functional: &[Functional], findings: &mut Vec<Finding>) {
    // Names come again from table to table: each is compared once.
    let mut known: BTreeMap<&str, Vec<(&Row, &Table)>> = BTreeMap::new();
    for Functional { name, row, table } in functional {
        known.entry(name).or_default().push((row, table));
    }
    let mut said = BTreeSet::new();
    for statement in disclosure.statements.iter().filter(|statement| statement.kind == StatementKind::Amount) {
        let Some(yuan) = statement.unit.as_ref().and_then(Unit::yuan) else { continue };
        let Some(function) = Function::of(&statement.subject).filter(|function| function.code.is_none()) else {
            continue;
        };
        let name = Function::key_of(&function.name);
        let amount = statement.value * yuan;
        if amount.is_zero() || known.contains_key(name.as_str()) {
            continue;
        }
        let near = known.iter().filter(|(other, _)| is_one_apart(&name, other));
        let mut same = near.flat_map(|(other, rows)| rows.iter().map(move |(row, table)| (other, row, table)));
        let same = same.find(|(_, row, table)| prints(table, row, amount));
        let Some((other, row, _)) = same.filter(|_| said.insert(name.clone())) else { continue };
        let shown = super::terms::shown(statement);
        let message = format!("the text names {name} for {shown}, the tables {other} for the same amount");
        let finding = Finding::new(&C513, message).at(&statement.place, format!("{name}, {shown}"));
        findings.push(finding.with(&row.place, *other));
    }
}

/// The levels that a subject names: 一般公共服务支出（类）组织事务（款）行政运行（项）.
static LEVELS: LazyLock<Option<Regex>> =
    LazyLock::new(|| expression(r"([^()]{2,})\(类\)([^()]{2,})\(款\)([^()]{2,})\(项\)").ok());

/// Classes and sections named above a function otherwise than the tables name what it stands below.
pub(super) fn above(disclosure: &Disclosure, functional: &[Functional], findings: &mut Vec<Finding>) {
    let named: Vec<(&str, &str, &Row, &Table)> = functional
        .iter()
        .filter_map(|Functional { name, row, table }| {
            let code = row.codes.iter().find(|code| code.classification == Classification::Functional)?;
            Some((name.as_str(), code.code.as_str(), *row, *table))
        })
        .collect();
    let mut said = BTreeSet::new();
    for statement in disclosure.statements.iter().filter(|statement| statement.kind == StatementKind::Amount) {
        // The highest of the three levels, without which none is named.
        if !statement.subject.contains('类') {
            continue;
        }
        let subject = key(&statement.subject);
        let Some(pattern) = LEVELS.as_ref() else { return };
        let (Some(levels), Some(yuan)) = (pattern.captures(&subject), statement.unit.as_ref().and_then(Unit::yuan))
        else {
            continue;
        };
        let level = |at: usize| levels.get(at).map(|name| Function::key_of(name.as_str())).unwrap_or_default();
        let amount = statement.value * yuan;
        let function = level(3);
        let Some((_, code, ..)) = named.iter().find(|(name, code, row, table)| {
            *name == function && code.len() == 7 && !amount.is_zero() && prints(table, row, amount)
        }) else {
            continue;
        };
        for (name, digits) in [(level(1), 3), (level(2), 5)] {
            let mut own = named.iter().filter(|(_, own, ..)| own.len() == digits && code.starts_with(own)).peekable();
            let Some((printed, _, row, _)) = own.peek().copied() else { continue };
            // The subject of a list may begin with words of the sentence.
            if !own.any(|(own, ..)| name.ends_with(own)) && said.insert((name.clone(), digits)) {
                let shown = super::terms::shown(statement);
                let message = format!("the text names {name} above {function} for {shown}, the tables {printed}");
                let finding = Finding::new(&C513, message).at(&statement.place, format!("{name}, {shown}"));
                findings.push(finding.with(&row.place, *printed));
            }
        }
    }
}

/// True where the row has this amount of yuan.
fn prints(table: &Table, row: &Row, yuan: Decimal) -> bool {
    let unit = |column: u32| table.unit_of(row, column).and_then(Unit::yuan);
    row.cells.iter().any(|cell| cell.amount.zip(unit(cell.column)).is_some_and(|(amount, of)| amount * of == yuan))
}

/// True where one character was exchanged, left out or put in.
fn is_one_apart(a: &str, b: &str) -> bool {
    if a.len().abs_diff(b.len()) > char::MAX.len_utf8() {
        return false;
    }
    let (mut rest_a, mut rest_b) = (a.chars(), b.chars());
    loop {
        let (before_a, before_b) = (rest_a.as_str(), rest_b.as_str());
        match (rest_a.next(), rest_b.next()) {
            (Some(a), Some(b)) if a == b => {}
            (None, None) => return false,
            _ => {
                let (after_a, after_b) = (rest_a.as_str(), rest_b.as_str());
                return after_a == after_b || after_a == before_b || before_a == after_b;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::disclosure;
    use crate::check::fixture::table;

    #[test]
    fn one_character_and_the_same_amount() {
        let told = |text: &str, row: &str| {
            let mut doc = disclosure(&[text]);
            doc.tables.push(table("general_public_budget_expenditure", &["total_expenditure"], &[row]));
            let specs = crate::spec::Specs::builtin().expect("built-in specs");
            let mut findings = Vec::new();
            super::misspelt(&doc, &super::functional_rows(&doc, &specs.narrative), &mut findings);
            findings.into_iter().map(|finding| finding.message).collect::<Vec<_>>()
        };
        let text = "住房保障支出（类）住房改革支出（款）住房公集金（项）12.30万元。";
        let expected = "the text names 住房公集金 for 12.30万元, the tables 住房公积金 for the same amount";
        assert_eq!(told(text, "2210201|住房公积金|12.30"), [expected]);
        assert!(told(text, "2210201|住房公积金|12.40").is_empty(), "another amount: nothing tells that it is the same");
        assert!(told(text, "2210201|购房补贴|12.30").is_empty(), "another name");
        assert!(super::is_one_apart("行政运行", "行政运行费") && !super::is_one_apart("行政运行", "行政运行"));
    }

    #[test]
    fn a_class_of_another_name_above_a_function() {
        let told = |text: &str| {
            let mut doc = disclosure(&[text]);
            let rows = ["207|文化旅游体育与传媒支出|20.00", "20703|体育|20.00", "2070308|群众体育|20.00"];
            doc.tables.push(table("general_public_budget_expenditure", &["total_expenditure"], &rows));
            let specs = crate::spec::Specs::builtin().expect("built-in specs");
            let mut findings = Vec::new();
            super::above(&doc, &super::functional_rows(&doc, &specs.narrative), &mut findings);
            findings.into_iter().map(|finding| finding.message).collect::<Vec<_>>()
        };
        // Putuo 2025, p30 beside p8.
        let expected = "the text names 文化体育与传媒 above 群众体育 for 20.00万元, the tables 文化旅游体育与传媒";
        assert_eq!(told("10、文化体育与传媒支出（类）体育（款）群众体育（项）20.00万元。"), [expected]);
        assert!(told("10、文化旅游体育与传媒支出（类）体育（款）群众体育（项）20.00万元。").is_empty());
        assert!(told("10、文化体育与传媒支出（类）体育（款）群众体育（项）21.00万元。").is_empty(), "another amount");
    }

    #[test]
    fn a_class_by_its_code_and_another_name() {
        let mut doc = disclosure(&[
            "医疗卫生与计划生育支出（210类）行政事业单位医疗（11款）114.97万元。",
            "住房保障支出（221类）1万元。",
        ]);
        doc.tables.push(table(
            "general_public_budget_expenditure",
            &["total_expenditure"],
            &["210|卫生健康支出|114.97", "221|住房保障支出|1.00"],
        ));
        let mut findings = Vec::new();
        super::check(&doc, &mut findings);
        let told: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
        assert_eq!(told, ["the text names 210 医疗卫生与计划生育支出, the tables 卫生健康支出"]);
    }
}
