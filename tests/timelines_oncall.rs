//! Timelines of on-call duty, made by hand: who is paged when, who answers, and whose the ticket then is.
//!
//! Most start in the night of 2 March 2026, a Monday, in Berlin. A rule that fires is an event too; what is not said of a
//! ticket did not happen.

mod timelines_support;

use timelines_support::{NO_TARGETS, check, metric, slice};

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
