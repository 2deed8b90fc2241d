//! Lines of a column with known borders → blocks: a line goes on below where it found no more room, or where all lines
//! stand in the middle of the column.

use super::blocks::{Block, LEADING, SAME_EDGE, is_cut_number, is_figure};
use super::lines::TextLine;

/// White space between text and border, in points, at its widest.
const PADDING: f32 = 5.4;
/// A line is full where no more than this, in ems, would have fitted: a character, and one that may not begin a line.
const ROOM: f32 = 2.1;

/// The texts of a column between `x0` and `x1`, its lines from top to bottom. Wrapped lines are no further apart than
/// `leading` ems.
pub(super) fn lines_to_blocks(lines: Vec<TextLine>, [x0, x1]: [f32; 2], leading: f32) -> Vec<Block> {
    let margin = lines.iter().map(|line| line.bbox[0] - x0).fold(PADDING, f32::min).max(0.0);
    let is_full = |line: &TextLine| line.bbox[2] + ROOM * line.size > x1 - margin;
    let is_central = |line: &TextLine| (line.bbox[0] + line.bbox[2] - x0 - x1).abs() < 2.0 * SAME_EDGE;
    let is_amount = |line: &TextLine| line.text.contains('.') && is_figure(line);
    let mut blocks: Vec<Block> = Vec::new();
    for line in lines {
        let is_wrapped = blocks.last().is_some_and(|block| {
            let above = &block.last;
            let distance = (line.baseline - above.baseline) / line.size.max(1.0);
            let is_number = is_cut_number(&block.text, &line.text);
            distance <= leading
                && (above.size - line.size).abs() < 0.08 * line.size
                && (is_number || !(is_amount(above) || is_amount(&line) || is_figure(above) && is_figure(&line)))
                && (is_full(above) || distance <= LEADING && is_central(above) && is_central(&line))
        });
        match blocks.last_mut() {
            Some(block) if is_wrapped => block.push(line),
            _ => blocks.push(Block::of(line)),
        }
    }
    blocks
}
