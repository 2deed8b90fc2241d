//! One raw table → one table of the canonical form.

use crate::base::finding::Finding;
use crate::base::text::unwrap_label;
use crate::bind::columns::{BoundColumn, bind_columns};
use crate::bind::rows::bind_rows;
use crate::bind::title::Title;
use crate::bind::units::table_unit;
use crate::finding_code;
use crate::model::{Classification, ColumnRole, HeaderCell, KindBasis, Layout, Row, RowRole, Side, Table};
use crate::segment::RawTable;
use crate::spec::labels::label_key;
use crate::spec::templates::Signature;
use crate::spec::{Kind, Specs};

finding_code! {
    /// The caption of a table names a kind, and neither its columns nor its rows are those of that kind.
    ///
    /// The caption may stand over another table's grid. The table is kept whole, as an unknown one.
    pub B102, "caption-does-not-fit-table", Warning
}

finding_code! {
    /// A table has amounts and no unit is printed for it.
    ///
    /// Its amounts are kept as printed; none is converted to yuan. A unit is never guessed from their size.
    pub B103, "table-without-unit", Warning
}

finding_code! {
    /// A header of a column of amounts is not in the vocabulary of its kind.
    ///
    /// The column is kept with its path as printed; what it measures stays open.
    pub B104, "unknown-column", Info
}

finding_code! {
    /// The caption of a table is not among the titles known.
    ///
    /// The table comes out whole, with its columns and rows; its kind stays open.
    pub B105, "unknown-table", Info
}

finding_code! {
    /// A label of no known word stands over every column of figures of a table.
    ///
    /// It tells no column from another, so that the columns are bound as if it were not there; it stays in their paths. Where
    /// it restricts the whole table (a source of money, a part of a year) the caption usually says so too.
    pub B106, "header-passed-over", Info
}

/// Binds a table. `ordinal` is its 1-based number in the document; `title` its caption taken apart.
pub fn bind_table(
    raw: &RawTable,
    title: Title,
    ordinal: usize,
    fiscal_year: Option<i32>,
    specs: &Specs,
    findings: &mut Vec<Finding>,
) -> Table {
    let kind = title.kind.as_deref().and_then(|name| specs.templates.kinds.get(name));
    let is_told = kind.is_some();
    let kind = kind.or_else(|| infer_kind(raw, fiscal_year, specs));
    let columns = bind_columns(raw, kind, fiscal_year, specs);
    let mut local = Vec::new();
    let bound = bind_rows(raw, &columns, kind, fiscal_year, specs, &mut local);
    let is_fit = kind.is_none_or(|kind| fits(kind, &columns, &bound.rows, specs));
    if !is_fit && is_told {
        report_misfit(raw, kind, findings);
        let title = Title { kind: None, ..title };
        return bind_table(raw, title, ordinal, fiscal_year, specs, findings);
    }
    if let Some(twin) = kind.and_then(|kind| twin_by_economic(kind, &title, &bound.rows)) {
        return bind_table(raw, Title { kind: Some(twin), ..title }, ordinal, fiscal_year, specs, findings);
    }
    findings.extend(local);
    let rows = bound.rows;
    let has_amounts = rows.iter().flat_map(|row| &row.cells).any(|cell| cell.amount.is_some());
    let unit = table_unit(raw);
    let is_money = |index: u32| columns.get(index as usize).is_some_and(|c| c.column.role == ColumnRole::Amount);
    // Marks of an evaluation have no unit of money and lack none.
    let has_money = rows.iter().flat_map(|row| &row.cells).any(|cell| cell.amount.is_some() && is_money(cell.column));
    if unit.is_none() && has_money {
        let name = raw.caption.as_ref().map_or("a table", |caption| caption.text.as_str());
        let mut finding = Finding::new(&B103, format!("no unit is printed for {name}"));
        // A table of no known kind need not be one of money: a form continued on the next page.
        if kind.is_none() {
            finding.severity = crate::base::finding::Severity::Info;
        }
        findings.push(at_table(finding, raw, "amounts without a unit"));
    }
    report_unknown_columns(raw, kind, &columns, &rows, findings);
    if kind.is_none() {
        let name = raw.caption.as_ref().map_or_else(|| "without a caption".into(), |c| format!("“{}”", c.text));
        findings.push(at_table(Finding::new(&B105, format!("table of no known kind: {name}")), raw, "unknown"));
    }
    let mut notes = raw.notes.clone();
    notes.extend(bound.notes);
    // A line that looks like the unit's and states none (单a位：万元, where another line states it) is kept as printed.
    let unread_unit = raw.unit.iter().filter(|line| unit.as_ref().is_none_or(|unit| unit.place != line.place));
    let subtitles = raw.subtitles.iter().chain(unread_unit).cloned().collect();
    Table {
        id: format!("t{ordinal}"),
        kind: kind.map(|kind| kind.name.clone()),
        kind_basis: kind.map(|_| if is_told { KindBasis::Caption } else { KindBasis::Inferred }),
        caption: raw.caption.clone(),
        mark: raw.mark.clone(),
        unit,
        body: raw.body.clone(),
        subtitles,
        qualifiers: title.qualifiers,
        layout: layout_of(&columns, &rows),
        is_nil: !has_amounts,
        notes,
        repeated: raw.repeated.clone(),
        header: raw.header.iter().map(header_cell).collect(),
        columns: columns.into_iter().map(|column| column.column).collect(),
        rows,
        fragments: raw.fragments.clone(),
    }
}

/// The kind of the same expenditure by economic classification, where that is what all rows are of and the title says
/// neither: 财政拨款支出决算明细表 (四川).
fn twin_by_economic(kind: &Kind, title: &Title, rows: &[Row]) -> Option<String> {
    let is_said = title.qualifiers.iter().any(|qualifier| qualifier == "by_function");
    let twin =
        kind.by_economic.as_ref().filter(|_| !is_said && kind.classification == Some(Classification::Functional))?;
    let mut codes = rows.iter().filter_map(|row| row.codes.first()).filter(|code| !code.is_resolved).peekable();
    codes.peek()?;
    codes.all(|code| code.classification == Classification::DepartmentalEconomic).then(|| twin.clone())
}

/// The only kind of which a signature stands in the table: exact words of its header, measures and items.
fn infer_kind<'a>(raw: &RawTable, fiscal_year: Option<i32>, specs: &'a Specs) -> Option<&'a Kind> {
    let columns = bind_columns(raw, None, fiscal_year, specs);
    let rows = bind_rows(raw, &columns, None, fiscal_year, specs, &mut Vec::new()).rows;
    let has_column =
        |label: &String| columns.iter().flat_map(|column| &column.keys).any(|own| *own == label_key(label));
    let has_measure = |name: &String| columns.iter().any(|column| column.column.measure.as_ref() == Some(name));
    let has_item = |name: &String| rows.iter().any(|row| row.item.as_ref() == Some(name));
    let is_one_of = |column: &BoundColumn, labels: &[String]| {
        column.keys.last().is_some_and(|own| labels.iter().any(|label| *own == label_key(label)))
    };
    let fits = |sign: &Signature| {
        sign.columns.iter().all(has_column)
            && sign.measures.iter().all(has_measure)
            && sign.items.iter().all(has_item)
            && (sign.only.is_empty() || columns.iter().all(|column| is_one_of(column, &sign.only)))
    };
    let mut kinds = specs.templates.kinds.values().filter(|kind| kind.signatures.iter().any(fits));
    kinds.next().filter(|_| kinds.next().is_none())
}

fn header_cell(cell: &crate::segment::RawCell) -> HeaderCell {
    HeaderCell {
        row: cell.row,
        column: cell.column,
        row_span: cell.row_span,
        column_span: cell.column_span,
        text: unwrap_label(&cell.text),
        place: cell.place.clone(),
    }
}

/// True where one of the kind's expected measures (or a part of one: 人员经费 of 基本支出) or items is there, or nothing
/// speaks against it.
fn fits(kind: &Kind, columns: &[BoundColumn], rows: &[Row], specs: &Specs) -> bool {
    if kind.expects.is_empty() && kind.expects_items.is_empty() || columns.is_empty() {
        return true;
    }
    let mut measures = columns.iter().filter_map(|column| column.column.measure.as_deref());
    let mut items = rows.iter().filter_map(|row| row.item.as_deref());
    // A lone column of amounts (江苏 2017: 项目 | 金额) is the kind's total and contradicts nothing.
    let used = |index: u32| rows.iter().flat_map(|row| &row.cells).any(|cell| cell.column == index);
    let amounts = columns.iter().filter(|c| c.column.role == ColumnRole::Amount && used(c.column.index));
    let is_lone = amounts.count() <= 1;
    let expected = || kind.expects.iter().chain(kind.total.iter().filter(|_| is_lone));
    let is_expected =
        |measure: &str, expected: &str| measure.ends_with(expected) || specs.templates.is_part_of(measure, expected);
    // 四川 表3 prints no more than 合计, 当年财政拨款安排 and 上年结转安排, for functions.
    let mut codes = rows.iter().flat_map(|row| &row.codes).filter(|code| !code.is_resolved);
    // A government's own budget prints names alone: that most of them are of the classification says as much.
    let lines = || rows.iter().filter(|row| row.role == RowRole::Item && row.label.is_some());
    let named = |own| lines().filter(|row| row.codes.iter().any(|code| code.classification == own)).count();
    let is_by_kind = kind.classification.is_some_and(|own| {
        codes.any(|code| code.classification == own) || named(own) >= 2 && named(own) * 2 > lines().count()
    });
    is_by_kind
        || measures.any(|measure| expected().any(|expected| is_expected(measure, expected)))
        || items.any(|item| kind.expects_items.iter().any(|expected| item == expected))
}

/// Sides make a table two-sided, the lack of labels a cross table.
fn layout_of(columns: &[BoundColumn], rows: &[Row]) -> Layout {
    let has = |side| columns.iter().any(|column| column.column.side == Some(side));
    if has(Side::Revenue) && has(Side::Expenditure) {
        return Layout::TwoSided;
    }
    let is_named = |column: &BoundColumn| matches!(column.column.role, ColumnRole::Label | ColumnRole::Code);
    if !columns.iter().any(is_named) && rows.len() <= 2 { Layout::Cross } else { Layout::Rows }
}

fn report_misfit(raw: &RawTable, kind: Option<&Kind>, findings: &mut Vec<Finding>) {
    let Some(kind) = kind else { return };
    let caption = raw.caption.as_ref().map_or("", |caption| caption.text.as_str());
    let message = format!("“{caption}” announces {} ({}), the table has none of its columns", kind.name, kind.chinese);
    findings.push(at_table(Finding::new(&B102, message), raw, "another table"));
}

fn report_unknown_columns(
    raw: &RawTable,
    kind: Option<&Kind>,
    columns: &[BoundColumn],
    rows: &[Row],
    findings: &mut Vec<Finding>,
) {
    let Some(kind) = kind else { return };
    let mut passed_over: Vec<&String> = columns.iter().flat_map(|column| &column.passed_over).collect();
    passed_over.dedup();
    passed_over.truncate(1);
    for label in passed_over {
        let message = format!("“{label}” over the columns of {} ({}) is no known word", kind.name, kind.chinese);
        findings.push(at_table(Finding::new(&B106, message), raw, "passed over"));
    }
    for column in columns.iter().filter(|c| c.column.role == ColumnRole::Amount && c.column.measure.is_none()) {
        let is_used = rows.iter().flat_map(|row| &row.cells).any(|cell| cell.column == column.column.index);
        if !is_used {
            continue;
        }
        let path = column.column.path.join(" > ");
        let message = format!("“{path}” is no known column of {} ({})", kind.name, kind.chinese);
        let leaf = raw.column_path(column.column.index).last().map(|cell| cell.place.clone());
        let finding = Finding::new(&B104, message);
        findings.push(match leaf {
            Some(place) => finding.at(&place, "unknown column"),
            None => at_table(finding, raw, "column without a header"),
        });
    }
}

/// A finding at the caption, or where the grid begins.
fn at_table(finding: Finding, raw: &RawTable, label: &str) -> Finding {
    match raw.caption.as_ref().map(|caption| &caption.place).or(raw.fragments.first().map(|f| &f.place)) {
        Some(place) => finding.at(place, label),
        None => finding,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::place::{Place, Printed};
    use crate::bind::title::read_title;
    use crate::model::Evidence;
    use crate::segment::{RawCell, RawRow};

    fn place(line: u32) -> Place {
        Place::Text { line, column: 1, width: 1, cell: None }
    }

    fn cells(line: u32, texts: &str) -> Vec<RawCell> {
        let cell = |(column, text): (usize, &str)| {
            let (text, span) = text.split_once('@').unwrap_or((text, "1"));
            RawCell {
                row: 0,
                column: column as u32,
                row_span: span.parse().expect("a span"),
                column_span: 1,
                text: text.into(),
                place: place(line),
            }
        };
        texts.split('|').enumerate().filter(|(_, text)| !text.is_empty()).map(cell).collect()
    }

    /// A table of one header row; `甲@3` is a cell over three rows.
    fn bound(caption: &str, header: &str, rows: &[&str]) -> (Table, Vec<Finding>) {
        let specs = Specs::builtin().expect("sound data");
        let raw = RawTable {
            caption: Some(Printed::new(caption, place(1))).filter(|caption| !caption.text.is_empty()),
            unit: Some(Printed::new("单位：万元", place(1))),
            columns: header.split('|').count() as u32,
            header: cells(2, header),
            header_rows: 1,
            rows: (3..)
                .zip(rows)
                .map(|(line, row)| RawRow { cells: cells(line, row), place: place(line), fragment: 0 })
                .collect(),
            ..RawTable::default()
        };
        let title = read_title(caption, &[], &specs.templates);
        let mut findings = Vec::new();
        let table = bind_table(&raw, title, 1, Some(2026), &specs, &mut findings);
        (table, findings)
    }

    fn labels(table: &Table) -> Vec<&str> {
        table.rows.iter().map(|row| row.label.as_ref().map_or("", |label| label.text.as_str())).collect()
    }

    fn codes(table: &Table) -> Vec<&str> {
        table.rows.iter().map(|row| row.codes.first().map_or("", |code| code.code.as_str())).collect()
    }

    #[test]
    fn a_level_a_row_continues_the_code_above() {
        // 烟台 公开表2: each row prints the digits of its own level only.
        let header = "类|款|项|科目名称|合计|基本支出|项目支出";
        let rows =
            ["205|||教育支出|9|5|4", "|01||教育管理事务|9|5|4", "||01|行政运行|9|5|4", "||02|一般行政管理事务|0|0|0"];
        let (table, findings) = bound("支出总体情况表", header, &rows);
        assert_eq!(codes(&table), ["205", "20501", "2050101", "2050102"]);
        assert_eq!(table.kind.as_deref(), Some("expenditure_summary"));
        assert!(findings.is_empty(), "{findings:?}");
    }

    #[test]
    fn the_words_of_the_header_in_the_row_of_the_total_are_no_label() {
        // 普陀 2024: 类 | 款 | 项 | 合计.
        let header = "科目编码|科目编码|科目编码|科目名称|本年支出合计|基本支出|项目支出";
        let (table, _) = bound("支出决算表", header, &["类|款|项|合计|9|5|4", "201|||一般公共服务支出|9|5|4"]);
        assert_eq!(labels(&table), ["合计", "一般公共服务支出"]);
        assert_eq!(table.rows[0].texts.len(), 3);
    }

    #[test]
    fn a_merged_name_reaches_over_its_rows() {
        // 深圳 表9: a unit with three years.
        let header = "预算单位|年度|公务接待费|公务用车购置及运行维护费";
        let (table, _) = bound("财政拨款“三公”经费支出表", header, &["甲局@2|2025年|1|2", "|2026年|1|2", "|合计|2|4"]);
        assert_eq!(labels(&table), ["甲局", "甲局", "合计"]);
    }

    #[test]
    fn a_name_over_two_panels_of_codes_names_the_figure_behind_them() {
        // 国家信访局 2024 p12: 公用经费合计 reaches from the second panel into the third.
        let specs = Specs::builtin().expect("sound data");
        let header = "科目代码|科目名称|决算数|科目代码|科目名称|决算数|科目代码|科目名称|决算数";
        let mut total = cells(4, "人员经费合计||7.00|公用经费合计|||||2.50");
        total[2].column_span = 5;
        let body = cells(3, "301|工资福利支出|7.00|302|商品和服务支出|2.00|310|资本性支出|0.50");
        let rows = [body, total].into_iter().map(|cells| RawRow { cells, place: place(3), fragment: 0 });
        let raw = RawTable {
            columns: 9,
            header: cells(2, header),
            header_rows: 1,
            rows: rows.collect(),
            ..RawTable::default()
        };
        let table = bind_table(&raw, Title::default(), 1, Some(2024), &specs, &mut Vec::new());
        let names: Vec<(&str, u32)> = labels(&table).into_iter().zip(table.rows.iter().map(|row| row.panel)).collect();
        assert_eq!(names[3..], [("人员经费合计", 0), ("公用经费合计", 2)]);
    }

    #[test]
    fn a_bare_total_beside_a_named_one_counts_more() {
        // 江苏 公开09表: 合计 | 三公经费 | 会议费.
        let (table, _) = bound("三公经费、会议费、培训费支出预算表", "合计|三公经费|会议费|培训费", &["6|1|2|3"]);
        let measures: Vec<_> = table.columns.iter().filter_map(|column| column.measure.as_deref()).collect();
        assert_eq!(measures, ["total", "three_public_expenses", "meeting_expenses", "training_expenses"]);
    }

    #[test]
    fn a_caption_over_another_tables_grid_is_not_believed() {
        let (table, findings) = bound("支出总表", "项目|因公出国（境）费|公务接待费", &["甲|1|2"]);
        assert_eq!(table.kind, None);
        assert!(findings.iter().any(|finding| finding.code == B102.id), "{findings:?}");
        // 西安 表5 prints no 基本支出, only its parts.
        let (table, _) =
            bound("一般公共预算支出表", "科目编码|科目名称|合计|人员经费|公用经费", &["201|一般公共服务支出|3|1|2"]);
        assert_eq!(table.kind.as_deref(), Some("general_public_budget_expenditure"));
    }

    #[test]
    fn a_table_without_a_caption_is_told_by_its_columns_and_says_so() {
        let (table, _) = bound("", "报表|报表名称|是否空表|公开空表理由", &["表1|收支总表|否|"]);
        assert_eq!((table.kind.as_deref(), table.kind_basis), (Some("table_directory"), Some(KindBasis::Inferred)));
        let (table, _) = bound("", "序号|单位名称|备注", &["1|甲局|"]);
        assert_eq!((table.kind.as_deref(), table.kind_basis), (Some("budget_units"), Some(KindBasis::Inferred)));
        // With a column that such a list does not have it is none.
        let (table, _) = bound("", "序号|单位名称|车牌号|备注", &["1|甲局|A1|"]);
        assert_eq!((table.kind, table.kind_basis), (None, None));
    }

    #[test]
    fn an_unknown_table_comes_out_whole() {
        let (table, findings) =
            bound("奖牌费明细表", "序号|奖牌名称|人数|金额（万元）", &["1|业务奖牌|44|7.28", "2|财务奖牌|—|0.5"]);
        assert_eq!(table.kind, None);
        assert_eq!(labels(&table), ["业务奖牌", "财务奖牌"]);
        let amount = &table.rows[0].cells[1];
        assert_eq!((amount.printed.as_str(), amount.evidence), ("7.28", Evidence::Untested));
        assert_eq!(table.rows[1].cells[0].amount, None);
        assert_eq!(table.columns[3].measure.as_deref(), Some("amount"));
        assert!(findings.iter().any(|finding| finding.code == B105.id));
    }
}
