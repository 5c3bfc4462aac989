//! Desks: a team at work, its people and its queue.
//!
//! A desk knows who is idle, since when, and how many are busy; it keeps the integral of each over time. People are rows
//! of one table over all teams. Who takes which ticket is decided in `dispatch`.

use super::agenda::Stamp;
use super::backlog::Backlog;
use super::bits::Bits;
use super::lanes::LaneHeaps;
use super::tickets::{NOWHERE, Slot};
use crate::model::{AgentId, Model, TeamId};
use crate::time::Instant;

/// What a person does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Not on duty.
    Off,
    /// On duty, free.
    Idle,
    /// On duty, at work on a ticket.
    Busy,
    /// Not on duty any more, completing a ticket.
    Overtime,
    /// On a break.
    Break,
    /// Not on duty, at work on call.
    Called,
}

/// A person at work.
#[derive(Debug, Clone)]
pub struct Person {
    /// What they do.
    pub state: State,
    /// The ticket in work.
    pub ticket: Option<Slot>,
    /// Tickets that they have begun and that wait for them, in the order in which they go on.
    pub line: Vec<u32>,
    /// What they have in work at once, where people have several conversations; empty where they do not.
    pub(super) talks: Vec<u32>,
    /// Their tickets that wait for the customer.
    pub(super) pending: u32,
    /// How fast they work in this replication, before they learn or tire.
    pub(super) proficiency: f64,
    /// What they were called for while off duty and have not come to yet, in the order in which they were: they come to it as the
    /// discipline has it.
    pub(super) calls: Vec<u32>,
    /// Since when they are idle.
    pub(super) idle_since: Instant,
    pub(super) next: u32,
    pub(super) previous: u32,
    /// Validity of the end of overtime.
    pub(super) overtime: Stamp,
    /// The break that is due, how long it is; and the validity of its start, its latest start and its end.
    pub(super) break_due: Option<i64>,
    pub(super) break_forced: Stamp,
    pub(super) break_end: Stamp,
}

const NEW: Person = Person {
    state: State::Off,
    ticket: None,
    line: Vec::new(),
    talks: Vec::new(),
    pending: 0,
    proficiency: 1.0,
    calls: Vec::new(),
    idle_since: Instant::START,
    next: NOWHERE,
    previous: NOWHERE,
    overtime: Stamp::NONE,
    break_due: None,
    break_forced: Stamp::NONE,
    break_end: Stamp::NONE,
};

impl Person {
    /// The person works on this from now on. On call they stay off duty.
    #[inline]
    pub(super) fn takes(&mut self, slot: Slot) {
        self.ticket = Some(slot);
        if !matches!(self.state, State::Called | State::Overtime) {
            self.state = State::Busy;
        }
    }

    fn reset(&mut self) {
        let mut line = std::mem::take(&mut self.line);
        line.clear();
        let mut calls = std::mem::take(&mut self.calls);
        calls.clear();
        let mut talks = std::mem::take(&mut self.talks);
        talks.clear();
        *self = Person {
            line,
            calls,
            talks,
            ..NEW
        };
    }

    /// Whether the person works on this now.
    pub(super) fn works_on(&self, slot: Slot) -> bool {
        self.ticket == Some(slot) || self.talks.contains(&(slot as u32))
    }

    /// Whether the person is at work, on duty or not.
    pub fn is_at_work(&self) -> bool {
        matches!(self.state, State::Busy | State::Overtime | State::Called)
    }

    /// One ticket of theirs waits for its customer no longer.
    pub(super) fn has_one_pending_less(&mut self) {
        self.pending = self.pending.saturating_sub(1);
    }

    /// Whether the person is within a shift.
    pub fn on_duty(&self) -> bool {
        matches!(self.state, State::Idle | State::Busy | State::Break)
    }
}

/// Head counts at one instant and their integrals up to it, in ms × people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ledger {
    /// People at work on duty.
    pub busy: u32,
    /// People free on duty.
    pub idle: u32,
    /// People at work after their shift.
    pub overtime: u32,
    /// People at work on call, off duty.
    pub called: u32,
    /// Integral of `busy`.
    pub busy_ms: i64,
    /// Integral of `idle`.
    pub idle_ms: i64,
    /// Integral of `overtime`.
    pub overtime_ms: i64,
    /// Integral of `called`.
    pub called_ms: i64,
    since: i64,
}

impl Ledger {
    /// Brings the integrals up to `now`.
    #[inline]
    pub fn tick(&mut self, now: Instant) {
        let passed = now.ms() - self.since;
        if passed == 0 {
            return;
        }
        self.busy_ms += passed * i64::from(self.busy);
        self.idle_ms += passed * i64::from(self.idle);
        self.overtime_ms += passed * i64::from(self.overtime);
        self.called_ms += passed * i64::from(self.called);
        self.since = now.ms();
    }
}

/// A team at work.
#[derive(Debug)]
pub struct Desk {
    /// Its queue.
    pub queue: Backlog,
    /// Head counts.
    pub ledger: Ledger,
    /// Open tickets that the team holds: queued, in line, in work and waiting for the customer.
    pub held: u32,
    idle_head: u32,
    idle_tail: u32,
    /// Its first person's number.
    first: usize,
    /// Such a desk as gives its tickets out in another way: who is idle.
    pub(super) idle: Bits,
    /// Where people have several conversations: who has any.
    pub(super) talking: Bits,
    /// Secondary owners of it take over lines of primary ones.
    pub(super) takes_over: bool,
    /// Tickets in its people's lines.
    pub(super) lines: u32,
    /// Something changed since the last dispatch.
    pub(super) dirty: bool,
    /// A ticket entered the queue since the last look for somebody to interrupt.
    pub(super) entered: bool,
    /// More severe tickets may interrupt its people.
    preempts: bool,
    /// Such a desk: what entered its queue at the last instant at which anything did.
    came: Vec<u32>,
    came_at: Instant,
    /// It gives its tickets out in another way than the longest idle taking the head of one queue.
    pub(super) particular: bool,
    /// Such a desk: what entered its queue since the last dispatch.
    pub(super) newcomers: Vec<u32>,
    /// Such a desk: what came back since then to whoever solved it, and does not wait for them.
    pub(super) sticking: Vec<u32>,
    /// Such a desk: whose turn it is, by place in the team.
    pub(super) turn: usize,
}

impl Desk {
    pub(super) fn new(model: &Model, team: usize) -> Desk {
        let queue = Backlog::new(
            model.teams[team].discipline,
            model.names.severities.len(),
            model.names.customer_tiers.len(),
        );
        let plan = &model.teams[team];
        let particular = plan.is_particular();
        let queue = match particular {
            true => queue.in_lanes(LaneHeaps::of(plan, model.names.services.len())),
            false => queue,
        };
        Desk {
            queue,
            ledger: Ledger::default(),
            held: 0,
            idle_head: NOWHERE,
            idle_tail: NOWHERE,
            first: plan.agents.start,
            idle: if particular {
                Bits::of(plan.agents.len())
            } else {
                Bits::default()
            },
            talking: match plan.concurrency.is_some() {
                true => Bits::of(plan.agents.len()),
                false => Bits::default(),
            },
            takes_over: model.on_call.takes_over_in(TeamId::new(team), &model.agents),
            lines: 0,
            dirty: false,
            entered: false,
            preempts: plan.preemption.is_some(),
            came: Vec::new(),
            came_at: Instant::START,
            particular,
            newcomers: Vec::new(),
            sticking: Vec::new(),
            turn: 0,
        }
    }

    /// Whether it can be cleared for this team instead of being made anew.
    pub(super) fn is_like(&self, model: &Model, team: usize) -> bool {
        let plan = &model.teams[team];
        !self.particular
            && !plan.is_particular()
            && self.queue.is_like(
                plan.discipline,
                model.names.severities.len(),
                model.names.customer_tiers.len(),
            )
            && self.first == plan.agents.start
            && self.preempts == plan.preemption.is_some()
            && self.takes_over == model.on_call.takes_over_in(TeamId::new(team), &model.agents)
    }

    pub(super) fn clear(&mut self) {
        self.queue.clear();
        self.ledger = Ledger::default();
        self.held = 0;
        self.idle_head = NOWHERE;
        self.idle_tail = NOWHERE;
        self.idle.clear();
        self.talking.clear();
        self.lines = 0;
        self.dirty = false;
        self.entered = false;
        self.came.clear();
        self.newcomers.clear();
        self.sticking.clear();
        self.turn = 0;
    }

    /// A ticket has entered its queue: it may interrupt somebody.
    #[inline]
    pub(super) fn entered(&mut self, slot: Slot, now: Instant) {
        self.entered = true;
        if self.preempts {
            if self.came_at != now {
                self.came.clear();
                self.came_at = now;
            }
            // What left and entered again stands where it entered last.
            self.came.retain(|known| *known as usize != slot);
            self.came.push(slot as u32);
        }
        if self.particular {
            self.newcomers.push(slot as u32);
        }
    }

    /// What came to its queue at this instant, in that order, where it may interrupt somebody; some of it has left since.
    pub(super) fn came(&self, now: Instant) -> &[u32] {
        match self.came_at == now {
            true => &self.came,
            false => &[],
        }
    }

    /// Remembers to look at this desk, `team`'s, in the next dispatch.
    #[inline]
    pub(super) fn touch(&mut self, team: TeamId, dirty: &mut Vec<TeamId>) {
        if !self.dirty {
            self.dirty = true;
            dirty.push(team);
        }
    }

    /// Whether dispatch might find something for somebody who becomes free: something waits here.
    #[inline]
    pub(super) fn has_work(&self) -> bool {
        !self.queue.is_empty() || self.lines > 0 || (self.particular && self.queue.has_entries())
    }

    /// Whether dispatch would give a ticket that enters now to an idle person, if there is one: nobody is before it.
    #[inline]
    pub(super) fn would_serve_at_once(&self) -> bool {
        self.queue.is_empty() && self.lines == 0 && !self.dirty && !self.particular
    }

    /// Whether dispatch would give a person who becomes free now the head of the queue: nobody else is free.
    #[inline]
    pub(super) fn would_go_on(&self) -> bool {
        !self.queue.is_empty() && self.lines == 0 && self.idle_head == NOWHERE && !self.particular
    }

    /// The person who has been idle longest; of several since the same instant, the lowest number.
    #[inline]
    pub(super) fn longest_idle(&self) -> Option<AgentId> {
        (self.idle_head != NOWHERE).then(|| AgentId::new(self.idle_head as usize))
    }

    /// The next idle person after this one.
    #[inline]
    pub(super) fn idle_after(&self, people: &[Person], agent: AgentId) -> Option<AgentId> {
        let next = people[agent.index()].next;
        (next != NOWHERE).then(|| AgentId::new(next as usize))
    }

    /// Adds a person to the idle, ordered by (idle since, number).
    #[inline]
    pub(super) fn becomes_idle(&mut self, people: &mut [Person], agent: AgentId, since: Instant) {
        let me = agent.index();
        let mut before = self.idle_tail;
        while before != NOWHERE {
            let other = &people[before as usize];
            if (other.idle_since, before as usize) < (since, me) {
                break;
            }
            before = other.previous;
        }
        let after = match before {
            NOWHERE => std::mem::replace(&mut self.idle_head, me as u32),
            before => std::mem::replace(&mut people[before as usize].next, me as u32),
        };
        match after {
            NOWHERE => self.idle_tail = me as u32,
            after => people[after as usize].previous = me as u32,
        }
        let person = &mut people[me];
        person.state = State::Idle;
        person.idle_since = since;
        person.previous = before;
        person.next = after;
        self.ledger.idle += 1;
        self.idle.set(me - self.first, true);
    }

    /// Removes a person from the idle.
    #[inline]
    pub(super) fn no_longer_idle(&mut self, people: &mut [Person], agent: AgentId) {
        let (previous, next) = {
            let person = &people[agent.index()];
            debug_assert_eq!(person.state, State::Idle);
            (person.previous, person.next)
        };
        match previous {
            NOWHERE => self.idle_head = next,
            previous => people[previous as usize].next = next,
        }
        match next {
            NOWHERE => self.idle_tail = previous,
            next => people[next as usize].previous = previous,
        }
        self.ledger.idle -= 1;
        self.idle.set(agent.index() - self.first, false);
    }
}

/// Everybody, in the order of agent numbers.
pub(super) fn reset_people(people: &mut Vec<Person>, count: usize) {
    people.truncate(count);
    people.iter_mut().for_each(Person::reset);
    people.resize(count, NEW);
}
