//! Lists in which every row is a line or the sum of rows below it, and only the amounts tell which.
//!
//! 合计, the unit, 通用项目, 大型活动, the project (Xi'an, 专项业务经费支出表); 合计, 货物, what it is for, its purchases (Jiangsu before 2019).
//! Nothing printed shows the levels. Where all lines stand equally deep and the amounts nest without a slip, or with one, the
//! list is of this kind: so many sums do not come out by chance.

mod parse;

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::address::{Amounts, columns_of};
use super::doubts::doubt_left_out;
use super::tree::row_number;
use crate::base::finding::Finding;
use crate::check::ledger::{I101, Ledger};
use crate::check::term::{Relation, Term, compare};
use crate::check::verdict::judge;
use crate::finding_code;
use crate::model::{Layout, Outcome, RowRole, Table};
use crate::spec::identities::Down;
use parse::{Figure, Outline, Slip, figures_to_outlines};

finding_code! {
    /// A row of a list is lost that stood above others.
    ///
    /// Every row of the list is a line or the sum of rows below it, and all lines stand equally deep. Here one level is
    /// lacking: the rows add up to the row two levels above. No sum sees it, the lines are all there.
    pub C134, "level-of-list-missing", Warning
}

/// Levels of the lines: below three there is nothing that nests, above six none was seen.
const DEPTHS: std::ops::RangeInclusive<usize> = 3..=6;
/// Longer lists are not searched for a slip.
const MOST_ROWS: usize = 200;
/// So many sums, and sums of several rows, show that a list is one of this kind: where they are all that is checked …
const SUMS: (usize, usize) = (3, 1);
/// … and where the list has a slip: a sum that is nearly right, another, a row without parts.
const SUMS_BESIDE_A_SMALL_SLIP: (usize, usize) = (3, 1);
const SUMS_BESIDE_A_SLIP: (usize, usize) = (5, 2);
const SUMS_BESIDE_A_ROW_WITHOUT_PARTS: (usize, usize) = (8, 2);

pub fn evaluate(amounts: &Amounts, identity: &Down, table: usize, rows: &[usize], ledger: &mut Ledger) {
    let Some(of_table) = amounts.tables.get(table) else { return };
    let Some(first) = rows.first().and_then(|at| of_table.rows.get(*at)) else { return };
    let Some(column) = columns_of(of_table, first).next() else { return };
    let list = rows_to_list(amounts, identity, table, rows, column.index);
    let figures: Vec<Figure> = list.iter().map(|(_, term)| figure(term)).collect();
    let is_possible = |outline: &Outline| {
        // 款 without 项 are few but lawful (219 援助其他地区支出, Shenzhen's works office), and no level is lost above them.
        let is_lawful = matches!(outline.slip, Some(Slip::Lost(_) | Slip::Childless(_)));
        numbers_agree(of_table, &list, outline) && !(is_lawful && of_table.layout == Layout::TwoSided)
    };
    let Some(outline) = figures_to_outline(&figures, is_possible) else { return };
    let parts_of = |at: usize| -> Vec<Term> { outline.parts(at).iter().map(|part| list[*part].1).collect() };
    for (at, (_, term)) in list.iter().enumerate() {
        let parts = parts_of(at);
        let is_slip = matches!(outline.slip, Some(Slip::Sum(row) | Slip::Amount(row)) if row == at);
        // The rows below a lost one count for the row above it, and those above an amount that is wrong need another.
        if parts.is_empty() || (outline.slip.is_some() && !is_slip && !comes_to(term, &parts)) {
            continue;
        }
        let mut result = judge(&identity.name, Relation::Equal, &[*term], &parts);
        if amounts.leaves_out {
            doubt_left_out(&mut result, &[*term], &parts);
        }
        ledger.enter_identity(result, &I101, identity.severity, &[*term], &parts);
    }
    if let (Some(Slip::Lost(at) | Slip::Childless(at)), false) = (outline.slip, amounts.leaves_out)
        && let Some((row, _)) = list.get(at)
    {
        let is_lost = matches!(outline.slip, Some(Slip::Lost(_)));
        ledger.findings.extend(slip_to_finding(of_table, *row, is_lost));
    }
}

fn slip_to_finding(table: &Table, row: usize, is_lost: bool) -> Option<Finding> {
    let label = table.rows.get(row)?.label.as_ref()?;
    let caption = table.name();
    let lacks = if is_lost { "the row above it" } else { "the rows below it" };
    let message = format!("{caption}: {} stands without {lacks}, as the amounts of the list show", label.text);
    Some(Finding::new(&C134, message).at(&label.place, &label.text))
}

/// Rows with an amount in the column, the total first: that of the current year with what stands above it, else the grand total.
fn rows_to_list<'a>(
    amounts: &Amounts<'a>,
    identity: &Down,
    table: usize,
    rows: &[usize],
    column: u32,
) -> Vec<(usize, Term<'a>)> {
    let row = |at: &usize| amounts.tables.get(table).and_then(|table| table.rows.get(*at));
    let is_current =
        |at: &usize| row(at).is_some_and(|row| row.item.as_ref().is_some_and(|item| identity.current.contains(item)));
    let current = rows.iter().position(is_current);
    let rows = current.map_or(rows, |at| &rows[..=at]);
    let is_total = |at: &usize| match current {
        Some(current) => rows.get(current) == Some(at),
        None => row(at).is_some_and(|row| row.role == RowRole::Total),
    };
    let term = |at: &usize| Some((*at, amounts.term(table, *at, column).filter(|term| !term.amount.is_zero())?));
    let (mut list, lines): (Vec<_>, Vec<_>) = rows.iter().filter_map(term).partition(|(at, _)| is_total(at));
    // A total that a further page prints again is no row of its own.
    list.truncate(1);
    list.extend(lines);
    list
}

/// True where rows whose numbers are of one style stand equally deep.
fn numbers_agree(table: &Table, list: &[(usize, Term)], outline: &Outline) -> bool {
    let mut depths: BTreeMap<u8, usize> = BTreeMap::new();
    list.iter().zip(&outline.depths).all(|((row, _), depth)| {
        let number = table.rows.get(*row).and_then(row_number);
        number.is_none_or(|(style, _)| *depths.entry(style as u8).or_insert(*depth) == *depth)
    })
}

fn figure(term: &Term) -> Figure {
    Figure { amount: term.amount, slack: term.slack() }
}

/// The one reading that the amounts leave, or the likeliest of those with one slip.
fn figures_to_outline(figures: &[Figure], is_possible: impl Fn(&Outline) -> bool) -> Option<Outline> {
    let has = |outline: &Outline, (sums, of_several): (usize, usize)| {
        outline.sums >= sums && outline.sums_of_several >= of_several
    };
    let sound = DEPTHS.flat_map(|depth| figures_to_outlines(figures, depth, false)).find(&is_possible);
    if sound.is_some() || figures.len() > MOST_ROWS {
        return sound.filter(|outline| has(outline, SUMS));
    }
    let ways = DEPTHS.flat_map(|depth| figures_to_outlines(figures, depth, true));
    let is_shown = |outline: &Outline| match outline.slip {
        None => false,
        Some(Slip::Sum(_) | Slip::Amount(_)) if is_small(figures, outline) => has(outline, SUMS_BESIDE_A_SMALL_SLIP),
        Some(Slip::Childless(_)) => has(outline, SUMS_BESIDE_A_ROW_WITHOUT_PARTS),
        Some(_) => has(outline, SUMS_BESIDE_A_SLIP),
    };
    ways.filter(|outline| is_possible(outline) && is_shown(outline))
        .min_by_key(|outline| (!is_small(figures, outline), std::cmp::Reverse(outline.sums)))
}

/// True where the amount of the wrong row differs by less than a tenth from what its parts come to.
fn is_small(figures: &[Figure], outline: &Outline) -> bool {
    let Some(Slip::Sum(row) | Slip::Amount(row)) = outline.slip else { return false };
    let parts: Decimal = outline.parts(row).iter().map(|part| figures[*part].amount).sum();
    let own = figures[row].amount;
    (own - parts).abs() * Decimal::TEN < own.abs()
}

fn comes_to(term: &Term, parts: &[Term]) -> bool {
    let outcome = compare(Relation::Equal, &[*term], parts).outcome;
    matches!(outcome, Outcome::Exact | Outcome::WithinRounding)
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::{checked, disclosure, outcomes, table};
    use crate::model::{Layout, Side};

    /// Xi'an, 部门综合预算专项业务经费支出表, in other figures: two units, 通用项目 and 专用项目, kinds, projects.
    const LIST: [&str; 17] = [
        "|合计|100",
        "119001|甲局|80",
        "|通用项目|30",
        "|大型活动|10",
        "|业务培训|10",
        "|委托咨询业务|20",
        "|法律咨询|5",
        "|调查监测|15",
        "|专用项目|50",
        "|大型普查|50",
        "|人口普查|8",
        "|农业普查|42",
        "119002|调查中心|20",
        "|通用项目|20",
        "|委托咨询业务|20",
        "|社情民意|12",
        "|企业调查|8",
    ];

    /// Sums that hold and that do not, and lost levels.
    fn found(rows: &[&str]) -> (u32, u32, usize) {
        let to_fen: Vec<String> = rows.iter().map(|row| format!("{row}.00")).collect();
        let rows: Vec<&str> = to_fen.iter().map(String::as_str).collect();
        let list = table("project_expenditure", &["project_expenditure"], &rows);
        let (out, findings) = checked(disclosure(vec![list]));
        let [exact, _, violated, _] = outcomes(&out, "rows_nest_by_their_amounts");
        (exact, violated, findings.iter().filter(|finding| finding.code == "C134").count())
    }

    #[test]
    fn lists_whose_levels_nothing_prints() {
        assert_eq!(found(&LIST), (10, 0, 0));
        let with = |at: usize, row: &'static str| {
            let mut list = LIST;
            list[at] = row;
            list
        };
        assert_eq!(found(&with(6, "|法律咨询|6")).1, 1, "a line");
        assert_eq!(found(&with(9, "|大型普查|51")).1, 1, "a sum");
        let without = |at: usize| [&LIST[..at], &LIST[at + 1..]].concat();
        assert_eq!(found(&without(7)).1, 1, "a line is lost");
        assert_eq!(found(&without(5)).2, 1, "the row above two lines is lost");
        assert_eq!(found(&without(8)).2, 1, "the row above a whole level is lost");
    }

    #[test]
    fn a_side_that_prints_functions_by_name() {
        // Shenzhen, 财政拨款收支总表, in other figures: 类 with numbers, 款, 项, then 本年支出合计.
        let side = |purchases: &str| {
            let line = format!("|购房补贴|{purchases}");
            let rows = [
                "|一、教育支出|5.00",
                "|进修及培训|5.00",
                "|培训支出|5.00",
                "|二、社会保障和就业支出|9.00",
                "|行政事业单位养老支出|9.00",
                "|事业单位离退休|3.00",
                "|养老保险缴费|6.00",
                "|三、住房保障支出|8.00",
                "|住房改革支出|8.00",
                "|住房公积金|2.00",
                &line,
                "|本年支出合计|22.00",
                "|结转下年|1.00",
                "|支出总计|23.00",
            ];
            let mut table = table("fiscal_appropriation_summary", &["total_expenditure"], &rows);
            table.layout = Layout::TwoSided;
            for row in &mut table.rows {
                row.side = Some(Side::Expenditure);
            }
            table.rows[11].item = Some("current_year_expenditure".into());
            table.rows[13].item = Some("total_expenditure".into());
            outcomes(&checked(disclosure(vec![table])).0, "rows_nest_by_their_amounts")
        };
        assert_eq!(side("6.00"), [7, 0, 0, 0]);
        assert_eq!(side("6.10")[2], 1);
    }

    #[test]
    fn lists_that_do_not_nest() {
        assert_eq!(found(&["|合计|10", "|甲|4", "|乙|5", "|丙|1", "|丁|1", "|戊|2", "|己|3"]), (0, 0, 0));
        // Lines of two depths: nothing is known of the list.
        let mixed = ["|合计|10", "|甲|4", "|乙|6", "|丙|1", "|丁|5", "|戊|2", "|己|3"];
        assert_eq!(found(&mixed), (0, 0, 0));
    }
}
