//! One function a command.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use anyhow::{Context, bail};

use super::documents::{Done, Sum, each_document, each_result, inputs, note, print, specs, with_lines};
use super::{CheckFormat, Common, FactsFormat, JsonFormat, Status};
use crate::base::finding::{Code, Finding, Severity};
use crate::batch::{self, Extraction, Input, baseline};
use crate::check::known;
use crate::emit::dump::{self, Stage};
use crate::emit::tally::Tally;
use crate::emit::{canonical_json, facts, findings, sarif, schema as json_schema, show as human};
use crate::model::Disclosure;

pub fn show(common: &Common) -> anyhow::Result<Status> {
    let inputs = inputs(common);
    let mut is_first = true;
    let render = |_: &Input, extraction: Extraction| {
        let text = with_lines(&extraction, human::disclosure_to_text);
        Ok(Done { result: text, tally: Tally::of(&extraction.disclosure) })
    };
    let sum = each_document(common, &inputs, render, |_, text: String| {
        let mut out = io::stdout().lock();
        if !std::mem::take(&mut is_first) {
            writeln!(out, "\n{}\n", "═".repeat(80))?;
        }
        out.write_all(text.as_bytes())
    })?;
    Ok(sum.status())
}

pub fn extract(common: &Common, format: JsonFormat) -> anyhow::Result<Status> {
    let inputs = inputs(common);
    let is_one = matches!(&common.inputs[..], [path] if path.as_os_str() != "-" && !path.is_dir());
    let render = disclosure_to_json(is_one && format == JsonFormat::Json);
    Ok(to_stdout(common, &inputs, |disclosure| Ok(render(disclosure)?))?.status())
}

pub fn extract_to_folder(common: &Common, folder: &Path, format: JsonFormat) -> anyhow::Result<Status> {
    let inputs = inputs(common);
    let targets: std::collections::BTreeMap<Input, _> =
        inputs.documents.iter().cloned().zip(batch::targets(&inputs.documents)).collect();
    let render = disclosure_to_json(format == JsonFormat::Json);
    let write = |input: &Input, extraction: Extraction| {
        let path = folder.join(targets.get(input).context("an input without a place for its result")?);
        let context = || format!("the result cannot be written to {}", path.display());
        if let Some(above) = path.parent() {
            std::fs::create_dir_all(above).with_context(context)?;
        }
        std::fs::write(&path, render(&extraction.disclosure)?).with_context(context)?;
        Ok(Done { result: (), tally: Tally::of(&extraction.disclosure) })
    };
    let sum = each_document(common, &inputs, write, |_, ()| Ok(()))?;
    print(&summary(&sum))?;
    Ok(sum.status())
}

fn disclosure_to_json(is_pretty: bool) -> fn(&Disclosure) -> serde_json::Result<String> {
    if is_pretty { canonical_json::pretty } else { canonical_json::line }
}

fn summary(sum: &Sum) -> String {
    let mut out = sum.tally.text();
    if !sum.refused.is_empty() {
        out.push_str(&format!("refused    {}\n", sum.refused.len()));
        for refusal in &sum.refused {
            out.push_str(&format!("           {refusal}\n"));
        }
    }
    out
}

pub fn facts(common: &Common, format: FactsFormat, out: Option<&Path>) -> anyhow::Result<Status> {
    if format == FactsFormat::Parquet {
        bail!("Parquet is not built in; write CSV or JSON lines, which every Parquet writer reads");
    }
    let inputs = inputs(common);
    let to: Box<dyn Write + Send> = match out {
        Some(path) => Box::new(File::create(path).with_context(|| format!("{} cannot be written", path.display()))?),
        None => Box::new(io::stdout()),
    };
    let mut writer = BufWriter::with_capacity(1 << 16, to);
    // Facts are several times as long as what they are written from: they are written where they go to.
    let bound = |_: &Input, extraction: Extraction| {
        let tally = Tally::of(&extraction.disclosure);
        Ok(Done { result: extraction.disclosure, tally })
    };
    let mut is_first = format == FactsFormat::Csv;
    let sum = each_document(common, &inputs, bound, |_, disclosure: Disclosure| {
        if std::mem::take(&mut is_first) {
            writer.write_all(facts::CSV_HEADER.as_bytes())?;
        }
        match format {
            FactsFormat::Csv => facts::write_csv(&disclosure, &mut writer),
            _ => facts::write_jsonl(&disclosure, &mut writer),
        }
    })?;
    if !sum.is_cut {
        writer.flush().context("the output cannot be written")?;
    }
    Ok(sum.status())
}

/// Which findings `check` reports. A code is meant by its identifier, by the beginning of it, or by its name.
pub struct Filter {
    pub select: Vec<String>,
    pub ignore: Vec<String>,
    pub severity: Severity,
}

impl Filter {
    /// # Errors
    /// Where a word means no kind of finding.
    fn validate(&self) -> anyhow::Result<()> {
        let codes = crate::codes::all();
        for wanted in self.select.iter().chain(&self.ignore) {
            if !codes.iter().any(|code| means(wanted, code.id, code.name)) {
                bail!("no finding has a name {wanted:?} or a code that begins so; `mingzhang explain` lists all");
            }
        }
        Ok(())
    }

    fn admits(&self, finding: &Finding) -> bool {
        let among = |codes: &[String]| codes.iter().any(|code| means(code, &finding.code, &finding.name));
        finding.severity >= self.severity && (self.select.is_empty() || among(&self.select)) && !among(&self.ignore)
    }
}

fn means(wanted: &str, id: &str, name: &str) -> bool {
    !wanted.is_empty() && (wanted == name || id.starts_with(&wanted.to_ascii_uppercase()))
}

pub fn check(common: &Common, format: CheckFormat, filter: &Filter) -> anyhow::Result<Status> {
    filter.validate()?;
    let inputs = inputs(common);
    let mut sarif_results = Vec::new();
    let render = |input: &Input, mut extraction: Extraction| {
        known::mark(&baseline::known_of(&input.path)?, &mut extraction.disclosure.findings);
        extraction.disclosure.findings.retain(|finding| filter.admits(finding));
        let disclosure = &extraction.disclosure;
        let (text, results) = match format {
            CheckFormat::Text => (with_lines(&extraction, human::check_to_text), Vec::new()),
            CheckFormat::Jsonl => (findings::jsonl(disclosure)?, Vec::new()),
            CheckFormat::Sarif => (String::new(), sarif::results(disclosure)),
        };
        Ok(Done { result: (text, results), tally: Tally::of(disclosure) })
    };
    let sum = each_document(common, &inputs, render, |_, (text, results): (String, Vec<serde_json::Value>)| {
        sarif_results.extend(results);
        io::stdout().lock().write_all(text.as_bytes())
    })?;
    if format == CheckFormat::Sarif {
        print(&(serde_json::to_string_pretty(&sarif::log(sarif_results, &crate::codes::all()))? + "\n"))?;
    }
    if format == CheckFormat::Text && sum.tally.documents > 1 {
        print(&format!("\n{}", summary(&sum)))?;
    }
    Ok(sum.status())
}

fn to_stdout(
    common: &Common,
    inputs: &batch::Inputs,
    render: impl Fn(&Disclosure) -> anyhow::Result<String> + Sync,
) -> anyhow::Result<Sum> {
    let work = |_: &Input, extraction: Extraction| {
        let result = render(&extraction.disclosure)?;
        Ok(Done { result, tally: Tally::of(&extraction.disclosure) })
    };
    each_document(common, inputs, work, |_, text: String| io::stdout().lock().write_all(text.as_bytes()))
}

pub fn golden(corpus: &Path, bless: bool) -> anyhow::Result<Status> {
    let specs = crate::spec::Specs::builtin()?;
    if bless {
        let written = crate::golden::bless(corpus, &specs)?;
        print(&format!("{written} results written; read the difference before committing it\n"))?;
        return Ok(Status::Clean);
    }
    let report = crate::golden::compare(corpus, &specs)?;
    print(&report.text())?;
    Ok(if report.differences.is_empty() { Status::Clean } else { Status::Findings })
}

pub fn dump(common: &Common, stage: Stage, page: Option<u32>) -> anyhow::Result<Status> {
    let inputs = inputs(common);
    let specs = specs(common)?;
    let work = |input: &Input| {
        batch::with_source(input, common.password.as_deref(), |source| {
            dump::stage_to_text(&source, stage, page, &specs)
        })
    };
    let sum = each_result(common, &inputs, work, |_, text: String, _| io::stdout().lock().write_all(text.as_bytes()))?;
    Ok(sum.status())
}

pub fn explain(code: Option<&str>) -> anyhow::Result<Status> {
    let Some(wanted) = code else {
        let line = |code: &&Code| {
            let short = crate::codes::explanation(code);
            format!(
                "{} {:7} {}: {}\n",
                code.id,
                code.severity.to_string(),
                code.name,
                short.lines().next().unwrap_or("")
            )
        };
        print(&crate::codes::all().iter().map(line).collect::<String>())?;
        return Ok(Status::Clean);
    };
    let Some(code) = crate::codes::find(wanted) else {
        note(&format!("no finding is called {wanted:?}; `mingzhang explain` lists all"));
        return Ok(Status::Failed);
    };
    print(&format!("{}[{}] {}\n\n{}\n", code.severity, code.id, code.name, crate::codes::explanation(code)))?;
    Ok(Status::Clean)
}

pub fn schema() -> anyhow::Result<Status> {
    print(&(serde_json::to_string_pretty(&json_schema::schema())? + "\n"))?;
    Ok(Status::Clean)
}
