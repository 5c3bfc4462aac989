//! What moves a response: main effects, curvature and interactions of swept factors, by regression within each replication.
//!
//! Every replication meets every point (common random numbers), so a replication's own regression is free of what all its
//! points share, and the spread of its coefficients *over replications* is the honest error: Student's t with R − 1 degrees
//! of freedom, Holm over the effects of one response (methods.md section 6). On a two-level grid the regression is the
//! classical contrast. It knows no scenario: a factor is a column of numbers.

use super::interval::{Confidence, Interval, degrees};
use super::mean::Moments;
use super::multiple::holm;
use super::special::t_two_sided;

/// A swept factor: its place at every point.
#[derive(Clone, Debug, PartialEq)]
pub enum Factor {
    /// A number; its range is scaled to −1 … 1.
    Number(Vec<f64>),
    /// One of several kinds without an order, numbered from 0.
    Kind(Vec<usize>),
}

/// One effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Term {
    /// Of a number (or of two kinds): what the response changes from the factor's low end to its high end, the others in
    /// the middle.
    Main(usize),
    /// Of a kind: what the response is at this kind more than at kind 0.
    Level(usize, usize),
    /// Half of what the two factors do together beyond what they do alone: `½[(y₁₁ − y₀₁) − (y₁₀ − y₀₀)]`.
    Interaction(usize, usize),
    /// What the ends of the range have more than its middle.
    Curvature(usize),
}

impl Term {
    /// From a coefficient of the scaled columns to the effect as it is defined.
    fn scale(self) -> f64 {
        match self {
            Term::Main(_) | Term::Interaction(..) => 2.0,
            Term::Level(..) | Term::Curvature(_) => 1.0,
        }
    }
}

/// An effect with its error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// Which.
    pub term: Term,
    /// In the response's unit; no interval of fewer than two replications.
    pub estimate: f64,
    /// Individual interval of the confidence asked for.
    pub interval: Option<Interval>,
    /// Two-sided, adjusted (Holm) over the effects of this response.
    pub p_adjusted: Option<f64>,
}

/// The effects on one response, and how well they describe it.
#[derive(Clone, Debug, PartialEq)]
pub struct Effects {
    /// In the order of the terms.
    pub effects: Vec<Effect>,
    /// Share of the variance between the points' means that the terms explain; 1 where the points do not vary.
    pub r_squared: f64,
    /// Root mean square of what they do not explain, in the response's unit.
    pub residual: f64,
}

/// The regression of one set of points, made once for all responses.
///
/// ```
/// use escalade::stats::{Confidence, effects::{Factor, Regression, Term}};
/// let both = Regression::of(&[Factor::Number(vec![0.0, 0.0, 1.0, 1.0]), Factor::Number(vec![5.0, 9.0, 5.0, 9.0])]);
/// // One replication a row, one point a column: y = 1, 3, 2, 8 and a second replication 1 higher.
/// let found = both.effects(&[vec![1.0, 3.0, 2.0, 8.0], vec![2.0, 4.0, 3.0, 9.0]], Confidence::P95).unwrap();
/// assert_eq!(found.effects[0].term, Term::Main(0));
/// assert!((found.effects[0].estimate - 3.0).abs() < 1e-12);
/// assert!((found.effects[2].estimate - 2.0).abs() < 1e-12);
/// ```
#[derive(Clone, Debug)]
pub struct Regression {
    terms: Vec<Term>,
    /// By term.
    columns: Vec<Vec<f64>>,
    /// By factor; none of more than two kinds.
    scaled: Vec<Option<Vec<f64>>>,
    points: usize,
    /// Orthonormal columns, the constant first.
    basis: Vec<Vec<f64>>,
    /// Upper triangle, by column: what each scaled column is made of.
    triangle: Vec<Vec<f64>>,
}

/// A column that is this much of a combination of those before it says nothing of its own.
const DEPENDENT: f64 = 1e-8;
/// A coefficient of this share of the response is rounding.
const ROUNDING: f64 = 1e-12;

impl Regression {
    /// With as many terms as the points can tell apart: the constant, main effects, interactions of two, curvatures, in this
    /// order. What depends on terms before it is left out.
    pub fn of(factors: &[Factor]) -> Regression {
        let points = factors.first().map_or(0, Factor::points);
        let mut regression = Regression {
            terms: Vec::new(),
            columns: Vec::new(),
            scaled: factors.iter().map(Factor::scaled).collect(),
            points,
            basis: Vec::new(),
            triangle: Vec::new(),
        };
        regression.take(None, vec![1.0; points]);
        for (term, column) in columns(factors, &regression.scaled) {
            regression.take(Some(term), column);
        }
        regression
    }

    /// The terms, in the order of the effects.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// Gram–Schmidt, twice, which is as good as Householder.
    fn take(&mut self, term: Option<Term>, column: Vec<f64>) {
        let before = norm(&column);
        let mut rest = column.clone();
        let mut made_of = vec![0.0; self.basis.len()];
        for _ in 0..2 {
            for (part, basis) in made_of.iter_mut().zip(&self.basis) {
                let share = dot(&rest, basis);
                *part += share;
                rest.iter_mut().zip(basis).for_each(|(x, b)| *x -= share * b);
            }
        }
        let own = norm(&rest);
        if self.basis.len() < self.points && own > DEPENDENT * before {
            rest.iter_mut().for_each(|x| *x /= own);
            made_of.push(own);
            self.basis.push(rest);
            self.triangle.push(made_of);
            if let Some(term) = term {
                self.terms.push(term);
                self.columns.push(column);
            }
        }
    }

    /// Coefficients of the scaled columns, the constant first.
    fn coefficients(&self, response: &[f64]) -> Vec<f64> {
        let mut b: Vec<f64> = self.basis.iter().map(|basis| dot(response, basis)).collect();
        for row in (0..b.len()).rev() {
            b[row] /= self.triangle[row][row];
            for above in 0..row {
                b[above] -= self.triangle[row][above] * b[row];
            }
        }
        let size = response.iter().fold(0.0_f64, |size, y| size.max(y.abs()));
        // What is left of a sum that should be zero, in every replication the same, would be an effect beyond doubt.
        b.iter_mut()
            .filter(|b| b.abs() <= ROUNDING * size)
            .for_each(|b| *b = 0.0);
        b
    }

    /// The effects on a response: one replication a row, one point a column. `None` without replications or points, or if a
    /// row is of another length.
    pub fn effects(&self, replications: &[Vec<f64>], confidence: Confidence) -> Option<Effects> {
        let of_points = |row: &Vec<f64>| row.len() == self.points;
        if replications.is_empty() || self.points == 0 || !replications.iter().all(of_points) {
            return None;
        }
        let mut moments = vec![Moments::new(); self.basis.len()];
        for row in replications {
            let coefficients = self.coefficients(row).into_iter();
            moments.iter_mut().zip(coefficients).for_each(|(all, one)| all.add(one));
        }
        let found: Vec<(Effect, f64)> = self
            .terms
            .iter()
            .zip(&moments[1..])
            .map(|(term, moments)| effect(*term, moments, confidence))
            .collect();
        let p = holm(&found.iter().map(|(_, p)| *p).collect::<Vec<_>>());
        let several = replications.len() > 1;
        let effects = found.into_iter().zip(p).map(|((effect, _), p)| Effect {
            p_adjusted: several.then_some(p),
            ..effect
        });
        let (r_squared, residual) = self.fit(replications);
        Some(Effects {
            effects: effects.collect(),
            r_squared,
            residual,
        })
    }

    /// A replication's response with what the *other* factors do to it evened out to their mean over the points, so that the
    /// points of one level can be averaged though the others differ between levels. Where they do not, as in a whole grid,
    /// the average stays what it is.
    pub fn evened_out(&self, factor: usize, response: &[f64]) -> Vec<f64> {
        let coefficients = self.coefficients(response);
        let mut evened = response.to_vec();
        for ((term, column), b) in self.terms.iter().zip(&self.columns).zip(&coefficients[1..]) {
            let deviations = self.of_others(*term, column, factor);
            let deviations = deviations.unwrap_or_default().into_iter();
            evened
                .iter_mut()
                .zip(deviations)
                .for_each(|(y, deviation)| *y -= b * deviation);
        }
        evened
    }

    /// By how much a term's column differs from what it would be with the other factors at their means; `None` if it is of
    /// `factor` alone.
    fn of_others(&self, term: Term, column: &[f64], factor: usize) -> Option<Vec<f64>> {
        let (one, two) = match term {
            Term::Main(of) | Term::Level(of, _) | Term::Curvature(of) => (of, of),
            Term::Interaction(one, two) => (one, two),
        };
        let (own, other) = match (one == factor, two == factor) {
            (true, true) => return None,
            (false, false) => return Some(less_mean(column)),
            (true, false) => (one, two),
            (false, true) => (two, one),
        };
        let (own, other) = (self.scaled[own].as_ref()?, self.scaled[other].as_ref()?);
        Some(
            own.iter()
                .zip(less_mean(other))
                .map(|(own, other)| own * other)
                .collect(),
        )
    }

    /// R² and the root mean square residual of the points' means.
    fn fit(&self, replications: &[Vec<f64>]) -> (f64, f64) {
        let mean = |point: usize| replications.iter().map(|row| row[point]).sum::<f64>() / replications.len() as f64;
        let mut rest: Vec<f64> = (0..self.points).map(mean).collect();
        let size = rest.iter().fold(0.0_f64, |size, y| size.max(y.abs()));
        let nothing = self.points as f64 * (ROUNDING * size) * (ROUNDING * size);
        let mut squares = Vec::with_capacity(self.basis.len());
        for basis in &self.basis {
            let share = dot(&rest, basis);
            rest.iter_mut().zip(basis).for_each(|(x, b)| *x -= share * b);
            squares.push(dot(&rest, &rest));
        }
        let (all, left) = (
            squares.first().copied().unwrap_or(0.0),
            squares.last().copied().unwrap_or(0.0),
        );
        let explained = if all > nothing {
            (1.0 - left / all).clamp(0.0, 1.0)
        } else {
            1.0
        };
        (explained, (left / self.points as f64).sqrt())
    }
}

fn effect(term: Term, moments: &Moments, confidence: Confidence) -> (Effect, f64) {
    let scale = term.scale();
    let mean = moments.mean().unwrap_or(0.0);
    let interval = moments.interval(confidence).map(|interval| Interval {
        estimate: scale * interval.estimate,
        low: scale * interval.low,
        high: scale * interval.high,
    });
    let p = degrees(moments.count())
        .zip(moments.standard_error())
        .map_or(1.0, |(df, error)| {
            // An effect of no size has no error either where the factor does nothing at all.
            if mean == 0.0 {
                1.0
            } else {
                t_two_sided(mean / error, df)
            }
        });
    let effect = Effect {
        term,
        estimate: scale * mean,
        interval,
        p_adjusted: None,
    };
    (effect, p)
}

impl Factor {
    fn points(&self) -> usize {
        match self {
            Factor::Number(places) => places.len(),
            Factor::Kind(kinds) => kinds.len(),
        }
    }

    /// Scaled to −1 … 1; `None` for more than two kinds, and for what does not vary.
    fn scaled(&self) -> Option<Vec<f64>> {
        let places: Vec<f64> = match self {
            Factor::Number(places) => places.clone(),
            Factor::Kind(kinds) if kinds.iter().all(|kind| *kind < 2) => {
                kinds.iter().map(|kind| *kind as f64).collect()
            }
            Factor::Kind(_) => return None,
        };
        let low = places.iter().copied().fold(f64::INFINITY, f64::min);
        let high = places.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let (middle, half) = (0.5 * (low + high), 0.5 * (high - low));
        (half > 0.0).then(|| places.iter().map(|place| (place - middle) / half).collect())
    }
}

/// Every term that the factors could have, with its column.
fn columns(factors: &[Factor], scaled: &[Option<Vec<f64>>]) -> Vec<(Term, Vec<f64>)> {
    let mut columns = Vec::new();
    for (index, factor) in factors.iter().enumerate() {
        match (&scaled[index], factor) {
            (Some(column), _) => columns.push((Term::Main(index), column.clone())),
            (None, Factor::Kind(kinds)) => {
                let most = kinds.iter().copied().max().unwrap_or(0);
                let is = |level: usize| kinds.iter().map(|kind| f64::from(u8::from(*kind == level))).collect();
                columns.extend((1..=most).map(|level| (Term::Level(index, level), is(level))));
            }
            (None, Factor::Number(_)) => {}
        }
    }
    for (one, first) in scaled.iter().enumerate() {
        for (two, second) in scaled.iter().enumerate().skip(one + 1) {
            if let (Some(first), Some(second)) = (first, second) {
                let product = first.iter().zip(second).map(|(a, b)| a * b).collect();
                columns.push((Term::Interaction(one, two), product));
            }
        }
    }
    for (index, column) in scaled.iter().enumerate() {
        if let Some(column) = column {
            columns.push((Term::Curvature(index), column.iter().map(|x| x * x).collect()));
        }
    }
    columns
}

fn less_mean(column: &[f64]) -> Vec<f64> {
    let mean = column.iter().sum::<f64>() / column.len() as f64;
    column.iter().map(|x| x - mean).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn norm(a: &[f64]) -> f64 {
    dot(a, a).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::testing::{Draws, assert_close};

    fn number(places: &[f64]) -> Factor {
        Factor::Number(places.to_vec())
    }

    /// Points in the unit cube, and y = 3 + 2a − b + 4ab' + c² + noise shared by all points of a replication + own noise.
    fn synthetic(noise: f64) -> (Vec<Factor>, Vec<Vec<f64>>) {
        let mut draws = Draws::seeded();
        let points: Vec<[f64; 3]> = (0..60)
            .map(|_| [draws.uniform(), draws.uniform(), draws.uniform()])
            .collect();
        let factor = |axis: usize| number(&points.iter().map(|point| point[axis]).collect::<Vec<_>>());
        let factors = vec![factor(0), factor(1), factor(2)];
        let scaled: Vec<Vec<f64>> = factors.iter().filter_map(Factor::scaled).collect();
        let rows = (0..8)
            .map(|_| {
                let shared = 5.0 * draws.normal();
                (0..60)
                    .map(|p| {
                        let (a, b, c) = (scaled[0][p], scaled[1][p], scaled[2][p]);
                        3.0 + 2.0 * a - b + 4.0 * a * b + c * c + shared + noise * draws.normal()
                    })
                    .collect()
            })
            .collect();
        (factors, rows)
    }

    #[test]
    fn the_effects_of_a_known_response_are_recovered() {
        let (factors, rows) = synthetic(0.0);
        let found = Regression::of(&factors).effects(&rows, Confidence::P95).unwrap();
        let expected = [
            (Term::Main(0), 4.0),
            (Term::Main(1), -2.0),
            (Term::Main(2), 0.0),
            (Term::Interaction(0, 1), 8.0),
            (Term::Interaction(0, 2), 0.0),
            (Term::Interaction(1, 2), 0.0),
            (Term::Curvature(0), 0.0),
            (Term::Curvature(1), 0.0),
            (Term::Curvature(2), 1.0),
        ];
        for (effect, (term, value)) in found.effects.iter().zip(expected) {
            assert_eq!(effect.term, term);
            assert!((effect.estimate - value).abs() < 1e-9, "{effect:?}");
        }
        assert_close(found.r_squared, 1.0, 1e-12);
        assert!(found.residual < 1e-9);
    }

    #[test]
    fn noise_is_in_the_intervals_and_what_all_points_share_is_not() {
        let (factors, rows) = synthetic(0.5);
        let found = Regression::of(&factors).effects(&rows, Confidence::P95).unwrap();
        let main = &found.effects[0];
        let interval = main.interval.unwrap();
        assert!(interval.contains(4.0), "{interval:?}");
        // The shared noise has a deviation of 5; paired, the error is that of 0.5 over 60 points and 8 replications.
        assert!(interval.half_width() < 0.4, "{interval:?}");
        assert!(main.p_adjusted.unwrap() < 0.001 && found.effects[2].p_adjusted.unwrap() > 0.05);
        assert!(found.r_squared > 0.98);
    }

    #[test]
    fn an_interval_covers_as_often_as_it_says() {
        let mut draws = Draws::seeded();
        let regression = Regression::of(&[number(&[0.0, 0.0, 1.0, 1.0]), number(&[0.0, 1.0, 0.0, 1.0])]);
        let mut hits = 0;
        for _ in 0..2_000 {
            let rows: Vec<Vec<f64>> = (0..8)
                .map(|_| (0..4).map(|p| f64::from(p) + draws.normal()).collect())
                .collect();
            let found = regression.effects(&rows, Confidence::P95).unwrap();
            hits += u32::from(found.effects[0].interval.unwrap().contains(2.0));
        }
        assert!((1_869..=1_929).contains(&hits), "{hits} of 2000");
    }

    #[test]
    fn two_levels_give_the_classical_contrasts() {
        let regression = Regression::of(&[number(&[1.0, 1.0, 2.0, 2.0]), Factor::Kind(vec![0, 1, 0, 1])]);
        let terms = [Term::Main(0), Term::Main(1), Term::Interaction(0, 1)];
        assert_eq!(
            regression.terms(),
            terms,
            "a square of two levels is no term of its own"
        );
        let found = regression
            .effects(&[vec![20.0, 30.0, 40.0, 52.0]], Confidence::P95)
            .unwrap();
        let estimates: Vec<f64> = found.effects.iter().map(|effect| effect.estimate).collect();
        for (found, expected) in estimates.iter().zip([21.0, 11.0, 1.0]) {
            assert_close(*found, expected, 1e-12);
        }
        assert!(
            found
                .effects
                .iter()
                .all(|effect| effect.interval.is_none() && effect.p_adjusted.is_none())
        );
    }

    #[test]
    fn kinds_are_measured_against_the_first() {
        let regression = Regression::of(&[Factor::Kind(vec![0, 1, 2, 0, 1, 2])]);
        let rows = [vec![1.0, 4.0, 2.0, 1.0, 4.0, 2.0], vec![2.0, 5.0, 3.0, 2.0, 5.0, 3.0]];
        let found = regression.effects(&rows, Confidence::P95).unwrap();
        assert_eq!(regression.terms(), [Term::Level(0, 1), Term::Level(0, 2)]);
        assert_close(found.effects[0].estimate, 3.0, 1e-12);
        assert_close(found.effects[1].estimate, 1.0, 1e-12);
    }

    #[test]
    fn what_the_other_factors_do_is_evened_out() {
        let mut draws = Draws::seeded();
        // Few points anywhere: the second factor, which does ten times more, differs between the levels of the first.
        let a: Vec<f64> = (0..24).map(|p| f64::from(p % 3)).collect();
        let b: Vec<f64> = (0..24).map(|_| draws.uniform()).collect();
        let mean_b = b.iter().sum::<f64>() / 24.0;
        let y: Vec<f64> = a.iter().zip(&b).map(|(a, b)| a * a + 10.0 * b + 3.0 * a * b).collect();
        let regression = Regression::of(&[Factor::Number(a.clone()), Factor::Number(b)]);
        let evened = regression.evened_out(0, &y);
        for (y, a) in evened.iter().zip(&a) {
            assert_close(*y, a * a + 10.0 * mean_b + 3.0 * a * mean_b, 1e-9);
        }
    }

    #[test]
    fn in_a_whole_grid_there_is_nothing_to_even_out() {
        let mut draws = Draws::seeded();
        let (a, b): (Vec<f64>, Vec<f64>) = (0..12).map(|p| (f64::from(p / 4), f64::from(p % 4))).unzip();
        let y: Vec<f64> = (0..12).map(|_| draws.normal()).collect();
        let evened = Regression::of(&[Factor::Number(a), Factor::Number(b)]).evened_out(0, &y);
        for level in 0..3 {
            let mean = |y: &[f64]| y[4 * level..4 * level + 4].iter().sum::<f64>();
            assert!((mean(&evened) - mean(&y)).abs() < 1e-12);
        }
    }

    #[test]
    fn what_does_not_vary_has_no_effect_and_makes_no_nan() {
        let regression = Regression::of(&[number(&[3.0, 3.0, 3.0])]);
        assert!(regression.terms().is_empty());
        let found = Regression::of(&[number(&[1.0, 2.0, 3.0])])
            .effects(&[vec![7.0; 3], vec![7.0; 3]], Confidence::P95)
            .unwrap();
        assert_eq!(found.r_squared, 1.0);
        for effect in &found.effects {
            assert!(effect.estimate.abs() < 1e-12 && effect.p_adjusted.is_some_and(|p| !p.is_nan()));
        }
        assert!(Regression::of(&[]).effects(&[], Confidence::P95).is_none());
    }
}
