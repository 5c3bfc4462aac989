//! `escalade drill score PACK [OBSERVED]`: what the team did against the model and the targets.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use super::super::exit::Failure;
use super::super::{interrupt, output, run};
use super::plan::read_record;
use super::play::open;
use crate::drill::after_action::{Report, SCORE_MARK};
use crate::drill::exercise::Drill;
use crate::drill::observed::{Observed, Stopped};
use crate::drill::offset::words_or_never;
use crate::drill::pack::Opened;
use crate::drill::play::Session;
use crate::drill::propose::proposals;
use crate::drill::record::{Held, Record};
use crate::drill::score::{Score, assumption, score};
use crate::drill::shell::quoted;
use crate::report::screen::fitted;
use crate::report::{self, OutputFolder};
use crate::scenario::Document;

/// Score a drill against its model and write the after-action report
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The pack's folder
    pack: PathBuf,
    /// What was observed [default: PACK/run/observed.csv]
    observed: Option<PathBuf>,
    /// Folder for the report [default: the pack's name and -after-action]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Add the drill to the record of what was rehearsed, as `drill plan` reads it
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// The drill was not announced (for the record)
    #[arg(long, requires = "record")]
    unannounced: bool,
}

/// Scores a drill.
pub(super) fn score_drill(arguments: &Arguments) -> Result<(), Failure> {
    let opened = open(&arguments.pack)?;
    let path = arguments
        .observed
        .clone()
        .unwrap_or_else(|| arguments.pack.join("run").join("observed.csv"));
    let text = fs::read_to_string(&path).map_err(|error| {
        let help = "; `escalade drill play` writes it, or fill in the evaluation sheet's columns by hand";
        Failure::Wrong(format!("cannot read {}: {error}{help}", path.display()))
    })?;
    let mut observed = Observed::read(&opened.drill, &path.display().to_string(), &text).map_err(Failure::Wrong)?;
    if observed.is_empty() {
        return Err(Failure::Wrong(format!(
            "{} holds nothing but its first line: there is nothing to score (what was not reached is a row without a time)",
            path.display()
        )));
    }
    let log = Log::beside(&path, arguments, &opened.drill);
    observed.stopped = log
        .stopped
        .filter(|stop| observed.last_s().is_none_or(|last| last < stop.story_s + 1.0));
    if let (Some(stop), Some(record)) = (observed.stopped, &arguments.record) {
        return Err(Failure::Wrong(format!(
            "the drill was {}, and is not recorded in {}: `escalade drill play {}` goes on with it; without --record it is \
             scored as far as it was played",
            stop.words(),
            record.display(),
            quoted(&arguments.pack.display().to_string())
        )));
    }
    let document = Document::parse("scenario.toml", opened.scenario.as_str());
    let scored = score(&opened, &observed);
    let proposals = proposals(&opened, &observed, &document);
    let report = Report {
        delivered: log.delivered,
        opened: &opened,
        observed: &observed,
        score: &scored,
        proposals: &proposals,
    };
    let files = report
        .files()
        .map_err(|error| Failure::Failed(format!("the report cannot be written: {error}")))?;
    let target = arguments.out.clone().unwrap_or_else(|| beside(&arguments.pack));
    let folder = OutputFolder::check_marked(&target, Some(SCORE_MARK)).map_err(run::of_folder)?;
    let recorded = arguments
        .record
        .as_deref()
        .map(|path| recorded(path, &opened, &scored, !arguments.unannounced));
    let recorded = recorded.transpose()?;
    report::write_files(folder, &files, &interrupt::asked).map_err(run::of_report)?;
    if let (Some(text), Some(path)) = (recorded, &arguments.record) {
        replace(path, &text)?;
    }
    output::result(&fitted(&summary(&scored, &observed, &target)))
}

/// What the log of the run says.
#[derive(Default)]
struct Log {
    /// Injects with the second of the exercise at which they were delivered.
    delivered: Vec<(String, f64)>,
    /// Where it was stopped, if it was.
    stopped: Option<Stopped>,
}

impl Log {
    /// The log beside the observations, else the pack's own. One of another drill, or none, is no reason not to score: then
    /// nothing is known of deliveries, and the drill counts as played to its end.
    fn beside(observed: &Path, arguments: &Arguments, drill: &Drill) -> Log {
        let of_pack = arguments.pack.join("run").join("play.jsonl");
        let read = |path: &Path| fs::read_to_string(path).ok().filter(|text| !text.trim().is_empty());
        let Some(text) = read(&observed.with_file_name("play.jsonl")).or_else(|| read(&of_pack)) else {
            return Log::default();
        };
        let session = Session::read(drill, &text);
        session.map_or_else(
            |_| Log::default(),
            |session| Log {
                delivered: session.delivered(),
                stopped: session.stopped(),
            },
        )
    }
}

/// The record's new text: the old one as it stands, and this drill's incidents, in place of those it has of it already.
fn recorded(path: &Path, opened: &Opened, scored: &Score, announced: bool) -> Result<String, Failure> {
    let record = read_record(path)?;
    let text = fs::read_to_string(path).unwrap_or_default();
    let drill = &opened.drill;
    if record.drills.iter().any(|held| held.drill == drill.id) {
        output::note(&format!(
            "{} holds this drill already; its entry is replaced",
            path.display()
        ));
    }
    let held = drill.stories.iter().map(|story| Held {
        date: drill.start_at.get(..10).unwrap_or_default().to_owned(),
        drill: drill.id.clone(),
        service: story.service.clone(),
        archetype: story.archetype.clone(),
        when: drill.when,
        severity: story.severity.clone(),
        announced,
        score: scored.points,
    });
    let held: Vec<Held> = held.collect();
    Record::with(&text, &held).map_err(|why| Failure::Wrong(format!("{}: {why}", path.display())))
}

/// Puts a file in another's place at once.
fn replace(path: &Path, text: &str) -> Result<(), Failure> {
    let beside = path.with_extension("toml.new");
    let written = fs::write(&beside, text).and_then(|()| fs::rename(&beside, path));
    written.map_err(|error| Failure::Failed(format!("cannot write {}: {error}", path.display())))
}

fn beside(pack: &Path) -> PathBuf {
    let name = pack
        .file_name()
        .map_or("drill".into(), |name| name.to_string_lossy().into_owned());
    pack.with_file_name(format!("{name}-after-action"))
}

fn summary(score: &Score, observed: &Observed, target: &Path) -> String {
    let mut text = observed.stopped.map_or(String::new(), |stop| {
        format!(
            "The drill was {}: what was not due by then is not judged.\n\n",
            stop.words()
        )
    });
    text += &format!(
        "{:<20}{:>14}{:>14}{:>14}\n",
        "milestone", "observed", "median", "ninth decile"
    );
    for one in &score.scored {
        text += &format!(
            "{:<20}{:>14}{:>14}{:>14}\n    {}; {}\n",
            one.band.key(),
            one.seen_words(),
            words_or_never(one.band.p50.value),
            words_or_never(one.band.p90.value),
            one.verdict.words(),
            match one.band.target_s {
                Some(_) => format!("the target is {}", one.band.target_words()),
                None => "there is no target".to_owned(),
            }
        );
    }
    text.push('\n');
    for one in &score.rated {
        let rating = one.rating().map_or("not rated".to_owned(), |rating| {
            format!("{}, {}", rating.letter(), rating.words())
        });
        text += &format!("{}. {}: {rating}\n", one.objective.number, one.objective.text);
    }
    for one in score
        .scored
        .iter()
        .filter(|one| one.verdict == crate::drill::score::Verdict::Slower)
    {
        text += &format!(
            "\nslower than the model: {}; it assumes {}",
            one.band.milestone.label(),
            assumption(one.band.milestone)
        );
    }
    let points = score
        .points
        .map_or("nothing to score".to_owned(), |points| format!("{points:.2} of 1"));
    text + &format!("\nin all: {points}. The report: {}\n", target.display())
}
