//! Rules on creation that ask for a tier or team in which no new ticket enters.

use super::super::problem::Problems;
use super::super::{Action, Condition, Path, Rule, Scenario, Service, Trigger};
use super::overlap::covers;
use super::rules::{admits, is_enabled, passing};
use super::transfers::teams_of;
use crate::scenario::words::listed;

pub(super) fn check(scenario: &Scenario, problems: &mut Problems) {
    let on_creation = scenario.rules.iter().enumerate();
    let on_creation = on_creation.filter(|(_, (_, rule))| is_on_creation(rule));
    for (index, (name, rule)) in on_creation {
        let path = Path::from(["rules", name]);
        // A rule that holds waits until the ticket comes there.
        let waits = rule.hold == Some(true);
        let parts = [("if", Some(&rule.if_)), ("while", rule.while_.as_ref())];
        for (part, condition) in parts {
            let Some(condition) = condition.filter(|_| part == "while" || !waits) else {
                continue;
            };
            let there = teams_at_creation(scenario, rule, index);
            let until = match part {
                "if" => ", or with `hold = true` until the condition holds",
                _ => "",
            };
            nowhere(scenario, name, condition, &there, (&path.key(part), until), problems);
        }
    }
}

fn is_on_creation(rule: &Rule) -> bool {
    is_enabled(rule) && matches!(rule.when, Trigger::Created(_))
}

fn nowhere(
    scenario: &Scenario,
    name: &str,
    condition: &Condition,
    there: &[&str],
    (path, until): (&Path, &str),
    problems: &mut Problems,
) {
    let asks = |list: &Option<Vec<String>>, name: &str| list.as_ref().is_some_and(Vec::is_empty) || admits(list, name);
    let fits = |team: &&str| {
        let tier = scenario.teams.get(*team).map_or("", |team| &team.tier);
        asks(&condition.team, team) && asks(&condition.tier, tier)
    };
    if there.is_empty() || there.iter().any(fits) {
        return;
    }
    let by_team = |team: &&str| asks(&condition.team, team);
    let (key, wanted) = match (&condition.team, &condition.tier) {
        (Some(teams), _) if !there.iter().any(by_team) => ("team", teams),
        (_, Some(tiers)) => ("tier", tiers),
        _ => return,
    };
    let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
    let word = if key == "team" { "with" } else { "at" };
    let message = format!(
        "rule `{name}` can never fire: no new ticket enters {word} {}",
        listed(&wanted)
    );
    problems
        .error("E312", path.key(key), message)
        .also(["rules", name, "when", "created"], "at this instant")
        .help(format!(
            "its tickets enter with {}; wait for `in_{key}`{until}",
            listed(there)
        ));
}

/// The teams that may hold a rule's tickets when it has its turn at their creation, in the order of the file.
fn teams_at_creation<'a>(scenario: &'a Scenario, rule: &'a Rule, index: usize) -> Vec<&'a str> {
    let services = passing(&rule.if_.service, scenario.services.keys());
    let mut found: Vec<&str> = Vec::new();
    for (name, service) in services
        .iter()
        .filter_map(|name| scenario.services.get_key_value(*name))
    {
        found.extend(entries(scenario, name, service));
    }
    // A ticket written out may be given to a team; whose service it is does not matter to who reads this.
    found.extend(scenario.tickets.iter().filter_map(|ticket| ticket.team.as_deref()));
    let before = scenario.rules.values().take(index).filter(|rule| is_on_creation(rule));
    for action in before.flat_map(|rule| &rule.then) {
        if let Action::Transfer(transfer) = action {
            found.extend(teams_of(scenario, transfer.to()));
        }
    }
    with_helpers(scenario, &mut found);
    let in_order = scenario.teams.keys().map(String::as_str);
    in_order.filter(|team| found.contains(team)).collect()
}

/// The teams with which new tickets of a service may enter.
fn entries<'a>(scenario: &'a Scenario, name: &str, service: &'a Service) -> Vec<&'a str> {
    let first_of = |tier: &str| scenario.team_for(tier, service);
    let lowest = scenario.tiers.keys().next();
    let starts = service
        .starts_at
        .as_ref()
        .or(service.needs_at_least.as_ref())
        .or(lowest);
    let first = || scenario.teams.keys().next().map(String::as_str);
    let usual = starts.and_then(|tier| first_of(tier)).or_else(first);
    let every = Condition {
        service: Some(vec![name.to_owned()]),
        ..Condition::default()
    };
    let mut found = Vec::new();
    for route in scenario.routes.values() {
        let services = route.if_.service.as_ref();
        if services.is_some_and(|services| !services.iter().any(|one| one == name)) {
            continue;
        }
        let to = match scenario.tiers.contains_key(&route.to) {
            true => first_of(&route.to),
            false => scenario.teams.get_key_value(&route.to).map(|(team, _)| team.as_str()),
        };
        found.extend(to.or(usual));
        if covers(&route.if_, &every) {
            return found;
        }
    }
    found.extend(usual);
    found
}

/// Adds the teams that a full team hands tickets on to.
fn with_helpers<'a>(scenario: &'a Scenario, found: &mut Vec<&'a str>) {
    let mut next = 0;
    while let Some(team) = found.get(next).and_then(|team| scenario.teams.get(*team)) {
        if let Some(overflow) = &team.overflow
            && !found.contains(&overflow.to.as_str())
        {
            found.push(&overflow.to);
        }
        next += 1;
    }
}
