//! What single words do: verbs of change, what precedes and follows a figure, units.

use std::collections::BTreeMap;

use anyhow::bail;
use serde::Deserialize;

use crate::base::lexicon::Lexicon;
use crate::spec::files::SpecFile;

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

/// Words around subjects.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phrases {
    /// After the year of a comparison: 年初预算数.
    pub base_tails: Vec<String>,
    subject_heads: Vec<String>,
    subject_tails: Vec<String>,
    /// What heads begin with and tails end with: most subjects have neither.
    #[serde(skip)]
    firsts_of_heads: Lexicon<char, ()>,
    #[serde(skip)]
    lasts_of_tails: Lexicon<char, ()>,
    /// Subjects that mean nothing alone: 年初预算, 涉及金额.
    pub generic_subjects: Vec<String>,
    /// Ends of subjects that are budgeted beside a spent amount: 年初预算.
    pub budgeted_tails: Vec<String>,
    /// Ends of subjects that say that it was spent: 支出决算.
    pub spent_tails: Vec<String>,
    /// Ends of subjects that are scores: 评价得分.
    pub scores: Vec<String>,
}

impl Phrases {
    /// A subject without what stands in front of it and is no part of it.
    pub fn without_heads<'t>(&self, subject: &'t str) -> &'t str {
        if !subject.starts_with(|first| self.firsts_of_heads.contains_key(&first)) {
            return subject;
        }
        self.subject_heads.iter().fold(subject, |subject, head| subject.strip_prefix(head.as_str()).unwrap_or(subject))
    }

    /// A subject without what stands behind it and is no part of it.
    pub fn without_tails<'t>(&self, subject: &'t str) -> &'t str {
        if !subject.ends_with(|last| self.lasts_of_tails.contains_key(&last)) {
            return subject;
        }
        self.subject_tails.iter().fold(subject, |subject, tail| subject.strip_suffix(tail.as_str()).unwrap_or(subject))
    }
}

/// Words with their meaning by first character, longest first: every character of the prose asks which words it begins.
#[derive(Clone, Debug)]
pub struct ByFirst<K>(Lexicon<char, Vec<(Vec<char>, K)>>);

impl<K> ByFirst<K> {
    /// The words that begin with `first`, longest first.
    pub fn of(&self, first: char) -> &[(Vec<char>, K)] {
        self.0.get(&first).map_or(&[], Vec::as_slice)
    }
}

impl<K> Default for ByFirst<K> {
    fn default() -> ByFirst<K> {
        ByFirst(Lexicon::default())
    }
}

/// Reads `narrative/words.toml`: words, units, phrases.
pub fn read(file: &SpecFile) -> anyhow::Result<(ByFirst<Word>, ByFirst<UnitKind>, Phrases)> {
    let WordsFile { mut phrases, words, units } = file.toml()?;
    for list in
        [&mut phrases.base_tails, &mut phrases.subject_heads, &mut phrases.subject_tails, &mut phrases.generic_subjects]
    {
        longest_first(list);
    }
    phrases.firsts_of_heads =
        phrases.subject_heads.iter().filter_map(|head| Some((head.chars().next()?, ()))).collect();
    phrases.lasts_of_tails = phrases.subject_tails.iter().filter_map(|tail| Some((tail.chars().last()?, ()))).collect();
    Ok((by_first(words)?, by_first(units)?, phrases))
}

impl ByFirst<Word> {
    /// A pattern of the words that do this, longest first.
    pub fn any_of(&self, meaning: Word) -> String {
        let words = self.0.values().flatten().filter(|(_, own)| *own == meaning);
        let mut words: Vec<String> = words.map(|(word, _)| regex::escape(&word.iter().collect::<String>())).collect();
        longest_first(&mut words);
        format!("(?:{})", words.join("|"))
    }
}

fn by_first<K: Copy + Ord + std::fmt::Debug>(lists: BTreeMap<K, Vec<String>>) -> anyhow::Result<ByFirst<K>> {
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
    let mut words: Lexicon<char, Vec<(Vec<char>, K)>> = Lexicon::default();
    for (word, kind) in seen {
        if let Some(first) = word.first().copied() {
            words.entry(first).or_default().push((word, kind));
        }
    }
    words.values_mut().for_each(|words| words.sort_by_key(|(word, _)| std::cmp::Reverse(word.len())));
    Ok(ByFirst(words))
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

fn longest_first(list: &mut Vec<String>) {
    list.sort_by_key(|word| (std::cmp::Reverse(word.chars().count()), word.clone()));
    list.dedup();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::SpecFiles;

    #[test]
    fn words_are_found_by_their_first_character_longest_first() {
        let files = SpecFiles::builtin();
        let (words, ..) = read(files.get("narrative/words.toml").expect("built in")).expect("a sound file");
        assert!(words.0.len() > 20);
        for (first, words) in &words.0 {
            assert!(words.iter().all(|(word, _)| word.first() == Some(first)));
            assert!(words.windows(2).all(|pair| pair[0].0.len() >= pair[1].0.len()), "{words:?}");
        }
    }

    #[test]
    fn one_word_has_one_meaning() {
        let text = "[words]\nincrease=[\"增加\"]\ndecrease=[\"增加\"]\n[units]\n";
        let error = read(&SpecFile::new("a", text)).unwrap_err();
        assert!(format!("{error:#}").contains("增加"));
    }
}
