//! Working calendars: when a clock runs and when a desk is open.
//!
//! A calendar answers two questions, how much open time lies between two instants and when a given amount of it has
//! passed. It knows nothing of people: who is at work is a shift. It is compiled once from weekly hours, a zone and
//! holidays into a table over the run, and then knows neither dates nor zones, only milliseconds.
//!
//! The table covers a week before the scenario's start up to the instant asked for. Beyond it a calendar never guesses:
//! methods that look for an instant answer `None`, methods that count refuse (panic), because a number that is quietly
//! too small would look like a result.
//!
//! Both directions, instant to open time and back, go through a coarse index (a shift, one load) to the first interval
//! that can matter, and then look at one or two: 2 ns to count, 6 ns to lay out, whatever the length of the run.

use super::civil::Date;
use super::instant::{Instant, Length, Worked};
use super::origin::Origin;
use super::weekly::{OpenHours, WeeklyHours};
use super::zone::Zone;

/// How far before the start a table begins, for clocks that already run then and tickets that are already open.
const LEAD: Length = Length::from_secs(7 * 24 * 3600);

/// Days looked at before the table's first and after its last: an interval lasts at most a day and a clock change, and
/// a clock set back at midnight returns to a date that was over.
const DAYS_AROUND: i64 = 2;

/// A compiled calendar: the open intervals of a run, half-open, in milliseconds.
///
/// ```
/// use escalade::time::{Calendar, Instant, Origin, Worked, Zone};
/// let berlin: Zone = "Europe/Berlin".parse()?;
/// let origin = Origin::read("2026-03-30", &berlin)?;
/// let until = origin.read_instant("2026-06-30", &berlin)?;
/// let easter = ["2026-04-03".parse()?, "2026-04-06".parse()?];
/// let business = Calendar::compile(&berlin, &"Mon-Fri 09:00-17:00".parse()?, &easter, &origin, until);
///
/// let created = origin.read_instant("2026-04-02T16:10", &berlin)?; // Maundy Thursday
/// let eight_hours = Worked::from_ms(8 * 3_600_000);
/// let due = business.after(created, eight_hours).unwrap();
/// assert_eq!(origin.iso(due), "2026-04-07T16:10:00+02:00"); // Tuesday
/// assert_eq!(business.worked_between(created, due), eight_hours);
/// # Ok::<(), escalade::time::Misread>(())
/// ```
#[derive(Clone, Debug)]
pub struct Calendar(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Always,
    Table(Table),
}

impl Calendar {
    /// Open at every instant: `24x7`. Covers all instants.
    pub fn always() -> Calendar {
        Calendar(Kind::Always)
    }

    /// The opening hours of `zone` from seven days before the origin up to `until`.
    ///
    /// `until` is the end of the run, drain and longest target included: from [`Instant::START`] to a week before
    /// [`Instant::LAST`] (asserted).
    ///
    /// A holiday removes, whole, the intervals that open on that local date. A local time that does not exist is the
    /// first instant after the gap; one that exists twice opens at its first and closes at its second occurrence, so open
    /// time is elapsed time. Intervals that overlap or touch become one. Hours that never close, without holidays, are
    /// [`always`](Calendar::always).
    pub fn compile(zone: &Zone, hours: &WeeklyHours, holidays: &[Date], origin: &Origin, until: Instant) -> Calendar {
        let possible = Instant::START..=Instant::LAST - LEAD;
        assert!(possible.contains(&until), "a calendar ends within the run");
        if hours.is_always() && holidays.is_empty() {
            return Calendar::always();
        }
        let intervals = openings(zone, hours, holidays, origin, until);
        Calendar(Kind::Table(Table::new(Instant::START - LEAD, until, intervals)))
    }

    /// Is `instant` within the table? The methods that count panic if it is not.
    #[inline]
    pub fn covers(&self, instant: Instant) -> bool {
        match &self.0 {
            Kind::Always => true,
            Kind::Table(table) => table.covers(instant),
        }
    }

    /// Is the calendar open at `instant`? Intervals are half-open: open at 09:00, not at 17:00.
    ///
    /// Panics outside the table.
    #[inline]
    pub fn is_open(&self, instant: Instant) -> bool {
        match &self.0 {
            Kind::Always => true,
            Kind::Table(table) => table.stretch(instant).open <= instant.ms(),
        }
    }

    /// Open time up to `instant`, counted from the table's first instant (for `always`, from the start, and negative
    /// before it). Only differences of it mean anything.
    ///
    /// Panics outside the table.
    #[inline]
    pub fn worked_until(&self, instant: Instant) -> Worked {
        match &self.0 {
            Kind::Always => Worked::from_ms(instant.ms()),
            Kind::Table(table) => Worked::from_ms(table.worked_until(instant)),
        }
    }

    /// Open time from `from` to `until`, which is not before `from` (a `debug_assert`).
    ///
    /// Panics outside the table.
    #[inline]
    pub fn worked_between(&self, from: Instant, until: Instant) -> Worked {
        debug_assert!(from <= until);
        self.worked_until(until) - self.worked_until(from)
    }

    /// The first instant at which `amount` of open time has passed since `instant`; `instant` itself if `amount` is zero.
    ///
    /// Eight hours from 09:00 of a day that closes at 17:00 are over at 17:00, not at the next opening. `None` if
    /// `instant` or the answer lies outside the table: not within this run. `amount` is not negative (a `debug_assert`).
    #[inline]
    pub fn after(&self, instant: Instant, amount: Worked) -> Option<Instant> {
        debug_assert!(amount >= Worked::ZERO);
        match &self.0 {
            Kind::Always => {
                let at = instant.ms() + amount.ms();
                (at <= Instant::LAST.ms()).then(|| Instant::from_ms(at))
            }
            Kind::Table(table) => table.after(instant, amount.ms()),
        }
    }

    /// The first instant, `instant` included, at which the calendar is open. `None` if there is none in the table.
    #[inline]
    pub fn next_open(&self, instant: Instant) -> Option<Instant> {
        match &self.0 {
            Kind::Always => Some(instant),
            Kind::Table(table) => table.next_open(instant),
        }
    }

    /// The first instant after `instant` at which the calendar opens or closes. `None` if there is none before the
    /// table's end, which is no boundary itself.
    #[inline]
    pub fn next_boundary(&self, instant: Instant) -> Option<Instant> {
        match &self.0 {
            Kind::Always => None,
            Kind::Table(table) => table.next_boundary(instant),
        }
    }

    /// The open intervals `[from, until)` in order, cut to the table. None of them touch. For `always`, one from
    /// [`Instant::START`] to [`Instant::LAST`].
    pub fn intervals(&self) -> impl Iterator<Item = (Instant, Instant)> {
        let (always, table) = match &self.0 {
            Kind::Always => (Some((Instant::START, Instant::LAST)), None),
            Kind::Table(table) => (None, Some(table.intervals())),
        };
        always.into_iter().chain(table.into_iter().flatten())
    }
}

/// The intervals of opening hours as they are written, day by day: those that touch or overlap are not joined. Those of
/// [`Calendar::compile`], and some more around its table.
pub fn openings(
    zone: &Zone,
    hours: &WeeklyHours,
    holidays: &[Date],
    origin: &Origin,
    until: Instant,
) -> Vec<(Instant, Instant)> {
    let last = origin.local_in(zone, until).date.plus_days(DAYS_AROUND);
    let mut date = origin
        .local_in(zone, Instant::START - LEAD)
        .date
        .plus_days(-DAYS_AROUND);
    let mut intervals = Vec::new();
    while date <= last {
        if !holidays.contains(&date) {
            let opening = hours.on(date.weekday()).iter();
            intervals.extend(opening.map(|hours| lay_out(*hours, date, zone, origin)));
        }
        date = date.plus_days(1);
    }
    intervals
}

/// The interval that opens on `date`.
fn lay_out(hours: OpenHours, date: Date, zone: &Zone, origin: &Origin) -> (Instant, Instant) {
    let closes_on = if hours.crosses_midnight() {
        date.plus_days(1)
    } else {
        date
    };
    (
        origin.first(zone, date, hours.open()),
        origin.last(zone, closes_on, hours.close()),
    )
}

/// An open interval and the open time before it.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    open: i64,
    close: i64,
    before: i64,
}

#[derive(Clone, Debug)]
struct Table {
    from: i64,
    until: i64,
    /// All open time in the table.
    total: i64,
    /// In order and apart, then one that is never reached, so that no scan needs to look for the end.
    stretches: Vec<Stretch>,
    /// By elapsed time since `from`: the first stretch that closes after the slot's first instant.
    by_time: Slots,
    /// By open time: the first stretch at whose close the slot's first amount has passed.
    by_worked: Slots,
}

/// Far beyond every instant, and far enough from the ends of `i64` to be subtracted from.
const NEVER: i64 = i64::MAX / 4;

impl Table {
    /// Of intervals in any order, overlapping or empty, some of them outside.
    fn new(from: Instant, until: Instant, mut intervals: Vec<(Instant, Instant)>) -> Table {
        intervals.sort_unstable();
        let (from, until) = (from.ms(), until.ms());
        let mut stretches: Vec<Stretch> = Vec::with_capacity(intervals.len() + 1);
        for (open, close) in intervals {
            let (open, close) = (open.ms().max(from), close.ms().min(until));
            match stretches.last_mut() {
                _ if close <= open => {}
                Some(last) if open <= last.close => last.close = last.close.max(close),
                _ => stretches.push(Stretch { open, close, before: 0 }),
            }
        }
        let mut total = 0;
        for stretch in &mut stretches {
            stretch.before = total;
            total += stretch.close - stretch.open;
        }
        let by_time = Slots::new(until - from, stretches.iter().map(|stretch| stretch.close - from - 1));
        let by_worked = Slots::new(total, stretches.iter().map(|s| s.before + s.close - s.open));
        stretches.push(Stretch {
            open: NEVER,
            close: NEVER,
            before: total,
        });
        Table {
            from,
            until,
            total,
            stretches,
            by_time,
            by_worked,
        }
    }

    #[inline]
    fn covers(&self, instant: Instant) -> bool {
        self.from <= instant.ms() && instant.ms() <= self.until
    }

    /// The first stretch that closes after `instant`: the one it is in, or the next.
    #[inline]
    fn stretch(&self, instant: Instant) -> &Stretch {
        assert!(
            self.covers(instant),
            "an instant outside the calendar's table: compile it over a longer time"
        );
        let mut at = self.by_time.first(instant.ms() - self.from);
        while self.stretches[at].close <= instant.ms() {
            at += 1;
        }
        &self.stretches[at]
    }

    #[inline]
    fn worked_until(&self, instant: Instant) -> i64 {
        let stretch = self.stretch(instant);
        stretch.before + (instant.ms() - stretch.open).max(0)
    }

    #[inline]
    fn after(&self, instant: Instant, amount: i64) -> Option<Instant> {
        if !self.covers(instant) {
            return None;
        }
        if amount == 0 {
            return Some(instant);
        }
        let target = self.worked_until(instant) + amount;
        if target > self.total {
            return None;
        }
        let mut at = self.by_worked.first(target);
        while self.stretches[at + 1].before < target {
            at += 1;
        }
        let stretch = &self.stretches[at];
        Some(Instant::from_ms(stretch.open + (target - stretch.before)))
    }

    #[inline]
    fn next_open(&self, instant: Instant) -> Option<Instant> {
        let stretch = self.covers(instant).then(|| self.stretch(instant))?;
        let open = stretch.open.max(instant.ms());
        (open < self.until).then(|| Instant::from_ms(open))
    }

    #[inline]
    fn next_boundary(&self, instant: Instant) -> Option<Instant> {
        let stretch = self.covers(instant).then(|| self.stretch(instant))?;
        let boundary = if stretch.open > instant.ms() {
            stretch.open
        } else {
            stretch.close
        };
        (boundary < self.until).then(|| Instant::from_ms(boundary))
    }

    fn intervals(&self) -> impl Iterator<Item = (Instant, Instant)> {
        let real = &self.stretches[..self.stretches.len() - 1];
        real.iter()
            .map(|stretch| (Instant::from_ms(stretch.open), Instant::from_ms(stretch.close)))
    }
}

/// A coarse index over a sorted column: for a value from 0 to `span`, where to begin looking for the first key not below it.
#[derive(Clone, Debug)]
struct Slots {
    /// The width of a slot is `1 << shift` milliseconds, about a quarter of the mean distance of keys.
    shift: u32,
    first: Vec<u32>,
}

impl Slots {
    fn new(span: i64, keys: impl ExactSizeIterator<Item = i64>) -> Slots {
        let wanted = 4 * keys.len() as i64 + 1;
        let shift = (span / wanted).max(1).ilog2();
        let mut keys = keys.enumerate().peekable();
        let mut count = 0;
        let first = (0..=span >> shift).map(|slot| {
            while let Some((at, _)) = keys.next_if(|(_, key)| *key < slot << shift) {
                count = at + 1;
            }
            u32::try_from(count).expect("a run has fewer than 4 billion opening intervals")
        });
        Slots {
            shift,
            first: first.collect(),
        }
    }

    #[inline]
    fn first(&self, value: i64) -> usize {
        self.first[(value >> self.shift) as usize] as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    /// A desk somewhere, and its wall clock.
    struct Desk {
        zone: Zone,
        origin: Origin,
        calendar: Calendar,
    }

    fn desk(zone: &str, hours: &str, holidays: &[&str], from: &str, until: &str) -> Desk {
        let zone: Zone = zone.parse().expect(zone);
        let origin = Origin::read(from, &zone).expect(from);
        let holidays: Vec<Date> = holidays.iter().map(|date| date.parse().expect(date)).collect();
        let until = origin.read_instant(until, &zone).expect(until);
        let calendar = Calendar::compile(&zone, &hours.parse().expect(hours), &holidays, &origin, until);
        Desk { zone, origin, calendar }
    }

    fn berlin(hours: &str) -> Desk {
        desk(
            "Europe/Berlin",
            hours,
            &["2026-04-03", "2026-04-06"],
            "2026-01-01",
            "2028-01-01",
        )
    }

    impl Desk {
        fn at(&self, local: &str) -> Instant {
            self.origin.read_instant(local, &self.zone).expect(local)
        }

        fn hours_between(&self, from: &str, until: &str) -> f64 {
            self.calendar.worked_between(self.at(from), self.at(until)).secs_f64() / 3600.0
        }

        fn after(&self, from: &str, hours: f64) -> String {
            let amount = Worked::from_ms((hours * HOUR as f64) as i64);
            self.calendar
                .after(self.at(from), amount)
                .map_or("never".to_owned(), |at| self.origin.iso(at))
        }

        fn intervals(&self) -> Vec<String> {
            let iso = |at| self.origin.iso(at);
            self.calendar
                .intervals()
                .map(|(from, until)| format!("{} {}", iso(from), iso(until)))
                .collect()
        }
    }

    #[test]
    fn eight_business_hours_over_easter_are_due_on_tuesday() {
        assert_eq!(
            berlin("Mon-Fri 09:00-17:00").after("2026-04-02T16:10", 8.0),
            "2026-04-07T16:10:00+02:00"
        );
    }

    #[test]
    fn a_day_consumed_in_full_is_due_at_closing_not_at_the_next_opening() {
        let desk = berlin("Mon-Fri 09:00-17:00");
        assert_eq!(desk.after("2026-02-10T09:00", 8.0), "2026-02-10T17:00:00+01:00");
        assert_eq!(desk.after("2026-02-10T17:00", 0.0), "2026-02-10T17:00:00+01:00");
        assert_eq!(desk.after("2026-02-10T17:00", 1.0), "2026-02-11T10:00:00+01:00");
        assert_eq!(desk.after("2026-02-10T03:00", 1.0), "2026-02-10T10:00:00+01:00");
    }

    #[test]
    fn the_last_second_of_a_day_is_one_second() {
        let desk = berlin("Mon-Fri 09:00-17:00");
        assert_eq!(
            desk.hours_between("2026-02-10T16:59:59", "2026-02-11T09:00") * 3600.0,
            1.0
        );
    }

    #[test]
    fn a_day_is_open_at_its_opening_and_not_at_its_closing() {
        let desk = berlin("Mon-Fri 09:00-17:00");
        for (local, open) in [
            ("2026-02-10T08:59:59", false),
            ("2026-02-10T09:00", true),
            ("2026-02-10T16:59:59", true),
            ("2026-02-10T17:00", false),
            ("2026-02-14T12:00", false),
            ("2026-04-03T12:00", false),
        ] {
            assert_eq!(desk.calendar.is_open(desk.at(local)), open, "{local}");
        }
    }

    #[test]
    fn around_the_clock_four_hours_over_the_spring_change_end_at_half_past_five() {
        let mut desk = berlin("24x7");
        assert_eq!(desk.after("2026-03-29T00:30", 4.0), "2026-03-29T05:30:00+02:00");
        desk.calendar = Calendar::always();
        assert_eq!(desk.after("2026-03-29T00:30", 4.0), "2026-03-29T05:30:00+02:00");
    }

    #[test]
    fn an_interval_over_the_clock_change_is_an_hour_shorter_or_longer() {
        let desk = berlin("Sun 00:00-06:00");
        assert_eq!(desk.hours_between("2026-03-29", "2026-03-30"), 5.0);
        assert_eq!(desk.hours_between("2026-10-25", "2026-10-26"), 7.0);
        assert_eq!(desk.hours_between("2026-11-01", "2026-11-02"), 6.0);
    }

    #[test]
    fn a_missing_hour_opens_after_the_gap_and_a_repeated_one_counts_twice() {
        for (hours, date, next, open) in [
            ("Sun 02:30-05:00", "2026-03-29", "2026-03-30", 2.0),
            ("Sun 02:15-02:45", "2026-03-29", "2026-03-30", 0.0),
            ("Sun 01:00-02:30", "2026-10-25", "2026-10-26", 2.5),
            ("Sun 02:30-04:00", "2026-10-25", "2026-10-26", 2.5),
            ("Sun 02:30-02:45", "2026-10-25", "2026-10-26", 1.25),
        ] {
            assert_eq!(berlin(hours).hours_between(date, next), open, "{hours}");
        }
    }

    #[test]
    fn weeks_of_a_clock_change_hold_167_and_169_hours() {
        // One holiday far away keeps it a table.
        let desk = desk("Europe/Berlin", "24x7", &["2027-12-24"], "2026-01-01", "2028-01-01");
        assert!(matches!(desk.calendar.0, Kind::Table(_)));
        assert_eq!(desk.hours_between("2026-03-23", "2026-03-30"), 167.0);
        assert_eq!(desk.hours_between("2026-10-19", "2026-10-26"), 169.0);
        assert_eq!(desk.hours_between("2026-06-01", "2026-06-08"), 168.0);
        assert_eq!(desk.intervals().len(), 2);
    }

    #[test]
    fn a_night_belongs_to_the_day_it_opens_on_and_falls_with_its_holiday() {
        let desk = desk(
            "Europe/Berlin",
            "daily 22:00-06:00",
            &["2026-05-01"],
            "2026-04-27",
            "2026-05-04",
        );
        assert_eq!(desk.hours_between("2026-05-01", "2026-05-02"), 6.0); // Thursday's night ends, Friday's never begins
        assert_eq!(desk.hours_between("2026-05-02", "2026-05-03"), 2.0);
        assert_eq!(desk.after("2026-04-30T21:00", 9.0), "2026-05-02T23:00:00+02:00");
    }

    #[test]
    fn a_night_that_is_open_at_the_start_is_in_the_table() {
        let desk = desk(
            "Europe/Berlin",
            "Sun 22:00-06:00",
            &[],
            "2026-03-02T03:00",
            "2026-03-04",
        );
        assert!(desk.calendar.is_open(Instant::START));
        assert_eq!(desk.after("2026-03-02T03:00", 3.0), "2026-03-02T06:00:00+01:00");
        assert_eq!(desk.hours_between("2026-02-23T03:00", "2026-03-02T03:00"), 8.0); // the lead week, from its first instant
    }

    #[test]
    fn hours_that_overlap_or_touch_are_one_interval() {
        let desk = desk(
            "Europe/Berlin",
            "Mon 09:00-12:00, 11:00-13:00, 13:00-14:00, 09:30-10:00; Tue 09:00-10:00",
            &[],
            "2026-03-02",
            "2026-03-04",
        );
        assert_eq!(
            desk.intervals()[2..],
            [
                "2026-03-02T09:00:00+01:00 2026-03-02T14:00:00+01:00",
                "2026-03-03T09:00:00+01:00 2026-03-03T10:00:00+01:00",
            ]
        );
    }

    #[test]
    fn clock_changes_at_midnight_leave_no_hole() {
        for (zone, around) in [
            ("Asia/Beirut", ["2026-03-28", "2026-03-30"]),    // 00:00 becomes 01:00
            ("Asia/Beirut", ["2026-10-24", "2026-10-26"]),    // 24:00 becomes 23:00
            ("America/Havana", ["2026-10-31", "2026-11-02"]), // 01:00 becomes 00:00
            ("Pacific/Apia", ["2011-12-28", "2012-01-01"]),   // no 30th of December
        ] {
            let desk = desk(zone, "daily 00:00-24:00", &["2026-01-01"], around[0], around[1]);
            let all = (desk.at(around[1]) - desk.at(around[0])).secs_f64() / 3600.0;
            assert_eq!(desk.hours_between(around[0], around[1]), all, "{zone}");
            assert_eq!(desk.intervals().len(), 1, "{zone}");
        }
    }

    #[test]
    fn a_clock_set_back_over_midnight_loses_no_opening() {
        // At 00:01 on the 2nd of November 2008 clocks went back to 23:01 of the 1st: midnight came twice.
        let zone: Zone = "America/St_Johns".parse().expect("known");
        let origin = Origin::read("2008-11-01T23:30", &zone).expect("written here");
        let one_hour_on = Instant::from_ms(HOUR);
        assert_eq!(origin.iso(one_hour_on), "2008-11-01T23:30:00-03:30");
        let hours: WeeklyHours = "Sun 00:00-01:00".parse().expect("written here");
        let calendar = Calendar::compile(&zone, &hours, &[], &origin, one_hour_on);
        assert_eq!(calendar.worked_between(Instant::START, one_hour_on).ms(), HOUR / 2);
    }

    #[test]
    fn the_next_opening_and_the_next_boundary_are_found_over_weekends() {
        let desk = berlin("Mon-Fri 09:00-17:00");
        let friday = "2026-02-13";
        for (time, open, boundary) in [
            ("08:00", "2026-02-13T09:00:00+01:00", "2026-02-13T09:00:00+01:00"),
            ("09:00", "2026-02-13T09:00:00+01:00", "2026-02-13T17:00:00+01:00"),
            ("16:59", "2026-02-13T16:59:00+01:00", "2026-02-13T17:00:00+01:00"),
            ("17:00", "2026-02-16T09:00:00+01:00", "2026-02-16T09:00:00+01:00"),
        ] {
            let at = desk.at(&format!("{friday}T{time}"));
            assert_eq!(
                desk.calendar.next_open(at).map(|at| desk.origin.iso(at)).as_deref(),
                Some(open)
            );
            assert_eq!(
                desk.calendar.next_boundary(at).map(|at| desk.origin.iso(at)).as_deref(),
                Some(boundary)
            );
        }
    }

    #[test]
    fn outside_the_table_there_is_no_answer() {
        let desk = desk(
            "Europe/Berlin",
            "Mon-Fri 09:00-17:00",
            &[],
            "2026-03-02",
            "2026-03-04T12:00",
        );
        let (calendar, end) = (&desk.calendar, desk.at("2026-03-04T12:00"));
        let ms = Length::from_ms(1);
        for outside in [end + ms, Instant::START - LEAD - ms, Instant::LAST] {
            assert!(!calendar.covers(outside));
            assert_eq!(calendar.after(outside, Worked::ZERO), None);
            assert_eq!(calendar.next_open(outside), None);
            assert_eq!(calendar.next_boundary(outside), None);
        }
        let noon = Worked::from_ms(3 * HOUR);
        assert_eq!(calendar.after(desk.at("2026-03-04T09:00"), noon), Some(end));
        assert_eq!(
            calendar.after(desk.at("2026-03-04T09:00"), noon + Worked::from_ms(1)),
            None
        );
        assert_eq!(
            calendar.next_boundary(desk.at("2026-03-04T10:00")),
            None,
            "the table's end is not a closing"
        );
        assert_eq!(calendar.next_open(end), None);
    }

    #[test]
    #[should_panic(expected = "outside the calendar's table")]
    fn counting_beyond_the_table_is_refused() {
        let desk = desk("Europe/Berlin", "Mon-Fri 09:00-17:00", &[], "2026-03-02", "2026-03-04");
        desk.calendar.worked_until(desk.at("2026-03-05"));
    }

    #[test]
    fn a_desk_that_never_opens_has_no_work() {
        let desk = berlin("closed");
        assert_eq!(desk.hours_between("2026-01-01", "2027-01-01"), 0.0);
        assert_eq!(desk.calendar.next_open(Instant::START), None);
        assert_eq!(desk.calendar.next_boundary(Instant::START), None);
        assert_eq!(desk.after("2026-01-01", 1.0), "never");
    }

    #[test]
    fn a_table_reaches_as_far_as_an_instant() {
        let zone: Zone = "Europe/Berlin".parse().expect("known");
        let origin = Origin::read("2200-12-31", &zone).expect("written here");
        let hours: WeeklyHours = "Sun 00:00-06:00".parse().expect("written here");
        let end = Instant::LAST - LEAD;
        let calendar = Calendar::compile(&zone, &hours, &[], &origin, end);
        assert_eq!(calendar.after(end, Worked::ZERO), Some(end));
        assert!(calendar.worked_until(end) > Worked::from_ms(230_000 * 6 * HOUR));
    }

    #[test]
    fn always_is_elapsed_time() {
        let always = Calendar::always();
        let (a, b) = (Instant::from_ms(-5), Instant::from_ms(7));
        assert_eq!(always.worked_between(a, b), Worked::from_ms(12));
        assert_eq!(always.after(a, Worked::from_ms(12)), Some(b));
        assert_eq!(always.after(Instant::LAST, Worked::from_ms(1)), None);
        assert_eq!(always.next_open(a), Some(a));
        assert_eq!(always.next_boundary(a), None);
        assert_eq!(
            always.intervals().collect::<Vec<_>>(),
            [(Instant::START, Instant::LAST)]
        );
    }

    /// Odd steps through a year and a half, so that all hours and both clock changes are met.
    fn some_instants() -> impl Iterator<Item = Instant> {
        (-3..1_500).map(|n| Instant::from_ms(n * 31_234_567 + n * n % 1_009))
    }

    const SOME_HOURS: [&str; 5] = [
        "Mon-Fri 09:00-17:00",
        "Mon-Fri 08:00-12:30, 13:30-16:45; Sat 22:00-06:00",
        "Sun 00:00-06:00",
        "daily 22:00-06:00",
        "Wed 12:00-12:01",
    ];

    #[test]
    fn open_time_counted_and_laid_out_again_ends_at_the_same_instant() {
        for hours in SOME_HOURS {
            let calendar = berlin(hours).calendar;
            for start in some_instants() {
                for end in [1, 12_345, 47 * HOUR + 1, 40 * 24 * HOUR + 77].map(|ms| start + Length::from_ms(ms)) {
                    let worked = calendar.worked_between(start, end);
                    let back = calendar.after(start, worked).expect("within the table");
                    assert!(back <= end);
                    assert_eq!(calendar.worked_between(start, back), worked);
                    if calendar.is_open(end) {
                        assert_eq!(back, end, "{hours}");
                    }
                }
            }
        }
    }

    #[test]
    fn open_time_only_grows_and_adds_up() {
        for hours in SOME_HOURS {
            let calendar = berlin(hours).calendar;
            let instants: Vec<Instant> = some_instants().collect();
            for three in instants.windows(3) {
                let [a, b, c] = [three[0], three[1], three[2]];
                let (ab, bc) = (calendar.worked_between(a, b), calendar.worked_between(b, c));
                assert_eq!(ab + bc, calendar.worked_between(a, c));
                assert!(ab >= Worked::ZERO && ab.ms() <= (b - a).ms());
            }
        }
    }

    #[test]
    fn the_index_agrees_with_looking_at_every_interval() {
        for hours in SOME_HOURS {
            let desk = berlin(hours);
            let (calendar, until) = (&desk.calendar, desk.at("2028-01-01"));
            let intervals: Vec<(Instant, Instant)> = calendar.intervals().collect();
            let edges = intervals.iter().flat_map(|(from, until)| [*from, *until]);
            let near = edges.flat_map(|edge| [-1, 0, 1].map(|ms| edge + Length::from_ms(ms)));
            for at in some_instants().chain(near).filter(|at| calendar.covers(*at)) {
                let open = intervals.iter().any(|(from, until)| *from <= at && at < *until);
                let worked: i64 = intervals
                    .iter()
                    .map(|(from, until)| (at.min(*until) - *from).ms().max(0))
                    .sum();
                let boundary = intervals
                    .iter()
                    .flat_map(|(from, until)| [*from, *until])
                    .find(|edge| *edge > at);
                assert_eq!(calendar.is_open(at), open);
                assert_eq!(calendar.worked_until(at).ms(), worked);
                assert_eq!(calendar.next_boundary(at), boundary.filter(|edge| *edge < until));
            }
        }
    }
}
