//! Paragraphs → [`Statement`]s: every amount, share, change and count of the prose, with what it measures.
//!
//! ```text
//! text ─tokens→ figures, words, stops ─clauses→ drafts ─references→ statements that know their whole and their amount
//! ```

mod clauses;
mod references;
mod subject;
mod tokens;

use crate::base::finding::Finding;
use crate::finding_code;
use crate::model::{Evidence, Heading, Paragraph, Statement};
use crate::spec::Specs;
use crate::spec::narrative::fold;

finding_code! {
    /// A figure of the prose looks like money (thousands separators or two decimals) and has no unit behind it.
    /// It is in the text of its paragraph, but not among the statements.
    pub B501, "figure-without-unit-in-prose", Info
}

/// What the prose says in figures. Dates, numbers of documents and items are no quantities; bounds of classes
/// (50万元以上) and prices of one are statements of their own kinds.
pub fn narrate(
    paragraphs: &[Paragraph],
    headings: &[Heading],
    fiscal_year: Option<i32>,
    specs: &Specs,
    findings: &mut Vec<Finding>,
) -> Vec<Statement> {
    let vocabulary = &specs.narrative;
    let mut all = clauses::Drafts::default();
    let mut clause_texts: Vec<String> = Vec::new();
    let mut heading_before = None;
    for (index, paragraph) in paragraphs.iter().enumerate() {
        if paragraph.heading != heading_before {
            all.pending_list = None;
            heading_before = paragraph.heading;
        }
        if is_without_figures(&paragraph.text) {
            continue;
        }
        let title = paragraph.heading.and_then(|heading| headings.get(heading)).map(|heading| heading.title.as_str());
        let reading = tokens::text_to_tokens(&paragraph.text, vocabulary);
        let first = all.drafts.len();
        clauses::tokens_to_drafts(&mut all, index, &reading, title, fiscal_year, vocabulary);
        clause_texts.extend(
            all.drafts[first..].iter().map(|draft| reading.text(draft.clause.0, draft.clause.1).trim().to_string()),
        );
    }
    report_bare(&all.bare, paragraphs, findings);
    let headings_of: Vec<Option<usize>> = paragraphs.iter().map(|paragraph| paragraph.heading).collect();
    let references = references::find(&all, &headings_of);
    let id = |index: usize| format!("s{}", index + 1);
    // `占85%` and `增长5%` speak of the subject of their amount.
    let subjects: Vec<(String, Option<String>)> = all
        .drafts
        .iter()
        .zip(&references)
        .map(|(draft, reference)| {
            let named = reference.part.or(reference.of).and_then(|amount| all.drafts.get(amount));
            let owner = if draft.subject.is_empty() { named.unwrap_or(draft) } else { draft };
            (owner.subject.clone(), owner.measure.clone())
        })
        .collect();
    all.drafts
        .into_iter()
        .zip(references)
        .zip(clause_texts)
        .zip(subjects)
        .enumerate()
        .filter_map(|(index, (((draft, reference), clause), (subject, measure)))| {
            let paragraph = paragraphs.get(draft.paragraph)?;
            let (start, end) = draft.at;
            Some(Statement {
                id: id(index),
                kind: draft.kind,
                subject,
                measure,
                fiscal_year: draft.year,
                base_year: draft.base_year,
                direction: draft.direction,
                printed: draft.printed,
                value: draft.value,
                unit: Some(draft.unit),
                of: reference.of.map(id),
                part: reference.part.map(id),
                base: reference.base.map(id),
                part_of: reference.part_of.map(id),
                clause,
                heading: paragraph.heading,
                evidence: Evidence::Untested,
                place: paragraph.place_of(start, end - start),
            })
        })
        .collect()
}

/// True for a paragraph that has no digit, and ends as sentences do: no list of figures follows it.
fn is_without_figures(text: &str) -> bool {
    text.ends_with(|c| matches!(fold(c), '。' | '!' | '?' | ';')) && !text.contains(|c| fold(c).is_ascii_digit())
}

/// One finding for each paragraph of sentences; a paragraph of figures only is a table that was not recognised.
fn report_bare(bare: &[(usize, usize, usize)], paragraphs: &[Paragraph], findings: &mut Vec<Finding>) {
    for figures in bare.chunk_by(|a, b| a.0 == b.0) {
        let [(index, start, end), ..] = figures else { continue };
        let Some(paragraph) = paragraphs.get(*index) else { continue };
        let stops = paragraph.text.chars().filter(|c| matches!(c, '。' | '，' | '；')).count();
        if stops < figures.len() {
            continue;
        }
        let printed: String = paragraph.text.chars().skip(*start).take(end - start).collect();
        findings.push(
            Finding::new(&B501, format!("{printed} has no unit"))
                .at(&paragraph.place_of(*start, end - start), "no unit follows"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::place::Place;
    use crate::model::{Direction, Piece, StatementKind};

    fn read(texts: &[&str]) -> Vec<Statement> {
        let specs = Specs::builtin().expect("built-in specs");
        let paragraphs: Vec<Paragraph> = texts
            .iter()
            .enumerate()
            .map(|(index, text)| {
                let place =
                    Place::Text { line: index as u32 + 1, column: 1, width: text.chars().count() as u32, cell: None };
                Paragraph { text: text.to_string(), heading: None, pieces: vec![Piece { start: 0, place }] }
            })
            .collect();
        narrate(&paragraphs, &[], Some(2026), &specs, &mut Vec::new())
    }

    fn line(statement: &Statement) -> String {
        let unit = statement.unit.as_ref().map(ToString::to_string).unwrap_or_default();
        format!("{:?} {} {}{unit}", statement.kind, statement.subject, statement.printed)
    }

    #[test]
    fn a_total_its_parts_and_its_change() {
        let said = read(&[
            "2026年度甲局预算收入总计5,519.38万元，其中：本年收入4,722.97万元，上年结转796.41万元，比上年减少277.40万元，下降4.79%。",
        ]);
        assert_eq!(
            said.iter().map(line).collect::<Vec<_>>(),
            [
                "Amount 甲局预算收入总计 5,519.38万元",
                "Amount 本年收入 4,722.97万元",
                "Amount 上年结转 796.41万元",
                "Change 甲局预算收入总计 277.40万元",
                "ChangeRate 甲局预算收入总计 4.79%",
            ]
        );
        assert_eq!(said[0].measure.as_deref(), Some("total_revenue"));
        // 277.40 of 796.41 would be a fall by 25.83 %: only the total fits.
        assert_eq!((said[3].of.as_deref(), said[4].of.as_deref()), (Some("s1"), Some("s1")));
        assert_eq!((said[3].base_year, said[3].direction), (Some(2025), Some(Direction::Decrease)));
        assert_eq!(said[1].part_of.as_deref(), Some("s1"));
        // Place of the figure: behind 2026年度甲局预算收入总计 (14 characters).
        assert_eq!(said[0].place, Place::Text { line: 1, column: 15, width: 8, cell: None });
        assert_eq!(said[4].clause, "下降4.79%");
    }

    #[test]
    fn shares_know_their_part_and_their_whole() {
        let said =
            read(&["乙局支出预算5519.38万元，其中：基本支出378.18万元，占6.85%；项目支出5141.2万元，占93.15%。"]);
        let shares: Vec<&Statement> = said.iter().filter(|s| s.kind == StatementKind::Share).collect();
        assert_eq!((shares[0].part.as_deref(), shares[0].of.as_deref()), (Some("s2"), Some("s1")));
        assert_eq!((shares[1].part.as_deref(), shares[1].of.as_deref()), (Some("s4"), Some("s1")));
    }

    #[test]
    fn a_share_that_names_its_whole() {
        let said = read(&["本年支出合计4,651.67万元。", "丙局财政拨款支出2,723.94万元，占本年支出合计的58.56%。"]);
        assert_eq!((said[2].part.as_deref(), said[2].of.as_deref()), (Some("s2"), Some("s1")));
    }

    #[test]
    fn counts_areas_and_bounds() {
        let said = read(&["丁局占有价值50万元（原值）以上的设备3台（套），办公用房面积1840.81平方米，车辆0辆。"]);
        assert_eq!(
            said.iter().map(|s| s.kind).collect::<Vec<_>>(),
            [StatementKind::Threshold, StatementKind::Count, StatementKind::Area, StatementKind::Count]
        );
    }

    #[test]
    fn dates_and_document_numbers_say_nothing() {
        assert!(read(&["截至2026年1月30日，按照财办〔2025〕85号第3条办理。"]).is_empty());
    }

    #[test]
    fn the_year_of_a_comparison_and_its_printed_base() {
        let said = read(&["2026年收入预算33112.47万元，比2025年年初预算数35201.58万元减少2089.11万元，降低5.93%。"]);
        assert_eq!(said.iter().map(line).next_back().as_deref(), Some("ChangeRate 收入预算 5.93%"));
        assert_eq!(
            (said[1].fiscal_year, said[2].base.as_deref(), said[2].of.as_deref()),
            (Some(2025), Some("s2"), Some("s1"))
        );
    }

    #[test]
    fn a_change_with_a_subject_of_its_own() {
        let said = read(&["甲项目90.72万元，乙类支出较2025年年初预算增加29.23万元，增幅2.2%。"]);
        assert_eq!(said[1].subject, "乙类支出");
        assert_eq!(said[1].of, None);
        let said = read(&["财政拨款支出80.00万元，收入不变，财政拨款支出比上年增加8.00万元，增长11.11%。"]);
        assert_eq!(said[1].of.as_deref(), Some("s1"));
    }

    #[test]
    fn reasons_change_nothing_of_the_body() {
        let said = read(&[
            "运行费49.00万元，比2025年预算增加21.00万元，主要原因是增加6辆车。其中：购置费0.00万元，维护费49.00万元。",
        ]);
        assert_eq!(said[1].of.as_deref(), Some("s1"));
        assert_eq!((said[2].kind, said[2].of.as_deref()), (StatementKind::Change, None));
        assert_eq!(said[3].part_of.as_deref(), Some("s1"));
    }

    #[test]
    fn completion_of_a_budget() {
        let said = read(&["戊科目（项）。年初预算为5717.32万元，支出决算为5757.63万元，完成年初预算的100.71%。"]);
        assert_eq!(said[2].kind, StatementKind::CompletionRate);
        assert_eq!((said[2].part.as_deref(), said[2].of.as_deref()), (Some("s2"), Some("s1")));
        assert_eq!(said[1].subject, "戊科目（项）支出决算");
    }

    #[test]
    fn what_is_passed_over_has_no_digit_and_opens_no_list() {
        assert!(is_without_figures("组织拟订有关政策，并监督实施。"));
        for text in ["支出５元。", "其中：", "主要包括以下各项", ""] {
            assert!(!is_without_figures(text), "{text}");
        }
    }

    #[test]
    fn money_without_a_unit_is_reported() {
        let specs = Specs::builtin().expect("built-in specs");
        let place = Place::Text { line: 1, column: 1, width: 9, cell: None };
        let paragraph = Paragraph {
            text: "支出1,234.50，其余照旧。".into(),
            heading: None,
            pieces: vec![Piece { start: 0, place }],
        };
        let mut findings = Vec::new();
        assert!(narrate(&[paragraph], &[], None, &specs, &mut findings).is_empty());
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].code, "B501");
    }
}
