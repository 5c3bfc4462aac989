//! A clock's arithmetic: calendar time that is also outside pauses, and the instants at which it reaches a target.
//!
//! These are pure functions of a calendar, a start and a list of pauses. What starts, pauses and stops a clock, and
//! whether it has breached, is the kernel's business; a changed target is only another duration with the same start and
//! pauses.
//!
//! Pauses are half-open `[from, until)`, in order, and do not overlap (`debug_assert`ed). One that still lasts is
//! written `(from, Instant::LAST)`. They may begin before the start or end after the instant asked about.

use super::calendar::Calendar;
use super::instant::{Instant, Worked};

/// Calendar time consumed from `start` to `at`, pauses excluded; zero if `at` is before `start`.
///
/// Goes on counting past the target, so lateness is `consumed − duration`. Panics if the calendar's table does not
/// cover `start` or `at`.
pub fn consumed(calendar: &Calendar, start: Instant, at: Instant, pauses: &[(Instant, Instant)]) -> Worked {
    debug_assert!(in_order(pauses));
    if at <= start {
        return Worked::ZERO;
    }
    let mut consumed = calendar.worked_between(start, at);
    for (from, until) in pauses {
        let (from, until) = ((*from).max(start), (*until).min(at));
        if from < until {
            consumed -= calendar.worked_between(from, until);
        }
    }
    consumed
}

/// The first instant at which a clock started at `start` has consumed `duration`: when it breaches, if nothing stops it.
///
/// With a duration of zero that is `start`. `None` if it lies outside the calendar's table, or beyond a pause that still
/// lasts. A pause that begins at the very instant comes too late to move it. The answer may lie in the past of the event
/// that asks: after a severity was raised, the breach is *recorded* then and lateness counts from here.
///
/// ```
/// use escalade::time::{Calendar, Instant, Worked, clock};
/// let hour = |n: i64| Instant::from_ms(n * 3_600_000);
/// let four = Worked::from_ms(4 * 3_600_000);
/// let due = clock::due(&Calendar::always(), hour(9), four, &[(hour(10), hour(13))]);
/// assert_eq!(due, Some(hour(16)));
/// ```
pub fn due(calendar: &Calendar, start: Instant, duration: Worked, pauses: &[(Instant, Instant)]) -> Option<Instant> {
    debug_assert!(in_order(pauses));
    let mut running_since = start;
    let mut left = duration;
    for (from, until) in pauses {
        let unpaused = calendar.after(running_since, left)?;
        if unpaused <= *from || left == Worked::ZERO {
            return Some(unpaused);
        }
        if *from > running_since {
            left -= calendar.worked_between(running_since, *from);
        }
        running_since = running_since.max(*until);
    }
    calendar.after(running_since, left)
}

/// The first instant at which the clock has consumed at least `share` of `duration`: when a warning fires.
///
/// `None` as for [`due`].
pub fn share_reached(
    calendar: &Calendar,
    start: Instant,
    duration: Worked,
    pauses: &[(Instant, Instant)],
    share: Share,
) -> Option<Instant> {
    due(calendar, start, share.of(duration), pauses)
}

fn in_order(pauses: &[(Instant, Instant)]) -> bool {
    pauses.iter().all(|(from, until)| from <= until) && pauses.windows(2).all(|pair| pair[0].1 <= pair[1].0)
}

/// A share of a target, from 0 to 1000 (lateness has thresholds too), in billionths.
///
/// An integer, because 0.1 has no exact `f64` and the first millisecond with `consumed ≥ 0.1 × duration` would come one
/// too late.
///
/// ```
/// use escalade::time::{Share, Worked};
/// let share = Share::from_f64(0.1).unwrap();
/// assert_eq!(share.of(Worked::from_ms(1000)), Worked::from_ms(100));
/// assert_eq!(share.of(Worked::from_ms(1001)), Worked::from_ms(101));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Share(u64);

impl Share {
    const WHOLE: u64 = 1_000_000_000;

    /// All of it.
    pub const ONE: Share = Share(Share::WHOLE);

    /// `share` to the nearest billionth. `None` for NaN and outside 0 to 1000.
    pub fn from_f64(share: f64) -> Option<Share> {
        (0.0..=1000.0)
            .contains(&share)
            .then(|| Share((share * Share::WHOLE as f64).round() as u64))
    }

    /// As a number, 1 for all.
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / Share::WHOLE as f64
    }

    /// The least whole amount that is at least this share of `duration` (the product, rounded up, exactly).
    #[inline]
    pub fn of(self, duration: Worked) -> Worked {
        // Nearly every duration is short enough for one multiplication and one division of the machine.
        if let Some(product) = u64::try_from(duration.ms()).ok().and_then(|ms| self.0.checked_mul(ms)) {
            return Worked::from_ms(product.div_ceil(Share::WHOLE) as i64);
        }
        let product = i128::from(self.0) * i128::from(duration.ms());
        let whole = i128::from(Share::WHOLE);
        let ms = (product + whole - 1).div_euclid(whole);
        Worked::from_ms(i64::try_from(ms).expect("a duration is at most `Instant::LAST`, a thousand of them fit"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{Length, Origin, Zone};

    const HOUR: i64 = 3_600_000;

    /// An instant of one day, from `"13:30"`, on a 24x7 clock.
    fn at(time: &str) -> Instant {
        let time: crate::time::TimeOfDay = time.parse().expect(time);
        Instant::from_ms(i64::from(time.minutes()) * 60_000)
    }

    fn hours(count: i64) -> Worked {
        Worked::from_ms(count * HOUR)
    }

    fn due_24x7(start: &str, duration: i64, pauses: &[(Instant, Instant)]) -> Option<Instant> {
        due(&Calendar::always(), at(start), hours(duration), pauses)
    }

    #[test]
    fn a_pause_moves_the_warning_and_the_deadline() {
        let always = Calendar::always();
        let pause = [(at("10:00"), at("13:30"))];
        let warning = Share::from_f64(0.75).expect("a share");
        let warned = |pauses| share_reached(&always, at("09:00"), hours(4), pauses, warning);
        assert_eq!(consumed(&always, at("09:00"), at("10:00"), &pause), hours(1));
        assert_eq!((warned(&[]), warned(&pause)), (Some(at("12:00")), Some(at("15:30"))));
        assert_eq!(
            (due_24x7("09:00", 4, &[]), due_24x7("09:00", 4, &pause)),
            (Some(at("13:00")), Some(at("16:30")))
        );
    }

    #[test]
    fn a_raised_severity_reads_the_new_target_from_creation() {
        let done = consumed(&Calendar::always(), at("09:00"), at("12:00"), &[]);
        assert_eq!(done, Share::from_f64(0.75).expect("a share").of(hours(4)));
        assert_eq!(due_24x7("09:00", 4, &[]), Some(at("13:00"))); // in the future at 12:00, in the past at 14:00
        assert_eq!(due_24x7("14:00", 4, &[]), Some(at("18:00"))); // with `restart`
    }

    #[test]
    fn a_reopened_ticket_does_not_count_the_time_it_was_solved() {
        let solved = [(at("12:00"), at("15:00"))];
        assert_eq!(
            consumed(&Calendar::always(), at("09:00"), at("15:00"), &solved),
            hours(3)
        );
        assert_eq!(due_24x7("09:00", 8, &solved), Some(at("20:00")));
        assert_eq!(due_24x7("15:00", 8, &[]), Some(at("23:00"))); // with `restart`
    }

    #[test]
    fn a_paused_clock_cannot_reach_its_target() {
        let pending = [(at("10:00"), Instant::LAST)];
        assert_eq!(due_24x7("09:00", 4, &pending), None);
        assert_eq!(
            consumed(&Calendar::always(), at("09:00"), at("23:00"), &pending),
            hours(1)
        );
    }

    #[test]
    fn a_pause_at_the_deadline_comes_too_late() {
        assert_eq!(due_24x7("09:00", 1, &[(at("10:00"), at("12:00"))]), Some(at("10:00")));
        assert_eq!(due_24x7("09:00", 0, &[(at("08:00"), at("12:00"))]), Some(at("09:00")));
        assert_eq!(due_24x7("09:00", 0, &[]), Some(at("09:00")));
    }

    #[test]
    fn a_pause_before_the_start_takes_nothing_and_one_over_it_only_the_rest() {
        assert_eq!(due_24x7("09:00", 1, &[(at("07:00"), at("08:00"))]), Some(at("10:00")));
        assert_eq!(due_24x7("09:00", 1, &[(at("07:00"), at("09:30"))]), Some(at("10:30")));
        assert_eq!(due_24x7("09:00", 1, &[(at("09:00"), at("09:00"))]), Some(at("10:00")));
        assert_eq!(
            consumed(&Calendar::always(), at("09:00"), at("08:00"), &[]),
            Worked::ZERO
        );
    }

    #[test]
    fn a_pause_in_a_closed_calendar_changes_nothing() {
        let berlin: Zone = "Europe/Berlin".parse().expect("known");
        let origin = Origin::read("2026-02-09", &berlin).expect("written here");
        let local = |text: &str| origin.read_instant(text, &berlin).expect(text);
        let desk: crate::time::WeeklyHours = "Mon-Fri 09:00-17:00".parse().expect("written here");
        let calendar = Calendar::compile(&berlin, &desk, &[], &origin, local("2026-03-09"));
        let start = local("2026-02-10T14:00");
        let night = [(local("2026-02-10T19:00"), local("2026-02-11T08:00"))];
        assert_eq!(due(&calendar, start, hours(6), &night), Some(local("2026-02-11T12:00")));
        assert_eq!(due(&calendar, start, hours(6), &[]), Some(local("2026-02-11T12:00")));
        let until_ten = [(local("2026-02-10T16:00"), local("2026-02-11T10:00"))];
        assert_eq!(
            due(&calendar, start, hours(6), &until_ten),
            Some(local("2026-02-11T14:00"))
        );
    }

    #[test]
    fn what_is_due_has_been_consumed_and_not_a_millisecond_before() {
        let always = Calendar::always();
        let minute = |n: i64| Instant::from_ms(n * 60_000);
        for n in 0..200 {
            let pauses = [(minute(n), minute(n * 2)), (minute(n * 2 + 7), minute(n * 3 + 11))];
            for duration in [1, 59_999, HOUR, 5 * HOUR] {
                let duration = Worked::from_ms(duration);
                let due = due(&always, minute(13), duration, &pauses).expect("within the run");
                assert_eq!(consumed(&always, minute(13), due, &pauses), duration);
                let before = consumed(&always, minute(13), due - Length::from_ms(1), &pauses);
                assert!(before < duration);
            }
        }
    }

    #[test]
    fn a_share_is_reached_at_the_first_whole_millisecond() {
        for (share, duration, reached) in [
            (0.1, 1_000, 100),
            (0.7, 10_000, 7_000),
            (0.75, 14_400_000, 10_800_000),
            (0.5, 61_001, 30_501),
            (1.0, 61_001, 61_001),
            (0.0, 61_001, 0),
            (1.0 / 3.0, 10_800_000, 3_600_000),
            (1000.0, Instant::LAST.ms(), 1000 * Instant::LAST.ms()),
        ] {
            let share = Share::from_f64(share).expect("a share");
            assert_eq!(share.of(Worked::from_ms(duration)).ms(), reached);
        }
        for bad in [f64::NAN, -0.1, 1000.1, f64::INFINITY] {
            assert_eq!(Share::from_f64(bad), None);
        }
        assert_eq!(Share::ONE.as_f64(), 1.0);
    }
}
