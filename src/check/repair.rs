//! A change of one figure that would make every check of it hold: proposed where no other change would.
//!
//! A candidate is a figure that takes part in all checks that fail together and in none that holds, changed in one of the ways
//! of [`WAYS`]. The printed data stay as they are.

use std::collections::BTreeSet;

use crate::base::amount::{Unit, parse_figure};
use crate::base::place::Place;
use crate::model::{Outcome, Repair};

use super::term::{KeptTerm, Relation, Spot, Term, compare};

/// A slip of one figure, undone: what it is called, and the figures that could have been meant by a printed one.
struct Way {
    name: &'static str,
    undo: fn(&str) -> Vec<String>,
}

/// Every slip that is looked for.
const WAYS: [Way; 4] = [
    Way { name: "two neighbouring digits are swapped", undo: swapped_digits },
    Way { name: "the minus is lost, or one too many", undo: other_sign },
    Way { name: "the decimal point has moved", undo: moved_point },
    Way { name: "it is in the other unit, 元 or 万元", undo: other_unit },
];

/// A check that fails, with its terms.
#[derive(Debug)]
pub struct Equation {
    relation: Relation,
    left: Vec<KeptTerm>,
    right: Vec<KeptTerm>,
}

impl Equation {
    pub fn new(relation: Relation, left: &[Term], right: &[Term]) -> Equation {
        let kept = |terms: &[Term]| terms.iter().map(KeptTerm::of).collect();
        Equation { relation, left: kept(left), right: kept(right) }
    }

    fn terms(&self) -> impl Iterator<Item = &KeptTerm> {
        self.left.iter().chain(&self.right)
    }

    /// Tables with figures in it.
    pub fn tables(&self) -> BTreeSet<usize> {
        self.terms().filter_map(|term| term.spot.table()).collect()
    }

    /// True where it holds with the figures of this table in another unit.
    pub fn holds_in(&self, table: usize, unit: &Unit) -> bool {
        let changed = |terms: &[KeptTerm]| -> Vec<KeptTerm> {
            let of_table = |term: &KeptTerm| term.spot.table() == Some(table);
            terms.iter().map(|term| if of_table(term) { term.in_unit(unit) } else { term.clone() }).collect()
        };
        let (left, right) = (changed(&self.left), changed(&self.right));
        let (left, right): (Vec<Term>, Vec<Term>) =
            (left.iter().map(KeptTerm::term).collect(), right.iter().map(KeptTerm::term).collect());
        matches!(compare(self.relation, &left, &right).outcome, Outcome::Exact | Outcome::WithinRounding)
    }

    /// The outcome with another figure at this spot; `None` where the figure takes no part.
    fn with(&self, spot: Spot, figure: &Term) -> Option<Outcome> {
        self.terms().find(|term| term.spot == spot)?;
        fn changed<'a>(terms: &'a [KeptTerm], spot: Spot, figure: &Term<'a>) -> Vec<Term<'a>> {
            let terms = terms.iter().map(KeptTerm::term);
            terms.map(|term| if term.spot == spot { Term { sign: term.sign, ..*figure } } else { term }).collect()
        }
        let (left, right) = (changed(&self.left, spot, figure), changed(&self.right, spot, figure));
        Some(compare(self.relation, &left, &right).outcome)
    }
}

/// A change of one figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    place: Place,
    pub printed: String,
    pub proposed: String,
    pub evidence: Vec<String>,
}

impl Proposal {
    /// As the answer to a finding of this code.
    pub fn of(self, code: &str) -> Repair {
        let Proposal { place, printed, proposed, evidence } = self;
        Repair { code: code.to_string(), place, printed, proposed, evidence }
    }
}

/// The one change that makes all of these hold; `None` where there is none or more than one.
///
/// `is_supported` tells the figures that other checks hold with: a change might break those. One of them is not proposed, but
/// where its change would do as well as another's, neither is: a check that one amount is within another holds with much.
pub fn propose(failing: &[&Equation], is_supported: impl Fn(Spot) -> bool) -> Option<Proposal> {
    let (first, rest) = failing.split_first()?;
    let mut found: Option<(Spot, Proposal)> = None;
    for term in first.terms() {
        if !rest.iter().all(|other| other.terms().any(|other| other.spot == term.spot)) {
            continue;
        }
        for Way { name, undo } in &WAYS {
            for meant in undo(&term.printed) {
                let Some(figure) = with_figure(term, &meant) else { continue };
                let outcomes: Vec<Outcome> = failing.iter().filter_map(|one| one.with(term.spot, &figure)).collect();
                let holds = |outcome: &Outcome| matches!(outcome, Outcome::Exact | Outcome::WithinRounding);
                if !outcomes.iter().all(holds) || !outcomes.contains(&Outcome::Exact) {
                    continue;
                }
                if found.is_some() {
                    return None;
                }
                let checks = if failing.len() == 1 {
                    "the check holds".into()
                } else {
                    format!("all {} checks hold", failing.len())
                };
                let proposal = Proposal {
                    place: term.place.clone(),
                    printed: term.printed.clone(),
                    proposed: meant,
                    evidence: vec![
                        (*name).to_string(),
                        format!("with it {checks}, and no other change of one figure does that"),
                    ],
                };
                found = Some((term.spot, proposal));
            }
        }
    }
    found.filter(|(spot, _)| !is_supported(*spot)).map(|(_, proposal)| proposal)
}

fn with_figure<'a>(term: &'a KeptTerm, printed: &'a str) -> Option<Term<'a>> {
    let amount = parse_figure(printed)?;
    let decimals = term.decimals.max(amount.scale());
    Some(Term { printed, amount, decimals, ..term.term() })
}

/// Every figure with two neighbouring digits exchanged; the separators stay where they are.
fn swapped_digits(printed: &str) -> Vec<String> {
    let characters: Vec<char> = printed.chars().collect();
    let digits: Vec<usize> = (0..characters.len()).filter(|at| characters[*at].is_ascii_digit()).collect();
    let swapped = |pair: &[usize]| {
        let [a, b] = pair else { return None };
        let mut meant = characters.clone();
        meant.swap(*a, *b);
        let starts_with_zero = meant.iter().find(|c| c.is_ascii_digit()) == Some(&'0') && *a == digits[0];
        (meant != characters && !starts_with_zero).then(|| meant.into_iter().collect())
    };
    digits.windows(2).filter_map(swapped).collect()
}

fn other_sign(printed: &str) -> Vec<String> {
    match printed.strip_prefix(['-', '−', '－']) {
        Some(plain) => vec![plain.to_string()],
        None => vec![format!("-{printed}")],
    }
}

fn moved_point(printed: &str) -> Vec<String> {
    [-3, -2, -1, 1, 2, 3].into_iter().filter_map(|places| shifted(printed, places)).collect()
}

fn other_unit(printed: &str) -> Vec<String> {
    [-4, 4].into_iter().filter_map(|places| shifted(printed, places)).collect()
}

/// The figure with its decimal point so many places further right, without separators.
fn shifted(printed: &str, places: i32) -> Option<String> {
    let amount = parse_figure(printed)?;
    let power = rust_decimal::Decimal::from(10_u64.checked_pow(places.unsigned_abs())?);
    let meant = if places > 0 { amount.checked_mul(power)? } else { amount.checked_div(power)? };
    (!meant.is_zero()).then(|| meant.normalize().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{checked, disclosure, table};
    use crate::model::Disclosure;

    #[test]
    fn what_each_way_undoes() {
        assert_eq!(swapped_digits("1,23"), ["2,13", "1,32"]);
        assert_eq!(swapped_digits("1.05"), ["1.50"], "no figure begins with a zero that was not there");
        assert_eq!(swapped_digits("0.12"), ["1.02", "0.21"]);
        assert_eq!(other_sign("5.00"), ["-5.00"]);
        assert_eq!(other_sign("-5.00"), ["5.00"]);
        assert_eq!(moved_point("12.5"), ["0.0125", "0.125", "1.25", "125", "1250", "12500"]);
        assert_eq!(other_unit("12.5"), ["0.00125", "125000"]);
    }

    /// 合计 over two lines, and columns 合计 = 基本 + 项目: each figure of a line is in two sums.
    fn with(rows: &[&str]) -> Disclosure {
        let columns = ["total_expenditure", "basic_expenditure", "project_expenditure"];
        checked(disclosure(vec![table("expenditure_summary", &columns, rows)])).0
    }

    fn proposals(rows: &[&str]) -> Vec<(String, String, String)> {
        let told = |repair: &Repair| (repair.printed.clone(), repair.proposed.clone(), repair.evidence[0].clone());
        with(rows).repairs.iter().map(told).collect()
    }

    #[test]
    fn one_slip_of_each_kind_in_a_sound_table() {
        let sound = [
            "|合计|1500.00|1000.00|500.00",
            "201|一般公共服务支出|823.00|612.00|211.00",
            "208|社会保障和就业支出|677.00|388.00|289.00",
        ];
        assert!(proposals(&sound).is_empty());
        for (slip, meant, way) in [
            ("632.00", "", ""),
            ("162.00", "612.00", WAYS[0].name),
            ("-612.00", "612.00", WAYS[1].name),
            ("61.20", "612", WAYS[2].name),
            ("6120000.00", "612", WAYS[3].name),
        ] {
            let rows = [sound[0], &sound[1].replace("612.00", slip), sound[2]];
            let expected: Vec<_> = if meant.is_empty() {
                Vec::new()
            } else {
                vec![(slip.to_string(), meant.to_string(), way.to_string())]
            };
            assert_eq!(proposals(&rows), expected, "{slip}");
        }
    }

    #[test]
    fn two_changes_that_would_do_are_no_proposal() {
        // 12 + 21 = 42: 12 may be 21, and 21 may be 30 only by another slip; 42 may be 24 by none. 31 + 13 = 26 has two.
        let alone = ["|合计|26.00", "201|一般公共服务支出|31.00", "208|社会保障和就业支出|13.00"];
        let columns = ["total_expenditure"];
        let both = checked(disclosure(vec![table("expenditure_summary", &columns, &alone)])).0;
        assert_eq!(both.repairs.len(), 1, "31 for 13 is the only one: 13 + 13");
        let alone =
            ["|合计|35.00", "201|一般公共服务支出|13.00", "208|社会保障和就业支出|13.00", "210|卫生健康支出|-9.00"];
        let both = checked(disclosure(vec![table("expenditure_summary", &columns, &alone)])).0;
        assert!(both.repairs.iter().all(|repair| repair.printed != "13.00"), "either 13 may be 31: {:?}", both.repairs);
    }
}
