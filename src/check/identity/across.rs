//! `across`: in every row one column is the sum of others.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::address::{Amounts, columns_of, is_counted};
use crate::check::ledger::{I101, Ledger};
use crate::check::term::{Relation, Term, compare};
use crate::check::verdict::{Equation, judge};
use crate::model::{Column, Outcome, Table};
use crate::spec::identities::{Across, OneOrMany, Words};

/// One way to read the columns: the sum and its parts, by column index, and columns that may be parts as well.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    pub sum: u32,
    pub parts: Vec<u32>,
    pub strangers: Vec<u32>,
}

/// From so many rows on, a reading that fails in more than half of them is no reading of the table.
const ROWS_THAT_TELL: usize = 3;

pub fn evaluate(amounts: &Amounts, identity: &Across, words: &Words, ledger: &mut Ledger) {
    for table in amounts.tables_for(&identity.kinds, &identity.when) {
        let Some(of_table) = amounts.tables.get(table) else { continue };
        if let Some(total) = &identity.total {
            let measures = of_table.columns.iter().filter_map(|column| column.measure.as_ref());
            let scopes: BTreeSet<String> = measures.filter_map(|measure| scope_of(measure, total)).collect();
            for scope in &scopes {
                let measured = measures_to_readings(of_table, identity, total, scope, words);
                enter_best(amounts, identity, table, &measured.readings, measured.unknown, ledger);
            }
        } else {
            for reading in header_to_readings(of_table, words) {
                enter_best(amounts, identity, table, &[reading], None, ledger);
            }
        }
    }
}

struct Measured {
    readings: Vec<Reading>,
    /// An amount column whose measure is not known: it may be a part.
    unknown: Option<String>,
}

/// The readings of a stanza by measures: those parts that the table has.
///
/// Each is followed by the same with all further columns beside the parts: 单位预留机动经费 and 结转下年资金 beside 基本支出
/// and 项目支出 (Jiangsu 2019), ten sources of revenue where the stanza knows six. What holds of a quantity holds of it in
/// a scope too: the budget of “三公” is the sum of the budgets of its kinds.
fn measures_to_readings(table: &Table, identity: &Across, total: &OneOrMany, scope: &str, words: &Words) -> Measured {
    let mut readings: Vec<Reading> = Vec::new();
    let mut unknown = None;
    let in_scope = |column: &Column| column.measure.as_ref()?.strip_prefix(scope).map(str::to_string);
    let is_sum = |column: &Column| in_scope(column).is_some_and(|name| total.contains(&name));
    let is_part = |column: &Column, parts: &[String]| in_scope(column).is_some_and(|name| parts.contains(&name));
    for sum in table.columns.iter().filter(|column| is_sum(column)) {
        let beside: Vec<&Column> = table
            .columns
            .iter()
            .filter(|column| column.panel == sum.panel && column.side == sum.side && column.index != sum.index)
            .collect();
        // 本年收入 / 小计 sums what stands under 本年收入, where the header tells.
        let group: Vec<&Column> = beside.iter().copied().filter(|column| is_below(column, sum, words)).collect();
        let beside = if group.len() >= 2 { group } else { beside };
        let near = || beside.iter().copied();
        for parts in &identity.parts {
            let columns: Vec<&_> = near().filter(|column| is_part(column, parts)).collect();
            let mut measures: Vec<_> = columns.iter().map(|column| &column.measure).collect();
            measures.sort();
            measures.dedup();
            // Two columns of one measure: the header tells which belongs to which sum, the measures do not.
            if columns.len() >= 2 && measures.len() == columns.len() {
                let parts: Vec<u32> = columns.iter().map(|column| column.index).collect();
                let strangers: Vec<&Column> = near()
                    .filter(|column| column.role == crate::model::ColumnRole::Amount && !parts.contains(&column.index))
                    .filter(|column| !is_sum(column))
                    .filter(|column| scope.is_empty() || in_scope(column).is_some())
                    .filter(|column| {
                        !columns.iter().any(|part| is_below(column, part, words) || is_below(part, column, words))
                    })
                    .filter(|column| !column.path.last().is_some_and(|leaf| words.is_of_which(leaf)))
                    .collect();
                let is_inner = |column: &&Column| strangers.iter().any(|other| is_below(column, other, words));
                let strangers: Vec<u32> =
                    strangers.iter().copied().filter(|column| !is_inner(column)).map(|column| column.index).collect();
                let all: Vec<u32> = parts.iter().chain(&strangers).copied().collect();
                for reading in [
                    Reading { sum: sum.index, parts, strangers },
                    Reading { sum: sum.index, parts: all, strangers: Vec::new() },
                ] {
                    if !readings.contains(&reading) {
                        readings.push(reading);
                    }
                }
            }
        }
        let stranger =
            near().find(|column| column.role == crate::model::ColumnRole::Amount && column.measure.is_none());
        unknown = unknown.or_else(|| stranger.map(|column| column.path.join(" / ")));
    }
    Measured { readings, unknown }
}

/// The scope in which a measure is one of these: `budget_` of budget_three_public_expenses, none of the bare name.
fn scope_of(measure: &str, names: &OneOrMany) -> Option<String> {
    let scopes = names.iter().filter_map(|name| measure.strip_suffix(name));
    scopes.filter(|scope| scope.is_empty() || scope.ends_with('_')).min_by_key(|scope| scope.len()).map(str::to_string)
}

/// The header that a sum stands under: 基本支出 of 基本支出 / 小计; its own path where it is no sum.
fn group_of<'c>(column: &'c Column, words: &Words) -> &'c [String] {
    match column.path.split_last() {
        Some((leaf, group)) if words.is_column_total(leaf) => group,
        _ => &column.path,
    }
}

/// True for a column under the header that a part sums: 基本支出 / 人员经费 below 基本支出 / 小计.
fn is_below(column: &Column, part: &Column, words: &Words) -> bool {
    let group = group_of(part, words);
    column.index != part.index && !group.is_empty() && column.path.len() > group.len() && column.path.starts_with(group)
}

/// The readings that merged headers state: under one header, the column 合计 or 小计 sums its siblings.
pub fn header_to_readings(table: &Table, words: &Words) -> Vec<Reading> {
    let is_total = |text: &String| words.is_column_total(text);
    let is_of_which = |text: &String| words.is_of_which(text);
    let amount_columns = || table.columns.iter().filter(|column| column.role == crate::model::ColumnRole::Amount);
    let mut readings = Vec::new();
    for sum in amount_columns().filter(|column| column.path.last().is_some_and(is_total)) {
        let group = &sum.path[..sum.path.len().saturating_sub(1)];
        let mut parts = Vec::new();
        let mut groups_seen: Vec<&String> = Vec::new();
        for column in amount_columns()
            .filter(|column| column.panel == sum.panel && column.side == sum.side && column.index != sum.index)
        {
            let Some(below) = column.path.strip_prefix(group) else { continue };
            let Some(child) = below.first() else { continue };
            if is_of_which(child) || is_total(child) {
                continue;
            }
            if below.len() == 1 {
                parts.push(column.index);
            } else if !groups_seen.contains(&child) {
                // A child with columns of its own stands with its sum, or with all of them.
                groups_seen.push(child);
                let members = || {
                    amount_columns().filter(|other| {
                        other.panel == sum.panel
                            && other.path.strip_prefix(group).is_some_and(|below| below.first() == Some(child))
                    })
                };
                match members()
                    .find(|other| other.path.len() == group.len() + 2 && other.path.last().is_some_and(is_total))
                {
                    Some(own_sum) => parts.push(own_sum.index),
                    None => parts.extend(
                        members().filter(|other| !other.path.last().is_some_and(is_of_which)).map(|other| other.index),
                    ),
                }
            }
        }
        if parts.len() >= 2 && !group.is_empty() {
            readings.push(Reading { sum: sum.index, parts, strangers: Vec::new() });
        }
    }
    readings
}

/// Evaluates every row under every reading and enters the reading that most rows hold by.
fn enter_best(
    amounts: &Amounts,
    identity: &Across,
    table: usize,
    readings: &[Reading],
    unknown: Option<String>,
    ledger: &mut Ledger,
) {
    let equations = readings.iter().map(|reading| rows_to_equations(amounts, identity, table, reading));
    let violations =
        |equations: &[Equation]| equations.iter().filter(|(result, ..)| result.outcome == Outcome::Violated).count();
    // Of readings that hold in every row, the one with the most parts: columns of zeros are parts too.
    let rank = |(equations, reading): &(Vec<Equation>, &Reading)| {
        let violated = violations(equations);
        (violated, std::cmp::Reverse(if violated == 0 { reading.parts.len() } else { 0 }))
    };
    let Some((best, reading)) = equations.zip(readings).min_by_key(rank) else {
        return;
    };
    let violated = violations(&best);
    let is_no_reading = best.len() >= ROWS_THAT_TELL && 2 * violated > best.len();
    // The figures beside the parts that are no part of the reading.
    let beside = |left: &[Term], right: &[Term]| -> Vec<Term> {
        let row = left.iter().chain(right).find_map(|term| term.spot.row());
        let terms = reading.strangers.iter().filter_map(|column| amounts.term(table, row?, *column));
        terms.filter(|term| !term.amount.is_zero()).collect()
    };
    // Where a row holds although there is one, it is known to be no part.
    let is_settled =
        best.iter().any(|(result, left, right)| result.outcome != Outcome::Violated && !beside(left, right).is_empty());
    for (mut result, left, right) in best {
        let doubt: Option<Cow<'static, str>> = match &unknown {
            _ if result.outcome != Outcome::Violated => None,
            Some(column) => Some(format!("the column {column} is not known and may be a part").into()),
            None if is_no_reading => Some("the columns add up so in few rows of the table".into()),
            None if !is_settled && may_be_parts(&left, &right, &beside(&left, &right)) => {
                Some("another column may be a part".into())
            }
            None => None,
        };
        if let Some(doubt) = doubt {
            result.doubt(doubt);
        }
        ledger.enter_identity(result, &I101, identity.severity, &left, &right);
    }
}

/// So many figures beside the parts leave too many sums to say that none of them is meant.
const MOST_BESIDE: usize = 6;

/// True where some of these figures, taken as parts too, make the sum.
fn may_be_parts(left: &[Term], right: &[Term], beside: &[Term]) -> bool {
    let with_some = |chosen: u32| {
        let some = beside.iter().enumerate().filter(|(at, _)| chosen & (1 << at) != 0).map(|(_, term)| *term);
        let parts: Vec<Term> = right.iter().copied().chain(some).collect();
        compare(Relation::Equal, left, &parts).outcome != Outcome::Violated
    };
    beside.len() > MOST_BESIDE || (1..1u32 << beside.len()).any(with_some)
}

fn rows_to_equations<'a>(
    amounts: &Amounts<'a>,
    identity: &'a Across,
    table: usize,
    reading: &Reading,
) -> Vec<Equation<'a>> {
    let (sum, parts) = (&reading.sum, &reading.parts);
    let Some(of_table) = amounts.tables.get(table) else { return Vec::new() };
    let mut equations = Vec::new();
    for (at, row) in of_table.rows.iter().enumerate().filter(|(_, row)| is_counted(row)) {
        if !columns_of(of_table, row).any(|column| column.index == *sum) {
            continue;
        }
        let left: Vec<Term> = amounts.term(table, at, *sum).into_iter().collect();
        let right: Vec<Term> = parts.iter().filter_map(|part| amounts.term(table, at, *part)).collect();
        if left.is_empty() && right.is_empty() {
            continue;
        }
        equations.push((judge(&identity.name, Relation::Equal, &left, &right), left, right));
    }
    equations
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::{checked, disclosure, outcomes, table};

    #[test]
    fn a_row_is_the_sum_of_its_kinds_of_expenditure() {
        // Seed, 预算支出总表, and one figure changed.
        let rows = [
            "|合计|5519.38|378.18|5141.20",
            "201|一般公共服务支出|1885.55|319.55|1566.00",
            "2013202|一般行政管理事务|1547.48||1547.50",
        ];
        let (out, findings) = checked(disclosure(vec![table(
            "expenditure_summary",
            &["total_expenditure", "basic_expenditure", "project_expenditure"],
            &rows,
        )]));
        assert_eq!(outcomes(&out, "expenditure_is_sum_of_its_kinds"), [2, 0, 1, 0]);
        let finding = findings
            .iter()
            .find(|finding| finding.code == "I101" && finding.message.contains("its_kinds"))
            .expect("a finding");
        assert_eq!(finding.place.as_ref().and_then(|place| place.line()), Some(3));
        assert!(
            finding.message.contains("1,547.48 万元") && finding.message.contains("1,547.50 万元"),
            "{}",
            finding.message
        );
        // The other term of the row, and the sum of the class that the figure breaks too.
        let noted: Vec<&str> = finding.related.iter().map(|related| related.note.as_str()).collect();
        assert!(noted.first().is_some_and(|note| note.contains("1547.50")), "{noted:?}");
    }

    #[test]
    fn of_two_readings_the_one_that_holds_is_meant() {
        // Seed, 预算收入总表: 上年结转 stands outside of 合计. Elsewhere it stands inside.
        let measures = ["total_revenue", "general_public_budget", "unit_funds", "prior_year_carryover"];
        let outside = table(
            "revenue_summary",
            &measures,
            &["|合计|4732.97|4722.97|10.00|796.41", "201|一般公共服务支出|1130.34|1120.34|10.00|765.21"],
        );
        let inside = table(
            "revenue_summary",
            &measures,
            &["|合计|5529.38|4722.97|10.00|796.41", "201|一般公共服务支出|1895.55|1120.34|10.00|765.21"],
        );
        for one in [outside, inside] {
            let (out, _) = checked(disclosure(vec![one]));
            assert_eq!(outcomes(&out, "total_is_sum_of_funds"), [2, 0, 0, 0]);
        }
    }

    #[test]
    fn a_column_of_unknown_measure_makes_no_violation() {
        let measures = ["total_expenditure", "basic_expenditure", "project_expenditure", ""];
        // The column is a part where the row adds up with it; where it does not, nothing is known.
        for (row, expected) in
            [("|合计|10.00|3.00|5.00|2.00", [1, 0, 0, 0]), ("|合计|10.00|3.00|5.00|4.00", [0, 0, 0, 1])]
        {
            let (out, findings) = checked(disclosure(vec![table("expenditure_summary", &measures, &[row])]));
            assert_eq!(outcomes(&out, "expenditure_is_sum_of_its_kinds"), expected);
            assert!(!findings.iter().any(|finding| finding.code == "I101"));
        }
    }

    #[test]
    fn a_known_column_beside_the_parts_may_be_one() {
        // Wuxi, 收入总表: 事业收入 beside the funds.
        let measures = ["total_revenue", "general_public_budget", "unit_funds", "business_revenue"];
        let of = |rows: &[&str]| checked(disclosure(vec![table("revenue_summary", &measures, rows)])).0;
        assert_eq!(outcomes(&of(&["|合计|10.00|3.00|5.00|2.00"]), "total_is_sum_of_funds"), [1, 0, 0, 0]);
        // The total is neither 3 + 5 nor 3 + 5 + 4: whether the column is a part or not, the row does not add up.
        assert_eq!(outcomes(&of(&["|合计|10.00|3.00|5.00|4.00"]), "total_is_sum_of_funds"), [0, 0, 1, 0]);
        // Where no figure stands beside them, the parts are all.
        assert_eq!(outcomes(&of(&["|合计|10.00|3.00|5.00|"]), "total_is_sum_of_funds"), [0, 0, 1, 0]);
    }

    #[test]
    fn a_reading_that_most_rows_refuse_is_none() {
        let measures = ["total_expenditure", "basic_expenditure", "project_expenditure"];
        let rows = ["|合计|9.00|2.00|2.00", "201|x|5.00|1.00|1.00", "202|y|4.00|1.00|3.00", "203|z|7.00|3.00|3.00"];
        let (out, _) = checked(disclosure(vec![table("expenditure_summary", &measures, &rows)]));
        assert_eq!(outcomes(&out, "expenditure_is_sum_of_its_kinds"), [1, 0, 0, 3]);
    }

    #[test]
    fn a_blank_part_is_nothing_and_no_printed_part_is_no_check() {
        let measures = ["total_expenditure", "basic_expenditure", "project_expenditure"];
        let (out, _) = checked(disclosure(vec![table(
            "expenditure_summary",
            &measures,
            &["|合计|3.00|3.00|", "201|x|3.00||", "202|y|||"],
        )]));
        assert_eq!(outcomes(&out, "expenditure_is_sum_of_its_kinds"), [1, 0, 0, 1]);
    }
}
