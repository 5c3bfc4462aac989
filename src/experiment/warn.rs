//! What a reader of the results must know.

use super::Candidate;
use super::tables::Results;
use crate::model::Load;

/// Censored clocks beyond this share make breach rates look better than they are.
const CENSORED_MAX: f64 = 0.01;
/// Fewer replications than this give unreliable intervals.
const REPLICATIONS_FEW: u32 = 10;

pub(super) fn warnings(candidates: &[Candidate], results: &Results) -> Vec<String> {
    let mut warnings = Vec::new();
    if results.replications < REPLICATIONS_FEW {
        warnings.push(format!(
            "few replications ({}): intervals need at least {REPLICATIONS_FEW} to be worth much",
            results.replications
        ));
    }
    for (index, candidate) in candidates.iter().enumerate() {
        let name = &candidate.info.name;
        for metric in ["censored_share_first_response", "censored_share_resolve"] {
            let share = results
                .find(index, metric, "all", "")
                .and_then(|row| row.estimate)
                .unwrap_or(0.0);
            if share > CENSORED_MAX {
                let clock = metric.trim_start_matches("censored_share_").replace('_', " ");
                warnings.push(format!(
                    "{name}: {:.1} % of the {clock} clocks were undecided at the end of the run; breach rates look better \
                     than they are (a longer `run.drain` decides more)",
                    share * 100.0
                ));
            }
        }
        warnings.extend(storms(results, index, candidate));
        warnings.extend(overloads(candidate));
        warnings.extend(backlog_grows(results, index, name));
    }
    warnings
}

/// Rules that set each other off without end.
fn storms(results: &Results, index: usize, candidate: &Candidate) -> Option<String> {
    let rules = candidate.model.names.rules.iter();
    let cut: Vec<&str> = rules
        .filter(|rule| {
            let row = results.find(index, "rule_storms_per_1000", "rule", rule);
            row.and_then(|row| row.estimate).is_some_and(|rate| rate > 0.0)
        })
        .map(String::as_str)
        .collect();
    let name = &candidate.info.name;
    (!cut.is_empty()).then(|| {
        format!(
            "{name}: rules set each other off at one instant, more than 16 in a row, and were cut before {}; give them \
             conditions, `max` or `cooldown`",
            cut.join(", ")
        )
    })
}

/// Teams that are brought at least as much work as their people have time for.
fn overloads(candidate: &Candidate) -> Vec<String> {
    let (name, load) = (&candidate.info.name, Load::of(&candidate.model));
    let teams = candidate.model.names.teams.iter().zip(&load.teams);
    let overloaded = teams.filter(|(_, team)| team.is_overloaded());
    overloaded
        .map(|(team, load)| match load.ratio() {
            None => format!("team {team} of {name}: work comes to it and nobody is ever on duty"),
            Some(ratio) => format!(
                "team {team} of {name}: offered load {:.0} % of capacity; its backlog grows by {:.1} tickets a day, and every \
                 longer run will look worse",
                ratio * 100.0,
                load.growth_tickets_a_day()
            ),
        })
        .collect()
}

/// Backlog at the end of the window well above that at its start.
fn backlog_grows(results: &Results, index: usize, name: &str) -> Option<String> {
    let hours: Vec<f64> = results
        .timeline
        .iter()
        .filter(|row| row.candidate == index && row.team.is_empty())
        .map(|row| row.backlog)
        .collect();
    let week = 168.min(hours.len() / 3);
    if week == 0 {
        return None;
    }
    let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
    let (first, middle, last) = (
        mean(&hours[..week]),
        mean(&hours[hours.len() / 2 - week / 2..][..week]),
        mean(&hours[hours.len() - week..]),
    );
    let grows = last > middle * 1.25 && middle > first * 1.25 && last > first + 10.0;
    grows.then(|| {
        format!(
            "{name}: the backlog keeps growing (from {first:.0} to {last:.0} open tickets): more work arrives than the \
             teams can do, and every longer run will look worse"
        )
    })
}
