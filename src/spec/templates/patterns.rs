//! What a header label means: by the labels over it, or by the labels that it is made of.

use anyhow::bail;
use toml::Spanned;

use crate::base::expression::Expression;
use crate::base::lexicon::Lexicon;
use crate::spec::files::SpecFile;
use crate::spec::labels::label_key;

/// Paths of labels that mean a measure.
#[derive(Clone, Debug, Default)]
pub(super) struct Patterns {
    /// Leaf key → (ancestors that must stand over it, measure).
    by_leaf: Lexicon<String, Vec<(Vec<String>, String)>>,
    /// All of the ancestors.
    ancestors: Lexicon<String, ()>,
}

impl Patterns {
    /// `上年结转 > 小计`: the leaf last.
    pub(super) fn add(&mut self, written: &Spanned<String>, measure: &str, file: &SpecFile) -> anyhow::Result<()> {
        let mut parts: Vec<String> = written.get_ref().split(" > ").map(label_key).collect();
        let Some(leaf) = parts.pop().filter(|leaf| !leaf.is_empty()) else {
            bail!("{}: an empty label", file.at(written.span().start));
        };
        self.ancestors.extend(parts.iter().map(|part| (part.clone(), ())));
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
    pub(super) fn has_ancestor(&self, label: &str) -> bool {
        self.ancestors.contains_key(label)
    }

    /// The measure of the longest pattern whose ancestors stand over the leaf in this order, and those ancestors.
    pub(super) fn find(&self, leaf: &str, over: &[String]) -> Option<(&str, &[String])> {
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

/// How a header label is read that is no word of its own but made of some: 2025年基本支出预算, 比上年执行数增减额.
#[derive(Clone, Debug)]
pub(super) struct Composed {
    pub(super) label: Expression,
    /// The path, with `$1` for what the expression captured.
    pub(super) path: Vec<String>,
}

impl Composed {
    pub(super) fn read(&self, label: &str) -> Option<Vec<String>> {
        let found = self.label.captures(label)?;
        let part = |written: &String| {
            let mut part = String::new();
            found.expand(written, &mut part);
            part
        };
        Some(self.path.iter().map(part).filter(|part| !part.is_empty()).collect())
    }
}
