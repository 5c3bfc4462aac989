//! Workarounds on the way to the fix, and what a finished fix still waits for: a change that must be approved, and its
//! release.

use super::Run;
use super::agenda::{Kind, Stamp};
use super::asks::About;
use super::backlog::Place;
use super::clock::Silence;
use super::messages::UpdatesEnd;
use super::observe::{Happening, Interruption, Observe};
use super::rules::Occurrence;
use super::tasks::{Assignee, NewTask};
use super::tickets::{Phase, Slot, Task, Ticket};
use crate::model::{AgentId, ChangeId, TargetKind};
use crate::random::{Purpose, Sampler};
use crate::time::Length;

/// Blocks of a ticket's draws about its change.
const WHICH: u32 = 0;
const RELEASE: u32 = 1;
const RECORD: u32 = 2;
/// Draws about changes a resolution.
const DRAWS: u32 = 4;

/// What a ticket's case file knows of its fix.
#[derive(Debug, Clone, Copy)]
pub(super) struct Solving {
    /// Work of the attempt after which a workaround is in place, ms; `None` if there is none, or it is.
    workaround_at: Option<i64>,
    /// Validity of the event.
    workaround: Stamp,
    /// The fix is finished; it waits for a gate, or is being released.
    pub is_solved: bool,
    /// The change that it is, once it is finished.
    change: Option<ChangeId>,
    /// Its release has begun: what work is left of the ticket is that.
    is_being_released: bool,
}

impl Solving {
    pub const NEW: Solving = Solving {
        workaround_at: None,
        workaround: Stamp::NONE,
        is_solved: false,
        change: None,
        is_being_released: false,
    };

    /// What is left of it when the ticket is put aside: it may be worked on again.
    pub(super) fn put_aside(self) -> Solving {
        Solving {
            workaround_at: self.workaround_at,
            ..Solving::NEW
        }
    }
}

impl<O: Observe> Run<'_, O> {
    /// An attempt by a tier that is able begins, or somebody who is has joined: whether a workaround will be found on the way, and when.
    pub(super) fn plan_workaround(&mut self, slot: Slot) {
        let Some(plan) = &self.model.process.workaround else {
            return;
        };
        let ticket = &self.world.tickets[slot];
        let is_able = ticket.solvable_here() || self.world.cases[slot].swarm.solves();
        if !is_able || ticket.mitigated.is_some() || self.is_only_looked_at(slot) {
            self.case(slot).fix.workaround_at = None;
            return;
        }
        let at = match ticket.scripted {
            Some(index) => self.model.population.scripted[index as usize]
                .workaround_after
                .map(Length::ms),
            None => {
                let [u, _] = self.draw(Purpose::WORKAROUND, slot, 0);
                let found = u < plan.share[ticket.true_severity.index()];
                found.then(|| (ticket.attempt as f64 * plan.after).round() as i64)
            }
        };
        self.case(slot).fix.workaround_at = at;
    }

    /// Work on a ticket goes on, or goes on at another pace: when the workaround will be in place.
    pub(super) fn watch_for_workaround(&mut self, slot: Slot) {
        let Some(at) = self.world.cases[slot].fix.workaround_at else {
            return;
        };
        let ticket = &self.world.tickets[slot];
        let at = self.now + ticket.time_for(ticket.overhead + (at - ticket.progress()).max(0));
        let stamp = self.world.agenda.schedule(at, Kind::Workaround, slot);
        self.case(slot).fix.workaround = stamp;
    }

    /// The work stops: no workaround comes of it meanwhile.
    pub(super) fn stop_watching_for_workaround(&mut self, slot: Slot) {
        self.case(slot).fix.workaround = Stamp::NONE;
    }

    /// A workaround is in place.
    #[inline(never)]
    pub(super) fn workaround_found(&mut self, slot: Slot, stamp: Stamp) {
        if self.world.cases[slot].fix.workaround != stamp || self.world.tickets[slot].phase != Phase::InWork {
            return;
        }
        // As long as the fault is there, nothing helps one of its tickets that nobody knows for one.
        if self.is_in_vain(slot) {
            return;
        }
        self.mitigate(slot);
        self.resolve_if_that_is_enough(slot);
    }

    /// What hurt no longer does: where that resolves tickets, one that somebody works on is resolved.
    pub(super) fn resolve_if_that_is_enough(&mut self, slot: Slot) {
        let resolves = self.model.process.workaround.as_ref().is_some_and(|plan| plan.resolves);
        if resolves && self.model.rules.remember {
            self.fire_what_is_due(slot);
        }
        let is_worked_on = self.world.tickets[slot].phase == Phase::InWork && !self.is_only_looked_at(slot);
        let resolves = resolves && is_worked_on;
        match self.world.tickets[slot].owner.filter(|_| resolves) {
            Some(owner) => self.resolve_with_workaround(slot, owner),
            None => self.set_timer(slot),
        }
    }

    /// What hurt no longer does, before the ticket is resolved: its clock stops, and who is told of a workaround is told.
    pub(super) fn mitigate(&mut self, slot: Slot) {
        self.has_workaround(slot);
        self.occurred(slot, Occurrence::Mitigated);
    }

    /// The workaround for a parent is one for what is linked to it.
    pub(super) fn mitigate_with_parent(&mut self, child: Slot) {
        if self.world.tickets[child].mitigated.is_none() {
            self.has_workaround(child);
            self.occurred_to_ticket(child, Occurrence::Mitigated);
        }
    }

    /// Whether there is a workaround that was found since a ticket was created or came back last: what helped before does no longer.
    pub(super) fn is_worked_around(&self, slot: Slot) -> bool {
        let since = self.world.cases.get(slot).and_then(|case| case.workaround);
        since.is_some_and(|since| since >= self.world.tickets[slot].open_since)
    }

    fn has_workaround(&mut self, slot: Slot) {
        let now = self.now;
        let case = self.case(slot);
        case.fix.workaround = Stamp::NONE;
        case.fix.workaround_at = None;
        case.workaround = Some(now);
        if self.model.targets.any(TargetKind::Update) {
            let silence = match self.world.tickets[slot].phase {
                Phase::InWork => Silence::Avoided,
                _ => self.silence_broken(),
            };
            self.send_update(slot, silence);
        }
        self.end_updates(slot, UpdatesEnd::Workaround);
        let ticket = &mut self.world.tickets[slot];
        // A ticket that came back was mitigated by its first resolution at the latest.
        if ticket.mitigated.is_none() {
            ticket.mitigated = Some(now);
            ticket.worked_around = true;
            ticket.breach[2] = Stamp::NONE;
        }
        self.happened(slot, Happening::Mitigated);
        if self.model.process.is_used() {
            self.end_command(slot, true);
        }
    }

    /// The customer is served; the rest of the work is work of its own for whoever began it.
    fn resolve_with_workaround(&mut self, slot: Slot, owner: AgentId) {
        let ticket = &mut self.world.tickets[slot];
        ticket.end_stint(self.now);
        ticket.work = Stamp::NONE;
        if self.model.uses.swarms {
            self.dissolve(slot);
        }
        let ticket = &self.world.tickets[slot];
        let rest = (ticket.work_left + ticket.work_after) as f64;
        let rest = match self.model.uses.paces {
            true => (rest / self.own_pace(slot, owner)).round() as i64,
            false => rest as i64,
        };
        self.world.people[owner.index()].ticket = None;
        if rest > 0 {
            self.follow_up(slot, owner, Length::from_ms(rest));
        }
        self.resolve(slot, owner);
        self.free(owner);
    }

    /// The work on a ticket that can be solved here is done: the fix goes live, or waits for what it still needs.
    pub(super) fn solved(&mut self, slot: Slot, agent: AgentId) {
        match self.model.uses.process {
            false => self.resolve(slot, agent),
            true => self.solved_with_process(slot, agent),
        }
    }

    #[inline(never)]
    fn solved_with_process(&mut self, slot: Slot, agent: AgentId) {
        // In nobody's hands: whoever has solved it is freed by the caller. At a pace of their own a rounded rest may be left.
        let ticket = &mut self.world.tickets[slot];
        ticket.phase = Phase::Gated;
        ticket.work_left = 0;
        let was_solved = std::mem::replace(&mut self.case(slot).fix.is_solved, true);
        if !was_solved {
            let change = self.change_of(slot);
            self.case(slot).fix.change = change;
            let gate = change.and_then(|change| self.model.process.changes[change.index()].gate);
            if let Some(gate) = gate {
                self.open_gate(slot, gate);
            }
        }
        let is_held = !self.world.cases[slot].gates.open.is_empty();
        if is_held || self.is_still_to_be_released(slot) {
            self.interrupted(slot, agent, Interruption::Solved);
        }
        if is_held {
            self.waits(slot);
            self.set_timer(slot);
        } else {
            self.release_fix(slot);
        }
    }

    /// Whether the release of a finished fix is work that nobody has begun.
    fn is_still_to_be_released(&self, slot: Slot) -> bool {
        let fix = &self.world.cases[slot].fix;
        !fix.is_being_released && self.work_of_release(fix.change, &self.world.tickets[slot]) > Length::ZERO
    }

    /// The kind of change that a ticket's fix is.
    pub(super) fn change_of(&self, slot: Slot) -> Option<ChangeId> {
        let ticket = &self.world.tickets[slot];
        if let Some(index) = ticket.scripted {
            return self.model.population.scripted[index as usize].change;
        }
        let [u, _] = self.draw(Purpose::CHANGE, slot, WHICH + DRAWS * u32::from(ticket.cycle));
        let change = &self.model.process.change_of;
        change.pick(ticket.service, ticket.true_severity, u).map(ChangeId::new)
    }

    /// Nothing holds a finished fix up any more: it is released, which may be work, and the ticket is resolved.
    pub(super) fn release_fix(&mut self, slot: Slot) {
        let fix = self.world.cases[slot].fix;
        if !fix.is_being_released {
            let work = self.work_of_release(fix.change, &self.world.tickets[slot]).ms();
            self.case(slot).fix.is_being_released = true;
            let ticket = &mut self.world.tickets[slot];
            (ticket.attempt, ticket.work_left, ticket.work_after) = (work, work, 0);
        }
        // A gate may have held the release up.
        if self.world.tickets[slot].work_left > 0 {
            self.back_to_owner_or_team(slot, Place::Head);
            self.set_timer(slot);
            return;
        }
        let Some(owner) = self.world.tickets[slot].owner else {
            return;
        };
        self.resolve(slot, owner);
    }

    /// Work of bringing a ticket's change to life.
    pub(super) fn work_of_release(&self, change: Option<ChangeId>, ticket: &Ticket) -> Length {
        let law = change.and_then(|change| self.model.process.changes[change.index()].release.as_ref());
        self.work_on_change(law, ticket, RELEASE)
    }

    fn work_on_change(&self, law: Option<&Sampler>, ticket: &Ticket, draw: u32) -> Length {
        let Some(law) = law else { return Length::ZERO };
        let [u, _] = self.draw_about(Purpose::CHANGE, ticket, draw + DRAWS * u32::from(ticket.cycle));
        Length::from_ms(law.draw_ms(u))
    }

    /// Whether an open ticket is solved: nothing is left but what its fix waits for, and its release.
    pub(super) fn is_solved(&self, slot: Slot) -> bool {
        self.world.tickets[slot].is_open() && self.world.cases.get(slot).is_some_and(|case| case.fix.is_solved)
    }

    /// Whether there is nothing to do about a ticket until its fix may go live.
    pub(super) fn is_only_to_go_live(&self, slot: Slot) -> bool {
        self.world.tickets[slot].phase == Phase::Gated && self.is_solved(slot)
    }

    /// What is to be written down about a ticket's change that is live.
    pub(super) fn record_change(&mut self, slot: Slot) {
        let change = self.world.cases[slot].fix.change;
        if change.is_some() {
            self.record(change, self.about(slot));
        }
    }

    /// What is to be written down about a change that is live.
    pub(super) fn record(&mut self, change: Option<ChangeId>, about: About) {
        let law = change.and_then(|change| self.model.process.changes[change.index()].record.as_ref());
        if law.is_none() {
            return;
        }
        let new = NewTask {
            task: Task::Record,
            about: about.slot,
            id: 0,
            to: Assignee::Team(about.ticket.team),
            work: Some(self.work_on_change(law, &about.ticket, RECORD)),
        };
        self.open_task_about(new, about.ticket);
    }
}
