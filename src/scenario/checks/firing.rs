//! How often rules fire and what holds them back: conditions that exclude each other, settings without effect, rules that
//! another stops.

use super::super::problem::{Place, Problems};
use super::super::{Action, Change, Condition, Count, Fires, OnJump, Path, Rule, Scenario, TargetKind, Trigger};
use super::overlap::{covers, overlap};
use super::rules::{has_target, is_enabled, passing};
use super::sources::{Fact, now_or_before};
use super::targets::{clock, key};
use super::{milliseconds, rank};
use crate::scenario::words::{in_thousands, listed, meant};

pub(super) fn check(scenario: &Scenario, problems: &mut Problems) {
    let rules = scenario.rules.iter().filter(|(_, rule)| is_enabled(rule));
    for (name, rule) in rules {
        let path = Path::from(["rules", name]);
        for (part, condition) in conditions_of(rule) {
            let never = match part {
                "unless" => format!("the exception of rule `{name}` never holds"),
                _ => format!("rule `{name}` can never fire"),
            };
            impossible(scenario, &never, condition, &path.key(part), problems);
        }
        excluded(scenario, name, rule, &path, problems);
        excepted(name, rule, &path, problems);
        changes(scenario, name, rule, &path, problems);
        without_effect(rule, &path, problems);
        too_fast(rule, &path, problems);
    }
}

fn conditions_of(rule: &Rule) -> impl Iterator<Item = (&'static str, &Condition)> {
    let more = [("unless", &rule.unless), ("while", &rule.while_)];
    let more = more
        .into_iter()
        .filter_map(|(part, condition)| Some((part, condition.as_ref()?)));
    [("if", &rule.if_)].into_iter().chain(more)
}

/// Reports a rule whose `while` no ticket meets that meets its `if`.
fn excluded(scenario: &Scenario, name: &str, rule: &Rule, path: &Path, problems: &mut Problems) {
    let Some(only_while) = &rule.while_ else { return };
    if !overlap(scenario, &rule.if_, only_while) {
        let message =
            format!("rule `{name}` can never fire: what its `if` and its `while` ask for excludes each other");
        problems
            .error("E312", Place::Key(path.key("while")), message)
            .also(Place::Key(path.key("if")), "no ticket that meets this")
            .help("leave one of the two out");
    }
}

/// Reports a rule whose exception takes in every ticket for which it is.
fn excepted(name: &str, rule: &Rule, path: &Path, problems: &mut Problems) {
    let Some(except) = &rule.unless else { return };
    let asked = [("if", Some(&rule.if_)), ("while", rule.while_.as_ref())];
    let all_of = asked
        .into_iter()
        .find(|(_, asked)| asked.is_some_and(|asked| covers(except, asked)));
    let Some((part, _)) = all_of else { return };
    let place = Place::Key(path.key("unless"));
    if *except == Condition::default() {
        let message = format!("rule `{name}` can never fire: its exception has no condition, and so always holds");
        problems
            .error("E312", place, message)
            .help("write what the exception asks for, or leave it out");
        return;
    }
    let message =
        format!("rule `{name}` can never fire: its exception holds for every ticket that its `{part}` lets pass");
    problems
        .error("E312", place, message)
        .also(Place::Key(path.key(part)), "all of these are excepted")
        .help("ask for more in the exception, or for less in the conditions");
}

/// Reports conditions that no ticket can meet, whatever happens to it.
fn impossible(scenario: &Scenario, never: &str, condition: &Condition, path: &Path, problems: &mut Problems) {
    let counts = [
        ("reassignments", &condition.reassignments),
        ("reopenings", &condition.reopenings),
        ("linked", &condition.linked),
        ("pages", &condition.pages),
        ("chasers", &condition.chasers),
    ];
    for (key, count) in counts {
        if let Some(Count::Between(bounds)) = count
            && bounds.at_most.is_some_and(|most| most < bounds.at_least.unwrap_or(0))
        {
            let message = format!("{never}: `{key}` is to be at least more than at most");
            problems
                .error("E312", path.key(key), message)
                .help("write the smaller number as `at_least`");
        }
    }
    if let Some(used) = &condition.consumed
        && used.below.is_some_and(|below| below <= used.at_least.unwrap_or(0.0))
    {
        let message = format!("{never}: no share is both that large and that small");
        problems
            .error("E312", path.key("consumed"), message)
            .help("`at_least` is the smaller of the two, `below` the larger");
    }
    let both = |kind: &&TargetKind| condition.not_breached.iter().flatten().any(|other| other == *kind);
    if let Some(kind) = condition.breached.iter().flatten().find(both) {
        let message = format!("{never}: `{}` cannot have been breached and not breached", key(*kind));
        problems
            .error("E312", path.key("not_breached"), message)
            .also(path.key("breached"), "asked for here");
    }
    clocks(scenario, never, condition, path, problems);
    flags(scenario, never, condition, path, problems);
}

/// Reports conditions on targets that none of the tickets has, or that contradict each other.
fn clocks(scenario: &Scenario, never: &str, condition: &Condition, path: &Path, problems: &mut Problems) {
    let used = condition.consumed.as_ref();
    let asked_for = used
        .map(|used| ("consumed", used.of))
        .into_iter()
        .chain(condition.breached.iter().flatten().map(|kind| ("breached", *kind)));
    for (place, of) in asked_for {
        let mut severities = passing(&condition.severity, scenario.severities.keys());
        // A breach is kept by whatever has had the target.
        if place == "breached" {
            severities = now_or_before(scenario, &severities);
        }
        let has = |severity: &&str| has_target(scenario, condition, severity, of);
        if !severities.is_empty() && !severities.iter().any(&has) {
            let with: Vec<&str> = scenario.severities.keys().map(String::as_str).filter(has).collect();
            let help = match with.as_slice() {
                [] => format!("write the target `{}` under `[severities]`", key(of)),
                with => format!("severities that have one: {}", listed(with)),
            };
            let message = format!("{never}: none of its tickets has the target `{}`", key(of));
            problems.error("E312", path.key(place), message).help(help);
        }
    }
    let Some(used) = used else { return };
    let says = |kinds: &Option<Vec<TargetKind>>| kinds.iter().flatten().any(|kind| *kind == used.of);
    // A breach is kept when there is more time, or the time begins anew.
    let keeps = [Fact::Raised, Fact::Lowered, Fact::Reopened];
    let is_kept = keeps.into_iter().any(|fact| fact.has_source(scenario));
    let contradiction = if used.below.is_some_and(|below| below <= 1.0) && says(&condition.breached) && !is_kept {
        Some(("breached", "what has been breached is all used up"))
    } else if used.at_least.is_some_and(|least| least > 1.0) && says(&condition.not_breached) {
        Some(("not_breached", "what is all used up has been breached"))
    } else {
        None
    };
    if let Some((place, why)) = contradiction {
        problems
            .error("E312", path.key("consumed"), format!("{never}: {why}"))
            .also(path.key(place), "asked for here")
            .help("leave one of the two out");
    }
}

fn flags(scenario: &Scenario, never: &str, condition: &Condition, path: &Path, problems: &mut Problems) {
    let wanted = condition.flags.iter().flatten();
    let set = ever_set(scenario);
    let off = |flag: &str| {
        let mut off = scenario.rules.iter().filter(|(_, rule)| !is_enabled(rule));
        let (name, _) = off.find(|(_, rule)| flags_of(rule).any(|other| other == flag))?;
        Some(format!("rule `{name}` sets it, but is switched off"))
    };
    for (index, flag) in wanted.enumerate() {
        let path = path.key("flags").index(index);
        if condition.no_flags.iter().flatten().any(|other| other == flag) {
            let message = format!("{never}: `{flag}` cannot be set and not set");
            problems.error("E312", path, message).help("keep one of the two");
        } else if !set.contains(&flag.as_str()) {
            let mut others = scenario.rules.iter().filter(|(_, rule)| is_enabled(rule));
            let waiting = others.find(|(_, rule)| flags_of(rule).any(|other| other == flag));
            let waiting = waiting.map(|(name, _)| format!("rule `{name}` sets it, but waits for it itself"));
            let help = waiting
                .or_else(|| off(flag))
                .or_else(|| meant(flag, set.iter().copied()));
            let help = help.unwrap_or_else(|| match set.as_slice() {
                [] => "no rule has the action `flag`".to_owned(),
                set => format!("flags that rules set: {}", listed(set)),
            });
            problems
                .error("E312", path, format!("{never}: no rule sets the flag `{flag}`"))
                .help(help);
        }
    }
}

/// The flags that rules set which need not wait for themselves, one after another.
pub(super) fn ever_set(scenario: &Scenario) -> Vec<&str> {
    let mut set: Vec<&str> = Vec::new();
    loop {
        let rules = scenario.rules.values().filter(|rule| is_enabled(rule));
        let may_fire = rules.filter(|rule| {
            let asked = rule
                .if_
                .flags
                .iter()
                .chain(rule.while_.iter().flat_map(|written| &written.flags));
            asked.flatten().all(|flag| set.contains(&flag.as_str()))
        });
        let Some(new) = may_fire.flat_map(flags_of).find(|flag| !set.contains(flag)) else {
            return set;
        };
        set.push(new);
    }
}

/// The flags that a rule sets.
pub(super) fn flags_of(rule: &Rule) -> impl Iterator<Item = &str> {
    rule.then.iter().filter_map(|action| match action {
        Action::Flag(flag) => Some(flag.as_str()),
        _ => None,
    })
}

/// Reports changes of severity that cannot be.
fn changes(scenario: &Scenario, name: &str, rule: &Rule, path: &Path, problems: &mut Problems) {
    let (change, word, raised) = match &rule.when {
        Trigger::SeverityRaised(change) => (change, "severity_raised", true),
        Trigger::SeverityLowered(change) => (change, "severity_lowered", false),
        _ => return,
    };
    let never = format!("rule `{name}` can never fire");
    let place = path.key("when").key(word);
    if !is_possible(scenario, change, raised) {
        let message = format!(
            "{never}: no severity is {} like that",
            if raised { "raised" } else { "lowered" }
        );
        problems
            .error("E312", place, message)
            .help("severities are written most severe first; `raised` goes towards the first");
    }
}

fn is_possible(scenario: &Scenario, change: &Change, raised: bool) -> bool {
    let place = |name: &Option<String>| name.as_ref().and_then(|name| rank(&scenario.severities, name));
    let last = scenario.severities.len().saturating_sub(1);
    let (from, to) = (place(&change.from), place(&change.to));
    let (low, high) = if raised { (to, from) } else { (from, to) };
    low.unwrap_or(0) < high.unwrap_or(last)
}

fn without_effect(rule: &Rule, path: &Path, problems: &mut Problems) {
    let mut warn = |key: &[&str], without: &str| {
        let place = Place::Key(key.iter().fold(path.clone(), |path, key| path.key(*key)));
        let name = key.last().copied().unwrap_or_default();
        problems
            .warning("W405", place, format!("`{name}` has no effect {without}"))
            .help("leave it out, or change the other setting");
    };
    if rule.every.is_some()
        && let Some(why) = why_it_does_not_repeat(rule)
    {
        warn(&["every"], why);
    }
    if rule.on_jump == Some(OnJump::Highest) && rule.group.is_none() {
        warn(&["on_jump"], "without a `group`");
    }
    if rule.hold == Some(true) && rule.if_ == Condition::default() {
        warn(&["hold"], "without conditions to wait for");
    }
    if rule.max.is_some() && rule.fires_once() {
        warn(&["max"], "beside `fires = \"once\"`");
    }
    for (part, condition) in conditions_of(rule) {
        if condition.zone.is_some() && condition.hours.is_none() {
            warn(&[part, "zone"], "without `hours`");
        }
    }
    if let Some((trigger, detail)) = clock(&rule.when).and_then(|(key, clock)| Some((key, clock.detail()?))) {
        // Of business time the calendar says what that is, wherever it runs.
        if detail.with_target == Some(true) && detail.calendar.is_some() && !detail.after.contains('b') {
            warn(&["when", trigger, "calendar"], "beside `with_target = true`");
        }
        if detail.count_pending == Some(false) && matches!(trigger, "pending" | "unacknowledged") {
            let why = format!("with `{trigger}`, which counts that time anyway");
            warn(&["when", trigger, "count_pending"], &why);
        }
    }
    if let Trigger::QueueLength {
        at_least,
        hysteresis: Some(hysteresis),
        ..
    } = &rule.when
        && hysteresis > at_least
    {
        warn(
            &["when", "queue_length", "hysteresis"],
            "beyond `at_least`: no queue is shorter than empty",
        );
    }
    if let Trigger::QueueAge { at_least, .. } = &rule.when
        && milliseconds(at_least) == Some(0)
    {
        let place = path.key("when").key("queue_age").key("at_least");
        problems
            .error("E316", place, "every ticket that waits is that old")
            .help("write how long the oldest may have waited, such as \"2h\"");
    }
    at_once(rule, path, problems);
    per_ticket(rule, path, problems);
    if rule.every.as_deref().and_then(milliseconds) == Some(0) {
        problems
            .error(
                "E316",
                path.key("every"),
                "the rule would fire without any time passing",
            )
            .help("write how long after a firing the next one comes, such as \"30m\"");
    }
}

/// Warns of limits on what happens to one ticket, of a rule that calls people to a queue and does so for another ticket each
/// time. One that changes a ticket may meet the same again.
fn per_ticket(rule: &Rule, path: &Path, problems: &mut Problems) {
    let of_queue = matches!(rule.when, Trigger::QueueLength { .. } | Trigger::QueueAge { .. });
    let calls = |action: &Action| {
        matches!(
            action,
            Action::Alert(_) | Action::Notify(_) | Action::Page(_) | Action::EscalateTo(_)
        )
    };
    if !of_queue || !rule.then.iter().all(calls) {
        return;
    }
    let limits = [
        ("cooldown", rule.cooldown.is_some()),
        ("max", rule.max.is_some()),
        ("fires", rule.fires == Some(Fires::Once)),
    ];
    for (key, _) in limits.into_iter().filter(|(_, written)| *written) {
        let message = format!("`{key}` counts each ticket by itself, and a rule on a queue acts on another each time");
        problems.warning("W405", Place::Key(path.key(key)), message).help(
            "leave it out; the queue must be short again before the rule is due again: `hysteresis` says how short",
        );
    }
}

/// Why a rule does not repeat whatever its `every` says. What an exception holds back is tried again then, even of a rule that
/// fires once.
fn why_it_does_not_repeat(rule: &Rule) -> Option<&'static str> {
    if !lasts(&rule.when) && rule.while_.is_none() {
        Some("with a trigger that is over as soon as it has come, without a `while`")
    } else if rule.unless.is_some() {
        None
    } else if rule.fires_once() {
        Some("beside `fires = \"once\"`")
    } else if rule.max == Some(1) {
        Some("beside `max = 1`")
    } else {
        None
    }
}

/// A rule that nothing limits repeats no sooner.
const SOONEST_MS: i64 = 60_000;
const HOUR_MS: i64 = 3_600_000;

/// Warns of a rule that repeats within a minute for as long as its trigger holds.
fn too_fast(rule: &Rule, path: &Path, problems: &mut Problems) {
    let repeats = lasts(&rule.when) || rule.while_.is_some();
    let is_limited = rule.max.is_some() || rule.cooldown.is_some() || rule.fires_once();
    let every = rule.every.as_deref().and_then(milliseconds);
    let Some(every) = every.filter(|every| (1..SOONEST_MS).contains(every)) else {
        return;
    };
    if repeats && !is_limited {
        let message = format!(
            "the rule fires {} times an hour on every ticket, for as long as its trigger and conditions hold",
            in_thousands(&(HOUR_MS / every).to_string())
        );
        problems
            .warning("W415", path.key("every"), message)
            .help("write a longer time, such as \"30m\", or how often it fires at most: `max = 3`");
    }
}

/// Warns of a wait for no time at all.
fn at_once(rule: &Rule, path: &Path, problems: &mut Problems) {
    let Some((key, clock)) = clock(&rule.when) else { return };
    let mut place = path.key("when").key(key);
    if clock.detail().is_some() {
        place = place.key("after");
    }
    if milliseconds(clock.after()) == Some(0) {
        let moment = match key {
            "in_queue" => "as a ticket enters a queue",
            "in_team" => "as a ticket comes to a team",
            "in_tier" => "as a ticket comes to a tier",
            "with_owner" => "as somebody takes a ticket",
            "unacknowledged" => "as the first page is sent",
            "no_update" => "as a ticket is created, and after each message",
            _ => "as the customer is asked",
        };
        problems
            .warning("W406", place, format!("the rule fires at once, {moment}"))
            .label("no time at all")
            .help(
                "write how long it waits, such as \"15m\"; for what is to happen to every new ticket, write `created`",
            );
    }
}

/// Whether a trigger goes on to hold once it has come: a target that is used up, or a time that has passed.
pub(super) fn lasts(trigger: &Trigger) -> bool {
    trigger.is_on_target() || clock(trigger).is_some()
}
