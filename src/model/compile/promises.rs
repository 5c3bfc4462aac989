//! Promises: the most specific target of every severity, service and customer tier.

use super::super::{
    CustomerTierId, OnReopen, OnSeverityChange, ServiceId, SeverityId, Target, TargetKind, TargetTable,
};
use super::Compiler;
use crate::scenario::{self, Scenario};
use crate::time::Worked;

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
                self.one_target(target, TargetKind::Own, &path, 1.0)
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
        if let Some((customer_name, of_customer)) = of_customer {
            let specific = of_customer
                .service_targets
                .get(service_name)
                .and_then(|targets| targets.get(severity_name));
            let path = format!("customer_tiers.{customer_name}.service_targets.{service_name}.{severity_name}");
            if let Some(target) = specific.and_then(|targets| pick(targets, kind)) {
                return self.one_target(target, kind, &path, 1.0);
            }
            let path = format!("customer_tiers.{customer_name}.targets.{severity_name}");
            if let Some(target) = of_customer
                .targets
                .get(severity_name)
                .and_then(|targets| pick(targets, kind))
            {
                return self.one_target(target, kind, &path, 1.0);
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
            return self.one_target(target, kind, &path, factor);
        }
        let target = pick(targets, kind)?;
        self.one_target(target, kind, &format!("severities.{severity_name}"), factor)
    }

    pub(super) fn one_target(
        &mut self,
        target: &scenario::Target,
        kind: TargetKind,
        path: &str,
        factor: f64,
    ) -> Option<Target> {
        let path = format!("{path}.{}", kind.name());
        let plain;
        let detail = match target {
            scenario::Target::Detailed(detail) => detail,
            scenario::Target::Plain(within) => {
                plain = scenario::TargetDetail {
                    within: within.clone(),
                    calendar: None,
                    pauses: None,
                    on_severity_change: None,
                    on_lower: None,
                    on_reopen: None,
                    until: None,
                };
                &plain
            }
        };
        let (within, calendar) = self.on_calendar(&detail.within, detail.calendar.as_deref(), &path)?;
        Some(Target {
            within: Worked::from_ms((within.ms() as f64 * factor).round() as i64),
            calendar,
            pauses: detail
                .pauses
                .filter(|_| kind != TargetKind::Acknowledge)
                .unwrap_or(matches!(
                    kind,
                    TargetKind::Mitigate | TargetKind::Resolve | TargetKind::Own
                )),
            on_severity_change: match detail.on_severity_change {
                Some(scenario::OnSeverityChange::Restart) => OnSeverityChange::Restart,
                Some(scenario::OnSeverityChange::Retroactive) | None => OnSeverityChange::Retroactive,
            },
            forgives: detail.on_lower == Some(scenario::OnLower::Forgive),
            on_reopen: match detail.on_reopen {
                Some(scenario::OnReopen::Restart) => OnReopen::Restart,
                Some(scenario::OnReopen::Resume) | None => OnReopen::Resume,
            },
            until_mitigation: detail.until == Some(scenario::Until::Mitigation),
        })
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
