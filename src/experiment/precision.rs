//! Precision on demand: replications are added until every headline figure is known well enough, or a budget ends it.
//!
//! Decisions are made at checkpoints only (`stats::sequential`), from exactly the replications up to them, so that they do not
//! depend on the number of threads. A budget of *time* is the exception that cannot be had otherwise: it too ends at a
//! checkpoint, and the number of replications reached is in the results, to be repeated with `--replications`.

use std::time::Duration;

use super::asked::{Amount, AskedError, Figure};
use super::compare::{Compared, Side, compare};
use super::estimate::{Estimated, Series, one};
use super::play::{Played, Player};
use super::{Candidate, RunError};
use crate::measure::metrics::Estimator;
use crate::measure::{Layout, Row};
use crate::stats::mean::skewness;
pub use crate::stats::sequential::Projection as Needed;
use crate::stats::sequential::{FIRST, Projection, Shrinking, Step, Stopping, Target, next_checkpoint, project};
use crate::stats::{Confidence, Interval};

/// Replications that are played without being asked for, at most.
pub const MOST: u32 = 2_000;
/// Replications that a budget of time alone allows, at most: what the scenario format allows, too.
const MOST_IN_TIME: u32 = 1_000_000;
/// Before the first checkpoint the time is looked at after every so many replications.
const FIRST_STEPS: u32 = 8;

/// What is to be known precisely.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// The figures of each candidate.
    Levels,
    /// Their differences from the first candidate.
    Differences,
}

/// How precisely a run is to answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Precision {
    /// The wider side of each 95 % interval is to be at most this. Per cent are of the figure's level; of a difference, of the
    /// level of the candidate compared with.
    pub within: Amount,
    /// Levels or differences; differences unless there is one candidate only.
    pub of: Option<Subject>,
    /// The headline figures; the breach rates by severity if there are none.
    pub figures: Vec<Figure>,
    /// Whether all intervals are to hold together (Bonferroni), instead of each by itself.
    pub simultaneous: bool,
    /// Replications at most; without it, [`MOST`], and the run ends early where that will not be enough.
    pub most: Option<u32>,
    /// Wall time at most.
    pub time: Option<Duration>,
}

/// Why a run for a precision ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Every figure is as precise as asked for.
    Met,
    /// It is, but the budget did not allow the second look that a first stop, or skewed values, ask for.
    MetUnconfirmed,
    /// The budget of replications.
    Replications,
    /// The budget of time.
    Time,
    /// It would take more replications than are played without being asked for.
    Refused,
}

/// How a run for a precision ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Reached {
    /// What was asked for.
    pub within: Amount,
    /// Levels or differences.
    pub of: Subject,
    /// Whether the intervals were to hold together.
    pub simultaneous: bool,
    /// Why it ended.
    pub end: End,
    /// The checkpoint at which it ended.
    pub replications: u32,
    /// The budget of replications.
    pub most: u32,
    /// The budget of time in seconds.
    pub time_s: Option<f64>,
    /// Replications in all that the asked precision is likely to take, of the figures that have an interval; `None` where it
    /// is met, or no number is enough.
    pub needed: Option<Projection>,
    /// Every headline figure.
    pub figures: Vec<Headline>,
}

/// One headline figure at the end.
#[derive(Debug, Clone, PartialEq)]
pub struct Headline {
    /// Index of the candidate.
    pub candidate: usize,
    /// Index of the candidate that it is compared with, if it is a difference.
    pub against: Option<usize>,
    /// Metric name.
    pub metric: &'static str,
    /// As in [`SummaryRow::by`](super::SummaryRow::by).
    pub by: &'static str,
    /// As in [`SummaryRow::group`](super::SummaryRow::group).
    pub group: String,
    /// The wider side of the interval; `None` if no interval can be given.
    pub side: Option<f64>,
    /// The widest side allowed.
    pub allowed: f64,
    /// Whether that is met.
    pub state: State,
    /// Replications in all that it is likely to take; `None` if none would be enough or it cannot be told.
    pub needed: Option<Projection>,
}

/// Whether a headline figure is precise enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is.
    Met,
    /// Not yet.
    Wide,
    /// It has no interval to speak of yet: breaches come in few bad replications, or too few tickets for a percentile.
    NoInterval,
    /// None was seen, so that a share of the level means nothing: it is left out.
    NothingSeen,
}

/// A figure to look at, and of whom.
struct Wanted {
    target: Target,
    candidate: usize,
    row: usize,
    /// The candidate compared with, and its row.
    against: Option<(usize, usize)>,
}

/// Plays until the precision is reached or a budget ends it.
pub(super) fn reach(player: &mut Player, asked: &Precision) -> Result<Reached, RunError> {
    let layouts: Vec<Layout> = player.candidates().iter().map(|one| Layout::of(&one.model)).collect();
    let of = subject(player.candidates(), asked)?;
    let wanted = wanted(&layouts, asked, of)?;
    let confidence = match asked.simultaneous {
        true => Confidence::P95.simultaneous(wanted.len()),
        false => Confidence::P95,
    };
    let without_time = if asked.time.is_some() { MOST_IN_TIME } else { MOST };
    let most = asked.most.unwrap_or(without_time).max(1);
    let bold = asked.most.is_none() && asked.time.is_none();
    let (mut rule, mut at) = (Stopping::default(), 0);
    loop {
        let in_time = play_to_checkpoint(player, next_checkpoint(at).min(most), asked.time)?;
        at = player.replications();
        let looks: Vec<Look> = wanted
            .iter()
            .map(|one| look(&player.played, &layouts, one, confidence))
            .collect();
        if looks.iter().all(|look| look.headline.is_none()) {
            return Err(AskedError::NothingObserved.into());
        }
        let headlines: Vec<&Headline> = looks.iter().filter_map(|look| look.headline.as_ref()).collect();
        let met = headlines
            .iter()
            .all(|one| matches!(one.state, State::Met | State::NothingSeen));
        let skewed = looks.iter().map(|look| look.skewness.abs()).fold(0.0, f64::max);
        let needed = all_needed(&headlines);
        let step = rule.at(at, met, skewed);
        let end = match step {
            Step::Stop => Some(End::Met),
            Step::Confirm if !in_time || at >= most => Some(End::MetUnconfirmed),
            _ if !in_time => Some(End::Time),
            _ if at >= most => Some(End::Replications),
            Step::GoOn if bold && needed.is_some_and(|needed| needed.likely > u64::from(most)) => Some(End::Refused),
            Step::Confirm | Step::GoOn => None,
        };
        if let Some(end) = end {
            return Ok(Reached {
                within: asked.within,
                of,
                simultaneous: asked.simultaneous,
                end,
                replications: at,
                most,
                time_s: asked.time.map(|time| time.as_secs_f64()),
                needed: needed.filter(|_| !met),
                figures: looks.into_iter().filter_map(|look| look.headline).collect(),
            });
        }
    }
}

/// Plays up to a checkpoint, in small steps to the first one if time is short; whether there is time for the next.
fn play_to_checkpoint(player: &mut Player, checkpoint: u32, time: Option<Duration>) -> Result<bool, RunError> {
    let Some(time) = time else {
        player.play_to(checkpoint)?;
        return Ok(true);
    };
    loop {
        let played = player.replications();
        let next = match played < FIRST {
            true => checkpoint.min(played + FIRST_STEPS),
            false => checkpoint,
        };
        player.play_to(next)?;
        let following = if next < checkpoint {
            next + FIRST_STEPS
        } else {
            next_checkpoint(next)
        };
        if !is_time_for(player, following, time) {
            return Ok(false);
        }
        if next == checkpoint {
            return Ok(true);
        }
    }
}

/// Whether so many replications in all are likely to be played within the budget, at the pace so far.
fn is_time_for(player: &Player, replications: u32, time: Duration) -> bool {
    let Some(elapsed) = player.watch().elapsed() else {
        return true;
    };
    let each = elapsed.as_secs_f64() / f64::from(player.replications().max(1));
    each * f64::from(replications) <= time.as_secs_f64()
}

fn subject(candidates: &[Candidate], asked: &Precision) -> Result<Subject, AskedError> {
    match asked.of {
        Some(Subject::Differences) if candidates.len() < 2 => Err(AskedError::OneCandidate),
        Some(of) => Ok(of),
        None if candidates.len() < 2 => Ok(Subject::Levels),
        None => Ok(Subject::Differences),
    }
}

/// The figures to look at: of every candidate, or of every one but the first against the first.
fn wanted(layouts: &[Layout], asked: &Precision, of: Subject) -> Result<Vec<Wanted>, AskedError> {
    let mut all = Vec::new();
    for (candidate, layout) in layouts.iter().enumerate() {
        for row in headline_rows(layout, asked)? {
            let what = &layout.rows[row];
            let target = asked.within.target(what.metric())?;
            let against = match of {
                Subject::Levels => None,
                Subject::Differences if candidate == 0 => continue,
                Subject::Differences => match layouts[0].rows.iter().position(|other| other == what) {
                    Some(first) => Some((0, first)),
                    // The first has no such slice: nothing to compare with.
                    None => continue,
                },
            };
            all.push(Wanted {
                target,
                candidate,
                row,
                against,
            });
        }
    }
    Ok(all)
}

/// The rows asked for; without any, the breach rates of first response and resolution by true severity, where all candidates
/// have the same tickets.
fn headline_rows(layout: &Layout, asked: &Precision) -> Result<Vec<usize>, AskedError> {
    if !asked.figures.is_empty() {
        return asked.figures.iter().map(|figure| figure.find(layout)).collect();
    }
    let is_headline = |row: &Row| {
        let breaches = ["breach_rate_first_response", "breach_rate_resolve"];
        breaches.contains(&row.metric().name) && row.by == layout.severity_of_fates()
    };
    let rows = layout.rows.iter().enumerate();
    Ok(rows
        .filter(|(_, row)| is_headline(row))
        .map(|(number, _)| number)
        .collect())
}

/// What a checkpoint shows of a figure.
struct Look {
    /// None if there was nothing to observe.
    headline: Option<Headline>,
    /// Of the replications' contributions.
    skewness: f64,
}

fn look(played: &Played, layouts: &[Layout], wanted: &Wanted, confidence: Confidence) -> Look {
    let of = |candidate: usize, row: usize| one(played, candidate, &layouts[candidate], row, confidence);
    let this = of(wanted.candidate, wanted.row);
    let row = &layouts[wanted.candidate].rows[wanted.row];
    let replications = this.series.len() as u32;
    let (level, interval, contributions) = match wanted.against {
        None => (
            this.estimate.value,
            this.estimate.interval,
            contributions(&this, row.metric().estimator),
        ),
        Some((against, first)) => {
            let other = of(against, first);
            let side = |candidate: usize, number: usize, estimated| Side {
                candidate,
                number,
                layout: &layouts[candidate],
                estimated,
            };
            let sides = [side(wanted.candidate, wanted.row, &this), side(against, first, &other)];
            let interval = difference(&compare(played, sides[0], sides[1], confidence));
            let [a, b] = [&this, &other].map(|one| contributions(one, row.metric().estimator));
            let contributions = a.iter().zip(&b).map(|(a, b)| a - b).collect();
            // A difference of figures without an interval of their own has none either.
            let trusted = this.estimate.clustered.is_none() && other.estimate.clustered.is_none();
            let level = this.estimate.value.and(other.estimate.value);
            (level, interval.filter(|_| trusted), contributions)
        }
    };
    let headline = level.map(|level| {
        let allowed = wanted.target.allowed(level);
        let nothing_seen = matches!(wanted.target, Target::Relative(_)) && level == 0.0;
        let side = interval.map(|interval| interval.wider_side());
        let state = match side {
            _ if nothing_seen => State::NothingSeen,
            None => State::NoInterval,
            Some(side) if side <= allowed => State::Met,
            Some(_) => State::Wide,
        };
        let needed = match (state, interval) {
            (State::Wide, Some(interval)) => project(interval, replications, shrinking(&interval), allowed, confidence),
            (State::Met, _) => Some(Projection {
                likely: replications.into(),
                prudent: replications.into(),
            }),
            _ => None,
        };
        Headline {
            candidate: wanted.candidate,
            against: wanted.against.map(|(against, _)| against),
            metric: row.metric().name,
            by: row.by,
            group: row.group.clone(),
            side,
            allowed,
            state,
            needed,
        }
    });
    Look {
        headline,
        skewness: skewness(&contributions).unwrap_or(0.0),
    }
}

fn difference(compared: &Compared) -> Option<Interval> {
    let difference = compared.difference?;
    match difference.identical {
        // Two that never differed are as precisely equal as can be seen; the bound of rare events is for levels.
        true => difference
            .interval()
            .map(|interval| Interval::symmetric(interval.estimate, 0.0)),
        false => difference.interval(),
    }
}

/// Where nothing or everything was seen, one side is closed and the other one shrinks with the number of tickets.
fn shrinking(interval: &Interval) -> Shrinking {
    match interval.estimate == 0.0 && interval.low == 0.0 {
        true => Shrinking::Rare,
        false => Shrinking::Root,
    }
}

/// What each replication contributes to the error of an estimate, in the estimate's unit.
fn contributions(estimated: &Estimated, estimator: Estimator) -> Vec<f64> {
    if let Some(quantiles) = &estimated.quantiles {
        return quantiles
            .sections
            .iter()
            .map(|section| section - quantiles.pooled)
            .collect();
    }
    let Some(level) = estimated.estimate.value else {
        return Vec::new();
    };
    let Series {
        numerators,
        denominators,
    } = &estimated.series;
    let mean = match estimator {
        Estimator::PerReplication | Estimator::Count => 1.0,
        _ => denominators.iter().sum::<f64>() / denominators.len() as f64,
    };
    let pairs = numerators.iter().zip(denominators);
    pairs.map(|(b, d)| (b - level * d) / mean).collect()
}

/// What all figures that have an interval are likely to take together; none if one of them can have no projection.
fn all_needed(headlines: &[&Headline]) -> Option<Projection> {
    let projected = headlines
        .iter()
        .filter(|one| matches!(one.state, State::Met | State::Wide));
    let mut needed: Option<Projection> = None;
    for headline in projected {
        let one = headline.needed?;
        needed = Some(needed.map_or(one, |all| all.and(one)));
    }
    needed
}
