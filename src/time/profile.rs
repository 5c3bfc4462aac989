//! A run cut into the hours that clocks on the wall show, for arrival profiles and staffing by hour of week.
//!
//! Demand follows the wall clock, not the milliseconds: an hour that the spring change skips brings no tickets, one that
//! the autumn change repeats brings them twice. This file says which hours there are and where they lie; what happens in
//! them is drawn elsewhere.

use jiff::Timestamp;

use super::civil::Date;
use super::instant::{Instant, Length};
use super::origin::Origin;
use super::zone::Zone;

const HOUR_S: i64 = 3_600;

/// A stretch `[from, until)` in which the local date, hour and offset from UTC stay the same.
///
/// An hour, unless the run begins or ends within it or the clocks change: Lord Howe's change of half an hour leaves
/// pieces of 30 minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalHour {
    /// The first instant.
    pub from: Instant,
    /// The first instant after it.
    pub until: Instant,
    /// 0 for Monday 00:00–01:00 to 167 for Sunday 23:00–24:00, local time.
    pub hour_of_week: u8,
    /// The local date.
    pub date: Date,
}

impl LocalHour {
    /// How long it lasts: one hour or, at the edges and clock changes, less.
    pub fn length(&self) -> Length {
        self.until - self.from
    }
}

/// The run from [`Instant::START`] to `until`, cut into the local hours of `zone`, in order and without holes.
///
/// A repeated hour appears twice, a skipped one not at all. The first and the last may be cut short. Empty if `until` is
/// not after the start.
///
/// ```
/// use escalade::time::{Length, Origin, Zone, local_hours};
/// let berlin: Zone = "Europe/Berlin".parse()?;
/// let origin = Origin::read("2026-03-29", &berlin)?; // clocks go forward at 02:00
/// let until = origin.read_instant("2026-03-30", &berlin)?;
/// let sunday: Vec<u8> = local_hours(&berlin, &origin, until).map(|hour| hour.hour_of_week % 24).collect();
/// assert_eq!(sunday.len(), 23);
/// assert_eq!(sunday[..4], [0, 1, 3, 4]);
/// # Ok::<(), escalade::time::Misread>(())
/// ```
pub fn local_hours<'a>(zone: &'a Zone, origin: &'a Origin, until: Instant) -> LocalHours<'a> {
    let mut hours = LocalHours {
        zone,
        origin,
        at: Instant::START,
        until,
        offset_s: 0,
        next_change: None,
    };
    hours.read_offset();
    hours
}

/// The iterator of [`local_hours`].
#[derive(Clone, Debug)]
pub struct LocalHours<'a> {
    zone: &'a Zone,
    origin: &'a Origin,
    at: Instant,
    until: Instant,
    /// The offset in force at `at`, and when it ends.
    offset_s: i32,
    next_change: Option<Timestamp>,
}

impl LocalHours<'_> {
    fn read_offset(&mut self) {
        (self.offset_s, self.next_change) = self.zone.offset_at(self.origin.timestamp(self.at));
    }

    /// Where the hour that `self.at` is in ends by a wall clock that does not change.
    fn end_of_hour(&self) -> Instant {
        let local_ms = self.origin.timestamp(self.at).as_millisecond() + i64::from(self.offset_s) * 1000;
        self.at + Length::from_ms(HOUR_S * 1000 - local_ms.rem_euclid(HOUR_S * 1000))
    }
}

impl Iterator for LocalHours<'_> {
    type Item = LocalHour;

    fn next(&mut self) -> Option<LocalHour> {
        if self.at >= self.until {
            return None;
        }
        let from = self.at;
        let local = self.origin.local_in(self.zone, from);
        let change = self
            .next_change
            .and_then(|change| self.origin.instant(change))
            .unwrap_or(Instant::LAST);
        self.at = self.end_of_hour().min(change).min(self.until);
        if self.at == change {
            self.read_offset();
        }
        Some(LocalHour {
            from,
            until: self.at,
            hour_of_week: local.hour_of_week(),
            date: local.date,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The local hours of a stretch, as `hour` or `hour:minutes` if it does not last 60.
    fn check(zone: &str, from: &str, until: &str, expected: &str) {
        let zone: Zone = zone.parse().expect(zone);
        let origin = Origin::read(from, &zone).expect(from);
        let until = origin.read_instant(until, &zone).expect(until);
        let hours = local_hours(&zone, &origin, until).map(|hour| match hour.length().ms() / 60_000 {
            60 => format!("{}", hour.hour_of_week % 24),
            minutes => format!("{}:{minutes}", hour.hour_of_week % 24),
        });
        assert_eq!(hours.collect::<Vec<_>>().join(" "), expected, "{zone} from {from}");
    }

    #[test]
    fn a_skipped_hour_is_not_there_and_a_repeated_one_comes_twice() {
        check("Europe/Berlin", "2026-03-29", "2026-03-29T05:00", "0 1 3 4");
        check("Europe/Berlin", "2026-10-25", "2026-10-25T05:00", "0 1 2 2 3 4");
        check("America/New_York", "2026-03-08", "2026-03-08T05:00", "0 1 3 4");
    }

    #[test]
    fn a_clock_change_of_half_an_hour_leaves_half_hours() {
        check("Australia/Lord_Howe", "2026-10-04", "2026-10-04T05:00", "0 1 2:30 3 4");
        check(
            "Australia/Lord_Howe",
            "2026-04-05",
            "2026-04-05T05:00",
            "0 1 1:30 2 3 4",
        );
    }

    #[test]
    fn offsets_need_not_be_whole_hours() {
        check("Asia/Kolkata", "2026-03-02T08:00", "2026-03-02T11:00", "8 9 10");
        check("Asia/Kathmandu", "2026-03-02T08:15", "2026-03-02T11:00", "8:45 9 10");
    }

    #[test]
    fn the_first_and_last_hour_may_be_cut_short() {
        check("Europe/Berlin", "2026-03-02T08:20", "2026-03-02T10:05", "8:40 9 10:5");
        check("Europe/Berlin", "2026-03-02T08:20", "2026-03-02T08:30", "8:10");
        check("Europe/Berlin", "2026-03-02T08:20", "2026-03-02T08:20", "");
    }

    #[test]
    fn hours_follow_each_other_without_holes_and_agree_with_the_wall() {
        for zone in [
            "Europe/Berlin",
            "Australia/Lord_Howe",
            "America/St_Johns",
            "Africa/Casablanca",
            "UTC",
        ] {
            let zone: Zone = zone.parse().expect(zone);
            let origin = Origin::read("2026-01-01T00:20", &zone).expect("written here");
            let until = origin.read_instant("2027-02-01", &zone).expect("written here");
            let mut end = Instant::START;
            for hour in local_hours(&zone, &origin, until) {
                assert_eq!(hour.from, end);
                end = hour.until;
                for at in [hour.from, hour.until - Length::from_ms(1)] {
                    let local = origin.local_in(&zone, at);
                    assert_eq!((local.hour_of_week(), local.date), (hour.hour_of_week, hour.date));
                }
                assert!(hour.length() > Length::ZERO && hour.length() <= Length::from_secs(3600));
            }
            assert_eq!(end, until);
        }
    }

    #[test]
    fn weeks_of_a_clock_change_have_167_and_169_hours() {
        let berlin: Zone = "Europe/Berlin".parse().expect("known");
        for (from, until, hours) in [
            ("2026-03-23", "2026-03-30", 167),
            ("2026-10-19", "2026-10-26", 169),
            ("2026-06-01", "2026-06-08", 168),
        ] {
            let origin = Origin::read(from, &berlin).expect(from);
            let until = origin.read_instant(until, &berlin).expect(until);
            assert_eq!(local_hours(&berlin, &origin, until).count(), hours);
        }
    }
}
