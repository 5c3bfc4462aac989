//! Clocks of a ticket: which target is in force, what it has consumed, when it is due, what became of it.
//!
//! A clock is not an object: it is the ticket's start, its pauses and the target in force, so a change of severity only
//! changes which target is read. Breaches need no event either, they are known from the deadline; only what watches for
//! them schedules one.

use super::cases::Case;
use super::observe::{Limit, Outcome, TrueOutcome, Verdict};
use super::occasions::Occasion;
use super::severity::CLOCKS;
use super::tickets::{Phase, Slot, Ticket};
use crate::model::{CalendarId, Model, SeverityId, Target, TargetKind};
use crate::time::{Instant, Length, Worked, clock};

/// When a ticket's clocks stood still.
#[derive(Debug, Default, Clone)]
pub struct Pauses {
    /// Waiting for the customer, and between resolution and reopening.
    waits: Vec<(Instant, Instant)>,
    /// Between resolution and reopening only.
    gaps: Vec<(Instant, Instant)>,
    /// Waiting for a vendor, and between resolution and reopening; and all of it. Only kept where there are vendors.
    vendors: Vec<(Instant, Instant)>,
    all: Vec<(Instant, Instant)>,
}

static NEVER_PAUSED: Pauses = Pauses {
    waits: Vec::new(),
    gaps: Vec::new(),
    vendors: Vec::new(),
    all: Vec::new(),
};

impl Pauses {
    pub(super) fn clear(&mut self) {
        self.waits.clear();
        self.gaps.clear();
        self.vendors.clear();
        self.all.clear();
    }

    /// The customer is asked.
    pub(super) fn ask(&mut self, now: Instant) {
        self.waits.push((now, Instant::LAST));
    }

    /// The customer answers.
    pub(super) fn answer(&mut self, now: Instant) {
        if let Some(last) = self.waits.last_mut() {
            last.1 = now;
        }
    }

    /// The same where there are vendors, who may be those who are asked.
    pub(super) fn ask_beside_vendors(&mut self, now: Instant, vendor: bool) {
        let wait = (now, Instant::LAST);
        let list = if vendor { &mut self.vendors } else { &mut self.waits };
        list.push(wait);
        self.all.push(wait);
    }

    /// Likewise the answer.
    pub(super) fn answer_beside_vendors(&mut self, now: Instant, vendor: bool) {
        let list = if vendor { &mut self.vendors } else { &mut self.waits };
        let lists = [list.last_mut(), self.all.last_mut()];
        lists.into_iter().flatten().for_each(|last| last.1 = now);
    }

    /// The ticket comes back after it was resolved.
    pub(super) fn come_back(&mut self, resolved: Instant, now: Instant, vendors: bool) {
        self.waits.push((resolved, now));
        self.gaps.push((resolved, now));
        if vendors {
            self.vendors.push((resolved, now));
            self.all.push((resolved, now));
        }
    }

    fn of(&self, target: &Target) -> &[(Instant, Instant)] {
        match (target.pauses, target.pauses_for_vendors) {
            (true, false) => &self.waits,
            (false, false) => &self.gaps,
            (false, true) => &self.vendors,
            (true, true) => &self.all,
        }
    }

    /// Whether no clock has ever stood still.
    #[inline]
    fn are_none(&self) -> bool {
        self.waits.is_empty() && self.vendors.is_empty()
    }
}

/// A time on a calendar from an instant on, pauses left out.
#[derive(Clone, Copy)]
pub(super) struct Stretch<'a> {
    pub calendar: CalendarId,
    pub since: Instant,
    pub amount: Worked,
    pub pauses: &'a [(Instant, Instant)],
}

impl Stretch<'_> {
    /// It does not end before this: a calendar that closes and pauses only make it longer.
    #[inline]
    pub fn ends_from(&self) -> Instant {
        self.since + Length::from_ms(self.amount.ms())
    }

    /// When it ends; `None` if nothing says when.
    #[inline]
    pub fn end(&self, model: &Model) -> Option<Instant> {
        if self.calendar == CalendarId::ALWAYS && self.pauses.is_empty() {
            return Some(self.ends_from());
        }
        clock::due(
            &model.calendars[self.calendar.index()],
            self.since,
            self.amount,
            self.pauses,
        )
    }
}

/// What rules go by: a clock from its start on.
#[derive(Clone, Copy)]
pub(super) struct Gauge<'a> {
    pub calendar: CalendarId,
    pub since: Instant,
    /// The clock's target; zero if it has none.
    pub within: Worked,
    pub pauses: &'a [(Instant, Instant)],
}

impl<'a> Gauge<'a> {
    /// Until so much of it is consumed.
    #[inline]
    pub fn until(&self, amount: Worked) -> Stretch<'a> {
        Stretch {
            calendar: self.calendar,
            since: self.since,
            amount,
            pauses: self.pauses,
        }
    }
}

/// A ticket and its pauses, asked about its clocks.
#[derive(Clone, Copy)]
pub(super) struct Clocks<'a> {
    pub model: &'a Model,
    pub ticket: &'a Ticket,
    pub pauses: &'a Pauses,
    /// The ticket's case file, where there is one and somebody asks.
    pub case: Option<&'a Case>,
    pub now: Instant,
}

/// What the clocks of any ticket can be asked with, at an instant.
#[derive(Debug, Clone, Copy)]
pub(super) struct ClocksOfAll<'a> {
    pub model: &'a Model,
    pub pauses: &'a [Pauses],
    pub cases: &'a [Case],
    pub now: Instant,
}

impl ClocksOfAll<'_> {
    /// Whether a clock that would have counted so much without a pause has.
    #[inline]
    pub fn counts(&self, ticket: &Ticket, slot: Slot, index: usize, limit: &Limit) -> bool {
        let has_paused = self.pauses.get(slot).is_some_and(|pauses| !pauses.are_none());
        !(has_paused || limit.by_owner) || self.counts_after_all(ticket, slot, CLOCKS[index], limit)
    }

    #[inline(never)]
    fn counts_after_all(&self, ticket: &Ticket, slot: Slot, kind: TargetKind, limit: &Limit) -> bool {
        let clocks = Clocks {
            case: self.cases.get(slot),
            ..Clocks::of(self.model, ticket, self.pauses.get(slot), self.now)
        };
        let target = clocks.target(kind);
        target.is_some_and(|target| clocks.consumed(kind, target, self.now).ms() >= limit.amount)
    }
}

impl<'a> Clocks<'a> {
    pub fn of(model: &'a Model, ticket: &'a Ticket, pauses: Option<&'a Pauses>, now: Instant) -> Clocks<'a> {
        Clocks {
            model,
            ticket,
            pauses: pauses.unwrap_or(&NEVER_PAUSED),
            case: None,
            now,
        }
    }

    /// The target in force.
    #[inline]
    pub fn target(&self, kind: TargetKind) -> Option<&'a Target> {
        self.target_under(kind, self.ticket.severity_of(kind))
    }

    /// The target of a severity.
    #[inline]
    fn target_under(&self, kind: TargetKind, severity: SeverityId) -> Option<&'a Target> {
        let (targets, ticket) = (&self.model.targets, self.ticket);
        match kind {
            TargetKind::Own => targets.own(ticket.team, severity, ticket.service, ticket.customer),
            _ => targets.get(kind, severity, ticket.service, ticket.customer),
        }
    }

    #[inline]
    pub fn start(&self, kind: TargetKind) -> Instant {
        match kind {
            TargetKind::FirstResponse => self.ticket.clock_from[0],
            TargetKind::Resolve => self.ticket.clock_from[1],
            TargetKind::Mitigate => self.ticket.clock_from[2],
            TargetKind::Update => {
                let anew = self.case.and_then(|case| case.messages.silence.anew);
                anew.unwrap_or(self.ticket.last_message)
            }
            TargetKind::Acknowledge | TargetKind::NextResponse | TargetKind::Own => {
                self.occasion(kind).since.unwrap_or(self.ticket.created)
            }
        }
    }

    /// The calendar on which the clock of a kind runs.
    #[inline]
    pub fn calendar(&self, kind: TargetKind, target: &Target) -> CalendarId {
        match target.by_owner {
            None => target.calendar,
            Some(list) => self.calendar_of_owner(kind, list),
        }
    }

    #[cold]
    #[inline(never)]
    fn calendar_of_owner(&self, kind: TargetKind, list: u16) -> CalendarId {
        let zone = self.case.map_or(0, |case| case.zones[kind as usize]);
        self.model.targets.owners.calendar(list, zone)
    }

    fn occasion(&self, kind: TargetKind) -> Occasion {
        let place = kind.occasional();
        let occasion = place.and_then(|place| Some(self.case?.clocks[place]));
        occasion.unwrap_or_default()
    }

    /// Whether the clock of a kind has started and not stopped.
    #[inline]
    pub fn runs(&self, kind: TargetKind) -> bool {
        let open = !matches!(self.ticket.phase, Phase::Resolved | Phase::Closed) && self.ticket.voided.is_none();
        match kind {
            TargetKind::FirstResponse => open && !self.ticket.is_answered(self.now),
            TargetKind::Update => {
                let ended = || self.target(kind).is_some_and(|target| target.until_mitigation);
                open && self.ticket.first_response.is_some() && !(self.ticket.mitigated.is_some() && ended())
            }
            TargetKind::Mitigate => open && self.ticket.mitigated.is_none(),
            TargetKind::Resolve => open,
            TargetKind::Acknowledge | TargetKind::NextResponse | TargetKind::Own => {
                let occasion = self.occasion(kind);
                occasion.since.is_some() && !occasion.decided
            }
        }
    }

    /// Until when a clock has counted: now if it runs, its stop if it has stopped; `None` if it has not begun, or ended void.
    pub fn has_counted_until(&self, kind: TargetKind) -> Option<Instant> {
        let stopped = || {
            self.stop(kind)
                .filter(|_| CLOCKS.contains(&kind) && self.ticket.voided.is_none())
        };
        if self.runs(kind) { Some(self.now) } else { stopped() }
    }

    /// When `amount` of a target is consumed; `None` if nothing says when.
    #[inline]
    pub fn reached(&self, kind: TargetKind, target: &Target, amount: Worked) -> Option<Instant> {
        self.stretch(kind, target, amount).end(self.model)
    }

    /// From the start of a target's clock until `amount` of it is consumed.
    #[inline]
    pub fn stretch(&self, kind: TargetKind, target: &Target, amount: Worked) -> Stretch<'a> {
        self.gauge(kind, target).until(amount)
    }

    /// What was `left` of a target when its clock stopped: pauses never move a clock that has stopped.
    fn left_at(&self, kind: TargetKind, target: &Target, stop: Instant, left: Worked) -> Stretch<'a> {
        Stretch {
            calendar: self.calendar(kind, target),
            since: stop.max(self.start(kind)),
            amount: left,
            pauses: &[],
        }
    }

    /// The clock of a target.
    #[inline]
    pub fn gauge(&self, kind: TargetKind, target: &Target) -> Gauge<'a> {
        Gauge {
            calendar: self.calendar(kind, target),
            since: self.start(kind),
            within: target.within,
            pauses: self.pauses.of(target),
        }
    }

    /// The deadline of a kind, if there is a target.
    #[inline]
    pub fn due(&self, kind: TargetKind) -> Option<Instant> {
        let target = self.target(kind)?;
        self.reached(kind, target, target.within)
    }

    /// Calendar time that the clock has consumed by `at`.
    #[inline]
    pub fn consumed(&self, kind: TargetKind, target: &Target, at: Instant) -> Worked {
        if target.calendar == CalendarId::ALWAYS && self.pauses.are_none() {
            return Worked::from_length(at.max(self.start(kind)) - self.start(kind));
        }
        let calendar = &self.model.calendars[self.calendar(kind, target).index()];
        clock::consumed(calendar, self.start(kind), at, self.pauses.of(target))
    }

    /// Whether a clock may have breached or used up a share of its target by its stop, or by now: no calendar counts more than
    /// the time that has gone by.
    #[inline]
    pub fn may_have_used_up(&self, kind: TargetKind, share: f64) -> bool {
        let (start, stop) = (self.start(kind), self.stop(kind).unwrap_or(self.now));
        let gone_by = (stop.max(start) - start).ms() as f64;
        let target = self.target(kind);
        self.ticket.breached != [false; 3] || target.is_some_and(|target| gone_by >= share * target.within.ms() as f64)
    }

    /// How a clock that is decided ended: whether it breached or had used up a `close` share of its target, and whether that was
    /// foreseen, somebody having been `told` early enough before the deadline. `None`: no target, or undecided.
    pub fn ended(&self, kind: TargetKind, end: Instant, close: f64, told: Option<Instant>) -> Option<(bool, bool)> {
        let Some(target) = self.target(kind) else {
            let kept = self.kept(kind)?;
            return Some((true, told.is_some_and(|told| self.foresaw(kind, kept, told))));
        };
        let end = self.ticket.voided.map_or(end, |voided| voided.min(end));
        let (verdict, used) = self.verdict(kind, target, end, false);
        let within = target.within.ms();
        let is_close = verdict.breached? || used.ms() as f64 >= close * within as f64;
        let kept = self.kept(kind).filter(|(due, _)| verdict.missed == Some(*due));
        let foreseen = told.is_some_and(|told| {
            if let Some(kept) = kept {
                return self.foresaw(kind, kept, told);
            }
            let at = self.consumed(kind, target, told).ms();
            at + self.model.useful_lead(target.within) <= within && at <= used.ms()
        });
        Some((is_close, foreseen))
    }

    /// Whether somebody was told early enough before a deadline that was missed under the target of a former severity.
    #[cold]
    fn foresaw(&self, kind: TargetKind, (due, under): (Instant, SeverityId), told: Instant) -> bool {
        self.target_under(kind, under).is_some_and(|target| {
            let calendar = &self.model.calendars[self.calendar(kind, target).index()];
            let left = clock::consumed(calendar, told, due, self.pauses.of(target));
            told <= due && left.ms() >= self.model.useful_lead(target.within)
        })
    }

    /// A time on a calendar since an instant, waits for the customer left out unless they count.
    #[inline]
    pub fn elapsing(&self, calendar: CalendarId, since: Instant, amount: Worked, counts_waits: bool) -> Stretch<'a> {
        self.elapsing_since(calendar, since, counts_waits).until(amount)
    }

    /// The clock of such a time.
    #[inline]
    pub fn elapsing_since(&self, calendar: CalendarId, since: Instant, counts_waits: bool) -> Gauge<'a> {
        Gauge {
            calendar,
            since,
            within: Worked::ZERO,
            pauses: if counts_waits { &[] } else { &self.pauses.waits },
        }
    }

    /// Whether the clock has breached by `now`, its stop not counted: what a change of severity must not wipe out.
    pub fn has_breached(&self, kind: TargetKind, now: Instant) -> bool {
        self.target(kind)
            .is_some_and(|target| self.consumed(kind, target, now) >= target.within)
    }

    /// Whether the clock has breached by now, stopped or not, or did under a target that is no longer in force.
    pub fn is_late(&self, kind: TargetKind) -> bool {
        let Some(index) = CLOCKS.into_iter().position(|known| known == kind) else {
            return self.runs(kind) && self.has_breached(kind, self.now);
        };
        let late = |target| self.verdict(kind, target, self.now, false).0.breached == Some(true);
        self.ticket.breached[index] || self.target(kind).is_some_and(late)
    }

    /// What became of a clock, and how much of its calendar's time it had counted by its stop, or counts at the end.
    ///
    /// `due` is only filled in where it is wanted or the clock breached: nobody else asks for it.
    #[inline]
    pub fn verdict(&self, kind: TargetKind, target: &Target, end: Instant, want_due: bool) -> (Verdict, Worked) {
        let (already, late_at_the_instant) = match kind {
            TargetKind::FirstResponse => (self.ticket.breached[0], self.ticket.answered_last),
            TargetKind::Mitigate => (self.ticket.breached[2], false),
            TargetKind::Update
            | TargetKind::Resolve
            | TargetKind::Acknowledge
            | TargetKind::NextResponse
            | TargetKind::Own => (self.ticket.breached[1], false),
        };
        let stop = self.stop(kind).filter(|stop| *stop <= end);
        let used = self.consumed(kind, target, stop.unwrap_or(end));
        let over = used.ms() - target.within.ms();
        // All used up, and stopped later: in closed hours, or in a pause that came too late.
        let passed_before = |stop| self.reached(kind, target, target.within).is_some_and(|due| due < stop);
        let at_the_instant = || match self.ticket.voided {
            // Leaving is a fact of the world and comes before the breach of its instant.
            Some(_) => passed_before(end),
            None => late_at_the_instant || stop.is_none_or(passed_before),
        };
        let judged = Judged::of(over, stop.is_some(), already, at_the_instant);
        let due = match stop.filter(|_| over < 0) {
            _ if !want_due && !judged.is_late() => None,
            Some(stop) => self.left_at(kind, target, stop, Worked::from_ms(-over)).end(self.model),
            None => self.reached(kind, target, target.within),
        };
        let verdict = judged.verdict(due);
        match already {
            true => (self.with_what_was_kept(kind, verdict, stop.unwrap_or(end)), used),
            false => (verdict, used),
        }
    }

    /// The breach of a clock under a target that is no longer in force: when, and the severity that had the target.
    pub fn kept(&self, kind: TargetKind) -> Option<(Instant, SeverityId)> {
        let Some(index) = CLOCKS.into_iter().position(|known| known == kind) else {
            return self.occasion(kind).kept;
        };
        let ticket = self.ticket;
        ticket.breached[index].then_some((ticket.breached_at[index], ticket.breached_under[index]))
    }

    /// What became of a clock that has no target any more: the breach that was kept.
    pub fn kept_alone(&self, kind: TargetKind, stopped: bool, until: Instant) -> Option<Verdict> {
        let (due, _) = self.kept(kind)?;
        let verdict = Verdict {
            breached: Some(true),
            stopped,
            late: Worked::ZERO,
            due: Some(due),
            missed: None,
        };
        Some(self.with_what_was_kept(kind, verdict, until))
    }

    /// A breach that was kept is one of the deadline that was missed then, unless the clock has missed an earlier one since, or
    /// another one after a new start. It is late by what has gone by from there `until` now, its stop or its new start, on the
    /// calendar of the target of then.
    #[cold]
    #[inline(never)]
    pub fn with_what_was_kept(&self, kind: TargetKind, mut verdict: Verdict, until: Instant) -> Verdict {
        let Some((at, under)) = self.kept(kind) else {
            return verdict;
        };
        let start = self.start(kind);
        // A deadline lies after its clock's own start.
        let began_anew = start >= at;
        if verdict.missed.is_some_and(|missed| began_anew || missed <= at) {
            return verdict;
        }
        verdict.missed = Some(at);
        if let Some(target) = self.target_under(kind, under) {
            let calendar = &self.model.calendars[self.calendar(kind, target).index()];
            let until = if began_anew { start } else { until };
            verdict.late = clock::consumed(calendar, at, until, self.pauses.of(target));
        }
        verdict
    }

    /// What became of the clocks, at the closing of the ticket or the end of the run.
    #[inline(always)]
    pub fn outcome(&self, end: Instant, want_due: bool) -> Outcome {
        let (targets, ticket) = (&self.model.targets, self.ticket);
        let end = ticket.voided.map_or(end, |voided| voided.min(end));
        if !CLOCKS.into_iter().any(|kind| targets.any(kind)) {
            return Outcome::default();
        }
        let truly = ticket.is_as_it_truly_is();
        let one_severity = ticket.response_severity == ticket.severity && ticket.mitigate_severity == ticket.severity;
        if truly && one_severity && targets.round_the_clock() && self.pauses.are_none() && ticket.breached == [false; 3]
        {
            return self.plain_outcome(end, want_due);
        }
        self.usual_outcome(end, want_due, truly)
    }

    #[inline(never)]
    fn usual_outcome(&self, end: Instant, want_due: bool, truly: bool) -> Outcome {
        let ticket = self.ticket;
        let verdicts = self.verdicts(end, want_due);
        let resolve_used = verdicts[1].map(|(_, used)| used);
        let [first_response, resolve, mitigate] = verdicts.map(|one| one.map(|(verdict, _)| verdict));
        if truly && ticket.breached == [false; 3] {
            return Outcome {
                first_response,
                resolve,
                mitigate,
                of_true_severity: None,
                voided: ticket.voided.is_some(),
                resolve_used,
            };
        }
        let truth = ticket.as_it_truly_is();
        let of_truth = Clocks {
            ticket: &truth,
            ..*self
        }
        .verdicts(end, false)
        .map(|one| one.map(|(verdict, _)| verdict));
        Outcome {
            first_response,
            resolve,
            mitigate,
            of_true_severity: Some(TrueOutcome {
                first_response: of_truth[0],
                resolve: of_truth[1],
                mitigate: of_truth[2],
            }),
            voided: ticket.voided.is_some(),
            resolve_used,
        }
    }

    /// The same where every clock runs round the clock, nothing has paused and the severity has never changed: a
    /// subtraction. Kept equal to the general case by a test.
    #[inline(always)]
    fn plain_outcome(&self, end: Instant, want_due: bool) -> Outcome {
        let ticket = self.ticket;
        let row = self.model.targets.row(ticket.severity, ticket.service, ticket.customer);
        let [response, _, mitigate, resolve, ..] = row;
        let [response_from, resolve_from, mitigate_from] = ticket.clock_from;
        let voided = ticket.voided.is_some();
        let lived = |from, stop, late_at_the_instant| Lived {
            from,
            stop,
            end,
            late_at_the_instant,
            voided,
        };
        let first_response = lived(response_from, ticket.first_response, ticket.answered_last);
        let first_response = first_response.verdict(response, want_due);
        let resolve = lived(resolve_from, ticket.resolved, false).verdict(resolve, want_due);
        let mitigate = lived(mitigate_from, ticket.mitigated, false).verdict(mitigate, want_due);
        Outcome {
            first_response,
            resolve,
            mitigate,
            of_true_severity: None,
            voided: ticket.voided.is_some(),
            resolve_used: None,
        }
    }

    #[inline]
    fn verdicts(&self, end: Instant, want_due: bool) -> [Option<(Verdict, Worked)>; 3] {
        std::array::from_fn(|index| match self.target(CLOCKS[index]) {
            Some(target) => Some(self.verdict(CLOCKS[index], target, end, want_due)),
            None => {
                let stop = self.stop(CLOCKS[index]).filter(|stop| *stop <= end);
                let verdict = self.kept_alone(CLOCKS[index], stop.is_some(), stop.unwrap_or(end));
                Some((verdict?, Worked::ZERO))
            }
        })
    }

    /// When what the clock of a kind waits for happened.
    fn stop(&self, kind: TargetKind) -> Option<Instant> {
        match kind {
            TargetKind::FirstResponse => self.ticket.first_response,
            TargetKind::Mitigate => self.ticket.mitigated,
            TargetKind::Update
            | TargetKind::Resolve
            | TargetKind::Acknowledge
            | TargetKind::NextResponse
            | TargetKind::Own => self.ticket.resolved,
        }
    }

    /// Updates due and missed when one is sent at `now`, that one included.
    pub fn updates(&self, now: Instant, silence: Silence) -> (u32, u32) {
        let Some(target) = self.target(TargetKind::Update) else {
            return (0, 0);
        };
        let consumed = self.consumed(TargetKind::Update, target, now).ms();
        let within = target.within.ms().max(1);
        let count = |updates: i64| u32::try_from(updates).unwrap_or(u32::MAX);
        let elapsed = count(consumed / within);
        let before = count((consumed - 1).max(0) / within);
        let at_the_instant = consumed > 0 && consumed % within == 0;
        match silence {
            Silence::Ended => (before + u32::from(at_the_instant || before == 0), before),
            Silence::Stopped if now <= self.start(TargetKind::Update) => (0, 0),
            Silence::Stopped => (before + u32::from(at_the_instant || before == 0), before),
            Silence::CutOff => (before + u32::from(at_the_instant), before),
            Silence::Broken => (elapsed.max(1), elapsed),
            Silence::Avoided => (elapsed.saturating_add(1), 0),
        }
    }
}

/// The life of a clock that runs round the clock and has never paused.
struct Lived {
    from: Instant,
    stop: Option<Instant>,
    end: Instant,
    late_at_the_instant: bool,
    voided: bool,
}

impl Lived {
    #[inline(always)]
    fn verdict(&self, target: &Option<Target>, want_due: bool) -> Option<Verdict> {
        let target = target.as_ref()?;
        let stop = self.stop.filter(|stop| *stop <= self.end);
        let over = (stop.unwrap_or(self.end).max(self.from) - self.from).ms() - target.within.ms();
        let at_the_instant = || !self.voided && (self.late_at_the_instant || stop.is_none());
        let judged = Judged::of(over, stop.is_some(), false, at_the_instant);
        let due = self.from + Length::from_ms(target.within.ms());
        Some(judged.verdict((want_due || judged.is_late()).then_some(due)))
    }
}

/// A clock, judged at its stop or at the end.
#[derive(Clone, Copy)]
pub(super) struct Judged {
    /// What it had counted beyond its target, ms; below zero before that.
    over: i64,
    stopped: bool,
    /// Its deadline has passed, under the target in force.
    passed: bool,
    breached: Option<bool>,
}

impl Judged {
    /// `at_the_instant`: whether it is late if it had counted its target and no more. `already`: it has breached before.
    #[inline(always)]
    pub fn of(over: i64, stopped: bool, already: bool, at_the_instant: impl FnOnce() -> bool) -> Judged {
        let passed = over > 0 || (over == 0 && at_the_instant());
        let breached = match (already || passed, stopped) {
            (true, _) => Some(true),
            (false, true) => Some(false),
            (false, false) => None,
        };
        Judged {
            over,
            stopped,
            passed,
            breached,
        }
    }

    #[inline(always)]
    pub fn is_late(self) -> bool {
        self.breached == Some(true)
    }

    /// What became of it; `due` is its deadline, where anybody asks for that.
    #[inline(always)]
    pub fn verdict(self, due: Option<Instant>) -> Verdict {
        Verdict {
            breached: self.breached,
            stopped: self.stopped,
            late: Worked::from_ms(if self.is_late() { self.over.max(0) } else { 0 }),
            due,
            missed: due.filter(|_| self.passed),
        }
    }
}

/// What went before a message to the customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Silence {
    /// Nobody was at work: every elapsed multiple of the cadence was missed. The message comes in dispatch, or by a timer, after the
    /// deadline's own rank, so one sent on the deadline is late.
    Broken,
    /// Somebody was at work and sent an update at every multiple of the cadence.
    Avoided,
    /// A message that comes before the deadline's own rank, such as an update that was work of its own: every multiple before it was
    /// missed, one on the deadline is in time.
    Ended,
    /// There is a workaround or a solution, after which no update is due: likewise. One that has only begun by then,
    /// with an update or the first words, is none.
    Stopped,
    /// Nobody waits for an update any more, or the run is over: what was due before was missed.
    CutOff,
}
