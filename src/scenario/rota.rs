//! Schedules as rotas: what was written of a schedule, read into the rule that the time layer lays out.
//!
//! Both the check of a file and the model need it, with numbers of their own for the people. A text that cannot be read is
//! left out: the check of the shape has reported it.

use super::oncall::{Cover, Layer, Schedule};
use super::people::{Shift, Team};
use super::person::Leave;
use super::run::Hours;
use super::{Scenario, date_alone};
use crate::time::{
    HandoffTime, Instant, Origin, Rota, RotaLayer, RotaOverride, RotaPlan, StandIn, WeeklyHours, Written, Zone,
};

/// Length of a turn where none is written.
pub const TURN_MINUTES: u32 = 7 * 24 * 60;

/// When a member is away, `[from, until)`.
pub type Away = Vec<(Instant, Instant)>;

/// The rota of every schedule from the start of the run to `until`. `number` gives the number of a member by what the file
/// calls them, `away` says when a member is away, by number.
pub fn rotas(
    scenario: &Scenario,
    origin: &Origin,
    until: Instant,
    number: &dyn Fn(&str) -> Option<u32>,
    away: &dyn Fn(u32) -> Away,
) -> Vec<Rota> {
    let plans: Vec<RotaPlan> = scenario
        .schedules
        .values()
        .map(|schedule| plan(schedule, origin, number))
        .collect();
    let lay_out = |plan: &RotaPlan| {
        let members = plan.layers.iter().flat_map(|layer| &layer.members);
        let overrides = plan.overrides.iter().map(|over| &over.member);
        let mut known: Vec<u32> = members.chain(overrides).copied().collect();
        if let StandIn::Other(other) = &plan.stand_in {
            known.extend(other.changes().iter().filter_map(|(_, who)| *who));
        }
        known.sort_unstable();
        known.dedup();
        let absences: Vec<Away> = known.iter().map(|member| away(*member)).collect();
        let edges: Vec<Instant> = absences.iter().flatten().flat_map(|(from, to)| [*from, *to]).collect();
        let is_away = |member: u32, at: Instant| {
            known.binary_search(&member).is_ok_and(|index| {
                let absences = &absences[index];
                absences.iter().any(|(from, to)| *from <= at && at < *to)
            })
        };
        plan.lay_out_around(origin, until, &is_away, &edges)
    };
    // A schedule that stands in for another is not itself stood in for: two of them could wait for each other.
    let alone: Vec<Rota> = plans.iter().map(lay_out).collect();
    let with_others = scenario.schedules.values().zip(plans).enumerate();
    with_others
        .map(|(index, (schedule, plan))| match secondary(scenario, schedule) {
            Some(other) => lay_out(&RotaPlan {
                stand_in: StandIn::Other(alone[other].clone()),
                ..plan
            }),
            None => alone[index].clone(),
        })
        .collect()
}

fn secondary(scenario: &Scenario, schedule: &Schedule) -> Option<usize> {
    let named = schedule
        .secondary
        .as_ref()
        .filter(|_| schedule.cover == Some(Cover::Secondary))?;
    scenario.schedules.get_index_of(named)
}

fn plan(schedule: &Schedule, origin: &Origin, number: &dyn Fn(&str) -> Option<u32>) -> RotaPlan {
    let bottom = Layer {
        members: schedule.members.clone(),
        turn: None,
        handoff: None,
        start: None,
        zone: None,
        restriction: schedule.restriction.clone(),
    };
    let layers = std::iter::once(&bottom).chain(schedule.layers.values());
    let zone = zone(schedule.zone.as_deref(), origin.zone());
    let read = |text: &str| origin.read_instant(text, &zone).ok();
    let overrides = schedule.overrides.iter().filter_map(|over| {
        Some(RotaOverride {
            member: number(&over.person)?,
            from: read(&over.from)?,
            until: read(&over.to)?,
        })
    });
    RotaPlan {
        overrides: overrides.collect(),
        layers: layers
            .map(|written| layer(schedule, written, origin, number))
            .filter(|layer| !layer.members.is_empty())
            .collect(),
        stand_in: match schedule.cover {
            Some(Cover::Next) => StandIn::Next,
            _ => StandIn::Nobody,
        },
    }
}

/// What a layer does not say, its schedule says.
fn layer(schedule: &Schedule, written: &Layer, origin: &Origin, number: &dyn Fn(&str) -> Option<u32>) -> RotaLayer {
    let of_schedule = zone(schedule.zone.as_deref(), origin.zone());
    let zone = zone(written.zone.as_deref(), &of_schedule);
    let turn = written.turn.as_deref().or(schedule.turn.as_deref());
    let handoff = written.handoff.as_deref().or(schedule.handoff.as_deref());
    let start = written.start.as_deref().or(schedule.start.as_deref());
    let start = start.and_then(|text| origin.read_instant(text, &zone).ok());
    RotaLayer {
        members: written.members.iter().filter_map(|name| number(name)).collect(),
        turn_minutes: turn.and_then(turn_minutes).unwrap_or(TURN_MINUTES),
        handoff: handoff.and_then(|text| text.parse::<HandoffTime>().ok()),
        start: start.unwrap_or(Instant::START),
        zone,
        hours: written.restriction.as_ref().and_then(weekly),
    }
}

/// A turn in whole minutes; `None` if it is not, or none at all.
pub(super) fn turn_minutes(text: &str) -> Option<u32> {
    let ms = text.parse::<Written>().ok()?.elapsed()?.ms();
    let minutes = u32::try_from(ms / 60_000).ok()?;
    (minutes > 0 && ms % 60_000 == 0).then_some(minutes)
}

fn weekly(hours: &Hours) -> Option<WeeklyHours> {
    hours.read().ok()
}

fn zone(text: Option<&str>, usual: &Zone) -> Zone {
    text.and_then(|text| text.parse().ok()).unwrap_or_else(|| usual.clone())
}

/// Zone in which a person lives: their own, their shift's, their team's, or the run's.
pub(super) fn home<'a>(scenario: &'a Scenario, name: &str) -> Option<&'a str> {
    let person = scenario.people.get(name)?;
    let team = scenario.teams.get(&person.team);
    let shift = person.shift.as_ref().and_then(|shift| team?.shifts.get(shift));
    person.zone.as_deref().or_else(|| team?.zone_of(shift))
}

/// When a person by name is on leave.
pub(super) fn leave(scenario: &Scenario, name: &str, origin: &Origin) -> Away {
    let zone = zone(home(scenario, name), origin.zone());
    let read = |text: &str, days: i64| match date_alone(text) {
        Some(date) => origin.read_instant(&date.plus_days(days).to_string(), &zone).ok(),
        None => origin.read_instant(text, &zone).ok(),
    };
    let away = |leave: &Leave| read(&leave.from, 0).zip(read(&leave.to, 1));
    let person = scenario.people.get(name);
    person.map_or_else(Vec::new, |person| person.leave.iter().filter_map(away).collect())
}

/// Whether the file has a person of this name or number: `ada`, `frontline/1`, `frontline/early/2`.
pub(super) fn is_person(scenario: &Scenario, name: &str) -> bool {
    scenario.people.contains_key(name) || counted(scenario, name).is_some()
}

/// The team of a person by name or number.
pub(super) fn team_of<'a>(scenario: &'a Scenario, name: &str) -> Option<&'a str> {
    match scenario.people.get(name) {
        Some(person) => Some(&person.team),
        None => counted(scenario, name),
    }
}

/// The team of a person who is only counted.
fn counted<'a>(scenario: &'a Scenario, name: &str) -> Option<&'a str> {
    let (group, number) = name.rsplit_once('/')?;
    let number: u32 = number.parse().ok().filter(|number| *number > 0)?;
    let in_shift = |(team, shift, heads): (&str, &str, u32)| group == format!("{team}/{shift}") && number <= heads;
    let in_team = |(name, team): (&String, &Team)| name == group && number <= team.headcount.unwrap_or(0);
    let shifts = |name: &'a String, team: &'a Team| {
        let shift = move |(shift, written): (&'a String, &'a Shift)| (name.as_str(), shift.as_str(), written.headcount);
        team.shifts.iter().map(shift)
    };
    let mut teams = scenario.teams.iter();
    let found = teams.find(|(name, team)| in_team((name, team)) || shifts(name, team).any(in_shift));
    found.map(|(name, _)| name.as_str())
}
