//! How fast a team is expected to work: what its people's proficiency, skills, learning and conversations make of an hour.
//!
//! For the expected load only; in the kernel each person has a pace of their own. Everybody who is able is taken to be at
//! work on a service's tickets as long as everybody else, and to have as many conversations as possible: what a team gets
//! done when there is enough to do.

use super::ids::{ServiceId, SeverityId, TeamId};
use super::{Model, Window};
use crate::time::Instant;

/// Speeds of all teams at all services' tickets, as multiples of one person's standard pace.
#[derive(Debug, Clone)]
pub(super) struct Speeds {
    /// `[team][service]`: mean pace of those who are able, weighted by their time on duty.
    paces: Vec<Vec<f64>>,
    /// `[team][severity]`: what conversations at once make of it.
    gains: Vec<Vec<f64>>,
}

impl Speeds {
    pub(super) fn of(model: &Model) -> Speeds {
        let services = model.population.services.len();
        let paces = (0..model.teams.len()).map(|team| {
            let people = weights(model, team);
            (0..services)
                .map(|service| pace(model, team, &people, ServiceId::new(service)))
                .collect()
        });
        let gains = model.teams.iter().map(|team| {
            let of = |severity: usize| match &team.concurrency {
                Some(concurrency) if !concurrency.exclusive[severity] => concurrency.gain(),
                _ => 1.0,
            };
            (0..model.population.severities).map(of).collect()
        });
        Speeds {
            paces: paces.collect(),
            gains: gains.collect(),
        }
    }

    /// Standard work that one of a team's people does in a unit of time on tickets of a service and severity.
    pub(super) fn at(&self, team: TeamId, service: ServiceId, severity: SeverityId) -> f64 {
        self.paces[team.index()][service.index()] * self.gains[team.index()][severity.index()]
    }
}

/// Time on duty in the window and mean pace, grades aside, of each of a team's people.
fn weights(model: &Model, team: usize) -> Vec<(f64, f64)> {
    let window = model.window;
    let people = model.teams[team].agents.clone();
    people
        .map(|agent| {
            let person = &model.agents[agent];
            let crew = &model.crews[person.crew.index()];
            let on_duty = match crew.always {
                true => (window.until - window.from).ms(),
                false => crew
                    .shifts
                    .iter()
                    .map(|(from, until)| window.overlap(*from, *until).ms())
                    .sum(),
            };
            let training = person.training.map_or(1.0, |training| training.factor(middle(window)));
            (on_duty as f64, person.proficiency * training)
        })
        .collect()
}

fn middle(window: Window) -> Instant {
    Instant::from_ms((window.from.ms() + window.until.ms()) / 2)
}

/// Mean pace of those who are able to work a service's tickets; the standard one if nobody is.
fn pace(model: &Model, team: usize, people: &[(f64, f64)], service: ServiceId) -> f64 {
    let lanes = model.teams[team].lanes.as_ref();
    let (mut time, mut work) = (0.0, 0.0);
    for (member, (on_duty, pace)) in people.iter().enumerate() {
        let grade = lanes.map_or(1.0, |lanes| lanes.grade(member, lanes.of(service)));
        if grade > 0.0 {
            time += on_duty;
            work += on_duty * pace * grade;
        }
    }
    if time > 0.0 { work / time } else { 1.0 }
}
