//! Shortcuts of the kernel: a faster way to the same answer, held against the general way.
//!
//! The general way is taken by writing the same thing so that the shortcut does not apply: a calendar of one's own that is
//! always open instead of `24x7`, a rule that never fires instead of none. Every number of every replication must agree.

use escalade::experiment::{ReplicationRow, RunOptions, run};
use escalade::scenario::Document;

const DESK: &str = r#"
name = "a desk under pressure"
[run]
start = "2026-01-05"
horizon = "3w"
replications = 4
[severities]
Sev1 = { first_response = "15m", resolve = "4h" }
Sev2 = { first_response = "1h", resolve = "12h" }
[services.desk]
arrivals.rate = "12/h"
mix = { Sev1 = 0.2, Sev2 = 0.8 }
[tiers.L1]
work = { exponential = "12m" }
escalates.L2 = { Sev1 = 0.5, Sev2 = 0.2 }
[tiers.L2]
work = { lognormal = { median = "40m", sigma = 0.8 } }
[teams.front]
tier = "L1"
headcount = 3
[teams.back]
tier = "L2"
headcount = 3
discipline = "fifo"
"#;

/// All replication values of a scenario, the rows of rules and of times on calendars left out: they are there in one of the two
/// only.
fn values(text: &str) -> Vec<ReplicationRow> {
    let document = Document::parse("shortcut.toml", text);
    assert!(!document.problems().any_error(), "{:?}", document.problems());
    let results = run(&document, &RunOptions::default(), &()).expect("the scenario is valid");
    let rows = results.replication_rows.iter();
    rows.filter(|row| row.by != "rule" && !row.metric.ends_with("_cal_s"))
        .collect()
}

#[test]
fn a_calendar_that_is_always_open_is_the_same_as_none() {
    let open = DESK
        .replace(
            r#"first_response = "15m""#,
            r#"first_response = { within = "15m", calendar = "open" }"#,
        )
        .replace(
            r#"resolve = "12h""#,
            r#"resolve = { within = "12h", calendar = "open" }"#,
        );
    let open =
        format!("{open}\n[calendars.open]\nhours = {{ \"Mon-Sun\" = \"00:00-24:00\" }}\nholidays = [\"2030-01-01\"]\n");
    assert_eq!(values(DESK), values(&open));
}

#[test]
fn a_rule_that_never_fires_is_the_same_as_none() {
    let rule = "[rules.never]\nwhen = { in_queue = \"40w\" }\nthen = [{ transfer = \"L2\" }]\n";
    assert_eq!(values(DESK), values(&format!("{DESK}\n{rule}")));
}

#[test]
fn breaches_that_are_watched_are_those_that_are_computed() {
    let document = Document::parse("shortcut.toml", DESK);
    let options = RunOptions {
        tickets: true,
        events: true,
        trace_replications: 1,
        ..RunOptions::default()
    };
    let results = run(&document, &options, &()).expect("the scenario is valid");
    for (kind, breached) in [
        (
            "breach:first_response",
            results
                .tickets
                .iter()
                .filter(|row| row.first_response_breached == Some(true))
                .count(),
        ),
        (
            "breach:resolve",
            results
                .tickets
                .iter()
                .filter(|row| row.resolve_breached == Some(true))
                .count(),
        ),
    ] {
        assert_eq!(
            results.events.iter().filter(|event| event.activity == kind).count(),
            breached,
            "{kind}"
        );
        assert!(breached > 20, "{kind}: the desk is not under pressure");
    }
}
