//! The block of short lines directly above a grid: caption, mark, unit, body, subtitles; and the notes below it.

use crate::base::place::{Place, Printed};
use crate::base::text::{as_key, key};
use crate::read::Line;
use crate::spec::segmentation::Segmentation;

use super::items::Item;
use super::label::{Kind, Label, is_note, kind_of, labels_of};
use super::numbering::{Style, number_of};
use super::sheet::{Sheet, join_places};

/// No caption block has more lines.
const MOST_LINES: usize = 9;

/// Labels above the sheet at `at`, top to bottom, and the items that carry them.
#[derive(Debug, Default)]
pub struct CaptionBlock {
    pub labels: Vec<Label>,
    pub items: Vec<usize>,
}

/// Walks up from a sheet over the lines that speak of it.
pub fn block_above(items: &[Item], at: usize, vocabulary: &Segmentation) -> CaptionBlock {
    let mut block = CaptionBlock::default();
    let Some(sheet) = items.get(at).and_then(Item::sheet) else { return block };
    let mut has_caption = sheet.above.iter().any(|label| label.kind == Kind::Caption);
    let mut lines: Vec<(usize, &Line)> = Vec::new();
    for index in (0..at).rev().take(MOST_LINES) {
        let Some(line) = items.get(index).and_then(Item::free_line) else { break };
        if !is_near(line, lines.last().map(|(_, line)| *line), sheet) {
            break;
        }
        lines.push((index, line));
    }
    let mut taken = 0;
    while let Some((index, line)) = lines.get(taken).copied() {
        // 部门： and its value may be two lines side by side (江苏 2017, 2018).
        if let Some((labels, items)) = side_by_side(lines.get(taken..).unwrap_or_default(), vocabulary) {
            taken += items.len();
            block.prepend(labels, &items);
            continue;
        }
        let above = lines.get(taken + 1).copied();
        // 单位：万 / 元
        if let Some((head, first)) = above.filter(|(_, first)| is_broken_unit(first, line, vocabulary)) {
            let whole = format!("{}{}", first.text.trim_end(), line.text.trim_start());
            let labels = labels_of(&whole, &first.place, vocabulary);
            block.prepend(labels, &[head, index]);
            taken += 2;
            continue;
        }
        if let Some((labels, items)) = wrapped_body(lines.get(taken..).unwrap_or_default(), vocabulary) {
            taken += items.len();
            block.prepend(labels, &items);
            continue;
        }
        let labels = labels_of(&line.text, &line.place, vocabulary);
        let speaks = labels.iter().all(|label| !matches!(label.kind, Kind::Other | Kind::Note));
        let captions = labels.iter().filter(|label| label.kind == Kind::Caption).count();
        if speaks && (captions == 0 || !has_caption) {
            block.prepend(labels, &[index]);
            taken += 1;
            if captions > 0 {
                has_caption = true;
                taken += block.take_wrapped_head(&lines, taken, vocabulary);
            }
            continue;
        }
        // （按功能分类科目） below its title.
        let is_tail = |first: &Line| is_suffix(first, line, vocabulary) || is_cut_title(first, line, vocabulary);
        if let Some((head, first)) = above.filter(|(_, first)| !has_caption && is_tail(first)) {
            let place = join_places(&first.place, &line.place);
            let whole = format!("{}{}", first.text.trim_end(), line.text.trim_start());
            block.prepend(labels_of(&whole, &place, vocabulary), &[head, index]);
            has_caption = true;
            taken += 2;
            continue;
        }
        if !has_caption && is_below_title(lines.get(taken..).unwrap_or_default(), vocabulary) {
            let printed = Printed::new(line.text.trim(), line.place.clone());
            block.prepend(vec![Label { kind: Kind::Subtitle, printed }], &[index]);
            taken += 1;
            continue;
        }
        let has_unit = block.labels.iter().any(|label| label.kind == Kind::Unit);
        if !has_caption && has_unit && is_unusual_title(line, vocabulary) {
            block.prepend(
                vec![Label { kind: Kind::Caption, printed: Printed::new(line.text.trim(), line.place.clone()) }],
                &[index],
            );
            has_caption = true;
            taken += 1;
            continue;
        }
        break;
    }
    block.keep_page_or_caption(items, sheet);
    block.number_to_mark();
    block
}

impl CaptionBlock {
    fn prepend(&mut self, labels: Vec<Label>, items: &[usize]) {
        self.labels.splice(0..0, labels);
        self.items.splice(0..0, items.iter().copied());
    }

    pub fn first(&self, kind: Kind) -> Option<&Printed> {
        self.labels.iter().find(|label| label.kind == kind).map(|label| &label.printed)
    }

    /// What stands at the foot of the page before belongs to the grid only where it is its caption (江苏 2017).
    fn keep_page_or_caption(&mut self, items: &[Item], sheet: &Sheet) {
        let is_before = |index: &usize| items.get(*index).is_some_and(|item| !sheet.is_on(item.place().page()));
        if !self.items.iter().any(is_before) || self.labels.iter().any(|label| label.kind == Kind::Caption) {
            return;
        }
        self.items.retain(|index| !is_before(index));
        self.labels.retain(|label| sheet.is_on(label.printed.place.page()));
    }

    /// A caption set on two lines: the line above is of the same make and no label of its own.
    fn take_wrapped_head(&mut self, lines: &[(usize, &Line)], taken: usize, vocabulary: &Segmentation) -> usize {
        let Some((_, tail)) = taken.checked_sub(1).and_then(|at| lines.get(at)) else { return 0 };
        let Some((index, head)) = lines.get(taken) else { return 0 };
        let Some(label) = self.labels.first_mut().filter(|label| label.kind == Kind::Caption) else { return 0 };
        let is_plain = kind_of(&as_key(&head.text), vocabulary) == Kind::Other
            && number_of(&head.text).is_none()
            && number_of(&tail.text).is_none()
            && !head.text.trim_end().ends_with(['。', '；', '：', ':', '，', '、', '）', ')']);
        if !(is_plain && is_same_make(head, tail)) {
            return self.take_marked_head(*index, head, tail, vocabulary);
        }
        label.printed = Printed::new(
            format!("{}{}", head.text.trim(), label.printed.text),
            join_places(&head.place, &label.printed.place),
        );
        self.items.insert(0, *index);
        1
    }

    /// 公开09表：一般公共预算“三公”经费、会议费、培训费 / 支出预算表: the line above begins with the mark, and its title
    /// goes on in the line below at the same margin (江苏 2018).
    fn take_marked_head(&mut self, index: usize, head: &Line, tail: &Line, vocabulary: &Segmentation) -> usize {
        let whole = format!("{}{}", head.text.trim_end(), tail.text.trim_start());
        let labels = labels_of(&whole, &join_places(&head.place, &tail.place), vocabulary);
        let [mark, title] = labels.as_slice() else { return 0 };
        let is_open = kind_of(&as_key(&head.text), vocabulary) == Kind::Other
            || labels_of(&head.text, &head.place, vocabulary).iter().all(|label| label.kind != Kind::Caption);
        let is_one = mark.kind == Kind::Mark && title.kind == Kind::Caption && is_open;
        if !(is_one && (left_of(head) - left_of(tail)).abs() < 3.0 && is_below(head, tail)) {
            return 0;
        }
        self.labels.splice(0..1, labels);
        self.items.insert(0, index);
        1
    }

    /// `一、收支预算总表` where no other line carries the title: the number is the table's mark.
    fn number_to_mark(&mut self) {
        let has_mark = self.labels.iter().any(|label| label.kind == Kind::Mark);
        let Some(at) = self.labels.iter().position(|label| label.kind == Kind::Caption) else { return };
        let Some(printed) = self.labels.get(at).map(|label| label.printed.clone()) else { return };
        let Some(number) = number_of(&printed.text) else { return };
        let (front, rest) = printed.text.split_at(number.bytes.min(printed.text.len()));
        let (skip, length) = (front.chars().count(), rest.chars().count());
        if rest.trim().is_empty() || has_mark {
            return;
        }
        let mark = Printed::new(number.printed, printed.place.within(0, skip));
        if let Some(label) = self.labels.get_mut(at) {
            label.printed = Printed::new(rest.trim(), printed.place.within(skip, length));
        }
        self.labels.insert(at, Label { kind: Kind::Mark, printed: mark });
    }
}

/// A band of lines on one height of which one does not speak alone: read as one line from left to right.
fn side_by_side(lines: &[(usize, &Line)], vocabulary: &Segmentation) -> Option<(Vec<Label>, Vec<usize>)> {
    let first = lines.first()?.1;
    let mut band: Vec<(usize, &Line)> =
        lines.iter().copied().take_while(|(_, line)| is_on_one_height(first, line)).collect();
    let speaks = |line: &Line| {
        let labels = labels_of(&line.text, &line.place, vocabulary);
        labels.iter().all(|label| !matches!(label.kind, Kind::Other | Kind::Note))
    };
    if band.len() < 2 || band.iter().all(|(_, line)| speaks(line)) {
        return None;
    }
    band.sort_by(|a, b| left_of(a.1).total_cmp(&left_of(b.1)));
    let mut labels: Vec<Label> = Vec::new();
    for (_, line) in &band {
        let own = labels_of(&line.text, &line.place, vocabulary);
        let value = own.iter().all(|label| label.kind == Kind::Other);
        match labels.last_mut().filter(|last| last.kind == Kind::Body && value) {
            Some(body) => {
                body.printed.text = format!("{}{}", body.printed.text, line.text.trim());
                body.printed.place = join_places(&body.printed.place, &line.place);
            }
            None => labels.extend(own),
        }
    }
    let all_speak = labels.iter().all(|label| !matches!(label.kind, Kind::Other | Kind::Note | Kind::Caption));
    let mut items: Vec<usize> = band.iter().map(|(index, _)| *index).collect();
    items.sort_unstable();
    all_speak.then_some((labels, items))
}

/// The name of a body on two lines, the unit between them at the right (江苏 2018):
/// 部门名称：甲省 / 单位：万元 / 乙办公厅.
fn wrapped_body(lines: &[(usize, &Line)], vocabulary: &Segmentation) -> Option<(Vec<Label>, Vec<usize>)> {
    let tail = lines.first()?.1;
    let is_body = |line: &Line| {
        let labels = labels_of(&line.text, &line.place, vocabulary);
        labels.iter().any(|label| label.kind == Kind::Body)
    };
    let depth = (1..lines.len().min(3)).find(|at| {
        lines.get(*at).is_some_and(|(_, line)| {
            (left_of(line) - left_of(tail)).abs() < 3.0 && is_below(line, tail) && is_body(line)
        })
    })?;
    if kind_of(&as_key(&tail.text), vocabulary) != Kind::Other || number_of(&tail.text).is_some() {
        return None;
    }
    let mut labels: Vec<Label> = Vec::new();
    for (_, line) in lines.get(1..=depth)?.iter().rev() {
        labels.extend(labels_of(&line.text, &line.place, vocabulary));
    }
    if labels.iter().any(|label| matches!(label.kind, Kind::Other | Kind::Note | Kind::Caption)) {
        return None;
    }
    let body = labels.iter_mut().find(|label| label.kind == Kind::Body)?;
    body.printed.text.push_str(tail.text.trim());
    body.printed.place = join_places(&body.printed.place, &tail.place);
    let mut items: Vec<usize> = lines.get(..=depth)?.iter().map(|(index, _)| *index).collect();
    items.sort_unstable();
    Some((labels, items))
}

/// True for a short line between a grid and a title in larger type, and for those between the two: it speaks of the
/// table, whatever it says (河北: 预算年度, code and name of the unit).
fn is_below_title(lines: &[(usize, &Line)], vocabulary: &Segmentation) -> bool {
    const MOST_BETWEEN: usize = 3;
    let size = |line: &Line| line.style.map(|style| style.size);
    let Some(own) = lines.first().and_then(|(_, line)| size(line)) else { return false };
    let is_title = |line: &Line| {
        size(line).is_some_and(|size| size > own + 1.0)
            && labels_of(&line.text, &line.place, vocabulary).iter().any(|label| label.kind == Kind::Caption)
    };
    let is_short = |line: &Line| key(&line.text).chars().count() <= 40 && !key(&line.text).ends_with(['。', ';', ',']);
    let Some(title) = lines.iter().take(MOST_BETWEEN + 1).position(|(_, line)| is_title(line)) else { return false };
    let one_page = lines[..title].iter().all(|(_, line)| line.place.page() == lines[title].1.place.page());
    one_page && lines[..title].iter().all(|(_, line)| is_short(line) && number_of(&line.text).is_none())
}

/// What stands over the unit of a table is its title, whatever word it ends with: 资金来源与去向一览.
fn is_unusual_title(line: &Line, vocabulary: &Segmentation) -> bool {
    const LONGEST: usize = 40;
    let text = as_key(&line.text);
    (3..=LONGEST).contains(&text.chars().count())
        && kind_of(&text, vocabulary) == Kind::Other
        && number_of(&line.text).is_none()
        && !text.contains(['。', ';', ',', '!', '?', ':'])
        && !vocabulary.not_caption.is_match(&text)
}

/// On the line directly below, on the same page.
fn is_below(first: &Line, second: &Line) -> bool {
    match (&first.place, &second.place) {
        (Place::Page { page, bbox: a }, Place::Page { page: other, bbox: b }) => {
            page == other && b[1] - a[3] < (a[3] - a[1]) && b[1] > a[1]
        }
        _ => false,
    }
}

fn left_of(line: &Line) -> f32 {
    match line.place {
        Place::Page { bbox, .. } => bbox[0],
        Place::Text { column, .. } => column as f32,
    }
}

/// True where the middle of one line lies within the height of the other.
fn is_on_one_height(first: &Line, second: &Line) -> bool {
    match (&first.place, &second.place) {
        (Place::Page { page, bbox: a }, Place::Page { page: other, bbox: b }) => {
            let middle = (b[1] + b[3]) / 2.0;
            page == other && (a[1]..a[3]).contains(&middle)
        }
        _ => false,
    }
}

/// On the page of the sheet, no further above than a block of lines stands; or at the foot of the page before.
fn is_near(line: &Line, below: Option<&Line>, sheet: &Sheet) -> bool {
    let next = below.map_or(&sheet.place, |line| &line.place);
    match (&line.place, next) {
        (
            Place::Page { page, bbox: [_, top, _, bottom] },
            Place::Page { page: next_page, bbox: [_, next_top, _, _] },
        ) => {
            let height = (bottom - top).max(6.0);
            // Pages laid beside each other count as one.
            let is_beside = sheet.is_on(Some(*page)) && sheet.is_on(Some(*next_page));
            let is_one = page == next_page || is_beside;
            (!is_beside && page + 1 == *next_page) || (is_one && next_top - bottom < height * 6.0)
        }
        _ => true,
    }
}

fn is_broken_unit(first: &Line, second: &Line, vocabulary: &Segmentation) -> bool {
    let (head, tail) = (key(&first.text), key(&second.text));
    vocabulary.unit_tail.is_match(&tail)
        && vocabulary.unit_head.find(&head).is_some_and(|found| found.end == head.len())
}

/// A bracket on a line of its own that belongs to the title above it.
fn is_suffix(title: &Line, bracket: &Line, vocabulary: &Segmentation) -> bool {
    let key_of = key(&bracket.text);
    key_of.starts_with('(')
        && key_of.ends_with(')')
        && !vocabulary.not_caption.is_match(&key_of)
        && labels_of(&title.text, &title.place, vocabulary).iter().any(|label| label.kind == Kind::Caption)
}

/// A title whose last characters went to the next line: …支出预算 / 表.
fn is_cut_title(first: &Line, second: &Line, vocabulary: &Segmentation) -> bool {
    let whole = key(&format!("{}{}", first.text, second.text));
    is_same_make(first, second) && number_of(&second.text).is_none() && kind_of(&whole, vocabulary) == Kind::Caption
}

/// Two lines of one title: same size and weight, centred on the same axis.
fn is_same_make(first: &Line, second: &Line) -> bool {
    let (Some(a), Some(b)) = (first.style, second.style) else { return false };
    let (Place::Page { bbox: p, page }, Place::Page { bbox: q, page: other }) = (&first.place, &second.place) else {
        return false;
    };
    let axis = |bbox: &[f32; 4]| (bbox[0] + bbox[2]) / 2.0;
    page == other
        && (a.size - b.size).abs() < 0.6
        && a.is_bold == b.is_bold
        && (axis(p) - axis(q)).abs() < a.size * 2.0
        && q[1] - p[3] < a.size * 1.5
}

/// Notes in the lines after item `at`, with the items that carry them.
pub fn notes_below(items: &[Item], at: usize, vocabulary: &Segmentation) -> (Vec<Printed>, Vec<usize>) {
    let mut notes: Vec<Printed> = Vec::new();
    let mut taken = Vec::new();
    let mut is_open = false;
    let page = items.get(at).and_then(|item| item.place().page());
    for (index, item) in items.iter().enumerate().skip(at + 1) {
        let Some(line) = item.free_line() else { break };
        if line.place.page() != page {
            break;
        }
        let text = as_key(&line.text);
        if is_note(&text, vocabulary) {
            notes.push(Printed::new(line.text.trim(), line.place.clone()));
        } else if is_open && kind_of(&text, vocabulary) == Kind::Other && !starts_part(&line.text) {
            if let Some(last) = notes.last_mut() {
                last.text.push_str(line.text.trim());
                last.place = join_places(&last.place, &line.place);
            }
        } else {
            break;
        }
        taken.push(index);
        // A note that fills its line and ends no sentence goes on.
        let fills = match (&line.place, items.get(at).map(Item::place)) {
            (Place::Page { bbox: l, .. }, Some(Place::Page { bbox: g, .. })) => {
                let size = line.style.map_or(l[3] - l[1], |style| style.size);
                l[2] > g[2] - size * 2.5 || text.chars().count() >= 40
            }
            _ => text.chars().count() >= 30,
        };
        is_open = fills && !text.ends_with(['。', '.', ';', '!']);
    }
    (notes, taken)
}

/// 第三部分, 一、: whatever a note says, a heading ends it. A note may number its points with 1. and （1）.
fn starts_part(text: &str) -> bool {
    number_of(text).is_some_and(|number| matches!(number.style, Style::Part | Style::Chinese | Style::Table))
}
