//! Header and content → columns: path, role, panel, side, measure.

use crate::base::amount::{Unit, parse_figure};
use crate::base::text::{as_key, as_squashed, is_all_blank, unwrap_label};
use crate::bind::codes;
use crate::bind::economic::name_economic_columns;
use crate::bind::measure::{in_words, measure_of, taken_apart};
use crate::bind::units::label_unit;
use crate::model::{Classification, Column, ColumnRole, Side};
use crate::segment::{RawRow, RawTable};
use crate::spec::forms::TreeColumn;
use crate::spec::labels::{header_key, years};
use crate::spec::{Kind, Specs, Templates, Word};

/// A column with what only binding needs of it.
#[derive(Clone, Debug)]
pub struct BoundColumn {
    pub column: Column,
    /// Classification that the header names for codes or names in it.
    pub classification: Option<Classification>,
    /// Keys of the path, years relative.
    pub keys: Vec<String>,
    /// The keys, in words that are known where they can be taken apart.
    words: Vec<String>,
    /// True where the header alone tells the role.
    pub is_known: bool,
    /// Labels over it that say nothing known and stand over every other column of figures too: passed over by name.
    pub passed_over: Vec<String>,
}

/// The columns of a table. `fiscal_year` is the document's, where it is known.
pub fn bind_columns(raw: &RawTable, kind: Option<&Kind>, fiscal_year: Option<i32>, specs: &Specs) -> Vec<BoundColumn> {
    let templates = &specs.templates;
    let numbers = number_rows_of_header(raw, templates);
    let body: Vec<&RawRow> = raw.rows.iter().filter(|row| !is_column_numbers(row, raw.columns, templates)).collect();
    let paths: Vec<Vec<String>> = (0..raw.columns).map(|column| path_of(raw, column, &numbers)).collect();
    let year = table_year(raw, fiscal_year, &paths);
    let keys: Vec<Vec<String>> =
        paths.iter().map(|path| path.iter().map(|label| header_key(label, year)).collect()).collect();
    let contents = body_to_contents(&body, raw.columns, specs);
    let silent = silent_labels(&keys, &contents, kind, templates);
    let mut columns: Vec<BoundColumn> = Vec::new();
    for (index, ((path, keys), content)) in paths.into_iter().zip(keys).zip(&contents).enumerate() {
        let has_label = columns.iter().any(|c| c.column.role == ColumnRole::Label);
        let (passed_over, keys) = keys.into_iter().partition(|key| silent.contains(key));
        let column = bind_column(index as u32, path, keys, content, has_label, kind, templates);
        columns.push(BoundColumn { passed_over, ..column });
    }
    split_panels(&mut columns, &contents, templates);
    for column in &mut columns {
        if matches!(column.column.role, ColumnRole::Amount | ColumnRole::Quantity) {
            column.column.measure = measure_of(&column.words, kind, column.column.side, templates);
        }
    }
    tell_total_from_part(&mut columns, kind, templates);
    tell_budget_from_final(&mut columns, templates);
    name_economic_columns(&mut columns, kind, year, specs);
    name_target_columns(&mut columns, specs);
    columns
}

/// Columns of words that make a list of targets, one of values beside one of the indicators' names, have their names.
fn name_target_columns(columns: &mut [BoundColumn], specs: &Specs) {
    let role = |column: &BoundColumn| column.keys.last().and_then(|leaf| specs.forms.tree_column(leaf));
    let has = |wanted: TreeColumn| columns.iter().any(|column| role(column) == Some(wanted));
    if !(has(TreeColumn::Level3) && has(TreeColumn::Value)) {
        return;
    }
    for column in columns.iter_mut().filter(|column| column.column.role == ColumnRole::Text) {
        column.column.measure = role(column).and_then(TreeColumn::measure).map(str::to_string);
    }
}

/// Labels of no known word that stand over every column of figures: they tell none of them from the others (本县今年的安排
/// over 合计, 基本支出, 项目支出). One that stands over some of them only may restrict what they mean, and stays.
fn silent_labels(
    keys: &[Vec<String>],
    contents: &[Content],
    kind: Option<&Kind>,
    templates: &Templates,
) -> Vec<String> {
    let holds_figures = |content: &Content| content.figures > content.words && !content.is_codes();
    let paths: Vec<&Vec<String>> =
        keys.iter().zip(contents).filter(|(_, content)| holds_figures(content)).map(|(path, _)| path).collect();
    let [first, second, ..] = paths.as_slice() else { return Vec::new() };
    if first == second {
        return Vec::new();
    }
    fn over(path: &[String]) -> &[String] {
        path.split_last().map_or(&[], |(_, over)| over)
    }
    let is_silent = |key: &&String| {
        paths.iter().all(|path| over(path).contains(*key)) && taken_apart(key, &[], kind, templates).is_none()
    };
    over(first).iter().filter(is_silent).cloned().collect()
}

/// A bare 合计 is the kind's total only where no other column says that it is: beside 三公经费 > 小计 it counts more
/// (江苏 公开09表: 会议费 and 培训费 too).
fn tell_total_from_part(columns: &mut [BoundColumn], kind: Option<&Kind>, templates: &Templates) {
    let Some(total) = kind.and_then(|kind| kind.total.as_deref()) else { return };
    let names_it = |c: &BoundColumn| {
        let words = &c.words;
        words.iter().enumerate().any(|(at, word)| {
            templates.measure(kind, word, words.get(..at).unwrap_or_default()).is_some_and(|(m, _)| m == total)
        })
    };
    let named: Vec<(u32, Option<String>)> =
        columns.iter().filter(|c| names_it(c)).map(|c| (c.column.panel, c.column.measure.clone())).collect();
    for column in columns.iter_mut().filter(|c| !names_it(c)) {
        let Some(measure) = column.column.measure.as_mut().filter(|measure| measure.ends_with(total)) else { continue };
        if named.contains(&(column.column.panel, Some(measure.clone()))) {
            let scope = measure.strip_suffix(total).unwrap_or_default();
            *measure = format!("{scope}total");
        }
    }
}

/// 预算数 beside 决算数: the budget column says so in its measure (普陀 “三公”经费支出决算表), the one as adjusted in the
/// course of the year too (云南: 年初预算数 | 全年预算数 | 决算统计数).
fn tell_budget_from_final(columns: &mut [BoundColumn], templates: &Templates) {
    let says = |c: &BoundColumn, word: Word| c.keys.iter().any(|key| templates.is(word, key));
    let is_adjusted = |c: &BoundColumn| says(c, Word::AdjustedBudget);
    let is_budget = |c: &BoundColumn| says(c, Word::Budget) || is_adjusted(c);
    let finals: Vec<(u32, Option<String>)> =
        columns.iter().filter(|c| !is_budget(c)).map(|c| (c.column.panel, c.column.measure.clone())).collect();
    for column in columns.iter_mut().filter(|c| is_budget(c)) {
        if let Some(measure) = &column.column.measure
            && finals.contains(&(column.column.panel, Some(measure.clone())))
        {
            let measure = format!("{}{measure}", if is_adjusted(column) { "adjusted_budget_" } else { "budget_" });
            column.column.measure = Some(measure);
        }
    }
}

/// Header texts over a column, outermost first, without the cells of column-number rows.
fn path_of(raw: &RawTable, column: u32, numbers: &[u32]) -> Vec<String> {
    let mut path: Vec<String> = Vec::new();
    for cell in raw.column_path(column).into_iter().filter(|cell| !numbers.contains(&cell.row)) {
        let text = unwrap_label(&cell.text);
        if !text.is_empty() && path.last() != Some(&text) {
            path.push(text);
        }
    }
    path
}

/// Header rows that only number the columns.
fn number_rows_of_header(raw: &RawTable, templates: &Templates) -> Vec<u32> {
    let rows = (0..raw.header_rows).filter(|row| {
        let texts = raw.header.iter().filter(|cell| cell.row == *row && !is_all_blank(&cell.text));
        are_column_numbers(texts.map(|cell| cell.text.as_str()), templates)
    });
    rows.collect()
}

/// True for a row that numbers the columns: 1 2 3 …, 栏次, **.
pub fn is_column_numbers(row: &RawRow, columns: u32, templates: &Templates) -> bool {
    columns > 1 && are_column_numbers(row.cells.iter().map(|cell| cell.text.as_str()), templates)
}

/// Whole numbers counting up by one (formulas like `3=4+5` count as their first number); beside them only words that
/// stand in such rows.
fn are_column_numbers<'a>(texts: impl Iterator<Item = &'a str>, templates: &Templates) -> bool {
    let mut last: Option<u32> = None;
    let mut count = 0;
    for text in texts {
        let text = as_key(text);
        if text.is_empty() {
            continue;
        }
        let head = text.bytes().take_while(|b| !matches!(b, b'=' | b'(')).count();
        match text[..head].parse::<u32>() {
            Ok(number) if number < 100 && last.is_none_or(|last| number == last + 1) => {
                if last.is_none() && number > 2 {
                    return false;
                }
                last = Some(number);
                count += 1;
            }
            // 结转 tables print several rows of numbers in one: a count that begins again is one too.
            Ok(1) => last = Some(1),
            Ok(_) => return false,
            Err(_) if templates.is(Word::ColumnNumbers, &text) => {}
            Err(_) => return false,
        }
    }
    count >= 2
}

/// The fiscal year by which the years of the header are told apart: the caption's, the document's, or the latest in the header.
fn table_year(raw: &RawTable, fiscal_year: Option<i32>, paths: &[Vec<String>]) -> Option<i32> {
    let caption = raw.caption.iter().chain(&raw.subtitles).flat_map(|line| years(&line.text)).max();
    caption.or(fiscal_year).or_else(|| paths.iter().flatten().flat_map(|label| years(label)).max())
}

/// What stands in a column of the body.
#[derive(Clone, Default)]
struct Content {
    figures: usize,
    codes: usize,
    words: usize,
    /// Figures with decimals, separators or a sign: amounts, never codes.
    money: usize,
    /// Codes of three digits and more: what only counts rows has none before the hundredth.
    long_codes: usize,
    /// Codes of a classification that the vocabulary knows.
    known_codes: usize,
    /// Figures with a percent sign.
    percents: usize,
}

/// The contents of all columns.
fn body_to_contents(body: &[&RawRow], columns: u32, specs: &Specs) -> Vec<Content> {
    let mut contents = vec![Content::default(); columns as usize];
    for cell in body.iter().flat_map(|row| &row.cells) {
        if let Some(content) = contents.get_mut(cell.column as usize) {
            content.count(&cell.text, specs);
        }
    }
    contents
}

impl Content {
    fn count(&mut self, printed: &str, specs: &Specs) {
        let text = as_squashed(printed);
        let word = as_key(&text);
        let is_percent = text.ends_with(['%', '％']);
        let is_figure = parse_figure(text.trim_end_matches(['%', '％'])).is_some();
        if text.is_empty() || !is_figure && specs.templates.is(Word::Blank, &word) {
            return;
        }
        if codes::is_code_text(&word) {
            self.codes += 1;
            self.long_codes += usize::from(word.len() >= 3);
            self.known_codes += usize::from(codes::classify(&word, &specs.vocabulary).is_some());
        }
        if is_figure {
            self.figures += 1;
            self.money += usize::from(text.contains(['.', ',', '，', '-', '%']));
            self.percents += usize::from(is_percent);
        } else if specs.templates.item(&word, None).is_none_or(|item| item.role.is_none()) {
            self.words += 1;
        }
    }

    /// Nothing but codes of classifications: whatever its header says, and behind names too (a government's economic
    /// code beside a department's).
    fn is_known_codes(&self) -> bool {
        self.is_codes() && self.words == 0 && self.known_codes == self.figures && self.known_codes >= 2
    }

    fn is_codes(&self) -> bool {
        self.codes > 0 && self.money == 0 && self.codes >= self.words
    }
}

fn bind_column(
    index: u32,
    path: Vec<String>,
    keys: Vec<String>,
    content: &Content,
    has_label: bool,
    kind: Option<&Kind>,
    templates: &Templates,
) -> BoundColumn {
    let leaf = keys.last().map_or("", String::as_str);
    let from_header = templates.column_role(leaf);
    let over = keys.split_last().map_or(&[][..], |(_, over)| over).iter().rev();
    let of_over = || over.clone().find_map(|key| templates.column_role(key).and_then(|(_, c)| c));
    let classification = from_header.and_then(|(_, classification)| classification).or_else(of_over);
    // 增减幅度 over -7.03%: what is printed says what the header does not.
    let all_percent = content.percents > 0 && content.percents == content.figures;
    let printed_unit = || all_percent.then_some(Unit::Percent);
    let unit = path.iter().rev().find_map(|label| label_unit(label)).or_else(printed_unit);
    let words = in_words(&keys, kind, templates);
    let measure = measure_of(&words, kind, None, templates);
    let over = over.clone().next().filter(|over| !templates.is(Word::Neutral, over));
    let is_quantity = unit.as_ref().is_some_and(|unit| unit.yuan().is_none());
    let is_blank = content.figures == 0 && content.words == 0;
    // 科目名称 over 合计: the first row of an empty body taken for a header.
    let from_header = from_header.or(over.filter(|_| is_blank).and_then(|over| templates.column_role(over)));
    let role = match from_header {
        // A header over code and name, without labels of their own.
        Some((ColumnRole::Label, _)) if content.is_codes() => ColumnRole::Code,
        // 项目 over figures: the header slid, or the label stands elsewhere.
        Some((ColumnRole::Label, _)) if content.money > content.words && has_label => ColumnRole::Amount,
        // 编号 over codes of a classification; over 1, 2, 3 it numbers the rows.
        Some((ColumnRole::Sequence, _)) if content.is_codes() && content.long_codes == content.figures => {
            ColumnRole::Code
        }
        // Words under 经济科目 are a remark beside a name, and the name itself where no other is.
        Some((ColumnRole::Text, _)) if content.words > 0 && !has_label => ColumnRole::Label,
        Some((role, _)) => role,
        None if is_quantity => ColumnRole::Quantity,
        // 科目名称 over 合计, the first row of an empty body.
        None if measure.is_some() && content.words <= content.figures.max(1) => ColumnRole::Amount,
        None if content.is_codes() && !has_label || content.is_known_codes() => ColumnRole::Code,
        None if content.figures > content.words => ColumnRole::Amount,
        None if content.words > 0 && !has_label => ColumnRole::Label,
        None if content.words > 0 => ColumnRole::Text,
        // Nothing stands in it: what heads amounts elsewhere does here too.
        None if measure.is_some() || templates.is(Word::Generic, leaf) => ColumnRole::Amount,
        None => ColumnRole::Text,
    };
    let is_known = from_header.is_some() || measure.is_some();
    let unit = unit.filter(|_| matches!(role, ColumnRole::Amount | ColumnRole::Quantity));
    BoundColumn {
        column: Column { index, role, side: None, panel: 0, measure: None, path, unit },
        classification,
        keys,
        words,
        is_known,
        passed_over: Vec::new(),
    }
}

/// A new panel begins at a label or code column behind amounts where the side changes, a label's header repeats, or
/// the header names a classification of expenditure of its own.
fn split_panels(columns: &mut [BoundColumn], contents: &[Content], templates: &Templates) {
    let side_of = |column: &BoundColumn| {
        column.keys.iter().rev().find_map(|key| {
            let is = |word| templates.is(word, key);
            if is(Word::Revenue) {
                Some(Side::Revenue)
            } else if is(Word::Expenditure) {
                Some(Side::Expenditure)
            } else {
                None
            }
        })
    };
    let sides: Vec<Option<Side>> = columns.iter().map(side_of).collect();
    // A number of pieces between names and codes of one row ends no panel (西安 表12).
    let is_figure = |role| role == ColumnRole::Amount;
    let last_amount = columns.iter().rposition(|c| is_figure(c.column.role)).unwrap_or(0);
    let (mut panel, mut seen_amount) = (0, false);
    let mut seen: Vec<String> = Vec::new();
    for index in 0..columns.len() {
        let leaf = columns[index].keys.last().cloned().unwrap_or_default();
        // Words that open the other side between two columns of amounts name its rows, whatever their header calls them.
        let opens_side =
            index > 0 && sides[index].is_some() && sides[index - 1].is_some_and(|s| Some(s) != sides[index]);
        if columns[index].column.role == ColumnRole::Text
            && !columns[index].is_known
            && opens_side
            && index < last_amount
        {
            columns[index].column.role = ColumnRole::Label;
        }
        // So do words before amounts whose header stood over amounts before: 来源 | 安排数 | 去向 | 安排数.
        if columns[index].column.role == ColumnRole::Text
            && !columns[index].is_known
            && seen_amount
            && contents.get(index).is_some_and(|content| content.words > 0)
            && repeats_amounts(columns, index, panel)
        {
            columns[index].column.role = ColumnRole::Label;
            panel += 1;
            seen_amount = false;
        }
        let role = columns[index].column.role;
        if matches!(role, ColumnRole::Label | ColumnRole::Code) {
            let repeats = seen.contains(&leaf);
            let turns = index > 0 && sides[index].is_some() && sides[index] != sides[index - 1];
            let named = templates.is(Word::Expenditure, &leaf);
            if seen_amount && index <= last_amount && (repeats || turns || named) {
                panel += 1;
                seen_amount = false;
            }
            seen.push(leaf);
        }
        seen_amount |= is_figure(role);
        columns[index].column.panel = panel;
    }
    if panel == 0 || !sides.contains(&Some(Side::Revenue)) {
        return;
    }
    let mut previous = None;
    for panel in 0..=panel {
        let in_panel = |c: &BoundColumn| c.column.panel == panel;
        let side = columns.iter().zip(&sides).filter(|(c, _)| in_panel(c)).find_map(|(_, side)| *side).or(previous);
        columns.iter_mut().filter(|c| in_panel(c)).for_each(|c| c.column.side = side);
        previous = side;
    }
}

/// True where the column behind `index` is one of amounts headed by the same label as one before it in the panel.
fn repeats_amounts(columns: &[BoundColumn], index: usize, panel: u32) -> bool {
    let amount = |column: &&BoundColumn| column.column.role == ColumnRole::Amount;
    let Some(leaf) = columns.get(index + 1).filter(amount).and_then(|next| next.keys.last()) else { return false };
    let before = columns.iter().take(index).filter(|column| column.column.panel == panel).filter(amount);
    before.filter_map(|column| column.keys.last()).any(|own| own == leaf)
}
