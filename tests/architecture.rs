//! Habits that a compiler does not see.

use std::path::{Path, PathBuf};

/// A module may import those before it. `codes` lists what the stages declare, for `emit`.
const ORDER: [&str; 12] =
    ["base", "model", "spec", "read", "segment", "bind", "check", "codes", "emit", "batch", "golden", "cli"];

/// Places whose names stand in real documents: data may hold them (`spec`), code may not.
const PLACES: [&str; 20] = [
    "北京", "上海", "天津", "重庆", "山西", "江苏", "陕西", "云南", "湖北", "广东", "福建", "山东", "长治", "屯留",
    "太原", "西安", "昆明", "武汉", "深圳", "苏州",
];

struct Code {
    path: PathBuf,
    module: String,
    /// Lines outside of tests and comments, with their numbers.
    lines: Vec<(usize, String)>,
}

fn sources() -> Vec<Code> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    walk(&root, &mut files);
    files.sort();
    let test_files: Vec<PathBuf> = files.iter().flat_map(|path| modules_of_tests(path)).collect();
    assert!(files.len() > 40, "only {} sources found", files.len());
    files.iter().filter(|path| !test_files.contains(path)).map(|path| code(path, &root)).collect()
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("src can be listed").flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// Files that a source declares as modules for tests only.
fn modules_of_tests(path: &Path) -> Vec<PathBuf> {
    let text = std::fs::read_to_string(path).expect("a source");
    let folder = match path.file_name().and_then(|name| name.to_str()) {
        Some("mod.rs" | "lib.rs" | "main.rs") => path.parent().expect("a folder").to_path_buf(),
        _ => path.with_extension(""),
    };
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    lines
        .windows(2)
        .filter(|pair| pair[0] == "#[cfg(test)]" && pair[1].ends_with(';'))
        .filter_map(|pair| {
            pair[1].trim_end_matches(';').split_whitespace().last().map(|name| folder.join(format!("{name}.rs")))
        })
        .collect()
}

fn code(path: &Path, root: &Path) -> Code {
    let text = std::fs::read_to_string(path).expect("a source");
    let below = path.strip_prefix(root).expect("below src");
    let module = below.iter().next().and_then(|first| Path::new(first).file_stem()).expect("a name");
    let mut lines = Vec::new();
    let mut in_tests = false;
    for (index, line) in text.lines().enumerate() {
        // Tests in a source are a block without indentation at its end or in its middle.
        in_tests = match line {
            "#[cfg(test)]" => true,
            "}" if in_tests => {
                lines.push((index + 1, String::new()));
                false
            }
            _ => in_tests,
        };
        if !in_tests {
            let line = line.split("//").next().unwrap_or_default();
            lines.push((index + 1, line.to_string()));
        }
    }
    Code { path: below.to_path_buf(), module: module.to_string_lossy().into_owned(), lines }
}

fn offences(offends: impl Fn(&Code, &str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for code in sources() {
        for (number, line) in &code.lines {
            if offends(&code, line) {
                found.push(format!("{}:{number}: {}", code.path.display(), line.trim()));
            }
        }
    }
    found
}

#[test]
fn imports_go_one_way() {
    let rank = |module: &str| ORDER.iter().position(|known| *known == module);
    let found = offences(|code, line| {
        let Some(own) = rank(&code.module) else { return false };
        line.split("crate::").skip(1).any(|rest| {
            let module: String = rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            rank(&module).is_some_and(|used| used > own)
        })
    });
    assert!(found.is_empty(), "imports against the way:\n{}", found.join("\n"));
}

#[test]
fn the_reader_never_sees_templates() {
    let found = offences(|code, line| code.module == "read" && line.contains("crate::spec"));
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_module_has_its_rank() {
    for code in sources() {
        let is_root = matches!(code.module.as_str(), "lib" | "main");
        assert!(is_root || ORDER.contains(&code.module.as_str()), "{} is in no order of imports", code.module);
    }
}

#[test]
fn code_knows_no_places() {
    let found = offences(|_, line| PLACES.iter().any(|place| line.contains(place)));
    assert!(found.is_empty(), "names of places belong into src/spec:\n{}", found.join("\n"));
}

#[test]
fn no_input_can_panic_through_these() {
    let words = [".unwrap()", ".expect(", "panic!(", "unreachable!(", "todo!(", "unimplemented!("];
    let found = offences(|_, line| words.iter().any(|word| line.contains(word)));
    assert!(found.is_empty(), "{}", found.join("\n"));
}
