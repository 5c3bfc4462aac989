//! A warm change of hands: whoever gave a begun ticket away explains it while whoever has taken it over listens.
//!
//! Both spend that time at once, so whoever may have to explain begins nothing else before dispatch has shown whether anybody
//! listens: the task is theirs from the start of dispatch on, and taken back at its end if nobody began the ticket.

use super::Run;
use super::handover::LONG_AGO;
use super::observe::{Interruption, Observe};
use super::tasks::{Assignee, NewTask};
use super::tickets::{Phase, Slot, Task};
use crate::model::AgentId;
use crate::time::Length;

/// Who gives a ticket away.
#[derive(Debug, Clone, Copy)]
pub(super) struct Giver {
    agent: AgentId,
    /// They are at work, or their shift ends at this instant: they can explain it.
    is_there: bool,
}

/// How a ticket came to whoever begins it or goes on with it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Handed {
    /// Who gave it away at this instant.
    pub giver: Option<AgentId>,
    /// They are on duty: they explain it in their time.
    pub in_their_time: bool,
    /// Somebody else gave it away when it was let go of last: it is new to whoever has it now.
    pub is_new: bool,
}

/// What waits for the end of dispatch.
#[derive(Debug, Default)]
pub(super) struct Explanations {
    /// Tickets that somebody gave away at this instant.
    given: Vec<u32>,
    /// Those of them whose giver is kept free, and the task.
    kept: Vec<(u32, u32)>,
    /// Whose break is due, but not before they have explained what was taken from them.
    put_off: Vec<AgentId>,
}

impl Explanations {
    pub(super) fn clear(&mut self) {
        self.given.clear();
        self.kept.clear();
        self.put_off.clear();
    }
}

impl<O: Observe> Run<'_, O> {
    /// Whose a ticket is that is about to be given away.
    pub(super) fn giver_of(&self, slot: Slot) -> Option<Giver> {
        let agent = self.world.tickets[slot].owner?;
        let person = &self.world.people[agent.index()];
        Some(Giver {
            agent,
            is_there: person.on_duty() || person.is_at_work() || self.leaves_now(agent),
        })
    }

    /// Takes a ticket from whoever works on it, for somebody else. They may have to explain it: a break that is due begins no
    /// sooner than dispatch, where that shows.
    pub(super) fn take_to_give_away(&mut self, slot: Slot) {
        let explains = self.model.handoff.overlap > Length::ZERO;
        let due = |owner: &AgentId| explains && self.world.people[owner.index()].break_due.is_some();
        let Some(owner) = self.world.tickets[slot].owner.filter(due) else {
            return self.take_from_owner(slot, Interruption::Taken);
        };
        self.take_for_more_work(slot, owner, Interruption::Taken);
        self.world.explanations.put_off.push(owner);
        self.touch(self.model.agents[owner.index()].team);
    }

    /// Somebody gives a begun ticket away in the middle of things: a change of hands, which they may have to explain, unless they
    /// have gone home since they had it.
    pub(super) fn changes_hands(&mut self, slot: Slot, giver: Option<Giver>) {
        let is_there = giver.is_some_and(|giver| giver.is_there);
        let since = if is_there { self.now } else { LONG_AGO };
        let ticket = &mut self.world.tickets[slot];
        ticket.released = Some(since);
        ticket.handoffs += 1;
        self.case(slot).given = giver.map(|giver| (giver.agent, since));
        if is_there && self.model.handoff.overlap > Length::ZERO {
            self.world.explanations.given.push(slot as u32);
        }
    }

    /// Who gave a ticket away at this instant and is on duty to explain it.
    fn giver(&self, slot: Slot) -> Option<AgentId> {
        let (giver, at) = self.world.cases.get(slot)?.given?;
        (at == self.now && self.world.people[giver.index()].on_duty()).then_some(giver)
    }

    /// How a ticket came to somebody who takes it up now: what it was given away for is over.
    pub(super) fn handed_to(&mut self, slot: Slot, agent: AgentId) -> Handed {
        let given = self.world.cases.get_mut(slot).and_then(|case| case.given.take());
        let Some((giver, at)) = given else {
            return Handed::default();
        };
        Handed {
            giver: (at == self.now).then_some(giver),
            in_their_time: self.world.people[giver.index()].on_duty(),
            is_new: giver != agent && self.world.tickets[slot].released == Some(at),
        }
    }

    /// Whoever gave the ticket away explains it, as long as whoever has taken it over listens.
    #[inline(never)]
    pub(super) fn explain(&mut self, slot: Slot, giver: AgentId) {
        let kept = &mut self.world.explanations.kept;
        match kept.iter().position(|(ticket, _)| *ticket as usize == slot) {
            Some(place) => drop(kept.swap_remove(place)),
            None => drop(self.open_explanation(slot, giver)),
        }
    }

    fn open_explanation(&mut self, slot: Slot, giver: AgentId) -> Slot {
        self.open_task(NewTask {
            task: Task::Handover,
            about: slot,
            id: 0,
            to: Assignee::Person(giver),
            work: Some(self.model.handoff.overlap),
        })
    }

    /// Before dispatch: whoever gave a ticket away, and would explain it to whoever begins it now, begins nothing else.
    #[inline]
    pub(super) fn keep_givers_free(&mut self) {
        if !O::PLAIN && !self.world.explanations.given.is_empty() {
            self.keep_each_giver_free();
        }
        if !O::PLAIN && !self.world.explanations.put_off.is_empty() {
            self.take_breaks_put_off();
        }
    }

    /// Whoever has nothing to explain begins the break that was put off for it.
    #[inline(never)]
    fn take_breaks_put_off(&mut self) {
        while let Some(agent) = self.world.explanations.put_off.pop() {
            let (kept, tickets) = (&self.world.explanations.kept, &self.world.tickets);
            if !kept
                .iter()
                .any(|(_, task)| tickets[*task as usize].owner == Some(agent))
            {
                self.take_break_if_free(agent);
            }
        }
    }

    #[inline(never)]
    fn keep_each_giver_free(&mut self) {
        let mut given = std::mem::take(&mut self.world.explanations.given);
        for slot in given.drain(..).map(|slot| slot as usize) {
            if let Some(giver) = self.giver(slot).filter(|_| self.would_be_explained(slot)) {
                let task = self.open_explanation(slot, giver);
                self.world.explanations.kept.push((slot as u32, task as u32));
            }
        }
        self.world.explanations.given = given;
    }

    /// Whether somebody else would have a ticket explained if they began it now.
    fn would_be_explained(&self, slot: Slot) -> bool {
        let ticket = &self.world.tickets[slot];
        let waits = matches!(ticket.phase, Phase::Queued | Phase::InLine);
        let is_cold = ticket.cold.unwrap_or(self.model.handoff.cold);
        waits && ticket.begun && ticket.released == Some(self.now) && !is_cold
    }

    /// After dispatch: whoever has nobody to explain anything to is free. Whether there was anybody.
    #[inline]
    pub(super) fn free_givers(&mut self) -> bool {
        !O::PLAIN && !self.world.explanations.kept.is_empty() && self.free_each_giver()
    }

    #[inline(never)]
    fn free_each_giver(&mut self) -> bool {
        while let Some((_, task)) = self.world.explanations.kept.pop() {
            self.withdraw_task(task as usize);
        }
        true
    }
}
