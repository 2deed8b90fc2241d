//! The run that all commands share: inputs found, worked on side by side, results written in order.

use std::io::{self, IsTerminal, Write};
use std::ops::ControlFlow;

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};

use super::{Common, Status};
use crate::base::finding::Severity;
use crate::batch::{self, Extraction, Input, Inputs, Refusal};
use crate::emit::findings::Lines;
use crate::emit::tally::Tally;
use crate::model::Disclosure;
use crate::read::format::{Format, bytes_to_format};
use crate::spec::{SpecFiles, Specs};

/// What a document came to.
pub struct Done<R> {
    pub result: R,
    pub tally: Tally,
}

/// What a run came to.
#[derive(Default)]
pub struct Sum {
    pub tally: Tally,
    pub refused: Vec<Refusal>,
    /// The reader of the output has gone.
    pub is_cut: bool,
}

impl Sum {
    pub fn status(&self) -> Status {
        if !self.refused.is_empty() {
            Status::Failed
        } else if self.tally.worst() >= Some(Severity::Warning) {
            Status::Findings
        } else {
            Status::Clean
        }
    }
}

/// Built-in data, with the overlay that was asked for.
pub fn specs(common: &Common) -> anyhow::Result<Specs> {
    let mut files = SpecFiles::builtin();
    if let Some(folder) = &common.specs {
        files = files.with_overlay(folder)?;
    }
    for family in &common.without_family {
        let path = format!("templates/{family}.toml");
        files.get(&path)?;
        files = files.without(&path);
    }
    Specs::load(&files)
}

/// Finds the inputs; says which files of folders were passed over.
pub fn inputs(common: &Common) -> Inputs {
    let inputs = batch::collect(&common.inputs, &mut io::stdin().lock());
    if !inputs.skipped.is_empty() {
        let kind = |(extension, count): (&String, &usize)| match extension.as_str() {
            "" => format!("{count} without extension"),
            extension => format!("{count} .{extension}"),
        };
        let kinds: Vec<String> = inputs.skipped.iter().map(kind).collect();
        note(&format!("passed over in folders, no documents: {}", kinds.join(", ")));
    }
    inputs
}

/// Extracts every input, does `work` on it with all threads, and hands the results to `each` in order.
///
/// `each` returns an error of writing; a broken pipe ends the run without noise, anything else is an error.
pub fn each_document<R: Send>(
    common: &Common,
    inputs: &Inputs,
    work: impl Fn(&Input, Extraction) -> anyhow::Result<Done<R>> + Sync,
    mut each: impl FnMut(&Input, R) -> io::Result<()> + Send,
) -> anyhow::Result<Sum> {
    let specs = specs(common)?;
    let one = |input: &Input| -> Result<Done<R>, Refusal> {
        let extraction = batch::extract(input, &specs, common.password.as_deref())?;
        work(input, extraction).map_err(|error| Refusal { name: input.name.clone(), message: format!("{error:#}") })
    };
    each_result(common, inputs, one, |input, done, sum: &mut Sum| {
        sum.tally.add(done.tally);
        each(input, done.result)
    })
}

/// As [`each_document`], for work that is not on the whole way.
pub fn each_result<R: Send>(
    common: &Common,
    inputs: &Inputs,
    work: impl Fn(&Input) -> Result<R, Refusal> + Sync,
    mut each: impl FnMut(&Input, R, &mut Sum) -> io::Result<()> + Send,
) -> anyhow::Result<Sum> {
    let mut sum = Sum::default();
    for refusal in &inputs.refusals {
        note(&refusal.to_string());
        sum.refused.push(refusal.clone());
    }
    let progress = progress(inputs.documents.len());
    let mut failure = None;
    batch::in_order(&inputs.documents, jobs(common), work, |input, result| {
        progress.inc(1);
        let written = match result {
            Ok(result) => each(input, result, &mut sum),
            Err(refusal) => {
                progress.suspend(|| note(&refusal.to_string()));
                sum.refused.push(refusal);
                Ok(())
            }
        };
        match written {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failure = Some(error);
                ControlFlow::Break(())
            }
        }
    })?;
    progress.finish_and_clear();
    match failure {
        Some(error) if error.kind() == io::ErrorKind::BrokenPipe => sum.is_cut = true,
        Some(error) => return Err(error).context("the output cannot be written"),
        None => {}
    }
    Ok(sum)
}

/// The printed lines of a text, for excerpts; none for a PDF.
pub fn with_lines<R>(extraction: &Extraction, see: impl FnOnce(&Disclosure, Lines) -> R) -> R {
    let printed = match bytes_to_format(&extraction.source.bytes) {
        Ok(Format::Text) => crate::read::text::printed_lines(&extraction.source.bytes),
        _ => Vec::new(),
    };
    let line = |number: u32| (number as usize).checked_sub(1).and_then(|index| printed.get(index)).map(String::as_str);
    see(&extraction.disclosure, &line)
}

/// A line on standard error. Where that is closed there is nobody to tell.
pub fn note(message: &str) {
    let _ = writeln!(io::stderr(), "mingzhang: {message}");
}

/// Writes to standard output; false where its reader has gone.
pub fn print(text: &str) -> anyhow::Result<bool> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(error).context("the output cannot be written"),
    }
}

fn jobs(common: &Common) -> usize {
    common.jobs.map_or_else(|| std::thread::available_parallelism().map_or(1, usize::from), usize::from)
}

/// Shown on a terminal only, and only where there is something to wait for.
fn progress(count: usize) -> ProgressBar {
    if count < 2 || !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} documents, {eta} left");
    let bar = ProgressBar::new(count as u64);
    style.map_or_else(|_| ProgressBar::hidden(), |style| bar.with_style(style))
}
