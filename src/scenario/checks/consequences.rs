//! What one rule leaves to another that comes at the same instant: changes of severity and transfers that do not last.
//!
//! Only what becomes of every ticket on which the first rule fires counts. A rule for all tickets and an exception after
//! it is a way of writing, and so is a rule that takes back what others do for a few.

use super::super::problem::Problems;
use super::super::{Action, Change, Condition, Fires, Path, Raise, Rule, Scenario, TargetKind, Trigger};
use super::overlap::{asked, comes_with, covers, overlap};
use super::pairs::{becomes, change, changes_severity, fires_as_often, is_free, opposed};
use super::rules::{is_enabled, passing};
use super::targets::clock;
use super::transfers::teams_of;

/// A rule and its name.
type NamedRule<'a> = (&'a str, &'a Rule);

pub(super) fn check(scenario: &Scenario, problems: &mut Problems) {
    let enabled = scenario.rules.iter().filter(|(_, rule)| is_enabled(rule));
    let enabled: Vec<NamedRule> = enabled.map(|(name, rule)| (name.as_str(), rule)).collect();
    for (index, first) in enabled.iter().enumerate() {
        handed_on_by_itself(scenario, *first, problems);
        let later = || {
            let later = enabled[index + 1..].iter();
            later.filter(|second| !is_stopped_by_another(&enabled, *first, **second))
        };
        if let Some(second) = later().find(|second| is_handed_on(scenario, first.1, second.1)) {
            handed_on(*first, *second, problems);
        }
        if let Some(second) = later().find(|second| is_undone(scenario, first.1, second.1)) {
            undone(scenario, *first, *second, problems);
        }
        let set_off = enabled.iter().enumerate().find(|(other, second)| {
            // Of two that set each other off, the one that is first in the file is told.
            let known = *other < index && takes_back(scenario, second.1, first.1);
            let is_stopped = is_stopped_by_another(&enabled, *first, **second);
            *other != index && !known && !is_stopped && takes_back(scenario, first.1, second.1)
        });
        if let Some((_, second)) = set_off {
            taken_back(scenario, *first, *second, problems);
        }
    }
}

/// Whether a third rule may end the pass before the second of two has its turn.
fn is_stopped_by_another(enabled: &[NamedRule], first: NamedRule, second: NamedRule) -> bool {
    let may_come = |rule: &Rule| comes_with(&rule.when, &second.1.when) || comes_with(&second.1.when, &rule.when);
    let is_third = |rule: &&NamedRule| rule.0 != first.0 && rule.0 != second.0;
    let mut others = enabled.iter().filter(is_third);
    others.any(|(_, rule)| rule.stop == Some(true) && may_come(rule))
}

/// Whether the second of two rules that are due together fires on every ticket on which the first has fired.
fn follows(scenario: &Scenario, first: &Rule, second: &Rule) -> bool {
    // What holds or repeats fires at instants of its own.
    let only_then = first.hold != Some(true) && first.every.is_none();
    only_then
        && comes_with(&second.when, &first.when)
        && fires_as_often(second, first)
        && stays_due(&second.when, first)
        && meets(scenario, first, second)
}

/// Whether a rule lets every ticket pass on which another has just fired.
fn meets(scenario: &Scenario, first: &Rule, second: &Rule) -> bool {
    let goes_on = first.stop != Some(true) && !first.then.iter().any(|action| matches!(action, Action::Close(_)));
    let some = !passing(&asked(first).severity, scenario.severities.keys()).is_empty();
    let after = afterwards(scenario, first);
    let passes = |condition: &Condition| is_lasting(condition) && covers(condition, &after);
    goes_on && some && is_free(second) && passes(&second.if_) && second.while_.as_ref().is_none_or(passes)
}

/// Whether conditions ask only for what a rule changes by transfers and changes of severity, or not at all.
fn is_lasting(condition: &Condition) -> bool {
    let none = |list: &Option<Vec<String>>| list.as_ref().is_none_or(Vec::is_empty);
    let kinds = |list: &Option<Vec<TargetKind>>| list.as_ref().is_none_or(Vec::is_empty);
    condition.owned.is_none()
        && condition.pending.is_none()
        && condition.gated.is_none()
        && condition.reassignments.is_none()
        && condition.pages.is_none()
        && condition.consumed.is_none()
        && kinds(&condition.breached)
        && kinds(&condition.not_breached)
        && none(&condition.flags)
        && none(&condition.no_flags)
}

/// What is certain of the tickets on which a rule has fired, as conditions that they meet.
fn afterwards(scenario: &Scenario, rule: &Rule) -> Condition {
    let mut after = asked(rule);
    for action in &rule.then {
        match action {
            Action::Transfer(transfer) => {
                let teams = teams_of(scenario, transfer.to());
                let tiers = teams.iter().filter_map(|team| scenario.teams.get(*team));
                after.tier = Some(tiers.map(|team| team.tier.clone()).collect());
                after.team = Some(teams.into_iter().map(str::to_owned).collect());
            }
            Action::Raise(by) | Action::Lower(by) => {
                let raises = matches!(action, Action::Raise(_));
                let before = passing(&after.severity, scenario.severities.keys());
                let changed = before.iter().filter_map(|name| becomes(scenario, name, by, raises));
                let changed = changed.map(str::to_owned).collect();
                after.severity = Some(changed);
            }
            Action::AssignCommander(_) => after.major = Some(true),
            _ => {}
        }
    }
    after
}

/// Whether a rule that is due is so still after another has fired: transfers begin visits and silences anew, and
/// another severity has other targets.
fn stays_due(trigger: &Trigger, first: &Rule) -> bool {
    let moves = first.then.iter().any(|action| matches!(action, Action::Transfer(_)));
    let changes = severity_change(first).is_some();
    match trigger {
        Trigger::Consumed { of, .. } | Trigger::Left { of, .. } | Trigger::Breached(of) => {
            let lasts = matches!(
                of,
                TargetKind::FirstResponse | TargetKind::Mitigate | TargetKind::Resolve
            );
            !changes && (lasts || !moves)
        }
        Trigger::InQueue(_) | Trigger::InTeam(_) | Trigger::InTier(_) | Trigger::WithOwner(_) => {
            !(moves || changes && goes_by_target(trigger))
        }
        Trigger::Unacknowledged(_) | Trigger::NoUpdate(_) | Trigger::Pending(_) | Trigger::Resolved(_) => false,
        Trigger::Reassignments(_)
        | Trigger::Reopenings(_)
        | Trigger::Chasers(_)
        | Trigger::Linked(_)
        | Trigger::SeverityRaised(_)
        | Trigger::SeverityLowered(_)
        | Trigger::QueueLength { .. }
        | Trigger::QueueAge { .. }
        | Trigger::Created(_)
        | Trigger::Declared(_)
        | Trigger::Mitigated(_)
        | Trigger::Reopened(_) => true,
    }
}

fn goes_by_target(trigger: &Trigger) -> bool {
    let detail = clock(trigger).and_then(|(_, clock)| clock.detail());
    detail.is_some_and(|detail| detail.with_target == Some(true))
}

/// The last action that hands the ticket on, and where to.
fn transfer(rule: &Rule) -> Option<(usize, &str)> {
    let actions = rule.then.iter().enumerate();
    actions.rev().find_map(|(index, action)| match action {
        Action::Transfer(transfer) => Some((index, transfer.to().as_str())),
        _ => None,
    })
}

/// Whether no ticket can be in both places.
fn are_apart(scenario: &Scenario, one: &str, other: &str) -> bool {
    let (one, other) = (teams_of(scenario, one), teams_of(scenario, other));
    !one.is_empty() && !other.is_empty() && !one.iter().any(|team| other.contains(team))
}

/// A rule that hands a ticket on twice.
fn handed_on_by_itself(scenario: &Scenario, (name, rule): NamedRule, problems: &mut Problems) {
    let Some((last, to)) = transfer(rule) else { return };
    let mut before = rule.then[..last].iter().enumerate();
    let first = before.find_map(|(index, action)| match action {
        Action::Transfer(transfer) if are_apart(scenario, transfer.to(), to) => Some((index, transfer.to())),
        _ => None,
    });
    let Some((index, between)) = first else { return };
    let place = |index: usize| Path::from(["rules", name, "then"]).index(index).key("transfer");
    let message = format!("rule `{name}` hands a ticket to `{between}` and at the same instant to `{to}`");
    problems
        .error("E313", place(last), message)
        .label("and on to here at once")
        .also(place(index), "handed on here")
        .help("keep the one that is meant; `involve` asks several teams at once");
}

/// Whether what a rule hands on, another that is due with it always hands on to another place.
fn is_handed_on(scenario: &Scenario, first: &Rule, second: &Rule) -> bool {
    let places = transfer(first).zip(transfer(second));
    places.is_some_and(|((_, one), (_, other))| are_apart(scenario, one, other)) && follows(scenario, first, second)
}

fn handed_on((first_name, first): NamedRule, (second_name, second): NamedRule, problems: &mut Problems) {
    let Some(((a, between), (b, to))) = transfer(first).zip(transfer(second)) else {
        return;
    };
    let place = |name: &str, index: usize| Path::from(["rules", name, "then"]).index(index).key("transfer");
    let message = format!(
        "what rule `{first_name}` hands to `{between}`, rule `{second_name}` hands to `{to}` at the same instant"
    );
    problems
        .error("E313", place(second_name, b), message)
        .label("and on to here at once")
        .also(place(first_name, a), "handed on here")
        .help(format!(
            "give them conditions that exclude each other, such as `if.severity`, or write `stop = true` in \
             `{first_name}`"
        ));
}

/// Whether what a rule makes of the severity lets another pass that is due with it, and undoes it.
fn is_undone(scenario: &Scenario, first: &Rule, second: &Rule) -> bool {
    // Rules whose conditions agree from the first are found by their pair alone.
    opposed(scenario, first, second).is_some()
        && !overlap(scenario, &asked(first), &asked(second))
        && follows(scenario, first, second)
}

fn undone(
    scenario: &Scenario,
    (first_name, first): NamedRule,
    (second_name, second): NamedRule,
    problems: &mut Problems,
) {
    let Some((a, b)) = opposed(scenario, first, second) else {
        return;
    };
    let place = |name: &str, index: usize| Path::from(["rules", name, "then"]).index(index);
    let message = format!(
        "rule `{second_name}` undoes what rule `{first_name}` has done at the same instant: it asks for what \
         `{first_name}` makes of the ticket"
    );
    problems
        .error("E313", place(second_name, b), message)
        .label(format!("{} here", change(&second.then[b])))
        .also(place(first_name, a), format!("{} here", change(&first.then[a])))
        .help(format!(
            "each rule sees what those before it have done: write `stop = true` in `{first_name}`, or let it set a \
             flag that `{second_name}` excludes: `if.no_flags`"
        ));
}

/// The first action of a rule that changes the severity.
fn severity_change(rule: &Rule) -> Option<&Action> {
    rule.then.iter().find(|action| changes_severity(action))
}

/// Whether a change of severity always sets off a rule that undoes it.
fn takes_back(scenario: &Scenario, first: &Rule, second: &Rule) -> bool {
    let Some(action) = severity_change(first) else {
        return false;
    };
    let (change, by, raises) = match (action, &second.when) {
        (Action::Raise(by), Trigger::SeverityRaised(change)) => (change, by, true),
        (Action::Lower(by), Trigger::SeverityLowered(change)) => (change, by, false),
        _ => return false,
    };
    let changes = first.then.iter().filter(|action| changes_severity(action));
    changes.count() == 1
        && opposed(scenario, first, second).is_some()
        && second.fires != Some(Fires::Once)
        && is_waited_for(scenario, &asked(first), by, raises, change)
        && meets(scenario, first, second)
}

/// Whether every change that an action makes is one that a trigger waits for, and there is any.
fn is_waited_for(scenario: &Scenario, before: &Condition, by: &Raise, raises: bool, wanted: &Change) -> bool {
    let from = passing(&before.severity, scenario.severities.keys());
    let changes = from
        .into_iter()
        .filter_map(|from| Some((from, becomes(scenario, from, by, raises)?)));
    let mut changes = changes.filter(|(from, to)| from != to).peekable();
    let admits = |wanted: &Option<String>, name: &str| wanted.as_ref().is_none_or(|wanted| wanted == name);
    changes.peek().is_some() && changes.all(|(from, to)| admits(&wanted.from, from) && admits(&wanted.to, to))
}

fn taken_back(
    scenario: &Scenario,
    (first_name, first): NamedRule,
    (second_name, second): NamedRule,
    problems: &mut Problems,
) {
    let Some((a, b)) = opposed(scenario, first, second) else {
        return;
    };
    let place = |name: &str, index: usize| Path::from(["rules", name, "then"]).index(index);
    let message = format!("rule `{first_name}` sets off `{second_name}`, which takes back at once what it has done");
    problems
        .warning("W416", place(second_name, b), message)
        .label(format!("{} here", change(&second.then[b])))
        .also(place(first_name, a), format!("{} here", change(&first.then[a])))
        .help(format!(
            "give `{second_name}` a condition, or a trigger on a time; `stop = true` in `{first_name}` keeps it from \
             being set off"
        ));
}
