//! Incidents that wait for their own commander: whoever is in command decides about the incident, does nothing else until it is
//! over, and cannot write, help or take over what it waits for.

use super::super::problem::{Place, Problems};
use super::super::{Action, Condition, Duty, Notify, Path, Role, Rule, Scenario, Trigger};
use super::holders::{Shared, shared};
use super::overlap::{covers, overlap};
use super::rules::is_enabled;

/// Below this share of the time the same person is as good as never asked twice.
const SELDOM: f64 = 0.01;

/// Who is occupied with an incident as long as it lasts.
struct Command<'a> {
    scenario: &'a Scenario,
    name: &'a str,
    role: &'a Role,
    /// Rules that assign a commander.
    assigned: Vec<(&'a String, &'a Rule)>,
}

pub(super) fn check(scenario: &Scenario, problems: &mut Problems) {
    let commander = scenario
        .roles
        .iter()
        .find(|(_, role)| role.duty == Some(Duty::Commander));
    let assigns = |rule: &Rule| {
        rule.then
            .iter()
            .any(|action| matches!(action, Action::AssignCommander(_)))
    };
    let rules = || scenario.rules.iter().filter(|(_, rule)| is_enabled(rule));
    let Some((name, role)) = commander else { return };
    let command = Command {
        scenario,
        name,
        role,
        assigned: rules().filter(|(_, rule)| assigns(rule)).collect(),
    };
    if command.assigned.is_empty() || problems.any_error() {
        return;
    }
    command.writes(problems);
    for (rule, written) in rules() {
        if command.meets(&written.if_) {
            command.asks(rule, written, problems);
        }
    }
}

impl<'a> Command<'a> {
    /// Whether a condition admits tickets that may be commanded.
    fn meets(&self, condition: &Condition) -> bool {
        let mut assigned = self.assigned.iter();
        condition.major != Some(false) && assigned.any(|(_, rule)| overlap(self.scenario, &rule.if_, condition))
    }

    /// Whether a rule is due only on tickets that have been given a commander.
    fn is_led_then(&self, rule: &Rule) -> bool {
        let declared = matches!(rule.when, Trigger::Declared(_)) || rule.if_.major == Some(true);
        let mut assigned = self.assigned.iter();
        assigned.any(|(_, other)| {
            let at_once = std::ptr::eq(*other, rule);
            let as_declared = matches!(other.when, Trigger::Declared(_)) && declared && covers(&other.if_, &rule.if_);
            at_once || as_declared
        })
    }

    fn shared(&self, role: &str) -> Option<Shared> {
        let written = self.scenario.roles.get(role)?;
        match role == self.name {
            true => shared(self.scenario, self.role, self.role),
            false => shared(self.scenario, written, self.role),
        }
        .filter(|shared| shared.share >= SELDOM)
    }

    /// Who writes the updates of an incident must not be in command of it.
    fn writes(&self, problems: &mut Problems) {
        let by = self
            .scenario
            .communications
            .as_ref()
            .and_then(|written| written.by.as_ref());
        let Some((role, busy)) = by.and_then(|role| Some((role, self.shared(role)?))) else {
            return;
        };
        let message = format!(
            "`{role}` writes the updates of an incident, and {} and writes none until it is over",
            self.who(&busy, role)
        );
        problems
            .warning("W472", Path::from("communications.by"), message)
            .label(format!("in command {}", how_often(&busy)))
            .also(self.holder(), "who commands")
            .help("let somebody write who does not command");
    }

    /// Pages that ask whoever commands an incident to own it, or to help with it.
    fn asks(&self, name: &str, rule: &Rule, problems: &mut Problems) {
        for (index, action) in rule.then.iter().enumerate() {
            let path = Path::from(["rules", name, "then"]).index(index);
            match action {
                Action::AddResponders { from, .. } => {
                    let role = match self.scenario.teams.contains_key(from) {
                        true => held(Some(from.clone()), None),
                        false => held(None, Some(from.clone())),
                    };
                    let busy = shared(self.scenario, &role, self.role).filter(|busy| busy.share >= 1.0);
                    if busy.is_some() {
                        let message = format!(
                            "rule `{name}` asks `{from}` to help with an incident, and there is nobody who does not command it"
                        );
                        problems
                            .warning("W472", path.key("add_responders").key("from"), message)
                            .label("in command until it is over")
                            .also(self.holder(), "who commands")
                            .help("ask other people to help");
                    }
                }
                Action::Notify(Notify::Schedules(schedules)) => {
                    for (index, schedule) in schedules.iter().enumerate() {
                        self.takes_over(name, rule, schedule, path.key("notify").index(index), problems);
                    }
                }
                Action::Notify(Notify::Detailed(detail)) if detail.inform != Some(true) => {
                    for (index, schedule) in detail.schedules.iter().enumerate() {
                        let path = path.key("notify").key("schedules").index(index);
                        self.takes_over(name, rule, schedule, path, problems);
                    }
                }
                Action::Page(policy) => {
                    let Some(written) = self.scenario.escalation_policies.get(policy) else {
                        continue;
                    };
                    let place = Path::from(["escalation_policies", policy]);
                    for (level, written) in written.levels.iter().enumerate() {
                        for (index, target) in written.targets.iter().enumerate() {
                            let place = place.key("levels").index(level).key("targets").index(index);
                            self.takes_over(name, rule, target, place, problems);
                        }
                    }
                    if let Some(target) = &written.last_resort {
                        self.takes_over(name, rule, target, place.key("last_resort"), problems);
                    }
                }
                _ => {}
            }
        }
    }

    /// Whoever acknowledges owns the ticket: if they command it, nobody works on it.
    fn takes_over(&self, name: &str, rule: &Rule, schedule: &str, place: Path, problems: &mut Problems) {
        // A new ticket is nobody's to command yet.
        let before = matches!(rule.when, Trigger::Created(_)) && !self.is_led_then(rule);
        if before || !self.scenario.schedules.contains_key(schedule) {
            return;
        }
        let busy = shared(self.scenario, &held(None, Some(schedule.to_owned())), self.role);
        let Some(busy) = busy.filter(|busy| busy.share >= SELDOM) else {
            return;
        };
        let message = format!(
            "rule `{name}` asks `{schedule}` to take over an incident, and {} and cannot work on it",
            self.who(&busy, schedule)
        );
        problems
            .warning("W472", place, message)
            .label(format!("in command {}", how_often(&busy)))
            .also(self.holder(), "who commands")
            .help("only tell them, `inform = true`, or page people who do not command");
    }

    /// Who commands meanwhile.
    fn who(&self, busy: &Shared, role: &str) -> String {
        match (&busy.person, busy.share >= 1.0) {
            (Some(person), true) => format!("`{person}` alone is `{role}`, commands it,"),
            (Some(person), false) => format!("`{person}` alone is `{role}`, may command it,"),
            (None, true) => format!("whoever is `{role}` commands it,"),
            (None, false) => format!("whoever is `{role}` may command it,"),
        }
    }

    /// Where it says who commands.
    fn holder(&self) -> Place {
        let key = if self.role.schedule.is_some() {
            "schedule"
        } else {
            "team"
        };
        Place::Value(Path::from(["roles", self.name, key]))
    }
}

/// A role of a team or a schedule, to be compared.
fn held(team: Option<String>, schedule: Option<String>) -> Role {
    Role {
        duty: None,
        team,
        schedule,
        page_again: None,
        reaction: None,
        work: None,
        owner_penalty: None,
        until: None,
    }
}

fn how_often(busy: &Shared) -> String {
    match busy.share >= 0.995 {
        true => "at the same time".to_owned(),
        false => format!("at the same time, {:.0} % of the hours", busy.share * 100.0),
    }
}
