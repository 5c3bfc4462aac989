//! Calendars, the measured window, and written lengths of time.

use super::super::{CalendarId, Window, defaults};
use super::{ALWAYS, Compiler};
use crate::scenario::{self, Hours, Problems};
use crate::time::{Calendar, Date, Instant, Length, Misread, WeeklyHours, Worked, Written, Zone};

const HOUR_MS: f64 = 3_600_000.0;
const WEEK_MS: f64 = 168.0 * HOUR_MS;

impl Compiler<'_> {
    pub(super) fn measure_window(&mut self) -> Option<()> {
        let run = &self.written.run;
        let warm_up = self.length_or(run.warm_up.as_deref(), "run.warm_up", Length::ZERO);
        let horizon = self.length(&run.horizon, "run.horizon")?;
        let drain = match run.drain.as_deref() {
            Some(drain) => self.length(drain, "run.drain")?,
            None => self.usual_drain(),
        };
        let from = Instant::START + warm_up;
        let until = from + horizon;
        if until.ms().saturating_add(drain.ms()) >= Instant::LAST.ms() / 2 {
            self.problems
                .error("E902", "run.horizon", "the run is longer than 2,000 years");
            return None;
        }
        self.window = Window {
            from,
            until,
            last: until + drain,
        };
        Some(())
    }

    /// 1.5 times the longest target, read as elapsed time: a business day of target is up to three days of drain.
    pub(super) fn usual_drain(&mut self) -> Length {
        let severities = self.written.severities.values();
        let services = self
            .written
            .services
            .values()
            .flat_map(|service| service.targets.values());
        let mut longest = 0;
        for (_, target) in severities.chain(services).flat_map(scenario::Targets::each) {
            longest = longest.max(elapsed_ms(target));
        }
        let own = self.written.tiers.values().flat_map(|tier| tier.own.values());
        let own = own.chain(self.written.teams.values().flat_map(|team| team.own.values()));
        longest = own.map(elapsed_ms).fold(longest, i64::max);
        let tiers = self.written.customer_tiers.values();
        let factor = tiers.clone().filter_map(|tier| tier.factor).fold(1.0, f64::max);
        longest = (longest as f64 * factor) as i64;
        longest = tiers
            .flat_map(scenario::CustomerTier::overrides)
            .map(elapsed_ms)
            .fold(longest, i64::max);
        Length::from_ms(((longest as f64 * defaults::DRAIN_TARGETS) as i64).max(defaults::DRAIN_MIN.ms()))
    }

    /// Tables reach far enough beyond the drain for any deadline that a report may show.
    pub(super) fn table_end(&self) -> Instant {
        self.window.last + Length::from_ms((self.window.last - self.window.until).ms().max(60 * 24 * 3_600_000))
    }

    pub(super) fn compile_calendars(&mut self) {
        let until = self.table_end();
        for (name, calendar) in &self.written.calendars {
            let path = format!("calendars.{name}");
            let zone = match calendar.zone.as_deref() {
                Some(text) => zone(text, &format!("{path}.zone"), self.problems),
                None => Some(self.origin.zone().clone()),
            };
            let hours = self.weekly(&calendar.hours, &path);
            let holidays = self.holidays(&calendar.holidays, &path);
            let compiled = match (zone, hours) {
                (Some(zone), Some(hours)) => Calendar::compile(&zone, &hours, &holidays, &self.origin, until),
                _ => Calendar::always(),
            };
            self.calendars.push(compiled);
        }
        self.business = match self.written.run.business_calendar.as_deref() {
            Some(name) => Some(self.calendar(name)),
            None if self.written.calendars.len() == 1 => Some(CalendarId::new(1)),
            None => None,
        };
    }

    pub(super) fn calendar(&self, name: &str) -> CalendarId {
        let index = self.written.calendars.get_index_of(name).map_or(0, |index| index + 1);
        CalendarId::new(if name == ALWAYS && !self.written.calendars.contains_key(ALWAYS) {
            0
        } else {
            index
        })
    }

    pub(super) fn weekly(&mut self, hours: &Hours, path: &str) -> Option<WeeklyHours> {
        match hours.read() {
            Ok(weekly) => Some(weekly),
            Err(misread) => {
                self.problems
                    .error("E903", format!("{path}.hours").as_str(), misread.message)
                    .help(misread.help);
                None
            }
        }
    }

    pub(super) fn holidays(&mut self, dates: &[String], path: &str) -> Vec<Date> {
        let mut holidays = Vec::with_capacity(dates.len());
        for (index, date) in dates.iter().enumerate() {
            match date.parse() {
                Ok(date) => holidays.push(date),
                Err(misread) => {
                    self.misread(&format!("{path}.holidays.{index}"), misread);
                }
            }
        }
        holidays
    }

    pub(super) fn misread(&mut self, path: &str, misread: Misread) {
        self.problems.error("E904", path, misread.message).help(misread.help);
    }

    pub(super) fn written_time(&mut self, text: &str, path: &str) -> Option<Written> {
        match text.parse::<Written>() {
            Ok(written) => Some(written),
            Err(misread) => {
                self.misread(path, misread);
                None
            }
        }
    }

    pub(super) fn length(&mut self, text: &str, path: &str) -> Option<Length> {
        match self.written_time(text, path)?.elapsed() {
            Some(length) => Some(length),
            None => {
                let message = "business time has no place here";
                self.problems
                    .error("E905", path, message)
                    .help("write a time round the clock, like `8h`");
                None
            }
        }
    }

    pub(super) fn length_or(&mut self, text: Option<&str>, path: &str, default: Length) -> Length {
        text.and_then(|text| self.length(text, path)).unwrap_or(default)
    }

    /// A time that may be in business units, and the calendar that it runs on.
    pub(super) fn on_calendar(
        &mut self,
        text: &str,
        calendar: Option<&str>,
        path: &str,
    ) -> Option<(Worked, CalendarId)> {
        let written = self.written_time(text, path)?;
        let calendar = match (calendar, written) {
            (Some(name), _) => self.calendar(name),
            (None, Written::Clock(_)) => CalendarId::ALWAYS,
            (None, Written::Business(_)) => match self.business {
                Some(calendar) => calendar,
                None => {
                    self.problems
                        .error("E906", path, "business time without a calendar")
                        .help("name one here with `calendar`, or for all with `run.business_calendar`");
                    return None;
                }
            },
        };
        Some((written.on_calendar(), calendar))
    }
}

pub(super) fn zone(text: &str, path: &str, problems: &mut Problems) -> Option<Zone> {
    match text.parse() {
        Ok(zone) => Some(zone),
        Err(misread) => {
            let misread: Misread = misread;
            problems.error("E904", path, misread.message).help(misread.help);
            None
        }
    }
}

/// A target as elapsed time, roughly: business time stretched to the whole week.
fn elapsed_ms(target: &scenario::Target) -> i64 {
    let (text, on_calendar) = match target {
        scenario::Target::Plain(text) => (text, false),
        scenario::Target::Detailed(detail) => (&detail.within, detail.calendar.is_some()),
    };
    let stretched = |ms: i64| (ms as f64 * WEEK_MS / (40.0 * HOUR_MS)) as i64;
    match text.parse::<Written>() {
        Ok(Written::Clock(length)) if !on_calendar => length.ms(),
        Ok(written) => stretched(written.on_calendar().ms()),
        Err(_) => 0,
    }
}
