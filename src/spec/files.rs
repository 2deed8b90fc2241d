//! The files of data that the program carries, and those of a folder laid over them.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, bail};
use serde::de::DeserializeOwned;

use crate::base::expression::Expression;

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
    ("narrative/measures.toml", include_str!("narrative/measures.toml")),
    ("narrative/slips.toml", include_str!("narrative/slips.toml")),
    ("narrative/ties.toml", include_str!("narrative/ties.toml")),
    ("narrative/words.toml", include_str!("narrative/words.toml")),
    ("organisation.toml", include_str!("organisation.toml")),
    ("regions/divisions.csv", include_str!("regions/divisions.csv")),
    ("segment.toml", include_str!("segment.toml")),
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

/// Folders that may hold files of any name: all of them are read.
const OPEN_FOLDERS: [&str; 3] = ["templates/", "identities/", "vocabulary/"];

/// One file of data.
#[derive(Clone, Debug)]
pub struct SpecFile {
    /// What messages call it: the path below `src/spec`, or the path on disk.
    pub name: String,
    pub text: String,
    /// True for what is built in: a test compiles its expressions.
    is_proven: bool,
}

impl SpecFile {
    /// A file that may be broken.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> SpecFile {
        SpecFile { name: name.into(), text: text.into(), is_proven: false }
    }

    /// An expression of the file.
    ///
    /// # Errors
    /// Where it is none.
    pub fn expression(&self, text: &str) -> Result<Expression, regex::Error> {
        if self.is_proven { Ok(Expression::sound(text)) } else { Expression::new(text) }
    }

    /// `templates/national.toml:12` for a byte of the text.
    pub fn at(&self, byte: usize) -> String {
        let line = self.text.bytes().take(byte).filter(|b| *b == b'\n').count() + 1;
        format!("{}:{line}", self.name)
    }

    /// The file as TOML.
    ///
    /// # Errors
    /// With file and line, where it is none of this shape.
    pub fn toml<T: DeserializeOwned>(&self) -> anyhow::Result<T> {
        toml::from_str(&self.text).map_err(|error| {
            let place = error.span().map_or_else(|| self.name.clone(), |span| self.at(span.start));
            anyhow::anyhow!("{place}: {}", error.message())
        })
    }

    /// The records of the file as CSV, each with its line for messages.
    pub fn records<T: DeserializeOwned>(&self) -> impl Iterator<Item = anyhow::Result<(u64, T)>> + '_ {
        let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(self.text.as_bytes());
        let headers = reader.headers().cloned();
        let mut record = csv::StringRecord::new();
        let broken = |error: csv::Error| {
            let line = error.position().map_or(1, csv::Position::line);
            anyhow::anyhow!("{}:{line}: {error}", self.name)
        };
        let mut next = move || -> anyhow::Result<Option<(u64, T)>> {
            let headers = headers.as_ref().map_err(|error| anyhow::anyhow!("{}:1: {error}", self.name))?;
            if !reader.read_record(&mut record).map_err(broken)? {
                return Ok(None);
            }
            let line = record.position().map_or(1, csv::Position::line);
            Ok(Some((line, record.deserialize(Some(headers)).map_err(broken)?)))
        };
        std::iter::from_fn(move || next().transpose())
    }
}

/// All files of data by their path below `src/spec`.
#[derive(Clone, Debug)]
pub struct SpecFiles(BTreeMap<String, SpecFile>);

impl SpecFiles {
    /// What is built in.
    pub fn builtin() -> SpecFiles {
        let file = |(path, text): &(&str, &str)| {
            ((*path).to_string(), SpecFile { is_proven: true, ..SpecFile::new(format!("src/spec/{path}"), *text) })
        };
        SpecFiles(BUILTIN.iter().map(file).collect())
    }

    /// With the files of a folder: one of the same path replaces the built-in one, others are added.
    ///
    /// # Errors
    /// Where the folder or a file of it cannot be read, or nothing asks for a file of that path.
    pub fn with_overlay(mut self, folder: &Path) -> anyhow::Result<SpecFiles> {
        self.overlay(folder, "")?;
        let is_asked_for = |path: &str| {
            BUILTIN.iter().any(|(own, _)| *own == path) || OPEN_FOLDERS.iter().any(|folder| path.starts_with(folder))
        };
        if let Some((path, file)) = self.0.iter().find(|(path, _)| !is_asked_for(path)) {
            bail!(
                "{}: nothing reads {path}; what is added stands in {}, other files replace a built-in one of the same path",
                file.name,
                OPEN_FOLDERS.join(", ")
            );
        }
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
                self.0.insert(key, SpecFile::new(path.display().to_string().replace('\\', "/"), text));
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

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> SpecFile {
        SpecFile::new("a", text)
    }

    #[test]
    fn what_is_broken_is_told_with_its_line() {
        let message = file("x = 1\ny = 2\n").toml::<BTreeMap<String, String>>().expect_err("no text").to_string();
        assert!(message.starts_with("a:1: "), "{message}");
        let message = |text: &str| {
            let error = file(text).records::<(String, u32)>().find_map(Result::err).expect("a broken record");
            error.to_string()
        };
        assert!(message("# remark\nname,year\n甲,2020\n乙,x\n").starts_with("a:4: "));
        assert!(message("name,year\n甲\n").starts_with("a:2: "));
    }

    #[test]
    fn a_file_that_nothing_reads_is_an_error() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("template")).expect("a folder within");
        std::fs::write(folder.path().join("template/county.toml"), "").expect("a file");
        let error = SpecFiles::builtin().with_overlay(folder.path()).expect_err("nothing reads it").to_string();
        assert!(error.contains("template/county.toml"), "{error}");
    }

    #[test]
    fn every_file_of_data_is_built_in() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/spec");
        let on_disk = SpecFiles(BTreeMap::new()).with_overlay(&folder).expect("the folder of the data");
        let paths = |files: &SpecFiles| files.0.keys().cloned().collect::<Vec<_>>();
        assert_eq!(paths(&SpecFiles::builtin()), paths(&on_disk));
    }
}
