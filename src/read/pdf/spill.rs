//! A spreadsheet that does not grow its rows prints a label of two lines over the borders of a row for one, above and
//! below: both lines stand around the middle of their row, whichever row they touch more.

use std::ops::Range;

use super::content::Glyph;
use super::fill::MIDDLE;
use super::lattice::Lattice;

/// Wrapped lines follow each other at such distances, in ems.
const LEADING: Range<f32> = 0.9..1.7;
/// A line is cut by a border that is this near to its middle, in ems.
const CUT: f32 = 0.4;

/// Gives such lines, drawn one after the other, to the cell that they stand around. The row that one of them runs into
/// has a text of its own: where no row has, all texts may stand on the borders.
pub(super) fn take_back(lattice: &Lattice, glyphs: &[Glyph], placed: &mut [(Range<usize>, usize)]) {
    let mut counts: Vec<usize> = vec![0; lattice.cells.len()];
    placed.iter().for_each(|(_, cell)| counts[*cell] += 1);
    for at in 1..placed.len() {
        let Some([(upper, above), (lower, below)]) = placed.get(at - 1..=at) else { continue };
        let (above, below) = (*above, *below);
        let Some(own) = surrounded(lattice, glyphs, upper, lower).filter(|own| (above, below) != (*own, *own)) else {
            continue;
        };
        let is_alone = |cell: usize| counts[cell] == usize::from(above == cell) + usize::from(below == cell);
        if [above, below].into_iter().any(|cell| cell != own && is_alone(cell)) || !is_alone(own) {
            continue;
        }
        for (_, cell) in placed.get_mut(at - 1..=at).unwrap_or_default() {
            counts[*cell] -= 1;
            counts[own] += 1;
            *cell = own;
        }
    }
}

/// The cell that two lines stand around, each on one of its borders.
fn surrounded(lattice: &Lattice, glyphs: &[Glyph], upper: &Range<usize>, lower: &Range<usize>) -> Option<usize> {
    let first = |string: &Range<usize>| glyphs.get(string.clone())?.iter().find(|glyph| !glyph.is_blank);
    let (a, b) = (first(upper)?, first(lower)?);
    let size = a.size;
    if a.size != b.size || !LEADING.contains(&((b.origin[1] - a.origin[1]) / size)) {
        return None;
    }
    let (upper, lower) = (a.origin[1] - MIDDLE * size, b.origin[1] - MIDDLE * size);
    let own = lattice.cell_at(b.middle_x(), (upper + lower) / 2.0)?;
    let [left, top, right, bottom] = lattice.cell_bbox(lattice.cells.get(own)?);
    let is_within = (left..right).contains(&a.middle_x());
    let cuts = |middle: f32, border: f32| (middle - border).abs() < CUT * size;
    (is_within && cuts(upper, top) && cuts(lower, bottom)).then_some(own)
}

#[cfg(test)]
mod tests {
    use super::super::fill::tests::{lattice, string, texts};

    #[test]
    fn two_lines_around_a_row_are_of_that_row() {
        // LibreOffice: rows of 20 pt, the label of the second in two lines.
        let lattice = lattice(&[120.0], 3);
        let mut glyphs = string("行政单位离退休", 2.0, 14.0, 1);
        glyphs.extend(string("机关事业单位基本养老保", 2.0, 27.0, 2));
        glyphs.extend(string("险缴费支出", 2.0, 43.8, 3));
        let own = "机关事业单位基本养老保 险缴费支出";
        let with_next = [glyphs.clone(), string("卫生健康支出", 2.0, 54.0, 4)].concat();
        assert_eq!(texts(&lattice, &with_next), ["行政单位离退休", own, "卫生健康支出"]);
    }

    #[test]
    fn texts_that_all_stand_on_borders_stay_apart() {
        let lattice = lattice(&[120.0], 3);
        let glyphs: Vec<_> = [("教育支出", 27.0), ("其他支出", 43.8)]
            .iter()
            .flat_map(|(text, baseline)| string(text, 2.0, *baseline, *baseline as u32))
            .collect();
        assert_eq!(texts(&lattice, &glyphs), ["", "教育支出", "其他支出"]);
    }
}
