//! Every kind of finding, for `explain` and for tools. A test holds that none is missing.

use crate::base::finding::Code;

/// All codes in the order of their identifiers.
pub fn all() -> Vec<&'static Code> {
    let mut codes = REGISTRY.to_vec();
    codes.sort_by_key(|code| code.id);
    codes
}

/// A line each, in any order.
const REGISTRY: &[&Code] = &[
    &crate::bind::table::B102,
    &crate::bind::table::B103,
    &crate::bind::table::B104,
    &crate::bind::table::B105,
    &crate::bind::table::B106,
    &crate::bind::rows::B204,
    &crate::bind::form::B401,
    &crate::bind::form::B402,
    &crate::bind::form::B403,
    &crate::bind::form::B404,
    &crate::bind::cover::region::B411,
    &crate::bind::cover::year::B412,
    &crate::bind::cover::body::B413,
    &crate::bind::cover::B414,
    &crate::bind::refusal::B415,
    &crate::bind::refusal::B416,
    &crate::bind::organisation::B421,
    &crate::bind::narrative::B501,
    &crate::check::structure::codes::C101,
    &crate::check::structure::codes::C102,
    &crate::check::structure::codes::C103,
    &crate::check::structure::codes::C104,
    &crate::check::structure::missing_rows::C105,
    &crate::check::structure::numbers::C106,
    &crate::check::structure::missing_totals::C107,
    &crate::check::structure::childless::C108,
    &crate::check::structure::numbers::C109,
    &crate::check::structure::twins::C110,
    &crate::check::structure::announced::C111,
    &crate::check::structure::announced::C112,
    &crate::check::structure::blank_page::C113,
    &crate::check::structure::nil::C121,
    &crate::check::structure::nil::C122,
    &crate::check::structure::nil::C123,
    &crate::check::structure::totals::C131,
    &crate::check::structure::names::C132,
    &crate::check::structure::groups::C133,
    &crate::check::identity::outline::C134,
    &crate::check::structure::indicators::C135,
    &crate::check::structure::lone_totals::C136,
    &crate::check::identity::years::C137,
    &crate::check::readings::C141,
    &crate::check::targets::projects::join::C301,
    &crate::check::targets::projects::slide::C302,
    &crate::check::targets::projects::C303,
    &crate::check::targets::projects::C304,
    &crate::check::prose::targets::C305,
    &crate::check::targets::dates::C311,
    &crate::check::prose::shares::C501,
    &crate::check::prose::shares::C502,
    &crate::check::prose::changes::C503,
    &crate::check::prose::changes::C504,
    &crate::check::prose::sums::C505,
    &crate::check::prose::tables::C506,
    &crate::check::prose::consistency::C507,
    &crate::check::prose::slips::C508,
    &crate::check::prose::slips::C509,
    &crate::check::prose::names::C510,
    &crate::check::prose::names::C513,
    &crate::check::prose::order::C511,
    &crate::check::prose::empty::C512,
    &crate::check::prose::changes::C514,
    &crate::check::prose::changed_parts::C515,
    &crate::check::ledger::I101,
    &crate::check::ledger::I102,
    &crate::check::unit_slip::I103,
    &crate::check::known::K101,
    &crate::read::text::encoding::R001,
    &crate::read::pdf::R101,
    &crate::read::pdf::R102,
    &crate::read::pdf::R103,
    &crate::read::pdf::R104,
    &crate::read::pdf::cut::R105,
    &crate::segment::S101,
    &crate::segment::unruled::S111,
];

/// The code of that identifier or name.
pub fn find(name: &str) -> Option<&'static Code> {
    all().into_iter().find(|code| code.id.eq_ignore_ascii_case(name) || code.name == name)
}

/// The explanation as a text: the first line says it in short.
pub fn explanation(code: &Code) -> String {
    let lines: Vec<&str> = code.explanation.iter().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
    lines.join("\n").trim().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::{Path, PathBuf};

    fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("src can be listed").flatten() {
            let path = entry.path();
            if path.is_dir() {
                sources(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }

    /// Identifiers declared with `finding_code!` in a source: the word after `pub` in the macro's braces.
    fn declared(source: &str) -> Vec<String> {
        let mut found = Vec::new();
        for part in source.split("finding_code! {").skip(1) {
            let body = part.lines().map(str::trim).find(|line| line.starts_with("pub "));
            let id = body.and_then(|line| line.split(',').next()).and_then(|head| head.split_whitespace().last());
            found.extend(id.map(str::to_string));
        }
        found
    }

    #[test]
    fn every_declared_code_is_registered_once() {
        let mut files = Vec::new();
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
        let mut in_sources: Vec<String> = files
            .iter()
            .filter(|path| {
                !path.ends_with("codes.rs") && !path.ends_with("finding.rs") || path.ends_with("structure/codes.rs")
            })
            .flat_map(|path| declared(&std::fs::read_to_string(path).expect("a source")))
            .collect();
        in_sources.sort();
        let registered: Vec<String> = all().iter().map(|code| code.id.to_string()).collect();
        let missing: Vec<_> = in_sources.iter().filter(|id| !registered.contains(id)).collect();
        assert!(missing.is_empty(), "add these codes to REGISTRY in src/codes.rs: {missing:?}");
        assert_eq!(in_sources, registered, "a code is declared or registered twice");
        assert!(registered.len() > 20);
    }

    #[test]
    fn codes_are_found_by_identifier_and_name_and_say_something() {
        assert_eq!(find("r001").map(|code| code.name), Some("undecodable-bytes"));
        assert_eq!(find("undecodable-bytes").map(|code| code.id), Some("R001"));
        assert!(find("X999").is_none());
        for code in all() {
            assert!(explanation(code).chars().count() > 20, "{} explains nothing", code.id);
        }
    }
}
