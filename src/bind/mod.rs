//! [`Outline`](crate::segment::Outline) → [`Disclosure`]: captions to kinds, columns to measures, rows to codes.

pub mod form;

use crate::base::finding::Finding;
use crate::model::{Disclosure, SCHEMA_VERSION};
use crate::segment::Outline;
use crate::spec::Specs;

/// Gives every part of the outline its meaning.
pub fn bind(outline: Outline, _specs: &Specs, _findings: &mut Vec<Finding>) -> Disclosure {
    Disclosure {
        schema_version: SCHEMA_VERSION.into(),
        format: outline.format,
        contents: outline.contents,
        headings: outline.headings,
        paragraphs: outline.paragraphs,
        furniture: outline.furniture,
        unbound: outline.unbound,
        ..Disclosure::default()
    }
}
