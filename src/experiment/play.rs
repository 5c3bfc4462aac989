//! Playing: every replication of every candidate, in parallel.

use super::lend::Shelf;
use super::{Candidate, RunError, Watch};
use crate::kernel::{World, replicate};
use crate::measure::metrics::TIMINGS;
use crate::measure::{Fate, Histograms, Measure, Timeline, Values};
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
    /// Against each candidate before it: first-response and resolve clocks; empty against one that was not played.
    pub discordance: Vec<[Discordance; 2]>,
    pub created: u64,
    /// Open tickets at the end of each hour, as means over whole cycles from the start of the run.
    pub backlog: Box<[f64]>,
}

/// What is added up over all replications of a candidate.
#[derive(Debug)]
pub(super) struct Pooled {
    pub times: Histograms,
    pub timeline: Timeline,
}

/// Everything that was played.
#[derive(Debug)]
pub(super) struct Played {
    /// `[candidate][replication]`: the first ones, of each candidate as many as were played of it.
    pub replications: Vec<Vec<Replication>>,
    /// By candidate.
    pub pooled: Vec<Pooled>,
    pub buckets: Buckets,
}

/// What one thread needs to play, lent from replication to replication.
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

    /// Plays one replication of the `active` candidates; nothing of the others.
    fn play(&mut self, what: &What, number: u32, pooled: &[Mutex<Pooled>]) -> Vec<Option<Replication>> {
        let mut replications = Vec::with_capacity(what.candidates.len());
        for (index, candidate) in what.candidates.iter().enumerate() {
            if !what.active[index] {
                replications.push(None);
                continue;
            }
            let (world, measure) = (&mut self.worlds[index], &mut self.measures[index]);
            measure.clear();
            replicate(&candidate.model, what.seed, number, world, measure);
            let histograms = measure.histograms();
            pool(&pooled[index], measure, &histograms);
            let measure = &self.measures[index];
            let earlier = self.measures[..index].iter().zip(what.active);
            let discordance = earlier.map(|(other, active)| match active {
                true => discordance(&candidate.model, other, measure),
                false => Default::default(),
            });
            replications.push(Some(Replication {
                values: measure.values_with(&histograms),
                kept: keep_small(&histograms),
                discordance: discordance.collect(),
                created: u64::from(self.worlds[index].created()),
                backlog: candidate.cycle.means(&measure.timeline),
            }));
        }
        replications
    }
}

/// What one task plays.
struct What<'a> {
    candidates: &'a [Candidate],
    active: &'a [bool],
    seed: u64,
}

fn pool(pooled: &Mutex<Pooled>, measure: &Measure, histograms: &Histograms) {
    // A poisoned lock means that another replication panicked; that panic is on its way.
    if let Ok(mut pooled) = pooled.lock() {
        pooled.times.merge(histograms);
        pooled.timeline.merge(&measure.timeline);
    }
}

pub(super) fn keep_small(histograms: &Histograms) -> [Vec<Kept>; TIMINGS] {
    let keep = |histogram: &LogHistogram| {
        let few = histogram.count() <= KEPT_MOST;
        let counts = || histogram.counts().iter().enumerate().filter(|(_, count)| **count > 0);
        few.then(|| counts().map(|(bucket, count)| (bucket as u16, *count as u16)).collect())
    };
    histograms.each().each_ref().map(|of| of.iter().map(keep).collect())
}

/// Tickets that breached under one of two candidates only.
fn discordance(model: &Model, first: &Measure, this: &Measure) -> [Discordance; 2] {
    let (Some(first), Some(this)) = (&first.fates, &this.fates) else {
        return Default::default();
    };
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

/// The threads: so many, or one for each processor.
pub(super) fn workers(threads: Option<usize>) -> Result<rayon::ThreadPool, RunError> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads.unwrap_or(0))
        .build()
        .map_err(|error| RunError::Threads(error.to_string()))
}

/// Plays replications, as many as are asked for and then more of them: batch after batch, so that who decides whether there
/// are to be more sees exactly the same replications on any number of threads.
pub(super) struct Player<'a> {
    candidates: &'a [Candidate],
    seed: u64,
    threads: rayon::ThreadPool,
    watch: &'a dyn Watch,
    /// What has been played so far.
    pub played: Played,
}

impl<'a> Player<'a> {
    pub fn new(
        candidates: &'a [Candidate],
        seed: u64,
        threads: Option<usize>,
        watch: &'a dyn Watch,
    ) -> Result<Player<'a>, RunError> {
        let threads = workers(threads)?;
        let buckets = Buckets::new();
        Ok(Player {
            candidates,
            seed,
            threads,
            watch,
            played: Played {
                replications: candidates.iter().map(|_| Vec::new()).collect(),
                pooled: candidates.iter().map(|one| empty_pool(one, &buckets)).collect(),
                buckets,
            },
        })
    }

    /// The candidates, compiled.
    pub fn candidates(&self) -> &'a [Candidate] {
        self.candidates
    }

    /// Who watches.
    pub fn watch(&self) -> &'a dyn Watch {
        self.watch
    }

    /// Replications played of the candidate that has most.
    pub fn replications(&self) -> u32 {
        self.played.replications.iter().map(Vec::len).max().unwrap_or(0) as u32
    }

    /// Plays all candidates until there are so many `replications`.
    pub fn play_to(&mut self, replications: u32) -> Result<(), RunError> {
        self.play_some_to(replications, &vec![true; self.candidates.len()])
    }

    /// Plays the `active` candidates until there are so many `replications`. Who was left out once must stay out, since
    /// the replications of a candidate are the first ones, without a gap.
    pub fn play_some_to(&mut self, replications: u32, active: &[bool]) -> Result<(), RunError> {
        let numbers = self.replications()..replications;
        self.watch.planned(u64::from(replications));
        let (candidates, watch, buckets) = (self.candidates, self.watch, &self.played.buckets);
        let pooled: Vec<_> = std::mem::take(&mut self.played.pooled)
            .into_iter()
            .map(Mutex::new)
            .collect();
        let what = What {
            candidates,
            active,
            seed: self.seed,
        };
        let workers = Shelf::new();
        let play_one = |number: u32| {
            if watch.interrupted() {
                return Err(RunError::Interrupted);
            }
            let mut worker = workers.lend(|| Worker::new(candidates, buckets));
            let replication = worker.play(&what, number, &pooled);
            watch.played(candidates.len() as u64);
            Ok(replication)
        };
        let play_all = || numbers.into_par_iter().with_max_len(1).map(play_one).collect();
        let new: Result<Vec<_>, RunError> = self.threads.install(play_all);
        let new = new?;
        if watch.interrupted() {
            return Err(RunError::Interrupted);
        }
        let unlocked = |one: Mutex<Pooled>| one.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
        self.played.pooled = pooled.into_iter().map(unlocked).collect();
        for replication in new {
            for (all, one) in self.played.replications.iter_mut().zip(replication) {
                all.extend(one);
            }
        }
        Ok(())
    }
}

fn empty_pool(candidate: &Candidate, buckets: &Buckets) -> Pooled {
    let measure = Measure::new(&candidate.model, buckets, false);
    Pooled {
        times: measure.histograms(),
        timeline: measure.timeline,
    }
}
