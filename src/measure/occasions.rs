//! What is counted of clocks that not every ticket has, or that it has more than once: acknowledgements, later responses, and
//! the visits to teams.
//!
//! They are counted when they are decided, by what the ticket was then and by the team that held it.

use crate::kernel::{Happening, Ticket, Verdict};
use crate::model::{Model, TargetKind};

/// Clocks of one kind and cell, of measured tickets. Times in ms.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Occasion {
    /// Decided, and breached, under the target of the reported severity.
    pub due: i64,
    /// See [`Occasion::due`].
    pub breached: i64,
    /// The same under the target of the true severity.
    pub due_truly: i64,
    /// See [`Occasion::due_truly`].
    pub breached_truly: i64,
    /// Undecided at the end of the run.
    pub censored: i64,
    /// Stopped too late, and by how much in all.
    pub late: i64,
    /// See [`Occasion::late`].
    pub late_ms: i64,
}

impl Occasion {
    /// Adds another. Every field is named, so that the compiler sees one that is forgotten.
    pub fn merge(&mut self, other: &Occasion) {
        macro_rules! add {
            ($($field:ident)*) => {
                let Occasion { $($field),* } = other;
                $(self.$field += $field;)*
            };
        }
        add!(due breached due_truly breached_truly censored late late_ms);
    }

    fn add(&mut self, verdict: Option<Verdict>, truly: Option<Verdict>, ends: bool) {
        let breached = |verdict: Option<Verdict>| verdict.and_then(|verdict| verdict.breached);
        let stopped = verdict.filter(|verdict| verdict.stopped);
        let late = stopped.map_or(0, |verdict| verdict.late.ms());
        self.due += i64::from(breached(verdict).is_some());
        self.breached += i64::from(breached(verdict) == Some(true));
        self.due_truly += i64::from(breached(truly).is_some());
        self.breached_truly += i64::from(breached(truly) == Some(true));
        self.censored += i64::from(ends && verdict.is_some() && breached(verdict).is_none());
        self.late += i64::from(late > 0);
        self.late_ms += late;
    }
}

/// Counts of one kind: cells as the tickets', and by team (empty if there is one); both empty if nobody has such a target.
#[derive(Debug, Clone, Default)]
pub struct OccasionCounts {
    /// By cell.
    pub cells: Vec<Occasion>,
    /// By the team that held the ticket then.
    pub by_team: Vec<Occasion>,
}

impl OccasionCounts {
    pub(super) fn of(model: &Model, cells: usize, teams: usize) -> [OccasionCounts; TargetKind::OCCASIONAL.len()] {
        TargetKind::OCCASIONAL.map(|kind| match model.targets.any(kind) {
            true => OccasionCounts {
                cells: vec![Occasion::default(); cells],
                by_team: vec![Occasion::default(); teams],
            },
            false => OccasionCounts::default(),
        })
    }

    pub(super) fn clear(&mut self) {
        self.cells.fill(Occasion::default());
        self.by_team.fill(Occasion::default());
    }

    pub(super) fn decided(&mut self, ticket: &Ticket, cell: usize, what: &Happening) {
        let Happening::ClockDecided {
            verdict, truly, ends, ..
        } = *what
        else {
            return;
        };
        let cells = [self.cells.get_mut(cell), self.by_team.get_mut(ticket.team.index())];
        for counts in cells.into_iter().flatten().filter(|_| ticket.measured) {
            counts.add(verdict, truly, ends);
        }
    }
}
