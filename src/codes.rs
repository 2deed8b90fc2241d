//! Every kind of finding, for `explain` and for tools. A test holds that none is missing.

use crate::base::finding::Code;

/// All codes in the order of their identifiers.
pub fn all() -> Vec<&'static Code> {
    let mut codes = REGISTRY.to_vec();
    codes.sort_by_key(|code| code.id);
    codes
}

/// A line each, in any order.
const REGISTRY: &[&Code] = &[&crate::read::text::encoding::R001];

/// The code of that identifier or name.
pub fn find(name: &str) -> Option<&'static Code> {
    all().into_iter().find(|code| code.id.eq_ignore_ascii_case(name) || code.name == name)
}

/// The explanation as a text: the first line says it in short.
pub fn explanation(code: &Code) -> String {
    let lines: Vec<&str> = code.explanation.iter().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
    lines.join("\n").trim().to_string()
}
