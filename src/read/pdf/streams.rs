//! The content streams of a page, one after the other.

use hayro_interpret::hayro_syntax::Filter;
use hayro_interpret::hayro_syntax::object::dict::keys::{CONTENTS, DECODE_PARMS};
use hayro_interpret::hayro_syntax::object::{Array, Stream};
use hayro_interpret::hayro_syntax::page::Page;
use libdeflater::{DecompressionError, Decompressor};

use super::bounds::LARGEST_STREAM;

/// Room for a drawing at first: a page of a table.
const ROOM: usize = 64 << 10;

/// Unpacks drawings, all into the same memory.
pub(super) struct Streams {
    inflate: Decompressor,
    /// As much as the longest stream so far; what is behind the end of the last one says nothing.
    inflated: Vec<u8>,
    drawing: Vec<u8>,
}

impl Default for Streams {
    fn default() -> Streams {
        Streams { inflate: Decompressor::new(), inflated: Vec::new(), drawing: Vec::new() }
    }
}

impl Streams {
    /// The drawing of a page.
    pub(super) fn of_page(&mut self, page: &Page<'_>) -> &[u8] {
        self.drawing.clear();
        if let Some(stream) = page.raw().get::<Stream<'_>>(CONTENTS) {
            if let Some(length) = self.inflate(&stream) {
                return self.inflated.get(..length).unwrap_or_default();
            }
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
        match self.inflate(stream) {
            Some(length) => self.drawing.extend_from_slice(self.inflated.get(..length).unwrap_or_default()),
            None => self.drawing.extend_from_slice(&stream.decoded_data().unwrap_or_default()),
        }
    }

    /// Length of the stream inflated; `None` where it is prepared in another way or damaged, which is left to the library.
    fn inflate(&mut self, stream: &Stream<'_>) -> Option<usize> {
        if !is_deflated(stream) {
            return None;
        }
        let data = stream.raw_data();
        let mut room = self.inflated.len().max(ROOM);
        loop {
            self.inflated.resize(room, 0);
            match self.inflate.zlib_decompress(&data, &mut self.inflated) {
                Ok(length) => return Some(length),
                Err(DecompressionError::InsufficientSpace) if room < LARGEST_STREAM => {
                    room = LARGEST_STREAM.min(2 * room)
                }
                Err(_) => return None,
            }
        }
    }
}

/// Whether a stream is deflated and nothing else.
pub(super) fn is_deflated(stream: &Stream<'_>) -> bool {
    stream.filters().as_slice() == [Filter::FlateDecode] && !stream.dict().contains_key(DECODE_PARMS)
}
