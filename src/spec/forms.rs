//! Labels of performance-target forms and the wording of indicator values, loaded from `forms/*.toml`.

use std::borrow::Cow;
use std::collections::BTreeSet;

use anyhow::{Context, bail};
use serde::Deserialize;

use super::SpecFiles;
use crate::base::amount::Unit;
use crate::base::lexicon::Lexicon;
use crate::base::text::{as_key, is_blank, is_ideograph, key};
use crate::model::measures::{INDICATOR_NAMES, TARGET_COMPARATOR, TARGET_UNIT, TARGET_VALUE};
use crate::model::{FundSource, Half};

/// What a label of a form announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormLabel {
    /// One value.
    Field(FormField),
    /// 项目资金 (元): heads the block of funds.
    FundsHeading,
    /// An amount; the half where the wording tells it.
    Fund { source: FundSource, half: Option<Half> },
    /// 实施期目标, 年度目标: names a half of the goals.
    GoalHeading(Half),
    /// 总体目标: stands before the goals.
    Goal(Option<Half>),
    /// 绩效指标: stands before the tree of indicators.
    TreeHeading,
    /// A column of the tree.
    TreeColumn(TreeColumn),
    /// Heads a column of a table within the form: 年初预算数, 任务名称, 实际完成情况.
    ColumnHeading { is_money: bool },
    /// One value that has no field of its own: 备注, 总分.
    Other,
}

/// The fields of a form that have one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormField {
    Project,
    SupervisingDepartment,
    ImplementingUnit,
    Attribute,
    Period,
    Overview,
    Basis,
    Necessity,
    Measures,
    Plan,
    ResponsiblePerson,
    Handler,
    Phone,
    FilledAt,
}

/// The columns of a tree of indicators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TreeColumn {
    Level1,
    Level2,
    Level3,
    /// 绩效指标性质: ≥, ≤, ＝, 定性.
    Comparator,
    Value,
    Unit,
    /// 分值, 实际完成值, 得分: kept with the indicator under the heading as printed.
    Further,
}

impl TreeColumn {
    /// The measure of such a column in a list of targets.
    pub fn measure(self) -> Option<&'static str> {
        match self {
            TreeColumn::Level1 => Some(INDICATOR_NAMES[0]),
            TreeColumn::Level2 => Some(INDICATOR_NAMES[1]),
            TreeColumn::Level3 => Some(INDICATOR_NAMES[2]),
            TreeColumn::Comparator => Some(TARGET_COMPARATOR),
            TreeColumn::Value => Some(TARGET_VALUE),
            TreeColumn::Unit => Some(TARGET_UNIT),
            TreeColumn::Further => None,
        }
    }
}

/// All of it.
#[derive(Clone, Debug, Default)]
pub struct FormSpecs {
    labels: Lexicon<String, FormLabel>,
    /// Characters that labels begin with, and 其中 before them.
    firsts: Lexicon<char, ()>,
    /// Characters of the longest label.
    longest: usize,
    level1: BTreeSet<String>,
    /// Names of level 2 with the names of level 1 that they belong under.
    level2: Lexicon<String, BTreeSet<String>>,
    /// Wording before a figure → comparator, by first character, longest wording first.
    comparators_before: Lexicon<char, Vec<(String, String)>>,
    /// Wording after a figure → comparator, by last character, longest first.
    comparators_after: Lexicon<char, Vec<(String, String)>>,
    units: BTreeSet<String>,
    /// Units that only stand behind a `/`.
    per: BTreeSet<String>,
    /// Keys that the first of numbered indicators begins with.
    list_starts: Vec<String>,
    /// Labels and headings with what their values measure, and whether that is money.
    measures: Lexicon<String, (String, bool)>,
}

/// A recognised label: what it announces, and the unit it states in brackets.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelMatch {
    pub label: FormLabel,
    /// `项目资金 (元)` → 元, with the word as printed.
    pub unit: Option<Unit>,
}

impl FormSpecs {
    /// Reads the files `forms/*.toml`.
    ///
    /// # Errors
    /// Where a file cannot be read as what it should be, or names one label twice.
    pub fn load(files: &SpecFiles) -> anyhow::Result<FormSpecs> {
        let mut specs = FormSpecs::default();
        let labels = files.get("forms/performance_target.toml")?;
        specs.add_labels(labels.toml()?).with_context(|| labels.name.clone())?;
        let values = files.get("forms/indicator_values.toml")?;
        specs.add_values(values.toml()?);
        Ok(specs)
    }

    /// What a printed text announces, if it is a label (`负责人：`, `其中:中央财政资金`, `项目资金 (元)`).
    pub fn label(&self, printed: &str) -> Option<LabelMatch> {
        if self.begins_otherwise(printed) || self.is_sentence(printed) {
            return None;
        }
        let key = as_key(printed);
        let key = key.trim_end_matches(':');
        let key = key.strip_prefix("其中:").unwrap_or(key);
        if let Some(label) = self.labels.get(key) {
            return Some(LabelMatch { label: *label, unit: None });
        }
        let (name, word) = key.strip_suffix(')')?.rsplit_once('(')?;
        let unit = Unit::from_word(word);
        let label = *self.labels.get(name)?;
        if unit.yuan().is_some() {
            return Some(LabelMatch { label, unit: Some(unit) });
        }
        // 分值权重（90分）, 全年预算数（A）, 预期目标（年初设定）: the remark changes nothing for headings of columns.
        let is_heading = matches!(
            label,
            FormLabel::TreeColumn(_) | FormLabel::ColumnHeading { .. } | FormLabel::GoalHeading(_) | FormLabel::Other
        );
        is_heading.then_some(LabelMatch { label, unit: None })
    }

    /// True for a text that begins with a digit or an ideograph that no label begins with: its key does too, and that of
    /// every part that it begins with.
    pub fn begins_otherwise(&self, printed: &str) -> bool {
        let first = printed.chars().find(|c| !is_blank(*c));
        first.is_some_and(|c| (c.is_ascii_digit() || is_ideograph(c)) && !self.firsts.contains_key(&c))
    }

    /// True for a text that is no label by its length: a sentence, which states no unit and nothing else in brackets behind it.
    fn is_sentence(&self, printed: &str) -> bool {
        // 其中 may stand before the label.
        let longest = self.longest + 2;
        printed.len() > longest * '其'.len_utf8()
            && printed.ends_with(|c: char| is_ideograph(c) || matches!(c, '。' | '；'))
            && printed.chars().filter(|c| is_ideograph(*c)).nth(longest).is_some()
    }

    /// What the value beside or below a text measures (全年执行数（B） → `executed`), and whether that is money.
    pub fn measure(&self, printed: &str) -> Option<(&str, bool)> {
        let own = self.measures.get(as_key(printed).trim_end_matches(':'));
        let (measure, is_money) = own.or_else(|| self.measures.get(&*without_remark(printed)))?;
        Some((measure, *is_money))
    }

    /// True for the first of numbered indicators: 指标1：….
    pub fn begins_list(&self, indicator: &str) -> bool {
        let key = as_key(indicator);
        self.list_starts.iter().any(|start| key.starts_with(start.as_str()))
    }

    /// The source of funds that a text names.
    pub fn source(&self, printed: &str) -> Option<FundSource> {
        match self.label(printed)?.label {
            FormLabel::Fund { source, .. } => Some(source),
            _ => None,
        }
    }

    /// What a header names in a list of targets.
    pub fn tree_column(&self, header: &str) -> Option<TreeColumn> {
        match self.label(header)?.label {
            FormLabel::TreeColumn(column) => Some(column),
            _ => None,
        }
    }

    /// 产出指标, also with the points that it counts for: 产出指标（50分）.
    pub fn is_level1(&self, printed: &str) -> bool {
        self.level1.contains(&*without_remark(printed))
    }

    /// 产出指标数量指标出具报告 → characters of the names of level 1 and of level 2 that it begins with.
    pub fn glued_names(&self, text: &str) -> Option<(usize, usize)> {
        let longest = |names: &mut dyn Iterator<Item = &String>, text: &str| {
            names.filter(|name| text.starts_with(name.as_str())).map(String::len).max()
        };
        let level1 = longest(&mut self.level1.iter(), text)?;
        let (first, rest) = text.split_at_checked(level1)?;
        let level2 = longest(&mut self.level2.keys(), rest)?;
        let (second, name) = rest.split_at_checked(level2)?;
        (!name.is_empty()).then(|| (first.chars().count(), second.chars().count()))
    }

    pub fn is_level2(&self, printed: &str) -> bool {
        self.level2.contains_key(&*as_key(printed))
    }

    /// True where the name of level 2 is known and belongs under the name of level 1.
    pub fn belongs_under(&self, level2: &str, level1: &str) -> bool {
        self.level2.get(&*as_key(level2)).is_some_and(|parents| parents.contains(&*without_remark(level1)))
    }

    /// True for known names of which one does not belong under the other.
    pub fn stands_elsewhere(&self, level2: &str, level1: &str) -> bool {
        let Some(parents) = self.level2.get(&*as_key(level2)) else { return false };
        let level1 = without_remark(level1);
        self.level1.contains(&*level1) && !parents.contains(&*level1)
    }

    /// The comparator that a key begins with, and what stands behind it.
    pub fn comparator_before<'t>(&self, key: &'t str) -> Option<(&'t str, &str)> {
        let words = self.comparators_before.get(&key.chars().next()?)?;
        words.iter().find_map(|(word, is)| Some((key.strip_prefix(word.as_str())?, is.as_str())))
    }

    /// The comparator that a key ends with, and what stands before it.
    pub fn comparator_after<'t>(&self, key: &'t str) -> Option<(&'t str, &str)> {
        let words = self.comparators_after.get(&key.chars().next_back()?)?;
        words.iter().find_map(|(word, is)| Some((key.strip_suffix(word.as_str())?, is.as_str())))
    }

    /// True for a unit of quantity, combined ones (`元/人`) included.
    pub fn is_unit(&self, word: &str) -> bool {
        let knows_per = |part: &str| self.units.contains(part) || self.per.contains(part);
        self.units.contains(word)
            || word
                .split_once('/')
                .is_some_and(|(what, per)| self.units.contains(what) && per.split('/').all(knows_per))
    }

    fn add_labels(&mut self, file: LabelFile) -> anyhow::Result<()> {
        let entries = (file.field.into_iter().map(|entry| (FormLabel::Field(entry.is), entry.names)))
            .chain(file.funds_heading.into_iter().map(|entry| (FormLabel::FundsHeading, entry.names)))
            .chain(file.fund.into_iter().map(|e| (FormLabel::Fund { source: e.source, half: e.half }, e.names)))
            .chain(file.goal_heading.into_iter().map(|entry| (FormLabel::GoalHeading(entry.half), entry.names)))
            .chain(file.goal.into_iter().map(|entry| (FormLabel::Goal(entry.half), entry.names)))
            .chain(file.tree_heading.into_iter().map(|entry| (FormLabel::TreeHeading, entry.names)))
            .chain(file.tree_column.into_iter().map(|entry| (FormLabel::TreeColumn(entry.is), entry.names)))
            .chain(
                file.column_heading.into_iter().map(|e| (FormLabel::ColumnHeading { is_money: e.is_money }, e.names)),
            )
            .chain(file.other.into_iter().map(|entry| (FormLabel::Other, entry.names)));
        for (label, names) in entries {
            for name in names {
                if self.labels.insert(key(&name), label).is_some() {
                    bail!("the label {name} stands twice");
                }
            }
        }
        let labels = self.labels.keys().map(String::as_str).chain(["其中"]);
        self.firsts = labels.filter_map(|label| Some((label.chars().next()?, ()))).collect();
        self.longest = self.labels.keys().map(|label| label.chars().count()).max().unwrap_or(0);
        self.list_starts = file.list_starts.iter().map(|start| key(start)).collect();
        for entry in file.measure {
            for name in entry.names {
                if self.measures.insert(key(&name), (entry.name.clone(), entry.is_money)).is_some() {
                    bail!("{name} has two measures");
                }
            }
        }
        for entry in file.level1 {
            for child in &entry.level2 {
                let parents = self.level2.entry(key(child)).or_default();
                parents.extend(entry.names.iter().map(|name| key(name)));
            }
            self.level1.extend(entry.names.iter().map(|name| key(name)));
        }
        Ok(())
    }

    fn add_values(&mut self, file: ValueFile) {
        for entry in file.comparator {
            for word in entry.before.iter().map(|word| key(word)) {
                let Some(first) = word.chars().next() else { continue };
                self.comparators_before.entry(first).or_default().push((word, entry.is.clone()));
            }
            for word in entry.after.iter().map(|word| key(word)) {
                let Some(last) = word.chars().next_back() else { continue };
                self.comparators_after.entry(last).or_default().push((word, entry.is.clone()));
            }
        }
        for words in self.comparators_before.values_mut().chain(self.comparators_after.values_mut()) {
            words.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        }
        self.units = file.units.names.iter().map(|name| key(name)).collect();
        self.per = file.units.per.iter().map(|name| key(name)).collect();
    }
}

/// `产出指标（50分）` → the key of `产出指标`.
fn without_remark(printed: &str) -> Cow<'_, str> {
    let key = as_key(printed);
    match key.strip_suffix(')').and_then(|key| key.rsplit_once('(')) {
        Some((name, _)) => Cow::Owned(name.to_string()),
        None => key,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LabelFile {
    field: Vec<FieldEntry>,
    funds_heading: Vec<Names>,
    fund: Vec<FundEntry>,
    goal_heading: Vec<HalfEntry>,
    goal: Vec<GoalEntry>,
    tree_heading: Vec<Names>,
    tree_column: Vec<TreeColumnEntry>,
    column_heading: Vec<ColumnEntry>,
    other: Vec<Names>,
    measure: Vec<MeasureEntry>,
    list_starts: Vec<String>,
    level1: Vec<Level1Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MeasureEntry {
    name: String,
    #[serde(default)]
    is_money: bool,
    names: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Names {
    names: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldEntry {
    is: FormField,
    names: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FundEntry {
    source: FundSource,
    half: Option<Half>,
    names: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HalfEntry {
    half: Half,
    names: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GoalEntry {
    half: Option<Half>,
    names: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TreeColumnEntry {
    is: TreeColumn,
    names: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnEntry {
    #[serde(default)]
    is_money: bool,
    names: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Level1Entry {
    names: Vec<String>,
    level2: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ValueFile {
    comparator: Vec<ComparatorEntry>,
    units: Units,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Units {
    names: Vec<String>,
    per: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ComparatorEntry {
    is: String,
    before: Vec<String>,
    #[serde(default)]
    after: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn specs() -> FormSpecs {
        FormSpecs::load(&SpecFiles::builtin()).expect("built-in labels of forms")
    }

    #[test]
    fn labels_as_printed_in_the_seed() {
        let label = |text: &str| specs().label(text);
        let fund = |source, half| Some(LabelMatch { label: FormLabel::Fund { source, half }, unit: None });
        assert_eq!(label("其中:中央财政资金"), fund(FundSource::Central, None));
        assert_eq!(label("市县(区)财政资金"), fund(FundSource::Local, None));
        assert_eq!(label("年度资金总额:"), fund(FundSource::Total, Some(Half::Annual)));
        let heading = Some(LabelMatch { label: FormLabel::FundsHeading, unit: Some(Unit::Yuan) });
        assert_eq!(label("项目资金 (元)"), heading);
        assert_eq!(label("项目资金(元)"), heading);
        assert_eq!(label("项目日期").map(|m| m.label), Some(FormLabel::Field(FormField::Period)));
        assert_eq!(label("2026年三晋先锋一体化平台运维"), None);
    }

    #[test]
    fn the_tree_knows_who_belongs_where() {
        let specs = specs();
        assert!(specs.belongs_under("可持续发展影响", "效益指标"));
        assert!(specs.belongs_under("成本指标", "产出指标"));
        assert!(!specs.belongs_under("成本指标", "效益指标"));
        assert!(!specs.is_level2("群众满意度"));
    }

    #[test]
    fn units_combine() {
        let specs = specs();
        assert!(specs.is_unit("元/星"));
        assert!(!specs.is_unit("月底完成"));
        assert!(!specs.is_unit("个乡镇及社工委"));
    }
}
