//! Bytes → [`Document`]. The only stage that may refuse an input.
//!
//! Every format ends in the same shape; a new format is a new file here and a line in [`read`].

pub mod document;
pub mod format;
pub mod pdf;
pub mod source;
pub mod text;
mod web_page;

pub use document::*;
pub use source::{ReadError, Source};

use crate::base::finding::Finding;

/// Reads one source, whatever its format.
///
/// # Errors
/// [`ReadError`] where nothing of the document can be read; everything less is a finding.
pub fn read(source: &Source, findings: &mut Vec<Finding>) -> Result<Document, ReadError> {
    match format::bytes_to_format(&source.bytes)? {
        format::Format::Pdf => pdf::read(source, findings),
        format::Format::Text => text::read(source, findings),
    }
}
