//! Tables without rulings, completed by what is known of tables: words of headers, and sums.
//!
//! The reader finds texts that stand in rows and share edges. It cannot know that a label belongs to the figures a
//! little further right, nor that a title is followed by a table of which only the header is filled.

mod captioned;
mod columns;
mod groups;
mod head;
mod sums;

use crate::base::finding::Finding;
use crate::finding_code;
use crate::model::GridMethod;
use crate::read::{Block, Document};
use crate::spec::Specs;

finding_code! {
    /// A table without rulings could be read in more than one way: which column some figures belong to was not
    /// to be seen. The reading was chosen in which the totals of the rows are the sums of their parts.
    pub S111, "columns-chosen-by-sums", Info
}

/// Finds the tables that only their captions and headers tell, and joins labels of columns with their figures.
pub fn complete(document: &mut Document, specs: &Specs, findings: &mut Vec<Finding>) {
    if document.pages.is_empty() {
        return;
    }
    captioned::lines_to_grids(&mut document.blocks, specs);
    for block in &mut document.blocks {
        let Block::Grid(grid) = block else { continue };
        if grid.method == GridMethod::Aligned {
            columns::join_halves(grid, &specs.segmentation, findings);
        }
    }
}
