//! Running a case: long enough for its figures, in parallel, twice if it must.
//!
//! A pilot with a seed of its own says how long a run has to be for every standard error to be small enough; the run that is
//! judged has seed 1. A steady state is estimated by independent replications, each after 20 relaxation times of warm-up; a
//! terminating horizon is one replication. A figure that fails is run once more with seed 2 and four times the length.

use super::cases::{Case, Class, Expected, Horizon, StaffingRule, Target, WorkLaw, Workload};
use super::figures::{Statistic, layout, statistic};
use super::judge::{Estimate, Failing, judge};
use super::language::{Stage, scenario};
use super::tally::{HOUR_MS, Layout, Tally};
use escalade::experiment::staffing::{StaffingOptions, staff};
use escalade::kernel::{World, replicate};
use escalade::model::{Model, compile};
use escalade::scenario::{Document, Problems, render};
use escalade::stats::erlang::{least_agents, least_agents_impatient};
use escalade::stats::quantile::quantile_of;
use rayon::prelude::*;

const PILOT_SEED: u64 = 77;
const SEED: u64 = 1;
const SECOND_SEED: u64 = 2;
/// Replications of a steady state.
const REPLICATIONS: usize = 100;
const PILOT_REPLICATIONS: usize = 64;
/// Tickets of a pilot.
const PILOT_TICKETS: f64 = 200_000.0;
/// A standard error is itself an estimate: what the run is longer than the pilot asks for.
const MARGIN: f64 = 1.3;
/// Longest run, in multiples of the pilot: beyond, a figure cannot be had in reasonable time.
const LONGEST: f64 = 1_000.0;
/// How often a run may be lengthened because a standard error came out too large.
const LENGTHENINGS: usize = 4;

/// Compiles the text of a scenario file; any error is the test's.
pub fn model_of(name: &str, text: &str) -> Model {
    let document = Document::parse(name, text);
    let told = |problems: &Problems| format!("{}\n{text}", render(&document, problems, false));
    assert!(!document.problems().any_error(), "{}", told(document.problems()));
    let mut problems = Problems::new();
    let scenario = document.base().expect("a scenario without errors can be read");
    compile(scenario, &mut problems).unwrap_or_else(|| panic!("{}", told(&problems)))
}

/// How much is simulated.
#[derive(Debug, Clone, Copy)]
struct Length {
    replications: usize,
    /// Of each replication, hours.
    horizon_h: f64,
}

/// A workload to run, with the figures that it is to show.
struct Trial<'a> {
    case: &'a Case,
    name: String,
    workload: Workload,
    figures: Vec<&'a Expected>,
    /// From how far the steady state is approached; `None` for a terminating horizon.
    relaxation: Option<Relaxation>,
    pilot: Length,
}

/// What was done for a case.
#[derive(Debug, Clone, Copy, Default)]
pub struct Done {
    pub figures: usize,
    pub tickets: u64,
}

/// Simulates a case and judges all its figures. What fails is told; nothing is told of a case that passes.
pub fn verify(case: &Case) -> Result<Done, Vec<String>> {
    let mut done = Done::default();
    let mut failures = Vec::new();
    for figure in case.expected.iter().filter(|figure| figure.metric == "least_servers") {
        done.figures += 1;
        failures.extend(least_staff(case, figure).err());
    }
    for trial in Trial::all(case) {
        match trial.verify() {
            Ok(more) => {
                done.figures += more.figures;
                done.tickets += more.tickets;
            }
            Err(more) => failures.extend(more),
        }
    }
    match failures.is_empty() {
        true => Ok(done),
        false => Err(failures),
    }
}

impl<'a> Trial<'a> {
    /// One a case, or one a head count where the figures are of several.
    fn all(case: &'a Case) -> Vec<Trial<'a>> {
        let workload = case.workload();
        if workload.rule.is_none() {
            return vec![Trial::new(
                case,
                case.id.clone(),
                workload,
                case.expected.iter().collect(),
            )];
        }
        let mut trials: Vec<(u32, Vec<&Expected>)> = Vec::new();
        for figure in &case.expected {
            let Some(servers) = servers_of(figure) else { continue };
            match trials.iter_mut().find(|(known, _)| *known == servers) {
                Some((_, figures)) => figures.push(figure),
                None => trials.push((servers, vec![figure])),
            }
        }
        let with = |(servers, figures)| {
            let name = format!("{} with {servers} agents", case.id);
            Trial::new(case, name, workload.with_servers(servers), figures)
        };
        trials.into_iter().map(with).collect()
    }

    fn new(case: &'a Case, name: String, mut workload: Workload, figures: Vec<&'a Expected>) -> Trial<'a> {
        let of_breaches = figures
            .iter()
            .filter(|figure| figure.metric == "breach_rate_first_response");
        workload.response_h = of_breaches.filter_map(|figure| figure.t_h).reduce(f64::min);
        let (relaxation, pilot) = match case.horizon {
            Horizon::Terminating { from_h, to_h } => {
                let horizon_h = to_h - from_h;
                (
                    None,
                    Length {
                        replications: 400,
                        horizon_h,
                    },
                )
            }
            _ => {
                let relaxation = Relaxation::of(&workload);
                let tickets = PILOT_TICKETS / PILOT_REPLICATIONS as f64;
                let horizon_h = (tickets / relaxation.arrivals_per_h).max(relaxation.warm_up_h());
                (
                    Some(relaxation),
                    Length {
                        replications: PILOT_REPLICATIONS,
                        horizon_h,
                    },
                )
            }
        };
        Trial {
            case,
            name,
            workload,
            figures,
            relaxation,
            pilot,
        }
    }

    fn verify(&self) -> Result<Done, Vec<String>> {
        let every: Vec<usize> = (0..self.figures.len()).collect();
        let pilot = self.run(PILOT_SEED, self.pilot, &every);
        let mut times = self.excess(&pilot.estimates, &every).min(LONGEST);
        for _ in 0..LENGTHENINGS {
            let run = self.run(SEED, self.longer(times), &every);
            let weak = self.excess(&run.estimates, &every) / MARGIN;
            if weak > 1.0 {
                times *= weak * MARGIN;
                continue;
            }
            let failed = self.failed(&run.estimates, &every);
            if failed.is_empty() {
                return Ok(Done {
                    figures: self.figures.len(),
                    tickets: run.tickets,
                });
            }
            return self.second_chance(times, run.tickets, failed);
        }
        Err(vec![format!(
            "{}: no run was long enough, the last {times:.0} pilots",
            self.name
        )])
    }

    /// The failed figures once more, with another seed and four times the length.
    fn second_chance(&self, times: f64, tickets: u64, failed: Vec<(usize, String)>) -> Result<Done, Vec<String>> {
        let (rows, first): (Vec<usize>, Vec<String>) = failed.into_iter().unzip();
        for message in first {
            println!("once more, four times as long: {message}");
        }
        let run = self.run(SECOND_SEED, self.longer(4.0 * times), &rows);
        let failures: Vec<String> = self
            .failed(&run.estimates, &rows)
            .into_iter()
            .map(|(_, how)| how)
            .collect();
        match failures.is_empty() {
            true => Ok(Done {
                figures: self.figures.len(),
                tickets: tickets + run.tickets,
            }),
            false => Err(failures),
        }
    }

    /// So many times the pilot: more replications of a terminating horizon, longer ones of a steady state.
    fn longer(&self, times: f64) -> Length {
        match &self.relaxation {
            None => Length {
                replications: (self.pilot.replications as f64 * times.max(1.0)).ceil() as usize,
                ..self.pilot
            },
            Some(relaxation) => {
                let pilots = self.pilot.replications as f64 * self.pilot.horizon_h;
                let horizon_h = (pilots * times / REPLICATIONS as f64).max(relaxation.warm_up_h());
                Length {
                    replications: REPLICATIONS,
                    horizon_h,
                }
            }
        }
    }

    /// How many times as long a run has to be for its standard errors to be small enough, with a margin.
    fn excess(&self, estimates: &[Estimate], rows: &[usize]) -> f64 {
        let mut most: f64 = 0.0;
        for (row, estimate) in rows.iter().zip(estimates) {
            if let Some(limit) = self.figures[*row].se_at_most {
                most = most.max((estimate.standard_error / limit).powi(2));
            }
        }
        most * MARGIN
    }

    fn failed(&self, estimates: &[Estimate], rows: &[usize]) -> Vec<(usize, String)> {
        let mut failed = Vec::new();
        for (row, estimate) in rows.iter().zip(estimates) {
            let how = match judge(self.figures[*row], estimate) {
                Ok(()) => continue,
                Err(Failing::Value(how)) => how,
                Err(Failing::Power(times)) => {
                    format!(
                        "{}: standard error {times:.2} times too large",
                        self.figures[*row].label()
                    )
                }
            };
            failed.push((*row, format!("{}: {how}", self.name)));
        }
        failed
    }

    fn stage(&self, horizon_h: f64) -> Stage {
        match &self.relaxation {
            None => Stage {
                warm_up_h: 0.0,
                horizon_h,
                drain_h: 14.0 * 24.0,
            },
            Some(relaxation) => Stage {
                warm_up_h: relaxation.warm_up_h(),
                horizon_h,
                drain_h: relaxation.drain_h(),
            },
        }
    }

    /// Estimates of the figures in these rows.
    fn run(&self, seed: u64, length: Length, rows: &[usize]) -> Run {
        let text = scenario(&self.name, &self.workload, self.stage(length.horizon_h));
        let model = model_of(&self.name, &text);
        let figures: Vec<&Expected> = rows.iter().map(|row| self.figures[*row]).collect();
        let layout = layout(&figures, &model);
        let statistics: Vec<Statistic> = figures
            .iter()
            .map(|figure| {
                statistic(figure, self.case, &layout)
                    .unwrap_or_else(|why| panic!("{}: {}: {why}", self.name, figure.label()))
            })
            .collect();
        let seen: Vec<Seen> = (0..length.replications)
            .into_par_iter()
            .with_min_len(length.replications.div_ceil(64))
            .map_init(World::new, |world, replication| {
                self.replicate(&model, &layout, &statistics, seed, replication as u32, world)
            })
            .collect();
        Run {
            tickets: seen.iter().map(|seen| seen.tickets).sum(),
            estimates: estimates(&statistics, seen),
        }
    }

    fn replicate(
        &self,
        model: &Model,
        layout: &Layout,
        statistics: &[Statistic],
        seed: u64,
        replication: u32,
        world: &mut World,
    ) -> Seen {
        let mut tally = Tally::new(layout, model);
        replicate(model, seed, replication, world, &mut tally);
        assert_eq!(
            tally.cut_off, 0,
            "{}: tickets were not followed to their end",
            self.name
        );
        let pairs = statistics.iter().map(|statistic| match statistic {
            Statistic::Ratio(pair) | Statistic::RootOfRatio(pair) => pair(&tally),
            Statistic::Quantile { .. } => (0.0, 1.0),
        });
        Seen {
            pairs: pairs.collect(),
            tickets: u64::from(world.created()),
            waits: tally.wait_samples,
            stays: tally.stay_samples,
        }
    }
}

/// The head count of `begun within t_h with 15 agents`.
fn servers_of(figure: &Expected) -> Option<u32> {
    let words: Vec<&str> = figure.slice.split(' ').collect();
    let at = words.iter().position(|word| *word == "agents")?;
    words.get(at.checked_sub(1)?)?.parse().ok()
}

/// The least head count for a service level by the program's own formula.
fn least_staff(case: &Case, figure: &Expected) -> Result<(), String> {
    let workload = case.workload();
    let rule = workload.rule.as_ref().ok_or("a head count without its rule")?;
    let WorkLaw::OfAll(work) = &workload.stations[0].service else {
        return Err(format!("{}: the formula is for one law of work", case.id));
    };
    let offered = workload.classes[0].arrivals.rate_per_h.unwrap_or(0.0) * work.mean_h();
    let class = &workload.classes[0];
    let by_formula = match class.patience.as_ref() {
        None => least_agents(rule.at_least, rule.t_h, offered, work.mean_h()),
        Some(patience) => least_agents_impatient(
            rule.at_least,
            rule.t_h,
            rule.abandon_at_most.unwrap_or(1.0),
            class.arrivals.rate_per_h.unwrap_or(0.0),
            1.0 / work.mean_h(),
            1.0 / patience.mean_h(),
        ),
    };
    let by_search = searched(case, &workload, figure)?;
    for (what, found) in [("the formula", by_formula), ("the search", by_search)] {
        if found.map(f64::from) != Some(figure.number()) {
            let label = figure.label();
            return Err(format!(
                "{}: {label} is {found:?} by {what}, not {}",
                case.id, figure.value
            ));
        }
    }
    Ok(())
}

/// The rule as targets. Where customers give up, it is of all tickets created, not of those due.
fn targets(case: &Case, rule: &StaffingRule) -> Vec<String> {
    let level = rule.at_least;
    if !case.needs.iter().any(|need| need == "abandonment") {
        return vec![format!("first response within target >= {level}")];
    }
    let abandon = rule.abandon_at_most.map(|most| format!("abandon_rate <= {most}"));
    let answered = format!("answered_within_target_share >= {level}");
    std::iter::once(answered).chain(abandon).collect()
}

/// Tickets of one replication of a search.
const SEARCH_TICKETS: f64 = 60_000.0;

/// The least head count that `escalade staff` finds and confirms, not knowing the right one (only the warm-up does).
fn searched(case: &Case, workload: &Workload, figure: &Expected) -> Result<Option<u32>, String> {
    let rule = workload.rule.as_ref().ok_or("a head count without its rule")?;
    let relaxation = Relaxation::of(&workload.with_servers(figure.number() as u32));
    let mut workload = workload.with_servers(1);
    workload.targets.push(Target {
        kind: "first_response".into(),
        duration_h: rule.t_h,
        alerts_at_share: Vec::new(),
    });
    let stage = Stage {
        warm_up_h: relaxation.warm_up_h(),
        horizon_h: SEARCH_TICKETS / relaxation.arrivals_per_h,
        drain_h: 14.0 * 24.0,
    };
    let document = Document::parse(case.id.as_str(), scenario(&case.id, &workload, stage));
    let options = StaffingOptions {
        targets: targets(case, rule),
        confidence: 0.95,
        budget: None,
        candidate: None,
        seed: Some(SEED),
        threads: None,
    };
    let found = staff(&document, &options, &()).map_err(|error| format!("{}: {error}", case.id))?;
    let plan = found.plan.as_ref().filter(|_| found.is_met());
    Ok(plan.and_then(|plan| plan.heads.first().copied()))
}

/// What is kept of a replication.
struct Seen {
    pairs: Vec<(f64, f64)>,
    tickets: u64,
    waits: Vec<Vec<u32>>,
    stays: Vec<Vec<u32>>,
}

struct Run {
    tickets: u64,
    estimates: Vec<Estimate>,
}

fn estimates(statistics: &[Statistic], mut seen: Vec<Seen>) -> Vec<Estimate> {
    let mut estimates = Vec::with_capacity(statistics.len());
    for (row, statistic) in statistics.iter().enumerate() {
        let pairs = |seen: &[Seen]| -> Vec<(f64, f64)> { seen.iter().map(|seen| seen.pairs[row]).collect() };
        estimates.push(match statistic {
            Statistic::Ratio(_) => Estimate::of_ratio(&pairs(&seen)),
            Statistic::RootOfRatio(_) => Estimate::of_ratio(&pairs(&seen)).root(),
            Statistic::Quantile { station, of_stays, q } => {
                let samples = seen.iter_mut().map(|seen| match of_stays {
                    true => &mut seen.stays[*station],
                    false => &mut seen.waits[*station],
                });
                quantile(samples, *q)
            }
        });
    }
    estimates
}

fn quantile<'a>(samples: impl Iterator<Item = &'a mut Vec<u32>>, q: f64) -> Estimate {
    let hours = |ms: Option<u32>| ms.map_or(f64::NAN, |ms| f64::from(ms) / HOUR_MS);
    let mut pooled = Vec::new();
    let mut own = Vec::new();
    for sample in samples {
        own.push(hours(quantile_of(sample, q)));
        pooled.extend_from_slice(sample);
    }
    Estimate::of_quantile(hours(quantile_of(&mut pooled, q)), &own)
}

/// How slowly a workload forgets where it started.
#[derive(Debug, Clone, Copy)]
struct Relaxation {
    arrivals_per_h: f64,
    /// Of the slowest station, hours.
    time_h: f64,
    /// Mean reopening delay, hours.
    delay_h: f64,
}

impl Relaxation {
    fn warm_up_h(self) -> f64 {
        20.0 * self.time_h + 3.0 * self.delay_h
    }

    /// Long enough for the last of millions of tickets.
    fn drain_h(self) -> f64 {
        500.0 * self.time_h + 150.0 * self.delay_h
    }

    /// `1 / (√(cμ) − √λ)²` of M/M/c, times the variability of the work, at least the mean work; a transfer out of the queue
    /// after T acts like patience: `1 / min(1/T, μ)`.
    fn of(workload: &Workload) -> Relaxation {
        let flows = flows(workload);
        let rates: Vec<f64> = workload
            .classes
            .iter()
            .filter_map(|class| class.arrivals.rate_per_h)
            .collect();
        if workload.side_by_side() {
            return Relaxation::side_by_side(workload, rates.iter().sum());
        }
        let mut slowest: f64 = 0.0;
        for (station, flow) in workload.stations.iter().zip(&flows) {
            let total: f64 = flow.iter().sum();
            let (mut mean, mut square) = (0.0, 0.0);
            for (class, flow) in workload.classes.iter().zip(flow) {
                let law = match &station.service {
                    WorkLaw::OfAll(law) => law,
                    WorkLaw::PerClass(_) => class.service.as_ref().expect("a class with its law"),
                };
                mean += law.mean_h() * flow / total;
                square += law.square_h2() * flow / total;
            }
            let variability = (square / (2.0 * mean * mean)).max(1.0);
            let transfer = workload.routing.iter().find(|road| road.from == station.name);
            let patience = workload.classes.iter().find_map(|class| class.patience.as_ref());
            let leaves = patience.map(|law| law.mean_h());
            let time = match transfer.and_then(|road| road.after_h_in_queue).or(leaves) {
                Some(after) => after.max(mean),
                None => {
                    let capacity = f64::from(station.servers.most()) / mean;
                    assert!(total < capacity, "{} is overloaded for ever", station.name);
                    (1.0 / (capacity.sqrt() - total.sqrt()).powi(2)).max(mean)
                }
            };
            slowest = slowest.max(time * variability);
        }
        let delays = workload.routing.iter().filter_map(|road| road.delay.as_ref());
        Relaxation {
            arrivals_per_h: rates.iter().sum(),
            time_h: slowest.max(0.01),
            delay_h: delays.map(|law| law.mean_h()).fold(0.0, f64::max),
        }
    }
}

impl Relaxation {
    /// Of groups who help each other: as if they were one; with waiting places at most as long as it takes to empty them all
    /// one after the other.
    fn side_by_side(workload: &Workload, arrivals_per_h: f64) -> Relaxation {
        let law = |class: &Class| match &workload.stations[0].service {
            WorkLaw::OfAll(law) => law.mean_h(),
            WorkLaw::PerClass(_) => class.service.as_ref().expect("a class with its law").mean_h(),
        };
        let rate = |class: &Class| class.arrivals.rate_per_h.unwrap_or(0.0);
        let mean = workload
            .classes
            .iter()
            .map(|class| rate(class) * law(class))
            .sum::<f64>()
            / arrivals_per_h;
        let servers: u32 = workload.stations.iter().map(|station| station.servers.most()).sum();
        let places = workload.stations.iter().map(|station| station.waiting_places);
        let time_h = match places.sum::<Option<u32>>() {
            Some(places) => mean * f64::from(1 + places),
            None => 1.0 / ((f64::from(servers) / mean).sqrt() - arrivals_per_h.sqrt()).powi(2),
        };
        Relaxation {
            arrivals_per_h,
            time_h: time_h.max(mean),
            delay_h: 0.0,
        }
    }
}

/// Tickets an hour by station and class, reopened ones too.
fn flows(workload: &Workload) -> Vec<Vec<f64>> {
    let classes = workload.classes.len();
    let mut flows = vec![vec![0.0; classes]; workload.stations.len()];
    for _ in 0..200 {
        let mut next = vec![vec![0.0; classes]; workload.stations.len()];
        for (index, class) in workload.classes.iter().enumerate() {
            if let Some(own) = next.get_mut(workload.entry(class)) {
                own[index] += class.arrivals.rate_per_h.unwrap_or(0.0);
            }
            for road in &workload.routing {
                let ends = workload.station(&road.from).zip(workload.station(&road.to));
                let share = match &road.probability {
                    Some(probability) => probability.of(&class.name),
                    // A transfer after a time: all of them, to be on the safe side.
                    None => 1.0,
                };
                if let Some((from, to)) = ends {
                    next[to][index] += flows[from][index] * share;
                }
            }
        }
        flows = next;
    }
    flows
}
