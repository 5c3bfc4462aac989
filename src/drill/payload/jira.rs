//! Jira and Jira Service Management, as their CSV import reads issues; dates `yyyy-MM-dd HH:mm`, to be stated at the import.

use super::{Delivery, cut, rfc3339, table};
use crate::time::Zone;

const HEADS: &[&str] = &[
    "Summary",
    "Issue Type",
    "Priority",
    "Description",
    "Reporter",
    "Date Created",
    "Component",
    "Labels",
    "Labels",
    "External issue ID",
    "Link \"Relates\"",
];

pub(super) fn rows(tickets: &[&Delivery], zone: &Zone) -> Result<Vec<u8>, csv::Error> {
    let row = |ticket: &&Delivery| {
        let priority = ["Highest", "High", "Medium", "Low"][ticket.rank.clamp(1, 4) - 1];
        let created: String = rfc3339(ticket.at, zone).replace('T', " ").chars().take(16).collect();
        let texts: [&str; 11] = [
            &cut(&ticket.subject, 255),
            "Incident",
            priority,
            &ticket.text,
            "drill",
            &created,
            &ticket.service,
            "drill",
            &ticket.service.replace(' ', "-"),
            &ticket.reference,
            // Players link, not the import.
            "",
        ];
        texts.map(str::to_owned).to_vec()
    };
    table(HEADS, tickets.iter().map(row))
}
