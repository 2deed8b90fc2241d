//! Slips of the text, and wordings that tell the order of two amounts.

use anyhow::Context;
use serde::Deserialize;

use crate::base::expression::Expression;
use crate::model::{Phase, Scope};
use crate::spec::files::SpecFile;

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
    pub pattern: Expression,
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
    pub pattern: Expression,
    /// Words of headings under which it is none.
    pub not_under: Vec<String>,
    /// Documents of this phase only.
    pub phase: Option<Phase>,
    /// Looked for in headings as well, or in them only.
    pub in_headings: bool,
    /// Looked for in the contents list as well.
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

/// Reads `narrative/slips.toml`; `rise` and `fall` are patterns of the verbs of change.
pub fn read(file: &SpecFile, rise: &str, fall: &str) -> anyhow::Result<(Vec<Slip>, Vec<Order>)> {
    let data: SlipsFile = file.toml()?;
    let slips = data.slip.into_iter().map(|entry| slip(file, entry, rise, fall));
    let orders = data.order.into_iter().map(|entry| {
        let pattern = file.expression(&entry.pattern).context("narrative/slips.toml: order")?;
        Ok(Order { pattern, larger: entry.larger, smaller: entry.smaller, same: entry.same })
    });
    Ok((slips.collect::<anyhow::Result<_>>()?, orders.collect::<anyhow::Result<_>>()?))
}

fn slip(file: &SpecFile, entry: SlipEntry, rise: &str, fall: &str) -> anyhow::Result<Slip> {
    let pattern = entry.pattern.replace(YEAR, A_YEAR).replace(RISE, rise).replace(FALL, fall);
    let pattern = file.expression(&pattern).with_context(|| format!("narrative/slips.toml: {}", entry.message))?;
    Ok(Slip {
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
    })
}
