//! What happens to a ticket on its way: where it enters, what a change of hands costs, waits, returns; and the rules.

use super::promises::kind_name;
use super::words::{self, about as roughly, as_written, capital, length, listed, percent};
use super::{About, Section};
use crate::model::TargetKind;
use crate::scenario::{Action, Clock, Condition, HandoffKind, Raise, Rule, Trigger};
use crate::scenario::{TargetKind as WrittenKind, Team};
use crate::time::Length;

/// Entry, handoffs, waiting for the customer, coming back.
pub(super) fn life_of_a_ticket(about: &About) -> Section {
    let mut section = Section::new("The life of a ticket");
    for (name, route) in &about.written.routes {
        let which = which(&route.if_);
        let which = if which.is_empty() {
            String::new()
        } else {
            format!(" if {}", which.join(" and "))
        };
        section.say(
            format!("route {name}"),
            format!("a new ticket enters at {}{which}", route.to),
        );
    }
    section.say_if("response", first_reply(about));
    section.say_if("handoffs", handoffs(about));
    section.say_if("waiting", waiting(about));
    section.say_if("coming back", coming_back(about));
    section
}

fn first_reply(about: &About) -> Option<String> {
    let reply = about.model.first_reply;
    (reply > Length::ZERO).then(|| {
        format!(
            "the first words to the customer come {} after the work begins",
            length(reply.ms())
        )
    })
}

fn handoffs(about: &About) -> Option<String> {
    let (handoff, written) = (&about.model.handoff, about.written);
    let mut parts = Vec::new();
    if handoff.escalation_notes > Length::ZERO {
        let notes = length(handoff.escalation_notes.ms());
        parts.push(format!("an escalation costs {notes} of notes"));
    }
    if handoff.escalation_loss > 0.0 {
        parts.push(format!(
            "the next tier works {} longer",
            percent(handoff.escalation_loss)
        ));
    }
    let in_shifts = written.teams.values().any(|team: &Team| !team.shifts.is_empty());
    if in_shifts && written.handoff.shift_end == Some(HandoffKind::Cold) {
        let again = percent(handoff.context_loss);
        parts.push(format!(
            "who takes over from another shift does {again} of the work again"
        ));
    } else if in_shifts && handoff.overlap > Length::ZERO {
        let overlap = length(handoff.overlap.ms());
        parts.push(format!("a change of hands between shifts takes {overlap} of both"));
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

fn waiting(about: &About) -> Option<String> {
    let pending = about.model.population.pending.as_ref()?;
    let mut text = format!(
        "{} of the tickets wait for the customer while they are being solved, {} on average",
        by_severity(about, &pending.share),
        roughly(pending.wait.mean())
    );
    if pending.again > 0.0 {
        text.push_str(&format!(", {} of these once more", percent(pending.again)));
    }
    Some(text)
}

fn coming_back(about: &About) -> Option<String> {
    let reopening = about.model.population.reopening.as_ref()?;
    let after = match &reopening.delay {
        Some(delay) => format!("{} later on average", roughly(delay.mean())),
        None => "at once".to_owned(),
    };
    let mut text = format!(
        "{} of the resolved tickets come back, {after}, for fresh work",
        by_severity(about, &reopening.share)
    );
    if reopening.work_factor != 1.0 {
        text.push_str(&format!(" ({} of the usual)", percent(reopening.work_factor)));
    }
    match reopening.at_most {
        u32::MAX => {}
        1 => text.push_str(", at most once"),
        most => text.push_str(&format!(", at most {most} times")),
    }
    Some(text)
}

/// One share, or one by severity.
fn by_severity(about: &About, shares: &[f64]) -> String {
    let shares: Vec<String> = shares.iter().map(|share| percent(*share)).collect();
    words::each_with(&about.model.names.severities, &shares)
}

/// The rules as sentences.
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
    capital(&format!("{}{conditions}: {}", trigger(&rule.when), actions.join(", ")))
}

fn trigger(trigger: &Trigger) -> String {
    match trigger {
        Trigger::Consumed { of, share } => format!("once {} of the {} is used up", percent(*share), allowed(*of)),
        Trigger::Left { of, time } => format!("once {} of the {} are left", as_written(time), allowed(*of)),
        Trigger::InQueue(clock) => format!("after {} in one queue", time(clock)),
        Trigger::InTeam(clock) => format!("after {} with one team", time(clock)),
        Trigger::InTier(clock) => format!("after {} in one tier", time(clock)),
        Trigger::WithOwner(clock) => format!("after {} with one owner", time(clock)),
        Trigger::Created(_) => "when a ticket is created".to_owned(),
    }
}

fn allowed(kind: WrittenKind) -> String {
    let kind = match kind {
        WrittenKind::FirstResponse => TargetKind::FirstResponse,
        WrittenKind::Update => TargetKind::Update,
        WrittenKind::Resolve => TargetKind::Resolve,
    };
    format!("time for {}", kind_name(kind))
}

fn time(clock: &Clock) -> String {
    match clock {
        Clock::Plain(text) => as_written(text),
        Clock::Detailed(detail) => match &detail.calendar {
            Some(calendar) => format!("{} on calendar {calendar}", as_written(&detail.after)),
            None => as_written(&detail.after),
        },
    }
}

/// What the conditions ask for, each as the end of "if …".
fn which(condition: &Condition) -> Vec<String> {
    let Condition {
        severity,
        service,
        customer_tier,
        tier,
        team,
        open,
    } = condition;
    let list = |what: &str, names: &Option<Vec<String>>| {
        let names = names.as_ref()?;
        Some(format!("{what}{}", listed(names, "or")))
    };
    let lists = [
        list("it is ", severity),
        list("its service is ", service),
        list("its customer is ", customer_tier),
        list("it is in ", tier),
        list("it is with ", team),
    ];
    let open = open.as_ref().map(|calendar| format!("{calendar} is open"));
    lists.into_iter().chain([open]).flatten().collect()
}

fn action(action: &Action) -> String {
    let step = |steps: u32| {
        if steps == 1 {
            "1 step".to_owned()
        } else {
            format!("{steps} steps")
        }
    };
    match action {
        Action::Alert(whom) => format!("alert {whom}"),
        Action::Transfer(to) => format!("hand it over to {to}"),
        Action::Raise(Raise::Steps(steps)) => format!("raise it by {}", step(*steps)),
        Action::Raise(Raise::To(severity)) => format!("raise it to {severity}"),
        Action::Lower(Raise::Steps(steps)) => format!("lower it by {}", step(*steps)),
        Action::Lower(Raise::To(severity)) => format!("lower it to {severity}"),
    }
}
