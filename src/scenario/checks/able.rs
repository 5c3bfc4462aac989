//! Tickets that are handed, shown or paged to people of whom nobody has the skills that they need.
//!
//! Where a ticket comes to stay, that is an error: nobody would ever work on it. Where others could still take it, or help
//! without the skill is worth little, it is a warning.

use super::super::problem::Problems;
use super::super::rota::team_of;
use super::super::{Action, Condition, Notify, Path, Rule, Scenario, Service};
use super::overlap::covers;
use super::rules::{admits, is_enabled};
use super::taken::taken;
use crate::scenario::words::listed;

pub(super) fn check(scenario: &Scenario, problems: &mut Problems) {
    for (index, (name, route)) in scenario.routes.iter().enumerate() {
        let path = Path::from(["routes", name, "to"]);
        let what = |service: &str| format!("route `{name}` takes tickets of `{service}` to");
        let comes = |service: &str, table: &Service| {
            let narrowed = Condition {
                service: Some(vec![service.to_owned()]),
                ..route.if_.clone()
            };
            let mut before = scenario.routes.values().take(index);
            arises(scenario, table, &route.if_) && !before.any(|earlier| covers(&earlier.if_, &narrowed))
        };
        let lost =
            services(scenario, &route.if_).find(|(name, table)| comes(name, table) && !can(scenario, &route.to, table));
        say_lost(scenario, lost, &route.to, &what, path, problems);
    }
    for (name, rule) in scenario.rules.iter().filter(|(_, rule)| is_enabled(rule)) {
        let then = Path::from(["rules", name, "then"]);
        for (index, action) in rule.then.iter().enumerate() {
            acts(scenario, (name, rule), action, &then.index(index), problems);
        }
    }
    overflow(scenario, problems);
    written_out(scenario, problems);
    owners(scenario, problems);
    paged(scenario, problems);
}

fn acts(scenario: &Scenario, (name, rule): (&str, &Rule), action: &Action, path: &Path, problems: &mut Problems) {
    let tickets = taken(scenario, rule);
    let help = |from: &str, place: Path, problems: &mut Problems| {
        let Some(service) = services(scenario, &tickets).find(|(_, service)| !can(scenario, from, service)) else {
            return;
        };
        let message = format!(
            "rule `{name}` asks `{from}` to help with tickets of `{}`, and nobody there has what they need: {}",
            service.0,
            needs(service.1)
        );
        problems
            .warning("W466", place, message)
            .label("help without the skill")
            .help(who_has(scenario, service.1));
    };
    match action {
        Action::Transfer(transfer) => {
            let what = |service: &str| format!("rule `{name}` hands tickets of `{service}` to");
            let lost = services(scenario, &tickets).find(|(_, table)| !can(scenario, transfer.to(), table));
            say_lost(scenario, lost, transfer.to(), &what, path.key("transfer"), problems);
        }
        Action::Involve { teams, .. } => {
            for (index, team) in teams.iter().enumerate() {
                help(team, path.key("involve").key("teams").index(index), problems);
            }
        }
        Action::AddResponders { from, else_page, .. } => {
            let path = path.key("add_responders");
            help(from, path.key("from"), problems);
            if let Some(schedule) = else_page {
                help(schedule, path.key("else_page"), problems);
            }
        }
        Action::ToSecondary(_) => {
            let mut services = passing(scenario, &tickets);
            if !services.any(|(_, service)| service.primary.is_some() && service.secondary.is_some()) {
                let message = format!("rule `{name}` hands tickets to their secondary owner, and none of them has one");
                problems
                    .warning("W403", path.key("to_secondary"), message)
                    .help("name the owners: `services.NAME.primary` and `secondary`");
            }
        }
        _ => {}
    }
}

/// Services that a condition lets pass: named by it, if any is, and at home in the tiers and teams that it asks for.
fn passing<'a>(scenario: &'a Scenario, condition: &'a Condition) -> impl Iterator<Item = (&'a String, &'a Service)> {
    let is_there = move |service: &Service| {
        let mut teams = scenario.teams.iter();
        let anywhere = condition.team.is_none() && condition.tier.is_none();
        anywhere
            || teams.any(|(team, table)| {
                admits(&condition.team, team) && admits(&condition.tier, &table.tier) && scenario.is_able(team, service)
            })
    };
    let named = move |name: &String| admits(&condition.service, name);
    scenario
        .services
        .iter()
        .filter(move |(name, service)| named(name) && is_there(service))
}

/// Whether new tickets of a service may be reported with a severity that a condition lets pass.
fn arises(scenario: &Scenario, service: &Service, condition: &Condition) -> bool {
    match (&condition.severity, &service.mix) {
        (Some(wanted), Some(mix)) if scenario.triage.is_none() => {
            let drawn_only = scenario.incidents.is_empty() && scenario.tickets.is_empty();
            !drawn_only
                || wanted
                    .iter()
                    .any(|severity| mix.get(severity).is_some_and(|share| *share > 0.0))
        }
        _ => true,
    }
}

/// Those of them whose tickets need skills.
fn services<'a>(scenario: &'a Scenario, condition: &'a Condition) -> impl Iterator<Item = (&'a String, &'a Service)> {
    passing(scenario, condition).filter(|(_, service)| !service.needs.is_empty())
}

fn needs(service: &Service) -> String {
    listed(&service.needs.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Whether somebody of a tier, a team or a schedule has what a service's tickets need.
fn can(scenario: &Scenario, whom: &str, service: &Service) -> bool {
    if let Some(people) = people_of(scenario, whom) {
        return people.is_empty() || people.iter().any(|person| is_able(scenario, person, service));
    }
    let works = |(team, table): &(&String, &super::super::Team)| match scenario.tiers.contains_key(whom) {
        true => table.tier == whom,
        false => *team == whom,
    };
    let mut teams = scenario.teams.iter().filter(works);
    teams.any(|(team, _)| scenario.is_able(team, service))
}

/// The people of a schedule that no team has the name of.
fn people_of<'a>(scenario: &'a Scenario, name: &str) -> Option<Vec<&'a str>> {
    match scenario.teams.contains_key(name) || scenario.tiers.contains_key(name) {
        true => None,
        false => scenario.schedules.get(name).map(super::holders::on_call),
    }
}

/// Whether a person by name or number has what a service's tickets need; one by number as their team.
fn is_able(scenario: &Scenario, person: &str, service: &Service) -> bool {
    match scenario.people.get(person) {
        Some(person) => scenario
            .skills_of(person)
            .is_none_or(|skills| skills.for_all(&service.needs) > 0.0),
        None => team_of(scenario, person).is_none_or(|team| scenario.is_able(team, service)),
    }
}

/// Who has what a service's tickets need.
fn who_has(scenario: &Scenario, service: &Service) -> String {
    let teams = scenario.teams.keys().map(String::as_str);
    let teams: Vec<&str> = teams.filter(|team| scenario.is_able(team, service)).collect();
    let people = scenario.people.iter().filter(|(_, person)| person.skills.is_some());
    let people: Vec<&str> = people
        .map(|(name, _)| name.as_str())
        .filter(|name| is_able(scenario, name, service))
        .collect();
    match (teams.as_slice(), people.as_slice()) {
        ([], _) => "no team has them all: add them to the `skills` of one".to_owned(),
        (teams, people) if people.is_empty() || people.len() > 5 => format!("teams that have them: {}", listed(teams)),
        (teams, people) => format!("teams that have them: {}; people: {}", listed(teams), listed(people)),
    }
}

/// Reports tickets that come to where nobody can ever work on them.
fn say_lost(
    scenario: &Scenario,
    lost: Option<(&String, &Service)>,
    to: &str,
    what: &dyn Fn(&str) -> String,
    place: Path,
    problems: &mut Problems,
) {
    if let Some((name, service)) = lost {
        let message = format!(
            "{} `{to}`, where nobody has what they need: {}",
            what(name),
            needs(service)
        );
        problems.error("E311", place, message).help(who_has(scenario, service));
    }
}

/// Reports tickets written out that need a tier in which nobody can work on them, or are given to a team without the skills.
fn written_out(scenario: &Scenario, problems: &mut Problems) {
    for (index, ticket) in scenario.tickets.iter().enumerate() {
        let first = || scenario.services.keys().next();
        let Some((name, service)) = ticket
            .service
            .as_ref()
            .or_else(first)
            .and_then(|name| Some((name, scenario.services.get(name)?)))
        else {
            continue;
        };
        if service.needs.is_empty() {
            continue;
        }
        // What a tier cannot take goes on to the next above it that can.
        let above = |tier: &String| {
            let place = scenario.tiers.get_index_of(tier).unwrap_or(0);
            let mut tiers = scenario.tiers.keys().skip(place);
            tiers.any(|tier| can(scenario, tier, service))
        };
        let able_from = ticket.able_from.as_ref().filter(|tier| !above(tier));
        let team = ticket.team.as_ref().filter(|team| !can(scenario, team, service));
        for (key, to) in [("able_from", able_from), ("team", team)] {
            let Some(to) = to else { continue };
            let message = format!(
                "a ticket of `{name}` comes to `{to}`, where nobody has what it needs: {}",
                needs(service)
            );
            problems
                .error("E311", Path::from("tickets").index(index).key(key), message)
                .help(who_has(scenario, service));
        }
    }
}

/// Reports teams that are to help out and can do nothing of what comes to the other.
fn overflow(scenario: &Scenario, problems: &mut Problems) {
    for (name, team) in &scenario.teams {
        let Some(overflow) = &team.overflow else { continue };
        let mut own = scenario
            .services
            .values()
            .filter(|service| scenario.is_able(name, service))
            .peekable();
        let Some(first) = own.peek().copied() else { continue };
        if scenario.teams.contains_key(&overflow.to) && !own.any(|service| scenario.is_able(&overflow.to, service)) {
            let message = format!(
                "team `{}` is to help `{name}`, and nobody there has what any of its tickets need",
                overflow.to
            );
            problems
                .warning("W466", ["teams", name, "overflow", "to"], message)
                .label("help without the skill")
                .help(who_has(scenario, first));
        }
    }
}

/// Reports owners of services who cannot work on their tickets.
fn owners(scenario: &Scenario, problems: &mut Problems) {
    for (name, service) in scenario
        .services
        .iter()
        .filter(|(_, service)| !service.needs.is_empty())
    {
        for (key, owner) in [("primary", &service.primary), ("secondary", &service.secondary)] {
            let Some(owner) = owner.as_ref().filter(|owner| !is_able(scenario, owner, service)) else {
                continue;
            };
            let message = format!(
                "`{owner}` owns tickets of `{name}`, and lacks what they need: {}",
                needs(service)
            );
            problems
                .warning("W465", ["services", name, key], message)
                .label("cannot work on them")
                .help(who_has(scenario, service));
        }
    }
}

/// Reports people who are paged to take tickets over, and take them into a team in which nobody can work on them.
fn paged(scenario: &Scenario, problems: &mut Problems) {
    for (name, rule) in scenario.rules.iter().filter(|(_, rule)| is_enabled(rule)) {
        for (index, action) in rule.then.iter().enumerate() {
            let path = Path::from(["rules", name, "then"]).index(index);
            let mut targets: Vec<(&str, Path, Option<Path>)> = Vec::new();
            match action {
                Action::Notify(Notify::Schedules(schedules)) => {
                    for (index, target) in schedules.iter().enumerate() {
                        targets.push((target, path.key("notify").index(index), None));
                    }
                }
                Action::Notify(Notify::Detailed(detail)) if detail.inform != Some(true) => {
                    for (index, target) in detail.schedules.iter().enumerate() {
                        let place = path.key("notify").key("schedules").index(index);
                        targets.push((target, place, None));
                    }
                }
                Action::Page(policy) => {
                    let Some(written) = scenario.escalation_policies.get(policy) else {
                        continue;
                    };
                    let place = Path::from(["escalation_policies", policy]);
                    for (level, written) in written.levels.iter().enumerate() {
                        for (index, target) in written.targets.iter().enumerate() {
                            let place = place.key("levels").index(level).key("targets").index(index);
                            targets.push((target, place, Some(path.key("page"))));
                        }
                    }
                    if let Some(target) = &written.last_resort {
                        targets.push((target, place.key("last_resort"), Some(path.key("page"))));
                    }
                }
                _ => {}
            }
            for (target, place, started) in targets {
                report_paged(scenario, rule, target, place, started, problems);
            }
        }
    }
}

fn report_paged(
    scenario: &Scenario,
    rule: &Rule,
    target: &str,
    place: Path,
    started: Option<Path>,
    problems: &mut Problems,
) {
    let people = match scenario.schedules.get(target) {
        Some(schedule) => super::holders::on_call(schedule),
        None => vec![target],
    };
    let of_able_team = |person: &&str, service: &Service| {
        is_able(scenario, person, service)
            || team_of(scenario, person).is_none_or(|team| scenario.is_able(team, service))
    };
    let tickets = taken(scenario, rule);
    let lost = services(scenario, &tickets).find_map(|(name, service)| {
        let unable: Vec<&str> = people
            .iter()
            .copied()
            .filter(|person| !of_able_team(person, service))
            .collect();
        (!unable.is_empty()).then_some((name, service, unable))
    });
    let Some((name, service, unable)) = lost else { return };
    let (verb, their) = match unable.len() {
        1 => ("is", "their team"),
        _ => ("are", "their teams"),
    };
    let message = format!(
        "{} {verb} paged to take over tickets of `{name}`, and nobody of {their} has what they need: {}",
        listed(&unable),
        needs(service)
    );
    let problem = problems.warning("W465", place, message);
    problem.label("cannot work on them").help(who_has(scenario, service));
    if let Some(started) = started {
        problem.also(started, "started here");
    }
}
