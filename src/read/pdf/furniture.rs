//! What belongs to the page and not to its content: watermarks, seals, invisible text, running lines, page numbers.
//! It is kept as marked lines and stays out of cells and paragraphs.
//!
//! Drawn evidence (slant, paleness, invisibility, tags) is used page by page before tables are looked for;
//! repetition over pages is looked at when all lines are known, so that no glyph outlives its page.

use std::cell::LazyCell;
use std::collections::BTreeMap;
use std::ops::Range;

use super::content::{Area, Glyph, PageContent};
use super::lines::{TextLine, glyphs_to_baselines, glyphs_to_line, glyphs_to_lines, usual_size};
use crate::base::place::Place;
use crate::base::text::{is_blank, nfkc, squash};
use crate::model::FurnitureKind;
use crate::read::text::furniture::{FEWEST, could_be_a_mark};
use crate::read::{Block, Document, Line, LineStyle};

/// Running lines stand in these shares of the page, at its head and at its foot.
const MARGIN: f32 = 0.12;
/// Running lines are set in small type; titles of tables, which repeat as well, are not.
const LARGEST_RUNNING_TYPE: f32 = 11.0;
/// Text less opaque than this lets the page shine through: no writer sets content so.
const OPAQUE: u8 = 200;
/// Bytes; `第 12 页，共 120 页` with blanks between all of it.
const LONGEST_PAGE_NUMBER: usize = 80;
/// Grey lighter than this in type larger than the text's is a watermark, not print.
const PALE: u8 = 170;
/// Characters of a page beyond which no marks are looked for among them: no page of a disclosure has as many.
const FULLEST: usize = 20_000;
const BLACK: [u8; 4] = [0, 0, 0, 255];
/// Parts of a colour from here on are white to a reader.
const WHITE: u8 = 250;

/// Takes out of `content.glyphs` what is not content, as marked lines.
pub(super) fn take_furniture(content: &mut PageContent) -> Vec<Line> {
    // Of most pages none, of the others a few.
    let suspects: Vec<usize> =
        content.glyphs.iter().enumerate().filter(|(_, glyph)| !is_plain(glyph)).map(|(at, _)| at).collect();
    if suspects.is_empty() {
        return Vec::new();
    }
    let text = || content.glyphs.iter().filter(|glyph| glyph.is_upright() && !glyph.is_blank);
    let text_size = LazyCell::new(|| usual_size(text()).unwrap_or(f32::INFINITY));
    let is_scan = is_scan_with_text(content);
    let kind_of = |glyph: &Glyph| {
        if (glyph.is_invisible || is_white_on_white(glyph, content)) && !is_scan {
            return Some(FurnitureKind::Invisible);
        }
        let is_see_through = glyph.colour[3] < OPAQUE && !glyph.is_invisible;
        if !glyph.is_upright() {
            return Some(if is_red(glyph) { FurnitureKind::Seal } else { FurnitureKind::Watermark });
        }
        if is_see_through || (is_pale(glyph) && glyph.size > *text_size * 1.4) {
            return Some(FurnitureKind::Watermark);
        }
        glyph.is_pagination.then(|| {
            if glyph.middle_y() < content.height / 2.0 {
                FurnitureKind::RunningHeader
            } else {
                FurnitureKind::RunningFooter
            }
        })
    };
    let mut kinds: BTreeMap<usize, FurnitureKind> =
        suspects.iter().filter_map(|at| Some((*at, kind_of(content.glyphs.get(*at)?)?))).collect();
    for at in repeated_marks(&content.glyphs, &suspects) {
        kinds.entry(at).or_insert(FurnitureKind::Watermark);
    }
    let mut taken: Vec<(FurnitureKind, Vec<Glyph>)> = Vec::new();
    for (at, kind) in &kinds {
        let Some(glyph) = content.glyphs.get(*at) else { continue };
        match taken.last_mut() {
            Some((last, glyphs)) if last == kind && glyphs.last().is_some_and(|before| follows(before, glyph)) => {
                glyphs.push(*glyph);
            }
            _ => taken.push((*kind, vec![*glyph])),
        }
    }
    remove(&mut content.glyphs, kinds.into_keys());
    taken.iter().filter_map(|(kind, glyphs)| glyphs_to_furniture(*kind, glyphs, content.number)).collect()
}

/// Takes out the glyphs at these places, which come in order.
fn remove(glyphs: &mut Vec<Glyph>, places: impl Iterator<Item = usize>) {
    let (mut kept, mut from) = (0, 0);
    for place in places.chain([glyphs.len()]) {
        if from < place {
            glyphs.copy_within(from..place, kept);
            kept += place - from;
        }
        from = place + 1;
    }
    glyphs.truncate(kept);
}

/// Dark, opaque and level print that nothing marks as furniture.
fn is_plain(glyph: &Glyph) -> bool {
    let [red, green, blue, opacity] = glyph.colour;
    let is_dark = glyph.colour == BLACK || red.min(green).min(blue) < PALE && opacity >= OPAQUE;
    is_dark && glyph.is_upright() && !glyph.is_invisible && !glyph.is_pagination
}

fn is_pale(glyph: &Glyph) -> bool {
    glyph.colour.iter().take(3).all(|part| *part >= PALE && *part < WHITE)
}

/// Pale words that are strewn over the page, level and no larger than its text: the same again and again, across what is
/// printed there. Zeros in grey and the labels of a coloured header are across nothing.
fn repeated_marks(glyphs: &[Glyph], suspects: &[usize]) -> Vec<usize> {
    if glyphs.len() > FULLEST {
        return Vec::new();
    }
    let mut strings: Vec<Range<usize>> = Vec::new();
    let pale = suspects.iter().filter_map(|at| Some((*at, glyphs.get(*at)?)));
    for (at, glyph) in pale.filter(|(_, glyph)| is_pale(glyph) && glyph.is_upright()) {
        match strings.last_mut() {
            Some(string) if string.end == at && follows(&glyphs[at - 1], glyph) => string.end = at + 1,
            _ => strings.push(at..at + 1),
        }
    }
    let mut by_text: BTreeMap<String, Vec<Range<usize>>> = BTreeMap::new();
    for string in strings {
        let text: String = glyphs[string.clone()].iter().map(|glyph| glyph.character).collect();
        by_text.entry(squash(&text)).or_default().push(string);
    }
    by_text.retain(|text, strings| strings.len() >= FEWEST && could_be_a_mark(text));
    if by_text.is_empty() {
        return Vec::new();
    }
    let is_print = |glyph: &&Glyph| !is_pale(glyph) && !glyph.is_blank;
    let mut print: Vec<[f32; 2]> = glyphs.iter().filter(is_print).map(|g| [g.middle_y(), g.middle_x()]).collect();
    print.sort_by(|a, b| a[0].total_cmp(&b[0]));
    let is_over = |mark: &Glyph| {
        let [x0, top, x1, bottom] = mark.bbox;
        let level = print.partition_point(|[y, _]| *y < top)..print.partition_point(|[y, _]| *y < bottom);
        print.get(level).is_some_and(|level| level.iter().any(|[_, x]| x0 < *x && *x < x1))
    };
    let crosses = |string: &&Range<usize>| glyphs[string.start..string.end].iter().any(is_over);
    by_text.into_values().filter(|strings| strings.iter().filter(crosses).count() > 1).flatten().flatten().collect()
}

/// White text where nothing is drawn that it could stand out from.
fn is_white_on_white(glyph: &Glyph, content: &PageContent) -> bool {
    let is_white = |colour: [u8; 4]| colour.iter().all(|part| *part >= WHITE);
    let (x, y) = (glyph.middle_x(), glyph.middle_y());
    let is_under = |area: &&Area| {
        let [x0, y0, x1, y1] = area.bbox;
        x0 <= x && x <= x1 && y0 <= y && y <= y1 && !is_white(area.colour)
    };
    is_white(glyph.colour) && content.fills.iter().chain(&content.images).find(is_under).is_none()
}

/// Takes the page number out of `content.glyphs`: a line of its own below or above everything else, that is only a
/// number, bare or dressed (`- 3 -`, `第3页`, `3/20`). Whether it counts the pages is seen when all are known.
pub(super) fn take_page_number(content: &mut PageContent) -> Option<Line> {
    let drawn = content.glyphs.iter().filter(|glyph| !glyph.is_blank);
    let (mut top, mut bottom) = (f32::INFINITY, f32::NEG_INFINITY);
    for glyph in drawn {
        let y = glyph.origin[1];
        (top, bottom) = (if y < top { y } else { top }, if y > bottom { y } else { bottom });
    }
    for at in [bottom, top] {
        if at > content.height * MARGIN && at < content.height * (1.0 - MARGIN) {
            continue;
        }
        let is_near = |glyph: &Glyph| (glyph.origin[1] - at).abs() < 0.5 * glyph.size;
        let near: Vec<usize> =
            content.glyphs.iter().enumerate().filter(|(_, glyph)| is_near(glyph)).map(|(at, _)| at).collect();
        let glyphs = || near.iter().filter_map(|at| content.glyphs.get(*at));
        if !glyphs().all(|glyph| may_be_of_page_number(glyph.character)) {
            continue;
        }
        let mut lines = glyphs_to_lines(glyphs());
        if let Some(line) = lines.pop()
            && lines.is_empty()
            && printed_page_number(&line.text).is_some()
        {
            remove(&mut content.glyphs, near.into_iter());
            return Some(to_line(line, content.number, None));
        }
    }
    None
}

/// Marks running headers, footers and page numbers among the lines of all pages.
pub(super) fn mark_running_lines(document: &mut Document) {
    mark_watermarks(document);
    mark_page_numbers(document);
    for is_head in [true, false] {
        mark_repeated(document, is_head);
    }
}

/// Marks lines that say nothing but a line that follows itself, as in a text: a watermark that was typed into the
/// page (`仅供内部审核`) is drawn like any other line.
fn mark_watermarks(document: &mut Document) {
    let lines: Vec<&Line> = document
        .blocks
        .iter()
        .filter_map(|block| match block {
            Block::Line(line) if line.furniture.is_none() => Some(line),
            _ => None,
        })
        .collect();
    let is_isolated = |above: &Place, below: &Place| match (above, below) {
        (Place::Page { page, bbox: [_, top, _, bottom] }, Place::Page { page: next, bbox: below }) => {
            page == next && below[1] - bottom > 0.5 * (bottom - top)
        }
        _ => false,
    };
    let mut marks: BTreeMap<String, usize> = lines
        .windows(2)
        .filter(|pair| is_isolated(&pair[0].place, &pair[1].place) && says_the_same(&pair[0].text, &pair[1].text))
        .map(|pair| (squash(&pair[0].text), 0))
        .filter(|(mark, _)| could_be_a_mark(mark))
        .collect();
    for (mark, count) in &mut marks {
        *count = lines.iter().filter(|line| says_the_same(&line.text, mark)).count();
    }
    marks.retain(|_, count| *count >= FEWEST);
    if marks.is_empty() {
        return;
    }
    for block in &mut document.blocks {
        if let Block::Line(line) = block
            && line.furniture.is_none()
            && marks.keys().any(|mark| says_nothing_but(&line.text, mark))
        {
            line.furniture = Some(FurnitureKind::Watermark);
        }
    }
}

/// Whether two lines differ in nothing but blanks.
fn says_the_same(a: &str, b: &str) -> bool {
    drawn(a).eq(drawn(b))
}

/// Whether a line is a mark, once or again and again.
fn says_nothing_but(line: &str, mark: &str) -> bool {
    let mut again = mark.chars().cycle();
    drawn(line).all(|c| again.next() == Some(c)) && drawn(line).count().is_multiple_of(mark.chars().count())
}

fn drawn(text: &str) -> impl Iterator<Item = char> + Clone {
    text.chars().filter(|c| !is_blank(*c))
}

/// A number at the edge counts pages where another page's number goes on from it, or where it is dressed as one.
fn mark_page_numbers(document: &mut Document) {
    let mut offsets: BTreeMap<i64, u32> = BTreeMap::new();
    let heights: BTreeMap<u32, f32> = document.pages.iter().map(|page| (page.number, page.height)).collect();
    let candidate = |line: &Line| {
        let Place::Page { page, bbox } = line.place else { return None };
        let height = *heights.get(&page)?;
        if bbox[3] >= height * MARGIN && bbox[1] <= height * (1.0 - MARGIN) {
            return None;
        }
        let (number, is_dressed) = printed_page_number(&line.text)?;
        Some((number - i64::from(page), is_dressed))
    };
    for block in &document.blocks {
        if let Block::Line(line) = block
            && let Some((offset, _)) = candidate(line)
        {
            *offsets.entry(offset).or_default() += 1;
        }
    }
    for block in &mut document.blocks {
        if let Block::Line(line) = block
            && let Some((offset, is_dressed)) = candidate(line)
            && (is_dressed || offsets.get(&offset).is_some_and(|pages| *pages > 1))
        {
            line.furniture = Some(FurnitureKind::PageNumber);
        }
    }
}

/// Marks the outermost lines that say the same at the same height of most pages, from the edge inwards.
fn mark_repeated(document: &mut Document, is_head: bool) {
    let heights: BTreeMap<u32, f32> = document.pages.iter().map(|page| (page.number, page.height)).collect();
    let pages_with_text = document.pages.iter().filter(|page| page.has_text).count();
    loop {
        // The outermost line of each page that is not marked yet: index by page.
        let mut outermost: BTreeMap<u32, (f32, usize)> = BTreeMap::new();
        for (i, block) in document.blocks.iter().enumerate() {
            let Place::Page { page, bbox } = *block.place() else { continue };
            if matches!(block, Block::Line(line) if line.furniture.is_some()) {
                continue;
            }
            let depth = if is_head { bbox[1] } else { -bbox[3] };
            let outer = outermost.entry(page).or_insert((depth, i));
            if depth < outer.0 {
                *outer = (depth, i);
            }
        }
        let mut repeated: BTreeMap<(String, i32), Vec<usize>> = BTreeMap::new();
        for (page, (_, i)) in outermost {
            let Some(Block::Line(line)) = document.blocks.get(i) else { continue };
            let (Place::Page { bbox, .. }, Some(height)) = (&line.place, heights.get(&page)) else { continue };
            let depth = if is_head { bbox[3] } else { height - bbox[1] };
            let is_small = line.style.is_some_and(|style| style.size <= LARGEST_RUNNING_TYPE);
            if depth < height * MARGIN && is_small {
                repeated.entry((squash(&line.text), (depth / 3.0) as i32)).or_default().push(i);
            }
        }
        let mut is_done = true;
        for lines in repeated.into_values().filter(|lines| lines.len() >= 3 && lines.len() * 2 > pages_with_text) {
            for i in lines {
                if let Some(Block::Line(line)) = document.blocks.get_mut(i) {
                    line.furniture =
                        Some(if is_head { FurnitureKind::RunningHeader } else { FurnitureKind::RunningFooter });
                    is_done = false;
                }
            }
        }
        if is_done {
            return;
        }
    }
}

/// The number in `3`, `- 3 -`, `第 3 页`, `第3页 共20页`, `3/20`, and whether it is dressed so that it can be nothing else.
fn printed_page_number(text: &str) -> Option<(i64, bool)> {
    if text.len() > LONGEST_PAGE_NUMBER || !text.chars().all(may_be_of_page_number) {
        return None;
    }
    let text = nfkc(&squash(text));
    let dashes = ['-', '—', '–', '―', '─', '·', '~', '_'];
    let bare = text.trim_matches(dashes);
    let is_dashed = bare.len() + 1 < text.len() && text.starts_with(dashes) && text.ends_with(dashes);
    let bare = match bare.split_once(['页', '/']) {
        Some((number, total)) => {
            let total = total.trim_start_matches(['共', ',', '/']).trim_end_matches('页');
            let is_total = total.is_empty() || total.bytes().all(|b| b.is_ascii_digit());
            let number = number.strip_prefix('第').unwrap_or(number);
            return if is_total { page_digits(number).map(|number| (number, true)) } else { None };
        }
        None => bare,
    };
    page_digits(bare).map(|number| (number, is_dashed))
}

/// What is printed in and around page numbers: no letters but these.
fn may_be_of_page_number(character: char) -> bool {
    character.is_ascii_digit() || matches!(character, '第' | '页' | '共') || !character.is_alphabetic()
}

fn page_digits(text: &str) -> Option<i64> {
    let is_number = !text.is_empty() && text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

/// True where the second glyph goes on in the direction of the first, in the same type.
fn follows(before: &Glyph, next: &Glyph) -> bool {
    let [dx, dy] = [next.origin[0] - before.origin[0], next.origin[1] - before.origin[1]];
    let (sin, cos) = before.angle.to_radians().sin_cos();
    let (along, across) = (dx * cos + dy * sin, dy * cos - dx * sin);
    (before.angle - next.angle).abs() < 1.0
        && (before.size - next.size).abs() < 0.5
        && before.colour == next.colour
        && across.abs() < 0.5 * before.size
        && (0.0..4.0 * before.size).contains(&along)
}

fn glyphs_to_furniture(kind: FurnitureKind, glyphs: &[Glyph], page: u32) -> Option<Line> {
    if glyphs.first()?.is_upright() {
        // One run is one line; its blanks are found as everywhere.
        let baselines = glyphs_to_baselines(glyphs);
        let line = baselines.first().and_then(|line| glyphs_to_line(line))?;
        return Some(to_line(line, page, Some(kind)));
    }
    let text: String = glyphs.iter().map(|glyph| glyph.character).collect();
    let mut bbox = [f32::INFINITY, f32::INFINITY, f32::NEG_INFINITY, f32::NEG_INFINITY];
    for glyph in glyphs {
        let with = glyph.bbox;
        bbox = [bbox[0].min(with[0]), bbox[1].min(with[1]), bbox[2].max(with[2]), bbox[3].max(with[3])];
    }
    let style = LineStyle { size: glyphs.first()?.size, is_bold: glyphs.iter().all(|glyph| glyph.is_bold) };
    let text = text.trim().to_string();
    let place = Place::Page { page, bbox };
    (!text.is_empty()).then_some(Line { text, place, furniture: Some(kind), style: Some(style) })
}

/// A line of text with its place and style.
pub(super) fn to_line(line: TextLine, page: u32, furniture: Option<FurnitureKind>) -> Line {
    Line {
        text: line.text,
        place: Place::Page { page, bbox: line.bbox },
        furniture,
        style: Some(LineStyle { size: line.size, is_bold: line.is_bold }),
    }
}

fn is_red(glyph: &Glyph) -> bool {
    let [red, green, blue, _] = glyph.colour;
    red > 150 && green < 100 && blue < 100
}

/// A page image with the text of a recognition under it: the invisible text is the only text there is.
fn is_scan_with_text(content: &PageContent) -> bool {
    let mut drawn = content.glyphs.iter().filter(|glyph| !glyph.is_blank);
    let area = |bbox: &[f32; 4]| (bbox[2] - bbox[0]) * (bbox[3] - bbox[1]);
    let page = content.width * content.height;
    content.glyphs.first().is_some_and(|glyph| glyph.is_invisible)
        && drawn.all(|glyph| glyph.is_invisible)
        && content.images.iter().any(|image| area(&image.bbox) > page / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Page;

    #[test]
    fn page_numbers_as_printed() {
        assert_eq!(printed_page_number("3"), Some((3, false)));
        assert_eq!(printed_page_number("— 12 —"), Some((12, true)));
        assert_eq!(printed_page_number("第 3 页"), Some((3, true)));
        assert_eq!(printed_page_number("第3页 共20页"), Some((3, true)));
        assert_eq!(printed_page_number("3/20"), Some((3, true)));
        assert_eq!(printed_page_number("2026/万元"), None);
        assert_eq!(printed_page_number("-3"), Some((3, false)));
        assert_eq!(printed_page_number("3.00"), None);
        assert_eq!(printed_page_number("第3页 共二十页"), None);
    }

    fn document(lines: &[(u32, f32, f32, &str)]) -> Document {
        let mut document = Document::default();
        for number in 1..=lines.iter().map(|line| line.0).max().unwrap_or(0) {
            let page = Page { number, width: 600.0, height: 800.0, rotation: 0, has_text: true };
            document.pages.push(page);
        }
        for (page, top, size, text) in lines {
            let line = TextLine {
                text: (*text).to_string(),
                bbox: [100.0, *top, 200.0, top + size],
                baseline: top + size,
                size: *size,
                is_bold: false,
            };
            document.blocks.push(Block::Line(to_line(line, *page, None)));
        }
        document
    }

    fn marked(document: &Document) -> Vec<(&str, FurnitureKind)> {
        let lines = document.blocks.iter().filter_map(|block| match block {
            Block::Line(line) => Some(line),
            Block::Grid(_) => None,
        });
        lines.filter_map(|line| Some((line.text.as_str(), line.furniture?))).collect()
    }

    #[test]
    fn running_lines_repeat_in_small_type_at_the_edge() {
        let mut lines = Vec::new();
        for page in 1..=4 {
            lines.push((page, 30.0, 9.0, "某局2026年部门预算"));
            // The title of a form on every page is large; the unit below it repeats too but is not outermost.
            lines.push((page, 60.0, 16.0, "项目支出绩效目标表"));
            lines.push((page, 80.0, 9.0, "单位：万元"));
        }
        let mut document = document(&lines);
        mark_running_lines(&mut document);
        assert_eq!(marked(&document), [("某局2026年部门预算", FurnitureKind::RunningHeader); 4]);
    }

    #[test]
    fn a_line_that_follows_itself_is_a_typed_watermark() {
        // The cover of [S] as a page: the mark above and below the name of the body; a title twice is no mark.
        let mark = "仅供内部审核";
        let mut lines = vec![(1, 90.0, 12.0, mark), (1, 120.0, 12.0, mark), (1, 150.0, 12.0, "某区委组织部")];
        lines.extend([(1, 180.0, 12.0, mark), (2, 300.0, 12.0, "一、收支总表"), (2, 330.0, 12.0, "一、收支总表")]);
        let mut document = document(&lines);
        mark_running_lines(&mut document);
        assert_eq!(marked(&document), [(mark, FurnitureKind::Watermark); 3]);
    }

    #[test]
    fn numbers_at_the_foot_count_pages_or_are_none() {
        let mut document =
            document(&[(1, 760.0, 9.0, "7"), (2, 760.0, 9.0, "8"), (3, 760.0, 9.0, "100"), (4, 760.0, 9.0, "-11-")]);
        mark_running_lines(&mut document);
        let numbers = [("7", FurnitureKind::PageNumber), ("8", FurnitureKind::PageNumber)];
        assert_eq!(marked(&document)[..2], numbers);
        assert_eq!(marked(&document)[2], ("-11-", FurnitureKind::PageNumber));
    }
}
