//! A path or an array is kept whole until an operator uses it, each point and each number many times as large as its
//! bytes: three million points in one path are hundreds of megabytes. A drawing is run up to what is longer than any
//! that a page of a disclosure needs.

use memchr::memmem;

/// Bytes without an operator that draws, sets or shows something, at most.
const LONGEST: usize = 2 << 20;

/// Operators that only make a path longer, and words that are values.
const GROWING: [&[u8]; 12] = [b"m", b"l", b"c", b"v", b"y", b"h", b"re", b"W", b"W*", b"true", b"false", b"null"];

/// How many bytes of a drawing come before such a stretch.
pub(super) fn length_unbroken(drawing: &[u8]) -> usize {
    if drawing.len() <= LONGEST { drawing.len() } else { stretch_start(drawing, LONGEST).unwrap_or(drawing.len()) }
}

/// Where a stretch longer than `most` begins.
fn stretch_start(drawing: &[u8], most: usize) -> Option<usize> {
    let (mut start, mut at) = (0, 0);
    while let Some(byte) = drawing.get(at) {
        at = match byte {
            b'(' => string_end(drawing, at),
            b'<' => at + memchr::memchr(b'>', drawing.get(at..)?).unwrap_or(drawing.len()) + 1,
            b'%' => at + memchr::memchr2(b'\n', b'\r', drawing.get(at..)?).unwrap_or(drawing.len()) + 1,
            byte if is_regular(byte) || *byte == b'/' => {
                let rest = drawing.get(at + 1..)?;
                let end = at + 1 + rest.iter().position(|byte| !is_regular(byte)).unwrap_or(rest.len());
                let word = drawing.get(at..end)?;
                let is_operator = byte.is_ascii_alphabetic() || matches!(byte, b'\'' | b'"');
                if word == b"ID" {
                    // The bytes of an image.
                    at = end + memmem::find(drawing.get(end..)?, b"EI").unwrap_or(drawing.len());
                    start = at;
                    continue;
                }
                if is_operator && !GROWING.contains(&word) {
                    start = end;
                }
                end
            }
            _ => at + 1,
        };
        if at.min(drawing.len()) - start > most {
            return Some(start);
        }
    }
    None
}

/// A byte of a name, a number or an operator.
pub(super) fn is_regular(byte: &u8) -> bool {
    !byte.is_ascii_whitespace() && !b"\0()<>[]{}/%".contains(byte)
}

/// Past the bracket that closes the string opened at `at`.
fn string_end(drawing: &[u8], at: usize) -> usize {
    let mut depth = 0_usize;
    let mut bytes = (at..).zip(drawing.get(at..).unwrap_or_default());
    while let Some((place, byte)) = bytes.next() {
        match byte {
            b'\\' => {
                bytes.next();
            }
            b'(' => depth += 1,
            b')' if depth <= 1 => return place + 1,
            b')' => depth -= 1,
            _ => {}
        }
    }
    drawing.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_or_an_array_without_end_is_found_where_it_begins() {
        let text = "BT (1.00) Tj ET";
        for long in [" 1 1 l".repeat(20), format!(" [{}] TJ", "(S ) 1 ".repeat(20)), " true".repeat(20)] {
            let drawing = format!("{text}{long} S");
            assert_eq!(stretch_start(drawing.as_bytes(), 60), Some(text.len()), "{long}");
        }
    }

    #[test]
    fn many_short_ones_and_an_image_are_no_stretch() {
        let drawing = "0 0 m 9 9 l S ".repeat(20) + "BI /W 9 ID \u{1}(abc(%/ EI " + &"(\\)) Tj ".repeat(20);
        assert_eq!(stretch_start(drawing.as_bytes(), 60), None);
        let image = format!("BI /W 9 ID {} EI Q", "0 ".repeat(50));
        assert_eq!(stretch_start(image.as_bytes(), 60), None);
    }
}
