//! What is counted of one replication: an observer with sums for every metric of the simulated families.
//!
//! It counts cells, not figures: a visit's wait goes to its (station, true severity, reported severity), and a figure later
//! adds up the cells of its slice. Ticket metrics are of the tickets created in the measured window, followed to their end;
//! time metrics are of the window, whatever the ticket. What few cases ask for (samples, levels, alerts) is counted only if
//! the [`Layout`] says so.

use escalade::kernel::{Family, Happening, Interruption, Ledger, Observe, Outcome, Phase, Scene, Ticket};
use escalade::model::{AgentId, Model, RuleId, TargetKind, TeamId, Window};
use escalade::time::Instant;

pub const HOUR_MS: f64 = 3_600_000.0;

/// What a case wants counted.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    pub stations: Vec<String>,
    pub severities: Vec<String>,
    /// Thresholds in ms: a time counts if it is strictly longer.
    pub waits_over: Vec<i64>,
    pub stays_over: Vec<i64>,
    pub lives_over: Vec<i64>,
    pub acknowledged_over: Vec<i64>,
    /// Shares of late first starts by time of creation.
    pub late: Vec<Late>,
    /// Instants at which open and waiting tickets are counted, ms.
    pub instants: Vec<i64>,
    /// Names of the rules.
    pub rules: Vec<String>,
    /// Kind of the target that each rule alerts of; `None` if it does something else.
    pub alerts: Vec<Option<TargetKind>>,
    /// Every wait and every stay, by station.
    pub samples: bool,
    /// Time at each number of open tickets.
    pub levels: bool,
    /// Creations and resolutions by hour.
    pub hourly: bool,
}

/// First starts later than `over` of tickets created in `[from, to)`, ms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Late {
    pub from: i64,
    pub to: i64,
    pub over: i64,
}

/// A number of times, their sum, and how many were longer than each threshold.
#[derive(Debug, Clone, Default)]
pub struct Times {
    pub count: u64,
    pub above_zero: u64,
    pub sum_ms: i64,
    pub squares_ms2: f64,
    pub over: Vec<u64>,
}

impl Times {
    fn of(thresholds: &[i64]) -> Times {
        Times {
            over: vec![0; thresholds.len()],
            ..Times::default()
        }
    }

    #[inline]
    fn add(&mut self, ms: i64, thresholds: &[i64]) {
        self.count += 1;
        self.above_zero += u64::from(ms > 0);
        self.sum_ms += ms;
        self.squares_ms2 += (ms * ms) as f64;
        for (over, threshold) in self.over.iter_mut().zip(thresholds) {
            *over += u64::from(ms > *threshold);
        }
    }

    pub fn merge(&mut self, other: &Times) {
        self.count += other.count;
        self.above_zero += other.above_zero;
        self.sum_ms += other.sum_ms;
        self.squares_ms2 += other.squares_ms2;
        self.over.resize(self.over.len().max(other.over.len()), 0);
        for (over, more) in self.over.iter_mut().zip(&other.over) {
            *over += more;
        }
    }
}

/// Visits to one station of tickets of one true and one reported severity.
#[derive(Debug, Clone, Default)]
pub struct Visits {
    /// Waits of visits whose work began.
    pub begun: Times,
    /// Waits of visits that ended in the queue, by a transfer.
    pub taken_away: Times,
    /// Whole stays, wait and work.
    pub stays: Times,
    /// Time in the queue and at the station within the window, all tickets.
    pub queue_ms: i64,
    pub present_ms: i64,
}

/// Closed tickets of one true and one first reported severity that were solved at one station, escalated or not.
#[derive(Debug, Clone, Default)]
pub struct Lives {
    /// Creation to last resolution.
    pub times: Times,
    pub escalations: u64,
    pub corrected: u64,
    pub reopenings: u64,
    pub reopenings_squared: u64,
    pub reopened_once: u64,
    pub reopened_twice: u64,
}

impl Lives {
    pub fn merge(&mut self, other: &Lives) {
        self.times.merge(&other.times);
        self.escalations += other.escalations;
        self.corrected += other.corrected;
        self.reopenings += other.reopenings;
        self.reopenings_squared += other.reopenings_squared;
        self.reopened_once += other.reopened_once;
        self.reopened_twice += other.reopened_twice;
    }
}

/// What became of the pages of the measured tickets.
#[derive(Debug, Clone, Default)]
pub struct Pages {
    pub tickets: u64,
    pub sent: u64,
    pub exhausted: u64,
    /// Tickets by the level whose page was acknowledged.
    pub by_level: Vec<u64>,
    /// First page to acknowledgement: all, and of those that the last resort did not give.
    pub acknowledged: Times,
    pub before_the_last_resort: Times,
}

/// What became of the tickets with one alert.
#[derive(Debug, Clone, Copy, Default)]
pub struct Alerted {
    pub count: u64,
    pub breached: u64,
}

/// One replication, counted.
#[derive(Debug)]
pub struct Tally<'a> {
    pub layout: &'a Layout,
    pub window: Window,
    /// `[station][truth][reported]`, see [`Tally::cell`].
    pub visits: Vec<Visits>,
    /// `[station solved at][truth][first reported][escalated]`.
    pub lives: Vec<Lives>,
    /// Closed tickets by `[truth][reported in the end]`.
    pub in_the_end: Vec<u64>,
    /// Entries of each station within the window.
    pub entries: Vec<u64>,
    /// Tickets within the window that a station handed on to one that helps, and that it turned away.
    pub overflowed: Vec<u64>,
    pub turned_away: Vec<u64>,
    pub created: u64,
    /// Tickets that their customers left.
    pub abandoned: u64,
    /// First-response clocks (breached, due).
    pub responses: (u64, u64),
    /// Measured tickets that were still open when the run was cut.
    pub cut_off: u64,
    pub created_by_hour: Vec<u32>,
    pub resolved_by_hour: Vec<u32>,
    /// Parents and children of faults, by hour of their creation.
    pub parents_by_hour: Vec<u32>,
    pub children_by_hour: Vec<u32>,
    /// Children by fault.
    pub broods: Vec<u32>,
    /// (late, all) by row of the layout.
    pub late: Vec<(u64, u64)>,
    /// (waiting, open) at the layout's instants, from the tickets' own times.
    pub at_instants: Vec<(u64, u64)>,
    /// The same as the kernel's marks see it; `None` where there is no mark.
    pub at_marks: Vec<Option<(u64, u64)>>,
    pub alerted: Vec<Alerted>,
    pub pages: Pages,
    pub late_resolutions: Times,
    pub overtime_ms: i64,
    pub wait_samples: Vec<Vec<u32>>,
    pub stay_samples: Vec<Vec<u32>>,
    /// Time at each level within the window, ms.
    pub levels_ms: Vec<i64>,
    /// Ledger of each team at both ends of the window.
    pub ledgers: [Vec<Ledger>; 2],
    level: usize,
    level_since: Instant,
    /// Rules that have fired, one bit each, by ticket number.
    fired: Vec<u32>,
    /// When each person's shift ended, within the window.
    off_since: Vec<Option<Instant>>,
}

impl<'a> Tally<'a> {
    pub fn new(layout: &'a Layout, model: &Model) -> Tally<'a> {
        let (stations, severities) = (layout.stations.len(), layout.severities.len());
        let squared = severities * severities;
        let visits = Visits {
            begun: Times::of(&layout.waits_over),
            taken_away: Times::of(&layout.waits_over),
            stays: Times::of(&layout.stays_over),
            ..Visits::default()
        };
        let lives = Lives {
            times: Times::of(&layout.lives_over),
            ..Lives::default()
        };
        let hours = if layout.hourly {
            model.window.until.ms() / HOUR_MS as i64
        } else {
            0
        };
        Tally {
            layout,
            window: model.window,
            visits: vec![visits; stations * squared],
            lives: vec![lives; stations * squared * 2],
            in_the_end: vec![0; squared],
            entries: vec![0; stations],
            overflowed: vec![0; stations],
            turned_away: vec![0; stations],
            created: 0,
            abandoned: 0,
            responses: (0, 0),
            cut_off: 0,
            created_by_hour: vec![0; hours as usize],
            resolved_by_hour: vec![0; hours as usize],
            parents_by_hour: vec![0; hours as usize],
            children_by_hour: vec![0; hours as usize],
            broods: Vec::new(),
            late: vec![(0, 0); layout.late.len()],
            at_instants: vec![(0, 0); layout.instants.len()],
            at_marks: vec![None; layout.instants.len()],
            alerted: vec![Alerted::default(); layout.alerts.len()],
            pages: Pages {
                acknowledged: Times::of(&layout.acknowledged_over),
                ..Pages::default()
            },
            late_resolutions: Times::default(),
            overtime_ms: 0,
            wait_samples: vec![Vec::new(); stations],
            stay_samples: vec![Vec::new(); stations],
            levels_ms: Vec::new(),
            ledgers: [const { Vec::new() }; 2],
            level: 0,
            level_since: Instant::START,
            fired: Vec::new(),
            off_since: vec![None; model.agents.len()],
        }
    }

    /// Length of the window, hours.
    pub fn window_h(&self) -> f64 {
        (self.window.until - self.window.from).ms() as f64 / HOUR_MS
    }

    /// Index among the visits.
    #[inline]
    pub fn cell(&self, station: usize, truth: usize, reported: usize) -> usize {
        let severities = self.layout.severities.len();
        (station * severities + truth) * severities + reported
    }

    #[inline]
    fn cell_of(&self, ticket: &Ticket) -> usize {
        self.cell(
            ticket.team.index(),
            ticket.true_severity.index(),
            ticket.severity.index(),
        )
    }

    /// A visit to a station is over.
    #[inline]
    fn leaves_station(&mut self, now: Instant, ticket: &Ticket) {
        let cell = self.cell_of(ticket);
        let present = self.window.overlap(ticket.team_since, now).ms();
        let stay = (now - ticket.team_since).ms();
        let visits = &mut self.visits[cell];
        visits.present_ms += present;
        if ticket.measured {
            visits.stays.add(stay, &self.layout.stays_over);
            if self.layout.samples {
                self.stay_samples[ticket.team.index()].push(stay as u32);
            }
        }
    }

    #[inline]
    fn enters_station(&mut self, now: Instant, team: TeamId) {
        self.entries[team.index()] += u64::from(self.window.contains(now));
    }

    /// The time from the last start on is overtime if the person's shift is over.
    fn stops_working(&mut self, now: Instant, agent: AgentId) {
        if let Some(off_since) = self.off_since[agent.index()] {
            self.overtime_ms += (now - off_since).ms();
        }
    }

    fn open_tickets_become(&mut self, now: Instant, level: usize) {
        if self.layout.levels {
            if self.levels_ms.len() <= self.level {
                self.levels_ms.resize(self.level + 1, 0);
            }
            self.levels_ms[self.level] += self.window.overlap(self.level_since, now).ms();
            self.level = level;
            self.level_since = now;
        }
    }

    fn counts_hour(hours: &mut [u32], now: Instant) {
        if let Some(count) = hours.get_mut((now.ms() / HOUR_MS as i64) as usize) {
            *count += 1;
        }
    }

    /// Counts a ticket of a fault.
    fn counts_family(&mut self, now: Instant, ticket: &Ticket) {
        let fault = match ticket.family {
            Family::Alone => return,
            Family::Parent(fault) => {
                Self::counts_hour(&mut self.parents_by_hour, now);
                fault as usize
            }
            Family::Child(fault) => {
                Self::counts_hour(&mut self.children_by_hour, now);
                fault as usize
            }
        };
        let in_window = now < self.window.until;
        if in_window && self.broods.len() <= fault {
            self.broods.resize(fault + 1, 0);
        }
        if let (Family::Child(_), Some(brood)) = (ticket.family, self.broods.get_mut(fault)) {
            *brood += 1;
        }
    }

    /// Counts the instants at which something was so that began at `from` and ended at `to`.
    fn counts_instants(&mut self, from: Instant, to: Instant, open: bool) {
        for (counts, at) in self.at_instants.iter_mut().zip(&self.layout.instants) {
            let hit = u64::from(from.ms() <= *at && *at < to.ms());
            if open {
                counts.1 += hit;
            } else {
                counts.0 += hit;
            }
        }
    }

    fn follows_up_alerts(&mut self, ticket: &Ticket, outcome: &Outcome) {
        let fired = self.fired.get(ticket.number as usize).copied().unwrap_or(0);
        for (rule, (alerted, kind)) in self.alerted.iter_mut().zip(&self.layout.alerts).enumerate() {
            let verdict = match kind {
                Some(TargetKind::FirstResponse) => outcome.first_response,
                Some(TargetKind::Resolve) => outcome.resolve,
                Some(TargetKind::Mitigate) => outcome.mitigate,
                _ => None,
            };
            if fired >> rule & 1 == 1 {
                alerted.count += 1;
                let breached = verdict.is_some_and(|verdict| verdict.breached == Some(true));
                alerted.breached += u64::from(breached);
            }
        }
        if let Some(verdict) = outcome.resolve
            && verdict.breached == Some(true)
        {
            self.late_resolutions.add(verdict.late.ms(), &[]);
        }
    }

    fn count_page(&mut self, what: &Happening) {
        let pages = &mut self.pages;
        match *what {
            Happening::Paged { first, .. } => {
                pages.tickets += u64::from(first);
                pages.sent += 1;
            }
            Happening::LadderExhausted { .. } => pages.exhausted += 1,
            Happening::Acknowledged { after, level, .. } => {
                pages.acknowledged.add(after.ms(), &self.layout.acknowledged_over);
                if let Some(level) = level.map(usize::from) {
                    pages.before_the_last_resort.add(after.ms(), &[]);
                    pages.by_level.resize(pages.by_level.len().max(level + 1), 0);
                    pages.by_level[level] += 1;
                }
            }
            _ => {}
        }
    }
}

impl Observe for Tally<'_> {
    fn created(&mut self, now: Instant, ticket: &Ticket) {
        self.enters_station(now, ticket.team);
        self.created += u64::from(ticket.measured);
        Self::counts_hour(&mut self.created_by_hour, now);
        self.counts_family(now, ticket);
        self.open_tickets_become(now, self.level + 1);
    }

    fn left_queue(&mut self, now: Instant, ticket: &Ticket, taken: bool) {
        let cell = self.cell_of(ticket);
        self.visits[cell].queue_ms += self.window.overlap(ticket.queue_since, now).ms();
        self.counts_instants(ticket.queue_since, now, false);
        if !taken && ticket.measured && ticket.owner.is_none() && !ticket.turned_away {
            let wait = (now - ticket.team_since).ms();
            self.visits[cell].taken_away.add(wait, &self.layout.waits_over);
        }
    }

    fn started(&mut self, now: Instant, ticket: &Ticket, _agent: AgentId, first: bool) {
        if !first || !ticket.measured {
            return;
        }
        let cell = self.cell_of(ticket);
        let wait = (now - ticket.queue_since).ms();
        self.visits[cell].begun.add(wait, &self.layout.waits_over);
        if self.layout.samples {
            self.wait_samples[ticket.team.index()].push(wait as u32);
        }
        if ticket.first_response.is_none() {
            for (counts, row) in self.late.iter_mut().zip(&self.layout.late) {
                if row.from <= ticket.created.ms() && ticket.created.ms() < row.to {
                    counts.0 += u64::from(wait > row.over);
                    counts.1 += 1;
                }
            }
        }
    }

    fn interrupted(&mut self, now: Instant, _ticket: &Ticket, agent: AgentId, _why: Interruption) {
        self.stops_working(now, agent);
    }

    fn moves(&mut self, now: Instant, ticket: &Ticket, to: TeamId, agent: Option<AgentId>, by: Option<RuleId>) {
        self.leaves_station(now, ticket);
        self.enters_station(now, to);
        if let (Some(agent), None) = (agent, by) {
            self.stops_working(now, agent);
        }
    }

    fn happened(&mut self, now: Instant, ticket: &Ticket, what: &Happening) {
        let within = u64::from(self.window.contains(now));
        match what {
            Happening::Overflowed { from } => {
                self.overflowed[from.index()] += within;
                self.enters_station(now, ticket.team);
            }
            Happening::TurnedAway => self.turned_away[ticket.team.index()] += within,
            _ if ticket.measured => self.count_page(what),
            _ => {}
        }
    }

    fn fired(&mut self, _now: Instant, ticket: &Ticket, rule: RuleId) {
        if self.layout.alerts.get(rule.index()).is_some_and(Option::is_some) {
            let number = ticket.number as usize;
            if self.fired.len() <= number {
                self.fired.resize(number + 1, 0);
            }
            self.fired[number] |= 1 << rule.index();
        }
    }

    fn resolved(&mut self, now: Instant, ticket: &Ticket, agent: AgentId) {
        self.leaves_station(now, ticket);
        self.stops_working(now, agent);
        Self::counts_hour(&mut self.resolved_by_hour, now);
        self.counts_instants(ticket.created, now, true);
        self.open_tickets_become(now, self.level.saturating_sub(1));
    }

    fn reopened(&mut self, now: Instant, ticket: &Ticket) {
        self.enters_station(now, ticket.team);
        self.open_tickets_become(now, self.level + 1);
    }

    fn left(&mut self, now: Instant, ticket: &Ticket) {
        let cell = self.cell_of(ticket);
        self.visits[cell].present_ms += self.window.overlap(ticket.team_since, now).ms();
        self.counts_instants(ticket.created, now, true);
        self.open_tickets_become(now, self.level.saturating_sub(1));
        self.abandoned += u64::from(ticket.measured);
    }

    fn closed(&mut self, now: Instant, ticket: &Ticket, outcome: &Outcome) {
        if !ticket.measured || ticket.turned_away {
            return;
        }
        if let Some(breached) = outcome.first_response.and_then(|verdict| verdict.breached) {
            self.responses.0 += u64::from(breached);
            self.responses.1 += 1;
        }
        if ticket.left.is_some() {
            return;
        }
        let truth = ticket.true_severity.index();
        let cell = self.cell(ticket.team.index(), truth, ticket.first_severity.index());
        let lives = &mut self.lives[2 * cell + usize::from(ticket.escalations > 0)];
        lives.times.add((now - ticket.created).ms(), &self.layout.lives_over);
        lives.escalations += u64::from(ticket.escalations);
        lives.corrected += u64::from(ticket.corrected);
        let reopenings = u64::from(ticket.reopenings());
        lives.reopenings += reopenings;
        lives.reopenings_squared += reopenings * reopenings;
        lives.reopened_once += u64::from(reopenings >= 1);
        lives.reopened_twice += u64::from(reopenings >= 2);
        let end = truth * self.layout.severities.len() + ticket.severity.index();
        self.in_the_end[end] += 1;
        if !self.layout.alerts.is_empty() {
            self.follows_up_alerts(ticket, outcome);
        }
    }

    fn cut_off(&mut self, now: Instant, ticket: &Ticket, _outcome: &Outcome) {
        self.cut_off += u64::from(ticket.measured);
        if ticket.phase == Phase::Resolved {
            return;
        }
        let cell = self.cell_of(ticket);
        self.visits[cell].present_ms += self.window.overlap(ticket.team_since, now).ms();
        self.counts_instants(ticket.created, now, true);
        if ticket.phase == Phase::Queued {
            self.visits[cell].queue_ms += self.window.overlap(ticket.queue_since, now).ms();
            self.counts_instants(ticket.queue_since, now, false);
        }
    }

    fn on_duty(&mut self, now: Instant, agent: AgentId, starts: bool) {
        let ends_within = !starts && now < self.window.until;
        self.off_since[agent.index()] = ends_within.then_some(now);
    }

    fn mark(&mut self, now: Instant, scene: &Scene) {
        for (end, at) in [self.window.from, self.window.until].into_iter().enumerate() {
            if now == at {
                self.ledgers[end] = scene.desks.iter().map(|desk| desk.ledger).collect();
            }
        }
        if now == self.window.until {
            self.open_tickets_become(now, self.level);
        }
        for (seen, at) in self.at_marks.iter_mut().zip(&self.layout.instants) {
            if now.ms() == *at {
                let waiting = scene.desks.iter().map(|desk| desk.queue.len() as u64).sum();
                *seen = Some((waiting, scene.open as u64));
            }
        }
    }
}
