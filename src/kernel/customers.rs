//! Customers who do not wait for ever.
//!
//! How long a customer waits is the ticket's own; it only counts until somebody begins the ticket. A ticket that is left is
//! closed without a resolution: its clocks end void, unless they have breached before.

use super::Run;
use super::agenda::{Kind, Stamp};
use super::clock::Clocks;
use super::observe::Observe;
use super::tickets::{Leaving, Phase, Slot};
use crate::random::Purpose;
use crate::time::Length;

impl<O: Observe> Run<'_, O> {
    /// Puts the instant on the agenda at which the customer of a new ticket leaves, unless it has been begun already.
    #[inline(never)]
    pub(super) fn begin_waiting(&mut self, slot: Slot) {
        let after = match self.world.tickets[slot].first_response {
            Some(_) => None,
            None => self.patience(slot),
        };
        let leaves = match after {
            Some(after) => self.world.agenda.schedule(self.now + after, Kind::Leaving, slot),
            None => Stamp::NONE,
        };
        if self.world.leaving.len() <= slot {
            self.world.leaving.resize(slot + 1, Stamp::NONE);
        }
        self.world.leaving[slot] = leaves;
    }

    /// How long the customer of a ticket waits; `None`: for ever.
    fn patience(&self, slot: Slot) -> Option<Length> {
        let (population, ticket) = (&self.model.population, &self.world.tickets[slot]);
        let written = ticket
            .scripted
            .and_then(|index| population.scripted[index as usize].leaves_after);
        if written.is_some() {
            return written;
        }
        let patience = population.services[ticket.service.index()].patience.as_ref()?;
        let severity = ticket.true_severity.index();
        let [whether, how_long] = self.draw(Purpose::PATIENCE, slot, 0);
        (whether < patience.share[severity]).then(|| Length::from_ms(patience.wait[severity].draw_ms(how_long)))
    }

    /// The customer has waited long enough, unless somebody has begun the ticket.
    #[inline(never)]
    pub(super) fn leave(&mut self, slot: Slot, stamp: Stamp) {
        if self.world.leaving[slot] == stamp && self.world.tickets[slot].first_response.is_none() {
            self.close_unresolved(slot, Leaving::Impatient);
        }
    }

    /// Closes a ticket that nobody works on, without a resolution.
    #[inline(never)]
    pub(super) fn close_unresolved(&mut self, slot: Slot, why: Leaving) {
        let (now, model) = (self.now, self.model);
        match self.world.tickets[slot].phase {
            Phase::Queued => self.unqueue(slot, false),
            Phase::InLine => self.unline(slot),
            Phase::InWork | Phase::Pending | Phase::Resolved | Phase::Closed => {}
        }
        let world = &mut *self.world;
        let ticket = &mut world.tickets[slot];
        ticket.left = Some(why);
        ticket.timer = Stamp::NONE;
        ticket.breach = [Stamp::NONE; 2];
        if let Some(leaving) = world.leaving.get_mut(slot) {
            *leaving = Stamp::NONE;
        }
        world.desks[ticket.team.index()].held -= 1;
        world.open -= 1;
        world.unsettled -= usize::from(ticket.measured);
        self.seen.left(now, ticket);
        let outcome = Clocks::of(model, ticket, world.pauses.get(slot)).outcome(now, O::SEES_BREACHES);
        self.seen.closed(now, ticket, &outcome);
        world.tickets.close(slot);
    }
}
