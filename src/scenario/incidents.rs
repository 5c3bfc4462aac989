//! Faults that breed many tickets, as written: when they begin, how many come, and how they are recognised as one.
//!
//! When a fault begins, how many customers would open a ticket, when, and whether each ticket would be recognised as one of
//! the fault's, belongs to the fault and its tickets. A policy decides how soon the fault is mitigated and what then never
//! comes.

use super::law::{Law, LawBySeverity};
use super::{Arrivals, Mix};
use schemars::JsonSchema;
use serde::Deserialize;

/// A kind of fault. Its first ticket is the *parent*, the others are its *children*. If the parent is closed unanswered, the first
/// of those linked to it is the next parent, or with nothing linked the oldest that is open. A parent that is reopened while the
/// fault is there is it again, unless another ticket has taken its place.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Incident {
    /// Faults at random: when they begin.
    #[serde(default)]
    pub arrivals: Option<Arrivals>,
    /// Faults written out: when each begins, from the start of the run: `["2h", "3d 4h"]`. A kind with neither `arrivals` nor
    /// `at` begins with the first of the `tickets` that name it.
    #[serde(default)]
    #[schemars(extend("x-format" = "durations"))]
    pub at: Vec<String>,
    /// Service of the parent (default: the first).
    #[serde(default)]
    #[schemars(extend("x-ref" = "services"))]
    pub service: Option<String>,
    /// True severity of the parent (default: drawn from its service's mix).
    #[serde(default)]
    #[schemars(extend("x-ref" = "severities"))]
    pub severity: Option<String>,
    /// The other tickets that the fault breeds as long as it is there (default: none).
    #[serde(default)]
    pub children: Option<Children>,
    /// How long the fault lasts if nobody mitigates it (default: until its parent is solved).
    #[serde(default)]
    pub lasts: Option<Law>,
    /// Whether the fault is gone once its parent is mitigated or solved (default `true`).
    #[serde(default)]
    pub ends_with_parent: Option<bool>,
    /// When the organisation knows that there is an incident: the earliest of these (default: with the first ticket).
    #[serde(default)]
    pub declared: Option<Declaration>,
    /// How tickets of a declared incident are recognised and linked to their parent (default: never).
    #[serde(default)]
    pub linking: Option<Linking>,
    /// A status page that spares tickets (default: none).
    #[serde(default)]
    pub status_page: Option<StatusPage>,
    /// Alerts with one key: while the parent is open, others join it and never become tickets (default `false`).
    #[serde(default)]
    pub dedup: Option<bool>,
}

/// The children of a fault: how many, when, and of what kind. Exactly one of `count`, `per_hour` and `after`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("x-either" = [["count", "delay"], ["per_hour"], ["after"]]))]
pub struct Children {
    /// How many there are in all, if the fault is not mitigated before.
    #[serde(default)]
    pub count: Option<HowMany>,
    /// Time from the beginning of the fault to each of them, independently (default: all at once).
    #[serde(default)]
    pub delay: Option<Law>,
    /// So many an hour, at random, from the beginning of the fault to its end; the incident then says how long it `lasts`.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1000000.0))]
    pub per_hour: Option<f64>,
    /// When each of them comes, from the beginning of the fault: `["2m", "5m"]`.
    #[serde(default)]
    #[schemars(extend("x-format" = "durations"))]
    pub after: Vec<String>,
    /// Services in which they are opened, adding to 1 (default: the parent's).
    #[serde(default)]
    #[schemars(extend("x-ref-keys" = "services", "x-share-values" = true))]
    pub services: Option<Mix>,
    /// Their true severities, adding to 1 (default: each service's own mix).
    #[serde(default)]
    #[schemars(extend("x-ref-keys" = "severities", "x-share-values" = true))]
    pub mix: Option<Mix>,
}

/// The law of a number: one of these, e.g. `{ geometric = 12 }`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum HowMany {
    /// Always as many.
    Fixed(#[schemars(range(min = 0, max = 65000))] u32),
    /// Poisson of this mean: varies little.
    Poisson(#[schemars(range(min = 0.0, max = 10000.0))] f64),
    /// Geometric from 0 of this mean: most faults breed few, some very many.
    Geometric(#[schemars(range(min = 0.0, max = 10000.0))] f64),
}

/// When an incident is declared: the earliest of what is written.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    /// As soon as so many tickets of the fault have been opened.
    #[serde(default)]
    #[schemars(range(min = 1, max = 65000))]
    pub tickets: Option<u32>,
    /// Probability that an agent who begins one of its tickets sees it.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub touch: Option<f64>,
    /// Time from the beginning of the fault after which monitoring says so.
    #[serde(default)]
    pub monitoring: Option<Law>,
}

/// Recognising that tickets are one incident's.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Linking {
    /// Share of the children that are recognised and linked to the parent. Work on a linked ticket stops, its clocks run on,
    /// and it is solved with its parent.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub share: f64,
    /// Time to that, from the ticket's creation or the declaration, whichever is later (default: at once).
    #[serde(default)]
    pub delay: Option<Law>,
    /// Probability that an agent who has worked on one in vain, the fault still being there, recognises it then (default 1).
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub after_work: Option<f64>,
    /// Work of closing each linked ticket once its parent is solved, in the team that solved the parent and before its tickets
    /// (default: none, all are closed at once).
    #[serde(default)]
    pub close_work: Option<LawBySeverity>,
    /// What becomes of a linked ticket's clocks (default `own`).
    #[serde(default)]
    pub clocks: Option<LinkedClocks>,
}

/// What becomes of a linked ticket's clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LinkedClocks {
    /// They run on until it is solved with its parent: its customer still waits.
    Own,
    /// They end void when it is linked: only the parent's count.
    Parent,
}

/// A status page: it makes some of those who would open a ticket wait instead.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatusPage {
    /// Time from the declaration until it is up (default `0s`).
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub after: Option<String>,
    /// Share of the tickets that it spares once everybody knows of it.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub deflect: f64,
    /// Time in which half of them know of it (default: all at once): after the time t the share spared is
    /// `deflect · (1 − 2^(−t/half_life))`.
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub half_life: Option<String>,
}
