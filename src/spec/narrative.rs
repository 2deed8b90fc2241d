//! Words of the prose: verbs of change, units, wordings of measures. Data in `narrative/*.toml`.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::{Context, bail};
use regex::Regex;
use serde::Deserialize;

use super::SpecFiles;
use crate::base::text::key;
use crate::model::{Phase, Scope};

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
    #[serde(default)]
    is_unique: bool,
    wordings: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TiesFile {
    functional_kinds: Vec<String>,
    tie: Vec<Tie>,
    partition: Vec<Partition>,
    named_partition: Vec<NamedPartition>,
}

/// Cells that restate a measure of the prose.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tie {
    pub measure: String,
    /// Kinds of tables.
    pub kinds: Vec<String>,
    /// Canonical line of the row; `total` for the grand total.
    pub row: Option<String>,
    /// Canonical measures of the column; empty for any column of money.
    #[serde(default)]
    pub columns: Vec<String>,
}

/// Parts that make a whole.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Partition {
    whole: String,
    parts: Vec<String>,
    /// Details of parts that a list may give too; with them the list is no plain sum.
    #[serde(default)]
    optional: Vec<String>,
}

/// Counts whose parts all end with one word.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NamedPartition {
    whole: String,
    suffix: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SlipsFile {
    slip: Vec<SlipEntry>,
    #[serde(default)]
    order: Vec<OrderEntry>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OrderEntry {
    pattern: String,
    larger: Vec<String>,
    smaller: Vec<String>,
    same: Vec<String>,
}

/// A wording that tells the order of two amounts: groups `first`, `second` and `word`; what the word says of the second.
#[derive(Clone, Debug)]
pub struct Order {
    pub pattern: Regex,
    pub larger: Vec<String>,
    pub smaller: Vec<String>,
    pub same: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SlipEntry {
    message: String,
    pattern: String,
    #[serde(default)]
    not_under: Vec<String>,
    phase: Option<Phase>,
    #[serde(default)]
    in_headings: bool,
    #[serde(default)]
    in_contents: bool,
    #[serde(default)]
    only_headings: bool,
    #[serde(default)]
    is_other_year: bool,
    #[serde(default)]
    is_short_of_margin: bool,
    #[serde(default)]
    is_followed_by_new: bool,
    scope: Option<Scope>,
    #[serde(default)]
    levels: Vec<usize>,
    at_most: Option<usize>,
}

/// Stands in a pattern for the document's fiscal year, and what it is looked for as.
const YEAR: &str = "{year}";
const A_YEAR: &str = r"(20\d\d)";

/// Stand in a pattern for the verbs of change.
const RISE: &str = "{rise}";
const FALL: &str = "{fall}";

/// A slip of the text.
#[derive(Clone, Debug)]
pub struct Slip {
    pub message: String,
    pub pattern: Regex,
    /// Words of headings under which it is none.
    pub not_under: Vec<String>,
    /// Documents of this phase only.
    pub phase: Option<Phase>,
    /// Looked for in headings as well, or in them only.
    pub in_headings: bool,
    pub in_contents: bool,
    pub only_headings: bool,
    /// A slip where the year that the first group captures is not the document's.
    pub is_other_year: bool,
    /// A slip where the year that the first group captures is the document's own.
    pub is_own_year: bool,
    /// A slip only where the last line of the paragraph ends before the margin.
    pub is_short_of_margin: bool,
    /// A slip only where a heading or an item with a number comes next, or nothing.
    pub is_followed_by_new: bool,
    /// Documents of this scope only.
    pub scope: Option<Scope>,
    /// Documents of places with so many names from the province down; empty for all.
    pub levels: Vec<usize>,
    /// Found more often in a document, it is meant.
    pub at_most: Option<usize>,
}

/// The vocabulary of the prose.
#[derive(Clone, Debug, Default)]
pub struct Narrative {
    /// Words with what they do.
    pub words: ByFirst<Word>,
    /// Units with their kind.
    pub units: ByFirst<UnitKind>,
    pub phrases: Phrases,
    /// Keys of wordings with the measure, longest first.
    wordings: Vec<(String, String)>,
    /// Measures of which a body has one amount a year.
    unique: BTreeSet<String>,
    pub ties: Vec<Tie>,
    /// Kinds of tables whose rows are functions.
    pub functional_kinds: Vec<String>,
    partitions: Vec<Partition>,
    named_partitions: Vec<NamedPartition>,
    pub slips: Vec<Slip>,
    pub orders: Vec<Order>,
    qualifiers: Vec<String>,
    neutral: Vec<String>,
}

/// Words with their meaning by first character, longest first: every character of the prose asks which words it begins.
#[derive(Clone, Debug)]
pub struct ByFirst<K>(HashMap<char, Vec<(Vec<char>, K)>>);

impl<K> ByFirst<K> {
    /// The words that begin with `first`, longest first.
    pub fn of(&self, first: char) -> &[(Vec<char>, K)] {
        self.0.get(&first).map_or(&[], Vec::as_slice)
    }
}

impl<K> Default for ByFirst<K> {
    fn default() -> ByFirst<K> {
        ByFirst(HashMap::new())
    }
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
    /// Ends of subjects that are budgeted beside a spent amount: 年初预算.
    pub budgeted_tails: Vec<String>,
    /// Ends of subjects that say that it was spent: 支出决算.
    pub spent_tails: Vec<String>,
    /// Ends of subjects that are scores: 评价得分.
    pub scores: Vec<String>,
}

impl Narrative {
    /// Reads and compiles `narrative/*.toml`.
    ///
    /// # Errors
    /// Where a file is no TOML of its shape, or gives one word two meanings.
    pub fn load(files: &SpecFiles) -> anyhow::Result<Narrative> {
        let text = |path: &str| files.get(path).map(|file| file.text.as_str());
        let mut narrative = Narrative::from_toml(text("narrative/words.toml")?, text("narrative/measures.toml")?)?;
        let ties: TiesFile = toml::from_str(text("narrative/ties.toml")?).context("narrative/ties.toml")?;
        narrative.ties = ties.tie;
        narrative.functional_kinds = ties.functional_kinds;
        narrative.partitions = ties.partition;
        narrative.named_partitions = ties.named_partition;
        let slips: SlipsFile = toml::from_str(text("narrative/slips.toml")?).context("narrative/slips.toml")?;
        let (rise, fall) = (narrative.any_of(Word::Increase), narrative.any_of(Word::Decrease));
        for entry in slips.slip {
            let pattern = entry.pattern.replace(YEAR, A_YEAR).replace(RISE, &rise).replace(FALL, &fall);
            let pattern = Regex::new(&pattern).with_context(|| format!("narrative/slips.toml: {}", entry.message))?;
            narrative.slips.push(Slip {
                message: entry.message,
                pattern,
                not_under: entry.not_under,
                phase: entry.phase,
                in_headings: entry.in_headings || entry.only_headings,
                in_contents: entry.in_contents,
                only_headings: entry.only_headings,
                is_other_year: entry.is_other_year,
                is_own_year: entry.pattern.contains(YEAR),
                is_short_of_margin: entry.is_short_of_margin,
                is_followed_by_new: entry.is_followed_by_new,
                scope: entry.scope,
                levels: entry.levels,
                at_most: entry.at_most,
            });
        }
        for entry in slips.order {
            let pattern = Regex::new(&entry.pattern).context("narrative/slips.toml: order")?;
            let (larger, smaller, same) = (entry.larger, entry.smaller, entry.same);
            narrative.orders.push(Order { pattern, larger, smaller, same });
        }
        Ok(narrative)
    }

    /// A pattern of the words that do this, longest first.
    fn any_of(&self, meaning: Word) -> String {
        let words = self.words.0.values().flatten().filter(|(_, own)| *own == meaning);
        let mut words: Vec<String> = words.map(|(word, _)| regex::escape(&word.iter().collect::<String>())).collect();
        longest_first(&mut words);
        format!("(?:{})", words.join("|"))
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
        let mut unique = BTreeSet::new();
        for entry in measures.measure {
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
        Ok(Narrative {
            words: by_first(words.words)?,
            units: by_first(words.units)?,
            phrases,
            wordings,
            unique,
            qualifiers: measures.qualifiers.iter().map(|word| key(word)).collect(),
            neutral: measures.neutral.iter().map(|word| key(word)).collect(),
            ..Narrative::default()
        })
    }

    /// The measure that a subject names, where its wording is known and nothing before the wording changes it.
    pub fn measure(&self, subject: &str) -> Option<&str> {
        let subject = key(subject);
        self.worded(&subject).or_else(|| self.spent(&subject).find_map(|what| self.worded(what)))
    }

    /// What the subject (as a key) says was spent: 公务接待费 of 公务接待费支出决算, and of 公务接待费年初预算支出决算, where the sentence
    /// began with the budget.
    pub fn spent<'a>(&'a self, subject: &'a str) -> impl Iterator<Item = &'a str> {
        self.phrases.spent_tails.iter().filter_map(move |tail| {
            let what = subject.strip_suffix(tail.as_str())?;
            Some(self.budgeted_tail(what).and_then(|tail| what.strip_suffix(tail)).unwrap_or(what))
        })
    }

    fn worded(&self, subject: &str) -> Option<&str> {
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

/// What can be asked of the vocabulary about wholes and functions.
impl Narrative {
    /// True where a body has one such amount a year.
    pub fn is_unique(&self, measure: &str) -> bool {
        self.unique.contains(measure)
    }

    /// True where `parts` are all the parts of `whole` and nothing else.
    pub fn is_partition(&self, whole: &str, parts: &[Option<&str>]) -> bool {
        self.partitions.iter().filter(|partition| partition.whole == whole).any(|partition| {
            partition.parts.len() == parts.len()
                && partition.parts.iter().all(|part| parts.contains(&Some(part.as_str())))
                && !partition.optional.iter().any(|part| parts.contains(&Some(part.as_str())))
        })
    }

    /// True where subjects are all parts of `whole` by what they end with.
    pub fn is_named_partition(&self, whole: &str, subjects: &[&str]) -> bool {
        self.named_partitions.iter().any(|partition| {
            partition.whole == whole && subjects.iter().all(|subject| subject.ends_with(&partition.suffix))
        })
    }

    /// True where the subject (as a key) is a budgeted amount beside the spent one: 年初预算.
    pub fn is_budgeted(&self, subject: &str) -> bool {
        self.phrases.budgeted_tails.iter().any(|tail| subject.ends_with(tail.as_str()))
    }

    /// The longest end of the subject (as a key) that says no more than that it is the budgeted amount: 年初预算数.
    pub fn budgeted_tail(&self, subject: &str) -> Option<&str> {
        let tails = self.phrases.generic_subjects.iter().filter(|tail| self.is_budgeted(tail));
        tails.filter(|tail| subject.ends_with(tail.as_str())).max_by_key(|tail| tail.len()).map(String::as_str)
    }

    /// The function that a subject names: by its code in digits, or by the name marked （类） / （款） / （项） or
    /// standing alone.
    pub fn function_of(&self, subject: &str) -> Option<Function> {
        let subject = key(subject);
        let digits: String = subject.chars().filter(char::is_ascii_digit).collect();
        if matches!(digits.len(), 3 | 5 | 7) && digits.starts_with('2') && subject.contains(digits.as_str()) {
            return Some(Function { code: Some(digits), name: String::new() });
        }
        let bare = subject.strip_suffix("科目").unwrap_or(&subject);
        let bare = ["(项)支出", "(款)支出", "(类)支出", "(项)", "(款)", "(类)"]
            .iter()
            .find_map(|mark| bare.strip_suffix(mark))
            .unwrap_or(bare);
        let name = bare.rsplit(')').next().unwrap_or(bare);
        (name.chars().count() >= 4).then(|| Function { code: None, name: name.to_string() })
    }

    /// The name of a function without numbering and 支出, by which rows and prose meet: `一、一般公共服务支出`.
    pub fn function_key(label: &str) -> String {
        let label = key(label);
        let label = label.split_once('、').map_or(label.as_str(), |(number, rest)| {
            if number.chars().all(|c| "一二三四五六七八九十".contains(c)) { rest } else { label.as_str() }
        });
        label.strip_suffix("支出").unwrap_or(label).to_string()
    }
}

/// A function of expenditure as the prose names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    pub code: Option<String>,
    pub name: String,
}

fn longest_first(list: &mut Vec<String>) {
    list.sort_by_key(|word| (std::cmp::Reverse(word.chars().count()), word.clone()));
    list.dedup();
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
    let mut words: HashMap<char, Vec<(Vec<char>, K)>> = HashMap::new();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_vocabulary_is_sound() {
        let narrative = Narrative::load(&SpecFiles::builtin()).expect("built-in files");
        assert!(narrative.words.0.len() > 20);
        for (first, words) in &narrative.words.0 {
            assert!(words.iter().all(|(word, _)| word.first() == Some(first)));
            assert!(words.windows(2).all(|pair| pair[0].0.len() >= pair[1].0.len()), "{words:?}");
        }
    }

    #[test]
    fn measures_need_a_known_wording_and_no_qualifier() {
        let narrative = Narrative::load(&SpecFiles::builtin()).expect("built-in files");
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
