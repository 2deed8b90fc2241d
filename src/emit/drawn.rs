//! What a PDF draws, as JSON: one object a page. For people who debug how tables are found.

use serde_json::{Value, json};

use crate::read::pdf::content::PageContent;
use crate::read::pdf::visit_pages;
use crate::read::{ReadError, Source};

/// Which part of the drawing is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drawn {
    Glyphs,
    /// Rulings, filled areas and boxes of images.
    Rulings,
}

/// Hands out each page (or only the 1-based page `only`) as a JSON object, in order, one page in memory at a time.
///
/// # Errors
/// As [`crate::read::read`].
pub fn drawn_to_json(
    source: &Source,
    part: Drawn,
    only: Option<u32>,
    mut see: impl FnMut(Value),
) -> Result<(), ReadError> {
    visit_pages(source, |content| {
        if only.is_none_or(|number| number == content.number) {
            see(page_to_json(&content, part));
        }
    })
}

fn page_to_json(content: &PageContent, part: Drawn) -> Value {
    let PageContent { number, width, height, rotation, glyphs, rulings, fills, images, failure, .. } = content;
    let mut page = json!({"page": number, "width": width, "height": height, "rotation": rotation});
    match part {
        Drawn::Glyphs => page["glyphs"] = json!(glyphs),
        Drawn::Rulings => {
            page["rulings"] = json!(rulings);
            page["fills"] = json!(fills);
            page["images"] = json!(images);
        }
    }
    if failure.is_some() {
        page["failure"] = json!(failure);
    }
    page
}
