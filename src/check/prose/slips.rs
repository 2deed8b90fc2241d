//! Slips of the text: sentences that stop short, doubled stops, words left over from a template.

use crate::base::finding::Finding;
use crate::base::text::key;
use crate::finding_code;
use crate::model::Disclosure;
use crate::spec::Narrative;

finding_code! {
    /// The text carries a slip: a sentence that ends where its content should begin (`主要原因是。`), two stops in a
    /// row, or words that a template left to be chosen or filled (`增加（减少）`, `XX`).
    /// The patterns with their names are in `spec/narrative/slips.toml`.
    pub C508, "slip-of-text", Info
}

/// Looks for every pattern in every paragraph; one finding for each pattern and paragraph.
pub fn check(disclosure: &Disclosure, vocabulary: &Narrative, findings: &mut Vec<Finding>) {
    for paragraph in &disclosure.paragraphs {
        let title =
            paragraph.heading.and_then(|heading| disclosure.headings.get(heading)).map(|heading| key(&heading.title));
        for slip in &vocabulary.slips {
            let exempt =
                title.as_deref().is_some_and(|title| slip.not_under.iter().any(|not| title.contains(&key(not))));
            if exempt {
                continue;
            }
            if let Some(found) = slip.pattern.find(&paragraph.text) {
                let start = paragraph.text.get(..found.start()).map_or(0, |before| before.chars().count());
                let place = paragraph.place_of(start, found.as_str().chars().count());
                findings.push(
                    Finding::new(&C508, format!("{}: {}", slip.message, found.as_str()))
                        .at(&place, slip.message.as_str()),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::checked;

    #[test]
    fn slips_are_told_with_their_place() {
        let (_, findings) = checked(&["支出增加（减少）2元，主要原因是。", "人员变动。；其余不变。", "一切如常。"]);
        let told: Vec<(Option<u32>, &str)> = findings
            .iter()
            .map(|finding| (finding.place.as_ref().and_then(|place| place.line()), finding.message.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                (Some(1), "the sentence stops before its reason: 主要原因是。"),
                (Some(1), "the template left a choice open: 增加（减少）"),
                (Some(2), "two stops in a row: 。；"),
            ]
        );
    }
}
