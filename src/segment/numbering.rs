//! The number a heading or an entry of the contents list begins with: 第一部分, 一、, （一）, 1、, 表十一.

/// How a line is numbered. The order is the order of depth in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Style {
    /// 第一部分, 第二章
    Part,
    /// 表十一, 表3
    Table,
    /// 一、
    Chinese,
    /// （一）
    BracketedChinese,
    /// 1、 1.
    Arabic,
    /// （1） 1）
    BracketedArabic,
    /// ①
    Circled,
}

impl Style {
    /// Level as a heading: 1 = part, 2 = heading, 3 = heading below, …
    pub fn level(self) -> u8 {
        match self {
            Style::Part => 1,
            Style::Table | Style::Chinese => 2,
            Style::BracketedChinese => 3,
            Style::Arabic => 4,
            Style::BracketedArabic | Style::Circled => 5,
        }
    }
}

/// A number at the beginning of a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    pub style: Style,
    /// As printed: `第一部分`, `一、`, `（一）`.
    pub printed: String,
    /// Its value, where it can be counted.
    pub value: u32,
    /// Bytes of the text up to the title.
    pub bytes: usize,
}

/// The number that `text` begins with.
pub fn number_of(text: &str) -> Option<Number> {
    let skipped = text.len() - text.trim_start().len();
    let body = text.trim_start();
    let (style, length, digits) = numbered(body)?;
    let printed = body.get(..length)?.trim_end().to_string();
    let rest = body.get(length..)?;
    let gap = rest.len() - rest.trim_start_matches([' ', '\u{3000}', '\t']).len();
    Some(Number { style, printed, value: value_of(digits), bytes: skipped + length + gap })
}

/// Style, length in bytes and digits.
fn numbered(text: &str) -> Option<(Style, usize, &str)> {
    let first = text.chars().next()?;
    if first == '第' {
        let digits = digits_at(text, '第'.len_utf8());
        let after = '第'.len_utf8() + digits.len();
        let rest = text.get(after..)?;
        let word = ["部分", "章", "篇"].into_iter().find(|word| rest.trim_start().starts_with(word))?;
        let blank = rest.len() - rest.trim_start().len();
        let mut end = after + blank + word.len();
        if let Some(mark @ ('：' | ':' | '、')) = text.get(end..)?.chars().next() {
            end += mark.len_utf8();
        }
        return (!digits.is_empty()).then_some((Style::Part, end, digits));
    }
    if first == '表' {
        let mut digits = digits_at(text, '表'.len_utf8());
        if is_arabic(digits) {
            let year = digits.find("20").filter(|at| *at > 0 && digits.len() - at >= 4);
            digits = &digits[..year.unwrap_or(digits.len())];
        }
        let mut end = '表'.len_utf8() + digits.len();
        if digits.is_empty() || digits.chars().count() > 3 {
            return None;
        }
        if let Some(mark @ ('、' | '：' | ':' | '.' | '．')) = text.get(end..)?.chars().next() {
            end += mark.len_utf8();
        }
        return Some((Style::Table, end, digits));
    }
    if first == '（' || first == '(' {
        let digits = digits_at(text, first.len_utf8());
        let after = first.len_utf8() + digits.len();
        let close = text.get(after..)?.chars().next()?;
        if digits.is_empty() || digits.chars().count() > 3 || !matches!(close, '）' | ')') {
            return None;
        }
        let mut end = after + close.len_utf8();
        if let Some('、') = text.get(end..)?.chars().next() {
            end += '、'.len_utf8();
        }
        let style = if is_arabic(digits) { Style::BracketedArabic } else { Style::BracketedChinese };
        return Some((style, end, digits));
    }
    if ('①'..='⑳').contains(&first) {
        return Some((Style::Circled, first.len_utf8(), &text[..first.len_utf8()]));
    }
    let digits = digits_at(text, 0);
    if digits.is_empty() || digits.chars().count() > 3 {
        return None;
    }
    let mut rest = text.get(digits.len()..)?.chars();
    let mark = rest.next()?;
    if is_arabic(digits) {
        return match mark {
            '、' => Some((Style::Arabic, digits.len() + mark.len_utf8(), digits)),
            '.' | '．' => {
                // 1.5 is a figure; 4.2026年 is a number before a year.
                let after: String = rest.by_ref().take(5).collect();
                let is_year = after.ends_with('年') && after.starts_with("20");
                let is_figure = after.starts_with(|c: char| c.is_ascii_digit());
                (is_year || !is_figure).then(|| (Style::Arabic, digits.len() + mark.len_utf8(), digits))
            }
            '）' | ')' => Some((Style::BracketedArabic, digits.len() + mark.len_utf8(), digits)),
            _ => None,
        };
    }
    matches!(mark, '、' | '.' | '．').then(|| (Style::Chinese, digits.len() + mark.len_utf8(), digits))
}

/// A run of Chinese or of Arabic digits from byte `at` on.
fn digits_at(text: &str, at: usize) -> &str {
    let rest = text.get(at..).unwrap_or("");
    let run = |is_digit: &dyn Fn(char) -> bool| &rest[..rest.find(|c| !is_digit(c)).unwrap_or(rest.len())];
    match run(&|c| c.is_ascii_digit()) {
        "" => run(&|c| CHINESE_DIGITS.contains(c)),
        arabic => arabic,
    }
}

const CHINESE_DIGITS: &str = "一二三四五六七八九十";

fn is_arabic(digits: &str) -> bool {
    digits.bytes().all(|b| b.is_ascii_digit())
}

/// 十一 → 11, 7 → 7, ③ → 3; 0 where it is no number.
fn value_of(digits: &str) -> u32 {
    if let Ok(value) = digits.parse() {
        return value;
    }
    if let Some(c) = digits.chars().next().filter(|c| ('①'..='⑳').contains(c)) {
        return c as u32 - '①' as u32 + 1;
    }
    let digit = |c: char| CHINESE_DIGITS.chars().position(|d| d == c).map_or(0, |at| at as u32 + 1);
    let mut value = 0;
    for c in digits.chars() {
        value = if c == '十' { value.max(1) * 10 } else { value + digit(c) };
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(Style, String, u32, &str)> {
        let number = number_of(text)?;
        Some((number.style, number.printed, number.value, text.get(number.bytes..)?))
    }

    #[test]
    fn numbers_as_printed() {
        assert_eq!(read("第一部分 概况"), Some((Style::Part, "第一部分".into(), 1, "概况")));
        assert_eq!(read("第五部分：部门预算公开报表"), Some((Style::Part, "第五部分：".into(), 5, "部门预算公开报表")));
        assert_eq!(read("十一、其他"), Some((Style::Chinese, "十一、".into(), 11, "其他")));
        assert_eq!(read("(一) 政府购买"), Some((Style::BracketedChinese, "(一)".into(), 1, "政府购买")));
        assert_eq!(read("1、车辆情况："), Some((Style::Arabic, "1、".into(), 1, "车辆情况：")));
        assert_eq!(read("表十一2026年机关运行经费"), Some((Style::Table, "表十一".into(), 11, "2026年机关运行经费")));
        assert_eq!(read("表12026年收支总表"), Some((Style::Table, "表1".into(), 1, "2026年收支总表")));
        assert_eq!(read("4．2026年收支总表"), Some((Style::Arabic, "4．".into(), 4, "2026年收支总表")));
        assert_eq!(read("表二十、抗疫"), Some((Style::Table, "表二十、".into(), 20, "抗疫")));
    }

    #[test]
    fn figures_and_years_are_no_numbers() {
        assert_eq!(read("1.5万元"), None);
        assert_eq!(read("2026年预算"), None);
        assert_eq!(read("一般公共预算"), None);
        assert_eq!(read("（2026年度）"), None);
        assert_eq!(read("表格说明"), None);
    }
}
