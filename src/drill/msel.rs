//! The master scenario events list as CSV: one row an inject, in the order of delivery.

use super::exercise::{Drill, Inject};
use super::offset::{offset, offset_or_never};
use crate::time::Zone;
use jiff::{SignedDuration, Timestamp};

/// The columns, in their order.
pub const COLUMNS: [&str; 16] = [
    "number",
    "time_offset",
    "wall_clock",
    "type",
    "method",
    "from",
    "to",
    "inject",
    "payload_ref",
    "objective",
    "expected_action",
    "expected_by",
    "contingency",
    "observed_at",
    "notes",
    "rating",
];

/// The list as CSV.
pub fn csv(drill: &Drill) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for inject in &drill.injects {
        writer.write_record(row(drill, inject))?;
    }
    writer
        .into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))
}

fn row(drill: &Drill, inject: &Inject) -> [String; 16] {
    let numbers: Vec<String> = inject.objectives.iter().map(usize::to_string).collect();
    [
        inject.number.clone(),
        offset(inject.offset_s as f64),
        wall_clock(drill, inject.offset_s as f64),
        inject.kind.to_string(),
        inject.method.clone(),
        inject.from.clone(),
        inject.to.to_string(),
        delivered(drill, inject),
        match inject.tickets > 0 || inject.kind == super::archetype::InjectKind::Alert {
            true => inject.reference.clone(),
            false => String::new(),
        },
        numbers.join(" "),
        inject.expected_action.clone(),
        expected_by(drill, inject),
        inject.contingencies.join(" "),
        String::new(),
        String::new(),
        String::new(),
    ]
}

/// The time on the wall at a second of the exercise, RFC 3339.
pub fn wall_clock(drill: &Drill, offset_s: f64) -> String {
    local(drill, &drill.start_at, offset_s)
}

/// The time on the wall of the story, RFC 3339.
pub fn story_clock(drill: &Drill, story_s: f64) -> String {
    local(drill, &drill.story_at, story_s)
}

fn local(drill: &Drill, from: &str, seconds: f64) -> String {
    let from: Timestamp = from.parse().unwrap_or(Timestamp::UNIX_EPOCH);
    let at = from
        .saturating_add(SignedDuration::from_secs(seconds.round() as i64))
        .unwrap_or(from);
    super::payload::rfc3339(at, &drill.zone.parse().unwrap_or(Zone::utc()))
}

/// The words as they are delivered, with the leap of the story's clock if there is one.
pub fn delivered(drill: &Drill, inject: &Inject) -> String {
    let mut text = String::new();
    if inject.jumps {
        let clock = story_clock(drill, inject.story_s as f64);
        text = format!(
            "Time jumps: it is now {} in the story. ",
            &clock[..16].replace('T', " ")
        );
    }
    if !inject.subject.is_empty() {
        text.push_str(&inject.subject);
        text.push_str(": ");
    }
    text.push_str(&inject.text);
    if inject.tickets > 1 {
        text = format!("{} tickets within {} min: {text}", inject.tickets, inject.over_s / 60);
    }
    text
}

/// Target and band of each milestone that an inject waits for, as offsets of the story.
pub fn expected_by(drill: &Drill, inject: &Inject) -> String {
    let lines = inject.expects.iter().filter_map(|key| drill.band(key)).map(|band| {
        let start = drill.stories.get(band.incident - 1).map_or(0.0, |story| story.after_s);
        let at = |value: Option<f64>| offset_or_never(value.map(|value| start + value));
        let target = band.target_s.map_or("no target".to_owned(), |target| {
            format!("target {}", offset(start + target))
        });
        let [p10, p50, p90] = [band.p10, band.p50, band.p90].map(|quantile| at(quantile.value));
        format!("{}: {target}, {p10} / {p50} / {p90}", band.key())
    });
    lines.collect::<Vec<_>>().join("; ")
}
