//! Files of templates → [`Templates`]: all families read into one, each word with one meaning.

use anyhow::{Context, bail};
use toml::Spanned;

use super::patterns::{Composed, Patterns};
use super::written::{File, ItemFile};
use super::{Family, Item, Kind, Measure, Recognise, Templates, Word};
use crate::base::expression::Expression;
use crate::base::text::key;
use crate::model::Layout;
use crate::spec::files::{SpecFile, SpecFiles};
use crate::spec::labels::label_key;

impl Templates {
    /// Reads and validates `templates/*.toml`.
    ///
    /// # Errors
    /// With file and line, where a file is broken or contradicts another.
    pub fn load(files: &SpecFiles) -> anyhow::Result<Templates> {
        let mut templates = Templates::default();
        let mut parsed = Vec::new();
        for file in files.under("templates/") {
            let content: File = file.toml()?;
            parsed.push((file, content));
        }
        // What others refer to first: a family may use a measure of the base and the other way round.
        for (file, content) in &parsed {
            templates.add_measures(file, content)?;
        }
        for (file, content) in &parsed {
            templates.add_labels(file, content)?;
            templates.add_composed(file, content)?;
            templates.add_words(content);
        }
        for written in parsed.iter().flat_map(|(_, content)| &content.kind) {
            if let (Some(chinese), Some(layout)) = (&written.chinese, written.layout) {
                let name = written.name.get_ref();
                templates.kinds.entry(name.clone()).or_insert_with(|| new_kind(name, chinese, layout));
            }
        }
        for (file, content) in &parsed {
            templates.add_kinds(file, content)?;
        }
        let is_form = |kind: &String| templates.kinds.get(kind).is_some_and(|kind| kind.layout == Layout::Form);
        let forms = templates.kind_by_title.iter().filter(|(_, kind)| is_form(kind));
        templates.form_titles = forms.map(|(title, kind)| (title.clone(), kind.clone())).collect();
        templates.form_titles.sort_by_key(|(title, _)| std::cmp::Reverse(title.len()));
        templates.title_prefixes.sort_by_key(|prefix| std::cmp::Reverse(prefix.chars().count()));
        templates.title_prefixes.dedup();
        Ok(templates)
    }

    fn add_measures(&mut self, file: &SpecFile, content: &File) -> anyhow::Result<()> {
        for measure in &content.measure {
            let name = measure.name.get_ref();
            let entry = self.measures.entry(name.clone()).or_insert_with(|| Measure {
                name: name.clone(),
                chinese: measure.chinese.clone(),
                parents: Vec::new(),
                labels: Vec::new(),
            });
            if entry.chinese != measure.chinese {
                bail!(
                    "{}: {name} is {} elsewhere, {} here",
                    file.at(measure.name.span().start),
                    entry.chinese,
                    measure.chinese
                );
            }
            entry.parents.extend(measure.parents.iter().map(|p| p.get_ref().clone()));
            entry.labels.extend(measure.labels.iter().map(|l| l.get_ref().clone()));
            for label in &measure.labels {
                self.patterns.add(label, name, file)?;
            }
        }
        Ok(())
    }

    fn known_measure(&self, name: &Spanned<String>, file: &SpecFile) -> anyhow::Result<()> {
        if self.measures.contains_key(name.get_ref()) {
            return Ok(());
        }
        bail!("{}: no measure {:?}", file.at(name.span().start), name.get_ref())
    }

    fn add_labels(&mut self, file: &SpecFile, content: &File) -> anyhow::Result<()> {
        for measure in &content.measure {
            for parent in &measure.parents {
                self.known_measure(parent, file)?;
            }
        }
        for scope in &content.scope {
            for label in &scope.labels {
                let other = self.scope_by_label.insert(label_key(label.get_ref()), scope.name.clone());
                one_meaning(other, &scope.name, label, file)?;
            }
        }
        for qualifier in &content.qualifier {
            for label in &qualifier.labels {
                let other = self.qualifiers.insert(key(label.get_ref()), qualifier.name.clone());
                one_meaning(other, &qualifier.name, label, file)?;
            }
        }
        for column in &content.column {
            for label in &column.labels {
                let meaning = (column.role, column.classification);
                let other = self.column_by_label.insert(label_key(label.get_ref()), meaning);
                if other.is_some_and(|other| other != meaning) {
                    bail!("{}: {:?} has another role elsewhere", file.at(label.span().start), label.get_ref());
                }
            }
        }
        for column in &content.column {
            for pattern in &column.label_patterns {
                let pattern = whole_pattern(pattern, file)?;
                self.column_patterns.push((pattern, (column.role, column.classification)));
            }
        }
        for item in &content.item {
            self.add_item(item, file)?;
        }
        Ok(())
    }

    fn add_item(&mut self, written: &ItemFile, file: &SpecFile) -> anyhow::Result<()> {
        let name = written.name.get_ref();
        for label in &written.labels {
            let names = self.items_by_label.entry(label_key(label.get_ref())).or_default();
            for other in names.iter().filter(|other| *other != name) {
                let side = self.items.get(other).and_then(|item| item.side);
                if side.is_none() || written.side.is_none() || side == written.side {
                    bail!("{}: {:?} is {other} too", file.at(label.span().start), label.get_ref());
                }
            }
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        let item = self.items.entry(name.clone()).or_insert_with(|| Item {
            name: name.clone(),
            chinese: written.chinese.clone(),
            role: written.role,
            scope: written.scope.clone(),
            side: written.side,
            is_scoped: written.is_scoped,
            is_coded: written.is_coded,
            labels: Vec::new(),
        });
        if item.side != written.side || item.role != written.role {
            bail!("{}: {name} has another side or role elsewhere", file.at(written.name.span().start));
        }
        item.labels.extend(written.labels.iter().map(|l| l.get_ref().clone()));
        Ok(())
    }

    fn add_composed(&mut self, file: &SpecFile, content: &File) -> anyhow::Result<()> {
        for written in &content.composed {
            self.composed.push(Composed { label: whole_pattern(&written.label, file)?, path: written.path.clone() });
        }
        for written in &content.counted {
            self.counted.push((whole_pattern(&written.label, file)?, written.unit.clone()));
        }
        Ok(())
    }

    fn add_words(&mut self, content: &File) {
        let words = &content.words;
        let groups = [
            (Word::Neutral, &words.neutral),
            (Word::Generic, &words.generic),
            (Word::Budget, &words.budget),
            (Word::AdjustedBudget, &words.adjusted_budget),
            (Word::Revenue, &words.revenue),
            (Word::Expenditure, &words.expenditure),
            (Word::TitleSuffix, &words.title_suffixes),
            (Word::Blank, &words.blanks),
            (Word::ColumnNumbers, &words.column_numbers),
        ];
        for (group, list) in groups {
            for word in list {
                self.words.entry(key(word)).or_default().push(group);
            }
        }
        self.title_prefixes.extend(words.title_prefixes.iter().map(|word| key(word)));
        self.title_synonyms.extend(words.title_synonyms.iter().map(|(old, new)| (key(old), key(new))));
    }

    fn add_kinds(&mut self, file: &SpecFile, content: &File) -> anyhow::Result<()> {
        let family = self.families.entry(content.family.clone()).or_insert_with(|| Family {
            name: content.family.clone(),
            description: content.description.clone(),
            recognise: Vec::new(),
            titles: Vec::new(),
        });
        for rule in &content.recognise {
            let mark = rule.mark.as_deref().map(|mark| file.expression(mark)).transpose();
            let mark = mark.with_context(|| format!("{}: broken mark of a family", file.name))?;
            family.recognise.push(Recognise { mark, title: rule.title.as_deref().map(key) });
        }
        for written in &content.kind {
            let name = written.name.get_ref();
            for measure in
                written.total.iter().chain(&written.expects).chain(written.columns.iter().map(|c| &c.measure))
            {
                self.known_measure(measure, file)?;
            }
            for item in &written.expects_items {
                if !self.items.contains_key(item.get_ref()) {
                    bail!("{}: no item {:?}", file.at(item.span().start), item.get_ref());
                }
            }
            if !self.kinds.contains_key(name) {
                bail!("{}: kind {name} needs `chinese` and `layout`", file.at(written.name.span().start));
            }
            for title in &written.titles {
                let other = self.kind_by_title.insert(key(title.get_ref()), name.clone());
                one_meaning(other, name, title, file)?;
            }
            let Some(kind) = self.kinds.get_mut(name) else { continue };
            for pattern in &written.title_patterns {
                kind.title_patterns.push(whole_pattern(pattern, file)?);
            }
            kind.signatures.extend(written.inferred_from.iter().cloned());
            kind.titles.extend(written.titles.iter().map(|t| t.get_ref().clone()));
            kind.expects.extend(written.expects.iter().map(|m| m.get_ref().clone()));
            kind.expects_items.extend(written.expects_items.iter().map(|i| i.get_ref().clone()));
            kind.row_names.extend(written.row_names.iter().map(|name| label_key(name)));
            kind.total = written.total.as_ref().map(|t| t.get_ref().clone()).or(kind.total.take());
            kind.classification = written.classification.or(kind.classification);
            kind.by_economic = written.by_economic.clone().or(kind.by_economic.take());
            for columns in &written.columns {
                for label in &columns.labels {
                    kind.columns.add(label, columns.measure.get_ref(), file)?;
                }
            }
            if let Some(family) = self.families.get_mut(&content.family) {
                family.titles.extend(written.titles.iter().map(|t| t.get_ref().clone()));
            }
        }
        Ok(())
    }
}

/// A regular expression over a whole key.
fn whole_pattern(written: &Spanned<String>, file: &SpecFile) -> anyhow::Result<Expression> {
    file.expression(&format!("^(?:{})$", written.get_ref()))
        .with_context(|| format!("{}: broken pattern", file.at(written.span().start)))
}

fn new_kind(name: &str, chinese: &str, layout: Layout) -> Kind {
    Kind {
        name: name.to_string(),
        chinese: chinese.to_string(),
        layout,
        total: None,
        classification: None,
        titles: Vec::new(),
        title_patterns: Vec::new(),
        signatures: Vec::new(),
        expects: Vec::new(),
        expects_items: Vec::new(),
        row_names: Vec::new(),
        by_economic: None,
        columns: Patterns::default(),
    }
}

fn one_meaning(other: Option<String>, meaning: &str, label: &Spanned<String>, file: &SpecFile) -> anyhow::Result<()> {
    match other {
        Some(other) if other != meaning => {
            bail!("{}: {:?} means {other} elsewhere, {meaning} here", file.at(label.span().start), label.get_ref())
        }
        _ => Ok(()),
    }
}
