//! The front of two responses, both better when smaller: who is beaten in both for certain, who by nobody, who perhaps.
//!
//! Points met the same random numbers, so they are compared in pairs, replication by replication, each side of each pair at
//! α/(k−1) (methods.md section 6). How often a point is on the front of a resample says the same as a share. Random numbers
//! come from the caller.

use super::interval::{Confidence, degrees};

/// How many times the replications are resampled.
pub const RESAMPLES: usize = 500;

/// Where a point stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Membership {
    /// Nothing else can be as good in both and better in one.
    On,
    /// Neither certain.
    Maybe,
    /// Something else is for certain no worse in both and better in one.
    Off,
}

/// A point's standing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standing {
    /// Whether its means are on the front of the points' means.
    pub on_front: bool,
    /// How certain that is.
    pub membership: Membership,
    /// Share of the resamples in which it is on the front.
    pub share: f64,
}

/// The standing of every point: `first` and `second` hold one point a row, one replication a column. `None` without points or
/// replications, or if rows differ in length. `below(n)` is uniform among 0 … n − 1.
///
/// With one replication nothing is certain: every point is `Maybe`.
pub fn front(
    first: &[Vec<f64>],
    second: &[Vec<f64>],
    confidence: Confidence,
    below: &mut dyn FnMut(usize) -> usize,
) -> Option<Vec<Standing>> {
    let replications = first.first()?.len();
    let odd = |rows: &[Vec<f64>]| rows.iter().any(|row| row.len() != replications);
    if replications == 0 || first.len() != second.len() || odd(first) || odd(second) {
        return None;
    }
    let all: Vec<usize> = (0..replications).collect();
    let on_front = least(&means(first, &all), &means(second, &all));
    let mut times = vec![0_usize; first.len()];
    let mut drawn = all;
    for _ in 0..RESAMPLES {
        drawn.iter_mut().for_each(|one| *one = below(replications));
        let on = least(&means(first, &drawn), &means(second, &drawn));
        times
            .iter_mut()
            .zip(on)
            .for_each(|(times, on)| *times += usize::from(on));
    }
    let standing = |point: usize| Standing {
        on_front: on_front[point],
        membership: membership([first, second], point, confidence),
        share: times[point] as f64 / RESAMPLES as f64,
    };
    Some((0..first.len()).map(standing).collect())
}

fn means(rows: &[Vec<f64>], drawn: &[usize]) -> Vec<f64> {
    let mean = |row: &Vec<f64>| drawn.iter().map(|one| row[*one]).sum::<f64>() / drawn.len() as f64;
    rows.iter().map(mean).collect()
}

/// Which points nobody beats: in ascending order of the first, those whose second is below all before. Equals stand together.
fn least(first: &[f64], second: &[f64]) -> Vec<bool> {
    let mut order: Vec<usize> = (0..first.len()).collect();
    order.sort_by(|a, b| first[*a].total_cmp(&first[*b]).then(second[*a].total_cmp(&second[*b])));
    let mut on = vec![false; first.len()];
    let mut best: Option<(f64, f64)> = None;
    for point in order {
        let here = (first[point], second[point]);
        on[point] = best.is_none_or(|best| here.1 < best.1 || here == best);
        if on[point] {
            best = Some(here);
        }
    }
    on
}

fn membership(responses: [&[Vec<f64>]; 2], point: usize, confidence: Confidence) -> Membership {
    let others = responses[0].len() - 1;
    let replications = responses[0][point].len();
    let Some(df) = degrees(replications) else {
        return Membership::Maybe;
    };
    let t = confidence.simultaneous(others).t_one_sided(df);
    let (mut beaten, mut beatable) = (false, false);
    for other in (0..=others).filter(|other| *other != point) {
        let [a, b] = responses.map(|rows| bounds(&rows[other], &rows[point], t));
        let same = [a, b].iter().all(|(low, high)| *low == 0.0 && *high == 0.0);
        beaten |= a.1 <= 0.0 && b.1 <= 0.0 && !same;
        beatable |= a.0 <= 0.0 && b.0 <= 0.0 && !same;
    }
    match (beaten, beatable) {
        (true, _) => Membership::Off,
        (false, true) => Membership::Maybe,
        (false, false) => Membership::On,
    }
}

/// One-sided bounds of the mean of `a − b`.
fn bounds(a: &[f64], b: &[f64], t: f64) -> (f64, f64) {
    let n = a.len() as f64;
    let mean = a.iter().zip(b).map(|(a, b)| a - b).sum::<f64>() / n;
    let squares: f64 = a.iter().zip(b).map(|(a, b)| (a - b - mean) * (a - b - mean)).sum();
    let half = t * (squares / (n - 1.0) / n).sqrt();
    (mean - half, mean + half)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::testing::Draws;

    fn of(first: &[Vec<f64>], second: &[Vec<f64>]) -> Vec<Standing> {
        let mut draws = Draws::seeded();
        front(first, second, Confidence::P95, &mut |n| draws.below(n as u64) as usize).unwrap()
    }

    fn row(mean: f64, noise: f64, draws: &mut Draws) -> Vec<f64> {
        (0..10).map(|_| mean + noise * draws.normal()).collect()
    }

    #[test]
    fn who_is_beaten_in_both_is_off_and_who_is_not_is_on() {
        let mut draws = Draws::seeded();
        let cost: Vec<Vec<f64>> = [1.0, 2.0, 3.0, 3.0].iter().map(|mean| vec![*mean; 10]).collect();
        let breach: Vec<Vec<f64>> = [9.0, 5.0, 1.0, 6.0]
            .iter()
            .map(|mean| row(*mean, 0.1, &mut draws))
            .collect();
        let found = of(&cost, &breach);
        let memberships: Vec<_> = found.iter().map(|standing| standing.membership).collect();
        assert_eq!(
            memberships,
            [Membership::On, Membership::On, Membership::On, Membership::Off]
        );
        assert_eq!(
            found.iter().map(|one| one.on_front).collect::<Vec<_>>(),
            [true, true, true, false]
        );
        assert!(found[2].share == 1.0 && found[3].share == 0.0);
    }

    #[test]
    fn what_noise_hides_is_maybe() {
        let mut draws = Draws::seeded();
        let cost = vec![vec![1.0; 10], vec![2.0; 10]];
        let breach = vec![row(5.0, 2.0, &mut draws), row(4.9, 2.0, &mut draws)];
        let found = of(&cost, &breach);
        assert_eq!(found[0].membership, Membership::On, "nothing else is as cheap");
        assert_eq!(found[1].membership, Membership::Maybe);
        assert!(found[1].share > 0.0 && found[1].share < 1.0, "{}", found[1].share);
    }

    #[test]
    fn equal_points_share_the_front() {
        let rows = vec![vec![1.0, 2.0], vec![1.0, 2.0]];
        for standing in of(&rows, &rows) {
            assert!(standing.on_front && standing.membership == Membership::On && standing.share == 1.0);
        }
    }

    #[test]
    fn a_point_that_is_off_is_never_on_the_front_of_the_means() {
        let mut draws = Draws::seeded();
        let rows = |draws: &mut Draws| {
            (0..40)
                .map(|_| row(draws.uniform(), 0.05, &mut Draws::seeded()))
                .collect::<Vec<_>>()
        };
        let (first, second) = (rows(&mut draws), rows(&mut draws));
        let found = of(&first, &second);
        assert!(found.iter().any(|one| one.membership == Membership::Off));
        assert!(
            found
                .iter()
                .all(|one| one.membership != Membership::Off || !one.on_front)
        );
    }
}
