//! The observation trace: every ticket and event of a replication, for following one ticket through the ladder.

use crate::kernel::{Decision, Happening, Interruption, Leaving, Observe, Outcome, Phase, Summons, Ticket};
use crate::model::{
    AgentId, Engagement, GateId, KindId, Model, PolicyId, RuleId, ScheduleId, SeverityId, TargetKind, TeamId, TierId,
};
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

/// A page: what its answer hangs on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TracePage {
    /// When.
    pub at: Instant,
    /// The ticket's name.
    pub ticket: String,
    /// The schedule whose person is paged; `None`: a person by name.
    pub schedule: Option<ScheduleId>,
    /// What that person is doing.
    pub doing: Engagement,
    /// The policy and its level, from 0; `None`: no level's page.
    pub level: Option<(PolicyId, u8)>,
}

/// A ticket is handed up to a higher tier: the word for it does not say to which.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceRise {
    /// When.
    pub at: Instant,
    /// The ticket's name.
    pub ticket: String,
    /// The tier that gets it.
    pub tier: TierId,
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

/// An observer that keeps everything, or all that happens to the tickets written out.
#[derive(Debug)]
pub struct Trace<'a> {
    model: &'a Model,
    /// Numbers of the tickets that are written out, with their index there.
    named: Vec<(u32, u32)>,
    /// Whether drawn tickets and people alone are left out.
    only_scripted: bool,
    /// Events in the order in which they happened.
    pub events: Vec<TraceEvent>,
    /// Pages, likewise.
    pub pages: Vec<TracePage>,
    /// Functional escalations, likewise.
    pub rises: Vec<TraceRise>,
    /// Tickets in the order in which they were closed, then those cut off.
    pub tickets: Vec<TraceTicket>,
}

impl<'a> Trace<'a> {
    /// An empty trace.
    pub fn new(model: &'a Model) -> Trace<'a> {
        Trace {
            model,
            named: Vec::new(),
            only_scripted: false,
            events: Vec::new(),
            pages: Vec::new(),
            rises: Vec::new(),
            tickets: Vec::new(),
        }
    }

    /// An empty trace that keeps the tickets written out in the scenario and nothing else: its memory does not grow with
    /// the demand around them.
    pub fn of_scripted(model: &'a Model) -> Trace<'a> {
        Trace {
            only_scripted: true,
            ..Trace::new(model)
        }
    }

    /// The model that is watched.
    pub fn model(&self) -> &'a Model {
        self.model
    }

    fn keeps(&self, ticket: &Ticket) -> bool {
        !self.only_scripted || ticket.scripted.is_some()
    }

    /// A ticket's name: its number, or as written; none of one that never came.
    pub fn name(&self, ticket: &Ticket) -> String {
        match ticket.scripted.and_then(|index| self.written_name(index)) {
            Some(name) => name.clone(),
            None if ticket.number == 0 => String::new(),
            None => ticket.number.to_string(),
        }
    }

    fn written_name(&self, index: u32) -> Option<&String> {
        self.model.population.scripted[index as usize].id.as_ref()
    }

    /// The name of the ticket with a number.
    fn name_of(&self, number: u32) -> String {
        let written = self.named.iter().find(|(known, _)| *known == number);
        let name = written.and_then(|(_, index)| self.written_name(*index));
        name.cloned().unwrap_or_else(|| number.to_string())
    }

    fn note(&mut self, at: Instant, ticket: &Ticket, activity: impl Into<String>, resource: String) {
        if !self.keeps(ticket) {
            return;
        }
        let ticket = self.name(ticket);
        self.events.push(TraceEvent {
            at,
            ticket,
            activity: activity.into(),
            resource,
        });
    }

    fn note_agent(&mut self, at: Instant, ticket: &Ticket, activity: impl Into<String>, agent: AgentId) {
        if !self.keeps(ticket) {
            return;
        }
        let resource = self.model.agent_name(agent);
        self.note(at, ticket, activity, resource);
    }

    fn keep_page(
        &mut self,
        at: Instant,
        ticket: &Ticket,
        (schedule, doing, level): (Option<ScheduleId>, Engagement, Option<(PolicyId, u8)>),
    ) {
        if self.keeps(ticket) {
            let ticket = self.name(ticket);
            self.pages.push(TracePage {
                at,
                ticket,
                schedule,
                doing,
                level,
            });
        }
    }

    /// What happens at gates, to messages and to what is learnt.
    fn note_process(&mut self, now: Instant, ticket: &Ticket, what: &Happening) {
        let process = &self.model.process;
        let kind_name = |kind: KindId| process.kind(kind).name.clone();
        let gate_name = |gate: GateId| process.gate(gate).name.clone();
        let (activity, resource) = match *what {
            Happening::GateRequested { gate } => ("gate_requested", gate_name(gate)),
            Happening::GateTimeout { gate, .. } => ("gate_timeout", gate_name(gate)),
            Happening::GateDecided { gate, decision, .. } => (decided(decision), gate_name(gate)),
            Happening::Mitigated => ("mitigated", self.owner(ticket)),
            Happening::CommanderNamed { agent } => ("commander_named", self.model.agent_name(agent)),
            Happening::EscalatedTo { role } => ("escalated_to", process.role(role).name.clone()),
            Happening::UpdateSent => ("update_sent", self.owner(ticket)),
            Happening::BriefSent => ("brief_sent", self.owner(ticket)),
            Happening::ReviewPlanned => ("review_scheduled", String::new()),
            Happening::ReviewDone { agent, .. } => ("review_done", self.model.agent_name(agent)),
            Happening::ReviewDropped => ("review_dropped", String::new()),
            Happening::CauseFound { kind } => ("cause_found", kind_name(kind)),
            Happening::FixLive { kind } => ("fix_live", kind.map_or(String::new(), kind_name)),
            Happening::ArticleWritten { kind } => ("article_written", kind_name(kind)),
            Happening::ArticleRenewed { kind } => ("article_renewed", kind_name(kind)),
            Happening::Deflected { kind } => ("deflected", kind_name(kind)),
            Happening::Prevented { kind } => ("prevented", kind_name(kind)),
            // Counted, not told.
            _ => return,
        };
        self.note(now, ticket, activity, resource);
    }

    /// What a page is called, or its acknowledgement: one that is not about owning the ticket says what it is about.
    fn paging(&self, word: &str, why: Summons) -> String {
        match why {
            Summons::Own | Summons::Know => word.to_owned(),
            Summons::Help => format!("{word}:responder"),
            Summons::Act(role) => format!("{word}:{}", self.model.process.role(role).name),
        }
    }

    fn owner(&self, ticket: &Ticket) -> String {
        ticket.owner.map_or(String::new(), |owner| self.model.agent_name(owner))
    }

    fn keep(&mut self, ticket: &Ticket, outcome: &Outcome) {
        if !self.keeps(ticket) {
            return;
        }
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
        if ticket.is_task() {
            return;
        }
        let activity = match why {
            Interruption::Preempted => "preempted",
            Interruption::HandedOff => "handed_off",
            Interruption::Held => "held",
            Interruption::Break => "paused_for_break",
            Interruption::Asked => "pending",
            Interruption::OnHold => "on_hold",
            Interruption::Taken => "taken",
            Interruption::Gated => "gated",
            Interruption::Writes => "put_aside",
            Interruption::Solved => "solved",
        };
        self.note_agent(now, ticket, activity, agent);
    }

    fn answered(&mut self, now: Instant, ticket: &Ticket) {
        self.note(now, ticket, "customer_answered", String::new());
    }

    fn moves(&mut self, now: Instant, ticket: &Ticket, to: TeamId, agent: Option<AgentId>, by: Option<RuleId>) {
        let tier = self.model.teams[to.index()].tier;
        let rises = tier > ticket.tier;
        if rises && self.keeps(ticket) {
            let ticket = self.name(ticket);
            self.rises.push(TraceRise { at: now, ticket, tier });
        }
        match (by, agent) {
            (None, Some(agent)) => {
                self.note_agent(now, ticket, if rises { "escalated" } else { "sent_back" }, agent);
            }
            _ => self.note(now, ticket, "transferred", self.model.names.teams[to.index()].clone()),
        }
    }

    fn severity_changed(&mut self, now: Instant, ticket: &Ticket) {
        let severity = &self.model.names.severities[ticket.severity.index()];
        self.note(now, ticket, format!("severity:{severity}"), String::new());
    }

    fn fired(&mut self, now: Instant, ticket: &Ticket, rule: RuleId) {
        let name = &self.model.names.rules[rule.index()];
        self.note(now, ticket, format!("rule:{name}"), String::new());
    }

    fn breached(&mut self, now: Instant, ticket: &Ticket, kind: TargetKind) {
        let who = match kind {
            TargetKind::Own => self.model.names.teams[ticket.team.index()].clone(),
            _ => String::new(),
        };
        self.note(now, ticket, format!("breach:{}", kind.name()), who);
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
        let team = |team: TeamId| self.model.names.teams[team.index()].clone();
        let (activity, resource) = match *what {
            Happening::Paged {
                agent,
                schedule,
                why,
                doing,
                level,
                ..
            } => {
                if why == Summons::Own {
                    self.keep_page(now, ticket, (schedule, doing, level));
                }
                (self.paging("paged", why), self.model.agent_name(agent))
            }
            Happening::Acknowledged { agent, why, .. } => {
                (self.paging("acknowledged", why), self.model.agent_name(agent))
            }
            Happening::Grouped { to } => ("grouped".to_owned(), self.name_of(to)),
            Happening::Snoozed { agent } => ("snoozed".to_owned(), self.model.agent_name(agent)),
            Happening::TakenOver { agent } => ("taken_over".to_owned(), self.model.agent_name(agent)),
            Happening::NeverPaged => ("never_paged".to_owned(), String::new()),
            Happening::PageTimeout { level: number, .. } => ("timeout".to_owned(), level(number)),
            Happening::Uncovered { level: number } => ("uncovered".to_owned(), number.map_or_else(String::new, level)),
            // Its pages and timeouts tell of a ladder, those of its group's first ticket of a shared one, its breach of a clock.
            Happening::LadderStarted { .. }
            | Happening::LadderExhausted { .. }
            | Happening::CalledToo { .. }
            | Happening::ClockDecided { .. }
            | Happening::CycleDecided { .. } => return,
            Happening::Declared { .. } => ("declared".to_owned(), String::new()),
            Happening::Linked { to } => ("linked".to_owned(), self.name_of(to)),
            Happening::InVain { .. } => ("worked_in_vain".to_owned(), String::new()),
            Happening::Restored { .. } => ("restored".to_owned(), String::new()),
            Happening::Spared => ("deflected".to_owned(), String::new()),
            Happening::Joined => ("deduplicated".to_owned(), String::new()),
            Happening::SilenceEnded { missed, .. } if missed > 0 => (format!("updates_missed:{missed}"), String::new()),
            Happening::Chased { count } => (format!("chaser:{count}"), String::new()),
            Happening::VendorAnswered => ("vendor_answered".to_owned(), String::new()),
            Happening::Reminded => ("reminded".to_owned(), String::new()),
            Happening::Worsened { severity: id } => (format!("worsened:{}", severity(id)), String::new()),
            Happening::Overflowed { .. } => ("overflowed".to_owned(), team(ticket.team)),
            Happening::TurnedAway => ("turned_away".to_owned(), team(ticket.team)),
            Happening::Rejected { by } => ("rejected".to_owned(), team(by)),
            Happening::ResponderJoined { agent } => ("joined".to_owned(), self.model.agent_name(agent)),
            Happening::Involved { team: other } => ("involved".to_owned(), team(other)),
            // What a rule did not find to do is counted, not told.
            Happening::NoOperation { .. } => return,
            Happening::RuleStorm { rule } => ("rule_storm".to_owned(), self.model.names.rules[rule.index()].clone()),
            _ => return self.note_process(now, ticket, what),
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
        if self.only_scripted {
            return;
        }
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

fn decided(decision: Decision) -> &'static str {
    match decision {
        Decision::Approved => "gate_decided:approved",
        Decision::AutoApproved => "gate_decided:auto_approved",
        Decision::Declined => "gate_decided:declined",
    }
}

impl TraceTicket {
    /// `open`, `pending`, `resolved`, `abandoned`, `unanswered` or `turned_away`.
    pub fn state(&self) -> &'static str {
        match self.ticket.left {
            Some(Leaving::Impatient) => return "abandoned",
            Some(Leaving::Unanswered) => return "unanswered",
            None => {}
        }
        match self.ticket.phase {
            _ if self.ticket.turned_away => "turned_away",
            Phase::Pending => "pending",
            Phase::Resolved | Phase::Closed => "resolved",
            Phase::Queued | Phase::InLine | Phase::InWork | Phase::Aside | Phase::Gated => "open",
        }
    }
}
