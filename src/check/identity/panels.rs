//! The panels of a table with what every identity asks of them: found once for all identities.

use std::cell::OnceCell;

use super::address::{body_keys, is_counted};
use super::tree::{Groups, Tree, rows_to_tree};
use super::years::without_years;
use crate::model::{Side, Table};
use crate::spec::identities::Words;

/// Side and panel of a row.
type SideAndPanel = (Option<Side>, u32);

/// The rows of one side and panel.
pub struct Panel {
    /// In reading order.
    pub rows: Vec<usize>,
    /// Those that may be parts of a sum: without years and changes, where there are changes.
    pub parts: Vec<usize>,
    /// By how groups are taken.
    trees: [OnceCell<Tree>; Groups::ALL.len()],
}

/// The panels of one table.
pub struct Panels<'a> {
    table: &'a Table,
    words: &'a Words,
    bodies: Vec<String>,
    pub panels: Vec<Panel>,
}

impl Panel {
    pub fn has_changes(&self) -> bool {
        self.parts.len() < self.rows.len()
    }
}

impl<'a> Panels<'a> {
    pub fn of(table: &'a Table, words: &'a Words) -> Panels<'a> {
        let to_panel = |rows: Vec<usize>| Panel {
            parts: without_years(table, &rows, words),
            rows,
            trees: std::array::from_fn(|_| OnceCell::new()),
        };
        let panels = rows_by_panel(table).into_iter().map(to_panel).collect();
        Panels { table, words, bodies: body_keys(table), panels }
    }

    /// The forest over the parts of a panel.
    pub fn tree<'p>(&self, panel: &'p Panel, groups: Groups) -> &'p Tree {
        let of_groups = &panel.trees[groups as usize];
        of_groups.get_or_init(|| rows_to_tree(self.table, &panel.parts, &self.bodies, &self.words.of_which, groups))
    }
}

/// Rows by side and panel.
fn rows_by_panel(table: &Table) -> Vec<Vec<usize>> {
    let mut panels: Vec<(SideAndPanel, Vec<usize>)> = Vec::new();
    for (at, row) in table.rows.iter().enumerate().filter(|(_, row)| is_counted(row)) {
        let place = (row.side, row.panel);
        match panels.iter_mut().find(|(panel, _)| *panel == place) {
            Some((_, rows)) => rows.push(at),
            None => panels.push((place, vec![at])),
        }
    }
    panels.into_iter().map(|(_, rows)| rows).collect()
}
