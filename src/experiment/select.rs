//! Selection: the best candidate by one figure, with a stated probability, dropping the hopeless early.
//!
//! The procedure is `stats::selection`'s (Kim & Nelson's KN) on the same tickets for all: twenty replications of every
//! candidate, then blocks of eight of those that are still in the race. A ratio is compared by its ratio of sums, its
//! variances are those of the replications' contributions. Percentiles cannot be raced: a replication's percentile is biased.

use super::RunError;
use super::asked::{Amount, AskedError, Figure, Unit};
use super::estimate::Series;
use super::play::Player;
use crate::measure::Layout;
use crate::measure::metrics::{Better, Estimator, Metric};
use crate::stats::selection::Race;
use crate::stats::sequential::Target;

/// Replications of every candidate before anybody is dropped.
const FIRST_STAGE: u32 = 20;
/// Replications between two looks.
const BLOCK: u32 = 8;
/// Replications that are played without being asked for, at most.
pub const MOST: u32 = 2_000;
/// The zone of shares, if none is asked for.
const SHARE_ZONE: f64 = 0.002;

/// What to select by.
#[derive(Debug, Clone, PartialEq)]
pub struct Select {
    /// The figure.
    pub figure: Figure,
    /// The promised probability of a right selection, in (½, 1).
    pub promise: f64,
    /// The smallest difference that matters (δ), in the figure's unit; 0.2 percentage points of a share, if nothing is said.
    pub zone: Option<Amount>,
    /// Replications at most; without it, [`MOST`].
    pub most: Option<u32>,
}

/// How a selection ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    /// Metric name.
    pub metric: &'static str,
    /// As in [`SummaryRow::by`](super::SummaryRow::by).
    pub by: &'static str,
    /// As in [`SummaryRow::group`](super::SummaryRow::group).
    pub group: String,
    /// Whether the lowest is the best, not the highest.
    pub lowest: bool,
    /// The promised probability.
    pub promise: f64,
    /// The smallest difference that matters.
    pub zone: f64,
    /// The best; `None` if the budget ended the race.
    pub winner: Option<usize>,
    /// Replications at most.
    pub most: u32,
    /// Replications after which the race is likely to be decided, and after which at the latest; `None` if it is.
    pub decided_after: Option<(u64, u64)>,
    /// Every candidate, in the order of the results.
    pub racers: Vec<Racer>,
}

/// One candidate of a selection.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Racer {
    /// Replications played of it.
    pub replications: u32,
    /// The figure over them.
    pub level: f64,
    /// The candidate that beat it, if it was dropped.
    pub beaten_by: Option<usize>,
}

/// Races the candidates.
pub(super) fn select(player: &mut Player, asked: &Select) -> Result<Selection, RunError> {
    let layouts: Vec<Layout> = player.candidates().iter().map(|one| Layout::of(&one.model)).collect();
    if layouts.len() < 2 {
        return Err(AskedError::OneCandidate.into());
    }
    let rows = layouts
        .iter()
        .map(|layout| asked.figure.find(layout))
        .collect::<Result<Vec<_>, _>>()?;
    let row = &layouts[0].rows[rows[0]];
    let metric = row.metric();
    let lowest = direction(metric)?;
    let zone = zone(metric, asked.zone)?;
    let field = Field { metric, rows, lowest };
    let most = asked.most.unwrap_or(MOST).max(FIRST_STAGE);
    player.play_to(FIRST_STAGE)?;
    let first_stage = field.first_stage(player).ok_or(AskedError::NothingObserved)?;
    let mut race = Race::begin(&first_stage, zone, 1.0 - asked.promise).ok_or(AskedError::NothingObserved)?;
    let mut beaten_by = vec![None; layouts.len()];
    loop {
        let played = player.replications();
        let means = field.means(player).ok_or(AskedError::NothingObserved)?;
        for (who, by) in race.look(&means, played as usize) {
            beaten_by[who] = Some(by);
        }
        let winner = race.winner(&means, played as usize);
        let likely = race.likely(&means).ceil();
        let hopeless = asked.most.is_none() && played == FIRST_STAGE && likely > f64::from(most);
        if winner.is_some() || played >= most || hopeless {
            let racers = means.iter().zip(beaten_by).zip(&player.played.replications);
            return Ok(Selection {
                metric: metric.name,
                by: row.by,
                group: row.group.clone(),
                lowest,
                promise: asked.promise,
                zone,
                winner,
                most,
                decided_after: winner.is_none().then(|| (likely as u64, race.longest().ceil() as u64)),
                racers: racers
                    .map(|((mean, beaten_by), replications)| Racer {
                        replications: replications.len() as u32,
                        level: if lowest { *mean } else { -mean },
                        beaten_by,
                    })
                    .collect(),
            });
        }
        player.play_some_to((played + BLOCK).min(most), race.racing())?;
    }
}

/// Whether the lowest is the best.
fn direction(metric: &'static Metric) -> Result<bool, AskedError> {
    match (metric.better, metric.estimator) {
        (_, Estimator::Quantile(_)) => Err(AskedError::Percentile(metric.name)),
        (Better::Neither, _) => Err(AskedError::NoDirection(metric.name)),
        (Better::Lower, _) => Ok(true),
        (Better::Higher, _) => Ok(false),
    }
}

fn zone(metric: &'static Metric, asked: Option<Amount>) -> Result<f64, AskedError> {
    let unit = Unit::of(metric);
    match asked.map(|zone| zone.target(metric)).transpose()? {
        Some(Target::Absolute(zone)) => Ok(zone),
        None if unit == Unit::Share => Ok(SHARE_ZONE),
        // A zone that depends on what is seen would void the promise.
        Some(Target::Relative(_)) | None => Err(AskedError::NoZone {
            metric: metric.name,
            unit,
        }),
    }
}

/// What is raced: a row of each candidate.
struct Field {
    metric: &'static Metric,
    rows: Vec<usize>,
    lowest: bool,
}

impl Field {
    fn sign(&self) -> f64 {
        if self.lowest { 1.0 } else { -1.0 }
    }

    fn series(&self, player: &Player) -> impl Iterator<Item = Series> {
        let rows = self.rows.iter().enumerate();
        rows.map(|(candidate, row)| Series::of(&player.played, candidate, *row))
    }

    /// The level, and what the denominators of a ratio are on average; none if nothing was observed.
    fn level(&self, series: &Series) -> Option<(f64, f64)> {
        let n = series.len() as f64;
        let sum: f64 = series.numerators.iter().sum();
        match self.metric.estimator {
            Estimator::PerReplication | Estimator::Count => Some((sum / n, 1.0)),
            _ => {
                let of: f64 = series.denominators.iter().sum();
                (of > 0.0).then_some((sum / of, of / n))
            }
        }
    }

    /// A value a replication, whose mean is the level and whose variance is that of its error.
    fn first_stage(&self, player: &Player) -> Option<Vec<Vec<f64>>> {
        let values = |series: Series| {
            let (level, mean) = self.level(&series)?;
            let pairs = series.numerators.iter().zip(&series.denominators);
            Some(
                pairs
                    .map(|(b, d)| self.sign() * (level + (b - level * d) / mean))
                    .collect(),
            )
        };
        self.series(player).map(values).collect()
    }

    /// The levels, the lower the better.
    fn means(&self, player: &Player) -> Option<Vec<f64>> {
        self.series(player)
            .map(|series| Some(self.sign() * self.level(&series)?.0))
            .collect()
    }
}
