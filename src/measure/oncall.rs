//! What is counted of on-call duty: pages by ticket, nights by schedule.
//!
//! It exists only where a scenario can page anybody. Pages are counted by what the ticket was when they were sent; nights by
//! how often somebody was woken in them, so that the nights without a page are those that are left of all nights on call.

use crate::kernel::{Happening, Ticket};
use crate::model::{AgentId, Model, PageTarget, Schedule, ScheduleId, Window};
use crate::time::Instant;
use std::collections::BTreeSet;

/// Pages of the tickets of one cell. What belongs to a ticket is counted of the measured ones, what belongs to a page or a ladder
/// of those in the window. Times in ms.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Calls {
    /// Tickets that were paged for, and those of which somebody was asked to take them over.
    pub paged: i64,
    /// See [`Calls::paged`].
    pub called: i64,
    /// Of those that somebody was asked to take over, those that somebody acknowledged.
    pub answered: i64,
    /// First acknowledgements, where the tickets were then.
    pub acknowledged: i64,
    /// First page that asked for it to first acknowledgement.
    pub acknowledge_ms: i64,
    /// Pages.
    pub pages: i64,
    /// Pages of levels that were answered in time, and those that were answered or timed out, in the window: what another's
    /// answer made void is left out.
    pub in_time: i64,
    /// See [`Calls::in_time`].
    pub decided: i64,
    /// Ladders started in the window.
    pub ladders: i64,
    /// Those whose levels all went by.
    pub exhausted: i64,
    /// Levels that found nobody, in the window.
    pub uncovered: i64,
    /// Tickets that joined a group instead of being paged for alone, and those that left theirs before its page.
    pub grouped: i64,
    /// See [`Calls::grouped`].
    pub never_paged: i64,
    /// Times that whoever acknowledged put a ticket off, and that a secondary owner took one over.
    pub snoozed: i64,
    /// See [`Calls::snoozed`].
    pub taken_over: i64,
}

impl Calls {
    /// Adds another. Every field is named, so that the compiler sees one that is forgotten.
    pub fn merge(&mut self, other: &Calls) {
        macro_rules! add {
            ($($field:ident)*) => {
                let Calls { $($field),* } = other;
                $(self.$field += $field;)*
            };
        }
        add!(paged called answered acknowledged acknowledge_ms pages in_time decided ladders exhausted uncovered grouped never_paged snoozed taken_over);
    }

    pub(super) fn add(&mut self, ticket: &Ticket, what: &Happening, now: Instant, window: &Window) {
        let (mine, inside) = (i64::from(ticket.measured), i64::from(window.contains(now)));
        match *what {
            Happening::Grouped { .. } => self.grouped += mine,
            Happening::NeverPaged => self.never_paged += mine,
            Happening::Snoozed { .. } => self.snoozed += mine,
            Happening::TakenOver { .. } => self.taken_over += mine,
            Happening::Acknowledged {
                after, first, in_time, ..
            } => {
                if first {
                    self.acknowledged += mine;
                    self.acknowledge_ms += mine * after.ms();
                }
                // One that came late was counted when its time was up.
                self.in_time += inside * i64::from(in_time == Some(true));
                self.decided += inside * i64::from(in_time == Some(true));
            }
            Happening::PageTimeout { unanswered, .. } => self.decided += inside * i64::from(unanswered),
            Happening::LadderStarted { .. } => self.ladders += inside,
            Happening::LadderExhausted { after, .. } => self.exhausted += i64::from(window.contains(now - after)),
            Happening::Uncovered { .. } => self.uncovered += inside,
            _ => {}
        }
    }
}

/// Wakings of one night beyond which they are counted together.
const MOST: usize = 15;

/// What is counted of a schedule in the window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Duty {
    /// Pages to whoever was on call.
    pub pages: i64,
    /// Wakings.
    pub wakings: i64,
    /// Nights by wakings, those without left out.
    nights: [i64; MOST + 1],
    /// Nights that somebody was on call in, at least a part of.
    pub person_nights: i64,
    /// People of the schedule.
    pub people: i64,
    /// Shifts begun without the rest that a night on call calls for.
    pub rest_missed: i64,
}

/// Who is on call in the window, and in which of their nights at least a part of.
#[derive(Debug, Default)]
struct OnCallInWindow {
    people: BTreeSet<AgentId>,
    nights: BTreeSet<(AgentId, usize)>,
}

impl OnCallInWindow {
    /// By a schedule.
    fn of(schedule: &Schedule, model: &Model) -> OnCallInWindow {
        let changes: Vec<_> = schedule.changes().collect();
        let end = |index: usize| changes.get(index + 1).map_or(model.window.until, |(from, _)| *from);
        let mut found = OnCallInWindow::default();
        for (index, (from, who)) in changes.iter().enumerate() {
            let Some(agent) = *who else { continue };
            let (from, until) = ((*from).max(model.window.from), end(index).min(model.window.until));
            if from < until {
                found.people.insert(agent);
                let of_agent = model.on_call.nights(agent);
                let first = of_agent.partition_point(|(_, over)| *over <= from);
                let begun = of_agent[first..].iter().take_while(|(begins, _)| *begins < until);
                let nights = (first..).zip(begun);
                found.nights.extend(nights.map(|(night, _)| (agent, night)));
            }
        }
        found
    }

    /// Nothing counted of them yet.
    fn duty(&self) -> Duty {
        Duty {
            person_nights: self.nights.len() as i64,
            people: self.people.len() as i64,
            ..Duty::default()
        }
    }
}

impl Duty {
    /// Of all schedules of a model and the people that it pages by name together, then of each and of those people if there are
    /// any; nothing counted yet. Who is on call in several schedules is one person of all, with one night a night.
    fn of(model: &Model) -> (Duty, Vec<Duty>) {
        let by_name = by_name(model);
        let schedules = model.on_call.schedules.iter();
        let on_call: Vec<OnCallInWindow> = schedules.map(|schedule| OnCallInWindow::of(schedule, model)).collect();
        let mut all = OnCallInWindow::default();
        for one in &on_call {
            all.people.extend(&one.people);
            all.nights.extend(&one.nights);
        }
        all.people.extend(&by_name);
        let mut duty: Vec<Duty> = on_call.iter().map(OnCallInWindow::duty).collect();
        let people_by_name = Duty {
            people: by_name.len() as i64,
            ..Duty::default()
        };
        duty.extend((!by_name.is_empty()).then_some(people_by_name));
        (all.duty(), duty)
    }

    pub(super) fn clear(&mut self) {
        *self = Duty {
            person_nights: self.person_nights,
            people: self.people,
            ..Duty::default()
        };
    }

    /// Adds the pages of another, whose people and nights are among these: each is of one schedule. The nights of both may be the
    /// same ones, and so may the shifts without rest after them.
    fn add_pages(&mut self, other: &Duty) {
        self.pages += other.pages;
        self.wakings += other.wakings;
    }

    /// A page that wakes somebody, who was woken `before` times in this night, or does not wake them.
    pub(super) fn page(&mut self, woken: Option<usize>) {
        self.pages += 1;
        if let Some(before) = woken {
            self.wakings += 1;
            self.wake(before);
        }
    }

    /// Somebody is woken who was woken `before` times in this night.
    fn wake(&mut self, before: usize) {
        let before = before.min(MOST);
        if before > 0 {
            self.nights[before] -= 1;
        }
        self.nights[(before + 1).min(MOST)] += 1;
    }

    /// Nights in which somebody was woken.
    pub fn nights_woken(&self) -> i64 {
        self.nights.iter().sum()
    }

    /// Wakings that a share `q` of the nights on call do not exceed.
    pub fn wakings_quantile(&self, q: f64) -> f64 {
        let rank = (q * self.person_nights as f64).ceil() as i64;
        let mut up_to = self.person_nights - self.nights_woken();
        let mut wakings = 0;
        while up_to < rank && wakings < MOST {
            wakings += 1;
            up_to += self.nights[wakings];
        }
        wakings as f64
    }
}

/// People whom escalation policies page by name, not through a schedule: those that they name and, where whoever acknowledged
/// may be paged again, everybody on their levels.
pub(super) fn by_name(model: &Model) -> BTreeSet<AgentId> {
    let mut people = BTreeSet::new();
    for policy in &model.on_call.policies {
        let levels = policy.levels.iter().flat_map(|level| &level.targets);
        for target in levels.chain(&policy.last_resort) {
            match *target {
                PageTarget::Person(agent) => people.extend([agent]),
                PageTarget::Schedule(schedule) if policy.ack_timeout.is_some() || policy.snooze.is_some() => {
                    let schedule = &model.on_call.schedules[schedule.index()];
                    people.extend(schedule.changes().filter_map(|(_, who)| who));
                }
                PageTarget::Schedule(_) => {}
            }
        }
    }
    people
}

/// Counts what happens to tickets' pages.
#[derive(Debug, Clone, Default)]
pub struct OnCallCounts {
    /// Cells as the tickets'; empty if nobody can be paged.
    pub calls: Vec<Calls>,
    /// By the team that held the ticket then; empty too if there is one team.
    pub by_team: Vec<Calls>,
    /// By schedule; last, pages to people by name, if there can be any.
    pub duty: Vec<Duty>,
    /// The people and nights of all of them, and the shifts without rest.
    of_all: Duty,
    /// Wakings of the last night of each who was woken: by a schedule, or by any.
    last_nights: Vec<LastNight>,
}

/// How often somebody was woken in their last night in which they were.
#[derive(Debug, Clone, Copy)]
struct LastNight {
    schedule: Option<ScheduleId>,
    agent: AgentId,
    night: usize,
    wakings: usize,
}

impl OnCallCounts {
    pub(super) fn of(model: &Model, cells: usize, teams: usize) -> OnCallCounts {
        if !model.on_call.is_used() {
            return OnCallCounts::default();
        }
        let (of_all, duty) = Duty::of(model);
        OnCallCounts {
            calls: vec![Calls::default(); cells],
            by_team: vec![Calls::default(); teams],
            duty,
            of_all,
            last_nights: Vec::new(),
        }
    }

    /// Counts a waking by a schedule (or by any) in somebody's night; how many there were before.
    fn woken_before(&mut self, schedule: Option<ScheduleId>, agent: AgentId, night: usize) -> usize {
        let of = |last: &LastNight| last.schedule == schedule && last.agent == agent;
        let place = self.last_nights.iter().position(of).unwrap_or_else(|| {
            self.last_nights.push(LastNight {
                schedule,
                agent,
                night,
                wakings: 0,
            });
            self.last_nights.len() - 1
        });
        let last = &mut self.last_nights[place];
        let before = if last.night == night { last.wakings } else { 0 };
        (last.night, last.wakings) = (night, before + 1);
        before
    }

    /// A page to whoever is on call of a schedule.
    fn page(&mut self, schedule: ScheduleId, agent: AgentId, wakes: bool, (now, model): (Instant, &Model)) {
        let night = model.on_call.nights(agent).partition_point(|(from, _)| *from <= now);
        let before = wakes.then(|| self.woken_before(Some(schedule), agent, night));
        self.duty[schedule.index()].page(before);
        if wakes {
            let before = self.woken_before(None, agent, night);
            self.of_all.wake(before);
        }
    }

    /// What is counted of all schedules together, then of each.
    pub(super) fn all_and_each(&self) -> Vec<Duty> {
        let mut all = self.of_all;
        self.duty.iter().for_each(|one| all.add_pages(one));
        std::iter::once(all).chain(self.duty.iter().copied()).collect()
    }

    pub(super) fn clear(&mut self) {
        self.calls.fill(Calls::default());
        self.by_team.fill(Calls::default());
        self.duty.iter_mut().for_each(Duty::clear);
        self.of_all.clear();
        self.last_nights.clear();
    }

    /// Somebody begins a shift without the rest that their last night calls for: a fault of the schedules that they were on call
    /// for in it, else of the policies that page them by name; one shift of all.
    pub(super) fn lacks_rest(&mut self, now: Instant, agent: AgentId, model: &Model) {
        let nights = model.on_call.nights(agent);
        let begun = nights.partition_point(|(from, _)| *from <= now);
        let Some((from, until)) = begun.checked_sub(1).map(|last| nights[last]) else {
            return;
        };
        let mut found = false;
        for (schedule, duty) in model.on_call.schedules.iter().zip(&mut self.duty) {
            let ends = schedule.changes().skip(1).map(|(from, _)| from).chain([Instant::LAST]);
            let mut turns = schedule.changes().zip(ends);
            let on_call = turns.any(|((begins, who), ends)| who == Some(agent) && begins < until && from < ends);
            duty.rest_missed += i64::from(on_call);
            found |= on_call;
        }
        if let Some(by_name) = self.duty.get_mut(model.on_call.schedules.len()).filter(|_| !found) {
            by_name.rest_missed += 1;
            found = true;
        }
        self.of_all.rest_missed += i64::from(found);
    }

    pub(super) fn happened(&mut self, now: Instant, ticket: &Ticket, cell: usize, what: &Happening, model: &Model) {
        let window = &model.window;
        let Some(calls) = self.calls.get_mut(cell) else { return };
        calls.add(ticket, what, now, window);
        if let Some(calls) = self.by_team.get_mut(ticket.team.index()) {
            calls.add(ticket, what, now, window);
        }
        if let Happening::Paged {
            agent, schedule, woken, ..
        } = *what
            && window.contains(now)
        {
            match schedule {
                Some(schedule) => self.page(schedule, agent, woken.is_some(), (now, model)),
                // Nobody is on call by name: nights belong to schedules.
                None => self.duty.last_mut().into_iter().for_each(|by_name| by_name.page(None)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nights_are_counted_by_their_wakings() {
        let mut duty = Duty {
            person_nights: 20,
            people: 4,
            ..Duty::default()
        };
        for woken in [Some(0), Some(1), Some(2), None, Some(0)] {
            duty.page(woken);
        }
        assert_eq!((duty.pages, duty.wakings, duty.nights_woken()), (5, 4, 2));
        assert_eq!(duty.wakings_quantile(0.90), 0.0);
        assert_eq!(duty.wakings_quantile(0.95), 1.0);
        assert_eq!(duty.wakings_quantile(0.99), 3.0);
    }
}
