//! Distributions of times over tickets, visits, samples and requests.

use super::rows::Layout;
use crate::kernel::Ticket;
use crate::model::TeamId;
use crate::stats::sketch::LogHistogram;

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

/// Histograms of one kind of time: for the values of each dimension that has more than one.
#[derive(Debug, Clone, Default)]
pub struct Times {
    /// By reported severity.
    pub severity: Vec<LogHistogram>,
    /// By true severity; empty if it is always the reported one.
    pub truth: Vec<LogHistogram>,
    /// By service; empty if there is one.
    pub service: Vec<LogHistogram>,
    /// By customer tier; empty if there is one.
    pub customer: Vec<LogHistogram>,
    /// By team; empty if there is one.
    pub team: Vec<LogHistogram>,
    by_more: bool,
}

impl Times {
    fn of(layout: &Layout) -> Times {
        let many = |count: usize| vec![LogHistogram::new(); if count > 1 { count } else { 0 }];
        Times {
            by_more: layout.truth || layout.services > 1 || layout.customers > 1,
            severity: vec![LogHistogram::new(); layout.severities],
            truth: many(if layout.truth { layout.severities } else { 0 }),
            service: many(layout.services),
            customer: many(layout.customers),
            team: many(layout.teams),
        }
    }

    #[inline]
    pub(super) fn add(&mut self, bucket: usize, severity: usize, team: TeamId, ticket: &Ticket) {
        self.severity[severity].add(bucket);
        if let Some(times) = self.team.get_mut(team.index()) {
            times.add(bucket);
        }
        if self.by_more {
            self.add_more(bucket, ticket);
        }
    }

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

    fn parts(&mut self) -> [&mut Vec<LogHistogram>; 5] {
        [
            &mut self.severity,
            &mut self.truth,
            &mut self.service,
            &mut self.customer,
            &mut self.team,
        ]
    }

    /// Adds another's counts.
    pub fn merge(&mut self, other: &Times) {
        let theirs = [
            &other.severity,
            &other.truth,
            &other.service,
            &other.customer,
            &other.team,
        ];
        for (mine, theirs) in self.parts().into_iter().zip(theirs) {
            merge_all(mine, theirs);
        }
    }

    fn clear(&mut self) {
        self.parts().into_iter().flatten().for_each(LogHistogram::clear);
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
    pub queue_wait: Vec<LogHistogram>,
    /// Time that tickets in each team's queue have waited by the ends of hours.
    pub queue_age: Vec<LogHistogram>,
    /// Time from request to decision at each gate.
    pub gate_wait: Vec<LogHistogram>,
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
            queue_wait: vec![LogHistogram::new(); layout.teams],
            queue_age: vec![LogHistogram::new(); layout.teams],
            gate_wait: vec![LogHistogram::new(); layout.gates.len()],
        }
    }

    /// Adds another's counts. Every field is named, so that the compiler sees one that is forgotten.
    pub fn merge(&mut self, other: &Distributions) {
        macro_rules! add {
            ($($times:ident)*) => {
                let Distributions { queue_wait, queue_age, gate_wait, $($times),* } = other;
                $(self.$times.merge($times);)*
                merge_all(&mut self.queue_wait, queue_wait);
                merge_all(&mut self.queue_age, queue_age);
                merge_all(&mut self.gate_wait, gate_wait);
            };
        }
        add!(first_response engage resolve with_waits without_waits resolve_on_calendar mitigate acknowledge late_response late_update
            late_mitigate late_resolve late_acknowledge recognise backlog_age);
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
        others.into_iter().flatten().for_each(LogHistogram::clear);
    }
}

fn merge_all(mine: &mut [LogHistogram], theirs: &[LogHistogram]) {
    mine.iter_mut()
        .zip(theirs)
        .for_each(|(mine, theirs)| mine.merge(theirs));
}

impl Layout {
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
                let mut list = vec![merged(&times.gate_wait)];
                list.extend(times.gate_wait.iter().cloned());
                return list;
            }
        };
        self.of_tickets(of)
    }

    fn of_tickets(&self, times: &Times) -> Vec<LogHistogram> {
        let Times {
            severity,
            truth,
            service,
            customer,
            team,
            ..
        } = times;
        let mut list = vec![merged(severity)];
        list.extend(severity.iter().cloned());
        list.extend(truth.iter().cloned());
        if service.is_empty() {
            list.push(merged(severity));
        }
        list.extend(service.iter().cloned());
        list.extend(customer.iter().cloned());
        self.with_teams(list, team, LogHistogram::merge)
    }

    fn of_teams(&self, teams: &[LogHistogram]) -> Vec<LogHistogram> {
        self.with_teams(vec![merged(teams)], teams, LogHistogram::merge)
    }

    /// Resolution times without waits: all of them, but for the tickets that waited, for which what is left of theirs.
    fn without_waits(&self, times: &Distributions) -> Vec<LogHistogram> {
        let mut list = self.of_tickets(&times.resolve);
        let waited = self.of_tickets(&times.with_waits).into_iter();
        let waited = waited.zip(self.of_tickets(&times.without_waits));
        for (all, (with, without)) in list.iter_mut().zip(waited) {
            all.take_away(&with);
            all.merge(&without);
        }
        list
    }
}

fn merged<'a>(parts: impl IntoIterator<Item = &'a LogHistogram>) -> LogHistogram {
    let mut sum = LogHistogram::new();
    parts.into_iter().for_each(|part| sum.merge(part));
    sum
}
