//! Names that slid over the amounts of their list.

use std::collections::BTreeMap;

use super::IDENTITY;
use super::sides::{Project, Target, Targets, agree};
use crate::base::finding::{Finding, Ground, Whose};
use crate::base::text::is_blank;
use crate::check::ledger::Ledger;
use crate::check::term::Relation;
use crate::check::verdict::judge;
use crate::finding_code;
use crate::model::Repair;

finding_code! {
    /// Names of projects stand on each other's amounts.
    ///
    /// Rows of the list of projects disagree with the performance targets by name, but their amounts agree as a set:
    /// the names have slid or were swapped. A name cell that holds two names in one shows where a slide begins, a name
    /// that stands twice where it ends. The pairing that the targets give is proposed as repairs; whether the publisher
    /// or a conversion let the names slide, the finding does not say.
    pub C302, "project-names-slid", Warning
}

/// A target of the right amount for every suspect: names slid if there is one for each.
pub fn suspects_to_pairs(
    suspects: &[(usize, Vec<usize>)],
    projects: &[Project],
    targets: &[Target],
    open: &[usize],
) -> Option<Vec<(usize, usize)>> {
    let is_fused = suspects.iter().any(|(_, names)| names.len() > 1);
    if suspects.len() < 2 && !is_fused {
        return None;
    }
    let mut free: Vec<usize> = open.to_vec();
    let mut pairs = Vec::new();
    for (p, names) in suspects {
        let fits = |t: &usize| agree(&projects[*p], &targets[*t]);
        let at = free.iter().position(|t| names.contains(t) && fits(t)).or_else(|| free.iter().position(fits))?;
        pairs.push((*p, free.remove(at)));
    }
    Some(pairs)
}

/// One finding for the run, one proposal for each name.
pub fn report_slide(
    suspects: &[(usize, Vec<usize>)],
    pairs: &[(usize, usize)],
    projects: &[Project],
    forms: &Targets,
    ledger: &mut Ledger,
    repairs: &mut Vec<Repair>,
) {
    let Some((first, _)) = suspects.first() else { return };
    let fused = suspects.iter().filter(|(_, names)| names.len() > 1).count();
    let mut rows: BTreeMap<&str, usize> = BTreeMap::new();
    projects.iter().for_each(|project| *rows.entry(project.key.as_str()).or_default() += 1);
    let twice = suspects.iter().filter(|(p, _)| rows.get(projects[*p].key.as_str()) > Some(&1)).count();
    let targets = &forms.all;
    let mut message = format!(
        "{} rows of the list of projects disagree with the performance targets by name, their amounts agree as a set: names have slid",
        suspects.len()
    );
    if fused > 0 {
        message.push_str(&format!("; {fused} cell holds two names in one"));
    }
    if twice > 0 {
        message.push_str(&format!("; {twice} name stands twice"));
    }
    let mut finding = Finding::new(&C302, message).at(&projects[*first].label.place, projects[*first].amount.shown());
    let mut help = Vec::new();
    for ((p, names), (_, t)) in suspects.iter().zip(pairs) {
        let (project, target) = (&projects[*p], &targets[*t]);
        let by_name = names.iter().map(|t| format!("{} is {}", targets[*t].name.text, targets[*t].amount.shown()));
        let by_name = by_name.collect::<Vec<_>>().join(", ");
        finding = finding
            .with(&project.label.place, format!("the list says {}; by the targets {by_name}", project.amount.shown()))
            .with(target.amount.place, format!("{} is {}", target.name.text, target.amount.shown()));
        help.push(format!("{} → {}", project.amount.shown(), target.name.text));
        // The name join fails as printed; as a set the amounts agree, which supports the figures.
        let (left, by_name) = ([project.amount], [targets[names[0]].amount]);
        if names.len() == 1 {
            ledger.enter_unmarked(judge(IDENTITY, Relation::Equal, &left, &by_name), &left, &by_name);
        }
        let right = [target.amount];
        ledger.enter(
            judge("project_amounts_agree_with_targets_as_a_set", Relation::Equal, &left, &right),
            &left,
            &right,
        );
        repairs.push(Repair {
            code: C302.id.to_string(),
            place: project.label.place.clone(),
            printed: project.label.text.clone(),
            proposed: target.name.text.chars().filter(|c| !is_blank(*c)).collect(),
            evidence: pair_to_evidence(project, names, target, forms),
        });
    }
    if fused > 0 {
        let note = "a cell that holds two names in one looks like a conversion that joined two lines".to_string();
        let place = Some(projects[*first].label.place.clone());
        finding.evidence.push(Ground { speaks_for: Whose::Reading, note, place });
    }
    ledger.findings.push(finding.help(format!("the performance targets give: {}", help.join("; "))));
}

fn pair_to_evidence(project: &Project, names: &[usize], target: &Target, forms: &Targets) -> Vec<String> {
    let targets = &forms.all;
    let mut evidence = vec![format!(
        "the performance target of {} is {}, the row says {}",
        target.name.text,
        target.amount.shown(),
        project.amount.shown()
    )];
    match names {
        [only] => evidence.push(format!("the printed name has a target of {}", targets[*only].amount.shown())),
        _ => evidence.push(format!(
            "the printed name is {} names in one: {}",
            names.len(),
            names.iter().map(|t| targets[*t].name.text.as_str()).collect::<Vec<_>>().join(" + ")
        )),
    }
    let same_amount = forms.agreeing(project);
    if same_amount > 1 {
        evidence
            .push(format!("{same_amount} targets have this amount; the others are taken by rows of their own name"));
    }
    evidence
}
