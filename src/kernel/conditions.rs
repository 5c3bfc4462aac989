//! Conditions of rules, tested on a ticket as it is; and when those that fail now may hold.

use super::Run;
use super::clock::Clocks;
use super::observe::Observe;
use super::tickets::{Phase, Slot};
use crate::model::{CalendarId, Conditions, Counted, Test};
use crate::time::{Instant, Worked};

impl<O: Observe> Run<'_, O> {
    /// Whether conditions hold on a ticket at this instant.
    pub(super) fn holds(&self, conditions: &Conditions, slot: Slot) -> bool {
        let is_open = |calendar: &CalendarId| self.model.calendars[calendar.index()].is_open(self.now);
        conditions.open.iter().all(is_open) && self.holds_but_for_hours(conditions, slot)
    }

    /// The same whatever is open or closed now.
    pub(super) fn holds_but_for_hours(&self, conditions: &Conditions, slot: Slot) -> bool {
        let ticket = &self.world.tickets[slot];
        conditions.severities[ticket.severity.index()]
            && conditions.services[ticket.service.index()]
            && conditions.customers[ticket.customer.index()]
            && conditions.teams[ticket.team.index()]
            && conditions.tests.iter().all(|test| self.passes(*test, slot))
    }

    fn passes(&self, test: Test, slot: Slot) -> bool {
        let clocks = self.clocks(slot);
        let (ticket, case) = (clocks.ticket, clocks.case);
        match test {
            Test::Owned(wanted) => ticket.is_owned() == wanted,
            Test::Pending(wanted) => waits_for_customer(clocks) == wanted,
            Test::Answered(wanted) => ticket.first_response.is_some_and(|at| at <= self.now) == wanted,
            Test::Major(wanted) => case.is_some_and(|case| case.major) == wanted,
            Test::Gated(wanted) => case.is_some_and(|case| case.gated > 0) == wanted,
            Test::Workaround(wanted) => case.is_some_and(|case| case.workaround.is_some()) == wanted,
            Test::Flag(flag, wanted) => case.is_some_and(|case| case.flags >> flag & 1 == 1) == wanted,
            Test::Count(counted, least, most) => {
                let count = match counted {
                    Counted::Reassignments => u32::from(ticket.reassignments),
                    Counted::Reopenings => u32::from(ticket.reopenings()),
                    Counted::Linked => case.map_or(0, |case| case.linked),
                    Counted::Pages => case.map_or(0, |case| u32::from(case.pages)),
                    Counted::Chasers => case.map_or(0, |case| u32::from(case.chasers)),
                };
                (least..=most).contains(&count)
            }
            Test::Consumed(kind, least, below) => clocks.target(kind).is_some_and(|target| {
                let whole = target.within.ms().max(1) as f64;
                clocks.has_counted_until(kind).is_some_and(|at| {
                    let used = clocks.consumed(kind, target, at).ms() as f64;
                    used >= least * whole && used < below * whole
                })
            }),
            Test::Breached(kind, true) => clocks.has_counted_until(kind).is_some() && clocks.is_late(kind),
            Test::Breached(kind, false) => !clocks.is_late(kind),
        }
    }

    /// The next instant at which time alone may make conditions hold: a share is used up, a target breached, the first words are
    /// said.
    pub(super) fn may_hold_from(&self, conditions: &Conditions, slot: Slot) -> Option<Instant> {
        let clocks = self.clocks(slot);
        let turns = conditions.tests.iter().filter_map(|test| {
            let (kind, share) = match *test {
                Test::Answered(true) => return clocks.ticket.first_response,
                Test::Consumed(kind, least, _) => (kind, least),
                Test::Breached(kind, true) => (kind, 1.0),
                _ => return None,
            };
            let target = clocks.target(kind).filter(|_| clocks.runs(kind))?;
            let amount = (share * target.within.ms() as f64).ceil() as i64;
            clocks.reached(kind, target, Worked::from_ms(amount))
        });
        turns.filter(|at| *at > self.now).min()
    }

    /// When conditions that hold but for closed calendars will hold; `None` if others fail.
    pub(super) fn opens_for(&self, conditions: &Conditions, slot: Slot) -> Option<Instant> {
        if !self.holds_but_for_hours(conditions, slot) {
            return None;
        }
        let mut at = self.now;
        // Calendars open and close; a handful of rounds finds the first instant at which all are open, if it is near.
        for _ in 0..64 {
            let mut later = at;
            for calendar in &conditions.open {
                later = later.max(self.model.calendars[calendar.index()].next_open(later)?);
            }
            if later == at {
                return Some(at);
            }
            at = later;
        }
        None
    }
}

/// Whether a ticket waits for its customer, and not for a vendor.
pub(super) fn waits_for_customer(clocks: Clocks) -> bool {
    clocks.ticket.phase == Phase::Pending && !clocks.case.is_some_and(|case| case.vendors.waits)
}
