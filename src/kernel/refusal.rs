//! Ping-pong: a team does not accept a ticket that another hands it, and it comes back to where it has been.

use super::Run;
use super::observe::{Happening, Observe};
use super::tickets::Slot;
use crate::model::{AgentId, TeamId};
use crate::random::Purpose;

/// Where a ticket is on its way to and fro.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Nowhere: its team works on it.
    #[default]
    None,
    /// Its team will see that it is not theirs, and send it back to this one.
    Comes(TeamId),
    /// Its team will read why this one sent it back, and send it there again.
    Returned(TeamId),
}

impl<O: Observe> Run<'_, O> {
    /// A ticket comes from one team to another: has that had it before, and will it accept it?
    #[inline(never)]
    pub(super) fn remember_teams(&mut self, slot: Slot, from: TeamId) {
        let ticket = &self.world.tickets[slot];
        let (team, accepts) = (ticket.team, ticket.begun);
        let number = u32::from(ticket.reassignments);
        let case = self.case(slot);
        if !case.visited.contains(&from) {
            case.visited.push(from);
        }
        let is_back = case.visited.contains(&team);
        let accepts = accepts || case.refused.contains(&team);
        self.world.tickets[slot].bounces += u16::from(is_back);
        let share = self.model.handoff.rejected;
        let refuses = share > 0.0 && !accepts && self.draw(Purpose::REJECTION, slot, number)[0] < share;
        self.case(slot).refusal = match refuses {
            true => Refusal::Comes(from),
            false => Refusal::None,
        };
    }

    /// Work of a ticket that is only looked at before it goes on; `None` if its team accepts it.
    pub(super) fn glance(&self, slot: Slot) -> Option<i64> {
        let refusal = self.world.cases[slot].refusal;
        (refusal != Refusal::None).then(|| self.model.handoff.reject_work.ms())
    }

    /// Whether whoever has a ticket in work only looks at it, and will send it on: that solves nothing.
    pub(super) fn is_only_looked_at(&self, slot: Slot) -> bool {
        self.model.uses.returns && self.world.cases[slot].refusal != Refusal::None
    }

    /// Somebody has looked at a ticket and sends it on, if that is all that its team does with it.
    pub(super) fn sent_on(&mut self, slot: Slot, agent: AgentId) -> bool {
        let refusal = self.world.cases[slot].refusal;
        // Looking at it was no work on it.
        self.world.tickets[slot].begun &= refusal == Refusal::None;
        match refusal {
            Refusal::None => return false,
            Refusal::Comes(from) => {
                let by = self.world.tickets[slot].team;
                self.case(slot).refused.push(by);
                self.seen
                    .happened(self.now, &self.world.tickets[slot], &Happening::Rejected { by });
                self.move_to(slot, from, Some(agent), None);
                self.case(slot).refusal = Refusal::Returned(by);
            }
            Refusal::Returned(to) => {
                self.move_to(slot, to, Some(agent), None);
                self.case(slot).refusal = Refusal::None;
            }
        }
        true
    }
}
