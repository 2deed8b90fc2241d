//! The filters of a stream that make many bytes of few, as readers: how long a stream becomes is measured piece by
//! piece, and nothing of it is kept.

use std::io::{BufReader, Bytes, Read};
use std::iter::repeat_n;

use flate2::read::{DeflateDecoder, ZlibDecoder};

/// A filter by its effect on the length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Filter {
    Deflate,
    Lzw,
    RunLength,
    Ascii85,
    AsciiHex,
}

/// Names in dictionaries, the short ones last.
const NAMES: [(&[u8], Filter); 10] = [
    (b"FlateDecode", Filter::Deflate),
    (b"LZWDecode", Filter::Lzw),
    (b"RunLengthDecode", Filter::RunLength),
    (b"ASCII85Decode", Filter::Ascii85),
    (b"ASCIIHexDecode", Filter::AsciiHex),
    (b"Fl", Filter::Deflate),
    (b"LZW", Filter::Lzw),
    (b"RL", Filter::RunLength),
    (b"A85", Filter::Ascii85),
    (b"AHx", Filter::AsciiHex),
];

impl Filter {
    pub(super) fn of_name(name: &[u8]) -> Option<Filter> {
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, filter)| *filter)
    }

    /// The most bytes that it makes of one.
    pub(super) fn most_of_one(self) -> usize {
        match self {
            Filter::Deflate => 1032,
            // An entry of the full table for each code of nine bits.
            Filter::Lzw => 3641,
            Filter::RunLength => 64,
            Filter::Ascii85 => 4,
            Filter::AsciiHex => 1,
        }
    }

    /// What it makes of the bytes of another.
    pub(super) fn read<'a>(self, data: Box<dyn Read + 'a>) -> Box<dyn Read + 'a> {
        match self {
            Filter::Deflate => deflate(data),
            Filter::Lzw => Box::new(Steps::new(data, Lzw::default())),
            Filter::RunLength => Box::new(Steps::new(data, run_length)),
            Filter::Ascii85 => Box::new(Steps::new(data, ascii_85)),
            Filter::AsciiHex => Box::new(Steps::new(data, ascii_hex)),
        }
    }
}

/// With its header or, as readers of PDFs allow, without one.
fn deflate<'a>(mut data: Box<dyn Read + 'a>) -> Box<dyn Read + 'a> {
    let mut head = Vec::new();
    if (&mut data).take(2).read_to_end(&mut head).is_err() {
        return Box::new(std::io::empty());
    }
    let is_zlib = matches!(head.as_slice(), [method, check] if method & 15 == 8
        && (u16::from(*method) << 8 | u16::from(*check)).is_multiple_of(31));
    let whole = std::io::Cursor::new(head).chain(data);
    if is_zlib { Box::new(ZlibDecoder::new(whole)) } else { Box::new(DeflateDecoder::new(whole)) }
}

/// Puts the next bytes behind `out`; false at the end.
trait Step {
    fn step(&mut self, bytes: &mut dyn Iterator<Item = u8>, out: &mut Vec<u8>) -> bool;
}

impl<F: FnMut(&mut dyn Iterator<Item = u8>, &mut Vec<u8>) -> bool> Step for F {
    fn step(&mut self, bytes: &mut dyn Iterator<Item = u8>, out: &mut Vec<u8>) -> bool {
        self(bytes, out)
    }
}

/// A reader that goes step by step.
struct Steps<'a, S> {
    bytes: Bytes<BufReader<Box<dyn Read + 'a>>>,
    step: S,
    waiting: Vec<u8>,
    given: usize,
}

impl<'a, S: Step> Steps<'a, S> {
    fn new(data: Box<dyn Read + 'a>, step: S) -> Self {
        Steps { bytes: BufReader::new(data).bytes(), step, waiting: Vec::new(), given: 0 }
    }
}

impl<S: Step> Read for Steps<'_, S> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.given == self.waiting.len() {
            self.waiting.clear();
            self.given = 0;
            let mut bytes = self.bytes.by_ref().map_while(Result::ok);
            if !self.step.step(&mut bytes, &mut self.waiting) {
                return Ok(0);
            }
        }
        let rest = self.waiting.get(self.given..).unwrap_or_default();
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        self.given += length;
        Ok(length)
    }
}

fn run_length(bytes: &mut dyn Iterator<Item = u8>, out: &mut Vec<u8>) -> bool {
    match bytes.next() {
        None | Some(128) => false,
        Some(length @ ..128) => {
            out.extend(bytes.take(usize::from(length) + 1));
            true
        }
        Some(length) => bytes.next().is_some_and(|byte| {
            out.extend(repeat_n(byte, 257 - usize::from(length)));
            true
        }),
    }
}

fn ascii_hex(bytes: &mut dyn Iterator<Item = u8>, out: &mut Vec<u8>) -> bool {
    let mut digits = bytes.filter(|byte| !byte.is_ascii_whitespace()).map_while(|byte| char::from(byte).to_digit(16));
    let Some(first) = digits.next() else { return false };
    out.push((first * 16 + digits.next().unwrap_or(0)) as u8);
    true
}

fn ascii_85(bytes: &mut dyn Iterator<Item = u8>, out: &mut Vec<u8>) -> bool {
    let mut digits = bytes.filter(|byte| !byte.is_ascii_whitespace());
    let mut group = [84_u32; 5];
    let mut count = 0;
    while count < 5 {
        match digits.next() {
            Some(b'z') if count == 0 => {
                out.extend([0; 4]);
                return true;
            }
            Some(byte @ b'!'..=b'u') => group[count] = u32::from(byte - b'!'),
            _ => break,
        }
        count += 1;
    }
    let number = group.iter().fold(0_u32, |number, digit| number.wrapping_mul(85).wrapping_add(*digit));
    out.extend(number.to_be_bytes().iter().take(count.saturating_sub(1)));
    count > 1
}

/// The table as (entry before, last byte, length).
struct Lzw {
    entries: Vec<(u16, u8, u16)>,
    last: Option<u16>,
    bits: u32,
    count: u32,
}

const CLEAR: u16 = 256;
const END: u16 = 257;
const FULL: usize = 4096;

impl Default for Lzw {
    fn default() -> Lzw {
        Lzw { entries: (0..258_u16).map(|code| (CLEAR, code as u8, 1)).collect(), last: None, bits: 0, count: 0 }
    }
}

impl Lzw {
    fn code(&mut self, bytes: &mut dyn Iterator<Item = u8>) -> Option<u16> {
        let width = match self.entries.len() + 1 {
            ..512 => 9,
            512..1024 => 10,
            1024..2048 => 11,
            _ => 12,
        };
        while self.count < width {
            self.bits = self.bits << 8 | u32::from(bytes.next()?);
            self.count += 8;
        }
        self.count -= width;
        Some((self.bits >> self.count & ((1 << width) - 1)) as u16)
    }

    /// The bytes of an entry behind `out`.
    fn write(&self, code: u16, out: &mut Vec<u8>) {
        let length = self.entries.get(usize::from(code)).map_or(0, |entry| usize::from(entry.2));
        let start = out.len();
        out.resize(start + length, 0);
        let mut at = code;
        for byte in out.get_mut(start..).unwrap_or_default().iter_mut().rev() {
            let Some((before, last, _)) = self.entries.get(usize::from(at)) else { return };
            (*byte, at) = (*last, *before);
        }
    }
}

impl Step for Lzw {
    fn step(&mut self, bytes: &mut dyn Iterator<Item = u8>, out: &mut Vec<u8>) -> bool {
        let Some(code) = self.code(bytes).filter(|code| *code != END) else { return false };
        if code == CLEAR {
            self.entries.truncate(258);
            self.last = None;
            return true;
        }
        let known = usize::from(code) < self.entries.len();
        let last = self.last.replace(code);
        self.write(if known { code } else { last.unwrap_or(code) }, out);
        if let Some(last) = last
            && self.entries.len() < FULL
            && let Some(first) = out.first().copied()
        {
            let length = self.entries.get(usize::from(last)).map_or(1, |entry| entry.2);
            self.entries.push((last, first, length.saturating_add(1)));
            if !known {
                out.push(first);
            }
        }
        !out.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(filter: Filter, data: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        filter.read(Box::new(std::io::Cursor::new(data.to_vec()))).read_to_end(&mut out).expect("readers do not fail");
        out
    }

    #[test]
    fn filters_read_what_was_written() {
        // The examples of the PDF reference.
        assert_eq!(read(Filter::Lzw, &[0x80, 0x0B, 0x60, 0x50, 0x22, 0x0C, 0x0C, 0x85, 0x01]), b"-----A---B");
        assert_eq!(read(Filter::RunLength, &[4, 10, 11, 12, 13, 14, 253, 3, 128]), [10, 11, 12, 13, 14, 3, 3, 3, 3]);
        assert_eq!(read(Filter::Ascii85, b"87cURD]i,\"Ebo80~>"), b"Hello World!");
        assert_eq!(read(Filter::Ascii85, b"z~>"), [0; 4]);
        assert_eq!(read(Filter::AsciiHex, b"48 65 6C6>"), b"Hel`");
    }

    #[test]
    fn deflate_needs_no_header() {
        use flate2::{Compression, write};
        use std::io::Write;
        let mut bare = write::DeflateEncoder::new(Vec::new(), Compression::fast());
        bare.write_all(&[7; 1000]).expect("memory");
        assert_eq!(read(Filter::Deflate, &bare.finish().expect("memory")), [7; 1000]);
        let mut dressed = write::ZlibEncoder::new(Vec::new(), Compression::fast());
        dressed.write_all(&[7; 1000]).expect("memory");
        assert_eq!(read(Filter::Deflate, &dressed.finish().expect("memory")), [7; 1000]);
    }
}
