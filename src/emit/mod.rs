//! [`Disclosure`](crate::model::Disclosure) → canonical JSON, facts, findings.

pub mod drawn;
pub mod svg;
