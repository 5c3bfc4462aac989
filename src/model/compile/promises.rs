//! Promises: the most specific target of every severity, service and customer tier.

use super::super::{
    Agent, CalendarId, Crew, CustomerTierId, OnReopen, OnSeverityChange, OwnersZones, Person, ServiceId, SeverityId,
    Target, TargetKind, TargetTable,
};
use super::Compiler;
use crate::scenario::{self, Awaited, ClockZone, Scenario};
use crate::time::{Calendar, Worked, Zone};

impl Compiler<'_> {
    pub(super) fn targets(&mut self) -> TargetTable {
        let sizes = [
            self.names.severities.len(),
            self.names.services.len(),
            self.names.customer_tiers.len(),
        ];
        let written = self.written;
        let table = TargetTable::fill(sizes, |severity, service, customer, kind| {
            self.target(written, severity, service, customer, kind)
        });
        table.with_teams(self.own_targets())
    }

    /// Own targets of teams, by team and severity: the team's, else its tier's.
    /// Zones of teams and people, and in each of them the calendars of clocks that go by their owners'.
    pub(super) fn owners_zones(&mut self, crews: &[Crew], agents: &[Agent], people: &[Person]) -> OwnersZones {
        if self.of_owners.is_empty() {
            return OwnersZones::default();
        }
        let written = self.written;
        let mut zones: Vec<Zone> = Vec::new();
        let mut number = |zone: Zone| {
            let known = zones.iter().position(|known| *known == zone);
            known.unwrap_or_else(|| {
                zones.push(zone);
                zones.len() - 1
            }) as u16
        };
        let usual = self.origin.zone().clone();
        let of_team = |team: &scenario::Team| team.zone_of(None).and_then(|text| text.parse().ok());
        let teams = written.teams.values();
        let teams = teams
            .map(|team| number(of_team(team).unwrap_or_else(|| usual.clone())))
            .collect();
        let people = agents.iter().map(|agent| match agent.person {
            Some(person) => people[person.index()].zone.clone(),
            None => self.zone_of_crew(&crews[agent.crew.index()]),
        });
        let people = people.map(number).collect();
        let lists = std::mem::take(&mut self.of_owners);
        let calendars = lists.into_iter().map(|calendar| {
            let in_zones = zones.iter().map(|zone| self.in_zone(calendar, zone));
            in_zones.collect()
        });
        OwnersZones {
            teams,
            people,
            calendars: calendars.collect(),
        }
    }

    /// A calendar whose hours are read in another zone.
    fn in_zone(&mut self, calendar: CalendarId, zone: &Zone) -> CalendarId {
        let written = self.written;
        let named = calendar.index().checked_sub(1);
        let Some((name, hours)) = named.and_then(|index| written.calendars.get_index(index)) else {
            return calendar;
        };
        let usual = hours.zone.as_deref().and_then(|text| text.parse().ok());
        if *zone == usual.unwrap_or_else(|| self.origin.zone().clone()) {
            return calendar;
        }
        let known = self
            .zoned
            .iter()
            .find(|(of, in_zone, _)| *of == calendar && in_zone == zone.name());
        if let Some((_, _, known)) = known {
            return *known;
        }
        let path = format!("calendars.{name}");
        let Some(weekly) = self.weekly(&hours.hours, &path) else {
            return calendar;
        };
        let holidays = self.holidays(&hours.holidays, &path);
        let compiled = Calendar::compile(zone, &weekly, &holidays, &self.origin, self.table_end());
        self.calendars.push(compiled);
        self.names.calendars.push(format!("{name} in {}", zone.name()));
        let made = CalendarId::new(self.calendars.len() - 1);
        self.zoned.push((calendar, zone.name().to_owned(), made));
        made
    }

    fn own_targets(&mut self) -> Vec<Vec<Option<Target>>> {
        let written = self.written;
        let mut of_teams = Vec::with_capacity(written.teams.len());
        for (name, team) in &written.teams {
            let of_severity = written.severities.keys().map(|severity| {
                let of_team = team.own.get(severity).map(|target| (target, format!("teams.{name}")));
                let of_tier = || {
                    let target = written.tiers.get(&team.tier)?.own.get(severity)?;
                    Some((target, format!("tiers.{}", team.tier)))
                };
                let (target, path) = of_team.or_else(of_tier)?;
                self.one_target(target, TargetKind::Own, &path, 1.0, Whose::default())
            });
            of_teams.push(of_severity.collect());
        }
        of_teams
    }

    /// The most specific target: severity with customer tier and service, with customer tier, with service, alone. The
    /// customer tier's factor applies to what is not its own.
    pub(super) fn target(
        &mut self,
        written: &Scenario,
        severity: SeverityId,
        service: ServiceId,
        customer: CustomerTierId,
        kind: TargetKind,
    ) -> Option<Target> {
        let (severity_name, targets) = written.severities.get_index(severity.index())?;
        let (service_name, of_service) = written.services.get_index(service.index())?;
        let of_customer = written.customer_tiers.get_index(customer.index());
        let whose = Whose {
            customer: of_customer.and_then(|(_, of_customer)| of_customer.zone.as_deref()),
            service: of_service.zone.as_deref(),
        };
        if let Some((customer_name, of_customer)) = of_customer {
            let specific = of_customer
                .service_targets
                .get(service_name)
                .and_then(|targets| targets.get(severity_name));
            let path = format!("customer_tiers.{customer_name}.service_targets.{service_name}.{severity_name}");
            if let Some(target) = specific.and_then(|targets| pick(targets, kind)) {
                return self.one_target(target, kind, &path, 1.0, whose);
            }
            let path = format!("customer_tiers.{customer_name}.targets.{severity_name}");
            if let Some(target) = of_customer
                .targets
                .get(severity_name)
                .and_then(|targets| pick(targets, kind))
            {
                return self.one_target(target, kind, &path, 1.0, whose);
            }
        }
        let factor = match kind {
            TargetKind::Update
            | TargetKind::Mitigate
            | TargetKind::Acknowledge
            | TargetKind::NextResponse
            | TargetKind::Own => 1.0,
            TargetKind::FirstResponse | TargetKind::Resolve => of_customer
                .and_then(|(_, of_customer)| of_customer.factor)
                .unwrap_or(1.0),
        };
        let path = format!("services.{service_name}.targets.{severity_name}");
        if let Some(target) = of_service
            .targets
            .get(severity_name)
            .and_then(|targets| pick(targets, kind))
        {
            return self.one_target(target, kind, &path, factor, whose);
        }
        let target = pick(targets, kind)?;
        self.one_target(target, kind, &format!("severities.{severity_name}"), factor, whose)
    }

    pub(super) fn one_target(
        &mut self,
        target: &scenario::Target,
        kind: TargetKind,
        path: &str,
        factor: f64,
        whose: Whose,
    ) -> Option<Target> {
        let path = format!("{path}.{}", kind.name());
        let plain;
        let detail = match target {
            scenario::Target::Detailed(detail) => detail,
            scenario::Target::Plain(within) => {
                plain = scenario::TargetDetail {
                    within: within.clone(),
                    calendar: None,
                    zone: None,
                    pauses: None,
                    on_severity_change: None,
                    on_lower: None,
                    on_reopen: None,
                    sla_unit: None,
                    until: None,
                };
                &plain
            }
        };
        let (within, calendar) = self.on_calendar(&detail.within, detail.calendar.as_deref(), &path)?;
        let (calendar, by_owner) = self.in_whose_zone(calendar, detail.zone, whose);
        let pauses = detail.pauses.as_ref().filter(|_| kind != TargetKind::Acknowledge);
        Some(Target {
            within: Worked::from_ms((within.ms() as f64 * factor).round() as i64),
            calendar,
            by_owner,
            pauses: pauses.map_or(
                matches!(kind, TargetKind::Mitigate | TargetKind::Resolve | TargetKind::Own),
                |pauses| pauses.is_for(Awaited::Customer),
            ),
            pauses_for_vendors: self.written.waits_for_vendors()
                && pauses.is_some_and(|pauses| pauses.is_for(Awaited::Vendor)),
            on_severity_change: match detail.on_severity_change {
                Some(scenario::OnSeverityChange::Restart) => OnSeverityChange::Restart,
                Some(scenario::OnSeverityChange::Retroactive) | None => OnSeverityChange::Retroactive,
            },
            forgives: detail.on_lower == Some(scenario::OnLower::Forgive),
            on_reopen: match detail.on_reopen {
                Some(scenario::OnReopen::Restart) => OnReopen::Restart,
                Some(scenario::OnReopen::Resume) | None => OnReopen::Resume,
            },
            per_cycle: detail.sla_unit == Some(scenario::SlaUnit::Cycle),
            until_mitigation: detail.until == Some(scenario::Until::Mitigation),
        })
    }
}

/// Zones that a target may go by.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Whose<'a> {
    customer: Option<&'a str>,
    service: Option<&'a str>,
}

impl Compiler<'_> {
    /// The calendar of a target in the zone that it goes by, as far as that is known before the run; else the list of calendars
    /// by owner.
    fn in_whose_zone(
        &mut self,
        calendar: CalendarId,
        zone: Option<ClockZone>,
        whose: Whose,
    ) -> (CalendarId, Option<u16>) {
        let text = match zone {
            None => None,
            Some(ClockZone::Customer) => whose.customer,
            Some(ClockZone::Service) => whose.service,
            Some(ClockZone::Owner) if calendar == CalendarId::ALWAYS => None,
            Some(ClockZone::Owner) => {
                let known = self.of_owners.iter().position(|known| *known == calendar);
                let list = known.unwrap_or_else(|| {
                    self.of_owners.push(calendar);
                    self.of_owners.len() - 1
                });
                return (calendar, Some(list as u16));
            }
        };
        let zone: Option<Zone> = text.and_then(|text| text.parse().ok());
        match zone {
            Some(zone) => (self.in_zone(calendar, &zone), None),
            None => (calendar, None),
        }
    }
}

fn pick(targets: &scenario::Targets, kind: TargetKind) -> Option<&scenario::Target> {
    match kind {
        TargetKind::FirstResponse => targets.first_response.as_ref(),
        TargetKind::Update => targets.update.as_ref(),
        TargetKind::Mitigate => targets.mitigate.as_ref(),
        TargetKind::Resolve => targets.resolve.as_ref(),
        TargetKind::Acknowledge => targets.acknowledge.as_ref(),
        TargetKind::NextResponse => targets.next_response.as_ref(),
        TargetKind::Own => targets.own.as_ref(),
    }
}
