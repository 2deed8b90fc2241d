//! What a stage has to say: a code, a message, places. Findings are values; nothing is thrown.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::place::Place;

/// How loud a finding is. `warning` and `error` set the exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Info,
    Warning,
    Error,
}

impl std::fmt::Display for Severity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        })
    }
}

/// A kind of finding: stable identifier, name of the offence, default severity, explanation.
///
/// Declared with [`finding_code!`](crate::finding_code) beside the code that reports it; its doc comment is what
/// `mingzhang explain` prints. Letters group by stage: R read, S segment, B bind, I identities, C checks, K known defects.
#[derive(Clone, Copy, Debug)]
pub struct Code {
    pub id: &'static str,
    pub name: &'static str,
    pub severity: Severity,
    /// The lines of the doc comment.
    pub explanation: &'static [&'static str],
}

/// Declares a [`Code`] whose explanation is its doc comment.
#[macro_export]
macro_rules! finding_code {
    ($(#[doc = $doc:expr])+ $vis:vis $id:ident, $name:expr, $severity:ident) => {
        $(#[doc = $doc])+
        $vis const $id: $crate::base::finding::Code = $crate::base::finding::Code {
            id: stringify!($id),
            name: $name,
            severity: $crate::base::finding::Severity::$severity,
            explanation: &[$($doc),+],
        };
    };
}

/// One thing that does not add up, or that could not be read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// Stable code, `C301`.
    pub code: String,
    /// Name of the offence, `project-amount-differs-from-target`.
    pub name: String,
    pub severity: Severity,
    /// One sentence; money is printed with its unit.
    pub message: String,
    /// The place that the finding is about; absent where it is about the whole document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// What stands at `place`, drawn beside the carets.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// Other places that the finding rests on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<Related>,
    /// What a reader may do or conclude.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Whose slip it may be: what speaks for the publisher's, what for one of the reading. No verdict.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Ground>,
    /// Why it is known already: the reason that the folder's `about.toml` gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<String>,
}

/// One thing that speaks for one of the two explanations of a finding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Ground {
    #[serde(rename = "for")]
    pub speaks_for: Whose,
    pub note: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

/// Who may have slipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// The document is wrong as printed.
    Publisher,
    /// It was misread.
    Reading,
}

impl std::fmt::Display for Whose {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Whose::Publisher => "publisher",
            Whose::Reading => "reading",
        })
    }
}

/// A place with what is to be seen there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Related {
    pub note: String,
    pub place: Place,
}

impl Finding {
    /// A finding of the code's own severity.
    pub fn new(code: &Code, message: impl Into<String>) -> Finding {
        Finding {
            code: code.id.to_string(),
            name: code.name.to_string(),
            severity: code.severity,
            message: message.into(),
            place: None,
            label: String::new(),
            related: Vec::new(),
            help: None,
            evidence: Vec::new(),
            known: None,
        }
    }

    /// With the place that it is about and what stands there.
    pub fn at(mut self, place: &Place, label: impl Into<String>) -> Finding {
        self.place = Some(place.clone());
        self.label = label.into();
        self
    }

    /// With one more place that it rests on.
    pub fn with(mut self, place: &Place, note: impl Into<String>) -> Finding {
        self.related.push(Related { note: note.into(), place: place.clone() });
        self
    }

    /// With advice.
    pub fn help(mut self, help: impl Into<String>) -> Finding {
        self.help = Some(help.into());
        self
    }
}
