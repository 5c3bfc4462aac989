//! Every event of a run of tickets that are written out, in the words of the traces.

use escalade::kernel::{Happening, Interruption, Observe, Outcome, Ticket};
use escalade::model::{AgentId, Model, RuleId, TargetKind, TeamId};
use escalade::time::Instant;
use indexmap::IndexMap;

/// One event: when (ms), which ticket, what, who.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Event {
    pub at: i64,
    pub ticket: Option<String>,
    pub what: String,
    pub who: Option<String>,
}

/// What became of a ticket.
#[derive(Debug, Clone)]
pub struct Fate {
    pub ticket: Ticket,
    pub outcome: Outcome,
}

/// Writes everything down.
pub struct Log<'a> {
    model: &'a Model,
    /// Names of the people, by number.
    people: &'a [String],
    pub events: Vec<Event>,
    pub fates: IndexMap<String, Fate>,
    /// Waits from entering a queue to the first work at that team, s, by `T3 at L2`.
    pub waits_s: IndexMap<String, f64>,
    /// Work and overtime by person, s.
    pub handling_s: IndexMap<String, f64>,
    pub overtime_s: IndexMap<String, f64>,
    /// Pages sent, and the time from the first of them to the acknowledgement, s.
    pub pages: u64,
    pub acknowledged_after_s: Option<f64>,
    working_since: Vec<Instant>,
    off_since: Vec<Option<Instant>>,
}

/// Seconds of milliseconds.
pub fn seconds(ms: i64) -> f64 {
    ms as f64 / 1000.0
}

impl<'a> Log<'a> {
    pub fn new(model: &'a Model, people: &'a [String]) -> Log<'a> {
        let nobody = || people.iter().map(|name| (name.clone(), 0.0)).collect();
        Log {
            model,
            people,
            events: Vec::new(),
            fates: IndexMap::new(),
            waits_s: IndexMap::new(),
            handling_s: nobody(),
            overtime_s: nobody(),
            pages: 0,
            acknowledged_after_s: None,
            working_since: vec![Instant::START; people.len()],
            off_since: vec![None; people.len()],
        }
    }

    fn id(&self, ticket: &Ticket) -> String {
        let index = ticket.scripted.expect("all tickets are written out");
        let written = &self.model.population.scripted[index as usize].id;
        written.clone().expect("every ticket has a name")
    }

    fn person(&self, agent: AgentId) -> Option<String> {
        self.people.get(agent.index()).cloned()
    }

    fn write(&mut self, now: Instant, ticket: Option<&Ticket>, what: &str, who: Option<String>) {
        let ticket = ticket.map(|ticket| self.id(ticket));
        self.events.push(Event {
            at: now.ms(),
            ticket,
            what: what.to_owned(),
            who,
        });
    }

    fn stops_working(&mut self, now: Instant, agent: AgentId) {
        let Some(name) = self.person(agent) else { return };
        let since = self.working_since[agent.index()];
        *self.handling_s.entry(name.clone()).or_default() += seconds((now - since).ms());
        if let Some(off) = self.off_since[agent.index()] {
            *self.overtime_s.entry(name).or_default() += seconds((now - off.max(since)).ms());
        }
    }
}

impl Observe for Log<'_> {
    const SEES_BREACHES: bool = true;

    fn created(&mut self, now: Instant, ticket: &Ticket) {
        self.write(now, Some(ticket), "created", None);
    }

    fn started(&mut self, now: Instant, ticket: &Ticket, agent: AgentId, first: bool) {
        self.working_since[agent.index()] = now;
        if first {
            let visit = format!("{} at {}", self.id(ticket), self.model.names.teams[ticket.team.index()]);
            self.waits_s.insert(visit, seconds((now - ticket.queue_since).ms()));
        }
        let who = self.person(agent);
        self.write(now, Some(ticket), if first { "start" } else { "resumed" }, who);
    }

    fn interrupted(&mut self, now: Instant, ticket: &Ticket, agent: AgentId, why: Interruption) {
        self.stops_working(now, agent);
        let what = match why {
            Interruption::Preempted => "preempted",
            Interruption::HandedOff => "handed_off",
            Interruption::Held => "held",
            Interruption::Asked => "pending",
            Interruption::OnHold => "on_hold",
            Interruption::Break => "break",
            Interruption::Gated => "gated",
            Interruption::Writes => "put_aside",
            // Its transfer, or its gate, says it.
            Interruption::Taken | Interruption::Solved => return,
        };
        let who = self.person(agent);
        self.write(now, Some(ticket), what, who);
    }

    fn answered(&mut self, now: Instant, ticket: &Ticket) {
        self.write(now, Some(ticket), "customer_answered", None);
    }

    fn moves(&mut self, now: Instant, ticket: &Ticket, to: TeamId, agent: Option<AgentId>, by: Option<RuleId>) {
        match (agent, by) {
            (Some(agent), None) => {
                self.stops_working(now, agent);
                let who = self.person(agent);
                self.write(now, Some(ticket), "escalated", who);
            }
            _ => {
                let team = self.model.names.teams[to.index()].clone();
                self.write(now, Some(ticket), "transferred", Some(team));
            }
        }
    }

    fn fired(&mut self, now: Instant, ticket: &Ticket, rule: RuleId) {
        let name = &self.model.names.rules[rule.index()];
        if name.starts_with("alert:") {
            self.write(now, Some(ticket), &name.clone(), None);
        }
    }

    fn happened(&mut self, now: Instant, ticket: &Ticket, what: &Happening) {
        match *what {
            Happening::Paged { agent, .. } => {
                self.pages += 1;
                self.write(now, Some(ticket), "paged", Some(self.model.agent_name(agent)));
            }
            Happening::Acknowledged { agent, after, .. } => {
                self.acknowledged_after_s = Some(seconds(after.ms()));
                self.write(now, Some(ticket), "acknowledged", Some(self.model.agent_name(agent)));
            }
            Happening::PageTimeout { level, .. } => {
                self.write(now, Some(ticket), "timeout", Some(format!("level {}", level + 1)));
            }
            _ => {}
        }
    }

    fn breached(&mut self, now: Instant, ticket: &Ticket, kind: TargetKind) {
        self.write(now, Some(ticket), &format!("breach:{}", kind.name()), None);
    }

    fn resolved(&mut self, now: Instant, ticket: &Ticket, agent: AgentId) {
        self.stops_working(now, agent);
        let who = self.person(agent);
        self.write(now, Some(ticket), "resolved", who);
    }

    fn closed(&mut self, _now: Instant, ticket: &Ticket, outcome: &Outcome) {
        let fate = Fate {
            ticket: *ticket,
            outcome: *outcome,
        };
        self.fates.insert(self.id(ticket), fate);
    }

    fn on_duty(&mut self, now: Instant, agent: AgentId, starts: bool) {
        self.off_since[agent.index()] = (!starts).then_some(now);
        let who = self.person(agent);
        self.write(now, None, if starts { "shift_start" } else { "shift_end" }, who);
    }
}
