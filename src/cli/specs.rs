//! `mingzhang specs`: what the program knows, and drafts for what it does not.

use std::io::{self, Write};
use std::path::Path;

use super::documents::{Done, each_document, inputs, print, specs};
use super::{Common, Status};
use crate::batch::{Extraction, Input};
use crate::emit::draft::disclosure_to_draft;
use crate::emit::tally::Tally;
use crate::spec::{Specs, Templates};

/// Lists families, kinds, measures and items with their titles and labels.
pub fn list(overlay: Option<&Path>) -> anyhow::Result<Status> {
    let specs = match overlay {
        Some(folder) => Specs::with_overlay(folder)?,
        None => Specs::builtin()?,
    };
    print(&templates_to_text(&specs.templates))?;
    Ok(Status::Clean)
}

/// Drafts a family for what is unknown in each document.
pub fn new(common: &Common, name: &str) -> anyhow::Result<Status> {
    let specs = specs(common)?;
    let render = |_: &Input, extraction: Extraction| {
        let tally = Tally::of(&extraction.disclosure);
        Ok(Done { result: disclosure_to_draft(&extraction.disclosure, name, &specs), tally })
    };
    let sum = each_document(common, &inputs(common), render, |_, text: String| {
        io::stdout().lock().write_all(text.as_bytes())
    })?;
    Ok(if sum.refused.is_empty() { Status::Clean } else { Status::Failed })
}

fn templates_to_text(templates: &Templates) -> String {
    let mut text = String::from("families\n");
    for family in templates.families.values() {
        text += &format!("  {}: {}\n", family.name, family.description);
    }
    text += "\nkinds of tables, with their titles\n";
    for kind in templates.kinds.values() {
        text += &format!("  {} {}\n    {}\n", kind.name, kind.chinese, kind.titles.join(" | "));
        for pattern in &kind.title_patterns {
            text += &format!("    {pattern}\n");
        }
    }
    text += "\nmeasures of columns, with their labels\n";
    for measure in templates.measures.values().filter(|measure| !measure.labels.is_empty()) {
        text += &format!("  {} {}\n    {}\n", measure.name, measure.chinese, measure.labels.join(" | "));
    }
    text += "\nlines of rows, with their labels\n";
    for item in templates.items.values() {
        text += &format!("  {} {}\n    {}\n", item.name, item.chinese, item.labels.join(" | "));
    }
    text
}
