//! Bytes → text: UTF-8, UTF-16 with or without its mark, GB18030.

use encoding_rs::{Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};

use crate::base::finding::Finding;
use crate::finding_code;
use crate::read::ReadError;

finding_code! {
    /// Some bytes of a text are no character in its encoding.
    ///
    /// They stand as U+FFFD in the output. A text that was cut, or two encodings in one file, do that; figures
    /// beside such a place deserve a look at the original.
    pub R001, "undecodable-bytes", Warning
}

/// A text with more characters than this share that print nothing is no text.
const MOST_CONTROLS: f64 = 0.001;
const MOST_REPLACED: f64 = 0.01;

/// Decodes a text, whatever its encoding.
///
/// # Errors
/// Where no encoding makes a text of the bytes.
pub fn bytes_to_text(bytes: &[u8], findings: &mut Vec<Finding>) -> Result<String, ReadError> {
    let (encoding, text) = decode(bytes).ok_or_else(|| no_text("is a binary file, not a text"))?;
    let total = text.chars().count().max(1) as f64;
    let replaced = text.chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count();
    let controls =
        text.chars().filter(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{b}' | '\u{c}')).count();
    if controls as f64 > total * MOST_CONTROLS {
        return Err(no_text("is a binary file, not a text"));
    }
    if replaced as f64 > total * MOST_REPLACED {
        return Err(no_text("is neither UTF-8, UTF-16 nor GB18030 text"));
    }
    if replaced > 0 {
        let name = encoding.name();
        findings.push(Finding::new(&R001, format!("{replaced} characters could not be decoded as {name}")));
    }
    Ok(text)
}

fn no_text(message: &str) -> ReadError {
    ReadError { message: message.to_string() }
}

fn decode(bytes: &[u8]) -> Option<(&'static Encoding, String)> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let (text, _) = encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default());
        return Some((encoding, text.into_owned()));
    }
    if bytes.contains(&0) {
        // Line breaks, tabs and digits are half zeros in UTF-16; no other text has a zero byte.
        return [UTF_16LE, UTF_16BE].into_iter().find_map(|encoding| {
            let (text, is_broken) = encoding.decode_without_bom_handling(bytes);
            (!is_broken && reads_as_chinese(&text)).then(|| (encoding, text.into_owned()))
        });
    }
    let (as_utf8, is_broken) = UTF_8.decode_without_bom_handling(bytes);
    if !is_broken {
        return Some((UTF_8, as_utf8.into_owned()));
    }
    let legacy = legacy_encoding(bytes);
    let (as_legacy, _) = legacy.decode_without_bom_handling(bytes);
    let replaced = |text: &str| text.chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count();
    if replaced(&as_utf8) < replaced(&as_legacy) {
        return Some((UTF_8, as_utf8.into_owned()));
    }
    Some((legacy, as_legacy.into_owned()))
}

/// GB18030 unless the bytes speak clearly for another encoding (Big5 of a traditional-Chinese text).
fn legacy_encoding(bytes: &[u8]) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(Some(b"cn"), chardetng::Utf8Detection::Deny);
    // Single-byte encodings decode anything; they are the detector's way of saying that it does not know.
    if guess == GBK || guess.is_single_byte() { GB18030 } else { guess }
}

/// UTF-16 in the wrong byte order decodes to rare characters of all scripts.
fn reads_as_chinese(text: &str) -> bool {
    let usual = |c: &char| {
        matches!(c, '\u{20}'..='\u{7E}' | '\t' | '\n' | '\r' | '\u{c}' | '\u{4E00}'..='\u{9FFF}' | '\u{3000}'..='\u{303F}')
            || matches!(c, '\u{FF00}'..='\u{FFEF}' | '\u{2010}'..='\u{203B}' | '\u{A0}')
    };
    let total = text.chars().count();
    text.chars().filter(usual).count() * 10 >= total * 9 && total > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "单位：万元\n项目\t2026年\n一、一般公共预算\t4722.97\n";

    fn read(bytes: &[u8]) -> Result<(String, usize), String> {
        let mut findings = Vec::new();
        let text = bytes_to_text(bytes, &mut findings).map_err(|error| error.message)?;
        Ok((text, findings.len()))
    }

    fn utf16(swap: bool) -> Vec<u8> {
        TEXT.encode_utf16().flat_map(|unit| if swap { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    }

    #[test]
    fn encodings_of_portals() {
        let expected = Ok((TEXT.to_string(), 0));
        assert_eq!(read(TEXT.as_bytes()), expected);
        assert_eq!(read(format!("\u{FEFF}{TEXT}").as_bytes()), expected);
        assert_eq!(read(&GB18030.encode(TEXT).0), expected);
        assert_eq!(read(&utf16(false)), expected);
        assert_eq!(read(&utf16(true)), expected);
        assert_eq!(read(&[&[0xFF, 0xFE], &utf16(false)[..]].concat()), expected);
        assert_eq!(read(&[&[0xFE, 0xFF], &utf16(true)[..]].concat()), expected);
    }

    #[test]
    fn a_cut_character_is_a_finding() {
        let long = TEXT.repeat(20);
        let cut = &long.as_bytes()[..long.len() - 10];
        assert!(std::str::from_utf8(cut).is_err(), "the cut is inside a character");
        let (text, findings) = read(cut).expect("a text");
        assert!(text.starts_with(TEXT));
        assert_eq!(findings, 1);
    }

    #[test]
    fn bytes_that_are_no_text() {
        let noise: Vec<u8> = (0..4096_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        assert_eq!(read(&noise), Err("is a binary file, not a text".to_string()));
        assert_eq!(read(&[1, 2, 3, 4, 5, 6]), Err("is a binary file, not a text".to_string()));
    }
}
