//! The tables of a sweep, as rows: what every output is made from.

use super::axis::Axis;
use super::design::Design;
use super::plan::{PointProblem, Rows};
use super::play::Cell;
use crate::experiment::tables::Results;
use crate::measure::Row;
use crate::stats::front::Membership;

/// One line of `points`: what a point sets.
#[derive(Debug, Clone, PartialEq)]
pub struct PointRow {
    /// Number of the point, from 0.
    pub point: usize,
    /// Name of the axis.
    pub axis: String,
    /// Path of the value that is set.
    pub path: String,
    /// The value, as text.
    pub value: String,
    /// The same as a number, in its own unit; `None` if it is none.
    pub number: Option<f64>,
}

/// One line of `sweep`: point × metric × slice.
#[derive(Debug, Clone)]
pub struct SweepRow {
    /// Number of the point, from 0.
    pub point: usize,
    /// Replications behind the interval.
    pub replications: u32,
    pub(super) rows: Rows,
    pub(super) index: usize,
    pub(super) cell: Cell,
}

impl SweepRow {
    fn row(&self) -> &Row {
        &self.rows[self.index].1
    }

    /// Metric name.
    pub fn metric(&self) -> &'static str {
        self.row().metric().name
    }

    /// `all`, or what the slice is by.
    pub fn by(&self) -> &'static str {
        self.row().by
    }

    /// The slice's value; empty for `all`.
    pub fn group(&self) -> &str {
        &self.row().group
    }

    /// The estimate; `None` if there was nothing to observe.
    pub fn estimate(&self) -> Option<f64> {
        self.cell.estimate
    }

    /// Lower end of the 95 % interval.
    pub fn low(&self) -> Option<f64> {
        self.cell.low
    }

    /// Upper end of the 95 % interval.
    pub fn high(&self) -> Option<f64> {
        self.cell.high
    }

    /// Observations behind the estimate.
    pub fn n(&self) -> u64 {
        self.cell.n
    }
}

/// One line of `effects`: response × effect.
#[derive(Debug, Clone, PartialEq)]
pub struct EffectRow {
    /// Metric name.
    pub metric: &'static str,
    /// `all`, or what the slice is by.
    pub by: &'static str,
    /// The slice's value.
    pub group: String,
    /// `main`, `level`, `interaction` or `curvature`.
    pub effect: &'static str,
    /// Name of the axis.
    pub axis: String,
    /// The other axis of an interaction; empty otherwise.
    pub with_axis: String,
    /// The axis' value that it is measured from.
    pub from: String,
    /// The axis' value that it is measured to.
    pub to: String,
    /// The effect, in the metric's unit.
    pub estimate: f64,
    /// Lower end of its 95 % interval, by replication.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// Two-sided p, adjusted (Holm) over the effects of this response.
    pub p_adjusted: Option<f64>,
    /// Share of the variance between the points that all effects together explain.
    pub r_squared: f64,
    /// Root mean square of what they do not explain, in the metric's unit.
    pub residual: f64,
    /// Points behind it.
    pub points: usize,
    /// Replications behind the interval.
    pub replications: u32,
}

/// One line of `response`: axis × level × response.
#[derive(Debug, Clone, PartialEq)]
pub struct ResponseRow {
    /// Name of the axis.
    pub axis: String,
    /// The axis' value, or the range of values that were taken together.
    pub level: String,
    /// The same as a number (the middle of the range); `None` if it is none.
    pub number: Option<f64>,
    /// Metric name.
    pub metric: &'static str,
    /// `all`, or what the slice is by.
    pub by: &'static str,
    /// The slice's value.
    pub group: String,
    /// Mean over the points of this level and over replications.
    pub estimate: f64,
    /// Lower end of the band that holds at all levels at once, at 95 %.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// Whether this level is the knee: the farthest from the chord between the ends.
    pub knee: bool,
    /// Share of the resamples in which it is.
    pub knee_share: f64,
    /// Points of this level.
    pub points: usize,
    /// Replications behind the band.
    pub replications: u32,
}

/// One line of `pareto`: a point, by the two metrics of the front.
#[derive(Debug, Clone, PartialEq)]
pub struct FrontRow {
    /// Number of the point, from 0.
    pub point: usize,
    /// Name of the first metric.
    pub x_metric: &'static str,
    /// Its estimate and 95 % interval (estimate, low, high).
    pub x: [Option<f64>; 3],
    /// Name of the second metric.
    pub y_metric: &'static str,
    /// Its estimate and 95 % interval (estimate, low, high).
    pub y: [Option<f64>; 3],
    /// Whether the estimates are on the front of all estimates.
    pub on_front: bool,
    /// How certain that is, on the same tickets.
    pub membership: Membership,
    /// Share of the resamples in which the point is on the front.
    pub front_share: f64,
    /// Observations behind the second metric's estimate.
    pub n: u64,
    /// Replications behind the intervals.
    pub replications: u32,
}

/// All that a sweep found out.
#[derive(Debug, Clone)]
pub struct SweepResults {
    /// The facts of the run: seed, replications, tickets, warnings. Its own tables are empty.
    pub run: Results,
    /// The candidate (or `base`) around which was swept.
    pub candidate: String,
    /// How the points are laid out.
    pub design: Design,
    /// The axes.
    pub axes: Vec<Axis>,
    /// Number of points.
    pub point_count: usize,
    /// Rows of `points`.
    pub points: Vec<PointRow>,
    /// Rows of `sweep`.
    pub rows: Vec<SweepRow>,
    /// Rows of `effects`.
    pub effects: Vec<EffectRow>,
    /// Rows of `response`.
    pub responses: Vec<ResponseRow>,
    /// Rows of `pareto`.
    pub front: Vec<FrontRow>,
    /// What is odd about points, though it can be played.
    pub odd: Vec<PointProblem>,
}
