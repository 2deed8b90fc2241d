//! Words of the prose: verbs of change, units, wordings of measures. Data in `narrative/*.toml`.

mod function;
mod measures;
mod slips;
mod ties;
mod words;

pub use self::function::Function;
pub use self::measures::Measures;
pub use self::slips::{Order, Slip};
pub use self::ties::{Tie, Ties};
pub use self::words::{ByFirst, Phrases, UnitKind, Word, fold};
use super::SpecFiles;
use crate::base::text::as_key;

/// The vocabulary of the prose.
#[derive(Clone, Debug, Default)]
pub struct Narrative {
    /// Words with what they do.
    pub words: ByFirst<Word>,
    /// Units with their kind.
    pub units: ByFirst<UnitKind>,
    pub phrases: Phrases,
    pub measures: Measures,
    pub ties: Ties,
    pub slips: Vec<Slip>,
    pub orders: Vec<Order>,
}

impl Narrative {
    /// Reads and compiles `narrative/*.toml`.
    ///
    /// # Errors
    /// Where a file is no TOML of its shape, or gives one word two meanings.
    pub fn load(files: &SpecFiles) -> anyhow::Result<Narrative> {
        let (words, units, phrases) = words::read(files.get("narrative/words.toml")?)?;
        let measures = Measures::read(files.get("narrative/measures.toml")?)?;
        let ties = files.get("narrative/ties.toml")?.toml()?;
        let (rise, fall) = (words.any_of(Word::Increase), words.any_of(Word::Decrease));
        let (slips, orders) = slips::read(files.get("narrative/slips.toml")?, &rise, &fall)?;
        Ok(Narrative { words, units, phrases, measures, ties, slips, orders })
    }

    /// True where the subject (as a key) is a budgeted amount beside the spent one: 年初预算.
    pub fn is_budgeted(&self, subject: &str) -> bool {
        self.phrases.budgeted_tails.iter().any(|tail| subject.ends_with(tail.as_str()))
    }

    /// The longest end of the subject (as a key) that says no more than that it is the budgeted amount: 年初预算数.
    pub fn budgeted_tail(&self, subject: &str) -> Option<&str> {
        let tails = self.phrases.generic_subjects.iter().filter(|tail| self.is_budgeted(tail));
        tails.filter(|tail| subject.ends_with(tail.as_str())).max_by_key(|tail| tail.len()).map(String::as_str)
    }

    /// The measure that a subject names, and of what was spent the measure of that: 公务接待费支出决算.
    pub fn measure(&self, subject: &str) -> Option<&str> {
        let subject = as_key(subject);
        let spent = || self.spent(&subject).find_map(|what| self.measures.measure(what));
        self.measures.measure(&subject).or_else(spent)
    }

    /// What the subject (as a key) says was spent: 公务接待费 of 公务接待费支出决算, and of 公务接待费年初预算支出决算, where the sentence
    /// began with the budget.
    pub fn spent<'a>(&'a self, subject: &'a str) -> impl Iterator<Item = &'a str> {
        self.phrases.spent_tails.iter().filter_map(move |tail| {
            let what = subject.strip_suffix(tail.as_str())?;
            Some(self.budgeted_tail(what).and_then(|tail| what.strip_suffix(tail)).unwrap_or(what))
        })
    }
}
