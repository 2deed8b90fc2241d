//! What amount a subject names.

use std::collections::BTreeSet;

use anyhow::bail;
use serde::Deserialize;

use crate::base::lexicon::Lexicon;
use crate::base::text::{as_key, key};
use crate::spec::files::SpecFile;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MeasuresFile {
    qualifiers: Vec<String>,
    neutral: Vec<String>,
    measure: Vec<MeasureEntry>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MeasureEntry {
    name: String,
    #[serde(default)]
    is_unique: bool,
    wordings: Vec<String>,
}

/// Wordings of amounts.
#[derive(Clone, Debug, Default)]
pub struct Measures {
    /// Keys of wordings with the measure by last character, longest first.
    wordings: Lexicon<char, Vec<(String, String)>>,
    /// Measures of which a body has one amount a year.
    unique: BTreeSet<String>,
    qualifiers: Vec<String>,
    neutral: Vec<String>,
}

impl Measures {
    /// Reads `narrative/measures.toml`.
    pub fn read(file: &SpecFile) -> anyhow::Result<Measures> {
        let file: MeasuresFile = file.toml()?;
        let mut wordings: Vec<(String, String)> = Vec::new();
        let mut unique = BTreeSet::new();
        for entry in file.measure {
            if entry.is_unique {
                unique.insert(entry.name.clone());
            }
            for wording in entry.wordings {
                wordings.push((key(&wording), entry.name.clone()));
            }
        }
        wordings.sort_by_key(|(wording, _)| (std::cmp::Reverse(wording.chars().count()), wording.clone()));
        if let Some(pair) = wordings.windows(2).find(|pair| pair[0].0 == pair[1].0 && pair[0].1 != pair[1].1) {
            bail!("narrative/measures.toml: {} measures both {} and {}", pair[0].0, pair[0].1, pair[1].1);
        }
        let mut by_last: Lexicon<char, Vec<(String, String)>> = Lexicon::default();
        for (wording, name) in wordings {
            let Some(last) = wording.chars().next_back() else { continue };
            by_last.entry(last).or_default().push((wording, name));
        }
        let keys = |words: &[String]| words.iter().map(|word| key(word)).collect();
        Ok(Measures { wordings: by_last, unique, qualifiers: keys(&file.qualifiers), neutral: keys(&file.neutral) })
    }

    /// The measure that a subject names, where its wording is known and nothing before the wording changes it.
    pub fn measure(&self, subject: &str) -> Option<&str> {
        let subject = as_key(subject);
        for (wording, name) in self.wordings.get(&subject.chars().next_back()?)? {
            let Some(before) = subject.strip_suffix(wording.as_str()) else { continue };
            let mut before = before;
            while let Some(rest) = self.neutral.iter().find_map(|word| before.strip_suffix(word.as_str())) {
                before = rest;
            }
            if !self.qualifiers.iter().any(|word| before.contains(word.as_str())) {
                return Some(name);
            }
            // A shorter wording would only leave more before it.
            return None;
        }
        None
    }

    /// True where a body has one such amount a year.
    pub fn is_unique(&self, measure: &str) -> bool {
        self.unique.contains(measure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::SpecFiles;

    #[test]
    fn measures_need_a_known_wording_and_no_qualifier() {
        let files = SpecFiles::builtin();
        let measures = Measures::read(files.get("narrative/measures.toml").expect("built in")).expect("a sound file");
        assert_eq!(measures.measure("甲县教育局一般公共预算当年支出"), Some("general_public_budget_expenditure"));
        assert_eq!(measures.measure("因公出国（境）费用"), Some("official_overseas_visits"));
        // Carried over is something else than received.
        assert_eq!(measures.measure("上年结转结余的一般公共预算收入"), None);
        assert_eq!(measures.measure("天气"), None);
    }
}
