//! Glyphs → blocks: the text of one cell where no ruling tells cells apart.

use super::broken::lines_around_amounts;
use super::content::Glyph;
use super::lines::{TextLine, glyphs_to_baselines, glyphs_to_line};
use crate::base::amount::parse_figure;

/// Texts on one baseline further apart than this, in ems, are two; drawn by different operations, this.
const GAP: f32 = 1.0;
const GAP_OF_RUNS: f32 = 0.45;
/// And this, where the white between them goes through the lines above or below: columns as narrow as their texts.
const SEAM: f32 = 0.12;
/// The same between a digit and an ideograph, which some writers set apart by a quarter of an em.
const SEAM_OF_SCRIPTS: f32 = 0.3;
/// Lines that tell of white between columns are no further away, in ems, and have text on both sides that is no further.
const REACH: f32 = 6.0;
/// Texts of one column begin at the same place, in points.
const SAME_START: f32 = 0.5;
/// Characters overlap by no more than this, in ems.
const OVERLAP: f32 = 0.05;
/// Lines wrapped within a cell follow at this distance, in ems, at most.
pub(super) const LEADING: f32 = 1.45;
pub(super) const SAME_EDGE: f32 = 1.5;
/// Digits of a number without separators that is no code of a classification and no sum.
const SERIAL: usize = 9;

/// A text that belongs together: one line, or wrapped lines.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Block {
    pub text: String,
    pub x0: f32,
    pub x1: f32,
    pub top: f32,
    pub bottom: f32,
    pub size: f32,
    /// Height of the middle between the first and the last baseline.
    pub middle: f32,
    /// First baseline.
    pub first: f32,
    pub last: TextLine,
}

impl Block {
    /// One line.
    pub(super) fn of(line: TextLine) -> Block {
        Block {
            text: line.text.clone(),
            x0: line.bbox[0],
            x1: line.bbox[2],
            top: line.bbox[1],
            bottom: line.bbox[3],
            size: line.size,
            middle: line.baseline,
            first: line.baseline,
            last: line,
        }
    }

    /// One line more.
    pub(super) fn push(&mut self, line: TextLine) {
        if !is_cut_number(&self.text, &line.text) {
            self.text.push(' ');
        }
        self.text.push_str(&line.text);
        (self.x0, self.x1) = (self.x0.min(line.bbox[0]), self.x1.max(line.bbox[2]));
        self.bottom = self.bottom.max(line.bbox[3]);
        self.middle = (self.first + line.baseline) / 2.0;
        self.last = line;
    }
}

/// Blocks in order of their first baselines.
pub(super) fn baselines_to_blocks(baselines: &[Vec<&Glyph>]) -> Vec<Block> {
    pieces_to_blocks((0..baselines.len()).flat_map(|at| baseline_to_pieces(baselines, at)).collect())
}

/// Whether a line is one text for sure, without a look at other lines.
pub(super) fn is_one_text(baseline: &[&Glyph]) -> bool {
    let mut drawn = baseline.iter().filter(|glyph| !glyph.is_blank);
    let Some(mut before) = drawn.next() else { return true };
    drawn.all(|glyph| {
        let gap = (glyph.bbox[0] - before.bbox[2]) / glyph.size.max(before.size);
        let is_one = gap <= SEAM || gap <= GAP && glyph.run == before.run;
        before = glyph;
        is_one
    })
}

/// Joins the wrapped lines of one cell. Pieces come in order of their baselines.
pub(super) fn pieces_to_blocks(pieces: Vec<TextLine>) -> Vec<Block> {
    let leading = leading(&pieces, LEADING);
    let carried_on = lines_around_amounts(&pieces);
    let mut blocks: Vec<Block> = Vec::new();
    // The block of each piece.
    let mut places: Vec<usize> = Vec::with_capacity(pieces.len());
    for (at, piece) in pieces.into_iter().enumerate() {
        let first = blocks.iter().rposition(|block| piece.baseline - block.first >= 40.0 * piece.size);
        let above = match carried_on.get(&at) {
            Some(above) => places.get(*above).copied(),
            None => (first.map_or(0, |first| first + 1)..blocks.len())
                .rev()
                .find(|above| blocks.get(*above).is_some_and(|block| is_wrapped(block, &piece, leading))),
        };
        let place = above.unwrap_or(blocks.len());
        places.push(place);
        match blocks.get_mut(place) {
            Some(block) => block.push(piece),
            None => blocks.push(Block::of(piece)),
        }
    }
    blocks
}

/// Every line by itself.
pub(super) fn glyphs_to_pieces(glyphs: &[&Glyph]) -> Vec<Block> {
    let baselines = glyphs_to_baselines(glyphs.iter().copied());
    baselines.iter().filter_map(|line| glyphs_to_line(line)).map(Block::of).collect()
}

fn baseline_to_pieces(baselines: &[Vec<&Glyph>], at: usize) -> Vec<TextLine> {
    let mut pieces: Vec<Vec<&Glyph>> = Vec::new();
    let mut drawn: Option<&Glyph> = None;
    for glyph in baselines.get(at).into_iter().flatten().filter(|glyph| !glyph.is_blank) {
        let is_cut = drawn.is_none_or(|before| {
            let gap = (glyph.bbox[0] - before.bbox[2]) / glyph.size.max(before.size);
            let seam = || {
                if pieces.last().is_some_and(|piece| is_of_amount(piece)) { SEAM } else { seam_between(before, glyph) }
            };
            gap > GAP
                || glyph.run != before.run
                    && (gap > GAP_OF_RUNS || gap > seam() && is_seam(baselines, at, before, glyph))
        });
        match pieces.last_mut() {
            Some(piece) if !is_cut => piece.push(glyph),
            _ => pieces.push(vec![glyph]),
        }
        drawn = Some(glyph);
    }
    pieces.iter().filter_map(|piece| glyphs_to_line(piece)).collect()
}

/// Digits with two or more decimals.
fn is_of_amount(piece: &[&Glyph]) -> bool {
    let is_digit = |glyph: &&&Glyph| glyph.character.is_ascii_digit();
    let decimals = piece.iter().rev().take_while(is_digit).count();
    decimals > 1 && piece.iter().rev().nth(decimals).is_some_and(|glyph| glyph.character == '.')
}

fn seam_between(before: &Glyph, glyph: &Glyph) -> f32 {
    if before.character.is_ascii() == glyph.character.is_ascii() { SEAM } else { SEAM_OF_SCRIPTS }
}

/// Whether the narrow white between two glyphs is one between columns: the nearest lines with text on both sides of it,
/// two below or one below and one above or two above, leave it white too. So do lines with a text that begins there.
fn is_seam(baselines: &[Vec<&Glyph>], at: usize, before: &Glyph, glyph: &Glyph) -> bool {
    let (left, right, size) = (before.bbox[2], glyph.bbox[0], glyph.size.max(before.size));
    let leaves_white = |line: &&Vec<&Glyph>| {
        let drawn = || line.iter().filter(|other| !other.is_blank);
        let near = |distance: f32| (-OVERLAP * size..REACH * size).contains(&distance);
        let begins_there = drawn().any(|other| (other.bbox[0] - right).abs() < SAME_START);
        let has_both = begins_there
            || drawn().any(|other| near(left - other.bbox[2])) && drawn().any(|other| near(other.bbox[0] - right));
        let covers = |other: &&Glyph| other.bbox[0] + OVERLAP * size < right && left < other.bbox[2] - OVERLAP * size;
        let is_covered = drawn().any(covers);
        (has_both || is_covered).then_some(!is_covered)
    };
    let is_near = |line: &&Vec<&Glyph>| {
        line.first().is_some_and(|other| (other.origin[1] - glyph.origin[1]).abs() < REACH * size)
    };
    let mut below = baselines.iter().skip(at + 1).take_while(is_near).filter_map(|line| leaves_white(&line));
    let mut above = baselines.iter().take(at).rev().take_while(is_near).filter_map(|line| leaves_white(&line));
    match (below.next(), above.next()) {
        (Some(true), Some(true)) => true,
        (Some(true), _) => below.next().unwrap_or(true),
        (_, Some(true)) => above.next().unwrap_or(true),
        _ => false,
    }
}

/// How far apart (in ems) wrapped lines may stand: at `most`, and closer than the figures of a column, which are rows for sure.
pub(super) fn leading(pieces: &[TextLine], most: f32) -> f32 {
    let mut leading = most;
    let figures: Vec<&TextLine> = pieces.iter().filter(|p| p.text.contains('.') && is_figure(p)).collect();
    for (i, a) in figures.iter().enumerate() {
        let below = figures
            .iter()
            .skip(i + 1)
            .take(30)
            .find(|b| b.baseline > a.baseline + 0.5 * a.size && (a.bbox[2] - b.bbox[2]).abs() < SAME_EDGE);
        if let Some(below) = below {
            leading = leading.min(0.9 * (below.baseline - a.baseline) / a.size.max(1.0));
        }
    }
    leading
}

pub(super) fn is_figure(piece: &TextLine) -> bool {
    parse_figure(&piece.text).is_some()
}

/// Whether a line carries on the text above it.
fn is_wrapped(block: &Block, piece: &TextLine, leading: f32) -> bool {
    let above = &block.last;
    let distance = (piece.baseline - above.baseline) / piece.size.max(1.0);
    let is_next = distance > 0.6 && distance <= leading;
    let is_same_type = (above.size - piece.size).abs() < 0.08 * piece.size;
    let (a, b) = (above.bbox, piece.bbox);
    let is_in_line = (a[0] - b[0]).abs() < SAME_EDGE || (a[0] + a[2] - b[0] - b[2]).abs() < 2.0 * SAME_EDGE;
    let is_in_line = is_in_line || (a[2] - b[2]).abs() < SAME_EDGE && is_cut_number(&block.text, &piece.text);
    is_next
        && is_same_type
        && is_in_line
        && (!(is_figure(above) && is_figure(piece)) || is_cut_number(&block.text, &piece.text))
}

/// Whether two lines are one number that a narrow column cut: together a figure with its separators in place, and apart
/// none; or a serial number, which is longer than any code or sum without separators.
pub(super) fn is_cut_number(above: &str, below: &str) -> bool {
    let is_of = |text: &str, marks: &[char]| text.chars().all(|c| c.is_ascii_digit() || marks.contains(&c));
    if below.is_empty() || !is_of(above, &['-', ',', '.']) || !is_of(below, &[',', '.']) {
        return false;
    }
    if is_of(above, &[]) && is_of(below, &[]) {
        return above.len() >= SERIAL && below.len() <= above.len();
    }
    let whole = format!("{above}{below}");
    let decimals = |text: &str| text.split_once('.').map(|(_, decimals)| decimals.len());
    let is_open =
        !is_grouped(above) || above.ends_with('.') || below.starts_with([',', '.']) || decimals(above) == Some(1);
    parse_figure(&whole).is_some() && is_grouped(&whole) && decimals(&whole).is_some_and(|count| count > 1) && is_open
}

/// Whether the thousands are set off as they should be, if they are.
fn is_grouped(figure: &str) -> bool {
    let integer = figure.split('.').next().unwrap_or_default().trim_start_matches('-');
    let mut groups = integer.split(',');
    let first = groups.next().map_or(0, str::len);
    !integer.contains(',') || ((1..=3).contains(&first) && groups.all(|group| group.len() == 3))
}

/// The extents of columns: what narrow blocks of different rows share; a block over several columns makes none.
pub(super) fn blocks_to_columns(rows: &[&[Block]]) -> Vec<[f32; 2]> {
    let mut blocks: Vec<(usize, &Block)> =
        rows.iter().enumerate().flat_map(|(r, row)| row.iter().map(move |block| (r, block))).collect();
    let lowest = lowest_of_head(rows);
    let rank = |(row, block): &(usize, &Block)| (*row < lowest, is_bridge(block, *row, rows));
    let ranks: Vec<(bool, bool)> = blocks.iter().map(rank).collect();
    let mut order: Vec<_> = ranks.into_iter().zip(blocks.drain(..)).collect();
    order.sort_by(|(a, (row_a, x)), (b, (row_b, y))| {
        a.cmp(b).then((x.x1 - x.x0).total_cmp(&(y.x1 - y.x0))).then(row_a.cmp(row_b))
    });
    blocks.extend(order.into_iter().map(|(_, block)| block));
    // A column and the rows that have a block of their own in it.
    let mut columns: Vec<([f32; 2], Vec<usize>)> = Vec::new();
    for (row, block) in blocks {
        let touched: Vec<usize> = (0..columns.len())
            .filter(|i| columns.get(*i).is_some_and(|(c, _)| block.x1.min(c[1]) - block.x0.max(c[0]) > 0.0))
            .collect();
        let is_spanning = touched.iter().enumerate().any(|(k, i)| {
            touched.iter().skip(k + 1).any(|j| match (columns.get(*i), columns.get(*j)) {
                (Some((_, a)), Some((_, b))) => a.iter().any(|row| b.contains(row)),
                _ => false,
            })
        });
        if is_spanning || row < lowest && !touched.is_empty() {
            continue;
        }
        // Columns that no row has both of, under one block, are one.
        let mut merged = ([block.x0, block.x1], vec![row]);
        for i in touched.iter().rev() {
            let (extent, rows) = columns.remove(*i);
            merged.0 = [merged.0[0].min(extent[0]), merged.0[1].max(extent[1])];
            merged.1.extend(rows);
        }
        columns.push(merged);
    }
    let mut extents: Vec<[f32; 2]> = columns.into_iter().map(|(extent, _)| extent).collect();
    extents.sort_by(|a, b| a[0].total_cmp(&b[0]));
    extents
}

/// The fullest of the rows above the first amount: what stands above it heads several columns, or one that is there.
fn lowest_of_head(rows: &[&[Block]]) -> usize {
    let is_amount = |block: &Block| block.text.contains('.') && parse_figure(&block.text).is_some();
    let head = rows.iter().position(|row| row.iter().any(is_amount)).unwrap_or(0);
    let count = |row: &usize| rows.get(*row).map_or(0, |row| row.len());
    (0..head).rev().max_by_key(count).unwrap_or(0)
}

/// Whether a text stands over two texts of another row: however narrow it is, it says nothing about columns.
fn is_bridge(block: &Block, row: usize, rows: &[&[Block]]) -> bool {
    let touches = |other: &&Block| block.x1.min(other.x1) - block.x0.max(other.x0) > 0.0;
    let others = rows.iter().enumerate().filter(|(at, _)| *at != row).map(|(_, other)| other);
    others.into_iter().any(|other| other.iter().filter(touches).count() > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_a_narrow_column_cut_is_whole() {
        // A date of a form in 10 digits and 4, a sum after its thousands, and two rows that are none of it.
        assert!(is_cut_number("2025112717", "4151"));
        assert!(is_cut_number("518,40", "0.00") && is_cut_number("93,000", ".00") && is_cut_number("8,580,600.0", "0"));
        assert!(!is_cut_number("2050101", "2050102") && !is_cut_number("12.50", "34.00"));
        assert!(!is_cut_number("12.50", "0") && !is_cut_number("1,234", "567") && !is_cut_number("205", "01"));
    }
}
