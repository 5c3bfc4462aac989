//! Differences of two candidates that met the same random numbers, replication by replication.
//!
//! First minus second, always. The unit is the replication's *pair*: what both candidates shared (a busy week) cancels, and
//! only what they did differently is left. Everything here needs row r of both to be the same replication; it is not for two
//! independent experiments (that would be Welch's test).
//!
//! | metric | function |
//! | --- | --- |
//! | one value a replication | [`paired_mean`] |
//! | ratio of sums | [`paired_ratio`] |
//! | quantile | [`paired_quantile`] |
//! | share of the same tickets, possibly rare | [`paired_share`], from the tickets on which the candidates disagree |

use super::interval::{Confidence, Interval, degrees};
use super::mean::Moments;
use super::quantile::Sections;
use super::ratio::{Linearised, Share, linearise, ratio, share, standard_error_around_zero};
use super::special::{regularised_beta, t_two_sided};

/// First minus second, and how sure that is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// In the metric's unit.
    pub estimate: f64,
    /// The pairs (or sections) behind it.
    pub replications: usize,
    /// Whether the two agree exactly on every replication: not "no significant difference", but none at all.
    pub identical: bool,
    /// None with fewer than two replications, or where quantiles have no sections to compare.
    pub evidence: Option<Evidence>,
}

/// What the replications say about a difference.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evidence {
    /// Around the same estimate.
    pub interval: Interval,
    /// Of the estimate, over replications.
    pub standard_error: f64,
    /// Two-sided, of the hypothesis that there is no difference; not adjusted for other comparisons.
    pub p: f64,
}

impl Evidence {
    /// estimate / standard error: 0 for 0/0, infinite for a difference without error.
    pub fn t(&self) -> f64 {
        if self.interval.estimate == 0.0 {
            0.0
        } else {
            self.interval.estimate / self.standard_error
        }
    }
}

impl Difference {
    /// The interval of the difference; none with fewer than two replications.
    pub fn interval(&self) -> Option<Interval> {
        self.evidence.map(|evidence| evidence.interval)
    }

    /// The two-sided p-value; none with fewer than two replications.
    pub fn p(&self) -> Option<f64> {
        self.evidence.map(|evidence| evidence.p)
    }

    /// From the deviations of the replications' differences around the estimate; Student's interval and test.
    fn student(estimate: f64, identical: bool, deviations: &[f64], confidence: Confidence) -> Self {
        let evidence = || {
            let df = degrees(deviations.len())?;
            let standard_error = standard_error_around_zero(deviations)?;
            let half = confidence.t(df) * standard_error;
            let mut evidence = Evidence {
                interval: Interval::symmetric(estimate, half),
                standard_error,
                p: 1.0,
            };
            evidence.p = t_two_sided(evidence.t(), df);
            Some(evidence)
        };
        Difference {
            estimate,
            replications: deviations.len(),
            identical,
            evidence: evidence(),
        }
    }
}

/// A difference, and what the common random numbers did for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Paired {
    /// First minus second.
    pub difference: Difference,
    /// Between the two candidates' replications; none where either does not vary.
    pub correlation: Option<f64>,
    /// (s²_A + s²_B) / s²_d: how many times fewer replications than with independent ones; below 1, pairing hurts. None where
    /// the differences do not vary.
    pub variance_reduction: Option<f64>,
}

impl Paired {
    /// `first`, `second`: the deviations of each candidate's replications; `differences` those of their differences.
    fn student(
        estimate: f64,
        identical: bool,
        [first, second, differences]: [&[f64]; 3],
        confidence: Confidence,
    ) -> Self {
        let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let (of_first, of_second) = (product(first, first), product(second, second));
        let of_differences = product(differences, differences);
        let both = of_first.sqrt() * of_second.sqrt();
        let correlation = product(first, second) / both;
        Paired {
            difference: Difference::student(estimate, identical, differences, confidence),
            correlation: (both > 0.0).then(|| correlation.clamp(-1.0, 1.0)),
            variance_reduction: (of_differences > 0.0).then(|| (of_first + of_second) / of_differences),
        }
    }
}

fn minus(first: &[f64], second: &[f64]) -> Vec<f64> {
    first.iter().zip(second).map(|(a, b)| a - b).collect()
}

/// The mean of `A_r − B_r` with Student's interval and two-sided p, R − 1 degrees of freedom.
///
/// One value a replication. None if the slices differ in length or are empty.
///
/// ```
/// use escalade::stats::{Confidence, paired::paired_mean};
/// let before = [5.2, 6.1, 4.8, 7.0, 5.5, 6.4, 5.9, 4.9];
/// let after = [4.6, 5.7, 4.5, 6.1, 5.0, 5.6, 5.5, 4.6];
/// let paired = paired_mean(&before, &after, Confidence::P95).unwrap();
/// assert!((paired.difference.estimate - 0.525).abs() < 1e-12);
/// assert!(paired.difference.p().unwrap() < 0.001);
/// assert!(paired.variance_reduction.unwrap() > 18.0);
/// ```
pub fn paired_mean(first: &[f64], second: &[f64], confidence: Confidence) -> Option<Paired> {
    if first.len() != second.len() {
        return None;
    }
    let differences = minus(first, second);
    let centred = |values: &[f64]| {
        let mean = values.iter().collect::<Moments>().mean()?;
        let deviations: Vec<f64> = values.iter().map(|x| x - mean).collect();
        Some((mean, deviations))
    };
    let (estimate, d) = centred(&differences)?;
    let deviations = [&centred(first)?.1[..], &centred(second)?.1, &d];
    Some(Paired::student(
        estimate,
        differences.iter().all(|&d| d == 0.0),
        deviations,
        confidence,
    ))
}

/// Numerators and denominators of a ratio of sums, one pair a replication.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sums<'a> {
    /// B_r.
    pub numerators: &'a [f64],
    /// D_r ≥ 0.
    pub denominators: &'a [f64],
}

/// The difference of two ratios of sums by the linearisation
/// `ψ_r = (B_{A,r} − p̂_A D_{A,r})/D̄_A − (B_{B,r} − p̂_B D_{B,r})/D̄_B`, SE = s_ψ/√R.
///
/// None if lengths differ or either denominator's sum is not above zero. For rare events prefer [`paired_share`]: this one
/// covers badly where few replications show a difference.
///
/// ```
/// use escalade::stats::{Confidence, paired::{Sums, paired_ratio}};
/// let due = [100.0, 120.0, 90.0];
/// let first = Sums { numerators: &[9.0, 13.0, 8.0], denominators: &due };
/// let second = Sums { numerators: &[7.0, 10.0, 7.0], denominators: &due };
/// let paired = paired_ratio(first, second, Confidence::P95).unwrap();
/// assert!((paired.difference.estimate - 6.0 / 310.0).abs() < 1e-12);
/// ```
pub fn paired_ratio(first: Sums, second: Sums, confidence: Confidence) -> Option<Paired> {
    let a = linearise(first.numerators, first.denominators)?;
    let b = linearise(second.numerators, second.denominators)?;
    let same = |a: &Linearised, b: &Linearised| a.influence.len() == b.influence.len();
    if !same(&a, &b) {
        return None;
    }
    let d = minus(&a.influence, &b.influence);
    Some(Paired::student(
        a.estimate - b.estimate,
        first == second,
        [&a.influence, &b.influence, &d],
        confidence,
    ))
}

/// The difference of two pooled quantiles by sectioning: `SE² = Σ((q_{A,r} − q_{B,r}) − (Q_A − Q_B))² / ((R−1) R)`.
///
/// The sections of both must be the same replications, or the same groups of them. Where their numbers differ or are zero there is
/// an estimate, and no evidence.
///
/// ```
/// use escalade::stats::{Confidence, paired::paired_quantile, quantile::Sections};
/// let before = Sections { pooled: 7.0, quantiles: &[5.0, 6.0, 7.0, 8.0] };
/// let after = Sections { pooled: 6.0, quantiles: &[4.0, 5.0, 6.0, 7.0] };
/// let paired = paired_quantile(before, after, Confidence::P95);
/// assert_eq!(paired.difference.estimate, 1.0);
/// ```
pub fn paired_quantile(first: Sections, second: Sections, confidence: Confidence) -> Paired {
    let estimate = first.pooled - second.pooled;
    if first.quantiles.len() != second.quantiles.len() || first.quantiles.is_empty() {
        return Paired {
            difference: Difference {
                estimate,
                replications: 0,
                identical: false,
                evidence: None,
            },
            correlation: None,
            variance_reduction: None,
        };
    }
    let d: Vec<f64> = minus(first.quantiles, second.quantiles)
        .into_iter()
        .map(|d| d - estimate)
        .collect();
    Paired::student(
        estimate,
        first == second,
        [&first.deviations(), &second.deviations(), &d],
        confidence,
    )
}

/// By which rule a [`SharedDifference`] got its interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiscordantRule {
    /// One candidate alone has all the discordant tickets (or there are none): Wilson's interval on their share.
    OneSided,
    /// Both have some, fewer than 30 in all: Newcombe's square-and-add.
    SquareAndAdd,
    /// 30 or more: Student's interval of the paired ratio.
    PairedT,
}

/// The difference of two shares of the *same* tickets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SharedDifference {
    /// First minus second.
    pub difference: Difference,
    /// How its interval was computed.
    pub rule: DiscordantRule,
    /// n₁₀: hit under the first candidate only.
    pub only_first: u64,
    /// n₀₁: hit under the second candidate only.
    pub only_second: u64,
}

/// From as many discordant tickets on, the paired t is sound.
const ENOUGH_DISCORDANT: u64 = 30;

/// The difference (n₁₀ − n₀₁)/N of two shares of the same tickets, from the tickets on which the candidates disagree.
///
/// A slice each, one count a replication: hit under the first candidate only, under the second only, and all tickets (of the
/// base). When a candidate cures a rare breach, most replications show no difference at all, and the paired t covers as little
/// as a quarter of what it says; hence three rules (methods.md 3.2):
///
/// * none on one side: Wilson's interval with Student's t and design effect on the other side's share;
/// * some on both, fewer than 30: square-and-add of the two shares' Wilson intervals (after Newcombe 1998);
/// * 30 or more: the paired t of the ratio.
///
/// With fewer than 30, p is McNemar's exact two-sided binomial test, its counts divided by the design effect of the discordant
/// share. Wilson's interval excludes zero as soon as *one* ticket differs, so a verdict needs p as well.
///
/// None if lengths differ, a replication has more discordant tickets than tickets, or there are no tickets.
///
/// ```
/// use escalade::stats::{Confidence, paired::{DiscordantRule, paired_share}};
/// // 7 tickets breach under the first candidate only, none under the second only
/// let cured = paired_share(&[2, 0, 1, 4], &[0; 4], &[500; 4], Confidence::P95).unwrap();
/// assert_eq!(cured.rule, DiscordantRule::OneSided);
/// assert_eq!(cured.difference.estimate, 7.0 / 2000.0);
/// ```
pub fn paired_share(
    only_first: &[u64],
    only_second: &[u64],
    of: &[u64],
    confidence: Confidence,
) -> Option<SharedDifference> {
    if only_first.len() != only_second.len() {
        return None;
    }
    let either: Vec<u64> = only_first
        .iter()
        .zip(only_second)
        .map(|(a, b)| a.saturating_add(*b))
        .collect();
    let either = share(&either, of)?;
    let (first, second) = (share(only_first, of)?, share(only_second, of)?);
    let rule = match (first.hits, second.hits) {
        (0, _) | (_, 0) => DiscordantRule::OneSided,
        _ if either.hits < ENOUGH_DISCORDANT => DiscordantRule::SquareAndAdd,
        _ => DiscordantRule::PairedT,
    };
    let mut difference = net_difference(only_first, only_second, of, confidence)?;
    difference.identical = either.hits == 0;
    if let Some(evidence) = &mut difference.evidence
        && rule != DiscordantRule::PairedT
    {
        evidence.interval = square_and_add(&first, &second, confidence)?;
        evidence.p = mcnemar(&first, &second, either.deff());
    }
    Some(SharedDifference {
        difference,
        rule,
        only_first: first.hits,
        only_second: second.hits,
    })
}

/// The paired t of Σ(n₁₀ − n₀₁)/ΣD: the linearisation of [`paired_ratio`] when both have the same denominators.
fn net_difference(only_first: &[u64], only_second: &[u64], of: &[u64], confidence: Confidence) -> Option<Difference> {
    let net: Vec<f64> = only_first
        .iter()
        .zip(only_second)
        .map(|(&a, &b)| a as f64 - b as f64)
        .collect();
    let of: Vec<f64> = of.iter().map(|&n| n as f64).collect();
    let Linearised { influence, .. } = linearise(&net, &of)?;
    let estimate = ratio(&net, &of)?.estimate;
    Some(Difference::student(estimate, false, &influence, confidence))
}

/// `d − √((p₁−l₁)² + (u₂−p₂)²)` to `d + √((u₁−p₁)² + (p₂−l₂)²)` from the Wilson intervals of the two discordant shares.
///
/// A side without a hit has no error towards zero. If only one side has hits, the other one's possible share is left out: that
/// is Wilson's interval on the one side. If neither has, each bounds the difference on its side.
fn square_and_add(first: &Share, second: &Share, confidence: Confidence) -> Option<Interval> {
    let a = first.interval(confidence)?;
    let b = second.interval(confidence)?;
    let square_sum = |x: f64, y: f64| (x * x + y * y).sqrt();
    let estimate = a.estimate - b.estimate;
    Some(match (first.hits, second.hits) {
        (1.., 0) => a,
        (0, 1..) => b.negated(),
        _ => Interval {
            estimate,
            low: estimate - square_sum(a.estimate - a.low, b.high - b.estimate),
            high: estimate + square_sum(a.high - a.estimate, b.estimate - b.low),
        },
    })
}

/// McNemar's exact two-sided test: twice the lesser tail of Bin(n₁₀ + n₀₁, ½), for counts divided by the design effect, which
/// need not be whole; 1 at most.
fn mcnemar(first: &Share, second: &Share, deff: f64) -> f64 {
    let more = first.hits.max(second.hits) as f64 / deff;
    let fewer = first.hits.min(second.hits) as f64 / deff;
    (2.0 * regularised_beta(more, fewer + 1.0, 0.5)).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::testing::{Draws, assert_close, assert_printed, pick, shuffled_order};

    const A: [f64; 8] = [5.2, 6.1, 4.8, 7.0, 5.5, 6.4, 5.9, 4.9];
    const B: [f64; 8] = [4.6, 5.7, 4.5, 6.1, 5.0, 5.6, 5.5, 4.6];

    fn evidence(paired: &Paired) -> Evidence {
        paired.difference.evidence.unwrap()
    }

    #[test]
    fn a_paired_mean_is_that_of_methods_10_2() {
        let paired = paired_mean(&A, &B, Confidence::P95).unwrap();
        let found = evidence(&paired);
        assert_printed(paired.difference.estimate, 0.525);
        assert_printed(found.standard_error * 8_f64.sqrt(), 0.225_198_325_3);
        assert_printed(found.interval.half_width(), 0.188_270_511_5);
        assert_printed(found.t(), 6.593_851_169);
        assert_printed(found.p, 0.000_306_051_9);
        assert_printed(paired.correlation.unwrap(), 0.973_603_620_4);
        assert_printed(paired.variance_reduction.unwrap(), 18.802_816_901_4);
    }

    #[test]
    fn a_paired_mean_is_that_of_vector_l3() {
        let a = [41.5, 38.2, 44.0, 40.7, 39.9, 45.3, 42.8, 37.6, 43.1, 41.0, 40.2, 44.7];
        let b = [39.0, 36.9, 41.2, 39.9, 38.1, 42.0, 40.9, 36.8, 40.4, 39.7, 38.0, 41.6];
        let paired = paired_mean(&a, &b, Confidence::P95).unwrap();
        let found = evidence(&paired);
        assert_close(paired.difference.estimate, 2.041666666667, 1e-9);
        assert_close(found.standard_error, 0.249380545684, 1e-9);
        assert_close(found.standard_error * 12_f64.sqrt(), 0.8638795510879, 1e-9);
        assert_close(found.t(), 8.186952438759, 1e-9);
        assert_close(found.p, 5.240572486615e-06, 1e-9);
        assert_close(found.interval.half_width(), 0.5488828802661, 1e-9);
        assert_close(found.interval.low, 1.492783786401, 1e-9);
        assert_close(found.interval.high, 2.590549546933, 1e-9);
        assert_close(paired.correlation.unwrap(), 0.966324489161, 1e-9);
        let factor = paired.variance_reduction.unwrap();
        assert_close(factor, 12.34544716272, 1e-9);
        // as wide as if unpaired: √(s²_A + s²_B) for s_d, and 2(R − 1) degrees of freedom
        let unpaired = found.standard_error * factor.sqrt() * Confidence::P95.t(22.0);
        assert_close(unpaired, 1.817180865613, 1e-9);
    }

    #[test]
    fn a_ratio_difference_is_that_of_methods_10_2() {
        let due = [100.0, 120.0, 90.0, 110.0, 95.0, 130.0, 105.0, 98.0];
        let first = Sums {
            numerators: &[3.0, 5.0, 1.0, 4.0, 2.0, 6.0, 3.0, 2.0],
            denominators: &due,
        };
        let second = Sums {
            numerators: &[2.0, 4.0, 1.0, 3.0, 2.0, 4.0, 2.0, 2.0],
            denominators: &due,
        };
        let paired = paired_ratio(first, second, Confidence::P95).unwrap();
        assert_printed(paired.difference.estimate, 0.007_075_471_7);
        assert_printed(evidence(&paired).standard_error, 0.002_082_379_9);
        assert_printed(evidence(&paired).interval.half_width(), 0.004_924_046_1);
    }

    const L6_DUE: [f64; 8] = [210.0, 180.0, 240.0, 195.0, 260.0, 170.0, 205.0, 200.0];
    const L6_FIRST: Sums = Sums {
        numerators: &[12.0, 7.0, 15.0, 9.0, 22.0, 4.0, 11.0, 10.0],
        denominators: &L6_DUE,
    };
    const L6_SECOND: Sums = Sums {
        numerators: &[9.0, 6.0, 11.0, 8.0, 15.0, 4.0, 9.0, 7.0],
        denominators: &L6_DUE,
    };

    #[test]
    fn a_ratio_difference_is_that_of_vector_l6() {
        let paired = paired_ratio(L6_FIRST, L6_SECOND, Confidence::P95).unwrap();
        let found = evidence(&paired);
        assert_close(paired.difference.estimate, 0.01265060240964, 1e-9);
        assert_close(found.standard_error, 0.003141649435454, 1e-9);
        assert_close(found.interval.half_width(), 0.007428820445077, 1e-9);
        assert_close(found.interval.low, 0.005221781964562, 1e-9);
        assert_close(found.interval.high, 0.02007942285472, 1e-9);
        assert_close(found.t(), 4.026739032966, 1e-9);
        assert_close(found.p, 0.00501650848154, 1e-9);
    }

    #[test]
    fn a_ratio_over_one_is_a_mean() {
        let ones = [1.0; 8];
        let sums = |numerators| Sums {
            numerators,
            denominators: &ones,
        };
        let by_ratio = paired_ratio(sums(&A), sums(&B), Confidence::P95).unwrap();
        let by_mean = paired_mean(&A, &B, Confidence::P95).unwrap();
        assert_close(evidence(&by_ratio).p, evidence(&by_mean).p, 1e-10);
        assert_close(
            by_ratio.variance_reduction.unwrap(),
            by_mean.variance_reduction.unwrap(),
            1e-10,
        );
    }

    #[test]
    fn a_quantile_difference_is_centred_on_the_pooled_one() {
        let first = Sections {
            pooled: 10.0,
            quantiles: &[9.0, 12.0, 11.0],
        };
        let second = Sections {
            pooled: 7.0,
            quantiles: &[7.0, 8.0, 6.0],
        };
        let paired = paired_quantile(first, second, Confidence::P95);
        // differences 2, 4, 5 around 3: 1 + 1 + 4 over 2 · 3
        assert_eq!(paired.difference.estimate, 3.0);
        assert_eq!(evidence(&paired).standard_error, 1.0);
        // (1 + 4 + 1 + 0 + 1 + 1) / 6
        assert_close(paired.variance_reduction.unwrap(), 8.0 / 6.0, 1e-15);
    }

    #[test]
    fn identical_candidates_differ_by_exactly_nothing() {
        let by_mean = paired_mean(&A, &A, Confidence::P95).unwrap();
        let by_ratio = paired_ratio(L6_FIRST, L6_FIRST, Confidence::P95).unwrap();
        let sections = Sections {
            pooled: 5.5,
            quantiles: &A,
        };
        let by_quantile = paired_quantile(sections, sections, Confidence::P95);
        for paired in [by_mean, by_ratio, by_quantile] {
            assert!(paired.difference.identical);
            assert_eq!(paired.difference.interval(), Some(Interval::symmetric(0.0, 0.0)));
            assert_eq!(paired.difference.p(), Some(1.0));
            assert_eq!(paired.variance_reduction, None);
        }
    }

    #[test]
    fn a_constant_difference_is_certain() {
        let paired = paired_mean(&[3.0, 5.0, 9.0], &[1.0, 3.0, 7.0], Confidence::P95).unwrap();
        assert!(!paired.difference.identical);
        assert_eq!(paired.difference.interval(), Some(Interval::symmetric(2.0, 0.0)));
        assert_eq!(evidence(&paired).t(), f64::INFINITY);
        assert_eq!(paired.difference.p(), Some(0.0));
    }

    #[test]
    fn one_replication_has_a_difference_and_no_evidence() {
        let paired = paired_mean(&[3.0], &[1.0], Confidence::P95).unwrap();
        assert_eq!(paired.difference.estimate, 2.0);
        assert_eq!(paired.difference.evidence, None);
        let shared = paired_share(&[3], &[1], &[10], Confidence::P95).unwrap();
        assert_eq!(shared.difference.evidence, None);
    }

    #[test]
    fn what_cannot_be_paired_is_refused() {
        assert_eq!(paired_mean(&[1.0], &[1.0, 2.0], Confidence::P95), None);
        assert_eq!(paired_mean(&[], &[], Confidence::P95), None);
        let short = Sums {
            numerators: &[1.0],
            denominators: &[1.0],
        };
        assert_eq!(paired_ratio(L6_FIRST, short, Confidence::P95), None);
        assert_eq!(paired_share(&[1], &[1, 2], &[9, 9], Confidence::P95), None);
        assert_eq!(paired_share(&[5], &[5], &[9], Confidence::P95), None);
        assert_eq!(paired_share(&[0], &[0], &[0], Confidence::P95), None);
    }

    #[test]
    fn swapping_the_candidates_changes_the_sign_alone() {
        let there = paired_mean(&A, &B, Confidence::P95).unwrap();
        let back = paired_mean(&B, &A, Confidence::P95).unwrap();
        assert_eq!(
            back.difference.interval(),
            there.difference.interval().map(|i| i.negated())
        );
        assert_eq!(back.difference.p(), there.difference.p());

        for (first, second) in [([3, 0, 2], [0, 0, 0]), ([3, 0, 2], [1, 1, 0]), ([30, 9, 12], [1, 1, 0])] {
            let of = [200, 210, 190];
            let there = paired_share(&first, &second, &of, Confidence::P95).unwrap();
            let back = paired_share(&second, &first, &of, Confidence::P95).unwrap();
            let (there, back) = (there.difference, back.difference);
            let (i, j) = (there.interval().unwrap().negated(), back.interval().unwrap());
            assert_close(j.low, i.low, 1e-13);
            assert_close(j.high, i.high, 1e-13);
            assert_close(back.p().unwrap(), there.p().unwrap(), 1e-13);
        }
    }

    #[test]
    fn the_order_of_replications_does_not_matter() {
        let mut draws = Draws::seeded();
        let expected = paired_mean(&A, &B, Confidence::P95).unwrap();
        for _ in 0..50 {
            let order = shuffled_order(&mut draws, 8);
            let found = paired_mean(&pick(&A, &order), &pick(&B, &order), Confidence::P95).unwrap();
            assert_close(evidence(&found).p, evidence(&expected).p, 1e-10);
            assert_close(found.correlation.unwrap(), expected.correlation.unwrap(), 1e-12);
        }
    }

    #[test]
    fn a_difference_scales_with_its_unit_and_ignores_a_common_shift() {
        let moved = |values: &[f64]| values.iter().map(|x| 60.0 * x + 9.0).collect::<Vec<_>>();
        let before = paired_mean(&A, &B, Confidence::P95).unwrap();
        let after = paired_mean(&moved(&A), &moved(&B), Confidence::P95).unwrap();
        let (i, j) = (evidence(&before).interval, evidence(&after).interval);
        assert_close(j.low, 60.0 * i.low, 1e-11);
        assert_close(j.high, 60.0 * i.high, 1e-11);
        assert_close(evidence(&after).p, evidence(&before).p, 1e-10);
    }

    #[test]
    fn cured_breaches_alone_are_bounded_by_wilson() {
        let only_first = [2, 0, 1, 4, 0, 0, 1, 0];
        let found = paired_share(&only_first, &[0; 8], &[500; 8], Confidence::P95).unwrap();
        assert_eq!(found.rule, DiscordantRule::OneSided);
        let wilson = share(&only_first, &[500; 8]).unwrap();
        assert!(wilson.deff() > 1.0);
        assert_eq!(found.difference.interval(), wilson.interval(Confidence::P95));
        assert_eq!((found.only_first, found.only_second), (8, 0));
    }

    #[test]
    fn one_discordant_ticket_proves_nothing() {
        let found = paired_share(&[1, 0, 0, 0], &[0; 4], &[500; 4], Confidence::P95).unwrap();
        assert_eq!(found.difference.p(), Some(1.0));
    }

    #[test]
    fn six_against_none_are_significant_and_five_are_not() {
        let p = |each: &[u64]| {
            let none = vec![0; each.len()];
            let of = vec![500; each.len()];
            paired_share(each, &none, &of, Confidence::P95)
                .unwrap()
                .difference
                .p()
                .unwrap()
        };
        assert_close(p(&[1; 6]), 2.0 / 64.0, 1e-12);
        assert_close(p(&[1; 5]), 2.0 / 32.0, 1e-12);
    }

    #[test]
    fn a_few_on_both_sides_are_squared_and_added() {
        let (only_first, only_second, of) = ([2, 2, 1, 2], [0, 0, 1, 1], [100; 4]);
        let found = paired_share(&only_first, &only_second, &of, Confidence::P95).unwrap();
        assert_eq!(found.rule, DiscordantRule::SquareAndAdd);
        let a = share(&only_first, &of).unwrap().interval(Confidence::P95).unwrap();
        let b = share(&only_second, &of).unwrap().interval(Confidence::P95).unwrap();
        let interval = found.difference.interval().unwrap();
        let low = ((a.estimate - a.low).powi(2) + (b.high - b.estimate).powi(2)).sqrt();
        assert_close(interval.estimate, 0.0125, 1e-15);
        assert_close(interval.low, 0.0125 - low, 1e-12);
        // 2 of 9: 2 (1 + 9 + 36) / 512
        assert_close(found.difference.p().unwrap(), 92.0 / 512.0, 1e-12);
    }

    #[test]
    fn many_discordant_tickets_are_a_paired_ratio() {
        let (only_first, only_second) = ([9, 3, 8, 12], [2, 1, 2, 3]);
        let of = [200, 190, 230, 210];
        let found = paired_share(&only_first, &only_second, &of, Confidence::P95).unwrap();
        assert_eq!(found.rule, DiscordantRule::PairedT);
        let floats = |counts: &[u64]| counts.iter().map(|&n| n as f64).collect::<Vec<_>>();
        let of = floats(&of);
        let paired = paired_ratio(
            Sums {
                numerators: &floats(&only_first),
                denominators: &of,
            },
            Sums {
                numerators: &floats(&only_second),
                denominators: &of,
            },
            Confidence::P95,
        );
        let (found, expected) = (found.difference.evidence.unwrap(), evidence(&paired.unwrap()));
        assert_close(found.standard_error, expected.standard_error, 1e-12);
        assert_close(found.interval.low, expected.interval.low, 1e-12);
        assert_close(found.p, expected.p, 1e-10);
    }

    #[test]
    fn no_discordant_ticket_bounds_the_difference_on_both_sides() {
        let found = paired_share(&[0; 5], &[0; 5], &[100; 5], Confidence::P95).unwrap();
        assert!(found.difference.identical);
        let high = share(&[0; 5], &[100; 5])
            .unwrap()
            .interval(Confidence::P95)
            .unwrap()
            .high;
        assert_eq!(found.difference.interval(), Some(Interval::symmetric(0.0, high)));
        assert_eq!(found.difference.p(), Some(1.0));
    }

    #[test]
    fn extreme_finite_values_give_no_nan() {
        let paired = paired_mean(&[1e149, 0.0, -1e149], &[-1e149, 1e-300, 1e149], Confidence::P95);
        let paired = paired.unwrap();
        let found = evidence(&paired);
        assert!(!found.interval.low.is_nan() && !found.p.is_nan() && !found.t().is_nan());
        assert!(paired.correlation.is_some_and(|r| !r.is_nan()));
    }

    /// Methods.md 3.2: the second candidate cures 30 % of the first one's rare breaches; measured there .946 to .982.
    #[test]
    fn cured_rare_breaches_are_covered_where_the_paired_t_is_not() {
        let mut draws = Draws::seeded();
        let (replications, truth) = (20, 0.001 * 0.3);
        let mut covered = 0;
        for _ in 0..2_000 {
            let (cured, due): (Vec<u64>, Vec<u64>) = (0..replications)
                .map(|_| {
                    let load = draws.gamma(16);
                    (draws.poisson(100.0 * load * truth), draws.poisson(100.0 * load).max(10))
                })
                .unzip();
            let none = vec![0; replications];
            let found = paired_share(&cured, &none, &due, Confidence::P95).unwrap();
            covered += usize::from(found.difference.interval().unwrap().contains(truth));
        }
        assert!((1_869..=1_980).contains(&covered), "{covered} of 2,000");
    }
}
