//! Amounts of the text against the cells that they restate.
//!
//! A tie is made by meaning: the measure of the statement (`spec/narrative/ties.toml`), or the name or code of a
//! function. Every table that prints that quantity is asked; one that agrees is enough, because a text may speak of
//! all funds, of the appropriation or of one budget. An amount that merely equals some cell proves nothing.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::Checked;
use super::terms::{in_yuan, interval, not_evaluated, shown, term};
use crate::base::amount::{Interval, Unit};
use crate::base::finding::Finding;
use crate::base::place::Place;
use crate::base::text::key;
use crate::finding_code;
use crate::model::{
    Cell, CheckResult, CheckTerm, Classification, Column, ColumnRole, Disclosure, Outcome, Phase, Row, RowRole,
    Statement, StatementKind, Table,
};
use crate::spec::Narrative;
use crate::spec::narrative::{Function, Tie};

finding_code! {
    /// An amount of the text differs from every table cell that prints the same quantity.
    /// The quantity is known by its wording, or by the name or code of its function; units are converted, and half a
    /// unit of the last printed digit on either side is rounding.
    pub C506, "prose-differs-from-table", Warning
}

/// A cell with where it belongs.
#[derive(Clone, Copy)]
struct Found<'a> {
    table: &'a Table,
    row: &'a Row,
    column: &'a Column,
    cell: &'a Cell,
    amount: Decimal,
    /// How many yuan its unit is, and the amount in yuan.
    yuan: Decimal,
    in_yuan: Decimal,
}

impl Found<'_> {
    /// True where what was rounded to this amount may have been in the range, in yuan.
    fn may_be(&self, range: &Interval) -> bool {
        (Interval::of_printed(self.amount) * self.yuan).meets(range)
    }
}

/// The cells that the text may restate, and where they are looked for: a document of many units has thousands of both.
struct Cells<'a> {
    all: Vec<Found<'a>>,
    by_kind: BTreeMap<&'a str, Vec<usize>>,
    /// Cells of tables by function, by code and by the name of the row.
    by_code: BTreeMap<&'a str, Vec<usize>>,
    by_function: BTreeMap<String, Vec<usize>>,
    /// How many tables there are of each kind.
    tables: BTreeMap<&'a str, usize>,
}

impl<'a> Cells<'a> {
    fn of(disclosure: &'a Disclosure, vocabulary: &Narrative) -> Cells<'a> {
        let mut cells = Cells {
            all: money_cells(disclosure),
            by_kind: BTreeMap::new(),
            by_code: BTreeMap::new(),
            by_function: BTreeMap::new(),
            tables: BTreeMap::new(),
        };
        for kind in disclosure.tables.iter().filter_map(|table| table.kind.as_deref()) {
            *cells.tables.entry(kind).or_default() += 1;
        }
        // The cells of a table follow each other, and so do those of a row.
        let mut at = 0;
        for of_table in cells.all.chunk_by(|a, b| std::ptr::eq(a.table, b.table)) {
            let places = at..at + of_table.len();
            at = places.end;
            let Some(kind) = of_table.first().and_then(|found| found.table.kind.as_deref()) else { continue };
            cells.by_kind.entry(kind).or_default().extend(places.clone());
            if !vocabulary.ties.is_functional(kind) {
                continue;
            }
            let mut at = places.start;
            for of_row in of_table.chunk_by(|a, b| std::ptr::eq(a.row, b.row)) {
                let places = at..at + of_row.len();
                at = places.end;
                let Some(row) = of_row.first().map(|found| found.row) else { continue };
                if let Some(code) = row.codes.iter().find(|code| code.classification == Classification::Functional) {
                    cells.by_code.entry(&code.code).or_default().extend(places.clone());
                }
                if let Some(label) = &row.label {
                    cells.by_function.entry(Function::key_of(&label.text)).or_default().extend(places);
                }
            }
        }
        cells
    }

    fn at(&self, places: &[usize]) -> Vec<&Found<'a>> {
        places.iter().filter_map(|at| self.all.get(*at)).collect()
    }

    /// True for a cell of one of several tables of its kind.
    fn is_of_several(&self, found: &Found) -> bool {
        found.table.kind.as_deref().and_then(|kind| self.tables.get(kind)).is_some_and(|tables| *tables > 1)
    }

    /// What the ties ask for, in the order of the document.
    fn restating(&self, ties: &[&Tie]) -> Vec<&Found<'a>> {
        let kinds: BTreeSet<&String> = ties.iter().flat_map(|tie| &tie.kinds).collect();
        let places = kinds.into_iter().filter_map(|kind| self.by_kind.get(kind.as_str())).flatten();
        let mut places: Vec<usize> = places.copied().collect();
        places.sort_unstable();
        self.at(&places).into_iter().filter(|found| ties.iter().any(|tie| restates(tie, found))).collect()
    }
}

/// Ties every amount that can be tied.
pub(super) fn check(disclosure: &Disclosure, vocabulary: &Narrative, findings: &mut Vec<Finding>) -> Vec<Checked> {
    let year = disclosure.metadata.fiscal_year.as_ref().map(|year| year.value);
    let is_final = disclosure.metadata.phase.as_ref().is_some_and(|phase| phase.value == Phase::FinalAccounts);
    let cells = Cells::of(disclosure, vocabulary);
    // A document of many units measures each quantity many times.
    let mut by_measure: BTreeMap<&str, Option<Vec<&Found>>> = BTreeMap::new();
    disclosure
        .statements
        .iter()
        .filter(|statement| statement.kind == StatementKind::Amount)
        .filter(|statement| year.is_none() || statement.fiscal_year.is_none() || statement.fiscal_year == year)
        .filter(|statement| !(is_final && vocabulary.is_budgeted(&key(&statement.subject))))
        .filter_map(|statement| {
            let restating = |measure: &str| {
                let ties = measure_to_ties(measure, vocabulary);
                (!ties.is_empty()).then(|| cells.restating(&ties))
            };
            let measured = statement
                .measure
                .as_deref()
                .and_then(|measure| by_measure.entry(measure).or_insert_with(|| restating(measure)).as_deref());
            let result = match measured {
                Some(candidates) => tie(statement, candidates, &cells, findings),
                None => tie(statement, &function_cells(statement, &cells)?, &cells, findings),
            }?;
            Some(Checked { result, statements: vec![statement.id.clone()] })
        })
        .collect()
}

fn measure_to_ties<'v>(measure: &str, vocabulary: &'v Narrative) -> Vec<&'v Tie> {
    vocabulary.ties.ties.iter().filter(|tie| tie.measure == measure).collect()
}

/// The place of the cell that prints exactly this amount as the quantity that the statement measures.
pub(super) fn restated<'d>(
    statement: &Statement,
    disclosure: &'d Disclosure,
    vocabulary: &Narrative,
) -> Option<&'d Place> {
    let ties = measure_to_ties(statement.measure.as_deref()?, vocabulary);
    let value = in_yuan(statement);
    let mut cells = money_cells(disclosure).into_iter();
    let found = cells.find(|found| found.in_yuan == value && ties.iter().any(|tie| restates(tie, found)))?;
    Some(&found.cell.place)
}

fn money_cells(disclosure: &Disclosure) -> Vec<Found<'_>> {
    let mut found = Vec::new();
    for table in &disclosure.tables {
        for row in &table.rows {
            for cell in &row.cells {
                let column = table.columns.iter().find(|column| column.index == cell.column);
                let Some(column) = column.filter(|column| column.role == ColumnRole::Amount) else { continue };
                let unit = table.unit_of(row, cell.column);
                if let (Some(amount), Some(yuan)) = (cell.amount, unit.and_then(Unit::yuan)) {
                    found.push(Found { table, row, column, cell, amount, yuan, in_yuan: amount * yuan });
                }
            }
        }
    }
    found
}

fn tie(
    statement: &Statement,
    candidates: &[&Found],
    cells: &Cells,
    findings: &mut Vec<Finding>,
) -> Option<CheckResult> {
    let identity = "prose.restates_table";
    let left = vec![term(statement, 1)];
    if candidates.is_empty() {
        // Nothing printed for nothing planned: a blank cell restates 0.
        return Some(not_evaluated(identity, left, "no table prints this quantity"));
    }
    let value = in_yuan(statement);
    let range = interval(statement);
    let exact = candidates.iter().find(|found| found.in_yuan == value);
    // A text in whole 万元 beside a table in 元 rounds so that its parts add up: one unit of its last digit.
    let last =
        Decimal::new(1, statement.value.scale()) * statement.unit.as_ref().and_then(Unit::yuan).unwrap_or(Decimal::ONE);
    let coarse = |found: &Found| {
        Decimal::new(1, found.amount.scale()) * found.yuan < last && (found.in_yuan - value).abs() <= last
    };
    let near = || candidates.iter().find(|found| found.may_be(&range) || coarse(found));
    let (found, outcome) = match exact {
        Some(found) => (*found, Outcome::Exact),
        None => match near() {
            Some(found) => (*found, Outcome::WithinRounding),
            None => (*candidates.first()?, Outcome::Violated),
        },
    };
    let right = vec![cell_term(found)];
    if outcome == Outcome::Violated {
        // A figure that some other cell prints is of another scope rather than wrong; one table of each kind only,
        // because documents of many units repeat every table.
        // A grand total of another scope is a total too, no line of detail (Putuo 2024, p21: 0.3 beside a line of 0.31).
        let of_totals = candidates.iter().all(|found| found.row.role == RowRole::Total);
        let subject = key(&statement.subject);
        let is_elsewhere = || {
            let mut others = cells.all.iter().filter(|other| !of_totals || other.row.role != RowRole::Item);
            others.any(|other| other.may_be(&range) && !is_economic_line_of(other, &subject))
        };
        let is_repeated = candidates.iter().any(|found| cells.is_of_several(found));
        if value.is_zero() || is_repeated || is_elsewhere() {
            return Some(not_evaluated(
                identity,
                left,
                "the text may speak of another scope than the tables that were found",
            ));
        }
        findings.push(finding(statement, found));
    }
    let unit = statement.unit.as_ref().and_then(Unit::yuan).unwrap_or(Decimal::ONE);
    let difference = (value - found.in_yuan).checked_div(unit)?.normalize();
    Some(CheckResult {
        identity: identity.into(),
        outcome,
        left,
        right,
        difference: Some(difference.to_string()),
        reason: None,
    })
}

/// True for the line of the economic classification that the text names: 培训费 of 一般公共预算支出表 stands by what the text says
/// of 一般公共预算拨款安排的培训费预算支出, and speaks of no other scope. Where the text says no more of it than its name, as in a list
/// of lines (其中…会议费, 西安生态环境局 2022, p18), it may mean the line itself.
fn is_economic_line_of(other: &Found, subject: &str) -> bool {
    let is_economic = other.row.codes.iter().any(|code| code.classification == Classification::DepartmentalEconomic);
    let names = |label: &str| subject.contains(label) && !subject.ends_with(label);
    is_economic && other.row.label.as_ref().is_some_and(|label| names(&key(&label.text)))
}

fn cell_term(found: &Found) -> CheckTerm {
    let unit = Unit::clone(unit_of(found).unwrap_or(&Unit::Yuan));
    CheckTerm {
        label: label_of(found),
        sign: 1,
        printed: found.cell.printed.clone(),
        unit: unit.to_string(),
        place: found.cell.place.clone(),
    }
}

fn unit_of<'a>(found: &Found<'a>) -> Option<&'a Unit> {
    found.table.unit_of(found.row, found.cell.column)
}

fn label_of(found: &Found) -> String {
    let caption = found.table.caption.as_ref().map_or("", |caption| caption.text.as_str());
    let label = found.row.label.as_ref().map_or("", |label| label.text.as_str());
    format!("{caption} {label}").trim().to_string()
}

fn finding(statement: &Statement, found: &Found) -> Finding {
    let unit = unit_of(found).map(ToString::to_string).unwrap_or_default();
    let printed = format!("{}{unit}", found.cell.printed);
    Finding::new(
        &C506,
        format!("the text says {} {}, {} says {printed}", statement.subject, shown(statement), label_of(found)),
    )
    .at(&statement.place, format!("the table says {printed}"))
    .with(&found.cell.place, format!("{} {printed}", label_of(found)))
}

/// True where the cell prints the quantity of the tie.
fn restates(tie: &Tie, found: &Found) -> bool {
    let is_row = match tie.row.as_deref() {
        Some("total") => found.row.role == RowRole::Total,
        Some(item) => found.row.item.as_deref() == Some(item),
        None => true,
    };
    let is = |own: Option<&str>, wanted: &[String]| own.is_some_and(|own| wanted.iter().any(|one| one == own));
    let is_column = || tie.columns.is_empty() || is(found.column.measure.as_deref(), &tie.columns);
    is_row && is_column() && is(found.table.kind.as_deref(), &tie.kinds)
}

/// Rows of a function that the statement names: `一般公共服务支出`, `…（款）行政运行（项）`, `行政运行（2014001）`.
fn function_cells<'a, 'b>(statement: &Statement, cells: &'b Cells<'a>) -> Option<Vec<&'b Found<'a>>> {
    let named = Function::of(&statement.subject)?;
    let places = match &named.code {
        Some(code) => cells.by_code.get(code.as_str()),
        None => cells.by_function.get(&Function::key_of(&named.name)),
    };
    places.map(|places| cells.at(places))
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::table;
    use crate::check::prose::{check_prose, fixture};
    use crate::spec::Specs;

    /// Whether the text is told to differ from a table of 培训费 beside the economic line of that name.
    fn differs(text: &str, training: &str, line: &str) -> bool {
        let specs = Specs::builtin().expect("built-in data");
        let mut disclosure = fixture::disclosure(&[text]);
        let measures = ["three_public_expenses", "training_expenses"];
        let mut expenses = table("three_public_expenses", &measures, &[&format!("||46.29|{training}")]);
        expenses.id = "t2".into();
        let economic = "general_public_budget_basic_expenditure";
        disclosure.tables = vec![table(economic, &["total"], &[&format!("30216|培训费|{line}")]), expenses];
        let mut findings = Vec::new();
        check_prose(&mut disclosure, &specs, &mut findings);
        findings.iter().any(|finding| finding.code == "C506")
    }

    #[test]
    fn the_economic_line_that_the_text_names_is_no_other_scope() {
        // Wuxi, 水务局: 11.89 in the text, in 一般公共预算支出表 and in the table of 三公, 会议费 and 培训费.
        let text = "一般公共预算拨款安排的培训费预算支出11.89万元。";
        assert!(!differs(text, "11.89", "11.89"));
        assert!(differs(text, "11.99", "11.89"));
        // 西安生态环境局 2022, p18: 其中…会议费7.61万元 of the basic expenditure, in a list of its lines.
        assert!(!differs("其中培训费11.89万元。", "180.63", "11.89"));
    }
}
