//! Finding the cells that an identity speaks of.

use std::collections::BTreeSet;

use crate::base::text::key;
use crate::check::term::{Term, cell_to_term, usual_decimals};
use crate::model::{Column, ColumnRole, Disclosure, Layout, Phase, Row, RowRole, Side, Table};
use crate::spec::identities::{Address, OneOrMany, When};

/// The tables with what is asked of them again and again.
pub struct Amounts<'a> {
    pub tables: &'a [Table],
    phase: Option<Phase>,
    decimals: Vec<u32>,
    /// True where the document says that it leaves something out of its lists.
    pub leaves_out: bool,
}

/// What is found at an address.
pub enum Found<'a> {
    Term(Term<'a>),
    /// Blank, and the address says that blank is nothing.
    Zero,
    /// The document has no such table.
    NoTable,
    Missing(String),
}

impl<'a> Amounts<'a> {
    pub fn of(disclosure: &'a Disclosure) -> Amounts<'a> {
        Amounts {
            tables: &disclosure.tables,
            phase: disclosure.metadata.phase.as_ref().map(|phase| phase.value),
            decimals: disclosure.tables.iter().map(usual_decimals).collect(),
            leaves_out: false,
        }
    }

    /// The figure in this row and column.
    pub fn term(&self, table: usize, row: usize, column: u32) -> Option<Term<'a>> {
        let cells = &self.tables.get(table)?.rows.get(row)?.cells;
        let cell = cells.iter().position(|cell| cell.column == column)?;
        cell_to_term(self.tables, table, row, cell, self.decimals.get(table).copied().unwrap_or(0))
    }

    pub fn is_phase(&self, phase: Option<Phase>) -> bool {
        phase.is_none_or(|phase| self.phase == Some(phase))
    }

    /// The tables that a stanza for these kinds is about.
    pub fn tables_for(&self, kinds: &[String], when: &When) -> Vec<usize> {
        let has = |table: &Table, measure: &String| {
            table.columns.iter().any(|column| column.measure.as_ref() == Some(measure))
        };
        self.tables
            .iter()
            .enumerate()
            .filter(|(_, table)| !table.is_nil && self.is_phase(when.phase))
            .filter(|(_, table)| table.kind.as_ref().is_some_and(|kind| kinds.is_empty() || kinds.contains(kind)))
            .filter(|(_, table)| qualifies(table, &when.qualifiers, &when.without_qualifiers))
            .filter(|(_, table)| when.columns.iter().all(|measure| has(table, measure)))
            .filter(|(_, table)| !when.without_columns.iter().any(|measure| has(table, measure)))
            .map(|(at, _)| at)
            .collect()
    }

    /// The first table of the set that the address names.
    pub fn table_at(&self, set: &[usize], address: &Address) -> Option<usize> {
        address.kind.iter().find_map(|kind| {
            set.iter().copied().find(|at| {
                self.tables.get(*at).is_some_and(|table| {
                    table.kind.as_deref() == Some(kind)
                        && qualifies(table, &address.qualifiers, &address.without_qualifiers)
                })
            })
        })
    }

    /// True where the set has the table that the address names, with other qualifiers or without figures.
    pub fn is_about_another(&self, set: &[usize], address: &Address) -> bool {
        match self.table_at(set, address) {
            Some(at) => self.tables.get(at).is_some_and(|table| table.is_nil),
            None => set
                .iter()
                .filter_map(|at| self.tables.get(*at)?.kind.as_deref())
                .any(|kind| address.kind.contains(kind)),
        }
    }

    /// False where the table that the address names is there and has no such row.
    pub fn has_row(&self, set: &[usize], address: &Address) -> bool {
        let Some(table) = self.table_at(set, address).and_then(|at| self.tables.get(at)) else {
            return true;
        };
        !address.blank_is_zero || table.is_nil || row_at(table, address).is_some()
    }

    /// The figure at an address.
    pub fn find(&self, set: &[usize], address: &Address) -> Found<'a> {
        let Some(at) = self.table_at(set, address) else {
            // A table of another section (四川 prints two 一般公共预算 tables by function) is not absent.
            let is_elsewhere =
                || self.tables.iter().filter_map(|t| t.kind.as_deref()).any(|k| address.kind.contains(k));
            let is_absent = address.absent_is_zero && !is_elsewhere();
            return if is_absent { Found::Zero } else { Found::NoTable };
        };
        let Some(table) = self.tables.get(at) else { return Found::NoTable };
        match row_at(table, address) {
            Some(row) => self.find_in_row(at, row, address),
            None if has_unknown_line(table) => Found::Missing("a line of the table is not known".into()),
            None if address.blank_is_zero => Found::Zero,
            None => {
                let names: Vec<&str> = address.row.iter().flat_map(OneOrMany::iter).collect();
                Found::Missing(format!("no row {}", names.join(" or ")))
            }
        }
    }

    /// The figure of the address's measure in this row.
    pub fn find_in_row(&self, table: usize, row: usize, address: &Address) -> Found<'a> {
        let Some((of_table, of_row)) = self.tables.get(table).and_then(|t| Some((t, t.rows.get(row)?))) else {
            return Found::NoTable;
        };
        match column_measuring(of_table, of_row, &address.measure) {
            Ok(column) => match self.term(table, row, column) {
                Some(mut term) => {
                    term.sign = address.sign;
                    Found::Term(term)
                }
                None if address.blank_is_zero => Found::Zero,
                None => Found::Missing("the cell is blank".into()),
            },
            Err(_) if address.blank_is_zero && of_table.is_nil => Found::Zero,
            Err(reason) => Found::Missing(reason),
        }
    }
}

fn qualifies(table: &Table, with: &[String], without: &[String]) -> bool {
    with.iter().all(|qualifier| table.qualifiers.contains(qualifier))
        && !without.iter().any(|qualifier| table.qualifiers.contains(qualifier))
}

/// True for a row that may take part in sums.
pub fn is_counted(row: &Row) -> bool {
    !matches!(row.role, RowRole::ColumnNumbers | RowRole::Heading)
}

/// True for a row with a figure that is not 0.
pub fn has_money(row: &Row) -> bool {
    row.cells.iter().any(|cell| cell.amount.is_some_and(|amount| !amount.is_zero()))
}

/// Amount columns of the row's side and panel.
pub fn columns_of<'t>(table: &'t Table, row: &Row) -> impl Iterator<Item = &'t Column> {
    let (side, panel) = (row.side, row.panel);
    table
        .columns
        .iter()
        .filter(move |column| {
            column.role == ColumnRole::Amount && (column.side.is_none() || side.is_none() || column.side == side)
        })
        .filter(move |column| column.panel == panel || table.columns.iter().all(|other| other.panel == column.panel))
}

/// Keys of the name in 部门名称：…
pub fn body_keys(table: &Table) -> Vec<String> {
    let Some(body) = &table.body else { return Vec::new() };
    let name = body.text.split_once([':', '：']).map_or(body.text.as_str(), |(_, name)| name);
    vec![key(name)].into_iter().filter(|name| !name.is_empty()).collect()
}

/// True where a line with figures and without a code is none of the known ones: it may be the one that is looked for.
fn has_unknown_line(table: &Table) -> bool {
    let is_unknown = |row: &&Row| row.role == RowRole::Item && row.item.is_none() && row.codes.is_empty();
    table.rows.iter().filter(is_unknown).any(|row| row.label.is_some() && !row.cells.is_empty())
}

/// The row that an address names.
fn row_at(table: &Table, address: &Address) -> Option<usize> {
    address.row.iter().flat_map(OneOrMany::iter).find_map(|name| row_named(table, name))
}

/// The row of this item; `total` is the grand total, in a table of one figure row that row.
pub fn row_named(table: &Table, name: &str) -> Option<usize> {
    let total = |row: &Row| row.role == RowRole::Total;
    if name != "total" {
        let named = table.rows.iter().position(|row| is_counted(row) && row.item.as_deref() == Some(name));
        // Final accounts print 总计 on both sides.
        let side = match name {
            "total_revenue" => Side::Revenue,
            "total_expenditure" => Side::Expenditure,
            _ => return named,
        };
        return named.or_else(|| table.rows.iter().position(|row| total(row) && row.side == Some(side)));
    }
    if let Some(at) = table.rows.iter().position(total) {
        return Some(at);
    }
    // A list of projects totals in the row of the body.
    let bodies = body_keys(table);
    let names_body = |row: &Row| row.label.as_ref().is_some_and(|label| bodies.contains(&key(&label.text)));
    if let Some(at) = table.rows.iter().position(|row| is_counted(row) && names_body(row)) {
        return Some(at);
    }
    let mut with_figures = table.rows.iter().enumerate().filter(|(_, row)| is_counted(row) && !row.cells.is_empty());
    let only = with_figures.next()?.0;
    with_figures.next().is_none().then_some(only)
}

/// Measures of all of a row, whatever the fund.
const WHOLE: [&str; 3] = ["total", "total_revenue", "total_expenditure"];

fn column_measuring(table: &Table, row: &Row, measures: &OneOrMany) -> Result<u32, String> {
    for measure in measures.iter() {
        let columns = || columns_of(table, row).filter(|column| column.measure.as_deref() == Some(measure));
        // Of two columns under one label (a border drawn twice, 江苏检察院 2019) the one with figures is meant.
        let has_figures =
            |column: &&Column| table.rows.iter().flat_map(|row| &row.cells).any(|cell| cell.column == column.index);
        let only = match columns().nth(1) {
            None => columns().next(),
            Some(_) => match columns().filter(has_figures).collect::<Vec<_>>().as_slice() {
                [column] => Some(*column),
                _ => return Err(format!("several columns measure {measure}")),
            },
        };
        if let Some(column) = only {
            return Ok(column.index);
        }
    }
    // A side with one column of amounts measures what the side is about, however the column is headed.
    let mut of_side = columns_of(table, row).filter(|column| column.side.is_some());
    if let (Some(column), None, true) =
        (of_side.next(), of_side.next(), measures.iter().any(|measure| WHOLE.contains(&measure)))
    {
        return Ok(column.index);
    }
    Err(format!("no column measures {}", measures.iter().collect::<Vec<_>>().join(" or ")))
}

/// Tables that belong together: a document may print the set of several bodies one after the other. The kind that the set
/// begins with opens the next when it comes again, and so does a table of two sides. Others may stand in a set twice
/// (四川: 三公 of the general public budget and of government-managed funds).
pub fn budget_sets(tables: &[Table]) -> Vec<Vec<usize>> {
    let mut sets: Vec<Vec<usize>> = Vec::new();
    let mut seen = BTreeSet::new();
    for (at, table) in tables.iter().enumerate() {
        let Some(kind) = &table.kind else { continue };
        let is_first =
            sets.last().and_then(|set| tables.get(*set.first()?)).is_some_and(|first| first.kind == table.kind);
        let is_new = seen.insert((kind.clone(), table.qualifiers.clone()));
        if sets.is_empty() || !is_new && (is_first || table.layout == Layout::TwoSided) {
            seen.clear();
            seen.insert((kind.clone(), table.qualifiers.clone()));
            sets.push(Vec::new());
        }
        if let Some(set) = sets.last_mut() {
            set.push(at);
        }
    }
    sets
}

/// A label as rows are joined by it: without its number, its blanks and typography.
pub fn join_key(label: &str) -> String {
    super::tree::number_of(label).map_or_else(|| key(label), |(_, rest)| key(rest))
}
