//! Who is on call, and who is paged when: schedules, escalation policies and habits of answering, as written.
//!
//! A schedule answers one question: who is on call at an instant. An escalation policy is the ladder that a page climbs
//! over schedules until somebody acknowledges. Being on call is not being on duty: it is the chance to be called in.

use super::Named;
use super::law::Law;
use super::run::Hours;
use schemars::JsonSchema;
use serde::Deserialize;

/// A schedule of on-call duty: at any instant nobody or one person. To page several, name several schedules.
///
/// Short form: `[schedules.primary]` with `members = ["ada", "ben"]` and `turn = "1w"`. Times are local wall times: a turn
/// of a week changes at the same time of day before and after a change of the clocks.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// The bottom rotation, in the order of the turns: people by name, or by number as in traces (`frontline/1`,
    /// `frontline/early/2`).
    #[serde(default)]
    pub members: Vec<String>,
    /// Length of a turn, in whole minutes (default `1w`). Layers that write none have the same.
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub turn: Option<String>,
    /// When turns begin: `"Mon 09:00"` or `"09:00"` (default: at the time of day of `start`). Likewise for layers.
    #[serde(default)]
    #[schemars(extend("x-format" = "handoff"))]
    pub handoff: Option<String>,
    /// Local date, or date and time, from which the rotation applies; its first member has the turn in which it lies
    /// (default: the start of the run). Likewise for layers.
    #[serde(default)]
    #[schemars(extend("x-format" = "start"))]
    pub start: Option<String>,
    /// IANA time zone of the times of this schedule (default: the run's). Likewise for layers.
    #[serde(default)]
    #[schemars(extend("x-format" = "zone"))]
    pub zone: Option<String>,
    /// Hours of the week in which the bottom rotation applies at all; its turns go on outside of them (default: always).
    #[serde(default)]
    pub restriction: Option<Hours>,
    /// More rotations above the bottom one, by name; a later one wins where it applies.
    #[serde(default)]
    pub layers: Named<Layer>,
    /// Persons for a certain time, above all layers; the last written of two that overlap wins.
    #[serde(default)]
    pub overrides: Vec<Override>,
    /// Who stands in while the person on call is on leave (default `none`).
    #[serde(default)]
    pub cover: Option<Cover>,
    /// Schedule whose person stands in, with `cover = "secondary"`.
    #[serde(default)]
    #[schemars(extend("x-ref" = "schedules"))]
    pub secondary: Option<String>,
    /// How its people answer pages, whatever they are doing (default: by what they are doing, as `[on_call]` says).
    #[serde(default)]
    pub acknowledges: Option<Acknowledgement>,
}

/// A rotation of a schedule.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Layer {
    /// The rotation, in the order of the turns.
    pub members: Vec<String>,
    /// Length of a turn, in whole minutes (default: the schedule's).
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub turn: Option<String>,
    /// When turns begin (default: the schedule's).
    #[serde(default)]
    #[schemars(extend("x-format" = "handoff"))]
    pub handoff: Option<String>,
    /// From when on it applies (default: the schedule's).
    #[serde(default)]
    #[schemars(extend("x-format" = "start"))]
    pub start: Option<String>,
    /// IANA time zone of its times (default: the schedule's).
    #[serde(default)]
    #[schemars(extend("x-format" = "zone"))]
    pub zone: Option<String>,
    /// Hours of the week in which it applies at all (default: always).
    #[serde(default)]
    pub restriction: Option<Hours>,
}

/// A person on call for a certain time: `{ person = "ada", from = "2026-04-03T18:00", to = "2026-04-06T09:00" }`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// Who.
    pub person: String,
    /// Local date, or date and time, from which on.
    #[schemars(extend("x-format" = "start"))]
    pub from: String,
    /// Until when; that instant is the schedule's own again.
    #[schemars(extend("x-format" = "start"))]
    pub to: String,
}

/// Who stands in while the person on call is on leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Cover {
    /// Nobody: those hours are uncovered.
    None,
    /// The next member of the rotation who is not on leave.
    Next,
    /// Whoever the schedule `secondary` has on call. Whom that would page through a `secondary` of its own while they are on
    /// leave, too, does not stand in here: then nobody does.
    Secondary,
}

/// How long somebody takes to acknowledge a page, and whether they do.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Acknowledgement {
    /// Time from the page to the acknowledgement.
    #[serde(default)]
    pub delay: Option<Law>,
    /// Share of the pages that are never answered.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub never: Option<f64>,
}

/// An escalation policy: levels that are paged one after another until somebody acknowledges.
///
/// The first acknowledgement by anyone who was paged wins: that person becomes the owner, and all pages still out are void. What
/// they have acknowledged and not begun waits by their team's discipline, then in the order of the acknowledgements.
/// Who lacks the skills that the ticket needs acknowledges, too, and owns nothing: the ticket goes to the queue of their team
/// if somebody there can work on it, unless somebody works on it already; else it stays where it is. So does a ticket that the
/// person's tier has worked on and that has gone up since: they acknowledge, and whoever solves it goes on.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EscalationPolicy {
    /// The levels, in order: at most 60.
    #[schemars(length(max = 60))]
    pub levels: Vec<Level>,
    /// How often the levels are played again after the last one (default 0: once in all).
    #[serde(default)]
    #[schemars(range(min = 0, max = 100))]
    pub repeats: Option<u32>,
    /// Schedule or person to page once nobody has acknowledged (default: nobody).
    #[serde(default)]
    pub last_resort: Option<String>,
    /// The last resort is paged again so often until somebody acknowledges (default: once only).
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub last_resort_every: Option<String>,
    /// What an acknowledgement after its level's timeout is worth (default `counts`).
    #[serde(default)]
    pub late_ack: Option<LateAck>,
    /// Time after an acknowledgement at which a ticket that is neither mitigated nor resolved pages again, from level 1 and
    /// whoever acknowledged (default: never).
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub ack_timeout: Option<String>,
    /// Least severe severity that it pages for: lowering a ticket below it ends the ladder (default: none does). Who was asked beside
    /// it, by a notification or to help, still is.
    #[serde(default)]
    #[schemars(extend("x-ref" = "severities"))]
    pub severity: Option<String>,
    /// Which tickets share a page: `group = { by = "service" }` (default: each ticket has its own).
    #[serde(default)]
    pub group: Option<PageGroup>,
    /// A habit of whoever acknowledges its pages: they put them off, `snooze = { share = 0.2, lasts = "30m" }` (default: they
    /// never do).
    #[serde(default)]
    pub snooze: Option<Snooze>,
}

/// An acknowledgement with an end: nobody begins the ticket, and it pages again from level 1, and whoever put it off, unless
/// somebody has begun it by then.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Snooze {
    /// Share of the acknowledgements that are snoozed.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub share: f64,
    /// For how long.
    #[schemars(extend("x-format" = "duration"))]
    pub lasts: String,
    /// How often a ticket is put off at most (default: as often as somebody does).
    #[serde(default)]
    #[schemars(range(min = 1, max = 1000))]
    pub at_most: Option<u16>,
}

/// Tickets that share a page: one ladder for the group, and whoever acknowledges owns all of its tickets.
///
/// A group begins with a ticket that finds none to join, and is open as long as one of its tickets is (resolved, linked to
/// another or lowered below the policy's `severity`, a ticket leaves it). While somebody is being paged, a ticket that joins
/// is paged for with it. Once somebody has acknowledged, it falls to them without another page, as long as a ticket of the
/// group is theirs; with an `interval` it waits for the next tick, and is paged for from level 1.
///
/// As Alertmanager has it: `{ by = "service", wait = "30s", interval = "5m", repeat = "4h" }`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PageGroup {
    /// What its tickets have in common.
    pub by: GroupBy,
    /// From the first ticket to the page (default `0s`). What is resolved before is never paged for.
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub wait: Option<String>,
    /// From the first ticket until the group takes in no more: the next ticket begins another group (default: as long as it
    /// is open).
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub within: Option<String>,
    /// Ticks from the first page on at which tickets that have joined since the last page are paged for (default: none, they
    /// fall to whoever acknowledged).
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub interval: Option<String>,
    /// From the last page to the next one for all tickets that are neither mitigated nor resolved, at the next tick if there
    /// are any (default: never).
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub repeat: Option<String>,
}

/// What tickets that share a page have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum GroupBy {
    /// The service.
    Service,
    /// The fault that they come of (`[incidents]`), whether or not anybody has recognised them. A ticket of no fault is alone.
    Incident,
    /// Only the policy that pages for them.
    Policy,
}

/// A level of an escalation policy.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// Schedules or persons to page, at most 255. A schedule is looked up when it is paged.
    #[schemars(length(max = 255))]
    pub targets: Vec<String>,
    /// All at once, or one after another (default `simultaneous`).
    #[serde(default)]
    pub mode: Option<PageMode>,
    /// Mode `sequential`: time from one target's page to the next one's (default `2m`).
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub gap: Option<String>,
    /// Time from the level's first page without an acknowledgement to the next level.
    #[schemars(extend("x-format" = "duration"))]
    pub timeout: String,
}

/// How the targets of a level are paged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PageMode {
    /// All at once.
    Simultaneous,
    /// One after another, within the level's single timeout.
    Sequential,
}

/// What an acknowledgement after its level's timeout is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LateAck {
    /// It wins like any other, if it is the first.
    Counts,
    /// Nothing: the timeout has withdrawn the page.
    Void,
}

/// Habits of people on call.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OnCall {
    /// When people sleep, by the clock of where they live (default `23:00-07:00`).
    #[serde(default)]
    #[schemars(extend("x-format" = "hours"))]
    pub night: Option<String>,
    /// How people answer pages, by what they are doing when the page comes.
    #[serde(default)]
    pub acknowledges: AcknowledgesBy,
    /// Off duty and awake: time from the acknowledgement to the start of the work (default `0s`).
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub get_to_desk: Option<String>,
    /// Likewise out of one's sleep (default `5m`).
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub get_to_desk_at_night: Option<String>,
    /// Fatigue: share by which the next day's work grows, and the next night's acknowledgements, for each page of the night
    /// that woke the person (default 0.05; four pages at most for the work). Pages within half an hour count once, and each
    /// night without one halves what is left.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub fatigue: Option<f64>,
    /// Pages a night from which on the person's next shift begins later, so that they have had their `rest` (default: never).
    #[serde(default)]
    #[schemars(range(min = 1, max = 100))]
    pub rest_after: Option<u32>,
    /// Rest between the last page of a night and the next shift: what `rest_after` gives, and what `rest_violations` counts
    /// the lack of (default `11h`).
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub rest: Option<String>,
}

/// How people answer pages, by what they are doing when the page comes.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AcknowledgesBy {
    /// On duty and free, or on a break (default: log-normal, median 1 min, sigma 0.6; 1 % never).
    #[serde(default)]
    pub free: Option<Acknowledgement>,
    /// On duty and at work (default: median 3 min, sigma 0.7; 3 % never).
    #[serde(default)]
    pub busy: Option<Acknowledgement>,
    /// Off duty and awake (default: median 3 min, sigma 0.8; 5 % never).
    #[serde(default)]
    pub awake: Option<Acknowledgement>,
    /// Off duty and asleep (default: median 6 min, sigma 0.8; 10 % never).
    #[serde(default)]
    pub asleep: Option<Acknowledgement>,
    /// Already at work on another page (default: median 4 min, sigma 0.7; 5 % never).
    #[serde(default)]
    pub paged: Option<Acknowledgement>,
}

/// What the tickets of a service are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ServiceKind {
    /// Somebody waits for an answer.
    Request,
    /// A machine says that something is wrong: nobody waits for a letter, or asks again.
    Alert,
}

/// The answers of a scripted ticket's pages, by schedule or person: `{ primary = ["6m 20s", "never"] }`, first try first.
/// Tries that are not written are never answered.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(transparent)]
pub struct Answers(#[schemars(extend("x-format" = "answers"))] pub Vec<String>);

/// The word of [`Answers`] for a page that is never answered.
pub const NEVER: &str = "never";
