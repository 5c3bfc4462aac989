//! What is counted of on-call duty: pages by ticket, nights by schedule.
//!
//! It exists only where a scenario can page anybody. Pages are counted by what the ticket was when they were sent; nights by
//! how often somebody was woken in them, so that the nights without a page are those that are left of all nights on call.

use crate::kernel::{Happening, Ticket, Verdict};
use crate::model::Model;
use std::collections::BTreeSet;

/// Pages of the measured tickets of one cell. Times in ms.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Calls {
    /// Tickets that were paged for, and those of which somebody was asked to take them over.
    pub paged: i64,
    /// See [`Calls::paged`].
    pub called: i64,
    /// Tickets whose page was acknowledged.
    pub acknowledged: i64,
    /// First page to first acknowledgement.
    pub acknowledge_ms: i64,
    /// Clocks of acknowledgements: decided and breached, under the target of the reported severity and of the true one.
    pub due: i64,
    /// See [`Calls::due`].
    pub breached: i64,
    /// See [`Calls::due`].
    pub due_truly: i64,
    /// See [`Calls::due`].
    pub breached_truly: i64,
    /// Undecided at the end of the run.
    pub censored: i64,
    /// Acknowledged too late, and by how much in all.
    pub late: i64,
    /// See [`Calls::late`].
    pub late_ms: i64,
    /// Pages.
    pub pages: i64,
    /// Pages of levels that were answered in time, and those that were answered or timed out: what another's answer made
    /// void is left out.
    pub in_time: i64,
    /// See [`Calls::in_time`].
    pub decided: i64,
    /// Ladders started.
    pub ladders: i64,
    /// Ladders whose levels all went by.
    pub exhausted: i64,
    /// Levels that found nobody.
    pub uncovered: i64,
}

impl Calls {
    /// Adds another. Every field is named, so that the compiler sees one that is forgotten.
    pub fn merge(&mut self, other: &Calls) {
        macro_rules! add {
            ($($field:ident)*) => {
                let Calls { $($field),* } = other;
                $(self.$field += $field;)*
            };
        }
        add!(due breached due_truly breached_truly censored late late_ms paged called acknowledged acknowledge_ms pages in_time decided ladders exhausted uncovered);
    }

    pub(super) fn add(&mut self, what: &Happening) {
        match *what {
            Happening::Paged { first, calls, .. } => {
                self.paged += i64::from(first);
                self.called += i64::from(calls);
                self.pages += 1;
            }
            Happening::Acknowledged {
                after, first, in_time, ..
            } => {
                if first {
                    self.acknowledged += 1;
                    self.acknowledge_ms += after.ms();
                }
                // One that came late was counted when its time was up.
                self.in_time += i64::from(in_time == Some(true));
                self.decided += i64::from(in_time == Some(true));
            }
            Happening::CallDecided { verdict, truly, ends } => {
                let breached = |verdict: Option<Verdict>| verdict.and_then(|verdict| verdict.breached);
                let late = verdict.map_or(0, |verdict| verdict.late.ms());
                self.due += i64::from(breached(verdict).is_some());
                self.breached += i64::from(breached(verdict) == Some(true));
                self.due_truly += i64::from(breached(truly).is_some());
                self.breached_truly += i64::from(breached(truly) == Some(true));
                self.censored += i64::from(ends && verdict.is_some() && breached(verdict).is_none());
                self.late += i64::from(late > 0);
                self.late_ms += late;
            }
            Happening::PageTimeout { unanswered, .. } => self.decided += i64::from(unanswered),
            Happening::LadderStarted { .. } => self.ladders += 1,
            Happening::LadderExhausted { .. } => self.exhausted += 1,
            Happening::Uncovered { .. } => self.uncovered += 1,
            _ => {}
        }
    }
}

/// Wakings of one night beyond which they are counted together.
const MOST: usize = 15;

/// What is counted of a schedule in the window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Duty {
    /// Pages to whoever was on call.
    pub pages: i64,
    /// Wakings.
    pub wakings: i64,
    /// Nights by wakings, those without left out.
    nights: [i64; MOST + 1],
    /// Nights that somebody was on call in, at least a part of.
    pub person_nights: i64,
    /// People of the schedule.
    pub people: i64,
}

impl Duty {
    /// Of the schedules of a model, nothing counted yet.
    pub(super) fn of(model: &Model) -> Vec<Duty> {
        let schedules = model.on_call.schedules.iter();
        schedules
            .map(|schedule| {
                let changes: Vec<_> = schedule.changes().collect();
                let end = |index: usize| changes.get(index + 1).map_or(model.window.until, |(from, _)| *from);
                let mut nights = BTreeSet::new();
                let mut people = BTreeSet::new();
                for (index, (from, who)) in changes.iter().enumerate() {
                    let Some(agent) = who else { continue };
                    let (from, until) = ((*from).max(model.window.from), end(index).min(model.window.until));
                    if from < until {
                        people.insert(agent.index());
                        let of_agent = model.on_call.nights(*agent);
                        let first = of_agent.partition_point(|(_, over)| *over <= from);
                        let begun = of_agent[first..].iter().take_while(|(begins, _)| *begins < until);
                        nights.extend((first..).zip(begun).map(|(night, _)| (agent.index(), night)));
                    }
                }
                Duty {
                    person_nights: nights.len() as i64,
                    people: people.len() as i64,
                    ..Duty::default()
                }
            })
            .collect()
    }

    pub(super) fn clear(&mut self) {
        *self = Duty {
            person_nights: self.person_nights,
            people: self.people,
            ..Duty::default()
        };
    }

    /// Adds another's counts, people and nights too.
    pub fn merge(&mut self, other: &Duty) {
        self.pages += other.pages;
        self.wakings += other.wakings;
        self.person_nights += other.person_nights;
        self.people += other.people;
        self.nights
            .iter_mut()
            .zip(&other.nights)
            .for_each(|(mine, theirs)| *mine += theirs);
    }

    /// A page that wakes somebody, who was woken `before` times in this night, or does not wake them.
    pub(super) fn page(&mut self, woken: Option<u16>) {
        self.pages += 1;
        let Some(before) = woken else { return };
        let before = usize::from(before).min(MOST);
        self.wakings += 1;
        if before > 0 {
            self.nights[before] -= 1;
        }
        self.nights[(before + 1).min(MOST)] += 1;
    }

    /// Nights in which somebody was woken.
    pub fn nights_woken(&self) -> i64 {
        self.nights.iter().sum()
    }

    /// Wakings that a share `q` of the nights on call do not exceed.
    pub fn wakings_quantile(&self, q: f64) -> f64 {
        let rank = (q * self.person_nights as f64).ceil() as i64;
        let mut up_to = self.person_nights - self.nights_woken();
        let mut wakings = 0;
        while up_to < rank && wakings < MOST {
            wakings += 1;
            up_to += self.nights[wakings];
        }
        wakings as f64
    }
}

/// Counts what happens to tickets' pages.
#[derive(Debug, Clone, Default)]
pub struct OnCallCounts {
    /// Cells as the tickets'; empty if nobody can be paged.
    pub calls: Vec<Calls>,
    /// By schedule.
    pub duty: Vec<Duty>,
}

impl OnCallCounts {
    pub(super) fn of(model: &Model, cells: usize) -> OnCallCounts {
        match model.on_call.is_used() {
            true => OnCallCounts {
                calls: vec![Calls::default(); cells],
                duty: Duty::of(model),
            },
            false => OnCallCounts::default(),
        }
    }

    pub(super) fn clear(&mut self) {
        self.calls.fill(Calls::default());
        self.duty.iter_mut().for_each(Duty::clear);
    }

    pub(super) fn happened(&mut self, ticket: &Ticket, cell: usize, what: &Happening, in_window: bool) {
        if let Some(calls) = self.calls.get_mut(cell).filter(|_| ticket.measured) {
            calls.add(what);
        }
        if let Happening::Paged {
            schedule: Some(schedule),
            woken,
            ..
        } = what
            && in_window
        {
            self.duty[schedule.index()].page(*woken);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nights_are_counted_by_their_wakings() {
        let mut duty = Duty {
            person_nights: 20,
            people: 4,
            ..Duty::default()
        };
        for woken in [Some(0), Some(1), Some(2), None, Some(0)] {
            duty.page(woken);
        }
        assert_eq!((duty.pages, duty.wakings, duty.nights_woken()), (5, 4, 2));
        assert_eq!(duty.wakings_quantile(0.90), 0.0);
        assert_eq!(duty.wakings_quantile(0.95), 1.0);
        assert_eq!(duty.wakings_quantile(0.99), 3.0);
    }
}
