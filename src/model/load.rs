//! Expected load: how much work a model's tickets bring to each team, against the time that its people have.
//!
//! Exact means, computed from the tables and not simulated: arrivals of every local hour of the measured window × where
//! they enter × how far they climb × the mean work of every visit. Nothing waits here, so work is booked in the hour in
//! which its ticket is created, and a team is assumed to be handed everything that the teams below it are brought. What
//! depends on how full the queues are is left out: rules that transfer tickets ([`Load::uncounted`]), work that grows with
//! the time that tickets are open ([`Load::beside`]), work repeated or added when work is interrupted or changes hands,
//! people who join each other, and overtime. What one team takes over from
//! another, or turns away, stays with the team that it came to first ([`Load::elsewhere`]). Work is in hours of the team's
//! own people, as fast as they are. So a load ratio is what the occupancy tends to in a
//! stable scenario without such rules, and how far a team is beyond its means in one that is not stable.

mod own;

pub use own::Beside;

use super::demand::{Flow, Reopening, ScriptedTicket};
use super::ids::{CalendarId, CustomerTierId, RuleId, ServiceId, SeverityId, TeamId, TierId};
use super::incidents::Incident;
use super::policy::Action;
use super::speed::Speeds;
use super::{Model, TIERS_MAX};
use crate::time::{Instant, local_hours};

/// Hours of a week.
pub const HOURS_A_WEEK: usize = 168;
const HOUR_MS: f64 = 3_600_000.0;
const WEEK_MS: f64 = HOURS_A_WEEK as f64 * HOUR_MS;
/// A team that is brought at least this share of its capacity is overloaded: 1, but for rounding.
const FULL: f64 = 1.0 - 1e-9;

/// What a model's tickets ask of its teams, as means over the measured window. Weekly numbers of a window that is not
/// whole weeks are those of a week at the window's mean rate.
#[derive(Debug, Clone, PartialEq)]
pub struct Load {
    /// Length of the measured window in weeks.
    pub weeks: f64,
    /// Tickets a week, by service.
    pub services: Vec<f64>,
    /// Tickets a week by true severity and the lowest tier that can solve them: `[severity][tier]`.
    pub solved_from: Vec<Vec<f64>>,
    /// Tickets a week that are reported with another severity than their true one.
    pub misreported: f64,
    /// Reopenings a week.
    pub reopened: f64,
    /// Tickets of one replication, from the start to the end of the window (those of the drain not counted).
    pub tickets_per_replication: f64,
    /// By team.
    pub teams: Vec<TeamLoad>,
    /// Rules that transfer tickets, or add people to them, whose effect is not counted.
    pub uncounted: Vec<RuleId>,
    /// Teams part of whose work others take over, or that turn some of it away: what they are brought is an upper bound.
    pub elsewhere: Vec<TeamId>,
    /// Work beside the tickets' own that is not counted.
    pub beside: Vec<Beside>,
}

/// What one team is brought and what it has.
#[derive(Debug, Clone, PartialEq)]
pub struct TeamLoad {
    /// Attempts at tickets a week, reopened ones included.
    pub visits: f64,
    /// Work brought, in hours of one person a week.
    pub offered_h: f64,
    /// Time on duty a week, in hours of one person: less expected absence and breaks.
    pub capacity_h: f64,
    /// By local hour of the week in the run's zone, Monday 00:00 first.
    pub hours: Vec<HourLoad>,
}

/// One hour of the week of one team.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct HourLoad {
    /// Work brought by the tickets created in it, in mean people kept busy.
    pub offered: f64,
    /// Mean people on duty.
    pub on_duty: f64,
}

impl HourLoad {
    /// Work brought over people on duty; `None` if nobody is on duty.
    pub fn ratio(&self) -> Option<f64> {
        (self.on_duty > 0.0).then(|| self.offered / self.on_duty)
    }
}

impl TeamLoad {
    /// Work brought over time on duty; `None` if nobody is ever on duty.
    pub fn ratio(&self) -> Option<f64> {
        (self.capacity_h > 0.0).then(|| self.offered_h / self.capacity_h)
    }

    /// Whether as much work comes as can be done, or more: the backlog has no bound.
    pub fn is_overloaded(&self) -> bool {
        self.offered_h > 0.0 && self.offered_h >= self.capacity_h * FULL
    }

    /// Hours of work by which the backlog grows a week; 0 unless overloaded.
    pub fn growth_h(&self) -> f64 {
        (self.offered_h - self.capacity_h).max(0.0)
    }

    /// Tickets by which the backlog grows a day; 0 unless overloaded.
    pub fn growth_tickets_a_day(&self) -> f64 {
        match self.offered_h > 0.0 {
            true => self.growth_h() * self.visits / self.offered_h / 7.0,
            false => 0.0,
        }
    }

    /// Hours of the week in which more work comes than the people on duty can do, nobody being on duty not counted.
    pub fn hours_above_one(&self) -> impl Iterator<Item = usize> {
        let above = |hour: &HourLoad| hour.ratio().is_some_and(|ratio| ratio > 1.0 + 1e-9);
        (0..self.hours.len()).filter(move |hour| above(&self.hours[*hour]))
    }

    /// The hour of the week with the highest ratio, the first of equals, and that ratio.
    pub fn busiest_hour(&self) -> Option<(usize, f64)> {
        let ratios = self.hours.iter().enumerate();
        let ratios = ratios.filter_map(|(hour, load)| Some((hour, load.ratio()?)));
        ratios.reduce(|best, next| if next.1 > best.1 + 1e-9 { next } else { best })
    }

    /// Share of the work that is brought in hours in which nobody is on duty.
    pub fn unstaffed_share(&self) -> f64 {
        let all: f64 = self.hours.iter().map(|hour| hour.offered).sum();
        let unstaffed = self.hours.iter().filter(|hour| hour.on_duty <= 0.0);
        match all > 0.0 {
            true => unstaffed.map(|hour| hour.offered).sum::<f64>() / all,
            false => 0.0,
        }
    }
}

impl Load {
    /// The load of a model.
    pub fn of(model: &Model) -> Load {
        let mut book = Book::new(model);
        for service in 0..model.population.services.len() {
            book.random_tickets(service);
        }
        for ticket in &model.population.scripted {
            book.scripted_ticket(ticket);
        }
        for incident in &model.population.incidents {
            book.incident(incident);
        }
        book.capacity();
        book.close()
    }

    /// Tickets a week.
    pub fn tickets(&self) -> f64 {
        self.services.iter().sum()
    }

    /// Tickets a week of a true severity.
    pub fn of_severity(&self, severity: usize) -> f64 {
        self.solved_from[severity].iter().sum()
    }

    /// Tickets a week that a tier can solve and none below it.
    pub fn of_tier(&self, tier: usize) -> f64 {
        self.solved_from.iter().map(|by_tier| by_tier[tier]).sum()
    }
}

/// A part of the window in one hour of the week, throughout which each calendar that routes ask for is open or closed.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    from_ms: f64,
    until_ms: f64,
    hour: usize,
    /// Index of the calendars' state in [`Book::states`].
    state: usize,
}

impl Stretch {
    fn overlap(&self, from_ms: f64, until_ms: f64) -> f64 {
        (until_ms.min(self.until_ms) - from_ms.max(self.from_ms)).max(0.0)
    }
}

/// Tickets of one kind: what decides how much work they are.
#[derive(Clone, Copy)]
struct Who<'a> {
    service: ServiceId,
    severity: SeverityId,
    scripted: Option<&'a ScriptedTicket>,
}

/// What one ticket brings to each team, as means.
#[derive(Debug, Clone)]
struct Tally {
    visits: Vec<f64>,
    work_ms: Vec<f64>,
    solved_from: Vec<Vec<f64>>,
    misreported: f64,
    reopened: f64,
}

/// Where tickets enter: share and mean correction work of all tickets, by team.
type Entries = Vec<(TeamId, f64, f64)>;

/// The sums.
struct Book<'a> {
    model: &'a Model,
    speeds: Speeds,
    stretches: Vec<Stretch>,
    /// Calendars of routes, and the states in which the window finds them.
    calendars: Vec<CalendarId>,
    states: Vec<Vec<bool>>,
    /// Length of each hour of the week in the window, ms.
    exposure_ms: Vec<f64>,
    /// `[team][hour]`, ms of one person.
    offered_ms: Vec<Vec<f64>>,
    capacity_ms: Vec<Vec<f64>>,
    services: Vec<f64>,
    all_tickets: f64,
    total: Tally,
}

impl<'a> Book<'a> {
    fn new(model: &'a Model) -> Book<'a> {
        let teams = model.teams.len();
        let mut calendars: Vec<CalendarId> = model
            .routes
            .iter()
            .flat_map(|route| route.conditions.open.iter().copied())
            .collect();
        calendars.sort_unstable();
        calendars.dedup();
        let mut book = Book {
            model,
            speeds: Speeds::of(model),
            stretches: Vec::new(),
            calendars,
            states: Vec::new(),
            exposure_ms: vec![0.0; HOURS_A_WEEK],
            offered_ms: vec![vec![0.0; HOURS_A_WEEK]; teams],
            capacity_ms: vec![vec![0.0; HOURS_A_WEEK]; teams],
            services: vec![0.0; model.population.services.len()],
            all_tickets: 0.0,
            total: Tally::new(model),
        };
        book.cut_window();
        book
    }

    /// Cuts the window at the hours of the local week and where a route's calendar opens or closes.
    fn cut_window(&mut self) {
        let (model, window) = (self.model, self.model.window);
        for hour in local_hours(model.origin.zone(), &model.origin, window.until) {
            let (mut from, until) = (hour.from.max(window.from), hour.until);
            let hour = usize::from(hour.hour_of_week);
            while from < until {
                let boundary = |calendar: &CalendarId| model.calendars[calendar.index()].next_boundary(from);
                let next = self.calendars.iter().filter_map(boundary).min();
                let next = next.map_or(until, |next| next.min(until));
                let state = self.state_at(from);
                let (from_ms, until_ms) = (from.ms() as f64, next.ms() as f64);
                self.exposure_ms[hour] += until_ms - from_ms;
                self.stretches.push(Stretch {
                    from_ms,
                    until_ms,
                    hour,
                    state,
                });
                from = next;
            }
        }
    }

    fn state_at(&mut self, at: Instant) -> usize {
        let open = |calendar: &CalendarId| self.model.calendars[calendar.index()].is_open(at);
        let state: Vec<bool> = self.calendars.iter().map(open).collect();
        let known = self.states.iter().position(|known| *known == state);
        known.unwrap_or_else(|| {
            self.states.push(state);
            self.states.len() - 1
        })
    }

    /// Books the tickets that a service's flow brings.
    fn random_tickets(&mut self, service: usize) {
        let Some(flow) = &self.model.population.services[service].flow else {
            return;
        };
        self.all_tickets += arrivals_until(flow, self.model.window.until.ms() as f64);
        let mut created = vec![vec![0.0; HOURS_A_WEEK]; self.states.len()];
        each_arrivals(flow, &self.stretches, |stretch, tickets| {
            created[stretch.state][stretch.hour] += tickets;
        });
        for (state, created) in created.iter().enumerate() {
            let all: f64 = created.iter().sum();
            if all > 0.0 {
                let tally = self.random_ticket(ServiceId::new(service), state);
                self.services[service] += all;
                self.total.add(&tally, all);
                for (team, work) in tally.work_ms.iter().enumerate() {
                    let offered = &mut self.offered_ms[team];
                    offered
                        .iter_mut()
                        .zip(created)
                        .for_each(|(sum, tickets)| *sum += work * tickets);
                }
            }
        }
    }

    /// What a random ticket of a service brings, with the routes' calendars in a state.
    fn random_ticket(&self, service: ServiceId, state: usize) -> Tally {
        let demand = &self.model.population.services[service.index()];
        let mut tally = Tally::new(self.model);
        for (severity, share) in shares(&demand.severities).into_iter().enumerate() {
            if share > 0.0 {
                let who = Who {
                    service,
                    severity: SeverityId::new(severity),
                    scripted: None,
                };
                self.book_kind(who, share, state, &mut tally);
            }
        }
        tally
    }

    /// Books the tickets that faults bring, as if none were spared, linked or mitigated before its time: each as much work as a
    /// ticket of its service, in the hour in which the fault begins.
    fn incident(&mut self, incident: &Incident) {
        let mut begun = vec![vec![0.0; HOURS_A_WEEK]; self.states.len()];
        if let Some(flow) = &incident.flow {
            each_arrivals(flow, &self.stretches, |stretch, faults| {
                begun[stretch.state][stretch.hour] += faults;
            });
        }
        for at in incident.at.iter().map(|at| Instant::START + *at) {
            if self.model.window.contains(at) {
                let at = at.ms() as f64;
                let place = self.stretches.partition_point(|stretch| stretch.until_ms <= at);
                let stretch = self.stretches[place];
                begun[stretch.state][stretch.hour] += 1.0;
            }
        }
        let brought = incident.tickets_by_service();
        for (state, begun) in begun.iter().enumerate() {
            let faults: f64 = begun.iter().sum();
            for (service, tickets) in brought.iter().enumerate().filter(|_| faults > 0.0) {
                let tally = self.random_ticket(ServiceId::new(service), state);
                self.services[service] += faults * tickets;
                self.all_tickets += faults * tickets;
                self.total.add(&tally, faults * tickets);
                for (team, work) in tally.work_ms.iter().enumerate() {
                    let hours = self.offered_ms[team].iter_mut().zip(begun);
                    hours.for_each(|(sum, faults)| *sum += work * faults * tickets);
                }
            }
        }
    }

    fn scripted_ticket(&mut self, ticket: &ScriptedTicket) {
        let window = self.model.window;
        self.all_tickets += f64::from(u8::from(ticket.at < window.until));
        if !window.contains(ticket.at) {
            return;
        }
        let at = ticket.at.ms() as f64;
        let place = self.stretches.partition_point(|stretch| stretch.until_ms <= at);
        let Stretch { hour, state, .. } = self.stretches[place];
        let mut tally = Tally::new(self.model);
        let mix = shares(&self.model.population.services[ticket.service.index()].severities);
        for (severity, share) in of_choice(ticket.severity.map(SeverityId::index), &mix) {
            let who = Who {
                service: ticket.service,
                severity: SeverityId::new(severity),
                scripted: Some(ticket),
            };
            self.book_kind(who, share, state, &mut tally);
        }
        self.services[ticket.service.index()] += 1.0;
        self.total.add(&tally, 1.0);
        for (team, work) in tally.work_ms.iter().enumerate() {
            self.offered_ms[team][hour] += work;
        }
    }

    /// Books a share of tickets of one kind: each way in, each path up the ladder.
    fn book_kind(&self, who: Who, share: f64, state: usize, tally: &mut Tally) {
        let (entries, misreported) = self.entries(who, state);
        tally.misreported += share * misreported;
        self.read(who, share, tally);
        let paths = self.paths(who);
        for (path, of_path) in &paths {
            let tier = TierId::new(7 - path.leading_zeros() as usize);
            tally.solved_from[who.severity.index()][tier.index()] += share * of_path;
        }
        for (team, of_entry, correction_ms) in entries {
            self.book_work(who, team, share * correction_ms, tally);
            for (path, of_path) in &paths {
                self.climb(who, team, *path, share * of_entry * of_path, tally);
            }
        }
    }

    /// The teams that get the tickets first, and the share of the tickets that is reported with a wrong severity.
    fn entries(&self, who: Who, state: usize) -> (Entries, f64) {
        let (population, triage) = (&self.model.population, &self.model.population.triage);
        let truth = who.severity.index();
        let written = who.scripted.and_then(|ticket| ticket.reported.or(ticket.severity));
        let service = &population.services[who.service.index()];
        let customers = shares(&service.customers);
        let customer = who
            .scripted
            .and_then(|ticket| ticket.customer)
            .map(CustomerTierId::index);
        let (mut entries, mut misreported) = (Entries::new(), 0.0);
        for (customer, of_customer) in of_choice(customer, &customers) {
            let drawn = triage.reported(
                &service.attributes,
                who.service,
                customer,
                who.severity,
                population.severities,
            );
            for (reported, of_report) in of_choice(written.map(SeverityId::index), &drawn) {
                let team = self.entry(who, reported, customer, state);
                let share = of_report * of_customer;
                misreported += if reported == truth { 0.0 } else { share };
                let correction = match reported.cmp(&truth) {
                    std::cmp::Ordering::Less => triage.corrects_over,
                    std::cmp::Ordering::Equal => triage.corrects_wrongly,
                    std::cmp::Ordering::Greater => triage.corrects_under,
                };
                let correction_ms = match triage.corrects() {
                    true => correction * triage.correction_work.ms() as f64,
                    false => 0.0,
                };
                match entries.iter_mut().find(|(known, _, _)| *known == team) {
                    Some((_, sum, work)) => (*sum, *work) = (*sum + share, *work + share * correction_ms),
                    None => entries.push((team, share, share * correction_ms)),
                }
            }
        }
        (entries, misreported)
    }

    /// As the kernel: the team written, else of the first route that matches, else of the service's tier.
    fn entry(&self, who: Who, reported: usize, customer: usize, state: usize) -> TeamId {
        let model = self.model;
        if let Some(team) = who.scripted.and_then(|ticket| ticket.team) {
            return team;
        }
        let is_open = |calendar| self.is_open(calendar, state);
        model.entry(
            SeverityId::new(reported),
            who.service,
            CustomerTierId::new(customer),
            is_open,
        )
    }

    fn is_open(&self, calendar: CalendarId, state: usize) -> bool {
        let place = self.calendars.iter().position(|known| *known == calendar);
        place.is_some_and(|place| self.states[state][place])
    }

    /// The tiers that tickets need, one bit each, the highest of which can solve them, and the share of each such path.
    fn paths(&self, who: Who) -> Vec<(u8, f64)> {
        if let Some(tier) = who.scripted.and_then(|ticket| ticket.able_from) {
            return vec![(((1u16 << (tier.index() + 1)) - 1) as u8, 1.0)];
        }
        let population = &self.model.population;
        let from = population.services[who.service.index()].needs_at_least;
        let mut paths = Vec::new();
        let mut open = vec![(from, 1u8 << from.index(), 1.0)];
        while let Some((tier, path, share)) = open.pop() {
            let (mut before, mut left) = (0.0, share);
            for (cumulated, next) in population.ladder.above(tier, who.severity) {
                let part = share * (cumulated - before);
                before = *cumulated;
                if *next > tier && part > 0.0 {
                    left -= part;
                    open.push((*next, path | 1 << next.index(), part));
                }
            }
            if left > share * 1e-12 {
                paths.push((path, left));
            }
        }
        paths
    }

    /// Follows a share of tickets from the team that they enter to the one that solves them, as the kernel moves them.
    fn climb(&self, who: Who, entry: TeamId, path: u8, share: f64, tally: &mut Tally) {
        let (model, mut team, mut escalated) = (self.model, entry, false);
        let highest = 7 - path.leading_zeros() as usize;
        for _ in 0..=TIERS_MAX {
            let tier = model.teams[team.index()].tier;
            let able = tier.index() >= highest;
            let mut work = self.attempt_ms(who, tier, able);
            if !able {
                work += model.handoff.escalation_notes.ms() as f64;
            }
            if escalated {
                work *= 1.0 + model.handoff.escalation_loss;
            }
            self.visit(who, team, share, work, tally);
            if able {
                self.after_solution(who, team, share, tally);
                self.follow(who, team, share, tally);
                return;
            }
            let above = path & (0xFEu8.wrapping_shl(tier.index() as u32));
            let next = (above.trailing_zeros() as usize..model.tiers.len())
                .find_map(|next| model.team(TierId::new(next), who.service));
            match next {
                Some(next) => {
                    // What is not accepted at once is looked at once more by both.
                    let rejected = share * model.handoff.rejected;
                    for looks in [team, next] {
                        let look = model.handoff.reject_work.ms() as f64;
                        self.book_work(who, looks, rejected * look, tally);
                    }
                    (team, escalated) = (next, true);
                }
                None => return,
            }
        }
    }

    /// Mean of one attempt at a tier, ms.
    fn attempt_ms(&self, who: Who, tier: TierId, able: bool) -> f64 {
        if let Some(written) = who.scripted.and_then(|ticket| ticket.work[tier.index()]) {
            return written.ms() as f64;
        }
        let rows = &self.model.tiers[tier.index()];
        let laws = if able { &rows.work } else { &rows.diagnosis };
        laws[who.severity.index()].mean() * self.model.population.services[who.service.index()].work_factor
    }

    /// Work after the customer's answers of tickets written out, and fresh work of those that come back.
    fn after_solution(&self, who: Who, team: TeamId, share: f64, tally: &mut Tally) {
        let tier = self.model.teams[team.index()].tier;
        let reopening = self.model.population.reopening.as_ref();
        let written = who.scripted.and_then(|ticket| ticket.reopens_after.as_ref());
        let drawn = || reopening.map_or(0.0, |reopening| returns(reopening, who.severity));
        let again = written.map_or_else(drawn, |times| times.len() as f64);
        let factor = match who.scripted.and_then(|ticket| ticket.work[tier.index()]) {
            Some(_) => 1.0,
            None => reopening.map_or(1.0, |reopening| reopening.work_factor),
        };
        if again > 0.0 {
            let work = self.attempt_ms(who, tier, true) * factor;
            self.visit(who, team, share * again, work, tally);
            tally.reopened += share * again;
        }
        let legs = who.scripted.iter().flat_map(|ticket| &ticket.legs);
        let after_answers: f64 = legs.map(|leg| leg.then_work.ms() as f64).sum();
        self.book_work(who, team, share * after_answers, tally);
    }

    /// Books attempts at a team, `share` of them, of so much standard work each.
    fn visit(&self, who: Who, team: TeamId, share: f64, work_ms: f64, tally: &mut Tally) {
        tally.visits[team.index()] += share;
        self.book_work(who, team, share * work_ms, tally);
    }

    /// Books standard work, in the time that the team's people take for it.
    fn book_work(&self, who: Who, team: TeamId, work_ms: f64, tally: &mut Tally) {
        tally.work_ms[team.index()] += work_ms / self.speeds.at(team, who.service, who.severity);
    }

    /// Books the time on duty of every crew. As in the kernel, absence and breaks belong to shifts: people who are always
    /// on duty have none.
    fn capacity(&mut self) {
        for crew in &self.model.crews {
            let (people, team) = (crew.agents.len() as f64, crew.team.index());
            if crew.always {
                for (sum, exposure) in self.capacity_ms[team].iter_mut().zip(&self.exposure_ms) {
                    *sum += people * exposure;
                }
                continue;
            }
            let named: Vec<_> = crew
                .agents
                .clone()
                .filter_map(|agent| self.model.agents[agent].person)
                .collect();
            let here = (1.0 - crew.absent) * (1.0 - crew.breaks.map_or(0.0, |breaks| breaks.share));
            for (from, until) in &crew.shifts {
                let away = named
                    .iter()
                    .filter(|person| self.model.people[person.index()].is_away(*from));
                let present = (people - away.count() as f64) * here;
                let (from, until) = (from.ms() as f64, until.ms() as f64);
                let first = self.stretches.partition_point(|stretch| stretch.until_ms <= from);
                let within = self.stretches[first..].iter();
                for stretch in within.take_while(|stretch| stretch.from_ms < until) {
                    self.capacity_ms[team][stretch.hour] += present * stretch.overlap(from, until);
                }
            }
        }
    }

    fn close(self) -> Load {
        let weeks = (self.model.window.until - self.model.window.from).ms() as f64 / WEEK_MS;
        let a_week = |sum: f64| if weeks > 0.0 { sum / weeks } else { 0.0 };
        let teams = (0..self.model.teams.len()).map(|team| {
            let (offered, capacity) = (&self.offered_ms[team], &self.capacity_ms[team]);
            let mean = |sum: f64, hour: usize| if sum > 0.0 { sum / self.exposure_ms[hour] } else { 0.0 };
            TeamLoad {
                visits: a_week(self.total.visits[team]),
                offered_h: a_week(offered.iter().sum::<f64>() / HOUR_MS),
                capacity_h: a_week(capacity.iter().sum::<f64>() / HOUR_MS),
                hours: (0..HOURS_A_WEEK)
                    .map(|hour| HourLoad {
                        offered: mean(offered[hour], hour),
                        on_duty: mean(capacity[hour], hour),
                    })
                    .collect(),
            }
        });
        let by_tier = |sums: &Vec<f64>| sums.iter().map(|sum| a_week(*sum)).collect();
        Load {
            weeks,
            services: self.services.iter().map(|sum| a_week(*sum)).collect(),
            solved_from: self.total.solved_from.iter().map(by_tier).collect(),
            misreported: a_week(self.total.misreported),
            reopened: a_week(self.total.reopened),
            tickets_per_replication: self.all_tickets,
            teams: teams.collect(),
            uncounted: uncounted(self.model),
            elsewhere: elsewhere(self.model),
            beside: Beside::of(self.model),
        }
    }
}

impl Tally {
    fn new(model: &Model) -> Tally {
        Tally {
            visits: vec![0.0; model.teams.len()],
            work_ms: vec![0.0; model.teams.len()],
            solved_from: vec![vec![0.0; model.tiers.len()]; model.population.severities],
            misreported: 0.0,
            reopened: 0.0,
        }
    }

    fn add(&mut self, one: &Tally, tickets: f64) {
        let add = |sums: &mut Vec<f64>, parts: &Vec<f64>| {
            sums.iter_mut()
                .zip(parts)
                .for_each(|(sum, part)| *sum += part * tickets);
        };
        add(&mut self.visits, &one.visits);
        add(&mut self.work_ms, &one.work_ms);
        for (sums, parts) in self.solved_from.iter_mut().zip(&one.solved_from) {
            add(sums, parts);
        }
        self.misreported += one.misreported * tickets;
        self.reopened += one.reopened * tickets;
    }
}

/// Mean number of reopenings of a ticket: `p + p² + …`, at most `at_most` terms.
fn returns(reopening: &Reopening, severity: SeverityId) -> f64 {
    let p = reopening.share[severity.index()];
    let most = f64::from(reopening.at_most);
    match p < 1.0 {
        true => p * (1.0 - libm::pow(p, most)) / (1.0 - p),
        false => most,
    }
}

/// Teams that others help, or that turn tickets away.
fn elsewhere(model: &Model) -> Vec<TeamId> {
    let teams = model.teams.iter().enumerate();
    teams
        .filter(|(_, team)| team.overflow.is_some() || team.places.is_some())
        .map(|(index, _)| TeamId::new(index))
        .collect()
}

/// The rules that move tickets, or add people to them.
fn uncounted(model: &Model) -> Vec<RuleId> {
    let moves = |action: &Action| {
        matches!(
            action,
            Action::TransferToTier(..) | Action::TransferToTeam(..) | Action::AddResponders(..) | Action::Involve(..)
        )
    };
    let rules = model.rules.rules.iter().enumerate();
    rules
        .filter(|(_, rule)| rule.actions.iter().any(moves))
        .map(|(index, _)| RuleId::new(index))
        .collect()
}

/// Shares from cumulated ones; the last takes what is left of 1, as in drawing.
fn shares(cumulated: &[f64]) -> Vec<f64> {
    let mut before = 0.0;
    let last = cumulated.len().saturating_sub(1);
    let share = |(index, sum): (usize, &f64)| {
        let until = if index == last { 1.0 } else { sum.min(1.0) };
        let share = (until - before).max(0.0);
        before = until.max(before);
        share
    };
    // What is left by rounding is nothing.
    let tiny = |share: f64| if share < 1e-12 { 0.0 } else { share };
    cumulated.iter().enumerate().map(share).map(tiny).collect()
}

/// What is written, or everything that may be drawn, with its share.
fn of_choice(written: Option<usize>, drawn: &[f64]) -> Vec<(usize, f64)> {
    match written {
        Some(index) => vec![(index, 1.0)],
        None => {
            let drawn = drawn.iter().copied().enumerate();
            drawn.filter(|(_, share)| *share > 0.0).collect()
        }
    }
}

fn arrivals_until(flow: &Flow, end_ms: f64) -> f64 {
    let (mut from, mut sum) = (0.0, 0.0);
    for segment in &flow.segments {
        sum += (segment.until_ms.min(end_ms) - from).max(0.0) * segment.rate;
        from = segment.until_ms;
    }
    sum
}

/// Expected arrivals of each stretch. Both lists are in order; day factors have mean 1.
fn each_arrivals(flow: &Flow, stretches: &[Stretch], mut each: impl FnMut(&Stretch, f64)) {
    let (mut from, mut first) = (0.0, 0);
    for segment in &flow.segments {
        while stretches.get(first).is_some_and(|stretch| stretch.until_ms <= from) {
            first += 1;
        }
        let within = stretches[first..].iter();
        for stretch in within.take_while(|stretch| stretch.from_ms < segment.until_ms) {
            each(stretch, stretch.overlap(from, segment.until_ms) * segment.rate);
        }
        from = segment.until_ms;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::compile;
    use crate::scenario::{Document, render};

    const HEAD: &str = "name = \"t\"\n[run]\nstart = \"2026-01-05\"\nhorizon = \"2w\"\nwarm_up = \"1d\"\ndrain = \"7d\"\n\
                        [severities.S1]\nresolve = \"8h\"\n[severities.S2]\nresolve = \"8h\"\n";

    fn load(text: &str) -> Load {
        let document = Document::parse("t.toml", text);
        assert!(
            !document.problems().any_error(),
            "{}",
            render(&document, document.problems(), false)
        );
        let mut problems = crate::scenario::Problems::new();
        let model = compile(document.base().unwrap(), &mut problems).expect("a model");
        Load::of(&model)
    }

    pub(super) fn of(body: &str) -> Load {
        load(&format!("{HEAD}{body}"))
    }

    #[track_caller]
    pub(super) fn close(found: f64, expected: f64) {
        assert!(
            (found - expected).abs() < 1e-9 * expected.abs().max(1.0),
            "{found}, expected {expected}"
        );
    }

    fn ratio(load: &Load, team: usize) -> f64 {
        load.teams[team].ratio().unwrap()
    }

    #[test]
    fn the_ladder_is_loaded_as_its_flows_say() {
        let load = load(include_str!("../../scenarios/ladder.toml"));
        for (team, expected) in [0.833_333_333_333, 0.82, 0.768_75].into_iter().enumerate() {
            assert!((ratio(&load, team) - expected).abs() < 1e-9, "{team}");
            assert_eq!(load.teams[team].hours_above_one().count(), 0);
            assert!(!load.teams[team].is_overloaded());
        }
        close(load.tickets(), 60.0 * 168.0);
        close(load.of_tier(1) + load.of_tier(2), 12.3 * 168.0);
        close(load.teams[2].visits, 3.075 * 168.0);
        close(load.tickets_per_replication, 53.0 * 60.0 * 168.0);
    }

    /// Case d6 of the verification folder: three tiers, some tickets enter at the second, some skip it.
    #[test]
    fn tickets_that_enter_higher_up_skip_the_lowest_tier() {
        let load = of("[services.low]\narrivals.rate = \"10/h\"\nmix = { S1 = 1.0 }\n\
            [services.high]\narrivals.rate = \"2/h\"\nmix = { S2 = 1.0 }\nstarts_at = \"L2\"\nneeds_at_least = \"L2\"\n\
            [tiers.L1]\nwork = { exponential = \"18m\" }\nescalates = { L2 = 0.2, L3 = 0.02 }\n\
            [tiers.L2]\nwork = { exponential = \"36m\" }\nescalates.L3 = 0.2\n\
            [tiers.L3]\nwork = { exponential = \"90m\" }\n\
            [teams.L1]\ntier = \"L1\"\nheadcount = 4\n[teams.L2]\ntier = \"L2\"\nheadcount = 4\n\
            [teams.L3]\ntier = \"L3\"\nheadcount = 2\n");
        close(load.teams[0].visits, 10.0 * 168.0);
        close(load.teams[1].visits, 4.0 * 168.0);
        close(load.teams[2].visits, 1.0 * 168.0);
        close(ratio(&load, 0), 0.75);
        close(ratio(&load, 1), 0.6);
        close(ratio(&load, 2), 0.75);
    }

    pub(super) const DESK: &str = "[services.desk]\narrivals.rate = \"6/h\"\nmix = { S1 = 0.25, S2 = 0.75 }\n\
        [tiers.L1]\nwork = { deterministic = \"20m\" }\n[teams.L1]\ntier = \"L1\"\nheadcount = 4\n";

    #[test]
    fn a_ticket_in_five_that_comes_back_is_a_quarter_more_work() {
        close(ratio(&of(DESK), 0), 0.5);
        let back = of(&format!("{DESK}[reopening]\nshare = 0.2\n"));
        close(back.teams[0].visits, 1.25 * 6.0 * 168.0);
        close(ratio(&back, 0), 0.625);
        let once = of(&format!(
            "{DESK}[reopening]\nshare = 0.2\nat_most = 1\nwork_factor = 0.5\n"
        ));
        close(once.teams[0].visits, 1.2 * 6.0 * 168.0);
        close(ratio(&once, 0), 0.55);
        let twice = of(&format!("{DESK}[reopening]\nshare = {{ S1 = 1.0 }}\nat_most = 2\n"));
        close(twice.teams[0].visits, 1.5 * 6.0 * 168.0);
    }

    #[test]
    fn work_is_in_hours_of_the_people_who_do_it() {
        let with = |more: &str| ratio(&of(&format!("{DESK}{more}")), 0);
        close(with("proficiency = 0.5\n"), 1.0);
        // Three conversations at once are 3 / 1.7 people.
        close(with("concurrency = { most = 3 }\n"), 0.5 * 1.7 / 3.0);
        close(
            with("concurrency = { most = 3, exclusive = [\"S1\"] }\n"),
            0.5 * (0.25 + 0.75 * 1.7 / 3.0),
        );
        // Four of standard proficiency and one of twice that: six in the time of five.
        close(with("[people.ana]\nteam = \"L1\"\nproficiency = 2.0\n"), 2.0 / 6.0);
    }

    #[test]
    fn a_ticket_that_is_not_accepted_is_looked_at_by_both_teams() {
        let ladder = "[services.desk]\narrivals.rate = \"6/h\"\nmix = { S1 = 1.0 }\n\
            [tiers.L1]\nwork = { deterministic = \"20m\" }\nescalates.L2 = 0.5\n\
            [tiers.L2]\nwork = { deterministic = \"20m\" }\n\
            [teams.L1]\ntier = \"L1\"\nheadcount = 4\n[teams.L2]\ntier = \"L2\"\nheadcount = 4\n";
        let load = of(&format!("{ladder}[handoff]\nrejected = 0.2\nreject_work = \"10m\"\n"));
        close(load.teams[0].offered_h, 168.0 * (6.0 * 20.0 + 0.6 * 10.0) / 60.0);
        close(load.teams[1].offered_h, 168.0 * (3.0 * 20.0 + 0.6 * 10.0) / 60.0);
    }

    #[test]
    fn shifts_count_the_hours_that_they_cover() {
        let load = of("[services.desk]\narrivals.rate = \"3/h\"\nmix = { S1 = 1.0 }\n\
            [tiers.L1]\nwork = { deterministic = \"20m\" }\n\
            [teams.L1]\ntier = \"L1\"\n\
            shifts.day = { headcount = 4, hours = { \"Mon-Fri\" = \"09:00-17:00\" } }\n\
            shifts.late = { headcount = 1, hours = { \"Mon\" = \"16:00-17:30\" } }\n");
        let team = &load.teams[0];
        close(team.offered_h, 168.0);
        close(team.capacity_h, 4.0 * 40.0 + 1.5);
        close(team.hours[9].on_duty, 4.0);
        close(team.hours[16].on_duty, 5.0);
        close(team.hours[17].on_duty, 0.5);
        close(team.hours[17].offered, 1.0);
        assert_eq!(team.hours[18].ratio(), None);
        assert_eq!(team.hours_above_one().collect::<Vec<_>>(), [17]);
        assert_eq!(team.busiest_hour(), Some((17, 2.0)));
        close(team.unstaffed_share(), (168.0 - 41.0) / 168.0);
        assert!(team.is_overloaded());
        close(team.growth_h(), 6.5);
        close(team.growth_tickets_a_day(), 6.5 * 3.0 / 7.0);
    }

    #[test]
    fn absence_and_breaks_are_not_on_duty() {
        let load = of("[services.desk]\narrivals.rate = \"3/h\"\nmix = { S1 = 1.0 }\n\
            [tiers.L1]\nwork = { deterministic = \"20m\" }\n\
            [teams.L1]\ntier = \"L1\"\nshrinkage = { absent = 0.12, breaks = 0.18 }\n\
            shifts.early = { headcount = 5, hours = { \"Mon-Sun\" = \"06:00-14:00\" } }\n\
            shifts.night = { headcount = 2, hours = { \"Mon-Sun\" = \"14:00-06:00\" } }\n");
        // 1 − 0.88 × 0.82 = 27.84 %, domain.md section 8
        close(load.teams[0].capacity_h, 7.0 * (40.0 + 32.0) * (1.0 - 0.2784));
        close(load.teams[0].hours[2].on_duty, 2.0 * 0.7216);
    }

    #[test]
    fn the_reported_severity_decides_the_route_and_the_true_one_the_work() {
        let load = of(
            "[services.desk]\narrivals.rate = \"10/h\"\nmix = { S1 = 0.5, S2 = 0.5 }\nwork_factor = 2.0\n\
            [triage]\nconfusion = { S2 = { S1 = 0.4, S2 = 0.6 } }\noverride = { over = 0.5, under = 1.0, work = \"6m\" }\n\
            [tiers.L1]\nwork = { S1 = { deterministic = \"12m\" }, S2 = { deterministic = \"3m\" } }\n\
            diagnosis = { deterministic = \"9m\" }\nescalates.L2 = { S2 = 0.5 }\n\
            [tiers.L2]\nwork = { deterministic = \"30m\" }\n\
            [handoff]\nescalation_notes = \"3m\"\nescalation_loss = 0.1\n\
            [teams.front]\ntier = \"L1\"\nheadcount = 4\n[teams.urgent]\ntier = \"L1\"\nheadcount = 4\n\
            [teams.L2]\ntier = \"L2\"\nheadcount = 4\n\
            [routes.urgent]\nif = { severity = [\"S1\"] }\nto = \"urgent\"\n",
        );
        let h = 168.0 / 60.0;
        close(load.misreported, 2.0 * 168.0);
        close(load.teams[0].visits, 3.0 * 168.0);
        close(load.teams[0].offered_h, 3.0 * (0.5 * 6.0 + 0.5 * (18.0 + 3.0)) * h);
        close(load.teams[1].visits, 7.0 * 168.0);
        close(
            load.teams[1].offered_h,
            (5.0 * 24.0 + 2.0 * (0.5 * 6.0 + 0.5 * 21.0 + 0.5 * 6.0)) * h,
        );
        close(load.teams[2].offered_h, 2.5 * 60.0 * 1.1 * h);
    }

    #[test]
    fn a_route_that_asks_for_open_hours_counts_in_those_hours_only() {
        let load = of("[calendars.day]\nhours = { \"Mon-Sun\" = \"08:30-20:30\" }\n\
            [services.desk]\narrivals.rate = \"4/h\"\nmix = { S1 = 1.0 }\n\
            [tiers.L1]\nwork = { deterministic = \"15m\" }\n\
            [teams.night]\ntier = \"L1\"\nheadcount = 2\n[teams.day]\ntier = \"L1\"\nheadcount = 4\n\
            [routes.day]\nif = { open = \"day\" }\nto = \"day\"\n");
        close(ratio(&load, 0), 0.25);
        close(ratio(&load, 1), 0.125);
        close(load.teams[1].hours[8].offered, 0.5);
        close(load.teams[1].hours[9].offered, 1.0);
        close(load.teams[1].hours[3].offered, 0.0);
    }

    #[test]
    fn tickets_written_out_count_as_they_are_written() {
        let load = of(&format!(
            "{DESK}[[tickets]]\nat = \"30h\"\nseverity = \"S1\"\nwork = {{ L1 = \"1h\" }}\n\
             legs = [{{ answer_after = \"2h\", then_work = \"30m\" }}]\nreopens_after = [\"1h\"]\n\
             [[tickets]]\nat = \"1h\"\nwork = {{ L1 = \"1h\" }}\n"
        ));
        // Two weeks: the first one is measured, the second comes in the warm-up.
        close(load.teams[0].offered_h, 336.0 + 2.5 / 2.0);
        close(load.teams[0].visits, 6.0 * 168.0 + 2.0 / 2.0);
        close(load.tickets_per_replication, 15.0 * 24.0 * 6.0 + 2.0);
    }
}
