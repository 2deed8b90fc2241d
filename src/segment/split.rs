//! A grid may hold its own caption in its first rows (Beijing: mark, title and unit are ruled cells), notes in its
//! last, and the tail of one table above the head of the next (Jiangsu 2017). One sheet for each table.

use std::borrow::Cow;

use crate::base::place::{Place, Printed};
use crate::read::Grid;
use crate::spec::segmentation::Segmentation;

use super::label::{Kind, Label, labels_of, says_nothing};
use super::sheet::Sheet;

/// No banner has more cells.
const MOST_CELLS: usize = 4;

/// Cuts a grid where a caption stands in it.
pub fn grid_to_sheets(grid: Grid, vocabulary: &Segmentation) -> Vec<Sheet> {
    let whole = Sheet::of_grid(grid);
    let banners: Vec<Option<Vec<Label>>> = (0..whole.rows).map(|row| banner(&whole, row, vocabulary)).collect();
    let is_banner = |row: u32| banners.get(row as usize).is_some_and(Option::is_some);
    let mut starts = vec![0];
    let mut row = 1;
    while row < whole.rows {
        let end = (row..whole.rows).find(|row| !is_banner(*row)).unwrap_or(whole.rows);
        let labels: Vec<&Label> = (row..end).filter_map(|row| banners.get(row as usize)?.as_ref()).flatten().collect();
        let has = |kind: Kind| labels.iter().any(|label| label.kind == kind);
        let has_content = |row: u32| !is_banner(row) && !whole.is_blank_row(row);
        let after_head = starts.last().is_some_and(|start| (*start..row).any(has_content));
        // A title alone may be a row of the table; with its mark, unit or body beside it, it begins another one.
        let begins = has(Kind::Caption) && (has(Kind::Mark) || has(Kind::Unit) || has(Kind::Body));
        if begins && after_head && end < whole.rows {
            starts.push(row);
        }
        row = end.max(row + 1);
    }
    if starts.len() == 1 {
        let banner = |_: &Sheet, row: u32| banners.get(row as usize).cloned().flatten();
        return vec![piece(whole, banner)];
    }
    starts.push(whole.rows);
    let banner = |sheet: &Sheet, row: u32| banner(sheet, row, vocabulary);
    starts.windows(2).map(|at| piece(whole.clone().cut(at[0], at[1]), banner)).collect()
}

/// The sheet, banners above and notes below taken off.
fn piece(all: Sheet, banner: impl Fn(&Sheet, u32) -> Option<Vec<Label>>) -> Sheet {
    let mut above = Vec::new();
    let mut top = 0;
    while top < all.rows {
        match banner(&all, top) {
            Some(labels) if !labels.iter().any(|label| label.kind == Kind::Note) => above.extend(labels),
            _ if all.is_blank_row(top) && all.closes(top + 1) => {}
            _ => break,
        }
        top += 1;
    }
    let mut below: Vec<Printed> = Vec::new();
    let mut bottom = all.rows;
    while bottom > top + 1 {
        match banner(&all, bottom - 1) {
            Some(labels) if labels.iter().all(|label| label.kind == Kind::Note) => {
                below.splice(0..0, labels.into_iter().map(|label| label.printed));
            }
            _ => break,
        }
        bottom -= 1;
    }
    if top >= all.rows {
        // Nothing but banners or blanks: a frame around a title. It stays a table of its own.
        return all;
    }
    let mut sheet = all.cut(top, bottom);
    sheet.above = above;
    sheet.below = below;
    sheet
}

/// What a row says if it says nothing but caption, mark, unit, body or note: few cells, no cell reaching below.
fn banner(sheet: &Sheet, row: u32, vocabulary: &Segmentation) -> Option<Vec<Label>> {
    let few = (1..=MOST_CELLS).contains(&sheet.row(row).count());
    if !few || sheet.row(row).any(|cell| cell.row_span > 1) {
        return None;
    }
    if (0..sheet.columns).any(|column| sheet.at(row, column).is_some_and(|cell| cell.row < row)) {
        return None;
    }
    let announces = |text: &str| text.ends_with([':', '：']);
    // Nearly every row is told by its first cell.
    if sheet.row(row).take(1).any(|first| !announces(&first.text) && says_nothing(&first.text, vocabulary)) {
        return None;
    }
    let cells: Vec<_> = sheet.row(row).collect();
    // What a colon announces may stand in the next cell: 单位： | 万元.
    let mut said: Vec<(Cow<str>, &Place)> = Vec::new();
    for cell in &cells {
        match said.last_mut().filter(|(text, _)| announces(text)) {
            Some((text, _)) => *text = format!("{text}\t{}", cell.text).into(),
            None => said.push((cell.text.as_str().into(), &cell.place)),
        }
    }
    let mut labels: Vec<Label> = Vec::new();
    for (text, place) in said {
        if says_nothing(&text, vocabulary) {
            return None;
        }
        labels.extend(labels_of(&text, place, vocabulary));
    }
    if labels.iter().any(|label| label.kind == Kind::Other) {
        return None;
    }
    let is_alone = cells.len() == 1;
    // A title in a row of its own reaches over the columns; in delimited text nothing tells.
    let widest = cells.iter().map(|cell| cell.column_span).max().unwrap_or(1);
    let is_wide = if sheet.has_spans { widest * 2 > sheet.columns } else { is_alone };
    let speaks = labels.iter().all(|label| match label.kind {
        // A list of tables (报表目录) has titles in a column, a table has its own over the columns.
        Kind::Caption | Kind::Note => is_wide,
        Kind::Subtitle => is_alone || is_wide,
        Kind::Unit | Kind::Mark | Kind::Body => true,
        Kind::Other => false,
    });
    speaks.then_some(labels)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::GridMethod;
    use crate::read::GridCell;
    use crate::spec::SpecFiles;

    /// Rows of `(column, span, text)`.
    fn ruled(columns: u32, rows: &[&[(u32, u32, &str)]]) -> Grid {
        let place = Place::Page { page: 1, bbox: [0.0, 0.0, 500.0, 500.0] };
        let cells = rows.iter().enumerate().flat_map(|(row, cells)| {
            let place = place.clone();
            cells.iter().map(move |(column, span, text)| GridCell {
                row: row as u32,
                column: *column,
                row_span: 1,
                column_span: *span,
                text: (*text).to_string(),
                place: place.clone(),
            })
        });
        Grid {
            method: GridMethod::Ruled,
            rows: rows.len() as u32,
            columns,
            cells: cells.collect(),
            place: place.clone(),
            column_edges: Vec::new(),
            has_spans: true,
            short_lines: Vec::new(),
            beside: Vec::new(),
        }
    }

    #[test]
    fn caption_and_unit_in_the_first_rows() {
        let vocabulary = Segmentation::load(&SpecFiles::builtin()).expect("the built-in file is sound");
        let grid = ruled(
            2,
            &[&[(0, 2, "预算01表 收支总表")], &[(0, 2, "金额单位：万元")], &[(0, 1, "项目"), (1, 1, "预算数")]],
        );
        let sheets = grid_to_sheets(grid, &vocabulary);
        assert_eq!(sheets.len(), 1);
        let kinds: Vec<_> = sheets[0].above.iter().map(|label| label.kind).collect();
        assert_eq!(kinds, [Kind::Mark, Kind::Caption, Kind::Unit]);
        assert_eq!(sheets[0].rows, 1);
    }

    #[test]
    fn tail_and_head_of_two_tables_are_parted() {
        let vocabulary = Segmentation::load(&SpecFiles::builtin()).expect("the built-in file is sound");
        let grid = ruled(
            2,
            &[
                &[(0, 1, "支出总计"), (1, 1, "12.00")],
                &[(0, 2, "公开02表")],
                &[(0, 2, "收入预算总表")],
                &[(0, 1, "部门：甲局"), (1, 1, "单位：万元")],
                &[(0, 1, "项目"), (1, 1, "金额")],
                &[(0, 1, "合计"), (1, 1, "12.00")],
            ],
        );
        let sheets = grid_to_sheets(grid, &vocabulary);
        assert_eq!(sheets.iter().map(|sheet| sheet.rows).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(sheets[1].above.len(), 4);
    }

    #[test]
    fn a_project_whose_name_ends_like_a_title_does_not_part_a_table() {
        let vocabulary = Segmentation::load(&SpecFiles::builtin()).expect("the built-in file is sound");
        let grid = ruled(
            2,
            &[&[(0, 1, "项目名称"), (1, 1, "金额")], &[(0, 2, "政府购买服务清单")], &[(0, 1, "其他"), (1, 1, "12.00")]],
        );
        assert_eq!(grid_to_sheets(grid, &vocabulary).len(), 1);
    }
}
