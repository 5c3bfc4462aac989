//! Duty: shifts, absences, breaks and overtime.

use super::Run;
use super::agenda::{Kind, Stamp};
use super::backlog::Place;
use super::desk::State;
use super::observe::{Interruption, Observe};
use super::tickets::{Slot, Task};
use crate::model::{AgentId, Breaks, ShiftEnd, TeamId, defaults};
use crate::random::{Purpose, Stream, open01};
use crate::time::{Instant, Length};

impl<O: Observe> Run<'_, O> {
    /// At the start of the run: people who are always on duty sit down, the others' first shifts are put on the agenda.
    pub(super) fn open_desks(&mut self) {
        let model = self.model;
        for (index, crew) in model.crews.iter().enumerate() {
            if crew.always {
                for agent in crew.agents.clone() {
                    self.sit_down(AgentId::new(agent));
                }
            } else {
                self.world.next_shift[index] = crew.shifts.partition_point(|(_, end)| *end <= Instant::START);
                self.schedule_shift(index);
            }
        }
    }

    fn schedule_shift(&mut self, crew: usize) {
        if let Some((start, _)) = self.model.crews[crew].shifts.get(self.world.next_shift[crew]) {
            self.world
                .agenda
                .schedule((*start).max(Instant::START), Kind::ShiftStart, crew);
        }
    }

    fn sit_down(&mut self, agent: AgentId) {
        let (now, team) = (self.now, self.model.agents[agent.index()].team);
        let desk = &mut self.world.desks[team.index()];
        desk.ledger.tick(now);
        desk.becomes_idle(&mut self.world.people, agent, now);
        self.touch(team);
    }

    #[inline(never)]
    pub(super) fn shift_start(&mut self, crew: usize) {
        let model = self.model;
        let number = self.world.next_shift[crew];
        let (start, end) = model.crews[crew].shifts[number];
        self.world.agenda.schedule(end, Kind::ShiftEnd, crew);
        for (place, agent) in model.crews[crew].agents.clone().enumerate() {
            let agent = AgentId::new(agent);
            if self.is_absent(crew, agent, number) || self.is_on_leave(agent, start) {
                continue;
            }
            // Whoever has stayed from the last one is there.
            if !self.world.people[agent.index()].on_duty() {
                if !self.world.weariness.is_empty() && self.rests_first(agent, end) {
                    continue;
                }
                self.come_on_duty(agent);
            }
            if let Some(breaks) = model.crews[crew].breaks {
                self.plan_breaks(agent, breaks, (start, end), (place, model.crews[crew].agents.len()));
            }
        }
    }

    /// Somebody comes later to a shift, having rested. Breaks that would have been are theirs to do without.
    #[inline(never)]
    pub(super) fn rest_end(&mut self, agent: usize) {
        let agent = AgentId::new(agent);
        // What they were called for at night may have kept them up since.
        let Some(rested) = self.rested_at(agent).filter(|rested| *rested > self.now) else {
            return self.come_on_duty(agent);
        };
        let crew = self.model.agents[agent.index()].crew.index();
        let shift = self.model.crews[crew].shifts.get(self.world.next_shift[crew]);
        if shift.is_some_and(|(_, end)| rested < *end) {
            self.world.agenda.schedule(rested, Kind::RestEnd, agent.index());
        }
    }

    /// Whether a crew's person misses a shift, and with it their day: the same whoever else there is.
    fn is_absent(&self, crew: usize, agent: AgentId, shift: usize) -> bool {
        let plan = &self.model.crews[crew];
        let Some(day) = plan.days.get(shift).filter(|_| plan.absent > 0.0) else {
            return false;
        };
        let stream = Stream::new(
            self.key,
            Purpose::ABSENCE,
            self.replication,
            self.model.agents[agent.index()].key,
        );
        open01(stream.block(*day & 0xFF_FFFF)[0]) < plan.absent
    }

    /// Whether a shift that somebody was on ends at this instant.
    pub(super) fn leaves_now(&self, agent: AgentId) -> bool {
        let crew = self.model.agents[agent.index()].crew.index();
        let last = self.world.next_shift[crew].checked_sub(1);
        last.is_some_and(|last| {
            let ends = self.model.crews[crew]
                .shifts
                .get(last)
                .is_some_and(|(_, end)| *end == self.now);
            ends && !self.is_absent(crew, agent, last)
        })
    }

    fn is_on_leave(&self, agent: AgentId, at: Instant) -> bool {
        let person = self.model.agents[agent.index()].person;
        person.is_some_and(|person| self.model.people[person.index()].is_away(at))
    }

    fn come_on_duty(&mut self, agent: AgentId) {
        let (now, team) = (self.now, self.model.agents[agent.index()].team);
        self.seen.on_duty(now, agent, true);
        let person = &mut self.world.people[agent.index()];
        let was = person.state;
        if !matches!(was, State::Overtime | State::Called) {
            self.sit_down(agent);
            // They are there now, whether or not they would have been at their desk by then.
            self.line_up_calls(agent);
            return;
        }
        person.state = State::Busy;
        person.overtime = Stamp::NONE;
        let ledger = &mut self.world.desks[team.index()].ledger;
        ledger.tick(now);
        match was {
            State::Overtime => ledger.overtime -= 1,
            _ => ledger.called -= 1,
        }
        ledger.busy += 1;
        self.talks_from_now(agent);
        self.line_up_calls(agent);
    }

    /// What somebody was called for, or does overtime for, is one of their conversations as their shift begins.
    fn talks_from_now(&mut self, agent: AgentId) {
        let team = self.model.agents[agent.index()].team;
        let person = &mut self.world.people[agent.index()];
        if self.model.teams[team.index()].concurrency.is_some() && person.talks.is_empty() {
            person.talks.extend(person.ticket.map(|slot| slot as u32));
            self.note_talks(agent);
        }
    }

    #[inline(never)]
    pub(super) fn shift_end(&mut self, crew: usize) {
        let model = self.model;
        let next = self.world.next_shift[crew] + 1;
        let goes_on = model.crews[crew]
            .shifts
            .get(next)
            .is_some_and(|(start, _)| *start == self.now);
        // Last first: what goes to the head of the queue then stands in the order of the people.
        for agent in model.crews[crew].agents.clone().rev().map(AgentId::new) {
            let stays = goes_on && !self.is_absent(crew, agent, next) && !self.is_on_leave(agent, self.now);
            if !stays {
                self.go_off_duty(agent);
            }
        }
        self.world.next_shift[crew] += 1;
        self.schedule_shift(crew);
    }

    fn go_off_duty(&mut self, agent: AgentId) {
        let (now, team) = (self.now, self.model.agents[agent.index()].team);
        let state = self.world.people[agent.index()].state;
        if !self.world.people[agent.index()].on_duty() {
            return;
        }
        self.seen.on_duty(now, agent, false);
        // Others go with them: nobody is given what they leave before dispatch.
        self.touch(team);
        let desk = &mut self.world.desks[team.index()];
        desk.ledger.tick(now);
        if state == State::Idle {
            desk.no_longer_idle(&mut self.world.people, agent);
        }
        let person = &mut self.world.people[agent.index()];
        person.state = State::Off;
        person.break_due = None;
        person.break_forced = Stamp::NONE;
        person.break_end = Stamp::NONE;
        if state == State::Busy {
            self.leave_work(agent, self.model.teams[team.index()].shift_end);
        }
        self.clear_line(agent);
        self.go_on_with_calls(agent);
    }

    /// What becomes of the ticket in work when its owner's shift ends.
    fn leave_work(&mut self, agent: AgentId, rule: ShiftEnd) {
        let (now, team) = (self.now, self.model.agents[agent.index()].team);
        self.world.desks[team.index()].ledger.busy -= 1;
        let slot = self.world.people[agent.index()].ticket;
        let goes_on = slot.filter(|slot| self.goes_on(*slot, agent));
        // Others wait for a decision that has been begun, or listen.
        let rule = match slot.map(|slot| self.world.tickets[slot].task) {
            Some(Task::Decision | Task::Handover) => ShiftEnd::Finish(defaults::OVERTIME_MAX),
            _ => rule,
        };
        match rule {
            _ if goes_on.is_some_and(|slot| self.world.tickets[slot].is_task()) => self.goes_on_called(agent),
            ShiftEnd::HandOff | ShiftEnd::Hold if goes_on.is_some() => self.goes_on_called(agent),
            ShiftEnd::Finish(limit) => {
                self.world.desks[team.index()].ledger.overtime += 1;
                let stamp = self
                    .world
                    .agenda
                    .schedule(now + limit, Kind::OvertimeEnd, agent.index());
                let person = &mut self.world.people[agent.index()];
                person.state = State::Overtime;
                person.overtime = stamp;
            }
            ShiftEnd::HandOff => self.put_down(agent, Interruption::HandedOff),
            ShiftEnd::Hold => self.put_down(agent, Interruption::Held),
        }
    }

    /// Whether somebody whose shift is over goes on with what they have in work because they are called for it.
    fn goes_on(&self, slot: Slot, agent: AgentId) -> bool {
        let others = |talk: &u32| *talk as usize != slot;
        !self.world.people[agent.index()].talks.iter().any(others) && self.is_called_for(slot, agent)
    }

    /// Whether somebody does something off duty, too, as a person on call does: they acknowledged a page for it, and of a ticket
    /// no colleagues are on duty who take it over.
    fn is_called_for(&self, slot: Slot, agent: AgentId) -> bool {
        if O::PLAIN {
            return false;
        }
        let (ticket, team) = (&self.world.tickets[slot], self.model.agents[agent.index()].team);
        if ticket.is_task() {
            return self.errand(slot).is_called;
        }
        let is_held = self.model.teams[team.index()].shift_end == ShiftEnd::Hold;
        self.was_paged(slot, agent) && ticket.team == team && (is_held || !self.is_staffed(team))
    }

    /// Whether somebody of a team is on duty after this instant, in a shift that goes on or that begins now.
    fn is_staffed(&self, team: TeamId) -> bool {
        let crews = self.model.crews.iter().zip(&self.world.next_shift).enumerate();
        let mut own = crews.filter(|(_, (crew, _))| crew.team == team);
        own.any(|(index, (crew, next))| {
            let shift = crew.shifts.get(*next);
            let begun = crew.always || shift.is_some_and(|(start, end)| *start <= self.now && self.now < *end);
            let mut agents = crew.agents.clone().map(AgentId::new);
            begun && agents.any(|agent| crew.always || self.is_there(index, agent, *next))
        })
    }

    /// Whether somebody of a crew is there in a shift that has begun, or begins at this instant.
    fn is_there(&self, crew: usize, agent: AgentId, number: usize) -> bool {
        let begins_now = self.model.crews[crew].shifts[number].0 == self.now;
        let comes = || {
            !self.is_absent(crew, agent, number)
                && !self.is_on_leave(agent, self.now)
                && self.rested_at(agent).is_none_or(|rested| rested <= self.now)
        };
        self.world.people[agent.index()].on_duty() || (begins_now && comes())
    }

    /// Somebody who is off duty by now goes on with what they have in work.
    fn goes_on_called(&mut self, agent: AgentId) {
        let team = self.model.agents[agent.index()].team;
        self.world.desks[team.index()].ledger.called += 1;
        let person = &mut self.world.people[agent.index()];
        person.state = State::Called;
        person.talks.clear();
        self.note_talks(agent);
    }

    /// What somebody is called for and waits in their line is what they go on with off duty.
    pub(super) fn keep_calls(&mut self, agent: AgentId) {
        let team = self.model.agents[agent.index()].team;
        let mut place = 0;
        while let Some(slot) = self.world.people[agent.index()].line.get(place) {
            let slot = *slot as usize;
            if !self.is_called_for(slot, agent) {
                place += 1;
                continue;
            }
            let person = &mut self.world.people[agent.index()];
            person.line.remove(place);
            person.calls.push(slot as u32);
            self.world.desks[team.index()].lines -= 1;
        }
    }

    /// Takes what a person who is off works on, and sends it where it belongs.
    fn put_down(&mut self, agent: AgentId, why: Interruption) {
        let person = &mut self.world.people[agent.index()];
        let Some(slot) = person.ticket.take() else { return };
        if person.talks.is_empty() {
            return self.put_down_one(slot, agent, why);
        }
        while let Some(slot) = self.world.people[agent.index()].talks.pop() {
            self.put_down_one(slot as usize, agent, why);
        }
        self.note_talks(agent);
    }

    fn put_down_one(&mut self, slot: Slot, agent: AgentId, why: Interruption) {
        self.stop_work(slot);
        self.interrupted(slot, agent, why);
        match why {
            Interruption::HandedOff => self.release(slot),
            _ => {
                self.line_up(slot, agent, Place::Head);
                self.set_timer(slot);
            }
        }
    }

    #[inline(never)]
    pub(super) fn overtime_end(&mut self, agent: usize, stamp: Stamp) {
        let person = &mut self.world.people[agent];
        if person.overtime != stamp || person.state != State::Overtime {
            return;
        }
        person.state = State::Off;
        person.overtime = Stamp::NONE;
        let agent = AgentId::new(agent);
        let team = self.model.agents[agent.index()].team;
        self.touch(team);
        let ledger = &mut self.world.desks[team.index()].ledger;
        ledger.tick(self.now);
        ledger.overtime -= 1;
        let slot = self.world.people[agent.index()].ticket;
        match slot.is_some_and(|slot| self.goes_on(slot, agent)) {
            true => self.goes_on_called(agent),
            false => self.put_down(agent, Interruption::HandedOff),
        }
        self.clear_line(agent);
        self.go_on_with_calls(agent);
    }

    /// Breaks of one shift: equal ones, one in each equal part of the shift, spread so that not everybody goes at once.
    fn plan_breaks(&mut self, agent: AgentId, breaks: Breaks, shift: (Instant, Instant), (place, of): (usize, usize)) {
        let shift_ms = (shift.1 - shift.0).ms() as f64;
        let part = shift_ms / f64::from(breaks.count);
        let long = part * breaks.share;
        let offset = (part - long) * (place as f64 + 0.5) / of as f64;
        for number in 0..breaks.count {
            let at = shift.0 + Length::from_ms((part * f64::from(number) + offset) as i64);
            if at >= self.now {
                self.world.agenda.schedule(at, Kind::BreakStart, agent.index());
            }
        }
    }

    fn break_ms(&self, agent: AgentId) -> Option<(i64, Length)> {
        let index = self.model.agents[agent.index()].crew.index();
        let crew = &self.model.crews[index];
        let (start, end) = crew.shifts.get(self.world.next_shift[index])?;
        let breaks = crew.breaks?;
        let long = (*end - *start).ms() as f64 * breaks.share / f64::from(breaks.count);
        Some((long as i64, breaks.slip))
    }

    #[inline(never)]
    pub(super) fn break_start(&mut self, agent: usize) {
        let agent = AgentId::new(agent);
        let Some((long, slip)) = self.break_ms(agent) else {
            return;
        };
        match self.world.people[agent.index()].state {
            State::Idle => {
                self.world.people[agent.index()].break_due = Some(long);
                self.take_break_if_free(agent);
            }
            State::Busy => {
                let forced = self
                    .world
                    .agenda
                    .schedule(self.now + slip, Kind::BreakForced, agent.index());
                let person = &mut self.world.people[agent.index()];
                person.break_due = Some(long);
                person.break_forced = forced;
            }
            State::Off | State::Overtime | State::Break | State::Called => {}
        }
    }

    /// Starts the break that is due, if one is and the person has nothing to do.
    pub(super) fn take_break_if_free(&mut self, agent: AgentId) {
        let person = &self.world.people[agent.index()];
        if person.state != State::Idle || person.break_due.is_none() {
            return;
        }
        let since = person.idle_since;
        let team = self.model.agents[agent.index()].team;
        let desk = &mut self.world.desks[team.index()];
        desk.ledger.tick(self.now);
        desk.no_longer_idle(&mut self.world.people, agent);
        self.take_break(agent);
        self.world.people[agent.index()].idle_since = since;
    }

    /// Starts the break that is due. The caller has taken the person out of the head counts.
    #[inline(never)]
    pub(super) fn take_break(&mut self, agent: AgentId) {
        let now = self.now;
        let person = &mut self.world.people[agent.index()];
        let long = person.break_due.take().unwrap_or(0);
        person.state = State::Break;
        person.idle_since = now;
        person.break_forced = Stamp::NONE;
        person.break_end = self
            .world
            .agenda
            .schedule(now + Length::from_ms(long), Kind::BreakEnd, agent.index());
    }

    #[inline(never)]
    pub(super) fn break_forced(&mut self, agent: usize, stamp: Stamp) {
        if self.world.people[agent].break_forced != stamp {
            return;
        }
        while let Some(slot) = self.world.people[agent].ticket {
            if self.world.people[agent].state != State::Busy {
                break;
            }
            self.take_from_owner(slot, Interruption::Break);
            self.line_up(slot, AgentId::new(agent), Place::Head);
            self.set_timer(slot);
        }
    }

    #[inline(never)]
    pub(super) fn break_end(&mut self, agent: usize, stamp: Stamp) {
        let person = &mut self.world.people[agent];
        if person.break_end != stamp || person.state != State::Break {
            return;
        }
        person.break_end = Stamp::NONE;
        let (agent, since) = (AgentId::new(agent), person.idle_since);
        let team = self.model.agents[agent.index()].team;
        let desk = &mut self.world.desks[team.index()];
        desk.ledger.tick(self.now);
        desk.becomes_idle(&mut self.world.people, agent, since);
        self.touch(team);
    }
}
