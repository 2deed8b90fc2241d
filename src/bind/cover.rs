//! What the document says of itself: title, body, fiscal year, phase, scope, place, date. Never from the file name.
//!
//! Sources in order: the cover; the lines of the tables that name the body; the captions. Each value keeps the words
//! that state it. Where sources contradict each other, the first wins and a finding says so.

pub mod body;
pub mod region;
mod stated;
mod title;
pub mod year;

use self::body::{body_of_forms, is_only_a_place, most_frequent, report_other_bodies, table_bodies};
use self::region::find_region;
use self::stated::{stated, whole};
use self::title::{find_title, scope_of_sections, title_of_headings};
use self::year::{report_other_years, year_of_captions};
use crate::base::finding::Finding;
use crate::base::place::Printed;
use crate::base::text::squash;
use crate::finding_code;
use crate::model::{Metadata, Phase, Stated};
use crate::segment::Outline;
use crate::spec::Specs;
use crate::spec::cover::TitleParts;

finding_code! {
    /// The document does not state its body, fiscal year or phase in a way that can be relied on.
    pub B414, "metadata-not-stated", Info
}

/// Reads the metadata off an outline.
pub fn bind_cover(outline: &Outline, specs: &Specs, findings: &mut Vec<Finding>) -> Metadata {
    let lines = &outline.cover;
    let title = find_title(lines, specs);
    let labelled = lines.iter().find_map(|line| {
        let (scope, name) = specs.cover.body_line(&line.text)?;
        Some((scope, stated(name.to_string(), name, std::slice::from_ref(line))))
    });
    let from_title = |pick: &dyn Fn(&TitleParts) -> Option<String>| {
        let title = title.as_ref()?;
        let words = pick(&title.parts)?;
        Some(stated(words.clone(), &words, title.lines))
    };
    let title_body = from_title(&|parts| parts.body.clone()).filter(|body| !is_only_a_place(&body.value, specs));
    let table_bodies = table_bodies(outline, specs);
    let body = labelled
        .as_ref()
        .map(|(_, body)| body.clone())
        .or(title_body)
        .or_else(|| most_frequent(&table_bodies))
        .or_else(|| body_of_forms(outline, specs));
    let heading = title.is_none().then(|| title_of_headings(outline, specs)).flatten();
    let of_heading = heading.as_ref().map(|(parts, line)| (parts, std::slice::from_ref(line)));
    let body = body.or_else(|| {
        let (parts, line) = of_heading?;
        let name = parts.body.clone()?;
        Some(stated(name.clone(), &name, line))
    });
    let fiscal_year = title
        .as_ref()
        .and_then(|title| {
            let (year, printed) = title.parts.year.clone()?;
            Some(stated(year, &printed, title.lines))
        })
        .or_else(|| year_of_captions(outline))
        .or_else(|| {
            let (parts, line) = of_heading?;
            let (year, printed) = parts.year.clone()?;
            Some(stated(year, &printed, line))
        });
    let phase = match &title {
        Some(title) => Some(stated(title.parts.phase.0, &title.parts.phase.1, title.lines)),
        None => phase_of_captions(outline, specs).or_else(|| {
            let (parts, line) = of_heading?;
            Some(stated(parts.phase.0, &parts.phase.1, line))
        }),
    };
    let scope = title
        .as_ref()
        .and_then(|title| {
            let (scope, printed) = title.parts.scope.clone()?;
            Some(stated(scope, &printed, title.lines))
        })
        .or_else(|| {
            let (scope, body) = labelled.as_ref()?;
            Some(Stated { value: (*scope)?, printed: body.printed.clone(), place: body.place.clone() })
        })
        .or_else(|| {
            let (parts, line) = of_heading?;
            let (scope, printed) = parts.scope.clone()?;
            Some(stated(scope, &printed, line))
        })
        .or_else(|| scope_of_sections(outline, specs));
    let title = title.map(|title| title.stated);
    let mut sources: Vec<&Stated<String>> = body.iter().chain(&title).collect();
    sources.extend(&table_bodies);
    let captions: Vec<Stated<String>> = outline.tables.iter().filter_map(|t| t.caption.as_ref()).map(whole).collect();
    sources.extend(&captions);
    let metadata = Metadata {
        region: find_region(&sources, specs, findings),
        published: find_date(outline, specs),
        title,
        body,
        fiscal_year,
        phase,
        scope,
        family: None,
    };
    report_missing(&metadata, findings);
    report_other_years(outline, &metadata, findings);
    report_other_bodies(&table_bodies, &metadata, findings);
    metadata
}

/// 预算 or 决算, where captions and marks say only one of them.
fn phase_of_captions(outline: &Outline, specs: &Specs) -> Option<Stated<Phase>> {
    let lines: Vec<&Printed> =
        outline.tables.iter().flat_map(|table| table.mark.iter().chain(&table.caption)).collect();
    let mut found = specs.cover.phases().iter().filter_map(|(word, phase)| {
        let line = lines.iter().find(|line| squash(&line.text).contains(word.as_str()))?;
        Some(stated(*phase, word, std::slice::from_ref(*line)))
    });
    let (first, None) = (found.next()?, found.next()) else { return None };
    Some(first)
}

/// The date of the cover, else the last line of the document that is nothing but a date (a signature).
fn find_date(outline: &Outline, specs: &Specs) -> Option<Stated<String>> {
    let cover = outline.cover.iter().find_map(|line| {
        Some(Stated { value: specs.cover.date(&line.text)?, printed: line.text.clone(), place: line.place.clone() })
    });
    cover.or_else(|| {
        outline.paragraphs.iter().rev().find_map(|paragraph| {
            let value = specs.cover.date(&paragraph.text)?;
            let place = paragraph.place_of(0, paragraph.text.chars().count());
            Some(Stated { value, printed: paragraph.text.clone(), place })
        })
    })
}

fn report_missing(metadata: &Metadata, findings: &mut Vec<Finding>) {
    let missing = [
        ("body", metadata.body.is_none()),
        ("fiscal year", metadata.fiscal_year.is_none()),
        ("phase (预算 or 决算)", metadata.phase.is_none()),
    ];
    let missing: Vec<&str> = missing.iter().filter(|(_, is)| *is).map(|(what, _)| *what).collect();
    if !missing.is_empty() {
        findings.push(Finding::new(&B414, format!("neither cover nor tables state: {}", missing.join(", "))));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::place::Place;
    use crate::model::{Heading, Paragraph, Piece, Scope};
    use crate::segment::RawTable;

    fn line(number: u32, text: &str) -> Printed {
        let width = text.chars().count() as u32;
        Printed::new(text, Place::Text { line: number, column: 1, width, cell: None })
    }

    fn table(caption: &str, body: &str) -> RawTable {
        let some = |text: &str| (!text.is_empty()).then(|| line(50, text));
        RawTable { caption: some(caption), body: some(body), ..RawTable::default() }
    }

    fn read(cover: &[&str], tables: Vec<RawTable>) -> (Metadata, Vec<Finding>) {
        let cover = (1..).zip(cover).map(|(number, text)| line(number, text)).collect();
        let outline = Outline { cover, tables, ..Outline::default() };
        let mut findings = Vec::new();
        let metadata = bind_cover(&outline, &Specs::builtin().expect("built-in specs"), &mut findings);
        (metadata, findings)
    }

    fn value<T: Clone>(stated: &Option<Stated<T>>) -> Option<T> {
        stated.as_ref().map(|stated| stated.value.clone())
    }

    fn region(metadata: &Metadata) -> Option<String> {
        metadata.region.as_ref().map(|region| region.value.code.clone())
    }

    /// Seed, lines 12, 14 and 1105: the date is a signature far below.
    #[test]
    fn cover_of_the_seed() {
        let date = "2026 年 1 月 30 日";
        let outline = Outline {
            cover: vec![line(12, "中共长治市屯留区委组织部"), line(14, "2026年度部门预算公开")],
            tables: vec![table("2026年预算收支总表", "部门名称：中共长治市屯留区委组织部")],
            paragraphs: vec![Paragraph {
                text: date.into(),
                heading: None,
                pieces: vec![Piece { start: 0, place: line(1105, date).place }],
            }],
            ..Outline::default()
        };
        let mut findings = Vec::new();
        let metadata = bind_cover(&outline, &Specs::builtin().expect("built-in specs"), &mut findings);
        assert_eq!(findings, []);
        assert_eq!(value(&metadata.title).as_deref(), Some("中共长治市屯留区委组织部2026年度部门预算公开"));
        assert_eq!(value(&metadata.body).as_deref(), Some("中共长治市屯留区委组织部"));
        assert_eq!(metadata.body.as_ref().and_then(|body| body.place.line()), Some(12));
        assert_eq!(value(&metadata.fiscal_year), Some(2026));
        assert_eq!(
            metadata.fiscal_year.as_ref().map(|year| (year.printed.as_str(), year.place.line())),
            Some(("2026年", Some(14)))
        );
        assert_eq!((value(&metadata.phase), value(&metadata.scope)), (Some(Phase::Budget), Some(Scope::Department)));
        let place = metadata.region.expect("a place");
        assert_eq!((place.value.code.as_str(), place.printed.as_str()), ("140405", "长治市屯留区"));
        assert_eq!(place.value.path, ["山西省", "长治市", "屯留区"]);
        assert_eq!(place.place, Place::Text { line: 12, column: 3, width: 6, cell: None });
        assert_eq!(
            metadata.published.map(|date| (date.value, date.place.line())),
            Some(("2026-01-30".into(), Some(1105)))
        );
    }

    #[test]
    fn a_labelled_body_before_a_place_in_the_title() {
        let cover = ["上海市2026年市级单位预算", "预算单位：上海市信访办公室", "2026年1月"];
        let (metadata, findings) = read(&cover, vec![]);
        assert_eq!(findings, []);
        assert_eq!(value(&metadata.body).as_deref(), Some("上海市信访办公室"));
        assert_eq!((value(&metadata.scope), region(&metadata)), (Some(Scope::Unit), Some("310000".into())));
        assert_eq!(value(&metadata.published).as_deref(), Some("2026-01"));
        let (metadata, _) =
            read(&["上海市普陀区2023年区级部门预算", "预算主管部门：上海市普陀区人民政府万里街道办事处"], vec![]);
        assert_eq!(value(&metadata.body).as_deref(), Some("上海市普陀区人民政府万里街道办事处"));
        assert_eq!((value(&metadata.scope), region(&metadata)), (Some(Scope::Department), Some("310107".into())));
    }

    #[test]
    fn titles_broken_over_lines_and_repeated() {
        let (metadata, _) = read(&["2026 年深圳市统计局（本级）部门预", "算"], vec![]);
        assert_eq!(value(&metadata.body).as_deref(), Some("深圳市统计局（本级）"));
        assert_eq!(region(&metadata).as_deref(), Some("440300"));
        let repeated = ["2026年度苏州市审计局部门预算公开", "苏州市审计局2026年度部门预算公开"];
        let (metadata, _) = read(&repeated, vec![]);
        assert_eq!(value(&metadata.title).as_deref(), Some("2026年度苏州市审计局部门预算公开"));
        assert_eq!(value(&metadata.body).as_deref(), Some("苏州市审计局"));
        let (metadata, _) = read(&["2026 年度", "福州经济技术开发区生态", "环境局", "单位预算"], vec![]);
        assert_eq!(value(&metadata.body).as_deref(), Some("福州经济技术开发区生态环境局"));
        assert_eq!(metadata.body.as_ref().and_then(|body| body.place.line()), Some(2));
    }

    #[test]
    fn central_bodies_have_no_place_and_the_finding_says_so() {
        let (metadata, findings) = read(&["国家信访局", "2024 年度部门决算", "二〇二五年七月"], vec![]);
        assert_eq!(value(&metadata.phase), Some(Phase::FinalAccounts));
        assert_eq!((value(&metadata.published).as_deref(), region(&metadata)), (Some("2025-07"), None));
        assert_eq!(findings.iter().map(|f| f.code.as_str()).collect::<Vec<_>>(), ["B411"]);
    }

    #[test]
    fn without_a_cover_the_tables_speak() {
        let tables =
            vec![table("收支预算总表", "部门：江苏省政协办公厅"), table("收入预算总表", "部门：江苏省政协办公厅")];
        let (metadata, findings) = read(&[], tables);
        assert_eq!(value(&metadata.body).as_deref(), Some("江苏省政协办公厅"));
        assert_eq!((value(&metadata.fiscal_year), value(&metadata.phase)), (None, Some(Phase::Budget)));
        assert_eq!(region(&metadata).as_deref(), Some("320000"));
        assert_eq!(
            findings.iter().map(|f| f.message.as_str()).collect::<Vec<_>>(),
            ["neither cover nor tables state: fiscal year"]
        );
    }

    /// 北京市 2026, a narrative whose cover is a picture: the heading gives the year, the annex the body.
    #[test]
    fn a_narrative_without_cover() {
        let place = line(2, "x").place;
        let heading =
            Heading {
                level: 1, number: None, title: "2026年度部门预算情况说明".into(), place: place.clone()
            };
        let text = "附件：北京市人民政府办公厅2026年度部门预算报表";
        let pieces = vec![Piece { start: 0, place: line(9, text).place }];
        let paragraph = Paragraph { text: text.into(), heading: Some(0), pieces };
        let outline = Outline { headings: vec![heading], paragraphs: vec![paragraph], ..Outline::default() };
        let mut findings = Vec::new();
        let metadata = bind_cover(&outline, &Specs::builtin().expect("built-in specs"), &mut findings);
        assert_eq!(value(&metadata.body).as_deref(), Some("北京市人民政府办公厅"));
        assert_eq!(value(&metadata.fiscal_year), Some(2026));
        assert_eq!(value(&metadata.scope), Some(Scope::Department));
        assert_eq!(region(&metadata).as_deref(), Some("110000"));
        assert_eq!(findings, []);
    }

    #[test]
    fn leftovers_are_reported() {
        let cover = ["普陀区司法局2026年部门预算"];
        let tables = vec![
            table("2026年收支总表", "部门：普陀区司法局"),
            table("2025年收入总表", "部门：普陀区财政局"),
            table("2025年和2026年三公经费对比表", ""),
        ];
        let (_, findings) = read(&cover, tables);
        let codes: Vec<_> = findings.iter().map(|finding| finding.code.as_str()).collect();
        assert_eq!(codes, ["B411", "B412", "B413"]);
    }

    #[test]
    fn a_heading_of_last_year_is_a_leftover() {
        let heading =
            |title: &str| Heading { level: 1, number: None, title: title.into(), place: line(9, title).place };
        let outline = Outline {
            cover: vec![line(1, "长治市财政局2026年部门预算")],
            headings: vec![heading("2025年部门预算报表"), heading("2026年部门预算情况说明")],
            ..Outline::default()
        };
        let mut findings = Vec::new();
        bind_cover(&outline, &Specs::builtin().expect("built-in specs"), &mut findings);
        assert_eq!(findings.iter().map(|f| f.code.as_str()).collect::<Vec<_>>(), ["B412"]);
    }
}
