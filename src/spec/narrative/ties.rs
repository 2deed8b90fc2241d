//! Which cells and which parts restate an amount of the prose.

use serde::Deserialize;

/// What restates amounts of the prose.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ties {
    /// Kinds of tables whose rows are functions.
    functional_kinds: Vec<String>,
    #[serde(rename = "tie")]
    pub ties: Vec<Tie>,
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

impl Ties {
    /// True for tables of this kind whose rows are functions.
    pub fn is_functional(&self, kind: &str) -> bool {
        self.functional_kinds.iter().any(|functional| functional == kind)
    }

    /// True where `parts` are all the parts of `whole` and nothing else.
    pub fn is_partition(&self, whole: &str, parts: &[Option<&str>]) -> bool {
        self.partition.iter().filter(|partition| partition.whole == whole).any(|partition| {
            partition.parts.len() == parts.len()
                && partition.parts.iter().all(|part| parts.contains(&Some(part.as_str())))
                && !partition.optional.iter().any(|part| parts.contains(&Some(part.as_str())))
        })
    }

    /// True where subjects are all parts of `whole` by what they end with.
    pub fn is_named_partition(&self, whole: &str, subjects: &[&str]) -> bool {
        self.named_partition.iter().any(|partition| {
            partition.whole == whole && subjects.iter().all(|subject| subject.ends_with(&partition.suffix))
        })
    }
}
