//! The sums over a batch of documents.

use std::collections::BTreeMap;

use crate::base::finding::Severity;
use crate::model::{Disclosure, EvidenceCounts, Outcomes};

/// What a number of documents come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub documents: u32,
    pub tables: u32,
    pub unknown_tables: u32,
    pub nil_tables: u32,
    pub forms: u32,
    pub statements: u32,
    pub amounts: u32,
    pub evidence: EvidenceCounts,
    pub outcomes: Outcomes,
    /// Findings that `about.toml` knows; they count neither below nor for the exit status.
    pub known: u32,
    /// Findings by severity and code.
    pub findings: BTreeMap<(Severity, String), u32>,
}

impl Tally {
    /// The sums of one document.
    pub fn of(disclosure: &Disclosure) -> Tally {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let mut findings: BTreeMap<(Severity, String), u32> = BTreeMap::new();
        for finding in disclosure.findings.iter().filter(|finding| finding.known.is_none()) {
            *findings.entry((finding.severity, finding.code.clone())).or_default() += 1;
        }
        Tally {
            documents: 1,
            tables: count(disclosure.tables.len()),
            unknown_tables: count(disclosure.tables.iter().filter(|table| table.kind.is_none()).count()),
            nil_tables: count(disclosure.tables.iter().filter(|table| table.is_nil).count()),
            forms: count(disclosure.performance_targets.len()),
            statements: count(disclosure.statements.len()),
            amounts: count(super::facts::count(disclosure)),
            evidence: disclosure.checks.evidence,
            outcomes: disclosure.checks.outcomes,
            known: count(disclosure.findings.iter().filter(|finding| finding.known.is_some()).count()),
            findings,
        }
    }

    /// Adds the sums of others.
    pub fn add(&mut self, other: Tally) {
        self.documents += other.documents;
        self.tables += other.tables;
        self.unknown_tables += other.unknown_tables;
        self.nil_tables += other.nil_tables;
        self.forms += other.forms;
        self.statements += other.statements;
        self.amounts += other.amounts;
        self.evidence.proved += other.evidence.proved;
        self.evidence.within_rounding += other.evidence.within_rounding;
        self.evidence.contradicted += other.evidence.contradicted;
        self.evidence.untested += other.evidence.untested;
        self.outcomes.exact += other.outcomes.exact;
        self.outcomes.within_rounding += other.outcomes.within_rounding;
        self.outcomes.violated += other.outcomes.violated;
        self.outcomes.not_evaluated += other.outcomes.not_evaluated;
        self.known += other.known;
        for (key, count) in other.findings {
            *self.findings.entry(key).or_default() += count;
        }
    }

    /// The loudest finding.
    pub fn worst(&self) -> Option<Severity> {
        self.findings.keys().map(|(severity, _)| *severity).max()
    }

    /// For people.
    pub fn text(&self) -> String {
        let Tally { documents, tables, unknown_tables, nil_tables, forms, statements, amounts, .. } = self;
        let supported = self.evidence.proved + self.evidence.within_rounding;
        let mut out = format!(
            "documents  {documents}\n\
             tables     {tables} ({nil_tables} without figures, {unknown_tables} of unknown kind), {forms} performance-target forms\n\
             amounts    {amounts}; {}; {} proved\n\
             prose      {statements} statements\n\
             checks     {}\n\
             findings   {}\n",
            evidence_text(&self.evidence),
            share_text(supported, supported + self.evidence.contradicted + self.evidence.untested),
            outcomes_text(&self.outcomes),
            self.severities_text(),
        );
        for ((severity, code), count) in self.findings.iter().rev() {
            let name = crate::codes::find(code).map_or("", |code| code.name);
            out.push_str(&format!("           {severity}[{code}] {name}: {count}\n"));
        }
        out
    }

    fn severities_text(&self) -> String {
        let of = |severity: Severity| -> u32 {
            self.findings.iter().filter(|((of, _), _)| *of == severity).map(|(_, count)| count).sum()
        };
        let (errors, warnings, infos) = (of(Severity::Error), of(Severity::Warning), of(Severity::Info));
        let known = if self.known > 0 { format!("; {} more are known", self.known) } else { String::new() };
        match (errors, warnings, infos) {
            (0, 0, 0) => format!("none{known}"),
            _ => format!("{errors} errors, {warnings} warnings, {infos} for information{known}"),
        }
    }
}

/// `290 proved, 0 within rounding, …` of the amounts of tables.
pub fn evidence_text(evidence: &EvidenceCounts) -> String {
    let EvidenceCounts { proved, within_rounding, contradicted, untested } = evidence;
    format!("{proved} proved, {within_rounding} within rounding, {contradicted} contradicted, {untested} untested")
}

/// `98 %`; no share of nothing.
pub fn share_text(part: u32, whole: u32) -> String {
    (u64::from(part) * 100).checked_div(u64::from(whole)).map_or_else(|| "none".into(), |share| format!("{share} %"))
}

/// `1043 exact, …`.
pub fn outcomes_text(outcomes: &Outcomes) -> String {
    let Outcomes { exact, within_rounding, violated, not_evaluated } = outcomes;
    format!("{exact} exact, {within_rounding} within rounding, {violated} violated, {not_evaluated} not evaluated")
}
