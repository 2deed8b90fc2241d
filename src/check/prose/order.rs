//! 决算数大于预算数: the order that the text states against the two amounts before it.

use rust_decimal::Decimal;

use crate::base::amount::parse_figure;
use crate::base::finding::Finding;
use crate::finding_code;
use crate::model::Disclosure;
use crate::spec::Narrative;

finding_code! {
    /// The text says that one amount is larger than another, smaller or the same, and the two amounts say otherwise:
    /// 年初预算为450.05万元，支出决算为449.52万元，决算数大于预算数.
    /// The patterns are in `spec/narrative/slips.toml`.
    pub C511, "order-differs-from-amounts", Warning
}

pub(super) fn check(disclosure: &Disclosure, vocabulary: &Narrative, findings: &mut Vec<Finding>) {
    for paragraph in &disclosure.paragraphs {
        for order in &vocabulary.orders {
            for captures in order.pattern.captures_iter(&paragraph.text) {
                let figure = |name: &str| captures.name(name).and_then(|found| parse_figure(found.as_str()));
                let (Some(first), Some(second), Some(word)) =
                    (figure("first"), figure("second"), captures.name("word"))
                else {
                    continue;
                };
                let holds = |words: &[String]| words.iter().any(|one| one == word.as_str());
                let difference: Decimal = second - first;
                let is_said = (difference > Decimal::ZERO && holds(&order.larger))
                    || (difference < Decimal::ZERO && holds(&order.smaller))
                    || (difference.is_zero() && holds(&order.same));
                if is_said {
                    continue;
                }
                let start = paragraph.text.get(..word.start()).map_or(0, |before| before.chars().count());
                let place = paragraph.place_of(start, word.as_str().chars().count());
                let message = format!("{second} is said to be {} {first}", word.as_str());
                findings.push(Finding::new(&C511, message).at(&place, format!("the difference is {difference}")));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::checked;

    #[test]
    fn the_order_of_two_amounts() {
        let text =
            |word: &str| format!("年初预算为450.05万元，支出决算为449.52万元。决算数{word}预算数的主要原因：节约。");
        for (word, codes) in [("大于", vec!["C511"]), ("等于", vec!["C511"]), ("小于", vec![])] {
            let (_, findings) = checked(&[&text(word)]);
            assert_eq!(findings.iter().map(|finding| finding.code.as_str()).collect::<Vec<_>>(), codes, "{word}");
        }
    }

    #[test]
    fn blanks_around_figures_do_not_hide_the_order() {
        // Putuo, final accounts of 2024, page 20.
        let (_, findings) =
            checked(&["年初预算为 80.81 万元，支出决算为80.38万元。 决算数大于预算数的主要原因：周全。"]);
        assert_eq!(findings.iter().map(|finding| finding.code.as_str()).collect::<Vec<_>>(), ["C511"]);
    }
}
