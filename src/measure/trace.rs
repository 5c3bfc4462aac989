//! The observation trace: every ticket and event of a replication, for following one ticket through the ladder.

use crate::kernel::{Happening, Interruption, Observe, Outcome, Phase, Ticket};
use crate::model::{AgentId, Model, RuleId, TargetKind, TeamId, Trigger};
use crate::time::Instant;

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceEvent {
    /// When.
    pub at: Instant,
    /// The ticket's name; empty for events of a person alone.
    pub ticket: String,
    /// What.
    pub activity: String,
    /// Who.
    pub resource: String,
}

/// One ticket at the end of the run, with what became of its clocks.
#[derive(Debug, Clone)]
pub struct TraceTicket {
    /// Its name.
    pub name: String,
    /// The ticket.
    pub ticket: Ticket,
    /// Its clocks.
    pub outcome: Outcome,
}

/// An observer that keeps everything.
#[derive(Debug)]
pub struct Trace<'a> {
    model: &'a Model,
    /// Events in the order in which they happened.
    pub events: Vec<TraceEvent>,
    /// Tickets in the order in which they were closed, then those cut off.
    pub tickets: Vec<TraceTicket>,
}

impl<'a> Trace<'a> {
    /// An empty trace.
    pub fn new(model: &'a Model) -> Trace<'a> {
        Trace {
            model,
            events: Vec::new(),
            tickets: Vec::new(),
        }
    }

    /// A ticket's name: its number, or as written.
    pub fn name(&self, ticket: &Ticket) -> String {
        match ticket.scripted {
            Some(index) => self.model.population.scripted[index as usize].id.clone(),
            None => ticket.number.to_string(),
        }
    }

    fn note(&mut self, at: Instant, ticket: &Ticket, activity: impl Into<String>, resource: String) {
        let ticket = self.name(ticket);
        self.events.push(TraceEvent {
            at,
            ticket,
            activity: activity.into(),
            resource,
        });
    }

    fn note_agent(&mut self, at: Instant, ticket: &Ticket, activity: impl Into<String>, agent: AgentId) {
        let resource = self.model.agent_name(agent);
        self.note(at, ticket, activity, resource);
    }

    fn keep(&mut self, ticket: &Ticket, outcome: &Outcome) {
        let name = self.name(ticket);
        self.tickets.push(TraceTicket {
            name,
            ticket: *ticket,
            outcome: *outcome,
        });
    }
}

impl Observe for Trace<'_> {
    const SEES_BREACHES: bool = true;

    fn created(&mut self, now: Instant, ticket: &Ticket) {
        self.note(now, ticket, "created", String::new());
    }

    fn started(&mut self, now: Instant, ticket: &Ticket, agent: AgentId, first: bool) {
        self.note_agent(now, ticket, if first { "start" } else { "resumed" }, agent);
    }

    fn interrupted(&mut self, now: Instant, ticket: &Ticket, agent: AgentId, why: Interruption) {
        let activity = match why {
            Interruption::Preempted => "preempted",
            Interruption::HandedOff => "handed_off",
            Interruption::Held => "held",
            Interruption::Break => "paused_for_break",
            Interruption::Asked => "pending",
            Interruption::Taken => "taken",
        };
        self.note_agent(now, ticket, activity, agent);
    }

    fn answered(&mut self, now: Instant, ticket: &Ticket) {
        self.note(now, ticket, "customer_answered", String::new());
    }

    fn moves(&mut self, now: Instant, ticket: &Ticket, to: TeamId, agent: Option<AgentId>, by: Option<RuleId>) {
        match (by, agent) {
            (None, Some(agent)) => self.note_agent(now, ticket, "escalated", agent),
            _ => self.note(now, ticket, "transferred", self.model.names.teams[to.index()].clone()),
        }
    }

    fn severity_changed(&mut self, now: Instant, ticket: &Ticket) {
        let severity = &self.model.names.severities[ticket.severity.index()];
        self.note(now, ticket, format!("severity:{severity}"), String::new());
    }

    fn fired(&mut self, now: Instant, ticket: &Ticket, rule: RuleId) {
        let activity = match self.model.rules.rules[rule.index()].trigger {
            Trigger::Consumed(kind, share) => format!("alert:{}:{share}", kind.name()),
            _ => format!("rule:{}", self.model.names.rules[rule.index()]),
        };
        self.note(now, ticket, activity, String::new());
    }

    fn happened(&mut self, now: Instant, ticket: &Ticket, what: &Happening) {
        let level = |level: u8| format!("level {}", level + 1);
        match *what {
            Happening::Paged { agent, .. } => self.note_agent(now, ticket, "paged", agent),
            Happening::Acknowledged { agent, .. } => self.note_agent(now, ticket, "acknowledged", agent),
            Happening::PageTimeout { level: number, .. } => self.note(now, ticket, "timeout", level(number)),
            Happening::Uncovered { level: number } => {
                let whom = number.map_or_else(String::new, level);
                self.note(now, ticket, "uncovered", whom);
            }
            Happening::LadderStarted { .. }
            | Happening::LadderExhausted { .. }
            | Happening::NoOperation { .. }
            | Happening::RuleStorm { .. } => {}
        }
    }

    fn breached(&mut self, now: Instant, ticket: &Ticket, kind: TargetKind) {
        self.note(now, ticket, format!("breach:{}", kind.name()), String::new());
    }

    fn resolved(&mut self, now: Instant, ticket: &Ticket, agent: AgentId) {
        self.note_agent(now, ticket, "resolved", agent);
    }

    fn reopened(&mut self, now: Instant, ticket: &Ticket) {
        self.note(now, ticket, "reopened", String::new());
    }

    fn closed(&mut self, _now: Instant, ticket: &Ticket, outcome: &Outcome) {
        self.keep(ticket, outcome);
    }

    fn cut_off(&mut self, _now: Instant, ticket: &Ticket, outcome: &Outcome) {
        self.keep(ticket, outcome);
    }

    fn on_duty(&mut self, now: Instant, agent: AgentId, starts: bool) {
        let activity = if starts { "shift_start" } else { "shift_end" };
        let resource = self.model.agent_name(agent);
        self.events.push(TraceEvent {
            at: now,
            ticket: String::new(),
            activity: activity.into(),
            resource,
        });
    }
}

impl TraceTicket {
    /// `open`, `pending` or `resolved`.
    pub fn state(&self) -> &'static str {
        match self.ticket.phase {
            Phase::Pending => "pending",
            Phase::Resolved | Phase::Closed => "resolved",
            Phase::Queued | Phase::InLine | Phase::InWork => "open",
        }
    }
}
