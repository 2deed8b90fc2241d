//! A table within a form: a row of headings, and rows whose values stand below them.
//!
//! 年初预算数 / 全年预算数 / 全年执行数 beside the funds of a self-evaluation, 任务名称 / 预算金额 of a department's tasks,
//! 预期目标 beside 实际完成情况. Only where the grid has its columns from the page.

use crate::base::amount::Unit;
use crate::base::amount::parse_figure;
use crate::base::place::Printed;
use crate::model::Half;
use crate::spec::forms::FormLabel;

use super::cells::FormCell;

/// The headings that hold for the rows below.
pub(super) struct Block {
    /// What stands left of the whole table: 项目资金（万元）.
    pub side: Option<Printed>,
    /// First column that belongs to the table, right of `side`.
    from: u32,
    pub headings: Vec<BlockHeading>,
    /// True until a row of values has come.
    is_open: bool,
}

pub(super) struct BlockHeading {
    column: u32,
    end: u32,
    /// Texts from the outermost heading to this one.
    pub path: Vec<String>,
    /// Where the heading names goals: of which half.
    pub goal: Option<Half>,
    /// Amounts stand below it; the unit where the heading states it.
    pub is_money: bool,
    pub unit: Option<Unit>,
}

fn end(cell: &FormCell<'_>) -> u32 {
    cell.cell.column + cell.cell.column_span.max(1)
}

fn has_figure(row: &[FormCell<'_>]) -> bool {
    row.iter().any(|cell| parse_figure(&cell.cell.text).is_some())
}

impl Block {
    /// The block that a row of headings opens, and how many of its cells stand left of it.
    pub fn open(row: &[FormCell<'_>]) -> Option<(Block, usize)> {
        let heads = |cell: &FormCell<'_>| {
            matches!(cell.label(), Some(FormLabel::ColumnHeading { .. })) && cell.inline.is_none()
        };
        if !row.iter().any(heads) || has_figure(row) {
            return None;
        }
        let first = row.first()?;
        let beside = usize::from(first.cell.column == 0 && !heads(first) && row.len() > 1);
        // 年度预算数（万元） over the names of the funds heads no figures, and states their unit (四川).
        let is_over_names = |cell: &&FormCell<'_>| matches!(cell.label(), Some(FormLabel::FundsHeading));
        let beside = beside + usize::from(beside > 0 && row.get(beside).filter(is_over_names).is_some());
        let headings = row.get(beside..)?.iter().map(|cell| BlockHeading {
            column: cell.cell.column,
            end: end(cell),
            path: vec![cell.printed().text],
            goal: match cell.label() {
                Some(FormLabel::GoalHeading(half)) => Some(half),
                _ => None,
            },
            is_money: matches!(
                cell.label(),
                Some(FormLabel::ColumnHeading { is_money: true } | FormLabel::Fund { .. })
            ),
            unit: cell.matched.as_ref().and_then(|matched| matched.unit.clone()),
        });
        let headings = headings.collect();
        let side = (beside > 0).then(|| first.printed());
        let from = if beside > 0 { end(first) } else { 0 };
        Some((Block { side, from, headings, is_open: true }, beside))
    }

    /// A second row of headings, below those of the first that span several columns. True where the row is one.
    pub fn deepen(&mut self, row: &[FormCell<'_>]) -> bool {
        let parents: Vec<Option<usize>> = row
            .iter()
            .map(|cell| {
                let (column, end) = (cell.cell.column, end(cell));
                let is_within = |heading: &BlockHeading| heading.column <= column && end <= heading.end;
                let is_narrower = |heading: &BlockHeading| end - column < heading.end - heading.column;
                self.headings.iter().position(|heading| is_within(heading) && is_narrower(heading))
            })
            .collect();
        if !self.is_open || row.len() < 2 || has_figure(row) || parents.iter().any(Option::is_none) {
            return false;
        }
        let below = row.iter().zip(&parents).filter_map(|(cell, parent)| {
            let parent = self.headings.get((*parent)?)?;
            let mut path = parent.path.clone();
            path.push(cell.printed().text);
            let (column, end) = (cell.cell.column, end(cell));
            let (is_money, unit) = (parent.is_money, parent.unit.clone());
            Some(BlockHeading { column, end, path, goal: None, is_money, unit })
        });
        let below: Vec<BlockHeading> = below.collect();
        let mut index = 0;
        self.headings.retain(|_| {
            index += 1;
            !parents.contains(&Some(index - 1))
        });
        self.headings.extend(below);
        self.headings.sort_by_key(|heading| heading.column);
        self.is_open = false;
        true
    }

    /// True for a row of values: it begins right of what stands beside the table.
    pub fn holds(&mut self, row: &[FormCell<'_>]) -> bool {
        self.is_open = false;
        row.first().is_some_and(|first| first.cell.column >= self.from)
    }

    /// The index of the heading that a cell stands below.
    pub fn heading_of(&self, cell: &FormCell<'_>) -> Option<usize> {
        self.headings.iter().rposition(|heading| heading.column <= cell.cell.column)
    }

    /// True where the first cell names the row: it stands left of the headings, or it is words in a table of figures.
    pub fn first_names_row(&self, row: &[FormCell<'_>]) -> bool {
        let Some(first) = row.first() else { return false };
        let is_left = self.headings.first().is_some_and(|heading| first.cell.column < heading.column);
        let is_words = parse_figure(&first.cell.text).is_none();
        is_left || (is_words && self.headings.len() > 2)
    }
}
