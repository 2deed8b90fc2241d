//! Another reading of a table, where it could be read otherwise and its sums do not hold as it was read.
//!
//! A line of a text may have lost a blank cell, a line of an unruled table may belong to the row above it, a page may have
//! been joined to a table that ended on the page before. What could be read otherwise, the fragments of a table tell; which
//! reading is right, its sums. A figure in a ruled cell stands where the publisher put it: it is never moved.

mod columns;
mod pages;
mod rows;

use std::collections::BTreeSet;
use std::ops::Range;

use super::identity;
use super::ledger::Ledger;
use crate::base::finding::Finding;
use crate::base::place::Place;
use crate::finding_code;
use crate::model::{Disclosure, Fragment, GridMethod, Row, Table};
use crate::spec::identities::Identities;

finding_code! {
    /// A table was read in another way than at first, because its sums hold so.
    ///
    /// The way in which it was found leaves more than one reading: figures of a row that is not ruled may stand some columns
    /// further, two lines may be one row, the rows of a page may be no part of the table. As first read, sums of the table
    /// failed; exactly one other reading makes them hold. The printed text is unchanged.
    pub C141, "reading-chosen-by-sums", Info
}

/// More changes of one table than these are another table.
const MOST_CHANGES: usize = 12;

/// A table that could be read in more ways than these is not nearly read right.
const MOST_READINGS: usize = 64;

/// One way to read a table otherwise, and what that says.
struct Reading {
    change: Change,
    place: Place,
    told: String,
}

/// What stands instead. A table may have thousands of rows and many readings: each has the rows that differ.
enum Change {
    /// Instead of the rows of this range.
    Rows(Range<usize>, Vec<Row>),
    /// Instead of the table, or of so many tables from it on.
    Tables(usize, Vec<Table>),
}

impl Change {
    /// Exchanges what stands in the table with what may stand instead; done again, all is as it was.
    fn exchange(&mut self, tables: &mut Vec<Table>, at: usize) {
        match self {
            Change::Rows(range, rows) => {
                let Some(table) = tables.get_mut(at) else { return };
                let end = range.start + rows.len();
                *rows = table.rows.splice(range.clone(), std::mem::take(rows)).collect();
                range.end = end;
            }
            Change::Tables(count, others) => {
                let end = at + *count;
                *count = others.len();
                *others = tables.splice(at..end, std::mem::take(others)).collect();
            }
        }
    }
}

/// What the sums of tables come to.
struct Balance {
    /// Sums that fail, and sums that could not be judged.
    failing: usize,
    is_contradicted: bool,
    holding: usize,
    /// Rows of the first table in failing sums.
    rows: BTreeSet<usize>,
}

/// Replaces tables by the readings under which their sums hold; one finding for each table that is read otherwise.
///
/// Asked are the tables in which sums fail, and those without rulings or over several pages in which some could not be judged.
pub fn settle(disclosure: &mut Disclosure, identities: &Identities, ledger: &Ledger) -> Vec<Finding> {
    let is_open = |at: &usize| disclosure.tables.get(*at).is_some_and(|table| is_unruled(table) || has_pages(table));
    let doubted = ledger.doubted_rows().iter().map(|(table, _)| *table).filter(is_open);
    let asked: BTreeSet<usize> = ledger.failing_rows().into_iter().map(|(table, _)| table).chain(doubted).collect();
    let mut findings = Vec::new();
    // From the last: a table that becomes two moves those behind it.
    for at in asked.iter().rev() {
        let mut changes: Vec<(Place, String)> = Vec::new();
        while changes.len() < MOST_CHANGES {
            let Some(table) = disclosure.tables.get(*at) else { break };
            let Some(mut better) = better_reading(disclosure, table, identities) else { break };
            changes.push((better.place, better.told));
            better.change.exchange(&mut disclosure.tables, *at);
        }
        let Some(((place, told), others)) = changes.split_first() else { continue };
        let caption = disclosure.tables.get(*at).and_then(|table| table.caption.as_ref());
        let caption = caption.map_or("a table", |caption| caption.text.as_str());
        let message = format!("{caption} was read otherwise, because its sums hold so: {told}");
        let finding = Finding::new(&C141, message).at(place, told);
        findings.push(others.iter().fold(finding, |finding, (place, told)| finding.with(place, told)));
    }
    findings.reverse();
    findings
}

/// The one reading under which fewest sums fail and more hold than now; none where two do equally well.
fn better_reading(disclosure: &Disclosure, table: &Table, identities: &Identities) -> Option<Reading> {
    let pairs = rows::pairs(table);
    if !is_unruled(table) && pairs.is_empty() && !pages::are_joined(table) {
        return None;
    }
    let mut alone =
        Disclosure { tables: vec![table.clone()], metadata: disclosure.metadata.clone(), ..Disclosure::default() };
    let now = balance(&alone, identities);
    if now.failing == 0 {
        return None;
    }
    let mut best: Option<(usize, usize, Reading)> = None;
    let mut is_alone = true;
    let mut readings = columns::readings(table, &now.rows);
    if now.is_contradicted {
        readings.extend(pages::readings(table));
    }
    if readings.len() + pairs.len() > MOST_READINGS {
        return None;
    }
    for mut reading in readings.into_iter().chain(pairs.iter().filter_map(|at| rows::reading(table, *at))) {
        reading.change.exchange(&mut alone.tables, 0);
        let then = balance(&alone, identities);
        reading.change.exchange(&mut alone.tables, 0);
        if then.failing >= now.failing || then.holding <= now.holding {
            continue;
        }
        let rank = |failing: usize, holding: usize| (std::cmp::Reverse(failing), holding);
        let (own, known) =
            (rank(then.failing, then.holding), best.as_ref().map(|(failing, holding, _)| rank(*failing, *holding)));
        if known == Some(own) {
            is_alone = false;
        } else if known < Some(own) {
            (best, is_alone) = (Some((then.failing, then.holding, reading)), true);
        }
    }
    best.filter(|_| is_alone).map(|(_, _, reading)| reading)
}

/// Evaluates the identities over tables that stand alone.
fn balance(alone: &Disclosure, identities: &Identities) -> Balance {
    let mut ledger = Ledger::default();
    identity::evaluate(alone, identities, &mut ledger);
    let (failing, holding) = ledger.failing_and_holding();
    let contradicted = ledger.failing_rows();
    let is_contradicted = !contradicted.is_empty();
    let rows = contradicted.into_iter().chain(ledger.doubted_rows().iter().copied());
    Balance {
        failing,
        is_contradicted,
        holding,
        rows: rows.filter(|(table, _)| *table == 0).map(|(_, row)| row).collect(),
    }
}

fn has_pages(table: &Table) -> bool {
    table.rows.first().map(|row| row.place.page()) != table.rows.last().map(|row| row.place.page())
}

fn is_unruled(table: &Table) -> bool {
    table.fragments.iter().any(|fragment| fragment.method != GridMethod::Ruled)
}

/// True where the line that the row stands on prints fewer cells than the table has columns.
fn is_short(table: &Table, row: &Row) -> bool {
    row.place.line().is_some_and(|line| table.fragments.iter().any(|grid| grid.short_lines.contains(&line)))
}

/// How the grid was found in which the row stands; none where the table does not know its grids.
fn method_of(table: &Table, row: &Row) -> Option<GridMethod> {
    let on_page = |fragment: &&Fragment| fragment.place.page() == row.place.page();
    table.fragments.iter().find(on_page).map(|fragment| fragment.method)
}

#[cfg(test)]
mod tests {
    use crate::base::place::Place;
    use crate::check::fixture::{checked, disclosure, outcomes, table};
    use crate::model::{Disclosure, Fragment, GridMethod, Table};

    const COLUMNS: [&str; 3] = ["total_expenditure", "basic_expenditure", "project_expenditure"];

    fn found(method: GridMethod, rows: &[&str]) -> Table {
        let mut table = table("expenditure_summary", &COLUMNS, rows);
        let place = Place::Text { line: 1, column: 1, width: 1, cell: None };
        // The last row printed no cell more than it has.
        let short_lines = vec![rows.len() as u32];
        table.fragments = vec![Fragment { place, rows: rows.len() as u32, method, joined_by: None, short_lines }];
        table
    }

    /// What is told, and how many sums fail in the end.
    fn settled(tables: Vec<Table>) -> (Disclosure, Vec<String>, u32) {
        let (out, findings) = checked(disclosure(tables));
        let told = findings.into_iter().filter(|finding| finding.code == "C141").map(|finding| finding.message);
        let (told, failing) = (told.collect(), out.checks.outcomes.violated);
        (out, told, failing)
    }

    const SOUND: [&str; 3] = [
        "|合计|1500.00|1000.00|500.00",
        "201|一般公共服务支出|823.00|612.00|211.00",
        "208|社会保障和就业支出|677.00|388.00|289.00",
    ];

    #[test]
    fn a_line_that_lost_a_blank_cell() {
        // 210 spends on projects only: its blank 基本支出 was lost, and 40.00 moved to the left.
        let rows = ["|合计|1540.00|1000.00|540.00", SOUND[1], SOUND[2], "210|卫生健康支出|40.00|40.00"];
        let (out, told, failing) = settled(vec![found(GridMethod::Delimited, &rows)]);
        assert_eq!((told.len(), failing), (1, 0), "{told:?}");
        let moved: Vec<u32> = out.tables[0].rows[3].cells.iter().map(|cell| cell.column).collect();
        assert_eq!(moved, [2, 4]);
        let (_, told, failing) = settled(vec![found(GridMethod::Ruled, &rows)]);
        assert_eq!((told.len(), failing), (0, 2), "a ruled cell is where the publisher put it");
        let mut complete = found(GridMethod::Delimited, &rows);
        complete.fragments[0].short_lines.clear();
        let (_, told, failing) = settled(vec![complete]);
        assert_eq!((told.len(), failing), (0, 2), "no cell of the line is lost");
    }

    #[test]
    fn a_name_that_wraps_into_a_line_of_its_own() {
        let coded = [
            "20805|行政事业单位养老支出|677.00|388.00|289.00",
            "2080505|机关事业单位基本养老",
            "|保险缴费支出|677.00|388.00|289.00",
        ];
        let rows: Vec<&str> = SOUND.into_iter().chain(coded).collect();
        let (out, told, failing) = settled(vec![found(GridMethod::Aligned, &rows)]);
        assert_eq!((told.len(), failing), (1, 0), "{told:?}");
        let row = &out.tables[0].rows[4];
        assert_eq!(row.label.as_ref().map(|label| label.text.as_str()), Some("机关事业单位基本养老保险缴费支出"));
        assert_eq!((row.codes[0].code.as_str(), row.cells.len()), ("2080505", 3));
    }

    #[test]
    fn a_row_that_a_page_break_cuts() {
        let rows = [SOUND[0], SOUND[1], "208|社会保障和就业支出|677.00", "|||388.00|289.00"];
        let mut table = found(GridMethod::Ruled, &rows);
        for (at, row) in table.rows.iter_mut().enumerate() {
            row.place = Place::Page { page: if at < 3 { 5 } else { 6 }, bbox: [10.0, 20.0, 500.0, 29.0] };
        }
        let (out, told, failing) = settled(vec![table]);
        assert_eq!((told.len(), failing), (1, 0), "{told:?}");
        assert_eq!(out.tables[0].rows[2].cells.len(), 3);
    }

    #[test]
    fn a_page_that_is_no_part_of_the_table() {
        let rows: Vec<&str> = SOUND.into_iter().chain(["205|教育支出|9.00|4.00|5.00"]).collect();
        let mut table = found(GridMethod::Ruled, &rows);
        let on =
            |page, row: usize| Place::Page { page, bbox: [10.0, 20.0 * row as f32, 500.0, 20.0 * row as f32 + 9.0] };
        for (at, row) in table.rows.iter_mut().enumerate() {
            row.place = on(if at < 3 { 5 } else { 6 }, at);
        }
        let grid = |page, joined_by: Option<&str>| Fragment {
            place: on(page, 0),
            rows: 3,
            method: GridMethod::Ruled,
            joined_by: joined_by.map(String::from),
            short_lines: Vec::new(),
        };
        table.fragments = vec![grid(5, None), grid(6, Some("same columns, no caption between"))];
        let (out, told, failing) = settled(vec![table]);
        assert_eq!((told.len(), failing, out.tables.len()), (1, 0, 2), "{told:?}");
        assert_eq!((out.tables[1].kind.as_deref(), out.tables[1].rows.len()), (None, 1));
        assert_eq!(outcomes(&out, "total_is_sum_of_rows"), [3, 0, 0, 0]);
    }

    #[test]
    fn a_slip_of_the_publisher_stays() {
        for method in [GridMethod::Aligned, GridMethod::Delimited, GridMethod::Ruled] {
            let rows = [SOUND[0], "201|一般公共服务支出|823.00|621.00|211.00", SOUND[2]];
            let (_, told, failing) = settled(vec![found(method, &rows)]);
            assert_eq!((told.len(), failing), (0, 2), "{method:?}");
        }
    }
}
