//! One list printed in two tables: every row of one stands in the other, with the same figure.

use std::collections::{BTreeMap, HashMap};
use std::slice;

use rust_decimal::Decimal;

use crate::base::amount::Unit;
use crate::base::finding::{Finding, Severity};
use crate::check::identity::{Amounts, body_keys, is_counted, join_key};
use crate::check::ledger::{I101, Ledger};
use crate::check::term::{Relation, Term};
use crate::check::verdict::judge;
use crate::finding_code;
use crate::model::{Column, ColumnRole, Disclosure, Row, RowRole, Side, Table};
use crate::spec::identities::Totals;

finding_code! {
    /// A row of one table is missing in another that prints the same list.
    ///
    /// Two tables have the same total and, by name and amount, the same rows (the functions of 收支总表 and of 支出总表, the economic
    /// lines of all appropriation and of the general public budget): a row that only one of them has was lost in the other.
    pub C110, "row-missing-in-same-list", Warning
}

/// Shorter lists are not known to be the same.
const ROWS_IN_COMMON: usize = 5;
/// Rows of the longer list, in a hundred, that the other has too, with the same amount.
const SHARE_IN_COMMON: usize = 80;
/// Lists that differ in more rows than this are of different things.
const MISSING_BY_MISTAKE: usize = 2;

/// Number of a name among those of the document: lists are compared each with each, by names.
type Name = usize;

/// A list is compared with so many of those behind it: no document prints one more often, unless several are bound in one.
const COMPARED: usize = 8;

/// A column of a table with the rows that it gives figures to.
struct List<'a> {
    table: usize,
    /// The total, and what else sums the whole list.
    totals: Vec<Decimal>,
    /// By name, and where a name repeats by its place among those.
    rows: BTreeMap<(Name, usize), (&'a Row, Term<'a>)>,
    unit: Option<&'a Unit>,
}

pub fn evaluate(disclosure: &Disclosure, totals: &Totals, ledger: &mut Ledger) {
    let amounts = Amounts::of(disclosure);
    let tables = disclosure.tables.iter().enumerate().filter(|(_, table)| table.kind.is_some() && !table.is_nil);
    let mut names: HashMap<String, Name> = HashMap::new();
    let lists: Vec<List> =
        tables.flat_map(|(at, table)| table_to_lists(&amounts, at, table, totals, &mut names)).collect();
    for (at, one) in lists.iter().enumerate() {
        let same = lists.iter().skip(at + 1).filter(|other| other.table != one.table && are_the_same(one, other));
        for other in same.take(COMPARED) {
            let mut common = 0;
            for (key, (_, left)) in &one.rows {
                if let Some((_, right)) = other.rows.get(key) {
                    common += 1;
                    let (left, right) = (slice::from_ref(left), slice::from_ref(right));
                    let result = judge("rows_of_the_same_list_agree", Relation::Equal, left, right);
                    ledger.enter_identity(result, &I101, Severity::Error, left, right);
                }
            }
            if common < one.rows.len().max(other.rows.len()) {
                lost(disclosure, one, other, ledger);
                lost(disclosure, other, one, ledger);
            }
        }
    }
}

/// The lists of a table: one for each side and panel, in the column that measures all of a row.
fn table_to_lists<'a>(
    amounts: &Amounts<'a>,
    at: usize,
    table: &'a Table,
    totals: &Totals,
    numbers: &mut HashMap<String, Name>,
) -> Vec<List<'a>> {
    let bodies = body_keys(table);
    let mut columns: BTreeMap<(Option<Side>, u32), &Column> = BTreeMap::new();
    for column in table.columns.iter().filter(|column| column.role == ColumnRole::Amount) {
        columns.entry((column.side, column.panel)).or_insert(column);
    }
    let mut to_list = |((side, panel), column): ((Option<Side>, u32), &'a Column)| {
        let mut list = List {
            table: at,
            totals: Vec::new(),
            rows: BTreeMap::new(),
            unit: column.unit.as_ref().or(table.unit.as_ref().map(|unit| &unit.value)),
        };
        let mut repeated: BTreeMap<Name, usize> = BTreeMap::new();
        let rows = table.rows.iter().enumerate().filter(|(_, row)| is_counted(row));
        for (r, row) in rows.filter(|(_, row)| row.side == side && row.panel == panel) {
            let Some(term) = amounts.term(at, r, column.index).filter(|term| !term.amount.is_zero()) else { continue };
            let name = row.label.as_ref().map(|label| join_key(&label.text)).unwrap_or_default();
            if row.role != RowRole::Item || bodies.contains(&name) {
                list.totals.push(term.amount);
            } else if !name.is_empty() && !totals.is_key_of_carryover(&name) {
                let number = numbers.len();
                let name = *numbers.entry(name).or_insert(number);
                let nth = repeated.entry(name).or_default();
                list.rows.insert((name, *nth), (row, term));
                *nth += 1;
            }
        }
        list
    };
    columns.into_iter().map(&mut to_list).filter(|list| list.rows.len() >= ROWS_IN_COMMON).collect()
}

/// True where the two have a total and nearly all rows in common.
fn are_the_same(one: &List, other: &List) -> bool {
    let same = |(key, (_, term)): &(&(Name, usize), &(&Row, Term))| {
        other.rows.get(*key).is_some_and(|(_, own)| own.amount == term.amount)
    };
    let longer = one.rows.len().max(other.rows.len());
    let is_common = |common: usize| common >= ROWS_IN_COMMON && common * 100 >= SHARE_IN_COMMON * longer;
    one.unit == other.unit
        && is_common(one.rows.len().min(other.rows.len()))
        && one.totals.iter().any(|total| other.totals.contains(total))
        && is_common(one.rows.iter().filter(same).count())
}

/// Rows of one list that the other lacks.
fn lost<'a>(disclosure: &Disclosure, listed: &List<'a>, missing: &List<'a>, ledger: &mut Ledger) {
    let only = |list: &List<'a>, other: &List<'a>| -> Vec<(&'a Row, Term<'a>)> {
        let rows = list.rows.iter().filter(|(key, _)| !other.rows.contains_key(*key)).map(|(_, row)| *row);
        // What heads the whole list is named as each table is about: 一、部门预算, 一、财政拨款 (Xi'an).
        rows.filter(|(_, term)| !list.totals.contains(&term.amount)).collect()
    };
    let is_renamed = !only(missing, listed).is_empty();
    let only = only(listed, missing);
    if is_renamed || only.len() > MISSING_BY_MISTAKE {
        return;
    }
    let caption = |list: &List| disclosure.tables.get(list.table).and_then(|table| table.caption.as_ref());
    let shown = |list: &List| caption(list).map_or("a table", |caption| caption.text.as_str()).to_string();
    for (row, term) in only {
        let Some(label) = &row.label else { continue };
        let message =
            format!("{} ({}) of {} does not stand in {}", label.text, term.shown(), shown(listed), shown(missing));
        let finding = Finding::new(&C110, message).at(&label.place, term.shown());
        ledger.findings.push(match caption(missing) {
            Some(caption) => finding.with(&caption.place, "the table without it"),
            None => finding,
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::{checked, disclosure, outcomes, table};

    const ROWS: [&str; 7] = [
        "|合计|9.00",
        "|一、一般公共服务支出|4.00",
        "|信访事务|4.00",
        "|行政运行|4.00",
        "|二、住房保障支出|5.00",
        "|住房改革支出|5.00",
        "|住房公积金|5.00",
    ];

    fn found(one: &[&str], other: &[&str]) -> (usize, [u32; 4]) {
        let tables = vec![
            table("revenue_expenditure_summary", &["total_expenditure"], one),
            table("expenditure_summary", &["total_expenditure"], other),
        ];
        let (out, findings) = checked(disclosure(tables));
        (
            findings.iter().filter(|finding| finding.code == "C110").count(),
            outcomes(&out, "rows_of_the_same_list_agree"),
        )
    }

    #[test]
    fn one_list_in_two_tables() {
        assert_eq!(found(&ROWS, &ROWS), (0, [6, 0, 0, 0]));
        let lost: Vec<&str> = ROWS.iter().copied().filter(|row| !row.contains("行政运行")).collect();
        assert_eq!(found(&ROWS, &lost), (1, [5, 0, 0, 0]));
        assert_eq!(found(&lost, &ROWS), (1, [5, 0, 0, 0]));
        let changed: Vec<&str> =
            ROWS.iter().map(|row| if row.contains("公积金") { "|住房公积金|5.10" } else { row }).collect();
        assert_eq!(found(&ROWS, &changed), (0, [5, 0, 1, 0]));
    }

    #[test]
    fn lists_of_different_money() {
        // One function more, paid by other funds: the total differs.
        let mut more = ROWS.to_vec();
        more[0] = "|合计|10.00";
        more.push("|培训支出|1.00");
        assert_eq!(found(&ROWS, &more), (0, [0; 4]));
    }
}
