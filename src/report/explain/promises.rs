//! What is promised: severities with their targets, and the calendars that the clocks run on.

use super::plan::{holidays_within, zone_of};
use super::words::{amount, clock, length, listed};
use super::{About, Section};
use crate::model::{
    CalendarId, CustomerTierId, OnReopen, OnSeverityChange, ServiceId, SeverityId, Target, TargetKind, TeamId,
};
use crate::scenario::Hours;
use crate::time::{Days, OpenHours, WeeklyHours};

/// Targets of one ticket, by kind.
type ByKind = [Option<Target>; TargetKind::COUNT];

/// Tickets of one severity with the same targets, their calendars apart.
struct Group {
    targets: ByKind,
    /// Calendars of the clocks, if one ticket's all run on the same; several where they differ by service or customer.
    calendars: Vec<CalendarId>,
    /// Services and customer tiers.
    who: Vec<(usize, usize)>,
}

/// Targets by severity; where services or customer tiers differ, a line each.
pub(super) fn severities(about: &About) -> Section {
    let mut section = Section::new("Severities and what is promised");
    for (index, name) in about.model.names.severities.iter().enumerate() {
        let groups = groups(about, SeverityId::new(index));
        for (place, group) in groups.iter().enumerate() {
            let subject = if place == 0 { name.as_str() } else { "" };
            let words = promised(about, group);
            match groups.len() {
                1 => section.say(subject, words),
                _ => section.say(subject, format!("{}: {words}", of_whom(about, &group.who))),
            }
        }
    }
    for team in 0..about.model.names.teams.len() {
        section.say_if(&about.model.names.teams[team], own(about, TeamId::new(team)));
    }
    section.say_if("clocks", paused(about));
    section
}

/// What a team promises of its own, where it has targets of its own.
fn own(about: &About, team: TeamId) -> Option<String> {
    let (names, table) = (&about.model.names, &about.model.targets);
    let of_severity = names.severities.iter().enumerate().filter_map(|(index, name)| {
        let target = table.of_team(team, SeverityId::new(index))?;
        let words = match target.calendar == CalendarId::ALWAYS {
            true => length(target.within.ms()),
            false => format!("{} {}", clock(target.within.ms()), runs(about, target.calendar)),
        };
        let words = match target.by_owner {
            Some(_) => format!("{words} in the owner's zone"),
            None => words,
        };
        Some(format!("{name} within {words}"))
    });
    let of_severity: Vec<String> = of_severity.collect();
    (!of_severity.is_empty()).then(|| format!("resolves or hands on {}", of_severity.join(", ")))
}

/// Which services and customer tiers have which targets, in the order of the file.
fn groups(about: &About, severity: SeverityId) -> Vec<Group> {
    let (names, table) = (&about.model.names, &about.model.targets);
    let mut groups: Vec<Group> = Vec::new();
    for customer in 0..names.customer_tiers.len() {
        for service in 0..names.services.len() {
            let (by_service, by_customer) = (ServiceId::new(service), CustomerTierId::new(customer));
            let targets = TargetKind::ALL.map(|kind| table.get(kind, severity, by_service, by_customer).copied());
            let calendar = common_calendar(&targets);
            match groups.iter_mut().find(|group| group.takes(&targets, calendar)) {
                Some(group) => {
                    group.who.push((service, customer));
                    let new = calendar.filter(|calendar| !group.calendars.contains(calendar));
                    group.calendars.extend(new);
                }
                None => groups.push(Group {
                    targets,
                    calendars: calendar.into_iter().collect(),
                    who: vec![(service, customer)],
                }),
            }
        }
    }
    groups
}

impl Group {
    fn takes(&self, targets: &ByKind, calendar: Option<CalendarId>) -> bool {
        if self.targets == *targets {
            return true;
        }
        let round_the_clock = |calendar: CalendarId| calendar == CalendarId::ALWAYS;
        let apart = match (self.calendars.first(), calendar) {
            (Some(ours), Some(theirs)) => round_the_clock(*ours) != round_the_clock(theirs),
            _ => true,
        };
        !apart && without_calendars(&self.targets) == without_calendars(targets)
    }
}

/// The calendar of all the clocks, if it is one.
fn common_calendar(targets: &ByKind) -> Option<CalendarId> {
    let mut calendars = targets.iter().flatten().map(|target| target.calendar);
    let first = calendars.next()?;
    calendars.all(|calendar| calendar == first).then_some(first)
}

fn without_calendars(targets: &ByKind) -> ByKind {
    targets.map(|target| {
        let target = target?;
        Some(Target {
            calendar: CalendarId::ALWAYS,
            ..target
        })
    })
}

/// `platinum`, `billing`, `billing for platinum`.
fn of_whom(about: &About, who: &[(usize, usize)]) -> String {
    let names = &about.model.names;
    let distinct = |mut values: Vec<usize>| {
        values.sort_unstable();
        values.dedup();
        values
    };
    let services = distinct(who.iter().map(|(service, _)| *service).collect());
    let customers = distinct(who.iter().map(|(_, customer)| *customer).collect());
    let named = |ids: &[usize], names: &[String]| {
        let named: Vec<&String> = ids.iter().map(|id| &names[*id]).collect();
        listed(&named, "and")
    };
    if services.len() * customers.len() != who.len() {
        return "other tickets".to_owned();
    }
    let all_services = services.len() == names.services.len();
    let all_customers = customers.len() == names.customer_tiers.len();
    match (all_services, all_customers) {
        (_, true) => named(&services, &names.services),
        (true, false) => named(&customers, &names.customer_tiers),
        (false, false) => format!(
            "{} for {}",
            named(&services, &names.services),
            named(&customers, &names.customer_tiers)
        ),
    }
}

fn promised(about: &About, group: &Group) -> String {
    let apart = group.calendars.is_empty();
    let each = |(kind, target): (TargetKind, &Option<Target>)| {
        let target = target.as_ref()?;
        let within = match target.calendar == CalendarId::ALWAYS {
            true => length(target.within.ms()),
            false => clock(target.within.ms()),
        };
        let words = match kind {
            TargetKind::FirstResponse => format!("first response within {within}"),
            TargetKind::Update => format!("an update every {within}{}", until(target)),
            TargetKind::Mitigate => format!("a workaround within {within}"),
            TargetKind::Resolve => format!("resolved within {within}"),
            TargetKind::Acknowledge => format!("a page acknowledged within {within}"),
            TargetKind::NextResponse => format!("whoever writes again answered within {within}"),
            TargetKind::Own => format!("resolved or handed on by each team within {within}"),
        };
        let runs = match apart {
            true => format!(" {}", runs(about, target.calendar)),
            false => String::new(),
        };
        let runs = match target.by_owner {
            Some(_) => format!("{runs} in the owner's zone"),
            None => runs,
        };
        Some(words + &runs + anew(target) + forgiven(target))
    };
    let mut words: Vec<String> = TargetKind::ALL
        .into_iter()
        .zip(&group.targets)
        .filter_map(each)
        .collect();
    let calendars = &about.model.names.calendars;
    let calendars: Vec<&String> = group.calendars.iter().map(|id| &calendars[id.index()]).collect();
    match group.calendars.as_slice() {
        [] => {}
        [calendar] => words.push(runs(about, *calendar)),
        _ => {
            let zones = about.written.customer_tiers.values().any(|tier| tier.zone.is_some());
            let by = if zones { "service and customer" } else { "service" };
            words.push(format!("on calendar {} by {by}", listed(&calendars, "or")));
        }
    }
    match words.is_empty() {
        true => "nothing".to_owned(),
        false => words.join(", "),
    }
}

fn runs(about: &About, calendar: CalendarId) -> String {
    match calendar == CalendarId::ALWAYS {
        true => "round the clock".to_owned(),
        false => format!("on calendar {}", about.model.names.calendars[calendar.index()]),
    }
}

/// What ends the updates, where it is not the resolution.
fn until(target: &Target) -> &'static str {
    match target.until_mitigation {
        true => " until there is a workaround",
        false => "",
    }
}

/// What becomes of a breach when the severity is lowered, where it does not stay one.
fn forgiven(target: &Target) -> &'static str {
    match target.forgives {
        true => " (a breach is forgiven when the severity is lowered)",
        false => "",
    }
}

fn anew(target: &Target) -> &'static str {
    let change = target.on_severity_change == OnSeverityChange::Restart;
    let reopen = target.on_reopen == OnReopen::Restart;
    match (change, reopen) {
        (true, true) if target.per_cycle => {
            " (anew when the severity changes or the ticket comes back, each time a due item)"
        }
        (true, true) => " (anew when the severity changes or the ticket comes back)",
        (true, false) => " (anew when the severity changes)",
        (false, true) if target.per_cycle => " (anew when the ticket comes back, each time a due item)",
        (false, true) => " (anew when the ticket comes back)",
        (false, false) => "",
    }
}

/// Which clocks stand still while the customer is asked.
fn paused(about: &About) -> Option<String> {
    let model = about.model;
    let mut legs = model.population.scripted.iter().flat_map(|ticket| &ticket.legs);
    let waits = model.population.pending.is_some() || legs.any(|leg| !leg.vendor);
    let customer = waits.then(|| stand_still(about, "the customer", |target| target.pauses));
    let vendors = model.population.waits_for_vendors;
    let vendors = vendors.then(|| stand_still(about, "a vendor", |target| target.pauses_for_vendors));
    let both: Vec<String> = customer.into_iter().chain(vendors).collect();
    (!both.is_empty()).then(|| both.join("; "))
}

fn stand_still(about: &About, whom: &str, pauses_in: impl Fn(&Target) -> bool) -> String {
    let model = about.model;
    let kinds = TargetKind::ALL.into_iter().filter_map(|kind| {
        let (mut pauses, mut all) = (0, 0);
        for severity in 0..model.names.severities.len() {
            for group in groups(about, SeverityId::new(severity)) {
                if let Some(target) = group.targets[kind as usize] {
                    all += 1;
                    pauses += usize::from(pauses_in(&target));
                }
            }
        }
        let name = kind_name(kind);
        match pauses {
            0 => None,
            some if some == all => Some(name.to_owned()),
            _ => Some(format!("{name} (some)")),
        }
    });
    let kinds: Vec<String> = kinds.collect();
    match kinds.as_slice() {
        [] => format!("none stands still while the ticket waits for {whom}"),
        [kind] => format!("while the ticket waits for {whom}, the clock of the {kind} stands still"),
        kinds => format!(
            "while the ticket waits for {whom}, the clocks of {} stand still",
            listed(kinds, "and")
        ),
    }
}

/// A kind of target in words.
pub(super) fn kind_name(kind: TargetKind) -> &'static str {
    match kind {
        TargetKind::FirstResponse => "first response",
        TargetKind::Update => "updates",
        TargetKind::Mitigate => "mitigation",
        TargetKind::Resolve => "resolution",
        TargetKind::Acknowledge => "acknowledgement",
        TargetKind::NextResponse => "next response",
        TargetKind::Own => "team's visit",
    }
}

/// Calendars with their weekly hours and the holidays within the run.
pub(super) fn calendars(about: &About) -> Section {
    let mut section = Section::new("Calendars");
    for (name, calendar) in &about.written.calendars {
        let zone = zone_of(about, calendar.zone.as_deref());
        let mut text = format!("{}, {}", weekly(&calendar.hours), zone.name());
        if let Some(minutes) = minutes_a_week(&calendar.hours) {
            text.push_str(&format!("; open {} a week", hours(f64::from(minutes) / 60.0)));
        }
        let holidays = holidays_within(about, &calendar.holidays, &zone);
        match (calendar.holidays.is_empty(), holidays.is_empty()) {
            (_, false) => text.push_str(&format!("; closed on {holidays}")),
            (false, true) => text.push_str("; none of its holidays is within the run"),
            (true, true) => {}
        }
        section.say(name, text);
    }
    if let Some(business) = &about.written.run.business_calendar {
        section.say(
            "bh and bd",
            format!("business hours, and days of 8 hours, are counted on calendar {business}"),
        );
    }
    section
}

/// Weekly hours as they are written: `Mon-Fri 09:00-17:00; Sat 10:00-14:00`.
pub(super) fn weekly(hours: &Hours) -> String {
    match hours {
        Hours::Always(_) => "round the clock".to_owned(),
        Hours::Weekly(text) => {
            let days = text.0.iter().map(|(days, times)| format!("{days} {times}"));
            days.collect::<Vec<_>>().join(" and ")
        }
    }
}

fn minutes_a_week(hours: &Hours) -> Option<u32> {
    let Hours::Weekly(text) = hours else { return None };
    let mut week = WeeklyHours::closed();
    for (days, times) in &text.0 {
        week = week.open(days.parse::<Days>().ok()?, &OpenHours::read_day(times).ok()?);
    }
    Some(week.minutes_a_week())
}

fn hours(value: f64) -> String {
    format!("{}\u{a0}h", amount(value))
}
