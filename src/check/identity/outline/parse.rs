//! Amounts in reading order → which of them sum which.
//!
//! Where every row is a sum of the rows below it or a line, a row stands above its parts, and all lines stand equally deep,
//! the amounts alone tell where each row stands: a row above the lines begins with the next one, and ends where its amount
//! is used up. One slip is allowed for: a sum that does not come out, an amount that is not its parts', a row that is lost.

use rust_decimal::Decimal;

/// The amount of a row, and what it may be off by through rounding.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    pub amount: Decimal,
    pub slack: Decimal,
}

/// What is wrong with a list, by the place of the row in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slip {
    /// The parts of this row come to something else.
    Sum(usize),
    /// This row has no parts.
    Childless(usize),
    /// The amount of this row is neither that of its parts nor that which the row above it needs.
    Amount(usize),
    /// The row above this one is lost.
    Lost(usize),
}

/// Rows with their parts, as the amounts show them.
#[derive(Clone, Debug, Default)]
pub struct Outline {
    /// The row above each row; none for the first, and for those below a lost row.
    pub above: Vec<Option<usize>>,
    /// How deep each row stands, the first at 1.
    pub depths: Vec<usize>,
    pub slip: Option<Slip>,
    /// How many rows below the first are the sum of their parts, and how many of those have several.
    pub sums: usize,
    pub sums_of_several: usize,
}

impl Outline {
    pub fn parts(&self, row: usize) -> Vec<usize> {
        (0..self.above.len()).filter(|at| self.above[*at] == Some(row)).collect()
    }
}

/// So many ways to read a list with one slip are looked at.
const MOST_WAYS: usize = 12;

/// A row whose parts are being read.
#[derive(Clone, Copy)]
struct Open {
    /// None for a lost row.
    row: Option<usize>,
    /// What its parts have yet to come to; none where its amount is not known.
    rest: Option<Decimal>,
    slack: Decimal,
    parts: usize,
}

#[derive(Clone)]
struct State {
    next: usize,
    open: Vec<Open>,
    outline: Outline,
}

/// Every reading of the list with lines at `depth` (the first row stands at 1): the one without a slip, or those with one.
pub fn figures_to_outlines(figures: &[Figure], depth: usize, with_slip: bool) -> Vec<Outline> {
    let mut found = Vec::new();
    let outline = Outline { above: vec![None; figures.len()], depths: vec![0; figures.len()], ..Outline::default() };
    let start = State { next: 0, open: Vec::new(), outline };
    Search { figures, depth, with_slip }.place(start, &mut found);
    found
}

struct Search<'f> {
    figures: &'f [Figure],
    depth: usize,
    with_slip: bool,
}

impl Search<'_> {
    fn may_slip(&self, state: &State) -> bool {
        self.with_slip && state.outline.slip.is_none()
    }

    /// Puts the next row below the last open one.
    fn place(&self, mut state: State, found: &mut Vec<Outline>) {
        if found.len() >= MOST_WAYS {
            return;
        }
        let at = state.next;
        let Some(figure) = self.figures.get(at).copied() else { return };
        let depth = state.open.len() + 1;
        state.outline.above[at] = state.open.last().and_then(|open| open.row);
        state.outline.depths[at] = depth;
        if depth > 1 && depth < self.depth && self.may_slip(&state) {
            self.place_below_lost(state.clone(), found);
        }
        state.next += 1;
        if depth == self.depth {
            if take(&mut state.open, figure) {
                self.close(state, found);
            } else if self.may_slip(&state) {
                // Too much for the row above: it ends here.
                self.close_wrong(state, found);
            }
            return;
        }
        let open = |rest| Open { row: Some(at), rest, slack: figure.slack, parts: 0 };
        if depth > 1 && self.may_slip(&state) {
            let mut other = state.clone();
            other.outline.slip = Some(Slip::Amount(at));
            count(&mut other.open);
            other.open.push(open(None));
            self.place(other, found);
        }
        if depth > 1 && !take(&mut state.open, figure) {
            return;
        }
        if depth > 1 && self.may_slip(&state) {
            let mut other = state.clone();
            other.outline.slip = Some(Slip::Childless(at));
            self.close(other, found);
        }
        state.open.push(open(Some(figure.amount)));
        self.place(state, found);
    }

    fn place_below_lost(&self, mut state: State, found: &mut Vec<Outline>) {
        state.outline.slip = Some(Slip::Lost(state.next));
        count(&mut state.open);
        state.open.push(Open { row: None, rest: None, slack: Decimal::ZERO, parts: 0 });
        self.place(state, found);
    }

    /// After a line: closes the rows that are used up, and reads on.
    fn close(&self, mut state: State, found: &mut Vec<Outline>) {
        while let Some(last) = state.open.last().copied() {
            match last.rest {
                Some(rest) if rest.abs() <= last.slack => {
                    state.open.pop();
                    if !state.open.is_empty() {
                        state.outline.sums += 1;
                        state.outline.sums_of_several += usize::from(last.parts > 1);
                    }
                }
                Some(rest) => {
                    if self.may_slip(&state) && rest > Decimal::ZERO {
                        self.close_wrong(state.clone(), found);
                    }
                    break;
                }
                // A row of unknown amount ends here, or further on.
                None => {
                    let mut ended = state.clone();
                    ended.open.pop();
                    self.close(ended, found);
                    break;
                }
            }
        }
        match (state.open.is_empty(), state.next == self.figures.len()) {
            (true, true) if found.len() < MOST_WAYS => found.push(state.outline),
            (false, false) => self.place(state, found),
            _ => {}
        }
    }

    /// Closes the last open row, whose parts do not come to it.
    fn close_wrong(&self, mut state: State, found: &mut Vec<Outline>) {
        let Some(Open { row: Some(row), .. }) = state.open.pop() else { return };
        state.outline.slip = Some(Slip::Sum(row));
        self.close(state, found);
    }
}

/// Takes the figure from what the last open row has left; false where it has less.
fn take(open: &mut [Open], figure: Figure) -> bool {
    count(open);
    // The parts of a row of unknown amount count for the row above it.
    for above in open.iter_mut().rev() {
        above.slack += figure.slack;
        if let Some(rest) = &mut above.rest {
            *rest -= figure.amount;
            return *rest >= -above.slack;
        }
    }
    true
}

fn count(open: &mut [Open]) {
    if let Some(last) = open.last_mut() {
        last.parts += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(amounts: &[i64]) -> Vec<Figure> {
        amounts.iter().map(|amount| Figure { amount: Decimal::from(*amount), slack: Decimal::ZERO }).collect()
    }

    /// 合计 10: a unit of 7 with projects 3 (of 3) and 4 (of 1, 3), a unit of 3 with one of 3 (of 2, 1).
    const LIST: [i64; 11] = [10, 7, 3, 3, 4, 1, 3, 3, 3, 2, 1];

    #[test]
    fn amounts_tell_where_rows_stand() {
        let found = figures_to_outlines(&figures(&LIST), 4, false);
        let above: Vec<Option<usize>> =
            vec![None, Some(0), Some(1), Some(2), Some(1), Some(4), Some(4), Some(0), Some(7), Some(8), Some(8)];
        assert_eq!(found.iter().map(|outline| outline.above.clone()).collect::<Vec<_>>(), [above]);
        assert_eq!((found[0].sums, found[0].sums_of_several), (5, 3));
        for depth in [2, 3, 5] {
            assert!(figures_to_outlines(&figures(&LIST), depth, false).is_empty(), "{depth}");
        }
    }

    fn slips(amounts: &[i64]) -> Vec<Slip> {
        assert!(figures_to_outlines(&figures(amounts), 4, false).is_empty());
        figures_to_outlines(&figures(amounts), 4, true).into_iter().filter_map(|outline| outline.slip).collect()
    }

    #[test]
    fn one_slip() {
        let with = |at: usize, amount: i64| {
            let mut list = LIST;
            list[at] = amount;
            list
        };
        let without = |at: usize| [&LIST[..at], &LIST[at + 1..]].concat();
        assert!(slips(&with(5, 2)).contains(&Slip::Sum(4)), "a line");
        assert!(slips(&with(4, 5)).contains(&Slip::Amount(4)), "a row of two lines");
        assert!(slips(&without(6)).contains(&Slip::Sum(4)), "a line lost");
        assert!(slips(&without(4)).contains(&Slip::Lost(4)), "the row above two lines lost");
    }
}
