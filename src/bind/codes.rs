//! Codes of classifications, units and projects: alone in a cell, over three columns, or glued to a name.

use std::sync::LazyLock;

use crate::base::expression::expression;
use regex::Regex;

use crate::base::text::as_key;
use crate::model::Classification;
use crate::spec::Vocabulary;

/// `2010801-行政运行`, `[2210203]购房补贴`, `30101基本工资`.
static GLUED: LazyLock<Option<Regex>> =
    LazyLock::new(|| expression(r"^[\[【〔(（]?(\d{3}(?:\d{2}){0,2})[\]】〕)）]?\s*([-－—–_]?)\s*(\D.*)$").ok());
/// `024001-苏州市审计局`, `11000022T000000460216-…`.
static LONG: LazyLock<Option<Regex>> = LazyLock::new(|| {
    expression(r"^\[?(?:([0-9]{3,12})\]?[-－—–_]\s*(\D.*|\d{4}年.*)|([0-9A-Z]{15,30})\]?[-－—–_]\s*(.+))$").ok()
});

/// True for a text that can be a code: digits only (3 to 12 of them, or 2 of a level), or a project's number.
pub fn is_code_text(text: &str) -> bool {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    let long = text.len() >= 15 && text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
    (digits && (2..=12).contains(&text.len())) || long
}

/// The classification of a code by its digits, where the vocabulary knows its first level.
pub fn classify(code: &str, vocabulary: &Vocabulary) -> Option<Classification> {
    if code.len() >= 15 {
        return Some(Classification::Project);
    }
    let class = code.get(..3)?;
    let known =
        |classification, lengths: &[usize]| lengths.contains(&code.len()) && vocabulary.knows(classification, class);
    if known(Classification::Functional, &[3, 5, 7]) {
        Some(Classification::Functional)
    } else if known(Classification::DepartmentalEconomic, &[3, 5]) {
        Some(Classification::DepartmentalEconomic)
    } else if known(Classification::GovernmentEconomic, &[3, 5]) {
        Some(Classification::GovernmentEconomic)
    } else {
        None
    }
}

/// The classification of a code under a header: the header's word counts unless the digits cannot be of it
/// (西安 2019 prints units in the column of functions).
pub fn classify_under(code: &str, header: Option<Classification>, vocabulary: &Vocabulary) -> Classification {
    let by_digits = classify(code, vocabulary);
    match (header, by_digits) {
        (Some(header @ (Classification::Unit | Classification::Project | Classification::Revenue)), _) => header,
        (_, Some(by_digits)) => by_digits,
        (Some(header), None) if fits(code, header) => header,
        (_, None) => Classification::Unit,
    }
}

/// True where the length is one of the classification's levels and the first digit its own.
fn fits(code: &str, classification: Classification) -> bool {
    match classification {
        Classification::Functional => matches!(code.len(), 3 | 5 | 7) && code.starts_with('2'),
        // 西安 2019 divides 30102 further: 3010201.
        Classification::DepartmentalEconomic => matches!(code.len(), 3 | 5 | 7) && code.starts_with('3'),
        Classification::GovernmentEconomic => matches!(code.len(), 3 | 5) && code.starts_with('5'),
        Classification::Unit | Classification::Project | Classification::Revenue => true,
    }
}

/// One code from the cells of 类, 款, 项: each printed in full (`201`, `20132`, `2013201`) or with its own two digits.
pub fn join_levels<'a>(parts: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut code = String::new();
    for part in parts.map(as_key).filter(|part| !part.is_empty()) {
        if !part.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        if part.starts_with(&code) && part.len() > code.len() {
            code = part.into_owned();
        } else if part.len() == 1 {
            code.push('0');
            code.push_str(&part);
        } else {
            code.push_str(&part);
        }
    }
    (!code.is_empty()).then_some(code)
}

/// A label that begins with its code: the code, its classification, the name.
///
/// Without a separator the name must be the vocabulary's: a project may be called 303工程. Seven digits of a known class
/// are a function's, whatever its name.
pub fn split_glued(label: &str, vocabulary: &Vocabulary) -> Option<(String, Classification, String)> {
    let text = label.trim();
    let begins = |c: char| {
        c.is_ascii_digit() || c.is_ascii_uppercase() || matches!(c, '０'..='９' | '[' | '【' | '〔' | '(' | '（')
    };
    if !text.starts_with(begins) {
        return None;
    }
    if let Some(found) = GLUED.as_ref()?.captures(text) {
        let (code, separator, name) = (&found[1], &found[2], found[3].trim());
        if let Some(classification) = classify(code, vocabulary) {
            let is_marked = !separator.is_empty() || text.starts_with(['[', '【', '〔', '(', '（']);
            let is_name =
                || vocabulary.names(classification, code).iter().any(|entry| as_key(&entry.name) == as_key(name));
            if is_marked || code.len() == 7 || is_name() {
                return Some((code.to_string(), classification, name.to_string()));
            }
        }
    }
    let found = LONG.as_ref()?.captures(text)?;
    let part = |index: usize| found.get(index).map(|part| part.as_str().trim().to_string());
    match (part(1), part(3)) {
        (Some(code), _) => Some((code, Classification::Unit, part(2)?)),
        (None, code) => Some((code?, Classification::Project, part(4)?)),
    }
}

/// Depth of a code in its classification, 1 = first level.
pub fn level(classification: Classification, code: &str) -> Option<u8> {
    match classification {
        Classification::Unit | Classification::Project => None,
        _ => u8::try_from(code.len().saturating_sub(1) / 2).ok(),
    }
}

/// The code of a name that is printed without one: the only one of that name, or the only one below `class` (the
/// first level that the table is in). `previous` is the code of the row before.
pub fn resolve(
    name_key: &str,
    classification: Classification,
    class: Option<&str>,
    previous: Option<&str>,
    first_level_only: bool,
    year: Option<i32>,
    vocabulary: &Vocabulary,
) -> Option<String> {
    let found = vocabulary.codes_by_key(classification, name_key);
    // A name of another year counts only where none is of this one (其他社会保障缴费 was 30104 until 2017).
    let is_valid = |code: &&String| {
        let entries = vocabulary.names(classification, code).iter();
        entries.filter(|entry| as_key(&entry.name) == name_key).any(|entry| entry.is_valid_in(year))
    };
    let mut codes: Vec<&String> = found.iter().filter(|code| !first_level_only || code.len() == 3).collect();
    if codes.iter().any(is_valid) {
        codes.retain(is_valid);
    }
    if let Some(code) = codes.iter().find(|code| code.len() == 3).filter(|_| codes.len() > 1) {
        // 其他支出 is a class and an item of itself; the class is meant where nothing else tells.
        let inside = class.filter(|class| codes.iter().any(|c| c.len() > 3 && c.starts_with(class)));
        if inside.is_none() {
            return Some((*code).clone());
        }
    }
    match codes.as_slice() {
        [] => None,
        [only] => Some((*only).clone()),
        _ => {
            let mut below: Vec<&String> =
                codes.iter().filter(|code| class.is_some_and(|class| code.starts_with(class))).copied().collect();
            below.sort_by_key(|code| code.len());
            // 22399 and its only item 2239999 have one name: the first such row is the upper, the next one the lower.
            let is_line = below.windows(2).all(|pair| pair[1].starts_with(pair[0].as_str()));
            let above = below.iter().rposition(|code| Some(code.as_str()) == previous);
            below.get(above.map_or(0, |above| above + 1)).filter(|_| is_line).map(|code| (*code).clone())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::key;
    use crate::spec::Specs;

    fn vocabulary() -> Vocabulary {
        Specs::builtin().expect("sound data").vocabulary
    }

    #[test]
    fn glued_codes_are_cut_from_their_names() {
        let words = vocabulary();
        let split = |label: &str| split_glued(label, &words).map(|(code, _, name)| (code, name));
        // 北京 and 广州.
        assert_eq!(split("2010801-行政运行"), Some(("2010801".into(), "行政运行".into())));
        assert_eq!(split("[2210203]购房补贴"), Some(("2210203".into(), "购房补贴".into())));
        assert_eq!(split("201一般公共服务支出"), Some(("201".into(), "一般公共服务支出".into())));
        // Projects.
        assert_eq!(split("303工程维护经费"), None);
        assert_eq!(split("2026年日常工作经费"), None);
        assert_eq!(
            split("11000022T000000460216-审计业务费"),
            Some(("11000022T000000460216".into(), "审计业务费".into()))
        );
        // 北京市政务服务和数据管理局 2026 预算12表: the project's name begins with digits.
        assert_eq!(
            split("11000024T000002780436-12345对外宣传经费"),
            Some(("11000024T000002780436".into(), "12345对外宣传经费".into()))
        );
    }

    #[test]
    fn full_width_digits_are_digits() {
        assert_eq!(join_levels(["２０１３２"].into_iter()).as_deref(), Some("20132"));
    }

    #[test]
    fn levels_join() {
        let join = |parts: &[&str]| join_levels(parts.iter().copied());
        assert_eq!(join(&["201", "32", "01"]).as_deref(), Some("2013201"));
        assert_eq!(join(&["201", "20132", "2013201"]).as_deref(), Some("2013201"));
        assert_eq!(join(&["208", "5", ""]).as_deref(), Some("20805"));
        assert_eq!(join(&["", "", ""]), None);
        assert_eq!(join(&["合计"]), None);
    }

    #[test]
    fn names_find_their_codes_in_context() {
        let words = vocabulary();
        let find = |name: &str, class| {
            resolve(&key(name), Classification::DepartmentalEconomic, class, None, false, Some(2026), &words)
        };
        assert_eq!(find("基本工资", None).as_deref(), Some("30101"));
        assert_eq!(find("公务用车购置", None), None);
        assert_eq!(find("公务用车购置", Some("310")).as_deref(), Some("31013"));
        assert_eq!(
            resolve("其他支出", Classification::Functional, None, None, true, None, &words).as_deref(),
            Some("229")
        );
    }

    #[test]
    fn a_division_and_its_only_item_have_one_name() {
        let words = vocabulary();
        let find = |class, previous| {
            let name = key("其他国有资本经营预算支出");
            resolve(&name, Classification::Functional, class, previous, false, Some(2024), &words)
        };
        assert_eq!(find(Some("223"), Some("2230105")).as_deref(), Some("22399"));
        assert_eq!(find(Some("223"), Some("22399")).as_deref(), Some("2239999"));
        assert_eq!(find(Some("223"), Some("2239999")), None, "no third row has this name");
        assert_eq!(find(None, None), None);
    }

    #[test]
    fn units_in_the_column_of_functions() {
        let words = vocabulary();
        assert_eq!(classify_under("125001", Some(Classification::Functional), &words), Classification::Unit);
        assert_eq!(classify_under("20132", None, &words), Classification::Functional);
        assert_eq!(classify_under("30101", None, &words), Classification::DepartmentalEconomic);
    }
}
