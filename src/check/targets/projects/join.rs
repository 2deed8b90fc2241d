//! One list joined with the forms: by name and amount, by the sum of a name's rows, else as a slide or a difference.

use std::collections::{BTreeMap, BTreeSet};

use super::sides::{Project, Target, Targets, agree};
use super::slide::{report_slide, suspects_to_pairs};
use super::{C303, IDENTITY, in_one};
use crate::base::finding::{Finding, Severity};
use crate::check::ledger::Ledger;
use crate::check::term::{Relation, Term};
use crate::check::verdict::judge;
use crate::finding_code;
use crate::model::{Outcome, Repair};

finding_code! {
    /// A project has one amount in the list of projects and another in its performance target.
    ///
    /// The two are joined by the project's name (without blanks, brackets and quotes) and compared in yuan; the amount
    /// of the form is the total of the year. Where most projects of a document differ, the two tables measure different
    /// things, and the finding is info. Where a name stands in several rows or forms and their sum is not the other side's,
    /// which belongs to which cannot be told, and nothing is compared.
    pub C301, "project-amount-differs-from-target", Warning
}

/// Joins one list; returns the targets that it names.
pub fn join(projects: &[Project], forms: &Targets, ledger: &mut Ledger, repairs: &mut Vec<Repair>) -> BTreeSet<usize> {
    let targets = &forms.all;
    let mut claimed: BTreeMap<usize, usize> = BTreeMap::new();
    let mut is_claimed = vec![false; projects.len()];
    let by_name = positions(projects.iter().map(|project| project.key.as_str()));
    let rows_of = |key: &str| by_name.get(key).map_or(&[][..], Vec::as_slice);
    for (t, target) in targets.iter().enumerate() {
        let mut same_name = rows_of(&target.key).iter().filter(|p| !is_claimed[**p]);
        if let Some(p) = same_name.find(|p| agree(&projects[**p], target)) {
            claimed.insert(t, *p);
            is_claimed[*p] = true;
        }
    }
    let mut named: BTreeSet<usize> = claimed.keys().copied().collect();
    for (t, p) in &claimed {
        let (left, right) = ([projects[*p].amount], [targets[*t].amount]);
        ledger.enter(judge(IDENTITY, Relation::Equal, &left, &right), &left, &right);
    }
    let mut open_targets: Vec<usize> = (0..targets.len()).filter(|t| !claimed.contains_key(t)).collect();
    let mut suspects = Vec::new();
    let mut strangers = Vec::new();
    for (p, project) in projects.iter().enumerate().filter(|(p, _)| !is_claimed[*p]) {
        let names = names_in(&project.key, targets, &forms.by_length);
        if names.is_empty() { strangers.push(p) } else { suspects.push((p, names)) }
    }
    // A project in several rows (by function, by unit): their sum is what the form states.
    suspects.retain(|(p, names)| {
        let same: Vec<Term> = rows_of(&projects[*p].key).iter().map(|other| projects[*other].amount).collect();
        let [name] = names.as_slice() else { return true };
        let right = [targets[*name].amount];
        let result = judge(IDENTITY, Relation::Equal, &same, &right);
        let is_sum = same.len() > 1 && matches!(result.outcome, Outcome::Exact | Outcome::WithinRounding);
        if is_sum && named.insert(*name) {
            ledger.enter(result, &same, &right);
            open_targets.retain(|t| t != name);
        }
        !is_sum
    });
    match suspects_to_pairs(&suspects, projects, targets, &open_targets) {
        Some(pairs) if !suspects.is_empty() => {
            named.extend(pairs.iter().map(|(_, t)| *t));
            report_slide(&suspects, &pairs, projects, forms, ledger, repairs);
        }
        _ => {
            let matched = claimed.len() + suspects.len();
            let severity = if suspects.len() * 2 > matched.max(2) { Severity::Info } else { C301.severity };
            for (p, names) in &suspects {
                named.extend(names);
                let (project, target) = (&projects[*p], &targets[names[0]]);
                // Two units may have a project of one name (烟台大数据局 2026, p24): which form is whose cannot be told.
                let is_shared = rows_of(&project.key).len() > 1
                    || targets.iter().filter(|other| other.key == target.key).count() > 1;
                if is_shared {
                    ledger.enter_missing(IDENTITY, format!("{} stands in several rows or targets", project.label.text));
                } else {
                    report_difference(project, target, severity, ledger);
                }
            }
        }
    }
    if !named.is_empty() {
        let strangers: Vec<_> = strangers.iter().map(|p| (projects[*p].label, &projects[*p].amount)).collect();
        if strangers.len() * 2 > projects.len() {
            ledger.enter_missing("project_has_target", "most rows of the list have no performance target");
        } else {
            let message =
                format!("{} of {} rows of the list have no performance target", strangers.len(), projects.len());
            ledger.findings.extend(in_one(&C303, message, &strangers));
        }
    }
    named
}

/// Where each name stands in a list of them.
fn positions<'a>(names: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, Vec<usize>> {
    let mut found: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    names.enumerate().for_each(|(at, name)| found.entry(name).or_default().push(at));
    found
}

/// The targets whose names make up this key, one after the other: one for an ordinary name, several for a fused cell.
/// They are tried in this order.
fn names_in(key: &str, targets: &[Target], order: &[usize]) -> Vec<usize> {
    if key.is_empty() {
        return Vec::new();
    }
    fn split(rest: &str, order: &[usize], targets: &[Target], depth: usize) -> Option<Vec<usize>> {
        if rest.is_empty() {
            return Some(Vec::new());
        }
        if depth == 0 {
            return None;
        }
        order.iter().find_map(|t| {
            let mut names = split(rest.strip_prefix(targets[*t].key.as_str())?, order, targets, depth - 1)?;
            names.insert(0, *t);
            Some(names)
        })
    }
    split(key, order, targets, 4).unwrap_or_default()
}

fn report_difference(project: &Project, target: &Target, severity: Severity, ledger: &mut Ledger) {
    let (left, right) = ([project.amount], [target.amount]);
    let result = judge(IDENTITY, Relation::Equal, &left, &right);
    if result.outcome == Outcome::Violated {
        let message = format!(
            "{}: the list of projects says {}, the performance target {}",
            project.label.text,
            project.amount.shown(),
            target.amount.shown()
        );
        let mut finding = Finding::new(&C301, message)
            .at(project.amount.place, project.amount.shown())
            .with(target.amount.place, format!("the performance target says {}", target.amount.shown()));
        finding.severity = severity;
        ledger.findings.push(finding);
    }
    ledger.enter(result, &left, &right);
}
