//! Header and content → columns: path, role, panel, side, measure.

use crate::base::amount::{Unit, parse_figure};
use crate::base::text::{key, squash, unwrap_label};
use crate::bind::codes;
use crate::bind::units::label_unit;
use crate::model::{Classification, Column, ColumnRole, Side};
use crate::segment::{RawRow, RawTable};
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
    /// True where the header alone tells the role.
    pub is_known: bool,
}

/// The columns of a table. `fiscal_year` is the document's, where it is known.
pub fn bind_columns(raw: &RawTable, kind: Option<&Kind>, fiscal_year: Option<i32>, specs: &Specs) -> Vec<BoundColumn> {
    let templates = &specs.templates;
    let numbers = number_rows_of_header(raw, templates);
    let body: Vec<&RawRow> = raw.rows.iter().filter(|row| !is_column_numbers(row, raw.columns, templates)).collect();
    let paths: Vec<Vec<String>> = (0..raw.columns).map(|column| path_of(raw, column, &numbers)).collect();
    let year = table_year(raw, fiscal_year, &paths);
    let mut columns: Vec<BoundColumn> = Vec::new();
    for (index, path) in paths.into_iter().enumerate() {
        let keys: Vec<String> = path.iter().map(|label| header_key(label, year)).collect();
        let content = Content::of(&body, index as u32, specs);
        let has_label = columns.iter().any(|c| c.column.role == ColumnRole::Label);
        columns.push(bind_column(index as u32, path, keys, &content, has_label, kind, templates));
    }
    split_panels(&mut columns, templates);
    for column in &mut columns {
        if matches!(column.column.role, ColumnRole::Amount | ColumnRole::Quantity) {
            column.column.measure = measure_of(&column.keys, kind, column.column.side, templates);
        }
    }
    tell_total_from_part(&mut columns, kind, templates);
    tell_budget_from_final(&mut columns, templates);
    columns
}

/// A bare 合计 is the kind's total only where no other column says that it is: beside 三公经费 > 小计 it counts more
/// (江苏 公开09表: 会议费 and 培训费 too).
fn tell_total_from_part(columns: &mut [BoundColumn], kind: Option<&Kind>, templates: &Templates) {
    let Some(total) = kind.and_then(|kind| kind.total.as_deref()) else { return };
    let names_it = |c: &BoundColumn| {
        c.keys.iter().enumerate().any(|(at, key)| {
            templates.measure(kind, key, c.keys.get(..at).unwrap_or_default()).is_some_and(|(m, _)| m == total)
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

/// 预算数 beside 决算数: the budget column says so in its measure (普陀 “三公”经费支出决算表).
fn tell_budget_from_final(columns: &mut [BoundColumn], templates: &Templates) {
    let is_budget = |c: &BoundColumn| c.keys.iter().any(|key| templates.is(Word::Budget, key));
    let finals: Vec<(u32, Option<String>)> =
        columns.iter().filter(|c| !is_budget(c)).map(|c| (c.column.panel, c.column.measure.clone())).collect();
    for column in columns.iter_mut().filter(|c| is_budget(c)) {
        if let Some(measure) = &column.column.measure
            && finals.contains(&(column.column.panel, Some(measure.clone())))
        {
            column.column.measure = Some(format!("budget_{measure}"));
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
        let texts = raw.header.iter().filter(|cell| cell.row == *row && !squash(&cell.text).is_empty());
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
        let text = key(text);
        if text.is_empty() {
            continue;
        }
        let head = text.split(['=', '(']).next().unwrap_or_default();
        match head.parse::<u32>() {
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
struct Content {
    figures: usize,
    codes: usize,
    words: usize,
    /// Figures with decimals, separators or a sign: amounts, never codes.
    money: usize,
}

impl Content {
    fn of(body: &[&RawRow], column: u32, specs: &Specs) -> Content {
        let mut content = Content { figures: 0, codes: 0, words: 0, money: 0 };
        for cell in body.iter().flat_map(|row| &row.cells).filter(|cell| cell.column == column) {
            let text = squash(&cell.text);
            let word = key(&text);
            if text.is_empty() || specs.templates.is(Word::Blank, &word) {
                continue;
            }
            if codes::is_code_text(&word) {
                content.codes += 1;
            }
            if parse_figure(&text).is_some() || parse_figure(text.trim_end_matches(['%', '％'])).is_some() {
                content.figures += 1;
                content.money += usize::from(text.contains(['.', ',', '，', '-', '%']));
            } else if specs.templates.item(&word, None).is_none_or(|item| item.role.is_none()) {
                content.words += 1;
            }
        }
        content
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
    let classification = keys.iter().rev().find_map(|key| templates.column_role(key).and_then(|(_, c)| c));
    let unit = path.last().and_then(|label| label_unit(label));
    let measure = measure_of(&keys, kind, None, templates);
    let is_quantity = unit.as_ref().is_some_and(|unit| unit.yuan().is_none());
    let role = match from_header {
        // A header over code and name, without labels of their own.
        Some((ColumnRole::Label, _)) if content.is_codes() => ColumnRole::Code,
        // 项目 over figures: the header slid, or the label stands elsewhere.
        Some((ColumnRole::Label, _)) if content.money > content.words && has_label => ColumnRole::Amount,
        Some((role, _)) => role,
        None if is_quantity => ColumnRole::Quantity,
        None if measure.is_some() && content.words <= content.figures.max(1) => ColumnRole::Amount,
        None if content.is_codes() && !has_label => ColumnRole::Code,
        None if content.figures > content.words => ColumnRole::Amount,
        None if content.words > 0 && !has_label => ColumnRole::Label,
        None if content.words > 0 => ColumnRole::Text,
        // Nothing stands in it and nothing names it.
        None if measure.is_some() => ColumnRole::Amount,
        None => ColumnRole::Text,
    };
    let is_known = from_header.is_some() || measure.is_some();
    let unit = unit.filter(|_| matches!(role, ColumnRole::Amount | ColumnRole::Quantity));
    BoundColumn {
        column: Column { index, role, side: None, panel: 0, measure: None, path, unit },
        classification,
        keys,
        is_known,
    }
}

/// A new panel begins at a label or code column behind amounts where the side changes, a label's header repeats, or
/// the header names a classification of expenditure of its own.
fn split_panels(columns: &mut [BoundColumn], templates: &Templates) {
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

/// The measure that a path states; `None` where a word of it is unknown.
///
/// The leaf names the measure, or, where it is generic (合计, 金额), the nearest label above it that does. A scope
/// above (上年结转, 2025年) or another measure that is no whole of it goes before the name.
pub fn measure_of(keys: &[String], kind: Option<&Kind>, side: Option<Side>, templates: &Templates) -> Option<String> {
    let keys = without_years(keys, kind, templates);
    let (leaf, over) = keys.split_last()?;
    let mut used: Vec<&String> = Vec::new();
    let mut base: Option<(String, usize)> = None;
    let mut at = over.len();
    let mut current = leaf;
    loop {
        if let Some((measure, ancestors)) = templates.measure(kind, current, &keys[..at]) {
            used.extend(keys[..at].iter().filter(|key| ancestors.contains(key)));
            base = Some((measure.to_string(), at));
            break;
        }
        if let Some(scope) = templates.scope(current) {
            base = Some((scope.to_string(), at));
            break;
        }
        let passes = templates.is(Word::Generic, current) || at < over.len() && is_neutral(current, templates);
        if !passes {
            return None;
        }
        if at == 0 {
            break;
        }
        at -= 1;
        current = &keys[at];
    }
    let (base, at) = match base {
        Some(found) => found,
        None => (total_of(kind, side)?, 0),
    };
    let mut prefixes: Vec<String> = Vec::new();
    for (place, ancestor) in keys[..at].iter().enumerate() {
        if used.contains(&ancestor) || is_neutral(ancestor, templates) || templates.kind_of_title(ancestor).is_some() {
            continue;
        }
        if let Some(scope) = templates.scope(ancestor) {
            prefixes.push(scope.to_string());
        } else if let Some((measure, _)) = templates.measure(kind, ancestor, &keys[..place]) {
            if measure != base && !templates.is_part_of(&base, measure) {
                // The part says it without its whole: 公务用车购置费 under 公务用车购置及运行维护费.
                prefixes.retain(|whole| !templates.is_part_of(measure, whole));
                prefixes.push(measure.to_string());
            }
        } else {
            return None;
        }
    }
    prefixes.push(base);
    prefixes.dedup();
    Some(prefixes.join("_"))
}

/// The path with years taken off the labels that are known without them: 2024年“三公”经费预算数 is 三公经费预算数, and
/// 2023年…  the same under 上年.
fn without_years(keys: &[String], kind: Option<&Kind>, templates: &Templates) -> Vec<String> {
    let is_known = |label: &str, over: &[String]| {
        templates.measure(kind, label, over).is_some()
            || templates.scope(label).is_some()
            || is_neutral(label, templates)
    };
    let mut plain: Vec<String> = Vec::with_capacity(keys.len());
    for key in keys {
        let bare = |year: &str| key.strip_prefix(year).filter(|rest| !rest.is_empty() && is_known(rest, &plain));
        if is_known(key, &plain) {
            plain.push(key.clone());
        } else if let Some(rest) = bare("{year}") {
            plain.push(rest.to_string());
        } else if let Some(rest) = key
            .strip_suffix(')')
            .and_then(|k| Some(k.rsplit_once('(')?.0))
            .filter(|rest| label_unit(key).is_some_and(|unit| unit.yuan().is_some()) && is_known(rest, &plain))
        {
            // 预算数(万元): the unit is the column's.
            plain.push(rest.to_string());
        } else if let Some(rest) = templates.label_suffixes().iter().find_map(|suffix| {
            let rest = key.strip_suffix(suffix.as_str())?;
            let names = templates.measure(kind, rest, &plain).is_some() || templates.scope(rest).is_some();
            names.then(|| rest.to_string())
        }) {
            // 基本支出预算, 公务用车购置支出.
            plain.push(rest);
        } else if let Some(rest) = bare("{prior_year}") {
            let rest = rest.to_string();
            plain.extend(["{prior_year}".to_string(), rest]);
        } else {
            plain.push(key.clone());
        }
    }
    plain
}

fn is_neutral(label: &str, templates: &Templates) -> bool {
    [Word::Neutral, Word::Generic, Word::Revenue, Word::Expenditure].iter().any(|word| templates.is(*word, label))
}

/// What 合计 counts where nothing above it says so.
fn total_of(kind: Option<&Kind>, side: Option<Side>) -> Option<String> {
    kind.and_then(|kind| kind.total.clone()).or(match side {
        Some(Side::Revenue) => Some("total_revenue".to_string()),
        Some(Side::Expenditure) => Some("total_expenditure".to_string()),
        // 金额, 预算数 of a table of no known kind.
        None if kind.is_none() => Some("amount".to_string()),
        None => None,
    })
}

/// Unit of the cells of a column: its own, else the table's.
pub fn column_unit<'a>(column: &'a Column, table: Option<&'a Unit>) -> Option<&'a Unit> {
    match column.role {
        ColumnRole::Amount => column.unit.as_ref().or(table),
        _ => column.unit.as_ref(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measure(kind: &str, path: &[&str]) -> Option<String> {
        let specs = Specs::builtin().expect("sound data");
        let keys: Vec<String> = path.iter().map(|label| header_key(label, Some(2026))).collect();
        measure_of(&keys, specs.templates.kinds.get(kind), None, &specs.templates)
    }

    #[test]
    fn paths_name_measures_from_the_leaf() {
        // [S] 2026年预算收入总表.
        assert_eq!(measure("revenue_summary", &["本年收入", "合计"]).as_deref(), Some("current_year_revenue"));
        assert_eq!(
            measure("revenue_summary", &["本年收入", "政府性基金"]).as_deref(),
            Some("government_managed_funds")
        );
        assert_eq!(measure("revenue_summary", &["上年结转"]).as_deref(), Some("prior_year_carryover"));
        // 苏州 公开02表: the same words under 上年结转结余.
        let carried = measure("revenue_summary", &["上年结转结余", "一般公共预算"]);
        assert_eq!(carried.as_deref(), Some("prior_year_carryover_general_public_budget"));
        assert_eq!(measure("revenue_summary", &["上年结转结余", "小计"]).as_deref(), Some("prior_year_carryover"));
        assert_eq!(measure("revenue_summary", &["合计"]).as_deref(), Some("total_revenue"));
        // 苏州 公开05表.
        let kind = "fiscal_appropriation_expenditure";
        assert_eq!(measure(kind, &["基本支出", "小计"]).as_deref(), Some("basic_expenditure"));
        assert_eq!(measure(kind, &["基本支出", "人员经费"]).as_deref(), Some("personnel_expenses"));
        assert_eq!(measure(kind, &["2026年预算数", "合计"]).as_deref(), Some("total_expenditure"));
    }

    #[test]
    fn unknown_words_leave_the_measure_open() {
        assert_eq!(measure("expenditure_summary", &["本次下达", "合计"]), None);
        assert_eq!(measure("expenditure_summary", &["基本支出情况"]), None);
    }
}
