//! SARIF 2.1.0 (OASIS): findings for code-review tools.

use serde_json::{Value, json};

use crate::base::finding::{Code, Finding, Severity};
use crate::base::place::Place;
use crate::model::Disclosure;

/// One run over all documents.
pub fn log(results: Vec<Value>, codes: &[&Code]) -> Value {
    let rules: Vec<Value> = codes.iter().map(|code| rule(code)).collect();
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "mingzhang", "version": env!("CARGO_PKG_VERSION"), "rules": rules}},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn rule(code: &Code) -> Value {
    let explanation = crate::codes::explanation(code);
    json!({
        "id": code.id,
        "name": code.name,
        "shortDescription": {"text": explanation.lines().next().unwrap_or(code.name)},
        "fullDescription": {"text": explanation},
        "defaultConfiguration": {"level": level(code.severity)},
    })
}

/// The results of one document.
pub fn results(disclosure: &Disclosure) -> Vec<Value> {
    disclosure.findings.iter().map(|finding| result(&disclosure.document, finding)).collect()
}

fn result(document: &str, finding: &Finding) -> Value {
    let mut message = finding.message.clone();
    if let Some(help) = &finding.help {
        message.push_str("\nhelp: ");
        message.push_str(help);
    }
    let related: Vec<Value> = finding
        .related
        .iter()
        .enumerate()
        .map(|(index, related)| {
            let mut location = location(document, Some(&related.place));
            location["id"] = json!(index);
            location["message"] = json!({"text": related.note});
            location
        })
        .collect();
    let mut result = json!({
        "ruleId": finding.code,
        "level": level(finding.severity),
        "message": {"text": message},
        "locations": [location(document, finding.place.as_ref())],
        "relatedLocations": related,
    });
    if !finding.evidence.is_empty() {
        result["properties"] = json!({"evidence": finding.evidence});
    }
    // SARIF §3.27.23: a result that was accepted beforehand, with the reason.
    if let Some(reason) = &finding.known {
        result["suppressions"] = json!([{"kind": "external", "justification": reason}]);
    }
    result
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

fn location(document: &str, place: Option<&Place>) -> Value {
    let mut physical = json!({"artifactLocation": {"uri": uri(document)}});
    match place {
        Some(Place::Text { line, column, width, .. }) => {
            physical["region"] = json!({"startLine": line, "startColumn": column, "endColumn": column + width.max(&1)});
            json!({"physicalLocation": physical})
        }
        // A page has no lines; the box stands among the properties.
        Some(Place::Page { page, bbox }) => {
            json!({"physicalLocation": physical, "properties": {"page": page, "bbox": bbox}})
        }
        None => json!({"physicalLocation": physical}),
    }
}

/// A relative reference (RFC 3986): everything but unreserved characters and `/` is escaped.
fn uri(path: &str) -> String {
    let escape = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    path.bytes().map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::finding::{Ground, Whose};

    #[test]
    fn a_finding_is_a_result_with_a_region() {
        let place = Place::Text { line: 378, column: 2, width: 6, cell: None };
        let finding = Finding::new(&crate::read::text::encoding::R001, "m").at(&place, "l").with(&place, "n").help("h");
        let mut finding = finding;
        let (speaks_for, note) = (Whose::Publisher, "printed so".to_string());
        finding.evidence = vec![Ground { speaks_for, note, place: None }];
        finding.known = Some("agreed".into());
        let disclosure =
            Disclosure { document: "预算 1.txt".into(), findings: vec![finding], ..Disclosure::default() };
        let log = log(results(&disclosure), &crate::codes::all());
        let result = &log["runs"][0]["results"][0];
        assert_eq!(result["ruleId"], "R001");
        assert_eq!(result["message"]["text"], "m\nhelp: h");
        let physical = &result["locations"][0]["physicalLocation"];
        assert_eq!(physical["artifactLocation"]["uri"], "%E9%A2%84%E7%AE%97%201.txt");
        assert_eq!(physical["region"], json!({"startLine": 378, "startColumn": 2, "endColumn": 8}));
        assert_eq!(result["relatedLocations"][0]["message"]["text"], "n");
        assert_eq!(result["properties"]["evidence"][0], json!({"for": "publisher", "note": "printed so"}));
        assert_eq!(result["suppressions"][0]["justification"], "agreed");
    }
}
