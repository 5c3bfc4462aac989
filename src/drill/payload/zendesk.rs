//! Zendesk tickets, as its ticket import takes them.

use super::Delivery;
use serde_json::{Value, json};

pub(super) fn tickets(tickets: &[&Delivery]) -> Value {
    let one = |ticket: &&Delivery| {
        let priority = ["urgent", "high", "normal", "low"][ticket.rank.clamp(1, 4) - 1];
        let at = ticket.at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        json!({
            "subject": ticket.subject,
            "description": ticket.text,
            "priority": priority,
            "tags": ["drill", ticket.service.replace(' ', "_")],
            "created_at": at,
            "external_id": ticket.reference,
            "comments": [{ "value": ticket.text, "created_at": at }],
        })
    };
    json!({ "tickets": tickets.iter().map(one).collect::<Vec<Value>>() })
}
