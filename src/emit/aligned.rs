//! Columns of text that line up on a terminal, where a Chinese character is two columns wide.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Between two columns.
const GAP: &str = "  ";

/// Which end of a cell stands on the column's edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    Left,
    Right,
}

/// Lays rows out in columns no wider than `widest`; a longer text ends in `…`. Columns without any text vanish.
pub fn rows_to_text(rows: &[Vec<String>], align: &[Align], widest: usize) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..count)
        .map(|column| {
            rows.iter().filter_map(|row| row.get(column)).map(|text| text.width().min(widest)).max().unwrap_or(0)
        })
        .collect();
    let mut out = String::new();
    for row in rows {
        let cells = widths.iter().enumerate().filter(|(_, width)| **width > 0).map(|(column, width)| {
            let text = shorten(row.get(column).map_or("", String::as_str), widest);
            let blanks = " ".repeat(width.saturating_sub(text.width()));
            if align.get(column) == Some(&Align::Right) { blanks + &text } else { text + &blanks }
        });
        out.push_str(cells.collect::<Vec<_>>().join(GAP).trim_end());
        out.push('\n');
    }
    out
}

/// The text, or as much of it as fits before a `…`.
pub fn shorten(text: &str, widest: usize) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.width() <= widest {
        return text;
    }
    let mut width = 1;
    let fits = |c: &char| {
        width += c.width().unwrap_or(0);
        width <= widest
    };
    let mut short: String = text.chars().take_while(fits).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_and_figures_line_up() {
        let rows = [["合计", "5519.38"], ["行政运行", "99.46"], ["a", ""]].map(|row| row.map(String::from).to_vec());
        let text = rows_to_text(&rows, &[Align::Left, Align::Right], 20);
        assert_eq!(text, "合计      5519.38\n行政运行    99.46\na\n");
    }

    #[test]
    fn long_texts_end_in_an_ellipsis_within_the_width() {
        assert_eq!(shorten("机关事业单位", 7), "机关事…");
        assert_eq!(shorten("机关", 4), "机关");
        assert_eq!(shorten("机\t关", 9), "机 关");
    }

    #[test]
    fn columns_without_text_vanish() {
        let rows = [["a", "", "b"], ["", "", "c"]].map(|row| row.map(String::from).to_vec());
        assert_eq!(rows_to_text(&rows, &[], 20), "a  b\n   c\n");
    }
}
