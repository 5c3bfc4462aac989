//! Primary and secondary owners of a service: its tickets go to a person's line instead of the team's queue.

use super::Run;
use super::backlog::Place;
use super::observe::Observe;
use super::tickets::{Phase, Slot};
use crate::model::{AgentId, Measured, Owners};

impl<O: Observe> Run<'_, O> {
    /// A ticket comes to its team: into the line of its service's owner if there is one, else into the queue.
    #[inline]
    pub(super) fn come_to_team(&mut self, slot: Slot) {
        let owner = match O::PLAIN || !self.model.on_call.has_owners() {
            true => None,
            false => self.owner_there(slot),
        };
        match owner {
            Some(owner) => {
                self.own(slot, owner);
                self.line_up(slot, owner, Place::Tail);
                self.set_timer(slot);
            }
            None => self.enqueue(slot, Place::Tail),
        }
    }

    /// The primary; the secondary if the primary is not there, or has too much and the secondary is there.
    #[inline(never)]
    fn owner_there(&self, slot: Slot) -> Option<AgentId> {
        let ticket = &self.world.tickets[slot];
        let Owners {
            primary,
            secondary,
            overload,
        } = self.model.on_call.owners(ticket.service)?;
        let is_there = |agent: &AgentId| {
            self.model.agents[agent.index()].team == ticket.team
                && self.world.people[agent.index()].on_duty()
                && !self.model.on_call.is_away(*agent, self.now)
        };
        let secondary = secondary.filter(is_there);
        let person = &self.world.people[primary.index()];
        let open = person.line.len() + usize::from(person.ticket.is_some());
        let has_too_much = open >= overload as usize;
        match is_there(&primary) {
            true if has_too_much => secondary.or(Some(primary)),
            true => Some(primary),
            false => secondary,
        }
    }

    /// Hands a ticket to its service's secondary owner, who is on duty and knows the context: a warm change of hands. `false`
    /// if there is none in this team, or it is theirs already.
    #[inline(never)]
    pub(super) fn hand_to_secondary(&mut self, slot: Slot) -> bool {
        let ticket = &self.world.tickets[slot];
        let owners = self.model.on_call.owners(ticket.service);
        let Some(secondary) = owners.and_then(|owners| owners.secondary).filter(|secondary| {
            let person = &self.world.people[secondary.index()];
            let in_team = self.model.agents[secondary.index()].team == ticket.team;
            let is_free = ticket.is_open() && ticket.phase != Phase::Aside;
            in_team && person.on_duty() && ticket.owner != Some(*secondary) && is_free
        }) else {
            return false;
        };
        let (giver, begun) = (ticket.owner, ticket.begun);
        self.take_out(slot);
        match begun {
            true => self.changes_hands(slot, giver),
            false => self.world.tickets[slot].handoffs += 1,
        }
        self.world.tickets[slot].cold = begun.then_some(false);
        self.own(slot, secondary);
        if !matches!(self.world.tickets[slot].phase, Phase::Pending | Phase::Gated) {
            self.line_up(slot, secondary, Place::Tail);
        }
        self.rearm(slot, Measured::WithOwner);
        self.set_timer(slot);
        true
    }
}
