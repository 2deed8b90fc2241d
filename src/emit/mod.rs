//! [`Disclosure`](crate::model::Disclosure) → canonical JSON, facts, findings.
