//! Tables without figures: lawful with a note that says so.

use crate::base::finding::Finding;
use crate::base::text::key;
use crate::check::ledger::Ledger;
use crate::finding_code;
use crate::model::{Disclosure, Table};
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

pub fn evaluate(disclosure: &Disclosure, specs: &Specs, ledger: &mut Ledger) {
    for table in disclosure.tables.iter().filter(|table| table.kind.is_some()) {
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
            (None, None) if table.is_nil && table.notes.is_empty() => {
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

fn first_place(table: &Table) -> Option<&crate::base::place::Place> {
    table.caption.as_ref().map(|caption| &caption.place).or_else(|| table.rows.first().map(|row| &row.place))
}

#[cfg(test)]
mod tests {
    use crate::base::place::Printed;
    use crate::check::fixture::{checked, disclosure, place, table};

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
}
