//! Many comparisons at once: Holm's adjusted p-values and Bonferroni's simultaneous intervals.
//!
//! Both hold under any dependence, which common random numbers make strong; Dunnett's test, which assumes independent arms, is
//! not here for that reason. What the family is (one metric, all pairs) is the caller's to decide and to say.

use super::interval::Confidence;

/// Holm's (1979) step-down adjustment: ascending, `max_{j≤i} min(1, (m−j+1) p_(j))`, given back in the order of `p`.
///
/// A comparison is significant in the family at α when its adjusted p is at most α. Values are taken into [0, 1]; NaN counts
/// as 1.
///
/// ```
/// use escalade::stats::multiple::holm;
/// let adjusted = holm(&[0.012, 0.001, 0.04]);
/// assert!((adjusted[0] - 0.024).abs() < 1e-15 && (adjusted[1] - 0.003).abs() < 1e-15);
/// ```
pub fn holm(p: &[f64]) -> Vec<f64> {
    let p: Vec<f64> = p
        .iter()
        .map(|&p| if p.is_nan() { 1.0 } else { p.clamp(0.0, 1.0) })
        .collect();
    let mut ascending: Vec<usize> = (0..p.len()).collect();
    ascending.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    let mut adjusted = vec![0.0; p.len()];
    let mut highest = 0.0_f64;
    for (passed, &at) in ascending.iter().enumerate() {
        highest = highest.max((p[at] * (p.len() - passed) as f64).min(1.0));
        adjusted[at] = highest;
    }
    adjusted
}

/// `t_{1−α/2m, df}`: the factor of each of `comparisons` = m intervals that are to hold together, for `df` > 0.
///
/// ```
/// use escalade::stats::{Confidence, multiple::bonferroni_t};
/// assert!((bonferroni_t(3, 11.0, Confidence::P95) - 2.820033699998).abs() < 1e-11);
/// ```
pub fn bonferroni_t(comparisons: usize, df: f64, confidence: Confidence) -> f64 {
    confidence.simultaneous(comparisons).t(df)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::paired::paired_mean;
    use crate::stats::testing::{Draws, assert_close, assert_printed, pick, shuffled_order};

    #[track_caller]
    fn check_holm(p: &[f64], expected: &[f64]) {
        let found = holm(p);
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.into_iter().zip(expected) {
            assert_close(found, *expected, 1e-12);
        }
    }

    #[test]
    fn holm_is_that_of_vector_l8() {
        let p = [0.0004, 0.027, 0.011, 0.2, 0.011, 0.6];
        check_holm(&p, &[0.0024, 0.081, 0.055, 0.4, 0.055, 0.6]);
        let rejected: Vec<bool> = holm(&p).into_iter().map(|p| p <= 0.05).collect();
        assert_eq!(rejected, [true, false, false, false, false, false]);
    }

    #[test]
    fn holm_is_that_of_methods_10_4() {
        let p = [0.012, 0.001, 0.04, 0.03, 0.20];
        check_holm(&p, &[0.048, 0.005, 0.09, 0.09, 0.20]);
    }

    #[test]
    fn holm_of_three_candidates_is_that_of_methods_10_4() {
        let a = [5.2, 6.1, 4.8, 7.0, 5.5, 6.4, 5.9, 4.9];
        let b = [4.6, 5.7, 4.5, 6.1, 5.0, 5.6, 5.5, 4.6];
        let c = [4.9, 5.6, 4.9, 6.6, 5.2, 6.3, 5.5, 4.8];
        let p = [(&a, &b), (&a, &c), (&b, &c)].map(|(x, y)| {
            let paired = paired_mean(x, y, Confidence::P95).unwrap();
            paired.difference.p().unwrap()
        });
        for (found, expected) in p.iter().zip([0.000_306_051_9, 0.009_526_780_5, 0.020_343_195_2]) {
            assert_printed(*found, expected);
        }
        let expected = [0.000_918_155_6, 0.019_053_561_1, 0.020_343_195_2];
        for (found, expected) in holm(&p).into_iter().zip(expected) {
            assert_printed(found, expected);
        }
    }

    #[test]
    fn bonferroni_is_that_of_vector_l13_and_methods_10_4() {
        for (m, t) in [(3, 2.820033699998), (6, 3.208122333168), (10, 3.496614173254)] {
            assert_close(bonferroni_t(m, 11.0, Confidence::P95), t, 1e-12);
        }
        assert_printed(bonferroni_t(5, 29.0, Confidence::P95), 2.756_385_903_7);
    }

    #[test]
    fn adjusting_one_or_none_changes_nothing() {
        assert_eq!(holm(&[0.03]), [0.03]);
        assert!(holm(&[]).is_empty());
    }

    #[test]
    fn adjusted_values_are_probabilities_in_the_order_of_the_raw_ones() {
        let mut draws = Draws::seeded();
        for _ in 0..200 {
            let p: Vec<f64> = (0..9).map(|_| draws.uniform() * draws.uniform()).collect();
            let adjusted = holm(&p);
            for i in 0..9 {
                assert!(p[i] <= adjusted[i] && adjusted[i] <= 1.0);
                assert!((0..9).all(|j| p[i] > p[j] || adjusted[i] <= adjusted[j]));
            }
            let order = shuffled_order(&mut draws, 9);
            assert_eq!(holm(&pick(&p, &order)), pick(&adjusted, &order));
        }
    }

    #[test]
    fn odd_values_are_taken_into_the_unit_interval() {
        assert_eq!(holm(&[f64::NAN, -1.0, 7.0]), [1.0, 0.0, 1.0]);
    }

    /// Methods.md 4.1: six equal candidates, correlation 0.8, all pairs.
    #[test]
    fn equal_candidates_are_told_apart_in_one_experiment_of_twenty_at_most() {
        let mut draws = Draws::seeded();
        let mut rejected = 0;
        for _ in 0..2_000 {
            let rows = equal_candidates(&mut draws);
            let mut p = Vec::new();
            for i in 0..6 {
                for j in 0..i {
                    let paired = paired_mean(&rows[i], &rows[j], Confidence::P95).unwrap();
                    p.push(paired.difference.p().unwrap());
                }
            }
            rejected += usize::from(holm(&p).iter().any(|&p| p <= 0.05));
        }
        assert!(rejected <= 131, "{rejected} of 2,000");
    }

    fn equal_candidates(draws: &mut Draws) -> [[f64; 10]; 6] {
        let shared: [f64; 10] = std::array::from_fn(|_| draws.normal() * 0.8_f64.sqrt());
        std::array::from_fn(|_| shared.map(|common| common + draws.normal() * 0.2_f64.sqrt()))
    }
}
