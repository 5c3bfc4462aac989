//! Control variates: a mean made surer by what is known exactly about each replication's input.
//!
//! A replication in which more tickets came than expected has a larger backlog, too; how many were expected is known from the
//! model. Regressing on that difference takes its part of the variance away (Lavenberg & Welch 1981; Nelson 1990). It pays
//! for *levels* that follow the input closely, and not for paired differences, from which the common tickets have gone already.
//! What it gains is to be judged on other replications than it is used on: [`expected_gain`] of the first half.

use super::interval::{Confidence, Interval};
use super::mean::Moments;

/// A mean with one control.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Controlled {
    /// `X̄ − β (C̄ − μ)`.
    pub estimate: f64,
    /// β, by least squares.
    pub slope: f64,
    /// Between values and control.
    pub correlation: f64,
    /// `√(s² [1/R + (C̄−μ)²/S_CC])`, s² the residual sum of squares / (R−2).
    pub standard_error: f64,
    /// R.
    pub replications: usize,
}

impl Controlled {
    /// Student's interval with R − 2 degrees of freedom.
    pub fn interval(&self, confidence: Confidence) -> Interval {
        let t = confidence.t((self.replications - 2) as f64);
        Interval::symmetric(self.estimate, t * self.standard_error)
    }
}

/// The mean of `values` with the `control` of known `mean`, one value each a replication.
///
/// None if lengths differ, with fewer than four replications, or where values or control do not vary.
///
/// ```
/// use escalade::stats::control::controlled_mean;
/// let backlog = [10.3, 12.8, 9.1, 14.0, 11.2, 13.1];
/// let tickets = [98.0, 106.0, 93.0, 112.0, 101.0, 108.0];
/// let found = controlled_mean(&backlog, &tickets, 100.0).unwrap();
/// assert!(found.correlation > 0.99 && found.estimate < 11.75);
/// ```
pub fn controlled_mean(values: &[f64], control: &[f64], mean: f64) -> Option<Controlled> {
    let replications = values.len();
    if control.len() != replications || replications < 4 {
        return None;
    }
    let x = values.iter().collect::<Moments>().mean()?;
    let c = control.iter().collect::<Moments>().mean()?;
    let mut s = [0.0; 3];
    for (value, control) in values.iter().zip(control) {
        let (dx, dc) = (value - x, control - c);
        s = [s[0] + dx * dx, s[1] + dx * dc, s[2] + dc * dc];
    }
    let [xx, xc, cc] = s;
    if xx <= 0.0 || cc <= 0.0 {
        return None;
    }
    let slope = xc / cc;
    let residual = (xx - slope * xc).max(0.0) / (replications - 2) as f64;
    let off = c - mean;
    Some(Controlled {
        estimate: x - slope * off,
        slope,
        correlation: (xc / (xx.sqrt() * cc.sqrt())).clamp(-1.0, 1.0),
        standard_error: (residual * (1.0 / replications as f64 + off * off / cc)).sqrt(),
        replications,
    })
}

/// The variance with one control over the variance without, as expected of `replications` = R with such a `correlation` ρ:
/// `(1−ρ²)(R−2)/(R−3)`; below 0.8 a control is worth its degree of freedom. None with fewer than four replications.
///
/// ```
/// use escalade::stats::control::expected_gain;
/// assert!((expected_gain(0.9, 20).unwrap() - 0.2012).abs() < 1e-4);
/// ```
pub fn expected_gain(correlation: f64, replications: usize) -> Option<f64> {
    let r = replications as f64;
    (replications >= 4).then(|| (1.0 - correlation * correlation) * (r - 2.0) / (r - 3.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::mean::mean_interval;
    use crate::stats::testing::{Draws, assert_printed};

    const Y: [f64; 10] = [10.3, 12.8, 9.1, 14.0, 11.2, 13.1, 10.9, 9.6, 12.2, 11.7];
    const C: [f64; 10] = [98.0, 106.0, 93.0, 112.0, 101.0, 108.0, 99.0, 95.0, 105.0, 102.0];

    #[test]
    fn a_control_is_that_of_methods_10_2() {
        let found = controlled_mean(&Y, &C, 100.0).unwrap();
        assert_printed(found.slope, 0.264_089_618_2);
        assert_printed(found.estimate, 10.988_229_725_5);
        assert_printed(found.standard_error, 0.051_073_583_4);
        assert_printed(found.interval(Confidence::P95).half_width(), 0.117_775_894_4);
        assert_printed(found.correlation, 0.995_788_613_9);
        assert_printed(
            mean_interval(&Y, Confidence::P95).unwrap().half_width(),
            1.125_762_587_2,
        );
        assert!((expected_gain(0.6, 10).unwrap() - 0.7314).abs() < 5e-5);
    }

    #[test]
    fn what_does_not_vary_is_no_control() {
        assert_eq!(controlled_mean(&Y, &[1.0; 10], 1.0), None);
        assert_eq!(controlled_mean(&[3.0; 10], &C, 100.0), None);
        assert_eq!(controlled_mean(&Y[..3], &C[..3], 100.0), None);
        assert_eq!(controlled_mean(&Y, &C[..9], 100.0), None);
    }

    #[test]
    fn a_controlled_interval_covers_and_is_narrower() {
        let mut draws = Draws::seeded();
        let (mut covered, mut narrower) = (0, 0);
        for _ in 0..2_000 {
            let (y, c): (Vec<f64>, Vec<f64>) = (0..20)
                .map(|_| {
                    let input = draws.normal();
                    (5.0 + 0.9 * input + 0.19_f64.sqrt() * draws.normal(), input)
                })
                .unzip();
            let found = controlled_mean(&y, &c, 0.0).unwrap().interval(Confidence::P95);
            covered += usize::from(found.contains(5.0));
            let plain = mean_interval(&y, Confidence::P95).unwrap();
            narrower += usize::from(found.half_width() < plain.half_width());
        }
        assert!((1_869..=1_929).contains(&covered), "{covered} of 2,000");
        assert!(narrower > 1_990, "{narrower} of 2,000");
    }
}
