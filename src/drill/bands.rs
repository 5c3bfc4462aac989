//! Bands: when the simulated organisation reaches each milestone, beside what it has promised.
//!
//! Quantiles are over *all* replications: one in which the milestone is not reached counts as later than all others, so a
//! ninth decile may be "never". Every number comes with its 95 % interval and the number of replications behind it.

use super::choose::Incident;
use super::milestone::{Milestone, Reached};
use crate::model::{CustomerTierId, Model, ServiceId, SeverityId, TargetKind};
use crate::stats::Confidence;
use crate::stats::quantile::{order_statistics, quantile_of_sorted};
use crate::stats::ratio::wilson;
use crate::time::Instant;
use crate::time::clock::due;
use serde::{Deserialize, Serialize};

/// An estimate in seconds and its 95 % interval; `None` where the value, or an end, is "not within the run".
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Quantile {
    /// The estimate.
    pub value: Option<f64>,
    /// Lower end.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
}

/// When one milestone of one incident is reached, in seconds from the incident's first symptom.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Band {
    /// Number of the incident, from 1.
    pub incident: usize,
    /// The milestone.
    pub milestone: Milestone,
    /// What is promised, if anything is.
    pub target_s: Option<f64>,
    /// First decile.
    pub p10: Quantile,
    /// Median.
    pub p50: Quantile,
    /// Ninth decile.
    pub p90: Quantile,
    /// Share of the replications in which it is never reached, with its interval.
    pub never: Quantile,
    /// Share that misses the target, with its interval; none without a target.
    pub misses: Option<Quantile>,
    /// Replications.
    pub n: u32,
}

impl Band {
    /// How the milestone is called in tables: with the incident's number where it is not the first.
    pub fn key(&self) -> String {
        match self.incident {
            1 => self.milestone.word().to_owned(),
            number => format!("{number}:{}", self.milestone),
        }
    }
}

/// The bands of an incident's milestones that are modelled: those that are reached in at least one replication.
pub fn bands(incident: usize, reached: &[Reached], target: impl Fn(Milestone) -> Option<f64>) -> Vec<Band> {
    let mut found = Vec::new();
    for (index, milestone) in Milestone::ALL.into_iter().enumerate() {
        let times: Vec<Option<f64>> = reached.iter().map(|row| row[index]).collect();
        if times.iter().any(Option::is_some) {
            found.push(band(incident, milestone, &times, target(milestone)));
        }
    }
    found
}

fn band(incident: usize, milestone: Milestone, times: &[Option<f64>], target_s: Option<f64>) -> Band {
    let mut sorted: Vec<f64> = times.iter().map(|time| time.unwrap_or(f64::INFINITY)).collect();
    sorted.sort_by(f64::total_cmp);
    let never = times.iter().filter(|time| time.is_none()).count();
    let misses = target_s.map(|target| sorted.iter().filter(|time| **time > target).count());
    let n = times.len();
    Band {
        incident,
        milestone,
        target_s,
        p10: quantile(&sorted, 0.1),
        p50: quantile(&sorted, 0.5),
        p90: quantile(&sorted, 0.9),
        never: share(never, n),
        misses: misses.map(|misses| share(misses, n)),
        n: n as u32,
    }
}

/// A quantile of ascending times with its distribution-free interval; infinite ones are `None`.
pub fn quantile(sorted: &[f64], q: f64) -> Quantile {
    let finite = |value: f64| value.is_finite().then_some(value);
    let ranks = order_statistics(sorted.len() as u64, q, Confidence::P95);
    let interval = ranks.interval(sorted, q);
    Quantile {
        value: quantile_of_sorted(sorted, q).and_then(finite),
        low: interval.and_then(|interval| finite(interval.low)),
        high: interval.and_then(|interval| finite(interval.high)),
    }
}

/// A share of `n` with Wilson's interval.
pub fn share(hits: usize, n: usize) -> Quantile {
    if n == 0 {
        return Quantile {
            value: None,
            low: None,
            high: None,
        };
    }
    let interval = wilson(hits as f64 / n as f64, n as f64, Confidence::P95.t(f64::INFINITY));
    Quantile {
        value: Some(interval.estimate),
        low: Some(interval.low),
        high: Some(interval.high),
    }
}

/// What an organisation has promised for an incident's milestones, in seconds from its first symptom: the targets of its
/// *true* severity, on their calendars.
pub fn targets(model: &Model, from: Instant, incident: &Incident) -> impl Fn(Milestone) -> Option<f64> {
    let row = *model.targets.row(
        SeverityId::new(incident.severity),
        ServiceId::new(incident.service),
        CustomerTierId::new(0),
    );
    let offset = |from: Instant, kind: TargetKind| {
        let target = row[kind as usize].as_ref()?;
        let calendar = &model.calendars[target.calendar.index()];
        due(calendar, from, target.within, &[])
    };
    let response = offset(from, TargetKind::FirstResponse);
    // The first update is due one cadence after the first answer at the latest.
    let update = response.and_then(|response| offset(response, TargetKind::Update));
    let resolve = offset(from, TargetKind::Resolve);
    let seconds = move |at: Option<Instant>| at.map(|at| (at - from).secs_f64());
    move |milestone| match milestone {
        Milestone::Responded => seconds(response),
        Milestone::FirstUpdate => seconds(update),
        Milestone::Resolved => seconds(resolve),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(milestone: Milestone, at: Option<f64>) -> Reached {
        let mut row: Reached = Default::default();
        row[milestone as usize] = at;
        row
    }

    #[test]
    fn a_milestone_that_is_not_reached_is_later_than_all_others() {
        let rows: Vec<Reached> = (0..100)
            .map(|k| row(Milestone::Resolved, (k < 85).then_some(60.0 * f64::from(k))))
            .collect();
        let bands = bands(1, &rows, |_| Some(600.0));
        assert_eq!(bands.len(), 1, "what never happens is not modelled");
        let band = &bands[0];
        assert_eq!((band.p10.value, band.p50.value), (Some(540.0), Some(2940.0)));
        assert_eq!(band.p90.value, None);
        assert_eq!(band.never.value, Some(0.15));
        assert_eq!(band.misses.and_then(|misses| misses.value), Some(0.89));
        assert!(band.p50.low < band.p50.value && band.p50.value < band.p50.high);
    }

    #[test]
    fn half_of_the_coin_tosses_stay_within_an_interval_that_holds_half() {
        let share = share(1000, 2000);
        assert!((share.low.expect("some") - 0.478).abs() < 0.001);
        assert!((share.high.expect("some") - 0.522).abs() < 0.001);
    }
}
