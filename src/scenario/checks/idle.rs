//! Actions that find nothing to do whenever their rule fires.

use super::super::problem::Problems;
use super::super::{Action, Condition, Discipline, Path, Rule, Scenario, TargetKind, Team, Trigger};
use super::rules::{has_target, is_enabled, passing};
use super::sources::{Fact, keeps_severity};
use super::taken::taken;
use super::targets::clock;
use super::{milliseconds, rank};
use crate::scenario::words::listed;

pub(super) fn check(scenario: &Scenario, problems: &mut Problems) {
    for (name, rule) in scenario.rules.iter().filter(|(_, rule)| is_enabled(rule)) {
        for (index, action) in rule.then.iter().enumerate() {
            let path = Path::from(["rules", name, "then"]).index(index);
            match action {
                Action::Close(_) => close(scenario, name, rule, path.key("close"), problems),
                Action::SetPriority(steps) => {
                    put_forward(scenario, name, *steps, path.key("set_priority"), problems);
                }
                action if is_too_late(rule) => too_late(name, action, &path, problems),
                Action::Page(policy) => {
                    let changes = |action: &Action| matches!(action, Action::Raise(_) | Action::Lower(_));
                    if !rule.then[..index].iter().any(changes) {
                        page(scenario, name, rule, policy, path.key("page"), problems);
                    }
                }
                _ => {}
            }
        }
    }
}

/// Only what waits for its customer is closed.
fn close(scenario: &Scenario, name: &str, rule: &Rule, place: Path, problems: &mut Problems) {
    // Of a rule that asks for such tickets and cannot get them it is said that it never fires.
    if matches!(rule.when, Trigger::Pending(_)) || asks_for_them(rule) {
        return;
    }
    let help = if !Fact::Asked.has_source(scenario) {
        "no customer is ever asked: `[pending]` says how often a ticket waits for its customer".to_owned()
    } else if fires_only_at_once(rule) && never_waits(&rule.when) {
        "wait for it: `when = { pending = \"5d\" }`".to_owned()
    } else if parts(rule).any(|condition| condition.pending == Some(false)) {
        "leave the condition `pending = false` out".to_owned()
    } else if let Some(help) = stands_still(scenario, &rule.when).filter(|_| rule.hold != Some(true)) {
        help
    } else {
        return;
    };
    let message = format!("rule `{name}` closes nothing: only a ticket that waits for its customer is closed");
    problems.warning("W413", place, message).help(help);
}

fn asks_for_them(rule: &Rule) -> bool {
    parts(rule).any(|condition| condition.pending == Some(true))
}

fn parts(rule: &Rule) -> impl Iterator<Item = &Condition> {
    [&rule.if_].into_iter().chain(&rule.while_)
}

/// Whether a rule fires at no other instant than its trigger's.
pub(super) fn fires_only_at_once(rule: &Rule) -> bool {
    rule.hold != Some(true) && rule.every.is_none()
}

/// Whether no ticket waits for its customer at the instant of a trigger.
fn never_waits(trigger: &Trigger) -> bool {
    match trigger {
        Trigger::Created(_)
        | Trigger::InQueue(_)
        | Trigger::QueueLength { .. }
        | Trigger::QueueAge { .. }
        | Trigger::Resolved(_)
        | Trigger::Reopened(_) => true,
        Trigger::Consumed { .. }
        | Trigger::Left { .. }
        | Trigger::Breached(_)
        | Trigger::Unacknowledged(_)
        | Trigger::NoUpdate(_)
        | Trigger::Pending(_)
        | Trigger::Reassignments(_)
        | Trigger::Reopenings(_)
        | Trigger::Chasers(_)
        | Trigger::Linked(_)
        | Trigger::SeverityRaised(_)
        | Trigger::SeverityLowered(_)
        | Trigger::InTeam(_)
        | Trigger::InTier(_)
        | Trigger::WithOwner(_)
        | Trigger::Declared(_)
        | Trigger::Mitigated(_) => false,
    }
}

/// How to count the time in which a ticket waits for its customer, of a trigger whose time stands still meanwhile: it comes
/// before the wait or after it, and is not tried again within it. `None` where it may come.
pub(super) fn stands_still(scenario: &Scenario, trigger: &Trigger) -> Option<String> {
    let has_updates = || {
        let mut severities = scenario.severities.keys();
        severities.any(|severity| has_target(scenario, &Condition::default(), severity, TargetKind::Update))
    };
    // What was silent in work that keeps in touch is found only when that ends.
    let is_found_at_once = || {
        scenario.communications.is_some()
            || !has_updates()
            || (keeps_severity(scenario) && !Fact::Mitigated.has_source(scenario))
    };
    let stands = match trigger {
        Trigger::InTeam(_) | Trigger::InTier(_) | Trigger::WithOwner(_) => true,
        Trigger::NoUpdate(_) => is_found_at_once(),
        _ => false,
    };
    let (key, clock) = clock(trigger).filter(|_| stands)?;
    let counts = clock.detail().and_then(|detail| detail.count_pending) == Some(true);
    // Another severity may bring another calendar, on which more has passed.
    let may_leap = clock.detail().and_then(|detail| detail.with_target) == Some(true) && !keeps_severity(scenario);
    let after = clock.after();
    (!counts && !may_leap && milliseconds(after) > Some(0)).then(|| {
        format!(
            "its time stands still while a ticket waits: let it count, `{key} = {{ after = \"{after}\", count_pending = true }}`, \
             or measure the wait, `pending = \"{after}\"`"
        )
    })
}

/// Whether a rule fires only when the ticket is resolved. One that waits or repeats may find it open again.
fn is_too_late(rule: &Rule) -> bool {
    matches!(rule.when, Trigger::Resolved(_)) && fires_only_at_once(rule)
}

/// Nobody is asked for anything about a ticket that is resolved.
fn too_late(name: &str, action: &Action, path: &Path, problems: &mut Problems) {
    let key = match action {
        Action::Notify(_) => "notify",
        Action::Page(_) => "page",
        Action::Transfer(_) => "transfer",
        Action::ToSecondary(_) => "to_secondary",
        Action::AddResponders { .. } => "add_responders",
        Action::EscalateTo(_) => "escalate_to",
        Action::AssignCommander(_) => "assign_commander",
        Action::OpenGate(_) => "open_gate",
        Action::Brief(_) => "brief",
        Action::Update(_) => "update",
        Action::Involve { .. } => "involve",
        // What is said, flags and the severity are those of a ticket that may come back.
        Action::Alert(_)
        | Action::Flag(_)
        | Action::Raise(_)
        | Action::Lower(_)
        | Action::SetPriority(_)
        | Action::Close(_) => return,
    };
    problems
        .warning(
            "W413",
            path.key(key),
            format!("`{key}` of rule `{name}` finds nothing to do: the ticket has been resolved"),
        )
        .also(Path::from(["rules", name, "when", "resolved"]), "waited for here")
        .help("wait for something before, or for what comes back: `when = { reopened = true }`");
}

/// Only queues by severity know of steps.
fn put_forward(scenario: &Scenario, name: &str, steps: i8, place: Path, problems: &mut Problems) {
    let goes_by_severity = |team: &Team| {
        let discipline = team.discipline.unwrap_or(Discipline::Severity);
        !matches!(discipline, Discipline::Fifo | Discipline::Deadline)
    };
    let (why, help) = if steps == 0 {
        ("no step at all", "write how many steps forward, or back if negative")
    } else if !scenario.teams.values().any(goes_by_severity) {
        (
            "no team has a queue by severity",
            "write another `discipline`: `severity`, `severity-customer` or `ageing`",
        )
    } else {
        return;
    };
    problems
        .warning("W413", place, format!("rule `{name}` puts nothing forward: {why}"))
        .help(help);
}

/// A policy pages for nothing that is less severe than it says.
fn page(scenario: &Scenario, name: &str, rule: &Rule, policy: &str, place: Path, problems: &mut Problems) {
    let written = scenario.escalation_policies.get(policy);
    let Some(least) = written.and_then(|policy| policy.severity.as_deref()) else {
        return;
    };
    let tickets = taken(scenario, rule);
    let severities = passing(&tickets.severity, scenario.severities.keys());
    let last = rank(&scenario.severities, least);
    let is_less = |severity: &&str| rank(&scenario.severities, severity) > last;
    if severities.is_empty() || last.is_none() || !severities.iter().all(is_less) {
        return;
    }
    let message = format!(
        "rule `{name}` pages nobody: `{policy}` pages for `{least}` and more severe, not for {}",
        listed(&severities)
    );
    problems
        .warning("W413", place, message)
        .also(["escalation_policies", policy, "severity"], "the least severe")
        .help("page by another policy, or change its `severity` or the rule's condition");
}
