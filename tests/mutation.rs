//! The mutation experiment: which slips of a figure or a name do the checks see?
//!
//! Every amount of a document is changed in its text, the document is read again, and a new violated check or a new
//! finding of severity warning or error must appear. What nothing can see is counted and printed.
//!
//! A change of one figure leaves the structure of the text as it is, so only what follows reading and segmenting is run
//! again, on the outline with that cell changed; a test holds that reading the changed text gives the same outline.

mod common;

use std::collections::BTreeSet;

use mingzhang::base::finding::Severity;
use mingzhang::base::place::Place;
use mingzhang::bind::bind;
use mingzhang::check::check;
use mingzhang::extract;
use mingzhang::model::{Disclosure, Outcome, RowRole};
use mingzhang::read::Source;
use mingzhang::segment::{Outline, segment};
use mingzhang::spec::Specs;
use rayon::prelude::*;
use rust_decimal::Decimal;

/// The slightest change that two decimals show beyond rounding.
const SLIGHT: Decimal = Decimal::from_parts(2, 0, 0, false, 2);

/// An amount cell of a text: line and character column (1-based), figure as printed.
struct Figure {
    line: usize,
    column: usize,
    printed: String,
    amount: Decimal,
}

fn read(name: &str, text: &str, specs: &Specs) -> Disclosure {
    let source = Source { name: name.into(), bytes: std::sync::Arc::new(text.as_bytes().to_vec()), password: None };
    extract(&source, specs).expect("a text can be read")
}

fn outline(name: &str, text: &str, specs: &Specs) -> Outline {
    let mut findings = Vec::new();
    let source = Source { name: name.into(), bytes: std::sync::Arc::new(text.as_bytes().to_vec()), password: None };
    segment(mingzhang::read::read(&source, &mut findings).expect("a text can be read"), specs, &mut findings)
}

/// What follows segmenting in `extract`.
fn judge(outline: Outline, specs: &Specs) -> Disclosure {
    let mut findings = Vec::new();
    let mut disclosure = bind(outline, specs, &mut findings);
    check(&mut disclosure, specs, &mut findings);
    disclosure.findings = findings;
    disclosure
}

/// The outline with the text of the cell at this line and column replaced.
fn with_cell(outline: &Outline, figure: &Figure, new: &str) -> Outline {
    let mut changed = outline.clone();
    let cells = changed.tables.iter_mut().flat_map(|table| &mut table.rows).flat_map(|row| &mut row.cells);
    let is_it = |place: &Place| matches!(place, Place::Text { line, column, .. } if (*line as usize, *column as usize) == (figure.line, figure.column));
    let found = cells.filter(|cell| is_it(&cell.place)).map(|cell| {
        assert_eq!(cell.text, figure.printed);
        cell.text = new.to_string();
    });
    assert_eq!(found.count(), 1, "line {}, column {}", figure.line, figure.column);
    changed
}

/// What speaks against a document: violated checks with their terms, findings of severity warning or error.
fn complaints(disclosure: &Disclosure) -> BTreeSet<String> {
    let violated = disclosure.checks.details.iter().filter(|result| result.outcome == Outcome::Violated);
    let findings = disclosure.findings.iter().filter(|finding| finding.severity >= Severity::Warning);
    violated
        .map(|result| {
            let terms = result.left.iter().chain(&result.right).map(|term| format!("{} {}", term.place, term.printed));
            format!("{} {}", result.identity, terms.collect::<Vec<_>>().join(" "))
        })
        .chain(findings.map(|finding| format!("{} {} {:?}", finding.code, finding.message, finding.help)))
        .collect()
}

fn figures(disclosure: &Disclosure) -> Vec<Figure> {
    let cells = disclosure.tables.iter().flat_map(|table| &table.rows).flat_map(|row| &row.cells);
    cells
        .filter_map(|cell| match (&cell.place, cell.amount) {
            (Place::Text { line, column, .. }, Some(amount)) => {
                Some(Figure { line: *line as usize, column: *column as usize, printed: cell.printed.clone(), amount })
            }
            _ => None,
        })
        .collect()
}

/// The text with `old` at this line and character column replaced.
fn replaced(text: &str, line: usize, column: usize, old: &str, new: &str) -> String {
    let mut lines: Vec<String> = text.split('\n').map(String::from).collect();
    let target = &mut lines[line - 1];
    let at = target.char_indices().nth(column - 1).map_or(target.len(), |(at, _)| at);
    assert!(target[at..].starts_with(old), "line {line}, column {column}: {old:?} in {target:?}");
    target.replace_range(at..at + old.len(), new);
    lines.join("\n")
}

/// Changes every amount of a document in turn; returns how many were changed and which went unseen.
fn mutate_amounts(name: &str, text: &str, steps: &[Decimal], specs: &Specs) -> (usize, Vec<String>) {
    let outline = outline(name, text, specs);
    let sound = judge(outline.clone(), specs);
    let known = complaints(&sound);
    let all = figures(&sound);
    let changes: Vec<(&Figure, Decimal)> =
        all.iter().flat_map(|figure| steps.iter().map(move |step| (figure, *step))).collect();
    let unseen = changes
        .par_iter()
        .filter_map(|(figure, step)| {
            let new = (figure.amount + *step).to_string();
            let changed = with_cell(&outline, figure, &new);
            let seen = complaints(&judge(changed, specs)).difference(&known).next().is_some();
            (!seen).then(|| format!("{name}:{}: {} → {new}", figure.line, figure.printed))
        })
        .collect();
    (changes.len(), unseen)
}

fn print_amounts(name: &str, changed: usize, unseen: &[String]) {
    println!("{name}: {} of {changed} changed amounts caught", changed - unseen.len());
    for slip in unseen {
        println!("  not caught: {slip}");
    }
}

#[test]
fn a_changed_text_gives_the_changed_outline() {
    let Some(path) = common::seed("a_changed_text_gives_the_changed_outline") else { return };
    let text = std::fs::read_to_string(path).expect("the seed is UTF-8");
    let specs = Specs::builtin().expect("built-in data");
    let sound = outline("seed", &text, &specs);
    // Texts and the cells that they stand in; columns of a line shift where a figure gets longer.
    let texts = |outline: &Outline| -> Vec<(Option<u32>, u32, String)> {
        let cells = outline.tables.iter().flat_map(|table| &table.rows).flat_map(|row| &row.cells);
        cells.map(|cell| (cell.place.line(), cell.column, cell.text.clone())).collect()
    };
    let all = figures(&judge(sound.clone(), &specs));
    for figure in all.iter().step_by(17) {
        let new = (figure.amount + SLIGHT).to_string();
        let read = outline("seed", &replaced(&text, figure.line, figure.column, &figure.printed, &new), &specs);
        assert_eq!(texts(&read), texts(&with_cell(&sound, figure, &new)), "line {}", figure.line);
        assert_eq!(read.tables.len(), sound.tables.len());
        assert_eq!(read.paragraphs.len(), sound.paragraphs.len());
    }
}

#[test]
fn changed_amounts_of_the_seed_are_caught() {
    let Some(path) = common::seed("changed_amounts_of_the_seed_are_caught") else { return };
    let text = std::fs::read_to_string(path).expect("the seed is UTF-8");
    let specs = Specs::builtin().expect("built-in data");
    let (changed, unseen) = mutate_amounts("seed", &text, &[SLIGHT, Decimal::new(10, 2), Decimal::new(100, 2)], &specs);
    print_amounts("seed", changed, &unseen);
    assert_eq!(changed, 290 * 3);
    assert!(unseen.len() * 100 <= changed, "{} of {changed} went unseen", unseen.len());
}

#[test]
fn changed_amounts_of_the_corpus_are_caught() {
    let path =
        concat!(env!("CARGO_MANIFEST_DIR"), "/corpus/shanxi/changzhi-tunliu/2026/organization-department/clean.txt");
    let text = std::fs::read_to_string(path).expect("the corpus has a clean copy");
    let specs = Specs::builtin().expect("built-in data");
    let (changed, unseen) = mutate_amounts("clean", &text, &[SLIGHT], &specs);
    print_amounts("clean", changed, &unseen);
    assert!(changed >= 290);
    assert!(unseen.len() * 100 <= changed, "{} of {changed} went unseen", unseen.len());
}

#[test]
fn swapped_names_of_projects_are_caught() {
    let Some(path) = common::seed("swapped_names_of_projects_are_caught") else { return };
    let text = std::fs::read_to_string(path).expect("the seed is UTF-8");
    let specs = Specs::builtin().expect("built-in data");
    let sound = read("seed", &text, &specs);
    let known = complaints(&sound);
    for (qualifier, is_joined) in [("current_year", true), ("prior_year_carryover", false)] {
        let list = sound
            .tables
            .iter()
            .find(|table| {
                table.kind.as_deref() == Some("project_expenditure") && table.qualifiers.iter().any(|q| q == qualifier)
            })
            .expect("the list of projects");
        let lines: Vec<&str> = text.split('\n').collect();
        // Line, name as it stands in the line, amount of each project (not of the two rows of the body).
        let body = sound.metadata.body.as_ref().expect("a body").value.clone();
        let projects: Vec<(usize, &str, &str)> = list
            .rows
            .iter()
            .filter(|row| row.role == RowRole::Item || row.role == RowRole::Subtotal)
            .filter(|row| row.label.as_ref().is_some_and(|label| label.text != body))
            .filter_map(|row| {
                let line = row.label.as_ref()?.place.line()? as usize;
                Some((line, lines[line - 1].split('\t').next()?, row.cells.first()?.printed.as_str()))
            })
            .collect();
        assert_eq!(projects.len(), if is_joined { 18 } else { 15 }, "{qualifier}");
        let pairs: Vec<_> = (0..projects.len()).flat_map(|a| (a + 1..projects.len()).map(move |b| (a, b))).collect();
        let unseen: Vec<String> = pairs
            .par_iter()
            .filter_map(|(a, b)| {
                let ((line_a, name_a, amount_a), (line_b, name_b, amount_b)) = (projects[*a], projects[*b]);
                // The same name, or the same amount: no name has changed its amount.
                if name_a == name_b || amount_a == amount_b {
                    return None;
                }
                let once = replaced(&text, line_a, 1, name_a, name_b);
                let changed = replaced(&once, line_b, 1, name_b, name_a);
                let seen = complaints(&read("seed", &changed, &specs)).difference(&known).next().is_some();
                (!seen).then(|| format!("{name_a} ↔ {name_b}"))
            })
            .collect();
        let idle =
            pairs.iter().filter(|(a, b)| projects[*a].1 == projects[*b].1 || projects[*a].2 == projects[*b].2).count();
        println!(
            "{qualifier}: {} swaps of names, {idle} of them change nothing (same name or same amount), {} not caught",
            pairs.len(),
            unseen.len()
        );
        if is_joined {
            assert!(unseen.is_empty(), "{unseen:?}");
        }
    }
}
