//! `corpus/` and `golden/` mirror each other: for each document its canonical JSON and its findings as people read them.
//!
//! A document without its results and results without their document are both failures.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::batch;
use crate::emit::{canonical_json, findings};
use crate::read::{Source, text::printed_lines};
use crate::spec::Specs;

/// Lines of context around a change, and lines shown of one difference.
const CONTEXT: usize = 3;
const MOST_LINES: usize = 80;

/// How corpus and results agree.
#[derive(Debug, Default)]
pub struct Report {
    pub documents: usize,
    /// By path below the folder of results: what is wrong with it.
    pub differences: BTreeMap<String, String>,
}

impl Report {
    /// For people.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for (path, difference) in &self.differences {
            out.push_str(&format!("{path}: {difference}\n"));
        }
        out.push_str(&format!("{} documents, {} differences\n", self.documents, self.differences.len()));
        out
    }
}

/// Compares the results of every document of `corpus` with those kept beside it.
///
/// # Errors
/// Where the corpus cannot be read, or holds nothing.
pub fn compare(corpus: &Path, specs: &Specs) -> anyhow::Result<Report> {
    let golden = golden_of(corpus)?;
    let results = corpus_to_results(corpus, specs)?;
    let mut report = Report { documents: results.len() / 2, ..Report::default() };
    for (path, now) in &results {
        let difference = match std::fs::read_to_string(golden.join(path)) {
            Ok(kept) if kept == *now => continue,
            Ok(kept) => unified(&kept, now),
            Err(_) => "is missing; `mingzhang golden --bless` writes it".to_string(),
        };
        report.differences.insert(path.clone(), difference);
    }
    for path in files_below(&golden)? {
        if !results.contains_key(&path) {
            report.differences.insert(path, "has no document in the corpus".to_string());
        }
    }
    Ok(report)
}

/// Writes the results of every document of `corpus` and removes results without a document. Returns how many changed.
///
/// # Errors
/// Where the environment variable `CI` is set (results are reviewed by people), and where files cannot be written.
pub fn bless(corpus: &Path, specs: &Specs) -> anyhow::Result<usize> {
    if std::env::var_os("CI").is_some() {
        bail!("results are not rewritten where CI is set: a person has to read the difference");
    }
    let golden = golden_of(corpus)?;
    let results = corpus_to_results(corpus, specs)?;
    let mut written = 0;
    for (path, now) in &results {
        let target = golden.join(path);
        if std::fs::read_to_string(&target).is_ok_and(|kept| kept == *now) {
            continue;
        }
        let context = || format!("{} cannot be written", target.display());
        std::fs::create_dir_all(target.parent().unwrap_or(&golden)).with_context(context)?;
        std::fs::write(&target, now).with_context(context)?;
        written += 1;
    }
    for path in files_below(&golden)?.into_iter().filter(|path| !results.contains_key(path)) {
        std::fs::remove_file(golden.join(&path)).with_context(|| format!("{path} cannot be removed"))?;
        written += 1;
    }
    Ok(written)
}

/// The folder `golden` beside the corpus.
fn golden_of(corpus: &Path) -> anyhow::Result<PathBuf> {
    if !corpus.is_dir() {
        bail!("{}: no such folder", corpus.display());
    }
    Ok(corpus.parent().unwrap_or(Path::new("")).join("golden"))
}

/// Path of each result → its content. Documents are called by their path below the corpus.
fn corpus_to_results(corpus: &Path, specs: &Specs) -> anyhow::Result<BTreeMap<String, String>> {
    let inputs = batch::collect(&[corpus.to_path_buf()], &mut std::io::empty());
    if let Some(refusal) = inputs.refusals.first() {
        bail!("{refusal}");
    }
    let mut results = BTreeMap::new();
    for (input, target) in inputs.documents.iter().zip(batch::targets(&inputs.documents)) {
        let source = Source::open(&input.path, &input.relative, None).with_context(|| input.name.clone())?;
        let disclosure = crate::extract(&source, specs).with_context(|| input.name.clone())?;
        let printed = if disclosure.format == "text" { printed_lines(&source.bytes) } else { Vec::new() };
        let line = |number: u32| (number as usize).checked_sub(1).and_then(|at| printed.get(at)).map(String::as_str);
        let target = target.to_string_lossy().replace('\\', "/");
        let human = target.trim_end_matches(".json").to_string() + ".findings.txt";
        results.insert(human, findings::text(&disclosure, &line));
        results.insert(target, canonical_json::pretty(&disclosure)?);
    }
    Ok(results)
}

fn files_below(folder: &Path) -> anyhow::Result<Vec<String>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        if !next.is_dir() {
            continue;
        }
        for entry in std::fs::read_dir(&next).with_context(|| format!("{} cannot be listed", next.display()))? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().replace('\\', "/"));
            }
        }
    }
    files.sort();
    Ok(files)
}

fn unified(kept: &str, now: &str) -> String {
    let difference = similar::TextDiff::from_lines(kept, now);
    let text = difference.unified_diff().context_radius(CONTEXT).header("kept", "now").to_string();
    let count = text.lines().count();
    let mut out =
        format!("differs\n{}", text.lines().take(MOST_LINES).map(|line| format!("{line}\n")).collect::<String>());
    if count > MOST_LINES {
        out.push_str(&format!("… and {} more lines\n", count - MOST_LINES));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "某局2026年部门预算\n\n第一部分 概况\n\n一、职责\n\n做事。\n";

    #[test]
    fn missing_orphaned_and_changed_results_are_told_apart() {
        let folder = tempfile::tempdir().expect("a folder");
        let corpus = folder.path().join("corpus");
        std::fs::create_dir_all(corpus.join("x")).expect("folders");
        std::fs::write(corpus.join("x/a.txt"), TEXT).expect("a file");
        let specs = Specs::builtin().expect("specs");
        let differences = || compare(&corpus, &specs).expect("a report").differences;

        assert_eq!(differences().keys().collect::<Vec<_>>(), ["x/a.findings.txt", "x/a.json"], "both are missing");

        let golden = folder.path().join("golden");
        std::fs::create_dir_all(golden.join("x")).expect("folders");
        for (path, content) in corpus_to_results(&corpus, &specs).expect("results") {
            std::fs::write(golden.join(path), content).expect("a file");
        }
        assert!(differences().is_empty());

        std::fs::write(golden.join("x/gone.json"), "{}").expect("a file");
        let orphan = differences();
        assert_eq!(orphan.get("x/gone.json").map(String::as_str), Some("has no document in the corpus"));
        std::fs::remove_file(golden.join("x/gone.json")).expect("removed");

        std::fs::write(corpus.join("x/a.txt"), TEXT.replace("做事", "办事")).expect("a file");
        let changed = differences();
        let difference = changed.get("x/a.json").expect("a difference");
        assert!(difference.contains("-      \"text\": \"做事。\"") || difference.contains("做事"), "{difference}");
        assert!(difference.contains("办事"), "{difference}");
    }
}
