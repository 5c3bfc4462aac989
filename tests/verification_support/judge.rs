//! Judging a simulated figure: how sure it is, how far from the exact one, and whether a wrong kernel could have passed.
//!
//! The rules are those of the cases' README, "How to judge a simulated figure", and are nowhere loosened: the estimate lies
//! within t* standard errors of the exact figure, *and* the standard error is small enough for that to mean something.

use super::cases::Expected;
use escalade::stats::Confidence;
use escalade::stats::quantile::Sections;
use escalade::stats::ratio::ratio;
use escalade::stats::special::{normal_cdf, regularised_gamma, regularised_gamma_upper};

/// A figure, estimated.
#[derive(Debug, Clone, Copy)]
pub struct Estimate {
    pub value: f64,
    pub standard_error: f64,
    pub replications: usize,
    /// Numerator and denominator, summed.
    pub hits: f64,
    pub of: f64,
}

impl Estimate {
    /// A ratio of sums, with pairs by replication.
    pub fn of_ratio(pairs: &[(f64, f64)]) -> Estimate {
        let (numerators, denominators): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
        let found = ratio(&numerators, &denominators);
        Estimate {
            value: found.map_or(f64::NAN, |found| found.estimate),
            standard_error: found.and_then(|found| found.standard_error).unwrap_or(f64::INFINITY),
            replications: pairs.len(),
            hits: numerators.iter().sum(),
            of: denominators.iter().sum(),
        }
    }

    /// The square root of one.
    pub fn root(self) -> Estimate {
        let value = self.value.sqrt();
        Estimate {
            value,
            standard_error: self.standard_error / (2.0 * value),
            ..self
        }
    }

    /// A pooled quantile, with the replications' own.
    pub fn of_quantile(pooled: f64, quantiles: &[f64]) -> Estimate {
        let sections = Sections { pooled, quantiles };
        Estimate {
            value: pooled,
            standard_error: sections.standard_error().unwrap_or(f64::INFINITY),
            replications: quantiles.len(),
            hits: f64::NAN,
            of: f64::NAN,
        }
    }
}

/// What is wrong with an estimate.
#[derive(Debug, Clone, PartialEq)]
pub enum Failing {
    /// Its standard error is so many times too large.
    Power(f64),
    /// It is not the exact figure.
    Value(String),
}

/// Two-sided probability beyond four standard errors of a normal figure: 6.3e-5.
pub fn chance_of_failing() -> f64 {
    2.0 * normal_cdf(-4.0)
}

/// Student's quantile with that tail.
pub fn t_star(replications: usize) -> f64 {
    Confidence::with_alpha(chance_of_failing())
        .expect("a probability")
        .t(replications as f64 - 1.0)
}

/// Two-sided probability of a count as unlikely as this one under a Poisson law.
fn poisson_probability(count: f64, mean: f64) -> f64 {
    let at_most = regularised_gamma_upper(count + 1.0, mean);
    let at_least = if count == 0.0 {
        1.0
    } else {
        regularised_gamma(count, mean)
    };
    (2.0 * at_most.min(at_least)).min(1.0)
}

/// Judges one figure.
pub fn judge(expected: &Expected, found: &Estimate) -> Result<(), Failing> {
    let exact = expected.number();
    let wrong = |how: String| {
        let (label, value, se) = (expected.label(), found.value, found.standard_error);
        Err(Failing::Value(format!(
            "{label}: estimate {value}, standard error {se:.3e}, exact {exact}: {how}"
        )))
    };
    if expected.exact {
        return match found.value == exact {
            true => Ok(()),
            false => wrong("must be equal".into()),
        };
    }
    if expected.rare {
        // A share above one half is a rare complement.
        let (count, share) = match exact > 0.5 {
            true => (found.of - found.hits, 1.0 - exact),
            false => (found.hits, exact),
        };
        let probability = poisson_probability(count, found.of * share);
        return match probability > chance_of_failing() {
            true => Ok(()),
            false => wrong(format!(
                "{count} of {} where {:.2} were to be expected has probability {probability:.1e}",
                found.of,
                found.of * share
            )),
        };
    }
    let limit = expected
        .se_at_most
        .expect("a figure is exact, rare or has an error limit");
    if found.standard_error > limit {
        return Err(Failing::Power(found.standard_error / limit));
    }
    let distance = (found.value - exact).abs();
    match distance <= t_star(found.replications) * found.standard_error {
        true => Ok(()),
        false => wrong(format!("{:.2} standard errors away", distance / found.standard_error)),
    }
}

#[test]
fn a_figure_may_be_as_far_off_as_the_readme_says() {
    for (replications, t) in [(20, 5.10), (30, 4.67), (50, 4.38), (100, 4.18), (400, 4.04)] {
        assert!(
            (t_star(replications) - t).abs() < 0.005,
            "{replications}: {}",
            t_star(replications)
        );
    }
}

#[test]
fn a_rare_count_is_judged_by_both_of_its_tails() {
    assert!((poisson_probability(0.0, 3.0) - 2.0 * (-3.0_f64).exp()).abs() < 1e-12);
    assert!(poisson_probability(3.0, 3.0) > 0.99);
    assert!(poisson_probability(20.0, 3.0) < chance_of_failing());
}
