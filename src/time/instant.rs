//! Points and amounts of simulated time, as three types that do not mix.
//!
//! All are whole milliseconds in an `i64`. [`Instant`] − [`Instant`] is a [`Length`], [`Instant`] + [`Length`] an
//! [`Instant`]; two instants cannot be added, and [`Worked`] cannot be added to an instant at all: eight business hours
//! after Friday 16:00 is a question for a [`Calendar`](super::Calendar).
//!
//! Values are checked at the border, where they are read or sampled ([`Length::from_secs_f64`] answers `None`); the
//! operators here trust them and only `debug_assert` the range.

use std::fmt;
use std::ops::{Add, AddAssign, Mul, Sub, SubAssign};

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// An instant of the simulated world: whole milliseconds since the scenario's start, negative before it.
///
/// ```
/// use escalade::time::{Instant, Length};
/// let created = Instant::from_ms(90_000);
/// assert_eq!(created + Length::from_secs(30), Instant::from_ms(120_000));
/// assert_eq!(created - Instant::START, Length::from_secs(90));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

/// Elapsed time, in whole milliseconds: the difference of two instants. Negative only as the difference of instants taken
/// the wrong way round; what is read or sampled is never negative.
///
/// Displayed as people write it, exactly: `1h 30m`, `2d 4h`, `850ms`, `0s`. A day is 24 hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Length(i64);

/// Calendar time: milliseconds inside a calendar's open intervals. What "8 business hours" is made of.
///
/// Only a [`Calendar`](super::Calendar) turns it into instants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Worked(i64);

impl Instant {
    /// The scenario's start: 0 ms.
    pub const START: Instant = Instant(0);

    /// The last instant there is: 2⁴⁷ − 1 ms, about 4,460 years after the start, what the event key's 48 bits hold.
    pub const LAST: Instant = Instant((1 << 47) - 1);

    /// The instant `ms` milliseconds after the start, from −[`LAST`](Instant::LAST) to `LAST` (a `debug_assert`).
    #[inline]
    pub const fn from_ms(ms: i64) -> Instant {
        debug_assert!(-Instant::LAST.0 <= ms && ms <= Instant::LAST.0);
        Instant(ms)
    }

    /// Milliseconds since the start.
    #[inline]
    pub const fn ms(self) -> i64 {
        self.0
    }
}

impl Length {
    /// No time at all.
    pub const ZERO: Length = Length(0);

    /// `ms` milliseconds.
    #[inline]
    pub const fn from_ms(ms: i64) -> Length {
        Length(ms)
    }

    /// `secs` whole seconds, up to the range of [`Instant`].
    #[inline]
    pub const fn from_secs(secs: i64) -> Length {
        Length(secs * SECOND)
    }

    /// `secs` seconds, to the nearest millisecond, halves up (of the product `secs × 1000` in `f64`).
    ///
    /// `None` for NaN, a negative number, and more than [`Instant::LAST`] milliseconds, such as 1e30 or infinity: what a
    /// sampler with a heavy tail may produce and no run could use.
    #[inline]
    pub fn from_secs_f64(secs: f64) -> Option<Length> {
        Length::from_ms_f64(secs * SECOND as f64)
    }

    /// `ms` milliseconds, to the nearest whole one, halves up. `None` as for [`from_secs_f64`](Length::from_secs_f64).
    ///
    /// ```
    /// use escalade::time::Length;
    /// assert_eq!(Length::from_ms_f64(1.5), Some(Length::from_ms(2)));
    /// assert_eq!(Length::from_ms_f64(f64::NAN), None);
    /// assert_eq!(Length::from_ms_f64(1e30), None);
    /// ```
    #[inline]
    pub fn from_ms_f64(ms: f64) -> Option<Length> {
        let in_range = (0.0..=Instant::LAST.0 as f64).contains(&ms); // false for NaN
        in_range.then(|| Length(ms.round() as i64))
    }

    /// Milliseconds.
    #[inline]
    pub const fn ms(self) -> i64 {
        self.0
    }

    /// Seconds, for reports and samplers. Exact to the millisecond over the whole range of [`Instant`].
    #[inline]
    pub fn secs_f64(self) -> f64 {
        self.0 as f64 / SECOND as f64
    }
}

impl Worked {
    /// No calendar time at all.
    pub const ZERO: Worked = Worked(0);

    /// `ms` milliseconds of calendar time.
    #[inline]
    pub const fn from_ms(ms: i64) -> Worked {
        Worked(ms)
    }

    /// As much calendar time as `length` is elapsed time: a target of "4h" laid on a calendar of business hours.
    #[inline]
    pub const fn from_length(length: Length) -> Worked {
        Worked(length.0)
    }

    /// Milliseconds.
    #[inline]
    pub const fn ms(self) -> i64 {
        self.0
    }

    /// Seconds, for reports.
    #[inline]
    pub fn secs_f64(self) -> f64 {
        self.0 as f64 / SECOND as f64
    }
}

impl Sub for Instant {
    type Output = Length;
    #[inline]
    fn sub(self, earlier: Instant) -> Length {
        Length(self.0 - earlier.0)
    }
}

impl Add<Length> for Instant {
    type Output = Instant;
    /// What would come after [`Instant::LAST`] comes then: in no run.
    #[inline]
    fn add(self, length: Length) -> Instant {
        Instant::from_ms(self.0.saturating_add(length.0).min(Instant::LAST.0))
    }
}

impl Sub<Length> for Instant {
    type Output = Instant;
    #[inline]
    fn sub(self, length: Length) -> Instant {
        Instant::from_ms(self.0 - length.0)
    }
}

impl AddAssign<Length> for Instant {
    #[inline]
    fn add_assign(&mut self, length: Length) {
        *self = *self + length;
    }
}

impl Mul<i64> for Length {
    type Output = Length;
    #[inline]
    fn mul(self, times: i64) -> Length {
        Length(self.0 * times)
    }
}

/// `Length` and `Worked` each add and subtract among themselves, and in no other company.
macro_rules! amount {
    ($type:ident) => {
        impl Add for $type {
            type Output = $type;
            #[inline]
            fn add(self, other: $type) -> $type {
                $type(self.0 + other.0)
            }
        }

        impl Sub for $type {
            type Output = $type;
            #[inline]
            fn sub(self, other: $type) -> $type {
                $type(self.0 - other.0)
            }
        }

        impl AddAssign for $type {
            #[inline]
            fn add_assign(&mut self, other: $type) {
                self.0 += other.0;
            }
        }

        impl SubAssign for $type {
            #[inline]
            fn sub_assign(&mut self, other: $type) {
                self.0 -= other.0;
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&spelled(self.0))
            }
        }
    };
}
amount!(Length);
amount!(Worked);

/// `5_400_000` as `1h 30m`: exact, largest unit first, units of zero left out.
fn spelled(ms: i64) -> String {
    if ms == 0 {
        return "0s".to_owned();
    }
    let mut words = Vec::new();
    let mut left = ms.unsigned_abs();
    for (unit, name) in [(DAY, "d"), (HOUR, "h"), (MINUTE, "m"), (SECOND, "s"), (1, "ms")] {
        let count = left / unit as u64;
        left %= unit as u64;
        if count > 0 {
            words.push(format!("{count}{name}"));
        }
    }
    let sign = if ms < 0 { "-" } else { "" };
    format!("{sign}{}", words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_written_as_a_person_would_and_exactly() {
        for (ms, written) in [
            (0, "0s"),
            (850, "850ms"),
            (5_400_000, "1h 30m"),
            (187_200_000, "2d 4h"),
            (1_209_600_000, "14d"),
            (61_001, "1m 1s 1ms"),
            (-90_000, "-1m 30s"),
        ] {
            assert_eq!(Length::from_ms(ms).to_string(), written);
            assert_eq!(Worked::from_ms(ms).to_string(), written);
        }
        assert_eq!(format!("{:>8}", Length::from_secs(60)), "      1m");
    }

    #[test]
    fn a_sampled_length_is_finite_not_negative_and_within_the_event_key() {
        for bad in [f64::NAN, -1e-9, -1.0, 1e30, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(Length::from_secs_f64(bad), None, "{bad}");
            assert_eq!(Length::from_ms_f64(bad), None, "{bad}");
        }
        let last = Instant::LAST.ms();
        assert_eq!(Length::from_ms_f64(last as f64), Some(Length::from_ms(last)));
        assert_eq!(Length::from_ms_f64(last as f64 + 1.0), None);
    }

    #[test]
    fn a_sampled_length_is_rounded_to_the_nearest_millisecond() {
        for (secs, ms) in [
            (0.0, 0),
            (-0.0, 0),
            (0.0004, 0),
            (0.0005, 1),
            (1.2344, 1234),
            (1.2346, 1235),
        ] {
            assert_eq!(Length::from_secs_f64(secs), Some(Length::from_ms(ms)), "{secs}");
        }
    }

    #[test]
    fn instants_and_lengths_add_up() {
        let noon = Instant::from_ms(12 * HOUR);
        let hour = Length::from_ms(HOUR);
        assert_eq!(noon + hour - noon, hour);
        assert_eq!(noon - hour * 12, Instant::START);
        assert_eq!(noon + Length::from_ms(i64::MAX), Instant::LAST);
        assert!(noon < noon + hour);
        let mut at = noon;
        at += hour;
        assert_eq!(at, noon + hour);
        assert_eq!((hour + hour - hour).secs_f64(), 3600.0);
    }
}
