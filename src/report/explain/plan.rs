//! When and how often is simulated, and who asks for help.

use serde_json::{Map, Value, json};

use super::words::{amount, each_with, grouped, length, listed, moment, percent, roughly, shortened};
use super::{About, Section};
use crate::model::{ServiceDemand, defaults};
use crate::scenario::{Arrivals, Hours};
use crate::time::{Date, Instant, Length, Zone};

/// Most dates in a sentence.
const DATES_MOST: usize = 4;
const DAY: Length = Length::from_secs(24 * 3600);

/// When, how long, how often.
pub(super) fn time(about: &About) -> Section {
    let (model, run) = (about.model, &about.written.run);
    let (window, origin) = (model.window, &model.origin);
    let zone = origin.zone();
    let at = |instant| moment(origin, zone, instant);
    let mut section = Section::new("What will be simulated");
    section.say("start", format!("{}, time zone {}", at(Instant::START), zone.name()));
    let warm_up = window.from - Instant::START;
    section.say(
        "warm-up",
        match warm_up == Length::ZERO {
            true => "none: it is measured from the first instant, when all queues are empty".to_owned(),
            false => format!(
                "{}, simulated and not measured, to fill the queues",
                length(warm_up.ms())
            ),
        },
    );
    let measured = length((window.until - window.from).ms());
    section.say(
        "measured",
        format!("{measured}, {} to {}", at(window.from), at(window.until)),
    );
    section.say("drain", drain(window.last - window.until));
    section.say_if("clock changes", clock_changes(about));
    let replications = run.replications.unwrap_or(defaults::REPLICATIONS);
    section.say("repeated", repeated(replications, seed(about), about.candidates));
    section.say("tickets", tickets(about, replications));
    section
}

fn drain(drain: Length) -> String {
    match drain == Length::ZERO {
        true => "none: what is open at the end stays undecided".to_owned(),
        false => format!(
            "up to {} more, to see what becomes of the last tickets",
            length(drain.ms())
        ),
    }
}

fn seed(about: &About) -> u64 {
    about.written.run.seed.unwrap_or(defaults::SEED)
}

fn repeated(replications: u32, seed: u64, candidates: usize) -> String {
    let times = match replications {
        1 => "once".to_owned(),
        many => format!("{} times", grouped(f64::from(many))),
    };
    match candidates {
        1 => format!("{times}, from seed {seed}"),
        _ => format!("{times}, from seed {seed}; all candidates meet the same tickets"),
    }
}

fn tickets(about: &About, replications: u32) -> String {
    let each = about.load.tickets_per_replication;
    let all = each * f64::from(replications) * about.candidates as f64;
    let plays = match about.candidates {
        1 => "in all".to_owned(),
        many => format!("in all, for {many} candidates"),
    };
    format!("about {} a replication, {} {plays}", roughly(each), roughly(all))
}

/// When the clocks of the zones that matter are changed within the run.
fn clock_changes(about: &About) -> Option<String> {
    let mut changes = Vec::new();
    for zone in zones(about) {
        let mut found = changes_in(about, &zone);
        let more = found.len() > DATES_MOST;
        found.truncate(DATES_MOST);
        if !found.is_empty() {
            let and_so_on = if more { " and so on" } else { "" };
            changes.push(format!("{} in {}{and_so_on}", found.join(", "), zone.name()));
        }
    }
    (!changes.is_empty()).then(|| changes.join("; "))
}

fn changes_in(about: &About, zone: &Zone) -> Vec<String> {
    let (origin, last) = (&about.model.origin, about.model.window.last);
    let mut found = Vec::new();
    let mut before = origin.local_in(zone, Instant::START);
    let mut at = Instant::START;
    while at < last && found.len() <= DATES_MOST {
        at = (at + DAY).min(last);
        let now = origin.local_in(zone, at);
        if now.offset_s != before.offset_s {
            let way = if now.offset_s > before.offset_s {
                "forward"
            } else {
                "back"
            };
            found.push(format!("{} ({way})", change_date(about, zone, at, now.offset_s)));
        }
        before = now;
    }
    found
}

/// The local date, within the day before `at`, from which on the offset is the new one.
fn change_date(about: &About, zone: &Zone, at: Instant, offset_s: i32) -> Date {
    let (mut old, mut new) = ((at - DAY).ms(), at.ms());
    while new - old > 1 {
        let middle = old + (new - old) / 2;
        let local = about.model.origin.local_in(zone, Instant::from_ms(middle));
        match local.offset_s == offset_s {
            true => new = middle,
            false => old = middle,
        }
    }
    about.model.origin.local_in(zone, Instant::from_ms(new)).date
}

/// The zones that something follows: calendars, shifts and arrivals by the hour.
fn zones(about: &About) -> Vec<Zone> {
    let written = about.written;
    let run = about.model.origin.zone();
    let calendars = written.calendars.values().map(|calendar| calendar.zone.as_deref());
    let weekly = |hours: &Hours| matches!(hours, Hours::Weekly(_));
    let shifts = written.teams.values().flat_map(|team| {
        let followed = team.shifts.values().filter(|shift| weekly(&shift.hours));
        followed.map(|shift| team.zone_of(Some(shift)))
    });
    let services = written
        .services
        .values()
        .filter_map(|service| service.arrivals.as_ref());
    let arrivals = services
        .chain(&written.arrivals)
        .map(|arrivals| arrivals.zone.as_deref());
    let mut zones: Vec<Zone> = vec![run.clone()];
    for name in calendars.chain(shifts).chain(arrivals).flatten() {
        if let Ok(zone) = name.parse::<Zone>()
            && !zones.iter().any(|known| known.name() == zone.name())
        {
            zones.push(zone);
        }
    }
    zones
}

/// Who asks for help, how often, how severe it is, and how right the reports are.
pub(super) fn demand(about: &About) -> Section {
    let mut section = Section::new("Demand");
    let (load, names) = (about.load, &about.model.names);
    section.say("all", format!("{} tickets a week", amount(load.tickets())));
    for (index, name) in names.services.iter().enumerate() {
        section.say(name, service(about, index));
    }
    section.say("by chance", chance(about));
    let scripted = about.model.population.scripted.len();
    if scripted > 0 {
        section.say("written out", super::words::counted(scripted, "ticket"));
    }
    section.say_if("reported", reported(about));
    section
}

fn service(about: &About, index: usize) -> String {
    let (model, load) = (about.model, about.load);
    let demand = &model.population.services[index];
    let written = about.written.services.get_index(index).map(|(_, service)| service);
    let mut parts = vec![match load.services[index] > 0.0 {
        true => format!("{} a week{}", amount(load.services[index]), rhythm(about, index)),
        false => "no tickets in the window".to_owned(),
    }];
    parts.push(mix(&model.names.severities, &demand.severities));
    if model.names.customer_tiers.len() > 1 {
        parts.push(mix(&model.names.customer_tiers, &demand.customers));
    }
    if demand.needs_at_least.index() > 0 {
        let tier = &model.names.tiers[demand.needs_at_least.index()];
        parts.push(format!("no tier below {tier} can solve any"));
    }
    let start = model.starts_at[index];
    if start.index() > 0 {
        parts.push(format!("they enter at {}", model.names.tiers[start.index()]));
    }
    if let Some(needs) = written.map(|service| &service.needs).filter(|needs| !needs.is_empty()) {
        let skills = if needs.len() == 1 { "skill" } else { "skills" };
        parts.push(format!("they need the {skills} {}", listed(needs, "and")));
    }
    if model.on_call.ack_counts[index] {
        parts.push("a page acknowledged is their first response".to_owned());
    }
    if demand.work_factor != 1.0 {
        parts.push(format!("{} of the usual work", percent(demand.work_factor)));
    }
    parts.join("; ")
}

/// When in the week they come: `, 12 % of them at weekends, busiest at 10:00`.
fn rhythm(about: &About, index: usize) -> String {
    let own = about.written.services.get_index(index).map(|(_, service)| service);
    let written = own.and_then(|service| match service.share {
        Some(_) => about.written.arrivals.as_ref(),
        None => service.arrivals.as_ref(),
    });
    let Some(written) = written else { return String::new() };
    let weights = week(written);
    let all: f64 = weights.iter().sum();
    let weekend: f64 = weights[120..].iter().sum();
    let of_day = |hour: usize| (0..5).map(|day| weights[24 * day + hour]).sum::<f64>();
    let hours: Vec<f64> = (0..24).map(of_day).collect();
    let most = hours.iter().copied().fold(0.0, f64::max);
    let busiest = hours.iter().position(|hour| *hour == most).unwrap_or(0);
    let share = weekend / all.max(f64::MIN_POSITIVE);
    let mut text = String::new();
    if (share - 2.0 / 7.0).abs() > 0.005 {
        text.push_str(&format!(", {} of them at weekends", percent(share)));
    }
    if hours.iter().any(|hour| *hour != most) {
        text.push_str(&format!(", busiest at {busiest:02}:00"));
    }
    text
}

/// Relative weights of the 168 hours of a week.
fn week(written: &Arrivals) -> Vec<f64> {
    if let Some(hours) = written.per_hour_of_week.as_ref().filter(|hours| hours.len() == 168) {
        return hours.clone();
    }
    let by_hour = |day: usize| match day < 5 {
        true => written.by_hour.as_ref(),
        false => written.by_hour_weekend.as_ref().or(written.by_hour.as_ref()),
    };
    let weight = |list: Option<&Vec<f64>>, place: usize| list.and_then(|list| list.get(place)).copied();
    let of_hour = |hour: usize| {
        let (day, hour) = (hour / 24, hour % 24);
        let of_day: f64 = by_hour(day).map_or(24.0, |hours| hours.iter().sum());
        let share = weight(by_hour(day), hour).unwrap_or(1.0) / of_day.max(f64::MIN_POSITIVE);
        weight(written.by_weekday.as_ref(), day).unwrap_or(1.0) * share
    };
    (0..168).map(of_hour).collect()
}

/// `Sev1 2 %, Sev2 13 %, Sev3 85 %`.
pub(super) fn mix(names: &[String], cumulated: &[f64]) -> String {
    let mut before = 0.0;
    let mut parts = Vec::new();
    for (name, sum) in names.iter().zip(cumulated) {
        if *sum > before {
            parts.push(format!("{name} {}", percent(sum - before)));
        }
        before = *sum;
    }
    parts.join(", ")
}

/// How tickets scatter around their mean number.
fn chance(about: &About) -> String {
    let written = about.written;
    let variance = |arrivals: &Arrivals| arrivals.day_variance.unwrap_or(0.0);
    let all = written.arrivals.as_ref().map_or(0.0, variance);
    let own = written.services.iter().filter_map(|(name, service)| {
        let variance = service.arrivals.as_ref().map(variance)?;
        (variance > 0.0).then(|| (name.clone(), percent(libm::sqrt(variance))))
    });
    let (services, spreads): (Vec<String>, Vec<String>) = own.unzip();
    let mut parts = Vec::new();
    if all > 0.0 {
        parts.push(percent(libm::sqrt(all)));
    }
    if let Some(first) = spreads.first() {
        let alike = services.len() == written.services.len() && spreads.iter().all(|spread| spread == first);
        parts.push(match alike {
            true => format!("{first}, each service by itself"),
            false => each_with(&services, &spreads),
        });
    }
    let independent = "tickets come independently of each other";
    match parts.is_empty() {
        true => independent.to_owned(),
        false => format!(
            "{independent}; beyond that, whole days are busier or quieter by {} (one standard deviation)",
            listed(&parts, "and")
        ),
    }
}

/// How often the reported severity is the true one, and what is done about it.
fn reported(about: &About) -> Option<String> {
    let triage = &about.model.population.triage;
    if !triage.errs() && !triage.corrects() {
        return None;
    }
    let wrong = about.load.misreported / about.load.tickets().max(f64::MIN_POSITIVE);
    let mut text = format!("{} of the tickets with a wrong severity", percent(wrong));
    if triage.corrects() {
        text.push_str(&format!(
            "; who works on it first corrects {} of those reported too severe and {} of those not severe enough",
            percent(triage.corrects_over),
            percent(triage.corrects_under)
        ));
        if triage.corrects_wrongly > 0.0 {
            text.push_str(&format!(
                ", and makes {} of the right ones wrong",
                percent(triage.corrects_wrongly)
            ));
        }
        if triage.correction_work > Length::ZERO {
            text.push_str(&format!(", which takes {}", length(triage.correction_work.ms())));
        }
    } else {
        text.push_str("; nobody corrects it");
    }
    Some(text)
}

/// `run` and `demand` as numbers.
pub(super) fn numbers(about: &About) -> Value {
    let (model, run, load) = (about.model, &about.written.run, about.load);
    let (window, origin) = (model.window, &model.origin);
    let replications = run.replications.unwrap_or(defaults::REPLICATIONS);
    let seconds = |length: Length| length.ms() as f64 / 1000.0;
    let services = model.population.services.iter().enumerate().map(|(index, demand)| {
        json!({
            "service": model.names.services[index],
            "tickets_per_week": load.services[index],
            "severities": shares(&model.names.severities, demand),
        })
    });
    json!({
        "run": {
            "start": origin.iso(Instant::START),
            "zone": origin.zone().name(),
            "warm_up_s": seconds(window.from - Instant::START),
            "measured_from": origin.iso(window.from),
            "measured_until": origin.iso(window.until),
            "drain_s": seconds(window.last - window.until),
            "replications": replications,
            "seed": seed(about),
            "tickets_per_replication": load.tickets_per_replication,
            "tickets": load.tickets_per_replication * f64::from(replications) * about.candidates as f64,
        },
        "demand": {
            "tickets_per_week": load.tickets(),
            "misreported_per_week": load.misreported,
            "reopened_per_week": load.reopened,
            "services": services.collect::<Value>(),
        },
    })
}

fn shares(names: &[String], demand: &ServiceDemand) -> Value {
    let mut before = 0.0;
    let mut shares = Map::new();
    for (name, sum) in names.iter().zip(&demand.severities) {
        shares.insert(name.clone(), json!(sum - before));
        before = *sum;
    }
    Value::Object(shares)
}

/// Dates of holidays that lie within the run.
pub(super) fn holidays_within(about: &About, dates: &[String], zone: &Zone) -> String {
    let origin = &about.model.origin;
    let first = origin.local_in(zone, Instant::START).date;
    let last = origin.local_in(zone, about.model.window.last).date;
    let dates = dates.iter().filter_map(|date| date.parse::<Date>().ok());
    let within = dates.filter(|date| (first..=last).contains(date));
    shortened(
        within.map(|date| format!("{} {date}", date.weekday())).collect(),
        DATES_MOST + 2,
    )
}

/// The zone that is written, else the run's.
pub(super) fn zone_of(about: &About, written: Option<&str>) -> Zone {
    let written = written.and_then(|name| name.parse().ok());
    written.unwrap_or_else(|| about.model.origin.zone().clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_read_from_their_sums() {
        let names = ["a".to_owned(), "b".to_owned()];
        assert_eq!(
            super::super::layout::plain(&mix(&names, &[0.25, 1.0])),
            "a 25 %, b 75 %"
        );
    }
}
