//! Sums that do not hold, and what may explain it but a slip: rows that stand elsewhere, or that were left out.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::check::term::Term;
use crate::check::verdict::{Equation, Verdict};
use crate::model::Outcome;

/// What may be wrong with the rows that a row is to sum.
#[derive(Clone, Copy)]
pub struct Doubts {
    /// Why some of them may stand elsewhere: what does not hold then is not evaluated, unless another column shows that they
    /// do not.
    pub standing: Option<&'static str>,
    /// True where only numbers that are left out speak against the standing: a row that is lost is more than a hundredth.
    pub has_gaps_only: bool,
    /// True where rows that come to far less or more may be others than those that it sums.
    pub has_size: bool,
    /// True where codes, each once, tell what is part of what: 302 is half of its lines where the last of them repeats it
    /// (Putuo, final accounts of 2025), and that is a slip.
    pub is_by_code: bool,
}

impl Doubts {
    /// Takes back the violations that these doubts explain.
    pub fn apply(&self, equations: &mut [Equation]) {
        if let Some(doubt) = self.standing {
            doubt_standing(equations, doubt, self.has_gaps_only);
        }
        if !self.is_by_code {
            doubt_multiples(equations);
        }
        if self.has_size {
            doubt_size(equations, self.standing.is_none());
        }
        blank_to_nothing(equations);
    }
}

/// Parts that fall short of their sum, in a document that says that secret matters were left out of what it prints.
pub fn doubt_left_out(result: &mut Verdict, left: &[Term], right: &[Term]) {
    if result.outcome == Outcome::Violated && sum(left) > sum(right) {
        result.doubt("the document says that some matters were left out");
    }
}

/// Rows that may stand elsewhere, but for those that add up in another column: two figures or more that come to a third do
/// so by no chance, and what stands there stands there in every column.
fn doubt_standing(equations: &mut [Equation], doubt: &'static str, has_gaps_only: bool) {
    let printed = |right: &[Term]| -> BTreeSet<(usize, usize)> {
        let figures = right.iter().filter(|term| !term.amount.is_zero());
        figures.filter_map(|term| term.spot.table_and_row()).collect()
    };
    let proved = |(result, left, right): &Equation| {
        let rows = printed(right);
        let holds = matches!(result.outcome, Outcome::Exact | Outcome::WithinRounding);
        let is_telling = holds && !sum(left).is_zero() && rows.len() > 1;
        is_telling.then_some(rows)
    };
    let known: BTreeSet<(usize, usize)> = equations.iter().filter_map(proved).flatten().collect();
    let is_near = |left: &[Term], right: &[Term]| {
        let (left, parts) = (sum(left), printed(right).len());
        parts > 1 && (left - sum(right)).abs() * Decimal::ONE_HUNDRED < left.abs()
    };
    let violated = equations.iter_mut().filter(|(result, ..)| result.outcome == Outcome::Violated);
    for (result, _, right) in violated.filter(|(_, left, right)| !(has_gaps_only && is_near(left, right))) {
        if known.is_empty() || !printed(right).is_subset(&known) {
            result.doubt(doubt);
        }
    }
}

/// A figure above cells that are all blank, in a row whose other columns add up: the blank cells are nothing, and the figure
/// is too much (福州 prints 0.00 in the total's row only).
fn blank_to_nothing(equations: &mut [Equation]) {
    let holds = |(result, left, _): &Equation| {
        result.outcome == Outcome::Exact && left.iter().any(|term| !term.amount.is_zero())
    };
    if !equations.iter().any(holds) {
        return;
    }
    for (result, left, _) in equations.iter_mut().filter(|(.., right)| right.is_empty()) {
        if let [figure] = left.as_slice()
            && !figure.amount.is_zero()
        {
            *result = Verdict::above_nothing(result.identity, figure);
        }
    }
}

/// Rows that come to a multiple of a row are its parts and the sums of them.
fn doubt_multiples(equations: &mut [Equation]) {
    for (result, left, right) in equations.iter_mut().filter(|(result, ..)| result.outcome == Outcome::Violated) {
        let slack: Decimal = right.iter().map(Term::slack).sum();
        let (left, right) = (sum(left), sum(right));
        let times = right.checked_div(left).unwrap_or_default().round();
        let is_multiple = times >= Decimal::TWO && (right - times * left).abs() <= slack;
        if is_multiple {
            result.doubt("the rows are parts and the sums of them");
        }
    }
}

/// Rows that make up less than half of a row in all of its columns, or more than twice, are not the rows it sums; but where
/// their standing is certain, something below a printed zero is one of its parts.
fn doubt_size(equations: &mut [Equation], is_certain: bool) {
    let evaluated = || equations.iter().filter(|(result, ..)| result.outcome != Outcome::NotEvaluated);
    let is_far = |(result, left, right): &Equation| {
        let (left, right) = (sum(left).abs(), sum(right).abs());
        result.outcome == Outcome::Violated && left.min(right) * Decimal::TWO < left.max(right)
    };
    if !evaluated().all(is_far) {
        return;
    }
    let is_zero = |left: &[Term]| is_certain && !left.is_empty() && sum(left).is_zero();
    let violated = equations.iter_mut().filter(|(result, ..)| result.outcome == Outcome::Violated);
    for (result, ..) in violated.filter(|(_, left, _)| !is_zero(left)) {
        result.doubt("the rows make up too little or too much to be the parts");
    }
}

fn sum(terms: &[Term]) -> Decimal {
    terms.iter().map(|term| term.amount).sum()
}

#[cfg(test)]
mod tests {
    use crate::base::place::Printed;
    use crate::check::fixture::{checked, disclosure, outcomes, place, table};

    #[test]
    fn lists_that_leave_out_secret_projects() {
        // 烟台市信访局, 项目支出预算情况表: 525.00 over three projects, and the note below them.
        let list = |total: &str, note: Option<&str>| {
            let total = format!("|合计|{total}");
            let rows = [total.as_str(), "|公车统管|15.00", "|接访大厅|145.00", "|业务工作|75.00"];
            let mut list = table("project_expenditure", &["project_expenditure"], &rows);
            list.notes = note.map(|note| Printed::new(note, place(9, 0))).into_iter().collect();
            outcomes(&checked(disclosure(vec![list])).0, "total_is_sum_of_rows")
        };
        let left_out = Some("（注：部分具体项目信息公开时予以剔除。）");
        assert_eq!(list("525.00", left_out), [0, 0, 0, 1]);
        assert_eq!(list("235.00", left_out), [1, 0, 0, 0]);
        assert_eq!(list("225.00", left_out), [0, 0, 1, 0], "nothing left out makes the parts too large");
        assert_eq!(list("525.00", None), [0, 0, 1, 0]);
        // Shenzhen prints the rule below lists that are whole.
        assert_eq!(list("525.00", Some("备注：涉密项目按要求不予公开。")), [0, 0, 1, 0]);
    }

    #[test]
    fn another_column_shows_where_the_rows_stand() {
        // Shenzhen, 项目支出总表: the unit stands in the place of 合计, and most columns are 0.00.
        let sums = |rows: &[&str]| {
            let table = table("expenditure_summary", &["total", "unit_funds"], rows);
            outcomes(&checked(disclosure(vec![table])).0, "total_is_sum_of_rows")
        };
        assert_eq!(sums(&["125001|甲|6.00|0.00", "201|一般|4.00|0.10", "208|社保|2.00|0.00"]), [1, 0, 1, 0]);
        let no_other = ["125001|甲|6.00|0.10", "201|一般|4.00|0.10", "208|社保|2.00|0.00", "210|卫生||0.20"];
        assert_eq!(sums(&no_other), [1, 0, 0, 1], "only the second column has 210");
        assert_eq!(sums(&["125001|甲|6.00|0.00", "201|一般|6.00|0.10"]), [1, 0, 0, 1], "one row says nothing");
    }
}
