//! Does the verdict hold if the inputs are wrong? Every candidate against the base once more, in other worlds.
//!
//! Two questions. *Stresses*: more arrivals, longer work, an outage, people ill, and what the scenario writes under `[stress]`:
//! each on the same seeds as the plain comparison, with the verdict beside the plain one. *Inputs*: laws and rates that are
//! estimates are redrawn many times ([`DRAWS`]), each draw played on replications of its own; the spread of the differences
//! holds both errors, and the share of it that more replications cannot remove is said (Barton, Nelson & Xie 2014).

mod ill;
mod inputs;
mod outage;
mod stress;

use super::compare;
use super::estimate::{self, Estimates};
use super::play::{Played, Player};
use super::sweep::PointProblem;
use super::sweep::plan::{compiled, problem_list};
use super::tables::{ComparisonRow, Results};
use super::{Candidate, CandidateInfo, Indifference, RunError, RunOptions, Watch};
use crate::measure::metrics::{Better, METRICS};
use crate::model::{compile, defaults};
use crate::scenario::{BASE, Document, Problems, Setting};
use crate::stats::mean::Moments;
use crate::stats::verdict::Verdict;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use stress::Stress;

/// How many times the inputs are redrawn: of 40 values the least and the greatest enclose 39/41 = 95 % of what a further one
/// would be.
pub const DRAWS: u32 = 40;
/// Replications of one draw.
const REPLICATIONS_A_DRAW: u32 = 4;
/// The name of the redrawn inputs among the stresses.
pub const INPUTS: &str = "inputs redrawn";
/// The name of the scenario as it is among the stresses.
pub const NONE: &str = "none";

/// Metrics that a verdict is about.
const METRICS_ASKED: [&str; 4] = [
    "breach_rate_first_response",
    "breach_rate_resolve",
    "first_response_p90_s",
    "time_to_resolve_p90_s",
];

/// Whether a verdict holds in another world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// The plain comparison itself.
    Plain,
    /// Certain in both, the same way.
    Holds,
    /// Certain in both, the other way round.
    Reverses,
    /// Certain before, not here.
    Fades,
    /// Not certain before, certain here.
    Appears,
    /// Certain in neither.
    Open,
}

impl Holds {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Holds::Plain => "as it is",
            Holds::Holds => "holds",
            Holds::Reverses => "reverses",
            Holds::Fades => "is no longer certain",
            Holds::Appears => "becomes certain",
            Holds::Open => "no certain difference either",
        }
    }

    /// From the verdicts, plain and here.
    fn of(plain: Option<Verdict>, here: Option<Verdict>) -> Holds {
        let none = |verdict| matches!(verdict, Some(Verdict::Identical | Verdict::NoDifferenceThatMatters));
        let certain = |verdict: Option<Verdict>| verdict.filter(|verdict| verdict.is_certain());
        match (certain(plain), certain(here)) {
            (None, None) if none(plain) && none(here) => Holds::Holds,
            (None, None) => Holds::Open,
            (None, Some(_)) => Holds::Appears,
            (Some(_), None) => Holds::Fades,
            (Some(plain), Some(here)) if plain == here => Holds::Holds,
            (Some(_), Some(_)) => Holds::Reverses,
        }
    }
}

/// One line of `robustness`: stress × candidate × metric × slice.
#[derive(Debug, Clone, PartialEq)]
pub struct RobustnessRow {
    /// Name of the stress.
    pub stress: String,
    /// The comparison in that world. For redrawn inputs: mean of the draws, and the interval that holds input error too.
    pub comparison: ComparisonRow,
    /// Whether the plain verdict holds.
    pub holds: Holds,
    /// Share of the error of the plain difference that comes from the inputs; `None` for stresses.
    pub input_share: Option<f64>,
    /// Redrawn inputs behind it; `None` for stresses.
    pub draws: Option<u32>,
}

/// A world, and what happens in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct World {
    /// Its name.
    pub name: String,
    /// What happens, in a few words.
    pub about: String,
}

/// All that was found out.
#[derive(Debug, Clone)]
pub struct RobustnessResults {
    /// The plain run: candidates, estimates and comparison.
    pub run: Results,
    /// The worlds, in the order of the rows; the scenario as it is first.
    pub worlds: Vec<World>,
    /// Rows of `robustness`.
    pub rows: Vec<RobustnessRow>,
    /// Tickets created in all worlds.
    pub tickets_simulated: u64,
}

/// Why there are no results.
#[derive(Debug)]
pub enum RobustnessError {
    /// As of any run.
    Run(RunError),
    /// With one candidate there is nothing to compare.
    NothingToCompare,
    /// A world cannot be played: which, and what is wrong with it.
    World(String, Vec<PointProblem>),
}

impl fmt::Display for RobustnessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RobustnessError::Run(error) => error.fmt(f),
            RobustnessError::NothingToCompare => f.write_str(
                "there is nothing to compare: robustness is of the difference between candidates and the base",
            ),
            RobustnessError::World(name, _) => write!(f, "{name} cannot be played"),
        }
    }
}

impl std::error::Error for RobustnessError {}

impl From<RunError> for RobustnessError {
    fn from(error: RunError) -> RobustnessError {
        RobustnessError::Run(error)
    }
}

/// One world's models of all candidates.
struct Staged {
    world: World,
    candidates: Vec<Candidate>,
}

/// Compares the candidates in every world. `options.tickets` and `events` are not looked at.
pub fn robustness(
    document: &Document,
    options: &RunOptions,
    watch: &dyn Watch,
) -> Result<RobustnessResults, RobustnessError> {
    let plain = super::compile_candidates(document, options)?;
    let Some(base) = document.base() else {
        return Err(RunError::Problems(document.problems().clone()).into());
    };
    if plain.len() < 2 || plain[0].info.name != BASE {
        return Err(RobustnessError::NothingToCompare);
    }
    let names: Vec<CandidateInfo> = plain.iter().map(|one| one.info.clone()).collect();
    let model = compile(base, &mut Problems::new());
    let stresses = model.map(|model| stress::all(base, &model)).unwrap_or_default();
    let staged: Vec<Staged> = stresses
        .iter()
        .map(|stress| stage(document, &names, stress))
        .collect::<Result<_, _>>()?;
    let seed = options.seed.or(base.run.seed).unwrap_or(defaults::SEED);
    let replications = options
        .replications
        .or(base.run.replications)
        .unwrap_or(defaults::REPLICATIONS)
        .max(1);
    let redrawn = inputs::what(document, base);
    let draws = if redrawn.is_empty() { 0 } else { DRAWS };
    let all = u64::from(replications) * staged.len() as u64 + u64::from(draws * REPLICATIONS_A_DRAW);
    watch.planned(all);
    let field = Field {
        document,
        names,
        seed,
        replications,
        threads: options.threads,
        indifference: options.indifference,
        watch: &Whole {
            watch,
            asked: AtomicBool::new(false),
        },
    };
    let mut results = field.stresses(staged)?;
    if draws > 0 {
        field.inputs(&mut results, draws, &redrawn.join("; "))?;
    }
    Ok(results)
}

/// The watcher of the whole, to whom each world is a part.
struct Whole<'a> {
    watch: &'a dyn Watch,
    asked: AtomicBool,
}

impl Watch for Whole<'_> {
    fn played(&self, candidates: u64) {
        self.watch.played(candidates);
    }

    fn interrupted(&self) -> bool {
        // Once asked, every later world stops too.
        let asked = self.watch.interrupted() || self.asked.load(Ordering::Relaxed);
        self.asked.store(asked, Ordering::Relaxed);
        asked
    }
}

fn stage(document: &Document, names: &[CandidateInfo], stress: &Stress) -> Result<Staged, RobustnessError> {
    let of = |info: &CandidateInfo| {
        let settings = stress.settings(document, &info.name);
        candidate(document, info, &settings)
            .map_err(|problems| RobustnessError::World(stress.with(&info.name), problems))
    };
    Ok(Staged {
        world: World {
            name: stress.name.clone(),
            about: stress.about.clone(),
        },
        candidates: names.iter().map(of).collect::<Result<_, _>>()?,
    })
}

/// A candidate with settings over it, compiled.
fn candidate(document: &Document, info: &CandidateInfo, settings: &[Setting]) -> Result<Candidate, Vec<PointProblem>> {
    let (found, problems) = compiled(document, &info.name, settings);
    found
        .map(|(scenario, model)| Candidate::of(info.clone(), &scenario, model))
        .ok_or_else(|| {
            let mut problems = problem_list(0, settings, &problems);
            problems.retain(|problem| !problem.warning);
            problems
        })
}

struct Field<'a> {
    document: &'a Document,
    names: Vec<CandidateInfo>,
    seed: u64,
    replications: u32,
    threads: Option<usize>,
    indifference: Indifference,
    watch: &'a dyn Watch,
}

impl Field<'_> {
    fn play(&self, candidates: &[Candidate], seed: u64, replications: u32) -> Result<Played, RunError> {
        let mut player = Player::new(candidates, seed, self.threads, self.watch)?;
        player.play_to(replications)?;
        Ok(player.played)
    }

    /// Plays every stress on the same seeds.
    fn stresses(&self, staged: Vec<Staged>) -> Result<RobustnessResults, RobustnessError> {
        let mut results: Option<RobustnessResults> = None;
        for Staged { world, candidates } in staged {
            let mut played = self.play(&candidates, self.seed, self.replications)?;
            let estimates = estimate::of_all(&candidates, &mut played);
            let mut comparison = compare::comparison(&played, &estimates, self.indifference);
            comparison.retain(|row| row.against == 0);
            let created = created(&played);
            let results = results.get_or_insert_with(|| {
                let mut run = estimate::results(&candidates, &played, &estimates, self.seed, self.replications);
                run.comparison = comparison.clone();
                run.warnings = super::warn::warnings(&candidates, &played, &estimates, &run);
                RobustnessResults {
                    run,
                    worlds: Vec::new(),
                    rows: Vec::new(),
                    tickets_simulated: 0,
                }
            });
            results.tickets_simulated += created;
            let asked = comparison.into_iter().filter(is_asked);
            let rows: Vec<RobustnessRow> = asked
                .map(|row| RobustnessRow {
                    holds: results.holds(&row),
                    stress: world.name.clone(),
                    comparison: row,
                    input_share: None,
                    draws: None,
                })
                .collect();
            results.rows.extend(rows);
            if results.worlds.is_empty() {
                results.run.replication_rows = estimate::replication_rows(estimates);
            }
            results.worlds.push(world);
        }
        results.ok_or(RobustnessError::NothingToCompare)
    }

    /// Redraws the inputs, and plays each draw on replications of its own.
    fn inputs(&self, results: &mut RobustnessResults, draws: u32, about: &str) -> Result<(), RobustnessError> {
        let plain: Vec<ComparisonRow> = results
            .run
            .comparison
            .iter()
            .filter(|row| is_asked(row))
            .cloned()
            .collect();
        let mut found: Vec<Draws> = plain.iter().map(|_| Draws::default()).collect();
        for draw in 0..draws {
            let of = |info: &CandidateInfo| {
                let settings = inputs::redrawn(self.document, &info.name, self.seed, draw);
                let called = || format!("draw {draw} of the inputs with candidate `{}`", info.name);
                candidate(self.document, info, &settings).map_err(|problems| RobustnessError::World(called(), problems))
            };
            let candidates: Vec<Candidate> = self.names.iter().map(of).collect::<Result<_, _>>()?;
            // Another seed is other tickets: the draws are independent of each other and of the plain run.
            let seed = self.seed.wrapping_add(1 + u64::from(draw));
            let mut played = self.play(&candidates, seed, REPLICATIONS_A_DRAW)?;
            let estimates = estimate::of_all(&candidates, &mut played);
            results.tickets_simulated += created(&played);
            for (row, found) in plain.iter().zip(&mut found) {
                found.add(difference(&estimates, row));
            }
        }
        for (row, found) in plain.into_iter().zip(found) {
            if let Some(row) = found.row(row, results, self.replications) {
                results.rows.push(row);
            }
        }
        results.worlds.push(World {
            name: INPUTS.to_owned(),
            about: about.to_owned(),
        });
        Ok(())
    }
}

fn created(played: &Played) -> u64 {
    played.replications.iter().flatten().map(|one| one.created).sum()
}

/// The rows that a verdict is about: a few metrics, in the whole and by severity, and costs.
fn is_asked(row: &ComparisonRow) -> bool {
    let breach = row.metric.starts_with("breach_rate") && matches!(row.by, "severity" | "true_severity");
    let asked = METRICS_ASKED.contains(&row.metric) || row.metric == "cost" || row.metric.starts_with("cost_");
    asked && (row.by == "all" || breach)
}

impl RobustnessResults {
    /// The plain comparison of the same candidate, metric and slice.
    pub fn plain(&self, row: &ComparisonRow) -> Option<&ComparisonRow> {
        self.run.comparison.iter().find(|plain| {
            (plain.candidate, plain.metric, plain.by) == (row.candidate, row.metric, row.by) && plain.group == row.group
        })
    }

    fn holds(&self, row: &ComparisonRow) -> Holds {
        match self.worlds.is_empty() {
            true => Holds::Plain,
            false => Holds::of(self.plain(row).and_then(|plain| plain.told), row.told),
        }
    }
}

/// The difference of a row in one draw: a value a replication.
fn difference(estimates: &[Estimates], row: &ComparisonRow) -> Option<Vec<f64>> {
    let values = |candidate: usize| {
        let of = &estimates[candidate];
        let same = |one: &crate::measure::Row| {
            METRICS[one.metric].name == row.metric && one.by == row.by && one.group == row.group
        };
        let number = of.layout.rows.iter().position(same)?;
        let values = of.pseudo_values(number);
        (!values.is_empty()).then_some(values)
    };
    let (this, base) = (values(row.candidate)?, values(row.against)?);
    Some(this.iter().zip(&base).map(|(this, base)| this - base).collect())
}

/// What the draws say of one row.
#[derive(Debug, Default)]
struct Draws {
    means: Vec<f64>,
    within: Moments,
}

impl Draws {
    fn add(&mut self, difference: Option<Vec<f64>>) {
        if let Some(values) = difference {
            let moments: Moments = values.iter().collect();
            self.means.extend(moments.mean());
            moments
                .variance()
                .into_iter()
                .for_each(|variance| self.within.add(variance));
        }
    }

    /// The mean of the draws, between the least and the greatest; none if a draw saw nothing.
    fn row(mut self, plain: ComparisonRow, results: &RobustnessResults, replications: u32) -> Option<RobustnessRow> {
        if self.means.len() < DRAWS as usize {
            return None;
        }
        let between: Moments = self.means.iter().collect();
        let (mean, spread, within) = (between.mean()?, between.variance()?, self.within.mean().unwrap_or(0.0));
        let of_inputs = (spread - within / f64::from(REPLICATIONS_A_DRAW)).max(0.0);
        let of_run = within / f64::from(replications);
        self.means.sort_by(f64::total_cmp);
        let (low, high) = (*self.means.first()?, *self.means.last()?);
        let told = if high < 0.0 {
            Verdict::Lower
        } else if low > 0.0 {
            Verdict::Higher
        } else if low == 0.0 && high == 0.0 {
            Verdict::Identical
        } else {
            Verdict::CannotTellYet
        };
        let metric = METRICS.iter().find(|metric| metric.name == plain.metric);
        let better = metric.map_or(Better::Neither, |metric| metric.better);
        let holds = Holds::of(results.plain(&plain).and_then(|plain| plain.told), Some(told));
        Some(RobustnessRow {
            stress: INPUTS.to_owned(),
            holds,
            input_share: (of_inputs + of_run > 0.0).then(|| of_inputs / (of_inputs + of_run)),
            draws: Some(DRAWS),
            comparison: ComparisonRow {
                difference: Some(mean),
                low: Some(low),
                high: Some(high),
                p_adjusted: None,
                verdict: compare::in_words(told, better),
                told: Some(told),
                variance_reduction: None,
                replications_to_tell: None,
                replications: DRAWS * REPLICATIONS_A_DRAW,
                ..plain
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_holds_fades_or_reverses() {
        use Verdict::{CannotTellYet, Higher, Identical, Lower, NoDifferenceThatMatters};
        for (plain, here, expected) in [
            (Lower, Lower, Holds::Holds),
            (Lower, Higher, Holds::Reverses),
            (Higher, CannotTellYet, Holds::Fades),
            (CannotTellYet, Higher, Holds::Appears),
            (CannotTellYet, NoDifferenceThatMatters, Holds::Open),
            (NoDifferenceThatMatters, Identical, Holds::Holds),
        ] {
            assert_eq!(Holds::of(Some(plain), Some(here)), expected, "{plain}, {here}");
        }
    }

    #[test]
    fn the_share_of_the_inputs_is_what_is_left_of_the_spread_between_draws() {
        // Within a draw the variance of a replication is 2, so its mean of four has 0.5; between draws there is 4 more.
        let mut draws = Draws::default();
        for draw in 0..DRAWS {
            let at = if draw % 2 == 0 { 2.0 } else { -2.0 };
            let half = (1.5_f64).sqrt();
            draws.add(Some(vec![at - half, at + half, at - half, at + half]));
        }
        let within = draws.within.mean().unwrap();
        assert!((within - 2.0).abs() < 1e-12);
        let spread = draws.means.iter().collect::<Moments>().variance().unwrap();
        let expected = (spread - 0.5) / (spread - 0.5 + 2.0 / 20.0);
        let plain = ComparisonRow {
            candidate: 1,
            against: 0,
            metric: "breach_rate_resolve",
            by: "all",
            group: String::new(),
            difference: Some(1.0),
            low: Some(0.5),
            high: Some(1.5),
            p_adjusted: Some(0.001),
            verdict: String::new(),
            told: Some(Verdict::Higher),
            n: 10,
            replications: 20,
            variance_reduction: None,
            replications_to_tell: None,
        };
        let results = RobustnessResults {
            run: Results {
                candidates: Vec::new(),
                severities: Vec::new(),
                tiers: Vec::new(),
                currency: None,
                replications: 20,
                seed: 1,
                tickets_simulated: 0,
                summary: Vec::new(),
                comparison: vec![plain.clone()],
                replication_rows: Default::default(),
                timeline: Vec::new(),
                tickets: Vec::new(),
                events: Vec::new(),
                warnings: Vec::new(),
                precision: None,
                selection: None,
            },
            worlds: Vec::new(),
            rows: Vec::new(),
            tickets_simulated: 0,
        };
        let row = draws.row(plain, &results, 20).expect("every draw saw something");
        assert!((row.input_share.unwrap() - expected).abs() < 1e-12);
        assert_eq!((row.comparison.low, row.comparison.high), (Some(-2.0), Some(2.0)));
        assert_eq!(
            (row.holds, row.comparison.verdict.as_str()),
            (Holds::Fades, "cannot tell yet")
        );
    }
}
