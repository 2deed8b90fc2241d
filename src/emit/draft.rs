//! Unknown captions and columns of a document → a file of templates that a person can finish.

use std::collections::BTreeSet;

use crate::base::text::key;
use crate::bind::title::read_title;
use crate::model::{ColumnRole, Disclosure, Layout, Table};
use crate::spec::Specs;
use crate::spec::labels::header_key;

/// The draft, in the form of `templates/*.toml`. It can be loaded as it is: unknown tables become kinds `NAME_table_1`,
/// unknown columns measures `NAME_column_1`.
pub fn disclosure_to_draft(disclosure: &Disclosure, name: &str, specs: &Specs) -> String {
    let mut draft = Draft {
        text: head(disclosure, name),
        name,
        bodies: disclosure.metadata.body.iter().map(|body| key(&body.value)).collect(),
        year: disclosure.metadata.fiscal_year.as_ref().map(|year| year.value),
        specs,
        titles: BTreeSet::new(),
        labels: BTreeSet::new(),
    };
    let unknown = || disclosure.tables.iter().filter(|table| table.kind.is_none() && !table.is_nil);
    for table in unknown() {
        draft.kind(table);
    }
    for table in &disclosure.tables {
        draft.columns(table);
    }
    if draft.titles.is_empty() && draft.labels.is_empty() {
        draft.text += "\n# Every caption and every column of amounts is known: nothing to add.\n";
    }
    draft.text
}

fn head(disclosure: &Disclosure, name: &str) -> String {
    let file = disclosure.document.rsplit('/').next().unwrap_or_default();
    format!(
        "# Draft from {}. To finish it: give each title below to a kind of `mingzhang specs` (its name alone is\n\
         # enough, without `chinese` and `layout`) or name a new one; give each column to a measure, or name a new one;\n\
         # then see by which mark or title the family is told.\n\n\
         family = {}\ndescription = {}\n",
        file.replace(|c: char| c.is_control(), " "),
        quoted(name),
        quoted(&format!("Draft from {file}")),
    )
}

struct Draft<'a> {
    text: String,
    name: &'a str,
    bodies: Vec<String>,
    year: Option<i32>,
    specs: &'a Specs,
    titles: BTreeSet<String>,
    labels: BTreeSet<String>,
}

impl Draft<'_> {
    fn kind(&mut self, table: &Table) {
        let Some(caption) = &table.caption else { return };
        let stem = read_title(&caption.text, &self.bodies, &self.specs.templates).stem;
        if stem.is_empty() || !self.titles.insert(stem.clone()) {
            return;
        }
        let layout = match table.layout {
            Layout::Rows => "rows",
            Layout::TwoSided => "two_sided",
            Layout::Form => "form",
            Layout::Cross => "cross",
        };
        let number = self.titles.len();
        if number == 1 {
            self.text += &format!(
                "\n# The family is told by this title, unless others print it too.\n[[recognise]]\ntitle = {}\n",
                quoted(&stem)
            );
        }
        let paths: Vec<String> = table.columns.iter().map(|column| one_line(&column.path.join(" > "))).collect();
        self.text += &format!(
            "\n# {}: {}\n[[kind]]\nname = {}\nchinese = {}\nlayout = \"{layout}\"\ntitles = [{}]\n",
            one_line(&caption.text),
            paths.join(" | "),
            quoted(&format!("{}_table_{number}", self.name)),
            quoted(&stem),
            quoted(&stem),
        );
    }

    fn columns(&mut self, table: &Table) {
        let open = table.columns.iter().filter(|c| c.role == ColumnRole::Amount && c.measure.is_none());
        for column in open {
            let keys: Vec<String> = column.path.iter().map(|label| header_key(label, self.year)).collect();
            let label = keys.join(" > ");
            let Some(leaf) = column.path.last().filter(|_| keys.iter().all(|key| !key.is_empty())) else { continue };
            if !self.labels.insert(label.clone()) {
                continue;
            }
            let number = self.labels.len();
            let caption = table.caption.as_ref().map_or("a table without a caption", |caption| caption.text.as_str());
            self.text += &format!(
                "\n# {}, for example {}\n[[measure]]\nname = {}\nchinese = {}\nlabels = [{}]\n",
                one_line(caption),
                example(table, column.index).unwrap_or_else(|| "without figures".into()),
                quoted(&format!("{}_column_{number}", self.name)),
                quoted(leaf),
                quoted(&label),
            );
        }
    }
}

/// The first figure of a column with the label of its row.
fn example(table: &Table, column: u32) -> Option<String> {
    table.rows.iter().find_map(|row| {
        let cell = row.cells.iter().find(|cell| cell.column == column && cell.amount.is_some())?;
        let label = row.label.as_ref().map_or("", |label| label.text.as_str());
        Some(one_line(&format!("{label} {}", cell.printed)))
    })
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace(|c: char| c.is_control(), "")
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    toml::Value::String(one_line(text)).to_string()
}
