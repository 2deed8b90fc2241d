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
    yuan: Decimal,
}

/// The cells that the text may restate, and where they are looked for: a document of many units has thousands of both.
struct Cells<'a> {
    all: Vec<Found<'a>>,
    by_kind: BTreeMap<&'a str, Vec<usize>>,
    /// Cells of tables by function, by code and by the name of the row.
    by_code: BTreeMap<&'a str, Vec<usize>>,
    by_function: BTreeMap<String, Vec<usize>>,
}

impl<'a> Cells<'a> {
    fn of(disclosure: &'a Disclosure, vocabulary: &Narrative) -> Cells<'a> {
        let mut cells = Cells {
            all: money_cells(disclosure),
            by_kind: BTreeMap::new(),
            by_code: BTreeMap::new(),
            by_function: BTreeMap::new(),
        };
        let mut named: Option<(&Row, String)> = None;
        for (at, found) in cells.all.iter().enumerate() {
            let Some(kind) = found.table.kind.as_deref() else { continue };
            cells.by_kind.entry(kind).or_default().push(at);
            if !vocabulary.ties.functional_kinds.iter().any(|wanted| wanted == kind) {
                continue;
            }
            if let Some(code) = found.row.codes.iter().find(|code| code.classification == Classification::Functional) {
                cells.by_code.entry(&code.code).or_default().push(at);
            }
            if let Some(label) = &found.row.label {
                // The cells of a row follow each other.
                let (_, name) = match named.take().filter(|(row, _)| std::ptr::eq(*row, found.row)) {
                    Some(same) => named.insert(same),
                    None => named.insert((found.row, Function::key_of(&label.text))),
                };
                match cells.by_function.get_mut(name) {
                    Some(places) => places.push(at),
                    None => drop(cells.by_function.insert(name.clone(), vec![at])),
                }
            }
        }
        cells
    }

    fn at(&self, places: &[usize]) -> Vec<&Found<'a>> {
        places.iter().filter_map(|at| self.all.get(*at)).collect()
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
    disclosure
        .statements
        .iter()
        .filter(|statement| statement.kind == StatementKind::Amount)
        .filter(|statement| year.is_none() || statement.fiscal_year.is_none() || statement.fiscal_year == year)
        .filter(|statement| !(is_final && vocabulary.is_budgeted(&key(&statement.subject))))
        .filter_map(|statement| {
            let result = tie(statement, disclosure, &cells, vocabulary, findings)?;
            Some(Checked { result, statements: vec![statement.id.clone()] })
        })
        .collect()
}

/// The place of the cell that prints exactly this amount as the quantity that the statement measures.
pub(super) fn restated<'d>(
    statement: &Statement,
    disclosure: &'d Disclosure,
    vocabulary: &Narrative,
) -> Option<&'d Place> {
    let ties: Vec<&Tie> =
        vocabulary.ties.ties.iter().filter(|tie| Some(&tie.measure) == statement.measure.as_ref()).collect();
    let value = in_yuan(statement);
    let mut cells = money_cells(disclosure).into_iter();
    let found =
        cells.find(|found| found.amount * found.yuan == value && ties.iter().any(|tie| restates(tie, found)))?;
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
                    found.push(Found { table, row, column, cell, amount, yuan });
                }
            }
        }
    }
    found
}

fn tie(
    statement: &Statement,
    disclosure: &Disclosure,
    cells: &Cells,
    vocabulary: &Narrative,
    findings: &mut Vec<Finding>,
) -> Option<CheckResult> {
    let identity = "prose.restates_table";
    let ties: Vec<&Tie> =
        vocabulary.ties.ties.iter().filter(|tie| Some(&tie.measure) == statement.measure.as_ref()).collect();
    let candidates: Vec<&Found> =
        if ties.is_empty() { function_cells(statement, cells)? } else { cells.restating(&ties) };
    let left = vec![term(statement, 1)];
    if candidates.is_empty() {
        // Nothing printed for nothing planned: a blank cell restates 0.
        return Some(not_evaluated(identity, left, "no table prints this quantity"));
    }
    let value = in_yuan(statement);
    let range = interval(statement);
    let exact = candidates.iter().find(|found| found.amount * found.yuan == value);
    // A text in whole 万元 beside a table in 元 rounds so that its parts add up: one unit of its last digit.
    let last =
        Decimal::new(1, statement.value.scale()) * statement.unit.as_ref().and_then(Unit::yuan).unwrap_or(Decimal::ONE);
    let coarse = |found: &Found| {
        Decimal::new(1, found.amount.scale()) * found.yuan < last && (found.amount * found.yuan - value).abs() <= last
    };
    let near = candidates
        .iter()
        .find(|found| (Interval::of_printed(found.amount) * found.yuan).meets(&range) || coarse(found));
    let (found, outcome) = match (exact, near) {
        (Some(found), _) => (*found, Outcome::Exact),
        (None, Some(found)) => (*found, Outcome::WithinRounding),
        (None, None) => (*candidates.first()?, Outcome::Violated),
    };
    let right = vec![cell_term(found)];
    if outcome == Outcome::Violated {
        // A figure that some other cell prints is of another scope rather than wrong; one table of each kind only,
        // because documents of many units repeat every table.
        // A grand total of another scope is a total too, no line of detail (Putuo 2024, p21: 0.3 beside a line of 0.31).
        let of_totals = candidates.iter().all(|found| found.row.role == RowRole::Total);
        let elsewhere = cells
            .all
            .iter()
            .filter(|other| !of_totals || other.row.role != RowRole::Item)
            .any(|other| (Interval::of_printed(other.amount) * other.yuan).meets(&range));
        let repeated = candidates
            .iter()
            .any(|found| disclosure.tables.iter().filter(|table| table.kind == found.table.kind).count() > 1);
        if elsewhere || repeated || value.is_zero() {
            return Some(not_evaluated(
                identity,
                left,
                "the text may speak of another scope than the tables that were found",
            ));
        }
        findings.push(finding(statement, found));
    }
    let unit = statement.unit.as_ref().and_then(Unit::yuan).unwrap_or(Decimal::ONE);
    let difference = (value - found.amount * found.yuan).checked_div(unit)?.normalize();
    Some(CheckResult {
        identity: identity.into(),
        outcome,
        left,
        right,
        difference: Some(difference.to_string()),
        reason: None,
    })
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
