//! What inspectors found by hand, point by point: `expected/inspection.tsv` says with which code, on which page and by which
//! words each point is to be found.
//!
//! Points of `dept_budget.official-checklist.txt` are numbered as there; points of the document with planted slips are the
//! differences of its text from the good original that touch a figure, a name, a year or a sum, and what the original itself
//! has wrong.

mod common;

use std::collections::BTreeMap;

use mingzhang::base::finding::Finding;
use mingzhang::base::place::Place;
use mingzhang::extract;
use mingzhang::read::Source;
use mingzhang::spec::Specs;

/// A point: path below `real/`, page, code (`-` where a person has to look), how many findings, words of the message, what the
/// inspectors say.
struct Point<'a> {
    path: &'a str,
    page: u32,
    code: &'a str,
    findings: usize,
    words: &'a str,
    said: &'a str,
}

fn points() -> Vec<Point<'static>> {
    let lines = include_str!("expected/inspection.tsv").lines().filter(|line| !line.starts_with('#')).skip(1);
    lines
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            let [path, page, code, findings, words, said] = fields[..] else { panic!("six columns: {line}") };
            let (page, findings) = (page.parse().expect("a page"), findings.parse().expect("a number"));
            Point { path, page, code, findings, words, said }
        })
        .collect()
}

#[test]
fn every_point_of_the_inspectors_is_found_on_its_page() {
    let Some(shared) = common::shared("every_point_of_the_inspectors_is_found_on_its_page") else { return };
    let specs = Specs::builtin().expect("built-in data");
    let mut documents: BTreeMap<&str, Vec<Finding>> = BTreeMap::new();
    let mut missing = Vec::new();
    for point in points() {
        let findings = documents.entry(point.path).or_insert_with(|| {
            let bytes = std::fs::read(shared.join("real").join(point.path)).expect("a document");
            let source = Source { name: point.path.into(), bytes: std::sync::Arc::new(bytes), password: None };
            extract(&source, &specs).expect("it can be read").findings
        });
        let fits = |finding: &&Finding| {
            finding.code == point.code
                && finding.place.as_ref().and_then(Place::page) == Some(point.page)
                && finding.message.contains(point.words)
        };
        let count = findings.iter().filter(fits).count();
        if count != point.findings {
            missing.push(format!("p{} {} ({count} found): {}", point.page, point.code, point.said));
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}
