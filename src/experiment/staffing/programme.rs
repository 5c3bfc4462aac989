//! The integer programme: the cheapest whole head counts that satisfy rows of `Σ aᵤxᵤ ≥ b`.
//!
//! Solved by branch and bound (crate `microlp`) under a limit of nodes, never of time, so that the answer is the same on
//! every machine. Where the limit comes first, the best plan found so far is taken: the search that asks goes on from it by
//! simulation, and claims no optimality of its own.

use super::units::{Demand, Plan, STABLE, Unit, covered};
use crate::model::HOURS_A_WEEK;
use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOptions, SolveOutcome, Variable};

/// Nodes of the branch and bound.
const NODES: u64 = 3_000;
/// Coefficients below this share of a row's largest are left out.
const TINY: f64 = 1e-6;

/// `Σ aᵤxᵤ ≥ b` over the units.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub factors: Vec<f64>,
    pub least: f64,
}

/// A row for each team: as many hours on duty a week as its work takes.
pub(super) fn stability(units: &[Unit], demand: &Demand) -> Vec<Row> {
    let row = |team: usize| Row {
        factors: of_team(units, team, Unit::hours_a_week),
        least: demand.lacking_h(team) * STABLE,
    };
    (0..demand.busy.len())
        .filter(|team| demand.lacking_h(*team) > 0.0)
        .map(row)
        .collect()
}

fn of_team(units: &[Unit], team: usize, factor: impl Fn(&Unit) -> f64) -> Vec<f64> {
    let factor = |unit: &Unit| if unit.team == team { factor(unit) } else { 0.0 };
    units.iter().map(factor).collect()
}

/// The cheapest plan within the units' bounds that satisfies all rows; `None` if there is none, or none was found.
pub(super) fn cheapest(units: &[Unit], rows: &[Row]) -> Option<Plan> {
    let mut problem = Problem::new(OptimizationDirection::Minimize);
    let heads = add_heads(&mut problem, units);
    for row in rows {
        add_row(&mut problem, &heads, row, &[]);
    }
    solved(&problem, &heads)
}

fn add_heads(problem: &mut Problem, units: &[Unit]) -> Vec<Variable> {
    let largest = units
        .iter()
        .map(|unit| unit.head_cost)
        .fold(0.0, f64::max)
        .max(f64::MIN_POSITIVE);
    units
        .iter()
        .map(|unit| problem.add_integer_var(unit.head_cost / largest, (unit.min as i32, unit.max as i32)))
        .collect()
}

/// Adds a row, scaled to coefficients of at most 1, with further variables that are not heads.
fn add_row(problem: &mut Problem, heads: &[Variable], row: &Row, more: &[(Variable, f64)]) {
    let of_heads = heads.iter().copied().zip(row.factors.iter().copied());
    let all: Vec<(Variable, f64)> = of_heads.chain(more.iter().copied()).collect();
    let largest = all.iter().map(|(_, factor)| factor.abs()).fold(0.0, f64::max);
    if largest > 0.0 {
        let kept = all.into_iter().filter(|(_, factor)| factor.abs() > TINY * largest);
        let scaled: Vec<(Variable, f64)> = kept.map(|(variable, factor)| (variable, factor / largest)).collect();
        problem.add_constraint(scaled.as_slice(), ComparisonOp::Ge, row.least / largest);
    }
}

fn solved(problem: &Problem, heads: &[Variable]) -> Option<Plan> {
    let mut options = SolveOptions::default();
    options.node_limit = Some(NODES);
    match problem.solve_with(options) {
        Ok(SolveOutcome::Solution(solution)) => {
            let whole = |variable: &Variable| solution.var_value(*variable).round().max(0.0) as u32;
            Some(heads.iter().map(whole).collect())
        }
        Ok(SolveOutcome::Interrupted(_)) | Err(_) => None,
    }
}

/// What queueing theory asks of a team: `beta` is the number of standard deviations of the load by which the people on duty
/// exceed it (square-root staffing), `within_h` the time that its most urgent target allows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Safety {
    pub beta: f64,
    pub within_h: Option<f64>,
}

/// The cheapest plan by queueing theory, team by team since no unit is shared; a team for which there is none has the most
/// people that it may.
///
/// Targets of less than an hour, and those without a time: every hour in which somebody could be on duty has
/// `m + β√m` people for the load `m` of that hour (Jennings, Mandelbaum, Massey & Whitt 1996). Longer ones: what waits at the end of
/// an hour is no more than what came within the target's time before it, less β standard deviations of that; a linear
/// backlog from hour to hour, the week closed to a ring.
pub(super) fn by_theory(units: &[Unit], demand: &Demand, safety: Safety) -> Plan {
    let mut plan: Plan = units.iter().map(|unit| unit.max).collect();
    for team in 0..demand.busy.len() {
        let places: Vec<usize> = (0..units.len()).filter(|place| units[*place].team == team).collect();
        let own: Vec<Unit> = places.iter().map(|place| units[*place].clone()).collect();
        let found = match demand.week_h(team) > 0.0 {
            true => of_theory(&own, team, demand, safety),
            false => Some(own.iter().map(|unit| unit.min).collect()),
        };
        for (place, heads) in places.iter().zip(found.into_iter().flatten()) {
            plan[*place] = heads;
        }
    }
    plan
}

/// Where what came in hours without anybody cannot be done within the target's time of the first hours with somebody, by
/// nobody's most people, the time is doubled: a share of it will be late, and simulation says whether that is too much.
fn of_theory(units: &[Unit], team: usize, demand: &Demand, safety: Safety) -> Option<Plan> {
    let mut within_h = safety.within_h;
    loop {
        let found = of_theory_within(units, team, demand, Safety { within_h, ..safety });
        match within_h {
            Some(within) if found.is_none() && (1.0..HOURS_A_WEEK as f64).contains(&within) => {
                within_h = Some(2.0 * within);
            }
            _ => return found,
        }
    }
}

fn of_theory_within(units: &[Unit], team: usize, demand: &Demand, safety: Safety) -> Option<Plan> {
    let mut problem = Problem::new(OptimizationDirection::Minimize);
    let heads = add_heads(&mut problem, units);
    for row in stability(units, demand) {
        add_row(&mut problem, &heads, &row, &[]);
    }
    match safety.within_h {
        Some(within) if within >= 1.0 => add_backlog(&mut problem, &heads, units, team, demand, safety.beta, within),
        _ => add_square_roots(&mut problem, &heads, units, team, demand, safety.beta),
    }
    solved(&problem, &heads)
}

fn add_square_roots(
    problem: &mut Problem,
    heads: &[Variable],
    units: &[Unit],
    team: usize,
    demand: &Demand,
    beta: f64,
) {
    let mut rows: Vec<Row> = Vec::new();
    for (hour, load) in demand.busy[team].iter().enumerate() {
        let factors: Vec<f64> = units.iter().map(|unit| unit.on_duty[hour]).collect();
        let most: f64 = units
            .iter()
            .zip(&factors)
            .map(|(unit, factor)| factor * f64::from(unit.max))
            .sum();
        let least = (load + beta * load.sqrt() - demand.named[team][hour]).min(most);
        if least <= 0.0 {
            continue;
        }
        // Hours with the same people on duty ask for one row: the strictest.
        match rows.iter_mut().find(|row| row.factors == factors) {
            Some(row) => row.least = row.least.max(least),
            None => rows.push(Row { factors, least }),
        }
    }
    rows.iter().for_each(|row| add_row(problem, heads, row, &[]));
}

fn add_backlog(
    problem: &mut Problem,
    heads: &[Variable],
    units: &[Unit],
    team: usize,
    demand: &Demand,
    beta: f64,
    within_h: f64,
) {
    let (busy, covered) = (&demand.busy[team], covered(units, demand, team));
    let waiting: Vec<Variable> = (0..HOURS_A_WEEK)
        .map(|hour| {
            let came = came_within(busy, &covered, hour, within_h);
            let most = came - beta * (2.0 * came * demand.work_h[team]).sqrt();
            problem.add_var(0.0, (0.0, most.max(0.0)))
        })
        .collect();
    for hour in 0..HOURS_A_WEEK {
        let before = waiting[(hour + HOURS_A_WEEK - 1) % HOURS_A_WEEK];
        let row = Row {
            factors: units.iter().map(|unit| unit.on_duty[hour]).collect(),
            least: busy[hour] - demand.named[team][hour],
        };
        add_row(problem, heads, &row, &[(waiting[hour], 1.0), (before, -1.0)]);
    }
}

/// Work that came within the last `within_h` hours in which somebody could be on duty, and in the hours between them.
fn came_within(busy: &[f64], covered: &[bool], hour: usize, within_h: f64) -> f64 {
    let (mut left, mut came) = (within_h, 0.0);
    for back in 0..HOURS_A_WEEK {
        let at = (hour + HOURS_A_WEEK - back) % HOURS_A_WEEK;
        if covered[at] {
            let part = left.min(1.0);
            came += busy[at] * part;
            left -= part;
        } else {
            came += busy[at];
        }
        if left <= 0.0 {
            break;
        }
    }
    came
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(team: usize, cost: f64, hours: std::ops::Range<usize>) -> Unit {
        Unit {
            team,
            team_name: format!("team{team}"),
            shift: None,
            skills: Vec::new(),
            current: 0,
            min: 0,
            min_needed: false,
            max: 50,
            max_written: false,
            head_cost: cost,
            on_duty: (0..HOURS_A_WEEK)
                .map(|hour| f64::from(u8::from(hours.contains(&hour))))
                .collect(),
        }
    }

    /// methods.md 10.5: requirement 3 7 5 4, shifts over {1, 2}, {2, 3} and {3, 4} at 8, 8 and 9.
    #[test]
    fn the_small_cover_costs_92() {
        let units = [unit(0, 8.0, 0..2), unit(0, 8.0, 1..3), unit(0, 9.0, 2..4)];
        let rows: Vec<Row> = [3.0, 7.0, 5.0, 4.0]
            .into_iter()
            .enumerate()
            .map(|(hour, least)| Row {
                factors: units.iter().map(|unit| unit.on_duty[hour]).collect(),
                least,
            })
            .collect();
        let plan = cheapest(&units, &rows).expect("a plan");
        assert_eq!(super::super::units::cost(&units, &plan), 92.0, "{plan:?}");
    }

    #[test]
    fn what_cannot_be_met_has_no_plan() {
        let mut few = unit(0, 1.0, 0..2);
        few.max = 2;
        let row = Row {
            factors: vec![1.0],
            least: 3.0,
        };
        assert_eq!(cheapest(&[few], &[row]), None);
    }

    /// methods.md 10.5: 10 erlangs and β = 1.42 (one in ten waits) are 15 people.
    #[test]
    fn a_steady_load_has_its_square_root_on_top() {
        let units = [unit(0, 1.0, 0..168)];
        let demand = Demand {
            busy: vec![vec![10.0; 168]],
            work_h: vec![0.5],
            impatience: None,
            needs_h: vec![1680.0],
            named: vec![vec![0.0; 168]],
        };
        let safety = Safety {
            beta: 1.420_186_888_1,
            within_h: Some(0.25),
        };
        assert_eq!(by_theory(&units, &demand, safety), [15]);
    }

    /// All work comes in one night hour of each day and may wait until noon: three people of the morning do its 11 and a half hours.
    #[test]
    fn what_may_wait_is_not_staffed_at_its_peak() {
        let day = |hour: usize| hour % 24;
        let mut morning = unit(0, 1.0, 0..0);
        morning.on_duty = (0..168)
            .map(|hour| f64::from(u8::from((8..12).contains(&day(hour)))))
            .collect();
        let busy: Vec<f64> = (0..168).map(|hour| if day(hour) == 3 { 11.5 } else { 0.0 }).collect();
        let demand = Demand {
            busy: vec![busy],
            work_h: vec![0.5],
            impatience: None,
            needs_h: vec![80.5],
            named: vec![vec![0.0; 168]],
        };
        let safety = Safety {
            beta: 0.0,
            within_h: Some(4.0),
        };
        assert_eq!(by_theory(&[morning.clone()], &demand, safety), [3]);
        let sooner = Safety {
            beta: 0.0,
            within_h: Some(2.0),
        };
        assert_eq!(by_theory(&[morning], &demand, sooner), [6]);
    }
}
