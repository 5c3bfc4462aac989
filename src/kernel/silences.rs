//! Silences: what was due and missed in one as it ends, or as the severity changes in it, how late the message was that ended it,
//! and what had fallen due had its ticket's severity always been known.

use super::Run;
use super::clock::{Clocks, Silence};
use super::observe::{Happening, Observe};
use super::tickets::Slot;
use crate::model::{OnSeverityChange, TargetKind};
use crate::time::{Instant, Worked};

/// What has been counted of a silence that goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counted {
    /// Updates that were due and missed under the targets of former severities.
    due: u32,
    missed: u32,
    /// The clock has begun anew in it.
    pub anew: Option<Instant>,
}

impl Counted {
    pub const NOTHING: Counted = Counted {
        due: 0,
        missed: 0,
        anew: None,
    };
}

impl<O: Observe> Run<'_, O> {
    /// The customer hears of the ticket, or nobody is to tell them any more.
    pub(super) fn begin_silence(&mut self, slot: Slot) {
        self.world.tickets[slot].last_message = self.now;
        if self.model.uses.cases {
            self.case(slot).messages.silence = Counted::NOTHING;
        }
    }

    /// A silence in which nobody was at work, as a message ends it now: on a deadline that is in time as long as breaches of the instant are
    /// to come.
    pub(super) fn silence_broken(&self) -> Silence {
        match self.is_after_breaches() {
            true => Silence::Broken,
            false => Silence::Ended,
        }
    }

    /// Counts the updates that were due in a silence, and those that were missed: as it ends, as the severity changes, or as the run
    /// is over.
    pub(super) fn count_silence(&mut self, slot: Slot, silence: Silence, stops: bool) {
        let clocks = self.clocks(slot);
        if !clocks.runs(TargetKind::Update) {
            return;
        }
        let (due, missed) = self.as_counted(clocks.updates(self.now, silence));
        let before = clocks.case.map_or(Counted::NOTHING, |case| case.messages.silence);
        // What was missed under a former target stays missed, and is not missed twice.
        let missed = missed.saturating_sub(before.missed);
        let due = due.saturating_sub(before.due).max(missed);
        let ends_late = stops && missed + before.missed > 0;
        self.tell_of_silence(slot, silence, (due, missed), ends_late);
        let ticket = &mut self.world.tickets[slot];
        ticket.updates_due += due;
        ticket.updates_missed += missed;
        if due > 0 && self.model.process.communications.is_some() {
            self.happened(slot, Happening::UpdatesDue { due, missed });
        }
    }

    /// The severity is about to change: updates that were missed under the target in force so far are counted, unless it forgives
    /// them as the severity is lowered.
    pub(super) fn keep_missed_updates(&mut self, slot: Slot, is_lowered: bool) {
        let clocks = self.clocks(slot);
        let Some(target) = clocks
            .target(TargetKind::Update)
            .filter(|_| clocks.runs(TargetKind::Update))
        else {
            return;
        };
        if (is_lowered && target.forgives) || self.keeps_in_touch(clocks) {
            return;
        }
        let (_, missed) = clocks.updates(self.now, Silence::Broken);
        let (_, missed) = self.as_counted((missed, missed));
        let counted = &mut self.case(slot).messages.silence;
        let more = missed.saturating_sub(counted.missed);
        counted.due += more;
        counted.missed += more;
        if more > 0 {
            self.count_missed(slot, more);
        }
    }

    /// Updates were missed in a silence that goes on.
    fn count_missed(&mut self, slot: Slot, missed: u32) {
        let ticket = &mut self.world.tickets[slot];
        ticket.updates_due += missed;
        ticket.updates_missed += missed;
        let ended = Happening::SilenceEnded {
            due: missed,
            missed,
            truly_due: 0,
            truly_missed: 0,
            late: None,
        };
        self.happened(slot, ended);
        if self.model.process.communications.is_some() {
            self.happened(slot, Happening::UpdatesDue { due: missed, missed });
        }
    }

    /// The severity has changed: the clock of the next update begins anew if its target says so.
    pub(super) fn restart_silence(&mut self, slot: Slot) {
        let clocks = self.clocks(slot);
        let target = clocks
            .target(TargetKind::Update)
            .filter(|_| clocks.runs(TargetKind::Update));
        let restarts = target.is_some_and(|target| target.on_severity_change == OnSeverityChange::Restart);
        // Before the first words there is no silence.
        let anew = self.now.max(clocks.ticket.last_message);
        if restarts && !self.keeps_in_touch(clocks) {
            self.settle_zone(slot, TargetKind::Update);
            self.case(slot).messages.silence = Counted {
                anew: Some(anew),
                ..Counted::NOTHING
            };
            if !self.model.rules.is_empty() {
                self.unspend(slot, |model| &model.rules.of_kind[TargetKind::Update as usize]);
            }
        }
    }

    /// Tells of a silence in which so many more updates were due and missed. `ends_late`: some were missed in it, and it ends
    /// with a message or with its ticket, not with the run.
    #[inline(never)]
    fn tell_of_silence(&mut self, slot: Slot, silence: Silence, (due, missed): (u32, u32), ends_late: bool) {
        let clocks = self.clocks(slot);
        let late = clocks.target(TargetKind::Update).filter(|_| ends_late);
        let late = late.map(|target| {
            let used = clocks.consumed(TargetKind::Update, target, self.now);
            Worked::from_ms((used.ms() - target.within.ms()).max(0))
        });
        let is_right = clocks.ticket.severity == clocks.ticket.truth;
        let is_whole = clocks.case.is_none_or(|case| case.messages.silence == Counted::NOTHING);
        let (truly_due, truly_missed) = match is_right && is_whole {
            true => (due, missed),
            false => self.truly_counted(slot, silence),
        };
        if truly_due > 0 || due > 0 {
            let ended = Happening::SilenceEnded {
                due,
                missed,
                truly_due,
                truly_missed,
                late,
            };
            self.happened(slot, ended);
        }
    }

    /// Updates due and missed in a silence by the target of the true severity, if that still calls for any.
    fn truly_counted(&self, slot: Slot, silence: Silence) -> (u32, u32) {
        let clocks = self.clocks(slot);
        let truth = clocks.ticket.as_it_truly_is();
        let truly = Clocks {
            ticket: &truth,
            ..clocks
        };
        match truly.runs(TargetKind::Update) {
            true => self.as_counted(truly.updates(self.now, silence)),
            false => (0, 0),
        }
    }

    /// A workaround ends the updates that the true severity calls for, and not those that the reported one does.
    pub(super) fn end_true_updates(&mut self, slot: Slot) {
        let (targets, ticket) = (&self.model.targets, &self.world.tickets[slot]);
        let target = targets.get(TargetKind::Update, ticket.truth, ticket.service, ticket.customer);
        if !target.is_some_and(|target| target.until_mitigation) {
            return;
        }
        let (truly_due, truly_missed) = self.truly_counted(slot, Silence::Stopped);
        if truly_due > 0 {
            let ended = Happening::SilenceEnded {
                due: 0,
                missed: 0,
                truly_due,
                truly_missed,
                late: None,
            };
            self.happened(slot, ended);
        }
    }

    /// Updates due and missed in a silence, which counts once where the scenario says so.
    fn as_counted(&self, (due, missed): (u32, u32)) -> (u32, u32) {
        let once = self.model.process.communications.as_ref();
        match once.is_some_and(|plan| plan.misses_once) && missed > 0 {
            true => (due - (missed - 1), 1),
            false => (due, missed),
        }
    }
}
