//! On-call duty: who is on call, who is paged when, and how people answer.

use super::promises::weekly;
use super::words::{about as roughly, as_written, counted, length, listed, percent};
use super::{About, Section};
use crate::model::{AgentId, EscalationPolicy, GroupBy, Level, PageGroup, PageTarget, Schedule};
use crate::scenario::{self, Cover};
use crate::time::Length;

/// Most people of a schedule who are named one by one.
const PEOPLE_MOST: usize = 8;

/// Schedules, escalation policies, and what a night on call does.
pub(super) fn on_call(about: &About) -> Section {
    let mut section = Section::new("On call");
    let on_call = &about.model.on_call;
    for ((name, written), schedule) in about.written.schedules.iter().zip(&on_call.schedules) {
        section.say(name, who_when(about, written, schedule));
    }
    for (name, policy) in about.model.names.policies.iter().zip(&on_call.policies) {
        section.say(format!("policy {name}"), climbs(about, policy));
    }
    for (name, service) in &about.written.services {
        section.say_if(format!("owner of {name}"), owners(service));
    }
    if !on_call.schedules.is_empty() || !on_call.policies.is_empty() {
        section.say("a page is answered", answers(about));
        section.say("work begins", to_the_desk(about));
        section.say("after a night", night(about));
    }
    section
}

fn who_when(about: &About, written: &scenario::Schedule, schedule: &Schedule) -> String {
    let who = super::words::shortened(written.members.clone(), PEOPLE_MOST);
    let mut parts = vec![match written.members.len() {
        0 => "nobody by turns".to_owned(),
        1 => who,
        _ => format!("{who} in turns of {}", turn(written, None)),
    }];
    let zone = written.zone.as_deref();
    let run = about.model.origin.zone().name();
    parts.extend(zone.filter(|zone| *zone != run).map(|zone| format!("times of {zone}")));
    parts.extend(
        written
            .restriction
            .as_ref()
            .map(|hours| format!("{} only", weekly(hours))),
    );
    if !written.layers.is_empty() {
        let layers: Vec<String> = written
            .layers
            .iter()
            .map(|(name, layer)| above(written, name, layer))
            .collect();
        parts.push(format!("above that {}", layers.join("; and ")));
    }
    if !written.overrides.is_empty() {
        let over = |over: &scenario::OnCallOverride| format!("{} from {} to {}", over.person, over.from, over.to);
        let overrides = written.overrides.iter().map(over).collect();
        parts.push(super::words::shortened(overrides, 3));
    }
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
    let is_other = |first, who: Option<AgentId>| who.is_some_and(|who| who != first);
    if let Some((_, Some(first))) = changes.first()
        && changes.iter().any(|(_, who)| is_other(*first, *who))
    {
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

/// `1 week, which change at Mon 09:00`: of a schedule, or of a layer of it.
fn turn(written: &scenario::Schedule, layer: Option<&scenario::Layer>) -> String {
    let of_layer = |key: fn(&scenario::Layer) -> &Option<String>| layer.and_then(|layer| key(layer).as_deref());
    let turn = of_layer(|layer| &layer.turn).or(written.turn.as_deref());
    let turn = as_written(turn.unwrap_or("1w"));
    match of_layer(|layer| &layer.handoff).or(written.handoff.as_deref()) {
        Some(handoff) => format!("{turn}, which change at {handoff}"),
        None => turn,
    }
}

/// A rotation above the others: its turns and its zone where they are not the schedule's.
fn above(written: &scenario::Schedule, name: &str, layer: &scenario::Layer) -> String {
    let mut text = format!("{name}: {}", listed(&layer.members, "and"));
    if layer.members.len() > 1 && (layer.turn.is_some() || layer.handoff.is_some()) {
        text.push_str(&format!(" in turns of {}", turn(written, Some(layer))));
    }
    if let Some(hours) = &layer.restriction {
        text.push_str(&format!(", {}", weekly(hours)));
    }
    if let Some(zone) = layer.zone.as_ref().filter(|zone| Some(*zone) != written.zone.as_ref()) {
        text.push_str(&format!(", times of {zone}"));
    }
    text
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
    if let Some(least) = policy.severity {
        parts.push(format!(
            "for {} and what is more severe",
            about.model.names.severities[least.index()]
        ));
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
            let most = match service.overload {
                Some(most) => counted(most as usize, "ticket"),
                None => format!("as many as {primary} works on at once"),
            };
            format!(
                "{primary}; {secondary} if {primary} is away or has too much ({most}), with what waits for {primary} then"
            )
        }
        None => primary.clone(),
    })
}

/// How soon pages are answered, by what people are doing.
fn answers(about: &About) -> String {
    let doing = ["on duty and free", "at work", "off duty", "asleep", "with another page"];
    let answering = doing
        .iter()
        .zip(&about.model.on_call.answering)
        .map(|(doing, (delay, never))| {
            let never = match *never > 0.0 {
                true => format!(", {} never", percent(*never)),
                false => String::new(),
            };
            format!("{doing}, after {} on average{never}", roughly(delay.mean()))
        });
    let night = about.written.on_call.night.as_deref().unwrap_or("23:00-07:00");
    format!("{}; people sleep {night}", answering.collect::<Vec<_>>().join("; "))
}

/// From an acknowledgement to the work.
fn to_the_desk(about: &About) -> String {
    let on_call = &about.model.on_call;
    let after = |time: Length| match time.ms() {
        0 => "at once".to_owned(),
        ms => format!("{} later", length(ms)),
    };
    format!(
        "off duty {}, at night {}",
        after(on_call.get_to_desk),
        after(on_call.get_to_desk_at_night)
    )
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

#[cfg(test)]
mod tests {
    use crate::report::explain::explain;
    use crate::scenario::{Document, starter};

    #[test]
    fn layers_are_said_with_their_turns_and_zones() {
        let schedule = r#"
[schedules.primary]
members = ["experts/1", "experts/2"]
handoff = "Mon 07:00"
zone = "Asia/Singapore"

[schedules.primary.layers.eu]
members = ["experts/3", "experts/2"]
turn = "2w"
zone = "Europe/London"
restriction = { "Mon-Sun" = "08:00-16:00" }

[schedules.primary.layers.nights]
members = ["experts/3"]
restriction = { "Mon-Sun" = "22:00-06:00" }
"#;
        let document = Document::parse("desk.toml", starter("desk") + schedule);
        let (explanation, _) = explain(&document);
        let text = explanation.expect("a scenario that is right").text(80);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let said = "experts/1 and experts/2 in turns of 1 week, which change at Mon 07:00; times of Asia/Singapore; \
                    above that eu: experts/3 and experts/2 in turns of 2 weeks, which change at Mon 07:00, \
                    Mon-Sun 08:00-16:00, times of Europe/London; and nights: experts/3, Mon-Sun 22:00-06:00; somebody";
        assert!(text.contains(said), "{text}");
    }
}
