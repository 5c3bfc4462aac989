//! Groups: tickets that share a page.
//!
//! A policy that groups has one ladder a group. It is one ticket's, the *lead's*, and goes on for another that still wants
//! somebody when the lead does not any more. Whoever acknowledges owns all tickets that want somebody. How a ladder climbs is
//! `paging`.

use super::Run;
use super::agenda::{Kind, Stamp};
use super::observe::{Happening, Observe, Summons};
use super::occasions::Ending;
use super::tickets::{Family, Phase, Slot};
use crate::model::{AgentId, GroupBy, PageGroup, PolicyId, TargetKind};
use crate::time::{Instant, Length};

/// Tickets that share a page, in the order in which they joined.
#[derive(Debug)]
pub(super) struct Group {
    pub policy: PolicyId,
    /// What they have in common; `None`: this ticket has it with none.
    key: Option<u32>,
    began: Instant,
    members: Vec<Member>,
    /// Whose ladder is the group's.
    lead: Option<Slot>,
    /// The first page and the last time that the policy set out.
    paged: Option<(Instant, Instant)>,
    /// Validity of the first page, or of the next tick at which there may be something to page for.
    due: Stamp,
    /// Who acknowledged last.
    answered_by: Option<AgentId>,
}

#[derive(Debug, Clone, Copy)]
struct Member {
    slot: u32,
    /// It wants somebody to take it over.
    wants: bool,
}

impl Group {
    /// The first ticket that wants somebody.
    fn first_in_need(&self) -> Option<Slot> {
        let member = self.members.iter().find(|member| member.wants);
        member.map(|member| member.slot as usize)
    }

    fn member(&mut self, slot: Slot) -> Option<&mut Member> {
        self.members.iter_mut().find(|member| member.slot as usize == slot)
    }
}

impl<O: Observe> Run<'_, O> {
    fn group_of(&mut self, slot: Slot) -> Option<(u32, &mut Group)> {
        let row = self.case(slot).paging.group?;
        Some((row, self.world.affairs.groups.get_mut(row)?))
    }

    /// A policy is to page for a ticket, and either it groups or the ticket is in a group: it joins one, or begins one.
    /// `false` if somebody is being asked for it already.
    #[inline(never)]
    pub(super) fn page_for_group(&mut self, slot: Slot, policy: PolicyId) -> bool {
        if let Some((row, group)) = self.group_of(slot) {
            let (same, is_waiting) = (group.policy == policy, group.paged.is_none());
            let wants = group.member(slot).is_some_and(|member| member.wants);
            if wants && (is_waiting || self.is_under_way(row)) {
                return false;
            }
            if same {
                return self.wants_somebody_again(slot, row);
            }
            self.leave_group(slot);
        }
        if self.case(slot).paging.policy().is_some() {
            return false;
        }
        let Some(group) = self.model.on_call.policy(policy).group else {
            self.begin_climb(slot, policy);
            return true;
        };
        let key = self.group_key(slot, group.by);
        match self.open_group(policy, key, group.within) {
            Some(row) => self.join_group(slot, row, group),
            None => self.begin_group(slot, policy, key, group.wait),
        }
        true
    }

    /// What a ticket has in common with others.
    fn group_key(&self, slot: Slot, by: GroupBy) -> Option<u32> {
        let ticket = &self.world.tickets[slot];
        match (by, ticket.family) {
            (GroupBy::Service, _) => Some(ticket.service.index() as u32),
            (GroupBy::Policy, _) => Some(0),
            (GroupBy::Incident, Family::Parent(fault) | Family::Child(fault)) => Some(fault),
            (GroupBy::Incident, Family::Alone) => None,
        }
    }

    /// The group that a ticket with this key joins.
    fn open_group(&self, policy: PolicyId, key: Option<u32>, within: Option<Length>) -> Option<u32> {
        key?;
        let takes_in =
            |group: &Group| within.is_none_or(|within| self.now < group.began + within) && group.policy == policy;
        let mut groups = self.world.affairs.groups.each();
        let (row, _) = groups.find(|(_, group)| group.key == key && takes_in(group))?;
        Some(row)
    }

    fn begin_group(&mut self, slot: Slot, policy: PolicyId, key: Option<u32>, wait: Length) {
        let now = self.now;
        let row = self.world.affairs.groups.add(Group {
            policy,
            key,
            began: now,
            members: vec![Member {
                slot: slot as u32,
                wants: true,
            }],
            lead: None,
            paged: None,
            due: Stamp::NONE,
            answered_by: None,
        });
        self.case(slot).paging.group = Some(row);
        match wait > Length::ZERO {
            true => self.plan_group(row, now + wait),
            false => self.page_group(row),
        }
    }

    fn join_group(&mut self, slot: Slot, row: u32, settings: PageGroup) {
        let Some(group) = self.world.affairs.groups.get_mut(row) else {
            return;
        };
        let first = group.members.first().map(|member| member.slot as usize);
        let (policy, is_waiting) = (group.policy, group.paged.is_none());
        group.members.push(Member {
            slot: slot as u32,
            wants: true,
        });
        self.case(slot).paging.group = Some(row);
        let to = self.world.tickets[first.unwrap_or(slot)].number;
        self.happened(slot, Happening::Grouped { to });
        if is_waiting {
            return;
        }
        if self.is_under_way(row) {
            return self.is_called_too(slot);
        }
        match (settings.interval, self.whose_is(row)) {
            (Some(_), _) => self.plan_tick(row, self.now),
            (None, Some(agent)) => {
                self.needs_no_page(slot);
                self.falls_to(slot, agent, Some(policy));
                // Behind what they have of the group already.
                let line = &mut self.world.people[agent.index()].line;
                if line.first() == Some(&(slot as u32)) {
                    line.rotate_left(1);
                }
            }
            (None, None) => self.page_group(row),
        }
    }

    /// A ticket of a group has been acknowledged before, and is to be paged for again. `false` if a page for the others is on
    /// its way, whose answer will do.
    fn wants_somebody_again(&mut self, slot: Slot, row: u32) -> bool {
        let under_way = self.is_under_way(row);
        let Some(group) = self.world.affairs.groups.get_mut(row) else {
            return false;
        };
        let is_waiting = group.paged.is_none();
        group.member(slot).into_iter().for_each(|member| member.wants = true);
        if under_way {
            self.is_called_too(slot);
        }
        if under_way || is_waiting {
            return false;
        }
        if let Some(lead) = group_lead(self.world.affairs.groups.get_mut(row), slot) {
            self.hand_ladder_on(lead, slot);
        }
        self.page_group(row);
        true
    }

    /// Whether the group's ladder climbs.
    fn is_under_way(&mut self, row: u32) -> bool {
        let lead = self.world.affairs.groups.get(row).and_then(|group| group.lead);
        lead.is_some_and(|lead| self.case(lead).paging.policy().is_some())
    }

    /// Who has acknowledged and still owns one of the tickets.
    fn whose_is(&self, row: u32) -> Option<AgentId> {
        let group = self.world.affairs.groups.get(row)?;
        let agent = group.answered_by?;
        let owns = |member: &Member| {
            let ticket = &self.world.tickets[member.slot as usize];
            let in_hand = matches!(
                ticket.phase,
                Phase::InWork | Phase::InLine | Phase::Pending | Phase::Gated
            );
            ticket.owner == Some(agent) && in_hand
        };
        (group.members.iter().any(owns) && !self.model.on_call.is_away(agent, self.now)).then_some(agent)
    }

    /// The policy sets out for all tickets of a group that want somebody.
    fn page_group(&mut self, row: u32) {
        let now = self.now;
        let Some(group) = self.world.affairs.groups.get_mut(row) else {
            return;
        };
        let Some(lead) = group.lead.or(group.first_in_need()) else {
            return;
        };
        let first = group.paged.map_or(now, |(first, _)| first);
        (group.lead, group.paged) = (Some(lead), Some((first, now)));
        let policy = group.policy;
        self.begin_climb(lead, policy);
        self.plan_tick(row, now);
    }

    fn plan_group(&mut self, row: u32, at: Instant) {
        let stamp = self.world.agenda.schedule(at, Kind::GroupDue, row as usize);
        if let Some(group) = self.world.affairs.groups.get_mut(row) {
            group.due = stamp;
        }
    }

    /// The next tick at which there may be something to page for: the next one of all for what has joined, else the first one
    /// that is a repetition after `last`.
    fn plan_tick(&mut self, row: u32, last: Instant) {
        let under_way = self.is_under_way(row);
        let Some(group) = self.world.affairs.groups.get(row) else {
            return;
        };
        let Some((settings, (first, _))) = self.model.on_call.policy(group.policy).group.zip(group.paged) else {
            return;
        };
        let tick = settings.interval.map_or(1, Length::ms);
        let joined = settings.interval.is_some() && group.first_in_need().is_some() && !under_way;
        let after = match (joined, settings.repeat) {
            (true, _) => self.now + Length::from_ms(1),
            (false, Some(repeat)) => last + repeat,
            (false, None) => return,
        };
        let ticks = ((after - first).ms() + tick - 1) / tick;
        self.plan_group(row, first + Length::from_ms(ticks * tick));
    }

    /// A group's first page is due, or one of its ticks.
    #[inline(never)]
    pub(super) fn group_due(&mut self, row: usize, stamp: Stamp) {
        let (now, row) = (self.now, row as u32);
        let under_way = self.is_under_way(row);
        let Some(group) = self
            .world
            .affairs
            .groups
            .get_mut(row)
            .filter(|group| group.due == stamp)
        else {
            return;
        };
        let last = group.paged.map_or(now, |(_, last)| last);
        let repeat = self
            .model
            .on_call
            .policy(group.policy)
            .group
            .and_then(|group| group.repeat);
        let repeats = repeat.is_some_and(|repeat| group.paged.is_some() && now - last >= repeat);
        if repeats && !under_way {
            let cases = &self.world.cases;
            for member in &mut group.members {
                member.wants |= cases[member.slot as usize].workaround.is_none();
            }
        }
        match under_way || group.first_in_need().is_none() {
            true => self.plan_tick(row, if repeats { now } else { last }),
            false => self.page_group(row),
        }
    }

    /// A ladder pages for its lead: whatever else wants somebody in the group is paged for, too.
    pub(super) fn calls_the_group(&mut self, lead: Slot) {
        let Some(row) = self.case(lead).paging.group else {
            return;
        };
        let mut place = 0;
        while let Some(member) = self.member(row, place) {
            if member.wants && member.slot as usize != lead {
                self.is_called_too(member.slot as usize);
            }
            place += 1;
        }
    }

    fn member(&self, row: u32, place: usize) -> Option<Member> {
        self.world.affairs.groups.get(row)?.members.get(place).copied()
    }

    /// The page of another ticket is this one's, too.
    fn is_called_too(&mut self, slot: Slot) {
        let now = self.now;
        let case = self.case(slot);
        case.pages = case.pages.saturating_add(1);
        let calls = case.paging.is_first_call(now);
        if calls {
            self.clock_begins(slot, TargetKind::Acknowledge);
        }
        self.happened(slot, Happening::CalledToo { calls });
        self.is_unacknowledged(slot);
    }

    /// Somebody acknowledges the lead's page: all that want somebody are theirs, the most severe first.
    pub(super) fn group_is_acknowledged(&mut self, lead: Slot, agent: AgentId) {
        let Some((_, group)) = self.group_of(lead) else {
            return;
        };
        let policy = group.policy;
        (group.lead, group.answered_by) = (None, Some(agent));
        let mut theirs = Vec::new();
        for member in group.members.iter_mut().filter(|member| member.wants) {
            member.wants = false;
            theirs.push(member.slot as usize);
        }
        for slot in theirs.iter().copied() {
            if slot != lead {
                self.answered_with_lead(slot, agent);
            }
            self.end_calls(slot);
            self.respond_by_acknowledging(slot);
        }
        if self.puts_off(lead, agent, policy) {
            return theirs.into_iter().for_each(|slot| self.snooze(slot, agent, policy));
        }
        theirs.sort_by_key(|slot| self.world.tickets[*slot].severity.index());
        for slot in theirs {
            self.falls_to(slot, agent, Some(policy));
        }
    }

    /// The acknowledgement of the lead's page is this ticket's, too.
    fn answered_with_lead(&mut self, slot: Slot, agent: AgentId) {
        let now = self.now;
        let paging = &mut self.case(slot).paging;
        let since = paging.called().unwrap_or(now);
        let first = paging.is_first_answer();
        self.happened(
            slot,
            Happening::Acknowledged {
                agent,
                why: Summons::Own,
                after: now - since,
                first,
                level: None,
                in_time: None,
            },
        );
        if first {
            self.clock_ends(slot, TargetKind::Acknowledge, Ending::Stopped);
        }
    }

    /// Somebody has a ticket, or nobody is wanted for it any more: the group's ladder goes on for the others, or ends.
    pub(super) fn needs_no_page(&mut self, slot: Slot) {
        let Some((_, group)) = self.group_of(slot) else {
            return;
        };
        group.member(slot).into_iter().for_each(|member| member.wants = false);
        if group.lead == Some(slot) {
            group.lead = group.first_in_need();
            if let Some(next) = group.lead {
                self.hand_ladder_on(slot, next);
            }
        }
    }

    /// A ticket is not of its group any more; without tickets there is no group.
    #[inline(never)]
    pub(super) fn leave_group(&mut self, slot: Slot) {
        self.needs_no_page(slot);
        let Some((row, group)) = self.group_of(slot) else {
            return;
        };
        let is_waiting = group.paged.is_none();
        group.members.retain(|member| member.slot as usize != slot);
        let is_empty = group.members.is_empty();
        self.case(slot).paging.group = None;
        if is_empty {
            self.world.affairs.groups.take(row);
        }
        if is_waiting {
            self.happened(slot, Happening::NeverPaged);
        }
    }
}

/// Makes a ticket its group's lead; whose ladder it was.
fn group_lead(group: Option<&mut Group>, slot: Slot) -> Option<Slot> {
    group?.lead.replace(slot).filter(|lead| *lead != slot)
}
