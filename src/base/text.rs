//! How printed Chinese texts are compared: without blanks, width and typographic variants.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use super::radical::radical_to_character;

/// The text without any white space (Unicode and full-width blanks, BOM, zero-width characters).
///
/// Wrapping in cells puts blanks into the middle of labels; a label is printed the same with or without them.
pub fn squash(text: &str) -> String {
    as_squashed(text).into_owned()
}

/// [`squash`] for who only looks at it: most texts have no blank and are lent as they are.
pub fn as_squashed(text: &str) -> Cow<'_, str> {
    let Some((before, rest)) = before_blank(text) else { return Cow::Borrowed(text) };
    let mut out = String::with_capacity(text.len());
    out.push_str(before);
    rest.split(is_blank).for_each(|part| out.push_str(part));
    Cow::Owned(out)
}

/// True for what nearly all characters of a disclosure are, and every stage asks again: digits, Latin letters and
/// signs, ideographs. They need no tables of Unicode.
#[inline]
pub fn is_drawn(c: char) -> bool {
    matches!(c, '!'..='~') || is_ideograph(c)
}

/// True for the ideographs that labels are made of: each is its own [`key`].
#[inline]
pub fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}')
}

/// True for every character that prints nothing.
#[inline]
pub fn is_blank(c: char) -> bool {
    !is_drawn(c) && is_blank_of_unicode(c)
}

/// True for a text with a character that prints nothing.
pub fn has_blank(text: &str) -> bool {
    before_blank(text).is_some()
}

/// True for a text that prints nothing.
pub fn is_all_blank(text: &str) -> bool {
    text.chars().all(is_blank)
}

/// The text cut before its first blank.
fn before_blank(text: &str) -> Option<(&str, &str)> {
    let mut rest = text;
    loop {
        rest = rest.get(drawn(rest.as_bytes())..)?;
        let mut others = rest.chars();
        if others.next().map(is_blank)? {
            return text.split_at_checked(text.len() - rest.len());
        }
        rest = others.as_str();
    }
}

/// How many bytes the text begins with are those of signs and letters of ASCII, of ideographs, and of the quotes, the
/// punctuation and the full-width forms that stand between them: none of them is blank.
fn drawn(text: &[u8]) -> usize {
    const STEPS: [u8; 256] = steps(b"", 0xE4);
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        at += match (STEPS[usize::from(*byte)], &text[at..]) {
            (0, [0xE2, 0x80, 0x90..=0xA7, ..] | [0xE3, 0x80, 0x81..=0xBF, ..] | [0xEF, 0xBC | 0xBD, ..]) => 3,
            (0, _) => break,
            (step, _) => usize::from(step),
        };
    }
    at
}

/// The bytes of a character by its first byte, which is all that most have to be asked: 1 for signs and letters of ASCII
/// but for some, 3 for ideographs from some on, and 0 where more must be asked.
const fn steps(but: &[u8], ideographs: u8) -> [u8; 256] {
    let mut steps = [0; 256];
    let mut byte = b'!';
    while byte <= 0xE9 {
        steps[byte as usize] = if byte <= b'~' { 1 } else { 3 * (byte >= ideographs) as u8 };
        byte += 1;
    }
    let mut at = 0;
    while at < but.len() {
        steps[but[at] as usize] = 0;
        at += 1;
    }
    steps
}

fn is_blank_of_unicode(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}')
}

/// The NFKC form, which tables ask for at every cell: most texts need no tables of Unicode for it.
pub fn nfkc(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match plain(c) {
            Some(plain) => out.push(plain),
            None => return text.nfkc().collect(),
        }
    }
    out
}

/// The NFKC form of a character that becomes one character and never joins its neighbours.
fn plain(c: char) -> Option<char> {
    match c {
        '\u{4E00}'..='\u{9FFF}' | '\0'..='\u{7F}' | '、'..='〕' => Some(c),
        '“' | '”' | '‘' | '’' | '—' | '–' | '·' | '≥' | '≤' | '×' | '−' | '→' => Some(c),
        '\u{3000}' => Some(' '),
        '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0),
        _ => None,
    }
}

/// The form in which labels and titles are compared: NFKC, no blanks, one kind of quotes, dashes, brackets.
///
/// `“三公”经费`, `"三公"经费` and `“三公” 经费` have the same key; different words never do.
pub fn key(text: &str) -> String {
    as_key(text).into_owned()
}

/// [`key`] for who only looks at it: most texts are their own keys and are lent as they are.
pub fn as_key(text: &str) -> Cow<'_, str> {
    let (own, other) = text.split_at(own_key(text.as_bytes()));
    if other.is_empty() {
        return Cow::Borrowed(text);
    }
    // Whole runs of characters that are their own keys are copied.
    let mut out = String::with_capacity(text.len());
    out.push_str(own);
    let mut others = other.chars();
    while let Some(c) = others.next() {
        match plain(c) {
            Some(c) if is_blank(c) => {}
            Some(c) => out.extend(key_of_character(c)),
            None => return text.nfkc().filter(|c| !is_blank(*c)).filter_map(key_of_character).collect(),
        }
        let rest = others.as_str();
        let (own, other) = rest.split_at(own_key(rest.as_bytes()));
        out.push_str(own);
        others = other.chars();
    }
    Cow::Owned(out)
}

/// How many bytes the text begins with are those of characters that are their own keys: ideographs ([`is_ideograph`]),
/// the comma of lists, and ASCII but for blanks, quotes and square brackets.
fn own_key(text: &[u8]) -> usize {
    const STEPS: [u8; 256] = steps(b"\"'[]", 0xE5);
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        at += match (STEPS[usize::from(*byte)], &text[at..]) {
            (0, [0xE4, 0xB8..=0xBF, ..] | [0xE3, 0x80, 0x81, ..]) => 3,
            (0, _) => break,
            (step, _) => usize::from(step),
        };
    }
    at
}

/// True where the first character that is drawn is an ideograph that begins none of these keys. It begins the key of the
/// text then, and nearly every label is told so from what is looked for without its key.
pub fn begins_otherwise<S: AsRef<str>>(text: &str, keys: &[S]) -> bool {
    let first = text.chars().find(|c| !is_blank(*c)).filter(|c| is_ideograph(*c));
    first.is_some_and(|first| !keys.iter().any(|key| key.as_ref().starts_with(first)))
}

/// [`key`] of one character, put behind `out`.
pub fn push_key(c: char, out: &mut String) {
    match plain(c) {
        Some(c) if is_blank(c) => {}
        Some(c) => out.extend(key_of_character(c)),
        None => out.push_str(&key(c.encode_utf8(&mut [0; 4]))),
    }
}

/// One kind of quotes (none), dashes, brackets.
fn key_of_character(c: char) -> Option<char> {
    match c {
        '“' | '”' | '„' | '‟' | '"' | '‘' | '’' | '\'' | '＂' | '「' | '」' => None,
        '〔' | '【' | '[' | '［' | '〈' => Some('('),
        '〕' | '】' | ']' | '］' | '〉' => Some(')'),
        '—' | '–' | '―' | '－' | '─' | '−' | '‐' | '‑' => Some('-'),
        '︰' => Some(':'),
        '\u{2E80}'..='\u{2FDF}' => Some(radical_to_character(c)),
        '·' | '•' | '・' => Some('·'),
        c => Some(c),
    }
}

/// Joins the wrapped lines of one cell: blanks between Chinese characters go, one blank stays between words in
/// Latin letters or digits.
pub fn unwrap_label(text: &str) -> String {
    as_unwrapped(text).into_owned()
}

/// [`unwrap_label`] for who only looks at it: most labels have no blank and are lent as they are.
pub fn as_unwrapped(text: &str) -> Cow<'_, str> {
    let Some((before, rest)) = before_blank(text) else { return Cow::Borrowed(text) };
    let mut out = String::with_capacity(text.len());
    out.push_str(before);
    for part in rest.split(is_blank).filter(|part| !part.is_empty()) {
        let is_between_words = out.ends_with(|c: char| c.is_ascii_alphabetic());
        if is_between_words && part.starts_with(|c: char| c.is_ascii_alphabetic()) {
            out.push(' ');
        }
        out.push_str(part);
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_characters_are_those_whose_form_of_unicode_is_one_that_joins_nothing() {
        for c in (0..0x1_0000).filter_map(char::from_u32) {
            if let Some(form) = plain(c) {
                assert_eq!(c.nfkc().collect::<String>(), form.to_string(), "{c}");
                assert_eq!(unicode_normalization::char::canonical_combining_class(c), 0, "{c}");
            }
        }
        assert_eq!(nfkc("２０２６年　（①）"), "2026年 (1)");
    }

    #[test]
    fn every_blank_is_seen() {
        for c in (0..0x11_0000).filter_map(char::from_u32) {
            let blank =
                c.is_whitespace() || matches!(c, '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}');
            assert_eq!((is_blank(c), has_blank(&format!("支{c}出"))), (blank, blank), "{c:?}");
        }
    }

    #[test]
    fn what_is_passed_over_as_drawn_is_no_blank_and_what_is_taken_for_its_own_key_is() {
        for c in (0..0x11_0000).filter_map(char::from_u32) {
            let text = c.to_string();
            let whole = |taken: usize| [0, text.len()].contains(&taken);
            let (drawn, own) = (drawn(text.as_bytes()), own_key(text.as_bytes()));
            assert!(whole(drawn) && whole(own), "{c:?}");
            assert!(drawn == 0 || !is_blank(c), "{c:?}");
            assert!(own == 0 || text.nfkc().filter_map(key_of_character).eq([c]), "{c:?}");
        }
        assert_eq!(own_key("2026年（1）、“三公”".as_bytes()), "2026年".len());
        assert!(matches!(as_key("2026年(1)、三公"), Cow::Borrowed("2026年(1)、三公")));
    }

    #[test]
    fn keys_fold_typography_and_nothing_else() {
        assert_eq!(key("“三公” 经费"), key("\"三公\"经费"));
        assert_eq!(key("因公出国（境）费"), key("因公出国(境)费"));
        assert_eq!(key("长财行【2025】74号"), key("长财行〔2025〕74号"));
        assert_ne!(key("支出决算表"), key("支出预算表"));
    }

    #[test]
    fn what_begins_otherwise_is_known_by_its_first_character() {
        let of_which = [key("其中")];
        assert!(begins_otherwise(" 人员经费", &of_which) && !begins_otherwise("\u{3000}其他", &of_which));
        // What its key begins with is not known of a sign, and of a radical not before it is an ideograph.
        assert!(["“其中”", "(其中)", "", "⼈员经费"].iter().all(|text| !begins_otherwise(text, &of_which)));
    }

    #[test]
    fn wrapped_labels_lose_their_blanks() {
        assert_eq!(unwrap_label("政府性基 金预算"), "政府性基金预算");
        assert_eq!(unwrap_label("战斗力 and 凝聚力"), "战斗力and凝聚力");
        assert_eq!(unwrap_label("open data"), "open data");
    }
}
