//! Groups of a list that stand where the group above them is lost.

use crate::base::finding::Finding;
use crate::base::text::key;
use crate::check::identity::is_counted;
use crate::check::ledger::Ledger;
use crate::check::shape::has_words;
use crate::finding_code;
use crate::model::{Disclosure, Row, RowRole, Table};
use crate::spec::identities::{DownBy, Identities};

finding_code! {
    /// A group of a list stands without the group above it.
    ///
    /// A list of purchases stands in groups: 货物, the unit, its lines; 服务, the unit again, its lines. Where a unit stands twice
    /// with nothing but lines between, or directly below the total and elsewhere below a group, the row of the group above it
    /// is lost. No sum sees it: all lines are there.
    pub C133, "group-above-missing", Warning
}

/// What a row of a list is.
enum Sort {
    Total,
    Group(String),
    Line,
}

pub fn evaluate(disclosure: &Disclosure, identities: &Identities, ledger: &mut Ledger) {
    let lists = || identities.down.iter().filter(|down| down.by == DownBy::Lines).flat_map(|down| &down.kinds);
    let is_list = |table: &&Table| table.kind.as_ref().is_some_and(|kind| lists().any(|list| list == kind));
    for table in disclosure.tables.iter().filter(is_list) {
        for row in without_group_above(table) {
            let Some(label) = &row.label else { continue };
            let caption = table.name();
            let message = format!("{caption}: {} stands without the group above it", label.text);
            ledger.findings.push(Finding::new(&C133, message).at(&label.place, &label.text));
        }
    }
}

fn row_to_sort(row: &Row, table: &Table) -> Sort {
    match &row.label {
        _ if row.role == RowRole::Total => Sort::Total,
        // Lines say more than their groups: how and what is bought.
        Some(label) if !has_words(row, table) => Sort::Group(key(&label.text)),
        _ => Sort::Line,
    }
}

fn without_group_above(table: &Table) -> Vec<&Row> {
    let rows: Vec<(&Row, Sort)> = table
        .rows
        .iter()
        .filter(|row| is_counted(row) && !row.cells.is_empty())
        .map(|row| (row, row_to_sort(row, table)))
        .collect();
    if !rows.iter().any(|(_, sort)| matches!(sort, Sort::Line)) {
        return Vec::new();
    }
    // Names that stand directly below another group.
    let inner: Vec<&String> = rows
        .windows(2)
        .filter_map(|pair| match pair {
            [(_, Sort::Group(above)), (_, Sort::Group(own))] if above != own => Some(own),
            _ => None,
        })
        .collect();
    let mut found = Vec::new();
    let mut group: Option<&String> = None;
    let mut before: Option<&Sort> = None;
    for (row, sort) in &rows {
        if let Sort::Group(own) = sort {
            let is_below_total = matches!(before, Some(Sort::Total)) && inner.contains(&own);
            let is_below_lines = matches!(before, Some(Sort::Line)) && group == Some(own);
            if inner.contains(&own) && (is_below_total || is_below_lines) {
                found.push(*row);
            }
            group = Some(own);
        }
        before = Some(sort);
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::{checked, disclosure, table, with_texts};
    use crate::model::ColumnRole;

    /// Labels of the rows that lack a group, in a list whose rows with `~` are lines.
    fn told(rows: &[&str]) -> Vec<u32> {
        let plain: Vec<String> = rows.iter().map(|row| row.replace('~', "")).collect();
        let plain: Vec<&str> = plain.iter().map(String::as_str).collect();
        let list = table("government_procurement", &["government_procurement"], &plain);
        let texts = rows.iter().map(|text| text.contains('~').then(|| "分散采购".to_string()));
        let list = with_texts(list, (9, ColumnRole::Text, "采购组织形式"), texts);
        let (_, findings) = checked(disclosure(vec![list]));
        let of = findings.iter().filter(|finding| finding.code == "C133");
        of.filter_map(|finding| finding.place.as_ref()?.line()).collect()
    }

    #[test]
    fn a_unit_in_two_groups() {
        // Suzhou, 政府采购支出表: 货物 and 服务, the one unit below each.
        let whole =
            ["|合计|9.00", "|货物|5.00", "|甲局|5.00", "|~复印纸|5.00", "|服务|4.00", "|甲局|4.00", "|~审计|4.00"];
        let without = |at: usize| [&whole[..at], &whole[at + 1..]].concat();
        assert_eq!(told(&whole), [0; 0]);
        assert_eq!(told(&without(1)), [2], "the unit directly below the total");
        assert_eq!(told(&without(4)), [5], "the unit again below its own lines");
    }

    #[test]
    fn units_one_below_the_other() {
        let units = ["|合计|9.00", "|服务|9.00", "|甲局|5.00", "|~会议|5.00", "|乙局|4.00", "|~审计|4.00"];
        assert_eq!(told(&units), [0; 0]);
        assert_eq!(told(&["|合计|9.00", "|甲局|9.00", "|甲局|5.00", "|~会议|5.00", "|~审计|4.00"]), [0; 0]);
    }
}
