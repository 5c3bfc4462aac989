//! Multiple comparisons with the best: who, of many candidates, can still be the best.
//!
//! Smaller is better; negate the values where it is not. It selects nothing and it stops nothing: it reads the replications
//! that are there. Not Nelson & Matejcik's (1995) pooled procedure, which assumes sphericity, but Hsu's (1984) intervals with a
//! half-width for each pair, which hold under any dependence (methods.md 4.1).

use super::interval::{Confidence, Interval, degrees};
use super::mean::Moments;
use super::paired::paired_mean;

/// What a candidate still can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nobody else can be better.
    Best,
    /// Neither shown to be the best nor shown not to be.
    CouldBeBest,
    /// Somebody else is better.
    NotBest,
}

/// A candidate's mean against the best of the *others*.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AgainstBest {
    /// Of `mean − least mean of the others`, widened to include 0 on the side where it ends.
    pub interval: Interval,
    /// What the interval says.
    pub standing: Standing,
}

/// Simultaneous intervals of `μ_i − min_{l≠i} μ_l`, one a candidate (Hsu 1984).
///
/// Lower bound `min(0, max_l(X̄_i − X̄_l − h_il))`, upper bound `max(0, max_l(X̄_i − X̄_l + h_il))`, with
/// `h_il = t_{1−α/(k−1), R−1} s_il/√R` from the paired differences. One row a candidate, one column a replication, the same
/// replications in each. None with fewer than two candidates or replications, or with rows of different lengths.
///
/// ```
/// use escalade::stats::{Confidence, best::{Standing, against_best}};
/// let cost = [[5.0, 6.1, 4.9], [4.0, 5.0, 4.0], [4.1, 4.9, 4.1]];
/// let found = against_best(&cost, Confidence::P95).unwrap();
/// assert_eq!(found[0].standing, Standing::NotBest);
/// assert_eq!(found[1].standing, Standing::CouldBeBest);
/// ```
pub fn against_best<Row: AsRef<[f64]>>(rows: &[Row], confidence: Confidence) -> Option<Vec<AgainstBest>> {
    let replications = rows.first()?.as_ref().len();
    let df = degrees(replications)?;
    degrees(rows.len())?;
    let alpha = 2.0 * confidence.alpha() / (rows.len() - 1) as f64;
    // A one-sided α/(k−1) is the two-sided 2α/(k−1); with two candidates and α ≥ ½ that would be no confidence at all.
    let t = Confidence::with_alpha(alpha)?.t(df);
    (0..rows.len()).map(|i| against_others(rows, i, t)).collect()
}

fn against_others<Row: AsRef<[f64]>>(rows: &[Row], i: usize, t: f64) -> Option<AgainstBest> {
    let mut nearest = [f64::NEG_INFINITY; 3];
    for l in (0..rows.len()).filter(|&l| l != i) {
        let paired = paired_mean(rows[i].as_ref(), rows[l].as_ref(), Confidence::P95)?;
        let d = paired.difference.estimate;
        let half = t * paired.difference.evidence?.standard_error;
        nearest = [nearest[0].max(d - half), nearest[1].max(d), nearest[2].max(d + half)];
    }
    let interval = Interval {
        low: nearest[0].min(0.0),
        estimate: nearest[1],
        high: nearest[2].max(0.0),
    };
    let standing = match (interval.low < 0.0, interval.high > 0.0) {
        (true, false) => Standing::Best,
        (false, true) => Standing::NotBest,
        (true, true) | (false, false) => Standing::CouldBeBest,
    };
    Some(AgainstBest { interval, standing })
}

/// The candidate with the least mean: its index; the first of equals, none of none.
pub fn least_mean<Row: AsRef<[f64]>>(rows: &[Row]) -> Option<usize> {
    let means = rows
        .iter()
        .map(|row| row.as_ref().iter().collect::<Moments>().mean())
        .collect::<Option<Vec<f64>>>()?;
    (0..means.len()).min_by(|&a, &b| means[a].total_cmp(&means[b]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::testing::{Draws, assert_close, assert_printed};

    const ROWS: [[f64; 8]; 3] = [
        [5.2, 6.1, 4.8, 7.0, 5.5, 6.4, 5.9, 4.9],
        [4.6, 5.7, 4.5, 6.1, 5.0, 5.6, 5.5, 4.6],
        [4.9, 5.6, 4.9, 6.6, 5.2, 6.3, 5.5, 4.8],
    ];

    #[test]
    fn the_standings_are_those_of_methods_10_4() {
        let found = against_best(&ROWS, Confidence::P95).unwrap();
        let standings: Vec<Standing> = found.iter().map(|a| a.standing).collect();
        assert_eq!(standings, [Standing::NotBest, Standing::Best, Standing::NotBest]);
        assert_printed(found[0].interval.estimate, 0.525);
        // A against B: 0.525 + t(.975, 7) · 0.2251983253/√8
        assert_printed(found[0].interval.high, 0.525 + 0.188_270_511_5);
        assert_eq!(found[0].interval.low, 0.0);
        assert_eq!(found[1].interval.high, 0.0);
    }

    #[test]
    fn candidates_that_are_the_same_can_both_be_best() {
        let found = against_best(&[ROWS[0], ROWS[0]], Confidence::P95).unwrap();
        for against in found {
            assert_eq!(against.standing, Standing::CouldBeBest);
            assert_eq!(against.interval, Interval::symmetric(0.0, 0.0));
        }
    }

    #[test]
    fn one_candidate_or_one_replication_has_no_comparison() {
        assert_eq!(against_best(&ROWS[..1], Confidence::P95), None);
        assert_eq!(against_best(&[[1.0], [2.0]], Confidence::P95), None);
        assert_eq!(against_best(&[vec![1.0, 2.0], vec![1.0]], Confidence::P95), None);
        assert_eq!(against_best::<[f64; 2]>(&[], Confidence::P95), None);
    }

    #[test]
    fn the_intervals_scale_with_the_unit_and_ignore_a_common_shift() {
        let moved = ROWS.map(|row| row.map(|x| 60.0 * x - 5.0));
        let before = against_best(&ROWS, Confidence::P95).unwrap();
        let after = against_best(&moved, Confidence::P95).unwrap();
        for (before, after) in before.iter().zip(&after) {
            assert_eq!(before.standing, after.standing);
            assert_close(after.interval.low, 60.0 * before.interval.low, 1e-10);
            assert_close(after.interval.high, 60.0 * before.interval.high, 1e-10);
        }
    }

    #[test]
    fn the_least_mean_is_the_first_of_equals() {
        assert_eq!(least_mean(&ROWS), Some(1));
        assert_eq!(least_mean(&[[2.0], [1.0], [1.0]]), Some(1));
        assert_eq!(least_mean::<[f64; 1]>(&[]), None);
        assert_eq!(least_mean(&[vec![1.0], vec![]]), None);
    }

    #[test]
    fn the_true_best_is_excluded_in_one_experiment_of_twenty_at_most() {
        let mut draws = Draws::seeded();
        let excluded = (0..2_000)
            .filter(|_| {
                let shared: [f64; 10] = std::array::from_fn(|_| draws.normal());
                let rows: [[f64; 10]; 4] = std::array::from_fn(|_| shared.map(|common| common + 0.5 * draws.normal()));
                let found = against_best(&rows, Confidence::P95).unwrap();
                found[0].standing == Standing::NotBest
            })
            .count();
        assert!(excluded <= 131, "{excluded} of 2,000");
    }
}
