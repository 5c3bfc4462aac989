//! What an answer looks like: an estimate, a bound on either side, and the confidence at which they were computed.
//!
//! An interval is a pair of bounds, not "estimate ± h": the good ones for rates are lopsided. A bound may be infinite (an
//! order-statistics interval of few values is open above), it is never NaN. Where there is no interval, there is no
//! `Interval`: functions return `Option<Interval>`.

use super::special::{normal_quantile, t_quantile};
use std::ops::RangeInclusive;

/// An estimate between two bounds: `low ≤ estimate ≤ high`, all in the unit of the estimate.
///
/// ```
/// use escalade::stats::Interval;
/// let breach_rate = Interval { estimate: 0.054, low: 0.041, high: 0.072 };
/// assert!(breach_rate.contains(0.05) && !breach_rate.contains(0.08));
/// assert!((breach_rate.wider_side() - 0.018).abs() < 1e-12);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// What the data say.
    pub estimate: f64,
    /// The lower bound, −∞ if open.
    pub low: f64,
    /// The upper bound, +∞ if open.
    pub high: f64,
}

impl Interval {
    /// `estimate` ± `half_width` (≥ 0).
    pub fn symmetric(estimate: f64, half_width: f64) -> Self {
        Interval {
            estimate,
            low: estimate - half_width,
            high: estimate + half_width,
        }
    }

    /// Half of `high − low`.
    pub fn half_width(&self) -> f64 {
        0.5 * (self.high - self.low)
    }

    /// The distance from the estimate to the farther bound: what a precision target is held against.
    pub fn wider_side(&self) -> f64 {
        (self.high - self.estimate).max(self.estimate - self.low)
    }

    /// The bounds as far as they lie in the range of values that the quantity can have: what is cut off holds nothing that could be
    /// true, so the interval covers as often as before. The estimate stays in between.
    ///
    /// ```
    /// use escalade::stats::Interval;
    /// let share = Interval::symmetric(0.02, 0.05).within(0.0..=1.0);
    /// assert_eq!((share.low, share.high), (0.0, 0.07));
    /// ```
    pub fn within(&self, range: RangeInclusive<f64>) -> Self {
        Interval {
            estimate: self.estimate,
            low: self.low.max(*range.start()).min(self.estimate),
            high: self.high.min(*range.end()).max(self.estimate),
        }
    }

    /// Whether `low ≤ value ≤ high`.
    pub fn contains(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    /// The interval of the negated quantity: a difference read the other way round.
    pub fn negated(&self) -> Self {
        Interval {
            estimate: -self.estimate,
            low: -self.high,
            high: -self.low,
        }
    }
}

/// How sure an interval is to be: 1 − α, held as α so that 95 % is exactly 0.05.
///
/// ```
/// use escalade::stats::Confidence;
/// assert!((Confidence::P95.t(9.0) - 2.262157162798205).abs() < 1e-12);
/// assert!(Confidence::with_alpha(1.5).is_none());
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Confidence {
    alpha: f64,
}

impl Confidence {
    /// 95 %, the program's default.
    pub const P95: Confidence = Confidence { alpha: 0.05 };
    /// 99 %.
    pub const P99: Confidence = Confidence { alpha: 0.01 };

    /// Confidence 1 − `alpha`; none unless 1e-12 ≤ `alpha` < 1.
    pub fn with_alpha(alpha: f64) -> Option<Self> {
        (1e-12..1.0).contains(&alpha).then_some(Confidence { alpha })
    }

    /// α, the chance (in the long run, at least nominally) that the interval misses the truth.
    pub fn alpha(self) -> f64 {
        self.alpha
    }

    /// The confidence each of `comparisons` intervals needs, so that all hold together: α / m (Bonferroni). One for 0.
    pub fn simultaneous(self, comparisons: usize) -> Self {
        Confidence {
            alpha: self.alpha / comparisons.max(1) as f64,
        }
    }

    /// Student's `t_{1−α/2, df}`, the factor of a two-sided interval, for `df` > 0.
    pub fn t(self, df: f64) -> f64 {
        -t_quantile(0.5 * self.alpha, df)
    }

    /// Student's `t_{1−α, df}`, the factor of a one-sided bound, for `df` > 0.
    pub fn t_one_sided(self, df: f64) -> f64 {
        -t_quantile(self.alpha, df)
    }

    /// The normal `z_{1−α}`, the factor of a one-sided bound.
    pub fn z_one_sided(self) -> f64 {
        -normal_quantile(self.alpha)
    }
}

/// Degrees of freedom of `replications` values around their own mean; none below two.
pub(super) fn degrees(replications: usize) -> Option<f64> {
    (replications >= 2).then(|| (replications - 1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::testing::assert_close;

    #[test]
    fn a_lopsided_interval_has_a_half_width_and_a_wider_side() {
        let rate = Interval {
            estimate: 0.1,
            low: 0.05,
            high: 0.25,
        };
        assert_close(rate.half_width(), 0.1, 1e-15);
        assert_close(rate.wider_side(), 0.15, 1e-15);
        assert_eq!(rate.negated().low, -0.25);
        assert_eq!(rate.negated().high, -0.05);
    }

    #[test]
    fn the_bounds_belong_to_the_interval() {
        let mean = Interval::symmetric(2.0, 1.0);
        assert!(mean.contains(1.0) && mean.contains(3.0) && !mean.contains(3.0001));
    }

    #[test]
    fn a_confidence_must_be_a_probability() {
        for alpha in [0.0, -0.1, 1.0, f64::NAN, f64::INFINITY] {
            assert!(Confidence::with_alpha(alpha).is_none());
        }
        assert_eq!(Confidence::with_alpha(0.05), Some(Confidence::P95));
    }

    #[test]
    fn many_intervals_at_once_need_more_confidence_each() {
        assert_eq!(Confidence::P95.simultaneous(5), Confidence::P99);
        assert_eq!(Confidence::P95.simultaneous(0), Confidence::P95);
    }

    #[test]
    fn one_replication_has_no_degrees_of_freedom() {
        assert_eq!(degrees(0), None);
        assert_eq!(degrees(1), None);
        assert_eq!(degrees(2), Some(1.0));
    }
}
