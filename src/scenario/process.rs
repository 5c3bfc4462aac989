//! How work on a ticket is decided upon and told of: roles, decision gates, changes, communication, workarounds, as written.
//!
//! What is learnt once a ticket is resolved (reviews, problems, articles) is `learning`.

use super::law::{Law, ShareBySeverity};
use super::targets::Until;
use schemars::JsonSchema;
use serde::Deserialize;

/// A role: what somebody does beside, or instead of, working tickets. It is held by a team (whoever is free first) or by a
/// schedule (whoever is on call).
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("x-either" = [["team"], ["schedule"]]))]
pub struct Role {
    /// What the role does in an incident (default `authority`). At most one role has each of the other duties.
    #[serde(default)]
    pub duty: Option<Duty>,
    /// The team that holds the role: what is asked of it enters the team's queue, before all tickets.
    #[serde(default)]
    #[schemars(extend("x-ref" = "teams"))]
    pub team: Option<String>,
    /// The schedule that holds the role: the person on call at that instant is paged for what is asked of it, acknowledges in
    /// their own time, and does it off duty, too. For what the role is asked next about the same ticket they are not paged
    /// again while that page is out, nor after it, unless they sleep. While nobody is on call nobody answers; updates and briefs are written by the owner then.
    #[serde(default)]
    #[schemars(extend("x-ref" = "schedules"))]
    pub schedule: Option<String>,
    /// Held by a schedule: time without an acknowledgement after which whoever is on call by then is paged (default `15m`).
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub page_again: Option<String>,
    /// Time from a request to its reaching the people who hold the role, or to the page (default none).
    #[serde(default)]
    pub reaction: Option<Law>,
    /// Work of the role when a rule escalates a ticket to it (default none: it is told, and does nothing).
    #[serde(default)]
    pub work: Option<Law>,
    /// Duty `commander`: rate at which the ticket's owner works while nobody has taken command, because the owner commands
    /// too (default 0.75).
    #[serde(default)]
    #[schemars(range(min = 0.01, max = 1.0))]
    pub owner_penalty: Option<f64>,
    /// Duties `commander` and `scribe`: how long the role is held (default `mitigation`).
    #[serde(default)]
    pub until: Option<Until>,
}

/// What a role does in an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Duty {
    /// Is in command, and does nothing else meanwhile but decide at the ticket's gates, where that is theirs to do: one decision
    /// after another, without a page.
    Commander,
    /// Takes notes beside the commander, and does nothing else meanwhile: the review takes less work.
    Scribe,
    /// Decides at gates, and is told of tickets that are escalated to it.
    Authority,
}

/// A decision gate: a step that waits for the decision of one or more roles. A rule opens it on a ticket, or a change does.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// The roles that decide; each is asked at once. The request is work in their queue, before all tickets, updates and
    /// what they are told. Whoever commands the incident decides at once, and stays in command. At most 60.
    #[schemars(length(max = 60), extend("x-ref" = "roles"))]
    pub approvers: Vec<String>,
    /// How many of them must approve: `"all"` (the default; one who declines ends it), `"any"`, or a number.
    #[serde(default)]
    pub parallel: Option<Parallel>,
    /// Work of each decision. Needed unless the gate is a meeting.
    #[serde(default)]
    pub decision_work: Option<Law>,
    /// Probability that an approver declines (default 0).
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub p_decline: Option<f64>,
    /// Longest time that a request waits for its decision (default: for ever). A decision at that very instant is in time.
    #[serde(default)]
    #[schemars(extend("x-format" = "target"))]
    pub timeout: Option<String>,
    /// Calendar of the timeout (default `24x7`, or the business calendar for `bh` and `bd`).
    #[serde(default)]
    #[schemars(extend("x-ref" = "calendars"))]
    pub calendar: Option<String>,
    /// What happens at the timeout (default `wait`).
    #[serde(default)]
    pub on_timeout: Option<OnTimeout>,
    /// `on_timeout = "deputy"`: the role that is asked instead.
    #[serde(default)]
    #[schemars(extend("x-ref" = "roles"))]
    pub deputy: Option<String>,
    /// Work of the deputy's decision (default: `decision_work`).
    #[serde(default)]
    pub deputy_work: Option<Law>,
    /// Longest time that the deputy's decision is waited for; after that it is only counted (default: for ever).
    #[serde(default)]
    #[schemars(extend("x-format" = "target"))]
    pub deputy_timeout: Option<String>,
    /// Decisions are taken at the next meeting instead of in somebody's queue.
    #[serde(default)]
    pub meeting: Option<Meeting>,
    /// What waits for the decision (default `work`).
    #[serde(default)]
    pub blocks: Option<Blocks>,
    /// Work of the ticket's owner after a request was declined, before the next is made (default none).
    #[serde(default)]
    pub rework: Option<Law>,
    /// Most requests of one opening of the gate (default 3). When the last is declined, `escalate_to` decides.
    #[serde(default)]
    #[schemars(range(min = 1, max = 60))]
    pub max_rounds: Option<u32>,
    /// Role that lets the ticket pass when the last request is declined: a hierarchical escalation, with the role's `work`
    /// (default: the gate closes, and the ticket goes on without it).
    #[serde(default)]
    #[schemars(extend("x-ref" = "roles"))]
    pub escalate_to: Option<String>,
}

/// How many approvers must approve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Parallel {
    /// All, or any.
    Word(ParallelWord),
    /// So many.
    Count(#[schemars(range(min = 1, max = 60))] u32),
}

/// All, or any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ParallelWord {
    /// Every approver must approve.
    All,
    /// The first who approves is enough.
    Any,
}

/// What happens when a gate's timeout passes without a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OnTimeout {
    /// The deputy is asked; the first request is withdrawn.
    Deputy,
    /// It counts as approved.
    Approve,
    /// It counts as declined.
    Decline,
    /// The request stays; the timeout is only counted.
    Wait,
}

/// What waits for a gate's decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Blocks {
    /// The work on the ticket.
    Work,
    /// Only the release: work goes on, and what it has made waits.
    Release,
}

/// A board that decides at its meetings.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Meeting {
    /// The calendar of the meetings: each of its openings is one, and decides as it opens.
    #[schemars(extend("x-ref" = "calendars"))]
    pub calendar: String,
    /// How long before a meeting a request must have been made to be on its agenda (default `0s`).
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub cutoff: Option<String>,
}

/// A kind of change: some fixes go live only by one.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeKind {
    /// Share of the tickets whose fix is a change of this kind, by true severity. A property of the tickets.
    pub share: ShareBySeverity,
    /// Services whose fixes are such changes (default all).
    #[serde(default)]
    #[schemars(extend("x-ref" = "services"))]
    pub service: Option<Vec<String>>,
    /// The gate that the finished fix waits for (default none: the change is approved in advance).
    #[serde(default)]
    #[schemars(extend("x-ref" = "gates"))]
    pub gate: Option<String>,
    /// Work of the ticket's owner to release the approved change (default none).
    #[serde(default)]
    pub release: Option<Law>,
    /// Work of recording the change once it is live, for the team that made it (default none).
    #[serde(default)]
    pub record: Option<Law>,
}

/// Updates and briefs as work that somebody does. Without this table whoever works on a ticket sends its updates in passing.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Communications {
    /// The role that writes: the communications lead (default: the ticket's owner, who puts the ticket aside for it). While nobody
    /// is on call for a role that a schedule holds, the owner does.
    #[serde(default)]
    #[schemars(extend("x-ref" = "roles"))]
    pub by: Option<String>,
    /// Work of one update.
    pub update_work: Law,
    /// Work of one brief (default: as an update).
    #[serde(default)]
    pub brief_work: Option<Law>,
    /// How long before an update is due its work enters the queue (default: the mean of `update_work`); at most half of the
    /// cadence.
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub lead_time: Option<String>,
    /// What a silence counts (default `each`).
    #[serde(default)]
    pub misses: Option<Misses>,
}

/// What a silence longer than the cadence counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Misses {
    /// An update missed at every elapsed multiple of the cadence.
    Each,
    /// One update missed, however long it lasts.
    Once,
}

/// Workarounds: the customer is helped before the ticket is fixed.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Workaround {
    /// Share of the tickets for which a workaround is found on the way to the fix, by true severity. A property of the tickets.
    pub share: ShareBySeverity,
    /// Share of the work of solving after which it is in place (default 0.5).
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub after: Option<f64>,
    /// When such a ticket is resolved (default `fix`).
    #[serde(default)]
    pub resolve_on: Option<ResolveOn>,
}

/// When a ticket with a workaround is resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ResolveOn {
    /// Once its fix is live.
    Fix,
    /// With the workaround: the customer is served. The rest of the work remains, as work of its own for whoever began it. What
    /// nobody works on as involved teams find the workaround stays open until it is fixed.
    Mitigation,
}
