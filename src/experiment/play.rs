//! Playing: every replication of every candidate, in parallel.

use super::{Candidate, RunError, Watch};
use crate::kernel::{World, replicate};
use crate::measure::metrics::{TIMINGS, Timing};
use crate::measure::{Distributions, Fate, Measure, Timeline, Values};
use crate::model::Model;
use crate::stats::sketch::{Buckets, LogHistogram};
use rayon::prelude::*;
use std::sync::Mutex;

/// Histograms of at most this many values are kept by replication, so that small replications can be joined.
const KEPT_MOST: u64 = 400;

/// The histograms of one replication that hold few values: (bucket, count), by timing and row; `None` if too many.
pub(super) type Kept = Option<Box<[(u16, u16)]>>;

/// Tickets that breached under one of two candidates only: `[all, severity 0, …]`, each (base only, candidate only).
pub(super) type Discordance = Vec<(u64, u64)>;

/// One replication of one candidate.
#[derive(Debug)]
pub(super) struct Replication {
    pub values: Values,
    pub kept: [Vec<Kept>; TIMINGS],
    /// Against the first candidate: first-response and resolve clocks; empty for the first itself.
    pub discordance: [Discordance; 2],
    pub created: u64,
}

/// What is added up over all replications of a candidate.
#[derive(Debug)]
pub(super) struct Pooled {
    pub times: Distributions,
    pub timeline: Timeline,
}

/// Everything that was played.
#[derive(Debug)]
pub(super) struct Played {
    /// `[replication][candidate]`.
    pub replications: Vec<Vec<Replication>>,
    /// By candidate.
    pub pooled: Vec<Pooled>,
    pub buckets: Buckets,
}

/// One thread's memory, reused from replication to replication.
struct Worker<'a> {
    worlds: Vec<World>,
    measures: Vec<Measure<'a>>,
}

impl<'a> Worker<'a> {
    fn new(candidates: &'a [Candidate], buckets: &'a Buckets) -> Worker<'a> {
        let several = candidates.len() > 1;
        Worker {
            worlds: candidates.iter().map(|_| World::new()).collect(),
            measures: candidates
                .iter()
                .map(|one| Measure::new(&one.model, buckets, several))
                .collect(),
        }
    }

    fn play(&mut self, candidates: &[Candidate], seed: u64, number: u32, pooled: &[Mutex<Pooled>]) -> Vec<Replication> {
        let mut replications = Vec::with_capacity(candidates.len());
        for (index, candidate) in candidates.iter().enumerate() {
            let (world, measure) = (&mut self.worlds[index], &mut self.measures[index]);
            measure.clear();
            replicate(&candidate.model, seed, number, world, measure);
            pool(&pooled[index], measure);
            let measure = &self.measures[index];
            replications.push(Replication {
                values: measure.values(),
                kept: keep_small(measure),
                discordance: discordance(&candidate.model, &self.measures[0], measure, index),
                created: u64::from(self.worlds[index].created()),
            });
        }
        replications
    }
}

fn pool(pooled: &Mutex<Pooled>, measure: &Measure) {
    // A poisoned lock means that another replication panicked; that panic is on its way.
    if let Ok(mut pooled) = pooled.lock() {
        pooled.times.merge(&measure.times);
        pooled.timeline.merge(&measure.timeline);
    }
}

fn keep_small(measure: &Measure) -> [Vec<Kept>; TIMINGS] {
    let keep = |histogram: LogHistogram| {
        let counts = histogram.counts().iter().enumerate().filter(|(_, count)| **count > 0);
        let few = histogram.count() <= KEPT_MOST;
        few.then(|| counts.map(|(bucket, count)| (bucket as u16, *count as u16)).collect())
    };
    Timing::ALL.map(|timing| {
        measure
            .layout()
            .histograms(&measure.times, timing)
            .into_iter()
            .map(keep)
            .collect()
    })
}

/// Tickets that breached under the first candidate only, or under this one only.
fn discordance(model: &Model, first: &Measure, this: &Measure, index: usize) -> [Discordance; 2] {
    let (Some(first), Some(this)) = (&first.fates, &this.fates) else {
        return Default::default();
    };
    if index == 0 {
        return Default::default();
    }
    [0, 1].map(|clock| {
        let mut counts = vec![(0, 0); 1 + model.names.severities.len()];
        for (first, this) in first.iter().zip(this) {
            for number in 0..first.len().max(this.len()) {
                let [a, b] = [first, this].map(|fates| fates.get(number).copied().unwrap_or_default());
                count_discordant(&mut counts, a, b, clock);
            }
        }
        counts
    })
}

#[inline]
fn count_discordant(counts: &mut Discordance, a: Fate, b: Fate, clock: usize) {
    if a.breached(clock) == b.breached(clock) {
        return;
    }
    let severity = 1 + if a.breached(clock) { a.severity() } else { b.severity() };
    for place in [0, severity] {
        match a.breached(clock) {
            true => counts[place].0 += 1,
            false => counts[place].1 += 1,
        }
    }
}

/// Plays all replications of all candidates.
pub(super) fn play(
    candidates: &[Candidate],
    seed: u64,
    replications: u32,
    threads: Option<usize>,
    watch: &dyn Watch,
) -> Result<Played, RunError> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads.unwrap_or(0))
        .build()
        .map_err(|error| RunError::Threads(error.to_string()))?;
    let buckets = Buckets::new();
    let pooled: Vec<Mutex<Pooled>> = candidates
        .iter()
        .map(|one| Mutex::new(empty_pool(one, &buckets)))
        .collect();
    watch.planned(u64::from(replications));
    let play_one = |worker: &mut Worker, number: u32| {
        if watch.interrupted() {
            return Err(RunError::Interrupted);
        }
        let replication = worker.play(candidates, seed, number, &pooled);
        watch.played(candidates.len() as u64);
        Ok(replication)
    };
    let played: Result<Vec<_>, RunError> = pool.install(|| {
        (0..replications)
            .into_par_iter()
            .with_max_len(1)
            .map_init(|| Worker::new(candidates, &buckets), play_one)
            .collect()
    });
    let replications = played?;
    if watch.interrupted() {
        return Err(RunError::Interrupted);
    }
    let pooled = pooled
        .into_iter()
        .map(|one| one.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner()))
        .collect();
    Ok(Played {
        replications,
        pooled,
        buckets: buckets.clone(),
    })
}

fn empty_pool(candidate: &Candidate, buckets: &Buckets) -> Pooled {
    let measure = Measure::new(&candidate.model, buckets, false);
    Pooled {
        times: measure.times,
        timeline: measure.timeline,
    }
}
