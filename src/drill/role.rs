//! The roles of an exercise: what each does, does not, and is measured by.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Declares, assigns, decides.
    IncidentCommander,
    /// Diagnoses and repairs, with the responders.
    OperationsLead,
    /// Speaks to customers and to those above.
    CommunicationsLead,
    /// Writes down what happens.
    Scribe,
    /// Decides what the business gives and takes.
    Executive,
}

impl Role {
    /// All, in the order of their cards.
    pub const ALL: [Role; 5] = [
        Role::IncidentCommander,
        Role::OperationsLead,
        Role::CommunicationsLead,
        Role::Scribe,
        Role::Executive,
    ];

    /// As files are called.
    pub fn word(self) -> &'static str {
        match self {
            Role::IncidentCommander => "incident-commander",
            Role::OperationsLead => "operations-lead",
            Role::CommunicationsLead => "communications-lead",
            Role::Scribe => "scribe",
            Role::Executive => "executive",
        }
    }

    /// As people say.
    pub fn label(self) -> &'static str {
        match self {
            Role::IncidentCommander => "Incident commander",
            Role::OperationsLead => "Operations lead",
            Role::CommunicationsLead => "Communications lead",
            Role::Scribe => "Scribe",
            Role::Executive => "Executive",
        }
    }

    /// What the role does.
    pub fn does(self) -> &'static str {
        match self {
            Role::IncidentCommander => "Declares the incident, assigns work, decides, keeps the cadence of updates.",
            Role::OperationsLead => "Leads the responders: finds out what is wrong and makes it work again.",
            Role::CommunicationsLead => "Writes to customers, to the status page and to executives.",
            Role::Scribe => "Writes the timeline: what was seen, decided and done, by whom, with the time.",
            Role::Executive => "Hears briefs and decides what the business gives up and what it keeps.",
        }
    }

    /// What the role leaves to others.
    pub fn does_not(self) -> &'static str {
        match self {
            Role::IncidentCommander => "Does not debug.",
            Role::OperationsLead => "Does not talk to customers.",
            Role::CommunicationsLead => "Does not decide the severity.",
            Role::Scribe => "Does not take part in the discussion.",
            Role::Executive => "Does not command.",
        }
    }

    /// What the role is measured by.
    pub fn measured_by(self) -> &'static str {
        match self {
            Role::IncidentCommander => "Time until somebody commands; decisions within their time.",
            Role::OperationsLead => "Time until somebody works on it, and until customers can work again.",
            Role::CommunicationsLead => "Time to the first answer and first update; updates missed.",
            Role::Scribe => "How complete the timeline is.",
            Role::Executive => "Decisions within their time.",
        }
    }

    /// The first three things to do.
    pub fn first_three(self) -> [&'static str; 3] {
        match self {
            Role::IncidentCommander => [
                "Say: \"I am commanding.\" Name the severity and why.",
                "Give away the other roles by name.",
                "Say when the next check of the state is, and keep to it.",
            ],
            Role::OperationsLead => [
                "Acknowledge, and say aloud that you have it.",
                "Say what you see, what you think, what you do next, in this order.",
                "Ask for the people you need before you need them.",
            ],
            Role::CommunicationsLead => [
                "Find out what customers notice, in their words.",
                "Send the first update: what is known, what is not, when the next one comes.",
                "Set a timer for the next update.",
            ],
            Role::Scribe => [
                "Open the timeline and write the time of the first symptom.",
                "Write every decision: who, what, when, why.",
                "Ask when something was decided and nobody said so.",
            ],
            Role::Executive => [
                "Ask the commander, nobody else.",
                "Say which decisions you want to make and which not.",
                "Say until when you need the next brief.",
            ],
        }
    }

    /// What the role may decide.
    pub fn powers(self) -> &'static str {
        match self {
            Role::IncidentCommander => {
                "May call anybody on duty, change the severity, stop changes, and end the incident."
            }
            Role::OperationsLead => {
                "May act on the systems within the standing approvals; asks the commander for the rest."
            }
            Role::CommunicationsLead => "May publish what the commander has confirmed, without another approval.",
            Role::Scribe => "May interrupt once to ask for a time or a name.",
            Role::Executive => "May approve what costs money, customers' data or promises.",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}
