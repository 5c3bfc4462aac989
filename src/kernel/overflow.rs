//! A team does not get to a ticket: another one helps, or there is no place for it to wait.

use super::Run;
use super::agenda::Kind;
use super::backlog::Place;
use super::observe::{Happening, Observe};
use super::occasions::Ending;
use super::tickets::{Phase, Slot};
use crate::model::{Measured, Overflow, TargetKind, TeamId};
use crate::time::Instant;

impl<O: Observe> Run<'_, O> {
    /// After a desk's dispatch: what is to happen to those that have just entered its queue and found nobody.
    pub(super) fn settle_newcomers(&mut self, team: TeamId) {
        if self.world.desks[team.index()].newcomers.is_empty() {
            return;
        }
        let mut newcomers = std::mem::take(&mut self.world.desks[team.index()].newcomers);
        if self.model.teams[team.index()].places.is_some() {
            for slot in newcomers.iter().rev().map(|slot| *slot as usize) {
                if self.waits_here(slot, team) {
                    self.find_place(slot, team);
                }
            }
        }
        if let Some(overflow) = self.model.teams[team.index()].overflow {
            for slot in newcomers.iter().map(|slot| *slot as usize) {
                if self.waits_here(slot, team) {
                    self.watch_overflow(slot, overflow);
                }
            }
        }
        newcomers.clear();
        let desk = &mut self.world.desks[team.index()];
        newcomers.append(&mut desk.newcomers);
        desk.newcomers = newcomers;
    }

    fn waits_here(&self, slot: Slot, team: TeamId) -> bool {
        let ticket = &self.world.tickets[slot];
        ticket.phase == Phase::Queued && ticket.team == team && !ticket.is_task()
    }

    /// A ticket that has just come to the team and finds all waiting places taken has to go.
    fn find_place(&mut self, slot: Slot, team: TeamId) {
        let Some(places) = self.model.teams[team.index()].places else {
            return;
        };
        if !self.is_new_here(slot) || self.world.desks[team.index()].queue.tickets(&self.world.tickets) <= places.count
        {
            return;
        }
        let helper = self.model.teams[team.index()].overflow.filter(|_| places.overflow);
        match helper.filter(|overflow| self.can_help(slot, overflow.to)) {
            Some(overflow) => self.hand_to_helper(slot, overflow.to),
            None => self.turn_away(slot),
        }
    }

    /// Whether a ticket has come to its team at this instant, from outside or from another team: nobody here has had it. One that
    /// comes back to those who resolved it has not.
    fn is_new_here(&self, slot: Slot) -> bool {
        let ticket = &self.world.tickets[slot];
        let comes_now = ticket.team_since == self.now && ticket.queue_since == self.now;
        comes_now && (ticket.moved || ticket.last_owner.is_none())
    }

    /// Whether anybody of a team is able to work a ticket.
    pub(super) fn can_help(&self, slot: Slot, team: TeamId) -> bool {
        let service = self.world.tickets[slot].service;
        let lanes = self.model.teams[team.index()].lanes.as_ref();
        lanes.is_none_or(|lanes| lanes.anybody(lanes.of(service)))
    }

    /// Offers a ticket to the team that helps, now or when it has waited long enough.
    fn watch_overflow(&mut self, slot: Slot, overflow: Overflow) {
        let Some(after) = overflow.after else { return };
        let due: Instant = self.world.tickets[slot].queue_since + after;
        match due <= self.now {
            true => self.offer(slot, overflow),
            false => drop(self.world.agenda.schedule(due, Kind::Overflow, slot)),
        }
    }

    /// A ticket may have waited long enough: if it has not left this queue since.
    #[inline(never)]
    pub(super) fn overflow_due(&mut self, slot: Slot) {
        let ticket = &self.world.tickets[slot];
        let Some(overflow) = self.model.teams[ticket.team.index()].overflow else {
            return;
        };
        if ticket.phase == Phase::Queued
            && overflow
                .after
                .is_some_and(|after| ticket.queue_since + after == self.now)
        {
            self.offer(slot, overflow);
        }
    }

    fn offer(&mut self, slot: Slot, overflow: Overflow) {
        if !self.can_help(slot, overflow.to) {
            return;
        }
        if overflow.moves {
            return self.hand_to_helper(slot, overflow.to);
        }
        let rank = self.rank_at(slot, overflow.to);
        let world = &mut *self.world;
        let desk = &mut world.desks[overflow.to.index()];
        if let Some(lanes) = desk.queue.lanes_mut() {
            lanes.offer(&world.tickets[slot], slot, rank);
        }
        self.touch(overflow.to);
    }

    fn hand_to_helper(&mut self, slot: Slot, to: TeamId) {
        self.unqueue(slot, false);
        self.goes_to_helper(slot, to);
        self.enqueue(slot, Place::Tail);
    }

    /// A ticket that has left its team's queue belongs to the team that helps from now on. Neither an escalation nor a
    /// reassignment.
    pub(super) fn goes_to_helper(&mut self, slot: Slot, to: TeamId) {
        let now = self.now;
        self.leaves_team(slot);
        self.clock_ends(slot, TargetKind::Own, Ending::StoppedLast);
        let ticket = &mut self.world.tickets[slot];
        let from = ticket.team;
        ticket.is_held_by(to);
        ticket.team_since = now;
        if !ticket.is_task() {
            ticket.overflows = ticket.overflows.saturating_add(1);
            self.seen.happened(now, ticket, &Happening::Overflowed { from });
            self.world.desks[from.index()].held -= 1;
            self.world.desks[to.index()].held += 1;
            self.clock_begins(slot, TargetKind::Own);
        }
        if !self.model.rules.is_empty() {
            self.rearm(slot, Measured::InTeam);
            self.set_timer(slot);
        }
    }

    /// A ticket that finds no place is closed, for good.
    fn turn_away(&mut self, slot: Slot) {
        self.world.tickets[slot].turned_away = true;
        self.unqueue(slot, false);
        self.closed_with_features(slot);
        self.end_void(slot, |seen, now, ticket| {
            seen.happened(now, ticket, &Happening::TurnedAway)
        });
    }
}
