//! Quantiles: the pooled estimate, its sectioning interval, and order statistics.
//!
//! A quantile of observations (p90 of first response) is *pooled*: `x_(⌈qN⌉)` of all of them, exactly or from a
//! [`sketch`](super::sketch). Its interval comes from the spread of the replications' own quantiles around the pooled one
//! (sectioning), never from order statistics of the pool, as observations of one replication are not independent, and not
//! from the mean of the replications' quantiles, which is biased. The replications' quantiles and the pooled one must come
//! from the same source: all exact, or all from the same sketch.
//!
//! A quantity that each replication has once (a peak backlog) *is* independent across replications: [`order_statistics`].

use std::ops::Range;

use super::interval::{Confidence, Interval, degrees};
use super::ratio::standard_error_around_zero;
use super::special::{binomial_above, binomial_cdf};

/// Relative slack for products like 0.55 · 100, which are 55 in decimals and a hair more in binary: a few roundings.
const SLACK: f64 = 1e-15;

/// The rank ⌈qN⌉ of the q-quantile among `n` values in ascending order, counted from 1; none of no values.
///
/// `q` is taken into [0, 1]; q = 0 is the least value. A product that exceeds a whole number by rounding alone is that number.
///
/// ```
/// use escalade::stats::quantile::rank;
/// assert_eq!(rank(0.9, 41), Some(37));
/// assert_eq!(rank(0.55, 100), Some(55));
/// ```
pub fn rank(q: f64, n: u64) -> Option<u64> {
    let at = q.clamp(0.0, 1.0) * n as f64;
    (n > 0).then(|| ((at - SLACK * at).ceil() as u64).clamp(1, n))
}

/// The q-quantile `x_(⌈qN⌉)` of values in ascending order; none of no values.
pub fn quantile_of_sorted<T: Copy>(sorted: &[T], q: f64) -> Option<T> {
    let rank = rank(q, sorted.len() as u64)?;
    sorted.get(rank as usize - 1).copied()
}

/// The q-quantile of whole numbers (milliseconds) in any order, which it partly sorts; none of no values.
///
/// ```
/// use escalade::stats::quantile::quantile_of;
/// assert_eq!(quantile_of(&mut [30_u64, 2, 12, 9, 3, 4, 7, 5], 0.5), Some(5));
/// ```
pub fn quantile_of<T: Copy + Ord>(values: &mut [T], q: f64) -> Option<T> {
    let rank = rank(q, values.len() as u64)?;
    Some(*values.select_nth_unstable(rank as usize - 1).1)
}

/// A pooled quantile and the quantiles of the sections (replications, or groups of them) it was pooled from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sections<'a> {
    /// Q, of all observations.
    pub pooled: f64,
    /// q_r, one a section.
    pub quantiles: &'a [f64],
}

impl Sections<'_> {
    /// `√(Σ(q_r − Q)² / ((R−1) R))`, centred on the pooled quantile Q; none with fewer than two sections.
    pub fn standard_error(&self) -> Option<f64> {
        standard_error_around_zero(&self.deviations())
    }

    /// `Q ± t_{1−α/2, R−1} SE` (Asmussen & Glynn 2007, III.4; Nakayama 2014); none with fewer than two sections.
    ///
    /// Each section should pass the guard of [`grouping`].
    ///
    /// ```
    /// use escalade::stats::{Confidence, quantile::Sections};
    /// let median = Sections { pooled: 7.0, quantiles: &[5.0, 6.0, 7.0, 8.0, 6.0] };
    /// let interval = median.interval(Confidence::P95).unwrap();
    /// assert!((interval.half_width() - 1.642567075575).abs() < 1e-11);
    /// ```
    pub fn interval(&self, confidence: Confidence) -> Option<Interval> {
        let t = confidence.t(degrees(self.quantiles.len())?);
        Some(Interval::symmetric(self.pooled, t * self.standard_error()?))
    }

    pub(super) fn deviations(&self) -> Vec<f64> {
        self.quantiles.iter().map(|q| q - self.pooled).collect()
    }
}

/// How replications are merged into sections: consecutive ones, in groups whose sizes differ by one at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grouping {
    replications: usize,
    groups: usize,
}

impl Grouping {
    /// The number of groups, that is of sections; the degrees of freedom are one less.
    pub fn groups(&self) -> usize {
        self.groups
    }

    /// Whether each replication is a section of its own.
    pub fn is_single(&self) -> bool {
        self.groups == self.replications
    }

    /// The replications of each group, in order.
    pub fn ranges(&self) -> impl Iterator<Item = Range<usize>> + use<> {
        let Grouping { replications, groups } = *self;
        (0..groups).map(move |g| g * replications / groups..(g + 1) * replications / groups)
    }
}

/// The fewest groups that merging may leave.
const FEWEST_GROUPS: usize = 10;

/// How to section for a q-quantile, given the observations of each replication, so that each section holds 10/(1−q) of them
/// (10/q below the median).
///
/// Each replication alone if it can be; otherwise m = 2, 3, … consecutive replications together, as long as that leaves 10
/// groups or more. None if it does not: then there is an estimate but no interval. Also none for q outside (0, 1).
///
/// ```
/// use escalade::stats::quantile::grouping;
/// assert_eq!(grouping(&[150; 20], 0.9).unwrap().groups(), 20);
/// assert_eq!(grouping(&[60; 20], 0.9).unwrap().groups(), 10);
/// assert!(grouping(&[40; 20], 0.9).is_none());
/// ```
pub fn grouping(counts: &[u64], q: f64) -> Option<Grouping> {
    let rarer = q.min(1.0 - q);
    let replications = counts.len();
    let holds = |grouping: &Grouping| {
        grouping.ranges().all(|range| {
            let observations: f64 = counts[range].iter().map(|&n| n as f64).sum();
            observations * rarer >= 10.0 * (1.0 - 1e-12)
        })
    };
    let single = Grouping {
        replications,
        groups: replications,
    };
    if replications >= 2 && holds(&single) {
        return Some(single);
    }
    (2..=replications / FEWEST_GROUPS)
        .map(|size| Grouping {
            replications,
            groups: replications / size,
        })
        .find(holds)
}

/// The ranks (from 1) of the order statistics that bound a quantile of *independent* values; a missing one is an open side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderStatistics {
    /// l.
    pub low: Option<u64>,
    /// u.
    pub high: Option<u64>,
}

/// The distribution-free interval `[x_(l), x_(u)]` of the q-quantile of `n` independent values: l the largest rank with
/// P(Bin(n, q) ≤ l−1) ≤ α/2, u the smallest with P(Bin(n, q) ≥ u) ≤ α/2.
///
/// ```
/// use escalade::stats::{Confidence, quantile::order_statistics};
/// let ranks = order_statistics(59, 0.95, Confidence::P95);
/// assert_eq!((ranks.low, ranks.high), (Some(52), None));
/// ```
pub fn order_statistics(n: u64, q: f64, confidence: Confidence) -> OrderStatistics {
    let side = 0.5 * confidence.alpha();
    // Ranks 1..=n; both conditions are monotone in the rank.
    let too_high = first_rank(n, |l| binomial_cdf(l - 1, n, q) > side);
    let high = first_rank(n, |u| binomial_above(u - 1, n, q) <= side);
    OrderStatistics {
        low: Some(too_high - 1).filter(|&l| l >= 1),
        high: Some(high).filter(|&u| u <= n),
    }
}

/// The first rank in 1..=n for which `holds`, which is false and then true; n + 1 if it never is.
fn first_rank(n: u64, holds: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (1, n + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

impl OrderStatistics {
    /// P(l ≤ Bin(n, q) ≤ u − 1): how often the interval holds the quantile of a continuous distribution.
    pub fn coverage(&self, n: u64, q: f64) -> f64 {
        let below = self.low.map_or(0.0, |l| binomial_cdf(l - 1, n, q));
        let above = self.high.map_or(0.0, |u| binomial_above(u - 1, n, q));
        1.0 - below - above
    }

    /// The interval of values in ascending order, at the ranks computed for as many; an open side is infinite. None of none.
    pub fn interval(&self, sorted: &[f64], q: f64) -> Option<Interval> {
        let at = |rank: u64| sorted.get(rank as usize - 1).copied();
        Some(Interval {
            estimate: quantile_of_sorted(sorted, q)?,
            low: self.low.and_then(at).unwrap_or(f64::NEG_INFINITY),
            high: self.high.and_then(at).unwrap_or(f64::INFINITY),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::testing::{Draws, assert_close, assert_printed};

    const L7: [&[u64]; 5] = [
        &[3, 9, 4, 12, 7, 5, 30, 2],
        &[6, 8, 1, 14, 10, 2, 22, 5],
        &[11, 3, 5, 7, 18, 9, 4, 6, 40],
        &[2, 4, 6, 8, 10, 12, 14],
        &[1, 13, 5, 9, 3, 25, 7, 6],
    ];

    fn exact(q: f64) -> (f64, Vec<f64>) {
        let pooled = quantile_of(&mut L7.concat(), q).unwrap() as f64;
        let quantiles = L7
            .iter()
            .map(|values| quantile_of(&mut values.to_vec(), q).unwrap() as f64)
            .collect();
        (pooled, quantiles)
    }

    #[track_caller]
    fn check_l7(q: f64, pooled: f64, quantiles: [f64; 5], se: f64, low: f64, high: f64) {
        let found = exact(q);
        assert_eq!(found, (pooled, quantiles.to_vec()));
        let sections = Sections {
            pooled,
            quantiles: &quantiles,
        };
        assert_close(sections.standard_error().unwrap(), se, 1e-9);
        let interval = sections.interval(Confidence::P95).unwrap();
        assert_close(interval.low, low, 1e-9);
        assert_close(interval.high, high, 1e-9);
    }

    #[test]
    fn sectioning_is_that_of_vector_l7() {
        let medians = [5.0, 6.0, 7.0, 8.0, 6.0];
        check_l7(0.5, 7.0, medians, 0.59160797831, 5.357432924425, 8.642567075575);
        let nineties = [30.0, 22.0, 40.0, 14.0, 25.0];
        check_l7(0.9, 18.0, nineties, 5.953990258642, 1.469072889999, 34.53092711);
    }

    #[test]
    fn sectioning_is_that_of_methods_10_1() {
        let sections = Sections {
            pooled: 41.6,
            quantiles: &[41.2, 39.5, 44.8, 40.1, 42.7, 43.3, 38.9, 41.9, 40.6, 45.0],
        };
        assert_printed(sections.standard_error().unwrap(), 0.675_771_164_4);
        let half = sections.interval(Confidence::P95).unwrap().half_width();
        assert_printed(half, 1.528_700_58);
    }

    #[test]
    fn order_statistics_are_those_of_vector_l10_and_methods_10_1() {
        for (n, q, low, high) in [
            (30, 0.5, 10, Some(21)),
            (59, 0.95, 52, None),
            (200, 0.9, 171, Some(189)),
            (40, 0.75, 24, Some(36)),
            (100, 0.5, 40, Some(61)),
            (100, 0.9, 84, Some(96)),
            (1000, 0.95, 936, Some(964)),
        ] {
            let found = order_statistics(n, q, Confidence::P95);
            assert_eq!((found.low, found.high), (Some(low), high), "n = {n}, q = {q}");
        }
        // methods.md prints .95571 for the second: mpmath says .955690.
        for (n, q, coverage) in [(100, 0.5, 0.96480), (100, 0.9, 0.95569), (1000, 0.95, 0.95810)] {
            let found = order_statistics(n, q, Confidence::P95).coverage(n, q);
            assert!((found - coverage).abs() < 5.1e-6, "n = {n}, q = {q}: {found}");
        }
    }

    #[test]
    fn few_values_leave_both_sides_open() {
        let ranks = order_statistics(3, 0.5, Confidence::P95);
        assert_eq!((ranks.low, ranks.high), (None, None));
        let interval = ranks.interval(&[1.0, 2.0, 3.0], 0.5).unwrap();
        assert_eq!(interval.estimate, 2.0);
        assert_eq!((interval.low, interval.high), (f64::NEG_INFINITY, f64::INFINITY));
        assert_eq!(order_statistics(0, 0.5, Confidence::P95).interval(&[], 0.5), None);
    }

    #[test]
    fn a_rank_is_the_ceiling_in_decimals_not_in_binary() {
        for percent in 1..=100_u64 {
            for n in 1..=400_u64 {
                let expected = (percent * n).div_ceil(100);
                assert_eq!(rank(percent as f64 / 100.0, n), Some(expected));
            }
        }
        assert_eq!(rank(0.5, 0), None);
        assert_eq!(rank(0.0, 9), Some(1));
        assert_eq!(rank(7.0, 9), Some(9));
        assert_eq!(rank(f64::NAN, 9), Some(1));
    }

    #[test]
    fn the_guard_holds_at_its_very_border() {
        assert!(grouping(&[100; 10], 0.9).unwrap().is_single());
        assert!(grouping(&[99; 10], 0.9).is_none());
        assert!(grouping(&[1000; 2], 0.99).unwrap().is_single());
        assert_eq!(grouping(&[1000; 1], 0.5), None);
        assert_eq!(grouping(&[], 0.5), None);
        assert_eq!(grouping(&[1000; 20], 1.0), None);
        assert!(grouping(&[100; 10], 0.1).unwrap().is_single());
    }

    #[test]
    fn groups_are_consecutive_nearly_equal_and_complete() {
        for replications in [20, 32, 37, 50, 101] {
            let found = grouping(&vec![35; replications], 0.9);
            let Some(found) = found else {
                assert!(replications < 30);
                continue;
            };
            assert_eq!(found.groups(), replications / 3);
            let ranges: Vec<_> = found.ranges().collect();
            assert_eq!(ranges.first().unwrap().start, 0);
            assert_eq!(ranges.last().unwrap().end, replications);
            assert!(ranges.windows(2).all(|pair| pair[0].end == pair[1].start));
            assert!(ranges.iter().all(|range| (3..=4).contains(&range.len())));
        }
    }

    #[test]
    fn one_thin_replication_makes_its_neighbours_join_it() {
        let mut counts = [200; 20];
        counts[7] = 5;
        assert_eq!(grouping(&counts, 0.9).unwrap().groups(), 10);
    }

    #[test]
    fn a_quantile_does_not_care_for_order_and_moves_with_its_unit() {
        let mut draws = Draws::seeded();
        let values: Vec<u64> = (0..999).map(|_| draws.below(100_000)).collect();
        for q in [0.0, 0.01, 0.5, 0.9, 0.999, 1.0] {
            let expected = quantile_of(&mut values.clone(), q);
            assert_eq!(quantile_of(&mut draws.shuffled(&values), q), expected);
            let mut moved: Vec<u64> = values.iter().map(|x| 60 * x + 11).collect();
            assert_eq!(quantile_of(&mut moved, q), expected.map(|x| 60 * x + 11));
            let mut sorted = values.clone();
            sorted.sort_unstable();
            assert_eq!(quantile_of_sorted(&sorted, q), expected);
        }
    }

    #[test]
    fn constant_sections_have_an_interval_of_no_width() {
        let sections = Sections {
            pooled: 0.3,
            quantiles: &[0.3; 4],
        };
        assert_eq!(sections.interval(Confidence::P95), Some(Interval::symmetric(0.3, 0.0)));
        let one = Sections {
            pooled: 0.3,
            quantiles: &[0.3],
        };
        assert_eq!(one.interval(Confidence::P95), None);
    }

    #[test]
    fn sectioning_moves_with_unit_and_origin_and_not_with_order() {
        let quantiles = [41.2, 39.5, 44.8, 40.1];
        let moved = [44.8, 40.1, 39.5, 41.2].map(|q| 60.0 * q + 3.0);
        let before = Sections {
            pooled: 41.6,
            quantiles: &quantiles,
        };
        let after = Sections {
            pooled: 60.0 * 41.6 + 3.0,
            quantiles: &moved,
        };
        let before = before.interval(Confidence::P95).unwrap();
        let after = after.interval(Confidence::P95).unwrap();
        assert_close(after.low, 60.0 * before.low + 3.0, 1e-12);
        assert_close(after.high, 60.0 * before.high + 3.0, 1e-12);
    }
}
