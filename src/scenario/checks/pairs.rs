//! Rules in pairs: what one does and another undoes, and rules that another one stops.

use super::super::problem::{Place, Problems};
use super::super::{Action, Condition, Fires, OnJump, Path, Raise, Rule, Scenario};
use super::overlap::{asked, come_together, comes_with, covers, in_common, overlap};
use super::rank;
use super::rules::{admits, is_enabled, passing};

pub(super) fn check(scenario: &Scenario, problems: &mut Problems) {
    let enabled = scenario.rules.iter().filter(|(_, rule)| is_enabled(rule));
    let enabled: Vec<(&str, &Rule)> = enabled.map(|(name, rule)| (name.as_str(), rule)).collect();
    for (index, second) in enabled.iter().enumerate() {
        undone_by_itself(scenario, second, problems);
        for first in &enabled[..index] {
            undone(scenario, *first, *second, problems);
        }
        let before = &enabled[..index];
        let stopper = before.iter().enumerate().find(|(place, (_, first))| {
            let between = &before[place + 1..];
            stops(first, second.1) && !between.iter().any(|(_, rule)| lets_pass(rule, &first.if_))
        });
        if let Some((_, (first, _))) = stopper {
            stopped(first, second.0, problems);
        }
    }
}

/// Two rules that are due at the same instant, of which one undoes to the same tickets what the other does.
fn undone(
    scenario: &Scenario,
    (first_name, first): (&str, &Rule),
    (second_name, second): (&str, &Rule),
    problems: &mut Problems,
) {
    let together = comes_with(&first.when, &second.when)
        || comes_with(&second.when, &first.when)
        || come_together(scenario, first, second);
    let apart = excepts(first, second) || excepts(second, first);
    let (of_first, of_second) = (asked(first), asked(second));
    if !together || apart || first.stop == Some(true) || !overlap(scenario, &of_first, &of_second) {
        return;
    }
    let place = |name: &str, index: usize| Path::from(["rules", name, "then"]).index(index);
    if let Some((a, b)) = opposed(scenario, first, second) {
        let message = format!("rules `{first_name}` and `{second_name}` undo each other at the same instant");
        problems
            .error("E313", place(second_name, b), message)
            .label(format!("{} here", change(&second.then[b])))
            .also(place(first_name, a), format!("{} here", change(&first.then[a])))
            .help(format!(
                "both take {}: give them conditions that exclude each other, such as `if.severity`",
                in_common(&of_first, &of_second)
            ));
    }
    // Steps add up where rules take different tickets, as points do; for the same tickets one rule would do.
    let alike = takes_all(first, &of_second) && takes_all(second, &of_first);
    if let Some((a, b, left)) = steps_against(first, second).filter(|_| alike) {
        let rest = match left {
            0 => "nothing is left of it".to_owned(),
            left if left < 0 => format!("they end {} the other way", steps(left)),
            left => format!("they end {} further", steps(left)),
        };
        let message =
            format!("rules `{first_name}` and `{second_name}` move the same tickets forward and back: {rest}");
        problems
            .error("E313", place(second_name, b), message)
            .label("and this way here, at the same instant")
            .also(place(first_name, a), "one way here")
            .help("write one rule with the difference, or give them different conditions");
    }
}

/// A rule that raises and lowers.
fn undone_by_itself(scenario: &Scenario, (name, rule): &(&str, &Rule), problems: &mut Problems) {
    let asked = asked(rule);
    let mut severities = passing(&asked.severity, scenario.severities.keys()).into_iter();
    let Some((first, second)) = severities.find_map(|severity| {
        let (changes, _) = changes(scenario, severity, &rule.then);
        against(&changes, &changes)
    }) else {
        return;
    };
    let place = |index: usize| Path::from(["rules", *name, "then"]).index(index);
    problems
        .error(
            "E313",
            place(second),
            format!("rule `{name}` undoes what it does itself"),
        )
        .label(format!("{} here", change(&rule.then[second])))
        .also(place(first), format!("{} here", change(&rule.then[first])))
        .help("keep one of the two");
}

/// Whether a rule makes an exception of what the other asks for.
fn excepts(rule: &Rule, other: &Rule) -> bool {
    rule.unless.as_ref().is_some_and(|unless| covers(unless, &asked(other)))
}

/// Whether the conditions of a rule let every ticket pass that meets a condition.
fn takes_all(rule: &Rule, narrow: &Condition) -> bool {
    covers(&rule.if_, narrow) && rule.while_.as_ref().is_none_or(|wide| covers(wide, narrow))
}

pub(super) fn changes_severity(action: &Action) -> bool {
    matches!(action, Action::Raise(_) | Action::Lower(_))
}

/// An action that changes a severity, and whether it raises it.
type ChangeOf = (usize, bool);

/// The actions of two rules of which the second's takes back, of some ticket, what the first's has made of its severity. The
/// second asks for the severity from before or for that.
pub(super) fn opposed(scenario: &Scenario, first: &Rule, second: &Rule) -> Option<(usize, usize)> {
    let (of_first, of_second) = (asked(first), asked(second));
    let mut severities = passing(&of_first.severity, scenario.severities.keys()).into_iter();
    severities.find_map(|before| {
        let (by_first, after) = changes(scenario, before, &first.then);
        let is_asked_for = |severity| admits(&of_second.severity, severity);
        let (by_second, _) = changes(scenario, after, &second.then);
        against(&by_first, &by_second).filter(|_| is_asked_for(before) || is_asked_for(after))
    })
}

/// The first change that a later one is against, and that one.
fn against(changes: &[ChangeOf], later: &[ChangeOf]) -> Option<(usize, usize)> {
    changes.iter().find_map(|(a, raises)| {
        let against = later.iter().find(|(_, other)| other != raises);
        against.map(|(b, _)| (*a, *b))
    })
}

/// What actions change of a ticket's severity, in turn, and what it is then.
fn changes<'a>(scenario: &'a Scenario, severity: &'a str, actions: &[Action]) -> (Vec<ChangeOf>, &'a str) {
    let mut now = severity;
    let mut found = Vec::new();
    for (index, action) in actions.iter().enumerate() {
        let (by, raises) = match action {
            Action::Raise(by) => (by, true),
            Action::Lower(by) => (by, false),
            _ => continue,
        };
        if let Some(then) = becomes(scenario, now, by, raises).filter(|then| *then != now) {
            found.push((index, raises));
            now = then;
        }
    }
    (found, now)
}

/// What a severity is after a rule's actions.
pub(super) fn severity_after<'a>(scenario: &'a Scenario, severity: &'a str, actions: &[Action]) -> &'a str {
    changes(scenario, severity, actions).1
}

/// What a severity is raised or lowered to.
pub(super) fn becomes<'a>(scenario: &'a Scenario, severity: &str, by: &Raise, raises: bool) -> Option<&'a str> {
    let last = scenario.severities.len().saturating_sub(1);
    let from = rank(&scenario.severities, severity)?;
    let to = match by {
        Raise::Steps(steps) if raises => from.saturating_sub(*steps as usize),
        Raise::Steps(steps) => from.saturating_add(*steps as usize).min(last),
        Raise::To(name) if raises => from.min(rank(&scenario.severities, name)?),
        Raise::To(name) => from.max(rank(&scenario.severities, name)?),
    };
    scenario.severities.get_index(to).map(|(name, _)| name.as_str())
}

/// `raised by 2 steps`, `lowered to Sev3`.
pub(super) fn change(action: &Action) -> String {
    let (word, by) = match action {
        Action::Raise(by) => ("raised", by),
        Action::Lower(by) => ("lowered", by),
        _ => return "changed".to_owned(),
    };
    match by {
        Raise::Steps(1) => format!("{word} by 1 step"),
        Raise::Steps(steps) => format!("{word} by {steps} steps"),
        Raise::To(severity) => format!("{word} to `{severity}`"),
    }
}

/// `1 step`, `3 steps`, whichever way.
fn steps(count: i16) -> String {
    match count.unsigned_abs() {
        1 => "1 step".to_owned(),
        count => format!("{count} steps"),
    }
}

/// Actions that put tickets forward in queues and back, and the steps that are left.
fn steps_against(first: &Rule, second: &Rule) -> Option<(usize, usize, i16)> {
    let moved = |rule: &Rule| {
        let mut actions = rule.then.iter().enumerate();
        actions.find_map(|(index, action)| match action {
            Action::SetPriority(steps) if *steps != 0 => Some((index, i16::from(*steps))),
            _ => None,
        })
    };
    let ((a, of_a), (b, of_b)) = moved(first).zip(moved(second))?;
    (of_a.signum() != of_b.signum()).then_some((a, b, (of_a + of_b) * of_a.signum()))
}

/// Whether a rule ends the pass whenever a later one would have its turn.
fn stops(first: &Rule, later: &Rule) -> bool {
    let always = first.stop == Some(true) && first.while_.is_none() && is_free(first);
    // Who repeats or waits for conditions may fire at an instant at which the first is not due.
    let waits = later.hold == Some(true) && first.if_ != Condition::default();
    let comes_first = comes_with(&first.when, &later.when) && covers(&first.if_, &later.if_);
    always && fires_as_often(first, later) && !waits && later.every.is_none() && comes_first
}

/// Whether a rule may make so what a condition asks for, so that who asked before it asked too early.
fn lets_pass(rule: &Rule, asked: &Condition) -> bool {
    let flags = || asked.flags.iter().chain(&asked.no_flags).flatten();
    let of_targets = asked.consumed.is_some() || asked.breached.is_some() || asked.not_breached.is_some();
    let of_place = asked.tier.is_some() || asked.team.is_some() || asked.reassignments.is_some();
    rule.then.iter().any(|action| match action {
        Action::Raise(_) | Action::Lower(_) => of_targets || asked.severity.is_some(),
        Action::Transfer(_) => of_targets || of_place || asked.owned.is_some(),
        Action::ToSecondary(_) => asked.owned.is_some(),
        Action::Notify(_) | Action::Page(_) | Action::AddResponders { .. } | Action::EscalateTo(_) => {
            asked.pages.is_some()
        }
        Action::AssignCommander(_) => asked.pages.is_some() || asked.major.is_some(),
        Action::OpenGate(_) => asked.gated.is_some(),
        Action::Flag(flag) => flags().any(|other| other == flag),
        Action::Alert(_)
        | Action::Brief(_)
        | Action::Update(_)
        | Action::Involve { .. }
        | Action::SetPriority(_)
        | Action::Close(_) => false,
    })
}

/// Whether nothing but its conditions keeps a rule that is due from firing.
pub(super) fn is_free(rule: &Rule) -> bool {
    rule.unless.is_none() && rule.max.is_none() && rule.cooldown.is_none() && rule.on_jump != Some(OnJump::Highest)
}

/// Whether a rule is there again whenever another is, at what happens again: what fires each time is. A target's crossing
/// counts once unless the rule says so.
pub(super) fn fires_as_often(rule: &Rule, other: &Rule) -> bool {
    match other.when.is_on_target() {
        true => other.fires != Some(Fires::Each) || rule.fires == Some(Fires::Each),
        false => rule.fires != Some(Fires::Once) || other.fires == Some(Fires::Once),
    }
}

fn stopped(first: &str, later: &str, problems: &mut Problems) {
    let message = format!("rule `{later}` can never fire: `{first}` before it stops whatever is due then");
    problems
        .error("E312", Place::Key(Path::from(["rules", later])), message)
        .also(Place::Key(Path::from(["rules", first, "stop"])), "stopped here")
        .help(format!("write it before `{first}`"));
}
