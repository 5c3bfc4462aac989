//! What tickets and alerts look like where they arrive: rows for ticket systems, events for paging and alerting webhooks.
//!
//! A payload carries symptoms only, and a reference that says nothing of the order. Forms are those that the receivers
//! publish; each is a file here. Every payload says that it is a drill.

mod alertmanager;
mod jira;
mod opsgenie;
mod pagerduty;
mod servicenow;
mod zendesk;

use super::archetype::InjectKind;
use super::exercise::{Drill, Inject};
use crate::time::{Instant, Origin, Zone};
use jiff::Timestamp;
use serde_json::Value;

/// A ticket or an alert as it arrives.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// The inject's reference; tickets of a storm have a number behind it.
    pub reference: String,
    /// When.
    pub at: Timestamp,
    /// Seconds of the exercise.
    pub offset_s: i64,
    /// Alert, ticket or storm.
    pub kind: InjectKind,
    /// What joins alerts: the reference of the incident's first one.
    pub key: String,
    /// The service.
    pub service: String,
    /// Rank of the reported severity, from 1.
    pub rank: usize,
    /// Its name.
    pub severity: String,
    /// What an alert measures.
    pub signal: String,
    /// One line, beginning `[DRILL]`.
    pub subject: String,
    /// The words.
    pub text: String,
    /// The team that the incident's tickets come to.
    pub team: String,
    /// When the incident is over, for alerts.
    pub resolved_at: Option<Timestamp>,
}

/// What a receiver of payloads is told of the scenario.
#[derive(Debug, Clone, Default)]
pub struct Organisation {
    /// Severities, most severe first.
    pub severities: Vec<String>,
}

/// A file of exports: its name and its bytes.
pub type Export = (String, Vec<u8>);

/// Everything that arrives, by time.
pub fn deliveries(drill: &Drill, organisation: &Organisation) -> Vec<Delivery> {
    let start: Timestamp = drill.start_at.parse().unwrap_or(Timestamp::UNIX_EPOCH);
    let at = |offset_s: i64| {
        start
            .saturating_add(jiff::SignedDuration::from_secs(offset_s))
            .unwrap_or(start)
    };
    let mut found = Vec::new();
    for inject in &drill.injects {
        let arrives = matches!(inject.kind, InjectKind::Alert | InjectKind::Ticket | InjectKind::Storm);
        if !arrives {
            continue;
        }
        let end = drill
            .injects
            .iter()
            .find(|other| other.kind == InjectKind::Resolution && other.incident == inject.incident);
        let story = drill.stories.get(inject.incident - 1);
        let severity = story.map(|story| story.reported.clone()).unwrap_or_default();
        let rank = organisation
            .severities
            .iter()
            .position(|name| *name == severity)
            .unwrap_or(0)
            + 1;
        let first = drill
            .injects
            .iter()
            .find(|other| other.kind == InjectKind::Alert && other.incident == inject.incident);
        let count = if inject.kind == InjectKind::Alert {
            1
        } else {
            inject.tickets.max(1)
        };
        for index in 0..count {
            let offset_s = inject.offset_s + inject.over_s * i64::from(index) / i64::from(count);
            found.push(Delivery {
                reference: reference(inject, index, count),
                at: at(offset_s),
                offset_s,
                kind: inject.kind,
                key: first.unwrap_or(inject).reference.clone(),
                service: inject.service.clone(),
                rank,
                severity: severity.clone(),
                signal: inject.signal.clone(),
                subject: format!("[DRILL] {}", inject.subject),
                text: inject.text.clone(),
                team: story.map(|story| story.first_team.clone()).unwrap_or_default(),
                resolved_at: end.map(|end| at(end.offset_s)),
            });
        }
    }
    found.sort_by_key(|delivery| delivery.offset_s);
    found
}

fn reference(inject: &Inject, index: u32, count: u32) -> String {
    match count {
        1 => inject.reference.clone(),
        _ => format!("{}-{:02}", inject.reference, index + 1),
    }
}

/// The files of some deliveries. Errors of writing to memory do not occur; they are passed on all the same.
pub fn exports(deliveries: &[Delivery], drill: &Drill) -> Result<Vec<Export>, csv::Error> {
    let zone = zone(drill);
    let alerts: Vec<&Delivery> = deliveries.iter().filter(|one| one.kind == InjectKind::Alert).collect();
    let tickets: Vec<&Delivery> = deliveries.iter().filter(|one| one.kind != InjectKind::Alert).collect();
    let mut files = Vec::new();
    if !alerts.is_empty() {
        files.push(("alerts-pagerduty.json".into(), json(&pagerduty::events(&alerts, &zone))));
        files.push((
            "alerts-alertmanager.json".into(),
            json(&alertmanager::notifications(&alerts, &zone)),
        ));
        files.push(("alerts-opsgenie.json".into(), json(&opsgenie::alerts(&alerts))));
    }
    if !tickets.is_empty() {
        files.push(("tickets-servicenow.csv".into(), servicenow::rows(&tickets)?));
        files.push(("tickets-jira.csv".into(), jira::rows(&tickets, &zone)?));
        files.push(("tickets-zendesk.json".into(), json(&zendesk::tickets(&tickets))));
    }
    Ok(files)
}

/// The event that `play` posts when an alert is due, in a form that a local receiver reads.
pub fn webhook(delivery: &Delivery, form: Webhook, drill: &Drill) -> Value {
    let zone = zone(drill);
    match form {
        Webhook::Pagerduty => pagerduty::trigger(delivery, &zone),
        Webhook::Alertmanager => alertmanager::notification(delivery, false, &zone),
    }
}

/// Forms in which alerts are posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Webhook {
    /// Events API v2.
    Pagerduty,
    /// Webhook version 4.
    Alertmanager,
}

fn json(value: &Value) -> Vec<u8> {
    format!("{value:#}\n").into_bytes()
}

fn zone(drill: &Drill) -> Zone {
    drill.zone.parse().unwrap_or(Zone::utc())
}

/// RFC 3339 with the zone's offset; in UTC before 1900 and after 2200.
pub(super) fn rfc3339(at: Timestamp, zone: &Zone) -> String {
    Origin::at(at, zone).map_or_else(|| at.to_string(), |origin| origin.iso(Instant::START))
}

/// At most so many characters.
fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

/// Rows as CSV with heads.
pub(super) fn table(heads: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(heads)?;
    for row in rows {
        writer.write_record(row)?;
    }
    writer
        .into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))
}
