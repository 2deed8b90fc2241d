//! The vocabulary of segmentation (`segment.toml`): how units, marks, notes and titles announce themselves.

use anyhow::Context;
use serde::Deserialize;

use super::SpecFiles;
use std::sync::OnceLock;

use crate::base::expression::{Expression, Screen};
use crate::base::text::key;

/// A pattern over a [`key`]; the default matches nothing.
#[derive(Clone, Debug, Default)]
pub struct Pattern(Option<Expression>);

impl Pattern {
    pub fn is_match(&self, key: &str) -> bool {
        self.0.as_ref().is_some_and(|expression| expression.is_match(key))
    }

    /// The bytes of the first match.
    pub fn find(&self, key: &str) -> Option<std::ops::Range<usize>> {
        self.0.as_ref()?.compiled()?.find(key).map(|found| found.range())
    }
}

/// Compiled `segment.toml`. All patterns see [`key`]s.
#[derive(Clone, Debug, Default)]
pub struct Segmentation {
    pub contents_title: Vec<String>,
    pub unit: Pattern,
    pub unit_cut: Pattern,
    pub unit_head: Pattern,
    pub unit_tail: Pattern,
    pub body: Pattern,
    /// A mark at the beginning of a line.
    pub mark_start: Pattern,
    /// A mark that fills a line.
    pub mark_line: Pattern,
    /// A mark at the end of a line.
    pub mark_end: Pattern,
    pub subtitle: Pattern,
    pub caption_endings: Vec<String>,
    /// A title of all tables together, as a contents list prints it over theirs.
    pub all_tables: Pattern,
    pub continued: Pattern,
    pub not_caption: Pattern,
    pub note: Pattern,
    pub nil_note: Pattern,
    pub form_captions: Vec<String>,
    pub form_labels: Vec<String>,
    pub label_headers: Vec<String>,
    pub total_labels: Vec<String>,
    pub column_number_labels: Vec<String>,
    /// Of the patterns that announce something.
    screen: OnceLock<Screen>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    contents_title: Vec<String>,
    unit: String,
    unit_cut: String,
    unit_head: String,
    unit_tail: String,
    body: String,
    mark: String,
    subtitle: String,
    caption_endings: Vec<String>,
    all_tables: String,
    continued: String,
    not_caption: String,
    note: String,
    nil_note: String,
    form_captions: Vec<String>,
    form_labels: Vec<String>,
    label_headers: Vec<String>,
    total_labels: Vec<String>,
    column_number_labels: Vec<String>,
}

impl Segmentation {
    /// False for the key of a line that is no unit, body, mark, subtitle or note and begins or ends with none: of nearly
    /// all lines and cells this is all that has to be known.
    pub fn announces(&self, key: &str) -> bool {
        let patterns = [
            &self.mark_start,
            &self.mark_line,
            &self.mark_end,
            &self.unit,
            &self.unit_cut,
            &self.body,
            &self.subtitle,
            &self.note,
            &self.nil_note,
        ];
        let screen = self.screen.get_or_init(|| Screen::of(patterns.iter().filter_map(|pattern| pattern.0.as_ref())));
        screen.admitted(key, patterns).any(|pattern| pattern.is_match(key))
    }

    /// Reads and compiles `segment.toml`.
    ///
    /// # Errors
    /// Where the file is no TOML of this shape or a pattern is no regular expression.
    pub fn load(files: &SpecFiles) -> anyhow::Result<Segmentation> {
        let source = files.get("segment.toml")?;
        let (file, name): (File, &str) = (source.toml()?, &source.name);
        let compile = |field: &str, pattern: &str| {
            source
                .expression(pattern)
                .map(|expression| Pattern(Some(expression)))
                .with_context(|| format!("{name}: {field} is no regular expression"))
        };
        let [mark_start, mark_line, mark_end] =
            [format!("^{}[::、.]?", file.mark), format!("^[(]?{}[)]?[::]?$", file.mark), format!("{}$", file.mark)];
        let keys = |words: Vec<String>| words.iter().map(|word| key(word)).collect::<Vec<_>>();
        Ok(Segmentation {
            contents_title: keys(file.contents_title),
            unit: compile("unit", &file.unit)?,
            unit_cut: compile("unit_cut", &file.unit_cut)?,
            unit_head: compile("unit_head", &file.unit_head)?,
            unit_tail: compile("unit_tail", &file.unit_tail)?,
            body: compile("body", &file.body)?,
            mark_start: compile("mark", &mark_start)?,
            mark_line: compile("mark", &mark_line)?,
            mark_end: compile("mark", &mark_end)?,
            subtitle: compile("subtitle", &file.subtitle)?,
            caption_endings: keys(file.caption_endings),
            all_tables: compile("all_tables", &file.all_tables)?,
            continued: compile("continued", &file.continued)?,
            not_caption: compile("not_caption", &file.not_caption)?,
            note: compile("note", &file.note)?,
            nil_note: compile("nil_note", &file.nil_note)?,
            form_captions: keys(file.form_captions),
            form_labels: keys(file.form_labels),
            label_headers: keys(file.label_headers),
            total_labels: keys(file.total_labels),
            column_number_labels: keys(file.column_number_labels),
            screen: OnceLock::new(),
        })
    }
}
