//! The two sides of the join: rows of the lists of projects, and the forms.

use std::cell::OnceCell;
use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::base::place::Printed;
use crate::base::text::key;
use crate::check::identity::{Amounts, body_keys};
use crate::check::term::{Relation, Term, compare, fund_to_term};
use crate::model::{ColumnRole, Disclosure, FundSource, Half, Outcome, PerformanceTarget, Row, RowRole};

/// Kinds whose rows are projects.
const LISTS: [&str; 3] =
    ["project_expenditure", "project_expenditure_summary", "general_public_budget_project_expenditure"];

/// A row of the list.
pub struct Project<'a> {
    pub label: &'a Printed,
    pub key: String,
    pub amount: Term<'a>,
}

/// A form.
pub struct Target<'a> {
    pub name: &'a Printed,
    pub key: String,
    pub amount: Term<'a>,
}

/// The forms, with what every list asks of them.
pub struct Targets<'a> {
    pub all: Vec<Target<'a>>,
    /// The longest name first: a name may begin another.
    pub by_length: Vec<usize>,
    /// One target for each amount as it is printed, and how many have it.
    by_amount: OnceCell<Vec<(usize, usize)>>,
}

impl<'a> Targets<'a> {
    pub fn of(disclosure: &'a Disclosure) -> Targets<'a> {
        let all = forms_to_targets(disclosure);
        let mut by_length: Vec<usize> = (0..all.len()).collect();
        by_length.sort_by_key(|at| Reverse(all[*at].key.len()));
        Targets { all, by_length, by_amount: OnceCell::new() }
    }

    /// How many targets have the amount of a project.
    pub fn agreeing(&self, project: &Project) -> usize {
        let by_amount = self.by_amount.get_or_init(|| {
            let mut amounts = BTreeMap::new();
            for (at, target) in self.all.iter().enumerate() {
                let Term { amount, decimals, unit, .. } = target.amount;
                amounts.entry((amount, amount.scale(), decimals, unit)).or_insert((at, 0)).1 += 1;
            }
            amounts.into_values().collect()
        });
        by_amount.iter().filter(|(at, _)| agree(project, &self.all[*at])).map(|(_, count)| count).sum()
    }
}

/// Names compare without blanks, brackets and quotes.
fn name_key(name: &str) -> String {
    key(name).chars().filter(|c| !matches!(c, '(' | ')' | '《' | '》' | '<' | '>')).collect()
}

pub fn forms_to_targets(disclosure: &Disclosure) -> Vec<Target<'_>> {
    let forms = &disclosure.performance_targets;
    let of_form = |(at, form): (usize, &'_ PerformanceTarget)| {
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
pub fn is_list(disclosure: &Disclosure, table: usize) -> bool {
    disclosure.tables.get(table).is_some_and(|table| {
        let is_list = table.kind.as_deref().is_some_and(|kind| LISTS.contains(&kind));
        is_list && !table.is_nil && !table.qualifiers.iter().any(|qualifier| qualifier == "prior_year_carryover")
    })
}

pub fn table_to_projects<'a>(disclosure: &'a Disclosure, amounts: &Amounts<'a>, table: usize) -> Vec<Project<'a>> {
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

pub fn agree(project: &Project, target: &Target) -> bool {
    let (left, right) = (std::slice::from_ref(&project.amount), std::slice::from_ref(&target.amount));
    matches!(compare(Relation::Equal, left, right).outcome, Outcome::Exact | Outcome::WithinRounding)
}
