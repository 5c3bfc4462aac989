//! Updates to the customer and executive briefs, as work that somebody does.
//!
//! An update is due a cadence after the last message; its work enters the queue a lead time before that. It is sent when the
//! work is done: in time at the very instant at which it is due. A silence counts as the scenario says.

use super::Run;
use super::agenda::{Kind, Stamp};
use super::backlog::Place;
use super::clock::Silence;
use super::desk::State;
use super::observe::{Happening, Interruption, Observe};
use super::occasions::Ending;
use super::silences::Counted;
use super::tasks::{Assignee, NewTask};
use super::tickets::{Phase, Slot, Task, Ticket};
use crate::model::{AgentId, Begun, Communications, Holder, Measured, RoleId, TargetKind};
use crate::random::{Purpose, Sampler};
use crate::time::Length;

/// Briefs are numbered apart from updates.
const BRIEFS: u32 = 1 << 20;

/// Somebody who writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Writer {
    Role(u32),
    Task(Slot),
}

/// What a ticket's updates end with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UpdatesEnd {
    /// A workaround, if its target says so.
    Workaround,
    /// A solution.
    Solution,
    /// Neither: the ticket is left, or a parent's clocks count instead of its own.
    Nothing,
}

/// What a ticket's case file knows of its messages.
#[derive(Debug, Clone, Copy)]
pub(super) struct Messages {
    /// Validity of the event at which the next update's work begins.
    begin: Stamp,
    /// The update that is being written.
    update: Option<Writer>,
    /// What has been counted of the silence as the severity changed in it.
    pub silence: Counted,
    /// Updates and briefs asked for so far: they key the draws.
    updates: u32,
    briefs: u32,
    /// A brief is wanted of whoever begins the ticket; and the validity of its event, once somebody has.
    owes_brief: bool,
    brief_owed: Stamp,
}

impl Messages {
    pub const NEW: Messages = Messages {
        begin: Stamp::NONE,
        update: None,
        silence: Counted::NOTHING,
        updates: 0,
        briefs: 0,
        owes_brief: false,
        brief_owed: Stamp::NONE,
    };
}

impl<O: Observe> Run<'_, O> {
    /// Puts the work of the next update on the agenda, in place of what was there.
    #[inline]
    pub(super) fn plan_update(&mut self, slot: Slot) {
        if let Some(plan) = &self.model.process.communications {
            self.plan_update_by(slot, plan.lead_time);
        }
    }

    #[inline(never)]
    fn plan_update_by(&mut self, slot: Slot, lead: Length) {
        let clocks = self.clocks(slot);
        let waits = !clocks.ticket.is_task() && clocks.runs(TargetKind::Update);
        let due = clocks.due(TargetKind::Update).filter(|_| waits);
        let begun = clocks.start(TargetKind::Update);
        let is_written = self.world.cases[slot].messages.update.is_some();
        self.case(slot).messages.begin = match due {
            Some(due) if !is_written => {
                // Not before half of the cadence is over: whoever began the next as the last was sent would do nothing else.
                let half = Length::from_ms((due - begun).ms() / 2);
                let at = (due - lead.min(half)).max(self.now);
                self.world.agenda.schedule(at, Kind::UpdateDue, slot)
            }
            _ => Stamp::NONE,
        };
    }

    /// The work of an update is to begin.
    #[inline(never)]
    pub(super) fn update_due(&mut self, slot: Slot, stamp: Stamp) {
        if self.world.cases[slot].messages.begin == stamp {
            self.case(slot).messages.begin = Stamp::NONE;
            self.update(slot);
        }
    }

    /// Somebody is to write an update. `false` if somebody does already, or nobody is to hear of it.
    pub(super) fn update(&mut self, slot: Slot) -> bool {
        let Some(plan) = &self.model.process.communications else {
            return false;
        };
        let messages = self.world.cases[slot].messages;
        if messages.update.is_some() || !self.world.tickets[slot].is_open() {
            return false;
        }
        self.case(slot).messages.updates += 1;
        let writer = self.ask_to_write(slot, plan, Task::Update, messages.updates, &plan.update_work);
        self.case(slot).messages.update = Some(writer);
        self.case(slot).messages.begin = Stamp::NONE;
        true
    }

    /// Somebody is to write an executive brief.
    pub(super) fn brief(&mut self, slot: Slot) -> bool {
        let Some(plan) = &self.model.process.communications else {
            return false;
        };
        let ticket = &self.world.tickets[slot];
        if !ticket.is_open() {
            return false;
        }
        if plan.by.is_none() && ticket.owner.is_none() {
            return !std::mem::replace(&mut self.case(slot).messages.owes_brief, true);
        }
        let briefs = self.world.cases[slot].messages.briefs;
        self.case(slot).messages.briefs += 1;
        self.ask_to_write(slot, plan, Task::Brief, BRIEFS + briefs, &plan.brief_work);
        true
    }

    fn ask_to_write(&mut self, slot: Slot, plan: &Communications, task: Task, number: u32, law: &Sampler) -> Writer {
        let [u, _] = self.draw_about(Purpose::MESSAGE, &self.world.tickets[slot], number);
        let work = Length::from_ms(law.draw_ms(u));
        if let Some(role) = plan.by.filter(|role| self.is_held(*role, slot)) {
            return Writer::Role(self.ask_role(role, task, self.about(slot), number, Some(work), number));
        }
        self.put_aside(slot);
        let task = self.open_task(NewTask {
            task,
            about: slot,
            id: number,
            to: self
                .stays_on_for(slot)
                .map_or_else(|| self.owner_or_team(slot), Assignee::First),
            work: Some(work),
        });
        self.put_aside_on_overtime(slot, task);
        self.put_aside_on_call(slot, task);
        Writer::Task(task)
    }

    /// Whether somebody holds a role at this instant; if nobody does, the owner does its work, too.
    fn is_held(&mut self, role: RoleId, slot: Slot) -> bool {
        let is_held = match self.model.process.role(role).holder {
            Holder::Team(_) => true,
            Holder::Schedule(schedule) => self.model.on_call.of_schedule(schedule, self.now).is_some(),
        };
        if !is_held {
            self.happened(slot, Happening::Uncovered { level: None });
        }
        is_held
    }

    /// An update that a former owner or team is to write, and has not begun, is written by whoever has the ticket now: `owner`, if
    /// anybody.
    pub(super) fn hand_update_on(&mut self, slot: Slot, owner: Option<AgentId>) {
        let Some(Writer::Task(task)) = self.world.cases[slot].messages.update else {
            return;
        };
        let (writing, ticket) = (&self.world.tickets[task], &self.world.tickets[slot]);
        let is_right = match owner {
            Some(owner) => writing.owner == Some(owner),
            None => writing.team == ticket.team,
        };
        if writing.phase != Phase::InWork && !is_right {
            self.case(slot).messages.update = None;
            self.withdraw_task(task);
            self.plan_update(slot);
        }
    }

    /// An update is written: sent, if anybody still waits for it.
    pub(super) fn update_sent(&mut self, task: Slot) {
        let Some(slot) = self.subject(task) else { return };
        self.case(slot).messages.update = None;
        self.count_silence(slot, Silence::Ended, true);
        self.begin_silence(slot);
        self.clock_ends(slot, TargetKind::NextResponse, Ending::Stopped);
        self.happened(task, Happening::UpdateSent);
        self.hears_news(slot);
        self.rearm_silence(slot);
        self.set_timer_as(
            slot,
            Begun::since(Measured::NoUpdate).and(Begun::clock(TargetKind::Update)),
        );
        self.plan_update(slot);
    }

    /// At the end of the run: what was not sent by then was missed.
    pub(super) fn end_silences(&mut self) {
        let by_owner = self.model.process.communications.is_none();
        if !self.model.targets.any(TargetKind::Update) {
            return;
        }
        for slot in self.open_tickets() {
            // Whoever works on a ticket and sends its updates keeps in touch.
            if !by_owner || self.world.tickets[slot].phase != Phase::InWork {
                self.count_silence(slot, Silence::CutOff, false);
            }
        }
    }

    /// Its owner puts a ticket aside to write about it.
    fn put_aside(&mut self, slot: Slot) {
        let ticket = &self.world.tickets[slot];
        let owner = ticket.owner.filter(|owner| {
            let person = &self.world.people[owner.index()];
            // Nobody writes in the middle of another conversation: until that is over this one goes on, too.
            ticket.phase == Phase::InWork && person.state == State::Busy && person.talks.len() <= 1
        });
        if let Some(owner) = owner {
            self.take_for_more_work(slot, owner, Interruption::Writes);
            self.line_up(slot, owner, Place::Head);
        }
    }

    /// The same on overtime, where no dispatch gives anybody anything: they go on with the task at once.
    fn put_aside_on_overtime(&mut self, slot: Slot, task: Slot) {
        let ticket = &self.world.tickets[slot];
        let owner = ticket.owner.filter(|owner| {
            let person = &self.world.people[owner.index()];
            let is_next = person.line.contains(&(task as u32)) && person.talks.len() <= 1;
            ticket.phase == Phase::InWork && person.state == State::Overtime && is_next
        });
        if let Some(owner) = owner {
            self.stop_work(slot);
            self.interrupted(slot, owner, Interruption::Writes);
            self.line_up(slot, owner, Place::Head);
            self.free(owner);
        }
    }

    /// The same off duty, for a task that they are called for: it is next, the ticket after it.
    fn put_aside_on_call(&mut self, slot: Slot, task: Slot) {
        let ticket = &self.world.tickets[slot];
        let is_theirs = |owner: &AgentId| {
            ticket.phase == Phase::InWork && self.world.people[owner.index()].calls.contains(&(task as u32))
        };
        let Some(owner) = ticket.owner.filter(is_theirs) else {
            return;
        };
        let person = &mut self.world.people[owner.index()];
        person.calls.retain(|call| *call as usize != task);
        person.calls.insert(0, task as u32);
        self.take_from_owner(slot, Interruption::Writes);
        let ticket = &mut self.world.tickets[slot];
        (ticket.phase, ticket.queue_since) = (Phase::InLine, self.now);
        self.world.people[owner.index()].calls.insert(0, slot as u32);
        self.waits(slot);
    }

    /// Somebody begins a ticket of which a brief was wanted before anybody knew of it: they write it after this dispatch.
    pub(super) fn write_what_is_owed(&mut self, slot: Slot) {
        if std::mem::take(&mut self.case(slot).messages.owes_brief) {
            let stamp = self.world.agenda.schedule(self.now, Kind::BriefOwed, slot);
            self.case(slot).messages.brief_owed = stamp;
        }
    }

    #[inline(never)]
    pub(super) fn brief_owed(&mut self, slot: Slot, stamp: Stamp) {
        if self.world.cases[slot].messages.brief_owed == stamp {
            self.case(slot).messages.brief_owed = Stamp::NONE;
            self.brief(slot);
        }
    }

    /// A brief is written.
    pub(super) fn brief_sent(&mut self, task: Slot) {
        self.happened(task, Happening::BriefSent);
    }

    /// Somebody stops writing, whether what they write is done or not.
    pub(super) fn tell_of_writing(&mut self, task: Slot) {
        let writing = &self.world.tickets[task];
        let since = writing.stint_since;
        if matches!(writing.task, Task::Update | Task::Brief) {
            self.happened(task, Happening::Wrote { since });
        }
    }

    /// At the end of the run: whoever is writing then.
    pub(super) fn tell_of_open_writing(&mut self) {
        if self.model.process.communications.is_none() {
            return;
        }
        let in_work = |(_, row): &(Slot, &Ticket)| row.phase == Phase::InWork;
        let rows = self.world.tickets.each_open().filter(in_work);
        let rows: Vec<Slot> = rows.map(|(slot, _)| slot).collect();
        rows.into_iter().for_each(|slot| self.tell_of_writing(slot));
    }

    /// Whether anybody sends updates: because they are due, or because rules ask for them as work of its own.
    #[inline]
    pub(super) fn has_updates(&self) -> bool {
        self.model.targets.any(TargetKind::Update) || self.model.process.communications.is_some()
    }

    /// The updates of a ticket end: with its workaround, if that ends them, or for good.
    pub(super) fn end_updates(&mut self, slot: Slot, with: UpdatesEnd) {
        let target = self.clocks(slot).target(TargetKind::Update);
        if with == UpdatesEnd::Workaround && !target.is_some_and(|target| target.until_mitigation) {
            return self.end_true_updates(slot);
        }
        let silence = match with {
            UpdatesEnd::Workaround | UpdatesEnd::Solution => Silence::Stopped,
            UpdatesEnd::Nothing => Silence::CutOff,
        };
        self.count_silence(slot, silence, true);
        self.begin_silence(slot);
        if self.model.process.communications.is_none() {
            return;
        }
        let case = self.case(slot);
        case.messages.begin = Stamp::NONE;
        match case.messages.update.take() {
            Some(Writer::Role(ask)) => self.withdraw_ask(ask),
            Some(Writer::Task(task)) => self.withdraw_task(task),
            None => {}
        }
    }
}
