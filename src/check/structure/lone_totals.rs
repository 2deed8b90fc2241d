//! A total without the rows that it sums.

use crate::base::finding::Finding;
use crate::check::identity::{has_money, is_counted};
use crate::check::ledger::Ledger;
use crate::finding_code;
use crate::model::{Disclosure, KindBasis, Layout, RowRole, Table};
use crate::spec::identities::Totals;

finding_code! {
    /// A table prints its total and nothing that it is the total of.
    ///
    /// 收入总表 divides the revenue by unit or by function, 支出总表 the expenditure, be it into one row: where 合计 is the only row
    /// with money, the other is lost. Lists of purchases and of projects are not meant, what is secret is left out of them.
    pub C136, "total-without-rows", Warning
}

pub fn evaluate(disclosure: &Disclosure, totals: &Totals, ledger: &mut Ledger) {
    let is_divided = |table: &&Table| {
        table.kind.as_ref().is_some_and(|kind| totals.divided.contains(kind))
            && table.kind_basis == Some(KindBasis::Caption)
            && table.layout == Layout::Rows
    };
    for table in disclosure.tables.iter().filter(is_divided) {
        let mut with_money = table.rows.iter().filter(|row| is_counted(row) && has_money(row));
        let (Some(total), None) = (with_money.next(), with_money.next()) else { continue };
        // A total that nothing names is the one row of a table without rows of its own (Beijing, 收入总表).
        let Some(label) = total.label.as_ref().filter(|_| total.role == RowRole::Total) else { continue };
        let caption = table.name();
        let message = format!("{caption}: {} has no rows that it sums", label.text);
        ledger.findings.push(Finding::new(&C136, message).at(&label.place, "the only row with money"));
    }
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::{checked, disclosure, table};

    fn found(kind: &str, rows: &[&str]) -> usize {
        let (_, findings) = checked(disclosure(vec![table(kind, &["total_revenue"], rows)]));
        findings.iter().filter(|finding| finding.code == "C136").count()
    }

    #[test]
    fn the_only_row_below_a_total() {
        assert_eq!(found("revenue_summary", &["|合计|1369.27", "|甲局|1369.27"]), 0);
        assert_eq!(found("revenue_summary", &["|合计|1369.27"]), 1);
        assert_eq!(found("revenue_summary", &["|合计|1369.27", "|甲局|"]), 1);
        assert_eq!(found("revenue_summary", &["||1369.27"]), 0, "one row, as in Beijing");
        assert_eq!(found("government_purchase_of_services", &["|合计|778.93"]), 0, "secret purchases (军民融合)");
    }
}
