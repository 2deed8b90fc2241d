//! Indicators of a project that begin anew: the row that names the next project is lost.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::finding::Finding;
use crate::base::text::key;
use crate::check::identity::is_counted;
use crate::check::ledger::Ledger;
use crate::finding_code;
use crate::model::{Disclosure, Layout, Row, Table};
use crate::spec::forms::{FormLabel, FormSpecs, TreeColumn};

finding_code! {
    /// The indicators below a project begin anew.
    ///
    /// A list of performance targets names each project in the first row of its indicators, and groups these by 一级指标 and
    /// 二级指标. Where groups come a second time below one project, in the list's other projects hardly any does, and what stands
    /// before and from there on has each 一级指标 that nearly all other projects have, the row that names the next project is lost, with
    /// its amounts.
    pub C135, "indicators-begin-anew", Warning
}

/// Shorter lists show no habit.
const PROJECTS_THAT_TELL: usize = 4;
/// What so many of a hundred projects have, every project has.
const HABIT: usize = 90;

pub fn evaluate(disclosure: &Disclosure, forms: &FormSpecs, ledger: &mut Ledger) {
    for table in disclosure.tables.iter().filter(|table| table.layout == Layout::Rows) {
        let levels = indicator_columns(table, forms);
        let projects = table_to_projects(table);
        if levels.len() < 2 || projects.len() < PROJECTS_THAT_TELL {
            continue;
        }
        let Some(row) = begins_anew(&projects, &levels) else { continue };
        let caption = table.name();
        let message = format!("{caption}: indicators begin anew without a project of their own");
        ledger.findings.push(Finding::new(&C135, message).at(&row.place, "a kind of indicators for the second time"));
    }
}

/// Where the project with the most groups for the second time has the first of them. Some lists are not sorted throughout
/// (财政局 of Beijing, p38): it must have more than twice as many as any other, and be two whole projects.
fn begins_anew<'t>(projects: &[Vec<&'t Row>], levels: &[u32]) -> Option<&'t Row> {
    let following = projects.iter().skip(1).map(|next| next.first().copied()).chain([None]);
    let repeats = projects.iter().zip(following).map(|(rows, next)| repeated_groups(rows, next, levels));
    let mut repeats: Vec<(usize, Vec<&Row>)> = repeats.enumerate().filter(|(_, rows)| !rows.is_empty()).collect();
    repeats.sort_by_key(|(_, rows)| std::cmp::Reverse(rows.len()));
    let most_of_others = repeats.get(1).map_or(0, |(_, rows)| rows.len());
    let (at, repeated) = repeats.first().filter(|(_, rows)| rows.len() > 2 * most_of_others)?;
    let first = repeated.first().copied()?;
    let kinds =
        |rows: &[&Row]| -> BTreeSet<String> { rows.iter().filter_map(|row| text_in(row, *levels.first()?)).collect() };
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (_, rows) in projects.iter().enumerate().filter(|(other, _)| other != at) {
        kinds(rows).into_iter().for_each(|kind| *counts.entry(kind).or_default() += 1);
    }
    let is_usual = |count: usize| count * 100 >= HABIT * (projects.len() - 1);
    let usual: BTreeSet<String> =
        counts.into_iter().filter(|(_, count)| is_usual(*count)).map(|(kind, _)| kind).collect();
    let (before, behind) = projects[*at].split_at(projects[*at].iter().position(|row| row.index == first.index)?);
    [before, behind].into_iter().all(|part| usual.is_subset(&kinds(part))).then_some(first)
}

fn text_in(row: &Row, column: u32) -> Option<String> {
    row.texts.iter().find(|text| text.column == column).map(|text| key(&text.text))
}

/// Columns 一级指标 and 二级指标.
fn indicator_columns(table: &Table, forms: &FormSpecs) -> Vec<u32> {
    let is_level = |text: &String| {
        let label = forms.label(text).map(|found| found.label);
        matches!(label, Some(FormLabel::TreeColumn(TreeColumn::Level1 | TreeColumn::Level2)))
    };
    table.columns.iter().filter(|column| column.path.last().is_some_and(is_level)).map(|column| column.index).collect()
}

/// The rows of each project: one with an amount begins the next.
fn table_to_projects(table: &Table) -> Vec<Vec<&Row>> {
    let mut projects: Vec<Vec<&Row>> = Vec::new();
    for row in table.rows.iter().filter(|row| is_counted(row)) {
        match projects.last_mut() {
            Some(project) if row.cells.is_empty() => project.push(row),
            _ => projects.push(vec![row]),
        }
    }
    projects
}

/// The first rows of groups that the project had before, with others between.
///
/// A project that a page break cuts is named on the next page: what stands above the break from such a row on is its own.
fn repeated_groups<'t>(rows: &[&'t Row], next: Option<&Row>, levels: &[u32]) -> Vec<&'t Row> {
    let mut seen: BTreeSet<Vec<String>> = BTreeSet::new();
    let mut last: Option<Vec<String>> = None;
    let mut repeated = Vec::new();
    for row in rows {
        let text = |column: &u32| text_in(row, *column);
        let Some(group) = levels.iter().map(text).collect::<Option<Vec<String>>>() else { continue };
        if last.as_ref() != Some(&group) {
            if !seen.insert(group.clone()) {
                repeated.push(*row);
            }
            last = Some(group);
        }
    }
    let page = |row: &Row| row.place.page();
    let begins_on = repeated.first().and_then(|row| page(row));
    let is_cut =
        begins_on.is_some() && rows.last().and_then(|row| page(row)) == begins_on && next.and_then(page) > begins_on;
    if is_cut { Vec::new() } else { repeated }
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::{checked, disclosure, table, with_texts};
    use crate::model::ColumnRole;

    /// Projects with the groups of their indicators: `产/数 产/数 效/社`.
    fn found(projects: &[&str]) -> usize {
        let rows: Vec<String> = projects
            .iter()
            .flat_map(|groups| groups.split(' ').enumerate())
            .map(|(nth, _)| if nth == 0 { "|项目|1.00".to_string() } else { "||".to_string() })
            .collect();
        let mut list = table("performance_target", &["total"], &rows.iter().map(String::as_str).collect::<Vec<_>>());
        let groups = || projects.iter().flat_map(|groups| groups.split(' ')).filter_map(|group| group.split_once('/'));
        let level1 = groups().map(|(level1, _)| Some(level1.to_string()));
        let level2 = groups().map(|(_, level2)| Some(level2.to_string()));
        list = with_texts(list, (5, ColumnRole::Text, "一级指标"), level1);
        list = with_texts(list, (6, ColumnRole::Text, "二级指标"), level2);
        let (_, findings) = checked(disclosure(vec![list]));
        findings.iter().filter(|finding| finding.code == "C135").count()
    }

    #[test]
    fn the_row_of_a_project_is_lost() {
        let sound = ["产/数 产/数 产/质 效/社", "效/社 产/数 产/时", "产/质 产/数", "产/数 成/经"];
        assert_eq!(found(&sound), 0);
        assert_eq!(found(&["产/数 产/数 产/质 效/社 产/数 产/时", sound[2], sound[3], sound[0]]), 1);
        let unsorted = "产/数 产/质 产/数";
        assert_eq!(found(&[unsorted, unsorted, sound[0], sound[1]]), 0, "the habit of the list");
        let parts = "产/质 满/服 产/时 产/数 产/质 产/数 效/社 成/经";
        let whole = "产/数 成/经 满/服";
        assert_eq!(
            found(&[parts, whole, whole, whole]),
            0,
            "neither part is a project: one has no 成本, one no 满意度"
        );
    }
}
