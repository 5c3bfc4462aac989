//! Who asks for help, when, and what for, as written.

use super::Named;
use super::customers::{Patience, Reminders};
use super::law::{Law, ShareBySeverity};
use super::oncall::{Answers, ServiceKind};
use super::targets::{Target, Targets};
use super::triage::{AttributeLevel, Attributes};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

/// Shares by name that add to 1: `{ Sev1 = 0.01, Sev2 = 0.06, Sev3 = 0.33, Sev4 = 0.60 }`.
pub type Mix = IndexMap<String, f64>;

/// A service line: where tickets come from.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("x-either" = [["share"], ["arrivals"]]))]
pub struct Service {
    /// Share of the organisation's `[arrivals]` that this service receives; the shares of all services add to 1.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub share: Option<f64>,
    /// The service's own arrivals, instead of a share of the organisation's.
    #[serde(default)]
    pub arrivals: Option<Arrivals>,
    /// True severities of the service's tickets, adding to 1. May be left out if there is only one severity.
    #[serde(default)]
    #[schemars(extend("x-ref-keys" = "severities", "x-share-values" = true))]
    pub mix: Option<Mix>,
    /// Customer tiers of the service's tickets, adding to 1 (default: the tiers' own `share`).
    #[serde(default)]
    #[schemars(extend("x-ref-keys" = "customer_tiers", "x-share-values" = true))]
    pub customer_mix: Option<Mix>,
    /// Tier at which new tickets of this service enter (default: `needs_at_least`, if that is written, else the lowest).
    #[serde(default)]
    #[schemars(extend("x-ref" = "tiers"))]
    pub starts_at: Option<String>,
    /// No tier below this one can ever solve a ticket of this service (default: the lowest). A fact about the tickets,
    /// not a policy.
    #[serde(default)]
    #[schemars(extend("x-ref" = "tiers"))]
    pub needs_at_least: Option<String>,
    /// Skills that a team must have to work tickets of this service.
    #[serde(default)]
    pub needs: Vec<String>,
    /// IANA time zone of the service, for targets with `zone = "service"` (default: none).
    #[serde(default)]
    #[schemars(extend("x-format" = "zone"))]
    pub zone: Option<String>,
    /// Factor on every work and diagnosis time of this service's tickets (default 1).
    #[serde(default)]
    #[schemars(range(min = 0.001, max = 1000.0))]
    pub work_factor: Option<f64>,
    /// What its tickets are (default `request`).
    #[serde(default)]
    pub kind: Option<ServiceKind>,
    /// Whether the acknowledgement of a page is the first response (default: in services of kind `alert`).
    #[serde(default)]
    pub ack_counts: Option<bool>,
    /// Who owns its tickets in the first place, by name or number (`frontline/1`): those that come to this person's team go to
    /// their line, not to the queue of the team, as long as they or the secondary are there (default: nobody). What they have
    /// not begun as their shift ends goes to the queue, unless the team holds work for its owners, and stands there as if it
    /// had waited there.
    #[serde(default)]
    pub primary: Option<String>,
    /// Who owns them while the primary is on leave, off duty or has `overload` open tickets, and to whom `to_secondary` hands
    /// them. What already waits in the primary's line then is theirs, too: of a primary who is there, what nobody has begun
    /// and is more than `overload`.
    #[serde(default)]
    pub secondary: Option<String>,
    /// Open tickets of the primary from which on the secondary takes over (default: as many as they work on at once).
    #[serde(default)]
    #[schemars(range(min = 1, max = 10_000))]
    pub overload: Option<u32>,
    /// How long this service's customers wait before they leave (default: the scenario's `patience`).
    #[serde(default)]
    pub patience: Option<Patience>,
    /// What can be seen of this service's tickets (default: the scenario's `attributes`).
    #[serde(default)]
    pub attributes: Option<Attributes>,
    /// Targets of this service that differ from the severity's own.
    #[serde(default)]
    #[schemars(extend("x-ref-keys" = "severities"))]
    pub targets: Named<Targets>,
}

/// A contract level of customers.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomerTier {
    /// Share of the tickets; the shares of all customer tiers add to 1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub share: f64,
    /// Factor on the severities' first-response and resolve targets (default 1).
    #[serde(default)]
    #[schemars(range(min = 0.001, max = 1000.0))]
    pub factor: Option<f64>,
    /// IANA time zone of these customers, for targets with `zone = "customer"` (default: none).
    #[serde(default)]
    #[schemars(extend("x-format" = "zone"))]
    pub zone: Option<String>,
    /// Targets of this customer tier that differ, by severity.
    #[serde(default)]
    #[schemars(extend("x-ref-keys" = "severities"))]
    pub targets: Named<Targets>,
    /// Targets of this customer tier on one service, by service and severity: the most specific of all.
    #[serde(default)]
    #[schemars(extend("x-ref-keys" = ["services", "severities"]))]
    pub service_targets: Named<Named<Targets>>,
}

impl CustomerTier {
    /// Every target override of this customer tier, for checks that do not care which it is.
    pub fn overrides(&self) -> impl Iterator<Item = &Target> {
        let by_severity = self.targets.values();
        let by_service = self.service_targets.values().flat_map(IndexMap::values);
        by_severity
            .chain(by_service)
            .flat_map(Targets::each)
            .map(|(_, target)| target)
    }
}

/// When tickets arrive. Either `rate`, or `per_hour_of_week`, or `per_week` with the compact profile.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("x-either" = [["rate"], ["per_hour_of_week"], ["per_week", "by_weekday", "by_hour", "by_hour_weekend"]]))]
pub struct Arrivals {
    /// A constant rate: `"60/h"`, `"45/day"`, `"2/week"`.
    #[serde(default)]
    #[schemars(extend("x-format" = "rate"))]
    pub rate: Option<String>,
    /// Tickets an hour for each of the 168 local hours of the week, Monday 00:00 first.
    #[serde(default)]
    #[schemars(length(equal = 168), inner(range(min = 0.0, max = 100000000.0)))]
    pub per_hour_of_week: Option<Vec<f64>>,
    /// Tickets a week, spread by `by_weekday` and `by_hour`.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 100000000.0))]
    pub per_week: Option<f64>,
    /// Relative weight of each weekday, Monday first: 7 numbers (default all 1).
    #[serde(default)]
    #[schemars(length(equal = 7), inner(range(min = 0.0, max = 100000000.0)))]
    pub by_weekday: Option<Vec<f64>>,
    /// Relative weight of each local hour of a weekday (Monday to Friday): 24 numbers (default all 1).
    #[serde(default)]
    #[schemars(length(equal = 24), inner(range(min = 0.0, max = 100000000.0)))]
    pub by_hour: Option<Vec<f64>>,
    /// Relative weight of each local hour on Saturday and Sunday: 24 numbers (default: `by_hour`).
    #[serde(default)]
    #[schemars(length(equal = 24), inner(range(min = 0.0, max = 100000000.0)))]
    pub by_hour_weekend: Option<Vec<f64>>,
    /// Factor of each calendar month, January first: 12 numbers (default all 1).
    #[serde(default)]
    #[schemars(length(equal = 12), inner(range(min = 0.0, max = 1000.0)))]
    pub by_month: Option<Vec<f64>>,
    /// Time zone of the profile's hours (default: the run's).
    #[serde(default)]
    #[schemars(extend("x-format" = "zone"))]
    pub zone: Option<String>,
    /// Calendar whose holidays scale the rate by `holiday_factor`.
    #[serde(default)]
    #[schemars(extend("x-ref" = "calendars"))]
    pub holidays: Option<String>,
    /// Factor on holidays (default 1).
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1000.0))]
    pub holiday_factor: Option<f64>,
    /// Variance of the random factor, gamma with mean 1, that multiplies all rates of one local calendar day (default 0:
    /// plain Poisson). Services that share the organisation's arrivals share the factor.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 100.0))]
    pub day_variance: Option<f64>,
}

/// Waiting for the customer in the middle of the work.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pending {
    /// Share of the tickets that wait for the customer at least once, during the work of the tier that solves them.
    pub share: ShareBySeverity,
    /// Probability of one more episode after each (default 0).
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 0.95))]
    pub again: Option<f64>,
    /// How long the customer takes to answer.
    pub wait: Law,
    /// Share of the remaining work done before the question is asked (default 0.5).
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub after: Option<f64>,
    /// Share of the waits in which the customer never answers by themselves (default 0).
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub never: Option<f64>,
    /// Reminders (default: none).
    #[serde(default)]
    pub reminders: Option<Reminders>,
    /// A ticket whose customer has not answered for so long is closed (default: never). Its clocks end void.
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub close_after: Option<String>,
}

/// Waiting for a vendor in the middle of the work. The ticket is on hold as while it waits for its customer, who does not know
/// of it: their patience goes on, and so do the clocks that do not say `pauses = ["customer", "vendor"]`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VendorWaits {
    /// Share of the tickets that wait for a vendor at least once, during the work of the tier that solves them.
    pub share: ShareBySeverity,
    /// Probability of one more wait after each (default 0).
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 0.95))]
    pub again: Option<f64>,
    /// How long the vendor takes.
    pub wait: Law,
    /// Share of the remaining work done before the vendor is asked (default 0.5).
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub after: Option<f64>,
}

/// Tickets that come back after they were resolved.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reopening {
    /// Probability that a resolved ticket reopens, each time it is resolved.
    pub share: ShareBySeverity,
    /// Time from the resolution to the reopening (default at once).
    #[serde(default)]
    pub delay: Option<Law>,
    /// Most reopenings of one ticket (default no limit).
    #[serde(default)]
    #[schemars(range(min = 1, max = 1000))]
    pub at_most: Option<u32>,
    /// Factor on the fresh work of a reopened ticket (default 1).
    #[serde(default)]
    #[schemars(range(min = 0.001, max = 1000.0))]
    pub work_factor: Option<f64>,
}

/// A ticket written out: everything that is not written is drawn as for any other ticket of its service.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScriptedTicket {
    /// Its name in traces (default: its number).
    #[serde(default)]
    pub id: Option<String>,
    /// When it is created, from the start of the run: `90m`.
    #[schemars(extend("x-format" = "duration"))]
    pub at: String,
    /// Its service (default: the first).
    #[serde(default)]
    #[schemars(extend("x-ref" = "services"))]
    pub service: Option<String>,
    /// Its true severity.
    #[serde(default)]
    #[schemars(extend("x-ref" = "severities"))]
    pub severity: Option<String>,
    /// Its first reported severity (default: the true one).
    #[serde(default)]
    #[schemars(extend("x-ref" = "severities"))]
    pub reported: Option<String>,
    /// Its customer tier.
    #[serde(default)]
    #[schemars(extend("x-ref" = "customer_tiers"))]
    pub customer_tier: Option<String>,
    /// The team that gets it first (default: as routed).
    #[serde(default)]
    #[schemars(extend("x-ref" = "teams"))]
    pub team: Option<String>,
    /// The lowest tier that can solve it (default: the lowest).
    #[serde(default)]
    #[schemars(extend("x-ref" = "tiers"))]
    pub able_from: Option<String>,
    /// Its work by tier: diagnosis below `able_from`, solving from there on.
    #[serde(default)]
    pub work: PerTier,
    /// Waiting for the customer or a vendor: after the work above, each leg waits and then goes on.
    #[serde(default)]
    pub legs: Vec<ScriptedLeg>,
    /// Its work of solving after which a workaround is in place (default: none).
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub workaround_after: Option<String>,
    /// The kind of change that its fix needs (default: none).
    #[serde(default)]
    #[schemars(extend("x-ref" = "changes"))]
    pub change: Option<String>,
    /// What it is about (default: of no kind).
    #[serde(default)]
    #[schemars(extend("x-ref" = "kinds"))]
    pub kind: Option<String>,
    /// How its pages are answered, by schedule or person, first try first: `{ primary = ["6m 20s", "never"] }`. Tries and
    /// people that are not written never answer (default: drawn, as everybody's).
    #[serde(default)]
    pub acknowledges: Option<IndexMap<String, Answers>>,
    /// How long its customer waits for the first work before leaving (default: drawn, if the service's customers leave).
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub leaves_after: Option<String>,
    /// Where it comes from: a name of `attributes.source` (default: drawn).
    #[serde(default)]
    pub source: Option<String>,
    /// Its class of words: a name of `attributes.keyword` (default: drawn).
    #[serde(default)]
    pub keyword: Option<String>,
    /// Its reported impact (default: drawn).
    #[serde(default)]
    pub impact: Option<AttributeLevel>,
    /// Its reported urgency (default: drawn).
    #[serde(default)]
    pub urgency: Option<AttributeLevel>,
    /// When its true severity worsens by one step: time open since it was created or last worsened (default: drawn, if there
    /// is drift).
    #[serde(default)]
    #[schemars(extend("x-format" = "durations"))]
    pub worsens_after: Option<Vec<String>>,
    /// The kind of incident whose fault it belongs to: the first ticket that names one begins its fault.
    #[serde(default)]
    #[schemars(extend("x-ref" = "incidents"))]
    pub incident: Option<String>,
    /// How long after its creation or the declaration it is linked to its parent (default: drawn, if the incident links).
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub linked_after: Option<String>,
    /// Times from each resolution to the reopening that follows it (default: never reopens).
    #[serde(default)]
    #[schemars(extend("x-format" = "durations"))]
    pub reopens_after: Vec<String>,
}

/// Durations by tier: `{ L1 = "8m", L2 = "30m" }`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(transparent)]
pub struct PerTier(
    #[schemars(extend("x-ref-keys" = "tiers", "x-format-values" = "duration"))] pub IndexMap<String, String>,
);

/// One wait of a scripted ticket for its customer, or for a vendor.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScriptedLeg {
    /// How long the customer, or the vendor, takes to answer.
    #[schemars(extend("x-format" = "duration"))]
    pub answer_after: String,
    /// Who is waited for (default `customer`).
    #[serde(default)]
    pub by: Option<Awaited>,
    /// The work that follows the answer.
    #[schemars(extend("x-format" = "duration"))]
    pub then_work: String,
}

/// Who is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Awaited {
    /// The customer.
    Customer,
    /// A vendor.
    Vendor,
}

impl super::Scenario {
    /// Whether any ticket ever waits for a vendor.
    pub fn waits_for_vendors(&self) -> bool {
        let mut legs = self.tickets.iter().flat_map(|ticket| &ticket.legs);
        self.vendor_waits.is_some() || legs.any(|leg| leg.by == Some(Awaited::Vendor))
    }
}
