//! How long under-triaged tickets are taken for less severe than they are.

use super::Measure;
use crate::kernel::Ticket;
use crate::time::Instant;

/// Whether a ticket was first reported less severe than it was.
pub(super) fn is_under_triaged(ticket: &Ticket) -> bool {
    ticket.true_severity.is_above(ticket.first_severity)
}

impl Measure<'_> {
    /// The reported severity has changed: it may reach the true one, for the first time.
    pub(super) fn note_recognition(&mut self, now: Instant, ticket: &Ticket) {
        let reached = ticket.severity.is_at_least(ticket.truth);
        if ticket.measured && is_under_triaged(ticket) && reached && self.recognised.insert(ticket.number) {
            self.add_recognition(now, ticket);
        }
    }

    /// An under-triaged ticket is closed, or cut off: one that nobody recognised counts up to its end.
    #[inline(never)]
    pub(super) fn settle_recognition(&mut self, now: Instant, ticket: &Ticket) {
        if !self.recognised.remove(&ticket.number) {
            let end = ticket.resolved.map_or(now, |resolved| resolved.min(now));
            self.add_recognition(end, ticket);
        }
    }

    fn add_recognition(&mut self, at: Instant, ticket: &Ticket) {
        let (after, severity) = ((at - ticket.created).ms(), ticket.severity.index());
        let bucket = self.buckets.index(after as u64);
        self.times.recognise.add(bucket, severity, ticket.team, ticket);
        let counts = self.counts(ticket);
        counts.recognised += 1;
        counts.recognised_ms += after;
    }
}
