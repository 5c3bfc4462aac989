//! How people answer pages, and what becomes of a ticket when they do: it is theirs, and they come to it.

use super::Run;
use super::agenda::Kind;
use super::asks::About;
use super::desk::State;
use super::observe::{Happening, Observe, Summons};
use super::paging::LAST_RESORT;
use super::refusal::Refusal;
use super::tickets::{Phase, Slot};
use crate::model::{AgentId, Engagement, Measured, PageTarget, TargetKind, TeamId};
use crate::random::{Purpose, Stream, open01};
use crate::time::Length;

/// Bits of the number of the try in the block of its draw; the level's are above.
const TRY_BITS: u32 = 18;

impl<O: Observe> Run<'_, O> {
    /// What somebody is doing when a page comes.
    pub(super) fn engagement(&mut self, agent: AgentId) -> Engagement {
        let person = &self.world.people[agent.index()];
        let at_work = person.ticket.filter(|_| person.is_at_work());
        let waits = !person.calls.is_empty();
        let (state, on_page) = (
            person.state,
            at_work.is_some_and(|slot| self.case(slot).paging.belongs_to(agent)),
        );
        match state {
            _ if on_page || waits => Engagement::Paged,
            State::Called => Engagement::Paged,
            State::Idle | State::Break => Engagement::Free,
            State::Busy | State::Overtime => Engagement::Busy,
            State::Off if self.model.on_call.night(agent, self.now).1 => Engagement::Asleep,
            State::Off => Engagement::Awake,
        }
    }

    /// Pages somebody about a ticket, or what it was: observers are told, and it may wake them. From the page to the
    /// acknowledgement; `None`: never. `which` is the level and the number of the try.
    pub(super) fn summon(
        &mut self,
        about: &About,
        (target, agent): (PageTarget, AgentId),
        which: (u8, u32),
        why: Summons,
    ) -> Option<Length> {
        let engagement = self.engagement(agent);
        let delay = self.answer_delay(about, target, agent, engagement, which);
        let woken = self.woken(agent, engagement);
        let schedule = match target {
            PageTarget::Schedule(schedule) => Some(schedule),
            PageTarget::Person(_) => None,
        };
        let now = self.now;
        let (mut first, mut calls, mut climb, mut needless) = (false, false, None, false);
        let ticket = self.still(about);
        if let Some(slot) = ticket {
            self.person_is_told(slot, agent);
            let case = self.case(slot);
            first = case.pages == 0;
            case.pages = case.pages.saturating_add(1);
            calls = why == Summons::Own && case.paging.is_first_call(now);
            needless = case.paging.is_needless(which.0);
            climb = case
                .paging
                .policy()
                .filter(|_| why == Summons::Own && which.0 < LAST_RESORT);
            if calls {
                self.clock_begins(slot, TargetKind::Acknowledge);
            }
        }
        let paged = Happening::Paged {
            agent,
            schedule,
            why,
            first,
            closed: ticket.is_none(),
            calls,
            woken,
            off_duty: !self.world.people[agent.index()].on_duty(),
            doing: engagement,
            needless,
            level: climb.map(|policy| (policy, which.0)),
        };
        self.seen.happened(now, &about.ticket, &paged);
        delay
    }

    /// From the page to the acknowledgement; `None`: never. `which` is the level and the number of the try.
    fn answer_delay(
        &mut self,
        about: &About,
        target: PageTarget,
        agent: AgentId,
        engagement: Engagement,
        which: (u8, u32),
    ) -> Option<Length> {
        let model = self.model;
        let scripted = about.ticket.scripted;
        let written = scripted.and_then(|index| model.population.scripted[index as usize].acknowledges.as_ref());
        if let Some(written) = written {
            let by_name = written.iter().find(|(known, _)| *known == target);
            let by_person = || written.iter().find(|(known, _)| *known == PageTarget::Person(agent));
            let (known, tries) = by_name.or_else(by_person)?;
            let before = match self.still(about) {
                Some(slot) => self.case(slot).paging.count_try(*known),
                None => 0,
            };
            return tries.get(before as usize).copied().flatten();
        }
        if model.on_call.is_silent(agent, self.now) {
            return None;
        }
        let (usual, usually_never) = &model.on_call.answering[engagement as usize];
        let own = match target {
            PageTarget::Schedule(schedule) => model.on_call.schedules[schedule.index()].answering.as_ref(),
            PageTarget::Person(_) => None,
        };
        let never = own.and_then(|own| own.never).unwrap_or(*usually_never);
        let delay = own.and_then(|own| own.delay.as_ref()).unwrap_or(usual);
        let entity = about.ticket.entity ^ model.agents[agent.index()].key;
        let (level, attempt) = which;
        let block = u32::from(level) << TRY_BITS | (attempt & ((1 << TRY_BITS) - 1));
        let [u, v] = Stream::new(self.key, Purpose::PAGE, self.replication, entity).block(block);
        if open01(u) < never {
            return None;
        }
        let slower = match engagement {
            Engagement::Asleep => self.slower_by_night(agent),
            _ => 1.0,
        };
        let delay = delay.draw_ms(open01(v));
        Some(Length::from_ms((delay as f64 * slower).round() as i64))
    }

    /// Whoever acknowledged is the owner from now on, and comes to the ticket, if they have the skills for it and it has not gone up
    /// from their tier: they could only hand it on again. Who commands its incident does not: it would wait for the end of its own
    /// incident.
    #[inline(never)]
    pub(super) fn take_over(&mut self, slot: Slot, agent: AgentId) {
        let ticket = &self.world.tickets[slot];
        let person = &self.world.people[agent.index()];
        let is_theirs = ticket.owner == Some(agent)
            && match ticket.phase {
                Phase::InWork => true,
                Phase::InLine => person.on_duty() || person.calls.contains(&(slot as u32)),
                _ => false,
            };
        if !ticket.is_open() || is_theirs || ticket.phase == Phase::Aside || self.commands(agent, slot) {
            return;
        }
        let team = self.model.agents[agent.index()].team;
        // What is solved is released by its team.
        if self.is_only_to_go_live(slot) || (self.is_solved(slot) && self.world.tickets[slot].team != team) {
            return;
        }
        if self.has_gone_up(slot, team) {
            return;
        }
        if !self.is_skilled(slot, agent) {
            return self.bring_to_team(slot, team);
        }
        let (owner, begun) = (ticket.owner, ticket.begun && !ticket.is_let_go());
        let giver = self.giver_of(slot);
        self.take_out(slot);
        if self.world.tickets[slot].team != team {
            self.change_team(slot, team, None, None);
        }
        if begun && owner != Some(agent) && self.world.tickets[slot].begun {
            self.changes_hands(slot, giver);
        }
        // Who acknowledges accepts it.
        self.case(slot).refusal = Refusal::None;
        if matches!(self.world.tickets[slot].phase, Phase::Pending | Phase::Gated) {
            self.own(slot, agent);
        } else {
            self.call_to_desk(slot, agent);
        }
        if !self.model.rules.is_empty() {
            self.rearm(slot, Measured::WithOwner);
            self.set_timer(slot);
        }
    }

    /// Whether a team's tier has worked on a ticket that is at a higher one now.
    fn has_gone_up(&self, slot: Slot, team: TeamId) -> bool {
        let (ticket, tier) = (&self.world.tickets[slot], self.model.teams[team.index()].tier);
        tier < ticket.tier && ticket.entries[tier.index()] > 0
    }

    /// Whoever acknowledged cannot work on a ticket: it goes to their team if somebody there can and nobody works on it, else it
    /// stays where it is.
    fn bring_to_team(&mut self, slot: Slot, team: TeamId) {
        let ticket = &self.world.tickets[slot];
        if ticket.team != team && ticket.phase != Phase::InWork && self.can_help(slot, team) {
            self.take_out(slot);
            self.move_to(slot, team, None, None);
        }
    }

    /// The owner begins as soon as they can: on duty next, off duty once they have got to their desk.
    pub(super) fn call_to_desk(&mut self, slot: Slot, agent: AgentId) {
        let on_call = &self.model.on_call;
        let way = match on_call.night(agent, self.now).1 {
            true => on_call.get_to_desk_at_night,
            false => on_call.get_to_desk,
        };
        let off = self.world.people[agent.index()].state == State::Off;
        if !off || way == Length::ZERO {
            return self.call_in(agent, slot);
        }
        self.own(slot, agent);
        let ticket = &mut self.world.tickets[slot];
        ticket.phase = Phase::InLine;
        ticket.queue_since = self.now;
        self.world.people[agent.index()].calls.push(slot as u32);
        self.world.agenda.schedule(self.now + way, Kind::AtDesk, agent.index());
        self.waits(slot);
    }

    /// Somebody has got to their desk.
    #[inline(never)]
    pub(super) fn at_desk(&mut self, agent: usize) {
        self.go_on_with_calls(AgentId::new(agent));
    }
}
