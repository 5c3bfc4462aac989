//! The plan of a sweep: its points, each a list of settings, and the check of every one of them before anything is played.

use super::axis::{Axis, Level};
use super::design::{self, Design, SOBOL_AXES};
use super::{SweepError, SweepOptions};
use crate::measure::metrics::METRICS;
use crate::measure::{Layout, Row};
use crate::model::{Model, compile};
use crate::scenario::{BASE, Document, Level as Severity, Problems, Scenario, Setting};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

/// More points are a mistake.
const POINTS_MAX: usize = 1_000_000;
/// As many mistakes are told at most.
const MISTAKES_MAX: usize = 20;

/// One point: a level on each axis, and what is set there.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Point {
    pub levels: Vec<Level>,
    pub settings: Vec<Setting>,
}

/// What is wrong with a point, as a reader of the command line needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointProblem {
    /// Number of the first point that has it, from 0.
    pub point: usize,
    /// The settings that cause it: those on the problem's path, or all of the point's.
    pub settings: String,
    /// Code of the problem.
    pub code: &'static str,
    /// Whether it is only a warning.
    pub warning: bool,
    /// The value that is wrong, by its path.
    pub path: String,
    /// What is wrong, with what was expected.
    pub message: String,
    /// What would be right.
    pub help: Option<String>,
}

impl std::fmt::Display for PointProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "with {}: {}", self.settings, self.message)?;
        self.help.iter().try_for_each(|help| write!(f, "; {help}"))
    }
}

/// The points of a design over the axes; equal points only once.
pub(super) fn points(options: &SweepOptions, seed: u64) -> Result<Vec<Point>, SweepError> {
    let axes = &options.axes;
    check_axes(axes)?;
    let levels: Vec<Vec<Level>> = match options.design {
        Design::Grid => grid(axes, options.points)?,
        design => {
            let count = options.points.unwrap_or_else(|| design.default_points(axes.len()));
            let cube = match design {
                Design::Sobol => design::sobol_points(axes.len(), sobol_size(axes.len(), count)?, seed),
                Design::Grid | Design::LatinHypercube => design::latin_hypercube(axes.len(), size(count)?, seed),
            };
            let of = |place: &Vec<f64>| axes.iter().zip(place).map(|(axis, u)| axis.level_at(*u)).collect();
            cube.iter().map(of).collect()
        }
    };
    let mut seen = BTreeSet::new();
    let mut points = Vec::with_capacity(levels.len());
    for levels in levels {
        let settings: Vec<Setting> = axes
            .iter()
            .zip(&levels)
            .flat_map(|(axis, level)| axis.settings(*level))
            .collect();
        let written: Vec<String> = settings.iter().map(ToString::to_string).collect();
        if seen.insert(written) {
            points.push(Point { levels, settings });
        }
    }
    Ok(points)
}

fn check_axes(axes: &[Axis]) -> Result<(), SweepError> {
    if axes.is_empty() {
        return Err(SweepError::Wrong(
            "a sweep varies something: `--vary 'teams.L1.headcount=6..12'`".to_owned(),
        ));
    }
    let (mut names, mut paths) = (BTreeSet::new(), BTreeSet::new());
    for axis in axes {
        if !names.insert(&axis.name) {
            return Err(SweepError::Wrong(format!(
                "two axes are called `{}`: give one another name, as in `NAME: PATH=VALUES`",
                axis.name
            )));
        }
        if let Some(twice) = axis.paths().find(|path| !paths.insert(path.to_string())) {
            return Err(SweepError::Wrong(format!(
                "`{twice}` is varied twice: each value belongs to one axis"
            )));
        }
    }
    Ok(())
}

fn grid(axes: &[Axis], asked: Option<usize>) -> Result<Vec<Vec<Level>>, SweepError> {
    let counts: Vec<usize> = axes.iter().map(Axis::grid_levels).collect();
    let all = counts
        .iter()
        .try_fold(1_usize, |all, count| all.checked_mul(*count))
        .unwrap_or(usize::MAX);
    if let Some(asked) = asked.filter(|asked| *asked != all) {
        return Err(SweepError::Wrong(format!(
            "this grid has {all} points, not {asked}: leave out --points, change the levels, or choose --design lhs or sobol"
        )));
    }
    size(all)?;
    let of = |indices: Vec<usize>| {
        axes.iter()
            .zip(indices)
            .map(|(axis, index)| axis.grid_level(index))
            .collect()
    };
    Ok(design::grid(&counts).into_iter().map(of).collect())
}

fn size(points: usize) -> Result<usize, SweepError> {
    match points {
        1..=POINTS_MAX => Ok(points),
        _ => Err(SweepError::Wrong(format!(
            "{points} points are too many or none: at most {POINTS_MAX} can be swept; --design lhs with --points N takes fewer"
        ))),
    }
}

fn sobol_size(axes: usize, points: usize) -> Result<usize, SweepError> {
    if axes > SOBOL_AXES {
        return Err(SweepError::Wrong(format!(
            "a Sobol' design has at most {SOBOL_AXES} axes, not {axes}: take --design lhs"
        )));
    }
    if !points.is_power_of_two() {
        let above = points.next_power_of_two();
        return Err(SweepError::Wrong(format!(
            "a Sobol' design has a power of two of points, not {points}: {} or {above}",
            (above / 2).max(1)
        )));
    }
    size(points)
}

/// Which rows of a candidate's table a sweep keeps, and which of them are responses, with a value a replication.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    named: Option<Vec<usize>>,
    front: Vec<usize>,
}

impl Choice {
    /// All metrics but those by hour of the week, or those named, and the two of the front.
    pub fn of(named: Option<&[String]>, front: &[&str]) -> Result<Choice, SweepError> {
        let index = |name: &str| {
            METRICS
                .iter()
                .position(|metric| metric.name == name)
                .ok_or_else(|| SweepError::UnknownMetric(name.to_owned()))
        };
        Ok(Choice {
            named: named
                .map(|names| names.iter().map(|name| index(name)).collect())
                .transpose()?,
            front: front.iter().map(|name| index(name)).collect::<Result<_, _>>()?,
        })
    }

    fn keeps(&self, row: &Row) -> bool {
        match &self.named {
            Some(named) => named.contains(&row.metric) || (row.by == "all" && self.front.contains(&row.metric)),
            None => row.by != "hour_of_week",
        }
    }

    /// Responses are analysed: named metrics in every slice; of all metrics, the whole, and breaches by severity.
    pub fn is_response(&self, row: &Row) -> bool {
        let breaches = row.metric().name.starts_with("breach_rate") && matches!(row.by, "severity" | "true_severity");
        self.named.is_some() || row.by == "all" || breaches
    }

    fn rows(&self, model: &Model) -> Vec<(usize, Row)> {
        let rows = Layout::of(model).rows.into_iter().enumerate();
        rows.filter(|(_, row)| self.keeps(row)).collect()
    }
}

/// The rows of a point: their numbers in the candidate's whole table, and what they are.
pub(super) type Rows = Arc<[(usize, Row)]>;

/// What the check of all points found out.
pub(super) struct Checked {
    /// By point. Points of the same layout share them.
    pub rows: Vec<Rows>,
    pub warnings: Vec<PointProblem>,
}

/// Merges, checks and compiles every point, in parallel. `Err`: what is wrong, the first points first.
pub(super) fn check(
    document: &Document,
    candidate: &str,
    points: &[Point],
    choice: &Choice,
) -> Result<Checked, Vec<PointProblem>> {
    let layouts: Mutex<Vec<Rows>> = Mutex::new(Vec::new());
    let check_one = |(number, point): (usize, &Point)| {
        let (found, problems) = compiled(document, candidate, &point.settings);
        let rows = found.map(|(_, model)| shared(&layouts, choice.rows(&model)));
        (rows, problem_list(number, &point.settings, &problems))
    };
    let found: Vec<(Option<Rows>, Vec<PointProblem>)> = points.par_iter().enumerate().map(check_one).collect();
    let (mut rows, mut warnings, mut errors) = (Vec::with_capacity(points.len()), Vec::new(), Vec::new());
    let mut said = BTreeSet::new();
    for (of_point, problems) in found {
        rows.extend(of_point);
        for problem in problems {
            if said.insert((problem.code, problem.path.clone(), problem.message.clone())) {
                let list = if problem.warning { &mut warnings } else { &mut errors };
                if list.len() < MISTAKES_MAX {
                    list.push(problem);
                }
            }
        }
    }
    if errors.is_empty() {
        Ok(Checked { rows, warnings })
    } else {
        Err(errors)
    }
}

fn shared(layouts: &Mutex<Vec<Rows>>, rows: Vec<(usize, Row)>) -> Rows {
    // A poisoned lock means that another point panicked; that panic is on its way.
    let mut layouts = layouts.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    if let Some(known) = layouts.iter().find(|known| ***known == *rows) {
        return Arc::clone(known);
    }
    let rows: Rows = rows.into();
    layouts.push(Arc::clone(&rows));
    rows
}

/// The scenario and model of a candidate with settings over it, and what is wrong with it that the candidate alone has not.
pub(in crate::experiment) fn compiled(
    document: &Document,
    candidate: &str,
    settings: &[Setting],
) -> (Option<(Scenario, Model)>, Problems) {
    let (scenario, mut problems) = variant(document, candidate, settings);
    let found = scenario.filter(|_| !problems.any_error()).and_then(|scenario| {
        let model = compile(&scenario, &mut problems)?;
        Some((scenario, model))
    });
    (found.filter(|_| !problems.any_error()), problems)
}

/// The scenario of a candidate with settings over it.
fn variant(document: &Document, candidate: &str, settings: &[Setting]) -> (Option<Scenario>, Problems) {
    match document.variant(candidate, settings) {
        Some(variant) => (variant.scenario, variant.problems),
        None => (None, Problems::of((candidate != BASE).then_some(candidate))),
    }
}

/// Problems with the settings that cause them.
pub(in crate::experiment) fn problem_list(
    number: usize,
    settings: &[Setting],
    problems: &Problems,
) -> Vec<PointProblem> {
    let of = |problem: &crate::scenario::Problem| {
        let path = problem.path().map(ToString::to_string).unwrap_or_default();
        let around = |setting: &&Setting| {
            let own = setting.path.to_string();
            path == own || path.starts_with(&format!("{own}.")) || own.starts_with(&format!("{path}."))
        };
        let mut causes: Vec<String> = settings.iter().filter(around).map(ToString::to_string).collect();
        if causes.is_empty() {
            causes = settings.iter().map(ToString::to_string).collect();
        }
        let label = problem
            .label
            .as_ref()
            .map(|label| format!(": {label}"))
            .unwrap_or_default();
        PointProblem {
            point: number,
            settings: causes.join(", "),
            code: problem.code,
            warning: problem.level != Severity::Error,
            path,
            message: format!("{}{label}", problem.message),
            help: problem.help.clone(),
        }
    };
    problems.iter().map(of).collect()
}
