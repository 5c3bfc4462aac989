//! How a team's work finds its people: lanes of its queue, routing, overflow, waiting places, conversations at once, and
//! how fast people are, alone and together.

use super::ids::{ServiceId, TeamId};
use crate::random::exp;
use crate::time::{Instant, Length};

/// Who gets a ticket, if there are several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoutingMode {
    /// Idle since the earliest instant.
    LongestIdle,
    /// With the fewest open tickets of their own.
    LeastLoaded,
    /// The next in turn.
    RoundRobin,
    /// Most proficient in what the ticket needs.
    BestSkill,
}

/// How a team's tickets find its people.
#[derive(Debug, Clone, PartialEq)]
pub struct Routing {
    /// Tickets are assigned as they come, and wait for their person.
    pub push: bool,
    /// Who gets one.
    pub mode: RoutingMode,
    /// Before that: in whose zone the business day ends first.
    pub follow_the_sun: bool,
    /// What comes back goes to whoever solved it, if they can take it within this time.
    pub sticky: Option<Length>,
    /// Push: most tickets that a person holds.
    pub holds: u32,
    /// Push: longest wait for the person.
    pub return_after: Option<Length>,
}

impl Routing {
    /// Pull, the longest idle first.
    pub const USUAL: Routing = Routing {
        push: false,
        mode: RoutingMode::LongestIdle,
        follow_the_sun: false,
        sticky: None,
        holds: u32::MAX,
        return_after: None,
    };
}

/// A team that helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overflow {
    /// The team.
    pub to: TeamId,
    /// A ticket is offered to it after so long in the queue; `None`: only what finds no place goes there.
    pub after: Option<Length>,
    /// It moves there instead of waiting in both queues.
    pub moves: bool,
}

/// Waiting places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Places {
    /// How many.
    pub count: usize,
    /// What finds none goes to the team that helps; else it is turned away.
    pub overflow: bool,
}

/// Several conversations at once.
#[derive(Debug, Clone, PartialEq)]
pub struct Concurrency {
    /// Most at once.
    pub most: u32,
    /// Each further one slows all down by this.
    pub slowdown: f64,
    /// Whether a severity takes a person alone, by severity.
    pub exclusive: Vec<bool>,
}

impl Concurrency {
    /// Rate of each of `k` conversations: 1 / (1 + β(k − 1)).
    pub fn pace(&self, k: usize) -> f64 {
        1.0 / (1.0 + self.slowdown * (k.max(1) - 1) as f64)
    }

    /// Work of a person who has as many as possible, in persons: the most that k conversations at once get done.
    pub fn gain(&self) -> f64 {
        (1..=self.most as usize)
            .map(|k| k as f64 * self.pace(k))
            .fold(1.0, f64::max)
    }
}

/// The lanes of a team's queue: tickets that need the same and are liked the same are one lane, ordered by the discipline.
/// Lane 0 holds tasks, which everybody can do.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lanes {
    /// Lane by service.
    of_service: Vec<u16>,
    /// Place in the order of preference, by lane.
    preference: Vec<u32>,
    /// Grades by agent of the team, then lane; 0: cannot.
    grades: Vec<f64>,
}

impl Lanes {
    /// Lanes by service (from 1), their preference, and grades by agent and lane, tasks aside.
    pub fn new(of_service: Vec<u16>, preference: Vec<u32>, grades: impl IntoIterator<Item = Vec<f64>>) -> Lanes {
        let with_tasks = |grades: Vec<f64>| std::iter::once(1.0).chain(grades);
        Lanes {
            of_service,
            preference: std::iter::once(0).chain(preference).collect(),
            grades: grades.into_iter().flat_map(with_tasks).collect(),
        }
    }

    /// How many there are.
    #[inline]
    pub fn count(&self) -> usize {
        self.preference.len()
    }

    /// The lane of a service's tickets.
    #[inline]
    pub fn of(&self, service: ServiceId) -> usize {
        self.of_service[service.index()] as usize
    }

    /// Whether tickets of one lane go before those of another, whatever their rank: the smaller goes first.
    #[inline]
    pub fn preference(&self, lane: usize) -> u32 {
        self.preference[lane]
    }

    /// How well the team's `member`th person does what a lane needs; 0: cannot.
    #[inline]
    pub fn grade(&self, member: usize, lane: usize) -> f64 {
        self.grades[member * self.preference.len() + lane]
    }

    /// Whether anybody is better or worse at something than the standard.
    pub fn has_grades(&self) -> bool {
        self.grades.iter().any(|grade| *grade != 0.0 && *grade != 1.0)
    }

    /// Whether anybody can do what a lane needs.
    pub fn anybody(&self, lane: usize) -> bool {
        self.grades
            .iter()
            .skip(lane)
            .step_by(self.preference.len())
            .any(|grade| *grade > 0.0)
    }
}

/// How somebody new becomes proficient.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Training {
    /// Proficiency on the first day, as a share of what it becomes.
    pub start: f64,
    /// Time after which 63 % of the gap is closed, ms.
    pub tau_ms: f64,
    /// First day.
    pub since: Instant,
}

impl Training {
    /// Factor on the proficiency at an instant: ρ₀ + (1 − ρ₀)(1 − e^(−t/τ)), ρ₀ before the first day.
    pub fn factor(&self, at: Instant) -> f64 {
        let passed = (at - self.since).ms().max(0) as f64;
        1.0 - (1.0 - self.start) * exp(-passed / self.tau_ms)
    }
}

/// How fast people are who work on one ticket together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Swarming {
    /// Their speed.
    pub speed: Speedup,
    /// Briefing of each who joins.
    pub join_work: Length,
}

/// Speed of n people, as a multiple of one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Speedup {
    /// Contention and coherence.
    Usl(f64, f64),
    /// Parallel share.
    Amdahl(f64),
    /// As many times.
    Linear,
}

impl Speedup {
    /// S(n). One person alone has speed 1.
    ///
    /// ```
    /// use escalade::model::Speedup;
    /// assert!((Speedup::Usl(0.3, 0.02).of(3) - 1.744186).abs() < 1e-6);
    /// assert!((Speedup::Amdahl(0.6).of(3) - 1.666667).abs() < 1e-6);
    /// ```
    pub fn of(self, people: usize) -> f64 {
        let n = people.max(1) as f64;
        match self {
            Speedup::Usl(contention, coherence) => n / (1.0 + contention * (n - 1.0) + coherence * n * (n - 1.0)),
            Speedup::Amdahl(parallel) => 1.0 / ((1.0 - parallel) + parallel / n),
            Speedup::Linear => n,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::defaults;

    #[test]
    fn together_people_gain_less_with_each_and_hinder_each_other_beyond_six() {
        let speed = |people| (defaults::SPEEDUP.of(people) * 1000.0).round() / 1000.0;
        assert_eq!([2, 3, 5].map(speed), [1.493, 1.744, 1.923]);
        let best = (1..20).max_by(|a, b| defaults::SPEEDUP.of(*a).total_cmp(&defaults::SPEEDUP.of(*b)));
        assert_eq!(best, Some(6));
    }

    #[test]
    fn several_conversations_get_more_done_than_one() {
        let chat = Concurrency {
            most: 4,
            slowdown: defaults::SLOWDOWN,
            exclusive: Vec::new(),
        };
        let throughput = |at_once: usize| (at_once as f64 * chat.pace(at_once) * 100.0).round() / 100.0;
        assert_eq!([2, 3, 4].map(throughput), [1.48, 1.76, 1.95]);
    }
}
