//! The observation trace: every ticket and event of a replication, for following one ticket through the ladder.

use crate::kernel::{Happening, Interruption, Leaving, Observe, Outcome, Phase, Ticket};
use crate::model::{AgentId, Model, RuleId, SeverityId, TargetKind, TeamId, Trigger};
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
    /// Numbers of the tickets that are written out, with their index there.
    named: Vec<(u32, u32)>,
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
            named: Vec::new(),
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

    /// The name of the ticket with a number.
    fn name_of(&self, number: u32) -> String {
        let written = self.named.iter().find(|(known, _)| *known == number);
        match written {
            Some((_, index)) => self.model.population.scripted[*index as usize].id.clone(),
            None => number.to_string(),
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
        self.named.extend(ticket.scripted.map(|index| (ticket.number, index)));
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

    fn breached(&mut self, now: Instant, ticket: &Ticket, kind: TargetKind) {
        self.note(now, ticket, format!("breach:{}", kind.name()), String::new());
    }

    fn resolved(&mut self, now: Instant, ticket: &Ticket, agent: AgentId) {
        self.note_agent(now, ticket, "resolved", agent);
    }

    fn reopened(&mut self, now: Instant, ticket: &Ticket) {
        self.note(now, ticket, "reopened", String::new());
    }

    fn happened(&mut self, now: Instant, ticket: &Ticket, what: &Happening) {
        let severity = |id: SeverityId| &self.model.names.severities[id.index()];
        let level = |level: u8| format!("level {}", level + 1);
        let (activity, resource) = match *what {
            Happening::Paged { agent, .. } => ("paged".to_owned(), self.model.agent_name(agent)),
            Happening::Acknowledged { agent, .. } => ("acknowledged".to_owned(), self.model.agent_name(agent)),
            Happening::PageTimeout { level: number, .. } => ("timeout".to_owned(), level(number)),
            Happening::Uncovered { level: number } => ("uncovered".to_owned(), number.map_or_else(String::new, level)),
            // Its pages and timeouts tell of a ladder.
            Happening::LadderStarted { .. } | Happening::LadderExhausted { .. } => return,
            Happening::Declared { .. } => ("declared".to_owned(), String::new()),
            Happening::Linked { to } => ("linked".to_owned(), self.name_of(to)),
            Happening::InVain { .. } => ("worked_in_vain".to_owned(), String::new()),
            Happening::Restored { .. } => ("restored".to_owned(), String::new()),
            Happening::Spared => ("deflected".to_owned(), String::new()),
            Happening::Joined => ("deduplicated".to_owned(), String::new()),
            Happening::Chased { count } => (format!("chaser:{count}"), String::new()),
            Happening::Reminded => ("reminded".to_owned(), String::new()),
            Happening::Worsened { severity: id } => (format!("worsened:{}", severity(id)), String::new()),
            // What a rule did not find to do is counted, not told.
            Happening::NoOperation { .. } => return,
            Happening::RuleStorm { rule } => ("rule_storm".to_owned(), self.model.names.rules[rule.index()].clone()),
        };
        self.note(now, ticket, activity, resource);
    }

    fn left(&mut self, now: Instant, ticket: &Ticket) {
        let activity = match ticket.left {
            Some(Leaving::Unanswered) => "closed_unanswered",
            Some(Leaving::Impatient) | None => "abandoned",
        };
        self.note(now, ticket, activity, String::new());
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
    /// `open`, `pending`, `resolved`, `abandoned` or `unanswered`.
    pub fn state(&self) -> &'static str {
        match self.ticket.left {
            Some(Leaving::Impatient) => return "abandoned",
            Some(Leaving::Unanswered) => return "unanswered",
            None => {}
        }
        match self.ticket.phase {
            Phase::Pending => "pending",
            Phase::Resolved | Phase::Closed => "resolved",
            Phase::Queued | Phase::InLine | Phase::InWork | Phase::Aside => "open",
        }
    }
}
