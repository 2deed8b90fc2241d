//! Templates: kinds of tables with their titles, words of headers, lines of rows. Data in `templates/*.toml`.
//!
//! All families are read into one: the national base has the union of titles and words, a family's file only what
//! it adds. Two meanings for one printed form are an error, with the lines of both.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, bail};
use serde::Deserialize;
use toml::Spanned;

use super::files::{SpecFile, SpecFiles};
use super::labels::label_key;
use crate::base::text::key;
use crate::model::{Classification, ColumnRole, Layout, RowRole, Side};

/// One file as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    family: String,
    description: String,
    #[serde(default)]
    recognise: Vec<RecogniseFile>,
    #[serde(default)]
    kind: Vec<KindFile>,
    #[serde(default)]
    measure: Vec<MeasureFile>,
    #[serde(default)]
    scope: Vec<NamedLabels>,
    #[serde(default)]
    item: Vec<ItemFile>,
    #[serde(default)]
    column: Vec<ColumnFile>,
    #[serde(default)]
    qualifier: Vec<NamedLabels>,
    #[serde(default)]
    composed: Vec<ComposedFile>,
    #[serde(default)]
    counted: Vec<CountedFile>,
    #[serde(default)]
    words: Words,
}

/// Lines of rows that count things and print no unit: a regular expression over the whole key of their label.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CountedFile {
    label: Spanned<String>,
    unit: String,
}

/// A header label that is made of others: a regular expression over its whole key, and the path that it stands for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ComposedFile {
    label: Spanned<String>,
    path: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RecogniseFile {
    /// Regular expression over the key of a mark.
    #[serde(default)]
    mark: Option<String>,
    /// Title of a table (without year, body and numbering). Beside a mark, both must be of one table.
    #[serde(default)]
    title: Option<String>,
}

/// How a family is told: a word of a table's mark or a title that no other family uses.
#[derive(Clone, Debug)]
pub struct Recognise {
    /// Of the key of a mark.
    mark: Option<regex::Regex>,
    /// Key of a title.
    title: Option<String>,
}

impl Recognise {
    /// True where all that the rule states is true of a table's mark (key) and title (key of the stem).
    pub fn fits(&self, mark: Option<&str>, title: &str) -> bool {
        (self.mark.is_some() || self.title.is_some())
            && self.title.as_ref().is_none_or(|own| own == title)
            && self.mark.as_ref().is_none_or(|pattern| mark.is_some_and(|mark| pattern.is_match(mark)))
    }
}

/// What tells a kind without its caption: all of these columns (keys of header labels), measures and items.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Signature {
    pub columns: Vec<String>,
    pub measures: Vec<String>,
    pub items: Vec<String>,
    /// Where given: no column is headed by anything else.
    pub only: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KindFile {
    name: Spanned<String>,
    #[serde(default)]
    chinese: Option<String>,
    #[serde(default)]
    layout: Option<Layout>,
    #[serde(default)]
    total: Option<Spanned<String>>,
    #[serde(default)]
    classification: Option<Classification>,
    #[serde(default)]
    titles: Vec<Spanned<String>>,
    #[serde(default)]
    title_patterns: Vec<Spanned<String>>,
    #[serde(default)]
    inferred_from: Vec<Signature>,
    #[serde(default)]
    columns: Vec<ColumnsFile>,
    #[serde(default)]
    expects: Vec<Spanned<String>>,
    #[serde(default)]
    expects_items: Vec<Spanned<String>>,
    /// Headers of the names by which its rows are called, where other names stand before them.
    #[serde(default)]
    row_names: Vec<String>,
    /// The kind of the same expenditure by economic classification.
    #[serde(default)]
    by_economic: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnsFile {
    measure: Spanned<String>,
    labels: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MeasureFile {
    name: Spanned<String>,
    chinese: String,
    #[serde(default)]
    parents: Vec<Spanned<String>>,
    #[serde(default)]
    labels: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NamedLabels {
    name: String,
    labels: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemFile {
    name: Spanned<String>,
    chinese: String,
    #[serde(default)]
    role: Option<RowRole>,
    #[serde(default)]
    scope: Option<String>,
    #[serde(default)]
    side: Option<Side>,
    #[serde(default)]
    is_scoped: bool,
    labels: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnFile {
    role: ColumnRole,
    #[serde(default)]
    classification: Option<Classification>,
    #[serde(default)]
    labels: Vec<Spanned<String>>,
    /// The grammar of its labels, over their keys, whole.
    #[serde(default)]
    label_patterns: Vec<Spanned<String>>,
}

/// Words that carry no meaning of their own, or one meaning everywhere.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Words {
    /// Header labels over others that add nothing: 项目, 2026年预算数.
    neutral: Vec<String>,
    /// Leaves that take their meaning from above: 合计, 小计, 金额.
    generic: Vec<String>,
    /// Leaves that are the budget where the final figure stands beside them.
    budget: Vec<String>,
    /// Leaves that are the budget as adjusted in the course of the year.
    adjusted_budget: Vec<String>,
    revenue: Vec<String>,
    expenditure: Vec<String>,
    /// What may stand before a title: 部门, 预算单位.
    title_prefixes: Vec<String>,
    /// Names in titles that another has taken the place of: 公共财政预算.
    #[serde(default)]
    title_synonyms: BTreeMap<String, String>,
    /// Bracketed words at the end of a title that say nothing about its content: 续.
    title_suffixes: Vec<String>,
    /// What stands in an amount cell for nothing: -, —, /.
    blanks: Vec<String>,
    /// What stands in a row of column numbers beside the numbers: 栏次, **.
    column_numbers: Vec<String>,
}

/// A kind of table.
#[derive(Clone, Debug)]
pub struct Kind {
    pub name: String,
    pub chinese: String,
    pub layout: Layout,
    /// Measure of the columns that print only 合计 or 金额.
    pub total: Option<String>,
    /// Classification of the names in its rows where no code is printed.
    pub classification: Option<Classification>,
    /// Titles as written, by file.
    pub titles: Vec<String>,
    /// The grammar of its titles, over their keys, whole: for places whose wording no list has yet.
    pub title_patterns: Vec<regex::Regex>,
    /// What tells it where no caption does.
    pub signatures: Vec<Signature>,
    /// Measures of which one must be among the columns, or the caption is not believed.
    pub expects: Vec<String>,
    /// Items of which one does as well among the rows.
    pub expects_items: Vec<String>,
    /// Keys of the headers whose names call its rows: the project, not the unit that stands before it.
    pub row_names: Vec<String>,
    /// The kind that it is where all of its codes are economic ones.
    pub by_economic: Option<String>,
    columns: Patterns,
}

/// What a column measures.
#[derive(Clone, Debug)]
pub struct Measure {
    pub name: String,
    pub chinese: String,
    /// Measures whose labels may stand over this one's: personnel expenses are a part of basic expenditure.
    pub parents: Vec<String>,
    /// Labels as written.
    pub labels: Vec<String>,
}

/// A line of a table that is known by its name.
#[derive(Clone, Debug)]
pub struct Item {
    pub name: String,
    pub chinese: String,
    pub role: Option<RowRole>,
    /// Prefix for the fund lines that follow it (`prior_year_carryover`); `""` closes an open one.
    pub scope: Option<String>,
    pub side: Option<Side>,
    /// True where an open scope changes it: the funds below 上年结转 are carried over.
    pub is_scoped: bool,
    pub labels: Vec<String>,
}

/// Paths of labels that mean a measure.
#[derive(Clone, Debug, Default)]
struct Patterns {
    /// Leaf key → (ancestors that must stand over it, measure).
    by_leaf: BTreeMap<String, Vec<(Vec<String>, String)>>,
    /// All of the ancestors.
    ancestors: BTreeSet<String>,
}

impl Patterns {
    /// `上年结转 > 小计`: the leaf last.
    fn add(&mut self, written: &Spanned<String>, measure: &str, file: &SpecFile) -> anyhow::Result<()> {
        let mut parts: Vec<String> = written.get_ref().split(" > ").map(label_key).collect();
        let Some(leaf) = parts.pop().filter(|leaf| !leaf.is_empty()) else {
            bail!("{}: an empty label", file.at(written.span().start));
        };
        self.ancestors.extend(parts.iter().cloned());
        let patterns = self.by_leaf.entry(leaf).or_default();
        match patterns.iter().find(|(ancestors, _)| *ancestors == parts) {
            Some((_, other)) if other != measure => bail!(
                "{}: {:?} means {other} elsewhere, {measure} here",
                file.at(written.span().start),
                written.get_ref()
            ),
            Some(_) => {}
            None => patterns.push((parts, measure.to_string())),
        }
        Ok(())
    }

    /// True for a label that some pattern wants over its leaf.
    fn has_ancestor(&self, label: &str) -> bool {
        self.ancestors.contains(label)
    }

    /// The measure of the longest pattern whose ancestors stand over the leaf in this order, and those ancestors.
    fn find(&self, leaf: &str, over: &[String]) -> Option<(&str, &[String])> {
        let fits = |ancestors: &[String]| {
            let mut path = over.iter();
            ancestors.iter().all(|a| path.any(|p| p == a))
        };
        let patterns = self.by_leaf.get(leaf)?;
        let (ancestors, measure) =
            patterns.iter().filter(|(ancestors, _)| fits(ancestors)).max_by_key(|(ancestors, _)| ancestors.len())?;
        Some((measure, ancestors))
    }
}

/// All templates.
#[derive(Clone, Debug, Default)]
pub struct Templates {
    pub families: BTreeMap<String, Family>,
    pub kinds: BTreeMap<String, Kind>,
    pub measures: BTreeMap<String, Measure>,
    pub items: BTreeMap<String, Item>,
    kind_by_title: BTreeMap<String, String>,
    patterns: Patterns,
    scope_by_label: BTreeMap<String, String>,
    items_by_label: BTreeMap<String, Vec<String>>,
    column_by_label: BTreeMap<String, (ColumnRole, Option<Classification>)>,
    /// Grammars of labels, the more particular first, for those that no list has.
    column_patterns: Vec<(regex::Regex, (ColumnRole, Option<Classification>))>,
    /// Bracketed words at the end of a title → qualifier.
    qualifiers: BTreeMap<String, String>,
    words: BTreeMap<Word, BTreeSet<String>>,
    title_prefixes: Vec<String>,
    title_synonyms: BTreeMap<String, String>,
    composed: Vec<Composed>,
    /// Grammars of the labels of rows that count things, with what they count.
    counted: Vec<(regex::Regex, String)>,
}

/// How a header label is read that is no word of its own but made of some: 2025年基本支出预算, 比上年执行数增减额.
#[derive(Clone, Debug)]
struct Composed {
    label: regex::Regex,
    /// The path, with `$1` for what the expression captured.
    path: Vec<String>,
}

impl Composed {
    fn read(&self, label: &str) -> Option<Vec<String>> {
        let found = self.label.captures(label)?;
        let part = |written: &String| {
            let mut part = String::new();
            found.expand(written, &mut part);
            part
        };
        Some(self.path.iter().map(part).filter(|part| !part.is_empty()).collect())
    }
}

/// A family of templates.
#[derive(Clone, Debug)]
pub struct Family {
    pub name: String,
    pub description: String,
    pub recognise: Vec<Recognise>,
    /// Titles that this family's file adds.
    pub titles: Vec<String>,
}

/// Groups of words in [`Templates`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Word {
    Neutral,
    Generic,
    Budget,
    AdjustedBudget,
    Revenue,
    Expenditure,
    TitleSuffix,
    Blank,
    ColumnNumbers,
}

impl Templates {
    /// Reads and validates `templates/*.toml`.
    ///
    /// # Errors
    /// With file and line, where a file is broken or contradicts another.
    pub fn load(files: &SpecFiles) -> anyhow::Result<Templates> {
        let mut templates = Templates::default();
        let mut parsed = Vec::new();
        for file in files.under("templates/") {
            let content: File = toml::from_str(&file.text).map_err(|error| {
                let place = error.span().map_or_else(|| file.name.clone(), |span| file.at(span.start));
                anyhow::anyhow!("{place}: {}", error.message())
            })?;
            parsed.push((file, content));
        }
        // What others refer to first: a family may use a measure of the base and the other way round.
        for (file, content) in &parsed {
            templates.add_measures(file, content)?;
        }
        for (file, content) in &parsed {
            templates.add_labels(file, content)?;
            templates.add_composed(file, content)?;
            templates.add_words(content);
        }
        for written in parsed.iter().flat_map(|(_, content)| &content.kind) {
            if let (Some(chinese), Some(layout)) = (&written.chinese, written.layout) {
                let name = written.name.get_ref();
                templates.kinds.entry(name.clone()).or_insert_with(|| new_kind(name, chinese, layout));
            }
        }
        for (file, content) in &parsed {
            templates.add_kinds(file, content)?;
        }
        templates.title_prefixes.sort_by_key(|prefix| std::cmp::Reverse(prefix.chars().count()));
        templates.title_prefixes.dedup();
        Ok(templates)
    }

    fn add_measures(&mut self, file: &SpecFile, content: &File) -> anyhow::Result<()> {
        for measure in &content.measure {
            let name = measure.name.get_ref();
            let entry = self.measures.entry(name.clone()).or_insert_with(|| Measure {
                name: name.clone(),
                chinese: measure.chinese.clone(),
                parents: Vec::new(),
                labels: Vec::new(),
            });
            if entry.chinese != measure.chinese {
                bail!(
                    "{}: {name} is {} elsewhere, {} here",
                    file.at(measure.name.span().start),
                    entry.chinese,
                    measure.chinese
                );
            }
            entry.parents.extend(measure.parents.iter().map(|p| p.get_ref().clone()));
            entry.labels.extend(measure.labels.iter().map(|l| l.get_ref().clone()));
            for label in &measure.labels {
                self.patterns.add(label, name, file)?;
            }
        }
        Ok(())
    }

    fn known_measure(&self, name: &Spanned<String>, file: &SpecFile) -> anyhow::Result<()> {
        if self.measures.contains_key(name.get_ref()) {
            return Ok(());
        }
        bail!("{}: no measure {:?}", file.at(name.span().start), name.get_ref())
    }

    fn add_labels(&mut self, file: &SpecFile, content: &File) -> anyhow::Result<()> {
        for measure in &content.measure {
            for parent in &measure.parents {
                self.known_measure(parent, file)?;
            }
        }
        for scope in &content.scope {
            for label in &scope.labels {
                let other = self.scope_by_label.insert(label_key(label.get_ref()), scope.name.clone());
                one_meaning(other, &scope.name, label, file)?;
            }
        }
        for qualifier in &content.qualifier {
            for label in &qualifier.labels {
                let other = self.qualifiers.insert(key(label.get_ref()), qualifier.name.clone());
                one_meaning(other, &qualifier.name, label, file)?;
            }
        }
        for column in &content.column {
            for label in &column.labels {
                let meaning = (column.role, column.classification);
                let other = self.column_by_label.insert(label_key(label.get_ref()), meaning);
                if other.is_some_and(|other| other != meaning) {
                    bail!("{}: {:?} has another role elsewhere", file.at(label.span().start), label.get_ref());
                }
            }
        }
        for column in &content.column {
            for pattern in &column.label_patterns {
                let pattern = whole_pattern(pattern, file)?;
                self.column_patterns.push((pattern, (column.role, column.classification)));
            }
        }
        for item in &content.item {
            self.add_item(item, file)?;
        }
        Ok(())
    }

    fn add_item(&mut self, written: &ItemFile, file: &SpecFile) -> anyhow::Result<()> {
        let name = written.name.get_ref();
        for label in &written.labels {
            let names = self.items_by_label.entry(label_key(label.get_ref())).or_default();
            for other in names.iter().filter(|other| *other != name) {
                let side = self.items.get(other).and_then(|item| item.side);
                if side.is_none() || written.side.is_none() || side == written.side {
                    bail!("{}: {:?} is {other} too", file.at(label.span().start), label.get_ref());
                }
            }
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        let item = self.items.entry(name.clone()).or_insert_with(|| Item {
            name: name.clone(),
            chinese: written.chinese.clone(),
            role: written.role,
            scope: written.scope.clone(),
            side: written.side,
            is_scoped: written.is_scoped,
            labels: Vec::new(),
        });
        if item.side != written.side || item.role != written.role {
            bail!("{}: {name} has another side or role elsewhere", file.at(written.name.span().start));
        }
        item.labels.extend(written.labels.iter().map(|l| l.get_ref().clone()));
        Ok(())
    }

    fn add_composed(&mut self, file: &SpecFile, content: &File) -> anyhow::Result<()> {
        for written in &content.composed {
            self.composed.push(Composed { label: whole_pattern(&written.label, file)?, path: written.path.clone() });
        }
        for written in &content.counted {
            self.counted.push((whole_pattern(&written.label, file)?, written.unit.clone()));
        }
        Ok(())
    }

    fn add_words(&mut self, content: &File) {
        let words = &content.words;
        let groups = [
            (Word::Neutral, &words.neutral),
            (Word::Generic, &words.generic),
            (Word::Budget, &words.budget),
            (Word::AdjustedBudget, &words.adjusted_budget),
            (Word::Revenue, &words.revenue),
            (Word::Expenditure, &words.expenditure),
            (Word::TitleSuffix, &words.title_suffixes),
            (Word::Blank, &words.blanks),
            (Word::ColumnNumbers, &words.column_numbers),
        ];
        for (group, list) in groups {
            self.words.entry(group).or_default().extend(list.iter().map(|word| key(word)));
        }
        self.title_prefixes.extend(words.title_prefixes.iter().map(|word| key(word)));
        self.title_synonyms.extend(words.title_synonyms.iter().map(|(old, new)| (key(old), key(new))));
    }

    fn add_kinds(&mut self, file: &SpecFile, content: &File) -> anyhow::Result<()> {
        let family = self.families.entry(content.family.clone()).or_insert_with(|| Family {
            name: content.family.clone(),
            description: content.description.clone(),
            recognise: Vec::new(),
            titles: Vec::new(),
        });
        for rule in &content.recognise {
            let mark = rule.mark.as_deref().map(regex::Regex::new).transpose();
            let mark = mark.with_context(|| format!("{}: broken mark of a family", file.name))?;
            family.recognise.push(Recognise { mark, title: rule.title.as_deref().map(key) });
        }
        for written in &content.kind {
            let name = written.name.get_ref();
            for measure in
                written.total.iter().chain(&written.expects).chain(written.columns.iter().map(|c| &c.measure))
            {
                self.known_measure(measure, file)?;
            }
            for item in &written.expects_items {
                if !self.items.contains_key(item.get_ref()) {
                    bail!("{}: no item {:?}", file.at(item.span().start), item.get_ref());
                }
            }
            if !self.kinds.contains_key(name) {
                bail!("{}: kind {name} needs `chinese` and `layout`", file.at(written.name.span().start));
            }
            for title in &written.titles {
                let other = self.kind_by_title.insert(key(title.get_ref()), name.clone());
                one_meaning(other, name, title, file)?;
            }
            let Some(kind) = self.kinds.get_mut(name) else { continue };
            for pattern in &written.title_patterns {
                kind.title_patterns.push(whole_pattern(pattern, file)?);
            }
            kind.signatures.extend(written.inferred_from.iter().cloned());
            kind.titles.extend(written.titles.iter().map(|t| t.get_ref().clone()));
            kind.expects.extend(written.expects.iter().map(|m| m.get_ref().clone()));
            kind.expects_items.extend(written.expects_items.iter().map(|i| i.get_ref().clone()));
            kind.row_names.extend(written.row_names.iter().map(|name| label_key(name)));
            kind.total = written.total.as_ref().map(|t| t.get_ref().clone()).or(kind.total.take());
            kind.classification = written.classification.or(kind.classification);
            kind.by_economic = written.by_economic.clone().or(kind.by_economic.take());
            for columns in &written.columns {
                for label in &columns.labels {
                    kind.columns.add(label, columns.measure.get_ref(), file)?;
                }
            }
            if let Some(family) = self.families.get_mut(&content.family) {
                family.titles.extend(written.titles.iter().map(|t| t.get_ref().clone()));
            }
        }
        Ok(())
    }

    /// True for what a column can measure: a measure, `total` (合计 and nothing more), a scope (上年结转), a measure in a
    /// scope, or one below another (公务接待费 / 一般公共预算). What was budgeted beside the outturn begins with `budget_`.
    pub fn names_measure(&self, name: &str) -> bool {
        let name = name.strip_prefix("budget_").unwrap_or(name);
        let begins = |first: &String| {
            name.strip_prefix(first.as_str()).is_some_and(|rest| {
                rest.is_empty() || rest.strip_prefix('_').is_some_and(|rest| self.names_measure(rest))
            })
        };
        name == "total" || self.measures.keys().any(begins) || self.scope_by_label.values().any(begins)
    }

    /// The kind whose title has this key, or the only one whose grammar of titles it follows.
    pub fn kind_of_title(&self, title_key: &str) -> Option<&Kind> {
        if let Some(name) = self.kind_by_title.get(title_key) {
            return self.kinds.get(name);
        }
        let mut fits = self.kinds.values().filter(|kind| kind.title_patterns.iter().any(|re| re.is_match(title_key)));
        fits.next().filter(|_| fits.next().is_none())
    }

    /// The qualifier that bracketed words (without their brackets) at the end of a title state.
    pub fn qualifier(&self, words_key: &str) -> Option<&str> {
        self.qualifiers.get(words_key).map(String::as_str)
    }

    /// True where a key is in a group of words.
    pub fn is(&self, group: Word, key: &str) -> bool {
        self.words.get(&group).is_some_and(|words| words.contains(key))
    }

    /// The title with the names of today.
    pub fn title_of_today(&self, title: String) -> String {
        self.title_synonyms.iter().fold(title, |title, (old, new)| match title.contains(old.as_str()) {
            true => title.replace(old.as_str(), new),
            false => title,
        })
    }

    /// What may stand before titles, longest first.
    pub fn title_prefixes(&self) -> &[String] {
        &self.title_prefixes
    }

    /// The paths that a header label can stand for, in the order of the rules.
    pub fn composed<'a>(&'a self, label: &'a str) -> impl Iterator<Item = Vec<String>> + 'a {
        self.composed.iter().filter_map(|rule| rule.read(label)).filter(|path| !path.is_empty())
    }

    /// What a row counts that prints no unit.
    pub fn counted(&self, label: &str) -> Option<&str> {
        self.counted.iter().find(|(pattern, _)| pattern.is_match(label)).map(|(_, unit)| unit.as_str())
    }

    /// Role of a column, where its header label alone tells it.
    pub fn column_role(&self, label: &str) -> Option<(ColumnRole, Option<Classification>)> {
        let by_pattern = || self.column_patterns.iter().find(|(pattern, _)| pattern.is_match(label));
        self.column_by_label.get(label).copied().or_else(|| by_pattern().map(|(_, meaning)| *meaning))
    }

    /// The scope that a header label opens for those below it.
    pub fn scope(&self, label: &str) -> Option<&str> {
        self.scope_by_label.get(label).map(String::as_str)
    }

    /// The item of a row label on a side.
    pub fn item(&self, label: &str, side: Option<Side>) -> Option<&Item> {
        let names = self.items_by_label.get(label)?;
        let items = || names.iter().filter_map(|name| self.items.get(name));
        items()
            .find(|item| item.side.is_some() && item.side == side)
            .or_else(|| items().find(|item| item.side.is_none()))
            .or_else(|| if side.is_none() && names.len() == 1 { items().next() } else { None })
    }

    /// The measure of a label under others, kind's own words first; with the ancestors that its pattern used.
    pub fn measure<'a>(
        &'a self,
        kind: Option<&'a Kind>,
        leaf: &str,
        over: &[String],
    ) -> Option<(&'a str, &'a [String])> {
        kind.and_then(|kind| kind.columns.find(leaf, over)).or_else(|| self.patterns.find(leaf, over))
    }

    /// True for a label that has a meaning over others only: 比上年执行数 over 增减额.
    pub fn is_over(&self, kind: Option<&Kind>, label: &str) -> bool {
        kind.is_some_and(|kind| kind.columns.has_ancestor(label)) || self.patterns.has_ancestor(label)
    }

    /// True where `ancestor` is `measure`'s parent, directly or over others.
    pub fn is_part_of(&self, measure: &str, ancestor: &str) -> bool {
        let mut seen = Vec::new();
        let mut open = vec![measure];
        while let Some(name) = open.pop() {
            for parent in self.measures.get(name).map_or(&[][..], |m| m.parents.as_slice()) {
                if parent == ancestor {
                    return true;
                }
                if !seen.contains(&parent.as_str()) {
                    seen.push(parent);
                    open.push(parent);
                }
            }
        }
        false
    }
}

/// A regular expression over a whole key.
fn whole_pattern(written: &Spanned<String>, file: &SpecFile) -> anyhow::Result<regex::Regex> {
    regex::Regex::new(&format!("^(?:{})$", written.get_ref()))
        .with_context(|| format!("{}: broken pattern", file.at(written.span().start)))
}

fn new_kind(name: &str, chinese: &str, layout: Layout) -> Kind {
    Kind {
        name: name.to_string(),
        chinese: chinese.to_string(),
        layout,
        total: None,
        classification: None,
        titles: Vec::new(),
        title_patterns: Vec::new(),
        signatures: Vec::new(),
        expects: Vec::new(),
        expects_items: Vec::new(),
        row_names: Vec::new(),
        by_economic: None,
        columns: Patterns::default(),
    }
}

fn one_meaning(other: Option<String>, meaning: &str, label: &Spanned<String>, file: &SpecFile) -> anyhow::Result<()> {
    match other {
        Some(other) if other != meaning => {
            bail!("{}: {:?} means {other} elsewhere, {meaning} here", file.at(label.span().start), label.get_ref())
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(text: &str) -> String {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("templates")).expect("a folder");
        std::fs::write(folder.path().join("templates/x.toml"), text).expect("a file");
        let files = SpecFiles::builtin().with_overlay(folder.path()).expect("an overlay");
        Templates::load(&files).expect_err("broken").to_string()
    }

    #[test]
    fn broken_specs_are_named_by_file_and_line() {
        let head = "family = \"x\"\ndescription = \"x\"\n";
        let message = broken(&format!("{head}[[kind]]\nname = \"expenditure_summary\"\ntotal = \"no_such\"\n"));
        assert!(message.ends_with("templates/x.toml:5: no measure \"no_such\""), "{message}");
        let message = broken(&format!("{head}[[kind]]\nname = \"revenue_summary\"\ntitles = [\n\"支出总表\"]\n"));
        assert!(message.contains("x.toml:6") && message.contains("expenditure_summary elsewhere"), "{message}");
        let message = broken(&format!("{head}[[kind]]\nname = \"new\"\nchinese = \"新\"\nlayout = \"round\"\n"));
        assert!(message.contains("x.toml:6") && message.contains("round"), "{message}");
        let message = broken(&format!("{head}colour = 1\n"));
        assert!(message.contains("x.toml:3") && message.contains("colour"), "{message}");
    }

    #[test]
    fn grammars_of_titles_agree_with_the_titles_listed() {
        let templates = Templates::load(&SpecFiles::builtin()).expect("sound data");
        for kind in templates.kinds.values() {
            for title in kind.titles.iter().map(|title| key(title)) {
                let others = templates.kinds.values().filter(|other| other.name != kind.name);
                let wrong: Vec<&str> = others
                    .filter(|other| other.title_patterns.iter().any(|re| re.is_match(&title)))
                    .map(|other| other.name.as_str())
                    .collect();
                assert!(wrong.is_empty(), "{title} of {} follows {wrong:?}", kind.name);
            }
        }
    }

    #[test]
    fn a_title_that_no_list_has_follows_a_grammar() {
        let templates = Templates::load(&SpecFiles::builtin()).expect("sound data");
        let kind = |title: &str| templates.kind_of_title(title).map(|kind| kind.name.as_str());
        // 杞县, 十堰, 永仁 and 金安 (templates of places without a family's file).
        assert_eq!(kind("一般公共预算当年拨款支出情况表"), Some("general_public_budget_expenditure"));
        assert_eq!(kind("政府性基金预算支出总体情况表"), Some("government_managed_funds_expenditure"));
        assert_eq!(kind("一般公共预算三公经费支出情况统计表"), Some("three_public_expenses"));
        assert_eq!(kind("国有资本经营收支决算表"), Some("state_capital_operations"));
        // Close to a title and none.
        assert_eq!(kind("支出预算增减汇总表"), None);
        assert_eq!(kind("一般公共预算支出增减表"), None);
    }

    #[test]
    fn a_family_adds_to_a_kind_of_the_base() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("templates")).expect("a folder");
        let text =
            "family = \"x\"\ndescription = \"x\"\n[[kind]]\nname = \"expenditure_summary\"\ntitles = [\"支出一览\"]\n";
        std::fs::write(folder.path().join("templates/x.toml"), text).expect("a file");
        let files = SpecFiles::builtin().with_overlay(folder.path()).expect("an overlay");
        let templates = Templates::load(&files).expect("good specs");
        assert_eq!(templates.kind_of_title("支出一览").map(|k| k.name.as_str()), Some("expenditure_summary"));
        assert_eq!(templates.kind_of_title("支出总表").map(|k| k.name.as_str()), Some("expenditure_summary"));
    }
}
