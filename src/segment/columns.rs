//! Columns of a grid that continues a table on the next page, where the two do not count the same columns: a page
//! without some merged cell has fewer borders (福州, 武汉: the head of a form stands alone at the foot of a page).

/// How far two borders may stand apart and be one, in points.
const TOLERANCE: f32 = 4.0;

/// For each border of either side, its number among the borders of both.
#[derive(Clone, Debug, PartialEq)]
pub struct Alignment {
    pub own: Vec<u32>,
    pub other: Vec<u32>,
    pub edges: Vec<f32>,
}

impl Alignment {
    /// Same count of columns: one to one.
    pub fn identity(columns: u32, edges: &[f32]) -> Alignment {
        let all: Vec<u32> = (0..=columns).collect();
        Alignment { own: all.clone(), other: all, edges: edges.to_vec() }
    }
}

/// Aligns borders of the same outer frame. Unless `may_refine`, one side must have all borders of the other.
pub fn align(own: &[f32], other: &[f32], may_refine: bool) -> Option<Alignment> {
    let (first, last) = (*own.first()?, *own.last()?);
    let (left, right) = (*other.first()?, *other.last()?);
    let width = last - first;
    if own.len() < 2 || other.len() < 2 {
        return None;
    }
    if (width - (right - left)).abs() > (width * 0.02).max(TOLERANCE) {
        return within(own, other);
    }
    let shift = first - left;
    let mut edges: Vec<f32> = own.to_vec();
    for edge in other.iter().map(|edge| edge + shift) {
        if !edges.iter().any(|own| (own - edge).abs() < TOLERANCE) && edge > first && edge < last {
            edges.push(edge);
        }
    }
    edges.sort_by(f32::total_cmp);
    let number = |edge: f32| {
        let nearest = edges.iter().enumerate().min_by(|a, b| (a.1 - edge).abs().total_cmp(&(b.1 - edge).abs()));
        nearest.map(|(at, _)| at as u32)
    };
    let own_numbers: Vec<u32> = own.iter().filter_map(|edge| number(*edge)).collect();
    let mut other_numbers: Vec<u32> = other.iter().filter_map(|edge| number(edge + shift)).collect();
    if let Some(last) = other_numbers.last_mut() {
        *last = edges.len().saturating_sub(1) as u32;
    }
    let rises = |numbers: &[u32]| numbers.windows(2).all(|pair| pair[0] < pair[1]);
    let is_subset = edges.len() == own.len() || edges.len() == other.len();
    ((may_refine || is_subset) && rises(&own_numbers) && rises(&other_numbers)).then_some(Alignment {
        own: own_numbers,
        other: other_numbers,
        edges,
    })
}

/// A narrower frame all of whose borders are borders of the wider one: a page on which the outer columns are one
/// merged cell without a border of its own (西安, 绩效目标表).
fn within(own: &[f32], other: &[f32]) -> Option<Alignment> {
    let number = |edge: &f32| own.iter().position(|own| (own - edge).abs() < TOLERANCE).map(|at| at as u32);
    let numbers: Option<Vec<u32>> = other.iter().map(number).collect();
    let rises = |numbers: &[u32]| numbers.windows(2).all(|pair| pair[0] < pair[1]);
    numbers.filter(|numbers| rises(numbers)).map(|numbers| Alignment {
        own: (0..own.len() as u32).collect(),
        other: numbers,
        edges: own.to_vec(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fewer_borders_are_found_among_more() {
        let found = align(&[10.0, 50.0, 90.0, 200.0], &[12.0, 92.0, 202.0], false);
        assert_eq!(found.map(|found| (found.own, found.other)), Some((vec![0, 1, 2, 3], vec![0, 2, 3])));
    }

    #[test]
    fn the_first_page_may_have_fewer() {
        let found = align(&[10.0, 200.0], &[10.0, 92.0, 200.0], false);
        assert_eq!(found.map(|found| (found.own, found.other)), Some((vec![0, 2], vec![0, 1, 2])));
    }

    #[test]
    fn other_borders_are_another_table() {
        assert_eq!(align(&[10.0, 50.0, 200.0], &[10.0, 92.0, 120.0, 200.0], false), None);
        assert_eq!(align(&[10.0, 50.0, 200.0], &[10.0, 50.0, 120.0], true), None);
        let narrow = align(&[10.0, 50.0, 90.0, 200.0], &[50.0, 90.0, 200.0], false);
        assert_eq!(narrow.map(|found| found.other), Some(vec![1, 2, 3]));
        let refined = align(&[10.0, 50.0, 200.0], &[10.0, 92.0, 200.0], true);
        assert_eq!(refined.map(|found| found.edges.len()), Some(4));
    }
}
