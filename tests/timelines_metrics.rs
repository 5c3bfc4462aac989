//! Timelines made by hand of what is measured: a handful of tickets, and the metrics that follow from them to the number.

mod timelines_support;

use escalade::experiment::tables::Results;
use timelines_support::*;

/// A metric whose histogram is accurate to half a per cent.
#[track_caller]
fn near(results: &Results, name: &str, expected_s: f64) {
    let found = metric(results, name);
    let off = (found / expected_s - 1.0).abs();
    assert!(off <= 0.005, "{name}: {found}, not {expected_s}");
}

#[track_caller]
fn equal(found: Option<f64>, expected: f64) {
    let off = found.map(|found| (found - expected).abs());
    assert!(off.is_some_and(|off| off < 1e-12), "{found:?}, not {expected}");
}

// Times.

/// Two tickets at four in the afternoon: the first asks its customer after half an hour, for an hour.
const ONE_ASKS: &str = r#"tickets = [
    { id = "a", at = "0s", work = { L1 = "30m" }, legs = [{ answer_after = "1h", then_work = "30m" }] },
    { id = "b", at = "0s", work = { L1 = "10m" } },
]
[severities.Sev1]
resolve = "2bh"
[calendars.business]
hours = { "Mon-Fri" = "09:00-17:00" }
"#;

#[test]
fn times_with_and_without_waits_and_on_the_calendar() {
    let results = check(
        "2026-03-02T16:00",
        &["first_reply = \"5m\"", ONE_ASKS, ONE_PERSON],
        "16:00:00 a created
         16:00:00 b created
         16:00:00 a start front/1
         16:30:00 a pending front/1
         16:30:00 b start front/1
         16:40:00 b resolved front/1
         17:30:00 a customer_answered
         17:30:00 a resumed front/1
         18:00:00 a resolved front/1
         = a resolve due Tue 03-03 10:30:00 met
         = b resolve due Tue 03-03 10:00:00 met",
    );
    // Begun after 0 and 30 minutes, answered five minutes later.
    assert_eq!(metric(&results, "time_to_engage_mean_s"), 15.0 * 60.0);
    assert_eq!(metric(&results, "time_to_engage_p50_s"), 0.0);
    near(&results, "time_to_engage_p90_s", 30.0 * 60.0);
    near(&results, "time_to_engage_p95_s", 30.0 * 60.0);
    near(&results, "first_response_p50_s", 5.0 * 60.0);
    near(&results, "first_response_p90_s", 35.0 * 60.0);
    // Two hours and 40 minutes, of the first one hour not waiting.
    near(&results, "time_to_resolve_p50_s", 40.0 * 60.0);
    near(&results, "time_to_resolve_p90_s", 120.0 * 60.0);
    assert_eq!(metric(&results, "time_to_resolve_net_mean_s"), 50.0 * 60.0);
    near(&results, "time_to_resolve_net_p50_s", 40.0 * 60.0);
    near(&results, "time_to_resolve_net_p90_s", 60.0 * 60.0);
    // In business hours: half an hour until the question, nothing after five; and 40 minutes.
    assert_eq!(metric(&results, "time_to_resolve_net_mean_cal_s"), 35.0 * 60.0);
    near(&results, "time_to_resolve_net_p50_cal_s", 30.0 * 60.0);
    near(&results, "time_to_resolve_net_p90_cal_s", 40.0 * 60.0);
    // 60 and 10 minutes of work in 120 and 40.
    assert_eq!(metric(&results, "flow_efficiency_share"), 70.0 / 160.0);
}

#[test]
fn the_first_work_is_the_first_response_where_words_take_no_time() {
    let results = check_quietly("2026-03-02T16:00", &[ONE_ASKS, ONE_PERSON]);
    for (engage, respond) in [
        ("time_to_engage_mean_s", "first_response_mean_s"),
        ("time_to_engage_p50_s", "first_response_p50_s"),
        ("time_to_engage_p95_s", "first_response_p95_s"),
    ] {
        assert_eq!(metric(&results, engage), metric(&results, respond));
    }
    near(&results, "time_to_engage_p90_s", 30.0 * 60.0);
}

#[test]
fn how_late_comes_in_quantiles() {
    let results = check_quietly(
        "2026-03-02T10:00",
        &[
            r#"first_reply = "15m"
            tickets = [
                { id = "a", at = "0s", work = { L1 = "20m" } },
                { id = "b", at = "0s", work = { L1 = "40m" } },
                { id = "c", at = "0s", work = { L1 = "60m" } },
            ]
            [severities.Sev1]
            first_response = "5m"
            resolve = "30m""#,
            &ONE_PERSON.replace("headcount = 1", "headcount = 3"),
        ],
    );
    // All answer ten minutes late; one is in time, the others ten and 30 minutes late.
    assert_eq!(metric(&results, "lateness_first_response_mean_s"), 600.0);
    near(&results, "lateness_first_response_p50_s", 600.0);
    assert_eq!(metric(&results, "lateness_resolve_mean_s"), 20.0 * 60.0);
    near(&results, "lateness_resolve_p50_s", 600.0);
    near(&results, "lateness_resolve_p90_s", 1800.0);
    near(&results, "lateness_resolve_p95_s", 1800.0);
}

// Samples at the ends of hours.

#[test]
fn open_tickets_are_sampled_at_the_ends_of_hours() {
    let results = check(
        "2026-03-02T09:00 UTC",
        &[
            r#"tickets = [
                { id = "a", at = "0s", work = { L1 = "2h 30m" } },
                { id = "b", at = "0s", work = { L1 = "1h" } },
            ]
            [severities.Sev1]
            resolve = "2h""#,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 b created
         09:00:00 a start front/1
         11:00:00 a breach:resolve
         11:00:00 b breach:resolve
         11:30:00 a resolved front/1
         11:30:00 b start front/1
         12:30:00 b resolved front/1
         = a resolve due 11:00:00 breached
         = b resolve due 11:00:00 breached",
    );
    // Two tickets open at ten with half of their time used up, two at eleven with all of it, one at noon.
    assert_eq!(metric(&results, "backlog_max"), 2.0);
    assert_eq!(metric(&results, "at_risk_share"), 3.0 / 5.0);
    assert_eq!(results.find(0, "at_risk_share", "all", "").map(|row| row.n), Some(5));
    // One waits at ten, for an hour, and at eleven, for two.
    near(&results, "queue_age_p90_s", 2.0 * 3600.0);
    // Of three Mondays the first has them.
    let of = |name: &str, hour: &str| slice(&results, name, "hour_of_week", hour);
    equal(of("backlog_by_hour", "Mon 09"), 2.0 / 3.0);
    equal(of("backlog_by_hour", "Mon 11"), 1.0 / 3.0);
    equal(of("backlog_by_hour", "Mon 12"), 0.0);
    equal(of("occupancy_share_by_hour", "Mon 09"), 1.0 / 3.0);
    equal(of("occupancy_share_by_hour", "Mon 12"), 1.0 / 6.0);
    // Two visits of one hour and three quarters each in the mean, of three weeks of one person.
    equal(Some(metric(&results, "load_ratio")), 3.5 / 504.0);
    equal(slice(&results, "load_ratio", "team", "front"), 3.5 / 504.0);
    equal(of("load_ratio_by_hour", "Mon 09"), 3.5 / 3.0);
    equal(of("load_ratio_by_hour", "Mon 10"), 0.0);
}

#[test]
fn samples_come_by_the_slices_of_tickets() {
    let results = check_quietly(
        "2026-03-02T09:00 UTC",
        &[
            r#"tickets = [
                { id = "a", at = "0s", severity = "Sev1", team = "second", work = { L2 = "90m" } },
                { id = "b", at = "0s", severity = "Sev2", work = { L1 = "90m" } },
                { id = "c", at = "30m", severity = "Sev2", work = { L1 = "90m" } },
            ]
            [severities.Sev1]
            resolve = "1h"
            [severities.Sev2]"#,
            TWO_TIERS,
        ],
    );
    // At ten all three are open, at eleven the last one is, to be begun at half past ten and to be done at noon.
    let of = |by: &str, group: &str| slice(&results, "backlog_max", by, group);
    assert_eq!(of("all", ""), Some(3.0));
    assert_eq!(of("severity", "Sev1"), Some(1.0));
    assert_eq!(of("severity", "Sev2"), Some(2.0));
    assert_eq!(of("service", "desk"), Some(3.0));
    assert_eq!(of("support_tier", "L1"), Some(2.0));
    assert_eq!(of("team", "second"), Some(1.0));
    // The only clock is that of the first, at its deadline.
    assert_eq!(slice(&results, "at_risk_share", "team", "second"), Some(1.0));
    assert_eq!(slice(&results, "at_risk_share", "severity", "Sev2"), None);
    assert_eq!(slice(&results, "queue_age_p90_s", "team", "second"), None);
}

#[test]
fn clocks_are_at_risk_by_the_time_of_their_calendars() {
    let results = check_quietly(
        "2026-03-02T09:00",
        &[
            r#"tickets = [
                { id = "a", at = "0s" },
                { id = "b", at = "9h" },
            ]
            [severities.Sev1]
            resolve = "8bh"
            [calendars.business]
            hours = { "Mon-Fri" = "09:00-17:00" }"#,
            NOBODY,
        ],
    );
    // Nobody works on them. Six hours are over at 15:00 on Monday and, of the one that came in the evening, on Tuesday: all but
    // 5 of 504 samples, and all but 21 of 496.
    equal(Some(metric(&results, "at_risk_share")), (499.0 + 475.0) / 1000.0);
}

#[test]
fn clocks_that_paused_are_at_risk_later() {
    let results = check_quietly(
        "2026-03-02T10:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", work = { L1 = "1h" }, legs = [{ answer_after = "10h", then_work = "3h 30m" }] }]
            [severities.Sev1]
            resolve = "4h""#,
            ONE_PERSON,
        ],
    );
    // Three hours are over at 23:00, of the samples from 11:00 to midnight the last but one.
    equal(Some(metric(&results, "at_risk_share")), 2.0 / 14.0);
}

// Warnings.

/// Four people; an hour and 40 minutes for everything.
const FOUR_PEOPLE: &str = r#"
[severities.Sev1]
resolve = "100m"
[severities.Sev2]
resolve = "100m"
[severities.Sev3]
resolve = "100m"
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 6
[rules.half]
when = { consumed = { of = "resolve", share = 0.5 } }
if = { severity = ["Sev1"] }
then = [{ alert = "the lead" }]
[rules.last]
when = { left = { of = "resolve", time = "5m" } }
if = { severity = ["Sev2"] }
then = [{ alert = "the lead" }]
"#;

/// Of the most severe 40, 60, 95 and 130 minutes of work; 98 and 120 of the others.
const SIX_TICKETS: &str = r#"tickets = [
    { id = "a", at = "0s", severity = "Sev1", work = { L1 = "40m" } },
    { id = "b", at = "0s", severity = "Sev1", work = { L1 = "60m" } },
    { id = "c", at = "0s", severity = "Sev1", work = { L1 = "95m" } },
    { id = "d", at = "0s", severity = "Sev1", work = { L1 = "130m" } },
    { id = "e", at = "0s", severity = "Sev2", work = { L1 = "98m" } },
    { id = "f", at = "0s", severity = "Sev3", work = { L1 = "120m" } },
]
"#;

#[test]
fn a_warning_is_judged_by_how_close_its_clock_came() {
    let results = check_quietly("2026-03-02T10:00", &[SIX_TICKETS, FOUR_PEOPLE]);
    // Close calls: 95, 130, 98 and 120 of 100 minutes. Of the first two the lead knew 50 minutes before, of the third five, which
    // is less than a tenth of the target, of the fourth nobody.
    assert_eq!(metric(&results, "alerts_before_breach_share"), 2.0 / 4.0);
    assert_eq!(
        slice(&results, "alerts_before_breach_share", "severity", "Sev1"),
        Some(1.0)
    );
    assert_eq!(
        slice(&results, "alerts_before_breach_share", "severity", "Sev2"),
        Some(0.0)
    );
    assert_eq!(
        slice(&results, "alerts_before_breach_share", "severity", "Sev3"),
        Some(0.0)
    );
    // Warnings: of 60, 95, 130 and 98 minutes.
    assert_eq!(metric(&results, "alert_precision_share"), 3.0 / 4.0);
    assert_eq!(
        slice(&results, "alert_precision_share", "severity", "Sev1"),
        Some(2.0 / 3.0)
    );
    assert_eq!(slice(&results, "alert_precision_share", "severity", "Sev3"), None);
}

#[test]
fn what_is_a_useful_lead_can_be_said() {
    let five_minutes = check_quietly("2026-03-02T10:00", &["useful_lead = \"5m\"", SIX_TICKETS, FOUR_PEOPLE]);
    assert_eq!(metric(&five_minutes, "alerts_before_breach_share"), 3.0 / 4.0);
    let an_hour = check_quietly("2026-03-02T10:00", &["useful_lead = \"1h\"", SIX_TICKETS, FOUR_PEOPLE]);
    assert_eq!(metric(&an_hour, "alerts_before_breach_share"), 0.0);
}

/// What breaches is lowered at once.
const LOWERED_AS_IT_BREACHES: &str = r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", work = { L1 = "6h" } }]
[severities.Sev1]
resolve = "4h"
[rules.low]
when = { breached = "resolve" }
"#;

#[test]
fn a_breach_of_a_former_target_is_judged_by_that() {
    let lower = "then = [{ lower = \"Sev3\" }]";
    let warn =
        "[rules.warn]\nwhen = { consumed = { of = \"resolve\", share = 0.75 } }\nthen = [{ alert = \"the lead\" }]";
    // Lowered to what has no target, or much time: the lead knew an hour before.
    for sev3 in ["[severities.Sev3]", "[severities.Sev3]\nresolve = \"100h\""] {
        let parts = [LOWERED_AS_IT_BREACHES, lower, warn, sev3, ONE_PERSON];
        let results = check_quietly("2026-03-02T10:00", &parts);
        assert_eq!(metric(&results, "breach_rate_resolve"), 1.0, "{sev3}");
        assert_eq!(metric(&results, "alerts_before_breach_share"), 1.0, "{sev3}");
        assert_eq!(metric(&results, "alert_precision_share"), 1.0, "{sev3}");
    }
    // Told at the deadline, which is no use to anybody.
    let lower_and_tell = "then = [{ lower = \"Sev3\" }, { alert = \"the lead\" }]";
    for sev3 in ["[severities.Sev3]", "[severities.Sev3]\nresolve = \"100h\""] {
        let parts = [LOWERED_AS_IT_BREACHES, lower_and_tell, sev3, ONE_PERSON];
        let results = check_quietly("2026-03-02T10:00", &parts);
        assert_eq!(metric(&results, "alerts_before_breach_share"), 0.0, "{sev3}");
    }
}

#[test]
fn a_warning_counts_if_whoever_gets_it_is_able() {
    let results = check(
        "2026-03-02T10:00",
        &[r#"tickets = [
                { id = "a", at = "0s", severity = "Sev1", able_from = "L2", acknowledges = {} },
                { id = "b", at = "0s", severity = "Sev2", able_from = "L2", acknowledges = {} },
            ]
            [severities.Sev1]
            resolve = "100m"
            [severities.Sev2]
            resolve = "100m"
            [tiers.L1]
            work = { deterministic = "1h" }
            [tiers.L2]
            work = { deterministic = "1h" }
            [teams.front]
            tier = "L1"
            [teams.second]
            tier = "L2"
            [people]
            ada = { team = "front" }
            ben = { team = "second" }
            [schedules.first]
            members = ["ada"]
            [schedules.second]
            members = ["ben"]
            [rules.one]
            when = { consumed = { of = "resolve", share = 0.5 } }
            if = { severity = ["Sev1"] }
            then = [{ notify = ["first"] }]
            [rules.two]
            when = { consumed = { of = "resolve", share = 0.5 } }
            if = { severity = ["Sev2"] }
            then = [{ notify = { schedules = ["second"], inform = true } }]"#],
        "10:00:00 a created
         10:00:00 b created
         10:50:00 a rule:one
         10:50:00 a paged ada
         10:50:00 b rule:two
         10:50:00 b paged ben
         11:40:00 a breach:resolve
         11:40:00 b breach:resolve
         = a resolve due 11:40:00 breached
         = b resolve due 11:40:00 breached",
    );
    assert_eq!(
        slice(&results, "alerts_before_breach_share", "severity", "Sev1"),
        Some(0.0)
    );
    assert_eq!(
        slice(&results, "alerts_before_breach_share", "severity", "Sev2"),
        Some(1.0)
    );
    assert_eq!(metric(&results, "alert_precision_share"), 1.0);
}

// What wrong severities cost.

#[test]
fn an_over_triaged_ticket_interrupts_for_nothing() {
    let results = check(
        "2026-03-02T10:00",
        &[
            r#"tickets = [
                { id = "a", at = "0s", severity = "Sev4", work = { L1 = "1h" } },
                { id = "b", at = "10m", severity = "Sev4", reported = "Sev1", work = { L1 = "10m" } },
                { id = "c", at = "2h", severity = "Sev4", work = { L1 = "1h" } },
                { id = "d", at = "2h 10m", severity = "Sev2", reported = "Sev1", work = { L1 = "10m" } },
            ]"#,
            NO_TARGETS,
            ONE_PERSON,
            "preemption = { switch_cost = \"0s\" }",
        ],
        "10:00:00 a created
         10:00:00 a start front/1
         10:10:00 b created
         10:10:00 a preempted front/1
         10:10:00 b start front/1
         10:20:00 b resolved front/1
         10:20:00 a resumed front/1
         11:10:00 a resolved front/1
         12:00:00 c created
         12:00:00 c start front/1
         12:10:00 d created
         12:10:00 c preempted front/1
         12:10:00 d start front/1
         12:20:00 d resolved front/1
         12:20:00 c resumed front/1
         13:10:00 c resolved front/1",
    );
    // The fourth is over-triaged, too, but may interrupt as what it is.
    assert_eq!(metric(&results, "over_triage_preemptions_per_ticket"), 1.0 / 4.0);
    assert_eq!(metric(&results, "over_triage_interrupts_per_ticket"), 1.0 / 4.0);
    equal(
        slice(&results, "over_triage_preemptions_per_ticket", "true_severity", "Sev4"),
        1.0 / 3.0,
    );
    // Two preemptions in three weeks of 24 hours a day, eight hours a shift.
    equal(Some(metric(&results, "interrupts_per_agent_shift")), 2.0 / 63.0);
}

#[test]
fn a_page_is_needless_if_the_true_severity_would_not_have_sent_it_then() {
    let results = check(
        "2026-03-02T10:00",
        &[r#"tickets = [
                { id = "a", at = "0s", severity = "Sev3", reported = "Sev1", acknowledges = {} },
                { id = "b", at = "0s", severity = "Sev1", acknowledges = {} },
                { id = "c", at = "0s", severity = "Sev3", reported = "Sev2", acknowledges = {} },
                { id = "d", at = "0s", severity = "Sev2", acknowledges = {} },
                { id = "e", at = "0s", severity = "Sev3", acknowledges = {} },
            ]
            [severities.Sev1]
            [severities.Sev2]
            resolve = "2h"
            [severities.Sev3]
            resolve = "8h"
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
            [rules.at-once]
            when = { created = true }
            if = { severity = ["Sev1"] }
            then = [{ page = "standard" }]
            [rules.half]
            when = { consumed = { of = "resolve", share = 0.5 } }
            then = [{ page = "standard" }]"#],
        "10:00:00 a created
         10:00:00 a rule:at-once
         10:00:00 a paged ada
         10:00:00 b created
         10:00:00 b rule:at-once
         10:00:00 b paged ada
         10:00:00 c created
         10:00:00 d created
         10:00:00 e created
         10:05:00 a timeout level 1
         10:05:00 b timeout level 1
         11:00:00 c rule:half
         11:00:00 c paged ada
         11:00:00 d rule:half
         11:00:00 d paged ada
         11:05:00 c timeout level 1
         11:05:00 d timeout level 1
         12:00:00 c breach:resolve
         12:00:00 d breach:resolve
         14:00:00 e rule:half
         14:00:00 e paged ada
         14:05:00 e timeout level 1
         18:00:00 e breach:resolve
         = c resolve due 12:00:00 breached
         = d resolve due 12:00:00 breached
         = e resolve due 18:00:00 breached",
    );
    // The first is none of Sev1; of the third half of the eight hours is not over at eleven.
    assert_eq!(metric(&results, "over_triage_pages_per_ticket"), 2.0 / 5.0);
    // Nobody is on shift.
    assert_eq!(metric(&results, "over_triage_interrupts_per_ticket"), 0.0);
}

#[test]
fn over_triage_takes_the_time_of_scarce_tiers() {
    let results = check_quietly(
        "2026-03-02T10:00",
        &[
            r#"tickets = [
                { id = "a", at = "0s", severity = "Sev4", reported = "Sev1", team = "second", work = { L2 = "90m" } },
                { id = "b", at = "0s", severity = "Sev4", reported = "Sev1", team = "second", able_from = "L2" },
                { id = "c", at = "0s", severity = "Sev1", team = "second" },
                { id = "d", at = "0s", severity = "Sev4", reported = "Sev1" },
            ]"#,
            NO_TARGETS,
            TWO_TIERS,
        ],
    );
    // The second needs that tier, the third is what it seems, the fourth is solved below.
    assert_eq!(metric(&results, "over_triage_scarce_h"), 1.5);
    assert_eq!(slice(&results, "over_triage_scarce_h", "support_tier", "L2"), Some(1.5));
}

#[test]
fn under_triage_lasts_until_the_severity_is_seen() {
    let results = check(
        "2026-03-02T10:00",
        &[
            r#"tickets = [
                { id = "a", at = "0s", severity = "Sev1", reported = "Sev3" },
                { id = "b", at = "0s", severity = "Sev2", reported = "Sev4" },
                { id = "c", at = "0s", severity = "Sev3" },
            ]
            [rules.seen]
            when = { in_queue = "30m" }
            if = { severity = ["Sev3"] }
            then = [{ raise = "Sev1" }]"#,
            NO_TARGETS,
            NOBODY,
        ],
        "10:00:00 a created
         10:00:00 b created
         10:00:00 c created
         10:30:00 a rule:seen
         10:30:00 a severity:Sev1
         10:30:00 c rule:seen
         10:30:00 c severity:Sev1",
    );
    // Half an hour of the first; of the second the three weeks and the two after them.
    let weeks = 5.0 * 7.0 * 86_400.0;
    assert_eq!(metric(&results, "time_to_true_severity_mean_s"), (1800.0 + weeks) / 2.0);
    near(&results, "time_to_true_severity_p50_s", 1800.0);
    near(&results, "time_to_true_severity_p90_s", weeks);
    assert_eq!(
        slice(&results, "time_to_true_severity_mean_s", "true_severity", "Sev1"),
        Some(1800.0)
    );
    assert_eq!(
        slice(&results, "time_to_true_severity_mean_s", "true_severity", "Sev3"),
        None
    );
}

// What the dictionary says of flow and people.

#[test]
fn an_escalation_that_leaves_an_able_tier_is_needless() {
    let results = check(
        "2026-03-02T10:00",
        &[
            r#"tickets = [
                { id = "a", at = "0s", severity = "Sev3", able_from = "L2" },
                { id = "b", at = "0s", severity = "Sev3" },
            ]
            [rules.up]
            when = { in_queue = "30m" }
            if = { tier = ["L1"] }
            then = [{ transfer = "L2" }]"#,
            NO_TARGETS,
            TWO_TIERS,
        ],
        "10:00:00 a created
         10:00:00 b created
         10:00:00 a start front/1
         10:30:00 b rule:up
         10:30:00 b transferred second
         10:30:00 b start second/1
         11:00:00 a escalated front/1
         11:30:00 b resolved second/1
         11:30:00 a start second/1
         12:30:00 a resolved second/1",
    );
    assert_eq!(metric(&results, "needless_escalation_share"), 0.5);
    assert_eq!(
        slice(&results, "needless_escalation_share", "support_tier", "L1"),
        Some(0.5)
    );
    assert_eq!(metric(&results, "escalations_per_ticket"), 1.0);
}

#[test]
fn changes_of_hands_are_cold_or_warm() {
    let played = |handoff: &str| {
        check_quietly(
            "2026-03-02T16:30",
            &[
                r#"tickets = [{ id = "a", at = "0s", severity = "Sev3", work = { L1 = "1h" } }]"#,
                NO_TARGETS,
                DAY_AND_EVENING,
                "shift_end = \"hand-off\"",
                handoff,
            ],
        )
    };
    let cold = played("[handoff]\nshift_end = \"cold\"");
    assert_eq!(metric(&cold, "handoffs_per_ticket"), 1.0);
    assert_eq!(metric(&cold, "cold_share"), 1.0);
    let warm = played("[handoff]\nshift_end = \"warm\"\noverlap = \"5m\"");
    assert_eq!(metric(&warm, "handoffs_per_ticket"), 1.0);
    assert_eq!(metric(&warm, "cold_share"), 0.0);
}

#[test]
fn owners_change_within_a_team_and_with_it_and_not_by_coming_back() {
    // Half an hour of the day's person, half an hour of the evening's, then the experts': two changes of owner, one of team. Who
    // solved it gets it back. `b` is with the evening's person all the time.
    let results = check(
        "2026-03-02T16:30",
        &[
            r#"tickets = [
                { id = "a", at = "0s", severity = "Sev3", able_from = "L2", work = { L1 = "1h", L2 = "1h" }, reopens_after = ["30m"] },
                { id = "b", at = "2h", severity = "Sev3", work = { L1 = "10m" } },
            ]"#,
            NO_TARGETS,
            DAY_AND_EVENING,
            "shift_end = \"hand-off\"",
            "[tiers.L2]\nwork = { deterministic = \"1h\" }\n[teams.second]\ntier = \"L2\"\nheadcount = 1",
        ],
        "16:30:00 a created
         16:30:00 a start front/day/1
         17:00:00 a handed_off front/day/1
         17:00:00 a resumed front/evening/1
         17:30:00 a escalated front/evening/1
         17:30:00 a start second/1
         18:30:00 a resolved second/1
         18:30:00 b created
         18:30:00 b start front/evening/1
         18:40:00 b resolved front/evening/1
         19:00:00 a reopened
         19:00:00 a start second/1
         20:00:00 a resolved second/1",
    );
    let changes = |id: &str| {
        let row = results.tickets.iter().find(|row| row.ticket == id).expect("a row");
        (row.owner_changes, row.group_changes, row.reassignments, row.handoffs)
    };
    // The experts' person comes with the change of team.
    assert_eq!((changes("a"), changes("b")), ((2, 1, 2, 1), (0, 0, 0, 0)));
    assert_eq!(metric(&results, "owner_changes_per_ticket"), 1.0);
    assert_eq!(metric(&results, "group_changes_per_ticket"), 0.5);
    assert_eq!(metric(&results, "reassignments_per_ticket"), 1.0);
    assert_eq!(slice(&results, "owner_changes_per_ticket", "team", "second"), Some(2.0));
}

#[test]
fn a_ticket_that_its_secondary_takes_over_changes_its_owner() {
    // It stays in its team.
    let results = check(
        "2026-03-02T10:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", severity = "Sev3", service = "owned" }]"#,
            NO_TARGETS,
            r#"[tiers.L1]
            work = { deterministic = "1h" }
            [teams.ops]
            tier = "L1"
            headcount = 2
            [services.owned]
            primary = "ops/1"
            secondary = "ops/2"
            [rules.help]
            when = { with_owner = "30m" }
            then = [{ to_secondary = true }]"#,
        ],
        "10:00:00 a created
         10:00:00 a start ops/1
         10:30:00 a rule:help
         10:30:00 a taken ops/1
         10:30:00 a resumed ops/2
         11:00:00 a resolved ops/2",
    );
    assert_eq!(metric(&results, "owner_changes_per_ticket"), 1.0);
    assert_eq!(metric(&results, "group_changes_per_ticket"), 0.0);
    assert_eq!(metric(&results, "reassignments_per_ticket"), 1.0);
}

#[test]
fn rest_that_is_lacking_belongs_to_the_schedule_of_the_night() {
    let results = check_quietly(
        "2026-03-02T02:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", severity = "Sev3", acknowledges = { primary = ["1m"] } }]
            [tiers.L1]
            work = { deterministic = "1h" }
            [teams.ops]
            tier = "L1"
            shifts.day = { headcount = 0, hours = { "Mon-Sun" = "08:00-16:00" } }
            [people]
            ada = { team = "ops", shift = "day" }
            ben = { team = "ops", shift = "day" }
            [schedules.primary]
            members = ["ada"]
            [schedules.secondary]
            members = ["ben"]
            [escalation_policies.standard]
            levels = [{ targets = ["primary"], timeout = "5m" }]
            [rules.page]
            when = { created = true }
            then = [{ page = "standard" }]"#,
            NO_TARGETS,
        ],
    );
    // Kept up until 03:06, at work at eight: less than eleven hours. One person and three weeks each.
    equal(slice(&results, "rest_violations", "schedule", "primary"), 1.0 / 3.0);
    equal(slice(&results, "rest_violations", "schedule", "secondary"), 0.0);
    equal(Some(metric(&results, "rest_violations")), 1.0 / 6.0);
    equal(Some(metric(&results, "rest_violations_per_person_week")), 1.0 / 6.0);
}

#[test]
fn a_night_on_call_of_two_schedules_lacks_the_rest_of_one_shift() {
    // Ada is on call of both in the one night that wakes her.
    let results = check_quietly(
        "2026-03-02T02:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", severity = "Sev3", acknowledges = { primary = ["1m"] } }]
            [tiers.L1]
            work = { deterministic = "1h" }
            [teams.ops]
            tier = "L1"
            shifts.day = { headcount = 0, hours = { "Mon-Sun" = "08:00-16:00" } }
            [people]
            ada = { team = "ops", shift = "day" }
            [schedules]
            primary = { members = ["ada"] }
            manager = { members = ["ada"] }
            [escalation_policies.standard]
            levels = [{ targets = ["primary"], timeout = "5m" }]
            [rules.page]
            when = { created = true }
            then = [{ page = "standard" }]"#,
            NO_TARGETS,
        ],
    );
    equal(slice(&results, "rest_violations", "schedule", "primary"), 1.0 / 3.0);
    equal(slice(&results, "rest_violations", "schedule", "manager"), 1.0 / 3.0);
    equal(Some(metric(&results, "rest_violations")), 1.0 / 3.0);
}

#[test]
fn updates_are_judged_by_what_is_reported_and_by_what_is_true() {
    let results = check_quietly(
        "2026-03-02T10:00",
        &[
            r#"tickets = [
                { id = "a", at = "0s", severity = "Sev1", reported = "Sev2", work = { L1 = "10m" }, legs = [{ answer_after = "1h", then_work = "10m" }] },
                { id = "b", at = "0s", severity = "Sev1", work = { L1 = "10m" }, legs = [{ answer_after = "1h", then_work = "10m" }] },
            ]
            [severities.Sev1]
            update = "30m"
            [severities.Sev2]
            update = "2h""#,
            &ONE_PERSON.replace("headcount = 1", "headcount = 2"),
        ],
    );
    // Both are in touch until the question at 10:10 and from the answer at 11:10 to the end: two updates in time. The hour between
    // holds two half hours, both missed, half an hour beyond the first; or none of two hours, which counts as one in time.
    assert_eq!(metric(&results, "breach_rate_update"), 2.0 / 7.0);
    assert_eq!(metric(&results, "attainment_update"), 5.0 / 7.0);
    assert_eq!(metric(&results, "true_breach_rate_update"), 4.0 / 8.0);
    assert_eq!(metric(&results, "lateness_update_mean_s"), 1800.0);
    near(&results, "lateness_update_p50_s", 1800.0);
    assert_eq!(slice(&results, "lateness_update_mean_s", "severity", "Sev2"), None);
}

/// A workaround after two hours and a half of five; until then an update is due every hour, as long as it is known for a Sev1.
const UNTIL_THE_WORKAROUND: &str = r#"
[severities.Sev1]
update = { within = "1h", until = "mitigation" }
mitigate = "4h"
[severities.Sev3]
"#;

/// Nobody writes.
const NO_WRITER: &str = r#"
[communications]
by = "press"
update_work = { deterministic = "5m" }
[teams.press]
tier = "L1"
headcount = 0
[roles.press]
team = "press"
"#;

#[test]
fn a_workaround_ends_the_updates_of_the_true_severity() {
    let reported = |severity: &str| {
        let ticket = format!(
            "tickets = [{{ id = \"a\", at = \"0s\", severity = \"Sev1\", reported = \"{severity}\", work = {{ L1 = \"5h\" }}, \
             workaround_after = \"150m\" }}]"
        );
        let parts = [&ticket, UNTIL_THE_WORKAROUND, ONE_PERSON, NO_WRITER];
        let row = check_quietly("2026-03-02T09:00", &parts);
        let row = row.find(0, "true_breach_rate_update", "all", "").expect("a row");
        (row.estimate, row.n)
    };
    // Ten and eleven are missed, whatever it is called.
    assert_eq!(reported("Sev1"), (Some(1.0), 2));
    assert_eq!(reported("Sev3"), (Some(1.0), 2));
}

#[test]
fn a_severity_that_is_lowered_with_the_workaround_calls_for_no_more_updates() {
    let results = check_quietly(
        "2026-03-02T09:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", severity = "Sev1", work = { L1 = "5h" }, workaround_after = "150m" }]"#,
            UNTIL_THE_WORKAROUND,
            r#"[rules.calm-down]
            when = { mitigated = true }
            then = [{ lower = 1 }]"#,
            ONE_PERSON,
        ],
    );
    // Ten, eleven and the workaround, of which its owner tells.
    let row = results.find(0, "true_breach_rate_update", "all", "").expect("a row");
    assert_eq!((row.estimate, row.n), (Some(0.0), 3));
    assert_eq!(slice(&results, "breach_rate_update", "severity", "Sev1"), Some(0.0));
    assert_eq!(slice(&results, "breach_rate_update", "severity", "Sev3"), None);
}

#[test]
fn updates_count_by_the_severity_as_their_silence_ends() {
    // Lowered after two missed updates, and at once to what calls for none.
    let results = check(
        "2026-03-02T09:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", severity = "Sev1", work = { L1 = "5h" } }]
            [severities.Sev1]
            update = "1h"
            resolve = "150m"
            [severities.Sev3]
            [rules.low]
            when = { breached = "resolve" }
            then = [{ lower = "Sev3" }]"#,
            ONE_PERSON,
            NO_WRITER,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         11:30:00 a breach:resolve
         11:30:00 a rule:low
         11:30:00 a updates_missed:2
         11:30:00 a severity:Sev3
         14:00:00 a resolved front/1
         = a resolve due 11:30:00 breached",
    );
    for (name, expected) in [
        ("breach_rate_update", 1.0),
        ("attainment_update", 0.0),
        ("missed_update_share", 1.0),
    ] {
        assert_eq!(slice(&results, name, "severity", "Sev1"), Some(expected), "{name}");
        assert_eq!(slice(&results, name, "severity", "Sev3"), None, "{name}");
    }
}

#[test]
fn a_change_of_owner_is_a_reassignment_and_so_no_resolution_at_first_contact() {
    let results = check(
        "2026-03-02T16:30",
        &[
            r#"tickets = [
                { id = "a", at = "0s", severity = "Sev1", work = { L1 = "1h" } },
            ]"#,
            NO_TARGETS,
            r#"[tiers.L1]
            work = { deterministic = "1h" }
            [teams.front.shifts.day]
            headcount = 1
            hours = { "Mon-Sun" = "09:00-17:00" }
            [teams.front.shifts.evening]
            headcount = 1
            hours = { "Mon-Sun" = "17:00-01:00" }
            [teams.front]
            tier = "L1"

            shift_end = "hand-off""#,
        ],
        "16:30:00 a created
         16:30:00 a start front/day/1
         17:00:00 a handed_off front/day/1
         17:00:00 a resumed front/evening/1
         17:30:00 a resolved front/evening/1",
    );
    assert_eq!(metric(&results, "first_contact_resolution_share"), 0.0);
    assert_eq!(metric(&results, "reassignments_per_ticket"), 1.0);
}

#[test]
fn who_comes_on_the_hour_belongs_to_the_hour_that_begins() {
    let results = check_quietly(
        "2026-03-02T10:00 UTC",
        &[
            r#"tickets = [
                { id = "a", at = "1h", severity = "Sev1", work = { L1 = "2h" } },
                { id = "b", at = "1h", severity = "Sev1", work = { L1 = "20m" } },
                { id = "c", at = "90m", severity = "Sev1", work = { L1 = "20m" } },
            ]
            severities.Sev1.first_response = "5m""#,
            ONE_PERSON,
        ],
    );
    let of = |name: &str, hour: &str| slice(&results, name, "hour_of_week", hour);
    assert_eq!(of("tickets_created_by_hour", "Mon 10"), Some(0.0));
    assert_eq!(of("tickets_created_by_hour", "Mon 11"), Some(3.0));
    equal(of("breach_rate_first_response_by_hour", "Mon 11"), 2.0 / 3.0);
}

#[test]
fn a_rule_on_updates_is_judged_by_updates() {
    let results = check_quietly(
        "2026-03-02T10:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", severity = "Sev1", work = { L1 = "1h" }, legs = [{ answer_after = "4h", then_work = "10m" }] }]
            severities.Sev1 = { update = "1h", resolve = "100h" }"#,
            ONE_PERSON,
            r#"[rules.half]
            when = { consumed = { of = "update", share = 0.5 } }
            then = [{ alert = "lead" }]"#,
        ],
    );
    equal(slice(&results, "rule_then_breached_share", "rule", "half"), 1.0);
}

#[test]
fn rules_are_followed_to_the_end_of_their_tickets_however_many_there_are() {
    // `a` takes an hour and breaches, `b` comes when it is done; each rule fires on `a` alone.
    let rules = (0..130).map(|rule| {
        format!(
            "[rules.r{rule}]\nwhen = {{ consumed = {{ of = \"resolve\", share = 0.5 }} }}\nthen = [{{ alert = \"lead\" }}]\n"
        )
    });
    let results = check_quietly(
        "2026-03-02T10:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", severity = "Sev1" },
                          { id = "b", at = "1h", severity = "Sev1", work = { L1 = "10m" } }]
            severities.Sev1.resolve = "40m""#,
            ONE_PERSON,
            &rules.collect::<String>(),
        ],
    );
    for rule in ["r0", "r63", "r64", "r129"] {
        equal(slice(&results, "rule_firings_per_ticket", "rule", rule), 0.5);
        equal(slice(&results, "rule_fired_share", "rule", rule), 0.5);
        equal(slice(&results, "rule_then_breached_share", "rule", rule), 1.0);
    }
}

#[test]
fn a_breach_costs_what_its_severity_does_whatever_the_ticket_is_called_afterwards() {
    let results = check_quietly(
        "2026-03-02T09:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", severity = "Sev1", work = { L1 = "3h" } }]
            [severities.Sev1]
            resolve = "2h"
            [severities.Sev3]
            [rules.down]
            when = { breached = "resolve" }
            then = [{ lower = "Sev3" }]
            [costs]
            currency = "EUR"
            penalties.Sev1.resolve = 100"#,
            ONE_PERSON,
        ],
    );
    // Three weeks as a month of 30.4375 days.
    equal(Some(metric(&results, "penalty")), 100.0 * 30.4375 / 21.0);
}

/// Ada is on call of both schedules; `a` is paged by the first at one, `b` by the second at two.
#[test]
fn a_night_in_which_two_schedules_wake_somebody_is_a_night_of_each_and_one_of_all() {
    let results = check_quietly(
        "2026-03-02T22:00 UTC",
        &[
            r#"tickets = [
                { id = "a", at = "3h", severity = "Sev1", acknowledges = { one = ["1m"] } },
                { id = "b", at = "4h", severity = "Sev2", acknowledges = { two = ["1m"] } },
            ]
            [tiers.L1]
            work = { deterministic = "10m" }
            [teams.ops]
            tier = "L1"
            [people]
            ada = { team = "ops" }
            [schedules]
            one = { members = ["ada"] }
            two = { members = ["ada"] }
            [rules.first]
            when = { created = true }
            if = { severity = ["Sev1"] }
            then = [{ notify = ["one"] }]
            [rules.second]
            when = { created = true }
            if = { severity = ["Sev2"] }
            then = [{ notify = ["two"] }]"#,
            NO_TARGETS,
        ],
    );
    let nights = |by: &str, group: &str| slice(&results, "nights_woken_share", by, group);
    assert_eq!(nights("schedule", "one"), nights("all", ""));
    assert_eq!(nights("schedule", "two"), nights("all", ""));
    // Three weeks of nights.
    equal(nights("all", ""), 1.0 / 21.0);
}

// Slices: what happened to a ticket counts where the ticket does.

#[test]
fn shares_of_tickets_count_them_where_they_end() {
    // The customer asks at 10:00 and 11:00, of a Sev2 of `front`. At 11:30 it becomes a Sev1 of `second`.
    let results = check(
        "2026-03-02T09:00 UTC",
        &[
            r#"
tickets = [{ id = "a", at = "0s", severity = "Sev2", work = { L2 = "1h" } }]
[severities.Sev1]
[severities.Sev2]
[chasers]
after = "1h"
every = { deterministic = "1h" }
work = { deterministic = "1m" }
at_most = 2
[rules.up]
when = { in_team = { after = "150m" } }
if = { tier = ["L1"] }
then = [{ raise = 1 }, { transfer = "second" }]
"#,
            &TWO_TIERS.replacen("headcount = 1", "headcount = 0", 1),
        ],
        "09:00:00 a created
         11:00:00 a chaser:1
         11:30:00 a rule:up
         11:30:00 a severity:Sev1
         11:30:00 a transferred second
         11:30:00 a start second/1
         12:30:00 a resolved second/1",
    );
    for name in ["chased_share", "chasers_per_ticket"] {
        assert_eq!(slice(&results, name, "severity", "Sev1"), Some(1.0), "{name}");
        assert_eq!(slice(&results, name, "severity", "Sev2"), None, "{name}");
        assert_eq!(slice(&results, name, "team", "second"), Some(1.0), "{name}");
        assert_eq!(slice(&results, name, "team", "front"), None, "{name}");
    }
}

#[test]
fn pages_for_closed_tickets_count_with_them() {
    // A director is paged 65 minutes after each has come, when the first is solved, and after 71 again, when the second is, too.
    // With the third they are by then.
    let results = check_quietly(
        "2026-03-02T09:00",
        &[
            r#"tickets = [
                { id = "a", at = "0s", severity = "Sev1", work = { L1 = "61m" } },
                { id = "b", at = "0s", severity = "Sev1", work = { L1 = "67m" } },
                { id = "c", at = "0s", severity = "Sev1", work = { L1 = "3h" } },
            ]
            [severities.Sev1]
            resolve = "1h""#,
            &ONE_PERSON.replace("headcount = 1", "headcount = 3"),
            r#"[teams.bosses]
            tier = "L1"
            shifts.day = { headcount = 0, hours = { "Mon-Sun" = "20:00-22:00" } }
            [people]
            eva = { team = "bosses", shift = "day" }
            [schedules.director]
            members = ["eva"]
            [roles.director]
            schedule = "director"
            reaction = { deterministic = "5m" }
            work = { deterministic = "20m" }
            [rules.late]
            when = { breached = "resolve" }
            then = [{ escalate_to = "director" }]
            [rules.later]
            when = { consumed = { of = "resolve", share = 1.1 } }
            then = [{ escalate_to = "director" }]"#,
        ],
    );
    assert_eq!(metric(&results, "pages_per_paged_ticket"), 4.0 / 3.0);
    let row = results
        .find(0, "pages_per_paged_ticket", "team", "front")
        .expect("a row");
    assert_eq!((row.estimate, row.n), (Some(4.0 / 3.0), 3));
}

#[test]
fn breaches_count_where_their_tickets_do() {
    // Answered at once and mitigated too late as a Sev1 of `front`, resolved too late as a Sev3 of `second`.
    let results = check_quietly(
        "2026-03-02T09:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", severity = "Sev1", able_from = "L2", work = { L1 = "1h", L2 = "2h" }, workaround_after = "25m" }]
            [severities.Sev1]
            mitigate = "20m"
            [severities.Sev3]
            resolve = "2h"
            [rules.down]
            when = { mitigated = true }
            then = [{ lower = "Sev3" }]"#,
            TWO_TIERS,
        ],
    );
    // The mitigation and the resolution of one ticket.
    for (by, group, other) in [("severity", "Sev3", "Sev1"), ("team", "second", "front")] {
        assert_eq!(slice(&results, "breaches_per_1000", by, group), Some(2000.0), "{by}");
        assert_eq!(slice(&results, "breaches_per_1000", by, other), None, "{by}");
    }
    assert_eq!(slice(&results, "breach_rate_mitigate", "severity", "Sev1"), Some(1.0));
}

#[test]
fn tickets_that_somebody_was_paged_for_count_where_they_end() {
    // Paged for as a Sev2 of `front`, acknowledged after five minutes; moved at 09:30 as a Sev1 of `second`.
    let results = check_quietly(
        "2026-03-02T09:00 UTC",
        &[
            r#"
tickets = [{ id = "a", at = "0s", severity = "Sev2", work = { L1 = "2h", L2 = "1h" }, acknowledges = { primary = ["5m"] } }]
[severities.Sev1]
[severities.Sev2]
[schedules.primary]
members = ["front/1"]
[escalation_policies.standard]
levels = [{ targets = ["primary"], timeout = "30m" }]
[rules.page]
when = { created = true }
then = [{ page = "standard" }]
[rules.up]
when = { in_team = { after = "30m" } }
if = { tier = ["L1"] }
then = [{ raise = 1 }, { transfer = "second" }]
"#,
            TWO_TIERS,
        ],
    );
    for name in ["acknowledged_share", "pages_per_paged_ticket"] {
        assert_eq!(slice(&results, name, "severity", "Sev1"), Some(1.0), "{name}");
        assert_eq!(slice(&results, name, "severity", "Sev2"), None, "{name}");
        assert_eq!(slice(&results, name, "team", "second"), Some(1.0), "{name}");
    }
    // The time to it belongs to the severity of then.
    assert_eq!(
        slice(&results, "time_to_acknowledge_mean_s", "severity", "Sev2"),
        Some(300.0)
    );
}

#[test]
fn clocks_that_go_by_their_owners_zone_are_at_risk_by_it() {
    // Four hours of New York's business, from 15:00 in Berlin: three of them are used up at 18:00, four at 19:00. By Berlin's
    // own hours it would never be more than three. Nobody works on it; it is transferred and resolved at 20:00.
    let results = check(
        "2026-03-02T14:00",
        &[r#"
tickets = [{ id = "a", at = "0s", work = { L2 = "1s" } }]
[severities.Sev1]
resolve = { within = "4bh", zone = "owner" }
[rules.on]
when = { in_team = { after = "6h" } }
if = { tier = ["L1"] }
then = [{ transfer = "second" }]
[calendars.business]
hours = { "Mon-Fri" = "09:00-17:00" }
[tiers.L1]
work = { deterministic = "1h" }
[tiers.L2]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 0
zone = "America/New_York"
[teams.second]
tier = "L2"
headcount = 1
"#],
        "14:00:00 a created
         19:00:00 a breach:resolve
         20:00:00 a rule:on
         20:00:00 a transferred second
         20:00:00 a start second/1
         20:00:01 a resolved second/1
         = a resolve due 19:00:00 breached",
    );
    // Samples at 15:00 to 20:00, of which 18:00, 19:00 and 20:00 are at risk.
    assert_eq!(metric(&results, "at_risk_share"), 3.0 / 6.0);
}

/// Four people who begin what comes at once; the lead is told at half of the time to solve what is Sev1.
const A_LEAD_IS_TOLD: &str = r#"
[severities.Sev1]
resolve = "2h"
[severities.Sev2]
resolve = "24h"
[tiers.L1]
work = { deterministic = "10m" }
[teams.front]
tier = "L1"
headcount = 4
[rules.warn]
when = { consumed = { of = "resolve", share = 0.5 } }
if = { severity = ["Sev1"] }
then = [{ alert = "lead" }]
"#;

#[test]
fn a_warning_comes_before_its_deadline() {
    // Raised after three hours, the one is late by an hour when the rule fires; the other is warned of and met.
    let results = check_quietly(
        "2026-03-02T09:00",
        &[
            r#"tickets = [
                { id = "a", at = "0s", severity = "Sev2", work = { L1 = "5h" } },
                { id = "b", at = "0s", severity = "Sev1", work = { L1 = "90m" } },
            ]
            [rules.raise]
            when = { in_team = "3h" }
            if = { severity = ["Sev2"] }
            then = [{ raise = 1 }]"#,
            A_LEAD_IS_TOLD,
        ],
    );
    assert_eq!(metric(&results, "alert_precision_share"), 0.0);
    // Two repetitions before the deadline of the first, and one for the second.
    let results = check_quietly(
        "2026-03-02T09:00",
        &[
            r#"tickets = [
                { id = "a", at = "0s", severity = "Sev1", work = { L1 = "4h" } },
                { id = "b", at = "0s", severity = "Sev1", work = { L1 = "80m" } },
            ]"#,
            A_LEAD_IS_TOLD,
            "every = \"30m\"",
        ],
    );
    equal(slice(&results, "alert_precision_share", "all", ""), 2.0 / 3.0);
}

#[test]
fn a_warning_that_finds_nobody_is_none() {
    let results = check_quietly(
        "2026-03-02T09:00",
        &[r#"tickets = [{ id = "a", at = "0s", work = { L1 = "4h" } }]
            [severities.Sev1]
            resolve = "2h"
            [people.ada]
            team = "front"
            [schedules.primary]
            members = ["ada"]
            restriction = { Sat = "09:00-10:00" }
            [rules.warn]
            when = { consumed = { of = "resolve", share = 0.5 } }
            then = [{ notify = ["primary"] }]
            [tiers.L1]
            work = { deterministic = "10m" }
            [teams.front]
            tier = "L1"
            headcount = 4"#],
    );
    assert_eq!(slice(&results, "alert_precision_share", "all", ""), None);
}

#[test]
fn each_cycle_that_is_a_due_item_is_measured_as_one() {
    // The third ticket is solved 20 minutes late, comes back, and is solved in time. The lead was told of its first cycle, which
    // breached, and of the second ticket, which did not and came close to nothing.
    let results = check(
        "2026-03-02T09:00",
        &[
            r#"tickets = [
                { id = "z", at = "0s", work = { L1 = "50m" } },
                { id = "y", at = "0s", work = { L1 = "50m" } },
                { id = "a", at = "0s", work = { L1 = "40m" }, reopens_after = ["5h"] },
            ]
            [severities.Sev1]
            resolve = { within = "2h", on_reopen = "restart", sla_unit = "cycle" }
            [rules.warn]
            when = { consumed = { of = "resolve", share = 0.5 } }
            then = [{ alert = "lead" }]"#,
            ONE_PERSON,
        ],
        "09:00:00 z created
         09:00:00 y created
         09:00:00 a created
         09:00:00 z start front/1
         09:50:00 z resolved front/1
         09:50:00 y start front/1
         10:00:00 y rule:warn
         10:00:00 a rule:warn
         10:40:00 y resolved front/1
         10:40:00 a start front/1
         11:00:00 a breach:resolve
         11:20:00 a resolved front/1
         16:20:00 a reopened
         16:20:00 a start front/1
         17:00:00 a resolved front/1
         = z resolve due 11:00:00 met
         = y resolve due 11:00:00 met
         = a resolve due 18:20:00 met",
    );
    assert_eq!(metric(&results, "breach_rate_resolve"), 0.25);
    equal(Some(metric(&results, "breaches_per_1000")), 1000.0 / 3.0);
    near(&results, "lateness_resolve_mean_s", 1_200.0);
    near(&results, "lateness_resolve_p50_s", 1_200.0);
    assert_eq!(metric(&results, "alerts_before_breach_share"), 1.0);
    assert_eq!(metric(&results, "alert_precision_share"), 0.5);
    assert_eq!(metric(&results, "on_time_escalation_rate"), 0.0);
}

#[test]
fn what_enters_a_queue_on_the_hour_belongs_to_the_hour_that_begins() {
    let results = check_quietly(
        "2026-03-02T09:00",
        &[
            r#"tickets = [
                { id = "a", at = "2h", work = { L1 = "30m" } },
                { id = "b", at = "2h30m", work = { L1 = "30m" } },
            ]
            [severities.Sev1]"#,
            ONE_PERSON,
        ],
    );
    let entered = |hour: u32| {
        let rows = results.timeline.iter();
        let of_team = rows.filter(|row| row.hour == hour && row.team == "front");
        of_team.map(|row| row.arrivals).sum::<f64>()
    };
    assert_eq!([1, 2, 3].map(entered), [0.0, 2.0, 0.0]);
}

#[test]
fn what_a_status_page_spares_is_counted_by_what_it_would_have_been() {
    let results = check_quietly(
        "2026-03-02T09:00",
        &[
            r#"[severities.Sev1]
            [severities.Sev2]
            [incidents.outage]
            at = ["0s"]
            severity = "Sev1"
            children = { after = ["1h", "90m"], mix = { Sev2 = 1.0 } }
            declared.tickets = 1
            status_page = { after = "1m", deflect = 1.0, half_life = "1ms" }"#,
            r#"[tiers.L1]
            work = { deterministic = "5h" }
            [teams.front]
            tier = "L1"
            headcount = 1"#,
        ],
    );
    let spared = |severity| slice(&results, "deflected_tickets", "severity", severity);
    assert_eq!([spared("Sev1"), spared("Sev2")], [Some(0.0), Some(2.0)]);
}

#[test]
fn what_an_article_deflects_is_counted_where_it_would_have_come() {
    // The first ticket's article is there at once; the second one's customer helps themself.
    let results = check(
        "2026-03-02T09:00",
        &[r#"tickets = [
                { id = "a", at = "0s", kind = "k", work = { L1 = "10m" } },
                { id = "b", at = "2h", kind = "k", work = { L1 = "10m" } },
                { id = "c", at = "3h", work = { L1 = "10m" } },
            ]
            [severities.Sev1]
            [kinds.k]
            share = 1.0
            [knowledge]
            articles = { p_write = 1.0, work = { deterministic = "10m" }, review_delay = "0s", p_find = 1.0, saves = 0.0, p_deflect = 1.0, half_life = "10000d" }
            [tiers.L1]
            work = { deterministic = "10m" }
            [tiers.L2]
            work = { deterministic = "10m" }
            [teams.engineers]
            tier = "L2"
            headcount = 1
            [teams.desk]
            tier = "L1"
            headcount = 1"#],
        "09:00:00 a created
         09:00:00 a start desk/1
         09:10:00 a resolved desk/1
         09:20:00 a article_written k
         11:00:00 b deflected k
         12:00:00 c created
         12:00:00 c start desk/1
         12:10:00 c resolved desk/1",
    );
    let share = |team| slice(&results, "deflected_share", "team", team);
    assert_eq!(share("engineers").unwrap_or(0.0), 0.0);
    assert!(share("desk").is_some_and(|share| share > 0.0));
}

fn played(text: &str) -> Results {
    let document = escalade::scenario::Document::parse("metrics.toml", text);
    let options = escalade::experiment::RunOptions::default();
    escalade::experiment::run(&document, &options, &()).expect("it can be played")
}

#[test]
fn the_fullest_hour_is_found_however_long_the_window() {
    // Of eight weeks every fifth hour's clocks are looked at, ten o'clock on the first day not among them.
    let tickets = (0..10).map(|_| "[[tickets]]\nat = \"1h30m\"\nwork = { L1 = \"1h\" }\n");
    let tickets: String = tickets.collect();
    let results = played(&format!(
        "name = \"m\"\nrun = {{ start = \"2026-03-02\", horizon = \"8w\", drain = \"1d\", replications = 1 }}\n{tickets}\
         [severities.Sev1]\n[services.desk]\n[tiers.L1]\nwork = {{ deterministic = \"1h\" }}\n[teams.front]\ntier = \"L1\"\nheadcount = 10\n"
    ));
    assert_eq!(metric(&results, "backlog_max"), 10.0);
}

#[test]
fn quantiles_of_too_few_tickets_are_compared_without_an_interval() {
    let results = played(
        "name = \"m\"\nrun = { start = \"2026-03-02\", horizon = \"1w\", drain = \"1d\", replications = 3 }\n\
         [[tickets]]\nat = \"1h\"\n[severities.Sev1]\n[services.desk]\n[tiers.L1]\nwork = { deterministic = \"1h\" }\n\
         [teams.front]\ntier = \"L1\"\nheadcount = 1\n[candidates.slow]\nset.tiers.L1.work.deterministic = \"2h\"\n",
    );
    let row = results
        .comparison
        .iter()
        .find(|row| row.metric == "time_to_resolve_p90_s" && row.by == "all")
        .expect("the metric is compared");
    let off = row.difference.expect("both have tickets") / 3_600.0 - 1.0;
    assert!(off.abs() < 0.01, "{row:?}");
    assert_eq!((row.low, row.high, row.p_adjusted), (None, None, None));
    assert_eq!(row.verdict, "cannot tell yet");
}

#[test]
fn a_backlog_may_shrink_as_well_as_grow() {
    let results = played(
        "name = \"m\"\nrun = { start = \"2026-03-02\", warm_up = \"1d\", horizon = \"3d\", drain = \"1d\", replications = 9 }\n\
         [severities.Sev1]\n[services.desk]\narrivals.rate = \"1.2/h\"\nmix.Sev1 = 1.0\n[tiers.L1]\nwork = { deterministic = \"40m\" }\n\
         [teams.front]\ntier = \"L1\"\nheadcount = 1\n",
    );
    let row = results.find(0, "backlog_growth_per_day", "all", "").expect("a row");
    let (estimate, low, high) = (
        row.estimate.expect("a mean"),
        row.low.expect("a bound"),
        row.high.expect("a bound"),
    );
    assert!(low < 0.0 && high > 0.0, "{row:?}");
    // Student's interval has its mean in the middle.
    assert!((low + high - 2.0 * estimate).abs() < 1e-9, "{row:?}");
}

#[test]
fn whoever_writes_what_is_never_sent_has_handled_communications() {
    // The update that is begun at 09:55 is called off with the resolution.
    let results = check(
        "2026-03-02T09:00",
        &[r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", work = { L1 = "1h" } }]
[severities.Sev1]
update = "65m"
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
[teams.comms]
tier = "L1"
headcount = 1
[roles.lead]
team = "comms"
[communications]
by = "lead"
update_work = { deterministic = "10m" }
"#],
        "09:00:00 a created
         09:00:00 a start front/1
         10:00:00 a resolved front/1",
    );
    assert_eq!(metric(&results, "update_work_share"), 5.0 / 65.0);
    assert_eq!(slice(&results, "update_work_share", "team", "comms"), Some(1.0));
}

#[test]
fn reviews_count_where_they_are_due() {
    // The second is done in the last day of the window, and due after it.
    let results = check(
        "2026-03-03T09:00",
        &[r#"
tickets = [
 { id = "a", at = "0s", severity = "Sev1", work = { L1 = "1h" } },
 { id = "b", at = "20d", severity = "Sev1", work = { L1 = "1h" } },
]
[severities.Sev1]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
[teams.reviewers]
tier = "L1"
shifts.monday = { headcount = 1, hours = { "Mon" = "09:00-17:00" } }
[reviews]
severity = ["Sev1"]
due = "4d"
work = { deterministic = "4h" }
people = 1
team = "reviewers"
p_root = 0.0
"#],
        "09:00:00 a created
         09:00:00 a start front/1
         10:00:00 a resolved front/1
         10:00:00 a review_scheduled
         Sat 03-07 10:00:00 a review_dropped
         Mon 03-23 09:00:00 b created
         Mon 03-23 09:00:00 b start front/1
         Mon 03-23 10:00:00 b resolved front/1
         Mon 03-23 10:00:00 b review_scheduled
         Mon 03-23 14:00:00 b review_done reviewers/monday/1",
    );
    assert_eq!(metric(&results, "review_done_share"), 0.0);
}
