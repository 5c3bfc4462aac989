//! Clocks that not every ticket has, or that it has more than once: of acknowledgements, of responses after the first, and of
//! the visits to teams.
//!
//! Such a clock is an occasion: it begins when something happens (somebody is asked to take the ticket over; the customer
//! writes after a response; a team receives the ticket), is decided when it stops or is called off, and may begin anew. What is
//! called off before its deadline is not due.

use super::Run;
use super::agenda::{Kind, Stamp};
use super::clock::Judged;
use super::observe::{Happening, Observe, Verdict};
use super::tickets::Slot;
use crate::model::{Begun, OnSeverityChange, SeverityId, TargetKind};
use crate::time::Instant;

/// How far one of a ticket's occasional clocks is.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Occasion {
    /// When it began last.
    pub since: Option<Instant>,
    /// It has stopped, or never will.
    pub decided: bool,
    /// It breached under a target that is no longer in force: when, and the severity that had the target.
    pub kept: Option<(Instant, SeverityId)>,
    /// Observers have been told of its breach.
    recorded: bool,
    /// Validity of its breach's event.
    breach: Option<Stamp>,
}

/// Clocks by [`TargetKind::occasional`].
pub(super) type Occasions = [Occasion; TargetKind::OCCASIONAL.len()];

/// Why a clock is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// What it waits for happened, before breaches of the instant: at the deadline it is in time.
    Stopped,
    /// What it waits for happened by a timer or in dispatch, after breaches of the instant: at the deadline it is late.
    StoppedLast,
    /// Nobody waits for it any more.
    CalledOff,
    /// The run is over.
    RunOver,
}

impl Ending {
    fn stops(self) -> bool {
        matches!(self, Ending::Stopped | Ending::StoppedLast)
    }
}

const fn place(kind: TargetKind) -> usize {
    match kind.occasional() {
        Some(place) => place,
        None => 0,
    }
}

impl<O: Observe> Run<'_, O> {
    fn occasion(&mut self, slot: Slot, kind: TargetKind) -> &mut Occasion {
        &mut self.case(slot).clocks[place(kind)]
    }

    fn is_running(&self, slot: Slot, kind: TargetKind) -> bool {
        self.model.targets.any(kind) && self.clocks(slot).runs(kind)
    }

    /// A clock begins, unless it is running, or the ticket's clocks have ended void.
    #[inline]
    pub(super) fn clock_begins(&mut self, slot: Slot, kind: TargetKind) {
        if self.model.targets.any(kind) && !self.clocks(slot).runs(kind) && self.world.tickets[slot].voided.is_none() {
            self.begin_clock(slot, kind);
        }
    }

    #[inline(never)]
    fn begin_clock(&mut self, slot: Slot, kind: TargetKind) {
        *self.occasion(slot, kind) = Occasion {
            since: Some(self.now),
            ..Occasion::default()
        };
        self.settle_zone(slot, kind);
        self.rearm_clock(slot, kind);
        self.watch_clock(slot, kind);
        self.set_timer_as(slot, Begun::clock(kind));
    }

    /// A clock starts: it goes by the zone of whoever owns the ticket now, if by an owner's at all.
    #[inline]
    pub(super) fn settle_zone(&mut self, slot: Slot, kind: TargetKind) {
        if !O::PLAIN && self.model.targets.go_by_owners() {
            self.settle_zone_by_owner(slot, kind);
        }
    }

    #[cold]
    #[inline(never)]
    fn settle_zone_by_owner(&mut self, slot: Slot, kind: TargetKind) {
        let (ticket, owners) = (&self.world.tickets[slot], &self.model.targets.owners);
        let zone = match ticket.owner {
            Some(owner) => owners.people[owner.index()],
            None => owners.teams[ticket.team.index()],
        };
        self.case(slot).zones[kind as usize] = zone;
    }

    /// Arms anew what waits for a share of a clock that has begun anew.
    fn rearm_clock(&mut self, slot: Slot, kind: TargetKind) {
        if !self.model.rules.is_empty() {
            self.unspend(slot, |model| &model.rules.of_kind[kind as usize]);
        }
    }

    /// The customer writes. Before the first response, that is what is waited for.
    #[inline]
    pub(super) fn customer_writes(&mut self, slot: Slot) {
        let first = self.world.tickets[slot].first_response;
        if first.is_some_and(|at| at <= self.now) {
            self.clock_begins(slot, TargetKind::NextResponse);
        }
    }

    /// A clock is decided, if it is running.
    #[inline]
    pub(super) fn clock_ends(&mut self, slot: Slot, kind: TargetKind, ending: Ending) {
        if self.is_running(slot, kind) {
            self.decide_clock(slot, kind, ending);
        }
    }

    #[inline(never)]
    fn decide_clock(&mut self, slot: Slot, kind: TargetKind, ending: Ending) {
        let ticket = &self.world.tickets[slot];
        let (severity, truth) = (ticket.severity, ticket.truth);
        let kept = self.occasion(slot, kind).kept;
        let verdict = self.verdict_of(slot, kind, ending);
        let truly = match truth == severity {
            true => verdict,
            false => {
                self.world.tickets[slot].severity = truth;
                self.occasion(slot, kind).kept = None;
                let truly = self.verdict_of(slot, kind, ending);
                self.world.tickets[slot].severity = severity;
                truly
            }
        };
        let late = verdict.is_some_and(|verdict| verdict.breached == Some(true));
        self.occasion(slot, kind).decided = true;
        self.world.tickets[slot].marks |= u8::from(late) << place(kind);
        let ends = ending == Ending::RunOver;
        self.happened(
            slot,
            Happening::ClockDecided {
                kind,
                verdict,
                truly,
                under: kept.map_or(severity, |(_, under)| under),
                ends,
            },
        );
    }

    /// A rule takes a ticket to another team: rules that wait for the breach of the visit which ends have their turn still.
    #[inline]
    pub(super) fn own_breach_is_kept(&mut self, slot: Slot) {
        let kind = TargetKind::Own;
        let has_target = self.is_running(slot, kind) && self.clocks(slot).target(kind).is_some();
        if has_target && self.beyond_target(slot, kind) >= 0 {
            self.breach_is_kept(slot, kind);
        }
    }

    /// What a running clock has counted beyond its target, ms; below zero before that.
    fn beyond_target(&self, slot: Slot, kind: TargetKind) -> i64 {
        let clocks = self.clocks(slot);
        let over = |target| clocks.consumed(kind, target, self.now).ms() - target.within.ms();
        clocks.target(kind).map_or(0, over)
    }

    fn verdict_of(&self, slot: Slot, kind: TargetKind, ending: Ending) -> Option<Verdict> {
        let clocks = self.clocks(slot);
        let stopped = ending.stops();
        let Some(target) = clocks.target(kind) else {
            return clocks.kept_alone(kind, stopped, self.now);
        };
        let already = clocks.kept(kind).is_some();
        let over = self.beyond_target(slot, kind);
        let due = || clocks.reached(kind, target, target.within);
        let is_last = matches!(ending, Ending::StoppedLast | Ending::RunOver);
        // All used up, and stopped or called off later, in closed hours or in a pause.
        let at_the_instant = || is_last || due().is_some_and(|due| due < self.now);
        let judged = Judged::of(over, stopped, already, at_the_instant);
        let asked = O::SEES_BREACHES || judged.is_late();
        let verdict = judged.verdict(if asked { due() } else { None });
        Some(clocks.with_what_was_kept(kind, verdict, self.now))
    }

    /// A breach under the target in force so far stays one, unless the target forgives it as the severity is lowered; called
    /// before the severity changes.
    pub(super) fn keep_other_breaches(&mut self, slot: Slot, is_lowered: bool) {
        for kind in TargetKind::OCCASIONAL {
            if !self.is_running(slot, kind) {
                continue;
            }
            let clocks = self.clocks(slot);
            if is_lowered && clocks.target(kind).is_some_and(|target| target.forgives) {
                let occasion = self.occasion(slot, kind);
                (occasion.kept, occasion.recorded) = (None, false);
            } else if clocks.has_breached(kind, self.now) {
                let (at, under) = (clocks.due(kind).unwrap_or(self.now), clocks.ticket.severity);
                self.occasion(slot, kind).kept.get_or_insert((at, under));
                self.record_late(slot, kind);
            }
        }
    }

    /// The severity has changed: a clock starts anew if its target says so, and breaches at another instant.
    pub(super) fn retarget_other_clocks(&mut self, slot: Slot) {
        for kind in TargetKind::OCCASIONAL {
            if !self.is_running(slot, kind) {
                continue;
            }
            let target = self.clocks(slot).target(kind);
            if target.is_some_and(|target| target.on_severity_change == OnSeverityChange::Restart) {
                let now = self.now;
                let occasion = self.occasion(slot, kind);
                (occasion.since, occasion.recorded) = (Some(now), false);
                self.settle_zone(slot, kind);
                self.rearm_clock(slot, kind);
            }
            if self.clocks(slot).due(kind).is_some_and(|due| due < self.now) {
                self.record_late(slot, kind);
            }
            self.watch_clock(slot, kind);
        }
    }

    /// Pauses move the deadlines of what stands still in them.
    pub(super) fn watch_other_clocks(&mut self, slot: Slot) {
        for kind in TargetKind::OCCASIONAL {
            if self.is_running(slot, kind) {
                self.watch_clock(slot, kind);
            }
        }
    }

    fn watch_clock(&mut self, slot: Slot, kind: TargetKind) {
        if !O::SEES_BREACHES || self.occasion(slot, kind).recorded {
            return;
        }
        let due = self.clocks(slot).due(kind);
        let stamp = due.map(|due| self.world.agenda.schedule(due.max(self.now), Kind::Breach, slot));
        self.occasion(slot, kind).breach = stamp;
    }

    /// An event of a breach that may be one of these clocks'.
    pub(super) fn other_clock_breaches(&mut self, slot: Slot, stamp: Stamp) {
        for kind in TargetKind::OCCASIONAL {
            if self.is_running(slot, kind) && self.occasion(slot, kind).breach == Some(stamp) {
                self.record_late(slot, kind);
            }
        }
    }

    fn record_late(&mut self, slot: Slot, kind: TargetKind) {
        let occasion = self.occasion(slot, kind);
        if O::SEES_BREACHES && !std::mem::replace(&mut occasion.recorded, true) {
            self.seen.breached(self.now, &self.world.tickets[slot], kind);
        }
    }

    /// A ticket ends without having been resolved, or its clocks are its parent's from now on. Acknowledgements are called off
    /// with the pages.
    pub(super) fn call_clocks_off(&mut self, slot: Slot) {
        for kind in [TargetKind::NextResponse, TargetKind::Own] {
            self.clock_ends(slot, kind, Ending::CalledOff);
        }
    }

    /// A ticket is resolved: that is a response, and its team has done its part.
    pub(super) fn clocks_end_with_resolution(&mut self, slot: Slot) {
        for kind in [TargetKind::NextResponse, TargetKind::Own] {
            self.clock_ends(slot, kind, Ending::Stopped);
        }
    }

    /// Clocks that are undecided at the end of the run.
    pub(super) fn end_clocks_of_the_run(&mut self) {
        let kinds = TargetKind::OCCASIONAL.map(|kind| self.model.targets.any(kind).then_some(kind));
        if kinds.iter().all(Option::is_none) {
            return;
        }
        for slot in self.open_tickets() {
            for kind in kinds.into_iter().flatten() {
                self.clock_ends(slot, kind, Ending::RunOver);
            }
        }
    }
}
