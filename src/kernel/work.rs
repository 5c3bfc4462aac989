//! Work on a ticket: begun, done, interrupted by a question, resolved, reopened.

use super::Run;
use super::agenda::{Kind, Stamp};
use super::backlog::Place;
use super::clock::Clocks;
use super::desk::State;
use super::observe::{Interruption, Observe};
use super::tickets::{Phase, Slot};
use crate::model::{AgentId, TargetKind};
use crate::random::{Purpose, Stream, open01};
use crate::time::{Instant, Length};

impl<O: Observe> Run<'_, O> {
    /// One block of a ticket's stream.
    #[inline]
    pub(super) fn draw(&self, purpose: Purpose, slot: Slot, block: u32) -> [f64; 2] {
        let entity = self.world.tickets[slot].entity;
        Stream::new(self.key, purpose, self.replication, entity)
            .block(block)
            .map(open01)
    }

    /// An idle person starts, or goes on with, a ticket that is in nobody's hands.
    #[inline]
    pub(super) fn start(&mut self, slot: Slot, agent: AgentId) {
        let now = self.now;
        let first = !self.world.tickets[slot].begun;
        if first {
            self.begin_attempt(slot);
        } else {
            self.pay_for_resuming(slot, agent);
        }
        let ticket = &mut self.world.tickets[slot];
        if ticket.owner != Some(agent) {
            ticket.owner = Some(agent);
            ticket.owner_since = now;
        }
        ticket.phase = Phase::InWork;
        ticket.stint_since = now;
        self.seen.started(now, ticket, agent, first);
        let corrects = self.will_be_corrected(slot);
        if corrects && first {
            self.world.tickets[slot].work_left += self.model.population.triage.correction_work.ms();
        }
        self.put_to_work(slot, agent);
        self.first_touch(slot);
        let model = self.model;
        if model.targets.any(TargetKind::Update) {
            self.message(slot, true);
        }
        if !model.rules.is_empty() {
            self.rearm_owner(slot);
        }
        if corrects {
            self.correct_or_plan_it(slot, agent);
        }
        self.world.tickets[slot].triaged |= !corrects;
    }

    #[inline]
    fn put_to_work(&mut self, slot: Slot, agent: AgentId) {
        let now = self.now;
        let done = now + Length::from_ms(self.world.tickets[slot].work_left);
        let stamp = self.world.agenda.schedule(done, Kind::WorkDone, agent.index());
        let team = self.world.tickets[slot].team;
        let desk = &mut self.world.desks[team.index()];
        desk.ledger.tick(now);
        desk.no_longer_idle(&mut self.world.people, agent);
        desk.ledger.busy += 1;
        let person = &mut self.world.people[agent.index()];
        person.state = State::Busy;
        person.ticket = Some(slot);
        person.work = stamp;
    }

    /// Draws the work of a new attempt at the ticket's tier.
    #[inline]
    fn begin_attempt(&mut self, slot: Slot) {
        let model = self.model;
        let ticket = &self.world.tickets[slot];
        let (tier, able) = (ticket.tier, ticket.solvable_here());
        let entry = ticket.entries[tier.index()];
        let mut work = match self.written_work(slot) {
            Some(work) => work,
            None => self.drawn_work(slot, entry),
        };
        if !able {
            work += model.handoff.escalation_notes.ms();
        }
        let ticket = &mut self.world.tickets[slot];
        if ticket.escalated_here && model.handoff.escalation_loss > 0.0 {
            work += (work as f64 * model.handoff.escalation_loss).round() as i64;
        }
        ticket.entries[tier.index()] = entry.saturating_add(1);
        ticket.begun = true;
        ticket.work_done = 0;
        ticket.work_left = work;
        ticket.work_after = 0;
        ticket.asks = false;
        if able {
            self.plan_question(slot);
        }
    }

    /// Work of a ticket written out, on its first life.
    fn written_work(&self, slot: Slot) -> Option<i64> {
        let ticket = &self.world.tickets[slot];
        let written = &self.model.population.scripted[ticket.scripted? as usize];
        written.work[ticket.tier.index()].map(Length::ms)
    }

    #[inline]
    fn drawn_work(&self, slot: Slot, entry: u8) -> i64 {
        let ticket = &self.world.tickets[slot];
        let (index, severity) = (ticket.tier.index(), ticket.true_severity.index());
        let tier = &self.model.tiers[index];
        let (sampler, purpose) = match ticket.solvable_here() {
            true => (&tier.work[severity], Purpose::work(index as u8)),
            false => (&tier.diagnosis[severity], Purpose::diagnosis(index as u8)),
        };
        let block = u32::from(ticket.cycle) << 8 | u32::from(entry);
        let [u, _] = self.draw(purpose, slot, block & 0xFF_FFFF);
        let service = &self.model.population.services[ticket.service.index()];
        let mut factor = service.work_factor;
        if ticket.cycle > 0
            && let Some(reopening) = &self.model.population.reopening
        {
            factor *= reopening.work_factor;
        }
        if factor == 1.0 {
            sampler.draw_ms(u)
        } else {
            (sampler.draw(u) * factor).round() as i64
        }
    }

    /// Decides whether the rest of the work is interrupted by a question to the customer, and when.
    #[inline]
    fn plan_question(&mut self, slot: Slot) {
        let population = &self.model.population;
        let ticket = &self.world.tickets[slot];
        if let Some(scripted) = ticket.scripted {
            let written = &population.scripted[scripted as usize];
            if let Some(leg) = written.legs.get(ticket.episodes as usize) {
                let ticket = &mut self.world.tickets[slot];
                ticket.asks = true;
                ticket.work_after = leg.then_work.ms();
            }
            return;
        }
        let Some(pending) = &population.pending else { return };
        let share = match ticket.episodes {
            0 => pending.share[ticket.true_severity.index()],
            _ => pending.again,
        };
        let [u, _] = self.draw(Purpose::PENDING, slot, u32::from(ticket.episodes));
        if u < share {
            let ticket = &mut self.world.tickets[slot];
            let before = (ticket.work_left as f64 * pending.after).round() as i64;
            ticket.work_after = ticket.work_left - before;
            ticket.work_left = before;
            ticket.asks = true;
        }
    }

    /// Switch cost, lost context or overlap of a ticket that somebody has begun.
    fn pay_for_resuming(&mut self, slot: Slot, agent: AgentId) {
        let (now, model) = (self.now, self.model);
        let ticket = &mut self.world.tickets[slot];
        let team = &model.teams[ticket.team.index()];
        if ticket.interrupted {
            ticket.interrupted = false;
            ticket.work_left += team
                .preemption
                .as_ref()
                .map_or(0, |preemption| preemption.switch_cost.ms());
        }
        let Some(released) = ticket.released.take() else { return };
        if ticket.owner == Some(agent) {
            return;
        }
        let handoff = &model.handoff;
        if handoff.cold {
            ticket.work_left += (ticket.work_done as f64 * handoff.context_loss).round() as i64;
        } else if released == now && handoff.overlap > Length::ZERO {
            ticket.work_left += handoff.overlap.ms();
            ticket.touch_ms += handoff.overlap.ms();
            self.world.desks[ticket.team.index()].ledger.overtime_ms += handoff.overlap.ms();
        }
    }

    /// The first work on a ticket is the first response, once the first words are written.
    #[inline]
    fn first_touch(&mut self, slot: Slot) {
        let now = self.now;
        let ticket = &mut self.world.tickets[slot];
        if ticket.first_response.is_some() {
            return;
        }
        let at = now + self.model.first_reply;
        ticket.first_response = Some(at);
        ticket.last_message = at;
        self.seen.responded(now, ticket);
        if O::SEES_BREACHES
            && self
                .clocks(slot)
                .due(TargetKind::FirstResponse)
                .is_none_or(|due| due >= at)
        {
            self.world.tickets[slot].breach[0] = Stamp::NONE;
        }
    }

    /// A stretch of work is done, if the event is still valid.
    #[inline]
    pub(super) fn work_done(&mut self, agent: usize, stamp: Stamp) {
        let person = &mut self.world.people[agent];
        if person.work != stamp {
            return;
        }
        let Some(slot) = person.ticket.take() else { return };
        let agent = AgentId::new(agent);
        self.end_stint(slot);
        let ticket = &mut self.world.tickets[slot];
        ticket.work_left = 0;
        if ticket.asks {
            self.ask(slot, agent);
        } else if ticket.solvable_here() {
            self.resolve(slot, agent);
        } else {
            self.escalate(slot, agent);
        }
        self.free(agent);
    }

    /// Books the time since the stint began.
    #[inline]
    pub(super) fn end_stint(&mut self, slot: Slot) {
        let ticket = &mut self.world.tickets[slot];
        let worked = (self.now - ticket.stint_since).ms();
        ticket.touch_ms += worked;
        ticket.work_done += worked;
        ticket.work_left -= worked;
    }

    /// A person lets go of their ticket: free for the next one, or off if their shift is over.
    #[inline]
    pub(super) fn free(&mut self, agent: AgentId) {
        let now = self.now;
        let team = self.model.agents[agent.index()].team;
        let desk = &mut self.world.desks[team.index()];
        let person = &mut self.world.people[agent.index()];
        person.work = Stamp::NONE;
        person.ticket = None;
        desk.ledger.tick(now);
        if person.state == State::Overtime {
            desk.ledger.overtime -= 1;
            person.state = State::Off;
            person.overtime = Stamp::NONE;
            self.clear_line(agent);
            return;
        }
        desk.ledger.busy -= 1;
        if person.break_due.is_some() {
            self.take_break(agent);
            return;
        }
        desk.becomes_idle(&mut self.world.people, agent, now);
        self.touch(team);
    }

    /// The customer is asked; the ticket waits, its owner is free.
    fn ask(&mut self, slot: Slot, agent: AgentId) {
        let now = self.now;
        let population = &self.model.population;
        let ticket = &self.world.tickets[slot];
        let episode = ticket.episodes;
        let written = ticket.scripted.and_then(|scripted| {
            population.scripted[scripted as usize]
                .legs
                .get(episode as usize)
                .map(|leg| leg.answer_after.ms())
        });
        let wait = match (written, &population.pending) {
            (Some(wait), _) => wait,
            (None, Some(pending)) => pending
                .wait
                .draw_ms(self.draw(Purpose::PENDING, slot, u32::from(episode))[1]),
            (None, None) => 0,
        };
        if self.model.targets.any(TargetKind::Update) {
            self.message(slot, false);
        }
        let ticket = &mut self.world.tickets[slot];
        ticket.phase = Phase::Pending;
        ticket.episodes += 1;
        ticket.asks = false;
        ticket.stint_since = now;
        self.pauses(slot).ask(now);
        self.seen
            .interrupted(now, &self.world.tickets[slot], agent, Interruption::Asked);
        self.world
            .agenda
            .schedule(now + Length::from_ms(wait), Kind::Answer, slot);
        self.set_timer(slot);
        self.watch_breaches(slot);
    }

    /// The customer answers: back to the owner if they are there (or keep their work), else to the team.
    pub(super) fn answer(&mut self, slot: Slot) {
        let now = self.now;
        self.pauses(slot).answer(now);
        let ticket = &mut self.world.tickets[slot];
        ticket.pending_ms += (now - ticket.stint_since).ms();
        ticket.work_left = ticket.work_after;
        ticket.work_after = 0;
        self.seen.answered(now, &self.world.tickets[slot]);
        if self.world.tickets[slot].begun {
            self.plan_question(slot);
        }
        self.back_to_owner_or_team(slot, Place::Tail);
        self.set_timer(slot);
        self.watch_breaches(slot);
    }

    /// A ticket is resolved: closed, unless it will come back.
    #[inline]
    fn resolve(&mut self, slot: Slot, agent: AgentId) {
        let now = self.now;
        if self.model.targets.any(TargetKind::Update) {
            self.message(slot, false);
        }
        let ticket = &mut self.world.tickets[slot];
        ticket.resolved = Some(now);
        ticket.cycle += 1;
        ticket.phase = Phase::Resolved;
        ticket.timer = Stamp::NONE;
        ticket.timer_at = Instant::LAST;
        ticket.breach = [Stamp::NONE; 2];
        ticket.begun = false;
        ticket.escalated_here = false;
        let (team, measured) = (ticket.team, ticket.measured);
        self.world.desks[team.index()].held -= 1;
        self.world.open -= 1;
        self.seen.resolved(now, &self.world.tickets[slot], agent);
        if let Some(back_after) = self.comes_back(slot) {
            self.world
                .agenda
                .schedule(now + Length::from_ms(back_after), Kind::Reopen, slot);
            return;
        }
        self.world.unsettled -= usize::from(measured);
        let ticket = &self.world.tickets[slot];
        let outcome = Clocks::of(self.model, ticket, self.world.pauses.get(slot)).outcome(now);
        self.seen.closed(now, ticket, &outcome);
        self.world.tickets.close(slot);
    }

    /// How long after its resolution a ticket comes back, if it does.
    #[inline]
    fn comes_back(&self, slot: Slot) -> Option<i64> {
        let population = &self.model.population;
        let ticket = &self.world.tickets[slot];
        let reopenings = u32::from(ticket.cycle) - 1;
        if let Some(scripted) = ticket.scripted
            && let Some(times) = &population.scripted[scripted as usize].reopens_after
        {
            return times.get(reopenings as usize).map(|time| time.ms());
        }
        let reopening = population.reopening.as_ref()?;
        if reopenings >= reopening.at_most {
            return None;
        }
        let [u, v] = self.draw(Purpose::REOPENING, slot, reopenings);
        if u >= reopening.share[ticket.true_severity.index()] {
            return None;
        }
        Some(reopening.delay.as_ref().map_or(0, |delay| delay.draw_ms(v)))
    }

    /// A resolved ticket comes back to the team that resolved it, for fresh work.
    pub(super) fn reopen(&mut self, slot: Slot) {
        let now = self.now;
        let resolved = self.world.tickets[slot].resolved.unwrap_or(now);
        self.world.open += 1;
        let team = self.world.tickets[slot].team;
        self.world.desks[team.index()].held += 1;
        self.restart_or_resume_clocks(slot, resolved);
        let ticket = &mut self.world.tickets[slot];
        ticket.phase = Phase::Queued;
        ticket.resolved = None;
        ticket.owner = None;
        ticket.open_since = now;
        ticket.team_since = now;
        ticket.tier_since = now;
        self.seen.reopened(now, &self.world.tickets[slot]);
        self.enqueue(slot, Place::Tail);
        self.watch_breaches(slot);
    }

    /// A message to the customer: closes the running update clock and starts the next.
    pub(super) fn message(&mut self, slot: Slot, in_dispatch: bool) {
        let now = self.now;
        let ticket = &self.world.tickets[slot];
        if ticket.first_response.is_none_or(|first| first >= now) {
            return;
        }
        let (due, missed) = self.clocks(slot).updates(now, in_dispatch);
        let ticket = &mut self.world.tickets[slot];
        ticket.updates_due += due;
        ticket.updates_missed += missed;
        ticket.last_message = now;
    }
}
