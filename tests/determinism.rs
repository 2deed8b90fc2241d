//! The output depends on the inputs alone: not on the number of threads, not on the order of the arguments.

use std::path::{Path, PathBuf};
use std::process::Command;

fn corpus() -> Vec<PathBuf> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("the corpus can be listed").flatten() {
            if entry.path().is_dir() { walk(&entry.path(), found) } else { found.push(entry.path()) }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus"), &mut found);
    found.sort();
    assert!(found.len() >= 3, "the corpus is too small to tell");
    found
}

fn output(arguments: &[&str], inputs: &[PathBuf]) -> Vec<u8> {
    let run = Command::new(env!("CARGO_BIN_EXE_mingzhang")).args(arguments).args(inputs).output().expect("it runs");
    assert!(run.status.code().is_some_and(|code| code < 2), "{}", String::from_utf8_lossy(&run.stderr));
    assert!(!run.stdout.is_empty());
    run.stdout
}

#[test]
fn threads_and_order_change_nothing() {
    let forwards = corpus();
    let backwards: Vec<PathBuf> = forwards.iter().rev().chain(&forwards).cloned().collect();
    for command in [&["extract"][..], &["facts"], &["check", "--format", "jsonl"], &["check", "--format", "sarif"]] {
        let one = output(&[command, &["--jobs", "1"]].concat(), &forwards);
        let many = output(&[command, &["--jobs", "7"]].concat(), &backwards);
        assert!(one == many, "{command:?} depends on threads or order");
    }
}

#[test]
fn files_are_the_same_whatever_the_threads() {
    let folder = tempfile::tempdir().expect("a folder");
    let corpus_folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut summaries = Vec::new();
    for jobs in ["1", "5"] {
        let out = folder.path().join(jobs);
        let arguments = ["extract", "--jobs", jobs, "--out", out.to_str().expect("a name")];
        summaries.push(output(&arguments, std::slice::from_ref(&corpus_folder)));
    }
    assert_eq!(summaries[0], summaries[1]);
    for document in corpus() {
        let below = document.strip_prefix(&corpus_folder).expect("below").with_extension("json");
        let read = |jobs: &str| std::fs::read(folder.path().join(jobs).join(&below)).expect("a result");
        assert!(read("1") == read("5"), "{}", below.display());
    }
}
