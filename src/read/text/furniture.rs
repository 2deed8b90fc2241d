//! Lines of a text that belong to the page and not to the content: watermarks, running heads, page numbers.
//!
//! A text has no positions; what repeats is all there is to go by. Tables repeat lines as well (`单位：万元`,
//! `部门名称：…`, the titles of forms), so that repetition alone says nothing. What does:
//! - content never prints one line twice in a row: a line that follows itself, with blank lines between, and stands
//!   three times or more in the document is a watermark (`仅供内部审核`, eight times on the cover of a county's budget);
//! - a line that again and again cuts a table between two of its rows is a running head whose page break was lost;
//! - where form feeds tell the pages, a line that begins or ends most of them is a running head or foot;
//! - whole numbers alone on their lines that count up through the document are page numbers.

use std::collections::{BTreeMap, BTreeSet};

use super::{LineKind, SourceLine};
use crate::base::amount::parse_figure;
use crate::base::text::{is_blank, squash};
use crate::model::FurnitureKind;

/// Occurrences from which on a repetition is no accident.
pub(in crate::read) const FEWEST: usize = 3;

/// The kind of furniture of each line, `None` for content.
pub(super) fn lines_to_furniture(lines: &[SourceLine]) -> Vec<Option<FurnitureKind>> {
    let mut furniture: Vec<Option<FurnitureKind>> = vec![None; lines.len()];
    mark_watermarks(lines, &mut furniture);
    mark_cuts(lines, &mut furniture);
    mark_heads_and_feet(lines, &mut furniture);
    mark_page_numbers(lines, &mut furniture);
    furniture
}

/// Content lines with their index and their text without blanks.
fn content<'a>(lines: &'a [SourceLine<'a>]) -> impl Iterator<Item = (usize, &'a SourceLine<'a>, String)> {
    lines
        .iter()
        .enumerate()
        .filter(|(_, line)| matches!(line.kind, LineKind::Plain | LineKind::Tabbed))
        .map(|(index, line)| (index, line, squash(line.text)))
}

fn mark_watermarks(lines: &[SourceLine], furniture: &mut [Option<FurnitureKind>]) {
    let content: Vec<_> = content(lines).collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, line, text) in &content {
        if line.kind == LineKind::Plain {
            *counts.entry(text).or_default() += 1;
        }
    }
    let watermarks: BTreeSet<&str> = content
        .windows(2)
        .filter_map(|pair| {
            let [(at, first, text), (then, _, again)] = pair else { return None };
            let is_isolated = then - at > 1;
            let repeats = first.kind == LineKind::Plain && text == again && counts.get(text.as_str()) >= Some(&FEWEST);
            (repeats && is_isolated && could_be_a_mark(text)).then_some(text.as_str())
        })
        .collect();
    for (index, line, text) in &content {
        let is_marks = watermarks.iter().any(|mark| text.replace(*mark, "").is_empty());
        if line.kind == LineKind::Plain && is_marks {
            set(furniture, *index, FurnitureKind::Watermark);
        }
    }
}

/// A title over tables stands between rows too, but then one and the same row begins below it: 项目名称 under the title
/// of each form. Below a running head stands whatever row the page break met.
fn mark_cuts(lines: &[SourceLine], furniture: &mut [Option<FurnitureKind>]) {
    let mut below: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for window in lines.windows(3) {
        let [before, line, after] = window else { continue };
        let is_between = before.kind == LineKind::Tabbed && after.kind == LineKind::Tabbed;
        if line.kind == LineKind::Plain && is_between && before.text.matches('\t').eq(after.text.matches('\t')) {
            let first = after.text.split('\t').map(|cell| cell.trim_matches(is_blank)).find(|cell| !cell.is_empty());
            below.entry(squash(line.text)).or_default().push(first.unwrap_or_default());
        }
    }
    below.retain(|text, rows| {
        let kinds = rows.iter().collect::<BTreeSet<_>>().len();
        rows.len() >= FEWEST && kinds * 2 > rows.len() && could_be_a_mark(text) && !text.contains(['：', ':'])
    });
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for (index, _, text) in content(lines).filter(|(_, line, _)| line.kind == LineKind::Plain) {
        let Some((head, _)) = below.get_key_value(&text) else { continue };
        let cuts =
            index.checked_sub(1).and_then(|before| lines.get(before)).is_some_and(|l| l.kind == LineKind::Tabbed);
        // The first may be the title on the cover, which the heads repeat.
        if !seen.insert(head) || cuts {
            set(furniture, index, FurnitureKind::RunningHeader);
        }
    }
}

/// Words, no figure, no sentence, no answer of one character (`无`).
pub(in crate::read) fn could_be_a_mark(text: &str) -> bool {
    text.chars().filter(|c| c.is_alphabetic()).count() > 1
        && parse_figure(text).is_none()
        && !text.ends_with(['。', '；', ';', '：', ':', '，', ','])
}

fn mark_heads_and_feet(lines: &[SourceLine], furniture: &mut [Option<FurnitureKind>]) {
    let mut pages: Vec<Vec<(usize, &SourceLine, String)>> = Vec::new();
    for entry in content(lines) {
        match pages.last_mut() {
            Some(page) if !entry.1.begins_page => page.push(entry),
            _ => pages.push(vec![entry]),
        }
    }
    type Edge =
        for<'a, 'b> fn(&'a [(usize, &'b SourceLine<'b>, String)]) -> Option<&'a (usize, &'b SourceLine<'b>, String)>;
    let edges: [(Edge, FurnitureKind); 2] =
        [(|page| page.first(), FurnitureKind::RunningHeader), (|page| page.last(), FurnitureKind::RunningFooter)];
    for (edge, kind) in edges {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (_, line, text) in pages.iter().filter_map(|page| edge(page)) {
            if line.kind == LineKind::Plain && parse_figure(text).is_none() {
                *counts.entry(text).or_default() += 1;
            }
        }
        for (index, _, text) in pages.iter().filter_map(|page| edge(page)) {
            let count = counts.get(text.as_str()).copied().unwrap_or(0);
            if count >= FEWEST && count * 2 > pages.len() {
                set(furniture, *index, kind);
            }
        }
    }
}

/// Marks whole numbers alone on their lines (`3`, `- 3 -`, `第3页`, `第3页 共40页`) that count up in ones.
fn mark_page_numbers(lines: &[SourceLine], furniture: &mut [Option<FurnitureKind>]) {
    let numbers: Vec<(usize, u32)> = content(lines)
        .filter(|(_, line, _)| line.kind == LineKind::Plain)
        .filter_map(|(index, _, text)| page_number(&text).map(|page| (index, page)))
        .collect();
    // Every number alone on its line must fit: one that does not is a column of figures, not a series of pages.
    let counts_up = numbers.windows(2).all(|pair| matches!(pair, [(_, a), (_, b)] if *b == a + 1));
    if counts_up && numbers.len() >= FEWEST {
        for (index, _) in numbers {
            set(furniture, index, FurnitureKind::PageNumber);
        }
    }
}

fn page_number(text: &str) -> Option<u32> {
    let text = text.split_once(['共', '/']).map_or(text, |(page, _)| page);
    let text =
        text.trim_matches(|c: char| matches!(c, '-' | '—' | '–' | '－' | '第' | '页' | ',' | '，') || is_blank(c));
    if text.is_empty() || text.len() > 4 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

fn set(furniture: &mut [Option<FurnitureKind>], index: usize, kind: FurnitureKind) {
    if let Some(slot) = furniture.get_mut(index) {
        slot.get_or_insert(kind);
    }
}

#[cfg(test)]
mod tests {
    use super::super::text_to_lines;
    use super::*;

    fn marked(text: &str) -> Vec<(u32, FurnitureKind)> {
        let lines = text_to_lines(text);
        let kinds = lines_to_furniture(&lines);
        lines.iter().zip(kinds).filter_map(|(line, kind)| kind.map(|kind| (line.number, kind))).collect()
    }

    #[test]
    fn a_line_that_follows_itself_is_a_watermark_wherever_it_stands() {
        let text = "仅供内部审核\n\n仅供内部审核\n\n某局\n\n仅供内部审核\n\n仅供内部审核 仅供内部审核\n";
        let found = marked(text);
        assert_eq!(found.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 3, 7, 9]);
        assert!(found.iter().all(|(_, kind)| *kind == FurnitureKind::Watermark));
    }

    #[test]
    fn what_tables_repeat_is_content() {
        let table = |title: &str| format!("{title}\n\n部门名称：某局\n\n单位：万元\n\na\tb\tc\n\n注：本表无数据\n\n");
        let text: String = ["表一", "表二", "表三", "表三"].iter().map(|title| table(title)).collect();
        assert_eq!(marked(&text), []);
    }

    #[test]
    fn answers_figures_and_columns_of_words_are_content() {
        assert_eq!(marked("无\n\n无\n\n无\n\n无\n"), []);
        assert_eq!(marked("0.00\n\n0.00\n\n0.00\n"), []);
        assert_eq!(marked("办公经费\n办公经费\n办公经费\n"), [], "not isolated");
        assert_eq!(marked("无此项支出。\n\n无此项支出。\n\n无此项支出。\n"), []);
    }

    #[test]
    fn a_line_that_keeps_cutting_tables_is_a_running_head() {
        let rows = |from: u32| (from..from + 3).map(|n| format!("行{n}\t{n}.00\t1.00\n")).collect::<String>();
        let text: String = (0..4).map(|page| format!("{}甲局年度预算\n", rows(page * 3))).collect();
        let found = marked(&format!("甲局年度预算\n\n{text}{}", rows(12)));
        assert_eq!(found.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [6, 10, 14, 18], "the title is kept");
        let form = |n: u32| format!("绩效目标表\n项目名称\t项目{n}\t\n属性\t{n}\t\n");
        assert_eq!(marked(&(0..5).map(form).collect::<String>()), [], "titles of forms are content");
    }

    #[test]
    fn pages_have_heads_and_feet() {
        let page = |n: u32| format!("某局2026年部门预算\n第{n}段。\n- {n} -\n\u{c}");
        let text: String = (1..=4).map(page).collect();
        let found = marked(&text);
        assert_eq!(found.iter().filter(|(_, kind)| *kind == FurnitureKind::RunningHeader).count(), 4);
        assert_eq!(found.iter().filter(|(_, kind)| *kind == FurnitureKind::PageNumber).count(), 4);
        assert_eq!(found.len(), 8);
    }

    #[test]
    fn figures_that_do_not_count_up_are_no_page_numbers() {
        assert_eq!(marked("3\n\n4\n\n7\n\n8\n"), []);
        assert_eq!(marked("第1页 共3页\n一\n第2页 共3页\n二\n第3页 共3页\n").len(), 3);
    }
}
