//! Tables without rulings: blocks of text that stand in rows and share their left edges, right edges or middles.
//!
//! glyphs → pieces (one string on one baseline) → blocks (the wrapped lines of one cell) → rows → regions → grids

use super::blocks::{Block, baselines_to_blocks, is_one_text, pieces_to_blocks};
use super::content::Glyph;
use super::lines::{TextLine, glyphs_to_baselines};
use super::spaced::join_spaced_words;
use crate::base::amount::parse_figure;
use crate::base::place::Place;
use crate::model::GridMethod;
use crate::read::{Grid, GridCell};

/// Edges closer than this, in points, are the same edge.
const SAME_EDGE: f32 = 1.5;
/// Texts whose middles differ by less than this, in ems, stand in one row.
const SAME_ROW: f32 = 0.3;
/// A text whose middle is this near (in ems) to a row, with nothing of that row above or below it, spans that row.
const SPANNING: f32 = 1.1;
/// White space between two rows of one table is no higher than this, in ems.
const ROW_GAP: f32 = 2.5;
/// The widest gap of a row of a table is at least this, in ems; within sentences there is none.
const CELL_GAP: f32 = 1.2;

/// Blocks whose middles lie on one height.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    pub middle: f32,
    pub blocks: Vec<Block>,
}

/// The tables among glyphs that stand in no ruled table.
pub(super) fn glyphs_to_aligned<'a>(glyphs: impl IntoIterator<Item = &'a Glyph>, page: u32) -> Vec<Grid> {
    baselines_to_aligned(&glyphs_to_baselines(glyphs), page)
}

/// The same from their baselines.
pub(super) fn baselines_to_aligned(baselines: &[Vec<&Glyph>], page: u32) -> Vec<Grid> {
    if is_prose(baselines) {
        return Vec::new();
    }
    let rows = blocks_to_rows(baselines_to_blocks(baselines));
    let mut grids = Vec::new();
    let mut at = 0;
    while at < rows.len() {
        let (start, end) = rows_to_region(&rows, at);
        let region = join_spaced_words(rows.get(start..end).unwrap_or_default());
        if is_table(&region) {
            grids.push(region_to_grid(&region, page));
        }
        at = end.max(at + 1);
    }
    grids
}

/// Whether each line is one text and so far from the next that nothing stands beside anything: no row of two texts can come
/// of it. Nearly all pages without a table are told so.
fn is_prose(baselines: &[Vec<&Glyph>]) -> bool {
    let size = |line: &[&Glyph]| line.iter().map(|glyph| glyph.size).fold(0.0, f32::max);
    let height = |line: &[&Glyph]| {
        line.iter()
            .map(|glyph| glyph.origin[1])
            .fold((f32::INFINITY, f32::NEG_INFINITY), |(a, b), y| (a.min(y), b.max(y)))
    };
    let is_apart = |pair: &[Vec<&Glyph>]| {
        let [above, below] = pair else { return true };
        height(below).0 - height(above).1 >= SPANNING * size(above).max(size(below))
    };
    baselines.iter().all(|line| is_one_text(line)) && baselines.windows(2).all(is_apart)
}

/// Texts that are known to be one table, whatever their shape.
pub(super) fn pieces_to_grid(pieces: Vec<TextLine>, page: u32) -> Grid {
    region_to_grid(&join_spaced_words(&blocks_to_rows(pieces_to_blocks(pieces))), page)
}

/// Groups blocks by the height of their middles; a cell over several rows goes to the first of them.
pub(super) fn blocks_to_rows(mut blocks: Vec<Block>) -> Vec<Row> {
    blocks.sort_by(|a, b| a.middle.total_cmp(&b.middle));
    let mut rows: Vec<Row> = Vec::new();
    for block in blocks {
        match rows.last_mut() {
            Some(row) if block.middle - row.middle < SAME_ROW * block.size => row.blocks.push(block),
            _ => rows.push(Row { middle: block.middle, blocks: vec![block] }),
        }
    }
    while let Some((from, to)) = spanning_row(&rows) {
        let row = rows.remove(from);
        // Removing a row before the one that takes it in shifts that one.
        let to = if from < to { to - 1 } else { to };
        if let Some(into) = rows.get_mut(to) {
            if row.blocks.len() > into.blocks.len() && !is_between(from, to) {
                into.middle = row.middle;
            }
            into.blocks.extend(row.blocks);
        }
    }
    for row in &mut rows {
        row.blocks.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    }
    rows
}

/// A row taken in by the one before it spans both neighbours and does not move the first.
fn is_between(from: usize, to: usize) -> bool {
    from > to
}

/// A row whose blocks span the row before (or after) it: near to it and beside all of its blocks.
fn spanning_row(rows: &[Row]) -> Option<(usize, usize)> {
    let size = |row: &Row| row.blocks.iter().map(|b| b.size).fold(0.0, f32::max);
    let is_beside = |a: &Row, b: &Row| {
        a.blocks.iter().all(|x| b.blocks.iter().all(|y| x.x1 + SAME_EDGE < y.x0 || y.x1 + SAME_EDGE < x.x0))
    };
    let mut best: Option<(f32, usize, usize)> = None;
    for (i, pair) in rows.windows(2).enumerate() {
        let [a, b] = pair else { continue };
        let distance = b.middle - a.middle;
        // Cells set from their tops: the first line of a long label stands on the height of its figures.
        let begins_there = || b.blocks.iter().all(|block| (block.first - a.middle).abs() < SAME_ROW * block.size);
        if !(distance < SPANNING * size(a).max(size(b)) || begins_there()) || !is_beside(a, b) {
            continue;
        }
        // A title in large type stands above a table, not beside its first row.
        if !is_of_one_type(size(a), size(b)) {
            continue;
        }
        // Of two neighbours the one with fewer blocks is taken in, but a row between two others spans downwards.
        let is_middle = rows.get(i + 2).is_some_and(|c| c.middle - b.middle < SPANNING * size(b));
        let (from, to) = if is_middle || b.blocks.len() <= a.blocks.len() { (i + 1, i) } else { (i, i + 1) };
        if best.is_none_or(|(d, _, _)| distance < d - 0.5) {
            best = Some((distance, from, to));
        }
    }
    best.map(|(_, from, to)| (from, to))
}

/// Two or more texts with clear space between them, and no leader dots of a contents list.
fn is_tabular(row: &Row) -> bool {
    row.blocks.windows(2).any(|pair| matches!(pair, [a, b] if b.x0 - a.x1 > CELL_GAP * a.size.max(b.size)))
        && !row.blocks.iter().any(|block| has_leader(&block.text))
}

/// Dots that lead to a page number.
fn has_leader(text: &str) -> bool {
    ["....", "……", "····", "．．．"].iter().any(|dots| text.contains(dots))
}

/// Rows `start..end` around the first tabular row at or after `at` that may be one table.
fn rows_to_region(rows: &[Row], at: usize) -> (usize, usize) {
    let Some(first) = (at..rows.len()).find(|i| rows.get(*i).is_some_and(is_tabular)) else {
        return (rows.len(), rows.len());
    };
    let mut end = first + 1;
    while let (Some(region), Some(row)) = (rows.get(first..end), rows.get(end)) {
        let is_next_tabular = rows.get(end + 1).is_some_and(|next| is_tabular(next) && is_near(row, next));
        let goes_on = region.last().is_some_and(|last| is_near(last, row))
            && (is_tabular(row)
                || is_in_column(region, row)
                || is_in_columns(region, row)
                || is_next_tabular && is_within(region, row));
        if !goes_on {
            break;
        }
        end += 1;
    }
    let mut start = first;
    while let Some(before) = start.checked_sub(1).filter(|before| *before >= at)
        && let (Some(region), Some(row)) = (rows.get(start..end), rows.get(before))
        && region.first().is_some_and(|next| is_near(row, next))
        && (is_in_column(region, row) || is_in_columns(region, row))
    {
        start = before;
    }
    // The line of labels with colons above a table (body, unit) belongs to its caption.
    let is_label = |row: &Row| row.blocks.iter().all(|block| block.text.contains([':', '：']));
    while start < end && rows.get(start).is_some_and(is_label) {
        start += 1;
    }
    (start, end)
}

pub(super) fn is_near(above: &Row, below: &Row) -> bool {
    let bottom = above.blocks.iter().map(|b| b.bottom).fold(f32::NEG_INFINITY, f32::max);
    let top = below.blocks.iter().map(|b| b.top).fold(f32::INFINITY, f32::min);
    let sizes = |row: &Row| row.blocks.iter().map(|b| b.size).fold(0.0, f32::max);
    let (a, b) = (sizes(above), sizes(below));
    top - bottom <= ROW_GAP * a.max(b) && is_of_one_type(a, b)
}

fn is_of_one_type(a: f32, b: f32) -> bool {
    a.max(b) < 1.3 * a.min(b)
}

/// A single text in line with texts of the region, and not running out of their column.
fn is_in_column(region: &[Row], row: &Row) -> bool {
    let [block] = row.blocks.as_slice() else { return false };
    let mut same = region.iter().flat_map(|r| &r.blocks).filter(|other| is_same_edge(other, block)).peekable();
    if same.peek().is_none() || has_leader(&block.text) {
        return false;
    }
    // The next column begins where something stands right of the column in one of its rows.
    let right = region
        .iter()
        .filter(|r| r.blocks.iter().any(|other| is_same_edge(other, block)))
        .flat_map(|r| &r.blocks)
        .filter(|other| other.x0 > block.x0 + SAME_EDGE && !is_same_edge(other, block))
        .map(|other| other.x0)
        .fold(f32::INFINITY, f32::min);
    block.x1 <= right.max(same.map(|other| other.x1).fold(0.0, f32::max))
        && block.x1 <= region.iter().flat_map(|r| &r.blocks).map(|other| other.x1).fold(0.0, f32::max) + SAME_EDGE
}

/// Texts side by side, each in line with texts of the region, however near they come to each other: a label whose
/// column is as narrow as it is long, and the text behind it. Lines of prose end at one margin too: that tells of
/// figures only.
fn is_in_columns(region: &[Row], row: &Row) -> bool {
    let is_in_line = |(at, block): (usize, &Block)| {
        let mut others = region.iter().flat_map(|other| other.blocks.iter().enumerate());
        let is_figure = parse_figure(&block.text).is_some();
        !has_leader(&block.text)
            && others.any(|(place, other)| {
                (at == 0) == (place == 0)
                    && is_same_edge(block, other)
                    && (is_figure || !is_same_end(block, other) || is_same_start(block, other))
            })
    };
    row.blocks.len() > 1 && row.blocks.iter().enumerate().all(is_in_line)
}

fn is_same_start(a: &Block, b: &Block) -> bool {
    (a.x0 - b.x0).abs() < SAME_EDGE
}

fn is_same_end(a: &Block, b: &Block) -> bool {
    (a.x1 - b.x1).abs() < SAME_EDGE
}

fn is_same_edge(a: &Block, b: &Block) -> bool {
    is_same_start(a, b) || is_same_end(a, b) || (a.x0 + a.x1 - b.x0 - b.x1).abs() < 2.0 * SAME_EDGE
}

/// A text above some of the columns.
fn is_within(region: &[Row], row: &Row) -> bool {
    let x0 = region.iter().flat_map(|r| &r.blocks).map(|b| b.x0).fold(f32::INFINITY, f32::min);
    let x1 = region.iter().flat_map(|r| &r.blocks).map(|b| b.x1).fold(0.0, f32::max);
    row.blocks.iter().all(|b| b.x0 >= x0 - SAME_EDGE && b.x1 <= x1 + SAME_EDGE && b.x1 - b.x0 < 0.5 * (x1 - x0))
}

/// Rows of a table share their edges; sentences with gaps do not. A contents list is none.
fn is_table(region: &[Row]) -> bool {
    let tabular: Vec<&Row> = region.iter().filter(|row| is_tabular(row)).collect();
    let widest = tabular.iter().map(|row| row.blocks.len()).max().unwrap_or(0);
    let is_enough = tabular.len() >= 2 || (widest >= 3 && region.len() >= 2);
    if !is_enough || is_contents(&tabular) {
        return false;
    }
    if has_amounts_under_words(region) {
        return true;
    }
    let (mut aligned, mut all) = (0, 0);
    for (i, row) in region.iter().enumerate() {
        for block in row.blocks.iter().skip(1) {
            all += 1;
            let others = region.iter().enumerate().filter(|(j, _)| *j != i).flat_map(|(_, r)| r.blocks.iter());
            aligned += usize::from(others.into_iter().any(|other| is_same_edge(other, block)));
        }
    }
    match tabular.as_slice() {
        [only] => !region.iter().any(|row| runs_across(row, only)),
        _ => 2 * aligned >= all,
    }
}

/// One text under or over several of a row: where that row alone has gaps, both are lines of prose, from margin to
/// margin, and the gaps are blanks set around a figure (江苏检察院 2018 p23: `增加  3,959.28  万元，增长  22  %。主要是因`).
fn runs_across(row: &Row, other: &Row) -> bool {
    let [line] = row.blocks.as_slice() else { return false };
    other.blocks.iter().filter(|block| block.x1.min(line.x1) - block.x0.max(line.x0) > 0.0).count() > 1
}

/// Rows of words, and under them rows with amounts behind words and never more texts: however short its columns are
/// beside their labels, this is a table.
fn has_amounts_under_words(region: &[Row]) -> bool {
    let is_amount = |block: &Block| block.text.contains('.') && parse_figure(&block.text).is_some();
    let is_of_words = |row: &&Row| row.blocks.iter().all(|block| parse_figure(&block.text).is_none());
    let head: Vec<&Row> = region.iter().take_while(is_of_words).collect();
    // Labels of one height are a row, those that are wrapped another.
    let labels: usize = head.iter().map(|row| row.blocks.len()).sum();
    let is_body_row = |row: &Row| {
        row.blocks.len() <= labels
            && row.blocks.first().is_some_and(|block| parse_figure(&block.text).is_none())
            && row.blocks.iter().skip(1).any(is_amount)
    };
    let body = region.get(head.len()..).unwrap_or_default();
    head.first().is_some_and(|row| is_tabular(row)) && !body.is_empty() && body.iter().all(is_body_row)
}

/// Titles with page numbers that grow.
fn is_contents(rows: &[&Row]) -> bool {
    let numbers: Option<Vec<u32>> = rows
        .iter()
        .map(|row| row.blocks.last().filter(|b| b.text.len() <= 3).and_then(|b| b.text.parse().ok()))
        .collect();
    rows.iter().all(|row| row.blocks.len() == 2) && numbers.is_some_and(|n| n.is_sorted())
}

/// Columns from the narrow blocks; wide ones span them.
fn region_to_grid(region: &[Row], page: u32) -> Grid {
    let columns = super::blocks::blocks_to_columns(&region.iter().map(|r| r.blocks.as_slice()).collect::<Vec<_>>());
    let mut cells = Vec::new();
    let mut bbox = [f32::INFINITY, f32::INFINITY, f32::NEG_INFINITY, f32::NEG_INFINITY];
    for (r, row) in region.iter().enumerate() {
        for block in &row.blocks {
            bbox = [bbox[0].min(block.x0), bbox[1].min(block.top), bbox[2].max(block.x1), bbox[3].max(block.bottom)];
            let touched = |c: &[f32; 2]| block.x1.min(c[1]) - block.x0.max(c[0]) > 0.0;
            let first = columns.iter().position(touched).unwrap_or(0);
            let last = columns.iter().rposition(touched).unwrap_or(first);
            cells.push(GridCell {
                row: r as u32,
                column: first as u32,
                row_span: 1,
                column_span: (last - first + 1) as u32,
                text: block.text.clone(),
                place: Place::Page { page, bbox: [block.x0, block.top, block.x1, block.bottom] },
            });
        }
    }
    let mut column_edges = vec![bbox[0]];
    column_edges.extend(columns.windows(2).map(|pair| (pair[0][1] + pair[1][0]) / 2.0));
    column_edges.push(bbox[2]);
    Grid {
        method: GridMethod::Aligned,
        rows: region.len() as u32,
        columns: columns.len() as u32,
        cells,
        place: Place::Page { page, bbox },
        column_edges,
        has_spans: false,
        short_lines: Vec::new(),
        beside: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fill::tests::string;
    use super::*;

    /// Rows of 10 pt type with a pitch of 18 pt; every text at its x.
    fn set(rows: &[&[(&str, f32)]]) -> Vec<Glyph> {
        let mut glyphs = Vec::new();
        for (r, row) in rows.iter().enumerate() {
            for (text, x) in *row {
                glyphs.extend(string(text, *x, 100.0 + 18.0 * r as f32, glyphs.len() as u32));
            }
        }
        glyphs
    }

    fn texts(grid: &Grid) -> Vec<Vec<&str>> {
        (0..grid.rows).map(|r| grid.cells.iter().filter(|c| c.row == r).map(|c| c.text.as_str()).collect()).collect()
    }

    #[test]
    fn figures_set_right_make_a_table_without_the_line_of_the_unit() {
        let glyphs = set(&[
            &[("部门名称：某局", 50.0), ("单位：万元", 300.0)],
            &[("科目名称", 60.0), ("合计", 205.0), ("基本支出", 290.0)],
            &[("合计", 50.0), ("1,234.56", 190.0), ("34.56", 305.0)],
            &[("教育支出", 50.0), ("234.56", 200.0)],
            &[("其他支出", 50.0)],
        ]);
        let grids = glyphs_to_aligned(&glyphs, 1);
        assert_eq!(grids.len(), 1);
        let expected: [&[&str]; 4] =
            [&["科目名称", "合计", "基本支出"], &["合计", "1,234.56", "34.56"], &["教育支出", "234.56"], &["其他支出"]];
        assert_eq!(texts(&grids[0]), expected);
        assert_eq!(grids[0].columns, 3);
    }

    #[test]
    fn wrapped_labels_are_one_cell_beside_their_figures() {
        let mut glyphs = set(&[&[("项目名称", 60.0), ("合计", 205.0)], &[("日常工作经费", 50.0), ("9.79", 210.0)]]);
        glyphs.extend(string("长治市财政局关于", 50.0, 136.0, 90));
        glyphs.extend(string("提前下达的通知", 50.0, 148.0, 91));
        glyphs.extend(string("12.10", 205.0, 142.0, 92));
        let grids = glyphs_to_aligned(&glyphs, 1);
        assert_eq!(texts(&grids[0])[2], ["长治市财政局关于 提前下达的通知", "12.10"]);
    }

    #[test]
    fn a_lone_text_may_be_wider_than_those_it_is_centred_under() {
        // The right panel of a table of revenue and expenditure, the left one at its end.
        let glyphs = set(&[
            &[("项目", 70.0), ("预算数", 145.0), ("项目", 270.0), ("预算数", 375.0)],
            &[("事业收入", 60.0), ("12.00", 150.0), ("国防支出", 260.0), ("3.00", 380.0)],
            &[("资源勘探工业信息支出", 230.0)],
            &[("金融支出", 260.0), ("9.00", 380.0)],
        ]);
        let grids = glyphs_to_aligned(&glyphs, 1);
        assert_eq!((grids.len(), grids[0].rows), (1, 4));
        assert_eq!(texts(&grids[0])[2], ["资源勘探工业信息支出"]);
    }

    #[test]
    fn a_long_label_set_from_the_top_is_in_the_row_of_its_figures() {
        let mut glyphs = set(&[&[("单位名称", 60.0), ("合计", 205.0)], &[("合计", 50.0), ("12.84", 200.0)]]);
        for (text, y) in [("某市医疗保障", 136.0), ("服务行为监测", 148.0), ("中心", 160.0)] {
            glyphs.extend(string(text, 50.0, y, y as u32));
        }
        glyphs.extend(string("9.60", 205.0, 136.0, 200));
        let grids = glyphs_to_aligned(&glyphs, 1);
        assert_eq!(texts(&grids[0])[2], ["某市医疗保障 服务行为监测 中心", "9.60"]);
    }

    #[test]
    fn a_long_text_close_to_its_label_stays_in_the_form() {
        // A form without lines: the label in the middle of its column reaches the text behind it nearly.
        let mut glyphs = set(&[
            &[("项目概况", 75.0), ("动态调整星级", 155.0)],
            &[("立项依据", 75.0), ("管理办法", 155.0)],
            &[],
            &[],
            &[("实施计划", 75.0), ("月底前发放到位", 155.0)],
        ]);
        glyphs.extend(string("保证项目实施的制度、措", 40.0, 139.0, 90));
        glyphs.extend(string("党组织书记星级化管理办法实施细则及其补充规定的通知", 155.0, 145.0, 91));
        glyphs.extend(string("施", 90.0, 151.0, 92));
        let grids = glyphs_to_aligned(&glyphs, 1);
        assert_eq!(grids.len(), 1);
        let long = ["保证项目实施的制度、措 施", "党组织书记星级化管理办法实施细则及其补充规定的通知"];
        assert_eq!(texts(&grids[0])[2], long);
    }

    #[test]
    fn blanks_around_the_figures_of_a_sentence_make_no_columns() {
        let (first, second) = (
            "制检察官工资改革等政策性调整因素和省财政加强预算管",
            "理，将养老金等单位缴费、年终考核奖等年度支出纳入预",
        );
        let glyphs = set(&[
            &[("年相比增加", 50.0), ("3,959.28", 115.0), ("万元，增长22", 170.0), ("％。主要是因为", 245.0)],
            &[(first, 50.0)],
            &[(second, 50.0)],
        ]);
        assert!(glyphs_to_aligned(&glyphs, 1).is_empty());
    }

    #[test]
    fn contents_and_prose_are_no_tables() {
        let contents = set(&[
            &[("一、部门职责", 50.0), ("1", 300.0)],
            &[("二、机构设置", 50.0), ("2", 300.0)],
            &[("三、预算报表", 50.0), ("12", 300.0)],
        ]);
        assert!(glyphs_to_aligned(&contents, 1).is_empty());
        let prose = set(&[
            &[("负责指导各级组织人事制度改革的方针和政策", 70.0)],
            &[("改革；负责全区干部的宏观管理，拟订有关规划", 50.0)],
        ]);
        assert!(glyphs_to_aligned(&prose, 1).is_empty());
    }
}
