//! What is to be decided: the head count of every team and shift, within its bounds, at its cost, with its hours.

use super::bench::{Bench, staffed};
use crate::model::costs::{MONTH_DAYS, head_a_month};
use crate::model::{Crew, HOURS_A_WEEK, HourLoad, Load, Model};
use crate::scenario::{HeadCount, Scenario, Shift, Team};

/// Head counts, one a unit, in the order of the units.
pub type Plan = Vec<u32>;

/// The most people of one unit that are looked at.
pub(super) const HEADS_MOST: u32 = 100_000;

/// A team, or one shift of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// Index of the team.
    pub team: usize,
    /// Name of the team.
    pub team_name: String,
    /// Name of the shift; `None` for a team that is always on duty.
    pub shift: Option<String>,
    /// Skills of its people, where those of the team's shifts differ.
    pub skills: Vec<String>,
    /// People in the scenario as written, those by name left out.
    pub current: u32,
    /// The fewest people.
    pub min: u32,
    /// Whether with fewer there would be no such scenario: somebody is called by number, or nobody else has a skill.
    pub min_needed: bool,
    /// The most people.
    pub max: u32,
    /// Whether the most people stand in the scenario.
    pub max_written: bool,
    /// What one person costs a month of 30.4375 days: in money where the scenario counts it, else in scheduled hours.
    pub head_cost: f64,
    /// Mean share of a person on duty, by local hour of the week.
    pub on_duty: Vec<f64>,
}

impl Unit {
    /// `team/shift`, or `team`.
    pub fn name(&self) -> String {
        match &self.shift {
            Some(shift) => format!("{}/{shift}", self.team_name),
            None => self.team_name.clone(),
        }
    }

    /// Hours on duty of one person in a week.
    pub(super) fn hours_a_week(&self) -> f64 {
        self.on_duty.iter().sum()
    }
}

/// People of a team who are written out by name, and have the same hours.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    /// Index of the team.
    pub team: usize,
    /// Name of the team.
    pub team_name: String,
    /// How many.
    pub people: u32,
    /// What they cost a month together, as [`Unit::head_cost`].
    pub cost: f64,
    /// How many of them are on duty, by local hour of the week.
    pub on_duty: Vec<f64>,
}

/// What the teams are brought, by simulation with so many people that nobody waits.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Demand {
    /// People kept busy, by team and local hour of the week.
    pub busy: Vec<Vec<f64>>,
    /// Mean work of a visit in hours, by team.
    pub work_h: Vec<f64>,
    /// How fast a waiting customer gives up, an hour; `None` where nobody does.
    pub impatience: Option<f64>,
    /// Hours on duty a week that a team needs to keep up with its work, by team; 0 where its backlog has a bound without:
    /// where customers give up, or others take over.
    pub needs_h: Vec<f64>,
    /// People by name on duty, by team and hour of the week.
    pub named: Vec<Vec<f64>>,
}

impl Demand {
    /// Hours of work a week of a team.
    pub fn week_h(&self, team: usize) -> f64 {
        self.busy[team].iter().sum()
    }

    /// Hours on duty a week that a team needs beside its people by name.
    pub fn lacking_h(&self, team: usize) -> f64 {
        (self.needs_h[team] - self.named[team].iter().sum::<f64>()).max(0.0)
    }

    /// The hour with the most people busy, and how many.
    pub fn peak(&self, team: usize) -> f64 {
        self.busy[team].iter().copied().fold(0.0, f64::max)
    }
}

/// The units of a scenario, in the order of its head counts.
pub(super) fn units(scenario: &Scenario, model: &Model, demand: &Demand) -> Vec<Unit> {
    let counts = scenario.head_counts();
    let more: Vec<u32> = counts.iter().map(|count| count.heads + 1).collect();
    let Some(larger) = staffed(scenario, &more) else {
        return Vec::new();
    };
    let unit = |count: &HeadCount| {
        let crew = crew_of(&larger, count)?;
        let written = scenario.teams.get_index(count.team).map(|(_, team)| team);
        let shift = count.shift.and_then(|name| written?.shifts.get(name));
        let first = larger.crews[crew].agents.start;
        let on_duty = on_duty(&larger, crew, first..first + 1);
        let (min, max) = bounds(written, shift);
        // A team or shift of people by name alone stays so, unless the file says how many more there may be.
        let named = larger.crews[crew].agents.len() as u32 > count.heads + 1;
        let stays = named && count.heads == 0 && max.is_none();
        let useful = useful(&on_duty, count.team, demand).max(2 * count.heads + 2);
        let max = if stays { Some(0) } else { max };
        Some(Unit {
            team: count.team,
            team_name: count.team_name.to_owned(),
            shift: count.shift.map(str::to_owned),
            skills: skills(written, shift),
            current: count.heads,
            min: min.unwrap_or(0),
            min_needed: false,
            max: max.unwrap_or(useful.max(min.unwrap_or(0))).min(HEADS_MOST),
            max_written: max.is_some(),
            head_cost: head_cost(model, crew_of(model, count)?),
            on_duty,
        })
    };
    counts.iter().filter_map(unit).collect()
}

/// Raises the least head counts to those without which there is no such scenario, everybody else being there: somebody is
/// called by number, or nobody else has a skill.
pub(super) fn raise_to_possible(units: &mut [Unit], bench: &mut Bench) {
    let current: Plan = units.iter().map(|unit| unit.current).collect();
    for (place, unit) in units.iter_mut().enumerate() {
        let mut possible = |heads: u32| {
            let mut plan = current.clone();
            plan[place] = heads;
            bench.is_possible(&plan)
        };
        if unit.min >= unit.current || possible(unit.min) {
            continue;
        }
        let (mut low, mut high) = (unit.min, unit.current);
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            match possible(middle) {
                true => high = middle,
                false => low = middle,
            }
        }
        unit.min = high.min(unit.max);
        unit.min_needed = true;
    }
}

/// The crew of the people of a head count: those of the same team who are elsewhere in the list have hours of their own.
fn crew_of(model: &Model, count: &HeadCount) -> Option<usize> {
    let is_it = |crew: &Crew| crew.team.index() == count.team && crew.name.as_deref() == count.shift;
    model.crews.iter().position(is_it)
}

/// The skills of a shift's people, where they are its own.
fn skills(team: Option<&Team>, shift: Option<&Shift>) -> Vec<String> {
    let own = shift.and_then(|shift| shift.skills.as_ref());
    let differ = team.is_some_and(|team| team.shifts.values().any(|shift| shift.skills.is_some()));
    let written = own.or(team.and_then(|team| team.skills.as_ref())).filter(|_| differ);
    written.map_or_else(Vec::new, |skills| skills.names().map(str::to_owned).collect())
}

/// People of a team who are written out by name: they stay whatever the plan.
pub(super) fn named(model: &Model) -> Vec<Named> {
    let mut all = Vec::new();
    for (index, crew) in model.crews.iter().enumerate() {
        let agents = crew.agents.clone();
        let first = agents.clone().find(|agent| model.agents[*agent].person.is_some());
        let Some(first) = first.filter(|_| crew.always || !crew.shifts.is_empty()) else {
            continue;
        };
        let people = first..agents.end;
        all.push(Named {
            team: crew.team.index(),
            team_name: model.names.teams[crew.team.index()].clone(),
            people: people.len() as u32,
            cost: head_cost(model, index) * people.len() as f64,
            on_duty: on_duty(model, index, people),
        });
    }
    all
}

fn bounds(team: Option<&Team>, shift: Option<&Shift>) -> (Option<u32>, Option<u32>) {
    match (shift, team) {
        (Some(shift), _) => (shift.min_headcount, shift.max_headcount),
        (None, Some(team)) => (team.min_headcount, team.max_headcount),
        (None, None) => (None, None),
    }
}

/// So many that a unit alone could do its team's work at the busiest hour, and the whole week's in its own hours, with room.
fn useful(on_duty: &[f64], team: usize, demand: &Demand) -> u32 {
    let present = on_duty.iter().copied().fold(0.0, f64::max);
    let hours: f64 = on_duty.iter().sum();
    if present <= 0.0 || hours <= 0.0 {
        return 0;
    }
    let busiest = (demand.peak(team) / present).max(demand.week_h(team) / hours);
    let room = busiest + 4.0 * busiest.sqrt() + 3.0;
    room.min(f64::from(HEADS_MOST)).ceil() as u32
}

/// How many of some people of a crew are on duty, by hour of the week.
fn on_duty(model: &Model, crew: usize, people: std::ops::Range<usize>) -> Vec<f64> {
    let mut alone = model.clone();
    alone.crews.iter_mut().for_each(|crew| crew.agents = 0..0);
    alone.crews[crew].agents = people;
    let load = Load::of(&alone);
    let hours = load.teams[model.crews[crew].team.index()].hours.iter();
    hours.map(|HourLoad { on_duty, .. }| *on_duty).collect()
}

/// Money a month, or else scheduled hours.
fn head_cost(model: &Model, crew: usize) -> f64 {
    head_a_month(model, crew).unwrap_or_else(|| {
        let window = model.window;
        let crew = &model.crews[crew];
        let all = (window.until - window.from).ms();
        let shifts = crew
            .shifts
            .iter()
            .map(|(from, until)| window.overlap(*from, *until).ms());
        let paid_ms = if crew.always { all } else { shifts.sum() };
        paid_ms as f64 / all as f64 * MONTH_DAYS * 24.0
    })
}

/// What a plan costs a month.
pub(super) fn cost(units: &[Unit], plan: &[u32]) -> f64 {
    units
        .iter()
        .zip(plan)
        .map(|(unit, heads)| unit.head_cost * f64::from(*heads))
        .sum()
}

/// Whether every team has at least the hours on duty that its work takes: without, its backlog has no bound.
pub(super) fn is_stable(units: &[Unit], demand: &Demand, plan: &[u32]) -> bool {
    (0..demand.busy.len()).all(|team| {
        let of_team = units.iter().zip(plan).filter(|(unit, _)| unit.team == team);
        let hours: f64 = of_team
            .map(|(unit, heads)| unit.hours_a_week() * f64::from(*heads))
            .sum();
        hours >= demand.lacking_h(team) * STABLE
    })
}

/// Hours on duty over hours of work that a plan must have at least.
pub(super) const STABLE: f64 = 1.0 + 1e-6;

/// The weekly hours of duty that all units of a team and its people by name cover: `false` where nobody could be there.
pub(super) fn covered(units: &[Unit], demand: &Demand, team: usize) -> Vec<bool> {
    let of_team: Vec<&Unit> = units.iter().filter(|unit| unit.team == team && unit.max > 0).collect();
    (0..HOURS_A_WEEK)
        .map(|hour| demand.named[team][hour] > 0.0 || of_team.iter().any(|unit| unit.on_duty[hour] > 0.0))
        .collect()
}
