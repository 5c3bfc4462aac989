//! What is promised: the order of targets, and the calendars that business time needs.

use super::super::problem::Problems;
use super::super::{
    Awaited, Clock, ClockZone, Condition, Named, OnReopen, Path, Scenario, SlaUnit, Target, TargetDetail, TargetKind,
    Targets, Team, Trigger,
};
use super::hours::shortest_ms;
use super::milliseconds;
use super::rules::passing;
use super::sources::Fact;
use crate::scenario::words::listed;
use crate::time::Written;
use std::cmp::Ordering;

pub(super) fn check(scenario: &Scenario, problems: &mut Problems) {
    let tables = tables(scenario);
    for (path, table) in &tables {
        not_zero(path, table, problems);
        longer_than_resolve(scenario, path, table, problems);
        for kind in KINDS {
            in_order(scenario, path, table, kind, problems);
        }
    }
    for (path, table) in own_tables(scenario) {
        own_not_zero(&path, table, problems);
        own_in_order(scenario, &path, table, problems);
    }
    across_tables(scenario, problems);
    vendors(scenario, &tables, problems);
    zones(scenario, &tables, problems);
    cycles(&tables, problems);
    business_calendar(scenario, &tables, problems);
}

const KINDS: [TargetKind; 7] = [
    TargetKind::FirstResponse,
    TargetKind::Update,
    TargetKind::Mitigate,
    TargetKind::Resolve,
    TargetKind::Acknowledge,
    TargetKind::NextResponse,
    TargetKind::Own,
];

/// Own targets of tiers and teams, by severity.
pub(super) fn own_tables(scenario: &Scenario) -> Vec<(Path, &Named<Target>)> {
    let tiers = scenario.tiers.iter();
    let tiers = tiers.map(|(name, tier)| (Path::from(["tiers", name, "own"]), &tier.own));
    let teams = scenario.teams.iter();
    let teams = teams.map(|(name, team)| (Path::from(["teams", name, "own"]), &team.own));
    tiers.chain(teams).collect()
}

/// What a team promises the others for a severity: the team's own target, else its tier's.
pub(super) fn own<'a>(scenario: &'a Scenario, team: &'a Team, severity: &str) -> Option<&'a Target> {
    let of_tier = || scenario.tiers.get(&team.tier)?.own.get(severity);
    team.own.get(severity).or_else(of_tier)
}

/// A service, and a customer tier where there are any.
type Whose<'a> = (&'a str, Option<&'a str>);

/// The services and customer tiers that a condition lets pass, each with each.
pub(super) fn whose<'a>(scenario: &'a Scenario, condition: &'a Condition) -> impl Iterator<Item = Whose<'a>> {
    let customers = passing(&condition.customer_tier, scenario.customer_tiers.keys());
    let mut customers: Vec<Option<&str>> = customers.into_iter().map(Some).collect();
    if customers.is_empty() {
        customers.push(None);
    }
    let services = passing(&condition.service, scenario.services.keys()).into_iter();
    services.flat_map(move |service| {
        let each = customers.clone().into_iter();
        each.map(move |customer| (service, customer))
    })
}

/// A target that holds for some tickets: the table in which it is written, its place there, and by how much their customer tier
/// lengthens it.
#[derive(Debug, Clone)]
pub(super) struct Promise<'a> {
    table: Path,
    pub place: Path,
    pub target: &'a Target,
    factor: f64,
}

impl Promise<'_> {
    /// `4h`, or what a factor makes of it: `0.5 × 4h`.
    fn words(&self) -> String {
        match self.factor {
            1.0 => within(self.target).to_owned(),
            factor => format!("{factor} × {}", within(self.target)),
        }
    }

    /// The time that it allows, on whatever calendar it runs.
    pub fn ms(&self) -> Option<i64> {
        within_ms(self.target).map(|ms| (ms as f64 * self.factor) as i64)
    }
}

/// What is promised of a severity: the most specific target, of the customer tier and the service, of the customer tier, of the
/// service, or of all. The tier's factor applies to what is not its own.
pub(super) fn promise<'a>(
    scenario: &'a Scenario,
    severity: &str,
    (service, customer): Whose,
    kind: TargetKind,
) -> Option<Promise<'a>> {
    let written = |table: &'a Named<Targets>, path: Path, factor: f64| {
        let target = of_kind(table.get(severity)?, kind)?;
        Some(Promise {
            place: path.key(severity).key(key(kind)),
            table: path,
            target,
            factor,
        })
    };
    let of_customer = customer.and_then(|name| scenario.customer_tiers.get(name).zip(Some(name)));
    if let Some((tier, name)) = of_customer {
        let path = Path::from(["customer_tiers", name]);
        let of_both = tier.service_targets.get(service);
        let of_both = of_both.and_then(|table| written(table, path.key("service_targets").key(service), 1.0));
        let specific = of_both.or_else(|| written(&tier.targets, path.key("targets"), 1.0));
        if specific.is_some() {
            return specific;
        }
    }
    let factor = match kind {
        TargetKind::FirstResponse | TargetKind::Resolve => of_customer.and_then(|(tier, _)| tier.factor).unwrap_or(1.0),
        TargetKind::Update
        | TargetKind::Mitigate
        | TargetKind::Acknowledge
        | TargetKind::NextResponse
        | TargetKind::Own => 1.0,
    };
    let of_service = scenario.services.get(service);
    let of_service =
        of_service.and_then(|table| written(&table.targets, Path::from(["services", service, "targets"]), factor));
    of_service.or_else(|| written(&scenario.severities, Path::from("severities"), factor))
}

/// Every table of targets by severity: the severities' own, and the overrides.
pub(super) fn tables(scenario: &Scenario) -> Vec<(Path, &Named<Targets>)> {
    let mut tables = vec![(Path::from("severities"), &scenario.severities)];
    for (name, service) in &scenario.services {
        tables.push((Path::from(["services", name, "targets"]), &service.targets));
    }
    for (name, tier) in &scenario.customer_tiers {
        tables.push((Path::from(["customer_tiers", name, "targets"]), &tier.targets));
        for (service, targets) in &tier.service_targets {
            tables.push((
                Path::from(["customer_tiers", name, "service_targets", service]),
                targets,
            ));
        }
    }
    tables
}

pub(super) fn key(kind: TargetKind) -> &'static str {
    match kind {
        TargetKind::FirstResponse => "first_response",
        TargetKind::Update => "update",
        TargetKind::Mitigate => "mitigate",
        TargetKind::Resolve => "resolve",
        TargetKind::Acknowledge => "acknowledge",
        TargetKind::NextResponse => "next_response",
        TargetKind::Own => "own",
    }
}

pub(super) fn of_kind(targets: &Targets, kind: TargetKind) -> Option<&Target> {
    targets
        .each()
        .find(|(found, _)| *found == kind)
        .map(|(_, target)| target)
}

fn within(target: &Target) -> &str {
    match target {
        Target::Plain(text) => text,
        Target::Detailed(detail) => &detail.within,
    }
}

fn detail(target: &Target) -> Option<&TargetDetail> {
    match target {
        Target::Plain(_) => None,
        Target::Detailed(detail) => Some(detail),
    }
}

fn calendar(target: &Target) -> Option<&str> {
    detail(target)?.calendar.as_deref()
}

/// The calendar whose time a target counts, as far as two of them can be compared: `None` round the clock.
fn basis(target: &Target) -> Option<&str> {
    match within(target).parse() {
        Ok(Written::Business(_)) => Some(calendar(target).unwrap_or("the business calendar")),
        _ => calendar(target).filter(|name| *name != "24x7"),
    }
}

/// A target, and what a customer tier's factor makes of it.
type Scaled<'a> = (&'a Target, f64);

/// How `a` compares with `b`, as far as it is certain: a calendar's time is at least as long by the clock as its open hours
/// make it.
fn compared(scenario: &Scenario, a: Scaled, b: Scaled) -> Option<Ordering> {
    let ms = |(target, factor): Scaled| within_ms(target).map(|ms| (ms as f64 * factor) as i64);
    let (of_a, of_b) = (ms(a)?, ms(b)?);
    if basis(a.0) == basis(b.0) {
        return Some(of_a.cmp(&of_b));
    }
    let by_the_clock = || shortest_ms(scenario, within(a.0), calendar(a.0), of_a).unwrap_or(of_a);
    (basis(b.0).is_none() && by_the_clock() > of_b).then_some(Ordering::Greater)
}

/// Whether a target of a kind comes too late to matter before the ticket is due. An update is due so long after the first
/// response: as long as the resolution is too long, unless that stands still while somebody waits for the customer.
fn is_too_late(scenario: &Scenario, kind: TargetKind, target: Scaled, resolve: Scaled) -> bool {
    match compared(scenario, target, resolve) {
        Some(Ordering::Greater) => true,
        Some(Ordering::Equal) => kind == TargetKind::Update && !Fact::Asked.has_source(scenario),
        Some(Ordering::Less) | None => false,
    }
}

/// The time that a target allows, if it runs round the clock.
pub(super) fn elapsed_ms(target: &Target) -> Option<i64> {
    milliseconds(within(target)).filter(|_| basis(target).is_none())
}

/// The time that a target allows, on whatever calendar it runs.
pub(super) fn within_ms(target: &Target) -> Option<i64> {
    milliseconds(within(target))
}

fn not_zero(path: &Path, table: &Named<Targets>, problems: &mut Problems) {
    for (severity, targets) in table {
        for (kind, target) in targets
            .each()
            .filter(|(_, target)| milliseconds(within(target)) == Some(0))
        {
            of_no_time(path.key(severity).key(key(kind)), target, problems);
        }
    }
}

fn own_not_zero(path: &Path, table: &Named<Target>, problems: &mut Problems) {
    for (severity, target) in table {
        if milliseconds(within(target)) == Some(0) {
            of_no_time(path.key(severity), target, problems);
        }
    }
}

fn of_no_time(mut place: Path, target: &Target, problems: &mut Problems) {
    if matches!(target, Target::Detailed(_)) {
        place = place.key("within");
    }
    problems
        .error("E316", place, "a target of no time at all is always breached")
        .help("write the time allowed, such as \"30m\"; or leave the target out");
}

fn longer_than_resolve(scenario: &Scenario, path: &Path, table: &Named<Targets>, problems: &mut Problems) {
    for (severity, targets) in table {
        let Some(resolve) = &targets.resolve else {
            continue;
        };
        let too_late = |(kind, target): &(TargetKind, &Target)| {
            *kind != TargetKind::Resolve && is_too_late(scenario, *kind, (target, 1.0), (resolve, 1.0))
        };
        for (kind, target) in targets.each().filter(too_late) {
            let place = path.key(severity);
            let message = format!(
                "`{}` of `{severity}` allows {}, and `resolve` only {}",
                key(kind),
                within(target),
                within(resolve)
            );
            problems
                .warning("W402", place.key(key(kind)), message)
                .also(place.key("resolve"), "over by then")
                .help("it is never due before the ticket is");
        }
    }
}

/// Targets that are out of order only for some tickets, whose promises stand in several tables.
fn across_tables(scenario: &Scenario, problems: &mut Problems) {
    let mut said: Vec<(Path, Path)> = Vec::new();
    let mut is_new = |one: &Promise, other: &Promise| {
        let pair = (one.place.clone(), other.place.clone());
        let is_new = !said.contains(&pair);
        if is_new {
            said.push(pair);
        }
        is_new
    };
    for whose in whose(scenario, &Condition::default()) {
        let promised = |severity: &str, kind| promise(scenario, severity, whose, kind);
        for severity in scenario.severities.keys() {
            let Some(resolve) = promised(severity, TargetKind::Resolve) else {
                continue;
            };
            for kind in KINDS.into_iter().filter(|kind| *kind != TargetKind::Resolve) {
                let Some(promise) = promised(severity, kind) else {
                    continue;
                };
                let (target, of_resolve) = ((promise.target, promise.factor), (resolve.target, resolve.factor));
                // In one table it is known; a factor that shortens the resolution of some may be meant.
                let in_two = promise.table != resolve.table;
                if in_two && is_too_late(scenario, kind, target, of_resolve) && is_new(&promise, &resolve) {
                    comes_too_late(severity, kind, whose, (&promise, &resolve), problems);
                }
            }
        }
        for kind in KINDS {
            let by_severity = scenario.severities.keys();
            let promised = by_severity.filter_map(|severity| Some((severity.as_str(), promised(severity, kind)?)));
            let promised: Vec<(&str, Promise)> = promised.collect();
            for pair in promised.windows(2) {
                let [severe, less] = pair else { continue };
                let (longer, shorter) = (&severe.1, &less.1);
                let order = compared(
                    scenario,
                    (longer.target, longer.factor),
                    (shorter.target, shorter.factor),
                );
                let is_out_of_order = longer.table != shorter.table && order == Some(Ordering::Greater);
                if is_out_of_order && is_new(longer, shorter) {
                    out_of_order(kind, whose, severe, less, problems);
                }
            }
        }
    }
}

/// ``tickets of `desk` ``, ``tickets of `desk`, customers of `gold` ``.
fn tickets_of((service, customer): Whose) -> String {
    let customers = customer.map(|customer| format!(", customers of `{customer}`"));
    format!("tickets of `{service}`{}", customers.unwrap_or_default())
}

fn comes_too_late(
    severity: &str,
    kind: TargetKind,
    whose: Whose,
    (target, resolve): (&Promise, &Promise),
    problems: &mut Problems,
) {
    let message = format!(
        "`{}` of `{severity}` allows {}, and `resolve` only {} to {}",
        key(kind),
        target.words(),
        resolve.words(),
        tickets_of(whose)
    );
    problems
        .warning("W402", target.place.clone(), message)
        .also(resolve.place.clone(), "over by then")
        .help("it is never due before the ticket is");
}

fn out_of_order(
    kind: TargetKind,
    whose: Whose,
    (severe, longer): &(&str, Promise),
    (less, shorter): &(&str, Promise),
    problems: &mut Problems,
) {
    let message = format!(
        "`{severe}` is more severe than `{less}`, and its `{}` target is longer for {}",
        key(kind),
        tickets_of(whose)
    );
    problems
        .warning("W401", longer.place.clone(), message)
        .label(format!("{} for `{severe}`", longer.words()))
        .also(shorter.place.clone(), format!("{} for `{less}`", shorter.words()))
        .help("severities are written most severe first; the most specific target counts");
}

/// A more severe ticket should not be promised a longer time. Only neighbours that have the target are compared.
fn in_order(scenario: &Scenario, path: &Path, table: &Named<Targets>, kind: TargetKind, problems: &mut Problems) {
    let by_severity = scenario
        .severities
        .keys()
        .filter_map(|severity| Some((severity, of_kind(table.get(severity)?, kind)?)));
    let promised: Vec<(&String, &Target)> = by_severity.collect();
    neighbours_in_order(
        scenario,
        &promised,
        kind,
        |severity| path.key(severity).key(key(kind)),
        problems,
    );
}

fn own_in_order(scenario: &Scenario, path: &Path, table: &Named<Target>, problems: &mut Problems) {
    let severities = scenario.severities.keys();
    let promised: Vec<(&String, &Target)> = severities
        .filter_map(|severity| Some((severity, table.get(severity)?)))
        .collect();
    neighbours_in_order(
        scenario,
        &promised,
        TargetKind::Own,
        |severity| path.key(severity),
        problems,
    );
}

fn neighbours_in_order(
    scenario: &Scenario,
    promised: &[(&String, &Target)],
    kind: TargetKind,
    place: impl Fn(&String) -> Path,
    problems: &mut Problems,
) {
    for pair in promised.windows(2) {
        let [(severe, longer), (less, shorter)] = pair else {
            continue;
        };
        if compared(scenario, (longer, 1.0), (shorter, 1.0)) == Some(Ordering::Greater) {
            let key = key(kind);
            let message = format!("`{severe}` is more severe than `{less}`, and its `{key}` target is longer");
            let also = format!("{} for `{less}`", within(shorter));
            let label = format!("{} for `{severe}`", within(longer));
            problems
                .warning("W401", place(severe), message)
                .label(label)
                .also(place(less), also)
                .help("severities are written most severe first");
        }
    }
}

/// Cycles as due items, where there is only one.
fn cycles(tables: &[(Path, &Named<Targets>)], problems: &mut Problems) {
    for (path, table) in tables {
        for (severity, targets) in table.iter() {
            for (kind, target) in targets.each() {
                let Some(detail) = detail(target).filter(|detail| detail.sla_unit == Some(SlaUnit::Cycle)) else {
                    continue;
                };
                if kind != TargetKind::Resolve || detail.on_reopen != Some(OnReopen::Restart) {
                    problems
                        .warning(
                            "W405",
                            path.key(severity).key(key(kind)).key("sla_unit"),
                            "there is only one cycle: no reopening restarts this clock",
                        )
                        .help("write `on_reopen = \"restart\"` in a `resolve` target, or leave `sla_unit` out");
                }
            }
        }
    }
}

/// Clocks that stand still in waits for vendors, where nobody waits for one.
fn vendors(scenario: &Scenario, tables: &[(Path, &Named<Targets>)], problems: &mut Problems) {
    if scenario.waits_for_vendors() {
        return;
    }
    let of_tickets = tables.iter().flat_map(|(path, table)| {
        table.iter().flat_map(move |(severity, targets)| {
            let each = targets.each();
            each.map(move |(kind, target)| (path.key(severity).key(key(kind)), target))
        })
    });
    let own = own_tables(scenario).into_iter().flat_map(|(path, table)| {
        let each = table.iter();
        each.map(move |(severity, target)| (path.key(severity), target))
    });
    for (place, target) in of_tickets.chain(own) {
        let pauses = detail(target).and_then(|detail| detail.pauses.as_ref());
        if pauses.is_some_and(|pauses| pauses.is_for(Awaited::Vendor)) {
            problems
                .warning("W405", place.key("pauses"), "no ticket ever waits for a vendor")
                .help("`[vendor_waits]` says how often a ticket waits for one, and how long");
        }
    }
}

/// Zones of others: whether anybody has one, and whether the hours know of zones at all.
fn zones(scenario: &Scenario, tables: &[(Path, &Named<Targets>)], problems: &mut Problems) {
    for (path, table) in tables {
        for (severity, targets) in table.iter() {
            for (kind, target) in targets.each() {
                zone(scenario, path.key(severity).key(key(kind)), target, problems);
            }
        }
    }
    for (path, table) in own_tables(scenario) {
        for (severity, target) in table {
            let of_ticket = detail(target).and_then(|detail| detail.zone);
            match of_ticket.filter(|zone| *zone != ClockZone::Owner) {
                Some(_) => {
                    problems
                        .error(
                            "E325",
                            path.key(severity).key("zone"),
                            "a team's own target is the same for all customers and services",
                        )
                        .label("whose zone?")
                        .help("write `zone = \"owner\"`, or the target under `severities`, `services` or `customer_tiers`");
                }
                None => zone(scenario, path.key(severity), target, problems),
            }
        }
    }
}

fn zone(scenario: &Scenario, place: Path, target: &Target, problems: &mut Problems) {
    let Some(zone) = detail(target).and_then(|detail| detail.zone) else {
        return;
    };
    let without = match zone {
        ClockZone::Customer => scenario.customer_tiers.values().all(|tier| tier.zone.is_none()),
        ClockZone::Service => scenario.services.values().all(|service| service.zone.is_none()),
        ClockZone::Owner => false,
    };
    let (message, help) = match zone {
        _ if basis(target).is_none() => (
            "a clock that runs round the clock has no zone",
            "name a calendar: `calendar = \"...\"`; or leave the zone out",
        ),
        ClockZone::Customer if without => (
            "no customer tier has a zone: the clock goes by its calendar's",
            "write one: `customer_tiers.NAME.zone = \"America/New_York\"`",
        ),
        ClockZone::Service if without => (
            "no service has a zone: the clock goes by its calendar's",
            "write one: `services.NAME.zone = \"America/New_York\"`",
        ),
        _ => return,
    };
    problems.warning("W405", place.key("zone"), message).help(help);
}

/// Business hours without a calendar: one problem is enough, one line mends them all.
fn business_calendar(scenario: &Scenario, tables: &[(Path, &Named<Targets>)], problems: &mut Problems) {
    if scenario.run.business_calendar.is_some() || scenario.calendars.len() == 1 {
        return;
    }
    let targets = tables.iter().flat_map(|(path, table)| {
        let of_severity = |(severity, targets): (&String, &'_ Targets)| {
            let path = path.key(severity);
            targets
                .each()
                .map(|(kind, target)| {
                    (
                        path.key(key(kind)),
                        within(target).to_owned(),
                        calendar(target).is_some(),
                    )
                })
                .collect::<Vec<_>>()
        };
        table.iter().flat_map(of_severity).collect::<Vec<_>>()
    });
    let own = own_tables(scenario).into_iter().flat_map(|(path, table)| {
        let of_severity = table.iter().map(move |(severity, target)| {
            (
                path.key(severity),
                within(target).to_owned(),
                calendar(target).is_some(),
            )
        });
        of_severity.collect::<Vec<_>>()
    });
    let clocks = scenario.rules.iter().filter_map(|(name, rule)| {
        let (key, clock) = clock(&rule.when)?;
        let named = clock.detail().is_some_and(|detail| detail.calendar.is_some());
        Some((Path::from(["rules", name, "when", key]), clock.after().clone(), named))
    });
    let is_business = |text: &str| matches!(text.parse(), Ok(Written::Business(_)));
    let Some((path, text, _)) = targets
        .chain(own)
        .chain(clocks)
        .find(|(_, text, named)| !named && is_business(text))
    else {
        return;
    };
    let calendars: Vec<&str> = scenario.calendars.keys().map(String::as_str).collect();
    let help = match calendars.as_slice() {
        [] => r#"define one: `[calendars.business]` with `hours = { "Mon-Fri" = "09:00-17:00" }`"#.to_owned(),
        [first, ..] => format!(
            "write `business_calendar = \"{first}\"` under `[run]`; the calendars are {}",
            listed(&calendars)
        ),
    };
    problems
        .error(
            "E310",
            path,
            format!("`{text}` is business time, and no calendar says when business is open"),
        )
        .help(help);
}

/// The clock of a trigger that has one, and the trigger's key.
pub(super) fn clock(trigger: &Trigger) -> Option<(&'static str, &Clock)> {
    match trigger {
        Trigger::InQueue(clock) => Some(("in_queue", clock)),
        Trigger::InTeam(clock) => Some(("in_team", clock)),
        Trigger::InTier(clock) => Some(("in_tier", clock)),
        Trigger::WithOwner(clock) => Some(("with_owner", clock)),
        Trigger::Unacknowledged(clock) => Some(("unacknowledged", clock)),
        Trigger::NoUpdate(clock) => Some(("no_update", clock)),
        Trigger::Pending(clock) => Some(("pending", clock)),
        Trigger::Consumed { .. }
        | Trigger::Left { .. }
        | Trigger::Breached(_)
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
        | Trigger::Reopened(_) => None,
    }
}
