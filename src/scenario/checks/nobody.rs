//! Teams in which nobody works, where something is asked of them: what then never happens.
//!
//! What waits in such a team until a rule takes it elsewhere may be meant, and so may a team that a candidate fills.

use super::super::problem::{Place, Problems};
use super::super::{
    Action, Condition, Duty, Gate, Need, OnTimeout, Parallel, ParallelWord, Path, Rule, Scenario, Team, Trigger,
};
use super::overlap::covers;
use super::rules::{admits, is_enabled};

pub(super) fn check(scenario: &Scenario, problems: &mut Problems) {
    if !scenario.teams.keys().any(|team| is_empty(scenario, team)) {
        return;
    }
    for (team, place, never) in asked(scenario) {
        if is_empty(scenario, team) && !is_filled_by_a_patch(scenario, team) {
            problems
                .warning("W433", place, format!("nobody works in team `{team}`: {never}"))
                .also(Place::Key(Path::from(["teams", team])), "no people")
                .help("give the team people (`headcount`, `shifts` or `[people.NAME]`), or name another one");
        }
    }
}

/// Whether a team has no people at all: none that are counted and none by name.
pub(super) fn is_empty(scenario: &Scenario, team: &str) -> bool {
    let nobody = |table: &Team| table.headcount.unwrap_or(0) == 0 && table.shifts.values().all(|it| it.headcount == 0);
    scenario.teams.get(team).is_some_and(nobody) && !scenario.people.values().any(|person| person.team == team)
}

/// Whether a candidate or a stress changes the team, or has people of it.
fn is_filled_by_a_patch(scenario: &Scenario, team: &str) -> bool {
    let candidates = scenario.candidates.values().map(|candidate| &candidate.set);
    let mut patches = candidates.chain(scenario.stress.values().map(|stress| &stress.set));
    let table = |patch: &toml::Table, key: &str| patch.get(key).and_then(|value| value.as_table().cloned());
    patches.any(|patch| {
        let belongs = |person: &toml::Value| person.get("team").and_then(toml::Value::as_str) == Some(team);
        table(patch, "teams").is_some_and(|teams| teams.contains_key(team))
            || table(patch, "people").is_some_and(|people| people.values().any(belongs))
    })
}

/// A team of which something is asked, where, and what never happens if nobody works in it.
type Asked<'a> = (&'a str, Path, String);

/// All that is asked of teams by name, directly or through a role.
fn asked(scenario: &Scenario) -> Vec<Asked<'_>> {
    let mut asked: Vec<Asked> = Vec::new();
    for (name, route) in &scenario.routes {
        if scenario.teams.contains_key(&route.to) && !leaves(scenario, &route.to, &route.if_) {
            let never = format!("what route `{name}` takes there waits, and nothing takes it elsewhere");
            asked.push((&route.to, Path::from(["routes", name, "to"]), never));
        }
    }
    if let Some(manual) = scenario.triage.as_ref().and_then(|triage| triage.manual.as_ref()) {
        let never = "no ticket that it is to read is ever routed".to_owned();
        asked.push((&manual.team, Path::from("triage.manual.team"), never));
    }
    for (name, team) in &scenario.teams {
        if let Some(overflow) = &team.overflow {
            let never = format!("it never helps `{name}`");
            asked.push((&overflow.to, Path::from(["teams", name, "overflow", "to"]), never));
        }
    }
    for (name, rule) in scenario.rules.iter().filter(|(_, rule)| is_enabled(rule)) {
        of_rule(scenario, name, rule, &mut asked);
    }
    for (name, gate) in &scenario.gates {
        asked.extend(of_gate(scenario, name, gate));
    }
    of_roles(scenario, &mut asked);
    if let Some(reviews) = &scenario.reviews
        && let Some(team) = &reviews.team
    {
        let never = "no review is ever done".to_owned();
        asked.push((team, Path::from("reviews.team"), never));
    }
    for (name, kind) in &scenario.kinds {
        if let Some(problem) = &kind.problem
            && let (Some(team), Some(_)) = (&problem.team, &problem.fix)
        {
            let never = format!("the problem of `{name}` is never fixed");
            asked.push((team, Path::from(["kinds", name, "problem", "team"]), never));
        }
    }
    asked
}

fn of_rule<'a>(scenario: &'a Scenario, name: &str, rule: &'a Rule, asked: &mut Vec<Asked<'a>>) {
    for (index, action) in rule.then.iter().enumerate() {
        let path = Path::from(["rules", name, "then"]).index(index);
        match action {
            Action::Transfer(transfer) => {
                let to = transfer.to();
                if !scenario.tiers.contains_key(to) && !leaves(scenario, to, &rule.if_) {
                    let never = format!("what rule `{name}` hands there waits, and nothing takes it elsewhere");
                    asked.push((to, path.key("transfer"), never));
                }
            }
            Action::Involve { teams, need } => {
                let never = match need {
                    Some(Need::All) => format!("what rule `{name}` waits for is never done"),
                    _ => format!("what rule `{name}` asks of it is never done"),
                };
                let path = path.key("involve").key("teams");
                let teams = teams.iter().enumerate();
                asked.extend(teams.map(|(place, team)| (team.as_str(), path.index(place), never.clone())));
            }
            // Of a team of which nobody is free, the schedule is paged.
            Action::AddResponders {
                from, else_page: None, ..
            } => {
                let never = format!("nobody whom rule `{name}` asks to help ever joins");
                asked.push((from, path.key("add_responders").key("from"), never));
            }
            Action::EscalateTo(role) => {
                let held = scenario.roles.get(role).filter(|role| role.work.is_some());
                if let Some(team) = held.and_then(|role| role.team.as_ref()) {
                    let never = format!("what rule `{name}` asks of role `{role}` is never done");
                    asked.push((team, path.key("escalate_to"), never));
                }
            }
            _ => {}
        }
    }
}

/// Who decides at a gate that then waits for ever; nothing if enough others decide, or it does not wait.
fn of_gate<'a>(scenario: &'a Scenario, name: &str, gate: &'a Gate) -> Option<Asked<'a>> {
    let team_of = |role: &String| scenario.roles.get(role)?.team.as_deref();
    let is_idle = |role: &String| team_of(role).is_some_and(|team| is_empty(scenario, team));
    let path = Path::from(["gates", name]);
    let at_timeout = gate.on_timeout.filter(|_| gate.timeout.is_some());
    match at_timeout {
        _ if gate.meeting.is_some() => None,
        Some(OnTimeout::Approve | OnTimeout::Decline) => None,
        Some(OnTimeout::Deputy) => {
            let deputy = gate.deputy.as_ref().filter(|_| gate.deputy_timeout.is_none())?;
            let never = format!("gate `{name}` is never decided once its deputy is asked");
            Some((team_of(deputy)?, path.key("deputy"), never))
        }
        Some(OnTimeout::Wait) | None => {
            let there = gate.approvers.iter().filter(|role| !is_idle(role)).count();
            let needed = match gate.parallel {
                None | Some(Parallel::Word(ParallelWord::All)) => gate.approvers.len(),
                Some(Parallel::Word(ParallelWord::Any)) => 1,
                Some(Parallel::Count(count)) => count as usize,
            };
            let place = gate.approvers.iter().position(is_idle).filter(|_| there < needed)?;
            let team = team_of(&gate.approvers[place])?;
            let never = format!("gate `{name}` is never decided");
            Some((team, path.key("approvers").index(place), never))
        }
    }
}

/// Duties and messages of roles that a team holds.
fn of_roles<'a>(scenario: &'a Scenario, asked: &mut Vec<Asked<'a>>) {
    if let Some(by) = scenario.communications.as_ref().and_then(|written| written.by.as_ref())
        && let Some(team) = scenario.roles.get(by).and_then(|role| role.team.as_ref())
    {
        let never = "no update and no brief is ever written".to_owned();
        asked.push((team, Path::from("communications.by"), never));
    }
    let rules = scenario.rules.values().filter(|rule| is_enabled(rule));
    let mut actions = rules.flat_map(|rule| &rule.then);
    if !actions.any(|action| matches!(action, Action::AssignCommander(_))) {
        return;
    }
    for (name, role) in &scenario.roles {
        if let (Some(Duty::Commander), Some(team)) = (role.duty, &role.team) {
            let never = "no incident ever has a commander".to_owned();
            asked.push((team, Path::from(["roles", name, "team"]), never));
        }
    }
}

/// Whether something may take the tickets of a condition out of a team in which they wait.
fn leaves(scenario: &Scenario, team: &str, of: &Condition) -> bool {
    let Some(table) = scenario.teams.get(team) else {
        return true;
    };
    let is_for_it = |condition: &Condition| admits(&condition.team, team) && admits(&condition.tier, &table.tier);
    let moves = |action: &Action| match action {
        Action::Transfer(transfer) => transfer.to() != team,
        Action::ToSecondary(_) => true,
        action => pages(action),
    };
    // A new ticket has only just come, or is not there yet; but whoever is paged for it takes it later.
    let takes = |rule: &Rule| match rule.when {
        Trigger::Created(_) => covers(&rule.if_, of) && rule.then.iter().any(pages),
        _ => is_for_it(&rule.if_) && rule.then.iter().any(moves),
    };
    let mut rules = scenario.rules.values().filter(|rule| is_enabled(rule));
    table.overflow.is_some() || rules.any(takes)
}

fn pages(action: &Action) -> bool {
    matches!(action, Action::Page(_) | Action::Notify(_))
}
