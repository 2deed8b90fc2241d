//! An amount in the text whose table stands empty.

use crate::base::finding::Finding;
use crate::base::text::key;
use crate::finding_code;
use crate::model::{Column, Disclosure, Statement, StatementKind, Table};
use crate::spec::Narrative;
use crate::spec::narrative::Tie;

finding_code! {
    /// The text states an amount, and the table that should print it has no figure at all:
    /// “三公”经费财政拨款支出年初预算为0.95万元 over an empty table of 三公经费.
    /// Told only where every table of the kinds that print this quantity is empty. In final accounts the budgeted amount
    /// counts too, because their table has a column for it.
    pub C512, "amount-of-empty-table", Warning
}

pub(super) fn check(disclosure: &Disclosure, vocabulary: &Narrative, findings: &mut Vec<Finding>) {
    let year = disclosure.metadata.fiscal_year.as_ref().map(|year| year.value);
    let is_stated = |statement: &&Statement| {
        statement.kind == StatementKind::Amount
            && !statement.value.is_zero()
            && (year.is_none() || statement.fiscal_year.is_none() || statement.fiscal_year == year)
    };
    for statement in disclosure.statements.iter().filter(is_stated) {
        let Some(measure) = measure(statement, vocabulary) else { continue };
        let Some(table) = empty_table(disclosure, vocabulary, measure) else { continue };
        let caption = table.caption.as_ref().map_or("", |caption| caption.text.as_str());
        let said = super::terms::shown(statement);
        let mut finding =
            Finding::new(&C512, format!("the text states {said} for {}, and {caption} is empty", statement.subject))
                .at(&statement.place, said);
        if let Some(caption) = &table.caption {
            finding = finding.with(&caption.place, "no figure in it");
        }
        findings.push(finding);
    }
}

/// What the statement measures, also where it speaks of the budgeted amount beside the spent one.
fn measure<'a>(statement: &'a Statement, vocabulary: &'a Narrative) -> Option<&'a str> {
    statement.measure.as_deref().or_else(|| {
        let subject = key(&statement.subject);
        let spent = subject.strip_suffix(vocabulary.budgeted_tail(&subject)?)?;
        vocabulary.measures.measure(spent)
    })
}

/// The first table of the kinds that print this measure, where all of them are empty.
fn empty_table<'d>(disclosure: &'d Disclosure, vocabulary: &Narrative, measure: &str) -> Option<&'d Table> {
    let ties: Vec<_> = vocabulary.ties.ties.iter().filter(|tie| tie.measure == measure).collect();
    let prints = |table: &&Table| ties.iter().any(|tie| has_room_for(table, tie));
    let mut tables = disclosure.tables.iter().filter(prints);
    let first = tables.next()?;
    (first.is_nil && tables.all(|table| table.is_nil)).then_some(first)
}

/// True where the table has the line or the column that the tie asks for.
fn has_room_for(table: &Table, tie: &Tie) -> bool {
    let measures = |column: &Column| column.measure.as_ref().is_some_and(|measure| tie.columns.contains(measure));
    let is_line = |wanted: &String| wanted == "total" || table.rows.iter().any(|row| row.item.as_ref() == Some(wanted));
    table.kind.as_ref().is_some_and(|kind| tie.kinds.contains(kind))
        && (tie.columns.is_empty() || table.columns.iter().any(measures))
        && tie.row.as_ref().is_none_or(is_line)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::disclosure;
    use crate::check::fixture::table;

    fn told(text: &str, figure: &str) -> usize {
        let mut doc = disclosure(&[text]);
        doc.tables.push(table("three_public_expenses", &["three_public_expenses"], &[&format!("|合计|{figure}")]));
        let specs = crate::spec::Specs::builtin().expect("built-in specs");
        let mut findings = Vec::new();
        super::check(&doc, &specs.narrative, &mut findings);
        findings.len()
    }

    #[test]
    fn an_amount_over_an_empty_table() {
        // Putuo, final accounts of 2024, pages 15 and 22.
        let budgeted = "“三公”经费财政拨款支出年初预算为0.95万元，支出决算为0.00万元。";
        assert_eq!(told(budgeted, ""), 1);
        assert_eq!(told(budgeted, "0.95"), 0, "the table has figures");
        assert_eq!(told("甲局“三公”经费预算0万元。", ""), 0, "nothing of nothing");
        assert_eq!(told("甲局“三公”经费预算0.30万元。", ""), 1);
        assert_eq!(told("甲局机关运行经费0.30万元。", ""), 0, "the empty table has no column for it");
    }
}
