//! Streams that inflate to gigabytes → a refusal before anything is read. Deflate makes up to a thousand bytes of one,
//! and the libraries that read a PDF inflate a stream as a whole.

use std::io::Read;

use flate2::read::ZlibDecoder;
use memchr::memmem;

/// No stream of a disclosure that is text, drawing, font or table of objects comes near; images are not inflated.
pub(super) const LARGEST_STREAM: usize = 128 << 20;
/// The most that deflate makes of one byte.
const MOST_OF_ONE: usize = 1032;
/// Dictionaries are shorter than this.
const DICTIONARY: usize = 4096;
/// Filters one behind the other.
const MOST_FILTERS: usize = 8;

/// Whether a stream of the file inflates beyond [`LARGEST_STREAM`].
pub(super) fn inflates_beyond(file: &[u8]) -> bool {
    memmem::find_iter(file, b"stream").any(|at| {
        let before = file.get(at.saturating_sub(DICTIONARY)..at).unwrap_or_default();
        if before.ends_with(b"end") {
            return false;
        }
        let object = memmem::rfind(before, b"obj").and_then(|start| before.get(start..)).unwrap_or(before);
        let filters = memmem::find_iter(object, b"FlateDecode").count().min(MOST_FILTERS);
        if filters == 0 || is_image(object) {
            return false;
        }
        let data = file.get(at + b"stream".len()..).unwrap_or_default();
        let data = data.strip_prefix(b"\r").unwrap_or(data);
        let data = data.strip_prefix(b"\n").unwrap_or(data);
        let length = || memmem::find(data, b"endstream").unwrap_or(data.len());
        let most = |length: usize| (0..filters).fold(length, |length, _| length.saturating_mul(MOST_OF_ONE));
        // Short enough, whatever it is.
        let could_be = most(data.len()) > LARGEST_STREAM && most(length()) > LARGEST_STREAM;
        could_be && inflated_length(data, filters) > LARGEST_STREAM
    })
}

fn is_image(dictionary: &[u8]) -> bool {
    memmem::find(dictionary, b"/Image").is_some() && memmem::find(dictionary, b"/Width").is_some()
}

/// How long a stream becomes, as far as it can be inflated; it is not kept.
fn inflated_length(data: &[u8], filters: usize) -> usize {
    let mut reader: Box<dyn Read + '_> = Box::new(data);
    for _ in 0..filters {
        reader = Box::new(ZlibDecoder::new(reader));
    }
    let mut buffer = [0_u8; 1 << 16];
    let mut length = 0;
    while length <= LARGEST_STREAM {
        match reader.read(&mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(more) => length += more,
        }
    }
    length
}
