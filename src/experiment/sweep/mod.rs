//! A sweep: any values of a scenario over a grid, a Latin hypercube or a Sobol' design, every point on the same tickets.
//!
//! A point is checked like a candidate, all of them before the first is played. Points are played in parallel, kept in a
//! checkpoint as they are done, and analysed at the end: which axis moves what (`effects`), how (`response`), and which
//! points nobody beats in two metrics at once (`pareto`). Same scenario, options, seed and version, same bytes: on any number
//! of threads, and whether or not the sweep was interrupted.

mod analyse;
mod axis;
mod checkpoint;
mod design;
pub(super) mod plan;
mod play;
mod sobol;
pub mod tables;

pub use axis::{Axis, Unreadable};
pub use design::{Design, SOBOL_AXES};
pub use plan::PointProblem;
pub use tables::{EffectRow, FrontRow, PointRow, ResponseRow, SweepResults, SweepRow};

use super::tables::{CandidateInfo, ReplicationRows, Results};
use super::{RunError, Watch};
use crate::measure::metrics::METRICS;
use crate::model::defaults;
use crate::scenario::{BASE, Document};
use checkpoint::{Checkpoint, Opened};
use plan::{Checked, Choice, Point};
use play::{Kept, Outcome};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Replications of a point if none are asked for (methods.md section 6).
pub const REPLICATIONS: u32 = 8;

/// What to sweep.
#[derive(Debug, Clone, PartialEq)]
pub struct SweepOptions {
    /// What varies.
    pub axes: Vec<Axis>,
    /// How the points are laid out.
    pub design: Design,
    /// How many points (default: the grid's; of other designs ten an axis).
    pub points: Option<usize>,
    /// The candidate around which is swept (default: the base).
    pub candidate: Option<String>,
    /// Replications of each point (default [`REPLICATIONS`]).
    pub replications: Option<u32>,
    /// Seed (default: the scenario's).
    pub seed: Option<u64>,
    /// Threads (default: as many as there are cores).
    pub threads: Option<usize>,
    /// Metrics by name (default: all but those by hour of the week).
    pub metrics: Option<Vec<String>>,
    /// The two metrics of the front (default: a cost, or else people on duty, and breached resolutions).
    pub front: Option<[String; 2]>,
    /// Folder of the checkpoint (default: none is kept).
    pub checkpoint: Option<PathBuf>,
    /// Whether to go on from the checkpoint, if there is one.
    pub resume: bool,
}

impl SweepOptions {
    /// A grid over `axes`, with every default.
    pub fn grid(axes: Vec<Axis>) -> SweepOptions {
        SweepOptions {
            axes,
            design: Design::Grid,
            points: None,
            candidate: None,
            replications: None,
            seed: None,
            threads: None,
            metrics: None,
            front: None,
            checkpoint: None,
            resume: false,
        }
    }
}

/// Why a sweep gave no results.
#[derive(Debug)]
pub enum SweepError {
    /// As of any run.
    Run(RunError),
    /// The options are wrong: what, and what would be right.
    Wrong(String),
    /// No metric is called so.
    UnknownMetric(String),
    /// Points are wrong.
    Points(Vec<PointProblem>),
    /// The checkpoint could not be read or written.
    Checkpoint(io::Error),
    /// The checkpoint belongs to another sweep: the first line of the plans that differs, there and here.
    OtherSweep {
        /// The checkpoint's folder.
        folder: PathBuf,
        /// Its plan.
        there: String,
        /// This one's.
        here: String,
    },
}

impl fmt::Display for SweepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SweepError::Run(error) => error.fmt(f),
            SweepError::Wrong(message) => f.write_str(message),
            SweepError::UnknownMetric(name) => write!(f, "no metric is called `{name}`"),
            SweepError::Points(problems) => write!(f, "{} mistakes in the points of the sweep", problems.len()),
            SweepError::Checkpoint(error) => write!(f, "the checkpoint cannot be kept: {error}"),
            SweepError::OtherSweep { folder, there, here } => write!(
                f,
                "{} was left by another sweep: `{there}` there, `{here}` here; leave out --resume to begin anew",
                folder.display()
            ),
        }
    }
}

impl std::error::Error for SweepError {}

impl From<RunError> for SweepError {
    fn from(error: RunError) -> SweepError {
        SweepError::Run(error)
    }
}

/// A sweep whose points are all right, ready to be played.
#[derive(Debug)]
pub struct Sweep<'a> {
    document: &'a Document,
    options: SweepOptions,
    candidate: String,
    front: [&'static str; 2],
    points: Vec<Point>,
    rows: Vec<plan::Rows>,
    odd: Vec<PointProblem>,
    choice: Choice,
    seed: u64,
    replications: u32,
    pool: rayon::ThreadPool,
}

impl<'a> Sweep<'a> {
    /// Lays out the points and checks them all. Nothing is played or written.
    pub fn prepare(document: &'a Document, options: SweepOptions) -> Result<Sweep<'a>, SweepError> {
        let base = document.base().filter(|_| !document.problems().any_error());
        let Some(base) = base else {
            return Err(RunError::Problems(document.problems().clone()).into());
        };
        let candidate = options.candidate.clone().unwrap_or_else(|| BASE.to_owned());
        if document.scenario(&candidate).is_none() {
            let known = document.scenarios().map(|(name, _)| name.to_owned()).collect();
            return Err(RunError::UnknownCandidate { name: candidate, known }.into());
        }
        let front = match &options.front {
            Some(asked) => [known(&asked[0])?, known(&asked[1])?],
            None => analyse::default_front(document.scenario(&candidate)),
        };
        let choice = Choice::of(options.metrics.as_deref(), &front)?;
        let seed = options.seed.or(base.run.seed).unwrap_or(defaults::SEED);
        let replications = options.replications.unwrap_or(REPLICATIONS).max(1);
        let points = plan::points(&options, seed)?;
        let pool = super::play::workers(options.threads)?;
        let checked = pool.install(|| plan::check(document, &candidate, &points, &choice));
        let Checked { rows, warnings } = checked.map_err(SweepError::Points)?;
        measured(&rows, &front, options.metrics.as_deref())?;
        Ok(Sweep {
            document,
            options,
            candidate,
            front,
            points,
            rows,
            odd: warnings,
            choice,
            seed,
            replications,
            pool,
        })
    }

    /// How many points there are, equal ones counted once.
    pub fn points(&self) -> usize {
        self.points.len()
    }

    /// What is odd about points, though they can be played.
    pub fn odd(&self) -> &[PointProblem] {
        &self.odd
    }

    /// Plays what the checkpoint does not hold yet, and analyses all. Once the watcher asks to stop, [`RunError::Interrupted`]:
    /// what has been played is in the checkpoint.
    pub fn play(self, watch: &dyn Watch) -> Result<SweepResults, SweepError> {
        let (checkpoint, known) = self.checkpoint()?;
        let field = play::Field {
            document: self.document,
            candidate: &self.candidate,
            points: &self.points,
            rows: &self.rows,
            choice: &self.choice,
            seed: self.seed,
            replications: self.replications,
            watch,
        };
        let threads = self.pool.current_num_threads();
        let outcomes = self.pool.install(|| play::play(&field, known, checkpoint, threads));
        let outcomes = outcomes.map_err(|stopped| match stopped {
            play::Stopped::Run(error) => SweepError::Run(error),
            play::Stopped::Checkpoint(error) => SweepError::Checkpoint(error),
        })?;
        Ok(self.results(&outcomes))
    }

    fn checkpoint(&self) -> Result<(Option<Checkpoint>, Kept), SweepError> {
        let Some(folder) = &self.options.checkpoint else {
            return Ok((None, Vec::new()));
        };
        match Checkpoint::open(folder, &self.plan(), self.options.resume).map_err(SweepError::Checkpoint)? {
            Opened::Ready(checkpoint, known) => Ok((Some(checkpoint), known)),
            Opened::OfAnother { there, here } => Err(SweepError::OtherSweep {
                folder: folder.clone(),
                there,
                here,
            }),
        }
    }

    /// Everything that the points' numbers depend on, a line each.
    fn plan(&self) -> String {
        let mut lines = vec![
            format!("escalade {}", env!("CARGO_PKG_VERSION")),
            format!("scenario {:016x}", self.document.hash()),
            format!("candidate {}", self.candidate),
            format!("design {}", self.options.design.name()),
            format!("points {}", self.points.len()),
            format!("replications {}", self.replications),
            format!("seed {}", self.seed),
            format!(
                "metrics {}",
                self.options
                    .metrics
                    .as_ref()
                    .map_or("all".to_owned(), |names| names.join(","))
            ),
            format!("front {}", self.front.join(",")),
        ];
        lines.extend(self.options.axes.iter().map(|axis| format!("axis {}", axis.written())));
        lines.join("\n") + "\n"
    }

    fn results(self, outcomes: &[Outcome]) -> SweepResults {
        let field = analyse::Field {
            axes: &self.options.axes,
            design: self.options.design,
            points: &self.points,
            rows: &self.rows,
            outcomes,
            choice: &self.choice,
            seed: self.seed,
            replications: self.replications,
        };
        let (effects, responses, front) = (field.effects(), field.curves(), field.front(self.front));
        SweepResults {
            effects,
            responses,
            front,
            run: self.facts(outcomes),
            points: self.point_rows(),
            rows: self.rows(outcomes),
            point_count: self.points.len(),
            candidate: self.candidate,
            design: self.options.design,
            axes: self.options.axes,
            odd: self.odd,
        }
    }

    fn facts(&self, outcomes: &[Outcome]) -> Results {
        let scenario = self.document.base();
        let info = CandidateInfo {
            name: self.candidate.clone(),
            description: scenario.and_then(|base| base.candidates.get(&self.candidate)?.description.clone()),
        };
        let names = |of: fn(&crate::scenario::Scenario) -> Vec<String>| scenario.map(of).unwrap_or_default();
        Results {
            candidates: vec![info],
            severities: names(|scenario| scenario.severities.keys().cloned().collect()),
            tiers: names(|scenario| scenario.tiers.keys().cloned().collect()),
            currency: scenario.and_then(|base| Some(base.costs.as_ref()?.currency.clone())),
            replications: self.replications,
            seed: self.seed,
            tickets_simulated: outcomes.iter().map(|outcome| outcome.tickets).sum(),
            summary: Vec::new(),
            comparison: Vec::new(),
            replication_rows: ReplicationRows::default(),
            timeline: Vec::new(),
            tickets: Vec::new(),
            events: Vec::new(),
            warnings: self.odd.iter().map(PointProblem::to_string).collect(),
            precision: None,
            selection: None,
        }
    }

    fn point_rows(&self) -> Vec<PointRow> {
        let mut rows = Vec::new();
        for (number, point) in self.points.iter().enumerate() {
            for (axis, level) in self.options.axes.iter().zip(&point.levels) {
                rows.extend(axis.settings(*level).into_iter().map(|setting| PointRow {
                    point: number,
                    axis: axis.name.clone(),
                    path: setting.path.to_string(),
                    value: setting.value_text(),
                    number: axis::number(&setting.value).map(|(number, _)| number),
                }));
            }
        }
        rows
    }

    fn rows(&self, outcomes: &[Outcome]) -> Vec<SweepRow> {
        let mut rows = Vec::with_capacity(outcomes.iter().map(|outcome| outcome.cells.len()).sum());
        for (point, (outcome, of_point)) in outcomes.iter().zip(&self.rows).enumerate() {
            rows.extend(outcome.cells.iter().enumerate().map(|(index, cell)| SweepRow {
                point,
                replications: self.replications,
                rows: Arc::clone(of_point),
                index,
                cell: *cell,
            }));
        }
        rows
    }
}

/// A metric's name, as the table of metrics has it.
fn known(name: &String) -> Result<&'static str, SweepError> {
    let metric = METRICS.iter().find(|metric| metric.name == name);
    metric
        .map(|metric| metric.name)
        .ok_or_else(|| SweepError::UnknownMetric(name.clone()))
}

/// Refuses a metric that is asked for and that no point measures: the scenario does not use what it is about.
fn measured(rows: &[plan::Rows], front: &[&'static str; 2], named: Option<&[String]>) -> Result<(), SweepError> {
    let is_there = |name: &str, whole: bool| {
        let mut rows = rows.iter().flat_map(|rows| rows.iter());
        rows.any(|(_, row)| row.metric().name == name && (!whole || row.by == "all"))
    };
    let of_front = front.iter().find(|name| !is_there(name, true)).copied();
    let mut named = named.unwrap_or_default().iter().map(String::as_str);
    match of_front.or_else(|| named.find(|name| !is_there(name, false))) {
        None => Ok(()),
        Some(name) => Err(SweepError::Wrong(format!(
            "`{name}` is not measured: nothing in the scenario has to do with it{}",
            match of_front {
                Some(_) => "; `--pareto` takes two metrics that have a value in the whole",
                None => "",
            }
        ))),
    }
}

/// Takes the checkpoint of a sweep away, once its results are written.
pub fn clear_checkpoint(folder: &Path) -> io::Result<()> {
    checkpoint::clear(folder)
}
