//! What customers do when they wait, how severities come about, and what faults bring.

use super::words::{about as rounded, amount, length, listed, percent};
use super::{About, Section};
use crate::model::{Breeding, Incident, Patience};
use crate::random::Sampler;
use crate::scenario::{AttributeLevel, Mix, Named, Scenario, ShareBySeverity, TriageCondition};

/// Patience, chasers, reminders and drift.
pub(super) fn customers(about: &About) -> Section {
    let mut section = Section::new("Waiting customers");
    let population = &about.model.population;
    let services = population.services.iter();
    let leaving: Vec<Option<String>> = services
        .map(|service| service.patience.as_ref().map(|patience| leaving(about, patience)))
        .collect();
    match leaving.split_first() {
        Some((Some(first), rest)) if rest.iter().all(|other| other.as_ref() == Some(first)) => {
            section.say("patience", first);
        }
        _ => {
            for (name, leaving) in about.model.names.services.iter().zip(leaving) {
                section.say_if(name, leaving);
            }
        }
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
        false => format!("{} of the customers leave", some_of(about, &patience.share)),
    };
    format!("{whose} if no work has begun by then, after {waits} on average")
}

/// Shares by severity, those of none left out: `30 % (Sev4)`.
fn some_of(about: &About, shares: &[f64]) -> String {
    let names = about.model.names.severities.iter().cloned().zip(shares);
    let (names, some): (Vec<String>, Vec<String>) = names
        .filter(|(_, share)| **share > 0.0)
        .map(|(name, share)| (name, percent_to_hundredths(*share)))
        .unzip();
    match (names.len() == shares.len(), some.first()) {
        (true, _) => super::words::each_with(&names, &some),
        (false, Some(first)) if some.iter().all(|share| share == first) => format!("{first} ({})", names.join(", ")),
        (false, Some(_)) => super::words::each_with(&names, &some),
        (false, None) => "none".to_owned(),
    }
}

/// A share that may be small: `0.05 %`.
fn percent_to_hundredths(share: f64) -> String {
    let value = share * 100.0;
    match value > 0.0 && value < 0.95 {
        true => format!("{}\u{a0}%", libm::round(value * 100.0) / 100.0),
        false => percent(share),
    }
}

fn chasers(about: &About) -> Option<String> {
    let chasers = about.model.population.chasers.as_ref()?;
    let silence = match chasers.after {
        Some(after) => format!("after {} of silence", length(after.ms())),
        None => "after the silence that their update target promises".to_owned(),
    };
    let every: Vec<String> = chasers.every.iter().map(|law| rounded(law.mean())).collect();
    let every = super::words::each_with(&about.model.names.severities, &every);
    let written = about.written.chasers.as_ref();
    let most = match written.and_then(|written| written.at_most) {
        None => String::new(),
        Some(most) => format!(", at most {most} times"),
    };
    Some(format!(
        "{silence} and {every} on average, then again as long as there are no news{most}; answering one takes {} on average",
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
            "they are reminded after {}, each time {} answer{}",
            listed(&times, "and"),
            percent(reminders.share),
            match &reminders.answer {
                Some(law) => format!(", {} later on average", rounded(law.mean())),
                None => String::new(),
            }
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
    let hourly: Vec<f64> = drift.per_ms.iter().map(|rate| rate * 3_600_000.0).collect();
    let hourly = some_of(about, &hourly);
    let mut text = format!("the true severity rises by a step with a chance of {hourly} an hour while open");
    if drift.at_reopening.iter().any(|share| *share > 0.0) {
        let share = some_of(about, &drift.at_reopening);
        text.push_str(&format!(", and of {share} at a reopening"));
    }
    Some(text)
}

/// What decides the first reported severity, beside errors.
pub(super) fn triage(about: &About) -> Section {
    let mut section = Section::new("Triage");
    let (model, triage) = (about.model, &about.model.population.triage);
    let written = about.written.triage.as_ref();
    for (attribute, values) in attributes(about.written) {
        section.say(attribute, seen(about, &values));
    }
    if let (Some(nominal), Some(written)) = (&triage.nominal, written) {
        for (name, rule) in &written.rules {
            let which = says(&rule.if_);
            let which = if which.is_empty() {
                String::new()
            } else {
                format!(" if {}", which.join(" and "))
            };
            section.say(format!("rule {name}"), format!("says {}{which}", rule.severity));
        }
        let rest = match (&nominal.matrix, nominal.default) {
            (Some(_), _) => "by impact and urgency".to_owned(),
            (None, Some(severity)) => model.names.severities[severity.index()].clone(),
            (None, None) => "their true severity".to_owned(),
        };
        section.say("all others", rest);
    }
    section.say_if("mistakes", written.and_then(|written| mistaken(&written.confusion)));
    for (source, rows) in written.iter().flat_map(|written| &written.confusion_by_source) {
        section.say_if(format!("from {source}"), mistaken(rows));
    }
    if let Some(manual) = &triage.manual {
        let team = &model.names.teams[manual.team.index()];
        let whose = if manual.only_unmatched {
            "tickets that no rule matches"
        } else {
            "tickets"
        };
        let which = written.and_then(|written| written.manual.as_ref());
        let which = which.map(|written| says(&written.if_)).unwrap_or_default();
        let which = if which.is_empty() {
            String::new()
        } else {
            format!(", if {},", which.join(" and "))
        };
        let text = format!(
            "{team} reads {whose}{which} before they are routed, {} each on average",
            rounded(manual.work.mean())
        );
        section.say("by hand", text);
    }
    section
}

/// Values of an attribute with their shares.
type Values<'a> = Vec<(&'a str, &'a ShareBySeverity)>;

/// What can be seen of tickets, for all services alike.
fn attributes(written: &Scenario) -> Vec<(&'static str, Values<'_>)> {
    let Some(seen) = &written.attributes else {
        return Vec::new();
    };
    let mut found: Vec<(&'static str, Values)> = Vec::new();
    for (what, values) in [("source", &seen.source), ("words", &seen.keyword)] {
        found.push((
            what,
            values.iter().map(|(name, share)| (name.as_str(), share)).collect(),
        ));
    }
    for (what, levels) in [("impact", &seen.impact), ("urgency", &seen.urgency)] {
        let levels = levels.iter().flat_map(|levels| {
            let levels = [("high", &levels.high), ("medium", &levels.medium), ("low", &levels.low)];
            levels
                .into_iter()
                .filter_map(|(name, share)| Some((name, share.as_ref()?)))
        });
        found.push((what, levels.collect()));
    }
    found.retain(|(_, values)| !values.is_empty());
    found
}

/// `monitoring 60 % (Sev1), 30 % (Sev2) or 5 % (Sev3, Sev4); portal …`.
fn seen(about: &About, values: &Values) -> String {
    let names = &about.model.names.severities;
    let value = |(name, share): &(&str, &ShareBySeverity)| {
        let of = |severity: &String| match share {
            ShareBySeverity::All(share) => *share,
            ShareBySeverity::By(shares) => shares.get(severity).or(shares.get("other")).copied().unwrap_or(0.0),
        };
        let shares: Vec<String> = names.iter().map(|severity| percent(of(severity))).collect();
        format!("{name} {}", super::words::each_with(names, &shares))
    };
    values.iter().map(value).collect::<Vec<_>>().join("; ")
}

/// What a triage rule asks for, each as the end of "if …".
fn says(condition: &TriageCondition) -> Vec<String> {
    let list = |what: &str, names: &Option<Vec<String>>| Some(format!("{what} {}", listed(names.as_ref()?, "or")));
    let levels = |what: &str, levels: &Option<Vec<AttributeLevel>>| {
        let word = |level: &AttributeLevel| match level {
            AttributeLevel::High => "high",
            AttributeLevel::Medium => "medium",
            AttributeLevel::Low => "low",
        };
        let words: Vec<&str> = levels.as_ref()?.iter().map(word).collect();
        Some(format!("its {what} is {}", listed(&words, "or")))
    };
    let parts = [
        list("its service is", &condition.service),
        list("its customer is", &condition.customer_tier),
        list("its source is", &condition.source),
        list("its words are", &condition.keyword),
        levels("impact", &condition.impact),
        levels("urgency", &condition.urgency),
    ];
    parts.into_iter().flatten().collect()
}

/// `Sev1 is taken for Sev2 (10 %), Sev2 for Sev1 (5 %) or Sev3 (10 %)`.
fn mistaken(rows: &Named<Mix>) -> Option<String> {
    let row = |(from, mix): (&String, &Mix)| {
        let wrong = mix.iter().filter(|(to, share)| *to != from && **share > 0.0);
        let wrong: Vec<String> = wrong.map(|(to, share)| format!("{to} ({})", percent(*share))).collect();
        (!wrong.is_empty()).then(|| format!("{from} is taken for {}", listed(&wrong, "or")))
    };
    let rows: Vec<String> = rows.iter().filter_map(row).collect();
    (!rows.is_empty()).then(|| rows.join(", "))
}

/// Kinds of faults: how many tickets they bring and how those become one incident.
pub(super) fn incidents(about: &About) -> Section {
    let mut section = Section::new("Incidents");
    let incidents = &about.model.population.incidents;
    for (name, incident) in about.model.names.incidents.iter().zip(incidents) {
        let comes = comes(about, name, incident);
        section.say(
            name,
            [comes, fault(about, incident), known(incident), linked(about, incident)].concat(),
        );
    }
    section
}

/// How often, and where.
fn comes(about: &About, name: &str, incident: &Incident) -> String {
    let names = &about.model.names;
    let window = about.model.window;
    let mut often = Vec::new();
    if let Some(flow) = &incident.flow {
        let (from, until) = (window.from.ms() as f64, window.until.ms() as f64);
        let mut begins = 0.0;
        let mut faults = 0.0;
        for segment in &flow.segments {
            faults += (segment.until_ms.min(until) - f64::max(begins, from)).max(0.0) * segment.rate;
            begins = segment.until_ms;
        }
        often.push(format!(
            "{} a week",
            amount(faults / about.load.weeks.max(f64::MIN_POSITIVE))
        ));
    }
    let written = about.written.incidents.get(name);
    often.extend(written.filter(|written| !written.at.is_empty()).map(|written| {
        let at: Vec<String> = written.at.iter().map(|at| super::words::as_written(at)).collect();
        format!("{} after the start", super::words::shortened(at, 6))
    }));
    if often.is_empty() {
        return String::new();
    }
    let service = &names.services[incident.service.index()];
    let severity = match incident.severity {
        Some(severity) => format!(" ({})", names.severities[severity.index()]),
        None => String::new(),
    };
    format!("{}, first seen in {service}{severity}: ", listed(&often, "and"))
}

/// Whose tickets the others are.
fn of_whom(about: &About, incident: &Incident) -> String {
    let Some(children) = &incident.children else {
        return String::new();
    };
    let names = &about.model.names;
    let mix = |names: &[String], shares: &[f64]| {
        let mix = super::plan::mix(names, shares);
        let only = mix.strip_suffix(" 100\u{a0}%").filter(|only| !only.contains(','));
        only.map_or(mix.clone(), str::to_owned)
    };
    let services = mix(&names.services, &children.services);
    let severities = children.severities.as_ref();
    let severities = severities.map(|shares| format!("; {}", mix(&names.severities, shares)));
    format!(" ({services}{})", severities.unwrap_or_default())
}

fn fault(about: &About, incident: &Incident) -> String {
    let tickets = match incident.dedup {
        true => "a first ticket, which the others join while it is open".to_owned(),
        false => {
            let children: f64 = incident.tickets_by_service().iter().sum::<f64>() - 1.0;
            let of_whom = of_whom(about, incident);
            format!("a first ticket and {} more on average{of_whom}", amount(children))
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

fn linked(about: &About, incident: &Incident) -> String {
    let mut text = match &incident.linking {
        None => "; nobody links its tickets".to_owned(),
        Some(linking) => {
            let after = linking.delay.as_ref().map(|law| format!(" after {}", of(law)));
            let closing = linking.close_work.as_ref().map(|laws| {
                let means: Vec<String> = laws.iter().map(|law| rounded(law.mean())).collect();
                let means = super::words::each_with(&about.model.names.severities, &means);
                format!(" ({means} of work to close each)")
            });
            let clocks = match linking.parent_clock {
                true => ", whose clocks are the only ones that count then",
                false => "",
            };
            format!(
                "; {} of the others are linked{} and solved with the first{clocks}{}",
                percent(linking.share),
                after.unwrap_or_default(),
                closing.unwrap_or_default()
            )
        }
    };
    if let Some(page) = incident.status_page {
        let up = match page.after.ms() {
            0 => String::new(),
            ms => format!(", up {} after the declaration,", length(ms)),
        };
        let known = match page.half_life.ms() {
            0 => String::new(),
            ms => format!(" (half of them know of it within {})", length(ms)),
        };
        text.push_str(&format!(
            "; a status page{up} spares up to {}{known}",
            percent(page.deflect)
        ));
    }
    text
}
