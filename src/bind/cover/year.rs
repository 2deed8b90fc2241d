//! The fiscal year that captions name, and captions of another.

use std::sync::OnceLock;

use crate::base::expression::expression;
use regex::Regex;

use super::stated::stated;
use crate::base::finding::Finding;
use crate::base::text::{as_squashed, squash};
use crate::finding_code;
use crate::model::{Metadata, Stated};
use crate::segment::Outline;

finding_code! {
    /// A caption or heading names another year than the document.
    ///
    /// Usually a leftover of the document that was copied from the year before.
    pub B412, "another-year", Warning
}

fn years_of(text: &str) -> Vec<(i32, String)> {
    static YEAR: OnceLock<Option<Regex>> = OnceLock::new();
    let Some(year) = YEAR.get_or_init(|| expression(r"(20\d\d)(?:年|[（(]年度?[）)])").ok()) else {
        return Vec::new();
    };
    let squashed = as_squashed(text);
    if !squashed.contains("20") {
        return Vec::new();
    }
    let years = year.captures_iter(&squashed);
    years.filter_map(|c| Some((c.get(1)?.as_str().parse().ok()?, c.get(0)?.as_str().to_string()))).collect()
}

/// The one year that captions and the lines below them name.
pub fn year_of_captions(outline: &Outline) -> Option<Stated<i32>> {
    let lines = outline.tables.iter().flat_map(|table| table.caption.iter().chain(&table.subtitles));
    let found: Vec<Stated<i32>> = lines
        .flat_map(|line| {
            let years = years_of(&line.text).into_iter();
            years.map(|(year, words)| stated(year, &words, std::slice::from_ref(line))).collect::<Vec<_>>()
        })
        .collect();
    let first = found.first()?;
    found.iter().all(|other| other.value == first.value).then(|| first.clone())
}

fn outside_brackets(text: &str) -> String {
    let mut depth = 0i32;
    text.chars()
        .filter(|c| {
            let opens = matches!(c, '（' | '(' | '〔' | '【' | '《');
            let closes = matches!(c, '）' | ')' | '〕' | '】' | '》');
            depth += i32::from(opens) - i32::from(closes);
            depth <= 0 && !closes
        })
        .collect()
}

/// Captions, and headings that begin with a year.
pub fn report_other_years(outline: &Outline, metadata: &Metadata, findings: &mut Vec<Finding>) {
    let Some(stated_year) = &metadata.fiscal_year else { return };
    let captions = outline.tables.iter().filter_map(|table| table.caption.as_ref());
    let captions = captions.map(|caption| (caption.text.as_str(), &caption.place));
    let headings = outline.headings.iter().filter(|heading| heading.level == 1 && heading.title.starts_with("20"));
    let headings = headings.map(|heading| (heading.title.as_str(), &heading.place));
    for (text, place) in captions.chain(headings) {
        // A year in brackets is of what the brackets say: （2021年补助资金）, the name of a project.
        let years = years_of(&outside_brackets(text));
        if let Some((year, words)) = years.first()
            && years.iter().all(|(year, _)| *year != stated_year.value)
        {
            let message = format!("“{}” names {year}, the document is of {}", squash(text), stated_year.value);
            let finding = Finding::new(&B412, message).at(place, format!("names {words}"));
            findings.push(finding.with(&stated_year.place, "the year of the document"));
        }
    }
}
