//! Distributions of times over tickets, visits, samples and requests.

use super::rows::Layout;
use crate::kernel::Ticket;
use crate::model::TeamId;
use crate::stats::sketch::{LogHistogram, Tally};

/// Times whose distribution is kept. Those of tickets have the slices of tickets, those of queues the slices of teams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timing {
    /// Creation to first response.
    FirstResponse,
    /// Creation to the first work.
    Engage,
    /// Creation to last resolution.
    Resolve,
    /// The same without waits for the customer.
    ResolveNet,
    /// The same on the calendar of the resolve target, where targets have calendars.
    ResolveOnCalendar,
    /// Creation to workaround or resolution, where they are asked for.
    Mitigate,
    /// First page that asks for it to first acknowledgement, if anybody can be paged.
    Acknowledge,
    /// Beyond the first-response target.
    LateResponse,
    /// Beyond the update target.
    LateUpdate,
    /// Beyond the mitigate target, where mitigation is asked for.
    LateMitigate,
    /// Beyond the resolve target.
    LateResolve,
    /// Beyond the acknowledge target, where there is one.
    LateAcknowledge,
    /// Creation to the report of the true severity, where it can differ from the reported one.
    Recognise,
    /// Age of open tickets at the local midnights.
    BacklogAge,
    /// A visit's time in a team's queue.
    QueueWait,
    /// Time that waiting tickets have waited in a team's queue by the ends of hours.
    QueueAge,
    /// From a request at a gate to its decision: `all`, `gate`.
    GateWait,
}

impl Timing {
    /// All of them.
    pub const ALL: [Timing; TIMINGS] = [
        Timing::FirstResponse,
        Timing::Engage,
        Timing::Resolve,
        Timing::ResolveNet,
        Timing::ResolveOnCalendar,
        Timing::Mitigate,
        Timing::Acknowledge,
        Timing::LateResponse,
        Timing::LateUpdate,
        Timing::LateMitigate,
        Timing::LateResolve,
        Timing::LateAcknowledge,
        Timing::Recognise,
        Timing::BacklogAge,
        Timing::QueueWait,
        Timing::QueueAge,
        Timing::GateWait,
    ];
}

/// How many distributions of times are kept.
pub const TIMINGS: usize = 17;

/// One kind of time: how often each value was seen, for the values of each dimension that has more than one.
///
/// Severity and team are counted together, so that a time costs one addition where nothing else is told apart; by either of
/// them alone it is a sum, taken once a replication.
#[derive(Debug, Clone, Default)]
pub struct Times {
    /// By reported severity and team: `[severity][team]`.
    cells: Vec<Tally>,
    teams: usize,
    /// By true severity; empty if it is always the reported one.
    truth: Vec<Tally>,
    /// By service; empty if there is one.
    service: Vec<Tally>,
    /// By customer tier; empty if there is one.
    customer: Vec<Tally>,
    by_more: bool,
}

impl Times {
    fn of(layout: &Layout) -> Times {
        let many = |count: usize| vec![Tally::new(); if count > 1 { count } else { 0 }];
        Times {
            cells: vec![Tally::new(); layout.severities * layout.teams],
            teams: layout.teams,
            truth: many(if layout.truth { layout.severities } else { 0 }),
            service: many(layout.services),
            customer: many(layout.customers),
            by_more: layout.truth || layout.services > 1 || layout.customers > 1,
        }
    }

    #[inline(always)]
    pub(super) fn add(&mut self, bucket: usize, severity: usize, team: TeamId, ticket: &Ticket) {
        self.cells[severity * self.teams + team.index()].add(bucket);
        if self.by_more {
            self.add_more(bucket, ticket);
        }
    }

    #[inline(never)]
    fn add_more(&mut self, bucket: usize, ticket: &Ticket) {
        if !self.truth.is_empty() {
            self.truth[ticket.true_severity.index()].add(bucket);
        }
        if !self.service.is_empty() {
            self.service[ticket.service.index()].add(bucket);
        }
        if !self.customer.is_empty() {
            self.customer[ticket.customer.index()].add(bucket);
        }
    }

    fn is_empty(&self) -> bool {
        self.cells.iter().all(Tally::is_empty)
    }

    fn clear(&mut self) {
        let parts = [&mut self.cells, &mut self.truth, &mut self.service, &mut self.customer];
        parts.into_iter().flatten().for_each(Tally::clear);
    }
}

/// Distributions of times. What a model has no rows of stays empty.
#[derive(Debug, Clone, Default)]
pub struct Distributions {
    /// Creation to first response.
    pub first_response: Times,
    /// Creation to the first work, where that is not always the first response.
    pub engage: Times,
    /// Creation to last resolution.
    pub resolve: Times,
    /// The same of the tickets that waited for their customers, and what it was without those waits: of all others both are
    /// the same and not counted twice.
    pub with_waits: Times,
    /// See [`Distributions::with_waits`].
    pub without_waits: Times,
    /// Creation to last resolution on the target's calendar, where targets have one.
    pub resolve_on_calendar: Times,
    /// Creation to workaround or resolution.
    pub mitigate: Times,
    /// First page that asks for it to first acknowledgement.
    pub acknowledge: Times,
    /// Beyond the first-response target, late responses only.
    pub late_response: Times,
    /// Beyond the update target, late messages only.
    pub late_update: Times,
    /// Beyond the mitigate target, late mitigations only.
    pub late_mitigate: Times,
    /// Beyond the resolve target, late resolutions only.
    pub late_resolve: Times,
    /// Beyond the acknowledge target, late acknowledgements only.
    pub late_acknowledge: Times,
    /// Creation to the report of the true severity, under-triaged tickets.
    pub recognise: Times,
    /// Age of open tickets at midnights.
    pub backlog_age: Times,
    /// Time of visits in each team's queue.
    pub queue_wait: Vec<Tally>,
    /// Time that tickets in each team's queue have waited by the ends of hours.
    pub queue_age: Vec<Tally>,
    /// Time from request to decision at each gate.
    pub gate_wait: Vec<Tally>,
}

impl Distributions {
    /// Empty ones for a model.
    pub fn of(layout: &Layout) -> Distributions {
        let times = |timing| match layout.keeps(timing) {
            true => Times::of(layout),
            false => Times::default(),
        };
        let waits = times(Timing::ResolveNet);
        Distributions {
            first_response: times(Timing::FirstResponse),
            engage: match layout.engages_apart {
                true => Times::of(layout),
                false => Times::default(),
            },
            resolve: times(Timing::Resolve),
            with_waits: waits.clone(),
            without_waits: waits,
            resolve_on_calendar: times(Timing::ResolveOnCalendar),
            mitigate: times(Timing::Mitigate),
            acknowledge: times(Timing::Acknowledge),
            late_response: times(Timing::LateResponse),
            late_update: times(Timing::LateUpdate),
            late_mitigate: times(Timing::LateMitigate),
            late_resolve: times(Timing::LateResolve),
            late_acknowledge: times(Timing::LateAcknowledge),
            recognise: times(Timing::Recognise),
            backlog_age: times(Timing::BacklogAge),
            queue_wait: vec![Tally::new(); layout.teams],
            queue_age: vec![Tally::new(); layout.teams],
            gate_wait: vec![Tally::new(); layout.gates.len()],
        }
    }

    pub(super) fn clear(&mut self) {
        let tickets = [
            &mut self.first_response,
            &mut self.engage,
            &mut self.resolve,
            &mut self.with_waits,
            &mut self.without_waits,
            &mut self.resolve_on_calendar,
            &mut self.mitigate,
            &mut self.acknowledge,
            &mut self.late_response,
            &mut self.late_update,
            &mut self.late_mitigate,
            &mut self.late_resolve,
            &mut self.late_acknowledge,
            &mut self.recognise,
            &mut self.backlog_age,
        ];
        tickets.into_iter().for_each(Times::clear);
        let others = [&mut self.queue_wait, &mut self.queue_age, &mut self.gate_wait];
        others.into_iter().flatten().for_each(Tally::clear);
    }
}

/// Histograms of all times, each kind's in the order of its rows; none of a kind that has no rows.
///
/// What is of one replication merges into what is of all of them.
#[derive(Debug, Clone, Default)]
pub struct Histograms([Vec<LogHistogram>; TIMINGS]);

impl Histograms {
    /// Those of a kind.
    pub fn of(&self, timing: Timing) -> &[LogHistogram] {
        &self.0[timing as usize]
    }

    /// Each kind's.
    pub fn each(&self) -> &[Vec<LogHistogram>; TIMINGS] {
        &self.0
    }

    /// Adds another's counts, of the same layout.
    pub fn merge(&mut self, other: &Histograms) {
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            mine.resize(theirs.len(), LogHistogram::new());
            mine.iter_mut()
                .zip(theirs)
                .for_each(|(mine, theirs)| mine.merge(theirs));
        }
    }
}

impl Layout {
    /// Histograms of all times.
    pub fn all_histograms(&self, times: &Distributions) -> Histograms {
        Histograms(Timing::ALL.map(|timing| self.histograms(times, timing)))
    }

    /// Histograms of a timing, in the order of its rows; none where it has no rows.
    pub fn histograms(&self, times: &Distributions, timing: Timing) -> Vec<LogHistogram> {
        if !self.keeps(timing) {
            return Vec::new();
        }
        let of = match timing {
            Timing::FirstResponse => &times.first_response,
            Timing::Engage if self.engages_apart => &times.engage,
            Timing::Engage => &times.first_response,
            Timing::Resolve => &times.resolve,
            Timing::ResolveNet => return self.without_waits(times),
            Timing::ResolveOnCalendar => &times.resolve_on_calendar,
            Timing::Mitigate => &times.mitigate,
            Timing::Acknowledge => &times.acknowledge,
            Timing::LateResponse => &times.late_response,
            Timing::LateUpdate => &times.late_update,
            Timing::LateMitigate => &times.late_mitigate,
            Timing::LateResolve => &times.late_resolve,
            Timing::LateAcknowledge => &times.late_acknowledge,
            Timing::Recognise => &times.recognise,
            Timing::BacklogAge => &times.backlog_age,
            Timing::QueueWait => return self.of_teams(&times.queue_wait),
            Timing::QueueAge => return self.of_teams(&times.queue_age),
            Timing::GateWait => {
                let gates = whole(&times.gate_wait);
                return std::iter::once(merged(&gates)).chain(gates.iter().cloned()).collect();
            }
        };
        self.of_tickets(of)
    }

    fn of_tickets(&self, times: &Times) -> Vec<LogHistogram> {
        let mut severities = vec![LogHistogram::new(); self.severities];
        let mut teams = vec![LogHistogram::new(); self.teams_told_apart()];
        for (place, cell) in times.cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            severities[place / self.teams].add_all(cell);
            if let Some(team) = teams.get_mut(place % self.teams) {
                team.add_all(cell);
            }
        }
        let all = merged(&severities);
        let services = match times.service.is_empty() {
            true => vec![all.clone()],
            false => whole(&times.service),
        };
        let mut list = vec![all];
        for part in [severities, whole(&times.truth), services, whole(&times.customer)] {
            list.extend(part);
        }
        self.with_teams(list, &teams, LogHistogram::merge)
    }

    fn of_teams(&self, teams: &[Tally]) -> Vec<LogHistogram> {
        let teams = whole(teams);
        self.with_teams(vec![merged(&teams)], &teams, LogHistogram::merge)
    }

    /// Resolution times without waits: all of them, but for the tickets that waited, for which what is left of theirs.
    fn without_waits(&self, times: &Distributions) -> Vec<LogHistogram> {
        let mut list = self.of_tickets(&times.resolve);
        if times.with_waits.is_empty() {
            return list;
        }
        let waited = self.of_tickets(&times.with_waits).into_iter();
        let waited = waited.zip(self.of_tickets(&times.without_waits));
        for (all, (with, without)) in list.iter_mut().zip(waited) {
            all.take_away(&with);
            all.merge(&without);
        }
        list
    }
}

fn whole(tallies: &[Tally]) -> Vec<LogHistogram> {
    tallies.iter().map(LogHistogram::from).collect()
}

fn merged<'a>(parts: impl IntoIterator<Item = &'a LogHistogram>) -> LogHistogram {
    let mut sum = LogHistogram::new();
    parts.into_iter().for_each(|part| sum.merge(part));
    sum
}
