//! What the body does and what it is made of: duties, internal offices, subordinate units.

use crate::base::finding::Finding;
use crate::base::place::Printed;
use crate::finding_code;
use crate::model::{Organisation, Stated};
use crate::segment::Outline;
use crate::segment::numbering::number_of;
use crate::spec::Specs;
use crate::spec::organisation::{ListSyntax, ListWording};

use super::section::{SectionItem, section_items};

finding_code! {
    /// The text states a number of offices or units and names another number of them.
    pub B421, "listed-count-differs", Info
}

/// Reads the sections on duties and structure.
pub fn bind_organisation(outline: &Outline, specs: &Specs, findings: &mut Vec<Finding>) -> Organisation {
    let words = &specs.organisation;
    let structure = section_items(outline, &words.headings.structure, &words.headings.owners);
    let (offices, offices_stated) = read_list(&structure, &words.offices, &words.lists);
    let (units, units_stated) = read_list(&structure, &words.units, &words.lists);
    report_count("internal offices", &offices, &offices_stated, findings);
    report_count("subordinate units", &units, &units_stated, findings);
    Organisation {
        duties: duties(&section_items(outline, &words.headings.duties, &words.headings.owners)),
        internal_offices: offices.names,
        internal_offices_stated: offices_stated,
        subordinate_units: units.names,
        subordinate_units_stated: units_stated,
    }
}

/// The numbered items of the section; all of it where nothing is numbered. A line that only leads in (`…：`) is none.
fn duties(items: &[SectionItem<'_>]) -> Vec<Printed> {
    let is_numbered = |item: &&SectionItem<'_>| item.is_heading || number_of(item.text).is_some();
    let any_numbered = items.iter().any(|item| is_numbered(&item));
    let leads_in = |item: &&SectionItem<'_>| item.text.ends_with([':', '：']) && number_of(item.text).is_none();
    let mut has_begun = !any_numbered;
    let begun = items.iter().filter(|item| {
        has_begun = has_begun || is_numbered(item);
        has_begun
    });
    let kept: Vec<&SectionItem<'_>> = begun.collect();
    kept.into_iter().filter(|item| !leads_in(item)).map(|item| item.printed(0, item.text.chars().count())).collect()
}

/// Names of a list; not complete where the text says 等.
#[derive(Default)]
struct Names {
    names: Vec<Printed>,
    is_complete: bool,
}

fn read_list(items: &[SectionItem<'_>], wording: &ListWording, syntax: &ListSyntax) -> (Names, Option<Stated<u32>>) {
    let mut names = Names::default();
    let mut stated: Option<Stated<u32>> = None;
    for (index, item) in items.iter().enumerate() {
        for (start, sentence) in sentences(item.text) {
            if stated.is_none() {
                stated = count_of(item, start, sentence, wording);
            }
            if !names.names.is_empty() {
                continue;
            }
            let list = wording.lists.captures(sentence).find_map(|captures| captures.get(1));
            if let Some(list) = list.filter(|list| !matches!(list.as_str(), ":" | "：")) {
                let offset = start + sentence.get(..list.start()).unwrap_or_default().chars().count();
                names = list_to_names(item, offset, list.as_str(), syntax);
            } else if (list.is_some() || sentence.ends_with(['：', ':']))
                && wording.lists.is_match(&format!("{sentence}。"))
            {
                names = following_names(items.get(index + 1..).unwrap_or_default());
            }
        }
    }
    (names, stated)
}

/// Sentences with the character at which each begins.
fn sentences(text: &str) -> Vec<(usize, &str)> {
    let mut start = 0;
    let parts = text.split(['。', '；', ';']);
    parts
        .map(|part| {
            let at = start;
            start += part.chars().count() + 1;
            (at, part)
        })
        .filter(|(_, part)| !part.is_empty())
        .collect()
}

fn count_of(item: &SectionItem<'_>, start: usize, sentence: &str, wording: &ListWording) -> Option<Stated<u32>> {
    let at = |bytes: usize| start + sentence.get(..bytes).unwrap_or_default().chars().count();
    if let Some((bytes, words)) = wording.none.iter().find_map(|words| Some((sentence.find(words.as_str())?, words))) {
        let printed = item.printed(at(bytes), words.chars().count());
        return Some(Stated { value: 0, printed: printed.text, place: printed.place });
    }
    wording.counts.captures(sentence).find_map(|captures| {
        let (whole, number) = (captures.get(0)?, captures.get(1)?);
        let value = crate::spec::cover::count(number.as_str())?;
        let printed = item.printed(at(whole.start()), whole.as_str().chars().count());
        Some(Stated { value, printed: printed.text, place: printed.place })
    })
}

/// Splits a list at 、 (at ， where it has none) outside of brackets; where 、 divides, ， ends it.
fn split_list(chars: &[char]) -> Vec<(usize, usize)> {
    let is_comma = |c: char| matches!(c, '，' | ',');
    let by_comma = !chars.contains(&'、');
    let mut spans = Vec::new();
    let (mut depth, mut begin) = (0i32, 0);
    for (at, c) in chars.iter().copied().enumerate() {
        match c {
            '（' | '(' => depth += 1,
            '）' | ')' => depth -= 1,
            '、' if depth <= 0 => {
                spans.push((begin, at));
                begin = at + 1;
            }
            c if depth <= 0 && is_comma(c) => {
                spans.push((begin, at));
                begin = at + 1;
                if !by_comma {
                    return spans;
                }
            }
            _ => {}
        }
    }
    spans.push((begin, chars.len()));
    spans
}

/// The names of a list; its last one may be two joined by 和.
fn list_to_names(item: &SectionItem<'_>, offset: usize, list: &str, syntax: &ListSyntax) -> Names {
    let chars: Vec<char> = list.chars().collect();
    let mut spans = split_list(&chars);
    if !chars.contains(&'、') {
        // 下设1个事业单位为信访服务中心，经费来源为…: what follows a comma is a name only if it ends as names do.
        let ends_as_name = |(begin, end): &(usize, usize)| {
            let span: String = chars.get(*begin..*end).unwrap_or_default().iter().collect();
            syntax.name_ends.iter().any(|name_end| span.trim_end().ends_with(name_end.as_str()))
        };
        let names = 1 + spans.iter().skip(1).take_while(|span| ends_as_name(span)).count();
        spans.truncate(names);
    }
    let mut names = Names { names: Vec::new(), is_complete: true };
    let last = spans.len().saturating_sub(1);
    for (index, (begin, end)) in spans.into_iter().enumerate() {
        let span: String = chars.get(begin..end).unwrap_or_default().iter().collect();
        let name = match span.find('等').filter(|_| index == last) {
            // …处等21个内设机构: the list is whole; …处等: it is not.
            Some(at) => {
                names.is_complete = span.get(at + '等'.len_utf8()..).is_some_and(|rest| !rest.is_empty());
                span.get(..at).unwrap_or_default().to_string()
            }
            None => span,
        };
        let mut push = |skip: usize, name: &str| {
            let lead = name.chars().take_while(|c| *c == '：' || *c == ':' || c.is_whitespace()).count();
            let length = name.trim_end().chars().count();
            if length > lead {
                names.names.push(item.printed(offset + begin + skip + lead, length - lead));
            }
        };
        let two = (index == last).then(|| split_at_and(&name, syntax)).flatten();
        match two {
            Some((first, skip, second)) => {
                push(0, first);
                push(skip, second);
            }
            None => push(0, &name),
        }
    }
    names
}

/// `甲处和乙处` → both, and the characters before the second.
fn split_at_and<'n>(name: &'n str, syntax: &ListSyntax) -> Option<(&'n str, usize, &'n str)> {
    syntax.and.iter().find_map(|and| {
        let (first, second) = name.split_once(and.as_str())?;
        let is_name = syntax.name_ends.iter().any(|end| first.ends_with(end.as_str()));
        let skip = first.chars().count() + and.chars().count();
        (is_name && first.chars().count() > 1 && second.chars().count() > 1).then_some((first, skip, second))
    })
}

/// Numbered short lines below a line that leads in.
fn following_names(items: &[SectionItem<'_>]) -> Names {
    const LONGEST_NAME: usize = 40;
    let is_name = |item: &&SectionItem<'_>| {
        let is_short = item.text.chars().count() <= LONGEST_NAME;
        is_short && (item.is_heading || number_of(item.text).is_some())
    };
    let names = items.iter().take_while(is_name).map(|item| {
        let skip = number_of(item.text).and_then(|n| item.text.get(..n.bytes)).map_or(0, |lead| lead.chars().count());
        let text: Vec<char> = item.text.chars().collect();
        let end = text.iter().rposition(|c| !"。；;，".contains(*c)).map_or(skip, |at| at + 1);
        item.printed(skip, end.saturating_sub(skip))
    });
    Names { names: names.collect(), is_complete: true }
}

fn report_count(what: &str, names: &Names, stated: &Option<Stated<u32>>, findings: &mut Vec<Finding>) {
    let (Some(stated), Some(first)) = (stated, names.names.first()) else { return };
    let named: u32 = names.names.iter().map(|name| bodies_in(&name.text)).sum();
    if names.is_complete && named != stated.value {
        let message = format!("{} {what} are stated and {named} named", stated.value);
        let finding = Finding::new(&B421, message).at(&stated.place, "the number stated");
        findings.push(finding.with(&first.place, "the names begin here"));
    }
}

/// How many a name stands for: 秘书一处至七处 are seven (北京市人民政府办公厅 2026, p4).
fn bodies_in(name: &str) -> u32 {
    let is_numeral = |c: &char| "一二三四五六七八九十".contains(*c);
    let numeral = |characters: Vec<char>| {
        let run: String = characters.into_iter().skip_while(|c| !is_numeral(c)).take_while(is_numeral).collect();
        crate::spec::cover::count(&run)
    };
    let range = name
        .split_once('至')
        .and_then(|(first, last)| Some((numeral(first.chars().collect())?, numeral(last.chars().collect())?)));
    range.filter(|(first, last)| first < last).map_or(1, |(first, last)| last - first + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bind::section::tests::outline;

    fn read(lines: &[(u8, &str)]) -> (Organisation, Vec<Finding>) {
        let mut findings = Vec::new();
        let specs = Specs::builtin().expect("built-in specs");
        (bind_organisation(&outline(lines), &specs, &mut findings), findings)
    }

    fn texts(printed: &[Printed]) -> Vec<&str> {
        printed.iter().map(|printed| printed.text.as_str()).collect()
    }

    fn value(stated: &Option<Stated<u32>>) -> Option<u32> {
        stated.as_ref().map(|stated| stated.value)
    }

    /// Seed, lines 62–86 (duties are shortened).
    #[test]
    fn the_department_of_the_seed() {
        let (organisation, findings) = read(&[
            (2, "一、本部门职责"),
            (0, "(一) 研究制定政策。"),
            (0, "(二) 负责协调；"),
            (2, "二、机构设置情况"),
            (
                0,
                "根据部门职责分工，本部门内设机构7个，包括办公室、组织一室、组织二室、干部一室、干部二室、干部三室、人才工作室。\
                 本部门下属单位3个，包括：长治市屯留区党群服务中心、长治市屯留区年度目标责任考核中心、中共长治市屯留区委组织部举报中心。",
            ),
            (1, "第二部分 报表"),
        ]);
        assert_eq!(findings, []);
        assert_eq!(texts(&organisation.duties), ["(一) 研究制定政策。", "(二) 负责协调；"]);
        let offices = ["办公室", "组织一室", "组织二室", "干部一室", "干部二室", "干部三室", "人才工作室"];
        assert_eq!(texts(&organisation.internal_offices), offices);
        assert_eq!(value(&organisation.internal_offices_stated), Some(7));
        assert_eq!(
            texts(&organisation.subordinate_units),
            ["长治市屯留区党群服务中心", "长治市屯留区年度目标责任考核中心", "中共长治市屯留区委组织部举报中心"]
        );
        assert_eq!(value(&organisation.subordinate_units_stated), Some(3));
        let place = organisation.internal_offices.get(1).map(|office| office.place.to_string());
        assert_eq!(place.as_deref(), Some("5:26"));
    }

    #[test]
    fn other_wordings() {
        let (organisation, findings) = read(&[
            (2, "二、机构设置"),
            (
                0,
                "信访办公室单位设3个内设机构，包括：秘书处（督查室、办公室）、人民建议征集处和市民服务热线管理处。本单位无下属单位。",
            ),
        ]);
        assert_eq!(findings, []);
        let offices = ["秘书处（督查室、办公室）", "人民建议征集处", "市民服务热线管理处"];
        assert_eq!(texts(&organisation.internal_offices), offices);
        assert_eq!(value(&organisation.subordinate_units_stated), Some(0));
        let (organisation, findings) = read(&[
            (2, "二、机构设置"),
            (
                0,
                "内设九个处室，分别为办公室、对外交流和合作处等。局下设1个事业单位为信访服务中心，经费来源为全额拨款。",
            ),
        ]);
        assert_eq!(findings, []);
        assert_eq!(texts(&organisation.internal_offices), ["办公室", "对外交流和合作处"]);
        assert_eq!(value(&organisation.internal_offices_stated), Some(9));
        assert_eq!(texts(&organisation.subordinate_units), ["信访服务中心"]);
    }

    #[test]
    fn offices_a_line_each() {
        let (organisation, _) = read(&[
            (2, "二、单位机构设置及预算单位构成情况"),
            (0, "根据单位职责分工，本单位内设机构包括："),
            (0, "（一）办公室"),
            (0, "（二）法规处；"),
            (0, "本单位无下属单位。"),
        ]);
        assert_eq!(texts(&organisation.internal_offices), ["办公室", "法规处"]);
    }

    #[test]
    fn a_number_that_the_names_do_not_reach() {
        let (_, findings) = read(&[(2, "二、机构设置"), (0, "本部门内设机构3个，包括办公室、人事科。")]);
        assert_eq!(findings.iter().map(|f| f.code.as_str()).collect::<Vec<_>>(), ["B421"]);
    }

    #[test]
    fn a_range_of_offices_and_the_body_itself() {
        let told = |text: &str| read(&[(2, "二、机构设置"), (0, text)]).1.len();
        assert_eq!(told("本部门内设机构9个，包括办公室、秘书一处至七处、人事处。"), 0);
        assert_eq!(told("本部门内设机构8个，包括办公室、秘书一处至七处、人事处。"), 1);
        assert_eq!(told("某局所属2个预算单位，分别为某局本级和某局综合事务中心。"), 0);
    }
}
