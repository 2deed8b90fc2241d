//! Rulings as drawn → straight lines: parallels that print as one line snapped together, pieces joined.

use super::content::Ruling;

/// Parallel rulings closer than this are one line: a line of a table is at most some 2 pt thick, and a double
/// border is drawn with less than that between its lines.
pub(super) const SNAP: f32 = 2.0;
/// Two pieces of a line, or a line and the border it runs into, may stay apart this much. Cells that each draw
/// their own border leave half a line's thickness open at every corner.
pub(super) const TOUCH: f32 = 3.0;
/// A dash is no longer than this, and the gap after it no wider.
const DASH: f32 = 8.0;

/// Where dots are drawn, what is no longer than this is one of the other direction's.
const SHORTEST: f32 = 4.0;

/// A joined line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Segment {
    /// y of a horizontal line, x of a vertical one.
    pub position: f32,
    pub start: f32,
    pub end: f32,
}

impl Segment {
    pub(super) fn length(&self) -> f32 {
        self.end - self.start
    }
}

/// The horizontal and the vertical lines, by position, then start.
pub(super) fn rulings_to_segments<'a>(rulings: impl Iterator<Item = &'a Ruling>) -> [Vec<Segment>; 2] {
    let mut has_dots = false;
    let (mut horizontal, mut vertical) = (Vec::new(), Vec::new());
    for r in rulings.filter(|r| r.position.is_finite() && r.start.is_finite() && r.end.is_finite() && r.start <= r.end)
    {
        let (own, other) =
            if r.is_horizontal { (&mut horizontal, &mut vertical) } else { (&mut vertical, &mut horizontal) };
        own.push(Segment { position: r.position, start: r.start, end: r.end });
        if is_dot(r) {
            has_dots = true;
            let (middle, half) = ((r.start + r.end) / 2.0, r.thickness / 2.0);
            other.push(Segment { position: middle, start: r.position - half, end: r.position + half });
        }
    }
    [horizontal, vertical].map(|pieces| {
        let mut segments = pieces_to_segments(pieces);
        if has_dots {
            segments.retain(|segment| segment.length() > SHORTEST);
        }
        segments
    })
}

fn pieces_to_segments(pieces: Vec<Segment>) -> Vec<Segment> {
    let mut pieces = by_position(&pieces);
    let mut segments = Vec::new();
    let mut rest = pieces.as_mut_slice();
    while let Some(first) = rest.first().copied() {
        let length = rest.partition_point(|piece| piece.position - first.position <= SNAP);
        let (band, after) = rest.split_at_mut(length.max(1));
        join(band, &mut segments);
        rest = after;
    }
    segments
}

/// In order of position, then as they were drawn. Numbers are sorted in half the time of segments.
fn by_position(pieces: &[Segment]) -> Vec<Segment> {
    let mut keys: Vec<u64> = pieces
        .iter()
        .zip(0_u32..)
        .map(|(piece, at)| u64::from(in_order(piece.position)) << u32::BITS | u64::from(at))
        .collect();
    keys.sort_unstable();
    keys.iter().filter_map(|key| pieces.get((key & u64::from(u32::MAX)) as usize)).copied().collect()
}

/// A number that is as much larger as a position is further on, negative ones first.
fn in_order(position: f32) -> u32 {
    let bits = position.to_bits();
    if position.is_sign_negative() { !bits } else { bits | 1 << 31 }
}

/// A dot of a dotted line lies in either direction: what stands beside it tells in which.
fn is_dot(ruling: &Ruling) -> bool {
    (ruling.end - ruling.start) < 1.5 * ruling.thickness
}

/// Joins the pieces of one band, which lie within [`SNAP`] of its first, where they overlap, touch, or are the dashes of one
/// line.
fn join(band: &mut [Segment], out: &mut Vec<Segment>) {
    let total: f32 = band.iter().map(|p| p.length().max(0.1)).sum();
    let position = band.iter().map(|p| p.position * p.length().max(0.1)).sum::<f32>() / total;
    // Most are drawn in order.
    if !band.is_sorted_by(|a, b| a.start < b.start) {
        band.sort_by(|a, b| a.start.total_cmp(&b.start).then(a.end.total_cmp(&b.end)));
    }
    let mut open: Option<(Segment, f32)> = None;
    for piece in band.iter().copied() {
        match &mut open {
            Some((line, last)) => {
                let gap = piece.start - line.end;
                let is_dashed = *last <= DASH && piece.length() <= DASH && gap <= DASH.min(3.0 * last.max(1.0));
                if gap <= TOUCH || is_dashed {
                    line.end = line.end.max(piece.end);
                    *last = piece.length();
                } else {
                    out.push(*line);
                    open = Some((Segment { position, ..piece }, piece.length()));
                }
            }
            None => open = Some((Segment { position, ..piece }, piece.length())),
        }
    }
    out.extend(open.map(|(line, _)| line));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ruling(position: f32, start: f32, end: f32) -> Ruling {
        Ruling { is_horizontal: true, position, start, end, thickness: 0.5, colour: [0, 0, 0, 255] }
    }

    fn horizontal(rulings: &[Ruling]) -> Vec<Segment> {
        let [horizontal, _] = rulings_to_segments(rulings.iter());
        horizontal
    }

    #[test]
    fn a_double_line_is_one_line() {
        let lines = horizontal(&[ruling(100.0, 10.0, 200.0), ruling(101.5, 10.0, 200.0)]);
        assert_eq!(lines.len(), 1);
        assert!((lines[0].position - 100.75).abs() < 0.01);
    }

    #[test]
    fn dashes_are_joined_and_distant_lines_are_not() {
        let mut pieces: Vec<Ruling> = (0..20).map(|i| ruling(50.0, 7.0 * i as f32, 7.0 * i as f32 + 3.0)).collect();
        pieces.push(ruling(50.0, 300.0, 400.0));
        let lines = horizontal(&pieces);
        assert_eq!(lines.len(), 2, "one dashed line and one further right: {lines:?}");
        assert_eq!((lines[0].start, lines[0].end), (0.0, 136.0));
    }

    #[test]
    fn dots_make_lines_of_the_direction_in_which_they_follow_each_other() {
        // As browsers draw dotted borders: squares, which look like pieces of lines of either direction.
        let dot =
            |x: f32, y: f32| Ruling { position: y, start: x, end: x + 0.75, thickness: 0.75, ..ruling(y, 0.0, 0.0) };
        let mut dots: Vec<Ruling> = (0..40).map(|i| dot(1.5 * i as f32, 10.0)).collect();
        dots.extend((0..40).map(|i| dot(0.0, 10.0 + 1.5 * i as f32)));
        dots.extend((0..40).map(|i| dot(60.0, 10.0 + 1.5 * i as f32)));
        let [across, down] = rulings_to_segments(dots.iter());
        assert_eq!((across.len(), down.len()), (1, 2), "{across:?} {down:?}");
        assert!(across[0].length() > 58.0 && down.iter().all(|line| line.length() > 58.0));
    }

    #[test]
    fn numbers_that_are_none_are_left_out() {
        assert!(horizontal(&[ruling(f32::NAN, 0.0, 1.0), ruling(1.0, 2.0, f32::INFINITY)]).is_empty());
    }
}
