//! The book of all checks: outcomes, evidence of every figure, findings.
//!
//! One slip breaks every sum that the figure is in. It is reported once: violated identities are grouped by the figure
//! that takes part in most of them and in none that holds exactly, and by the row whose columns fail alike.

use std::collections::{BTreeMap, BTreeSet};

use super::marks::{MarkBook, grown};
use super::repair::{Equation, propose};
use super::term::{Relation, Spot, Term, sum_shown};
use super::unit_slip::unit_slips;
use super::verdict::Verdict;
use crate::base::finding::{Code, Finding, Severity};
use crate::base::place::Place;
use crate::finding_code;
use crate::model::{CheckResult, Checks, Disclosure, Evidence, Outcome, Outcomes};

finding_code! {
    /// Figures that should add up do not.
    ///
    /// An accounting identity was evaluated on the printed figures, each of them taken as the interval of values that
    /// print so (half a unit in the last printed place either way), and no values in the intervals satisfy it: rounding
    /// does not explain the difference. The finding tells that the figures disagree, not which of them is wrong; every
    /// term is marked with its place.
    pub I101, "figures-do-not-add-up", Error
}

finding_code! {
    /// A figure is larger than the one that should contain it.
    ///
    /// One quantity is part of another and exceeds it: 机关运行经费 above 公用经费, or the lines of the economic
    /// classification for 三公经费 above the table of 三公经费. Some of these relations have lawful exceptions; those are
    /// reported as info.
    pub I102, "part-exceeds-whole", Warning
}

/// Results of checks together with the figures that they rest on.
#[derive(Debug, Default)]
pub struct Ledger {
    checks: Checks,
    /// Outcomes by identity, those of the last result at the end: its like come one after the other.
    counts: Vec<(String, Outcomes)>,
    marks: MarkBook,
    violations: Vec<Violation>,
    /// Table and row of figures in sums that could not be judged.
    doubted: BTreeSet<(usize, usize)>,
    /// True for tables with figures that agree with those of another table.
    agreeing: Vec<bool>,
    pub findings: Vec<Finding>,
}

/// An identity that does not hold.
#[derive(Debug)]
struct Violation {
    finding: Finding,
    identity: String,
    /// Of all terms, the left side's first.
    spots: Vec<(Spot, Place, String)>,
    /// What the two sides differ by, without sign.
    gap: String,
    equation: Equation,
}

impl Ledger {
    /// Enters a result and marks the figures it rests on.
    pub fn enter(&mut self, verdict: Verdict, left: &[Term], right: &[Term]) {
        for term in left.iter().chain(right) {
            self.marks.mark(term.spot, verdict.outcome);
            if verdict.outcome == Outcome::NotEvaluated {
                self.doubted.extend(term.spot.table_and_row());
            }
        }
        self.enter_unmarked(verdict, left, right);
    }

    /// Enters a result that says nothing of the figures it rests on. What is exact is only counted.
    pub fn enter_unmarked(&mut self, verdict: Verdict, left: &[Term], right: &[Term]) {
        self.count(verdict.identity, verdict.outcome);
        if verdict.outcome != Outcome::Exact {
            self.checks.details.push(verdict.into_result(left, right));
        }
    }

    fn count(&mut self, identity: &str, outcome: Outcome) {
        count(&mut self.checks.outcomes, outcome);
        if self.counts.last().is_none_or(|(last, _)| last != identity) {
            let known = self.counts.iter().position(|(known, _)| known == identity);
            let known = known.map(|at| self.counts.swap_remove(at));
            self.counts.push(known.unwrap_or_else(|| (identity.to_string(), Outcomes::default())));
        }
        if let Some((_, outcomes)) = self.counts.last_mut() {
            count(outcomes, outcome);
        }
    }

    /// Enters the result of an identity; one that does not hold becomes a finding of this severity.
    pub fn enter_identity(&mut self, verdict: Verdict, code: &Code, severity: Severity, left: &[Term], right: &[Term]) {
        // The header and the measures of a table may ask for one and the same sum: it fails once.
        let spots = || left.iter().chain(right).map(|term| term.spot);
        let is_known = |known: &Violation| known.spots.iter().map(|(spot, ..)| *spot).eq(spots());
        if verdict.outcome == Outcome::Violated && !self.violations.iter().any(is_known) {
            self.violations.push(Violation {
                finding: violation_to_finding(&verdict, code, severity, left, right),
                identity: verdict.identity.to_string(),
                spots: left.iter().chain(right).map(|t| (t.spot, t.place.clone(), t.shown())).collect(),
                gap: verdict.difference().trim_start_matches('-').to_string(),
                equation: Equation::new(
                    if code.id == I102.id { Relation::AtMost } else { Relation::Equal },
                    left,
                    right,
                ),
            });
        }
        if matches!(verdict.outcome, Outcome::Exact | Outcome::WithinRounding) && code.id == I101.id {
            let printed = || left.iter().chain(right).filter(|term| !term.amount.is_zero());
            let mut tables = printed().filter_map(|term| term.spot.table());
            if tables.next().is_some_and(|first| tables.any(|other| other != first)) {
                printed().filter_map(|term| term.spot.table()).for_each(|at| *grown(&mut self.agreeing, at) = true);
            }
        }
        self.enter(verdict, left, right);
    }

    /// An identity that could not run.
    pub fn enter_missing(&mut self, identity: &str, reason: impl Into<String>) {
        self.extend(vec![CheckResult {
            identity: identity.to_string(),
            outcome: Outcome::NotEvaluated,
            left: Vec::new(),
            right: Vec::new(),
            difference: None,
            reason: Some(reason.into()),
        }]);
    }

    /// How many identities fail or could not be judged, and how many hold.
    pub fn failing_and_holding(&self) -> (usize, usize) {
        let Outcomes { exact, within_rounding, violated, not_evaluated } = self.checks.outcomes;
        ((violated + not_evaluated) as usize, (exact + within_rounding) as usize)
    }

    /// Table and row of every figure in an identity that fails.
    pub fn failing_rows(&self) -> BTreeSet<(usize, usize)> {
        let spots = self.violations.iter().flat_map(|violation| &violation.spots);
        spots.filter_map(|(spot, ..)| spot.table_and_row()).collect()
    }

    /// Table and row of every figure in an identity that could not be judged.
    pub fn doubted_rows(&self) -> &BTreeSet<(usize, usize)> {
        &self.doubted
    }

    /// True where a figure takes part in a check that holds.
    pub fn supports(&self, spot: Spot) -> bool {
        self.marks.of(spot).is_supported()
    }

    /// Results that another check has made; its figures are not cells.
    pub fn extend(&mut self, results: Vec<CheckResult>) {
        for result in results {
            self.count(&result.identity, result.outcome);
            if result.outcome != Outcome::Exact {
                self.checks.details.push(result);
            }
        }
    }

    /// The violations that no unit of a table explains, and the findings for those that one does.
    fn without_unit_slips(&mut self, disclosure: &mut Disclosure) -> (Vec<Violation>, Vec<Finding>) {
        let mut violations: Vec<Option<Violation>> =
            std::mem::take(&mut self.violations).into_iter().map(Some).collect();
        let equations: Vec<&Equation> = violations.iter().flatten().map(|violation| &violation.equation).collect();
        let agreeing = (0..).zip(&self.agreeing).filter(|(_, agrees)| **agrees).map(|(at, _)| at).collect();
        let slips = unit_slips(&equations, disclosure, &agreeing);
        let mut findings = Vec::new();
        for slip in slips {
            let failing = slip.explained.iter().filter_map(|at| Some(violations.get_mut(*at)?.take()?.finding));
            if let Some((finding, repair)) = slip.told(disclosure, failing.collect()) {
                findings.push(finding);
                disclosure.repairs.push(repair);
            }
        }
        (violations.into_iter().flatten().collect(), findings)
    }

    /// Closes the book: counts, details and evidence go into the disclosure; findings are returned in the order of
    /// entry, with what the checks said of each figure.
    pub fn close(mut self, disclosure: &mut Disclosure) -> (Vec<Finding>, MarkBook) {
        let (violations, mut slips) = self.without_unit_slips(disclosure);
        let is_proved = |spot| self.marks.of(spot).evidence() == Evidence::Proved;
        let is_supported = |spot| self.supports(spot);
        for group in violations_to_groups(violations, is_proved) {
            let equations: Vec<&Equation> = group.violations.iter().map(|violation| &violation.equation).collect();
            let repair = propose(&equations, is_supported);
            let mut finding = slip_to_finding(group);
            if let Some(repair) = repair {
                let proposal = format!("{} for {}: {}", repair.proposed, repair.printed, repair.evidence.join("; "));
                finding.help =
                    Some(finding.help.map_or_else(|| proposal.clone(), |help| format!("{help}; {proposal}")));
                disclosure.repairs.push(repair.of(&finding.code));
            }
            slips.push(finding);
        }
        self.findings.extend(slips);
        let Ledger { mut checks, counts, marks, findings, .. } = self;
        checks.by_identity = counts.into_iter().collect();
        let counts = &mut checks.evidence;
        let mut tally = |evidence: Evidence| match evidence {
            Evidence::Proved => counts.proved += 1,
            Evidence::WithinRounding => counts.within_rounding += 1,
            Evidence::Contradicted => counts.contradicted += 1,
            Evidence::Untested => counts.untested += 1,
        };
        for (t, table) in disclosure.tables.iter_mut().enumerate() {
            for (r, row) in table.rows.iter_mut().enumerate() {
                for (c, cell) in row.cells.iter_mut().enumerate().filter(|(_, cell)| cell.amount.is_some()) {
                    cell.evidence = marks.of(Spot::Cell { table: t, row: r, cell: c }).evidence();
                    tally(cell.evidence);
                }
            }
        }
        for (f, form) in disclosure.performance_targets.iter_mut().enumerate() {
            for (n, fund) in form.funds.iter_mut().enumerate().filter(|(_, fund)| fund.amount.is_some()) {
                fund.evidence = marks.of(Spot::Fund { form: f, fund: n }).evidence();
                tally(fund.evidence);
            }
        }
        disclosure.checks = checks;
        (findings, marks)
    }
}

/// Violations that one figure, or one row, explains.
struct Group {
    violations: Vec<Violation>,
    suspect: Option<Spot>,
}

/// One group for each slip.
fn violations_to_groups(mut violations: Vec<Violation>, is_proved: impl Fn(Spot) -> bool) -> Vec<Group> {
    let mut found = Vec::new();
    while !violations.is_empty() {
        let mut counts: BTreeMap<Spot, usize> = BTreeMap::new();
        for spot in violations.iter().flat_map(|violation| &violation.spots).map(|(spot, ..)| *spot) {
            if !is_proved(spot) {
                *counts.entry(spot).or_default() += 1;
            }
        }
        // The figure of most violations; of several, the one that comes first in the document.
        let suspect = counts.iter().max_by_key(|(spot, count)| (**count, std::cmp::Reverse(**spot)));
        let suspect = suspect.filter(|(_, count)| **count > 1).map(|(spot, _)| *spot);
        let group = |violation: &Violation| match suspect {
            Some(suspect) => violation.spots.iter().any(|(spot, ..)| *spot == suspect),
            None => violations.first().is_some_and(|first| is_same_row(first, violation)),
        };
        let mine: Vec<bool> = violations.iter().map(group).collect();
        let (mut slip, mut rest) = (Vec::new(), Vec::new());
        for (violation, is_mine) in violations.into_iter().zip(mine) {
            if is_mine { slip.push(violation) } else { rest.push(violation) }
        }
        violations = rest;
        if slip.is_empty() {
            // Cannot be: the first violation is always of its own group.
            break;
        }
        found.push(Group { violations: slip, suspect });
    }
    found
}

/// True where one identity fails by the same difference in two columns of one row.
fn is_same_row(a: &Violation, b: &Violation) -> bool {
    let row = |violation: &Violation| match violation.spots.first() {
        Some((Spot::Cell { table, row, .. }, ..)) => Some((*table, *row)),
        _ => None,
    };
    let is_same = match (a.spots.first(), b.spots.first()) {
        (Some((a, ..)), Some((b, ..))) => a == b,
        _ => false,
    };
    a.identity == b.identity && a.gap == b.gap && (is_same || (row(a).is_some() && row(a) == row(b)))
}

/// The violation that a slip is best seen in, the others as related places.
fn slip_to_finding(Group { violations: slip, suspect }: Group) -> Finding {
    let all = slip.len();
    let spot = suspect.and_then(|suspect| slip.iter().flat_map(|one| &one.spots).find(|(spot, ..)| *spot == suspect));
    let help =
        spot.map(|(_, _, shown)| format!("{shown} is in all {all} sums that fail, and in none that holds exactly"));
    let place = spot.map(|(_, place, _)| place.clone());
    // The most severe first, and of those the one entered first.
    let mut slip = slip;
    slip.sort_by_key(|violation| std::cmp::Reverse(violation.finding.severity));
    let mut slip = slip.into_iter();
    let Some(Violation { mut finding, .. }) = slip.next() else { return Finding::new(&I101, String::new()) };
    if let (Some(place), Some(help)) = (place, help) {
        finding = finding.with(&place, "the figure that all of them share").help(help);
    }
    for Violation { finding: other, .. } in slip {
        if let Some(place) = &other.place {
            finding = finding.with(place, format!("fails with it: {}", other.message));
        }
    }
    finding
}

fn count(outcomes: &mut Outcomes, outcome: Outcome) {
    match outcome {
        Outcome::Exact => outcomes.exact += 1,
        Outcome::WithinRounding => outcomes.within_rounding += 1,
        Outcome::Violated => outcomes.violated += 1,
        Outcome::NotEvaluated => outcomes.not_evaluated += 1,
    }
}

fn violation_to_finding(verdict: &Verdict, code: &Code, severity: Severity, left: &[Term], right: &[Term]) -> Finding {
    let name = left.first().map(Term::label).unwrap_or_default();
    let relation = if code.id == I102.id { "is more than" } else { "differs from" };
    let difference = verdict.difference();
    let unit = left.first().and_then(|term| term.unit).map(|unit| format!(" {unit}")).unwrap_or_default();
    let of = if right.len() > 1 { format!("the sum of {} figures, ", right.len()) } else { String::new() };
    let mut finding = Finding::new(
        code,
        format!(
            "{name}: {} {relation} {of}{} (by {difference}{unit}; {})",
            sum_shown(left),
            sum_shown(right),
            verdict.identity
        ),
    );
    finding.severity = severity;
    if let Some(first) = left.first() {
        finding = finding.at(first.place, first.shown());
    }
    for term in left.iter().skip(1).chain(right) {
        let sign = if term.sign < 0 { "− " } else { "" };
        finding = finding.with(term.place, format!("{sign}{}: {}", term.label(), term.shown()));
    }
    finding
}
