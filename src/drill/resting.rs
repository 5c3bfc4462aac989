//! Who rests: people who were on call, or on shift, in a night of the week before a day. Nobody is drilled in the week after a
//! night rotation.

use super::DrillError;
use super::make::compiled;
use super::moved::moved;
use crate::model::{AgentId, Model};
use crate::scenario::Scenario;
use crate::time::{Date, Instant, Length, Origin, TimeOfDay};

/// A week, and a day more so that its first night is whole.
const BEFORE_DAYS: i64 = 8;
const WEEK: Length = Length::from_secs(7 * 86_400);
/// A quarter and the days before it.
const HORIZON: &str = "102d";

/// The rota of a quarter.
#[derive(Debug)]
pub(super) struct Nights {
    model: Model,
}

impl Nights {
    /// Lays out the rota of the quarter that begins on that day, wherever the scenario's run lies.
    pub fn of(scenario: &Scenario, origin: &Origin, quarter: Date) -> Result<Nights, DrillError> {
        let start = quarter.plus_days(-BEFORE_DAYS).to_string();
        let laid = moved(scenario, origin, &start);
        let (mut laid, _) = laid.map_err(|misread| DrillError::Wrong(misread.to_string()))?;
        (laid.run.warm_up, laid.run.drain, laid.run.horizon) = (None, Some("1d".into()), HORIZON.into());
        // Tickets written out and faults at fixed instants belong to the run as written.
        laid.tickets.clear();
        Ok(Nights {
            model: compiled(&laid)?,
        })
    }

    /// Whether anybody has nights: somebody is on call, or works shifts.
    pub fn are_there(&self) -> bool {
        !self.model.names.schedules.is_empty() || self.model.crews.iter().any(|crew| !crew.always)
    }

    /// Whether somebody rests on a day.
    pub fn rests(&self, agent: AgentId, day: Date) -> bool {
        let zone = self.model.origin.zone();
        let morning = self.model.origin.first(zone, day, TimeOfDay::MIDNIGHT) + Length::from_secs(12 * 3600);
        let nights = self.model.on_call.nights(agent).iter();
        let mut lately = nights.filter(|(_, until)| *until <= morning && *until > morning - WEEK);
        lately.any(|(from, until)| {
            let middle = Instant::from_ms((from.ms() + until.ms()) / 2);
            self.is_called(agent, middle) || self.is_on_shift(agent, middle)
        })
    }

    fn is_called(&self, agent: AgentId, at: Instant) -> bool {
        self.model
            .on_call
            .schedules
            .iter()
            .any(|schedule| schedule.on_call(at) == Some(agent))
    }

    fn is_on_shift(&self, agent: AgentId, at: Instant) -> bool {
        let crew = &self.model.crews[self.model.agents[agent.index()].crew.index()];
        let there = crew.shifts.iter().any(|(from, until)| *from <= at && at < *until);
        there && !self.model.on_call.is_away(agent, at)
    }

    /// People of a team: those who rest on a day, and how many there are.
    pub fn of_team(&self, team: usize, day: Date) -> (usize, usize) {
        let people = self.model.teams[team].agents.clone();
        let resting = people.clone().filter(|agent| self.rests(AgentId::new(*agent), day));
        (resting.count(), people.len())
    }

    /// Whom to leave out of a drill: everybody on call who rests, and those of the team that repairs.
    pub fn leave_out(&self, team: usize, day: Date) -> Vec<String> {
        let of_team = &self.model.teams[team].agents;
        let concerned = (0..self.model.agents.len()).map(AgentId::new).filter(|agent| {
            let is_called = self.model.on_call.schedules.iter();
            let is_called = is_called
                .flat_map(|schedule| schedule.changes())
                .any(|(_, who)| who == Some(*agent));
            is_called || of_team.contains(&agent.index())
        });
        concerned
            .filter(|agent| self.rests(*agent, day))
            .map(|agent| self.model.agent_name(agent))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Document;

    /// Three people by weeks: who had the week before, and who has had a night of this one, rest.
    #[test]
    fn who_was_called_at_night_rests_for_a_week_also_outside_of_the_run() {
        let text = include_str!("../../scenarios/on-call.toml");
        let document = Document::parse("on-call.toml", text);
        let scenario = document.base().expect("sound");
        let model = compiled(scenario).expect("sound");
        let day = |text: &str| text.parse::<Date>().expect("a date");
        let nights = Nights::of(scenario, &model.origin, day("2027-01-01")).expect("laid out");
        assert!(nights.are_there());
        // A day later than a change of hands on a Monday at nine: both the last week's and this week's people rest.
        let resting = nights.leave_out(0, day("2027-02-03"));
        assert_eq!(resting.len(), 4, "{resting:?}");
        // The rota goes on from the run's start, in ada's turn of 2026-02-23: 48 weeks later it is hers again, now it is ben's.
        assert!(
            resting.contains(&"ada".to_owned()) && resting.contains(&"ben".to_owned()),
            "{resting:?}"
        );
        let (tired, all) = nights.of_team(0, day("2027-02-03"));
        assert_eq!((tired, all), (4, 6));
    }
}
