//! `across`: in every row one column is the sum of others.

use super::address::{Amounts, columns_of, is_counted};
use crate::base::text::key;
use crate::check::ledger::{I101, Ledger};
use crate::check::term::{Relation, Term, judge};
use crate::model::{CheckResult, Outcome, Table};
use crate::spec::identities::{Across, Words};

/// A row's equation under one reading.
type Equation = (CheckResult, Vec<Term>, Vec<Term>);

/// One way to read the columns: the sum and its parts, by column index.
type Reading = (u32, Vec<u32>);

pub fn evaluate(amounts: &Amounts, identity: &Across, words: &Words, ledger: &mut Ledger) {
    for table in amounts.tables_for(&identity.kinds, &identity.when) {
        let Some(of_table) = amounts.tables.get(table) else { continue };
        if identity.total.is_some() {
            let measured = measures_to_readings(of_table, identity);
            enter_best(amounts, identity, table, &measured.readings, measured.unknown, ledger);
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
fn measures_to_readings(table: &Table, identity: &Across) -> Measured {
    let mut readings: Vec<Reading> = Vec::new();
    let mut unknown = None;
    let is_sum = |measure: &String| identity.total.as_ref().is_some_and(|total| total.contains(measure));
    let sums = table.columns.iter().filter(|column| column.measure.as_ref().is_some_and(is_sum));
    for sum in sums {
        let near = || {
            table
                .columns
                .iter()
                .filter(|column| column.panel == sum.panel && column.side == sum.side && column.index != sum.index)
        };
        for parts in &identity.parts {
            let columns: Vec<&_> = near()
                .filter(|column| column.measure.as_ref().is_some_and(|measure| parts.contains(measure)))
                .collect();
            let mut measures: Vec<_> = columns.iter().map(|column| &column.measure).collect();
            measures.sort();
            measures.dedup();
            // Two columns of one measure: the header tells which belongs to which sum, the measures do not.
            if columns.len() >= 2 && measures.len() == columns.len() {
                let reading = (sum.index, columns.iter().map(|column| column.index).collect());
                if !readings.contains(&reading) {
                    readings.push(reading);
                }
            }
        }
        let stranger =
            near().find(|column| column.role == crate::model::ColumnRole::Amount && column.measure.is_none());
        unknown = unknown.or_else(|| stranger.map(|column| column.path.join(" / ")));
    }
    Measured { readings, unknown }
}

/// The readings that merged headers state: under one header, the column 合计 or 小计 sums its siblings.
pub fn header_to_readings(table: &Table, words: &Words) -> Vec<Reading> {
    let is_total = |text: &String| words.column_totals.iter().any(|word| key(word) == key(text));
    let is_of_which = |text: &String| words.of_which.iter().any(|word| key(text).starts_with(&key(word)));
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
            readings.push((sum.index, parts));
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
    let Some(best) = equations.min_by_key(|equations| violations(equations)) else { return };
    for (mut result, left, right) in best {
        if let (Outcome::Violated, Some(column)) = (result.outcome, &unknown) {
            result.outcome = Outcome::NotEvaluated;
            result.reason = Some(format!("the column {column} is not known and may be a part"));
        }
        ledger.enter_identity(result, &I101, identity.severity, &left, &right);
    }
}

fn rows_to_equations(amounts: &Amounts, identity: &Across, table: usize, (sum, parts): &Reading) -> Vec<Equation> {
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
        assert_eq!(finding.related.len(), 1);
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
        let (out, findings) =
            checked(disclosure(vec![table("expenditure_summary", &measures, &["|合计|10.00|3.00|5.00|2.00"])]));
        assert_eq!(outcomes(&out, "expenditure_is_sum_of_its_kinds"), [0, 0, 0, 1]);
        assert!(!findings.iter().any(|finding| finding.code == "I101"));
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
