//! A caption with its unit, then lines that stand side by side and are words of headers: a table, though the reader saw
//! too little of it (a table without figures has no column that anything is aligned to).

use crate::base::place::Place;
use crate::base::text::{is_blank, key};
use crate::model::ColumnRole;
use crate::read::pdf::tables::lines_to_grid;
use crate::read::{Block, Line};
use crate::segment::label::{Kind, labels_of};
use crate::spec::Specs;
use crate::spec::labels::{header_key, years};
use crate::spec::templates::Word;

/// Share of the texts of a header that must be known.
const KNOWN: f32 = 0.5;
/// A line wider than this share of the lines around it is prose.
const WIDEST: f32 = 0.5;

/// Replaces such lines by grids.
pub fn lines_to_grids(blocks: &mut Vec<Block>, specs: &Specs) {
    let mut at = 0;
    while at < blocks.len() {
        let page = blocks.get(at).and_then(|block| block.place().page());
        let of_page = blocks.iter().skip(at).take_while(|block| block.place().page() == page);
        let end = at + of_page.count().max(1);
        // Words are looked at only where geometry leaves it open.
        if blocks.get(at..end).is_some_and(ends_side_by_side) {
            at = end - page_to_grids(blocks, at, end, specs);
        } else {
            at = end;
        }
    }
}

/// Whether texts stand side by side below the last grid of a page.
fn ends_side_by_side(page: &[Block]) -> bool {
    let after = page.iter().rposition(|block| matches!(block, Block::Grid(_))).map_or(0, |at| at + 1);
    let mut lines = page.iter().skip(after).filter_map(|block| match block {
        Block::Line(line) if line.furniture.is_none() => Some(line),
        _ => None,
    });
    let Some(mut before) = lines.next() else { return false };
    lines.any(|line| {
        let is_beside = are_side_by_side(before, line);
        before = line;
        is_beside
    })
}

fn are_side_by_side(left: &Line, right: &Line) -> bool {
    match (&left.place, &right.place, left.style) {
        (Place::Page { bbox: a, .. }, Place::Page { bbox: b, .. }, Some(style)) => {
            (a[3] - b[3]).abs() < style.size && b[0] > a[2]
        }
        _ => false,
    }
}

/// The tables of one page, `blocks[at..end]`; by how many blocks it became shorter.
fn page_to_grids(blocks: &mut Vec<Block>, mut at: usize, end: usize, specs: &Specs) -> usize {
    let before = blocks.len();
    while at + (before - blocks.len()) < end {
        let Some(start) = end_of_caption(blocks, at, specs) else {
            at += 1;
            continue;
        };
        let end = end_of_table(blocks, start, specs);
        let lines: Vec<Line> =
            (start..end).filter_map(|at| free_line(blocks, at)).flat_map(|line| parts(line, specs)).collect();
        // Lines above a grid belong to it.
        let is_above_grid = matches!((blocks.get(start), blocks.get(end)),
            (Some(first), Some(Block::Grid(grid))) if first.place().page() == grid.place.page());
        if !is_above_grid
            && has_header(&lines, specs)
            && let Some(grid) = lines_to_grid(&lines)
        {
            // Marked furniture between the lines stays.
            let furniture: Vec<Block> = blocks
                .drain(start..end)
                .filter(|block| matches!(block, Block::Line(line) if line.furniture.is_some()))
                .collect();
            blocks.splice(start..start, furniture.into_iter().chain([Block::Grid(grid)]));
            at = start + 1;
        } else {
            at = start;
        }
    }
    before - blocks.len()
}

fn free_line(blocks: &[Block], at: usize) -> Option<&Line> {
    match blocks.get(at)? {
        Block::Line(line) if line.furniture.is_none() => Some(line),
        _ => None,
    }
}

/// A caption at `at` with unit or body below it on its page: where the lines after them begin.
fn end_of_caption(blocks: &[Block], at: usize, specs: &Specs) -> Option<usize> {
    let kinds =
        |line: &Line| labels_of(&line.text, &line.place, &specs.segmentation).into_iter().map(|label| label.kind);
    let caption = free_line(blocks, at)?;
    if !kinds(caption).any(|kind| kind == Kind::Caption) {
        return None;
    }
    let mut next = at + 1;
    let mut is_dressed = false;
    while let Some(line) = free_line(blocks, next).filter(|line| line.place.page() == caption.place.page()) {
        if kinds(line).any(|kind| matches!(kind, Kind::Other | Kind::Note | Kind::Caption)) {
            break;
        }
        is_dressed |= kinds(line).any(|kind| matches!(kind, Kind::Unit | Kind::Body));
        next += 1;
    }
    is_dressed.then_some(next)
}

/// The lines of a page up to a grid, a note, the next caption, or prose.
fn end_of_table(blocks: &[Block], start: usize, specs: &Specs) -> usize {
    let page = blocks.get(start).and_then(|block| block.place().page());
    let width = |line: &Line| match &line.place {
        Place::Page { bbox, .. } => bbox[2] - bbox[0],
        Place::Text { .. } => f32::INFINITY,
    };
    let left = |line: &Line| if let Place::Page { bbox, .. } = &line.place { bbox[0] } else { 0.0 };
    let right = |line: &Line| if let Place::Page { bbox, .. } = &line.place { bbox[2] } else { 0.0 };
    let (mut first, mut last) = (f32::INFINITY, 0.0_f32);
    let mut end = start;
    while let Some(block) = blocks.get(end).filter(|block| block.place().page() == page) {
        let Block::Line(line) = block else { break };
        if line.furniture.is_none() {
            let labels = labels_of(&line.text, &line.place, &specs.segmentation);
            (first, last) = (first.min(left(line)), last.max(right(line)));
            let is_prose = line.text.contains(['。', '；'])
                || (end > start && width(line) > WIDEST * (last - first) && line.text.contains('，'));
            if is_prose || labels.iter().any(|label| label.kind != Kind::Other) {
                break;
            }
        }
        end += 1;
    }
    end
}

/// Labels of columns near each other come as one line: its parts, where all of them are known.
fn parts(line: &Line, specs: &Specs) -> Vec<Line> {
    let texts: Vec<&str> = line.text.split(is_blank).filter(|part| !part.is_empty()).collect();
    let (Place::Page { page, bbox }, Some(style)) = (&line.place, line.style) else { return vec![line.clone()] };
    if texts.len() < 2 || !texts.iter().all(|text| is_header_word(text, specs)) {
        return vec![line.clone()];
    }
    let width = |text: &str| text.chars().map(|c| if c.is_ascii() { 0.5 } else { 1.0 }).sum::<f32>() * style.size;
    let white = bbox[2] - bbox[0] - texts.iter().map(|text| width(text)).sum::<f32>();
    let gap = white.max(0.0) / (texts.len() - 1) as f32;
    let mut x = bbox[0];
    texts
        .into_iter()
        .map(|text| {
            let place = Place::Page { page: *page, bbox: [x, bbox[1], x + width(text), bbox[3]] };
            x += width(text) + gap;
            Line { text: text.to_string(), place, ..line.clone() }
        })
        .collect()
}

/// The first lines stand side by side, and most of them are words of headers.
fn has_header(lines: &[Line], specs: &Specs) -> bool {
    let [first, ..] = lines else { return false };
    let (Place::Page { bbox: top, .. }, Some(style)) = (&first.place, first.style) else { return false };
    let near: Vec<&Line> = lines
        .iter()
        .take_while(|line| matches!(&line.place, Place::Page { bbox, .. } if bbox[1] - top[1] < 4.0 * style.size))
        .collect();
    let beside = near.windows(2).any(|pair| matches!(pair, [a, b] if are_side_by_side(a, b)));
    let known = near.iter().filter(|line| is_header_word(&line.text, specs)).count();
    beside && known >= 2 && known as f32 >= KNOWN * near.len() as f32
}

/// A word that heads columns in some template.
fn is_header_word(text: &str, specs: &Specs) -> bool {
    let templates = &specs.templates;
    let label = header_key(text, years(text).first().copied());
    specs.segmentation.label_headers.contains(&key(text))
        || templates.column_role(&label).is_some_and(|(role, _)| role != ColumnRole::Ignored)
        || templates.is(Word::Generic, &label)
        || templates.scope(&label).is_some()
        || templates.measure(None, &label, &[]).is_some()
}
