//! Tables made by hand, for tests.

use rust_decimal::Decimal;

use crate::base::amount::{Unit, parse_figure};
use crate::base::place::{Place, Printed};
use crate::model::*;

/// The place of a cell in a made table: its row as line, its column as cell.
pub fn place(line: usize, cell: usize) -> Place {
    Place::Text { line: line as u32, column: 1 + 10 * cell as u32, width: 5, cell: Some(cell as u32 + 1) }
}

/// A table of this kind, in 万元: amount columns by measure, and rows `code|label|figure|figure…`.
///
/// `合计` is the total row; `#` before a label makes a subtotal; blank figures are blank cells.
pub fn table(kind: &str, measures: &[&str], rows: &[&str]) -> Table {
    let columns = measures.iter().enumerate().map(|(at, measure)| Column {
        index: at as u32 + 2,
        role: ColumnRole::Amount,
        side: None,
        panel: 0,
        measure: (!measure.is_empty()).then(|| measure.to_string()),
        path: vec![measure.to_string()],
        unit: None,
    });
    let rows: Vec<Row> = rows.iter().enumerate().map(|(at, text)| row(at, text)).collect();
    Table {
        id: "t1".into(),
        kind: Some(kind.into()),
        kind_basis: Some(KindBasis::Caption),
        caption: Some(Printed::new(kind, place(1000, 0))),
        mark: None,
        unit: Some(Stated { value: Unit::TenThousandYuan, printed: "单位：万元".into(), place: place(1000, 0) }),
        body: None,
        subtitles: Vec::new(),
        qualifiers: Vec::new(),
        layout: Layout::Rows,
        is_nil: rows.iter().all(|row| row.cells.is_empty()),
        repeated: Vec::new(),
        notes: Vec::new(),
        header: Vec::new(),
        columns: columns.collect(),
        rows,
        fragments: Vec::new(),
    }
}

/// The table with a column of words more, headed so; rows without one print nothing there.
pub fn with_texts(
    mut table: Table,
    (index, role, header): (u32, ColumnRole, &str),
    texts: impl IntoIterator<Item = Option<String>>,
) -> Table {
    let path = vec![header.to_string()];
    table.columns.push(Column { index, role, side: None, panel: 0, measure: None, path, unit: None });
    for (row, text) in table.rows.iter_mut().zip(texts) {
        row.texts.extend(text.map(|text| TextCell { column: index, text, place: row.place.clone() }));
    }
    table
}

fn row(at: usize, text: &str) -> Row {
    let mut parts = text.split('|');
    let code = parts.next().unwrap_or_default();
    let label = parts.next().unwrap_or_default();
    let classification = match code.chars().next() {
        Some('2') => Classification::Functional,
        Some('3') => Classification::DepartmentalEconomic,
        _ => Classification::Unit,
    };
    let (role, label) = match label.strip_prefix('#') {
        Some(label) => (RowRole::Subtotal, label),
        None if label == "合计" => (RowRole::Total, label),
        None => (RowRole::Item, label),
    };
    let line = at + 1;
    Row {
        index: at as u32,
        role,
        side: None,
        panel: 0,
        label: (!label.is_empty()).then(|| Printed::new(label, place(line, 1))),
        codes: (!code.is_empty())
            .then(|| Code {
                classification,
                code: code.into(),
                name: Some(label.into()),
                is_resolved: false,
                place: place(line, 0),
            })
            .into_iter()
            .collect(),
        item: None,
        level: None,
        unit: None,
        cells: parts
            .enumerate()
            .filter(|(_, printed)| !printed.is_empty())
            .map(|(at, printed)| Cell {
                column: at as u32 + 2,
                printed: printed.into(),
                amount: parse_figure(printed),
                evidence: Evidence::Untested,
                place: place(line, at + 2),
            })
            .collect(),
        texts: Vec::new(),
        place: place(line, 0),
    }
}

/// A performance target in 元: its total for the year and for the whole period.
pub fn form(line: usize, name: &str, yuan: i64) -> PerformanceTarget {
    let fund = |half| Fund {
        half,
        source: FundSource::Total,
        label: Printed::new("年度资金总额:", place(line, 0)),
        printed: Some(yuan.to_string()),
        amount: Some(Decimal::from(yuan)),
        place: Some(place(line, 1)),
        evidence: Evidence::Untested,
    };
    PerformanceTarget {
        kind: "performance_target".into(),
        project: Some(Printed::new(name, place(line, 0))),
        unit: Some(Stated { value: Unit::Yuan, printed: "(元)".into(), place: place(line, 0) }),
        funds: vec![fund(Half::ImplementationPeriod), fund(Half::Annual)],
        ..PerformanceTarget::default()
    }
}

/// A disclosure of these tables.
pub fn disclosure(tables: Vec<Table>) -> Disclosure {
    Disclosure { tables, ..Disclosure::default() }
}

/// Checks a disclosure with the built-in data: the disclosure as it comes out, and the findings of checks.
pub fn checked(mut disclosure: Disclosure) -> (Disclosure, Vec<crate::base::finding::Finding>) {
    let specs = crate::spec::Specs::builtin().expect("built-in data");
    let mut findings = Vec::new();
    super::check(&mut disclosure, &specs, &mut findings);
    (disclosure, findings)
}

/// Counts of outcomes of one identity: exact, within rounding, violated, not evaluated.
pub fn outcomes(disclosure: &Disclosure, identity: &str) -> [u32; 4] {
    let of = disclosure.checks.by_identity.get(identity).copied().unwrap_or_default();
    [of.exact, of.within_rounding, of.violated, of.not_evaluated]
}
