//! Lists: lines that look alike, under rows that look otherwise and sum them.
//!
//! 合计, 货物, a unit, its purchases; 货物, another unit, its purchases. What a row looks like tells the lines from the rows of
//! their groups; which of those sum others is not printed. So only the lowest groups are taken, those right above a line, and
//! the total. That the list is one of this kind, its own figures must show: groups that hold, or that make up the total.

use rust_decimal::Decimal;

use super::address::{Amounts, columns_of};
use super::doubts::doubt_left_out;
use crate::check::ledger::{I101, Ledger};
use crate::check::shape::{Shape, row_to_shape};
use crate::check::term::{Relation, Term, compare};
use crate::check::verdict::judge;
use crate::model::{Outcome, RowRole};
use crate::spec::identities::Down;

/// So many groups must hold before one that does not is a violation.
const GROUPS_THAT_TELL: usize = 2;

pub fn evaluate(amounts: &Amounts, identity: &Down, table: usize, rows: &[usize], ledger: &mut Ledger) {
    let Some(of_table) = amounts.tables.get(table) else { return };
    let Some(first) = rows.first().and_then(|at| of_table.rows.get(*at)) else { return };
    for column in columns_of(of_table, first) {
        let list = List::of(amounts, table, rows, column.index);
        for (left, right) in list.equations() {
            let mut result = judge(&identity.name, Relation::Equal, &left, &right);
            if amounts.leaves_out {
                doubt_left_out(&mut result, &left, &right);
            }
            ledger.enter_identity(result, &I101, identity.severity, &left, &right);
        }
    }
}

/// A column of a list.
#[derive(Default)]
struct List<'a> {
    total: Option<Term<'a>>,
    /// The lowest groups with their lines.
    groups: Vec<(Term<'a>, Vec<Term<'a>>)>,
    lines: Vec<Term<'a>>,
    /// True where a line stands before the first group.
    has_loose_lines: bool,
}

impl<'a> List<'a> {
    fn of(amounts: &Amounts<'a>, table: usize, rows: &[usize], column: u32) -> List<'a> {
        let mut list = List::default();
        let Some(of_table) = amounts.tables.get(table) else { return list };
        let figures: Vec<(usize, Term)> = rows
            .iter()
            .filter_map(|at| Some((*at, amounts.term(table, *at, column).filter(|term| !term.amount.is_zero())?)))
            .collect();
        let shape = |at: usize| of_table.rows.get(at).map(|row| row_to_shape(row, of_table));
        let is_total = |at: usize| of_table.rows.get(at).is_some_and(|row| row.role == RowRole::Total);
        // Lines say more than their groups, and there are more of them; of two sorts that are as many, the one that stands last.
        let mut shapes: Vec<(usize, Option<Shape>)> = Vec::new();
        for shape in figures.iter().filter(|(at, _)| !is_total(*at)).map(|(at, _)| shape(*at)) {
            match shapes.iter_mut().find(|(_, known)| *known == shape) {
                Some((count, _)) => *count += 1,
                None => shapes.push((1, shape)),
            }
        }
        let says_more = |shape: &Option<Shape>| shape.as_ref().is_some_and(|(.., has_words)| *has_words);
        let line =
            shapes.into_iter().max_by_key(|(count, shape)| (says_more(shape), *count)).and_then(|(_, shape)| shape);
        // A cell that two lines share leaves the second of them without its name: it stands deeper than the lines.
        let level = |at: usize| of_table.rows.get(at).and_then(|row| row.level);
        let lowest = line.as_ref().and_then(|(_, level, ..)| *level);
        let is_line = |at: usize| shape(at) == line || lowest.is_some_and(|lowest| level(at) > Some(lowest));
        let mut above: Option<Term> = None;
        let mut is_in_group = false;
        for (at, term) in figures {
            if is_total(at) {
                list.total = list.total.or(Some(term));
                (above, is_in_group) = (None, false);
            } else if !is_line(at) {
                (above, is_in_group) = (Some(term), false);
            } else {
                match (above.take(), is_in_group) {
                    (Some(group), _) => list.groups.push((group, vec![term])),
                    (None, true) => {
                        list.groups.iter_mut().next_back().into_iter().for_each(|(_, lines)| lines.push(term))
                    }
                    (None, false) => list.has_loose_lines = true,
                }
                is_in_group = !list.has_loose_lines;
                list.lines.push(term);
            }
        }
        list
    }

    /// The equations that the list shows to be meant.
    fn equations(self) -> Vec<(Vec<Term<'a>>, Vec<Term<'a>>)> {
        let holds = |left: &[Term], right: &[Term]| {
            matches!(compare(Relation::Equal, left, right).outcome, Outcome::Exact | Outcome::WithinRounding)
        };
        if self.has_loose_lines || self.groups.is_empty() {
            return Vec::new();
        }
        let total: Vec<Term> = self.total.into_iter().collect();
        let heads: Vec<Term> = self.groups.iter().map(|(group, _)| *group).collect();
        let holding = self.groups.iter().filter(|(group, lines)| holds(&[*group], lines)).count();
        let failing = self.groups.len() - holding;
        let is_list = (holding >= GROUPS_THAT_TELL && holding > failing)
            || (failing <= 1
                && holds(&total, &heads)
                && self.groups.iter().all(|(group, lines)| is_near(group, lines)));
        if !is_list {
            return Vec::new();
        }
        let mut equations: Vec<_> = self.groups.into_iter().map(|(group, lines)| (vec![group], lines)).collect();
        if !total.is_empty() {
            equations.push((total, self.lines));
        }
        equations
    }
}

/// True where the lines make up most of their group and not much more: not a line and its own parts.
fn is_near(group: &Term, lines: &[Term]) -> bool {
    let all: Decimal = lines.iter().map(|line| line.amount).sum();
    let (three, two) = (Decimal::from(3), Decimal::TWO);
    all * two > group.amount && all * two < group.amount * three
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::{checked, disclosure, outcomes, table, with_texts};
    use crate::model::{ColumnRole, Table};

    /// A list of purchases; `~` before a label marks a line, which prints its form of purchase.
    fn purchases(rows: &[&str]) -> Table {
        let plain: Vec<String> = rows.iter().map(|row| row.replace('~', "")).collect();
        let table = table(
            "government_procurement",
            &["government_procurement"],
            &plain.iter().map(String::as_str).collect::<Vec<_>>(),
        );
        let texts = rows.iter().map(|text| text.contains('~').then(|| format!("分散采购{}", text.len())));
        with_texts(table, (9, ColumnRole::Text, "采购组织形式"), texts)
    }

    fn found(rows: &[&str]) -> [u32; 4] {
        outcomes(&checked(disclosure(vec![purchases(rows)])).0, "lines_make_up_their_list")
    }

    #[test]
    fn lines_of_two_units() {
        // Wuxi, 政府采购支出表: 服务, two units, a line each.
        let rows = ["|合计|2.61", "|服务|2.61", "|甲局|2.00", "|~会议|2.00", "|乙中心|0.61", "|~会议|0.61"];
        assert_eq!(found(&rows), [3, 0, 0, 0]);
        let changed = ["|合计|2.61", "|服务|2.61", "|甲局|2.00", "|~会议|2.00", "|乙中心|0.61", "|~会议|0.71"];
        assert_eq!(found(&changed), [1, 0, 2, 0]);
    }

    #[test]
    fn a_line_of_many_is_lost() {
        let rows = [
            "|合计|10.00",
            "|甲局|4.00",
            "|~桌|1.00",
            "|~椅|3.00",
            "|乙局|5.00",
            "|~桌|2.50",
            "|丙局|1.00",
            "|~桌|1.00",
        ];
        assert_eq!(found(&rows), [2, 0, 2, 0], "the group of 乙局 and the total");
    }

    #[test]
    fn a_list_that_shows_no_groups() {
        let rows = ["|合计|10.00", "|甲局|4.00", "|~桌|1.00", "|乙局|5.00", "|~桌|2.50"];
        assert_eq!(found(&rows), [0; 4]);
        assert_eq!(found(&["|合计|10.00", "|~桌|4.00", "|~椅|5.00"]), [0; 4]);
    }
}
