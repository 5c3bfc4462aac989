//! ServiceNow incidents, as an import set reads them from CSV; times in UTC.

use super::{Delivery, cut, table};

const HEADS: &[&str] = &[
    "number",
    "short_description",
    "description",
    "caller_id",
    "contact_type",
    "impact",
    "urgency",
    "category",
    "subcategory",
    "business_service",
    "cmdb_ci",
    "assignment_group",
    "parent_incident",
    "opened_at",
    "correlation_id",
];

pub(super) fn rows(tickets: &[&Delivery]) -> Result<Vec<u8>, csv::Error> {
    table(HEADS, tickets.iter().map(|ticket| row(ticket)))
}

fn row(ticket: &Delivery) -> Vec<String> {
    // The usual matrix makes priority 1 to 4 of impact and urgency 1 to 3.
    let (impact, urgency) = [("1", "1"), ("1", "2"), ("2", "2"), ("2", "3")][ticket.rank.clamp(1, 4) - 1];
    let texts: [&str; 15] = [
        "",
        &cut(&ticket.subject, 160),
        &ticket.text,
        "Drill customer",
        "self-service",
        impact,
        urgency,
        "drill",
        "",
        &ticket.service,
        "",
        &ticket.team,
        "",
        &ticket.at.strftime("%Y-%m-%d %H:%M:%S").to_string(),
        &ticket.reference,
    ];
    texts.map(str::to_owned).to_vec()
}
