//! `escalade robustness SCENARIO`: would the verdict be the same if the inputs were wrong?

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum, value_parser};

use super::exit::Failure;
use super::given::Given;
use super::progress::Progress;
use super::run::{self, Started, WIDTH};
use super::{interrupt, names, output, scenario_file};
use crate::experiment::RunOptions;
use crate::experiment::robustness::{RobustnessError, RobustnessResults, robustness};
use crate::report::{self, Context, OutputFolder, Provenance, Style};
use crate::scenario::Document;
use crate::time::Origin;

const EXAMPLES: &str = "\
Examples:
  escalade robustness desk.toml                 into out/desk-robustness
  escalade robustness desk.toml --candidates base,sooner --replications 40

Every candidate is compared with the base once more, on the same seeds, with a
fifth more arrivals, with a fifth more work, with a storm of tickets on one day,
with two people ill, and in each world of your own:
  [stress.peak]
  set.services.mail.arrivals.per_week = 900
Laws that are samples (empirical) are redrawn 40 times, and so are arrivals and
work if the scenario says how well they are known:
  [uncertainty]
  arrivals = 0.05      # a relative standard error of 5 %
It takes as long as some ten runs.
Exit code: 0 done, 1 failed, 2 the input is wrong, 130 interrupted.";

/// Compare the candidates in other worlds: does the verdict hold?
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The scenario file (TOML)
    scenario: PathBuf,
    /// Folder for the results [default: out/ and the scenario's file name with -robustness]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Write no folder, only print
    #[arg(long, conflicts_with = "out")]
    no_files: bool,
    /// Independent repetitions, instead of the scenario's
    #[arg(
        long,
        allow_negative_numbers = true,
        value_name = "N",
        value_parser = value_parser!(u32).range(1..=1_000_000)
    )]
    replications: Option<u32>,
    /// Seed of the random numbers, instead of the scenario's
    #[arg(long, allow_negative_numbers = true, value_name = "S", value_parser = run::seed)]
    seed: Option<u64>,
    /// Threads to simulate with [default: one for each processor]
    #[arg(long, allow_negative_numbers = true, value_name = "T", value_parser = value_parser!(u16).range(1..=4096))]
    threads: Option<u16>,
    /// Candidates to compare with the base, separated by commas [default: all]
    #[arg(long, value_name = "NAMES")]
    candidates: Option<Vec<String>>,
    /// What to print on standard output
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Say nothing on standard error but errors
    #[arg(long, short)]
    quiet: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// What is certain somewhere, for people, 80 columns wide
    Table,
    /// All rows as one JSON document
    Json,
    /// The rows of robustness.csv
    Csv,
}

/// Compares the scenario's candidates in every world.
pub(super) fn run_all(arguments: &Arguments) -> Result<(), Failure> {
    let document = scenario_file::readable(&arguments.scenario, arguments.quiet)?;
    let origin = run::origin(&document)?;
    let folder = match arguments.no_files {
        true => None,
        false => Some(
            OutputFolder::check_marked(target(arguments), Some(report::robustness::MARK)).map_err(run::of_folder)?,
        ),
    };
    interrupt::listen();
    let started = Started::now(arguments.threads);
    let progress = Progress::new(arguments.quiet);
    let results = robustness(&document, &options(arguments, &document), &progress);
    progress.done();
    let results = results.map_err(|error| of_robustness(error, &document))?;
    let files = folder.as_ref().map(|folder| folder.path().to_owned());
    if let Some(folder) = folder {
        let changes = |name: &str| document.differences(name).into_iter().map(run::change).collect();
        let provenance = Provenance {
            scenario_file: run::file_name(&arguments.scenario),
            scenario_text: document.text(),
            origin: &origin,
            changes: results.run.candidates.iter().map(|one| changes(&one.name)).collect(),
            tickets: false,
            events: false,
            trace_replications: 0,
            options: given(arguments, &document).options(),
            timings: started.timings(),
        };
        report::robustness::write(folder, &results, &provenance, &interrupt::asked).map_err(run::of_report)?;
    }
    print(arguments, &results, &origin, files.as_deref())
}

fn target(arguments: &Arguments) -> PathBuf {
    let stem = arguments.scenario.file_stem().unwrap_or(arguments.scenario.as_os_str());
    let name = format!("{}-robustness", stem.display());
    arguments.out.clone().unwrap_or_else(|| Path::new("out").join(name))
}

fn given(arguments: &Arguments, document: &Document) -> Given {
    let candidates = names::candidates(arguments.candidates.as_deref().unwrap_or_default(), document);
    Given::default()
        .maybe("replications", arguments.replications)
        .maybe("seed", arguments.seed)
        .list("candidates", &candidates)
}

/// The base is always one of the candidates.
fn options(arguments: &Arguments, document: &Document) -> RunOptions {
    let candidates = arguments.candidates.as_deref().map(|given| {
        let mut names = names::candidates(given, document);
        names.push(crate::scenario::BASE.to_owned());
        names
    });
    RunOptions {
        replications: arguments.replications,
        seed: arguments.seed,
        threads: arguments.threads.map(usize::from),
        candidates,
        ..RunOptions::default()
    }
}

fn print(
    arguments: &Arguments,
    results: &RobustnessResults,
    origin: &Origin,
    files: Option<&Path>,
) -> Result<(), Failure> {
    let context = Context {
        results: &results.run,
        origin,
    };
    match arguments.format {
        Format::Table => {
            return output::result(&report::terminal::robustness::table(
                results,
                files,
                WIDTH,
                Style::Colour,
            ));
        }
        Format::Json => output::json(&report::robustness::document(results, context))?,
        Format::Csv => output::result_by(|out| report::robustness::write_csv(out, results, context))?,
    }
    if let Some(files) = files.filter(|_| !arguments.quiet) {
        output::note(&format!("results: {}", files.display()));
    }
    Ok(())
}

fn of_robustness(error: RobustnessError, document: &Document) -> Failure {
    match error {
        RobustnessError::Run(error) => run::of_run(error, document),
        RobustnessError::NothingToCompare => Failure::Wrong(error.to_string()),
        RobustnessError::World(name, problems) => {
            for problem in problems {
                output::error(&format!("[{}] {name}: {problem}", problem.code));
            }
            Failure::Explained
        }
    }
}
