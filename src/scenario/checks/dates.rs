//! What is written of times outside of the simulated time: holidays, leave, overrides, and boards that never meet.
//!
//! A list of which some dates lie within is kept for longer than one run, and passed over. So are holidays of the year in
//! which the run is.

use super::super::problem::Problems;
use super::super::rota::leave;
use super::super::{Away, CalendarHours, CustomerTier, Path, Scenario, Schedule, Target};
use super::hours::laid_out;
use super::targets::{elapsed_ms, own_tables, tables, within_ms};
use super::{YEAR_MS, milliseconds};
use crate::time::{Date, Instant, Origin, Zone};

/// Longer runs are not looked at.
const LONGEST_LOOKED_AT_MS: i64 = 20 * YEAR_MS;
/// The usual drain takes 1.5 times the longest target, in which time on a calendar counts as if that were open for 40 of
/// the 168 hours of a week.
const DRAIN_TARGETS: f64 = 1.5;
const CALENDAR_STRETCHED: f64 = 168.0 / 40.0;
const LEAST_DRAIN_MS: i64 = 7 * 24 * 3_600_000;

pub(super) fn check(scenario: &Scenario, problems: &mut Problems) {
    let Some(run) = Simulated::of(scenario).filter(Simulated::is_whole) else {
        return;
    };
    for (name, calendar) in &scenario.calendars {
        run.holidays(name, calendar, problems);
    }
    for person in scenario.people.keys() {
        let path = Path::from(["people", person, "leave"]);
        let away = leave(scenario, person, &run.origin);
        run.none_within(&away, &format!("the leave of `{person}`"), path, problems);
    }
    for (name, schedule) in &scenario.schedules {
        let path = Path::from(["schedules", name, "overrides"]);
        let whose = format!("the override of `{name}`");
        run.none_within(&run.overrides(schedule), &whose, path, problems);
    }
    run.boards(scenario, problems);
}

/// The simulated time.
pub(super) struct Simulated {
    pub(super) origin: Origin,
    /// The latest end of the drain, or of what is looked at.
    pub(super) end: Instant,
}

impl Simulated {
    /// `None` if it cannot be read.
    pub(super) fn of(scenario: &Scenario) -> Option<Simulated> {
        let run = &scenario.run;
        let zone = run.zone.as_deref().and_then(|text| text.parse().ok());
        let origin = Origin::read(&run.start, &zone.unwrap_or_else(Zone::utc)).ok()?;
        let warm_up = match &run.warm_up {
            Some(text) => milliseconds(text)?,
            None => 0,
        };
        let drain = match &run.drain {
            Some(text) => milliseconds(text)?,
            None => longest_usual_drain_ms(scenario),
        };
        let end = milliseconds(&run.horizon)?
            .saturating_add(warm_up)
            .saturating_add(drain);
        Some(Simulated {
            origin,
            end: Instant::from_ms(end.clamp(1, LONGEST_LOOKED_AT_MS)),
        })
    }

    /// Whether all of it is looked at.
    pub(super) fn is_whole(&self) -> bool {
        self.end.ms() < LONGEST_LOOKED_AT_MS
    }

    fn is_within(&self, (from, until): &(Instant, Instant)) -> bool {
        *until > Instant::START && *from < self.end
    }

    /// When a person is on leave, as far as it begins before the end.
    pub(super) fn leave(&self, scenario: &Scenario, person: &str) -> Away {
        let mut away = leave(scenario, person, &self.origin);
        away.retain(|stretch| self.is_within(stretch));
        away
    }

    fn dates(&self) -> (Date, Date) {
        (self.origin.local(Instant::START).date, self.origin.local(self.end).date)
    }

    /// Reports holidays of other years.
    fn holidays(&self, name: &str, calendar: &CalendarHours, problems: &mut Problems) {
        let holidays: Vec<Date> = calendar.holidays.iter().filter_map(|date| date.parse().ok()).collect();
        let (Some(earliest), Some(latest)) = (holidays.iter().min(), holidays.iter().max()) else {
            return;
        };
        let (first, last) = self.dates();
        // It may be another day where the calendar is.
        let years = first.plus_days(-1).year()..=last.plus_days(1).year();
        if holidays.iter().any(|date| years.contains(&date.year())) {
            return;
        }
        let label = match earliest == latest {
            true => format!("on {earliest}"),
            false => format!("from {earliest} to {latest}"),
        };
        problems
            .warning(
                "W434",
                ["calendars", name, "holidays"],
                format!("no holiday of calendar `{name}` lies in a year of the run"),
            )
            .label(label)
            .help(format!(
                "{}: write the holidays of that time, or leave them out",
                self.in_words()
            ));
    }

    fn overrides(&self, schedule: &Schedule) -> Away {
        let zone = schedule.zone.as_deref().and_then(|text| text.parse().ok());
        let zone = zone.unwrap_or_else(|| self.origin.zone().clone());
        let read = |text: &str| self.origin.read_instant(text, &zone).ok();
        let overrides = schedule.overrides.iter();
        overrides
            .filter_map(|over| read(&over.from).zip(read(&over.to)))
            .collect()
    }

    /// Reports a list of stretches of which none lies within the simulated time.
    fn none_within(&self, stretches: &Away, what: &str, path: Path, problems: &mut Problems) {
        if stretches.is_empty() || stretches.iter().any(|stretch| self.is_within(stretch)) {
            return;
        }
        let before = stretches.iter().filter(|(_, until)| *until <= Instant::START).count();
        let label = match before {
            0 => "begins when it has ended",
            all if all == stretches.len() => "over before it starts",
            _ => "before it starts and after it has ended",
        };
        let place = match stretches.len() {
            1 => path.index(0),
            _ => path,
        };
        problems
            .warning("W434", place, format!("{what} lies outside of the simulated time"))
            .label(label)
            .help(format!("{}: change the dates, or leave them out", self.in_words()));
    }

    /// Reports gates whose board has no meeting in the simulated time.
    fn boards(&self, scenario: &Scenario, problems: &mut Problems) {
        for (name, gate) in &scenario.gates {
            let Some(meeting) = &gate.meeting else { continue };
            let Some(calendar) = scenario.calendars.get(&meeting.calendar) else {
                continue;
            };
            if !super::never_opens(&calendar.hours) && self.opens(calendar) == Some(false) {
                let path = Path::from(["gates", name, "meeting", "calendar"]);
                problems
                    .warning("W435", path, format!("the board of gate `{name}` never meets"))
                    .label("does not open in the simulated time")
                    .also(["calendars", &meeting.calendar], "its meetings")
                    .help(format!("{}: write a meeting that lies in it", self.in_words()));
            }
        }
    }

    /// Whether a calendar is open at all in the simulated time; `None` if it cannot be read.
    fn opens(&self, calendar: &CalendarHours) -> Option<bool> {
        let CalendarHours { zone, hours, holidays } = calendar;
        let opened = laid_out(hours, zone.as_deref(), holidays, &self.origin, self.end)?;
        let mut stretches = opened.intervals();
        Some(stretches.any(|stretch| self.is_within(&stretch)))
    }

    fn in_words(&self) -> String {
        let (first, last) = self.dates();
        format!("the simulated time is from {first} to {last} at the latest")
    }
}

/// No less than the drain of a run that writes none.
fn longest_usual_drain_ms(scenario: &Scenario) -> i64 {
    let stretched = |target: &Target| match target {
        Target::Plain(_) if elapsed_ms(target).is_some() => within_ms(target).unwrap_or(0) as f64,
        _ => within_ms(target).unwrap_or(0) as f64 * CALENDAR_STRETCHED,
    };
    let tables = tables(scenario);
    let targets = tables.iter().flat_map(|(_, table)| table.values());
    let targets = targets.flat_map(|targets| targets.each().map(|(_, target)| stretched(target)));
    let own = own_tables(scenario);
    let own = own.iter().flat_map(|(_, table)| table.values()).map(stretched);
    let factors = scenario
        .customer_tiers
        .values()
        .filter_map(|tier: &CustomerTier| tier.factor);
    let longest = targets.chain(own).fold(0.0, f64::max) * factors.fold(1.0, f64::max);
    ((longest * DRAIN_TARGETS) as i64).max(LEAST_DRAIN_MS)
}
