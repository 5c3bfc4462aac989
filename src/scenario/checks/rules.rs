//! Routes and rules, each by itself and in pairs: what can never fire, does nothing, or is undone.

use super::super::problem::{Place, Problems};
use super::super::{Action, Condition, Notify, Path, Raise, Rule, Scenario, TargetKind, Targets, Team, Trigger};
use super::sources::now_or_before;
use super::taken::taken;
use super::targets::{of_kind, own, promise, whose, within_ms};
use super::{as_text, milliseconds, never_opens, rank};
use crate::scenario::words::listed;

pub(super) fn check(scenario: &Scenario, problems: &mut Problems) {
    routes(scenario, problems);
    for (name, rule) in &scenario.rules {
        let path = Path::from(["rules", name]);
        if rule.then.is_empty() {
            problems
                .error("E315", path.key("then"), format!("rule `{name}` does nothing"))
                .help("write what is to be done, such as `{ transfer = \"...\" }`, or `enabled = false`");
        }
        names_nobody(name, rule, &path, problems);
        targets_of_transfers(scenario, rule, &path, problems);
        if is_enabled(rule) {
            conditions(scenario, &rule.if_, path.key("if"), problems);
            if let Some(written) = &rule.while_ {
                conditions(scenario, written, path.key("while"), problems);
            }
            trigger(scenario, name, rule, problems);
            actions(scenario, name, rule, problems);
        }
    }
}

pub(super) fn is_enabled(rule: &Rule) -> bool {
    rule.enabled != Some(false)
}

fn routes(scenario: &Scenario, problems: &mut Problems) {
    let mut catches_all: Option<&String> = None;
    for (name, route) in &scenario.routes {
        let path = Path::from(["routes", name]);
        tier_or_team(scenario, &route.to, path.key("to"), problems);
        conditions(scenario, &route.if_, path.key("if"), problems);
        for (key, written) in [("tier", route.if_.tier.is_some()), ("team", route.if_.team.is_some())] {
            if written {
                let place = Place::Key(path.key("if").key(key));
                problems
                    .error(
                        "E312",
                        place,
                        format!("route `{name}` never matches: a new ticket is in no {key} yet"),
                    )
                    .help("leave the condition out; routes say where new tickets enter");
            }
        }
        if let Some(first) = catches_all {
            let message = format!("route `{name}` is never tried: `{first}` before it takes every ticket");
            let also = Place::Key(Path::from(["routes", first]));
            problems
                .error("E312", Place::Key(path), message)
                .also(also, "no condition")
                .help(format!("write it before `{first}`"));
        } else if route.if_ == Condition::default() {
            catches_all = Some(name);
        }
    }
}

/// Reports actions that ask for nobody.
fn names_nobody(name: &str, rule: &Rule, path: &Path, problems: &mut Problems) {
    for (index, action) in rule.then.iter().enumerate() {
        let path = path.key("then").index(index);
        let (asked, place, does, help) = match action {
            Action::Notify(Notify::Schedules(schedules)) => (
                schedules,
                path.key("notify"),
                "notifies nobody",
                "name at least one of the `[schedules]`",
            ),
            Action::Notify(Notify::Detailed(detail)) => (
                &detail.schedules,
                path.key("notify").key("schedules"),
                "notifies nobody",
                "name at least one of the `[schedules]`",
            ),
            Action::Involve { teams, .. } => (
                teams,
                path.key("involve").key("teams"),
                "involves no team",
                "name at least one of the `[teams]`",
            ),
            _ => continue,
        };
        if asked.is_empty() {
            problems
                .error("E315", place, format!("rule `{name}` {does}"))
                .help(help);
        }
    }
}

fn targets_of_transfers(scenario: &Scenario, rule: &Rule, path: &Path, problems: &mut Problems) {
    for (index, action) in rule.then.iter().enumerate() {
        if let Action::Transfer(to) = action {
            tier_or_team(
                scenario,
                to.to(),
                path.key("then").index(index).key("transfer"),
                problems,
            );
        }
    }
}

/// A name of both a tier and a team is clear only if the team is all of the tier.
fn tier_or_team(scenario: &Scenario, name: &str, path: Path, problems: &mut Problems) {
    let Some(team) = scenario.teams.get(name).filter(|_| scenario.tiers.contains_key(name)) else {
        return;
    };
    let alone = scenario.teams.values().filter(|team| team.tier == name).count() == 1;
    if team.tier != name || !alone {
        let message = format!("`{name}` is a tier and a team, which are not the same people");
        let also = Place::Key(Path::from(["teams", name]));
        problems
            .error("E210", path, message)
            .label("which of them?")
            .also(also, "the team")
            .help("give the team another name");
    }
}

/// Conditions that no ticket can meet.
fn conditions(scenario: &Scenario, condition: &Condition, path: Path, problems: &mut Problems) {
    let lists = [
        ("severity", &condition.severity),
        ("service", &condition.service),
        ("customer_tier", &condition.customer_tier),
        ("tier", &condition.tier),
        ("team", &condition.team),
    ];
    for (key, list) in lists {
        if list.as_ref().is_some_and(Vec::is_empty) {
            problems
                .error(
                    "E312",
                    path.key(key),
                    format!("no ticket is in an empty list of `{key}`"),
                )
                .help("leave the condition out to take all");
        }
    }
    if condition.hours.as_ref().is_some_and(never_opens) {
        problems
            .error(
                "E312",
                path.key("hours"),
                "no hour of the week is in an empty table of `hours`",
            )
            .help(r#"write days and hours, `{ "Mon-Fri" = "09:00-17:00" }`, or leave the condition out to take all"#);
    }
    let (Some(tiers), Some(teams)) = (&condition.tier, &condition.team) else {
        return;
    };
    let fits = |team: &String| scenario.teams.get(team).is_none_or(|team| tiers.contains(&team.tier));
    if !teams.is_empty() && !tiers.is_empty() && !teams.iter().any(fits) {
        let message = "the conditions exclude each other: none of these teams works one of these tiers";
        problems
            .error("E312", path.key("team"), message)
            .also(path.key("tier"), "these tiers")
            .help("leave one of the two out");
    }
}

fn trigger(scenario: &Scenario, name: &str, rule: &Rule, problems: &mut Problems) {
    let path = Path::from(["rules", name, "when"]);
    match &rule.when {
        Trigger::Consumed { of, share } => {
            let path = path.key("consumed");
            if *share <= 0.0 {
                let message = format!("rule `{name}` can never fire: no clock crosses a share of 0");
                problems
                    .error("E312", path.key("share"), message)
                    .help("write a share above 0, or `when = { created = true }`");
            }
            watched(scenario, rule, *of, name, path.key("of"), problems);
        }
        Trigger::Left { of, time } => {
            let path = path.key("left");
            watched(scenario, rule, *of, name, path.key("of"), problems);
            at_once(scenario, rule, *of, time, path.key("time"), problems);
        }
        Trigger::Breached(of) => watched(scenario, rule, *of, name, path.key("breached"), problems),
        Trigger::InQueue(_)
        | Trigger::InTeam(_)
        | Trigger::InTier(_)
        | Trigger::WithOwner(_)
        | Trigger::Unacknowledged(_)
        | Trigger::NoUpdate(_)
        | Trigger::Pending(_)
        | Trigger::Reassignments(_)
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
        | Trigger::Resolved(_)
        | Trigger::Reopened(_) => {}
    }
}

/// Whether a condition lets a name pass.
pub(super) fn admits(list: &Option<Vec<String>>, name: &str) -> bool {
    list.as_ref().is_none_or(|list| list.iter().any(|one| one == name))
}

/// The names of a table that a condition lets pass.
pub(super) fn passing<'a>(list: &'a Option<Vec<String>>, all: impl Iterator<Item = &'a String>) -> Vec<&'a str> {
    all.filter(|name| admits(list, name)).map(String::as_str).collect()
}

/// Reports a rule on a kind of target that none of its tickets has.
fn watched(scenario: &Scenario, rule: &Rule, kind: TargetKind, name: &str, path: Path, problems: &mut Problems) {
    let tickets = taken(scenario, rule);
    let severities = passing(&tickets.severity, scenario.severities.keys());
    // A breach is kept although by the rule's turn the ticket is of another severity.
    let breached = match rule.when.breach() {
        Some(_) => now_or_before(scenario, &severities),
        None => severities.clone(),
    };
    let has = |severity: &&str| has_target(scenario, &tickets, severity, kind);
    if severities.is_empty() || breached.iter().any(has) {
        return;
    }
    let with: Vec<&str> = scenario
        .severities
        .keys()
        .map(String::as_str)
        .filter(|severity| has_target(scenario, &tickets, severity, kind))
        .collect();
    let kind = super::targets::key(kind);
    let help = match with.as_slice() {
        [] => format!("write the target `{kind}` under `[severities]`"),
        with => format!("severities that have one: {}", listed(with)),
    };
    let message = format!("rule `{name}` can never fire: {} no `{kind}` target", have(&severities));
    problems.error("E312", path, message).help(help);
}

fn have(names: &[&str]) -> String {
    format!("{} {}", listed(names), if names.len() == 1 { "has" } else { "have" })
}

/// Whether a ticket of a severity that a condition lets pass has a target of a kind.
pub(super) fn has_target(scenario: &Scenario, condition: &Condition, severity: &str, kind: TargetKind) -> bool {
    let services = passing(&condition.service, scenario.services.keys());
    let tiers = passing(&condition.customer_tier, scenario.customer_tiers.keys());
    let has = |targets: Option<&Targets>| targets.is_some_and(|targets| of_kind(targets, kind).is_some());
    let by_service = || {
        services
            .iter()
            .filter_map(|name| scenario.services.get(*name))
            .any(|service| has(service.targets.get(severity)))
    };
    let by_tier = || {
        tiers
            .iter()
            .filter_map(|name| scenario.customer_tiers.get(*name))
            .any(|tier| {
                let on_services = tier
                    .service_targets
                    .iter()
                    .filter(|(service, _)| services.contains(&service.as_str()));
                has(tier.targets.get(severity))
                    || on_services.into_iter().any(|(_, targets)| has(targets.get(severity)))
            })
    };
    let of_teams = || {
        let mut teams = teams_of(scenario, condition);
        kind == TargetKind::Own && teams.any(|(_, team)| own(scenario, team, severity).is_some())
    };
    has(scenario.severities.get(severity)) || by_service() || by_tier() || of_teams()
}

/// Warns of a rule that fires as the clock starts, because no more than that was ever left, in the target's own time.
fn at_once(scenario: &Scenario, rule: &Rule, kind: TargetKind, time: &str, path: Path, problems: &mut Problems) {
    let Some(left) = milliseconds(time) else {
        return;
    };
    let tickets = taken(scenario, rule);
    let never_more = |severity: &&str| {
        let allowed = allowed_ms(scenario, &tickets, severity, kind);
        !allowed.is_empty() && allowed.iter().all(|allowed| *allowed <= left)
    };
    let severities = passing(&tickets.severity, scenario.severities.keys());
    let at_once: Vec<&str> = severities.into_iter().filter(never_more).collect();
    if !at_once.is_empty() {
        let kind = super::targets::key(kind);
        let message = format!(
            "for {} the rule fires as the clock starts: the `{kind}` target is no longer than {}",
            listed(&at_once),
            as_text(left)
        );
        problems
            .warning("W406", path, message)
            .help("write less time, or a share of the target: `consumed`");
    }
}

/// The times that tickets of a severity which a condition lets pass are allowed: one for each service and customer tier that
/// has the target, the most specific one; of what teams promise each other, the team's own before those.
pub(super) fn allowed_ms(scenario: &Scenario, condition: &Condition, severity: &str, kind: TargetKind) -> Vec<i64> {
    let of_ticket = || {
        let promises = whose(scenario, condition);
        let promises = promises.filter_map(|whose| promise(scenario, severity, whose, kind));
        promises.filter_map(|promise| promise.ms())
    };
    if kind != TargetKind::Own {
        return of_ticket().collect();
    }
    let mut allowed = Vec::new();
    for (_, team) in teams_of(scenario, condition) {
        match own(scenario, team, severity) {
            Some(target) => allowed.extend(within_ms(target)),
            None => allowed.extend(of_ticket()),
        }
    }
    allowed
}

/// The teams that a condition lets pass.
fn teams_of<'a>(scenario: &'a Scenario, condition: &'a Condition) -> impl Iterator<Item = (&'a String, &'a Team)> {
    let teams = scenario.teams.iter();
    teams.filter(|(name, team)| admits(&condition.team, name) && admits(&condition.tier, &team.tier))
}

/// Actions that leave the ticket as it is.
fn actions(scenario: &Scenario, name: &str, rule: &Rule, problems: &mut Problems) {
    let path = Path::from(["rules", name, "then"]);
    let mut moved = false;
    for (index, action) in rule.then.iter().enumerate() {
        let path = path.index(index);
        match action {
            Action::Transfer(transfer) if !moved => {
                moved = true;
                let to = transfer.to();
                if is_everywhere(scenario, to) {
                    let message =
                        format!("rule `{name}` hands to `{to}`, where every ticket is already: there is no other");
                    problems
                        .warning("W403", path.key("transfer"), message)
                        .help("leave the action out, or write another tier or team");
                } else if stays(scenario, &rule.if_, to) {
                    let message = format!("rule `{name}` hands to `{to}` only tickets that are there already");
                    let also = if rule.if_.team.is_some() { "team" } else { "tier" };
                    let also = Path::from(["rules", name, "if", also]);
                    problems
                        .warning("W403", path.key("transfer"), message)
                        .also(also, "asked for here")
                        .help("transfer to another tier or team, or change the condition");
                }
            }
            Action::Raise(to) => severity_stays(scenario, rule, to, "raise", path, problems),
            Action::Lower(to) => severity_stays(scenario, rule, to, "lower", path, problems),
            Action::AddResponders { count, from, else_page } => {
                let of_schedule = !scenario.teams.contains_key(from) && scenario.schedules.contains_key(from);
                let path = path.key("add_responders");
                let mut idle = |key: &str, message: &str| {
                    problems
                        .warning("W405", Place::Key(path.key(key)), message)
                        .help("name another schedule in an action of its own");
                };
                if of_schedule && *count > 1 {
                    idle("count", "a schedule has one person on call: only one is paged");
                }
                if of_schedule && else_page.is_some() {
                    idle("else_page", "`else_page` has no effect unless `from` is a team");
                }
            }
            Action::Transfer(_)
            | Action::Alert(_)
            | Action::Notify(_)
            | Action::Page(_)
            | Action::ToSecondary(_)
            | Action::EscalateTo(_)
            | Action::AssignCommander(_)
            | Action::OpenGate(_)
            | Action::Brief(_)
            | Action::Update(_)
            | Action::Involve { .. }
            | Action::SetPriority(_)
            | Action::Flag(_)
            | Action::Close(_) => {}
        }
    }
}

/// Whether every ticket is with a tier or team at any time, as the only one; who reads a ticket first may be anybody.
fn is_everywhere(scenario: &Scenario, to: &str) -> bool {
    let is_read = scenario.triage.as_ref().is_some_and(|triage| triage.manual.is_some());
    let only = match scenario.tiers.contains_key(to) {
        true => scenario.tiers.len(),
        false => scenario.teams.len(),
    };
    only == 1 && !is_read
}

fn stays(scenario: &Scenario, condition: &Condition, to: &str) -> bool {
    let all = |list: &Option<Vec<String>>, same: &dyn Fn(&String) -> bool| {
        list.as_ref()
            .is_some_and(|list| !list.is_empty() && list.iter().all(same))
    };
    match scenario.tiers.contains_key(to) {
        true => {
            all(&condition.tier, &|tier| tier == to)
                || all(&condition.team, &|team| {
                    scenario.teams.get(team).is_some_and(|team| team.tier == to)
                })
        }
        false => all(&condition.team, &|team| team == to),
    }
}

fn severity_stays(scenario: &Scenario, rule: &Rule, to: &Raise, verb: &str, path: Path, problems: &mut Problems) {
    let raises = verb == "raise";
    let last = scenario.severities.len().saturating_sub(1);
    let end = match to {
        Raise::Steps(_) if raises => 0,
        Raise::Steps(_) => last,
        Raise::To(severity) => rank(&scenario.severities, severity).unwrap_or(0),
    };
    let tickets = taken(scenario, rule);
    let severities = passing(&tickets.severity, scenario.severities.keys());
    let mut ranks = severities
        .iter()
        .filter_map(|severity| rank(&scenario.severities, severity))
        .peekable();
    if ranks.peek().is_some() && ranks.all(|rank| if raises { rank <= end } else { rank >= end }) {
        let message = format!("`{verb}` changes nothing for {}", listed(&severities));
        problems
            .warning("W403", path.key(verb), message)
            .help("severities are written most severe first; `raise` goes towards the first");
    }
}
