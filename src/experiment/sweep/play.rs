//! Playing the points of a sweep in parallel, each estimated as soon as its replications are there.
//!
//! A point is one task: its model is compiled, played and dropped by the same thread, and only its estimates stay. Worlds are
//! lent from point to point. Where there are fewer points than threads can share, the replications of a point are split
//! too. Every point meets the same tickets (common random numbers), and no result hangs on who played what.

use super::checkpoint::Checkpoint;
use super::plan::{Choice, Point, Rows, compiled};
use crate::experiment::estimate::{self, Estimates};
use crate::experiment::lend::{Lent, Shelf};
use crate::experiment::play::{Played, Pooled, Replication, keep_small};
use crate::experiment::{Candidate, CandidateInfo, RunError, Watch};
use crate::kernel::{World, replicate};
use crate::measure::{Measure, Timeline};
use crate::model::Model;
use crate::scenario::Document;
use crate::stats::sketch::Buckets;
use rayon::prelude::*;
use std::io;
use std::sync::Mutex;

/// An estimate of a point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Cell {
    pub estimate: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub n: u64,
}

/// All that is kept of a point.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Outcome {
    /// By row of the point.
    pub cells: Vec<Cell>,
    /// By response: a value a replication, whose mean is the estimate; empty where a replication saw nothing.
    pub responses: Vec<Vec<f64>>,
    pub tickets: u64,
}

/// Points by number, with what was found of them.
pub(super) type Kept = Vec<(usize, Outcome)>;

/// What all points share.
pub(super) struct Field<'a> {
    pub document: &'a Document,
    pub candidate: &'a str,
    pub points: &'a [Point],
    pub rows: &'a [Rows],
    pub choice: &'a Choice,
    pub seed: u64,
    pub replications: u32,
    pub watch: &'a dyn Watch,
}

/// Points between two files of the checkpoint.
const POINTS_A_FILE: usize = 16;

/// The points that have been played since the last file, and where to put them.
struct Log {
    checkpoint: Option<Checkpoint>,
    waiting: Kept,
    failed: Option<io::Error>,
}

impl Log {
    fn note(&mut self, point: usize, outcome: &Outcome) {
        if self.checkpoint.is_some() {
            self.waiting.push((point, outcome.clone()));
        }
        if self.waiting.len() >= POINTS_A_FILE {
            self.flush();
        }
    }

    fn flush(&mut self) {
        if let Some(checkpoint) = &mut self.checkpoint {
            match checkpoint.add(&self.waiting) {
                Ok(()) => self.waiting.clear(),
                Err(error) => self.failed = Some(error),
            }
        }
    }
}

/// Why the points were not all played.
pub(super) enum Stopped {
    Run(RunError),
    Checkpoint(io::Error),
}

/// Plays the points that are not `known` yet, and gives the outcomes of all, by point.
pub(super) fn play(
    field: &Field,
    known: Kept,
    checkpoint: Option<Checkpoint>,
    threads: usize,
) -> Result<Vec<Outcome>, Stopped> {
    let mut outcomes: Vec<Option<Outcome>> = vec![None; field.points.len()];
    for (point, outcome) in known.into_iter().filter(|(point, outcome)| field.fits(*point, outcome)) {
        outcomes[point] = Some(outcome);
    }
    let left: Vec<usize> = (0..outcomes.len()).filter(|point| outcomes[*point].is_none()).collect();
    field.watch.planned(left.len() as u64 * u64::from(field.replications));
    let log = Mutex::new(Log {
        checkpoint,
        waiting: Vec::new(),
        failed: None,
    });
    let lock = || log.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let (worlds, buckets) = (Shelf::new(), Buckets::new());
    let at_once = if left.len() >= 4 * threads {
        field.replications
    } else {
        1
    };
    let play_one = |point: &usize| {
        let outcome = field.play(*point, &worlds, &buckets, at_once)?;
        let mut log = lock();
        log.note(*point, &outcome);
        match log.failed.take() {
            Some(error) => Err(Stopped::Checkpoint(error)),
            None => Ok((*point, outcome)),
        }
    };
    let played: Result<Kept, Stopped> = left.par_iter().with_max_len(1).map(play_one).collect();
    let mut log = lock();
    log.flush();
    if let Some(error) = log.failed.take() {
        return Err(Stopped::Checkpoint(error));
    }
    for (point, outcome) in played? {
        outcomes[point] = Some(outcome);
    }
    Ok(outcomes.into_iter().flatten().collect())
}

impl Field<'_> {
    /// Whether an outcome that was kept has the form of this sweep's.
    fn fits(&self, point: usize, outcome: &Outcome) -> bool {
        self.rows.get(point).is_some_and(|rows| {
            let responses = rows.iter().filter(|(_, row)| self.choice.is_response(row)).count();
            outcome.cells.len() == rows.len() && outcome.responses.len() == responses
        })
    }

    fn play(&self, point: usize, worlds: &Shelf<World>, buckets: &Buckets, at_once: u32) -> Result<Outcome, Stopped> {
        let stopped = || Stopped::Run(RunError::Interrupted);
        if self.watch.interrupted() {
            return Err(stopped());
        }
        let (found, problems) = compiled(self.document, self.candidate, &self.points[point].settings);
        let (scenario, model) = found.ok_or(Stopped::Run(RunError::Problems(problems)))?;
        let info = CandidateInfo {
            name: String::new(),
            description: None,
        };
        let candidate = Candidate::of(info, &scenario, model);
        let mut played = replications(&candidate.model, self, worlds, buckets, at_once).ok_or_else(stopped)?;
        let tickets = played.replications.iter().flatten().map(|one| one.created).sum();
        let mut estimates = estimate::of_all(std::slice::from_ref(&candidate), &mut played);
        let estimates = estimates.swap_remove(0);
        Ok(self.outcome(&estimates, &self.rows[point], tickets))
    }

    fn outcome(&self, estimates: &Estimates, rows: &Rows, tickets: u64) -> Outcome {
        let cell = |(number, _): &(usize, _)| {
            let estimate = &estimates.rows[*number].estimate;
            let interval = estimate.possible(estimates.layout.rows[*number].metric());
            Cell {
                estimate: estimate.value,
                low: interval.map(|interval| interval.low),
                high: interval.map(|interval| interval.high),
                n: estimate.n,
            }
        };
        let responses = rows.iter().filter(|(_, row)| self.choice.is_response(row));
        Outcome {
            cells: rows.iter().map(cell).collect(),
            responses: responses.map(|(number, _)| estimates.pseudo_values(*number)).collect(),
            tickets,
        }
    }
}

/// All replications of a model, in their order; `None` if it was interrupted.
fn replications(
    model: &Model,
    field: &Field,
    worlds: &Shelf<World>,
    buckets: &Buckets,
    at_once: u32,
) -> Option<Played> {
    let pooled = Mutex::new(Pooled {
        times: Measure::new(model, buckets, false).histograms(),
        timeline: Timeline::default(),
    });
    let play_one = |worker: &mut Worker, number: u32| {
        let measure = &mut worker.measure;
        measure.clear();
        replicate(model, field.seed, number, &mut worker.world, measure);
        let histograms = measure.histograms();
        let mut pooled = pooled.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        pooled.times.merge(&histograms);
        drop(pooled);
        field.watch.played(1);
        (!field.watch.interrupted()).then(|| Replication {
            values: measure.values_with(&histograms),
            kept: keep_small(&histograms),
            discordance: Vec::new(),
            backlog: Box::default(),
            created: u64::from(worker.world.created()),
        })
    };
    let replications: Option<Vec<Replication>> = (0..field.replications)
        .into_par_iter()
        .with_min_len(at_once as usize)
        .map_init(|| Worker::new(model, buckets, worlds), play_one)
        .collect();
    Some(Played {
        replications: vec![replications?],
        pooled: vec![pooled.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner())],
        buckets: buckets.clone(),
    })
}

/// A world, lent, and what watches it.
struct Worker<'a> {
    world: Lent<'a, World>,
    measure: Measure<'a>,
}

impl<'a> Worker<'a> {
    fn new(model: &'a Model, buckets: &'a Buckets, worlds: &'a Shelf<World>) -> Worker<'a> {
        Worker {
            world: worlds.lend(World::new),
            measure: Measure::new(model, buckets, false),
        }
    }
}
