//! What waiting does to customers: patience, chasers, reminders, and harm that grows. All drawn from the ticket's streams.

use crate::random::Sampler;
use crate::time::Length;

/// How long customers of a service wait for the first work.
#[derive(Debug, Clone)]
pub struct Patience {
    /// Time from the creation to leaving, by true severity.
    pub wait: Vec<Sampler>,
    /// Share of the customers who would leave at all, by true severity.
    pub share: Vec<f64>,
}

/// Customers who contact again.
#[derive(Debug, Clone)]
pub struct Chasers {
    /// Silence that they take; `None`: the ticket's update target, if it has one.
    pub after: Option<Length>,
    /// Time from then to the contact, and from contact to contact, by true severity.
    pub every: Vec<Sampler>,
    /// Work of answering one.
    pub work: Sampler,
    /// Most contacts of one ticket.
    pub at_most: u32,
}

/// True severities that worsen.
#[derive(Debug, Clone)]
pub struct Drift {
    /// Chance a millisecond of open time, by true severity.
    pub per_ms: Vec<f64>,
    /// Chance at each reopening, by true severity.
    pub at_reopening: Vec<f64>,
}

/// Reminders to customers who do not answer.
#[derive(Debug, Clone)]
pub struct Reminders {
    /// When each is sent, from the question, ascending.
    pub after: Vec<Length>,
    /// Share of the customers whom one makes answer.
    pub share: f64,
    /// How long they take from then on; `None`: at once.
    pub answer: Option<Sampler>,
}
