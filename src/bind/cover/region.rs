//! The place whose body it is.

use super::stated::stated;
use crate::base::finding::Finding;
use crate::base::place::Printed;
use crate::finding_code;
use crate::model::{Region, Stated};
use crate::spec::Specs;

finding_code! {
    /// The place of the body cannot be told from its name: it names none, or one that several divisions have.
    ///
    /// `region` stays null. Central bodies have none.
    pub B411, "place-not-told", Info
}

/// The first source that names one place; a name that several divisions have waits for a source that names one of
/// them or what lies around it.
pub fn find_region(sources: &[&Stated<String>], specs: &Specs, findings: &mut Vec<Finding>) -> Option<Stated<Region>> {
    let mut open: Option<(Vec<String>, Stated<String>)> = None;
    for source in sources {
        let Some(found) = specs.regions.find(&source.value) else { continue };
        let words: String = source.value.chars().skip(found.start).take(found.length).collect();
        let printed = Printed::new(source.printed.clone(), source.place.clone());
        let words = stated(words.clone(), &words, std::slice::from_ref(&printed));
        let (codes, words) = match open {
            None => (found.codes, words),
            Some((codes, first)) => {
                let agrees = |code: &String| found.codes.iter().any(|outer| specs.regions.contains(outer, code));
                let agreeing: Vec<String> = codes.iter().filter(|code| agrees(code)).cloned().collect();
                (if agreeing.is_empty() { codes } else { agreeing }, first)
            }
        };
        if let [code] = codes.as_slice() {
            let region = specs.regions.region(code)?;
            return Some(Stated { value: region, printed: words.printed, place: words.place });
        }
        open = Some((codes, words));
    }
    let finding = match (&open, sources.first()) {
        (Some((codes, words)), _) => {
            let message = format!("{} is the name of {} divisions", words.printed, codes.len());
            Finding::new(&B411, message).at(&words.place, "which of them is not said")
        }
        (None, Some(body)) => {
            Finding::new(&B411, format!("{} names no place", body.value)).at(&body.place, "no place in this name")
        }
        (None, None) => Finding::new(&B411, "nothing names a place"),
    };
    findings.push(finding);
    None
}
