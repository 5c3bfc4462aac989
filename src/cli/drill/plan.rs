//! `escalade drill plan SCENARIO`: a quarter's drills, and the record of those that were held.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use clap::{Args, value_parser};

use super::super::exit::Failure;
use super::super::progress::Progress;
use super::super::{interrupt, output, run, scenario_file};
use crate::drill::agenda::{PLAN_MARK, Plan, Wish, plan, read_quarter};
use crate::drill::archetype::library;
use crate::drill::offset::words_or_never;
use crate::drill::record::Record;
use crate::report::screen::fitted;
use crate::report::{self, OutputFolder};
use crate::scenario::BASE;
use crate::time::Date;

/// Plan a quarter's drills: services, severities and kinds of incident evenly, what was rehearsed last first in mind
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The scenario file (TOML)
    scenario: PathBuf,
    /// The quarter: 2026-Q3
    #[arg(long, value_name = "QUARTER", value_parser = read_quarter)]
    quarter: Date,
    /// Drills a month
    #[arg(
        long,
        allow_negative_numbers = true,
        value_name = "N",
        default_value_t = 1,
        value_parser = value_parser!(u32).range(1..=4)
    )]
    per_month: u32,
    /// What has been rehearsed; a file that does not exist is an empty one
    #[arg(long, value_name = "FILE", default_value = "drills.toml")]
    record: PathBuf,
    /// Folder for the plan [default: out/ and the scenario's file name and -drills]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The candidate whose policy is rehearsed
    #[arg(long, value_name = "NAME", default_value = BASE)]
    candidate: String,
    /// Seed [default: the scenario's]
    #[arg(long, allow_negative_numbers = true, value_name = "S", value_parser = run::seed)]
    seed: Option<u64>,
    /// Threads to simulate with [default: one for each processor]
    #[arg(long, allow_negative_numbers = true, value_name = "T", value_parser = value_parser!(u16).range(1..=4096))]
    threads: Option<u16>,
    /// Say nothing on standard error but errors
    #[arg(long, short)]
    quiet: bool,
}

/// Reads a record; a file that is not there is an empty one.
pub(super) fn read_record(path: &Path) -> Result<Record, Failure> {
    match fs::read_to_string(path) {
        Ok(text) => Record::read(&path.display().to_string(), &text).map_err(Failure::Wrong),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Record::default()),
        Err(error) => Err(Failure::Wrong(format!("cannot read {}: {error}", path.display()))),
    }
}

/// Plans a quarter.
pub(super) fn plan_quarter(arguments: &Arguments) -> Result<(), Failure> {
    let document = scenario_file::read(&arguments.scenario)?;
    let broken = document.problems().any_error();
    if broken || !arguments.quiet {
        scenario_file::show(&document, document.problems());
    }
    if broken {
        return Err(Failure::Explained);
    }
    let record = read_record(&arguments.record)?;
    let stem = arguments
        .scenario
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default();
    let target = arguments
        .out
        .clone()
        .unwrap_or_else(|| Path::new("out").join(format!("{stem}-drills")));
    let folder = OutputFolder::check_marked(&target, Some(PLAN_MARK)).map_err(run::of_folder)?;
    interrupt::listen();
    let archetypes = library();
    let of_scenario = document.base().and_then(|base| base.run.seed);
    let wish = Wish {
        from: arguments.quarter,
        per_month: arguments.per_month,
        record: &record,
        archetypes: &archetypes,
        candidate: &arguments.candidate,
        seed: arguments.seed.or(of_scenario).unwrap_or(crate::model::defaults::SEED),
        threads: arguments.threads.map(usize::from),
        file: &arguments.scenario.display().to_string(),
    };
    let progress = Progress::new(arguments.quiet);
    let plan = plan(&document, &wish, &progress);
    progress.done();
    let plan = plan.map_err(|error| super::of_drill(error, &document))?;
    let files = plan
        .files()
        .map_err(|error| Failure::Failed(format!("the plan cannot be written: {error}")))?;
    report::write_files(folder, &files, &interrupt::asked).map_err(run::of_report)?;
    output::result(&fitted(&summary(&plan, &target)))
}

fn summary(plan: &Plan, target: &Path) -> String {
    let mut text = format!("Drills of {}\n", plan.quarter);
    for drill in &plan.drills {
        let announced = if drill.announced { "" } else { ", not announced" };
        text += &format!(
            "  {}  {} fails, {} ({}), {}{announced}; there an incident takes {} in the median\n",
            drill.date,
            drill.service,
            drill.archetype,
            drill.severity,
            drill.when.label(),
            words_or_never(drill.hours.value.map(|hours| hours * 3600.0))
        );
    }
    for remark in &plan.remarks {
        text += &format!("{remark}\n");
    }
    text + &format!("The plan: {}\n", target.display())
}
