//! Findings as text for people, with the source beside them, and as JSON lines for programs.

use std::fmt::Write;

use serde::Serialize;

use super::excerpt::underline;
use crate::base::finding::{Finding, Ground, Related, Severity};
use crate::base::place::Place;
use crate::model::Disclosure;

/// Finds the printed line of a text by its number; `None` where the source has no lines.
pub type Lines<'a> = &'a dyn Fn(u32) -> Option<&'a str>;

/// Findings of a document in human form, a blank line after each.
pub fn text(disclosure: &Disclosure, lines: Lines) -> String {
    disclosure.findings.iter().map(|finding| finding_to_text(&disclosure.document, finding, lines) + "\n").collect()
}

fn finding_to_text(document: &str, finding: &Finding, lines: Lines) -> String {
    let Finding { code, name, severity, message, place, label, related, help, evidence, known } = finding;
    let at = place.as_ref().map(|place| format!(":{place}")).unwrap_or_default();
    let mut out = format!("{document}{at}: {severity}[{code}] {name}: {message}\n");
    let margin =
        place.iter().chain(related.iter().map(|related| &related.place)).map(|place| margin(place).len()).max();
    let margin = margin.unwrap_or(0);
    if let Some(place) = place {
        excerpt(&mut out, margin, place, label, '^', lines);
    }
    for Related { note, place } in related {
        excerpt(&mut out, margin, place, note, '-', lines);
    }
    if let Some(help) = help {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "  help: {help}");
    }
    for Ground { speaks_for, note, place } in evidence {
        let at = place.as_ref().map(|place| format!(" ({place})")).unwrap_or_default();
        let _ = writeln!(out, "  for the {speaks_for}: {note}{at}");
    }
    if let Some(reason) = known {
        let _ = writeln!(out, "  known: {reason}");
    }
    out
}

fn margin(place: &Place) -> String {
    match place {
        Place::Page { page, .. } => format!("p{page}"),
        Place::Text { line, .. } => line.to_string(),
    }
}

fn excerpt(out: &mut String, margin_width: usize, place: &Place, label: &str, mark: char, lines: Lines) {
    let number = margin(place);
    let _ = match place {
        Place::Text { line, column, width, .. } => match lines(*line) {
            Some(text) => {
                let (line, marks) = underline(text, *column, *width, mark);
                let _ = writeln!(out, "  {number:>margin_width$} | {line}");
                writeln!(out, "  {:>margin_width$} | {}", "", format!("{marks} {label}").trim_end())
            }
            None => writeln!(out, "  {number:>margin_width$} | {label}"),
        },
        Place::Page { bbox: [x0, top, x1, bottom], .. } => {
            writeln!(out, "  {number:>margin_width$} | [{x0:.1}, {top:.1}, {x1:.1}, {bottom:.1}] {label}")
        }
    };
}

#[derive(Serialize)]
struct Record<'a> {
    document: &'a str,
    code: &'a str,
    name: &'a str,
    severity: Severity,
    message: &'a str,
    place: Option<&'a Place>,
    label: &'a str,
    related: &'a [Related],
    help: Option<&'a str>,
    evidence: &'a [Ground],
    known: Option<&'a str>,
}

/// A JSON object a line, every key in each.
///
/// # Errors
/// None that a disclosure can cause.
pub fn jsonl(disclosure: &Disclosure) -> serde_json::Result<String> {
    let mut out = String::new();
    for finding in &disclosure.findings {
        let record = Record {
            document: &disclosure.document,
            code: &finding.code,
            name: &finding.name,
            severity: finding.severity,
            message: &finding.message,
            place: finding.place.as_ref(),
            label: &finding.label,
            related: &finding.related,
            help: finding.help.as_deref(),
            evidence: &finding.evidence,
            known: finding.known.as_deref(),
        };
        out.push_str(&serde_json::to_string(&record)?);
        out.push('\n');
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::finding::{Code, Whose};

    const CODE: Code =
        Code { id: "C301", name: "project-amount-differs-from-target", severity: Severity::Warning, explanation: &[] };

    fn disclosure(finding: Finding) -> Disclosure {
        Disclosure { document: "t.txt".into(), findings: vec![finding], ..Disclosure::default() }
    }

    fn at(line: u32, column: u32, width: u32) -> Place {
        Place::Text { line, column, width, cell: None }
    }

    #[test]
    fn a_finding_shows_both_places() {
        let finding = Finding::new(&CODE, "627.00万元 is not 10.00万元")
            .at(&at(8, 4, 6), "the project table says 627.00 万元")
            .with(&at(12, 5, 3), "the target says 10.00 万元")
            .help("the names may have slid");
        let lines = |line: u32| Some(if line == 8 { "经费\t627.00" } else { "总额:\t100" });
        let expected = "\
t.txt:8:4: warning[C301] project-amount-differs-from-target: 627.00万元 is not 10.00万元
   8 | 经费   627.00
     |        ^^^^^^ the project table says 627.00 万元
  12 | 总额:   100
     |         --- the target says 10.00 万元
  help: the names may have slid

";
        assert_eq!(text(&disclosure(finding), &lines), expected);
    }

    #[test]
    fn a_page_shows_its_box() {
        let place = Place::Page { page: 4, bbox: [56.66, 89.0, 100.0, 99.5] };
        let text = text(&disclosure(Finding::new(&CODE, "m").at(&place, "said so")), &|_| None);
        assert!(text.starts_with("t.txt:p4 (56.7, 89.0): warning[C301]"), "{text}");
        assert!(text.contains("  p4 | [56.7, 89.0, 100.0, 99.5] said so\n"), "{text}");
    }

    #[test]
    fn what_speaks_for_either_side_stands_below() {
        let mut finding = Finding::new(&CODE, "m");
        let ground = |speaks_for, note: &str| Ground { speaks_for, note: note.into(), place: None };
        finding.evidence = vec![ground(Whose::Publisher, "printed so"), ground(Whose::Reading, "joined")];
        finding.known = Some("written to the office".into());
        let expected = "  for the publisher: printed so\n  for the reading: joined\n  known: written to the office\n";
        assert!(text(&disclosure(finding.clone()), &|_| None).contains(expected));
        let line = jsonl(&disclosure(finding)).expect("JSON");
        assert!(line.contains(r#""evidence":[{"for":"publisher","note":"printed so"}"#), "{line}");
    }

    #[test]
    fn json_lines_have_every_key() {
        let line = jsonl(&disclosure(Finding::new(&CODE, "m"))).expect("JSON");
        let record: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        for key in ["document", "code", "name", "severity", "message", "place", "related", "help", "evidence", "known"]
        {
            assert!(record.get(key).is_some(), "{key}");
        }
        assert_eq!(record["severity"], "warning");
    }
}
