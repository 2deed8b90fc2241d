//! Glyphs → lines and words, from baselines and advances. Cells of tables and lines of prose go through the same code.
//!
//! Only upright glyphs belong here; see [`super::furniture`] for the others.

use std::ops::Range;

use super::content::Glyph;
use super::raised::{join_raised, may_be_raised, raised_digits, with_superscripts};

/// Glyphs stand on one line where their baselines differ by less than this share of the larger type. Writers that
/// switch fonts within a cell shift baselines by up to a fifth; lines are at least nine tenths apart.
const SAME_BASELINE: f32 = 0.4;
/// The same character again within this share of its size is an overprint (imitated bold type, shadows).
const OVERPRINT: f32 = 0.15;
/// Gaps, in ems, that are blanks though no blank is drawn: between two Latin letters or digits, and otherwise.
/// Word processors put a quarter of an em between Chinese and Latin on their own; justified lines stretch.
const LATIN_GAP: f32 = 0.25;
const OTHER_GAP: f32 = 0.6;
/// A gap, in ems, over which two texts on one baseline are two lines.
const SEPARATE: f32 = 2.5;

/// A piece of text on one baseline.
#[derive(Clone, Debug, PartialEq)]
pub struct TextLine {
    /// As printed, ends trimmed; a clear gap without a drawn blank is one blank.
    pub text: String,
    /// `[x0, top, x1, bottom]`, blanks at the ends left out.
    pub bbox: [f32; 4],
    pub baseline: f32,
    /// Size of most of its characters.
    pub size: f32,
    /// True where all of its characters are.
    pub is_bold: bool,
}

/// Groups by baseline, top to bottom, each from left to right; overprints are left out.
pub fn glyphs_to_baselines<'a>(glyphs: impl IntoIterator<Item = &'a Glyph>) -> Vec<Vec<&'a Glyph>> {
    let mut sorted: Vec<&Glyph> = glyphs.into_iter().collect();
    sorted.sort_by(|a, b| a.origin[1].total_cmp(&b.origin[1]));
    let mut lines: Vec<Vec<&Glyph>> = Vec::new();
    let mut has_small = false;
    let (mut start, mut base, mut size) = (0, f32::NEG_INFINITY, 0.0_f32);
    for (at, glyph) in sorted.iter().enumerate() {
        if at > start && glyph.origin[1] - base < SAME_BASELINE * size.max(glyph.size) {
            // Small print begins a line no more than it ends one: the largest type sets the tolerance.
            if glyph.size > size {
                (base, size) = (glyph.origin[1], glyph.size);
            }
        } else {
            lines.extend(sorted.get(start..at).filter(|line| !line.is_empty()).map(<[_]>::to_vec));
            has_small |= may_be_raised(size, base, glyph);
            (start, base, size) = (at, glyph.origin[1], glyph.size);
        }
    }
    // The cell of one line, the most frequent of all, is not copied.
    if start == 0 {
        lines.push(sorted)
    } else {
        lines.extend(sorted.get(start..).map(<[_]>::to_vec))
    }
    if has_small {
        join_raised(&mut lines);
    }
    lines.iter_mut().for_each(set_in_order);
    lines.retain(|line| !line.is_empty());
    lines
}

/// Whether a character stands clear behind another.
fn is_clear(before: &Glyph, glyph: &Glyph) -> bool {
    glyph.origin[0] - before.origin[0] > OVERPRINT * glyph.size
}

/// From left to right, without overprints and blanks that something stands over.
pub(super) fn set_in_order(line: &mut Vec<&Glyph>) {
    // Nearly every line is drawn so.
    if !line.windows(2).all(|pair| is_clear(pair[0], pair[1])) {
        line.sort_by(|a, b| a.origin[0].total_cmp(&b.origin[0]));
        drop_overprints(line);
    }
    drop_covered_blanks(line);
}

/// Lines of text, top to bottom and left to right. Texts on one baseline that stand far apart are lines of their own.
pub fn glyphs_to_lines<'a>(glyphs: impl IntoIterator<Item = &'a Glyph>) -> Vec<TextLine> {
    baselines_to_lines(&glyphs_to_baselines(glyphs))
}

/// The same from their baselines.
pub fn baselines_to_lines(baselines: &[Vec<&Glyph>]) -> Vec<TextLine> {
    let mut lines = Vec::new();
    for baseline in baselines {
        let mut pieces = split(baseline, |gap, size| gap > SEPARATE * size);
        let glyphs = |piece: &Range<usize>| baseline.get(piece.clone()).unwrap_or_default();
        pieces.dedup_by(|next, piece| {
            let joined = belong_together(glyphs(piece), glyphs(next));
            if joined {
                piece.end = next.end;
            }
            joined
        });
        lines.extend(pieces.iter().filter_map(|piece| glyphs_to_line(glyphs(piece))));
    }
    lines
}

/// Words: what stands between blanks, drawn or clear.
pub fn glyphs_to_words<'a>(glyphs: impl IntoIterator<Item = &'a Glyph>) -> Vec<TextLine> {
    let mut words = Vec::new();
    for baseline in glyphs_to_baselines(glyphs) {
        for piece in split(&baseline, |gap, size| gap > OTHER_GAP * size) {
            for part in baseline.get(piece).unwrap_or_default().split(|glyph| glyph.is_blank) {
                let mut start = 0;
                for (i, pair) in part.windows(2).enumerate() {
                    if let [a, b] = pair
                        && is_clear_gap(a, b)
                    {
                        words.extend(part.get(start..=i).and_then(glyphs_to_line));
                        start = i + 1;
                    }
                }
                words.extend(part.get(start..).and_then(glyphs_to_line));
            }
        }
    }
    words
}

/// The text of a cell: its lines joined with a blank.
pub fn glyphs_to_text<'a>(glyphs: impl IntoIterator<Item = &'a Glyph>) -> String {
    let mut text = String::new();
    for line in glyphs_to_baselines(glyphs) {
        let line = baseline_to_text(&line);
        let line = line.trim();
        if !line.is_empty() {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(line);
        }
    }
    text
}

/// The text of a string that is drawn plainly, as nearly all are: character after character of one size on one baseline,
/// without blanks. `None` for any other.
pub(super) fn string_to_text(string: &[Glyph]) -> Option<String> {
    let (first, rest) = string.split_first().filter(|(first, _)| !first.is_blank)?;
    let mut text = String::with_capacity(string.len() * 3);
    text.push(first.character);
    let mut before = first;
    for glyph in rest {
        let is_plain = glyph.origin[1] == before.origin[1] && glyph.size == before.size && is_clear(before, glyph);
        if glyph.is_blank || !is_plain {
            return None;
        }
        if is_clear_gap(before, glyph) {
            text.push(' ');
        }
        text.push(glyph.character);
        before = glyph;
    }
    Some(text)
}

/// One baseline's text; `None` where it is blank.
pub fn glyphs_to_line(glyphs: &[&Glyph]) -> Option<TextLine> {
    let glyphs = drawn_part(glyphs);
    let mut bbox = [f32::INFINITY, f32::INFINITY, f32::NEG_INFINITY, f32::NEG_INFINITY];
    for glyph in glyphs.iter().filter(|glyph| !glyph.is_blank) {
        bbox = [
            bbox[0].min(glyph.bbox[0]),
            bbox[1].min(glyph.bbox[1]),
            bbox[2].max(glyph.bbox[2]),
            bbox[3].max(glyph.bbox[3]),
        ];
    }
    Some(TextLine {
        text: baseline_to_text(glyphs),
        bbox,
        baseline: glyphs.first()?.origin[1],
        size: usual_size(glyphs.iter().copied())?,
        is_bold: glyphs.iter().all(|glyph| glyph.is_bold || glyph.is_blank),
    })
}

/// The glyphs without the blanks at both ends.
pub(super) fn drawn_part<'l, 'a>(glyphs: &'l [&'a Glyph]) -> &'l [&'a Glyph] {
    let first = glyphs.iter().position(|glyph| !glyph.is_blank).unwrap_or(glyphs.len());
    let end = glyphs.iter().rposition(|glyph| !glyph.is_blank).map_or(first, |last| last + 1);
    glyphs.get(first..end).unwrap_or_default()
}

/// The middle one of the sizes of glyphs. There are few sizes on a page, and glyphs of one follow each other.
pub(super) fn usual_size<'a>(mut glyphs: impl Iterator<Item = &'a Glyph>) -> Option<f32> {
    let mut current = (glyphs.next()?.size, 1_usize);
    let mut counts: Vec<(f32, usize)> = Vec::new();
    for glyph in glyphs {
        if glyph.size == current.0 {
            current.1 += 1;
        } else {
            counts.push(std::mem::replace(&mut current, (glyph.size, 1)));
        }
    }
    if counts.is_empty() {
        return Some(current.0);
    }
    counts.push(current);
    counts.sort_by(|a, b| a.0.total_cmp(&b.0));
    let all: usize = counts.iter().map(|(_, count)| count).sum();
    let mut before = 0;
    let is_middle = |(_, count): &&(f32, usize)| {
        before += count;
        before > all / 2
    };
    counts.iter().find(is_middle).map(|(size, _)| *size)
}

/// The text of glyphs on one baseline, from left to right, with blanks where the page has them.
pub(super) fn baseline_to_text(glyphs: &[&Glyph]) -> String {
    let mut text = String::with_capacity(glyphs.len() * 3);
    let (mut before, mut is_mixed): (Option<&Glyph>, bool) = (None, false);
    for glyph in glyphs {
        if let Some(before) = before {
            is_mixed |= before.size != glyph.size;
            if !before.is_blank && !glyph.is_blank && is_clear_gap(before, glyph) {
                text.push(' ');
            }
        }
        text.push(if glyph.is_blank && glyph.character.is_control() { ' ' } else { glyph.character });
        before = Some(glyph);
    }
    let raised = if is_mixed { raised_digits(glyphs) } else { Vec::new() };
    if raised.is_empty() { text } else { with_superscripts(glyphs, &raised) }
}

/// Pieces between gaps of drawn characters that `is_cut` takes (gap and size of the type in points).
fn split(baseline: &[&Glyph], is_cut: impl Fn(f32, f32) -> bool) -> Vec<Range<usize>> {
    let mut pieces: Vec<Range<usize>> = Vec::new();
    let (mut start, mut drawn): (usize, Option<&Glyph>) = (0, None);
    for (at, glyph) in baseline.iter().enumerate().filter(|(_, glyph)| !glyph.is_blank) {
        if drawn.is_some_and(|before| is_cut(gap(before, glyph), before.size.max(glyph.size))) {
            pieces.push(start..at);
            start = at;
        }
        drawn = Some(glyph);
    }
    pieces.push(start..baseline.len());
    pieces
}

/// A page number at the end of an entry of the contents list, and the letters of a spaced title (目　　录), stay with
/// their line however wide the gap is.
fn belong_together(piece: &[&Glyph], next: &[&Glyph]) -> bool {
    let drawn = |glyphs: &[&Glyph]| glyphs.iter().filter(|glyph| !glyph.is_blank).count();
    let is_number = next.iter().all(|glyph| glyph.is_blank || glyph.character.is_ascii_digit()) && drawn(next) <= 3;
    let is_number_before = piece.iter().all(|glyph| glyph.is_blank || !glyph.character.is_alphabetic());
    let is_entry = is_number && !is_number_before;
    let is_spaced = drawn(next) == 1
        && next.iter().chain(piece).all(|glyph| glyph.is_blank || is_ideograph(glyph.character))
        && drawn(piece) <= 8;
    is_entry || is_spaced
}

pub(super) fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

fn is_clear_gap(a: &Glyph, b: &Glyph) -> bool {
    let (gap, size) = (gap(a, b), a.size.max(b.size));
    let are_latin = || a.character.is_ascii_alphanumeric() && b.character.is_ascii_alphanumeric();
    gap > size * LATIN_GAP && (gap > size * OTHER_GAP || are_latin())
}

fn gap(a: &Glyph, b: &Glyph) -> f32 {
    b.bbox[0] - a.bbox[2]
}

/// Takes out what is printed over itself.
fn drop_overprints(line: &mut Vec<&Glyph>) {
    let is_again = |glyph: &Glyph, before: &[&Glyph]| {
        let reach = OVERPRINT * glyph.size;
        before.iter().rev().take_while(|other| glyph.origin[0] - other.origin[0] <= reach).any(|other| {
            other.character == glyph.character
                && (other.origin[1] - glyph.origin[1]).abs() <= reach
                && (other.size - glyph.size).abs() <= reach
        })
    };
    // Hardly a line has one.
    let Some(first) = (1..line.len()).find(|i| is_again(line[*i], &line[..*i])) else { return };
    let rest = line.split_off(first);
    for glyph in rest {
        if !is_again(glyph, line) {
            line.push(glyph);
        }
    }
}

/// Blanks behind the text of one cell run into the next cell: a blank that has a drawn character over its middle
/// separates nothing.
fn drop_covered_blanks(line: &mut Vec<&Glyph>) {
    if !line.iter().any(|glyph| glyph.is_blank) {
        return;
    }
    let drawn: Vec<[f32; 2]> =
        line.iter().filter(|glyph| !glyph.is_blank).map(|glyph| [glyph.bbox[0], glyph.bbox[2]]).collect();
    let is_covered = |x: f32| {
        let after = drawn.partition_point(|extent| extent[0] <= x);
        drawn.get(after.saturating_sub(2)..after).is_some_and(|near| near.iter().any(|extent| extent[1] > x))
    };
    line.retain(|glyph| !glyph.is_blank || !is_covered(glyph.middle_x()));
}

#[cfg(test)]
mod tests {
    use super::super::content::is_blank;
    use super::*;

    /// Characters of 10 pt on a baseline, each at its x; Chinese ones one em wide, others half.
    fn set(baseline: f32, text: &[(char, f32)]) -> Vec<Glyph> {
        text.iter()
            .map(|(character, x)| {
                let advance = if character.is_ascii() { 5.0 } else { 10.0 };
                Glyph {
                    character: *character,
                    is_blank: is_blank(*character),
                    bbox: [*x, baseline - 8.6, x + advance, baseline + 1.4],
                    origin: [*x, baseline],
                    size: 10.0,
                    angle: 0.0,
                    colour: [0, 0, 0, 255],
                    is_invisible: false,
                    is_bold: false,
                    is_pagination: false,
                    run: 0,
                }
            })
            .collect()
    }

    fn texts(glyphs: &[Glyph]) -> Vec<String> {
        glyphs_to_lines(glyphs).into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn baselines_make_lines_whatever_the_order() {
        let mut glyphs = set(120.0, &[('部', 10.0), ('门', 20.0)]);
        glyphs.extend(set(100.5, &[('总', 30.0), ('表', 40.0)]));
        glyphs.extend(set(100.0, &[('收', 10.0), ('支', 20.0)]));
        assert_eq!(texts(&glyphs), ["收支总表", "部门"]);
    }

    #[test]
    fn figures_of_two_columns_never_grow_together() {
        let glyphs = set(100.0, &[('1', 10.0), ('2', 15.0), ('3', 23.0)]);
        let words: Vec<String> = glyphs_to_words(&glyphs).into_iter().map(|word| word.text).collect();
        assert_eq!(words, ["12", "3"]);
        assert_eq!(texts(&glyphs), ["12 3"]);
    }

    #[test]
    fn chinese_and_latin_need_no_blank() {
        // A quarter of an em between 年 and 6, as word processors set it.
        assert_eq!(texts(&set(100.0, &[('6', 10.0), ('年', 17.5), ('度', 27.5)])), ["6年度"]);
    }

    #[test]
    fn overprints_count_once() {
        let glyphs = set(100.0, &[('合', 10.0), ('合', 10.4), ('计', 20.0), ('计', 20.4)]);
        assert_eq!(texts(&glyphs), ["合计"]);
        assert_eq!(texts(&set(100.0, &[('1', 10.0), ('1', 15.0)])), ["11"]);
    }

    #[test]
    fn blanks_that_run_under_a_figure_are_none() {
        let glyphs = set(100.0, &[('计', 0.0), (' ', 10.0), (' ', 15.0), (' ', 20.0), ('1', 16.0), ('2', 21.0)]);
        assert_eq!(texts(&glyphs), ["计 12"]);
    }

    #[test]
    fn far_apart_is_another_line_but_not_in_contents_and_spaced_titles() {
        let mut glyphs = set(100.0, &[('甲', 0.0), ('局', 10.0), ('单', 200.0), ('位', 210.0)]);
        glyphs.extend(set(120.0, &[('总', 0.0), ('表', 10.0), ('1', 300.0), ('2', 305.0)]));
        glyphs.extend(set(140.0, &[('目', 0.0), ('录', 60.0)]));
        assert_eq!(texts(&glyphs), ["甲局", "单位", "总表 12", "目 录"]);
    }

    #[test]
    fn cells_join_their_lines_with_a_blank() {
        let mut glyphs = set(100.0, &[('政', 0.0), ('府', 10.0)]);
        glyphs.extend(set(112.0, &[('基', 0.0), ('金', 10.0)]));
        assert_eq!(glyphs_to_text(&glyphs), "政府 基金");
    }
}
