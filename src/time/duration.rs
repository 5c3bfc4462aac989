//! Lengths of time as people write them: `"15m"`, `"1h 30m"`, `"0.5h"`, `"2w"`, `"PT15M"`, and `"8bh"` or `"2bd"`.
//!
//! A day is 24 hours and a week seven of them, whatever the clocks do; months and years have no fixed length and are
//! refused. A business hour is an hour of a calendar's open time and a business day is eight of them: such an amount is
//! [`Worked`], not a [`Length`], and the two cannot be mixed in one text.
//!
//! The grammar is ours rather than jiff's friendly format because of business units, and so that a mistake is answered
//! in the planner's words. Decimals are read exactly, digit by digit, and never pass through an `f64`.

use std::fmt;
use std::str::FromStr;

use super::instant::{Instant, Length, Worked};
use super::misread::Misread;

const HOUR_MS: i64 = 3_600_000;

/// Hours of open time in a business day, `"1bd"`, whatever hours the calendar keeps.
pub const BUSINESS_DAY_HOURS: i64 = 8;

/// A length of time as written: of elapsed time, or of calendar time.
///
/// Read it with `parse`. A text is one or more numbers with units, in any order, each unit once, spaces optional and
/// letters of either case; or an ISO 8601 duration. The units are `ms`, `s`/`sec`/`second`, `m`/`min`/`minute`,
/// `h`/`hr`/`hour`, `d`/`day`, `w`/`week` (plurals too), and `bh`, `bd` for business hours and days. The sum is rounded
/// to the nearest millisecond, halves up, a unit at a time, and is at most [`Instant::LAST`] milliseconds.
///
/// ```
/// use escalade::time::{Length, Worked, Written};
/// let target: Written = "1h 30m".parse()?;
/// assert_eq!(target, Written::Clock(Length::from_secs(5400)));
/// let target: Written = "8bh".parse()?;
/// assert_eq!(target, Written::Business(Worked::from_ms(8 * 3_600_000)));
/// let refused = "2 months".parse::<Written>().unwrap_err();
/// assert_eq!(refused.message, "`months` have no fixed length");
/// # Ok::<(), escalade::time::Misread>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Written {
    /// Elapsed time, such as `"90 min"`.
    Clock(Length),
    /// Calendar time, such as `"2bd"`.
    Business(Worked),
}

impl Written {
    /// The elapsed time, or `None` if business units were written: they have no length without a calendar.
    pub fn elapsed(self) -> Option<Length> {
        match self {
            Written::Clock(length) => Some(length),
            Written::Business(_) => None,
        }
    }

    /// The amount as time of the calendar that it is going to be laid on: `"4h"` and `"4bh"` are then the same.
    pub fn on_calendar(self) -> Worked {
        match self {
            Written::Clock(length) => Worked::from_length(length),
            Written::Business(worked) => worked,
        }
    }
}

impl FromStr for Written {
    type Err = Misread;

    fn from_str(text: &str) -> Result<Written, Misread> {
        let text = text.trim();
        if text.starts_with(['-', '+']) {
            return Err(Misread::new("a length of time has no sign", EXAMPLES));
        }
        let mut sum = Sum::default();
        match text.strip_prefix(['P', 'p']) {
            Some(iso) => add_iso(&mut sum, iso)?,
            None => add_friendly(&mut sum, text)?,
        }
        sum.finish()
    }
}

/// So that reading it again gives the same: `1h 30m` for elapsed time, hours such as `8bh` or `0.5bh` for business time.
impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Written::Clock(length) => length.fmt(f),
            Written::Business(worked) => f.pad(&business_hours(*worked)),
        }
    }
}

/// Seven decimals of an hour are 0.36 ms, so the nearest millisecond is the one that was meant.
fn business_hours(worked: Worked) -> String {
    let whole = worked.ms() / HOUR_MS;
    let rest = worked.ms() % HOUR_MS;
    let fraction = (rest * 10_000_000 + HOUR_MS / 2) / HOUR_MS;
    let digits = format!("{whole}.{fraction:07}");
    format!("{}bh", digits.trim_end_matches('0').trim_end_matches('.'))
}

const EXAMPLES: &str = r#"write it like "15m", "1h 30m" or "2w""#;
const UNITS: &str = "the units are ms, s, m, h, d, w, and bh or bd for business hours or days";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    Ms,
    Second,
    Minute,
    Hour,
    Day,
    Week,
    BusinessHour,
    BusinessDay,
}

impl Unit {
    fn ms(self) -> i64 {
        match self {
            Unit::Ms => 1,
            Unit::Second => 1_000,
            Unit::Minute => 60_000,
            Unit::Hour | Unit::BusinessHour => HOUR_MS,
            Unit::Day => 24 * HOUR_MS,
            Unit::Week => 7 * 24 * HOUR_MS,
            Unit::BusinessDay => BUSINESS_DAY_HOURS * HOUR_MS,
        }
    }

    fn is_business(self) -> bool {
        matches!(self, Unit::BusinessHour | Unit::BusinessDay)
    }

    fn named(name: &str) -> Result<Unit, Misread> {
        match name.to_lowercase().as_str() {
            "ms" | "millisecond" | "milliseconds" => Ok(Unit::Ms),
            "s" | "sec" | "secs" | "second" | "seconds" => Ok(Unit::Second),
            "m" | "min" | "mins" | "minute" | "minutes" => Ok(Unit::Minute),
            "h" | "hr" | "hrs" | "hour" | "hours" => Ok(Unit::Hour),
            "d" | "day" | "days" => Ok(Unit::Day),
            "w" | "wk" | "wks" | "week" | "weeks" => Ok(Unit::Week),
            "bh" => Ok(Unit::BusinessHour),
            "bd" => Ok(Unit::BusinessDay),
            "mo" | "mos" | "month" | "months" | "y" | "yr" | "yrs" | "year" | "years" => Err(no_fixed_length(name)),
            _ => Err(Misread::new(format!("`{name}` is not a unit of time"), UNITS)),
        }
    }

    /// The units of ISO 8601, where `M` is a month before the `T` and a minute after it.
    fn iso(letter: &str, after_t: bool) -> Result<Unit, Misread> {
        match (letter.to_ascii_uppercase().as_str(), after_t) {
            ("W", false) => Ok(Unit::Week),
            ("D", false) => Ok(Unit::Day),
            ("H", true) => Ok(Unit::Hour),
            ("M", true) => Ok(Unit::Minute),
            ("S", true) => Ok(Unit::Second),
            ("M", false) => Err(no_fixed_length("months")),
            ("Y", false) => Err(no_fixed_length("years")),
            _ => Err(iso_is_wrong()),
        }
    }
}

fn no_fixed_length(unit: &str) -> Misread {
    Misread::new(
        format!("`{unit}` have no fixed length"),
        "write days or weeks, such as 30d or 4w",
    )
}

fn iso_is_wrong() -> Misread {
    Misread::new(
        "expected an ISO 8601 duration after `P`",
        r#"write it like "PT15M", "P1DT12H" or "15m""#,
    )
}

/// A written decimal number, exactly: `digits / 10^decimals`.
struct Number {
    digits: i128,
    decimals: u32,
}

impl Number {
    /// Reads the number at the head of `text`; gives the rest too. `None` if there is none there.
    fn read(text: &str) -> Option<(Number, &str)> {
        let end = text
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(text.len());
        let (written, rest) = text.split_at(end);
        let (whole, fraction) = written.split_once('.').unwrap_or((written, ""));
        let digits = format!("{whole}{fraction}");
        // 24 digits times the longest unit still fit an i128, and far less passes the last instant.
        let sane = !whole.is_empty() && digits.len() <= 24 && !written.ends_with('.');
        let number = Number {
            digits: if sane {
                digits.parse().ok()?
            } else {
                return None;
            },
            decimals: fraction.len() as u32,
        };
        Some((number, rest))
    }

    fn times(&self, unit: Unit) -> i128 {
        let scale = 10_i128.pow(self.decimals);
        (2 * self.digits * i128::from(unit.ms()) + scale) / (2 * scale)
    }
}

#[derive(Default)]
struct Sum {
    ms: i128,
    seen: Vec<Unit>,
}

impl Sum {
    fn add(&mut self, number: &Number, unit: Unit, name: &str) -> Result<(), Misread> {
        if self.seen.contains(&unit) {
            return Err(Misread::new(format!("the unit `{name}` is written twice"), EXAMPLES));
        }
        if self.seen.iter().any(|seen| seen.is_business() != unit.is_business()) {
            return Err(Misread::new(
                "business time and elapsed time cannot be added",
                r#"write either "8bh" or "8h", not both in one length"#,
            ));
        }
        self.seen.push(unit);
        self.ms += number.times(unit);
        Ok(())
    }

    fn finish(self) -> Result<Written, Misread> {
        let Some(first) = self.seen.first() else {
            return Err(expected());
        };
        let ms = i64::try_from(self.ms).ok().filter(|&ms| ms <= Instant::LAST.ms());
        let Some(ms) = ms else {
            return Err(Misread::new(
                "longer than any simulation",
                "write at most 4000 years, in days or weeks",
            ));
        };
        Ok(match first.is_business() {
            true => Written::Business(Worked::from_ms(ms)),
            false => Written::Clock(Length::from_ms(ms)),
        })
    }
}

fn expected() -> Misread {
    Misread::new("expected a number and a unit", EXAMPLES)
}

fn add_friendly(sum: &mut Sum, text: &str) -> Result<(), Misread> {
    let mut rest = text;
    while !rest.is_empty() {
        let (number, after) = Number::read(rest).ok_or_else(expected)?;
        let after = after.trim_start();
        let (name, after) = split_word(after);
        if name.is_empty() {
            return Err(unit_missing(after));
        }
        sum.add(&number, Unit::named(name)?, name)?;
        rest = after.trim_start();
    }
    Ok(())
}

fn unit_missing(instead: &str) -> Misread {
    match instead.starts_with(',') {
        true => Misread::new(
            "a comma is not read in a length of time",
            r#"write decimals with a point, such as "1.5h""#,
        ),
        false => expected(),
    }
}

fn add_iso(sum: &mut Sum, text: &str) -> Result<(), Misread> {
    let mut rest = text;
    let mut after_t = false;
    while !rest.is_empty() {
        if let Some(time) = rest.strip_prefix(['T', 't']).filter(|_| !after_t) {
            after_t = true;
            rest = time;
        }
        let (number, after) = Number::read(rest).ok_or_else(iso_is_wrong)?;
        let letter = after.get(..1).ok_or_else(iso_is_wrong)?;
        sum.add(&number, Unit::iso(letter, after_t)?, letter)?;
        rest = &after[1..];
    }
    match sum.seen.is_empty() {
        true => Err(iso_is_wrong()),
        false => Ok(()),
    }
}

fn split_word(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock(ms: i64) -> Written {
        Written::Clock(Length::from_ms(ms))
    }

    fn business(ms: i64) -> Written {
        Written::Business(Worked::from_ms(ms))
    }

    #[test]
    fn what_people_write_is_read() {
        for (text, meant) in [
            ("15m", clock(900_000)),
            ("1h 30m", clock(5_400_000)),
            ("1h30m", clock(5_400_000)),
            ("30m 1h", clock(5_400_000)),
            ("90 min", clock(5_400_000)),
            ("2w", clock(1_209_600_000)),
            ("0.5h", clock(1_800_000)),
            ("2d", clock(172_800_000)),
            ("45s", clock(45_000)),
            ("250ms", clock(250)),
            ("0s", clock(0)),
            ("1.0005 s", clock(1_001)),
            ("0.1h", clock(360_000)),
            ("3 Hours 1 Minute", clock(10_860_000)),
            ("PT15M", clock(900_000)),
            ("p1dt12h", clock(129_600_000)),
            ("PT0.5H", clock(1_800_000)),
            ("P2W", clock(1_209_600_000)),
            ("8bh", business(28_800_000)),
            ("2bd", business(57_600_000)),
            ("1bd 2.5 BH", business(37_800_000)),
            ("  4h  ", clock(14_400_000)),
        ] {
            assert_eq!(text.parse(), Ok(meant), "{text}");
        }
    }

    #[test]
    fn a_wrong_length_is_answered_with_what_would_be_right() {
        for (text, message) in [
            ("", "expected a number and a unit"),
            ("15", "expected a number and a unit"),
            ("h", "expected a number and a unit"),
            ("1h30", "expected a number and a unit"),
            ("1.h", "expected a number and a unit"),
            (".5h", "expected a number and a unit"),
            ("1.2.3h", "expected a number and a unit"),
            ("soon", "expected a number and a unit"),
            ("15 minuets", "`minuets` is not a unit of time"),
            ("15µs", "`µs` is not a unit of time"),
            ("1,5h", "a comma is not read in a length of time"),
            ("-5m", "a length of time has no sign"),
            ("2 months", "`months` have no fixed length"),
            ("P1M", "`months` have no fixed length"),
            ("P1Y", "`years` have no fixed length"),
            ("1h 2hours", "the unit `hours` is written twice"),
            ("1bh 30m", "business time and elapsed time cannot be added"),
            ("P", "expected an ISO 8601 duration after `P`"),
            ("PT", "expected an ISO 8601 duration after `P`"),
            ("PT15", "expected an ISO 8601 duration after `P`"),
            ("PT15é", "expected an ISO 8601 duration after `P`"),
            ("P15H", "expected an ISO 8601 duration after `P`"),
            ("999999999999999999999999w", "longer than any simulation"),
            ("5000000d", "longer than any simulation"),
            ("9999999999999999999999999999s", "expected a number and a unit"),
        ] {
            let misread = text.parse::<Written>().expect_err(text);
            assert_eq!(misread.message, message, "{text}");
            assert!(!misread.help.is_empty());
        }
    }

    #[test]
    fn a_length_written_and_read_again_is_the_same() {
        let mut ms = 1_i64;
        while ms < Instant::LAST.ms() {
            for ms in [ms, ms + 1, ms * 2 - 1] {
                for written in [clock(ms), business(ms)] {
                    assert_eq!(written.to_string().parse(), Ok(written), "{written}");
                }
            }
            ms = ms * 7 / 3 + 1;
            ms = if ms * 2 > Instant::LAST.ms() {
                Instant::LAST.ms()
            } else {
                ms
            };
        }
        assert_eq!(clock(0).to_string().parse(), Ok(clock(0)));
        assert_eq!(business(0).to_string(), "0bh");
        assert_eq!(business(5_400_000).to_string(), "1.5bh");
    }

    #[test]
    fn business_time_has_no_length_without_a_calendar() {
        assert_eq!(business(3_600_000).elapsed(), None);
        assert_eq!(clock(3_600_000).on_calendar(), business(3_600_000).on_calendar());
    }
}
