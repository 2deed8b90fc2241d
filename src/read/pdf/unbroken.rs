//! A path or an array is kept whole until an operator uses it, each point and each number many times as large as its
//! bytes: three million points in one path are hundreds of megabytes. A drawing is run up to what is longer than any
//! that a page of a disclosure needs.

use memchr::memmem;

/// Bytes without an operator, at most.
const LONGEST: usize = 2 << 20;
/// Pieces of one path, at most.
const MOST_PIECES: usize = 300_000;

/// Operators that make a path longer, those that end it, and words that are values.
const GROWING: [&[u8]; 7] = [b"m", b"l", b"c", b"v", b"y", b"h", b"re"];
const ENDING: [&[u8]; 10] = [b"S", b"s", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"n"];
const VALUES: [&[u8]; 3] = [b"true", b"false", b"null"];

/// How many bytes of a drawing come before such a path or array.
pub(super) fn length_unbroken(drawing: &[u8]) -> usize {
    // No piece is shorter than two bytes.
    if drawing.len() <= LONGEST.min(2 * MOST_PIECES) {
        drawing.len()
    } else {
        stretch_start(drawing, LONGEST, MOST_PIECES).unwrap_or(drawing.len())
    }
}

/// Where a stretch without an operator longer than `most`, or a path of more pieces, begins.
fn stretch_start(drawing: &[u8], most: usize, most_pieces: usize) -> Option<usize> {
    let (mut start, mut at) = (0, 0);
    let (mut path, mut pieces) = (0, 0);
    let mut is_image = false;
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
                if is_image && word == b"ID" {
                    (at, is_image) = (image_end(drawing, end), false);
                    start = at;
                    continue;
                }
                if is_operator && !VALUES.contains(&word) {
                    if GROWING.contains(&word) {
                        path = if pieces == 0 { start } else { path };
                        pieces += 1;
                    } else if ENDING.contains(&word) {
                        pieces = 0;
                    }
                    is_image |= word == b"BI";
                    start = end;
                }
                end
            }
            _ => at + 1,
        };
        if pieces > most_pieces {
            return Some(path);
        }
        if at.min(drawing.len()) - start > most {
            return Some(start);
        }
    }
    None
}

/// Past the word that ends the bytes of an image, which may have any bytes.
fn image_end(drawing: &[u8], from: usize) -> usize {
    let is_blank = |at: usize| drawing.get(at).is_none_or(u8::is_ascii_whitespace);
    let ends = memmem::find_iter(drawing.get(from..).unwrap_or_default(), b"EI").map(|at| from + at);
    let mut ends = ends.filter(|at| is_blank(at - 1) && is_blank(at + 2));
    ends.next().map_or(drawing.len(), |at| at + 2)
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
            assert_eq!(stretch_start(drawing.as_bytes(), 60, 15), Some(text.len()), "{long}");
        }
        // A word that nobody knows ends no path.
        let drawing = format!("{text}{} S", " 1 1 1 1 re x".repeat(20));
        assert_eq!(stretch_start(drawing.as_bytes(), 60, 15), Some(text.len()));
    }

    #[test]
    fn many_short_ones_and_an_image_are_no_stretch() {
        let drawing = "0 0 m 9 9 l S ".repeat(20) + "BI /W 9 ID \u{1}(abcEI(%/ EI " + &"(\\)) Tj ".repeat(20);
        assert_eq!(stretch_start(drawing.as_bytes(), 60, 15), None);
        let image = format!("BI /W 9 ID {} EI Q", "0 ".repeat(50));
        assert_eq!(stretch_start(image.as_bytes(), 60, 15), None);
        // No image begins there.
        let long = format!("ID {} S", "1 1 l ".repeat(20));
        assert_eq!(stretch_start(long.as_bytes(), 60, 15), Some(2));
    }
}
