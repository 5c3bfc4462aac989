//! The search: from queueing theory to the cheapest plan that meets all targets in simulation.
//!
//! Start: the square-root rule with the least safety that simulation finds enough, by bisection. Cuts: what one person more or
//! less does to each target gives linear rows, and an integer programme the cheapest plan that satisfies them (Atlason,
//! Epelman & Henderson 2004; Cezik & L'Ecuyer 2008). Reduction: a local search over single people, moves and two for one, which
//! also walks back from cuts that noise has misplaced. All plans are played against the same tickets; what has been
//! played is never played again; a plan with nobody more anywhere than one that misses a target is not played at all.

use super::super::RunError;
use super::StaffingError;
use super::bench::{Bench, Block, Seen};
use super::programme::{self, Row, Safety};
use super::standing::Judged;
use super::units::{Demand, Named, Plan, Unit, cost, is_stable};
use crate::stats::erlang::{least_agents, least_agents_impatient};
use std::collections::BTreeMap;

/// Tickets of a first look and of a judgement, and the replications between which they are sought.
const TICKETS: (f64, f64) = (300_000.0, 3_000_000.0);
const FEW: (usize, usize) = (8, 16);
const FULL: (usize, usize) = (16, 64);
/// Standard errors beyond which a first look is enough.
const DECISIVE: f64 = 3.5;
/// Safeties between which the start is sought, in standard deviations of the load, and how often the interval is halved.
const BETAS: (f64, f64) = (-3.0, 9.0);
const HALVINGS: usize = 6;
/// Rounds of cuts.
const CUTS: usize = 40;
/// Rounds of the reduction, and moves looked at in one.
const ROUNDS: usize = 40;
const MOVES: usize = 24;
/// Costs that differ by less are the same.
const SAME: f64 = 1e-9;

/// The search and what it knows.
pub(super) struct Search<'a> {
    pub bench: Bench<'a>,
    pub units: &'a [Unit],
    pub named: &'a [Named],
    pub demand: &'a Demand,
    /// Replications of a first look.
    pub few: usize,
    /// Replications of a judgement.
    pub full: usize,
    /// Plans judged: do they meet all targets?
    judged: BTreeMap<Plan, bool>,
}

/// What one person more or less at each unit does to each target: `[target][unit]`, never negative.
type Slopes = Vec<Vec<f64>>;

impl<'a> Search<'a> {
    pub fn new(
        bench: Bench<'a>,
        units: &'a [Unit],
        named: &'a [Named],
        demand: &'a Demand,
        tickets: f64,
    ) -> Search<'a> {
        let so_many =
            |of: f64, (least, most): (usize, usize)| ((of / tickets.max(1.0)).ceil() as usize).clamp(least, most);
        Search {
            few: so_many(TICKETS.0, FEW),
            full: so_many(TICKETS.1, FULL),
            bench,
            units,
            named,
            demand,
            judged: BTreeMap::new(),
        }
    }

    /// A month, people by name included.
    pub fn cost(&self, plan: &[u32]) -> f64 {
        cost(self.units, plan) + self.named.iter().map(|people| people.cost).sum::<f64>()
    }

    /// The plan with the most people everywhere.
    pub fn largest(&self) -> Plan {
        self.units.iter().map(|unit| unit.max).collect()
    }

    /// The cheapest plan found that meets all targets; `None` if not even the most people do.
    pub fn cheapest(&mut self) -> Result<Option<Plan>, StaffingError> {
        let Some(start) = self.start()? else { return Ok(None) };
        let cut = self.cut(start)?;
        Ok(Some(self.reduce(cut)?))
    }

    /// Whether every target had something to observe; else the first that had not.
    pub fn unobserved(&self, seen: &Seen) -> Option<usize> {
        (0..self.bench.targets.len()).find(|target| self.judge(seen, *target, usize::MAX).is_none())
    }

    pub fn judge(&self, seen: &Seen, target: usize, n: usize) -> Option<Judged> {
        Judged::of(&self.bench.targets[target], seen.target(target, n))
    }

    /// By how much a target is missed (above 0) or met, and the standard error of that.
    fn excess(&self, seen: &Seen, target: usize, n: usize) -> (f64, f64) {
        let judged = self.judge(seen, target, n);
        let limit = self.bench.targets[target].limit();
        judged.map_or((0.0, 0.0), |judged| (judged.value() - limit, judged.standard_error()))
    }

    /// Whether a plan meets all targets, by the replications of the search.
    pub fn meets(&mut self, plan: &Plan) -> Result<bool, StaffingError> {
        let inside = self
            .units
            .iter()
            .zip(plan)
            .all(|(unit, heads)| (unit.min..=unit.max).contains(heads));
        if !inside || !is_stable(self.units, self.demand, plan) {
            return Ok(false);
        }
        if let Some(known) = self.judged.get(plan) {
            return Ok(*known);
        }
        let no_more = |known: &Plan| plan.iter().zip(known).all(|(heads, known)| heads <= known);
        if self.judged.iter().any(|(known, meets)| !meets && no_more(known)) || !self.bench.is_possible(plan) {
            return Ok(false);
        }
        let meets = self.look(plan)?;
        self.judged.insert(plan.clone(), meets);
        Ok(meets)
    }

    /// A first look, and a longer one where that does not decide.
    fn look(&mut self, plan: &Plan) -> Result<bool, StaffingError> {
        self.bench.play(Block::Search, plan, self.few)?;
        let first = self.excesses(plan, self.few);
        if first
            .iter()
            .any(|(excess, error)| *excess > DECISIVE * error && *excess > 0.0)
        {
            return Ok(false);
        }
        if first.iter().all(|(excess, error)| *excess < -DECISIVE * error) {
            return Ok(true);
        }
        self.bench.play(Block::Search, plan, self.full)?;
        Ok(self.excesses(plan, self.full).iter().all(|(excess, _)| *excess <= 0.0))
    }

    fn excesses(&self, plan: &Plan, n: usize) -> Vec<(f64, f64)> {
        let targets = 0..self.bench.targets.len();
        match self.bench.known(Block::Search, plan) {
            Some(seen) => targets.map(|target| self.excess(seen, target, n)).collect(),
            None => Vec::new(),
        }
    }

    /// The plan of queueing theory with the least safety that is enough.
    fn start(&mut self) -> Result<Option<Plan>, StaffingError> {
        let largest = self.largest();
        if !self.meets(&largest)? {
            return Ok(None);
        }
        let targets = self.bench.targets.iter();
        let within = targets.filter_map(|target| target.shortest_h(self.bench.model));
        let within_h = within.reduce(f64::min);
        let mut best = largest;
        let (mut low, mut high) = BETAS;
        let mut beta = self.by_erlang(within_h).clamp(low, high);
        for _ in 0..HALVINGS {
            let plan = programme::by_theory(self.units, self.demand, Safety { beta, within_h });
            if self.meets(&plan)? {
                high = beta;
                if self.cost(&plan) < self.cost(&best) {
                    best = plan;
                }
            } else {
                low = beta;
            }
            beta = 0.5 * (low + high);
        }
        let current: Plan = self.units.iter().map(|unit| unit.current).collect();
        if self.cost(&current) < self.cost(&best) - SAME && self.meets(&current)? {
            best = current;
        }
        if best == self.largest() {
            let theory = programme::by_theory(self.units, self.demand, Safety { beta: high, within_h });
            best = self.between(theory, best)?;
        }
        Ok(Some(best))
    }

    /// Where theory asks for too little: the plan nearest to it, on the way to one that meets all targets, that does too.
    fn between(&mut self, mut low: Plan, mut high: Plan) -> Result<Plan, StaffingError> {
        for _ in 0..HALVINGS {
            let middle = low
                .iter()
                .zip(&high)
                .map(|(low, high)| low + (high - low.min(high)).div_ceil(2));
            let middle: Plan = middle.collect();
            if middle == high {
                break;
            }
            match self.meets(&middle)? {
                true => high = middle,
                false => low = middle,
            }
        }
        Ok(high)
    }

    /// The safety that Erlang's formula asks of the team with the most work, for the target of a first response.
    fn by_erlang(&self, within_h: Option<f64>) -> f64 {
        let level = self
            .bench
            .targets
            .iter()
            .map(|target| 1.0 - target.limit())
            .fold(0.5, f64::max)
            .min(0.9999);
        let teams = 0..self.demand.busy.len();
        let busiest = teams.max_by(|a, b| self.demand.week_h(*a).total_cmp(&self.demand.week_h(*b)));
        let Some(team) = busiest else { return 1.0 };
        let load = self.demand.peak(team);
        let (within, work) = (within_h.unwrap_or(0.0), self.demand.work_h[team].max(1e-9));
        let agents = match self.demand.impatience {
            None => least_agents(level, within, load, work),
            Some(leaving) => least_agents_impatient(level, within, 1.0, load / work, 1.0 / work, leaving),
        };
        match agents {
            Some(agents) if load > 0.0 => (f64::from(agents) - load) / load.sqrt(),
            _ => 1.0,
        }
    }

    /// Cuts from a plan that meets all targets, until the integer programme's plan meets them too or nothing new comes.
    fn cut(&mut self, start: Plan) -> Result<Plan, StaffingError> {
        let mut best = start.clone();
        let mut rows = programme::stability(self.units, self.demand);
        let (mut plan, mut meets) = (start, true);
        let mut visited = vec![plan.clone()];
        for _ in 0..CUTS {
            let cuts = self.cuts_at(&plan, meets)?;
            if cuts.is_empty() {
                break;
            }
            rows.extend(cuts);
            let Some(next) = programme::cheapest(self.units, &rows) else {
                break;
            };
            if visited.contains(&next) || self.cost(&next) >= self.cost(&best) - SAME {
                break;
            }
            meets = self.meets(&next)?;
            visited.push(next.clone());
            plan = next;
            if meets {
                best = plan.clone();
                break;
            }
        }
        Ok(best)
    }

    /// The rows that a plan gives: for each target `Σ qᵤ (yᵤ − xᵤ) ≥ excess`.
    fn cuts_at(&mut self, plan: &Plan, meets: bool) -> Result<Vec<Row>, StaffingError> {
        let slopes = self.slopes(plan, !meets)?;
        let excesses = self.excesses(plan, self.few);
        let mut rows = Vec::new();
        for (slopes, (excess, error)) in slopes.into_iter().zip(excesses) {
            if !meets && excess <= 0.0 {
                continue;
            }
            let here: f64 = slopes
                .iter()
                .zip(plan)
                .map(|(slope, heads)| slope * f64::from(*heads))
                .sum();
            // Slopes within the noise say nothing: at the foot of the curve a person does not help alone.
            match slopes.iter().any(|slope| *slope > 0.1 * error.min(excess.abs())) && here > 0.0 {
                true => rows.push(Row {
                    factors: slopes,
                    least: here + excess,
                }),
                false if excess > 0.0 => rows.push(self.one_more(plan)),
                false => {}
            }
        }
        Ok(rows)
    }

    /// One person more in the team that is most loaded.
    fn one_more(&self, plan: &Plan) -> Row {
        let load = |team: usize| {
            let of_team = self.units.iter().zip(plan).filter(|(unit, _)| unit.team == team);
            let hours: f64 = of_team
                .map(|(unit, heads)| unit.hours_a_week() * f64::from(*heads))
                .sum();
            let named: f64 = self.demand.named[team].iter().sum();
            self.demand.week_h(team) / (hours + named).max(1e-9)
        };
        let team = (0..self.demand.busy.len())
            .max_by(|a, b| load(*a).total_cmp(&load(*b)))
            .unwrap_or(0);
        let factors: Vec<f64> = self
            .units
            .iter()
            .map(|unit| f64::from(u8::from(unit.team == team)))
            .collect();
        let heads: f64 = factors
            .iter()
            .zip(plan)
            .map(|(one, heads)| one * f64::from(*heads))
            .sum();
        Row {
            factors,
            least: heads + 1.0,
        }
    }

    /// What one person more (`forward`), or one less, does to each target: all units at once, few replications.
    pub fn slopes(&mut self, plan: &Plan, forward: bool) -> Result<Slopes, RunError> {
        let neighbours: Vec<Option<Plan>> = (0..self.units.len())
            .map(|unit| self.neighbour(plan, unit, forward))
            .collect();
        let mut plans: Vec<Plan> = neighbours.iter().flatten().cloned().collect();
        plans.push(plan.clone());
        self.bench.play_all(Block::Search, &plans, self.few)?;
        let value = |plan: &Plan, target: usize| {
            let seen = self.bench.known(Block::Search, plan)?;
            Some(self.excess(seen, target, self.few).0)
        };
        let slope = |target: usize, neighbour: &Option<Plan>| {
            let there = neighbour.as_ref().and_then(|neighbour| value(neighbour, target));
            let change = there.zip(value(plan, target)).map_or(0.0, |(there, here)| there - here);
            (if forward { -change } else { change }).max(0.0)
        };
        let targets = 0..self.bench.targets.len();
        Ok(targets
            .map(|target| neighbours.iter().map(|neighbour| slope(target, neighbour)).collect())
            .collect())
    }

    /// One person more or less at a unit, if its bounds and the team's work allow it.
    pub fn neighbour(&mut self, plan: &Plan, unit: usize, forward: bool) -> Option<Plan> {
        let mut near = plan.clone();
        near[unit] = match forward {
            true if plan[unit] < self.units[unit].max => plan[unit] + 1,
            false if plan[unit] > self.units[unit].min => plan[unit] - 1,
            _ => return None,
        };
        (is_stable(self.units, self.demand, &near) && self.bench.is_possible(&near)).then_some(near)
    }

    /// Local search from a plan that meets all targets: the cheapest neighbour that does too, until there is none.
    fn reduce(&mut self, start: Plan) -> Result<Plan, StaffingError> {
        let mut best = start;
        for _ in 0..ROUNDS {
            let moves = self.promising(&best)?;
            let mut better = None;
            for plan in moves {
                if self.meets(&plan)? {
                    better = Some(plan);
                    break;
                }
            }
            match better {
                Some(plan) => best = plan,
                None => break,
            }
        }
        Ok(best)
    }

    /// Cheaper plans beside one, cheapest first, without those that the slopes make hopeless.
    fn promising(&mut self, plan: &Plan) -> Result<Vec<Plan>, StaffingError> {
        let (back, forth) = (self.slopes(plan, false)?, self.slopes(plan, true)?);
        let here = self.excesses(plan, self.few);
        let mut found: Vec<(f64, Plan)> = Vec::new();
        for (less, more) in moves(self.units.len()) {
            let Some(near) = moved(plan, less, more) else { continue };
            let known = self.judged.contains_key(&near);
            let cheaper = self.cost(&near) < self.cost(plan) - SAME;
            if known || !cheaper || !is_stable(self.units, self.demand, &near) {
                continue;
            }
            let hopeless = here.iter().enumerate().any(|(target, (excess, error))| {
                let gained = more.map_or(0.0, |unit| forth[target][unit]);
                let lost: f64 = less.iter().flatten().map(|unit| back[target][*unit]).sum();
                excess + lost - gained > DECISIVE * error + 0.5 * lost
            });
            if !hopeless {
                found.push((self.cost(&near), near));
            }
        }
        found.sort_by(|(a, x), (b, y)| a.total_cmp(b).then_with(|| x.cmp(y)));
        found.dedup();
        Ok(found.into_iter().map(|(_, plan)| plan).take(MOVES).collect())
    }

    /// Plans that meet all targets, cheapest first.
    pub fn met(&self) -> Vec<Plan> {
        let mut met: Vec<Plan> = self
            .judged
            .iter()
            .filter(|(_, meets)| **meets)
            .map(|(plan, _)| plan.clone())
            .collect();
        met.sort_by(|a, b| self.cost(a).total_cmp(&self.cost(b)).then_with(|| a.cmp(b)));
        met
    }
}

/// Who leaves, one or two, and who comes.
type Move = ([Option<usize>; 2], Option<usize>);

/// One less; one less and one more elsewhere; two less and one more.
fn moves(units: usize) -> Vec<Move> {
    let mut moves: Vec<Move> = (0..units).map(|unit| ([Some(unit), None], None)).collect();
    for less in 0..units {
        for more in (0..units).filter(|more| *more != less) {
            moves.push(([Some(less), None], Some(more)));
            for second in (less..units).filter(|second| *second != more) {
                moves.push(([Some(less), Some(second)], Some(more)));
            }
        }
    }
    moves
}

fn moved(plan: &Plan, less: [Option<usize>; 2], more: Option<usize>) -> Option<Plan> {
    let mut near = plan.clone();
    for unit in less.into_iter().flatten() {
        near[unit] = near[unit].checked_sub(1)?;
    }
    if let Some(unit) = more {
        near[unit] += 1;
    }
    Some(near)
}
