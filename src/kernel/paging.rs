//! Pages: sent, climbing the levels of an escalation policy, acknowledged or withdrawn.
//!
//! What is out for a ticket is in its case file. A target is looked up when it is paged, so a handoff of the rota does not
//! move a page that has been sent. Nobody outside of the rota is ever paged: a level that finds nobody is skipped in no time.
//! How and whether people answer is `answers`.

use super::Run;
use super::agenda::{Kind, Stamp};
use super::observe::{Happening, Observe, Summons};
use super::occasions::Ending;
use super::tickets::{Phase, Slot};
use crate::model::{AgentId, Measured, PageTarget, PolicyId, RoleId, ScheduleId, TargetKind};
use crate::random::{Purpose, Stream, open01};
use crate::time::{Instant, Length};

/// Where draws of the answers to pages of no level stand among those of the levels: what is asked of roles, help, the last
/// resort, notifications.
pub(super) const OF_ROLES: u8 = 60;
pub(super) const FOR_HELP: u8 = 61;
pub(super) const LAST_RESORT: u8 = 62;
const NOTIFIED: u8 = 63;

/// A page that has been sent.
#[derive(Debug, Clone, Copy)]
struct Page {
    agent: AgentId,
    /// Level, from 0; or what stands for none.
    level: u8,
    /// Its level's timeout has passed.
    late: bool,
    /// What for: only who is to own the ticket ends the paging by acknowledging.
    why: Summons,
    sent: Instant,
    /// When it will be answered, and the validity of that.
    answers: Instant,
    answer: Stamp,
}

impl Page {
    /// Whether a ladder has sent it: who acknowledges owns the ticket, and nobody asked them beside it.
    fn is_of_ladder(&self) -> bool {
        self.why == Summons::Own && self.level != NOTIFIED
    }
}

/// A ladder on its way up.
#[derive(Debug, Clone, Copy)]
struct Climb {
    policy: PolicyId,
    /// Level, from 0; their number stands for the last resort.
    level: u8,
    /// Times that the levels have been played before.
    round: u32,
    /// Somebody has been paged in this round.
    found: bool,
    /// Sequential: the target that is next.
    next: u8,
    /// When it started.
    since: Instant,
    /// Its ticket's true severity would not have started it.
    needless: bool,
    /// The timeout and the next target's page: when, and their validity.
    timeout: (Instant, Stamp),
    gap: (Instant, Stamp),
}

/// Nothing is planned.
const NEVER: (Instant, Stamp) = (Instant::LAST, Stamp::NONE);

/// What is known of a ticket's pages.
#[derive(Debug, Clone)]
pub(super) struct Paging {
    climb: Option<Climb>,
    /// The policy whose ladder was the last one.
    climbed: Option<PolicyId>,
    out: Vec<Page>,
    /// Pages so far, by whom the file says is paged: what scripted answers go by.
    tries: Vec<(PageTarget, u32)>,
    /// Pages so far, by level and person: what draws of answers go by.
    paged: Vec<((u8, AgentId), u32)>,
    /// The first page that asked somebody to take the ticket over.
    called: Option<Instant>,
    acknowledged: bool,
    /// Who has acknowledged a page for a role: what more is asked of it about this ticket reaches them.
    pub(super) roles: Vec<(RoleId, AgentId)>,
    /// The group whose page is its own, too.
    pub(super) group: Option<u32>,
    /// Who acknowledged last, by which policy's page, and the validity of that policy's second thoughts.
    answered_by: Option<AgentId>,
    doubt: (Option<PolicyId>, Stamp),
    /// Times that it has been put off, and whether it is.
    snoozes: u16,
    is_snoozed: bool,
    /// The ticket's true severity would not have called for what last asked for pages.
    pub(super) needless: bool,
}

impl Default for Paging {
    fn default() -> Paging {
        Paging {
            climb: None,
            climbed: None,
            out: Vec::new(),
            tries: Vec::new(),
            paged: Vec::new(),
            called: None,
            acknowledged: false,
            roles: Vec::new(),
            group: None,
            answered_by: None,
            doubt: (None, Stamp::NONE),
            snoozes: 0,
            is_snoozed: false,
            needless: false,
        }
    }
}

impl Paging {
    /// Forgets everything, keeps the memory.
    pub(super) fn clear(&mut self) {
        let (mut out, mut tries) = (std::mem::take(&mut self.out), std::mem::take(&mut self.tries));
        let (mut paged, mut roles) = (std::mem::take(&mut self.paged), std::mem::take(&mut self.roles));
        out.clear();
        tries.clear();
        paged.clear();
        roles.clear();
        *self = Paging {
            out,
            tries,
            paged,
            roles,
            ..Paging::default()
        };
    }

    /// Notes a page that asks somebody to take the ticket over. Whether it is the first.
    pub(super) fn is_first_call(&mut self, now: Instant) -> bool {
        let first = self.called.is_none();
        self.called.get_or_insert(now);
        first
    }

    /// The policy that climbs.
    pub(super) fn policy(&self) -> Option<PolicyId> {
        self.climb.map(|climb| climb.policy)
    }

    /// Since when somebody has been asked to take it over.
    pub(super) fn called(&self) -> Option<Instant> {
        self.called
    }

    /// Whether a page of a level, or of what stands for none, is one that the ticket's true severity would not have called for.
    pub(super) fn is_needless(&self, level: u8) -> bool {
        match &self.climb {
            Some(climb) if level < OF_ROLES || level == LAST_RESORT => climb.needless,
            _ => self.needless,
        }
    }

    /// Notes an acknowledgement by somebody who takes it over. Whether it is the first.
    pub(super) fn is_first_answer(&mut self) -> bool {
        !std::mem::replace(&mut self.acknowledged, true)
    }

    /// Whether a person owns the ticket because of a page.
    pub(super) fn belongs_to(&self, agent: AgentId) -> bool {
        self.answered_by == Some(agent)
    }

    /// Whoever has acknowledged last and did not put it off.
    pub(super) fn acknowledger(&self) -> Option<AgentId> {
        self.answered_by.filter(|_| !self.is_snoozed)
    }

    /// Counts a page to a person at a level, or of what stands for none; how many there were before. Whom else anybody pages, and
    /// at which levels, moves nobody's answers.
    fn count_page(&mut self, level: u8, agent: AgentId) -> u32 {
        count(&mut self.paged, (level, agent))
    }

    /// Counts a page to a target; how many there were before.
    pub(super) fn count_try(&mut self, target: PageTarget) -> u32 {
        count(&mut self.tries, target)
    }
}

/// Counts one more of something; how many there were before.
fn count<K: PartialEq>(counts: &mut Vec<(K, u32)>, what: K) -> u32 {
    match counts.iter_mut().find(|(known, _)| *known == what) {
        Some((_, count)) => {
            *count += 1;
            *count - 1
        }
        None => {
            counts.push((what, 1));
            0
        }
    }
}

impl<O: Observe> Run<'_, O> {
    /// Starts an escalation policy. `false` if one is on its way already, whose answer will do, or it is not meant for a
    /// ticket like this.
    #[inline(never)]
    pub(super) fn start_ladder(&mut self, slot: Slot, policy: PolicyId) -> bool {
        let ticket = &self.world.tickets[slot];
        let least = self.model.on_call.policy(policy).severity;
        if !ticket.is_open() || least.is_some_and(|least| !ticket.severity.is_at_least(least)) {
            return false;
        }
        if self.model.on_call.policy(policy).group.is_some() || self.case(slot).paging.group.is_some() {
            return self.page_for_group(slot, policy);
        }
        if self.case(slot).paging.climb.is_some() {
            return false;
        }
        self.begin_climb(slot, policy);
        true
    }

    /// An escalation policy sets out from its first level.
    pub(super) fn begin_climb(&mut self, slot: Slot, policy: PolicyId) {
        let case = self.case(slot);
        case.paging.climbed = Some(policy);
        if case
            .paging
            .out
            .iter()
            .all(|page| page.why != Summons::Own || page.level != NOTIFIED)
        {
            // Nobody was asked any more: what is unacknowledged is this ladder.
            case.unacknowledged_since = None;
        }
        let (since, needless) = (self.now, self.case(slot).paging.needless);
        self.case(slot).paging.climb = Some(Climb {
            policy,
            needless,
            level: 0,
            round: 0,
            found: false,
            next: 0,
            since,
            timeout: NEVER,
            gap: NEVER,
        });
        self.happened(slot, Happening::LadderStarted { policy });
        self.climb(slot);
    }

    /// Pages the people on call of some schedules, all at once. `false` if there is nobody.
    #[inline(never)]
    pub(super) fn notify(&mut self, slot: Slot, schedules: &[ScheduleId], informs: bool) -> bool {
        if !self.world.tickets[slot].is_open() {
            return false;
        }
        let mut found = false;
        let (model, now) = (self.model, self.now);
        let on_call = |schedule: ScheduleId| model.on_call.resolve(PageTarget::Schedule(schedule), now);
        for (place, &schedule) in schedules.iter().enumerate() {
            let target = PageTarget::Schedule(schedule);
            match on_call(schedule) {
                // One page, though several schedules name them.
                Some(agent)
                    if schedules[..place]
                        .iter()
                        .any(|earlier| on_call(*earlier) == Some(agent)) => {}
                Some(agent) => {
                    found = true;
                    let why = if informs { Summons::Know } else { Summons::Own };
                    self.page(slot, target, agent, NOTIFIED, why);
                }
                None => self.happened(slot, Happening::Uncovered { level: None }),
            }
        }
        found
    }

    /// The next level that finds somebody; after the last one again from the first, in the end the last resort.
    fn climb(&mut self, slot: Slot) {
        while let Some(mut climb) = self.case(slot).paging.climb {
            let policy = self.model.on_call.policy(climb.policy);
            if usize::from(climb.level) == policy.levels.len() {
                if climb.round == policy.repeats || !climb.found {
                    let (policy, after) = (climb.policy, self.now - climb.since);
                    self.happened(slot, Happening::LadderExhausted { policy, after });
                    return self.page_last_resort(slot);
                }
                (climb.level, climb.found) = (0, false);
                climb.round += 1;
            }
            climb.next = 0;
            self.case(slot).paging.climb = Some(climb);
            if self.page_targets(slot) {
                let at = self.now + policy.levels[usize::from(climb.level)].timeout;
                let stamp = self.world.agenda.schedule(at, Kind::PageDue, slot);
                if let Some(climb) = &mut self.case(slot).paging.climb {
                    (climb.found, climb.timeout) = (true, (at, stamp));
                }
                return;
            }
            let level = Some(climb.level);
            self.happened(slot, Happening::Uncovered { level });
            if let Some(climb) = &mut self.case(slot).paging.climb {
                climb.level += 1;
            }
        }
    }

    /// Pages all targets of the level at once, or the next one of a sequential level. Whether there was anybody.
    fn page_targets(&mut self, slot: Slot) -> bool {
        let Some(climb) = self.case(slot).paging.climb else {
            return false;
        };
        let level = &self.model.on_call.policy(climb.policy).levels[usize::from(climb.level)];
        let one_by_one = level.gap > Length::ZERO;
        let mut found = false;
        for (index, &target) in level.targets.iter().enumerate().skip(usize::from(climb.next)) {
            let Some(agent) = self.model.on_call.resolve(target, self.now) else {
                continue;
            };
            if self.is_paged_at(slot, climb.level, agent) {
                continue;
            }
            self.page(slot, target, agent, climb.level, Summons::Own);
            found = true;
            if one_by_one {
                self.plan_next_target(slot, index + 1, level.targets.len(), level.gap);
                break;
            }
        }
        found
    }

    fn plan_next_target(&mut self, slot: Slot, next: usize, targets: usize, gap: Length) {
        let at = self.now + gap;
        let planned = match next < targets {
            true => (at, self.world.agenda.schedule(at, Kind::PageDue, slot)),
            false => NEVER,
        };
        if let Some(climb) = &mut self.case(slot).paging.climb {
            (climb.next, climb.gap) = (next as u8, planned);
        }
    }

    /// Whether this try of a level has reached somebody already, under another target's name.
    fn is_paged_at(&mut self, slot: Slot, level: u8, agent: AgentId) -> bool {
        let out = &self.case(slot).paging.out;
        out.iter()
            .any(|page| page.agent == agent && page.level == level && !page.late)
    }

    /// Whether somebody is paged at this instant to own a ticket.
    fn is_paged_now(&mut self, slot: Slot, agent: AgentId) -> bool {
        let (now, out) = (self.now, &self.case(slot).paging.out);
        out.iter()
            .any(|page| page.agent == agent && page.sent == now && page.why == Summons::Own)
    }

    /// Whether somebody has been asked to join whoever works on a ticket, and has not answered.
    pub(super) fn is_asked_to_help(&mut self, slot: Slot, agent: AgentId) -> bool {
        let mut out = self.case(slot).paging.out.iter();
        out.any(|page| page.agent == agent && page.why == Summons::Help)
    }

    fn page_last_resort(&mut self, slot: Slot) {
        let Some(climb) = self.case(slot).paging.climb else {
            return;
        };
        let policy = self.model.on_call.policy(climb.policy);
        let Some(target) = policy.last_resort else {
            self.case(slot).paging.climb = None;
            return;
        };
        match self.model.on_call.resolve(target, self.now) {
            Some(agent) => self.page(slot, target, agent, LAST_RESORT, Summons::Own),
            None => self.happened(slot, Happening::Uncovered { level: None }),
        }
        let again = policy.last_resort_every.map(|every| self.now + every);
        let again = again.map(|at| (at, self.world.agenda.schedule(at, Kind::PageDue, slot)));
        if let Some(climb) = &mut self.case(slot).paging.climb {
            climb.timeout = again.unwrap_or(NEVER);
        }
    }

    /// Sends a page.
    pub(super) fn page(&mut self, slot: Slot, target: PageTarget, agent: AgentId, level: u8, why: Summons) {
        let now = self.now;
        let before = self.case(slot).paging.count_page(level, agent);
        let about = self.about(slot);
        let answers = match self.summon(&about, (target, agent), (level, before), why) {
            Some(delay) => now + delay,
            None => Instant::LAST,
        };
        let answer = match answers < Instant::LAST {
            true => self.world.agenda.schedule(answers, Kind::Acknowledgement, slot),
            false => Stamp::NONE,
        };
        let case = self.case(slot);
        case.paging.out.push(Page {
            agent,
            level,
            late: false,
            why,
            sent: now,
            answers,
            answer,
        });
        if why == Summons::Own {
            self.is_unacknowledged(slot);
            if level != NOTIFIED {
                self.calls_the_group(slot);
            }
        }
    }

    /// Somebody has been asked to take a ticket over and has not answered.
    pub(super) fn is_unacknowledged(&mut self, slot: Slot) {
        let now = self.now;
        let since = &mut self.case(slot).unacknowledged_since;
        if since.is_none() {
            *since = Some(now);
            if !self.model.rules.is_empty() {
                self.rearm(slot, Measured::Unacknowledged);
                self.set_timer(slot);
            }
        }
    }

    /// A level's time is up, or its next target's page is due.
    #[inline(never)]
    pub(super) fn page_due(&mut self, slot: Slot, stamp: Stamp) {
        let Some(climb) = self.case(slot).paging.climb else {
            return;
        };
        if climb.timeout.1 == stamp {
            self.page_timeout(slot);
        } else if climb.gap.1 == stamp {
            self.page_targets(slot);
        }
    }

    /// A level's time is up without an acknowledgement; or the last resort is paged again.
    fn page_timeout(&mut self, slot: Slot) {
        let model = self.model;
        let paging = &mut self.case(slot).paging;
        let Some(climb) = paging.climb.as_mut() else {
            return;
        };
        let policy = model.on_call.policy(climb.policy);
        let level = climb.level;
        if usize::from(level) == policy.levels.len() {
            return self.page_last_resort(slot);
        }
        climb.level += 1;
        climb.gap = NEVER;
        let mut unanswered = 0;
        for page in paging.out.iter_mut().filter(|page| page.level == level && !page.late) {
            page.late = true;
            unanswered += 1;
        }
        if !policy.late_counts {
            paging.out.retain(|page| page.level != level);
        }
        self.happened(slot, Happening::PageTimeout { level, unanswered });
        self.climb(slot);
    }

    /// Somebody acknowledges. The first one wins: that person owns the ticket, with all that share its page, and every other
    /// page is void.
    #[inline(never)]
    pub(super) fn acknowledgement(&mut self, slot: Slot, stamp: Stamp) {
        let now = self.now;
        let paging = &mut self.case(slot).paging;
        let Some(place) = paging.out.iter().position(|page| page.answer == stamp) else {
            return;
        };
        let page = paging.out.remove(place);
        let owns = page.why == Summons::Own;
        let since = paging.called.filter(|_| owns).unwrap_or(page.sent);
        let first = owns && paging.is_first_answer();
        // A late answer may come when the ladder is over: it was that ladder's page all the same.
        let of_ladder = page.level != NOTIFIED;
        let policy = paging.climbed.filter(|_| of_ladder);
        self.happened(
            slot,
            Happening::Acknowledged {
                agent: page.agent,
                why: page.why,
                after: now - since,
                first,
                level: (page.level < OF_ROLES).then_some(page.level),
                in_time: (page.level < OF_ROLES).then_some(!page.late),
            },
        );
        match page.why {
            Summons::Own => {}
            Summons::Help => return self.comes_to_help(slot, page.agent),
            Summons::Know | Summons::Act(_) => return,
        }
        if first {
            self.clock_ends(slot, TargetKind::Acknowledge, Ending::Stopped);
        }
        if self.case(slot).paging.group.is_some() {
            if of_ladder {
                return self.group_is_acknowledged(slot, page.agent);
            }
            self.needs_no_page(slot);
        }
        self.respond_by_acknowledging(slot);
        match policy.filter(|policy| self.puts_off(slot, page.agent, *policy)) {
            Some(policy) => self.snooze(slot, page.agent, policy),
            None => self.falls_to(slot, page.agent, policy),
        }
    }

    /// Whether whoever acknowledges puts the ticket off.
    pub(super) fn puts_off(&mut self, slot: Slot, agent: AgentId, policy: PolicyId) -> bool {
        let Some(snooze) = self.model.on_call.policy(policy).snooze else {
            return false;
        };
        let ticket = &self.world.tickets[slot];
        let (entity, is_begun) = (ticket.entity, ticket.phase == Phase::InWork);
        let snoozes = self.case(slot).paging.snoozes;
        if is_begun || snoozes >= snooze.at_most {
            return false;
        }
        let entity = entity ^ self.model.agents[agent.index()].key;
        let stream = Stream::new(self.key, Purpose::SNOOZE, self.replication, entity);
        open01(stream.block(u32::from(snoozes))[0]) < snooze.share
    }

    /// An acknowledgement with an end: nobody begins the ticket.
    #[inline(never)]
    pub(super) fn snooze(&mut self, slot: Slot, agent: AgentId, policy: PolicyId) {
        let Some(snooze) = self.model.on_call.policy(policy).snooze else {
            return;
        };
        self.end_calls(slot);
        let stamp = self
            .world
            .agenda
            .schedule(self.now + snooze.lasts, Kind::AckTimeout, slot);
        let paging = &mut self.case(slot).paging;
        paging.answered_by = Some(agent);
        paging.doubt = (Some(policy), stamp);
        paging.snoozes = paging.snoozes.saturating_add(1);
        paging.is_snoozed = true;
        self.happened(slot, Happening::Snoozed { agent });
        self.set_timer(slot);
    }

    /// Whoever has acknowledged owns a ticket from now on; a policy may have second thoughts.
    pub(super) fn falls_to(&mut self, slot: Slot, agent: AgentId, policy: Option<PolicyId>) {
        self.end_calls(slot);
        let paging = &mut self.case(slot).paging;
        paging.answered_by = Some(agent);
        if std::mem::take(&mut paging.is_snoozed) {
            paging.doubt = (None, Stamp::NONE);
        }
        let doubts = policy.and_then(|policy| Some((policy, self.model.on_call.policy(policy).ack_timeout?)));
        if let Some((policy, after)) = doubts {
            let stamp = self.world.agenda.schedule(self.now + after, Kind::AckTimeout, slot);
            self.case(slot).paging.doubt = (Some(policy), stamp);
        }
        self.take_over(slot, agent);
        self.set_timer(slot);
    }

    /// An acknowledgement is the first response of an alert.
    pub(super) fn respond_by_acknowledging(&mut self, slot: Slot) {
        let now = self.now;
        let ticket = &mut self.world.tickets[slot];
        if ticket.first_response.is_none() && self.model.on_call.ack_counts[ticket.service.index()] {
            ticket.first_response = Some(now);
            ticket.last_message = now;
            self.seen.responded(now, ticket);
            self.rearm_silence(slot);
            self.plan_update(slot);
            self.watch_breaches(slot);
        }
    }

    /// Acknowledged long ago, and neither mitigated nor resolved; or put off until now, and nobody has begun it: from level 1
    /// again, and whoever acknowledged.
    #[inline(never)]
    pub(super) fn ack_timeout(&mut self, slot: Slot, stamp: Stamp) {
        let ticket = &self.world.tickets[slot];
        let begun_since =
            |since: Instant| ticket.phase == Phase::InWork || (ticket.begun && ticket.work_since >= since);
        let case = &self.world.cases[slot];
        let (policy, valid) = case.paging.doubt;
        // With a workaround, too, nobody has begun what was put off.
        let is_over = !case.paging.is_snoozed && self.is_worked_around(slot);
        let Some(policy) = policy.filter(|_| valid == stamp && !is_over) else {
            return;
        };
        let snooze = self
            .model
            .on_call
            .policy(policy)
            .snooze
            .filter(|_| case.paging.is_snoozed);
        let is_begun = snooze.is_some_and(|snooze| begun_since(self.now - snooze.lasts));
        let paging = &mut self.case(slot).paging;
        paging.doubt = (None, Stamp::NONE);
        paging.is_snoozed = false;
        if is_begun {
            return;
        }
        let case = self.case(slot);
        let acknowledger = case.paging.answered_by;
        if !self.start_ladder(slot, policy) {
            return;
        }
        if let Some(agent) = acknowledger
            && !self.model.on_call.is_away(agent, self.now)
            && !self.is_paged_now(slot, agent)
        {
            let level = self.level_of_now(slot);
            self.page(slot, PageTarget::Person(agent), agent, level, Summons::Own);
        }
    }

    /// The level at which a ladder is, whose timeout ends whatever is paged beside it.
    fn level_of_now(&mut self, slot: Slot) -> u8 {
        let climb = self.case(slot).paging.climb;
        let levels = |climb: &Climb| self.model.on_call.policy(climb.policy).levels.len();
        let level = climb.filter(|climb| usize::from(climb.level) < levels(climb));
        level.map_or(LAST_RESORT, |climb| climb.level)
    }

    /// Somebody has the ticket: whoever else was, or would have been, asked to take it over is not any more.
    pub(super) fn end_calls(&mut self, slot: Slot) {
        let case = self.case(slot);
        case.paging.out.retain(|page| page.why == Summons::Help);
        case.paging.climb = None;
        case.unacknowledged_since = None;
    }

    /// Everything that is out or planned for a ticket is void.
    fn withdraw_pages(&mut self, slot: Slot) {
        self.clock_ends(slot, TargetKind::Acknowledge, Ending::CalledOff);
        self.end_calls(slot);
        self.case(slot).paging.out.clear();
    }

    /// Ends the paging of a ticket that is over or linked to another.
    pub(super) fn cancel_pages(&mut self, slot: Slot) {
        if self.model.on_call.is_used() {
            if self.case(slot).paging.group.is_some() {
                self.leave_group(slot);
            }
            self.withdraw_pages(slot);
            self.case(slot).paging.doubt = (None, Stamp::NONE);
        }
    }

    /// A ticket is resolved: nobody is paged for it, and nobody has it because of a page if it comes back.
    pub(super) fn end_pages(&mut self, slot: Slot) {
        if self.model.on_call.is_used() {
            self.cancel_pages(slot);
            self.case(slot).paging.answered_by = None;
        }
    }

    /// The severity has changed: a ladder that is not meant for it any more ends.
    #[inline(never)]
    pub(super) fn page_only_if_severe(&mut self, slot: Slot) {
        let severity = self.world.tickets[slot].severity;
        let policy = self.policy_that_pages(slot);
        let least = policy.and_then(|policy| self.model.on_call.policy(policy).severity);
        if least.is_some_and(|least| !severity.is_at_least(least)) {
            self.end_ladder(slot);
        }
    }

    /// The ladder that pages for a ticket is cancelled. Who was asked beside it still is: by a notification, to help or to know.
    fn end_ladder(&mut self, slot: Slot) {
        if self.case(slot).paging.group.is_some() {
            self.leave_group(slot);
        }
        let paging = &mut self.case(slot).paging;
        paging.climb = None;
        paging.out.retain(|page| !page.is_of_ladder());
        if paging.out.iter().all(|page| page.why != Summons::Own) {
            self.clock_ends(slot, TargetKind::Acknowledge, Ending::CalledOff);
            self.case(slot).unacknowledged_since = None;
        }
    }

    /// The policy that pages for a ticket, or has, or for the group that it is in.
    fn policy_that_pages(&mut self, slot: Slot) -> Option<PolicyId> {
        let paging = &self.case(slot).paging;
        match paging.group {
            Some(group) => Some(self.world.affairs.groups.get(group)?.policy),
            None => paging.climbed,
        }
    }

    /// A ladder goes on for another ticket of its group: what is out and planned is that one's.
    pub(super) fn hand_ladder_on(&mut self, from: Slot, to: Slot) {
        let paging = &mut self.case(from).paging;
        let (mut climb, climbed) = (paging.climb.take(), paging.climbed);
        let mut out: Vec<Page> = paging.out.iter().copied().filter(Page::is_of_ladder).collect();
        paging.out.retain(|page| !page.is_of_ladder());
        let agenda = &mut self.world.agenda;
        let mut anew = |at: Instant, stamp: &mut Stamp, kind: Kind| {
            if *stamp != Stamp::NONE {
                *stamp = agenda.schedule(at, kind, to);
            }
        };
        for page in &mut out {
            anew(page.answers, &mut page.answer, Kind::Acknowledgement);
        }
        if let Some(climb) = &mut climb {
            anew(climb.timeout.0, &mut climb.timeout.1, Kind::PageDue);
            anew(climb.gap.0, &mut climb.gap.1, Kind::PageDue);
        }
        let paging = &mut self.case(to).paging;
        (paging.climb, paging.climbed) = (climb, climbed);
        paging.out.append(&mut out);
    }

    /// Whether somebody has a ticket because of a page.
    pub(super) fn was_paged(&self, slot: Slot, agent: AgentId) -> bool {
        let case = self.world.cases.get(slot).filter(|_| self.model.on_call.is_used());
        case.is_some_and(|case| case.paging.belongs_to(agent))
    }

    /// Where a ticket goes whose owner is off duty and has it because of a page: to them, on call.
    pub(super) fn goes_on_on_call(&mut self, slot: Slot) -> bool {
        let ticket = &self.world.tickets[slot];
        let Some(owner) = ticket.owner.filter(|owner| self.was_paged(slot, *owner)) else {
            return false;
        };
        let own_team = self.model.agents[owner.index()].team == ticket.team && ticket.phase != Phase::Closed;
        if !own_team || self.world.people[owner.index()].on_duty() {
            return false;
        }
        self.call_to_desk(slot, owner);
        true
    }
}
