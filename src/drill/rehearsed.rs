//! What two goals change of the organisation, so that the simulated times are those of the situation that is rehearsed:
//! whoever is second in line is not there, and whoever approves is slow.
//!
//! Whoever is missing comes to no shift from half a day before the incident and answers no page, and the rota does not know it:
//! they are paged all the same, and nobody stands in. An approver who is slow answers an hour after being asked, or a quarter of an hour after the gate's limit where
//! that is an hour or two; deputies answer as ever. What the scenario does not have cannot be missing or slow: then nothing changes.

use super::archetype::length;
use super::choose::Incident;
use crate::model::{Action, AgentId, Model, PageTarget, ServiceId};
use crate::scenario::{self, Action as Written, Gate, Law, OnTimeout, Scenario, ShareBySeverity};
use crate::time::{Instant, Length};
use serde::{Deserialize, Serialize};

/// Somebody who is not there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absent {
    /// Their name, as traces have it.
    pub person: String,
    /// What they would be: `second of the policy platform`.
    pub place: String,
}

/// An approver who is slow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slow {
    /// The gate.
    pub gate: String,
    /// The role.
    pub role: String,
    /// How long it takes the role to answer, in words.
    pub reaction: String,
}

/// From when on somebody is away, before the incident.
const AWAY_BEFORE: Length = Length::from_secs(12 * 3600);
/// Shortest time in which a slow approver answers.
const SLOW: Length = Length::from_secs(3600);
/// The longest limit of a gate that a slow approver lets pass: nobody sits in a meeting for half a day.
const LIMIT_MOST: Length = Length::from_secs(2 * 3600);
/// How long after a gate's limit.
const LATE: Length = Length::from_secs(15 * 60);

/// Whoever is second in line for a service: second of each policy that its tickets may start, and its secondary owner.
pub(super) fn second_in_line(model: &Model, service: usize, at: Instant) -> Vec<(AgentId, Absent)> {
    let mut found: Vec<(AgentId, Absent)> = Vec::new();
    let mut add = |agent: AgentId, place: String| {
        if found.iter().all(|(known, _)| *known != agent) {
            let person = model.agent_name(agent);
            found.push((agent, Absent { person, place }));
        }
    };
    for rule in model
        .rules
        .rules
        .iter()
        .filter(|rule| rule.conditions.services[service])
    {
        for action in &rule.actions {
            let Action::Page(policy) = action else { continue };
            if let Some(second) = line(model, &model.on_call.policy(*policy).levels, at).get(1) {
                add(
                    *second,
                    format!("second of the policy {}", model.names.policies[policy.index()]),
                );
            }
        }
    }
    let owners = model.on_call.owners(ServiceId::new(service));
    if let Some(second) = owners.and_then(|owners| owners.secondary) {
        add(second, format!("secondary of {}", model.names.services[service]));
    }
    found
}

/// The people whom a policy's levels would page now, each once.
pub(super) fn line(model: &Model, levels: &[crate::model::Level], at: Instant) -> Vec<AgentId> {
    let mut people = Vec::new();
    for target in levels.iter().flat_map(|level| &level.targets) {
        let agent = match target {
            PageTarget::Schedule(schedule) => model.on_call.of_schedule(*schedule, at),
            PageTarget::Person(agent) => Some(*agent),
        };
        people.extend(agent.filter(|agent| !people.contains(agent)));
    }
    people
}

/// Makes people be missing around that instant.
pub(super) fn take_away(model: &mut Model, people: &[(AgentId, Absent)], at: Instant) {
    let away = (at - AWAY_BEFORE, model.window.last);
    for (agent, _) in people {
        model.on_call.silence(*agent, away);
        if let Some(person) = model.agents[agent.index()].person {
            model.people[person.index()].leave.push(away);
        }
    }
}

/// The kind of change that the incident's fix is, if a gate is to be rehearsed: of those that go through a gate, one that
/// somebody is asked at before one that a board decides on, and of these the most frequent.
pub(super) fn gated_change(scenario: &Scenario, incident: &Incident) -> Option<usize> {
    let (service, _) = scenario.services.get_index(incident.service)?;
    let (severity, _) = scenario.severities.get_index(incident.severity)?;
    let fits = |change: &scenario::ChangeKind| change.service.as_ref().is_none_or(|only| only.contains(service));
    let asked = |change: &scenario::ChangeKind| {
        let gate = change.gate.as_ref().and_then(|gate| scenario.gates.get(gate))?;
        Some(gate.meeting.is_none())
    };
    let candidates = scenario.changes.values().enumerate().filter(|(_, change)| fits(change));
    let weighed = candidates.filter_map(|(index, change)| {
        let share = share(&change.share, severity);
        (share > 0.0).then_some((index, asked(change)?, share))
    });
    // The first of equals.
    let best = weighed.reduce(|best, next| match (next.1, next.2) > (best.1, best.2) {
        true => next,
        false => best,
    });
    best.map(|(index, ..)| index)
}

fn share(share: &ShareBySeverity, severity: &str) -> f64 {
    match share {
        ShareBySeverity::All(share) => *share,
        ShareBySeverity::By(by) => by.get(severity).or(by.get("other")).copied().unwrap_or(0.0),
    }
}

/// Makes the approvers slow: of the gate that the fix waits for, or, without one, of the gates that rules open.
pub(super) fn slow_down(scenario: &mut Scenario, change: Option<usize>) -> Vec<Slow> {
    let of_change = change.and_then(|index| scenario.changes.get_index(index)?.1.gate.clone());
    let actions = scenario.rules.values().flat_map(|rule| &rule.then);
    let opened = actions.filter_map(|action| match action {
        Written::OpenGate(gate) => Some(gate.clone()),
        _ => None,
    });
    let names: Vec<String> = match of_change {
        Some(gate) => vec![gate],
        None => opened.collect(),
    };
    let mut slow: Vec<Slow> = Vec::new();
    for name in names {
        let Some(gate) = scenario.gates.get(&name).filter(|gate| gate.meeting.is_none()) else {
            continue;
        };
        let (reaction, deputy) = (
            lateness(gate),
            gate.deputy
                .clone()
                .filter(|_| gate.on_timeout == Some(OnTimeout::Deputy)),
        );
        for role in gate.approvers.clone() {
            if deputy.as_ref() == Some(&role) || slow.iter().any(|known| known.role == role) {
                continue;
            }
            if let Some(written) = scenario.roles.get_mut(&role) {
                written.reaction = Some(Law::Deterministic(reaction.to_string()));
                slow.push(Slow {
                    gate: name.clone(),
                    role,
                    reaction: reaction.to_string(),
                });
            }
        }
    }
    slow
}

fn lateness(gate: &Gate) -> Length {
    let limit = gate.timeout.as_deref().and_then(|text| length(text).ok());
    limit
        .filter(|limit| *limit <= LIMIT_MOST)
        .map_or(SLOW, |limit| SLOW.max(limit + LATE))
}
