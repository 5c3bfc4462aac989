//! `escalade drill SCENARIO`: choose an incident, play it, write the pack.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum, value_parser};

use super::super::exit::Failure;
use super::super::given::{Given, word};
use super::super::progress::Progress;
use super::super::{interrupt, names, output, run, scenario_file};
use crate::drill::archetype::{Archetype, library};
use crate::drill::choose::Ask;
use crate::drill::exercise::{Drill, Kind};
use crate::drill::goal::Goal;
use crate::drill::make::{Made, Wish};
use crate::drill::moment::When;
use crate::drill::offset::{words, words_or_never};
use crate::drill::pack::{self, MARK, Pack};
use crate::report::screen::fitted;
use crate::report::{self, OutputFolder};
use crate::scenario::{BASE, Document};
use crate::time::{Length, Written};

/// What a pack is made from.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The scenario file (TOML)
    #[arg(required = true)]
    scenario: Option<PathBuf>,
    /// Folder for the pack [default: out/ and the scenario's file name and -drill]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Only incidents of this true severity
    #[arg(long, value_name = "NAME")]
    severity: Option<String>,
    /// Services that may fail, separated by commas [default: any]
    #[arg(long, value_name = "NAMES")]
    service: Vec<String>,
    /// Kind of moment
    #[arg(long, value_enum, default_value_t = Moment::Any)]
    when: Moment,
    /// The moment itself, in local time of the run: 2026-03-14T02:20
    #[arg(long, value_name = "TIME", conflicts_with_all = ["when", "hardest"])]
    at: Option<String>,
    /// Search for the moment and service at which this policy fails most
    #[arg(long)]
    hardest: bool,
    /// What to rehearse, separated by commas [default: what the archetype is good for]
    #[arg(long, value_enum, value_name = "GOALS", value_delimiter = ',')]
    rehearse: Vec<Rehearse>,
    /// Incidents at once
    #[arg(
        long,
        allow_negative_numbers = true,
        value_name = "N",
        default_value_t = 1,
        value_parser = value_parser!(u32).range(1..=4)
    )]
    incidents: u32,
    /// From one incident to the next
    #[arg(long, allow_hyphen_values = true, value_name = "TIME", default_value = "15m", value_parser = length)]
    apart: Length,
    /// Archetypes to choose from, separated by commas [default: all]
    #[arg(long, value_name = "NAMES")]
    archetype: Vec<String>,
    /// A folder of archetypes (TOML) beside those that come with the program
    #[arg(long = "library", value_name = "DIR")]
    own_archetypes: Option<PathBuf>,
    /// Kind of exercise
    #[arg(long, value_enum, default_value_t = Exercise::Tabletop)]
    kind: Exercise,
    /// How long the exercise takes
    #[arg(long, allow_hyphen_values = true, value_name = "TIME", default_value = "90m", value_parser = length)]
    length: Length,
    /// When the exercise is held, in local time of the run [default: when the story happens]
    #[arg(long, value_name = "TIME")]
    date: Option<String>,
    /// The candidate whose policy is rehearsed
    #[arg(long, value_name = "NAME", default_value = BASE)]
    candidate: String,
    /// How often the simulated organisation plays it
    #[arg(
        long,
        allow_negative_numbers = true,
        value_name = "N",
        default_value_t = 2000,
        value_parser = value_parser!(u32).range(20..=1_000_000)
    )]
    replications: u32,
    /// Seed of the choice and of the simulation [default: the scenario's]
    #[arg(long, allow_negative_numbers = true, value_name = "S", value_parser = run::seed)]
    seed: Option<u64>,
    /// Threads to simulate with [default: one for each processor]
    #[arg(long, allow_negative_numbers = true, value_name = "T", value_parser = value_parser!(u16).range(1..=4096))]
    threads: Option<u16>,
    /// Exports in one folder a delivery, each with its own rows only
    #[arg(long)]
    staged: bool,
    /// Say nothing on standard error but errors
    #[arg(long, short)]
    quiet: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Moment {
    /// Any hour
    Any,
    /// Monday to Friday, 09:00 to 17:00, no holiday
    Office,
    /// 23:00 to 07:00
    Night,
    /// Saturday and Sunday
    Weekend,
    /// A quarter of an hour before a shift ends
    ShiftChange,
    /// A holiday of one of the calendars
    Holiday,
}

impl From<Moment> for When {
    fn from(moment: Moment) -> When {
        match moment {
            Moment::Any => When::Any,
            Moment::Office => When::Office,
            Moment::Night => When::Night,
            Moment::Weekend => When::Weekend,
            Moment::ShiftChange => When::ShiftChange,
            Moment::Holiday => When::Holiday,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Rehearse {
    /// Pages, acknowledgements, the ladder
    Paging,
    /// The change of hands between shifts or sites
    ZoneHandoff,
    /// The second in line is not there
    SecondaryAbsent,
    /// An approval that takes too long
    DecisionGate,
    /// The first impression is wrong
    MisjudgedSeverity,
    /// Many tickets, one incident
    Storm,
    /// Words to customers and executives
    Communications,
}

impl From<Rehearse> for Goal {
    fn from(rehearse: Rehearse) -> Goal {
        match rehearse {
            Rehearse::Paging => Goal::Paging,
            Rehearse::ZoneHandoff => Goal::ZoneHandoff,
            Rehearse::SecondaryAbsent => Goal::SecondaryAbsent,
            Rehearse::DecisionGate => Goal::DecisionGate,
            Rehearse::MisjudgedSeverity => Goal::MisjudgedSeverity,
            Rehearse::Storm => Goal::Storm,
            Rehearse::Communications => Goal::Communications,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Exercise {
    /// The policy is read against the incident
    Walkthrough,
    /// It is talked through; time may jump
    Tabletop,
    /// With the real pager, tickets and chat
    Functional,
}

impl From<Exercise> for Kind {
    fn from(exercise: Exercise) -> Kind {
        match exercise {
            Exercise::Walkthrough => Kind::Walkthrough,
            Exercise::Tabletop => Kind::Tabletop,
            Exercise::Functional => Kind::Functional,
        }
    }
}

/// A length of time on the command line.
pub(super) fn length(text: &str) -> Result<Length, String> {
    let written: Written = text
        .parse()
        .map_err(|misread: crate::time::Misread| misread.to_string())?;
    let length = written
        .elapsed()
        .filter(|length| (1_000..=7 * 86_400_000).contains(&length.ms()));
    length.ok_or_else(|| "write a length of elapsed time from 1s to 7d".to_owned())
}

/// Makes a pack.
pub(super) fn make(arguments: &Arguments) -> Result<(), Failure> {
    let Some(path) = &arguments.scenario else {
        return Err(Failure::Wrong("name a scenario file".into()));
    };
    let document = scenario_file::read(path)?;
    let broken = document.problems().any_error();
    if broken || !arguments.quiet {
        scenario_file::show(&document, document.problems());
    }
    if broken {
        return Err(Failure::Explained);
    }
    let wish = wish(arguments, path, &document)?;
    let target = arguments.out.clone().unwrap_or_else(|| default_target(path));
    let folder = OutputFolder::check_marked(&target, Some(MARK)).map_err(run::of_folder)?;
    interrupt::listen();
    let progress = Progress::new(arguments.quiet);
    let made = crate::drill::make::make(&document, &wish, &progress);
    progress.done();
    let made = made.map_err(|error| super::of_drill(error, &document))?;
    let Pack { files } =
        pack::pack(&made, &document, arguments.staged).map_err(|error| super::of_drill(error, &document))?;
    report::write_files(folder, &files, &interrupt::asked).map_err(run::of_report)?;
    output::result(&fitted(&summary(&made, &target)))
}

fn default_target(scenario: &Path) -> PathBuf {
    let stem = scenario
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default();
    Path::new("out").join(format!("{stem}-drill"))
}

fn wish(arguments: &Arguments, path: &Path, document: &Document) -> Result<Wish, Failure> {
    let of_scenario = document.base().and_then(|base| base.run.seed);
    let file = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let archetypes = archetypes(arguments)?;
    let services = names::listed(&arguments.service, |name| {
        is_service(document, &arguments.candidate, name)
    });
    let options = given(arguments, &services, &archetypes).options();
    Ok(Wish {
        ask: Ask {
            archetypes,
            severity: arguments.severity.clone(),
            services,
            goals: arguments.rehearse.iter().map(|goal| Goal::from(*goal)).collect(),
            when: arguments.when.into(),
            at: None,
            incidents: arguments.incidents,
            apart: arguments.apart,
            seed: arguments.seed.or(of_scenario).unwrap_or(crate::model::defaults::SEED),
        },
        at: arguments.at.clone(),
        hardest: arguments.hardest,
        candidate: arguments.candidate.clone(),
        kind: arguments.kind.into(),
        length: arguments.length,
        date: arguments.date.clone(),
        replications: arguments.replications,
        threads: arguments.threads.map(usize::from),
        file,
        options,
    })
}

fn given(arguments: &Arguments, services: &[String], archetypes: &[Archetype]) -> Given {
    let archetypes: Vec<String> = match arguments.archetype.is_empty() {
        true => Vec::new(),
        false => archetypes.iter().map(|one| one.id.clone()).collect(),
    };
    let goals: Vec<String> = arguments.rehearse.iter().copied().map(word).collect();
    let folder = arguments.own_archetypes.as_deref();
    Given::default()
        .maybe("severity", arguments.severity.clone())
        .list("service", services)
        .unless("any".to_owned(), "when", word(arguments.when))
        .maybe("at", arguments.at.clone())
        .flag("hardest", arguments.hardest)
        .list("rehearse", &goals)
        .unless(1, "incidents", arguments.incidents)
        .unless("15m".to_owned(), "apart", arguments.apart.to_string())
        .list("archetype", &archetypes)
        .maybe("library", folder.map(|folder| folder.display().to_string()))
        .unless("tabletop".to_owned(), "kind", word(arguments.kind))
        .unless("1h 30m".to_owned(), "length", arguments.length.to_string())
        .maybe("date", arguments.date.clone())
        .unless(BASE.to_owned(), "candidate", arguments.candidate.clone())
        .unless(2000, "replications", arguments.replications)
        .maybe("seed", arguments.seed)
        .flag("staged", arguments.staged)
}

/// Whether the candidate has a service of that name.
fn is_service(document: &Document, candidate: &str, name: &str) -> bool {
    let scenario = document.scenario(candidate).or(document.base());
    scenario.is_some_and(|scenario| scenario.services.contains_key(name))
}

/// The library, a folder of the user's beside it, and of both those that were named.
fn archetypes(arguments: &Arguments) -> Result<Vec<Archetype>, Failure> {
    let mut all = library();
    if let Some(folder) = &arguments.own_archetypes {
        for own in read_library(folder)? {
            all.retain(|other| other.id != own.id);
            all.push(own);
        }
    }
    if arguments.archetype.is_empty() {
        return Ok(all);
    }
    let known: Vec<String> = all.iter().map(|one| one.id.clone()).collect();
    let named = |name: &String| {
        let found = all.iter().find(|one| one.id == *name).cloned();
        found.ok_or_else(|| {
            Failure::Wrong(format!(
                "no archetype is called `{name}`; there are {}",
                known.join(", ")
            ))
        })
    };
    let wanted = names::listed(&arguments.archetype, |name| known.iter().any(|other| other == name));
    wanted.iter().map(named).collect()
}

fn read_library(folder: &Path) -> Result<Vec<Archetype>, Failure> {
    let unreadable =
        |path: &Path, error: std::io::Error| Failure::Wrong(format!("cannot read {}: {error}", path.display()));
    let entries =
        fs::read_dir(folder).and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect());
    let mut paths: Vec<PathBuf> = entries.map_err(|error| unreadable(folder, error))?;
    paths.retain(|path| path.extension().is_some_and(|end| end == "toml"));
    paths.sort();
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(path).map_err(|error| unreadable(path, error))?;
        let id = path
            .file_stem()
            .map(|stem| stem.to_string_lossy().into_owned())
            .unwrap_or_default();
        Archetype::read(&id, &path.display().to_string(), &text).map_err(|error| Failure::Wrong(error.to_string()))
    };
    paths.iter().map(read).collect()
}

/// What was made, for the facilitator.
fn summary(made: &Made, target: &Path) -> String {
    let drill: &Drill = &made.drill;
    let mut text = format!(
        "{}: {} of {}, {} injects\n",
        drill.name(),
        drill.kind.word(),
        words(drill.length_s as f64),
        drill.injects.len()
    );
    for story in &drill.stories {
        text += &format!(
            "  {} fails: {} ({}, reported as {})\n",
            story.service, story.title, story.severity, story.reported
        );
    }
    text += &format!("  in the story it is {} ({})\n", drill.story_at, drill.zone);
    for remark in &made.remarks {
        text += &format!("  {remark}\n");
    }
    for absent in &drill.absent {
        text += &format!("  not there: {}, {}\n", absent.person, absent.place);
    }
    for slow in &drill.slow {
        text += &format!(
            "  slow: {} answers after {} (gate {})\n",
            slow.role, slow.reaction, slow.gate
        );
    }
    text.push('\n');
    text += "The simulated organisation:\n";
    text += &format!("{:<22}{:>31}{:>13}{:>14}\n", "", "target", "median", "ninth decile");
    for band in &drill.bands {
        text += &format!(
            "  {:<20}{:>31}{:>13}{:>14}\n",
            band.key(),
            band.target_words(),
            words_or_never(band.p50.value),
            words_or_never(band.p90.value)
        );
    }
    for line in &drill.why_hard {
        text += &format!("\n{line}");
    }
    if !drill.why_hard.is_empty() {
        text.push('\n');
    }
    text + &format!(
        "\n{} replications. The pack: {}; begin with facilitator/guide.html\n",
        drill.source.replications,
        target.display()
    )
}
