//! Storms: faults that begin, and the tickets that would come of them.
//!
//! When a fault begins, how many children it would have and when each would come is drawn at its beginning, from the fault's
//! and the children's own streams. So it is the same under every candidate; whether a child really comes is decided at its
//! instant: not once the fault is over, not if a status page spares it, not if it joins an alert that is open. What becomes of
//! the tickets (declared, linked, solved together) is decided in `incident`.

use super::arrivals::{Course, NUMBER_BITS};
use super::tickets::Slot;
use crate::model::{Breeding, CHILDREN_MAX, Children, HowMany, Incident, IncidentId, KindId, Model};
use crate::random::{Key, Purpose, Stream, ln, open01};
use crate::time::{Instant, Length};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Codes of kinds of faults in the service's part of an entity, downwards from here: the one above is that of tickets
/// written out.
pub(super) const CODE: u64 = (1 << 24) - 2;
/// Numbers of faults that are written out, and of the one that a kind's written-out tickets belong to.
const WRITTEN: u64 = 1 << 32;
const OF_TICKETS: u64 = 1 << 33;
/// Marks the beginning of a fault among what is to come; the rest is its kind.
const BEGINS: u32 = 1 << 31;

/// One fault.
#[derive(Debug)]
pub struct Fault {
    /// Its kind.
    pub(super) kind: IncidentId,
    /// Entity of its own streams.
    pub(super) entity: u64,
    /// Entity of its first ticket; its children's follow.
    pub(super) first: u64,
    /// When it began.
    pub(super) began: Instant,
    /// When it ends by itself.
    lasts_until: Instant,
    /// When it was mitigated or ended otherwise.
    over: Option<Instant>,
    /// Monitoring has seen it.
    pub(super) is_seen: bool,
    /// When the organisation came to know of it.
    pub(super) declared: Option<Instant>,
    /// Its parent while that is open.
    pub(super) parent: Option<Slot>,
    /// What its tickets are about.
    pub(super) about: Option<KindId>,
    /// Tickets that have come of it.
    pub(super) tickets: u32,
    /// Tickets linked so far.
    pub(super) linked: u32,
    /// Open tickets that are linked to its parent, in the order in which they were.
    pub(super) waiting: Vec<u32>,
    /// Open tickets that will be recognised once it is declared.
    pub(super) recognisable: Vec<u32>,
}

impl Fault {
    /// Whether it still hurts.
    pub(super) fn is_there(&self, now: Instant) -> bool {
        self.over.is_none() && now < self.lasts_until
    }

    /// It is mitigated.
    pub(super) fn ends(&mut self, now: Instant) {
        if self.is_there(now) {
            self.over = Some(now);
        }
    }
}

/// What comes of a fault at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coming {
    /// Its first ticket: fault and entity.
    Parent(u32, u64),
    /// One of its other tickets.
    Child(u32, u64),
    /// A ticket that the status page spared.
    Spared(u32, u64),
    /// A ticket that joined its open parent.
    Joined(u32, u64),
    /// Nothing: the fault was over.
    Nothing,
}

/// When the random faults of one kind begin.
#[derive(Debug)]
struct Beginnings {
    kind: usize,
    number: u64,
    course: Course,
}

/// All faults of one replication, begun and to come.
#[derive(Debug, Default)]
pub struct Storms {
    beginnings: Vec<Beginnings>,
    /// (instant, fault or kind that begins, child or number of the beginning).
    coming: BinaryHeap<Reverse<(i64, u32, u64)>>,
    pub(super) faults: Vec<Fault>,
    /// By kind: tickets numbered so far, and the fault of its written-out tickets.
    numbered: Vec<u64>,
    of_tickets: Vec<Option<u32>>,
}

impl Storms {
    pub(super) fn begin(&mut self, model: &Model, key: Key, replication: u32) {
        let incidents = &model.population.incidents;
        self.beginnings.clear();
        self.coming.clear();
        self.faults.clear();
        self.numbered.clear();
        self.numbered.resize(incidents.len(), 0);
        self.of_tickets.clear();
        self.of_tickets.resize(incidents.len(), None);
        for (kind, incident) in incidents.iter().enumerate() {
            for (index, at) in incident.at.iter().enumerate() {
                let begins = (at.ms(), BEGINS | kind as u32, WRITTEN | index as u64);
                self.coming.push(Reverse(begins));
            }
            if incident.flow.is_some() {
                let (number, course) = (0, Course::default());
                self.beginnings.push(Beginnings { kind, number, course });
                self.plan_next(model, self.beginnings.len() - 1, key, replication);
            }
        }
    }

    /// When something comes next.
    pub(super) fn next_at(&self) -> i64 {
        self.coming.peek().map_or(i64::MAX, |Reverse((at, _, _))| *at)
    }

    /// Puts the next random fault of a kind among what is to come.
    fn plan_next(&mut self, model: &Model, row: usize, key: Key, replication: u32) {
        let beginnings = &mut self.beginnings[row];
        let Some(flow) = &model.population.incidents[beginnings.kind].flow else {
            return;
        };
        let number = beginnings.number;
        beginnings.number += 1;
        let entity = fault_entity(beginnings.kind, number);
        let word = Stream::new(key, Purpose::FAULT, replication, entity).block(0)[0];
        let at = beginnings.course.advance(-ln(open01(word)), flow, key, replication);
        if at < i64::MAX {
            self.coming.push(Reverse((at, BEGINS | beginnings.kind as u32, number)));
        }
    }

    /// What comes next, now.
    pub(super) fn take(&mut self, model: &Model, key: Key, replication: u32) -> Coming {
        let Some(Reverse((at, whose, number))) = self.coming.pop() else {
            return Coming::Nothing;
        };
        let now = Instant::from_ms(at);
        if whose & BEGINS == 0 {
            return self.child(model, whose, number, now, key, replication);
        }
        let kind = (whose & !BEGINS) as usize;
        if number < WRITTEN
            && let Some(row) = self.beginnings.iter().position(|row| row.kind == kind)
        {
            self.plan_next(model, row, key, replication);
        }
        let fault = self.break_out(model, kind, number, now, key, replication);
        Coming::Parent(fault, self.faults[fault as usize].first)
    }

    /// The fault to which a ticket written out belongs, and whether it has just begun.
    pub(super) fn of_ticket(
        &mut self,
        model: &Model,
        kind: IncidentId,
        now: Instant,
        key: Key,
        replication: u32,
    ) -> (u32, bool) {
        match self.of_tickets[kind.index()] {
            Some(fault) => (fault, false),
            None => {
                let fault = self.break_out(model, kind.index(), OF_TICKETS, now, key, replication);
                self.of_tickets[kind.index()] = Some(fault);
                (fault, true)
            }
        }
    }

    /// A fault begins: its end and its children are drawn.
    fn break_out(&mut self, model: &Model, kind: usize, number: u64, now: Instant, key: Key, replication: u32) -> u32 {
        let (incident, entity) = (&model.population.incidents[kind], fault_entity(kind, number));
        let lasts = incident.lasts.as_ref().map(|law| {
            let word = Stream::new(key, Purpose::FAULT, replication, entity).block(1)[0];
            Length::from_ms(law.draw_ms(open01(word)))
        });
        let lasts_until = lasts.map_or(Instant::LAST, |lasts| now + lasts);
        let (fault, first) = (self.faults.len() as u32, ticket_entity(kind, self.numbered[kind]));
        let children = match &incident.children {
            Some(children) => {
                let of_fault = Stream::new(key, Purpose::STORM, replication, entity);
                let word = |child: u64| Stream::new(key, Purpose::STORM, replication, first + child).block(0)[0];
                self.breed(children, fault, (now, lasts_until), of_fault, word)
            }
            None => 0,
        };
        self.numbered[kind] += 1 + children;
        self.faults.push(Fault {
            kind: IncidentId::new(kind),
            entity,
            first,
            began: now,
            lasts_until,
            over: None,
            is_seen: false,
            declared: None,
            parent: None,
            about: None,
            tickets: 0,
            linked: 0,
            waiting: Vec::new(),
            recognisable: Vec::new(),
        });
        fault
    }

    /// Draws when each child would come, and gives their number. Children are numbered from 1.
    fn breed(
        &mut self,
        children: &Children,
        fault: u32,
        (now, until): (Instant, Instant),
        of_fault: Stream,
        word: impl Fn(u64) -> u64,
    ) -> u64 {
        let mut add = |child: u64, after: i64| {
            let at = now + Length::from_ms(after);
            if at < until {
                self.coming.push(Reverse((at.ms(), fault, child)));
            }
        };
        match &children.breeding {
            Breeding::Count(law, delay) => {
                let count = count(*law, of_fault);
                for child in 1..=count {
                    let after = delay.as_ref().map_or(0, |law| law.draw_ms(open01(word(child))));
                    add(child, after);
                }
                count
            }
            Breeding::Rate(rate) => {
                let (mut after, most) = (0.0, (until - now).ms() as f64);
                let mut child = 0;
                while child < CHILDREN_MAX as u64 && *rate > 0.0 {
                    after -= ln(open01(word(child + 1))) / rate;
                    if after >= most {
                        break;
                    }
                    child += 1;
                    add(child, after as i64);
                }
                child
            }
            Breeding::Written(times) => {
                for (index, after) in times.iter().enumerate() {
                    add(index as u64 + 1, after.ms());
                }
                times.len() as u64
            }
        }
    }

    /// A child's instant has come: what of it?
    fn child(&self, model: &Model, fault: u32, child: u64, now: Instant, key: Key, replication: u32) -> Coming {
        let of = &self.faults[fault as usize];
        if !of.is_there(now) {
            return Coming::Nothing;
        }
        let (incident, entity) = (&model.population.incidents[of.kind.index()], of.first + child);
        let declared = of.declared.filter(|_| of.parent.is_some());
        if is_spared(incident, declared, now, entity, key, replication) {
            return Coming::Spared(fault, entity);
        }
        match incident.dedup && of.parent.is_some() {
            true => Coming::Joined(fault, entity),
            false => Coming::Child(fault, entity),
        }
    }
}

/// Whether the status page spares a ticket: those who look at it are the first to know, in the order of their own draw.
fn is_spared(
    incident: &Incident,
    declared: Option<Instant>,
    now: Instant,
    entity: u64,
    key: Key,
    replication: u32,
) -> bool {
    let Some((page, declared)) = incident.status_page.zip(declared) else {
        return false;
    };
    let word = Stream::new(key, Purpose::LINK, replication, entity).block(2)[0];
    open01(word) < page.spared(now - declared)
}

fn fault_entity(kind: usize, number: u64) -> u64 {
    (kind as u64) << NUMBER_BITS | number
}

fn ticket_entity(kind: usize, number: u64) -> u64 {
    (CODE - kind as u64) << NUMBER_BITS | number
}

/// Draws a number, at most [`CHILDREN_MAX`]. All laws grow with their mean for the same stream: Poisson counts the arrivals of
/// a process of rate 1 in a time of its mean, geometric is inverted.
fn count(law: HowMany, stream: Stream) -> u64 {
    let most = CHILDREN_MAX as u64;
    match law {
        HowMany::Fixed(count) => u64::from(count).min(most),
        HowMany::Geometric(mean) if mean > 0.0 => {
            let count = ln(open01(stream.block(0)[0])) / ln(mean / (1.0 + mean));
            (count as u64).min(most)
        }
        HowMany::Geometric(_) => 0,
        HowMany::Poisson(mean) => {
            let mut sum = 0.0;
            for count in 0..most {
                sum -= ln(open01(stream.block(count as u32 / 2)[count as usize % 2]));
                if sum > mean {
                    return count;
                }
            }
            most
        }
    }
}
