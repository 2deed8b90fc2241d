//! Figures of which each is a leaf or the sum of those that follow it: 合计, then a unit, then its lines.
//!
//! The tree is not printed; only one that accounts for the whole column counts. Its root is the column's first figure and sums,
//! over its children and theirs, all the others, exactly. Figures in another order have no such tree (a test shuffles them).

use std::collections::BTreeMap;

/// Beyond so many partial sums a column is given up: it has no tree, or too many.
const MOST_STATES: usize = 200_000;
/// Partial sums that are kept at a position.
const MOST_SUMS: usize = 64;
/// Ways to end one subtree that are kept.
const MOST_ENDS: usize = 16;
/// The root in units of what all figures are multiples of: below it, round figures add up by chance.
const LEAST_ROOT: i128 = 100;

/// A sum: position of the figure and of its parts.
pub type Sum = (usize, Vec<usize>);

/// A way to end a subtree: where, and the last state of its parts (none for a leaf).
#[derive(Clone, Copy)]
struct End {
    end: usize,
    last: Option<usize>,
}

/// A step: the part that begins at `part` and takes its `end`-th ending, after the step before it.
struct State {
    before: Option<usize>,
    part: usize,
    end: usize,
}

/// The sums of the tree over these figures (none of them 0), or nothing where there is none. `is_leaf` tells the figures
/// that have nothing below them and those that have, where it is known.
pub fn figures_to_sums(figures: &[i128], is_leaf: impl Fn(usize) -> Option<bool>) -> Option<Vec<Sum>> {
    let root = *figures.first()?;
    if figures.len() < 3 || figures.iter().any(|figure| *figure <= 0) {
        return None;
    }
    let unit = figures.iter().copied().fold(0, greatest_common_divisor);
    if root / unit < LEAST_ROOT {
        return None;
    }
    let mut states: Vec<State> = Vec::new();
    let mut ends: Vec<Vec<End>> = vec![Vec::new(); figures.len()];
    for at in (0..figures.len()).rev() {
        let mut own = Vec::new();
        let leaf = if at == 0 { Some(false) } else { is_leaf(at) };
        if leaf != Some(true) {
            own = sums_to_ends(figures, at, &ends, &mut states)?;
        }
        if leaf != Some(false) {
            own.push(End { end: at + 1, last: None });
        }
        if let Some(slot) = ends.get_mut(at) {
            *slot = own;
        }
    }
    let whole = ends.first()?.iter().find(|end| end.end == figures.len() && end.last.is_some())?;
    let mut sums = Vec::new();
    let mut open = vec![(0, *whole)];
    while let Some((at, end)) = open.pop() {
        let mut parts = Vec::new();
        let mut last = end.last;
        while let Some(state) = last.and_then(|last| states.get(last)) {
            parts.push(state.part);
            open.push((state.part, *ends.get(state.part)?.get(state.end)?));
            last = state.before;
        }
        parts.reverse();
        if !parts.is_empty() {
            sums.push((at, parts));
        }
    }
    sums.sort();
    // Figures that are all the same, one below the other, show no sum.
    sums.iter().any(|(_, parts)| parts.len() >= 2).then_some(sums)
}

/// Where a subtree with this figure as its sum can end. Nothing where the search is too large.
fn sums_to_ends(figures: &[i128], at: usize, ends: &[Vec<End>], states: &mut Vec<State>) -> Option<Vec<End>> {
    let target = *figures.get(at)?;
    let mut found: Vec<End> = Vec::new();
    // Sums that the parts so far come to, by the position that follows them.
    let mut open: BTreeMap<usize, BTreeMap<i128, Option<usize>>> = BTreeMap::new();
    open.entry(at + 1).or_default().insert(0, None);
    while let Some((next, sums)) = open.pop_first() {
        for (sum, before) in sums {
            if sum == target {
                found.push(End { end: next, last: before });
                continue;
            }
            let Some(figure) = figures.get(next).filter(|figure| sum + **figure <= target) else { continue };
            for (way, end) in ends.get(next)?.iter().enumerate() {
                let reached = open.entry(end.end).or_default();
                if reached.len() < MOST_SUMS && !reached.contains_key(&(sum + figure)) {
                    states.push(State { before, part: next, end: way });
                    reached.insert(sum + figure, Some(states.len() - 1));
                }
            }
        }
        if states.len() > MOST_STATES {
            return None;
        }
    }
    // The longest first: the deeper tree.
    found.reverse();
    found.truncate(MOST_ENDS);
    Some(found)
}

fn greatest_common_divisor(a: i128, b: i128) -> i128 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sums(figures: &[i128]) -> Option<Vec<Sum>> {
        figures_to_sums(figures, |_| None)
    }

    #[test]
    fn units_and_their_lines() {
        // 苏州交通 2026, 政府采购支出表 (shortened): 合计, 货物, unit, lines, unit, lines; 服务, unit, line.
        let found = sums(&[2140, 1140, 540, 200, 340, 600, 250, 350, 1000, 1000, 1000]).expect("a tree");
        assert_eq!(found[0], (0, vec![1, 8]));
        assert_eq!(found[1], (1, vec![2, 5]));
        assert_eq!(found[2], (2, vec![3, 4]));
    }

    #[test]
    fn a_line_that_happens_to_sum_the_next_two() {
        // 20 is not the sum of 10 and 10 here: the total tells.
        let found = sums(&[4001, 2000, 1000, 1000, 1]).expect("a tree");
        assert_eq!(found, [(0, vec![1, 2, 3, 4])]);
    }

    #[test]
    fn one_slip_and_there_is_no_tree() {
        assert_eq!(sums(&[2140, 1140, 540, 200, 341, 600, 250, 350, 1000, 1000]), None);
    }

    #[test]
    fn what_shows_no_sum() {
        assert_eq!(sums(&[500, 500, 500]), None, "the same figure three times");
        assert_eq!(sums(&[30, 10, 20]), None, "round figures: 3 = 1 + 2");
        assert_eq!(sums(&[500, -100, 600]), None);
        assert_eq!(sums(&[]), None);
    }
}
