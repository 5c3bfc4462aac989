//! What a silence was, as it ends: how late the message was that ended it, and what had fallen due had its ticket's severity
//! always been known. Nothing of it changes the world.

use super::Run;
use super::clock::{Clocks, Silence};
use super::observe::{Happening, Observe};
use super::tickets::Slot;
use crate::model::TargetKind;
use crate::time::Worked;

impl<O: Observe> Run<'_, O> {
    /// Tells of a silence in which so many updates were due and missed. `stops`: by a message or the end of its ticket, not of the run.
    #[inline(never)]
    pub(super) fn tell_of_silence(&mut self, slot: Slot, silence: Silence, (due, missed): (u32, u32), stops: bool) {
        let clocks = self.clocks(slot);
        let late = clocks.target(TargetKind::Update).filter(|_| stops && missed > 0);
        let late = late.map(|target| {
            let used = clocks.consumed(TargetKind::Update, target, self.now);
            Worked::from_ms((used.ms() - target.within.ms()).max(0))
        });
        let is_right = clocks.ticket.severity == clocks.ticket.truth;
        let (truly_due, truly_missed) = match is_right {
            true => (due, missed),
            false => {
                let truth = clocks.ticket.as_it_truly_is();
                let truly = Clocks {
                    ticket: &truth,
                    ..clocks
                };
                self.as_counted(truly.updates(self.now, silence))
            }
        };
        if truly_due > 0 || missed > 0 {
            let ended = Happening::SilenceEnded {
                missed,
                truly_due,
                truly_missed,
                late,
            };
            self.happened(slot, ended);
        }
    }

    /// Updates due and missed in a silence, which counts once where the scenario says so.
    pub(super) fn as_counted(&self, (due, missed): (u32, u32)) -> (u32, u32) {
        let once = self.model.process.communications.as_ref();
        match once.is_some_and(|plan| plan.misses_once) && missed > 0 {
            true => (due - (missed - 1), 1),
            false => (due, missed),
        }
    }
}
