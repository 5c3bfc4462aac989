//! Playing plans: every plan against the same tickets, each replication only once.
//!
//! Two blocks of replications: the search has the first ones, the confirmation those from 2^23 on, which no search has seen.
//! What is kept of a replication is what the targets ask of it; results are put together in the order of replications.

use super::super::lend::Shelf;
use super::super::{RunError, Watch};
use super::target::{Sums, Target};
use super::units::Plan;
use crate::kernel::{World, replicate};
use crate::measure::{Measure, Values};
use crate::model::{Model, compile};
use crate::scenario::{Problems, Scenario};
use crate::stats::sketch::Buckets;
use rayon::ThreadPool;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Replications that a search plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Block {
    /// From 0 on.
    Search,
    /// From 2^23 on: nobody has chosen a plan by them.
    Confirmation,
}

impl Block {
    fn first(self) -> u32 {
        match self {
            Block::Search => 0,
            Block::Confirmation => 1 << 23,
        }
    }
}

/// What is known of a plan: one entry a replication.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    /// By target.
    pub sums: Vec<Vec<Sums>>,
    /// Whole cost a month, overtime and penalties included; empty where no money is counted.
    pub cost: Vec<f64>,
    /// First responses breached in hours in which nobody of any team is planned, and all that were.
    pub unstaffed: Vec<(f64, f64)>,
}

impl Seen {
    /// Replications.
    pub fn count(&self) -> usize {
        self.sums.first().map_or(0, Vec::len)
    }

    /// Of the first `n` replications.
    pub fn target(&self, target: usize, n: usize) -> &[Sums] {
        let all = &self.sums[target];
        &all[..n.min(all.len())]
    }
}

/// One replication of a plan.
struct Row {
    sums: Vec<Sums>,
    cost: Option<f64>,
    unstaffed: (f64, f64),
}

/// The bench.
pub(super) struct Bench<'a> {
    pub scenario: &'a Scenario,
    pub model: &'a Model,
    pub targets: &'a [Target],
    pub seed: u64,
    pub pool: &'a ThreadPool,
    pub buckets: &'a Buckets,
    pub watch: &'a dyn Watch,
    /// Hours of the week in which nobody could be on duty.
    pub nobody: Vec<bool>,
    seen: BTreeMap<(Block, Plan), Seen>,
    /// Plans that have been asked about, and whether the scenario can be had with them.
    possible: BTreeMap<Plan, bool>,
    played: u64,
    worlds: Shelf<World>,
}

impl<'a> Bench<'a> {
    pub fn new(
        scenario: &'a Scenario,
        model: &'a Model,
        targets: &'a [Target],
        seed: u64,
        pool: &'a ThreadPool,
        buckets: &'a Buckets,
        watch: &'a dyn Watch,
    ) -> Bench<'a> {
        Bench {
            scenario,
            model,
            targets,
            seed,
            pool,
            buckets,
            watch,
            nobody: Vec::new(),
            seen: BTreeMap::new(),
            possible: BTreeMap::new(),
            played: 0,
            worlds: Shelf::new(),
        }
    }

    /// Whether the scenario can be had with these head counts: whoever is called by number is there, and every ticket comes
    /// to a team with the skills that it needs.
    pub fn is_possible(&mut self, plan: &Plan) -> bool {
        if let Some(known) = self.possible.get(plan) {
            return *known;
        }
        let possible = staffed(self.scenario, plan).is_some();
        self.possible.insert(plan.clone(), possible);
        possible
    }

    /// Replications played so far.
    pub fn played(&self) -> u64 {
        self.played
    }

    /// Plans looked at by the search.
    pub fn plans(&self) -> impl Iterator<Item = (&Plan, &Seen)> {
        let search = self.seen.iter().filter(|((block, _), _)| *block == Block::Search);
        search.map(|((_, plan), seen)| (plan, seen))
    }

    /// What is known of a plan, if it has been played.
    pub fn known(&self, block: Block, plan: &Plan) -> Option<&Seen> {
        self.seen.get(&(block, plan.clone()))
    }

    /// A plan played at least `n` times.
    pub fn play(&mut self, block: Block, plan: &Plan, n: usize) -> Result<&Seen, RunError> {
        self.play_all(block, std::slice::from_ref(plan), n)?;
        Ok(self.seen.entry((block, plan.clone())).or_default())
    }

    /// Several plans, each played at least `n` times. What is not possible is not played.
    pub fn play_all(&mut self, block: Block, plans: &[Plan], n: usize) -> Result<(), RunError> {
        let mut lacking: Vec<(&Plan, usize)> = Vec::new();
        for plan in plans {
            let have = self.known(block, plan).map_or(0, Seen::count);
            if have < n && !lacking.iter().any(|(known, _)| *known == plan) {
                lacking.push((plan, have));
            }
        }
        let scenario = self.scenario;
        let models: Vec<Option<Model>> = self
            .pool
            .install(|| lacking.par_iter().map(|(plan, _)| staffed(scenario, plan)).collect());
        let tasks: Vec<(usize, u32)> = lacking
            .iter()
            .enumerate()
            .filter(|(index, _)| models[*index].is_some())
            .flat_map(|(index, (_, have))| (*have..n).map(move |number| (index, block.first() + number as u32)))
            .collect();
        self.watch.planned(self.played + tasks.len() as u64);
        let rows = self.rows(&models, &tasks)?;
        self.played += tasks.len() as u64;
        let keys: Vec<Plan> = lacking.into_iter().map(|(plan, _)| plan.clone()).collect();
        for ((index, _), row) in tasks.into_iter().zip(rows) {
            let seen = self.seen.entry((block, keys[index].clone())).or_default();
            seen.sums.resize_with(row.sums.len(), Vec::new);
            seen.sums.iter_mut().zip(row.sums).for_each(|(all, one)| all.push(one));
            seen.cost.extend(row.cost);
            seen.unstaffed.push(row.unstaffed);
        }
        Ok(())
    }

    fn rows(&self, models: &[Option<Model>], tasks: &[(usize, u32)]) -> Result<Vec<Row>, RunError> {
        let play = |(index, number): &(usize, u32)| {
            if self.watch.interrupted() {
                return Err(RunError::Interrupted);
            }
            let mut world = self.worlds.lend(World::new);
            let row = models[*index]
                .as_ref()
                .map(|model| self.row(model, *number, &mut world));
            self.watch.played(1);
            Ok(row)
        };
        let play_all = || tasks.par_iter().with_max_len(1).map(play).collect();
        let rows: Result<Vec<_>, RunError> = self.pool.install(play_all);
        Ok(rows?.into_iter().flatten().collect())
    }

    fn row(&self, model: &Model, number: u32, world: &mut World) -> Row {
        let mut measure = Measure::new(model, self.buckets, false);
        replicate(model, self.seed, number, world, &mut measure);
        let money = model.costs.is_some();
        let values = match money || self.targets.iter().any(Target::needs_values) {
            true => measure.values(),
            false => Values::default(),
        };
        let layout = measure.layout();
        let cost = layout
            .rows
            .iter()
            .position(|row| row.metric().name == "cost" && row.by == "all");
        let breached = measure.week.iter().map(|hour| hour.breached as f64);
        let unstaffed = breached.clone().zip(&self.nobody).filter(|(_, nobody)| **nobody);
        Row {
            sums: self
                .targets
                .iter()
                .map(|target| target.sums(&measure, &values))
                .collect(),
            cost: cost.filter(|_| money).map(|row| values.numerators[row]),
            unstaffed: (unstaffed.map(|(breached, _)| breached).sum(), breached.sum()),
        }
    }
}

/// The scenario with other head counts, compiled: exactly the model of a file in which they are written. `None` if there is no
/// such scenario.
pub(super) fn staffed(scenario: &Scenario, plan: &[u32]) -> Option<Model> {
    let staffed = scenario.staffed(plan);
    match staffed.contradictions().any_error() {
        true => None,
        false => compile(&staffed, &mut Problems::new()),
    }
}
