//! Drift: the true severity of a ticket worsens while it is open, or when it comes back.
//!
//! How much open time passes until then is the ticket's own; nobody is told. The reported severity stays what it is until
//! somebody corrects it.

use super::Run;
use super::agenda::{Kind, Stamp};
use super::observe::{Happening, Observe};
use super::tickets::Slot;
use crate::model::SeverityId;
use crate::random::{Purpose, ln};
use crate::time::{Instant, Length};

/// Blocks of a ticket's stream of drift that say whether it worsens at a reopening.
const AT_REOPENING: u32 = 1 << 16;

/// What a case file knows of a ticket's drift.
#[derive(Debug, Clone, Copy)]
pub(super) struct Drifting {
    /// Validity of the next worsening, and when it comes.
    next: Stamp,
    at: Instant,
    /// Open time left to it while the ticket is resolved.
    left: Option<Length>,
    /// Steps so far.
    steps: u16,
}

impl Drifting {
    pub(super) const NEW: Drifting = Drifting {
        next: Stamp::NONE,
        at: Instant::LAST,
        left: None,
        steps: 0,
    };
}

impl<O: Observe> Run<'_, O> {
    /// A ticket may worsen from now on, after an open time of its own.
    #[inline(never)]
    pub(super) fn plan_drift(&mut self, slot: Slot) {
        let after = self.time_to_worsening(slot);
        self.worsens_after(slot, after);
    }

    fn worsens_after(&mut self, slot: Slot, after: Option<Length>) {
        let at = after.map_or(Instant::LAST, |after| self.now + after);
        let next = match at < Instant::LAST {
            true => self.world.agenda.schedule(at, Kind::Drift, slot),
            false => Stamp::NONE,
        };
        let drifting = &mut self.case(slot).drifting;
        drifting.next = next;
        drifting.at = at;
        drifting.left = None;
    }

    fn time_to_worsening(&mut self, slot: Slot) -> Option<Length> {
        let steps = self.case(slot).drifting.steps;
        let (population, ticket) = (&self.model.population, &self.world.tickets[slot]);
        if ticket.truth == SeverityId::new(0) {
            return None;
        }
        let written = ticket
            .scripted
            .and_then(|index| population.scripted[index as usize].worsens_after.as_ref());
        if let Some(times) = written {
            return times.get(usize::from(steps)).copied();
        }
        let rate = population.drift.as_ref()?.per_ms[ticket.truth.index()];
        let [u, _] = self.draw(Purpose::DRIFT, slot, steps.into());
        (rate > 0.0).then(|| Length::from_ms((-ln(u) / rate) as i64))
    }

    /// The harm is greater than it was.
    #[inline(never)]
    pub(super) fn drift(&mut self, slot: Slot, stamp: Stamp) {
        if self.case(slot).drifting.next == stamp {
            self.worsen(slot);
            self.plan_drift(slot);
        }
    }

    fn worsen(&mut self, slot: Slot) {
        self.book_misreported(slot);
        let now = self.now;
        let ticket = &mut self.world.tickets[slot];
        let worse = SeverityId::new(ticket.truth.index().saturating_sub(1));
        ticket.truth = worse;
        if !ticket.is_answered(now) {
            ticket.response_truth = worse;
        }
        if ticket.mitigated.is_none() {
            ticket.mitigate_truth = worse;
        }
        self.case(slot).drifting.steps += 1;
        self.happened(slot, Happening::Worsened { severity: worse });
    }

    /// A ticket is resolved or closed: its harm stands still.
    #[inline]
    pub(super) fn stop_drift(&mut self, slot: Slot) {
        if self.model.population.worsens {
            let now = self.now;
            let drifting = &mut self.case(slot).drifting;
            drifting.left = (drifting.next != Stamp::NONE).then(|| drifting.at - now);
            drifting.next = Stamp::NONE;
        }
    }

    /// A ticket comes back, worse perhaps.
    #[inline(never)]
    pub(super) fn drift_on(&mut self, slot: Slot) {
        let ticket = &self.world.tickets[slot];
        let (truth, cycle) = (ticket.truth, u32::from(ticket.cycle));
        let share = self.model.population.drift.as_ref();
        let share = share.map_or(0.0, |drift| drift.at_reopening[truth.index()]);
        if truth.index() > 0 && share > 0.0 && self.draw(Purpose::DRIFT, slot, AT_REOPENING | cycle)[0] < share {
            self.worsen(slot);
            self.plan_drift(slot);
        } else {
            let left = self.case(slot).drifting.left;
            self.worsens_after(slot, left);
        }
    }

    /// Before the reported or the true severity changes: the time so far in which they differed.
    pub(super) fn book_misreported(&mut self, slot: Slot) {
        let now = self.now;
        let ticket = &mut self.world.tickets[slot];
        ticket.misreported_ms = ticket.misreported_ms(now);
        ticket.severity_since = now;
    }
}
