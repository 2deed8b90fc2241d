//! Text of a paragraph → figures with their units, words with what they do, stops.

use rust_decimal::Decimal;

use crate::base::amount::parse_figure;
use crate::base::text::is_blank;
use crate::spec::Narrative;
use crate::spec::narrative::{UnitKind, Word, fold};

/// A token with its characters.
#[derive(Clone, Debug, PartialEq)]
pub struct Located {
    pub token: Token,
    /// First character.
    pub start: usize,
    /// Behind the last character (of a figure: behind its unit).
    pub end: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    Figure(Figure),
    /// 2026年, 2025年度.
    Year(i32),
    Word(Word),
    /// 。！？
    Stop,
    Semicolon,
    /// ，
    Comma,
    /// 、
    Pause,
    Colon,
    Open,
    Close,
    Text,
}

/// Digits with what follows them.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Null where the digits are no figure (`12,34`).
    pub value: Option<Decimal>,
    pub printed: String,
    /// Behind the last digit.
    pub digits_end: usize,
    pub unit: Option<(String, UnitKind)>,
}

/// A paragraph under the eye of the grammar.
pub struct Reading {
    pub chars: Vec<char>,
    pub tokens: Vec<Located>,
}

impl Reading {
    /// The characters `start..end` as printed.
    pub fn text(&self, start: usize, end: usize) -> String {
        self.chars.get(start..end.min(self.chars.len())).unwrap_or_default().iter().collect()
    }
}

/// Cuts `text` into tokens; runs of characters that mean nothing to the grammar are one `Text` each.
pub fn text_to_tokens(text: &str, vocabulary: &Narrative) -> Reading {
    let chars: Vec<char> = text.chars().collect();
    let folded: Vec<char> = chars.iter().copied().map(fold).collect();
    let mut tokens: Vec<Located> = Vec::new();
    let mut at = 0;
    while at < folded.len() {
        let (token, end) = next_token(&chars, &folded, at, vocabulary);
        match (token, tokens.last_mut()) {
            (Token::Text, Some(last)) if last.token == Token::Text => last.end = end,
            (token, _) => tokens.push(Located { token, start: at, end }),
        }
        at = end;
    }
    Reading { chars, tokens }
}

fn next_token(chars: &[char], folded: &[char], at: usize, vocabulary: &Narrative) -> (Token, usize) {
    let c = folded[at];
    if c.is_ascii_digit() || (c == '-' && is_sign(folded, at)) {
        return figure(chars, folded, at, vocabulary);
    }
    let mark = match c {
        '。' | '!' | '?' => Some(Token::Stop),
        ';' => Some(Token::Semicolon),
        ',' => Some(Token::Comma),
        '、' => Some(Token::Pause),
        ':' | '︰' => Some(Token::Colon),
        '(' | '[' => Some(Token::Open),
        ')' | ']' => Some(Token::Close),
        _ => None,
    };
    if let Some(mark) = mark {
        return (mark, at + 1);
    }
    for (word, meaning) in vocabulary.words.of(c) {
        if let Some(end) = matches(folded, at, word) {
            return (if *meaning == Word::Text { Token::Text } else { Token::Word(*meaning) }, end);
        }
    }
    (Token::Text, at + 1)
}

/// A minus that belongs to the digits behind it: not between digits, not behind a bracket or a letter.
fn is_sign(folded: &[char], at: usize) -> bool {
    let follows = folded.get(at + 1).is_some_and(char::is_ascii_digit);
    let before = at.checked_sub(1).and_then(|i| folded.get(i)).copied();
    follows
        && before
            .is_some_and(|c| !c.is_ascii_alphanumeric() && !matches!(c, ')' | ']' | '年' | '月' | '%' | '-' | '元'))
}

fn figure(chars: &[char], folded: &[char], at: usize, vocabulary: &Narrative) -> (Token, usize) {
    let mut end = at + 1;
    while let Some(c) = folded.get(end) {
        let digit_follows = folded.get(end + 1).is_some_and(char::is_ascii_digit);
        // A full-width comma is a stop of the sentence, never a separator of thousands.
        let separates = (*c == '.' || chars[end] == ',') && digit_follows;
        if c.is_ascii_digit() || separates {
            end += 1;
        } else {
            break;
        }
    }
    // `1.2026年…` is an item number before a year.
    let run: String = folded[at..end].iter().collect();
    if let Some((number, year)) = run.split_once('.')
        && number.len() <= 2
        && year.len() == 4
        && year.starts_with("20")
        && folded.get(end) == Some(&'年')
    {
        end = at + number.len();
    }
    let printed: String = chars[at..end].iter().collect();
    let value = parse_figure(&printed);
    let mut behind = end;
    while folded.get(behind).is_some_and(|c| is_blank(*c)) {
        behind += 1;
    }
    if let Some(year) = year(folded, at, end, behind) {
        let end = if folded.get(behind + 1) == Some(&'度') { behind + 2 } else { behind + 1 };
        return (Token::Year(year), end);
    }
    for (unit, kind) in folded.get(behind).map_or(&[][..], |first| vocabulary.units.of(*first)) {
        if let Some(unit_end) = matches(folded, behind, unit) {
            let word: String = unit.iter().collect();
            let unit = Some((word, *kind));
            return (Token::Figure(Figure { value, printed, digits_end: end, unit }), unit_end);
        }
    }
    (Token::Figure(Figure { value, printed, digits_end: end, unit: None }), end)
}

fn year(folded: &[char], at: usize, end: usize, behind: usize) -> Option<i32> {
    let digits: String = folded[at..end].iter().collect();
    let value: i32 = (digits.len() == 4).then(|| digits.parse().ok())??;
    ((1949..2100).contains(&value) && folded.get(behind) == Some(&'年')).then_some(value)
}

/// The end of `word` at `at`, blanks inside the text not counted.
pub fn matches(folded: &[char], at: usize, word: &[char]) -> Option<usize> {
    let mut position = at;
    for (index, expected) in word.iter().enumerate() {
        while index > 0 && folded.get(position).is_some_and(|c| is_blank(*c)) {
            position += 1;
        }
        if folded.get(position) != Some(expected) {
            return None;
        }
        position += 1;
    }
    Some(position)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::SpecFiles;

    fn figures(text: &str) -> Vec<(String, Option<String>)> {
        let vocabulary = Narrative::load(&SpecFiles::builtin()).expect("built-in files");
        let tokens = text_to_tokens(text, &vocabulary).tokens;
        tokens
            .into_iter()
            .filter_map(|located| match located.token {
                Token::Figure(figure) => Some((figure.printed, figure.unit.map(|(word, _)| word))),
                _ => None,
            })
            .collect()
    }

    fn with(pairs: &[(&str, Option<&str>)]) -> Vec<(String, Option<String>)> {
        pairs.iter().map(|(figure, unit)| (figure.to_string(), unit.map(str::to_string))).collect()
    }

    #[test]
    fn figures_carry_their_units() {
        assert_eq!(figures("经费5,519.38 万元，占85.57％"), with(&[("5,519.38", Some("万元")), ("85.57", Some("%"))]));
        assert_eq!(figures("设备2台（套）"), with(&[("2", Some("台(套)"))]));
        // The full-width comma separates clauses, the plain one thousands.
        assert_eq!(figures("车辆3辆，200人"), with(&[("3", Some("辆")), ("200", Some("人"))]));
    }

    #[test]
    fn years_item_numbers_and_document_numbers_are_no_quantities() {
        assert_eq!(figures("2026年度"), with(&[]));
        assert_eq!(figures("1.2026年支出5元"), with(&[("1", None), ("5", Some("元"))]));
        assert_eq!(figures("〔2025〕85号"), with(&[("2025", None), ("85", Some("号"))]));
    }

    #[test]
    fn a_minus_belongs_to_its_digits_only_where_nothing_else_does() {
        assert_eq!(figures("增长-5.39%"), with(&[("-5.39", Some("%"))]));
        assert_eq!(figures("204-12元"), with(&[("204", None), ("12", Some("元"))]));
    }
}
