//! Tiers, teams and skills: who is there for whom.

use super::super::problem::{Place, Problems};
use super::super::{Action, Discipline, Path, Scenario, Service, ShareBySeverity, ShiftEnd, Team, Tier};
use super::{SLACK, rank};
use crate::scenario::words::listed;

pub(super) fn check(scenario: &Scenario, problems: &mut Problems) {
    for (name, team) in &scenario.teams {
        let named = scenario.people.values().filter(|person| person.team == *name).count();
        staffing(name, team, named, problems);
        without_effect(name, team, problems);
        like_a_tier(scenario, name, team, problems);
    }
    for (name, tier) in &scenario.tiers {
        worked(scenario, name, problems);
        escalates(scenario, name, tier, problems);
    }
    for (name, service) in &scenario.services {
        entry(scenario, name, service, problems);
        skills(scenario, name, service, problems);
    }
}

fn staffing(name: &str, team: &Team, named: usize, problems: &mut Problems) {
    let path = Path::from(["teams", name]);
    match (team.headcount, team.shifts.is_empty()) {
        (Some(_), false) => {
            let message = format!("team `{name}` has both a headcount that is always on duty and shifts");
            let place = Place::Key(path.key("headcount"));
            problems
                .error("E305", place, message)
                .label("always on duty")
                .also(Place::Key(path.key("shifts")), "by shifts")
                .help("keep one of them");
        }
        (None, true) if named == 0 => {
            let message = format!("nobody works in team `{name}`");
            problems
                .error("E305", path, message)
                .help("write a `headcount` that is always on duty, `shifts`, or `[people.NAME]` who belong to it");
        }
        (headcount, _) => {
            let people = headcount.unwrap_or(0).saturating_add(
                team.shifts
                    .values()
                    .fold(0, |sum: u32, shift| sum.saturating_add(shift.headcount)),
            );
            if people == 0 && named == 0 {
                problems
                    .warning("W408", path, format!("team `{name}` has no people"))
                    .help("its tickets wait until a rule takes them elsewhere");
            }
        }
    }
}

/// A team with the name of a tier that it does not work. Where a route or a transfer uses the name, that is an error.
fn like_a_tier(scenario: &Scenario, name: &str, team: &Team, problems: &mut Problems) {
    let routes = scenario.routes.values().map(|route| &route.to);
    let actions = scenario.rules.values().flat_map(|rule| &rule.then);
    let transfers = actions.filter_map(|action| match action {
        Action::Transfer(transfer) => Some(transfer.to()),
        _ => None,
    });
    if team.tier == name || !scenario.tiers.contains_key(name) || routes.chain(transfers).any(|to| to == name) {
        return;
    }
    let message = format!("team `{name}` has the name of a tier, and works `{}`", team.tier);
    problems
        .warning("W439", Place::Key(Path::from(["teams", name])), message)
        .also(Place::Key(Path::from(["tiers", name])), "the tier")
        .help("give the team another name");
}

fn without_effect(name: &str, team: &Team, problems: &mut Problems) {
    let path = Path::from(["teams", name]);
    let mut warn = |key: &str, without: &str| {
        let place = Place::Key(key.split('.').fold(path.clone(), |path, key| path.key(key)));
        problems
            .warning("W405", place, format!("`{key}` has no effect {without}"))
            .help("leave it out, or change the other setting");
    };
    let finishes = team.shift_end.is_none_or(|end| end == ShiftEnd::Finish);
    if team.ageing_step.is_some() && team.discipline != Some(Discipline::Ageing) {
        warn("ageing_step", "unless `discipline` is `ageing`");
    }
    if team.max_overtime.is_some() && !finishes {
        warn("max_overtime", "unless `shift_end` is `finish`");
    }
    if team.shift_end.is_some() && team.headcount.is_some() {
        warn("shift_end", "in a team without shifts");
    }
    if !team.shifts.is_empty() {
        let bounds = [
            ("min_headcount", team.min_headcount),
            ("max_headcount", team.max_headcount),
        ];
        for (key, _) in bounds.into_iter().filter(|(_, bound)| bound.is_some()) {
            warn(key, "in a team with shifts: write it in the shift");
        }
    }
    if let Some(shrinkage) = team.shrinkage.as_ref().filter(|shrinkage| shrinkage.breaks.is_none()) {
        if shrinkage.break_count.is_some() {
            warn("shrinkage.break_count", "without `breaks`");
        }
        if shrinkage.break_slip.is_some() {
            warn("shrinkage.break_slip", "without `breaks`");
        }
    }
}

fn worked(scenario: &Scenario, name: &str, problems: &mut Problems) {
    if !scenario.teams.is_empty() && !scenario.teams.values().any(|team| team.tier == name) {
        let place = Place::Key(Path::from(["tiers", name]));
        problems
            .error("E306", place, format!("no team works tier `{name}`"))
            .help(format!("add a team with `tier = \"{name}\"`"));
    }
}

fn escalates(scenario: &Scenario, name: &str, tier: &Tier, problems: &mut Problems) {
    let path = Path::from(["tiers", name, "escalates"]);
    let own = rank(&scenario.tiers, name).unwrap_or(0);
    let higher: Vec<&str> = scenario.tiers.keys().skip(own + 1).map(String::as_str).collect();
    for target in tier
        .escalates
        .keys()
        .filter(|target| rank(&scenario.tiers, target).is_some_and(|target| target <= own))
    {
        let help = match higher.as_slice() {
            [] => format!(
                "`{name}` is the highest tier: the tiers are written lowest first, and the last solves all that it gets"
            ),
            higher => format!("tiers above `{name}`: {}", listed(higher)),
        };
        let message = format!("tier `{name}` escalates to `{target}`, which is not higher");
        problems.error("E307", Place::Key(path.key(target)), message).help(help);
    }
    let sum_of = |severity: &String| {
        tier.escalates
            .values()
            .map(|share| share_of(share, severity))
            .sum::<f64>()
    };
    let over: Vec<&str> = scenario
        .severities
        .keys()
        .filter(|severity| sum_of(severity) > 1.0 + SLACK)
        .map(String::as_str)
        .collect();
    if !over.is_empty() {
        let message = format!("tier `{name}` escalates more than all of its {} tickets", listed(&over));
        problems
            .error("E308", path, message)
            .help("the shares of one severity, over all tiers that it may need, add to at most 1");
    }
}

fn share_of(share: &ShareBySeverity, severity: &str) -> f64 {
    match share {
        ShareBySeverity::All(share) => *share,
        ShareBySeverity::By(shares) => shares.get(severity).or(shares.get("other")).copied().unwrap_or(0.0),
    }
}

fn entry(scenario: &Scenario, name: &str, service: &Service, problems: &mut Problems) {
    let (Some(starts), Some(needs)) = (&service.starts_at, &service.needs_at_least) else {
        return;
    };
    if rank(&scenario.tiers, starts) > rank(&scenario.tiers, needs) {
        let message = format!("tickets of `{name}` enter at `{starts}`, though `{needs}` could solve some of them");
        problems
            .note("W410", ["services", name, "starts_at"], message)
            .also(["services", name, "needs_at_least"], "the lowest tier that could");
    }
}

/// Reports tiers through which a service's tickets pass and in which no team has the skills for them.
fn skills(scenario: &Scenario, name: &str, service: &Service, problems: &mut Problems) {
    if service.needs.is_empty() {
        return;
    }
    for tier in passed(scenario, service) {
        let mut teams = scenario.teams.iter().filter(|(_, team)| team.tier == tier).peekable();
        if teams.peek().is_none() || teams.any(|(team, _)| scenario.is_able(team, service)) {
            continue;
        }
        let needs: Vec<&str> = service.needs.iter().map(String::as_str).collect();
        let able: Vec<&str> = scenario
            .teams
            .keys()
            .filter(|team| scenario.is_able(team, service))
            .map(String::as_str)
            .collect();
        let help = match able.as_slice() {
            [] => "no team of any tier has them all: add them to the `skills` of one".to_owned(),
            able => format!("teams that have them: {}", listed(able)),
        };
        let message = format!(
            "no team of tier `{tier}` has what tickets of `{name}` need: {}",
            listed(&needs)
        );
        problems.error("E311", ["services", name, "needs"], message).help(help);
    }
}

/// The tiers that tickets of a service may meet without any rule: where they enter, and where those escalate to.
fn passed<'a>(scenario: &'a Scenario, service: &'a Service) -> Vec<&'a str> {
    let mut passed: Vec<&str> = service
        .starts_at
        .as_deref()
        .or(scenario.tiers.keys().next().map(String::as_str))
        .into_iter()
        .collect();
    let needs = service.needs_at_least.as_deref();
    if let Some(needs) = needs.filter(|needs| {
        passed
            .iter()
            .all(|entry| rank(&scenario.tiers, entry) < rank(&scenario.tiers, needs))
    }) {
        passed.push(needs);
    }
    let mut looked_at = 0;
    while let Some(tier) = passed.get(looked_at).and_then(|name| scenario.tiers.get(*name)) {
        for target in tier.escalates.keys() {
            if !passed.contains(&target.as_str()) {
                passed.push(target);
            }
        }
        looked_at += 1;
    }
    passed
}
