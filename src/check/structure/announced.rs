//! The contents list as a checklist of tables.

use std::collections::BTreeSet;

use crate::base::finding::Finding;
use crate::check::ledger::Ledger;
use crate::finding_code;
use crate::model::Disclosure;

finding_code! {
    /// The contents list announces a table that was not found.
    ///
    /// The table is missing from the document, or stands under another title, or was not recognised as a table.
    pub C111, "announced-table-missing", Warning
}

finding_code! {
    /// A table stands in the document that its contents list does not announce.
    ///
    /// The list names other tables, so that it is meant to be complete; forms of performance targets are seldom in it.
    pub C112, "table-not-announced", Info
}

pub fn evaluate(disclosure: &Disclosure, ledger: &mut Ledger) {
    let announced: Vec<_> = disclosure.contents.iter().filter(|entry| entry.is_table).collect();
    let found: BTreeSet<&String> = announced.iter().filter_map(|entry| entry.table.as_ref()).collect();
    // A list none of whose tables is there announces the tables of another file.
    if found.is_empty() {
        return;
    }
    for entry in announced.iter().filter(|entry| entry.table.is_none()) {
        let number = entry.number.as_deref().unwrap_or_default();
        let message = format!("the contents list announces {number}{}, and there is no such table", entry.title);
        ledger.findings.push(Finding::new(&C111, message).at(&entry.place, "announced here"));
    }
    for table in disclosure.tables.iter().filter(|table| table.kind.is_some() && !found.contains(&table.id)) {
        if let Some(caption) = &table.caption {
            let message = format!("the contents list does not announce {}", caption.text);
            ledger.findings.push(Finding::new(&C112, message).at(&caption.place, "not in the contents list"));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::{checked, disclosure, place, table};
    use crate::model::ContentsEntry;

    fn entry(title: &str, table: Option<&str>) -> ContentsEntry {
        ContentsEntry {
            level: 2,
            number: Some("表一".into()),
            title: title.into(),
            page: Some(1),
            is_table: true,
            table: table.map(String::from),
            place: place(1, 0),
        }
    }

    #[test]
    fn missing_and_unannounced_tables() {
        let mut first = table("revenue_summary", &["total"], &["|合计|1.00"]);
        first.id = "t1".into();
        let mut second = table("expenditure_summary", &["total"], &["|合计|1.00"]);
        second.id = "t2".into();
        let mut disclosure = disclosure(vec![first, second]);
        disclosure.contents = vec![entry("收入总表", Some("t1")), entry("三公经费表", None)];
        let (_, findings) = checked(disclosure);
        let codes: Vec<_> =
            findings.iter().map(|finding| finding.code.as_str()).filter(|code| code.starts_with("C11")).collect();
        assert_eq!(codes, ["C111", "C112"]);
    }
}
