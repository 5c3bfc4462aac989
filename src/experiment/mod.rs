//! Experiments: candidates × replications in parallel, on common random numbers, to tables.
//!
//! The replication is the unit of work and of statistics: one task plays every candidate against the same tickets. Results
//! are put together in replication order from integers, so the bytes do not depend on the number of threads.

mod asked;
mod compare;
mod estimate;
mod lend;
mod play;
pub mod precision;
mod rehearse;
pub mod robustness;
pub mod select;
mod settling;
pub mod staffing;
pub mod sweep;
pub mod tables;
mod traces;
mod warn;

pub use asked::{Amount, AskedError, Figure, Indifference, Unit};
pub use precision::Precision;
pub use rehearse::{Rehearsal, rehearse};
pub use select::{Select, Selection};
pub use tables::{
    CandidateInfo, ComparisonRow, EventRow, ReplicationRow, ReplicationRows, Results, SummaryRow, TicketRow,
    TimelineRow,
};

use crate::model::{Load, Model, compile, defaults};
use play::Player;
use settling::Cycle;

use crate::scenario::{BASE, Document, Problems, Scenario};
use std::fmt;
use std::time::Duration;

/// What to run of a scenario.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RunOptions {
    /// Replications (default: the scenario's).
    pub replications: Option<u32>,
    /// Seed (default: the scenario's).
    pub seed: Option<u64>,
    /// Threads (default: as many as there are cores).
    pub threads: Option<usize>,
    /// Candidates by name (default: all). The base is always played if it is named or nothing is.
    pub candidates: Option<Vec<String>>,
    /// Keep every ticket of the traced replications.
    pub tickets: bool,
    /// Keep every event of the traced replications.
    pub events: bool,
    /// How many replications are traced, from the first.
    pub trace_replications: u32,
    /// Instead of a number of replications: as many as this precision takes.
    pub precision: Option<Precision>,
    /// Instead of a number of replications: as many as it takes to select the best candidate. Not both.
    pub select: Option<Select>,
    /// Which differences between candidates do not matter.
    pub indifference: Indifference,
}

/// Who watches a run.
pub trait Watch: Sync {
    /// So many replications are to be played.
    fn planned(&self, _replications: u64) {}
    /// One more replication of all candidates has been played.
    fn played(&self, _candidates_in_it: u64) {}
    /// Whether to stop.
    fn interrupted(&self) -> bool {
        false
    }
    /// How long the run has lasted, for a budget of time; `None` if nobody looks at a clock, and then no budget ends it.
    fn elapsed(&self) -> Option<Duration> {
        None
    }
}

/// Nobody watches.
impl Watch for () {}

/// Why a run gave no results.
#[derive(Debug)]
pub enum RunError {
    /// The scenario is wrong.
    Problems(Problems),
    /// There is no such candidate.
    UnknownCandidate {
        /// The name asked for.
        name: String,
        /// The names that there are.
        known: Vec<String>,
    },
    /// What was asked for cannot be measured.
    Asked(AskedError),
    /// The watcher asked to stop.
    Interrupted,
    /// The threads could not be started.
    Threads(String),
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RunError::Problems(_) => write!(f, "the scenario is wrong"),
            RunError::UnknownCandidate { name, known } => {
                write!(f, "no candidate is called `{name}`; there are {}", known.join(", "))
            }
            RunError::Asked(error) => error.fmt(f),
            RunError::Interrupted => write!(f, "interrupted"),
            RunError::Threads(why) => write!(f, "the threads could not be started: {why}"),
        }
    }
}

impl std::error::Error for RunError {}

impl From<AskedError> for RunError {
    fn from(error: AskedError) -> RunError {
        RunError::Asked(error)
    }
}

/// A candidate, compiled.
#[derive(Debug)]
struct Candidate {
    info: CandidateInfo,
    model: Model,
    load: Load,
    /// The season over which the backlog is averaged.
    cycle: Cycle,
}

impl Candidate {
    fn of(info: CandidateInfo, scenario: &Scenario, model: Model) -> Candidate {
        let load = Load::of(&model);
        let cycle = Cycle::of(scenario, &model, &load);
        Candidate {
            info,
            model,
            load,
            cycle,
        }
    }
}

/// Plays a scenario's candidates and estimates everything.
///
/// Errors: [`RunError::Problems`] if the document or a candidate is wrong, [`RunError::UnknownCandidate`],
/// [`RunError::Asked`] if a precision is asked of something that there is not, [`RunError::Interrupted`] once the watcher
/// says so.
pub fn run(document: &Document, options: &RunOptions, watch: &dyn Watch) -> Result<Results, RunError> {
    let candidates = compile_candidates(document, options)?;
    let Some(base) = document.base() else {
        return Err(RunError::Problems(document.problems().clone()));
    };
    let replications = options
        .replications
        .or(base.run.replications)
        .unwrap_or(defaults::REPLICATIONS)
        .max(1);
    let seed = options.seed.or(base.run.seed).unwrap_or(defaults::SEED);
    let mut player = Player::new(&candidates, seed, options.threads, watch)?;
    let (mut precision, mut selection) = (None, None);
    match (&options.precision, &options.select) {
        (Some(asked), _) => precision = Some(precision::reach(&mut player, asked)?),
        (None, Some(asked)) => selection = Some(select::select(&mut player, asked)?),
        (None, None) => player.play_to(replications)?,
    }
    let (replications, mut played) = (player.replications(), player.played);
    let estimates = estimate::of_all(&candidates, &mut played);
    let mut results = estimate::results(&candidates, &played, &estimates, seed, replications);
    (results.precision, results.selection) = (precision, selection);
    results.comparison = compare::comparison(&played, &estimates, options.indifference);
    results.warnings = warn::warnings(&candidates, &played, &estimates, &results);
    results.replication_rows = estimate::replication_rows(estimates);
    if options.tickets || options.events {
        traces::add(&mut results, &candidates, options, seed, watch)?;
    }
    Ok(results)
}

fn compile_candidates(document: &Document, options: &RunOptions) -> Result<Vec<Candidate>, RunError> {
    if document.problems().any_error() {
        return Err(RunError::Problems(document.problems().clone()));
    }
    let known: Vec<String> = document.scenarios().map(|(name, _)| name.to_string()).collect();
    if let Some(unknown) = options.candidates.iter().flatten().find(|name| !known.contains(name)) {
        return Err(RunError::UnknownCandidate {
            name: unknown.clone(),
            known,
        });
    }
    let wanted = |name: &str| {
        options
            .candidates
            .as_ref()
            .is_none_or(|list| list.iter().any(|wanted| wanted == name))
    };
    let mut problems = Problems::new();
    let mut candidates = Vec::new();
    for (name, scenario) in document.scenarios().filter(|(name, _)| wanted(name)) {
        let mut found = Problems::of((name != BASE).then_some(name));
        let description = match name {
            BASE => None,
            _ => document
                .base()
                .and_then(|base| base.candidates.get(name)?.description.clone()),
        };
        let info = CandidateInfo {
            name: name.to_string(),
            description,
        };
        if let Some(model) = compile(scenario, &mut found) {
            candidates.push(Candidate::of(info, scenario, model));
        }
        problems.absorb(found);
    }
    if problems.any_error() {
        Err(RunError::Problems(problems))
    } else {
        Ok(candidates)
    }
}
