//! Waits for a vendor in the middle of the work.
//!
//! They look like waits for the customer: the ticket is in nobody's hands, and somebody outside has to answer. But the customer
//! waits as well, so they may ask again, and a clock stands still only if its target says so. Whether and how long a ticket waits
//! is its own.

use super::Run;
use super::agenda::Kind;
use super::draws::Draws;
use super::observe::{Happening, Interruption, Observe};
use super::tickets::{Phase, Slot, Ticket};
use crate::model::{AgentId, Begun, Model};
use crate::random::Purpose;
use crate::time::Length;

/// What a case file knows of a ticket's waits for vendors.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Vendors {
    /// The current stint ends in a wait for a vendor, not for the customer.
    pub is_next: bool,
    /// It waits for one.
    pub waits: bool,
    /// Waits so far, of those that are drawn.
    episodes: u16,
}

/// Decides whether the rest of the work is interrupted by a wait for a vendor, and when; called once it is known whether it would
/// be by a question to the customer. Of the two the earlier comes, at once the question.
#[inline(never)]
pub(super) fn plan_vendor(model: &Model, ticket: &mut Ticket, vendors: &mut Vendors, draws: Draws) {
    let population = &model.population;
    vendors.is_next = false;
    if let Some(scripted) = ticket.scripted {
        let legs = &population.scripted[scripted as usize].legs;
        let leg = legs.get(usize::from(ticket.episodes));
        vendors.is_next = ticket.asks && leg.is_some_and(|leg| leg.vendor);
        return;
    }
    let Some(waits) = &population.vendor_waits else { return };
    let share = match vendors.episodes {
        0 => waits.share[ticket.true_severity.index()],
        _ => waits.again,
    };
    let [u, _] = draws.of(Purpose::VENDOR, ticket, u32::from(vendors.episodes));
    let rest = ticket.work_left + ticket.work_after;
    let before = (rest as f64 * waits.after).round() as i64;
    if u < share && !(ticket.asks && ticket.work_left <= before) {
        ticket.work_left = before;
        ticket.work_after = rest - before;
        ticket.asks = true;
        vendors.is_next = true;
    }
}

impl<O: Observe> Run<'_, O> {
    /// Whether a ticket waits for a vendor.
    pub(super) fn waits_for_vendor(&self, slot: Slot) -> bool {
        self.world.cases.get(slot).is_some_and(|case| case.vendors.waits)
    }

    /// See [`plan_vendor`]: after an answer, or when the work of solving is known.
    pub(super) fn plan_vendor_again(&mut self, slot: Slot) {
        if self.model.population.waits_for_vendors {
            let draws = self.draws();
            let world = &mut *self.world;
            plan_vendor(
                self.model,
                &mut world.tickets[slot],
                &mut world.cases[slot].vendors,
                draws,
            );
        }
    }

    /// The work has come to where a vendor is needed: the ticket waits, its owner is free. `false` if it is the customer's turn.
    #[inline(never)]
    pub(super) fn asks_vendor(&mut self, slot: Slot, agent: AgentId) -> bool {
        let vendors = &mut self.case(slot).vendors;
        if !std::mem::take(&mut vendors.is_next) {
            return false;
        }
        vendors.waits = true;
        let now = self.now;
        let wait = self.vendor_takes(slot);
        self.world.people[agent.index()].pending += 1;
        let ticket = &mut self.world.tickets[slot];
        ticket.phase = Phase::Pending;
        ticket.asks = false;
        ticket.stint_since = now;
        match ticket.scripted {
            Some(_) => ticket.episodes += 1,
            None => self.case(slot).vendors.episodes += 1,
        }
        self.pauses(slot).ask_beside_vendors(now, true);
        self.seen
            .interrupted(now, &self.world.tickets[slot], agent, Interruption::OnHold);
        self.world.tickets[slot].work = self.world.agenda.schedule(now + wait, Kind::Answer, slot);
        self.waits(slot);
        self.plan_update(slot);
        self.set_timer_as(slot, Begun::NOTHING);
        self.watch_breaches(slot);
        true
    }

    fn vendor_takes(&self, slot: Slot) -> Length {
        let (population, ticket) = (&self.model.population, &self.world.tickets[slot]);
        if let Some(scripted) = ticket.scripted {
            let leg = population.scripted[scripted as usize]
                .legs
                .get(usize::from(ticket.episodes));
            return leg.map_or(Length::ZERO, |leg| leg.answer_after);
        }
        let Some(waits) = &population.vendor_waits else {
            return Length::ZERO;
        };
        let episode = self.world.cases[slot].vendors.episodes;
        Length::from_ms(
            waits
                .wait
                .draw_ms(self.draw(Purpose::VENDOR, slot, u32::from(episode))[1]),
        )
    }

    /// A wait ends, by an answer or because it does not matter any more. Whether it was for a vendor.
    #[inline]
    pub(super) fn wait_ends(&mut self, slot: Slot) -> bool {
        let now = self.now;
        if O::PLAIN || !self.model.population.waits_for_vendors {
            self.pauses(slot).answer(now);
            return false;
        }
        let vendor = std::mem::take(&mut self.case(slot).vendors.waits);
        self.pauses(slot).answer_beside_vendors(now, vendor);
        vendor
    }

    /// The vendor has answered.
    pub(super) fn vendor_answers(&mut self, slot: Slot) {
        self.happened(slot, Happening::VendorAnswered);
    }
}
