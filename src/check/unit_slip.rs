//! A whole table in the other unit: its figures agree with those of other tables but for a factor of 10,000.

use std::collections::BTreeSet;

use super::repair::Equation;
use crate::base::amount::Unit;
use crate::base::finding::Finding;
use crate::finding_code;
use crate::model::{Disclosure, Repair, Table};

finding_code! {
    /// The figures of a table fit those of other tables only if its unit is another than the one printed.
    ///
    /// Several sums with other tables fail, none that compares the table with another holds, and with 元 for 万元 (or the
    /// other way round) for this one table all of them hold, which no other change of a unit does. The unit is proposed as
    /// a repair; the amounts stay in the unit that is printed.
    pub I103, "unit-differs-from-other-tables", Error
}

/// One sum alone may be a slip of a figure.
const SUMS_THAT_TELL: usize = 2;

/// A table whose unit explains these failing equations (by their index).
#[derive(Debug, PartialEq)]
pub struct UnitSlip {
    table: usize,
    meant: Unit,
    pub explained: Vec<usize>,
    /// How many of those are with other tables.
    across: usize,
}

/// The slips of units; `agreeing`: tables with figures that agree with those of another table.
pub fn unit_slips(equations: &[&Equation], disclosure: &Disclosure, agreeing: &BTreeSet<usize>) -> Vec<UnitSlip> {
    let tables: BTreeSet<usize> = equations.iter().flat_map(|equation| equation.tables()).collect();
    let candidates: Vec<UnitSlip> =
        tables.difference(agreeing).filter_map(|table| unit_slip(*table, equations, disclosure)).collect();
    // Two tables that fail against each other only: either unit may be meant.
    let is_alone = |slip: &UnitSlip| {
        let mut others = candidates.iter().filter(|other| other.table != slip.table);
        others.all(|other| other.explained.iter().all(|at| !slip.explained.contains(at)))
    };
    let alone: Vec<bool> = candidates.iter().map(is_alone).collect();
    candidates.into_iter().zip(alone).filter(|(_, is_alone)| *is_alone).map(|(slip, _)| slip).collect()
}

fn unit_slip(table: usize, equations: &[&Equation], disclosure: &Disclosure) -> Option<UnitSlip> {
    let meant = match disclosure.tables.get(table)?.unit.as_ref()?.value {
        Unit::Yuan => Unit::TenThousandYuan,
        Unit::TenThousandYuan => Unit::Yuan,
        _ => return None,
    };
    let explained: Vec<usize> = (0..equations.len()).filter(|at| equations[*at].tables().contains(&table)).collect();
    // A figure that fails in a sum of its own table too is a slip of that figure; but what is exact in 元 may be rounded in 万元.
    let across = explained.iter().filter(|at| equations[**at].tables().len() > 1).count();
    let holds = explained.iter().all(|at| equations[*at].holds_in(table, &meant));
    (holds && across >= SUMS_THAT_TELL).then_some(UnitSlip { table, meant, explained, across })
}

impl UnitSlip {
    /// The finding at the unit of the table, with what failed, and the unit proposed.
    pub fn told(&self, disclosure: &Disclosure, failing: Vec<Finding>) -> Option<(Finding, Repair)> {
        let table: &Table = disclosure.tables.get(self.table)?;
        let unit = table.unit.as_ref()?;
        let caption = table.name();
        let (printed, meant) = (unit.value.to_string(), self.meant.to_string());
        let sums = self.across;
        let message =
            format!("{caption} is in {printed} as printed; its {sums} sums with other tables hold in {meant}");
        let finding = Finding::new(&I103, message).at(&unit.place, &unit.printed);
        let finding = failing.into_iter().fold(finding, |finding, other| match &other.place {
            Some(place) => finding.with(place, other.message.clone()),
            None => finding,
        });
        let repair = Repair {
            code: I103.id.to_string(),
            place: unit.place.clone(),
            printed: unit.printed.clone(),
            proposed: unit.printed.replace(&printed, &meant),
            evidence: vec![
                format!("with it {sums} sums with other tables hold"),
                "no other unit of one table does that".to_string(),
            ],
        };
        Some((finding.help(format!("{meant} for {printed}: all of these sums hold")), repair))
    }
}

#[cfg(test)]
mod tests {
    use crate::base::amount::Unit;
    use crate::check::fixture::{checked, disclosure, table};
    use crate::model::{Layout, Side, Table};

    /// 收支总表, 收入总表 and 支出总表 of one budget.
    fn budget() -> Vec<Table> {
        let mut summary = table(
            "revenue_expenditure_summary",
            &["total"],
            &["|收入总计|5519.38", "|支出总计|5519.38", "|本年支出合计|5519.38"],
        );
        summary.layout = Layout::TwoSided;
        let items = ["total_revenue", "total_expenditure", "current_year_expenditure"];
        for (row, item) in summary.rows.iter_mut().zip(items) {
            row.item = Some(item.into());
            row.side = Some(if item == "total_revenue" { Side::Revenue } else { Side::Expenditure });
        }
        let revenue = table("revenue_summary", &["total"], &["|合计|5519.38"]);
        let columns = ["total_expenditure", "basic_expenditure", "project_expenditure"];
        let expenditure = table("expenditure_summary", &columns, &["|合计|5519.38|378.18|5141.20"]);
        let appropriation = table("project_expenditure_summary", &["project_expenditure"], &["|合计|5141.20"]);
        vec![summary, revenue, expenditure, appropriation]
    }

    fn told(tables: Vec<Table>) -> (Vec<String>, Vec<String>) {
        let (out, findings) = checked(disclosure(tables));
        let codes = findings.into_iter().map(|finding| finding.code).filter(|code| code.starts_with("I1"));
        (codes.collect(), out.repairs.into_iter().map(|repair| repair.proposed).collect())
    }

    #[test]
    fn a_table_in_the_other_unit() {
        assert_eq!(told(budget()), (vec![], vec![]));
        let mut tables = budget();
        for unit in tables[2].unit.iter_mut() {
            (unit.value, unit.printed) = (Unit::Yuan, "单位：元".into());
        }
        assert_eq!(told(tables), (vec!["I103".to_string()], vec!["单位：万元".to_string()]));
    }

    #[test]
    fn rounding_of_the_unit_that_is_meant() {
        // Parts that come to 5519.39, as rounded 万元 may and 元 with two decimals do not.
        let mut tables = budget();
        let columns = ["total_expenditure", "basic_expenditure", "project_expenditure"];
        let parts = ["201|甲|2519.38|189.09|2330.29", "208|乙|3000.01|189.09|2810.91"];
        tables[2].rows.extend(table("expenditure_summary", &columns, &parts).rows);
        assert_eq!(told(tables.clone()), (vec![], vec![]));
        for unit in tables[2].unit.iter_mut() {
            (unit.value, unit.printed) = (Unit::Yuan, "单位：元".into());
        }
        assert_eq!(told(tables).0, ["I103"]);
    }

    #[test]
    fn one_figure_in_the_other_unit_is_no_unit_of_the_table() {
        let mut tables = budget();
        for (cell, printed) in tables[2].rows[0].cells.iter_mut().zip(["55193800", "378.18", "51412000"]) {
            (cell.printed, cell.amount) = (printed.into(), crate::base::amount::parse_figure(printed));
        }
        let (codes, proposed) = told(tables);
        assert!(!codes.contains(&"I103".to_string()), "{codes:?}");
        assert!(proposed.iter().all(|one| !one.contains("单位")), "{proposed:?}");
    }

    #[test]
    fn two_tables_that_differ_from_each_other_only() {
        let mut tables = budget();
        tables.truncate(2);
        for unit in tables[1].unit.iter_mut() {
            unit.value = Unit::Yuan;
        }
        assert_eq!(told(tables).0, ["I101"], "one sum is no unit");
    }
}
