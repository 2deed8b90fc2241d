//! Shaded cells → lines. Where no border is drawn, grounds that lie side by side without a hole tell the cells.

use super::content::{Area, Ruling};
use super::lattice::{Lattice, segments_to_lattices};
use super::rulings::rulings_to_segments;

/// More grounds than this are a picture.
const MOST_GROUNDS: usize = 20_000;
/// A border between columns is one of the table where at least this share of its height is one: grounds behind words
/// of prose change from line to line.
const SHARED_BORDER: f32 = 0.5;

/// Lattices from the edges of grounds that fill them: two or more rows and columns, all of them shaded.
pub(super) fn grounds_to_lattices(grounds: &[&Area], type_size: f32) -> Vec<Lattice> {
    if !(4..=MOST_GROUNDS).contains(&grounds.len()) {
        return Vec::new();
    }
    let edges: Vec<Ruling> = grounds.iter().flat_map(|ground| edges(ground)).collect();
    let [horizontal, vertical] = rulings_to_segments(edges.iter());
    let mut lattices = segments_to_lattices(&horizontal, &vertical, type_size);
    lattices.retain(|lattice| {
        let [_, top, _, bottom] = lattice.bbox();
        let is_shared = |x: &f32| {
            let borders = vertical.iter().filter(|line| (line.position - x).abs() < 0.6 * type_size);
            let height: f32 = borders.map(|line| line.end.min(bottom) - line.start.max(top)).filter(|h| *h > 0.0).sum();
            height >= SHARED_BORDER * (bottom - top)
        };
        lattice.rows() >= 2
            && lattice.columns() >= 2
            && lattice.xs.iter().all(is_shared)
            && lattice.cells.iter().all(|cell| is_ground(lattice.cell_bbox(cell), grounds))
    });
    lattices
}

fn edges(ground: &Area) -> [Ruling; 4] {
    let [x0, top, x1, bottom] = ground.bbox;
    let line = |is_horizontal: bool, position: f32, start: f32, end: f32| Ruling {
        is_horizontal,
        position,
        start,
        end,
        thickness: 0.0,
        colour: ground.colour,
    };
    [line(true, top, x0, x1), line(true, bottom, x0, x1), line(false, x0, top, bottom), line(false, x1, top, bottom)]
}

/// Whether one ground is that cell.
fn is_ground(cell: [f32; 4], grounds: &[&Area]) -> bool {
    grounds.iter().any(|ground| ground.bbox.iter().zip(cell).all(|(a, b)| (a - b).abs() < 3.0))
}
