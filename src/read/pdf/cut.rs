//! Lines of text that the edge of their frame cuts through, so that a reader sees half of them.

use super::content::{Glyph, PageContent};
use super::lines::glyphs_to_lines;
use crate::base::finding::Finding;
use crate::base::place::Place;
use crate::finding_code;

finding_code! {
    /// A line of text is cut off along its length: the frame that it is drawn in ends in the middle of its characters.
    ///
    /// A cell that holds more text than its height shows, or a page that ends within a cell. The characters are in the
    /// file and were read; on paper and on the screen their upper or lower part is missing.
    pub R105, "text-cut-off", Info
}

/// Shares of a character's height that must be hidden, and must be seen: boxes of glyphs are higher than their ink, and
/// frames often graze them.
const HIDDEN: f32 = 0.3;
const SEEN: f32 = 0.1;
/// Fewer cut characters in a row may be marks that hang over.
const FEWEST: usize = 4;

/// True where a frame from `top` to `bottom` shows a part of the glyph only.
pub(super) fn is_cut(glyph: &Glyph, top: f64, bottom: f64) -> bool {
    let height = glyph.bbox[3] - glyph.bbox[1];
    let seen = (glyph.bbox[3].min(bottom as f32) - glyph.bbox[1].max(top as f32)) / height;
    glyph.is_upright() && height > 0.0 && (SEEN..=1.0 - HIDDEN).contains(&seen) && !glyph.is_blank
}

/// A finding for each line that is cut.
pub(super) fn cut_lines(content: &PageContent) -> Vec<Finding> {
    let lines = glyphs_to_lines(&content.cut);
    let long = lines.iter().filter(|line| line.text.chars().filter(|c| !c.is_whitespace()).count() >= FEWEST);
    long.map(|line| {
        let place = Place::Page { page: content.number, bbox: line.bbox };
        Finding::new(&R105, format!("a line is cut off along its length: {}", line.text.trim()))
            .at(&place, "seen in part")
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glyph(character: char, x: f32) -> Glyph {
        Glyph {
            character,
            is_blank: false,
            bbox: [x, 100.0, x + 10.0, 110.0],
            origin: [x, 108.6],
            size: 10.0,
            angle: 0.0,
            colour: [0, 0, 0, 255],
            is_invisible: false,
            is_bold: false,
            is_pagination: false,
            run: 1,
        }
    }

    #[test]
    fn a_frame_that_ends_within_a_line_cuts_it() {
        let one = glyph('甲', 0.0);
        assert!(is_cut(&one, 0.0, 105.0), "the upper half is seen");
        assert!(is_cut(&one, 105.0, 200.0), "the lower half is seen");
        assert!(!is_cut(&one, 0.0, 108.5), "grazed");
        assert!(!is_cut(&one, 0.0, 100.5), "nothing of it is seen");
        assert!(!is_cut(&one, 0.0, 200.0));
    }

    #[test]
    fn a_line_is_told_once_and_a_mark_not_at_all() {
        let cut = "本系统警车".chars().enumerate().map(|(at, c)| glyph(c, 10.0 * at as f32)).collect();
        let mut content = PageContent { number: 4, cut, ..PageContent::default() };
        let told: Vec<String> = cut_lines(&content).into_iter().map(|finding| finding.message).collect();
        assert_eq!(told, ["a line is cut off along its length: 本系统警车"]);
        content.cut.truncate(2);
        assert!(cut_lines(&content).is_empty());
    }
}
