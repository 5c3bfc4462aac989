//! Timelines made by hand of what customers do and of incidents with many tickets: patience, chasers, reminders, drift,
//! triage by rules and by people, and children that are linked to their parent. To the millisecond, as in `timelines`.

mod timelines_support;

use timelines_support::{NO_TARGETS, ONE_PERSON, check, metric, slice};

/// One team of two people.
const TWO_PEOPLE: &str = r#"
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 2
"#;

// Section 2: clocks of a ticket that is left end void.

#[test]
fn a_ticket_that_is_left_before_its_deadline_ends_void() {
    let results = check(
        "2026-03-02T09:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", leaves_after = "1s" }, { id = "b", at = "0s", leaves_after = "20m" }]
            [severities.Sev1]
            first_response = "30m"
            resolve = "4h""#,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 b created
         09:00:00 a start front/1
         09:20:00 b abandoned
         10:00:00 a resolved front/1
         = a first_response due 09:30:00 met | resolve due 13:00:00 met
         = b first_response due 09:30:00 undecided | resolve due 13:00:00 undecided",
    );
    assert_eq!(metric(&results, "abandon_rate"), 0.5);
    assert_eq!(metric(&results, "voided_clocks"), 2.0);
    assert_eq!(metric(&results, "breach_rate_first_response"), 0.0);
}

#[test]
fn a_breach_stays_one_when_the_ticket_is_left_later() {
    let results = check(
        "2026-03-02T09:00",
        &[
            r#"tickets = [{ id = "a", at = "0s" }, { id = "b", at = "0s", leaves_after = "40m" }]
            [severities.Sev1]
            first_response = "30m"
            resolve = "4h""#,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 b created
         09:00:00 a start front/1
         09:30:00 b breach:first_response
         09:40:00 b abandoned
         10:00:00 a resolved front/1
         = a first_response due 09:30:00 met | resolve due 13:00:00 met
         = b first_response due 09:30:00 breached | resolve due 13:00:00 undecided",
    );
    assert_eq!(metric(&results, "voided_clocks"), 1.0);
    assert_eq!(metric(&results, "breach_rate_first_response"), 0.5);
}

#[test]
fn who_leaves_at_the_deadline_has_not_seen_it_breached_and_is_not_served_at_that_instant() {
    check(
        "2026-03-02T09:00",
        &[
            r#"tickets = [{ id = "a", at = "0s" }, { id = "b", at = "0s" }]
            patience.wait.deterministic = "1h"
            severities.Sev1.first_response = "1h""#,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 b created
         09:00:00 a start front/1
         10:00:00 b abandoned
         10:00:00 a resolved front/1
         = a first_response due 10:00:00 met
         = b first_response due 10:00:00 undecided",
    );
}

// Section 5: chasers, drift, triage.

#[test]
fn a_customer_without_news_asks_again_until_somebody_answers() {
    let results = check(
        "2026-03-02T09:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", work = { L1 = "2h 10m" } }, { id = "b", at = "0s", work = { L1 = "30m" } }]
            [severities.Sev1]
            [chasers]
            after = "1h"
            every.deterministic = "30m"
            work.deterministic = "5m""#,
            ONE_PERSON,
        ],
        // The silence of an hour ends at 10:00; asked at 10:30 and 11:00. The two answers go before the ticket itself.
        "09:00:00 a created
         09:00:00 b created
         09:00:00 a start front/1
         10:30:00 b chaser:1
         11:00:00 b chaser:2
         11:10:00 a resolved front/1
         11:20:00 b start front/1
         11:50:00 b resolved front/1",
    );
    assert_eq!(metric(&results, "chasers_per_ticket"), 1.0);
    assert_eq!(metric(&results, "chased_share"), 0.5);
    assert_eq!(
        metric(&results, "touch_time_mean_s"),
        (130.0 + 30.0 + 10.0) * 60.0 / 2.0
    );
}

#[test]
fn the_silence_that_a_customer_takes_is_what_was_promised() {
    check(
        "2026-03-02T09:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", work = { L1 = "90m" } }, { id = "b", at = "0s", work = { L1 = "30m" } }]
            severities.Sev1.update = "45m"
            [chasers]
            every.deterministic = "15m"
            work.deterministic = "5m"
            at_most = 1
            [rules.push]
            when = { chasers = 1 }
            then = [{ alert = "lead" }]"#,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 b created
         09:00:00 a start front/1
         10:00:00 b chaser:1
         10:00:00 b rule:push
         10:30:00 a resolved front/1
         10:35:00 b start front/1
         11:05:00 b resolved front/1",
    );
}

const ASKED_AFTER_AN_HOUR: &str = r#"
tickets = [{ id = "a", at = "0s", work = { L1 = "1h" }, legs = [{ answer_after = "10d", then_work = "1h" }] }]
severities.Sev1.resolve = "8h"
"#;

#[test]
fn a_reminder_makes_the_customer_answer() {
    let results = check(
        "2026-03-02T09:00",
        &[
            ASKED_AFTER_AN_HOUR,
            r#"[pending]
            share = 0.0
            wait.deterministic = "1h"
            reminders = { after = ["1d", "2d"], share = 1.0, answer = { deterministic = "2h" } }
            close_after = "5d""#,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         10:00:00 a pending front/1
         Tue 03-03 10:00:00 a reminded
         Tue 03-03 12:00:00 a customer_answered
         Tue 03-03 12:00:00 a resumed front/1
         Tue 03-03 13:00:00 a resolved front/1
         = a resolve due Tue 03-03 19:00:00 met",
    );
    assert_eq!(metric(&results, "reminders_per_ticket"), 1.0);
}

#[test]
fn a_ticket_without_an_answer_is_closed_and_its_clocks_end_void() {
    let results = check(
        "2026-03-02T09:00",
        &[
            ASKED_AFTER_AN_HOUR,
            r#"[pending]
            share = 0.0
            wait.deterministic = "1h"
            reminders = { after = ["1d", "2d"], share = 0.0 }
            close_after = "5d""#,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         10:00:00 a pending front/1
         Tue 03-03 10:00:00 a reminded
         Wed 03-04 10:00:00 a reminded
         Sat 03-07 10:00:00 a closed_unanswered
         = a resolve due Sat 03-07 17:00:00 undecided",
    );
    assert_eq!(metric(&results, "unanswered_close_rate"), 1.0);
    assert_eq!(metric(&results, "voided_clocks"), 1.0);
}

#[test]
fn a_rule_closes_what_has_been_pending_too_long() {
    check(
        "2026-03-02T09:00",
        &[
            ASKED_AFTER_AN_HOUR,
            r#"[rules.close]
            when = { pending = "3d" }
            then = [{ close = "no answer" }]"#,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         10:00:00 a pending front/1
         Thu 03-05 10:00:00 a rule:close
         Thu 03-05 10:00:00 a closed_unanswered
         = a resolve due Thu 03-05 17:00:00 undecided",
    );
}

#[test]
fn a_ticket_that_worsened_while_it_waited_is_corrected_at_first_touch() {
    let results = check(
        "2026-03-02T09:00",
        &[
            r#"tickets = [
                { id = "a", at = "0s", severity = "Sev3", work = { L1 = "3h" } },
                { id = "b", at = "0s", severity = "Sev3", worsens_after = ["1h", "4h"] },
            ]
            [triage.confusion]
            [triage.override]
            over = 0.0
            under = 1.0
            [triage.rules.all]
            severity = "Sev3"
            "#,
            NO_TARGETS,
            ONE_PERSON,
        ],
        // b is a Sev2 from 10:00 on, is seen to be one at 12:00, and has 13:00 left of the 4 h to the next step.
        "09:00:00 a created
         09:00:00 b created
         09:00:00 a start front/1
         10:00:00 b worsened:Sev2
         12:00:00 a resolved front/1
         12:00:00 b start front/1
         12:00:00 b severity:Sev2
         13:00:00 b resolved front/1",
    );
    assert_eq!(metric(&results, "mis_severity_mean_s"), 2.0 * 3600.0 / 2.0);
    assert_eq!(metric(&results, "worsened_per_ticket"), 0.5);
    // Both were Sev3 to whoever touched them; what b became does not count among what it was.
    assert_eq!(metric(&results, "override_rate"), 0.5);
    assert_eq!(slice(&results, "override_rate", "severity", "Sev3"), Some(0.5));
    assert_eq!(slice(&results, "override_rate", "severity", "Sev2"), None);
}

#[test]
fn each_clock_is_judged_by_what_was_true_when_it_stopped() {
    let results = check(
        "2026-03-02T09:00",
        &[
            r#"tickets = [
                { id = "a", at = "0s", severity = "Sev1", work = { L1 = "20m" } },
                { id = "b", at = "0s", severity = "Sev3", work = { L1 = "2h" }, worsens_after = ["1h"] },
            ]
            [severities.Sev1]
            [severities.Sev2]
            first_response = "10m"
            resolve = "90m"
            [severities.Sev3]
            first_response = "30m"
            resolve = "4h"
            "#,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 b created
         09:00:00 a start front/1
         09:20:00 a resolved front/1
         09:20:00 b start front/1
         10:00:00 b worsened:Sev2
         11:20:00 b resolved front/1
         = b first_response due 09:30:00 met | resolve due 13:00:00 met",
    );
    assert_eq!(metric(&results, "true_breach_rate_first_response"), 0.0);
    assert_eq!(metric(&results, "true_breach_rate_resolve"), 1.0);
}

#[test]
fn only_open_time_brings_a_ticket_nearer_to_its_next_worsening() {
    check(
        "2026-03-02T09:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", severity = "Sev3", worsens_after = ["90m"], reopens_after = ["5h"] }]"#,
            NO_TARGETS,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         10:00:00 a resolved front/1
         15:00:00 a reopened
         15:00:00 a start front/1
         15:30:00 a worsened:Sev2
         16:00:00 a resolved front/1",
    );
}

const ANYTHING: &str = r#"
[attributes]
source = { monitoring = 0.5, phone = 0.5 }
keyword = { outage = 0.5, none = 0.5 }
impact = { high = 1.0 }
urgency = { high = 1.0 }
"#;

#[test]
fn the_first_rule_that_matches_says_the_severity_and_the_matrix_the_rest() {
    let results = check(
        "2026-03-02T09:00",
        &[
            r#"tickets = [
                { id = "a", at = "1s", severity = "Sev4", source = "phone", keyword = "outage", impact = "low", urgency = "low" },
                { id = "b", at = "2s", severity = "Sev4", keyword = "none", impact = "high", urgency = "medium" },
                { id = "c", at = "3s", severity = "Sev4", keyword = "none", impact = "low", urgency = "low" },
                { id = "d", at = "4s", severity = "Sev4", keyword = "outage", source = "monitoring", impact = "low", urgency = "low" },
            ]
            [triage]
            matrix = "itil"
            [triage.rules.noise]
            if = { source = ["monitoring"], keyword = ["outage"] }
            severity = "Sev3"
            [triage.rules.outage]
            if = { keyword = ["outage"] }
            severity = "Sev1"
            [triage.override]
            over = 1.0
            under = 1.0
            "#,
            ANYTHING,
            "[severities.Sev1]\nresolve = \"1h\"\n[severities.Sev2]\nresolve = \"2h\"\n[severities.Sev3]\nresolve = \"3h\"\n[severities.Sev4]\nresolve = \"100h\"",
            r#"
            [tiers.L1]
            work = { deterministic = "200h" }
            [teams.front]
            tier = "L1"
            headcount = 0
            "#,
        ],
        // a: the word, Sev1; b: impact 1 + urgency 2 - 1 = Sev2; c: 3 + 3 - 1 = 5, which is the last there is; d: both rules
        // match, and the first says Sev3.
        "09:00:01 a created
         09:00:02 b created
         09:00:03 c created
         09:00:04 d created
         10:00:01 a breach:resolve
         11:00:02 b breach:resolve
         12:00:04 d breach:resolve
         Fri 03-06 13:00:03 c breach:resolve
         = a resolve due 10:00:01 breached
         = b resolve due 11:00:02 breached
         = c resolve due Fri 03-06 13:00:03 breached
         = d resolve due 12:00:04 breached",
    );
    assert_eq!(metric(&results, "over_triage_share"), 0.75);
    assert_eq!(metric(&results, "sev1_precision_share"), 0.0);
}

#[test]
fn a_ticket_is_routed_once_somebody_has_read_it() {
    let results = check(
        "2026-03-02T09:00",
        &[
            r#"tickets = [
                { id = "a", at = "0s", source = "phone", work = { L1 = "20m" } },
                { id = "b", at = "1m", source = "phone", work = { L1 = "20m" } },
                { id = "c", at = "2m", source = "monitoring", work = { L1 = "10m" } },
            ]
            severities.Sev1.first_response = "15m"
            [triage.manual]
            team = "readers"
            work.deterministic = "6m"
            if.source = ["phone"]
            "#,
            ANYTHING,
            ONE_PERSON,
            r#"
            [tiers.reading]
            work = { deterministic = "1h" }
            [teams.readers]
            tier = "reading"
            headcount = 1
            "#,
        ],
        // a is read from 09:00 to 09:06, b to 09:12; c needs no reading and is first. Reading is no response.
        "09:00:00 a created
         09:01:00 b created
         09:02:00 c created
         09:02:00 c start front/1
         09:12:00 c resolved front/1
         09:12:00 a start front/1
         09:16:00 b breach:first_response
         09:32:00 a resolved front/1
         09:32:00 b start front/1
         09:52:00 b resolved front/1
         = a first_response due 09:15:00 met
         = b first_response due 09:16:00 breached
         = c first_response due 09:17:00 met",
    );
    // Reading is handling, whoever does it.
    assert_eq!(metric(&results, "touch_time_mean_s"), (26.0 + 26.0 + 10.0) * 60.0 / 3.0);
}

// Section 7: incidents.

#[test]
fn linked_tickets_are_put_aside_and_closed_with_their_parent_each_with_its_work() {
    let results = check(
        "2026-03-02T09:00",
        &[
            r#"tickets = [
                { id = "p", at = "0s", incident = "outage", work = { L1 = "30m" } },
                { id = "c", at = "2m", incident = "outage" },
                { id = "d", at = "4m", incident = "outage", linked_after = "10m" },
            ]
            severities.Sev1.first_response = "20m"
            [incidents.outage]
            declared.tickets = 2
            [incidents.outage.linking]
            share = 1.0
            delay.deterministic = "5m"
            close_work.deterministic = "2m""#,
            ONE_PERSON,
        ],
        // Declared with the second ticket at 09:02; c is seen 5 min later, d 10 min after it came. Both still wait for words.
        "09:00:00 p created
         09:00:00 p start front/1
         09:02:00 c created
         09:02:00 p declared
         09:04:00 d created
         09:07:00 c linked p
         09:14:00 d linked p
         09:22:00 c breach:first_response
         09:24:00 d breach:first_response
         09:30:00 p resolved front/1
         09:30:00 p restored
         09:32:00 c resolved front/1
         09:34:00 d resolved front/1
         = p first_response due 09:20:00 met
         = c first_response due 09:22:00 breached
         = d first_response due 09:24:00 breached",
    );
    assert_eq!(metric(&results, "link_share"), 1.0);
    assert_eq!(metric(&results, "duplicate_work_s"), 0.0);
    assert_eq!(metric(&results, "time_to_declare_mean_s"), 120.0);
    assert_eq!(metric(&results, "restored_in_window_mean_s"), 1800.0);
}

#[test]
fn work_on_a_ticket_that_is_linked_stops_and_was_for_nothing() {
    let results = check(
        "2026-03-02T09:00",
        &[
            r#"tickets = [
                { id = "p", at = "0s", incident = "outage", work = { L1 = "30m" } },
                { id = "c", at = "2m", incident = "outage" },
                { id = "x", at = "3m", work = { L1 = "10m" } },
            ]
            severities.Sev1.resolve = "20m"
            [incidents.outage.linking]
            share = 1.0
            delay.deterministic = "5m"
            clocks = "parent""#,
            TWO_PEOPLE,
        ],
        "09:00:00 p created
         09:00:00 p declared
         09:00:00 p start front/1
         09:02:00 c created
         09:02:00 c start front/2
         09:03:00 x created
         09:07:00 c taken front/2
         09:07:00 c worked_in_vain
         09:07:00 c linked p
         09:07:00 x start front/2
         09:17:00 x resolved front/2
         09:20:00 p breach:resolve
         09:30:00 p resolved front/1
         09:30:00 p restored
         09:30:00 c resolved front/1
         = p resolve due 09:20:00 breached
         = c resolve due 09:22:00 undecided
         = x resolve due 09:23:00 met",
    );
    assert_eq!(metric(&results, "duplicate_work_s"), 300.0);
}

#[test]
fn a_ticket_that_nobody_recognises_is_worked_in_vain_while_the_fault_is_there() {
    let results = check(
        "2026-03-02T09:00",
        &[
            r#"tickets = [
                { id = "p", at = "0s", incident = "outage", work = { L1 = "1h" } },
                { id = "c", at = "0s", incident = "outage", work = { L1 = "10m" } },
                { id = "d", at = "0s", incident = "outage", work = { L1 = "55m" } },
            ]
            [severities.Sev1]
            [incidents.outage]
            linking.share = 0.0"#,
            TWO_PEOPLE,
        ],
        // c is done while the fault is there: for nothing, and then it is seen why. d is done after it: well spent.
        "09:00:00 p created
         09:00:00 p declared
         09:00:00 c created
         09:00:00 d created
         09:00:00 p start front/1
         09:00:00 c start front/2
         09:10:00 c worked_in_vain
         09:10:00 c linked p
         09:10:00 d start front/2
         10:00:00 p resolved front/1
         10:00:00 p restored
         10:00:00 c resolved front/1
         10:05:00 d resolved front/2",
    );
    assert_eq!(metric(&results, "duplicate_work_s"), 600.0);
}

#[test]
fn children_come_until_the_fault_is_mitigated() {
    let results = check(
        "2026-03-02T09:00",
        &[
            r#"[severities.Sev1]
            [incidents.outage]
            at = ["10m"]
            children.after = ["0s", "20m", "59m 59s", "60m", "2h"]
            linking.share = 1.0"#,
            ONE_PERSON,
        ],
        // At 10:10 the parent is solved, before the arrivals of that instant.
        "09:10:00 1 created
         09:10:00 1 declared
         09:10:00 2 created
         09:10:00 2 linked 1
         09:10:00 1 start front/1
         09:30:00 3 created
         09:30:00 3 linked 1
         10:09:59 4 created
         10:09:59 4 linked 1
         10:10:00 1 resolved front/1
         10:10:00 1 restored
         10:10:00 2 resolved front/1
         10:10:00 3 resolved front/1
         10:10:00 4 resolved front/1",
    );
    assert_eq!(metric(&results, "tickets_created"), 4.0);
}

#[test]
fn an_alert_of_an_open_key_joins_it_and_makes_a_new_one_afterwards() {
    let results = check(
        "2026-03-02T09:00",
        &[
            r#"[severities.Sev1]
            [incidents.disk]
            at = ["0s"]
            children.after = ["10m", "20m", "70m", "80m"]
            lasts.deterministic = "6h"
            ends_with_parent = false
            dedup = true"#,
            ONE_PERSON,
        ],
        "09:00:00 1 created
         09:00:00 1 declared
         09:00:00 1 start front/1
         09:10:00 1 deduplicated
         09:20:00 1 deduplicated
         10:00:00 1 resolved front/1
         10:10:00 2 created
         10:10:00 2 start front/1
         10:20:00 2 deduplicated
         11:10:00 2 resolved front/1",
    );
    assert_eq!(metric(&results, "tickets_created"), 2.0);
    assert_eq!(metric(&results, "deduplicated_alerts"), 3.0);
}

#[test]
fn a_parent_that_is_closed_unanswered_gives_its_place_to_the_first_of_its_children() {
    check(
        "2026-03-02T09:00",
        &[
            r#"tickets = [
                { id = "p", at = "0s", incident = "outage", work = { L1 = "10m" }, legs = [{ answer_after = "9d", then_work = "1h" }] },
                { id = "c", at = "2m", incident = "outage", work = { L1 = "20m" } },
                { id = "d", at = "3m", incident = "outage", work = { L1 = "20m" } },
            ]
            pending = { share = 0.0, wait = { deterministic = "1h" }, close_after = "1h" }
            [severities.Sev1]
            [incidents.outage.linking]
            share = 1.0
            delay.deterministic = "1m""#,
            ONE_PERSON,
        ],
        // d was linked to p; when p is closed both are tickets again. c is the parent now, and d is done in vain no more
        // once c is solved: it is linked to nobody.
        "09:00:00 p created
         09:00:00 p declared
         09:00:00 p start front/1
         09:02:00 c created
         09:03:00 c linked p
         09:03:00 d created
         09:04:00 d linked p
         09:10:00 p pending front/1
         10:10:00 p closed_unanswered
         10:10:00 c start front/1
         10:30:00 c resolved front/1
         10:30:00 c restored
         10:30:00 d start front/1
         10:50:00 d resolved front/1",
    );
}

#[test]
fn a_linked_customer_still_asks_and_still_leaves() {
    let results = check(
        "2026-03-02T09:00",
        &[
            r#"tickets = [
                { id = "p", at = "0s", incident = "outage", work = { L1 = "2h" } },
                { id = "c", at = "0s", incident = "outage", leaves_after = "90m" },
            ]
            [severities.Sev1]
            resolve = "4h"
            [chasers]
            after = "30m"
            every.deterministic = "30m"
            work.deterministic = "1m"
            at_most = 1
            [incidents.outage.linking]
            share = 1.0
            delay.deterministic = "1m""#,
            ONE_PERSON,
        ],
        "09:00:00 p created
         09:00:00 p declared
         09:00:00 c created
         09:00:00 p start front/1
         09:01:00 c linked p
         10:00:00 c chaser:1
         10:30:00 c abandoned
         11:00:00 p resolved front/1
         11:00:00 p restored
         = p resolve due 13:00:00 met
         = c resolve due 13:00:00 undecided",
    );
    assert_eq!(metric(&results, "link_share"), 1.0);
}

#[test]
fn a_status_page_spares_tickets_from_when_it_is_up() {
    let results = check(
        "2026-03-02T09:00",
        &[
            r#"[severities.Sev1]
            [incidents.outage]
            at = ["0s"]
            children.after = ["5m", "15m", "25m"]
            linking.share = 1.0
            declared.monitoring.deterministic = "5m"
            status_page = { after = "10m", deflect = 1.0 }"#,
            ONE_PERSON,
        ],
        "09:00:00 1 created
         09:00:00 1 start front/1
         09:05:00 1 declared
         09:05:00 2 created
         09:05:00 2 linked 1
         09:15:00 1 deflected
         09:25:00 1 deflected
         10:00:00 1 resolved front/1
         10:00:00 1 restored
         10:00:00 2 resolved front/1",
    );
    assert_eq!(metric(&results, "deflected_tickets"), 2.0);
}

#[test]
fn rules_hear_of_an_incident_and_of_its_children() {
    check(
        "2026-03-02T09:00",
        &[
            r#"[severities.Sev1]
            [severities.Sev2]
            [incidents.outage]
            at = ["0s"]
            severity = "Sev2"
            children = { after = ["1m", "2m", "3m"], mix = { Sev2 = 1.0 } }
            linking.share = 1.0
            declared.tickets = 2
            [rules.bigger]
            when = { linked = 3 }
            then = [{ raise = "Sev1" }]
            [rules.known]
            when = { declared = true }
            then = [{ alert = "duty manager" }]"#,
            ONE_PERSON,
        ],
        "09:00:00 1 created
         09:00:00 1 start front/1
         09:01:00 2 created
         09:01:00 1 declared
         09:01:00 2 linked 1
         09:01:00 1 rule:known
         09:02:00 3 created
         09:02:00 3 linked 1
         09:03:00 4 created
         09:03:00 4 linked 1
         09:03:00 1 rule:bigger
         09:03:00 1 severity:Sev1
         10:00:00 1 resolved front/1
         10:00:00 1 restored
         10:00:00 2 resolved front/1
         10:00:00 3 resolved front/1
         10:00:00 4 resolved front/1",
    );
}

#[test]
fn a_severity_written_wrong_is_corrected_without_any_error_of_triage() {
    check(
        "2026-03-03T09:00",
        &[
            r#"tickets = [
                { id = "a", at = "0s", severity = "Sev1", reported = "Sev3", work = { L1 = "30m" } },
            ]"#,
            NO_TARGETS,
            r#"[triage.override]
            over = 1.0
            under = 1.0
            work = "4m""#,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         09:04:00 a severity:Sev1
         09:34:00 a resolved front/1",
    );
}

#[test]
fn so_is_one_that_has_worsened() {
    check(
        "2026-03-03T09:00",
        &[
            r#"tickets = [
                { id = "a", at = "0s", severity = "Sev3", work = { L1 = "2h" } },
                { id = "b", at = "0s", severity = "Sev3", worsens_after = ["1h"], work = { L1 = "30m" } },
            ]"#,
            NO_TARGETS,
            r#"[triage.override]
            over = 1.0
            under = 1.0
            work = "4m""#,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 b created
         09:00:00 a start front/1
         10:00:00 b worsened:Sev2
         11:00:00 a resolved front/1
         11:00:00 b start front/1
         11:04:00 b severity:Sev2
         11:34:00 b resolved front/1",
    );
}

#[test]
fn a_team_that_was_involved_stops_as_the_ticket_is_linked() {
    check(
        "2026-03-02T09:00",
        &[r#"tickets = [
                { id = "p", at = "0s", severity = "Sev2", incident = "f", team = "second", work = { L2 = "3h" } },
                { id = "c", at = "0s", severity = "Sev3", incident = "f", linked_after = "45m", work = { L1 = "4h" } },
                { id = "n", at = "30m", severity = "Sev3", team = "network", work = { L1 = "10m" } },
            ]
            [severities.Sev2]
            [severities.Sev3]
            [incidents.f]
            service = "desk"
            [incidents.f.declared]
            tickets = 2
            [incidents.f.linking]
            share = 1.0
            [tiers.L1]
            work = { deterministic = "2h" }
            [tiers.L2]
            work = { deterministic = "2h" }
            [teams.front]
            tier = "L1"
            headcount = 1
            [teams.second]
            tier = "L2"
            headcount = 1
            [teams.network]
            tier = "L1"
            headcount = 1
            [rules.inv]
            when = { in_team = "10m" }
            if.team = ["front"]
            then = [{ involve = { teams = ["network"] } }]"#],
        "09:00:00 p created
         09:00:00 c created
         09:00:00 p declared
         09:00:00 p start second/1
         09:00:00 c start front/1
         09:10:00 c rule:inv
         09:10:00 c involved network
         09:30:00 n created
         09:45:00 c taken front/1
         09:45:00 c worked_in_vain
         09:45:00 c linked p
         09:45:00 n start network/1
         09:55:00 n resolved network/1
         12:00:00 p resolved second/1
         12:00:00 p restored
         12:00:00 c resolved second/1",
    );
}

#[test]
fn who_came_back_and_waits_for_one_person_asks_again() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [
 { id = "a", at = "0s", severity = "Sev3", work = { L1 = "10m" }, reopens_after = ["20m"] },
 { id = "x", at = "15m", severity = "Sev3", work = { L1 = "8h" } },
]
[severities.Sev3]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
routing = { sticky = true, sticky_wait = "10m" }
[chasers]
after = "1h"
every = { deterministic = "1h" }
work = { deterministic = "1m" }
[rules.q]
when = { in_queue = { after = "2h" } }
then = [{ flag = "late" }]
"#],
        "09:00:00 a created
         09:00:00 a start front/1
         09:10:00 a resolved front/1
         09:15:00 x created
         09:15:00 x start front/1
         09:30:00 a reopened
         11:30:00 a chaser:1
         11:30:00 a rule:q
         12:30:00 a chaser:2
         13:30:00 a chaser:3
         14:30:00 a chaser:4
         15:30:00 a chaser:5
         16:30:00 a chaser:6
         17:15:00 x resolved front/1
         17:21:00 a start front/1
         17:31:00 a resolved front/1",
    );
}

#[test]
fn who_waits_for_a_gate_asks_again() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [
 { id = "a", at = "0s", severity = "Sev1", work = { L1 = "1h" } },
]
[severities.Sev1]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
[teams.boss]
tier = "L1"
headcount = 0
[roles.boss]
team = "boss"
[gates.g]
approvers = ["boss"]
decision_work = { deterministic = "1m" }
timeout = "10h"
on_timeout = "approve"
[rules.g]
when = { with_owner = { after = "30m" } }
then = [{ open_gate = "g" }]
[chasers]
after = "2h"
every = { deterministic = "1h" }
work = { deterministic = "1m" }
"#],
        "09:00:00 a created
         09:00:00 a start front/1
         09:30:00 a rule:g
         09:30:00 a gated front/1
         09:30:00 a gate_requested g
         12:30:00 a chaser:1
         15:31:00 a chaser:2
         18:32:00 a chaser:3
         19:30:00 a gate_timeout g
         19:30:00 a gate_decided:auto_approved g
         19:30:00 a resumed front/1
         20:00:00 a resolved front/1",
    );
}

#[test]
fn an_alert_is_touched_by_whoever_begins_it() {
    check(
        "2026-03-02T11:00",
        &[r#"
tickets = [
 { id = "p", service = "main", at = "0s", severity = "Sev1", incident = "fault", work = { L1 = "2h" }, acknowledges = { rota = ["1m"] } },
 { id = "c", service = "main", at = "10m", severity = "Sev1", incident = "fault", work = { L1 = "1h" }, linked_after = "5m", acknowledges = { rota = ["1m"] } },
]
[severities.Sev1]
[services.main]
ack_counts = true
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
[teams.front.shifts.day]
headcount = 1
hours = { "Mon-Fri" = "09:00-10:00" }
[people.zoe]
team = "front"
[on_call]
get_to_desk = "0s"
[schedules.rota]
members = ["zoe"]
[escalation_policies.p]
levels = [{ targets = ["rota"], timeout = "5m" }]
[rules.page]
when = { created = true }
then = [{ page = "p" }]
[incidents.fault]
declared = { touch = 1.0 }
linking = { share = 1.0 }
"#],
        "11:00:00 p created
         11:00:00 p rule:page
         11:00:00 p paged zoe
         11:01:00 p acknowledged zoe
         11:01:00 p start zoe
         11:01:00 p declared
         11:10:00 c created
         11:10:00 c rule:page
         11:10:00 c paged zoe
         11:11:00 c acknowledged zoe
         11:15:00 c linked p
         13:01:00 p resolved zoe
         13:01:00 p restored
         13:01:00 c resolved zoe",
    );
}

#[test]
fn who_leaves_an_assigned_ticket_has_waited() {
    let results = check(
        "2026-03-02T09:00",
        &[r#"
tickets = [
 { id = "x", at = "0s", severity = "Sev3", work = { L1 = "40h" } },
 { id = "a", at = "1m", severity = "Sev3", leaves_after = "30m" },
 { id = "b", at = "2m", severity = "Sev3", leaves_after = "30m" },
 { id = "c", at = "3h", severity = "Sev3", leaves_after = "30m" },
 { id = "d", at = "3h 1m", severity = "Sev3", leaves_after = "30m" },
 { id = "e", at = "6h", severity = "Sev3", leaves_after = "30m" },
 { id = "f", at = "6h 1m", severity = "Sev3", leaves_after = "30m" },
]
[severities.Sev3]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
routing = { assign = "push" }
[rules.len]
when = { queue_length = { team = "front", at_least = 2 } }
then = [{ alert = "x" }]
"#],
        "09:00:00 x created
         09:00:00 x start front/1
         09:01:00 a created
         09:02:00 b created
         09:31:00 a abandoned
         09:32:00 b abandoned
         12:00:00 c created
         12:01:00 d created
         12:30:00 c abandoned
         12:31:00 d abandoned
         15:00:00 e created
         15:01:00 f created
         15:30:00 e abandoned
         15:31:00 f abandoned
         Wed 03-04 01:00:00 x resolved front/1",
    ); // Six wait half an hour in vain, one not at all.
    assert_eq!(metric(&results, "queue_wait_mean_s"), 6.0 * 1800.0 / 7.0);
}

#[test]
fn a_ticket_that_is_its_own_again_goes_on_where_it_stopped() {
    check(
        "2026-03-02T09:00",
        &[r#"
pending = { share = 0.0, wait = { deterministic = "1h" }, close_after = "2h" }
tickets = [
    { id = "p", at = "0s", severity = "Sev1", team = "front", incident = "f", work = { L1 = "10m" }, legs = [{ answer_after = "90d", then_work = "30m" }] }, { id = "c", at = "1m", severity = "Sev1", team = "net", incident = "f", linked_after = "30m", work = { L1 = "10m" }, legs = [{ answer_after = "1h", then_work = "50m" }] },
]
[severities.Sev1]
[incidents.f]
linking = { share = 0.0 }
[tiers.L1]
work = { deterministic = "30m" }
[teams.front]
tier = "L1"
headcount = 1
[teams.net]
tier = "L1"
headcount = 1
"#],
        "09:00:00 p created
         09:00:00 p declared
         09:00:00 p start front/1
         09:01:00 c created
         09:01:00 c start net/1
         09:10:00 p pending front/1
         09:11:00 c pending net/1
         09:31:00 c worked_in_vain
         09:31:00 c linked p
         11:10:00 p closed_unanswered
         11:10:00 c resumed net/1
         12:00:00 c resolved net/1
         12:00:00 c restored",
    );
}

#[test]
fn a_fix_that_was_linked_away_passes_its_gate_again() {
    check(
        "2026-03-02T09:00",
        &[r#"
pending = { share = 0.0, wait = { deterministic = "1h" }, close_after = "2h" }
tickets = [
    { id = "p", at = "0s", severity = "Sev2", team = "front", incident = "f", work = { L1 = "10m" }, legs = [{ answer_after = "90d", then_work = "30m" }] }, { id = "c", at = "70m", severity = "Sev1", team = "net", incident = "f", linked_after = "30m", change = "ch", work = { L1 = "20m" } },
]
[severities.Sev1]
[severities.Sev2]
[incidents.f]
lasts = { deterministic = "80m" }
linking = { share = 0.0 }
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
[teams.net]
tier = "L1"
headcount = 1
[teams.mgmt]
tier = "L1"
headcount = 1
[roles.c]
team = "mgmt"
reaction = { deterministic = "3h" }
[gates.g]
approvers = ["c"]
decision_work = { deterministic = "10m" }
blocks = "release"
[changes.ch]
share = 0.0
gate = "g"
release = { deterministic = "10m" }
"#],
        "09:00:00 p created
         09:00:00 p declared
         09:00:00 p start front/1
         09:10:00 p pending front/1
         10:10:00 c created
         10:10:00 c start net/1
         10:30:00 c gate_requested g
         10:30:00 c solved net/1
         10:40:00 c worked_in_vain
         10:40:00 c linked p
         11:10:00 p closed_unanswered
         11:10:00 c start net/1
         11:30:00 c gate_requested g
         11:30:00 c solved net/1
         14:40:00 c gate_decided:approved g
         14:40:00 c resumed net/1
         14:50:00 c resolved net/1",
    );
}

#[test]
fn closing_a_child_that_has_left_takes_no_time() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [
    { id = "p", at = "0s", severity = "Sev1", team = "front", incident = "f", work = { L1 = "1h" } }, { id = "c", at = "0s", severity = "Sev1", team = "net", incident = "f", linked_after = "0s", leaves_after = "65m" }, { id = "d", at = "0s", severity = "Sev1", team = "net", incident = "f", linked_after = "0s", leaves_after = "70m" }, { id = "o", at = "64m", severity = "Sev1", team = "front", work = { L1 = "10m" } },
]
[severities.Sev1]
[incidents.f]
linking = { share = 0.0, close_work = { deterministic = "30m" } }
[tiers.L1]
work = { deterministic = "90m" }
[teams.front]
tier = "L1"
headcount = 1
[teams.net]
tier = "L1"
headcount = 0
"#],
        "09:00:00 p created
         09:00:00 p declared
         09:00:00 c created
         09:00:00 c linked p
         09:00:00 d created
         09:00:00 d linked p
         09:00:00 p start front/1
         10:00:00 p resolved front/1
         10:00:00 p restored
         10:04:00 o created
         10:05:00 c abandoned
         10:10:00 d abandoned
         10:30:00 o start front/1
         10:40:00 o resolved front/1",
    );
}

#[test]
fn whoever_was_turned_away_does_not_leave_as_well() {
    // `c` finds the one place taken. The row of it is free for `d`, which waits longer than `c` would have.
    let results = check(
        "2026-03-02T09:00",
        &[
            r#"tickets = [
                { id = "a", at = "0s", work = { L1 = "30m" } },
                { id = "b", at = "1m", work = { L1 = "30m" } },
                { id = "c", at = "2m", leaves_after = "35m" },
                { id = "d", at = "31m", work = { L1 = "30m" } },
                { id = "e", at = "1h 5m", work = { L1 = "30m" } },
            ]
            [severities.Sev1]"#,
            ONE_PERSON,
            "places = 1\n",
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         09:01:00 b created
         09:02:00 c created
         09:02:00 c turned_away front
         09:30:00 a resolved front/1
         09:30:00 b start front/1
         09:31:00 d created
         10:00:00 b resolved front/1
         10:00:00 d start front/1
         10:05:00 e created
         10:30:00 d resolved front/1
         10:30:00 e start front/1
         11:00:00 e resolved front/1",
    );
    assert_eq!(metric(&results, "abandon_rate"), 0.0);
    assert_eq!(metric(&results, "turned_away_rate"), 0.2);
    assert_eq!(metric(&results, "backlog_end"), 0.0);
}

#[test]
fn what_goes_by_the_resolution_goes_on_for_a_linked_ticket() {
    check(
        "2026-03-02T09:00 UTC",
        &[
            r#"
[severities.Sev1]
resolve = "4h"
[incidents.outage]
linking.share = 1.0
linking.delay.deterministic = "75m"
[rules.warn]
when = { consumed = { of = "resolve", share = 0.25 } }
every = "30m"
then = [{ alert = "lead" }]
[[tickets]]
id = "p"
at = "0s"
incident = "outage"
work = { L1 = "4h" }
[[tickets]]
id = "c"
at = "1m"
incident = "outage"
work = { L1 = "1h" }
"#,
            ONE_PERSON,
        ],
        "09:00:00 p created
         09:00:00 p declared
         09:00:00 p start front/1
         09:01:00 c created
         10:00:00 p rule:warn
         10:01:00 c rule:warn
         10:16:00 c linked p
         10:30:00 p rule:warn
         10:31:00 c rule:warn
         11:00:00 p rule:warn
         11:01:00 c rule:warn
         11:30:00 p rule:warn
         11:31:00 c rule:warn
         12:00:00 p rule:warn
         12:01:00 c rule:warn
         12:30:00 p rule:warn
         12:31:00 c rule:warn
         13:00:00 p resolved front/1
         13:00:00 p restored
         13:00:00 c resolved front/1
         = p resolve due 13:00:00 met
         = c resolve due 13:01:00 met",
    );
}

#[test]
fn what_is_linked_is_mitigated_with_its_parent() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [
    { id = "p", at = "0s", severity = "Sev1", incident = "outage", work = { L1 = "4h" }, workaround_after = "20m" }, { id = "c", at = "1m", severity = "Sev1", incident = "outage", linked_after = "5m", work = { L1 = "3h" } },
]
[severities.Sev1]
mitigate = "1h"
first_response = "1h"
update = { within = "30m", until = "mitigation" }
resolve = "8h"
[incidents.outage]
linking = { share = 1.0, delay = { deterministic = "5m" } }
[workaround]
share = 1.0
after = 0.4
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 2
[teams.press]
tier = "L1"
headcount = 1
[roles.writer]
team = "press"
[communications]
by = "writer"
update_work.deterministic = "5m"
"#],
        "09:00:00 p created
         09:00:00 p declared
         09:00:00 p start front/1
         09:01:00 c created
         09:01:00 c start front/2
         09:06:00 c taken front/2
         09:06:00 c worked_in_vain
         09:06:00 c linked p
         09:20:00 p mitigated front/1
         09:20:00 c mitigated
         09:20:00 p restored
         13:00:00 p resolved front/1
         13:00:00 c resolved front/1
         = p first_response due 10:00:00 met | mitigate due 10:00:00 met | resolve due 17:00:00 met
         = c first_response due 10:01:00 met | mitigate due 10:01:00 met | resolve due 17:01:00 met",
    );
}

#[test]
fn what_is_linked_has_no_review_of_its_own() {
    check(
        "2026-03-02T09:00",
        &[
            r#"
tickets = [
    { id = "p", at = "0s", severity = "Sev1", incident = "outage", work = { L1 = "1h" } }, { id = "c", at = "1m", severity = "Sev1", incident = "outage", linked_after = "5m" }, { id = "d", at = "2m", severity = "Sev1", incident = "outage", linked_after = "5m" },
]
[severities.Sev1]
[incidents.outage]
linking = { share = 1.0, delay = { deterministic = "5m" } }
[reviews]
severity = ["Sev1"]
due = "15h"
work.deterministic = "8h"
people = 1
"#,
            ONE_PERSON,
        ],
        "09:00:00 p created
         09:00:00 p declared
         09:00:00 p start front/1
         09:01:00 c created
         09:02:00 d created
         09:06:00 c linked p
         09:07:00 d linked p
         10:00:00 p resolved front/1
         10:00:00 p restored
         10:00:00 c resolved front/1
         10:00:00 d resolved front/1
         10:00:00 p review_scheduled
         18:00:00 p review_done front/1",
    );
}

#[test]
fn children_whose_parent_is_gone_come_to_their_owner() {
    check(
        "2026-03-02T09:00 UTC",
        &[
            r#"
tickets = [
 { id = "p", service = "shop", at = "0s", severity = "Sev2", work = { L1 = "10m" }, legs = [{ answer_after = "9h", then_work = "60m" }], incident = "out" },
 { id = "c", service = "shop", at = "1m", severity = "Sev3", work = { L1 = "1h" }, incident = "out", linked_after = "1m" },
 { id = "n", service = "shop", at = "5h", severity = "Sev3", work = { L1 = "1h" } },
]
[incidents.out]
[incidents.out.linking]
share = 1.0
[tiers.L1]
work = { deterministic = "1h" }
[teams.ops]
tier = "L1"
headcount = 0
[people]
ben = { team = "ops" }
ana = { team = "ops" }
[services.shop]
primary = "ana"
secondary = "ben"
overload = 5
[rules.giveup]
when = { pending = "2h" }
then = [{ close = "no answer" }]
"#,
            NO_TARGETS,
        ],
        "09:00:00 p created
         09:00:00 p declared
         09:00:00 p start ana
         09:01:00 c created
         09:02:00 c linked p
         09:10:00 p pending ana
         11:10:00 p rule:giveup
         11:10:00 p closed_unanswered
         11:10:00 c start ana
         12:10:00 c resolved ana
         12:10:00 c restored
         14:00:00 n created
         14:00:00 n start ana
         15:00:00 n resolved ana",
    );
}

#[test]
fn a_gate_holds_a_ticket_whose_parent_is_gone() {
    check(
        "2026-03-02T09:00 UTC",
        &[r#"
tickets = [ { id = "p", at = "0s", severity = "Sev2", incident = "f", work = { L1 = "10m" }, legs = [{ answer_after = "90d", then_work = "1h" }] },
 { id = "c", at = "1m", severity = "Sev1", incident = "f", linked_after = "1m", work = { L1 = "10m" } } ]
[severities.Sev1]
resolve = "4h"
mitigate = "2h"
[severities.Sev2]
resolve = "8h"
[severities.Sev3]
resolve = "24h"
[pending]
share = 0.0
wait = { deterministic = "1h" }
close_after = "150m"
[incidents.f]
linking = { share = 1.0 }
[roles.boss]
team = "bosses"
[gates.g]
approvers = ["boss"]
decision_work = { deterministic = "1h" }
[rules.gate]
when = { consumed = { of = "resolve", share = 0.5 } }
if = { severity = ["Sev1"] }
then = [{ open_gate = "g" }]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
[teams.bosses]
tier = "L1"
headcount = 1
skills = []
"#],
        "09:00:00 p created
         09:00:00 p declared
         09:00:00 p start front/1
         09:01:00 c created
         09:02:00 c linked p
         09:10:00 p pending front/1
         11:01:00 c breach:mitigate
         11:01:00 c rule:gate
         11:01:00 c gate_requested g
         11:40:00 p closed_unanswered
         12:01:00 c gate_decided:approved g
         12:01:00 c start front/1
         12:11:00 c resolved front/1
         12:11:00 c restored
         = p resolve due 19:30:00 undecided
         = c mitigate due 11:01:00 breached | resolve due 13:01:00 met",
    );
}

#[test]
fn a_team_is_involved_again_once_a_ticket_is_its_own_again() {
    check(
        "2026-03-02T09:00 UTC",
        &[r#"
tickets = [ { id = "p", at = "0s", severity = "Sev2", incident = "f", work = { L1 = "10m" }, legs = [{ answer_after = "90d", then_work = "1h" }] },
 { id = "c", at = "0s", severity = "Sev1", incident = "f", linked_after = "30m", work = { L1 = "4h" } } ]
[pending]
share = 0.0
wait = { deterministic = "1h" }
close_after = "30m"
[incidents.f]
linking = { share = 0.0 }
[severities.Sev1]
mitigate = "80m"
resolve = "4h"
[severities.Sev2]
[rules.i]
when = { in_team = "20m" }
if = { severity = ["Sev1"] }
then = [{ involve = { teams = ["net"] } }]
[rules.j]
when = { consumed = { of = "resolve", share = 0.5 } }
if = { severity = ["Sev1"] }
then = [{ involve = { teams = ["net"] } }]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 2
[teams.net]
tier = "L1"
headcount = 1
skills = []
"#],
        "09:00:00 p created
         09:00:00 p declared
         09:00:00 c created
         09:00:00 c start front/1
         09:00:00 p start front/2
         09:10:00 p pending front/2
         09:20:00 c rule:i
         09:20:00 c involved net
         09:30:00 c taken front/1
         09:30:00 c worked_in_vain
         09:30:00 c linked p
         09:40:00 p closed_unanswered
         09:40:00 c resumed front/2
         10:20:00 c breach:mitigate
         11:00:00 c rule:j
         11:00:00 c involved net
         12:00:00 c mitigated front/2
         12:00:00 c restored
         13:00:00 c breach:resolve
         13:10:00 c resolved front/2
         = c mitigate due 10:20:00 breached | resolve due 13:00:00 breached",
    );
}

#[test]
fn the_next_parent_of_an_incident_is_a_major_one() {
    check(
        "2026-03-02T09:00 UTC",
        &[r#"
tickets = [ { id = "p", at = "0s", severity = "Sev2", incident = "f", work = { L1 = "10m" }, legs = [{ answer_after = "90d", then_work = "1h" }] },
 { id = "c", at = "0s", severity = "Sev2", incident = "f", linked_after = "20m", work = { L1 = "4h" } },
 { id = "d", at = "50m", severity = "Sev2", incident = "f", linked_after = "20m", work = { L1 = "4h" } } ]
[pending]
share = 0.0
wait = { deterministic = "1h" }
close_after = "30m"
[incidents.f]
linking = { share = 0.0 }
[severities.Sev1]
[severities.Sev2]
resolve = "2h"
[rules.maj]
when = { consumed = { of = "resolve", share = 0.75 } }
if = { major = true }
then = [{ alert = "boss" }]
[rules.lin]
when = { consumed = { of = "resolve", share = 0.8 } }
if = { linked = 1 }
then = [{ alert = "boss" }]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 2
"#],
        "09:00:00 p created
         09:00:00 p declared
         09:00:00 c created
         09:00:00 p start front/1
         09:00:00 c start front/2
         09:10:00 p pending front/1
         09:20:00 c taken front/2
         09:20:00 c worked_in_vain
         09:20:00 c linked p
         09:40:00 p closed_unanswered
         09:40:00 c resumed front/1
         09:50:00 d created
         09:50:00 d start front/2
         10:10:00 d taken front/2
         10:10:00 d worked_in_vain
         10:10:00 d linked c
         10:30:00 c rule:maj
         10:36:00 c rule:lin
         11:00:00 c breach:resolve
         11:50:00 d breach:resolve
         13:20:00 c resolved front/1
         13:20:00 c restored
         13:20:00 d resolved front/1
         = p resolve due 11:30:00 undecided
         = c resolve due 11:00:00 breached
         = d resolve due 11:50:00 breached",
    );
}

#[test]
fn what_monitoring_has_seen_is_declared_with_the_next_parent() {
    check(
        "2026-03-02T09:00 UTC",
        &[r#"
tickets = [ { id = "p", at = "0s", severity = "Sev1", incident = "f", work = { L1 = "10m" } },
 { id = "c", at = "25m", severity = "Sev2", incident = "f", work = { L1 = "1h" } },
 { id = "d", at = "26m", severity = "Sev2", incident = "f", work = { L1 = "1h" } } ]
[incidents.f]
lasts = { deterministic = "5h" }
ends_with_parent = false
declared = { monitoring = { deterministic = "20m" } }
linking = { share = 1.0, delay = { deterministic = "5m" } }
[severities.Sev1]
resolve = "4h"
[severities.Sev2]
resolve = "8h"
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 2
"#],
        "09:00:00 p created
         09:00:00 p start front/1
         09:10:00 p resolved front/1
         09:25:00 c created
         09:25:00 c declared
         09:25:00 c start front/2
         09:26:00 d created
         09:26:00 d start front/1
         09:31:00 d taken front/1
         09:31:00 d worked_in_vain
         09:31:00 d linked c
         10:25:00 c resolved front/2
         10:25:00 d resolved front/2
         = p resolve due 13:00:00 met
         = c resolve due 17:25:00 met
         = d resolve due 17:26:00 met",
    );
}

#[test]
fn nothing_helps_a_ticket_of_a_fault_that_nobody_knows_for_one() {
    check(
        "2026-03-02T09:00 UTC",
        &[r#"
tickets = [ { id = "p", at = "0s", severity = "Sev2", incident = "f", work = { L1 = "2h" } },
 { id = "c", at = "0s", severity = "Sev2", incident = "f", work = { L1 = "30m" }, workaround_after = "10m" },
 { id = "d", at = "0s", severity = "Sev2", incident = "f", work = { L1 = "30m" } } ]
[workaround]
share = 0.0
resolve_on = "mitigation"
[incidents.f]
linking = { share = 0.0 }
[severities.Sev1]
[severities.Sev2]
mitigate = "1h"
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 3
"#],
        "09:00:00 p created
         09:00:00 p declared
         09:00:00 c created
         09:00:00 d created
         09:00:00 p start front/1
         09:00:00 c start front/2
         09:00:00 d start front/3
         09:30:00 c worked_in_vain
         09:30:00 c linked p
         09:30:00 d worked_in_vain
         09:30:00 d linked p
         10:00:00 p breach:mitigate
         10:00:00 c breach:mitigate
         10:00:00 d breach:mitigate
         11:00:00 p resolved front/1
         11:00:00 p restored
         11:00:00 c resolved front/1
         11:00:00 d resolved front/1
         = p mitigate due 10:00:00 breached
         = c mitigate due 10:00:00 breached
         = d mitigate due 10:00:00 breached",
    );
}

#[test]
fn nobody_goes_on_reading_a_ticket_that_was_linked() {
    check(
        "2026-03-02T09:00 UTC",
        &[r#"
tickets = [ { id = "p", at = "0s", severity = "Sev2", incident = "f", work = { L1 = "10m" }, legs = [{ answer_after = "90d", then_work = "1h" }] },
 { id = "c", at = "10m", severity = "Sev1", incident = "f", linked_after = "1m", work = { L1 = "10m" } },
 { id = "d", at = "12m", severity = "Sev1", work = { L1 = "10m" } } ]
[severities.Sev1]
resolve = "4h"
[severities.Sev2]
resolve = "8h"
[pending]
share = 0.0
wait = { deterministic = "1h" }
close_after = "30m"
[incidents.f]
linking = { share = 1.0 }
[triage.manual]
team = "readers"
work = { deterministic = "6m" }
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 2
[teams.readers]
tier = "L1"
headcount = 1
skills = []
"#],
        "09:00:00 p created
         09:00:00 p declared
         09:06:00 p start front/1
         09:10:00 c created
         09:11:00 c worked_in_vain
         09:11:00 c linked p
         09:12:00 d created
         09:16:00 p pending front/1
         09:18:00 d start front/2
         09:28:00 d resolved front/2
         09:46:00 p closed_unanswered
         09:46:00 c start front/1
         09:56:00 c resolved front/1
         09:56:00 c restored
         = p resolve due 17:30:00 undecided
         = c resolve due 13:10:00 met
         = d resolve due 13:12:00 met",
    );
}

#[test]
fn a_ticket_whose_parent_is_gone_was_let_go_of() {
    check(
        "2026-03-02T09:00 UTC",
        &[r#"
handoff = { shift_end = "cold", context_loss = 0.5 }
tickets = [ { id = "p", at = "0s", severity = "Sev1", incident = "f", work = { L1 = "10m" }, legs = [{ answer_after = "90d", then_work = "1h" }] },
 { id = "c", at = "0s", severity = "Sev2", incident = "f", work = { L1 = "60m" }, linked_after = "30m" },
 { id = "x", at = "35m", severity = "Sev1", work = { L1 = "30m" } },
 { id = "y", at = "39m", severity = "Sev1", work = { L1 = "60m" } } ]
[pending]
share = 0.0
wait = { deterministic = "1h" }
close_after = "30m"
[incidents.f]
linking = { share = 1.0 }
[severities.Sev1]
resolve = "4h"
[severities.Sev2]
resolve = "8h"
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 2
"#],
        "09:00:00 p created
         09:00:00 p declared
         09:00:00 c created
         09:00:00 p start front/1
         09:00:00 c start front/2
         09:10:00 p pending front/1
         09:30:00 c taken front/2
         09:30:00 c worked_in_vain
         09:30:00 c linked p
         09:35:00 x created
         09:35:00 x start front/1
         09:39:00 y created
         09:39:00 y start front/2
         09:40:00 p closed_unanswered
         10:05:00 x resolved front/1
         10:05:00 c resumed front/1
         10:39:00 y resolved front/2
         10:50:00 c resolved front/1
         10:50:00 c restored
         = p resolve due 13:30:00 undecided
         = c resolve due 17:00:00 met
         = x resolve due 13:35:00 met
         = y resolve due 13:39:00 met",
    );
}

#[test]
fn a_child_of_a_fault_that_outlives_its_parent_takes_its_place() {
    check(
        "2026-03-02T09:00",
        &[
            r#"
[severities.Sev1]
[services.app]
arrivals.rate = "0/h"
[incidents.outage]
at = ["0s"]
service = "desk"
lasts = { deterministic = "9h" }
ends_with_parent = false
children = { after = ["90m", "100m"], services = { app = 1.0 } }
[incidents.outage.linking]
share = 1.0
delay = { deterministic = "1m" }
[rules.known]
when = { linked = 1 }
if = { service = ["app"] }
then = [{ alert = "x" }]
"#,
            ONE_PERSON,
        ],
        "09:00:00 1 created
         09:00:00 1 declared
         09:00:00 1 start front/1
         10:00:00 1 resolved front/1
         10:30:00 2 created
         10:30:00 2 start front/1
         10:40:00 3 created
         10:41:00 3 linked 2
         10:41:00 2 rule:known
         11:30:00 2 resolved front/1
         11:30:00 3 resolved front/1",
    );
}

#[test]
fn an_incident_whose_parent_is_closed_goes_on_with_its_oldest_ticket() {
    // Nothing is linked yet as the parent is closed: what is in work by then stands for the incident.
    check(
        "2026-03-03T09:00",
        &[r#"
tickets = [
 { id = "p", at = "0s", severity = "Sev1", incident = "outage", work = { L1 = "10m" }, legs = [{ answer_after = "5h", then_work = "10m" }] },
 { id = "c", at = "20m", severity = "Sev2", incident = "outage", work = { L1 = "3h" } },
 { id = "d", at = "30m", severity = "Sev2", incident = "outage", work = { L1 = "3h" } },
]
[severities.Sev1]
[severities.Sev2]
[pending]
share = 0.0
wait = { deterministic = "1h" }
close_after = "1h"
[incidents.outage]
lasts = { deterministic = "3d" }
declared = { tickets = 1 }
linking = { share = 1.0, delay = { deterministic = "2h" } }
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
"#],
        "09:00:00 p created
         09:00:00 p declared
         09:00:00 p start front/1
         09:10:00 p pending front/1
         09:20:00 c created
         09:20:00 c start front/1
         09:30:00 d created
         10:10:00 p closed_unanswered
         11:30:00 d linked c
         12:20:00 c resolved front/1
         12:20:00 c restored
         12:20:00 d resolved front/1",
    );
}

#[test]
fn alerts_join_a_parent_that_has_come_back() {
    check(
        "2026-03-03T09:00",
        &[r#"
[severities.Sev1]
[reopening]
share = 1.0
at_most = 1
delay = { deterministic = "20m" }
[incidents.key]
at = ["0s"]
severity = "Sev1"
ends_with_parent = false
lasts = { deterministic = "3h" }
dedup = true
children = { after = ["20m", "90m", "100m"], mix = { Sev1 = 1.0 } }
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
"#],
        "09:00:00 1 created
         09:00:00 1 declared
         09:00:00 1 start front/1
         09:20:00 1 deduplicated
         10:00:00 1 resolved front/1
         10:20:00 1 reopened
         10:20:00 1 start front/1
         10:30:00 1 deduplicated
         10:40:00 1 deduplicated
         11:20:00 1 resolved front/1",
    );
}

#[test]
fn whose_ticket_stands_for_an_incident_leaves_it_as_long_as_nobody_knows_of_that() {
    // The next parent is declared before its customer would go.
    check(
        "2026-03-03T09:00",
        &[r#"
tickets = [
 { id = "busy", at = "0s", severity = "Sev1", work = { L1 = "15m" } },
 { id = "p", at = "0s", severity = "Sev1", incident = "outage", work = { L1 = "1h" }, leaves_after = "10m" },
 { id = "c", at = "2m", severity = "Sev2", incident = "outage", work = { L1 = "1h" }, leaves_after = "14m" },
 { id = "d", at = "12m", severity = "Sev2", incident = "outage", work = { L1 = "1h" } },
]
[severities.Sev1]
[severities.Sev2]
[incidents.outage]
linking = { share = 1.0, delay = { deterministic = "30m" } }
declared = { tickets = 3 }
[tiers.L1]
work = { deterministic = "20m" }
[teams.front]
tier = "L1"
headcount = 1
"#],
        "09:00:00 busy created
         09:00:00 p created
         09:00:00 busy start front/1
         09:02:00 c created
         09:10:00 p abandoned
         09:12:00 d created
         09:12:00 c declared
         09:15:00 busy resolved front/1
         09:15:00 c start front/1
         09:42:00 d linked c
         10:15:00 c resolved front/1
         10:15:00 c restored
         10:15:00 d resolved front/1",
    );
}

#[test]
fn whoever_explains_what_is_linked_meanwhile_does_so_in_vain() {
    let results = check(
        "2026-03-02T10:00",
        &[r#"
tickets = [
 { id = "p", at = "0s", team = "third", severity = "Sev1", incident = "o", work = { L1 = "3h" } },
 { id = "a", at = "0s", team = "front", severity = "Sev3", incident = "o", linked_after = "35m", work = { L1 = "2h" } },
]
[severities.Sev1]
[severities.Sev3]
[handoff]
overlap = "20m"
[incidents.o]
linking = { share = 1.0 }
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
[teams.second]
tier = "L1"
headcount = 1
[teams.third]
tier = "L1"
headcount = 1
[rules.r]
when = { with_owner = "30m" }
if.team = ["front"]
then = [{ transfer = "second" }]
"#],
        "10:00:00 p created
         10:00:00 p declared
         10:00:00 a created
         10:00:00 p start third/1
         10:00:00 a start front/1
         10:30:00 a rule:r
         10:30:00 a taken front/1
         10:30:00 a transferred second
         10:30:00 a resumed second/1
         10:35:00 a taken second/1
         10:35:00 a worked_in_vain
         10:35:00 a linked p
         10:50:00 a worked_in_vain
         13:00:00 p resolved third/1
         13:00:00 p restored
         13:00:00 a resolved third/1",
    );
    // Half an hour of work, five minutes of listening, twenty of explaining.
    assert_eq!(metric(&results, "duplicate_work_s"), 55.0 * 60.0);
}

#[test]
fn what_was_linked_before_the_declaration_is_not_linked_again() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [
    { id = "p", at = "0s", severity = "Sev1", incident = "out", work = { L1 = "2h" } },
    { id = "c", at = "1m", severity = "Sev2", incident = "out", linked_after = "5m", work = { L1 = "10m" } },
    { id = "d", at = "30m", severity = "Sev2", incident = "out", work = { L1 = "3h" } },
]
[severities.Sev1]
[severities.Sev2]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 2
[incidents.out]
linking = { share = 1.0, delay = { deterministic = "5m" } }
declared.tickets = 3
"#],
        "09:00:00 p created
         09:00:00 p start front/1
         09:01:00 c created
         09:01:00 c start front/2
         09:11:00 c worked_in_vain
         09:11:00 c linked p
         09:30:00 d created
         09:30:00 p declared
         09:30:00 d start front/2
         09:35:00 d taken front/2
         09:35:00 d worked_in_vain
         09:35:00 d linked p
         11:00:00 p resolved front/1
         11:00:00 p restored
         11:00:00 c resolved front/1
         11:00:00 d resolved front/1",
    );
}
