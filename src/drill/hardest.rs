//! The hardest moment: a search over the week and the services for where this policy fails most.
//!
//! Successive halving, here by quarters: every moment × service is played a few times, the worst quarter four times as often,
//! and so on until few are left. The search has numbers of its own, so that the figures of the pack, made afterwards with
//! others, are not flattered by having been chosen. The criterion is the mean number of targets that are missed, then the
//! time without work.

use super::DrillError;
use super::bands::{Promises, share};
use super::choose::Incident;
use super::goal::Goal;
use super::met::usual;
use super::milestone::{Milestone, Spent};
use super::moment::{When, moments};
use super::offset::words;
use super::stage::{Played, Stage};
use crate::experiment::{Rehearsal, Watch};
use crate::model::Model;
use crate::scenario::{Scenario, fingerprint};
use crate::time::{Instant, Length};

/// Moments that are tried, at most.
const MOMENTS: usize = 64;
/// Services that are tried, at most: the first ones of the file.
const SERVICES: usize = 4;
/// Replications of each round.
const ROUNDS: [u32; 4] = [8, 32, 128, 512];

/// A moment and a service.
#[derive(Debug, Clone)]
struct Cell {
    at: Instant,
    service: usize,
    seen: Seen,
}

/// What one cell came to.
#[derive(Debug, Clone, Default)]
struct Seen {
    replications: usize,
    failed: usize,
    /// By milestone with a target: how often it was missed.
    missed: Vec<(Milestone, usize)>,
    spent: Spent,
    people: Vec<(String, usize)>,
}

impl Seen {
    fn mean_missed(&self) -> f64 {
        let missed: usize = self.missed.iter().map(|(_, count)| count).sum();
        missed as f64 / self.replications.max(1) as f64
    }

    fn idle(&self) -> f64 {
        self.spent.before_work + self.spent.after_handing_up + self.spent.interrupted
    }

    fn add(&mut self, other: &Seen) {
        let (n, m) = (self.replications as f64, other.replications as f64);
        let mean = |a: f64, b: f64| (a * n + b * m) / (n + m).max(1.0);
        self.spent = Spent {
            before_work: mean(self.spent.before_work, other.spent.before_work),
            after_handing_up: mean(self.spent.after_handing_up, other.spent.after_handing_up),
            interrupted: mean(self.spent.interrupted, other.spent.interrupted),
            work: mean(self.spent.work, other.spent.work),
        };
        self.replications += other.replications;
        self.failed += other.failed;
    }
}

/// The hardest moment that was found, and why.
#[derive(Debug, Clone)]
pub struct Hardest {
    /// When.
    pub at: Instant,
    /// Which service.
    pub service: usize,
    /// Why: sentences with their numbers.
    pub why: Vec<String>,
}

/// Where to search.
#[derive(Debug)]
pub struct Search<'a> {
    /// The scenario of the candidate.
    pub scenario: &'a Scenario,
    /// The same, compiled.
    pub model: &'a Model,
    /// The incident; its service is replaced.
    pub incident: &'a Incident,
    /// Services to try; empty: all.
    pub services: Vec<usize>,
    /// Kind of moment.
    pub when: When,
    /// What is rehearsed.
    pub goals: &'a [Goal],
    /// Seed.
    pub seed: u64,
    /// Threads.
    pub threads: Option<usize>,
}

/// Searches. The same search finds the same moment.
pub fn hardest(search: &Search, watch: &dyn Watch) -> Result<Hardest, DrillError> {
    let mut cells = cells(search)?;
    let tried = cells.len();
    let mut overall = Seen::default();
    for (round, replications) in ROUNDS.into_iter().enumerate() {
        for cell in &mut cells {
            cell.seen = play(search, cell, replications, watch)?;
            if round == 0 {
                overall.add(&cell.seen);
            }
        }
        // Stable: of two equals the earlier in the file and the week stays.
        cells.sort_by(|a, b| {
            let by_missed = b.seen.mean_missed().total_cmp(&a.seen.mean_missed());
            by_missed.then(b.seen.idle().total_cmp(&a.seen.idle()))
        });
        if round + 1 < ROUNDS.len() {
            cells.truncate(cells.len().div_ceil(4));
        }
    }
    let worst = cells
        .first()
        .ok_or_else(|| DrillError::Wrong("there is no moment to search".into()))?;
    Ok(Hardest {
        at: worst.at,
        service: worst.service,
        why: why(search, worst, &overall, tried),
    })
}

fn cells(search: &Search) -> Result<Vec<Cell>, DrillError> {
    let model = search.model;
    let mut found = moments(search.scenario, model, search.when);
    if search.when == When::Any {
        let week = model.window.from + Length::from_secs(7 * 86_400);
        found = found.into_iter().filter(|at| *at < week).step_by(4).collect();
        let changes = moments(search.scenario, model, When::ShiftChange);
        found.extend(changes.into_iter().filter(|at| *at < week).take(16));
        found.extend(
            moments(search.scenario, model, When::Holiday)
                .into_iter()
                .step_by(10)
                .take(4),
        );
        found.sort();
        found.dedup();
    }
    if found.is_empty() {
        let when = search.when;
        return Err(DrillError::Wrong(format!(
            "the scenario has no moment {}: {}",
            when.label(),
            when.missing()
        )));
    }
    let step = found.len().div_ceil(MOMENTS);
    let services: Vec<usize> = match search.services.is_empty() {
        true => (0..model.names.services.len()).take(SERVICES).collect(),
        false => search.services.clone(),
    };
    let cell = |at: Instant, service: usize| Cell {
        at,
        service,
        seen: Seen::default(),
    };
    let moments = found.into_iter().step_by(step);
    Ok(moments
        .flat_map(|at| services.iter().map(move |service| cell(at, *service)))
        .collect())
}

fn play(search: &Search, cell: &Cell, replications: u32, watch: &dyn Watch) -> Result<Seen, DrillError> {
    let incident = Incident {
        service: cell.service,
        after: Length::ZERO,
        ..search.incident.clone()
    };
    let stage = Stage::set(
        search.scenario,
        &search.model.origin,
        cell.at,
        std::slice::from_ref(&incident),
        search.goals,
    )?;
    let rehearsal = Rehearsal {
        seed: fingerprint(format!("search {}", search.seed).as_bytes()),
        replications,
        threads: search.threads,
    };
    let played = stage.play(rehearsal, watch)?.swap_remove(0);
    Ok(seen(&stage, &incident, &played))
}

fn seen(stage: &Stage, incident: &Incident, played: &Played) -> Seen {
    let promises = Promises::made(&stage.model, stage.at(), incident, usual(&played.met));
    let modelled = |milestone: &Milestone| played.reached.iter().any(|row| row[*milestone as usize].is_some());
    let promised: Vec<Milestone> = promises.milestones().filter(modelled).collect();
    let misses = |milestone: &Milestone| {
        let missed = played.reached.iter().filter(|row| promises.is_missed(*milestone, row));
        (*milestone, missed.count())
    };
    let fails = |row: &&super::milestone::Reached| promised.iter().any(|one| promises.is_missed(*one, row));
    let mut seen = Seen {
        failed: played.reached.iter().filter(fails).count(),
        missed: promised.iter().map(misses).collect(),
        people: people(stage),
        ..Seen::default()
    };
    for spent in &played.spent {
        seen.add(&Seen {
            replications: 1,
            spent: *spent,
            ..Seen::default()
        });
    }
    seen
}

/// How many people each team has on duty, absences not counted.
fn people(stage: &Stage) -> Vec<(String, usize)> {
    let model = &stage.model;
    let on_duty = |team: usize| {
        let crews = model.crews.iter().filter(|crew| crew.team.index() == team);
        let there = crews.filter(|crew| {
            crew.always
                || crew
                    .shifts
                    .iter()
                    .any(|(from, until)| *from <= stage.at() && stage.at() < *until)
        });
        there.map(|crew| crew.agents.len()).sum()
    };
    model
        .names
        .teams
        .iter()
        .enumerate()
        .map(|(team, name)| (name.clone(), on_duty(team)))
        .collect()
}

fn why(search: &Search, worst: &Cell, overall: &Seen, tried: usize) -> Vec<String> {
    let (seen, names) = (&worst.seen, &search.model.names);
    let mut why = vec![format!(
        "Of {tried} combinations of a moment and a service that were searched, this one fails most: {} on {} misses at least one \
         target in {} of the replications. Over all combinations it is {}.",
        names.services[worst.service],
        search.model.origin.iso(worst.at),
        percent(seen.failed, seen.replications),
        percent(overall.failed, overall.replications),
    )];
    for (milestone, count) in &seen.missed {
        why.push(format!(
            "Target missed, {}: {}.",
            milestone.label(),
            percent(*count, seen.replications)
        ));
    }
    let parts = [
        (
            "before anybody works on it",
            seen.spent.before_work,
            overall.spent.before_work,
        ),
        (
            "waiting after it was handed up",
            seen.spent.after_handing_up,
            overall.spent.after_handing_up,
        ),
        (
            "interrupted, or left at the end of a shift",
            seen.spent.interrupted,
            overall.spent.interrupted,
        ),
        ("in work", seen.spent.work, overall.spent.work),
    ];
    if let Some((what, here, elsewhere)) = parts.into_iter().max_by(|a, b| (a.1 - a.2).total_cmp(&(b.1 - b.2))) {
        why.push(format!(
            "The largest difference is the time {what}: {} here on average (n {}), {} over all (n {}).",
            words(here),
            seen.replications,
            words(elsewhere),
            overall.replications
        ));
    }
    let people = seen.people.iter().map(|(team, people)| format!("{team} {people}"));
    why.push(format!(
        "On duty at that moment: {}.",
        people.collect::<Vec<_>>().join(", ")
    ));
    why
}

fn percent(hits: usize, n: usize) -> String {
    let share = share(hits, n);
    let part = |value: Option<f64>| value.unwrap_or(0.0) * 100.0;
    format!(
        "{:.0} % ({:.0} to {:.0} %, n {n})",
        part(share.value),
        part(share.low),
        part(share.high)
    )
}

#[cfg(test)]
mod tests {
    use super::super::archetype::library;
    use super::*;
    use crate::model::compile;
    use crate::scenario::{Document, Problems, starter};

    /// Experts only by day: whatever needs one at night waits for the morning.
    #[test]
    fn the_hardest_moment_is_where_nobody_is() {
        let shifts =
            "[teams.experts]\ntier = \"L2\"\nshifts.day = { headcount = 3, hours = { \"Mon-Sun\" = \"08:00-20:00\" } }";
        let text = starter("desk").replace("[teams.experts]\ntier = \"L2\"\nheadcount = 3", shifts);
        let document = Document::parse(
            "desk.toml",
            text.replace(
                "set.teams.experts.headcount = 4",
                "set.teams.desk.max_overtime = \"1h\"",
            ),
        );
        let scenario = document.base().expect("sound");
        let model = compile(scenario, &mut Problems::new()).expect("sound");
        let archetype = library()
            .into_iter()
            .find(|one| one.id == "database-failover")
            .expect("there");
        let incident = Incident {
            archetype,
            service: 0,
            other: None,
            severity: 0,
            reported: 2,
            after: Length::ZERO,
        };
        let search = Search {
            scenario,
            model: &model,
            incident: &incident,
            services: vec![0],
            when: When::Any,
            goals: &[],
            seed: 7,
            threads: Some(2),
        };
        let found = hardest(&search, &()).expect("found");
        let hour = model.origin.local(found.at).hour;
        assert!(!(7..17).contains(&hour), "{}", found.why.join("\n"));
        assert!(found.why[0].contains("100 %"), "{}", found.why.join("\n"));
        assert!(
            found
                .why
                .iter()
                .any(|line| line.contains("waiting after it was handed up")),
            "{}",
            found.why.join("\n")
        );
        let again = hardest(
            &Search {
                threads: Some(1),
                ..search
            },
            &(),
        )
        .expect("found");
        assert_eq!((found.at, found.why), (again.at, again.why));
    }
}
