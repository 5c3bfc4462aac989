//! What samples at the ends of hours say of the open tickets: how many there are, and how far their clocks are.
//!
//! A sample looks at every open ticket, so a look is cheap: it counts in one cell, and a clock that has never paused is at risk
//! if it started before an instant that all tickets with the same target share. And the clocks of a long window are looked at less
//! often; how many tickets are open is counted at each hour, for the most of them would be missed.

use super::Measure;
use super::rows::Layout;
use crate::kernel::{Limit, Running, Scene, Ticket};
use crate::model::{CalendarId, CustomerTierId, Model, ServiceId, SeverityId, TargetKind};
use crate::time::{Instant, Worked};

/// The share of a target from which on a running clock is at risk.
const AT_RISK: f64 = 0.75;
const HOUR_MS: i64 = 3_600_000;
/// Hours of the longest window in which the clocks are looked at every hour: five weeks.
const EVERY_HOUR: i64 = 5 * 7 * 24;
/// Of longer ones every fifth is, or every fifth of those: in five weeks each hour of the week has had its turn.
const THINNED: i64 = 5;

/// The samples of one slice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sampled {
    /// Open tickets in the sample that is being taken.
    open: i64,
    /// Most open tickets in a sample: only of a whole slice, parts may have it at different times.
    pub most: i64,
    /// Running clocks, over all samples.
    pub running: i64,
    /// Those at risk.
    pub at_risk: i64,
}

impl Sampled {
    #[inline]
    fn add(&mut self, running: Running) {
        self.running += i64::from(running.clocks);
        self.at_risk += i64::from(running.beyond);
    }

    pub(super) fn merge(&mut self, other: &Sampled) {
        self.running += other.running;
        self.at_risk += other.at_risk;
    }
}

/// The samples of a replication.
#[derive(Debug, Clone)]
pub struct Samples {
    /// As the tickets' cells, and by team; these are empty if there is one team.
    cells: Vec<Sampled>,
    teams: Vec<Sampled>,
    /// By slice, in the order of the rows: open tickets of the sample, and of the fullest so far.
    now: Vec<i64>,
    most: Vec<i64>,
    /// Places of the slices of each cell, and of each team.
    slices_of_cells: Vec<Vec<u16>>,
    slices_of_teams: Vec<Vec<u16>>,
    /// Cells that have tickets in the sample.
    filled: Vec<u32>,
    limits: Limits,
    /// Hours from one sample to the next.
    every: i64,
}

/// From when on clocks are at risk.
#[derive(Debug, Clone)]
struct Limits {
    /// The different targets: calendar (`None`: the owner's), and how much of its time is the share.
    targets: Vec<(Option<CalendarId>, i64)>,
    /// By severity, service and customer tier: the targets of the first response, the resolution and the mitigation.
    of: Vec<[Option<u16>; 3]>,
    /// By sample and target: the latest start of a clock that is at risk then; not known before it is first taken.
    latest: Vec<i64>,
    /// Where the sample that is being taken stands among them.
    first: usize,
    /// As `of`: what holds at the last sample that looked at one, and which that was.
    rows: Vec<(usize, [Limit; 3])>,
}

impl Limits {
    fn of(model: &Model) -> Limits {
        let names = &model.names;
        let mut limits = Limits {
            targets: Vec::new(),
            of: Vec::new(),
            latest: Vec::new(),
            first: 0,
            rows: Vec::new(),
        };
        for severity in 0..names.severities.len() {
            for service in 0..names.services.len() {
                for customer in 0..names.customer_tiers.len() {
                    let ids = (
                        SeverityId::new(severity),
                        ServiceId::new(service),
                        CustomerTierId::new(customer),
                    );
                    let row = model.targets.row(ids.0, ids.1, ids.2);
                    let kinds = [TargetKind::FirstResponse, TargetKind::Resolve, TargetKind::Mitigate];
                    let of = kinds.map(|kind| {
                        let target = row[kind as usize].as_ref()?;
                        let amount = (AT_RISK * target.within.ms() as f64).ceil() as i64;
                        let calendar = target.by_owner.is_none().then_some(target.calendar);
                        Some(limits.place((calendar, amount)))
                    });
                    limits.of.push(of);
                }
            }
        }
        let samples = model.window.until.ms() / HOUR_MS / hours_between(model);
        limits.latest = vec![i64::MAX; (samples as usize + 1) * limits.targets.len()];
        limits.rows = vec![(usize::MAX, [Limit::NONE; 3]); limits.of.len()];
        limits
    }

    fn place(&mut self, target: (Option<CalendarId>, i64)) -> u16 {
        let known = self.targets.iter().position(|known| *known == target);
        known.unwrap_or_else(|| {
            self.targets.push(target);
            self.targets.len() - 1
        }) as u16
    }

    /// Looks up, or finds out, what holds at a sample.
    fn prepare(&mut self, now: Instant, sample: usize, model: &Model) {
        self.first = sample * self.targets.len();
        let latest = &mut self.latest[self.first..self.first + self.targets.len()];
        for (latest, (calendar, amount)) in latest.iter_mut().zip(&self.targets) {
            if *latest == i64::MAX {
                *latest = match calendar {
                    Some(calendar) => latest_start(model, *calendar, *amount, now).map_or(i64::MIN, Instant::ms),
                    None => now.ms() - amount,
                };
            }
        }
    }

    /// The limits of a row of targets: put together for the first ticket of a sample that asks, looked up for the others.
    #[inline]
    fn row(&mut self, row: usize) -> &[Limit; 3] {
        if self.rows[row].0 != self.first {
            self.rows[row] = (self.first, self.put_together(row));
        }
        &self.rows[row].1
    }

    fn put_together(&self, row: usize) -> [Limit; 3] {
        self.of[row].map(|target| match target.map(usize::from) {
            None => Limit::NONE,
            Some(target) => Limit {
                amount: self.targets[target].1,
                latest: self.latest[self.first + target],
                by_owner: self.targets[target].0.is_none(),
            },
        })
    }
}

/// Hours from one sample to the next: one, or more in a long window.
fn hours_between(model: &Model) -> i64 {
    let hours = (model.window.until - model.window.from).ms() / HOUR_MS;
    let mut every = 1;
    while hours > every * EVERY_HOUR {
        every *= THINNED;
    }
    every
}

/// The latest start of a clock that has counted so much by now; `None` if none has.
fn latest_start(model: &Model, calendar: CalendarId, amount: i64, now: Instant) -> Option<Instant> {
    if calendar == CalendarId::ALWAYS {
        let start = now.ms() - amount;
        return (start >= 0).then(|| Instant::from_ms(start));
    }
    let calendar = &model.calendars[calendar.index()];
    let before = calendar.worked_between(Instant::START, now).ms() - amount;
    if before < 0 {
        return None;
    }
    // Whoever starts while it is closed has counted as much as who starts as it opens.
    let reached = calendar.after(Instant::START, Worked::from_ms(before))?;
    calendar.next_open(reached)
}

impl Samples {
    pub(super) fn of(layout: &Layout, model: &Model, cells: usize) -> Samples {
        let cuts = layout.cuts().len();
        let teams = layout.teams_told_apart();
        let slices = cuts + if teams > 0 { layout.tiers + teams } else { 0 };
        let of_team = |team: usize| {
            vec![
                (cuts + layout.team_tiers[team]) as u16,
                (cuts + layout.tiers + team) as u16,
            ]
        };
        Samples {
            cells: vec![Sampled::default(); cells],
            teams: vec![Sampled::default(); teams],
            now: vec![0; slices],
            most: vec![0; slices],
            slices_of_cells: (0..cells).map(|cell| layout.cuts_of_cell(cell)).collect(),
            slices_of_teams: (0..teams).map(of_team).collect(),
            filled: Vec::new(),
            limits: Limits::of(model),
            every: hours_between(model),
        }
    }

    pub(super) fn clear(&mut self) {
        self.cells.fill(Sampled::default());
        self.teams.fill(Sampled::default());
        self.most.fill(0);
    }

    /// The slices, in the order of their rows.
    pub(super) fn slices(&self, layout: &Layout) -> Vec<Sampled> {
        let mut slices = layout.sums_of(&self.cells, Sampled::merge);
        slices = layout.with_teams(slices, &self.teams, Sampled::merge);
        for (slice, most) in slices.iter_mut().zip(&self.most) {
            slice.most = *most;
        }
        slices
    }

    /// The sample is whole.
    fn close(&mut self) {
        for cell in self.filled.drain(..).map(|cell| cell as usize) {
            let open = std::mem::take(&mut self.cells[cell].open);
            for slice in &self.slices_of_cells[cell] {
                self.now[usize::from(*slice)] += open;
            }
        }
        for (sampled, slices) in self.teams.iter_mut().zip(&self.slices_of_teams) {
            let open = std::mem::take(&mut sampled.open);
            for slice in slices {
                self.now[usize::from(*slice)] += open;
            }
        }
        for (most, now) in self.most.iter_mut().zip(&mut self.now) {
            *most = (*most).max(*now);
            *now = 0;
        }
    }
}

impl Measure<'_> {
    /// Looks at every open ticket at the end of an hour; at their clocks, too, if it is this hour's turn.
    #[inline]
    pub(super) fn sample(&mut self, now: Instant, scene: &Scene) {
        let (hour, every) = (now.ms() / HOUR_MS, self.samples.every);
        match hour % every == 0 {
            true => self.take_sample(now, (hour / every) as usize, scene),
            false => self.count_tickets(scene),
        }
    }

    #[inline(never)]
    fn count_tickets(&mut self, scene: &Scene) {
        for (_, ticket) in scene.tickets.each_open() {
            if ticket.is_open() && !ticket.is_task() {
                self.see_open(ticket);
            }
        }
        self.samples.close();
    }

    /// An open ticket counts in its cell and in its team's sample.
    #[inline]
    fn see_open(&mut self, ticket: &Ticket) -> (usize, usize) {
        let (cell, team) = (self.cell(ticket.severity.index(), ticket), ticket.team.index());
        let sampled = &mut self.samples.cells[cell];
        if sampled.open == 0 {
            self.samples.filled.push(cell as u32);
        }
        sampled.open += 1;
        if let Some(sampled) = self.samples.teams.get_mut(team) {
            sampled.open += 1;
        }
        (cell, team)
    }

    #[inline(never)]
    fn take_sample(&mut self, now: Instant, sample: usize, scene: &Scene) {
        self.samples.limits.prepare(now, sample, self.model);
        for (slot, ticket) in scene.tickets.each_open() {
            if !ticket.is_open() || ticket.is_task() {
                continue;
            }
            let limits = self.samples.limits.row(self.row_of_targets(ticket));
            let running = scene.running(slot, ticket, limits);
            let (cell, team) = self.see_open(ticket);
            self.samples.cells[cell].add(running);
            if let Some(sampled) = self.samples.teams.get_mut(team) {
                sampled.add(running);
            }
            if ticket.is_queued() {
                let bucket = self.buckets.index((now - ticket.queue_since).ms() as u64);
                self.times.queue_age[ticket.team.index()].add(bucket);
            }
        }
        self.samples.close();
    }

    #[inline]
    fn row_of_targets(&self, ticket: &Ticket) -> usize {
        let layout = &self.layout;
        (ticket.severity.index() * layout.services + ticket.service.index()) * layout.customers
            + ticket.customer.index()
    }
}
