//! Which row stands under which: from codes, levels, numbers, and rows that name a body.

use std::collections::BTreeMap;

use super::address::is_counted;
use crate::base::text::{begins_otherwise, is_blank, key};
use crate::model::{Classification, Row, RowRole, Table};

/// Styles of numbering from the outermost in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Style {
    /// 一、
    Chinese,
    /// （一）
    BracketedChinese,
    /// 1. or 1、
    Arabic,
    /// (1)
    BracketedArabic,
    /// ①
    Circled,
}

fn is_chinese_digit(c: char) -> bool {
    matches!(c, '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十')
}

/// Style, value and the rest of a label that begins with a number. Every check asks every row: nothing is copied.
pub fn number_of(label: &str) -> Option<((Style, u32), &str)> {
    let mut drawn = label.char_indices().filter(|(_, c)| !is_blank(*c)).peekable();
    let (at, first) = *drawn.peek()?;
    if let '①'..='⑳' = first {
        return Some((
            (Style::Circled, first as u32 - '①' as u32 + 1),
            label[at + first.len_utf8()..].trim_start_matches(is_blank),
        ));
    }
    let bracketed = drawn.next_if(|(_, c)| matches!(c, '(' | '（')).is_some();
    let is_digit = |c: char| c.is_ascii_digit() || is_chinese_digit(c);
    if !is_digit(drawn.peek()?.1) {
        return None;
    }
    let (from, _) = *drawn.peek()?;
    while drawn.next_if(|(_, c)| is_digit(*c)).is_some() {}
    let (at, end) = drawn.next()?;
    let ends_well = if bracketed { matches!(end, ')' | '）') } else { matches!(end, '、' | '.' | '．') };
    if !ends_well || drawn.next().is_some_and(|(_, c)| c.is_ascii_digit()) {
        return None;
    }
    let digits = || label[from..at].chars().filter(|c| !is_blank(*c));
    let is_chinese = !digits().all(|c| c.is_ascii_digit());
    let value = if is_chinese { chinese_to_number(digits())? } else { arabic_to_number(digits())? };
    let style = match (bracketed, is_chinese) {
        (false, true) => Style::Chinese,
        (true, true) => Style::BracketedChinese,
        (false, false) => Style::Arabic,
        (true, false) => Style::BracketedArabic,
    };
    Some(((style, value), label[at + end.len_utf8()..].trim_start_matches(is_blank)))
}

fn arabic_to_number(mut digits: impl Iterator<Item = char>) -> Option<u32> {
    digits.try_fold(0_u32, |value, digit| value.checked_mul(10)?.checked_add(digit.to_digit(10)?))
}

/// 七 → 7, 十 → 10, 二十三 → 23.
fn chinese_to_number(mut digits: impl Iterator<Item = char>) -> Option<u32> {
    let digit = |c: char| match c {
        '一' => Some(1),
        '二' => Some(2),
        '三' => Some(3),
        '四' => Some(4),
        '五' => Some(5),
        '六' => Some(6),
        '七' => Some(7),
        '八' => Some(8),
        '九' => Some(9),
        _ => None,
    };
    let tens = match digits.next()? {
        '十' => 1,
        first => match (digit(first)?, digits.next()) {
            (value, None) => return Some(value),
            (value, Some('十')) => value,
            _ => return None,
        },
    };
    match (digits.next(), digits.next()) {
        (None | Some('十'), _) => Some(tens * 10),
        (Some(ones), None | Some('十')) => Some(tens * 10 + digit(ones)?),
        _ => None,
    }
}

/// Why a row has the children that it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    Code,
    Number,
    /// Levels that the table states, units, the names of bodies.
    Group,
}

/// How rows without code or number that name a body or a subtotal are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Groups {
    /// One below the other: department, then unit.
    Nested,
    /// Side by side.
    Flat,
    /// Rows like all others: a department that stands under its own name among its units (长春 收入总表).
    Peers,
    /// Not part of the tree.
    Ignored,
}

impl Groups {
    pub const ALL: [Groups; 4] = [Groups::Nested, Groups::Flat, Groups::Peers, Groups::Ignored];
}

/// A forest over rows of a table.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// Rows without a parent, in reading order.
    pub tops: Vec<usize>,
    pub children: BTreeMap<usize, (Basis, Vec<usize>)>,
    /// True where a row's standing was guessed: what does not add up then is no violation.
    pub is_guessed: bool,
    pub has_groups: bool,
}

#[derive(Clone, Debug, PartialEq)]
enum Standing<'t> {
    Group,
    Unit(&'t str),
    Code(Classification, &'t str),
    Level(u8),
    Number(Style),
    /// Without a number, between numbered rows.
    Between,
    Plain,
}

/// A row of the forest with what is asked of it again and again.
struct Known<'t> {
    at: usize,
    row: &'t Row,
    /// Also behind 其中：.
    number: Option<(Style, u32)>,
    is_of_which: bool,
    names_body: bool,
}

/// What the table's rows are known by, decided over all of them.
struct Habits {
    has_codes: bool,
    has_levels: bool,
    has_numbers: bool,
}

/// Builds the forest over these rows (in reading order). `bodies` and `of_which` are keys.
pub fn rows_to_tree(table: &Table, rows: &[usize], bodies: &[String], of_which: &[String], groups: Groups) -> Tree {
    let bodies = if groups == Groups::Peers { &[] } else { bodies };
    let mut rows: Vec<Known> = rows
        .iter()
        .filter_map(|at| Some((*at, table.rows.get(*at)?)))
        .filter(|(_, row)| is_counted(row) && row.role != RowRole::Total)
        .map(|(at, row)| {
            let (number, is_of_which) = number_and_of_which(row, of_which);
            Known { at, row, number, is_of_which, names_body: names_body(row, bodies) }
        })
        .collect();
    // 其中：（1）公务用车购置费 above （2）公务用车运行费 is the first of the parts (Fuzhou, “三公”).
    let is_first_part = |known: &Known, next: Option<&Known>| {
        let next = next.and_then(|next| row_number(next.row));
        matches!((known.number, next), (Some((own, 1)), Some((style, 2))) if own == style)
    };
    let stays = |nth: usize| !rows[nth].is_of_which || is_first_part(&rows[nth], rows.get(nth + 1));
    let staying: Vec<bool> = (0..rows.len()).map(stays).collect();
    let mut staying = staying.into_iter();
    rows.retain(|_| staying.next().unwrap_or(true));
    let is_coded = |known: &Known| known.row.codes.iter().any(|code| !code.is_resolved || known.number.is_none());
    let items = || rows.iter().filter(|known| known.row.role == RowRole::Item && !known.names_body);
    let habits = Habits {
        has_codes: rows.iter().any(is_coded),
        has_levels: items().all(|known| known.row.level.is_some())
            && items().map(|known| known.row.level).collect::<std::collections::BTreeSet<_>>().len() > 1,
        has_numbers: items().any(|known| known.number.is_some()),
    };
    let starts_plain = items().next().is_some_and(|known| known.number.is_none());
    // Rows without a number between numbered ones stand below the number above them (烟台: the funds of 一、财政拨款收入;
    // 深圳: 款 and 项 of 三、卫生健康支出); those after the last number may be its peers.
    // Where the numbers begin anew after such a row, it heads them (the seed: 上年结转, 一、一般公共预算).
    let number_after = |at: usize| items().filter(|next| next.at > at).find_map(|next| next.number);
    let mut tree = Tree::default();
    let mut stack: Vec<(usize, Standing)> = Vec::new();
    let mut previous_was_group = false;
    for known in &rows {
        let (at, row) = (&known.at, known.row);
        let mut standing = row_to_standing(known, &habits);
        let is_group = standing == Standing::Group;
        if is_group {
            tree.has_groups = true;
            if groups == Groups::Ignored {
                continue;
            }
        }
        // The row of the body heads the codes of a table that has no other total (Shenzhen).
        if habits.has_codes && is_group && !known.names_body {
            tree.is_guessed = true;
        }
        if standing == Standing::Plain && habits.has_numbers && !habits.has_codes && !starts_plain {
            match number_after(*at) {
                Some((_, value)) if value > 1 => standing = Standing::Between,
                _ if !row.cells.is_empty() => tree.is_guessed = true,
                _ => {}
            }
        }
        if is_group {
            if !(groups == Groups::Nested && previous_was_group) {
                while let Some((_, top)) = stack.pop() {
                    if top == Standing::Group {
                        break;
                    }
                }
                if groups == Groups::Flat {
                    stack.clear();
                }
            }
        } else {
            while stack.last().is_some_and(|(_, top)| !contains(top, &standing)) {
                stack.pop();
            }
        }
        match stack.last() {
            Some((parent, top)) => {
                let basis = match (top, &standing) {
                    (Standing::Code(..), Standing::Code(..)) => Basis::Code,
                    (_, Standing::Number(_)) => Basis::Number,
                    _ => Basis::Group,
                };
                let entry = tree.children.entry(*parent).or_insert_with(|| (basis, Vec::new()));
                entry.0 = entry.0.max(basis);
                entry.1.push(*at);
            }
            None => tree.tops.push(*at),
        }
        previous_was_group = is_group;
        stack.push((*at, standing));
    }
    tree
}

/// The number printed before the row's label.
pub fn row_number(row: &Row) -> Option<(Style, u32)> {
    number_of(&row.label.as_ref()?.text).map(|(number, _)| number)
}

/// The number of a row, also behind 其中：.
pub fn number_in_list(row: &Row, of_which: &[String]) -> Option<(Style, u32)> {
    number_and_of_which(row, of_which).0
}

/// True for 其中：…, which is counted in the row above. `of_which` are keys.
pub fn is_of_which(row: &Row, of_which: &[String]) -> bool {
    number_and_of_which(row, of_which).1
}

/// Both.
fn number_and_of_which(row: &Row, of_which: &[String]) -> (Option<(Style, u32)>, bool) {
    let Some(label) = &row.label else { return (None, false) };
    let (number, rest) = number_of(&label.text).map_or((None, label.text.as_str()), |(own, rest)| (Some(own), rest));
    if begins_otherwise(rest, of_which) {
        return (number, false);
    }
    let key = key(rest);
    let is_of_which = of_which.iter().any(|word| key.starts_with(word.as_str()));
    let behind = || number_of(label.text.split_once([':', '：'])?.1).map(|(number, _)| number);
    (number.or_else(|| if is_of_which { behind() } else { None }), is_of_which)
}

fn names_body(row: &Row, bodies: &[String]) -> bool {
    !bodies.is_empty() && row.label.as_ref().is_some_and(|label| bodies.contains(&key(&label.text)))
}

fn row_to_standing<'t>(known: &Known<'t>, habits: &Habits) -> Standing<'t> {
    let Known { row, number, .. } = *known;
    if let Some(code) = row.codes.iter().find(|code| !(code.is_resolved && number.is_some())) {
        return match code.classification {
            Classification::Unit => Standing::Unit(&code.code),
            classification => Standing::Code(classification, &code.code),
        };
    }
    if row.role == RowRole::Subtotal || known.names_body {
        return Standing::Group;
    }
    match number {
        Some((style, _)) => Standing::Number(style),
        None if habits.has_codes => Standing::Group,
        None if habits.has_numbers => Standing::Plain,
        None => row.level.filter(|_| habits.has_levels).map_or(Standing::Plain, Standing::Level),
    }
}

fn contains(above: &Standing, below: &Standing) -> bool {
    match (above, below) {
        (Standing::Group, Standing::Group) => false,
        (Standing::Group, _) => true,
        (Standing::Unit(above), Standing::Unit(below)) => above.len() < below.len() && below.starts_with(above),
        (Standing::Unit(_), _) => true,
        (Standing::Code(one, above), Standing::Code(other, below)) => {
            one == other && above.len() < below.len() && below.starts_with(above)
        }
        (Standing::Level(above), Standing::Level(below)) => above < below,
        (Standing::Number(above), Standing::Number(below)) => above < below,
        (Standing::Number(_), Standing::Between) | (Standing::Plain, Standing::Number(_)) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_before_labels() {
        let read = |label: &str| number_of(label).map(|((style, value), rest)| (style, value, rest.to_string()));
        assert_eq!(read("二十三、灾害防治"), Some((Style::Chinese, 23, "灾害防治".into())));
        assert_eq!(read("十、卫生健康支出"), Some((Style::Chinese, 10, "卫生健康支出".into())));
        assert_eq!(read("（一）人员"), Some((Style::BracketedChinese, 1, "人员".into())));
        assert_eq!(read("1. 一般公共预算"), Some((Style::Arabic, 1, "一般公共预算".into())));
        assert_eq!(read("①公务用车购置费"), Some((Style::Circled, 1, "公务用车购置费".into())));
        assert_eq!(read("（省级）长治市"), None);
        assert_eq!(read("1.5倍"), None);
        assert_eq!(read("一般公共服务支出"), None);
        assert_eq!(read(""), None);
    }
}
