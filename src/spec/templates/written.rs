//! A file of templates as it is written.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::Signature;
use crate::model::{Classification, ColumnRole, Layout, RowRole, Side};

/// One file as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) family: String,
    pub(super) description: String,
    #[serde(default)]
    pub(super) recognise: Vec<RecogniseFile>,
    #[serde(default)]
    pub(super) kind: Vec<KindFile>,
    #[serde(default)]
    pub(super) measure: Vec<MeasureFile>,
    #[serde(default)]
    pub(super) scope: Vec<NamedLabels>,
    #[serde(default)]
    pub(super) item: Vec<ItemFile>,
    #[serde(default)]
    pub(super) column: Vec<ColumnFile>,
    #[serde(default)]
    pub(super) qualifier: Vec<NamedLabels>,
    #[serde(default)]
    pub(super) composed: Vec<ComposedFile>,
    #[serde(default)]
    pub(super) counted: Vec<CountedFile>,
    #[serde(default)]
    pub(super) words: Words,
}

/// Lines of rows that count things and print no unit: a regular expression over the whole key of their label.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CountedFile {
    pub(super) label: Spanned<String>,
    pub(super) unit: String,
}

/// A header label that is made of others: a regular expression over its whole key, and the path that it stands for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ComposedFile {
    pub(super) label: Spanned<String>,
    pub(super) path: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecogniseFile {
    /// Regular expression over the key of a mark.
    #[serde(default)]
    pub(super) mark: Option<String>,
    /// Title of a table (without year, body and numbering). Beside a mark, both must be of one table.
    #[serde(default)]
    pub(super) title: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KindFile {
    pub(super) name: Spanned<String>,
    #[serde(default)]
    pub(super) chinese: Option<String>,
    #[serde(default)]
    pub(super) layout: Option<Layout>,
    #[serde(default)]
    pub(super) total: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) classification: Option<Classification>,
    #[serde(default)]
    pub(super) titles: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) title_patterns: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) inferred_from: Vec<Signature>,
    #[serde(default)]
    pub(super) columns: Vec<ColumnsFile>,
    #[serde(default)]
    pub(super) expects: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) expects_items: Vec<Spanned<String>>,
    /// Headers of the names by which its rows are called, where other names stand before them.
    #[serde(default)]
    pub(super) row_names: Vec<String>,
    /// The kind of the same expenditure by economic classification.
    #[serde(default)]
    pub(super) by_economic: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ColumnsFile {
    pub(super) measure: Spanned<String>,
    pub(super) labels: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MeasureFile {
    pub(super) name: Spanned<String>,
    pub(super) chinese: String,
    #[serde(default)]
    pub(super) parents: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) labels: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NamedLabels {
    pub(super) name: String,
    pub(super) labels: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ItemFile {
    pub(super) name: Spanned<String>,
    pub(super) chinese: String,
    #[serde(default)]
    pub(super) role: Option<RowRole>,
    #[serde(default)]
    pub(super) scope: Option<String>,
    #[serde(default)]
    pub(super) side: Option<Side>,
    #[serde(default)]
    pub(super) is_scoped: bool,
    #[serde(default)]
    pub(super) is_coded: bool,
    pub(super) labels: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ColumnFile {
    pub(super) role: ColumnRole,
    #[serde(default)]
    pub(super) classification: Option<Classification>,
    #[serde(default)]
    pub(super) labels: Vec<Spanned<String>>,
    /// The grammar of its labels, over their keys, whole.
    #[serde(default)]
    pub(super) label_patterns: Vec<Spanned<String>>,
}

/// Words that carry no meaning of their own, or one meaning everywhere.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Words {
    /// Header labels over others that add nothing: 项目, 2026年预算数.
    pub(super) neutral: Vec<String>,
    /// Leaves that take their meaning from above: 合计, 小计, 金额.
    pub(super) generic: Vec<String>,
    /// Leaves that are the budget where the final figure stands beside them.
    pub(super) budget: Vec<String>,
    /// Leaves that are the budget as adjusted in the course of the year.
    pub(super) adjusted_budget: Vec<String>,
    pub(super) revenue: Vec<String>,
    pub(super) expenditure: Vec<String>,
    /// What may stand before a title: 部门, 预算单位.
    pub(super) title_prefixes: Vec<String>,
    /// Names in titles that another has taken the place of: 公共财政预算.
    #[serde(default)]
    pub(super) title_synonyms: BTreeMap<String, String>,
    /// Bracketed words at the end of a title that say nothing about its content: 续.
    pub(super) title_suffixes: Vec<String>,
    /// What stands in an amount cell for nothing: -, —, /.
    pub(super) blanks: Vec<String>,
    /// What stands in a row of column numbers beside the numbers: 栏次, **.
    pub(super) column_numbers: Vec<String>,
}
