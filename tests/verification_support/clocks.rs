//! Family g: business-hours clocks, exactly.
//!
//! Each clock is asked twice: as arithmetic on a calendar, and as a target of one ticket in a scenario file, whose breach
//! and alerts must come at the very instants. There the pauses are waits for the customer.

use super::cases::{Case, Expected};
use super::language::{alert_name, alerts, quoted};
use super::log::Log;
use super::runs::model_of;
use escalade::kernel::{World, replicate};
use escalade::time::{
    Calendar, Date, Days, Instant, Length, OpenHours, Origin, Share, WeeklyHours, Worked, Zone, clock,
};
use indexmap::IndexMap;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use std::fmt::Write;

#[derive(Debug, Deserialize)]
struct Clock {
    calendar: Hours,
    created: Written,
    duration_s: f64,
    pauses: Vec<(Written, Written)>,
}

/// A timestamp in ISO 8601.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
struct Written(Timestamp);

impl TryFrom<String> for Written {
    type Error = jiff::Error;

    fn try_from(text: String) -> Result<Written, jiff::Error> {
        text.parse().map(Written)
    }
}

impl Clock {
    fn pauses(&self) -> impl Iterator<Item = (Timestamp, Timestamp)> {
        self.pauses.iter().map(|(from, to)| (from.0, to.0))
    }
}

#[derive(Debug, Deserialize)]
struct Hours {
    zone: String,
    weekly_hours: Week,
    holidays: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Week {
    /// `"24x7"`.
    Always(String),
    ByDay(IndexMap<String, Vec<(String, String)>>),
}

impl Week {
    /// `{ Mon = "09:00-17:00" }`, day by day.
    fn days(&self) -> Vec<(&str, String)> {
        let Week::ByDay(days) = self else {
            return Vec::new();
        };
        let interval = |(from, to): &(String, String)| format!("{from}-{to}");
        let text = |hours: &[(String, String)]| hours.iter().map(interval).collect::<Vec<_>>().join(", ");
        days.iter().map(|(day, hours)| (day.as_str(), text(hours))).collect()
    }
}

/// Longest that a clock runs.
const REACH: SignedDuration = SignedDuration::from_hours(24 * 200);
/// What lies between the start of the run and the creation, so that the two are not the same.
const BEFORE: SignedDuration = SignedDuration::from_hours(31);

fn clock_of(case: &Case) -> Clock {
    serde_json::from_value(case.model.clone()).unwrap_or_else(|error| panic!("{}: {error}", case.id))
}

/// A clock laid out on the line of instants.
struct Dial {
    zone: Zone,
    origin: Origin,
    calendar: Calendar,
    created: Instant,
    duration: Worked,
    pauses: Vec<(Instant, Instant)>,
}

impl Dial {
    fn of(clock: &Clock) -> Dial {
        let zone: Zone = clock.calendar.zone.parse().expect("a zone");
        let origin = Origin::at(clock.created.0 - BEFORE, &zone).expect("a year of ours");
        let instant = |at: Timestamp| origin.instant(at).expect("within the run");
        let mut week = match &clock.calendar.weekly_hours {
            Week::Always(_) => WeeklyHours::always(),
            Week::ByDay(_) => WeeklyHours::closed(),
        };
        for (day, hours) in clock.calendar.weekly_hours.days() {
            let day: Days = day.parse().expect("a day");
            week = week.open(day, &OpenHours::read_day(&hours).expect("opening hours"));
        }
        let holidays: Vec<Date> = clock
            .calendar
            .holidays
            .iter()
            .map(|date| date.parse().expect("a date"))
            .collect();
        let until = instant(clock.created.0 + REACH);
        Dial {
            calendar: Calendar::compile(&zone, &week, &holidays, &origin, until),
            created: instant(clock.created.0),
            duration: worked(clock.duration_s),
            pauses: clock.pauses().map(|(from, to)| (instant(from), instant(to))).collect(),
            zone,
            origin,
        }
    }

    fn reached(&self, share: f64) -> Instant {
        let share = Share::from_f64(share).expect("a share");
        clock::share_reached(&self.calendar, self.created, self.duration, &self.pauses, share)
            .expect("within the calendar")
    }

    fn due(&self) -> Instant {
        clock::due(&self.calendar, self.created, self.duration, &self.pauses).expect("within the calendar")
    }
}

fn worked(seconds: f64) -> Worked {
    Worked::from_length(Length::from_secs_f64(seconds).expect("a duration"))
}

fn timestamp(figure: &Expected) -> Timestamp {
    let text = figure.value.as_str().expect("an instant");
    text.parse().expect("ISO 8601")
}

/// Checks the arithmetic of a clock; says what differs.
pub fn check_arithmetic(case: &Case) -> Result<(), String> {
    let dial = Dial::of(&clock_of(case));
    for figure in &case.expected {
        let differs = |found: String| {
            Err(format!(
                "{}: {} is {found}, not {}",
                case.id,
                figure.label(),
                figure.value
            ))
        };
        match figure.metric.as_str() {
            "due_utc" if dial.origin.timestamp(dial.due()) == timestamp(figure) => {}
            "due_utc" => return differs(dial.origin.timestamp(dial.due()).to_string()),
            "due_local" => {
                let found = dial.origin.iso_in(&dial.zone, dial.due());
                if figure.value.as_str() != Some(&found) {
                    return differs(found);
                }
            }
            "share_reached_utc" => {
                let found = dial.origin.timestamp(dial.reached(figure.share.expect("a share")));
                if found != timestamp(figure) {
                    return differs(found.to_string());
                }
            }
            "consumed_s" => {
                let at: Timestamp = figure.at.as_deref().and_then(|at| at.parse().ok()).expect("an instant");
                let at = dial.origin.instant(at).expect("within the run");
                let found = clock::consumed(&dial.calendar, dial.created, at, &dial.pauses);
                if found != worked(figure.number()) {
                    return differs(found.secs_f64().to_string());
                }
            }
            other => return Err(format!("{}: no metric is called `{other}`", case.id)),
        }
    }
    Ok(())
}

/// Checks the breach and the alerts of a ticket with that target; says what differs.
pub fn check_in_a_run(case: &Case) -> Result<(), String> {
    let written = clock_of(case);
    let shares: Vec<f64> = case.expected.iter().filter_map(|figure| figure.share).collect();
    let text = scenario(case, &written, &shares);
    let model = model_of(&case.id, &text);
    let people = ["A1".to_owned()];
    let mut log = Log::new(&model, &people);
    replicate(&model, 1, 0, &mut World::new(), &mut log);
    for figure in &case.expected {
        let event = match figure.metric.as_str() {
            "due_utc" => "breach:resolve".to_owned(),
            "share_reached_utc" => alert_name("resolve", figure.share.expect("a share")),
            _ => continue,
        };
        let mut seen = log.events.iter().filter(|seen| seen.what == event);
        let at = seen
            .next()
            .map(|seen| model.origin.timestamp(Instant::from_ms(seen.at)));
        if at != Some(timestamp(figure)) || seen.next().is_some() {
            return Err(format!("{}: {event} at {at:?}, not {}\n{text}", case.id, figure.value));
        }
    }
    Ok(())
}

fn scenario(case: &Case, clock: &Clock, shares: &[f64]) -> String {
    let start = clock.created.0 - BEFORE;
    let mut text = String::new();
    let hours = match &clock.calendar.weekly_hours {
        Week::Always(always) => quoted(always),
        days => {
            let days: Vec<String> = days
                .days()
                .iter()
                .map(|(day, hours)| format!("{day} = \"{hours}\""))
                .collect();
            format!("{{ {} }}", days.join(", "))
        }
    };
    let seconds = |from: Timestamp, to: Timestamp| format!("\"{}s\"", to.duration_since(from).as_secs());
    let far = clock.created.0 + REACH;
    let asked: Vec<Timestamp> = clock.pauses().map(|pause| pause.0).chain([far]).collect();
    let legs: Vec<String> = clock
        .pauses()
        .zip(&asked[1..])
        .map(|((from, to), next)| {
            format!(
                "{{ answer_after = {}, then_work = {} }}",
                seconds(from, to),
                seconds(to, *next)
            )
        })
        .collect();
    write!(
        text,
        r#"name = {name}
run = {{ start = "{start}", zone = "UTC", horizon = "60d", drain = "300d" }}
severities.one.resolve = {{ within = "{within}s", calendar = "hours" }}
calendars.hours = {{ zone = "{zone}", hours = {hours}, holidays = {holidays:?} }}
services.desk = {{}}
tiers.L1.work = {{ deterministic = "1h" }}
teams.L1 = {{ tier = "L1", headcount = 1 }}

[[tickets]]
id = "T1"
at = {created}
work = {{ L1 = {work} }}
legs = [{legs}]
"#,
        name = quoted(&case.id),
        start = start.strftime("%Y-%m-%dT%H:%M:%S"),
        within = clock.duration_s,
        zone = clock.calendar.zone,
        holidays = clock.calendar.holidays,
        created = seconds(start, clock.created.0),
        work = seconds(clock.created.0, asked[0]),
        legs = legs.join(", "),
    )
    .expect("a string takes everything");
    alerts(&mut text, "resolve", shares);
    text
}
