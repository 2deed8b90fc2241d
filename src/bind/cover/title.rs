//! The title of the document: on the cover, else a heading or the name of an annex that reads as one.

use crate::base::place::Printed;
use crate::base::text::squash;
use crate::model::{Scope, Stated};
use crate::segment::Outline;
use crate::spec::Specs;
use crate::spec::cover::TitleParts;

pub struct Title<'o> {
    pub stated: Stated<String>,
    pub parts: TitleParts,
    pub lines: &'o [Printed],
}

/// The first run of cover lines that reads as a title, as long as it can be (`…部门预` / `算`, `…部门预算` / `公开`).
pub fn find_title<'o>(lines: &'o [Printed], specs: &Specs) -> Option<Title<'o>> {
    const MOST_LINES: usize = 5;
    (0..lines.len()).find_map(|start| {
        (start + 1..=lines.len().min(start + MOST_LINES)).rev().find_map(|end| {
            let run = lines.get(start..end)?;
            let is_title =
                |line: &Printed| !specs.cover.is_not_title(&line.text) && specs.cover.date(&line.text).is_none();
            if !run.iter().all(is_title) {
                return None;
            }
            let joined: String = run.iter().map(|line| squash(&line.text)).collect();
            let parts = specs.cover.title(&joined)?;
            let place = run.first()?.place.clone();
            Some(Title { stated: Stated { value: joined.clone(), printed: joined, place }, parts, lines: run })
        })
    })
}

/// What a heading or an entry of the contents list says that reads as a title (第一部分 2026年度部门预算情况说明), or the name
/// of an annex (附件：北京市人民政府办公厅2026年度部门预算报表); one that names the body before one that does not.
pub fn title_of_headings(outline: &Outline, specs: &Specs) -> Option<(TitleParts, Printed)> {
    let contents = outline.contents.iter().map(|entry| (&entry.title, &entry.place));
    let headings = outline.headings.iter().map(|heading| (&heading.title, &heading.place));
    let lines = contents.chain(headings).map(|(title, place)| Printed::new(title.clone(), place.clone()));
    let annexes = outline.paragraphs.iter().filter_map(|paragraph| {
        let (label, title) = paragraph.text.split_once(['：', ':'])?;
        let start = label.chars().count() + 1;
        let place = paragraph.place_of(start, title.chars().count());
        specs.cover.is_not_title(label).then(|| Printed::new(title, place))
    });
    let read = lines.chain(annexes).filter_map(|line| Some((specs.cover.title(&line.text)?, line)));
    let titles: Vec<(TitleParts, Printed)> = read.collect();
    let named = titles.iter().find(|(parts, _)| parts.body.is_some());
    named.or(titles.first()).cloned()
}

/// 第一部分 部门概况 tells what the title leaves open (省法院 2018).
pub fn scope_of_sections(outline: &Outline, specs: &Specs) -> Option<Stated<Scope>> {
    let contents = outline.contents.iter().map(|entry| (&entry.title, &entry.place));
    let headings = outline.headings.iter().map(|heading| (&heading.title, &heading.place));
    contents.chain(headings).find_map(|(title, place)| {
        let value = specs.cover.section_scope(title)?;
        Some(Stated { value, printed: title.clone(), place: place.clone() })
    })
}
