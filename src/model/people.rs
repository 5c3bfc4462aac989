//! Who works: tiers with their work, teams, crews and people.

use super::ids::{AgentId, CrewId, PersonId, SeverityId, TeamId, TierId};
use super::routing::{Concurrency, Lanes, Overflow, Places, Routing, Training};
use crate::random::Sampler;
use crate::time::{Instant, Length, Zone};

/// A support tier.
#[derive(Debug, Clone)]
pub struct Tier {
    /// Work of solving, by true severity.
    pub work: Vec<Sampler>,
    /// Its median, ms.
    pub median_work: Vec<f64>,
    /// Work of finding out that it cannot be solved here, by true severity.
    pub diagnosis: Vec<Sampler>,
}

/// Order of a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Discipline {
    /// Order of entering.
    Fifo,
    /// Severity, then order of entering.
    Severity,
    /// Severity, then customer tier, then order of entering.
    SeverityCustomer,
    /// Earliest deadline.
    Deadline,
    /// Order of entering, each step of severity a head start.
    Ageing(Length),
}

/// Where an interrupted ticket waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preemption {
    /// Work added at each resumption.
    pub switch_cost: Length,
    /// Whether a severity may interrupt, by severity.
    pub by: Vec<bool>,
    /// The interrupted ticket goes back to the team's queue instead of waiting for its owner.
    pub back_to_team: bool,
}

impl Preemption {
    /// Whether a ticket of a severity, which is no task, may interrupt work on another.
    #[inline]
    pub fn admits(&self, is_task: bool, severity: SeverityId, work: SeverityId) -> bool {
        !is_task && self.by[severity.index()] && severity.is_above(work)
    }
}

/// What happens to work in progress at the end of a shift.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShiftEnd {
    /// Completed on overtime of at most this length, then handed off.
    Finish(Length),
    /// Handed to the team's queue.
    HandOff,
    /// Kept until the owner's next shift.
    Hold,
}

/// A team.
#[derive(Debug, Clone)]
pub struct Team {
    /// Tier that it works.
    pub tier: TierId,
    /// Order of its queue.
    pub discipline: Discipline,
    /// Preemption, if any.
    pub preemption: Option<Preemption>,
    /// End of shifts.
    pub shift_end: ShiftEnd,
    /// How its tickets find its people.
    pub routing: Routing,
    /// Lanes of its queue, if its people or their preferences differ.
    pub lanes: Option<Lanes>,
    /// The team that helps.
    pub overflow: Option<Overflow>,
    /// Teams that it helps.
    pub helps: Vec<TeamId>,
    /// Waiting places, if they are limited.
    pub places: Option<Places>,
    /// Several conversations at once.
    pub concurrency: Option<Concurrency>,
    /// The factor by which its people differ, in thousandths.
    pub spread: Option<Sampler>,
    /// Its people: a range of agent numbers.
    pub agents: std::ops::Range<usize>,
}

impl Team {
    /// Whether its people work at paces of their own.
    pub fn has_paces(&self) -> bool {
        self.concurrency.is_some() || self.spread.is_some() || self.lanes.as_ref().is_some_and(Lanes::has_grades)
    }

    /// Whether it gives its tickets out in another way than the longest idle taking the head of one queue.
    pub fn is_particular(&self) -> bool {
        self.lanes.is_some()
            || self.overflow.is_some()
            || !self.helps.is_empty()
            || self.places.is_some()
            || self.concurrency.is_some()
            || self.routing != Routing::USUAL
    }
}

/// Breaks of a crew's shifts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Breaks {
    /// Share of the shift.
    pub share: f64,
    /// How many.
    pub count: u32,
    /// How long running work may delay one.
    pub slip: Length,
}

/// People who share hours and team: those who are counted, then those who have names.
#[derive(Debug, Clone)]
pub struct Crew {
    /// Shift name; `None` for people who are always on duty.
    pub name: Option<String>,
    /// Team.
    pub team: TeamId,
    /// Zone of its hours: crews of the team with the same number share the business day.
    pub zone: usize,
    /// On duty during these intervals, ordered, apart from each other; empty with `always`, and for people who are on
    /// call only.
    pub shifts: Vec<(Instant, Instant)>,
    /// By shift: the number of the local day on which it begins. Whoever is absent is so for a day.
    pub days: Vec<u32>,
    /// Always on duty.
    pub always: bool,
    /// Paid at all hours, on leave too: they would be always on duty.
    pub paid_always: bool,
    /// Probability of absence for a whole day.
    pub absent: f64,
    /// Breaks.
    pub breaks: Option<Breaks>,
    /// Its people: a range of agent numbers.
    pub agents: std::ops::Range<usize>,
}

/// A person.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Agent {
    /// Team.
    pub team: TeamId,
    /// Crew.
    pub crew: CrewId,
    /// Number within the crew, from 1.
    pub number: u32,
    /// Entity of what is drawn for them: made of what the file calls them, so that no candidate's other people change it.
    pub key: u64,
    /// Who it is, if they were written out by name.
    pub person: Option<PersonId>,
    /// How fast they work, 1 being the standard.
    pub proficiency: f64,
    /// How they learn, if they are new.
    pub training: Option<Training>,
}

/// A person who was written out by name.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// The same person among all.
    pub agent: AgentId,
    /// Where they live.
    pub zone: Zone,
    /// Away during these intervals `[from, to)`, ordered, apart from each other.
    pub leave: Vec<(Instant, Instant)>,
}

impl Person {
    /// Whether they are on leave at an instant.
    pub fn is_away(&self, at: Instant) -> bool {
        self.leave.iter().any(|(from, to)| *from <= at && at < *to)
    }
}

/// What a change of hands costs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Handoff {
    /// Cold handoffs: share of the work done that is done again. Warm ones: 0.
    pub context_loss: f64,
    /// Warm handoffs: time that both spend if the receiver starts at once.
    pub overlap: Length,
    /// Whether changes of hands are cold.
    pub cold: bool,
    /// Work added by the tier that escalates.
    pub escalation_notes: Length,
    /// Share by which work after an escalation grows.
    pub escalation_loss: f64,
    /// The same where a rule hands a ticket over cold.
    pub cold_escalation_loss: f64,
    /// Share of the tickets that a team gets from another and does not accept.
    pub rejected: f64,
    /// Work of not accepting one, and of reading why it came back.
    pub reject_work: Length,
}
