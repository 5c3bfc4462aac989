//! Draws: a ticket's random numbers, each from its own stream.

use super::tickets::Ticket;
use crate::random::{Key, Purpose, Stream, open01};

/// Where the draws of a replication come from.
#[derive(Clone, Copy)]
pub(super) struct Draws {
    pub key: Key,
    pub replication: u32,
}

impl Draws {
    #[inline]
    pub fn words(self, purpose: Purpose, ticket: &Ticket, block: u32) -> [u64; 2] {
        Stream::new(self.key, purpose, self.replication, ticket.entity).block(block)
    }

    /// One block of a ticket's stream, as uniforms.
    pub fn of(self, purpose: Purpose, ticket: &Ticket, block: u32) -> [f64; 2] {
        self.words(purpose, ticket, block).map(open01)
    }
}
