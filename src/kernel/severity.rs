//! The reported severity changes: by an agent at first touch, or by a rule. And clocks when a ticket comes back.

use super::Run;
use super::agenda::{Kind, Stamp};
use super::clock::Clocks;
use super::draws::Draws;
use super::observe::{Happening, Observe};
use super::rules::Occurrence;
use super::tickets::{Phase, Slot, Ticket};
use crate::model::{Model, OnReopen, OnSeverityChange, SeverityId, Target, TargetKind};
use crate::random::Purpose;
use crate::time::Instant;

/// Kinds of clock that breach at an instant of their own, in the order of a ticket's arrays. Updates are counted when one is
/// sent.
pub(super) const CLOCKS: [TargetKind; 3] = [TargetKind::FirstResponse, TargetKind::Resolve, TargetKind::Mitigate];

impl<O: Observe> Run<'_, O> {
    /// Corrects now, or once the agent has worked long enough to see it: the work of it comes first.
    #[inline(never)]
    pub(super) fn correct_or_plan_it(&mut self, slot: Slot) {
        if self.world.tickets[slot].progress() < 0 {
            self.plan_correction(slot);
        } else {
            self.correct(slot);
        }
    }

    fn plan_correction(&mut self, slot: Slot) {
        let ticket = &self.world.tickets[slot];
        let at = self.now + ticket.time_for(ticket.overhead - ticket.progress());
        self.world.tickets[slot].correction = self.world.agenda.schedule(at, Kind::Correction, slot);
    }

    /// Work goes on at another pace: so does that of seeing that the severity is wrong.
    pub(super) fn replan_correction(&mut self, slot: Slot) {
        let ticket = &self.world.tickets[slot];
        if ticket.correction != Stamp::NONE && !ticket.triaged && ticket.progress() < 0 {
            self.plan_correction(slot);
        }
    }

    /// The agent has worked long enough, if still on that ticket.
    #[inline(never)]
    pub(super) fn correction(&mut self, slot: Slot, stamp: Stamp) {
        let ticket = &self.world.tickets[slot];
        if ticket.correction == stamp && ticket.phase == Phase::InWork {
            self.correct(slot);
        }
    }

    fn correct(&mut self, slot: Slot) {
        let ticket = &mut self.world.tickets[slot];
        ticket.triaged = true;
        ticket.corrected = true;
        let severity = match ticket.severity == ticket.truth {
            true => self.mistaken(slot),
            false => self.world.tickets[slot].truth,
        };
        self.set_severity(slot, severity);
    }

    /// What a ticket that was right is taken for by somebody who thinks it wrong: the severity next to it.
    #[inline(never)]
    fn mistaken(&self, slot: Slot) -> SeverityId {
        let right = self.world.tickets[slot].severity;
        let [u, side] = self.draw(Purpose::OVERRIDE, slot, 0);
        let last = self.model.names.severities.len() - 1;
        let next = match right.index() {
            // Its true severity has come up to the reported one since.
            _ if u >= self.model.population.triage.corrects_wrongly => return right,
            0 => last.min(1),
            index if index == last || side < 0.5 => index - 1,
            index => index + 1,
        };
        SeverityId::new(next)
    }

    /// Changes the reported severity: targets are read anew, the queue is put in order, rules and breaches watched anew.
    #[inline(never)]
    pub(super) fn set_severity(&mut self, slot: Slot, severity: SeverityId) {
        if self.world.tickets[slot].severity == severity {
            return;
        }
        let was = self.world.tickets[slot].severity;
        self.spend_missed(slot);
        self.keep_breaches(slot, was.is_above(severity));
        self.keep_other_breaches(slot, was.is_above(severity));
        let has_updates = self.model.targets.any(TargetKind::Update);
        if has_updates {
            self.keep_missed_updates(slot, was.is_above(severity));
        }
        self.book_misreported(slot);
        let queued = self.leave_place(slot);
        let now = self.now;
        let ticket = &mut self.world.tickets[slot];
        ticket.severity = severity;
        if !ticket.is_answered(now) {
            ticket.response_severity = severity;
        }
        if ticket.mitigated.is_none() {
            ticket.mitigate_severity = severity;
        }
        self.restart_clocks_on_change(slot);
        self.retake_place(slot, queued);
        if self.world.tickets[slot].phase == Phase::InLine {
            self.stands_anew_in_line(slot);
        }
        self.seen.severity_changed(self.now, &self.world.tickets[slot]);
        if self.model.on_call.is_used() {
            self.page_only_if_severe(slot);
        }
        self.record_passed(slot);
        self.retarget_other_clocks(slot);
        if has_updates {
            self.restart_silence(slot);
        }
        if !self.model.rules.recrossing.is_empty() {
            self.rearm_recrossing(slot);
        }
        self.occurred(slot, Occurrence::Severity(was, severity));
        self.set_timer(slot);
        self.plan_update(slot);
        self.watch_breaches(slot);
    }

    /// Tells observers of a breach, once a clock.
    pub(super) fn record_breach(&mut self, slot: Slot, index: usize, kind: TargetKind) {
        let ticket = &mut self.world.tickets[slot];
        if O::SEES_BREACHES && !std::mem::replace(&mut ticket.recorded[index], true) {
            self.seen.breached(self.now, ticket, kind);
        }
    }

    /// A deadline that a change of severity put into the past is recorded as part of the change; one that a rule put on this very
    /// instant, too: nothing stops the clock at it any more.
    fn record_passed(&mut self, slot: Slot) {
        let (now, by_rule) = (self.now, self.world.firing);
        let passed = |due: Instant| due < now || (due == now && by_rule);
        for (index, kind) in CLOCKS.into_iter().enumerate().filter(|_| O::SEES_BREACHES) {
            let clocks = self.clocks(slot);
            if clocks.runs(kind) && clocks.due(kind).is_some_and(passed) {
                self.record_breach(slot, index, kind);
            }
        }
    }

    /// A breach under the target in force so far stays one, unless the target forgives it as the severity is lowered.
    fn keep_breaches(&mut self, slot: Slot, is_lowered: bool) {
        for (index, kind) in CLOCKS.into_iter().enumerate() {
            let clocks = self.clocks(slot);
            let forgives = is_lowered && clocks.target(kind).is_some_and(|target| target.forgives);
            if forgives && clocks.runs(kind) {
                let ticket = &mut self.world.tickets[slot];
                ticket.breached[index] = false;
                ticket.recorded[index] = false;
            } else if clocks.runs(kind) && clocks.has_breached(kind, self.now) {
                let at = clocks.due(kind).unwrap_or(self.now);
                self.world.tickets[slot].keeps_breach(index, at);
                self.record_breach(slot, index, kind);
                self.breach_is_kept(slot, kind);
            }
        }
    }

    fn restart_clocks_on_change(&mut self, slot: Slot) {
        for (index, kind) in CLOCKS.into_iter().enumerate() {
            let clocks = self.clocks(slot);
            let restarts = clocks
                .target(kind)
                .is_some_and(|target| target.on_severity_change == OnSeverityChange::Restart);
            if clocks.runs(kind) && restarts {
                self.restart_clock(slot, index, kind);
            }
        }
    }

    fn restart_clock(&mut self, slot: Slot, index: usize, kind: TargetKind) {
        self.settle_zone(slot, kind);
        self.world.tickets[slot].clock_from[index] = self.now;
        self.world.tickets[slot].recorded[index] = false;
        if !self.model.rules.is_empty() {
            self.unspend(slot, |model| &model.rules.of_kind[kind as usize]);
        }
    }

    /// A reopened ticket's resolve clock goes on, the time since the resolution left out, or starts anew.
    #[inline(never)]
    pub(super) fn restart_or_resume_clocks(&mut self, slot: Slot, resolved: Instant) {
        let now = self.now;
        let target = self.clocks(slot).target(TargetKind::Resolve).copied();
        let restarts = target.filter(|target| target.on_reopen == OnReopen::Restart);
        let is_void = self.world.tickets[slot].voided.is_some();
        if let Some(target) = restarts.filter(|target| target.per_cycle && !is_void) {
            return self.next_cycle(slot, resolved, &target);
        }
        let due = self.clocks(slot).due(TargetKind::Resolve);
        // What has ended void is not late any more.
        let resolved_or_void = self.world.tickets[slot]
            .voided
            .map_or(resolved, |voided| voided.min(resolved));
        let late = due.is_some_and(|due| due < resolved_or_void);
        let truth = self.world.tickets[slot].as_it_truly_is();
        let true_due = Clocks {
            ticket: &truth,
            ..self.clocks(slot)
        }
        .due(TargetKind::Resolve);
        let ticket = &mut self.world.tickets[slot];
        if let Some(due) = due.filter(|_| late) {
            ticket.keeps_breach(1, due);
        }
        ticket.breached_truly |= true_due.is_some_and(|due| due < resolved_or_void);
        let vendors = self.model.population.waits_for_vendors;
        self.pauses(slot).come_back(resolved, now, vendors);
        if restarts.is_some() {
            self.restart_clock(slot, 1, TargetKind::Resolve);
        }
    }

    /// The cycle that ended with the resolution is decided by itself, and another one begins.
    #[cold]
    #[inline(never)]
    fn next_cycle(&mut self, slot: Slot, resolved: Instant, target: &Target) {
        let (kind, now) = (TargetKind::Resolve, self.now);
        let clocks = self.clocks(slot);
        let (verdict, _) = clocks.verdict(kind, target, now, true);
        let truth = clocks.ticket.as_it_truly_is();
        let of_truth = Clocks {
            ticket: &truth,
            ..clocks
        };
        let truly = of_truth
            .target(kind)
            .map(|target| of_truth.verdict(kind, target, now, false).0);
        self.happened(slot, Happening::CycleDecided { verdict, truly });
        if !O::PLAIN {
            self.tell_of_cycle(slot);
        }
        let ticket = &mut self.world.tickets[slot];
        if verdict.breached == Some(true) {
            ticket.marks |= Ticket::LATE_CYCLE;
        }
        (ticket.breached[1], ticket.breached_truly) = (false, false);
        let vendors = self.model.population.waits_for_vendors;
        self.pauses(slot).come_back(resolved, now, vendors);
        self.restart_clock(slot, 1, kind);
    }

    /// What rules on the resolution have made of a ticket's severity counts from its reopening on: what was decided before was
    /// decided under the one that it `had`.
    #[inline]
    pub(super) fn put_severity_off(&mut self, slot: Slot, had: SeverityId) {
        let severity = std::mem::replace(&mut self.world.tickets[slot].severity, had);
        if severity != had {
            self.case(slot).severity_on_return = Some(severity);
        }
    }

    /// A ticket comes back, with the severity that it was given after its resolution.
    #[inline]
    pub(super) fn take_severity_on(&mut self, slot: Slot) {
        let later = self.world.cases.get(slot).and_then(|case| case.severity_on_return);
        if let Some(severity) = later {
            self.case(slot).severity_on_return = None;
            self.set_severity(slot, severity);
        }
    }

    /// For observers that see breaches: puts the deadlines on the agenda.
    #[inline]
    pub(super) fn watch_breaches(&mut self, slot: Slot) {
        if O::SEES_BREACHES {
            self.schedule_breaches(slot);
        }
    }

    fn schedule_breaches(&mut self, slot: Slot) {
        for (index, kind) in CLOCKS.into_iter().enumerate() {
            let clocks = self.clocks(slot);
            // The first words may be on their way: they stop the clock when they are written.
            let words = clocks.ticket.first_response.filter(|at| index == 0 && *at > self.now);
            let may_breach = |due: &Instant| words.map_or(clocks.runs(kind), |at| *due < at);
            let due = clocks
                .due(kind)
                .filter(|due| !clocks.ticket.recorded[index] && may_breach(due));
            self.world.tickets[slot].breach[index] = match due {
                Some(due) => self.world.agenda.schedule(due.max(self.now), Kind::Breach, slot),
                None => Stamp::NONE,
            };
        }
        if !O::PLAIN {
            self.watch_other_clocks(slot);
        }
    }
}

/// Whether the first agent who touches the ticket will correct its severity.
#[inline(never)]
pub(super) fn will_be_corrected(model: &Model, ticket: &Ticket, draws: Draws) -> bool {
    let triage = &model.population.triage;
    let probability = match ticket.severity.cmp(&ticket.truth) {
        std::cmp::Ordering::Less => triage.corrects_over,
        std::cmp::Ordering::Equal => triage.corrects_wrongly,
        std::cmp::Ordering::Greater => triage.corrects_under,
    };
    probability > 0.0 && draws.of(Purpose::OVERRIDE, ticket, 0)[0] < probability
}
