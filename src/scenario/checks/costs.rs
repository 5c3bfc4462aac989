//! Costs and head counts: rates that are nobody's, penalties for what is not promised.

use super::super::problem::{Place, Problems};
use super::super::{Costs, Path, Scenario, TargetKind, Targets, TeamRate};
use crate::scenario::words::{listed, meant};

pub(super) fn check(scenario: &Scenario, problems: &mut Problems) {
    bounds(scenario, problems);
    if let Some(costs) = &scenario.costs {
        rates(scenario, costs, problems);
        penalties(scenario, costs, problems);
    }
}

/// Reports a least head count above the most.
fn bounds(scenario: &Scenario, problems: &mut Problems) {
    for (name, team) in &scenario.teams {
        let path = Path::from(["teams", name]);
        in_order(team.min_headcount, team.max_headcount, &path, problems);
        for (shift, detail) in &team.shifts {
            let path = path.key("shifts").key(shift);
            in_order(detail.min_headcount, detail.max_headcount, &path, problems);
        }
    }
}

fn in_order(least: Option<u32>, most: Option<u32>, path: &Path, problems: &mut Problems) {
    if let (Some(least), Some(most)) = (least, most)
        && least > most
    {
        problems
            .error(
                "E324",
                path.key("min_headcount"),
                format!("at least {least} people, and at most {most}"),
            )
            .also(path.key("max_headcount"), "the most")
            .help("`min_headcount` is at most `max_headcount`");
    }
}

fn rates(scenario: &Scenario, costs: &Costs, problems: &mut Problems) {
    for (name, team) in &scenario.teams {
        let path = Path::from(["costs", "rates", name]);
        match costs.rates.get(name) {
            None => {
                let message = format!("nothing says what an hour of team `{name}` costs: its people cost nothing");
                problems
                    .warning("W411", ["costs", "rates"], message)
                    .help(format!("write `rates.{name}`, 0 if that is meant"));
            }
            Some(TeamRate::Hour(_)) => {}
            Some(TeamRate::ByShift(rates)) => {
                for shift in rates.shifts.keys().filter(|shift| !team.shifts.contains_key(*shift)) {
                    let known: Vec<&str> = team.shifts.keys().map(String::as_str).collect();
                    let help = meant(shift, known.iter().copied()).unwrap_or_else(|| match known.is_empty() {
                        true => format!("the people of `{name}` are always on duty, without shifts"),
                        false => format!("shifts of `{name}`: {}", listed(&known)),
                    });
                    let place = Place::Key(path.key("shifts").key(shift));
                    problems
                        .error("E323", place, format!("team `{name}` has no shift `{shift}`"))
                        .label("not a shift")
                        .help(help);
                }
            }
        }
    }
}

fn penalties(scenario: &Scenario, costs: &Costs, problems: &mut Problems) {
    for (severity, penalties) in &costs.penalties {
        let kinds = [
            (
                TargetKind::FirstResponse,
                "first_response",
                penalties.first_response.is_some(),
            ),
            (TargetKind::Update, "update", penalties.update.is_some()),
            (TargetKind::Mitigate, "mitigate", penalties.mitigate.is_some()),
            (TargetKind::Resolve, "resolve", penalties.resolve.is_some()),
            (TargetKind::Acknowledge, "acknowledge", penalties.acknowledge.is_some()),
            (
                TargetKind::NextResponse,
                "next_response",
                penalties.next_response.is_some(),
            ),
            (TargetKind::Own, "own", penalties.own.is_some()),
        ];
        for (kind, key, written) in kinds {
            if written && !promised(scenario, severity, kind) {
                let place = Place::Key(Path::from(["costs", "penalties", severity, key]));
                let message = format!("no {severity} ticket has a target `{key}` that it could breach");
                problems
                    .warning("W412", place, message)
                    .help(format!("write `severities.{severity}.{key}`, or leave the penalty out"));
            }
        }
    }
}

/// Whether any ticket of a severity has a target of a kind.
fn promised(scenario: &Scenario, severity: &str, kind: TargetKind) -> bool {
    let has = |targets: &Targets| targets.each().any(|(known, _)| known == kind);
    let of_services = scenario.services.values().map(|service| &service.targets);
    let of_customers = scenario.customer_tiers.values();
    let of_customers = of_customers.flat_map(|tier| tier.service_targets.values().chain([&tier.targets]));
    let tables = of_services.chain(of_customers).chain([&scenario.severities]);
    let of_people = || {
        let teams = scenario.teams.values().map(|team| &team.own);
        let tiers = scenario.tiers.values().map(|tier| &tier.own);
        teams.chain(tiers).any(|own| own.contains_key(severity))
    };
    tables.filter_map(|table| table.get(severity)).any(has) || (kind == TargetKind::Own && of_people())
}
