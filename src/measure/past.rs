//! What has happened to the open tickets and counts with them: by the severity and the team that they end with, as they do
//! themselves, so that no share of tickets is one of others.

use super::Measure;
use super::counts::Counts;
use super::oncall::Calls;
use crate::kernel::{Happening, Ticket};
use crate::model::TeamId;
use std::collections::BTreeMap;

/// What has happened to one ticket.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Past {
    chasers: i64,
    reminders: i64,
    worsened: i64,
    needless_pages: i64,
    needless_pages_on_shift: i64,
    needless_preemptions: i64,
    late_cycles: i64,
    pages: i64,
    linked: bool,
    paged: bool,
    called: bool,
    acknowledged: bool,
}

impl Past {
    /// Adds what happens. Whether it is of the kind that belongs here.
    fn add(&mut self, what: &Happening) -> bool {
        match *what {
            Happening::Chased { .. } => self.chasers += 1,
            Happening::Reminded => self.reminders += 1,
            Happening::Worsened { .. } => self.worsened += 1,
            Happening::Linked { .. } => self.linked = true,
            Happening::CycleDecided { verdict, .. } if verdict.breached == Some(true) => self.late_cycles += 1,
            Happening::PreemptsNeedlessly => self.needless_preemptions += 1,
            Happening::Paged {
                needless,
                off_duty,
                calls,
                ..
            } => {
                self.pages += 1;
                self.paged = true;
                self.called |= calls;
                self.needless_pages += i64::from(needless);
                self.needless_pages_on_shift += i64::from(needless && !off_duty);
            }
            Happening::CalledToo { calls } => {
                self.paged = true;
                self.called |= calls;
            }
            Happening::Acknowledged { first: true, .. } => self.acknowledged = true,
            _ => return false,
        }
        true
    }

    /// Counts it with its ticket.
    fn count(&self, counts: &mut Counts) {
        counts.chasers += self.chasers;
        counts.chased += i64::from(self.chasers > 0);
        counts.reminded += self.reminders;
        counts.worsened += self.worsened;
        counts.linked += i64::from(self.linked);
        counts.needless_pages += self.needless_pages;
        counts.needless_pages_on_shift += self.needless_pages_on_shift;
        counts.needless_preemptions += self.needless_preemptions;
        counts.breaches += self.late_cycles;
    }

    /// Counts its pages.
    fn count_calls(&self, calls: &mut Calls) {
        calls.pages += self.pages;
        calls.paged += i64::from(self.paged);
        calls.called += i64::from(self.called);
        calls.answered += i64::from(self.called && self.acknowledged);
    }
}

/// By number, those that something has happened to.
#[derive(Debug, Default)]
pub(super) struct Pasts {
    of: BTreeMap<u32, Past>,
    /// The cell and the team of closed ones that somebody was paged for: whoever was asked before that may be paged yet.
    paged: BTreeMap<u32, (usize, TeamId)>,
}

impl Pasts {
    pub(super) fn clear(&mut self) {
        self.of.clear();
        self.paged.clear();
    }

    /// Notes what happens to a measured ticket, if it is of the kind that counts at its end.
    pub(super) fn note(&mut self, ticket: &Ticket, what: &Happening) {
        let is_over = matches!(what, Happening::Paged { closed: true, .. });
        if ticket.measured && !is_over && Past::default().add(what) {
            self.of.entry(ticket.number).or_default().add(what);
        }
    }
}

impl Measure<'_> {
    /// A ticket has come to its end.
    #[inline]
    pub(super) fn settle_past(&mut self, ticket: &Ticket) {
        if !self.pasts.of.is_empty()
            && let Some(past) = self.pasts.of.remove(&ticket.number)
        {
            self.count_past(ticket, &past);
        }
    }

    #[inline(never)]
    fn count_past(&mut self, ticket: &Ticket, past: &Past) {
        past.count(self.counts(ticket));
        let place = (self.cell(ticket.severity.index(), ticket), ticket.team);
        if past.paged {
            self.pasts.paged.insert(ticket.number, place);
        }
        self.calls_at(place).for_each(|calls| past.count_calls(calls));
    }

    /// A page for a ticket that is closed: it counts where that does, or where it was asked for if it is the first.
    pub(super) fn page_too_late(&mut self, ticket: &Ticket) {
        let place = (self.cell(ticket.severity.index(), ticket), ticket.team);
        let before = self.pasts.paged.get(&ticket.number).copied();
        let place = before.unwrap_or(place);
        self.pasts.paged.insert(ticket.number, place);
        self.calls_at(place).for_each(|calls| {
            calls.pages += 1;
            calls.paged += i64::from(before.is_none());
        });
    }

    /// What is counted of the pages of a cell, and of a team where they are told apart.
    fn calls_at(&mut self, (cell, team): (usize, TeamId)) -> impl Iterator<Item = &mut Calls> {
        let by_team = self.on_call.by_team.get_mut(team.index());
        self.on_call.calls.get_mut(cell).into_iter().chain(by_team)
    }
}
