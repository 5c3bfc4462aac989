//! Timelines of decisions, messages and learning: the worked examples of the domain reference on gates, updates, partial
//! resolution, reviews and knowledge, to the millisecond.

mod timelines_support;

use timelines_support::{NOBODY, ONE_PERSON, check, metric};

/// A service owner by day, busy with another ticket until `{busy}`; a deputy round the clock who reacts after 12 minutes.
/// The ticket `a` asks for the owner's decision at 16:40 on a Tuesday.
fn gate(busy: &str, on_timeout: &str) -> String {
    format!(
        r#"
tickets = [
    {{ id = "b", at = "0s", severity = "Low", team = "owners", work = {{ L2 = "{busy}" }}, able_from = "L2" }},
    {{ id = "a", at = "40m", severity = "High", work = {{ L1 = "1h" }} }},
]
[severities.High]
[severities.Low]
[tiers.L1]
work = {{ deterministic = "1h" }}
[tiers.L2]
work = {{ deterministic = "1h" }}
[teams.front]
tier = "L1"
headcount = 1
[teams.owners]
tier = "L2"
[teams.owners.shifts.day]
headcount = 1
hours = {{ "Mon-Fri" = "09:00-17:00" }}
[teams.deputies]
tier = "L2"
headcount = 1
[roles.service-owner]
team = "owners"
[roles.deputy]
team = "deputies"
reaction = {{ deterministic = "12m" }}
[gates.go]
approvers = ["service-owner"]
decision_work = {{ deterministic = "10m" }}
timeout = "30m"
{on_timeout}
[rules.ask]
when = {{ created = true }}
if.severity = ["High"]
then = [{{ open_gate = "go" }}]
"#
    )
}

const DEPUTY: &str = r#"on_timeout = "deputy"
deputy = "deputy"
deputy_work = { deterministic = "5m" }"#;

#[test]
fn an_approver_decides_before_going_on_with_tickets() {
    let results = check(
        "2026-03-03T16:00",
        &[&gate("46m", DEPUTY)],
        "16:00:00 b created
         16:00:00 b start owners/day/1
         16:40:00 a created
         16:40:00 a rule:ask
         16:40:00 a gate_requested go
         16:46:00 b resolved owners/day/1
         16:56:00 a gate_decided:approved go
         16:56:00 a start front/1
         17:56:00 a resolved front/1",
    );
    assert_eq!(metric(&results, "gate_wait_mean_s"), 16.0 * 60.0);
    assert_eq!(metric(&results, "gate_timeout_share"), 0.0);
}

#[test]
fn a_decision_begun_before_the_end_of_the_shift_is_finished() {
    check(
        "2026-03-03T16:00",
        &[&gate("55m", DEPUTY)],
        "16:00:00 b created
         16:00:00 b start owners/day/1
         16:40:00 a created
         16:40:00 a rule:ask
         16:40:00 a gate_requested go
         16:55:00 b resolved owners/day/1
         17:05:00 a gate_decided:approved go
         17:05:00 a start front/1
         18:05:00 a resolved front/1",
    );
}

#[test]
fn the_deputy_is_asked_at_the_timeout() {
    let results = check(
        "2026-03-03T16:00",
        &[&gate("90m", DEPUTY)],
        "16:00:00 b created
         16:00:00 b start owners/day/1
         16:40:00 a created
         16:40:00 a rule:ask
         16:40:00 a gate_requested go
         17:10:00 a gate_timeout go
         17:27:00 a gate_decided:approved go
         17:27:00 a start front/1
         17:30:00 b resolved owners/day/1
         18:27:00 a resolved front/1",
    );
    assert_eq!(metric(&results, "gate_wait_mean_s"), 47.0 * 60.0);
    assert_eq!(metric(&results, "gate_timeout_share"), 1.0);
}

#[test]
fn without_a_deputy_the_request_waits_for_the_next_morning() {
    let results = check(
        "2026-03-03T16:00",
        &[&gate("90m", "")],
        "16:00:00 b created
         16:00:00 b start owners/day/1
         16:40:00 a created
         16:40:00 a rule:ask
         16:40:00 a gate_requested go
         17:10:00 a gate_timeout go
         17:30:00 b resolved owners/day/1
         Wed 03-04 09:10:00 a gate_decided:approved go
         Wed 03-04 09:10:00 a start front/1
         Wed 03-04 10:10:00 a resolved front/1",
    );
    assert_eq!(metric(&results, "gate_wait_mean_s"), 16.5 * 3600.0);
}

#[test]
fn a_decision_at_the_instant_of_the_timeout_beats_it() {
    check(
        "2026-03-03T16:00",
        &[&gate("60m", "on_timeout = \"decline\"")],
        "16:00:00 b created
         16:00:00 b start owners/day/1
         16:40:00 a created
         16:40:00 a rule:ask
         16:40:00 a gate_requested go
         17:00:00 b resolved owners/day/1
         17:10:00 a gate_timeout go
         17:10:00 a gate_decided:declined go
         17:10:00 a gate_requested go
         17:40:00 a gate_timeout go
         17:40:00 a gate_decided:declined go
         17:40:00 a gate_requested go
         18:10:00 a gate_timeout go
         18:10:00 a gate_decided:declined go
         18:10:00 a start front/1
         19:10:00 a resolved front/1",
    );
}
