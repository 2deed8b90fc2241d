//! Header rows and their spans. Where a format has no spans, blanks right of and below a header cell are merged
//! cells; the columns below tell how far.

use crate::base::amount::parse_figure;
use crate::base::text::{as_key, begins_otherwise, key, squash};
use crate::read::GridCell;
use crate::spec::segmentation::Segmentation;

use super::numbering::{Style, number_of};
use super::outline::RawCell;
use super::sheet::{Sheet, is_empty};

/// No header is deeper; what is merged further down is a form (北京, 部门整体支出绩效目标表).
const DEEPEST_HEADER: u32 = 6;

/// How many rows at the top of a sheet are its header; 0 for a form.
pub fn header_depth(sheet: &Sheet, is_form: bool, vocabulary: &Segmentation) -> u32 {
    if is_form {
        return 0;
    }
    let first = (0..sheet.rows).find(|row| !sheet.is_blank_row(*row)).unwrap_or(sheet.rows);
    if first >= sheet.rows || is_body_row(sheet, first, vocabulary) {
        return 0;
    }
    let mut depth = closed(sheet, first + 1);
    if (first..depth).any(|row| is_body_row(sheet, row, vocabulary)) {
        // A cell that reaches from the header down over figures names a side: no header to cut off.
        return (first..depth).find(|row| is_body_row(sheet, *row, vocabulary)).unwrap_or(0);
    }
    while depth < sheet.rows && !is_body_row(sheet, depth, vocabulary) && divides(sheet, depth) {
        depth = closed(sheet, depth + 1);
    }
    if depth - first > DEEPEST_HEADER { 0 } else { depth }
}

/// The least depth from `depth` on that cuts no cell.
fn closed(sheet: &Sheet, depth: u32) -> u32 {
    let mut depth = depth;
    loop {
        let reach = sheet
            .cells
            .iter()
            .filter(|cell| cell.row < depth && !is_empty(cell))
            .map(|cell| cell.row.saturating_add(cell.row_span).min(sheet.rows))
            .max()
            .unwrap_or(depth);
        if reach <= depth {
            return depth;
        }
        depth = reach;
    }
}

/// True where row `row` says more precisely what the row above says of several columns.
fn divides(sheet: &Sheet, row: u32) -> bool {
    let Some(above) = row.checked_sub(1) else { return false };
    sheet.row(row).any(|cell| {
        if !(0..above + 1).any(|row| sheet.has_text(row, cell.column)) {
            // Nothing stands over this column: it is part of a group that began left of it.
            return true;
        }
        sheet.at(above, cell.column).is_some_and(|group| {
            let columns = group.column..group.column + group.column_span.max(blank_run(sheet, group));
            columns.len() > 1 && sheet.row(row).filter(|cell| columns.contains(&cell.column)).count() > 1
        })
    })
}

/// How many columns a cell reaches when blank cells right of it belong to it, or cells that repeat it: tables saved
/// from spreadsheets print the text of a merged cell in each of its columns.
fn blank_run(sheet: &Sheet, cell: &GridCell) -> u32 {
    let start = cell.column + cell.column_span;
    let text = key(&cell.text);
    let repeats = |column: u32| sheet.at(cell.row, column).is_some_and(|other| key(&other.text) == text);
    let is_blank = |column: u32| !(0..=cell.row).any(|row| sheet.has_text(row, column));
    let blanks = (start..sheet.columns).take_while(|column| is_blank(*column) || repeats(*column)).count();
    cell.column_span + blanks as u32
}

/// A row of figures, codes, column numbers, totals or numbered lines: content, not header.
pub fn is_body_row(sheet: &Sheet, row: u32, vocabulary: &Segmentation) -> bool {
    let cells: Vec<&GridCell> = sheet.row(row).collect();
    let Some(first) = cells.first() else { return false };
    if cells.iter().any(|cell| is_value(&cell.text)) {
        return true;
    }
    let first_key = key(&first.text);
    if vocabulary.column_number_labels.contains(&first_key) && first.row_span == 1 && cells.len() > 2 {
        // 行次 heads a column, 栏次 heads a row of numbers: with no number in sight it is a header.
        return false;
    }
    // 合计 with figures or blanks beside it; with words beside it, it heads a column (合计, 基本支出, 项目支出).
    if vocabulary.total_labels.contains(&first_key) && cells.len() == 1 {
        return true;
    }
    first.column == 0
        && number_of(&first.text).is_some_and(|number| {
            matches!(number.style, Style::Chinese | Style::BracketedChinese | Style::Arabic | Style::Circled)
        })
}

/// A figure, a share, a code, or a code with its name (`2010801-行政运行`, `[2210203]购房补贴`).
fn is_value(text: &str) -> bool {
    let plain = squash(text);
    if plain.is_empty() {
        return false;
    }
    let figure = plain.trim_end_matches(['%', '％']);
    if parse_figure(figure).is_some() || plain == "**" {
        return true;
    }
    let code = plain.trim_start_matches(['[', '［', '【']);
    let digits = code.bytes().take_while(u8::is_ascii_digit).count();
    let after = code.get(digits..).and_then(|rest| rest.chars().next());
    digits >= 3 && matches!(after, Some('-' | '－' | ']' | '］' | '】')) || digits >= 5
}

/// Labels and values in no fixed columns: at least two of the first rows begin with a label of forms.
///
/// Under a caption of forms one label is enough: the page may end after it (福州).
pub fn is_form(sheet: &Sheet, caption: Option<&str>, vocabulary: &Segmentation) -> bool {
    let firsts = (0..sheet.rows.min(8)).filter_map(|row| sheet.row(row).next().filter(|cell| cell.column == 0));
    let known = &vocabulary.form_labels;
    let labels = firsts.filter(|cell| !begins_otherwise(&cell.text, known)).map(|cell| form_label(&cell.text));
    let mut labels = labels.filter(|label| known.contains(label));
    let Some(label) = labels.next() else { return false };
    if labels.any(|other| other != label) {
        return true;
    }
    let is_captioned = caption.is_some_and(|caption| {
        let title = key(caption);
        vocabulary.form_captions.iter().any(|ending| super::label::title_stem(&title).ends_with(ending.as_str()))
    });
    let first_cells = (0..sheet.rows).map(|row| sheet.row(row).len()).find(|count| *count > 0).unwrap_or(0);
    is_captioned && first_cells <= 4
}

/// A label without colon and brackets at its end: `项目资金 (元)`, `负责人:`.
pub fn form_label(text: &str) -> String {
    let whole = as_key(text);
    let label = whole.trim_end_matches(':');
    match label.rfind('(').filter(|_| label.ends_with(')')) {
        Some(open) if open > 0 => {
            let stem = label.get(..open).unwrap_or(label);
            if stem.is_empty() { label.to_string() } else { stem.to_string() }
        }
        _ => label.to_string(),
    }
}

/// The header cells with their spans.
pub fn header_cells(sheet: &Sheet, depth: u32, vocabulary: &Segmentation) -> Vec<RawCell> {
    let mut cells: Vec<RawCell> = sheet
        .cells
        .iter()
        .filter(|cell| cell.row < depth && !is_empty(cell))
        .map(|cell| RawCell {
            row: cell.row,
            column: cell.column,
            row_span: cell.row_span.min(depth - cell.row).max(1),
            column_span: cell.column_span,
            text: cell.text.clone(),
            place: cell.place.clone(),
        })
        .collect();
    cells.sort_by_key(|cell| (cell.row, cell.column));
    widen(&mut cells, depth, sheet.columns);
    shift_short_groups(&mut cells, vocabulary);
    cells
}

/// Gives every blank place of the header to the cell left of it or above it.
fn widen(cells: &mut [RawCell], depth: u32, columns: u32) {
    let mut cover: Vec<Vec<Option<usize>>> = vec![vec![None; columns as usize]; depth as usize];
    for (at, cell) in cells.iter().enumerate() {
        for row in cell.row..cell.row + cell.row_span {
            for column in cell.column..cell.column + cell.column_span {
                if let Some(slot) = cover.get_mut(row as usize).and_then(|row| row.get_mut(column as usize)) {
                    *slot = Some(at);
                }
            }
        }
    }
    let starts: Vec<u32> = cells.iter().map(|cell| cell.column).collect();
    let get = |cover: &Vec<Vec<Option<usize>>>, row: u32, column: u32| -> Option<usize> {
        *cover.get(row as usize)?.get(column as usize)?
    };
    for row in 0..depth {
        for column in 0..columns {
            if get(&cover, row, column).is_some() {
                continue;
            }
            let above = row.checked_sub(1).and_then(|row| get(&cover, row, column));
            let left = column.checked_sub(1).and_then(|column| get(&cover, row, column));
            let owner = match (above, left) {
                // A cell reaches down from its own first column, and from there over its width.
                (Some(above), _) if starts.get(above) == Some(&column) => Some(above),
                (Some(above), Some(left)) if above == left => Some(above),
                (Some(above), None) => Some(above),
                (_, left) => left,
            };
            if let Some(slot) = cover.get_mut(row as usize).and_then(|row| row.get_mut(column as usize)) {
                *slot = owner;
            }
        }
    }
    for (at, cell) in cells.iter_mut().enumerate() {
        let width = (cell.column..columns).take_while(|column| get(&cover, cell.row, *column) == Some(at)).count();
        cell.column_span = (width as u32).max(cell.column_span);
        let full =
            |row: u32| (cell.column..cell.column + cell.column_span).all(|column| get(&cover, row, column) == Some(at));
        let height = (cell.row..depth).take_while(|row| full(*row)).count();
        cell.row_span = (height as u32).max(cell.row_span);
    }
}

/// A group of columns begins with the column that names its rows. Where a converter dropped a merged cell, the
/// group begins too far left, over the last amounts of the group before: it goes right to its own first label.
/// (Seed, 国有资本经营预算收支预算表: revenue has three columns and two cells.)
fn shift_short_groups(cells: &mut [RawCell], vocabulary: &Segmentation) {
    let is_label = |text: &str| vocabulary.label_headers.contains(&key(text));
    let below: Vec<(u32, u32, bool)> =
        cells.iter().filter(|cell| cell.row > 0).map(|c| (c.row, c.column, is_label(&c.text))).collect();
    let leaf_is_label = |column: u32| below.iter().any(|(_, at, label)| *at == column && *label);
    let groups: Vec<usize> = (0..cells.len())
        .filter(|at| cells.get(*at).is_some_and(|cell| cell.row == 0 && cell.column_span > 1))
        .collect();
    let first_is_labelled = groups.first().and_then(|at| cells.get(*at)).is_some_and(|cell| leaf_is_label(cell.column));
    if !first_is_labelled {
        return;
    }
    for pair in groups.windows(2) {
        let [before, group] = *pair else { continue };
        let (Some(left), Some(cell)) = (cells.get(before), cells.get(group)) else { continue };
        if leaf_is_label(cell.column) || left.column + left.column_span != cell.column {
            continue;
        }
        let end = cell.column + cell.column_span;
        let Some(start) = (cell.column + 1..end.min(cell.column + 3)).find(|column| leaf_is_label(*column)) else {
            continue;
        };
        let shift = start - cell.column;
        if let Some(cell) = cells.get_mut(group) {
            cell.column = start;
            cell.column_span -= shift;
        }
        if let Some(left) = cells.get_mut(before) {
            left.column_span += shift;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::fixture::sheet;
    use crate::spec::SpecFiles;

    fn vocabulary() -> Segmentation {
        Segmentation::load(&SpecFiles::builtin()).expect("the built-in file is sound")
    }

    /// Row, column, row span, column span, text.
    type Shape = (u32, u32, u32, u32, String);

    fn header(text: &str) -> (u32, Vec<Shape>) {
        let sheet = sheet(text);
        let depth = header_depth(&sheet, is_form(&sheet, None, &vocabulary()), &vocabulary());
        let cells = header_cells(&sheet, depth, &vocabulary());
        (depth, cells.into_iter().map(|c| (c.row, c.column, c.row_span, c.column_span, c.text)).collect())
    }

    #[test]
    fn groups_and_leaves_of_delimited_text() {
        let (depth, cells) = header(
            "项目||本年收入||上年结转\n科目编码|科目名称|合计|单位资金|\n合计||4722.97||796.41\n201|一般公共服务支出|1.00||",
        );
        assert_eq!(depth, 2);
        let shape: Vec<_> = cells.iter().map(|(r, c, rs, cs, t)| (*r, *c, *rs, *cs, t.as_str())).collect();
        assert_eq!(
            shape,
            [
                (0, 0, 1, 2, "项目"),
                (0, 2, 1, 2, "本年收入"),
                (0, 4, 2, 1, "上年结转"),
                (1, 0, 1, 1, "科目编码"),
                (1, 1, 1, 1, "科目名称"),
                (1, 2, 1, 1, "合计"),
                (1, 3, 1, 1, "单位资金"),
            ]
        );
    }

    #[test]
    fn merged_cells_that_are_printed_in_each_column() {
        let (depth, cells) = header("收入|收入|支出|支出\n项目|金额|项目|金额\n一、拨款|1.00|一、外交支出|");
        assert_eq!(depth, 2);
        assert_eq!(cells.len(), 8, "each is kept with its place");
    }

    #[test]
    fn three_rows_of_header() {
        let (depth, cells) = header(
            "收入||支出|||\n项目|金额|项目|金额||\n|||小计|一般公共预算|政府性基金预算\n一、一般公共预算|1.00|一、外交支出|||",
        );
        assert_eq!(depth, 3);
        let find = |text: &str| cells.iter().find(|cell| cell.4 == text).map(|c| (c.0, c.1, c.2, c.3));
        assert_eq!(find("支出"), Some((0, 2, 1, 4)));
        assert_eq!(find("小计"), Some((2, 3, 1, 1)));
        // The first 金额 reaches down two rows.
        assert_eq!(cells.iter().find(|c| c.4 == "金额").map(|c| (c.1, c.2)), Some((1, 2)));
    }

    #[test]
    fn a_table_without_figures_keeps_its_rows() {
        assert_eq!(header("科目编码|科目名称|合计|基本支出|项目支出\n合计||||").0, 1);
        assert_eq!(
            header("项目|2026年预算数||\n|合计|一般公共预算|政府性基金预算\n因公出国（境）费|||\n公务接待费|||").0,
            2
        );
        assert_eq!(header("合计|基本支出|项目支出\n12.00|2.00|10.00").0, 1);
        assert_eq!(header("项目||政府性基金收入预算\n收入科目编码|科目名称|\n合计||").0, 2);
    }

    #[test]
    fn numbers_of_columns_are_no_header() {
        let text = "项目名称|合计|2026年财政拨款||单位资金\n||一般公共预算|政府性基金预算|\n1|2|3|4|5\n甲|1.00|1.00||";
        assert_eq!(header(text).0, 2);
    }

    #[test]
    fn a_group_that_is_short_by_a_merged_cell_goes_to_its_label() {
        let (depth, cells) = header(
            "国有资本经营预算收入||国有资本经营预算支出|||||\n项目||国有资本经营收入预算|科目编码|科目名称|合计|基本支出|项目支出\n收入科目编码|科目名称||||||\n合计|||||||",
        );
        assert_eq!(depth, 3);
        assert_eq!((cells[0].1, cells[0].3), (0, 3));
        assert_eq!((cells[1].1, cells[1].3), (3, 5));
    }

    #[test]
    fn forms_have_no_header() {
        let text = "项目名称||甲工程||\n主管部门及代码||007-甲局|实施单位|甲局\n项目属性||一次性项目||";
        assert_eq!(header(text).0, 0);
    }
}
