//! Known defects of a document: what a person has looked at before is marked, and told apart from what is new.

use serde::Deserialize;

use crate::base::finding::Finding;
use crate::finding_code;

finding_code! {
    /// A defect that `about.toml` lists as known was not found any more.
    ///
    /// The document was corrected, or the entry names another place: take the entry out, or put it right. An entry that
    /// covers nothing would one day cover a new defect.
    pub K101, "known-defect-gone", Warning
}

/// One known defect, `[[known]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    pub code: String,
    /// Name of the document's file; without it, every document of the folder.
    pub document: Option<String>,
    /// Page of a PDF, line of a text; without it, anywhere.
    pub place: Option<u32>,
    /// Words of the message; without them, every finding of the code there.
    pub contains: Option<String>,
    pub reason: String,
}

impl Known {
    fn covers(&self, finding: &Finding) -> bool {
        let at = finding.place.as_ref().and_then(|place| place.page().or_else(|| place.line()));
        finding.code == self.code
            && self.place.is_none_or(|place| at == Some(place))
            && self.contains.as_ref().is_none_or(|words| finding.message.contains(words.as_str()))
    }
}

/// Marks the findings that are known; adds one for each entry that nothing answers to.
pub fn mark(known: &[Known], findings: &mut Vec<Finding>) {
    let mut gone = Vec::new();
    for entry in known {
        let mut is_found = false;
        for finding in findings.iter_mut().filter(|finding| entry.covers(finding)) {
            finding.known = Some(entry.reason.clone());
            is_found = true;
        }
        if !is_found {
            let message = format!("{} is known ({}), and was not found", entry.code, entry.reason);
            gone.push(Finding::new(&K101, message).help("take the entry out of about.toml, or put its place right"));
        }
    }
    findings.extend(gone);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::place::Place;
    use crate::check::prose::changes::C503;

    fn known(place: u32) -> Known {
        Known { code: "C503".into(), document: None, place: Some(place), contains: None, reason: "told".into() }
    }

    fn at(line: u32) -> Finding {
        Finding::new(&C503, "m").at(&Place::Text { line, column: 1, width: 1, cell: None }, "")
    }

    #[test]
    fn a_known_defect_is_marked_and_a_new_one_is_not() {
        let mut findings = vec![at(9), at(10)];
        mark(&[known(9)], &mut findings);
        let reasons: Vec<_> = findings.iter().map(|finding| finding.known.as_deref()).collect();
        assert_eq!(reasons, [Some("told"), None]);
    }

    #[test]
    fn an_entry_that_covers_nothing_is_told() {
        let mut findings = vec![at(10)];
        mark(&[known(9), Known { contains: Some("other".into()), ..known(10) }], &mut findings);
        assert_eq!(findings.iter().map(|finding| finding.code.as_str()).collect::<Vec<_>>(), ["C503", "K101", "K101"]);
        assert_eq!(findings[0].known, None);
    }
}
