//! What the checks say of real documents, judged by hand on the page: `expected/verdicts.tsv`.
//!
//! Every warning and error on a real PDF stands in the table; at least [`SOUND`] of 100 that are found are true; what the table
//! has and the checks no longer say is printed.

mod common;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use mingzhang::base::finding::Severity;
use mingzhang::base::place::Place;
use mingzhang::extract;
use mingzhang::read::Source;
use mingzhang::spec::Specs;
use rayon::prelude::*;

/// True findings in a hundred, at least.
const SOUND: usize = 95;

/// Code, path below `real/`, page (0 where a finding has none).
type Key = (String, String, u32);

struct Verdict {
    findings: usize,
    is_true: bool,
}

/// Columns: code, path, page, number of findings there, verdict, reason.
fn verdicts() -> BTreeMap<Key, Verdict> {
    let mut table = BTreeMap::new();
    for line in include_str!("expected/verdicts.tsv").lines().filter(|line| !line.starts_with('#')).skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [code, path, page, findings, verdict, reason] = fields[..] else { panic!("six columns: {line}") };
        assert!(reason.chars().count() > 10, "a verdict needs its reason: {line}");
        let is_true = match verdict {
            "true" => true,
            "false" => false,
            other => panic!("{other} is no verdict: {line}"),
        };
        let key = (code.to_string(), path.to_string(), page.parse().expect("a page"));
        let findings = findings.parse().expect("a number of findings");
        assert!(table.insert(key, Verdict { findings, is_true }).is_none(), "stands twice: {line}");
    }
    table
}

fn pdfs(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("real/ can be listed").flatten() {
        let path = entry.path();
        if path.is_dir() {
            pdfs(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "pdf") {
            found.push(path);
        }
    }
}

/// Warnings and errors of one document, counted by code and page; none where it cannot be read.
fn findings(path: &Path, name: &str, specs: &Specs) -> BTreeMap<Key, usize> {
    let bytes = std::fs::read(path).expect("a document");
    let source = Source { name: name.into(), bytes: std::sync::Arc::new(bytes), password: None };
    let mut counts = BTreeMap::new();
    for finding in extract(&source, specs).map(|disclosure| disclosure.findings).unwrap_or_default() {
        if finding.severity >= Severity::Warning {
            let page = finding.place.as_ref().and_then(Place::page).unwrap_or(0);
            *counts.entry((finding.code, name.to_string(), page)).or_default() += 1;
        }
    }
    counts
}

#[test]
fn what_is_reported_on_real_documents_is_true() {
    let Some(shared) = common::shared("what_is_reported_on_real_documents_is_true") else { return };
    let real = shared.join("real");
    let mut paths = Vec::new();
    pdfs(&real, &mut paths);
    paths.sort();
    assert!(paths.len() > 80, "{} documents", paths.len());
    let specs = Specs::builtin().expect("built-in data");
    let found: BTreeMap<Key, usize> = paths
        .par_iter()
        .flat_map_iter(|path| {
            let name = path.strip_prefix(&real).expect("below real/").to_string_lossy().into_owned();
            findings(path, &name, &specs)
        })
        .collect();

    let verdicts = verdicts();
    let unjudged: Vec<_> = found
        .iter()
        .filter(|(key, count)| verdicts.get(key).is_none_or(|verdict| verdict.findings < **count))
        .collect();
    for (key, verdict) in
        verdicts.iter().filter(|(key, verdict)| found.get(key).copied().unwrap_or(0) < verdict.findings)
    {
        println!("no longer found ({}): {key:?}", if verdict.is_true { "was true" } else { "was false" });
    }
    let of = |is_true: bool| -> usize {
        let judged =
            found.iter().filter(|(key, _)| verdicts.get(key).is_some_and(|verdict| verdict.is_true == is_true));
        judged.map(|(_, count)| count).sum()
    };
    let (sound, unsound) = (of(true), of(false));
    println!("{} findings: {sound} true, {unsound} false, {} places not judged", sound + unsound, unjudged.len());
    assert!(unjudged.is_empty(), "look at the page and enter these in tests/expected/verdicts.tsv: {unjudged:#?}");
    assert!(sound * 100 >= SOUND * (sound + unsound), "{unsound} of {} are false", sound + unsound);
}
