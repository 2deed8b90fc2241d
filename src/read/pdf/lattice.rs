//! Lines → lattices: sets of lines that cross, with their columns, rows and (merged) cells.

use super::rulings::{Segment, TOUCH};

/// A strip narrower than this share of the type size holds no text: the two lines beside it are one double border.
pub(super) const THIN: f32 = 0.6;
/// A line that crosses none and is no longer than this, in points, is none between columns.
const SHORTEST: f32 = 8.0;
/// Lines that cross more often than this on one page are a drawing, not a table.
const MOST_CROSSINGS: usize = 200_000;

/// The cells that a set of crossing lines makes. `columns = xs.len() - 1`, `rows = ys.len() - 1`.
#[derive(Clone, Debug)]
pub(super) struct Lattice {
    pub xs: Vec<f32>,
    pub ys: Vec<f32>,
    pub cells: Vec<LatticeCell>,
    /// Cell of every unit, row-major.
    pub owner: Vec<usize>,
    /// Those of `ys` where no line was drawn: the ends of lines between columns tell them.
    pub left_out: Vec<f32>,
}

/// A cell with its spans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LatticeCell {
    pub row: usize,
    pub column: usize,
    pub row_span: usize,
    pub column_span: usize,
}

impl Lattice {
    /// Cells that cover all units, each once.
    pub(super) fn of_cells(xs: Vec<f32>, ys: Vec<f32>, cells: Vec<LatticeCell>) -> Lattice {
        let columns = xs.len().saturating_sub(1);
        let mut owner = vec![0; columns * ys.len().saturating_sub(1)];
        for (at, cell) in cells.iter().enumerate() {
            for row in cell.row..cell.row + cell.row_span {
                let start = row * columns + cell.column;
                if let Some(units) = owner.get_mut(start..start + cell.column_span) {
                    units.fill(at);
                }
            }
        }
        Lattice { xs, ys, cells, owner, left_out: Vec::new() }
    }

    pub(super) fn columns(&self) -> usize {
        self.xs.len().saturating_sub(1)
    }

    pub(super) fn rows(&self) -> usize {
        self.ys.len().saturating_sub(1)
    }

    /// `[x0, top, x1, bottom]`.
    pub(super) fn bbox(&self) -> [f32; 4] {
        let ends = |v: &[f32]| (v.first().copied().unwrap_or(0.0), v.last().copied().unwrap_or(0.0));
        let ((x0, x1), (top, bottom)) = (ends(&self.xs), ends(&self.ys));
        [x0, top, x1, bottom]
    }

    /// Box of a cell.
    pub(super) fn cell_bbox(&self, cell: &LatticeCell) -> [f32; 4] {
        let at = |v: &[f32], i: usize| v.get(i).or(v.last()).copied().unwrap_or(0.0);
        [
            at(&self.xs, cell.column),
            at(&self.ys, cell.row),
            at(&self.xs, cell.column + cell.column_span),
            at(&self.ys, cell.row + cell.row_span),
        ]
    }

    /// The cell at a point; `None` outside of the lattice.
    pub(super) fn cell_at(&self, x: f32, y: f32) -> Option<usize> {
        let index = |v: &[f32], at: f32| {
            let after = v.partition_point(|edge| *edge <= at);
            (after > 0 && after < v.len()).then(|| after - 1)
        };
        self.owner.get(index(&self.ys, y)? * self.columns() + index(&self.xs, x)?).copied()
    }
}

/// Groups lines that cross and makes the cells of each group, from top to bottom, then left to right.
pub(super) fn segments_to_lattices(horizontal: &[Segment], vertical: &[Segment], type_size: f32) -> Vec<Lattice> {
    let mut lattices: Vec<Lattice> = crossing_groups(horizontal, vertical)
        .into_iter()
        .filter_map(|(h, v)| group_to_lattice(&h, &v, type_size))
        .collect();
    lattices.sort_by(|a, b| {
        let (a, b) = (a.bbox(), b.bbox());
        a[1].total_cmp(&b[1]).then(a[0].total_cmp(&b[0]))
    });
    lattices
}

/// Sets of lines connected through crossings (union-find). Sets with lines of one direction only are left out, but for
/// lines between columns within another set.
fn crossing_groups(horizontal: &[Segment], vertical: &[Segment]) -> Vec<(Vec<Segment>, Vec<Segment>)> {
    let mut sets = Sets::new(horizontal.len() + vertical.len());
    let mut crossings = 0;
    for (i, h) in horizontal.iter().enumerate() {
        let first = vertical.partition_point(|v| v.position < h.start - TOUCH);
        for (j, v) in vertical.iter().enumerate().skip(first) {
            if v.position > h.end + TOUCH {
                break;
            }
            crossings += 1;
            if crossings > MOST_CROSSINGS {
                return Vec::new();
            }
            if v.start - TOUCH <= h.position && h.position <= v.end + TOUCH {
                sets.union(i, horizontal.len() + j);
            }
        }
    }
    let mut groups: std::collections::BTreeMap<usize, (Vec<Segment>, Vec<Segment>)> = Default::default();
    for (i, h) in horizontal.iter().enumerate() {
        groups.entry(sets.root(i)).or_default().0.push(*h);
    }
    for (j, v) in vertical.iter().enumerate() {
        groups.entry(sets.root(horizontal.len() + j)).or_default().1.push(*v);
    }
    let (mut crossing, alone): (Vec<_>, Vec<_>) =
        groups.into_values().partition(|(h, v)| !h.is_empty() && !v.is_empty());
    let alone: Vec<Segment> = alone.into_iter().flat_map(|(_, vertical)| vertical).collect();
    for line in &alone {
        if let Some((_, vertical)) = crossing.iter_mut().find(|(h, v)| is_among(line, h, v, &alone)) {
            let place = vertical.partition_point(|other| other.position < line.position);
            vertical.insert(place, *line);
        }
    }
    crossing
}

/// Whether a line between columns that no other crosses is one of a table without lines between its rows: there it
/// ends, as others do, at the edge of the page or where cells above or below are merged.
fn is_among(line: &Segment, horizontal: &[Segment], vertical: &[Segment], alone: &[Segment]) -> bool {
    let is_one = |a: f32, b: f32| (a - b).abs() < TOUCH;
    let is_within = |other: &Segment| other.start - TOUCH < line.start && line.end < other.end + TOUCH;
    let ends_with = |other: &Segment| {
        let ends = [other.start, other.end];
        other.position != line.position && ends.iter().any(|end| is_one(*end, line.start) || is_one(*end, line.end))
    };
    if horizontal.iter().any(|h| h.start < line.position && line.position < h.end) {
        return line.length() > SHORTEST
            && vertical.iter().any(is_within)
            && vertical.iter().chain(alone).any(ends_with);
    }
    // Beside the lines between rows, cells that reach over the whole page: a project with more indicators than a page
    // holds (北京财政局 2026 预算表12, p23).
    let top = vertical.iter().map(|v| v.start).fold(f32::INFINITY, f32::min);
    let bottom = vertical.iter().map(|v| v.end).fold(f32::NEG_INFINITY, f32::max);
    is_one(line.start, top) && is_one(line.end, bottom)
}

fn group_to_lattice(horizontal: &[Segment], vertical: &[Segment], type_size: f32) -> Option<Lattice> {
    let [left, right] = ends_beyond(vertical, horizontal, type_size);
    let [top, bottom] = ends_beyond(horizontal, vertical, type_size);
    let open = [&left, &right, &top, &bottom].into_iter().filter(|ends| ends.len() > 1).count();
    // A table without a frame has few lines over its head: where two sides are open, one line tells of another.
    let end = |ends: &[f32]| ends.get(1).or(ends.first().filter(|_| open > 1)).copied();
    let xs = positions(vertical, [end(&left), end(&right)], type_size);
    let mut ys = positions(horizontal, [end(&top), end(&bottom)], type_size);
    let ends = ends_within(vertical, &ys, type_size);
    ys.extend(&ends);
    ys.sort_by(f32::total_cmp);
    let (columns, rows) = (xs.len().checked_sub(1)?, ys.len().checked_sub(1)?);
    if columns == 0 || rows == 0 {
        return None;
    }
    // right[r * columns + c]: a line stands between column c and c + 1; below[…]: between row r and r + 1.
    let mut right = vec![false; rows * columns];
    let mut below = vec![false; rows * columns];
    for v in vertical {
        let line = nearest(&xs, v.position);
        if (1..columns).contains(&line) {
            for r in covered(&ys, v) {
                right[r * columns + line - 1] = true;
            }
        }
    }
    for row in (1..rows).filter(|row| ends.contains(&ys[*row])) {
        // From a wall that ends there up to the walls that go through.
        let wall = |row: usize, column: usize| right[row * columns + column];
        let mut is_below = vec![false; columns];
        for column in 0..columns - 1 {
            is_below[column] |= wall(row - 1, column) != wall(row, column);
            is_below[column + 1] |= is_below[column] && !(wall(row - 1, column) && wall(row, column));
        }
        for column in (0..columns - 1).rev() {
            is_below[column] |= is_below[column + 1] && !(wall(row - 1, column) && wall(row, column));
        }
        below[(row - 1) * columns..row * columns].copy_from_slice(&is_below);
    }
    for h in horizontal {
        let line = nearest(&ys, h.position);
        if (1..rows).contains(&line) {
            for c in covered(&xs, h) {
                below[(line - 1) * columns + c] = true;
            }
        }
    }
    let (cells, owner) = units_to_cells(rows, columns, &right, &below);
    Some(Lattice { xs, ys, cells, owner, left_out: ends })
}

/// Where the lines of the other direction end that reach clearly beyond the outermost line, before and after, from
/// outside: two or more tell of a table open at that side, or cut at the edge of the page.
fn ends_beyond(lines: &[Segment], across: &[Segment], type_size: f32) -> [Vec<f32>; 2] {
    let low = lines.iter().map(|l| l.position).fold(f32::INFINITY, f32::min);
    let high = lines.iter().map(|l| l.position).fold(f32::NEG_INFINITY, f32::max);
    let reach = type_size.max(TOUCH);
    let mut before: Vec<f32> = across.iter().map(|a| a.start).filter(|start| *start < low - reach).collect();
    let mut after: Vec<f32> = across.iter().map(|a| a.end).filter(|end| *end > high + reach).collect();
    before.sort_by(f32::total_cmp);
    after.sort_by(|a, b| b.total_cmp(a));
    [before, after]
}

/// Where a line between columns ends within a row: cells merged over columns stand above or below, and the line between
/// them and the others was left out.
fn ends_within(vertical: &[Segment], ys: &[f32], type_size: f32) -> Vec<f32> {
    let mut ends: Vec<f32> = vertical
        .iter()
        .flat_map(|v| [v.start, v.end])
        .filter(|end| {
            let after = ys.partition_point(|y| y < end);
            let neighbours = (after.checked_sub(1).and_then(|before| ys.get(before)), ys.get(after));
            matches!(neighbours, (Some(above), Some(below)) if (end - above).min(below - end) > type_size)
        })
        .collect();
    ends.sort_by(f32::total_cmp);
    ends.dedup_by(|next, end| *next - *end < type_size);
    ends
}

/// Distinct positions of the lines in order, double lines as one.
fn positions(lines: &[Segment], ends: [Option<f32>; 2], type_size: f32) -> Vec<f32> {
    let mut all: Vec<f32> = lines.iter().map(|l| l.position).chain(ends.into_iter().flatten()).collect();
    all.sort_by(f32::total_cmp);
    let mut distinct: Vec<f32> = Vec::with_capacity(all.len());
    for position in all {
        match distinct.last() {
            Some(last) if position - last < THIN * type_size => {}
            _ => distinct.push(position),
        }
    }
    distinct
}

fn nearest(edges: &[f32], at: f32) -> usize {
    let after = edges.partition_point(|edge| *edge < at);
    match (after.checked_sub(1).and_then(|i| edges.get(i)), edges.get(after)) {
        (Some(before), Some(next)) if at - before <= next - at => after - 1,
        (Some(_), None) => after - 1,
        _ => after,
    }
}

/// The strips between `edges` of which the line covers more than half.
fn covered(edges: &[f32], line: &Segment) -> impl Iterator<Item = usize> {
    let first = edges.partition_point(|edge| *edge < line.start).saturating_sub(1);
    edges.windows(2).enumerate().skip(first).take_while(move |(_, w)| w[0] < line.end).filter_map(move |(i, w)| {
        let shared = w[1].min(line.end) - w[0].max(line.start);
        (shared > 0.5 * (w[1] - w[0])).then_some(i)
    })
}

/// Unit cells without a line between them are one cell; a shape that is no rectangle is cut into such.
fn units_to_cells(rows: usize, columns: usize, right: &[bool], below: &[bool]) -> (Vec<LatticeCell>, Vec<usize>) {
    let mut sets = Sets::new(rows * columns);
    // Nearly all units have lines on all sides.
    let mut is_open = vec![false; rows * columns];
    for r in 0..rows {
        for c in 0..columns {
            let unit = r * columns + c;
            let beside = (c + 1 < columns && !right[unit]).then_some(unit + 1);
            let under = (r + 1 < rows && !below[unit]).then_some(unit + columns);
            for other in beside.into_iter().chain(under) {
                sets.union(unit, other);
                (is_open[unit], is_open[other]) = (true, true);
            }
        }
    }
    // By root: first row, first column, last row, last column, number of units.
    type Extent = (usize, usize, usize, usize, usize);
    let mut boxes: Vec<Option<Extent>> = vec![None; rows * columns];
    for unit in (0..rows * columns).filter(|unit| is_open[*unit]) {
        let (r, c) = (unit / columns, unit % columns);
        let shape = &mut boxes[sets.root(unit)];
        let (r0, c0, r1, c1, units) = shape.unwrap_or((r, c, r, c, 0));
        *shape = Some((r0.min(r), c0.min(c), r1.max(r), c1.max(c), units + 1));
    }
    let mut cells: Vec<LatticeCell> = Vec::with_capacity(rows * columns);
    let mut owner = vec![usize::MAX; rows * columns];
    for r in 0..rows {
        for c in 0..columns {
            let unit = r * columns + c;
            if !is_open[unit] {
                owner[unit] = cells.len();
                cells.push(LatticeCell { row: r, column: c, row_span: 1, column_span: 1 });
                continue;
            }
            if owner[unit] != usize::MAX {
                continue;
            }
            let root = sets.root(unit);
            let Some((r0, c0, r1, c1, units)) = boxes[root] else { continue };
            let is_rectangle = (r1 - r0 + 1) * (c1 - c0 + 1) == units;
            let (last_row, last_column) = if is_rectangle {
                (r1, c1)
            } else {
                rectangle_from(r, c, rows, columns, right, below, |u| sets.peek(u) == root && owner[u] == usize::MAX)
            };
            for rr in r..=last_row {
                for cc in c..=last_column {
                    owner[rr * columns + cc] = cells.len();
                }
            }
            cells.push(LatticeCell { row: r, column: c, row_span: last_row - r + 1, column_span: last_column - c + 1 });
        }
    }
    (cells, owner)
}

/// The rectangle of free units from `r`, `c`: as wide as its first row reaches, as deep as that width stays open.
fn rectangle_from(
    r: usize,
    c: usize,
    rows: usize,
    columns: usize,
    right: &[bool],
    below: &[bool],
    is_free: impl Fn(usize) -> bool,
) -> (usize, usize) {
    let mut last_column = c;
    while last_column + 1 < columns && !right[r * columns + last_column] && is_free(r * columns + last_column + 1) {
        last_column += 1;
    }
    let is_open = |row: usize| {
        (c..=last_column).all(|cc| !below[(row - 1) * columns + cc] && is_free(row * columns + cc))
            && (c..last_column).all(|cc| !right[row * columns + cc])
            && (c == 0 || right[row * columns + c - 1] || !is_free(row * columns + c - 1))
            && (last_column + 1 == columns
                || right[row * columns + last_column]
                || !is_free(row * columns + last_column + 1))
    };
    let mut last_row = r;
    while last_row + 1 < rows && is_open(last_row + 1) {
        last_row += 1;
    }
    (last_row, last_column)
}

/// Union-find.
struct Sets(Vec<usize>);

impl Sets {
    fn new(size: usize) -> Sets {
        Sets((0..size).collect())
    }

    fn peek(&self, mut item: usize) -> usize {
        while self.0[item] != item {
            item = self.0[item];
        }
        item
    }

    fn root(&mut self, item: usize) -> usize {
        let root = self.peek(item);
        let mut at = item;
        while self.0[at] != root {
            at = std::mem::replace(&mut self.0[at], root);
        }
        root
    }

    fn union(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(position: f32, start: f32, end: f32) -> Segment {
        Segment { position, start, end }
    }

    /// Lines at every multiple of `step`.
    fn full(columns: usize, rows: usize) -> (Vec<Segment>, Vec<Segment>) {
        let (w, h) = (columns as f32 * 50.0, rows as f32 * 20.0);
        (
            (0..=rows).map(|r| line(r as f32 * 20.0, 0.0, w)).collect(),
            (0..=columns).map(|c| line(c as f32 * 50.0, 0.0, h)).collect(),
        )
    }

    #[test]
    fn every_unit_is_a_cell_where_all_lines_are_drawn() {
        let (h, v) = full(3, 2);
        let lattices = segments_to_lattices(&h, &v, 10.0);
        assert_eq!(lattices.len(), 1);
        assert_eq!((lattices[0].columns(), lattices[0].rows(), lattices[0].cells.len()), (3, 2, 6));
    }

    #[test]
    fn a_missing_piece_of_line_merges_cells() {
        let (h, mut v) = full(3, 2);
        v[1] = line(50.0, 20.0, 40.0);
        let lattice = &segments_to_lattices(&h, &v, 10.0)[0];
        assert_eq!(lattice.cells[0], LatticeCell { row: 0, column: 0, row_span: 1, column_span: 2 });
        assert_eq!(lattice.cells.len(), 5);
        assert_eq!(lattice.cell_at(75.0, 10.0), Some(0));
        assert_eq!(lattice.cell_at(75.0, 30.0), Some(3));
    }

    #[test]
    fn double_borders_make_no_columns() {
        let (h, mut v) = full(3, 2);
        v.insert(2, line(54.0, 0.0, 40.0));
        assert_eq!(segments_to_lattices(&h, &v, 10.0)[0].columns(), 3);
    }

    #[test]
    fn tables_side_by_side_are_two() {
        let (mut h, mut v) = full(2, 2);
        let (h2, v2) = full(2, 2);
        h.extend(h2.iter().map(|l| line(l.position, l.start + 200.0, l.end + 200.0)));
        v.extend(v2.iter().map(|l| line(l.position + 200.0, l.start, l.end)));
        assert_eq!(segments_to_lattices(&h, &v, 10.0).len(), 2);
    }

    #[test]
    fn a_table_open_at_its_sides_has_its_outer_columns() {
        let (h, v) = full(4, 3);
        let lattice = &segments_to_lattices(&h, &v[1..4], 10.0)[0];
        assert_eq!(lattice.xs, [0.0, 50.0, 100.0, 150.0, 200.0]);
        assert_eq!(lattice.cells.len(), 12);
    }

    #[test]
    fn an_angular_shape_is_cut_into_rectangles() {
        // The line below the first unit and the one right of the lower left unit are missing: an L.
        let (mut h, mut v) = full(2, 2);
        h[1] = line(20.0, 50.0, 100.0);
        v[1] = line(50.0, 0.0, 20.0);
        let lattice = &segments_to_lattices(&h, &v, 10.0)[0];
        let covered: usize = lattice.cells.iter().map(|c| c.row_span * c.column_span).sum();
        assert_eq!(covered, 4, "{:?}", lattice.cells);
        assert!(lattice.owner.iter().all(|o| *o < lattice.cells.len()));
    }
}
