//! The unit of a table and of its columns, from what is printed.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::base::expression::expression;
use regex::Regex;

use crate::base::amount::Unit;
use crate::base::place::Printed;
use crate::base::text::as_key;
use crate::model::{Row, Stated};
use crate::segment::RawTable;
use crate::spec::Templates;
use crate::spec::labels::{as_label_key, numbering_level};

/// `单位:万元`, `金额单位:人民币元`.
static LINE: LazyLock<Option<Regex>> =
    LazyLock::new(|| expression(r"单位[:]?\(?(?:人民币)?((?:百|千|万|百万|千万|亿)?元)").ok());
/// `(万元)`, `(%)`, `(平方米)` at the end of a label.
static BRACKET: LazyLock<Option<Regex>> = LazyLock::new(|| {
    expression(r"\(((?:千|万|百万|亿)?元|%|个|人|辆|台|套|台[/,、]套|台\(套\)|平方米|次|人次|批次|批|家|件|户)\)?$")
        .ok()
});

/// The unit of a table with the text that states it: its own line first, then caption, subtitles, header.
pub fn table_unit(raw: &RawTable) -> Option<Stated<Unit>> {
    let lines = raw.unit.iter().chain(&raw.caption).chain(&raw.subtitles).chain(&raw.body).chain(&raw.mark);
    lines.chain(&raw.notes).chain(&raw.repeated).find_map(printed_unit).or_else(|| {
        let header = raw.header.iter().map(|cell| Printed::new(cell.text.clone(), cell.place.clone()));
        header.into_iter().find_map(|cell| printed_unit(&cell).or_else(|| header_unit(&cell)))
    })
}

fn printed_unit(line: &Printed) -> Option<Stated<Unit>> {
    let text = as_key(&line.text);
    let found = LINE.as_ref()?.captures(&text).and_then(|found| found.get(1).map(|word| word.as_str().to_string()));
    // The line of the unit may print the bare unit: （万元）, 万元.
    let word = found.or_else(|| {
        let bare = text.trim_matches(['(', ')']);
        matches!(bare, "元" | "千元" | "万元" | "亿元").then(|| bare.to_string())
    })?;
    Some(Stated { value: Unit::from_word(&word), printed: line.text.clone(), place: line.place.clone() })
}

/// Rows that state a unit of their own (公务用车保有量（辆）), with those numbered below them and their 其中 lines that state
/// none, and rows that are known to count things whatever they are called (单价100万元以上设备).
pub fn row_units(rows: &mut [Row], templates: &Templates) {
    let mut open: BTreeMap<u32, (u8, Unit)> = BTreeMap::new();
    for row in rows.iter_mut().filter(|row| row.codes.is_empty()) {
        let Some(text) = row.label.as_ref().map(|label| label.text.as_str()) else { continue };
        let level = numbering_level(text);
        let is_below = |above: u8| level.map_or_else(|| is_part(text), |own| own > above);
        let own = bracketed_unit(text).or_else(|| templates.counted(&as_label_key(text)).map(Unit::from_word));
        row.unit =
            own.or_else(|| open.get(&row.panel).filter(|(above, _)| is_below(*above)).map(|(_, unit)| unit.clone()));
        match (&row.unit, level) {
            (Some(unit), Some(level)) if open.get(&row.panel).is_none_or(|(above, _)| level <= *above) => {
                open.insert(row.panel, (level, unit.clone()));
            }
            (None, _) => {
                open.remove(&row.panel);
            }
            _ => {}
        }
    }
}

/// 其中：外事接待批次.
fn is_part(label: &str) -> bool {
    as_key(label).starts_with("其中")
}

/// The unit in the closed brackets at the end of a label.
fn bracketed_unit(label: &str) -> Option<Unit> {
    as_key(label).ends_with(')').then(|| label_unit(label)).flatten()
}

/// A money unit in brackets behind a header label, where the table states none elsewhere.
fn header_unit(cell: &Printed) -> Option<Stated<Unit>> {
    let value = label_unit(&cell.text).filter(|unit| unit.yuan().is_some())?;
    Some(Stated { value, printed: cell.text.clone(), place: cell.place.clone() })
}

/// The unit that a header label states: `增减(%)`, `数量（个）`, `金额(万元)`.
pub fn label_unit(label: &str) -> Option<Unit> {
    let text = as_key(label);
    if let Some(found) = BRACKET.as_ref().filter(|_| text.contains('(')).and_then(|re| re.captures(&text)) {
        return found.get(1).map(|word| Unit::from_word(word.as_str()));
    }
    text.ends_with('%').then_some(Unit::Percent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::place::Place;

    fn unit(text: &str) -> Option<Unit> {
        let place = Place::Text { line: 1, column: 1, width: 1, cell: None };
        printed_unit(&Printed::new(text, place)).map(|stated| stated.value)
    }

    #[test]
    fn lines_that_state_a_unit() {
        assert_eq!(unit("单位：万元"), Some(Unit::TenThousandYuan));
        assert_eq!(unit("部门：苏州市审计局          单位:万元"), Some(Unit::TenThousandYuan));
        assert_eq!(unit("金额单位：元"), Some(Unit::Yuan));
        assert_eq!(unit("单位：万 元"), Some(Unit::TenThousandYuan));
        assert_eq!(unit("编制单位：某局"), None);
    }

    #[test]
    fn labels_that_state_a_unit() {
        assert_eq!(label_unit("增减（%）"), Some(Unit::Percent));
        assert_eq!(label_unit("建筑面积（平方米）"), Some(Unit::Other("平方米".into())));
        assert_eq!(label_unit("因公出国（境）"), None);
    }
}
