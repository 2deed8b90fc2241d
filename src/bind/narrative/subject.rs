//! What a figure measures: the words before it, without item numbers, periods and link words.

use super::tokens::{Located, Reading, Token, matches};
use crate::base::text::{as_key, as_squashed, is_all_blank};
use crate::spec::Narrative;
use crate::spec::narrative::{Word, fold};

/// A subject as printed.
#[derive(Clone, Debug, Default)]
pub struct Subject {
    /// What the clause itself names; none where it names nothing or a generic word (金额, 年初预算).
    pub own: Option<String>,
    /// With the topic in front where the own words are generic.
    pub full: String,
}

/// The subject between the characters `start..end`.
pub fn subject_of(
    reading: &Reading<'_>,
    start: usize,
    end: usize,
    after_figure: bool,
    topic: Option<&str>,
    vocabulary: &Narrative,
) -> Subject {
    // What stands before the last year is the body's name: …局2026年度收入总计.
    let is_followed = |year: &&Located| !is_all_blank(reading.text(year.end, end));
    let years =
        reading.tokens_within(start, end).iter().rev().filter(|located| matches!(located.token, Token::Year(_)));
    let from = years.clone().find(is_followed).map_or(start, |year| year.end);
    let text = trim(&as_squashed(reading.text(from, end)), after_figure, vocabulary);
    let key = as_key(&text);
    let is_generic = key.is_empty() || vocabulary.phrases.generic_subjects.iter().any(|generic| *generic == *key);
    match (is_generic, topic) {
        // The heading 支出预算情况说明 says no more than the sentence: 2026年度支出预算….
        (true, Some(topic)) if !text.is_empty() && as_key(topic).starts_with(&*key) => {
            Subject { own: None, full: text }
        }
        (true, Some(topic)) => Subject { own: None, full: format!("{topic}{text}") },
        (true, None) => Subject { own: None, full: text },
        (false, _) => Subject { own: Some(text.clone()), full: text },
    }
}

fn trim(text: &str, after_figure: bool, vocabulary: &Narrative) -> String {
    let mut text = text;
    loop {
        let before = text;
        text = strip_number(text);
        text = text.trim_start_matches(|c: char| is_mark(c));
        if after_figure {
            text = text.trim_start_matches(['和', '及']);
        }
        text = vocabulary.phrases.without_heads(text);
        text = text.trim_end_matches(|c: char| is_mark(c));
        text = vocabulary.phrases.without_tails(text);
        if text == before {
            return balanced(text).to_string();
        }
    }
}

fn is_mark(c: char) -> bool {
    matches!(fold(c), ',' | ';' | ':' | '、' | '。' | '.' | '·' | '?' | '\u{f06c}' | '-')
}

/// Drops a bracket that the cut opened or left behind.
fn balanced(text: &str) -> &str {
    let closes = ['）', ')'];
    let count = |wanted: char| text.chars().filter(|c| fold(*c) == wanted).count();
    let is_left = text.starts_with(closes) && count(')') > count('(');
    if is_left { text.trim_start_matches(closes) } else { text }
}

/// Without `（一）`, `(1)`, `1.`, `一、` in front.
fn strip_number(text: &str) -> &str {
    let bracketed = text.strip_prefix(['（', '(']).and_then(|rest| behind_number(rest, &['）', ')']));
    bracketed.or_else(|| behind_number(text, &['.', '．', '、', ')', '）'])).unwrap_or(text)
}

/// What stands behind a number of up to three digits and one of these marks.
fn behind_number<'t>(text: &'t str, marks: &[char]) -> Option<&'t str> {
    let is_numeral = |c| match c {
        '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' => true,
        c => fold(c).is_ascii_digit(),
    };
    let rest = text.trim_start_matches(is_numeral);
    let digits = text.strip_suffix(rest)?.chars().count();
    (1..=3).contains(&digits).then(|| rest.strip_prefix(marks)).flatten()
}

/// The character behind `比2025年年初预算数` / `与上年相比` (token `than`), at most `end`.
pub fn behind_comparison(reading: &Reading<'_>, than: usize, end: usize, vocabulary: &Narrative) -> usize {
    let mut position = reading.tokens.get(than + 1).map_or(end, |base| base.end);
    while let Some(next) = vocabulary
        .phrases
        .base_tails
        .iter()
        .find_map(|tail| matches(&reading.folded, position, &tail.chars().map(fold).collect::<Vec<char>>()))
        .filter(|next| *next <= end)
    {
        position = next;
    }
    let compared = reading.tokens.iter().find(|located| {
        located.start >= position && located.end <= end && located.token == Token::Word(Word::Compared)
    });
    compared.map_or(position, |word| word.end).min(end)
}

/// What is counted, where it is named behind the figure: 共有7个内设机构.
pub fn after_figure(reading: &Reading<'_>, end: usize) -> Option<String> {
    let behind = reading.text(end, reading.folded.len()).chars();
    let text: String = behind.take_while(|c| c.is_alphabetic() || matches!(c, '“' | '”')).take(16).collect();
    (text.chars().count() >= 2).then_some(text)
}
