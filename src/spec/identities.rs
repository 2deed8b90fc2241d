//! Accounting identities as data: three forms, one stanza each, validated with file and line.
//!
//! - `across`: in every row, one column is the sum of others.
//! - `down`: in every column, a row is the sum of the rows below it.
//! - `equal`: signed sums of addressed cells agree, over tables.
//! - `cover`: a table lists every code of another.
//! - `totals`: rows of totals that tables of a kind have.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use super::files::{SpecFile, SpecFiles};
use crate::base::finding::Severity;
use crate::base::text::{as_key, key};
use crate::model::Phase;

/// All identities, in the order of their files.
#[derive(Clone, Debug, Default)]
pub struct Identities {
    pub words: Words,
    pub across: Vec<Across>,
    pub down: Vec<Down>,
    pub equal: Vec<Equal>,
    pub cover: Vec<Cover>,
    pub totals: Totals,
}

/// The rows of totals that tables have wherever their document prints such rows.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Totals {
    /// Kinds with one 合计.
    pub kinds: Vec<String>,
    /// Kinds with a grand total on each side.
    pub two_sided: Vec<String>,
    /// Kinds that have figures in every document that has money.
    pub of_all_money: Vec<String>,
    /// Kinds that divide their total into rows, be it into one.
    pub divided: Vec<String>,
    /// Words in the label of a line that stands below the current year's total of a side, as [`key`]s.
    #[serde(deserialize_with = "keys")]
    pub carryover: Vec<String>,
}

impl Totals {
    /// True for the label of money carried over from or to another year.
    pub fn is_carryover(&self, label: &str) -> bool {
        self.is_key_of_carryover(&as_key(label))
    }

    /// The same of a label's [`key`].
    pub fn is_key_of_carryover(&self, key: &str) -> bool {
        self.carryover.iter().any(|word| key.contains(word.as_str()))
    }
}

/// Words that tell a sum from its parts, as the [`key`]s by which they are compared.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Leaf headers of a column that sums its siblings: 合计, 小计.
    #[serde(default, deserialize_with = "keys")]
    pub column_totals: Vec<String>,
    /// Ends of such headers: 项目支出总数.
    #[serde(default, deserialize_with = "keys")]
    pub column_total_endings: Vec<String>,
    /// Beginnings of a label or header that names a part already counted elsewhere: 其中.
    #[serde(default, deserialize_with = "keys")]
    pub of_which: Vec<String>,
    /// Lines that the lines directly below them are parts of, whatever numbers them: item → items.
    #[serde(default)]
    pub parts_of_items: BTreeMap<String, Vec<String>>,
    /// Labels of a row that says what the rows of two years above it differ by: 增减变化金额.
    #[serde(default, deserialize_with = "keys")]
    pub change_rows: Vec<String>,
    /// What follows the year in the label of a row of one: 年.
    #[serde(default, deserialize_with = "keys")]
    pub year_rows: Vec<String>,
    /// Words by which a document says that it leaves secret matters out of what it prints.
    #[serde(default, deserialize_with = "keys")]
    pub left_out: Vec<String>,
}

impl Words {
    /// True for the header of a column that sums others.
    pub fn is_column_total(&self, text: &str) -> bool {
        let key = key(text);
        self.column_totals.contains(&key) || self.column_total_endings.iter().any(|word| key.ends_with(word.as_str()))
    }

    /// True for the label of a row that sums others: 人员经费合计.
    pub fn ends_in_total(&self, label: &str) -> bool {
        let key = key(label);
        self.column_totals.iter().any(|word| key.ends_with(word.as_str()))
    }

    /// True for a note or sentence that says that something was left out of what is printed.
    pub fn says_left_out(&self, text: &str) -> bool {
        let key = as_key(text);
        self.left_out.iter().any(|words| key.contains(words.as_str()))
    }

    /// True for a header or label of a part that is counted elsewhere.
    pub fn is_of_which(&self, text: &str) -> bool {
        let key = as_key(text);
        self.of_which.iter().any(|word| key.starts_with(word.as_str()))
    }
}

fn keys<'de, D: Deserializer<'de>>(words: D) -> Result<Vec<String>, D::Error> {
    Ok(Vec::<String>::deserialize(words)?.iter().map(|word| key(word)).collect())
}

/// When a stanza applies to a table.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    pub phase: Option<Phase>,
    /// Qualifiers that the table must have.
    #[serde(default)]
    pub qualifiers: Vec<String>,
    /// Qualifiers that it must not have.
    #[serde(default)]
    pub without_qualifiers: Vec<String>,
    /// Measures that must be among its columns.
    #[serde(default)]
    pub columns: Vec<String>,
    /// Measures that must not be.
    #[serde(default)]
    pub without_columns: Vec<String>,
}

/// In every row `total` is the sum of `parts`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Across {
    pub name: String,
    /// Table kinds; empty = every known kind.
    #[serde(default)]
    pub kinds: Vec<String>,
    #[serde(default)]
    pub when: When,
    /// Measure of the sum; absent where the header tells it (`parts` absent too): a 合计 or 小计 sums its siblings.
    pub total: Option<OneOrMany>,
    /// Measures of the parts. Several readings are alternatives: the table is read in the one that most rows hold by.
    #[serde(default)]
    pub parts: Vec<Vec<String>>,
    #[serde(default = "error")]
    pub severity: Severity,
}

/// How the rows below a row are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DownBy {
    /// A code is the sum of the codes that it begins.
    Code,
    /// The grand total is the sum of the rows of the highest level.
    Total,
    /// 一、 is the sum of (一) (二) …, or of 1. 2. …; 公务用车 of ① ②.
    Numbering,
    /// A list: its lines, which look alike, make up the rows of their groups and the total.
    Lines,
    /// A list whose levels nothing prints: its amounts nest, and all lines stand equally deep.
    Amounts,
    /// 增减变化金额 is the year above it less the year above that.
    Years,
    /// One side of a two-sided table: 本年合计 is the sum of the items above it, 总计 of 本年合计 and what follows it.
    Sides,
}

/// In every amount column a row is the sum of rows below it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Down {
    pub name: String,
    #[serde(default)]
    pub kinds: Vec<String>,
    #[serde(default)]
    pub when: When,
    pub by: DownBy,
    /// For `sides`: items of the current year's totals and of the grand totals. For `amounts`: of totals below their list.
    #[serde(default)]
    pub current: Vec<String>,
    #[serde(default)]
    pub grand: Vec<String>,
    #[serde(default = "error")]
    pub severity: Severity,
}

/// What a row is joined by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Join {
    /// Its functional code.
    Code,
    /// Its label without number, blanks and typography.
    Label,
}

/// How the two sides compare.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    #[default]
    Equal,
    AtMost,
}

/// The signed sum of `left` agrees with that of one reading of `right`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Equal {
    pub name: String,
    pub phase: Option<Phase>,
    pub left: Vec<Address>,
    /// Readings: lawful alternatives, the most usual first.
    pub right: Vec<Vec<Address>>,
    /// Compare row by row instead of one cell each.
    pub join: Option<Join>,
    /// Lengths of the codes that are joined; empty = all.
    #[serde(default)]
    pub code_lengths: Vec<usize>,
    #[serde(default)]
    pub relation: Relation,
    #[serde(default = "error")]
    pub severity: Severity,
}

/// What `part` spends on a function is contained in what `whole` spends on it, so `whole` lists every code of `part`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cover {
    pub name: String,
    /// Table kinds.
    pub part: String,
    pub whole: String,
    /// Only where both tables have the same total.
    #[serde(default)]
    pub if_equal: bool,
}

/// A cell: table, row, column. Lists are alternatives, the first that exists is meant.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Address {
    pub kind: OneOrMany,
    /// Qualifiers that the table must and must not have.
    #[serde(default)]
    pub qualifiers: Vec<String>,
    #[serde(default)]
    pub without_qualifiers: Vec<String>,
    /// Row item, or `total` for the grand total. Absent where rows are joined.
    pub row: Option<OneOrMany>,
    pub measure: OneOrMany,
    #[serde(default = "one")]
    pub sign: i8,
    /// A blank cell, a missing row or a nil table counts as nothing.
    #[serde(default)]
    pub blank_is_zero: bool,
    /// A document without such a table has none of it.
    #[serde(default)]
    pub absent_is_zero: bool,
    /// Only some families print the row and the column: the identity says nothing of a table without them.
    #[serde(default)]
    pub if_printed: bool,
}

/// `"a"` or `["a", "b"]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    pub fn contains(&self, name: &str) -> bool {
        self.iter().any(|one| one == name)
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        match self {
            OneOrMany::One(one) => std::slice::from_ref(one).iter().map(String::as_str),
            OneOrMany::Many(many) => many.iter().map(String::as_str),
        }
    }
}

fn error() -> Severity {
    Severity::Error
}

fn one() -> i8 {
    1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    words: Option<Words>,
    totals: Option<Totals>,
    #[serde(default)]
    across: Vec<Spanned<Across>>,
    #[serde(default)]
    down: Vec<Spanned<Down>>,
    #[serde(default)]
    equal: Vec<Spanned<Equal>>,
    #[serde(default)]
    cover: Vec<Spanned<Cover>>,
}

impl Identities {
    /// Reads and validates `identities/*.toml`.
    ///
    /// # Errors
    /// Where a stanza is broken: file, line, reason.
    pub fn load(files: &SpecFiles) -> Result<Identities> {
        Identities::from_files(files.under("identities/"))
    }

    fn from_files<'a>(files: impl IntoIterator<Item = &'a SpecFile>) -> Result<Identities> {
        let mut all = Identities::default();
        let mut names = BTreeSet::new();
        for file in files {
            let parsed: File = file.toml()?;
            let mut claim = |name: &str, at: usize, fault: Option<String>| -> Result<()> {
                let fault = fault.or_else(|| (!names.insert(name.to_string())).then(|| "the name is taken".into()));
                fault.map_or(Ok(()), |fault| bail!("{}: {name}: {fault}", file.at(at)))
            };
            for stanza in parsed.across {
                let at = stanza.span().start;
                let across = stanza.into_inner();
                claim(&across.name, at, across.fault())?;
                all.across.push(across);
            }
            for stanza in parsed.down {
                let at = stanza.span().start;
                let down = stanza.into_inner();
                claim(&down.name, at, down.fault())?;
                all.down.push(down);
            }
            for stanza in parsed.equal {
                let at = stanza.span().start;
                let equal = stanza.into_inner();
                claim(&equal.name, at, equal.fault())?;
                all.equal.push(equal);
            }
            for stanza in parsed.cover {
                let at = stanza.span().start;
                let cover = stanza.into_inner();
                claim(&cover.name, at, None)?;
                all.cover.push(cover);
            }
            if let Some(words) = parsed.words {
                all.words = words;
            }
            if let Some(totals) = parsed.totals {
                all.totals = totals;
            }
        }
        Ok(all)
    }

    /// Every kind, measure and row item that the stanzas name: what templates must know.
    pub fn vocabulary(&self) -> (BTreeSet<&str>, BTreeSet<&str>, BTreeSet<&str>) {
        let mut kinds = BTreeSet::new();
        let mut measures = BTreeSet::new();
        let mut items = BTreeSet::new();
        items.extend(self.down.iter().flat_map(|down| down.current.iter().chain(&down.grand)).map(String::as_str));
        for across in &self.across {
            kinds.extend(across.kinds.iter().map(String::as_str));
            measures.extend(across.total.iter().flat_map(OneOrMany::iter));
            measures.extend(across.parts.iter().flatten().map(String::as_str));
        }
        kinds.extend(self.down.iter().flat_map(|down| &down.kinds).map(String::as_str));
        kinds.extend(self.totals.kinds.iter().chain(&self.totals.two_sided).map(String::as_str));
        kinds.extend(self.cover.iter().flat_map(|cover| [cover.part.as_str(), cover.whole.as_str()]));
        for address in self.equal.iter().flat_map(|equal| equal.left.iter().chain(equal.right.iter().flatten())) {
            kinds.extend(address.kind.iter());
            measures.extend(address.measure.iter());
            // `total` is the grand total of any table.
            items.extend(address.row.iter().flat_map(OneOrMany::iter).filter(|item| *item != "total"));
        }
        (kinds, measures, items)
    }
}

impl Across {
    fn fault(&self) -> Option<String> {
        match (&self.total, self.parts.is_empty()) {
            (Some(_), true) => Some("a total without parts".into()),
            (None, false) => Some("parts without a total".into()),
            _ => {
                self.parts.iter().any(|reading| reading.len() < 2).then(|| "a reading with fewer than two parts".into())
            }
        }
    }
}

impl Down {
    fn fault(&self) -> Option<String> {
        let named = !self.current.is_empty() || !self.grand.is_empty();
        match self.by {
            DownBy::Sides if !named => Some("`sides` without `current` and `grand`".into()),
            DownBy::Amounts if !self.grand.is_empty() => Some("`grand` belongs to `sides`".into()),
            DownBy::Sides | DownBy::Amounts => None,
            _ => named.then(|| "`current` and `grand` belong to `sides`".into()),
        }
    }
}

impl Equal {
    fn fault(&self) -> Option<String> {
        if self.left.is_empty() || self.right.is_empty() || self.right.iter().any(Vec::is_empty) {
            return Some("a side without terms".into());
        }
        for address in self.left.iter().chain(self.right.iter().flatten()) {
            if address.sign.abs() != 1 {
                return Some("a sign is 1 or -1".into());
            }
            if address.row.is_none() != self.join.is_some() {
                return Some("`row` belongs to identities without `join`, and to all of their terms".into());
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builtin_identities_are_sound() {
        let all = Identities::load(&SpecFiles::builtin()).expect("built-in identities");
        assert!(all.across.len() >= 3 && all.down.len() >= 4 && all.equal.len() >= 10);
    }

    #[test]
    fn faults_name_file_and_line() {
        let fault = |name: &str, text: &str| {
            let file = SpecFile::new(name, text);
            Identities::from_files([&file]).expect_err("a fault").to_string()
        };
        let broken = "[[across]]\nname = \"a\"\n\n[[across]]\nname = \"b\"\ntotal = \"total\"\n";
        let error = fault("x.toml", broken);
        assert_eq!(error, "x.toml:4: b: a total without parts");
        let unknown = "[[down]]\nname = \"a\"\nby = \"code\"\nkind = [\"x\"]\n";
        let error = fault("y.toml", unknown);
        assert!(error.starts_with("y.toml:4: unknown field `kind`"), "{error}");
        let twice = "[[down]]\nname = \"a\"\nby = \"code\"\n[[down]]\nname = \"a\"\nby = \"total\"\n";
        let error = fault("z.toml", twice);
        assert_eq!(error, "z.toml:4: a: the name is taken");
    }
}
