//! Comparison: all pairs of candidates, paired on the same tickets.
//!
//! Differences are `candidate − against`, `against` the earlier one. Where one of the two was played less often (a selection
//! dropped it), the pair is compared over the replications that both played.

use super::asked::Indifference;
use super::estimate::{Estimated, Estimates, Quantiles, Series, estimate};
use super::play::{Played, Replication};
use super::tables::ComparisonRow;
use crate::measure::Layout;
use crate::measure::metrics::{Better, Estimator, Metric};
use crate::stats::Confidence;
use crate::stats::mean::replications_needed;
use crate::stats::multiple::holm;
use crate::stats::paired::{Difference, Paired, paired_mean, paired_quantile, paired_ratio, paired_share};
use crate::stats::quantile::Sections;
use crate::stats::verdict::Verdict;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A row's key: metric, slice, value.
type Key<'a> = (usize, &'static str, &'a str);

/// All rows of `comparison`: every candidate against the first, then against the second, …. With one candidate there are none.
pub(super) fn comparison(played: &Played, estimates: &[Estimates], zone: Indifference) -> Vec<ComparisonRow> {
    let mut found = Vec::new();
    for (against, other) in estimates.iter().enumerate() {
        let base: BTreeMap<Key, usize> = keys(&other.layout).collect();
        for (candidate, of) in estimates.iter().enumerate().skip(against + 1) {
            for (key, row) in keys(&of.layout) {
                let Some(&first) = base.get(&key) else { continue };
                let this = Side::of(candidate, of, row);
                let compared = compare(played, this, Side::of(against, other, first), Confidence::P95);
                let level = other.rows[first].estimate.value;
                found.push(Found {
                    key,
                    pair: (candidate, against),
                    zone: zone.zone(of.layout.rows[row].metric(), level),
                    compared,
                });
            }
        }
    }
    rows(found)
}

fn keys(layout: &Layout) -> impl Iterator<Item = (Key<'_>, usize)> {
    let rows = layout.rows.iter().enumerate();
    rows.map(|(number, row)| ((row.metric, row.by, row.group.as_str()), number))
}

/// One row of one candidate.
#[derive(Clone, Copy)]
pub(super) struct Side<'a> {
    pub candidate: usize,
    /// Number of the row in the layout.
    pub number: usize,
    pub layout: &'a Layout,
    pub estimated: &'a Estimated,
}

impl<'a> Side<'a> {
    fn of(candidate: usize, estimates: &'a Estimates, number: usize) -> Side<'a> {
        Side {
            candidate,
            number,
            layout: &estimates.layout,
            estimated: &estimates.rows[number],
        }
    }

    fn metric(&self) -> &'static Metric {
        self.layout.rows[self.number].metric()
    }

    fn first(&self, replications: usize) -> Cow<'a, Series> {
        let series = &self.estimated.series;
        match series.len() == replications {
            true => Cow::Borrowed(series),
            false => Cow::Owned(series.first(replications)),
        }
    }
}

/// What two candidates' replications say about their difference.
#[derive(Debug, Clone, Copy)]
pub(super) struct Compared {
    /// None if one of them had nothing to observe.
    pub difference: Option<Difference>,
    /// How many times fewer replications than with tickets of their own.
    pub variance_reduction: Option<f64>,
    pub n: u64,
    /// Replications that both played.
    pub replications: u32,
}

/// `this` minus `against`.
pub(super) fn compare(played: &Played, this: Side, against: Side, confidence: Confidence) -> Compared {
    let both = this.estimated.series.len().min(against.estimated.series.len());
    let (second, first) = (this.first(both), against.first(both));
    let estimator = this.metric().estimator;
    let paired = match estimator {
        Estimator::Quantile(_) => quantile_difference(this, against, confidence),
        Estimator::PerReplication | Estimator::Count => {
            let both = [this, against]
                .iter()
                .all(|side| side.estimated.estimate.value.is_some());
            let means = || paired_mean(&second.numerators, &first.numerators, confidence);
            both.then(means).flatten()
        }
        Estimator::Share | Estimator::Ratio | Estimator::TimeRatio => {
            paired_ratio(second.sums(), first.sums(), confidence)
        }
    };
    let by_ticket = || Discordant::of(played, this, against, &first, &second)?.difference(confidence);
    let n = match second {
        Cow::Borrowed(_) => this.estimated.estimate.n,
        Cow::Owned(ref part) => estimate(part, estimator, confidence).n,
    };
    Compared {
        difference: by_ticket().or(paired.map(|paired| paired.difference)),
        variance_reduction: paired.and_then(|paired| paired.variance_reduction),
        n,
        replications: both as u32,
    }
}

/// Pooled quantiles belong to all replications of a candidate, so both must have the same.
fn quantile_difference(this: Side, against: Side, confidence: Confidence) -> Option<Paired> {
    fn sections(found: &Quantiles) -> Sections<'_> {
        Sections {
            pooled: found.pooled,
            quantiles: &found.sections,
        }
    }
    let (second, first) = (
        this.estimated.quantiles.as_ref()?,
        against.estimated.quantiles.as_ref()?,
    );
    let same = this.estimated.series.len() == against.estimated.series.len();
    let mut paired = same.then(|| paired_quantile(sections(second), sections(first), confidence))?;
    if paired.difference.evidence.is_none() {
        paired.difference.replications = this.estimated.series.len();
        paired.difference.identical = this.estimated.series.is_that_of(&against.estimated.series);
    }
    Some(paired)
}

/// Tickets that breached under one of the two only, by replication.
struct Discordant {
    only_against: Vec<u64>,
    only_this: Vec<u64>,
    of: Vec<u64>,
}

impl Discordant {
    /// For breach rates over all tickets or by true severity, where both have the same tickets due: ticket by ticket makes
    /// sense only there.
    fn of(played: &Played, this: Side, against: Side, first: &Series, second: &Series) -> Option<Discordant> {
        let clock = match this.metric().name {
            "breach_rate_first_response" => 0,
            // A ticket whose returns are due items of their own is more than one of them.
            "breach_rate_resolve" if !this.layout.has_cycles && !against.layout.has_cycles => 1,
            _ => return None,
        };
        if first.denominators != second.denominators {
            return None;
        }
        let place = place_of_severity(this)?;
        let count = |one: &Replication| one.discordance.get(against.candidate)?[clock].get(place).copied();
        let replications = &played.replications[this.candidate][..second.len()];
        let counts = replications.iter().map(count).collect::<Option<Vec<(u64, u64)>>>()?;
        Some(Discordant {
            only_against: counts.iter().map(|(against, _)| *against).collect(),
            only_this: counts.iter().map(|(_, this)| *this).collect(),
            of: second.denominators.iter().map(|due| *due as u64).collect(),
        })
    }

    fn difference(&self, confidence: Confidence) -> Option<Difference> {
        Some(paired_share(&self.only_this, &self.only_against, &self.of, confidence)?.difference)
    }
}

/// The place of a row's slice in the counts of discordant tickets: 0 for all, then the severities.
fn place_of_severity(side: Side) -> Option<usize> {
    let rows = &side.layout.rows;
    let row = &rows[side.number];
    match row.by {
        "all" => Some(0),
        by if by == side.layout.severity_of_fates() => {
            let mut groups = rows
                .iter()
                .filter(|other| other.metric == row.metric && other.by == row.by);
            Some(1 + groups.position(|other| other.group == row.group)?)
        }
        _ => None,
    }
}

struct Found<'a> {
    key: Key<'a>,
    /// Candidate, against.
    pair: (usize, usize),
    /// Below which a difference does not matter.
    zone: Option<f64>,
    compared: Compared,
}

/// Adjusts p-values over the pairs of each metric and slice, and puts the verdicts into words.
fn rows(found: Vec<Found>) -> Vec<ComparisonRow> {
    let mut families: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
    for (place, one) in found.iter().enumerate() {
        families.entry(one.key).or_default().push(place);
    }
    let mut adjusted = vec![(1.0, 1); found.len()];
    for places in families.values() {
        let p = places.iter().map(|place| found[*place].compared.p());
        for (place, p) in places.iter().zip(holm(&p.collect::<Vec<f64>>())) {
            adjusted[*place] = (p, places.len());
        }
    }
    let rows = found.iter().zip(adjusted);
    rows.map(|(one, (p, family))| one.row(p, family)).collect()
}

impl Compared {
    fn p(&self) -> f64 {
        self.difference.as_ref().and_then(Difference::p).unwrap_or(1.0)
    }
}

impl Found<'_> {
    fn row(&self, p: f64, family: usize) -> ComparisonRow {
        let (metric, by, group) = self.key;
        let metric = &crate::measure::METRICS[metric];
        let difference = self.compared.difference.as_ref();
        let interval = difference.and_then(Difference::interval);
        let verdict = difference.map(|difference| Verdict::of(difference, p, self.zone, Confidence::P95));
        let untold = difference.filter(|_| verdict == Some(Verdict::CannotTellYet));
        ComparisonRow {
            candidate: self.pair.0,
            against: self.pair.1,
            metric: metric.name,
            by,
            group: group.to_string(),
            difference: difference.map(|difference| difference.estimate),
            low: interval.map(|interval| interval.low),
            high: interval.map(|interval| interval.high),
            p_adjusted: interval.map(|_| p),
            verdict: verdict.map_or_else(
                || "nothing to compare".to_string(),
                |verdict| in_words(verdict, metric.better),
            ),
            told: verdict,
            n: self.compared.n,
            replications: self.compared.replications,
            variance_reduction: self.compared.variance_reduction,
            replications_to_tell: untold.and_then(|difference| self.replications_to_tell(difference, family)),
        }
    }

    /// Replications in all after which, if the estimate stays, the difference is certain among the `family` of pairs, or its
    /// interval lies within the zone.
    fn replications_to_tell(&self, difference: &Difference, family: usize) -> Option<u64> {
        let evidence = difference.evidence?;
        let sd = evidence.standard_error * f64::from(self.compared.replications).sqrt();
        let size = difference.estimate.abs();
        let certain = replications_needed(sd, size, Confidence::P95.simultaneous(family));
        let within = self
            .zone
            .and_then(|zone| replications_needed(sd, zone - size, Confidence::P95));
        let least = within.into_iter().chain(certain).min()?;
        Some(least.max(u64::from(self.compared.replications) + 1))
    }
}

/// The verdict with what it means: `lower, certain (better)`.
pub(super) fn in_words(verdict: Verdict, better: Better) -> String {
    let good = match (verdict, better) {
        (Verdict::Lower, Better::Lower) | (Verdict::Higher, Better::Higher) => " (better)",
        (Verdict::Lower, Better::Higher) | (Verdict::Higher, Better::Lower) => " (worse)",
        _ => "",
    };
    format!("{verdict}{good}")
}
