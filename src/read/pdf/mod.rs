//! PDF → lines and grids. Stands on `hayro-interpret`, which no other module sees.

pub mod content;
mod device;
mod file;
pub mod lines;

use super::{Document, ReadError, Source};
use crate::base::finding::Finding;
use content::PageContent;

/// Reads a PDF page by page.
///
/// # Errors
/// Where the file is damaged beyond reading or needs a password.
pub fn read(source: &Source, _findings: &mut Vec<Finding>) -> Result<Document, ReadError> {
    pages(source, |_| ())?;
    Ok(Document { format: "pdf".into(), ..Document::default() })
}

/// Shows each page's content in turn; only one page is kept at a time.
///
/// # Errors
/// As [`read`].
pub fn pages(source: &Source, mut see: impl FnMut(PageContent)) -> Result<(), ReadError> {
    let pdf = file::open(&source.bytes, source.password.as_deref())?;
    let mut reader = file::PageReader::new(&pdf);
    for index in 0..reader.page_count() {
        let (content, _failure) = reader.read_page(index);
        see(content);
    }
    Ok(())
}
