//! Slips of the text: sentences that stop short, doubled stops, words left over from a template, years and marks.

use std::collections::BTreeMap;

use crate::base::expression::{Expression, Screen};
use crate::base::finding::Finding;
use crate::base::place::Place;
use crate::base::text::key;
use crate::check::identity::number_of;
use crate::finding_code;
use crate::model::{Disclosure, Paragraph};
use crate::spec::Narrative;
use crate::spec::narrative::Slip;

finding_code! {
    /// The text carries a slip: a sentence that ends where its content should begin (`主要原因是。`), two stops in a
    /// row, a quotation mark without its other half, or words that a template left to be chosen or filled
    /// (`增加（减少）`, `XX`). The patterns with their names are in `spec/narrative/slips.toml`.
    pub C508, "slip-of-text", Info
}

finding_code! {
    /// The text names a year that cannot be meant: the budget of a year compared with that year's own (比2026年预算增加 in
    /// the budget of 2026) or with a year to come or long past, a heading or a closing date of another year than the
    /// document's, this year's amount as that of another year.
    /// The patterns with their names are in `spec/narrative/slips.toml`.
    pub C509, "wrong-year", Warning
}

/// Looks for every pattern in every paragraph and heading; one finding for each place.
pub fn check(disclosure: &Disclosure, vocabulary: &Narrative, findings: &mut Vec<Finding>) {
    let year = disclosure.metadata.fiscal_year.as_ref().map(|year| year.value);
    let phase = disclosure.metadata.phase.as_ref().map(|phase| phase.value);
    let scope = disclosure.metadata.scope.as_ref().map(|scope| scope.value);
    let level = disclosure.metadata.region.as_ref().map(|region| region.value.path.len());
    let asked: Vec<&Slip> = vocabulary
        .slips
        .iter()
        .filter(|slip| slip.phase.is_none() || slip.phase == phase)
        .filter(|slip| slip.scope.is_none() || slip.scope == scope)
        .filter(|slip| slip.levels.is_empty() || level.is_some_and(|level| slip.levels.contains(&level)))
        .filter(|slip| slip.at_most.is_none_or(|most| times(&slip.pattern, disclosure) <= most))
        .collect();
    let screen = Screen::of(asked.iter().map(|slip| &slip.pattern));
    let may_stand = |text: &str| screen.admitted(text, asked.iter().copied());
    for heading in &disclosure.headings {
        for slip in may_stand(&heading.title).filter(|slip| slip.in_headings) {
            look(slip, &heading.title, year, &|_, _| heading.place.clone(), findings);
        }
    }
    for entry in &disclosure.contents {
        for slip in may_stand(&entry.title).filter(|slip| slip.in_contents) {
            look(slip, &entry.title, year, &|_, _| entry.place.clone(), findings);
        }
    }
    let margins = margins(disclosure);
    for (at, paragraph) in disclosure.paragraphs.iter().enumerate() {
        let title = || paragraph.heading.and_then(|heading| disclosure.headings.get(heading));
        let is_under = |words: &[String]| {
            let title = title().map(|heading| key(&heading.title));
            title.is_some_and(|title| words.iter().any(|word| title.contains(&key(word))))
        };
        let place_of = |start, length| paragraph.place_of(start, length);
        let may_stand = may_stand(&paragraph.text).filter(|slip| !slip.only_headings);
        for slip in may_stand.filter(|slip| slip.pattern.is_match(&paragraph.text)) {
            let may_go_on = slip.is_short_of_margin && runs_to_margin(paragraph, &margins)
                || slip.is_followed_by_new && !is_new(paragraph, disclosure.paragraphs.get(at + 1));
            if !is_under(&slip.not_under) && !may_go_on {
                look(slip, &paragraph.text, year, &place_of, findings);
            }
        }
    }
    quotation(&disclosure.paragraphs, findings);
}

/// Where the widest line of prose ends on each page.
fn margins(disclosure: &Disclosure) -> BTreeMap<u32, f32> {
    let mut margins = BTreeMap::new();
    for piece in disclosure.paragraphs.iter().flat_map(|paragraph| &paragraph.pieces) {
        if let Place::Page { page, bbox } = &piece.place {
            let margin: &mut f32 = margins.entry(*page).or_insert(bbox[2]);
            *margin = margin.max(bbox[2]);
        }
    }
    margins
}

/// True where the last line of the paragraph leaves no room for one more character.
fn runs_to_margin(paragraph: &Paragraph, margins: &BTreeMap<u32, f32>) -> bool {
    match paragraph.pieces.last().map(|piece| &piece.place) {
        Some(Place::Page { page, bbox: [_, top, x1, bottom] }) => {
            margins.get(page).is_some_and(|margin| margin - x1 < bottom - top)
        }
        _ => false,
    }
}

/// True where the next paragraph cannot be the rest of this one: it stands under another heading, or begins with a number.
fn is_new(paragraph: &Paragraph, next: Option<&Paragraph>) -> bool {
    next.is_none_or(|next| next.heading != paragraph.heading || number_of(&next.text).is_some())
}

/// How often the prose says so.
fn times(pattern: &Expression, disclosure: &Disclosure) -> usize {
    let times = |text: &str| pattern.compiled().map_or(0, |pattern| pattern.find_iter(text).count());
    disclosure.paragraphs.iter().map(|paragraph| times(&paragraph.text)).sum()
}

/// Every place of a pattern; patterns of a year are findings where the year that they capture is another one.
fn look(
    slip: &Slip,
    text: &str,
    year: Option<i32>,
    place_of: &dyn Fn(usize, usize) -> Place,
    findings: &mut Vec<Finding>,
) {
    for captures in slip.pattern.captures_iter(text) {
        let Some(found) = captures.get(0) else { continue };
        let captured = captures.get(1).and_then(|year| year.as_str().parse::<i32>().ok());
        let is_year = slip.is_other_year || slip.is_own_year;
        let is_meant = captured.zip(year).is_some_and(|(captured, year)| (captured == year) == slip.is_own_year);
        if is_year && !is_meant {
            continue;
        }
        let start = text.get(..found.start()).map_or(0, |before| before.chars().count());
        let place = place_of(start, found.as_str().chars().count());
        let message = format!("{}: {}", slip.message, found.as_str());
        let code = if is_year { &C509 } else { &C508 };
        findings.push(Finding::new(code, message).at(&place, slip.message.as_str()));
        if !is_year {
            return;
        }
    }
}

/// A quotation mark without its other half, once for each paragraph. A quotation that a paragraph leaves open may end in
/// the next: an item of a list that was cut at the end of a line.
fn quotation(paragraphs: &[Paragraph], findings: &mut Vec<Finding>) {
    let mut before: Vec<Place> = Vec::new();
    for paragraph in paragraphs {
        let mut open: Vec<Place> = Vec::new();
        let mut odd = None;
        let characters = paragraph.text.contains(['“', '”']).then(|| paragraph.text.chars().enumerate());
        for (at, c) in characters.into_iter().flatten() {
            match c {
                '“' => open.push(paragraph.place_of(at, 1)),
                '”' if open.pop().or_else(|| before.pop()).is_none() => {
                    odd = odd.or_else(|| Some(paragraph.place_of(at, 1)));
                }
                _ => {}
            }
        }
        findings.extend(before.first().or(odd.as_ref()).map(alone));
        before = open;
    }
    findings.extend(before.first().map(alone));
}

fn alone(place: &Place) -> Finding {
    Finding::new(&C508, "a quotation mark without its other half").at(place, "alone")
}

#[cfg(test)]
mod tests {
    use super::super::fixture::checked;

    #[test]
    fn slips_are_told_with_their_place() {
        let (_, findings) = checked(&[
            "支出增加（减少）2元，主要原因是。",
            "人员变动。；其余不变。",
            "一切如常。",
            "开展“检查”、案例”活动。",
            "支出增加的主要原因是工作量增加",
        ]);
        let told: Vec<(Option<u32>, &str)> = findings
            .iter()
            .map(|finding| (finding.place.as_ref().and_then(|place| place.line()), finding.message.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                (Some(1), "the sentence stops before its reason: 主要原因是。"),
                (Some(1), "the template left a choice open: 增加（减少）"),
                (Some(2), "two stops in a row: 。；"),
                (Some(5), "the sentence ends without a stop: 主要原因是工作量增加"),
                (Some(4), "a quotation mark without its other half"),
            ]
        );
    }

    #[test]
    fn any_verb_of_change_may_be_left_open() {
        for open in ["增长（降低）", "下降(上升)", "增加/减少", "减少／增加", "持平（减少）"] {
            assert_eq!(checked(&[&format!("甲局经费5元，{open}。")]).1.len(), 1, "{open}");
        }
        assert_eq!(checked(&["甲局经费5元，增加（含减少2元的项目）。"]).1.len(), 0);
    }

    #[test]
    fn words_that_cannot_both_be_meant() {
        let told = |text: &str| checked(&[text]).1.into_iter().filter(|one| one.code == "C508").count();
        for slip in [
            "决算数大小于预算数的主要原因：按进度调减。",
            "支出决算数比2024年度减增加21.90万元。",
            "收入比2025年预算增加增加27.45万元。",
            "支出预算0万元，与2025年预算增加持平。",
            "公务接待费支出决算减少为0.00万元，与2024年持平。",
            "第三部分 青溪县司法局202年度部门决算情况说明",
        ] {
            assert_eq!(told(slip), 1, "{slip}");
        }
        for sound in [
            "决算数大于预算数的主要原因：增减相抵。",
            "公务接待费增加0万元，与2024年持平。",
            "支出减少为2万元，比2024年减少1万元。",
            "2025年度部门决算；比202.5万元多。",
        ] {
            assert_eq!(told(sound), 0, "{sound}");
        }
    }

    #[test]
    fn an_instruction_of_the_template() {
        let behind = "涉及资金5.00万元。（绩效管理情况，以及项目数量、预算金额等）";
        assert_eq!(checked(&[behind]).1.len(), 1);
        assert_eq!(checked(&["涉及资金5.00万元（含办公费、印刷费等）。（详见附表）"]).1.len(), 0);
        assert_eq!(checked(&["（请核实单位是否有涉密项目，若无涉密项目，则备注写“备注：无”）"]).1.len(), 1);
        assert_eq!(checked(&["群众来信请有关单位核实。"]).1.len(), 0);
    }

    #[test]
    fn a_sentence_with_an_amount_ends_with_a_stop() {
        use super::super::fixture::disclosure;
        let specs = crate::spec::Specs::builtin().expect("built-in specs");
        let told = |texts: &[&str]| {
            let mut findings = Vec::new();
            super::check(&disclosure(texts), &specs.narrative, &mut findings);
            findings.len()
        };
        let open = "甲局基本支出378.18万元，其中人员经费360.09万元";
        assert_eq!(told(&[open, "（二）项目支出。"]), 1);
        assert_eq!(told(&[open, "公用经费18.09万元。"]), 0, "the text goes on");
        assert_eq!(told(&["1.甲局基本支出378.18万元", "2.项目支出5.00万元"]), 0, "items of a list");
        assert_eq!(told(&[open, "（二）一。", open, "（三）二。", open]), 0, "the document always does so");
        assert_eq!(told(&["支出5.00万元，下降9.88％。主要原因是", "其中：一。"]), 1);
    }

    #[test]
    fn words_of_another_scope_and_of_another_level() {
        use super::super::fixture::disclosure;
        use crate::model::{Region, Scope, Stated};
        let specs = crate::spec::Specs::builtin().expect("built-in specs");
        let place = crate::base::place::Place::Text { line: 1, column: 1, width: 1, cell: None };
        let told = |scope: Scope, names: &[&str], texts: &[&str]| -> Vec<String> {
            let mut doc = disclosure(texts);
            let region = Region { code: "140405".into(), path: names.iter().map(ToString::to_string).collect() };
            doc.metadata.scope = Some(Stated { value: scope, printed: String::new(), place: place.clone() });
            doc.metadata.region = Some(Stated { value: region, printed: String::new(), place: place.clone() });
            let mut findings = Vec::new();
            super::check(&doc, &specs.narrative, &mut findings);
            findings.into_iter().map(|finding| finding.message).collect()
        };
        let county = ["山西省", "长治市", "屯留区"];
        let department = "2026年度本部门无此项支出。";
        assert_eq!(told(Scope::Unit, &county, &[department]).len(), 1);
        assert_eq!(told(Scope::Unit, &county, &["由本部门主管。"]).len(), 0, "not the subject");
        assert_eq!(told(Scope::Unit, &county, &[department, department]).len(), 0, "it means it");
        assert_eq!(told(Scope::Department, &county, &[department]).len(), 0);
        let province = "反映省直部门的基本支出。";
        assert_eq!(told(Scope::Department, &county, &[province]).len(), 1);
        assert_eq!(told(Scope::Department, &county[..1], &[province]).len(), 0, "a body of the province");
    }

    #[test]
    fn a_quotation_may_end_in_the_next_paragraph() {
        let odd = |texts: &[&str]| checked(texts).1.len();
        assert_eq!(odd(&["由“人民调解委", "员会”组成。"]), 0);
        assert_eq!(odd(&["由“人民调解委组成。", "其余不变。", "员会”组成。"]), 2);
    }

    #[test]
    fn a_line_that_runs_to_the_margin_may_go_on() {
        use super::super::fixture::disclosure;
        use crate::base::place::Place;
        let specs = crate::spec::Specs::builtin().expect("built-in specs");
        let mut doc = disclosure(&["收入增加，一切如常。", "主要原因是：根据实际"]);
        let mut told = |x1: f32| {
            for (at, paragraph) in doc.paragraphs.iter_mut().enumerate() {
                let right = if at == 0 { 500.0 } else { x1 };
                let top = 100.0 + 20.0 * at as f32;
                paragraph.pieces[0].place = Place::Page { page: 6, bbox: [60.0, top, right, top + 12.0] };
            }
            let mut findings = Vec::new();
            super::check(&doc, &specs.narrative, &mut findings);
            findings.len()
        };
        assert_eq!(told(495.0), 0);
        assert_eq!(told(300.0), 1);
    }

    #[test]
    fn years_that_cannot_be_meant() {
        use super::super::fixture::disclosure;
        use crate::model::{Phase, Stated};
        let specs = crate::spec::Specs::builtin().expect("built-in specs");
        let mut doc =
            disclosure(&["收入793万元，比2026年预算增加3万元；与2025年预算持平。", "截至2025年12月31日，车辆3辆。"]);
        let place = crate::base::place::Place::Text { line: 1, column: 1, width: 1, cell: None };
        let of = |value: Phase| Stated { value, printed: String::new(), place: place.clone() };
        doc.metadata.fiscal_year = Some(Stated { value: 2026, printed: "2026".into(), place: place.clone() });
        for (phase, expected) in [(Phase::Budget, Some(1)), (Phase::FinalAccounts, Some(2))] {
            doc.metadata.phase = Some(of(phase));
            let mut findings = Vec::new();
            super::check(&doc, &specs.narrative, &mut findings);
            let lines: Vec<_> = findings.iter().map(|one| one.place.as_ref().and_then(|place| place.line())).collect();
            assert_eq!(lines, [expected], "{findings:?}");
        }
    }
}
