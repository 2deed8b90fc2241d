//! Pages on which nothing stands.

use std::collections::BTreeSet;

use crate::base::finding::Finding;
use crate::base::place::Place;
use crate::check::ledger::Ledger;
use crate::finding_code;
use crate::model::Disclosure;

finding_code! {
    /// A page between others carries no text: a blank sheet, an empty table, or a picture of one.
    pub C113, "page-without-text", Info
}

pub fn evaluate(disclosure: &Disclosure, ledger: &mut Ledger) {
    let mut pages: BTreeSet<u32> = BTreeSet::new();
    let mut last = None;
    let mut stands = |place: &Place| {
        if place.page() != last {
            last = place.page();
            pages.extend(last);
        }
    };
    disclosure.headings.iter().for_each(|heading| stands(&heading.place));
    disclosure.contents.iter().for_each(|entry| stands(&entry.place));
    disclosure.paragraphs.iter().flat_map(|paragraph| &paragraph.pieces).for_each(|piece| stands(&piece.place));
    disclosure.furniture.iter().for_each(|furniture| stands(&furniture.place));
    disclosure.unbound.iter().for_each(|unbound| stands(&unbound.place));
    for table in &disclosure.tables {
        table.caption.iter().for_each(|caption| stands(&caption.place));
        table.header.iter().for_each(|cell| stands(&cell.place));
        table.repeated.iter().chain(&table.notes).for_each(|printed| stands(&printed.place));
        for row in &table.rows {
            row.label.iter().for_each(|label| stands(&label.place));
            row.cells.iter().for_each(|cell| stands(&cell.place));
            row.texts.iter().for_each(|text| stands(&text.place));
            row.codes.iter().for_each(|code| stands(&code.place));
        }
    }
    // Forms fill pages of their own; what lies beyond the first of them is theirs.
    let first_form = disclosure.performance_targets.iter().filter_map(|form| form.caption.as_ref()?.place.page()).min();
    let end = pages.last().copied().unwrap_or(0).min(first_form.unwrap_or(u32::MAX));
    for page in (2..end).filter(|page| !pages.contains(page)) {
        let place = Place::Page { page, bbox: [0.0; 4] };
        ledger
            .findings
            .push(Finding::new(&C113, format!("page {page} has no text")).at(&place, "a blank sheet, or a picture"));
    }
}

#[cfg(test)]
mod tests {
    use crate::base::place::Place;
    use crate::check::fixture::{checked, disclosure};
    use crate::model::{Paragraph, Piece};

    /// Pages without text of a document with a paragraph on each of these pages.
    fn blank(pages: &[u32]) -> Vec<Option<u32>> {
        let paragraph = |page: &u32| Paragraph {
            text: "一切如常。".into(),
            heading: None,
            pieces: vec![Piece { start: 0, place: Place::Page { page: *page, bbox: [50.0, 80.0, 500.0, 92.0] } }],
        };
        let mut disclosure = disclosure(Vec::new());
        disclosure.paragraphs = pages.iter().map(paragraph).collect();
        let found = checked(disclosure).1.into_iter().filter(|finding| finding.code == "C113");
        found.map(|finding| finding.place.and_then(|place| place.page())).collect()
    }

    #[test]
    fn a_page_between_others_has_text() {
        // Putuo, budget of 2026: nothing stands on the page after the contents.
        assert_eq!(blank(&[1, 2, 4, 5]), [Some(3)]);
        assert_eq!(blank(&[1, 2, 3]), []);
    }
}
