//! Labels that a column broke into lines as far apart as its rows are: the amounts beside them tell which lines are one.

use std::collections::BTreeMap;

use super::blocks::{SAME_EDGE, is_figure};
use super::lines::TextLine;

/// Lines of word processors are no further apart than this, in ems: fonts with tall lines, set a little wider.
const FURTHEST: f32 = 1.8;
/// What stands on one height differs by less than this, in ems.
const LEVEL: f32 = 0.2;
/// A line is full where no more than this, in ems, would have fitted.
const ROOM: f32 = 1.5;
/// And where not even one character would have fitted.
const FULL: f32 = 1.05;
/// So many broken labels tell how wide a column is.
const BROKEN: usize = 2;
/// Lines of one label.
const MOST_LINES: usize = 5;

/// Lines of a label that are no closer to each other than rows are, but have the amounts of their row in the middle
/// between the first and the last of them, and none beside the others: the line above each but the first. All but the
/// last are as long as their column allows.
pub(super) fn lines_around_amounts(pieces: &[TextLine]) -> BTreeMap<usize, usize> {
    let mut heights: Vec<f32> =
        pieces.iter().filter(|p| p.text.contains('.') && is_figure(p)).map(|p| p.baseline).collect();
    heights.dedup();
    let mut found = BTreeMap::new();
    if heights.is_empty() {
        return found;
    }
    let has_amount = |height: f32, size: f32| {
        let first = heights.partition_point(|other| *other < height - LEVEL * size);
        heights.get(first).is_some_and(|other| *other < height + LEVEL * size)
    };
    // Below the first amount a label of one line tells as much: in a head it may stand beside two rows.
    let has_text_beside = |height: f32, label: &TextLine| {
        let first = pieces.partition_point(|other| other.baseline < height - LEVEL * label.size);
        let level = pieces.iter().skip(first).take_while(|other| other.baseline < height + LEVEL * label.size);
        heights.first().is_some_and(|first| *first < height)
            && level.into_iter().any(|other| (other.size - label.size).abs() < 0.08 * label.size)
    };
    let mut is_taken = vec![false; pieces.len()];
    for start in 0..pieces.len() {
        let chain = chain_from(pieces, start, &is_taken);
        chain.iter().for_each(|at| is_taken[*at] = true);
        let lines: Vec<&TextLine> = chain.iter().filter_map(|at| pieces.get(*at)).collect();
        let right = lines.iter().map(|line| line.bbox[2]).fold(0.0, f32::max);
        // A whole line with its amount beside it that goes on below: the labels of this column are set from their tops.
        let is_set_from_top = |pair: &[&TextLine]| {
            matches!(pair, [line, next] if line.bbox[2] > right - FULL * line.size
                && has_amount(line.baseline, line.size)
                && !has_amount(next.baseline, next.size)
                && !has_amount((line.baseline + next.baseline) / 2.0, line.size))
        };
        let before_first =
            |at: usize| at == 0 || lines.get(at - 1).is_some_and(|line| has_amount(line.baseline, line.size));
        if lines.windows(2).enumerate().any(|(at, pair)| before_first(at) && is_set_from_top(pair)) {
            continue;
        }
        let pitch = lines.windows(2).map(|pair| pair[1].baseline - pair[0].baseline).fold(f32::INFINITY, f32::min);
        let is_close = |pair: &[&TextLine]| pair[1].baseline - pair[0].baseline < pitch + 0.5 * LEVEL * pair[0].size;
        let is_one = |lines: &[&TextLine]| {
            let [first, .., last] = lines else { return false };
            let middle = (first.baseline + last.baseline) / 2.0;
            let is_full = |line: &&TextLine| line.bbox[2] > right - ROOM * line.size;
            let is_free = |line: &&TextLine| {
                (line.baseline - middle).abs() < LEVEL * line.size || !has_amount(line.baseline, line.size)
            };
            let is_told = has_amount(middle, first.size) || lines.len() == 2 && has_text_beside(middle, first);
            is_told
                && lines.windows(2).all(is_close)
                && lines.iter().all(is_free)
                && lines.iter().rev().skip(1).all(is_full)
        };
        let mut at = 0;
        while at < lines.len() {
            let longest = (2..=MOST_LINES).rev().find(|count| lines.get(at..at + count).is_some_and(is_one));
            let count = longest.unwrap_or(1);
            found.extend(chain.windows(2).skip(at).take(count - 1).map(|pair| (pair[1], pair[0])));
            at += count;
        }
        // Where a column breaks its labels is known then, for rows without amounts too.
        let broken = chain.iter().filter(|at| found.contains_key(at)).count();
        let alone: Vec<bool> = chain
            .iter()
            .zip(&lines)
            .map(|(at, line)| !found.contains_key(at) && !has_amount(line.baseline, line.size))
            .collect();
        for (at, pair) in chain.windows(2).enumerate().filter(|_| broken >= BROKEN) {
            let is_begun = |at: usize| alone.get(at) == Some(&true);
            let is_full = lines.get(at).is_some_and(|line| line.bbox[2] > right - FULL * line.size);
            let is_first = chain.get(at + 2).is_none_or(|next| found.get(next) != Some(&pair[1]));
            if is_full && is_begun(at) && is_begun(at + 1) && is_first {
                found.insert(pair[1], pair[0]);
            }
        }
    }
    found
}

/// Texts one below the other from one left edge, as close as lines are.
fn chain_from(pieces: &[TextLine], start: usize, is_taken: &[bool]) -> Vec<usize> {
    let mut chain = Vec::new();
    if is_taken.get(start) == Some(&true) || pieces.get(start).is_none_or(is_figure) {
        return chain;
    }
    chain.push(start);
    while let Some((at, line)) = chain.last().and_then(|at| Some((*at, pieces.get(*at)?))) {
        let near = pieces.iter().enumerate().skip(at + 1);
        let next =
            near.take_while(|(_, next)| next.baseline - line.baseline < FURTHEST * line.size).find(|(_, next)| {
                (next.bbox[0] - line.bbox[0]).abs() < SAME_EDGE
                    && next.baseline - line.baseline > 0.6 * line.size
                    && (next.size - line.size).abs() < 0.08 * line.size
                    && !is_figure(next)
            });
        let Some((next, _)) = next else { break };
        chain.push(next);
    }
    chain
}
