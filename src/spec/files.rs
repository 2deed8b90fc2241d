//! The files of data that the program carries, and those of a folder laid over them.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;

/// The data built into the program: path below `src/spec` and content.
const BUILTIN: &[(&str, &str)] = &[
    ("cover.toml", include_str!("cover.toml")),
    ("forms/indicator_values.toml", include_str!("forms/indicator_values.toml")),
    ("forms/performance_target.toml", include_str!("forms/performance_target.toml")),
    ("identities/across.toml", include_str!("identities/across.toml")),
    ("identities/cover.toml", include_str!("identities/cover.toml")),
    ("identities/down.toml", include_str!("identities/down.toml")),
    ("identities/equal.toml", include_str!("identities/equal.toml")),
    ("identities/rows.toml", include_str!("identities/rows.toml")),
    ("organisation.toml", include_str!("organisation.toml")),
    ("regions/divisions.csv", include_str!("regions/divisions.csv")),
    ("templates/national.toml", include_str!("templates/national.toml")),
    ("templates/beijing.toml", include_str!("templates/beijing.toml")),
    ("templates/fujian.toml", include_str!("templates/fujian.toml")),
    ("templates/jiangsu.toml", include_str!("templates/jiangsu.toml")),
    ("templates/national_final.toml", include_str!("templates/national_final.toml")),
    ("templates/shanghai.toml", include_str!("templates/shanghai.toml")),
    ("templates/shanghai_final.toml", include_str!("templates/shanghai_final.toml")),
    ("templates/central.toml", include_str!("templates/central.toml")),
    ("templates/jiangsu_old.toml", include_str!("templates/jiangsu_old.toml")),
    ("templates/shenzhen.toml", include_str!("templates/shenzhen.toml")),
    ("templates/xian.toml", include_str!("templates/xian.toml")),
    ("templates/yunnan_final.toml", include_str!("templates/yunnan_final.toml")),
    ("templates/yantai.toml", include_str!("templates/yantai.toml")),
    ("templates/shanxi.toml", include_str!("templates/shanxi.toml")),
    ("vocabulary/functional.csv", include_str!("vocabulary/functional.csv")),
    ("vocabulary/departmental_economic.csv", include_str!("vocabulary/departmental_economic.csv")),
    ("vocabulary/government_economic.csv", include_str!("vocabulary/government_economic.csv")),
];

/// One file of data.
#[derive(Clone, Debug)]
pub struct SpecFile {
    /// What messages call it: the path below `src/spec`, or the path on disk.
    pub name: String,
    pub text: String,
}

impl SpecFile {
    /// `templates/national.toml:12` for a byte of the text.
    pub fn at(&self, byte: usize) -> String {
        let line = self.text.bytes().take(byte).filter(|b| *b == b'\n').count() + 1;
        format!("{}:{line}", self.name)
    }
}

/// All files of data by their path below `src/spec`.
#[derive(Clone, Debug)]
pub struct SpecFiles(BTreeMap<String, SpecFile>);

impl SpecFiles {
    /// What is built in.
    pub fn builtin() -> SpecFiles {
        let file = |(path, text): &(&str, &str)| {
            ((*path).to_string(), SpecFile { name: format!("src/spec/{path}"), text: (*text).to_string() })
        };
        SpecFiles(BUILTIN.iter().map(file).collect())
    }

    /// With the files of a folder: one of the same path replaces the built-in one, others are added.
    ///
    /// # Errors
    /// Where the folder or a file of it cannot be read.
    pub fn with_overlay(mut self, folder: &Path) -> anyhow::Result<SpecFiles> {
        self.overlay(folder, "")?;
        Ok(self)
    }

    fn overlay(&mut self, folder: &Path, below: &str) -> anyhow::Result<()> {
        let entries = std::fs::read_dir(folder).with_context(|| format!("{}: cannot be listed", folder.display()))?;
        let mut paths: Vec<_> = entries.collect::<Result<Vec<_>, _>>()?.into_iter().map(|e| e.path()).collect();
        paths.sort();
        for path in paths {
            let Some(name) = path.file_name().and_then(|n| n.to_str()) else { continue };
            let key = if below.is_empty() { name.to_string() } else { format!("{below}/{name}") };
            if path.is_dir() {
                self.overlay(&path, &key)?;
            } else if matches!(path.extension().and_then(|e| e.to_str()), Some("toml" | "csv")) {
                let text =
                    std::fs::read_to_string(&path).with_context(|| format!("{}: cannot be read", path.display()))?;
                self.0.insert(key, SpecFile { name: path.display().to_string().replace('\\', "/"), text });
            }
        }
        Ok(())
    }

    /// The file at a path.
    ///
    /// # Errors
    /// Where there is none.
    pub fn get(&self, path: &str) -> anyhow::Result<&SpecFile> {
        self.0.get(path).with_context(|| format!("{path}: no such spec"))
    }

    /// The files below a folder, sorted by path.
    pub fn under<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a SpecFile> {
        self.0.iter().filter(move |(path, _)| path.starts_with(folder)).map(|(_, file)| file)
    }

    /// Without the file at a path (to measure what binds without a family's own data).
    pub fn without(mut self, path: &str) -> SpecFiles {
        self.0.remove(path);
        self
    }
}
