//! The confirmation: the cheapest plans, one after the other, against replications that no search has seen.
//!
//! The search keeps the plan that looked best, which is partly the luckiest. So each plan is judged once, by a number of fresh
//! replications fixed beforehand, at a share of the error that halves from plan to plan: α/2, α/4, …, so that the
//! probability that any plan is accepted which misses a target is at most α, however many are tried.

use super::bench::Block;
use super::units::Plan;
use super::{Appraisal, Desk, StaffingError, Status};
use crate::stats::Confidence;

/// Plans tried at most, and replications of each: from those of a judgement to so many times that.
const TRIED: usize = 8;
const TIMES_MOST: usize = 16;
/// Runners-up shown, and how much dearer than the plan they may be.
const DEAREST: f64 = 1.25;
const SHOWN: usize = 4;

/// What came of it.
pub(super) struct Outcome {
    /// The accepted plan, or the cheapest likely one.
    pub plan: Appraisal,
    /// Its replications.
    pub n: usize,
    /// Other plans, cheapest first.
    pub others: Vec<Appraisal>,
}

impl Desk<'_> {
    /// Tries the plans that the search found to meet all targets, cheapest first.
    pub(super) fn confirm(&mut self) -> Result<Outcome, StaffingError> {
        let mut tried: Vec<Plan> = Vec::new();
        let mut refused: Vec<Appraisal> = Vec::new();
        let mut accepted = None;
        let mut alpha = self.confidence.alpha();
        while tried.len() < TRIED {
            let Some(plan) = self.next(&tried)? else { break };
            tried.push(plan.clone());
            alpha *= 0.5;
            match self.try_one(&plan, alpha)? {
                (appraisal, n) if appraisal.status == Status::Confirmed => {
                    accepted = Some((appraisal, n));
                    break;
                }
                (appraisal, _) => refused.push(appraisal),
            }
        }
        let (plan, n) = match accepted {
            Some(found) => found,
            None => (self.likeliest(&refused)?, self.search.full),
        };
        let others = self.runners_up(&plan, refused)?;
        Ok(Outcome { plan, n, others })
    }

    /// The cheapest plan that meets all targets by all the search's replications and has not been tried; beside the dearest
    /// one tried, if the search has no more.
    fn next(&mut self, tried: &[Plan]) -> Result<Option<Plan>, StaffingError> {
        for _ in 0..2 {
            for plan in self.search.met() {
                if !tried.contains(&plan) && self.still_meets(&plan)? {
                    return Ok(Some(plan));
                }
            }
            let Some(last) = tried.last() else { break };
            self.look_above(last)?;
        }
        Ok(None)
    }

    /// Looks at one person more everywhere.
    fn look_above(&mut self, plan: &Plan) -> Result<(), StaffingError> {
        for unit in 0..self.search.units.len() {
            if let Some(more) = self.search.neighbour(plan, unit, true) {
                self.search.meets(&more)?;
            }
        }
        Ok(())
    }

    /// A plan that a first look has accepted may have only few replications.
    fn still_meets(&mut self, plan: &Plan) -> Result<bool, StaffingError> {
        let appraisal = self.appraise(Block::Search, plan, self.search.full)?;
        Ok(appraisal.status == Status::Likely)
    }

    /// One look at a plan, at an error of `alpha` over all targets.
    fn try_one(&mut self, plan: &Plan, alpha: f64) -> Result<(Appraisal, usize), StaffingError> {
        let targets = self.search.bench.targets.len();
        let Some(confidence) = Confidence::with_alpha(alpha / targets as f64) else {
            return Ok((self.appraise(Block::Search, plan, self.search.full)?, self.search.full));
        };
        let Some(n) = self.projected(plan, confidence) else {
            let mut appraisal = self.appraise(Block::Search, plan, self.search.full)?;
            appraisal.status = Status::NotShown;
            return Ok((appraisal, self.search.full));
        };
        let mut appraisal = self.appraise(Block::Confirmation, plan, n)?;
        let seen = self.search.bench.known(Block::Confirmation, plan);
        let shown = (0..targets).all(|target| {
            let judged = seen.and_then(|seen| self.search.judge(seen, target, n));
            let upper = judged.and_then(|judged| judged.upper(confidence));
            upper.is_some_and(|upper| upper <= self.search.bench.targets[target].limit())
        });
        appraisal.status = if shown { Status::Confirmed } else { Status::NotShown };
        Ok((appraisal, n))
    }

    /// Twice as many replications as are expected to do, in powers of two; `None` if more than the most would be needed.
    fn projected(&self, plan: &Plan, confidence: Confidence) -> Option<usize> {
        let seen = self.search.bench.known(Block::Search, plan)?;
        let least = self.search.full;
        let mut n = least / 2;
        while n <= least * TIMES_MOST / 2 {
            let enough = (0..self.search.bench.targets.len()).all(|target| {
                let judged = self.search.judge(seen, target, usize::MAX);
                let limit = self.search.bench.targets[target].limit();
                judged.is_some_and(|judged| judged.projected_upper(confidence, n) <= limit)
            });
            if enough {
                return Some(2 * n);
            }
            n *= 2;
        }
        None
    }

    /// Where none was accepted: the cheapest that the search found.
    fn likeliest(&mut self, refused: &[Appraisal]) -> Result<Appraisal, StaffingError> {
        if let Some(cheapest) = refused.first() {
            return Ok(cheapest.clone());
        }
        let plan = self
            .search
            .met()
            .into_iter()
            .next()
            .unwrap_or_else(|| self.search.largest());
        let mut appraisal = self.appraise(Block::Search, &plan, self.search.full)?;
        appraisal.status = Status::NotShown;
        Ok(appraisal)
    }

    /// What was refused, and the cheapest other plans that the search found to meet all targets.
    fn runners_up(&mut self, plan: &Appraisal, refused: Vec<Appraisal>) -> Result<Vec<Appraisal>, StaffingError> {
        self.look_above(&plan.heads)?;
        let mut others: Vec<Appraisal> = refused.into_iter().filter(|other| other.heads != plan.heads).collect();
        let near = |other: &Plan| *other != plan.heads && self.search.cost(other) <= DEAREST * plan.cost;
        let dearer = self.search.met().into_iter().filter(near);
        for heads in dearer.collect::<Vec<Plan>>() {
            if others.len() >= SHOWN {
                break;
            }
            if !others.iter().any(|known| known.heads == heads) && self.still_meets(&heads)? {
                others.push(self.appraise(Block::Search, &heads, self.search.full)?);
            }
        }
        others.sort_by(|a, b| a.cost.total_cmp(&b.cost).then_with(|| a.heads.cmp(&b.heads)));
        others.truncate(SHOWN);
        Ok(others)
    }
}
