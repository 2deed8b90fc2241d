//! The canonical JSON: the whole disclosure, keys in the order of the types, the same bytes every time.

use crate::model::Disclosure;

/// Indented, with a line break at the end.
///
/// # Errors
/// None that a disclosure can cause.
pub fn pretty(disclosure: &Disclosure) -> serde_json::Result<String> {
    serde_json::to_string_pretty(disclosure).map(|text| text + "\n")
}

/// One line, with its line break.
///
/// # Errors
/// None that a disclosure can cause.
pub fn line(disclosure: &Disclosure) -> serde_json::Result<String> {
    serde_json::to_string(disclosure).map(|text| text + "\n")
}
