//! Whose slip? What speaks for the publisher's and what for one of the reading, as evidence beside each finding; no verdict.
//!
//! Everything is looked up by place: the figures that a finding rests on stand in cells, or in statements of the text.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::marks::MarkBook;
use super::term::Spot;
use crate::base::finding::{Finding, Ground, Severity, Whose};
use crate::base::place::Place;
use crate::model::{Disclosure, Evidence, GridMethod, KindBasis, Paragraph, Row, Table};

/// Gives every warning and error its grounds. `marks`: what the checks said of each figure.
pub fn give(disclosure: &Disclosure, marks: &MarkBook, findings: &mut [Finding]) {
    let mut loud: Vec<&mut Finding> =
        findings.iter_mut().filter(|finding| finding.severity >= Severity::Warning).collect();
    if loud.is_empty() {
        return;
    }
    let wanted: HashSet<Key> = loud.iter().flat_map(|finding| places(finding)).map(place_key).collect();
    let cells = cells_at(disclosure, &wanted);
    let statements = statements_at(disclosure, &wanted);
    for finding in &mut loud {
        let at: Vec<Key> = places(finding).map(place_key).collect();
        let spots: BTreeSet<At> = at.iter().filter_map(|key| cells.get(key).copied()).collect();
        let mut grounds = Vec::new();
        if spots.is_empty() {
            let stated: BTreeSet<usize> = at.iter().filter_map(|key| statements.get(key)).flatten().copied().collect();
            grounds.extend(text_to_grounds(disclosure, &at, &stated, finding));
        } else {
            grounds.extend(cells_to_grounds(disclosure, &spots, marks));
        }
        grounds.append(&mut finding.evidence);
        grounds.sort_by_key(|ground| ground.speaks_for);
        finding.evidence = grounds;
    }
}

fn places(finding: &Finding) -> impl Iterator<Item = &Place> {
    finding.place.iter().chain(finding.related.iter().map(|related| &related.place))
}

/// A place as a key: the bits of its numbers.
type Key = [u32; 5];

fn place_key(place: &Place) -> Key {
    match place {
        Place::Page { page, bbox: [x0, top, x1, bottom] } => {
            [*page, x0.to_bits(), top.to_bits(), x1.to_bits(), bottom.to_bits()]
        }
        Place::Text { line, column, width, cell } => [*line, *column, *width, cell.unwrap_or(0), u32::MAX],
    }
}

/// Table, row and cell.
type At = (usize, usize, usize);

fn cells_at(disclosure: &Disclosure, wanted: &HashSet<Key>) -> BTreeMap<Key, At> {
    let mut found = BTreeMap::new();
    for (t, table) in disclosure.tables.iter().enumerate() {
        for (r, row) in table.rows.iter().enumerate() {
            for (c, cell) in row.cells.iter().enumerate() {
                let key = place_key(&cell.place);
                if wanted.contains(&key) {
                    found.insert(key, (t, r, c));
                }
            }
        }
    }
    found
}

/// Statements by their places.
fn statements_at(disclosure: &Disclosure, wanted: &HashSet<Key>) -> BTreeMap<Key, Vec<usize>> {
    let mut found: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
    for (at, statement) in disclosure.statements.iter().enumerate() {
        let key = place_key(&statement.place);
        if wanted.contains(&key) {
            found.entry(key).or_default().push(at);
        }
    }
    found
}

fn ground(speaks_for: Whose, note: impl Into<String>, place: Option<&Place>) -> Ground {
    Ground { speaks_for, note: note.into(), place: place.cloned() }
}

// ---------------------------------------------------------------- figures of tables

fn cells_to_grounds(disclosure: &Disclosure, spots: &BTreeSet<At>, marks: &MarkBook) -> Vec<Ground> {
    let mut grounds = vec![held(spots, marks)];
    let tables: BTreeSet<usize> = spots.iter().map(|(table, ..)| *table).collect();
    for at in tables {
        let Some(table) = disclosure.tables.get(at) else { continue };
        let rows: Vec<&Row> =
            spots.iter().filter(|(table, ..)| *table == at).filter_map(|(_, row, _)| table.rows.get(*row)).collect();
        grounds.extend(chosen_alignment(table));
        grounds.extend(stitched(table, &rows));
        grounds.extend(inferred_kind(table));
        grounds.extend(ragged(table, &rows));
    }
    grounds
}

/// Each figure is a cell, taken as printed; those that other sums hold with were read right.
fn held(spots: &BTreeSet<At>, marks: &MarkBook) -> Ground {
    let holding =
        |(table, row, cell): &At| marks.of(Spot::Cell { table: *table, row: *row, cell: *cell }).holding as usize;
    let held = spots.iter().filter(|at| holding(at) > 0).count();
    let checks: usize = spots.iter().map(holding).sum();
    let printed = printed_so(spots.len());
    let note = match (spots.len(), held) {
        (_, 0) => format!("{printed} in the tables; no other check holds with it"),
        (1, _) => format!("{printed} in a table, and takes part in other checks that hold ({checks})"),
        _ => format!("{printed} in the tables; {held} of them take part in other checks that hold ({checks} in all)"),
    };
    ground(Whose::Publisher, note, None)
}

fn printed_so(figures: usize) -> String {
    if figures == 1 { "the figure is printed so".into() } else { format!("the {figures} figures are printed so") }
}

fn caption(table: &Table) -> &str {
    table.caption.as_ref().map_or("the table", |caption| caption.text.as_str())
}

fn chosen_alignment(table: &Table) -> Option<Ground> {
    let aligned = table.fragments.iter().find(|fragment| fragment.method == GridMethod::Aligned)?;
    let note = format!("the columns of {} were found by the alignment of its text: no lines are ruled", caption(table));
    Some(ground(Whose::Reading, note, Some(&aligned.place)))
}

/// Figures on several pages: their rows belong together only if the grids were joined rightly.
fn stitched(table: &Table, rows: &[&Row]) -> Option<Ground> {
    let pages: BTreeSet<u32> = rows.iter().filter_map(|row| row.place.page()).collect();
    let on_later = |place: &Place| place.page().is_some_and(|page| pages.iter().skip(1).any(|later| *later == page));
    let joined = table.fragments.iter().find(|fragment| fragment.joined_by.is_some() && on_later(&fragment.place))?;
    let pages: Vec<String> = pages.iter().map(u32::to_string).collect();
    let by = joined.joined_by.as_deref().unwrap_or_default();
    let note = format!("the figures stand on pages {}, whose grids were joined: {by}", pages.join(", "));
    Some(ground(Whose::Reading, note, Some(&joined.place)))
}

fn inferred_kind(table: &Table) -> Option<Ground> {
    let is_inferred = table.kind_basis == Some(KindBasis::Inferred);
    let note =
        || format!("the kind of {} was inferred from its columns and rows, not from its caption", caption(table));
    is_inferred.then(|| ground(Whose::Reading, note(), table.caption.as_ref().map(|caption| &caption.place)))
}

/// A cell of the row that holds words where figures stand: what belongs there may have gone elsewhere.
fn ragged(table: &Table, rows: &[&Row]) -> Option<Ground> {
    let (row, cell) = rows.iter().find_map(|row| {
        let odd =
            row.cells.iter().find(|cell| cell.amount.is_none() && cell.printed.chars().any(char::is_alphanumeric))?;
        Some((row, odd))
    })?;
    let label = row.label.as_ref().map_or_else(|| caption(table), |label| label.text.as_str());
    Some(ground(
        Whose::Reading,
        format!("the row {label} holds “{}” among its figures", cell.printed),
        Some(&cell.place),
    ))
}

// ---------------------------------------------------------------- the text

fn text_to_grounds(disclosure: &Disclosure, at: &[Key], stated: &BTreeSet<usize>, finding: &Finding) -> Vec<Ground> {
    let stated: Vec<_> = stated.iter().filter_map(|at| disclosure.statements.get(*at)).collect();
    let mut grounds = Vec::new();
    if stated.is_empty() {
        grounds.extend(finding.place.as_ref().map(|place| ground(Whose::Publisher, "it is printed so", Some(place))));
        grounds.extend(unknown_tables(disclosure, finding));
        return grounds;
    }
    let held = stated.iter().filter(|one| matches!(one.evidence, Evidence::Proved | Evidence::WithinRounding)).count();
    let printed = printed_so(stated.len());
    let note = match held {
        0 => format!("{printed} in the text"),
        _ => format!("{printed} in the text; {held} of them by tables or other sums too"),
    };
    grounds.push(ground(Whose::Publisher, note, None));
    let over = |paragraph: &&Paragraph| {
        let first = paragraph.pieces.first().and_then(|piece| piece.place.page());
        let is_on_others = paragraph.pieces.iter().any(|piece| piece.place.page() != first);
        is_on_others && paragraph.pieces.iter().any(|piece| at.contains(&place_key(&piece.place)))
    };
    grounds.extend(disclosure.paragraphs.iter().find(over).map(|paragraph| {
        let place = paragraph.pieces.first().map(|piece| &piece.place);
        ground(Whose::Reading, "the sentence was joined over a break of the page", place)
    }));
    grounds
}

/// A table that is missing may be one that was not recognised.
fn unknown_tables(disclosure: &Disclosure, finding: &Finding) -> Option<Ground> {
    if finding.code != super::structure::announced::C111.id {
        return None;
    }
    let mut unknown = disclosure.tables.iter().filter(|table| table.kind.is_none());
    let first = unknown.next()?;
    let note = format!("{} tables of the document are of no known kind", 1 + unknown.count());
    Some(ground(Whose::Reading, note, first.fragments.first().map(|fragment| &fragment.place)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{checked, disclosure, place, table};
    use crate::model::Fragment;

    /// 合计 that is 1.00 off, in a table that is further described by `describe`.
    fn grounds(describe: impl Fn(&mut Table)) -> Vec<(Whose, String)> {
        let columns = ["total_expenditure", "basic_expenditure", "project_expenditure"];
        let rows =
            ["|合计|11.00|6.00|5.00", "201|一般公共服务支出|7.00|4.00|3.00", "208|社会保障和就业支出|5.00|2.00|3.00"];
        let mut table = table("expenditure_summary", &columns, &rows);
        describe(&mut table);
        let (_, findings) = checked(disclosure(vec![table]));
        let violated = findings.into_iter().find(|finding| finding.code == "I101").expect("a sum does not hold");
        violated.evidence.into_iter().map(|ground| (ground.speaks_for, ground.note)).collect()
    }

    #[test]
    fn printed_figures_speak_for_the_publisher() {
        let plain = grounds(|_| {});
        assert!(plain.iter().all(|(speaks_for, _)| *speaks_for == Whose::Publisher), "{plain:?}");
        assert!(plain[0].1.contains("take part in other checks that hold"), "{plain:?}");
    }

    #[test]
    fn the_way_it_was_read_speaks_for_the_reading() {
        let fragment =
            |method| Fragment { place: place(1, 0), rows: 3, method, joined_by: None, short_lines: Vec::new() };
        let told = grounds(|table| {
            table.fragments = vec![fragment(GridMethod::Aligned)];
            table.kind_basis = Some(KindBasis::Inferred);
            let mut words = table.rows[0].cells[0].clone();
            (words.column, words.amount, words.printed) = (9, None, "见附表".into());
            table.rows[0].cells.push(words);
        });
        let reading: Vec<&str> = told
            .iter()
            .filter(|(speaks_for, _)| *speaks_for == Whose::Reading)
            .map(|(_, note)| note.as_str())
            .collect();
        let expected = ["alignment", "inferred", "见附表"];
        assert!(expected.iter().all(|word| reading.iter().any(|note| note.contains(word))), "{reading:?}");
        assert!(grounds(|table| table.fragments = vec![fragment(GridMethod::Ruled)]).len() == 1);
    }

    #[test]
    fn grids_that_were_joined_over_pages() {
        let told = grounds(|table| {
            let on = |page, top: f32| Place::Page { page, bbox: [10.0, top, 500.0, top + 10.0] };
            for (at, row) in table.rows.iter_mut().enumerate() {
                row.place = on(5 + u32::from(at > 1), 100.0 + 20.0 * at as f32);
            }
            let grid = |page, joined_by: Option<&str>| Fragment {
                place: on(page, 90.0),
                rows: 2,
                method: GridMethod::Ruled,
                joined_by: joined_by.map(String::from),
                short_lines: Vec::new(),
            };
            table.fragments = vec![grid(5, None), grid(6, Some("the header repeats"))];
        });
        assert!(
            told.iter().any(|(_, note)| note.contains("pages 5, 6") && note.contains("the header repeats")),
            "{told:?}"
        );
    }
}
