//! Who works: tiers with their work, teams, crews and people.

use super::ids::{CrewId, TeamId, TierId};
use crate::random::Sampler;
use crate::time::{Instant, Length};

/// A support tier.
#[derive(Debug, Clone)]
pub struct Tier {
    /// Work of solving, by true severity.
    pub work: Vec<Sampler>,
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
    /// Its people: a range of agent numbers.
    pub agents: std::ops::Range<usize>,
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

/// People who share hours and team.
#[derive(Debug, Clone)]
pub struct Crew {
    /// Shift name; `None` for people who are always on duty.
    pub name: Option<String>,
    /// Team.
    pub team: TeamId,
    /// Entity of what is drawn for its first person, its place within the team: another head count, shift or team changes
    /// nobody else's draws.
    pub entity: u64,
    /// On duty during these intervals, ordered, apart from each other; empty with `always`.
    pub shifts: Vec<(Instant, Instant)>,
    /// Always on duty.
    pub always: bool,
    /// Probability of absence for a whole shift.
    pub absent: f64,
    /// Breaks.
    pub breaks: Option<Breaks>,
    /// Its people: a range of agent numbers.
    pub agents: std::ops::Range<usize>,
}

/// A person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agent {
    /// Team.
    pub team: TeamId,
    /// Crew.
    pub crew: CrewId,
    /// Number within the crew, from 1.
    pub number: u32,
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
}
