//! The content streams of a page, one after the other.

use hayro_interpret::hayro_syntax::Filter;
use hayro_interpret::hayro_syntax::object::dict::keys::{CONTENTS, DECODE_PARMS};
use hayro_interpret::hayro_syntax::object::{Array, Stream};
use hayro_interpret::hayro_syntax::page::Page;
use zune_inflate::{DeflateDecoder, DeflateOptions};

use super::bounds::LARGEST_STREAM;

/// Drawings deflate to less than a fifth.
const DEFLATED: usize = 8;
/// Room for no more bytes than this is made at once: what is said to be deflated may not be.
const MOST_AT_ONCE: usize = 1 << 20;

/// The drawing of a page.
pub(super) fn page_stream(page: &Page<'_>) -> Vec<u8> {
    if let Some(stream) = page.raw().get::<Stream<'_>>(CONTENTS) {
        return decoded(&stream);
    }
    let mut drawing = Vec::new();
    if let Some(streams) = page.raw().get::<Array<'_>>(CONTENTS) {
        for stream in streams.iter::<Stream<'_>>() {
            drawing.extend(decoded(&stream));
            drawing.push(b'\n');
            // One stream may be named a thousand times.
            if drawing.len() > LARGEST_STREAM {
                break;
            }
        }
    }
    drawing
}

fn decoded(stream: &Stream<'_>) -> Vec<u8> {
    // What is prepared in another way, or damaged, is left to the library.
    let inflated = if is_deflated(stream) { inflated(&stream.raw_data()) } else { None };
    inflated.unwrap_or_else(|| stream.decoded_data().map(|data| data.into_owned()).unwrap_or_default())
}

/// `None` where the data are not whole.
fn inflated(data: &[u8]) -> Option<Vec<u8>> {
    let room = (DEFLATED * data.len()).min(MOST_AT_ONCE);
    let options = DeflateOptions::default().set_confirm_checksum(false).set_size_hint(room).set_limit(LARGEST_STREAM);
    DeflateDecoder::new_with_options(data, options).decode_zlib().ok()
}

/// Whether a stream is deflated and nothing else.
pub(super) fn is_deflated(stream: &Stream<'_>) -> bool {
    stream.filters().as_slice() == [Filter::FlateDecode] && !stream.dict().contains_key(DECODE_PARMS)
}
