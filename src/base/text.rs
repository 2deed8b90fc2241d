//! How printed Chinese texts are compared: without blanks, width and typographic variants.

use unicode_normalization::UnicodeNormalization;

/// The text without any white space (Unicode and full-width blanks, BOM, zero-width characters).
///
/// Wrapping in cells puts blanks into the middle of labels; a label is printed the same with or without them.
pub fn squash(text: &str) -> String {
    text.chars().filter(|c| !is_blank(*c)).collect()
}

/// True for every character that prints nothing.
pub fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}')
}

/// The form in which labels and titles are compared: NFKC, no blanks, one kind of quotes, dashes, brackets.
///
/// `“三公”经费`, `"三公"经费` and `“三公” 经费` have the same key; different words never do.
pub fn key(text: &str) -> String {
    text.nfkc()
        .filter(|c| !is_blank(*c))
        .filter_map(|c| match c {
            '“' | '”' | '„' | '‟' | '"' | '‘' | '’' | '\'' | '＂' | '「' | '」' => None,
            '〔' | '【' | '[' | '［' | '〈' => Some('('),
            '〕' | '】' | ']' | '］' | '〉' => Some(')'),
            '—' | '–' | '―' | '－' | '─' | '−' | '‐' | '‑' => Some('-'),
            '︰' => Some(':'),
            '·' | '•' | '・' => Some('·'),
            c => Some(c),
        })
        .collect()
}

/// Joins the wrapped lines of one cell: blanks between Chinese characters go, one blank stays between words in
/// Latin letters or digits.
pub fn unwrap_label(text: &str) -> String {
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
    fn keys_fold_typography_and_nothing_else() {
        assert_eq!(key("“三公” 经费"), key("\"三公\"经费"));
        assert_eq!(key("因公出国（境）费"), key("因公出国(境)费"));
        assert_eq!(key("长财行【2025】74号"), key("长财行〔2025〕74号"));
        assert_ne!(key("支出决算表"), key("支出预算表"));
    }

    #[test]
    fn wrapped_labels_lose_their_blanks() {
        assert_eq!(unwrap_label("政府性基 金预算"), "政府性基金预算");
        assert_eq!(unwrap_label("战斗力 and 凝聚力"), "战斗力and凝聚力");
        assert_eq!(unwrap_label("open data"), "open data");
    }
}
