//! Streams that grow to gigabytes → a refusal before they are read. Deflate makes up to a thousand bytes of one, and the
//! libraries that read a PDF inflate a stream as a whole.

use std::io::Read;

use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::{ObjectIdentifier, Stream};
use memchr::memmem;

use super::filters::Filter;

/// No stream of a disclosure that is text, drawing, font or table of objects comes near.
pub(super) const LARGEST_STREAM: usize = 128 << 20;
/// Nothing looks into images; but any stream may call itself one.
const LARGEST_IMAGE: usize = 1 << 30;
/// Dictionaries are shorter than this.
const DICTIONARY: usize = 4096;
/// Filters one behind the other.
const MOST_FILTERS: usize = 8;

/// A stream that could become too long.
struct Suspect<'a> {
    object: Option<ObjectIdentifier>,
    filters: Vec<Filter>,
    data: &'a [u8],
    limit: usize,
    holds_objects: bool,
}

/// Whether a stream of the file inflates beyond [`LARGEST_STREAM`]. Streams of an encrypted file are looked at in
/// [`inflates_beyond_when_open`], but for those that hold objects: they are read as the file is opened.
pub(super) fn inflates_beyond(file: &[u8]) -> bool {
    let mut suspects = suspects(file).peekable();
    let is_encrypted = suspects.peek().is_some() && memmem::find(file, b"/Encrypt").is_some();
    suspects.any(|suspect| {
        if is_encrypted && suspect.holds_objects {
            true
        } else {
            is_longer(&suspect.filters, suspect.data, suspect.limit)
        }
    })
}

/// The same for an encrypted file, once it is open.
pub(super) fn inflates_beyond_when_open(file: &[u8], pdf: &Pdf) -> bool {
    if memmem::find(file, b"/Encrypt").is_none() {
        return false;
    }
    suspects(file).any(|suspect| {
        let stream = suspect.object.and_then(|object| pdf.xref().get::<Stream<'_>>(object));
        stream.is_some_and(|stream| is_longer(&suspect.filters, &stream.raw_data(), suspect.limit))
    })
}

fn suspects(file: &[u8]) -> impl Iterator<Item = Suspect<'_>> {
    memmem::find_iter(file, b"stream").filter_map(|at| {
        let before = file.get(at.saturating_sub(DICTIONARY)..at).unwrap_or_default();
        if before.ends_with(b"end") {
            return None;
        }
        let start = memmem::rfind(before, b"obj").unwrap_or(0);
        let dictionary = before.get(start..).unwrap_or(before);
        let filters = filters(dictionary);
        let data = file.get(at + b"stream".len()..).unwrap_or_default();
        let data = data.strip_prefix(b"\r").unwrap_or(data);
        let data = data.strip_prefix(b"\n").unwrap_or(data);
        let limit = if is_image(dictionary) { LARGEST_IMAGE } else { LARGEST_STREAM };
        let most = |length: usize| filters.iter().fold(length, |length, f| length.saturating_mul(f.most_of_one()));
        let length = || memmem::find(data, b"endstream").unwrap_or(data.len());
        // Short enough, whatever it is.
        if filters.is_empty() || most(data.len()) <= limit || most(length()) <= limit {
            return None;
        }
        let holds_objects = memmem::find(dictionary, b"/ObjStm").is_some();
        let object = before.get(..start).and_then(number_before);
        Some(Suspect { object, filters, data, limit, holds_objects })
    })
}

/// `12 0 ` at the end of the bytes.
fn number_before(bytes: &[u8]) -> Option<ObjectIdentifier> {
    let text = std::str::from_utf8(bytes.get(bytes.len().saturating_sub(20)..)?).ok()?;
    let mut words = text.split_ascii_whitespace().rev();
    let generation = words.next()?.parse().ok()?;
    Some(ObjectIdentifier::new(words.next()?.parse().ok()?, generation))
}

/// The filters that a dictionary names; one that another object names may be any.
fn filters(dictionary: &[u8]) -> Vec<Filter> {
    let Some(at) = memmem::find(dictionary, b"/Filter") else { return Vec::new() };
    let value = dictionary.get(at + b"/Filter".len()..).unwrap_or_default().trim_ascii_start();
    if value.first().is_some_and(u8::is_ascii_digit) {
        return vec![Filter::Deflate];
    }
    let is_end = |byte: &u8| byte.is_ascii_whitespace() || b"/[]<>".contains(byte);
    let names = value.split(is_end).filter(|name| !name.is_empty());
    names.map_while(Filter::of_name).take(MOST_FILTERS).collect()
}

fn is_image(dictionary: &[u8]) -> bool {
    memmem::find(dictionary, b"/Image").is_some() && memmem::find(dictionary, b"/Width").is_some()
}

/// Whether a stream becomes longer than `limit`, as far as it can be inflated; it is not kept.
fn is_longer(filters: &[Filter], data: &[u8], limit: usize) -> bool {
    let mut reader: Box<dyn Read + '_> = Box::new(data);
    for filter in filters {
        reader = filter.read(reader);
    }
    let mut buffer = [0_u8; 1 << 16];
    let mut length = 0;
    while length <= limit {
        match reader.read(&mut buffer) {
            Ok(0) | Err(_) => return false,
            Ok(more) => length += more,
        }
    }
    true
}
