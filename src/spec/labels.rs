//! How labels and titles are brought into the one form in which templates write them.

use std::borrow::Cow;
use std::sync::LazyLock;

use crate::base::expression::expression;
use regex::{Match, Regex};

use crate::base::text::{as_key, as_squashed, key};

/// Numbering before a label: 一、 （一） 1. (1) ① and 其中: (first, and again behind a number).
static NUMBERING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    expression(
        r"^(?:其中[:：]|第?[一二三四五六七八九十百]+[、.．]|[（(][一二三四五六七八九十百\d]{1,3}[)）][、.．]?|\d{1,2}[、．)）]|\d{1,2}\.(?:[^\d]|$)|[①-⑳]|[*★]+)",
    )
    .ok()
});

/// What every year begins with.
const CENTURY: &str = "20";

/// A year with what may follow it: 2026年度, 2026年, 2026.
static YEAR: LazyLock<Option<Regex>> = LazyLock::new(|| expression(r"20\d\d(?:年度|年)?").ok());

/// The key of a label without its numbering: `（一）一般公共预算拨款` and `1.一般公共预算拨款` have one key.
pub fn label_key(text: &str) -> String {
    as_label_key(text).into_owned()
}

/// [`label_key`] for who only looks at it: most labels are their own keys and are lent as they are.
pub fn as_label_key(text: &str) -> Cow<'_, str> {
    match as_squashed(text) {
        Cow::Borrowed(text) => as_key(without_numbering(text)),
        Cow::Owned(text) => Cow::Owned(key(without_numbering(&text))),
    }
}

/// The numbering that a text without blanks begins with. Few begin with a character of any.
fn numbering(text: &str) -> Option<Match<'_>> {
    let is_digit = |c| matches!(c, '0'..='9' | '０'..='９' | '①'..='⑳');
    let is_numeral = |c| matches!(c, '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '百');
    let is_sign = |c| matches!(c, '其' | '第' | '（' | '(' | '*' | '★');
    let begins = |c: char| is_digit(c) || is_numeral(c) || is_sign(c);
    text.starts_with(begins).then(|| NUMBERING.as_ref()?.find(text)).flatten()
}

/// A text without blanks behind all of its numberings; the last one stays where nothing is behind it.
fn without_numbering(text: &str) -> &str {
    let mut rest = text;
    while let Some(found) = numbering(rest) {
        // `1.` matched with the character behind it, which stays.
        let taken = match rest[..found.end()].find('.') {
            Some(dot) if rest.starts_with(|c: char| c.is_ascii_digit()) => dot + 1,
            _ => found.end(),
        };
        if taken >= rest.len() {
            break;
        }
        rest = &rest[taken..];
    }
    rest
}

/// How a label is numbered: 1 for 一、, 2 for （一）, 3 for 1., 4 for (1) and ①; `None` where it is not.
pub fn numbering_level(text: &str) -> Option<u8> {
    let squashed = as_squashed(text);
    let found = numbering(&squashed)?;
    let mark = &squashed[..found.end()];
    let chinese = mark.contains(|c: char| "一二三四五六七八九十百".contains(c));
    let bracket = mark.starts_with(['（', '(']);
    Some(match (chinese, bracket) {
        (true, false) => 1,
        (true, true) => 2,
        (false, false) if mark.starts_with(|c: char| c.is_ascii_digit()) => 3,
        _ => 4,
    })
}

/// A header label's key: numbering off, years as `{year}` (the fiscal year), `{prior_year}` (the one before), and the two
/// that a plan over three years adds (云南: 项目中期规划预算表).
///
/// Without a fiscal year the years stay as printed.
pub fn header_key(text: &str, fiscal_year: Option<i32>) -> String {
    let plain = label_key(text);
    let Some(fiscal_year) = fiscal_year.filter(|_| plain.contains(CENTURY)) else { return plain };
    let Some(re) = YEAR.as_ref() else { return plain };
    re.replace_all(&plain, |found: &regex::Captures<'_>| {
        let printed = &found[0];
        match printed[..4].parse::<i32>() {
            Ok(year) if year == fiscal_year => "{year}".to_string(),
            Ok(year) if year == fiscal_year - 1 => "{prior_year}".to_string(),
            Ok(year) if year == fiscal_year + 1 => "{next_year}".to_string(),
            Ok(year) if year == fiscal_year + 2 => "{year_after_next}".to_string(),
            _ => printed.to_string(),
        }
    })
    .into_owned()
}

/// Years named in a text, in order.
pub fn years(text: &str) -> Vec<i32> {
    let plain = as_key(text);
    match YEAR.as_ref().filter(|_| plain.contains(CENTURY)) {
        Some(re) => re.find_iter(&plain).filter_map(|found| found.as_str()[..4].parse().ok()).collect(),
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbering_is_no_part_of_a_label() {
        for label in [
            "一、一般公共预算",
            "（一）一般公共预算",
            "1.一般公共预算",
            "①一般公共预算",
            "其中：一般公共 预算",
            "(1)一般公共预算",
        ] {
            assert_eq!(label_key(label), "一般公共预算", "{label}");
        }
        assert_eq!(label_key("二十一、粮油物资储备支出"), "粮油物资储备支出");
        assert_eq!(label_key("2010801"), "2010801");
        assert_eq!(label_key("1.5"), "1.5");
        assert_eq!(label_key("一般公共预算"), "一般公共预算");
    }

    #[test]
    fn levels_of_numbering() {
        assert_eq!(numbering_level("一、本年收入"), Some(1));
        assert_eq!(numbering_level("（三）国有资本"), Some(2));
        assert_eq!(numbering_level("1.公务用车"), Some(3));
        assert_eq!(numbering_level("②公务用车运行维护费"), Some(4));
        assert_eq!(numbering_level("合计"), None);
    }

    #[test]
    fn years_are_relative() {
        assert_eq!(header_key("2026预算数", Some(2026)), "{year}预算数");
        assert_eq!(header_key("2025年预算数", Some(2026)), "{prior_year}预算数");
        assert_eq!(header_key("2026年度财政拨款", Some(2026)), "{year}财政拨款");
        assert_eq!(years("比2025年执行数"), [2025]);
    }
}
