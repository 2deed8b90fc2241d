//! One side of a two-sided table: items, 本年合计, carry-over and the like, 总计.

use super::address::Amounts;
use super::doubts::Doubts;
use super::down::row_to_equations;
use super::tree::{Basis, Groups, Tree, row_number, rows_to_tree};
use crate::check::ledger::{I101, Ledger};
use crate::model::{Outcome, Row, Table};
use crate::spec::identities::{Down, Words};

/// Enters the totals of the side.
pub fn evaluate(amounts: &Amounts, identity: &Down, words: &Words, table: usize, rows: &[usize], ledger: &mut Ledger) {
    let Some(of_table) = amounts.tables.get(table) else { return };
    let rows = with_totals(of_table, identity, rows);
    let position =
        |items: &[String]| rows.iter().position(|at| of_table.rows.get(*at).is_some_and(|row| is_one_of(row, items)));
    // Suzhou prints 一、本年收入 as an item with parts below it, not as a sum of the items above.
    let is_numbered =
        |at: &usize| rows.get(*at).and_then(|at| of_table.rows.get(*at)).is_some_and(|row| row_number(row).is_some());
    let grand = position(&identity.grand);
    let current = position(&identity.current)
        .filter(|current| grand.is_none_or(|grand| *current < grand) && !is_numbered(current));
    let between = |from: usize, to: usize| {
        let rows = rows.get(from..to).unwrap_or_default();
        let mut tree = rows_to_tree(of_table, rows, &[], &words.of_which, Groups::Ignored);
        put_parts_below(of_table, &mut tree, words);
        tree
    };
    let mut enter = |sum: usize, first: Option<usize>, tree: &Tree| {
        let Some(sum) = rows.get(sum) else { return };
        let parts: Vec<usize> = first.and_then(|at| rows.get(at)).into_iter().chain(&tree.tops).copied().collect();
        let standing = tree.is_guessed.then_some("the standing of some rows is not certain");
        let doubts = Doubts { standing, has_gaps_only: false, has_size: true, is_by_code: false };
        let mut equations = row_to_equations(amounts, identity, table, *sum, &parts, doubts);
        // Final accounts print the funds of 年初财政拨款结转和结余 in the rows below it, without a number.
        if let (Some(_), [first, carried, of_which @ ..]) = (first, parts.as_slice())
            && !of_which.is_empty()
            && equations.iter().any(|(result, ..)| result.outcome == Outcome::Violated)
        {
            let inner = row_to_equations(
                amounts,
                identity,
                table,
                *carried,
                of_which,
                Doubts { standing: None, has_gaps_only: false, has_size: true, is_by_code: false },
            );
            if !inner.is_empty() && inner.iter().all(|(result, ..)| result.outcome != Outcome::Violated) {
                equations = row_to_equations(amounts, identity, table, *sum, &[*first, *carried], doubts);
                equations.extend(inner);
            }
        }
        for (whole, parts) in tree.tops.iter().filter_map(|top| Some((top, &tree.children.get(top)?.1))) {
            if of_table.rows.get(*whole).is_some_and(|row| named_parts(row, words).is_some()) {
                equations.extend(row_to_equations(amounts, identity, table, *whole, parts, doubts));
            }
        }
        for (result, left, right) in equations {
            ledger.enter_identity(result, &I101, identity.severity, &left, &right);
        }
    };
    if let Some(current) = current {
        enter(current, None, &between(0, current));
    }
    match (current, grand) {
        (Some(current), Some(grand)) => enter(grand, Some(current), &between(current + 1, grand)),
        (None, Some(grand)) => enter(grand, None, &between(0, grand)),
        (Some(_), None) => {}
        (None, None) => ledger.enter_missing(&identity.name, "no grand total"),
    }
}

fn is_one_of(row: &Row, items: &[String]) -> bool {
    row.item.as_ref().is_some_and(|item| items.contains(item))
}

/// The rows of a panel, with the totals of the panel beside it where it has none: 支出合计 reaches over 功能分类 and 支出用途
/// (Jiangsu 2019).
fn with_totals(table: &Table, identity: &Down, rows: &[usize]) -> Vec<usize> {
    let is_total = |row: &Row| is_one_of(row, &identity.grand) || is_one_of(row, &identity.current);
    let of_panel = || rows.iter().filter_map(|at| table.rows.get(*at));
    let has_total = of_panel().any(|row| is_total(row) && !row.cells.is_empty());
    let (Some(side), false) = (of_panel().next().and_then(|row| row.side), has_total) else { return rows.to_vec() };
    let last = of_panel().map(|row| row.index).max();
    let beside = table.rows.iter().enumerate().filter(|(_, row)| row.side == Some(side) && is_total(row));
    let below = beside.filter(|(_, row)| Some(row.index) > last && !row.cells.is_empty()).map(|(at, _)| at);
    rows.iter().copied().chain(below).collect()
}

/// The items that a line without a number sums, where it is known to sum any.
fn named_parts<'w>(row: &Row, words: &'w Words) -> Option<&'w Vec<String>> {
    words.parts_of_items.get(row.item.as_ref()?).filter(|_| row_number(row).is_none())
}

/// Lines without a number below one that they are known to be parts of stand under it.
fn put_parts_below(table: &Table, tree: &mut Tree, words: &Words) {
    let mut tops: Vec<usize> = Vec::new();
    for at in std::mem::take(&mut tree.tops) {
        let whole = tops.last().copied().filter(|whole| {
            let (Some(whole), Some(part)) = (table.rows.get(*whole), table.rows.get(at)) else { return false };
            row_number(part).is_none() && named_parts(whole, words).is_some_and(|parts| is_one_of(part, parts))
        });
        match whole {
            Some(whole) => tree.children.entry(whole).or_insert_with(|| (Basis::Group, Vec::new())).1.push(at),
            None => tops.push(at),
        }
    }
    tree.tops = tops;
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::{checked, disclosure, outcomes, table};

    #[test]
    fn parts_below_a_line_without_a_number() {
        // 新疆 表一: 财政拨款（补助） sums the two lines below it, and nothing says so but their names.
        let mut sides = table(
            "revenue_expenditure_summary",
            &["total_revenue"],
            &[
                "|财政拨款（补助）|5.00",
                "|一般公共预算|4.00",
                "|政府性基金预算|1.00",
                "|其他收入|2.00",
                "|收入总计|7.00",
            ],
        );
        for (row, item) in sides.rows.iter_mut().zip([
            "fiscal_appropriation",
            "general_public_budget",
            "government_managed_funds",
            "other_revenue",
            "total_revenue",
        ]) {
            row.item = Some(item.into());
        }
        let (out, findings) = checked(disclosure(vec![sides]));
        assert_eq!(outcomes(&out, "side_total_is_sum_of_items"), [2, 0, 0, 0]);
        assert!(findings.iter().all(|finding| finding.code != "I101"), "{findings:?}");
    }
}
