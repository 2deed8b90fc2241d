//! The identities that hold in every budget of Jiangsu, Suzhou and Wuxi are evaluated in each of them that prints the tables:
//! a check that could not run is no pass.

mod common;

use std::path::Path;

use mingzhang::extract;
use mingzhang::model::{Disclosure, Outcomes};
use mingzhang::read::Source;
use mingzhang::spec::Specs;

/// Number in the catalogue of templates, name, and the kinds of tables whose figures it compares: it must run where the document
/// has figures in all of them.
const HELD: [(&str, &str, &[&str]); 14] = [
    ("I1", "revenue_equals_expenditure", &["revenue_expenditure_summary"]),
    ("I2", "side_total_is_sum_of_items", &["revenue_expenditure_summary"]),
    ("I3", "revenue_summary_agrees_with_summary", &["revenue_summary", "revenue_expenditure_summary"]),
    ("I4", "expenditure_summary_agrees_with_summary", &["expenditure_summary", "revenue_expenditure_summary"]),
    ("I5", "expenditure_is_sum_of_its_kinds", &["expenditure_summary"]),
    ("I6", "code_is_sum_of_codes_below", &["general_public_budget_expenditure"]),
    ("I7", "fiscal_appropriation_revenue_equals_expenditure", &["fiscal_appropriation_summary"]),
    (
        "I8",
        "appropriation_is_sum_of_tables_of_funds",
        &["general_public_budget_expenditure", "fiscal_appropriation_summary"],
    ),
    (
        "I8",
        "appropriation_agrees_with_its_table",
        &["fiscal_appropriation_expenditure", "fiscal_appropriation_summary"],
    ),
    (
        "I10",
        "basic_expenditure_agrees_with_its_table",
        &["general_public_budget_basic_expenditure", "fiscal_appropriation_summary"],
    ),
    (
        "I10",
        "basic_appropriation_agrees_with_its_table",
        &["fiscal_appropriation_basic_expenditure", "fiscal_appropriation_summary"],
    ),
    ("I11", "total_is_sum_of_rows", &["general_public_budget_basic_expenditure"]),
    ("I12", "three_public_expenses_are_sum_of_kinds", &["three_public_expenses"]),
    ("I12", "official_vehicles_are_purchase_and_operation", &["three_public_expenses"]),
];

/// The same for tables that print columns for kinds of expenditure: those of the years before 2020 do not.
const HELD_BY_COLUMNS: [(&str, &str, &str); 2] = [
    ("I9", "expenditure_is_sum_of_its_kinds", "basic_expenditure"),
    ("I9", "basic_expenditure_is_personnel_and_operating", "personnel_expenses"),
];

fn has_figures(disclosure: &Disclosure, kind: &str) -> bool {
    let of_kind = disclosure.tables.iter().filter(|table| table.kind.as_deref() == Some(kind));
    of_kind.flat_map(|table| &table.rows).flat_map(|row| &row.cells).any(|cell| cell.amount.is_some())
}

fn has_column(disclosure: &Disclosure, kind: &str, measure: &str) -> bool {
    let of_kind = disclosure.tables.iter().filter(|table| table.kind.as_deref() == Some(kind));
    of_kind.flat_map(|table| &table.columns).any(|column| column.measure.as_deref() == Some(measure))
}

/// Identities that should have run and did not.
fn not_evaluated(disclosure: &Disclosure) -> Vec<String> {
    let ran = |name: &str| {
        let Outcomes { exact, within_rounding, .. } =
            disclosure.checks.by_identity.get(name).copied().unwrap_or_default();
        exact + within_rounding > 0
    };
    let whole = HELD.iter().filter(|(_, _, kinds)| kinds.iter().all(|kind| has_figures(disclosure, kind)));
    let by_columns = HELD_BY_COLUMNS
        .iter()
        .filter(|(_, _, measure)| has_column(disclosure, "general_public_budget_expenditure", measure));
    let wanted =
        whole.map(|(number, name, _)| (number, name)).chain(by_columns.map(|(number, name, _)| (number, name)));
    wanted.filter(|(_, name)| !ran(name)).map(|(number, name)| format!("{number} {name}")).collect()
}

#[test]
fn identities_of_jiangsu_run_in_every_document() {
    let Some(shared) = common::shared("identities_of_jiangsu_run_in_every_document") else { return };
    let specs = Specs::builtin().expect("built-in data");
    let (mut documents, mut missing) = (0, Vec::new());
    for place in ["江苏省级", "苏州", "无锡"] {
        for path in pdfs(&shared.join("real").join(place)) {
            let bytes = std::fs::read(&path).expect("a document");
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            let source = Source { name: name.clone(), bytes: std::sync::Arc::new(bytes), password: None };
            let disclosure = extract(&source, &specs).expect("it can be read");
            // Two of the province's files are texts without any table.
            documents += usize::from(has_figures(&disclosure, "revenue_expenditure_summary"));
            missing.extend(not_evaluated(&disclosure).into_iter().map(|what| format!("{name}: {what}")));
        }
    }
    assert!(documents >= 19, "only {documents} documents with tables");
    assert!(missing.is_empty(), "{missing:#?}");
}

fn pdfs(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut paths: Vec<_> = std::fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "pdf"));
    paths.sort();
    paths
}
