//! What real documents state of themselves, and the files among them that are none: read off their pages.
//!
//! `expected/metadata.tsv` and `expected/refusals.tsv` were written with the pages at hand, not by the program. On the
//! way every column of a table of a known kind is counted: bound, ignored by name, or (here an error) neither; so is every
//! code printed at the head of a row; and every table that a contents list announces is looked for.

mod common;

use std::collections::BTreeMap;
use std::path::Path;

use mingzhang::extract;
use mingzhang::model::{ColumnRole, Disclosure, RowRole, Table};
use mingzhang::read::Source;
use mingzhang::spec::Specs;
use mingzhang::spec::labels::label_key;
use rayon::prelude::*;
use regex::Regex;

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

/// Codes printed before the amounts of a row, alone in their cell or before a name, that no field of the row holds.
fn unbound_codes(table: &Table) -> Vec<String> {
    let printed =
        Regex::new(r"^[\[【〔(（]?(\d{3}|\d{5,7}|[0-9A-Z]{15,30})(?:[\]】〕)）\-—－]|$|\p{Han})").expect("a pattern");
    let names_rows = |index: u32| {
        let amounts = table.columns.iter().filter(|column| column.role == ColumnRole::Amount);
        let is_before = amounts.map(|column| column.index).min().is_none_or(|first| index < first);
        let column = table.columns.iter().find(|column| column.index == index);
        is_before && column.is_some_and(|column| matches!(column.role, ColumnRole::Label | ColumnRole::Code))
    };
    let mut unbound = Vec::new();
    for row in table.rows.iter().filter(|row| row.role != RowRole::ColumnNumbers) {
        let beside = row.texts.iter().filter(|text| names_rows(text.column)).map(|text| text.text.as_str());
        for text in row.label.iter().map(|label| label.text.as_str()).chain(beside) {
            let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            let Some(code) = printed.captures(&text).map(|found| found[1].to_string()) else { continue };
            if !row.codes.iter().any(|own| own.code.contains(&code)) {
                unbound.push(format!("{} row {}: {text}", table.id, row.index));
            }
        }
    }
    unbound
}

/// Tables that the contents list announces and that were not found, or have no kind or no unit.
fn announced_and_missing(disclosure: &Disclosure) -> Vec<String> {
    let mut missing = Vec::new();
    for entry in disclosure.contents.iter().filter(|entry| entry.is_table) {
        let of_table = disclosure.tables.iter().map(|table| (&table.id, table.kind.is_some(), table.unit.is_some()));
        let forms = disclosure.performance_targets.iter();
        let mut all = of_table.chain(forms.map(|form| (&form.id, true, form.unit.is_some())));
        match entry.table.as_ref().and_then(|id| all.find(|(own, ..)| *own == id)) {
            None => missing.push(format!("{} is not found", entry.title)),
            Some((_, true, true)) => {}
            Some((_, has_kind, _)) => {
                missing.push(format!("{} has no {}", entry.title, if has_kind { "unit" } else { "kind" }))
            }
        }
    }
    missing
}

/// Every table that a contents list announces stands in the document, with kind and unit; those that do not are told for
/// each document and why.
#[test]
fn announced_tables_are_found() {
    let Some(shared) = common::shared("announced_tables_are_found") else { return };
    let real = shared.join("real");
    let specs = Specs::builtin().expect("sound data");
    let lacking: BTreeMap<&str, usize> = rows(include_str!("expected/announced.tsv"))
        .map(|row| {
            let [path, missing, _] = row[..] else { panic!("three columns: {row:?}") };
            (path, missing.parse().expect("a number"))
        })
        .collect();
    let documents: Vec<Vec<&str>> = rows(include_str!("expected/metadata.tsv")).collect();
    let wrong: Vec<String> = documents
        .par_iter()
        .filter_map(|row| {
            let path = row[0];
            let missing = announced_and_missing(&read(&real, path, &specs).ok()?);
            (missing.len() != lacking.get(path).copied().unwrap_or(0)).then(|| format!("{path}: {missing:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
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
                .extend(disclosure.tables.iter().flat_map(unbound_codes).map(|code| format!("{path}: code of {code}")));
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
