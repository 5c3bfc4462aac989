//! Whether the run had settled when the measuring began: the backlog's means over whole cycles, and the warnings from them.
//!
//! It warns and changes nothing. A run whose scenario writes `warm_up = "0s"` is meant to start as it does (a terminating
//! simulation) and is not judged. Below eight cycles nothing is said of the warm-up; between eight and twenty only what MSER
//! finds, not that it found nothing.

use super::Candidate;
use super::play::Played;
use crate::measure::Timeline;
use crate::model::{HourLoad, Load, Model};
use crate::scenario::Scenario;
use crate::stats::Confidence;
use crate::stats::warm_up::{Warning, warnings};
use crate::time::Instant;

const DAY_H: usize = 24;
const WEEK_H: usize = 168;
const HOUR_MS: f64 = 3_600_000.0;

/// Fewer cycles than this say nothing.
const CYCLES_LEAST: usize = 8;
/// With fewer cycles MSER is easily fooled: that it cannot judge is then no news.
const CYCLES_ENOUGH: usize = 20;
/// Hours of the week whose loads differ by less, as a share of the highest, are the same.
const SAME: f64 = 0.02;

/// The season that repeats: a week, or a day where all days are alike. On anything shorter, a Monday looks like a transient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cycle {
    hours: usize,
    /// Whether the start is meant to be measured as it is.
    terminating: bool,
}

impl Cycle {
    pub fn of(scenario: &Scenario, model: &Model, load: &Load) -> Cycle {
        let daily = load.teams.iter().all(|team| repeats_daily(&team.hours));
        Cycle {
            hours: if daily { DAY_H } else { WEEK_H },
            terminating: scenario.run.warm_up.is_some() && model.window.from == Instant::START,
        }
    }

    /// The mean of the open tickets in each whole cycle from the start of the run to the end of the window.
    pub fn means(self, timeline: &Timeline) -> Box<[f64]> {
        let cycles = timeline.hours.chunks_exact(self.hours);
        cycles
            .map(|hours| hours.iter().map(|hour| hour.open).sum::<i64>() as f64 / self.hours as f64)
            .collect()
    }

    fn name(self, count: f64) -> String {
        let name = if self.hours == DAY_H { "day" } else { "week" };
        match count == 1.0 {
            true => format!("1 {name}"),
            false => format!("{} {name}s", (count * 10.0).round() / 10.0),
        }
    }

    /// As the scenario writes it.
    fn written(self, count: usize) -> String {
        format!("{count}{}", if self.hours == DAY_H { "d" } else { "w" })
    }
}

fn repeats_daily(hours: &[HourLoad]) -> bool {
    let alike = |of: fn(&HourLoad) -> f64| {
        let most = hours.iter().map(of).fold(0.0, f64::max);
        let days = hours.iter().zip(hours.iter().skip(DAY_H));
        days.into_iter().all(|(a, b)| (of(a) - of(b)).abs() <= SAME * most)
    };
    alike(|hour| hour.offered) && alike(|hour| hour.on_duty)
}

/// What is to be said of the candidates' warm-up, each doubt once: with the names of all who have it and the figures of the
/// first of them.
pub(super) fn doubts(candidates: &[Candidate], played: &Played) -> Vec<String> {
    let mut all: Vec<(Doubt, Vec<&str>)> = Vec::new();
    for (index, candidate) in candidates.iter().enumerate() {
        for doubt in doubts_of(candidate, index, played) {
            match all.iter_mut().find(|(other, _)| other.kind == doubt.kind) {
                Some((_, names)) => names.push(&candidate.info.name),
                None => all.push((doubt, vec![&candidate.info.name])),
            }
        }
    }
    let text = |(doubt, names): (Doubt, Vec<&str>)| match names.as_slice() {
        [name] => format!("{name}: {}", doubt.text),
        [first, others @ ..] => format!("{first}: {} (likewise: {})", doubt.text, others.join(", ")),
        [] => doubt.text,
    };
    all.into_iter().map(text).collect()
}

/// A doubt about the warm-up.
struct Doubt {
    kind: std::mem::Discriminant<Warning>,
    text: String,
}

/// Of one candidate; nothing where a team is overloaded, which has no steady state and is warned of elsewhere.
fn doubts_of(candidate: &Candidate, index: usize, played: &Played) -> Vec<Doubt> {
    let cycle = candidate.cycle;
    let rows: Vec<&[f64]> = played.replications[index].iter().map(|one| &*one.backlog).collect();
    let cycles = rows.first().map_or(0, |row| row.len());
    let overloaded = candidate.load.teams.iter().any(|team| team.is_overloaded());
    if cycle.terminating || overloaded || cycles < CYCLES_LEAST {
        return Vec::new();
    }
    let warm_up = candidate.model.window.from.ms() as f64 / (cycle.hours as f64 * HOUR_MS);
    // Whether there is a steady state at all was asked above, team by team.
    let found = warnings(&rows, warm_up, 0.0, 1.0, Confidence::P95);
    let told = |warning: Warning| match warning {
        Warning::NoSteadyState => None,
        Warning::TooShortToJudge => (cycles >= CYCLES_ENOUGH).then(|| {
            format!(
                "the backlog had not settled by the middle of the run, so whether the warm-up of {} is long enough \
                 cannot be judged",
                cycle.name(warm_up)
            )
        }),
        Warning::WarmUpTooShort { at_least_cycles } => Some(format!(
            "the warm-up of {} looks too short: the backlog settles after {} only (MSER); write \
             `warm_up = \"{}\"` or more, or \"0s\" if the start is meant to be measured",
            cycle.name(warm_up),
            cycle.name(at_least_cycles as f64),
            cycle.written(at_least_cycles)
        )),
        Warning::Drift { change, level } => Some(format!(
            "the backlog moves by {:+.0} % (95 % interval {:+.0} to {:+.0} %) between the first and the last third of the window: a season, a trend, or a \
             warm-up that is too short",
            100.0 * change.estimate / level,
            100.0 * change.low / level,
            100.0 * change.high / level
        )),
    };
    let doubt = |warning| {
        let text = told(warning)?;
        let kind = std::mem::discriminant(&warning);
        Some(Doubt { kind, text })
    };
    found.into_iter().filter_map(doubt).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn week(of: impl Fn(usize) -> f64) -> Vec<HourLoad> {
        let hour = |hour: usize| HourLoad {
            offered: of(hour),
            on_duty: 3.0,
        };
        (0..WEEK_H).map(hour).collect()
    }

    #[test]
    fn days_that_are_alike_make_the_day_the_cycle() {
        assert!(repeats_daily(&week(|_| 2.0)));
        assert!(repeats_daily(&week(|hour| if hour % DAY_H < 8 { 0.5 } else { 2.0 })));
        assert!(!repeats_daily(&week(|hour| if hour / DAY_H >= 5 { 0.5 } else { 2.0 })));
        assert!(!repeats_daily(&week(|hour| hour as f64)));
    }
}
