//! Pages that ask for something else than to own a ticket: what a role is asked for, and help for whoever works on it.
//!
//! A role that a schedule holds is filled by a page: whoever is on call acknowledges in their own time, comes to it, and is
//! paged again if they do not. A page is for everything that a role is asked about a ticket until it is answered. Who has
//! acknowledged for a ticket is at it, and is not paged for what the same role is asked next, unless they sleep by then.

use super::Run;
use super::agenda::{Kind, Stamp};
use super::asks::{About, Stage};
use super::observe::{Happening, Observe, Summons};
use super::paging::{FOR_HELP, OF_ROLES};
use super::tasks::Assignee;
use super::tickets::{Phase, Slot};
use crate::model::{AgentId, Engagement, PageTarget, RoleId, ScheduleId};
use crate::time::Instant;

/// Tries of one request that have draws of their own.
const TRIES: u32 = 64;

/// How far the pages for something that is asked of a role are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    /// When the first one was due.
    since: Instant,
    /// Who was paged, and the validity of their answer.
    out: Vec<(AgentId, Stamp)>,
    /// Who was paged last.
    last: Option<AgentId>,
    /// Pages so far, and times that nobody was on call.
    tries: u32,
    /// Validity of the next one.
    again: Stamp,
}

impl Asked {
    /// Whether this is the event of the next page.
    pub(super) fn is_again(&self, stamp: Stamp) -> bool {
        self.again == stamp
    }
}

impl<O: Observe> Run<'_, O> {
    /// Pages whoever is on call for what is asked of a role; later again, until somebody acknowledges.
    #[inline(never)]
    pub(super) fn page_role(&mut self, ask: u32, schedule: ScheduleId) {
        let now = self.now;
        let Some(row) = self.world.affairs.asks.get_mut(ask) else {
            return;
        };
        let (role, task, about, block) = (row.role, row.task, row.about, row.block);
        let mut asked = match std::mem::replace(&mut row.stage, Stage::Reacting(Stamp::NONE)) {
            Stage::Paged(asked) => asked,
            Stage::Reacting(_) | Stage::Task(_) | Stage::InCommand => Asked {
                since: now,
                out: Vec::new(),
                last: None,
                tries: 0,
                again: Stamp::NONE,
            },
        };
        let commander = self.commander_as(role, task, &about);
        match commander.or_else(|| self.model.on_call.of_schedule(schedule, now)) {
            Some(agent) if commander.is_some() || self.is_at_it(&about, role, agent) => {
                return self.ask_reaches(ask, Assignee::Called(agent));
            }
            // The page that they have got about the ticket is for this, too.
            Some(agent) if self.is_being_paged(&about, role, agent) => {}
            Some(agent) => {
                asked.last = Some(agent);
                let which = (OF_ROLES, block % (1 << 12) * TRIES + asked.tries.min(TRIES - 1));
                let target = PageTarget::Schedule(schedule);
                if let Some(delay) = self.summon(&about, (target, agent), which, Summons::Act(role)) {
                    let at = now + delay;
                    let answer = self.world.agenda.schedule(at, Kind::RoleAcknowledges, ask as usize);
                    asked.out.push((agent, answer));
                }
            }
            None if asked.tries == 0 => {
                let nobody = Happening::Uncovered { level: None };
                self.seen.happened(now, &about.ticket, &nobody);
            }
            None => {}
        }
        let again = now + self.model.process.role(role).page_again;
        asked.tries += 1;
        asked.again = self.world.agenda.schedule(again, Kind::RoleReached, ask as usize);
        if let Some(row) = self.world.affairs.asks.get_mut(ask) {
            row.stage = Stage::Paged(asked);
        }
    }

    /// Whether somebody has acknowledged for this role and ticket before, and is awake.
    fn is_at_it(&mut self, about: &About, role: RoleId, agent: AgentId) -> bool {
        let known = self.still(about);
        let known = known.is_some_and(|slot| self.case(slot).paging.roles.contains(&(role, agent)));
        known && self.engagement(agent) != Engagement::Asleep
    }

    /// Whether somebody is being paged for something else that this role was asked about a ticket.
    fn is_being_paged(&self, about: &About, role: RoleId, agent: AgentId) -> bool {
        let mut asks = self.world.affairs.asks.each();
        asks.any(|(_, row)| {
            let is_out = matches!(&row.stage, Stage::Paged(asked) if asked.last == Some(agent));
            is_out && row.role == role && row.about.is_of(about)
        })
    }

    /// What else a role was asked about a ticket that waits for the answer to somebody's page, first asked first.
    fn answered_with(&self, about: &About, role: RoleId, agent: AgentId) -> Vec<u32> {
        let waiting = self.world.affairs.asks.each().filter_map(|(id, row)| {
            let Stage::Paged(asked) = &row.stage else { return None };
            let is_theirs = asked.last.is_none_or(|last| last == agent);
            (is_theirs && row.role == role && row.about.is_of(about)).then_some((asked.since, id))
        });
        let mut waiting: Vec<(Instant, u32)> = waiting.collect();
        waiting.sort();
        waiting.into_iter().map(|(_, id)| id).collect()
    }

    /// Somebody acknowledges for a role: they come to it, and to what else it was asked about the ticket; their other pages are
    /// void.
    #[inline(never)]
    pub(super) fn role_acknowledges(&mut self, ask: usize, stamp: Stamp) {
        let ask = ask as u32;
        let Some(row) = self.world.affairs.asks.get(ask) else {
            return;
        };
        let (role, about) = (row.role, row.about);
        let Stage::Paged(asked) = &row.stage else { return };
        let Some((agent, _)) = asked.out.iter().copied().find(|(_, answer)| *answer == stamp) else {
            return;
        };
        let acknowledged = Happening::Acknowledged {
            agent,
            why: Summons::Act(role),
            after: self.now - asked.since,
            first: false,
            level: None,
            in_time: None,
        };
        self.seen.happened(self.now, &about.ticket, &acknowledged);
        if let Some(slot) = self.still(&about) {
            let roles = &mut self.case(slot).paging.roles;
            if !roles.contains(&(role, agent)) {
                roles.push((role, agent));
            }
        }
        self.ask_reaches(ask, Assignee::Called(agent));
        for other in self.answered_with(&about, role, agent) {
            self.ask_reaches(other, Assignee::Called(agent));
        }
    }

    /// Pages the person on call to join whoever works on a ticket. `false` if nobody is, or it is theirs already, or they have
    /// joined or been asked to.
    #[inline(never)]
    pub(super) fn page_for_help(&mut self, slot: Slot, schedule: ScheduleId) -> bool {
        let Some(agent) = self.model.on_call.of_schedule(schedule, self.now) else {
            self.happened(slot, Happening::Uncovered { level: None });
            return false;
        };
        let is_theirs = self.world.tickets[slot].owner == Some(agent);
        if is_theirs || self.is_asked_to_help(slot, agent) || self.has_joined(slot, agent) {
            return false;
        }
        self.page(slot, PageTarget::Schedule(schedule), agent, FOR_HELP, Summons::Help);
        true
    }

    /// Somebody acknowledges that their help is wanted: they come to whoever works on the ticket, now and whenever the work
    /// goes on.
    pub(super) fn comes_to_help(&mut self, slot: Slot, agent: AgentId) {
        self.case(slot).swarm.wants(agent);
        if self.world.tickets[slot].phase == Phase::InWork {
            self.ask_person_to_join(slot, agent);
        }
    }
}
