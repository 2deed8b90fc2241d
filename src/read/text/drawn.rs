//! Tables drawn in a text: bars between the cells, lines of dashes between the rows.
//!
//! Box-drawing characters (│ ├ ─), their ASCII stand-ins (| + -) and the pipes of Markdown. What is drawn is no text:
//! it says where cells end and is left out.

use super::{LineKind, SourceLine, trim};

/// Dashes from which on a line of them parts rows.
const FEWEST_DASHES: usize = 3;
/// Rules that part at least so many groups of lines stand between all rows: a group is one row, its cells wrapped.
const GROUPS_OF_ROWS: usize = 3;

/// First column and span of each cell of a line.
type Spans = Vec<(usize, usize)>;

fn is_box(c: char) -> bool {
    ('\u{2500}'..='\u{257F}').contains(&c)
}

/// ─ and its kin, drawn from side to side.
fn is_dash(c: char) -> bool {
    matches!(c, '-' | '=' | '─' | '━' | '═' | '┄' | '┅' | '┈' | '┉' | '╌' | '╍')
}

/// Bars and joints: what a line from top to bottom goes through.
fn is_bar(c: char) -> bool {
    is_box(c) && !is_dash(c)
}

/// What a line of a drawn table is, `None` for any other line.
pub(super) fn kind_of(text: &str) -> Option<LineKind> {
    let (_, text) = trim(text);
    let dashes = text.chars().filter(|c| is_dash(*c)).count();
    let has_joint = text.contains(['|', '+']) || text.contains(is_box);
    let is_drawing = |c: char| is_dash(c) || is_bar(c) || matches!(c, '|' | '+' | ':' | ' ' | '\u{3000}');
    if has_joint && dashes >= FEWEST_DASHES && text.chars().all(is_drawing) {
        return Some(LineKind::Rule);
    }
    let has_pipes = text.len() > 1 && text.starts_with('|') && text.ends_with('|');
    (has_pipes || text.chars().filter(|c| is_bar(*c)).count() >= 2).then_some(LineKind::Drawn)
}

/// The cells of a drawn row with the characters before each; the dashes of a rule that ends at a merged cell are none.
pub(super) fn cells(text: &str) -> Vec<(usize, &str)> {
    let is_pipe = trim(text).1.starts_with('|');
    let parts = |c: char| if is_pipe { c == '|' } else { is_bar(c) };
    let mut found = Vec::new();
    let mut begin = 0;
    for cell in text.split(parts) {
        found.push((begin, if cell.chars().any(|c| !is_dash(c)) { cell } else { "" }));
        begin += cell.chars().count() + 1;
    }
    // What stands before the first bar and behind the last is outside of the table where it is blank.
    let is_blank = |cell: Option<&(usize, &str)>| cell.is_some_and(|(_, text)| trim(text).1.is_empty());
    if is_blank(found.last()) {
        found.pop();
    }
    if is_blank(found.first()) {
        found.remove(0);
    }
    found
}

/// Lines of a run by row.
pub(super) fn rows<'r, 'a>(run: &'r [SourceLine<'a>]) -> Vec<Vec<&'r SourceLine<'a>>> {
    let mut groups: Vec<Vec<&SourceLine>> = vec![Vec::new()];
    for line in run {
        let is_partial =
            line.kind == LineKind::Drawn && line.text.chars().filter(|c| is_dash(*c) && is_box(*c)).count() > 0;
        if line.kind != LineKind::Rule
            && let Some(group) = groups.last_mut()
        {
            group.push(line);
        }
        if line.kind == LineKind::Rule || is_partial {
            groups.push(Vec::new());
        }
    }
    groups.retain(|group| !group.is_empty());
    if groups.len() >= GROUPS_OF_ROWS { groups } else { groups.into_iter().flatten().map(|line| vec![line]).collect() }
}

/// The spans of each line. Lines of fewer cells than others hold merged ones, and their bars stand
/// below those of the widest.
pub(super) fn spans(run: &[SourceLine]) -> Vec<Spans> {
    let widths: Vec<usize> = run.iter().map(|line| line.cells().len()).collect();
    let widest = widths.iter().copied().max().unwrap_or(0);
    let one_each = |width: usize| (0..width).map(|column| (column, 1)).collect::<Spans>();
    if run.iter().zip(&widths).all(|(line, width)| line.kind != LineKind::Drawn || *width == widest) {
        return widths.into_iter().map(one_each).collect();
    }
    // The bars themselves are as wide as a letter in some type faces and as a character in others.
    let fits = [2, 1].map(|bar| bars_to_spans(run, &widths, widest, bar));
    let [Some(first), Some(second)] = fits else { return widths.into_iter().map(one_each).collect() };
    let (_, spans) = if second.0 < first.0 { second } else { first };
    spans
}

/// The spans if a bar is `bar` letters wide, and how far bars stand from those of the widest line.
fn bars_to_spans(run: &[SourceLine], widths: &[usize], widest: usize, bar: usize) -> Option<(usize, Vec<Spans>)> {
    let at = widths.iter().position(|width| *width == widest)?;
    let edges = bar_places(run.get(at)?.text, bar);
    let mut off = 0;
    let mut spans = Vec::new();
    for line in run {
        let mut nearest = Vec::new();
        for place in bar_places(line.text, bar) {
            let (edge, distance) =
                edges.iter().map(|edge| edge.abs_diff(place)).enumerate().min_by_key(|(_, distance)| *distance)?;
            off += distance;
            nearest.push(edge);
        }
        let of_line: Spans = nearest.windows(2).map(|pair| (pair[0], pair[1].saturating_sub(pair[0]).max(1))).collect();
        spans.push(if of_line.len() == line.cells().len() {
            of_line
        } else {
            (0..line.cells().len()).map(|column| (column, 1)).collect()
        });
    }
    Some((off, spans))
}

/// Where the bars of a line stand, in letters: a Chinese character is as wide as two.
fn bar_places(text: &str, bar: usize) -> Vec<usize> {
    let is_pipe = trim(text).1.starts_with('|');
    let mut places = Vec::new();
    let mut at = 0;
    for c in text.chars() {
        let ends = if is_pipe { c == '|' } else { is_bar(c) };
        if ends {
            places.push(at);
        }
        at += match c {
            c if is_box(c) => bar,
            '\u{2010}'..='\u{2027}' | '\u{2E80}'..='\u{FFE6}' => 2,
            _ => 1,
        };
    }
    places
}

#[cfg(test)]
mod tests {
    use super::super::tests::{grids, lines, read_text};

    fn rows(text: &str) -> Vec<Vec<String>> {
        let document = read_text(text);
        let [grid] = grids(&document)[..] else { panic!("one grid") };
        let cell = |row, column| grid.cell_at(row, column).map(|cell| cell.text.clone()).unwrap_or_default();
        (0..grid.rows).map(|row| (0..grid.columns).map(|column| cell(row, column)).collect()).collect()
    }

    const ROWS: [[&str; 3]; 3] =
        [["科目编码", "科目名称", "合计"], ["", "合计", "4.50"], ["201", "一般公共服务支出", "4.50"]];

    #[test]
    fn bars_and_rules_of_box_drawing() {
        let text = "支出总表\n┌────┬────────┬──┐\n│科目编码│科目名称        │合计│\n├────┼────────┼──┤\n│        │合计            │4.50│\n├────┼────────┼──┤\n│201     │一般公共服务支出│4.50│\n└────┴────────┴──┘\n注：本表\n";
        assert_eq!(rows(text), ROWS);
        assert_eq!(lines(&read_text(text)), ["支出总表", "注：本表"], "what is drawn is no text");
    }

    #[test]
    fn pipes_of_markdown_and_of_terminals() {
        assert_eq!(
            rows(
                "| 科目编码 | 科目名称 | 合计 |\n|---|:---|---:|\n|  | 合计 | 4.50 |\n| 201 | 一般公共服务支出 | 4.50 |\n"
            ),
            ROWS
        );
        assert_eq!(
            rows(
                "+----+----+----+\n|科目编码|科目名称|合计|\n+----+----+----+\n||合计|4.50|\n|201|一般公共服务支出|4.50|\n+----+----+----+\n"
            ),
            ROWS
        );
    }

    #[test]
    fn places_count_the_characters_of_the_line() {
        let document = read_text("| 项目 | 合计 |\n|---|---|\n| 办公费 | 4.50 |\n| 差旅费 | 1.00 |\n");
        let [grid] = grids(&document)[..] else { panic!("one grid") };
        let amount = grid.cell_at(1, 1).expect("the amount");
        assert_eq!(amount.place, crate::base::place::Place::Text { line: 3, column: 9, width: 4, cell: Some(2) });
    }

    #[test]
    fn a_wrapped_cell_between_rules_is_one() {
        let text = "│项目│合计│拨款│\n├──┼──┼──┤\n│因公出国│1.00│1.00│\n│（境）费│    │    │\n├──┼──┼──┤\n│公务接待│2.00│2.00│\n│费      │    │    │\n└──┴──┴──┘\n";
        assert_eq!(
            rows(text),
            [["项目", "合计", "拨款"], ["因公出国 （境）费", "1.00", "1.00"], ["公务接待 费", "2.00", "2.00"]]
        );
    }

    #[test]
    fn merged_cells_reach_to_the_bars_below() {
        for bar in ["──", "─"] {
            let rule = |joint: &str| format!("├{0}{joint}{0}{joint}{0}┤", bar.repeat(4));
            let text = format!(
                "│  项目  │      支出      │\n{}\n│        │ 合计   │ 拨款   │\n{}\n│办公费  │ 4.50   │ 4.50   │\n{}\n",
                rule("┬"),
                rule("┼"),
                rule("┴")
            );
            let document = read_text(&text);
            let [grid] = grids(&document)[..] else { panic!("one grid") };
            assert_eq!((grid.rows, grid.columns), (3, 3));
            let heading = grid.cell_at(0, 1).expect("the heading");
            assert_eq!((heading.text.as_str(), heading.column_span), ("支出", 2));
            assert_eq!(grid.cell_at(2, 2).map(|cell| cell.text.as_str()), Some("4.50"));
        }
    }

    #[test]
    fn dashes_and_bars_of_sentences_are_none() {
        let text = "——————\n本单位有甲|乙两处。\n-----\n2026年｜部门预算\n";
        assert_eq!(lines(&read_text(text)).len(), 4);
    }
}
