//! A line of the source with marks under the part that a finding is about.

use unicode_width::UnicodeWidthChar;

/// Columns of a terminal that an excerpt may take.
const WIDEST: usize = 96;
/// Columns kept before the marked part where the line is too long.
const LEAD: usize = 24;

/// Draws `text` and, below it, `mark` under the `length` characters from 1-based character `column` on.
///
/// Returns the two lines. A tab shows as three blanks; a long line is cut around the mark.
pub fn underline(text: &str, column: u32, length: u32, mark: char) -> (String, String) {
    let start = (column.saturating_sub(1)) as usize;
    let end = start + (length.max(1)) as usize;
    let shown: Vec<(String, usize)> = text.chars().map(shown).collect();
    let width = |range: &[(String, usize)]| range.iter().map(|(_, width)| width).sum::<usize>();

    // Leave out characters at the front until the mark begins at LEAD columns or the rest fits.
    let mut first = 0;
    while first < start
        && width(shown.get(first..).unwrap_or_default()) > WIDEST
        && width(shown.get(first..start).unwrap_or_default()) > LEAD
    {
        first += 1;
    }
    let mut line = String::new();
    let mut marks = String::new();
    let mut taken = 0;
    if first > 0 {
        line.push('…');
        marks.push(' ');
        taken += 1;
    }
    for (index, (character, width)) in shown.iter().enumerate().skip(first) {
        if taken + width > WIDEST {
            line.push('…');
            break;
        }
        taken += width;
        line.push_str(character);
        let under = if (start..end).contains(&index) { mark } else { ' ' };
        marks.extend(std::iter::repeat_n(under, *width));
    }
    if !marks.contains(mark) {
        marks.push(mark);
    }
    (line.trim_end().to_string(), marks.trim_end().to_string())
}

fn shown(c: char) -> (String, usize) {
    match c {
        '\t' => ("   ".to_string(), 3),
        c if c.is_control() => (" ".to_string(), 1),
        c => (c.to_string(), c.width().unwrap_or(0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_stand_under_chinese_characters() {
        let (line, marks) = underline("经费\t627.00\t627.00", 4, 6, '^');
        assert_eq!(line, "经费   627.00   627.00");
        assert_eq!(marks, "       ^^^^^^");
        assert_eq!(underline("合计数", 2, 2, '-').1, "  ----");
    }

    #[test]
    fn long_lines_are_cut_around_the_mark() {
        let text = format!("{}下降4.79%{}", "一".repeat(100), "二".repeat(100));
        let (line, marks) = underline(&text, 103, 4, '^');
        assert!(line.starts_with('…') && line.ends_with('…'), "{line}");
        let lead: usize =
            line.split("4.79").next().expect("a lead").chars().map(|c| if c == '…' { 1 } else { 2 }).sum();
        assert_eq!(marks, format!("{}^^^^", " ".repeat(lead)));
    }

    #[test]
    fn places_beyond_the_line_still_show_a_mark() {
        assert_eq!(underline("短", 40, 3, '^').1, "  ^");
        assert_eq!(underline("", 0, 0, '^').1, "^");
    }
}
