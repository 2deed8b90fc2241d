//! How printed Chinese texts are compared: without blanks, width and typographic variants.

use unicode_normalization::UnicodeNormalization;

use super::radical::radical_to_character;

/// The text without any white space (Unicode and full-width blanks, BOM, zero-width characters).
///
/// Wrapping in cells puts blanks into the middle of labels; a label is printed the same with or without them.
pub fn squash(text: &str) -> String {
    if !has_blank(text) {
        return text.to_string();
    }
    let mut out = String::with_capacity(text.len());
    text.split(is_blank).for_each(|part| out.push_str(part));
    out
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

/// True for a text with a character that prints nothing. No blank begins with the bytes that digits, Latin letters and
/// ideographs begin with; the whole text is looked at without a branch.
pub fn has_blank(text: &str) -> bool {
    let may_begin_blank = |b: u8| b <= b' ' || matches!(b, 0xC2 | 0xE1..=0xE3 | 0xEF);
    let begins_blank = |(at, b): (usize, u8)| may_begin_blank(b) && text[at..].starts_with(is_blank);
    text.bytes().fold(false, |any, b| any | may_begin_blank(b)) && text.bytes().enumerate().any(begins_blank)
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
        '\u{4E00}'..='\u{9FFF}' | '\0'..='\u{7F}' | '、'..='】' => Some(c),
        '“' | '”' | '‘' | '’' | '—' | '–' | '≥' | '≤' => Some(c),
        '\u{3000}' => Some(' '),
        '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0),
        _ => None,
    }
}

/// The form in which labels and titles are compared: NFKC, no blanks, one kind of quotes, dashes, brackets.
///
/// `“三公”经费`, `"三公"经费` and `“三公” 经费` have the same key; different words never do.
pub fn key(text: &str) -> String {
    // Most characters are their own keys: whole runs of them are copied.
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    loop {
        let (own, other) = rest.split_at(ideographs_and_digits(rest.as_bytes()));
        out.push_str(own);
        let mut others = other.chars();
        match others.next().map(plain) {
            Some(Some(c)) if is_blank(c) => {}
            Some(Some(c)) => out.extend(key_of_character(c)),
            Some(None) => return text.nfkc().filter(|c| !is_blank(*c)).filter_map(key_of_character).collect(),
            None => return out,
        }
        rest = others.as_str();
    }
}

/// How many bytes the text begins with are those of ideographs ([`is_ideograph`]) and of ASCII digits.
fn ideographs_and_digits(text: &[u8]) -> usize {
    let mut at = 0;
    loop {
        at += match text.get(at..) {
            Some([b'0'..=b'9', ..]) => 1,
            Some([0xE4, 0xB8..=0xBF, _, ..] | [0xE5..=0xE9, _, _, ..]) => 3,
            _ => return at,
        };
    }
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
    if !has_blank(text) {
        return text.to_string();
    }
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        if is_blank(c) {
            gap = !out.is_empty();
            continue;
        }
        if gap {
            let before = out.chars().next_back().unwrap_or(' ');
            if before.is_ascii_alphabetic() && c.is_ascii_alphabetic() {
                out.push(' ');
            }
            gap = false;
        }
        out.push(c);
    }
    out
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
    fn ideographs_and_digits_are_their_own_keys() {
        for c in (0..0x11_0000).filter_map(char::from_u32) {
            let is_own = is_ideograph(c) || c.is_ascii_digit();
            let own = if is_own { c.len_utf8() } else { 0 };
            assert_eq!(ideographs_and_digits(c.to_string().as_bytes()), own, "{c:?}");
            assert!(!is_own || key(&c.to_string()) == c.to_string(), "{c:?}");
        }
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
