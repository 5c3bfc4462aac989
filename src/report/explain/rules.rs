//! The escalation rules as sentences.

use super::promises::kind_name;
use super::words::{as_written, capital, listed, percent};
use super::{About, Section};
use crate::model::TargetKind;
use crate::scenario::{
    Action, Change, Clock, Condition, Count, Fires, HandoffKind, Hours, Need, Notify, OnJump, Raise, Rule,
    TargetKind as WrittenKind, Transfer, Trigger, Used,
};

/// One sentence a rule.
pub(super) fn rules(about: &About) -> Section {
    let mut section = Section::new("Escalation rules");
    for (name, rule) in &about.written.rules {
        let off = match rule.enabled {
            Some(false) => " (switched off)",
            _ => "",
        };
        section.say(name, sentence(rule) + off);
    }
    section
}

/// `Once 75 % of the time to resolve is used up, if it is Sev1 and with tier L1: alert shift lead, hand over to L2`.
fn sentence(rule: &Rule) -> String {
    let conditions = which(&rule.if_);
    let conditions = match conditions.is_empty() {
        true => String::new(),
        false => format!(", if {}", conditions.join(" and ")),
    };
    let actions: Vec<String> = rule.then.iter().map(action).collect();
    let mut sentence = capital(&format!("{}{conditions}: {}", trigger(&rule.when), actions.join(", ")));
    for part in firing(rule) {
        sentence.push_str("; ");
        sentence.push_str(&part);
    }
    sentence
}

/// How often, and what holds it back.
fn firing(rule: &Rule) -> Vec<String> {
    let all_of = |condition: &Condition| which(condition).join(" and ");
    let parts = [
        rule.unless
            .as_ref()
            .map(|condition| format!("not if {}", all_of(condition))),
        rule.while_
            .as_ref()
            .map(|condition| format!("only while {}", all_of(condition))),
        (rule.hold == Some(true)).then(|| "waits for its conditions".to_owned()),
        rule.fires.map(|fires| match fires {
            Fires::Once if rule.when.is_on_target() => "once a clock".to_owned(),
            Fires::Once => "once in a ticket's life".to_owned(),
            Fires::Each => "each time".to_owned(),
        }),
        again(rule, rule.max == Some(1) || rule.fires_once()),
        rule.max
            .map(|most| format!("at most {most} {}", if most == 1 { "time" } else { "times" })),
        rule.cooldown
            .as_ref()
            .map(|least| format!("not within {} of the last time", as_written(least))),
        (rule.on_jump == Some(OnJump::Highest))
            .then(|| "of its group only the highest, when several are passed".to_owned()),
        (rule.stop == Some(true)).then(|| "then nothing later at that instant".to_owned()),
    ];
    parts.into_iter().flatten().collect()
}

/// When a rule has its next turn. One that fires a single time has one only if an exception held it back.
fn again(rule: &Rule, once: bool) -> Option<String> {
    let every = as_written(rule.every.as_ref()?);
    match (once, &rule.unless) {
        (false, _) => Some(format!("again every {every}")),
        (true, Some(_)) => Some(format!("if the exception holds it back, tried again every {every}")),
        (true, None) => None,
    }
}

fn trigger(trigger: &Trigger) -> String {
    let nth = |what: &str, count: u64| match count {
        1 => format!("at the first {what}"),
        count => format!("at {what} number {count}"),
    };
    match trigger {
        Trigger::Consumed { of, share } => format!("once {} of the {} is used up", percent(*share), allowed(*of)),
        Trigger::Left { of, time } => format!("when {} of the {} is left", as_written(time), allowed(*of)),
        Trigger::Breached(of) => format!("once the {} is used up", allowed(*of)),
        Trigger::InQueue(clock) => format!("after {} in one queue", time(clock)),
        Trigger::InTeam(clock) => format!("after {} with one team", time(clock)),
        Trigger::InTier(clock) => format!("after {} in one tier", time(clock)),
        Trigger::WithOwner(clock) => format!("after {} with one owner", time(clock)),
        Trigger::Unacknowledged(clock) => format!("{} after the first page without an answer", time(clock)),
        Trigger::NoUpdate(clock) => format!("after {} without a message to the customer", time(clock)),
        Trigger::Pending(clock) => format!("after {} of waiting for the customer", time(clock)),
        Trigger::Reassignments(count) => nth("change of team", u64::from(*count)),
        Trigger::Reopenings(count) => nth("reopening", u64::from(*count)),
        Trigger::Chasers(count) => nth("chaser", u64::from(*count)),
        Trigger::Linked(count) => nth("linked ticket", u64::from(*count)),
        Trigger::SeverityRaised(between) => format!("when the severity is raised{}", change(between)),
        Trigger::SeverityLowered(between) => format!("when the severity is lowered{}", change(between)),
        Trigger::QueueLength {
            team,
            at_least,
            hysteresis,
        } => {
            let anew = hysteresis.filter(|steps| *steps > 1);
            let anew = anew.map(|steps| {
                format!(
                    " (again when fewer than {} have waited)",
                    at_least.saturating_sub(steps).max(1)
                )
            });
            format!(
                "once {at_least} tickets wait in the queue of {team}{}",
                anew.unwrap_or_default()
            )
        }
        Trigger::QueueAge { team, at_least } => {
            format!(
                "once a ticket has waited {} in the queue of {team}",
                as_written(at_least)
            )
        }
        Trigger::Created(_) => "when a ticket is created".to_owned(),
        Trigger::Declared(_) => "when it becomes a major incident".to_owned(),
        Trigger::Mitigated(_) => "when a workaround is in place".to_owned(),
        Trigger::Resolved(_) => "when it is resolved".to_owned(),
        Trigger::Reopened(_) => "when it comes back".to_owned(),
    }
}

fn change(between: &Change) -> String {
    let part = |word: &str, severity: &Option<String>| severity.as_ref().map(|name| format!(" {word} {name}"));
    let parts = [part("from", &between.from), part("to", &between.to)];
    parts.into_iter().flatten().collect()
}

fn allowed(kind: WrittenKind) -> String {
    let kind = match kind {
        WrittenKind::FirstResponse => TargetKind::FirstResponse,
        WrittenKind::Update => TargetKind::Update,
        WrittenKind::Mitigate => TargetKind::Mitigate,
        WrittenKind::Resolve => TargetKind::Resolve,
        WrittenKind::Acknowledge => TargetKind::Acknowledge,
        WrittenKind::NextResponse => TargetKind::NextResponse,
        WrittenKind::Own => return "time that a team has".to_owned(),
    };
    format!("time for {}", kind_name(kind))
}

fn time(clock: &Clock) -> String {
    let detail = match clock {
        Clock::Plain(text) => return as_written(text),
        Clock::Detailed(detail) => detail,
    };
    let mut text = as_written(&detail.after);
    match (&detail.calendar, detail.with_target) {
        (_, Some(true)) => text.push_str(" on the calendar of its resolve target"),
        (Some(calendar), _) => text.push_str(&format!(" on calendar {calendar}")),
        (None, _) => {}
    }
    if detail.count_pending == Some(true) {
        text.push_str(", waits for the customer included,");
    }
    text
}

/// What the conditions ask for, each as the end of "if …".
pub(super) fn which(condition: &Condition) -> Vec<String> {
    let Condition {
        severity,
        service,
        customer_tier,
        tier,
        team,
        open,
        hours,
        zone,
        owned,
        answered,
        pending,
        major,
        gated,
        workaround,
        flags,
        no_flags,
        reassignments,
        reopenings,
        linked,
        pages,
        chasers,
        consumed,
        breached,
        not_breached,
    } = condition;
    let list = |what: &str, names: &Option<Vec<String>>, word: &str| {
        let names = names.as_ref()?;
        Some(format!("{what}{}", listed(names, word)))
    };
    let truth = |truth: &Option<bool>, yes: &str, no: &str| truth.map(|truth| if truth { yes } else { no }.to_owned());
    let kinds = |kinds: &Option<Vec<WrittenKind>>, not: &str| {
        let names: Vec<String> = kinds.as_ref()?.iter().map(|kind| allowed(*kind)).collect();
        Some(format!("the {} is {not}used up", listed(&names, "and")))
    };
    let parts = [
        list("it is ", severity, "or"),
        list("its service is ", service, "or"),
        list("its customer is ", customer_tier, "or"),
        list("it is in ", tier, "or"),
        list("it is with ", team, "or"),
        open.as_ref().map(|calendar| format!("{calendar} is open")),
        hours.as_ref().map(|hours| in_hours(hours, zone.as_deref())),
        truth(owned, "somebody owns it", "nobody owns it"),
        truth(answered, "it has been answered", "it has not been answered"),
        truth(
            pending,
            "it waits for the customer",
            "it does not wait for the customer",
        ),
        truth(major, "it is a major incident", "it is no major incident"),
        truth(gated, "a gate holds it up", "no gate holds it up"),
        truth(workaround, "a workaround is in place", "there is no workaround"),
        list("it has the flag ", flags, "and"),
        list("it has not the flag ", no_flags, "nor"),
        counted(reassignments, "changes of team"),
        counted(reopenings, "reopenings"),
        counted(linked, "linked tickets"),
        counted(pages, "pages"),
        counted(chasers, "chasers"),
        consumed.as_ref().map(used),
        kinds(breached, ""),
        kinds(not_breached, "not "),
    ];
    parts.into_iter().flatten().collect()
}

fn in_hours(hours: &Hours, zone: Option<&str>) -> String {
    let hours = match hours {
        Hours::Always(_) => return "it is any hour".to_owned(),
        Hours::Weekly(weekly) => weekly.0.iter().map(|(days, times)| format!("{days} {times}")),
    };
    let hours: Vec<String> = hours.collect();
    let zone = zone.map_or(String::new(), |zone| format!(" ({zone})"));
    format!("it is {}{zone}", hours.join(", "))
}

fn counted(count: &Option<Count>, what: &str) -> Option<String> {
    Some(match count.as_ref()? {
        Count::AtLeast(least) => format!("it has had {least} or more {what}"),
        Count::Between(bounds) => match (bounds.at_least, bounds.at_most) {
            (Some(least), Some(most)) => format!("it has had {least} to {most} {what}"),
            (least, None) => format!("it has had {} or more {what}", least.unwrap_or(0)),
            (None, Some(most)) => format!("it has had at most {most} {what}"),
        },
    })
}

fn used(used: &Used) -> String {
    let of = allowed(used.of);
    match (used.at_least, used.below) {
        (Some(least), Some(below)) => format!("{} to {} of the {of} is used up", percent(least), percent(below)),
        (None, Some(below)) => format!("less than {} of the {of} is used up", percent(below)),
        (least, None) => format!("at least {} of the {of} is used up", percent(least.unwrap_or(0.0))),
    }
}

fn steps(count: u32) -> String {
    match count {
        1 => "1 step".to_owned(),
        count => format!("{count} steps"),
    }
}

fn action(action: &Action) -> String {
    match action {
        Action::Alert(whom) => format!("alert {whom}"),
        Action::Notify(Notify::Schedules(schedules)) => format!("page {}", listed(schedules, "and")),
        Action::Notify(Notify::Detailed(detail)) => match detail.inform {
            Some(true) => format!("tell {}", listed(&detail.schedules, "and")),
            _ => format!("page {}", listed(&detail.schedules, "and")),
        },
        Action::Page(policy) => format!("start the escalation policy {policy}"),
        Action::Transfer(Transfer::To(to)) => format!("hand it over to {to}"),
        Action::Transfer(Transfer::Detailed(detail)) => match detail.handoff {
            Some(HandoffKind::Warm) => format!("hand it over to {}, warm", detail.to),
            Some(HandoffKind::Cold) => format!("hand it over to {}, cold", detail.to),
            None => format!("hand it over to {}", detail.to),
        },
        Action::ToSecondary(_) => "hand it to the secondary owner".to_owned(),
        Action::Raise(Raise::Steps(count)) => format!("raise it by {}", steps(*count)),
        Action::Raise(Raise::To(severity)) => format!("raise it to {severity}"),
        Action::Lower(Raise::Steps(count)) => format!("lower it by {}", steps(*count)),
        Action::Lower(Raise::To(severity)) => format!("lower it to {severity}"),
        Action::AddResponders { count, from, else_page } => {
            let add = format!("add {count} from {from} to those who work on it");
            match else_page {
                Some(schedule) => format!("{add} (if fewer are free, page {schedule} as well)"),
                None => add,
            }
        }
        Action::EscalateTo(role) => format!("escalate to {role}"),
        Action::AssignCommander(_) => "assign an incident commander".to_owned(),
        Action::OpenGate(gate) => format!("ask for a decision at the gate {gate}"),
        Action::Brief(_) => "have an executive brief written".to_owned(),
        Action::Update(_) => "have a status update written".to_owned(),
        Action::Involve { teams, need } => match need {
            Some(Need::All) => format!("involve {}, who must all be done", listed(teams, "and")),
            _ => format!("involve {}, until the first is done", listed(teams, "and")),
        },
        Action::SetPriority(count) if *count < 0 => format!("put it back by {}", steps(count.unsigned_abs().into())),
        Action::SetPriority(count) => format!("put it forward by {}", steps(count.unsigned_abs().into())),
        Action::Flag(flag) => format!("set the flag {flag}"),
        Action::Close(reason) => format!("close it if it waits for the customer ({reason})"),
    }
}
