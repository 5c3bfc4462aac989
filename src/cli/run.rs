//! `escalade run SCENARIO`: play every candidate against the same tickets, write the results, show the comparison.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant as Stopwatch};

use clap::{Args, ValueEnum, value_parser};

use super::exit::Failure;
use super::given::{Given, word};
use super::progress::Progress;
use super::{interrupt, names, output, scenario_file};
use crate::experiment::precision::Subject;
use crate::experiment::tables::Results;
use crate::experiment::{self, Amount, Indifference, Precision, RunError, RunOptions, Select};
pub(super) use crate::report::screen::WIDTH;
use crate::report::{self, Change, Context, FolderError, OutputFolder, Provenance, ReportError, Style, Timings};
use crate::scenario::{Difference, Document};
use crate::time::{Misread, Origin, Written, Zone};

const EXAMPLES: &str = "\
Examples:
  escalade run desk.toml                        all candidates, into out/desk
  escalade run desk.toml --candidates base,sooner
                                                only these two
  escalade run desk.toml --replications 100     narrower intervals
  escalade run desk.toml --precision 0.2pp --max-time 5m
                                                as many as this precision takes
  escalade run desk.toml --select breach_rate_resolve:Sev1
                                                the best candidate, 95 times in 100
  escalade run desk.toml --tickets --events     and what became of each ticket
  escalade run desk.toml --no-files --format json | jq .comparison

The same scenario, seed and version give the same results on any number of threads.
Exit code: 0 done, 1 failed, 2 the input is wrong, 130 interrupted.";

/// Play every candidate of a scenario against the same tickets, and compare them
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The scenario file (TOML)
    scenario: PathBuf,
    /// Folder for the results [default: out/ and the scenario's file name]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Write no folder, only print
    #[arg(long, conflicts_with_all = ["out", "tickets", "events"])]
    no_files: bool,
    /// Independent repetitions, instead of the scenario's
    #[arg(
        long,
        allow_negative_numbers = true,
        value_name = "N",
        value_parser = value_parser!(u32).range(1..=1_000_000)
    )]
    replications: Option<u32>,
    /// Add replications until every headline figure is as precise as this: 0.2pp (percentage points), 5% (of the level)
    #[arg(
        long,
        allow_hyphen_values = true,
        value_name = "AMOUNT",
        conflicts_with = "replications",
        group = "goal"
    )]
    precision: Option<Amount>,
    /// Of what: the levels of each candidate, or differences from the first [default: differences, if there are two]
    #[arg(long, value_enum, requires = "precision", value_name = "WHAT")]
    precision_of: Option<PrecisionOf>,
    /// The headline figures, METRIC or METRIC:SLICE, separated by commas [default: the breach rates by severity]
    #[arg(long, requires = "precision", value_name = "FIGURES")]
    headline: Vec<String>,
    /// Let the intervals of all headline figures hold together at 95 %, not each by itself
    #[arg(long, requires = "precision")]
    simultaneous: bool,
    /// Replications at most for a precision or a selection [default: 2000, and then it does not start what it cannot finish]
    #[arg(
        long,
        allow_negative_numbers = true,
        value_name = "N",
        value_parser = value_parser!(u32).range(1..=1_000_000),
        requires = "goal"
    )]
    max_replications: Option<u32>,
    /// Find the best candidate by METRIC or METRIC:SLICE, with a stated probability, and drop the hopeless early
    #[arg(long, value_name = "FIGURE", conflicts_with = "replications", group = "goal")]
    select: Option<String>,
    /// The probability of a right selection, between 0.5 and 1
    #[arg(
        long,
        allow_negative_numbers = true,
        value_name = "P",
        requires = "select",
        default_value_t = 0.95,
        value_parser = probability
    )]
    pcs: f64,
    /// Time at most for a precision: 90s, 5m
    #[arg(long, allow_hyphen_values = true, value_name = "TIME", value_parser = time, requires = "precision")]
    max_time: Option<Duration>,
    /// Differences that do not matter: 0.1pp of a share, 1% of the level of anything else [default: these; of a selection: 0.2pp]
    #[arg(long, allow_hyphen_values = true, value_name = "AMOUNTS", value_delimiter = ',')]
    indifference: Vec<Amount>,
    /// Seed of the random numbers, instead of the scenario's
    #[arg(long, allow_negative_numbers = true, value_name = "S", value_parser = seed)]
    seed: Option<u64>,
    /// Threads to simulate with [default: one for each processor]
    #[arg(long, allow_negative_numbers = true, value_name = "T", value_parser = value_parser!(u16).range(1..=4096))]
    threads: Option<u16>,
    /// Candidates to play, separated by commas; name base too to compare with it [default: all]
    #[arg(long, value_name = "NAMES")]
    candidates: Option<Vec<String>>,
    /// What to print on standard output
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Also write every ticket of the first replications
    #[arg(long)]
    tickets: bool,
    /// Also write every event of the first replications, as an event log
    #[arg(long)]
    events: bool,
    /// Of how many replications, the first ones, to write tickets and events
    #[arg(
        long,
        allow_negative_numbers = true,
        value_name = "N",
        default_value_t = 1,
        value_parser = value_parser!(u32).range(1..=1_000_000)
    )]
    trace_replications: u32,
    /// Say nothing on standard error but errors
    #[arg(long, short)]
    quiet: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum PrecisionOf {
    /// The figures of each candidate
    Levels,
    /// Their differences from the first candidate
    Differences,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// The comparison, for people, 80 columns wide
    Table,
    /// All of summary and comparison as one JSON document
    Json,
    /// The rows of summary.csv
    Csv,
}

/// Runs the scenario.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let document = scenario_file::readable(&arguments.scenario, arguments.quiet)?;
    let origin = origin(&document)?;
    let folder = match arguments.no_files {
        true => None,
        false => Some(OutputFolder::check(target(arguments)).map_err(of_folder)?),
    };
    interrupt::listen();
    let started = Started::now(arguments.threads);
    let results = simulate(arguments, &document)?;
    let timings = started.timings();
    let wall = timings.wall;
    let files = folder.as_ref().map(|folder| folder.path().to_owned());
    if let Some(folder) = folder {
        let provenance = provenance(arguments, &document, &origin, &results, timings);
        report::write(folder, &results, &provenance, &interrupt::asked).map_err(of_report)?;
    }
    print(
        arguments,
        Context {
            results: &results,
            origin: &origin,
        },
        files.as_deref(),
        wall,
    )
}

/// When, on the wall, the scenario's run starts.
pub(super) fn origin(document: &Document) -> Result<Origin, Failure> {
    let unread = |what: &str| {
        Failure::Failed(format!(
            "the scenario's {what} cannot be read, although it passed the check: please report this"
        ))
    };
    let plan = &document.base().ok_or_else(|| unread("base"))?.run;
    let zone = plan.zone.as_deref().map_or(Ok(Zone::utc()), str::parse);
    let zone = zone.map_err(|_| unread("time zone"))?;
    Origin::read(&plan.start, &zone).map_err(|_| unread("start"))
}

fn target(arguments: &Arguments) -> PathBuf {
    let stem = arguments.scenario.file_stem().unwrap_or(arguments.scenario.as_os_str());
    arguments.out.clone().unwrap_or_else(|| Path::new("out").join(stem))
}

fn simulate(arguments: &Arguments, document: &Document) -> Result<Results, Failure> {
    let options = RunOptions {
        replications: arguments.replications,
        seed: arguments.seed,
        threads: arguments.threads.map(usize::from),
        candidates: arguments
            .candidates
            .as_deref()
            .map(|given| names::candidates(given, document)),
        tickets: arguments.tickets,
        events: arguments.events,
        trace_replications: arguments.trace_replications,
        precision: arguments
            .precision
            .map(|within| precision(arguments, document, within))
            .transpose()?,
        select: select(arguments)?,
        indifference: match arguments.select {
            Some(_) => Indifference::default(),
            None => indifference(&arguments.indifference)?,
        },
    };
    let progress = Progress::new(arguments.quiet);
    let results = experiment::run(document, &options, &progress);
    progress.done();
    results.map_err(|error| of_run(error, document))
}

fn precision(arguments: &Arguments, document: &Document, within: Amount) -> Result<Precision, Failure> {
    let of = arguments.precision_of.map(|of| match of {
        PrecisionOf::Levels => Subject::Levels,
        PrecisionOf::Differences => Subject::Differences,
    });
    let figures = names::figures(&arguments.headline, document);
    Ok(Precision {
        within,
        of,
        figures: figures.iter().filter_map(|text| text.parse().ok()).collect(),
        simultaneous: arguments.simultaneous,
        most: arguments.max_replications,
        time: arguments.max_time,
    })
}

fn select(arguments: &Arguments) -> Result<Option<Select>, Failure> {
    let Some(Ok(figure)) = arguments.select.as_deref().map(str::parse) else {
        return Ok(None);
    };
    let zone = match arguments.indifference[..] {
        [] => None,
        [zone] => Some(zone),
        _ => {
            return Err(Failure::Wrong(
                "--indifference: a selection has one figure, and so one amount".to_owned(),
            ));
        }
    };
    Ok(Some(Select {
        figure,
        promise: arguments.pcs,
        zone,
        most: arguments.max_replications,
    }))
}

/// The zones asked for, over the default ones.
fn indifference(amounts: &[Amount]) -> Result<Indifference, Failure> {
    let mut zone = Indifference::default();
    for amount in amounts {
        match amount {
            Amount::Points(share) => zone.share = *share,
            Amount::Percent(relative) => zone.relative = *relative,
            Amount::Seconds(_) | Amount::Plain(_) => {
                return Err(Failure::Wrong(format!(
                    "--indifference {amount}: write percentage points of shares (0.1pp), per cent of the level of anything else \
                     (1%), or both with a comma"
                )));
            }
        }
    }
    Ok(zone)
}

/// A seed.
pub(super) fn seed(text: &str) -> Result<u64, String> {
    text.parse()
        .map_err(|_| format!("write a whole number from 0 to {}", u64::MAX))
}

/// A promise that is one: more than a coin's.
fn probability(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|p: &f64| *p > 0.5 && *p < 1.0);
    number.ok_or("write a probability above 0.5 and below 1, such as 0.95".to_owned())
}

/// A length of wall time.
fn time(text: &str) -> Result<Duration, String> {
    let written: Written = text.parse().map_err(|error: Misread| error.to_string())?;
    let length = written.elapsed().filter(|length| length.ms() > 0);
    let length = length.ok_or("write a time above zero, such as 90s, 5m or 1h")?;
    Ok(Duration::from_millis(length.ms().unsigned_abs()))
}

/// When the run began, and with how many threads.
pub(super) struct Started {
    at: jiff::Timestamp,
    watch: Stopwatch,
    threads: usize,
}

impl Started {
    #[expect(clippy::disallowed_methods, reason = "timings go to the manifest and to nobody else")]
    pub(super) fn now(threads: Option<u16>) -> Started {
        let processors = || thread::available_parallelism().map_or(1, usize::from);
        Started {
            at: jiff::Timestamp::now(),
            watch: Stopwatch::now(),
            threads: threads.map_or_else(processors, usize::from),
        }
    }

    pub(super) fn timings(&self) -> Timings {
        Timings {
            started_at: self.at.to_string(),
            wall: self.watch.elapsed(),
            threads: self.threads,
        }
    }
}

/// Amounts as they can be written again.
fn given(arguments: &Arguments, document: &Document) -> Given {
    let amount = |amount: &Amount| amount.to_string().replace(' ', "");
    let indifference: Vec<String> = arguments.indifference.iter().map(amount).collect();
    let candidates = names::candidates(arguments.candidates.as_deref().unwrap_or_default(), document);
    Given::default()
        .maybe("replications", arguments.replications)
        .maybe("precision", arguments.precision.as_ref().map(amount))
        .maybe("precision-of", arguments.precision_of.map(word))
        .list("headline", &names::figures(&arguments.headline, document))
        .flag("simultaneous", arguments.simultaneous)
        .maybe("max-replications", arguments.max_replications)
        .maybe("select", arguments.select.clone())
        .unless(0.95, "pcs", arguments.pcs)
        .maybe(
            "max-time",
            arguments.max_time.map(|time| format!("{}ms", time.as_millis())),
        )
        .list("indifference", &indifference)
        .maybe("seed", arguments.seed)
        .list("candidates", &candidates)
        .flag("tickets", arguments.tickets)
        .flag("events", arguments.events)
        .unless(1, "trace-replications", arguments.trace_replications)
}

fn provenance<'a>(
    arguments: &'a Arguments,
    document: &'a Document,
    origin: &'a Origin,
    results: &Results,
    timings: Timings,
) -> Provenance<'a> {
    let changes = |name: &str| document.differences(name).into_iter().map(change).collect();
    Provenance {
        scenario_file: file_name(&arguments.scenario),
        scenario_text: document.text(),
        origin,
        changes: results
            .candidates
            .iter()
            .map(|candidate| changes(&candidate.name))
            .collect(),
        tickets: arguments.tickets,
        events: arguments.events,
        trace_replications: arguments.trace_replications.min(results.replications),
        options: given(arguments, document).options(),
        timings,
    }
}

/// The scenario's file name, without its folder.
pub(super) fn file_name(scenario: &Path) -> &str {
    let name = scenario.file_name().and_then(|name| name.to_str());
    name.unwrap_or("scenario.toml")
}

pub(super) fn change(difference: Difference) -> Change {
    Change {
        path: difference.path.to_string(),
        before: difference.before,
        after: difference.after,
    }
}

fn print(arguments: &Arguments, context: Context<'_>, files: Option<&Path>, wall: Duration) -> Result<(), Failure> {
    let results = context.results;
    let price = report::precision::price(results, wall);
    match arguments.format {
        Format::Table => {
            // Colour is taken out again where it does not belong.
            let text = report::comparison(results, files, WIDTH, Style::Colour);
            let price = price.map_or(String::new(), |price| price + "\n");
            return output::result(&(text + &price));
        }
        Format::Json => output::json(&report::json::document(context))?,
        Format::Csv => output::result_by(|out| report::csv::write_summary(out, context))?,
    }
    if !arguments.quiet {
        results.warnings.iter().for_each(|warning| output::warning(warning));
        report::precision::sentence(results)
            .into_iter()
            .chain(price)
            .for_each(|text| output::note(&text));
        if let Some(files) = files {
            output::note(&format!("results: {}", files.display()));
        }
    }
    Ok(())
}

/// Before anything has been done, a folder that cannot be written is a wrong one.
pub(super) fn of_folder(error: FolderError) -> Failure {
    Failure::Wrong(error.to_string())
}

pub(super) fn of_report(error: ReportError) -> Failure {
    match error {
        ReportError::Interrupted => Failure::Interrupted,
        ReportError::Folder(error @ FolderError::Unwritable { .. }) => Failure::Failed(error.to_string()),
        ReportError::Folder(error) => of_folder(error),
        ReportError::File { .. } => Failure::Failed(error.to_string()),
    }
}

pub(super) fn of_run(error: RunError, document: &Document) -> Failure {
    match error {
        RunError::Interrupted => Failure::Interrupted,
        RunError::Problems(problems) => {
            scenario_file::show(document, &problems);
            Failure::Explained
        }
        RunError::Asked(error) => Failure::Wrong(error.to_string()),
        RunError::UnknownCandidate { name, known } => Failure::Wrong(unknown_candidate(&name, &known)),
        other => Failure::Failed(other.to_string()),
    }
}

fn unknown_candidate(name: &str, known: &[String]) -> String {
    let near = known
        .iter()
        .map(|other| (strsim::damerau_levenshtein(name, other), other))
        .min();
    let close = near.filter(|(distance, _)| *distance <= 1 + name.chars().count() / 4);
    let help = close.map(|(_, other)| format!("; did you mean `{other}`?"));
    let help = help.unwrap_or(".".to_owned());
    format!(
        "no candidate is called `{name}`{help} The scenario has: {}",
        known.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::unknown_candidate;

    #[test]
    fn a_misspelt_candidate_is_answered_with_the_one_that_was_meant() {
        let known = ["base", "sooner"].map(str::to_owned);
        assert_eq!(
            unknown_candidate("soner", &known),
            "no candidate is called `soner`; did you mean `sooner`? The scenario has: base, sooner"
        );
        assert_eq!(
            unknown_candidate("x", &known),
            "no candidate is called `x`. The scenario has: base, sooner"
        );
    }
}
