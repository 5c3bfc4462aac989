//! What is done about what is promised: routes and rules, as written. Promises are `targets`.
//!
//! A rule reads like a sentence: *when* (one trigger) *if* (all conditions) *then* (actions in order). Triggers,
//! conditions and actions are three tables; each row is one variant here, one arm in the model's `policy`, and one arm
//! in the kernel.

use super::run::Hours;
use super::targets::TargetKind;
use schemars::JsonSchema;
use serde::Deserialize;

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
    /// `once` in a ticket's life (triggers on a target: once a clock), or `each` time (triggers on a target: at each new
    /// crossing, where a change of severity has given time back). Default: as the trigger says.
    #[serde(default)]
    pub fires: Option<Fires>,
    /// Triggers on a time or a target: again so long after each firing, while the trigger and the conditions hold.
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub every: Option<String>,
    /// Most firings in a ticket's life (default: no limit).
    #[serde(default)]
    #[schemars(range(min = 1, max = 1_000_000))]
    pub max: Option<u32>,
    /// Least time between two firings on one ticket; a firing that comes sooner is lost (default none).
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub cooldown: Option<String>,
    /// Whether conditions that fail when the trigger comes are waited for: at 03:00 a rule for office hours then fires when
    /// they begin (default `false`: that firing is spent).
    #[serde(default)]
    pub hold: Option<bool>,
    /// The rule does not fire if all of these hold.
    #[serde(default)]
    pub unless: Option<Condition>,
    /// The rule fires, goes on waiting and repeats only while all of these hold.
    #[serde(default, rename = "while")]
    pub while_: Option<Condition>,
    /// Nothing that comes later in the file runs on the same ticket at the same instant (default `false`).
    #[serde(default)]
    pub stop: Option<bool>,
    /// Name of a group of rules that belong together, such as the warnings of one target.
    #[serde(default)]
    pub group: Option<String>,
    /// When several rules of the group are passed at once (a severity is raised late): `all` fire, lowest first, or only the
    /// `highest` (default `all`).
    #[serde(default)]
    pub on_jump: Option<OnJump>,
    /// `false` switches the rule off, for candidates (default `true`).
    #[serde(default)]
    pub enabled: Option<bool>,
}

/// How often a rule fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Fires {
    /// Once in a ticket's life.
    Once,
    /// Each time.
    Each,
}

/// Which rules of a group fire when several are passed at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OnJump {
    /// All, lowest threshold first.
    All,
    /// The highest only.
    Highest,
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
    /// At the instant of a breach: `{ breached = "resolve" }`. Once per clock.
    Breached(TargetKind),
    /// This long after the first page without an acknowledgement: `{ unacknowledged = "5m" }`. Once for each run of pages.
    Unacknowledged(Clock),
    /// This long since the last message to the customer, or since the creation: `{ no_update = "2h" }`. Each silence.
    NoUpdate(Clock),
    /// This long in waiting for the customer: `{ pending = "3bd" }`, for reminders and for closing. Each episode.
    Pending(Clock),
    /// At the nth change of team.
    Reassignments(#[schemars(range(min = 1, max = 65535))] u16),
    /// At the nth reopening.
    Reopenings(#[schemars(range(min = 1, max = 65535))] u16),
    /// When the customer asks again for the nth time.
    Chasers(#[schemars(range(min = 1, max = 65535))] u16),
    /// When the nth ticket is linked to it as to its incident. Once per incident.
    Linked(#[schemars(range(min = 1, max = 4294967295u32))] u32),
    /// When the reported severity becomes more severe: `{ severity_raised = { to = "Sev1" } }`, or `{}` for any. Each time.
    SeverityRaised(Change),
    /// When the reported severity becomes less severe, likewise. Each time.
    SeverityLowered(Change),
    /// When so many tickets wait in a team's queue: `{ queue_length = { team = "L1", at_least = 20 } }`. The rule acts on the
    /// ticket that makes it so, and is armed anew once fewer than `at_least − hysteresis` wait.
    QueueLength {
        /// The team.
        #[schemars(extend("x-ref" = "teams"))]
        team: String,
        /// Tickets waiting.
        #[schemars(range(min = 1, max = 4294967295u32))]
        at_least: u32,
        /// How far the queue must fall below it (default 1).
        #[serde(default)]
        #[schemars(range(min = 1, max = 4294967295u32))]
        hysteresis: Option<u32>,
    },
    /// When the oldest ticket has waited this long in a team's queue: `{ queue_age = { team = "L1", at_least = "2h" } }`. The
    /// rule acts on that ticket, and is armed anew once nobody has waited that long.
    QueueAge {
        /// The team.
        #[schemars(extend("x-ref" = "teams"))]
        team: String,
        /// Age of the oldest.
        #[schemars(extend("x-format" = "duration"))]
        at_least: String,
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
    /// When it becomes a major incident.
    Declared(#[schemars(extend("const" = true))] Always),
    /// When a workaround is in place.
    Mitigated(#[schemars(extend("const" = true))] Always),
    /// At each resolution.
    Resolved(#[schemars(extend("const" = true))] Always),
    /// At each reopening.
    Reopened(#[schemars(extend("const" = true))] Always),
}

impl Trigger {
    /// Whether it waits for the clock of a target.
    pub fn is_on_target(&self) -> bool {
        matches!(
            self,
            Trigger::Consumed { .. } | Trigger::Left { .. } | Trigger::Breached(_)
        )
    }

    /// The kind of target for whose breach it waits, in whichever words.
    pub fn breach(&self) -> Option<TargetKind> {
        match self {
            Trigger::Breached(of) => Some(*of),
            Trigger::Consumed { of, share: 1.0 } => Some(*of),
            _ => None,
        }
    }
}

impl Rule {
    /// Whether it fires once in a ticket's life: on a target, `once` is once a clock.
    pub fn fires_once(&self) -> bool {
        self.fires == Some(Fires::Once) && !self.when.is_on_target()
    }
}

/// Between which severities a change counts; what is not written admits all.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// From this severity.
    #[serde(default)]
    #[schemars(extend("x-ref" = "severities"))]
    pub from: Option<String>,
    /// To this severity.
    #[serde(default)]
    #[schemars(extend("x-ref" = "severities"))]
    pub to: Option<String>,
}

/// `true`: written to complete `{ created = true }`.
pub type Always = bool;

/// A time, and what it is measured on: `"15m"`, or `{ after = "2bh", calendar = "business" }`. Time in which the ticket
/// waits for the customer does not count, unless `count_pending` says so (or the trigger is `pending`).
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Clock {
    /// Round the clock.
    Plain(#[schemars(extend("x-format" = "target"))] String),
    /// On a calendar.
    Detailed(ClockDetail),
}

impl Clock {
    /// The time, as it is written.
    pub fn after(&self) -> &String {
        match self {
            Clock::Plain(after) => after,
            Clock::Detailed(detail) => &detail.after,
        }
    }

    /// What else is written of it.
    pub fn detail(&self) -> Option<&ClockDetail> {
        match self {
            Clock::Plain(_) => None,
            Clock::Detailed(detail) => Some(detail),
        }
    }
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
    /// `true`: on the calendar of the ticket's resolve target (default `false`).
    #[serde(default)]
    pub with_target: Option<bool>,
    /// Whether time in which the ticket waits for the customer counts too (default `false`).
    #[serde(default)]
    pub count_pending: Option<bool>,
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
    /// Hours of the week at that instant: `{ "Mon-Fri" = "08:00-18:00" }`.
    #[serde(default)]
    pub hours: Option<Hours>,
    /// IANA time zone of `hours` (default: the run's).
    #[serde(default)]
    #[schemars(extend("x-format" = "zone"))]
    pub zone: Option<String>,
    /// Whether somebody owns the ticket.
    #[serde(default)]
    pub owned: Option<bool>,
    /// Whether it has had its first response.
    #[serde(default)]
    pub answered: Option<bool>,
    /// Whether it waits for the customer.
    #[serde(default)]
    pub pending: Option<bool>,
    /// Whether it is a major incident.
    #[serde(default)]
    pub major: Option<bool>,
    /// Whether a decision gate holds it up.
    #[serde(default)]
    pub gated: Option<bool>,
    /// Whether a workaround is in place.
    #[serde(default)]
    pub workaround: Option<bool>,
    /// Flags that must be set.
    #[serde(default)]
    pub flags: Option<Vec<String>>,
    /// Flags that must not be set.
    #[serde(default)]
    pub no_flags: Option<Vec<String>>,
    /// Changes of team so far.
    #[serde(default)]
    pub reassignments: Option<Count>,
    /// Reopenings so far.
    #[serde(default)]
    pub reopenings: Option<Count>,
    /// Tickets linked to it so far.
    #[serde(default)]
    pub linked: Option<Count>,
    /// Pages sent for it so far.
    #[serde(default)]
    pub pages: Option<Count>,
    /// Times that the customer has asked again.
    #[serde(default)]
    pub chasers: Option<Count>,
    /// Share of a target that is used up.
    #[serde(default)]
    pub consumed: Option<Used>,
    /// Targets that have been breached, by a clock that still runs or has stopped.
    #[serde(default)]
    pub breached: Option<Vec<TargetKind>>,
    /// Targets that have not been breached.
    #[serde(default)]
    pub not_breached: Option<Vec<TargetKind>>,
}

/// Bounds of a count: at least so many, or `{ at_least = 1, at_most = 3 }`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Count {
    /// At least so many.
    AtLeast(u32),
    /// Between two numbers, both included.
    Between(Bounds),
}

/// Bounds of a count, both included.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    /// At least (default 0).
    #[serde(default)]
    pub at_least: Option<u32>,
    /// At most (default: no limit).
    #[serde(default)]
    pub at_most: Option<u32>,
}

/// Bounds of the share of a target that is used up.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Used {
    /// Kind of target.
    pub of: TargetKind,
    /// At least this share (default 0).
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 100.0))]
    pub at_least: Option<f64>,
    /// Less than this share (default: no limit).
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 100.0))]
    pub below: Option<f64>,
}

/// What a rule does. Each entry of `then` is one of these.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// Tells somebody: counted, and compared with what becomes of the ticket. `{ alert = "L2 lead" }`
    Alert(String),
    /// Pages whoever is on call of these schedules, all at once: `{ notify = ["primary", "duty-manager"] }`. Whoever
    /// acknowledges owns the ticket.
    Notify(Notify),
    /// Starts an escalation policy, which pages until somebody acknowledges: `{ page = "payments" }`. While one is on its way
    /// already for the ticket, it goes on, and no other is started.
    Page(#[schemars(extend("x-ref" = "escalation_policies"))] String),
    /// Hands the ticket to a tier or team: a functional escalation if the tier rises, else a reassignment. Work under way
    /// is taken from its owner; a ticket that is still to be read (`[triage.manual]`) goes there when it has been.
    /// `{ transfer = "L2" }`, or `{ transfer = { to = "L2", handoff = "cold" } }`.
    Transfer(Transfer),
    /// Hands the ticket from its service's primary owner to the secondary.
    ToSecondary(#[schemars(extend("const" = true))] Always),
    /// Makes the ticket more severe: `{ raise = 1 }` step, or `{ raise = "Sev1" }`.
    Raise(Raise),
    /// Makes the ticket less severe, likewise.
    Lower(Raise),
    /// People join the owner and work on the ticket together: `{ add_responders = { count = 2, from = "L2" } }`. Those who
    /// are not free join when they are, until the ticket is resolved; if it comes back, nobody joins before a rule asks again.
    /// From a schedule, the person on call is paged, and joins once they have acknowledged and got to their desk; a schedule has
    /// one person on call, so one page is all it can send.
    AddResponders {
        /// How many.
        #[schemars(range(min = 1, max = 1000))]
        count: u32,
        /// A team, or a schedule.
        #[schemars(extend("x-ref" = "teams|schedules"))]
        from: String,
        /// From a team of which fewer are free: the schedule whose person on call is paged in place of one of them (default:
        /// nobody is, the rest join when they are free).
        #[serde(default)]
        #[schemars(extend("x-ref" = "schedules"))]
        else_page: Option<String>,
    },
    /// Tells a role, which may have work with it: a hierarchical escalation. The ticket stays where it is.
    EscalateTo(#[schemars(extend("x-ref" = "roles"))] String),
    /// Makes it a major incident with a commander.
    AssignCommander(#[schemars(extend("const" = true))] Always),
    /// Asks for a decision: `{ open_gate = "failover" }`.
    OpenGate(#[schemars(extend("x-ref" = "gates"))] String),
    /// Somebody writes an executive brief.
    Brief(#[schemars(extend("const" = true))] Always),
    /// Somebody writes a status update to the customer.
    Update(#[schemars(extend("const" = true))] Always),
    /// Gives other teams a linked task each, before the tickets of their queues:
    /// `{ involve = { teams = ["network", "database"], need = "all" } }`.
    Involve {
        /// The teams.
        #[schemars(extend("x-ref" = "teams"))]
        teams: Vec<String>,
        /// Whether all must be done for the ticket to be mitigated, or any (default `any`).
        #[serde(default)]
        need: Option<Need>,
    },
    /// Puts the ticket forward in queues by severity (`severity`, `severity-customer`, `ageing`), by so many steps, or back if
    /// negative.
    SetPriority(#[schemars(range(min = -100, max = 100))] i8),
    /// Sets a flag that conditions can ask for.
    Flag(String),
    /// Closes a ticket that waits for its customer, for this reason; else nothing happens.
    Close(String),
}

/// Whom a notification pages.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Notify {
    /// Schedules.
    Schedules(#[schemars(extend("x-ref" = "schedules"))] Vec<String>),
    /// Schedules, and whether they are only told.
    Detailed(NotifyDetail),
}

/// Whom a notification pages, and whether they are only told.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NotifyDetail {
    /// The schedules.
    #[schemars(extend("x-ref" = "schedules"))]
    pub schedules: Vec<String>,
    /// `true`: nobody becomes the owner by acknowledging (default `false`).
    #[serde(default)]
    pub inform: Option<bool>,
}

/// Where a rule hands a ticket.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Transfer {
    /// A tier or a team.
    To(#[schemars(extend("x-ref" = "tiers|teams"))] String),
    /// A tier or a team, and how.
    Detailed(TransferDetail),
}

/// Where and how a rule hands a ticket.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferDetail {
    /// A tier or a team.
    #[schemars(extend("x-ref" = "tiers|teams"))]
    pub to: String,
    /// Warm keeps the context; cold loses as much as `[handoff]` says (default: as `[handoff]` has it).
    #[serde(default)]
    pub handoff: Option<super::HandoffKind>,
}

impl Transfer {
    /// The tier or team.
    pub fn to(&self) -> &String {
        match self {
            Transfer::To(to) => to,
            Transfer::Detailed(detail) => &detail.to,
        }
    }
}

/// Whether all or any of several is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// All of them.
    All,
    /// The first one.
    Any,
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
