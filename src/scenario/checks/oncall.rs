//! On-call duty: schedules of nobody, levels that page nobody, hours that nobody covers, owners who do not exist.

use super::super::problem::{Place, Problems};
use super::super::rota::{is_person, team_of, turn_minutes};
use super::super::{
    Action, Condition, Cover, EscalationPolicy, GroupBy, OnCallOverride, PageGroup, PageLevel, PageMode, Path, Rule,
    Scenario, Schedule, Service, TargetKind, rotas,
};
use super::dates::Simulated;
use super::pairs::severity_after;
use super::rules::{admits, is_enabled, passing};
use super::taken::taken;
use super::targets::{elapsed_ms, promise, whose};
use super::{as_text, milliseconds};
use crate::scenario::words::{listed, meant};
use crate::time::{Instant, Origin, Rota, Zone};

const HOUR_MS: f64 = 3_600_000.0;
/// The hours of a year are counted in a year at least, however short the run.
pub(super) const YEAR_MS: i64 = 365 * 24 * 3_600_000;
/// A table of duty that is longer than this is cut: two years show what there is to see.
const LOOKED_AT_MS: i64 = 2 * YEAR_MS;
/// Gaps that are named one by one.
const GAPS_SHOWN: usize = 3;

pub(super) fn check(scenario: &Scenario, problems: &mut Problems) {
    for (name, schedule) in &scenario.schedules {
        members(scenario, name, schedule, problems);
        turns(name, schedule, problems);
        stand_in(name, schedule, problems);
        for (index, over) in schedule.overrides.iter().enumerate() {
            ends_after_it_begins(name, index, over, problems);
        }
    }
    for (name, policy) in &scenario.escalation_policies {
        levels(scenario, name, policy, problems);
        answers_in_time(scenario, name, policy, problems);
    }
    for (name, service) in &scenario.services {
        owners(scenario, name, service, problems);
    }
    for (index, ticket) in scenario.tickets.iter().enumerate() {
        for target in ticket.acknowledges.iter().flat_map(|answers| answers.keys()) {
            let path = Path::from("tickets").index(index).key("acknowledges").key(target);
            somebody_to_page(scenario, target, Place::Key(path), problems);
        }
    }
    if !problems.any_error() {
        uncovered(scenario, problems);
    }
}

fn nobody(scenario: &Scenario, name: &str, schedules: bool, place: Place, problems: &mut Problems) {
    let people = scenario.people.keys().map(String::as_str);
    let known = people.chain(scenario.schedules.keys().map(String::as_str).filter(|_| schedules));
    let what = if schedules { "schedule or person" } else { "person" };
    let help = meant(name, known.clone()).unwrap_or_else(|| match known.clone().count() {
        0 => "write the person out: `[people.NAME]` with a `team`; or use a number: `team/1`".to_owned(),
        1..=12 => format!(
            "known are {}, and people by number: `team/1`",
            listed(&known.collect::<Vec<_>>())
        ),
        many => format!("{many} names are known, and people by number: `team/1`"),
    });
    if scenario.teams.contains_key(name) {
        let help = if schedules {
            format!("write a schedule of its people, `[schedules.NAME]`, or name one of them: `{name}/1`")
        } else {
            format!("name one of its people, such as `{name}/1`")
        };
        problems
            .error("E263", place, format!("`{name}` is a team, and not a {what}"))
            .label(format!("not a {what}"))
            .help(help);
        return;
    }
    problems
        .error("E263", place, format!("no {what} is called `{name}`"))
        .label(format!("not a {what}"))
        .help(help);
}

fn a_person(scenario: &Scenario, name: &str, path: Path, problems: &mut Problems) {
    if !is_person(scenario, name) {
        nobody(scenario, name, false, Place::Value(path), problems);
    }
}

fn somebody_to_page(scenario: &Scenario, name: &str, place: Place, problems: &mut Problems) {
    if !scenario.schedules.contains_key(name) && !is_person(scenario, name) {
        nobody(scenario, name, true, place, problems);
    }
}

fn members(scenario: &Scenario, name: &str, schedule: &Schedule, problems: &mut Problems) {
    let path = Path::from(["schedules", name]);
    let mut rotations = vec![(path.clone(), &schedule.members)];
    for (layer, written) in &schedule.layers {
        rotations.push((path.key("layers").key(layer), &written.members));
    }
    for (path, members) in &rotations {
        for (index, member) in members.iter().enumerate() {
            a_person(scenario, member, path.key("members").index(index), problems);
        }
    }
    for (index, over) in schedule.overrides.iter().enumerate() {
        let path = path.key("overrides").index(index).key("person");
        a_person(scenario, &over.person, path, problems);
    }
    let empty = rotations
        .iter()
        .find(|(path, members)| members.is_empty() && path.keys().len() > 2);
    let place = match empty {
        Some((path, _)) => Some(path.clone()),
        None => (rotations.len() == 1 && schedule.members.is_empty()).then_some(path),
    };
    if let Some(path) = place {
        problems
            .error("E361", path, "a rotation without members")
            .help("write `members = [...]`, the people in the order of their turns");
    }
}

fn turns(name: &str, schedule: &Schedule, problems: &mut Problems) {
    let path = Path::from(["schedules", name]);
    let own = schedule.turn.as_ref().map(|turn| (path.key("turn"), turn));
    let of_layers = schedule.layers.iter().filter_map(|(layer, written)| {
        let path = path.key("layers").key(layer).key("turn");
        Some((path, written.turn.as_ref()?))
    });
    for (path, turn) in own
        .into_iter()
        .chain(of_layers)
        .filter(|(_, turn)| turn_minutes(turn).is_none())
    {
        problems
            .error("E362", path, format!("`{turn}` is not a whole number of minutes"))
            .help("write a turn such as \"1w\", \"1d\" or \"12h\"");
    }
}

fn stand_in(name: &str, schedule: &Schedule, problems: &mut Problems) {
    let path = Path::from(["schedules", name]);
    match (&schedule.secondary, schedule.cover) {
        (None, Some(Cover::Secondary)) => drop(
            problems
                .error(
                    "E364",
                    path.key("cover"),
                    format!("`{name}` does not say which schedule stands in"),
                )
                .help("add `secondary = \"...\"`, the name of another schedule"),
        ),
        (Some(other), Some(Cover::Secondary)) if other == name => drop(
            problems
                .error("E364", path.key("secondary"), format!("`{name}` stands in for itself"))
                .help("name another schedule"),
        ),
        (Some(_), Some(Cover::None | Cover::Next) | None) => drop(
            problems
                .warning(
                    "W405",
                    Place::Key(path.key("secondary")),
                    "`secondary` has no effect unless `cover` is `secondary`",
                )
                .help("leave it out, or change the other setting"),
        ),
        _ => {}
    }
}

/// Without a look at the zone: only the order matters.
fn ends_after_it_begins(name: &str, index: usize, over: &OnCallOverride, problems: &mut Problems) {
    let Ok(origin) = Origin::read("2000-01-01", &Zone::utc()) else {
        return;
    };
    let read = |text: &str| origin.read_instant(text, &Zone::utc()).ok();
    if read(&over.from)
        .zip(read(&over.to))
        .is_some_and(|(from, to)| to <= from)
    {
        let path = Path::from(["schedules", name, "overrides"]).index(index);
        let message = match over.from == over.to {
            true => "the override ends as it begins",
            false => "the override ends before it begins",
        };
        problems
            .error("E365", path.key("to"), message)
            .also(path.key("from"), "its beginning")
            .help("`to` is the first instant that is no longer meant");
    }
}

fn levels(scenario: &Scenario, name: &str, policy: &EscalationPolicy, problems: &mut Problems) {
    let path = Path::from(["escalation_policies", name]);
    if policy.levels.is_empty() {
        problems
            .error("E363", path.key("levels"), format!("`{name}` has no levels"))
            .help("write at least one: `{ targets = [\"primary\"], timeout = \"5m\" }`");
    }
    for (index, level) in policy.levels.iter().enumerate() {
        a_level(scenario, level, &path.key("levels").index(index), problems);
    }
    match (&policy.last_resort, &policy.last_resort_every) {
        (Some(target), every) => {
            somebody_to_page(scenario, target, Place::Value(path.key("last_resort")), problems);
            if every.as_deref().and_then(milliseconds) == Some(0) {
                no_time(path.key("last_resort_every"), problems);
            }
        }
        (None, Some(_)) => drop(
            problems
                .warning(
                    "W405",
                    Place::Key(path.key("last_resort_every")),
                    "`last_resort_every` has no effect without `last_resort`",
                )
                .help("leave it out, or name somebody"),
        ),
        (None, None) => {}
    }
    if policy.ack_timeout.as_deref().and_then(milliseconds) == Some(0) {
        no_time(path.key("ack_timeout"), problems);
    }
    if let Some(snooze) = &policy.snooze
        && milliseconds(&snooze.lasts) == Some(0)
    {
        no_time(path.key("snooze").key("lasts"), problems);
    }
    if let Some(snooze) = &policy.snooze
        && snooze.share >= 1.0
        && snooze.at_most.is_none()
    {
        problems
            .warning(
                "W440",
                path.key("snooze").key("share"),
                format!("whoever acknowledges a page of `{name}` puts it off, every time"),
            )
            .help("write a share below 1, or how often a ticket is put off: `at_most`");
    }
    if let Some(group) = &policy.group {
        shared_pages(scenario, group, &path.key("group"), problems);
    }
}

fn shared_pages(scenario: &Scenario, group: &PageGroup, path: &Path, problems: &mut Problems) {
    let written = |text: &Option<String>| text.as_deref().and_then(milliseconds);
    for (key, text) in [("interval", &group.interval), ("repeat", &group.repeat)] {
        if written(text) == Some(0) {
            no_time(path.key(key), problems);
        }
    }
    let wait = written(&group.wait).unwrap_or(0);
    if let Some(within) = written(&group.within).filter(|within| *within <= wait) {
        let message = match within {
            0 => "a group that takes in nobody: each ticket would page for itself".to_owned(),
            within => format!(
                "a group takes in tickets for {}, and is paged for after {}",
                as_text(within),
                as_text(wait)
            ),
        };
        let problem = problems.warning("W467", path.key("within"), message);
        if group.wait.is_some() {
            problem.also(path.key("wait"), "its page");
        }
        problem.help("let it take in tickets for longer than it waits, or leave `within` out");
    }
    if group.by == GroupBy::Incident && scenario.incidents.is_empty() {
        problems
            .warning(
                "W405",
                path.key("by"),
                "`by = \"incident\"` has no effect without `[incidents]`: each ticket is alone",
            )
            .help("group them by `service` or `policy`, or write incidents");
    }
}

fn a_level(scenario: &Scenario, level: &PageLevel, path: &Path, problems: &mut Problems) {
    if level.targets.is_empty() {
        problems
            .error("E363", path.key("targets"), "a level that pages nobody")
            .help("name schedules or people");
    }
    for (index, target) in level.targets.iter().enumerate() {
        let place = Place::Value(path.key("targets").index(index));
        somebody_to_page(scenario, target, place, problems);
    }
    let timeout = milliseconds(&level.timeout);
    if timeout == Some(0) {
        no_time(path.key("timeout"), problems);
    }
    let sequential = level.mode == Some(PageMode::Sequential);
    if level.gap.is_some() && !sequential {
        problems
            .warning(
                "W405",
                Place::Key(path.key("gap")),
                "`gap` has no effect unless `mode` is `sequential`",
            )
            .help("leave it out, or change the other setting");
    }
    let gap = level.gap.as_deref().map_or(Some(SEQUENTIAL_GAP_MS), milliseconds);
    let steps = level.targets.len().saturating_sub(1) as i64;
    let last = gap.map(|gap| gap.saturating_mul(steps)).filter(|_| sequential);
    if let Some((last, timeout)) = last.zip(timeout).filter(|(last, timeout)| last >= timeout) {
        let message = format!(
            "the last target would be paged after {}, and the level ends after {}",
            as_text(last),
            as_text(timeout)
        );
        problems
            .warning("W463", path.key("timeout"), message)
            .help("lengthen the timeout, or shorten the gap");
    }
}

/// The gap of a sequential level that writes none.
pub(in crate::scenario) const SEQUENTIAL_GAP_MS: i64 = 120_000;

/// A ladder whose levels take longer than the target of acknowledgements: its last ones may answer too late.
fn answers_in_time(scenario: &Scenario, name: &str, policy: &EscalationPolicy, problems: &mut Problems) {
    let timeouts: Option<Vec<i64>> = policy.levels.iter().map(|level| milliseconds(&level.timeout)).collect();
    let Some((last, before)) = timeouts.as_deref().and_then(<[i64]>::split_last) else {
        return;
    };
    let earliest: i64 = before.iter().sum();
    let all = earliest.saturating_add(*last);
    let last_severe = policy
        .severity
        .as_ref()
        .and_then(|least| scenario.severities.get_index_of(least));
    let is_severe = |severity: &str| {
        let rank = scenario.severities.get_index_of(severity);
        last_severe.is_none_or(|last| rank.is_some_and(|rank| rank <= last))
    };
    let rules = scenario.rules.values().filter(|rule| is_enabled(rule));
    let paged: Vec<Condition> = rules.filter_map(|rule| paged_for(scenario, rule, name)).collect();
    let mut short: Vec<(&str, i64, Path)> = Vec::new();
    for severity in scenario.severities.keys().filter(|severity| is_severe(severity)) {
        let tickets = paged.iter().filter(|tickets| admits(&tickets.severity, severity));
        let promises = tickets.flat_map(|tickets| whose(scenario, tickets));
        let promises = promises.filter_map(|whose| promise(scenario, severity, whose, TargetKind::Acknowledge));
        for promise in promises {
            let within = elapsed_ms(promise.target).filter(|within| all > *within);
            if let Some(within) = within.filter(|_| short.iter().all(|(.., place)| *place != promise.place)) {
                short.push((severity, within, promise.place));
            }
        }
    }
    for (severity, within, place) in short {
        let message = format!(
            "the levels of `{name}` take {} in all, and `{severity}` is to be acknowledged within {}",
            as_text(all),
            as_text(within)
        );
        let label = match before.is_empty() {
            true => "its only level waits longer than that".to_owned(),
            false => format!(
                "level {} can answer after {} at the earliest",
                before.len() + 1,
                as_text(earliest)
            ),
        };
        problems
            .warning("W464", Path::from(["escalation_policies", name, "levels"]), message)
            .label(label)
            .also(place, "the target")
            .help("shorten the timeouts, page more people at once, or allow more time");
    }
}

/// The tickets for which a rule pages by a policy, of the severities that its actions have made of theirs by then.
fn paged_for(scenario: &Scenario, rule: &Rule, policy: &str) -> Option<Condition> {
    let mut actions = rule.then.iter();
    let page = actions.position(|action| matches!(action, Action::Page(page) if page == policy))?;
    let tickets = taken(scenario, rule);
    let severities = passing(&tickets.severity, scenario.severities.keys());
    let by_then = severities
        .iter()
        .map(|severity| severity_after(scenario, severity, &rule.then[..page]));
    Some(Condition {
        severity: Some(by_then.map(str::to_owned).collect()),
        ..tickets.clone()
    })
}

fn no_time(path: Path, problems: &mut Problems) {
    problems
        .error(
            "E316",
            path,
            "no time at all: pages would be sent without end at one instant",
        )
        .help("write a time, such as \"5m\"");
}

fn owners(scenario: &Scenario, name: &str, service: &Service, problems: &mut Problems) {
    let path = Path::from(["services", name]);
    let owners = [("primary", &service.primary), ("secondary", &service.secondary)];
    for (key, owner) in owners.iter().filter_map(|(key, owner)| Some((key, owner.as_ref()?))) {
        a_person(scenario, owner, path.key(*key), problems);
    }
    let mut warn = |key: &str, without: &str| {
        problems
            .warning(
                "W405",
                Place::Key(path.key(key)),
                format!("`{key}` has no effect without `{without}`"),
            )
            .help("leave it out, or write the other");
    };
    match (&service.primary, &service.secondary) {
        (Some(primary), Some(secondary)) if primary == secondary => drop(
            problems
                .warning(
                    "W438",
                    path.key("secondary"),
                    format!("`{secondary}` is the primary and the secondary owner of `{name}`"),
                )
                .label("stands in for nobody else")
                .also(path.key("primary"), "first here")
                .help("name another person, or leave `secondary` out"),
        ),
        (None, Some(_)) => warn("secondary", "primary"),
        (None, None) if service.overload.is_some() => warn("overload", "primary"),
        (Some(_), None) if service.overload.is_some() => warn("overload", "secondary"),
        (Some(primary), Some(secondary)) => {
            let teams = team_of(scenario, primary).zip(team_of(scenario, secondary));
            if let Some((first, second)) = teams.filter(|(first, second)| first != second) {
                let message = format!("`{secondary}` is in team `{second}`, and `{primary}` in `{first}`");
                problems
                    .error("E366", path.key("secondary"), message)
                    .also(path.key("primary"), "the primary owner")
                    .help("hand tickets to another team with a rule: `transfer`");
            }
        }
        _ => {}
    }
}

/// Hours in which a level finds nobody to page, and those of a schedule that no level names.
fn uncovered(scenario: &Scenario, problems: &mut Problems) {
    if scenario.schedules.is_empty() {
        return;
    }
    let Some(run) = Simulated::of(scenario) else { return };
    let end = Instant::from_ms(run.end.ms().clamp(YEAR_MS, LOOKED_AT_MS));
    let rotas = duty(scenario, &run, end);
    let mut named = vec![false; rotas.len()];
    for (policy, written) in &scenario.escalation_policies {
        for (index, level) in written.levels.iter().enumerate() {
            let schedules: Vec<usize> = level
                .targets
                .iter()
                .filter_map(|target| scenario.schedules.get_index_of(target))
                .collect();
            schedules.iter().for_each(|schedule| named[*schedule] = true);
            // A person by name is there but for their leave: that is theirs to plan.
            if schedules.len() == level.targets.len() {
                let gaps = Rota::gaps(schedules.iter().map(|schedule| &rotas[*schedule]), end);
                let path = Path::from(["escalation_policies", policy, "levels"])
                    .index(index)
                    .key("targets");
                let whom = format!("level {} of `{policy}` finds nobody to page", index + 1);
                say_gaps(&gaps, &run, end, whom, path, problems);
            }
        }
    }
    for (index, name) in scenario
        .schedules
        .keys()
        .enumerate()
        .filter(|(index, _)| !named[*index])
    {
        let gaps = Rota::gaps([&rotas[index]], end);
        let path = Path::from(["schedules", name]);
        say_gaps(
            &gaps,
            &run,
            end,
            format!("nobody is on call in `{name}`"),
            path,
            problems,
        );
    }
}

/// The rotas of all schedules, their members numbered as they come.
fn duty(scenario: &Scenario, run: &Simulated, end: Instant) -> Vec<Rota> {
    let mut names: Vec<&str> = Vec::new();
    for schedule in scenario.schedules.values() {
        names.extend(schedule.members.iter().map(String::as_str));
        names.extend(
            schedule
                .layers
                .values()
                .flat_map(|layer| layer.members.iter().map(String::as_str)),
        );
        names.extend(schedule.overrides.iter().map(|over| over.person.as_str()));
    }
    names.sort_unstable();
    names.dedup();
    let number = |name: &str| names.binary_search(&name).ok().map(|index| index as u32);
    let away = |member: u32| run.leave(scenario, names[member as usize]);
    rotas(scenario, &run.origin, end, &number, &away)
}

/// Reports gaps that begin in the simulated time.
fn say_gaps(
    gaps: &[(Instant, Instant)],
    run: &Simulated,
    end: Instant,
    whom: String,
    path: Path,
    problems: &mut Problems,
) {
    let played = gaps.partition_point(|(from, _)| *from < run.end);
    if played == 0 {
        return;
    }
    let a_year = hours_a_year(gaps, end);
    problems
        .warning("W461", path, format!("{whom} for {a_year} a year"))
        .label(format!("uncovered: {}", in_words(&gaps[..played], &run.origin, end)))
        .help("add a layer, a member or an override; or let another schedule be paged as well");
}

/// How many hours a year stretches are that were found up to `end`, in words: `365 hours`, `0.5 hours`.
pub(super) fn hours_a_year(stretches: &[(Instant, Instant)], end: Instant) -> String {
    let total: i64 = stretches.iter().map(|(from, until)| (*until - *from).ms()).sum();
    let hours = total as f64 / end.ms() as f64 * YEAR_MS as f64 / HOUR_MS;
    let tenths = (hours * 10.0).round() / 10.0;
    match tenths {
        1.0 => "1 hour".to_owned(),
        10.0.. => format!("{hours:.0} hours"),
        tenths => format!("{} hours", tenths.max(0.1)),
    }
}

/// The first of them, in the zone of the run.
pub(super) fn in_words(stretches: &[(Instant, Instant)], origin: &Origin, end: Instant) -> String {
    let first = stretches
        .iter()
        .take(GAPS_SHOWN)
        .map(|(from, until)| match *until == end {
            true => format!("from {} on", local(origin, *from)),
            false => format!("{} to {}", local(origin, *from), local(origin, *until)),
        });
    let more = if stretches.len() > GAPS_SHOWN { ", …" } else { "" };
    first.collect::<Vec<_>>().join(", ") + more
}

/// `Sat 2026-03-07 20:00` in the zone of the run.
fn local(origin: &Origin, at: Instant) -> String {
    let local = origin.local(at);
    let weekday = &local.weekday.name()[..3];
    format!("{weekday} {} {:02}:{:02}", local.date, local.hour, local.minute)
}
