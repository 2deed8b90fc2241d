//! One record per amount: the rows that people load into a database.

use std::borrow::Cow;
use std::io::{self, Write};

use rust_decimal::Decimal;
use serde::Serialize;

use super::json_line::Head;
use crate::base::amount::{Unit, parse_figure};
use crate::base::place::Place;
use crate::base::text::{has_blank, unwrap_label};
use crate::model::measures::{INDICATOR_NAMES, TARGET_UNIT, TARGET_VALUE};
use crate::model::{
    Column, ColumnRole, Disclosure, Evidence, Field, FormFigure, Fund, Half, Indicator, PerformanceTarget, Phase, Row,
    RowRole, Scope, Side, Table, TextCell,
};

/// An amount cell of a table or a form. Every key is always there; null is "not stated" or "not of this format".
#[derive(Debug, Serialize)]
pub struct Fact<'a> {
    pub document: &'a str,
    pub body: Option<&'a str>,
    pub fiscal_year: Option<i32>,
    pub phase: Option<Phase>,
    pub scope: Option<Scope>,
    pub region_code: Option<&'a str>,
    /// Kind of the table; null for an unknown table.
    pub table: Option<&'a str>,
    /// `t4`, `f2`: the table or form in the canonical JSON.
    pub table_id: &'a str,
    pub caption: Option<&'a str>,
    /// The project that a form is about, blanks of wrapping removed.
    pub project: Option<Cow<'a, str>>,
    pub row: Option<&'a str>,
    pub side: Option<Side>,
    /// Code printed in the row.
    pub code: Option<&'a str>,
    /// What is measured.
    pub column: Option<Cow<'a, str>>,
    /// Header texts, outermost first.
    pub header: Vec<&'a str>,
    pub printed: &'a str,
    pub unit: Option<&'a str>,
    pub amount: Decimal,
    pub amount_yuan: Option<Decimal>,
    pub page: Option<u32>,
    pub bbox: Option<[f32; 4]>,
    pub line: Option<u32>,
    pub sheet: Option<&'a str>,
    /// 1-based tab-separated cell in the line.
    pub cell: Option<u32>,
    pub evidence: Evidence,
}

/// How many [`disclosure_to_facts`] gives.
pub fn count(disclosure: &Disclosure) -> usize {
    let of_row = |table: &Table, row: &Row| {
        row.cells.iter().filter(|cell| cell.amount.is_some()).count()
            + row.texts.iter().filter(|text| text_to_figure(table, text).is_some()).count()
    };
    let of_table = |table: &Table| rows_with_facts(table).map(|row| of_row(table, row)).sum::<usize>();
    let is_fund = |fund: &&Fund| fund.amount.is_some() && fund.printed.is_some();
    let of_form = |form: &PerformanceTarget| {
        form.funds.iter().filter(is_fund).count() + figures_of_form(disclosure, form).count()
    };
    disclosure.tables.iter().map(of_table).chain(disclosure.performance_targets.iter().map(of_form)).sum()
}

/// The facts of a document in document order: those of its tables, then those of its forms.
pub fn disclosure_to_facts(disclosure: &Disclosure) -> Vec<Fact<'_>> {
    facts(disclosure).collect()
}

/// A table's or form's facts at a time.
fn facts(disclosure: &Disclosure) -> impl Iterator<Item = Fact<'_>> {
    let of_tables = disclosure.tables.iter().flat_map(|table| table_to_facts(disclosure, table));
    let of_forms = disclosure.performance_targets.iter().flat_map(|form| form_to_facts(disclosure, form));
    of_tables.chain(of_forms)
}

fn table_to_facts<'a>(disclosure: &'a Disclosure, table: &'a Table) -> Vec<Fact<'a>> {
    let mut facts = Vec::new();
    for row in rows_with_facts(table) {
        for cell in &row.cells {
            let Some(amount) = cell.amount else { continue };
            let column = table.columns.iter().find(|column| column.index == cell.column);
            let unit = table.unit_of(row, cell.column);
            // A row that counts things is none of the money that its column measures: 公务用车保有量（辆） among “三公”.
            let is_measured = row.unit.as_ref().is_none_or(|unit| unit.yuan().is_some());
            facts.push(Fact {
                table: table.kind.as_deref(),
                caption: table.caption.as_ref().map(|caption| caption.text.as_str()),
                row: row.label.as_ref().map(|label| label.text.as_str()),
                side: row.side.or(column.and_then(|column| column.side)),
                code: printed_code(row),
                column: column.and_then(|column| column.measure.as_deref()).filter(|_| is_measured).map(Cow::from),
                header: column.map(|column| column.path.iter().map(String::as_str).collect()).unwrap_or_default(),
                ..fact(disclosure, &table.id, &cell.printed, amount, unit, &cell.place, cell.evidence)
            });
        }
        facts.extend(row.texts.iter().filter_map(|text| text_to_fact(disclosure, table, row, text)));
    }
    facts
}

fn rows_with_facts(table: &Table) -> impl Iterator<Item = &Row> {
    table.rows.iter().filter(|row| row.role != RowRole::ColumnNumbers)
}

/// A figure in a column of words. One of a list of targets is told as that of a form is: by the names of its indicator,
/// under the project, in the unit that the row prints; it has no unit of the table.
fn text_to_fact<'a>(
    disclosure: &'a Disclosure,
    table: &'a Table,
    row: &'a Row,
    text: &'a TextCell,
) -> Option<Fact<'a>> {
    let (column, amount) = text_to_figure(table, text)?;
    let label = row.label.as_ref().map(|label| label.text.as_str());
    let base = Fact {
        table: table.kind.as_deref(),
        caption: table.caption.as_ref().map(|caption| caption.text.as_str()),
        row: label,
        side: row.side.or(column.side),
        code: printed_code(row),
        header: column.path.iter().map(String::as_str).collect(),
        ..fact(disclosure, &table.id, &text.text, amount, column.unit.as_ref(), &text.place, Evidence::Untested)
    };
    if column.measure.as_deref() != Some(TARGET_VALUE) {
        return Some(base);
    }
    let printed = |measure: &str| {
        let column = table.columns.iter().find(|column| column.measure.as_deref() == Some(measure))?;
        row.texts.iter().find(|text| text.column == column.index).map(|text| text.text.as_str())
    };
    let names = INDICATOR_NAMES.iter().filter_map(|measure| printed(measure));
    Some(Fact {
        project: label.map(Cow::from),
        row: printed(INDICATOR_NAMES[2]),
        header: names.collect(),
        column: Some(TARGET_VALUE.into()),
        unit: printed(TARGET_UNIT),
        ..base
    })
}

/// The code that a row prints; one that its name was resolved to is none.
fn printed_code(row: &Row) -> Option<&str> {
    row.codes.iter().find(|code| !code.is_resolved).map(|code| code.code.as_str())
}

fn text_to_figure<'a>(table: &'a Table, text: &TextCell) -> Option<(&'a Column, Decimal)> {
    let column = table.columns.iter().find(|column| column.index == text.column)?;
    Some((column, parse_figure(&text.text).filter(|_| column.role == ColumnRole::Text)?))
}

fn form_to_facts<'a>(disclosure: &'a Disclosure, form: &'a PerformanceTarget) -> Vec<Fact<'a>> {
    let unit = form.unit.as_ref().map(|unit| &unit.value);
    let fact_of = |fund: &'a Fund| {
        let (amount, printed) = (fund.amount?, fund.printed.as_deref()?);
        let place = fund.place.as_ref().unwrap_or(&fund.label.place);
        let (half, half_printed) = match fund.half {
            Half::ImplementationPeriod => ("implementation_period", "实施期"),
            Half::Annual => ("annual", "年度"),
        };
        let source = fund.source.as_str();
        Some(Fact {
            table: Some(&form.kind),
            caption: form.caption.as_ref().map(|caption| caption.text.as_str()),
            project: project_of(form),
            row: Some(&fund.label.text),
            column: Some(format!("{half}.{source}").into()),
            header: vec![half_printed, &fund.label.text],
            ..fact(disclosure, &form.id, printed, amount, unit, place, fund.evidence)
        })
    };
    let funds = form.funds.iter().filter_map(fact_of);
    funds.chain(figures_of_form(disclosure, form)).collect()
}

/// Its name without the blanks of wrapping.
fn project_of(form: &PerformanceTarget) -> Option<Cow<'_, str>> {
    let name = form.project.as_ref()?.text.as_str();
    Some(if has_blank(name) { unwrap_label(name).into() } else { name.into() })
}

/// The figures of a form that are no funds, under the labels that the form prints for them.
fn figures_of_form<'a>(disclosure: &'a Disclosure, form: &'a PerformanceTarget) -> impl Iterator<Item = Fact<'a>> {
    let base = move |printed: &'a str, amount, place: &'a Place| Fact {
        table: Some(&form.kind),
        caption: form.caption.as_ref().map(|caption| caption.text.as_str()),
        project: project_of(form),
        ..fact(disclosure, &form.id, printed, amount, None, place, Evidence::Untested)
    };
    let of_indicator = move |indicator: &'a Indicator| {
        let value = indicator.value.as_ref()?;
        let amount = parse_figure(&value.printed)?;
        let names = [&indicator.level1, &indicator.level2, &indicator.level3];
        Some(Fact {
            row: indicator.level3.as_ref().map(|name| name.text.as_str()),
            header: names.into_iter().flatten().map(|name| name.text.as_str()).collect(),
            column: Some(TARGET_VALUE.into()),
            unit: value.unit.as_deref(),
            ..base(&value.printed, amount, &value.place)
        })
    };
    let of_field = move |field: &'a Field| {
        let amount = parse_figure(&field.value.text)?;
        let (label, value) = (field.label.text.as_str(), &field.value);
        let header = std::iter::once(label).chain(field.path.iter().map(String::as_str)).collect();
        let unit = field.unit.as_ref().map(Unit::as_str);
        let column = field.measure.as_deref().map(Cow::from);
        Some(Fact { row: Some(label), header, column, unit, ..base(&value.text, amount, &value.place) })
    };
    let of_figure = move |figure: &'a FormFigure| Fact {
        row: figure.row.as_ref().map(|label| label.text.as_str()),
        header: figure.header.iter().map(String::as_str).collect(),
        column: figure.measure.as_deref().map(Cow::from),
        ..base(&figure.printed, figure.amount, &figure.place)
    };
    let indicators = form.indicators.iter().filter_map(of_indicator);
    let further = form.indicators.iter().flat_map(|indicator| &indicator.fields);
    let fields = form.fields.iter().chain(further).filter_map(of_field);
    indicators.chain(fields).chain(form.figures.iter().map(of_figure))
}

/// What every fact has.
fn fact<'a>(
    disclosure: &'a Disclosure,
    table_id: &'a str,
    printed: &'a str,
    amount: Decimal,
    unit: Option<&'a Unit>,
    place: &Place,
    evidence: Evidence,
) -> Fact<'a> {
    let metadata = &disclosure.metadata;
    let (bbox, cell) = match place {
        Place::Page { bbox, .. } => (Some(*bbox), None),
        Place::Text { cell, .. } => (None, *cell),
    };
    Fact {
        document: &disclosure.document,
        body: metadata.body.as_ref().map(|body| body.value.as_str()),
        fiscal_year: metadata.fiscal_year.as_ref().map(|year| year.value),
        phase: metadata.phase.as_ref().map(|phase| phase.value),
        scope: metadata.scope.as_ref().map(|scope| scope.value),
        region_code: metadata.region.as_ref().map(|region| region.value.code.as_str()),
        table: None,
        table_id,
        caption: None,
        project: None,
        row: None,
        side: None,
        code: None,
        column: None,
        header: Vec::new(),
        printed,
        unit: unit.map(Unit::as_str),
        amount,
        // Digits of the printed unit are no digits of the yuan: 4722.97 万元 is 47229700, not 47229700.00.
        amount_yuan: unit.and_then(Unit::yuan).and_then(|yuan| amount.checked_mul(yuan)).map(|yuan| yuan.normalize()),
        page: place.page(),
        bbox,
        line: place.line(),
        sheet: None,
        cell,
        evidence,
    }
}

/// A JSON object a line.
///
/// # Errors
/// Those of writing.
pub fn write_jsonl(disclosure: &Disclosure, out: &mut impl Write) -> io::Result<()> {
    let (mut head, mut line) = (Head::default(), Vec::new());
    for fact in facts(disclosure) {
        line.clear();
        head.write(&fact, &mut line)?;
        line.push(b'\n');
        out.write_all(&line)?;
    }
    Ok(())
}

/// Names of the CSV columns, with the line break.
pub const CSV_HEADER: &str = "document,body,fiscal_year,phase,scope,region_code,table,table_id,caption,project,row,side,code,\
column,header,printed,unit,amount,amount_yuan,page,bbox,line,sheet,cell,evidence\n";

/// A CSV record a fact, without the header; lists as JSON.
///
/// # Errors
/// Those of writing.
pub fn write_csv(disclosure: &Disclosure, out: &mut impl Write) -> io::Result<()> {
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(out);
    for fact in facts(disclosure) {
        let record = serde_json::to_value(&fact)?;
        let fields = record.as_object().into_iter().flatten().map(|(_, value)| match value {
            serde_json::Value::Null => String::new(),
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        });
        writer.write_record(fields)?;
    }
    writer.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::place::Printed;
    use crate::model::*;

    fn place(cell: u32) -> Place {
        Place::Text { line: 98, column: 10, width: 7, cell: Some(cell) }
    }

    /// Row 98 of a county's budget: `一、一般公共预算 4722.97`, and one fund of a form.
    fn disclosure() -> Disclosure {
        let row = serde_json::json!({
            "index": 2, "role": "item", "side": "revenue", "panel": 0,
            "label": {"text": "一、一般公共预算", "place": place(1)}, "codes": [], "item": null, "level": null,
            "cells": [{"column": 1, "printed": "4,722.97", "amount": "4722.97", "evidence": "proved", "place": place(2)}],
            "texts": [], "place": place(1),
        });
        let table = serde_json::json!({
            "id": "t1", "kind": "revenue_expenditure_summary", "kind_basis": "caption",
            "caption": {"text": "2026年预算收支总表", "place": place(1)}, "mark": null,
            "unit": {"value": "万元", "printed": "单位：万元", "place": place(1)}, "body": null, "subtitles": [],
            "qualifiers": [], "layout": "two_sided", "is_nil": false, "notes": [], "header": [],
            "columns": [{"index": 1, "role": "amount", "side": "revenue", "panel": 0, "measure": "budget", "path": ["收入", "2026年"], "unit": null}],
            "rows": [row], "fragments": [],
        });
        let fund = Fund {
            half: Half::Annual,
            source: FundSource::Local,
            label: Printed::new("市县(区)财政资金", place(1)),
            printed: Some("130,000".into()),
            amount: Some(Decimal::from(130_000)),
            place: Some(place(5)),
            evidence: Evidence::Untested,
        };
        let form = PerformanceTarget {
            id: "f1".into(),
            kind: "performance_target".into(),
            unit: Some(Stated { value: Unit::Yuan, printed: "(元)".into(), place: place(1) }),
            funds: vec![fund],
            ..PerformanceTarget::default()
        };
        let tables = vec![serde_json::from_value(table).expect("a table")];
        Disclosure { document: "a/b.txt".into(), tables, performance_targets: vec![form], ..Disclosure::default() }
    }

    #[test]
    fn a_cell_becomes_a_record_with_its_unit_and_place() {
        let disclosure = disclosure();
        let mut text = Vec::new();
        write_jsonl(&disclosure, &mut text).expect("facts");
        let text = String::from_utf8(text).expect("UTF-8");
        let facts: Vec<serde_json::Value> =
            text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        assert_eq!(facts.len(), 2);
        let cell = &facts[0];
        assert_eq!(cell["amount"], "4722.97");
        assert_eq!(cell["amount_yuan"], "47229700");
        assert_eq!(cell["unit"], "万元");
        assert_eq!(cell["header"], serde_json::json!(["收入", "2026年"]));
        assert_eq!((&cell["line"], &cell["cell"], &cell["page"]), (&98.into(), &2.into(), &serde_json::Value::Null));
        assert_eq!((&cell["side"], &cell["evidence"]), (&"revenue".into(), &"proved".into()));
        let fund = &facts[1];
        assert_eq!((&fund["column"], &fund["amount_yuan"]), (&"annual.local".into(), &"130000".into()));
        assert_eq!(fund["header"], serde_json::json!(["年度", "市县(区)财政资金"]));
    }

    #[test]
    fn every_figure_of_a_form_is_a_record() {
        let mut disclosure = disclosure();
        let form = disclosure.performance_targets.first_mut().expect("a form");
        let label = Printed::new("年初预算数", place(1));
        form.fields.push(Field {
            label: label.clone(),
            path: Vec::new(),
            value: Printed::new("240", place(2)),
            unit: None,
            measure: None,
        });
        form.fields.push(Field {
            label: label.clone(),
            path: Vec::new(),
            value: Printed::new("约240万元", place(2)),
            unit: None,
            measure: None,
        });
        form.figures.push(FormFigure {
            row: Some(Printed::new("年度资金总额", place(1))),
            header: vec!["分值".into()],
            measure: Some("full_score".into()),
            printed: "10.00".into(),
            amount: Decimal::new(1000, 2),
            place: place(3),
        });
        let facts = disclosure_to_facts(&disclosure);
        let told: Vec<_> = facts[2..].iter().map(|fact| (fact.row, fact.header.clone(), fact.printed)).collect();
        assert_eq!(
            told,
            [(Some("年初预算数"), vec!["年初预算数"], "240"), (Some("年度资金总额"), vec!["分值"], "10.00")]
        );
        // What they count is not said: the unit of the funds is not theirs.
        assert!(facts[2..].iter().all(|fact| fact.unit.is_none() && fact.amount_yuan.is_none()));
    }

    #[test]
    fn csv_has_the_keys_of_json_in_their_order() {
        let disclosure = disclosure();
        let facts = disclosure_to_facts(&disclosure);
        let keys = serde_json::to_value(&facts[0]).expect("JSON");
        let keys: Vec<&str> = keys.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(CSV_HEADER.trim_end().split(',').collect::<Vec<_>>(), keys);
        let mut text = Vec::new();
        write_csv(&disclosure, &mut text).expect("CSV");
        let text = String::from_utf8(text).expect("UTF-8");
        assert!(text.starts_with("a/b.txt,,,,,,revenue_expenditure_summary,t1,"));
        assert!(text.contains(r#""4,722.97""#));
    }
}
