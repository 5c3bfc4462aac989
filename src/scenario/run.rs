//! When and how long: the run plan, calendars, and candidates.

use crate::time::{Days, Misread, OpenHours, WeeklyHours};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

/// When the simulated time starts, how long it lasts, and how often it is repeated.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RunPlan {
    /// Local date, or date and time, at which the simulated time starts: `"2026-03-02"` or `"2026-03-02T08:00"`, with or
    /// without the quotes.
    #[schemars(extend("x-format" = "start"))]
    pub start: String,
    /// IANA time zone of `start`, and of everything that does not name its own (default `UTC`).
    #[serde(default)]
    #[schemars(extend("x-format" = "zone"))]
    pub zone: Option<String>,
    /// Length of the measured window: `12w`, `90d`, `24h`.
    #[schemars(extend("x-format" = "duration"))]
    pub horizon: String,
    /// Time before the measured window, simulated but not measured (default `0s`: the run starts empty and is measured
    /// from the first instant).
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub warm_up: Option<String>,
    /// Longest time that the tickets of the window are followed after it (default: 1.5 times the longest target, at
    /// least a week). Tickets keep arriving meanwhile, unmeasured; it ends early once every measured ticket is settled.
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub drain: Option<String>,
    /// Independent repetitions of the run (default 20). Every candidate is played against the same tickets in each.
    #[serde(default)]
    #[schemars(range(min = 1, max = 1_000_000))]
    pub replications: Option<u32>,
    /// Seed of the random streams (default 1): same file, seed and version, same results.
    #[serde(default)]
    pub seed: Option<u64>,
    /// Calendar of the units `bh` (business hour) and `bd` (business day, 8 business hours) where a target names none
    /// (default: the only calendar, if there is just one).
    #[serde(default)]
    #[schemars(extend("x-ref" = "calendars"))]
    pub business_calendar: Option<String>,
    /// How `teams.NAME.shrinkage` is played (default `simulated`).
    #[serde(default)]
    pub shrinkage: Option<ShrinkageMode>,
    /// Days within which a ticket that comes back was not resolved at first contact, for `first_contact_resolution_share`
    /// (default 7).
    #[serde(default)]
    #[schemars(range(min = 0, max = 36_500))]
    pub fcr_days: Option<u32>,
}

/// How paid time that is not available is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ShrinkageMode {
    /// People are absent for whole days and take breaks.
    Simulated,
    /// Everybody is there for the whole shift and a fraction of a person: work takes as much longer. For comparison with
    /// formulas that divide shrinkage out, such as Erlang's; handling then contains what shrinkage takes.
    Thin,
}

/// Weekly opening hours with a time zone and holidays.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarHours {
    /// IANA time zone (default: the run's).
    #[serde(default)]
    #[schemars(extend("x-format" = "zone"))]
    pub zone: Option<String>,
    /// `"24x7"`, or opening hours by days: `{ "Mon-Fri" = "09:00-17:00", "Sat" = "10:00-12:30, 13:00-14:00" }`. An
    /// interval whose end is not after its start crosses midnight and belongs to the day on which it opens.
    pub hours: Hours,
    /// Local dates on which no interval opens: `["2026-12-25"]`, with or without the quotes.
    #[serde(default)]
    #[schemars(extend("x-format" = "dates"))]
    pub holidays: Vec<String>,
}

/// Opening hours as written.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Hours {
    /// `"24x7"`.
    Always(#[schemars(extend("x-format" = "always"))] String),
    /// Hours by days.
    Weekly(WeeklyHoursText),
}

impl Hours {
    /// The hours, read.
    pub fn read(&self) -> Result<WeeklyHours, Misread> {
        let days = match self {
            Hours::Always(_) => return Ok(WeeklyHours::always()),
            Hours::Weekly(WeeklyHoursText(days)) => days,
        };
        days.iter().try_fold(WeeklyHours::closed(), |weekly, (days, times)| {
            Ok(weekly.open(days.parse::<Days>()?, &OpenHours::read_day(times)?))
        })
    }
}

/// `{ "Mon-Fri" = "09:00-17:00" }`: days to hours, as written.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(transparent)]
pub struct WeeklyHoursText(#[schemars(extend("x-format" = "weekly"))] pub IndexMap<String, String>);

/// A named set of changes to the base scenario.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Candidate {
    /// What the candidate changes and why, in one sentence.
    #[serde(default)]
    pub description: Option<String>,
    /// The patch: the same tables and keys as the scenario itself, only those that change. Tables are merged key by key,
    /// other values (lists too) are replaced: `set.teams.frontline.shifts.early.headcount = 9`. What excludes another
    /// replaces it: a law another law, a trigger another trigger, `headcount` the `shifts`, a `rate` a profile.
    #[serde(default)]
    #[schemars(with = "serde_json::Map<String, serde_json::Value>", extend("x-patch" = true))]
    pub set: toml::Table,
}
