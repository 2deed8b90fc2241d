//! Headings of the body, told from enumerated sentences by their length, their end and their siblings.

use std::collections::BTreeMap;

use crate::base::text::{as_key, is_blank, key};
use crate::model::{ContentsEntry, Heading};

use super::numbering::{Number, Style, number_of};
use super::paragraph::Run;

/// No heading without an entry in the contents list is longer.
const LONGEST_HEADING: usize = 42;

/// For each run, the heading it is; a run that only completes the heading before it is `Rest`.
#[derive(Debug, Clone, PartialEq)]
pub enum Role {
    Heading(Heading),
    /// The title of the number that stood alone on the line before (第一部分 / 部门概况).
    Rest,
    Paragraph,
}

/// Tells headings from paragraphs.
pub fn runs_to_roles(runs: &[Run], contents: &[ContentsEntry]) -> Vec<Role> {
    let announced = announced_levels(contents);
    let numbers: Vec<Option<Number>> = runs.iter().map(|run| number_of(&run.text)).collect();
    let sentences = sentence_groups(runs, &numbers);
    let listed = listed_runs(runs, &numbers);
    let mut roles: Vec<Role> = Vec::with_capacity(runs.len());
    let mut at = 0;
    while let (Some(run), Some(number)) = (runs.get(at), numbers.get(at)) {
        let number = number.as_ref();
        let next = runs.get(at + 1);
        if let Some((number, title)) = number.zip(next).filter(|(number, next)| is_lone_part(run, number, next)) {
            let heading = Heading {
                level: 1,
                number: Some(number.printed.clone()),
                title: title.text.trim_matches(is_blank).to_string(),
                place: super::sheet::join_places(&run.place(), &title.place()),
            };
            roles.push(Role::Heading(heading));
            roles.push(Role::Rest);
            at += 2;
            continue;
        }
        let level = announced_level(run, number, &announced).or_else(|| {
            let number = number.filter(|number| number.style != Style::Table)?;
            let is_grouped = sentences.get(at).copied().unwrap_or(false);
            let is_listed = listed.get(at).copied().unwrap_or(false);
            (is_short(&run.text, number) && !is_grouped && !is_listed).then(|| number.style.level())
        });
        if let Some((number, next)) = number.zip(next).filter(|(number, next)| splits_part(run, number, next)) {
            let mut heading = heading(run, Some(number), 1);
            heading.title.push_str(next.text.trim_matches(is_blank));
            heading.place = super::sheet::join_places(&heading.place, &next.place());
            roles.push(Role::Heading(heading));
            roles.push(Role::Rest);
            at += 2;
            continue;
        }
        roles.push(level.map_or(Role::Paragraph, |level| Role::Heading(heading(run, number, level))));
        at += 1;
    }
    roles
}

fn heading(run: &Run, number: Option<&Number>, level: u8) -> Heading {
    let start = number.map_or(0, |number| number.bytes);
    Heading {
        level,
        number: number.map(|number| number.printed.clone()),
        title: run.text.get(start..).unwrap_or("").trim_matches(is_blank).to_string(),
        place: run.place(),
    }
}

/// Keys of announced titles, with and without their numbers, and their level.
fn announced_levels(contents: &[ContentsEntry]) -> BTreeMap<String, u8> {
    let mut levels = BTreeMap::new();
    for entry in contents {
        let title = key(&entry.title);
        if let Some(number) = &entry.number {
            levels.insert(format!("{}{title}", key(number)), entry.level);
        }
        if title.chars().count() >= 4 {
            levels.entry(title).or_insert(entry.level);
        }
    }
    levels
}

fn announced_level(run: &Run, number: Option<&Number>, announced: &BTreeMap<String, u8>) -> Option<u8> {
    // Nearly every paragraph is told without its key.
    if run.text.trim_end_matches(is_blank).ends_with('。') {
        return None;
    }
    let whole = as_key(&run.text);
    if whole.chars().count() > 80 || whole.ends_with(['。', ';', ',']) {
        return None;
    }
    let whole = whole.trim_end_matches(':');
    announced.get(whole).copied().or_else(|| {
        let rest = key(run.text.get(number?.bytes..)?);
        announced.get(rest.trim_end_matches(':')).map(|level| match number.map(|number| number.style) {
            Some(style) => style.level(),
            None => *level,
        })
    })
}

/// 第一部分 alone, its title on the next line.
fn is_lone_part(run: &Run, number: &Number, next: &Run) -> bool {
    number.style == Style::Part
        && run.is_followed_by(next)
        && run.text.get(number.bytes..).is_none_or(|rest| rest.trim_matches(is_blank).is_empty())
        && number_of(&next.text).is_none()
        && next.text.chars().count() <= 30
        && !next.text.contains(['。', '；', '：', '，'])
}

/// The title of a part set on two centred lines of one size (苏州: 第二部分 2026年度 / 部门预算表).
fn splits_part(run: &Run, number: &Number, next: &Run) -> bool {
    number.style == Style::Part
        && number_of(&next.text).is_none()
        && next.text.chars().count() <= 24
        && !next.text.contains(['。', '；', '：', '，'])
        && run.is_followed_by(next)
        && run.is_same_make(next)
}

/// True for each item of a list: three or more numbered runs in sequence with nothing between them.
fn listed_runs(runs: &[Run], numbers: &[Option<Number>]) -> Vec<bool> {
    let mut listed = vec![false; runs.len()];
    let mut start = 0;
    while start < runs.len() {
        let mut end = start + 1;
        while end < runs.len() && follows(runs, numbers, end) {
            end += 1;
        }
        let is_list = end - start >= 3
            && numbers.get(start).is_some_and(|number| number.as_ref().is_some_and(|n| n.style > Style::Chinese));
        listed.iter_mut().take(end).skip(start).for_each(|slot| *slot = is_list);
        start = end;
    }
    listed
}

/// True where a run is numbered one further than the run directly before it.
fn follows(runs: &[Run], numbers: &[Option<Number>], at: usize) -> bool {
    let number = |at: usize| numbers.get(at).and_then(Option::as_ref);
    let (Some(before), Some(number)) = (number(at - 1), number(at)) else { return false };
    let is_next = number.style == before.style && number.value == before.value + 1;
    let last = runs.get(at - 1).and_then(|run| run.items.last());
    let first = runs.get(at).and_then(|run| run.items.first());
    is_next && last.zip(first).is_some_and(|(last, first)| last + 1 == *first)
}

/// A title, not a sentence.
fn is_short(text: &str, number: &Number) -> bool {
    let title = text.get(number.bytes..).unwrap_or("").trim_matches(is_blank);
    let length = title.chars().count();
    let longest = if number.style >= Style::Arabic { 26 } else { LONGEST_HEADING };
    let plain = title.trim_end_matches(['：', ':']);
    (2..=longest).contains(&length)
        && !plain.contains(['。', '；', ';', '！', '：', ':'])
        && !plain.ends_with(['，', ',', '、', '.'])
        && (number.style < Style::Arabic || !plain.contains(['，', ',']))
        && number.style < Style::BracketedArabic
}

/// True for each numbered run whose siblings (same style, up to the next heading above them) are mostly sentences:
/// 名词解释 and duties, where one item may happen to be short.
fn sentence_groups(runs: &[Run], numbers: &[Option<Number>]) -> Vec<bool> {
    let mut verdict = vec![false; runs.len()];
    let mut open: BTreeMap<Style, Vec<usize>> = BTreeMap::new();
    let mut close = |group: Vec<usize>| {
        let short = group.iter().filter(|at| {
            runs.get(**at)
                .zip(numbers.get(**at))
                .is_some_and(|(run, number)| number.as_ref().is_some_and(|number| is_short(&run.text, number)))
        });
        if short.count() * 2 < group.len() {
            for at in group {
                if let Some(slot) = verdict.get_mut(at) {
                    *slot = true;
                }
            }
        }
    };
    for (at, number) in numbers.iter().enumerate() {
        let Some(number) = number else { continue };
        let deeper: Vec<Style> = open.keys().copied().filter(|style| *style > number.style).collect();
        for style in deeper {
            open.remove(&style).into_iter().for_each(&mut close);
        }
        if number.value == 1 {
            open.remove(&number.style).into_iter().for_each(&mut close);
        }
        open.entry(number.style).or_default().push(at);
    }
    open.into_values().for_each(close);
    verdict
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::place::Place;
    use crate::model::Piece;

    fn roles(texts: &[&str], contents: &[ContentsEntry]) -> Vec<Option<(u8, String)>> {
        let runs: Vec<Run> = texts
            .iter()
            .enumerate()
            .map(|(at, text)| Run {
                text: (*text).into(),
                pieces: vec![Piece {
                    start: 0,
                    place: Place::Text { line: at as u32 + 1, column: 1, width: 0, cell: None },
                }],
                items: vec![at],
                style: None,
            })
            .collect();
        runs_to_roles(&runs, contents)
            .into_iter()
            .map(|role| match role {
                Role::Heading(heading) => Some((heading.level, heading.title)),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn enumerated_sentences_are_no_headings() {
        let found = roles(
            &[
                "第一部分 概况",
                "一、本部门职责",
                "(一) 根据党的路线、方针、政策研究制定工作规划，并组织实施。",
                "(二) 负责协调。",
                "二、机构设置情况",
                "1、车辆情况：",
                "截至2026年1月30日，共有公务用车0辆。",
            ],
            &[],
        );
        let levels: Vec<Option<u8>> = found.iter().map(|found| found.as_ref().map(|(level, _)| *level)).collect();
        assert_eq!(levels, [Some(1), Some(2), None, None, Some(2), Some(4), None]);
    }

    #[test]
    fn a_short_item_among_sentences_is_a_paragraph() {
        let found = roles(
            &[
                "第四部分 名词解释",
                "一、基本支出：指为保障机构正常运转而发生的支出。",
                "二、项目支出：指在基本支出之外发生的支出。",
                "三、财政专户管理资金：",
                "专指教育收费。",
                "四、单位资金：是指除政府预算资金以外的资金。",
            ],
            &[],
        );
        assert_eq!(found.iter().flatten().count(), 1);
    }

    #[test]
    fn a_part_may_have_its_title_on_the_next_line() {
        assert_eq!(roles(&["第一部分", "部门概况", "一、主要职责"], &[])[0], Some((1, "部门概况".into())));
    }

    #[test]
    fn a_list_of_offices_is_no_run_of_headings() {
        let found = roles(
            &["（一）机关内设机构", "1、办公室", "2、组织人事处", "3、教育处", "（二）下属单位", "共三个。"],
            &[],
        );
        let levels: Vec<Option<u8>> = found.iter().map(|found| found.as_ref().map(|(level, _)| *level)).collect();
        assert_eq!(levels, [Some(3), None, None, None, Some(3), None]);
    }

    #[test]
    fn the_contents_list_vouches_for_a_heading() {
        let entry = ContentsEntry {
            level: 2,
            number: None,
            title: "预算单位构成，人员情况".into(),
            page: None,
            is_table: false,
            table: None,
            place: Place::Text { line: 1, column: 1, width: 0, cell: None },
        };
        let found = roles(&["预算单位构成，人员情况", "截至上年底，本部门人员编制52人"], &[entry]);
        assert_eq!(found.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false]);
    }
}
