//! Columns headed by names of an economic classification: 工资福利支出 | 商品和服务支出 | 对个人和家庭的补助 beside 总计, rows by
//! unit and function (湖南: 支出预算分类汇总表).

use crate::bind::codes;
use crate::bind::columns::BoundColumn;
use crate::bind::measure::{in_words, measure_of};
use crate::model::{Classification, ColumnRole};
use crate::spec::{Kind, Specs, Word};

/// The two that columns can be of; a name that both have is the departments'.
const ECONOMIC: [Classification; 2] = [Classification::DepartmentalEconomic, Classification::GovernmentEconomic];

/// Names the columns of amounts that no word of the templates names by the codes of their headers, all of one
/// classification: the one that knows most of them. A single name (其他支出) proves no classification where the table is
/// not by one.
pub fn name_economic_columns(columns: &mut [BoundColumn], kind: Option<&Kind>, year: Option<i32>, specs: &Specs) {
    let find = |classification| -> Vec<(usize, String)> {
        let mut class: Option<String> = None;
        let mut found = Vec::new();
        for (at, column) in columns.iter().enumerate().filter(|(_, column)| is_open(column)) {
            let Some(name) = name_at(column, specs).and_then(|at| column.keys.get(at)) else { continue };
            let over = column.keys.iter().find_map(|key| code_of(key, classification, None, year, specs));
            let within = over.filter(|code| code.len() == 3).or_else(|| class.clone());
            let Some(code) = code_of(name, classification, within.as_deref(), year, specs) else { continue };
            class = code.get(..3).map(str::to_string);
            found.push((at, code));
        }
        found
    };
    let [departmental, government] = ECONOMIC.map(|classification| (classification, find(classification)));
    let (classification, found) = if government.1.len() > departmental.1.len() { government } else { departmental };
    let is_by_economic = kind.and_then(|kind| kind.classification).is_some_and(|own| ECONOMIC.contains(&own));
    if found.len() < 2 && !is_by_economic {
        return;
    }
    let Some(prefix) = serde_name(classification) else { return };
    for (at, code) in found {
        let column = &columns[at];
        // 基本支出 > 工资福利支出: the part of the class that is basic expenditure.
        let over = name_at(column, specs).and_then(|name| column.keys.get(..name)).unwrap_or_default();
        let whole = measure_of(&in_words(over, kind, &specs.templates), kind, column.column.side, &specs.templates)
            .filter(|measure| kind.and_then(|kind| kind.total.as_ref()) != Some(measure));
        let own = format!("{prefix}_{code}");
        columns[at].column.measure = Some(whole.map_or_else(|| own.clone(), |whole| format!("{whole}_{own}")));
    }
}

/// A column of amounts whose measure nothing has named.
fn is_open(column: &BoundColumn) -> bool {
    column.column.role == ColumnRole::Amount && column.column.measure.is_none()
}

/// The place in the path of the label that names the column: the leaf, or what stands over 小计.
fn name_at(column: &BoundColumn, specs: &Specs) -> Option<usize> {
    column.keys.iter().rposition(|key| !specs.templates.is(Word::Generic, key))
}

fn code_of(
    name: &str,
    classification: Classification,
    class: Option<&str>,
    year: Option<i32>,
    specs: &Specs,
) -> Option<String> {
    codes::resolve(name, classification, class, None, false, year, &specs.vocabulary)
}

fn serde_name(classification: Classification) -> Option<&'static str> {
    match classification {
        Classification::DepartmentalEconomic => Some("departmental_economic"),
        Classification::GovernmentEconomic => Some("government_economic"),
        _ => None,
    }
}
