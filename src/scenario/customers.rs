//! What waiting does to customers, as written: they leave, they ask again, they are reminded, and the harm grows.
//!
//! All of it belongs to the ticket: how long its customer would wait, when they would contact again and when its true
//! severity worsens is drawn from the ticket's own streams, whatever is done with the ticket. Only whether it comes to that
//! depends on the policy.

use super::law::{Law, LawBySeverity, ShareBySeverity};
use schemars::JsonSchema;
use serde::Deserialize;

/// How long customers wait for the first work on their ticket before they leave it. That of a declared incident's parent stays: it
/// is more than one customer's.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Patience {
    /// Time from the creation to leaving, by true severity. It counts only until somebody begins the ticket; who leaves is
    /// counted in `abandon_rate`, and the clocks of the ticket end void unless they have breached before.
    pub wait: LawBySeverity,
    /// Share of the customers who would leave at all (default 1); the others wait for ever.
    #[serde(default)]
    pub share: Option<ShareBySeverity>,
}

/// Customers who hear nothing and contact again about the same ticket.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Chasers {
    /// Silence that the customer takes without asking, round the clock, from the creation or the last news (default: the
    /// ticket's `update` target, if it has one, else `0s`).
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub after: Option<String>,
    /// Time from the end of that silence to the contact, and from one contact to the next as long as there are no news, by
    /// true severity. Nobody asks while the ticket is being worked on or waits for the customer.
    pub every: LawBySeverity,
    /// Work of answering one, in the queue of the team that holds the ticket, before its tickets. The answer is news.
    pub work: Law,
    /// Most contacts of one ticket (default 1000).
    #[serde(default)]
    #[schemars(range(min = 1, max = 1000))]
    pub at_most: Option<u32>,
}

/// Tickets whose true severity worsens while they are open.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Drift {
    /// Chance an hour that the true severity worsens by one step while the ticket is open, by true severity: `0.01` is one
    /// per cent an hour. The most severe cannot worsen.
    #[serde(default)]
    pub per_hour: Option<ShareBySeverity>,
    /// Chance that it worsens by one step at each reopening, by true severity.
    #[serde(default)]
    pub at_reopening: Option<ShareBySeverity>,
}

/// Reminders to customers who do not answer.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reminders {
    /// When each is sent, from the question: `["3d", "7d"]`. Sending costs nobody any time.
    #[schemars(extend("x-format" = "durations"))]
    pub after: Vec<String>,
    /// Share of the reminded customers whom a reminder makes answer.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub share: f64,
    /// How long they take from then on (default: they answer at once).
    #[serde(default)]
    pub answer: Option<Law>,
}
