//! Raised digits: the mark of a note at a figure, and superscripts. They are none of the digits beside them.

use super::content::Glyph;
use super::lines::baseline_to_text;

/// A character smaller than this share of the type beside it (0.58 to 0.8 of it, as office programs set them), and raised
/// by that share or more, is a superscript.
const SMALL: f32 = 0.85;
const RAISED: f32 = 0.25;
/// And stands no higher over the baseline than this, in ems.
const HIGHEST: f32 = 0.75;

/// Digits of a mark.
const LONGEST: usize = 2;

/// Whether type of that size on that baseline may be raised beside what stands on the line of the glyph.
pub(super) fn may_be_raised(size: f32, baseline: f32, glyph: &Glyph) -> bool {
    size < SMALL * glyph.size && glyph.origin[1] - baseline < HIGHEST * glyph.size
}

/// The mark of a note behind a figure is a line of its own by its height: it goes to the line that it stands on.
pub(super) fn join_raised(lines: &mut Vec<Vec<&Glyph>>) {
    let largest = |line: &[&Glyph]| line.iter().copied().max_by(|a, b| a.size.total_cmp(&b.size)).copied();
    for at in (1..lines.len()).rev() {
        let Some([marks, line]) = lines.get(at - 1..=at) else { continue };
        let (Some(mark), Some(type_of)) = (largest(marks), largest(line)) else { continue };
        let size = type_of.size;
        let stands_behind = |mark: &&Glyph| {
            mark.is_blank
                || line
                    .iter()
                    .any(|glyph| !glyph.is_blank && (-0.2..1.5).contains(&((mark.bbox[0] - glyph.bbox[2]) / size)))
        };
        let is_near = type_of.origin[1] - mark.origin[1] < HIGHEST * size;
        let are_marks = marks.iter().all(|glyph| glyph.is_blank || is_of_mark(glyph)) && are_short(marks);
        if mark.size < SMALL * size && is_near && are_marks && marks.iter().all(stands_behind) {
            let marks = lines.remove(at - 1);
            lines.get_mut(at - 1).into_iter().for_each(|line| line.extend(&marks));
        }
    }
}

/// A raised digit is none of the figure before it: `6,200.00¹`, `m²`.
pub(super) fn raised_digits(glyphs: &[&Glyph]) -> Vec<usize> {
    let Some(largest) = glyphs.iter().max_by(|a, b| a.size.total_cmp(&b.size)) else { return Vec::new() };
    let (size, height) = (SMALL * largest.size, largest.origin[1] - RAISED * largest.size);
    let is_raised = |glyph: &&Glyph| glyph.size < size && glyph.origin[1] < height;
    let mut raised = Vec::new();
    let mut at = 0;
    for part in glyphs.chunk_by(|a, b| is_raised(a) == is_raised(b)) {
        let is_number = part.len() <= LONGEST && part.iter().all(|glyph| glyph.character.is_ascii_digit());
        if part.first().is_some_and(is_raised) && is_number {
            raised.extend(at..at + part.len());
        }
        at += part.len();
    }
    raised
}

/// What marks of notes are made of. Amounts in small type beside large have points.
fn is_of_mark(glyph: &Glyph) -> bool {
    let c = glyph.character;
    !matches!(c, '.' | ',' | '，' | '．') && !c.is_alphabetic()
}

/// Whether no string among the marks is longer than one of them.
fn are_short(marks: &[&Glyph]) -> bool {
    let digits = |run: u32| marks.iter().filter(|glyph| glyph.run == run && glyph.character.is_ascii_digit()).count();
    marks.iter().all(|glyph| digits(glyph.run) <= LONGEST)
}

/// The text with superscripts for the digits at these places.
pub(super) fn with_superscripts(glyphs: &[&Glyph], raised: &[usize]) -> String {
    const SUPERSCRIPTS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let as_printed = |(at, glyph): (usize, &&Glyph)| {
        let digit = glyph.character.to_digit(10).filter(|_| raised.contains(&at));
        let superscript = digit.and_then(|digit| SUPERSCRIPTS.get(digit as usize));
        Glyph { character: superscript.copied().unwrap_or(glyph.character), ..**glyph }
    };
    let written: Vec<Glyph> = glyphs.iter().enumerate().map(as_printed).collect();
    baseline_to_text(&written.iter().collect::<Vec<_>>())
}
