//! From replication values to estimates with intervals: the rows of `summary`, `replications` and `timeline`.

use super::play::{Kept, Played, Pooled};
use super::tables::{ReplicationRows, Results, SummaryRow, TimelineRow};
use super::{Candidate, CandidateInfo};
use crate::measure::metrics::{Estimator, Metric, Source, Timing};
use crate::measure::{Layout, Row};
use crate::stats::paired::Sums;
use crate::stats::quantile::{Sections, grouping};
use crate::stats::ratio::{Share, pseudo_values, ratio, share};
use crate::stats::sketch::{Buckets, LogHistogram};
use crate::stats::{Confidence, Interval, mean::mean_interval};

const HOUR_MS: f64 = 3_600_000.0;

/// Numbers of one row over the replications.
#[derive(Debug, Clone)]
pub(super) struct Series {
    pub numerators: Vec<f64>,
    pub denominators: Vec<f64>,
}

impl Series {
    /// Of all replications of a candidate.
    pub fn of(played: &Played, candidate: usize, row: usize) -> Series {
        let values = || {
            played.replications[candidate]
                .iter()
                .map(|replication| &replication.values)
        };
        Series {
            numerators: values().map(|values| values.numerators[row]).collect(),
            denominators: values().map(|values| values.denominators[row]).collect(),
        }
    }

    /// The first `replications` of it.
    pub fn first(&self, replications: usize) -> Series {
        Series {
            numerators: self.numerators[..replications].to_vec(),
            denominators: self.denominators[..replications].to_vec(),
        }
    }

    /// Whether another has the same numbers, replication by replication; what there was nothing of is the same, too.
    pub fn is_that_of(&self, other: &Series) -> bool {
        let bits = |series: &Series| {
            let numbers = series.numerators.iter().chain(&series.denominators);
            numbers.map(|number| number.to_bits()).collect::<Vec<u64>>()
        };
        bits(self) == bits(other)
    }

    /// Replications in it.
    pub fn len(&self) -> usize {
        self.numerators.len()
    }

    /// Numerators and denominators as the paired estimators take them.
    pub fn sums(&self) -> Sums<'_> {
        Sums {
            numerators: &self.numerators,
            denominators: &self.denominators,
        }
    }

    fn counts(&self) -> (Vec<u64>, Vec<u64>) {
        let whole = |values: &[f64]| values.iter().map(|value| *value as u64).collect();
        (whole(&self.numerators), whole(&self.denominators))
    }

    fn total(&self) -> u64 {
        self.denominators.iter().sum::<f64>() as u64
    }
}

/// An estimate: the value, its interval if it has one, and its n.
#[derive(Debug, Clone, Copy)]
pub(super) struct Estimate {
    pub value: Option<f64>,
    pub interval: Option<Interval>,
    pub n: u64,
    /// The design effect of a share that has no interval because its hits come in a few bad replications.
    pub clustered: Option<f64>,
}

impl Estimate {
    /// The interval as far as it holds what the metric can be: Student's bounds know nothing of that.
    pub fn possible(&self, metric: &Metric) -> Option<Interval> {
        self.interval.map(|interval| interval.within(metric.range()))
    }
}

/// Estimates a row that is not a quantile.
pub(super) fn estimate(series: &Series, estimator: Estimator, confidence: Confidence) -> Estimate {
    let replications = series.numerators.len() as u64;
    match estimator {
        Estimator::Share => {
            let (hits, of) = series.counts();
            let share = share(&hits, &of);
            let clustered = share.filter(Share::is_clustered);
            let interval = share.filter(|share| !share.is_clustered());
            Estimate {
                value: share.map(|share| share.estimate()),
                interval: interval.and_then(|share| share.interval(confidence)),
                n: series.total(),
                clustered: clustered.map(|share| share.deff()),
            }
        }
        Estimator::Ratio | Estimator::TimeRatio | Estimator::Quantile(_) => {
            let ratio = ratio(&series.numerators, &series.denominators);
            let interval = ratio.as_ref().and_then(|ratio| ratio.interval(confidence));
            let n = if estimator == Estimator::TimeRatio {
                replications
            } else {
                series.total()
            };
            Estimate {
                value: ratio.map(|ratio| ratio.estimate),
                interval,
                n,
                clustered: None,
            }
        }
        Estimator::PerReplication if series.denominators.iter().all(|seen| *seen == 0.0) => Estimate {
            value: None,
            interval: None,
            n: 0,
            clustered: None,
        },
        Estimator::PerReplication | Estimator::Count => {
            let interval = mean_interval(&series.numerators, confidence);
            let sum: f64 = series.numerators.iter().sum();
            let n = if estimator == Estimator::Count {
                sum as u64
            } else {
                replications
            };
            Estimate {
                value: Some(sum / replications as f64),
                interval,
                n,
                clustered: None,
            }
        }
    }
}

/// A quantile's values by group of replications, and pooled, in seconds.
#[derive(Debug, Clone)]
pub(super) struct Quantiles {
    pub pooled: f64,
    /// By replication, or by group of consecutive ones where single ones hold too few values; empty if even those do.
    pub sections: Vec<f64>,
}

/// Where a quantile row's histograms lie.
#[derive(Debug, Clone, Copy)]
pub(super) struct QuantileRow {
    pub timing: Timing,
    /// Place among the rows of its timing.
    pub place: usize,
    pub q: f64,
}

pub(super) fn quantiles(
    played: &Played,
    candidate: usize,
    series: &Series,
    row: QuantileRow,
    pooled: &LogHistogram,
) -> Option<Quantiles> {
    let buckets = &played.buckets;
    let all = pooled.quantile(row.q, buckets)? / 1000.0;
    let counts: Vec<u64> = series.denominators.iter().map(|count| *count as u64).collect();
    let sections = match grouping(&counts, row.q) {
        None => Vec::new(),
        Some(groups) if groups.is_single() => series.numerators.clone(),
        Some(groups) => {
            let kept =
                |replication: usize| &played.replications[candidate][replication].kept[row.timing as usize][row.place];
            let joined = groups.ranges().map(|range| joined(range.map(kept), row.q, buckets));
            joined.collect::<Option<Vec<f64>>>().unwrap_or_default()
        }
    };
    Some(Quantiles { pooled: all, sections })
}

/// The quantile of several replications together, in seconds; `None` if one of them was too large to be kept.
fn joined<'a>(parts: impl Iterator<Item = &'a Kept>, q: f64, buckets: &Buckets) -> Option<f64> {
    let mut counts = vec![0u64; buckets.count()];
    for part in parts {
        for (bucket, count) in part.as_ref()? {
            counts[*bucket as usize] += u64::from(*count);
        }
    }
    Some(LogHistogram::from_counts(counts).quantile(q, buckets)? / 1000.0)
}

fn quantile_estimate(quantiles: Option<&Quantiles>, n: u64, confidence: Confidence) -> Estimate {
    let sections = quantiles.map(|found| Sections {
        pooled: found.pooled,
        quantiles: &found.sections,
    });
    let interval = sections.and_then(|sections| sections.interval(confidence));
    Estimate {
        value: quantiles.map(|found| found.pooled),
        interval,
        n,
        clustered: None,
    }
}

/// A candidate's rows with what is needed to estimate them.
pub(super) struct Estimates {
    pub layout: Layout,
    pub rows: Vec<Estimated>,
}

/// One row: what the replications gave, and what follows from it.
pub(super) struct Estimated {
    pub series: Series,
    pub quantiles: Option<Quantiles>,
    pub estimate: Estimate,
}

impl Estimates {
    /// One value a replication, whose mean is the row's estimate; empty where a replication saw nothing.
    pub fn pseudo_values(&self, number: usize) -> Vec<f64> {
        let Estimated { series, estimate, .. } = &self.rows[number];
        let values = match self.layout.rows[number].metric().estimator {
            Estimator::Share | Estimator::Ratio | Estimator::TimeRatio => {
                pseudo_values(&series.numerators, &series.denominators).unwrap_or_default()
            }
            Estimator::PerReplication | Estimator::Count => series.numerators.clone(),
            // A mean of small quantiles is biased: their spread is kept, around the quantile of all.
            Estimator::Quantile(_) => {
                let mean = series.numerators.iter().sum::<f64>() / series.numerators.len() as f64;
                let pooled = estimate.value.unwrap_or(f64::NAN);
                series.numerators.iter().map(|value| pooled + (value - mean)).collect()
            }
        };
        match values.iter().all(|value| value.is_finite()) {
            true => values,
            false => Vec::new(),
        }
    }
}

fn estimates(candidate: &Candidate, index: usize, played: &Played) -> Estimates {
    let layout = Layout::of(&candidate.model);
    let times = &played.pooled[index].times;
    let (mut rows, mut metric, mut place) = (Vec::with_capacity(layout.rows.len()), usize::MAX, 0);
    for (number, row) in layout.rows.iter().enumerate() {
        place = if row.metric == metric { place + 1 } else { 0 };
        metric = row.metric;
        let series = Series::of(played, index, number);
        let histogram = |timing| &times.of(timing)[place];
        rows.push(estimated(played, index, row, place, series, histogram, Confidence::P95));
    }
    Estimates { layout, rows }
}

/// Estimates one row; `place` is its place among the rows of its metric, `histogram` its pooled histogram if it is of times.
fn estimated<'h>(
    played: &Played,
    candidate: usize,
    row: &Row,
    place: usize,
    series: Series,
    histogram: impl FnOnce(Timing) -> &'h LogHistogram,
    confidence: Confidence,
) -> Estimated {
    let metric = row.metric();
    let (quantiles, estimate) = match (metric.source, metric.estimator) {
        (Source::Times(timing), Estimator::Quantile(q)) => {
            let row = QuantileRow { timing, place, q };
            let found = quantiles(played, candidate, &series, row, histogram(timing));
            let estimate = quantile_estimate(found.as_ref(), series.total(), confidence);
            (found, estimate)
        }
        (_, estimator) => (None, estimate(&series, estimator, confidence)),
    };
    Estimated {
        series,
        quantiles,
        estimate,
    }
}

/// One row of a candidate, from what has been played so far.
pub(super) fn one(
    played: &Played,
    candidate: usize,
    layout: &Layout,
    number: usize,
    confidence: Confidence,
) -> Estimated {
    let row = &layout.rows[number];
    let before = layout.rows[..number].iter();
    let place = before.rev().take_while(|other| other.metric == row.metric).count();
    let series = Series::of(played, candidate, number);
    let times = &played.pooled[candidate].times;
    estimated(
        played,
        candidate,
        row,
        place,
        series,
        |timing| &times.of(timing)[place],
        confidence,
    )
}

/// The estimates of every candidate: made once, for the summary and for the comparison. They take over the numbers of what was
/// played, of which there is then nothing left but what candidates are compared by.
pub(super) fn of_all(candidates: &[Candidate], played: &mut Played) -> Vec<Estimates> {
    let of_one = |(index, candidate): (usize, &Candidate)| {
        let found = estimates(candidate, index, played);
        for replication in &mut played.replications[index] {
            (replication.values, replication.kept) = Default::default();
        }
        found
    };
    candidates.iter().enumerate().map(of_one).collect()
}

pub(super) fn results(
    candidates: &[Candidate],
    played: &Played,
    estimates: &[Estimates],
    seed: u64,
    replications: u32,
) -> Results {
    let mut summary = Vec::new();
    let mut timeline = Vec::new();
    for (index, (candidate, estimates)) in candidates.iter().zip(estimates).enumerate() {
        let of_this = played.replications[index].len() as u32;
        for (row, estimated) in estimates.layout.rows.iter().zip(&estimates.rows) {
            summary.push(summary_row(index, row, &estimated.estimate, of_this));
        }
        timeline.extend(timeline_rows(candidate, index, &played.pooled[index], of_this));
    }
    let created = played
        .replications
        .iter()
        .flatten()
        .map(|replication| replication.created);
    Results {
        candidates: candidates
            .iter()
            .map(|one| one.info.clone())
            .collect::<Vec<CandidateInfo>>(),
        severities: candidates
            .first()
            .map(|one| one.model.names.severities.clone())
            .unwrap_or_default(),
        tiers: candidates
            .first()
            .map(|one| one.model.names.tiers.clone())
            .unwrap_or_default(),
        currency: candidates
            .iter()
            .find_map(|one| Some(one.model.costs.as_ref()?.currency.clone())),
        replications,
        seed,
        tickets_simulated: created.sum(),
        summary,
        comparison: Vec::new(),
        replication_rows: ReplicationRows::default(),
        timeline,
        tickets: Vec::new(),
        events: Vec::new(),
        warnings: Vec::new(),
        precision: None,
        selection: None,
    }
}

fn summary_row(candidate: usize, row: &Row, estimate: &Estimate, replications: u32) -> SummaryRow {
    let metric = row.metric();
    let interval = estimate.possible(metric);
    SummaryRow {
        candidate,
        metric: metric.name,
        by: row.by,
        group: row.group.clone(),
        estimate: estimate.value,
        low: interval.map(|interval| interval.low),
        high: interval.map(|interval| interval.high),
        n: estimate.n,
        replications,
    }
}

/// The rows of `replications`, of which the estimates have the numbers.
pub(super) fn replication_rows(estimates: Vec<Estimates>) -> ReplicationRows {
    let mut rows = ReplicationRows::default();
    for (candidate, estimates) in estimates.into_iter().enumerate() {
        for (row, estimated) in estimates.layout.rows.iter().zip(estimates.rows) {
            let Series {
                numerators,
                denominators,
            } = estimated.series;
            rows.add(candidate, row, numerators, denominators);
        }
    }
    rows
}

fn timeline_rows(candidate: &Candidate, index: usize, pooled: &Pooled, replications: u32) -> Vec<TimelineRow> {
    let per = |sum: i64| sum as f64 / f64::from(replications);
    let weekdays = crate::measure::hours_of_week(&candidate.model);
    let mut rows = Vec::with_capacity(pooled.timeline.hours.len() * (1 + candidate.model.teams.len()));
    for (hour, all) in pooled.timeline.hours.iter().enumerate() {
        let (hour_of_week, number) = (weekdays[hour], hour as u32);
        rows.push(TimelineRow {
            candidate: index,
            hour: number,
            hour_of_week,
            team: String::new(),
            arrivals: per(all.created),
            backlog: per(all.open),
            breaches: Some(per(all.breaches)),
            occupancy_share: None,
            staffed: None,
        });
        for (team, name) in candidate.model.names.teams.iter().enumerate() {
            let row = pooled.timeline.team(hour, team);
            let staffed = row.busy_ms + row.idle_ms;
            rows.push(TimelineRow {
                candidate: index,
                hour: number,
                hour_of_week,
                team: name.clone(),
                arrivals: per(row.entries),
                backlog: per(row.held),
                breaches: None,
                occupancy_share: (staffed > 0).then(|| row.busy_ms as f64 / staffed as f64),
                staffed: Some(per(staffed) / HOUR_MS),
            });
        }
    }
    rows
}
