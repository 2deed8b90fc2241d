//! What is left of a document after its furniture: lines and sheets in reading order, each taken by one part only.

use crate::base::place::Place;
use crate::base::text::is_blank;
use crate::model::Furniture;
use crate::read::{Block, Grid, Line};
use crate::spec::segmentation::Segmentation;

use super::sheet::{Sheet, is_empty};
use super::split::grid_to_sheets;

#[derive(Clone, Debug)]
pub enum Content {
    Line(Line),
    /// Before the contents list is known.
    Grid(Grid),
    Sheet(Box<Sheet>),
    /// The place of a sheet whose cells a table has taken.
    Held(Place),
}

#[derive(Clone, Debug)]
pub struct Item {
    pub content: Content,
    /// Set by the part that holds it.
    pub taken: bool,
}

impl Item {
    /// The line, if it is one and no part holds it yet.
    pub fn free_line(&self) -> Option<&Line> {
        match &self.content {
            Content::Line(line) if !self.taken => Some(line),
            _ => None,
        }
    }

    pub fn sheet(&self) -> Option<&Sheet> {
        match &self.content {
            Content::Sheet(sheet) => Some(sheet),
            _ => None,
        }
    }

    /// The sheet with all that it holds; its place stays.
    pub fn take_sheet(&mut self) -> Option<Sheet> {
        let held = Content::Held(self.sheet()?.place.clone());
        self.taken = true;
        match std::mem::replace(&mut self.content, held) {
            Content::Sheet(sheet) => Some(*sheet),
            _ => None,
        }
    }

    /// True for a sheet, whether a table holds it yet or not.
    pub fn is_sheet(&self) -> bool {
        matches!(self.content, Content::Sheet(_) | Content::Held(_))
    }

    pub fn place(&self) -> &Place {
        match &self.content {
            Content::Line(line) => &line.place,
            Content::Grid(grid) => &grid.place,
            Content::Sheet(sheet) => &sheet.place,
            Content::Held(place) => place,
        }
    }
}

/// Lines and grids in order; furniture apart.
pub fn items_of(blocks: Vec<Block>) -> (Vec<Item>, Vec<Furniture>) {
    let mut items = Vec::new();
    let mut furniture = Vec::new();
    for block in blocks {
        match block {
            Block::Line(line) => match line.furniture {
                Some(kind) => furniture.push(Furniture { kind, text: line.text, place: line.place }),
                None if line.text.chars().all(is_blank) => {}
                None => items.push(Item { content: Content::Line(line), taken: false }),
            },
            // A frame around nothing.
            Block::Grid(grid) if grid.cells.iter().all(is_empty) => {}
            Block::Grid(grid) => items.push(Item { content: Content::Grid(grid), taken: false }),
        }
    }
    lines_before_their_grids(&mut items);
    (items, furniture)
}

/// A line whose middle is above the top of a grid comes before it, however its box overlaps the grid's.
fn lines_before_their_grids(items: &mut [Item]) {
    for at in 1..items.len() {
        let Content::Line(line) = &items[at].content else { continue };
        let Place::Page { page, bbox } = &line.place else { continue };
        let middle = (bbox[1] + bbox[3]) / 2.0;
        let mut to = at;
        while let Some(before) = to.checked_sub(1).and_then(|before| items.get(before)) {
            let stands_above = match (&before.content, before.place()) {
                (Content::Grid(_), Place::Page { page: other, bbox: grid }) => other == page && middle < grid[1] + 1.0,
                // Past the lines that went before the grid already.
                _ => false,
            };
            if !stands_above {
                break;
            }
            to -= 1;
        }
        items[to..=at].rotate_right(1);
    }
}

/// Grids that no part holds become sheets, one for each table in them.
pub fn split_grids(items: Vec<Item>, vocabulary: &Segmentation) -> Vec<Item> {
    items
        .into_iter()
        .flat_map(|item| match item.content {
            Content::Grid(grid) if !item.taken => grid_to_sheets(grid, vocabulary)
                .into_iter()
                .map(|sheet| Item { content: Content::Sheet(Box::new(sheet)), taken: false })
                .collect(),
            _ => vec![item],
        })
        .collect()
}
