//! [`Disclosure`](crate::model::Disclosure) → what programs and people read. One form, one file.

pub mod aligned;
pub mod canonical_json;
pub mod draft;
pub mod drawn;
pub mod dump;
pub mod excerpt;
pub mod facts;
pub mod findings;
mod json_line;
pub mod sarif;
pub mod schema;
pub mod show;
pub mod svg;
pub mod tally;
