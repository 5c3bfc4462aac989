//! From the points' responses to effects, response curves and the front.
//!
//! A response is a row that every point has, with a value a replication. What is estimated of it is `stats`' business; here
//! is which points belong together, and what they are called.

use super::axis::{Axis, Level};
use super::design::Design;
use super::plan::{Choice, Point, Rows};
use super::play::{Cell, Outcome};
use super::tables::{EffectRow, FrontRow, ResponseRow};
use crate::measure::metrics::Better;
use crate::measure::{Layout, Row};
use crate::model::compile;
use crate::random::{Key, Purpose, Stream};
use crate::scenario::{Problems, Scenario};
use crate::stats::Confidence;
use crate::stats::curve::{Curve, curve};
use crate::stats::effects::{Effect, Effects, Factor, Regression, Term};
use crate::stats::front::front;
use std::sync::Arc;

/// Levels that a curve has at most where the points lie anywhere: values are taken together in equal ranges.
const RANGES: usize = 8;

/// What a scenario with costs costs.
const COST: &str = "cost";

/// All points with what was found of them.
pub(super) struct Field<'a> {
    pub axes: &'a [Axis],
    pub design: Design,
    pub points: &'a [Point],
    pub rows: &'a [Rows],
    pub outcomes: &'a [Outcome],
    pub choice: &'a Choice,
    pub seed: u64,
    pub replications: u32,
}

/// A row that every point has, by its places among the cells and responses of each point.
struct Response<'a> {
    row: &'a Row,
    /// One replication a row, one point a column.
    replications: Vec<Vec<f64>>,
}

impl<'a> Field<'a> {
    /// The responses that are complete: every point has the row, and every replication saw something.
    fn responses(&self) -> Vec<Response<'a>> {
        let Some(first) = self.rows.first() else {
            return Vec::new();
        };
        let kept = first
            .iter()
            .map(|(_, row)| row)
            .filter(|row| self.choice.is_response(row));
        let mut places = Places::default();
        kept.filter_map(|row| {
            let columns: Option<Vec<&Vec<f64>>> = self
                .rows
                .iter()
                .zip(self.outcomes)
                .map(|(rows, outcome)| {
                    let values = &outcome.responses[places.response(rows, row, self.choice)?];
                    (!values.is_empty()).then_some(values)
                })
                .collect();
            let columns = columns?;
            let of = |replication: usize| columns.iter().map(|values| values[replication]).collect();
            let replications = (0..self.replications as usize).map(of).collect();
            Some(Response { row, replications })
        })
        .collect()
    }

    /// Rows of `effects`.
    pub fn effects(&self) -> Vec<EffectRow> {
        let regression = self.regression();
        let mut rows = Vec::new();
        for response in self.responses() {
            if let Some(found) = regression.effects(&response.replications, Confidence::P95) {
                rows.extend(
                    found
                        .effects
                        .iter()
                        .map(|effect| self.effect_row(&response, effect, &found)),
                );
            }
        }
        rows
    }

    fn regression(&self) -> Regression {
        let factors: Vec<Factor> = (0..self.axes.len()).map(|axis| self.factor(axis)).collect();
        Regression::of(&factors)
    }

    fn factor(&self, axis: usize) -> Factor {
        let places: Option<Vec<f64>> = self
            .points
            .iter()
            .map(|point| self.axes[axis].place(point.levels[axis]))
            .collect();
        let kind = |point: &Point| match point.levels[axis] {
            Level::Index(index) => index,
            Level::Share(_) => 0,
        };
        places.map_or_else(|| Factor::Kind(self.points.iter().map(kind).collect()), Factor::Number)
    }

    fn effect_row(&self, response: &Response, effect: &Effect, found: &Effects) -> EffectRow {
        let (kind, axis, with) = match effect.term {
            Term::Main(axis) => ("main", axis, None),
            Term::Level(axis, _) => ("level", axis, None),
            Term::Interaction(axis, with) => ("interaction", axis, Some(with)),
            Term::Curvature(axis) => ("curvature", axis, None),
        };
        let (from, to) = match effect.term {
            Term::Level(axis, level) => {
                let label = |level| self.axes[axis].label(Level::Index(level));
                (label(0), label(level))
            }
            _ => self.ends(axis),
        };
        EffectRow {
            metric: response.row.metric().name,
            by: response.row.by,
            group: response.row.group.clone(),
            effect: kind,
            axis: self.axes[axis].name.clone(),
            with_axis: with.map(|axis| self.axes[axis].name.clone()).unwrap_or_default(),
            from,
            to,
            estimate: effect.estimate,
            low: effect.interval.map(|interval| interval.low),
            high: effect.interval.map(|interval| interval.high),
            p_adjusted: effect.p_adjusted,
            r_squared: found.r_squared,
            residual: found.residual,
            points: self.points.len(),
            replications: self.replications,
        }
    }

    /// The labels of the least and the greatest value of an axis that a point has.
    fn ends(&self, axis: usize) -> (String, String) {
        let order = |point: &Point| match (self.axes[axis].place(point.levels[axis]), point.levels[axis]) {
            (Some(place), _) => place,
            (None, Level::Index(index)) => index as f64,
            (None, Level::Share(share)) => share,
        };
        let ends = [
            self.points.iter().min_by(|a, b| order(a).total_cmp(&order(b))),
            self.points.iter().max_by(|a, b| order(a).total_cmp(&order(b))),
        ];
        let [low, high] =
            ends.map(|point| point.map_or_else(String::new, |point| self.axes[axis].label(point.levels[axis])));
        (low, high)
    }

    /// Rows of `response`: the curve of every response along every axis that varies.
    pub fn curves(&self) -> Vec<ResponseRow> {
        let (responses, regression) = (self.responses(), self.regression());
        let mut rows = Vec::new();
        for (axis, of_axis) in self.axes.iter().enumerate() {
            let steps = self.steps(axis);
            if steps.len() < 2 {
                continue;
            }
            let places: Vec<f64> = steps.iter().filter_map(|step| step.number).collect();
            for (number, response) in responses.iter().enumerate() {
                let evened = |row: &Vec<f64>| regression.evened_out(axis, row);
                let evened: Vec<Vec<f64>> = response.replications.iter().map(evened).collect();
                let means: Vec<Vec<f64>> = steps.iter().map(|step| step.means(&evened)).collect();
                let mut draws = Draws::of(self.seed, (axis * responses.len() + number) as u64);
                let found = curve(&places, &means, Confidence::P95, &mut |n| draws.below(n));
                rows.extend(
                    found
                        .into_iter()
                        .flat_map(|found| self.curve_rows(of_axis, &steps, response, &found)),
                );
            }
        }
        rows
    }

    fn curve_rows(&self, axis: &Axis, steps: &[Step], response: &Response, found: &Curve) -> Vec<ResponseRow> {
        let row = |(index, step): (usize, &Step)| {
            let point = &found.points[index];
            ResponseRow {
                axis: axis.name.clone(),
                level: step.label.clone(),
                number: step.number,
                metric: response.row.metric().name,
                by: response.row.by,
                group: response.row.group.clone(),
                estimate: point.mean,
                low: point.band.map(|(low, _)| low),
                high: point.band.map(|(_, high)| high),
                knee: found.knee == Some(index),
                knee_share: point.knee_share,
                points: step.points.len(),
                replications: self.replications,
            }
        };
        steps.iter().enumerate().map(row).collect()
    }

    /// The steps of an axis' curve, ascending where they are numbers.
    fn steps(&self, axis: usize) -> Vec<Step> {
        let of_axis = &self.axes[axis];
        let mut steps = match (of_axis.levels(), self.design) {
            (None, Design::LatinHypercube | Design::Sobol) => self.ranges(axis),
            _ => (0..of_axis.grid_levels())
                .map(|index| {
                    let level = of_axis.grid_level(index);
                    let at = |(number, point): (usize, &Point)| (point.levels[axis] == level).then_some(number);
                    Step {
                        label: of_axis.label(level),
                        number: of_axis.place(level),
                        points: self.points.iter().enumerate().filter_map(at).collect(),
                    }
                })
                .collect(),
        };
        steps.retain(|step| !step.points.is_empty());
        if steps.iter().all(|step| step.number.is_some()) {
            steps.sort_by(|a, b| a.number.unwrap_or(0.0).total_cmp(&b.number.unwrap_or(0.0)));
        }
        steps
    }

    fn ranges(&self, axis: usize) -> Vec<Step> {
        let count = RANGES.min(self.points.len() / 4).max(1);
        let of_axis = &self.axes[axis];
        let range = |index: usize| {
            let ends = [index, index + 1].map(|end| Level::Share(end as f64 / count as f64));
            let inside = |(number, point): (usize, &Point)| match point.levels[axis] {
                Level::Share(share) => (((share * count as f64) as usize).min(count - 1) == index).then_some(number),
                Level::Index(_) => None,
            };
            Step {
                label: format!("{}..{}", of_axis.label(ends[0]), of_axis.label(ends[1])),
                number: of_axis.place(Level::Share((index as f64 + 0.5) / count as f64)),
                points: self.points.iter().enumerate().filter_map(inside).collect(),
            }
        };
        (0..count).map(range).collect()
    }

    /// Rows of `pareto`, for the two metrics in the whole.
    pub fn front(&self, metrics: [&'static str; 2]) -> Vec<FrontRow> {
        let responses = self.responses();
        let of = |name: &str| {
            let response = responses
                .iter()
                .find(|one| one.row.by == "all" && one.row.metric().name == name)?;
            let sign = match response.row.metric().better {
                Better::Higher => -1.0,
                Better::Lower | Better::Neither => 1.0,
            };
            let of_point = |point: usize| response.replications.iter().map(|row| sign * row[point]).collect();
            let points: Vec<Vec<f64>> = (0..self.points.len()).map(of_point).collect();
            Some((response.row, points))
        };
        let [Some((x_row, x)), Some((y_row, y))] = metrics.map(of) else {
            return Vec::new();
        };
        let mut draws = Draws::of(self.seed, u64::MAX >> 24);
        let standings = front(&x, &y, Confidence::P95, &mut |n| draws.below(n)).unwrap_or_default();
        let mut places = Places::default();
        let rows = standings.into_iter().enumerate().filter_map(|(point, standing)| {
            let mut cell = |row: &Row| Some(self.outcomes[point].cells[places.cell(&self.rows[point], row)?]);
            let (x, y) = (cell(x_row)?, cell(y_row)?);
            let interval = |cell: Cell| [cell.estimate, cell.low, cell.high];
            Some(FrontRow {
                point,
                x_metric: x_row.metric().name,
                x: interval(x),
                y_metric: y_row.metric().name,
                y: interval(y),
                on_front: standing.on_front,
                membership: standing.membership,
                front_share: standing.share,
                n: y.n,
                replications: self.replications,
            })
        });
        rows.collect()
    }
}

/// The metrics of the front if none are named: the cost, where the scenario has one, or else people on duty, against
/// breached resolutions.
pub(super) fn default_front(scenario: Option<&Scenario>) -> [&'static str; 2] {
    let model = scenario.and_then(|scenario| compile(scenario, &mut Problems::new()));
    let rows = model.map(|model| Layout::of(&model).rows).unwrap_or_default();
    let cost = rows.iter().any(|row| row.metric().name == COST && row.by == "all");
    [if cost { COST } else { "staffed" }, "breach_rate_resolve"]
}

/// A level of a curve, with its points.
struct Step {
    label: String,
    number: Option<f64>,
    points: Vec<usize>,
}

impl Step {
    /// By replication, the mean over the points.
    fn means(&self, replications: &[Vec<f64>]) -> Vec<f64> {
        let mean = |row: &Vec<f64>| self.points.iter().map(|point| row[*point]).sum::<f64>() / self.points.len() as f64;
        replications.iter().map(mean).collect()
    }
}

/// Where a row lies in a layout; remembers the last answer, since most points share theirs.
#[derive(Default)]
struct Places<'a> {
    last: Option<(&'a Rows, usize, usize)>,
}

impl<'a> Places<'a> {
    fn cell(&mut self, rows: &Rows, row: &Row) -> Option<usize> {
        rows.iter().position(|(_, other)| other == row)
    }

    /// Among the responses.
    fn response(&mut self, rows: &'a Rows, row: &Row, choice: &Choice) -> Option<usize> {
        if let Some((last, cell, response)) = self.last
            && Arc::ptr_eq(last, rows)
            && rows[cell].1 == *row
        {
            return Some(response);
        }
        let cell = self.cell(rows, row)?;
        let response = rows[..cell].iter().filter(|(_, row)| choice.is_response(row)).count();
        self.last = Some((rows, cell, response));
        Some(response)
    }
}

/// Words of one stream after another: as many as a bootstrap may need.
struct Draws {
    key: Key,
    entity: u64,
    taken: u64,
}

/// Blocks that are taken of one stream.
const BLOCKS: u64 = 1 << 20;

impl Draws {
    fn of(seed: u64, entity: u64) -> Draws {
        Draws {
            key: Key::of_seed(seed),
            entity,
            taken: 0,
        }
    }

    fn below(&mut self, bound: usize) -> usize {
        let (stream, block) = (self.taken / BLOCKS, self.taken % BLOCKS);
        let stream = Stream::new(self.key, Purpose::RESAMPLING, 0, self.entity << 24 | stream);
        let [word, _] = stream.block(block as u32);
        self.taken += 1;
        ((u128::from(word) * bound as u128) >> 64) as usize
    }
}
