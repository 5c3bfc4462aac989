//! Overtime: what somebody stays for after their shift, where their team finishes what it has begun.
//!
//! That is the ticket that they have in work and what they are to write about it. What they put aside for something else
//! meanwhile waits in their line; nothing else is left there that they would begin before their next shift.

use super::Run;
use super::desk::State;
use super::observe::Observe;
use super::tickets::{Slot, Task};
use crate::model::{AgentId, ShiftEnd};

impl<O: Observe> Run<'_, O> {
    /// Who stays on after their shift for a ticket, if anybody does.
    pub(super) fn stays_on_for(&self, slot: Slot) -> Option<AgentId> {
        let owner = self.world.tickets[slot].owner?;
        let person = &self.world.people[owner.index()];
        let is_theirs = person.works_on(slot) || person.line.contains(&(slot as u32));
        (self.stays_on(owner) && is_theirs).then_some(owner)
    }

    /// Whether something in somebody's line is what they stay on for: the ticket that they write about, or what is to be written
    /// about a ticket that they have in work.
    pub(super) fn is_stayed_on_for(&self, waiting: Slot, agent: AgentId) -> bool {
        let person = &self.world.people[agent.index()];
        let ticket = self.subject_of_writing(waiting).unwrap_or(waiting);
        let is_written_about = || person.ticket.and_then(|task| self.subject_of_writing(task)) == Some(ticket);
        let is_own = self.world.tickets[ticket].owner == Some(agent);
        self.stays_on(agent) && is_own && (person.works_on(ticket) || is_written_about())
    }

    /// Somebody on overtime goes on with what they stay for, tasks before tickets, if any of it waits in their line. Whether it
    /// does.
    #[inline(never)]
    pub(super) fn goes_on_in_overtime(&mut self, agent: AgentId) -> bool {
        if !self.stays_on(agent) {
            return false;
        }
        let waiting = self.world.people[agent.index()].line.iter().map(|slot| *slot as usize);
        let stays_for = |slot: &Slot| {
            let ticket = &self.world.tickets[*slot];
            !ticket.personal && !ticket.assigned
        };
        let next = waiting.filter(stays_for).min_by_key(|slot| self.rank(*slot));
        if let Some(slot) = next {
            self.unline(slot);
            self.begin(slot, agent);
        }
        next.is_some()
    }

    /// Whether somebody is on overtime to finish what they have begun, and not for a task that others wait for.
    fn stays_on(&self, agent: AgentId) -> bool {
        let team = self.model.agents[agent.index()].team;
        let finishes = matches!(self.model.teams[team.index()].shift_end, ShiftEnd::Finish(_));
        finishes && self.world.people[agent.index()].state == State::Overtime
    }

    /// The ticket that an update or a brief is about; `None` of anything else.
    fn subject_of_writing(&self, task: Slot) -> Option<Slot> {
        let is_written = matches!(self.world.tickets[task].task, Task::Update | Task::Brief);
        is_written.then(|| self.subject(task)).flatten()
    }
}
