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
pub struct Reading<'t> {
    text: &'t str,
    /// The byte that each character begins at.
    bytes: Vec<usize>,
    /// The characters with one width: [`fold`].
    pub folded: Vec<char>,
    pub tokens: Vec<Located>,
}

impl<'t> Reading<'t> {
    fn new(text: &'t str) -> Reading<'t> {
        let count = text.chars().count();
        let (mut bytes, mut folded) = (Vec::with_capacity(count), Vec::with_capacity(count));
        for (at, c) in text.char_indices() {
            bytes.push(at);
            folded.push(fold(c));
        }
        Reading { text, bytes, folded, tokens: Vec::new() }
    }

    /// The characters `start..end` as printed, as far as there are so many.
    pub fn text(&self, start: usize, end: usize) -> &'t str {
        let byte = |at: usize| self.bytes.get(at).copied().unwrap_or(self.text.len());
        self.text.get(byte(start)..byte(end)).unwrap_or_default()
    }

    /// The tokens that stand whole in the characters `start..end`.
    pub fn tokens_within(&self, start: usize, end: usize) -> &[Located] {
        let from = self.tokens.partition_point(|located| located.start < start);
        let to = self.tokens.partition_point(|located| located.end <= end);
        self.tokens.get(from..to).unwrap_or_default()
    }
}

/// Cuts `text` into tokens; runs of characters that mean nothing to the grammar are one `Text` each.
pub fn text_to_tokens<'t>(text: &'t str, vocabulary: &Narrative) -> Reading<'t> {
    let reading = Reading::new(text);
    let mut tokens: Vec<Located> = Vec::new();
    let (mut text_from, mut at) = (0, 0);
    let text = |from: usize, to: usize| (from < to).then_some(Located { token: Token::Text, start: from, end: to });
    while at < reading.folded.len() {
        match next_token(&reading, at, vocabulary) {
            Some((Token::Text, end)) => at = end,
            Some((token, end)) => {
                tokens.extend(text(text_from, at));
                tokens.push(Located { token, start: at, end });
                (text_from, at) = (end, end);
            }
            None => at += 1,
        }
    }
    tokens.extend(text(text_from, at));
    Reading { tokens, ..reading }
}

/// The token that begins at `at`, and its end; `None` for a character that means nothing to the grammar.
fn next_token(reading: &Reading<'_>, at: usize, vocabulary: &Narrative) -> Option<(Token, usize)> {
    let folded = &reading.folded;
    let c = folded[at];
    if c.is_ascii_digit() || (c == '-' && is_sign(folded, at)) {
        return Some(figure(reading, at, vocabulary));
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
        return Some((mark, at + 1));
    }
    vocabulary.words.of(c).iter().find_map(|(word, meaning)| {
        let end = matches(folded, at, word)?;
        Some((if *meaning == Word::Text { Token::Text } else { Token::Word(*meaning) }, end))
    })
}

/// A minus that belongs to the digits behind it: not between digits, not behind a bracket or a letter.
fn is_sign(folded: &[char], at: usize) -> bool {
    let follows = folded.get(at + 1).is_some_and(char::is_ascii_digit);
    let before = at.checked_sub(1).and_then(|i| folded.get(i)).copied();
    follows
        && before
            .is_some_and(|c| !c.is_ascii_alphanumeric() && !matches!(c, ')' | ']' | '年' | '月' | '%' | '-' | '元'))
}

fn figure(reading: &Reading<'_>, at: usize, vocabulary: &Narrative) -> (Token, usize) {
    let folded = &reading.folded;
    let mut end = at + 1;
    while let Some(c) = folded.get(end) {
        let digit_follows = folded.get(end + 1).is_some_and(char::is_ascii_digit);
        // A full-width comma is a stop of the sentence, never a separator of thousands.
        let separates = digit_follows && (*c == '.' || *c == ',' && reading.text(end, end + 1) == ",");
        if c.is_ascii_digit() || separates {
            end += 1;
        } else {
            break;
        }
    }
    // `1.2026年…` is an item number before a year.
    if folded.get(end) == Some(&'年')
        && let Some(number) = folded[at..end].iter().position(|c| *c == '.').filter(|number| *number <= 2)
        && matches!(folded[at + number + 1..end], ['2', '0', _, _])
    {
        end = at + number;
    }
    let mut behind = end;
    while folded.get(behind).is_some_and(|c| is_blank(*c)) {
        behind += 1;
    }
    if let Some(year) = year(folded, at, end, behind) {
        let end = if folded.get(behind + 1) == Some(&'度') { behind + 2 } else { behind + 1 };
        return (Token::Year(year), end);
    }
    let printed = reading.text(at, end).to_string();
    let value = parse_figure(&printed);
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
    if end - at != 4 || folded.get(behind) != Some(&'年') {
        return None;
    }
    let digits: String = folded[at..end].iter().collect();
    digits.parse().ok().filter(|value| (1949..2100).contains(value))
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
