//! What goals add to any story: rows that are not of one kind of incident.
//!
//! Two rows a goal, where an archetype's own may be too few. Their texts know `{service}`, `{customer}`, `{shift_end}`,
//! `{second}` and `{approver}`.

use super::archetype::InjectKind;
use super::goal::Goal;
use super::role::Role;

/// A row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Addition {
    /// The goal that it serves.
    pub goal: Goal,
    /// When, in minutes from the first symptom.
    pub minute: i64,
    /// What it is.
    pub kind: InjectKind,
    /// Who gets it.
    pub to: Role,
    /// The words.
    pub text: &'static str,
    /// What good players do.
    pub action: &'static str,
}

const fn row(
    goal: Goal,
    minute: i64,
    kind: InjectKind,
    to: Role,
    text: &'static str,
    action: &'static str,
) -> Addition {
    Addition {
        goal,
        minute,
        kind,
        to,
        text,
        action,
    }
}

#[rustfmt::skip] // a table: two lines a row
pub(super) const ADDITIONS: &[Addition] = &[
    row(Goal::Paging, 2, InjectKind::Unavailability, Role::OperationsLead, "The first person who was called does not answer.",
        "The next one is called when the time of the level is over, not when somebody thinks of it"),
    row(Goal::Paging, 11, InjectKind::Information, Role::OperationsLead, "Two people say that they have it, and neither knows of the other.",
        "One owner, said aloud; the other helps or leaves"),
    row(Goal::ZoneHandoff, 18, InjectKind::Handoff, Role::IncidentCommander, "{shift_end}",
        "Decide who stays until the handoff is done; hand over by voice"),
    row(Goal::ZoneHandoff, 21, InjectKind::Handoff, Role::OperationsLead, "The next shift asks: what do customers notice, what was tried, what is next, who knows?",
        "State, owner, what was tried, next step; the receiver says it back"),
    row(Goal::SecondaryAbsent, 7, InjectKind::Unavailability, Role::IncidentCommander, "{second} is on leave, and their phone is off.",
        "Do not wait: the next person, by role"),
    row(Goal::SecondaryAbsent, 13, InjectKind::Information, Role::IncidentCommander, "The automatic reply of {second} names nobody to ask instead.",
        "Name somebody; note the gap for the review"),
    row(Goal::DecisionGate, 24, InjectKind::Unavailability, Role::IncidentCommander, "{approver} is in a meeting and does not answer.",
        "The deputy decides when the time is over; nobody waits for the meeting"),
    row(Goal::DecisionGate, 36, InjectKind::Pressure, Role::Executive, "\"Who has approved this?\" asks a director who was not told.",
        "Who, what, when, why: the scribe reads it out"),
    row(Goal::MisjudgedSeverity, 14, InjectKind::Pressure, Role::IncidentCommander, "\"Why is this only what it says in the ticket?\" asks somebody from sales. \"I hear something else.\"",
        "Judge the impact again by what is known, not by who asks"),
    row(Goal::MisjudgedSeverity, 28, InjectKind::Information, Role::CommunicationsLead, "The support desk counts: every third call of the last ten minutes is about this.",
        "Impact goes into the severity"),
    row(Goal::Storm, 17, InjectKind::Information, Role::CommunicationsLead, "The support desk asks whether the twelve newest tickets are one matter, and what to answer.",
        "Link them, one answer for all"),
    row(Goal::Storm, 23, InjectKind::Ticket, Role::CommunicationsLead, "A customer answers the answer: \"This does not help. Please call.\"",
        "It stays with the incident; a named person calls"),
    row(Goal::Communications, 16, InjectKind::Pressure, Role::CommunicationsLead, "An executive wants to know when it will be over, now, for a customer on the other line.",
        "What is known, what is not, when the next update comes; no estimate that nobody has"),
    row(Goal::Communications, 30, InjectKind::Escalation, Role::Executive, "{customer} calls the director: nobody has told them anything for half an hour.",
        "Refer to the last update and to the next; find out why it did not reach them"),
];
