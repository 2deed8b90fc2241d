//! Body rows → rows: one for each panel, with label, codes, amounts and words. Nothing is dropped.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::base::amount::{Unit, parse_figure};
use crate::base::finding::Finding;
use crate::base::place::Printed;
use crate::base::text::{as_key, as_squashed, as_unwrapped, is_all_blank, unwrap_label};
use crate::bind::codes;
use crate::bind::columns::{BoundColumn, is_column_numbers};
use crate::bind::cut_names::complete_cut_names;
use crate::bind::units::row_units;
use crate::finding_code;
use crate::model::measures::TARGET_VALUE;
use crate::model::{Cell, Classification, Code, ColumnRole, Evidence, Row, RowRole, Side, TextCell};
use crate::segment::{RawCell, RawRow, RawTable};
use crate::spec::labels::{as_label_key, numbering_level};
use crate::spec::{Kind, Specs, Word};

finding_code! {
    /// A cell of a column of amounts is no figure.
    ///
    /// The printed text is kept and its amount is null. Usually a label flowed over its cell, or two figures stand in
    /// one cell because a ruling is missing.
    pub B204, "cell-is-no-figure", Info
}

/// The rows of a table and the notes that stand inside its grid.
pub struct BoundRows {
    pub rows: Vec<Row>,
    pub notes: Vec<Printed>,
}

/// Reads the body of a table.
pub fn bind_rows(
    raw: &RawTable,
    columns: &[BoundColumn],
    kind: Option<&Kind>,
    fiscal_year: Option<i32>,
    specs: &Specs,
    findings: &mut Vec<Finding>,
) -> BoundRows {
    let panels = columns.iter().map(|c| c.column.panel).max().map_or(0, |last| last + 1);
    let has_codes = columns.iter().any(|c| c.column.role == ColumnRole::Code);
    let mut reader = Reader {
        spanning: BTreeMap::new(),
        levels: BTreeMap::new(),
        columns,
        kind,
        fiscal_year,
        specs,
        findings,
        has_codes,
        lists_targets: columns.iter().any(|c| c.column.measure.as_deref() == Some(TARGET_VALUE)),
        scopes: BTreeMap::new(),
        classes: BTreeMap::new(),
        resolved: BTreeMap::new(),
    };
    let mut bound = BoundRows { rows: Vec::new(), notes: Vec::new() };
    for (index, row) in raw.rows.iter().enumerate() {
        let index = index as u32;
        if is_column_numbers(row, raw.columns, &specs.templates) {
            bound.rows.push(column_numbers(index, row));
        } else if let Some(note) = lone_note(row, specs) {
            bound.notes.push(note);
        } else {
            let mut read: Vec<Row> = (0..panels).filter_map(|panel| reader.row(index, row, panel)).collect();
            names_to_next_panel(&mut read);
            bound.rows.extend(read);
        }
    }
    row_units(&mut bound.rows, &specs.templates);
    if reader.lists_targets {
        complete_cut_names(&mut bound.rows);
    }
    bound
}

/// A name without a figure in one panel names the figure without a name in the next of its side, where no span says so:
/// 公用经费合计 below two panels of codes, in text.
fn names_to_next_panel(read: &mut Vec<Row>) {
    let is_bare = |row: &Row| row.codes.is_empty() && row.texts.is_empty();
    for at in (1..read.len()).rev() {
        let [before, own] = &mut read[at - 1..=at] else { continue };
        let is_name = before.cells.is_empty() && before.label.is_some() && is_bare(before);
        if is_name && own.label.is_none() && !own.cells.is_empty() && is_bare(own) && own.side == before.side {
            (own.label, own.item) = (before.label.take(), before.item.take());
            (own.role, own.level) = (before.role, before.level);
            read.remove(at - 1);
        }
    }
}

/// A row that numbers the columns: kept as words.
fn column_numbers(index: u32, row: &RawRow) -> Row {
    Row {
        index,
        role: RowRole::ColumnNumbers,
        side: None,
        panel: 0,
        label: None,
        codes: Vec::new(),
        item: None,
        level: None,
        unit: None,
        cells: Vec::new(),
        texts: row.cells.iter().filter(|cell| !is_all_blank(&cell.text)).map(text_cell).collect(),
        place: row.place.clone(),
    }
}

/// A note that fills a row of the grid: 注：….
fn lone_note(row: &RawRow, specs: &Specs) -> Option<Printed> {
    let mut cells = row.cells.iter().filter(|cell| !is_all_blank(&cell.text));
    let (cell, None) = (cells.next()?, cells.next()) else { return None };
    let text = as_key(&cell.text);
    let is_note = specs.segmentation.note.is_match(&text) || specs.segmentation.nil_note.is_match(&text);
    is_note.then(|| Printed::new(unwrap_label(&cell.text), cell.place.clone()))
}

fn text_cell(cell: &RawCell) -> TextCell {
    TextCell { column: cell.column, text: unwrap_label(&cell.text), place: cell.place.clone() }
}

/// Reads rows in order: what stands below a line of carry-over or a class depends on it.
struct Reader<'a> {
    /// Names whose merged cell reaches over the rows below, by panel, with the codes glued to them and the last row that
    /// they reach.
    spanning: BTreeMap<u32, (Printed, Vec<Code>, u32)>,
    /// The last code printed in levels (类, 款, 项), by the column of its first level.
    levels: BTreeMap<u32, String>,
    columns: &'a [BoundColumn],
    kind: Option<&'a Kind>,
    fiscal_year: Option<i32>,
    specs: &'a Specs,
    findings: &'a mut Vec<Finding>,
    has_codes: bool,
    /// True where indicators with their values stand below the names: 北京 预算表12.
    lists_targets: bool,
    /// Open scope by panel.
    scopes: BTreeMap<u32, String>,
    /// The last resolved code, by panel and classification.
    resolved: BTreeMap<(u32, Classification), String>,
    /// Class (first level) that the last resolved name is in, by panel and classification.
    classes: BTreeMap<(u32, Classification), String>,
}

impl Reader<'_> {
    fn row(&mut self, index: u32, raw: &RawRow, panel: u32) -> Option<Row> {
        let columns = self.columns;
        let own: Vec<(&RawCell, &BoundColumn)> = raw
            .cells
            .iter()
            .filter(|cell| !is_all_blank(&cell.text))
            .filter_map(|cell| Some((cell, columns.get(cell.column as usize)?)))
            .filter(|(cell, column)| self.panel_of(cell, column) == panel)
            .collect();
        let first = own.first()?;
        let side = first.1.column.side;
        let mut row = Row {
            index,
            role: RowRole::Item,
            side,
            panel,
            label: None,
            codes: Vec::new(),
            item: None,
            level: None,
            unit: None,
            cells: Vec::new(),
            texts: Vec::new(),
            place: raw.place.clone(),
        };
        let mut codes: Vec<(&RawCell, &BoundColumn)> = Vec::new();
        let mut labels: Vec<(&RawCell, &BoundColumn)> = Vec::new();
        for (cell, column) in own {
            match column.column.role {
                ColumnRole::Amount | ColumnRole::Quantity => row.cells.push(self.figure(cell, column)),
                ColumnRole::Code if self.is_code(cell, column) => codes.push((cell, column)),
                // 类, 款, 项 beside 合计: the header's words in the row of the total (普陀 finals).
                ColumnRole::Code if self.is_header_word(cell) => row.texts.push(text_cell(cell)),
                // 合计 stands in the column of codes where code and name are merged.
                ColumnRole::Code | ColumnRole::Label => labels.push((cell, column)),
                ColumnRole::Sequence | ColumnRole::Text | ColumnRole::Ignored => row.texts.push(text_cell(cell)),
            }
        }
        self.codes(&mut row, &codes, &labels);
        self.label(&mut row, &labels);
        self.label_beside(&mut row, &labels, &codes, raw.fragment);
        self.resolve(&mut row, &labels);
        self.name(&mut row);
        let is_alone = row.cells.is_empty() && row.codes.is_empty() && row.texts.is_empty();
        if is_alone && side.is_none() && row.item.is_none() && spans_all(raw, columns.len()) {
            row.role = RowRole::Heading;
        }
        row.texts.sort_by_key(|text| text.column);
        Some(row)
    }

    /// The panel that a cell is of. A name that reaches over a panel into the next of its side names the figure there:
    /// 支出合计 below 功能分类 and 支出用途 (Jiangsu 2019), 公用经费合计 below two panels of codes (国家信访局 2024 p12).
    fn panel_of(&self, cell: &RawCell, column: &BoundColumn) -> u32 {
        let last = self.columns.get((cell.column + cell.column_span).saturating_sub(1) as usize);
        let names_rows = |column: &BoundColumn| matches!(column.column.role, ColumnRole::Label | ColumnRole::Code);
        let reached =
            last.filter(|last| names_rows(column) && names_rows(last) && last.column.side == column.column.side);
        reached.map_or(column.column.panel, |last| last.column.panel)
    }

    fn figure(&mut self, cell: &RawCell, column: &BoundColumn) -> Cell {
        let printed = as_squashed(&cell.text);
        let is_percent = column.column.unit == Some(Unit::Percent);
        let figure = if is_percent { printed.trim_end_matches(['%', '％']) } else { &printed };
        let amount = parse_figure(figure);
        if amount.is_none() && !self.specs.templates.is(Word::Blank, &as_key(&printed)) {
            let message = format!("“{}” stands in a column of amounts and is no figure", unwrap_label(&cell.text));
            self.findings.push(Finding::new(&B204, message).at(&cell.place, "no figure"));
        }
        let printed = if amount.is_some() { printed.into_owned() } else { unwrap_label(&cell.text) };
        Cell { column: cell.column, printed, amount, evidence: Evidence::default(), place: cell.place.clone() }
    }

    fn is_code(&self, cell: &RawCell, column: &BoundColumn) -> bool {
        let text = as_key(&cell.text);
        codes::is_code_text(&text) || column.is_known && text.bytes().all(|b| b.is_ascii_digit())
    }

    fn is_header_word(&self, cell: &RawCell) -> bool {
        self.specs.templates.column_role(&as_key(&cell.text)).is_some_and(|(role, _)| role == ColumnRole::Code)
    }

    /// A row of figures that prints no name of its own: the name whose merged cell reaches over it (深圳: a unit with
    /// three years), or else the first words beside it (江苏: purchases under a unit).
    fn label_beside(
        &mut self,
        row: &mut Row,
        labels: &[(&RawCell, &BoundColumn)],
        codes: &[(&RawCell, &BoundColumn)],
        fragment: u32,
    ) {
        if let Some((cell, _)) = labels.first() {
            self.spanning.remove(&row.panel);
            let names_rows = !row.cells.is_empty() || self.lists_targets;
            let reaches_on = |label: &&Printed| label.place == cell.place && cell.row_span > 1 && names_rows;
            if let Some(label) = row.label.as_ref().filter(reaches_on) {
                let glued = row.codes.iter().filter(|code| code.place == label.place).cloned().collect();
                self.spanning.insert(row.panel, (label.clone(), glued, row.index + cell.row_span - 1));
            }
            return;
        }
        if row.cells.is_empty() && !self.lists_targets || !codes.is_empty() {
            return;
        }
        let spanning = self
            .spanning
            .get(&row.panel)
            .filter(|(label, _, last)| row.index <= *last && (fragment == 0 || label.place.page() == row.place.page()));
        if let Some((label, codes, _)) = spanning {
            row.label = Some(label.clone());
            row.codes.extend(codes.iter().cloned());
            return;
        }
        if self.lists_targets {
            return;
        }
        let first = row.texts.iter().enumerate().find(|(_, text)| {
            let column = self.columns.get(text.column as usize);
            column.is_some_and(|c| c.column.role == ColumnRole::Text)
                && row.cells.iter().all(|c| text.column < c.column)
        });
        if let Some(at) = first.map(|(at, _)| at) {
            let text = row.texts.remove(at);
            // Behind the column of names: below the named rows.
            row.level = u8::try_from(text.column + 1).ok();
            row.label = Some(Printed::new(text.text, text.place));
        }
    }

    /// The name under a header that calls the kind's rows is the row's label (the narrowest: 二级项目 beside 一级项目), else
    /// the name of its code in the kind's classification (云南 04: unit, project, function and 办公费 in one row), else the
    /// first; other names are words beside it.
    fn label(&self, row: &mut Row, labels: &[(&RawCell, &BoundColumn)]) {
        let names = self.kind.map_or(&[][..], |kind| &kind.row_names);
        let rank = |column: &BoundColumn| {
            let leaf = column.keys.last()?;
            names.iter().position(|name| name == leaf)
        };
        let called = labels.iter().enumerate().filter_map(|(at, (_, column))| Some((rank(column)?, at))).min();
        let own_code = row
            .codes
            .first()
            .filter(|code| self.kind.and_then(|kind| kind.classification) == Some(code.classification));
        let of_code = own_code.and_then(|code| {
            let name = code.name.as_ref()?;
            labels.iter().position(|(cell, _)| as_unwrapped(&cell.text) == *name)
        });
        let Some(own) = called.map(|(_, at)| at).or(of_code).or(Some(0)).filter(|_| !labels.is_empty()) else { return };
        for (at, (cell, _)) in labels.iter().enumerate() {
            if at == own {
                row.label = Some(Printed::new(unwrap_label(&cell.text), cell.place.clone()));
            } else {
                row.texts.push(text_cell(cell));
            }
        }
    }

    /// Printed codes, alone or glued to a label; 类, 款, 项 joined.
    fn codes(&mut self, row: &mut Row, codes: &[(&RawCell, &BoundColumn)], labels: &[(&RawCell, &BoundColumn)]) {
        let specs = self.specs;
        let words = &specs.vocabulary;
        let mut groups = codes.chunk_by(|(_, last), (_, next)| continues(last, next)).peekable();
        while let Some(group) = groups.next() {
            let Some((cell, column)) = group.first() else { continue };
            let Some(code) = codes::join_levels(group.iter().map(|(cell, _)| cell.text.as_str()))
                .or_else(|| Some(as_key(&cell.text)).filter(|text| codes::is_code_text(text)).map(Cow::into_owned))
            else {
                continue;
            };
            let code = self.below_last(code, column);
            let from = group.last().map_or(0, |(cell, _)| cell.column);
            let to = groups.peek().and_then(|next| next.first()).map_or(u32::MAX, |(cell, _)| cell.column);
            let name = labels.iter().find(|(label, _)| (from..to).contains(&label.column));
            row.codes.push(Code {
                classification: codes::classify_under(&code, column.classification, words),
                code,
                name: name.map(|(cell, _)| unwrap_label(&cell.text)),
                is_resolved: false,
                place: cell.place.clone(),
            });
            row.texts.extend(group.iter().map(|(cell, _)| text_cell(cell)));
        }
        for (cell, _) in labels {
            if let Some((code, classification, name)) = codes::split_glued(&as_unwrapped(&cell.text), words) {
                let place = cell.place.clone();
                row.codes.push(Code { classification, code, name: Some(name), is_resolved: false, place });
            }
        }
        if let Some(own) = self.kind.and_then(|kind| kind.classification) {
            row.codes.sort_by_key(|code| code.classification != own);
        }
    }

    /// The whole code where a row prints only its own level: 01 under 款 below 205 is 20501 (烟台 公开表2).
    fn below_last(&mut self, code: String, first: &BoundColumn) -> String {
        let Some(depth) = self.depth_of(first) else { return code };
        let start = first.column.index.saturating_sub(depth);
        let above = self.levels.get(&start).and_then(|last| last.get(..1 + 2 * depth as usize));
        let code = match above.filter(|_| depth > 0 && code.len() <= 2 * (3 - depth as usize)) {
            Some(above) => format!("{above}{code}"),
            None => code,
        };
        self.levels.insert(start, code.clone());
        code
    }

    /// The level of a column of codes: what its header says, else its place among three columns below one header (类, 款
    /// and 项 stand in the row of the total then).
    fn depth_of(&self, column: &BoundColumn) -> Option<u32> {
        match column.keys.last().map(String::as_str) {
            Some("类") => return Some(0),
            Some("款") => return Some(1),
            Some("项") => return Some(2),
            _ => {}
        }
        let alike = |other: &&BoundColumn| other.column.role == ColumnRole::Code && other.keys == column.keys;
        let mut levels = self.columns.iter().filter(alike).map(|other| other.column.index);
        let first = levels.next()?;
        let is_three = levels.eq([first + 1, first + 2]);
        is_three.then(|| column.column.index - first)
    }

    /// Codes of names that are printed without any.
    fn resolve(&mut self, row: &mut Row, labels: &[(&RawCell, &BoundColumn)]) {
        if self.has_codes || !row.codes.is_empty() {
            return;
        }
        let is_side = row.side == Some(Side::Expenditure);
        for (nth, (cell, column)) in labels.iter().enumerate() {
            let from_kind = self.kind.filter(|_| nth == 0 && row.side.is_none()).and_then(|kind| kind.classification);
            let from_side = is_side.then_some(Classification::Functional);
            let header = column.classification.filter(|c| *c != Classification::Unit);
            let Some(classification) = header.or(from_kind).or(from_side) else { continue };
            let name = as_label_key(&cell.text);
            let is_line = self.specs.templates.item(&name, row.side).is_some_and(|item| item.role.is_some());
            if is_line {
                continue;
            }
            let class = self.classes.get(&(row.panel, classification)).map(String::as_str);
            let words = &self.specs.vocabulary;
            let previous = self.resolved.get(&(row.panel, classification)).map(String::as_str);
            let year = self.fiscal_year;
            let Some(code) = codes::resolve(&name, classification, class, previous, is_side, year, words) else {
                continue;
            };
            self.resolved.insert((row.panel, classification), code.clone());
            if let Some(class) = code.get(..3).filter(|_| code.len() == 3 || class.is_none()) {
                self.classes.insert((row.panel, classification), class.to_string());
            }
            let name = Some(unwrap_label(&cell.text));
            row.codes.push(Code { classification, code, name, is_resolved: true, place: cell.place.clone() });
        }
    }

    /// Item, role and level.
    fn name(&mut self, row: &mut Row) {
        let Some(label) = row.label.as_ref() else {
            row.level = row.codes.first().and_then(|code| codes::level(code.classification, &code.code));
            return;
        };
        let specs = self.specs;
        let item = specs.templates.item(&as_label_key(&label.text), row.side);
        // A line with a code is named by its code, unless it is a total or joins the table that has no codes.
        let item = item.filter(|item| row.codes.is_empty() || item.role.is_some() || item.is_coded);
        let by_code = row.codes.first().and_then(|code| codes::level(code.classification, &code.code));
        let by_number = if by_code.is_none() || item.is_some() { numbering_level(&label.text) } else { None };
        row.level = match by_code.or(by_number) {
            Some(level) => Some(level),
            None if item.is_some_and(|item| item.role == Some(RowRole::Total)) => Some(0),
            None => row.level,
        };
        let Some(item) = item else { return };
        // （一）支出合计 below 一、“三公”经费支出 is the sum of the lines numbered below it, not of the table.
        let is_numbered = row.side.is_none() && by_number.is_some();
        row.role = item.role.filter(|_| !is_numbered).unwrap_or(RowRole::Item);
        let open = self.scopes.get(&row.panel);
        row.item = Some(match open.filter(|_| item.is_scoped) {
            Some(scope) => format!("{scope}_{}", item.name),
            None => item.name.clone(),
        });
        match item.scope.as_deref() {
            Some("") => {
                self.scopes.remove(&row.panel);
            }
            Some(scope) => {
                self.scopes.insert(row.panel, scope.to_string());
            }
            None => {}
        }
    }
}

/// True where the codes of a column are a further level of those before it: 款 and 项 behind 类, or columns under one header.
fn continues(last: &BoundColumn, next: &BoundColumn) -> bool {
    let is_level = matches!(next.keys.last().map(String::as_str), Some("款" | "项"));
    let is_adjacent = last.column.index + 1 == next.column.index;
    is_level || is_adjacent && last.keys == next.keys
}

/// True where one cell is all that stands in the row and it reaches over every column, or the format has no spans.
fn spans_all(raw: &RawRow, columns: usize) -> bool {
    raw.cells.len() == 1
        && raw
            .cells
            .iter()
            .all(|cell| cell.column == 0 && (cell.column_span as usize >= columns || cell.column_span == 1))
}
