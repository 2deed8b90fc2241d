//! Regular expressions of the data and of the stages, quick to build: a run of one document builds those that it asks.

mod needs;
mod screen;

use std::sync::OnceLock;

use regex::{Captures, Error, Regex};

use needs::{Needs, expression_to_needs};
pub use screen::Screen;

/// Digits as disclosures print them, half or full width.
const DIGITS: [std::ops::RangeInclusive<char>; 2] = ['0'..='9', '０'..='９'];
const DIGIT: &str = "[0-9０-９]";
const NO_DIGIT: &str = "[^0-9０-９]";

/// Compiles an expression. Its `\d` is a half- or full-width digit; the digits of all other scripts make an expression that
/// counts digits many times as long.
///
/// # Errors
/// Where it is none.
pub fn expression(text: &str) -> Result<Regex, Error> {
    Regex::new(&with_plain_digits(text))
}

/// An expression of the data that is compiled when it is first asked: a document asks few of them.
#[derive(Clone, Debug)]
pub struct Expression {
    text: String,
    needs: OnceLock<Needs>,
    compiled: OnceLock<Option<Regex>>,
}

impl Expression {
    /// One that is known to be sound; one that is not matches nothing.
    pub fn sound(text: &str) -> Expression {
        Expression { text: text.to_string(), needs: OnceLock::new(), compiled: OnceLock::new() }
    }

    /// One that may be none: it is compiled now.
    ///
    /// # Errors
    /// Where it is none.
    pub fn new(text: &str) -> Result<Expression, Error> {
        let compiled = OnceLock::from(Some(expression(text)?));
        Ok(Expression { text: text.to_string(), needs: OnceLock::new(), compiled })
    }

    /// Compiled, unless there is no match anyway: some expressions are asked for what no text of a document comes near.
    fn asked(&self, text: &str) -> Option<&Regex> {
        let may_match = || self.needs().iter().all(|set| text.contains(set.as_slice()));
        (self.compiled.get().is_some() || may_match()).then(|| self.compiled()).flatten()
    }

    pub fn compiled(&self) -> Option<&Regex> {
        self.compiled.get_or_init(|| expression(&self.text).ok()).as_ref()
    }

    fn needs(&self) -> &Needs {
        self.needs.get_or_init(|| expression_to_needs(&self.text))
    }

    pub fn is_match(&self, text: &str) -> bool {
        self.asked(text).is_some_and(|regex| regex.is_match(text))
    }

    pub fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.asked(text)?.captures(text)
    }

    /// Most texts have no match: groups are looked for only where there is one.
    pub fn captures_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Captures<'t>> {
        self.asked(text)
            .filter(|regex| regex.is_match(text))
            .into_iter()
            .flat_map(move |regex| regex.captures_iter(text))
    }
}

impl std::fmt::Display for Expression {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

fn with_plain_digits(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        match (c, if c == '\\' { characters.next() } else { None }) {
            ('\\', Some('d')) => out.push_str(DIGIT),
            ('\\', Some('D')) => out.push_str(NO_DIGIT),
            (c, escaped) => out.extend([c].into_iter().chain(escaped)),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_half_or_full_width() {
        let is = |text: &str, sample: &str| expression(text).expect("an expression").is_match(sample);
        assert!(is(r"^\d{4}年$", "2026年") && is(r"^\d{4}年$", "２０２６年") && !is(r"^\d{4}年$", "二〇二六年"));
        assert!(is(r"^[\d,]+$", "1,024") && is(r"^[^\d]+$", "年") && !is(r"^[^\d]+$", "1"));
        assert!(is(r"^\D$", "年") && !is(r"^\D$", "5") && is(r"^\\d$", r"\d"));
    }
}
