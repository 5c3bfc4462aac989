//! `escalade staff SCENARIO --target …`: the cheapest head counts by team and shift that meet all targets.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum, value_parser};

use super::exit::Failure;
use super::given::Given;
use super::progress::Progress;
use super::run::{self, Started, WIDTH};
use super::{interrupt, output, scenario_file};
use crate::experiment::staffing::{self, Staffing, StaffingError, StaffingOptions};
use crate::report::{self, OutputFolder, StaffingProvenance, Style};
use crate::scenario::Document;

const EXAMPLES: &str = "\
Examples:
  escalade staff desk.toml --target 'Sev1 first response within target >= 99%'
  escalade staff desk.toml --target 'resolve within target >= 95%' \\
                           --target 'queue_wait_p90_s(team=desk) <= 10m'
  escalade staff desk.toml --target '…' --out plan     plan.csv, candidate.toml, …

A target is `[SEVERITY] [SERVICE] [CUSTOMER TIER] CLOCK within target >= LEVEL`, where CLOCK is `first response`,
`next response`, `update`, `mitigate`, `resolve`, `acknowledge` or `own` (visits to teams); or
`METRIC(KEY=VALUE) <= NUMBER` with a metric of docs/metrics.md, such as `breach_rate_own(team=desk) <= 5%`.
`min_headcount` and `max_headcount` of a team or shift bound the plan.

Exit code: 0 if a plan meets all targets, 1 if none was found, 2 the input is wrong, 130 interrupted.";

/// Find the cheapest head counts by team and shift that meet all targets
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The scenario file (TOML)
    scenario: PathBuf,
    /// A target, such as 'Sev1 first response within target >= 99%'; repeat it for more
    #[arg(long = "target", value_name = "TARGET", required = true)]
    targets: Vec<String>,
    /// How sure it is to be that the plan meets all targets: 95% or 0.95
    #[arg(long, allow_hyphen_values = true, value_name = "SHARE", default_value = "95%", value_parser = confidence)]
    confidence: f64,
    /// The most that the scheduled hours may cost a month, in the scenario's money or else in hours
    #[arg(long, allow_hyphen_values = true, value_name = "AMOUNT", value_parser = amount)]
    budget: Option<f64>,
    /// The candidate whose head counts are sought [default: base]
    #[arg(long, value_name = "NAME")]
    candidate: Option<String>,
    /// Folder for the plan: plan.csv, targets.csv, staffing.json, candidate.toml
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
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
enum Format {
    /// The plan, for people, 80 columns wide
    Table,
    /// All that was found, as one JSON document
    Json,
    /// The rows of plan.csv
    Csv,
}

fn number(text: &str) -> Result<f64, String> {
    let number = match text.trim().strip_suffix('%') {
        Some(percent) => percent.trim().parse::<f64>().map(|percent| percent / 100.0),
        None => text.trim().parse::<f64>(),
    };
    number
        .ok()
        .filter(|number| number.is_finite())
        .ok_or_else(|| "not a number".to_owned())
}

fn confidence(text: &str) -> Result<f64, String> {
    match number(text)? {
        share if (0.5..=0.9999).contains(&share) => Ok(share),
        _ => Err("write a share from 50% to 99.99%".to_owned()),
    }
}

fn amount(text: &str) -> Result<f64, String> {
    match number(text)? {
        amount if amount >= 0.0 => Ok(amount),
        _ => Err("write an amount that is not negative".to_owned()),
    }
}

/// Finds the plan, writes and prints it.
pub(super) fn staff(arguments: &Arguments) -> Result<(), Failure> {
    let document = scenario_file::readable(&arguments.scenario, arguments.quiet)?;
    let folder = arguments
        .out
        .clone()
        .map(OutputFolder::check)
        .transpose()
        .map_err(run::of_folder)?;
    interrupt::listen();
    let started = Started::now(arguments.threads);
    let found = search(arguments, &document)?;
    if let Some(folder) = folder {
        let path = folder.path().to_owned();
        let provenance = StaffingProvenance {
            scenario_file: run::file_name(&arguments.scenario),
            scenario_text: document.text(),
            options: given(arguments).options(),
            timings: started.timings(),
        };
        report::staffing::write_folder(folder, &found, &provenance).map_err(run::of_report)?;
        say_where(arguments, &path);
    }
    print(arguments, &found)?;
    match found.is_met() {
        true => Ok(()),
        false => Err(Failure::Failed(unmet(&found).to_owned())),
    }
}

fn given(arguments: &Arguments) -> Given {
    Given::default()
        .list("target", &arguments.targets)
        .unless(0.95, "confidence", arguments.confidence)
        .maybe("budget", arguments.budget)
        .maybe("candidate", arguments.candidate.clone())
        .maybe("seed", arguments.seed)
}

fn search(arguments: &Arguments, document: &Document) -> Result<Staffing, Failure> {
    let options = StaffingOptions {
        targets: arguments.targets.clone(),
        confidence: arguments.confidence,
        budget: arguments.budget,
        candidate: arguments.candidate.clone(),
        seed: arguments.seed,
        threads: arguments.threads.map(usize::from),
    };
    let progress = Progress::new(arguments.quiet);
    let found = staffing::staff(document, &options, &progress);
    progress.done();
    found.map_err(|error| match error {
        StaffingError::Run(error) => run::of_run(error, document),
        other => Failure::Wrong(other.to_string()),
    })
}

fn unmet(found: &Staffing) -> &'static str {
    match (&found.plan, &found.budget) {
        (None, _) => "no plan meets all targets",
        (Some(_), Some(budget)) if budget.buys.is_some() => "no plan within the budget meets all targets",
        _ => "no plan was shown to meet all targets",
    }
}

fn say_where(arguments: &Arguments, path: &Path) {
    if !arguments.quiet {
        let path = path.display();
        output::note(&format!(
            "plan: {path}; to play it, paste {path}/candidate.toml at the end of the scenario"
        ));
    }
}

fn print(arguments: &Arguments, found: &Staffing) -> Result<(), Failure> {
    match arguments.format {
        Format::Table => output::result(&report::staffing_plan(found, WIDTH, Style::Colour)),
        Format::Json => output::result_by(|out| report::staffing::write_json(out, &report::staffing::document(found))),
        Format::Csv => output::result_by(|out| report::staffing::write_plan(out, found)),
    }
}
