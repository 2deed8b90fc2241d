//! Characters set one below the other → one line of text, from top to bottom.

use super::lines::{TextLine, is_ideograph};

/// Fewer characters may be a column of marks.
const FEWEST: usize = 3;
/// Characters set solid follow each other at this distance, in ems, at most. Rows of a list stand further apart.
const SOLID: f32 = 1.3;
/// And begin at the same place, in points.
const SAME_PLACE: f32 = 1.0;

/// Lines come from top to bottom; a stack stands where its last character does.
pub(super) fn join_stacked(lines: Vec<TextLine>) -> Vec<TextLine> {
    if !lines.iter().any(is_character) {
        return lines;
    }
    let mut joined: Vec<TextLine> = Vec::with_capacity(lines.len());
    // Each open stack: its characters so far.
    let mut stacks: Vec<Vec<TextLine>> = Vec::new();
    for line in lines {
        if !is_character(&line) {
            joined.push(line);
            continue;
        }
        match stacks.iter_mut().find(|stack| stack.last().is_some_and(|above| follows(above, &line))) {
            Some(stack) => stack.push(line),
            None => stacks.push(vec![line]),
        }
    }
    for stack in stacks {
        if stack.len() < FEWEST {
            joined.extend(stack);
        } else {
            joined.extend(stack.into_iter().reduce(|mut text, next| {
                text.text.push_str(&next.text);
                text.bbox =
                    [text.bbox[0].min(next.bbox[0]), text.bbox[1], text.bbox[2].max(next.bbox[2]), next.bbox[3]];
                text.baseline = next.baseline;
                text
            }));
        }
    }
    joined.sort_by(|a, b| a.baseline.total_cmp(&b.baseline).then(a.bbox[0].total_cmp(&b.bbox[0])));
    joined
}

fn is_character(line: &TextLine) -> bool {
    let mut characters = line.text.chars();
    characters.next().is_some_and(is_ideograph) && characters.next().is_none()
}

fn follows(above: &TextLine, line: &TextLine) -> bool {
    let distance = line.baseline - above.baseline;
    (above.bbox[0] - line.bbox[0]).abs() < SAME_PLACE
        && (above.size - line.size).abs() < 0.08 * line.size
        && distance > 0.6 * line.size
        && distance < SOLID * line.size
}
