//! Arguments → the documents that they name, sorted.

use std::collections::BTreeMap;
use std::io::{BufRead, Read};
use std::path::{Path, PathBuf};

use super::Refusal;

/// One document to read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Input {
    /// Path as given, `/` separators.
    pub name: String,
    pub path: PathBuf,
    /// Path below the folder that was given, or the name of the file.
    pub relative: String,
}

/// What the arguments come to.
#[derive(Debug, Default)]
pub struct Inputs {
    /// By name, each once: the output does not depend on the order of the arguments.
    pub documents: Vec<Input>,
    pub refusals: Vec<Refusal>,
    /// Files in folders that are no documents, by extension: said, so that nothing is missed in silence.
    pub skipped: BTreeMap<String, usize>,
}

/// In a folder these are taken for documents; what cannot be read of them is refused by name, not passed over.
const DOCUMENTS: [&str; 16] =
    ["pdf", "txt", "text", "doc", "docx", "wps", "xls", "xlsx", "et", "ofd", "html", "htm", "rtf", "odt", "ods", "zip"];

/// Folders within folders, beyond which something is wrong.
const DEEPEST: usize = 64;

/// Finds the documents that the arguments name: files, folders (walked), `-` for a list of paths in `stdin`.
pub fn collect(arguments: &[PathBuf], stdin: &mut dyn Read) -> Inputs {
    let mut inputs = Inputs::default();
    for argument in arguments {
        if argument.as_os_str() == "-" {
            for line in std::io::BufReader::new(&mut *stdin).lines() {
                match line {
                    Ok(line) if line.trim().is_empty() => {}
                    Ok(line) => add(Path::new(line.trim_end_matches('\r')), &mut inputs),
                    Err(error) => {
                        let message = format!("the list of paths cannot be read: {error}");
                        inputs.refusals.push(Refusal { name: "-".into(), message });
                        break;
                    }
                }
            }
        } else {
            add(argument, &mut inputs);
        }
    }
    inputs.documents.sort();
    inputs.documents.dedup_by(|a, b| a.name == b.name);
    inputs.refusals.sort_by(|a, b| a.name.cmp(&b.name));
    inputs
}

fn add(path: &Path, inputs: &mut Inputs) {
    if !path.is_dir() {
        // A missing file is refused when it is opened, in the order of the others.
        let relative = path.file_name().map_or_else(|| slashed(path), |name| name.to_string_lossy().into_owned());
        inputs.documents.push(Input { name: slashed(path), path: path.to_path_buf(), relative });
        return;
    }
    let before = inputs.documents.len();
    let refused = inputs.refusals.len();
    walk(path, path, 0, inputs);
    if inputs.documents.len() == before && inputs.refusals.len() == refused {
        inputs.refusals.push(Refusal { name: slashed(path), message: "is a folder without documents".into() });
    }
}

fn walk(folder: &Path, root: &Path, depth: usize, inputs: &mut Inputs) {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            let message = format!("is a folder that cannot be listed: {error}");
            inputs.refusals.push(Refusal { name: slashed(folder), message });
            return;
        }
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
        // `file_type` does not follow links: a link to a folder above would never end.
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_hidden || (path.is_dir() && !is_folder) {
            continue;
        }
        if is_folder {
            if depth < DEEPEST {
                walk(&path, root, depth + 1, inputs);
            }
        } else if is_document(&path) {
            let relative = slashed(path.strip_prefix(root).unwrap_or(&path));
            inputs.documents.push(Input { name: slashed(&path), path, relative });
        } else {
            *inputs.skipped.entry(extension(&path)).or_default() += 1;
        }
    }
}

fn is_document(path: &Path) -> bool {
    DOCUMENTS.contains(&extension(path).as_str()) || begins_as_pdf(path)
}

fn extension(path: &Path) -> String {
    path.extension().map(|extension| extension.to_string_lossy().to_lowercase()).unwrap_or_default()
}

/// Portals serve PDFs without an extension, or with that of the script that made them.
fn begins_as_pdf(path: &Path) -> bool {
    let mut head = [0; 5];
    std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut head)).is_ok() && &head == b"%PDF-"
}

fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// Where the result of each input goes below an output folder: `relative` with `.json` for its extension.
///
/// Where two inputs would meet, they keep their extensions; where they still meet, the whole path as given.
pub fn targets(inputs: &[Input]) -> Vec<PathBuf> {
    let candidates = |input: &Input| -> [PathBuf; 3] {
        let whole: PathBuf =
            input.name.split('/').filter(|part| !matches!(*part, "" | "." | "..") && !part.ends_with(':')).collect();
        let appended = |path: &Path| PathBuf::from(format!("{}.json", path.display()));
        [Path::new(&input.relative).with_extension("json"), appended(Path::new(&input.relative)), appended(&whole)]
    };
    let all: Vec<[PathBuf; 3]> = inputs.iter().map(candidates).collect();
    let mut counts: BTreeMap<&Path, usize> = BTreeMap::new();
    for of_one in &all {
        for path in of_one.iter().collect::<std::collections::BTreeSet<_>>() {
            *counts.entry(path).or_default() += 1;
        }
    }
    let alone = |path: &PathBuf| counts.get(path.as_path()) == Some(&1);
    all.iter()
        .map(|[short, long, whole]| [short, long].into_iter().find(|path| alone(path)).unwrap_or(whole).clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(inputs: &Inputs, root: &Path) -> Vec<String> {
        let root = slashed(root);
        inputs.documents.iter().map(|input| input.name.replace(&root, "")).collect()
    }

    #[test]
    fn folders_are_walked_sorted_and_lists_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        std::fs::create_dir_all(root.join("b/.hidden")).expect("folders");
        for file in ["b/2.txt", "b/1.PDF", "a.docx", "notes.md", "b/.hidden/x.txt"] {
            std::fs::write(root.join(file), "文").expect("a file");
        }
        std::fs::write(root.join("download"), "%PDF-1.4").expect("a file");
        let inputs = collect(&[root.to_path_buf(), root.join("b/2.txt")], &mut std::io::empty());
        assert_eq!(names(&inputs, root), ["/a.docx", "/b/1.PDF", "/b/2.txt", "/download"]);
        assert_eq!(inputs.skipped.get("md"), Some(&1));

        let list = format!("{}\n\n{}\r\n", root.join("b").display(), root.join("gone.txt").display());
        let inputs = collect(&[PathBuf::from("-")], &mut list.as_bytes());
        assert_eq!(names(&inputs, root), ["/b/1.PDF", "/b/2.txt", "/gone.txt"]);
    }

    #[test]
    fn a_folder_without_documents_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("notes.md"), "x").expect("a file");
        let inputs = collect(&[folder.path().to_path_buf()], &mut std::io::empty());
        assert!(inputs.documents.is_empty());
        assert_eq!(
            inputs.refusals.iter().map(|r| r.message.as_str()).collect::<Vec<_>>(),
            ["is a folder without documents"]
        );
    }

    #[test]
    fn results_never_meet() {
        let input =
            |name: &str, relative: &str| Input { name: name.into(), path: name.into(), relative: relative.into() };
        let found = targets(&[
            input("x/a.txt", "a.txt"),
            input("x/b.pdf", "b.pdf"),
            input("x/b.txt", "b.txt"),
            input("/y/c.txt", "c.txt"),
            input("../z/c.txt", "c.txt"),
            input("x/download", "download"),
        ]);
        let expected = ["a.json", "b.pdf.json", "b.txt.json", "y/c.txt.json", "z/c.txt.json", "download.json"];
        assert_eq!(found, expected.map(PathBuf::from));
    }
}
