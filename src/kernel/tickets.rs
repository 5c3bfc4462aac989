//! Tickets in the world: a table whose rows are reused once their ticket is closed.

use super::agenda::Stamp;
use crate::model::{AgentId, CustomerTierId, ServiceId, SeverityId, TIERS_MAX, TeamId, TierId};
use crate::time::Instant;

/// A row of the ticket table.
pub type Slot = usize;

/// No row, in links.
pub(super) const NOWHERE: u32 = u32::MAX;

/// Where a ticket is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Phase {
    /// In its team's queue.
    Queued,
    /// Waiting for its owner, who has begun it.
    InLine,
    /// Being worked on.
    InWork,
    /// Waiting for the customer.
    Pending,
    /// Resolved, will come back.
    Resolved,
    /// Closed: the row is free.
    Closed,
}

/// One ticket. Times that have not come yet are `None`; clocks and counters say what has happened so far.
#[derive(Debug, Clone)]
pub struct Ticket {
    /// Creation.
    pub created: Instant,
    /// Number of its random streams: service and number within the service. Same for all candidates.
    pub entity: u64,
    /// Number in order of creation, from 1.
    pub number: u32,
    /// Index among the scripted tickets.
    pub scripted: Option<u32>,
    /// True severity.
    pub true_severity: SeverityId,
    /// First reported severity.
    pub first_severity: SeverityId,
    /// Reported severity now.
    pub severity: SeverityId,
    /// Reported severity when the first response was given (now, before that).
    pub response_severity: SeverityId,
    /// Service.
    pub service: ServiceId,
    /// Customer tier.
    pub customer: CustomerTierId,
    /// Tiers that would hand it on, and the highest bit: the lowest tier that can solve it.
    pub(super) path: u8,
    /// Where it is in its life.
    pub phase: Phase,
    /// Tier that holds it.
    pub tier: TierId,
    /// Team that holds it.
    pub team: TeamId,
    /// Who works on it, or has begun it and will go on.
    pub owner: Option<AgentId>,
    /// When the first human response was given.
    pub first_response: Option<Instant>,
    /// Last resolution.
    pub resolved: Option<Instant>,
    /// Last message to the customer.
    pub last_message: Instant,
    /// When it came to this tier, team, queue, owner; when the current stint of work or wait began.
    pub tier_since: Instant,
    /// See [`Ticket::tier_since`].
    pub team_since: Instant,
    /// See [`Ticket::tier_since`].
    pub queue_since: Instant,
    /// See [`Ticket::tier_since`].
    pub owner_since: Instant,
    /// See [`Ticket::tier_since`].
    pub stint_since: Instant,
    /// Start of the first-response and of the resolve clock.
    pub(super) clock_from: [Instant; 2],
    /// Clocks that breached under a target that is no longer in force.
    pub(super) breached: [bool; 2],
    /// Whether the correction at first touch has had its chance.
    pub(super) triaged: bool,
    /// Work of the current stint when it began, ms.
    pub(super) work_left: i64,
    /// Work done on the current attempt, ms.
    pub(super) work_done: i64,
    /// Work after the customer's answer, ms; the stint ends in a wait if `asks`.
    pub(super) work_after: i64,
    /// The current stint ends in a wait for the customer.
    pub(super) asks: bool,
    /// An attempt at this tier is under way: work has been drawn.
    pub(super) begun: bool,
    /// It was interrupted by a more severe one: resuming costs the switch.
    pub(super) interrupted: bool,
    /// When its last owner let go of it at a shift's end.
    pub(super) released: Option<Instant>,
    /// It came here by escalation.
    pub(super) escalated_here: bool,
    /// Resolutions so far.
    pub cycle: u16,
    /// Pending episodes so far.
    pub(super) episodes: u16,
    /// Entries of each tier so far (they key the work draws).
    pub(super) entries: [u8; TIERS_MAX],
    /// Handling of all people, ms.
    pub touch_ms: i64,
    /// Time waiting for the customer, ms.
    pub pending_ms: i64,
    /// Since when it is open: creation, or the last reopening.
    pub(super) open_since: Instant,
    /// Functional escalations.
    pub escalations: u16,
    /// Escalations that left a tier that was able.
    pub needless: u16,
    /// Changes of team after the first.
    pub reassignments: u16,
    /// Changes of hands at a shift's end.
    pub handoffs: u16,
    /// Interruptions.
    pub preemptions: u16,
    /// Updates that were due and those that were missed.
    pub updates_due: u32,
    /// See [`Ticket::updates_due`].
    pub updates_missed: u32,
    /// Corrected at first touch.
    pub corrected: bool,
    /// Rules that have fired on it, one bit each; the first 64.
    pub fired: u64,
    /// Created in the measured window.
    pub measured: bool,
    /// Links of the queue.
    pub(super) next: u32,
    pub(super) previous: u32,
    /// Validity of its entry in a keyed queue.
    pub(super) queue_stamp: u32,
    /// Pending timer and when it is due.
    pub(super) timer: Stamp,
    pub(super) timer_at: Instant,
    /// Pending breach events.
    pub(super) breach: [Stamp; 2],
}

impl Ticket {
    /// Lowest tier that can solve it.
    #[inline]
    pub fn able_from(&self) -> TierId {
        TierId::new(7 - (self.path | 1).leading_zeros() as usize)
    }

    /// Whether the tier that holds it can solve it.
    #[inline]
    pub fn solvable_here(&self) -> bool {
        self.tier >= self.able_from()
    }

    /// Tier that it needs after this one. Only asked where this one cannot solve it.
    #[inline]
    pub(super) fn next_tier(&self) -> TierId {
        let above = self.path & (0xFEu8.wrapping_shl(self.tier.index() as u32));
        debug_assert!(above != 0, "a tier that cannot solve it is below one that can");
        TierId::new(above.trailing_zeros() as usize)
    }

    /// Since when it is open: creation, or the last time that it came back.
    #[inline]
    pub fn opened(&self) -> Instant {
        self.open_since
    }

    /// Whether somebody still waits for its resolution.
    #[inline]
    pub fn is_open(&self) -> bool {
        !matches!(self.phase, Phase::Resolved | Phase::Closed)
    }

    /// Whether it waits in its team's queue.
    #[inline]
    pub fn is_queued(&self) -> bool {
        self.phase == Phase::Queued
    }

    /// Its service and its number within it: the same for all candidates. Tickets written out come after the services.
    #[inline]
    pub fn population_index(&self, services: usize) -> (usize, usize) {
        let number = (self.entity & ((1 << super::arrivals::NUMBER_BITS) - 1)) as usize;
        let service = (self.entity >> super::arrivals::NUMBER_BITS) as usize;
        (service.min(services), number)
    }

    /// Reopenings so far.
    pub fn reopenings(&self) -> u16 {
        match self.phase {
            Phase::Resolved | Phase::Closed => self.cycle.saturating_sub(1),
            _ => self.cycle,
        }
    }
}

/// The table.
#[derive(Debug, Default)]
pub struct Tickets {
    rows: Vec<Ticket>,
    free: Vec<u32>,
}

impl Tickets {
    pub(super) fn clear(&mut self) {
        self.rows.clear();
        self.free.clear();
    }

    /// Takes a row for a ticket.
    #[inline]
    pub(super) fn open(&mut self, ticket: Ticket) -> Slot {
        match self.free.pop() {
            Some(slot) => {
                self.rows[slot as usize] = ticket;
                slot as usize
            }
            None => {
                self.rows.push(ticket);
                self.rows.len() - 1
            }
        }
    }

    /// Gives a row back.
    #[inline]
    pub(super) fn close(&mut self, slot: Slot) {
        self.rows[slot].phase = Phase::Closed;
        self.free.push(slot as u32);
    }

    /// Tickets that are not closed (those that will come back included).
    pub fn open_count(&self) -> usize {
        self.rows.len() - self.free.len()
    }

    /// Rows in use, with their tickets, in the order of the rows.
    pub fn each_open(&self) -> impl Iterator<Item = (Slot, &Ticket)> {
        self.rows
            .iter()
            .enumerate()
            .filter(|(_, ticket)| ticket.phase != Phase::Closed)
    }
}

impl std::ops::Index<Slot> for Tickets {
    type Output = Ticket;

    #[inline]
    fn index(&self, slot: Slot) -> &Ticket {
        &self.rows[slot]
    }
}

impl std::ops::IndexMut<Slot> for Tickets {
    #[inline]
    fn index_mut(&mut self, slot: Slot) -> &mut Ticket {
        &mut self.rows[slot]
    }
}
