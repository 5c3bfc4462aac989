//! Primary and secondary owners of a service: its tickets go to a person's line instead of the team's queue.

use super::Run;
use super::backlog::Place;
use super::observe::{Happening, Observe};
use super::tickets::{Phase, Slot};
use crate::model::{AgentId, Measured, Owners, ServiceId, TeamId};

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
        let is_there = |agent: &AgentId| self.is_owner_there(*agent, ticket.team) && self.is_skilled(slot, *agent);
        let secondary = secondary.filter(is_there);
        let has_too_much = self.open_of(primary) >= overload as usize;
        match is_there(&primary) {
            true if has_too_much => secondary.or(Some(primary)),
            true => Some(primary),
            false => secondary,
        }
    }

    fn is_owner_there(&self, agent: AgentId, team: TeamId) -> bool {
        self.model.agents[agent.index()].team == team
            && self.world.people[agent.index()].on_duty()
            && !self.model.on_call.is_away(agent, self.now)
    }

    /// Before a desk's dispatch: secondary owners who are there take what waits for a primary who is not, and of what nobody
    /// has begun as much as is too much for one who is.
    #[inline(never)]
    pub(super) fn secondaries_take_over(&mut self, team: TeamId) {
        let model = self.model;
        for (index, owners) in model.on_call.owners.iter().enumerate() {
            let waits = |owners: &&Owners| !self.world.people[owners.primary.index()].line.is_empty();
            let Some(owners) = owners.as_ref().filter(waits) else {
                continue;
            };
            if let Some(secondary) = owners.secondary.filter(|agent| self.is_owner_there(*agent, team)) {
                self.take_over_line(ServiceId::new(index), *owners, secondary, team);
            }
        }
    }

    fn take_over_line(&mut self, service: ServiceId, owners: Owners, secondary: AgentId, team: TeamId) {
        let there = self.is_owner_there(owners.primary, team);
        let too_much = match there {
            true => self.open_of(owners.primary).saturating_sub(owners.overload as usize),
            false => usize::MAX,
        };
        // The first ones in the line stay, if any do.
        let mut place = self.world.people[owners.primary.index()].line.len();
        let mut taken = Vec::new();
        while place > 0 && taken.len() < too_much {
            place -= 1;
            let slot = self.world.people[owners.primary.index()].line[place] as usize;
            if self.can_be_taken_over(slot, service, owners.primary, there) {
                taken.push(slot);
            }
        }
        for slot in taken.into_iter().rev() {
            if self.hand_to_secondary(slot) {
                self.happened(slot, Happening::TakenOver { agent: secondary });
            }
        }
    }

    /// Whether a ticket in the primary's line is the secondary's to take: not what the primary has begun and is there to go on
    /// with, nor what they were paged for.
    fn can_be_taken_over(&mut self, slot: Slot, service: ServiceId, primary: AgentId, there: bool) -> bool {
        let ticket = &self.world.tickets[slot];
        let of_service = ticket.service == service && !ticket.is_task() && !ticket.personal && !ticket.assigned;
        let stays = there && ticket.begun;
        of_service && !stays && !self.case(slot).paging.belongs_to(primary)
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
            let is_able = self.is_skilled(slot, *secondary);
            let is_free = ticket.is_open() && ticket.phase != Phase::Aside && !self.is_only_to_go_live(slot);
            in_team && is_able && person.on_duty() && ticket.held_by() != Some(*secondary) && is_free
        }) else {
            return false;
        };
        let (owner, begun) = (ticket.held_by(), ticket.begun);
        let giver = owner.and_then(|_| self.giver_of(slot));
        self.take_out(slot);
        match begun {
            true => self.changes_hands(slot, giver),
            false => self.world.tickets[slot].handoffs += 1,
        }
        // Without the giver it is handed over as the organisation does.
        let there = owner.is_some_and(|owner| self.world.people[owner.index()].on_duty());
        self.world.tickets[slot].cold = (begun && there).then_some(false);
        self.own(slot, secondary);
        if !matches!(self.world.tickets[slot].phase, Phase::Pending | Phase::Gated) {
            self.line_up(slot, secondary, Place::Tail);
        }
        self.rearm(slot, Measured::WithOwner);
        self.set_timer(slot);
        true
    }
}
