//! The document as a whole: who, when, what it contains, how far it was checked.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{PerformanceTarget, Statement, Table};
use crate::base::finding::Finding;
use crate::base::place::{Place, Printed};

/// Version of the canonical JSON. Raised when a key changes its meaning or goes.
pub const SCHEMA_VERSION: &str = "1";

/// One disclosed document in canonical form.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Disclosure {
    /// Version of this shape.
    pub schema_version: String,
    /// Path of the input as given, `/` separators.
    pub document: String,
    /// `text`, `pdf`, …
    pub format: String,
    pub metadata: Metadata,
    /// The lines before the contents list or the first heading, as printed.
    pub cover: Vec<Printed>,
    /// 目录 and other lines of the contents list that announce nothing.
    pub contents_titles: Vec<Printed>,
    /// The contents list, line by line: a checklist, never a source of captions.
    pub contents: Vec<ContentsEntry>,
    /// Parts and headings of the body in document order.
    pub headings: Vec<Heading>,
    pub organisation: Organisation,
    /// Tables in document order; tables that fit no kind are among them with `kind` null.
    pub tables: Vec<Table>,
    /// Performance-target forms (项目支出绩效目标表), in document order.
    pub performance_targets: Vec<PerformanceTarget>,
    /// Every paragraph of prose, whole, in document order.
    pub paragraphs: Vec<Paragraph>,
    /// What the prose says in figures.
    pub statements: Vec<Statement>,
    /// 名词解释.
    pub glossary: Vec<GlossaryTerm>,
    /// Watermarks, running headers, page numbers: kept, marked, out of the data.
    pub furniture: Vec<Furniture>,
    /// What no stage could bind, as printed. Each has its finding.
    pub unbound: Vec<Unbound>,
    pub checks: Checks,
    pub findings: Vec<Finding>,
    /// Proposed corrections; the printed data stays as it is.
    pub repairs: Vec<Repair>,
}

/// A value with the place that states it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Stated<T> {
    pub value: T,
    /// The text that says so.
    pub printed: String,
    pub place: Place,
}

/// What the document says of itself. Never taken from the file name; null where it does not say.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Metadata {
    /// Title as printed on the cover, lines joined.
    pub title: Option<Stated<String>>,
    /// The public body whose budget it is (单位 / 部门).
    pub body: Option<Stated<String>>,
    pub fiscal_year: Option<Stated<i32>>,
    pub phase: Option<Stated<Phase>>,
    pub scope: Option<Stated<Scope>>,
    pub region: Option<Stated<Region>>,
    /// Date of publication or signature, ISO 8601 (day or month).
    pub published: Option<Stated<String>>,
    /// The family of templates recognised, and why.
    pub family: Option<Stated<String>>,
}

/// 预算 or 决算.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    Budget,
    FinalAccounts,
}

/// 部门 (a department with its units), 单位 (one unit), or 政府.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    Department,
    Unit,
    Government,
}

/// An administrative division, GB/T 2260.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Region {
    /// Six digits.
    pub code: String,
    /// Names from the province down, `["山西省", "长治市", "屯留区"]`.
    pub path: Vec<String>,
}

/// One line of the contents list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ContentsEntry {
    /// 1 = part, 2 = heading, 3 = heading below.
    pub level: u8,
    /// Number as printed: `第二部分`, `三、`, `表十一`, `(一)`.
    pub number: Option<String>,
    pub title: String,
    /// The page that the list prints, as a number.
    pub page: Option<u32>,
    /// True where the line announces a table.
    pub is_table: bool,
    /// `id` of the table found for it.
    pub table: Option<String>,
    pub place: Place,
}

/// A heading of the body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Heading {
    pub level: u8,
    pub number: Option<String>,
    pub title: String,
    pub place: Place,
}

/// 部门职责 and 机构设置.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Organisation {
    pub duties: Vec<Printed>,
    pub internal_offices: Vec<Printed>,
    /// The number of internal offices that the text states.
    pub internal_offices_stated: Option<Stated<u32>>,
    pub subordinate_units: Vec<Printed>,
    pub subordinate_units_stated: Option<Stated<u32>>,
}

/// A paragraph of prose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Paragraph {
    /// Lines joined; a break of line or page inside it leaves no blank.
    pub text: String,
    /// Index into `headings` of the heading it stands under.
    pub heading: Option<usize>,
    /// The pieces it was joined from: `start` is the character of `text` at which each begins.
    pub pieces: Vec<Piece>,
}

/// One source line of a paragraph.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Piece {
    pub start: usize,
    pub place: Place,
}

impl Paragraph {
    /// The place of the characters `start..start + length` of `text` (as far as one source line holds them).
    pub fn place_of(&self, start: usize, length: usize) -> Place {
        let piece = self.pieces.iter().rev().find(|piece| piece.start <= start).or(self.pieces.first());
        match piece {
            Some(piece) => piece.place.within(start.saturating_sub(piece.start), length),
            None => Place::Text { line: 1, column: 1, width: 0, cell: None },
        }
    }

    /// The characters `start..start + length` of `text` with their place.
    pub fn part(&self, start: usize, length: usize) -> Printed {
        let text: String = self.text.chars().skip(start).take(length).collect();
        Printed::new(text, self.place_of(start, length))
    }
}

/// 名词解释: a term and its definition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GlossaryTerm {
    pub term: String,
    pub definition: String,
    pub place: Place,
}

/// What belongs to the page, not to the content.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Furniture {
    pub kind: FurnitureKind,
    pub text: String,
    pub place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FurnitureKind {
    Watermark,
    RunningHeader,
    RunningFooter,
    PageNumber,
    Seal,
    Invisible,
}

/// A piece of the source that no stage understood.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Unbound {
    pub text: String,
    pub reason: String,
    pub place: Place,
}

/// How far the document was checked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Checks {
    /// Counts of outcomes over all checks.
    pub outcomes: Outcomes,
    /// The same per identity or check, by its name.
    pub by_identity: BTreeMap<String, Outcomes>,
    /// Amount cells by evidence.
    pub evidence: EvidenceCounts,
    /// Checks that did not hold or could not run, with their terms; and those that rounding explains.
    pub details: Vec<CheckResult>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Outcomes {
    pub exact: u32,
    pub within_rounding: u32,
    pub violated: u32,
    pub not_evaluated: u32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EvidenceCounts {
    pub proved: u32,
    pub within_rounding: u32,
    pub contradicted: u32,
    pub untested: u32,
}

/// What became of one check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Holds to the last printed digit.
    Exact,
    /// Holds for some values that print as these figures.
    WithinRounding,
    /// Holds for no values that print as these figures.
    Violated,
    /// A term is missing: not a pass.
    NotEvaluated,
}

/// One application of an identity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CheckResult {
    /// Name of the identity, `expenditure_summary.total_is_sum_of_functions`.
    pub identity: String,
    pub outcome: Outcome,
    /// What is compared: `left` against the signed sum of `right`.
    pub left: Vec<CheckTerm>,
    pub right: Vec<CheckTerm>,
    /// left − right in the unit of the first term.
    pub difference: Option<String>,
    /// Why it could not run.
    pub reason: Option<String>,
}

/// A term of an identity with its place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CheckTerm {
    pub label: String,
    /// `1` or `-1`.
    pub sign: i8,
    pub printed: String,
    pub unit: String,
    pub place: Place,
}

/// A proposed correction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Repair {
    /// Code of the finding that it answers.
    pub code: String,
    pub place: Place,
    pub printed: String,
    pub proposed: String,
    /// What speaks for it.
    pub evidence: Vec<String>,
}
