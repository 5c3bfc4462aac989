//! The run hour by hour: arrivals, backlog, breaches, and each team's queue and people.

use super::flow::Flow;
use crate::kernel::Scene;
use crate::model::{Model, TeamId};
use crate::time::{Instant, local_hours};

const HOUR_MS: i64 = 3_600_000;

/// One hour of the whole organisation, summed over replications.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hour {
    /// Tickets created.
    pub created: i64,
    /// Open tickets at its end.
    pub open: i64,
    /// Deadlines that passed unmet.
    pub breaches: i64,
}

/// One hour of a team, summed over replications.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TeamHour {
    /// Tickets that entered its queue.
    pub entries: i64,
    /// Tickets held at its end.
    pub held: i64,
    /// Handling on duty, ms.
    pub busy_ms: i64,
    /// Idle and available, ms.
    pub idle_ms: i64,
}

/// The hours of a run up to the end of the window.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timeline {
    /// By hour.
    pub hours: Vec<Hour>,
    /// By hour and team.
    pub teams: Vec<TeamHour>,
    team_count: usize,
    /// Ledgers at the last hour's end.
    last: Vec<(i64, i64)>,
}

/// What is seen of one local hour of the week.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HourOfWeek {
    /// Measured tickets created in it.
    pub tickets: i64,
    /// Of these, those whose first-response clock was decided.
    pub due: i64,
    /// Of these, those breached.
    pub breached: i64,
    /// Hours of the window that begin at it.
    pub samples: i64,
    /// Open tickets at their ends.
    pub open: i64,
    /// Handling on duty in them, ms.
    pub busy_ms: i64,
    /// Idle and available, ms.
    pub idle_ms: i64,
    /// Handling offered in them, ms.
    pub offered_ms: i64,
}

impl Timeline {
    /// The hours of the window by local hour of the week, given what each team's window was.
    pub(super) fn by_hour_of_week(&self, model: &Model, teams: &[Flow]) -> Vec<HourOfWeek> {
        let mut week = vec![HourOfWeek::default(); 168];
        let window = &model.window;
        let visit_ms: Vec<Option<f64>> = teams.iter().map(Flow::handling_a_visit).collect();
        for (number, of_week) in hours_of_week(model).into_iter().enumerate() {
            let from = number as i64 * HOUR_MS;
            if from < window.from.ms() || from + HOUR_MS > window.until.ms() {
                continue;
            }
            let hour = &mut week[usize::from(of_week)];
            hour.samples += 1;
            hour.open += self.hours[number].open;
            for (team, visit_ms) in visit_ms.iter().enumerate() {
                let row = self.team(number, team);
                hour.busy_ms += row.busy_ms;
                hour.idle_ms += row.idle_ms;
                hour.offered_ms += match visit_ms {
                    Some(visit_ms) => (row.entries as f64 * visit_ms).round() as i64,
                    None => row.busy_ms,
                };
            }
        }
        week
    }

    /// An empty one.
    pub fn of(model: &Model) -> Timeline {
        let hours = (model.window.until.ms() as usize).div_ceil(HOUR_MS as usize);
        let team_count = model.teams.len();
        Timeline {
            hours: vec![Hour::default(); hours],
            teams: vec![TeamHour::default(); hours * team_count],
            team_count,
            last: vec![(0, 0); team_count],
        }
    }

    pub(super) fn clear(&mut self) {
        self.hours.fill(Hour::default());
        self.teams.fill(TeamHour::default());
        self.last.fill((0, 0));
    }

    #[inline]
    pub(super) fn created(&mut self, hour: usize) {
        if let Some(hour) = self.hours.get_mut(hour) {
            hour.created += 1;
        }
    }

    #[inline]
    pub(super) fn queued(&mut self, hour: usize, team: TeamId) {
        if let Some(hour) = self.teams.get_mut(hour * self.team_count + team.index()) {
            hour.entries += 1;
        }
    }

    pub(super) fn breach(&mut self, due: Option<Instant>) {
        let hour = due.and_then(|due| self.hours.get_mut((due.ms() / HOUR_MS) as usize));
        if let Some(hour) = hour {
            hour.breaches += 1;
        }
    }

    pub(super) fn close_hour(&mut self, hour: usize, scene: &Scene) {
        let Some(row) = self.hours.get_mut(hour) else { return };
        row.open = scene.open as i64;
        let teams = &mut self.teams[hour * self.team_count..(hour + 1) * self.team_count];
        for ((row, desk), last) in teams.iter_mut().zip(scene.desks).zip(&mut self.last) {
            row.held = i64::from(desk.held);
            row.busy_ms = desk.ledger.busy_ms - last.0;
            row.idle_ms = desk.ledger.idle_ms - last.1;
            *last = (desk.ledger.busy_ms, desk.ledger.idle_ms);
        }
    }

    /// Adds another replication's hours.
    pub fn merge(&mut self, other: &Timeline) {
        for (mine, theirs) in self.hours.iter_mut().zip(&other.hours) {
            mine.created += theirs.created;
            mine.open += theirs.open;
            mine.breaches += theirs.breaches;
        }
        for (mine, theirs) in self.teams.iter_mut().zip(&other.teams) {
            mine.entries += theirs.entries;
            mine.held += theirs.held;
            mine.busy_ms += theirs.busy_ms;
            mine.idle_ms += theirs.idle_ms;
        }
    }

    /// An hour of a team.
    pub fn team(&self, hour: usize, team: usize) -> &TeamHour {
        &self.teams[hour * self.team_count + team]
    }
}

/// The local hour of the week in which each hour of the run begins, up to the end of the window.
pub fn hours_of_week(model: &Model) -> Vec<u8> {
    let until = model.window.until;
    let count = (until.ms() as usize).div_ceil(HOUR_MS as usize);
    let mut hours = vec![0; count];
    for local in local_hours(model.origin.zone(), &model.origin, until) {
        let first = (local.from.ms() as usize).div_ceil(HOUR_MS as usize);
        let end = (local.until.ms() as usize).div_ceil(HOUR_MS as usize);
        hours[first.min(count)..end.min(count)].fill(local.hour_of_week);
    }
    hours
}
