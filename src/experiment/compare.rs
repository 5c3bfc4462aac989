//! Comparison: every candidate against the first (the base), paired on the same tickets.

use super::estimate::{Estimates, Quantiles, Series};
use super::play::{Discordance, Played};
use super::tables::ComparisonRow;
use crate::measure::metrics::{Better, Estimator, Metric};
use crate::stats::Confidence;
use crate::stats::multiple::holm;
use crate::stats::paired::{Difference, Sums, paired_mean, paired_quantile, paired_ratio, paired_share};
use crate::stats::quantile::Sections;
use crate::stats::verdict::Verdict;
use std::collections::BTreeMap;

/// A row's key: metric, slice, value.
type Key<'a> = (usize, &'static str, &'a str);

/// All rows of `comparison`. With one candidate there are none.
pub(super) fn comparison(played: &Played, estimates: &[Estimates]) -> Vec<ComparisonRow> {
    if estimates.len() < 2 {
        return Vec::new();
    }
    let base: BTreeMap<Key, usize> = keys(&estimates[0]).collect();
    let mut differences = Vec::new();
    for (candidate, of) in estimates.iter().enumerate().skip(1) {
        for (key, row) in keys(of) {
            if let Some(first) = base.get(&key) {
                let pair = Pair {
                    base: &estimates[0],
                    of,
                    rows: (*first, row),
                };
                let discordant = discordant(played, candidate, row, of);
                differences.push((key, candidate, pair.n(), pair.difference(discordant)));
            }
        }
    }
    rows(differences, played.replications.len() as u32)
}

fn keys(estimates: &Estimates) -> impl Iterator<Item = (Key<'_>, usize)> {
    let rows = estimates.layout.rows.iter().enumerate();
    rows.map(|(number, row)| ((row.metric, row.by, row.group.as_str()), number))
}

/// The same row of two candidates.
struct Pair<'a> {
    base: &'a Estimates,
    of: &'a Estimates,
    rows: (usize, usize),
}

impl Pair<'_> {
    fn metric(&self) -> &'static Metric {
        self.of.layout.rows[self.rows.1].metric()
    }

    fn n(&self) -> u64 {
        self.of.rows[self.rows.1].2.n
    }

    /// Candidate minus base.
    fn difference(&self, discordant: Option<Discordant>) -> Option<Difference> {
        let (first, first_quantiles, _) = &self.base.rows[self.rows.0];
        let (second, second_quantiles, _) = &self.of.rows[self.rows.1];
        match self.metric().estimator {
            Estimator::Quantile(_) => quantile_difference(second_quantiles.as_ref()?, first_quantiles.as_ref()?),
            Estimator::PerReplication | Estimator::Count => {
                Some(paired_mean(&second.numerators, &first.numerators, Confidence::P95)?.difference)
            }
            Estimator::Share | Estimator::Ratio | Estimator::TimeRatio => match discordant {
                Some(found) if found.same_population(first, second) => found.difference(),
                _ => Some(paired_ratio(sums(second), sums(first), Confidence::P95)?.difference),
            },
        }
    }
}

fn sums(series: &Series) -> Sums<'_> {
    Sums {
        numerators: &series.numerators,
        denominators: &series.denominators,
    }
}

fn quantile_difference(second: &Quantiles, first: &Quantiles) -> Option<Difference> {
    if second.sections.len() != first.sections.len() {
        return None;
    }
    let second = Sections {
        pooled: second.pooled,
        quantiles: &second.sections,
    };
    let first = Sections {
        pooled: first.pooled,
        quantiles: &first.sections,
    };
    Some(paired_quantile(second, first, Confidence::P95)?.difference)
}

/// Tickets that breached under one of the two only, by replication.
struct Discordant {
    only_base: Vec<u64>,
    only_this: Vec<u64>,
    of: Vec<u64>,
}

impl Discordant {
    /// Ticket by ticket only makes sense where both have the same tickets due.
    fn same_population(&self, first: &Series, second: &Series) -> bool {
        first.denominators == second.denominators
    }

    fn difference(&self) -> Option<Difference> {
        Some(paired_share(&self.only_this, &self.only_base, &self.of, Confidence::P95)?.difference)
    }
}

/// For breach rates over all tickets or by severity: the tickets that only one of the two breached.
fn discordant(played: &Played, candidate: usize, number: usize, estimates: &Estimates) -> Option<Discordant> {
    let layout = &estimates.layout;
    let row = &layout.rows[number];
    let clock = match row.metric().name {
        "breach_rate_first_response" => 0,
        "breach_rate_resolve" => 1,
        _ => return None,
    };
    let place = match row.by {
        "all" => 0,
        by if by == layout.severity_of_fates() => {
            let rows = layout.rows.iter();
            let mut groups = rows.filter(|other| other.metric == row.metric && other.by == row.by);
            1 + groups.position(|other| other.group == row.group)?
        }
        _ => return None,
    };
    let of_replication = |replication: &Vec<super::play::Replication>| -> Option<((u64, u64), u64)> {
        let counts: &Discordance = &replication[candidate].discordance[clock];
        Some((
            *counts.get(place)?,
            replication[candidate].values.denominators[number] as u64,
        ))
    };
    let counts: Option<Vec<_>> = played.replications.iter().map(of_replication).collect();
    let counts = counts?;
    Some(Discordant {
        only_base: counts.iter().map(|((base, _), _)| *base).collect(),
        only_this: counts.iter().map(|((_, this), _)| *this).collect(),
        of: counts.iter().map(|(_, of)| *of).collect(),
    })
}

type Found<'a> = (Key<'a>, usize, u64, Option<Difference>);

/// Adjusts p-values over the candidates of each metric and slice, and puts the verdicts into words.
fn rows(found: Vec<Found>, replications: u32) -> Vec<ComparisonRow> {
    let mut families: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
    for (place, (key, ..)) in found.iter().enumerate() {
        families.entry(*key).or_default().push(place);
    }
    let mut adjusted = vec![1.0; found.len()];
    for places in families.values() {
        let p: Vec<f64> = places
            .iter()
            .map(|place| found[*place].3.as_ref().and_then(Difference::p).unwrap_or(1.0))
            .collect();
        for (place, p) in places.iter().zip(holm(&p)) {
            adjusted[*place] = p;
        }
    }
    let rows = found.into_iter().zip(adjusted);
    rows.map(|((key, candidate, n, difference), p)| comparison_row(key, candidate, n, difference, p, replications))
        .collect()
}

fn comparison_row(
    (metric, by, group): Key,
    candidate: usize,
    n: u64,
    difference: Option<Difference>,
    p: f64,
    replications: u32,
) -> ComparisonRow {
    let metric = &crate::measure::METRICS[metric];
    let interval = difference.as_ref().and_then(Difference::interval);
    let verdict = difference
        .as_ref()
        .map(|difference| Verdict::of(difference, p, None, Confidence::P95));
    ComparisonRow {
        candidate,
        against: 0,
        metric: metric.name,
        by,
        group: group.to_string(),
        difference: difference.as_ref().map(|difference| difference.estimate),
        low: interval.map(|interval| interval.low),
        high: interval.map(|interval| interval.high),
        p_adjusted: interval.map(|_| p),
        verdict: verdict.map_or_else(
            || "nothing to compare".to_string(),
            |verdict| in_words(verdict, metric.better),
        ),
        n,
        replications,
    }
}

/// The verdict with what it means: `lower, certain (better)`.
fn in_words(verdict: Verdict, better: Better) -> String {
    let good = match (verdict, better) {
        (Verdict::Lower, Better::Lower) | (Verdict::Higher, Better::Higher) => " (better)",
        (Verdict::Lower, Better::Higher) | (Verdict::Higher, Better::Lower) => " (worse)",
        _ => "",
    };
    format!("{verdict}{good}")
}
