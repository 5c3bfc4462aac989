//! What a person writes: the scenario file, read into plain data.
//!
//! A scenario describes an organisation (severities and their targets, services, customer tiers, support tiers, teams),
//! its demand, its escalation policy, and candidates: named patches on any of it. The types of this layer hold what was
//! *written*; `None` means "not written". What it *means*, defaults filled and names resolved, is the model.
//!
//! The JSON Schema derived from these types is the one that editors complete from and the one that a file is checked
//! against, so the documentation comments of the fields are the reference of the format. Reading and checking a file is
//! [`Document`]; a mistake is a [`Problem`] with its place in the text.

mod brackets;
mod checks;
mod costs;
mod customers;
mod demand;
mod document;
mod formats;
mod incidents;
mod law;
mod learning;
mod oncall;
mod path;
mod people;
mod person;
mod policy;
mod problem;
mod process;
mod render;
mod rota;
mod routing;
mod run;
mod schema;
mod search;
mod shape;
mod stress;
mod targets;
mod template;
mod tree;
mod triage;
mod unseen;
mod variant;
pub(crate) mod words;

pub use costs::{
    Amount, Costs, GrowingPenalty, HolidayPremium, NightPremium, OnCallPay, Penalties, Penalty, ShiftRates, TeamRate,
};
pub use customers::{Chasers, Drift, Patience, Reminders};
pub use demand::{
    Arrivals, Awaited, CustomerTier, Mix, Pending, PerTier, Reopening, ScriptedLeg, ScriptedTicket, Service,
    VendorWaits,
};
pub use document::{Difference, Document, fingerprint};
pub use formats::{date_alone, rate_per_hour};
pub use incidents::{Children, Declaration, HowMany, Incident, LinkedClocks, Linking, StatusPage};
pub use law::{Law, LawBySeverity, Phase, ShareBySeverity};
pub use learning::{Articles, Knowledge, Learning, Problem as ProblemBehind, Reviews, TicketKind, TimeBySeverity};
pub use oncall::{
    Acknowledgement, AcknowledgesBy, Answers, Cover, EscalationPolicy, GroupBy, LateAck, Layer, Level as PageLevel,
    NEVER, OnCall, Override as OnCallOverride, PageGroup, PageMode, Schedule, ServiceKind, Snooze,
};
pub use path::Path;
pub use people::{
    Discipline, Handoff, HandoffKind, HeadCount, Preemption, Resume, Shift, ShiftEnd, Shrinkage, Team, Tier,
};
pub use person::{Grade, Leave, Person, Proficiency, Skills};
pub use policy::{
    Action, Bounds, Change, Clock, ClockDetail, Condition, Count, Fires, Need, Notify, NotifyDetail, OnJump, Raise,
    Route, Rule, Transfer, TransferDetail, Trigger, Used,
};
pub use problem::{CODES, Code, Level, Place, Problem, Problems, explain};
pub use process::{
    Blocks, ChangeKind, Communications, Duty, Gate, Meeting, Misses, OnTimeout, Parallel, ParallelWord, ResolveOn,
    Role, Workaround,
};
pub use render::{render, to_json};
pub use rota::{Away, rotas};
pub use routing::{Assign, Concurrency, Overflow, Routing, RoutingMode, Speedup, Swarming, Training, WhenFull};
pub use run::{CalendarHours, Candidate, Hours, RunPlan, ShrinkageMode, WeeklyHoursText};
pub use schema::schema;
pub use stress::{Stress, Uncertainty};
pub use targets::{
    ClockZone, OnLower, OnReopen, OnSeverityChange, Pauses, SlaUnit, Target, TargetDetail, TargetKind, Targets, Until,
};
pub use template::starter;
pub use triage::{
    AttributeLevel, Attributes, ByImpact, ByUrgency, Levels, ManualTriage, Matrix, Override, StandardMatrix, Triage,
    TriageCondition, TriageRule,
};
pub use unseen::is_unseen;
pub use variant::{Setting, Variant};

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

/// The name of the unpatched scenario among the candidates.
pub const BASE: &str = "base";

/// A named table in the order of the file.
pub type Named<T> = IndexMap<String, T>;

/// One scenario file.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What the scenario is called in tables and reports.
    pub name: String,
    /// One paragraph on the organisation and on what the candidates are to decide.
    #[serde(default)]
    pub description: Option<String>,
    /// When the simulated time starts, how long it lasts, and how often it is repeated.
    pub run: RunPlan,
    /// Weekly opening hours with a time zone and holidays, by name. `24x7` always exists.
    #[serde(default)]
    pub calendars: Named<CalendarHours>,
    /// Severities, most severe first, each with its targets.
    pub severities: Named<Targets>,
    /// Contract levels of customers, with their share of the tickets and their target overrides.
    #[serde(default)]
    pub customer_tiers: Named<CustomerTier>,
    /// Service lines: where tickets come from.
    pub services: Named<Service>,
    /// Arrivals of the whole organisation, split among the services by their `share`.
    #[serde(default)]
    pub arrivals: Option<Arrivals>,
    /// What can be seen of a ticket without knowing its true severity: source, words, impact, urgency.
    #[serde(default)]
    pub attributes: Option<Attributes>,
    /// How the reported severity arises from the true one, and how it is corrected.
    #[serde(default)]
    pub triage: Option<Triage>,
    /// Support tiers, lowest first: the rungs of the ladder.
    pub tiers: Named<Tier>,
    /// Teams: each works one tier.
    pub teams: Named<Team>,
    /// People by name, each one more head of a team: those with a shift, leave or skills of their own, and those whom
    /// schedules name.
    #[serde(default)]
    pub people: Named<Person>,
    /// Schedules of on-call duty, by name: who is on call at an instant.
    #[serde(default)]
    pub schedules: Named<Schedule>,
    /// Escalation policies, by name: the levels that a page climbs until somebody acknowledges.
    #[serde(default)]
    pub escalation_policies: Named<EscalationPolicy>,
    /// Habits of people on call.
    #[serde(default)]
    pub on_call: OnCall,
    /// Where a new ticket enters, first match wins. Without a match: the lowest tier, or the service's `starts_at`.
    #[serde(default)]
    pub routes: Named<Route>,
    /// Escalation rules in the order in which they are tried: when (trigger) if (conditions) then (actions).
    #[serde(default)]
    pub rules: Named<Rule>,
    /// What a change of hands costs.
    #[serde(default)]
    pub handoff: Handoff,
    /// How fast people are who work on one ticket together.
    #[serde(default)]
    pub swarming: Swarming,
    /// What people and broken promises cost (default: nothing is counted in money).
    #[serde(default)]
    pub costs: Option<Costs>,
    /// Time from the start of the first work to the first words to the customer (default `0s`).
    #[serde(default)]
    #[schemars(with = "Option<String>", extend("x-format" = "duration"))]
    pub first_reply: Option<String>,
    /// Least part of a target that must be left for a warning to be of use, on the target's calendar: what
    /// `alerts_before_breach_share` goes by (default `15m`, or a tenth of the target if that is less).
    #[serde(default)]
    #[schemars(with = "Option<String>", extend("x-format" = "duration"))]
    pub useful_lead: Option<String>,
    /// Waiting for the customer.
    #[serde(default)]
    pub pending: Option<Pending>,
    /// Waiting for vendors.
    #[serde(default)]
    pub vendor_waits: Option<VendorWaits>,
    /// Tickets that come back after they were resolved.
    #[serde(default)]
    pub reopening: Option<Reopening>,
    /// Roles: who commands, decides and is told, each held by a team or a schedule.
    #[serde(default)]
    pub roles: Named<Role>,
    /// Decision gates, which rules and changes open.
    #[serde(default)]
    pub gates: Named<Gate>,
    /// Kinds of change: what must be approved before a fix goes live. The shares of a severity add to at most 1.
    #[serde(default)]
    pub changes: Named<ChangeKind>,
    /// Updates and briefs as work.
    #[serde(default)]
    pub communications: Option<Communications>,
    /// Workarounds on the way to the fix.
    #[serde(default)]
    pub workaround: Option<Workaround>,
    /// Post-incident reviews.
    #[serde(default)]
    pub reviews: Option<Reviews>,
    /// Kinds of ticket: what they are about. The shares of a severity add to at most 1.
    #[serde(default)]
    pub kinds: Named<TicketKind>,
    /// Articles and practice.
    #[serde(default)]
    pub knowledge: Option<Knowledge>,
    /// How long customers wait before they leave.
    #[serde(default)]
    pub patience: Option<Patience>,
    /// Customers who hear nothing and contact again.
    #[serde(default)]
    pub chasers: Option<Chasers>,
    /// Tickets whose true severity worsens while they are open.
    #[serde(default)]
    pub drift: Option<Drift>,
    /// Faults that breed many tickets, by kind.
    #[serde(default)]
    pub incidents: Named<Incident>,
    /// Tickets written out one by one, instead of or beside the random arrivals: for worked examples and for replaying a log.
    #[serde(default)]
    pub tickets: Vec<ScriptedTicket>,
    /// Named patches on any value above; the unpatched scenario is the candidate `base`.
    #[serde(default)]
    pub candidates: Named<Candidate>,
    /// Worlds of your own for `escalade robustness`, beside its standard ones: named patches on any value above.
    #[serde(default)]
    pub stress: Named<Stress>,
    /// How well the inputs are known, for `escalade robustness`.
    #[serde(default)]
    pub uncertainty: Option<Uncertainty>,
}
