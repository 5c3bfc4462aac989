//! Particular desks: who gets which ticket where people differ, tickets are assigned as they come, or people have several
//! conversations at once.
//!
//! Ticket by ticket, in the order of preference and discipline, somebody who can take it is looked for; of several the
//! routing mode chooses. What nobody can take does not hold up what stands behind it, but for this: a ticket that takes a
//! person alone keeps the one who will be free for it soonest from beginning anything else.

use super::agenda::{Kind, Stamp};
use super::backlog::{Place, Rank};
use super::bits::{Bits, places};
use super::cases::Case;
use super::desk::{Desk, State};
use super::lanes::LaneHeaps;
use super::observe::Observe;
use super::tickets::{Phase, Slot, Ticket};
use super::{Run, World};
use crate::model::{AgentId, Begun, Measured, Preemption, RoutingMode, TeamId};
use crate::time::Instant;

/// Room to think, kept from one dispatch to the next.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// Lanes from whose first ticket on nobody can take any.
    blocked: Bits,
    /// People at work who have room for one more conversation.
    roomy: Bits,
    /// Of these, people who are kept free.
    reserved: Bits,
}

/// How a person stands among those who could take a ticket: the smallest gets it. Whose zone's business day ends first (if
/// asked for), what the mode goes by, what they have, idle since, number.
type Standing = (i64, i64, usize, Instant, usize);

impl<O: Observe> Run<'_, O> {
    #[inline(never)]
    pub(super) fn dispatch_particular(&mut self, team: TeamId) {
        if self.world.desks[team.index()].lines > 0 {
            self.serve_own_lines(team);
        }
        self.stop_sticking(team);
        self.match_queue(team);
        self.interrupt(team);
        self.settle_newcomers(team);
    }

    /// Finds people for what waits in the queue.
    fn match_queue(&mut self, team: TeamId) {
        let plan = &self.model.teams[team.index()];
        if !self.world.desks[team.index()].queue.has_entries() {
            return;
        }
        match plan.routing.push || plan.concurrency.is_some() {
            true => self.match_with_anybody(team),
            false => self.match_with_idle(team),
        }
    }

    /// Where only idle people take tickets: the first ticket that one of them can take, until there is none.
    fn match_with_idle(&mut self, team: TeamId) {
        loop {
            let world = &mut *self.world;
            let Desk { queue, idle, .. } = &mut world.desks[team.index()];
            let Some(lanes) = queue.lanes_mut().filter(|_| !idle.is_empty()) else {
                return;
            };
            let can_go = |able: &[u64]| idle.words().iter().zip(able).any(|(idle, able)| idle & able != 0);
            let Some((lane, slot, _)) = lanes.first(&world.tickets, |_, able| can_go(able)) else {
                return;
            };
            let Some(agent) = self.choose_idle(team, lane, slot) else {
                return;
            };
            self.give(slot, agent);
        }
    }

    /// Where people who are at work can be given tickets, too.
    fn match_with_anybody(&mut self, team: TeamId) {
        let plan = &self.model.teams[team.index()];
        let (pushes, talks) = (plan.routing.push, plan.concurrency.is_some());
        let mut scratch = std::mem::take(&mut self.world.scratch);
        scratch.roomy.empty(plan.agents.len());
        self.roomy(team).for_each(|place| scratch.roomy.set(place, true));
        if !pushes && scratch.roomy.is_empty() && self.world.desks[team.index()].idle.is_empty() {
            self.world.scratch = scratch;
            return;
        }
        scratch.reserved.empty(plan.agents.len());
        scratch.blocked.empty(self.lanes(team).map_or(0, LaneHeaps::count));
        while let Some((lane, slot, _)) = self.first_in_lanes(team, |lane, _| !scratch.blocked.contains(lane)) {
            match self.choose(team, lane, slot, &scratch) {
                Some(agent) => {
                    self.give(slot, agent);
                    if talks {
                        scratch
                            .roomy
                            .set(agent.index() - plan.agents.start, self.has_room(agent));
                    }
                    if !pushes && scratch.roomy.is_empty() && self.world.desks[team.index()].idle.is_empty() {
                        break;
                    }
                }
                None => {
                    if pushes && !self.is_pushed(slot, team) {
                        self.push_what_follows(team, lane, &scratch);
                    }
                    scratch.blocked.set(lane, true);
                    if let Some(agent) = self.free_soonest(team, lane, &scratch) {
                        scratch.reserved.set(agent, true);
                    }
                }
            }
        }
        self.world.scratch = scratch;
    }

    /// What waits in a lane for whoever is free holds up nothing behind it that is assigned to people at work.
    fn push_what_follows(&mut self, team: TeamId, lane: usize, scratch: &Scratch) {
        while let Some(slot) = self.first_pushed(team, lane)
            && let Some(agent) = self.choose(team, lane, slot, scratch)
        {
            self.give(slot, agent);
        }
    }

    fn first_pushed(&mut self, team: TeamId, lane: usize) -> Option<Slot> {
        let World {
            desks, tickets, cases, ..
        } = &mut *self.world;
        let lanes = desks[team.index()].queue.lanes_mut()?;
        lanes.first_assignable(lane, tickets, |slot| !waited_in_vain(cases, slot))
    }

    /// The ticket that goes first of the lanes that are `open`, by number and who can work what stands in them: its lane, its
    /// slot, its rank.
    fn first_in_lanes(&mut self, team: TeamId, open: impl Fn(usize, &[u64]) -> bool) -> Option<(usize, Slot, Rank)> {
        let world = &mut *self.world;
        world.desks[team.index()].queue.lanes_mut()?.first(&world.tickets, open)
    }

    /// The lanes of a particular desk.
    fn lanes(&self, team: TeamId) -> Option<&LaneHeaps> {
        self.world.desks[team.index()].queue.lanes()
    }

    /// Whether somebody of a team is able to work what stands in a lane.
    fn is_able(&self, team: TeamId, agent: AgentId, lane: usize) -> bool {
        let place = agent.index() - self.model.teams[team.index()].agents.start;
        self.lanes(team).is_some_and(|lanes| lanes.is_able(place, lane))
    }

    fn is_exclusive(&self, team: TeamId, lane: usize) -> bool {
        self.lanes(team).is_some_and(|lanes| lanes.is_exclusive(lane))
    }

    /// Whether somebody can begin what is in a lane now: they are free, or have room for one more conversation.
    #[inline]
    fn can_begin(&self, agent: AgentId, exclusive: bool) -> bool {
        match self.world.people[agent.index()].state {
            State::Idle => true,
            State::Busy => !exclusive && self.has_room(agent),
            State::Off | State::Overtime | State::Break | State::Called => false,
        }
    }

    /// Who gets a ticket, if anybody can take it.
    fn choose(&self, team: TeamId, lane: usize, slot: Slot, scratch: &Scratch) -> Option<AgentId> {
        let plan = &self.model.teams[team.index()];
        let routing = &plan.routing;
        if self.is_pushed(slot, team) {
            let may = |agent: &AgentId| {
                let has_place = self.holding(*agent) < routing.holds as usize;
                let person = &self.world.people[agent.index()];
                let on_duty = person.on_duty() && person.state != State::Break;
                let place = agent.index() - plan.agents.start;
                let is_free = self.is_exclusive(team, lane) || !scratch.reserved.contains(place);
                on_duty && has_place && is_free && self.is_able(team, *agent, lane)
            };
            let people = plan.agents.clone().map(AgentId::new).filter(may);
            return people.min_by_key(|agent| self.standing(team, *agent, slot));
        }
        if routing.mode == RoutingMode::LongestIdle && !routing.follow_the_sun {
            let idle = self.choose_idle(team, lane, slot);
            if idle.is_some() || plan.concurrency.is_none() {
                return idle;
            }
        }
        let lanes = self.lanes(team)?;
        let exclusive = lanes.is_exclusive(lane);
        let people = self.world.desks[team.index()].idle.words().iter().zip(lanes.able(lane));
        let people = people.zip(scratch.roomy.words()).zip(scratch.reserved.words());
        let words = people.map(|(((idle, able), roomy), reserved)| match exclusive {
            true => idle & able,
            false => (idle | roomy) & able & !reserved,
        });
        self.choose_among(team, slot, places(words))
    }

    /// Who of the idle gets a ticket.
    fn choose_idle(&self, team: TeamId, lane: usize, slot: Slot) -> Option<AgentId> {
        let routing = &self.model.teams[team.index()].routing;
        if routing.mode == RoutingMode::LongestIdle && !routing.follow_the_sun {
            return self.idle_people(team).find(|agent| self.is_able(team, *agent, lane));
        }
        let idle = self.world.desks[team.index()].idle.words();
        let words = idle
            .iter()
            .zip(self.lanes(team)?.able(lane))
            .map(|(idle, able)| idle & able);
        self.choose_among(team, slot, places(words))
    }

    /// Who gets a ticket, of people by their places in the team.
    fn choose_among(&self, team: TeamId, slot: Slot, mut places: impl Iterator<Item = usize>) -> Option<AgentId> {
        let start = self.model.teams[team.index()].agents.start;
        let mut best = AgentId::new(start + places.next()?);
        let mut standing = None;
        for place in places {
            let other = AgentId::new(start + place);
            let first = standing.unwrap_or_else(|| self.standing(team, best, slot));
            let second = self.standing(team, other, slot);
            standing = Some(first.min(second));
            if second < first {
                best = other;
            }
        }
        Some(best)
    }

    /// The idle people of a team, the longest idle first.
    fn idle_people(&self, team: TeamId) -> impl Iterator<Item = AgentId> {
        let desk = &self.world.desks[team.index()];
        std::iter::successors(desk.longest_idle(), |agent| desk.idle_after(&self.world.people, *agent))
    }

    fn standing(&self, team: TeamId, agent: AgentId, slot: Slot) -> Standing {
        let plan = &self.model.teams[team.index()];
        let person = &self.world.people[agent.index()];
        let (member, of) = (agent.index() - plan.agents.start, plan.agents.len());
        let sun = match plan.routing.follow_the_sun {
            true => self.day_ends(agent).ms(),
            false => 0,
        };
        let merit = match plan.routing.mode {
            RoutingMode::LongestIdle => 0,
            RoutingMode::LeastLoaded => self.open_of(agent) as i64,
            RoutingMode::RoundRobin => {
                let turn = self.world.desks[team.index()].turn;
                ((member + of - turn % of) % of) as i64
            }
            RoutingMode::BestSkill => -(self.own_pace(slot, agent) * 1e9) as i64,
        };
        let idle_since = match person.state {
            State::Idle => person.idle_since,
            _ => Instant::LAST,
        };
        (sun, merit, self.holding(agent), idle_since, agent.index())
    }

    /// When the business day ends in somebody's zone: with the shift of their team that runs longest there.
    fn day_ends(&self, agent: AgentId) -> Instant {
        let own = &self.model.crews[self.model.agents[agent.index()].crew.index()];
        let crews = self.model.crews.iter().zip(&self.world.next_shift);
        let of_zone = crews.filter(|(crew, _)| crew.team == own.team && crew.zone == own.zone);
        let running = of_zone.map(|(crew, next)| match crew.shifts.get(*next) {
            Some((start, end)) if *start <= self.now => *end,
            _ if crew.always => Instant::LAST,
            _ => self.now,
        });
        running.max().unwrap_or(Instant::LAST)
    }

    /// Tickets that somebody has in work or that wait for them; tasks are none.
    pub(super) fn holding(&self, agent: AgentId) -> usize {
        let (person, tickets) = (&self.world.people[agent.index()], &self.world.tickets);
        let among = |slots: &[u32]| slots.iter().filter(|slot| !tickets[**slot as usize].is_task()).count();
        let in_work = match (person.ticket, person.talks.is_empty()) {
            (Some(slot), true) => usize::from(!tickets[slot].is_task()),
            _ => among(&person.talks),
        };
        among(&person.line) + in_work
    }

    /// Open tickets that are somebody's, those that wait for their customers, vendors or gates among them.
    pub(super) fn open_of(&self, agent: AgentId) -> usize {
        let held_up = match self.model.uses.process {
            true => self.held_up_of(agent),
            false => 0,
        };
        self.holding(agent) + self.world.people[agent.index()].pending as usize + held_up
    }

    /// A ticket that takes a person alone waits: whoever has the fewest conversations begins no other. Their place in the team.
    fn free_soonest(&self, team: TeamId, lane: usize, scratch: &Scratch) -> Option<usize> {
        let lanes = self.lanes(team).filter(|lanes| lanes.is_exclusive(lane))?;
        let roomy = scratch.roomy.words().iter().zip(scratch.reserved.words());
        let words = roomy
            .zip(lanes.able(lane))
            .map(|((roomy, reserved), able)| roomy & able & !reserved);
        places(words).min_by_key(|place| self.conversations(team, *place))
    }

    /// How many conversations somebody has, and their place in the team: the smallest is free soonest.
    fn conversations(&self, team: TeamId, place: usize) -> (usize, usize) {
        let start = self.model.teams[team.index()].agents.start;
        (self.world.people[start + place].talks.len(), place)
    }

    /// Gives a ticket of the queue to somebody: they begin it, or it waits for them.
    fn give(&mut self, slot: Slot, agent: AgentId) {
        let team = self.model.agents[agent.index()].team;
        let person = &self.world.people[agent.index()];
        let at_once = person.line.is_empty() || !self.is_pushed(slot, team);
        if at_once && self.can_begin(agent, self.takes_alone(slot, agent)) {
            self.begin_from_queue(slot, agent);
        } else {
            self.assign(slot, agent);
        }
    }

    /// Somebody who can begins a ticket of their own team's queue, or of one that their team helps.
    fn begin_from_queue(&mut self, slot: Slot, agent: AgentId) {
        let team = self.model.agents[agent.index()].team;
        self.turn_moves(team, agent);
        self.unqueue(slot, true);
        if self.world.tickets[slot].team != team {
            self.goes_to_helper(slot, team);
        }
        self.take_up(slot, agent);
    }

    /// Somebody got a ticket of the queue: whoever comes after them is next in turn.
    fn turn_moves(&mut self, team: TeamId, agent: AgentId) {
        let start = self.model.teams[team.index()].agents.start;
        self.world.desks[team.index()].turn = agent.index() - start + 1;
    }

    /// A ticket goes from the queue to the line of somebody who has not begun it: it goes on waiting.
    fn assign(&mut self, slot: Slot, agent: AgentId) {
        let team = self.model.agents[agent.index()].team;
        self.turn_moves(team, agent);
        self.leave_place(slot);
        if !self.model.rules.queues.is_empty() {
            self.queue_shrank(slot);
        }
        self.wait_for(slot, agent);
        if let Some(after) = self.model.teams[team.index()].routing.return_after {
            let stamp = self.world.agenda.schedule(self.now + after, Kind::GivenBack, slot);
            self.case(slot).given_back = stamp;
        }
    }

    /// A ticket that nobody has begun stands in somebody's line, in the order of the discipline behind what they have begun.
    fn wait_for(&mut self, slot: Slot, agent: AgentId) {
        self.own(slot, agent);
        let case = self.case(slot);
        (case.given_back, case.sticks) = (Stamp::NONE, false);
        let ticket = &mut self.world.tickets[slot];
        (ticket.phase, ticket.assigned) = (Phase::InLine, true);
        let team = ticket.team;
        self.stand_in_line(slot, agent);
        self.world.desks[team.index()].lines += 1;
        self.touch(team);
        if !self.model.rules.is_empty() {
            self.rearm_owner(slot);
        }
    }

    /// Its place in a line: in the order of the discipline and, as in a queue, by its time of entering; behind what its person
    /// has begun.
    fn stand_in_line(&mut self, slot: Slot, agent: AgentId) {
        let order = |slot: Slot| (self.rank(slot), self.world.tickets[slot].queue_since);
        let (own, line) = (order(slot), &self.world.people[agent.index()].line);
        let before = |waiting: &u32| {
            let waiting = *waiting as usize;
            !self.world.tickets[waiting].assigned || order(waiting) <= own
        };
        let place = line.iter().rposition(before).map_or(0, |place| place + 1);
        self.world.people[agent.index()].line.insert(place, slot as u32);
    }

    /// What a ticket in a line goes by has changed: it may stand elsewhere, or interrupt what its person works on.
    #[inline(never)]
    pub(super) fn stands_anew_in_line(&mut self, slot: Slot) {
        let ticket = &self.world.tickets[slot];
        let (team, owner) = (ticket.team, ticket.owner.filter(|_| ticket.assigned));
        if let Some(owner) = owner {
            let line = &mut self.world.people[owner.index()].line;
            let before = line.len();
            line.retain(|waiting| *waiting as usize != slot);
            if line.len() < before {
                self.stand_in_line(slot, owner);
            }
        }
        self.touch(team);
    }

    /// A ticket that comes back goes to whoever solved it, if its team wants that and they can. Whether it does.
    #[inline(never)]
    pub(super) fn stick(&mut self, slot: Slot, solver: Option<AgentId>) -> bool {
        let team = self.world.tickets[slot].team;
        let Some(wait) = self.model.teams[team.index()].routing.sticky else {
            return false;
        };
        let here = |agent: &AgentId| {
            self.model.agents[agent.index()].team == team && self.world.people[agent.index()].on_duty()
        };
        let Some(agent) = solver.filter(here) else { return false };
        let at_once =
            self.world.people[agent.index()].line.is_empty() && self.can_begin(agent, self.takes_alone(slot, agent));
        let has_place = self.holding(agent) < self.model.teams[team.index()].routing.holds as usize;
        if !at_once && (wait.ms() == 0 || !has_place) {
            return false;
        }
        self.world.tickets[slot].queue_since = self.now;
        self.seen.queued(self.now, &self.world.tickets[slot], false);
        self.wait_for(slot, agent);
        self.waits(slot);
        if !self.model.rules.is_empty() {
            self.rearm(slot, Measured::InQueue);
            self.set_timer_as(slot, Begun::since(Measured::InQueue));
        }
        self.case(slot).sticks = true;
        if wait.ms() > 0 {
            let stamp = self.world.agenda.schedule(self.now + wait, Kind::GivenBack, slot);
            self.case(slot).given_back = stamp;
        } else {
            self.world.desks[team.index()].sticking.push(slot as u32);
        }
        true
    }

    /// Whether a ticket that came back waits in the line of whoever solved it.
    fn sticks(&self, slot: Slot) -> bool {
        self.world.tickets[slot].assigned && self.world.cases[slot].sticks
    }

    /// After people have turned to their lines: what came back at this instant, is not to wait for whoever solved it and is not
    /// begun by them, because there was something more severe, is the team's.
    fn stop_sticking(&mut self, team: TeamId) {
        while let Some(slot) = self.world.desks[team.index()].sticking.pop() {
            if self.sticks(slot as usize) {
                self.give_back(slot as usize);
            }
        }
    }

    /// Whoever solved it is not there any more: what came back and waits for them is the team's.
    pub(super) fn give_back_what_sticks(&mut self, agent: AgentId) {
        let line = self.world.people[agent.index()].line.iter().rev();
        let sticking = line.map(|slot| *slot as usize).filter(|slot| self.sticks(*slot));
        for slot in sticking.collect::<Vec<Slot>>() {
            self.give_back(slot);
        }
    }

    /// A ticket has waited for its person as long as it should: it goes to the team, for whoever is free.
    #[inline(never)]
    pub(super) fn given_back(&mut self, slot: Slot, stamp: Stamp) {
        if self.world.cases[slot].given_back != stamp || !self.world.tickets[slot].assigned {
            return;
        }
        self.case(slot).for_whoever_is_free = true;
        self.give_back(slot);
    }

    /// A ticket that its person has not begun goes from their line to the team.
    fn give_back(&mut self, slot: Slot) {
        self.unline(slot);
        let ticket = &mut self.world.tickets[slot];
        ticket.assigned = false;
        ticket.owner = None;
        ticket.phase = Phase::Queued;
        let (team, rank) = (ticket.team, self.rank(slot));
        let desk = &mut self.world.desks[team.index()];
        desk.queue.enter(&mut self.world.tickets, slot, rank, Place::Tail);
        desk.entered(slot, self.now);
        self.world.tickets[slot].placed_anew = self.now;
        self.touch(team);
        if !self.model.rules.is_empty() {
            self.rearm_owner(slot);
            self.queue_grew(slot);
        }
    }

    /// Whether a team assigns a ticket of its queue to somebody who may not be free: not what another team offers, which whoever
    /// of either is free first takes, nor what waited for one person in vain.
    fn is_pushed(&self, slot: Slot, team: TeamId) -> bool {
        let ticket = &self.world.tickets[slot];
        let is_of_team = ticket.team == team && !ticket.is_task();
        self.model.teams[team.index()].routing.push && is_of_team && !waited_in_vain(&self.world.cases, slot)
    }

    /// People who can begin something and for whom something waits, the longest idle first: their own goes first, unless a
    /// ticket of the queue has the better rank. Where tickets go to the longest idle, they are served among all who are.
    fn serve_own_lines(&mut self, team: TeamId) {
        let plan = &self.model.teams[team.index()];
        let routing = &plan.routing;
        let in_turn = routing.mode == RoutingMode::LongestIdle && !routing.follow_the_sun && !routing.push;
        let mut next = self.world.desks[team.index()].longest_idle();
        while let Some(agent) = next {
            next = self.world.desks[team.index()].idle_after(&self.world.people, agent);
            if !self.world.people[agent.index()].line.is_empty() {
                self.serve_own_line(team, agent);
            } else if in_turn && let Some(slot) = self.better_in_queue(team, agent, (Rank(i64::MAX), 0)) {
                self.begin_from_queue(slot, agent);
            }
        }
        let mut place = 0;
        while let Some(talking) = self.world.desks[team.index()].talking.first_from(place) {
            self.serve_own_line(team, AgentId::new(plan.agents.start + talking));
            place = talking + 1;
        }
    }

    fn serve_own_line(&mut self, team: TeamId, agent: AgentId) {
        while let Some(own) = self.next_in_line(agent) {
            if !self.can_begin(agent, self.takes_alone(own, agent)) {
                break;
            }
            let rank = self.rank(own);
            if !self.world.tickets[own].begun && self.is_kept_free(team, agent, rank) {
                break;
            }
            // At equal rank what they have begun goes before the queue; what nobody has begun stands as it would there.
            let ticket = &self.world.tickets[own];
            let order = if ticket.assigned {
                ticket.queue_since.ms()
            } else {
                i64::MIN
            };
            match self.better_in_queue(team, agent, (rank, order)) {
                Some(slot) => self.begin_from_queue(slot, agent),
                None => self.begin_from_line(own, agent),
            }
        }
    }

    /// Whether somebody at work is the one who will be free soonest for a ticket of the queue that takes a person alone and goes
    /// before what they would begin.
    fn is_kept_free(&self, team: TeamId, agent: AgentId, rank: Rank) -> bool {
        let is_at_work = self.world.people[agent.index()].state == State::Busy;
        let Some(lanes) = self.lanes(team).filter(|_| is_at_work) else {
            return false;
        };
        let goes_before = |lane: usize| lanes.waiting_in(lane, &self.world.tickets).any(|key| key.0 < rank.0);
        let mut exclusive = lanes.filled().filter(|lane| lanes.is_exclusive(*lane));
        exclusive.any(|lane| goes_before(lane) && self.is_soonest(team, agent, lane))
    }

    /// Whether nobody will be free for what stands in a lane before this person, who is at work.
    fn is_soonest(&self, team: TeamId, agent: AgentId, lane: usize) -> bool {
        let start = self.model.teams[team.index()].agents.start;
        let is_able = |place: &usize| self.is_able(team, AgentId::new(start + place), lane);
        let nobody_is_free = !self.idle_people(team).any(|idle| self.is_able(team, idle, lane));
        let first = self
            .roomy(team)
            .filter(is_able)
            .min_by_key(|place| self.conversations(team, *place));
        nobody_is_free && first == Some(agent.index() - start)
    }

    /// The first ticket of the queue that somebody who can begin something can take now, if its rank, and its order among those of
    /// that rank, are better than these.
    fn better_in_queue(&mut self, team: TeamId, agent: AgentId, than: (Rank, i64)) -> Option<Slot> {
        let place = agent.index() - self.model.teams[team.index()].agents.start;
        let is_idle = self.world.people[agent.index()].state == State::Idle;
        let lanes = self.world.desks[team.index()].queue.lanes_mut()?;
        let shared = lanes.shared();
        let first = lanes.first(&self.world.tickets, |lane, able| {
            (is_idle || shared.contains(&lane)) && able[place / 64] >> (place % 64) & 1 == 1
        });
        let (_, slot, rank) = first?;
        ((rank, self.world.tickets[slot].queue_order) < than).then_some(slot)
    }

    pub(super) fn begin_from_line(&mut self, slot: Slot, agent: AgentId) {
        self.unline(slot);
        if std::mem::replace(&mut self.world.tickets[slot].assigned, false) {
            self.left_queue(slot, true);
        }
        self.take_up(slot, agent);
    }

    /// Preemption where people differ: as long as a ticket may interrupt somebody who is able to work it.
    #[inline(never)]
    pub(super) fn interrupt_in_lanes(&mut self, team: TeamId, preemption: &Preemption) {
        while let Some((slot, victim, owner)) = self.interrupting(team, preemption) {
            self.judge_preemption(slot, victim, preemption);
            self.set_aside(victim, owner, preemption.back_to_team);
            if self.world.people[owner.index()].state == State::Idle {
                self.begin_from_queue(slot, owner);
            }
        }
    }

    /// The ticket that goes first of those that may interrupt somebody who is able to work it, with their work and who they are.
    fn interrupting(&self, team: TeamId, preemption: &Preemption) -> Option<(Slot, Slot, AgentId)> {
        let lanes = self.lanes(team)?;
        let work_of = |ticket: &Ticket| {
            let lane = lanes.lane(ticket);
            self.least_severe_work(team, |agent| self.is_able(team, agent, lane))
        };
        let came = self.may_interrupt(team, preemption, |ticket| {
            work_of(ticket).map(|(_, _, withstands)| withstands)
        });
        let ordered = came.map(|(_, slot, ticket)| (lanes.order(ticket, slot, self.rank(slot)), slot, ticket));
        let (_, slot, ticket) = ordered.min_by_key(|(order, ..)| *order)?;
        let (victim, owner, _) = work_of(ticket)?;
        Some((slot, victim, owner))
    }
}

/// Whether a ticket has waited for one person in vain, and is for whoever is free.
fn waited_in_vain(cases: &[Case], slot: Slot) -> bool {
    cases.get(slot).is_some_and(|case| case.for_whoever_is_free)
}
