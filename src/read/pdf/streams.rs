//! The content streams of a page, one after the other.

use flate2::{Decompress, FlushDecompress, Status};
use hayro_interpret::hayro_syntax::Filter;
use hayro_interpret::hayro_syntax::object::dict::keys::{CONTENTS, DECODE_PARMS};
use hayro_interpret::hayro_syntax::object::{Array, Stream};
use hayro_interpret::hayro_syntax::page::Page;

use super::bounds::LARGEST_STREAM;

/// Drawings deflate to less than a fifth.
const DEFLATED: usize = 8;
/// Room for no more bytes than this is made at once: what is said to be deflated may not be.
const MOST_AT_ONCE: usize = 1 << 20;

/// Unpacks drawings, all with the same memory.
pub(super) struct Streams {
    inflate: Decompress,
    drawing: Vec<u8>,
}

impl Default for Streams {
    fn default() -> Streams {
        Streams { inflate: Decompress::new(true), drawing: Vec::new() }
    }
}

impl Streams {
    /// The drawing of a page.
    pub(super) fn of_page(&mut self, page: &Page<'_>) -> &[u8] {
        self.drawing.clear();
        if let Some(stream) = page.raw().get::<Stream<'_>>(CONTENTS) {
            self.append(&stream);
        } else if let Some(streams) = page.raw().get::<Array<'_>>(CONTENTS) {
            for stream in streams.iter::<Stream<'_>>() {
                self.append(&stream);
                self.drawing.push(b'\n');
                // One stream may be named a thousand times.
                if self.drawing.len() > LARGEST_STREAM {
                    break;
                }
            }
        }
        &self.drawing
    }

    fn append(&mut self, stream: &Stream<'_>) {
        let before = self.drawing.len();
        if !is_deflated(stream) || self.append_inflated(&stream.raw_data()).is_none() {
            // Prepared in another way, or damaged.
            self.drawing.truncate(before);
            self.drawing.extend_from_slice(&stream.decoded_data().unwrap_or_default());
        }
    }

    /// `None` where the data are not whole.
    fn append_inflated(&mut self, mut data: &[u8]) -> Option<()> {
        self.inflate.reset(true);
        loop {
            self.drawing.reserve((DEFLATED * data.len()).clamp(256, MOST_AT_ONCE));
            let read = self.inflate.total_in();
            let status = self.inflate.decompress_vec(data, &mut self.drawing, FlushDecompress::None).ok()?;
            data = data.get(usize::try_from(self.inflate.total_in() - read).ok()?..)?;
            match status {
                Status::StreamEnd => return Some(()),
                _ if data.is_empty() && self.drawing.len() < self.drawing.capacity() => return None,
                _ => {}
            }
        }
    }
}

/// Whether a stream is deflated and nothing else.
pub(super) fn is_deflated(stream: &Stream<'_>) -> bool {
    stream.filters().as_slice() == [Filter::FlateDecode] && !stream.dict().contains_key(DECODE_PARMS)
}
