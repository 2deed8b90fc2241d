//! Known defects from `[[known]]` in the `about.toml` of a document's folder.
//!
//! ```toml
//! [[known]]
//! code = "C503"
//! document = "defects.txt"    # without it, every document of the folder
//! place = 439                 # page of a PDF, line of a text; without it, anywhere
//! contains = "4.15%"          # words of the message; without them, every finding of the code there
//! reason = "the office has been told"
//! ```

use std::path::Path;

use anyhow::{Context, bail};
use serde::Deserialize;

use crate::check::known::Known;

/// The file of a folder of documents.
const FILE: &str = "about.toml";

/// Further keys of the file are of no concern here.
#[derive(Debug, Deserialize)]
struct About {
    #[serde(default)]
    known: Vec<Known>,
}

/// What is known of the document at this path, from the folder that it lies in.
///
/// # Errors
/// Where the file cannot be read, is no TOML of this shape, names a code that does not exist, or gives no reason.
pub fn known_of(document: &Path) -> anyhow::Result<Vec<Known>> {
    let path = document.with_file_name(FILE);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).with_context(|| format!("{} cannot be read", path.display())),
    };
    let name = document.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    toml_to_known(&text, &name).with_context(|| path.display().to_string())
}

fn toml_to_known(text: &str, document: &str) -> anyhow::Result<Vec<Known>> {
    let About { mut known } = toml::from_str(text)?;
    if let Some(entry) = known.iter().find(|entry| crate::codes::find(&entry.code).is_none()) {
        bail!("no finding has the code {:?}; `mingzhang explain` lists all", entry.code);
    }
    if let Some(entry) = known.iter().find(|entry| entry.reason.trim().is_empty()) {
        bail!("the known {} has no reason", entry.code);
    }
    known.retain(|entry| entry.document.as_ref().is_none_or(|only| only == document));
    Ok(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(keys: &str, document: &str) -> Option<usize> {
        toml_to_known(&format!("region = \"x\"\n[[known]]\n{keys}\n"), document).ok().map(|known| known.len())
    }

    #[test]
    fn entries_are_of_their_document() {
        let keys = "code = \"C503\"\ndocument = \"a.txt\"\nplace = 9\nreason = \"told\"";
        assert_eq!(entries(keys, "a.txt"), Some(1));
        assert_eq!(entries(keys, "b.txt"), Some(0));
    }

    #[test]
    fn entries_need_a_code_that_exists_and_a_reason() {
        assert_eq!(entries("code = \"C503\"\nreason = \"r\"", "a"), Some(1));
        for keys in [
            "code = \"C999\"\nreason = \"r\"",
            "code = \"C503\"\nreason = \" \"",
            "code = \"C503\"",
            "code = \"C503\"\nreason = \"r\"\npage = 3",
        ] {
            assert_eq!(entries(keys, "a"), None, "{keys}");
        }
    }
}
