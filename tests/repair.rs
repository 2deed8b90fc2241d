//! The experiment on proposals: a slip of one kind is planted into every figure of a sound document in turn; what is proposed
//! must be the figure that stood there, or nothing.

use mingzhang::base::place::Place;
use mingzhang::extract;
use mingzhang::model::{Disclosure, Evidence};
use mingzhang::read::Source;
use mingzhang::spec::Specs;
use rayon::prelude::*;

fn read(text: &str, specs: &Specs) -> Disclosure {
    let source = Source { name: "clean".into(), bytes: std::sync::Arc::new(text.as_bytes().to_vec()), password: None };
    extract(&source, specs).expect("a text can be read")
}

/// Line, column and print of every figure that a check proves.
fn proved_figures(disclosure: &Disclosure) -> Vec<(usize, usize, String)> {
    let cells = disclosure.tables.iter().flat_map(|table| &table.rows).flat_map(|row| &row.cells);
    cells
        .filter(|cell| cell.evidence == Evidence::Proved && cell.amount.is_some_and(|amount| !amount.is_zero()))
        .filter_map(|cell| match &cell.place {
            Place::Text { line, column, .. } => Some((*line as usize, *column as usize, cell.printed.clone())),
            Place::Page { .. } => None,
        })
        .collect()
}

fn replaced(text: &str, (line, column, old): &(usize, usize, String), new: &str) -> String {
    let mut lines: Vec<String> = text.split('\n').map(String::from).collect();
    let target = &mut lines[line - 1];
    let at = target.char_indices().nth(column - 1).map_or(target.len(), |(at, _)| at);
    assert!(target[at..].starts_with(old.as_str()), "line {line}: {old:?} in {target:?}");
    target.replace_range(at..at + old.len(), new);
    lines.join("\n")
}

/// The last two digits that differ, exchanged.
fn swap(printed: &str) -> Option<String> {
    let mut bytes = printed.as_bytes().to_vec();
    let is_pair =
        |at: &usize| bytes[*at].is_ascii_digit() && bytes[at + 1].is_ascii_digit() && bytes[*at] != bytes[at + 1];
    let at = (0..bytes.len() - 1).rev().find(is_pair)?;
    bytes.swap(at, at + 1);
    let slip = String::from_utf8(bytes).ok()?;
    (!slip.starts_with('0') || printed.starts_with('0')).then_some(slip)
}

/// The point two places further left, as a figure in the wrong column of a form gets it.
fn shift(printed: &str) -> Option<String> {
    let amount: rust_decimal::Decimal = printed.replace(',', "").parse().ok()?;
    Some((amount / rust_decimal::Decimal::ONE_HUNDRED).normalize().to_string())
}

fn other_unit(printed: &str) -> Option<String> {
    let amount: rust_decimal::Decimal = printed.replace(',', "").parse().ok()?;
    Some((amount * rust_decimal::Decimal::from(10_000)).normalize().to_string())
}

/// A kind of slip and how it is planted.
type Slip = (&'static str, fn(&str) -> Option<String>);

#[test]
fn a_proposal_is_the_figure_that_stood_there_or_there_is_none() {
    let path =
        concat!(env!("CARGO_MANIFEST_DIR"), "/corpus/shanxi/changzhi-tunliu/2026/organization-department/clean.txt");
    let text = std::fs::read_to_string(path).expect("the corpus has a clean copy");
    let specs = Specs::builtin().expect("built-in data");
    let figures: Vec<_> = proved_figures(&read(&text, &specs)).into_iter().step_by(4).collect();
    assert!(figures.len() >= 40, "{} figures", figures.len());
    let slips: [Slip; 4] = [
        ("two digits swapped", swap),
        ("a minus too many", |printed| Some(format!("-{printed}"))),
        ("the point moved", shift),
        ("the other unit", other_unit),
    ];
    for (name, plant) in slips {
        let outcomes: Vec<Option<bool>> = figures
            .par_iter()
            .filter_map(|figure| {
                let changed = read(&replaced(&text, figure, &plant(&figure.2)?), &specs);
                let value = |printed: &str| printed.replace(',', "").parse::<rust_decimal::Decimal>().ok();
                let at = |place: &Place| place.line() == Some(figure.0 as u32);
                let proposed: Vec<_> = changed.repairs.iter().filter(|repair| repair.code.starts_with('I')).collect();
                let is_right = |repair: &&mingzhang::model::Repair| {
                    at(&repair.place) && value(&repair.proposed) == value(&figure.2)
                };
                for repair in proposed.iter().filter(|repair| !is_right(repair)) {
                    println!(
                        "  {name}, line {}: {} proposed for {} on line {:?}",
                        figure.0,
                        repair.proposed,
                        repair.printed,
                        repair.place.line()
                    );
                }
                Some(match proposed.as_slice() {
                    [] => None,
                    some => Some(some.iter().all(is_right)),
                })
            })
            .collect();
        let (right, wrong) = (count(&outcomes, Some(true)), count(&outcomes, Some(false)));
        println!("{name}: {} planted, {right} put right, {wrong} put wrong", outcomes.len());
        assert_eq!(wrong, 0, "{name}: a proposal that is not what stood there");
        assert!(right * 2 >= outcomes.len(), "{name}: {right} of {} put right", outcomes.len());
    }
}

fn count(outcomes: &[Option<bool>], wanted: Option<bool>) -> usize {
    outcomes.iter().filter(|outcome| **outcome == wanted).count()
}
