//! Data of the field: templates, identities, vocabulary. Loaded once, validated with file and line.

pub mod cover;
pub mod files;
pub mod forms;
pub mod identities;
pub mod labels;
pub mod narrative;
pub mod organisation;
pub mod regions;
pub mod segmentation;
pub mod templates;
pub mod vocabulary;

use std::path::Path;

pub use files::{SpecFile, SpecFiles};
pub use narrative::Narrative;
pub use templates::{Item, Kind, Measure, Templates, Word};
pub use vocabulary::Vocabulary;

/// All data that the stages work with.
#[derive(Clone, Debug, Default)]
pub struct Specs {
    /// How a disclosure names itself.
    pub cover: cover::CoverSpecs,
    /// Wordings of duties, offices, units and the glossary.
    pub organisation: organisation::OrganisationSpecs,
    /// Administrative divisions.
    pub regions: regions::Regions,
    /// Labels of performance-target forms.
    pub forms: forms::FormSpecs,
    /// How lines announce themselves.
    pub segmentation: segmentation::Segmentation,
    /// Words and wordings of the prose.
    pub narrative: Narrative,
    /// Kinds of tables, words of headers, lines of rows.
    pub templates: Templates,
    /// Codes and names of the classifications.
    pub vocabulary: Vocabulary,
    /// What must add up.
    pub identities: identities::Identities,
}

impl Specs {
    /// The data built into the program.
    ///
    /// # Errors
    /// Where a built-in file is broken (a test holds that none is).
    pub fn builtin() -> anyhow::Result<Specs> {
        Specs::load(&SpecFiles::builtin())
    }

    /// The built-in data with a folder laid over it (`--specs DIR`).
    ///
    /// # Errors
    /// With file and line, where a file is broken or contradicts another.
    pub fn with_overlay(folder: &Path) -> anyhow::Result<Specs> {
        Specs::load(&SpecFiles::builtin().with_overlay(folder)?)
    }

    /// Reads and validates all data.
    ///
    /// # Errors
    /// With file and line, where a file is broken or contradicts another.
    pub fn load(files: &SpecFiles) -> anyhow::Result<Specs> {
        Ok(Specs {
            cover: cover::CoverSpecs::load(files)?,
            organisation: organisation::OrganisationSpecs::load(files)?,
            regions: regions::Regions::load(files)?,
            forms: forms::FormSpecs::load(files)?,
            segmentation: segmentation::Segmentation::load(files)?,
            narrative: Narrative::load(files)?,
            templates: Templates::load(files)?,
            vocabulary: Vocabulary::load(files)?,
            identities: identities::Identities::load(files)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builtin_data_is_sound() {
        let specs = Specs::builtin().expect("sound data");
        assert!(specs.vocabulary.entries().count() > 900);
        assert!(specs.templates.kind_of_title("支出总表").is_some());
    }

    #[test]
    fn expressions_of_the_builtin_data_are_sound() {
        // A folder laid over it is compiled at once, and this one has every file.
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/spec");
        let specs = Specs::with_overlay(&folder).expect("sound expressions");
        assert_eq!(specs.narrative.slips.len(), Specs::builtin().expect("sound data").narrative.slips.len());
    }

    #[test]
    fn a_broken_expression_of_a_folder_is_told_with_its_line() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("templates")).expect("a folder within");
        let kind = "[[kind]]\nname = \"revenue_summary\"\ntitle_patterns = ['收入(总表']\n";
        let text = format!("family = \"x\"\ndescription = \"x\"\n{kind}");
        std::fs::write(folder.path().join("templates/x.toml"), text).expect("a file");
        let error = format!("{:#}", Specs::with_overlay(folder.path()).expect_err("a broken expression"));
        assert!(error.contains("templates/x.toml:5: broken pattern"), "{error}");
    }

    #[test]
    fn identities_name_only_what_templates_know() {
        let specs = Specs::builtin().expect("sound data");
        let templates = &specs.templates;
        let (kinds, measures, items) = specs.identities.vocabulary();
        assert!(kinds.len() > 10 && measures.len() > 10 && items.len() > 5);
        let scopes = || templates.items.values().filter_map(|item| item.scope.as_deref());
        let is_scoped = |name: &str| {
            scopes().any(|scope| {
                name.strip_prefix(scope)
                    .and_then(|rest| rest.strip_prefix('_'))
                    .is_some_and(|rest| templates.items.contains_key(rest))
            })
        };
        let unknown: Vec<&str> = kinds
            .into_iter()
            .filter(|kind| !templates.kinds.contains_key(*kind))
            .chain(measures.into_iter().filter(|measure| !templates.names_measure(measure)))
            .chain(items.into_iter().filter(|item| !templates.items.contains_key(*item) && !is_scoped(item)))
            .collect();
        assert!(unknown.is_empty(), "no template knows {unknown:?}");
    }
}
