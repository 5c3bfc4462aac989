//! The average over time of a level that moves in steps: a backlog, the agents at work, the tickets on hold.
//!
//! The integral is kept in integers (level × milliseconds, `i128`), so it is exact, and two runs that see the same steps
//! agree to the bit however long they are. It is one replication's figure: intervals over replications are
//! [`mean`](super::mean)'s, and busy over staffed time is a [`ratio`](super::ratio).

/// A whole-numbered level, integrated over time in milliseconds.
///
/// Instants must not run backwards; one that does counts as no time passed.
///
/// ```
/// use escalade::stats::time_average::TimeAverage;
/// let mut backlog = TimeAverage::starting(0, 0);
/// backlog.set(2_000, 1);
/// backlog.change(5_000, 2);          // 3 from here
/// backlog.set(6_000, 2);
/// assert_eq!(backlog.until(10_000), Some(1.4));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeAverage {
    since: i64,
    at: i64,
    level: i64,
    integral: i128,
}

impl TimeAverage {
    /// Starts at instant `at` (ms) with `level`.
    pub fn starting(at: i64, level: i64) -> Self {
        TimeAverage {
            since: at,
            at,
            level,
            integral: 0,
        }
    }

    /// The level as of the last step.
    pub fn level(&self) -> i64 {
        self.level
    }

    /// From instant `at` (ms) the level is `level`.
    pub fn set(&mut self, at: i64, level: i64) {
        self.integral = self.integral(at);
        self.at = self.at.max(at);
        self.level = level;
    }

    /// From instant `at` (ms) the level is higher by `by` (lower, if negative).
    pub fn change(&mut self, at: i64, by: i64) {
        self.set(at, self.level.saturating_add(by));
    }

    /// Forgets what was before instant `at` (ms), the end of the warm-up; the level stays.
    pub fn restart(&mut self, at: i64) {
        *self = TimeAverage::starting(at, self.level);
    }

    /// Level × milliseconds from the start to instant `until` (ms).
    pub fn integral(&self, until: i64) -> i128 {
        let passed = i128::from(until) - i128::from(self.at);
        self.integral + i128::from(self.level) * passed.max(0)
    }

    /// The average level from the start to instant `until` (ms); none if no time has passed.
    pub fn until(&self, until: i64) -> Option<f64> {
        let passed = i128::from(until.max(self.at)) - i128::from(self.since);
        (passed > 0).then(|| self.integral(until) as f64 / passed as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::testing::assert_close;

    /// The average of levels held for so many hours each.
    fn average(steps: &[(i64, f64)]) -> Option<f64> {
        let mut now = 0;
        let mut level = TimeAverage::starting(0, 0);
        for &(value, hours) in steps {
            level.set(now, value);
            now += (hours * 3_600_000.0) as i64;
        }
        level.until(now)
    }

    #[test]
    fn a_step_function_averages_to_level_times_duration() {
        let l11 = [(0, 2.0), (1, 3.5), (3, 1.25), (2, 4.0), (0, 0.25)];
        assert_close(average(&l11).unwrap(), 1.386363636364, 1e-9);
        let methods = [(0, 2.0), (1, 3.0), (3, 1.0), (2, 4.0)];
        assert_close(average(&methods).unwrap(), 1.4, 1e-15);
    }

    #[test]
    fn a_level_that_never_moves_is_its_own_average() {
        assert_eq!(TimeAverage::starting(5, 7).until(1_000_000_007), Some(7.0));
    }

    #[test]
    fn no_time_has_no_average() {
        assert_eq!(TimeAverage::starting(5, 7).until(5), None);
        assert_eq!(TimeAverage::starting(5, 7).until(4), None);
    }

    #[test]
    fn the_warm_up_is_forgotten_and_the_level_is_not() {
        let mut backlog = TimeAverage::starting(0, 100);
        backlog.change(10, -97);
        backlog.restart(20);
        assert_eq!(backlog.level(), 3);
        assert_eq!(backlog.until(30), Some(3.0));
    }

    #[test]
    fn time_that_runs_backwards_counts_as_none() {
        let mut backlog = TimeAverage::starting(100, 2);
        backlog.set(50, 4);
        assert_eq!(backlog.until(200), Some(4.0));
    }

    #[test]
    fn an_integral_over_the_longest_run_does_not_overflow() {
        let mut level = TimeAverage::starting(i64::MIN, i64::MAX);
        level.change(i64::MAX, 1);
        assert_eq!(level.until(i64::MAX), Some(i64::MAX as f64));
    }
}
