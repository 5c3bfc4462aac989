//! On-call duty: who is on call, who is paged when, and how people answer.

use super::words::{counted, length, listed, percent};
use super::{About, Section};
use crate::model::{EscalationPolicy, GroupBy, Level, PageGroup, PageTarget, Schedule};
use crate::scenario::{self, Cover};
use crate::time::Length;

/// Schedules, escalation policies, and what a night on call does.
pub(super) fn on_call(about: &About) -> Section {
    let mut section = Section::new("On call");
    let on_call = &about.model.on_call;
    for ((name, written), schedule) in about.written.schedules.iter().zip(&on_call.schedules) {
        section.say(name, who_when(about, written, schedule));
    }
    for (name, policy) in about.model.names.policies.iter().zip(&on_call.policies) {
        section.say(name, climbs(about, policy));
    }
    for (name, service) in &about.written.services {
        section.say_if(format!("owner of {name}"), owners(service));
    }
    if !on_call.schedules.is_empty() || !on_call.policies.is_empty() {
        section.say("after a night", night(about));
    }
    section
}

fn who_when(about: &About, written: &scenario::Schedule, schedule: &Schedule) -> String {
    let mut people: Vec<usize> = schedule
        .changes()
        .filter_map(|(_, who)| who.map(|agent| agent.index()))
        .collect();
    people.sort_unstable();
    people.dedup();
    let mut parts = vec![format!(
        "{} in turns of {}",
        counted(people.len(), "person"),
        turn(written)
    )];
    let window = about.model.window;
    let changes: Vec<_> = schedule.changes().collect();
    let until = |index: usize| changes.get(index + 1).map_or(window.until, |(from, _)| *from);
    let covered = changes.iter().enumerate().filter(|(_, (_, who))| who.is_some());
    let covered: i64 = covered
        .map(|(index, (from, _))| window.overlap(*from, until(index)).ms())
        .sum();
    let share = covered as f64 / (window.until - window.from).ms().max(1) as f64;
    parts.push(match covered == (window.until - window.from).ms() {
        true => "somebody at every instant".to_owned(),
        false => format!("somebody {} of the time", percent(share)),
    });
    if let Some((_, Some(first))) = changes.first() {
        parts.push(format!("{} first", about.model.agent_name(*first)));
    }
    parts.extend(match written.cover {
        Some(Cover::Next) => Some("the next in turn stands in for leave".to_owned()),
        Some(Cover::Secondary) => written
            .secondary
            .as_ref()
            .map(|other| format!("{other} stands in for leave")),
        Some(Cover::None) | None => None,
    });
    parts.join("; ")
}

fn turn(written: &scenario::Schedule) -> String {
    written.turn.clone().unwrap_or_else(|| "1w".to_owned())
}

fn climbs(about: &About, policy: &EscalationPolicy) -> String {
    let levels: Vec<String> = policy.levels.iter().map(|level| whom(about, level)).collect();
    let mut parts = vec![format!("pages {}", levels.join(", then "))];
    if policy.repeats > 0 {
        parts.push(format!("played again {}", times(policy.repeats)));
    }
    if let Some(target) = policy.last_resort {
        let every = match policy.last_resort_every {
            Some(every) => format!(", every {}", length(every.ms())),
            None => String::new(),
        };
        parts.push(format!("in the end {}{every}", name_of(about, target)));
    }
    if !policy.late_counts {
        parts.push("a late answer is void".to_owned());
    }
    if let Some(after) = policy.ack_timeout {
        let after = length(after.ms());
        parts.push(format!(
            "again from the start if the ticket is still open {after} after it was acknowledged"
        ));
    }
    if let Some(snooze) = policy.snooze {
        let most = match snooze.at_most {
            u16::MAX => String::new(),
            most => format!(", at most {} a ticket", times(u32::from(most))),
        };
        parts.push(format!(
            "{} of the acknowledgements are put off for {}{most}",
            percent(snooze.share),
            length(snooze.lasts.ms())
        ));
    }
    parts.extend(policy.group.map(shares));
    parts.join("; ")
}

/// Which tickets share a page, and what becomes of those that come later.
fn shares(group: PageGroup) -> String {
    let whose = match group.by {
        GroupBy::Service => "open tickets of a service",
        GroupBy::Incident => "open tickets of a fault",
        GroupBy::Policy => "all its open tickets",
    };
    let mut text = format!("one page for {whose}");
    if let Some(within) = group.within {
        text += &format!(" that come within {}", length(within.ms()));
    }
    if group.wait > Length::ZERO {
        text += &format!(", {} after the first", length(group.wait.ms()));
    }
    text += &match group.interval {
        Some(interval) => format!(", for what joins later every {}", length(interval.ms())),
        None => ", and what joins later falls to whoever acknowledged".to_owned(),
    };
    if let Some(repeat) = group.repeat {
        text += &format!(", again for what is still unsolved after {}", length(repeat.ms()));
    }
    text
}

fn times(count: u32) -> String {
    match count {
        1 => "once".to_owned(),
        count => format!("{count} times"),
    }
}

fn whom(about: &About, level: &Level) -> String {
    let names: Vec<String> = level.targets.iter().map(|target| name_of(about, *target)).collect();
    let apart = match level.gap > Length::ZERO && names.len() > 1 {
        true => format!(" {} apart", length(level.gap.ms())),
        false => String::new(),
    };
    format!("{}{apart} ({})", listed(&names, "and"), length(level.timeout.ms()))
}

fn name_of(about: &About, target: PageTarget) -> String {
    match target {
        PageTarget::Schedule(schedule) => about.model.names.schedules[schedule.index()].clone(),
        PageTarget::Person(agent) => about.model.agent_name(agent),
    }
}

fn owners(service: &scenario::Service) -> Option<String> {
    let primary = service.primary.as_ref()?;
    Some(match &service.secondary {
        Some(secondary) => {
            format!("{primary}; {secondary} if {primary} is away or has too much, with what waits for {primary} then")
        }
        None => primary.clone(),
    })
}

fn night(about: &About) -> String {
    let on_call = &about.model.on_call;
    let mut parts = vec![match on_call.fatigue > 0.0 {
        true => format!(
            "each page that wakes makes the next day's work and the next night's answers {} longer",
            percent(on_call.fatigue)
        ),
        false => "people are as quick as ever".to_owned(),
    }];
    if let Some(pages) = on_call.rest_after {
        let (pages, rest) = (counted(pages as usize, "page"), length(on_call.rest.ms()));
        parts.push(format!("from {pages} on, the next shift begins after {rest} of rest"));
    }
    parts.join("; ")
}
