//! Tasks of the organisation's own: decisions, updates, briefs, reviews, and what else takes people's time without being a
//! ticket. And people who are called while off duty.
//!
//! A task is a row of the ticket table, so queues, lines, shift ends and breaks treat it as they treat a ticket. It goes
//! before all tickets of its queue, or after them if it can wait; decisions and command, for which an incident stands still, go
//! before the rest. A more severe ticket interrupts only what can wait and people who help with another ticket; a decision that has
//! been begun is completed on overtime. What its end means is the affair of the
//! room that opened it.

use super::Run;
use super::agenda::{Kind, Stamp};
use super::backlog::Place;
use super::desk::State;
use super::observe::{Interruption, Observe};
use super::tickets::{BLANK, NOWHERE, Phase, Slot, Task, Ticket};
use super::work::switch_cost;
use crate::model::{AgentId, TeamId};
use crate::time::{Instant, Length};

/// Who is to do a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Assignee {
    /// Whoever of a team is free first.
    Team(TeamId),
    /// A person, when they come to it.
    Person(AgentId),
    /// A person; whoever of their team is free first, if they go before.
    First(AgentId),
    /// A person who has acknowledged a page, off duty too: they come to it.
    Called(AgentId),
}

/// A task that is to be done.
#[derive(Debug, Clone, Copy)]
pub(super) struct NewTask {
    /// What it is.
    pub task: Task,
    /// The ticket that it is about.
    pub about: Slot,
    /// The row of the room's own table that it belongs to.
    pub id: u32,
    /// Who does it.
    pub to: Assignee,
    /// How long it takes; `None`: until [`Run::finish_task`].
    pub work: Option<Length>,
}

/// What a task row knows beyond a ticket's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Errand {
    /// The ticket that it is about, and its number: the row may be reused once that is closed.
    pub about: u32,
    pub number: u32,
    /// See [`NewTask::id`].
    pub id: u32,
    /// Whether it ends by itself.
    pub open_ended: bool,
    /// Whoever does it was paged for it, and does it off duty, too.
    pub is_called: bool,
}

impl Errand {
    pub(super) const NONE: Errand = Errand {
        about: NOWHERE,
        number: 0,
        id: 0,
        open_ended: false,
        is_called: false,
    };
}

impl<O: Observe> Run<'_, O> {
    /// Opens a task and hands it to whoever is to do it. Severity, service and customer are those of the ticket that it is
    /// about.
    #[inline(never)]
    pub(super) fn open_task(&mut self, new: NewTask) -> Slot {
        let about = self.world.tickets[new.about];
        self.open_task_about(new, about)
    }

    /// The same about a ticket that may be closed by now: `about` is what it was.
    pub(super) fn open_task_about(&mut self, new: NewTask, about: Ticket) -> Slot {
        let now = self.now;
        let team = match new.to {
            Assignee::Team(team) => team,
            Assignee::Person(agent) | Assignee::First(agent) | Assignee::Called(agent) => {
                self.model.agents[agent.index()].team
            }
        };
        let slot = self.world.tickets.open();
        self.world.tickets[slot] = Ticket {
            created: now,
            entity: about.entity,
            number: about.number,
            scripted: about.scripted,
            measured: about.measured,
            true_severity: about.true_severity,
            first_severity: about.severity,
            severity: about.severity,
            response_severity: about.severity,
            service: about.service,
            customer: about.customer,
            task: new.task,
            personal: matches!(new.to, Assignee::Person(_) | Assignee::Called(_)),
            tier: self.model.teams[team.index()].tier,
            team,
            work_left: new.work.map_or(0, Length::ms),
            phase: Phase::InLine,
            ..BLANK
        };
        self.open_case(slot);
        let case = self.case(slot);
        case.errand = Errand {
            about: new.about as u32,
            number: about.number,
            id: new.id,
            open_ended: new.work.is_none(),
            is_called: matches!(new.to, Assignee::Called(_)),
        };
        match new.to {
            Assignee::Team(_) => self.enqueue(slot, Place::Tail),
            Assignee::Person(agent) | Assignee::First(agent) => {
                self.own(slot, agent);
                self.line_up(slot, agent, Place::Head);
            }
            Assignee::Called(agent) => self.call_to_desk(slot, agent),
        }
        slot
    }

    /// What a task row is for.
    pub(super) fn errand(&self, task: Slot) -> Errand {
        self.world.cases[task].errand
    }

    /// The ticket that a task is about, if it is still open or has just been resolved.
    pub(super) fn subject(&self, task: Slot) -> Option<Slot> {
        let errand = self.world.cases.get(task)?.errand;
        let about = errand.about as usize;
        let ticket = (errand.about != NOWHERE).then(|| &self.world.tickets[about])?;
        (ticket.number == errand.number && !ticket.is_task() && ticket.phase != Phase::Closed).then_some(about)
    }

    /// Takes a task back, wherever it is.
    #[inline(never)]
    pub(super) fn withdraw_task(&mut self, slot: Slot) {
        debug_assert!(self.world.tickets[slot].is_task());
        match self.world.tickets[slot].phase {
            Phase::Queued => self.unqueue(slot, false),
            Phase::InLine => self.unline(slot),
            Phase::InWork => self.take_from_owner(slot, Interruption::Taken),
            Phase::Pending | Phase::Aside | Phase::Gated | Phase::Resolved | Phase::Closed => {}
        }
        self.book_on_subject(slot);
        self.world.tickets.close(slot);
    }

    /// A person begins, or goes on with, a task. They are counted as at work already.
    #[inline(never)]
    pub(super) fn begin_task(&mut self, slot: Slot, agent: AgentId) {
        let now = self.now;
        self.own(slot, agent);
        let open_ended = self.world.cases[slot].errand.open_ended;
        let is_moot = self.is_moot(slot);
        let ticket = &mut self.world.tickets[slot];
        if is_moot {
            ticket.work_left = 0;
        }
        if std::mem::take(&mut ticket.interrupted) && !open_ended {
            ticket.overhead += switch_cost(&self.model.teams[ticket.team.index()]);
        }
        ticket.begun = true;
        ticket.phase = Phase::InWork;
        ticket.stint_since = now;
        ticket.work_since = now;
        let kind = match ticket.task {
            Task::Decision => Kind::DecisionMade,
            _ => Kind::WorkDone,
        };
        ticket.work = match open_ended {
            true => Stamp::NONE,
            false => {
                let done = now + Length::from_ms(ticket.time_left());
                self.world.agenda.schedule(done, kind, slot)
            }
        };
        self.world.people[agent.index()].takes(slot);
        self.task_begun(slot, agent);
    }

    /// Whether nobody waits any more for what a task is to do: its ticket is solved or was left. Then it takes no time.
    fn is_moot(&self, slot: Slot) -> bool {
        let waits = |about: Slot| self.world.tickets[about].is_open();
        let is_for_somebody = matches!(
            self.world.tickets[slot].task,
            Task::Triage | Task::Closing | Task::Chaser
        );
        is_for_somebody && !self.subject(slot).is_some_and(waits)
    }

    /// A task ends: what it was for happens, then whoever did it is free.
    #[inline(never)]
    pub(super) fn finish_task(&mut self, slot: Slot) {
        let Some(agent) = self.world.tickets[slot].owner else {
            return;
        };
        let ticket = &mut self.world.tickets[slot];
        ticket.end_stint(self.now);
        ticket.work = Stamp::NONE;
        ticket.phase = Phase::Resolved;
        self.tell_of_writing(slot);
        self.book_on_subject(slot);
        self.task_done(slot, agent);
        self.world.tickets.close(slot);
        self.free(agent);
    }

    /// What was worked on a task is handling of the ticket that it is about, unless it comes after that. A responder's part
    /// is booked when they leave.
    fn book_on_subject(&mut self, slot: Slot) {
        let task = &self.world.tickets[slot];
        let (worked_ms, what) = (task.touch_ms, task.task);
        let after = what.can_wait() || what == Task::Responder;
        if after || worked_ms == 0 {
            return;
        }
        if let Some(about) = self.subject(slot) {
            self.world.tickets[about].touch_ms += worked_ms;
            if what == Task::Handover && self.world.tickets[about].linked {
                self.explained_in_vain(about, worked_ms);
            }
        }
    }

    /// What the begin of a task means, by its kind.
    fn task_begun(&mut self, slot: Slot, agent: AgentId) {
        match self.world.tickets[slot].task {
            Task::Command => self.command_begun(slot, agent),
            Task::Responder => self.joins(slot, agent),
            _ => {}
        }
    }

    /// What its end means.
    fn task_done(&mut self, slot: Slot, agent: AgentId) {
        let task = self.world.tickets[slot].task;
        match task {
            Task::Decision => self.decision_done(slot),
            Task::Rework => self.rework_done(slot),
            Task::Update => self.update_sent(slot),
            Task::Brief => self.brief_sent(slot),
            Task::Review => self.review_part_done(slot, agent),
            Task::Article => self.article_written(slot),
            Task::Fix => self.fix_made(slot),
            Task::Notice => drop(self.ask_done(slot)),
            Task::Command => self.command_done(slot),
            Task::Involved => self.part_done(slot),
            Task::Triage | Task::Closing | Task::Chaser => {
                let Some(about) = self.subject(slot) else { return };
                match task {
                    Task::Triage => self.has_been_read(about),
                    Task::Closing => self.close_linked(about, agent),
                    _ => self.chaser_answered(about),
                }
            }
            Task::Record | Task::Ticket | Task::Responder | Task::Handover => {}
        }
    }

    /// A person becomes the owner.
    pub(super) fn own(&mut self, slot: Slot, agent: AgentId) {
        let ticket = &mut self.world.tickets[slot];
        if ticket.phase == Phase::Pending {
            if let Some(owner) = ticket.owner {
                self.world.people[owner.index()].has_one_pending_less();
            }
            self.world.people[agent.index()].pending += 1;
        }
        ticket.is_owned_by(agent, self.now);
    }

    /// A person takes this ticket or task next, whether on duty or not. The ticket is in nobody's hands and belongs to the
    /// person's team. Free on duty: in this instant's dispatch. Off duty: at once. At work or on a break: afterwards, as the
    /// discipline has it, before what else waits for them and behind what they were called for earlier.
    #[inline(never)]
    pub(super) fn call_in(&mut self, agent: AgentId, slot: Slot) {
        self.own(slot, agent);
        match self.world.people[agent.index()].state {
            State::Idle | State::Busy | State::Break => self.line_up_called(slot, agent),
            State::Off => self.begin_called(slot, agent),
            State::Called | State::Overtime => {
                self.world.tickets[slot].phase = Phase::InLine;
                self.world.tickets[slot].queue_since = self.now;
                self.world.people[agent.index()].calls.push(slot as u32);
                self.waits(slot);
            }
        }
    }

    fn line_up_called(&mut self, slot: Slot, agent: AgentId) {
        let called = |waiting: &u32| {
            let waiting = *waiting as usize;
            let ticket = &self.world.tickets[waiting];
            match ticket.is_task() {
                true => self.errand(waiting).is_called,
                false => !ticket.begun && self.was_paged(waiting, agent),
            }
        };
        let line = &self.world.people[agent.index()].line;
        let place = line.iter().rposition(called).map_or(0, |last| last + 1);
        self.line_up(slot, agent, Place::Head);
        self.world.people[agent.index()].line[..=place].rotate_left(1);
    }

    fn begin_called(&mut self, slot: Slot, agent: AgentId) {
        let team = self.model.agents[agent.index()].team;
        let ledger = &mut self.world.desks[team.index()].ledger;
        ledger.tick(self.now);
        ledger.called += 1;
        self.world.people[agent.index()].state = State::Called;
        self.is_kept_up(agent);
        self.begin(slot, agent);
    }

    /// A person who is off duty and free goes on with what they were called for: the first of that which the discipline puts
    /// first.
    pub(super) fn go_on_with_calls(&mut self, agent: AgentId) {
        let person = &self.world.people[agent.index()];
        let calls = person.calls.iter().map(|slot| *slot as usize);
        let next = calls.enumerate().min_by_key(|(_, slot)| self.rank(*slot));
        if let Some((place, slot)) = next.filter(|_| person.state == State::Off) {
            self.world.people[agent.index()].calls.remove(place);
            self.begin_called(slot, agent);
        }
    }

    /// A shift begins: what a person was called for is now first in their line.
    pub(super) fn line_up_calls(&mut self, agent: AgentId) {
        while let Some(slot) = self.world.people[agent.index()].calls.pop() {
            self.line_up(slot as usize, agent, Place::Head);
        }
    }

    /// Books the stint so far and goes on at the pace that holds from now.
    #[inline(never)]
    pub(super) fn repace(&mut self, slot: Slot) {
        let Some(agent) = self.world.tickets[slot].owner else {
            return;
        };
        let ticket = &self.world.tickets[slot];
        if ticket.phase != Phase::InWork || ticket.is_task() || ticket.work == Stamp::NONE {
            return;
        }
        let pace = self.pace_of(slot, agent);
        let now = self.now;
        let world = &mut *self.world;
        let ticket = &mut world.tickets[slot];
        ticket.end_stint(now);
        ticket.stint_since = now;
        ticket.pace = pace;
        let done: Instant = now + Length::from_ms(ticket.time_left());
        ticket.work = world.agenda.schedule(done, Kind::WorkDone, slot);
        self.replan_correction(slot);
        if self.model.uses.process {
            self.watch_for_workaround(slot);
        }
    }
}
