//! Work on a ticket: begun, done, interrupted by a question, resolved, reopened.

use super::Run;
use super::agenda::{Kind, Stamp};
use super::backlog::Place;
use super::clock::Silence;
use super::desk::{Ledger, State};
use super::draws::Draws;
use super::explanations::Handed;
use super::messages::UpdatesEnd;
use super::mitigation::Solving;
use super::observe::{Interruption, Observe};
use super::occasions::Ending;
use super::rules::Occurrence;
use super::severity::will_be_corrected;
use super::tickets::{Family, Phase, Slot, Ticket};
use super::vendors::plan_vendor;
use crate::model::{AgentId, Begun, Measured, Model, TargetKind, Team, TierId};
use crate::random::{Purpose, open01};
use crate::time::{Instant, Length};

impl<O: Observe> Run<'_, O> {
    /// Where the draws of this replication come from.
    #[inline]
    pub(super) fn draws(&self) -> Draws {
        Draws {
            key: self.key,
            replication: self.replication,
        }
    }

    /// One block of a ticket's stream.
    pub(super) fn draw(&self, purpose: Purpose, slot: Slot, block: u32) -> [f64; 2] {
        self.draws().of(purpose, &self.world.tickets[slot], block)
    }

    /// An idle person starts, or goes on with, a ticket that is in nobody's hands.
    #[inline]
    pub(super) fn start(&mut self, slot: Slot, agent: AgentId) {
        let world = &mut *self.world;
        let desk = &mut world.desks[self.model.agents[agent.index()].team.index()];
        desk.ledger.tick(self.now);
        desk.no_longer_idle(&mut world.people, agent);
        desk.ledger.busy += 1;
        self.begin(slot, agent);
    }

    /// A person who is counted as busy begins, or goes on with, a ticket.
    #[inline(never)]
    pub(super) fn begin(&mut self, slot: Slot, agent: AgentId) {
        let (now, model) = (self.now, self.model);
        if !O::PLAIN && self.world.tickets[slot].is_task() {
            return self.begin_task(slot, agent);
        }
        let draws = self.draws();
        let Approach { ease, pace, glance } = match O::PLAIN {
            true => Approach::USUAL,
            false => self.approach(slot, agent),
        };
        let handed = match O::PLAIN {
            true => Handed::default(),
            false => self.handed_to(slot, agent),
        };
        let too_late = self.is_after_breaches();
        let world = &mut *self.world;
        let ticket = &mut world.tickets[slot];
        let first = !ticket.begun;
        let mut explained = false;
        if let Some(work) = glance {
            ticket.begin_with(work);
        } else if first {
            begin_attempt(model, ticket, draws);
            if ease != 1.0 {
                ease_work(ticket, ease);
            }
        } else {
            let giver = handed.giver.or(ticket.owner);
            let team = giver.map_or(ticket.team, |giver| model.agents[giver.index()].team);
            let ledger = &mut world.desks[team.index()].ledger;
            explained = pay_for_resuming(model, ticket, ledger, (agent, handed), now);
        }
        if !O::PLAIN && first && glance.is_none() && model.population.waits_for_vendors && ticket.solvable_here() {
            plan_vendor(model, ticket, &mut world.cases[slot].vendors, draws);
        }
        let corrects = !O::PLAIN && !ticket.triaged && will_be_corrected(model, ticket, draws);
        if corrects && first {
            ticket.work_left += model.population.triage.correction_work.ms();
        }
        ticket.is_owned_by(agent, now);
        if !O::PLAIN && first {
            ticket.owner_since = now;
        }
        ticket.phase = Phase::InWork;
        ticket.stint_since = now;
        ticket.work_since = now;
        if !O::PLAIN {
            ticket.pace = pace;
            ticket.triaged |= !corrects;
        }
        let touched = ticket.engaged.is_some();
        ticket.engaged = ticket.engaged.or(Some(now));
        self.seen.started(now, ticket, agent, first);
        let answered = ticket.first_response.is_some();
        if !answered {
            let at = now + model.first_reply;
            ticket.first_response = Some(at);
            ticket.answered_last = at == now && too_late;
            ticket.last_message = at;
            self.seen.responded(now, ticket);
        }
        let done = now + Length::from_ms(ticket.time_left());
        ticket.work = world.agenda.schedule(done, Kind::WorkDone, slot);
        world.people[agent.index()].takes(slot);
        if O::SEES_BREACHES || !O::PLAIN {
            self.started_with_features(slot, [touched, answered, corrects, first]);
        }
        if let Some(giver) = handed.giver.filter(|_| explained) {
            self.explain(slot, giver);
        }
    }

    /// How a person goes about a ticket that they are about to begin.
    #[inline(never)]
    fn approach(&mut self, slot: Slot, agent: AgentId) -> Approach {
        let uses = self.model.uses;
        let begun = self.world.tickets[slot].begun;
        if uses.swarms && !begun {
            self.case(slot).swarm.begins_anew();
        }
        let ease = if begun { 1.0 } else { self.ease(slot) };
        let pace = if uses.paces { self.pace_of(slot, agent) } else { 1.0 };
        let glance = if uses.returns && !begun {
            self.glance(slot)
        } else {
            None
        };
        Approach { ease, pace, glance }
    }

    /// What a start means for updates, rules and triage.
    #[inline(never)]
    fn started_with_features(&mut self, slot: Slot, [touched, answered, corrects, first]: [bool; 4]) {
        let model = self.model;
        if O::SEES_BREACHES && !answered {
            self.stop_watching_response(slot);
        }
        if !answered {
            self.rearm_silence(slot);
            self.set_timer_as(slot, Begun::since(Measured::NoUpdate));
        }
        if model.targets.any(TargetKind::Update) {
            self.send_update(slot, self.silence_broken());
        }
        if !model.rules.is_empty() {
            self.rearm_owner(slot);
        }
        let ending = match self.is_after_breaches() {
            true => Ending::StoppedLast,
            false => Ending::Stopped,
        };
        self.clock_ends(slot, TargetKind::NextResponse, ending);
        self.no_longer_waits(slot);
        if !touched && self.world.tickets[slot].family != Family::Alone {
            self.touched(slot);
        }
        if corrects {
            self.correct_or_plan_it(slot);
        }
        if model.uses.swarms {
            self.convene(slot);
        }
        if model.uses.process {
            self.started_in_process(slot, answered, first);
        }
    }

    /// What a start means for workarounds and for updates that are work of their own.
    fn started_in_process(&mut self, slot: Slot, answered: bool, first: bool) {
        if first {
            self.plan_workaround(slot);
        }
        self.watch_for_workaround(slot);
        if !answered {
            self.plan_update(slot);
        }
        let owner = self.world.tickets[slot].owner;
        self.hand_update_on(slot, owner);
        self.write_what_is_owed(slot);
    }

    /// The first response comes in time: its breach need not be watched for.
    fn stop_watching_response(&mut self, slot: Slot) {
        let clocks = self.clocks(slot);
        let given = clocks.ticket.first_response;
        let due = clocks.due(TargetKind::FirstResponse);
        if due.is_none_or(|due| given.is_some_and(|given| due >= given)) {
            self.world.tickets[slot].breach[0] = Stamp::NONE;
        }
    }

    /// A stretch of work is done, if the event is still valid.
    #[inline(never)]
    pub(super) fn work_done(&mut self, slot: Slot, stamp: Stamp) {
        let world = &mut *self.world;
        let ticket = &mut world.tickets[slot];
        if ticket.work != stamp {
            return;
        }
        ticket.work = Stamp::NONE;
        let Some(agent) = ticket.owner else { return };
        if !O::PLAIN && ticket.is_task() {
            return self.finish_task(slot);
        }
        world.people[agent.index()].ticket = None;
        ticket.end_stint(self.now);
        let (asks, mut solvable) = (ticket.asks, ticket.solvable_here());
        if !O::PLAIN && self.model.targets.any(TargetKind::Update) {
            self.send_update(slot, Silence::Avoided);
        }
        if !O::PLAIN && self.sent_on_or_enabled(slot, agent, &mut solvable) {
        } else if asks {
            self.ask(slot, agent);
        } else if solvable {
            let in_vain = !O::PLAIN && self.world.tickets[slot].family != Family::Alone && self.worked_in_vain(slot);
            if !in_vain {
                self.solved(slot, agent);
            }
        } else {
            self.escalate(slot, agent);
        }
        let desk = &self.world.desks[self.model.agents[agent.index()].team.index()];
        if desk.would_go_on() && self.is_last_of_the_instant() {
            self.go_on(agent);
        } else {
            self.free(agent);
        }
    }

    /// What the end of a stretch of work means for swarms and for teams that do not accept a ticket: whether it was sent on.
    #[inline(never)]
    fn sent_on_or_enabled(&mut self, slot: Slot, agent: AgentId, solvable: &mut bool) -> bool {
        if self.model.uses.swarms {
            *solvable |= self.world.cases[slot].swarm.has_solved();
            self.dissolve(slot);
        }
        *solvable |= self.model.uses.process && self.world.cases[slot].fix.is_solved;
        self.model.uses.returns && self.sent_on(slot, agent)
    }

    /// Somebody who is able has joined: what is left is the work of solving at their tier, less what has been done.
    pub(super) fn begin_solving(&mut self, slot: Slot, tier: TierId) {
        let draws = self.draws();
        let model = self.model;
        let ease = self.ease(slot);
        let ticket = &mut self.world.tickets[slot];
        let work = work_at(model, ticket, tier, true, draws);
        let work = (work as f64 * ease).round() as i64;
        ticket.entries[tier.index()] = ticket.entries[tier.index()].saturating_add(1);
        ticket.work_left = (work - ticket.progress()).max(0);
        ticket.work_after = 0;
        ticket.attempt = work;
        if model.population.asks() {
            plan_question(model, ticket, draws);
        }
        self.plan_vendor_again(slot);
        if model.uses.process {
            self.plan_workaround(slot);
        }
    }

    /// A person who has just finished takes the head of the queue, as dispatch would have it, unless they have to leave.
    #[inline]
    fn go_on(&mut self, agent: AgentId) {
        let team = self.model.agents[agent.index()].team;
        let world = &mut *self.world;
        let person = &world.people[agent.index()];
        if person.state != State::Busy || person.break_due.is_some() {
            self.free(agent);
        } else if let Some(slot) = world.desks[team.index()].queue.take_first(&mut world.tickets) {
            self.left_queue(slot, true);
            self.world.dispatching = true;
            self.breaches_are_over();
            self.begin(slot, agent);
            self.world.dispatching = false;
        }
    }

    /// A person lets go of their ticket: free for the next one, or off if their shift is over.
    #[inline]
    pub(super) fn free(&mut self, agent: AgentId) {
        let now = self.now;
        let team = self.model.agents[agent.index()].team;
        if !O::PLAIN && !self.world.people[agent.index()].talks.is_empty() && self.goes_on_talking(agent) {
            return;
        }
        let world = &mut *self.world;
        let desk = &mut world.desks[team.index()];
        let person = &mut world.people[agent.index()];
        person.ticket = None;
        desk.ledger.tick(now);
        if matches!(person.state, State::Overtime | State::Called) {
            self.free_off_duty(agent);
            return;
        }
        desk.ledger.busy -= 1;
        if person.break_due.is_some() {
            self.take_break(agent);
            return;
        }
        desk.becomes_idle(&mut world.people, agent, now);
        if desk.has_work() {
            desk.touch(team, &mut world.dirty);
        }
    }

    /// A person who is off duty lets go of their ticket: they go on with what they were called for, or are off.
    #[inline(never)]
    fn free_off_duty(&mut self, agent: AgentId) {
        let was_overtime = self.world.people[agent.index()].state == State::Overtime;
        if !O::PLAIN && was_overtime && self.goes_on_in_overtime(agent) {
            return;
        }
        let team = self.model.agents[agent.index()].team;
        let ledger = &mut self.world.desks[team.index()].ledger;
        let person = &mut self.world.people[agent.index()];
        match was_overtime {
            true => ledger.overtime -= 1,
            false => ledger.called -= 1,
        }
        person.state = State::Off;
        person.overtime = Stamp::NONE;
        if was_overtime {
            self.clear_line(agent);
        } else {
            self.rests_from_now(agent);
        }
        self.go_on_with_calls(agent);
    }

    /// The customer is asked; the ticket waits, its owner is free.
    #[inline(never)]
    fn ask(&mut self, slot: Slot, agent: AgentId) {
        let now = self.now;
        let has_vendors = !O::PLAIN && self.model.population.waits_for_vendors;
        if has_vendors && self.asks_vendor(slot, agent) {
            return;
        }
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
        let ticket = &mut self.world.tickets[slot];
        ticket.phase = Phase::Pending;
        self.world.people[agent.index()].pending += 1;
        let ticket = &mut self.world.tickets[slot];
        ticket.episodes += 1;
        ticket.asks = false;
        ticket.stint_since = now;
        match has_vendors {
            true => self.pauses(slot).ask_beside_vendors(now, false),
            false => self.pauses(slot).ask(now),
        }
        if !self.model.rules.is_empty() {
            self.rearm(slot, Measured::Pending);
        }
        self.seen
            .interrupted(now, &self.world.tickets[slot], agent, Interruption::Asked);
        self.await_answer(slot, Length::from_ms(wait));
        self.plan_update(slot);
        self.set_timer_as(slot, Begun::since(Measured::Pending));
        self.watch_breaches(slot);
    }

    /// The customer answers: back to the owner if they are there (or keep their work), else to the team.
    #[inline(never)]
    pub(super) fn answer(&mut self, slot: Slot, stamp: Stamp) {
        let now = self.now;
        let ticket = &mut self.world.tickets[slot];
        if ticket.work != stamp || ticket.phase != Phase::Pending {
            return;
        }
        ticket.work = Stamp::NONE;
        self.question_closed(slot);
        let of_vendor = self.wait_ends(slot);
        let ticket = &mut self.world.tickets[slot];
        let waited = now - ticket.stint_since;
        if !of_vendor {
            ticket.pending_ms += waited.ms();
        }
        if let Some(owner) = ticket.owner {
            self.world.people[owner.index()].has_one_pending_less();
        }
        if !O::PLAIN && self.model.rules.remember {
            self.put_repetitions_off(slot, waited, of_vendor);
        }
        let ticket = &mut self.world.tickets[slot];
        ticket.work_left = ticket.work_after;
        ticket.work_after = 0;
        match of_vendor {
            true => self.vendor_answers(slot),
            false => self.seen.answered(now, &self.world.tickets[slot]),
        }
        let draws = self.draws();
        let ease = if O::PLAIN { 1.0 } else { self.ease(slot) };
        let ticket = &mut self.world.tickets[slot];
        if ticket.begun {
            let attempt = ticket.attempt;
            plan_question(self.model, ticket, draws);
            // What is written of the next leg is work that nothing has been saved of yet.
            if ease != 1.0 && ticket.attempt > attempt {
                ticket.work_after = (ticket.work_after as f64 * ease).round() as i64;
                ticket.attempt = attempt + ticket.work_after;
            }
            if !O::PLAIN {
                self.plan_vendor_again(slot);
            }
        }
        if !O::PLAIN && !of_vendor {
            self.customer_writes(slot);
        }
        if self.is_blocked(slot) {
            self.world.tickets[slot].phase = Phase::Gated;
            self.waits(slot);
        } else {
            self.back_to_owner_or_team(slot, Place::Tail);
        }
        self.set_timer(slot);
        self.plan_update(slot);
        self.watch_breaches(slot);
    }

    /// A ticket is resolved: closed, unless it will come back.
    #[inline]
    pub(super) fn resolve(&mut self, slot: Slot, agent: AgentId) {
        let (now, model) = (self.now, self.model);
        if !O::PLAIN && self.has_updates() {
            self.end_updates(slot, UpdatesEnd::Solution);
        }
        if !O::PLAIN && model.rules.any_on_silence {
            // The customer hears of it: whoever comes back has been silent to since then.
            self.begin_silence(slot);
            self.rearm_silence(slot);
        }
        let world = &mut *self.world;
        let ticket = &mut world.tickets[slot];
        ticket.resolved = Some(now);
        ticket.mitigated = ticket.mitigated.or(ticket.resolved);
        // What solves it is an answer, even if the first words were still being written.
        ticket.first_response = ticket.first_response.map(|at| at.min(now));
        ticket.cycle += 1;
        ticket.phase = Phase::Resolved;
        ticket.timer_at = Instant::LAST;
        ticket.breach = [Stamp::NONE; 3];
        ticket.begun = false;
        ticket.escalated_here = false;
        world.desks[ticket.team.index()].held -= 1;
        world.open -= 1;
        self.seen.resolved(now, ticket, agent);
        if !O::PLAIN {
            self.resolved_with_features(slot, agent);
        }
        if model.population.reopens() && self.will_reopen(slot) {
            return;
        }
        self.world.unsettled -= usize::from(self.world.tickets[slot].measured);
        self.close(slot);
    }

    /// Puts the reopening of a ticket on the agenda, if it comes back.
    #[inline(never)]
    fn will_reopen(&mut self, slot: Slot) -> bool {
        let after = self.comes_back(slot);
        if let Some(after) = after {
            let at = self.now + Length::from_ms(after);
            self.world.agenda.schedule(at, Kind::Reopen, slot);
        }
        after.is_some()
    }

    /// How long after its resolution a ticket comes back, if it does.
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
    #[inline(never)]
    pub(super) fn reopen(&mut self, slot: Slot) {
        let now = self.now;
        let resolved = self.world.tickets[slot].resolved.unwrap_or(now);
        self.world.open += 1;
        let team = self.world.tickets[slot].team;
        self.world.desks[team.index()].held += 1;
        self.restart_or_resume_clocks(slot, resolved);
        if !O::PLAIN && self.model.rules.remember {
            self.case(slot).rules.forget_all();
        }
        if self.model.uses.involves {
            self.involve_anew(slot);
        }
        if let Some(case) = self.world.cases.get_mut(slot) {
            case.for_whoever_is_free = false;
        }
        let ticket = &mut self.world.tickets[slot];
        // What hung over from the work before is over: what comes is fresh work.
        (ticket.interrupted, ticket.released, ticket.cold) = (false, None, None);
        if now - resolved <= self.model.first_contact {
            ticket.marks |= Ticket::BACK_SOON;
        }
        ticket.misreported_ms = ticket.misreported_ms(now);
        // Nowhere yet.
        ticket.phase = Phase::Aside;
        ticket.resolved = None;
        let solver = ticket.owner.take();
        ticket.open_since = now;
        ticket.team_since = now;
        ticket.tier_since = now;
        self.seen.reopened(now, &self.world.tickets[slot]);
        if !O::PLAIN {
            self.take_severity_on(slot);
        }
        self.world.tickets[slot].phase = Phase::Queued;
        if !O::PLAIN {
            self.clock_begins(slot, TargetKind::Own);
            self.customer_writes(slot);
            self.parent_is_back(slot);
        }
        if self.model.population.worsens {
            self.drift_on(slot);
        }
        if !self.model.rules.is_empty() {
            self.rearm(slot, Measured::InTeam);
            self.rearm(slot, Measured::InTier);
        }
        let reopenings = self.world.tickets[slot].reopenings();
        self.set_timer(slot);
        self.occurred(slot, Occurrence::Reopened(reopenings));
        if !self.stick(slot, solver) {
            self.come_to_team(slot);
        }
        self.plan_update(slot);
        self.watch_breaches(slot);
    }

    /// A message to the customer: closes the running update clock and starts the next.
    pub(super) fn send_update(&mut self, slot: Slot, silence: Silence) {
        let now = self.now;
        let ticket = &self.world.tickets[slot];
        let is_work_of_its_own = self.model.process.communications.is_some();
        if is_work_of_its_own || ticket.first_response.is_none_or(|first| first >= now) {
            return;
        }
        if !self.clocks(slot).runs(TargetKind::Update) {
            return;
        }
        self.count_silence(slot, silence, true);
        self.begin_silence(slot);
        self.rearm_silence(slot);
    }

    /// What the end of a ticket means for rules.
    #[inline(never)]
    fn resolved_with_features(&mut self, slot: Slot, agent: AgentId) {
        if self.model.uses.involves {
            self.withdraw_parts(slot);
        }
        if self.model.uses.swarms {
            self.case(slot).swarm.wants_nobody();
        }
        self.end_pages(slot);
        self.clocks_end_with_resolution(slot);
        let severity = self.world.tickets[slot].severity;
        self.apply_resolution_rules(slot);
        self.stop_drift(slot);
        self.no_longer_waits(slot);
        if self.world.tickets[slot].family != Family::Alone {
            self.solved_of_fault(slot, agent);
        }
        if self.model.uses.process {
            self.close_gates(slot);
            self.end_command(slot, false);
            self.record_change(slot);
            self.learn_from(slot);
            self.case(slot).fix = Solving::NEW;
        }
        self.put_severity_off(slot, severity);
    }
}

/// How a person goes about a ticket.
struct Approach {
    /// Factor on the work of a new attempt: what articles and practice leave of it.
    ease: f64,
    /// See [`Ticket::pace`].
    pace: f64,
    /// Work of seeing that it is not for this team, if that is all that is done.
    glance: Option<i64>,
}

impl Approach {
    const USUAL: Approach = Approach {
        ease: 1.0,
        pace: 1.0,
        glance: None,
    };
}

/// Draws the work of a new attempt at the ticket's tier.
#[inline]
fn begin_attempt(model: &Model, ticket: &mut Ticket, draws: Draws) {
    let (tier, able) = (ticket.tier.index(), ticket.solvable_here());
    let entry = ticket.entries[tier];
    let mut work = work_at(model, ticket, ticket.tier, able, draws);
    work += model.handoff.escalation_notes.ms() * i64::from(!able);
    if ticket.escalated_here {
        let loss = escalation_loss(model, ticket);
        if loss > 0.0 {
            work += (work as f64 * loss).round() as i64;
        }
    }
    ticket.entries[tier] = entry.saturating_add(1);
    ticket.begin_with(work);
    if able && model.population.asks() {
        plan_question(model, ticket, draws);
    }
}

/// Share by which the work after an escalation grows: as the scenario has it, unless a rule said how it hands over.
fn escalation_loss(model: &Model, ticket: &mut Ticket) -> f64 {
    match ticket.cold.take() {
        Some(false) => 0.0,
        Some(true) => model.handoff.cold_escalation_loss,
        None => model.handoff.escalation_loss,
    }
}

/// Work that an article and practice make less.
fn ease_work(ticket: &mut Ticket, ease: f64) {
    for work in [&mut ticket.attempt, &mut ticket.work_left, &mut ticket.work_after] {
        *work = (*work as f64 * ease).round() as i64;
    }
}

/// Decides whether the rest of the work is interrupted by a question to the customer, and when.
#[inline(never)]
fn plan_question(model: &Model, ticket: &mut Ticket, draws: Draws) {
    let population = &model.population;
    if let Some(scripted) = ticket.scripted {
        let written = &population.scripted[scripted as usize];
        if let Some(leg) = written.legs.get(ticket.episodes as usize) {
            ticket.asks = true;
            ticket.work_after = leg.then_work.ms();
            ticket.attempt += leg.then_work.ms();
        }
        return;
    }
    let Some(pending) = &population.pending else { return };
    let share = match ticket.episodes {
        0 => pending.share[ticket.true_severity.index()],
        _ => pending.again,
    };
    let [u, _] = draws.of(Purpose::PENDING, ticket, u32::from(ticket.episodes));
    if u < share {
        let before = (ticket.work_left as f64 * pending.after).round() as i64;
        ticket.work_after = ticket.work_left - before;
        ticket.work_left = before;
        ticket.asks = true;
    }
}

/// Switch cost, lost context or overlap of a ticket that somebody has begun. Whether it is explained by whoever gave it away in
/// their time; if they are not on duty, that is overtime in their team's ledger.
#[inline(never)]
fn pay_for_resuming(
    model: &Model,
    ticket: &mut Ticket,
    ledger: &mut Ledger,
    (agent, handed): (AgentId, Handed),
    now: Instant,
) -> bool {
    let team = &model.teams[ticket.team.index()];
    let progress = ticket.progress().max(0);
    // Somebody who goes on with their own ticket knows it; who was given it does not. What others owed of getting into it is gone
    // with them.
    let is_own = ticket.owner == Some(agent) && !handed.is_new;
    if !is_own {
        ticket.overhead = 0;
    }
    if ticket.interrupted {
        ticket.interrupted = false;
        ticket.overhead += switch_cost(team);
    }
    let Some(released) = ticket.released.take().filter(|_| !is_own) else {
        return false;
    };
    let handoff = &model.handoff;
    if ticket.cold.take().unwrap_or(handoff.cold) {
        ticket.cold_handoffs += 1;
        ticket.overhead += (progress as f64 * handoff.context_loss).round() as i64;
        false
    } else if released == now && handoff.overlap > Length::ZERO {
        ticket.overhead += handoff.overlap.ms();
        // Who is there explains it as a task, which is booked when it is done.
        if !handed.in_their_time {
            ticket.touch_ms += handoff.overlap.ms();
            ledger.overtime_ms += handoff.overlap.ms();
        }
        handed.in_their_time
    } else {
        false
    }
}

/// Work of getting into something again that was interrupted, ms.
pub(super) fn switch_cost(team: &Team) -> i64 {
    let preemption = team.preemption.as_ref();
    preemption.map_or(0, |preemption| preemption.switch_cost.ms())
}

/// Work of the next attempt at a tier: as written, else drawn.
#[inline(always)]
fn work_at(model: &Model, ticket: &Ticket, tier: TierId, able: bool, draws: Draws) -> i64 {
    match written_work(model, ticket, tier) {
        Some(work) => work,
        None => drawn_work(model, ticket, tier, able, draws),
    }
}

/// Work of a ticket written out.
#[inline]
fn written_work(model: &Model, ticket: &Ticket, tier: TierId) -> Option<i64> {
    let written = &model.population.scripted[ticket.scripted? as usize];
    written.work[tier.index()].map(Length::ms)
}

/// Work of the `entry`th attempt at the ticket's tier, drawn from the ticket's own stream.
#[inline(always)]
fn drawn_work(model: &Model, ticket: &Ticket, at: TierId, able: bool, draws: Draws) -> i64 {
    let (index, severity) = (at.index(), ticket.true_severity.index());
    let entry = ticket.entries[index];
    let (tier, number) = (&model.tiers[index], index as u8);
    // Chosen by index: whether a tier is able is a coin's toss, and a branch on it is mispredicted as often.
    let sampler = &[&tier.diagnosis, &tier.work][usize::from(able)][severity];
    let purpose = [Purpose::diagnosis(number), Purpose::work(number)][usize::from(able)];
    let block = (u32::from(ticket.cycle) << 8 | u32::from(entry)) & 0xFF_FFFF;
    let u = match block {
        0 if at == ticket.first_tier => open01(ticket.first_work),
        block => open01(draws.words(purpose, ticket, block)[0]),
    };
    let mut factor = model.population.services[ticket.service.index()].work_factor;
    if ticket.cycle > 0
        && let Some(reopening) = &model.population.reopening
    {
        factor *= reopening.work_factor;
    }
    match factor == 1.0 {
        true => sampler.draw_ms(u),
        false => sampler.draw_ms_times(u, factor),
    }
}
