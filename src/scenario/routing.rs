//! How a team's work finds its people, as written: routing modes, overflow, waiting places, conversations at once, and
//! swarms.

use super::policy::Always;
use schemars::JsonSchema;
use serde::Deserialize;

/// How a team's tickets find its people.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Routing {
    /// When a ticket is assigned (default `pull`).
    #[serde(default)]
    pub assign: Option<Assign>,
    /// Who gets it, if there are several (default `longest-idle`).
    #[serde(default)]
    pub mode: Option<RoutingMode>,
    /// Before the mode: people of the zone whose business day is running, of several the one that ends first (default
    /// `false`). It ends with the longest of the zone's shifts that have begun.
    #[serde(default)]
    pub follow_the_sun: Option<bool>,
    /// A ticket that comes back goes to whoever solved it, if they are on duty and hold less than they can (default
    /// `false`).
    #[serde(default)]
    pub sticky: Option<bool>,
    /// `sticky`: longest wait for them before anybody may have it (default `0s`). It ends with their shift.
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub sticky_wait: Option<String>,
    /// `push`: most tickets that a person holds, in work and waiting for them; others wait in the team's queue (default:
    /// no limit).
    #[serde(default)]
    #[schemars(range(min = 1, max = 10_000))]
    pub holds: Option<u32>,
    /// `push`: a ticket that nobody has begun for so long goes back to the team's queue, for whoever is free (default:
    /// never, it waits for its person however long they are away).
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub return_after: Option<String>,
}

/// When a ticket is assigned to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Assign {
    /// When somebody is free for it: it waits in the team's queue.
    Pull,
    /// When it comes: it waits in the person's own queue.
    Push,
}

/// Who gets a ticket, of those who are on duty, have the skills and are not at their limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RoutingMode {
    /// Idle since the earliest instant. Breaks do not end that time, the start of a shift does. `push`, when nobody is
    /// idle: as `least-loaded`.
    LongestIdle,
    /// With the fewest open tickets of their own (in work, waiting for them, waiting for the customer or a gate); then longest
    /// idle.
    LeastLoaded,
    /// The next in turn after the one last assigned, in the order of the people.
    RoundRobin,
    /// Most proficient in what the ticket needs; then longest idle.
    BestSkill,
}

/// Where a team's tickets may go when it does not get to them.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Overflow {
    /// The team that helps, of the same tier.
    #[schemars(extend("x-ref" = "teams"))]
    pub to: String,
    /// After so long in the queue a ticket is offered to the other team as well: the first free person of either takes it
    /// (default: only what finds no waiting place goes there, see `when_full`). `"0s"`: as soon as nobody here is free.
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub after: Option<String>,
    /// It moves to the other team's queue instead of waiting in both (default `false`).
    #[serde(default)]
    pub r#move: Option<bool>,
}

/// What becomes of a ticket that finds all waiting places taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WhenFull {
    /// It is turned away, for good.
    TurnAway,
    /// It goes to the team of `overflow`; turned away if that is full too and has none.
    Overflow,
}

/// Several conversations at once: chat.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Concurrency {
    /// Most conversations of a person at once.
    #[schemars(range(min = 2, max = 32))]
    pub most: u32,
    /// With k conversations each goes at the rate 1 / (1 + slowdown × (k − 1)) (default 0.35).
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 10.0))]
    pub slowdown: Option<f64>,
    /// Severities that take a person alone, such as what is done on the telephone (default: none).
    #[serde(default)]
    #[schemars(extend("x-ref" = "severities"))]
    pub exclusive: Vec<String>,
}

/// How somebody new becomes proficient: ρ(t) = start + (1 − start) × (1 − e^(−t / time_constant)), a factor on their
/// proficiency, read at the start of each stretch of work.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Training {
    /// Proficiency on the first day, as a share of what it becomes (default 0.5).
    #[serde(default)]
    #[schemars(range(min = 0.05, max = 1.0))]
    pub start: Option<f64>,
    /// Time after which 63 % of the gap is closed (default `8w`).
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub time_constant: Option<String>,
    /// Their first day (default: the start of the run).
    #[serde(default)]
    #[schemars(extend("x-format" = "start"))]
    pub since: Option<String>,
}

/// How fast several people are who work on one ticket together. All of them are occupied until it is solved.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Swarming {
    /// Speed of n people, as a multiple of one (default `{ usl = { contention = 0.3, coherence = 0.02 } }`).
    #[serde(default)]
    pub speed: Option<Speedup>,
    /// Briefing of each who joins, during which they do not count (default `3m`).
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub join_work: Option<String>,
}

/// Speed of n people on one ticket, as a multiple of one.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Speedup {
    /// The universal scalability law (Gunther): n / (1 + contention × (n − 1) + coherence × n × (n − 1)).
    Usl {
        /// Waiting for each other, 0.3 typically.
        #[schemars(range(min = 0.0, max = 1.0))]
        contention: f64,
        /// Talking to each other, 0.02 typically.
        #[schemars(range(min = 0.0, max = 1.0))]
        coherence: f64,
    },
    /// Amdahl's law: 1 / ((1 − parallel) + parallel / n).
    Amdahl {
        /// Share of the work that can be done side by side.
        #[schemars(range(min = 0.0, max = 1.0))]
        parallel: f64,
    },
    /// n people are n times as fast.
    Linear(#[schemars(extend("const" = true))] Always),
}
