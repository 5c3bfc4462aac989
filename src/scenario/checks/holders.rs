//! Who may hold a role: people by name or number, and how often the same person would have to hold two at once.

use super::super::rota::{leave, rotas};
use super::super::{Role, Scenario, Schedule};
use crate::time::{Instant, Origin, Rota, Zone};

/// Rotas are compared over a year at most.
const LOOKED_AT_MS: i64 = 365 * 24 * 3_600_000;
/// Teams of more people are not looked at one by one: somebody of them is always another.
const HEADS_MOST: u32 = 50;

/// Everybody who may be on call of a schedule, each once.
pub(super) fn on_call(schedule: &Schedule) -> Vec<&str> {
    let members = schedule.members.iter();
    let layers = schedule.layers.values().flat_map(|layer| &layer.members);
    let overrides = schedule.overrides.iter().map(|over| &over.person);
    let mut people: Vec<&str> = Vec::new();
    for person in members.chain(layers).chain(overrides) {
        if !people.contains(&person.as_str()) {
            people.push(person);
        }
    }
    people
}

/// Everybody of a team by name or number; `None` if they are too many to matter.
pub(super) fn of_team(scenario: &Scenario, name: &str) -> Option<Vec<String>> {
    let team = scenario.teams.get(name)?;
    let heads = team.shifts.values().map(|shift| shift.headcount);
    let heads = heads.fold(team.headcount.unwrap_or(0), u32::saturating_add);
    if heads > HEADS_MOST {
        return None;
    }
    let named = scenario.people.iter().filter(|(_, person)| person.team == name);
    let mut people: Vec<String> = named.map(|(person, _)| person.clone()).collect();
    people.extend((1..=team.headcount.unwrap_or(0)).map(|number| format!("{name}/{number}")));
    for (shift, table) in &team.shifts {
        people.extend((1..=table.headcount).map(|number| format!("{name}/{shift}/{number}")));
    }
    Some(people)
}

/// Whoever may hold a role; `None` if they are too many to matter.
fn everybody(scenario: &Scenario, role: &Role) -> Option<Vec<String>> {
    if let Some(schedule) = &role.schedule {
        let people = on_call(scenario.schedules.get(schedule)?);
        return Some(people.into_iter().map(str::to_owned).collect());
    }
    of_team(scenario, role.team.as_deref()?)
}

/// How often whoever would have to hold one role holds another at that time already.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shared {
    /// Share of the time; 1: always.
    pub share: f64,
    /// The one person, if it is always the same.
    pub person: Option<String>,
}

/// How often nobody but whoever is occupied with the role `busy` could do what `role` is asked for; `None`: never.
pub(super) fn shared(scenario: &Scenario, role: &Role, busy: &Role) -> Option<Shared> {
    let (ours, theirs) = (everybody(scenario, role)?, everybody(scenario, busy)?);
    let only = match ours.as_slice() {
        [one] => Some(one.clone()).filter(|one| theirs.contains(one)),
        _ => None,
    };
    if theirs.len() == 1 && only.is_some() {
        return Some(Shared {
            share: 1.0,
            person: only,
        });
    }
    let share = match (&role.schedule, &busy.schedule) {
        (Some(ours), Some(theirs)) => together(scenario, ours, theirs),
        // Of a team whoever is free first takes a role: the one person might be anybody's.
        (None, Some(theirs)) => only.as_ref().map_or(0.0, |only| turns(scenario, theirs, only)),
        (_, None) => match &only {
            Some(_) => 1.0 / theirs.len().max(1) as f64,
            None => 0.0,
        },
    };
    (share > 0.0).then_some(Shared { share, person: only })
}

/// Share of the time in which one person is on call of two schedules.
fn together(scenario: &Scenario, one: &str, other: &str) -> f64 {
    if one == other {
        return 1.0;
    }
    let Some((laid_out, _)) = lay_out(scenario) else {
        return 0.0;
    };
    let rota = |name: &str| scenario.schedules.get_index_of(name).map(|index| &laid_out[index]);
    let (Some(one), Some(other)) = (rota(one), rota(other)) else {
        return 0.0;
    };
    share_of(one, |at| other.who(at), other.changes())
}

/// Share of the time in which a person is on call of a schedule.
fn turns(scenario: &Scenario, schedule: &str, person: &str) -> f64 {
    let Some((laid_out, names)) = lay_out(scenario) else {
        return 0.0;
    };
    let number = names.iter().position(|name| name == person).map(|index| index as u32);
    let rota = scenario.schedules.get_index_of(schedule).map(|index| &laid_out[index]);
    rota.map_or(0.0, |rota| share_of(rota, |_| number, &[]))
}

/// Share of the time in which somebody is on call, and the same one as `other` says.
fn share_of(rota: &Rota, other: impl Fn(Instant) -> Option<u32>, changes: &[(Instant, Option<u32>)]) -> f64 {
    let mut edges: Vec<Instant> = rota.changes().iter().chain(changes).map(|(at, _)| *at).collect();
    edges.push(Instant::from_ms(LOOKED_AT_MS));
    edges.sort_unstable();
    let same = edges.windows(2).filter_map(|pair| {
        let (from, until) = (pair[0].max(Instant::START), pair[1].min(Instant::from_ms(LOOKED_AT_MS)));
        let who = rota.who(from);
        (until > from && who.is_some() && who == other(from)).then(|| (until - from).ms())
    });
    same.sum::<i64>() as f64 / LOOKED_AT_MS as f64
}

/// The rotas of a year, and the names of the people by number.
fn lay_out(scenario: &Scenario) -> Option<(Vec<Rota>, Vec<String>)> {
    let zone = scenario.run.zone.as_deref().and_then(|text| text.parse().ok());
    let origin = Origin::read(&scenario.run.start, &zone.unwrap_or_else(Zone::utc)).ok()?;
    let mut names: Vec<String> = Vec::new();
    for schedule in scenario.schedules.values() {
        names.extend(on_call(schedule).into_iter().map(str::to_owned));
    }
    names.sort_unstable();
    names.dedup();
    let number = |name: &str| {
        let place = names.binary_search_by(|known| known.as_str().cmp(name));
        place.ok().map(|index| index as u32)
    };
    let away = |member: u32| leave(scenario, &names[member as usize], &origin);
    let laid_out = rotas(scenario, &origin, Instant::from_ms(LOOKED_AT_MS), &number, &away);
    Some((laid_out, names.clone()))
}
