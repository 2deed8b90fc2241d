//! Arguments → calls. Exit status: 0 no finding of severity error or warning, 1 findings, 2 an input could not be read
//! or the call was wrong.

mod commands;
mod documents;
mod specs;

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::base::finding::Severity;
use crate::emit::dump::Stage;

/// How a call ended; the worst counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    Clean = 0,
    Findings = 1,
    Failed = 2,
}

/// 明账: turns the budgets (预算) and final accounts (决算) that Chinese public bodies publish into checked open data.
///
/// INPUT is a file (PDF or text), a folder (walked, sorted) or `-` for a list of paths on standard input.
/// Exit status: 0 no finding of severity error or warning; 1 findings; 2 an input could not be read or the call was wrong.
#[derive(Parser, Debug)]
#[command(name = "mingzhang", version, args_conflicts_with_subcommands = true, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    /// Without a command: as `show`.
    #[command(flatten)]
    show: Common,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Print what a person wants to read: the document, its tables, checks and findings
    Show(Common),
    /// Write the canonical JSON
    Extract {
        #[command(flatten)]
        common: Common,
        /// A JSON file for each input below this folder, and a summary
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
        /// Indented, or a line for each input. Several inputs on standard output are always lines
        #[arg(long, value_enum, default_value_t = JsonFormat::Json)]
        format: JsonFormat,
    },
    /// Write a record for each amount
    Facts {
        #[command(flatten)]
        common: Common,
        /// JSON lines, or comma-separated values with a header
        #[arg(long, value_enum, default_value_t = FactsFormat::Jsonl)]
        format: FactsFormat,
        /// Instead of standard output
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Report what does not add up. Findings that `[[known]]` in the about.toml of a document's folder lists (code, reason, and
    /// where wanted document, place, contains) are marked, and do not count for the exit status
    Check {
        #[command(flatten)]
        common: Common,
        /// For people with the places drawn, a JSON object a finding, or SARIF 2.1.0 for code-review tools
        #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
        format: CheckFormat,
        /// Report these codes only: `C301`, its name, or `C3` for every code that begins so
        #[arg(long, value_name = "CODE", value_delimiter = ',')]
        select: Vec<String>,
        /// Do not report these codes
        #[arg(long, value_name = "CODE", value_delimiter = ',')]
        ignore: Vec<String>,
        /// Report findings of this severity and above
        #[arg(long, value_enum, default_value_t = Loudness::Info)]
        severity: Loudness,
    },
    /// Compare the corpus with its reviewed results
    Golden {
        #[arg(default_value = "corpus")]
        corpus: PathBuf,
        /// Rewrite the results instead (refused where the environment variable CI is set)
        #[arg(long)]
        bless: bool,
    },
    /// Print an intermediate result
    Dump {
        #[command(flatten)]
        common: Common,
        /// What came out of this stage: glyphs, rulings and grids as JSON, a page or a grid a line; the others to be read
        #[arg(long, value_enum, required_unless_present = "svg")]
        stage: Option<StageName>,
        /// Instead of a stage: the pages of a PDF drawn again as SVG, with the grids, lines and furniture found on them
        #[arg(long, conflicts_with = "stage")]
        svg: bool,
        /// Only this page of a PDF (svg, glyphs, rulings, lines, grids)
        #[arg(long, value_name = "N")]
        page: Option<u32>,
    },
    /// Say what a finding means; without a code, list all
    Explain {
        /// Code or name, `C301`
        code: Option<String>,
    },
    /// List families, kinds of tables with their titles, measures and lines with their labels; or draft a family
    Specs {
        #[command(subcommand)]
        action: Option<SpecsAction>,
        /// Templates, vocabulary and identities that add to or replace the built-in ones
        #[arg(long, value_name = "DIR")]
        specs: Option<PathBuf>,
    },
    /// Print the JSON Schema 2020-12 of the canonical JSON
    Schema,
}

#[derive(Subcommand, Debug)]
enum SpecsAction {
    /// Draft a file for the tables and columns of a document that no family knows yet, to be finished by a person and
    /// used with --specs DIR as DIR/templates/NAME.toml
    New {
        #[command(flatten)]
        common: Common,
        /// Name of the family
        #[arg(long, default_value = "draft")]
        name: String,
    },
}

/// What every command that reads documents takes.
#[derive(Args, Debug, Default)]
struct Common {
    /// Files, folders, or `-` for a list of paths on standard input
    #[arg(value_name = "INPUT", required = true)]
    inputs: Vec<PathBuf>,
    /// Documents worked on at a time [default: number of processors]
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
    /// Password of encrypted PDFs
    #[arg(long)]
    password: Option<String>,
    /// Templates, vocabulary and identities that add to or replace the built-in ones
    #[arg(long, value_name = "DIR")]
    specs: Option<PathBuf>,
    /// Leave out a family's own file: what still binds without it
    #[arg(long, value_name = "NAME", hide = true)]
    without_family: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum JsonFormat {
    Json,
    Jsonl,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FactsFormat {
    Jsonl,
    Csv,
    /// Not built in
    #[value(hide = true)]
    Parquet,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum CheckFormat {
    Text,
    Jsonl,
    Sarif,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Loudness {
    Info,
    Warning,
    Error,
}

impl Loudness {
    fn severity(self) -> Severity {
        match self {
            Loudness::Info => Severity::Info,
            Loudness::Warning => Severity::Warning,
            Loudness::Error => Severity::Error,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum StageName {
    Glyphs,
    Rulings,
    Lines,
    Grids,
    Outline,
    Tables,
    Rows,
}

impl StageName {
    fn stage(self) -> Stage {
        match self {
            StageName::Glyphs => Stage::Glyphs,
            StageName::Rulings => Stage::Rulings,
            StageName::Lines => Stage::Lines,
            StageName::Grids => Stage::Grids,
            StageName::Outline => Stage::Outline,
            StageName::Tables => Stage::Tables,
            StageName::Rows => Stage::Rows,
        }
    }
}

/// Runs the program with these arguments (the first is its name).
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Status {
    if std::env::var_os("RUST_BACKTRACE").is_none() {
        // A fault in a document becomes its message; the trace is for those who ask for it.
        std::panic::set_hook(Box::new(|_| {}));
    }
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are answers; a message that cannot be printed changes nothing.
            let _ = error.print();
            return if error.use_stderr() { Status::Failed } else { Status::Clean };
        }
    };
    let result = match cli.command {
        None => commands::show(&cli.show),
        Some(Command::Show(common)) => commands::show(&common),
        Some(Command::Extract { common, out, format }) => match out {
            Some(out) => commands::extract_to_folder(&common, &out, format),
            None => commands::extract(&common, format),
        },
        Some(Command::Facts { common, format, out }) => commands::facts(&common, format, out.as_deref()),
        Some(Command::Check { common, format, select, ignore, severity }) => {
            commands::check(&common, format, &commands::Filter { select, ignore, severity: severity.severity() })
        }
        Some(Command::Golden { corpus, bless }) => commands::golden(&corpus, bless),
        Some(Command::Dump { common, stage, page, .. }) => {
            commands::dump(&common, stage.map_or(Stage::Svg, StageName::stage), page)
        }
        Some(Command::Explain { code }) => commands::explain(code.as_deref()),
        Some(Command::Specs { action: None, specs }) => specs::list(specs.as_deref()),
        Some(Command::Specs { action: Some(SpecsAction::New { common, name }), .. }) => specs::new(&common, &name),
        Some(Command::Schema) => commands::schema(),
    };
    result.unwrap_or_else(|error| {
        let _ = writeln!(std::io::stderr(), "mingzhang: {error:#}");
        Status::Failed
    })
}
