//! Paging, command, gates and updates: which number of the scenario each of these times hangs on.
//!
//! An acknowledgement hangs on what the person who was paged was doing, or on the habits of their schedule; the naming of a
//! commander and a decision on the reaction of the role; an update on the work of writing it. What the drill itself made
//! different from the scenario says nothing about the scenario, and is left out.

use super::make::compiled;
use super::observed::Observed;
use super::pack::Opened;
use super::propose::{Proposal, between, factor, key, law};
use crate::model::defaults;
use crate::scenario::{Duty, Law, Scenario};
use crate::time::Written;

/// What is proposed of these.
pub(super) fn of_process(opened: &Opened, observed: &Observed, scenario: &Scenario) -> Vec<Proposal> {
    let all = [
        acknowledgement(opened, observed, scenario),
        command(opened, observed, scenario),
        decision(opened, observed, scenario),
        update(opened, observed, scenario),
    ];
    all.into_iter().flatten().collect()
}

/// A proposal for a law of the scenario.
fn scaled_law(what: String, path: String, old: &Law, (median_s, observed_s): (f64, Vec<f64>)) -> Option<Proposal> {
    let factor = factor(&observed_s, median_s);
    Some(Proposal {
        what,
        path,
        median_s,
        observed_s,
        factor,
        value: Some(law(old, factor)?),
        old: law(old, 1.0)?,
    })
}

/// From the page to the acknowledgement.
fn acknowledgement(opened: &Opened, observed: &Observed, scenario: &Scenario) -> Option<Proposal> {
    let times = between(opened, observed, "paged", "acknowledged")?;
    let met = &opened.drill.met;
    let doing = met.doing.as_deref()?;
    let schedule = met
        .schedule
        .as_ref()
        .and_then(|name| scenario.schedules.get_key_value(name));
    let own = schedule.and_then(|(name, schedule)| Some((name, schedule.acknowledges.as_ref()?.delay.as_ref()?)));
    if let Some((name, delay)) = own {
        let what = format!("time until somebody on call by {name} acknowledges");
        return scaled_law(
            what,
            format!("schedules.{}.acknowledges.delay", key(name)),
            delay,
            times,
        );
    }
    let by = &scenario.on_call.acknowledges;
    let states = [
        ("free", &by.free),
        ("busy", &by.busy),
        ("awake", &by.awake),
        ("asleep", &by.asleep),
        ("paged", &by.paged),
    ];
    let place = states.iter().position(|(state, _)| *state == doing)?;
    let (median, sigma, _) = defaults::ANSWERS[place];
    let usual = Law::Lognormal {
        median: median.to_string(),
        sigma,
    };
    let written = states[place].1.as_ref().and_then(|habit| habit.delay.as_ref());
    let what = format!("time until somebody who is {} acknowledges", said(doing));
    let path = format!("on_call.acknowledges.{doing}.delay");
    scaled_law(what, path, written.unwrap_or(&usual), times)
}

/// What somebody is doing, in words.
pub(super) fn said(doing: &str) -> &str {
    match doing {
        "free" => "on duty and free",
        "busy" => "on duty and at work",
        "awake" => "off duty and awake",
        "asleep" => "off duty and asleep",
        "paged" => "at work on another page",
        other => other,
    }
}

/// From the declaration to the commander.
fn command(opened: &Opened, observed: &Observed, scenario: &Scenario) -> Option<Proposal> {
    let times = between(opened, observed, "declared", "commander_named")?;
    let (name, role) = scenario
        .roles
        .iter()
        .find(|(_, role)| role.duty == Some(Duty::Commander))?;
    let what = format!("time until {name} has been reached");
    scaled_law(
        what,
        format!("roles.{}.reaction", key(name)),
        role.reaction.as_ref()?,
        times,
    )
}

/// From the request to the decision: the reaction of the first approver who has one, else the work of deciding. Where the
/// simulated decision is that of the limit, no reaction is seen.
fn decision(opened: &Opened, observed: &Observed, scenario: &Scenario) -> Option<Proposal> {
    let name = opened.drill.met.gate.as_ref()?;
    if opened.drill.slow.iter().any(|slow| slow.gate == *name) {
        return None;
    }
    let times = between(opened, observed, "gate_requested", "gate_decided")?;
    let gate = scenario.gates.get(name)?;
    let limit = gate
        .timeout
        .as_deref()
        .and_then(|text| text.parse::<Written>().ok()?.elapsed());
    if gate.meeting.is_some() || limit.is_some_and(|limit| times.0 >= limit.secs_f64() - 1.0) {
        return None;
    }
    let reaction = gate
        .approvers
        .iter()
        .find_map(|role| Some((role, scenario.roles.get(role)?.reaction.as_ref()?)));
    match (reaction, &gate.decision_work) {
        (Some((role, reaction)), _) => {
            let what = format!("time until {role} has been reached for a decision");
            scaled_law(what, format!("roles.{}.reaction", key(role)), reaction, times)
        }
        (None, Some(work)) => {
            let path = format!("gates.{}.decision_work", key(name));
            scaled_law(format!("work of deciding at the gate {name}"), path, work, times)
        }
        (None, None) => None,
    }
}

/// From when an update's work is due to begin to its being sent: the cadence itself is no work.
fn update(opened: &Opened, observed: &Observed, scenario: &Scenario) -> Option<Proposal> {
    let plan = scenario.communications.as_ref()?;
    let (median, seen) = between(opened, observed, "responded", "first_update")?;
    let cadence = opened.drill.band("first_update")?.limit?.within_s;
    let lead = compiled(scenario).ok()?.process.communications?.lead_time.secs_f64();
    let begins = cadence - lead.min(cadence / 2.0);
    let seen: Vec<f64> = seen
        .into_iter()
        .map(|at| at - begins)
        .filter(|work| *work > 0.0)
        .collect();
    let median = median - begins;
    if seen.is_empty() || median <= 0.0 {
        return None;
    }
    scaled_law(
        "work of an update, from when it is due to begin".into(),
        "communications.update_work".into(),
        &plan.update_work,
        (median, seen),
    )
}
