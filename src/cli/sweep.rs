//! `escalade sweep SCENARIO --vary …`: many values of a scenario at once, what each of them moves, and what is worth its cost.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum, value_parser};

use super::exit::Failure;
use super::given::{Given, word};
use super::progress::Progress;
use super::run::{self, Started, WIDTH};
use super::{interrupt, output, scenario_file};
use crate::experiment::RunError;
use crate::experiment::sweep::{
    Axis, Design, PointProblem, Sweep, SweepError, SweepOptions, SweepResults, clear_checkpoint,
};
use crate::measure::METRICS;
use crate::report::{self, Context, OutputFolder, Provenance, Style, Timings};
use crate::scenario::Document;
use crate::time::Origin;

const EXAMPLES: &str = "\
Examples:
  escalade sweep desk.toml --vary 'teams.experts.headcount=2..5' \\
                           --vary 'rules.hurry.when.consumed.share=0.5,0.6,0.75'
                                     every combination, into out/desk-sweep
  … --vary 'first_reply=0m..10m by 5m'          a range in steps
  … --vary 'a.headcount+b.headcount=3..6'       two values move together
  … --vary 'heads: a.headcount=3..5;b.headcount=6,5,4'
                                                each through its own values
  … --vary 'run.horizon=4w'                     one value: the same everywhere
  … --design lhs --points 100                   a Latin hypercube of 100 points
  … --resume                                    go on after an interrupt

A path is written as in a candidate's patch, a value as in the scenario. Every
point meets the same tickets. The same scenario, options, seed and version give
the same results on any number of threads, interrupted or not.
Exit code: 0 done, 1 failed, 2 the input is wrong, 130 interrupted.";

/// Vary values of a scenario, and see which of them moves what
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The scenario file (TOML)
    scenario: PathBuf,
    /// An axis: PATH=LOW..HIGH, or PATH=VALUE,VALUE,… (may be given several times)
    #[arg(long, value_name = "AXIS", required = true)]
    vary: Vec<String>,
    /// How the points are laid out
    #[arg(long, value_enum, default_value_t = Layout::Grid)]
    design: Layout,
    /// How many points; a power of two for sobol [default: all of a grid, else ten an axis]
    #[arg(long, allow_negative_numbers = true, value_name = "N")]
    points: Option<usize>,
    /// Replications of each point [default: 8]
    #[arg(
        long,
        allow_negative_numbers = true,
        value_name = "R",
        value_parser = value_parser!(u32).range(1..=1_000_000)
    )]
    replications: Option<u32>,
    /// Candidate around which to sweep [default: base]
    #[arg(long, value_name = "NAME")]
    candidate: Option<String>,
    /// Metrics to keep, separated by commas, in all their slices [default: all but those by hour of the week]
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    metrics: Option<Vec<String>>,
    /// The two metrics of the front [default: a cost, else staffed, and breach_rate_resolve]
    #[arg(long, value_name = "X,Y", value_delimiter = ',', num_args = 1)]
    pareto: Option<Vec<String>>,
    /// Folder for the results [default: out/ and the scenario's file name with -sweep]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Write no folder and no checkpoint, only print
    #[arg(long, conflicts_with_all = ["out", "resume"])]
    no_files: bool,
    /// Go on with the points that an interrupted sweep left
    #[arg(long)]
    resume: bool,
    /// Seed of the random numbers, instead of the scenario's
    #[arg(long, allow_negative_numbers = true, value_name = "S", value_parser = run::seed)]
    seed: Option<u64>,
    /// Threads to simulate with [default: one for each processor]
    #[arg(long, allow_negative_numbers = true, value_name = "T", value_parser = value_parser!(u16).range(1..=4096))]
    threads: Option<u16>,
    /// What to print on standard output
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Say nothing on standard error but errors
    #[arg(long, short)]
    quiet: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Layout {
    /// Every combination of the axes' levels
    Grid,
    /// A Latin hypercube
    Lhs,
    /// Scrambled Sobol' points
    Sobol,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// The strongest effects, the knees and the front, for people, 80 columns wide
    Table,
    /// All tables as one JSON document
    Json,
    /// The rows of sweep.csv
    Csv,
}

/// Sweeps the scenario.
pub(super) fn sweep(arguments: &Arguments) -> Result<(), Failure> {
    let document = scenario_file::readable(&arguments.scenario, arguments.quiet)?;
    let origin = run::origin(&document)?;
    let target = target(arguments);
    let folder = match arguments.no_files {
        true => None,
        false => Some(OutputFolder::check_marked(&target, Some(report::sweep::MARK)).map_err(run::of_folder)?),
    };
    let checkpoint = folder.as_ref().map(|_| beside(&target));
    let options = options(arguments, checkpoint.clone())?;
    interrupt::listen();
    let started = Started::now(arguments.threads);
    let failed = |error| of_sweep(error, &document, checkpoint.as_deref());
    let sweep = Sweep::prepare(&document, options).map_err(failed)?;
    if !arguments.quiet {
        sweep
            .odd()
            .iter()
            .for_each(|problem| output::warning(&problem.to_string()));
    }
    let progress = Progress::new(arguments.quiet);
    let results = sweep.play(&progress);
    progress.done();
    let results = results.map_err(failed)?;
    let timings = started.timings();
    let files = folder.as_ref().map(|folder| folder.path().to_owned());
    if let Some(folder) = folder {
        let provenance = provenance(arguments, &document, &origin, &results, timings);
        report::sweep::write(folder, &results, &provenance, &interrupt::asked).map_err(run::of_report)?;
    }
    if let Some(checkpoint) = checkpoint {
        // The results stand; a checkpoint that cannot be removed is untidy and nothing worse.
        if let Err(error) = clear_checkpoint(&checkpoint) {
            output::warning(&format!("cannot remove {}: {error}", checkpoint.display()));
        }
    }
    print(arguments, &results, &origin, files.as_deref())
}

fn target(arguments: &Arguments) -> PathBuf {
    let stem = arguments.scenario.file_stem().unwrap_or(arguments.scenario.as_os_str());
    let name = format!("{}-sweep", stem.display());
    arguments.out.clone().unwrap_or_else(|| Path::new("out").join(name))
}

/// Where the checkpoint lies: beside the folder of the results.
fn beside(target: &Path) -> PathBuf {
    let mut name = target.as_os_str().to_owned();
    name.push(".partial");
    name.into()
}

fn options(arguments: &Arguments, checkpoint: Option<PathBuf>) -> Result<SweepOptions, Failure> {
    let read = |text: &String| Axis::read(text).map_err(|error| Failure::Wrong(error.to_string()));
    let axes: Vec<Axis> = arguments.vary.iter().map(read).collect::<Result<_, _>>()?;
    let front = match arguments.pareto.as_deref() {
        None => None,
        Some([x, y]) => Some([x.clone(), y.clone()]),
        Some(_) => {
            let message = "`--pareto` takes two metrics: `--pareto occupancy_share,breach_rate_resolve`";
            return Err(Failure::Wrong(message.to_owned()));
        }
    };
    Ok(SweepOptions {
        design: match arguments.design {
            Layout::Grid => Design::Grid,
            Layout::Lhs => Design::LatinHypercube,
            Layout::Sobol => Design::Sobol,
        },
        points: arguments.points,
        candidate: arguments.candidate.clone(),
        replications: arguments.replications,
        seed: arguments.seed,
        threads: arguments.threads.map(usize::from),
        metrics: arguments.metrics.clone(),
        front,
        checkpoint,
        resume: arguments.resume,
        ..SweepOptions::grid(axes)
    })
}

fn given(arguments: &Arguments) -> Given {
    Given::default()
        .list("vary", &arguments.vary)
        .unless("grid".to_owned(), "design", word(arguments.design))
        .maybe("points", arguments.points)
        .maybe("replications", arguments.replications)
        .maybe("candidate", arguments.candidate.clone())
        .list("metrics", arguments.metrics.as_deref().unwrap_or_default())
        .list("pareto", arguments.pareto.as_deref().unwrap_or_default())
        .maybe("seed", arguments.seed)
}

fn provenance<'a>(
    arguments: &'a Arguments,
    document: &'a Document,
    origin: &'a Origin,
    results: &SweepResults,
    timings: Timings,
) -> Provenance<'a> {
    let changes = document.differences(&results.candidate).into_iter().map(run::change);
    Provenance {
        scenario_file: run::file_name(&arguments.scenario),
        scenario_text: document.text(),
        origin,
        changes: vec![changes.collect()],
        tickets: false,
        events: false,
        trace_replications: 0,
        options: given(arguments).options(),
        timings,
    }
}

fn print(arguments: &Arguments, results: &SweepResults, origin: &Origin, files: Option<&Path>) -> Result<(), Failure> {
    let context = Context {
        results: &results.run,
        origin,
    };
    match arguments.format {
        Format::Table => {
            return output::result(&report::terminal::sweep::summary(results, files, WIDTH, Style::Colour));
        }
        Format::Json => output::json(&report::sweep::document(results, context))?,
        Format::Csv => output::result_by(|out| report::sweep::write_csv(out, results, context))?,
    }
    if let Some(files) = files.filter(|_| !arguments.quiet) {
        output::note(&format!("results: {}", files.display()));
    }
    Ok(())
}

fn of_sweep(error: SweepError, document: &Document, checkpoint: Option<&Path>) -> Failure {
    match error {
        SweepError::Run(RunError::Interrupted) => match checkpoint {
            Some(folder) => Failure::Kept(format!(
                "interrupted: what has been played is kept in {}; the same command with --resume goes on",
                folder.display()
            )),
            None => Failure::Interrupted,
        },
        SweepError::Run(error) => run::of_run(error, document),
        SweepError::Points(problems) => {
            problems.iter().for_each(|problem| output::error(&in_full(problem)));
            Failure::Explained
        }
        SweepError::Wrong(_) | SweepError::OtherSweep { .. } => Failure::Wrong(error.to_string()),
        SweepError::UnknownMetric(name) => Failure::Wrong(unknown_metric(&name)),
        SweepError::Checkpoint(_) => Failure::Failed(error.to_string()),
    }
}

/// `[E104] point 3, teams.L1.headcount = -1: …`, as a candidate's mistake is told, without a place in the file: it has none.
fn in_full(problem: &PointProblem) -> String {
    let PointProblem {
        point,
        settings,
        code,
        message,
        help,
        ..
    } = problem;
    let help = help
        .as_ref()
        .map(|help| format!("\n  = help: {help}"))
        .unwrap_or_default();
    format!("[{code}] point {point}, {settings}: {message}{help}")
}

fn unknown_metric(name: &str) -> String {
    let near = METRICS
        .iter()
        .map(|metric| (strsim::damerau_levenshtein(name, metric.name), metric.name))
        .min();
    let close = near.filter(|(distance, _)| *distance <= 1 + name.chars().count() / 4);
    let help = close.map_or_else(
        || "docs/metrics.md has them all".to_owned(),
        |(_, other)| format!("did you mean `{other}`?"),
    );
    format!("no metric is called `{name}`; {help}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checkpoint_lies_beside_the_results() {
        assert_eq!(beside(Path::new("out/desk-sweep")), Path::new("out/desk-sweep.partial"));
    }

    #[test]
    fn a_misspelt_metric_is_answered_with_the_one_that_was_meant() {
        assert!(unknown_metric("breach_rate_resolved").contains("did you mean `breach_rate_resolve`?"));
        assert!(unknown_metric("x").contains("docs/metrics.md"));
    }
}
