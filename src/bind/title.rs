//! Captions → kinds: exact titles, once year, numbering, body and known bracketed words are off.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::LazyLock;

use crate::base::expression::expression;
use regex::Regex;

use crate::base::text::as_key;
use crate::spec::{Kind, Templates, Word};

/// 2026年度, 2026年, 2026, 二〇二六年.
static YEAR: LazyLock<Option<Regex>> =
    LazyLock::new(|| expression(r"20\d\d(?:年度|年)?|二[〇零○O]二[〇零一二三四五六七八九](?:年度|年)").ok());
/// 表一, 表1-1, 附表3, 附件2, 一、 (一) 1. before a title.
static NUMBERING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    expression(
        r"^(?:附?表[一二三四五六七八九十\d]+(?:-\d+)*|附件?[一二三四五六七八九十\d-]*|[一二三四五六七八九十]+、|\([一二三四五六七八九十\d]+\)|\d{1,2}[.、])[:、.]?",
    )
    .ok()
});
/// A statement of unit behind the title.
static UNIT: LazyLock<Option<Regex>> = LazyLock::new(|| expression(r"(?:金额)?单位:.*$").ok());

/// A caption taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Title {
    /// Key of what is left when everything known around it is off: two captions with the same stem and the same
    /// qualifiers announce the same table.
    pub stem: String,
    pub kind: Option<String>,
    /// Restrictions stated in brackets, sorted.
    pub qualifiers: Vec<String>,
}

/// Takes a caption (or a line of the contents list) apart. `bodies` are the keys of bodies' names that may stand in
/// front of titles (上海 prints them).
pub fn read_title(caption: &str, bodies: &[String], templates: &Templates) -> Title {
    let mut plain = as_key(caption);
    for noise in [&UNIT, &YEAR] {
        if let Some(re) = noise.as_ref() {
            plain = Cow::Owned(re.replace_all(&plain, "").into_owned());
        }
    }
    let plain = templates.title_of_today(plain.into_owned());
    // Breadth first: what needs the least taken off is the reading.
    let mut open = VecDeque::from([(plain, Vec::<String>::new())]);
    let mut last = None;
    let mut steps = 0;
    while let Some((text, qualifiers)) = open.pop_front() {
        if let Some(kind) = templates.kind_of_title(&text) {
            return finish(text, Some(kind), qualifiers, templates);
        }
        steps += 1;
        if steps > 64 {
            break;
        }
        open.extend(without_front(&text, bodies, templates).map(|text| (text, qualifiers.clone())));
        open.extend(without_number_behind(&text).map(|text| (text, qualifiers.clone())));
        if let Some((text, qualifier)) = without_last_word(&text, templates) {
            let mut qualifiers = qualifiers.clone();
            qualifiers.push(qualifier);
            open.push_back((text, qualifiers));
        }
        if let Some((text, qualifier)) = without_bracket(&text, templates) {
            let mut qualifiers = qualifiers.clone();
            qualifiers.extend(qualifier);
            open.push_back((text, qualifiers));
        }
        last = Some((text, qualifiers));
    }
    let (stem, qualifiers) = last.unwrap_or_default();
    finish(stem, None, qualifiers, templates)
}

/// Qualifiers that belong to the title itself (按功能分类) are not repeated.
fn finish(stem: String, kind: Option<&Kind>, mut qualifiers: Vec<String>, templates: &Templates) -> Title {
    if let Some((_, Some(own))) = without_bracket(&stem, templates) {
        qualifiers.push(own);
    }
    qualifiers.sort();
    qualifiers.dedup();
    Title { stem, kind: kind.map(|kind| kind.name.clone()), qualifiers }
}

/// The text without its numbering, a body's name, a known word before titles: one reading for each that fits.
fn without_front<'a>(
    text: &'a str,
    bodies: &'a [String],
    templates: &'a Templates,
) -> impl Iterator<Item = String> + use<'a> {
    let number = NUMBERING.as_ref().and_then(|re| re.find(text)).map(|found| found.end());
    let prefixes = bodies.iter().chain(templates.title_prefixes()).filter(|prefix| !prefix.is_empty());
    let prefixed = prefixes.filter_map(move |prefix| text.strip_prefix(prefix.as_str()));
    number.map(|end| &text[end..]).into_iter().chain(prefixed).filter(|rest| !rest.is_empty()).map(str::to_string)
}

/// 部门项目支出预算表05-1: the number behind the title is its mark (云南).
fn without_number_behind(text: &str) -> Option<String> {
    let rest = text.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-');
    (rest.len() < text.len() && rest.ends_with('表')).then(|| rest.to_string())
}

/// The text without known bracketed words at its end, and the qualifier that they state.
fn without_bracket(text: &str, templates: &Templates) -> Option<(String, Option<String>)> {
    let inner = text.strip_suffix(')')?;
    let (before, words) = inner.rsplit_once('(')?;
    if before.is_empty() {
        return None;
    }
    match templates.qualifier(words) {
        Some(qualifier) => Some((before.to_string(), Some(qualifier.to_string()))),
        None if templates.is(Word::TitleSuffix, words) || words.is_empty() => Some((before.to_string(), None)),
        None => None,
    }
}

/// The text without the last of several words in its bracket: （按支出功能分类科目-不含上年结转） (西安 2022).
fn without_last_word(text: &str, templates: &Templates) -> Option<(String, String)> {
    let inner = text.strip_suffix(')')?;
    let (before, words) = inner.rsplit_once('(')?;
    let (first, last) = words.rsplit_once(['-', ',', '、', ';'])?;
    let qualifier = templates.qualifier(last).filter(|_| !first.is_empty() && !before.is_empty())?;
    Some((format!("{before}({first})"), qualifier.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::key;
    use crate::spec::Specs;

    fn read(caption: &str) -> (Option<String>, Vec<String>) {
        let specs = Specs::builtin().expect("sound data");
        let title = read_title(caption, &[key("江苏省高级人民法院")], &specs.templates);
        (title.kind, title.qualifiers)
    }

    #[test]
    fn captions_of_one_kind() {
        for caption in [
            "2026年预算支出总表",
            "表三2026年预算支出总表",
            "上海市2026年预算单位支出预算总表".trim_start_matches("上海市"),
            "三、支出总表",
            "江苏省高级人民法院支出预算总表",
            "支出决算表",
            "支出总体情况表（续）",
            "部门支出预算表01-3",
        ] {
            assert_eq!(read(caption), (Some("expenditure_summary".into()), vec![]), "{caption}");
        }
    }

    #[test]
    fn qualifiers_are_data() {
        assert_eq!(
            read("2026年一般公共预算支出预算表（不含上年结转）"),
            (Some("general_public_budget_expenditure".into()), vec!["excludes_prior_year_carryover".into()])
        );
        assert_eq!(
            read("2022年一般公共预算支出明细表（按支出功能分类科目-不含上年结转）"),
            (
                Some("general_public_budget_expenditure".into()),
                vec!["by_function".into(), "excludes_prior_year_carryover".into()]
            )
        );
        assert_eq!(
            read("2026年项目支出预算表（本年预算）"),
            (Some("project_expenditure".into()), vec!["current_year".into()])
        );
        assert_eq!(
            read("一般公共预算支出表（按经济分类）"),
            (Some("general_public_budget_expenditure_by_economic".into()), vec!["by_economic".into()])
        );
    }

    #[test]
    fn other_titles_are_unknown() {
        assert_eq!(read("支出预算增减汇总表").0, None);
        assert_eq!(read("2026年预算支出总表说明").0, None);
    }
}
