//! What an incident met on its way in a replication: what the times of its milestones hang on in the scenario.
//!
//! An acknowledgement hangs on what the person who is paged is doing and on the level that pages them, a decision on its gate.
//! Most replications meet the same; that is what targets and proposals are about.

use super::milestone::Case;
use crate::measure::Trace;
use crate::model::{Engagement, Model, PolicyId, ScheduleId};
use serde::{Deserialize, Serialize};

/// A first page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MetPage {
    /// The schedule whose person is paged; `None`: a person by name.
    pub schedule: Option<ScheduleId>,
    /// What that person is doing.
    pub doing: Engagement,
    /// The policy and its level, from 0; `None`: no level's page.
    pub level: Option<(PolicyId, u8)>,
}

/// What one replication met.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Met {
    /// The first page.
    pub page: Option<MetPage>,
    /// The first gate that was asked and counts, by its number.
    pub gate: Option<usize>,
}

/// The same in the scenario's own names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetNames {
    /// What the person who is paged first is doing: `free`, `busy`, `awake`, `asleep`, `paged`.
    pub doing: Option<String>,
    /// Their schedule.
    pub schedule: Option<String>,
    /// The policy that pages them.
    pub policy: Option<String>,
    /// The first gate that is asked and counts.
    pub gate: Option<String>,
}

/// What a replication met.
pub(super) fn met(trace: &Trace, case: &Case) -> Met {
    let page = trace.pages.iter().find(|page| page.ticket == case.lead);
    let asked = trace.events.iter().filter(|event| event.activity == "gate_requested");
    let mut asked = asked.filter(|event| event.ticket == case.lead && case.counts(&event.resource));
    let gate = asked.next();
    let gates = &trace.model().process.gates;
    Met {
        page: page.map(|page| MetPage {
            schedule: page.schedule,
            doing: page.doing,
            level: page.level,
        }),
        gate: gate.and_then(|event| gates.iter().position(|gate| gate.name == event.resource)),
    }
}

/// What most of them met, of those that met anything; of equals the first.
pub(super) fn usual(all: &[Met]) -> Met {
    Met {
        page: commonest(all.iter().filter_map(|met| met.page)),
        gate: commonest(all.iter().filter_map(|met| met.gate)),
    }
}

fn commonest<T: PartialEq + Copy>(values: impl Iterator<Item = T>) -> Option<T> {
    let mut counts: Vec<(T, usize)> = Vec::new();
    for value in values {
        match counts.iter_mut().find(|(known, _)| *known == value) {
            Some((_, count)) => *count += 1,
            None => counts.push((value, 1)),
        }
    }
    // The last of the greatest of the reversed list is the first of the greatest.
    counts
        .into_iter()
        .rev()
        .max_by_key(|(_, count)| *count)
        .map(|(value, _)| value)
}

/// In the scenario's names.
pub(super) fn names(model: &Model, met: Met) -> MetNames {
    let doing = met.page.map(|page| match page.doing {
        Engagement::Free => "free",
        Engagement::Busy => "busy",
        Engagement::Awake => "awake",
        Engagement::Asleep => "asleep",
        Engagement::Paged => "paged",
    });
    let schedule = met.page.and_then(|page| page.schedule);
    let policy = met.page.and_then(|page| page.level);
    MetNames {
        doing: doing.map(str::to_owned),
        schedule: schedule.map(|schedule| model.names.schedules[schedule.index()].clone()),
        policy: policy.map(|(policy, _)| model.names.policies[policy.index()].clone()),
        gate: met.gate.map(|gate| model.process.gates[gate].name.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commonest_is_the_first_of_equals() {
        assert_eq!(commonest([3, 1, 1, 3, 2].into_iter()), Some(3));
        assert_eq!(commonest([3, 1, 1].into_iter()), Some(1));
        assert_eq!(commonest(std::iter::empty::<i32>()), None);
    }
}
