//! Timelines of on-call duty, made by hand: who is paged when, who answers, and whose the ticket then is.
//!
//! Most start in the night of 2 March 2026, a Monday, in Berlin. A rule that fires is an event too; what is not said of a
//! ticket did not happen.

mod timelines_support;

use timelines_support::{NO_TARGETS, check, check_quietly, metric, slice};

/// A team that nobody is on duty in: everybody is on call only.
const ON_CALL_ONLY: &str = r#"
[tiers.L1]
work = { deterministic = "1h" }
[teams.ops]
tier = "L1"
[people]
ada = { team = "ops" }
ben = { team = "ops" }
lea = { team = "ops" }
max = { team = "ops" }
"#;

/// Level 1 the primary, 5 min; level 2 the secondary and the lead, 10 min; once more; the duty manager.
const LADDER: &str = r#"
[schedules.primary]
members = ["ada"]
[schedules.secondary]
members = ["ben"]
[schedules.lead]
members = ["lea"]
[schedules.manager]
members = ["max"]
[escalation_policies.standard]
levels = [
    { targets = ["primary"], timeout = "5m" },
    { targets = ["secondary", "lead"], timeout = "10m" },
]
repeats = 1
last_resort = "manager"
[rules.page]
when = { created = true }
then = [{ page = "standard" }]
"#;

const NIGHT: &str = "2026-03-02T02:00";

/// One ticket at the start of the run, its pages answered as written.
fn ticket(answers: &str) -> String {
    format!("tickets = [{{ id = \"a\", at = \"0s\", severity = \"Sev1\", acknowledges = {{ {answers} }} }}]")
}

#[test]
fn nobody_answers_until_the_last_resort_does() {
    check(
        NIGHT,
        &[&ticket("manager = [\"1m\"]"), NO_TARGETS, ON_CALL_ONLY, LADDER],
        "02:00:00 a created
         02:00:00 a rule:page
         02:00:00 a paged ada
         02:05:00 a timeout level 1
         02:05:00 a paged ben
         02:05:00 a paged lea
         02:15:00 a timeout level 2
         02:15:00 a paged ada
         02:20:00 a timeout level 1
         02:20:00 a paged ben
         02:20:00 a paged lea
         02:30:00 a timeout level 2
         02:30:00 a paged max
         02:31:00 a acknowledged max
         02:36:00 a start max
         03:36:00 a resolved max",
    );
}

#[test]
fn the_primary_answers_late_and_still_wins() {
    let results = check(
        NIGHT,
        &[
            &ticket("primary = [\"6m 20s\"], secondary = [\"9m\"]"),
            NO_TARGETS,
            ON_CALL_ONLY,
            LADDER,
        ],
        "02:00:00 a created
         02:00:00 a rule:page
         02:00:00 a paged ada
         02:05:00 a timeout level 1
         02:05:00 a paged ben
         02:05:00 a paged lea
         02:06:20 a acknowledged ada
         02:11:20 a start ada
         03:11:20 a resolved ada",
    );
    assert_eq!(metric(&results, "time_to_acknowledge_mean_s"), 380.0);
    assert!((metric(&results, "time_to_acknowledge_p90_s") / 380.0 - 1.0).abs() < 0.01);
    assert_eq!(metric(&results, "time_to_engage_mean_s"), 11.0 * 60.0 + 20.0);
    assert_eq!(metric(&results, "pages_per_paged_ticket"), 3.0);
    // Of three pages one is late and two are void.
    assert_eq!(metric(&results, "ack_within_timeout_share"), 0.0);
    assert_eq!(
        results.find(0, "ack_within_timeout_share", "all", "").map(|row| row.n),
        Some(1)
    );
    assert_eq!(metric(&results, "acknowledged_share"), 1.0);
    assert_eq!(metric(&results, "ladder_exhausted_share"), 0.0);
    assert_eq!(metric(&results, "uncovered_pages"), 0.0);
    // Three weeks from 02:00 on touch 22 nights, of each of four people; each page wakes another of three.
    let primary = |name: &str| slice(&results, name, "schedule", "primary");
    assert_eq!(primary("pages_per_person_week"), Some(1.0 / 3.0));
    assert_eq!(primary("night_pages_per_person_night"), Some(1.0 / 22.0));
    assert_eq!(metric(&results, "night_pages_per_person_night"), 3.0 / 88.0);
    assert_eq!(metric(&results, "nights_woken_share"), 3.0 / 88.0);
    assert_eq!(metric(&results, "wakeups_p95"), 0.0);
    assert_eq!(metric(&results, "called_h"), 1.0);
    // Off duty nobody is interrupted.
    assert_eq!(
        slice(&results, "interrupts_per_agent_shift", "team", "ops").unwrap_or(0.0),
        0.0
    );
}

#[test]
fn a_late_answer_is_void_where_the_timeout_withdraws_the_page() {
    let ladder = LADDER.replace("repeats = 1", "late_ack = \"void\"");
    check(
        NIGHT,
        &[
            &ticket("primary = [\"6m 20s\"], secondary = [\"9m\"]"),
            NO_TARGETS,
            ON_CALL_ONLY,
            &ladder,
        ],
        "02:00:00 a created
         02:00:00 a rule:page
         02:00:00 a paged ada
         02:05:00 a timeout level 1
         02:05:00 a paged ben
         02:05:00 a paged lea
         02:14:00 a acknowledged ben
         02:19:00 a start ben
         03:19:00 a resolved ben",
    );
}

#[test]
fn a_handoff_of_the_rota_moves_the_next_page_and_not_the_last() {
    let people = format!("{ON_CALL_ONLY}eve = {{ team = \"ops\" }}\n");
    let ladder = LADDER.replace(
        "members = [\"ada\"]",
        "members = [\"ada\", \"eve\"]\nturn = \"1d\"\nhandoff = \"02:10\"",
    );
    check(
        NIGHT,
        &[
            &ticket("ada = [\"11m\"], eve = [\"never\"]"),
            NO_TARGETS,
            &people,
            &ladder,
        ],
        "02:00:00 a created
         02:00:00 a rule:page
         02:00:00 a paged ada
         02:05:00 a timeout level 1
         02:05:00 a paged ben
         02:05:00 a paged lea
         02:11:00 a acknowledged ada
         02:16:00 a start ada
         03:16:00 a resolved ada",
    );
    check(
        NIGHT,
        &[&ticket("eve = [\"1m\"]"), NO_TARGETS, &people, &ladder],
        "02:00:00 a created
         02:00:00 a rule:page
         02:00:00 a paged ada
         02:05:00 a timeout level 1
         02:05:00 a paged ben
         02:05:00 a paged lea
         02:15:00 a timeout level 2
         02:15:00 a paged eve
         02:16:00 a acknowledged eve
         02:21:00 a start eve
         03:21:00 a resolved eve",
    );
}

#[test]
fn a_sequential_level_pages_one_after_another_within_its_timeout() {
    let ladder = LADDER.replace(
        "timeout = \"10m\" }",
        "timeout = \"10m\", mode = \"sequential\", gap = \"3m\" }",
    );
    check(
        NIGHT,
        &[
            &ticket("primary = [\"never\", \"1m\"]"),
            NO_TARGETS,
            ON_CALL_ONLY,
            &ladder,
        ],
        "02:00:00 a created
         02:00:00 a rule:page
         02:00:00 a paged ada
         02:05:00 a timeout level 1
         02:05:00 a paged ben
         02:08:00 a paged lea
         02:15:00 a timeout level 2
         02:15:00 a paged ada
         02:16:00 a acknowledged ada
         02:21:00 a start ada
         03:21:00 a resolved ada",
    );
}

/// By day only: nobody at 02:00.
fn only_by_day(ladder: &str, schedule: &str) -> String {
    let head = format!("[schedules.{schedule}]\n");
    let hours = "restriction = { daily = \"08:00-20:00\" }\n";
    ladder.replace(&head, &format!("{head}{hours}"))
}

#[test]
fn a_level_pages_whom_it_finds_and_is_skipped_if_that_is_nobody() {
    let without_secondary = only_by_day(LADDER, "secondary");
    check(
        NIGHT,
        &[&ticket("lead = [\"1m\"]"), NO_TARGETS, ON_CALL_ONLY, &without_secondary],
        "02:00:00 a created
         02:00:00 a rule:page
         02:00:00 a paged ada
         02:05:00 a timeout level 1
         02:05:00 a paged lea
         02:06:00 a acknowledged lea
         02:11:00 a start lea
         03:11:00 a resolved lea",
    );
    let without_both = only_by_day(&without_secondary, "lead");
    check(
        NIGHT,
        &[&ticket("manager = [\"1m\"]"), NO_TARGETS, ON_CALL_ONLY, &without_both],
        "02:00:00 a created
         02:00:00 a rule:page
         02:00:00 a paged ada
         02:05:00 a timeout level 1
         02:05:00 a uncovered level 2
         02:05:00 a paged ada
         02:10:00 a timeout level 1
         02:10:00 a uncovered level 2
         02:10:00 a paged max
         02:11:00 a acknowledged max
         02:16:00 a start max
         03:16:00 a resolved max",
    );
    let without_all = only_by_day(&without_both, "primary");
    let results = check(
        NIGHT,
        &[&ticket("manager = [\"1m\"]"), NO_TARGETS, ON_CALL_ONLY, &without_all],
        "02:00:00 a created
         02:00:00 a rule:page
         02:00:00 a uncovered level 1
         02:00:00 a uncovered level 2
         02:00:00 a paged max
         02:01:00 a acknowledged max
         02:06:00 a start max
         03:06:00 a resolved max",
    );
    assert_eq!(metric(&results, "uncovered_pages"), 2.0);
    assert_eq!(metric(&results, "ladder_exhausted_share"), 1.0);
    assert_eq!(metric(&results, "time_to_acknowledge_mean_s"), 60.0);
}

#[test]
fn the_last_resort_is_paged_again_until_it_answers() {
    let ladder = LADDER
        .replace("repeats = 1", "last_resort_every = \"20m\"")
        .replace("timeout = \"10m\"", "timeout = \"5m\"");
    check(
        NIGHT,
        &[
            &ticket("manager = [\"never\", \"never\", \"1m\"]"),
            NO_TARGETS,
            ON_CALL_ONLY,
            &ladder,
        ],
        "02:00:00 a created
         02:00:00 a rule:page
         02:00:00 a paged ada
         02:05:00 a timeout level 1
         02:05:00 a paged ben
         02:05:00 a paged lea
         02:10:00 a timeout level 2
         02:10:00 a paged max
         02:30:00 a paged max
         02:50:00 a paged max
         02:51:00 a acknowledged max
         02:56:00 a start max
         03:56:00 a resolved max",
    );
}

#[test]
fn a_ticket_still_open_long_after_its_acknowledgement_pages_again() {
    let ladder = LADDER.replace("repeats = 1", "ack_timeout = \"30m\"");
    check(
        NIGHT,
        &[
            &ticket("primary = [\"6m 20s\", \"1m\"]"),
            NO_TARGETS,
            ON_CALL_ONLY,
            &ladder,
        ],
        "02:00:00 a created
         02:00:00 a rule:page
         02:00:00 a paged ada
         02:05:00 a timeout level 1
         02:05:00 a paged ben
         02:05:00 a paged lea
         02:06:20 a acknowledged ada
         02:11:20 a start ada
         02:36:20 a paged ada
         02:37:20 a acknowledged ada
         03:07:20 a paged ada
         03:11:20 a resolved ada",
    );
}

#[test]
fn whoever_acknowledged_is_paged_again_beside_whoever_is_on_call() {
    let ladder = LADDER.replace("repeats = 1", "ack_timeout = \"30m\"");
    let results = check(
        NIGHT,
        &[
            &ticket("secondary = [\"1m 20s\"], ben = [\"1m\"]"),
            NO_TARGETS,
            ON_CALL_ONLY,
            &ladder,
        ],
        "02:00:00 a created
         02:00:00 a rule:page
         02:00:00 a paged ada
         02:05:00 a timeout level 1
         02:05:00 a paged ben
         02:05:00 a paged lea
         02:06:20 a acknowledged ben
         02:11:20 a start ben
         02:36:20 a paged ada
         02:36:20 a paged ben
         02:37:20 a acknowledged ben
         03:07:20 a paged ada
         03:07:20 a paged ben
         03:11:20 a resolved ben",
    );
    // Two pages to Ben by name; each of four people might get one.
    let by_name = slice(&results, "pages_per_person_week", "schedule", "(by name)");
    assert_eq!(by_name, Some(2.0 / 12.0));
    assert_eq!(metric(&results, "pages_per_paged_ticket"), 7.0);
}

#[test]
fn a_workaround_of_before_a_reopening_is_none_for_the_second_thoughts_of_a_policy() {
    // In the first cycle there is a workaround before half an hour is over.
    check(
        "2026-03-02T02:00",
        &[r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", work={L1="1h"}, workaround_after="20m", reopens_after=["2h"], acknowledges = { primary = ["1m","1m","1m","1m","1m"] } }]
[severities.Sev1]
[severities.Sev2]
[severities.Sev3]
[severities.Sev4]
[tiers.L1]
work = { deterministic = "1h" }
[teams.ops]
tier = "L1"
[people]
ada = { team = "ops" }
[schedules.primary]
members = ["ada"]
[escalation_policies.standard]
levels = [{ targets = ["primary"], timeout = "5m" }]
ack_timeout = "30m"
[rules.page]
when = { created = true }
then = [{ page = "standard" }]
[rules.again]
when = { reopened = true }
then = [{ page = "standard" }]
"#],
        "02:00:00 a created
         02:00:00 a rule:page
         02:00:00 a paged ada
         02:01:00 a acknowledged ada
         02:06:00 a start ada
         02:26:00 a mitigated ada
         03:06:00 a resolved ada
         05:06:00 a reopened
         05:06:00 a rule:again
         05:06:00 a paged ada
         05:07:00 a acknowledged ada
         05:12:00 a start ada
         05:37:00 a paged ada
         05:38:00 a acknowledged ada
         06:08:00 a paged ada
         06:09:00 a acknowledged ada
         06:12:00 a resolved ada",
    );
}

#[test]
fn whoever_is_paged_again_beside_a_level_is_until_its_timeout() {
    // Nobody is on call at level 1 by then: Ada is paged beside level 2, and would answer after its timeout.
    check(
        "2026-03-02T18:00",
        &[r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", work={L1="4h"}, acknowledges={primary=["1m"],ada=["20m"],manager=["never"]} }]
[severities.Sev1]
[severities.Sev2]
[tiers.L1]
work = { deterministic = "1h" }
[teams.ops]
tier = "L1"
[people]
ada = { team = "ops" }
max = { team = "ops" }
[schedules.primary]
members = ["ada"]
restriction={ daily="09:00-18:10" }
[schedules.manager]
members=["max"]
[escalation_policies.p]
levels = [{targets=["primary"],timeout="5m"},{targets=["manager"],timeout="5m"}]
ack_timeout="20m"
late_ack="void"
repeats=0

[rules.page]
when = { created = true }
then = [{ page = "p" }]
"#],
        "18:00:00 a created
         18:00:00 a rule:page
         18:00:00 a paged ada
         18:01:00 a acknowledged ada
         18:01:00 a start ada
         18:21:00 a uncovered level 1
         18:21:00 a paged max
         18:21:00 a paged ada
         18:26:00 a timeout level 2
         22:01:00 a resolved ada",
    );
}

#[test]
fn an_acknowledgement_at_the_timeout_is_in_time() {
    let results = check(
        NIGHT,
        &[&ticket("primary = [\"5m\"]"), NO_TARGETS, ON_CALL_ONLY, LADDER],
        "02:00:00 a created
         02:00:00 a rule:page
         02:00:00 a paged ada
         02:05:00 a acknowledged ada
         02:10:00 a start ada
         03:10:00 a resolved ada",
    );
    assert_eq!(metric(&results, "ack_within_timeout_share"), 1.0);
}

#[test]
fn the_time_to_acknowledge_begins_with_the_page_that_asks_for_it() {
    let told = NOTIFIED.replace("[\"primary\"]", "{ schedules = [\"primary\"], inform = true }");
    let results = check(
        "2026-03-02T10:00",
        &[
            &ticket("primary = [\"never\", \"2m\"]"),
            NO_TARGETS,
            DUTY_AND_CALL,
            &told,
            "[escalation_policies.standard]\nlevels = [{ targets = [\"primary\"], timeout = \"5m\" }]\n\
             [rules.page]\nwhen = { in_team = \"10m\" }\nfires = \"once\"\nthen = [{ page = \"standard\" }]\n",
        ],
        "10:00:00 a created
         10:00:00 a rule:tell
         10:00:00 a paged ada
         10:00:00 a start ops/1
         10:10:00 a rule:page
         10:10:00 a paged ada
         10:12:00 a acknowledged ada
         10:12:00 a taken ops/1
         10:12:00 a transferred night
         10:12:00 a resumed ada
         11:00:00 a resolved ada",
    );
    assert_eq!(metric(&results, "time_to_acknowledge_mean_s"), 120.0);
    assert_eq!(metric(&results, "acknowledged_share"), 1.0);
    assert_eq!(metric(&results, "pages_per_paged_ticket"), 2.0);
}

#[test]
fn a_page_on_shift_interrupts() {
    let by_day = NIGHT_AND_DAY.replace("at = \"0s\"", "at = \"7h\"");
    let results = check(
        NIGHT,
        &[&by_day, NO_TARGETS, DAY_AND_CALL],
        "03:00:00 b created
         08:00:00 b start ada
         09:00:00 b resolved ada
         09:00:00 a created
         09:00:00 a rule:page
         09:00:00 a paged ada
         09:00:00 a start ada
         09:01:00 a acknowledged ada
         10:00:00 a resolved ada",
    );
    // Three weeks of one shift a day.
    assert_eq!(metric(&results, "interrupts_per_agent_shift"), 1.0 / 21.0);
    assert_eq!(metric(&results, "night_pages_per_person_night"), 0.0);
}

#[test]
fn a_ticket_that_is_no_longer_severe_enough_pages_nobody_any_more() {
    let ladder = format!(
        "{}[rules.calm]\nwhen = {{ in_team = \"7m\" }}\nthen = [{{ lower = \"Sev3\" }}]\n",
        LADDER.replace("repeats = 1", "severity = \"Sev2\"")
    );
    check(
        NIGHT,
        &[&ticket("secondary = [\"9m\"]"), NO_TARGETS, ON_CALL_ONLY, &ladder],
        "02:00:00 a created
         02:00:00 a rule:page
         02:00:00 a paged ada
         02:05:00 a timeout level 1
         02:05:00 a paged ben
         02:05:00 a paged lea
         02:07:00 a rule:calm
         02:07:00 a severity:Sev3",
    );
}

#[test]
fn whoever_was_notified_may_still_take_a_ticket_whose_ladder_is_cancelled() {
    check(
        "2026-03-02T02:00",
        &[r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", acknowledges = { secondary = ["never"], manager = ["1m"], extra = ["20m"] } }]
[severities.Sev1]
[severities.Sev2]
[severities.Sev3]
[severities.Sev4]
[tiers.L1]
work = { deterministic = "1h" }
[teams.ops]
tier = "L1"
[people]
ada = { team = "ops" }
ben = { team = "ops" }
lea = { team = "ops" }
max = { team = "ops" }
[schedules.primary]
members = ["ada"]
[schedules.secondary]
members = ["ben"]
[schedules.extra]
members = ["lea"]
[schedules.manager]
members = ["max"]
[escalation_policies.standard]
levels = [
    { targets = ["primary"], timeout = "5m" },
    { targets = ["secondary"], timeout = "10m" },
]
severity = "Sev2"
repeats = 1
last_resort = "manager"
[rules.page]
when = { created = true }
then = [{ page = "standard" }, { notify = ["extra"] }]
[rules.calm]
when = { in_team = "7m" }
then = [{ lower = "Sev3" }]
"#],
        "02:00:00 a created
         02:00:00 a rule:page
         02:00:00 a paged ada
         02:00:00 a paged lea
         02:05:00 a timeout level 1
         02:05:00 a paged ben
         02:07:00 a rule:calm
         02:07:00 a severity:Sev3
         02:20:00 a acknowledged lea
         02:25:00 a start lea
         03:25:00 a resolved lea",
    );
}

#[test]
fn help_that_was_asked_for_still_comes_when_the_ladder_is_cancelled() {
    // Thirty-four minutes of work are left at 10:26, for two at a rate of 1.493.
    check(
        "2026-03-02T10:00",
        &[r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", acknowledges = { primary = ["never"], helpers = ["20m"], manager=["30m"] } }]
[severities.Sev1]
[severities.Sev2]
[severities.Sev3]
[severities.Sev4]
[tiers.L1]
work = { deterministic = "1h" }
[teams.desk]
tier = "L1"
headcount = 1
[teams.ops]
tier = "L1"
[people]
ada = { team = "ops" }
lea = { team = "ops" }
max = { team = "ops" }
[schedules.primary]
members = ["ada"]
[schedules.helpers]
members = ["lea"]
[schedules.manager]
members = ["max"]
[swarming]
join_work = "0s"
[escalation_policies.standard]
levels = [{ targets = ["primary"], timeout = "5m" }]
severity = "Sev2"
last_resort = "manager"
[rules.page]
when = { created = true }
then = [{ page = "standard" }]
[rules.help]
when = { in_team = "6m" }
then = [{ add_responders = { count = 1, from = "helpers" } }]
[rules.calm]
when = { in_team = "7m" }
then = [{ lower = "Sev3" }]
"#],
        "10:00:00 a created
         10:00:00 a rule:page
         10:00:00 a paged ada
         10:00:00 a start desk/1
         10:05:00 a timeout level 1
         10:05:00 a paged max
         10:06:00 a rule:help
         10:06:00 a paged:responder lea
         10:07:00 a rule:calm
         10:07:00 a severity:Sev3
         10:26:00 a acknowledged:responder lea
         10:26:00 a joined lea
         10:48:46.800 a resolved desk/1",
    );
}

#[test]
fn a_late_answer_to_a_ladder_that_is_cancelled_is_none() {
    // Its last level has timed out, and nobody is left to page: it is over only for the primary's answer.
    check(
        "2026-03-02T02:00",
        &[r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", acknowledges = { primary = ["10m"] } }]
[severities.Sev1]
[severities.Sev2]
[severities.Sev3]
[severities.Sev4]
[tiers.L1]
work = { deterministic = "1h" }
[teams.ops]
tier = "L1"
[people]
ada = { team = "ops" }
max = { team = "ops" }
[schedules.primary]
members = ["ada"]
[schedules.manager]
members = ["max"]
[escalation_policies.standard]
levels = [{ targets = ["primary"], timeout = "5m" }]
severity = "Sev2"
[rules.page]
when = { created = true }
then = [{ page = "standard" }]
[rules.calm]
when = { in_team = "7m" }
then = [{ lower = "Sev3" }]
"#],
        "02:00:00 a created
         02:00:00 a rule:page
         02:00:00 a paged ada
         02:05:00 a timeout level 1
         02:07:00 a rule:calm
         02:07:00 a severity:Sev3",
    );
}

/// Somebody who is on duty works on what the person on call acknowledges.
const DUTY_AND_CALL: &str = r#"
[tiers.L1]
work = { deterministic = "1h" }
[teams.ops]
tier = "L1"
headcount = 1
[teams.night]
tier = "L1"
[people]
ada = { team = "night" }
"#;

const NOTIFIED: &str = r#"
[schedules.primary]
members = ["ada"]
[rules.tell]
when = { created = true }
then = [{ notify = ["primary"] }]
"#;

#[test]
fn who_acknowledges_takes_the_ticket_from_whoever_works_on_it() {
    check(
        "2026-03-02T10:00",
        &[&ticket("primary = [\"10m\"]"), NO_TARGETS, DUTY_AND_CALL, NOTIFIED],
        "10:00:00 a created
         10:00:00 a rule:tell
         10:00:00 a paged ada
         10:00:00 a start ops/1
         10:10:00 a acknowledged ada
         10:10:00 a taken ops/1
         10:10:00 a transferred night
         10:10:00 a resumed ada
         11:00:00 a resolved ada",
    );
}

/// Ada is paged for tickets that she cannot work on.
const WITHOUT_THE_SKILL: &str = r#"
[services.mail]
needs = ["mail"]
[tiers.L1]
work = { deterministic = "1h" }
[teams.ops]
tier = "L1"
skills = ["mail"]
shifts.day = { headcount = 1, hours = { "Mon-Sun" = "12:00-20:00" } }
[teams.night]
tier = "L1"
skills = []
[people]
ada = { team = "night" }
"#;

/// A ticket at the start of the run that needs the skill.
const FOR_MAIL: &str = r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", service = "mail", acknowledges = { primary = ["10m"] } }]
"#;

#[test]
fn who_lacks_the_skill_acknowledges_and_the_ticket_stays_where_it_is() {
    let results = check(
        "2026-03-02T10:00",
        &[FOR_MAIL, NO_TARGETS, WITHOUT_THE_SKILL, NOTIFIED],
        "10:00:00 a created
         10:00:00 a rule:tell
         10:00:00 a paged ada
         10:10:00 a acknowledged ada
         12:00:00 a start ops/day/1
         13:00:00 a resolved ops/day/1",
    );
    assert_eq!(metric(&results, "acknowledged_share"), 1.0);
}

#[test]
fn who_lacks_the_skill_brings_the_ticket_to_a_colleague_who_has_it() {
    let with_colleague = WITHOUT_THE_SKILL.replace(
        "[people]",
        "shifts.always = { headcount = 1, hours = \"24x7\" }\n[people]\nbea = { team = \"night\", skills = [\"mail\"], shift = \"always\" }",
    );
    check(
        "2026-03-02T10:00",
        &[FOR_MAIL, NO_TARGETS, &with_colleague, NOTIFIED],
        "10:00:00 a created
         10:00:00 a rule:tell
         10:00:00 a paged ada
         10:10:00 a acknowledged ada
         10:10:00 a transferred night
         10:10:00 a start bea
         11:10:00 a resolved bea",
    );
}

#[test]
fn who_lacks_the_skill_leaves_a_ticket_to_whoever_works_on_it() {
    check(
        "2026-03-02T12:00",
        &[FOR_MAIL, NO_TARGETS, WITHOUT_THE_SKILL, NOTIFIED],
        "12:00:00 a created
         12:00:00 a rule:tell
         12:00:00 a paged ada
         12:00:00 a start ops/day/1
         12:10:00 a acknowledged ada
         13:00:00 a resolved ops/day/1",
    );
}

#[test]
fn who_is_on_call_in_two_schedules_is_one_person_of_all_with_one_night_a_night() {
    let twice = r#"
[schedules.primary]
members = ["ada"]
[schedules.second]
members = ["ada"]
[rules.tell]
when = { created = true }
then = [{ notify = ["primary"] }]
[rules.again]
when = { created = true }
then = [{ notify = ["second"] }]
"#;
    let tickets = "tickets = [{ id = \"a\", at = \"0s\", severity = \"Sev1\" }]";
    let results = check_quietly(NIGHT, &[tickets, NO_TARGETS, ON_CALL_ONLY, twice]);
    let pages = |by: &str, group: &str| slice(&results, "pages_per_person_week", by, group);
    // Two pages in three weeks.
    assert_eq!(pages("schedule", "primary"), Some(1.0 / 3.0));
    assert_eq!(pages("all", ""), Some(2.0 / 3.0));
    // Three weeks from 02:00 on touch 22 nights; the second page comes with the first.
    let nights = |by: &str, group: &str| slice(&results, "night_pages_per_person_night", by, group);
    assert_eq!(nights("schedule", "primary"), Some(1.0 / 22.0));
    assert_eq!(nights("all", ""), Some(1.0 / 22.0));
}

#[test]
fn who_is_only_informed_owns_nothing() {
    let told = NOTIFIED.replace("[\"primary\"]", "{ schedules = [\"primary\"], inform = true }");
    check(
        "2026-03-02T10:00",
        &[&ticket("primary = [\"10m\"]"), NO_TARGETS, DUTY_AND_CALL, &told],
        "10:00:00 a created
         10:00:00 a rule:tell
         10:00:00 a paged ada
         10:00:00 a start ops/1
         10:10:00 a acknowledged ada
         11:00:00 a resolved ops/1",
    );
}

#[test]
fn the_resolution_ends_all_pages() {
    check(
        "2026-03-02T10:00",
        &[&ticket("primary = [\"61m\"]"), NO_TARGETS, DUTY_AND_CALL, NOTIFIED],
        "10:00:00 a created
         10:00:00 a rule:tell
         10:00:00 a paged ada
         10:00:00 a start ops/1
         11:00:00 a resolved ops/1",
    );
}

#[test]
fn a_customer_who_answers_at_night_calls_the_owner_again() {
    let pending = "tickets = [{ id = \"a\", at = \"0s\", severity = \"Sev1\", acknowledges = { primary = [\"1m\"] }, \
                   work = { L1 = \"10m\" }, legs = [{ answer_after = \"30m\", then_work = \"10m\" }] }]";
    check(
        NIGHT,
        &[pending, NO_TARGETS, ON_CALL_ONLY, LADDER],
        "02:00:00 a created
         02:00:00 a rule:page
         02:00:00 a paged ada
         02:01:00 a acknowledged ada
         02:06:00 a start ada
         02:16:00 a pending ada
         02:46:00 a customer_answered
         02:51:00 a resumed ada
         03:01:00 a resolved ada",
    );
}

#[test]
fn an_acknowledgement_answers_an_alert_and_not_a_request() {
    let targets = "[severities]\nSev1 = { first_response = \"10m\" }\n[severities.Sev2]\n[severities.Sev3]\n";
    let expected = |fate: &str| {
        format!(
            "02:00:00 a created
             02:00:00 a rule:page
             02:00:00 a paged ada
             02:05:00 a timeout level 1
             02:05:00 a paged ben
             02:05:00 a paged lea
             02:07:00 a acknowledged ada
             {fate}"
        )
    };
    let request = ticket("primary = [\"7m\"]");
    check(
        NIGHT,
        &[&request, targets, ON_CALL_ONLY, LADDER],
        &expected(
            "02:10:00 a breach:first_response
             02:12:00 a start ada
             03:12:00 a resolved ada
             = a first_response due 02:10:00 breached",
        ),
    );
    let alert = request.replace("severity", "service = \"monitoring\", severity");
    let monitoring = "[services.monitoring]\nkind = \"alert\"\n";
    check(
        NIGHT,
        &[&alert, targets, ON_CALL_ONLY, LADDER, monitoring],
        &expected(
            "02:12:00 a start ada
             03:12:00 a resolved ada
             = a first_response due 02:10:00 met",
        ),
    );
}

/// A day shift whose people are on call at night.
const DAY_AND_CALL: &str = r#"
[tiers.L1]
work = { deterministic = "1h" }
[teams.ops]
tier = "L1"
shifts.day = { headcount = 0, hours = { "Mon-Sun" = "08:00-16:00" } }
[people]
ada = { team = "ops", shift = "day" }
[schedules.primary]
members = ["ada"]
[escalation_policies.standard]
levels = [{ targets = ["primary"], timeout = "5m" }]
[rules.page]
when = { created = true }
if = { severity = ["Sev1"] }
then = [{ page = "standard" }]
"#;

/// One that pages at the start of the run, and one that waits for the day.
const NIGHT_AND_DAY: &str = "tickets = [\n\
    { id = \"a\", at = \"0s\", severity = \"Sev1\", acknowledges = { primary = [\"1m\"] } },\n\
    { id = \"b\", at = \"1h\", severity = \"Sev3\" },\n]";

#[test]
fn a_night_on_call_makes_the_next_day_s_work_longer() {
    check(
        NIGHT,
        &[NIGHT_AND_DAY, NO_TARGETS, DAY_AND_CALL],
        "02:00:00 a created
         02:00:00 a rule:page
         02:00:00 a paged ada
         02:01:00 a acknowledged ada
         02:06:00 a start ada
         03:00:00 b created
         03:06:00 a resolved ada
         08:00:00 b start ada
         09:03:00 b resolved ada",
    );
}

#[test]
fn rest_after_a_night_on_call_puts_the_shift_off() {
    check(
        NIGHT,
        &[
            NIGHT_AND_DAY,
            NO_TARGETS,
            DAY_AND_CALL,
            "[on_call]\nrest_after = 1\nfatigue = 0",
        ],
        "02:00:00 a created
         02:00:00 a rule:page
         02:00:00 a paged ada
         02:01:00 a acknowledged ada
         02:06:00 a start ada
         03:00:00 b created
         03:06:00 a resolved ada
         14:06:00 b start ada
         15:06:00 b resolved ada",
    );
}

/// A service with a primary and a secondary owner, both on duty, and a third person.
const OWNED: &str = r#"
[tiers.L1]
work = { deterministic = "1h" }
[teams.ops]
tier = "L1"
headcount = 3
[services.owned]
primary = "ops/2"
secondary = "ops/3"
"#;

/// Tickets of the owned service at these minutes.
fn owned(minutes: &[u32]) -> String {
    let tickets = minutes.iter().zip(["a", "b", "c"]).map(|(minute, id)| {
        format!("{{ id = \"{id}\", at = \"{minute}m\", severity = \"Sev1\", service = \"owned\" }}")
    });
    format!("tickets = [{}]", tickets.collect::<Vec<_>>().join(", "))
}

#[test]
fn tickets_go_to_their_primary_and_to_the_secondary_when_that_one_has_too_much() {
    check(
        "2026-03-02T09:00",
        &[&owned(&[0, 10, 20]), NO_TARGETS, OWNED],
        "09:00:00 a created
         09:00:00 a start ops/2
         09:10:00 b created
         09:10:00 b start ops/3
         09:20:00 c created
         10:00:00 a resolved ops/2
         10:10:00 b resolved ops/3
         10:10:00 c start ops/3
         11:10:00 c resolved ops/3",
    );
}

#[test]
fn what_a_primary_has_not_begun_comes_to_the_queue_as_if_it_had_waited_there() {
    // `b` has waited in ada's line since 14:10. Its two hours, and the queue's, are used up as it comes to the queue.
    check(
        "2026-03-02T14:00",
        &[
            &owned(&[0, 10]),
            NO_TARGETS,
            r#"
[tiers.L1]
work = { deterministic = "4h" }
[teams.ops.shifts.day]
headcount = 1
hours = { "Mon-Sun" = "09:00-17:00" }
[teams.ops]
tier = "L1"
max_overtime = "0s"
shift_end = "hand-off"
[services.owned]
primary = "ops/day/1"
[rules.waits]
when = { in_queue = "2h" }
then = [{ flag = "late" }]
[rules.old]
when = { queue_age = { team = "ops", at_least = "2h" } }
then = [{ alert = "shift lead" }]
"#,
        ],
        "14:00:00 a created
         14:00:00 a start ops/day/1
         14:10:00 b created
         17:00:00 a handed_off ops/day/1
         17:00:00 b rule:waits
         17:00:00 b rule:old
         19:00:00 a rule:waits
         Tue 03-03 09:00:00 a resumed ops/day/1
         Tue 03-03 10:00:00 a resolved ops/day/1
         Tue 03-03 10:00:00 b start ops/day/1
         Tue 03-03 14:00:00 b resolved ops/day/1",
    );
}

#[test]
fn an_acknowledgement_takes_no_ticket_down_from_the_tier_that_it_has_gone_up_to() {
    // Ed, whose tier has found out that it cannot, is paged again two hours after each acknowledgement.
    let results = check(
        "2026-03-02T10:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", severity = "Sev1", able_from = "L2", work = { L1 = "10m", L2 = "3h" }, acknowledges = { first = ["1m", "1m", "1m"] } }]"#,
            NO_TARGETS,
            r#"
[tiers.L1]
work = { deterministic = "1h" }
[tiers.L2]
work = { deterministic = "1h" }
[teams.ops]
tier = "L1"
headcount = 0
[people.ed]
team = "ops"
[teams.dev]
tier = "L2"
headcount = 1
[schedules.first]
members = ["ed"]
[escalation_policies.p]
levels = [{ targets = ["first"], timeout = "5m" }]
ack_timeout = "2h"
[rules.page]
when = { created = true }
then = [{ page = "p" }]
"#,
        ],
        "10:00:00 a created
         10:00:00 a rule:page
         10:00:00 a paged ed
         10:00:00 a start ed
         10:01:00 a acknowledged ed
         10:10:00 a escalated ed
         10:10:00 a start dev/1
         12:01:00 a paged ed
         12:02:00 a acknowledged ed
         13:10:00 a resolved dev/1",
    );
    assert_eq!(metric(&results, "escalations_per_ticket"), 1.0);
}

#[test]
fn a_rule_hands_a_ticket_to_its_secondary() {
    let rule = "[rules.help]\nwhen = { with_owner = \"30m\" }\nthen = [{ to_secondary = true }]\n";
    check(
        "2026-03-02T09:00",
        &[&owned(&[0]), NO_TARGETS, OWNED, rule],
        "09:00:00 a created
         09:00:00 a start ops/2
         09:30:00 a rule:help
         09:30:00 a taken ops/2
         09:30:00 a resumed ops/3
         10:00:00 a resolved ops/3",
    );
}

/// Two tickets that Ada is paged for half an hour before her shift ends; others of her team have these shifts.
fn paged_in_the_evening(shift_end: &str, others: &str) -> String {
    format!(
        r#"
tickets = [
    {{ id = "a", at = "0s", severity = "Sev1", acknowledges = {{ primary = ["1m"] }}, work = {{ L1 = "2h" }} }},
    {{ id = "b", at = "10m", severity = "Sev1", acknowledges = {{ primary = ["1m"] }}, work = {{ L1 = "1h" }} }},
]
[tiers.L1]
work = {{ deterministic = "1h" }}
[people]
ada = {{ team = "ops", shift = "day" }}
[schedules.primary]
members = ["ada"]
[rules.page]
when = {{ created = true }}
then = [{{ notify = ["primary"] }}]
[teams.ops]
tier = "L1"
{shift_end}
shifts.day = {{ headcount = 0, hours = {{ "Mon-Sun" = "09:00-17:00" }} }}
{others}
"#
    )
}

/// What Ada does, whose shift ends at five: both, one after the other.
const GOES_ON: &str = "
    16:30:00 a created
    16:30:00 a rule:page
    16:30:00 a paged ada
    16:30:00 a start ada
    16:31:00 a acknowledged ada
    16:40:00 b created
    16:40:00 b rule:page
    16:40:00 b paged ada
    16:41:00 b acknowledged ada
    18:30:00 a resolved ada
    18:30:00 b start ada
    19:30:00 b resolved ada";

#[test]
fn what_somebody_was_paged_for_is_not_held_over_night() {
    let results = check(
        "2026-03-02T16:30",
        &[&paged_in_the_evening("shift_end = \"hold\"", ""), NO_TARGETS],
        GOES_ON,
    );
    assert_eq!(metric(&results, "called_h"), 2.5);
}

#[test]
fn what_somebody_was_paged_for_is_handed_to_the_next_shift_if_there_is_one() {
    let later = "shifts.late = { headcount = 1, hours = { \"Mon-Sun\" = \"17:00-22:00\" } }";
    check(
        "2026-03-02T16:30",
        &[&paged_in_the_evening("shift_end = \"hand-off\"", later), NO_TARGETS],
        "16:30:00 a created
         16:30:00 a rule:page
         16:30:00 a paged ada
         16:30:00 a start ada
         16:31:00 a acknowledged ada
         16:40:00 b created
         16:40:00 b rule:page
         16:40:00 b paged ada
         16:41:00 b acknowledged ada
         17:00:00 a handed_off ada
         17:00:00 b handed_off ada
         17:00:00 b start ops/late/1
         18:00:00 b resolved ops/late/1
         18:00:00 a resumed ops/late/1
         19:30:00 a resolved ops/late/1",
    );
    let results = check(
        "2026-03-02T16:30",
        &[&paged_in_the_evening("shift_end = \"hand-off\"", ""), NO_TARGETS],
        GOES_ON,
    );
    assert_eq!(metric(&results, "called_h"), 2.5);
}

#[test]
fn overtime_for_a_page_goes_on_on_call() {
    let results = check(
        "2026-03-02T16:30",
        &[&paged_in_the_evening("max_overtime = \"30m\"", ""), NO_TARGETS],
        GOES_ON,
    );
    assert_eq!(metric(&results, "overtime_h"), 0.5);
    assert_eq!(metric(&results, "called_h"), 2.0);
}

/// A primary by day, a secondary from ten to eight, work that is held at the end of a shift; cold changes of hands cost a fifth of
/// what has been done.
const EARLY_AND_LATE: &str = r#"
[handoff]
shift_end = "cold"
context_loss = 0.2
[tiers.L1]
work = { deterministic = "1h" }
[teams.ops]
tier = "L1"
shift_end = "hold"
shifts.early = { headcount = 0, hours = { "Mon-Sun" = "08:00-16:00" } }
shifts.late = { headcount = 0, hours = { "Mon-Sun" = "10:00-20:00" } }
"#;

#[test]
fn a_secondary_who_comes_takes_what_is_too_much_for_the_primary() {
    // At ten two wait for Ada, who may have one: the last one is Ben's.
    let people = "[people]\nada = { team = \"ops\", shift = \"early\" }\nben = { team = \"ops\", shift = \"late\" }\n\
                  [services.owned]\nprimary = \"ada\"\nsecondary = \"ben\"\n";
    let results = check(
        "2026-03-02T09:00",
        &[&owned(&[0, 10, 20]), NO_TARGETS, EARLY_AND_LATE, people],
        "09:00:00 a created
         09:00:00 a start ada
         09:10:00 b created
         09:20:00 c created
         10:00:00 a resolved ada
         10:00:00 c taken_over ben
         10:00:00 b start ada
         10:00:00 c start ben
         11:00:00 b resolved ada
         11:00:00 c resolved ben",
    );
    assert_eq!(metric(&results, "taken_over_tickets"), 1.0);
}

#[test]
fn a_secondary_takes_over_what_the_primary_would_hold_over_night() {
    // Of a, half an hour is done: 30 min and a fifth of 30 are left, 36. The others have not been begun.
    let people = "[people]\nada = { team = \"ops\", shift = \"early\" }\nben = { team = \"ops\", shift = \"late\" }\n\
                  [services.owned]\nprimary = \"ada\"\nsecondary = \"ben\"\noverload = 5\n";
    let results = check(
        "2026-03-02T15:30",
        &[&owned(&[0, 10, 15]), NO_TARGETS, EARLY_AND_LATE, people],
        "15:30:00 a created
         15:30:00 a start ada
         15:40:00 b created
         15:45:00 c created
         16:00:00 a held ada
         16:00:00 a taken_over ben
         16:00:00 b taken_over ben
         16:00:00 c taken_over ben
         16:00:00 a resumed ben
         16:36:00 a resolved ben
         16:36:00 b start ben
         17:36:00 b resolved ben
         17:36:00 c start ben
         18:36:00 c resolved ben",
    );
    assert_eq!(metric(&results, "taken_over_tickets"), 3.0);
}

#[test]
fn a_secondary_takes_over_from_a_primary_on_leave_as_their_own_shift_begins() {
    // Both leave at four; on Tuesday only Ben comes.
    let people = "[people]\nada = { team = \"ops\", shift = \"early\", leave = [{ from = \"2026-03-03\", to = \"2026-03-08\" }] }\n\
                  ben = { team = \"ops\", shift = \"early\" }\n\
                  [services.owned]\nprimary = \"ada\"\nsecondary = \"ben\"\n";
    check(
        "2026-03-02T15:30",
        &[&owned(&[0]), NO_TARGETS, EARLY_AND_LATE, people],
        "15:30:00 a created
         15:30:00 a start ada
         16:00:00 a held ada
         Tue 03-03 08:00:00 a taken_over ben
         Tue 03-03 08:00:00 a resumed ben
         Tue 03-03 08:36:00 a resolved ben",
    );
}

#[test]
fn a_primary_who_comes_back_goes_on_with_what_they_hold() {
    // Both leave at four, and both come back: nothing changes hands, nothing is lost.
    let people = "[people]\nben = { team = \"ops\", shift = \"early\" }\nada = { team = \"ops\", shift = \"early\" }\n\
                  [services.owned]\nprimary = \"ada\"\nsecondary = \"ben\"\n";
    let results = check(
        "2026-03-02T15:30",
        &[&owned(&[0]), NO_TARGETS, EARLY_AND_LATE, people],
        "15:30:00 a created
         15:30:00 a start ada
         16:00:00 a held ada
         Tue 03-03 08:00:00 a resumed ada
         Tue 03-03 08:30:00 a resolved ada",
    );
    assert_eq!(metric(&results, "taken_over_tickets"), 0.0);
}

// Acknowledgements that are put off.

#[test]
fn an_acknowledgement_that_is_put_off_pages_again_at_its_end() {
    let ladder = LADDER.replace("repeats = 1", "snooze = { share = 1.0, lasts = \"30m\", at_most = 1 }");
    let results = check(
        NIGHT,
        &[&ticket("primary = [\"2m\", \"1m\"]"), NO_TARGETS, ON_CALL_ONLY, &ladder],
        "02:00:00 a created
         02:00:00 a rule:page
         02:00:00 a paged ada
         02:02:00 a acknowledged ada
         02:02:00 a snoozed ada
         02:32:00 a paged ada
         02:33:00 a acknowledged ada
         02:38:00 a start ada
         03:38:00 a resolved ada",
    );
    assert_eq!(metric(&results, "snoozed_tickets"), 1.0);
    assert_eq!(metric(&results, "time_to_acknowledge_mean_s"), 120.0);
    // Whoever put it off is paged beside whoever is on call at the first level.
    check(
        NIGHT,
        &[
            &ticket("secondary = [\"2m\"], ben = [\"3m\"]"),
            NO_TARGETS,
            ON_CALL_ONLY,
            &ladder,
        ],
        "02:00:00 a created
         02:00:00 a rule:page
         02:00:00 a paged ada
         02:05:00 a timeout level 1
         02:05:00 a paged ben
         02:05:00 a paged lea
         02:07:00 a acknowledged ben
         02:07:00 a snoozed ben
         02:37:00 a paged ada
         02:37:00 a paged ben
         02:40:00 a acknowledged ben
         02:45:00 a start ben
         03:45:00 a resolved ben",
    );
}

#[test]
fn what_was_put_off_and_has_been_begun_meanwhile_pages_nobody() {
    let tickets = "tickets = [{ id = \"x\", at = \"0s\", severity = \"Sev2\", work = { L1 = \"20m\" } },\n\
                   { id = \"a\", at = \"0s\", severity = \"Sev1\", acknowledges = { primary = [\"2m\"] } }]";
    let in_order = DUTY_AND_CALL.replace("headcount = 1", "headcount = 1\ndiscipline = \"fifo\"");
    let put_off = r#"
[schedules.primary]
members = ["ada"]
[escalation_policies.standard]
levels = [{ targets = ["primary"], timeout = "5m" }]
snooze = { share = 1.0, lasts = "30m" }
[rules.page]
when = { created = true }
if = { severity = ["Sev1"] }
then = [{ page = "standard" }]
"#;
    check(
        "2026-03-02T10:00",
        &[tickets, NO_TARGETS, &in_order, put_off],
        "10:00:00 x created
         10:00:00 a created
         10:00:00 a rule:page
         10:00:00 a paged ada
         10:00:00 x start ops/1
         10:02:00 a acknowledged ada
         10:02:00 a snoozed ada
         10:20:00 x resolved ops/1
         10:20:00 a start ops/1
         11:20:00 a resolved ops/1",
    );
}

// Roles and responders who are paged.

/// Somebody on duty, and a commander whom a schedule of another team holds.
const COMMANDED: &str = r#"
[schedules.duty]
members = ["ada"]
[roles.commander]
duty = "commander"
schedule = "duty"
[rules.major]
when = { created = true }
then = [{ assign_commander = true }]
"#;

#[test]
fn a_commander_on_call_is_paged_until_they_acknowledge() {
    // Twenty minutes at three quarters are fifteen of work; forty-five are left.
    check(
        "2026-03-02T10:00",
        &[
            &ticket("duty = [\"never\", \"5m\"]"),
            NO_TARGETS,
            DUTY_AND_CALL,
            COMMANDED,
        ],
        "10:00:00 a created
         10:00:00 a rule:major
         10:00:00 a paged:commander ada
         10:00:00 a start ops/1
         10:15:00 a paged:commander ada
         10:20:00 a acknowledged:commander ada
         10:20:00 a commander_named ada
         11:05:00 a resolved ops/1",
    );
}

#[test]
fn whoever_commands_an_incident_does_not_take_its_ticket_away_from_who_works_on_it() {
    // Five minutes at three quarters are 3:45; 56:15 are left. The commander acknowledges that they have seen the second page,
    // and goes on commanding: nobody would work on the ticket if it were theirs.
    check(
        "2026-03-02T10:00",
        &[
            &ticket("duty = [\"5m\", \"1m\"]"),
            NO_TARGETS,
            DUTY_AND_CALL,
            COMMANDED,
            "[rules.long]\nwhen = { in_tier = \"30m\" }\nthen = [{ notify = [\"duty\"] }]\n",
        ],
        "10:00:00 a created
         10:00:00 a rule:major
         10:00:00 a paged:commander ada
         10:00:00 a start ops/1
         10:05:00 a acknowledged:commander ada
         10:05:00 a commander_named ada
         10:30:00 a rule:long
         10:30:00 a paged ada
         10:31:00 a acknowledged ada
         11:01:15 a resolved ops/1",
    );
}

#[test]
fn a_commander_who_sleeps_is_woken_and_comes_to_their_desk() {
    // Fifteen minutes at three quarters are 11:15; 48:45 are left.
    let results = check(
        NIGHT,
        &[&ticket("duty = [\"10m\"]"), NO_TARGETS, DUTY_AND_CALL, COMMANDED],
        "02:00:00 a created
         02:00:00 a rule:major
         02:00:00 a paged:commander ada
         02:00:00 a start ops/1
         02:10:00 a acknowledged:commander ada
         02:15:00 a commander_named ada
         03:03:45 a resolved ops/1",
    );
    let woken = results.find(0, "nights_woken_share", "schedule", "duty");
    assert!(woken.and_then(|row| row.estimate).is_some_and(|share| share > 0.0));
    assert_eq!(metric(&results, "pages_per_paged_ticket"), 1.0);
}

#[test]
fn a_role_that_nobody_is_on_call_for_is_uncovered_until_somebody_is() {
    // Nobody comes: an hour at three quarters.
    let by_day = only_by_day(COMMANDED, "duty");
    let results = check(
        NIGHT,
        &[&ticket("duty = [\"1m\"]"), NO_TARGETS, DUTY_AND_CALL, &by_day],
        "02:00:00 a created
         02:00:00 a rule:major
         02:00:00 a uncovered
         02:00:00 a start ops/1
         03:20:00 a resolved ops/1",
    );
    assert_eq!(metric(&results, "uncovered_pages"), 1.0);
    // The duty begins at 08:00, the next page is due at 08:05: sixteen minutes at three quarters are twelve.
    check(
        "2026-03-02T07:50",
        &[&ticket("duty = [\"1m\"]"), NO_TARGETS, DUTY_AND_CALL, &by_day],
        "07:50:00 a created
         07:50:00 a rule:major
         07:50:00 a uncovered
         07:50:00 a start ops/1
         08:05:00 a paged:commander ada
         08:06:00 a acknowledged:commander ada
         08:06:00 a commander_named ada
         08:54:00 a resolved ops/1",
    );
}

#[test]
fn who_has_acknowledged_for_a_role_is_not_paged_for_the_next_that_is_asked_of_it() {
    let twice = r#"
[schedules.duty]
members = ["ada"]
[roles.director]
schedule = "duty"
work = { deterministic = "10m" }
[rules.first]
when = { created = true }
then = [{ escalate_to = "director" }]
[rules.second]
when = { with_owner = "30m" }
then = [{ escalate_to = "director" }]
"#;
    let results = check(
        "2026-03-02T10:00",
        &[&ticket("duty = [\"5m\"]"), NO_TARGETS, DUTY_AND_CALL, twice],
        "10:00:00 a created
         10:00:00 a rule:first
         10:00:00 a escalated_to director
         10:00:00 a paged:director ada
         10:00:00 a start ops/1
         10:05:00 a acknowledged:director ada
         10:30:00 a rule:second
         10:30:00 a escalated_to director
         11:00:00 a resolved ops/1",
    );
    // Two pieces of work, one page.
    assert_eq!(metric(&results, "pages_per_paged_ticket"), 1.0);
    let called = results
        .find(0, "called_h", "team", "night")
        .and_then(|row| row.estimate);
    assert_eq!(called, Some(20.0 / 60.0));
}

#[test]
fn a_page_for_a_role_is_for_what_it_is_asked_meanwhile_too() {
    // Asked at 10:01 and 10:02, and paged once: both pieces of work follow the answer.
    let twice = r#"
[schedules.duty]
members = ["ada"]
[roles.director]
schedule = "duty"
work = { deterministic = "10m" }
[rules.first]
when = { in_tier = "1m" }
then = [{ escalate_to = "director" }]
[rules.second]
when = { in_tier = "2m" }
then = [{ escalate_to = "director" }]
"#;
    let results = check(
        "2026-03-02T10:00",
        &[&ticket("duty = [\"30m\"]"), NO_TARGETS, DUTY_AND_CALL, twice],
        "10:00:00 a created
         10:00:00 a start ops/1
         10:01:00 a rule:first
         10:01:00 a escalated_to director
         10:01:00 a paged:director ada
         10:02:00 a rule:second
         10:02:00 a escalated_to director
         10:16:00 a paged:director ada
         10:31:00 a acknowledged:director ada
         11:00:00 a resolved ops/1",
    );
    let called = results
        .find(0, "called_h", "team", "night")
        .and_then(|row| row.estimate);
    assert_eq!(called, Some(20.0 / 60.0));
}

/// Somebody on call is to join after ten minutes.
const HELP: &str = r#"
[schedules.primary]
members = ["ada"]
[swarming]
join_work = "0s"
[rules.help]
when = { with_owner = "10m" }
if = { team = ["ops"] }
then = [{ add_responders = { count = 1, from = "primary" } }]
"#;

#[test]
fn a_responder_on_call_acknowledges_and_joins() {
    // Seventeen minutes alone, forty-three of work left for two, who do 2 / 1.34 of one's work.
    let results = check(
        "2026-03-02T10:00",
        &[
            &ticket("primary = [\"2m\"]"),
            NO_TARGETS,
            DUTY_AND_CALL,
            HELP,
            "[on_call]\nget_to_desk = \"5m\"",
        ],
        "10:00:00 a created
         10:00:00 a start ops/1
         10:10:00 a rule:help
         10:10:00 a paged:responder ada
         10:12:00 a acknowledged:responder ada
         10:17:00 a joined ada
         10:45:48.600 a resolved ops/1",
    );
    assert_eq!(metric(&results, "touch_time_mean_s"), 2748.6 + 1728.6);
}

#[test]
fn a_responder_who_never_answers_never_joins() {
    check(
        "2026-03-02T10:00",
        &[&ticket("primary = [\"never\"]"), NO_TARGETS, DUTY_AND_CALL, HELP],
        "10:00:00 a created
         10:00:00 a start ops/1
         10:10:00 a rule:help
         10:10:00 a paged:responder ada
         11:00:00 a resolved ops/1",
    );
}

#[test]
fn who_has_joined_is_not_paged_to_join() {
    // From 10:07 on two work at a rate of 1.493.
    check(
        "2026-03-02T10:00",
        &[r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", work={L1="3h"}, acknowledges = { helpers = ["1m","1m"] } }]
[severities.Sev1]
[severities.Sev2]
[tiers.L1]
work = { deterministic = "1h" }
[teams.desk]
tier = "L1"
headcount = 1
[teams.ops]
tier = "L1"
[people]
lea = { team = "ops" }
[schedules.helpers]
members = ["lea"]
[swarming]
join_work = "0s"
[rules.help]
when = { in_team = "6m" }
then = [{ add_responders = { count = 1, from = "helpers" } }]
[rules.more]
when = { in_team = "30m" }
then = [{ add_responders = { count = 1, from = "helpers" } }]
"#],
        "10:00:00 a created
         10:00:00 a start desk/1
         10:06:00 a rule:help
         10:06:00 a paged:responder lea
         10:07:00 a acknowledged:responder lea
         10:07:00 a joined lea
         10:30:00 a rule:more
         12:02:54.600 a resolved desk/1",
    );
}

#[test]
fn a_team_that_has_nobody_free_is_helped_out_by_a_page() {
    let second = "[teams.second]\ntier = \"L1\"\nheadcount = 1\n";
    let help = HELP.replace("from = \"primary\"", "from = \"second\", else_page = \"primary\"");
    let tickets = r#"tickets = [
        { id = "a", at = "0s", severity = "Sev1", team = "ops", acknowledges = { primary = ["1m"] } },
        { id = "x", at = "0s", severity = "Sev1", team = "second", work = { L1 = "30m" } },
    ]"#;
    // Eleven minutes alone, forty-nine for two.
    check(
        "2026-03-02T10:00",
        &[tickets, NO_TARGETS, DUTY_AND_CALL, second, &help],
        "10:00:00 a created
         10:00:00 x created
         10:00:00 x start second/1
         10:00:00 a start ops/1
         10:10:00 a rule:help
         10:10:00 a paged:responder ada
         10:11:00 a acknowledged:responder ada
         10:11:00 a joined ada
         10:30:00 x resolved second/1
         10:43:49.800 a resolved ops/1",
    );
    let free = tickets.replace("work = { L1 = \"30m\" }", "work = { L1 = \"5m\" }");
    check(
        "2026-03-02T10:00",
        &[&free, NO_TARGETS, DUTY_AND_CALL, second, &help],
        "10:00:00 a created
         10:00:00 x created
         10:00:00 x start second/1
         10:00:00 a start ops/1
         10:05:00 x resolved second/1
         10:10:00 a rule:help
         10:10:00 a joined second/1
         10:43:30 a resolved ops/1",
    );
}

// The clock of acknowledgements.

/// Sev1 is to be acknowledged within ten minutes.
const WITHIN_TEN: &str =
    "[severities]\nSev1 = { acknowledge = \"10m\" }\n[severities.Sev2]\n[severities.Sev3]\n[severities.Sev4]\n";

#[test]
fn the_clock_of_acknowledgements_runs_from_the_first_page_to_the_first_answer() {
    // Paged at 02:00, due at 02:10, acknowledged at 02:06:20: 380 s and three pages.
    let results = check(
        NIGHT,
        &[&ticket("primary = [\"6m 20s\"]"), WITHIN_TEN, ON_CALL_ONLY, LADDER],
        "02:00:00 a created
         02:00:00 a rule:page
         02:00:00 a paged ada
         02:05:00 a timeout level 1
         02:05:00 a paged ben
         02:05:00 a paged lea
         02:06:20 a acknowledged ada
         02:11:20 a start ada
         03:11:20 a resolved ada",
    );
    assert_eq!(metric(&results, "breach_rate_acknowledge"), 0.0);
    assert_eq!(metric(&results, "attainment_acknowledge"), 1.0);
    assert_eq!(metric(&results, "time_to_acknowledge_mean_s"), 380.0);
    assert_eq!(metric(&results, "pages_per_paged_ticket"), 3.0);
    assert_eq!(metric(&results, "ack_within_timeout_share"), 0.0);
}

#[test]
fn a_late_acknowledgement_breaches_and_a_rule_may_watch_for_it() {
    // A page after a quarter of an hour only; the clock starts with it, at 02:15, and not with the ticket. Half of it is
    // used up at 02:20, all at 02:25; the manager's answer comes at 02:46, 21 minutes late.
    let ladder = LADDER.replace("when = { created = true }", "when = { in_team = \"15m\" }");
    let rule =
        "[rules.half]\nwhen = { consumed = { of = \"acknowledge\", share = 0.5 } }\nthen = [{ flag = \"half\" }]\n";
    let results = check(
        NIGHT,
        &[&ticket("manager = [\"1m\"]"), WITHIN_TEN, ON_CALL_ONLY, &ladder, rule],
        "02:00:00 a created
         02:15:00 a rule:page
         02:15:00 a paged ada
         02:20:00 a timeout level 1
         02:20:00 a paged ben
         02:20:00 a paged lea
         02:20:00 a rule:half
         02:25:00 a breach:acknowledge
         02:30:00 a timeout level 2
         02:30:00 a paged ada
         02:35:00 a timeout level 1
         02:35:00 a paged ben
         02:35:00 a paged lea
         02:45:00 a timeout level 2
         02:45:00 a paged max
         02:46:00 a acknowledged max
         02:51:00 a start max
         03:51:00 a resolved max",
    );
    assert_eq!(metric(&results, "breach_rate_acknowledge"), 1.0);
    assert_eq!(metric(&results, "lateness_acknowledge_mean_s"), 21.0 * 60.0);
}

#[test]
fn an_acknowledgement_at_the_target_is_met_and_a_resolution_before_it_is_not_due() {
    let results = check(
        NIGHT,
        &[&ticket("secondary = [\"5m\"]"), WITHIN_TEN, ON_CALL_ONLY, LADDER],
        "02:00:00 a created
         02:00:00 a rule:page
         02:00:00 a paged ada
         02:05:00 a timeout level 1
         02:05:00 a paged ben
         02:05:00 a paged lea
         02:10:00 a acknowledged ben
         02:15:00 a start ben
         03:15:00 a resolved ben",
    );
    assert_eq!(metric(&results, "breach_rate_acknowledge"), 0.0);
    // Somebody on duty resolves it after five minutes, and nobody has acknowledged by then.
    let quick = ticket("primary = [\"9m\"]").replace("severity", "work = { L1 = \"5m\" }, severity");
    let results = check(
        "2026-03-02T10:00",
        &[&quick, WITHIN_TEN, DUTY_AND_CALL, NOTIFIED],
        "10:00:00 a created
         10:00:00 a rule:tell
         10:00:00 a paged ada
         10:00:00 a start ops/1
         10:05:00 a resolved ops/1",
    );
    let due = results.find(0, "breach_rate_acknowledge", "all", "");
    assert!(due.is_some_and(|row| row.estimate.is_none()), "nothing was due");
}

/// Tickets, of each: pages of Ada until she acknowledges, and how long after the last of them that is, ms.
fn answers_of_ada(policy: &str) -> Vec<(String, usize, i64)> {
    let ticket = |number: i32| {
        format!(
            "{{ id = \"t{number}\", at = \"{}h\", severity = \"Sev1\", work = {{ L1 = \"1m\" }} }},",
            3 * number
        )
    };
    let tickets = format!("tickets = [{}]", (0..40).map(ticket).collect::<String>());
    let organisation = r#"
[on_call]
fatigue = 0.0
[schedules.primary]
members = ["ada"]
acknowledges = { delay = { exponential = "6m" }, never = 0.0 }
[schedules.secondary]
members = ["ben"]
acknowledges = { never = 1.0 }
[rules.page]
when = { created = true }
then = [{ page = "standard" }]
[escalation_policies.standard]
late_ack = "void"
repeats = 9
"#;
    let results = check_quietly(NIGHT, &[&tickets, NO_TARGETS, ON_CALL_ONLY, organisation, policy]);
    let of_ada = |activity: &str| {
        let events = results.events.iter().filter(|event| event.resource == "ada");
        events.filter(|event| event.activity == activity).collect::<Vec<_>>()
    };
    let pages = of_ada("paged");
    let answered = of_ada("acknowledged").into_iter().map(|answer| {
        let own: Vec<_> = pages.iter().filter(|page| page.ticket == answer.ticket).collect();
        let last = own.last().expect("a page before its answer");
        (answer.ticket.clone(), own.len(), (answer.at - last.at).ms())
    });
    answered.collect()
}

#[test]
fn whom_else_anybody_pages_moves_nobody_s_answers() {
    let alone = answers_of_ada("levels = [{ targets = [\"primary\"], timeout = \"5m\" }]");
    assert!(alone.iter().any(|(_, pages, _)| *pages > 1), "somebody is paged twice");
    let below =
        "levels = [{ targets = [\"primary\"], timeout = \"5m\" }, { targets = [\"secondary\"], timeout = \"5m\" }]";
    assert_eq!(answers_of_ada(below), alone);
    let told = "levels = [{ targets = [\"primary\"], timeout = \"5m\" }]
[rules.tell]
when = { created = true }
then = [{ notify = { schedules = [\"secondary\"], inform = true } }]
";
    assert_eq!(answers_of_ada(told), alone);
}

#[test]
fn a_second_policy_does_not_replace_the_ladder_of_the_first() {
    let second = "[escalation_policies.other]\nlevels = [{ targets = [\"lead\"], timeout = \"5m\" }]\n\
                  [rules.second]\nwhen = { in_team = \"2m\" }\nthen = [{ page = \"other\" }]\n";
    check(
        NIGHT,
        &[
            &ticket("secondary = [\"1m\"]"),
            NO_TARGETS,
            ON_CALL_ONLY,
            LADDER,
            second,
        ],
        "02:00:00 a created
         02:00:00 a rule:page
         02:00:00 a paged ada
         02:02:00 a rule:second
         02:05:00 a timeout level 1
         02:05:00 a paged ben
         02:05:00 a paged lea
         02:06:00 a acknowledged ben
         02:11:00 a start ben
         03:11:00 a resolved ben",
    );
}

#[test]
fn an_answer_after_the_whole_ladder_has_its_second_thoughts_too() {
    // Played once, 15 minutes, no last resort: the primary answers after 20, and is still at it half an hour later.
    let ladder = LADDER
        .replace("repeats = 1\n", "ack_timeout = \"30m\"\n")
        .replace("last_resort = \"manager\"\n", "");
    check(
        NIGHT,
        &[&ticket("primary = [\"20m\"]"), NO_TARGETS, ON_CALL_ONLY, &ladder],
        "02:00:00 a created
         02:00:00 a rule:page
         02:00:00 a paged ada
         02:05:00 a timeout level 1
         02:05:00 a paged ben
         02:05:00 a paged lea
         02:15:00 a timeout level 2
         02:20:00 a acknowledged ada
         02:25:00 a start ada
         02:50:00 a paged ada
         02:55:00 a timeout level 1
         02:55:00 a paged ben
         02:55:00 a paged lea
         03:05:00 a timeout level 2
         03:25:00 a resolved ada",
    );
}

#[test]
fn the_clock_of_acknowledgements_of_a_ticket_that_is_left_or_turned_away_is_void() {
    let left = ticket("").replace("severity", "leaves_after = \"5m\", severity");
    let results = check(
        NIGHT,
        &[&left, WITHIN_TEN, ON_CALL_ONLY, LADDER],
        "02:00:00 a created
         02:00:00 a rule:page
         02:00:00 a paged ada
         02:05:00 a abandoned",
    );
    assert_eq!(metric(&results, "voided_clocks"), 1.0);
    // One who works, one who may wait: the third is paged for, and closed before anybody answers.
    let tickets = |answers: &str| {
        let row = |id: &str, rest: &str| {
            format!("{{ id = \"{id}\", at = \"0s\", severity = \"Sev1\", team = \"ops\"{rest} }}")
        };
        format!(
            "tickets = [{}, {}, {}]",
            row("a", ", acknowledges = {}"),
            row("b", ", acknowledges = {}"),
            row("c", answers)
        )
    };
    let full = DUTY_AND_CALL.replace("headcount = 1", "headcount = 1\nplaces = 1\nwhen_full = \"turn-away\"");
    let told = NOTIFIED.replace("created = true }", "created = true }\nif = { severity = [\"Sev1\"] }");
    let results = check(
        "2026-03-02T10:00",
        &[
            &tickets(", acknowledges = { primary = [\"1m\"] }"),
            WITHIN_TEN,
            &full,
            &told,
        ],
        "10:00:00 a created
         10:00:00 a rule:tell
         10:00:00 a paged ada
         10:00:00 b created
         10:00:00 b rule:tell
         10:00:00 b paged ada
         10:00:00 c created
         10:00:00 c rule:tell
         10:00:00 c paged ada
         10:00:00 a start ops/1
         10:00:00 c turned_away ops
         10:10:00 a breach:acknowledge
         10:10:00 b breach:acknowledge
         11:00:00 a resolved ops/1
         11:00:00 b start ops/1
         12:00:00 b resolved ops/1",
    );
    // Nobody acknowledges a and b, whose clocks breach.
    assert_eq!(metric(&results, "voided_clocks"), 1.0);
}

#[test]
fn a_snooze_ends_when_somebody_else_begins() {
    check(
        "2026-03-02T18:00",
        &[
            r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", work = { L1 = "1h" }, acknowledges = { primary = ["1m", "1m"], secondary = ["1m"] } }]
[tiers.L1]
work = { deterministic = "1h" }
[teams.ops]
tier = "L1"
[people]
ada = { team = "ops" }
ben = { team = "ops" }
[schedules.primary]
members = ["ada"]
[schedules.secondary]
members = ["ben"]
[escalation_policies.p]
levels = [{ targets = ["primary"], timeout = "15m" }]
snooze = { share = 1.0, lasts = "20m", at_most = 1 }
[rules.page]
when = { created = true }
then = [{ page = "p" }]
[rules.more]
when = { in_queue = "5m" }
then = [{ notify = ["secondary"] }]
"#,
            NO_TARGETS,
        ],
        "18:00:00 a created
         18:00:00 a rule:page
         18:00:00 a paged ada
         18:01:00 a acknowledged ada
         18:01:00 a snoozed ada
         18:05:00 a rule:more
         18:05:00 a paged ben
         18:06:00 a acknowledged ben
         18:06:00 a start ben
         19:06:00 a resolved ben",
    );
}

#[test]
fn a_snooze_ends_for_a_ticket_that_was_begun_and_waits() {
    check(
        "2026-03-02T12:00",
        &[
            r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", work = { L1 = "5m" }, legs = [{ answer_after = "5h", then_work = "2h" }], acknowledges = { primary = ["1m", "1m"] } }]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
shifts.day = { headcount = 1, hours = { "Mon-Sun" = "12:05-20:00" } }
[teams.ops]
tier = "L1"
[people]
ada = { team = "ops" }
[schedules.primary]
members = ["ada"]
[escalation_policies.p]
levels = [{ targets = ["primary"], timeout = "15m" }]
snooze = { share = 1.0, lasts = "20m", at_most = 1 }
[rules.page]
when = { created = true }
then = [{ page = "p" }]
"#,
            NO_TARGETS,
        ],
        "12:00:00 a created
         12:00:00 a rule:page
         12:00:00 a paged ada
         12:01:00 a acknowledged ada
         12:01:00 a snoozed ada
         12:05:00 a start front/day/1
         12:10:00 a pending front/day/1
         17:10:00 a customer_answered
         17:10:00 a resumed front/day/1
         19:10:00 a resolved front/day/1",
    );
}

#[test]
fn a_notification_pages_a_person_once_though_two_schedules_name_them() {
    check(
        "2026-03-02T18:00",
        &[
            r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", work = { L1 = "1h" } }]
[tiers.L1]
work = { deterministic = "1h" }
[teams.ops]
tier = "L1"
shifts.day = { headcount = 0, hours = { "Mon-Sun" = "09:00-17:00" } }
[people]
ada = { team = "ops", shift = "day" }
[schedules.primary]
members = ["ada"]
[schedules.secondary]
members = ["ada"]
[rules.page]
when = { created = true }
then = [{ notify = ["primary", "secondary"] }]
"#,
            NO_TARGETS,
        ],
        "18:00:00 a created
         18:00:00 a rule:page
         18:00:00 a paged ada
         18:08:14.823 a acknowledged ada
         18:08:14.823 a start ada
         19:08:14.823 a resolved ada",
    );
}

#[test]
fn a_customer_asks_again_while_a_ticket_waits_for_somebody_who_is_called() {
    check(
        "2026-03-02T20:00 UTC",
        &[
            r#"
tickets = [
 { id = "a", at = "0s", severity = "Sev2", work = { L1 = "30m" }, legs = [{ answer_after = "1h", then_work = "10m" }], acknowledges = { primary = ["1m"] } },
 { id = "b", at = "1h", severity = "Sev2", work = { L1 = "6h" }, acknowledges = { primary = ["1m"] } },
]
[tiers.L1]
work = { deterministic = "1h" }
[teams.ops]
tier = "L1"
shifts.day = { headcount = 0, hours = { "Mon-Sun" = "09:00-17:00" } }
[people]
ada = { team = "ops", shift = "day" }
[schedules.primary]
members = ["ada"]
[escalation_policies.p]
levels = [{ targets = ["primary"], timeout = "15m" }]
[on_call]
get_to_desk = "10m"
fatigue = 0.0
[chasers]
after = "30m"
every = { deterministic = "1h" }
work = { deterministic = "5m" }
[rules.page]
when = { created = true }
then = [{ page = "p" }]
"#,
            NO_TARGETS,
        ],
        "20:00:00 a created
         20:00:00 a rule:page
         20:00:00 a paged ada
         20:01:00 a acknowledged ada
         20:11:00 a start ada
         20:41:00 a pending ada
         21:00:00 b created
         21:00:00 b rule:page
         21:00:00 b paged ada
         21:01:00 b acknowledged ada
         21:11:00 b start ada
         21:41:00 a customer_answered
         23:11:00 a chaser:1
         Tue 03-03 00:11:00 a chaser:2
         Tue 03-03 01:11:00 a chaser:3
         Tue 03-03 02:11:00 a chaser:4
         Tue 03-03 03:11:00 a chaser:5
         Tue 03-03 03:11:00 b resolved ada
         Tue 03-03 03:11:00 a resumed ada
         Tue 03-03 03:21:00 a resolved ada",
    );
}

#[test]
fn a_customer_asks_again_while_somebody_gets_to_their_desk() {
    check(
        "2026-03-02T20:00 UTC",
        &[
            r#"
tickets = [
 { id = "a", at = "0s", severity = "Sev2", work = { L1 = "5h" }, acknowledges = { primary = ["10m"] } },
]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
[teams.ops]
tier = "L1"
shifts.day = { headcount = 0, hours = { "Mon-Sun" = "09:00-17:00" } }
[people]
ada = { team = "ops", shift = "day" }
[schedules.primary]
members = ["ada"]
[escalation_policies.p]
levels = [{ targets = ["primary"], timeout = "15m" }]
[on_call]
get_to_desk = "3h"
fatigue = 0.0
[chasers]
after = "30m"
every = { deterministic = "1h" }
work = { deterministic = "5m" }
[rules.page]
when = { created = true }
then = [{ page = "p" }]
"#,
            NO_TARGETS,
        ],
        "20:00:00 a created
         20:00:00 a rule:page
         20:00:00 a paged ada
         20:00:00 a start front/1
         20:10:00 a acknowledged ada
         20:10:00 a taken front/1
         20:10:00 a transferred ops
         21:40:00 a chaser:1
         22:40:00 a chaser:2
         23:10:00 a resumed ada
         Tue 03-03 04:00:00 a resolved ada",
    );
}

#[test]
fn what_was_put_off_is_paged_for_again_though_it_has_a_workaround_by_then() {
    // The involved team has a workaround; the fix is nobody's until the snooze ends.
    check(
        "2026-03-02T18:00",
        &[r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", acknowledges={primary=["1m","1m"]} }]
[severities.Sev1]
[severities.Sev2]
[tiers.L1]
work = { deterministic = "1h" }
[tiers.L2]
work = { deterministic = "10m" }
[teams.ops]
tier = "L1"
[teams.eng]
tier = "L2"
headcount = 1
[people]
ada = { team = "ops" }
[schedules.primary]
members = ["ada"]
[escalation_policies.p]
levels = [{targets=["primary"],timeout="15m"}]
snooze = { share=1.0, lasts="20m", at_most=1 }
[rules.page]
when = { created = true }
then = [{ page = "p" },{involve={teams=["eng"]}}]
"#],
        "18:00:00 a created
         18:00:00 a rule:page
         18:00:00 a paged ada
         18:00:00 a involved eng
         18:01:00 a acknowledged ada
         18:01:00 a snoozed ada
         18:10:00 a mitigated
         18:21:00 a paged ada
         18:22:00 a acknowledged ada
         18:22:00 a start ada
         19:22:00 a resolved ada",
    );
}

#[test]
fn who_begins_a_ticket_before_it_is_put_off_has_not_begun_it_since() {
    check(
        "2026-03-02T16:00 UTC",
        &[
            r#"
tickets = [
 { id = "a", at = "0s", severity = "Sev2", work = { L1 = "3h" }, acknowledges = { primary = ["1m","1m","1m","1m"] } },
]
[tiers.L1]
work = { deterministic = "3h" }
[teams.front]
tier = "L1"
shift_end = "hand-off"
shifts.day = { headcount = 1, hours = { "Mon-Sun" = "09:00-17:00" } }
[teams.ops]
tier = "L1"
[people]
ada = { team = "ops" }
[schedules.primary]
members = ["ada"]
[escalation_policies.p]
levels = [{ targets = ["primary"], timeout = "15m" }]
snooze = { share = 1.0, lasts = "20m", at_most = 1 }
[on_call]
fatigue = 0.0
[rules.page]
when = { in_queue = "30m" }
then = [{ page = "p" }]
"#,
            NO_TARGETS,
        ],
        "16:00:00 a created
         16:00:00 a start front/day/1
         17:00:00 a handed_off front/day/1
         17:30:00 a rule:page
         17:30:00 a paged ada
         17:31:00 a acknowledged ada
         17:31:00 a snoozed ada
         17:51:00 a paged ada
         17:52:00 a acknowledged ada
         17:52:00 a transferred ops
         17:52:00 a resumed ada
         19:52:00 a resolved ada",
    );
}

#[test]
fn each_ladder_is_unacknowledged_by_itself() {
    check(
        "2026-03-02T09:00 UTC",
        &[
            r#"
tickets = [ { id = "a", at = "0s", severity = "Sev2", acknowledges = { primary = ["never", "never","never"] } } ]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 0
[teams.ops]
tier = "L1"
shifts.day = { headcount = 0, hours = { "Sun" = "09:00-17:00" } }
[people.bob]
team = "ops"
shift = "day"
[schedules.primary]
members = ["bob"]
[escalation_policies.p]
levels = [{ targets = ["primary"], timeout = "5m" }]
[rules.page]
when = { created = true }
then = [{ page = "p" }]
[rules.again]
when = { in_team = "1h" }
then = [{ page = "p" }]
[rules.u]
when = { unacknowledged = "10m" }
then = [{ alert = "x" }]
"#,
            NO_TARGETS,
        ],
        "09:00:00 a created
         09:00:00 a rule:page
         09:00:00 a paged bob
         09:05:00 a timeout level 1
         09:10:00 a rule:u
         10:00:00 a rule:again
         10:00:00 a paged bob
         10:05:00 a timeout level 1
         10:10:00 a rule:u",
    );
}

#[test]
fn what_somebody_was_called_for_is_a_conversation_once_their_shift_begins() {
    check(
        "2026-03-02T08:00 UTC",
        &[
            r#"
tickets = [
 { id = "a", at = "0s", severity = "Sev3", work = { L1 = "3h" }, acknowledges = { primary = ["1m"] } },
 { id = "b", at = "70m", severity = "Sev4", work = { L1 = "30m" } },
]
[tiers.L1]
work = { deterministic = "1h" }
[teams.ops]
tier = "L1"
concurrency = { most = 2, slowdown = 0.0 }
shifts.day = { headcount = 0, hours = { "Mon-Sun" = "09:00-17:00" } }
[people]
ada = { team = "ops", shift = "day" }
[schedules.primary]
members = ["ada"]
[escalation_policies.p]
levels = [{ targets = ["primary"], timeout = "15m" }]
[rules.page]
when = { created = true }
if = { severity = ["Sev3"] }
then = [{ page = "p" }]
"#,
            NO_TARGETS,
        ],
        "08:00:00 a created
         08:00:00 a rule:page
         08:00:00 a paged ada
         08:01:00 a acknowledged ada
         08:01:00 a start ada
         09:10:00 b created
         09:10:00 b start ada
         09:40:00 b resolved ada
         11:01:00 a resolved ada",
    );
}

#[test]
fn who_acknowledges_a_ticket_that_is_being_read_has_it_once_it_is_read() {
    check(
        "2026-03-02T09:00 UTC",
        &[r#"
tickets = [ { id = "t", at = "0s", severity = "Sev1", work = { L1 = "10m" }, acknowledges = { rota = ["2m"] } },
 { id = "u", at = "1h", severity = "Sev2", work = { L1 = "10m", L2 = "1h" } } ]
[severities.Sev1]
resolve = "4h"
acknowledge = "10m"
[severities.Sev2]
resolve = "8h"
[triage.manual]
team = "readers"
work = { deterministic = "6m" }
[tiers.L1]
work = { deterministic = "1h" }
[tiers.L2]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
shifts.a = { headcount = 1, hours = { "Mon-Sun" = "14:00-19:00" } }
[teams.back]
tier = "L2"
headcount = 1
[teams.readers]
tier = "L1"
headcount = 1
skills = []
[people.ana]
team = "front"
shift = "a"
[schedules.rota]
members = ["ana"]
[escalation_policies.e]
levels = [{ targets = ["rota"], timeout = "5m" }]
last_resort = "rota"
[rules.page]
when = { created = true }
if = { severity = ["Sev1"] }
then = [{ page = "e" }]
[rules.move]
when = { created = true }
if = { severity = ["Sev2"] }
then = [{ transfer = "L2" }]
"#],
        "09:00:00 t created
         09:00:00 t rule:page
         09:00:00 t paged ana
         09:02:00 t acknowledged ana
         09:06:00 t start ana
         09:16:00 t resolved ana
         10:00:00 u created
         10:00:00 u rule:move
         10:06:00 u transferred back
         10:06:00 u start back/1
         11:06:00 u resolved back/1
         = t resolve due 13:00:00 met
         = u resolve due 18:00:00 met",
    );
}
