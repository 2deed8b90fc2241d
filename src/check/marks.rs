//! What the checks said of each figure.

use super::term::Spot;
use crate::model::{Evidence, Outcome};

/// The outcomes of the checks that one figure takes part in.
#[derive(Clone, Copy, Debug, Default)]
pub struct Marks {
    is_exact: bool,
    is_within_rounding: bool,
    is_violated: bool,
    /// Checks that hold.
    pub holding: u32,
}

impl Marks {
    fn add(&mut self, outcome: Outcome) {
        self.holding += u32::from(matches!(outcome, Outcome::Exact | Outcome::WithinRounding));
        match outcome {
            Outcome::Exact => self.is_exact = true,
            Outcome::WithinRounding => self.is_within_rounding = true,
            Outcome::Violated => self.is_violated = true,
            Outcome::NotEvaluated => {}
        }
    }

    /// True where a check holds.
    pub fn is_supported(self) -> bool {
        self.is_exact || self.is_within_rounding
    }

    pub fn evidence(self) -> Evidence {
        match self {
            Marks { is_exact: true, .. } => Evidence::Proved,
            Marks { is_within_rounding: true, .. } => Evidence::WithinRounding,
            Marks { is_violated: true, .. } => Evidence::Contradicted,
            _ => Evidence::Untested,
        }
    }
}

/// [`Marks`] by the place of the figure in the disclosure. Nearly every figure has some, so they lie as the figures do.
#[derive(Debug, Default)]
pub struct MarkBook {
    /// By table, row and cell.
    cells: Vec<Vec<Vec<Marks>>>,
    /// By form and fund.
    funds: Vec<Vec<Marks>>,
}

impl MarkBook {
    pub fn mark(&mut self, spot: Spot, outcome: Outcome) {
        let marks = match spot {
            Spot::Cell { table, row, cell } => grown(grown(grown(&mut self.cells, table), row), cell),
            Spot::Fund { form, fund } => grown(grown(&mut self.funds, form), fund),
        };
        marks.add(outcome);
    }

    pub fn of(&self, spot: Spot) -> Marks {
        let marks = match spot {
            Spot::Cell { table, row, cell } => {
                self.cells.get(table).and_then(|rows| rows.get(row)).and_then(|cells| cells.get(cell))
            }
            Spot::Fund { form, fund } => self.funds.get(form).and_then(|funds| funds.get(fund)),
        };
        marks.copied().unwrap_or_default()
    }
}

/// What stands at a place of a list, which grows up to there.
pub(super) fn grown<T: Clone + Default>(list: &mut Vec<T>, at: usize) -> &mut T {
    if list.len() <= at {
        list.resize(at + 1, T::default());
    }
    &mut list[at]
}
