//! Regular expressions of the data and of the stages, quick to build: a run of one document builds all of them.

use regex::{Error, Regex, RegexSet};

/// A digit as disclosures print it, half or full width.
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

/// [`expression`] of several that are looked for together.
///
/// # Errors
/// Where one of them is none, or they are too many.
pub fn expressions<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<RegexSet, Error> {
    RegexSet::new(texts.into_iter().map(with_plain_digits))
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
