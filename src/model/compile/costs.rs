//! Costs: rates become the pay of each crew's schedule, penalties become tables.

use super::Compiler;
use crate::model::costs::{Costs, Penalty, thousandths};
use crate::model::{Agent, Crew, OnCall, TargetKind};
use crate::scenario::{self, HolidayPremium, NightPremium};
use crate::time::{Calendar, Instant, WeeklyHours};

const HOUR_MS: f64 = 3_600_000.0;

/// When a premium is paid, and its factor.
struct Premium {
    times: Times,
    factor: f64,
}

/// The times of a premium: while a calendar is open, or while it is not (a holiday closes a calendar that never closes).
enum Times {
    Open(Calendar),
    Closed(Calendar),
}

impl Times {
    fn hold(&self, at: Instant) -> bool {
        match self {
            Times::Open(calendar) => calendar.is_open(at),
            Times::Closed(calendar) => !calendar.is_open(at),
        }
    }

    fn next_boundary(&self, at: Instant) -> Option<Instant> {
        let (Times::Open(calendar) | Times::Closed(calendar)) = self;
        calendar.next_boundary(at)
    }
}

impl Compiler<'_> {
    pub(super) fn costs(&mut self, crews: &[Crew], agents: &[Agent], on_call: &OnCall) -> Option<Costs> {
        let written = self.written;
        let costs = written.costs.as_ref()?;
        let overtime = costs.overtime_factor.unwrap_or(crate::model::defaults::OVERTIME_FACTOR);
        let rate = |team: &String| costs.rates.get(team);
        let pay_per_head = crews.iter().map(|crew| {
            let team = &self.names.teams[crew.team.index()];
            let hour = rate(team).map_or(0.0, |rate| match &crew.name {
                Some(shift) => rate.of_shift(shift),
                None => rate.hour(),
            });
            (hour, crew)
        });
        let priced: Vec<(f64, &Crew)> = pay_per_head.collect();
        let pay_per_head = priced
            .into_iter()
            .map(|(hour, crew)| hour * self.paid_hours(costs, crew) * 1000.0);
        let pay_per_head = pay_per_head.collect();
        let teams = self.names.teams.iter();
        let overtime_hour = teams.map(|team| rate(team).map_or(0.0, |rate| rate.hour() * overtime));
        let severities = self.names.severities.iter();
        let customers = self.names.customer_tiers.iter();
        Some(Costs {
            currency: costs.currency.clone(),
            pay_per_head,
            overtime_hour: overtime_hour.collect(),
            on_call_pay: self.on_call_pay(costs, agents, on_call),
            page_pay: thousandths(costs.on_call.as_ref().and_then(|pay| pay.page).unwrap_or(0.0)),
            penalties: severities
                .map(|severity| penalties(costs.penalties.get(severity)))
                .collect(),
            customer_factor: customers
                .map(|tier| costs.customer_factor.get(tier).map_or(1.0, |factor| factor.0))
                .collect(),
        })
    }

    /// Pay of the hours on call in the measured window, by team of whoever is on call.
    fn on_call_pay(&self, costs: &scenario::Costs, agents: &[Agent], on_call: &OnCall) -> Vec<i64> {
        let mut units = vec![0.0; self.names.teams.len()];
        let Some(pay) = &costs.on_call else {
            return vec![0; units.len()];
        };
        for (name, schedule) in self.names.schedules.iter().zip(&on_call.schedules) {
            let hour = pay.schedules.get(name).map_or(pay.hour.unwrap_or(0.0), |hour| hour.0);
            let changes: Vec<_> = schedule.changes().collect();
            for (index, (from, who)) in changes.iter().enumerate() {
                let until = changes.get(index + 1).map_or(self.window.until, |(next, _)| *next);
                if let Some(agent) = who {
                    let team = agents[agent.index()].team.index();
                    units[team] += hour * self.window.overlap(*from, until).ms() as f64 / HOUR_MS;
                }
            }
        }
        units.into_iter().map(thousandths).collect()
    }

    /// Scheduled hours of one person of a crew in the measured window, each times its premium's factor.
    fn paid_hours(&mut self, costs: &scenario::Costs, crew: &Crew) -> f64 {
        let premiums = self.premiums(costs, crew);
        let window = self.window;
        let all = [(window.from, window.until)];
        let shifts = if crew.paid_always { &all[..] } else { &crew.shifts[..] };
        let mut paid_ms = 0.0;
        for (from, until) in shifts {
            let (mut at, until) = ((*from).max(window.from), (*until).min(window.until));
            while at < until {
                let boundaries = premiums.iter().filter_map(|premium| premium.times.next_boundary(at));
                let next = boundaries.min().map_or(until, |next| next.min(until));
                let holding = premiums.iter().filter(|premium| premium.times.hold(at));
                let factor = holding.map(|premium| premium.factor).fold(1.0, f64::max);
                paid_ms += factor * (next - at).ms() as f64;
                at = next;
            }
        }
        paid_ms / HOUR_MS
    }

    /// The premiums in the time zone of a crew's shift.
    fn premiums(&mut self, costs: &scenario::Costs, crew: &Crew) -> Vec<Premium> {
        let written = self.written;
        let team = written.teams.get_index(crew.team.index()).map(|(_, team)| team);
        let shift = crew.name.as_ref().and_then(|name| team?.shifts.get(name));
        let zone = match team.and_then(|team| team.zone_of(shift)) {
            Some(text) => text.parse().unwrap_or_else(|_| self.origin.zone().clone()),
            None => self.origin.zone().clone(),
        };
        let mut premiums = Vec::new();
        if let Some(NightPremium { hours, factor }) = &costs.night
            && let Some(hours) = self.weekly(hours, "costs.night.hours")
        {
            let times = Times::Open(Calendar::compile(&zone, &hours, &[], &self.origin, self.table_end()));
            premiums.push(Premium { times, factor: *factor });
        }
        if let Some(HolidayPremium { calendar, factor }) = &costs.holiday
            && let Some(named) = written.calendars.get(calendar)
        {
            let dates = self.holidays(&named.holidays, &format!("calendars.{calendar}"));
            let always = WeeklyHours::always();
            let times = Times::Closed(Calendar::compile(
                &zone,
                &always,
                &dates,
                &self.origin,
                self.table_end(),
            ));
            premiums.push(Premium { times, factor: *factor });
        }
        premiums
    }
}

fn penalties(written: Option<&scenario::Penalties>) -> [Penalty; TargetKind::COUNT] {
    let Some(written) = written else {
        return [Penalty::default(); TargetKind::COUNT];
    };
    let of = |penalty: &Option<scenario::Penalty>| match penalty {
        None => Penalty::default(),
        Some(scenario::Penalty::Fixed(fixed)) => Penalty {
            fixed: *fixed,
            ..Penalty::default()
        },
        Some(scenario::Penalty::Growing(growing)) => Penalty {
            fixed: growing.fixed.unwrap_or(0.0),
            per_hour_late: growing.per_hour_late.unwrap_or(0.0),
            most: growing.most,
        },
    };
    let update = Penalty {
        fixed: written.update.unwrap_or(0.0),
        ..Penalty::default()
    };
    TargetKind::ALL.map(|kind| match kind {
        TargetKind::FirstResponse => of(&written.first_response),
        TargetKind::Update => update,
        TargetKind::Mitigate => of(&written.mitigate),
        TargetKind::Resolve => of(&written.resolve),
        TargetKind::Acknowledge => of(&written.acknowledge),
        TargetKind::NextResponse => of(&written.next_response),
        TargetKind::Own => of(&written.own),
    })
}
