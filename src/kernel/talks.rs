//! Several conversations at once: each goes at the rate that their number leaves it, and changes its rate when one begins
//! or ends.

use super::Run;
use super::agenda::Stamp;
use super::bits::places;
use super::desk::State;
use super::observe::Observe;
use super::tickets::{Phase, Slot};
use crate::model::{AgentId, TeamId};

impl<O: Observe> Run<'_, O> {
    /// Whether somebody who is at work has room for one more conversation.
    #[inline]
    pub(super) fn has_room(&self, agent: AgentId) -> bool {
        let person = &self.world.people[agent.index()];
        if person.talks.is_empty() || person.state != State::Busy || person.break_due.is_some() {
            return false;
        }
        let team = &self.model.teams[self.model.agents[agent.index()].team.index()];
        let most = team.concurrency.as_ref().map_or(0, |concurrency| concurrency.most);
        let takes_alone = |slot: &u32| self.takes_alone(*slot as usize, agent);
        if person.talks.len() >= most as usize || person.talks.iter().any(takes_alone) {
            return false;
        }
        // What is next in their line takes them alone: they are to be free for it soon.
        let next = self.next_in_line(agent);
        let can_wait = |next: Slot| self.world.tickets[next].task.can_wait();
        !next.is_some_and(|next| self.takes_alone(next, agent) && !can_wait(next))
    }

    /// Places in a team of those who are at work and have room for one more conversation.
    pub(super) fn roomy(&self, team: TeamId) -> impl Iterator<Item = usize> {
        let start = self.model.teams[team.index()].agents.start;
        let talking = self.world.desks[team.index()].talking.words().iter().copied();
        places(talking).filter(move |place| self.has_room(AgentId::new(start + place)))
    }

    /// Notes whether somebody has any conversation.
    pub(super) fn note_talks(&mut self, agent: AgentId) {
        let team = self.model.agents[agent.index()].team.index();
        let place = agent.index() - self.model.teams[team].agents.start;
        let talks = !self.world.people[agent.index()].talks.is_empty();
        self.world.desks[team].talking.set(place, talks);
    }

    /// Whether a ticket would take this person alone.
    pub(super) fn takes_alone(&self, slot: Slot, agent: AgentId) -> bool {
        let ticket = &self.world.tickets[slot];
        let team = self.model.agents[agent.index()].team;
        let concurrency = self.model.teams[team.index()].concurrency.as_ref();
        concurrency.is_none_or(|concurrency| ticket.is_task() || concurrency.exclusive[ticket.severity.index()])
    }

    /// Somebody who is idle, or has room, begins or goes on with a ticket that is in nobody's hands.
    pub(super) fn take_up(&mut self, slot: Slot, agent: AgentId) {
        let team = self.model.agents[agent.index()].team;
        let talks = self.model.teams[team.index()].concurrency.is_some();
        if talks {
            self.world.people[agent.index()].talks.push(slot as u32);
            self.note_talks(agent);
        }
        match self.world.people[agent.index()].state {
            State::Idle => self.start(slot, agent),
            _ => self.begin(slot, agent),
        }
        if talks {
            self.repace_talks(agent, Some(slot));
        }
    }

    /// One of somebody's conversations is over. Whether others go on, so that they are not free.
    #[inline(never)]
    pub(super) fn goes_on_talking(&mut self, agent: AgentId) -> bool {
        let world = &mut *self.world;
        let tickets = &world.tickets;
        let person = &mut world.people[agent.index()];
        person.talks.retain(|slot| {
            let ticket = &tickets[*slot as usize];
            // A ticket that waits for its customer keeps its owner, and its stamp is that of the answer.
            ticket.phase == Phase::InWork && ticket.owner == Some(agent) && ticket.work != Stamp::NONE
        });
        let Some(other) = person.talks.first() else {
            self.note_talks(agent);
            return false;
        };
        person.ticket = Some(*other as usize);
        self.repace_talks(agent, None);
        self.touch(self.model.agents[agent.index()].team);
        true
    }

    /// Somebody's conversations go on at the rate of their number, but for the one that has just begun at it.
    fn repace_talks(&mut self, agent: AgentId, but: Option<Slot>) {
        for place in 0..self.world.people[agent.index()].talks.len() {
            let slot = self.world.people[agent.index()].talks[place] as usize;
            if Some(slot) != but {
                self.repace(slot);
            }
        }
    }
}
