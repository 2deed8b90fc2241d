//! What a line near a grid says: unit, body, mark, note, title; one printed line may say several.

use crate::base::place::{Place, Printed};
use crate::base::text::{as_key, is_blank, push_key};
use crate::spec::segmentation::Segmentation;

use super::numbering::{Style, number_of};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Caption,
    Mark,
    Unit,
    Body,
    Subtitle,
    Note,
    /// None of these.
    Other,
}

/// A part of a line with what it says.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    pub kind: Kind,
    pub printed: Printed,
}

/// A text together with its [`key`], and the way back from bytes of the key to characters of the text.
struct Keyed<'t> {
    text: &'t str,
    key: String,
}

impl Keyed<'_> {
    fn of(text: &str) -> Keyed<'_> {
        let mut key = String::with_capacity(text.len());
        text.chars().for_each(|c| push_key(c, &mut key));
        Keyed { text, key }
    }

    /// The character of the text at which byte `at` of the key stands.
    fn character(&self, at: usize) -> usize {
        let mut key = String::with_capacity(self.text.len());
        let passes = |c: char| {
            push_key(c, &mut key);
            key.len() > at
        };
        // The end of a key is that of its text.
        let found = if at < self.key.len() { self.text.chars().position(passes) } else { None };
        found.unwrap_or_else(|| self.text.chars().count())
    }
}

/// True for a line that is none of these as a whole and has none of them at its beginning or end: one label of the kind
/// `Other` is all that [`labels_of`] makes of it.
pub fn says_nothing(text: &str, vocabulary: &Segmentation) -> bool {
    let key = as_key(text);
    !vocabulary.announces(&key) && !is_title(&key, vocabulary)
}

/// Cuts `部门：甲局 公开01表 单位：万元` into what it says. Everything of the line is in one of the labels.
pub fn labels_of(text: &str, place: &Place, vocabulary: &Segmentation) -> Vec<Label> {
    let mut labels = Vec::new();
    let key = as_key(text);
    if !vocabulary.announces(&key) {
        push(&mut labels, kind_of_plain(&key, vocabulary), text, place, 0, text.chars().count());
        return labels;
    }
    let keyed = Keyed::of(text);
    let unit = vocabulary.unit.find(&keyed.key).filter(|found| found.end == keyed.key.len());
    let end = unit.as_ref().map_or(keyed.key.len(), |found| found.start);
    let front = keyed.key.get(..end).unwrap_or("");
    if let Some(found) = vocabulary.mark_start.find(front).filter(|found| splits_mark(front, found, vocabulary)) {
        push(&mut labels, Kind::Mark, text, place, keyed.character(0), keyed.character(found.end));
        let rest = front.get(found.end..).unwrap_or("");
        let kind = kind_of(rest, vocabulary);
        push(&mut labels, kind, text, place, keyed.character(found.end), keyed.character(end));
    } else if let Some(found) = vocabulary.mark_end.find(front).filter(|found| {
        let before = front.get(..found.start).unwrap_or("");
        found.start > 0 && (vocabulary.body.is_match(before) || kind_of(before, vocabulary) == Kind::Caption)
    }) {
        let before = front.get(..found.start).unwrap_or("");
        push(&mut labels, kind_of(before, vocabulary), text, place, 0, keyed.character(found.start));
        push(&mut labels, Kind::Mark, text, place, keyed.character(found.start), keyed.character(end));
    } else {
        let kind = if unit.is_none() { kind_of_announcing(front, vocabulary) } else { kind_of(front, vocabulary) };
        push(&mut labels, kind, text, place, 0, keyed.character(end));
    }
    if unit.is_some() {
        push(&mut labels, Kind::Unit, text, place, keyed.character(end), text.chars().count());
    }
    labels
}

/// A mark ends where a title begins: `预算01表 收支总表`, `表一2026年…`; not `公开表格` and not `表1-1` cut at 1.
fn splits_mark(front: &str, found: &std::ops::Range<usize>, vocabulary: &Segmentation) -> bool {
    let rest = front.get(found.end..).unwrap_or("");
    rest.is_empty() || kind_of(rest, vocabulary) == Kind::Caption || vocabulary.body.is_match(rest)
}

fn push(labels: &mut Vec<Label>, kind: Kind, text: &str, place: &Place, from: usize, to: usize) {
    let byte = |at: usize| text.char_indices().nth(at).map_or(text.len(), |(byte, _)| byte);
    let part = text.get(byte(from)..byte(to)).unwrap_or_default();
    let lead = part.chars().take_while(|c| is_blank(*c)).count();
    let trimmed = part.trim_matches(is_blank);
    if !trimmed.is_empty() {
        let place = place.within(from + lead, trimmed.chars().count());
        labels.push(Label { kind, printed: Printed::new(trimmed, place) });
    }
}

/// What a whole line says, from its key.
pub fn kind_of(key: &str, vocabulary: &Segmentation) -> Kind {
    if vocabulary.announces(key) { kind_of_announcing(key, vocabulary) } else { kind_of_plain(key, vocabulary) }
}

/// What a line says that announces something.
fn kind_of_announcing(key: &str, vocabulary: &Segmentation) -> Kind {
    let fills = |found: std::ops::Range<usize>| found.start == 0 && found.end == key.len();
    if vocabulary.unit.find(key).is_some_and(fills) || vocabulary.unit_cut.is_match(key) {
        Kind::Unit
    } else if vocabulary.mark_line.is_match(key) {
        Kind::Mark
    } else if vocabulary.subtitle.is_match(key) {
        Kind::Subtitle
    } else if vocabulary.body.is_match(key) {
        Kind::Body
    } else if is_note(key, vocabulary) {
        Kind::Note
    } else if is_title(key, vocabulary) {
        Kind::Caption
    } else {
        Kind::Other
    }
}

/// What a line says that announces nothing.
fn kind_of_plain(key: &str, vocabulary: &Segmentation) -> Kind {
    if is_title(key, vocabulary) { Kind::Caption } else { Kind::Other }
}

pub fn is_note(key: &str, vocabulary: &Segmentation) -> bool {
    vocabulary.note.is_match(key) || vocabulary.nil_note.is_match(key)
}

/// A title of a table: short, no sentence, ends with 表 (brackets and numbers after it aside).
pub fn is_title(key: &str, vocabulary: &Segmentation) -> bool {
    // What most lines are not stands first.
    let stem = title_stem(key);
    vocabulary.caption_endings.iter().any(|ending| stem.ends_with(ending.as_str()))
        && stem.chars().count() >= 3
        && (3..=60).contains(&key.chars().count())
        && !key.contains(['。', ';', '!'])
        && !vocabulary.not_caption.is_match(key)
        && number_of(key).is_none_or(|number| number.style != Style::Part)
}

/// The title without brackets, numbers and 续 at its end: `…预算表(不含上年结转)`, `…决算表(一)`, `收支总表1`.
pub fn title_stem(key: &str) -> &str {
    let mut stem = key.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '续' | '-'));
    while stem.ends_with(')') {
        let Some(open) = opening(stem) else { break };
        stem = stem.get(..open).unwrap_or("").trim_end_matches(|c: char| c.is_ascii_digit() || c == '续');
    }
    stem
}

/// The byte of the bracket that the last one closes.
fn opening(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, c) in text.char_indices().rev() {
        match c {
            ')' => depth += 1,
            '(' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::key;
    use crate::spec::SpecFiles;

    fn say(text: &str) -> Vec<(Kind, String)> {
        let place = Place::Text { line: 1, column: 1, width: 0, cell: None };
        let vocabulary = Segmentation::load(&SpecFiles::builtin()).expect("the built-in file is sound");
        labels_of(text, &place, &vocabulary).into_iter().map(|label| (label.kind, label.printed.text)).collect()
    }

    #[test]
    fn one_line_says_one_thing() {
        assert_eq!(say("单位：万元"), [(Kind::Unit, "单位：万元".into())]);
        assert_eq!(say("金额单位:元"), [(Kind::Unit, "金额单位:元".into())]);
        assert_eq!(say("预算公开表1"), [(Kind::Mark, "预算公开表1".into())]);
        assert_eq!(say("公开01表"), [(Kind::Mark, "公开01表".into())]);
        assert_eq!(say("预算表12"), [(Kind::Mark, "预算表12".into())]);
        assert_eq!(say("公开表一"), [(Kind::Mark, "公开表一".into())]);
        assert_eq!(say("部门名称：甲局"), [(Kind::Body, "部门名称：甲局".into())]);
        assert_eq!(say("部门（单位）：甲局"), [(Kind::Body, "部门（单位）：甲局".into())]);
        assert_eq!(say("(2026年度)"), [(Kind::Subtitle, "(2026年度)".into())]);
        assert_eq!(say("注：本表无数据"), [(Kind::Note, "注：本表无数据".into())]);
        let caption = "2026年一般公共预算支出预算表（不含上年结转）";
        assert_eq!(say(caption), [(Kind::Caption, caption.into())]);
        assert_eq!(say("（项目绩效目标表公开情况见附件）"), [(Kind::Other, "（项目绩效目标表公开情况见附件）".into())]);
        assert_eq!(say("第二部分 2026年部门预算报表"), [(Kind::Other, "第二部分 2026年部门预算报表".into())]);
    }

    #[test]
    fn one_line_says_several_things() {
        assert_eq!(
            say("部门：甲市乙局    单位：万元"),
            [(Kind::Body, "部门：甲市乙局".into()), (Kind::Unit, "单位：万元".into())]
        );
        assert_eq!(say("预算 01表 收支总表"), [(Kind::Mark, "预算 01表".into()), (Kind::Caption, "收支总表".into())]);
        assert_eq!(
            say("表十一2026年机关运行经费预算表"),
            [(Kind::Mark, "表十一".into()), (Kind::Caption, "2026年机关运行经费预算表".into())]
        );
        assert_eq!(
            say("预算03表 支出总表 金额单位：万元"),
            [
                (Kind::Mark, "预算03表".into()),
                (Kind::Caption, "支出总表".into()),
                (Kind::Unit, "金额单位：万元".into())
            ]
        );
    }

    #[test]
    fn parts_of_a_line_know_their_place() {
        let place = Place::Text { line: 7, column: 1, width: 12, cell: None };
        let vocabulary = Segmentation::load(&SpecFiles::builtin()).expect("the built-in file is sound");
        let labels = labels_of("部门：甲局  单位：万元", &place, &vocabulary);
        assert_eq!(labels[1].printed.place, Place::Text { line: 7, column: 8, width: 5, cell: None });
    }

    #[test]
    fn nil_sentences_are_notes() {
        let vocabulary = Segmentation::load(&SpecFiles::builtin()).expect("the built-in file is sound");
        for text in [
            "本部门2026年没有使用政府性基金预算拨款安排的支出。",
            "故本表为空表。",
            "本单位2026年无政府性基金预算财政拨款安排的预算，故本表为空表。",
            "注：本部门无相关收支项目",
        ] {
            assert!(is_note(&key(text), &vocabulary), "{text}");
        }
        assert!(!is_note(&key("2026年预算收入总表"), &vocabulary));
    }
}
