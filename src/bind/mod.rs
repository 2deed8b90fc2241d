//! [`Outline`](crate::segment::Outline) → [`Disclosure`]: captions to kinds, columns to measures, rows to codes.

pub mod codes;
pub mod columns;
pub mod contents;
pub mod cover;
mod cut_names;
mod economic;
pub mod family;
pub mod form;
pub mod glossary;
mod measure;
pub mod narrative;
pub mod organisation;
pub mod refusal;
pub mod rows;
mod section;
pub mod table;
pub mod title;
pub mod units;

use std::borrow::Cow;

use crate::base::finding::Finding;
use crate::base::place::Printed;
use crate::base::text::{as_key, key};
use crate::model::{Disclosure, Paragraph, SCHEMA_VERSION};
use crate::segment::{Outline, RawTable};
use crate::spec::{Kind, Specs};

/// Distinct labels of forms that a grid must have to be read as one; lists of projects have two or three of them.
const LABELS_OF_A_FORM: usize = 5;

/// Gives every part of the outline its meaning.
pub fn bind(outline: Outline, specs: &Specs, findings: &mut Vec<Finding>) -> Disclosure {
    let beginning = beginning(&outline);
    let metadata = cover::bind_cover(&outline, specs, findings);
    let organisation = organisation::bind_organisation(&outline, specs, findings);
    let glossary = glossary::bind_glossary(&outline, specs);
    let mut disclosure = Disclosure {
        schema_version: SCHEMA_VERSION.into(),
        metadata,
        organisation,
        glossary,
        format: outline.format,
        cover: outline.cover,
        contents_titles: outline.contents_titles,
        contents: outline.contents,
        headings: outline.headings,
        paragraphs: outline.paragraphs,
        furniture: outline.furniture,
        unbound: outline.unbound,
        ..Disclosure::default()
    };
    let fiscal_year = disclosure.metadata.fiscal_year.as_ref().map(|year| year.value);
    bind_tables(outline.tables, fiscal_year, specs, &mut disclosure, findings);
    disclosure.statements =
        narrative::narrate(&disclosure.paragraphs, &disclosure.headings, fiscal_year, specs, findings);
    refusal::report_other_document(&disclosure, &beginning, specs, findings);
    disclosure
}

/// The lines that a document calls itself by, in reading order as far as its parts tell.
fn beginning(outline: &Outline) -> Vec<Printed> {
    const LINES: usize = 12;
    let whole = |paragraph: &Paragraph| {
        Printed::new(paragraph.text.clone(), paragraph.place_of(0, paragraph.text.chars().count()))
    };
    let captions = outline.tables.iter().filter_map(|table| table.caption.clone());
    let headings = outline.headings.iter().map(|heading| Printed::new(heading.title.clone(), heading.place.clone()));
    let lines = outline.cover.iter().cloned().chain(outline.paragraphs.iter().take(LINES).map(whole));
    lines.chain(captions.take(2)).chain(headings.take(LINES)).collect()
}

/// Tables and forms in document order, and the contents entries that announce them.
fn bind_tables(
    mut tables: Vec<RawTable>,
    fiscal_year: Option<i32>,
    specs: &Specs,
    disclosure: &mut Disclosure,
    findings: &mut Vec<Finding>,
) {
    let bodies = body_names(&tables, disclosure);
    let mut found = Vec::new();
    for raw in &mut tables {
        let caption = raw.caption.as_ref().map_or("", |caption| caption.text.as_str());
        let title = title::read_title(caption, &bodies, &specs.templates);
        match form_kind(raw, &title, specs) {
            Some(kind) => {
                let ordinal = disclosure.performance_targets.len() + 1;
                let form = form::bind_form(raw, &kind.name, ordinal, specs, findings);
                found.push((form.id.clone(), title));
                disclosure.performance_targets.push(form);
            }
            None => {
                let ordinal = disclosure.tables.len() + 1;
                let table = table::bind_table(raw, title.clone(), ordinal, fiscal_year, specs, findings);
                found.push((table.id.clone(), title));
                disclosure.tables.push(table);
            }
        }
        // What is bound is not asked again; a thousand pages of it are many.
        (raw.header, raw.rows) = (Vec::new(), Vec::new());
    }
    let signs: Vec<family::Sign> = tables
        .iter()
        .zip(&found)
        .map(|(raw, (_, title))| family::Sign { mark: raw.mark.as_ref(), caption: raw.caption.as_ref(), title })
        .collect();
    disclosure.metadata.family = family::recognise_family(&signs, &disclosure.contents, &bodies, &specs.templates);
    contents::link_contents(&mut disclosure.contents, &found, &bodies, &specs.templates);
}

/// The kind of a form: labels of forms must stand in the grid, and the caption must end with a form's title (a county
/// prints its own name and level before it: [S]). Such a grid without a known title is a project's form.
fn form_kind<'a>(raw: &RawTable, title: &title::Title, specs: &'a Specs) -> Option<&'a Kind> {
    if raw.header_rows > 0 {
        return None;
    }
    let mut labels: Vec<Cow<'_, str>> = Vec::new();
    let cells = raw.header.iter().chain(raw.rows.iter().flat_map(|row| &row.cells));
    for cell in cells.filter(|cell| specs.forms.label(&cell.text).is_some()) {
        let label = as_key(&cell.text);
        if !labels.contains(&label) {
            labels.push(label);
        }
        if labels.len() == LABELS_OF_A_FORM {
            break;
        }
    }
    if labels.len() < LABELS_OF_A_FORM {
        return None;
    }
    specs.templates.form_of_ending(&title.stem).or_else(|| specs.templates.kinds.get("performance_target"))
}

/// Keys of the names of bodies that may stand in front of titles: the document's, and those that its tables name
/// (部门名称：…); and those of its place.
fn body_names(tables: &[RawTable], disclosure: &Disclosure) -> Vec<String> {
    let line_to_name = |text: &str| as_key(text).split_once(':').map(|(_, name)| name.to_string());
    let named = tables.iter().filter_map(|raw| line_to_name(&raw.body.as_ref()?.text));
    let own = disclosure.metadata.body.iter().map(|body| key(&body.value));
    // 湄潭县一般公共预算收入表: a government's own tables name the place, from any of its levels on.
    let path = disclosure.metadata.region.iter().flat_map(|region| {
        let path = &region.value.path;
        (0..path.len()).map(|from| path.iter().skip(from).map(|name| key(name)).collect::<String>())
    });
    let mut names: Vec<String> = named.chain(own).chain(path).filter(|name| name.chars().count() > 2).collect();
    names.sort();
    names.dedup();
    names
}
