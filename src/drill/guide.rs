//! What the facilitator holds: the guide, the evaluation sheet and the form of the after-action report.

use super::archetype::InjectKind;
use super::bands::{Band, Quantile};
use super::chart;
use super::exercise::{Drill, Inject, Kind};
use super::goal::Goal;
use super::milestone::Milestone;
use super::msel;
use super::offset::{offset, offset_or_never, words, words_or_never};
use super::paper::{Block, Paper};
use super::script::capital;

/// On every sheet that participants must not see.
const STAMP: &str = "For facilitators and evaluators only";

/// The facilitator's guide: everything needed to run the drill without preparation.
pub fn guide(drill: &Drill) -> Paper {
    let mut paper = Paper::new(format!("{}: facilitator's guide", drill.name()), STAMP);
    overview(drill, &mut paper);
    before_the_start(drill, &mut paper);
    what_really_happens(drill, &mut paper);
    events(drill, &mut paper);
    expected(drill, &mut paper);
    running(drill, &mut paper);
    provenance(drill, &mut paper);
    paper
}

fn overview(drill: &Drill, paper: &mut Paper) {
    let length = words(drill.length_s as f64);
    paper.say(format!(
        "A {} of {length}. In the story it is {} ({}); the exercise begins at {}.",
        drill.kind.word(),
        clock(&drill.story_at),
        drill.zone,
        clock(&drill.start_at)
    ));
    paper.chapter("Objectives");
    let rows = drill.objectives.iter().map(|objective| {
        let milestones: Vec<&str> = objective.milestones.iter().map(|milestone| milestone.label()).collect();
        let seen = match milestones.is_empty() {
            true => "by what evaluators note".to_owned(),
            false => milestones.join(", "),
        };
        vec![objective.number.to_string(), objective.text.clone(), seen]
    });
    paper.table(&["no.", "objective", "shown by"], rows.collect());
}

fn before_the_start(drill: &Drill, paper: &mut Paper) {
    paper.chapter("Before the start");
    let mut tasks = vec![
        "Print this guide and the evaluation sheet for yourself and the evaluators; the brief and one role card each for the players.".to_owned(),
        "Give away the roles: who plays what is yours to decide; the cards say who may.".to_owned(),
        "Send the calendar file (participants/drill.ics).".to_owned(),
        "Tell whoever may notice from outside that this is a drill, and how to stop it: anybody says \"stop, real\".".to_owned(),
    ];
    if drill.kind == Kind::Functional {
        tasks.push(
            "Replace the routing key in exports/alerts-pagerduty.json, or start `escalade drill play` with --webhook."
                .to_owned(),
        );
        tasks.push("Import the tickets only into a test project, or only when they are due.".to_owned());
    }
    paper.blocks.push(Block::Tasks(tasks));
    paper.section("On duty when the story begins");
    if drill.duty.is_empty() {
        paper.say("Nobody.");
    } else {
        let rows = drill.duty.iter().map(|duty| {
            let until = if duty.until.is_empty() {
                "always".to_owned()
            } else {
                format!("until {}", duty.until)
            };
            vec![
                duty.team.clone(),
                duty.shift.clone(),
                duty.tier.clone(),
                duty.people.to_string(),
                until,
            ]
        });
        paper.table(&["team", "shift", "support tier", "people", ""], rows.collect());
    }
    if !drill.on_call.is_empty() {
        paper.section("On call when the story begins");
        let rows = drill.on_call.iter();
        let rows = rows.map(|duty| vec![duty.schedule.clone(), duty.person.clone(), duty.team.clone()]);
        paper.table(&["schedule", "person", "team"], rows.collect());
    }
    if !drill.holders.is_empty() {
        paper.section("Roles by the scenario");
        let rows = drill.holders.iter();
        let rows = rows.map(|held| vec![held.role.label().to_owned(), held.name.clone(), held.who.clone()]);
        paper.table(
            &["role of the exercise", "role of the scenario", "held by"],
            rows.collect(),
        );
    }
}

fn what_really_happens(drill: &Drill, paper: &mut Paper) {
    paper.chapter("What really happens");
    for story in &drill.stories {
        paper.section(format!("{}. {}", story.number, story.title));
        paper.say(story.cause.clone());
        let mut points = vec![
            format!("Fails: {}. First symptom at {}.", story.service, offset(story.after_s)),
            format!("Reported as {}, truly {}.", story.reported, story.severity),
            format!(
                "Only {} is able to repair it; in the simulation that takes {} of work in the median.",
                story.solved_at,
                words(story.repair_median_s)
            ),
        ];
        let herrings = drill
            .injects
            .iter()
            .filter(|inject| inject.kind == InjectKind::RedHerring && inject.incident == story.number);
        points.extend(herrings.map(|inject| format!("Number {} leads astray: {}", inject.number, inject.truth)));
        paper.list(points);
    }
    let staged = rehearsed(drill);
    if !staged.is_empty() {
        paper.section("What is different from an ordinary day");
        paper.list(staged);
    }
    if !drill.why_hard.is_empty() {
        paper.section("Why this is the hardest moment");
        paper.list(drill.why_hard.iter().cloned());
    }
}

/// What goals change of the organisation, in the story as in the simulation behind the expected times.
fn rehearsed(drill: &Drill) -> Vec<String> {
    let has = |goal: Goal| drill.objectives.iter().any(|objective| objective.goal == Some(goal));
    let mut lines: Vec<String> = Vec::new();
    lines.extend(drill.absent.iter().map(|absent| {
        format!(
            "{}, {}, is away, answers no page, and nobody stands in. So it was in the simulation: the expected times are without them.",
            absent.person, absent.place
        )
    }));
    if has(Goal::SecondaryAbsent) && drill.absent.is_empty() {
        lines.push(
            "The scenario has nobody who is second in line for that service: the expected times do not know the absence.".into(),
        );
    }
    lines.extend(drill.slow.iter().map(|slow| {
        format!(
            "{} answers {} after being asked (gate {}). So it was in the simulation; the times of the decision are those of that gate.",
            capital(&slow.role),
            slow.reaction,
            slow.gate
        )
    }));
    if has(Goal::DecisionGate) && drill.slow.is_empty() {
        lines.push(
            "The scenario has no gate at which somebody is asked: the expected times know no slow decision.".into(),
        );
    }
    lines
}

fn events(drill: &Drill, paper: &mut Paper) {
    paper.blocks.push(Block::Sheet);
    paper.chapter("Master scenario events list");
    paper.say("Deliver each row at its time, in its words. Rows with a letter are used only if what they name has not come by then. \
         \"By\" says when the simulated organisation is there, in the story's time: the median, and the time by which nine of ten are.");
    let rows = drill.injects.iter().map(|inject| {
        vec![
            inject.number.clone(),
            offset(inject.offset_s as f64),
            inject.kind.to_string().replace('_', " "),
            format!("{}, {}", inject.from, inject.method),
            inject.to.label().to_owned(),
            msel::delivered(drill, inject),
            format!("{}{}", inject.expected_action, by_when(drill, inject)),
        ]
    });
    paper.table(
        &["no.", "at", "type", "from", "to", "inject", "expected"],
        rows.collect(),
    );
}

/// By when an inject's expectations are met: the story's offset of the median and of the ninth decile. Empty if it has none.
fn by_when(drill: &Drill, inject: &Inject) -> String {
    let bands = inject.expects.iter().filter_map(|key| drill.band(key));
    let by = bands.map(|band| {
        let start = drill.stories.get(band.incident - 1).map_or(0.0, |story| story.after_s);
        let at = |quantile: Quantile| offset_or_never(quantile.value.map(|value| start + value));
        format!("{} {} (nine of ten {})", band.key(), at(band.p50), at(band.p90))
    });
    match by.collect::<Vec<_>>().join("; ") {
        by if by.is_empty() => by,
        by => format!(". By: {by}"),
    }
}

fn expected(drill: &Drill, paper: &mut Paper) {
    paper.blocks.push(Block::Sheet);
    paper.chapter("Expected timeline");
    paper.say(format!(
        "What {} simulated replications of this organisation did with the same incident, counted from its first symptom in the \
         story's time. A replication that does not get there counts as later than all others. In brackets: 95 % intervals.",
        drill.source.replications
    ));
    let words: Vec<String> = drill
        .bands
        .iter()
        .map(|band| format!("{} {}", band.key(), words_or_never(band.p50.value)))
        .collect();
    paper.blocks.push(Block::Figure(
        chart::timeline(&drill.bands, |_| None),
        format!("Medians: {}.", words.join(", ")),
    ));
    paper.table(&HEADS, drill.bands.iter().map(row).collect());
    let tiers = drill.milestones().filter_map(Milestone::tier);
    let tiers = tiers.filter_map(|tier| Some(format!("tier {} is {}", tier + 1, drill.tiers.get(tier)?)));
    let tiers: Vec<String> = tiers.collect();
    if !tiers.is_empty() {
        paper.say(format!(
            "Of the support tiers, counted from the lowest, {}.",
            tiers.join(", ")
        ));
    }
    if !drill.not_modelled.is_empty() {
        let names: Vec<&str> = drill.not_modelled.iter().map(|milestone| milestone.label()).collect();
        paper.say(format!(
            "Not modelled by this scenario, so without a time to compare with: {}. Note them all the same.",
            names.join(", ")
        ));
    }
}

/// Heads of the table of bands.
pub(super) const HEADS: [&str; 7] = [
    "milestone",
    "target",
    "first decile",
    "median",
    "ninth decile",
    "never",
    "misses the target",
];

/// A band as a row of that table.
pub(super) fn row(band: &Band) -> Vec<String> {
    let label = match band.incident {
        1 => band.milestone.label().to_owned(),
        number => format!("{number}: {}", band.milestone.label()),
    };
    vec![
        label,
        band.target_words(),
        time(band.p10),
        time(band.p50),
        time(band.p90),
        percent(band.never),
        band.misses.map_or("none to miss".to_owned(), percent),
    ]
}

fn time(quantile: Quantile) -> String {
    match quantile.value {
        None => "never".to_owned(),
        Some(value) => {
            let high = quantile.high.map_or("never".to_owned(), words);
            format!("{} ({} to {high})", words(value), words(quantile.low.unwrap_or(0.0)))
        }
    }
}

/// A share with its interval, in per cent.
pub(super) fn percent(share: Quantile) -> String {
    let part = |value: Option<f64>| value.unwrap_or(0.0) * 100.0;
    format!(
        "{:.1} % ({:.1} to {:.1})",
        part(share.value),
        part(share.low),
        part(share.high)
    )
}

fn running(drill: &Drill, paper: &mut Paper) {
    paper.chapter("Running it");
    paper.list([
        "StartEx: read the brief aloud, say the time of the story, deliver number 1.",
        "`escalade drill play` with this folder shows what is due, takes times and notes by a key, and goes on after an interruption.",
        "Answer questions about the exercise, never about the systems: \"what would you look at?\"",
        "Nobody is hurried towards the answer. A wrong way is taken to its end, or to the next inject.",
        "Stop at once if something real happens.",
        "EndEx: deliver the last row and go straight into the hot wash: what surprised us, what helped, what was luck, one thing each.",
    ]);
    if drill.kind != Kind::Functional {
        paper.say("Time may jump where the story waits: say the new time aloud, twice.");
    }
}

fn provenance(drill: &Drill, paper: &mut Paper) {
    let source = &drill.source;
    paper.chapter("Where it comes from");
    paper.list([
        format!(
            "Scenario {} ({}, fingerprint {}), policy {}",
            source.name, source.file, source.fingerprint, source.candidate
        ),
        format!(
            "Seed {}, {} replications, drill {}",
            source.seed, source.replications, drill.id
        ),
        format!(
            "Simulated before the incident: {}; followed after its last ticket: {}",
            words(super::stage::SETTLE.secs_f64()),
            words(super::stage::FOLLOW.secs_f64())
        ),
    ]);
}

/// The evaluator's sheet.
pub fn evaluation(drill: &Drill) -> Paper {
    let mut paper = Paper::new(format!("{}: evaluation sheet", drill.name()), STAMP);
    paper.say("Evaluators watch and write, and do not help. Times are those of the story, from its first symptom.");
    paper.chapter("Milestones");
    let modelled = drill.bands.iter().map(|band| {
        let target = match band.target_s.or(band.limit.map(|limit| limit.within_s)) {
            Some(_) => band.target_words(),
            None => String::new(),
        };
        vec![
            band.key(),
            target,
            words_or_never(band.p50.value),
            words_or_never(band.p90.value),
            String::new(),
            String::new(),
        ]
    });
    let others = drill.not_modelled.iter().map(|milestone| {
        vec![
            milestone.word().to_owned(),
            String::new(),
            "not modelled".to_owned(),
            String::new(),
            String::new(),
            String::new(),
        ]
    });
    paper.table(
        &[
            "milestone",
            "target",
            "median",
            "ninth decile",
            "observed at",
            "who, how",
        ],
        modelled.chain(others).collect(),
    );
    paper.chapter("Objectives");
    paper.say("P: performed without challenges. S: with some. M: with major challenges. U: unable to be performed.");
    for objective in &drill.objectives {
        paper.section(format!("{}. {}", objective.number, objective.text));
        paper
            .blocks
            .push(Block::Lines("Rating (P, S, M, U), and what was seen:".to_owned(), 4));
    }
    paper.chapter("Questions for the hot wash");
    paper.list([
        "When did we know what we had? What would have told us sooner?",
        "Who commanded, and did everybody know?",
        "What did customers hear, and when?",
        "Which rule of the policy helped, which stood in the way?",
        "What was luck?",
    ]);
    paper
}

/// The after-action report, empty: `escalade drill score` writes the full one.
pub fn after_action_form(drill: &Drill) -> Paper {
    let mut paper = Paper::new(format!("{}: after-action report", drill.name()), "Draft");
    paper.chapter("Overview");
    let source = &drill.source;
    let rows = [
        ("Exercise", format!("{}, {}", drill.name(), drill.kind.word())),
        ("Date", clock(&drill.start_at)),
        ("Scope", source.name.clone()),
        ("Participants", String::new()),
        ("Sponsor", String::new()),
        ("Contact", String::new()),
    ];
    paper.table(
        &["", ""],
        rows.map(|(name, value)| vec![name.to_owned(), value]).to_vec(),
    );
    for objective in &drill.objectives {
        paper.chapter(format!("Objective {}: {}", objective.number, objective.text));
        for what in [
            "Rating:",
            "Strengths:",
            "Areas for improvement (observation, reference, analysis):",
        ] {
            paper.blocks.push(Block::Lines(what.to_owned(), 2));
        }
    }
    paper.chapter("Improvement plan");
    paper.table(
        &[
            "issue",
            "corrective action",
            "kind",
            "owner (role)",
            "priority",
            "start",
            "due",
            "measure of done",
        ],
        vec![vec![String::new(); 8]; 4],
    );
    paper
}

/// `2026-05-14 09:12` of an RFC 3339 time.
pub(super) fn clock(at: &str) -> String {
    at.get(..16).unwrap_or(at).replace('T', " ")
}
