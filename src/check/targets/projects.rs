//! The list of projects joined with the performance targets by name.
//!
//! No sum sees a name that slid by a row: the amounts still add up. The forms know which amount belongs to which name.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::finding::{Code, Finding, Ground, Severity, Whose};
use crate::base::place::Printed;
use crate::base::text::{is_blank, key};
use crate::check::identity::{Amounts, body_keys};
use crate::check::ledger::Ledger;
use crate::check::term::{Relation, Term, compare, fund_to_term, judge};
use crate::finding_code;
use crate::model::{ColumnRole, Disclosure, FundSource, Half, Outcome, Repair, Row, RowRole};

finding_code! {
    /// A project has one amount in the list of projects and another in its performance target.
    ///
    /// The two are joined by the project's name (without blanks, brackets and quotes) and compared in yuan; the amount
    /// of the form is the total of the year. Where most projects of a document differ, the two tables measure different
    /// things, and the finding is info. Where a name stands in several rows or forms and their sum is not the other side's,
    /// which belongs to which cannot be told, and nothing is compared.
    pub C301, "project-amount-differs-from-target", Warning
}

finding_code! {
    /// Names of projects stand on each other's amounts.
    ///
    /// Rows of the list of projects disagree with the performance targets by name, but their amounts agree as a set:
    /// the names have slid or were swapped. A name cell that holds two names in one shows where a slide begins, a name
    /// that stands twice where it ends. The pairing that the targets give is proposed as repairs; whether the publisher
    /// or a conversion let the names slide, the finding does not say.
    pub C302, "project-names-slid", Warning
}

finding_code! {
    /// Projects of the list have no performance target, though most have.
    ///
    /// One finding for each list, with the place of each such row. Where most rows have none, the list is of another kind
    /// (it details what the targets sum up), and nothing is told. Not every project needs a published target; a name written differently has the same effect.
    pub C303, "project-without-target", Info
}

finding_code! {
    /// Performance targets name projects that are not in the list.
    ///
    /// One finding for the document, with the place of each such target. The project may stand in another table, or its name is written differently.
    pub C304, "target-without-project", Info
}

/// Name of the check in the counts.
const IDENTITY: &str = "project_amount_agrees_with_target";

/// Kinds whose rows are projects.
const LISTS: [&str; 3] =
    ["project_expenditure", "project_expenditure_summary", "general_public_budget_project_expenditure"];

/// A row of the list.
struct Project<'a> {
    label: &'a Printed,
    key: String,
    amount: Term<'a>,
}

/// A form.
struct Target<'a> {
    name: &'a Printed,
    key: String,
    amount: Term<'a>,
}

pub fn evaluate(disclosure: &Disclosure, ledger: &mut Ledger) -> Vec<Repair> {
    let targets = forms_to_targets(disclosure);
    if targets.is_empty() {
        return Vec::new();
    }
    let amounts = Amounts::of(disclosure);
    let mut repairs = Vec::new();
    let mut named = BTreeSet::new();
    let mut has_list = false;
    for at in (0..disclosure.tables.len()).filter(|at| is_list(disclosure, *at)) {
        let projects = table_to_projects(disclosure, &amounts, at);
        has_list |= !projects.is_empty();
        named.extend(join(&projects, &targets, ledger, &mut repairs));
    }
    let unlisted: Vec<(&Printed, &Term)> = targets
        .iter()
        .enumerate()
        .filter(|(at, _)| has_list && !named.contains(at))
        .map(|(_, target)| (target.name, &target.amount))
        .collect();
    let message = format!("{} of {} performance targets name no project of the list", unlisted.len(), targets.len());
    ledger.findings.extend(in_one(&C304, message, &unlisted));
    repairs
}

/// One finding for all that the other side lacks: the first of them as its place, the others beside it.
fn in_one(code: &Code, message: String, lacking: &[(&Printed, &Term)]) -> Option<Finding> {
    let told = |(name, amount): &(&Printed, &Term)| format!("{} {}", name.text, amount.shown());
    let (first, others) = lacking.split_first()?;
    let finding = Finding::new(code, message).at(&first.0.place, told(first));
    Some(others.iter().fold(finding, |finding, other| finding.with(&other.0.place, told(other))))
}

/// Names compare without blanks, brackets and quotes.
fn name_key(name: &str) -> String {
    key(name).chars().filter(|c| !matches!(c, '(' | ')' | '《' | '》' | '<' | '>')).collect()
}

fn forms_to_targets(disclosure: &Disclosure) -> Vec<Target<'_>> {
    let forms = &disclosure.performance_targets;
    let of_form = |(at, form): (usize, &'_ crate::model::PerformanceTarget)| {
        let total =
            |half: Half| form.funds.iter().position(|fund| fund.source == FundSource::Total && fund.half == half);
        let fund = total(Half::Annual).or_else(|| total(Half::ImplementationPeriod))?;
        fund_to_term(forms, at, fund)
    };
    let projects = forms.iter().enumerate().filter(|(_, form)| form.kind == "performance_target");
    projects
        .filter_map(|(at, form)| {
            let name = form.project.as_ref()?;
            Some(Target { name, key: name_key(&name.text), amount: of_form((at, form))? })
        })
        .filter(|target| !target.key.is_empty())
        .collect()
}

/// The amounts of the performance targets.
pub fn target_amounts(disclosure: &Disclosure) -> Vec<Term<'_>> {
    forms_to_targets(disclosure).into_iter().map(|target| target.amount).collect()
}

/// The amounts of each list of this year's projects.
pub fn listed_amounts(disclosure: &Disclosure) -> Vec<Vec<Term<'_>>> {
    let amounts = Amounts::of(disclosure);
    let lists = (0..disclosure.tables.len()).filter(|at| is_list(disclosure, *at));
    lists
        .map(|at| table_to_projects(disclosure, &amounts, at).into_iter().map(|project| project.amount).collect())
        .filter(|amounts: &Vec<Term>| !amounts.is_empty())
        .collect()
}

/// True for a list of projects of the year.
fn is_list(disclosure: &Disclosure, table: usize) -> bool {
    disclosure.tables.get(table).is_some_and(|table| {
        let is_list = table.kind.as_deref().is_some_and(|kind| LISTS.contains(&kind));
        is_list && !table.is_nil && !table.qualifiers.iter().any(|qualifier| qualifier == "prior_year_carryover")
    })
}

fn table_to_projects<'a>(disclosure: &'a Disclosure, amounts: &Amounts<'a>, table: usize) -> Vec<Project<'a>> {
    let Some(of_table) = disclosure.tables.get(table) else { return Vec::new() };
    let amount_columns = || of_table.columns.iter().filter(|column| column.role == ColumnRole::Amount);
    let is_total = |measure: &str| matches!(measure, "total" | "project_expenditure" | "total_expenditure");
    let Some(column) = amount_columns()
        .find(|column| column.measure.as_deref().is_some_and(is_total))
        .or_else(|| amount_columns().next())
    else {
        return Vec::new();
    };
    let bodies = body_keys(of_table);
    let names_body = |row: &Row| row.label.as_ref().is_some_and(|label| bodies.contains(&key(&label.text)));
    let items = of_table.rows.iter().enumerate().filter(|(_, row)| row.role == RowRole::Item && !names_body(row));
    items
        .filter_map(|(at, row)| {
            let label = row.label.as_ref()?;
            Some(Project { label, key: name_key(&label.text), amount: amounts.term(table, at, column.index)? })
        })
        .collect()
}

fn agree(project: &Project, target: &Target) -> bool {
    let (left, right) = (std::slice::from_ref(&project.amount), std::slice::from_ref(&target.amount));
    matches!(compare(Relation::Equal, left, right).outcome, Outcome::Exact | Outcome::WithinRounding)
}

/// Joins one list; returns the targets that it names.
fn join(projects: &[Project], targets: &[Target], ledger: &mut Ledger, repairs: &mut Vec<Repair>) -> BTreeSet<usize> {
    let mut claimed: BTreeMap<usize, usize> = BTreeMap::new();
    for (t, target) in targets.iter().enumerate() {
        let mut same_name = projects
            .iter()
            .enumerate()
            .filter(|(p, project)| project.key == target.key && !claimed.values().any(|c| c == p));
        if let Some((p, _)) = same_name.find(|(_, project)| agree(project, target)) {
            claimed.insert(t, p);
        }
    }
    let mut named: BTreeSet<usize> = claimed.keys().copied().collect();
    for (t, p) in &claimed {
        let (left, right) = ([projects[*p].amount], [targets[*t].amount]);
        ledger.enter(judge(IDENTITY, Relation::Equal, &left, &right), &[&left, &right]);
    }
    let mut open_targets: Vec<usize> = (0..targets.len()).filter(|t| !claimed.contains_key(t)).collect();
    let mut suspects = Vec::new();
    let mut strangers = Vec::new();
    // The longest name first: a name may begin another.
    let mut order: Vec<usize> = (0..targets.len()).collect();
    order.sort_by_key(|t| std::cmp::Reverse(targets[*t].key.len()));
    for (p, project) in projects.iter().enumerate().filter(|(p, _)| !claimed.values().any(|c| c == p)) {
        let names = names_in(&project.key, targets, &order);
        if names.is_empty() { strangers.push(p) } else { suspects.push((p, names)) }
    }
    // A project in several rows (by function, by unit): their sum is what the form states.
    suspects.retain(|(p, names)| {
        let same: Vec<Term> =
            projects.iter().filter(|other| other.key == projects[*p].key).map(|other| other.amount).collect();
        let [name] = names.as_slice() else { return true };
        let right = [targets[*name].amount];
        let result = judge(IDENTITY, Relation::Equal, &same, &right);
        let is_sum = same.len() > 1 && matches!(result.outcome, Outcome::Exact | Outcome::WithinRounding);
        if is_sum && named.insert(*name) {
            ledger.enter(result, &[&same, &right]);
            open_targets.retain(|t| t != name);
        }
        !is_sum
    });
    match suspects_to_pairs(&suspects, projects, targets, &open_targets) {
        Some(pairs) if !suspects.is_empty() => {
            named.extend(pairs.iter().map(|(_, t)| *t));
            report_slide(&suspects, &pairs, projects, targets, ledger, repairs);
        }
        _ => {
            let matched = claimed.len() + suspects.len();
            let severity = if suspects.len() * 2 > matched.max(2) { Severity::Info } else { C301.severity };
            for (p, names) in &suspects {
                named.extend(names);
                let (project, target) = (&projects[*p], &targets[names[0]]);
                // Two units may have a project of one name (烟台大数据局 2026, p24): which form is whose cannot be told.
                let is_shared = projects.iter().filter(|other| other.key == project.key).count() > 1
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

/// A target of the right amount for every suspect: names slid if there is one for each.
fn suspects_to_pairs(
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

fn report_difference(project: &Project, target: &Target, severity: Severity, ledger: &mut Ledger) {
    let (left, right) = ([project.amount], [target.amount]);
    let result = judge(IDENTITY, Relation::Equal, &left, &right);
    let code: &Code = &C301;
    if result.outcome == Outcome::Violated {
        let message = format!(
            "{}: the list of projects says {}, the performance target {}",
            project.label.text,
            project.amount.shown(),
            target.amount.shown()
        );
        let mut finding = Finding::new(code, message)
            .at(project.amount.place, project.amount.shown())
            .with(target.amount.place, format!("the performance target says {}", target.amount.shown()));
        finding.severity = severity;
        ledger.findings.push(finding);
    }
    ledger.enter(result, &[&left, &right]);
}

/// One finding for the run, one proposal for each name.
fn report_slide(
    suspects: &[(usize, Vec<usize>)],
    pairs: &[(usize, usize)],
    projects: &[Project],
    targets: &[Target],
    ledger: &mut Ledger,
    repairs: &mut Vec<Repair>,
) {
    let Some((first, _)) = suspects.first() else { return };
    let fused = suspects.iter().filter(|(_, names)| names.len() > 1).count();
    let twice = suspects
        .iter()
        .filter(|(p, _)| projects.iter().filter(|other| other.key == projects[*p].key).count() > 1)
        .count();
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
            ledger.enter(judge(IDENTITY, Relation::Equal, &left, &by_name), &[]);
        }
        let right = [target.amount];
        ledger.enter(
            judge("project_amounts_agree_with_targets_as_a_set", Relation::Equal, &left, &right),
            &[&left, &right],
        );
        repairs.push(Repair {
            code: C302.id.to_string(),
            place: project.label.place.clone(),
            printed: project.label.text.clone(),
            proposed: target.name.text.chars().filter(|c| !is_blank(*c)).collect(),
            evidence: pair_to_evidence(project, names, target, targets),
        });
    }
    if fused > 0 {
        let note = "a cell that holds two names in one looks like a conversion that joined two lines".to_string();
        let place = Some(projects[*first].label.place.clone());
        finding.evidence.push(Ground { speaks_for: Whose::Reading, note, place });
    }
    ledger.findings.push(finding.help(format!("the performance targets give: {}", help.join("; "))));
}

fn pair_to_evidence(project: &Project, names: &[usize], target: &Target, targets: &[Target]) -> Vec<String> {
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
    let same_amount = targets.iter().filter(|other| agree(project, other)).count();
    if same_amount > 1 {
        evidence
            .push(format!("{same_amount} targets have this amount; the others are taken by rows of their own name"));
    }
    evidence
}

#[cfg(test)]
mod tests {
    use crate::base::finding::Finding;
    use crate::check::fixture::{checked, disclosure, form, outcomes, table};
    use crate::model::*;

    fn joined(rows: &[&str], forms: &[(&str, i64)]) -> (Disclosure, Vec<Finding>) {
        let mut disclosure = disclosure(vec![table("project_expenditure", &["project_expenditure"], rows)]);
        disclosure.performance_targets =
            forms.iter().enumerate().map(|(at, (name, yuan))| form(100 + at, name, *yuan)).collect();
        checked(disclosure)
    }

    const FORMS: [(&str, i64); 6] = [
        ("党员教育培训经费", 100_000),
        ("标准化规范化建设经费", 2_000_000),
        ("村级组织运转经费1", 6_270_000),
        ("补助资金的通知（长财行【2025】85号）", 79_000),
        ("（省级）关于提前下达专项经费的通知(长财行【2025】74号)", 119_700),
        ("学历提升工程经费", 100_000),
    ];

    #[test]
    fn names_that_agree_are_proved() {
        let (out, findings) = joined(&["|党员教育 培训经费|10.00", "|村级组织运转经费1|627.00"], &[FORMS[0], FORMS[2]]);
        assert_eq!(outcomes(&out, super::IDENTITY), [2, 0, 0, 0]);
        assert!(!findings.iter().any(|finding| finding.code.starts_with("C30")), "{findings:?}");
        assert_eq!(out.tables[0].rows[0].cells[0].evidence, Evidence::Proved);
    }

    #[test]
    fn a_fused_cell_and_the_slide_that_it_begins() {
        // Seed, 项目支出预算表（本年预算）: the wrapped cell swallowed the next name, every later name is one row off.
        let rows = [
            "|补助资金的通知（长财行【2025】85号）（省级）关于提前下达专项经费的通知 （长财行【2025】74号）|7.90",
            "|村级组织运转经费1|11.97",
            "|党员教育培训经费|627.00",
            "|标准化规范化建设经费|10.00",
            "|标准化规范化建设经费|200.00",
            "|学历提升工程经费|10.00",
        ];
        let (out, findings) = joined(&rows, &FORMS);
        let slid: Vec<_> = findings.iter().filter(|finding| finding.code.starts_with("C30")).collect();
        assert_eq!(slid.len(), 1, "{slid:?}");
        assert_eq!(slid[0].code, "C302");
        let proposed: Vec<_> =
            out.repairs.iter().map(|repair| (repair.place.line().unwrap_or(0), repair.proposed.as_str())).collect();
        assert_eq!(
            proposed,
            [
                (1, "补助资金的通知（长财行【2025】85号）"),
                (2, "（省级）关于提前下达专项经费的通知(长财行【2025】74号)"),
                (3, "村级组织运转经费1"),
                (4, "党员教育培训经费"),
            ]
        );
        assert_eq!(outcomes(&out, super::IDENTITY)[2], 3, "three names stand on wrong amounts");
        assert!(out.tables[0].rows.iter().all(|row| row.cells[0].evidence == Evidence::Proved));
    }

    #[test]
    fn two_swapped_names() {
        let (out, findings) = joined(
            &["|村级组织运转经费1|10.00", "|党员教育培训经费|627.00", "|学历提升工程经费|10.00"],
            &[FORMS[0], FORMS[2], FORMS[5]],
        );
        assert!(findings.iter().any(|finding| finding.code == "C302"));
        assert_eq!(out.repairs.len(), 2);
        assert_eq!(out.repairs[0].proposed, "党员教育培训经费");
    }

    #[test]
    fn one_wrong_amount_is_a_difference() {
        let (_, findings) = joined(
            &["|党员教育培训经费|10.02", "|村级组织运转经费1|627.00", "|学历提升工程经费|10.00"],
            &[FORMS[0], FORMS[2], FORMS[5]],
        );
        let found: Vec<_> = findings.iter().filter(|finding| finding.code == "C301").collect();
        assert_eq!(found.len(), 1);
        assert!(
            found[0].message.contains("10.02 万元") && found[0].message.contains("100000 元"),
            "{}",
            found[0].message
        );
    }

    #[test]
    fn several_rows_of_one_project_are_summed() {
        let (out, findings) = joined(
            &["|党员教育培训经费|4.00", "|党员教育培训经费|6.00", "|村级组织运转经费1|627.00"],
            &[FORMS[0], FORMS[2]],
        );
        assert_eq!(outcomes(&out, super::IDENTITY), [2, 0, 0, 0]);
        assert!(!findings.iter().any(|finding| matches!(finding.code.as_str(), "C301" | "C302")), "{findings:?}");
    }

    #[test]
    fn what_one_of_them_lacks_is_said() {
        let (_, findings) = joined(&["|党员教育培训经费|10.00", "|远程教育|20.00"], &[FORMS[0], FORMS[2]]);
        let codes: Vec<_> =
            findings.iter().map(|finding| finding.code.as_str()).filter(|code| code.starts_with("C30")).collect();
        assert_eq!(codes, ["C303", "C304"]);
    }
}
