//! Customers who do not wait for ever: they leave, they ask again, they are reminded.
//!
//! How long a customer waits, when they ask again and whether a reminder helps is the ticket's own. Patience only counts until
//! somebody begins the ticket; chasers come while the ticket waits without news, and answering one is a task of the team that
//! holds it. A ticket that is left, or whose customer does not answer, is closed without a resolution: its clocks end void,
//! unless they have breached before.

use super::Run;
use super::agenda::{Kind, Stamp};
use super::messages::UpdatesEnd;
use super::observe::{Happening, Observe};
use super::occasions::Ending;
use super::rules::Occurrence;
use super::tasks::{Assignee, NewTask};
use super::tickets::{Family, Leaving, Phase, Slot, Task, Ticket};
use crate::model::{CalendarId, TargetKind};
use crate::random::Purpose;
use crate::time::{Instant, Length, Worked};

/// Block of a ticket's stream of reminders that says whether its customer would ever answer by themselves.
const BY_THEMSELVES: u32 = 0xFF;

/// What a case file knows of the customer's waiting.
#[derive(Debug, Clone, Copy)]
pub(super) struct Waiting {
    /// Last news, or the last time they asked since.
    since: Instant,
    /// They have asked since the last news.
    asked: bool,
    /// Validity of the next time they ask.
    chaser: Stamp,
    /// When they will answer a question, as far as it is known.
    answers: Instant,
    /// Validity of the next reminder and of the closing.
    reminder: Stamp,
    unanswered: Stamp,
    /// Reminders of this question so far.
    reminders: u8,
}

impl Waiting {
    pub(super) const NEW: Waiting = Waiting {
        since: Instant::START,
        asked: false,
        chaser: Stamp::NONE,
        answers: Instant::LAST,
        reminder: Stamp::NONE,
        unanswered: Stamp::NONE,
        reminders: 0,
    };
}

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

    /// The customer has waited long enough, unless somebody has begun the ticket or it stands for an incident that
    /// is known.
    #[inline(never)]
    pub(super) fn leave(&mut self, slot: Slot, stamp: Stamp) {
        let ticket = &self.world.tickets[slot];
        // The row may be a task's by now, which nobody waits for.
        let stays = ticket.first_response.is_some() || self.stands_for_incident(slot) || ticket.is_task();
        if self.world.leaving[slot] == stamp && ticket.is_open() && !stays {
            self.close_unresolved(slot, Leaving::Impatient);
        }
    }

    /// Closes a ticket that nobody works on, without a resolution.
    #[inline(never)]
    pub(super) fn close_unresolved(&mut self, slot: Slot, why: Leaving) {
        match self.world.tickets[slot].phase {
            Phase::Queued => self.unqueue(slot, false),
            Phase::InLine => self.leave_line(slot),
            Phase::Pending => self.stop_asking(slot),
            Phase::Aside | Phase::Gated | Phase::InWork | Phase::Resolved | Phase::Closed => {}
        }
        if !O::PLAIN {
            self.closed_with_features(slot);
        }
        self.world.tickets[slot].left = Some(why);
        self.end_void(slot, |seen, now, ticket| seen.left(now, ticket));
    }

    /// A ticket that is nowhere any more ends without a resolution: its clocks end void, and its row is given up once observers have
    /// been told.
    pub(super) fn end_void(&mut self, slot: Slot, tell: impl FnOnce(&mut O, Instant, &Ticket)) {
        let now = self.now;
        let world = &mut *self.world;
        let ticket = &mut world.tickets[slot];
        ticket.voided = ticket.voided.or(Some(now));
        ticket.timer_at = Instant::LAST;
        ticket.breach = [Stamp::NONE; 3];
        if let Some(leaving) = world.leaving.get_mut(slot) {
            *leaving = Stamp::NONE;
        }
        world.desks[ticket.team.index()].held -= 1;
        world.open -= 1;
        world.unsettled -= usize::from(ticket.measured);
        tell(self.seen, now, ticket);
        self.close(slot);
    }

    /// What the end of a ticket without a resolution means beside it.
    #[inline(never)]
    pub(super) fn closed_with_features(&mut self, slot: Slot) {
        if self.model.rules.remember {
            self.case(slot).rules.forget_all();
        }
        if self.has_updates() {
            self.end_updates(slot, UpdatesEnd::Nothing);
        }
        if self.model.uses.involves {
            self.withdraw_parts(slot);
        }
        if self.model.uses.process {
            self.close_gates(slot);
            self.end_command(slot, false);
        }
        self.cancel_pages(slot);
        self.call_clocks_off(slot);
        self.stop_drift(slot);
        self.no_longer_waits(slot);
        if self.world.tickets[slot].family != Family::Alone {
            self.leave_fault(slot);
            self.parent_is_gone(slot);
        }
    }

    // Chasers.

    /// A ticket waits from now on: its customer may ask again. What has been waiting already goes on waiting.
    #[inline]
    pub(super) fn waits(&mut self, slot: Slot) {
        if self.model.population.chasers.is_some() && !self.world.tickets[slot].is_task() {
            self.waits_for_news(slot);
        }
    }

    #[inline(never)]
    fn waits_for_news(&mut self, slot: Slot) {
        let service = self.world.tickets[slot].service;
        if self.model.population.services[service.index()].is_of_alerts {
            return;
        }
        if self.case(slot).waiting.chaser == Stamp::NONE {
            self.news(slot);
        }
    }

    /// The customer has news now; from here their silence counts anew.
    fn news(&mut self, slot: Slot) {
        let now = self.now;
        let waiting = &mut self.case(slot).waiting;
        waiting.since = now;
        waiting.asked = false;
        self.plan_chaser(slot);
    }

    /// A ticket does not wait any more: somebody works on it, or it is closed.
    #[inline]
    pub(super) fn no_longer_waits(&mut self, slot: Slot) {
        if self.model.population.chasers.is_some() {
            self.case(slot).waiting.chaser = Stamp::NONE;
        }
    }

    /// When the customer asks next: some time after the silence that they take, or after they asked last.
    fn plan_chaser(&mut self, slot: Slot) {
        let Some(chasers) = &self.model.population.chasers else {
            return;
        };
        let case = self.case(slot);
        let (so_far, Waiting { since, asked, .. }) = (u32::from(case.chasers), case.waiting);
        let at = match so_far < chasers.at_most {
            true => {
                let from = if asked {
                    Some(since)
                } else {
                    self.end_of_silence(slot, since)
                };
                let severity = self.world.tickets[slot].true_severity.index();
                let gap = chasers.every[severity].draw_ms(self.draw(Purpose::CHASER, slot, so_far)[0]);
                from.map(|from| (from + Length::from_ms(gap)).max(self.now))
            }
            false => None,
        };
        let stamp = at.map_or(Stamp::NONE, |at| self.world.agenda.schedule(at, Kind::Chaser, slot));
        self.case(slot).waiting.chaser = stamp;
    }

    /// The end of the silence that the customer takes, from the last news on: as written, else what they were promised.
    fn end_of_silence(&self, slot: Slot, since: Instant) -> Option<Instant> {
        let clocks = self.clocks(slot);
        let written = self.model.population.chasers.as_ref().and_then(|chasers| chasers.after);
        match (written, clocks.target(TargetKind::Update)) {
            (Some(after), _) => clocks
                .elapsing(CalendarId::ALWAYS, since, Worked::from_length(after), false)
                .end(self.model),
            (None, Some(target)) => clocks
                .elapsing(clocks.calendar(TargetKind::Update, target), since, target.within, false)
                .end(self.model),
            (None, None) => Some(since),
        }
    }

    /// The customer asks again: a task for the team that holds the ticket.
    #[inline(never)]
    pub(super) fn chaser(&mut self, slot: Slot, stamp: Stamp) {
        let now = self.now;
        if self.case(slot).waiting.chaser != stamp {
            return;
        }
        let Some(chasers) = &self.model.population.chasers else {
            return;
        };
        let case = self.case(slot);
        let number = case.chasers;
        case.chasers += 1;
        case.waiting.since = now;
        case.waiting.asked = true;
        let work = chasers.work.draw_ms(self.draw(Purpose::CHASER, slot, number.into())[1]);
        self.happened(slot, Happening::Chased { count: number + 1 });
        self.customer_writes(slot);
        let team = self.world.tickets[slot].team;
        self.open_task(NewTask {
            task: Task::Chaser,
            about: slot,
            id: number.into(),
            to: Assignee::Team(team),
            work: Some(Length::from_ms(work)),
        });
        self.plan_chaser(slot);
        self.occurred(slot, Occurrence::Chased(number + 1));
    }

    /// A customer who asked has been answered: that is news.
    pub(super) fn chaser_answered(&mut self, slot: Slot) {
        let phase = self.world.tickets[slot].phase;
        self.clock_ends(slot, TargetKind::NextResponse, Ending::Stopped);
        if self.model.targets.any(TargetKind::Update) && self.world.tickets[slot].is_open() {
            self.send_update(slot, self.silence_broken());
        }
        if matches!(phase, Phase::Queued | Phase::InLine | Phase::Aside | Phase::Gated) || self.waits_for_vendor(slot) {
            self.news(slot);
        }
    }

    /// A customer is told how things stand: if they wait for that, their silence counts anew.
    pub(super) fn hears_news(&mut self, slot: Slot) {
        if self.model.population.chasers.is_some() && self.case(slot).waiting.chaser != Stamp::NONE {
            self.news(slot);
        }
    }

    // Questions to the customer.

    /// The customer has been asked and would answer after `wait`: when they do, and what is done if they do not.
    pub(super) fn await_answer(&mut self, slot: Slot, wait: Length) {
        let now = self.now;
        let answers = match self.answers_by_themselves(slot) {
            true => now + wait,
            false => Instant::LAST,
        };
        self.plan_answer(slot, answers);
        let Some(pending) = &self.model.population.pending else {
            return;
        };
        if pending.reminders.is_none() && pending.close_after.is_none() {
            return;
        }
        let unanswered = pending.close_after.map_or(Stamp::NONE, |after| {
            self.world.agenda.schedule(now + after, Kind::Unanswered, slot)
        });
        let waiting = &mut self.case(slot).waiting;
        waiting.answers = answers;
        waiting.unanswered = unanswered;
        waiting.reminders = 0;
        self.plan_reminder(slot);
    }

    fn plan_answer(&mut self, slot: Slot, at: Instant) {
        self.world.tickets[slot].work = match at < Instant::LAST {
            true => self.world.agenda.schedule(at, Kind::Answer, slot),
            false => Stamp::NONE,
        };
    }

    /// Episode of the question that is open, as the high part of a block's number.
    fn episode(&self, slot: Slot) -> u32 {
        u32::from(self.world.tickets[slot].episodes) << 8
    }

    fn answers_by_themselves(&self, slot: Slot) -> bool {
        let never = self
            .model
            .population
            .pending
            .as_ref()
            .map_or(0.0, |pending| pending.never);
        let drawn = self.world.tickets[slot].scripted.is_none();
        !(drawn && never > 0.0 && self.draw(Purpose::REMINDER, slot, self.episode(slot) | BY_THEMSELVES)[0] < never)
    }

    fn plan_reminder(&mut self, slot: Slot) {
        let asked = self.world.tickets[slot].stint_since;
        let pending = self.model.population.pending.as_ref();
        let Some(reminders) = pending.and_then(|pending| pending.reminders.as_ref()) else {
            return;
        };
        let number = self.case(slot).waiting.reminders;
        let next = reminders.after.get(usize::from(number)).map(|after| asked + *after);
        let stamp = next.map_or(Stamp::NONE, |at| self.world.agenda.schedule(at, Kind::Reminder, slot));
        self.case(slot).waiting.reminder = stamp;
    }

    /// A reminder is sent: it may make the customer answer sooner than they would, or at all.
    #[inline(never)]
    pub(super) fn reminder(&mut self, slot: Slot, stamp: Stamp) {
        let pending = self.model.population.pending.as_ref();
        let Some(reminders) = pending.and_then(|pending| pending.reminders.as_ref()) else {
            return;
        };
        if self.case(slot).waiting.reminder != stamp {
            return;
        }
        let number = u32::from(self.case(slot).waiting.reminders).min(BY_THEMSELVES - 1);
        let [whether, when] = self.draw(Purpose::REMINDER, slot, self.episode(slot) | number);
        self.happened(slot, Happening::Reminded);
        if whether < reminders.share {
            let after = reminders.answer.as_ref().map_or(0, |law| law.draw_ms(when));
            let at = self.now + Length::from_ms(after);
            if at < self.case(slot).waiting.answers {
                self.case(slot).waiting.answers = at;
                self.plan_answer(slot, at);
            }
        }
        let waiting = &mut self.case(slot).waiting;
        waiting.reminders = waiting.reminders.saturating_add(1);
        self.plan_reminder(slot);
    }

    /// The customer has not answered for too long.
    #[inline(never)]
    pub(super) fn unanswered(&mut self, slot: Slot, stamp: Stamp) {
        if self.case(slot).waiting.unanswered == stamp {
            self.close_pending(slot);
        }
    }

    /// Closes a ticket that waits for its customer; `false` if it does not.
    pub(super) fn close_pending(&mut self, slot: Slot) -> bool {
        let waits = self.world.tickets[slot].phase == Phase::Pending && !self.waits_for_vendor(slot);
        if waits {
            self.close_unresolved(slot, Leaving::Unanswered);
        }
        waits
    }

    /// An open question does not matter any more.
    pub(super) fn stop_asking(&mut self, slot: Slot) {
        let now = self.now;
        let of_vendor = self.wait_ends(slot);
        let ticket = &mut self.world.tickets[slot];
        let waited = now - ticket.stint_since;
        if !of_vendor {
            ticket.pending_ms += waited.ms();
        }
        ticket.work = Stamp::NONE;
        if let Some(owner) = ticket.owner {
            self.world.people[owner.index()].has_one_pending_less();
        }
        if self.model.rules.remember {
            self.put_repetitions_off(slot, waited, of_vendor);
        }
        self.question_closed(slot);
    }

    /// No more reminders of a question.
    #[inline]
    pub(super) fn question_closed(&mut self, slot: Slot) {
        if let Some(case) = self.world.cases.get_mut(slot) {
            case.waiting.reminder = Stamp::NONE;
            case.waiting.unanswered = Stamp::NONE;
        }
    }
}
