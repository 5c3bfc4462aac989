//! Means of replication values: Welford's accumulator, Student's interval, and how many replications would be enough.
//!
//! For values of which each replication gives one: a backlog's time average, a cost, a maximum. *Not* for means over
//! observations (a mean resolution time) nor for shares: those are ratios of sums, in [`ratio`](super::ratio), as a mean of
//! replication means would give quiet replications too much weight.

use super::interval::{Confidence, Interval, degrees};
use super::special::chi_square_quantile;

/// Count, mean and variance of a stream of numbers by Welford's (1962) update, which subtracts no large squares.
///
/// The result depends (in the last bits) on the order of `add`: feed it in replication order.
///
/// ```
/// use escalade::stats::{Confidence, mean::Moments};
/// let backlog: Moments = [12.1, 9.8, 11.4, 10.7].into_iter().collect();
/// assert_eq!(backlog.count(), 4);
/// assert!((backlog.mean().unwrap() - 11.0).abs() < 1e-12);
/// assert!(backlog.interval(Confidence::P95).unwrap().contains(11.4));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moments {
    count: usize,
    mean: f64,
    squares: f64,
}

impl Moments {
    /// Of nothing yet.
    pub fn new() -> Self {
        Moments::default()
    }

    /// Takes in one value, finite and below 1e150 in size.
    pub fn add(&mut self, value: f64) {
        self.count += 1;
        let before = value - self.mean;
        self.mean += before / self.count as f64;
        self.squares += before * (value - self.mean);
    }

    /// How many values were taken in.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The mean; none of nothing.
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then_some(self.mean)
    }

    /// s² with the divisor n − 1; none of fewer than two values.
    pub fn variance(&self) -> Option<f64> {
        degrees(self.count).map(|df| self.squares / df)
    }

    /// s = √s²; none of fewer than two values.
    pub fn sd(&self) -> Option<f64> {
        self.variance().map(f64::sqrt)
    }

    /// s / √n; none of fewer than two values.
    pub fn standard_error(&self) -> Option<f64> {
        self.sd().map(|sd| sd / (self.count as f64).sqrt())
    }

    /// Student's interval `mean ± t_{1−α/2, n−1} s/√n`; none of fewer than two values.
    ///
    /// Nominal for normal values; for skewed ones take 30 replications or more.
    pub fn interval(&self, confidence: Confidence) -> Option<Interval> {
        let df = degrees(self.count)?;
        Some(Interval::symmetric(
            self.mean,
            confidence.t(df) * self.standard_error()?,
        ))
    }
}

impl Extend<f64> for Moments {
    fn extend<I: IntoIterator<Item = f64>>(&mut self, values: I) {
        for value in values {
            self.add(value);
        }
    }
}

impl FromIterator<f64> for Moments {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let mut moments = Moments::new();
        moments.extend(values);
        moments
    }
}

impl<'a> FromIterator<&'a f64> for Moments {
    fn from_iter<I: IntoIterator<Item = &'a f64>>(values: I) -> Self {
        values.into_iter().copied().collect()
    }
}

/// Student's interval of the mean of replication values, as [`Moments::interval`]; none of fewer than two.
///
/// ```
/// use escalade::stats::{Confidence, mean::mean_interval};
/// let interval = mean_interval(&[1.0, 3.0], Confidence::P95).unwrap();
/// assert!((interval.half_width() - 12.706204736174694).abs() < 1e-9);
/// ```
pub fn mean_interval(values: &[f64], confidence: Confidence) -> Option<Interval> {
    values.iter().collect::<Moments>().interval(confidence)
}

/// Sample skewness `m₃ / m₂^{3/2}` (divisor n); none of fewer than three values or of values that are all equal.
///
/// A warning light for early stopping: above 2 in size, Student's interval covers less than it says.
pub fn skewness(values: &[f64]) -> Option<f64> {
    let centre = values.iter().collect::<Moments>().mean()?;
    let size = values.iter().map(|x| (x - centre).abs()).fold(0.0, f64::max);
    if values.len() < 3 || size <= 0.0 {
        return None;
    }
    // Scaled by the largest deviation: third powers neither overflow nor vanish.
    let (mut second, mut third) = (0.0, 0.0);
    for x in values {
        let d = (x - centre) / size;
        second += d * d;
        third += d * d * d;
    }
    let n = values.len() as f64;
    Some((third / n) / ((second / n) * (second / n).sqrt()))
}

/// The least number of replications n ≥ 2 with `t_{1−α/2, n−1} sd/√n ≤ half_width`.
///
/// `sd` ≥ 0 is the standard deviation of one replication's value (for a ratio, √R times its standard error). None when
/// `half_width` ≤ 0 or more than 1e15 would be needed.
///
/// ```
/// use escalade::stats::{Confidence, mean::replications_needed};
/// assert_eq!(replications_needed(1.0, 0.5, Confidence::P95), Some(18));
/// ```
pub fn replications_needed(sd: f64, half_width: f64, confidence: Confidence) -> Option<u64> {
    if half_width.is_nan() || half_width <= 0.0 {
        return None;
    }
    least_enough(|n| confidence.t(n - 1.0) * sd / n.sqrt() <= half_width)
}

/// The least n ≥ 2 that is `enough`, which is false and then true; none below 1e15.
pub(super) fn least_enough(enough: impl Fn(f64) -> bool) -> Option<u64> {
    let enough = |n: u64| enough(n as f64);
    let mut high = 2;
    while !enough(high) {
        high = (high < 1_u64 << 50).then_some(2 * high)?;
    }
    let mut low = high / 2;
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if enough(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    Some(high.max(2))
}

/// An upper figure for a standard deviation estimated from `replications` ≥ 2 normal values: `sd √((R−1)/χ²_{.10, R−1})`,
/// exceeded by the true one with probability 0.1. For a prudent projection of [`replications_needed`].
pub fn prudent_sd(sd: f64, replications: usize) -> Option<f64> {
    let df = degrees(replications)?;
    Some(sd * (df / chi_square_quantile(0.10, df)).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::testing::{Draws, assert_close, assert_printed};

    const METHODS: [f64; 10] = [12.1, 9.8, 11.4, 10.7, 13.0, 9.9, 12.6, 11.1, 10.2, 11.8];
    const L1: [f64; 12] = [41.5, 38.2, 44.0, 40.7, 39.9, 45.3, 42.8, 37.6, 43.1, 41.0, 40.2, 44.7];

    #[test]
    fn students_interval_is_that_of_methods_10_1() {
        let moments: Moments = METHODS.iter().collect();
        assert_printed(moments.mean().unwrap(), 11.26);
        assert_printed(moments.sd().unwrap(), 1.119_722_187_8);
        assert_printed(Confidence::P95.t(9.0), 2.262_157_162_8);
        let half = moments.interval(Confidence::P95).unwrap().half_width();
        assert_printed(half, 0.801_000_999_8);
    }

    #[test]
    fn students_interval_is_that_of_vector_l1() {
        let moments: Moments = L1.iter().collect();
        assert_close(moments.mean().unwrap(), 41.58333333333, 1e-9);
        assert_close(moments.sd().unwrap(), 2.45572923194, 1e-9);
        assert_close(moments.standard_error().unwrap(), 0.7089079665588, 1e-9);
        let interval = mean_interval(&L1, Confidence::P95).unwrap();
        assert_close(interval.half_width(), 1.560295914267, 1e-9);
        assert_close(interval.low, 40.02303741907, 1e-9);
        assert_close(interval.high, 43.1436292476, 1e-9);
    }

    #[test]
    fn two_replications_have_a_wide_interval_and_one_has_none() {
        let interval = mean_interval(&[1.0, 2.0], Confidence::P95).unwrap();
        assert_close(interval.half_width(), 12.706_204_736_174_7 * 0.5, 1e-12);
        assert_eq!(mean_interval(&[1.0], Confidence::P95), None);
        assert_eq!(mean_interval(&[], Confidence::P95), None);
        assert_eq!(Moments::new().mean(), None);
    }

    #[test]
    fn the_order_of_replications_does_not_matter() {
        let mut draws = Draws::seeded();
        let expected = mean_interval(&L1, Confidence::P95).unwrap();
        for _ in 0..50 {
            let found = mean_interval(&draws.shuffled(&L1), Confidence::P95).unwrap();
            assert_close(found.low, expected.low, 1e-13);
            assert_close(found.high, expected.high, 1e-13);
        }
    }

    #[test]
    fn a_mean_moves_with_its_unit_and_its_origin() {
        let moved: Vec<f64> = L1.iter().map(|x| 60.0 * x - 7.0).collect();
        let (before, after) = (
            mean_interval(&L1, Confidence::P95).unwrap(),
            mean_interval(&moved, Confidence::P95).unwrap(),
        );
        assert_close(after.estimate, 60.0 * before.estimate - 7.0, 1e-13);
        assert_close(after.low, 60.0 * before.low - 7.0, 1e-13);
        assert_close(after.high, 60.0 * before.high - 7.0, 1e-13);
    }

    #[test]
    fn constant_replications_have_an_interval_of_no_width() {
        let interval = mean_interval(&[0.1; 7], Confidence::P95).unwrap();
        assert_eq!(interval, Interval::symmetric(0.1, 0.0));
        assert_eq!(skewness(&[0.1; 7]), None);
    }

    #[test]
    fn extreme_finite_values_give_no_nan() {
        for values in [[1e149, -1e149, 3e149], [1e-300, -1e-300, 0.0], [1e149, 0.0, 1e-300]] {
            let interval = mean_interval(&values, Confidence::P99).unwrap();
            assert!(!interval.estimate.is_nan() && !interval.low.is_nan() && !interval.high.is_nan());
            assert!(skewness(&values).is_some_and(|skew| !skew.is_nan()));
        }
    }

    #[test]
    fn skewness_is_zero_for_a_symmetric_row_and_positive_for_a_long_right_tail() {
        assert_close(skewness(&[1.0, 2.0, 3.0]).unwrap(), 0.0, 1e-15);
        // 0, 0, 0, 1: p = 1/4, (1 − 2p)/√(p(1 − p))
        assert_close(skewness(&[0.0, 0.0, 0.0, 1.0]).unwrap(), 1.154_700_538_379_25, 1e-13);
    }

    #[test]
    fn the_projection_of_replications_is_that_of_methods_2() {
        let sd = 0.9 * 32_f64.sqrt() / Confidence::P95.t(31.0);
        assert_eq!(replications_needed(sd, 0.2, Confidence::P95), Some(601));
        let prudent = prudent_sd(sd, 32).unwrap();
        // methods.md prints 866, which is this with z for t; its own formula gives 868 (mpmath: 867.96).
        assert_eq!(replications_needed(prudent, 0.2, Confidence::P95), Some(868));
    }

    #[test]
    fn a_projection_is_the_least_number_that_is_enough() {
        for (sd, half) in [(1.0, 0.5), (3.0, 0.1), (0.2, 1.0), (5.0, 4.9)] {
            let n = replications_needed(sd, half, Confidence::P95).unwrap();
            let width = |n: u64| Confidence::P95.t(n as f64 - 1.0) * sd / (n as f64).sqrt();
            assert!(width(n) <= half);
            assert!(n == 2 || width(n - 1) > half);
        }
    }

    #[test]
    fn no_precision_at_all_cannot_be_projected() {
        assert_eq!(replications_needed(1.0, 0.0, Confidence::P95), None);
        assert_eq!(replications_needed(1.0, 1e-12, Confidence::P95), None);
        assert_eq!(replications_needed(0.0, 0.1, Confidence::P95), Some(2));
    }
}
