//! Who is on call, who is paged when, and how people answer.
//!
//! Schedules are tables of who is on call from when; policies are ladders of levels over them. Nothing in here is drawn or
//! remembered: what becomes of a page is the kernel's.

use super::ids::{AgentId, PolicyId, ScheduleId, ServiceId, SeverityId, TeamId};
use super::people::Agent;
use crate::random::Sampler;
use crate::time::{Instant, Length, Rota};

/// Somebody to page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageTarget {
    /// Whoever is on call when they are paged.
    Schedule(ScheduleId),
    /// A person, unless on leave.
    Person(AgentId),
}

/// A schedule: at any instant nobody or one person.
#[derive(Debug, Clone)]
pub struct Schedule {
    /// Agents by number.
    pub(super) rota: Rota,
    /// How its people answer, whatever they are doing.
    pub answering: Option<Answering>,
}

impl Schedule {
    /// Who is on call.
    #[inline]
    pub fn on_call(&self, at: Instant) -> Option<AgentId> {
        self.rota.who(at).map(|agent| AgentId::new(agent as usize))
    }

    /// Changes of duty in order: from when, and who.
    pub fn changes(&self) -> impl Iterator<Item = (Instant, Option<AgentId>)> {
        let agent = |who: Option<u32>| who.map(|agent| AgentId::new(agent as usize));
        self.rota.changes().iter().map(move |(from, who)| (*from, agent(*who)))
    }
}

/// How somebody answers pages; `None`: as people in their state do.
#[derive(Debug, Clone, Default)]
pub struct Answering {
    /// From the page to the acknowledgement, ms.
    pub delay: Option<Sampler>,
    /// Share of the pages that are never answered.
    pub never: Option<f64>,
}

/// What somebody is doing when a page comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Engagement {
    /// On duty and free.
    Free,
    /// On duty, at work.
    Busy,
    /// Off duty, awake.
    Awake,
    /// Off duty, asleep.
    Asleep,
    /// At work on another page.
    Paged,
}

/// A level of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    /// Whom it pages, in order.
    pub targets: Vec<PageTarget>,
    /// From one target's page to the next one's; zero: all at once.
    pub gap: Length,
    /// From the first page to the next level.
    pub timeout: Length,
}

/// An escalation policy.
#[derive(Debug, Clone, PartialEq)]
pub struct EscalationPolicy {
    /// Levels in order.
    pub levels: Vec<Level>,
    /// How often they are played again.
    pub repeats: u32,
    /// Who is paged after them.
    pub last_resort: Option<PageTarget>,
    /// How often; `None`: once.
    pub last_resort_every: Option<Length>,
    /// Whether an acknowledgement after its level's timeout counts.
    pub late_counts: bool,
    /// From an acknowledgement to the ladder's new start, if the ticket is still open.
    pub ack_timeout: Option<Length>,
    /// Least severe severity that is paged for.
    pub severity: Option<SeverityId>,
    /// Which tickets share a page; `None`: each has its own.
    pub group: Option<PageGroup>,
    /// Whether whoever acknowledges puts the ticket off.
    pub snooze: Option<Snooze>,
}

/// An acknowledgement with an end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Snooze {
    /// Share of the acknowledgements.
    pub share: f64,
    /// For how long.
    pub lasts: Length,
    /// How often a ticket is put off at most.
    pub at_most: u16,
}

/// Tickets that share a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageGroup {
    /// What they have in common.
    pub by: GroupBy,
    /// From the first ticket to the page.
    pub wait: Length,
    /// From the first ticket until no more join; `None`: as long as one is open.
    pub within: Option<Length>,
    /// Ticks from the first page on at which what has joined since the last page is paged for; `None`: it falls to whoever
    /// acknowledged.
    pub interval: Option<Length>,
    /// From the last page to the next one for what is still not solved.
    pub repeat: Option<Length>,
}

/// What tickets that share a page have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupBy {
    /// The service.
    Service,
    /// The fault that they come of.
    Incident,
    /// The policy alone.
    Policy,
}

/// Owners of a service's tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owners {
    /// In the first place.
    pub primary: AgentId,
    /// If the primary is not there or has too much.
    pub secondary: Option<AgentId>,
    /// Open tickets from which on the primary has too much.
    pub overload: u32,
}

/// All of it.
#[derive(Debug, Clone)]
pub struct OnCall {
    /// Schedules.
    pub schedules: Vec<Schedule>,
    /// Escalation policies.
    pub policies: Vec<EscalationPolicy>,
    /// How people answer, by [`Engagement`]: from the page to the acknowledgement, ms, and the share never answered.
    pub answering: Vec<(Sampler, f64)>,
    /// From the acknowledgement to the work, off duty and awake.
    pub get_to_desk: Length,
    /// Likewise out of one's sleep.
    pub get_to_desk_at_night: Length,
    /// Share by which work and acknowledgements grow for each page that woke somebody.
    pub fatigue: f64,
    /// Pages of a night that put the next shift off.
    pub rest_after: Option<u32>,
    /// Rest between the last page of a night and the next shift.
    pub rest: Length,
    /// Owners by service.
    pub owners: Vec<Option<Owners>>,
    /// Whether any of them has a secondary.
    pub takes_over: bool,
    /// Whether an acknowledgement is the first response, by service.
    pub ack_counts: Vec<bool>,
    /// Lists of nights `[from, until)` in order, one a zone in which somebody lives.
    pub(super) nights: Vec<Vec<(Instant, Instant)>>,
    /// Which list, by agent.
    pub(super) nights_of: Vec<u16>,
    /// When people by name are on leave, by agent; empty lists at the end are left out.
    pub(super) leave: Vec<Vec<(Instant, Instant)>>,
    /// People who answer no page for a time, as only drills have them.
    pub(super) silent: Vec<(AgentId, Instant, Instant)>,
}

impl OnCall {
    /// Whether anybody can be paged or owns tickets from the start.
    pub fn is_used(&self) -> bool {
        !self.schedules.is_empty() || !self.policies.is_empty() || self.has_owners()
    }

    /// Whether tickets of any service belong to a person from the start.
    #[inline]
    pub fn has_owners(&self) -> bool {
        self.owners.iter().any(Option::is_some)
    }

    /// Whether secondary owners in a team may take over what waits for primary ones.
    pub fn takes_over_in(&self, team: TeamId, agents: &[Agent]) -> bool {
        let mut secondaries = self.owners.iter().flatten().filter_map(|owners| owners.secondary);
        secondaries.any(|agent| agents[agent.index()].team == team)
    }

    /// Whether tickets of any policy share a page.
    pub fn groups(&self) -> bool {
        self.policies.iter().any(|policy| policy.group.is_some())
    }

    /// Whether pages of any policy are put off.
    pub fn snoozes(&self) -> bool {
        self.policies.iter().any(|policy| policy.snooze.is_some())
    }

    /// A policy.
    #[inline]
    pub fn policy(&self, policy: PolicyId) -> &EscalationPolicy {
        &self.policies[policy.index()]
    }

    /// Who is on call of a schedule.
    pub fn of_schedule(&self, schedule: ScheduleId, at: Instant) -> Option<AgentId> {
        self.schedules[schedule.index()].on_call(at)
    }

    /// Whom a page to a target reaches now.
    pub fn resolve(&self, target: PageTarget, at: Instant) -> Option<AgentId> {
        match target {
            PageTarget::Schedule(schedule) => self.of_schedule(schedule, at),
            PageTarget::Person(agent) => Some(agent).filter(|agent| !self.is_away(*agent, at)),
        }
    }

    /// Owners of a service's tickets, if they belong to somebody from the start.
    #[inline]
    pub fn owners(&self, service: ServiceId) -> Option<Owners> {
        self.owners[service.index()]
    }

    /// Whether somebody is on leave.
    pub fn is_away(&self, agent: AgentId, at: Instant) -> bool {
        let leave = self.leave.get(agent.index());
        leave.is_some_and(|leave| leave.iter().any(|(from, to)| *from <= at && at < *to))
    }

    /// Makes somebody answer no page in `[from, until)`. The rota does not know it.
    pub fn silence(&mut self, agent: AgentId, (from, until): (Instant, Instant)) {
        self.silent.push((agent, from, until));
    }

    /// Whether somebody answers no page now.
    pub fn is_silent(&self, agent: AgentId, at: Instant) -> bool {
        let concerns = |(who, from, until): &(AgentId, Instant, Instant)| *who == agent && *from <= at && at < *until;
        self.silent.iter().any(concerns)
    }

    /// The number of the night that has begun last for somebody, from 0 (`None`: before all), and whether it is not over.
    pub fn night(&self, agent: AgentId, at: Instant) -> (Option<u32>, bool) {
        let nights = &self.nights[self.nights_of[agent.index()] as usize];
        let begun = nights.partition_point(|(from, _)| *from <= at);
        match begun.checked_sub(1) {
            Some(last) => (Some(last as u32), at < nights[last].1),
            None => (None, false),
        }
    }

    /// The nights of somebody, `[from, until)`, in order.
    pub fn nights(&self, agent: AgentId) -> &[(Instant, Instant)] {
        &self.nights[self.nights_of[agent.index()] as usize]
    }
}
