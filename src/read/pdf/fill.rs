//! Glyphs → cells of a lattice → [`Grid`]. A printed string stays whole: it belongs to one cell, also where it
//! runs over the border of that cell.

use std::collections::BTreeMap;
use std::ops::Range;

use super::content::{Glyph, PageContent};
use super::lattice::Lattice;
use super::lines::{
    TextLine, baseline_to_text, drawn_part, glyphs_to_baselines, glyphs_to_line, set_in_order, string_to_text,
};
use super::spill::take_back;
use crate::base::amount::parse_figure;
use crate::base::place::Place;
use crate::model::GridMethod;
use crate::read::{Grid, GridCell};

/// Height of the middle of a character over its baseline, in ems.
pub(super) const MIDDLE: f32 = 0.36;
/// Glyphs of one string follow each other within this gap, in ems.
const FOLLOWS: f32 = 0.3;
/// A string that begins this near (in ems) to the left border of a cell was set from there.
const SET_LEFT: f32 = 1.0;
/// What is this far (in points) from the edges of a frame together is within the cell whatever the borders' thickness.
const WITHIN: f32 = 4.0;
/// White space between text and border of a cell, in points, at its widest: the word processors' default.
const PADDING: f32 = 5.4;

/// Top and bottom of the frames that cut text, by the number of its run.
type Frames = BTreeMap<u32, [f32; 2]>;

/// The grid of a lattice, and the glyphs in it as runs of their indices.
pub(super) fn lattice_to_grid(lattice: &Lattice, content: &PageContent) -> (Grid, Vec<Range<usize>>) {
    let (glyphs, page, frames) = (content.glyphs.as_slice(), content.number, &content.frames);
    let drawn = |string: &Range<usize>| glyphs.get(string.clone()).unwrap_or_default();
    let mut placed: Vec<(Range<usize>, usize)> = glyphs_to_strings(lattice, glyphs, frames)
        .into_iter()
        .filter_map(|string| string_to_cell(lattice, drawn(&string), frames).map(|cell| (string, cell)))
        .collect();
    take_back(lattice, glyphs, &mut placed);
    placed.sort_by_key(|(_, cell)| *cell);
    let mut rest = placed.as_slice();
    let cells = lattice.cells.iter().enumerate().map(|(at, cell)| {
        let (own, after) = rest.split_at(rest.iter().take_while(|(_, of)| *of == at).count());
        rest = after;
        let bbox = lattice.cell_bbox(cell);
        let strings = || own.iter().map(|(string, _)| drawn(string));
        let text = strings_to_text(strings()).unwrap_or_else(|| {
            let mut content = Vec::with_capacity(strings().map(<[Glyph]>::len).sum());
            strings().for_each(|string| content.extend(string));
            cell_text(content, bbox[2] - bbox[0])
        });
        GridCell {
            row: cell.row as u32,
            column: cell.column as u32,
            row_span: cell.row_span as u32,
            column_span: cell.column_span as u32,
            text,
            place: Place::Page { page, bbox },
        }
    });
    let grid = Grid {
        method: GridMethod::Ruled,
        rows: lattice.rows() as u32,
        columns: lattice.columns() as u32,
        cells: cells.collect(),
        place: Place::Page { page, bbox: lattice.bbox() },
        column_edges: lattice.xs.clone(),
        has_spans: true,
        short_lines: Vec::new(),
        beside: Vec::new(),
    };
    (grid, placed.into_iter().map(|(string, _)| string).collect())
}

/// Cuts the glyphs within a lattice into strings: drawn by one operation, on one baseline, without a gap at a border.
fn glyphs_to_strings(lattice: &Lattice, glyphs: &[Glyph], frames: &Frames) -> Vec<Range<usize>> {
    let [x0, top, x1, bottom] = lattice.bbox();
    let mut strings: Vec<Range<usize>> = Vec::with_capacity(glyphs.len() / 4);
    let mut last_drawn: Option<&Glyph> = None;
    for (i, glyph) in glyphs.iter().enumerate() {
        if let Some((before, string)) = last_drawn.zip(strings.last_mut())
            && is_next_of_run(before, glyph)
        {
            string.end = i + 1;
            last_drawn = Some(glyph);
            continue;
        }
        let middle = level(glyph, frames);
        let is_level = top <= middle && middle <= bottom && glyph.is_upright();
        let goes_on = is_level && last_drawn.is_some_and(|before| follows(lattice, before, glyph));
        // The last characters of a string may stand wholly outside of the table (a form set in wider type).
        if !is_level || !(goes_on || glyph.bbox[2] > x0 && glyph.bbox[0] < x1) {
            last_drawn = None;
            continue;
        }
        match strings.last_mut() {
            Some(string) if goes_on => string.end = i + 1,
            _ => strings.push(i..i + 1),
        }
        if !glyph.is_blank || !goes_on {
            last_drawn = Some(glyph);
        }
    }
    strings
}

/// The height at which a glyph stands in its table. A line too many for its cell is drawn over the border below and cut
/// there by the frame of the cell (project lists of 西安 2022): it stands within that frame.
fn level(glyph: &Glyph, frames: &Frames) -> f32 {
    let middle = glyph.origin[1] - MIDDLE * glyph.size;
    match frames.get(&glyph.run) {
        Some([top, bottom]) if bottom - top > WITHIN => middle.clamp(top + WITHIN / 2.0, bottom - WITHIN / 2.0),
        _ => middle,
    }
}

/// Whether `glyph` stands close behind `before` on its line, drawn with it: nearly all do.
fn is_next_of_run(before: &Glyph, glyph: &Glyph) -> bool {
    let gap = glyph.bbox[0] - before.bbox[2];
    glyph.run == before.run
        && glyph.origin[1] == before.origin[1]
        && glyph.size == before.size
        && !glyph.is_blank
        && gap <= FOLLOWS * glyph.size
        && gap >= -0.5 * glyph.size
}

/// Whether `glyph` carries on the string of `before`: on its line, and with no border in a gap between them.
fn follows(lattice: &Lattice, before: &Glyph, glyph: &Glyph) -> bool {
    let em = before.size.max(glyph.size);
    let gap = glyph.bbox[0] - before.bbox[2];
    if (glyph.origin[1] - before.origin[1]).abs() > 0.2 * em || gap < -0.5 * em {
        return false;
    }
    if before.run != glyph.run && !are_parts_of_a_figure(before, glyph, gap) && !runs_out(lattice, before, glyph, gap) {
        return false;
    }
    gap <= FOLLOWS * em && !glyph.is_blank || {
        let y = glyph.origin[1] - MIDDLE * glyph.size;
        let (a, b) = (lattice.cell_at(before.middle_x(), y), lattice.cell_at(glyph.middle_x(), y));
        a.is_some() && a == b
    }
}

/// Some writers draw every character by itself, and a text too long for the last cell goes on beyond the table, where the
/// cell clips it (西安市统计局 p50).
fn runs_out(lattice: &Lattice, before: &Glyph, glyph: &Glyph, gap: f32) -> bool {
    glyph.middle_x() > lattice.bbox()[2] && gap.abs() < 0.1 * before.size && before.size == glyph.size
}

/// Some writers draw every digit by itself.
fn are_parts_of_a_figure(a: &Glyph, b: &Glyph, gap: f32) -> bool {
    is_of_figure(a) && is_of_figure(b) && gap.abs() < 0.1 * a.size
}

/// The cell that a string belongs to: the one it lies in, else the one that it was set from.
fn string_to_cell(lattice: &Lattice, string: &[Glyph], frames: &Frames) -> Option<usize> {
    let drawn = || string.iter().filter(|glyph| !glyph.is_blank);
    let first = drawn().next().or(string.first())?;
    let last = drawn().next_back().unwrap_or(first);
    let y = level(first, frames);
    // The border of a table may run through the outermost characters of a string that overflows it.
    let [left, _, right, _] = lattice.bbox();
    let at = |x: f32| lattice.cell_at(x.clamp(left + 0.1, right - 0.1), y);
    let begin = at(first.middle_x())?;
    let [cell_left, _, cell_right, _] = lattice.cell_bbox(lattice.cells.get(begin)?);
    let ends_there = (cell_left..cell_right).contains(&last.middle_x());
    let end = if ends_there { begin } else { at(last.middle_x())? };
    if begin == end {
        return Some(begin);
    }
    let (x0, x1) = (first.bbox[0], last.bbox[2]);
    let shared = |cell: usize| {
        lattice.cells.get(cell).map_or(0.0, |c| {
            let bbox = lattice.cell_bbox(c);
            (bbox[2].min(x1) - bbox[0].max(x0)).max(0.0)
        })
    };
    let mut cells: Vec<usize> = drawn().filter_map(|g| at(g.middle_x())).collect();
    cells.dedup();
    let most = cells.iter().copied().max_by(|a, b| shared(*a).total_cmp(&shared(*b)))?;
    let is_figure = drawn().all(|glyph| is_of_figure(glyph) || glyph.character == '%');
    if is_figure {
        return Some(if shared(end) >= 0.45 * (x1 - x0) { end } else { most });
    }
    Some(if x0 - cell_left < SET_LEFT * first.size || shared(begin) >= 0.4 * (x1 - x0) { begin } else { most })
}

/// The text of a cell whose strings are plain lines of one type, one below the other, as nearly all are. `None` for any
/// other, and for figures that may be broken.
fn strings_to_text<'a>(mut strings: impl Iterator<Item = &'a [Glyph]>) -> Option<String> {
    let Some(first) = strings.next() else { return Some(String::new()) };
    let mut text = string_to_text(first)?;
    let mut above = first.first()?;
    let mut is_figure = first.iter().all(is_of_figure);
    for string in strings {
        let glyph = string.first()?;
        if glyph.size != above.size || glyph.origin[1] - above.origin[1] < glyph.size {
            return None;
        }
        is_figure = is_figure && string.iter().all(is_of_figure);
        if is_figure {
            return None;
        }
        text.push(' ');
        text.push_str(&string_to_text(string)?);
        above = glyph;
    }
    Some(text)
}

fn is_of_figure(glyph: &Glyph) -> bool {
    glyph.character.is_ascii_digit() || matches!(glyph.character, ',' | '.' | '-')
}

/// Lines joined with a blank, but a figure that the narrow cell broke is made whole.
fn cell_text(mut glyphs: Vec<&Glyph>, width: f32) -> String {
    // Several strings on one baseline, or one with blanks.
    if glyphs.windows(2).all(|pair| pair[0].origin[1] == pair[1].origin[1]) {
        set_in_order(&mut glyphs);
        return baseline_to_text(drawn_part(&glyphs));
    }
    let baselines = glyphs_to_baselines(glyphs);
    let mut lines: Vec<TextLine> = baselines.iter().filter_map(|baseline| glyphs_to_line(baseline)).collect();
    if lines.len() < 2 {
        return lines.pop().map_or_else(String::new, |line| line.text);
    }
    if let Some(figure) = broken_figure(&lines, width) {
        return figure;
    }
    let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    texts.join(" ")
}

/// One figure or code over two or more lines: every line but the last is as full as the cell allows.
fn broken_figure(lines: &[TextLine], width: f32) -> Option<String> {
    let (_, before) = lines.split_last()?;
    if before.is_empty() {
        return None;
    }
    let whole: String = lines.iter().map(|line| line.text.as_str()).collect();
    let is_whole = parse_figure(&whole).is_some()
        && lines.iter().all(|line| line.text.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.' | '-')));
    // Two complete amounts, one below the other, are two.
    let are_amounts = lines.iter().all(|line| line.text.contains('.') && parse_figure(&line.text).is_some());
    let is_full = |line: &TextLine| line.bbox[2] - line.bbox[0] + 0.5 * line.size > width - 2.0 * PADDING - 1.0;
    (is_whole && !are_amounts && before.iter().all(is_full)).then_some(whole)
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::content::is_blank;
    use super::super::lattice::segments_to_lattices;
    use super::super::rulings::Segment;
    use super::*;

    /// A string of 10 pt type, digits half an em wide, drawn by one operation.
    pub(in super::super) fn string(text: &str, x: f32, baseline: f32, run: u32) -> Vec<Glyph> {
        let mut x = x;
        text.chars()
            .map(|character| {
                let advance = if character.is_ascii() { 5.0 } else { 10.0 };
                x += advance;
                Glyph {
                    character,
                    is_blank: is_blank(character),
                    bbox: [x - advance, baseline - 8.6, x, baseline + 1.4],
                    origin: [x - advance, baseline],
                    size: 10.0,
                    angle: 0.0,
                    colour: [0, 0, 0, 255],
                    is_invisible: false,
                    is_bold: false,
                    is_pagination: false,
                    run,
                }
            })
            .collect()
    }

    /// Rows of 20 pt, columns of the given widths.
    pub(in super::super) fn lattice(widths: &[f32], rows: usize) -> Lattice {
        let mut xs = vec![0.0];
        for w in widths {
            xs.push(xs[xs.len() - 1] + w);
        }
        let right = xs[xs.len() - 1];
        let h: Vec<Segment> =
            (0..=rows).map(|row| Segment { position: 20.0 * row as f32, start: 0.0, end: right }).collect();
        let v: Vec<Segment> =
            xs.iter().map(|x| Segment { position: *x, start: 0.0, end: 20.0 * rows as f32 }).collect();
        segments_to_lattices(&h, &v, 10.0).remove(0)
    }

    pub(in super::super) fn texts(lattice: &Lattice, glyphs: &[Glyph]) -> Vec<String> {
        texts_in_frames(lattice, glyphs, BTreeMap::new())
    }

    fn texts_in_frames(lattice: &Lattice, glyphs: &[Glyph], frames: Frames) -> Vec<String> {
        let content = PageContent { glyphs: glyphs.to_vec(), frames, ..PageContent::default() };
        lattice_to_grid(lattice, &content).0.cells.into_iter().map(|cell| cell.text).collect()
    }

    #[test]
    fn a_label_that_overflows_stays_whole_beside_the_text_it_runs_into() {
        let lattice = lattice(&[60.0, 60.0], 2);
        let mut glyphs = string("机关事业单位基本养老", 2.0, 14.0, 1);
        glyphs.extend(string("12.50", 90.0, 14.0, 2));
        assert_eq!(texts(&lattice, &glyphs), ["机关事业单位基本养老", "12.50", "", ""]);
    }

    #[test]
    fn the_last_character_of_a_string_may_stand_outside_of_the_table() {
        let lattice = lattice(&[40.0, 60.0], 2);
        let glyphs = string("提升治理水平了", 42.0, 14.0, 1);
        assert_eq!(texts(&lattice, &glyphs), ["", "提升治理水平了", "", ""]);
    }

    #[test]
    fn characters_drawn_one_by_one_run_out_of_the_table_together() {
        let lattice = lattice(&[40.0, 60.0], 2);
        let text = ["提", "升", "治", "理", "水", "平", "了"];
        let mut glyphs: Vec<Glyph> =
            text.iter().enumerate().flat_map(|(i, c)| string(c, 42.0 + 10.0 * i as f32, 14.0, i as u32)).collect();
        // A remark beside the table is none of it.
        glyphs.extend(string("注", 130.0, 14.0, 9));
        assert_eq!(texts(&lattice, &glyphs), ["", "提升治理水平了", "", ""]);
    }

    #[test]
    fn a_figure_that_overflows_to_the_left_belongs_where_it_ends() {
        let lattice = lattice(&[60.0, 40.0], 2);
        let glyphs = string("12,345,678.90", 34.0, 14.0, 1);
        assert_eq!(texts(&lattice, &glyphs), ["", "12,345,678.90", "", ""]);
    }

    #[test]
    fn a_line_that_its_cell_cuts_stays_in_it() {
        // 商务局 p60: the second line of a name begins at the foot of its row and is cut there.
        let lattice = lattice(&[60.0], 2);
        let mut glyphs = string("会展活动", 2.0, 12.0, 1);
        glyphs.extend(string("市商务局", 2.0, 24.5, 2));
        glyphs.extend(string("加油站", 2.0, 34.0, 3));
        assert_eq!(texts(&lattice, &glyphs), ["会展活动", "市商务局 加油站"]);
        let frames = BTreeMap::from([(2, [0.5, 19.5])]);
        assert_eq!(texts_in_frames(&lattice, &glyphs, frames), ["会展活动 市商务局", "加油站"]);
    }

    #[test]
    fn one_operation_that_draws_a_row_is_cut_at_the_borders() {
        let lattice = lattice(&[60.0, 60.0], 2);
        let glyphs = string("行政运行       99.46", 2.0, 14.0, 1);
        assert_eq!(texts(&lattice, &glyphs), ["行政运行", "99.46", "", ""]);
    }

    #[test]
    fn a_broken_figure_is_one_and_two_figures_are_two() {
        let narrow = lattice(&[46.0], 2);
        let mut glyphs = string("1,234,56", 3.0, 9.0, 1);
        glyphs.extend(string("7.89", 3.0, 18.0, 2));
        glyphs.extend(string("12.34", 3.0, 29.0, 3));
        glyphs.extend(string("56.78", 3.0, 38.0, 4));
        assert_eq!(texts(&narrow, &glyphs), ["1,234,567.89", "12.34 56.78"]);
    }
}
