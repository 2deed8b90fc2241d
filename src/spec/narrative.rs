//! Words of the prose: verbs of change, units, wordings of measures. Data in `narrative/*.toml`.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use serde::Deserialize;

use crate::base::text::key;

/// What a word does in a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Word {
    /// 增加, 增长.
    Increase,
    /// 减少, 下降.
    Decrease,
    /// 增加到: what follows is an amount, not a change.
    To,
    /// 比, 较, 与: begins a comparison.
    Than,
    /// 相比: ends it.
    Compared,
    /// 上年, 去年.
    Prior,
    /// 占.
    Share,
    /// 完成, 执行率.
    Completion,
    /// 其中, 包括: parts follow.
    List,
    /// 主要原因是: an explanation follows.
    Reason,
    /// 主要用于.
    Purpose,
    /// 以上, after a figure.
    BoundAfter,
    /// 单价, 不超过, before a figure.
    BoundBefore,
    /// 每, 人均.
    Each,
    /// Says nothing between a verb and its figure.
    Filler,
    /// Keeps a longer word from being read as a shorter one.
    Text,
}

/// What the word after a figure makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    Money,
    Percent,
    Times,
    Area,
    Count,
    /// Dates, numbers of documents, grades: no quantity of the body.
    Ignored,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WordsFile {
    #[serde(default)]
    phrases: Phrases,
    words: BTreeMap<Word, Vec<String>>,
    units: BTreeMap<UnitKind, Vec<String>>,
}

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
    wordings: Vec<String>,
}

/// The vocabulary of the prose.
#[derive(Clone, Debug, Default)]
pub struct Narrative {
    /// Words with what they do, longest first.
    pub words: Vec<(Vec<char>, Word)>,
    /// Units with their kind, longest first.
    pub units: Vec<(Vec<char>, UnitKind)>,
    pub phrases: Phrases,
    /// Keys of wordings with the measure, longest first.
    wordings: Vec<(String, String)>,
    qualifiers: Vec<String>,
    neutral: Vec<String>,
}

/// Words around subjects.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phrases {
    /// After the year of a comparison: 年初预算数.
    pub base_tails: Vec<String>,
    pub subject_heads: Vec<String>,
    pub subject_tails: Vec<String>,
    /// Subjects that mean nothing alone: 年初预算, 涉及金额.
    pub generic_subjects: Vec<String>,
}

impl Narrative {
    /// The vocabulary built into the program.
    ///
    /// # Errors
    /// Where a file is no TOML of its shape, or gives one word two meanings.
    pub fn builtin() -> anyhow::Result<Narrative> {
        Narrative::from_toml(include_str!("narrative/words.toml"), include_str!("narrative/measures.toml"))
    }

    fn from_toml(words: &str, measures: &str) -> anyhow::Result<Narrative> {
        let words: WordsFile = toml::from_str(words).context("narrative/words.toml")?;
        let mut phrases = words.phrases;
        for list in [
            &mut phrases.base_tails,
            &mut phrases.subject_heads,
            &mut phrases.subject_tails,
            &mut phrases.generic_subjects,
        ] {
            longest_first(list);
        }
        let measures: MeasuresFile = toml::from_str(measures).context("narrative/measures.toml")?;
        let mut wordings: Vec<(String, String)> = Vec::new();
        for entry in measures.measure {
            for wording in entry.wordings {
                wordings.push((key(&wording), entry.name.clone()));
            }
        }
        wordings.sort_by_key(|(wording, _)| (std::cmp::Reverse(wording.chars().count()), wording.clone()));
        if let Some(pair) = wordings.windows(2).find(|pair| pair[0].0 == pair[1].0 && pair[0].1 != pair[1].1) {
            bail!("narrative/measures.toml: {} measures both {} and {}", pair[0].0, pair[0].1, pair[1].1);
        }
        Ok(Narrative {
            words: flatten(words.words)?,
            units: flatten(words.units)?,
            phrases,
            wordings,
            qualifiers: measures.qualifiers.iter().map(|word| key(word)).collect(),
            neutral: measures.neutral.iter().map(|word| key(word)).collect(),
        })
    }

    /// The measure that a subject names, where its wording is known and nothing before the wording changes it.
    pub fn measure(&self, subject: &str) -> Option<&str> {
        let subject = key(subject);
        for (wording, name) in &self.wordings {
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
}

fn longest_first(list: &mut Vec<String>) {
    list.sort_by_key(|word| (std::cmp::Reverse(word.chars().count()), word.clone()));
    list.dedup();
}

fn flatten<K: Copy + Ord + std::fmt::Debug>(lists: BTreeMap<K, Vec<String>>) -> anyhow::Result<Vec<(Vec<char>, K)>> {
    let mut seen: BTreeMap<Vec<char>, K> = BTreeMap::new();
    for (kind, list) in lists {
        for word in list {
            let folded: Vec<char> = word.chars().map(fold).collect();
            if let Some(before) = seen.insert(folded, kind)
                && before != kind
            {
                bail!("narrative/words.toml: {word} is both {before:?} and {kind:?}");
            }
        }
    }
    let mut flat: Vec<(Vec<char>, K)> = seen.into_iter().collect();
    flat.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
    Ok(flat)
}

/// Full-width ASCII as plain ASCII, character for character, so that positions stay.
pub fn fold(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '﹪' => '%',
        '〔' | '【' | '〖' => '[',
        '〕' | '】' | '〗' => ']',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_vocabulary_is_sound() {
        let narrative = Narrative::builtin().expect("built-in files");
        assert!(narrative.words.len() > 50);
        assert!(narrative.words.windows(2).all(|pair| pair[0].0.len() >= pair[1].0.len()));
    }

    #[test]
    fn measures_need_a_known_wording_and_no_qualifier() {
        let narrative = Narrative::builtin().expect("built-in files");
        assert_eq!(narrative.measure("甲县教育局一般公共预算当年支出"), Some("general_public_budget_expenditure"));
        assert_eq!(narrative.measure("因公出国（境）费用"), Some("official_overseas_visits"));
        // Carried over is something else than received.
        assert_eq!(narrative.measure("上年结转结余的一般公共预算收入"), None);
        assert_eq!(narrative.measure("天气"), None);
    }

    #[test]
    fn one_word_has_one_meaning() {
        let error = Narrative::from_toml(
            "[words]\nincrease=[\"增加\"]\ndecrease=[\"增加\"]\n[units]\n",
            "qualifiers=[]\nneutral=[]\nmeasure=[]",
        )
        .unwrap_err();
        assert!(format!("{error:#}").contains("增加"));
    }
}
