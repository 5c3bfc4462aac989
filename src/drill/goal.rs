//! What a drill rehearses: the goals, what each means to a team, and which milestones show it.

use super::milestone::Milestone;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Something to rehearse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Goal {
    /// Pages, acknowledgements and the ladder above them.
    Paging,
    /// The change of hands between shifts or sites.
    ZoneHandoff,
    /// The second in line is not there.
    SecondaryAbsent,
    /// An approval that takes too long.
    DecisionGate,
    /// The first impression is wrong.
    MisjudgedSeverity,
    /// Many tickets, one incident.
    Storm,
    /// Words to customers and to those above.
    Communications,
}

impl Goal {
    /// All, in the order in which objectives are numbered.
    pub const ALL: [Goal; 7] = [
        Goal::Paging,
        Goal::ZoneHandoff,
        Goal::SecondaryAbsent,
        Goal::DecisionGate,
        Goal::MisjudgedSeverity,
        Goal::Storm,
        Goal::Communications,
    ];

    /// As it is written in files and on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Goal::Paging => "paging",
            Goal::ZoneHandoff => "zone-handoff",
            Goal::SecondaryAbsent => "secondary-absent",
            Goal::DecisionGate => "decision-gate",
            Goal::MisjudgedSeverity => "misjudged-severity",
            Goal::Storm => "storm",
            Goal::Communications => "communications",
        }
    }

    /// The objective in one sentence, without a word that gives a story away.
    pub fn objective(self) -> &'static str {
        match self {
            Goal::Paging => "Whoever is needed is reached, answers in time, and takes the incident over aloud.",
            Goal::ZoneHandoff => {
                "At the change of shift the incident changes hands without a loss: state, owner, next step."
            }
            Goal::SecondaryAbsent => "Somebody who cannot be reached is replaced without waiting for them.",
            Goal::DecisionGate => {
                "Decisions are made by whoever may make them, within their time, and are written down."
            }
            Goal::MisjudgedSeverity => {
                "The severity is judged by impact, judged again when facts change, and said aloud."
            }
            Goal::Storm => "Tickets of one incident become one incident: linked, answered together, worked once.",
            Goal::Communications => "Customers and executives hear what is known, in time and at the promised cadence.",
        }
    }

    /// The milestones that show it, decisive ones first.
    pub fn milestones(self) -> &'static [Milestone] {
        match self {
            Goal::Paging => &[Milestone::Acknowledged, Milestone::Paged, Milestone::Engaged],
            Goal::ZoneHandoff => &[Milestone::Resolved, Milestone::Engaged],
            Goal::SecondaryAbsent => &[Milestone::Acknowledged, Milestone::Engaged],
            Goal::DecisionGate => &[Milestone::GateDecided, Milestone::GateRequested, Milestone::Mitigated],
            Goal::MisjudgedSeverity => &[
                Milestone::SeverityCorrect,
                Milestone::Declared,
                Milestone::CommanderNamed,
            ],
            Goal::Storm => &[Milestone::ChildrenClosed],
            Goal::Communications => &[Milestone::FirstUpdate, Milestone::Responded],
        }
    }

    /// The goal of that name.
    pub fn named(word: &str) -> Option<Goal> {
        Goal::ALL.into_iter().find(|goal| goal.word() == word)
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// The milestones of the objective that every drill has: the incident gets an owner and is ended in time.
pub const FIRST_OBJECTIVE: (&str, &[Milestone]) = (
    "The incident is noticed, gets an owner and a first answer, and is resolved within its targets.",
    &[Milestone::Resolved, Milestone::Responded, Milestone::Engaged],
);

#[cfg(test)]
mod tests {
    use super::Goal;

    #[test]
    fn a_goal_is_found_by_the_word_that_files_use() {
        for goal in Goal::ALL {
            assert_eq!(Goal::named(goal.word()), Some(goal));
            assert_eq!(serde_json::to_value(goal).expect("a word"), goal.word());
        }
    }
}
