//! Who is there when the story begins: crews on duty, people on call, and whoever holds a role.
//!
//! All of it by the rota as it is written. Somebody whose absence is rehearsed is still named: that they do not answer is what
//! players find out.

use super::choose::Incident;
use super::exercise::{Duty, HeldRole, OnCallDuty};
use super::role::Role;
use super::stage::Stage;
use crate::model::{Action, CalendarId, CustomerTierId, Holder, Model, OnTimeout, RoleId, ServiceId, SeverityId};
use crate::time::Instant;

/// Hours and minutes on the run's clocks.
pub(super) fn clock(model: &Model, at: Instant) -> String {
    let local = model.origin.local(at);
    format!("{:02}:{:02}", local.hour, local.minute)
}

/// Crews that are on duty at the first symptom, absences not counted.
pub(super) fn duty(stage: &Stage) -> Vec<Duty> {
    let (model, at) = (&stage.model, stage.at());
    let mut found = Vec::new();
    for crew in &model.crews {
        let shift = crew.shifts.iter().find(|(from, until)| *from <= at && at < *until);
        if (shift.is_none() && !crew.always) || crew.agents.is_empty() {
            continue;
        }
        let team = crew.team.index();
        found.push(Duty {
            team: model.names.teams[team].clone(),
            shift: crew.name.clone().unwrap_or_default(),
            tier: model.names.tiers[model.teams[team].tier.index()].clone(),
            people: crew.agents.len(),
            until: shift.map_or(String::new(), |(_, until)| clock(model, *until)),
        });
    }
    found
}

/// The team that an incident's tickets come to: that of the first route that matches at its first symptom, else that of the
/// tier at which its service starts.
pub(super) fn first_team(stage: &Stage, incident: &Incident) -> String {
    let (model, at) = (&stage.model, stage.at() + incident.after);
    let service = ServiceId::new(incident.service);
    let severity = SeverityId::new(incident.reported);
    let is_open = |calendar: CalendarId| model.calendars[calendar.index()].is_open(at);
    let team = model.entry(severity, service, CustomerTierId::new(0), is_open);
    model.names.teams[team.index()].clone()
}

/// People on call at the first symptom, by schedule.
pub(super) fn on_call(stage: &Stage) -> Vec<OnCallDuty> {
    let named = stage.model.names.schedules.iter().zip(&stage.on_call);
    let duty = named.filter_map(|(schedule, (person, team))| {
        Some(OnCallDuty {
            schedule: schedule.clone(),
            person: person.clone()?,
            team: team.clone(),
        })
    });
    duty.collect()
}

/// Whoever holds the scenario's roles, as far as they are roles of an exercise: its commander and scribe, whoever writes
/// updates, and those who are asked at gates or told of escalations.
pub(super) fn holders(stage: &Stage) -> Vec<HeldRole> {
    let process = &stage.model.process;
    let writer = process.communications.as_ref().and_then(|plan| plan.by);
    let mut held: Vec<(Role, RoleId)> = Vec::new();
    held.extend(process.commander.map(|role| (Role::IncidentCommander, role)));
    held.extend(writer.map(|role| (Role::CommunicationsLead, role)));
    held.extend(process.scribe.map(|role| (Role::Scribe, role)));
    for role in authorities(&stage.model) {
        if held.iter().all(|(_, known)| *known != role) {
            held.push((Role::Executive, role));
        }
    }
    held.into_iter()
        .map(|(role, id)| HeldRole {
            role,
            name: process.role(id).name.clone(),
            who: who(stage, id),
        })
        .collect()
}

/// Roles that decide at gates, or are told of escalations, in the order of their numbers.
fn authorities(model: &Model) -> Vec<RoleId> {
    let of_gates = model.process.gates.iter().flat_map(|gate| {
        let deputy = match gate.on_timeout {
            OnTimeout::Deputy(role) => Some(role),
            _ => None,
        };
        gate.approvers.iter().copied().chain(deputy).chain(gate.escalate_to)
    });
    let actions = model.rules.rules.iter().flat_map(|rule| &rule.actions);
    let told = actions.filter_map(|action| match action {
        Action::EscalateTo(role) => Some(*role),
        _ => None,
    });
    let mut roles: Vec<RoleId> = of_gates.chain(told).collect();
    roles.sort_unstable();
    roles.dedup();
    roles
}

fn who(stage: &Stage, role: RoleId) -> String {
    let model = &stage.model;
    match model.process.role(role).holder {
        Holder::Team(team) => {
            let name = &model.names.teams[team.index()];
            match duty(stage).iter().any(|duty| duty.team == *name) {
                true => format!("whoever of {name} is free first"),
                false => format!("nobody of {name} is on duty at that hour"),
            }
        }
        Holder::Schedule(schedule) => {
            let name = &model.names.schedules[schedule.index()];
            match stage
                .on_call
                .get(schedule.index())
                .and_then(|(person, _)| person.as_ref())
            {
                Some(person) => format!("{person}, on call ({name})"),
                None => format!("nobody is on call at that hour ({name})"),
            }
        }
    }
}
