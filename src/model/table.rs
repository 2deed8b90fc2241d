//! A table: caption, unit, columns with their paths, rows with their codes and amounts.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Stated;
use crate::base::amount::Unit;
use crate::base::place::{Place, Printed};

/// One table, stitched over its pages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Table {
    /// `t1`, `t2`, … in document order.
    pub id: String,
    /// Canonical kind (`expenditure_summary`); null for an unknown table.
    pub kind: Option<String>,
    /// How the kind was found.
    pub kind_basis: Option<KindBasis>,
    /// Caption as printed (lines joined).
    pub caption: Option<Printed>,
    /// `预算公开表1`, `公开05表`.
    pub mark: Option<Printed>,
    /// Unit of its amounts; null where none was found (a finding says so).
    pub unit: Option<Stated<Unit>>,
    /// The line that names the body (部门名称：…), as printed.
    pub body: Option<Printed>,
    /// Further lines between caption and grid: `(2026年度)`.
    pub subtitles: Vec<Printed>,
    /// Stated restrictions of its scope: `excludes_prior_year_carryover`, `current_year`, `prior_year_carryover`.
    pub qualifiers: Vec<String>,
    pub layout: Layout,
    /// True where the table has no figure.
    pub is_nil: bool,
    /// Notes below the table (注：…) and nil notes.
    pub notes: Vec<Printed>,
    /// Captions, marks, units and header cells that the following pages repeat: kept, not data.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repeated: Vec<Printed>,
    /// The header cells with their spans, as printed.
    pub header: Vec<HeaderCell>,
    pub columns: Vec<Column>,
    /// Rows in reading order. In a two-sided table each side of a printed row is a row of its own.
    pub rows: Vec<Row>,
    /// The grids that it was stitched from.
    pub fragments: Vec<Fragment>,
}

impl Table {
    /// How a message calls it: its caption, where it has one.
    pub fn name(&self) -> &str {
        self.caption.as_ref().map_or("a table", |caption| caption.text.as_str())
    }

    /// The unit of a figure: the column's own, else the row's, else the table's, which is not that of quantities.
    pub fn unit_of<'a>(&'a self, row: &'a Row, column: u32) -> Option<&'a Unit> {
        self.unit_in(row, self.columns.iter().find(|one| one.index == column)?)
    }

    /// The same in a column of the table.
    pub fn unit_in<'a>(&'a self, row: &'a Row, column: &'a Column) -> Option<&'a Unit> {
        let of_table = || self.unit.as_ref().filter(|_| column.role != ColumnRole::Quantity).map(|unit| &unit.value);
        column.unit.as_ref().or(row.unit.as_ref()).or_else(of_table)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum KindBasis {
    /// The caption is one of the kind's titles, and the header agrees.
    Caption,
    /// Exact vocabulary matches of columns and rows only.
    Inferred,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// A row each for a code, a unit, a project.
    Rows,
    /// Revenue beside expenditure, in two or more panels.
    TwoSided,
    /// Labels and values in no fixed columns.
    Form,
    /// Columns only: one row of figures under a deep header.
    Cross,
}

/// Which side of a two-sided table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Revenue,
    Expenditure,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HeaderCell {
    pub row: u32,
    pub column: u32,
    pub row_span: u32,
    pub column_span: u32,
    pub text: String,
    pub place: Place,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Column {
    /// 0-based column of the grid.
    pub index: u32,
    pub role: ColumnRole,
    pub side: Option<Side>,
    /// 0-based panel: two-sided tables have two or more, tables with code panels side by side too.
    pub panel: u32,
    /// What is measured (`basic_expenditure`); null where unknown.
    pub measure: Option<String>,
    /// Header texts from the outermost to the leaf, blanks of wrapping removed.
    pub path: Vec<String>,
    /// Unit of this column where it differs from the table's.
    pub unit: Option<Unit>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ColumnRole {
    /// Names of rows.
    Label,
    /// Codes of a classification or of units.
    Code,
    /// Amounts of money in the table's unit.
    Amount,
    /// Figures in another unit: %, 个, 人.
    Quantity,
    /// 序号, 行次: numbers the rows.
    Sequence,
    /// Words.
    Text,
    /// Known and left out of the data by the spec.
    Ignored,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Row {
    /// 0-based printed row of the stitched grid (two sides of one printed row share it).
    pub index: u32,
    pub role: RowRole,
    pub side: Option<Side>,
    /// Panel of the row, as in its columns.
    pub panel: u32,
    /// Label without the blanks of wrapping; null where none is printed.
    pub label: Option<Printed>,
    /// Codes printed in the row, the row's own classification first.
    pub codes: Vec<Code>,
    /// Canonical name of the line (`total_revenue`, `prior_year_carryover`, `official_hospitality`); null where unknown.
    pub item: Option<String>,
    /// Depth in the table's hierarchy, 0 = total; null where the row tells none.
    pub level: Option<u8>,
    /// Unit that the row itself states, for its figures in columns of amounts: 公务用车保有量（辆）.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Unit>,
    /// Amounts and quantities, by column; a blank cell has no entry.
    pub cells: Vec<Cell>,
    /// Words in columns of text, codes and sequence, as printed.
    pub texts: Vec<TextCell>,
    pub place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RowRole {
    /// A line of the table.
    Item,
    /// The grand total.
    Total,
    /// A total of some rows (本年收入合计, a unit's subtotal).
    Subtotal,
    /// 1 2 3 …, 栏次.
    ColumnNumbers,
    /// A line without figures that names what follows.
    Heading,
}

/// A code with the name printed for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Code {
    pub classification: Classification,
    /// Digits, levels joined: `2013201`.
    pub code: String,
    /// Name as printed beside it.
    pub name: Option<String>,
    /// True where no code is printed and the vocabulary gave it for the name.
    pub is_resolved: bool,
    pub place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Classification {
    Functional,
    DepartmentalEconomic,
    GovernmentEconomic,
    /// Functional-like codes of revenue (收入科目编码).
    Revenue,
    Unit,
    Project,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Cell {
    /// `index` of its column.
    pub column: u32,
    pub printed: String,
    /// In the printed unit; null where the text is no figure.
    pub amount: Option<Decimal>,
    pub evidence: Evidence,
    pub place: Place,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TextCell {
    pub column: u32,
    pub text: String,
    pub place: Place,
}

/// How far a figure is supported by others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    #[default]
    Untested,
    /// At least one identity that holds within rounding, none exactly.
    WithinRounding,
    /// At least one identity that holds exactly.
    Proved,
    /// Takes part in an identity that does not hold and in none that does.
    Contradicted,
}

/// One grid of a stitched table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Fragment {
    pub place: Place,
    pub rows: u32,
    /// How the grid was found.
    pub method: GridMethod,
    /// Why it was joined to the fragment before it; null for the first.
    pub joined_by: Option<String>,
    /// Lines of delimited text that print fewer cells than the grid has columns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub short_lines: Vec<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GridMethod {
    /// Tab-separated text.
    Delimited,
    /// Ruling lines.
    Ruled,
    /// Alignment of text.
    Aligned,
}
