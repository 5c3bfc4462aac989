//! Changes of hands: into a queue, up the ladder, to another team, back to an owner.

use super::Run;
use super::agenda::Stamp;
use super::backlog::{Place, Rank};
use super::clock::Silence;
use super::observe::{Interruption, Observe};
use super::occasions::Ending;
use super::rules::Occurrence;
use super::tickets::{Phase, Slot, Task};
use crate::model::{AgentId, Begun, Measured, RuleId, ShiftEnd, TargetKind, TeamId, TierId};
use crate::time::Instant;

/// When a ticket was given away by somebody who has gone home since.
pub(super) const LONG_AGO: Instant = Instant::from_ms(-1);

/// The deadline of what has none: before tasks that can wait.
const NEVER: i64 = i64::MAX - 1;

impl<O: Observe> Run<'_, O> {
    /// Rank of a ticket in its team's queue.
    pub(super) fn rank(&self, slot: Slot) -> Rank {
        self.rank_at(slot, self.world.tickets[slot].team)
    }

    /// Rank that a ticket would have in a team's queue.
    pub(super) fn rank_at(&self, slot: Slot, team: TeamId) -> Rank {
        let ticket = &self.world.tickets[slot];
        let fixed = self.world.desks[team.index()].queue.fixed_rank(ticket);
        fixed.unwrap_or_else(|| Rank(self.next_deadline(slot)))
    }

    /// Deadline that the discipline `deadline` goes by.
    fn next_deadline(&self, slot: Slot) -> i64 {
        let clocks = self.clocks(slot);
        let kind = match clocks.ticket.first_response {
            None if clocks.target(TargetKind::FirstResponse).is_some() => TargetKind::FirstResponse,
            _ => TargetKind::Resolve,
        };
        clocks.due(kind).map_or(NEVER, |due| due.ms())
    }

    /// Puts a ticket into its team's queue.
    #[inline]
    pub(super) fn enqueue(&mut self, slot: Slot, place: Place) {
        let now = self.now;
        let last = O::PLAIN && self.is_last_of_the_instant();
        let world = &mut *self.world;
        let ticket = &mut world.tickets[slot];
        ticket.phase = Phase::Queued;
        ticket.queue_since = now;
        let (team, again, is_task) = (ticket.team, ticket.begun, !O::PLAIN && ticket.is_task());
        let desk = &world.desks[team.index()];
        if last
            && desk.would_serve_at_once()
            && let Some(agent) = desk.longest_idle()
        {
            self.seen.served_at_once(now, ticket, again);
            self.start(slot, agent);
            return;
        }
        if !is_task {
            self.seen.queued(now, ticket, again);
        }
        let rank = match desk.queue.fixed_rank(ticket) {
            Some(rank) => rank,
            None => self.rank(slot),
        };
        let desk = &mut self.world.desks[team.index()];
        desk.queue.enter(&mut self.world.tickets, slot, rank, place);
        desk.entered(slot, now);
        desk.touch(team, &mut self.world.dirty);
        if !O::PLAIN && !is_task {
            self.queued_with_features(slot);
        }
    }

    /// What waiting in a queue means for rules and the customer.
    #[inline(never)]
    fn queued_with_features(&mut self, slot: Slot) {
        if !self.model.rules.is_empty() {
            self.rearm(slot, Measured::InQueue);
            self.queue_grew(slot);
            self.set_timer_as(slot, Begun::since(Measured::InQueue));
        }
        self.waits(slot);
    }

    /// Tells observers that a ticket has left its team's queue, `taken` into work or not.
    #[inline]
    pub(super) fn left_queue(&mut self, slot: Slot, taken: bool) {
        let ticket = &self.world.tickets[slot];
        if O::PLAIN || !ticket.is_task() {
            self.seen.left_queue(self.now, ticket, taken);
            if !O::PLAIN && !self.model.rules.queues.is_empty() {
                self.queue_shrank(slot);
            }
        }
    }

    /// Tells observers that work on a ticket stops before it is done.
    pub(super) fn interrupted(&mut self, slot: Slot, agent: AgentId, why: Interruption) {
        let ticket = &self.world.tickets[slot];
        if !ticket.is_task() || why == Interruption::Preempted {
            self.seen.interrupted(self.now, ticket, agent, why);
        }
    }

    /// Takes a ticket out of its team's queue.
    #[inline]
    pub(super) fn unqueue(&mut self, slot: Slot, taken: bool) {
        let team = self.world.tickets[slot].team;
        let rank = match self.world.desks[team.index()].queue.keyed() {
            true => Rank(0),
            false => self.rank(slot),
        };
        self.world.desks[team.index()]
            .queue
            .leave(&mut self.world.tickets, slot, rank);
        self.left_queue(slot, taken);
    }

    /// Takes a ticket out of its owner's line.
    #[inline(never)]
    pub(super) fn unline(&mut self, slot: Slot) {
        let ticket = &self.world.tickets[slot];
        let Some(owner) = ticket.owner else { return };
        let person = &mut self.world.people[owner.index()];
        if let Some(place) = person.line.iter().position(|waiting| *waiting as usize == slot) {
            person.line.remove(place);
            self.world.desks[ticket.team.index()].lines -= 1;
        } else {
            person.calls.retain(|waiting| *waiting as usize != slot);
        }
    }

    /// What somebody's line has for them next: the first of those that the discipline puts first.
    #[inline]
    pub(super) fn next_in_line(&self, agent: AgentId) -> Option<Slot> {
        match self.world.people[agent.index()].line.as_slice() {
            [] => None,
            [only] => Some(*only as usize),
            line => line
                .iter()
                .map(|slot| *slot as usize)
                .min_by_key(|slot| self.rank(*slot)),
        }
    }

    /// Puts a ticket into its owner's line.
    #[inline(never)]
    pub(super) fn line_up(&mut self, slot: Slot, owner: AgentId, place: Place) {
        let ticket = &mut self.world.tickets[slot];
        ticket.phase = Phase::InLine;
        ticket.queue_since = self.now;
        let team = ticket.team;
        let line = &mut self.world.people[owner.index()].line;
        match place {
            Place::Head => line.insert(0, slot as u32),
            Place::Tail => line.push(slot as u32),
        }
        self.world.desks[team.index()].lines += 1;
        self.touch(team);
        self.waits(slot);
    }

    /// A begun ticket that nobody works on: to its owner's line if they are on duty in its team or the team holds work for
    /// its owner, else to the head of the team's queue.
    #[inline(never)]
    pub(super) fn back_to_owner_or_team(&mut self, slot: Slot, place: Place) {
        if self.goes_on_on_call(slot) {
            return;
        }
        let ticket = &self.world.tickets[slot];
        let team = &self.model.teams[ticket.team.index()];
        let owner = ticket.owner.filter(|owner| {
            let person = &self.world.people[owner.index()];
            (ticket.begun || self.was_paged(slot, *owner))
                && self.model.agents[owner.index()].team == ticket.team
                && (person.on_duty() || team.shift_end == ShiftEnd::Hold)
        });
        match owner {
            Some(owner) => self.line_up(slot, owner, place),
            // Whoever had it is not there to explain it.
            None if ticket.begun && !ticket.is_let_go() => self.release_since(slot, LONG_AGO),
            None => self.come_to_team(slot),
        }
    }

    /// Hands a begun ticket to the head of the team's queue: a change of hands.
    #[inline(never)]
    pub(super) fn release(&mut self, slot: Slot) {
        self.release_since(slot, self.now);
    }

    fn release_since(&mut self, slot: Slot, since: Instant) {
        let ticket = &mut self.world.tickets[slot];
        if ticket.personal
            && let Some(owner) = ticket.owner
        {
            return self.line_up(slot, owner, Place::Head);
        }
        ticket.handoffs += 1;
        ticket.released = Some(since);
        self.enqueue(slot, Place::Head);
    }

    /// A ticket that nobody has begun comes from somebody's line to the team's queue, where it stands as if it had waited there:
    /// nothing of it changes hands.
    fn wait_in_queue(&mut self, slot: Slot) {
        let ticket = &mut self.world.tickets[slot];
        (ticket.phase, ticket.owner, ticket.at_head) = (Phase::Queued, None, false);
        ticket.queue_order = ticket.queue_since.ms();
        self.seen.queued(self.now, ticket, false);
        self.retake_place(slot, true);
        if !O::PLAIN {
            self.queued_with_features(slot);
            // Its time in the queue may be used up already.
            self.set_timer(slot);
        }
    }

    /// Everything in the line of a person who is off goes to the team's queue, but for what they are called for or stay on for:
    /// what has been begun to its head, in its order.
    #[inline(never)]
    pub(super) fn clear_line(&mut self, agent: AgentId) {
        let team = self.model.agents[agent.index()].team;
        if !O::PLAIN && self.model.on_call.is_used() {
            self.keep_calls(agent);
        }
        if !O::PLAIN && self.model.teams[team.index()].routing.sticky.is_some() {
            self.give_back_what_sticks(agent);
        }
        if self.model.teams[team.index()].shift_end == ShiftEnd::Hold {
            return;
        }
        let mut place = self.world.people[agent.index()].line.len();
        while place > 0 {
            place -= 1;
            let slot = self.world.people[agent.index()].line[place];
            let waiting = &self.world.tickets[slot as usize];
            let stays = !O::PLAIN && self.model.uses.process && self.is_stayed_on_for(slot as usize, agent);
            if waiting.personal || waiting.assigned || stays {
                continue;
            }
            // What somebody has acknowledged is theirs as if they had begun it.
            let is_new = !waiting.begun && !waiting.is_task() && !self.was_paged(slot as usize, agent);
            self.world.people[agent.index()].line.remove(place);
            self.world.desks[team.index()].lines -= 1;
            if is_new {
                self.wait_in_queue(slot as usize);
                continue;
            }
            self.interrupted(slot as usize, agent, Interruption::HandedOff);
            self.release(slot as usize);
        }
    }

    /// A tier that cannot solve a ticket hands it on. Its owner is freed by the caller.
    #[inline(never)]
    pub(super) fn escalate(&mut self, slot: Slot, agent: AgentId) {
        let ticket = &self.world.tickets[slot];
        let mut next = ticket.next_tier();
        let service = ticket.service;
        let mut team = self.model.team(next, service);
        while team.is_none() && next.index() + 1 < self.model.tiers.len() {
            next = TierId::new(next.index() + 1);
            team = self.model.team(next, service);
        }
        let team = team.unwrap_or(ticket.team);
        self.move_to(slot, team, Some(agent), None);
    }

    /// Moves a ticket that is in nobody's hands to another team's queue, and counts what kind of move it is.
    #[inline(never)]
    pub(super) fn move_to(&mut self, slot: Slot, team: TeamId, agent: Option<AgentId>, by: Option<RuleId>) {
        self.change_team(slot, team, agent, by);
        match self.world.tickets[slot].phase {
            Phase::Pending | Phase::Gated => self.set_timer(slot),
            _ => self.come_to_team(slot),
        }
    }

    /// A ticket's team is about to be another.
    #[inline]
    pub(super) fn leaves_team(&mut self, slot: Slot) {
        self.spend_missed(slot);
        let ticket = &self.world.tickets[slot];
        if O::PLAIN || !ticket.is_task() {
            self.seen.leaves_team(self.now, ticket);
        }
    }

    /// The same without putting it anywhere.
    pub(super) fn change_team(&mut self, slot: Slot, team: TeamId, agent: Option<AgentId>, by: Option<RuleId>) {
        let now = self.now;
        self.leaves_team(slot);
        if !O::PLAIN {
            // A rule's time comes after the breaches of its instant.
            let ending = if by.is_some() {
                self.own_breach_is_kept(slot);
                Ending::StoppedLast
            } else {
                Ending::Stopped
            };
            self.clock_ends(slot, TargetKind::Own, ending);
        }
        self.seen.moves(now, &self.world.tickets[slot], team, agent, by);
        let tier = self.model.teams[team.index()].tier;
        let in_time = tier > self.world.tickets[slot].tier && self.leaves_time(slot, tier);
        let ticket = &mut self.world.tickets[slot];
        let old = ticket.team;
        ticket.is_held_by(team);
        let owner = ticket.owner.take().filter(|_| ticket.phase == Phase::Pending);
        if let Some(owner) = owner {
            self.world.people[owner.index()].has_one_pending_less();
        }
        ticket.team_since = now;
        ticket.reassignments += 1;
        if tier > ticket.tier {
            ticket.escalations += 1;
            ticket.escalated_from_unable |= !ticket.solvable_here();
            ticket.escalated_in_time = in_time;
        }
        let changes_tier = tier != ticket.tier;
        if changes_tier {
            ticket.escalated_here = tier > ticket.tier;
            ticket.tier = tier;
            ticket.tier_since = now;
            ticket.begun = false;
            ticket.interrupted = false;
            (ticket.released, ticket.cold) = (None, None);
        }
        self.world.desks[old.index()].held -= 1;
        self.world.desks[team.index()].held += 1;
        if !O::PLAIN
            && let Some(case) = self.world.cases.get_mut(slot)
        {
            case.for_whoever_is_free = false;
        }
        if !O::PLAIN && self.model.uses.returns {
            self.remember_teams(slot, old);
        }
        if !O::PLAIN && self.model.uses.process {
            self.hand_update_on(slot, None);
        }
        if !O::PLAIN {
            self.clock_begins(slot, TargetKind::Own);
        }
        if !O::PLAIN && !self.model.rules.is_empty() {
            self.rearm(slot, Measured::InTeam);
            self.rearm(slot, Measured::WithOwner);
            if changes_tier {
                self.rearm(slot, Measured::InTier);
            }
            let reassignments = self.world.tickets[slot].reassignments;
            self.set_timer(slot);
            self.occurred(slot, Occurrence::Reassigned(reassignments));
        }
    }

    /// Whether what is left of the time to resolve a ticket is at least the median work of solving one like it at a tier. Always,
    /// if it has no such target.
    fn leaves_time(&self, slot: Slot, tier: TierId) -> bool {
        let clocks = self.clocks(slot);
        let (ticket, model) = (clocks.ticket, self.model);
        let Some(target) = clocks.target(TargetKind::Resolve) else {
            return true;
        };
        let factor = model.population.services[ticket.service.index()].work_factor;
        let median = model.tiers[tier.index()].median_work[ticket.severity.index()] * factor;
        let left = target.within.ms() - clocks.consumed(TargetKind::Resolve, target, self.now).ms();
        left as f64 >= median
    }

    /// A rule takes a ticket from wherever it is and gives it to a team. `false` if it is there already.
    #[inline(never)]
    pub(super) fn transfer(&mut self, slot: Slot, team: TeamId, by: RuleId) -> bool {
        let ticket = &self.world.tickets[slot];
        if ticket.team == team || !ticket.is_open() || ticket.phase == Phase::Aside {
            return false;
        }
        if self.is_solved(slot) {
            return false;
        }
        let owner = ticket.owner;
        self.take_out(slot);
        self.move_to(slot, team, owner, Some(by));
        true
    }

    /// Takes a ticket out of queue, line or hands; one that waits for its customer or a gate goes on waiting.
    pub(super) fn take_out(&mut self, slot: Slot) {
        match self.world.tickets[slot].phase {
            Phase::Queued => self.unqueue(slot, false),
            Phase::InLine => self.leave_line(slot),
            Phase::InWork => self.take_to_give_away(slot),
            Phase::Pending | Phase::Aside | Phase::Gated | Phase::Resolved | Phase::Closed => {}
        }
    }

    /// A ticket waits for its owner no longer, and is not begun by them either.
    pub(super) fn leave_line(&mut self, slot: Slot) {
        self.unline(slot);
        if std::mem::replace(&mut self.world.tickets[slot].assigned, false) {
            self.left_queue(slot, false);
        }
    }

    /// Ends a stint of work: it is booked, and the customer hears of it.
    pub(super) fn stop_work(&mut self, slot: Slot) {
        let ticket = &mut self.world.tickets[slot];
        ticket.end_stint(self.now);
        ticket.work = Stamp::NONE;
        if self.model.uses.process {
            self.stop_watching_for_workaround(slot);
        }
        let task = self.world.tickets[slot].task;
        match task {
            Task::Ticket if self.model.uses.swarms => self.dissolve(slot),
            Task::Responder => self.leaves(slot),
            Task::Command => self.command_put_down(slot),
            Task::Update | Task::Brief => self.tell_of_writing(slot),
            _ => {}
        }
        if self.model.targets.any(TargetKind::Update) && task == Task::Ticket {
            self.send_update(slot, Silence::Avoided);
        }
    }

    /// Stops the work on a ticket and frees its owner. The caller says where the ticket goes.
    #[inline(never)]
    pub(super) fn take_from_owner(&mut self, slot: Slot, why: Interruption) {
        let Some(owner) = self.world.tickets[slot].owner else {
            return;
        };
        self.stop_work(slot);
        self.interrupted(slot, owner, why);
        debug_assert!(self.world.people[owner.index()].is_at_work());
        self.free(owner);
    }
}
