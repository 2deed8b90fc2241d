//! The contents list (目录): what the document announces. A checklist, never a source of captions.

use crate::base::place::{Place, Printed};
use crate::base::text::{is_blank, key};
use crate::model::ContentsEntry;
use crate::read::{Grid, Line};
use crate::spec::segmentation::Segmentation;

use super::items::{Content, Item};
use super::label::is_title;
use super::numbering::{Number, Style, number_of};
use super::sheet::{Sheet, join_places};

/// How far from the beginning the title 目录 may stand.
const FIRST_ITEMS: usize = 80;
/// No entry is longer: a longer line is prose.
const LONGEST_ENTRY: usize = 60;

/// A contents list with the items that it takes.
#[derive(Debug, Default)]
pub struct Contents {
    pub titles: Vec<Printed>,
    pub entries: Vec<ContentsEntry>,
    /// Index of the item that carries 目录.
    pub start: Option<usize>,
}

/// One line that may be an entry.
struct Candidate {
    text: String,
    place: Place,
    title: String,
    page: Option<u32>,
    number: Option<Number>,
    /// True where leaders follow the title.
    is_led: bool,
}

/// Finds the list and takes its lines.
pub fn take_contents(items: &mut [Item], vocabulary: &Segmentation) -> Contents {
    let mut contents = Contents::default();
    let is_start = |item: &Item| match &item.content {
        Content::Line(line) => !item.taken && is_list_title(&line.text, vocabulary),
        // The list may stand in a frame of ruled lines (上海普陀).
        Content::Grid(grid) => first_text(grid).is_some_and(|text| is_list_title(text, vocabulary)),
        Content::Sheet(_) | Content::Held(_) => false,
    };
    let Some(start) = items.iter().take(FIRST_ITEMS).position(is_start) else { return contents };
    contents.start = Some(start);
    let has_pages = upcoming(items, start + 1).iter().take(15).filter(|line| line.page.is_some()).count() >= 2;
    let mut walk = Walk { has_pages, ..Walk::default() };
    let mut at = start;
    while at < items.len() {
        if let Some(line) = items.get(at).and_then(Item::free_line).filter(|line| is_list_title(&line.text, vocabulary))
        {
            contents.titles.push(Printed::new(line.text.trim_matches(is_blank), line.place.clone()));
        } else {
            let taken = match items.get(at).map(|item| &item.content) {
                Some(Content::Line(line)) => {
                    let line = line.clone();
                    walk.line(candidate(&line.text, &line.place), &upcoming(items, at + 1), &mut contents.entries)
                }
                Some(Content::Grid(grid)) => walk.grid(grid, &mut contents, vocabulary),
                _ => false,
            };
            if !taken {
                break;
            }
        }
        if let Some(item) = items.get_mut(at) {
            item.taken = true;
        }
        at += 1;
    }
    walk.finish(&mut contents.entries);
    for entry in &mut contents.entries {
        entry.is_table = announces_table(entry, vocabulary);
    }
    for at in 1..contents.entries.len() {
        // 五、单位预算表 over 1. …, 2. …: a group of tables.
        if let [group, first, ..] = contents.entries.get_mut(at - 1..).unwrap_or_default() {
            group.is_table &= !(first.is_table && first.level > group.level);
        }
    }
    contents
}

fn is_list_title(text: &str, vocabulary: &Segmentation) -> bool {
    let key = key(text).to_lowercase();
    let bare = key.trim_end_matches(['续', '(', ')', ':']);
    vocabulary.contents_title.iter().any(|title| title == bare)
}

/// The first text of a grid.
fn first_text(grid: &Grid) -> Option<&str> {
    let cells = grid.cells.iter().filter(|cell| !super::sheet::is_empty(cell));
    cells.min_by_key(|cell| (cell.row, cell.column)).map(|cell| cell.text.as_str())
}

/// A part (第二部分 …预算表, 四、2026年部门预算表) holds tables and is none.
fn announces_table(entry: &ContentsEntry, vocabulary: &Segmentation) -> bool {
    entry.level > 1 && {
        let key = key(&entry.title);
        let is_one = !vocabulary.all_tables.is_match(&key);
        is_one && is_title(&key, vocabulary) && super::label::title_stem(&key).ends_with('表')
    }
}

/// The lines after an item, up to the next grid.
fn upcoming(items: &[Item], from: usize) -> Vec<Candidate> {
    items
        .get(from..)
        .unwrap_or_default()
        .iter()
        .map_while(|item| item.free_line())
        .take(15)
        .map(|line: &Line| candidate(&line.text, &line.place))
        .collect()
}

/// Parts title and page: `一、收支总表.....12`, `表二 …⇥4`, `第一部分 概况 …… 1`.
fn candidate(text: &str, place: &Place) -> Candidate {
    let trimmed = text.trim_matches(is_blank);
    let is_leader = |c: char| is_blank(c) || ".．·•…‥⋯。_-—－–─━".contains(c);
    let plain = trimmed.trim_end_matches(['-', '—', '－', ')', '）']).trim_end();
    let digits: String = plain.chars().rev().take_while(|c| c.is_ascii_digit() || ('０'..='９').contains(c)).collect();
    let front = plain.strip_suffix(digits.chars().rev().collect::<String>().as_str()).unwrap_or(plain);
    let title = front.trim_end_matches(|c: char| is_leader(c) || c == '(' || c == '（');
    let page: String = key(&digits.chars().rev().collect::<String>());
    let led = front.len() > title.len();
    let page =
        page.parse().ok().filter(|_| led && (1..=4).contains(&page.len()) && title.chars().any(char::is_alphabetic));
    let title = if page.is_some() { title } else { trimmed.trim_end_matches(is_leader) };
    let is_led = page.is_some() || title.chars().count() + 3 < trimmed.chars().count();
    let title = title.trim_end_matches('。');
    let number = number_of(title);
    Candidate { text: trimmed.to_string(), place: place.clone(), title: title.to_string(), page, number, is_led }
}

impl Candidate {
    fn is_short(&self) -> bool {
        // Some lists end every entry with a full stop (江苏 2018).
        self.title.chars().count() <= LONGEST_ENTRY
            && !self.text.ends_with(['；', ';', '，'])
            && !self.title.contains('。')
            && (!self.text.ends_with('。') || self.number.is_some())
    }
}

/// What was seen of the list so far.
#[derive(Default)]
struct Walk {
    has_pages: bool,
    part: u32,
    first_key: Option<String>,
    /// The first line of an entry that is wrapped.
    pending: Option<Candidate>,
}

impl Walk {
    /// True where the line belongs to the list.
    fn line(&mut self, line: Candidate, next: &[Candidate], entries: &mut Vec<ContentsEntry>) -> bool {
        if self.begins_body(&line) || !line.is_short() {
            return false;
        }
        if let Some(head) = self.pending.take() {
            let place = join_places(&head.place, &line.place);
            let whole = Candidate {
                title: format!("{}{}", head.title, line.title),
                number: head.number,
                page: line.page,
                text: line.text,
                is_led: line.is_led,
                place,
            };
            self.push(whole, entries);
            return true;
        }
        if line.page.is_some() {
            self.push(line, entries);
            return true;
        }
        if self.has_pages {
            let Some(following) = next.first() else { return false };
            if following.page.is_some() && following.number.is_none() && line.number.is_some() {
                self.pending = Some(line);
                return true;
            }
            let goes_on = next.iter().take(4).any(|line| line.page.is_some());
            if goes_on {
                self.push(line, entries);
            }
            return goes_on;
        }
        if line.number.is_none() && self.continues(&line, next, entries) {
            if let Some(last) = entries.last_mut() {
                last.title.push_str(&line.title);
                last.place = join_places(&last.place, &line.place);
            }
            return true;
        }
        // A list without pages ends with its page at the latest, unless its numbers go on.
        let same_page = entries.last().is_none_or(|last| last.place.page() == line.place.page());
        let listed =
            if line.place.page().is_some() { same_page || line.number.is_some() } else { line.number.is_some() };
        if listed {
            self.push(line, entries);
        }
        listed
    }

    /// The rest of an entry that is wrapped: the next line takes up the numbering where the entry left it.
    fn continues(&self, line: &Candidate, next: &[Candidate], entries: &[ContentsEntry]) -> bool {
        let (Some(last), Some(following)) = (entries.last(), next.first()) else { return false };
        let before = last.number.as_deref().and_then(number_of);
        let Some((before, after)) = before.zip(following.number.as_ref()) else { return false };
        let goes_on = after.style == before.style && after.value == before.value + 1;
        let next_part = after.style == Style::Part && after.value == self.part + 1;
        line.title.chars().count() <= 20 && (goes_on || next_part)
    }

    /// The body begins where a part or the first entry comes again.
    fn begins_body(&self, line: &Candidate) -> bool {
        if line.page.is_some() && self.has_pages {
            return false;
        }
        if line.number.as_ref().is_some_and(|number| number.style == Style::Part && number.value <= self.part) {
            return true;
        }
        self.first_key.as_ref().is_some_and(|first| *first == key(&line.title))
    }

    fn grid(&mut self, grid: &Grid, contents: &mut Contents, vocabulary: &Segmentation) -> bool {
        let sheet = Sheet::of_grid(grid.clone());
        let rows: Vec<Candidate> = (0..sheet.rows)
            .filter_map(|row| {
                let cells: Vec<_> = sheet.row(row).collect();
                let text = cells.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>().join("\t");
                let place = super::sheet::hull(cells.iter().map(|cell| &cell.place))?;
                Some(candidate(&text, &place))
            })
            .collect();
        let is_title = |row: &Candidate| is_list_title(&row.text, vocabulary);
        let listed =
            rows.iter().filter(|row| row.page.is_some() || row.is_led || row.number.is_some() || is_title(row));
        if rows.is_empty() || listed.count() * 3 < rows.len() * 2 || rows.iter().any(|row| !row.is_short()) {
            return false;
        }
        // A table of figures or of numbered lines is no list of pages.
        if !rows.iter().any(is_title) && rows.iter().filter(|row| row.page.is_some()).count() * 3 < rows.len() * 2 {
            return false;
        }
        self.has_pages |= rows.iter().any(|row| row.page.is_some());
        for row in rows {
            if is_title(&row) {
                contents.titles.push(Printed::new(row.text, row.place));
            } else {
                self.push(row, &mut contents.entries);
            }
        }
        true
    }

    fn push(&mut self, line: Candidate, entries: &mut Vec<ContentsEntry>) {
        let rest = line.number.as_ref().map_or(0, |number| number.bytes);
        let title = line.title.get(rest..).unwrap_or("").trim_matches(is_blank).to_string();
        let has_parts = entries.iter().any(|entry| entry.level == 1);
        let level = match line.number.as_ref().map(|number| number.style) {
            Some(Style::Part) => 1,
            Some(Style::Table | Style::Chinese) => 2,
            Some(_) => 3,
            None if has_parts => 2,
            None => 1,
        };
        if let Some(number) = line.number.as_ref().filter(|number| number.style == Style::Part) {
            self.part = self.part.max(number.value);
        }
        if self.first_key.is_none() {
            self.first_key = Some(key(&line.title));
        }
        entries.push(ContentsEntry {
            level,
            number: line.number.map(|number| number.printed),
            title,
            page: line.page,
            is_table: false,
            table: None,
            place: line.place,
        });
    }

    fn finish(&mut self, entries: &mut Vec<ContentsEntry>) {
        if let Some(line) = self.pending.take() {
            self.push(line, entries);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::fixture::document;
    use crate::segment::items::items_of;
    use crate::spec::SpecFiles;

    fn contents(text: &str) -> (Contents, usize) {
        let vocabulary = Segmentation::load(&SpecFiles::builtin()).expect("the built-in file is sound");
        let (mut items, _) = items_of(document(text).blocks);
        let contents = take_contents(&mut items, &vocabulary);
        (contents, items.iter().filter(|item| item.taken).count())
    }

    #[test]
    fn leaders_tabs_and_pages() {
        let (contents, taken) = contents(
            "目 录\n第一部分 概况\t1\n一、本部门职责.....\t1\n第二部分 2026年部门预算报表 …… 2\n表一2026年预算收支总表.....\t2\n(一) 政府购买服务指导性目录.....\t38\n第一部分 概况\n一、本部门职责",
        );
        assert_eq!(taken, 6);
        let entries = &contents.entries;
        assert_eq!(entries.len(), 5);
        assert_eq!((entries[0].level, entries[0].page, entries[0].title.as_str()), (1, Some(1), "概况"));
        assert_eq!(entries[0].number.as_deref(), Some("第一部分"));
        assert_eq!(entries[3].number.as_deref(), Some("表一"));
        assert_eq!(entries[3].title, "2026年预算收支总表");
        assert!(entries[3].is_table && !entries[2].is_table && !entries[4].is_table);
    }

    #[test]
    fn an_entry_on_two_lines() {
        let (contents, taken) = contents(
            "目录\n一、收支总表 1\n二、一般公共预算安排基本支出分经济\n科目表（不含上年结转） 2\n三、其他 3\n正文",
        );
        assert_eq!(taken, 5);
        assert_eq!(contents.entries[1].title, "一般公共预算安排基本支出分经济科目表（不含上年结转）");
        assert_eq!(contents.entries[1].page, Some(2));
    }

    #[test]
    fn a_list_without_pages_ends_where_its_first_part_comes_again() {
        let (contents, taken) =
            contents("目录\n第一部分 部门概况\n一、主要职责\n第二部分 预算表\n一、收支总体情况表\n第一部分\n部门概况");
        assert_eq!(taken, 5);
        assert!(contents.entries[3].is_table);
    }

    #[test]
    fn wrapped_entries_of_a_list_without_pages() {
        let (contents, taken) = contents(
            "目录\n第一部分 部门概况\n一、主要职能。\n第二部分 预算表\n一、收支预算总表\n二、“三公”经费、会议费、培训费支\n出预算表\n三、政府采购支出预算表\n第三部分 说明\n第一部分 部门概况",
        );
        assert_eq!(taken, 9);
        assert_eq!(contents.entries[1].title, "主要职能");
        assert_eq!(contents.entries[4].title, "“三公”经费、会议费、培训费支出预算表");
    }
}
