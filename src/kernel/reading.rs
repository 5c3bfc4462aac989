//! Triage by people: a new ticket is put aside until somebody has read it, and is routed then.

use super::Run;
use super::observe::Observe;
use super::tasks::{Assignee, NewTask};
use super::tickets::{Phase, Slot, Task};
use crate::model::{Begun, Measured, TargetKind};
use crate::random::Purpose;
use crate::time::Length;

impl<O: Observe> Run<'_, O> {
    /// Hands a new ticket to those who read tickets.
    #[inline(never)]
    pub(super) fn have_it_read(&mut self, slot: Slot) {
        self.world.tickets[slot].phase = Phase::Aside;
        if let Some(manual) = &self.model.population.triage.manual {
            let work = manual.work.draw_ms(self.draw(Purpose::TRIAGE, slot, 1)[0]);
            let task = self.open_task(NewTask {
                task: Task::Triage,
                about: slot,
                id: 0,
                to: Assignee::Team(manual.team),
                work: Some(Length::from_ms(work)),
            });
            self.case(slot).reading = Some(task as u32);
        }
        self.waits(slot);
    }

    /// A ticket has been read: it goes where the routes of this instant send it.
    pub(super) fn has_been_read(&mut self, slot: Slot) {
        let (now, ticket) = (self.now, &self.world.tickets[slot]);
        if ticket.phase != Phase::Aside || ticket.linked {
            return;
        }
        let (old, team) = (ticket.team, self.entry(slot));
        self.leaves_team(slot);
        self.world.desks[old.index()].held -= 1;
        self.world.desks[team.index()].held += 1;
        let ticket = &mut self.world.tickets[slot];
        ticket.is_held_by(team);
        ticket.tier = self.model.teams[team.index()].tier;
        ticket.team_since = now;
        ticket.tier_since = now;
        if !self.model.rules.is_empty() {
            self.rearm(slot, Measured::InTeam);
            self.rearm(slot, Measured::InTier);
            // Where it was expected to go nothing but these begins.
            let begun = match team == old {
                true => Begun::since(Measured::InTeam).and(Begun::since(Measured::InTier)),
                false => Begun::ANYTHING,
            };
            self.set_timer_as(slot, begun);
        }
        self.clock_begins(slot, TargetKind::Own);
        match self.is_blocked(slot) {
            true => self.world.tickets[slot].phase = Phase::Gated,
            false => self.come_to_team(slot),
        }
        if let Some((team, hands, rule)) = self.world.cases.get_mut(slot).and_then(|case| case.sent.take()) {
            self.hand_over(slot, team, hands, rule);
        }
        self.goes_to_acknowledger(slot);
    }

    /// Whether a ticket waits to be read: what has come back is not read again.
    pub(super) fn is_being_read(&self, slot: Slot) -> bool {
        let ticket = &self.world.tickets[slot];
        ticket.phase == Phase::Aside && !ticket.linked && ticket.cycle == 0
    }

    /// Nobody needs to read a ticket any more.
    pub(super) fn stop_reading(&mut self, slot: Slot) {
        let reading = self.case(slot).reading.take().map(|task| task as usize);
        // The row may be another's by now.
        let is_it = |task: &Slot| self.world.tickets[*task].task == Task::Triage && self.subject(*task) == Some(slot);
        if let Some(task) = reading.filter(is_it) {
            self.withdraw_task(task);
        }
    }

    /// Whoever has acknowledged a ticket while it was read takes it over now.
    fn goes_to_acknowledger(&mut self, slot: Slot) {
        let answered = self.world.cases.get(slot).and_then(|case| case.paging.acknowledger());
        if let Some(agent) = answered {
            self.take_over(slot, agent);
        }
    }
}
