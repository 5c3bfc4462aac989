//! Bands: when the simulated organisation reaches each milestone, beside what it has promised.
//!
//! Quantiles are over *all* replications: one in which the milestone is not reached counts as later than all others, so a
//! ninth decile may be "never". Every number comes with its 95 % interval and the number of replications behind it.

use super::choose::Incident;
use super::met::Met;
use super::milestone::{Milestone, Reached};
use super::offset::words;
use crate::model::{CustomerTierId, Model, ServiceId, SeverityId, TargetKind};
use crate::stats::Confidence;
use crate::stats::quantile::{order_statistics, quantile_of_sorted};
use crate::stats::ratio::wilson;
use crate::time::{Calendar, Instant, Length, Worked};
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
    /// What is promised, if anything is. With a limit: what that comes to at the other milestone's median.
    pub target_s: Option<f64>,
    /// What is promised from another milestone on, instead of from the first symptom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Limit>,
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

/// A promise that is counted from another milestone of the same incident.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Limit {
    /// From when on.
    pub after: Milestone,
    /// How long, in seconds.
    pub within_s: f64,
}

impl Band {
    /// The target in words; `none` where there is none.
    pub fn target_words(&self) -> String {
        match (self.limit, self.target_s) {
            (Some(limit), _) => format!("{} after {}", words(limit.within_s), limit.after),
            (None, Some(target)) => words(target),
            (None, None) => "none".to_owned(),
        }
    }

    /// The target of an exercise in which the other milestone was reached at `after`, if the target is counted from one.
    pub fn target_after(&self, after: impl Fn(Milestone) -> Option<f64>) -> Option<f64> {
        let from = self.limit.and_then(|limit| Some(after(limit.after)? + limit.within_s));
        from.or(self.target_s)
    }

    /// How the milestone is called in tables: with the incident's number where it is not the first.
    pub fn key(&self) -> String {
        self.key_of(self.milestone)
    }

    /// The same of another milestone of the same incident.
    pub fn key_of(&self, milestone: Milestone) -> String {
        milestone.key(self.incident)
    }
}

/// The bands of an incident's milestones that are modelled: those that are reached in at least one replication.
pub fn bands(incident: usize, reached: &[Reached], promises: &Promises) -> Vec<Band> {
    let is_reached = |milestone: &Milestone| reached.iter().any(|row| row[*milestone as usize].is_some());
    let modelled = Milestone::ALL.into_iter().filter(is_reached);
    modelled
        .map(|milestone| band(incident, milestone, reached, promises))
        .collect()
}

/// A milestone's times in ascending order; not reached is infinite.
fn sorted(reached: &[Reached], milestone: Milestone) -> Vec<f64> {
    let times = reached
        .iter()
        .map(|row| row[milestone as usize].unwrap_or(f64::INFINITY));
    let mut sorted: Vec<f64> = times.collect();
    sorted.sort_by(f64::total_cmp);
    sorted
}

fn band(incident: usize, milestone: Milestone, reached: &[Reached], promises: &Promises) -> Band {
    let (sorted, n) = (self::sorted(reached, milestone), reached.len());
    let never = sorted.iter().filter(|time| time.is_infinite()).count();
    let due = promises.of(milestone);
    let median = |after: Milestone| quantile(&self::sorted(reached, after), 0.5).value;
    let limit = due.and_then(|due| due.limit(median));
    let target_s = match (due, limit) {
        (Some(Due::At(target)), _) => Some(*target),
        (_, Some(limit)) => median(limit.after).map(|after| after + limit.within_s),
        _ => None,
    };
    let misses = due.map(|_| reached.iter().filter(|row| promises.is_missed(milestone, row)).count());
    Band {
        incident,
        milestone,
        target_s,
        limit,
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

/// When something is due.
#[derive(Debug, Clone)]
pub enum Due {
    /// So many seconds from the first symptom.
    At(f64),
    /// After another milestone.
    After {
        /// Which.
        milestone: Milestone,
        /// Open time of the calendar.
        within: Worked,
        /// The calendar.
        calendar: Calendar,
        /// The first symptom.
        from: Instant,
    },
}

impl Due {
    /// In seconds from the first symptom; `None` beyond the calendar, or if the other milestone is not reached.
    fn at(&self, reached: impl Fn(Milestone) -> Option<f64>) -> Option<f64> {
        match self {
            Due::At(seconds) => Some(*seconds),
            Due::After {
                milestone,
                within,
                calendar,
                from,
            } => {
                let after = *from + Length::from_ms((reached(*milestone)? * 1000.0).round() as i64);
                calendar.after(after, *within).map(|due| (due - *from).secs_f64())
            }
        }
    }

    /// As a limit, at the median of the other milestone.
    fn limit(&self, median: impl Fn(Milestone) -> Option<f64>) -> Option<Limit> {
        let Due::After { milestone, .. } = self else {
            return None;
        };
        let after = median(*milestone).unwrap_or(0.0);
        let due = self.at(|_| Some(after))?;
        Some(Limit {
            after: *milestone,
            within_s: due - after,
        })
    }
}

/// What an organisation has promised for an incident's milestones.
#[derive(Debug, Clone, Default)]
pub struct Promises(Vec<(Milestone, Due)>);

impl Promises {
    /// These.
    pub fn new(promises: Vec<(Milestone, Due)>) -> Promises {
        Promises(promises)
    }

    /// The targets of the *true* severity on their calendars, the time limit of the level that pages first, and that of the
    /// gate that is asked first; the first update is due one cadence after the first answer.
    pub fn made(model: &Model, from: Instant, incident: &Incident, met: Met) -> Promises {
        let row = model.targets.row(
            SeverityId::new(incident.severity),
            ServiceId::new(incident.service),
            CustomerTierId::new(0),
        );
        let target = |kind: TargetKind| {
            let target = row[kind as usize]?;
            Some((target.within, &model.calendars[target.calendar.index()]))
        };
        let at = |(within, calendar): (Worked, &Calendar)| {
            let due = calendar.after(from, within)?;
            Some(Due::At((due - from).secs_f64()))
        };
        let after = |milestone: Milestone, (within, calendar): (Worked, &Calendar)| Due::After {
            milestone,
            within,
            calendar: calendar.clone(),
            from,
        };
        let always = Calendar::always();
        let level = met.page.and_then(|page| page.level);
        let level = level.and_then(|(policy, level)| model.on_call.policy(policy).levels.get(usize::from(level)));
        let level = level.map(|level| (Worked::from_ms(level.timeout.ms()), &always));
        let gate = met.gate.and_then(|gate| model.process.gates[gate].timeout);
        let gate = gate.map(|limit| (limit.within, &model.calendars[limit.calendar.index()]));
        let promised = [
            (
                Milestone::Acknowledged,
                level.map(|limit| after(Milestone::Paged, limit)),
            ),
            (Milestone::Responded, target(TargetKind::FirstResponse).and_then(at)),
            (
                Milestone::FirstUpdate,
                target(TargetKind::Update).map(|cadence| after(Milestone::Responded, cadence)),
            ),
            (
                Milestone::GateDecided,
                gate.map(|limit| after(Milestone::GateRequested, limit)),
            ),
            (Milestone::Mitigated, target(TargetKind::Mitigate).and_then(at)),
            (Milestone::Resolved, target(TargetKind::Resolve).and_then(at)),
        ];
        let made = promised
            .into_iter()
            .filter_map(|(milestone, due)| Some((milestone, due?)));
        Promises(made.collect())
    }

    /// What is promised for a milestone.
    pub fn of(&self, milestone: Milestone) -> Option<&Due> {
        self.0.iter().find(|(known, _)| *known == milestone).map(|(_, due)| due)
    }

    /// The milestones for which something is promised.
    pub fn milestones(&self) -> impl Iterator<Item = Milestone> {
        self.0.iter().map(|(milestone, _)| *milestone)
    }

    /// Whether a replication misses what is promised. Nothing is missed whose beginning never came, nor what was moot when it
    /// was due: no update on what is over, no acknowledgement by whom it reached after somebody took it.
    pub fn is_missed(&self, milestone: Milestone, row: &Reached) -> bool {
        let reached = |milestone: Milestone| row[milestone as usize];
        let Some(due) = self.of(milestone).and_then(|due| due.at(reached)) else {
            return false;
        };
        let moot: &[Milestone] = match milestone {
            Milestone::Acknowledged => &[Milestone::Engaged],
            Milestone::FirstUpdate => &[Milestone::Mitigated, Milestone::Resolved],
            Milestone::GateDecided => &[Milestone::Resolved],
            _ => &[],
        };
        match reached(milestone) {
            Some(at) => at > due,
            None => !moot.iter().any(|other| reached(*other).is_some_and(|at| at <= due)),
        }
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
        let bands = bands(1, &rows, &Promises::new(vec![(Milestone::Resolved, Due::At(600.0))]));
        assert_eq!(bands.len(), 1, "what never happens is not modelled");
        let band = &bands[0];
        assert_eq!((band.p10.value, band.p50.value), (Some(540.0), Some(2940.0)));
        assert_eq!(band.p90.value, None);
        assert_eq!(band.never.value, Some(0.15));
        assert_eq!(band.misses.and_then(|misses| misses.value), Some(0.89));
        assert!(band.p50.low < band.p50.value && band.p50.value < band.p50.high);
    }

    #[test]
    fn a_limit_is_counted_from_its_milestone_and_what_is_moot_is_not_missed() {
        let five = Due::After {
            milestone: Milestone::Paged,
            within: Worked::from_ms(300_000),
            calendar: Calendar::always(),
            from: Instant::START,
        };
        let promises = Promises::new(vec![(Milestone::Acknowledged, five)]);
        let reached = |paged: Option<f64>, acknowledged: Option<f64>, engaged: Option<f64>| {
            let mut row = row(Milestone::Paged, paged);
            row[Milestone::Acknowledged as usize] = acknowledged;
            row[Milestone::Engaged as usize] = engaged;
            row
        };
        let rows = [
            reached(Some(600.0), Some(900.0), None),
            reached(Some(600.0), Some(901.0), None),
            reached(Some(600.0), None, Some(700.0)),
            reached(Some(600.0), None, None),
            reached(None, None, None),
        ];
        let missed = rows.map(|row| promises.is_missed(Milestone::Acknowledged, &row));
        assert_eq!(missed, [false, true, false, true, false]);
        let band = bands(1, &rows, &promises).swap_remove(1);
        assert_eq!((band.milestone, band.target_s), (Milestone::Acknowledged, Some(900.0)));
        assert_eq!(band.target_words(), "5 min after paged");
        assert_eq!(band.target_after(|_| Some(60.0)), Some(360.0));
        assert_eq!(band.misses.and_then(|misses| misses.value), Some(0.4));
    }

    #[test]
    fn half_of_the_coin_tosses_stay_within_an_interval_that_holds_half() {
        let share = share(1000, 2000);
        assert!((share.low.expect("some") - 0.478).abs() < 0.001);
        assert!((share.high.expect("some") - 0.522).abs() < 0.001);
    }
}
