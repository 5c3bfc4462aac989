//! Staffing: the cheapest head counts by team and shift that meet every target, with a stated confidence.
//!
//! Rooms: [`target`] (the little language of targets), [`units`] (what is decided), `bench` (plans played, each replication
//! once), `programme` (the integer programme), `search`, `confirm` (fresh replications, so that the best of many is not the
//! luckiest), `explain` (what one person less breaks, what a higher level costs). Method and sources: the project's `methods.md`,
//! section 5. It finds the best plan it can, it does not prove that there is no better one.

mod bench;
mod confirm;
mod explain;
mod programme;
mod search;
mod standing;
pub mod target;
pub mod units;

pub use standing::Standing;
pub use target::{Bound, Misunderstood, Shown, Target};
pub use units::{Named, Plan, Unit};

use super::{RunError, RunOptions, Watch, compile_candidates};
use crate::kernel::{World, replicate};
use crate::measure::{Layout, Measure, hours_of_week};
use crate::model::{Crew, HOURS_A_WEEK, Load, Model, Team, defaults};
use crate::scenario::{BASE, Document, Scenario};
use crate::stats::Confidence;
use crate::stats::mean::mean_interval;
use crate::stats::sketch::Buckets;
use bench::{Bench, Block, Seen};
use confirm::Outcome;
use search::Search;
use std::fmt;

const HOUR_MS: f64 = 3_600_000.0;
/// Replications with so many people that nobody waits.
const LOAD_REPLICATIONS: u32 = 8;

/// What to search for.
#[derive(Debug, Clone, PartialEq)]
pub struct StaffingOptions {
    /// The targets, as written.
    pub targets: Vec<String>,
    /// 1 − the probability that the plan misses a target though it is said to meet all.
    pub confidence: f64,
    /// The most that the plan may cost a month, in money or scheduled hours.
    pub budget: Option<f64>,
    /// The candidate whose head counts are sought (default: the base).
    pub candidate: Option<String>,
    /// Seed (default: the scenario's).
    pub seed: Option<u64>,
    /// Threads (default: as many as there are cores).
    pub threads: Option<usize>,
}

/// Why there is no answer.
#[derive(Debug)]
pub enum StaffingError {
    /// As for a run.
    Run(RunError),
    /// A target cannot be read.
    Target(Misunderstood),
    /// No ticket of the run says anything of a target.
    NothingDue(String),
    /// There is nobody whose number could be sought.
    NoUnits,
}

impl fmt::Display for StaffingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StaffingError::Run(error) => error.fmt(f),
            StaffingError::Target(misunderstood) => misunderstood.fmt(f),
            StaffingError::NothingDue(target) => {
                write!(
                    f,
                    "target `{target}`: no ticket of the run says anything of it; is the horizon long enough?"
                )
            }
            StaffingError::NoUnits => write!(
                f,
                "the scenario has nobody whose number could be sought: all its people are written out by name, or their least \
                 and most are the same; give a team a `headcount`, or write a larger `max_headcount`"
            ),
        }
    }
}

impl std::error::Error for StaffingError {}

impl From<RunError> for StaffingError {
    fn from(error: RunError) -> StaffingError {
        StaffingError::Run(error)
    }
}

/// How sure it is that a plan meets all targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Shown by replications that no search has seen, at the stated confidence.
    Confirmed,
    /// By the replications of the search, and not shown by fresh ones.
    NotShown,
    /// By the replications of the search.
    Likely,
    /// It misses a target.
    Misses,
}

impl Status {
    /// In a word or two.
    pub fn words(self) -> &'static str {
        match self {
            Status::Confirmed => "meets all, confirmed",
            Status::NotShown => "not shown to meet all",
            Status::Likely => "likely meets all",
            Status::Misses => "misses a target",
        }
    }
}

/// A plan with what it does.
#[derive(Debug, Clone, PartialEq)]
pub struct Appraisal {
    /// Head counts by unit.
    pub heads: Plan,
    /// Scheduled hours a month, in money where it is counted, else as hours.
    pub cost: f64,
    /// Whole cost a month, overtime and penalties included: estimate, low, high. Where money is counted.
    pub whole_cost: Option<(f64, Option<f64>, Option<f64>)>,
    /// Where it stands against each target.
    pub standings: Vec<Standing>,
    /// Whether it meets them.
    pub status: Status,
}

/// One person less at a unit.
#[derive(Debug, Clone, PartialEq)]
pub struct OneLess {
    /// The unit.
    pub unit: usize,
    /// Money or hours saved a month.
    pub saved: f64,
    /// Where the plan then stands.
    pub standings: Vec<Standing>,
    /// Whether the team would be brought more work than it has time for.
    pub overloaded: bool,
    /// The target that is missed by most of its allowance, if any is.
    pub breaks: Option<usize>,
}

/// What a higher level of one target costs.
#[derive(Debug, Clone, PartialEq)]
pub struct Higher {
    /// The target.
    pub target: usize,
    /// The level, harder by a point or half of the rest.
    pub level: f64,
    /// The plan that meets it in the search's replications and what it costs more a month; `None` if none was found.
    pub plan: Option<(Plan, f64)>,
}

/// A target that no plan within the bounds meets.
#[derive(Debug, Clone, PartialEq)]
pub struct OutOfReach {
    /// The target.
    pub target: usize,
    /// Where it stands with the most people everywhere.
    pub standing: Standing,
    /// Why, in sentences.
    pub why: Vec<String>,
}

/// A budget, and what it buys.
#[derive(Debug, Clone, PartialEq)]
pub struct Budget {
    /// The most a month.
    pub amount: f64,
    /// Where the plan costs more: the plan with people taken away where that harms least, by the search's replications.
    pub buys: Option<Appraisal>,
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// As it was written.
    pub text: String,
    /// Which way.
    pub bound: Bound,
    /// At least or at most so much.
    pub level: f64,
    /// What the figure is.
    pub shown: Shown,
    /// Words for the figure where the target's own do not say it.
    pub figure: Option<String>,
}

impl Asked {
    fn of(target: &Target) -> Asked {
        Asked {
            text: target.text.clone(),
            bound: target.bound,
            level: target.level,
            shown: target.shown,
            figure: target.figure.clone(),
        }
    }
}

/// What the search found out.
#[derive(Debug, Clone, PartialEq)]
pub struct Staffing {
    /// The scenario's name.
    pub scenario: String,
    /// The candidate that was staffed.
    pub candidate: String,
    /// What the unit of money is called; `None`: costs are scheduled hours.
    pub currency: Option<String>,
    /// The targets.
    pub targets: Vec<Asked>,
    /// What was decided.
    pub units: Vec<Unit>,
    /// People by name, whom every plan keeps.
    pub named: Vec<Named>,
    /// The scenario's own head counts.
    pub current: Appraisal,
    /// The cheapest plan that meets all targets.
    pub plan: Option<Appraisal>,
    /// The next cheapest plans.
    pub runners_up: Vec<Appraisal>,
    /// The plan with one person less, unit by unit, the worst first.
    pub one_less: Vec<OneLess>,
    /// What higher levels cost.
    pub higher: Vec<Higher>,
    /// Targets that cannot be met.
    pub out_of_reach: Vec<OutOfReach>,
    /// The budget, and what it buys where the plan costs more.
    pub budget: Option<Budget>,
    /// Confidence of the confirmation.
    pub confidence: f64,
    /// The seed.
    pub seed: u64,
    /// Plans played.
    pub plans: usize,
    /// Replications played, all plans.
    pub replications: u64,
    /// Things that a reader must know.
    pub warnings: Vec<String>,
}

impl Staffing {
    /// Whether there is a plan that meets all targets, within the budget.
    pub fn is_met(&self) -> bool {
        let confirmed = self.plan.as_ref().is_some_and(|plan| plan.status == Status::Confirmed);
        confirmed && self.budget.as_ref().is_none_or(|budget| budget.buys.is_none())
    }
}

/// Finds the cheapest head counts that meet all targets.
///
/// Errors: what is wrong with the scenario or its candidate's name, a target that cannot be read or of which no ticket says
/// anything, an interruption by the watcher.
pub fn staff(document: &Document, options: &StaffingOptions, watch: &dyn Watch) -> Result<Staffing, StaffingError> {
    let name = options.candidate.clone().unwrap_or_else(|| BASE.to_owned());
    let wanted = RunOptions {
        candidates: Some(vec![name.clone()]),
        ..RunOptions::default()
    };
    let mut compiled = compile_candidates(document, &wanted)?;
    let scenario = document.scenario(&name);
    let (Some(candidate), Some(scenario)) = (compiled.pop(), scenario) else {
        return Err(RunError::Problems(document.problems().clone()).into());
    };
    let model = &candidate.model;
    let buckets = Buckets::new();
    let layout = Layout::of(model);
    let read = |text: &String| Target::read(text, model, &layout, &buckets).map_err(StaffingError::Target);
    let targets: Vec<Target> = options.targets.iter().map(read).collect::<Result<_, _>>()?;
    let seed = options.seed.or(scenario.run.seed).unwrap_or(defaults::SEED);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(options.threads.unwrap_or(0))
        .build()
        .map_err(|error| RunError::Threads(error.to_string()))?;
    let named = units::named(model);
    let mut demand = demand(scenario, model, seed, &buckets, watch)?;
    for people in &named {
        let of_team = demand.named[people.team].iter_mut();
        of_team.zip(&people.on_duty).for_each(|(all, these)| *all += these);
    }
    let mut bench = Bench::new(scenario, model, &targets, seed, &pool, &buckets, watch);
    let mut units = units::units(scenario, model, &demand);
    units::raise_to_possible(&mut units, &mut bench);
    if units.iter().all(|unit| unit.min == unit.max) {
        return Err(StaffingError::NoUnits);
    }
    bench.nobody = nobody(&units, &demand);
    let mut desk = Desk {
        search: Search::new(bench, &units, &named, &demand, Load::of(model).tickets_per_replication),
        options,
        confidence: Confidence::with_alpha(1.0 - options.confidence).unwrap_or(Confidence::P95),
    };
    desk.staffing(candidate.info.name, model)
}

/// Hours of the week in which nobody could be on duty in any team.
fn nobody(units: &[Unit], demand: &units::Demand) -> Vec<bool> {
    let teams = 0..demand.named.len();
    let covered: Vec<Vec<bool>> = teams.map(|team| units::covered(units, demand, team)).collect();
    (0..HOURS_A_WEEK)
        .map(|hour| !covered.iter().any(|team| team[hour]))
        .collect()
}

/// What the teams are brought, with so many people always on duty that nobody waits: exact for any routing.
fn demand(
    scenario: &Scenario,
    model: &Model,
    seed: u64,
    buckets: &Buckets,
    watch: &dyn Watch,
) -> Result<units::Demand, RunError> {
    let ample = ample(scenario, model).unwrap_or_else(|| model.clone());
    let hours = hours_of_week(&ample);
    let teams = model.teams.len();
    let (mut busy_ms, mut entries) = (vec![vec![0.0; HOURS_A_WEEK]; teams], vec![0.0; teams]);
    let mut exposure = [0.0; HOURS_A_WEEK];
    let mut world = World::new();
    let first = (ample.window.from.ms() as f64 / HOUR_MS) as usize;
    for replication in 0..LOAD_REPLICATIONS {
        if watch.interrupted() {
            return Err(RunError::Interrupted);
        }
        let mut measure = Measure::new(&ample, buckets, false);
        replicate(&ample, seed, replication, &mut world, &mut measure);
        for hour in first..measure.timeline.hours.len() {
            let of_week = usize::from(hours.get(hour).copied().unwrap_or(0));
            exposure[of_week] += 1.0;
            for team in 0..teams {
                let row = measure.timeline.team(hour, team);
                busy_ms[team][of_week] += row.busy_ms as f64;
                entries[team] += row.entries as f64;
            }
        }
    }
    let work_h = |team: usize| busy_ms[team].iter().sum::<f64>() / HOUR_MS / f64::max(entries[team], 1.0);
    let work_h = (0..teams).map(work_h).collect();
    let mean = |(sum, hours): (&f64, &f64)| if *hours > 0.0 { sum / HOUR_MS / hours } else { 0.0 };
    let busy = busy_ms
        .iter()
        .map(|of_team| of_team.iter().zip(&exposure).map(mean).collect());
    let busy: Vec<Vec<f64>> = busy.collect();
    Ok(units::Demand {
        needs_h: needs_h(model, &busy),
        busy,
        work_h,
        impatience: impatience(model),
        named: vec![vec![0.0; HOURS_A_WEEK]; teams],
    })
}

/// How fast customers who wait give up, an hour: the mean over the services and severities where they do.
fn impatience(model: &Model) -> Option<f64> {
    let patient = model
        .population
        .services
        .iter()
        .filter_map(|service| service.patience.as_ref());
    let rates: Vec<f64> = patient
        .flat_map(|patience| patience.wait.iter().zip(&patience.share))
        .map(|(wait, share)| share * HOUR_MS / wait.mean().max(1.0))
        .filter(|rate| *rate > 0.0)
        .collect();
    (!rates.is_empty()).then(|| rates.iter().sum::<f64>() / rates.len() as f64)
}

/// The organisation with every team always on duty, and large.
fn ample(scenario: &Scenario, model: &Model) -> Option<Model> {
    let load = Load::of(model);
    let heads = scenario.head_counts().into_iter().map(|count| {
        let hours = load.teams[count.team].hours.iter();
        let peak: f64 = hours.map(|hour| hour.offered).fold(0.0, f64::max);
        let ample = (4.0 * peak + 10.0 * peak.sqrt() + 20.0).min(f64::from(units::HEADS_MOST)) as u32;
        ample.max(count.heads)
    });
    let mut ample = bench::staffed(scenario, &heads.collect::<Vec<u32>>())?;
    let on_call_only = |crew: &Crew| !crew.always && crew.shifts.is_empty();
    for crew in ample.crews.iter_mut().filter(|crew| !on_call_only(crew)) {
        crew.always = true;
        crew.shifts.clear();
    }
    Some(ample)
}

/// Hours on duty a week that each team needs at least to keep up with its work, given the people that it keeps busy where
/// nobody waits; 0 where it may do with fewer: customers give up, another team or people off duty take over, or people do
/// together what one could do alone.
fn needs_h(model: &Model, busy: &[Vec<f64>]) -> Vec<f64> {
    let relieved = impatience(model).is_some() || model.uses.swarms || model.uses.involves;
    let mut called = vec![false; model.teams.len()];
    for schedule in &model.on_call.schedules {
        for agent in schedule.changes().filter_map(|(_, agent)| agent) {
            called[model.agents[agent.index()].team.index()] = true;
        }
    }
    let teams = model.teams.iter().zip(busy).zip(called);
    teams
        .map(
            |((team, busy), called)| match relieved || called || team.overflow.is_some() {
                true => 0.0,
                false => busy.iter().sum::<f64>() / most_at_once(model, team),
            },
        )
        .collect()
}

/// By how much an hour of a team's people may do more than where nobody waits: in several conversations, or if the fastest
/// of them do what the slowest did there.
fn most_at_once(model: &Model, team: &Team) -> f64 {
    let paces: Vec<f64> = team
        .agents
        .clone()
        .map(|agent| model.agents[agent].proficiency)
        .collect();
    let fastest = paces.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    let slowest = paces.iter().copied().fold(fastest, f64::min);
    let talks = team.concurrency.as_ref().map_or(1.0, |concurrency| concurrency.gain());
    let differ = team.spread.is_some() || team.lanes.as_ref().is_some_and(|lanes| lanes.has_grades());
    let learn = team.agents.clone().any(|agent| model.agents[agent].training.is_some());
    talks * fastest / slowest * if differ || learn { 2.0 } else { 1.0 }
}

/// The search with what is to be said of it.
struct Desk<'a> {
    search: Search<'a>,
    options: &'a StaffingOptions,
    confidence: Confidence,
}

impl Desk<'_> {
    fn staffing(&mut self, candidate: String, model: &Model) -> Result<Staffing, StaffingError> {
        let current: Plan = self.search.units.iter().map(|unit| unit.current).collect();
        let few = self.search.few;
        let largest = self.search.largest();
        let seen = self.search.bench.play(Block::Search, &largest, 1)?.clone();
        if let Some(target) = self.search.unobserved(&seen) {
            return Err(StaffingError::NothingDue(
                self.search.bench.targets[target].text.clone(),
            ));
        }
        let found = self.search.cheapest()?;
        let mut staffing = Staffing {
            scenario: model.names.scenario.clone(),
            candidate,
            currency: model.costs.as_ref().map(|costs| costs.currency.clone()),
            targets: Vec::new(),
            units: self.search.units.to_vec(),
            named: self.search.named.to_vec(),
            current: self.appraise(Block::Search, &current, few)?,
            plan: None,
            runners_up: Vec::new(),
            one_less: Vec::new(),
            higher: Vec::new(),
            out_of_reach: Vec::new(),
            budget: None,
            confidence: self.options.confidence,
            seed: self.search.bench.seed,
            plans: 0,
            replications: 0,
            warnings: Vec::new(),
        };
        match found {
            None => staffing.out_of_reach = self.out_of_reach()?,
            Some(_) => {
                let Outcome { plan, n, others } = self.confirm()?;
                staffing.one_less = self.one_less(&plan.heads, n)?;
                staffing.higher = self.higher(&plan.heads)?;
                staffing.budget = self.budget(&plan)?;
                staffing.plan = Some(plan);
                staffing.runners_up = others;
            }
        }
        staffing.targets = self.search.bench.targets.iter().map(Asked::of).collect();
        staffing.plans = self.search.bench.plans().count();
        staffing.replications = self.search.bench.played();
        staffing.warnings = self.warnings(&staffing);
        Ok(staffing)
    }

    fn warnings(&self, staffing: &Staffing) -> Vec<String> {
        let mut warnings = Vec::new();
        if staffing
            .plan
            .as_ref()
            .is_some_and(|plan| plan.status != Status::Confirmed)
        {
            warnings.push(
                "no plan was shown to meet all targets by fresh replications: a target is too close to call; try a longer \
                 horizon, or a level a little lower"
                    .to_owned(),
            );
        }
        for unit in &staffing.units {
            let heads = staffing.plan.as_ref().map(|plan| plan.heads.as_slice());
            let place = staffing.units.iter().position(|known| known == unit).unwrap_or(0);
            if heads.is_some_and(|heads| heads[place] == unit.max) && unit.max_written && unit.max > unit.min {
                warnings.push(format!("{} is at its `max_headcount` of {}", unit.name(), unit.max));
            }
        }
        warnings
    }

    /// What a plan does, by so many replications of a block.
    fn appraise(&mut self, block: Block, plan: &Plan, n: usize) -> Result<Appraisal, StaffingError> {
        let seen = self.search.bench.play(block, plan, n)?.clone();
        let standings = self.standings(&seen, n);
        let misses = standings.iter().any(|standing| standing.slack < 0.0);
        Ok(Appraisal {
            heads: plan.clone(),
            cost: self.search.cost(plan),
            whole_cost: whole_cost(&seen, n),
            standings,
            status: if misses { Status::Misses } else { Status::Likely },
        })
    }

    fn standings(&self, seen: &Seen, n: usize) -> Vec<Standing> {
        let targets = self.search.bench.targets.iter().enumerate();
        targets
            .filter_map(|(index, target)| Some(self.search.judge(seen, index, n)?.standing(target)))
            .collect()
    }
}

fn whole_cost(seen: &Seen, n: usize) -> Option<(f64, Option<f64>, Option<f64>)> {
    let costs = &seen.cost[..n.min(seen.cost.len())];
    if costs.is_empty() {
        return None;
    }
    let mean = costs.iter().sum::<f64>() / costs.len() as f64;
    let interval = mean_interval(costs, Confidence::P95);
    Some((
        mean,
        interval.map(|interval| interval.low),
        interval.map(|interval| interval.high),
    ))
}
