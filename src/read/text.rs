//! Text → lines and tab-separated grids.
//!
//! Publishers' portals and converters print a row of a table as one line, its cells parted by tabs, and end a grid
//! with a blank line (at a page break too, in the middle of a table: which grids belong together is the concern of
//! `segment`). Two things with tabs are no tables: the contents list (`第一部分 概况⇥1`) and a lone line with a word
//! at either end (`部门名称：…⇥单位：万元`). They stay lines, with their tab.

mod drawn;
pub mod encoding;
pub(in crate::read) mod furniture;

use std::collections::BTreeMap;

use super::{Block, Document, Grid, GridCell, Line, ReadError, Source};
use crate::base::finding::Finding;
use crate::base::place::Place;
use crate::base::text::is_blank;
use crate::model::{FurnitureKind, GridMethod};

/// No sheet has more columns than this (the limit of spreadsheets); a line that has is no row of a table.
const MOST_COLUMNS: usize = 16_384;
/// A disclosure of a thousand pages has some hundred thousand cells.
const MOST_CELLS: usize = 2_000_000;
/// Page numbers of a contents list.
const MOST_PAGES: u32 = 2_000;

/// Reads a text in UTF-8, UTF-16 or GB18030.
///
/// # Errors
/// Where the bytes are no text, hold nothing but blanks, or are wider or larger than any table.
pub fn read(source: &Source, findings: &mut Vec<Finding>) -> Result<Document, ReadError> {
    let blank = || ReadError { message: "holds nothing but blanks".to_string() };
    // Before anything is decoded: a hundred megabytes of tabs cost nothing.
    if source.bytes.trim_ascii().is_empty() {
        return Err(blank());
    }
    let text = encoding::bytes_to_text(&source.bytes, findings)?;
    let mut lines = text_to_lines(&text);
    refuse_excess(&lines)?;
    let furniture = furniture::lines_to_furniture(&lines);
    restore_stripped_rows(&mut lines, &furniture);
    let blocks = lines_to_blocks(&lines, &furniture);
    if blocks.is_empty() {
        return Err(blank());
    }
    Ok(Document { format: "text".to_string(), pages: Vec::new(), blocks })
}

/// The lines of a text as they stand, by number (the first is 1): for excerpts beside findings.
pub fn printed_lines(bytes: &[u8]) -> Vec<String> {
    let text = encoding::bytes_to_text(bytes, &mut Vec::new()).unwrap_or_default();
    text_to_lines(&text).iter().map(|line| line.text.to_string()).collect()
}

/// A line of the source.
struct SourceLine<'a> {
    /// 1-based.
    number: u32,
    /// Without its line break.
    text: &'a str,
    /// True where a form feed stands before its first character: a new page.
    begins_page: bool,
    kind: LineKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum LineKind {
    Blank,
    /// Nothing but tabs: a row of blank cells where rows stand around it.
    BlankRow,
    Plain,
    /// A tab before or after a character.
    Tabbed,
    /// Bars between cells.
    Drawn,
    /// Drawn between rows, and no text.
    Rule,
}

impl LineKind {
    fn is_row(self) -> bool {
        matches!(self, LineKind::Tabbed | LineKind::Drawn)
    }
}

impl<'a> SourceLine<'a> {
    /// The cells of a row as printed, with the characters before each.
    fn cells(&self) -> Vec<(usize, &'a str)> {
        if self.kind == LineKind::Drawn {
            return drawn::cells(self.text);
        }
        let mut begin = 0;
        let cells = self.text.split('\t').map(|cell| {
            let at = begin;
            begin += cell.chars().count() + 1;
            (at, cell)
        });
        cells.collect()
    }

    fn filled_cells(&self) -> usize {
        self.cells().iter().filter(|(_, cell)| !cell.trim_matches(is_blank).is_empty()).count()
    }
}

fn text_to_lines(text: &str) -> Vec<SourceLine<'_>> {
    // A lone carriage return ends a line only where the text knows no other line break.
    let breaks: fn(char) -> bool = if text.contains('\n') { |c| c == '\n' } else { |c| c == '\r' };
    let mut lines = Vec::new();
    let mut turned = false;
    for (index, line) in text.split(breaks).enumerate() {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let content = line.trim_matches(is_blank);
        let feeds = line.split(content).next().is_some_and(|lead| lead.contains('\u{c}'));
        if content.is_empty() {
            turned |= line.contains('\u{c}');
            let kind = if line.contains('\t') { LineKind::BlankRow } else { LineKind::Blank };
            lines.push(SourceLine { number: number(index), text: "", begins_page: false, kind });
            continue;
        }
        let plain = || if line.contains('\t') { LineKind::Tabbed } else { LineKind::Plain };
        let kind = drawn::kind_of(line).unwrap_or_else(plain);
        lines.push(SourceLine { number: number(index), text: line, begins_page: turned || feeds, kind });
        turned = line.ends_with('\u{c}');
    }
    lines
}

/// Makes rows of the lines that lost their tabs: short words directly below a row of three cells or more, where blank
/// lines part the tables (without them a title below a table would be one).
fn restore_stripped_rows(lines: &mut [SourceLine], furniture: &[Option<FurnitureKind>]) {
    let mut tabbed = lines.iter().filter(|line| line.kind.is_row()).peekable();
    if tabbed.peek().is_none() || tabbed.any(|line| line.kind == LineKind::Drawn || line.text.ends_with('\t')) {
        return;
    }
    let mut width = 0;
    for index in 0..lines.len() {
        let begins =
            index.checked_sub(1).and_then(|before| lines.get(before)).is_none_or(|l| l.kind == LineKind::Blank);
        let is_content = furniture.get(index).is_some_and(Option::is_none);
        let Some(line) = lines.get_mut(index) else { return };
        match line.kind {
            LineKind::Tabbed if begins || width > 0 => width = width.max(width_of(line)),
            LineKind::Plain if width > 2 && is_content && could_be_a_label(line.text) => line.kind = LineKind::Tabbed,
            _ => width = 0,
        }
    }
}

/// Words of a row, no sentence, no note (`注：…`), no line that speaks of a table (`单位：万元`).
fn could_be_a_label(text: &str) -> bool {
    text.chars().count() <= 30 && !text.contains(['。', '；', '：', ':', ';', '，'])
}

fn number(index: usize) -> u32 {
    u32::try_from(index).map_or(u32::MAX, |index| index.saturating_add(1))
}

fn refuse_excess(lines: &[SourceLine]) -> Result<(), ReadError> {
    let mut cells = 0;
    for line in lines.iter().filter(|line| line.kind.is_row()) {
        let width = width_of(line);
        cells += line.filled_cells();
        if width > MOST_COLUMNS {
            let number = line.number;
            return Err(ReadError {
                message: format!(
                    "line {number} has {width} tab-separated cells: no table is wider than {MOST_COLUMNS}"
                ),
            });
        }
        if cells > MOST_CELLS {
            return Err(ReadError { message: format!("has more than {MOST_CELLS} cells: not a disclosure") });
        }
    }
    Ok(())
}

/// Number of cells, blank ones included.
fn width_of(line: &SourceLine) -> usize {
    match line.kind {
        LineKind::Drawn => line.cells().len(),
        _ => line.text.matches('\t').count() + 1,
    }
}

fn lines_to_blocks(lines: &[SourceLine], furniture: &[Option<FurnitureKind>]) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    // Columns of the grid before, where nothing but blanks and furniture came between.
    let mut grid_before: Option<usize> = None;
    let mut index = 0;
    while let Some(line) = lines.get(index) {
        let is_furniture = furniture.get(index).copied().flatten();
        match line.kind {
            LineKind::Blank | LineKind::BlankRow | LineKind::Rule => {}
            LineKind::Plain => {
                blocks.push(Block::Line(line_to_block(line, is_furniture)));
                if is_furniture.is_none() {
                    grid_before = None;
                }
            }
            LineKind::Tabbed | LineKind::Drawn => {
                let rest = lines.get(index + 1..).unwrap_or_default();
                let more = rows_that_follow(rest);
                let run = lines.get(index..=index + more).unwrap_or_default();
                if run_is_grid(run, grid_before) {
                    let grid = run_to_grid(run);
                    grid_before = Some(grid.columns as usize);
                    blocks.push(Block::Grid(grid));
                } else {
                    let filled = run.iter().filter(|line| line.kind.is_row());
                    blocks.extend(filled.map(|line| Block::Line(line_to_block(line, None))));
                    grid_before = None;
                }
                index += more;
            }
        }
        index += 1;
    }
    blocks
}

/// Number of lines that go on with a run of rows; blank rows at its end are none.
fn rows_that_follow(rest: &[SourceLine]) -> usize {
    let goes_on = |kind: LineKind| kind.is_row() || matches!(kind, LineKind::BlankRow | LineKind::Rule);
    let is_row = |line: &&SourceLine| goes_on(line.kind) && !line.begins_page;
    let rows = rest.iter().take_while(is_row).count();
    let run = rest.get(..rows).unwrap_or_default();
    run.iter().rposition(|line| line.kind.is_row()).map_or(0, |last| last + 1)
}

/// Whether tab-separated lines are rows of a table. `grid_before` is the width of a grid that they may continue.
fn run_is_grid(run: &[SourceLine], grid_before: Option<usize>) -> bool {
    let widest = run.iter().map(width_of).max().unwrap_or(0);
    // What is drawn as a table is one, unless it frames a single text.
    if run.iter().any(|line| line.kind == LineKind::Drawn) {
        return widest > 1;
    }
    if grid_before == Some(widest) {
        return true;
    }
    if grid_before.is_none() && is_contents_list(run) {
        return false;
    }
    let most_filled = run.iter().map(SourceLine::filled_cells).max().unwrap_or(0);
    // Indented prose has one filled cell; a lone line with words at its ends has two.
    most_filled > 2 || (most_filled == 2 && run.len() > 1)
}

/// A title and a whole number in every line, the numbers never falling: pages. The header of a table ends in a word.
fn is_contents_list(run: &[SourceLine]) -> bool {
    let mut last = 0;
    run.iter().filter(|line| line.kind == LineKind::Tabbed).all(|line| {
        let mut cells = line.text.split('\t').map(|cell| cell.trim_matches(is_blank)).filter(|cell| !cell.is_empty());
        let (Some(title), Some(page), None) = (cells.next(), cells.next(), cells.next()) else { return false };
        let page =
            page.trim_matches(|c: char| matches!(c, '-' | '—' | '.' | '…' | '(' | ')' | '（' | '）') || is_blank(c));
        let Ok(page) = page.parse::<u32>() else { return false };
        let rises = page >= last;
        last = page;
        rises && (1..=MOST_PAGES).contains(&page) && crate::base::amount::parse_figure(title).is_none()
    })
}

fn line_to_block(line: &SourceLine, furniture: Option<FurnitureKind>) -> Line {
    let (skip, text) = trim(line.text);
    let place = Place::Text { line: line.number, column: number(skip), width: count(text), cell: None };
    Line { text: text.to_string(), place, furniture, style: None }
}

fn run_to_grid(run: &[SourceLine]) -> Grid {
    let spans: BTreeMap<u32, Vec<(usize, usize)>> = run.iter().map(|line| line.number).zip(drawn::spans(run)).collect();
    let rows = drawn::rows(run);
    let mut cells: Vec<GridCell> = Vec::new();
    for (row, lines) in rows.iter().enumerate() {
        let first = cells.len();
        for line in lines {
            let spans = spans.get(&line.number).map_or(&[][..], Vec::as_slice);
            for (at, ((begin, printed), (column, span))) in line.cells().into_iter().zip(spans).enumerate() {
                let (skip, text) = trim(printed);
                let is_wrapped = |cell: &&mut GridCell| lines.len() > 1 && cell.column as usize == *column;
                let wrapped = cells.iter_mut().skip(first).find(is_wrapped);
                match wrapped {
                    _ if text.is_empty() => {}
                    Some(above) => {
                        above.text.push(' ');
                        above.text.push_str(text);
                    }
                    None => {
                        let place = Place::Text {
                            line: line.number,
                            column: number(begin + skip),
                            width: count(text),
                            cell: Some(number(at)),
                        };
                        cells.push(GridCell {
                            row: number(row) - 1,
                            column: number(*column) - 1,
                            row_span: 1,
                            column_span: number(*span) - 1,
                            text: text.to_string(),
                            place,
                        });
                    }
                }
            }
        }
    }
    let columns = run.iter().map(width_of).max().unwrap_or(0);
    let first = run.first();
    let place = Place::Text {
        line: first.map_or(1, |line| line.number),
        column: 1,
        width: first.map_or(0, |line| count(line.text)),
        cell: None,
    };
    Grid {
        method: GridMethod::Delimited,
        rows: number(rows.len()) - 1,
        columns: number(columns) - 1,
        cells,
        place,
        column_edges: Vec::new(),
        has_spans: false,
        short_lines: run.iter().filter(|line| width_of(line) < columns).map(|line| line.number).collect(),
        beside: Vec::new(),
    }
}

/// Characters skipped at the front, and the text without blanks at its ends.
fn trim(text: &str) -> (usize, &str) {
    let begun = text.trim_start_matches(is_blank);
    (text.chars().count() - begun.chars().count(), begun.trim_end_matches(is_blank))
}

fn count(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
pub(in crate::read) mod tests {
    use super::*;

    pub fn read_text(text: &str) -> Document {
        let source =
            Source { name: "t.txt".into(), bytes: std::sync::Arc::new(text.as_bytes().to_vec()), password: None };
        read(&source, &mut Vec::new()).expect("a text")
    }

    pub fn grids(document: &Document) -> Vec<&Grid> {
        document
            .blocks
            .iter()
            .filter_map(|block| if let Block::Grid(grid) = block { Some(grid) } else { None })
            .collect()
    }

    pub fn lines(document: &Document) -> Vec<&str> {
        let line = |block| if let &Block::Line(Line { ref text, .. }) = block { Some(text.as_str()) } else { None };
        document.blocks.iter().filter_map(line).collect()
    }

    #[test]
    fn a_row_is_a_line_of_cells_with_their_places() {
        let document = read_text("2026年预算收支总表\n\n收入\t\t支出\n 税收\t4.50\t其他\t1\n");
        let [grid] = grids(&document)[..] else { panic!("one grid") };
        assert_eq!((grid.rows, grid.columns, grid.has_spans), (2, 4, false));
        let cell = grid.cell_at(1, 1).expect("the amount");
        assert_eq!(cell.text, "4.50");
        assert_eq!(cell.place, Place::Text { line: 4, column: 5, width: 4, cell: Some(2) });
        let label = grid.cell_at(1, 0).expect("the label");
        assert_eq!(label.place, Place::Text { line: 4, column: 2, width: 2, cell: Some(1) });
        assert!(grid.cell_at(0, 1).is_none(), "blank cells are left out");
    }

    #[test]
    fn a_blank_line_or_a_new_page_ends_a_grid() {
        assert_eq!(grids(&read_text("a\tb\tc\n1\t2\t3\n\n\t\t二\n\n4\t5\t6\n")).len(), 3);
        assert_eq!(grids(&read_text("a\tb\tc\n1\t2\t3\n\u{c}4\t5\t6\n")).len(), 2);
    }

    #[test]
    fn a_row_of_blanks_counts_but_holds_nothing() {
        let document = read_text("a\tb\tc\n\t\t\n1\t2\t3\n\t\t\n");
        let shapes: Vec<_> = grids(&document).iter().map(|grid| (grid.rows, grid.cells.len())).collect();
        assert_eq!(shapes, [(3, 6)]);
    }

    #[test]
    fn a_contents_list_is_no_table() {
        let document = read_text("目 录\n第一部分 概况\t1\n一、职责.....\t1\n第二部分 报表\t2\n");
        assert_eq!(lines(&document), ["目 录", "第一部分 概况\t1", "一、职责.....\t1", "第二部分 报表\t2"]);
    }

    #[test]
    fn a_table_of_names_and_counts_is_no_contents_list() {
        assert_eq!(grids(&read_text("项目\t数量\n车辆\t1\n设备\t2\n")).len(), 1);
        assert_eq!(grids(&read_text("车辆\t3\n设备\t2\n")).len(), 1);
        let document = read_text("项目\t数量\n车辆\t1\n\n设备\t2\n");
        assert_eq!(grids(&document).len(), 2, "a row after a page break belongs to the table");
    }

    #[test]
    fn lone_lines_with_a_tab_are_lines() {
        let document = read_text("部门名称：某局\t单位：万元\n\na\tb\tc\n1\t2\t3\n\n\t缩进的一段。\n");
        assert_eq!(lines(&document), ["部门名称：某局\t单位：万元", "缩进的一段。"]);
        assert_eq!(grids(&document).len(), 1);
    }

    #[test]
    fn rows_that_lost_their_blank_cells_stay_rows() {
        let stripped =
            "2026年经费表\n\n项目\t合计\t拨款\n因公出国（境）费\n公务接待费\t1.00\t1.00\n合计\n注：本表无数据\n";
        let document = read_text(stripped);
        assert_eq!(grids(&document).iter().map(|grid| grid.rows).collect::<Vec<_>>(), [4]);
        assert_eq!(lines(&document), ["2026年经费表", "注：本表无数据"]);
        // Rows elsewhere keep their tabs: nothing was stripped, and a line below a row is a title.
        let whole = format!("{stripped}\na\tb\t\n");
        assert!(lines(&read_text(&whole)).contains(&"因公出国（境）费"));
    }

    #[test]
    fn excess_is_refused() {
        let refusal = |text: String| {
            let source = Source { name: "t.txt".into(), bytes: std::sync::Arc::new(text.into_bytes()), password: None };
            read(&source, &mut Vec::new()).err().map(|error| error.message).unwrap_or_default()
        };
        assert_eq!(refusal("\t".repeat(1_000_000)), "holds nothing but blanks");
        assert!(refusal(format!("{}x", "\t".repeat(1_000_000))).contains("1000001 tab-separated cells"));
        assert!(refusal("1\t2\t3\n".repeat(700_000)).contains("more than 2000000 cells"));
    }

    #[test]
    fn old_line_breaks_count_as_lines() {
        let document = read_text("一\r二\r三");
        assert_eq!(document.blocks.last().and_then(|block| block.place().line()), Some(3));
        assert_eq!(lines(&read_text("一\r\n二\r\n")), ["一", "二"]);
    }
}
