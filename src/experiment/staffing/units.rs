//! What is to be decided: the head count of every team and shift, within its bounds, at its cost, with its hours.

use crate::model::costs::{MONTH_DAYS, head_a_month};
use crate::model::{HOURS_A_WEEK, HourLoad, Load, Model};
use crate::scenario::{Scenario, Shift, Team};

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
    /// People in the scenario as written.
    pub current: u32,
    /// The fewest people.
    pub min: u32,
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

/// What the teams are brought, by simulation with so many people that nobody waits.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Demand {
    /// People kept busy, by team and local hour of the week.
    pub busy: Vec<Vec<f64>>,
    /// Mean work of a visit in hours, by team.
    pub work_h: Vec<f64>,
    /// How fast a waiting customer gives up, an hour; `None` where nobody does, so that every team has to keep up with its work.
    pub impatience: Option<f64>,
}

impl Demand {
    /// Hours of work a week of a team.
    pub fn week_h(&self, team: usize) -> f64 {
        self.busy[team].iter().sum()
    }

    /// The hour with the most people busy, and how many.
    pub fn peak(&self, team: usize) -> f64 {
        self.busy[team].iter().copied().fold(0.0, f64::max)
    }
}

/// The units of a scenario, in the order of its crews.
pub(super) fn units(scenario: &Scenario, model: &Model, demand: &Demand) -> Vec<Unit> {
    let crews = model.crews.iter().enumerate();
    crews
        .map(|(index, crew)| {
            let team = crew.team.index();
            let written = scenario.teams.get_index(team).map(|(_, team)| team);
            let shift = crew.name.as_ref().and_then(|name| written?.shifts.get(name));
            let on_duty = on_duty(model, index);
            let (min, max) = bounds(written, shift);
            let current = crew.agents.len() as u32;
            let useful = useful(&on_duty, team, demand).max(2 * current + 2);
            Unit {
                team,
                team_name: model.names.teams[team].clone(),
                shift: crew.name.clone(),
                current,
                min: min.unwrap_or(0),
                max: max.unwrap_or(useful.max(min.unwrap_or(0))).min(HEADS_MOST),
                max_written: max.is_some(),
                head_cost: head_cost(model, index),
                on_duty,
            }
        })
        .collect()
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

/// Mean share of one person of a crew on duty, by hour of the week.
fn on_duty(model: &Model, crew: usize) -> Vec<f64> {
    let mut heads = vec![0; model.crews.len()];
    heads[crew] = 1;
    let load = Load::of(&model.staffed(&heads));
    let team = model.crews[crew].team.index();
    let hours = load.teams[team].hours.iter();
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

/// Whether every team has at least the hours on duty that its work takes: without, its backlog has no bound, unless customers
/// give up.
pub(super) fn is_stable(units: &[Unit], demand: &Demand, plan: &[u32]) -> bool {
    demand.impatience.is_some()
        || (0..demand.busy.len()).all(|team| {
            let of_team = units.iter().zip(plan).filter(|(unit, _)| unit.team == team);
            let hours: f64 = of_team
                .map(|(unit, heads)| unit.hours_a_week() * f64::from(*heads))
                .sum();
            hours >= demand.week_h(team) * STABLE
        })
}

/// Hours on duty over hours of work that a plan must have at least.
pub(super) const STABLE: f64 = 1.0 + 1e-6;

/// The weekly hours of duty that all units of a team cover: `false` where nobody could be there.
pub(super) fn covered(units: &[Unit], team: usize) -> Vec<bool> {
    let of_team: Vec<&Unit> = units.iter().filter(|unit| unit.team == team && unit.max > 0).collect();
    (0..HOURS_A_WEEK)
        .map(|hour| of_team.iter().any(|unit| unit.on_duty[hour] > 0.0))
        .collect()
}
