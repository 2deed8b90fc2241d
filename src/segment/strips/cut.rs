//! Text that the edge of a page cuts: each page draws the characters that it shows, the cut one on both.

use crate::read::{Grid, Line};

use super::{TOLERANCE, bbox};

/// True where a line runs up to the right edge of its page's grid and another begins at the left edge of the next.
pub fn is_cut(head: &Line, grid: &Grid, tail: &Line, next: &Grid) -> bool {
    let (Some(head_box), Some(grid), Some(tail_box), Some(next)) =
        (bbox(&head.place), bbox(&grid.place), bbox(&tail.place), bbox(&next.place))
    else {
        return false;
    };
    let size = head.style.map_or(head_box[3] - head_box[1], |style| style.size);
    head_box[2] > grid[2] - size && tail_box[0] < next[0] + TOLERANCE
}

/// The longest end of the first text that begins the second, in bytes of the second; `None` where there is none.
pub fn shared(head: &str, tail: &str) -> Option<usize> {
    let mut ends = tail.char_indices().map(|(at, character)| at + character.len_utf8()).rev();
    ends.find(|end| tail.get(..*end).is_some_and(|start| head.ends_with(start)))
}

/// Both as one text, what both show once.
pub fn joined(head: &str, tail: &str) -> String {
    let (head, tail) = (head.trim(), tail.trim());
    format!("{head}{}", tail.get(shared(head, tail).unwrap_or(0)..).unwrap_or(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_both_pages_show_stands_once() {
        assert_eq!(joined("甲县林业局2024", "局2024年部门收支总表"), "甲县林业局2024年部门收支总表");
        assert_eq!(joined("部", "部门收入总表"), "部门收入总表");
        assert_eq!(joined("本年收入", "本年收入"), "本年收入");
        assert_eq!(joined("部门收", "支总表"), "部门收支总表");
    }
}
