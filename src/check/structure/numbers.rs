//! Numbered rows that do not count on: 一、二、四、三、五、 (two names have changed places), 一、二、四、五、 (a row is lost).

use std::collections::BTreeMap;

use crate::base::finding::Finding;
use crate::check::identity::{is_counted, number_in_list, row_number};
use crate::check::ledger::Ledger;
use crate::finding_code;
use crate::model::{Disclosure, Layout, Row, Side, Table};
use crate::spec::identities::Words;

finding_code! {
    /// Two neighbouring rows have changed places, as their numbers show.
    ///
    /// The rows of a list count on (一、二、三、), and two of them stand the wrong way round: the names were exchanged, or the
    /// rows with their figures. Gaps and numbers that begin anew are not meant.
    pub C106, "rows-changed-places", Warning
}

finding_code! {
    /// The numbers of a list leave one out.
    ///
    /// A summary numbers its lines 一、二、三、 whether they have money or not; where one number is lacking and all others count
    /// on, its row is lost. Lists that print only the lines with money, under the numbers of a longer list, lack several.
    /// The same holds of the column 序号, and of （一） that comes again below （二） without a row 二、 between.
    pub C109, "row-number-left-out", Warning
}

/// Shorter lists do not show that they count on.
const NUMBERS_THAT_COUNT_ON: usize = 2;

pub fn evaluate(disclosure: &Disclosure, words: &Words, ledger: &mut Ledger) {
    for table in disclosure.tables.iter().filter(|table| table.kind.is_some()) {
        for row in after_gaps(table, words).into_iter().chain(without_outer(table, words)) {
            let Some(label) = &row.label else { continue };
            let message = format!("{} stands without the row that its number follows", label.text);
            ledger.findings.push(Finding::new(&C109, message).at(&label.place, "a number is left out before it"));
        }
        for row in exchanged(table) {
            let Some(label) = &row.label else { continue };
            let message = format!("{} stands before the row that its number follows", label.text);
            ledger.findings.push(Finding::new(&C106, message).at(&label.place, "out of order"));
        }
    }
}

/// Rows that count together: side, panel, style of the numbers.
type List = (Option<Side>, u32, u8);

/// Rows whose number leaves one out, in two-sided tables; of lists that leave out one number only.
fn after_gaps<'t>(table: &'t Table, words: &Words) -> Vec<&'t Row> {
    if table.layout != Layout::TwoSided {
        return Vec::new();
    }
    // Rows of one list: numbers of one style in a side, until they begin anew or a row of an outer style comes between.
    let mut lists: Vec<Vec<(u32, &Row)>> = Vec::new();
    let mut open: BTreeMap<List, Vec<usize>> = BTreeMap::new();
    for row in table.rows.iter().filter(|row| is_counted(row)) {
        let Some((style, value)) = number_in_list(row, &words.of_which) else { continue };
        let (of_panel, style) = ((row.side, row.panel), style as u8);
        open.retain(|(side, panel, inner), _| (*side, *panel) != of_panel || *inner <= style);
        let known = open.entry((row.side, row.panel, style)).or_default();
        // 一、本年支出, 一、…, 二、…, 二、年终结转: an outer list may have the style of the inner.
        let follows =
            |list: &usize| lists.get(*list).and_then(|list| list.last()).is_some_and(|(last, _)| last + 1 == value);
        let resumed = known.iter().rposition(follows);
        match (resumed, known.last().copied()) {
            (Some(at), _) => {
                known.truncate(at + 1);
                if let Some(list) = known.last().and_then(|list| lists.get_mut(*list)) {
                    list.push((value, row));
                }
            }
            (None, Some(list)) if value != 1 && lists[list].last().is_some_and(|(last, _)| *last < value) => {
                lists[list].push((value, row))
            }
            _ => {
                known.push(lists.len());
                lists.push(vec![(value, row)]);
            }
        }
    }
    let gap = |list: &Vec<(u32, &'t Row)>| -> Option<&'t Row> {
        let before = std::iter::once(0).chain(list.iter().map(|(value, _)| *value));
        let gaps: Vec<(u32, &Row)> = before
            .zip(list)
            .filter(|(before, (value, _))| before + 1 != *value)
            .map(|(before, (value, row))| (value.abs_diff(before), *row))
            .collect();
        match gaps.as_slice() {
            [(2, row)] if list.len() >= NUMBERS_THAT_COUNT_ON => Some(row),
            _ => None,
        }
    };
    lists.iter().filter_map(gap).collect()
}

/// Rows （一） that follow a row （二） of a list below 一、: the row 二、 between the lists is lost.
fn without_outer<'t>(table: &'t Table, words: &Words) -> Vec<&'t Row> {
    if table.layout != Layout::TwoSided {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut sides: BTreeMap<(Option<Side>, u32), Vec<&Row>> = BTreeMap::new();
    for row in table.rows.iter().filter(|row| is_counted(row) && row.label.is_some()) {
        sides.entry((row.side, row.panel)).or_default().push(row);
    }
    for rows in sides.values() {
        // The style of the list that stands directly below a row of an outer style.
        let mut inner = None;
        let mut before: Option<(_, u32)> = None;
        for row in rows {
            let number = number_in_list(row, &words.of_which);
            match (before, number) {
                (Some((outer, _)), Some((style, 1))) if outer < style => inner = Some(style),
                (Some((last, _)), Some((style, 1))) if last == style && inner == Some(style) => found.push(*row),
                (_, Some((style, _))) if inner == Some(style) => {}
                _ => inner = None,
            }
            before = number;
        }
    }
    found
}

/// The first rows of pairs that stand the wrong way round.
fn exchanged(table: &Table) -> Vec<&Row> {
    let mut lists: BTreeMap<List, Vec<(u32, &Row)>> = BTreeMap::new();
    for row in table.rows.iter().filter(|row| is_counted(row)) {
        if let Some((style, value)) = row_number(row) {
            lists.entry((row.side, row.panel, style as u8)).or_default().push((value, row));
        }
    }
    let mut found = Vec::new();
    for list in lists.values() {
        for (at, pair) in list.windows(2).enumerate() {
            let [(first, row), (second, _)] = pair else { continue };
            let before = at.checked_sub(1).and_then(|at| list.get(at)).map_or(0, |(value, _)| *value);
            let after = list.get(at + 2).map(|(value, _)| *value);
            let follows = *first == second + 1 && before + 1 == *second;
            if follows && after.is_none_or(|after| after == first + 1 || after == 1) {
                found.push(*row);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::{checked, disclosure, table};
    use crate::model::Layout;

    fn found(rows: &[&str]) -> usize {
        let (_, findings) = checked(disclosure(vec![table("revenue_expenditure_summary", &["total"], rows)]));
        findings.iter().filter(|finding| finding.code == "C106").count()
    }

    #[test]
    fn two_rows_the_wrong_way_round() {
        assert_eq!(found(&["|一、甲|1.00", "|二、乙|2.00", "|三、丙|3.00", "|四、丁|3.00"]), 0);
        assert_eq!(found(&["|一、甲|1.00", "|三、丙|2.00", "|二、乙|3.00", "|四、丁|3.00"]), 1);
        assert_eq!(found(&["|二、乙|1.00", "|一、甲|2.00"]), 1);
        assert_eq!(found(&["|一、甲|1.00", "|三、丙|2.00", "|四、丁|3.00"]), 0, "a gap");
        assert_eq!(found(&["|一、甲|1.00", "|二、乙|2.00", "|一、丙|3.00", "|二、丁|3.00"]), 0, "a second list");
    }

    fn left_out(rows: &[&str]) -> usize {
        let mut table = table("revenue_expenditure_summary", &["total"], rows);
        table.layout = Layout::TwoSided;
        let (_, findings) = checked(disclosure(vec![table]));
        findings.iter().filter(|finding| finding.code == "C109").count()
    }

    #[test]
    fn a_number_is_left_out() {
        assert_eq!(left_out(&["|一、甲|1.00", "|二、乙|2.00", "|三、丙|3.00"]), 0);
        assert_eq!(left_out(&["|一、甲|1.00", "|二、乙|2.00", "|四、丁|3.00"]), 1);
        assert_eq!(left_out(&["|二、乙|1.00", "|三、丙|2.00", "|四、丁|3.00"]), 1, "the first");
        assert_eq!(
            left_out(&["|一、甲|1.00", "|三、乙|2.00", "|四、丙|3.00", "|七、丁|3.00"]),
            0,
            "only lines with money"
        );
        assert_eq!(
            left_out(&[
                "|一、甲|1.00",
                "|1.子|1.00",
                "|2.子|1.00",
                "|二、乙|2.00",
                "|2.子|1.00",
                "|3.子|1.00",
                "|4.子|1.00"
            ]),
            1
        );
        let again =
            ["|一、甲|3.00", "|（一）子|1.00", "|（二）子|2.00", "|二、乙|3.00", "|（一）子|1.00", "|（二）子|2.00"];
        assert_eq!(left_out(&again), 0);
        assert_eq!(
            left_out(&[&again[..3], &again[4..]].concat()),
            1,
            "二、 between the two lists (武汉, 二、上年结转)"
        );
        let second = ["|一、甲|1.00", "|二、乙|2.00", "|三、丙|3.00", "|上年结转|3.00", "|2.子|1.00", "|3.子|2.00"];
        assert_eq!(left_out(&second), 1, "1. of a second list (深圳)");
        let nested = ["|一、本年支出|6.00", "|一、甲|1.00", "|二、乙|2.00", "|三、丙|3.00", "|二、年终结转|3.00"];
        assert_eq!(left_out(&nested), 0, "an outer list of the same style");
        assert_eq!(
            left_out(&[
                "|1、甲|3.00",
                "|2、乙|3.00",
                "|3、丙|3.00",
                "|其中：（1）子|1.00",
                "|（2）子|2.00",
                "|（3）子|2.00"
            ]),
            0
        );
    }
}
