//! What is observed of a run: an observer that the kernel calls, and the table of metrics that it fills.
//!
//! [`Measure`] watches one replication and keeps counts, sums and histograms, never tickets: its memory does not grow with
//! the horizon (but for a few numbers an hour, a byte a ticket where candidates are compared, and which tickets somebody
//! was paged for). Everything is an integer, so adding replications up gives the same result in any order. Estimates are made
//! elsewhere.

mod counts;
mod flow;
pub mod metrics;
mod money;
mod occasions;
mod oncall;
mod past;
mod process;
mod recognition;
mod rows;
mod samples;
mod timeline;
mod times;
mod trace;

pub use counts::{Clock, Counts};
pub use flow::Flow;
pub use metrics::{METRICS, Metric};
pub use occasions::{Occasion, OccasionCounts};
pub use oncall::{Calls, Duty, OnCallCounts};
pub use process::GateCounts;
pub use rows::{Layout, Pick, Row, Values};
pub use timeline::{Hour, HourOfWeek, TeamHour, Timeline, hours_of_week};
pub use times::{Distributions, Histograms, Times};
pub use trace::{Trace, TraceEvent, TracePage, TraceRise, TraceTicket};

use crate::kernel::{Happening, Interruption, Observe, Outcome, Scene, Ticket};
use crate::model::{AgentId, Model, RuleId, TargetKind, TeamId, Trigger};
use crate::stats::sketch::Buckets;
use crate::time::{Instant, Length, Worked};
use past::Pasts;
use recognition::is_under_triaged;
use samples::Samples;
use std::collections::BTreeSet;

const HOUR_MS: i64 = 3_600_000;
/// Rules of which a ticket says itself which have fired on it.
const RULES_MARKED: usize = 64;

/// What is counted of a rule.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Firings {
    /// Firings on measured tickets.
    pub fired: i64,
    /// Measured tickets that it fired on.
    pub tickets: i64,
    /// Of these, those whose clock breached.
    pub breached: i64,
    /// Actions that found nothing to do, on measured tickets.
    pub noops: i64,
    /// Chains of consequences at one instant that were cut before it.
    pub storms: i64,
}

/// What is counted of the tickets created in one hour of the week.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WeekHour {
    /// Tickets.
    pub tickets: i64,
    /// Those whose first-response clock is not due: no target, or undecided.
    pub not_due: i64,
    /// First-response clocks breached.
    pub breached: i64,
}

/// How a ticket ended, for comparing candidates ticket by ticket.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Fate(u8);

impl Fate {
    fn of(ticket: &Ticket, response: bool, resolve: bool) -> Fate {
        Fate(u8::from(response) | u8::from(resolve) << 1 | (ticket.true_severity.index() as u8) << 2)
    }

    /// Whether the first-response (0) or the resolve clock (1) breached.
    #[inline]
    pub fn breached(self, clock: usize) -> bool {
        self.0 >> clock & 1 == 1
    }

    /// Index of the true severity.
    #[inline]
    pub fn severity(self) -> usize {
        (self.0 >> 2) as usize
    }
}

/// The observer of one replication of one candidate.
#[derive(Debug)]
pub struct Measure<'a> {
    model: &'a Model,
    buckets: &'a Buckets,
    layout: Layout,
    /// Cells: `[severity][true severity][service][customer tier][team]`, the team being the one that held the tickets when it was
    /// decided; without the true severity where it is always the reported one.
    pub cells: Vec<Counts>,
    /// `[team][severity]`; what belongs to the team alone stands in severity 0.
    pub flows: Vec<Flow>,
    /// Distributions.
    pub times: Distributions,
    /// Pages and nights.
    pub on_call: OnCallCounts,
    /// By [`TargetKind::occasional`]: clocks that not every ticket has.
    pub occasions: [OccasionCounts; TargetKind::OCCASIONAL.len()],
    /// By rule.
    pub rules: Vec<Firings>,
    /// Of rules that tickets have no marks of: the numbers of open tickets that they fired on, with theirs.
    unmarked: BTreeSet<(u32, usize)>,
    /// By gate.
    pub gates: Vec<GateCounts>,
    /// By hour of the week; empty if nobody asks.
    pub week: Vec<WeekHour>,
    /// By hour of the run.
    pub timeline: Timeline,
    /// At the ends of its hours.
    samples: Samples,
    /// Numbers of the open under-triaged tickets whose severity has been reported as it is.
    recognised: BTreeSet<u32>,
    /// What has happened to the open ones.
    pasts: Pasts,
    /// By service and number of the ticket within it, if asked for.
    pub fates: Option<Vec<Vec<Fate>>>,
    /// Local hour of the week by hour of the run.
    hour_of_week: Vec<u8>,
    hour: usize,
    created_in_hour: i64,
}

impl<'a> Measure<'a> {
    /// An observer for a model. `follow_fates`: keep how each ticket ended, for comparison with another candidate.
    pub fn new(model: &'a Model, buckets: &'a Buckets, follow_fates: bool) -> Measure<'a> {
        let layout = Layout::of(model);
        let cells = layout.cells();
        Measure {
            model,
            buckets,
            cells: vec![Counts::default(); cells * layout.teams],
            on_call: OnCallCounts::of(model, cells, layout.teams_told_apart()),
            occasions: OccasionCounts::of(model, cells, layout.teams_told_apart()),
            flows: vec![Flow::default(); layout.teams * layout.severities],
            times: Distributions::of(&layout),
            rules: vec![Firings::default(); layout.rules],
            unmarked: BTreeSet::new(),
            gates: vec![GateCounts::default(); layout.gates.len()],
            week: vec![WeekHour::default(); 168],
            timeline: Timeline::of(model),
            samples: Samples::of(&layout, model, cells),
            recognised: BTreeSet::new(),
            pasts: Pasts::default(),
            fates: follow_fates.then(|| vec![Vec::new(); layout.services + 1 + model.names.incidents.len()]),
            hour_of_week: timeline::hours_of_week(model),
            hour: 0,
            created_in_hour: 0,
            layout,
        }
    }

    /// Forgets the last replication, keeps the memory.
    pub fn clear(&mut self) {
        self.cells.fill(Counts::default());
        self.flows.fill(Flow::default());
        self.times.clear();
        self.on_call.clear();
        self.occasions.iter_mut().for_each(OccasionCounts::clear);
        self.rules.fill(Firings::default());
        self.unmarked.clear();
        self.gates.fill(GateCounts::default());
        self.week.fill(WeekHour::default());
        self.timeline.clear();
        self.samples.clear();
        self.recognised.clear();
        self.pasts.clear();
        self.fates.iter_mut().flatten().for_each(Vec::clear);
        self.hour = 0;
        self.created_in_hour = 0;
    }

    /// The hour of the run that an instant belongs to: what comes on the hour comes before the end of the one that is over, and
    /// belongs to the next.
    #[inline]
    fn hour_at(&self, now: Instant) -> usize {
        let next = self.hour + 1;
        if now.ms() == next as i64 * HOUR_MS {
            next
        } else {
            self.hour
        }
    }

    /// The rows that the metrics make of the replication.
    pub fn values(&self) -> Values {
        self.values_with(&self.histograms())
    }

    /// The same, from its histograms where they are needed for something else too.
    pub fn values_with(&self, histograms: &Histograms) -> Values {
        rows::values(self, histograms)
    }

    /// Its histograms of times.
    pub fn histograms(&self) -> Histograms {
        self.layout.all_histograms(&self.times)
    }

    /// What the rows are.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    #[inline]
    fn cell(&self, severity: usize, ticket: &Ticket) -> usize {
        let layout = &self.layout;
        if layout.by_severity_alone {
            return severity;
        }
        let severities = match layout.truth {
            true => severity * layout.severities + ticket.true_severity.index(),
            false => severity,
        };
        (severities * layout.services + ticket.service.index()) * layout.customers + ticket.customer.index()
    }

    /// The place of a cell in [`Measure::cells`].
    #[inline]
    fn place(&self, severity: usize, team: TeamId, ticket: &Ticket) -> usize {
        self.cell(severity, ticket) * self.layout.teams + team.index()
    }

    /// Counts of tickets that are as this one is now.
    #[inline]
    fn counts(&mut self, ticket: &Ticket) -> &mut Counts {
        let place = self.place(ticket.severity.index(), ticket.team, ticket);
        &mut self.cells[place]
    }

    #[inline]
    fn flow(&mut self, ticket: &Ticket) -> &mut Flow {
        &mut self.flows[ticket.team.index() * self.layout.severities + ticket.severity.index()]
    }

    /// A ticket's time open since its team got it, it was created or came back, as far as it lies in the window.
    #[inline]
    fn add_open(&mut self, ticket: &Ticket, until: Instant) -> &mut Counts {
        let open = self.model.window.overlap(ticket.opened().max(ticket.team_since), until);
        let counts = self.counts(ticket);
        counts.open_ms += open.ms();
        counts
    }

    fn settle(&mut self, now: Instant, ticket: &Ticket, outcome: &Outcome) {
        if !ticket.measured {
            return self.show_breaches(outcome);
        }
        let (severity, at_response) = (ticket.severity.index(), ticket.response_severity.index());
        let place = self.place(severity, ticket.team, ticket);
        self.cells[place].add(now, ticket, outcome, self.layout.truth);
        let response = ticket.first_response.map(|at| at - ticket.created);
        let place = match at_response == severity && ticket.response_team == ticket.team {
            true => place,
            false => self.place(at_response, ticket.response_team, ticket),
        };
        self.cells[place].add_response(response, outcome);
        if let Some(response) = response {
            self.times.first_response.add(
                self.buckets.index(response.ms() as u64),
                at_response,
                ticket.response_team,
                ticket,
            );
        }
        if let Some(resolved) = ticket.resolved {
            let bucket = self.buckets.index((resolved - ticket.created).ms() as u64);
            self.times.resolve.add(bucket, severity, ticket.team, ticket);
            if ticket.pending_ms != 0 {
                self.settle_waits(bucket, resolved, ticket);
            }
        }
        if self.layout.more_to_settle {
            self.settle_more(now, place, ticket, outcome);
        }
        self.settle_clocks(ticket, outcome);
        self.settle_past(ticket);
    }

    /// What only some scenarios ask of every ticket; `at_response` is the place of its first response.
    #[inline(never)]
    fn settle_more(&mut self, now: Instant, at_response: usize, ticket: &Ticket, outcome: &Outcome) {
        if self.layout.truth {
            self.cells[at_response].add_true_response(ticket, outcome);
            if is_under_triaged(ticket) {
                self.settle_recognition(now, ticket);
            }
        }
        if self.layout.engages_apart {
            self.settle_engagement(at_response, ticket);
        }
        if let Some(used) = outcome.resolve_used.filter(|_| self.layout.calendars) {
            self.settle_calendar(used, ticket);
        }
        if self.layout.mitigates {
            self.settle_mitigation(ticket, outcome);
        }
        if self.layout.process {
            self.counts(ticket).add_process(ticket);
        }
    }

    /// A resolved ticket that waited for its customer: its time without those waits, in place of the other.
    #[inline(never)]
    fn settle_waits(&mut self, with: usize, resolved: Instant, ticket: &Ticket) {
        let without = (resolved - ticket.created).ms() - ticket.pending_ms;
        let without = self.buckets.index(without.max(0) as u64);
        let severity = ticket.severity.index();
        self.times.with_waits.add(with, severity, ticket.team, ticket);
        self.times.without_waits.add(without, severity, ticket.team, ticket);
    }

    /// When somebody began it.
    fn settle_engagement(&mut self, at_response: usize, ticket: &Ticket) {
        self.cells[at_response].add_engagement(ticket);
        if let Some(engaged) = ticket.engaged {
            let bucket = self.buckets.index((engaged - ticket.created).ms() as u64);
            let severity = ticket.response_severity.index();
            self.times.engage.add(bucket, severity, ticket.response_team, ticket);
        }
    }

    /// The time to a resolution on the calendar of its target.
    fn settle_calendar(&mut self, used: Worked, ticket: &Ticket) {
        if ticket.resolved.is_some() {
            let bucket = self.buckets.index(used.ms() as u64);
            let severity = ticket.severity.index();
            self.times
                .resolve_on_calendar
                .add(bucket, severity, ticket.team, ticket);
            let counts = self.counts(ticket);
            counts.used += 1;
            counts.used_ms += used.ms();
        }
    }

    /// What is counted of the hour of the week in which an hour of the run lies.
    #[inline]
    fn hour_of_the_week(&mut self, hour: usize) -> &mut WeekHour {
        let place = self.hour_of_week.get(hour).copied().unwrap_or(0);
        &mut self.week[place as usize]
    }

    /// The hours in which targets were missed, by whichever ticket.
    #[inline]
    fn show_breaches(&mut self, outcome: &Outcome) {
        for verdict in [&outcome.first_response, &outcome.resolve, &outcome.mitigate] {
            if let Some(verdict) = verdict.filter(|verdict| verdict.breached == Some(true)) {
                self.timeline.breach(verdict.missed);
            }
        }
    }

    /// Clocks that breached, and by how much those were late that stopped.
    #[inline(never)]
    fn settle_breaches(&mut self, ticket: &Ticket, outcome: &Outcome) {
        self.show_breaches(outcome);
        let place = self.place(ticket.severity.index(), ticket.team, ticket);
        let (counts, times) = (&mut self.cells[place], &mut self.times);
        let clocks = [
            (
                &outcome.first_response,
                &mut times.late_response,
                ticket.response_severity,
                ticket.response_team,
            ),
            (&outcome.resolve, &mut times.late_resolve, ticket.severity, ticket.team),
            (
                &outcome.mitigate,
                &mut times.late_mitigate,
                ticket.mitigate_severity,
                ticket.mitigate_team,
            ),
        ];
        for (verdict, late, severity, team) in clocks {
            let Some(verdict) = verdict.filter(|verdict| verdict.breached == Some(true)) else {
                continue;
            };
            counts.breaches += 1;
            if verdict.stopped {
                let bucket = self.buckets.index(verdict.late.ms() as u64);
                late.add(bucket, severity.index(), team, ticket);
            }
        }
    }

    fn settle_mitigation(&mut self, ticket: &Ticket, outcome: &Outcome) {
        let severity = ticket.mitigate_severity.index();
        let place = self.place(severity, ticket.mitigate_team, ticket);
        self.cells[place].add_mitigation(ticket, outcome, self.layout.truth);
        if let Some(mitigated) = ticket.mitigated {
            let bucket = self.buckets.index((mitigated - ticket.created).ms() as u64);
            self.times.mitigate.add(bucket, severity, ticket.mitigate_team, ticket);
        }
    }

    #[inline]
    fn settle_clocks(&mut self, ticket: &Ticket, outcome: &Outcome) {
        let breached =
            |verdict: &Option<crate::kernel::Verdict>| verdict.is_some_and(|verdict| verdict.breached == Some(true));
        let response = breached(&outcome.first_response);
        let resolve = breached(&outcome.resolve) || ticket.had_late_cycle();
        let mitigate = breached(&outcome.mitigate);
        let due = outcome.first_response.is_some_and(|verdict| verdict.breached.is_some());
        if response || !due {
            let week = self.hour_of_the_week((ticket.created.ms() / HOUR_MS) as usize);
            week.not_due += i64::from(!due);
            week.breached += i64::from(response);
        }
        if response || resolve || mitigate {
            self.settle_breaches(ticket, outcome);
        }
        if ticket.fired != 0 || !self.unmarked.is_empty() {
            self.settle_rules(ticket, [response, resolve, mitigate]);
        }
        if let Some(fates) = &mut self.fates {
            let (service, number) = ticket.population_index(self.layout.services);
            let row = &mut fates[service];
            if row.len() <= number {
                row.resize(number + 1, Fate::default());
            }
            row[number] = Fate::of(ticket, response, resolve);
        }
    }

    #[inline(never)]
    fn settle_rules(&mut self, ticket: &Ticket, [response, resolve, mitigate]: [bool; 3]) {
        let unmarked = (ticket.number, 0)..=(ticket.number, usize::MAX);
        let unmarked: Vec<usize> = self.unmarked.range(unmarked).map(|(_, rule)| *rule).collect();
        let marked = (0..self.rules.len().min(RULES_MARKED)).filter(|rule| ticket.fired >> rule & 1 == 1);
        for rule in marked.chain(unmarked) {
            self.unmarked.remove(&(ticket.number, rule));
            let breached = match self.model.rules.rules[rule].trigger {
                Trigger::Consumed(kind, _) | Trigger::Left(kind, _) => match kind {
                    TargetKind::FirstResponse => response,
                    TargetKind::Mitigate => mitigate,
                    TargetKind::Resolve => resolve,
                    TargetKind::Update => ticket.updates_missed > 0,
                    TargetKind::Acknowledge | TargetKind::NextResponse | TargetKind::Own => {
                        let place = kind.occasional().unwrap_or(0);
                        ticket.marks >> place & 1 == 1
                    }
                },
                _ => resolve,
            };
            self.rules[rule].tickets += 1;
            self.rules[rule].breached += i64::from(breached);
        }
    }

    /// Takes the people's time between two ends of the window from the desks' ledgers.
    fn take_ledgers(&mut self, scene: &Scene, sign: i64) {
        for (team, desk) in scene.desks.iter().enumerate() {
            let flow = &mut self.flows[team * self.layout.severities];
            flow.busy_ms += sign * desk.ledger.busy_ms;
            flow.idle_ms += sign * desk.ledger.idle_ms;
            flow.overtime_ms += sign * desk.ledger.overtime_ms;
            flow.called_ms += sign * desk.ledger.called_ms;
        }
    }

    /// Counts every open ticket.
    fn count_open(&mut self, scene: &Scene, count: impl Fn(&mut Counts, &Ticket)) {
        let open = scene.tickets.each_open().map(|(_, ticket)| ticket);
        for ticket in open.filter(|ticket| ticket.is_open() && !ticket.is_task()) {
            count(self.counts(ticket), ticket);
        }
    }

    /// How old the open tickets are at a midnight.
    fn age_backlog(&mut self, now: Instant, scene: &Scene) {
        self.count_open(scene, |counts, ticket| counts.add_age(now - ticket.created));
        let open = scene.tickets.each_open().map(|(_, ticket)| ticket);
        for ticket in open.filter(|ticket| ticket.is_open() && !ticket.is_task()) {
            let bucket = self.buckets.index((now - ticket.created).ms() as u64);
            let severity = ticket.severity.index();
            self.times.backlog_age.add(bucket, severity, ticket.team, ticket);
        }
    }

    fn take_headcounts(&mut self) {
        for (team, plan) in self.model.teams.iter().enumerate() {
            let flow = &mut self.flows[team * self.layout.severities];
            flow.heads = plan.agents.len() as i64;
            flow.paid_ms = self.layout.paid_ms[team];
        }
    }
}

impl Observe for Measure<'_> {
    #[inline]
    fn created(&mut self, now: Instant, ticket: &Ticket) {
        let hour = self.hour_at(now);
        self.timeline.created(hour);
        let measured = i64::from(ticket.measured);
        match hour == self.hour {
            true => self.created_in_hour += measured,
            false => self.hour_of_the_week(hour).tickets += measured,
        }
    }

    #[inline]
    fn queued(&mut self, now: Instant, ticket: &Ticket, _again: bool) {
        self.timeline.queued(self.hour_at(now), ticket.team);
        if self.model.window.contains(now) {
            self.flow(ticket).entries += 1;
        }
    }

    #[inline]
    fn left_queue(&mut self, now: Instant, ticket: &Ticket, _taken: bool) {
        let (window, since) = (&self.model.window, ticket.queue_since);
        let inside = window.overlap(since, now).ms();
        let (measured, turned_away) = (window.contains(since), ticket.turned_away);
        let flow = self.flow(ticket);
        flow.queue_ms += inside;
        if measured && !turned_away {
            let wait = (now - since).ms();
            flow.visits += 1;
            flow.wait_ms += wait;
            flow.waited += i64::from(wait > 0);
            let bucket = self.buckets.index(wait as u64);
            self.times.queue_wait[ticket.team.index()].add(bucket);
        }
    }

    #[inline]
    fn served_at_once(&mut self, now: Instant, ticket: &Ticket, _again: bool) {
        self.timeline.queued(self.hour_at(now), ticket.team);
        if self.model.window.contains(now) {
            let flow = self.flow(ticket);
            flow.entries += 1;
            flow.visits += 1;
            self.times.queue_wait[ticket.team.index()].add(0);
        }
    }

    fn interrupted(&mut self, now: Instant, ticket: &Ticket, _agent: AgentId, why: Interruption) {
        if why == Interruption::Preempted && self.model.window.contains(now) {
            self.flow(ticket).interrupts += 1;
        }
    }

    fn happened(&mut self, now: Instant, ticket: &Ticket, what: &Happening) {
        if self.note(now, ticket, what) {
            return;
        }
        let cell = self.cell(ticket.severity.index(), ticket);
        let in_window = self.model.window.contains(now);
        let place = cell * self.layout.teams + ticket.team.index();
        self.cells[place].add_happening(ticket, what, in_window);
        self.pasts.note(ticket, what);
        if what.is_of_paging() {
            self.on_call.happened(now, ticket, cell, what, self.model);
        }
        match what {
            Happening::TurnedAway => {
                self.add_open(ticket, now);
            }
            Happening::Paged {
                agent,
                off_duty,
                closed,
                ..
            } => {
                if *closed && ticket.measured {
                    self.page_too_late(ticket);
                }
                match off_duty {
                    _ if !in_window => {}
                    true => self.pay_page(*agent),
                    false => {
                        let team = self.model.agents[agent.index()].team.index();
                        self.flows[team * self.layout.severities].interrupts += 1;
                    }
                }
            }
            Happening::Acknowledged { first: true, after, .. } if ticket.measured => {
                let bucket = self.buckets.index(after.ms() as u64);
                let severity = ticket.severity.index();
                self.times.acknowledge.add(bucket, severity, ticket.team, ticket);
            }
            Happening::CycleDecided { verdict, .. } => {
                if verdict.breached == Some(true) {
                    self.timeline.breach(verdict.missed);
                    if ticket.measured && verdict.stopped {
                        let bucket = self.buckets.index(verdict.late.ms() as u64);
                        let severity = ticket.severity.index();
                        self.times.late_resolve.add(bucket, severity, ticket.team, ticket);
                    }
                }
                self.charge_cycle(ticket, verdict);
            }
            Happening::ClockDecided {
                kind, verdict, under, ..
            } => {
                if let Some(verdict) = verdict.as_ref().filter(|_| self.layout.costs) {
                    self.charge_occasion(ticket, *kind, verdict, *under);
                }
                if let Some(place) = kind.occasional() {
                    self.occasions[place].decided(ticket, cell, what);
                }
                let stopped = verdict.filter(|verdict| verdict.stopped);
                let late = stopped.map_or(Worked::ZERO, |verdict| verdict.late);
                if *kind == TargetKind::Acknowledge && ticket.measured && late > Worked::ZERO {
                    let bucket = self.buckets.index(late.ms() as u64);
                    let severity = ticket.severity.index();
                    self.times.late_acknowledge.add(bucket, severity, ticket.team, ticket);
                }
            }
            Happening::SilenceEnded { missed, late, .. } => {
                if self.layout.costs && *missed > 0 {
                    self.charge_updates(ticket, *missed);
                }
                let Some(late) = late.filter(|_| ticket.measured) else {
                    return;
                };
                let bucket = self.buckets.index(late.ms() as u64);
                let severity = ticket.severity.index();
                self.times.late_update.add(bucket, severity, ticket.team, ticket);
            }
            Happening::NoOperation { rule } => self.rules[rule.index()].noops += i64::from(ticket.measured),
            Happening::RuleStorm { rule } => self.rules[rule.index()].storms += i64::from(ticket.measured),
            _ => {}
        }
    }

    fn moves(&mut self, now: Instant, ticket: &Ticket, to: TeamId, _agent: Option<AgentId>, _by: Option<RuleId>) {
        let rises = self.model.teams[to.index()].tier > ticket.tier;
        if rises && self.model.window.contains(now) {
            let counts = self.counts(ticket);
            counts.escalations_made += 1;
            counts.needless += i64::from(ticket.solvable_here());
        }
    }

    fn severity_changed(&mut self, now: Instant, ticket: &Ticket) {
        self.note_recognition(now, ticket);
    }

    #[inline]
    fn leaves_team(&mut self, now: Instant, ticket: &Ticket) {
        self.add_open(ticket, now);
    }

    #[inline]
    fn fired(&mut self, _now: Instant, ticket: &Ticket, rule: RuleId) {
        self.rules[rule.index()].fired += i64::from(ticket.measured);
        if ticket.measured && rule.index() >= RULES_MARKED {
            self.unmarked.insert((ticket.number, rule.index()));
        }
    }

    fn lacks_rest(&mut self, now: Instant, agent: AgentId, missing: Length, put_off: bool) {
        if self.model.window.contains(now) {
            let team = self.model.agents[agent.index()].team.index();
            let flow = &mut self.flows[team * self.layout.severities];
            match put_off {
                true => flow.rest_ms += missing.ms(),
                false => {
                    flow.rest_missed += 1;
                    self.on_call.lacks_rest(now, agent, self.model);
                }
            }
        }
    }

    #[inline]
    fn resolved(&mut self, now: Instant, ticket: &Ticket, _agent: AgentId) {
        let inside = self.model.window.contains(now);
        self.add_open(ticket, now).resolutions += i64::from(inside);
    }

    fn left(&mut self, now: Instant, ticket: &Ticket) {
        self.add_open(ticket, now);
    }

    #[inline]
    fn closed(&mut self, now: Instant, ticket: &Ticket, outcome: &Outcome) {
        if self.layout.costs {
            self.charge(ticket, outcome);
        }
        self.settle(now, ticket, outcome);
    }

    fn cut_off(&mut self, now: Instant, ticket: &Ticket, outcome: &Outcome) {
        if ticket.is_open() {
            self.add_open(ticket, now);
        }
        if ticket.is_queued() {
            let inside = self.model.window.overlap(ticket.queue_since, now).ms();
            self.flow(ticket).queue_ms += inside;
        }
        if self.layout.costs {
            self.charge(ticket, outcome);
        }
        self.settle(now, ticket, outcome);
    }

    fn mark(&mut self, now: Instant, scene: &Scene) {
        let window = self.model.window;
        if now == window.from {
            self.take_ledgers(scene, -1);
            self.count_open(scene, |counts, _| counts.open_before += 1);
        }
        if now == window.until {
            self.take_ledgers(scene, 1);
            self.take_headcounts();
            self.take_pay();
            self.count_open(scene, |counts, _| counts.open_after += 1);
        }
        if now == window.until || now.ms() % HOUR_MS == 0 {
            let created = std::mem::take(&mut self.created_in_hour);
            self.hour_of_the_week(self.hour).tickets += created;
        }
        if now.ms() % HOUR_MS != 0 {
            return;
        }
        if window.from < now && now <= window.until {
            for (team, desk) in scene.desks.iter().enumerate() {
                let flow = &mut self.flows[team * self.layout.severities];
                flow.held += i64::from(desk.held);
                flow.samples += 1;
            }
            self.sample(now, scene);
        }
        self.timeline.close_hour(self.hour, scene);
        self.hour += 1;
        let at_midnight = self.hour_of_week.get(self.hour).is_some_and(|hour| hour % 24 == 0);
        if at_midnight && window.contains(now) {
            self.age_backlog(now, scene);
        }
    }
}
