//! A team's queue, in the order that its discipline names.
//!
//! Disciplines whose order is "rank, then order of entering" keep one linked list a rank, threaded through the ticket
//! rows: entering, leaving from the head and leaving from the middle are all constant time. Disciplines with a key a ticket
//! keep a heap whose entries are dropped lazily. The queue of a team whose people differ is cut into lanes, each such a heap.

use super::lanes::LaneHeaps;
use super::tickets::{NOWHERE, Slot, Ticket, Tickets};
use crate::model::Discipline;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Two bands of tasks come before those of tickets: what holds others up, then the rest. Tasks that can wait have one after them.
const FIRST_BAND: usize = 2;
const LAST_BAND: usize = 1;

/// What the queue orders by: smaller goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank(pub i64);

/// Where a ticket enters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Behind those of its rank.
    Tail,
    /// Before those of its rank: it has been begun before.
    Head,
}

#[derive(Debug, Clone, Copy)]
struct Band {
    head: u32,
    tail: u32,
}

const EMPTY: Band = Band {
    head: NOWHERE,
    tail: NOWHERE,
};

/// A queue.
#[derive(Debug)]
pub struct Backlog {
    discipline: Discipline,
    customer_tiers: usize,
    bands: Vec<Band>,
    /// Rank, order within it, stamp, row.
    heap: BinaryHeap<Reverse<(i64, i64, u32, u32)>>,
    /// Of a team whose people differ.
    lanes: Option<LaneHeaps>,
    /// Tasks among its entries, of a queue with a key a ticket.
    tasks: usize,
    /// The last band of tickets.
    last_band: i64,
    len: usize,
    /// No band before this one holds a ticket.
    lowest: usize,
}

impl Backlog {
    pub(super) fn new(discipline: Discipline, severities: usize, customer_tiers: usize) -> Backlog {
        let bands = bands(discipline, severities, customer_tiers);
        Backlog {
            discipline,
            customer_tiers,
            bands: vec![EMPTY; bands],
            heap: BinaryHeap::new(),
            lanes: None,
            tasks: 0,
            last_band: (bands as i64 - 1 - LAST_BAND as i64).max(FIRST_BAND as i64),
            len: 0,
            lowest: 0,
        }
    }

    /// Whether it has what such a queue needs, lanes left out.
    pub(super) fn is_like(&self, discipline: Discipline, severities: usize, customer_tiers: usize) -> bool {
        self.discipline == discipline
            && self.customer_tiers == customer_tiers
            && self.bands.len() == bands(discipline, severities, customer_tiers)
    }

    /// The same queue, cut into lanes.
    pub(super) fn in_lanes(self, lanes: LaneHeaps) -> Backlog {
        Backlog {
            bands: Vec::new(),
            lanes: Some(lanes),
            ..self
        }
    }

    pub(super) fn clear(&mut self) {
        self.bands.fill(EMPTY);
        self.heap.clear();
        self.lanes.iter_mut().for_each(LaneHeaps::clear);
        self.tasks = 0;
        self.len = 0;
        self.lowest = 0;
    }

    /// The lanes of a team whose people differ.
    #[inline]
    pub(super) fn lanes(&self) -> Option<&LaneHeaps> {
        self.lanes.as_ref()
    }

    /// Whether anything may stand in its lanes, of its own or of a team that it helps.
    #[inline]
    pub(super) fn has_entries(&self) -> bool {
        self.lanes.as_ref().is_some_and(|lanes| !lanes.is_empty())
    }

    pub(super) fn lanes_mut(&mut self) -> Option<&mut LaneHeaps> {
        self.lanes.as_mut()
    }

    /// Tickets waiting, tasks left out.
    pub(super) fn tickets(&self, tickets: &Tickets) -> usize {
        let tasks = match self.bands.split_last() {
            Some((last, before)) => before[..FIRST_BAND]
                .iter()
                .chain([last])
                .map(|band| length(band, tickets))
                .sum(),
            None => self.tasks,
        };
        self.len - tasks
    }

    /// Tickets and tasks waiting.
    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nobody waits.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether every ticket has a key of its own: who takes one out needs no rank.
    #[inline]
    pub(super) fn keyed(&self) -> bool {
        self.bands.is_empty()
    }

    /// Rank of a ticket, where it follows from the ticket alone; `None` where the discipline goes by deadlines. Tasks of the
    /// organisation's own go before all tickets, or after them if they can wait.
    #[inline]
    pub(super) fn fixed_rank(&self, ticket: &Ticket) -> Option<Rank> {
        if ticket.is_task() || ticket.boost != 0 {
            return self.unusual_rank(ticket);
        }
        let first = FIRST_BAND as i64;
        Some(Rank(match self.discipline {
            Discipline::Severity => first + ticket.severity.index() as i64,
            Discipline::Fifo => first,
            Discipline::SeverityCustomer => {
                first + (ticket.severity.index() * self.customer_tiers + ticket.customer.index()) as i64
            }
            Discipline::Ageing(step) => ticket.ages_since().ms() + step.ms() * ticket.severity.index() as i64,
            Discipline::Deadline => return None,
        }))
    }

    /// Rank of a task, or of a ticket that rules have put forward or back by steps of severity.
    #[inline(never)]
    fn unusual_rank(&self, ticket: &Ticket) -> Option<Rank> {
        if ticket.is_task() {
            let task = ticket.task;
            return Some(Rank(match (task.can_wait(), self.keyed()) {
                (false, true) => i64::MIN + i64::from(!task.holds_up()),
                (false, false) => i64::from(!task.holds_up()),
                (true, true) => i64::MAX,
                (true, false) => self.bands.len() as i64 - 1,
            }));
        }
        let severity = ticket.severity.index() as i64 - i64::from(ticket.boost);
        let first = FIRST_BAND as i64;
        let last = self.last_band;
        Some(Rank(match self.discipline {
            Discipline::Severity => (first + severity).clamp(first, last),
            Discipline::Fifo => first,
            Discipline::SeverityCustomer => {
                let tiers = self.customer_tiers as i64;
                let customer = ticket.customer.index() as i64;
                (first + severity.clamp(0, (last - first) / tiers) * tiers + customer).clamp(first, last)
            }
            Discipline::Ageing(step) => ticket.ages_since().ms() + step.ms() * severity,
            Discipline::Deadline => return None,
        }))
    }

    /// Puts a ticket into the queue.
    #[inline]
    pub(super) fn enter(&mut self, tickets: &mut Tickets, slot: Slot, rank: Rank, place: Place) {
        self.len += 1;
        tickets[slot].at_head = place == Place::Head;
        if self.keyed() {
            let stamp = tickets.next_queue_stamp();
            tickets[slot].queue_order = match place {
                Place::Head => -i64::from(stamp),
                // What other teams offer, or somebody's line held, stands among them by its time of entering.
                Place::Tail => tickets[slot].queue_since.ms(),
            };
            return self.enter_keyed(tickets, slot, rank, stamp);
        }
        match place {
            Place::Tail => self.append(tickets, slot, rank.0 as usize),
            Place::Head => self.prepend(tickets, slot, rank.0 as usize),
        }
    }

    /// The same where each ticket has a key, in the order that it has among those of its rank.
    fn enter_keyed(&mut self, tickets: &mut Tickets, slot: Slot, rank: Rank, stamp: u32) {
        let ticket = &mut tickets[slot];
        ticket.queue_stamp = stamp;
        self.tasks += usize::from(ticket.is_task());
        match &mut self.lanes {
            Some(lanes) => lanes.enter(ticket, slot, rank),
            None => self
                .heap
                .push(Reverse((rank.0, ticket.queue_order, stamp, slot as u32))),
        }
    }

    #[inline]
    fn append(&mut self, tickets: &mut Tickets, slot: Slot, band: usize) {
        self.lowest = self.lowest.min(band);
        let tail = self.bands[band].tail;
        tickets[slot].next = NOWHERE;
        tickets[slot].previous = tail;
        match tail {
            NOWHERE => self.bands[band].head = slot as u32,
            tail => tickets[tail as usize].next = slot as u32,
        }
        self.bands[band].tail = slot as u32;
    }

    fn prepend(&mut self, tickets: &mut Tickets, slot: Slot, band: usize) {
        self.lowest = self.lowest.min(band);
        let head = self.bands[band].head;
        tickets[slot].previous = NOWHERE;
        tickets[slot].next = head;
        match head {
            NOWHERE => self.bands[band].tail = slot as u32,
            head => tickets[head as usize].previous = slot as u32,
        }
        self.bands[band].head = slot as u32;
    }

    /// Puts a ticket whose rank changed where it would stand had it had the rank from the start: what was handed back before what
    /// nobody has begun, the last of it first; the rest by its time of entering.
    pub(super) fn reenter(&mut self, tickets: &mut Tickets, slot: Slot, rank: Rank) {
        if self.keyed() {
            self.len += 1;
            let stamp = tickets.next_queue_stamp();
            return self.enter_keyed(tickets, slot, rank, stamp);
        }
        let (band, own) = (rank.0 as usize, place_in_band(&tickets[slot]));
        let mut before = self.bands[band].tail;
        while before != NOWHERE && place_in_band(&tickets[before as usize]) > own {
            before = tickets[before as usize].previous;
        }
        if before == NOWHERE {
            self.prepend(tickets, slot, band);
        } else if self.bands[band].tail == before {
            self.append(tickets, slot, band);
        } else {
            let after = tickets[before as usize].next;
            tickets[slot].previous = before;
            tickets[slot].next = after;
            tickets[before as usize].next = slot as u32;
            tickets[after as usize].previous = slot as u32;
        }
        self.len += 1;
    }

    /// The ticket that goes next, with its rank.
    #[inline]
    pub(super) fn first(&mut self, tickets: &Tickets) -> Option<(Slot, Rank)> {
        if self.len == 0 {
            return None;
        }
        if self.keyed() {
            return self.first_keyed(tickets);
        }
        while let Some(band) = self.bands.get(self.lowest) {
            if band.head != NOWHERE {
                return Some((band.head as usize, Rank(self.lowest as i64)));
            }
            self.lowest += 1;
        }
        None
    }

    /// How a ticket that came at this instant, as number `nth` of what did, stands among those of its rank: smaller is before.
    pub(super) fn order(&self, ticket: &Ticket, nth: usize) -> (bool, i64, i64) {
        if self.keyed() {
            return (true, ticket.queue_order, i64::from(ticket.queue_stamp));
        }
        let (is_behind, since) = place_in_band(ticket);
        (is_behind, since, if is_behind { nth as i64 } else { -(nth as i64) })
    }

    /// Takes the ticket that goes next.
    #[inline]
    pub(super) fn take_first(&mut self, tickets: &mut Tickets) -> Option<Slot> {
        let (slot, rank) = self.first(tickets)?;
        if self.keyed() {
            self.leave(tickets, slot, rank);
            return Some(slot);
        }
        self.len -= 1;
        let next = tickets[slot].next;
        let band = &mut self.bands[rank.0 as usize];
        band.head = next;
        match next {
            NOWHERE => band.tail = NOWHERE,
            next => tickets[next as usize].previous = NOWHERE,
        }
        Some(slot)
    }

    fn first_keyed(&mut self, tickets: &Tickets) -> Option<(Slot, Rank)> {
        if let Some(lanes) = &mut self.lanes {
            return lanes.first(tickets, |_, _| true).map(|(_, slot, rank)| (slot, rank));
        }
        while let Some(&Reverse((key, _, stamp, slot))) = self.heap.peek() {
            if tickets[slot as usize].queue_stamp == stamp {
                return Some((slot as usize, Rank(key)));
            }
            self.heap.pop();
        }
        None
    }

    /// Takes a ticket out, wherever it stands. `rank` is the rank with which it entered.
    #[inline]
    pub(super) fn leave(&mut self, tickets: &mut Tickets, slot: Slot, rank: Rank) {
        debug_assert!(self.len > 0);
        self.len -= 1;
        if self.keyed() {
            tickets[slot].queue_stamp = 0;
            self.tasks -= usize::from(tickets[slot].is_task());
            return;
        }
        let band = rank.0 as usize;
        let (previous, next) = (tickets[slot].previous, tickets[slot].next);
        match previous {
            NOWHERE => self.bands[band].head = next,
            previous => tickets[previous as usize].next = next,
        }
        match next {
            NOWHERE => self.bands[band].tail = previous,
            next => tickets[next as usize].previous = previous,
        }
    }
}

/// How many bands a queue has; none if every ticket has a key of its own.
fn bands(discipline: Discipline, severities: usize, customer_tiers: usize) -> usize {
    let of_tickets = match discipline {
        Discipline::Fifo => 1,
        Discipline::Severity => severities,
        Discipline::SeverityCustomer => severities * customer_tiers,
        Discipline::Deadline | Discipline::Ageing(_) => return 0,
    };
    FIRST_BAND + of_tickets + LAST_BAND
}

/// Where a ticket stands among those of its rank: smaller is before.
fn place_in_band(ticket: &Ticket) -> (bool, i64) {
    let since = ticket.queue_since.ms();
    match ticket.at_head {
        true => (false, -since),
        false => (true, since),
    }
}

/// Entries of a band: the bands of tasks are short.
fn length(band: &Band, tickets: &Tickets) -> usize {
    slots(band, tickets).count()
}

/// What stands in a band, in its order.
fn slots(band: &Band, tickets: &Tickets) -> impl Iterator<Item = u32> {
    let is_one = |slot: &u32| *slot != NOWHERE;
    let next = move |slot: &u32| Some(tickets[*slot as usize].next).filter(is_one);
    std::iter::successors(Some(band.head).filter(is_one), next)
}
