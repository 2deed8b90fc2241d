//! The functional and economic classifications: codes, their names, the years in which each held.

use std::collections::BTreeMap;
use std::ops::Bound;

use anyhow::{Context, bail};
use serde::Deserialize;

use super::files::SpecFiles;
use crate::base::lexicon::Lexicon;
use crate::base::text::{as_key, key};
use crate::model::Classification;

/// One name of a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub classification: Classification,
    pub code: String,
    pub name: String,
    /// First and last fiscal year; `None` where open or unknown.
    pub valid_from: Option<i32>,
    pub valid_to: Option<i32>,
}

impl Entry {
    /// True where the name holds in a fiscal year; without a year, where it is the current one.
    pub fn is_valid_in(&self, year: Option<i32>) -> bool {
        match year {
            Some(year) => self.valid_from.is_none_or(|from| from <= year) && self.valid_to.is_none_or(|to| year <= to),
            None => self.valid_to.is_none(),
        }
    }
}

#[derive(Deserialize)]
struct Record {
    classification: Classification,
    code: String,
    name: String,
    valid_from: Option<i32>,
    valid_to: Option<i32>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

/// Codes by classification, and back from names.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    by_code: BTreeMap<Classification, BTreeMap<String, Vec<Entry>>>,
    by_name: BTreeMap<Classification, Lexicon<String, Vec<String>>>,
}

impl Vocabulary {
    /// Reads and validates `vocabulary/*.csv`.
    ///
    /// # Errors
    /// With file and line, where a record is broken or stands twice.
    pub fn load(files: &SpecFiles) -> anyhow::Result<Vocabulary> {
        let mut vocabulary = Vocabulary::default();
        for file in files.under("vocabulary/") {
            for record in file.records() {
                let (line, record) = record?;
                vocabulary.add(record).with_context(|| format!("{}:{line}: broken record", file.name))?;
            }
        }
        for codes in vocabulary.by_name.values_mut().flat_map(Lexicon::values_mut) {
            codes.sort();
            codes.dedup();
        }
        Ok(vocabulary)
    }

    fn add(&mut self, record: Record) -> anyhow::Result<()> {
        if record.code.is_empty() || !record.code.bytes().all(|b| b.is_ascii_digit()) {
            bail!("{:?} is no code", record.code);
        }
        let entries = self.by_code.entry(record.classification).or_default().entry(record.code.clone()).or_default();
        let name = key(&record.name);
        if entries.iter().any(|e| e.valid_from == record.valid_from && key(&e.name) == name) {
            bail!("{} {} stands twice", record.code, record.name);
        }
        self.by_name.entry(record.classification).or_default().entry(name).or_default().push(record.code.clone());
        entries.push(Entry {
            classification: record.classification,
            code: record.code,
            name: record.name,
            valid_from: record.valid_from,
            valid_to: record.valid_to,
        });
        Ok(())
    }

    /// All names of a code, the current one first.
    pub fn names(&self, classification: Classification, code: &str) -> &[Entry] {
        self.by_code.get(&classification).and_then(|codes| codes.get(code)).map_or(&[], Vec::as_slice)
    }

    /// True where the code is known.
    pub fn knows(&self, classification: Classification, code: &str) -> bool {
        !self.names(classification, code).is_empty()
    }

    /// True where the classification has codes below this one.
    pub fn is_divided(&self, classification: Classification, code: &str) -> bool {
        let above = (Bound::Excluded(code), Bound::Unbounded);
        let longer = self.by_code.get(&classification).and_then(|codes| codes.range::<str, _>(above).next());
        longer.is_some_and(|(longer, _)| longer.starts_with(code))
    }

    /// Codes that have this name, sorted.
    pub fn codes(&self, classification: Classification, name: &str) -> &[String] {
        self.codes_by_key(classification, &as_key(name))
    }

    /// Codes whose name has this key, sorted.
    pub fn codes_by_key(&self, classification: Classification, name_key: &str) -> &[String] {
        self.by_name.get(&classification).and_then(|names| names.get(name_key)).map_or(&[], Vec::as_slice)
    }

    /// Every entry, sorted by classification and code.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.by_code.values().flat_map(BTreeMap::values).flatten()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const ALSO_PRINTED: &str = "also printed";

    fn records() -> Vec<Record> {
        let files = SpecFiles::builtin();
        let records = files.under("vocabulary/").flat_map(|file| file.records());
        records.map(|record| record.expect("sound record").1).collect()
    }

    #[test]
    fn every_code_has_the_code_above_it() {
        let records = records();
        let codes: BTreeSet<_> = records.iter().map(|r| (r.classification, r.code.as_str())).collect();
        for record in &records {
            assert!(matches!(record.code.len(), 3 | 5 | 7), "{} {}", record.code, record.name);
            let above = &record.code[..record.code.len() - 2];
            assert!(
                record.code.len() == 3 || codes.contains(&(record.classification, above)),
                "{} {} stands without {above}",
                record.code,
                record.name
            );
        }
    }

    #[test]
    fn a_code_has_one_name_a_year() {
        let mut by_code: BTreeMap<_, Vec<Record>> = BTreeMap::new();
        for record in records() {
            assert!(!key(&record.name).is_empty(), "{} has no name", record.code);
            by_code.entry((record.classification, record.code.clone())).or_default().push(record);
        }
        for names in by_code.values() {
            let span = |r: &Record| (r.valid_from.unwrap_or(i32::MIN), r.valid_to.unwrap_or(i32::MAX));
            let mut spans: Vec<_> =
                names.iter().filter(|r| r._note.as_deref() != Some(ALSO_PRINTED)).map(|r| (span(r), &r.name)).collect();
            spans.sort();
            assert!(!spans.is_empty(), "{}: second wordings of nothing", names[0].code);
            for ((from, to), name) in &spans {
                assert!(from <= to, "{} {name} ends before it begins", names[0].code);
            }
            for pair in spans.windows(2) {
                assert!(pair[0].0.1 < pair[1].0.0, "{}: {} and {} overlap", names[0].code, pair[0].1, pair[1].1);
            }
        }
    }

    #[test]
    fn a_name_follows_the_year() {
        let vocabulary = Vocabulary::load(&SpecFiles::builtin()).expect("sound data");
        let name = |code: &str, year| {
            let entries = vocabulary.names(Classification::Functional, code).iter();
            entries.filter(|entry| entry.is_valid_in(Some(year))).map(|entry| entry.name.as_str()).collect::<Vec<_>>()
        };
        // The reform of 2018 is in the edition of 2019.
        assert_eq!(name("210", 2018), ["医疗卫生与计划生育支出"]);
        assert_eq!(name("210", 2019), ["卫生健康支出"]);
        assert_eq!(name("20138", 2018), [""; 0]);
        assert_eq!(name("20138", 2026), ["市场监督管理事务"]);
    }
}
