//! Numbers as people read them: shares in percent, durations as `12m` or `1h 05m`, each with its half-width.
//!
//! Rounding follows the half-width: a digit that the interval does not support is not shown. A figure is never without its
//! interval: where none can be given it says so. The exact numbers are in the files.

use crate::experiment::tables::{ComparisonRow, SummaryRow};
use crate::scenario::words::in_thousands;

/// What a metric is measured in, and so how it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// A share, shown in percent.
    Percent,
    /// Seconds, shown as a duration.
    Seconds,
    /// A plain number, such as a count per ticket.
    Plain,
    /// An amount of money, its thousands apart.
    Money,
}

/// An estimate, or a difference of two, with the ends of its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Estimate {
    pub value: f64,
    pub interval: Option<(f64, f64)>,
}

impl Estimate {
    /// The estimate of a summary row; `None` if there was nothing to observe.
    pub fn of(row: &SummaryRow) -> Option<Estimate> {
        Estimate::new(row.estimate, row.low, row.high)
    }

    /// The difference of a comparison row.
    pub fn of_difference(row: &ComparisonRow) -> Option<Estimate> {
        Estimate::new(row.difference, row.low, row.high)
    }

    fn new(value: Option<f64>, low: Option<f64>, high: Option<f64>) -> Option<Estimate> {
        let finite = |number: Option<f64>| number.filter(|number| number.is_finite());
        Some(Estimate {
            value: finite(value)?,
            interval: finite(low).zip(finite(high)),
        })
    }

    /// Half the length of the interval.
    pub fn half(&self) -> Option<f64> {
        self.interval.map(|(low, high)| (high - low) / 2.0)
    }

    /// So few were seen (or so nearly all) that `±` would reach beyond what a share, a time or a number can be: then the
    /// interval's other end says more. With its sign.
    fn far_end(&self, unit: Unit) -> Option<(char, f64)> {
        let half = self.half().filter(|half| *half > 0.0)?;
        match self.interval? {
            (low, high) if low >= 0.0 && self.value < half => Some(('≤', high)),
            (low, high) if unit == Unit::Percent && high <= 1.0 && self.value + half > 1.0 => Some(('≥', low)),
            _ => None,
        }
    }

    /// Whether the interval excludes zero although `±` would include it: it is lopsided.
    fn lopsided(&self) -> Option<(f64, f64)> {
        let (half, (low, high)) = (self.half()?, self.interval?);
        ((low > 0.0 || high < 0.0) && self.value.abs() <= half).then_some((low, high))
    }
}

/// A figure in two parts, so that a column can align both: `4.2` and `±0.3`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Figure {
    pub value: String,
    pub spread: String,
}

/// Stands where there was nothing to observe.
pub(super) const NOTHING: &str = "–";

/// Stands for the half-width where no interval can be given.
pub(super) const UNKNOWN: &str = "±?";

/// How a column of estimates of one unit is written: with digits enough for its most precise one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Format {
    unit: Unit,
    decimals: usize,
}

impl Format {
    /// For the estimates of one column.
    pub fn of(unit: Unit, estimates: impl IntoIterator<Item = Estimate>) -> Format {
        let most = if matches!(unit, Unit::Percent | Unit::Money) {
            2
        } else {
            3
        };
        Format::with_at_most(most, unit, estimates)
    }

    /// For a difference, which may be small however large what it is between.
    pub fn of_difference(unit: Unit, difference: Estimate) -> Format {
        Format::with_at_most(6, unit, [difference])
    }

    fn with_at_most(most: usize, unit: Unit, estimates: impl IntoIterator<Item = Estimate>) -> Format {
        let least = match unit {
            Unit::Percent => 1,
            Unit::Money => 0,
            Unit::Seconds | Unit::Plain => 2,
        };
        let halves = estimates
            .into_iter()
            .filter_map(|estimate| estimate.half())
            .map(|half| scale(unit, half));
        let finest = halves.filter(|half| *half > 0.0).fold(f64::INFINITY, f64::min);
        let shown = |decimals: &usize| finest * 10_f64.powi(*decimals as i32) >= 0.95;
        let decimals = (least..most)
            .find(shown)
            .unwrap_or(if finest.is_finite() { most } else { least });
        Format { unit, decimals }
    }

    /// `4.2 ±0.3`, in parts.
    pub fn figure(self, estimate: Option<Estimate>) -> Figure {
        let Some(estimate) = estimate else {
            return Figure {
                value: NOTHING.to_owned(),
                spread: String::new(),
            };
        };
        if let Some((sign, end)) = estimate.far_end(self.unit) {
            let is_whole = estimate.value == 0.0 || estimate.value == 1.0;
            return Figure {
                value: match self.unit {
                    Unit::Percent if is_whole => format!("{:.0}", estimate.value * 100.0),
                    _ => self.value(estimate),
                },
                spread: format!("{sign}{}", self.bound(sign, end)),
            };
        }
        Figure {
            value: self.value(estimate),
            spread: estimate
                .half()
                .map_or(UNKNOWN.to_owned(), |half| format!("±{}", self.half(half))),
        }
    }

    /// `−2.1 ±0.4`: a difference in one piece, its sign always shown; percent become percentage points. Where the interval
    /// is so lopsided that `±` would be wrong, its ends: `+0.07 [+0.01, +0.45]`.
    pub fn difference(self, difference: Estimate) -> String {
        if let Some((low, high)) = difference.lopsided() {
            let ends = [low, high].map(|end| Estimate {
                value: end,
                interval: Some((0.0, end)),
            });
            let finest = Format::with_at_most(6, self.unit, ends);
            let [low, high] = ends.map(|end| finest.signed(end));
            return format!("{} [{low}, {high}]", finest.signed(difference));
        }
        let spread = difference
            .half()
            .map_or(UNKNOWN.to_owned(), |half| format!("±{}", self.half(half)));
        format!("{} {spread}", self.signed(difference))
    }

    fn signed(self, difference: Estimate) -> String {
        let sign = if difference.value < 0.0 { '−' } else { '+' };
        let size = Estimate {
            value: difference.value.abs(),
            interval: difference.interval,
        };
        format!("{sign}{}", self.value(size))
    }

    fn value(self, estimate: Estimate) -> String {
        match self.unit {
            Unit::Seconds => duration(estimate.value, estimate.half().unwrap_or(0.0)),
            Unit::Money => apart(&format!("{:.*}", self.decimals, estimate.value)),
            unit => format!("{:.*}", self.decimals, scale(unit, estimate.value)),
        }
    }

    fn half(self, half: f64) -> String {
        match self.unit {
            Unit::Seconds => rough_duration(half),
            Unit::Money => apart(&self.at_least(half)),
            unit => self.at_least(scale(unit, half)),
        }
    }

    /// A number above 0 is never written as 0.
    fn at_least(self, number: f64) -> String {
        let smallest = 0.1_f64.powi(self.decimals as i32);
        match number > 0.0 && number < smallest / 2.0 {
            true => format!("<{smallest:.*}", self.decimals),
            false => format!("{number:.*}", self.decimals),
        }
    }

    /// An end of an interval, rounded to the safe side; of a time as roughly as a half-width.
    fn bound(self, sign: char, bound: f64) -> String {
        if self.unit == Unit::Seconds {
            return rough_duration(bound);
        }
        let power = 10_f64.powi(self.decimals as i32);
        let scaled = scale(self.unit, bound) * power;
        let safe = if sign == '≤' { scaled.ceil() } else { scaled.floor() };
        let text = format!("{:.*}", self.decimals, safe / power);
        match self.unit {
            Unit::Money => apart(&text),
            _ => text,
        }
    }
}

fn scale(unit: Unit, number: f64) -> f64 {
    match unit {
        Unit::Percent => number * 100.0,
        Unit::Seconds | Unit::Plain | Unit::Money => number,
    }
}

const MINUTE: f64 = 60.0;
const HOUR: f64 = 60.0 * MINUTE;
const DAY: f64 = 24.0 * HOUR;

/// Seconds as people write a length of time, no finer than `grain` seconds allow: `4.2s`, `42s`, `4.2m`, `12m`, `1h 05m`,
/// `14.3h`, `2.3d`, `12d`.
pub(super) fn duration(seconds: f64, grain: f64) -> String {
    let sign = if seconds < 0.0 { "−" } else { "" };
    let size = seconds.abs();
    let text = match size {
        _ if size < MINUTE => in_unit(size, 1.0, "s", grain),
        _ if size < 59.95 * MINUTE => in_unit(size, MINUTE, "m", grain),
        _ if size < 10.0 * HOUR => hours_and_minutes(size),
        _ if size < 47.95 * HOUR => format!("{:.1}h", size / HOUR),
        _ if size < 100.0 * DAY => format!("{:.1}d", size / DAY),
        _ => format!("{:.0}d", size / DAY),
    };
    format!("{sign}{text}")
}

/// With one decimal where it is below 10 or the grain is below half a unit.
fn in_unit(size: f64, unit: f64, name: &str, grain: f64) -> String {
    let number = size / unit;
    let fine = number < 9.95 || (grain > 0.0 && grain < unit / 2.0);
    match fine && number != 0.0 {
        true => format!("{number:.1}{name}"),
        false => format!("{number:.0}{name}"),
    }
}

fn hours_and_minutes(size: f64) -> String {
    let minutes = (size / MINUTE).round();
    format!("{:.0}h {:02.0}m", (minutes / 60.0).floor(), minutes % 60.0)
}

/// Seconds in one unit and at most two or three digits, for half-widths: `0.4s`, `18s`, `4.2m`, `12m`, `1.1h`, `2.3d`.
fn rough_duration(seconds: f64) -> String {
    let (unit, name) = match seconds {
        _ if seconds < 99.5 => (1.0, "s"),
        _ if seconds < 99.5 * MINUTE => (MINUTE, "m"),
        _ if seconds < 99.5 * HOUR => (HOUR, "h"),
        _ => (DAY, "d"),
    };
    let number = seconds / unit;
    match number {
        0.0 => "0s".to_owned(),
        _ if number < 0.05 => format!("<0.1{name}"),
        _ if number < 9.95 => format!("{number:.1}{name}"),
        _ => format!("{number:.0}{name}"),
    }
}

/// A count with its thousands apart: `1,234,567`.
pub(super) fn count(number: u64) -> String {
    apart(&number.to_string())
}

/// The thousands of the first number in a text apart.
fn apart(number: &str) -> String {
    let is_digit = |c: char| c.is_ascii_digit();
    let from = number.find(is_digit).unwrap_or(number.len());
    let until = number[from..]
        .find(|c| !is_digit(c))
        .map_or(number.len(), |end| from + end);
    format!(
        "{}{}{}",
        &number[..from],
        in_thousands(&number[from..until]),
        &number[until..]
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn estimate(value: f64, low: f64, high: f64) -> Estimate {
        Estimate {
            value,
            interval: Some((low, high)),
        }
    }

    fn check(unit: Unit, value: f64, low: f64, high: f64, expected: &str) {
        let one = estimate(value, low, high);
        let figure = Format::of(unit, [one]).figure(Some(one));
        assert_eq!(format!("{} {}", figure.value, figure.spread), expected);
    }

    #[test]
    fn a_share_is_written_in_percent_with_the_digits_that_its_interval_supports() {
        check(Unit::Percent, 0.042, 0.039, 0.045, "4.2 ±0.3");
        check(Unit::Percent, 0.042, 0.0415, 0.0425, "4.20 ±0.05");
        check(Unit::Percent, 0.5, 0.3, 0.7, "50.0 ±20.0");
        check(Unit::Percent, 0.042, 0.041_999_9, 0.042_000_1, "4.20 ±<0.01");
        check(Unit::Percent, 0.042, 0.042, 0.042, "4.2 ±0.0");
    }

    #[test]
    fn none_seen_is_a_bound_and_not_zero_plus_or_minus() {
        check(Unit::Percent, 0.0, 0.0, 0.002_19, "0 ≤0.3");
        check(Unit::Percent, 0.0, 0.0, 0.000_8, "0 ≤0.08");
        check(Unit::Percent, 1.0, 0.997, 1.0, "100 ≥99.7");
        check(Unit::Percent, 0.0, 0.0, 0.0, "0.0 ±0.0");
        // Two seen of 7,919: half of the interval is more than the estimate.
        check(Unit::Percent, 0.000_253, 0.000_041, 0.001_569, "0.03 ≤0.16");
        check(Unit::Seconds, 0.0, 0.0, 21.0, "0s ≤21s");
        check(Unit::Seconds, 644.0, 0.0, 5_400.0, "11m ≤90m");
        check(Unit::Seconds, 0.0, 0.0, 0.0, "0s ±0s");
        check(Unit::Plain, 0.3, 0.0, 1.21, "0.30 ≤1.21");
        check(Unit::Money, 120.0, 0.0, 1_200.5, "120 ≤1,201");
    }

    #[test]
    fn durations_are_written_as_people_do() {
        for (seconds, grain, text) in [
            (0.0, 1.0, "0s"),
            (4.23, 0.1, "4.2s"),
            (42.4, 1.0, "42s"),
            (42.4, 0.2, "42.4s"),
            (252.0, 60.0, "4.2m"),
            (720.0, 60.0, "12m"),
            (744.0, 10.0, "12.4m"),
            (3_599.0, 60.0, "1h 00m"),
            (3_900.0, 10.0, "1h 05m"),
            (35_999.0, 10.0, "10h 00m"),
            (51_480.0, 10.0, "14.3h"),
            (198_720.0, 10.0, "2.3d"),
            (1e7, 10.0, "116d"),
            (-3_900.0, 10.0, "−1h 05m"),
        ] {
            assert_eq!(duration(seconds, grain), text, "{seconds}");
        }
    }

    #[test]
    fn half_widths_of_durations_are_rough() {
        for (seconds, text) in [
            (0.0, "0s"),
            (0.01, "<0.1s"),
            (0.4, "0.4s"),
            (18.2, "18s"),
            (65.0, "65s"),
            (252.0, "4.2m"),
            (3_960.0, "66m"),
            (7_200.0, "2.0h"),
            (864_000.0, "10d"),
        ] {
            assert_eq!(rough_duration(seconds), text, "{seconds}");
        }
    }

    #[test]
    fn a_difference_shows_its_sign_and_half_width() {
        let write = |unit, value, low, high| {
            let difference = estimate(value, low, high);
            Format::of_difference(unit, difference).difference(difference)
        };
        assert_eq!(write(Unit::Percent, -0.021, -0.025, -0.017), "−2.1 ±0.4");
        assert_eq!(write(Unit::Plain, 0.000_03, 0.000_02, 0.000_04), "+0.00003 ±0.00001");
        assert_eq!(write(Unit::Percent, 0.021, 0.017, 0.025), "+2.1 ±0.4");
        assert_eq!(write(Unit::Seconds, -3_900.0, -4_000.0, -3_800.0), "−1h 05m ±1.7m");
    }

    #[test]
    fn without_an_interval_the_figure_says_so() {
        let alone = Estimate {
            value: 0.042,
            interval: None,
        };
        assert_eq!(Format::of(Unit::Percent, [alone]).figure(Some(alone)).spread, "±?");
        assert_eq!(Format::of(Unit::Percent, [alone]).figure(None).value, "–");
    }

    #[test]
    fn money_has_its_thousands_apart_and_no_digit_that_nobody_can_know() {
        check(Unit::Money, 91_234.4, 91_134.0, 91_334.8, "91,234 ±100");
        check(Unit::Money, 14.237, 14.2, 14.274, "14.24 ±0.04");
        check(Unit::Money, 0.0, 0.0, 0.0, "0 ±0");
    }

    #[test]
    fn counts_have_their_thousands_apart() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(count(number), text);
        }
    }
}
