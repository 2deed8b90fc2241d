//! Words whose characters are spaced out to fill their column (合　计, 预　算　数) → words. Blanks between them are
//! drawn by some writers only, and columns headed 类, 款 and 项 stand as near: what stands above and below tells.

use super::aligned::Row;
use super::blocks::Block;
use super::lines::is_ideograph;

/// Characters of a word that is spaced out stand nearer to each other than this, in ems.
const SPACED: f32 = 4.5;
/// Distances of one word differ by less than this, in ems.
const EVEN: f32 = 0.3;

/// Joins the characters of spaced words in the rows of one table.
pub(super) fn join_spaced_words(rows: &[Row]) -> Vec<Row> {
    let joined = |at: usize, row: &Row| {
        let mut blocks: Vec<Block> = Vec::with_capacity(row.blocks.len());
        let mut gap: Option<f32> = None;
        for block in &row.blocks {
            let distance = blocks.last().map(|word| block.x0 - word.x1);
            match (blocks.last_mut(), distance) {
                (Some(word), Some(distance))
                    if is_spaced(word)
                        && is_single(block)
                        && distance < SPACED * block.size
                        && gap.is_none_or(|gap| (gap - distance).abs() < EVEN * block.size)
                        && (gap.is_some() || is_single(word))
                        && !are_apart(word, block, rows, at) =>
                {
                    gap = Some(distance);
                    word.text.push_str(&block.text);
                    word.x1 = block.x1;
                }
                _ => {
                    gap = None;
                    blocks.push(block.clone());
                }
            }
        }
        Row { middle: row.middle, blocks }
    };
    rows.iter().enumerate().map(|(at, row)| joined(at, row)).collect()
}

/// No word begins with the names of the upper levels of a classification: they head columns of their own, also where
/// those are empty.
fn is_spaced(block: &Block) -> bool {
    block.text.chars().all(is_ideograph) && !block.text.starts_with(['类', '款'])
}

fn is_single(block: &Block) -> bool {
    let mut characters = block.text.chars();
    characters.next().is_some_and(is_ideograph) && characters.next().is_none()
}

/// Whether another row has a text at each of the two.
fn are_apart(word: &Block, next: &Block, rows: &[Row], row: usize) -> bool {
    let is_at = |block: &Block, other: &Block| block.x0 < other.x1 && other.x0 < block.x1;
    let others = rows.iter().enumerate().filter(|(at, _)| *at != row).map(|(_, other)| other);
    others.into_iter().any(|other| {
        let touching = |block: &Block| other.blocks.iter().position(|text| is_at(text, block));
        matches!((touching(word), touching(next)), (Some(a), Some(b)) if a != b && !are_single(other, a, b))
    })
}

/// Characters of another spaced word say nothing.
fn are_single(row: &Row, a: usize, b: usize) -> bool {
    [a, b].iter().all(|at| row.blocks.get(*at).is_some_and(is_single))
}

#[cfg(test)]
mod tests {
    use super::super::aligned::glyphs_to_aligned;
    use super::super::fill::tests::string;

    /// The texts of the only table: each at its x, a row every 18 points.
    fn table(rows: &[&[(&str, f32)]]) -> Vec<Vec<String>> {
        let texts = rows.iter().zip(0_u16..).flat_map(|(row, r)| row.iter().map(move |(text, x)| (text, *x, r)));
        let set = texts.zip(1..).flat_map(|((text, x, r), run)| string(text, x, 100.0 + 18.0 * f32::from(r), run));
        let glyphs: Vec<_> = set.collect();
        let grids = glyphs_to_aligned(&glyphs, 1);
        assert_eq!(grids.len(), 1);
        let row = |r: u32| grids[0].cells.iter().filter(|cell| cell.row == r).map(|cell| cell.text.clone()).collect();
        (0..grids[0].rows).map(row).collect()
    }

    #[test]
    fn a_spaced_word_is_one_cell() {
        let rows = table(&[
            &[("科目名称", 60.0), ("合", 200.0), ("计", 225.0), ("预", 300.0), ("算", 320.0), ("数", 340.0)],
            &[("教育支出", 60.0), ("1,234.56", 200.0), ("34.56", 320.0)],
            &[("合", 65.0), ("计", 85.0), ("2,234.56", 200.0), ("134.56", 315.0)],
        ]);
        assert_eq!(rows[0], ["科目名称", "合计", "预算数"]);
        assert_eq!(rows[2], ["合计", "2,234.56", "134.56"]);
    }

    #[test]
    fn columns_headed_by_one_character_each_stay_apart() {
        let rows = table(&[
            &[("类", 50.0), ("款", 80.0), ("项", 110.0), ("科目名称", 150.0), ("合计", 250.0)],
            &[("合计", 150.0), ("34.56", 245.0)],
        ]);
        assert_eq!(rows[0], ["类", "款", "项", "科目名称", "合计"]);
        let rows = table(&[
            &[("甲", 50.0), ("乙", 80.0), ("丙", 110.0), ("合计", 250.0)],
            &[("201", 48.0), ("01", 80.0), ("03", 110.0), ("34.56", 245.0)],
        ]);
        assert_eq!(rows[0], ["甲", "乙", "丙", "合计"]);
    }
}
