//! What real documents state of themselves, and the files among them that are none: read off their pages.
//!
//! `expected/metadata.tsv` and `expected/refusals.tsv` were written with the pages at hand, not by the program. On the
//! way every column of a table of a known kind is counted: bound, ignored by name, or (here an error) neither.

mod common;

use std::collections::BTreeMap;
use std::path::Path;

use mingzhang::extract;
use mingzhang::model::{ColumnRole, Disclosure, Table};
use mingzhang::read::Source;
use mingzhang::spec::Specs;
use mingzhang::spec::labels::label_key;
use rayon::prelude::*;

/// Rows of a table of tab-separated values, without its comments.
fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect())
}

fn read(real: &Path, path: &str, specs: &Specs) -> Result<Disclosure, String> {
    let source = Source::open(&real.join(path), path, None).map_err(|error| error.message)?;
    extract(&source, specs).map_err(|error| error.message)
}

/// Body, scope, year, phase and place as in the columns of the table.
fn stated(disclosure: &Disclosure) -> [String; 5] {
    let metadata = &disclosure.metadata;
    let word = |value: serde_json::Value| value.as_str().unwrap_or_default().to_string();
    [
        metadata.body.as_ref().map(|body| body.value.clone()).unwrap_or_default(),
        word(serde_json::json!(metadata.scope.as_ref().map(|scope| scope.value))),
        metadata.fiscal_year.as_ref().map(|year| year.value.to_string()).unwrap_or_default(),
        word(serde_json::json!(metadata.phase.as_ref().map(|phase| phase.value))),
        metadata.region.as_ref().map(|region| region.value.code.clone()).unwrap_or_default(),
    ]
}

/// Columns that are neither bound to a measure nor known by their header as names, codes or words.
fn unbound_columns<'a>(table: &'a Table, specs: &'a Specs) -> impl Iterator<Item = String> + 'a {
    let is_known = |label: &String| specs.templates.column_role(&label_key(label)).is_some();
    let is_bound = move |column: &&mingzhang::model::Column| match column.role {
        ColumnRole::Amount => column.measure.is_some(),
        _ => column.measure.is_some() || column.path.iter().any(is_known),
    };
    let columns = table.columns.iter().filter(move |column| !is_bound(column));
    columns.map(|column| format!("{}: {}", table.id, column.path.join(" > ")))
}

#[test]
fn documents_state_what_their_pages_state() {
    let Some(shared) = common::shared("documents_state_what_their_pages_state") else { return };
    let real = shared.join("real");
    let specs = Specs::builtin().expect("sound data");
    let expected: Vec<Vec<&str>> = rows(include_str!("expected/metadata.tsv")).collect();
    assert!(expected.len() > 75);
    let wrong: Vec<String> = expected
        .par_iter()
        .flat_map_iter(|row| {
            let [path, body, scope, year, phase, region, _] = row[..] else { panic!("seven columns: {row:?}") };
            let disclosure = match read(&real, path, &specs) {
                Ok(disclosure) => disclosure,
                Err(message) => return vec![format!("{path}: {message}")],
            };
            let is_none =
                |finding: &&mingzhang::base::finding::Finding| matches!(finding.code.as_str(), "B415" | "B416");
            let mut wrong: Vec<String> =
                disclosure.findings.iter().filter(is_none).map(|f| format!("{path}: {}", f.message)).collect();
            let found = stated(&disclosure);
            if found != [body, scope, year, phase, region] {
                wrong.push(format!("{path}: {found:?}"));
            }
            let known = disclosure.tables.iter().filter(|table| table.kind.is_some());
            wrong.extend(
                known.flat_map(|table| unbound_columns(table, &specs)).map(|column| format!("{path}: {column}")),
            );
            wrong
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_no_disclosure_is_refused_for_what_it_is() {
    let Some(shared) = common::shared("what_is_no_disclosure_is_refused_for_what_it_is") else { return };
    let real = shared.join("real");
    let specs = Specs::builtin().expect("sound data");
    let expected: BTreeMap<&str, (&str, &str)> = rows(include_str!("expected/refusals.tsv"))
        .map(|row| {
            let [path, how, words, _] = row[..] else { panic!("four columns: {row:?}") };
            (path, (how, words))
        })
        .collect();
    let listed = std::fs::read_dir(real.join("_not_a_disclosure")).expect("the folder can be listed").flatten();
    for entry in listed {
        let path = format!("_not_a_disclosure/{}", entry.file_name().to_string_lossy());
        assert!(expected.contains_key(path.as_str()), "{path} has no expectation");
    }
    let wrong: Vec<String> = expected
        .par_iter()
        .filter_map(|(path, (how, words))| {
            let reasons: Vec<String> = match read(&real, path, &specs) {
                Err(message) => vec![format!("refused {message}")],
                Ok(disclosure) => {
                    disclosure.findings.iter().map(|finding| format!("{} {}", finding.code, finding.message)).collect()
                }
            };
            let is_named = reasons.iter().any(|reason| reason.starts_with(how) && reason.contains(words));
            (!is_named).then(|| format!("{path}: not “{how} … {words}” but {reasons:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
