//! Selecting the best of many candidates while dropping the hopeless early: Kim & Nelson's (2001) procedure KN.
//!
//! Smaller is better; negate the values where it is not. All candidates are played on the same random numbers; from a first
//! stage come the variances of all *differences*, then candidates are compared again after every block, and who is clearly
//! worse than another is dropped. With probability at least 1 − α the one that is left is the best, if the best is better than
//! the second by the indifference zone δ or more, and the replications' values are nearly normal; otherwise it is nearly
//! always the best or within δ of it (Eckman & Henderson 2018). It plays nothing: it is told means and says who stays.
//!
//! Measured (`keeps_its_promise_…` below): it is right more often than it promises, and common random numbers make it several
//! times shorter.

use super::mean::Moments;

/// A race of candidates: who is still in it, and how far apart two must be for the worse to leave.
#[derive(Clone, Debug, PartialEq)]
pub struct Race {
    delta: f64,
    h_squared: f64,
    /// Of `X_i − X_l` over the first stage.
    variances: Vec<Vec<f64>>,
    racing: Vec<bool>,
}

/// `h² = 2η(n₀−1)` with `η = ½[(2α/(k−1))^(−2/(n₀−1)) − 1]`, for k ≥ 2 candidates and n₀ ≥ 2 replications of the first stage.
///
/// ```
/// use escalade::stats::selection::h_squared;
/// assert!((h_squared(10, 20, 0.05) - 11.5114845387).abs() < 1e-9);
/// ```
pub fn h_squared(candidates: usize, first_stage: usize, alpha: f64) -> f64 {
    let df = first_stage as f64 - 1.0;
    let eta = 0.5 * (libm::pow(2.0 * alpha / (candidates as f64 - 1.0), -2.0 / df) - 1.0);
    2.0 * eta * df
}

impl Race {
    /// Begins with the first stage: one row of values a candidate, the same replications in each; `delta` > 0 in their unit,
    /// `alpha` the probability of a wrong choice, in (0, 1 − 1/k).
    ///
    /// None with fewer than two candidates or replications, with rows of different lengths, or with parameters outside.
    pub fn begin<Row: AsRef<[f64]>>(first_stage: &[Row], delta: f64, alpha: f64) -> Option<Race> {
        let (k, n) = (first_stage.len(), first_stage.first()?.as_ref().len());
        let same = first_stage.iter().all(|row| row.as_ref().len() == n);
        let sound = delta > 0.0 && alpha > 0.0 && alpha < 1.0 - 1.0 / k as f64;
        if k < 2 || n < 2 || !same || !sound {
            return None;
        }
        let variance = |i: &Row, l: &Row| {
            let pairs = i.as_ref().iter().zip(l.as_ref());
            pairs.map(|(a, b)| a - b).collect::<Moments>().variance()
        };
        let row = |i: &Row| first_stage.iter().map(|l| variance(i, l)).collect::<Option<Vec<f64>>>();
        Some(Race {
            delta,
            h_squared: h_squared(k, n, alpha),
            variances: first_stage.iter().map(row).collect::<Option<Vec<_>>>()?,
            racing: vec![true; k],
        })
    }

    /// Who is still in the race.
    pub fn racing(&self) -> &[bool] {
        &self.racing
    }

    /// Replications after which at the latest only one is left, or all that are left are taken for equal: `h² max S²_il / δ²`
    /// over those in the race.
    pub fn longest(&self) -> f64 {
        let racing = self.indices();
        let pairs = racing
            .iter()
            .flat_map(|&i| racing.iter().map(move |&l| self.variances[i][l]));
        self.h_squared * pairs.fold(0.0, f64::max) / (self.delta * self.delta)
    }

    /// Replications after which the race is likely to be decided, if the means stay: everybody is then dropped by who is ahead
    /// now, i at `h² S²_il / (δ² + 2δ(X̄_i − X̄_l))`. 0 where only one is left.
    pub fn likely(&self, means: &[f64]) -> f64 {
        let racing = self.indices();
        let Some(&ahead) = racing.iter().min_by(|&&a, &&b| means[a].total_cmp(&means[b])) else {
            return 0.0;
        };
        let others = racing.iter().filter(|&&i| i != ahead);
        let needed = others.map(|&i| {
            let apart = means[i] - means[ahead];
            self.h_squared * self.variances[i][ahead] / (self.delta * (self.delta + 2.0 * apart))
        });
        needed.fold(0.0, f64::max)
    }

    fn indices(&self) -> Vec<usize> {
        (0..self.racing.len()).filter(|&i| self.racing[i]).collect()
    }

    /// `W_il = max(0, δ/2n (h² S²_il/δ² − n))`: by so much must i be worse than l to leave after n replications.
    fn slack(&self, i: usize, l: usize, n: f64) -> f64 {
        let needed = self.h_squared * self.variances[i][l] / (self.delta * self.delta);
        (self.delta / (2.0 * n) * (needed - n)).max(0.0)
    }

    /// Compares the means over `replications` replications (those of the dropped are not read), drops who is beaten, and
    /// gives each that was dropped with the one that beat it most clearly.
    pub fn look(&mut self, means: &[f64], replications: usize) -> Vec<(usize, usize)> {
        let (racing, n) = (self.indices(), replications as f64);
        let beaten_by = |&i: &usize| {
            let ahead = racing.iter().filter(|&&l| l != i);
            let margins = ahead.map(|&l| (means[i] - means[l] - self.slack(i, l, n), l));
            let most = margins.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
            (most.0 > 0.0).then_some((i, most.1))
        };
        let dropped: Vec<(usize, usize)> = racing.iter().filter_map(beaten_by).collect();
        for (i, _) in &dropped {
            self.racing[*i] = false;
        }
        dropped
    }

    /// The winner, if the race is over: one is left, or so many replications were played that who is ahead is taken (the first
    /// of equals).
    pub fn winner(&self, means: &[f64], replications: usize) -> Option<usize> {
        let (racing, n) = (self.indices(), replications as f64);
        let open = racing
            .iter()
            .any(|&i| racing.iter().any(|&l| l != i && self.slack(i, l, n) > 0.0));
        (!open).then(|| racing.into_iter().min_by(|&a, &b| means[a].total_cmp(&means[b])))?
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::testing::{Draws, assert_close};

    #[test]
    fn the_constants_are_those_of_methods_10_4() {
        for (k, n, expected) in [
            (2, 10, 6.012_904_834_8),
            (3, 10, 8.512_989_458_2),
            (5, 10, 11.429_410_772_8),
            // methods.md prints …16387: its own η, .8590834299, gives …17382.
            (10, 10, 15.463_501_738_6),
            (10, 20, 11.511_484_538_7),
            (100, 20, 20.272_054_468_4),
        ] {
            assert_close(h_squared(k, n, 0.05), expected, 1e-10);
        }
    }

    #[test]
    fn what_is_no_race_is_refused() {
        let rows = [[1.0, 2.0, 3.0], [2.0, 3.0, 5.0]];
        assert!(Race::begin(&rows, 0.1, 0.05).is_some());
        assert!(Race::begin(&rows[..1], 0.1, 0.05).is_none());
        assert!(Race::begin(&[[1.0], [2.0]], 0.1, 0.05).is_none());
        assert!(Race::begin(&[vec![1.0, 2.0], vec![1.0]], 0.1, 0.05).is_none());
        for (delta, alpha) in [(0.0, 0.05), (f64::NAN, 0.05), (0.1, 0.0), (0.1, 0.5)] {
            assert!(Race::begin(&rows, delta, alpha).is_none(), "{delta} {alpha}");
        }
    }

    #[test]
    fn candidates_that_are_the_same_end_at_once_with_the_first() {
        let mut race = Race::begin(&[[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]], 0.1, 0.05).unwrap();
        assert_eq!(race.look(&[2.0, 2.0], 3), []);
        assert_eq!(race.winner(&[2.0, 2.0], 3), Some(0));
    }

    #[test]
    fn a_constant_difference_is_seen_at_once() {
        let mut race = Race::begin(&[[5.0, 6.0, 9.0], [3.0, 4.0, 7.0]], 0.1, 0.05).unwrap();
        assert_eq!(race.likely(&[20.0 / 3.0, 14.0 / 3.0]), 0.0);
        assert_eq!(race.look(&[20.0 / 3.0, 14.0 / 3.0], 3), [(0, 1)]);
        assert_eq!(race.winner(&[0.0, 14.0 / 3.0], 3), Some(1));
    }

    #[test]
    fn who_is_far_behind_is_likely_to_go_when_the_projection_says() {
        let rows = [[1.0, 2.0, 4.0, 1.0], [3.0, 2.0, 6.0, 4.0]];
        let mut race = Race::begin(&rows, 0.5, 0.05).unwrap();
        let means = [2.0, 3.75];
        let likely = race.likely(&means).ceil() as usize;
        assert!(likely > 4 && (likely as f64) < race.longest());
        assert_eq!(race.look(&means, likely - 1), []);
        assert_eq!(race.look(&means, likely + 1), [(1, 0)]);
    }

    /// One selection among ten: the first is better than all others by δ, a third of the standard deviation. Gives who won
    /// and the replications spent on all.
    fn select(draws: &mut Draws, correlation: f64) -> (usize, usize) {
        const K: usize = 10;
        let delta = 1.0 / 3.0;
        let mut rows = vec![Vec::new(); K];
        let play = |draws: &mut Draws, rows: &mut [Vec<f64>], racing: &[bool]| {
            let both = draws.normal() * correlation.sqrt();
            for (i, row) in rows.iter_mut().enumerate().filter(|(i, _)| racing[*i]) {
                let own = draws.normal() * (1.0 - correlation).sqrt();
                row.push(if i == 0 { 0.0 } else { delta } + both + own);
            }
        };
        (0..20).for_each(|_| play(draws, &mut rows, &[true; K]));
        let mut race = Race::begin(&rows, delta, 0.05).unwrap();
        let mut n = 20;
        loop {
            let means: Vec<f64> = rows
                .iter()
                .map(|row| row.iter().sum::<f64>() / row.len() as f64)
                .collect();
            race.look(&means, n);
            if let Some(winner) = race.winner(&means, n) {
                return (winner, rows.iter().map(Vec::len).sum());
            }
            let racing = race.racing().to_vec();
            (0..8).for_each(|_| play(draws, &mut rows, &racing));
            n += 8;
        }
    }

    fn right(selections: usize, correlation: f64) -> (usize, usize) {
        let mut draws = Draws::seeded();
        let all = (0..selections).map(|_| select(&mut draws, correlation));
        let (mut right, mut spent) = (0, 0);
        for (winner, replications) in all {
            right += usize::from(winner == 0);
            spent += replications;
        }
        (right, spent / selections)
    }

    /// 0.95 is promised in the worst case; methods.md 9: at least 179 of 200.
    #[test]
    fn keeps_its_promise_and_is_shorter_on_common_random_numbers() {
        let (alone, long) = right(200, 0.0);
        let (together, short) = right(200, 0.8);
        assert!(alone >= 179 && together >= 179, "{alone} and {together} of 200");
        assert!(2 * short < long, "{short} against {long} replications");
    }

    /// Recorded: 1,947 of 2,000 right, 742 replications each, without correlation; 1,972 and 220 with 0.8.
    #[test]
    #[ignore = "2,000 selections each: some seconds"]
    fn keeps_its_promise_in_the_long_run() {
        for correlation in [0.0, 0.8] {
            let (found, spent) = right(2_000, correlation);
            println!("correlation {correlation}: {found} of 2,000 right, {spent} replications each");
            assert!(found >= 1_870, "{found} of 2,000");
        }
    }
}
