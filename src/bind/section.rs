//! The headings and paragraphs under a heading, in reading order.

use crate::base::place::{Place, Printed};
use crate::base::text::as_squashed;
use crate::model::Paragraph;
use crate::segment::Outline;

/// A paragraph of a section, or a heading below the section's own.
pub(super) struct SectionItem<'o> {
    pub text: &'o str,
    pub is_heading: bool,
    place: ItemPlace<'o>,
}

enum ItemPlace<'o> {
    Heading(&'o Place),
    Paragraph(&'o Paragraph),
}

impl SectionItem<'_> {
    /// A part of the text as printed.
    pub fn printed(&self, start: usize, length: usize) -> Printed {
        match self.place {
            ItemPlace::Heading(place) => {
                Printed::new(self.text.chars().skip(start).take(length).collect::<String>(), place.clone())
            }
            ItemPlace::Paragraph(paragraph) => paragraph.part(start, length),
        }
    }
}

/// What stands under the headings that contain one of the words, down to the next heading of the same depth.
pub(super) fn section_items<'o>(outline: &'o Outline, words: &[String], owners: &[String]) -> Vec<SectionItem<'o>> {
    let mut items = unheaded_items(outline, words, owners);
    let mut inside: Option<u8> = None;
    for (index, heading) in outline.headings.iter().enumerate() {
        let title = as_squashed(&heading.title);
        if inside.is_some_and(|level| heading.level <= level) {
            inside = None;
        }
        if inside.is_some() {
            let place = ItemPlace::Heading(&heading.place);
            items.push(SectionItem { text: &heading.title, is_heading: true, place });
        } else if words.iter().any(|word| title.contains(word.as_str())) {
            inside = Some(heading.level);
        }
        if inside.is_some() {
            let below = outline.paragraphs.iter().filter(|paragraph| paragraph.heading == Some(index));
            items.extend(below.map(|paragraph| SectionItem {
                text: &paragraph.text,
                is_heading: false,
                place: ItemPlace::Paragraph(paragraph),
            }));
        }
    }
    items
}

/// Sections before the first heading whose titles have no number: `XX办公室（单位）机构设置` alone in its line (上海 2026). Such
/// a title ends with one that the contents list announces.
fn unheaded_items<'o>(outline: &'o Outline, words: &[String], owners: &[String]) -> Vec<SectionItem<'o>> {
    const LONGEST_TITLE: usize = 60;
    let mut items = Vec::new();
    let mut is_inside = false;
    for paragraph in outline.paragraphs.iter().filter(|paragraph| paragraph.heading.is_none()) {
        let text = as_squashed(&paragraph.text);
        let is_short = text.chars().count() <= LONGEST_TITLE && !text.contains(['。', '；', '，', '：', ':', '、']);
        let announced = |title: &str| {
            let title = as_squashed(title);
            let bare = owners.iter().find_map(|owner| title.strip_prefix(owner.as_str()));
            !title.is_empty() && text.ends_with(bare.unwrap_or(&title))
        };
        if is_short && outline.contents.iter().any(|entry| announced(&entry.title)) {
            is_inside = words.iter().any(|word| text.contains(word.as_str()));
            continue;
        }
        if is_inside {
            items.push(SectionItem {
                text: &paragraph.text,
                is_heading: false,
                place: ItemPlace::Paragraph(paragraph),
            });
        }
    }
    items
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::model::{Heading, Piece};
    use crate::segment::numbering::number_of;

    /// Lines with the level of a heading, 0 for a paragraph.
    pub fn outline(lines: &[(u8, &str)]) -> Outline {
        let mut outline = Outline::default();
        for (line, (level, text)) in (1..).zip(lines) {
            let place = Place::Text { line, column: 1, width: text.chars().count() as u32, cell: None };
            if *level == 0 {
                let heading = outline.headings.len().checked_sub(1);
                let pieces = vec![Piece { start: 0, place }];
                outline.paragraphs.push(Paragraph { text: (*text).into(), heading, pieces });
                continue;
            }
            let number = number_of(text);
            let title = text.get(number.as_ref().map_or(0, |n| n.bytes)..).unwrap_or(text).to_string();
            outline.headings.push(Heading { level: *level, number: number.map(|n| n.printed), title, place });
        }
        outline
    }

    #[test]
    fn a_section_ends_at_the_next_heading_of_its_depth() {
        let outline = outline(&[(2, "一、名词"), (0, "甲"), (3, "（一）乙"), (0, "丙"), (2, "二、其他"), (0, "丁")]);
        let items = section_items(&outline, &["名词".to_string()], &[]);
        assert_eq!(items.iter().map(|item| item.text).collect::<Vec<_>>(), ["甲", "乙", "丙"]);
    }
}
