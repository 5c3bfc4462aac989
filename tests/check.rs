//! What `escalade check` says of a scenario that is right, as people read it, and whether the load that it foretells is
//! the occupancy that a run then finds.

use std::path::Path;
use std::process::Command;

use escalade::experiment::{self, RunOptions};
use escalade::model::{Load, compile};
use escalade::report::explain;
use escalade::scenario::{Document, Problems, render};
use serde_json::Value;

/// The output of `escalade check` on a file of this repository; nothing may stand on standard error.
fn check(file: &str, more: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_escalade"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["check", file])
        .args(more)
        .output()
        .expect("the program can be started");
    let said = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    assert_eq!(said(output.stderr), "");
    assert!(output.status.success());
    said(output.stdout)
}

#[test]
fn the_ladder_is_explained() {
    insta::assert_snapshot!(check("scenarios/ladder.toml", &[]));
}

#[test]
fn shifts_calendars_and_rules_are_explained() {
    insta::assert_snapshot!(check("tests/check/clinic.toml", &[]));
}

/// Every part of the language, so that no setting goes unsaid.
#[test]
fn the_whole_playbook_is_explained() {
    insta::assert_snapshot!(check("scenarios/playbook.toml", &[]));
}

#[test]
fn no_line_is_wider_than_80_columns() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let shipped = std::fs::read_dir(folder).expect("a folder");
    let shipped = shipped.map(|entry| entry.expect("an entry").path().display().to_string());
    let files = shipped.filter(|file| file.ends_with(".toml"));
    for file in files.chain(["tests/check/clinic.toml".to_owned()]) {
        for line in check(&file, &[]).lines() {
            assert!(line.chars().count() <= 80, "{file}: {line}");
            assert_eq!(line.trim_end(), line, "{file}: space at the end of a line");
        }
    }
}

#[test]
fn the_json_says_the_same_as_the_text() {
    let text = check("tests/check/clinic.toml", &[]);
    let json: Value = serde_json::from_str(&check("tests/check/clinic.toml", &["--format", "json"])).expect("JSON");
    let unwrapped = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = unwrapped(&text);
    let sections = json["explanation"].as_array().expect("sections");
    let facts = sections
        .iter()
        .flat_map(|section| section["facts"].as_array().expect("facts"));
    for fact in facts {
        let fact = unwrapped(fact["text"].as_str().expect("a text"));
        assert!(text.contains(&fact), "{fact}");
    }
    let base = &json["candidates"][0];
    assert_eq!(base["load"][0]["team"], "desk");
    assert_eq!(
        base["load"][0]["offered_and_on_duty_by_hour_of_week"]
            .as_array()
            .map(Vec::len),
        Some(168)
    );
    assert_eq!(json["candidates"][2]["changes"][0]["after"], "6");
    assert_eq!(json["run"]["replications"], 30);
}

/// What is said of one team with these parts, in one line.
fn explained(parts: &str) -> String {
    let team = r#"
        name = "desk"
        run = { start = "2026-03-02", horizon = "1w" }
        severities.Sev1 = { resolve = "4h" }
        tiers.L1.work.exponential = "10m"
        teams.desk = { tier = "L1", headcount = 3 }
    "#;
    let document = Document::parse("desk.toml", format!("{team}\n{parts}"));
    let (explanation, problems) = explain(&document);
    let explanation = explanation.unwrap_or_else(|| panic!("{}", render(&document, &problems, false)));
    explanation.text(400).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_rule_that_fires_once_is_explained_by_what_that_is_once_of() {
    let of = |rule: &str| {
        explained(&format!(
            "services.app.arrivals.rate = \"1/h\"\nrules.nag = {{ then = [{{ alert = \"lead\" }}], {rule} }}"
        ))
    };
    let rules = [
        (
            r#"when = { breached = "resolve" }, fires = "once", every = "30m""#,
            "Once the time for resolution is used up: alert lead; once a clock; again every 30 min",
        ),
        (
            r#"when = { in_tier = "2h" }, unless = { owned = true }, fires = "once", every = "30m""#,
            "After 2 h in one tier: alert lead; not if somebody owns it; once in a ticket's life; if the exception holds \
             it back, tried again every 30 min",
        ),
    ];
    for (rule, words) in rules {
        assert!(of(rule).contains(words), "{}", of(rule));
    }
    let nothing_again = of(r#"when = { in_tier = "2h" }, fires = "once", every = "30m""#);
    assert!(nothing_again.contains("once in a ticket's life"), "{nothing_again}");
    assert!(!nothing_again.contains("again every"), "{nothing_again}");
}

#[test]
fn how_much_is_too_much_for_a_primary_is_explained() {
    let services = |overload: &str| {
        explained(&format!(
            "services.app = {{ arrivals.rate = \"1/h\", primary = \"desk/1\", secondary = \"desk/2\"{overload} }}"
        ))
    };
    let usual = services("");
    assert!(
        usual
            .contains("desk/2 if desk/1 is away or has too much (as many as desk/1 works on at once), with what waits"),
        "{usual}"
    );
    let written = services(", overload = 1");
    assert!(
        written.contains("has too much (1 ticket), with what waits"),
        "{written}"
    );
}

/// Three tiers round the clock with routes, wrong reports, corrections, notes, losses and returns.
const STEADY: &str = r#"
name = "steady"
[run]
start = "2026-01-05"
horizon = "12w"
warm_up = "2w"
replications = 30
[severities]
Sev1 = { resolve = "8h" }
Sev2 = { resolve = "8h" }
[services.a]
arrivals.rate = "6/h"
mix = { Sev1 = 0.2, Sev2 = 0.8 }
work_factor = 1.3
[services.b]
arrivals.rate = "2/h"
mix = { Sev2 = 1.0 }
needs_at_least = "L2"
[triage]
confusion = { Sev2 = { Sev1 = 0.3, Sev2 = 0.7 } }
override = { over = 0.6, under = 1.0, work = "4m" }
[tiers.L1]
work = { lognormal = { median = "12m", sigma = 0.8 } }
diagnosis = { gamma = { mean = "9m", shape = 2.0 } }
escalates = { L2 = { Sev1 = 0.5, other = 0.2 }, L3 = 0.1 }
[tiers.L2]
work = { exponential = "30m" }
escalates.L3 = 0.25
[tiers.L3]
work = { weibull = { scale = "1h", shape = 1.5 } }
[teams.L1]
tier = "L1"
headcount = 3
[teams.L2]
tier = "L2"
headcount = 4
[teams.L3]
tier = "L3"
headcount = 3
[routes.severe]
if = { severity = ["Sev1"] }
to = "L2"
[handoff]
escalation_notes = "2m"
escalation_loss = 0.15
[pending]
share = 0.3
wait = { exponential = "6h" }
[reopening]
share = 0.1
delay = { exponential = "12h" }
at_most = 2
work_factor = 0.8
"#;

/// One team in shifts with absence and breaks, on a daily profile.
const SHIFTS: &str = r#"
name = "shifts"
[run]
start = "2026-01-05"
horizon = "12w"
warm_up = "2w"
replications = 30
[severities]
Sev1 = { resolve = "8h" }
[services.a]
arrivals = { per_week = 1000, by_hour = [1,1,1,1,1,1,3,5,6,6,6,5,5,6,6,5,4,3,2,2,1,1,1,1] }
[tiers.L1]
work = { exponential = "15m" }
[teams.L1]
tier = "L1"
shift_end = "hand-off"
shrinkage = { absent = 0.1, breaks = 0.12, break_slip = "1h" }
shifts.day = { headcount = 4, hours = { "Mon-Sun" = "06:00-18:00" } }
shifts.night = { headcount = 2, hours = { "Mon-Sun" = "18:00-06:00" } }
"#;

/// One team whose tickets are read first, some of whose fixes are changes that it approves and records itself, and which
/// reviews the severe ones.
const BESIDE: &str = r#"
name = "beside"
[run]
start = "2026-01-05"
horizon = "12w"
warm_up = "2w"
replications = 30
[severities]
Sev1 = { resolve = "8h" }
Sev2 = { resolve = "2d" }
[services.a]
arrivals.rate = "6/h"
mix = { Sev1 = 0.2, Sev2 = 0.8 }
[attributes.keyword]
outage = { Sev1 = 0.8, Sev2 = 0.1 }
other-words = { Sev1 = 0.2, Sev2 = 0.9 }
[triage.rules.outage]
if = { keyword = ["outage"] }
severity = "Sev1"
[triage.manual]
team = "L1"
work = { exponential = "3m" }
only_unmatched = true
[tiers.L1]
work = { exponential = "20m" }
[teams.L1]
tier = "L1"
headcount = 5
[roles.owner]
team = "L1"
[gates.release]
approvers = ["owner"]
decision_work = { exponential = "10m" }
p_decline = 0.3
rework = { exponential = "15m" }
blocks = "release"
[changes.normal]
share = { Sev1 = 0.5, Sev2 = 0.1 }
gate = "release"
record = { exponential = "6m" }
[reviews]
severity = ["Sev1"]
due = "10d"
work = { exponential = "40m" }
"#;

#[test]
fn the_load_foretells_the_occupancy_of_a_stable_scenario() {
    for text in [STEADY, SHIFTS, BESIDE] {
        let document = Document::parse("stable.toml", text);
        assert_eq!(render(&document, document.problems(), false), "");
        let model = compile(document.base().expect("a base"), &mut Problems::new()).expect("a model");
        let load = Load::of(&model);
        let results = experiment::run(&document, &RunOptions::default(), &()).expect("results");
        for (team, foretold) in model.names.teams.iter().zip(&load.teams) {
            let found = results
                .summary
                .iter()
                .find(|row| row.metric == "occupancy_share" && row.by == "team" && row.group == *team)
                .expect("an occupancy");
            let (estimate, high) = (found.estimate.expect("an estimate"), found.high.expect("an interval"));
            // From the 95 % interval (2.05 standard errors of 30 replications) to 99.9 % (3.66).
            let half_width = (high - estimate) * 3.66 / 2.05;
            let ratio = foretold.ratio().expect("people");
            assert!(half_width < 0.02, "{team}: ± {half_width} is no test");
            assert!(
                (estimate - ratio).abs() <= half_width,
                "{team}: {estimate} ± {half_width}, foretold {ratio}"
            );
        }
    }
}

#[test]
fn a_run_of_an_overloaded_team_says_so() {
    let text = STEADY.replace("headcount = 4", "headcount = 2");
    let document = Document::parse("overloaded.toml", text);
    let options = RunOptions {
        replications: Some(2),
        ..RunOptions::default()
    };
    let results = experiment::run(&document, &options, &()).expect("results");
    let overloads = results
        .warnings
        .iter()
        .filter(|warning| warning.contains("offered load"));
    let overloads: Vec<_> = overloads.collect();
    assert_eq!(overloads.len(), 1, "{overloads:?}");
    assert!(
        overloads[0].starts_with("team L2 of base: offered load "),
        "{}",
        overloads[0]
    );
}
