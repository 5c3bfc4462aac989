//! Gates and roles that nothing uses, teams that nothing comes to, and owners whose teams no ticket of theirs comes to: in the
//! scenario as it is and in every candidate and stress.
//!
//! What only a rule uses that is switched off counts as used: a candidate may switch it on.

use super::super::problem::{Place, Problems};
use super::super::rota::team_of;
use super::super::{Action, Path, Scenario, Service};
use super::never;
use super::nobody::is_empty;
use super::skills::gets;
use crate::scenario::words::listed;

/// `patched`: the scenarios of all candidates and stresses.
pub(in crate::scenario) fn check(base: &Scenario, patched: &[&Scenario], problems: &mut Problems) {
    let anywhere = |uses: &dyn Fn(&Scenario) -> bool| uses(base) || patched.iter().any(|scenario| uses(scenario));
    for name in base.gates.keys() {
        if !anywhere(&|scenario| opens(scenario, name)) {
            let place = Place::Key(Path::from(["gates", name]));
            problems
                .warning("W437", place, format!("nothing ever opens gate `{name}`"))
                .help(format!(
                    "open it in a rule, `{{ open_gate = \"{name}\" }}`, or name it in a change or a problem, \
                     or leave it out"
                ));
        }
    }
    for name in base.roles.keys() {
        if !anywhere(&|scenario| asks(scenario, name)) {
            let place = Place::Key(Path::from(["roles", name]));
            problems
                .warning("W437", place, format!("nothing is ever asked of role `{name}`"))
                .help(format!(
                    "name it in a gate, in `communications.by` or in a rule, `{{ escalate_to = \"{name}\" }}`, \
                     or leave it out"
                ));
        }
    }
    never::idle(base, patched, problems);
    for name in base.teams.keys() {
        if !anywhere(&|scenario| is_empty(scenario, name) || comes(scenario, name)) {
            without_work(base, name, problems);
        }
    }
    for (name, service) in &base.services {
        let may_own = |scenario: &Scenario| scenario.services.get(name).is_some_and(|it| owns(scenario, (name, it)));
        if service.primary.is_some() && !anywhere(&may_own) {
            without_tickets(base, name, service, problems);
        }
    }
}

fn actions(scenario: &Scenario) -> impl Iterator<Item = &Action> {
    scenario.rules.values().flat_map(|rule| &rule.then)
}

fn opens(scenario: &Scenario, gate: &str) -> bool {
    let of_changes = scenario.changes.values().filter_map(|change| change.gate.as_ref());
    let problems = scenario.kinds.values().filter_map(|kind| kind.problem.as_ref());
    let of_problems = problems.filter_map(|problem| problem.gate.as_ref());
    of_changes.chain(of_problems).any(|named| named == gate)
        || actions(scenario).any(|action| matches!(action, Action::OpenGate(named) if named == gate))
}

/// Whether a role has a duty, or something is asked of it or told to it.
fn asks(scenario: &Scenario, role: &str) -> bool {
    let of_gates = scenario.gates.values().flat_map(|gate| {
        let others = [&gate.deputy, &gate.escalate_to].into_iter().flatten();
        gate.approvers.iter().chain(others)
    });
    let writes = scenario.communications.iter().filter_map(|written| written.by.as_ref());
    let has_duty = scenario.roles.get(role).is_some_and(|role| role.duty.is_some());
    has_duty
        || of_gates.chain(writes).any(|named| named == role)
        || actions(scenario).any(|action| matches!(action, Action::EscalateTo(named) if named == role))
}

/// Whether a ticket or a task may ever come to a team or one of its people.
fn comes(scenario: &Scenario, team: &str) -> bool {
    let mut services = scenario.services.values();
    services.any(|service| first(scenario, team, service) == Some(team)) || is_called(scenario, team)
}

/// Whether a ticket of a service may ever come to the team of its owner, where it goes to their line.
fn owns(scenario: &Scenario, (name, service): (&String, &Service)) -> bool {
    let owner = service.primary.as_ref();
    let Some(team) = owner.and_then(|owner| team_of(scenario, owner)) else {
        return true;
    };
    let mut written = scenario.tickets.iter().filter_map(|ticket| ticket.team.as_deref());
    let mut overflows = scenario.teams.values().filter_map(|team| team.overflow.as_ref());
    let manual = scenario.triage.as_ref().and_then(|triage| triage.manual.as_ref());
    let is_paged = |person: &str| team_of(scenario, person) == Some(team);
    first(scenario, team, service) == Some(team)
        || gets(scenario, team, (name, service))
        || written.any(|to| to == team)
        || overflows.any(|overflow| overflow.to == team)
        || manual.is_some_and(|manual| manual.team == team)
        || people(scenario).into_iter().any(is_paged)
}

/// Whether a team is named where something goes to it, or one of its people is paged.
pub(super) fn is_called(scenario: &Scenario, team: &str) -> bool {
    let mut people = people(scenario).into_iter();
    named(scenario).contains(&team) || people.any(|person| team_of(scenario, person) == Some(team))
}

/// The team to which tickets of a service go in the tier of `team`.
fn first<'a>(scenario: &'a Scenario, team: &str, service: &Service) -> Option<&'a str> {
    scenario.team_for(&scenario.teams.get(team)?.tier, service)
}

/// Teams that are named where something goes to them.
fn named(scenario: &Scenario) -> Vec<&str> {
    let mut named: Vec<&String> = scenario.routes.values().map(|route| &route.to).collect();
    for action in actions(scenario) {
        match action {
            Action::Transfer(transfer) => named.push(transfer.to()),
            Action::Involve { teams, .. } => named.extend(teams),
            Action::AddResponders { from, .. } => named.push(from),
            _ => {}
        }
    }
    let manual = scenario.triage.iter().filter_map(|triage| triage.manual.as_ref());
    named.extend(manual.map(|manual| &manual.team));
    named.extend(scenario.reviews.iter().filter_map(|reviews| reviews.team.as_ref()));
    let problems = scenario.kinds.values().filter_map(|kind| kind.problem.as_ref());
    named.extend(problems.filter_map(|problem| problem.team.as_ref()));
    named.extend(scenario.tickets.iter().filter_map(|ticket| ticket.team.as_ref()));
    named.extend(scenario.roles.values().filter_map(|role| role.team.as_ref()));
    let overflows = scenario.teams.values().filter_map(|team| team.overflow.as_ref());
    named.extend(overflows.map(|overflow| &overflow.to));
    named.into_iter().map(String::as_str).collect()
}

/// People who are paged. Who owns the tickets of a service takes only what comes to their team anyway.
pub(super) fn people(scenario: &Scenario) -> Vec<&str> {
    let mut people: Vec<&str> = scenario.schedules.values().flat_map(super::holders::on_call).collect();
    for policy in scenario.escalation_policies.values() {
        let targets = policy.levels.iter().flat_map(|level| &level.targets);
        people.extend(targets.chain(&policy.last_resort).map(String::as_str));
    }
    people
}

fn without_tickets(scenario: &Scenario, name: &str, service: &Service, problems: &mut Problems) {
    let Some(owner) = &service.primary else { return };
    let Some(team) = team_of(scenario, owner) else { return };
    let message = format!("`{owner}` owns no ticket of `{name}`: none ever comes to team `{team}`");
    let help = match first(scenario, team, service) {
        Some(other) => format!(
            "an owner takes what comes to their own team: name people of `{other}`, \
             or let a route send tickets of `{name}` to `{team}`"
        ),
        None => format!("an owner takes what comes to their own team: let a route send tickets of `{name}` there"),
    };
    problems
        .warning("W405", ["services", name, "primary"], message)
        .label(format!("of team `{team}`"))
        .help(help);
}

fn without_work(scenario: &Scenario, name: &str, problems: &mut Problems) {
    let mut others: Vec<&str> = Vec::new();
    for service in scenario.services.values() {
        let first = first(scenario, name, service);
        others.extend(first.filter(|first| !others.contains(first)));
    }
    let Some(tier) = scenario.teams.get(name).map(|team| &team.tier) else {
        return;
    };
    let able = |service: &Service| scenario.is_able(name, service);
    let label = match others.as_slice() {
        [] => format!("nobody there has what tickets of tier `{tier}` need"),
        _ if !scenario.services.values().any(able) => "nobody there has what any ticket needs".to_owned(),
        [one] => format!("`{one}` takes all tickets of tier `{tier}`"),
        others => format!("{} take all tickets of tier `{tier}`", listed(others)),
    };
    let place = Place::Key(Path::from(["teams", name]));
    problems
        .warning(
            "W436",
            place,
            format!("no ticket and no task ever comes to team `{name}`"),
        )
        .label(label)
        .help(
            "a ticket goes to the first team of a tier in which somebody has the skills that it needs: \
             name the team in a route, a rule or an `overflow`, or write it first",
        );
}
