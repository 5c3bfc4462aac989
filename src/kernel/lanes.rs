//! The queue of a particular team, cut into lanes: whoever is free takes the first ticket of the lanes that they are able to
//! work.
//!
//! A lane holds tickets that need the same skills and are liked the same; within it the discipline's order holds. Lane 0 is
//! for tasks. Severities that take a person alone have lanes of their own behind those of the others, so that one of them
//! does not hold up what stands behind it. Entries are dropped lazily: one is valid as long as its ticket keeps the stamp
//! of its entering. That is why a ticket can stand in two teams' lanes at once, and leaves both when either takes it.

use super::backlog::Rank;
use super::bits::{Bits, places, words_for};
use super::tickets::{Slot, Ticket, Tickets};
use crate::model::Team;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Rank, place within it, stamp, slot: the smallest goes first.
pub(super) type Key = (i64, i64, u32, u32);
type Entry = Reverse<Key>;

/// A queue in lanes.
#[derive(Debug)]
pub(super) struct LaneHeaps {
    heaps: Vec<BinaryHeap<Entry>>,
    /// By lane: what may be assigned to people at work, of that; empty where nothing is.
    assignable: Vec<BinaryHeap<Entry>>,
    /// Those in which there is anything.
    filled: Bits,
    /// Lane by service.
    of_service: Vec<usize>,
    /// Preference by lane: the smaller goes first.
    preference: Vec<u32>,
    /// Entries in all of them, those that are to be dropped included.
    entries: usize,
    /// Severities that take a person alone; empty if none does.
    exclusive: Vec<bool>,
    /// Lanes but for those of such severities.
    shared: usize,
    /// By lane: who of the team can work what stands in it, 64 people to a word.
    able: Vec<u64>,
    /// Words a lane.
    words: usize,
}

impl LaneHeaps {
    /// The lanes of a team for so many services.
    pub(super) fn of(team: &Team, services: usize) -> LaneHeaps {
        let lanes = team.lanes.as_ref();
        let shared = lanes.map_or(2, |lanes| lanes.count());
        let exclusive = team
            .concurrency
            .as_ref()
            .map(|concurrency| concurrency.exclusive.clone());
        let exclusive = exclusive
            .filter(|severities| severities.contains(&true))
            .unwrap_or_default();
        let count = if exclusive.is_empty() { shared } else { 2 * shared - 1 };
        let of_service =
            (0..services).map(|service| lanes.map_or(1, |lanes| lanes.of(crate::model::ServiceId::new(service))));
        let preference = |lane: usize| lanes.map_or(lane.min(1) as u32, |lanes| lanes.preference(lane));
        let assigning = if team.routing.push { count } else { 0 };
        LaneHeaps {
            heaps: (0..count).map(|_| BinaryHeap::new()).collect(),
            assignable: (0..assigning).map(|_| BinaryHeap::new()).collect(),
            filled: Bits::of(count),
            of_service: of_service.collect(),
            entries: 0,
            preference: (0..count).map(|lane| preference(base(lane, shared))).collect(),
            exclusive,
            shared,
            able: (0..count).flat_map(|lane| able(team, base(lane, shared))).collect(),
            words: words_for(team.agents.len()),
        }
    }

    /// Who of the team can work what stands in a lane.
    #[inline]
    pub(super) fn able(&self, lane: usize) -> &[u64] {
        &self.able[lane * self.words..(lane + 1) * self.words]
    }

    /// Whether one of the team's people can.
    #[inline]
    pub(super) fn is_able(&self, place: usize, lane: usize) -> bool {
        self.able[lane * self.words + place / 64] >> (place % 64) & 1 == 1
    }

    pub(super) fn clear(&mut self) {
        self.heaps.iter_mut().for_each(BinaryHeap::clear);
        self.assignable.iter_mut().for_each(BinaryHeap::clear);
        self.filled.clear();
        self.entries = 0;
    }

    /// Whether nothing can stand in any of them.
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.entries == 0
    }

    /// How many lanes there are.
    pub(super) fn count(&self) -> usize {
        self.heaps.len()
    }

    /// The lane of a ticket.
    pub(super) fn lane(&self, ticket: &Ticket) -> usize {
        if ticket.is_task() {
            return 0;
        }
        let lane = self.of_service[ticket.service.index()];
        match self.exclusive.get(ticket.severity.index()) {
            Some(true) => lane + self.shared - 1,
            _ => lane,
        }
    }

    /// Lanes of what people can have several of at once.
    #[inline]
    pub(super) fn shared(&self) -> std::ops::Range<usize> {
        1..self.shared
    }

    /// Whether a lane holds what takes a person alone.
    pub(super) fn is_exclusive(&self, lane: usize) -> bool {
        lane == 0 || lane >= self.shared
    }

    /// A ticket that has its stamp and its order enters.
    pub(super) fn enter(&mut self, ticket: &Ticket, slot: Slot, rank: Rank) {
        let lane = self.push(ticket, slot, rank, ticket.queue_order);
        if let Some(heap) = self.assignable.get_mut(lane).filter(|_| !ticket.is_task()) {
            heap.push(Reverse((rank.0, ticket.queue_order, ticket.queue_stamp, slot as u32)));
        }
    }

    /// A ticket that waits in another team's queue is offered here as well.
    pub(super) fn offer(&mut self, ticket: &Ticket, slot: Slot, rank: Rank) {
        self.push(ticket, slot, rank, ticket.queue_since.ms());
    }

    fn push(&mut self, ticket: &Ticket, slot: Slot, rank: Rank, order: i64) -> usize {
        let lane = self.lane(ticket);
        self.entries += 1;
        self.filled.set(lane, true);
        self.heaps[lane].push(Reverse((rank.0, order, ticket.queue_stamp, slot as u32)));
        lane
    }

    /// The ticket that goes first, of the lanes that are `open`, by number and who can work what stands in them: its lane, its slot,
    /// its rank.
    pub(super) fn first(
        &mut self,
        tickets: &Tickets,
        open: impl Fn(usize, &[u64]) -> bool,
    ) -> Option<(usize, Slot, Rank)> {
        let mut best: Option<(u32, Key, usize)> = None;
        for word in 0..self.filled.words().len() {
            let mut filled = self.filled.words()[word];
            while filled != 0 {
                let lane = word * 64 + filled.trailing_zeros() as usize;
                filled &= filled - 1;
                if !open(lane, self.able(lane)) {
                    continue;
                }
                let Some(head) = self.head(lane, tickets) else { continue };
                let key = (self.preference_of(lane, head), head);
                if best.is_none_or(|(preference, first, _)| key < (preference, first)) {
                    best = Some((key.0, key.1, lane));
                }
            }
        }
        best.map(|(_, (rank, _, _, slot), lane)| (lane, slot as usize, Rank(rank)))
    }

    /// Lanes in which there may be anything.
    pub(super) fn filled(&self) -> impl Iterator<Item = usize> {
        places(self.filled.words().iter().copied())
    }

    /// What all lanes' tickets go by, of a ticket in its own team's queue.
    pub(super) fn order(&self, ticket: &Ticket, slot: Slot, rank: Rank) -> (u32, Key) {
        let key = (rank.0, ticket.queue_order, ticket.queue_stamp, slot as u32);
        (self.preference_of(self.lane(ticket), key), key)
    }

    /// The ticket that goes first of those of a lane that may be assigned to people at work. What is not `assigned` will not be for as
    /// long as it stands here.
    pub(super) fn first_assignable(
        &mut self,
        lane: usize,
        tickets: &Tickets,
        assigned: impl Fn(Slot) -> bool,
    ) -> Option<Slot> {
        let heap = self.assignable.get_mut(lane)?;
        while let Some(Reverse(entry)) = heap.peek() {
            let slot = entry.3 as usize;
            if tickets[slot].queue_stamp == entry.2 && assigned(slot) {
                return Some(slot);
            }
            heap.pop();
        }
        None
    }

    /// What stands in a lane, in no order.
    pub(super) fn waiting_in(&self, lane: usize, tickets: &Tickets) -> impl Iterator<Item = Key> {
        let entries = self.heaps[lane].iter().map(|Reverse(key)| *key);
        entries.filter(|key| tickets[key.3 as usize].queue_stamp == key.2)
    }

    /// How much what stands at the head of a lane is liked: tasks that can wait come after all tickets.
    fn preference_of(&self, lane: usize, head: Key) -> u32 {
        match lane == 0 && head.0 == i64::MAX {
            true => u32::MAX,
            false => self.preference[lane],
        }
    }

    #[inline]
    fn head(&mut self, lane: usize, tickets: &Tickets) -> Option<Key> {
        while let Some(Reverse(entry)) = self.heaps[lane].peek() {
            if tickets[entry.3 as usize].queue_stamp == entry.2 {
                return Some(*entry);
            }
            self.heaps[lane].pop();
            self.entries -= 1;
            if !self.assignable.is_empty() {
                self.drop_assignable(lane, tickets);
            }
        }
        self.filled.set(lane, false);
        None
    }

    /// What has gone from the head of a lane goes from among what may be assigned, too.
    fn drop_assignable(&mut self, lane: usize, tickets: &Tickets) {
        let heap = &mut self.assignable[lane];
        while let Some(Reverse(entry)) = heap.peek()
            && tickets[entry.3 as usize].queue_stamp != entry.2
        {
            heap.pop();
        }
    }
}

/// The lane of the model's table that a lane stands for: without the difference between what takes a person alone and what
/// does not.
fn base(lane: usize, shared: usize) -> usize {
    if lane >= shared { lane + 1 - shared } else { lane }
}

/// Who of a team can work what stands in a lane of the model's table, 64 people to a word.
fn able(team: &Team, lane: usize) -> Vec<u64> {
    let mut words = vec![0; words_for(team.agents.len())];
    let lanes = team.lanes.as_ref();
    for member in (0..team.agents.len()).filter(|member| lanes.is_none_or(|lanes| lanes.grade(*member, lane) > 0.0)) {
        words[member / 64] |= 1 << (member % 64);
    }
    words
}
