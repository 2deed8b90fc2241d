//! 名词解释: terms and their definitions.

use crate::model::GlossaryTerm;
use crate::segment::Outline;
use crate::segment::numbering::number_of;
use crate::spec::Specs;

use super::section::{SectionItem, section_items};

/// Longest term; a colon further on belongs to a sentence.
const LONGEST_TERM: usize = 60;

/// Reads the glossary. A paragraph without a term goes on with the definition before it (seed, line 1112).
pub fn bind_glossary(outline: &Outline, specs: &Specs) -> Vec<GlossaryTerm> {
    let mut terms: Vec<GlossaryTerm> = Vec::new();
    let headings = &specs.organisation.headings;
    for item in section_items(outline, &headings.glossary, &headings.owners) {
        let is_numbered = item.is_heading || number_of(item.text).is_some();
        match (item_to_term(&item), terms.last_mut()) {
            // 六、财政专户管理资金： alone in its line: what follows is its definition (seed, lines 1110–1112).
            (Some(_), Some(last)) if last.definition.is_empty() && !is_numbered => {
                last.definition.push_str(item.text.trim());
            }
            (Some(term), _) => terms.push(term),
            (None, Some(last)) => last.definition.push_str(item.text.trim()),
            (None, None) => {}
        }
    }
    terms
}

/// `一、基本支出：指…` → term and definition. Without a number only a colon makes a term; 是指 does with one.
fn item_to_term(item: &SectionItem<'_>) -> Option<GlossaryTerm> {
    let number = number_of(item.text);
    let is_numbered = number.is_some() || item.is_heading;
    let skip = number.map_or(0, |number| number.bytes);
    let text = item.text.get(skip..)?;
    let (term, definition) = match text.split_once(['：', ':']) {
        Some((term, definition)) => (term, definition.trim()),
        None if item.is_heading => (text, ""),
        None => {
            let at = ["，是指", "是指", "，指", "指"].iter().find_map(|word| text.find(word))?;
            (text.get(..at)?, text.get(at..)?.trim_start_matches('，'))
        }
    };
    let is_term = !term.is_empty() && term.chars().count() <= LONGEST_TERM && !term.contains(['。', '；']);
    // Within a definition: `其中：…`; such lines have no number.
    let is_new = is_numbered || (definition.starts_with('指') || definition.starts_with("是指"));
    if !is_term || !is_new {
        return None;
    }
    let start = item.text.get(..skip)?.chars().count();
    let place = item.printed(start, term.chars().count()).place;
    Some(GlossaryTerm { term: term.trim().to_string(), definition: definition.to_string(), place })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bind::section::tests::outline;

    #[test]
    fn terms_and_definitions() {
        let lines = [
            (1, "第四部分 名词解释"),
            (0, "一、基本支出：指为保障运转而发生的支出。"),
            (0, "六、财政专户管理资金："),
            (0, "专指教育收费，包括目前在财政专户管理的学费。"),
            (3, "（七）单位资金"),
            (0, "是指其他资金。"),
            (0, "八、机关运行经费，是指公用经费。"),
            (1, "第五部分 附件"),
            (0, "一、其他：不是名词。"),
        ];
        let specs = Specs::builtin().expect("built-in specs");
        let terms = bind_glossary(&outline(&lines), &specs);
        let read: Vec<_> = terms.iter().map(|term| (term.term.as_str(), term.definition.as_str())).collect();
        let expected = [
            ("基本支出", "指为保障运转而发生的支出。"),
            ("财政专户管理资金", "专指教育收费，包括目前在财政专户管理的学费。"),
            ("单位资金", "是指其他资金。"),
            ("机关运行经费", "是指公用经费。"),
        ];
        assert_eq!(read, expected);
        assert_eq!(terms.first().map(|term| term.place.to_string()).as_deref(), Some("2:3"));
    }
}
