//! What is promised: targets, their calendars and zones, and what pauses, restarts and ends their clocks, as written.

use super::demand::Awaited;
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
    /// Creation to the workaround, or to the resolution if there is none.
    Mitigate,
    /// Creation to resolution.
    Resolve,
    /// The first page that asks somebody to take the ticket over to the first acknowledgement.
    Acknowledge,
    /// The first unanswered message of the customer after a response to the next human response.
    NextResponse,
    /// A team receives the ticket to its resolving it or handing it on: each visit is a clock of its own.
    Own,
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
    /// Creation to the workaround of `[workaround]`, or to the resolution where none comes before it. It stops for good: a
    /// ticket that comes back has been mitigated once.
    #[serde(default)]
    pub mitigate: Option<Target>,
    /// Creation to resolution.
    #[serde(default)]
    pub resolve: Option<Target>,
    /// The first page that asks somebody to take the ticket over to the first acknowledgement, whoever gives it. It never
    /// pauses; a ticket that is not paged has none. It is not due if the paging is called off before its deadline: the
    /// ticket is resolved or linked, or no longer severe enough. No customer tier's `factor` changes it.
    #[serde(default)]
    pub acknowledge: Option<Target>,
    /// The first unanswered message of the customer after a response to the next human response. The customer writes when
    /// answering a question, when asking again (`[chasers]`) and when the ticket comes back; somebody responds by beginning or
    /// going on with the work, by answering who asked, by sending an update that is work of its own, or by resolving the
    /// ticket. Before the first response the first response is what is waited for.
    #[serde(default)]
    pub next_response: Option<Target>,
    /// What teams promise each other (an operational level agreement): from a team's receiving the ticket to its resolving it
    /// or handing it on, by escalation, transfer or to a team that helps. Each visit is a clock of its own. Teams and tiers
    /// may have their own (`teams.NAME.own`, `tiers.NAME.own`). No customer tier's `factor` changes it.
    #[serde(default)]
    pub own: Option<Target>,
}

impl Targets {
    /// The targets that are written, with their kinds.
    pub fn each(&self) -> impl Iterator<Item = (TargetKind, &Target)> {
        [
            (TargetKind::FirstResponse, &self.first_response),
            (TargetKind::Update, &self.update),
            (TargetKind::Mitigate, &self.mitigate),
            (TargetKind::Resolve, &self.resolve),
            (TargetKind::Acknowledge, &self.acknowledge),
            (TargetKind::NextResponse, &self.next_response),
            (TargetKind::Own, &self.own),
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
    /// Whose time zone the calendar's hours are read in (default: the calendar's own). Which zone that is, is settled once, when
    /// the clock starts.
    #[serde(default)]
    pub zone: Option<ClockZone>,
    /// Whether the clock stands still while the ticket waits for the customer (default: `mitigate`, `resolve` and `own` yes,
    /// others no), or for whom it does: `["customer"]` is the same as `true`, with `["customer", "vendor"]` it counts only time
    /// in which the organisation itself has the ticket.
    #[serde(default)]
    pub pauses: Option<Pauses>,
    /// What a change of severity does to the clock (default `retroactive`).
    #[serde(default)]
    pub on_severity_change: Option<OnSeverityChange>,
    /// What becomes of a breach when the severity is lowered (default `keep`).
    #[serde(default)]
    pub on_lower: Option<OnLower>,
    /// What a reopening does to a resolve clock (default `resume`).
    #[serde(default)]
    pub on_reopen: Option<OnReopen>,
    /// Resolve clocks that a reopening restarts: whether a ticket is one due item, breached if any of its cycles was, or each
    /// cycle is one (default `ticket`).
    #[serde(default)]
    pub sla_unit: Option<SlaUnit>,
    /// Updates: what ends them (default `resolution`).
    #[serde(default)]
    pub until: Option<Until>,
}

/// In which waits a clock stands still.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Pauses {
    /// While the ticket waits for the customer, or never.
    Customer(bool),
    /// While it waits for these.
    While(Vec<Awaited>),
}

impl Pauses {
    /// Whether a clock stands still while the ticket waits for somebody.
    pub fn is_for(&self, whom: Awaited) -> bool {
        match self {
            Pauses::Customer(pauses) => *pauses && whom == Awaited::Customer,
            Pauses::While(list) => list.contains(&whom),
        }
    }
}

/// Whose time zone a clock goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ClockZone {
    /// The `zone` of the ticket's customer tier; the calendar's own where it has none.
    Customer,
    /// The `zone` of its service; the calendar's own where it has none.
    Service,
    /// That of its owner as the clock starts: the person's, else their shift's, else their team's, else the run's. As long as
    /// nobody owns it, that of the team.
    Owner,
}

/// What ends the updates of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Until {
    /// The workaround: the customer no longer waits anxiously.
    Mitigation,
    /// The resolution.
    Resolution,
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

/// What becomes of a breach when the severity is lowered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OnLower {
    /// It stays one: lowering the severity is no way to launder it.
    Keep,
    /// It counts no longer; the clock is judged by the target of the new severity alone.
    Forgive,
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

/// What is due once under a resolve target whose clock a reopening restarts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SlaUnit {
    /// The ticket: late if any of its cycles was.
    Ticket,
    /// Each cycle, from the creation or a reopening to the next resolution.
    Cycle,
}
