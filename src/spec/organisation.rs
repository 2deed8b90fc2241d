//! Wordings of duties, offices, units and the glossary, loaded from `organisation.toml`.

use std::sync::OnceLock;

use anyhow::Context;
use regex::Captures;
use serde::Deserialize;

use super::{SpecFile, SpecFiles};
use crate::base::expression::{Expression, Screen};

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
    pub counts: Wordings,
    /// Group 1 is the list.
    pub lists: Wordings,
    /// Wordings for none at all.
    pub none: Vec<String>,
}

/// Wordings of one thing; nearly all sentences word another.
#[derive(Clone, Debug, Default)]
pub struct Wordings {
    expressions: Vec<Expression>,
    screen: OnceLock<Screen>,
}

impl Wordings {
    /// What they find in a sentence, in their order.
    pub fn captures<'t>(&self, sentence: &'t str) -> impl Iterator<Item = Captures<'t>> {
        self.admitted(sentence).filter_map(move |expression| expression.captures(sentence))
    }

    pub fn is_match(&self, sentence: &str) -> bool {
        self.admitted(sentence).any(|expression| expression.is_match(sentence))
    }

    fn admitted(&self, sentence: &str) -> impl Iterator<Item = &Expression> {
        self.screen.get_or_init(|| Screen::of(&self.expressions)).admitted(sentence, &self.expressions)
    }
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
        let compile = |patterns: Vec<String>| -> anyhow::Result<Wordings> {
            let compile = |p: &String| file.expression(&p.replace('N', NUMBER)).with_context(|| p.clone());
            let expressions = patterns.iter().map(compile).collect::<anyhow::Result<_>>()?;
            Ok(Wordings { expressions, screen: OnceLock::new() })
        };
        Ok(ListWording { counts: compile(self.counts)?, lists: compile(self.lists)?, none: self.none })
    }
}
