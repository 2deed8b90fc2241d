//! Streams that grow to gigabytes → a refusal before they are read. Deflate makes up to a thousand bytes of one, and the
//! libraries that read a PDF inflate a stream as a whole.

use std::io::Read;

use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::{ObjectIdentifier, Stream};
use memchr::memmem;

use super::filters::Filter;

/// No stream of a disclosure that is text, drawing, font or table of objects comes near: the largest Chinese fonts, whole, have
/// some thirty.
pub(super) const LARGEST_STREAM: usize = 64 << 20;
/// Nothing looks into images; but any stream may call itself one.
const LARGEST_IMAGE: usize = 1 << 30;
/// Nor do all of them together: this takes seconds.
const LARGEST_TOGETHER: usize = 2 << 30;
/// Dictionaries are shorter than this.
const DICTIONARY: usize = 4096;
/// Filters one behind the other.
const MOST_FILTERS: usize = 8;

/// A stream that could become too long.
struct Suspect<'a> {
    object: Option<ObjectIdentifier>,
    filters: Vec<Filter>,
    data: &'a [u8],
    is_image: bool,
    holds_objects: bool,
}

impl Suspect<'_> {
    fn limit(&self) -> usize {
        if self.is_image { LARGEST_IMAGE } else { LARGEST_STREAM }
    }
}

/// Adds up what was measured.
#[derive(Default)]
struct Measured {
    together: usize,
}

impl Measured {
    /// Whether the data of a stream become longer than they may be.
    fn is_too_long(&mut self, suspect: &Suspect<'_>, data: &[u8]) -> bool {
        let length = length_within(&suspect.filters, data, suspect.limit());
        if !suspect.is_image {
            self.together += length;
        }
        length > suspect.limit() || self.together > LARGEST_TOGETHER
    }
}

/// Whether a stream of the file inflates beyond [`LARGEST_STREAM`]. Streams of an encrypted file are looked at in
/// [`inflates_beyond_when_open`], but for those that hold objects: they are read as the file is opened.
pub(super) fn inflates_beyond(file: &[u8]) -> bool {
    let mut suspects = suspects(file).peekable();
    let is_encrypted = suspects.peek().is_some() && memmem::find(file, b"/Encrypt").is_some();
    let mut measured = Measured::default();
    suspects.any(|suspect| is_encrypted && suspect.holds_objects || measured.is_too_long(&suspect, suspect.data))
}

/// The same for an encrypted file, once it is open.
pub(super) fn inflates_beyond_when_open(file: &[u8], pdf: &Pdf) -> bool {
    if memmem::find(file, b"/Encrypt").is_none() {
        return false;
    }
    let mut measured = Measured::default();
    suspects(file).any(|suspect| {
        let stream = suspect.object.and_then(|object| pdf.xref().get::<Stream<'_>>(object));
        stream.is_some_and(|stream| measured.is_too_long(&suspect, &stream.raw_data()))
    })
}

fn suspects(file: &[u8]) -> impl Iterator<Item = Suspect<'_>> {
    // Looked for once, however many streams have no end of their own.
    let mut end = 0;
    memmem::find_iter(file, b"stream").filter_map(move |at| {
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
        let start_of_data = file.len() - data.len();
        let is_image = is_image(dictionary);
        let holds_objects = memmem::find(dictionary, b"/ObjStm").is_some();
        let object = before.get(..start).and_then(number_before);
        let suspect = Suspect { object, filters, data, is_image, holds_objects };
        let most =
            |length: usize| suspect.filters.iter().fold(length, |length, f| length.saturating_mul(f.most_of_one()));
        // Short enough, whatever it is.
        if suspect.filters.is_empty() || most(data.len()) <= suspect.limit() {
            return None;
        }
        if end < start_of_data {
            end = memmem::find(data, b"endstream").map_or(file.len(), |length| start_of_data + length);
        }
        (most(end - start_of_data) > suspect.limit()).then_some(suspect)
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

/// How long a stream becomes, as far as it can be inflated and not much further than `limit`; it is not kept.
fn length_within(filters: &[Filter], data: &[u8], limit: usize) -> usize {
    let mut reader: Box<dyn Read + '_> = Box::new(data);
    for filter in filters {
        reader = filter.read(reader);
    }
    let mut buffer = [0_u8; 1 << 16];
    let mut length = 0;
    while length <= limit {
        match reader.read(&mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(more) => length += more,
        }
    }
    length
}
