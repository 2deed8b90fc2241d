//! PDF → lines and grids. Stands on `hayro-interpret`, which no other module sees.

pub mod content;

use super::{Document, ReadError, Source};
use crate::base::finding::Finding;

/// Reads a PDF page by page.
///
/// # Errors
/// Where the file is damaged beyond reading or needs a password.
pub fn read(_source: &Source, _findings: &mut Vec<Finding>) -> Result<Document, ReadError> {
    Ok(Document { format: "pdf".into(), ..Document::default() })
}
