//! What an organisation learns from its tickets: reviews, problems behind incidents, articles and practice, as written.

use super::law::{Law, LawBySeverity, ShareBySeverity};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

/// Post-incident reviews: work that follows the resolution of severe tickets.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reviews {
    /// Severities (reported at the resolution) that are reviewed, each once, after the first resolution.
    #[schemars(extend("x-ref" = "severities"))]
    pub severity: Vec<String>,
    /// Time from the resolution within which the review is to be done: `"5bd"`, or by severity
    /// `{ Sev1 = "5bd", other = "10bd" }`. What is not done by then is dropped.
    pub due: TimeBySeverity,
    /// Calendar of that time (default `24x7`, or the business calendar for `bh` and `bd`).
    #[serde(default)]
    #[schemars(extend("x-ref" = "calendars"))]
    pub calendar: Option<String>,
    /// Work of a review, all its people together, by true severity.
    pub work: LawBySeverity,
    /// People who share that work equally (default 4).
    #[serde(default)]
    #[schemars(range(min = 1, max = 100))]
    pub people: Option<u32>,
    /// The team whose people do it (default: the team that resolved the ticket).
    #[serde(default)]
    #[schemars(extend("x-ref" = "teams"))]
    pub team: Option<String>,
    /// Probability that a finished review finds the root cause of a ticket whose kind has a problem behind it (default 0.5).
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub p_root: Option<f64>,
    /// Share of the work that a scribe's notes save (default 0.3).
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub scribe_saves: Option<f64>,
}

/// One time for all, or one by severity: `{ Sev1 = "5bd", other = "10bd" }`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum TimeBySeverity {
    /// The same for every severity.
    All(#[schemars(extend("x-format" = "target"))] String),
    /// By severity (and `other`).
    By(
        #[schemars(extend("x-ref-keys" = "severities", "x-other" = true, "x-format-values" = "target"))]
        IndexMap<String, String>,
    ),
}

/// A kind of ticket: what it is about. Tickets of a kind share articles, practice, and perhaps a problem behind them.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TicketKind {
    /// Share of the tickets that are of this kind, by true severity. A property of the tickets. Children of a fault are of their
    /// parent's kind.
    pub share: ShareBySeverity,
    /// Services whose tickets can be of this kind (default all).
    #[serde(default)]
    #[schemars(extend("x-ref" = "services"))]
    pub service: Option<Vec<String>>,
    /// The problem that breeds these tickets (default none).
    #[serde(default)]
    pub problem: Option<Problem>,
}

/// A problem: the common cause of the tickets of a kind. A review may find it; its fix then prevents later tickets, and faults
/// whose first ticket would be one of them.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Problem {
    /// Work of the fix once the root cause is known (default none).
    #[serde(default)]
    pub fix: Option<Law>,
    /// The team that makes the fix (default: the team that resolved the reviewed ticket).
    #[serde(default)]
    #[schemars(extend("x-ref" = "teams"))]
    pub team: Option<String>,
    /// The gate that the finished fix waits for (default none).
    #[serde(default)]
    #[schemars(extend("x-ref" = "gates"))]
    pub gate: Option<String>,
    /// Share of the later tickets that a fix which works prevents (default 0.7).
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub effect: Option<f64>,
    /// Probability that the fix works (default 1).
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub p_effective: Option<f64>,
}

/// The knowledge base: articles about kinds of ticket, and practice with them. Needs `[kinds]`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Knowledge {
    /// Articles (default none).
    #[serde(default)]
    pub articles: Option<Articles>,
    /// Practice: who has solved many tickets of a kind solves the next one faster (default none).
    #[serde(default)]
    pub learning: Option<Learning>,
}

/// Articles: written after a solved ticket of a kind without one, found by later tickets.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Articles {
    /// Probability that an article is written after a solved ticket of a kind that has none.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub p_write: f64,
    /// Work of writing it, for the team that solved the ticket.
    pub work: Law,
    /// Time from the written article to its going live (default at once).
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub review_delay: Option<String>,
    /// Kinds whose article is live from the start.
    #[serde(default)]
    #[schemars(extend("x-ref" = "kinds"))]
    pub live: Vec<String>,
    /// Probability that a ticket finds its kind's article (default 0.7).
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub p_find: Option<f64>,
    /// Share of the work that a found article saves (default 0.3).
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub saves: Option<f64>,
    /// Probability that with the article one tier below can solve the ticket, too (default 0).
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub p_shift: Option<f64>,
    /// Probability that the customer helps themself with the article: the ticket never comes (default 0).
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub p_deflect: Option<f64>,
    /// Time in which an article loses half of its chance of being found and of deflecting (default never).
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub half_life: Option<String>,
    /// Age from which on the next solved ticket of its kind has an article reviewed: it is as good as new once that is done
    /// (default never).
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub renew_after: Option<String>,
    /// Work of reviewing one, for the team that solved the ticket (default: as `work`).
    #[serde(default)]
    pub renew_work: Option<Law>,
}

/// A learning curve: after `n` solved tickets of a kind the work is `max(floor, n^(-b))` of the usual, `b = -log2(rate)`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Learning {
    /// Factor on the work each time that the number of solved tickets doubles: 0.9.
    #[schemars(range(min = 0.1, max = 1.0))]
    pub rate: f64,
    /// The least share of the work that is left (default 0.5).
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub floor: Option<f64>,
}
