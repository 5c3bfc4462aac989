//! What happens to a ticket on its way: where it enters, what a change of hands costs, waits, returns.

use super::rules::which;
use super::words::{self, about as roughly, length, percent};
use super::{About, Section};
use crate::scenario::{Action, HandoffKind, Team, Transfer};
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
    section.say_if("warnings", useful_lead(about));
    section.say_if("handoffs", handoffs(about));
    section.say_if("together", super::routing::together(about));
    section.say_if("waiting", waiting(about));
    section.say_if("on hold", vendors(about));
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

fn useful_lead(about: &About) -> Option<String> {
    let lead = about.model.useful_lead?;
    Some(format!(
        "are of use with {} left before the deadline",
        length(lead.ms())
    ))
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
    let is_default = written.handoff.escalation_loss.is_none();
    if is_default && handoff.cold_escalation_loss > 0.0 && hands_over_cold(about) {
        parts.push(format!(
            "after one that a rule hands over cold the next tier works {} longer",
            percent(handoff.cold_escalation_loss)
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
    let loses = written.handoff.shift_end != Some(HandoffKind::Cold) && hands_over_cold(about);
    if loses && handoff.context_loss > 0.0 {
        parts.push(format!(
            "who takes over without an explanation does {} of the work again",
            percent(handoff.context_loss)
        ));
    }
    if handoff.rejected > 0.0 {
        let mut text = format!("{} of the escalations are sent back once", percent(handoff.rejected));
        if handoff.reject_work > Length::ZERO {
            text.push_str(&format!(", which costs both {}", length(handoff.reject_work.ms())));
        }
        parts.push(text);
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// Whether rules hand tickets over without an explanation.
fn hands_over_cold(about: &About) -> bool {
    let mut actions = about.written.rules.values().flat_map(|rule| &rule.then);
    actions.any(|action| match action {
        Action::Transfer(Transfer::Detailed(detail)) => detail.handoff == Some(HandoffKind::Cold),
        _ => false,
    })
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

fn vendors(about: &About) -> Option<String> {
    let waits = about.model.population.vendor_waits.as_ref()?;
    let mut text = format!(
        "{} of the tickets wait for a vendor while they are being solved, {} on average",
        by_severity(about, &waits.share),
        roughly(waits.wait.mean())
    );
    if waits.again > 0.0 {
        text.push_str(&format!(", {} of these once more", percent(waits.again)));
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
