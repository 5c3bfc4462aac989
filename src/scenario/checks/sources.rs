//! Facts without a source: rules that wait for, or ask for, what nothing in the scenario ever brings about.

use super::super::problem::Problems;
use super::super::{
    Action, Awaited, Condition, Count, HowMany, Incident, Path, Rule, Scenario, ScriptedTicket, TargetKind, Trigger,
};
use super::incidents::parents_service;
use super::rank;
use super::rules::{is_enabled, passing};
use crate::scenario::words::listed;

/// What may become of a ticket, if the scenario has it at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fact {
    Paged,
    Asked,
    Reopened,
    Chased,
    Writing,
    Linked,
    Major,
    Mitigated,
    Raised,
    Lowered,
    Reassigned,
    Gated,
}

impl Fact {
    /// Whether anything in the scenario brings it about.
    pub(super) fn has_source(self, scenario: &Scenario) -> bool {
        let acts = |is: fn(&Action) -> bool| {
            let rules = scenario.rules.values().filter(|rule| is_enabled(rule));
            rules.flat_map(|rule| &rule.then).any(is)
        };
        let overrides = || {
            let triage = scenario.triage.as_ref();
            triage.and_then(|triage| triage.override_.as_ref()).is_some()
        };
        match self {
            Fact::Paged => {
                acts(|act| matches!(act, Action::Page(_) | Action::Notify(_) | Action::AddResponders { .. }))
                    || scenario.roles.values().any(|role| role.schedule.is_some())
            }
            Fact::Asked => {
                let mut legs = scenario.tickets.iter().flat_map(|ticket| &ticket.legs);
                scenario.pending.is_some() || legs.any(|leg| leg.by != Some(Awaited::Vendor))
            }
            Fact::Reopened => {
                let returns = scenario.tickets.iter().any(|ticket| !ticket.reopens_after.is_empty());
                scenario.reopening.is_some() || returns
            }
            Fact::Chased => scenario.chasers.is_some(),
            Fact::Writing => [Fact::Asked, Fact::Reopened, Fact::Chased]
                .iter()
                .any(|fact| fact.has_source(scenario)),
            Fact::Linked => scenario.incidents.values().any(|incident| incident.linking.is_some()),
            Fact::Major => !scenario.incidents.is_empty() || acts(|act| matches!(act, Action::AssignCommander(_))),
            Fact::Mitigated => {
                let written = scenario.tickets.iter().any(|ticket| ticket.workaround_after.is_some());
                scenario.workaround.is_some() || written || acts(|act| matches!(act, Action::Involve { .. }))
            }
            Fact::Raised => overrides() || acts(|act| matches!(act, Action::Raise(_))),
            Fact::Lowered => overrides() || acts(|act| matches!(act, Action::Lower(_))),
            Fact::Reassigned => scenario.teams.len() > 1,
            Fact::Gated => {
                acts(|act| matches!(act, Action::OpenGate(_)))
                    || scenario.changes.values().any(|change| change.gate.is_some())
            }
        }
    }

    /// What is missing, and what would bring it about.
    pub(super) fn words(self) -> (&'static str, &'static str) {
        match self {
            Fact::Paged => (
                "nobody is ever paged",
                "an action `page` or `notify` pages somebody (with `[schedules]`)",
            ),
            Fact::Asked => (
                "no customer is ever asked",
                "`[pending]` says how often a ticket waits for its customer",
            ),
            Fact::Reopened => (
                "no ticket ever comes back",
                "`[reopening]` says how often one does, and when",
            ),
            Fact::Chased => (
                "no customer ever asks again",
                "`[chasers]` says how often customers without news do",
            ),
            Fact::Writing => (
                "no customer ever writes after the first response",
                "`[pending]`, `[chasers]` and `[reopening]` say how often one does",
            ),
            Fact::Linked => (
                "no ticket is ever linked to another",
                "`[incidents.NAME.linking]` says which are recognised as one incident's",
            ),
            Fact::Major => (
                "nothing is ever a major incident",
                "`[incidents]` brings them, and so does the action `assign_commander`",
            ),
            Fact::Mitigated => (
                "no ticket is ever mitigated before it is resolved",
                "`[workaround]` says how often one is, and so does the action `involve`",
            ),
            Fact::Raised => (
                "nothing ever raises a severity",
                "the action `raise` does, and so does `triage.override`",
            ),
            Fact::Lowered => (
                "nothing ever lowers a severity",
                "the action `lower` does, and so does `triage.override`",
            ),
            Fact::Reassigned => (
                "there is one team, so no ticket ever changes team",
                "write another team under `[teams]`",
            ),
            Fact::Gated => (
                "no gate is ever opened",
                "the action `open_gate` opens one, and so does a change with a `gate`",
            ),
        }
    }
}

/// The severities that a ticket of one of these has, or may have had before it was raised or lowered.
pub(super) fn now_or_before<'a>(scenario: &'a Scenario, severities: &[&str]) -> Vec<&'a str> {
    let ranks = || severities.iter().filter_map(|name| rank(&scenario.severities, name));
    let from_less = ranks().min().filter(|_| Fact::Raised.has_source(scenario));
    let from_more = ranks().max().filter(|_| Fact::Lowered.has_source(scenario));
    let all = scenario.severities.keys().map(String::as_str).enumerate();
    let may_have = all.filter(|(index, name)| {
        let was_raised = from_less.is_some_and(|now| *index > now);
        let was_lowered = from_more.is_some_and(|now| *index < now);
        severities.contains(name) || was_raised || was_lowered
    });
    may_have.map(|(_, name)| name).collect()
}

/// Whether nothing ever changes a ticket's severity.
pub(super) fn keeps_severity(scenario: &Scenario) -> bool {
    !Fact::Raised.has_source(scenario) && !Fact::Lowered.has_source(scenario)
}

pub(super) fn check(scenario: &Scenario, problems: &mut Problems) {
    for (name, rule) in scenario.rules.iter().filter(|(_, rule)| is_enabled(rule)) {
        let path = Path::from(["rules", name]);
        let never = format!("rule `{name}` can never fire");
        let mut say = |fact: Fact, place: Path| {
            report(scenario, fact, &never, &place, problems);
            elsewhere(scenario, (rule, &path), fact, &never, &place, problems);
        };
        if let Some((fact, key)) = waited_for(&rule.when) {
            say(fact, path.key("when").key(key));
        }
        for (part, condition) in parts(rule) {
            for (fact, key) in asked_for(condition) {
                say(fact, path.key(part).key(key));
            }
        }
        if let Trigger::Linked(wanted) = &rule.when {
            too_many(
                scenario,
                rule,
                *wanted,
                &never,
                path.key("when").key("linked"),
                problems,
            );
        }
    }
}

/// Kinds of fault with the services of the tickets to which others are linked: of their first ones, and of those that may
/// take their place.
fn first_tickets(scenario: &Scenario) -> impl Iterator<Item = (&String, &Incident, Vec<&str>)> {
    scenario.incidents.iter().map(|(name, incident)| {
        let written = scenario.tickets.iter();
        let written = written.filter(|ticket| ticket.incident.as_deref() == Some(name));
        let mut services: Vec<&str> = written.filter_map(|ticket| service_of(scenario, ticket)).collect();
        services.extend(parents_service(scenario, incident));
        let spread = incident.children.iter().flat_map(|children| &children.services);
        let spread = spread.flat_map(|services| services.keys().map(String::as_str));
        services.extend(spread.filter(|_| may_be_followed(scenario, incident)));
        (name, incident, services)
    })
}

/// Whether another ticket of a fault may take the place of its first one: when that is solved and the fault is still there, or
/// when it is closed while it waits for its customer.
fn may_be_followed(scenario: &Scenario, incident: &Incident) -> bool {
    let rules = scenario.rules.values().filter(|rule| is_enabled(rule));
    let closes = |action: &Action| matches!(action, Action::Close(_));
    let closed_in_time = scenario
        .pending
        .as_ref()
        .is_some_and(|pending| pending.close_after.is_some());
    incident.ends_with_parent == Some(false) || closed_in_time || rules.flat_map(|rule| &rule.then).any(closes)
}

fn service_of<'a>(scenario: &'a Scenario, ticket: &'a ScriptedTicket) -> Option<&'a str> {
    let first = || scenario.services.keys().next().map(String::as_str);
    ticket.service.as_deref().or_else(first)
}

/// The services whose tickets a fact may concern, and why only these; `None` where every service's may.
fn concerned(scenario: &Scenario, fact: Fact) -> Option<(Vec<&str>, &'static str)> {
    let first = first_tickets(scenario);
    match fact {
        Fact::Linked => {
            let linking = first.filter(|(_, incident, _)| incident.linking.is_some());
            let services = linking.flat_map(|(.., services)| services).collect();
            Some((services, "others are linked to tickets of"))
        }
        Fact::Major => {
            let mut services: Vec<&str> = first.flat_map(|(.., services)| services).collect();
            let commanded = scenario.rules.values().filter(|rule| is_enabled(rule));
            for rule in commanded.filter(|rule| rule.then.iter().any(|act| matches!(act, Action::AssignCommander(_)))) {
                services.extend(passing(&rule.if_.service, scenario.services.keys()));
            }
            Some((services, "incidents become known by tickets of"))
        }
        _ => None,
    }
}

/// Reports a rule on faults whose services no fault hits first.
fn elsewhere(
    scenario: &Scenario,
    (rule, path): (&Rule, &Path),
    fact: Fact,
    never: &str,
    place: &Path,
    problems: &mut Problems,
) {
    let (Some(wanted), Some((mut concerned, what))) = (&rule.if_.service, concerned(scenario, fact)) else {
        return;
    };
    let asked = |service: &&str| wanted.iter().any(|wanted| wanted == service);
    if concerned.is_empty() || wanted.is_empty() || concerned.iter().any(asked) {
        return;
    }
    concerned.sort_unstable();
    concerned.dedup();
    let message = format!("{never}: {what} {} only", listed(&concerned));
    problems
        .error("E312", place.clone(), message)
        .also(path.key("if").key("service"), "of these none is")
        .help("change `if.service`, or the `service` of an incident");
}

/// Reports a rule that waits for more linked tickets than a fault ever brings.
fn too_many(scenario: &Scenario, rule: &Rule, wanted: u32, never: &str, place: Path, problems: &mut Problems) {
    let asked = |services: &[&str]| {
        let wanted = rule.if_.service.as_ref();
        wanted.is_none_or(|wanted| wanted.iter().any(|wanted| services.contains(&wanted.as_str())))
    };
    let with = first_tickets(scenario).filter(|(_, incident, services)| incident.linking.is_some() && asked(services));
    let most = with.map(|(name, incident, _)| (most_children(scenario, name, incident), name));
    // `None` is no limit, and less than any limit in the order of options.
    let most: Vec<(Option<u32>, &String)> = most.collect();
    let Some((Some(most), name)) = most
        .iter()
        .max()
        .filter(|_| most.iter().all(|(most, _)| most.is_some()))
    else {
        return;
    };
    if *most < wanted {
        problems
            .error(
                "E312",
                place,
                format!("{never}: no incident links more than {most} tickets"),
            )
            .also(Path::from(["incidents", name, "children"]), "how many come")
            .help("wait for fewer, or let more come");
    }
}

/// The most tickets that a kind of fault may breed beside its first; `None` where there is no limit.
fn most_children(scenario: &Scenario, name: &str, incident: &Incident) -> Option<u32> {
    let written = scenario.tickets.iter();
    let written = written
        .filter(|ticket| ticket.incident.as_deref() == Some(name))
        .count() as u32;
    let Some(children) = &incident.children else {
        return Some(written);
    };
    let counted = match &children.count {
        Some(HowMany::Fixed(count)) => Some(*count),
        Some(_) => None,
        None if children.per_hour.is_some() => None,
        None => Some(children.after.len() as u32),
    };
    counted.map(|counted| counted.saturating_add(written))
}

/// The conditions without which a rule does not fire. An exception that never holds is harmless.
fn parts(rule: &Rule) -> impl Iterator<Item = (&'static str, &Condition)> {
    [("if", &rule.if_)]
        .into_iter()
        .chain(rule.while_.as_ref().map(|condition| ("while", condition)))
}

fn report(scenario: &Scenario, fact: Fact, never: &str, place: &Path, problems: &mut Problems) {
    if !fact.has_source(scenario) {
        let (missing, help) = fact.words();
        problems
            .error("E312", place.clone(), format!("{never}: {missing}"))
            .help(help);
    }
}

/// What starts a clock that not every ticket has.
fn started_by(kind: TargetKind) -> Option<Fact> {
    match kind {
        TargetKind::Acknowledge => Some(Fact::Paged),
        TargetKind::NextResponse => Some(Fact::Writing),
        TargetKind::FirstResponse
        | TargetKind::Update
        | TargetKind::Mitigate
        | TargetKind::Resolve
        | TargetKind::Own => None,
    }
}

fn waited_for(trigger: &Trigger) -> Option<(Fact, &'static str)> {
    match trigger {
        Trigger::Unacknowledged(_) => Some((Fact::Paged, "unacknowledged")),
        Trigger::Pending(_) => Some((Fact::Asked, "pending")),
        Trigger::Reopenings(_) => Some((Fact::Reopened, "reopenings")),
        Trigger::Reopened(_) => Some((Fact::Reopened, "reopened")),
        Trigger::Chasers(_) => Some((Fact::Chased, "chasers")),
        Trigger::Linked(_) => Some((Fact::Linked, "linked")),
        Trigger::Declared(_) => Some((Fact::Major, "declared")),
        Trigger::Mitigated(_) => Some((Fact::Mitigated, "mitigated")),
        Trigger::SeverityRaised(_) => Some((Fact::Raised, "severity_raised")),
        Trigger::SeverityLowered(_) => Some((Fact::Lowered, "severity_lowered")),
        Trigger::Reassignments(_) => Some((Fact::Reassigned, "reassignments")),
        Trigger::Consumed { of, .. } => Some((started_by(*of)?, "consumed")),
        Trigger::Left { of, .. } => Some((started_by(*of)?, "left")),
        Trigger::Breached(of) => Some((started_by(*of)?, "breached")),
        Trigger::InQueue(_)
        | Trigger::InTeam(_)
        | Trigger::InTier(_)
        | Trigger::WithOwner(_)
        | Trigger::NoUpdate(_)
        | Trigger::QueueLength { .. }
        | Trigger::QueueAge { .. }
        | Trigger::Created(_)
        | Trigger::Resolved(_) => None,
    }
}

fn asked_for(condition: &Condition) -> impl Iterator<Item = (Fact, &'static str)> {
    let is = |wanted: Option<bool>| wanted == Some(true);
    let some = |count: &Option<Count>| match count {
        None => false,
        Some(Count::AtLeast(least)) => *least > 0,
        Some(Count::Between(bounds)) => bounds.at_least.is_some_and(|least| least > 0),
    };
    [
        (is(condition.pending), Fact::Asked, "pending"),
        (is(condition.major), Fact::Major, "major"),
        (is(condition.gated), Fact::Gated, "gated"),
        (is(condition.workaround), Fact::Mitigated, "workaround"),
        (some(&condition.reassignments), Fact::Reassigned, "reassignments"),
        (some(&condition.reopenings), Fact::Reopened, "reopenings"),
        (some(&condition.linked), Fact::Linked, "linked"),
        (some(&condition.pages), Fact::Paged, "pages"),
        (some(&condition.chasers), Fact::Chased, "chasers"),
    ]
    .into_iter()
    .filter(|(asked, ..)| *asked)
    .map(|(_, fact, key)| (fact, key))
}
