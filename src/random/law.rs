//! Laws: what the distribution of a duration *is*.
//!
//! A law answers what fitting, theory tests and a planner ask: its mean and variance, the share below a point, the point
//! below which a share lies. It is checked once, when it is made, so that everything behind it may trust it. It does not
//! draw: `sampler` compiles it for the loop. Durations are in milliseconds as f64, the simulation's own unit, but a law
//! of mean 1 is as good, for factors.

use super::curve::Curve;
use super::maths::{exp, normal_quantile};
use std::fmt;
use std::ops::RangeInclusive;

/// The longest duration a law's parameter may name and a sampler returns: 2⁴⁶ ms, some 2,230 years.
pub const LONGEST_MS: i64 = 1 << 46;

const LENGTHS: RangeInclusive<f64> = 0.0..=LONGEST_MS as f64;
const SCALES: RangeInclusive<f64> = 1e-9..=LONGEST_MS as f64;
const SHAPES: RangeInclusive<f64> = 0.05..=1e6;
/// Beyond 1,000 a Weibull duration varies by a thousandth: it is deterministic.
const WEIBULL_SHAPES: RangeInclusive<f64> = 0.05..=1e3;
const SIGMAS: RangeInclusive<f64> = 0.0..=10.0;
const STAGES: RangeInclusive<f64> = 1.0..=1e6;
const SHARES: RangeInclusive<f64> = 0.0..=1.0;
const FACTORS: RangeInclusive<f64> = 1e-9..=1e9;
const VARIANCES: RangeInclusive<f64> = 0.0..=20.0;
const BRANCHES: usize = 64;

/// The families of laws with their parameters; durations in milliseconds. [`Law::new`] checks them.
#[derive(Clone, Debug, PartialEq)]
pub enum Family {
    /// Always the same; from 0 to 2⁴⁶.
    Deterministic(f64),
    /// Exponential of a mean, from 1e-9 to 2⁴⁶ (as every mean, median and scale below).
    Exponential { mean: f64 },
    /// exp of a normal: `median · exp(sigma · Z)`, sigma from 0 to 10. Mean `median · exp(sigma²/2)`.
    LogNormal { median: f64, sigma: f64 },
    /// Gamma of a mean and a shape from 0.05 to 10⁶; variance mean²/shape.
    Gamma { mean: f64, shape: f64 },
    /// Share above x: `exp(−(x/scale)^shape)`, shape from 0.05 to 1000.
    Weibull { scale: f64, shape: f64 },
    /// The sum of that many equal exponentials, from 1 to 10⁶: gamma with a whole shape.
    Erlang { mean: f64, stages: u32 },
    /// A mixture of exponentials, up to 64 of (share, mean); shares add up to 1.
    Hyperexponential(Vec<(f64, f64)>),
    /// Observations, from 0 to 2⁴⁶, ascending. Between them the quantile function is a straight line: the i-th of n
    /// is the quantile at (i − ½)/n (Hazen's convention), and the outer half steps are the smallest and the largest
    /// observation. So the law's mean is the sample's mean, and nothing longer than the longest is ever drawn.
    Empirical(Vec<f64>),
}

/// A checked law.
///
/// ```
/// use escalade::random::Law;
/// let work = Law::lognormal(900_000.0, 1.0)?; // median 15 minutes
/// assert!((work.mean() / 900_000.0 - 0.5f64.exp()).abs() < 1e-15);
/// assert_eq!(work.quantile(0.5), 900_000.0);
/// let error = Law::exponential(-3.0).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "the mean of an exponential duration must be from 0.000000001 to 70368744177664 ms, it is `-3`"
/// );
/// # Ok::<(), escalade::random::LawError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Law {
    family: Family,
}

impl Law {
    /// A law of a family with parameters inside the ranges that [`Family`] states. Shares that add up to 1 within 1e-6
    /// are scaled to do so exactly; observations are sorted.
    ///
    /// # Errors
    /// The first parameter that is out of range or not a number; no or too many branches; shares that do not add up; an
    /// empty sample.
    pub fn new(family: Family) -> Result<Law, LawError> {
        let family = match family {
            Family::Deterministic(value) => {
                Family::Deterministic(length("a deterministic duration", "value", value, LENGTHS)?)
            }
            Family::Exponential { mean } => Family::Exponential {
                mean: length("an exponential duration", "mean", mean, SCALES)?,
            },
            Family::LogNormal { median, sigma } => Family::LogNormal {
                median: length("a lognormal duration", "median", median, SCALES)?,
                sigma: pure("a lognormal duration", "sigma", sigma, SIGMAS)?,
            },
            Family::Gamma { mean, shape } => Family::Gamma {
                mean: length("a gamma duration", "mean", mean, SCALES)?,
                shape: pure("a gamma duration", "shape", shape, SHAPES)?,
            },
            Family::Weibull { scale, shape } => Family::Weibull {
                scale: length("a Weibull duration", "scale", scale, SCALES)?,
                shape: pure("a Weibull duration", "shape", shape, WEIBULL_SHAPES)?,
            },
            Family::Erlang { mean, stages } => {
                pure("an Erlang duration", "number of stages", f64::from(stages), STAGES)?;
                Family::Erlang {
                    mean: length("an Erlang duration", "mean", mean, SCALES)?,
                    stages,
                }
            }
            Family::Hyperexponential(branches) => Family::Hyperexponential(checked_branches(branches)?),
            Family::Empirical(sample) => Family::Empirical(checked_sample(sample)?),
        };
        Ok(Law { family })
    }

    /// Always `value`. Errors as [`Law::new`], like all that follow.
    pub fn deterministic(value: f64) -> Result<Law, LawError> {
        Law::new(Family::Deterministic(value))
    }

    /// See [`Family::Exponential`].
    pub fn exponential(mean: f64) -> Result<Law, LawError> {
        Law::new(Family::Exponential { mean })
    }

    /// See [`Family::LogNormal`].
    pub fn lognormal(median: f64, sigma: f64) -> Result<Law, LawError> {
        Law::new(Family::LogNormal { median, sigma })
    }

    /// See [`Family::Gamma`].
    pub fn gamma(mean: f64, shape: f64) -> Result<Law, LawError> {
        Law::new(Family::Gamma { mean, shape })
    }

    /// See [`Family::Weibull`].
    pub fn weibull(scale: f64, shape: f64) -> Result<Law, LawError> {
        Law::new(Family::Weibull { scale, shape })
    }

    /// See [`Family::Erlang`].
    pub fn erlang(mean: f64, stages: u32) -> Result<Law, LawError> {
        Law::new(Family::Erlang { mean, stages })
    }

    /// See [`Family::Hyperexponential`]: (share, mean) of each branch.
    pub fn hyperexponential(branches: Vec<(f64, f64)>) -> Result<Law, LawError> {
        Law::new(Family::Hyperexponential(branches))
    }

    /// See [`Family::Empirical`].
    pub fn empirical(sample: Vec<f64>) -> Result<Law, LawError> {
        Law::new(Family::Empirical(sample))
    }

    /// A factor of mean 1 and the given variance, for days and weeks that are busier than planned: gamma of shape
    /// 1/variance; always 1 for variances below 1e-6, which nobody could tell apart. `variance` from 0 to 20.
    ///
    /// ```
    /// use escalade::random::{Law, Sampler};
    /// let day = Sampler::of(&Law::factor(0.03)?); // coefficient of variation 17 %
    /// assert!((0.9..1.1).contains(&day.draw(0.5)));
    /// # Ok::<(), escalade::random::LawError>(())
    /// ```
    pub fn factor(variance: f64) -> Result<Law, LawError> {
        let variance = pure("a factor of mean 1", "variance", variance, VARIANCES)?;
        if variance < 1e-6 {
            Law::deterministic(1.0)
        } else {
            Law::gamma(1.0, 1.0 / variance)
        }
    }

    /// The family with its parameters, as checked.
    pub fn family(&self) -> &Family {
        &self.family
    }

    /// The mean, in the unit of the parameters (ms).
    pub fn mean(&self) -> f64 {
        match &self.family {
            Family::Deterministic(value) => *value,
            Family::Exponential { mean } | Family::Gamma { mean, .. } | Family::Erlang { mean, .. } => *mean,
            Family::LogNormal { median, sigma } => median * exp(sigma * sigma / 2.0),
            Family::Weibull { scale, shape } => scale * libm::tgamma(1.0 + 1.0 / shape),
            Family::Hyperexponential(branches) => branches.iter().map(|(share, mean)| share * mean).sum(),
            Family::Empirical(sample) => sample.iter().sum::<f64>() / sample.len() as f64,
        }
    }

    /// The variance, in that unit squared (ms²).
    pub fn variance(&self) -> f64 {
        let mean = self.mean();
        let mean2 = mean * mean;
        match &self.family {
            Family::Deterministic(_) => 0.0,
            Family::Exponential { .. } => mean2,
            Family::LogNormal { sigma, .. } => mean2 * libm::expm1(sigma * sigma),
            Family::Gamma { shape, .. } => mean2 / shape,
            Family::Weibull { scale, shape } => scale * scale * libm::tgamma(1.0 + 2.0 / shape) - mean2,
            Family::Erlang { stages, .. } => mean2 / f64::from(*stages),
            Family::Hyperexponential(branches) => branches
                .iter()
                .map(|(share, m)| share * (m * m + (m - mean) * (m - mean)))
                .sum(),
            Family::Empirical(sample) => sample_variance(sample, mean),
        }
    }

    /// The share of durations at or below `x`, from 0 to 1; 0 for a negative `x`, NaN for NaN.
    pub fn cdf(&self, x: f64) -> f64 {
        if x < 0.0 || x.is_nan() {
            return if x < 0.0 { 0.0 } else { f64::NAN };
        }
        match &self.family {
            Family::Deterministic(value) => f64::from(u8::from(x >= *value)),
            Family::Exponential { mean } => -libm::expm1(-x / mean),
            Family::LogNormal { median, sigma } => lognormal_cdf(x / median, *sigma),
            Family::Weibull { scale, shape } => -libm::expm1(-libm::pow(x / scale, *shape)),
            Family::Empirical(sample) => sample_cdf(sample, x),
            Family::Gamma { mean, shape } => Curve::gamma(*shape).view(x / mean).below,
            Family::Erlang { mean, stages } => Curve::gamma(f64::from(*stages)).view(x / mean).below,
            Family::Hyperexponential(branches) => {
                let mean = self.mean();
                Curve::mixture(branches, mean).view(x / mean).below
            }
        }
    }

    /// The duration that a share `u` lies below; the inverse of the cdf, exact to about 13 digits.
    ///
    /// `u` in (0, 1). From 0 down: the shortest duration (0, where there is no shortest); from 1 up: the longest, or ∞.
    /// NaN for NaN.
    pub fn quantile(&self, u: f64) -> f64 {
        if u.is_nan() {
            return f64::NAN;
        }
        let u = u.clamp(0.0, 1.0);
        match &self.family {
            Family::Deterministic(value) => *value,
            Family::Exponential { mean } => mean * -libm::log1p(-u),
            Family::LogNormal { median, sigma } if *sigma > 0.0 => median * exp(sigma * normal_quantile(u)),
            Family::LogNormal { median, .. } => *median,
            Family::Weibull { scale, shape } => scale * libm::pow(-libm::log1p(-u), 1.0 / shape),
            Family::Empirical(sample) => sample_quantile(sample, u),
            Family::Gamma { mean, shape } => mean * Curve::gamma(*shape).quantile(u),
            Family::Erlang { mean, stages } => mean * Curve::gamma(f64::from(*stages)).quantile(u),
            Family::Hyperexponential(branches) => {
                let mean = self.mean();
                mean * Curve::mixture(branches, mean).quantile(u)
            }
        }
    }

    /// The law of `factor` times this duration; `factor` from 1e-9 to 1e9.
    ///
    /// # Errors
    /// A factor out of its range, or one that takes a parameter out of its own.
    pub fn scaled(&self, factor: f64) -> Result<Law, LawError> {
        let by = pure("a scaled duration", "factor", factor, FACTORS)?;
        Law::new(match &self.family {
            Family::Deterministic(value) => Family::Deterministic(value * by),
            Family::Exponential { mean } => Family::Exponential { mean: mean * by },
            Family::LogNormal { median, sigma } => Family::LogNormal {
                median: median * by,
                sigma: *sigma,
            },
            Family::Gamma { mean, shape } => Family::Gamma {
                mean: mean * by,
                shape: *shape,
            },
            Family::Weibull { scale, shape } => Family::Weibull {
                scale: scale * by,
                shape: *shape,
            },
            Family::Erlang { mean, stages } => Family::Erlang {
                mean: mean * by,
                stages: *stages,
            },
            Family::Hyperexponential(branches) => {
                Family::Hyperexponential(branches.iter().map(|&(share, mean)| (share, mean * by)).collect())
            }
            Family::Empirical(sample) => Family::Empirical(sample.iter().map(|x| x * by).collect()),
        })
    }
}

fn lognormal_cdf(x_over_median: f64, sigma: f64) -> f64 {
    if sigma == 0.0 {
        return f64::from(u8::from(x_over_median >= 1.0));
    }
    0.5 * libm::erfc(-libm::log(x_over_median) / (sigma * std::f64::consts::SQRT_2))
}

fn sample_cdf(sample: &[f64], x: f64) -> f64 {
    let n = sample.len();
    match sample.partition_point(|&observed| observed <= x) {
        0 => 0.0,
        i if i == n => 1.0,
        i => {
            let (left, right) = (sample[i - 1], sample[i]);
            (i as f64 - 0.5 + (x - left) / (right - left)) / n as f64
        }
    }
}

/// Hazen's quantile of an ascending sample that is not empty; `u` in [0, 1].
#[inline]
pub(super) fn sample_quantile(sample: &[f64], u: f64) -> f64 {
    let last = sample.len() - 1;
    let place = (u * sample.len() as f64 - 0.5).clamp(0.0, last as f64);
    let left = place as usize;
    let right = (left + 1).min(last);
    sample[left] + (place - left as f64) * (sample[right] - sample[left])
}

/// The variance of the law, not an estimate of what the sample came from: halves of 1/n at both ends, between two
/// neighbours uniform, whose second moment about the mean is (a² + ab + b²)/3.
fn sample_variance(sample: &[f64], mean: f64) -> f64 {
    let ends = [sample[0], sample[sample.len() - 1]].map(|x| (x - mean) * (x - mean) / 2.0);
    let between = sample.windows(2).map(|pair| {
        let (a, b) = (pair[0] - mean, pair[1] - mean);
        (a * a + a * b + b * b) / 3.0
    });
    (ends[0] + ends[1] + between.sum::<f64>()) / sample.len() as f64
}

fn checked_branches(branches: Vec<(f64, f64)>) -> Result<Vec<(f64, f64)>, LawError> {
    const OF: &str = "a branch of a hyperexponential duration";
    if !(1..=BRANCHES).contains(&branches.len()) {
        return Err(LawError::BranchCount { count: branches.len() });
    }
    for &(share, mean) in &branches {
        pure(OF, "share", share, SHARES)?;
        length(OF, "mean", mean, SCALES)?;
    }
    let sum: f64 = branches.iter().map(|(share, _)| share).sum();
    if (sum - 1.0).abs() > 1e-6 {
        return Err(LawError::SharesDoNotAddUp { sum });
    }
    Ok(branches.into_iter().map(|(share, mean)| (share / sum, mean)).collect())
}

fn checked_sample(mut sample: Vec<f64>) -> Result<Vec<f64>, LawError> {
    if sample.is_empty() {
        return Err(LawError::EmptySample);
    }
    for &value in &sample {
        length("an empirical duration", "observation", value, LENGTHS)?;
    }
    sample.sort_by(f64::total_cmp);
    Ok(sample)
}

fn length(of: &'static str, parameter: &'static str, value: f64, range: RangeInclusive<f64>) -> Result<f64, LawError> {
    checked(of, parameter, value, range, " ms")
}

fn pure(of: &'static str, parameter: &'static str, value: f64, range: RangeInclusive<f64>) -> Result<f64, LawError> {
    checked(of, parameter, value, range, "")
}

fn checked(
    of: &'static str,
    parameter: &'static str,
    value: f64,
    range: RangeInclusive<f64>,
    unit: &'static str,
) -> Result<f64, LawError> {
    if range.contains(&value) {
        Ok(value)
    } else {
        Err(LawError::OutOfRange {
            of,
            parameter,
            value,
            range,
            unit,
        })
    }
}

/// Why parameters make no law. Says what is wrong and what would be right; the caller knows where.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum LawError {
    /// A parameter outside its range, or not a number.
    OutOfRange {
        /// Which law, with its article.
        of: &'static str,
        /// Which of its parameters.
        parameter: &'static str,
        /// What it is.
        value: f64,
        /// What it may be, ends included.
        range: RangeInclusive<f64>,
        /// The parameter's unit with a space before it, or nothing.
        unit: &'static str,
    },
    /// A hyperexponential law of no branch, or of too many.
    BranchCount {
        /// How many there are.
        count: usize,
    },
    /// Shares of a hyperexponential law that do not add up to 1.
    SharesDoNotAddUp {
        /// What they add up to.
        sum: f64,
    },
    /// An empirical law without observations.
    EmptySample,
}

impl fmt::Display for LawError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LawError::OutOfRange {
                of,
                parameter,
                value,
                range,
                unit,
            } => {
                let (low, high) = (range.start(), range.end());
                write!(
                    f,
                    "the {parameter} of {of} must be from {low} to {high}{unit}, it is `{value}`"
                )
            }
            LawError::BranchCount { count } => {
                write!(
                    f,
                    "a hyperexponential duration must have from 1 to {BRANCHES} branches, it has {count}"
                )
            }
            LawError::SharesDoNotAddUp { sum } => {
                write!(
                    f,
                    "the shares of a hyperexponential duration must add up to 1, they add up to `{sum}`"
                )
            }
            LawError::EmptySample => f.write_str("an empirical duration must have at least one observation"),
        }
    }
}

impl std::error::Error for LawError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn laws() -> Vec<Law> {
        let made = [
            Law::exponential(60_000.0),
            Law::lognormal(900_000.0, 1.2),
            Law::gamma(1.0, 33.3),
            Law::gamma(5e6, 0.3),
            Law::weibull(1e5, 0.7),
            Law::weibull(1e5, 3.0),
            Law::erlang(3.6e6, 4),
            Law::hyperexponential(vec![(0.8, 3e5), (0.2, 7.2e6)]),
            Law::empirical(vec![9.0, 2.0, 4.0, 4.5, 30.0]),
        ];
        made.into_iter().map(|law| law.expect("a valid law")).collect()
    }

    #[test]
    fn the_quantile_undoes_the_cdf() {
        for law in laws() {
            for i in 1..200 {
                let u = f64::from(i) / 200.0;
                let x = law.quantile(u);
                let back = law.quantile(law.cdf(x));
                assert!((back / x - 1.0).abs() < 1e-9, "{law:?} at {u}: {x} and back {back}");
                let is_at_an_end = law.cdf(x) == 1.0 || matches!(law.family(), Family::Empirical(s) if x == s[0]);
                assert!(
                    is_at_an_end || (law.cdf(x) - u).abs() < 1e-12,
                    "{law:?} at {u}: {}",
                    law.cdf(x)
                );
            }
        }
    }

    /// Integrates the quantile function: E X = ∫ q(u) du, by midpoints in halving pieces towards both ends.
    #[test]
    fn mean_and_variance_are_the_integrals_of_the_quantile_function() {
        for law in laws() {
            let (mut mean, mut square, mut width) = (0.0, 0.0, 0.25);
            for _ in 0..48 {
                for i in 0..64 {
                    let from_end = width + width * (f64::from(i) + 0.5) / 64.0;
                    for x in [law.quantile(from_end), law.quantile(1.0 - from_end)] {
                        mean += x * width / 64.0;
                        square += (x - law.mean()) * (x - law.mean()) * width / 64.0;
                    }
                }
                width /= 2.0;
            }
            assert!(
                (mean / law.mean() - 1.0).abs() < 2e-3,
                "{law:?}: mean {mean} against {}",
                law.mean()
            );
            assert!(
                (square / law.variance() - 1.0).abs() < 1e-2,
                "{law:?}: {square} against {}",
                law.variance()
            );
        }
    }

    #[test]
    fn an_empirical_law_keeps_the_mean_of_its_sample_and_never_leaves_it() {
        let law = Law::empirical(vec![10.0, 2.0, 6.0]).expect("a sample");
        assert_eq!(law.mean(), 6.0);
        assert_eq!(
            [0.0, 1.0 / 6.0, 1.0 / 3.0, 0.5, 2.0 / 3.0, 0.9, 1.0].map(|u| law.quantile(u)),
            [2.0, 2.0, 4.0, 6.0, 8.0, 10.0, 10.0]
        );
        assert_eq!([1.9, 4.0, 6.0, 10.0].map(|x| law.cdf(x)), [0.0, 1.0 / 3.0, 0.5, 1.0]);
        assert_eq!(Law::empirical(vec![7.0]).expect("a sample").quantile(0.3), 7.0);
    }

    #[test]
    fn scaling_a_law_scales_its_durations() {
        for law in laws() {
            let longer = law.scaled(1.5).expect("a factor in range");
            assert!((longer.mean() / law.mean() - 1.5).abs() < 1e-14);
            assert!((longer.variance() / law.variance() - 2.25).abs() < 1e-12);
            assert!((longer.quantile(0.9) / law.quantile(0.9) - 1.5).abs() < 1e-12);
        }
        assert!(Law::exponential(1e12).expect("a mean in range").scaled(1e9).is_err());
        assert!(
            Law::exponential(1.0)
                .expect("a mean in range")
                .scaled(f64::NAN)
                .is_err()
        );
    }

    #[test]
    fn beyond_the_unit_interval_a_quantile_is_an_end_of_the_law() {
        for law in laws().into_iter().take(8) {
            assert_eq!(
                [-0.5, 0.0, 1.0, 1.5].map(|u| law.quantile(u)),
                [0.0, 0.0, f64::INFINITY, f64::INFINITY]
            );
            assert_eq!(
                [-1.0, 0.0, f64::INFINITY].map(|x| law.cdf(x)),
                [0.0, 0.0, 1.0],
                "{law:?}"
            );
            assert!(law.quantile(f64::NAN).is_nan() && law.cdf(f64::NAN).is_nan());
        }
    }

    #[test]
    fn a_law_without_spread_is_deterministic() {
        for law in [
            Law::deterministic(5.0),
            Law::lognormal(5.0, 0.0),
            Law::empirical(vec![5.0; 3]),
        ] {
            let law = law.expect("a valid law");
            assert_eq!((law.mean(), law.variance()), (5.0, 0.0));
            assert_eq!([0.0, 0.2, 1.0].map(|u| law.quantile(u)), [5.0; 3]);
            assert_eq!([4.9, 5.0].map(|x| law.cdf(x)), [0.0, 1.0]);
        }
    }

    #[test]
    fn a_factor_has_mean_one_and_the_variance_asked_for() {
        for variance in [0.0, 1e-4, 0.03, 1.0, 20.0] {
            let law = Law::factor(variance).expect("a variance in range");
            assert_eq!(law.mean(), 1.0);
            assert!((law.variance() - variance).abs() <= 1e-12 * variance);
        }
    }

    #[test]
    fn a_wrong_parameter_is_answered_with_what_would_be_right() {
        let messages = [
            (
                Law::deterministic(-1.0),
                "the value of a deterministic duration must be from 0 to 70368744177664 ms, it is `-1`",
            ),
            (
                Law::lognormal(1.0, f64::NAN),
                "the sigma of a lognormal duration must be from 0 to 10, it is `NaN`",
            ),
            (
                Law::gamma(1.0, 0.01),
                "the shape of a gamma duration must be from 0.05 to 1000000, it is `0.01`",
            ),
            (
                Law::erlang(1.0, 0),
                "the number of stages of an Erlang duration must be from 1 to 1000000, it is `0`",
            ),
            (
                Law::factor(-0.1),
                "the variance of a factor of mean 1 must be from 0 to 20, it is `-0.1`",
            ),
            (
                Law::hyperexponential(vec![(1.5, 1.0)]),
                "the share of a branch of a hyperexponential duration must be from 0 to 1, it is `1.5`",
            ),
            (
                Law::hyperexponential(vec![(0.5, 1.0), (0.25, 2.0)]),
                "the shares of a hyperexponential duration must add up to 1, they add up to `0.75`",
            ),
            (
                Law::hyperexponential(vec![]),
                "a hyperexponential duration must have from 1 to 64 branches, it has 0",
            ),
            (
                Law::empirical(vec![]),
                "an empirical duration must have at least one observation",
            ),
        ];
        for (law, message) in messages {
            assert_eq!(law.expect_err(message).to_string(), message);
        }
    }
}
