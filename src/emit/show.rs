//! A disclosure as a person wants to read it: who and when, the tables, the forms, the checks, the findings.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::aligned::{Align, rows_to_text};
use super::findings::{self, Lines};
use super::tally::{Tally, outcomes_text, share_text};
use crate::model::{
    Cell, Column, ColumnRole, Disclosure, Evidence, EvidenceCounts, Half, Metadata, PerformanceTarget, Phase, Row,
    RowRole, Scope, Table,
};

/// Widest column of a table.
const WIDEST: usize = 36;

/// The whole document in human form.
pub fn disclosure_to_text(disclosure: &Disclosure, lines: Lines) -> String {
    let mut out = head(disclosure);
    for table in &disclosure.tables {
        out.push('\n');
        out.push_str(&table_to_text(table));
    }
    for form in &disclosure.performance_targets {
        out.push('\n');
        out.push_str(&form_to_text(form));
    }
    out.push('\n');
    out.push_str(&Tally::of(disclosure).text());
    if !disclosure.findings.is_empty() {
        out.push('\n');
        out.push_str(&findings::text(disclosure, lines));
    }
    for repair in &disclosure.repairs {
        let _ = writeln!(out, "proposal[{}] {}: {} → {}", repair.code, repair.place, repair.printed, repair.proposed);
        for evidence in &repair.evidence {
            let _ = writeln!(out, "  {evidence}");
        }
    }
    out
}

fn head(disclosure: &Disclosure) -> String {
    let Metadata { title, body, fiscal_year, phase, scope, region, published, family } = &disclosure.metadata;
    let phase = phase.as_ref().map(|phase| match phase.value {
        Phase::Budget => "budget (预算)",
        Phase::FinalAccounts => "final accounts (决算)",
    });
    let scope = scope.as_ref().map(|scope| match scope.value {
        Scope::Department => "department (部门)",
        Scope::Unit => "unit (单位)",
        Scope::Government => "government (政府)",
    });
    let region = region.as_ref().map(|region| format!("{} {}", region.value.code, region.value.path.join("/")));
    let tables: Vec<_> = disclosure.contents.iter().filter(|entry| entry.is_table).collect();
    let announced = (!tables.is_empty()).then(|| {
        let found = tables.iter().filter(|entry| entry.table.is_some()).count();
        format!("{} tables announced, {found} of them found", tables.len())
    });
    let facts = [
        ("document", Some(disclosure.document.clone())),
        ("format", Some(disclosure.format.clone())),
        ("title", title.as_ref().map(|title| title.value.clone())),
        ("body", body.as_ref().map(|body| body.value.clone())),
        ("year", fiscal_year.as_ref().map(|year| year.value.to_string())),
        ("phase", phase.map(str::to_string)),
        ("scope", scope.map(str::to_string)),
        ("region", region),
        ("published", published.as_ref().map(|published| published.value.clone())),
        ("family", family.as_ref().map(|family| family.value.clone())),
        ("contents", announced),
    ];
    let row =
        |(name, value): (&str, Option<String>)| vec![name.to_string(), value.unwrap_or_else(|| "not stated".into())];
    rows_to_text(&facts.map(row), &[], 100)
}

/// A table with its caption, columns lined up.
pub fn table_to_text(table: &Table) -> String {
    let caption = table.caption.as_ref().map_or("(no caption)", |caption| caption.text.as_str());
    let kind = table.kind.as_deref().unwrap_or("unknown kind");
    let unit = table.unit.as_ref().map_or("no unit found".to_string(), |unit| unit.value.to_string());
    let place = table.fragments.first().map(|fragment| format!(" · {}", fragment.place)).unwrap_or_default();
    let mut out = format!("{} {caption} · {kind} · {unit}{place}\n", table.id);
    if table.is_nil {
        let notes: Vec<&str> = table.notes.iter().map(|note| note.text.as_str()).collect();
        let _ = writeln!(out, "  no figures; {}", notes.join(" "));
        return out;
    }
    let mut rows = header_rows(&table.columns);
    let mut printed: BTreeMap<u32, Vec<&Row>> = BTreeMap::new();
    for row in table.rows.iter().filter(|row| row.role != RowRole::ColumnNumbers) {
        printed.entry(row.index).or_default().push(row);
    }
    rows.extend(printed.values().map(|sides| printed_row(&table.columns, sides)));
    let is_figure = |column: &Column| matches!(column.role, ColumnRole::Amount | ColumnRole::Quantity);
    let align: Vec<Align> =
        table.columns.iter().map(|column| if is_figure(column) { Align::Right } else { Align::Left }).collect();
    out.push_str(&indent(&rows_to_text(&rows, &align, WIDEST)));
    for note in &table.notes {
        let _ = writeln!(out, "  {}", note.text);
    }
    out
}

/// The paths of the columns as rows, leaves on the last; a text over several columns stands over the first.
fn header_rows(columns: &[Column]) -> Vec<Vec<String>> {
    let depth = columns.iter().map(|column| column.path.len()).max().unwrap_or(0);
    let above = |column: &Column, row: usize| -> Option<usize> { (row + column.path.len()).checked_sub(depth) };
    let text = |row: usize, index: usize| -> String {
        let Some(column) = columns.get(index) else { return String::new() };
        let Some(at) = above(column, row) else { return String::new() };
        let left = index.checked_sub(1).and_then(|left| columns.get(left));
        let repeats =
            left.is_some_and(|left| at + 1 < column.path.len() && left.path.get(..=at) == column.path.get(..=at));
        if repeats { String::new() } else { column.path.get(at).cloned().unwrap_or_default() }
    };
    (0..depth).map(|row| (0..columns.len()).map(|index| text(row, index)).collect()).collect()
}

fn printed_row(columns: &[Column], sides: &[&Row]) -> Vec<String> {
    let mut out = vec![String::new(); columns.len()];
    let mut put = |column: Option<usize>, text: String| {
        if let Some(slot) = column.and_then(|column| out.get_mut(column)) {
            if !slot.is_empty() {
                slot.push(' ');
            }
            slot.push_str(&text);
        }
    };
    let at = |index: u32| columns.iter().position(|column| column.index == index);
    for row in sides {
        for text in &row.texts {
            put(at(text.column), text.text.clone());
        }
        if let Some(label) = &row.label {
            let of_panel = |column: &Column| column.role == ColumnRole::Label && column.panel == row.panel;
            let column = columns.iter().position(of_panel).or((!columns.is_empty()).then_some(0));
            let depth = row.level.map_or(0, usize::from);
            put(column, format!("{}{}", " ".repeat(depth), label.text));
        }
        for cell in &row.cells {
            put(at(cell.column), figure(cell));
        }
    }
    out
}

/// A figure that others contradict is marked.
fn figure(cell: &Cell) -> String {
    let mark = if cell.evidence == Evidence::Contradicted { "✗" } else { "" };
    format!("{mark}{}", cell.printed)
}

/// A performance-target form: funds and indicators, one half beside the other.
pub fn form_to_text(form: &PerformanceTarget) -> String {
    let project = form.project.as_ref().map_or("(no project named)", |project| project.text.as_str());
    let unit = form.unit.as_ref().map_or("no unit found".to_string(), |unit| unit.value.to_string());
    let place = form.fragments.first().map(|fragment| format!(" · {}", fragment.place)).unwrap_or_default();
    let mut out = format!("{} {project} · {} · {unit}{place}\n", form.id, form.kind);
    let mut funds: Vec<Vec<String>> = Vec::new();
    for fund in &form.funds {
        let half = if fund.half == Half::Annual { "年度" } else { "实施期" };
        funds.push(vec![half.into(), fund.label.text.clone(), fund.printed.clone().unwrap_or_default()]);
    }
    out.push_str(&indent(&rows_to_text(&funds, &[Align::Left, Align::Left, Align::Right], WIDEST)));
    let mut indicators: Vec<Vec<String>> = Vec::new();
    for indicator in
        form.indicators.iter().filter(|indicator| indicator.half == Half::Annual && indicator.value.is_some())
    {
        let text = |printed: &Option<crate::base::place::Printed>| {
            printed.as_ref().map(|p| p.text.clone()).unwrap_or_default()
        };
        let value = indicator.value.as_ref().map(|value| value.printed.clone()).unwrap_or_default();
        indicators.push(vec![text(&indicator.level1), text(&indicator.level2), text(&indicator.level3), value]);
    }
    out.push_str(&indent(&rows_to_text(&indicators, &[], WIDEST)));
    out
}

/// The findings of a document and how far it was checked, for `check`.
pub fn check_to_text(disclosure: &Disclosure, lines: Lines) -> String {
    let mut out = findings::text(disclosure, lines);
    let tally = Tally::of(disclosure);
    let Tally { amounts, tables, .. } = tally;
    let count = match disclosure.findings.len() {
        1 => "1 finding".to_string(),
        count => format!("{count} findings"),
    };
    let outcomes = outcomes_text(&disclosure.checks.outcomes);
    let known = if tally.known > 0 { format!(", {} of them known", tally.known) } else { String::new() };
    let EvidenceCounts { proved, within_rounding, contradicted, untested } = disclosure.checks.evidence;
    let share = share_text(proved + within_rounding, proved + within_rounding + contradicted + untested);
    let _ = writeln!(
        out,
        "{}: {tables} tables, {amounts} amounts, {share} proved; checks: {outcomes}; {count}{known}",
        disclosure.document
    );
    out
}

fn indent(text: &str) -> String {
    text.lines().map(|line| format!("  {line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(index: u32, role: &str, path: &[&str]) -> Column {
        let value = serde_json::json!({
            "index": index, "role": role, "side": null, "panel": 0, "measure": null, "path": path, "unit": null,
        });
        serde_json::from_value(value).expect("a column")
    }

    #[test]
    fn headers_stand_over_their_first_column_and_leaves_below() {
        let columns = [
            column(0, "label", &["项目"]),
            column(1, "amount", &["2026年预算数", "合计"]),
            column(2, "amount", &["2026年预算数", "基本支出"]),
        ];
        let expected = [["", "2026年预算数", ""], ["项目", "合计", "基本支出"]];
        assert_eq!(header_rows(&columns), expected.map(|row| row.map(String::from).to_vec()));
    }
}
