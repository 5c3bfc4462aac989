//! The words of a local calendar: weekdays, dates, times of day.
//!
//! They are what is written on a wall or in a scenario and have no zone. Only an [`Origin`](super::Origin) turns them
//! into instants.

use std::fmt;
use std::str::FromStr;

use jiff::civil;

use super::misread::Misread;

/// A day of the week. The week begins on Monday, as in ISO 8601.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Weekday {
    /// Monday to Sunday.
    pub const ALL: [Weekday; 7] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];

    /// 0 for Monday to 6 for Sunday.
    #[inline]
    pub fn index(self) -> usize {
        self as usize
    }

    /// The English name, such as `"Monday"`.
    pub fn name(self) -> &'static str {
        match self {
            Weekday::Monday => "Monday",
            Weekday::Tuesday => "Tuesday",
            Weekday::Wednesday => "Wednesday",
            Weekday::Thursday => "Thursday",
            Weekday::Friday => "Friday",
            Weekday::Saturday => "Saturday",
            Weekday::Sunday => "Sunday",
        }
    }
}

/// Three letters, such as `Mon`.
impl fmt::Display for Weekday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.name()[..3])
    }
}

/// Reads `Mon`, `Tues` or `Thursday`: three letters of the English name or more, of either case.
impl FromStr for Weekday {
    type Err = Misread;

    fn from_str(text: &str) -> Result<Weekday, Misread> {
        let begins = |name: &str| {
            name.get(..text.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(text))
        };
        Weekday::ALL
            .into_iter()
            .find(|day| text.len() >= 3 && begins(day.name()))
            .ok_or_else(|| {
                Misread::new(
                    format!("`{text}` is not a day of the week"),
                    "write Mon, Tue, Wed, Thu, Fri, Sat or Sun",
                )
            })
    }
}

/// A date of the Gregorian calendar, written `YYYY-MM-DD`.
///
/// Read with `parse`, which takes years from 1900 to 2200: a date outside is a slip of the pen, and within them every
/// [`Instant`](super::Instant) of a run has a date.
///
/// ```
/// use escalade::time::{Date, Weekday};
/// let easter_monday: Date = "2026-04-06".parse()?;
/// assert_eq!(easter_monday.weekday(), Weekday::Monday);
/// assert!("2026-02-29".parse::<Date>().is_err());
/// # Ok::<(), escalade::time::Misread>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(civil::Date);

impl Date {
    /// The date of this year, month (1–12) and day, or `None` if there is none such or the year is not from 1900 to 2200.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Date> {
        let date = civil::Date::new(year, month, day).ok()?;
        (1900..=2200).contains(&year).then_some(Date(date))
    }

    pub(super) fn from_jiff(date: civil::Date) -> Date {
        Date(date)
    }

    /// The year.
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// The month, 1 to 12.
    pub fn month(self) -> i8 {
        self.0.month()
    }

    /// The day of the month, 1 to 31.
    pub fn day(self) -> i8 {
        self.0.day()
    }

    /// The day of the week.
    pub fn weekday(self) -> Weekday {
        Weekday::ALL[usize::from(self.0.weekday().to_monday_zero_offset().unsigned_abs())]
    }

    /// The date `days` later, or earlier if negative. Panics beyond the year 9999, which no instant of a run reaches.
    pub fn plus_days(self, days: i64) -> Date {
        let later = self.0.checked_add(jiff::SignedDuration::from_hours(24 * days));
        Date(later.expect("a run ends before the year 7000: `Date` and `Instant::LAST` promise it"))
    }

    /// The local wall time `time` of this date; 24:00 is 00:00 of the next.
    pub(super) fn at(self, time: TimeOfDay) -> civil::DateTime {
        let date = if time == TimeOfDay::END {
            self.plus_days(1)
        } else {
            self
        };
        let minutes = time.minutes() % TimeOfDay::END.minutes();
        date.0.at((minutes / 60) as i8, (minutes % 60) as i8, 0, 0)
    }

    pub(super) fn midnight(self) -> civil::DateTime {
        self.at(TimeOfDay::MIDNIGHT)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{:04}-{:02}-{:02}", self.year(), self.month(), self.day()))
    }
}

impl FromStr for Date {
    type Err = Misread;

    fn from_str(text: &str) -> Result<Date, Misread> {
        let parts: Option<Vec<i16>> = text.split('-').map(whole).collect();
        let shaped = text.len() == 10 && text.as_bytes()[4] == b'-';
        match parts.as_deref() {
            Some(&[year, month, day]) if shaped => {
                Date::new(year, month as i8, day as i8).ok_or_else(|| no_such_date(text))
            }
            _ => Err(Misread::new(
                format!("`{text}` is not a date"),
                "write it like 2026-03-02",
            )),
        }
    }
}

fn no_such_date(text: &str) -> Misread {
    Misread::new(
        format!("there is no date `{text}`"),
        "write year, month and day, from 1900-01-01 to 2200-12-31",
    )
}

/// A number of ASCII digits only: `parse` alone would take `+5`.
pub(super) fn whole(digits: &str) -> Option<i16> {
    let only_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| only_digits)
}

/// A local time of day in whole minutes, from 00:00 to 24:00, written `HH:MM`.
///
/// 24:00 is the end of the day: a time to close, never one to open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeOfDay(u16);

impl TimeOfDay {
    /// 00:00, where the day begins.
    pub const MIDNIGHT: TimeOfDay = TimeOfDay(0);

    /// 24:00, where the day ends.
    pub const END: TimeOfDay = TimeOfDay(24 * 60);

    /// `hour` 0–23 and `minute` 0–59, or 24 and 0; otherwise `None`.
    pub const fn new(hour: u8, minute: u8) -> Option<TimeOfDay> {
        let minutes = hour as u16 * 60 + minute as u16;
        if minute < 60 && minutes <= TimeOfDay::END.0 {
            Some(TimeOfDay(minutes))
        } else {
            None
        }
    }

    /// Minutes since 00:00 by the wall clock, 0 to 1440. Not elapsed time: a night with a clock change is longer or shorter.
    #[inline]
    pub const fn minutes(self) -> u16 {
        self.0
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{:02}:{:02}", self.0 / 60, self.0 % 60))
    }
}

/// Reads `09:00`, `9:00` and `24:00`.
impl FromStr for TimeOfDay {
    type Err = Misread;

    fn from_str(text: &str) -> Result<TimeOfDay, Misread> {
        read_time(text).ok_or_else(|| {
            Misread::new(
                format!("`{text}` is not a time of day"),
                "write hours and minutes, from 00:00 to 24:00",
            )
        })
    }
}

fn read_time(text: &str) -> Option<TimeOfDay> {
    let (hour, minute) = text.split_once(':')?;
    let shaped = (1..=2).contains(&hour.len()) && minute.len() == 2;
    let (hour, minute) = (whole(hour)?, whole(minute)?);
    TimeOfDay::new(u8::try_from(hour).ok()?, u8::try_from(minute).ok()?).filter(|_| shaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weekdays_are_read_by_three_letters_or_more() {
        for (text, day) in [
            ("Mon", Weekday::Monday),
            ("tues", Weekday::Tuesday),
            ("THURSDAY", Weekday::Thursday),
            ("sun", Weekday::Sunday),
        ] {
            assert_eq!(text.parse(), Ok(day), "{text}");
        }
        for text in ["", "Mo", "Mond.", "Mondays", "Mittwoch", "día"] {
            assert!(text.parse::<Weekday>().is_err(), "{text}");
        }
        for day in Weekday::ALL {
            assert_eq!(day.to_string().parse(), Ok(day));
            assert_eq!(Weekday::ALL[day.index()], day);
        }
    }

    #[test]
    fn a_date_is_read_and_written_in_one_form() {
        for text in ["2026-03-02", "1900-01-01", "2200-12-31", "2028-02-29"] {
            assert_eq!(text.parse::<Date>().map(|date| date.to_string()).as_deref(), Ok(text));
        }
        for (text, message) in [
            ("2026-02-29", "there is no date `2026-02-29`"),
            ("2026-13-01", "there is no date `2026-13-01`"),
            ("0026-03-02", "there is no date `0026-03-02`"),
            ("2026-3-2", "`2026-3-2` is not a date"),
            ("02.03.2026", "`02.03.2026` is not a date"),
            ("2026-+3-02", "`2026-+3-02` is not a date"),
            ("20260302", "`20260302` is not a date"),
            ("", "`` is not a date"),
            ("tomorrow", "`tomorrow` is not a date"),
        ] {
            assert_eq!(text.parse::<Date>().expect_err(text).message, message);
        }
    }

    #[test]
    fn days_are_counted_over_months_and_leap_years() {
        let date = |text: &str| text.parse::<Date>().expect("written here");
        assert_eq!(date("2028-02-28").plus_days(2), date("2028-03-01"));
        assert_eq!(date("2026-01-01").plus_days(-1), date("2025-12-31"));
        assert_eq!(date("2026-03-02").weekday(), Weekday::Monday);
    }

    #[test]
    fn a_day_ends_at_24_00_and_no_later() {
        assert_eq!("24:00".parse(), Ok(TimeOfDay::END));
        assert_eq!("9:05".parse(), Ok(TimeOfDay(545)));
        assert_eq!(TimeOfDay(545).to_string(), "09:05");
        for text in [
            "24:01", "25:00", "9", "09:60", "09:5", "-1:00", "09:00:00", "009:00", ":30", "9am",
        ] {
            let misread = text.parse::<TimeOfDay>().expect_err(text);
            assert_eq!(misread.message, format!("`{text}` is not a time of day"));
        }
    }
}
