//! A table without its row of totals, in a document whose other tables have one.

use crate::base::finding::Finding;
use crate::base::place::Place;
use crate::base::text::key;
use crate::check::identity::{body_keys, is_counted, row_named};
use crate::check::ledger::Ledger;
use crate::finding_code;
use crate::model::{Disclosure, KindBasis, Layout, Row, RowRole, Side, Table};
use crate::spec::identities::{Identities, Words};

finding_code! {
    /// A table lacks the row of its total.
    ///
    /// Tables of this kind have one (合计; 收入总计 and 支出总计; 本年收入合计 above a line of carry-over), and the document's other
    /// tables print it: here it is lost, and nothing proves that the rows are all there.
    pub C107, "total-row-missing", Warning
}

/// Tables with fewer rows of figures have no need of a total.
const ROWS_WITH_A_TOTAL: usize = 2;

/// The sides of a table with their totals: of all money, of the current year.
const SIDES: [(Side, &str, &str); 2] = [
    (Side::Revenue, "total_revenue", "current_year_revenue"),
    (Side::Expenditure, "total_expenditure", "current_year_expenditure"),
];

pub fn evaluate(disclosure: &Disclosure, identities: &Identities, ledger: &mut Ledger) {
    let of_kinds = |kinds: &[String], layout: Layout| -> Vec<&Table> {
        let is_of = |table: &&Table| table.kind.as_ref().is_some_and(|kind| kinds.contains(kind));
        // A kind that was inferred from the header says nothing of what the table must have.
        let is_known = |table: &&Table| table.kind_basis == Some(KindBasis::Caption) && !table.is_nil;
        let tables = disclosure.tables.iter().filter(is_known).filter(|table| table.layout == layout);
        tables.filter(is_of).collect()
    };
    one_total(&of_kinds(&identities.totals.kinds, Layout::Rows), &identities.words, ledger);
    totals_of_sides(&of_kinds(&identities.totals.two_sided, Layout::TwoSided), identities, ledger);
}

fn tell(table: &Table, name: &str, ledger: &mut Ledger) {
    let caption = table.caption.as_ref();
    let finding = Finding::new(&C107, format!("{}: no row is its {name}", table.name()));
    let place: Option<&Place> = caption.map(|caption| &caption.place).or(table.rows.first().map(|row| &row.place));
    ledger.findings.push(match place {
        Some(place) => finding.at(place, "the table without it"),
        None => finding,
    });
}

fn rows_with_figures(table: &Table) -> impl Iterator<Item = &Row> {
    table.rows.iter().filter(|row| is_counted(row) && row.cells.iter().any(|cell| cell.amount.is_some()))
}

/// Tables with one total, whatever its place.
fn one_total(tables: &[&Table], words: &Words, ledger: &mut Ledger) {
    let tables: Vec<&Table> =
        tables.iter().copied().filter(|table| rows_with_figures(table).count() >= ROWS_WITH_A_TOTAL).collect();
    let (with, without): (Vec<&Table>, Vec<&Table>) = tables.into_iter().partition(|table| has_total(table, words));
    if with.len() > without.len() {
        without.into_iter().for_each(|table| tell(table, "total", ledger));
    }
}

/// True where a row is the total or may be: 人员经费合计 of the final accounts, a row without any name.
fn has_total(table: &Table, words: &Words) -> bool {
    let bodies = body_keys(table);
    // A list of projects totals in the row of the body (the seed).
    let may_be = |row: &Row| match &row.label {
        Some(label) => words.ends_in_total(&label.text) || (row.codes.is_empty() && bodies.contains(&key(&label.text))),
        None => row.codes.is_empty(),
    };
    rows_with_figures(table).any(|row| row.role == RowRole::Total || may_be(row))
}

/// The grand totals of both sides, and the totals of the current year above a line of carry-over.
fn totals_of_sides(tables: &[&Table], identities: &Identities, ledger: &mut Ledger) {
    let has = |table: &Table, item: &str| row_named(table, item).is_some();
    let prints = |item: &str| tables.iter().any(|table| has(table, item));
    let carries = |table: &Table| {
        let labels = table.rows.iter().filter(|row| is_counted(row)).filter_map(|row| row.label.as_ref());
        labels.filter(|label| identities.totals.is_carryover(&label.text)).count() > 0
    };
    // The other summary of the document has both a carry-over and the totals of the year.
    let is_usual = |item: &str| tables.iter().any(|table| has(table, item) && carries(table));
    for table in tables {
        for (side, grand, current) in SIDES {
            let of_side = rows_with_figures(table).filter(|row| row.side == Some(side));
            if of_side.filter(|row| row.role == RowRole::Item).count() < ROWS_WITH_A_TOTAL {
                continue;
            }
            if !has(table, grand) && (prints(grand) || SIDES.iter().any(|(_, grand, _)| has(table, grand))) {
                tell(table, grand, ledger);
            }
            let in_table = SIDES.iter().any(|(_, _, current)| has(table, current));
            // 收支总表 has them above its carry-over in all 57 documents that print one; 财政拨款收支总表 not in all.
            let is_of_all = table.kind.as_deref() == Some("revenue_expenditure_summary");
            if !has(table, current) && carries(table) && (is_of_all || is_usual(current) || in_table) {
                tell(table, current, ledger);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::{checked, disclosure, table};
    use crate::model::{Layout, Side, Table};

    fn told(tables: Vec<Table>) -> Vec<String> {
        let (_, findings) = checked(disclosure(tables));
        findings.into_iter().filter(|finding| finding.code == "C107").map(|finding| finding.message).collect()
    }

    #[test]
    fn one_table_without_the_total_that_the_others_have() {
        let list = |kind: &str, rows: &[&str]| table(kind, &["total"], rows);
        let with = || {
            vec![
                list("expenditure_summary", &["|合计|3.00", "201|一般|1.00", "208|社保|2.00"]),
                list("general_public_budget_expenditure", &["201|一般|1.00", "208|社保|2.00", "|合计|3.00"]),
            ]
        };
        let mut tables = with();
        tables.push(list("general_public_budget_basic_expenditure", &["301|工资|1.00", "302|商品|1.00"]));
        assert_eq!(told(tables).len(), 1);
        let mut tables = with();
        tables.push(list("general_public_budget_basic_expenditure", &["|人员经费合计|1.00", "|公用经费合计|1.00"]));
        tables.push(list("revenue_summary", &["024|甲局|3.00"]));
        assert_eq!(told(tables), [""; 0], "totals of another name, and a table of one row");
        // Shenzhen: the row of the unit stands in the place of the total, in every table.
        let habit = ["|甲局|3.00", "201|一般|1.00", "208|社保|2.00"];
        assert_eq!(told(vec![list("expenditure_summary", &habit), list("revenue_summary", &habit)]), [""; 0]);
    }

    /// A summary: rows of revenue, then of expenditure, each `item label figure`.
    fn summary(kind: &str, revenue: &[[&str; 3]], expenditure: &[[&str; 3]]) -> Table {
        let rows: Vec<String> =
            revenue.iter().chain(expenditure).map(|[_, label, figure]| format!("|{label}|{figure}")).collect();
        let mut table = table(kind, &["total"], &rows.iter().map(String::as_str).collect::<Vec<_>>());
        table.layout = Layout::TwoSided;
        let named = revenue
            .iter()
            .map(|row| (Side::Revenue, row))
            .chain(expenditure.iter().map(|row| (Side::Expenditure, row)));
        for (row, (side, [item, ..])) in table.rows.iter_mut().zip(named) {
            row.side = Some(side);
            row.item = (!item.is_empty()).then(|| item.to_string());
        }
        table
    }

    const REVENUE: [[&str; 3]; 5] = [
        ["", "一、财政拨款", "3.00"],
        ["", "二、其他收入", "1.00"],
        ["current_year_revenue", "本年收入合计", "4.00"],
        ["prior_year_carryover", "上年结转", "1.00"],
        ["total_revenue", "收入总计", "5.00"],
    ];
    const EXPENDITURE: [[&str; 3]; 4] = [
        ["", "一、一般公共服务支出", "4.00"],
        ["", "二、住房保障支出", "1.00"],
        ["current_year_expenditure", "本年支出合计", "5.00"],
        ["total_expenditure", "支出总计", "5.00"],
    ];

    fn without<const N: usize>(rows: &[[&'static str; 3]; N], item: &str) -> Vec<[&'static str; 3]> {
        rows.iter().copied().filter(|[own, ..]| *own != item).collect()
    }

    #[test]
    fn totals_of_both_sides() {
        let whole = || summary("fiscal_appropriation_summary", &REVENUE, &EXPENDITURE);
        assert_eq!(told(vec![whole()]), [""; 0]);
        let no_grand = summary("revenue_expenditure_summary", &without(&REVENUE, "total_revenue"), &EXPENDITURE);
        assert_eq!(told(vec![no_grand]).len(), 1);
        let no_current = || {
            let expenditure = without(&EXPENDITURE, "current_year_expenditure");
            summary("revenue_expenditure_summary", &without(&REVENUE, "current_year_revenue"), &expenditure)
        };
        assert_eq!(told(vec![no_current(), whole()]).len(), 2);
        assert_eq!(told(vec![no_current()]).len(), 2);
        let appropriation = summary(
            "fiscal_appropriation_summary",
            &without(&REVENUE, "current_year_revenue"),
            &without(&EXPENDITURE, "current_year_expenditure"),
        );
        assert_eq!(told(vec![appropriation]), [""; 0], "where no summary prints it, it is not usual there");
    }
}
