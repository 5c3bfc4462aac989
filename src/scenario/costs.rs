//! What people and broken promises cost, as written.

use super::Named;
use super::run::Hours;
use schemars::JsonSchema;
use serde::Deserialize;

/// What people and broken promises cost. Without this table nothing is counted in money.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Costs {
    /// What one unit of money is called in tables and reports: `EUR`.
    pub currency: String,
    /// Pay of one scheduled hour of one person, by team, everything that a head costs included: `{ frontline = 30 }`, or with
    /// shifts of their own `{ frontline = { hour = 30, shifts = { night = 36 } } }`. People are paid for all hours of
    /// their shifts, whether or not they are absent. A team without a rate costs nothing.
    #[serde(default)]
    #[schemars(extend("x-ref-keys" = "teams"))]
    pub rates: Named<TeamRate>,
    /// Factor on the team's rate for an hour of overtime, and of work that people are called to off duty (default 1.5).
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 100.0))]
    pub overtime_factor: Option<f64>,
    /// Premium on scheduled hours of the night (default none).
    #[serde(default)]
    pub night: Option<NightPremium>,
    /// Premium on scheduled hours of holidays (default none). Where it meets that of the night, the higher one is paid.
    #[serde(default)]
    pub holiday: Option<HolidayPremium>,
    /// Pay of being on call (default none). The work itself is paid as overtime.
    #[serde(default)]
    pub on_call: Option<OnCallPay>,
    /// What a breached clock costs, by the severity that the ticket was reported with when the clock stopped or ran out.
    #[serde(default)]
    #[schemars(extend("x-ref-keys" = "severities"))]
    pub penalties: Named<Penalties>,
    /// Factor on all penalties, by customer tier (default 1).
    #[serde(default)]
    #[schemars(extend("x-ref-keys" = "customer_tiers"))]
    pub customer_factor: Named<Amount>,
}

/// A number that is not negative.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(transparent)]
pub struct Amount(#[schemars(range(min = 0.0, max = 1_000_000.0))] pub f64);

/// An hourly rate for all of a team, or one that some of its shifts differ from.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum TeamRate {
    /// The same for everybody.
    Hour(#[schemars(range(min = 0.0, max = 1_000_000.0))] f64),
    /// By shift.
    ByShift(ShiftRates),
}

/// The hourly rate of a team, and of those of its shifts that differ.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShiftRates {
    /// Of every shift that is not named, and of overtime.
    #[schemars(range(min = 0.0, max = 1_000_000.0))]
    pub hour: f64,
    /// By shift.
    #[serde(default)]
    pub shifts: Named<Amount>,
}

impl TeamRate {
    /// Of the team as a whole, and of its overtime.
    pub fn hour(&self) -> f64 {
        match self {
            TeamRate::Hour(hour) => *hour,
            TeamRate::ByShift(rates) => rates.hour,
        }
    }

    /// Of a shift.
    pub fn of_shift(&self, shift: &str) -> f64 {
        match self {
            TeamRate::Hour(hour) => *hour,
            TeamRate::ByShift(rates) => rates.shifts.get(shift).map_or(rates.hour, |rate| rate.0),
        }
    }
}

/// A premium on the hours of the night.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NightPremium {
    /// When it is night, in the shift's own time zone: `{ "Mon-Sun" = "22:00-06:00" }`.
    pub hours: Hours,
    /// Factor on the rate: 1.25 is a quarter more.
    #[schemars(range(min = 1.0, max = 100.0))]
    pub factor: f64,
}

/// A premium on the hours of holidays.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HolidayPremium {
    /// Calendar whose holidays they are: the whole local day in the shift's own time zone.
    #[schemars(extend("x-ref" = "calendars"))]
    pub calendar: String,
    /// Factor on the rate: 2 is double.
    #[schemars(range(min = 1.0, max = 100.0))]
    pub factor: f64,
}

/// Pay of being on call: for the hours, and for each page out of somebody's free time.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OnCallPay {
    /// For each hour that somebody is on call by a schedule, on duty or not (default 0). A stipend of 336 a week is 2 an hour.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1_000_000.0))]
    pub hour: Option<f64>,
    /// The same for those schedules that differ: `{ secondary = 1 }`.
    #[serde(default)]
    #[schemars(extend("x-ref-keys" = "schedules"))]
    pub schedules: Named<Amount>,
    /// For each page that reaches somebody who is not on duty (default 0).
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1_000_000.0))]
    pub page: Option<f64>,
}

/// What breached clocks of one severity cost.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Penalties {
    /// A first response too late: `50`, or `{ fixed = 50, per_hour_late = 10, most = 200 }`.
    #[serde(default)]
    pub first_response: Option<Penalty>,
    /// Each missed update.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1_000_000_000.0))]
    pub update: Option<f64>,
    /// A workaround or resolution too late for the target `mitigate`: as `first_response`.
    #[serde(default)]
    pub mitigate: Option<Penalty>,
    /// A resolution too late: as `first_response`.
    #[serde(default)]
    pub resolve: Option<Penalty>,
    /// A first acknowledgement too late: as `first_response`.
    #[serde(default)]
    pub acknowledge: Option<Penalty>,
    /// Each later response to the customer that is too late for the target `next_response`: as `first_response`.
    #[serde(default)]
    pub next_response: Option<Penalty>,
    /// Each visit to a team that lasts longer than its target `own`: as `first_response`. It counts with the team that held the
    /// ticket then.
    #[serde(default)]
    pub own: Option<Penalty>,
}

/// What one breached clock costs.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Penalty {
    /// The same however late.
    Fixed(#[schemars(range(min = 0.0, max = 1_000_000_000.0))] f64),
    /// Growing with the lateness.
    Growing(GrowingPenalty),
}

/// A penalty that grows with the lateness.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GrowingPenalty {
    /// At the breach (default 0).
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1_000_000_000.0))]
    pub fixed: Option<f64>,
    /// For each hour of the target's calendar by which the clock stopped too late, parts counted. A clock that still runs at
    /// the end of the run, or as nobody waits for it any more, counts as stopped there.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1_000_000_000.0))]
    pub per_hour_late: Option<f64>,
    /// The most for one clock, before the customer's factor (default no limit).
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1_000_000_000.0))]
    pub most: Option<f64>,
}
