//! What is promised and what is done about it: targets, triage, routes and rules, as written.
//!
//! A rule reads like a sentence: *when* (one trigger) *if* (all conditions) *then* (actions in order). Triggers,
//! conditions and actions are three tables; each row is one variant here, one arm in the model's `policy`, and one arm
//! in the kernel.

use super::Named;
use schemars::JsonSchema;
use serde::Deserialize;

/// The kinds of target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TargetKind {
    /// Creation to the first human response.
    FirstResponse,
    /// From one message to the customer to the next, after the first response.
    Update,
    /// Creation to resolution.
    Resolve,
}

/// Targets of a severity (or of a service or customer tier for a severity).
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Targets {
    /// Creation to the first human response: `"30m"` round the clock, or `{ within = "8bh", calendar = "business" }`.
    #[serde(default)]
    pub first_response: Option<Target>,
    /// Longest silence towards the customer between the first response and the resolution. Whoever works on a ticket
    /// sends its updates in time, and one whenever the work starts or stops; while nobody works on it, nobody sends any.
    #[serde(default)]
    pub update: Option<Target>,
    /// Creation to resolution.
    #[serde(default)]
    pub resolve: Option<Target>,
}

impl Targets {
    /// The targets that are written, with their kinds.
    pub fn each(&self) -> impl Iterator<Item = (TargetKind, &Target)> {
        [
            (TargetKind::FirstResponse, &self.first_response),
            (TargetKind::Update, &self.update),
            (TargetKind::Resolve, &self.resolve),
        ]
        .into_iter()
        .filter_map(|(kind, target)| target.as_ref().map(|target| (kind, target)))
    }
}

/// A target: a duration round the clock, or a table that says more.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Target {
    /// `"30m"`: round the clock; `"8bh"`, `"5bd"`: on the business calendar.
    Plain(#[schemars(extend("x-format" = "target"))] String),
    /// With its calendar and rules.
    Detailed(TargetDetail),
}

/// A target with its calendar and rules.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetDetail {
    /// Time allowed, in open time of the calendar.
    #[schemars(extend("x-format" = "target"))]
    pub within: String,
    /// Calendar on which the clock runs (default `24x7`, or the business calendar for `bh` and `bd`).
    #[serde(default)]
    #[schemars(extend("x-ref" = "calendars"))]
    pub calendar: Option<String>,
    /// Whether the clock stands still while the ticket waits for the customer (default: `resolve` yes, others no).
    #[serde(default)]
    pub pauses: Option<bool>,
    /// What a change of severity does to the clock (default `retroactive`).
    #[serde(default)]
    pub on_severity_change: Option<OnSeverityChange>,
    /// What a reopening does to a resolve clock (default `resume`).
    #[serde(default)]
    pub on_reopen: Option<OnReopen>,
}

/// What a change of severity does to a running clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OnSeverityChange {
    /// The new target is measured from the ticket's creation, pauses kept.
    Retroactive,
    /// The new target starts now.
    Restart,
}

/// What a reopening does to a resolve clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OnReopen {
    /// It goes on from where it stopped; the time in between does not count.
    Resume,
    /// It starts again.
    Restart,
}

/// How the reported severity arises from the true one.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Triage {
    /// Probability of each reported severity, by true severity; rows add to 1. Default: always right.
    #[serde(default)]
    #[schemars(extend("x-ref-keys" = ["severities", "severities"], "x-share-values" = true))]
    pub confusion: Named<super::Mix>,
    /// Correction by the first agent who touches the ticket.
    #[serde(default, rename = "override")]
    pub override_: Option<Override>,
}

/// Correction of the reported severity at first touch.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// Probability that a ticket reported too severe is corrected to its true severity.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub over: f64,
    /// Probability that a ticket reported not severe enough is corrected to its true severity.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub under: f64,
    /// Work added to the attempt in which the correction is made (default `0s`).
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub work: Option<String>,
}

/// Where new tickets enter.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// Which tickets (default: all).
    #[serde(default, rename = "if")]
    pub if_: Condition,
    /// The tier or team that gets them.
    #[schemars(extend("x-ref" = "tiers|teams"))]
    pub to: String,
}

/// An escalation rule.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The trigger: exactly one.
    pub when: Trigger,
    /// Conditions, all of which must hold when the trigger fires (default: none).
    #[serde(default, rename = "if")]
    pub if_: Condition,
    /// What is done, in order.
    pub then: Vec<Action>,
    /// `false` switches the rule off, for candidates (default `true`).
    #[serde(default)]
    pub enabled: Option<bool>,
}

/// When a rule fires. Exactly one of these.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Trigger {
    /// At the first instant at which this share of a target is used up: `{ consumed = { of = "resolve", share = 0.75 } }`.
    /// Once per clock.
    Consumed {
        /// Kind of target.
        of: TargetKind,
        /// Share of the target, above 0; above 1 is after the breach.
        #[schemars(range(min = 0.0, max = 100.0))]
        share: f64,
    },
    /// When only this much of a target is left, in its calendar's time: `{ left = { of = "resolve", time = "30m" } }`.
    Left {
        /// Kind of target.
        of: TargetKind,
        /// Time left.
        #[schemars(extend("x-format" = "duration"))]
        time: String,
    },
    /// This long in one team's queue without being begun: `{ in_queue = "15m" }`. Each visit.
    InQueue(Clock),
    /// This long with one team, queue and work together. Each visit.
    InTeam(Clock),
    /// This long in one tier. Each visit.
    InTier(Clock),
    /// This long with one owner, from the first work on. Each owner.
    WithOwner(Clock),
    /// At creation.
    Created(#[schemars(extend("const" = true))] Always),
}

/// `true`: written to complete `{ created = true }`.
pub type Always = bool;

/// A time, and what it is measured on: `"15m"`, or `{ after = "2bh", calendar = "business" }`. Time in which the ticket
/// waits for the customer does not count.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Clock {
    /// Round the clock.
    Plain(#[schemars(extend("x-format" = "target"))] String),
    /// On a calendar.
    Detailed(ClockDetail),
}

/// A time on a calendar.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClockDetail {
    /// The time.
    #[schemars(extend("x-format" = "target"))]
    pub after: String,
    /// The calendar (default `24x7`, or the business calendar for `bh` and `bd`).
    #[serde(default)]
    #[schemars(extend("x-ref" = "calendars"))]
    pub calendar: Option<String>,
}

/// Which tickets: every list that is written must contain the ticket's value.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Reported severities.
    #[serde(default)]
    #[schemars(extend("x-ref" = "severities"))]
    pub severity: Option<Vec<String>>,
    /// Services.
    #[serde(default)]
    #[schemars(extend("x-ref" = "services"))]
    pub service: Option<Vec<String>>,
    /// Customer tiers.
    #[serde(default)]
    #[schemars(extend("x-ref" = "customer_tiers"))]
    pub customer_tier: Option<Vec<String>>,
    /// Tiers that hold the ticket.
    #[serde(default)]
    #[schemars(extend("x-ref" = "tiers"))]
    pub tier: Option<Vec<String>>,
    /// Teams that hold the ticket.
    #[serde(default)]
    #[schemars(extend("x-ref" = "teams"))]
    pub team: Option<Vec<String>>,
    /// A calendar that must be open at that instant.
    #[serde(default)]
    #[schemars(extend("x-ref" = "calendars"))]
    pub open: Option<String>,
}

/// What a rule does. Each entry of `then` is one of these.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// Tells somebody: counted, and compared with what becomes of the ticket. `{ alert = "L2 lead" }`
    Alert(String),
    /// Hands the ticket to a tier or team: a functional escalation if the tier rises, else a reassignment. Work under way
    /// is taken from its owner. `{ transfer = "L2" }`
    Transfer(#[schemars(extend("x-ref" = "tiers|teams"))] String),
    /// Makes the ticket more severe: `{ raise = 1 }` step, or `{ raise = "Sev1" }`.
    Raise(Raise),
    /// Makes the ticket less severe, likewise.
    Lower(Raise),
}

/// A number of steps, or a severity by name.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Raise {
    /// Steps.
    Steps(#[schemars(range(min = 1, max = 100))] u32),
    /// To this severity.
    To(#[schemars(extend("x-ref" = "severities"))] String),
}
