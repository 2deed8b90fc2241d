//! Templates: kinds of tables with their titles, words of headers, lines of rows. Data in `templates/*.toml`.
//!
//! All families are read into one: the national base has the union of titles and words, a family's file only what
//! it adds. Two meanings for one printed form are an error, with the lines of both.

mod load;
mod patterns;
mod written;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use self::patterns::{Composed, Patterns};
use crate::base::expression::{Expression, Screen};
use crate::base::lexicon::Lexicon;
use crate::model::{Classification, ColumnRole, Layout, RowRole, Side};

/// How a family is told: a word of a table's mark or a title that no other family uses.
#[derive(Clone, Debug)]
pub struct Recognise {
    /// Of the key of a mark.
    mark: Option<Expression>,
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
    pub title_patterns: Vec<Expression>,
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
    /// True where a line with a code is this item too: a line of the economic classification that another table has by name.
    pub is_coded: bool,
    pub labels: Vec<String>,
}

/// All templates.
#[derive(Clone, Debug, Default)]
pub struct Templates {
    pub families: BTreeMap<String, Family>,
    pub kinds: BTreeMap<String, Kind>,
    pub measures: BTreeMap<String, Measure>,
    pub items: BTreeMap<String, Item>,
    kind_by_title: Lexicon<String, String>,
    /// Keys of the titles of forms with their kinds, longest first.
    form_titles: Vec<(String, String)>,
    patterns: Patterns,
    scope_by_label: Lexicon<String, String>,
    items_by_label: Lexicon<String, Vec<String>>,
    column_by_label: Lexicon<String, (ColumnRole, Option<Classification>)>,
    /// Grammars of labels, the more particular first, for those that no list has.
    column_patterns: Vec<(Expression, (ColumnRole, Option<Classification>))>,
    /// Bracketed words at the end of a title → qualifier.
    qualifiers: Lexicon<String, String>,
    /// Words with the groups that each is in.
    words: Lexicon<String, Vec<Word>>,
    title_prefixes: Vec<String>,
    title_synonyms: BTreeMap<String, String>,
    composed: Vec<Composed>,
    /// Grammars of the labels of rows that count things, with what they count.
    counted: Vec<(Expression, String)>,
    /// Of the grammars of titles, of composed labels, of columns: made when all of them are known.
    title_screen: OnceLock<Screen>,
    composed_screen: OnceLock<Screen>,
    column_screen: OnceLock<Screen>,
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
        let patterns = || self.kinds.values().flat_map(|kind| kind.title_patterns.iter().map(move |own| (kind, own)));
        let screen = self.title_screen.get_or_init(|| Screen::of(patterns().map(|(_, pattern)| pattern)));
        let admitted = screen.admitted(title_key, patterns());
        let mut fits = admitted.filter(|(_, pattern)| pattern.is_match(title_key)).map(|(kind, _)| kind);
        let first = fits.next()?;
        fits.all(|other| other.name == first.name).then_some(first)
    }

    /// The kind of forms whose title the key ends with, the longest such title first.
    pub fn form_of_ending(&self, key: &str) -> Option<&Kind> {
        let (_, name) = self.form_titles.iter().find(|(title, _)| key.ends_with(title.as_str()))?;
        self.kinds.get(name)
    }

    /// The qualifier that bracketed words (without their brackets) at the end of a title state.
    pub fn qualifier(&self, words_key: &str) -> Option<&str> {
        self.qualifiers.get(words_key).map(String::as_str)
    }

    /// True where a key is in a group of words.
    pub fn is(&self, group: Word, key: &str) -> bool {
        self.is_any(&[group], key)
    }

    /// True where a key is in one of these groups of words.
    pub fn is_any(&self, groups: &[Word], key: &str) -> bool {
        self.words.get(key).is_some_and(|own| own.iter().any(|group| groups.contains(group)))
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
        let screen = self.composed_screen.get_or_init(|| Screen::of(self.composed.iter().map(|rule| &rule.label)));
        screen.admitted(label, &self.composed).filter_map(|rule| rule.read(label)).filter(|path| !path.is_empty())
    }

    /// What a row counts that prints no unit.
    pub fn counted(&self, label: &str) -> Option<&str> {
        self.counted.iter().find(|(pattern, _)| pattern.is_match(label)).map(|(_, unit)| unit.as_str())
    }

    /// Role of a column, where its header label alone tells it.
    pub fn column_role(&self, label: &str) -> Option<(ColumnRole, Option<Classification>)> {
        let by_pattern = || {
            let patterns = &self.column_patterns;
            let screen = self.column_screen.get_or_init(|| Screen::of(patterns.iter().map(|(pattern, _)| pattern)));
            let mut admitted = screen.admitted(label, patterns);
            admitted.find(|(pattern, _)| pattern.is_match(label)).map(|(_, meaning)| *meaning)
        };
        self.column_by_label.get(label).copied().or_else(by_pattern)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::key;
    use crate::spec::files::SpecFiles;

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
