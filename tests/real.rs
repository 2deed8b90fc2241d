//! The real documents, a few lines each: any change of behaviour shows as a readable diff.
//!
//! `tests/expected/real.txt` is reviewed, not generated and forgotten: `MINGZHANG_BLESS=1 cargo test --test real`
//! rewrites it (refused where `CI` is set), and the diff is read before it is committed.

mod common;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or("")
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

/// First and last page of a table.
fn pages(table: &Value) -> String {
    let pages: Vec<u64> = list(table, "fragments").iter().filter_map(|f| f["place"]["page"].as_u64()).collect();
    match (pages.first(), pages.last()) {
        (Some(first), Some(last)) if first != last => format!("p{first}-{last}"),
        (Some(first), _) => format!("p{first}"),
        _ => "-".to_string(),
    }
}

/// What is kept of one document.
fn digest(document: &Value) -> String {
    let metadata = &document["metadata"];
    let stated = |key: &str| match &metadata[key]["value"] {
        Value::Null => "?".to_string(),
        Value::String(text) => text.clone(),
        Value::Object(region) => region["code"].as_str().unwrap_or("?").to_string(),
        other => other.to_string(),
    };
    let mut out = format!(
        "  {} {} {} {} {}\n",
        stated("fiscal_year"),
        stated("phase"),
        stated("scope"),
        stated("region"),
        stated("body")
    );
    for table in list(document, "tables") {
        let rows = list(table, "rows");
        let amounts: usize = rows.iter().map(|row| list(row, "cells").len()).sum();
        let _ = writeln!(
            out,
            "  {} | {} | {} | {} | {} rows | {} amounts",
            table["caption"]["text"].as_str().unwrap_or("(no caption)"),
            table["kind"].as_str().unwrap_or("?"),
            table["unit"]["value"].as_str().unwrap_or("?"),
            pages(table),
            rows.len(),
            amounts
        );
    }
    let forms = list(document, "performance_targets");
    if !forms.is_empty() {
        let indicators: usize = forms.iter().map(|form| list(form, "indicators").len()).sum();
        let funds: usize = forms.iter().map(|form| list(form, "funds").len()).sum();
        let _ = writeln!(out, "  {} forms, {funds} funds, {indicators} indicators", forms.len());
    }
    let count = |group: &Value| -> String {
        group
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(_, n)| n.as_u64() != Some(0))
            .map(|(name, n)| format!("{name} {n}"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let _ = writeln!(out, "  checks: {}", count(&document["checks"]["outcomes"]));
    let _ = writeln!(out, "  amounts: {}", count(&document["checks"]["evidence"]));
    let mut codes: std::collections::BTreeMap<String, u32> = std::collections::BTreeMap::new();
    for finding in list(document, "findings") {
        if text(finding, "severity") != "info" {
            *codes.entry(format!("{} {}", text(finding, "code"), text(finding, "name"))).or_default() += 1;
        }
    }
    for (code, n) in codes {
        let _ = writeln!(out, "  {code}: {n}");
    }
    out
}

fn documents(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the folder can be listed").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "pdf") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn real_documents_come_out_as_reviewed() {
    let Some(shared) = common::shared("real_documents_come_out_as_reviewed") else { return };
    let folder = shared.join("real");
    let mut report = String::new();
    for path in documents(&folder) {
        let name = path.strip_prefix(&folder).expect("inside").display().to_string().replace('\\', "/");
        let output = Command::new(env!("CARGO_BIN_EXE_mingzhang"))
            .args(["extract", "--format", "jsonl"])
            .arg(&path)
            .output()
            .expect("the program starts");
        let _ = writeln!(report, "{name}");
        if output.status.code() == Some(2) {
            let message = String::from_utf8_lossy(&output.stderr).replace(&path.display().to_string(), "…");
            let _ = writeln!(report, "  refused: {}", message.trim().lines().last().unwrap_or(""));
        } else {
            let document: Value = serde_json::from_slice(&output.stdout).expect("a JSON line");
            report.push_str(&digest(&document));
        }
    }
    let expected_file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expected/real.txt");
    if std::env::var_os("MINGZHANG_BLESS").is_some() {
        assert!(std::env::var_os("CI").is_none(), "expectations are reviewed by people, not rewritten in CI");
        std::fs::write(&expected_file, &report).expect("the expectations can be written");
        return;
    }
    let expected = std::fs::read_to_string(&expected_file).expect("tests/expected/real.txt");
    let changes: Vec<String> = differences(&expected, &report);
    assert!(changes.is_empty(), "{} lines differ from tests/expected/real.txt:\n{}", changes.len(), changes.join("\n"));
}

/// Lines that differ, per document.
fn differences(expected: &str, got: &str) -> Vec<String> {
    let blocks = |text: &str| -> std::collections::BTreeMap<String, Vec<String>> {
        let mut blocks: std::collections::BTreeMap<String, Vec<String>> = std::collections::BTreeMap::new();
        let mut current = String::new();
        for line in text.lines() {
            if line.starts_with("  ") {
                blocks.entry(current.clone()).or_default().push(line.to_string());
            } else {
                current = line.to_string();
                blocks.entry(current.clone()).or_default();
            }
        }
        blocks
    };
    let (expected, got) = (blocks(expected), blocks(got));
    let names: std::collections::BTreeSet<&String> = expected.keys().chain(got.keys()).collect();
    let mut out = Vec::new();
    for name in names {
        let empty = Vec::new();
        let (old, new) = (expected.get(name).unwrap_or(&empty), got.get(name).unwrap_or(&empty));
        if old != new {
            out.push(name.clone());
            out.extend(old.iter().filter(|line| !new.contains(line)).map(|line| format!("-{line}")));
            out.extend(new.iter().filter(|line| !old.contains(line)).map(|line| format!("+{line}")));
        }
    }
    out
}

/// What is no disclosure never passes as one.
#[test]
fn impostors_are_refused_with_their_reason() {
    let Some(shared) = common::shared("impostors_are_refused_with_their_reason") else { return };
    for path in documents(&shared.join("real/_not_a_disclosure")) {
        let output = Command::new(env!("CARGO_BIN_EXE_mingzhang"))
            .args(["check", "--format", "jsonl"])
            .arg(&path)
            .output()
            .expect("the program starts");
        assert_ne!(output.status.code(), Some(0), "{} passes", path.display());
    }
}

/// One document, two formats: the typeset copy gives the same facts as the text, place aside.
#[test]
fn the_typeset_seed_gives_the_facts_of_the_text() {
    let Some(shared) = common::shared("the_typeset_seed_gives_the_facts_of_the_text") else { return };
    let facts = |path: &Path| -> Vec<String> {
        let output = Command::new(env!("CARGO_BIN_EXE_mingzhang"))
            .args(["facts", "--format", "jsonl"])
            .arg(path)
            .output()
            .expect("the program starts");
        String::from_utf8(output.stdout)
            .expect("UTF-8")
            .lines()
            .map(|line| {
                let mut fact: Value = serde_json::from_str(line).expect("a JSON line");
                let fields = fact.as_object_mut().expect("an object");
                for place in ["document", "page", "bbox", "line", "cell", "sheet", "evidence"] {
                    fields.remove(place);
                }
                fact.to_string()
            })
            .collect()
    };
    let seed = common::seed("the_typeset_seed_gives_the_facts_of_the_text").expect("beside the bench");
    let (text, pdf) = (facts(&seed), facts(&shared.join("bench/ruled.pdf")));
    let missing: Vec<&String> = text.iter().filter(|fact| !pdf.contains(fact)).collect();
    let more: Vec<&String> = pdf.iter().filter(|fact| !text.contains(fact)).collect();
    assert!(missing.is_empty() && more.is_empty(), "only in the text: {missing:#?}\nonly in the PDF: {more:#?}");
    assert_eq!(text.len(), pdf.len());
}
