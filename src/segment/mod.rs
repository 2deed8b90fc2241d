//! [`Document`](crate::read::Document) → [`Outline`]: cover, contents list, headings, paragraphs, captioned tables.

#[cfg(test)]
mod fixture;
pub mod header;
pub mod items;
pub mod label;
pub mod numbering;
pub mod outline;
pub mod sheet;
pub mod split;

pub use outline::*;

use crate::base::finding::Finding;
use crate::read::Document;
use crate::spec::Specs;

/// Cuts a document into its parts.
pub fn segment(_document: &Document, _specs: &Specs, _findings: &mut Vec<Finding>) -> Outline {
    Outline::default()
}
