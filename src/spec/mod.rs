//! Data of the field: templates, identities, vocabulary. Loaded once, validated with file and line.

pub mod forms;
pub mod narrative;
pub mod segmentation;

pub use narrative::Narrative;

/// All data that the stages work with.
#[derive(Clone, Debug, Default)]
pub struct Specs {
    /// Labels of performance-target forms.
    pub forms: forms::FormSpecs,
    /// How lines announce themselves.
    pub segmentation: segmentation::Segmentation,
    /// Words and wordings of the prose.
    pub narrative: Narrative,
}

impl Specs {
    /// The data built into the program.
    ///
    /// # Errors
    /// Where a built-in file is broken (a test holds that none is).
    pub fn builtin() -> anyhow::Result<Specs> {
        Ok(Specs {
            forms: forms::FormSpecs::builtin()?,
            segmentation: segmentation::Segmentation::builtin()?,
            narrative: Narrative::builtin()?,
        })
    }
}
