//! [`Outline`](crate::segment::Outline) → [`Disclosure`]: captions to kinds, columns to measures, rows to codes.

pub mod cover;
pub mod form;
pub mod narrative;

use crate::base::finding::Finding;
use crate::model::{Disclosure, SCHEMA_VERSION};
use crate::segment::Outline;
use crate::spec::Specs;

/// Gives every part of the outline its meaning.
pub fn bind(outline: Outline, specs: &Specs, findings: &mut Vec<Finding>) -> Disclosure {
    let metadata = cover::bind_cover(&outline, specs, findings);
    let mut disclosure = Disclosure {
        schema_version: SCHEMA_VERSION.into(),
        metadata,
        format: outline.format,
        contents: outline.contents,
        headings: outline.headings,
        paragraphs: outline.paragraphs,
        furniture: outline.furniture,
        unbound: outline.unbound,
        ..Disclosure::default()
    };
    let fiscal_year = disclosure.metadata.fiscal_year.as_ref().map(|year| year.value);
    disclosure.statements =
        narrative::narrate(&disclosure.paragraphs, &disclosure.headings, fiscal_year, specs, findings);
    disclosure
}
