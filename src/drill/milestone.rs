//! Milestones of an incident, read from the words of a trace.
//!
//! A trace says what happened by name (`started`, `acknowledged`, `gate_decided`, …). A milestone is the first of some words
//! on the incident's tickets, or the last; which words, stands in one table here. What a scenario does not have never says
//! its word: that is "not modelled", and no time is made up for it.

use crate::measure::{Trace, TraceEvent};
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
    /// It has been handed up for the first time.
    Escalated,
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
    pub const ALL: [Milestone; 16] = [
        Milestone::Detected,
        Milestone::Paged,
        Milestone::Acknowledged,
        Milestone::Engaged,
        Milestone::Responded,
        Milestone::Declared,
        Milestone::CommanderNamed,
        Milestone::SeverityCorrect,
        Milestone::FirstUpdate,
        Milestone::Escalated,
        Milestone::GateRequested,
        Milestone::GateDecided,
        Milestone::Mitigated,
        Milestone::Resolved,
        Milestone::ChildrenClosed,
        Milestone::ReviewScheduled,
    ];

    /// Pairs of which the first cannot come after the second.
    pub const ORDER: &[(Milestone, Milestone)] = &[
        (Milestone::Paged, Milestone::Acknowledged),
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
            Milestone::Escalated => "escalated",
            Milestone::GateRequested => "gate_requested",
            Milestone::GateDecided => "gate_decided",
            Milestone::Mitigated => "mitigated",
            Milestone::Resolved => "resolved",
            Milestone::ChildrenClosed => "children_closed",
            Milestone::ReviewScheduled => "review_scheduled",
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
            Milestone::Escalated => "handed up",
            Milestone::GateRequested => "decision asked for",
            Milestone::GateDecided => "decision made",
            Milestone::Mitigated => "customers can work again",
            Milestone::Resolved => "resolved",
            Milestone::ChildrenClosed => "last linked ticket closed",
            Milestone::ReviewScheduled => "review has a date",
        }
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
            Milestone::Escalated => (&["escalated", "transferred"], Lead, First),
            Milestone::GateRequested => (&["gate_requested"], Any, First),
            Milestone::GateDecided => (&["gate_decided"], Any, First),
            Milestone::Mitigated => (&["mitigated", "restored"], Lead, First),
            Milestone::Resolved => (&["resolved"], Lead, Last),
            Milestone::ChildrenClosed => (&["resolved"], Children, Last),
            Milestone::ReviewScheduled => (&["review_scheduled"], Any, First),
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
            Milestone::SeverityCorrect => severity_correct(trace, &events, case),
            Milestone::Responded => responded(trace, &events, case),
            Milestone::ChildrenClosed => children_closed(trace, &events, case),
            _ => by_words(&events, case, milestone),
        };
        at.map(|at| (at - case.from).secs_f64().max(0.0))
    });
    forget_late_pages(&mut reached);
    reached
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
    let mut found = events.iter().filter(theirs).filter(says).map(|event| event.at);
    match which {
        Which::First => found.next(),
        Which::Last => found.next_back(),
    }
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
