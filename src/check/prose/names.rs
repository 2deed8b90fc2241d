//! Names of functions in the text against the tables, known by the code that the text prints beside them.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use crate::base::finding::Finding;
use crate::base::text::key;
use crate::finding_code;
use crate::model::{Classification, Disclosure};

finding_code! {
    /// The text names a class of expenditure by its code and by another name than the tables print for that code:
    /// 医疗卫生与计划生育支出（210类） where the tables say 卫生健康支出.
    pub C510, "name-differs-from-tables", Warning
}

/// 卫生健康支出（210类）
static CLASS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(\p{Han}{4,20})[（(](2\d\d)类[）)]").ok());

pub(super) fn check(disclosure: &Disclosure, findings: &mut Vec<Finding>) {
    let Some(pattern) = CLASS.as_ref() else { return };
    let mut said = BTreeSet::new();
    for paragraph in &disclosure.paragraphs {
        for captures in pattern.captures_iter(&paragraph.text) {
            let (Some(name), Some(code)) = (captures.get(1), captures.get(2)) else { continue };
            let Some(printed) = name_in_tables(disclosure, code.as_str(), name.as_str()) else { continue };
            if !said.insert((code.as_str(), name.as_str())) {
                continue;
            }
            let start = paragraph.text.get(..name.start()).map_or(0, |before| before.chars().count());
            let place = paragraph.place_of(start, name.as_str().chars().count());
            findings.push(
                Finding::new(
                    &C510,
                    format!("the text names {} {}, the tables {}", code.as_str(), name.as_str(), printed.0),
                )
                .at(&place, format!("the tables say {}", printed.0))
                .with(&printed.1, printed.0.clone()),
            );
        }
    }
}

/// The tables' name of a code where all of them have another one than this.
fn name_in_tables(disclosure: &Disclosure, code: &str, name: &str) -> Option<(String, crate::base::place::Place)> {
    let bare = |name: &str| key(name).trim_end_matches("支出").to_string();
    let mut other = None;
    let rows = disclosure.tables.iter().filter(|table| table.kind.is_some()).flat_map(|table| &table.rows);
    for printed in rows.flat_map(|row| row.codes.iter().map(move |code| (row, code))) {
        let (row, printed) = printed;
        if printed.classification != Classification::Functional || printed.code != code || printed.is_resolved {
            continue;
        }
        let label = row.label.as_ref().map(|label| label.text.as_str());
        let Some(own) = printed.name.as_deref().or(label).filter(|own| !own.is_empty()) else { continue };
        if bare(name).ends_with(&bare(own)) {
            return None;
        }
        other = other.or_else(|| Some((own.to_string(), printed.place.clone())));
    }
    other
}

#[cfg(test)]
mod tests {
    use super::super::fixture::disclosure;
    use crate::check::fixture::table;

    #[test]
    fn a_class_by_its_code_and_another_name() {
        let mut doc = disclosure(&[
            "医疗卫生与计划生育支出（210类）行政事业单位医疗（11款）114.97万元。",
            "住房保障支出（221类）1万元。",
        ]);
        doc.tables.push(table(
            "general_public_budget_expenditure",
            &["total_expenditure"],
            &["210|卫生健康支出|114.97", "221|住房保障支出|1.00"],
        ));
        let mut findings = Vec::new();
        super::check(&doc, &mut findings);
        let told: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
        assert_eq!(told, ["the text names 210 医疗卫生与计划生育支出, the tables 卫生健康支出"]);
    }
}
