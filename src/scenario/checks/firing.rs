//! How often rules fire and what holds them back: conditions that exclude each other, settings without effect, rules that
//! another stops.

use super::super::problem::{Place, Problems};
use super::super::{
    Action, Change, Condition, Count, Fires, OnJump, Path, Rule, Scenario, Service, TargetKind, Trigger,
};
use super::rules::is_enabled;
use super::targets::{clock, key};
use super::{milliseconds, rank};
use crate::scenario::words::{listed, meant};

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
        changes(scenario, name, rule, &path, problems);
        without_effect(rule, &path, problems);
        skills(scenario, name, rule, &path, problems);
    }
    stopped(scenario, problems);
}

fn conditions_of(rule: &Rule) -> impl Iterator<Item = (&'static str, &Condition)> {
    let more = [("unless", &rule.unless), ("while", &rule.while_)];
    let more = more
        .into_iter()
        .filter_map(|(part, condition)| Some((part, condition.as_ref()?)));
    [("if", &rule.if_)].into_iter().chain(more)
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
    flags(scenario, never, condition, path, problems);
}

fn flags(scenario: &Scenario, never: &str, condition: &Condition, path: &Path, problems: &mut Problems) {
    let wanted = condition.flags.iter().flatten();
    let actions = scenario.rules.values().flat_map(|rule| &rule.then);
    let set: Vec<&str> = actions
        .filter_map(|action| match action {
            Action::Flag(flag) => Some(flag.as_str()),
            _ => None,
        })
        .collect();
    for (index, flag) in wanted.enumerate() {
        let path = path.key("flags").index(index);
        if condition.no_flags.iter().flatten().any(|other| other == flag) {
            let message = format!("{never}: `{flag}` cannot be set and not set");
            problems.error("E312", path, message).help("keep one of the two");
        } else if !set.contains(&flag.as_str()) {
            let help = meant(flag, set.iter().copied()).unwrap_or_else(|| match set.as_slice() {
                [] => "no rule has the action `flag`".to_owned(),
                set => format!("flags that rules set: {}", listed(set)),
            });
            problems
                .error("E312", path, format!("{never}: no rule sets the flag `{flag}`"))
                .help(help);
        }
    }
}

/// Reports changes of severity that cannot be, or that the conditions exclude.
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
    } else if let (Some(to), Some(severities)) = (&change.to, &rule.if_.severity)
        && !severities.contains(to)
    {
        let message = format!("{never}: the ticket is `{to}` then, which the condition leaves out");
        problems
            .error("E312", path.key("if").key("severity"), message)
            .also(place.key("to"), "waited for here");
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
    if rule.every.is_some() && !lasts(&rule.when) && rule.while_.is_none() {
        warn(
            &["every"],
            "with a trigger that is over as soon as it has come, without a `while`",
        );
    }
    if rule.on_jump == Some(OnJump::Highest) && rule.group.is_none() {
        warn(&["on_jump"], "without a `group`");
    }
    if rule.hold == Some(true) && rule.if_ == Condition::default() {
        warn(&["hold"], "without conditions to wait for");
    }
    if rule.max.is_some() && rule.fires == Some(Fires::Once) {
        warn(&["max"], "beside `fires = \"once\"`");
    }
    for (part, condition) in conditions_of(rule) {
        if condition.zone.is_some() && condition.hours.is_none() {
            warn(&[part, "zone"], "without `hours`");
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

/// Whether a trigger goes on to hold once it has come: a target that is used up, or a time that has passed.
fn lasts(trigger: &Trigger) -> bool {
    let on_target = matches!(
        trigger,
        Trigger::Consumed { .. } | Trigger::Left { .. } | Trigger::Breached(_)
    );
    on_target || clock(trigger).is_some()
}

/// Reports transfers of tickets to where nobody has the skills for them.
fn skills(scenario: &Scenario, name: &str, rule: &Rule, path: &Path, problems: &mut Problems) {
    for (index, action) in rule.then.iter().enumerate() {
        let Action::Transfer(transfer) = action else { continue };
        let to = transfer.to();
        let works = |team: &String, tier: &String| {
            if scenario.tiers.contains_key(to) {
                tier == to
            } else {
                team == to
            }
        };
        let able = |service: &Service| {
            let teams = scenario.teams.iter();
            teams
                .filter(|(team, table)| works(team, &table.tier))
                .any(|(team, _)| scenario.is_able(team, service))
        };
        let passes = |service: &String| {
            rule.if_
                .service
                .as_ref()
                .is_none_or(|services| services.contains(service))
        };
        let lost: Vec<&String> = scenario
            .services
            .iter()
            .filter(|(service, table)| passes(service) && !table.needs.is_empty() && !able(table))
            .map(|(service, _)| service)
            .collect();
        let Some(service) = lost.first() else { continue };
        let needs: Vec<&str> = scenario.services[*service].needs.iter().map(String::as_str).collect();
        let teams = scenario.teams.iter();
        let have: Vec<&str> = teams
            .filter(|(team, _)| scenario.is_able(team, &scenario.services[*service]))
            .map(|(team, _)| team.as_str())
            .collect();
        let help = match have.as_slice() {
            [] => "no team has them all: add them to the `skills` of one".to_owned(),
            have => format!("teams that have them: {}", listed(have)),
        };
        let message = format!(
            "rule `{name}` hands tickets of `{service}` to `{to}`, where nobody has what they need: {}",
            listed(&needs)
        );
        problems
            .error("E311", path.key("then").index(index).key("transfer"), message)
            .help(help);
    }
}

/// Reports rules that never get their turn, because one before them of the same trigger always stops the pass.
fn stopped(scenario: &Scenario, problems: &mut Problems) {
    let enabled: Vec<(&String, &Rule)> = scenario.rules.iter().filter(|(_, rule)| is_enabled(rule)).collect();
    let always = |rule: &Rule| {
        rule.stop == Some(true)
            && rule.unless.is_none()
            && rule.while_.is_none()
            && rule.max.is_none()
            && rule.cooldown.is_none()
    };
    for (index, (name, rule)) in enabled.iter().enumerate() {
        let stops = |(_, before): &&(&String, &Rule)| {
            always(before) && before.when == rule.when && (before.if_ == Condition::default() || before.if_ == rule.if_)
        };
        if let Some((first, _)) = enabled[..index].iter().find(stops) {
            let message = format!("rule `{name}` can never fire: `{first}` before it stops whatever is due then");
            problems
                .error("E312", Place::Key(Path::from(["rules", name])), message)
                .also(Place::Key(Path::from(["rules", first, "stop"])), "stopped here")
                .help(format!("write it before `{first}`"));
        }
    }
}
