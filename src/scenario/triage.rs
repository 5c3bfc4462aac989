//! How the reported severity comes about, as written: what a ticket says of itself, and what rules make of it.

use super::law::{Law, ShareBySeverity};
use super::{Mix, Named};
use schemars::JsonSchema;
use serde::Deserialize;

/// What can be seen of a ticket without knowing its true severity. Facts about the tickets, not a policy: triage rules read
/// them. Each attribute's shares add to 1, for every true severity.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Attributes {
    /// Where tickets come from: `{ monitoring = { Sev1 = 0.7, other = 0.1 }, portal = { Sev1 = 0.3, other = 0.9 } }`.
    #[serde(default)]
    pub source: Named<ShareBySeverity>,
    /// Classes of words in the text: `{ outage = { Sev1 = 0.6, other = 0.02 }, none = { Sev1 = 0.4, other = 0.98 } }`.
    #[serde(default)]
    pub keyword: Named<ShareBySeverity>,
    /// How much of the business is hurt, as reported.
    #[serde(default)]
    pub impact: Option<Levels>,
    /// How soon the harm grows, as reported.
    #[serde(default)]
    pub urgency: Option<Levels>,
}

/// Shares of three levels; one that is not written is 0.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Levels {
    /// Share of `high`.
    #[serde(default)]
    pub high: Option<ShareBySeverity>,
    /// Share of `medium`.
    #[serde(default)]
    pub medium: Option<ShareBySeverity>,
    /// Share of `low`.
    #[serde(default)]
    pub low: Option<ShareBySeverity>,
}

/// A level of impact or urgency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AttributeLevel {
    /// The whole business, or at once.
    High,
    /// A part of it, or soon.
    Medium,
    /// One person, or some day.
    Low,
}

/// How the reported severity arises from the true one: rules or a matrix first, then what people get wrong, then a correction.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Triage {
    /// Rules that read what a ticket says of itself, in order: the first that matches says its severity. They cost no time.
    #[serde(default)]
    pub rules: Named<TriageRule>,
    /// Severity by impact and urgency, for tickets that no rule matches: `"itil"`, or a table of your own.
    #[serde(default)]
    pub matrix: Option<Matrix>,
    /// Severity of the tickets that no rule matches, if there is no matrix (default: their true severity).
    #[serde(default)]
    #[schemars(extend("x-ref" = "severities"))]
    pub otherwise: Option<String>,
    /// Probability of each reported severity, by true severity, or by what rules and matrix say where there are any; rows add
    /// to 1. Default: always right.
    #[serde(default)]
    #[schemars(extend("x-ref-keys" = ["severities", "severities"], "x-share-values" = true))]
    pub confusion: Named<Mix>,
    /// The same for tickets of one source, instead of `confusion`: by source, then by severity.
    #[serde(default)]
    #[schemars(extend("x-ref-keys" = [None::<&str>, Some("severities"), Some("severities")], "x-share-values" = true))]
    pub confusion_by_source: Named<Named<Mix>>,
    /// Somebody reads each ticket before it is routed.
    #[serde(default)]
    pub manual: Option<ManualTriage>,
    /// Correction by the first agent who touches the ticket.
    #[serde(default, rename = "override")]
    pub override_: Option<Override>,
}

/// A triage rule: which tickets, and how severe they are then said to be.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TriageRule {
    /// Which tickets (default: all).
    #[serde(default, rename = "if")]
    pub if_: TriageCondition,
    /// Their severity.
    #[schemars(extend("x-ref" = "severities"))]
    pub severity: String,
}

/// Which tickets: every list that is written must contain the ticket's value.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TriageCondition {
    /// Services.
    #[serde(default)]
    #[schemars(extend("x-ref" = "services"))]
    pub service: Option<Vec<String>>,
    /// Customer tiers.
    #[serde(default)]
    #[schemars(extend("x-ref" = "customer_tiers"))]
    pub customer_tier: Option<Vec<String>>,
    /// Sources: names of `attributes.source`.
    #[serde(default)]
    pub source: Option<Vec<String>>,
    /// Classes of words: names of `attributes.keyword`.
    #[serde(default)]
    pub keyword: Option<Vec<String>>,
    /// Levels of impact.
    #[serde(default)]
    pub impact: Option<Vec<AttributeLevel>>,
    /// Levels of urgency.
    #[serde(default)]
    pub urgency: Option<Vec<AttributeLevel>>,
}

/// Severity by impact and urgency.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Matrix {
    /// `"itil"`.
    Standard(StandardMatrix),
    /// Written out, by impact and then by urgency: `{ high = { high = "Sev1", medium = "Sev2", low = "Sev3" }, … }`.
    Written(Box<ByImpact>),
}

/// A matrix known by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StandardMatrix {
    /// The severity's number is impact + urgency − 1, with high 1, medium 2 and low 3; what lies beyond the last severity is
    /// the last one.
    Itil,
}

/// Severities by impact.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByImpact {
    /// Of high impact.
    pub high: ByUrgency,
    /// Of medium impact.
    pub medium: ByUrgency,
    /// Of low impact.
    pub low: ByUrgency,
}

/// Severities by urgency.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByUrgency {
    /// Of high urgency.
    #[schemars(extend("x-ref" = "severities"))]
    pub high: String,
    /// Of medium urgency.
    #[schemars(extend("x-ref" = "severities"))]
    pub medium: String,
    /// Of low urgency.
    #[schemars(extend("x-ref" = "severities"))]
    pub low: String,
}

/// Triage by people: work of a team before the ticket is routed.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ManualTriage {
    /// The team that reads new tickets.
    #[schemars(extend("x-ref" = "teams"))]
    pub team: String,
    /// Work of reading one.
    pub work: Law,
    /// Which tickets (default: all). The others are routed as they come.
    #[serde(default, rename = "if")]
    pub if_: TriageCondition,
    /// Only tickets that no triage rule matches (default `false`).
    #[serde(default)]
    pub only_unmatched: Option<bool>,
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
    /// Probability that a ticket reported rightly is "corrected" to the severity next to it, above or below with equal
    /// probability (default 0). The one time that it is looked at is then used up.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub wrong: Option<f64>,
    /// Work added to the attempt in which the correction is made (default `0s`).
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub work: Option<String>,
}
