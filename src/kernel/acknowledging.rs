//! The clock of acknowledgements: from the first page that asks somebody to take a ticket over to the first answer.
//!
//! It never pauses, and only tickets that are paged have one. It is decided when somebody acknowledges, or when the paging is
//! called off: what has not breached by then is not due.

use super::Run;
use super::agenda::{Kind, Stamp};
use super::observe::{Happening, Observe, Verdict};
use super::tickets::Slot;
use crate::model::{OnSeverityChange, TargetKind};
use crate::time::{Instant, Worked};

/// How far a ticket's clock of acknowledgements is.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Calling {
    /// When it began.
    pub since: Option<Instant>,
    /// It has stopped, or never will.
    pub decided: bool,
    /// It breached under a target that is no longer in force.
    breached: bool,
    /// Observers have been told of its breach.
    recorded: bool,
    /// Validity of its breach's event.
    breach: Option<Stamp>,
}

const KIND: TargetKind = TargetKind::Acknowledge;

impl<O: Observe> Run<'_, O> {
    fn has_calling_clock(&self, slot: Slot) -> bool {
        self.model.targets.any(KIND) && self.clocks(slot).runs(KIND)
    }

    /// Somebody is asked to take a ticket over for the first time.
    pub(super) fn begin_calling(&mut self, slot: Slot) {
        if !self.model.targets.any(KIND) {
            return;
        }
        self.case(slot).paging.calling.since = Some(self.now);
        self.watch_calling(slot);
        self.set_timer(slot);
    }

    /// The clock stops (`answered`), is called off, or is looked at for the last time (`ends`).
    #[inline(never)]
    pub(super) fn decide_calling(&mut self, slot: Slot, answered: bool, ends: bool) {
        if !self.has_calling_clock(slot) {
            return;
        }
        let ticket = &self.world.tickets[slot];
        let (severity, truth) = (ticket.severity, ticket.truth);
        let breached = self.world.cases[slot].paging.calling.breached;
        let verdict = self.calling_verdict(slot, breached, answered, ends);
        self.world.tickets[slot].severity = truth;
        let truly = self.calling_verdict(slot, breached && truth == severity, answered, ends);
        self.world.tickets[slot].severity = severity;
        self.case(slot).paging.calling.decided = true;
        self.world.tickets[slot].called_late = verdict.is_some_and(|verdict| verdict.breached == Some(true));
        self.happened(slot, Happening::CallDecided { verdict, truly, ends });
    }

    fn calling_verdict(&self, slot: Slot, already: bool, answered: bool, ends: bool) -> Option<Verdict> {
        let clocks = self.clocks(slot);
        let target = clocks.target(KIND)?;
        let over = clocks.consumed(KIND, target, self.now).ms() - target.within.ms();
        let due = clocks.due(KIND);
        // All used up, and stopped or called off later, in closed hours.
        let late = over > 0 || (over == 0 && (ends || due.is_some_and(|due| due < self.now)));
        let breached = match (already || late, answered) {
            (true, _) => Some(true),
            (false, true) => Some(false),
            (false, false) => None,
        };
        let late = if breached == Some(true) && answered {
            over.max(0)
        } else {
            0
        };
        Some(Verdict {
            breached,
            stopped: answered,
            late: Worked::from_ms(late),
            due,
        })
    }

    /// A breach under the target in force so far stays one, unless the target forgives it as the severity is lowered; called
    /// before the severity changes.
    pub(super) fn keep_calling(&mut self, slot: Slot, is_lowered: bool) {
        if !self.has_calling_clock(slot) {
            return;
        }
        let clocks = self.clocks(slot);
        if is_lowered && clocks.target(KIND).is_some_and(|target| target.forgives) {
            let calling = &mut self.case(slot).paging.calling;
            (calling.breached, calling.recorded) = (false, false);
        } else if clocks.has_breached(KIND, self.now) {
            self.case(slot).paging.calling.breached = true;
            self.record_late_call(slot);
        }
    }

    /// The severity has changed: the clock starts anew if its target says so, and breaches at another instant.
    pub(super) fn retarget_calling(&mut self, slot: Slot) {
        if !self.has_calling_clock(slot) {
            return;
        }
        let target = self.clocks(slot).target(KIND);
        if target.is_some_and(|target| target.on_severity_change == OnSeverityChange::Restart) {
            self.case(slot).paging.calling.since = Some(self.now);
            if !self.model.rules.is_empty() {
                self.unspend(slot, |model| &model.rules.of_kind[KIND as usize]);
            }
        }
        if self.clocks(slot).due(KIND).is_some_and(|due| due < self.now) {
            self.record_late_call(slot);
        }
        self.watch_calling(slot);
    }

    fn watch_calling(&mut self, slot: Slot) {
        if !O::SEES_BREACHES || self.case(slot).paging.calling.recorded {
            return;
        }
        let due = self.clocks(slot).due(KIND);
        let stamp = due.map(|due| self.world.agenda.schedule(due.max(self.now), Kind::Breach, slot));
        self.case(slot).paging.calling.breach = stamp;
    }

    /// An event of a breach that may be this clock's.
    pub(super) fn call_breaches(&mut self, slot: Slot, stamp: Stamp) {
        if self.has_calling_clock(slot) && self.world.cases[slot].paging.calling.breach == Some(stamp) {
            self.record_late_call(slot);
        }
    }

    fn record_late_call(&mut self, slot: Slot) {
        let calling = &mut self.case(slot).paging.calling;
        if O::SEES_BREACHES && !std::mem::replace(&mut calling.recorded, true) {
            self.seen.breached(self.now, &self.world.tickets[slot], KIND);
        }
    }

    /// Clocks that are undecided at the end of the run.
    pub(super) fn end_calls_of_the_run(&mut self) {
        if !self.model.targets.any(KIND) {
            return;
        }
        let open = self.world.tickets.each_open().filter(|(_, ticket)| !ticket.is_task());
        let slots: Vec<Slot> = open.map(|(slot, _)| slot).collect();
        slots
            .into_iter()
            .for_each(|slot| self.decide_calling(slot, false, true));
    }
}
