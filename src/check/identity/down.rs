//! `down`: in every column a row is the sum of the rows below it.

use std::collections::BTreeSet;

use super::address::{Amounts, columns_of};
use super::doubts::{Doubts, doubt_left_out};
use super::panels::Panels;
use super::tree::{Basis, Groups, Tree, number_in_list, row_number};
use crate::check::ledger::{I101, Ledger};
use crate::check::term::{Relation, Term};
use crate::check::verdict::{Equation, judge};
use crate::model::{Classification, Layout, Outcome, Row, RowRole, Table};
use crate::spec::identities::{Down, DownBy, Words};

pub fn evaluate(amounts: &Amounts, panels: &[Panels], identity: &Down, words: &Words, ledger: &mut Ledger) {
    for table in amounts.tables_for(&identity.kinds, &identity.when) {
        let (Some(of_table), Some(of_panels)) = (amounts.tables.get(table), panels.get(table)) else { continue };
        for panel in &of_panels.panels {
            let parts = &panel.parts;
            match identity.by {
                DownBy::Sides => super::sides::evaluate(amounts, identity, words, table, parts, ledger),
                DownBy::Lines => super::lines::evaluate(amounts, identity, table, parts, ledger),
                DownBy::Amounts => super::outline::evaluate(amounts, identity, table, parts, ledger),
                DownBy::Years if !panel.has_changes() => {}
                DownBy::Years => super::years::evaluate(amounts, identity, words, table, &panel.rows, ledger),
                _ if identity.by == DownBy::Total && of_table.layout == Layout::TwoSided => {}
                _ => enter_best(amounts, identity, words, table, parts, |groups| of_panels.tree(panel, groups), ledger),
            }
        }
    }
}

/// Evaluates the rows under every way to take their groups and enters the one with the fewest violations.
fn enter_best<'p>(
    amounts: &Amounts,
    identity: &Down,
    words: &Words,
    table: usize,
    rows: &[usize],
    tree: impl Fn(Groups) -> &'p Tree,
    ledger: &mut Ledger,
) {
    let mut best: Option<(usize, Vec<Equation>)> = None;
    for tree in Groups::ALL.into_iter().map(tree) {
        let equations = tree_to_equations(amounts, identity, words, table, rows, tree);
        let violated = equations.iter().filter(|(result, ..)| result.outcome == Outcome::Violated).count();
        // Ignoring rows is the last resort: only where the others fail. A way that tests nothing is no better than one that fails.
        if best.as_ref().is_none_or(|(fewest, _)| violated < *fewest && !equations.is_empty()) {
            best = Some((violated, equations));
        }
        if !tree.has_groups || violated == 0 {
            break;
        }
    }
    for (result, left, right) in best.into_iter().flat_map(|(_, equations)| equations) {
        ledger.enter_identity(result, &I101, identity.severity, &left, &right);
    }
}

fn tree_to_equations<'a>(
    amounts: &Amounts<'a>,
    identity: &'a Down,
    words: &Words,
    table: usize,
    rows: &[usize],
    tree: &Tree,
) -> Vec<Equation<'a>> {
    let Some(of_table) = amounts.tables.get(table) else { return Vec::new() };
    let mut equations = Vec::new();
    let wanted = match identity.by {
        DownBy::Code => Basis::Code,
        DownBy::Numbering => Basis::Number,
        DownBy::Total | DownBy::Sides | DownBy::Lines | DownBy::Amounts | DownBy::Years => Basis::Group,
    };
    if identity.by == DownBy::Total {
        let totals: Vec<usize> = rows
            .iter()
            .copied()
            .filter(|at| of_table.rows.get(*at).is_some_and(|row| row.role == RowRole::Total))
            .collect();
        if let Some(total) = totals.first() {
            // A total that repeats, or one per section: only what holds is known.
            let certain = !tree.is_guessed && totals.len() == 1 && are_peers(of_table, &tree.tops);
            let standing = (!certain).then_some("the standing of some rows is not certain");
            let doubts = Doubts { standing, has_gaps_only: false, has_size: !certain, is_by_code: false };
            equations.extend(row_to_equations(amounts, identity, table, *total, &tree.tops, doubts));
        }
    }
    for (parent, (basis, children)) in tree.children.iter().filter(|(_, (basis, _))| *basis == wanted) {
        let standing = match basis {
            Basis::Code => None,
            Basis::Number => {
                (!is_numbered_through(of_table, children, words)).then_some("the numbers of the items have gaps")
            }
            Basis::Group => (tree.is_guessed
                || has_unit_code(of_table, *parent)
                || has_number(of_table, *parent)
                || !are_peers(of_table, children))
            .then_some("the standing of some rows is not certain"),
        };
        let is_code = *basis == Basis::Code;
        let is_by_code = is_code && has_own_codes(of_table, children);
        let has_gaps_only = *basis == Basis::Number;
        let doubts = Doubts { standing, has_gaps_only, has_size: !is_code, is_by_code };
        equations.extend(row_to_equations(amounts, identity, table, *parent, children, doubts));
    }
    equations
}

/// True where every row has a code that no other of them has.
fn has_own_codes(table: &Table, rows: &[usize]) -> bool {
    let codes = rows.iter().map(|at| table.rows.get(*at)?.codes.first().map(|code| code.code.as_str()));
    let mut seen = BTreeSet::new();
    codes.into_iter().all(|code| code.is_some_and(|code| seen.insert(code)))
}

/// True for a numbered row: rows without a number below it may be its parts, or parts and the sums of them.
fn has_number(table: &Table, row: usize) -> bool {
    table.rows.get(row).and_then(row_number).is_some()
}

/// True for a code that is of no classification, in a table that prints codes of one: a unit, or a code misread or
/// misprinted (7 11 02 for 210 11 02, a budget of Putuo).
fn has_unit_code(table: &Table, row: usize) -> bool {
    let is_unit = |row: &Row| row.codes.first().is_some_and(|code| code.classification == Classification::Unit);
    table.rows.get(row).is_some_and(is_unit) && table.rows.iter().any(|row| !row.codes.is_empty() && !is_unit(row))
}

/// True where rows surely stand side by side: codes of one length (Beijing lists 项 without 款 and 类), or named rows of one level
/// without any code.
fn are_peers(table: &Table, rows: &[usize]) -> bool {
    let has_rank = |row: &Row, rank: (Classification, usize)| {
        row.codes.iter().any(|code| (code.classification, code.code.len()) == rank)
    };
    // Xi'an prints the function beside units and beside their purchases: rows of one sort have as many codes.
    let is_named = |row: &Row| row.codes.is_empty() && row.label.is_some();
    let all = |test: &dyn Fn(&Row) -> bool| rows.iter().filter_map(|at| table.rows.get(*at)).all(test);
    let Some(first) = rows.first().and_then(|at| table.rows.get(*at)) else { return true };
    let ranks = first.codes.iter().map(|code| (code.classification, code.code.len()));
    ranks.into_iter().any(|rank| all(&|row| has_rank(row, rank) && row.codes.len() == first.codes.len()))
        || all(&|row| is_named(row) && row.level == first.level)
}

/// True where the items count 1, 2, 3 … in one style.
fn is_numbered_through(table: &Table, rows: &[usize], words: &Words) -> bool {
    let numbers: Vec<_> = rows.iter().filter_map(|at| number_in_list(table.rows.get(*at)?, &words.of_which)).collect();
    let Some((style, _)) = numbers.first() else { return false };
    numbers.len() == rows.len()
        && numbers.iter().zip(1..).all(|((own, value), expected)| own == style && *value == expected)
}

/// An equation for each amount column of a row.
pub fn row_to_equations<'a>(
    amounts: &Amounts<'a>,
    identity: &'a Down,
    table: usize,
    parent: usize,
    children: &[usize],
    doubts: Doubts,
) -> Vec<Equation<'a>> {
    let Some((of_table, row)) = amounts.tables.get(table).and_then(|t| Some((t, t.rows.get(parent)?))) else {
        return Vec::new();
    };
    // Rows that print no figure at all are no parts: the indicators below a project's name (Beijing).
    if children.iter().filter_map(|child| of_table.rows.get(*child)).all(|child| child.cells.is_empty()) {
        return Vec::new();
    }
    // Parts that print a stroke state no figure, not none (机构运行信息表: 国内接待费 has no budget).
    let has_strokes = |nth: usize| {
        children.iter().filter_map(|child| of_table.rows.get(*child)).any(|row| {
            let column = columns_of(of_table, row).nth(nth).map(|column| column.index);
            row.cells.iter().any(|cell| Some(cell.column) == column && cell.amount.is_none())
        })
    };
    let mut equations = Vec::new();
    let mut unstated = Vec::new();
    for (nth, column) in columns_of(of_table, row).enumerate() {
        let left: Vec<Term> = amounts.term(table, parent, column.index).into_iter().collect();
        // The same column in the child's own panel.
        let of_child = |child: &usize| {
            let part = of_table.rows.get(*child)?;
            let is_beside = (part.side, part.panel) != (row.side, row.panel);
            let column = if is_beside { columns_of(of_table, part).nth(nth)? } else { column };
            amounts.term(table, *child, column.index)
        };
        let right: Vec<Term> = children.iter().filter_map(of_child).collect();
        if left.is_empty() && right.is_empty() {
            continue;
        }
        let result = judge(&identity.name, Relation::Equal, &left, &right);
        let is_unstated = right.is_empty() && has_strokes(nth);
        if is_unstated { unstated.push((result, left, right)) } else { equations.push((result, left, right)) }
    }
    doubts.apply(&mut equations);
    equations.extend(unstated);
    if amounts.leaves_out {
        equations.iter_mut().for_each(|(result, left, right)| doubt_left_out(result, left, right));
    }
    equations
}

#[cfg(test)]
mod tests {
    use crate::base::place::Printed;
    use crate::check::fixture::{checked, disclosure, outcomes, place, table};
    use crate::model::Evidence;

    #[test]
    fn codes_sum_up_within_rounding() {
        // Seed, 一般公共预算基本支出: 303 is 3.04 and its parts are 2.33 and 0.72.
        let rows = [
            "|合计|21.13",
            "302|商品和服务支出|18.09",
            "30201|办公费|12.40",
            "30299|其他|5.69",
            "303|对个人和家庭的补助|3.04",
            "30302|退休费|2.33",
            "30305|生活补助|0.72",
        ];
        let (out, findings) = checked(disclosure(vec![table("x", &["total"], &rows)]));
        assert_eq!(outcomes(&out, "code_is_sum_of_codes_below"), [1, 1, 0, 0]);
        assert_eq!(outcomes(&out, "total_is_sum_of_rows"), [1, 0, 0, 0]);
        assert!(findings.iter().all(|finding| finding.code != "I101"), "{findings:?}");
        assert_eq!(out.tables[0].rows[4].cells[0].evidence, Evidence::Proved);
        assert_eq!(out.tables[0].rows[5].cells[0].evidence, Evidence::WithinRounding);
    }

    #[test]
    fn units_keep_their_trees_apart() {
        let rows = [
            "|合计|10.00",
            "125001|甲|6.00",
            "201|一般|6.00",
            "20101|人大|6.00",
            "125002|乙|4.00",
            "201|一般|3.00",
            "20101|人大|3.00",
            "208|社保|1.00",
        ];
        let (out, findings) = checked(disclosure(vec![table("x", &["total"], &rows)]));
        assert_eq!(outcomes(&out, "code_is_sum_of_codes_below"), [2, 0, 0, 0]);
        assert_eq!(outcomes(&out, "total_is_sum_of_rows"), [3, 0, 0, 0]);
        assert!(findings.iter().all(|finding| finding.code != "I101"));
    }

    #[test]
    fn a_wrong_child_contradicts_its_parent() {
        let rows = ["|合计|3.00", "201|一般|3.00", "20101|人大|1.00", "20102|政协|2.20"];
        let (out, findings) = checked(disclosure(vec![table("x", &["total"], &rows)]));
        assert_eq!(outcomes(&out, "code_is_sum_of_codes_below"), [0, 0, 1, 0]);
        assert_eq!(findings.iter().filter(|finding| finding.code == "I101").count(), 1);
        assert_eq!(out.tables[0].rows[3].cells[0].evidence, Evidence::Contradicted);
        assert_eq!(out.tables[0].rows[1].cells[0].evidence, Evidence::Proved, "the total row proves it");
    }

    #[test]
    fn circled_items_and_totals_at_the_end() {
        // 公务用车 = ① + ②; the total of the list stands last (seed, “三公”经费).
        let rows = [
            "|因公出国（境）费|1.00",
            "|公务接待费|2.00",
            "|公务用车购置及运行费|7.00",
            "|①公务用车购置费|4.00",
            "|②公务用车运行维护费|3.00",
            "|合计|10.00",
        ];
        let (out, findings) =
            checked(disclosure(vec![table("three_public_expenses", &["three_public_expenses"], &rows)]));
        assert_eq!(outcomes(&out, "item_is_sum_of_numbered_items"), [1, 0, 0, 0]);
        assert_eq!(outcomes(&out, "total_is_sum_of_rows"), [1, 0, 0, 0]);
        assert!(findings.iter().all(|finding| finding.code != "I101"));
    }

    #[test]
    fn the_first_part_behind_of_which() {
        // Fuzhou, “三公”: 3、公务用车购置及运行费 above 其中：（1）公务用车购置费 and （2）公务用车运行费.
        let found = |operation: &str| {
            let operation = format!("|（2）公务用车运行费|{operation}");
            let rows =
                ["|1、接待费|2.00", "|2、公务用车购置及运行费|17.50", "|其中：（1）公务用车购置费|0.00", &operation];
            let (out, _) = checked(disclosure(vec![table("three_public_expenses", &["three_public_expenses"], &rows)]));
            outcomes(&out, "item_is_sum_of_numbered_items")
        };
        assert_eq!(found("17.50"), [1, 0, 0, 0]);
        assert_eq!(found("17.60"), [0, 0, 1, 0]);
    }

    #[test]
    fn something_below_a_printed_zero() {
        // Shenzhen, 收支总表: 三、单位资金 0.00 above five numbered sources.
        let rows = ["|三、单位资金|0.00", "|1.事业收入|0.00", "|2.上级补助收入|0.10", "|3.其他收入|0.00"];
        let (out, _) = checked(disclosure(vec![table("x", &["total"], &rows)]));
        assert_eq!(outcomes(&out, "item_is_sum_of_numbered_items"), [0, 0, 1, 0]);
    }

    #[test]
    fn the_row_of_the_body_is_the_total_of_a_table_without_one() {
        // Shenzhen, 项目支出总表: the unit, its projects, many columns of 0.00.
        let sums = |zero: &str| {
            let first = format!("|甲局|6.00|{zero}");
            let rows = [first.as_str(), "|项目一|4.00|0.00", "|项目二|2.00|0.00"];
            let mut projects = table("project_expenditure_summary", &["total", "other_revenue"], &rows);
            projects.body = Some(Printed::new("部门名称：甲局", place(1, 0)));
            outcomes(&checked(disclosure(vec![projects])).0, "total_is_sum_of_rows")
        };
        assert_eq!(sums("0.00"), [2, 0, 0, 0]);
        assert_eq!(sums("0.10"), [1, 0, 1, 0]);
    }

    #[test]
    fn numbers_with_gaps_and_a_small_difference() {
        // Wuxi, 财政拨款收支总表: 一、本年支出 above the classes that have money.
        let rows = |whole: &str| {
            let whole = format!("|一、本年支出|{whole}");
            let rows = [whole.as_str(), "|（一）一般公共服务支出|400.00", "|（八）社会保障和就业支出|230.00"];
            let (out, _) = checked(disclosure(vec![table("x", &["total"], &rows)]));
            outcomes(&out, "item_is_sum_of_numbered_items")
        };
        assert_eq!(rows("630.00"), [1, 0, 0, 0]);
        assert_eq!(rows("630.10"), [0, 0, 1, 0]);
        assert_eq!(rows("700.00"), [0, 0, 0, 1], "a row may be lost");
    }

    #[test]
    fn a_department_among_its_units() {
        // 长春 收入总表: 合计, the department under its own name, its units; the line above the table names the department.
        let rows = ["|合计|6.00", "|甲局|3.00", "|甲局所属学校|2.00", "|甲局所属中心|1.00"];
        let mut units = table("revenue_summary", &["total_revenue"], &rows);
        units.body = Some(Printed::new("部门名称：甲局", place(1, 0)));
        let (out, findings) = checked(disclosure(vec![units]));
        assert_eq!(outcomes(&out, "total_is_sum_of_rows"), [1, 0, 0, 0]);
        assert!(findings.iter().all(|finding| finding.code != "I101"), "{findings:?}");
    }

    #[test]
    fn a_list_under_two_rows_of_the_body() {
        // Seed, 项目支出预算表: the department, the unit, then the projects.
        let rows = ["|#甲局|6.00", "|#甲局|6.00", "|项目一|1.00", "|项目二|2.00", "|项目三|3.00"];
        let (out, _) = checked(disclosure(vec![table("project_expenditure", &["project_expenditure"], &rows)]));
        assert_eq!(outcomes(&out, "total_is_sum_of_rows"), [2, 0, 0, 0]);
        let flat = ["|合计|6.00", "|#甲局|4.00", "|项目一|1.00", "|项目二|3.00", "|#乙局|2.00", "|项目三|2.00"];
        let (out, _) = checked(disclosure(vec![table("project_expenditure", &["project_expenditure"], &flat)]));
        assert_eq!(outcomes(&out, "total_is_sum_of_rows"), [3, 0, 0, 0]);
    }

    #[test]
    fn a_line_that_repeats_the_row_above_it() {
        // Putuo 2025: 其他商品和服务支出 with the amount of all 商品和服务支出. Codes say that it is one of the lines.
        let sums = |rows: &[&str]| {
            let (out, _) = checked(disclosure(vec![table("x", &["basic_expenditure"], rows)]));
            outcomes(&out, "code_is_sum_of_codes_below")
        };
        let repeated = ["302|商品和服务支出|10.00", "30201|办公费|4.00", "30217|公务接待费|6.00", "30299|其他|10.00"];
        assert_eq!(sums(&repeated), [0, 0, 1, 0]);
        // A code that stands again may be the sum of its own lines.
        let again = ["302|商品和服务支出|10.00", "30201|办公费|10.00", "30201|甲局|4.00", "30201|乙局|6.00"];
        assert_eq!(sums(&again)[2], 0);
    }
}
