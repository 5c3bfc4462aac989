//! Whether the warm-up was long enough: MSER on whole cycles, and the four warnings.
//!
//! It warns and never changes the warm-up. It reads the *means of whole cycles* (weeks, or days if the scenario has no weekly
//! pattern) of a level such as the backlog: on anything finer, a Monday looks like a transient. Below 20 cycles it is
//! easily fooled.

use super::interval::{Confidence, Interval};
use super::mean::Moments;

/// Where MSER would cut a series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mser {
    /// d*: how many values at the start are transient.
    pub transient: usize,
    /// The statistic at d*, a squared standard error.
    pub statistic: f64,
    /// Whether d* is the last allowed, n/2: the series is too short to judge.
    pub at_limit: bool,
}

/// `d* = argmin_{0 ≤ d ≤ n/2} Σ_{j>d}(z_j − z̄_d)² / (n−d)²` (White 1997), the smallest d on ties; none of fewer than two values.
///
/// The factor 5 of MSER-5 is dropped: each value is a mean already.
///
/// ```
/// use escalade::stats::warm_up::mser;
/// let backlog = [9.0, 7.0, 5.0, 4.2, 3.9, 4.1, 4.0, 3.8, 4.2, 4.0, 4.1, 3.9];
/// assert_eq!(mser(&backlog).unwrap().transient, 4);
/// ```
pub fn mser(series: &[f64]) -> Option<Mser> {
    let limit = series.len() / 2;
    let mut kept = Moments::new();
    let mut best: Option<Mser> = None;
    // From the end, so that each d adds one value to the moments of what is kept; `<=` prefers the smaller d on ties.
    for (d, &value) in series.iter().enumerate().rev() {
        kept.add(value);
        let statistic = mser_statistic(&kept);
        if d <= limit && best.is_none_or(|best| statistic <= best.statistic) {
            best = Some(Mser {
                transient: d,
                statistic,
                at_limit: d == limit,
            });
        }
    }
    best.filter(|_| series.len() >= 2)
}

/// Sum of squares over n².
fn mser_statistic(kept: &Moments) -> f64 {
    let n = kept.count() as f64;
    kept.variance().unwrap_or(0.0) * (n - 1.0) / (n * n)
}

/// A reason to doubt the warm-up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Warning {
    /// The offered load reaches the capacity: there is no steady state, and no warm-up to speak of.
    NoSteadyState,
    /// MSER cuts as late as it may: too few cycles to judge.
    TooShortToJudge,
    /// MSER finds more transient cycles than the warm-up has.
    WarmUpTooShort {
        /// MSER's d*.
        at_least_cycles: usize,
    },
    /// After the warm-up the level still moves: last third minus first third, against the level.
    Drift {
        /// Last third minus first third.
        change: Interval,
        /// The mean of all after the warm-up.
        level: f64,
    },
}

/// A drift of less than this share of the level is not worth a warning.
const DRIFT_THAT_MATTERS: f64 = 0.10;

/// The warnings of methods.md 1.1 on a level's means, one row a replication, one column a cycle from the start of the run.
///
/// `warm_up_cycles` is the warm-up in cycles (it may be broken; a cycle begun within it is not counted as after it), `offered`
/// and `capacity` are in the same unit. Rows are read as far as the shortest. The rules:
///
/// * (d) `offered ≥ capacity`: that alone is said;
/// * (a) MSER of the cycles' means over replications is at its limit;
/// * (b) its transient is longer than the warm-up;
/// * (c) the t interval over replications of last third minus first third after the warm-up excludes zero, and the change is
///   more than a tenth of the level.
///
/// ```
/// use escalade::stats::{Confidence, warm_up::{Warning, warnings}};
/// let backlog = [vec![8.5; 3], vec![10.0; 20]].concat();
/// let found = warnings(&[backlog.clone(), backlog], 1.0, 0.8, 1.0, Confidence::P95);
/// assert_eq!(found, [Warning::WarmUpTooShort { at_least_cycles: 3 }]);
/// ```
pub fn warnings<Row: AsRef<[f64]>>(
    replications: &[Row],
    warm_up_cycles: f64,
    offered: f64,
    capacity: f64,
    confidence: Confidence,
) -> Vec<Warning> {
    if offered >= capacity {
        return vec![Warning::NoSteadyState];
    }
    let cycles = replications.iter().map(|row| row.as_ref().len()).min().unwrap_or(0);
    let rows: Vec<&[f64]> = replications.iter().map(|row| &row.as_ref()[..cycles]).collect();
    let from = (warm_up_cycles.max(0.0).ceil() as usize).min(cycles);
    let after: Vec<&[f64]> = rows.iter().map(|row| &row[from..]).collect();
    transient_warning(&rows, warm_up_cycles)
        .into_iter()
        .chain(drift_warning(&after, confidence))
        .collect()
}

fn transient_warning(rows: &[&[f64]], warm_up_cycles: f64) -> Option<Warning> {
    let cycles = rows.first()?.len();
    let means: Vec<f64> = (0..cycles)
        .filter_map(|cycle| mean(rows.iter().map(|row| row[cycle])))
        .collect();
    match mser(&means) {
        None => Some(Warning::TooShortToJudge),
        Some(found) if found.at_limit => Some(Warning::TooShortToJudge),
        Some(found) if found.transient as f64 > warm_up_cycles => Some(Warning::WarmUpTooShort {
            at_least_cycles: found.transient,
        }),
        Some(_) => None,
    }
}

fn drift_warning(after: &[&[f64]], confidence: Confidence) -> Option<Warning> {
    let third = after.first()?.len() / 3;
    let change = |row: &&[f64]| {
        let first = mean(row.iter().take(third).copied())?;
        let last = mean(row.iter().rev().take(third).copied())?;
        Some(last - first)
    };
    let changes = after.iter().map(change).collect::<Option<Vec<f64>>>()?;
    let change = changes.iter().collect::<Moments>().interval(confidence)?;
    let level = mean(after.iter().flat_map(|row| row.iter().copied()))?;
    let drifts = !change.contains(0.0) && change.estimate.abs() > DRIFT_THAT_MATTERS * level.abs();
    drifts.then_some(Warning::Drift { change, level })
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    values.collect::<Moments>().mean()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::testing::{Draws, assert_close};

    const METHODS: [f64; 12] = [9.0, 7.0, 5.0, 4.2, 3.9, 4.1, 4.0, 3.8, 4.2, 4.0, 4.1, 3.9];

    fn statistic(series: &[f64]) -> f64 {
        mser_statistic(&series.iter().collect())
    }

    #[test]
    fn mser_is_that_of_methods_10_1() {
        let expected = [
            0.195_185_19,
            0.070_713_75,
            0.010_16,
            0.001_920_44,
            0.001_875,
            0.002_215_74,
            0.002_777_78,
        ];
        for (d, expected) in expected.into_iter().enumerate() {
            let found = statistic(&METHODS[d..]);
            assert!((found - expected).abs() < 5.1e-9, "d = {d}: {found}");
        }
        let found = mser(&METHODS).unwrap();
        assert_eq!((found.transient, found.at_limit), (4, false));
        assert_close(found.statistic, 0.001_875, 1e-12);
    }

    #[test]
    fn a_constant_series_has_no_transient() {
        let found = mser(&[0.1; 30]).unwrap();
        assert_eq!((found.transient, found.statistic), (0, 0.0));
    }

    #[test]
    fn a_known_exponential_transient_is_found() {
        let mut draws = Draws::seeded();
        let series: Vec<f64> = (0..60)
            .map(|week| 50.0 - 40.0 * libm::exp(-f64::from(week) / 3.0) + draws.normal())
            .collect();
        let found = mser(&series).unwrap().transient;
        assert!((6..=16).contains(&found), "{found}"); // e^-2 to e^-5 of the start is left
    }

    #[test]
    fn a_series_that_only_grows_is_too_short_to_judge() {
        let series: Vec<f64> = (0..20).map(f64::from).collect();
        assert!(mser(&series).unwrap().at_limit);
        let rows = [series.clone(), series];
        let found = warnings(&rows, 5.0, 0.9, 1.0, Confidence::P95);
        assert_eq!(found[0], Warning::TooShortToJudge);
        assert!(matches!(found[1], Warning::Drift { .. }));
    }

    #[test]
    fn mser_moves_with_unit_and_origin() {
        let moved: Vec<f64> = METHODS.iter().map(|x| 60.0 * x - 40.0).collect();
        let (before, after) = (mser(&METHODS).unwrap(), mser(&moved).unwrap());
        assert_eq!(before.transient, after.transient);
        assert_close(after.statistic, 3600.0 * before.statistic, 1e-11);
    }

    #[test]
    fn one_value_has_no_transient_to_speak_of() {
        assert_eq!(mser(&[1.0]), None);
        assert_eq!(mser(&[]), None);
    }

    /// Ten replications of a stationary level plus `shape(cycle)`.
    fn noisy(cycles: u32, shape: impl Fn(u32) -> f64) -> Vec<Vec<f64>> {
        let mut draws = Draws::seeded();
        (0..10)
            .map(|_| (0..cycles).map(|c| 20.0 + shape(c) + draws.normal()).collect())
            .collect()
    }

    #[test]
    fn a_steady_level_warns_of_nothing() {
        let rows = noisy(40, |_| 0.0);
        assert_eq!(warnings(&rows, 8.0, 0.9, 1.0, Confidence::P95), []);
    }

    #[test]
    fn a_transient_longer_than_the_warm_up_is_told() {
        let rows = noisy(40, |c| if c < 6 { -15.0 } else { 0.0 });
        let told = |warm_up: f64| {
            let found = warnings(&rows, warm_up, 0.9, 1.0, Confidence::P95);
            found
                .iter()
                .any(|w| matches!(w, Warning::WarmUpTooShort { at_least_cycles } if *at_least_cycles >= 6))
        };
        assert!(told(4.0) && told(5.5));
        assert_eq!(warnings(&rows, 10.0, 0.9, 1.0, Confidence::P95), []);
    }

    #[test]
    fn a_level_that_goes_on_growing_drifts() {
        let rows = noisy(40, |c| f64::from(c) * 0.5);
        let found = warnings(&rows, 4.0, 0.9, 1.0, Confidence::P95);
        let drift = found
            .iter()
            .any(|w| matches!(w, Warning::Drift { change, level } if change.low > 0.0 && *level > 20.0));
        assert!(drift, "{found:?}");
    }

    #[test]
    fn a_small_drift_is_not_worth_a_warning() {
        let rows = noisy(60, |c| f64::from(c) * 0.02);
        let found = warnings(&rows, 5.0, 0.9, 1.0, Confidence::P95);
        assert!(!found.iter().any(|w| matches!(w, Warning::Drift { .. })), "{found:?}");
    }

    #[test]
    fn an_overload_has_no_steady_state_and_nothing_else_is_said() {
        let rows = noisy(40, f64::from);
        for offered in [1.0, 1.2] {
            let found = warnings(&rows, 4.0, offered, 1.0, Confidence::P95);
            assert_eq!(found, [Warning::NoSteadyState]);
        }
    }

    #[test]
    fn rows_that_are_ragged_or_missing_do_not_break_it() {
        let none: [Vec<f64>; 0] = [];
        assert_eq!(warnings(&none, 4.0, 0.5, 1.0, Confidence::P95), []);
        let empty = [vec![], vec![1.0]];
        let found = warnings(&empty, 4.0, 0.5, 1.0, Confidence::P95);
        assert_eq!(found, [Warning::TooShortToJudge]);
        let ragged = [vec![1.0; 30], vec![1.0; 20]];
        assert_eq!(warnings(&ragged, f64::INFINITY, 0.5, 1.0, Confidence::P95), []);
    }
}
