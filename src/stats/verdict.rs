//! A comparison in words: what a difference between two candidates lets one say.
//!
//! Four answers and one special case, from the interval, the adjusted p-value and the *indifference zone* δ, the size below which a
//! difference does not matter to the planner. Absence of significance is never called "no difference": without a δ the answer
//! is "cannot tell yet". Whether lower is good is not known here.

use std::fmt;

use super::interval::Confidence;
use super::paired::Difference;

/// What can be said of first minus second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The first is lower: the whole interval is below zero, and the adjusted p-value agrees.
    Lower,
    /// The first is higher.
    Higher,
    /// The whole interval is within ±δ.
    NoDifferenceThatMatters,
    /// More replications would be needed, or there are too few to have an interval.
    CannotTellYet,
    /// The two agreed exactly on every replication.
    Identical,
}

impl Verdict {
    /// The verdict on `difference`, given its p-value adjusted for the family of comparisons (or its own, if it is alone) and,
    /// if there is one, the indifference zone `delta` > 0 in the metric's unit.
    ///
    /// In this order: identical; certain (interval on one side of zero, and `p_adjusted` ≤ α); no difference that matters
    /// (−δ < low and high < δ); cannot tell yet.
    ///
    /// ```
    /// use escalade::stats::{Confidence, paired::paired_mean, verdict::Verdict};
    /// let paired = paired_mean(&[4.6, 5.7, 4.5, 6.1], &[5.2, 6.1, 4.8, 7.0], Confidence::P95).unwrap();
    /// let p = paired.difference.p().unwrap();
    /// let verdict = Verdict::of(&paired.difference, p, None, Confidence::P95);
    /// assert_eq!(verdict.to_string(), "lower, certain");
    /// ```
    pub fn of(difference: &Difference, p_adjusted: f64, delta: Option<f64>, confidence: Confidence) -> Verdict {
        if difference.identical && difference.replications >= 2 {
            return Verdict::Identical;
        }
        let Some(interval) = difference.interval() else {
            return Verdict::CannotTellYet;
        };
        let significant = p_adjusted <= confidence.alpha();
        if significant && interval.high < 0.0 {
            return Verdict::Lower;
        }
        if significant && interval.low > 0.0 {
            return Verdict::Higher;
        }
        let within = |delta: f64| -delta < interval.low && interval.high < delta;
        if delta.is_some_and(within) {
            return Verdict::NoDifferenceThatMatters;
        }
        Verdict::CannotTellYet
    }

    /// Whether it says which candidate is lower.
    pub fn is_certain(self) -> bool {
        matches!(self, Verdict::Lower | Verdict::Higher)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(match self {
            Verdict::Lower => "lower, certain",
            Verdict::Higher => "higher, certain",
            Verdict::NoDifferenceThatMatters => "no difference that matters",
            Verdict::CannotTellYet => "cannot tell yet",
            Verdict::Identical => "identical",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::interval::Interval;
    use crate::stats::paired::{Evidence, paired_mean, paired_share};

    /// The verdict on an interval.
    fn on(low: f64, high: f64, p: f64, delta: Option<f64>) -> Verdict {
        let estimate = 0.5 * (low + high);
        let difference = Difference {
            estimate,
            replications: 20,
            identical: false,
            evidence: Some(Evidence {
                interval: Interval { estimate, low, high },
                standard_error: 1.0,
                p,
            }),
        };
        Verdict::of(&difference, p, delta, Confidence::P95)
    }

    #[test]
    fn a_difference_on_one_side_of_zero_is_certain() {
        assert_eq!(on(-3.0, -1.0, 0.001, None), Verdict::Lower);
        assert_eq!(on(1.0, 3.0, 0.001, Some(0.5)), Verdict::Higher);
    }

    #[test]
    fn a_bound_of_exactly_zero_is_not_certain() {
        assert_eq!(on(-3.0, 0.0, 0.05, None), Verdict::CannotTellYet);
    }

    #[test]
    fn among_many_comparisons_the_adjusted_p_has_a_say() {
        assert_eq!(on(-3.0, -1.0, 0.2, None), Verdict::CannotTellYet);
        assert_eq!(on(-3.0, -1.0, f64::NAN, None), Verdict::CannotTellYet);
    }

    #[test]
    fn no_difference_needs_an_indifference_zone() {
        assert_eq!(on(-0.1, 0.2, 0.6, None), Verdict::CannotTellYet);
        assert_eq!(on(-0.1, 0.2, 0.6, Some(0.3)), Verdict::NoDifferenceThatMatters);
        assert_eq!(on(-0.1, 0.2, 0.6, Some(0.2)), Verdict::CannotTellYet);
        assert_eq!(on(-0.1, 0.2, 0.6, Some(-1.0)), Verdict::CannotTellYet);
    }

    #[test]
    fn candidates_that_never_differ_are_identical() {
        let of = |values: &[f64]| {
            let paired = paired_mean(values, values, Confidence::P95).unwrap();
            Verdict::of(&paired.difference, 1.0, None, Confidence::P95)
        };
        assert_eq!(of(&[1.0, 2.0, 3.0]), Verdict::Identical);
        assert_eq!(of(&[1.0]), Verdict::CannotTellYet);
    }

    #[test]
    fn one_cured_breach_is_no_proof() {
        let found = paired_share(&[1, 0, 0], &[0; 3], &[100; 3], Confidence::P95).unwrap();
        let p = found.difference.p().unwrap();
        assert!(found.difference.interval().unwrap().low > 0.0);
        let verdict = Verdict::of(&found.difference, p, None, Confidence::P95);
        assert_eq!(verdict, Verdict::CannotTellYet);
    }

    #[test]
    fn verdicts_read_as_words() {
        assert_eq!(Verdict::Lower.to_string(), "lower, certain");
        assert_eq!(format!("{:>10}", Verdict::Identical), " identical");
        assert!(Verdict::Higher.is_certain() && !Verdict::Identical.is_certain());
    }
}
