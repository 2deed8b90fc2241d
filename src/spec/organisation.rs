//! Wordings of duties, offices, units and the glossary, loaded from `organisation.toml`.

use anyhow::Context;
use serde::Deserialize;

use super::{SpecFile, SpecFiles};
use crate::base::expression::Expression;

/// A number in digits or Chinese numerals.
const NUMBER: &str = "[0-9一二两三四五六七八九十]+";

/// All of it.
#[derive(Clone, Debug, Default)]
pub struct OrganisationSpecs {
    pub headings: SectionHeadings,
    pub offices: ListWording,
    pub units: ListWording,
    pub lists: ListSyntax,
}

/// Words of headings that open a section.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SectionHeadings {
    pub duties: Vec<String>,
    pub structure: Vec<String>,
    pub glossary: Vec<String>,
    /// What stands for the body's name before such words in the contents list.
    pub owners: Vec<String>,
}

/// How a number and a list of names are worded.
#[derive(Clone, Debug, Default)]
pub struct ListWording {
    /// Group 1 is the number.
    pub counts: Vec<Expression>,
    /// Group 1 is the list.
    pub lists: Vec<Expression>,
    /// Wordings for none at all.
    pub none: Vec<String>,
}

/// How names are joined.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListSyntax {
    pub name_ends: Vec<String>,
    pub and: Vec<String>,
}

impl OrganisationSpecs {
    /// Reads the file `organisation.toml`.
    ///
    /// # Errors
    /// Where it cannot be read as what it should be, or a pattern is broken.
    pub fn load(files: &SpecFiles) -> anyhow::Result<OrganisationSpecs> {
        let file = files.get("organisation.toml")?;
        let data: OrganisationFile = file.toml()?;
        let read = || -> anyhow::Result<OrganisationSpecs> {
            let (offices, units) = (data.offices.compile(file)?, data.units.compile(file)?);
            Ok(OrganisationSpecs { headings: data.headings, offices, units, lists: data.lists })
        };
        read().with_context(|| file.name.clone())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OrganisationFile {
    headings: SectionHeadings,
    offices: WordingEntry,
    units: WordingEntry,
    lists: ListSyntax,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WordingEntry {
    counts: Vec<String>,
    lists: Vec<String>,
    none: Vec<String>,
}

impl WordingEntry {
    fn compile(self, file: &SpecFile) -> anyhow::Result<ListWording> {
        let compile = |patterns: Vec<String>| -> anyhow::Result<Vec<Expression>> {
            patterns.iter().map(|p| file.expression(&p.replace('N', NUMBER)).with_context(|| p.clone())).collect()
        };
        Ok(ListWording { counts: compile(self.counts)?, lists: compile(self.lists)?, none: self.none })
    }
}
