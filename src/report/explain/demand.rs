//! What customers do when they wait, how severities come about, and what faults bring.

use super::words::{about as rounded, amount, length, listed, percent};
use super::{About, Section};
use crate::model::{Breeding, Incident, Patience};
use crate::random::Sampler;

/// Patience, chasers, reminders and drift.
pub(super) fn customers(about: &About) -> Section {
    let mut section = Section::new("Waiting customers");
    let population = &about.model.population;
    for (name, service) in about.model.names.services.iter().zip(&population.services) {
        section.say_if(name, service.patience.as_ref().map(|patience| leaving(about, patience)));
    }
    section.say_if("ask again", chasers(about));
    section.say_if("asked by us", unanswered(about));
    section.say_if("grow worse", drift(about));
    section
}

fn leaving(about: &About, patience: &Patience) -> String {
    let names = &about.model.names.severities;
    let waits: Vec<String> = patience.wait.iter().map(|law| rounded(law.mean())).collect();
    let waits = super::words::each_with(names, &waits);
    let whose = match patience.share.iter().all(|share| *share >= 1.0) {
        true => "customers leave".to_owned(),
        false => {
            let shares: Vec<String> = patience.share.iter().map(|share| percent(*share)).collect();
            format!("{} of the customers leave", super::words::each_with(names, &shares))
        }
    };
    format!("{whose} before the first work begins, after {waits} on average")
}

fn chasers(about: &About) -> Option<String> {
    let chasers = about.model.population.chasers.as_ref()?;
    let silence = match chasers.after {
        Some(after) => format!("after {} of silence", length(after.ms())),
        None => "after the silence that their update target promises".to_owned(),
    };
    let every: Vec<String> = chasers.every.iter().map(|law| rounded(law.mean())).collect();
    let every = super::words::each_with(&about.model.names.severities, &every);
    Some(format!(
        "{silence} and {every} on average, then again as long as there are no news; answering one takes {}",
        rounded(chasers.work.mean())
    ))
}

fn unanswered(about: &About) -> Option<String> {
    let pending = about.model.population.pending.as_ref()?;
    let mut parts = Vec::new();
    if pending.never > 0.0 {
        parts.push(format!("{} never answer by themselves", percent(pending.never)));
    }
    if let Some(reminders) = &pending.reminders {
        let times: Vec<String> = reminders.after.iter().map(|after| length(after.ms())).collect();
        parts.push(format!(
            "they are reminded after {}, which makes {} answer",
            listed(&times, "and"),
            percent(reminders.share)
        ));
    }
    if let Some(after) = pending.close_after {
        parts.push(format!(
            "without an answer the ticket is closed after {}",
            length(after.ms())
        ));
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

fn drift(about: &About) -> Option<String> {
    let drift = about.model.population.drift.as_ref()?;
    let names = &about.model.names.severities;
    let each = |shares: &mut dyn Iterator<Item = f64>| {
        let shares: Vec<String> = shares.map(percent).collect();
        super::words::each_with(names, &shares)
    };
    let hourly = each(&mut drift.per_ms.iter().map(|rate| rate * 3_600_000.0));
    let mut text = format!("true severities rise by a step with {hourly} an hour while open");
    if drift.at_reopening.iter().any(|share| *share > 0.0) {
        let share = each(&mut drift.at_reopening.iter().copied());
        text.push_str(&format!(", and with {share} at a reopening"));
    }
    Some(text)
}

/// What decides the first reported severity, beside errors.
pub(super) fn triage(about: &About) -> Section {
    let mut section = Section::new("Triage");
    let (model, triage) = (about.model, &about.model.population.triage);
    let written = about.written.triage.as_ref();
    if let (Some(nominal), Some(written)) = (&triage.nominal, written) {
        for (name, rule) in &written.rules {
            section.say(name, format!("says {}", rule.severity));
        }
        let rest = match (&nominal.matrix, nominal.default) {
            (Some(_), _) => "by impact and urgency".to_owned(),
            (None, Some(severity)) => model.names.severities[severity.index()].clone(),
            (None, None) => "their true severity".to_owned(),
        };
        section.say("all others", rest);
    }
    if let Some(manual) = &triage.manual {
        let team = &model.names.teams[manual.team.index()];
        let whose = if manual.only_unmatched {
            "tickets that no rule matches"
        } else {
            "tickets"
        };
        let text = format!(
            "{team} reads {whose} before they are routed, {} each",
            rounded(manual.work.mean())
        );
        section.say("by hand", text);
    }
    section
}

/// Kinds of faults: how many tickets they bring and how those become one incident.
pub(super) fn incidents(about: &About) -> Section {
    let mut section = Section::new("Incidents");
    let incidents = &about.model.population.incidents;
    for (name, incident) in about.model.names.incidents.iter().zip(incidents) {
        section.say(name, [fault(incident), known(incident), linked(incident)].concat());
    }
    section
}

fn fault(incident: &Incident) -> String {
    let tickets = match incident.dedup {
        true => "a first ticket, which the others join while it is open".to_owned(),
        false => {
            let children: f64 = incident.tickets_by_service().iter().sum::<f64>() - 1.0;
            format!("a first ticket and {} more on average", amount(children))
        }
    };
    let when = match incident.children.as_ref().map(|children| &children.breeding) {
        Some(Breeding::Count(_, Some(delay))) => format!(", {} after it began on average", rounded(delay.mean())),
        _ => String::new(),
    };
    let ends = match (&incident.lasts, incident.ends_with_parent) {
        (None, _) => "until its first ticket is solved".to_owned(),
        (Some(lasts), true) => format!("until its first ticket is solved, or for {}", of(lasts)),
        (Some(lasts), false) => format!("for {}, whoever solves its first ticket", of(lasts)),
    };
    format!("{tickets}{when}, if nobody mends it; it hurts {ends}")
}

fn of(law: &Sampler) -> String {
    format!("{} on average", rounded(law.mean()))
}

fn known(incident: &Incident) -> String {
    let declared = &incident.declared;
    let mut ways = Vec::new();
    if let Some(tickets) = declared.tickets {
        ways.push(match tickets {
            1 => "with the first ticket".to_owned(),
            many => format!("with {many} tickets"),
        });
    }
    if declared.touch > 0.0 {
        ways.push(format!("by {} of the agents who begin one", percent(declared.touch)));
    }
    if let Some(law) = &declared.monitoring {
        ways.push(format!("by monitoring after {}", of(law)));
    }
    format!("; declared {}", listed(&ways, "or"))
}

fn linked(incident: &Incident) -> String {
    let mut text = match &incident.linking {
        None => "; nobody links its tickets".to_owned(),
        Some(linking) => format!(
            "; {} of the others are linked and solved with the first",
            percent(linking.share)
        ),
    };
    if let Some(page) = incident.status_page {
        text.push_str(&format!("; a status page spares up to {}", percent(page.deflect)));
    }
    text
}
