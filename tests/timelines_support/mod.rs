//! A timeline: a scenario of tickets written out, played, and what must be seen of it as text.

#![allow(dead_code, reason = "each program of timelines uses its part")]

use escalade::experiment::tables::{Results, TicketRow};
use escalade::experiment::{RunOptions, run};
use escalade::scenario::{Document, render};
use escalade::time::{Instant, Origin, Zone};

/// One team of one person at one tier.
pub const ONE_PERSON: &str = r#"
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
"#;

/// One team, and nobody in it: tickets only wait.
pub const NOBODY: &str = r#"
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 0
"#;

/// Two tiers of one person each.
pub const TWO_TIERS: &str = r#"
[tiers.L1]
work = { deterministic = "1h" }
[tiers.L2]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
[teams.second]
tier = "L2"
headcount = 1
"#;

/// A day and an evening shift, back to back, of one person each; the team's table is left open.
pub const DAY_AND_EVENING: &str = r#"
[tiers.L1]
work = { deterministic = "1h" }
[teams.front.shifts.day]
headcount = 1
hours = { "Mon-Sun" = "09:00-17:00" }
[teams.front.shifts.evening]
headcount = 1
hours = { "Mon-Sun" = "17:00-01:00" }
[teams.front]
tier = "L1"
"#;

/// A day shift of one person; the team's table is left open.
pub const DAY_ONLY: &str = r#"
[tiers.L1]
work = { deterministic = "1h" }
[teams.front.shifts.day]
headcount = 1
hours = { "Mon-Sun" = "09:00-17:00" }
[teams.front]
tier = "L1"
"#;

pub const NO_TARGETS: &str = r#"
[severities.Sev1]
[severities.Sev2]
[severities.Sev3]
[severities.Sev4]
"#;

pub const BUSINESS: &str = r#"
[calendars.business]
hours = { "Mon-Fri" = "09:00-17:00" }
holidays = ["2026-04-03", "2026-04-06"]
"#;

/// Plays the scenario whose parts these are and compares what is seen with what is expected.
///
/// `start` is `2026-04-02T16:10 Europe/Berlin`; without a zone it is Berlin. The first part may begin with keys outside any
/// table, such as `tickets`.
#[track_caller]
pub fn check(start: &str, parts: &[&str], expected: &str) -> Results {
    let results = check_quietly(start, parts);
    let (at, zone) = start.split_once(' ').unwrap_or((start, "Europe/Berlin"));
    let zone: Zone = zone.parse().expect("a zone");
    let origin = Origin::read(at, &zone).expect("a start");
    let seen = seen(&results, &origin);
    let expected: Vec<&str> = expected
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    assert!(
        seen == expected,
        "{}\nexpected:\n  {}\nseen:\n  {}\n",
        parts.join("\n"),
        expected.join("\n  "),
        seen.join("\n  ")
    );
    results
}

/// Plays the scenario whose parts these are.
#[track_caller]
pub fn check_quietly(start: &str, parts: &[&str]) -> Results {
    let (at, zone) = start.split_once(' ').unwrap_or((start, "Europe/Berlin"));
    let text = format!(
        "name = \"timeline\"\n\
         run = {{ start = \"{at}\", zone = \"{zone}\", horizon = \"3w\", drain = \"2w\", replications = 1 }}\n\
         {}\n[services.desk]\n",
        parts.join("\n")
    );
    let document = Document::parse("timeline.toml", text.as_str());
    let told = |problems| format!("{}\n{text}", render(&document, problems, false));
    assert!(!document.problems().any_error(), "{}", told(document.problems()));
    let options = RunOptions {
        threads: Some(1),
        tickets: true,
        events: true,
        trace_replications: 1,
        ..RunOptions::default()
    };
    match run(&document, &options, &()) {
        Ok(results) => {
            results
                .events
                .iter()
                .for_each(|event| assert_is_documented(&event.activity));
            results
        }
        Err(escalade::experiment::RunError::Problems(problems)) => panic!("{}", told(&problems)),
        Err(error) => panic!("{error}\n{text}"),
    }
}

/// Whoever reads the events finds every activity in the documentation.
fn assert_is_documented(activity: &str) {
    let word = activity.split(':').next().unwrap_or(activity);
    let outputs = include_str!("../../docs/outputs.md");
    let is_named = outputs.contains(&format!("`{word}`")) || outputs.contains(&format!("`{word}:"));
    assert!(is_named, "docs/outputs.md does not say what `{activity}` is");
}

fn seen(results: &Results, origin: &Origin) -> Vec<String> {
    let events = results.events.iter().filter(|event| !event.ticket.is_empty());
    let events = events.map(|event| {
        let line = format!(
            "{} {} {} {}",
            local(origin, event.at),
            event.ticket,
            event.activity,
            event.resource
        );
        line.trim_end().to_string()
    });
    events
        .chain(results.tickets.iter().filter_map(|row| fate(row, origin)))
        .collect()
}

/// `= a first_response due 09:30:00 met | resolve due 13:00:00 breached`; `None` for a ticket without targets.
fn fate(row: &TicketRow, origin: &Origin) -> Option<String> {
    let clock = |name: &str, due: Option<Instant>, breached: Option<bool>| {
        let became = match breached {
            Some(true) => "breached",
            Some(false) => "met",
            None => "undecided",
        };
        (due.is_some() || breached.is_some()).then(|| {
            let due = due.map_or("never".to_string(), |due| local(origin, due));
            format!("{name} due {due} {became}")
        })
    };
    let clocks: Vec<String> = [
        clock("first_response", row.first_response_due, row.first_response_breached),
        clock("mitigate", row.mitigate_due, row.mitigate_breached),
        clock("resolve", row.resolve_due, row.resolve_breached),
    ]
    .into_iter()
    .flatten()
    .collect();
    (!clocks.is_empty()).then(|| format!("= {} {}", row.ticket, clocks.join(" | ")))
}

/// `13:00:00` on the first day, `Tue 04-07 13:00:00` later, milliseconds only if there are any.
fn local(origin: &Origin, at: Instant) -> String {
    let (local, first) = (origin.local(at), origin.local(Instant::START));
    let mut text = String::new();
    if local.date != first.date {
        let day = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][local.weekday as usize];
        text = format!("{day} {:02}-{:02} ", local.date.month(), local.date.day());
    }
    text += &format!("{:02}:{:02}:{:02}", local.hour, local.minute, local.second);
    if local.ms != 0 {
        text += &format!(".{:03}", local.ms);
    }
    text
}

/// A metric's estimate of one slice; `None` without a row, or where there was nothing to observe.
pub fn slice(results: &Results, name: &str, by: &str, group: &str) -> Option<f64> {
    results.find(0, name, by, group)?.estimate
}

#[track_caller]
pub fn metric(results: &Results, name: &str) -> f64 {
    let row = results.find(0, name, "all", "").expect(name);
    row.estimate.expect(name)
}
