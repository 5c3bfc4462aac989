//! Dispatch: once nothing else is left at an instant, free people meet queues.
//!
//! The person who has been idle longest goes first. Everybody compares the head of their own line (work that they have
//! begun) with the head of the team's queue by the discipline; at equal rank their own goes first. When nobody is free,
//! the discipline may let a more severe ticket interrupt less severe work.

use super::Run;
use super::backlog::{Place, Rank};
use super::desk::State;
use super::observe::{Interruption, Observe};
use super::tickets::{Phase, Slot, Ticket};
use crate::model::{AgentId, Preemption, SeverityId, TeamId};
use std::cmp::Reverse;

impl<O: Observe> Run<'_, O> {
    #[inline(never)]
    pub(super) fn dispatch(&mut self) {
        self.world.dispatching = true;
        self.breaches_are_over();
        self.keep_givers_free();
        self.dispatch_desks();
        while self.free_givers() {
            self.dispatch_desks();
        }
        self.world.dispatching = false;
    }

    #[inline]
    fn dispatch_desks(&mut self) {
        while let Some(team) = self.world.dirty.pop() {
            let desk = &mut self.world.desks[team.index()];
            desk.dirty = false;
            if !O::PLAIN && desk.takes_over && desk.lines > 0 {
                self.secondaries_take_over(team);
            }
            if !O::PLAIN && self.world.desks[team.index()].particular {
                self.dispatch_particular(team);
                continue;
            }
            if self.world.desks[team.index()].lines > 0 {
                self.serve_lines(team);
            }
            self.serve_queue(team);
            self.interrupt(team);
        }
    }

    /// After everybody who is free has got something: preemption, if the team has it.
    #[inline]
    pub(super) fn interrupt(&mut self, team: TeamId) {
        let desk = &mut self.world.desks[team.index()];
        let entered = std::mem::take(&mut desk.entered);
        let in_lanes = !O::PLAIN && desk.particular;
        let Some(preemption) = &self.model.teams[team.index()].preemption else {
            return;
        };
        match (entered, in_lanes) {
            (true, true) => self.interrupt_in_lanes(team, preemption),
            (true, false) => self.interrupt_for_more_severe(team, preemption),
            (false, _) => {}
        }
        if self.world.desks[team.index()].lines > 0 {
            self.interrupt_for_own_line(team, preemption);
        }
    }

    /// Idle people take the head of the queue until one of both runs out.
    #[inline]
    fn serve_queue(&mut self, team: TeamId) {
        loop {
            let world = &mut *self.world;
            let desk = &mut world.desks[team.index()];
            let Some(agent) = desk.longest_idle() else { return };
            let Some(slot) = desk.queue.take_first(&mut world.tickets) else {
                return;
            };
            self.left_queue(slot, true);
            self.start(slot, agent);
        }
    }

    /// Idle people who have begun work waiting for them.
    #[inline(never)]
    fn serve_lines(&mut self, team: TeamId) {
        let mut next = self.world.desks[team.index()].longest_idle();
        while let Some(agent) = next {
            next = self.world.desks[team.index()].idle_after(&self.world.people, agent);
            let own = self.next_in_line(agent);
            let waiting = self.world.desks[team.index()].queue.first(&self.world.tickets);
            match (own, waiting) {
                (Some(slot), Some((head, rank))) if rank < self.rank(slot) => self.take_head(team, head, rank, agent),
                (Some(slot), _) => {
                    self.unline(slot);
                    self.start(slot, agent);
                }
                (None, Some((head, rank))) => self.take_head(team, head, rank, agent),
                (None, None) => {}
            }
        }
    }

    fn take_head(&mut self, team: TeamId, slot: Slot, rank: Rank, agent: AgentId) {
        self.world.desks[team.index()]
            .queue
            .leave(&mut self.world.tickets, slot, rank);
        self.left_queue(slot, true);
        self.start(slot, agent);
    }

    /// Preemption: as long as a ticket of the queue may interrupt somebody. What may not, such as a task, holds up nothing behind
    /// it.
    #[inline(never)]
    fn interrupt_for_more_severe(&mut self, team: TeamId, preemption: &Preemption) {
        while let Some((victim, owner, than)) = self.least_severe_work(team, |_| true) {
            let queue = &self.world.desks[team.index()].queue;
            let came = self.may_interrupt(team, preemption, |_| Some(than));
            let ranked = came.map(|(nth, slot, ticket)| (self.rank(slot), queue.order(ticket, nth), slot));
            let Some((rank, _, slot)) = ranked.min() else {
                return;
            };
            self.judge_preemption(slot, victim, preemption);
            self.set_aside(victim, owner, preemption.back_to_team);
            if self.world.people[owner.index()].ticket.is_none()
                && self.world.people[owner.index()].state == State::Idle
            {
                self.take_head(team, slot, rank, owner);
            }
        }
    }

    /// What came to a team's queue at this instant and still waits there, with its number among that, if it may interrupt what
    /// `withstands` it so far.
    pub(super) fn may_interrupt(
        &self,
        team: TeamId,
        preemption: &Preemption,
        withstands: impl Fn(&Ticket) -> Option<SeverityId>,
    ) -> impl Iterator<Item = (usize, Slot, &Ticket)> {
        let came = self.world.desks[team.index()].came(self.now).iter().enumerate();
        let tickets = came.map(|(nth, slot)| (nth, *slot as usize, &self.world.tickets[*slot as usize]));
        tickets.filter(move |(_, _, ticket)| {
            ticket.phase == Phase::Queued
                && ticket.team == team
                && ticket.comes(self.now)
                && withstands(ticket).is_some_and(|than| preemption.admits(ticket.is_task(), ticket.severity, than))
        })
    }

    /// Preemption, too: somebody works on less than what waits for them alone, and changes over to that.
    #[inline(never)]
    fn interrupt_for_own_line(&mut self, team: TeamId, preemption: &Preemption) {
        for agent in self.model.teams[team.index()].agents.clone().map(AgentId::new) {
            let (person, tickets) = (&self.world.people[agent.index()], &self.world.tickets);
            let in_work = person.ticket.filter(|_| person.on_duty());
            let Some((victim, than)) = in_work.and_then(|slot| Some((slot, tickets[slot].withstands()?))) else {
                continue;
            };
            let may = |slot: &Slot| {
                let ticket = &tickets[*slot];
                preemption.admits(ticket.is_task(), ticket.severity, than)
            };
            let line = person.line.iter().map(|slot| *slot as usize).filter(may);
            let Some(slot) = line.min_by_key(|slot| self.rank(*slot)) else {
                continue;
            };
            self.judge_preemption(slot, victim, preemption);
            self.set_aside(victim, agent, preemption.back_to_team);
            if self.world.people[agent.index()].state == State::Idle {
                self.begin_from_line(slot, agent);
            }
        }
    }

    /// Takes a ticket out of its owner's hands for something else that they go on with at once: a break that is due comes after
    /// that.
    pub(super) fn take_for_more_work(&mut self, slot: Slot, owner: AgentId, why: Interruption) {
        let break_due = self.world.people[owner.index()].break_due.take();
        self.take_from_owner(slot, why);
        self.world.people[owner.index()].break_due = break_due;
    }

    /// Somebody is interrupted: what they worked on waits for them, or for their team.
    pub(super) fn set_aside(&mut self, victim: Slot, owner: AgentId, back_to_team: bool) {
        self.take_for_more_work(victim, owner, Interruption::Preempted);
        let ticket = &mut self.world.tickets[victim];
        ticket.preemptions += 1;
        ticket.interrupted = true;
        if self.world.people[owner.index()].on_duty() && !back_to_team {
            self.line_up(victim, owner, Place::Head);
        } else {
            self.enqueue(victim, Place::Head);
        }
    }

    /// Work of a team's people who are `able` that a more severe ticket may interrupt, and what it withstands: the least severe;
    /// of several, the one started latest.
    pub(super) fn least_severe_work(
        &self,
        team: TeamId,
        able: impl Fn(AgentId) -> bool,
    ) -> Option<(Slot, AgentId, SeverityId)> {
        let agents = self.model.teams[team.index()].agents.clone();
        let work = agents.map(AgentId::new).filter_map(|agent| {
            let person = &self.world.people[agent.index()];
            let slot = person.ticket.filter(|_| person.on_duty())?;
            let withstands = self.world.tickets[slot].withstands()?;
            able(agent).then_some((slot, agent, withstands))
        });
        // Without its owner nobody goes on with a ticket: of two who began at once, whoever helps is taken.
        work.min_by_key(|(slot, _, withstands)| {
            let ticket = &self.world.tickets[*slot];
            (Reverse(*withstands), Reverse(ticket.work_since), !ticket.is_task())
        })
    }
}
