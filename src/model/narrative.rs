//! What the prose says in figures: amounts, shares, changes, counts.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Evidence;
use crate::base::amount::Unit;
use crate::base::place::Place;

/// One figure of the prose with what it says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Statement {
    /// `s1`, `s2`, … in document order.
    pub id: String,
    pub kind: StatementKind,
    /// What it measures, as printed: `政府性基金预算拨款收入`.
    pub subject: String,
    /// Canonical measure where the wording is known (`total_revenue`).
    pub measure: Option<String>,
    /// Year that the figure is of; null where the text tells none.
    pub fiscal_year: Option<i32>,
    /// The year it is compared with, for changes.
    pub base_year: Option<i32>,
    /// Of changes: up, down, unchanged.
    pub direction: Option<Direction>,
    /// Figure as printed, without its unit.
    pub printed: String,
    pub value: Decimal,
    pub unit: Option<Unit>,
    /// `id` of the statement that it speaks about: of shares the whole, of changes the amount that changed,
    /// of completion rates the budgeted amount.
    pub of: Option<String>,
    /// Of shares and completion rates: `id` of the amount that is so many percent of `of`.
    pub part: Option<String>,
    /// Of changes: `id` of the amount that it is reckoned from, where the text prints it.
    pub base: Option<String>,
    /// Of amounts and counts in a list of parts (其中：…): `id` of the whole.
    pub part_of: Option<String>,
    /// The clause that it stands in.
    pub clause: String,
    /// Index into `headings`.
    pub heading: Option<usize>,
    pub evidence: Evidence,
    /// Place of the figure.
    pub place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StatementKind {
    /// An amount of money.
    Amount,
    /// 占…%.
    Share,
    /// 增加 / 减少 so much money (or so many).
    Change,
    /// 增长 / 下降 so many percent.
    ChangeRate,
    /// 18个, 0辆, 3人.
    Count,
    /// 1840.81平方米.
    Area,
    /// 完成预算的98.5%.
    CompletionRate,
    /// A percentage of nothing named: 中标率95%.
    Ratio,
    /// A bound that names a class, no quantity of the body: 价值50万元以上.
    Threshold,
    /// The price of one: 每人每月200元.
    UnitPrice,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    Increase,
    Decrease,
    Unchanged,
}
