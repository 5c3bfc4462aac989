//! Rules that may fire and never do, by how much, how often and where things happen in this scenario: warnings.
//!
//! What no scenario could change is an error, said elsewhere. What tickets there are at all, and where they come to, a
//! candidate or a stress may change: of that a rule is told only if it is idle in all of them.

use super::super::problem::{Place, Problems};
use super::super::rota::team_of;
use super::super::{Awaited, Condition, Path, Rule, Scenario, Service, ShareBySeverity, Triage, Trigger};
use super::dates::Simulated;
use super::idle::stands_still;
use super::moment::{bounds, key_of};
use super::pairs::severity_after;
use super::rules::{admits, is_enabled, passing};
use super::skills::gets;
use super::sources::Fact;
use super::taken::taken;
use super::targets::clock;
use super::unused::{is_called, people};
use super::{as_text, milliseconds, rank};
use crate::scenario::words::listed;

/// What is certain of a scenario by itself.
pub(super) fn check(scenario: &Scenario, problems: &mut Problems) {
    for (name, rule) in scenario.rules.iter().filter(|(_, rule)| is_enabled(rule)) {
        let never = format!("rule `{name}` never has its turn");
        let path = Path::from(["rules", name]);
        closed_before(scenario, rule, &never, &path, problems);
        too_many_returns(scenario, rule, &never, &path, problems);
        beyond_the_end(scenario, rule, &never, &path, problems);
        stood_still(scenario, rule, &never, &path, problems);
    }
}

/// Rules that no ticket of a scenario and of all its candidates and stresses ever meets.
pub(super) fn idle(base: &Scenario, patched: &[&Scenario], problems: &mut Problems) {
    for (name, _) in base.rules.iter().filter(|(_, rule)| is_enabled(rule)) {
        let lacks = |scenario: &&Scenario| {
            let rule = scenario.rules.get(name).filter(|rule| is_enabled(rule));
            rule.map(|rule| missing(scenario, rule))
        };
        let all = std::iter::once(&base).chain(patched);
        // Where the rule is switched off, it is not idle.
        let mut found = all.filter_map(lacks).collect::<Option<Vec<_>>>().into_iter().flatten();
        if let Some((fact, help)) = found.next() {
            problems
                .warning(
                    "W417",
                    Place::Key(Path::from(["rules", name])),
                    format!("rule `{name}` never has its turn: {fact}"),
                )
                .help(help);
        }
    }
}

/// Reports a rule for customers who have not answered, of a ticket that is closed by then.
fn closed_before(scenario: &Scenario, rule: &Rule, never: &str, path: &Path, problems: &mut Problems) {
    let closed = scenario
        .pending
        .as_ref()
        .and_then(|pending| pending.close_after.as_deref());
    let (Some(closed), Some(after)) = (closed.and_then(milliseconds), waits_ms(&rule.when)) else {
        return;
    };
    if matches!(rule.when, Trigger::Pending(_)) && closed <= after {
        problems
            .warning(
                "W417",
                path.key("when").key("pending"),
                format!("{never}: whoever has not answered for {} is closed", as_text(closed)),
            )
            .also(Path::from("pending.close_after"), "closed by then")
            .help("wait for less, or switch the rule off: `enabled = false`");
    }
}

/// Reports a rule that waits for more returns than there are.
fn too_many_returns(scenario: &Scenario, rule: &Rule, never: &str, path: &Path, problems: &mut Problems) {
    let written = scenario.tickets.iter().map(|ticket| ticket.reopens_after.len() as u32);
    let most = match &scenario.reopening {
        None => Some(0),
        Some(reopening) => reopening.at_most,
    };
    let Some(most) = most.map(|most| most.max(written.max().unwrap_or(0))) else {
        return;
    };
    let waited_for = match &rule.when {
        Trigger::Reopenings(count) => Some((u32::from(*count), path.key("when").key("reopenings"))),
        _ => None,
    };
    let asked_for = [("if", Some(&rule.if_)), ("while", rule.while_.as_ref())];
    let asked_for = asked_for.into_iter().filter_map(|(part, condition)| {
        let (least, _) = bounds(condition?.reopenings.as_ref()?);
        Some((least, path.key(part).key("reopenings")))
    });
    // That no ticket ever comes back is said elsewhere.
    let mut more = waited_for
        .into_iter()
        .chain(asked_for)
        .filter(|(least, _)| *least > most && most > 0);
    if let Some((_, place)) = more.next() {
        let times = if most == 1 {
            "once".to_owned()
        } else {
            format!("{most} times")
        };
        problems
            .warning(
                "W417",
                place,
                format!("{never}: no ticket comes back more than {times}"),
            )
            .help("wait for fewer reopenings, or change `reopening.at_most`");
    }
}

/// Reports a rule that waits for longer than the run takes.
fn beyond_the_end(scenario: &Scenario, rule: &Rule, never: &str, path: &Path, problems: &mut Problems) {
    let end = Simulated::of(scenario)
        .filter(Simulated::is_whole)
        .map(|run| run.end.ms());
    let (Some(end), Some(after)) = (end, waits_ms(&rule.when)) else {
        return;
    };
    if after > end {
        problems
            .warning(
                "W417",
                path.key("when").key(key_of(&rule.when)),
                format!(
                    "{never}: it waits for {}, and the run is over after {}",
                    as_text(after),
                    as_text(end)
                ),
            )
            .help("wait for less, or measure for longer: `run.horizon`");
    }
}

/// Reports a rule on tickets that wait for their customer whose time stands still while they do.
fn stood_still(scenario: &Scenario, rule: &Rule, never: &str, path: &Path, problems: &mut Problems) {
    let waits = |condition: &Condition| condition.pending == Some(true);
    // A rule that holds waits until its conditions come true; one whose `while` fails is over.
    let part = if rule.while_.as_ref().is_some_and(waits) {
        "while"
    } else if waits(&rule.if_) && rule.hold != Some(true) {
        "if"
    } else {
        return;
    };
    let Some(help) = stands_still(scenario, &rule.when).filter(|_| Fact::Asked.has_source(scenario)) else {
        return;
    };
    problems
        .warning(
            "W417",
            path.key(part).key("pending"),
            format!("{never}: its time does not come while a ticket waits for its customer"),
        )
        .also(path.key("when").key(key_of(&rule.when)), "stands still meanwhile")
        .help(help);
}

/// How long a trigger on a time waits, at least: time on a calendar takes longer.
fn waits_ms(trigger: &Trigger) -> Option<i64> {
    match (trigger, clock(trigger)) {
        (_, Some((_, clock))) => milliseconds(clock.after()),
        (Trigger::QueueAge { at_least, .. }, _) => milliseconds(at_least),
        _ => None,
    }
}

/// What no ticket is that a rule takes, and where it could come from.
fn missing(scenario: &Scenario, rule: &Rule) -> Option<(String, &'static str)> {
    let tickets = taken(scenario, rule);
    without_severity(scenario, rule, &tickets)
        .or_else(|| without_customers(scenario, &tickets))
        .or_else(|| without_teams(scenario, rule, &tickets))
        .or_else(|| without_questions(scenario, rule, &tickets))
}

fn without_severity(scenario: &Scenario, rule: &Rule, tickets: &Condition) -> Option<(String, &'static str)> {
    let wanted = match &rule.when {
        Trigger::SeverityRaised(change) | Trigger::SeverityLowered(change) if change.to.is_some() => {
            change.to.iter().map(String::as_str).collect()
        }
        _ => passing(&tickets.severity, scenario.severities.keys()),
    };
    let there = severities(scenario)?;
    (!wanted.is_empty() && !wanted.iter().any(|name| there.contains(name))).then(|| {
        let fact = format!("no ticket is ever {}", listed(&wanted));
        (
            fact,
            "a `mix` says how severe tickets are, and the actions `raise` and `lower` change that",
        )
    })
}

/// The severities that tickets are ever reported with; `None` where any may be.
fn severities(scenario: &Scenario) -> Option<Vec<&str>> {
    if scenario.triage.is_some() {
        return None;
    }
    let services = scenario.services.values().filter_map(|service| service.mix.as_ref());
    let children = scenario
        .incidents
        .values()
        .filter_map(|incident| incident.children.as_ref());
    let mixes = services.chain(children.filter_map(|children| children.mix.as_ref()));
    let drawn = mixes.flatten().filter(|(_, share)| **share > 0.0).map(|(name, _)| name);
    let parents = scenario
        .incidents
        .values()
        .filter_map(|incident| incident.severity.as_ref());
    let written = scenario.tickets.iter();
    let written = written.filter_map(|ticket| ticket.reported.as_ref().or(ticket.severity.as_ref()));
    let mut there: Vec<&str> = drawn.chain(parents).chain(written).map(String::as_str).collect();
    if let (1, Some(only)) = (scenario.severities.len(), scenario.severities.keys().next()) {
        there.push(only);
    }
    Some(and_made_of(scenario, there))
}

/// With what rules make of them.
fn and_made_of<'a>(scenario: &'a Scenario, mut severities: Vec<&'a str>) -> Vec<&'a str> {
    let rules: Vec<(&Rule, Condition)> = scenario
        .rules
        .values()
        .filter(|rule| is_enabled(rule))
        .map(|rule| (rule, taken(scenario, rule)))
        .collect();
    let mut next = 0;
    while let Some(severity) = severities.get(next).copied() {
        for (rule, _) in rules.iter().filter(|(_, tickets)| admits(&tickets.severity, severity)) {
            for until in 1..=rule.then.len() {
                let after = severity_after(scenario, severity, &rule.then[..until]);
                if !severities.contains(&after) {
                    severities.push(after);
                }
            }
        }
        next += 1;
    }
    severities
}

fn without_customers(scenario: &Scenario, tickets: &Condition) -> Option<(String, &'static str)> {
    let wanted = tickets.customer_tier.as_ref().filter(|wanted| !wanted.is_empty())?;
    let there = |name: &String| {
        let own = scenario.customer_tiers.get(name).is_none_or(|tier| tier.share > 0.0);
        let mut mixes = scenario
            .services
            .values()
            .filter_map(|service| service.customer_mix.as_ref());
        let mut written = scenario.tickets.iter();
        own || mixes.any(|mix| mix.get(name).is_some_and(|share| *share > 0.0))
            || written.any(|ticket| ticket.customer_tier.as_ref() == Some(name))
    };
    (!wanted.iter().any(there)).then(|| {
        let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
        let fact = format!("no ticket is ever of a customer of {}", listed(&wanted));
        (fact, "`customer_tiers.NAME.share` says how many are")
    })
}

fn without_teams(scenario: &Scenario, rule: &Rule, tickets: &Condition) -> Option<(String, &'static str)> {
    let of_queue = match &rule.when {
        Trigger::QueueLength { team, .. } | Trigger::QueueAge { team, .. } => Some(team),
        _ => None,
    };
    if tickets.team.is_none() && tickets.tier.is_none() && of_queue.is_none() {
        return None;
    }
    let wanted: Vec<&str> = scenario
        .teams
        .iter()
        .filter(|(name, team)| admits(&tickets.team, name) && admits(&tickets.tier, &team.tier))
        .map(|(name, _)| name.as_str())
        .filter(|name| of_queue.is_none_or(|team| team == name))
        .collect();
    let help = "tickets come there by a route, by `escalates` of a tier, or by the action `transfer`";
    if !wanted.is_empty() && !wanted.iter().any(|team| is_reached(scenario, team)) {
        return Some((format!("no ticket ever comes to {}", listed(&wanted)), help));
    }
    let services = scenario.services.iter();
    let services: Vec<(&String, &Service)> = services.filter(|(name, _)| admits(&tickets.service, name)).collect();
    let comes = |service: &(&String, &Service)| wanted.iter().any(|team| may_come(scenario, team, *service));
    (!wanted.is_empty() && !services.is_empty() && !services.iter().any(comes)).then(|| {
        let names: Vec<&str> = services.iter().map(|(name, _)| name.as_str()).collect();
        (
            format!("no ticket of {} ever comes to {}", listed(&names), listed(&wanted)),
            help,
        )
    })
}

/// Whether a ticket of a service may ever be with a team. Below the tier at which they enter, tickets come only where something
/// takes them.
fn may_come(scenario: &Scenario, team: &str, service: (&String, &Service)) -> bool {
    let mut teams = vec![team];
    let mut next = 0;
    while let Some(team) = teams.get(next).copied() {
        if comes_by_itself(scenario, team, service) {
            return true;
        }
        let offers = |team: &&String| {
            let overflow = scenario.teams.get(*team).and_then(|team| team.overflow.as_ref());
            overflow.is_some_and(|overflow| teams.iter().any(|to| overflow.to == *to))
        };
        let offering: Vec<&str> = scenario.teams.keys().filter(offers).map(String::as_str).collect();
        let new = offering.into_iter().find(|team| !teams.contains(team));
        match new {
            Some(new) => teams.push(new),
            None => next += 1,
        }
    }
    false
}

/// The same without what other teams offer.
fn comes_by_itself(scenario: &Scenario, team: &str, (name, service): (&String, &Service)) -> bool {
    let tier = |tier: &String| rank(&scenario.tiers, tier);
    let enters = service.starts_at.as_ref().or(service.needs_at_least.as_ref());
    let own = scenario.teams.get(team).and_then(|team| tier(&team.tier));
    let mut written = scenario.tickets.iter().filter_map(|ticket| ticket.team.as_deref());
    let manual = scenario.triage.as_ref().and_then(|triage| triage.manual.as_ref());
    let is_paged = |person: &str| team_of(scenario, person) == Some(team);
    own >= enters.and_then(tier)
        || gets(scenario, team, (name, service))
        || written.any(|to| to == team)
        || manual.is_some_and(|manual| manual.team == team)
        || people(scenario).into_iter().any(is_paged)
}

/// Reports a rule on waits for customers, of tickets that never wait for theirs.
fn without_questions(scenario: &Scenario, rule: &Rule, tickets: &Condition) -> Option<(String, &'static str)> {
    let is_on_waits = matches!(rule.when, Trigger::Pending(_)) || tickets.pending == Some(true);
    let asked = asked_severities(scenario).filter(|_| is_on_waits && Fact::Asked.has_source(scenario))?;
    let wanted = passing(&tickets.severity, scenario.severities.keys());
    (!wanted.is_empty() && !wanted.iter().any(|name| asked.contains(name))).then(|| {
        let fact = format!("no ticket that is {} ever waits for its customer", listed(&wanted));
        let help = match scenario.waits_for_vendors() {
            true => "a wait for a vendor is none for the customer; `pending.share` says which tickets wait for theirs",
            false => "`pending.share` says which tickets wait for their customer",
        };
        (fact, help)
    })
}

/// The severities with which tickets may be reported that ever wait for their customer; `None` where any may be.
fn asked_severities(scenario: &Scenario) -> Option<Vec<&str>> {
    let read_otherwise = |triage: &Triage| {
        let corrected = triage.override_.as_ref().and_then(|written| written.wrong);
        !triage.rules.is_empty()
            || triage.matrix.is_some()
            || !triage.confusion_by_source.is_empty()
            || triage.manual.is_some()
            || corrected.is_some_and(|wrong| wrong > 0.0)
    };
    let triage = scenario.triage.as_ref();
    if scenario.drift.is_some() || triage.is_some_and(read_otherwise) {
        return None;
    }
    let mut asked: Vec<&str> = match scenario.pending.as_ref().map(|pending| &pending.share) {
        None => Vec::new(),
        Some(ShareBySeverity::All(_)) => return None,
        Some(ShareBySeverity::By(shares)) => {
            let share = |name: &str| shares.get(name).or(shares.get("other")).copied().unwrap_or(0.0);
            let names = scenario.severities.keys().map(String::as_str);
            names.filter(|name| share(name) > 0.0).collect()
        }
    };
    let misread = triage.into_iter().flat_map(|triage| &triage.confusion);
    let misread = misread
        .filter(|(name, _)| asked.contains(&name.as_str()))
        .flat_map(|(_, mix)| mix);
    let misread: Vec<&str> = misread
        .filter(|(_, share)| **share > 0.0)
        .map(|(name, _)| name.as_str())
        .collect();
    asked.extend(misread);
    for ticket in &scenario.tickets {
        if ticket.legs.iter().any(|leg| leg.by != Some(Awaited::Vendor)) {
            asked.push(ticket.severity.as_deref()?);
            asked.extend(ticket.reported.as_deref());
        }
    }
    Some(and_made_of(scenario, asked))
}

/// Whether a ticket may ever be with a team, as far as it is certain that none is.
fn is_reached(scenario: &Scenario, team: &str) -> bool {
    let tier = scenario
        .teams
        .get(team)
        .and_then(|team| rank(&scenario.tiers, &team.tier));
    let needed = scenario
        .services
        .values()
        .filter_map(|service| service.needs_at_least.as_ref());
    let able_from = scenario.tickets.iter().filter_map(|ticket| ticket.able_from.as_ref());
    let climbed = needed
        .chain(able_from)
        .filter_map(|tier| rank(&scenario.tiers, tier))
        .max();
    // Skills and knowledge lead to tiers of which nothing is written.
    let is_led = scenario.services.values().any(|service| !service.needs.is_empty()) || !scenario.kinds.is_empty();
    let of_services = || scenario.services.iter().any(|service| gets(scenario, team, service));
    is_led || tier <= climbed || is_called(scenario, team) || of_services()
}
