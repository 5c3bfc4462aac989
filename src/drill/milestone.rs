//! Milestones of an incident, read from the words of a trace.
//!
//! A trace says what happened by name (`started`, `acknowledged`, `gate_decided`, …). A milestone is the first of some words
//! on the incident's tickets, or the last; which words, stands in one table here. What a scenario does not have never says
//! its word: that is "not modelled", and no time is made up for it. The tier that a ticket is handed up to is no word: the
//! trace keeps it beside them.

use crate::measure::{Trace, TraceEvent};
use crate::model::TIERS_MAX;
use crate::time::Instant;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Something that a team reaches once in an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Milestone {
    /// The first symptom has become a ticket.
    Detected,
    /// Somebody is paged.
    Paged,
    /// Somebody has acknowledged a page.
    Acknowledged,
    /// Somebody works on it.
    Engaged,
    /// The customer has had a first answer.
    Responded,
    /// It has been declared an incident.
    Declared,
    /// It has a commander.
    CommanderNamed,
    /// Its severity is the true one.
    SeverityCorrect,
    /// The first update has been sent.
    FirstUpdate,
    /// It has been handed up to the tier of that number, counted from the lowest.
    #[serde(rename = "escalated_2")]
    Escalated2,
    /// See [`Milestone::Escalated2`].
    #[serde(rename = "escalated_3")]
    Escalated3,
    /// See [`Milestone::Escalated2`].
    #[serde(rename = "escalated_4")]
    Escalated4,
    /// See [`Milestone::Escalated2`].
    #[serde(rename = "escalated_5")]
    Escalated5,
    /// See [`Milestone::Escalated2`].
    #[serde(rename = "escalated_6")]
    Escalated6,
    /// See [`Milestone::Escalated2`].
    #[serde(rename = "escalated_7")]
    Escalated7,
    /// See [`Milestone::Escalated2`].
    #[serde(rename = "escalated_8")]
    Escalated8,
    /// A decision has been asked for.
    GateRequested,
    /// The decision has been made.
    GateDecided,
    /// Customers can work again.
    Mitigated,
    /// It is over.
    Resolved,
    /// The last linked ticket is closed.
    ChildrenClosed,
    /// The review has a date.
    ReviewScheduled,
}

/// Whose events count.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    Lead,
    Children,
    Any,
}

/// Which of several counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    First,
    Last,
}

impl Milestone {
    /// All, in the order in which they are shown.
    pub const ALL: [Milestone; 22] = [
        Milestone::Detected,
        Milestone::Paged,
        Milestone::Acknowledged,
        Milestone::Engaged,
        Milestone::Responded,
        Milestone::Declared,
        Milestone::CommanderNamed,
        Milestone::SeverityCorrect,
        Milestone::FirstUpdate,
        Milestone::Escalated2,
        Milestone::Escalated3,
        Milestone::Escalated4,
        Milestone::Escalated5,
        Milestone::Escalated6,
        Milestone::Escalated7,
        Milestone::Escalated8,
        Milestone::GateRequested,
        Milestone::GateDecided,
        Milestone::Mitigated,
        Milestone::Resolved,
        Milestone::ChildrenClosed,
        Milestone::ReviewScheduled,
    ];

    /// Those of being handed up, by the tier that gets it: the second one first.
    pub const ESCALATED: [Milestone; TIERS_MAX - 1] = [
        Milestone::Escalated2,
        Milestone::Escalated3,
        Milestone::Escalated4,
        Milestone::Escalated5,
        Milestone::Escalated6,
        Milestone::Escalated7,
        Milestone::Escalated8,
    ];

    /// Pairs of which the first cannot come after the second; nothing comes before it was detected.
    pub const ORDER: &[(Milestone, Milestone)] = &[
        (Milestone::Paged, Milestone::Acknowledged),
        (Milestone::Paged, Milestone::Engaged),
        (Milestone::Acknowledged, Milestone::Engaged),
        (Milestone::GateRequested, Milestone::GateDecided),
        (Milestone::Mitigated, Milestone::Resolved),
    ];

    /// As it is called in files.
    pub fn word(self) -> &'static str {
        match self {
            Milestone::Detected => "detected",
            Milestone::Paged => "paged",
            Milestone::Acknowledged => "acknowledged",
            Milestone::Engaged => "engaged",
            Milestone::Responded => "responded",
            Milestone::Declared => "declared",
            Milestone::CommanderNamed => "commander_named",
            Milestone::SeverityCorrect => "severity_correct",
            Milestone::FirstUpdate => "first_update",
            Milestone::Escalated2 => "escalated_2",
            Milestone::Escalated3 => "escalated_3",
            Milestone::Escalated4 => "escalated_4",
            Milestone::Escalated5 => "escalated_5",
            Milestone::Escalated6 => "escalated_6",
            Milestone::Escalated7 => "escalated_7",
            Milestone::Escalated8 => "escalated_8",
            Milestone::GateRequested => "gate_requested",
            Milestone::GateDecided => "gate_decided",
            Milestone::Mitigated => "mitigated",
            Milestone::Resolved => "resolved",
            Milestone::ChildrenClosed => "children_closed",
            Milestone::ReviewScheduled => "review_scheduled",
        }
    }

    /// As it is called of an incident: with the incident's number where it is not the first.
    pub fn key(self, incident: usize) -> String {
        match incident {
            1 => self.word().to_owned(),
            number => format!("{number}:{self}"),
        }
    }

    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            Milestone::Detected => "first symptom noticed",
            Milestone::Paged => "first person paged",
            Milestone::Acknowledged => "page acknowledged",
            Milestone::Engaged => "somebody works on it",
            Milestone::Responded => "first answer to the customer",
            Milestone::Declared => "incident declared",
            Milestone::CommanderNamed => "commander named",
            Milestone::SeverityCorrect => "severity is right",
            Milestone::FirstUpdate => "first update sent",
            Milestone::Escalated2 => "handed up to tier 2",
            Milestone::Escalated3 => "handed up to tier 3",
            Milestone::Escalated4 => "handed up to tier 4",
            Milestone::Escalated5 => "handed up to tier 5",
            Milestone::Escalated6 => "handed up to tier 6",
            Milestone::Escalated7 => "handed up to tier 7",
            Milestone::Escalated8 => "handed up to tier 8",
            Milestone::GateRequested => "decision asked for",
            Milestone::GateDecided => "decision made",
            Milestone::Mitigated => "customers can work again",
            Milestone::Resolved => "resolved",
            Milestone::ChildrenClosed => "last linked ticket closed",
            Milestone::ReviewScheduled => "review has a date",
        }
    }

    /// Index of the tier that it is handed up to, from the lowest; `None`: it is none of these.
    pub fn tier(self) -> Option<usize> {
        let place = Milestone::ESCALATED.iter().position(|one| *one == self);
        place.map(|place| place + 1)
    }

    /// Whether it cannot come after the other one.
    pub fn precedes(self, other: Milestone) -> bool {
        self != other && (self == Milestone::Detected || Milestone::ORDER.contains(&(self, other)))
    }

    /// The milestone of that word.
    pub fn named(word: &str) -> Option<Milestone> {
        Milestone::ALL.into_iter().find(|milestone| milestone.word() == word)
    }

    /// The words of the trace that it is read from, on whose tickets, and which of them counts.
    fn read_from(self) -> (&'static [&'static str], Whose, Which) {
        use Which::{First, Last};
        use Whose::{Any, Children, Lead};
        match self {
            Milestone::Detected => (&["created"], Any, First),
            Milestone::Paged => (&["paged"], Lead, First),
            Milestone::Acknowledged => (&["acknowledged"], Lead, First),
            Milestone::Engaged => (&["started", "start"], Lead, First),
            Milestone::Responded => (&["responded"], Lead, First),
            Milestone::Declared => (&["declared"], Any, First),
            Milestone::CommanderNamed => (&["commander_named"], Any, First),
            Milestone::SeverityCorrect => (&[], Lead, First),
            Milestone::FirstUpdate => (&["update_sent"], Any, First),
            Milestone::Escalated2
            | Milestone::Escalated3
            | Milestone::Escalated4
            | Milestone::Escalated5
            | Milestone::Escalated6
            | Milestone::Escalated7
            | Milestone::Escalated8 => (&[], Lead, First),
            Milestone::GateRequested => (&["gate_requested"], Lead, First),
            Milestone::GateDecided => (&["gate_decided"], Lead, First),
            Milestone::Mitigated => (&["mitigated", "restored"], Lead, First),
            Milestone::Resolved => (&["resolved"], Lead, Last),
            Milestone::ChildrenClosed => (&["resolved"], Children, Last),
            Milestone::ReviewScheduled => (&["review_scheduled"], Lead, First),
        }
    }
}

impl fmt::Display for Milestone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// The tickets of one incident: what a trace is read for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The first symptom's instant: milestones are counted from it.
    pub from: Instant,
    /// The ticket that the repair hangs on.
    pub lead: String,
    /// The tickets that are solved with it.
    pub children: Vec<String>,
    /// Name of the true severity.
    pub severity: String,
    /// Gates whose decision is rehearsed: only theirs counts. Empty: the first that is asked.
    pub gates: Vec<String>,
}

impl Case {
    /// Whether what is decided at a gate is a milestone of it.
    pub(super) fn counts(&self, gate: &str) -> bool {
        self.gates.is_empty() || self.gates.iter().any(|name| name == gate)
    }
}

/// The milestones of one replication of one case, in seconds from the first symptom, in the order of [`Milestone::ALL`].
pub type Reached = [Option<f64>; Milestone::ALL.len()];

/// How a replication's lead ticket spent its time, in seconds.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Spent {
    /// Before anybody worked on it.
    pub before_work: f64,
    /// Between being handed up or over and the next work.
    pub after_handing_up: f64,
    /// Other times without work: shift ends, breaks, interruptions.
    pub interrupted: f64,
    /// Work.
    pub work: f64,
}

/// Reads the milestones of a case.
pub fn reached(trace: &Trace, case: &Case) -> Reached {
    let events: Vec<&TraceEvent> = trace
        .events
        .iter()
        .filter(|event| event.ticket == case.lead || case.children.contains(&event.ticket))
        .collect();
    let mut reached = Milestone::ALL.map(|milestone| {
        let at = match milestone {
            _ if milestone.tier().is_some() => escalated(trace, case, milestone),
            Milestone::SeverityCorrect => severity_correct(trace, &events, case),
            Milestone::Responded => responded(trace, &events, case),
            Milestone::ChildrenClosed => children_closed(trace, &events, case),
            _ => by_words(&events, case, milestone),
        };
        at.map(|at| (at - case.from).secs_f64().max(0.0))
    });
    count_pages_of_groups(&mut reached);
    forget_late_pages(&mut reached);
    reached
}

/// Tickets of a group share a page, which is told of the first of them: whoever acknowledges another has been paged by then.
fn count_pages_of_groups(reached: &mut Reached) {
    if let Some(acknowledged) = reached[Milestone::Acknowledged as usize] {
        let paged = &mut reached[Milestone::Paged as usize];
        *paged = Some(paged.map_or(acknowledged, |at| at.min(acknowledged)));
    }
}

/// Paging is the way to the first hands. A page that is sent once somebody works on it, to inform or because the severity was
/// raised, is none of these milestones.
fn forget_late_pages(reached: &mut Reached) {
    let engaged = reached[Milestone::Engaged as usize].unwrap_or(f64::INFINITY);
    for milestone in [Milestone::Paged, Milestone::Acknowledged] {
        let at = &mut reached[milestone as usize];
        *at = at.filter(|at| *at <= engaged);
    }
}

/// The first or last event of a milestone's words. One that comes with a qualifier (`gate_decided:approved`) counts too.
fn by_words(events: &[&TraceEvent], case: &Case, milestone: Milestone) -> Option<Instant> {
    let (words, whose, which) = milestone.read_from();
    let theirs = |event: &&&TraceEvent| match whose {
        Whose::Any => true,
        Whose::Lead => event.ticket == case.lead,
        Whose::Children => event.ticket != case.lead,
    };
    let says = |event: &&&TraceEvent| words.contains(&event.activity.split(':').next().unwrap_or_default());
    let is_of_gate = matches!(milestone, Milestone::GateRequested | Milestone::GateDecided);
    let counts = |event: &&&TraceEvent| !is_of_gate || case.counts(&event.resource);
    let found = events.iter().filter(theirs).filter(says).filter(counts);
    let mut found = found.map(|event| event.at);
    match which {
        Which::First => found.next(),
        Which::Last => found.next_back(),
    }
}

/// At the first time that the lead ticket comes to that tier from a lower one.
fn escalated(trace: &Trace, case: &Case, milestone: Milestone) -> Option<Instant> {
    let tier = milestone.tier()?;
    let mut rises = trace.rises.iter().filter(|rise| rise.ticket == case.lead);
    rises.find(|rise| rise.tier.index() == tier).map(|rise| rise.at)
}

/// From the start, if it was reported as it is; else at the last change that made it right.
fn severity_correct(trace: &Trace, events: &[&TraceEvent], case: &Case) -> Option<Instant> {
    let ticket = trace.tickets.iter().find(|ticket| ticket.name == case.lead)?;
    let names = &trace.model().names.severities;
    let reported = &names[ticket.ticket.first_severity.index()];
    let right = format!("severity:{}", case.severity);
    let changed = events
        .iter()
        .find(|event| event.ticket == case.lead && event.activity == right);
    match changed {
        Some(event) => Some(event.at),
        None => (*reported == case.severity).then_some(ticket.ticket.created),
    }
}

/// By the trace's word if it has one; else by what the ticket remembers.
fn responded(trace: &Trace, events: &[&TraceEvent], case: &Case) -> Option<Instant> {
    by_words(events, case, Milestone::Responded).or_else(|| {
        let lead = trace.tickets.iter().find(|ticket| ticket.name == case.lead)?;
        lead.ticket.first_response
    })
}

/// Only once nothing of them is open: a child that is open at the end leaves the milestone unreached. One that a status page
/// spared, or whose customer left, is none any more.
fn children_closed(trace: &Trace, events: &[&TraceEvent], case: &Case) -> Option<Instant> {
    let is_open = |name: &String| {
        let ticket = trace.tickets.iter().find(|ticket| ticket.name == *name);
        ticket.is_some_and(|ticket| matches!(ticket.state(), "open" | "pending"))
    };
    match case.children.iter().any(is_open) {
        true => None,
        false => by_words(events, case, Milestone::ChildrenClosed),
    }
}

/// How the lead ticket spent its time up to its resolution, or up to its last event.
pub fn spent(trace: &Trace, case: &Case) -> Spent {
    let mut spent = Spent::default();
    let (mut since, mut state) = (case.from, State::Unbegun);
    for event in trace.events.iter().filter(|event| event.ticket == case.lead) {
        let next = match event.activity.as_str() {
            "started" | "start" | "resumed" => State::Work,
            "escalated" | "transferred" => State::HandedUp,
            "preempted" | "handed_off" | "held" | "paused_for_break" | "taken" => State::Interrupted,
            "resolved" => State::Done,
            _ => continue,
        };
        let passed = (event.at - since).secs_f64();
        match state {
            State::Unbegun => spent.before_work += passed,
            State::HandedUp => spent.after_handing_up += passed,
            State::Interrupted => spent.interrupted += passed,
            State::Work => spent.work += passed,
            State::Done => {}
        }
        // A ticket that is taken away in order to be handed up waits because of that; one that nobody has begun waits for it.
        state = match (state, next) {
            (State::HandedUp, State::Interrupted) => State::HandedUp,
            (State::Unbegun, State::HandedUp | State::Interrupted) => State::Unbegun,
            (_, next) => next,
        };
        since = event.at;
    }
    spent
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Unbegun,
    HandedUp,
    Interrupted,
    Work,
    Done,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Rehearsal, rehearse};
    use crate::model::compile;
    use crate::scenario::{Document, Problems};

    /// Three tiers of one person each; a ticket of two hours, written out.
    fn reached_by(ticket: &str) -> Reached {
        let text = format!(
            "name = \"ladder\"\nrun = {{ start = \"2026-03-02\", horizon = \"1w\" }}\n\
             tickets = [{{ id = \"fire\", at = \"1h\", severity = \"Sev1\", {ticket} }}]\n\
             [severities.Sev1]\n[services.shop]\n\
             [tiers]\nL1.work.deterministic = \"1h\"\nL2.work.deterministic = \"1h\"\nL3.work.deterministic = \"1h\"\n\
             [teams]\ndesk = {{ tier = \"L1\", headcount = 1 }}\nexperts = {{ tier = \"L2\", headcount = 1 }}\n\
             engineers = {{ tier = \"L3\", headcount = 1 }}\nstaff = {{ tier = \"L2\", headcount = 1 }}\n\
             [rules.stuck]\nwhen = {{ in_team = \"40m\" }}\nif = {{ team = [\"experts\"] }}\nthen = [{{ transfer = \"staff\" }}]\n"
        );
        reached_in(text, &[])
    }

    /// The milestones of `fire`, with these beside it.
    fn reached_in(text: String, children: &[&str]) -> Reached {
        let document = Document::parse("ladder.toml", text);
        let model = compile(document.base().expect("sound"), &mut Problems::new()).expect("sound");
        let rehearsal = Rehearsal {
            seed: 1,
            replications: 1,
            threads: Some(1),
        };
        let case = Case {
            from: Instant::from_ms(3_600_000),
            lead: "fire".into(),
            children: children.iter().map(|name| (*name).to_owned()).collect(),
            severity: "Sev1".into(),
            gates: Vec::new(),
        };
        let see = |trace: &Trace| reached(trace, &case);
        let seen = rehearse(&model, rehearsal, |_, _| (), see, &());
        seen.expect("played").swap_remove(0)
    }

    fn handed_up(reached: &Reached) -> Vec<Option<f64>> {
        let tiers = Milestone::ESCALATED.iter();
        tiers.map(|milestone| reached[*milestone as usize]).collect()
    }

    #[test]
    fn each_tier_that_it_is_handed_up_to_is_a_milestone() {
        // Ten minutes at L1, half an hour at L2, then L3.
        let reached = reached_by("able_from = \"L3\", work = { L1 = \"10m\", L2 = \"30m\", L3 = \"20m\" }");
        let (second, third) = (Some(600.0), Some(2400.0));
        assert_eq!(handed_up(&reached), [second, third, None, None, None, None, None]);
        assert_eq!(reached[Milestone::Resolved as usize], Some(3600.0));
    }

    #[test]
    fn what_is_handed_on_within_a_tier_is_not_handed_up() {
        // L2 takes it after ten minutes, and another team of L2 forty minutes later.
        let reached = reached_by("able_from = \"L2\", work = { L1 = \"10m\", L2 = \"1h\" }");
        assert_eq!(handed_up(&reached), [Some(600.0), None, None, None, None, None, None]);
        // One that solves it alone hands nothing up.
        let reached = reached_by("work = { L1 = \"10m\" }");
        assert!(handed_up(&reached).iter().all(Option::is_none));
    }

    #[test]
    fn the_review_is_that_of_the_incident_and_not_of_a_ticket_beside_it() {
        let text = "name = \"reviews\"\nrun = { start = \"2026-03-02\", horizon = \"1w\" }\n\
             tickets = [{ id = \"fire\", at = \"1h\", severity = \"Sev1\", work = { L1 = \"2h\" } }, \
             { id = \"smoke\", at = \"1h\", severity = \"Sev1\", work = { L1 = \"10m\" } }]\n\
             reviews = { severity = [\"Sev1\"], due = \"5d\", work = { deterministic = \"1h\" }, people = 1 }\n\
             [severities.Sev1]\n[services.shop]\n[tiers]\nL1.work.deterministic = \"1h\"\n\
             [teams]\ndesk = { tier = \"L1\", headcount = 2 }\n";
        let reached = reached_in(text.to_owned(), &["smoke"]);
        assert_eq!(reached[Milestone::ChildrenClosed as usize], Some(600.0));
        assert_eq!(reached[Milestone::ReviewScheduled as usize], Some(7200.0));
    }

    #[test]
    fn there_is_one_for_each_tier_above_the_lowest() {
        let tiers: Vec<usize> = Milestone::ALL.into_iter().filter_map(Milestone::tier).collect();
        assert_eq!(tiers, (1..TIERS_MAX).collect::<Vec<_>>());
        for milestone in Milestone::ALL {
            assert_eq!(Milestone::named(milestone.word()), Some(milestone));
            let json = serde_json::to_string(&milestone).expect("JSON");
            assert_eq!(json, format!("\"{}\"", milestone.word()));
        }
    }
}
