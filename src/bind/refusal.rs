//! What is no disclosure says so: notices, forms of other kinds and lists that happen to lie among budgets.
//!
//! A document passes by what it contains, not by its name: tables of known kinds, performance targets, prose that
//! states the measures of a budget; or a title that announces a budget over tables of a layout nobody knows yet.

use std::collections::BTreeSet;

use crate::base::finding::Finding;
use crate::base::place::Printed;
use crate::base::text::squash;
use crate::finding_code;
use crate::model::{ColumnRole, Disclosure, KindBasis, Table};
use crate::spec::Specs;

finding_code! {
    /// The document discloses neither a budget nor final accounts.
    ///
    /// No table in it is of a known kind, it has no performance targets, and its prose states hardly any measure of a
    /// budget (total revenue, basic expenditure, “三公”经费, …). Collections of budgets hold such files by mistake: notices,
    /// reports, other lists. What was read is kept, nothing of it is to be taken for data of a budget.
    pub B415, "not-a-disclosure", Error
}

finding_code! {
    /// The document is a blank form: it names no body and holds no figure.
    ///
    /// Where a name or an amount belongs stands a placeholder (上海市XX局, XX万元), and no table has an amount. Such files
    /// are handed out to be filled in; nothing of them is data.
    pub B416, "blank-form", Error
}

/// Tables whose kind only their columns and rows tell: one may be chance.
const INFERRED_TABLES: usize = 2;

/// Distinct measures that prose must state to count as the narrative of a budget; the shortest real one has 18, the
/// documents that are none have 0.
const MEASURES_OF_A_NARRATIVE: usize = 5;

/// Reports a document that is no disclosure. `lines` are those of its beginning, in reading order.
pub fn report_other_document(disclosure: &Disclosure, lines: &[Printed], specs: &Specs, findings: &mut Vec<Finding>) {
    if is_disclosure(disclosure) {
        findings.extend(blank_form(disclosure, lines, specs));
        return;
    }
    let mut has = vec!["no table of a known kind", "no performance target"];
    has.push("no prose that states the measures of a budget");
    let mut message = format!("neither a budget nor final accounts: {}", has.join(", "));
    let named = lines.iter().find_map(|line| Some((line, specs.cover.other_document(&line.text)?)));
    if let Some((_, word)) = named {
        message.push_str(&format!("; it calls itself {word}"));
    }
    let mut finding = Finding::new(&B415, message);
    if let Some((line, _)) = named {
        finding = finding.at(&line.place, format!("“{}”", squash(&line.text)));
    } else if let Some(first) = lines.first() {
        finding = finding.at(&first.place, "it begins so");
    }
    findings.push(finding);
}

/// A form without any amount, in whose name or sentences placeholders stand.
fn blank_form(disclosure: &Disclosure, lines: &[Printed], specs: &Specs) -> Option<Finding> {
    let cells = disclosure.tables.iter().flat_map(|table| &table.rows).flat_map(|row| &row.cells);
    let has_amount = cells.filter_map(|cell| cell.amount).any(|amount| !amount.is_zero());
    if has_amount || disclosure.tables.is_empty() {
        return None;
    }
    let is_open = |text: &str| specs.cover.has_placeholder(text);
    let line = lines.iter().find(|line| is_open(&line.text))?;
    let sentences = disclosure.paragraphs.iter().filter(|paragraph| is_open(&paragraph.text)).count();
    let message = format!(
        "a blank form, no disclosure: “{}” is a placeholder, so is something in {sentences} of {} paragraphs, and no \
         table has an amount",
        squash(&line.text),
        disclosure.paragraphs.len()
    );
    Some(Finding::new(&B416, message).at(&line.place, "to be filled in"))
}

fn is_disclosure(disclosure: &Disclosure) -> bool {
    // A list of units or of reports says nothing of a budget.
    let of_basis = |basis| {
        let is_budget = move |table: &&Table| {
            table.kind_basis == Some(basis) && table.columns.iter().any(|column| column.role == ColumnRole::Amount)
        };
        disclosure.tables.iter().filter(is_budget).count()
    };
    let measures: BTreeSet<&String> =
        disclosure.statements.iter().filter_map(|statement| statement.measure.as_ref()).collect();
    let metadata = &disclosure.metadata;
    let is_announced = metadata.title.is_some() && metadata.phase.is_some() && !disclosure.tables.is_empty();
    of_basis(KindBasis::Caption) > 0
        || of_basis(KindBasis::Inferred) >= INFERRED_TABLES
        || !disclosure.performance_targets.is_empty()
        || measures.len() >= MEASURES_OF_A_NARRATIVE
        || is_announced
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::place::Place;
    use crate::model::{Phase, Stated};

    fn line(text: &str) -> Printed {
        Printed::new(text, Place::Text { line: 1, column: 1, width: 1, cell: None })
    }

    fn refused(disclosure: &Disclosure, lines: &[&str]) -> Option<String> {
        let mut findings = Vec::new();
        let lines: Vec<Printed> = lines.iter().map(|text| line(text)).collect();
        report_other_document(disclosure, &lines, &Specs::builtin().expect("built-in specs"), &mut findings);
        findings.pop().map(|finding| finding.message)
    }

    /// A municipal notice among budgets, and a report on the rule of law.
    #[test]
    fn notices_and_reports_are_refused_by_what_they_call_themselves() {
        let message = refused(&Disclosure::default(), &["某市人民政府公报", "关于印发《2026年工作实施方案》的通知"]);
        assert!(message.is_some_and(|message| message.ends_with("it calls itself 公报")));
        let message = refused(&Disclosure::default(), &["某市财政局2025年度", "法治政府建设报告"]);
        assert!(message.is_some_and(|message| message.ends_with("it calls itself 报告")));
        let message = refused(&Disclosure::default(), &[]);
        assert!(message.is_some_and(|message| message.starts_with("neither a budget nor final accounts")));
    }

    #[test]
    fn a_title_without_tables_or_prose_is_not_enough() {
        let place = line("").place;
        let title =
            Stated { value: "某局2026年部门预算".to_string(), printed: String::new(), place: place.clone() };
        let mut disclosure = Disclosure::default();
        disclosure.metadata.title = Some(title);
        disclosure.metadata.phase = Some(Stated { value: Phase::Budget, printed: "预算".into(), place });
        assert!(refused(&disclosure, &["某局2026年部门预算"]).is_some());
        disclosure.performance_targets.push(crate::model::PerformanceTarget::default());
        assert_eq!(refused(&disclosure, &["某局2026年部门预算"]), None);
    }
}
