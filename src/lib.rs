//! mingzhang (明账): disclosures of Chinese public bodies → checked open data.
//!
//! ```text
//! bytes ─read→ Document{lines, grids} ─segment→ Outline{captioned raw tables, prose} ─bind→ Disclosure ─check→ findings, evidence ─emit→ JSON, facts
//! ```
//!
//! Invariants:
//! - Imports go one way: base ← model ← spec ← read ← segment ← bind ← check ← emit ← golden, batch ← cli.
//! - Only `read` may refuse. Every later stage returns its value and appends findings.
//! - Every source value is bound, ignored by name, or reported. The printed text survives.
//! - Money is `Decimal`; a blank is absent, never 0; a check that could not run is not a pass.
//! - Output depends on the input's bytes and name only: no clock, no order of threads, no absolute path.

pub mod base;
pub mod batch;
pub mod bind;
pub mod check;
pub mod cli;
pub mod codes;

pub mod emit;
pub mod golden;
pub mod model;
pub mod read;
pub mod segment;
pub mod spec;

use base::finding::Finding;
use model::Disclosure;
use read::{ReadError, Source};
use spec::Specs;

/// The whole way from bytes to checked data.
///
/// # Errors
/// [`ReadError`] where nothing of the document can be read.
pub fn extract(source: &Source, specs: &Specs) -> Result<Disclosure, ReadError> {
    let mut findings: Vec<Finding> = Vec::new();
    let document = read::read(source, &mut findings)?;
    let outline = segment::segment(document, specs, &mut findings);
    let mut disclosure = bind::bind(outline, specs, &mut findings);
    disclosure.document.clone_from(&source.name);
    check::check(&mut disclosure, specs, &mut findings);
    disclosure.findings = findings;
    Ok(disclosure)
}
