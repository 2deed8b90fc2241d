//! `equal`: signed sums of addressed cells agree, over tables.

use std::collections::BTreeMap;

use super::address::{Amounts, Found, is_counted, join_key};
use crate::check::ledger::{I101, I102, Ledger};
use crate::check::term::{self, Term};
use crate::check::verdict::{Equation, Verdict, judge};
use crate::model::{Classification, Outcome, Row, Table};
use crate::spec::identities::{Address, Equal, Join, Relation};

/// An address with its table and the rows of it.
type JoinedRows<'i> = (&'i Address, usize, RowsByKey);

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

fn joined<'i>(amounts: &Amounts<'i>, set: &[usize], identity: &'i Equal, join: Join, ledger: &mut Ledger) {
    let side = |addresses: &'i [Address]| -> Option<Vec<JoinedRows<'i>>> {
        addresses
            .iter()
            .map(|address| {
                let at = amounts.table_at(set, address)?;
                Some((address, at, rows_by_key(amounts.tables.get(at)?, join, &identity.code_lengths)))
            })
            .collect()
    };
    let Some(left) = side(&identity.left) else { return };
    let rights: Vec<_> = identity.right.iter().filter_map(|reading| side(reading)).collect();
    if rights.is_empty() {
        return ledger.enter_missing(&identity.name, "a table is missing");
    }
    let row_terms = |side: &[JoinedRows], key: &str| {
        let mut terms = Vec::with_capacity(side.len());
        for (address, table, rows) in side {
            match row_of(rows, key).map(|row| amounts.find_in_row(*table, row, address)) {
                Some(Found::Term(term)) => terms.push(term),
                Some(Found::Zero) => {}
                None if address.blank_is_zero => {}
                _ => return None,
            }
        }
        Some(terms)
    };
    let keys = || left.first().into_iter().flat_map(|(_, _, rows)| rows).filter(|(_, row)| row.is_some());
    let equations = rights.iter().map(|right| -> Vec<Equation> {
        let is_shared = |key: &str| right.iter().any(|(_, _, rows)| row_of(rows, key).is_some());
        keys()
            .filter(|(key, _)| is_shared(key))
            .filter_map(|(key, _)| {
                let (left, right) = (row_terms(&left, key)?, row_terms(right, key)?);
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
type RowsByKey = BTreeMap<String, Option<usize>>;

fn row_of(rows: &RowsByKey, key: &str) -> Option<usize> {
    rows.get(key).copied().flatten()
}

fn rows_by_key(table: &Table, join: Join, code_lengths: &[usize]) -> RowsByKey {
    let mut rows = RowsByKey::new();
    for (at, row) in table.rows.iter().enumerate().filter(|(_, row)| is_counted(row)) {
        if let Some(key) = row_to_key(row, join, code_lengths) {
            rows.entry(key).and_modify(|row| *row = None).or_insert(Some(at));
        }
    }
    rows
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
