//! `equal`: signed sums of addressed cells agree, over tables.

use std::collections::BTreeMap;

use super::address::{Amounts, Found, is_counted, join_key};
use crate::check::ledger::{I101, I102, Ledger};
use crate::check::term::{self, Equation, Term, Verdict, judge};
use crate::model::{Classification, Outcome, Row, Table};
use crate::spec::identities::{Address, Equal, Join, Relation};

/// An address with its table and the rows of it by key.
type JoinedRows = (Address, usize, BTreeMap<String, usize>);

pub fn evaluate(amounts: &Amounts, set: &[usize], identity: &Equal, ledger: &mut Ledger) {
    let is_lacking = |address: &Address| !address.absent_is_zero && amounts.table_at(set, address).is_none();
    if !amounts.is_phase(identity.phase) || identity.left.iter().any(is_lacking) {
        return;
    }
    let other = |address: &Address| amounts.is_about_another(set, address) && !address.blank_is_zero;
    if identity.left.iter().any(other) || identity.right.iter().all(|reading| reading.iter().any(other)) {
        return;
    }
    match identity.join {
        None => single(amounts, set, identity, ledger),
        Some(join) => joined(amounts, set, identity, join, ledger),
    }
}

fn relation(identity: &Equal) -> term::Relation {
    match identity.relation {
        Relation::Equal => term::Relation::Equal,
        Relation::AtMost => term::Relation::AtMost,
    }
}

/// One side's terms, or why there are none.
fn gather<'a>(found: impl Iterator<Item = Found<'a>>) -> Result<Vec<Term<'a>>, String> {
    let mut terms = Vec::new();
    for found in found {
        match found {
            Found::Term(term) => terms.push(term),
            Found::Zero => {}
            Found::NoTable => return Err("a table is missing".into()),
            Found::Missing(reason) => return Err(reason),
        }
    }
    Ok(terms)
}

fn single(amounts: &Amounts, set: &[usize], identity: &Equal, ledger: &mut Ledger) {
    let side = |addresses: &[Address]| gather(addresses.iter().map(|address| amounts.find(set, address)));
    let left = match side(&identity.left) {
        // Nothing is not more than anything.
        Ok(left) if left.is_empty() && identity.relation == Relation::AtMost => return,
        Ok(left) => left,
        Err(_) if identity.left.iter().any(|address| address.if_printed) => return,
        Err(reason) => return ledger.enter_missing(&identity.name, reason),
    };
    let mut reason = None;
    let mut readings: Vec<Equation> = Vec::new();
    // A reading by rows is none of a table that has no such row: the lines of 三公 in a table that has them as columns.
    let is_printed = |reading: &&Vec<Address>| reading.iter().any(|address| amounts.has_row(set, address));
    let mut applies = false;
    for reading in identity.right.iter().filter(is_printed) {
        applies = true;
        match side(reading) {
            // Both sides nil: there is nothing to compare.
            Ok(right) if left.is_empty() && right.is_empty() => return,
            Ok(right) => {
                let result = judge(&identity.name, relation(identity), &left, &right);
                readings.push((result, left.clone(), right));
            }
            Err(why) => reason = reason.or(Some(why)),
        }
    }
    match readings.into_iter().min_by_key(|(result, ..)| rank(result.outcome)) {
        Some((result, left, right)) => enter(identity, result, &left, &right, ledger),
        None if !applies => {}
        None => ledger.enter_missing(&identity.name, reason.unwrap_or_default()),
    }
}

/// The better outcome first; a reading that could not run is worse than one that did and failed.
fn rank(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Exact => 0,
        Outcome::WithinRounding => 1,
        Outcome::Violated => 2,
        Outcome::NotEvaluated => 3,
    }
}

fn enter(identity: &Equal, result: Verdict, left: &[Term], right: &[Term], ledger: &mut Ledger) {
    let is_equal = || judge(&identity.name, term::Relation::Equal, left, right).outcome != Outcome::Violated;
    match identity.relation {
        Relation::Equal => ledger.enter_identity(result, &I101, identity.severity, left, right),
        // That a figure is less than another proves neither.
        Relation::AtMost if result.outcome != Outcome::Violated && !is_equal() => {
            ledger.enter_unmarked(result, left, right)
        }
        Relation::AtMost => ledger.enter_identity(result, &I102, identity.severity, left, right),
    }
}

fn joined(amounts: &Amounts, set: &[usize], identity: &Equal, join: Join, ledger: &mut Ledger) {
    let side = |addresses: &[Address]| -> Option<Vec<JoinedRows>> {
        addresses
            .iter()
            .map(|address| {
                let at = amounts.table_at(set, address)?;
                Some((address.clone(), at, rows_by_key(amounts.tables.get(at)?, join, &identity.code_lengths)))
            })
            .collect()
    };
    let Some(left) = side(&identity.left) else { return };
    let rights: Vec<_> = identity.right.iter().filter_map(|reading| side(reading)).collect();
    if rights.is_empty() {
        return ledger.enter_missing(&identity.name, "a table is missing");
    }
    let keys: Vec<&String> = left.first().map(|(_, _, rows)| rows.keys().collect()).unwrap_or_default();
    let row_terms = |side: &[JoinedRows], key: &String| {
        gather(side.iter().map(|(address, table, rows)| match rows.get(key) {
            Some(row) => amounts.find_in_row(*table, *row, address),
            None if address.blank_is_zero => Found::Zero,
            None => Found::Missing(format!("no row {key}")),
        }))
    };
    let equations = rights.iter().map(|right| -> Vec<Equation> {
        let shared = |key: &&&String| right.iter().any(|(_, _, rows)| rows.contains_key(**key));
        keys.iter()
            .filter(shared)
            .filter_map(|key| {
                let (left, right) = (row_terms(&left, key).ok()?, row_terms(right, key).ok()?);
                (!left.is_empty() && !right.is_empty())
                    .then(|| (judge(&identity.name, relation(identity), &left, &right), left, right))
            })
            .collect()
    });
    let violated =
        |equations: &[Equation]| equations.iter().filter(|(result, ..)| result.outcome == Outcome::Violated).count();
    let Some(best) = equations.min_by_key(|equations| (violated(equations), std::cmp::Reverse(equations.len()))) else {
        return;
    };
    for (result, left, right) in best {
        enter(identity, result, &left, &right, ledger);
    }
}

/// Rows by what they are joined by; a key that two rows share joins nothing.
fn rows_by_key(table: &Table, join: Join, code_lengths: &[usize]) -> BTreeMap<String, usize> {
    let mut rows: BTreeMap<String, Option<usize>> = BTreeMap::new();
    for (at, row) in table.rows.iter().enumerate().filter(|(_, row)| is_counted(row)) {
        if let Some(key) = row_to_key(row, join, code_lengths) {
            rows.entry(key).and_modify(|row| *row = None).or_insert(Some(at));
        }
    }
    rows.into_iter().filter_map(|(key, row)| Some((key, row?))).collect()
}

fn row_to_key(row: &Row, join: Join, code_lengths: &[usize]) -> Option<String> {
    let code = row.codes.iter().find(|code| code.classification == Classification::Functional);
    let fits = |code: &str| code_lengths.is_empty() || code_lengths.contains(&code.len());
    match join {
        Join::Code => code.filter(|code| fits(&code.code)).map(|code| code.code.clone()),
        Join::Label if code.is_some_and(|code| !fits(&code.code)) => None,
        Join::Label => {
            let label = row.label.as_ref().map(|label| label.text.as_str()).or_else(|| code?.name.as_deref())?;
            Some(join_key(label)).filter(|key| !key.is_empty())
        }
    }
}
