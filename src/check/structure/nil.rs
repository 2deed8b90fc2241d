//! Tables without figures: lawful with a note that says so.

use crate::base::finding::Finding;
use crate::base::text::key;
use crate::check::ledger::Ledger;
use crate::finding_code;
use crate::model::{ColumnRole, Disclosure, Paragraph, RowRole, Table};
use crate::spec::Specs;

finding_code! {
    /// A table has no figure, and no note says why.
    ///
    /// 没有数据的表格应当列出空表并说明 (财预〔2016〕143号). The explanation may stand elsewhere in the document: a list of
    /// empty tables, one general sentence. Therefore info.
    pub C121, "nil-table-without-note", Info
}

finding_code! {
    /// A note says that a table has no data, and the table has figures.
    ///
    /// The note was left over from a template, or it belongs to another table.
    pub C122, "nil-note-with-figures", Warning
}

finding_code! {
    /// A table of all revenue or of all expenditure has no figure, and the summary of the document has a total.
    ///
    /// Its rows were lost: a body that has a budget has revenue and expenditure.
    pub C123, "nil-table-of-all-money", Warning
}

/// Tables of all revenue and of all expenditure without figures.
fn nil_of_all_money<'d>(disclosure: &'d Disclosure, specs: &Specs) -> Vec<&'d Table> {
    let is_of = |table: &Table, kinds: &[String]| table.kind.as_ref().is_some_and(|kind| kinds.contains(kind));
    let totals = &specs.identities.totals;
    let has_total = |table: &Table| {
        let rows = table.rows.iter().filter(|row| row.role == RowRole::Total);
        rows.flat_map(|row| &row.cells).any(|cell| cell.amount.is_some_and(|amount| !amount.is_zero()))
    };
    if !disclosure.tables.iter().any(|table| is_of(table, &totals.two_sided) && has_total(table)) {
        return Vec::new();
    }
    disclosure.tables.iter().filter(|table| table.is_nil && is_of(table, &totals.of_all_money)).collect()
}

pub fn evaluate(disclosure: &Disclosure, specs: &Specs, ledger: &mut Ledger) {
    for table in nil_of_all_money(disclosure, specs) {
        let caption = table.caption.as_ref().map_or("", |caption| caption.text.as_str());
        let finding = Finding::new(&C123, format!("{caption}: no figure, and the document has money"));
        ledger.findings.push(match first_place(table) {
            Some(place) => finding.at(place, "the table without figures"),
            None => finding,
        });
    }
    // A list of units has no column for figures, and lacks none.
    let has_amounts = |table: &&Table| table.columns.iter().any(|column| column.role == ColumnRole::Amount);
    for table in disclosure.tables.iter().filter(|table| table.kind.is_some()).filter(has_amounts) {
        let caption = table.caption.as_ref().map_or("", |caption| caption.text.as_str());
        let note = table.notes.iter().find(|note| specs.segmentation.nil_note.is_match(&key(&note.text)));
        let figure = table
            .rows
            .iter()
            .flat_map(|row| &row.cells)
            .find(|cell| cell.amount.is_some_and(|amount| !amount.is_zero()));
        match (note, figure) {
            (Some(note), Some(figure)) => ledger.findings.push(
                Finding::new(&C122, format!("{caption}: a note says that there is no data, and there are figures"))
                    .at(&note.place, "the note")
                    .with(&figure.place, format!("the first figure: {}", figure.printed)),
            ),
            (None, None) if table.is_nil && table.notes.is_empty() && !is_explained(disclosure, table, specs) => {
                if let Some(place) = first_place(table) {
                    ledger.findings.push(
                        Finding::new(&C121, format!("{caption}: an empty table without a note"))
                            .at(place, "no figure, no note"),
                    );
                }
            }
            _ => {}
        }
    }
}

/// True where a paragraph on the table's page is a note: （注：2026年没有使用政府性基金预算拨款安排的支出。）
fn is_explained(disclosure: &Disclosure, table: &Table, specs: &Specs) -> bool {
    let pages: Vec<u32> = table.fragments.iter().filter_map(|fragment| fragment.place.page()).collect();
    let on_page = |paragraph: &&Paragraph| {
        paragraph.pieces.first().and_then(|piece| piece.place.page()).is_some_and(|page| pages.contains(&page))
    };
    disclosure.paragraphs.iter().filter(on_page).any(|paragraph| {
        let text = key(&paragraph.text);
        let text = text.trim_start_matches('(').trim_end_matches(')');
        specs.segmentation.note.is_match(text) || specs.segmentation.nil_note.is_match(text)
    })
}

fn first_place(table: &Table) -> Option<&crate::base::place::Place> {
    table.caption.as_ref().map(|caption| &caption.place).or_else(|| table.rows.first().map(|row| &row.place))
}

#[cfg(test)]
mod tests {
    use crate::base::place::{Place, Printed};
    use crate::check::fixture::{checked, disclosure, place, table};
    use crate::model::{Fragment, GridMethod, Paragraph, Piece};

    fn codes(figure: &str, note: Option<&str>) -> Vec<String> {
        let mut table =
            table("government_managed_funds_expenditure", &["total_expenditure"], &[&format!("|合计|{figure}")]);
        table.notes = note.map(|note| Printed::new(note, place(9, 0))).into_iter().collect();
        let (_, findings) = checked(disclosure(vec![table]));
        findings.into_iter().map(|finding| finding.code).filter(|code| code.starts_with("C12")).collect()
    }

    #[test]
    fn a_note_belongs_to_an_empty_table() {
        assert!(codes("", Some("注：本表无数据")).is_empty());
        assert!(codes("5.00", None).is_empty());
        assert_eq!(codes("", None), ["C121"]);
        assert_eq!(codes("5.00", Some("注：本表无数据")), ["C122"]);
        assert!(codes("0.00", Some("注：本表无数据")).is_empty(), "zeros are no data");
    }

    #[test]
    fn a_table_of_all_revenue_has_figures_where_there_is_money() {
        let found = |total: &str| {
            let mut revenue = table("revenue_summary", &["total"], &["|合计|"]);
            revenue.id = "t2".into();
            let summary = table("revenue_expenditure_summary", &["total"], &[&format!("|合计|{total}")]);
            let (_, findings) = checked(disclosure(vec![summary, revenue]));
            findings.iter().filter(|finding| finding.code == "C123").count()
        };
        assert_eq!(found("5.00"), 1);
        assert_eq!(found(""), 0);
    }

    #[test]
    fn a_note_in_brackets_below_the_table_explains_it() {
        // Yantai 2026: （注：…） stands as a line of its own on the page.
        let page = |number, top| Place::Page { page: number, bbox: [50.0, top, 500.0, top + 10.0] };
        for (note_page, expected) in [(23, 0), (24, 1)] {
            let mut table = table("government_managed_funds_expenditure", &["total_expenditure"], &["|合计|"]);
            let fragment = Fragment {
                place: page(23, 100.0),
                rows: 2,
                method: GridMethod::Ruled,
                joined_by: None,
                short_lines: Vec::new(),
            };
            table.fragments = vec![fragment];
            let mut disclosure = disclosure(vec![table]);
            let pieces = vec![Piece { start: 0, place: page(note_page, 300.0) }];
            let text = "（注：2026年没有使用政府性基金预算拨款安排的支出。）".to_string();
            disclosure.paragraphs = vec![Paragraph { text, heading: None, pieces }];
            let (_, findings) = checked(disclosure);
            assert_eq!(findings.iter().filter(|finding| finding.code == "C121").count(), expected);
        }
    }
}
