//! Opening hours of a week as people write them: `"Mon-Fri 09:00-17:00; Sat 10:00-14:00"`, `"24x7"`.
//!
//! This is the rule on paper, in local wall time, with no zone, holidays or dates. A [`Calendar`](super::Calendar) is
//! what it comes to over a stretch of real time.

use std::fmt;
use std::str::FromStr;

use super::civil::{TimeOfDay, Weekday};
use super::misread::Misread;

const MINUTES_A_DAY: usize = 24 * 60;
const MINUTES_A_WEEK: usize = 7 * MINUTES_A_DAY;

/// A set of weekdays.
///
/// Read with `parse`: `Mon-Fri`, `Mon,Wed,Fri`, `Sat-Mon` (over the end of the week), `Mon-Wed, Sat`, or one of `daily`,
/// `all`, `weekdays`, `weekend`.
///
/// ```
/// use escalade::time::{Days, Weekday};
/// let days: Days = "Sat-Mon".parse()?;
/// assert!(days.contains(Weekday::Sunday) && !days.contains(Weekday::Friday));
/// # Ok::<(), escalade::time::Misread>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Days(u8);

impl Days {
    /// No day.
    pub const NONE: Days = Days(0);

    /// Monday to Sunday.
    pub const ALL: Days = Days(0b111_1111);

    /// Is `day` one of them?
    pub fn contains(self, day: Weekday) -> bool {
        self.0 >> day.index() & 1 == 1
    }

    /// These days and `day`.
    pub fn with(self, day: Weekday) -> Days {
        Days(self.0 | 1 << day.index())
    }

    /// The days of the set, from Monday on.
    pub fn iter(self) -> impl Iterator<Item = Weekday> {
        Weekday::ALL.into_iter().filter(move |day| self.contains(*day))
    }

    /// From `first` to `last`, both included, over Sunday if need be.
    fn through(self, first: Weekday, last: Weekday) -> Days {
        let count = (last.index() + 7 - first.index()) % 7 + 1;
        let days = (0..count).map(|step| Weekday::ALL[(first.index() + step) % 7]);
        days.fold(self, Days::with)
    }
}

impl FromStr for Days {
    type Err = Misread;

    fn from_str(text: &str) -> Result<Days, Misread> {
        match text.trim().to_lowercase().as_str() {
            "" => {
                return Err(Misread::new(
                    "expected days of the week",
                    "write them like Mon-Fri, Mon,Wed or daily",
                ));
            }
            "daily" | "all" => return Ok(Days::ALL),
            "weekdays" => return Ok(Days::NONE.through(Weekday::Monday, Weekday::Friday)),
            "weekend" | "weekends" => {
                return Ok(Days::NONE.through(Weekday::Saturday, Weekday::Sunday));
            }
            _ => {}
        }
        text.split(',').try_fold(Days::NONE, |days, part| {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            Ok(days.through(first.trim().parse()?, last.trim().parse()?))
        })
    }
}

/// `daily`, or runs of days such as `Mon-Fri,Sun`.
impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Days::ALL {
            return f.pad("daily");
        }
        let mut runs: Vec<(Weekday, Weekday)> = Vec::new();
        for day in self.iter() {
            match runs.last_mut() {
                Some((_, last)) if last.index() + 1 == day.index() => *last = day,
                _ => runs.push((day, day)),
            }
        }
        let runs: Vec<String> = runs
            .into_iter()
            .map(|(first, last)| {
                if first == last {
                    first.to_string()
                } else {
                    format!("{first}-{last}")
                }
            })
            .collect();
        f.pad(&runs.join(","))
    }
}

/// One stretch of opening hours in local wall time, half-open: `09:00-17:00` contains 09:00 and not 17:00.
///
/// If it does not close after it opens, it closes on the next day: `22:00-06:00`. It belongs to the day it opens on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OpenHours {
    open: TimeOfDay,
    close: TimeOfDay,
}

impl OpenHours {
    /// From 00:00 to 24:00.
    pub const WHOLE_DAY: OpenHours = OpenHours {
        open: TimeOfDay::MIDNIGHT,
        close: TimeOfDay::END,
    };

    /// From `open` to `close`. `None` if `open` is 24:00, which is no time to open.
    pub fn new(open: TimeOfDay, close: TimeOfDay) -> Option<OpenHours> {
        (open != TimeOfDay::END).then_some(OpenHours { open, close })
    }

    /// When it opens.
    pub fn open(self) -> TimeOfDay {
        self.open
    }

    /// When it closes: on the same day, or on the next if [`crosses_midnight`](OpenHours::crosses_midnight).
    pub fn close(self) -> TimeOfDay {
        self.close
    }

    /// Does it close on the day after it opens?
    pub fn crosses_midnight(self) -> bool {
        self.close <= self.open
    }

    /// Minutes from opening to closing by the wall clock, 1 to 1440: what it holds on a day without a clock change.
    pub fn minutes(self) -> u16 {
        let next_day = if self.crosses_midnight() {
            TimeOfDay::END.minutes()
        } else {
            0
        };
        self.close.minutes() + next_day - self.open.minutes()
    }

    /// Reads one or several stretches of a day: `09:00-17:00`, `08:00-12:30, 13:30-16:45`, or `24h` for all of it.
    pub fn read_day(text: &str) -> Result<Vec<OpenHours>, Misread> {
        text.split(',').map(|part| part.trim().parse()).collect()
    }
}

impl FromStr for OpenHours {
    type Err = Misread;

    fn from_str(text: &str) -> Result<OpenHours, Misread> {
        if text.eq_ignore_ascii_case("24h") {
            return Ok(OpenHours::WHOLE_DAY);
        }
        let Some((open, close)) = text.split_once('-') else {
            return Err(Misread::new(
                format!("`{text}` is not a pair of times"),
                "write opening and closing, such as 09:00-17:00",
            ));
        };
        let (open, close) = (open.trim().parse()?, close.trim().parse()?);
        OpenHours::new(open, close)
            .ok_or_else(|| Misread::new("a day cannot open at 24:00", "write 00:00 on the next day"))
    }
}

impl fmt::Display for OpenHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}-{}", self.open, self.close))
    }
}

/// Opening hours for each day of the week, in local wall time. Stretches may overlap: open twice is open.
///
/// Read with `parse`: `24x7`, or days and their hours, parts separated by semicolons.
///
/// ```
/// use escalade::time::WeeklyHours;
/// let hours: WeeklyHours = "Mon-Fri 08:00-12:30, 13:30-16:45; Sat 22:00-06:00".parse()?;
/// assert_eq!(hours.minutes_a_week(), 5 * 465 + 480);
/// assert!("24x7".parse::<WeeklyHours>()?.is_always());
/// # Ok::<(), escalade::time::Misread>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeeklyHours {
    days: [Vec<OpenHours>; 7],
}

impl WeeklyHours {
    /// Never open.
    pub fn closed() -> WeeklyHours {
        WeeklyHours {
            days: Default::default(),
        }
    }

    /// Always open: `24x7`.
    pub fn always() -> WeeklyHours {
        WeeklyHours::closed().open(Days::ALL, &[OpenHours::WHOLE_DAY])
    }

    /// These hours, and `hours` on each of `days`.
    pub fn open(mut self, days: Days, hours: &[OpenHours]) -> WeeklyHours {
        for day in days.iter() {
            self.days[day.index()].extend_from_slice(hours);
        }
        self
    }

    /// The stretches that open on `day`, in the order they were written.
    pub fn on(&self, day: Weekday) -> &[OpenHours] {
        &self.days[day.index()]
    }

    /// Minutes open in a week without holidays or clock changes, 0 to 10080; overlaps count once.
    pub fn minutes_a_week(&self) -> u32 {
        let mut open = vec![false; MINUTES_A_WEEK];
        for day in Weekday::ALL {
            for hours in self.on(day) {
                let from = day.index() * MINUTES_A_DAY + usize::from(hours.open.minutes());
                for minute in from..from + usize::from(hours.minutes()) {
                    open[minute % MINUTES_A_WEEK] = true;
                }
            }
        }
        open.into_iter().map(u32::from).sum()
    }

    /// Is every minute of the week open?
    pub fn is_always(&self) -> bool {
        self.minutes_a_week() as usize == MINUTES_A_WEEK
    }
}

impl FromStr for WeeklyHours {
    type Err = Misread;

    fn from_str(text: &str) -> Result<WeeklyHours, Misread> {
        match text.trim().to_lowercase().as_str() {
            "24x7" | "24/7" | "always" => return Ok(WeeklyHours::always()),
            "closed" | "never" => return Ok(WeeklyHours::closed()),
            _ => {}
        }
        text.split(';')
            .map(str::trim)
            .try_fold(WeeklyHours::closed(), |week, part| {
                // The days end where the first digit begins.
                let at = part
                    .find(|c: char| c.is_ascii_digit())
                    .ok_or_else(|| days_without_hours(part))?;
                Ok(week.open(part[..at].parse()?, &OpenHours::read_day(&part[at..])?))
            })
    }
}

fn days_without_hours(part: &str) -> Misread {
    Misread::new(
        format!("`{part}` has no opening hours"),
        "write days and hours, such as Mon-Fri 09:00-17:00, or 24x7",
    )
}

/// So that reading it again opens the same hours: days with equal hours together, in the order of the week.
impl fmt::Display for WeeklyHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == WeeklyHours::always() {
            return f.pad("24x7");
        }
        let mut parts: Vec<(Days, &[OpenHours])> = Vec::new();
        for day in Weekday::ALL {
            let hours = self.on(day);
            match parts.iter_mut().find(|(_, same)| *same == hours) {
                Some((days, _)) => *days = days.with(day),
                None if !hours.is_empty() => parts.push((Days::NONE.with(day), hours)),
                None => {}
            }
        }
        let parts: Vec<String> = parts
            .into_iter()
            .map(|(days, hours)| {
                let hours: Vec<String> = hours.iter().map(OpenHours::to_string).collect();
                format!("{days} {}", hours.join(", "))
            })
            .collect();
        match parts.is_empty() {
            true => f.pad("closed"),
            false => f.pad(&parts.join("; ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_people_write_them() {
        for (text, written) in [
            ("Mon-Fri", "Mon-Fri"),
            ("Mon,Wed,Fri", "Mon,Wed,Fri"),
            ("Sat-Mon", "Mon,Sat-Sun"),
            ("monday - wednesday, sat", "Mon-Wed,Sat"),
            ("Sun", "Sun"),
            ("daily", "daily"),
            ("All", "daily"),
            ("Tue-Mon", "daily"),
            ("weekend", "Sat-Sun"),
        ] {
            let days: Days = text.parse().expect(text);
            assert_eq!(days.to_string(), written, "{text}");
            assert_eq!(written.parse(), Ok(days));
        }
        for (text, message) in [
            ("", "expected days of the week"),
            ("Mon-", "`` is not a day of the week"),
            ("Mon;Tue", "`Mon;Tue` is not a day of the week"),
            ("Mon-Fri-Sun", "`Fri-Sun` is not a day of the week"),
        ] {
            assert_eq!(text.parse::<Days>().expect_err(text).message, message);
        }
    }

    #[test]
    fn every_set_of_days_is_written_and_read_again() {
        for bits in 1..=Days::ALL.0 {
            assert_eq!(Days(bits).to_string().parse(), Ok(Days(bits)));
        }
    }

    #[test]
    fn hours_that_do_not_close_after_they_open_cross_midnight() {
        for (text, minutes, crosses) in [
            ("09:00-17:00", 480, false),
            ("22:00-06:00", 480, true),
            ("00:00-24:00", 1440, false),
            ("00:00-00:00", 1440, true),
            ("09:00-09:00", 1440, true),
            ("17:30 - 24:00", 390, false),
            ("24h", 1440, false),
        ] {
            let hours: OpenHours = text.parse().expect(text);
            assert_eq!(
                (hours.minutes(), hours.crosses_midnight()),
                (minutes, crosses),
                "{text}"
            );
        }
    }

    #[test]
    fn wrong_hours_are_answered_with_what_would_be_right() {
        for (text, message) in [
            ("Mon-Fri", "`Mon-Fri` has no opening hours"),
            ("", "`` has no opening hours"),
            ("09:00-17:00", "expected days of the week"),
            ("Mon 9-17", "`9` is not a time of day"),
            ("Mon 09:00", "`09:00` is not a pair of times"),
            ("Mon 24:00-06:00", "a day cannot open at 24:00"),
            ("Mon 09:00-17:00;", "`` has no opening hours"),
            ("Mon 09:00-17:00,", "`` is not a pair of times"),
        ] {
            assert_eq!(text.parse::<WeeklyHours>().expect_err(text).message, message);
        }
    }

    #[test]
    fn a_week_is_written_and_read_again() {
        for text in [
            "24x7",
            "closed",
            "Mon-Fri 09:00-17:00",
            "Mon-Fri 08:00-12:30, 13:30-16:45; Sat 22:00-06:00",
            "Mon,Wed 09:00-17:00; Tue 10:00-12:00",
        ] {
            assert_eq!(text.parse::<WeeklyHours>().expect(text).to_string(), text);
        }
    }

    #[test]
    fn overlapping_hours_count_once_and_a_full_week_is_always() {
        for (text, minutes) in [
            ("24/7", 10_080),
            ("daily 08:00-08:00", 10_080),
            ("Mon 09:00-12:00, 11:00-13:00", 240),
            ("Sun 22:00-06:00; Mon 05:00-07:00", 540),
            ("never", 0),
        ] {
            let hours: WeeklyHours = text.parse().expect(text);
            assert_eq!(hours.minutes_a_week(), minutes, "{text}");
            assert_eq!(hours.is_always(), minutes == 10_080);
        }
    }
}
