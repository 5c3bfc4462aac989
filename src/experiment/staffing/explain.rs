//! What surrounds a plan: one person less, a higher level, a smaller budget, and targets that nobody can meet.

use super::bench::Block;
use super::standing::{Judged, Standing};
use super::target::Target;
use super::units::{Plan, is_stable};
use super::{Appraisal, Budget, Desk, Higher, OneLess, OutOfReach, StaffingError};
use crate::model::TargetKind;

/// Replications for one person less.
const LESS_MOST: usize = 64;
/// People added at most for a higher level.
const MORE_MOST: usize = 12;
/// People taken away at most for a budget.
const STEPS_MOST: usize = 400;

impl Desk<'_> {
    /// The plan without one person, unit by unit, on the replications that confirmed it: the worst first.
    pub(super) fn one_less(&mut self, plan: &Plan, n: usize) -> Result<Vec<OneLess>, StaffingError> {
        let n = n.min(LESS_MOST);
        let mut found = Vec::new();
        for unit in (0..plan.len()).filter(|unit| plan[*unit] > 0).collect::<Vec<_>>() {
            let mut less = plan.clone();
            less[unit] -= 1;
            if !self.search.bench.is_possible(&less) {
                continue;
            }
            let seen = self.search.bench.play(Block::Confirmation, &less, n)?.clone();
            let standings = self.standings(&seen, n);
            let breaks = self.worst(&standings);
            found.push(OneLess {
                unit,
                saved: self.search.units[unit].head_cost,
                standings,
                overloaded: !is_stable(self.search.units, self.search.demand, &less),
                breaks,
            });
        }
        let key = |one: &OneLess| {
            one.breaks
                .map_or(f64::INFINITY, |target| self.relative(target, &one.standings[target]))
        };
        let order = |a: &OneLess, b: &OneLess| b.overloaded.cmp(&a.overloaded).then(key(a).total_cmp(&key(b)));
        found.sort_by(|a, b| order(a, b).then(a.unit.cmp(&b.unit)));
        Ok(found)
    }

    /// The target that is missed by most of what it allows.
    fn worst(&self, standings: &[Standing]) -> Option<usize> {
        let missed = standings
            .iter()
            .enumerate()
            .filter(|(_, standing)| standing.slack < 0.0);
        missed
            .min_by(|(a, one), (b, other)| self.relative(*a, one).total_cmp(&self.relative(*b, other)))
            .map(|(target, _)| target)
    }

    /// Slack as a share of what the target allows.
    fn relative(&self, target: usize, standing: &Standing) -> f64 {
        standing.slack / self.search.bench.targets[target].limit().abs().max(1e-9)
    }

    /// What one step more of each target's level costs: people are added where they help most for their cost.
    pub(super) fn higher(&mut self, plan: &Plan) -> Result<Vec<Higher>, StaffingError> {
        let mut found = Vec::new();
        for target in 0..self.search.bench.targets.len() {
            let tighter = self.search.bench.targets[target].tightened();
            let plan = self.reach(plan, target, &tighter)?;
            let base = self.search.cost(&plan.1);
            let plan = plan.0.map(|higher| (higher.clone(), self.search.cost(&higher) - base));
            found.push(Higher {
                target,
                level: tighter.level,
                plan,
            });
        }
        Ok(found)
    }

    /// From a plan to one that meets a tighter target and still the others; gives the start back too.
    fn reach(&mut self, start: &Plan, target: usize, tighter: &Target) -> Result<(Option<Plan>, Plan), StaffingError> {
        let mut plan = start.clone();
        for _ in 0..=MORE_MOST {
            let seen = self.search.bench.play(Block::Search, &plan, self.search.full)?;
            let judged = Judged::of(tighter, seen.target(target, self.search.full));
            if judged.is_some_and(|judged| judged.value() <= tighter.limit()) {
                return Ok((Some(self.trimmed(start, plan, target, tighter)?), start.clone()));
            }
            let slopes = self.search.slopes(&plan, true)?;
            let gain = |unit: &usize| slopes[target][*unit] / self.search.units[*unit].head_cost.max(1e-9);
            let units = (0..plan.len()).filter(|unit| plan[*unit] < self.search.units[*unit].max);
            let Some(best) = units.max_by(|a, b| gain(a).total_cmp(&gain(b)).then(b.cmp(a))) else {
                break;
            };
            if gain(&best) <= 0.0 {
                break;
            }
            plan[best] += 1;
        }
        Ok((None, start.clone()))
    }

    /// Takes away again what the level does not need, the dearest first.
    fn trimmed(
        &mut self,
        start: &Plan,
        mut plan: Plan,
        target: usize,
        tighter: &Target,
    ) -> Result<Plan, StaffingError> {
        let mut units: Vec<usize> = (0..plan.len()).collect();
        let cost = |unit: &usize| self.search.units[*unit].head_cost;
        units.sort_by(|a, b| cost(b).total_cmp(&cost(a)).then(a.cmp(b)));
        for unit in units {
            while plan[unit] > start[unit] {
                let mut less = plan.clone();
                less[unit] -= 1;
                let seen = self.search.bench.play(Block::Search, &less, self.search.full)?;
                let judged = Judged::of(tighter, seen.target(target, self.search.full));
                if judged.is_none_or(|judged| judged.value() > tighter.limit()) {
                    break;
                }
                plan = less;
            }
        }
        Ok(plan)
    }

    /// If the plan costs more than the budget: people are taken away where that harms least for what it saves.
    pub(super) fn budget(&mut self, plan: &Appraisal) -> Result<Option<Budget>, StaffingError> {
        let Some(amount) = self.options.budget else {
            return Ok(None);
        };
        let mut heads = plan.heads.clone();
        for _ in 0..STEPS_MOST {
            if self.search.cost(&heads) <= amount {
                break;
            }
            let slopes = self.search.slopes(&heads, false)?;
            let units: Vec<usize> = (0..heads.len())
                .filter(|unit| self.search.neighbour(&heads, *unit, false).is_some())
                .collect();
            let harm = |unit: &usize| {
                let of_targets = slopes.iter().zip(self.search.bench.targets);
                let harm: f64 = of_targets
                    .map(|(slopes, target)| slopes[*unit] / target.limit().abs().max(1e-9))
                    .sum();
                harm / self.search.units[*unit].head_cost.max(1e-9)
            };
            let Some(least) = units
                .into_iter()
                .min_by(|a, b| harm(a).total_cmp(&harm(b)).then(a.cmp(b)))
            else {
                break;
            };
            heads[least] -= 1;
        }
        let buys = match heads == plan.heads && plan.cost <= amount {
            true => None,
            false => Some(self.appraise(Block::Search, &heads, self.search.full)?),
        };
        Ok(Some(Budget { amount, buys }))
    }

    /// The targets that the most people everywhere miss, and why.
    pub(super) fn out_of_reach(&mut self) -> Result<Vec<OutOfReach>, StaffingError> {
        let largest = self.search.largest();
        let seen = self
            .search
            .bench
            .play(Block::Search, &largest, self.search.full)?
            .clone();
        let standings = self.standings(&seen, self.search.full);
        let (unstaffed, breached) = seen
            .unstaffed
            .iter()
            .fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        let missed = standings
            .into_iter()
            .enumerate()
            .filter(|(_, standing)| standing.slack < 0.0);
        Ok(missed
            .map(|(target, standing)| OutOfReach {
                target,
                standing,
                why: self.why(target, unstaffed, breached),
            })
            .collect())
    }

    fn why(&self, target: usize, unstaffed: f64, breached: f64) -> Vec<String> {
        let mut why = Vec::new();
        let overloaded = (0..self.search.demand.busy.len()).filter(|team| {
            let of_team = self.search.units.iter().filter(|unit| unit.team == *team);
            let hours: f64 = of_team.map(|unit| unit.hours_a_week() * f64::from(unit.max)).sum();
            hours < self.search.demand.lacking_h(*team)
        });
        for team in overloaded {
            let name = &self.search.bench.model.names.teams[team];
            why.push(format!(
                "{name} is brought more work than its most people have time for"
            ));
        }
        let clock = self.search.bench.targets[target].clock();
        if clock == Some(TargetKind::FirstResponse) && unstaffed > 0.0 && breached > 0.0 {
            why.push(format!(
                "of all late first responses with the most people, {:.0} % are of tickets created in hours in which no shift of \
                 any team is on duty",
                100.0 * unstaffed / breached
            ));
        }
        let at_most: Vec<String> = self
            .search
            .units
            .iter()
            .filter(|unit| unit.max_written)
            .map(|unit| unit.name())
            .collect();
        if !at_most.is_empty() {
            why.push(format!("`max_headcount` binds {}", at_most.join(", ")));
        }
        if clock == Some(TargetKind::Resolve) {
            why.push(
                "with people to spare, what is left is the work itself, handoffs, and hours in which nobody is on duty"
                    .to_owned(),
            );
        }
        if why.is_empty() {
            why.push(
                "nobody waits for a free person any more: what is left are hours in which nobody is on duty".to_owned(),
            );
        }
        why
    }
}
