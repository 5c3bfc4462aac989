//! Where the simulated world touches the calendar on the wall: the date and zone of the scenario's start.
//!
//! An [`Origin`] translates instants to local dates and back, for compiling calendars and for printing. It costs tens
//! of nanoseconds a question, so the event loop asks tables made with it ([`Calendar`](super::Calendar),
//! [`local_hours`](super::local_hours)) instead.

use std::fmt;

use jiff::civil::DateTime;
use jiff::{Timestamp, tz};

use super::civil::{Date, TimeOfDay, Weekday, whole};
use super::instant::Instant;
use super::misread::Misread;
use super::zone::Zone;

/// The start of a scenario: what [`Instant::START`] is by the world's clocks, and the zone it was written in.
///
/// ```
/// use escalade::time::{Instant, Origin, Zone};
/// let berlin: Zone = "Europe/Berlin".parse()?;
/// let origin = Origin::read("2026-03-02T08:00", &berlin)?;
/// assert_eq!(origin.iso(Instant::START), "2026-03-02T08:00:00+01:00");
/// let noon = origin.read_instant("2026-03-30 12:00", &berlin)?;
/// assert_eq!(origin.iso(noon), "2026-03-30T12:00:00+02:00");
/// # Ok::<(), escalade::time::Misread>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    zone: Zone,
    start_ms: i64,
}

/// What clocks and calendars on the wall of a zone show at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Local {
    /// The local date.
    pub date: Date,
    /// Its day of the week.
    pub weekday: Weekday,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 59.
    pub second: u8,
    /// Milliseconds of the second, 0 to 999.
    pub ms: u16,
    /// Seconds that local time is ahead of UTC; negative west of Greenwich.
    pub offset_s: i32,
}

impl Local {
    /// The hour of the local week, 0 for Monday 00:00–01:00 to 167 for Sunday 23:00–24:00.
    pub fn hour_of_week(&self) -> u8 {
        self.weekday as u8 * 24 + self.hour
    }

    fn of(wall: DateTime, offset: tz::Offset) -> Local {
        let date = Date::from_jiff(wall.date());
        Local {
            date,
            weekday: date.weekday(),
            hour: wall.hour().unsigned_abs(),
            minute: wall.minute().unsigned_abs(),
            second: wall.second().unsigned_abs(),
            ms: wall.millisecond().unsigned_abs(),
            offset_s: offset.seconds(),
        }
    }
}

/// ISO 8601 with the offset, such as `2026-03-02T08:00:00+01:00`; milliseconds only if there are any.
impl fmt::Display for Local {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}T{:02}:{:02}:{:02}",
            self.date, self.hour, self.minute, self.second
        )?;
        if self.ms != 0 {
            write!(f, ".{:03}", self.ms)?;
        }
        let sign = if self.offset_s < 0 { '-' } else { '+' };
        let ahead = self.offset_s.unsigned_abs();
        write!(f, "{sign}{:02}:{:02}", ahead / 3600, ahead / 60 % 60)
    }
}

impl Origin {
    /// Reads a start written as a local date, or date and time, of `zone`: `2026-03-02` (midnight), `2026-03-02T08:00`
    /// or `2026-03-02 08:00:30`.
    ///
    /// A local time that does not exist is the first instant after the gap; of one that exists twice, the first is meant.
    pub fn read(text: &str, zone: &Zone) -> Result<Origin, Misread> {
        let start = zone.first(read_wall(text)?);
        Ok(Origin {
            zone: zone.clone(),
            start_ms: start.as_millisecond(),
        })
    }

    /// An origin at a point of the world's time, such as the first ticket of a log; milliseconds, what is finer is cut
    /// off. `None` before 1900 or after 2200.
    pub fn at(start: Timestamp, zone: &Zone) -> Option<Origin> {
        let year = zone.time_zone().to_datetime(start).year();
        (1900..=2200).contains(&year).then(|| Origin {
            zone: zone.clone(),
            start_ms: start.as_millisecond(),
        })
    }

    /// The zone that the start was written in.
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// The world's time at `instant`.
    pub fn timestamp(&self, instant: Instant) -> Timestamp {
        Timestamp::from_millisecond(self.start_ms + instant.ms())
            .expect("`read` keeps the start within 1900 to 2200 and `Instant::LAST` adds less than 5000 years")
    }

    /// The instant of the world's time `at`, cut to the millisecond. `None` if it is more than [`Instant::LAST`] away.
    pub fn instant(&self, at: Timestamp) -> Option<Instant> {
        let ms = at.as_millisecond() - self.start_ms;
        (ms.abs() <= Instant::LAST.ms()).then(|| Instant::from_ms(ms))
    }

    /// The instant of a local date and time of `zone`, written as in [`read`](Origin::read) and read by the same rules.
    pub fn read_instant(&self, text: &str, zone: &Zone) -> Result<Instant, Misread> {
        Ok(self.expect_instant(zone.first(read_wall(text)?)))
    }

    /// How often clocks of `zone` show a local date and time, written as in [`read`](Origin::read): never where they are put
    /// forward over it, twice where they are put back.
    pub fn times_shown(&self, text: &str, zone: &Zone) -> Result<u8, Misread> {
        Ok(zone.times_shown(read_wall(text)?))
    }

    /// The first instant at which clocks of `zone` show `time` on `date`; if they never do, the first after the gap.
    pub fn first(&self, zone: &Zone, date: Date, time: TimeOfDay) -> Instant {
        self.expect_instant(zone.first(date.at(time)))
    }

    /// The last instant at which clocks of `zone` show `time` on `date`; if they never do, the first after the gap.
    pub fn last(&self, zone: &Zone, date: Date, time: TimeOfDay) -> Instant {
        self.expect_instant(zone.last(date.at(time)))
    }

    fn expect_instant(&self, at: Timestamp) -> Instant {
        self.instant(at)
            .expect("a date is read within 1900 to 2200 as the start is, or is one of the run")
    }

    /// What clocks of the origin's own zone show at `instant`.
    pub fn local(&self, instant: Instant) -> Local {
        self.local_in(&self.zone, instant)
    }

    /// What clocks of `zone` show at `instant`.
    pub fn local_in(&self, zone: &Zone, instant: Instant) -> Local {
        let at = self.timestamp(instant);
        let offset = zone.time_zone().to_offset(at);
        Local::of(offset.to_datetime(at), offset)
    }

    /// `instant` in ISO 8601 with the offset of the origin's zone, such as `2026-03-02T08:00:00+01:00`.
    pub fn iso(&self, instant: Instant) -> String {
        self.local(instant).to_string()
    }

    /// `instant` in ISO 8601 with the offset of `zone`.
    pub fn iso_in(&self, zone: &Zone, instant: Instant) -> String {
        self.local_in(zone, instant).to_string()
    }
}

/// `2026-03-02`, then optionally `T` or a space and `08:00` or `08:00:30`.
fn read_wall(text: &str) -> Result<DateTime, Misread> {
    let dated = text.split_at_checked("YYYY-MM-DD".len());
    let Some((date, time)) = dated.and_then(|(date, rest)| Some((date, rest.strip_prefix(['T', 't', ' '])?))) else {
        return Ok(text.parse::<Date>()?.midnight());
    };
    let date: Date = date.parse()?;
    if time.contains(['Z', 'z', '+', '-']) {
        return Err(Misread::new(
            "an offset is not read here, the zone is written apart",
            "write local time without an offset, such as 2026-03-02T08:00",
        ));
    }
    let (time, second) = match time.match_indices(':').nth(1) {
        Some((end, _)) => (&time[..end], read_second(&time[end + 1..])),
        None => (time, Some(0)),
    };
    match (time.parse::<TimeOfDay>()?, second) {
        (TimeOfDay::END, Some(0)) => Ok(date.at(TimeOfDay::END)),
        (time, Some(second)) if time != TimeOfDay::END => {
            Ok(date.at(time).with().second(second).build().expect("read as 0 to 59"))
        }
        _ => Err(Misread::new(
            format!("`{text}` is not a local time"),
            "write it like 2026-03-02T08:00 or 2026-03-02T08:00:30",
        )),
    }
}

fn read_second(digits: &str) -> Option<i8> {
    let second = whole(digits).filter(|second| digits.len() == 2 && *second < 60)?;
    i8::try_from(second).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Length;

    fn zone(name: &str) -> Zone {
        name.parse().expect(name)
    }

    #[test]
    fn a_start_is_a_local_date_or_date_and_time() {
        for (text, iso) in [
            ("2026-03-02", "2026-03-02T00:00:00+01:00"),
            ("2026-03-02T08:00", "2026-03-02T08:00:00+01:00"),
            ("2026-07-02 08:00:30", "2026-07-02T08:00:30+02:00"),
            ("2026-03-02T24:00", "2026-03-03T00:00:00+01:00"),
            ("2026-03-29T02:30", "2026-03-29T03:00:00+02:00"),
            ("2026-10-25T02:30", "2026-10-25T02:30:00+02:00"),
        ] {
            let origin = Origin::read(text, &zone("Europe/Berlin")).expect(text);
            assert_eq!(origin.iso(Instant::START), iso, "{text}");
        }
    }

    #[test]
    fn a_local_time_may_be_shown_never_or_twice() {
        let berlin = zone("Europe/Berlin");
        let origin = Origin::read("2026-03-02", &berlin).expect("written here");
        for (text, times) in [
            ("2026-03-29T01:59:59", 1),
            ("2026-03-29T02:00", 0),
            ("2026-03-29T02:30", 0),
            ("2026-03-29T03:00", 1),
            ("2026-10-25T02:30", 2),
            ("2026-10-25T03:00", 1),
        ] {
            assert_eq!(origin.times_shown(text, &berlin), Ok(times), "{text}");
        }
    }

    #[test]
    fn a_wrong_start_is_answered_with_what_would_be_right() {
        for (text, message) in [
            ("tomorrow", "`tomorrow` is not a date"),
            ("2026-02-30T08:00", "there is no date `2026-02-30`"),
            ("2026-03-02T8", "`8` is not a time of day"),
            ("2026-03-02T08:00:60", "`2026-03-02T08:00:60` is not a local time"),
            ("2026-03-02T24:00:01", "`2026-03-02T24:00:01` is not a local time"),
            ("2026-03-02T08:00:00.5", "`2026-03-02T08:00:00.5` is not a local time"),
            (
                "2026-03-02T08:00Z",
                "an offset is not read here, the zone is written apart",
            ),
            (
                "2026-03-02T08:00+01:00",
                "an offset is not read here, the zone is written apart",
            ),
        ] {
            assert_eq!(Origin::read(text, &Zone::utc()).expect_err(text).message, message);
        }
    }

    #[test]
    fn the_same_instant_reads_differently_on_other_walls() {
        let origin = Origin::read("2026-03-02T08:00", &zone("Europe/Berlin")).expect("written here");
        let at = Instant::from_ms(1_250);
        assert_eq!(origin.iso(at), "2026-03-02T08:00:01.250+01:00");
        assert_eq!(
            origin.iso_in(&zone("America/New_York"), at),
            "2026-03-02T02:00:01.250-05:00"
        );
        assert_eq!(
            origin.iso_in(&zone("Asia/Kolkata"), at),
            "2026-03-02T12:30:01.250+05:30"
        );
        assert_eq!(
            origin.iso_in(&zone("America/St_Johns"), at),
            "2026-03-02T03:30:01.250-03:30"
        );
        assert_eq!(origin.local(at).hour_of_week(), 8);
        assert_eq!(
            origin.local_in(&zone("Pacific/Honolulu"), at).hour_of_week(),
            6 * 24 + 21
        );
    }

    #[test]
    fn instants_and_timestamps_translate_both_ways() {
        let origin = Origin::read("2026-03-02", &zone("Asia/Tokyo")).expect("written here");
        for ms in [-86_400_000, 0, 1, 12_345_678_901, Instant::LAST.ms()] {
            let instant = Instant::from_ms(ms);
            assert_eq!(origin.instant(origin.timestamp(instant)), Some(instant));
        }
        assert_eq!(
            Origin::at(origin.timestamp(Instant::START), origin.zone()),
            Some(origin.clone())
        );
        assert_eq!(origin.instant(Timestamp::MAX), None);
        assert_eq!(Origin::at(Timestamp::MIN, &Zone::utc()), None);
    }

    #[test]
    fn an_hour_on_the_wall_may_last_two() {
        let berlin = zone("Europe/Berlin");
        let origin = Origin::read("2026-10-01", &berlin).expect("written here");
        let date: Date = "2026-10-25".parse().expect("written here");
        let two = TimeOfDay::new(2, 0).expect("a time");
        let (first, last) = (origin.first(&berlin, date, two), origin.last(&berlin, date, two));
        assert_eq!(last - first, Length::from_secs(3600));
    }
}
