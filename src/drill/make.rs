//! From a scenario and a wish to a drill: chosen, played thousands of times, written as a script.

use super::DrillError;
use super::bands::{Promises, bands};
use super::choose::{Ask, Choice, Incident, choose, repair_tier};
use super::duty::{clock, duty, first_team, holders, on_call};
use super::exercise::{Drill, FORMAT, Kind, Source, Story};
use super::goal::Goal;
use super::hardest::{Search, hardest};
use super::met::{MetNames, names as met_names, usual};
use super::milestone::Milestone;
use super::moment::{When, is};
use super::offset::words;
use super::script::{Names, Setting, length_needed, objectives, script, trimmed};
use super::stage::{Played, Stage};
use crate::experiment::{Rehearsal, RunError, Watch};
use crate::model::{CustomerTierId, Model, ServiceId, SeverityId, TargetKind, compile};
use crate::scenario::{Document, Problems, Scenario, fingerprint};
use crate::time::{Instant, Length, Misread};
use serde_json::{Map, Value};

/// What is wished for, beside the incident itself.
#[derive(Debug, Clone)]
pub struct Wish {
    /// Which incident, where and when.
    pub ask: Ask,
    /// The moment as a local date and time, instead of a kind of moment.
    pub at: Option<String>,
    /// Search for the hardest moment.
    pub hardest: bool,
    /// Whose policy.
    pub candidate: String,
    /// The kind of exercise.
    pub kind: Kind,
    /// Its length.
    pub length: Length,
    /// When it is held, local date and time of the run's zone; `None`: when the story happens.
    pub date: Option<String>,
    /// Replications.
    pub replications: u32,
    /// Threads.
    pub threads: Option<usize>,
    /// The scenario's file name, without a folder.
    pub file: String,
    /// What was asked for on the command line, as it is called there.
    pub options: Map<String, Value>,
}

/// A drill, and what the simulated organisation did in each replication.
#[derive(Debug, Clone)]
pub struct Made {
    /// The drill.
    pub drill: Drill,
    /// By incident.
    pub played: Vec<Played>,
    /// What was taken for what can be read in two ways.
    pub remarks: Vec<String>,
}

/// Makes a drill. The same document, wish and version make the same drill.
///
/// Errors: the scenario is wrong, there is no such candidate, nothing fits the wish, or the watcher asked to stop.
pub fn make(document: &Document, wish: &Wish, watch: &dyn Watch) -> Result<Made, DrillError> {
    let scenario = scenario(document, &wish.candidate)?;
    let model = compiled(scenario)?;
    let mut ask = wish.ask.clone();
    if let Some(text) = &wish.at {
        ask.at = Some(moment(&model, text)?);
    }
    let mut choice = choose(scenario, &model, &ask)?;
    let untrimmed = choice.incidents.clone();
    choice.incidents = trimmed(&untrimmed, &choice.goals, wish.length.ms() / 1000);
    let mut why_hard = Vec::new();
    if wish.hardest {
        let search = search(scenario, &model, &choice, &ask, wish.threads);
        let found = hardest(&search, watch)?;
        choice.at = found.at;
        choice.incidents[0].service = found.service;
        let others = (0..model.names.services.len()).find(|other| *other != found.service);
        choice.incidents[0].other = others;
        why_hard = found.why;
    }
    let stage = Stage::set(scenario, &model.origin, choice.at, &choice.incidents, &choice.goals)?;
    let rehearsal = Rehearsal {
        seed: ask.seed,
        replications: wish.replications,
        threads: wish.threads,
    };
    let played = stage.play(rehearsal, watch)?;
    let start = match &wish.date {
        Some(text) => instant(&model, text)?,
        None => choice.at,
    };
    let drill = written(document, wish, &model, &stage, &choice, &played, start);
    if drill.ends_s() > drill.length_s {
        return Err(too_short(&drill, &untrimmed, &choice.goals, &names(&model, &stage)));
    }
    let written = [&wish.at, &wish.date].into_iter().flatten();
    Ok(Made {
        remarks: written.filter_map(|text| doubled(&model, text)).collect(),
        drill: Drill { why_hard, ..drill },
        played,
    })
}

/// The scenario of a candidate of a sound document.
pub(super) fn scenario<'a>(document: &'a Document, candidate: &str) -> Result<&'a Scenario, DrillError> {
    if document.problems().any_error() {
        return Err(DrillError::Run(RunError::Problems(document.problems().clone())));
    }
    document.scenario(candidate).ok_or_else(|| {
        DrillError::Run(RunError::UnknownCandidate {
            name: candidate.to_owned(),
            known: document.scenarios().map(|(name, _)| name.to_owned()).collect(),
        })
    })
}

pub(super) fn compiled(scenario: &Scenario) -> Result<Model, DrillError> {
    let mut problems = Problems::new();
    compile(scenario, &mut problems).ok_or(DrillError::Run(RunError::Problems(problems)))
}

fn instant(model: &Model, text: &str) -> Result<Instant, DrillError> {
    let (origin, zone) = (&model.origin, model.origin.zone());
    let wrong = |misread: Misread| DrillError::Wrong(misread.to_string());
    match origin.times_shown(text, zone).map_err(wrong)? {
        0 => Err(DrillError::Wrong(format!(
            "there is no `{text}` in {}: clocks are put forward over it; write another time",
            zone.name()
        ))),
        _ => origin.read_instant(text, zone).map_err(wrong),
    }
}

/// A moment of the run.
fn moment(model: &Model, text: &str) -> Result<Instant, DrillError> {
    let at = instant(model, text)?;
    match at >= Instant::START && at < model.window.until {
        true => Ok(at),
        false => Err(DrillError::Wrong(format!(
            "`{text}` lies outside of the scenario's run, which is from {} to {}: write a time within it, or another `run.start` \
             or `run.horizon`",
            model.origin.iso(Instant::START),
            model.origin.iso(model.window.until)
        ))),
    }
}

/// Which of two instants is taken for a local time that clocks show twice.
fn doubled(model: &Model, text: &str) -> Option<String> {
    let (origin, zone) = (&model.origin, model.origin.zone());
    let at = origin.read_instant(text, zone).ok()?;
    let is_doubled = origin.times_shown(text, zone) == Ok(2);
    is_doubled.then(|| {
        format!(
            "clocks in {} show {text} twice; the first of the two is taken, {}",
            zone.name(),
            origin.iso(at)
        )
    })
}

fn search<'a>(
    scenario: &'a Scenario,
    model: &'a Model,
    choice: &'a Choice,
    ask: &Ask,
    threads: Option<usize>,
) -> Search<'a> {
    let index = |name: &String| model.names.services.iter().position(|other| other == name);
    Search {
        scenario,
        model,
        incident: &choice.incidents[0],
        services: ask.services.iter().filter_map(index).collect(),
        when: ask.when,
        goals: &choice.goals,
        seed: ask.seed,
        threads,
    }
}

fn written(
    document: &Document,
    wish: &Wish,
    model: &Model,
    stage: &Stage,
    choice: &Choice,
    played: &[Played],
    start: Instant,
) -> Drill {
    let bands: Vec<_> = choice
        .incidents
        .iter()
        .enumerate()
        .flat_map(|(index, incident)| {
            let from = stage.cases[index].from;
            let promises = Promises::made(&stage.model, from, incident, usual(&played[index].met));
            bands(index + 1, &played[index].reached, &promises)
        })
        .collect();
    let names = names(model, stage);
    let stories: Vec<Story> = (0..choice.incidents.len())
        .map(|index| story(model, stage, choice, index))
        .collect();
    let story_at = model.origin.iso(choice.at);
    let id = identity(document, wish, choice);
    let length_s = wish.length.ms() / 1000;
    let setting = Setting {
        incidents: &choice.incidents,
        goals: &choice.goals,
        bands: &bands,
        kind: wish.kind,
        length_s,
        names: &names,
        id: &id,
    };
    let known = |milestone: &Milestone| bands.iter().any(|band| band.milestone == *milestone);
    Drill {
        format: FORMAT,
        source: Source {
            name: model.names.scenario.clone(),
            file: wish.file.clone(),
            fingerprint: format!("{:016x}", document.hash()),
            candidate: wish.candidate.clone(),
            seed: wish.ask.seed,
            replications: wish.replications,
        },
        options: wish.options.clone(),
        kind: wish.kind,
        length_s,
        when: condition(document, wish, model, choice),
        zone: model.origin.zone().name().to_owned(),
        story_at,
        start_at: model.origin.iso(start),
        objectives: objectives(&choice.goals, &bands),
        injects: script(&setting),
        not_modelled: Milestone::ALL
            .into_iter()
            .filter(|milestone| !known(milestone))
            .filter(|milestone| milestone.tier().is_none_or(|tier| tier < model.names.tiers.len()))
            .collect(),
        tiers: model.names.tiers.clone(),
        cadence_s: cadence(&stage.model, choice),
        duty: duty(stage),
        on_call: on_call(stage),
        holders: holders(stage),
        absent: stage.absent.clone(),
        slow: stage.slow.clone(),
        met: played
            .first()
            .map_or_else(MetNames::default, |first| met_names(&stage.model, usual(&first.met))),
        why_hard: Vec::new(),
        stories,
        bands,
        id,
    }
}

/// The exercise's planned length has no room for its script.
fn too_short(drill: &Drill, untrimmed: &[Incident], goals: &[Goal], names: &Names) -> DrillError {
    let setting = Setting {
        incidents: untrimmed,
        goals,
        bands: &drill.bands,
        kind: drill.kind,
        length_s: drill.length_s,
        names,
        id: &drill.id,
    };
    DrillError::Wrong(format!(
        "a {} exercise of {} has no room for its script: write `--length {}m` or more",
        drill.kind.word(),
        words(drill.length_s as f64),
        length_needed(&setting) / 60
    ))
}

/// What was asked for; where that says nothing of the hour, what the story's hour is.
fn condition(document: &Document, wish: &Wish, model: &Model, choice: &Choice) -> When {
    let asked = wish.ask.when;
    let any_hour = matches!(asked, When::Any | When::ShiftChange);
    let scenario = document.scenario(&wish.candidate).filter(|_| any_hour);
    let found = scenario.and_then(|scenario| {
        let kinds = [When::Night, When::Holiday, When::Weekend, When::Office];
        kinds.into_iter().find(|when| is(scenario, model, *when, choice.at))
    });
    found.unwrap_or(asked)
}

/// A fingerprint of all that the drill is made from: whole archetypes, too, as theirs may be anybody's.
fn identity(document: &Document, wish: &Wish, choice: &Choice) -> String {
    let text = format!(
        "{:016x}/{}/{}/{}/{}/{}/{}/{:?}/{:?}/{:?}/{choice:?}",
        document.hash(),
        wish.candidate,
        wish.ask.seed,
        wish.replications,
        wish.kind.word(),
        wish.length,
        wish.hardest,
        wish.ask.services,
        wish.ask.when,
        wish.date,
    );
    format!("{:016x}", fingerprint(text.as_bytes()))
}

fn story(model: &Model, stage: &Stage, choice: &Choice, index: usize) -> Story {
    let (incident, names) = (&choice.incidents[index], &model.names);
    let tier = repair_tier(model, &incident.archetype, incident.service);
    let median = super::archetype::length(&incident.archetype.repair.median);
    Story {
        number: index + 1,
        archetype: incident.archetype.id.clone(),
        title: incident.archetype.title.clone(),
        cause: incident.archetype.cause.clone(),
        service: names.services[incident.service].clone(),
        other: incident
            .other
            .map(|other| names.services[other].clone())
            .unwrap_or_default(),
        severity: names.severities[incident.severity].clone(),
        reported: names.severities[incident.reported].clone(),
        solved_at: names.tiers[tier].clone(),
        first_team: first_team(stage, incident),
        repair_median_s: median.map_or(0.0, Length::secs_f64),
        repair_sigma: incident.archetype.repair.sigma,
        after_s: incident.after.secs_f64(),
        spoilers: incident.archetype.spoilers.clone(),
    }
}

fn names(model: &Model, stage: &Stage) -> Names {
    let customer = match model.names.customer_tiers.first().map(String::as_str) {
        None | Some("") => "a large customer".to_owned(),
        Some(tier) => format!("a {tier} customer"),
    };
    let ends = stage
        .model
        .crews
        .iter()
        .flat_map(|crew| &crew.shifts)
        .map(|(_, end)| *end);
    let soon = ends
        .filter(|end| *end > stage.at() && *end - stage.at() <= Length::from_secs(4 * 3600))
        .min();
    Names {
        services: model.names.services.clone(),
        severities: model.names.severities.clone(),
        customer,
        shift_end: soon.map_or(String::new(), |end| format!("at {}", clock(&stage.model, end))),
        second: stage
            .absent
            .first()
            .map_or(String::new(), |absent| absent.person.clone()),
        approver: stage
            .slow
            .first()
            .map_or(String::new(), |slow| format!("the {}", slow.role)),
    }
}

/// The update target of the severity that the first incident is reported with.
fn cadence(model: &Model, choice: &Choice) -> Option<f64> {
    let incident = &choice.incidents[0];
    let (severity, service) = (SeverityId::new(incident.reported), ServiceId::new(incident.service));
    let target = model
        .targets
        .get(TargetKind::Update, severity, service, CustomerTierId::new(0));
    target.map(|target| target.within.secs_f64())
}
