//! Lines joined to paragraphs: wrapped lines of a page, sentences cut by a page break.

use std::collections::BTreeMap;

use crate::base::place::Place;
use crate::base::text::is_blank;
use crate::model::Piece;
use crate::read::{Line, LineStyle};

use super::items::Item;
use super::numbering::number_of;

/// A line of text without page geometry is wrapped, not ended, if it is at least so long.
const WRAPPED_LENGTH: usize = 40;

/// Lines that belong together, with the items that carry them.
#[derive(Debug, Clone)]
pub struct Run {
    pub text: String,
    pub pieces: Vec<Piece>,
    pub items: Vec<usize>,
    pub style: Option<LineStyle>,
}

impl Run {
    /// Both lines of one title: same size, same weight, one axis.
    pub fn is_same_make(&self, next: &Run) -> bool {
        let (Some(a), Some(b)) = (self.style, next.style) else { return false };
        let (Place::Page { page, bbox: p }, Place::Page { page: other, bbox: q }) = (self.place(), next.place()) else {
            return false;
        };
        let axis = |bbox: [f32; 4]| (bbox[0] + bbox[2]) / 2.0;
        page == other
            && (a.size - b.size).abs() < 0.6
            && a.is_bold == b.is_bold
            && (axis(p) - axis(q)).abs() < a.size * 2.0
            && (0.0..a.size * 2.5).contains(&(q[1] - p[3]))
    }

    /// Nothing stands between: no table, no line of another part.
    pub fn is_followed_by(&self, next: &Run) -> bool {
        self.items.last().map(|last| last + 1) == next.items.first().copied()
    }

    pub fn place(&self) -> Place {
        let places = self.pieces.iter().map(|piece| &piece.place);
        super::sheet::hull(places).unwrap_or(Place::Text { line: 1, column: 1, width: 0, cell: None })
    }
}

/// Left and right margin of the prose on pages of one width.
struct Margins(BTreeMap<i64, (f32, f32)>);

/// Joins what no part holds yet.
pub fn lines_to_runs(items: &[Item], widths: &BTreeMap<u32, f32>) -> Vec<Run> {
    let margins = Margins::of(items, widths);
    let mut runs: Vec<Run> = Vec::new();
    let mut last: Option<&Line> = None;
    for (at, item) in items.iter().enumerate() {
        let Some(line) = item.free_line() else {
            // A table in between ends a paragraph; a repeated caption or a note does not reach here.
            if item.is_sheet() {
                last = None;
            }
            continue;
        };
        let text = line.text.trim_matches(is_blank);
        let joins = last.is_some_and(|before| goes_on(before, line, &margins, widths));
        match runs.last_mut().filter(|_| joins) {
            Some(run) => {
                run.pieces.push(Piece { start: run.text.chars().count(), place: line.place.clone() });
                let needs_blank = run.text.ends_with(|c: char| c.is_ascii_alphabetic())
                    && text.starts_with(|c: char| c.is_ascii_alphabetic());
                if needs_blank {
                    run.text.push(' ');
                    if let Some(piece) = run.pieces.last_mut() {
                        piece.start += 1;
                    }
                }
                run.text.push_str(text);
                run.items.push(at);
            }
            None => runs.push(Run {
                text: text.to_string(),
                pieces: vec![Piece { start: 0, place: line.place.clone() }],
                items: vec![at],
                style: line.style,
            }),
        }
        last = Some(line);
    }
    runs
}

/// True where `next` is the rest of the paragraph that `line` is in.
fn goes_on(line: &Line, next: &Line, margins: &Margins, widths: &BTreeMap<u32, f32>) -> bool {
    let ended = line.text.trim_end().ends_with(['。', '！', '？', '；', ';', '：', ':']);
    match (&line.place, &next.place) {
        (Place::Page { page, bbox: a }, Place::Page { page: next_page, bbox: b }) => {
            let size = line.style.map_or(a[3] - a[1], |style| style.size).max(4.0);
            let next_size = next.style.map_or(b[3] - b[1], |style| style.size).max(4.0);
            if (size - next_size).abs() > size * 0.15 {
                return false;
            }
            let (Some((_, right)), Some((left, _))) = (margins.at(*page, widths), margins.at(*next_page, widths))
            else {
                return false;
            };
            let is_full = a[2] > right - size * 2.2;
            let is_indented = b[0] > left + next_size * 1.3;
            let is_near = page != next_page || (b[1] >= a[1] && b[1] - a[3] < size * 2.5);
            is_full && is_near && !is_indented && !(ended && number_of(&next.text).is_some())
        }
        _ => {
            !ended
                && line.text.chars().count() >= WRAPPED_LENGTH
                && number_of(&next.text).is_none()
                && !line.text.trim_end().ends_with(['）', ')', '”'])
        }
    }
}

impl Margins {
    fn of(items: &[Item], widths: &BTreeMap<u32, f32>) -> Margins {
        let mut edges: BTreeMap<i64, (Vec<f32>, Vec<f32>)> = BTreeMap::new();
        for line in items.iter().filter_map(Item::free_line) {
            if let Place::Page { page, bbox } = &line.place {
                let width = widths.get(page).copied().unwrap_or(0.0);
                // Only lines of prose tell the margins.
                if bbox[2] - bbox[0] > width * 0.55 {
                    let (lefts, rights) = edges.entry(width.round() as i64).or_default();
                    lefts.push(bbox[0]);
                    rights.push(bbox[2]);
                }
            }
        }
        let margins = edges.into_iter().filter_map(|(width, (mut lefts, mut rights))| {
            lefts.sort_by(f32::total_cmp);
            rights.sort_by(f32::total_cmp);
            let left = *lefts.get(lefts.len() / 8)?;
            let right = *rights.get(rights.len() * 7 / 8)?;
            Some((width, (left, right)))
        });
        Margins(margins.collect())
    }

    fn at(&self, page: u32, widths: &BTreeMap<u32, f32>) -> Option<(f32, f32)> {
        self.0.get(&(widths.get(&page).copied().unwrap_or(0.0).round() as i64)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::fixture::document;
    use crate::segment::items::{Content, items_of};

    #[test]
    fn a_sentence_over_a_page_break_is_one() {
        let text = "2026年度甲局财政拨款收支总预算5,519.38万元。其中：当年拨款收入4,722.97万元，上年结转收入796.41万元。支出包\n\n括：一般公共服务支出1,885.55万元等。\n\n特此说明\n\n甲局";
        let (items, _) = items_of(document(text).blocks);
        let runs = lines_to_runs(&items, &BTreeMap::new());
        assert_eq!(runs.len(), 3);
        assert!(runs[0].text.contains("支出包括：一般公共服务支出"));
        assert_eq!(runs[0].pieces.len(), 2);
        assert_eq!(runs[0].pieces[1].place.line(), Some(3));
    }

    #[test]
    fn wrapped_lines_of_a_page_are_one_paragraph() {
        let line = |text: &str, x0: f32, x1: f32, top: f32| Item {
            content: Content::Line(Line {
                text: text.into(),
                place: Place::Page { page: 1, bbox: [x0, top, x1, top + 14.0] },
                furniture: None,
                style: Some(LineStyle { size: 14.0, is_bold: false }),
            }),
            taken: false,
        };
        let items = [
            line("（一）负责甲工作，组织实施", 108.0, 500.0, 100.0),
            line("有关规定。", 80.0, 150.0, 122.0),
            line("（二）负责乙工作，组织实施有关规定的", 108.0, 500.0, 144.0),
            line("各项任务，督促检查有关规定的落实情况，", 80.0, 500.0, 166.0),
            line("以及其他。", 80.0, 150.0, 188.0),
        ];
        let runs = lines_to_runs(&items, &BTreeMap::from([(1, 595.0)]));
        assert_eq!(runs.iter().map(|run| run.pieces.len()).collect::<Vec<_>>(), [2, 3]);
    }
}
