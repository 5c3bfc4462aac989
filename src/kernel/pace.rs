//! How fast work goes: the product of what each feature makes of the standard pace.

use super::Run;
use super::desk::Person;
use super::observe::Observe;
use super::tickets::Slot;
use crate::model::{AgentId, Model};
use crate::random::{Key, Purpose, Stream, open01};

/// Draws by which factor the people of a team differ. A person has a key of their own, so that a head more
/// changes nobody else.
pub(super) fn draw_proficiency(model: &Model, key: Key, replication: u32, people: &mut [Person]) {
    if !model.uses.paces {
        return;
    }
    for team in &model.teams {
        for agent in team.agents.clone() {
            people[agent].proficiency = model.agents[agent].proficiency;
            if let Some(spread) = &team.spread {
                let stream = Stream::new(key, Purpose::PROFICIENCY, replication, model.agents[agent].key);
                people[agent].proficiency *= spread.draw(open01(stream.block(0)[0])) / 1000.0;
            }
        }
    }
}

impl<O: Observe> Run<'_, O> {
    /// Standard work that somebody does on a ticket in a unit of time.
    #[inline(never)]
    pub(super) fn pace_of(&self, slot: Slot, agent: AgentId) -> f64 {
        let team = &self.model.teams[self.model.agents[agent.index()].team.index()];
        let talks = self.world.people[agent.index()].talks.len();
        let at_once = match &team.concurrency {
            Some(concurrency) if talks > 1 => concurrency.pace(talks),
            _ => 1.0,
        };
        let commanding = match self.model.uses.process {
            true => self.pace_of_command(slot),
            false => 1.0,
        };
        self.own_pace(slot, agent) * at_once * self.speed_together(slot) * commanding * self.pace_when_tired(agent)
    }

    /// The same for a person with nothing else to do, on their own: proficiency, what they have learnt, their skill in
    /// what the ticket needs. Who helps with what they have no skill for is as good as anybody.
    pub(super) fn own_pace(&self, slot: Slot, agent: AgentId) -> f64 {
        let training = &self.model.agents[agent.index()].training;
        let training = training.as_ref().map_or(1.0, |training| training.factor(self.now));
        let grade = self.grade(slot, agent);
        let grade = if grade > 0.0 { grade } else { 1.0 };
        self.world.people[agent.index()].proficiency * training * grade
    }

    /// Whether somebody has the skills that a ticket needs.
    pub(super) fn is_skilled(&self, slot: Slot, agent: AgentId) -> bool {
        self.grade(slot, agent) > 0.0
    }

    /// How well somebody does what a ticket needs; 0: they cannot.
    #[inline]
    fn grade(&self, slot: Slot, agent: AgentId) -> f64 {
        let team = &self.model.teams[self.model.agents[agent.index()].team.index()];
        let service = self.world.tickets[slot].service;
        team.lanes.as_ref().map_or(1.0, |lanes| {
            lanes.grade(agent.index() - team.agents.start, lanes.of(service))
        })
    }
}
