//! Where something stands in its source. Every cell, row, heading and fact has one.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A place in a source document, in the terms of the source's format.
///
/// Serialised flat: the keys present tell the format. A new format (sheets, blocks of a word
/// processor) is a new variant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Place {
    /// A place on a page of a PDF.
    Page {
        /// 1-based number of the page.
        page: u32,
        /// `[x0, top, x1, bottom]` in points, origin at the top left of the page as displayed.
        bbox: [f32; 4],
    },
    /// A place in a text.
    Text {
        /// 1-based line.
        line: u32,
        /// 1-based column, counted in characters (not bytes, not cells of a terminal).
        column: u32,
        /// Length in characters.
        width: u32,
        /// 1-based number of the tab-separated cell within the line, where the line is a row of a table.
        #[serde(skip_serializing_if = "Option::is_none")]
        cell: Option<u32>,
    },
}

impl Place {
    /// 1-based page, where the format has pages.
    pub fn page(&self) -> Option<u32> {
        match self {
            Place::Page { page, .. } => Some(*page),
            Place::Text { .. } => None,
        }
    }

    /// 1-based line, where the format has lines.
    pub fn line(&self) -> Option<u32> {
        match self {
            Place::Text { line, .. } => Some(*line),
            Place::Page { .. } => None,
        }
    }

    /// The part of a text place that begins `skip` characters further and is `width` characters long.
    /// A place on a page stays whole: characters have no fixed advance there.
    pub fn within(&self, skip: usize, length: usize) -> Place {
        match self {
            Place::Text { line, column, cell, .. } => {
                Place::Text { line: *line, column: column + skip as u32, width: length as u32, cell: *cell }
            }
            page => page.clone(),
        }
    }
}

/// Prints `12:3` for a text, `p4 (56.7, 89.0)` for a page.
impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Place::Page { page, bbox } => write!(f, "p{page} ({:.1}, {:.1})", bbox[0], bbox[1]),
            Place::Text { line, column, .. } => write!(f, "{line}:{column}"),
        }
    }
}

/// A printed text together with its place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Printed {
    /// The text as it stands in the source.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

impl Printed {
    /// A text at a place.
    pub fn new(text: impl Into<String>, place: Place) -> Self {
        Printed { text: text.into(), place }
    }
}
