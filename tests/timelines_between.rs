//! Timelines of what rules remember and clocks count while a ticket is in between: waited with, read, linked, gated, assigned,
//! resolved and back. To the millisecond, as in `timelines`.

mod timelines_support;

use timelines_support::{NO_TARGETS, NOBODY, ONE_PERSON, TWO_TIERS, check, metric};

#[test]
fn a_crossing_is_waited_with_only_while_what_was_measured_goes_on() {
    check(
        "2026-03-02T02:00 UTC",
        &[
            r#"
tickets = [{ id = "z", at = "0s", severity = "Sev2", work = { L1 = "4h" } }, { id = "a", at = "0s", severity = "Sev2", work = { L1 = "8h" } }]
[severities.Sev1]
[severities.Sev2]
resolve = "20h"
first_response = "2h"
[rules.q]
when = { in_queue = "1h" }
if = { open = "business" }
hold = true
then = [{ alert = "lead" }]
[rules.fr]
when = { consumed = { of = "first_response", share = 0.5 } }
if = { open = "business" }
hold = true
then = [{ alert = "lead" }]
[calendars.business]
hours = { "Mon-Fri" = "09:00-17:00" }
"#,
            ONE_PERSON,
        ],
        "02:00:00 z created
         02:00:00 a created
         02:00:00 z start front/1
         04:00:00 a breach:first_response
         06:00:00 z resolved front/1
         06:00:00 a start front/1
         14:00:00 a resolved front/1
         = z first_response due 04:00:00 met | resolve due 22:00:00 met
         = a first_response due 04:00:00 breached | resolve due 22:00:00 met",
    );
}

#[test]
fn nothing_that_was_waited_with_outlives_the_resolution() {
    check(
        "2026-03-02T02:00 UTC",
        &[
            r#"
tickets = [{ id = "a", at = "0s", severity = "Sev2", work = { L1 = "2h" }, reopens_after = ["6h"] }]
[severities.Sev1]
[severities.Sev2]
resolve = "20h"
[rules.t]
when = { in_team = "1h" }
if = { open = "business" }
hold = true
then = [{ alert = "lead" }]
[calendars.business]
hours = { "Mon-Fri" = "09:00-17:00" }
"#,
            ONE_PERSON,
        ],
        "02:00:00 a created
         02:00:00 a start front/1
         04:00:00 a resolved front/1
         10:00:00 a reopened
         10:00:00 a start front/1
         11:00:00 a rule:t
         12:00:00 a resolved front/1
         = a resolve due Tue 03-03 04:00:00 met",
    );
}

#[test]
fn a_linked_ticket_waits_with_nothing() {
    check(
        "2026-03-02T02:00 UTC",
        &[
            r#"
tickets = [{ id = "p", at = "0s", severity = "Sev2", work = { L1 = "10h" }, incident = "out" }, { id = "c", at = "10m", severity = "Sev2", incident = "out", linked_after = "80m" }]
[severities.Sev1]
[severities.Sev2]
resolve = "40h"
first_response = "20h"
[rules.h]
when = { in_team = "1h" }
if = { open = "business" }
hold = true
then = [{ alert = "x" }]
[rules.e]
when = { created = true }
every = "1h"
while = { answered = false }
max = 6
then = [{ alert = "x" }]
[incidents.out]
[incidents.out.linking]
share = 1.0
[calendars.business]
hours = { "Mon-Fri" = "09:00-17:00" }
"#,
            ONE_PERSON,
        ],
        "02:00:00 p created
         02:00:00 p rule:e
         02:00:00 p declared
         02:00:00 p start front/1
         02:10:00 c created
         02:10:00 c rule:e
         03:10:00 c rule:e
         03:30:00 c linked p
         09:00:00 p rule:h
         12:00:00 p resolved front/1
         12:00:00 p restored
         12:00:00 c resolved front/1
         = p first_response due 22:00:00 met | resolve due Tue 03-03 18:00:00 met
         = c first_response due 22:10:00 met | resolve due Tue 03-03 18:10:00 met",
    );
}

#[test]
fn a_repetition_ends_with_the_resolution() {
    check(
        "2026-03-02T09:00 UTC",
        &[
            r#"
tickets = [{ id = "a", at = "0s", severity = "Sev2", work = { L1 = "1h" }, reopens_after = ["4h"] }]
[severities.Sev1]
[severities.Sev2]
resolve = "1h"
[rules.m]
when = { consumed = { of = "resolve", share = 0.5 } }
every = "1h"
then = [{ alert = "lead" }]
[rules.s]
when = { created = true }
every = "90m"
while = { owned = false }
then = [{ alert = "x" }]
"#,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 a rule:s
         09:00:00 a start front/1
         09:30:00 a rule:m
         10:00:00 a resolved front/1
         14:00:00 a reopened
         14:00:00 a breach:resolve
         14:00:00 a start front/1
         15:00:00 a resolved front/1
         = a resolve due 10:00:00 breached",
    );
}

#[test]
fn what_waits_on_a_resolution_is_over_when_the_ticket_comes_back() {
    check(
        "2026-03-02T02:00 UTC",
        &[r#"
tickets = [{ id = "a", at = "0s", severity = "Sev2", work = { L1 = "1h" }, reopens_after = ["8h"] }, { id = "b", at = "0s", severity = "Sev2", work = { L1 = "1h" } }]
[severities.Sev1]
[severities.Sev2]
[rules.r]
when = { resolved = true }
if = { open = "business" }
hold = true
then = [{ alert = "x" }]
[rules.c]
when = { created = true }
if = { open = "business" }
hold = true
then = [{ alert = "x" }]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 2
[calendars.business]
hours = { "Mon-Fri" = "09:00-17:00" }
"#],
        "02:00:00 a created
         02:00:00 b created
         02:00:00 a start front/1
         02:00:00 b start front/2
         03:00:00 a resolved front/1
         03:00:00 b resolved front/2
         11:00:00 a reopened
         11:00:00 a start front/1
         12:00:00 a resolved front/1
         12:00:00 a rule:r",
    );
}

#[test]
fn a_rule_on_the_mitigation_fires_before_the_workaround_resolves() {
    check(
        "2026-03-02T09:00 UTC",
        &[
            r#"
tickets = [{ id = "a", at = "0s", severity = "Sev2", work = { L1 = "1h" }, workaround_after = "30m", reopens_after = ["2h"] }]
[severities.Sev1]
[severities.Sev2]
[severities.Sev3]
[workaround]
share = 0.0
resolve_on = "mitigation"
[rules.m]
when = { mitigated = true }
then = [{ alert = "lead" }]
[rules.r]
when = { resolved = true }
then = [{ alert = "lead" }]
"#,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         09:30:00 a mitigated front/1
         09:30:00 a rule:m
         09:30:00 a resolved front/1
         09:30:00 a rule:r
         10:00:00 a fix_live
         11:30:00 a reopened
         11:30:00 a start front/1
         12:30:00 a resolved front/1
         12:30:00 a rule:r",
    );
}

#[test]
fn a_new_crossing_begins_new_repetitions() {
    check(
        "2026-03-02T09:00 UTC",
        &[
            r#"
tickets = [{ id = "a", at = "0s", severity = "Sev2", work = { L1 = "10m" }, legs = [{ answer_after = "90m", then_work = "75m" }, { answer_after = "6h", then_work = "10m" }] }]
[severities.Sev1]
[severities.Sev2]
[severities.Sev3]
[rules.p]
when = { pending = "1h" }
every = "3h"
then = [{ alert = "lead" }]
"#,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         09:10:00 a pending front/1
         10:10:00 a rule:p
         10:40:00 a customer_answered
         10:40:00 a resumed front/1
         11:55:00 a pending front/1
         12:55:00 a rule:p
         15:55:00 a rule:p
         17:55:00 a customer_answered
         17:55:00 a resumed front/1
         18:05:00 a resolved front/1",
    );
}

#[test]
fn what_is_waited_for_may_be_a_matter_of_time() {
    check(
        "2026-03-02T09:00 UTC",
        &[
            r#"
tickets = [{ id = "a", at = "0s", severity = "Sev2" }]
[severities.Sev1]
[severities.Sev2]
resolve = "4h"
[rules.c]
when = { in_team = "30m" }
if = { consumed = { of = "resolve", at_least = 0.5 } }
hold = true
then = [{ alert = "x" }]
[rules.b]
when = { in_team = "30m" }
if = { breached = ["resolve"] }
hold = true
then = [{ alert = "x" }]
[rules.tick]
when = { in_team = "6h" }
then = [{ flag = "x" }]
"#,
            NOBODY,
        ],
        "09:00:00 a created
         11:00:00 a rule:c
         13:00:00 a breach:resolve
         13:00:00 a rule:b
         15:00:00 a rule:tick
         = a resolve due 13:00:00 breached",
    );
}

#[test]
fn what_is_waited_for_may_happen_to_an_incident() {
    check(
        "2026-03-02T09:00 UTC",
        &[
            r#"
tickets = [{ id = "p", at = "0s", severity = "Sev2", work = { L1 = "8h" }, incident = "out" }, { id = "c", at = "1h", severity = "Sev2", incident = "out", linked_after = "30m" }, { id = "d", at = "2h", severity = "Sev2", incident = "out", linked_after = "1h" }]
[severities.Sev1]
[severities.Sev2]
resolve = "40h"
[rules.l]
when = { in_team = "30m" }
if = { linked = 1 }
hold = true
then = [{ alert = "x" }]
[rules.m]
when = { in_team = "30m" }
if = { major = true }
hold = true
then = [{ alert = "x" }]
[incidents.out]
[incidents.out.declared]
tickets = 2
[incidents.out.linking]
share = 1.0
"#,
            ONE_PERSON,
        ],
        "09:00:00 p created
         09:00:00 p start front/1
         10:00:00 c created
         10:00:00 p declared
         10:00:00 p rule:m
         10:30:00 c linked p
         10:30:00 p rule:l
         11:00:00 d created
         12:00:00 d linked p
         17:00:00 p resolved front/1
         17:00:00 p restored
         17:00:00 c resolved front/1
         17:00:00 d resolved front/1
         = p resolve due Wed 03-04 01:00:00 met
         = c resolve due Wed 03-04 02:00:00 met
         = d resolve due Wed 03-04 03:00:00 met",
    );
}

#[test]
fn what_is_waited_for_may_be_a_customer_who_asks() {
    check(
        "2026-03-02T09:00 UTC",
        &[
            r#"
tickets = [{ id = "a", at = "0s", severity = "Sev2" }]
[severities.Sev1]
[severities.Sev2]
resolve = "40h"
[chasers]
after = "1h"
every = { deterministic = "1h" }
work = { deterministic = "5m" }
at_most = 3
[rules.c]
when = { in_team = "30m" }
if = { chasers = 1 }
hold = true
then = [{ alert = "x" }]
"#,
            NOBODY,
        ],
        "09:00:00 a created
         11:00:00 a chaser:1
         11:00:00 a rule:c
         12:00:00 a chaser:2
         13:00:00 a chaser:3
         Wed 03-04 01:00:00 a breach:resolve
         = a resolve due Wed 03-04 01:00:00 breached",
    );
}

#[test]
fn what_is_waited_for_may_be_the_first_words() {
    check(
        "2026-03-02T09:00 UTC",
        &[
            r#"
first_reply = "20m"
tickets = [{ id = "a", at = "0s", severity = "Sev2", work = { L1 = "2h" } }]
[severities.Sev1]
[severities.Sev2]
resolve = "40h"
[rules.c]
when = { in_team = "10m" }
if = { answered = true }
hold = true
then = [{ alert = "x" }]
"#,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         09:20:00 a rule:c
         11:00:00 a resolved front/1
         = a resolve due Wed 03-04 01:00:00 met",
    );
}

#[test]
fn a_breach_of_a_former_target_is_a_breach_to_conditions() {
    check(
        "2026-03-02T09:00 UTC",
        &[
            r#"
tickets = [{ id = "z", at = "0s", severity = "Sev2", work = { L1 = "2h" } }, { id = "a", at = "0s", severity = "Sev1", work = { L1 = "4h" } }]
[severities.Sev1]
first_response = "1h"
resolve = "1h"
[severities.Sev2]
first_response = "8h"
resolve = "24h"
[severities.Sev3]
[rules.down]
when = { in_team = "90m" }
if = { severity = ["Sev1"] }
then = [{ lower = 1 }]
[rules.kept]
when = { in_team = "100m" }
if = { breached = ["resolve"] }
then = [{ alert = "x" }]
[rules.not-kept]
when = { in_team = "100m" }
if = { not_breached = ["resolve"] }
then = [{ alert = "x" }]
"#,
            ONE_PERSON,
        ],
        "09:00:00 z created
         09:00:00 a created
         09:00:00 a start front/1
         10:00:00 a breach:resolve
         10:30:00 a rule:down
         10:30:00 a severity:Sev2
         10:40:00 z rule:not-kept
         10:40:00 a rule:kept
         13:00:00 a resolved front/1
         13:00:00 z start front/1
         15:00:00 z resolved front/1
         = z first_response due 17:00:00 met | resolve due Tue 03-03 09:00:00 met
         = a first_response due 10:00:00 met | resolve due Tue 03-03 09:00:00 breached",
    );
}

#[test]
fn a_late_first_response_is_a_breach_to_conditions() {
    check(
        "2026-03-02T09:00 UTC",
        &[
            r#"
tickets = [{ id = "z", at = "0s", severity = "Sev1", work = { L1 = "2h" } }, { id = "a", at = "0s", severity = "Sev2", work = { L1 = "4h" } }]
[severities.Sev1]
[severities.Sev2]
first_response = "1h"
[severities.Sev3]
[rules.not-late]
when = { in_team = "3h" }
if = { not_breached = ["first_response"] }
then = [{ alert = "x" }]
"#,
            ONE_PERSON,
        ],
        "09:00:00 z created
         09:00:00 a created
         09:00:00 z start front/1
         10:00:00 a breach:first_response
         11:00:00 z resolved front/1
         11:00:00 a start front/1
         15:00:00 a resolved front/1
         = a first_response due 10:00:00 breached",
    );
}

#[test]
fn a_wait_in_a_helper_s_line_is_a_visit() {
    check(
        "2026-03-02T09:00 UTC",
        &[r#"
tickets = [{ id = "a", at = "0s", severity = "Sev2", team = "front", work = { L1 = "8h" } }, { id = "x", at = "0s", severity = "Sev2", team = "help", work = { L1 = "3h" } }, { id = "b", at = "1m", severity = "Sev2", team = "front" }]
[severities.Sev1]
[severities.Sev2]
[severities.Sev3]
[rules.q]
when = { in_queue = "30m" }
then = [{ alert = "x" }]
[teams.help]
tier = "L1"
headcount = 1
[teams.help.routing]
assign = "push"
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
[teams.front.overflow]
to = "help"
after = "45m"
move = true
"#],
        "09:00:00 a created
         09:00:00 x created
         09:00:00 a start front/1
         09:00:00 x start help/1
         09:01:00 b created
         09:31:00 b rule:q
         09:46:00 b overflowed help
         10:16:00 b rule:q
         12:00:00 x resolved help/1
         12:00:00 b start help/1
         13:00:00 b resolved help/1
         17:00:00 a resolved front/1",
    );
}

#[test]
fn what_is_given_back_makes_a_queue_longer() {
    check(
        "2026-03-02T09:00 UTC",
        &[r#"
tickets = [{ id = "a", at = "0s", severity = "Sev2", work = { L1 = "4h" } }, { id = "b", at = "1m", severity = "Sev2" }, { id = "c", at = "2m", severity = "Sev2" }]
[severities.Sev1]
[severities.Sev2]
[severities.Sev3]
[rules.q]
when = { queue_length = { team = "front", at_least = 2 } }
then = [{ alert = "x" }]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
[teams.front.routing]
assign = "push"
holds = 2
return_after = "10m"
"#],
        "09:00:00 a created
         09:00:00 a start front/1
         09:01:00 b created
         09:02:00 c created
         09:11:00 b rule:q
         13:00:00 a resolved front/1
         13:00:00 b start front/1
         14:00:00 b resolved front/1
         14:00:00 c start front/1
         15:00:00 c resolved front/1",
    );
}

#[test]
fn what_is_assigned_makes_a_queue_shorter() {
    check(
        "2026-03-02T09:00 UTC",
        &[r#"
tickets = [{ id = "a", at = "0s", severity = "Sev2", work = { L1 = "4h" } }, { id = "b", at = "0s", severity = "Sev2", work = { L1 = "4h" } }, { id = "c", at = "10m", severity = "Sev2" }, { id = "d", at = "10m", severity = "Sev2" }, { id = "e", at = "20m", severity = "Sev2" }, { id = "f", at = "20m", severity = "Sev2" }]
[severities.Sev1]
[severities.Sev2]
[severities.Sev3]
[rules.q]
when = { queue_length = { team = "front", at_least = 2 } }
then = [{ alert = "x" }]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 2
[teams.front.routing]
assign = "push"
holds = 3
"#],
        "09:00:00 a created
         09:00:00 b created
         09:00:00 b rule:q
         09:00:00 a start front/1
         09:00:00 b start front/2
         09:10:00 c created
         09:10:00 d created
         09:10:00 d rule:q
         09:20:00 e created
         09:20:00 f created
         09:20:00 f rule:q
         13:00:00 a resolved front/1
         13:00:00 b resolved front/2
         13:00:00 c start front/1
         13:00:00 d start front/2
         14:00:00 c resolved front/1
         14:00:00 d resolved front/2
         14:00:00 e start front/1
         14:00:00 f start front/2
         15:00:00 e resolved front/1
         15:00:00 f resolved front/2",
    );
}

#[test]
fn rules_go_by_the_first_words_and_not_by_the_work_before_them() {
    check(
        "2026-03-02T09:00 UTC",
        &[
            r#"
first_reply = "5m"
tickets = [{ id = "a", at = "0s", severity = "Sev2", work = { L1 = "28m" } }, { id = "b", at = "0s", severity = "Sev2", work = { L1 = "20m" } }]
[severities.Sev1]
first_response = "10m"
[severities.Sev2]
first_response = "30m"
[rules.late]
when = { breached = "first_response" }
then = [{ alert = "lead" }]
[rules.warn]
when = { consumed = { of = "first_response", share = 0.95 } }
then = [{ alert = "lead" }]
"#,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 b created
         09:00:00 a start front/1
         09:28:00 a resolved front/1
         09:28:00 b start front/1
         09:28:30 b rule:warn
         09:30:00 b breach:first_response
         09:30:00 b rule:late
         09:48:00 b resolved front/1
         = a first_response due 09:30:00 met
         = b first_response due 09:30:00 breached",
    );
}

#[test]
fn a_severity_raised_before_the_first_words_judges_them() {
    check(
        "2026-03-02T09:00 UTC",
        &[
            r#"
first_reply = "5m"
tickets = [{ id = "a", at = "0s", severity = "Sev2", work = { L1 = "20m" } }, { id = "b", at = "0s", severity = "Sev2", work = { L1 = "20m" } }]
[severities.Sev1]
first_response = "10m"
[severities.Sev2]
first_response = "30m"
[rules.up]
when = { in_team = "22m" }
then = [{ raise = 1 }]
"#,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 b created
         09:00:00 a start front/1
         09:20:00 a resolved front/1
         09:20:00 b start front/1
         09:22:00 b rule:up
         09:22:00 b severity:Sev1
         09:22:00 b breach:first_response
         09:40:00 b resolved front/1
         = a first_response due 09:30:00 met
         = b first_response due 09:10:00 breached",
    );
}

#[test]
fn an_acknowledgement_on_the_deadline_is_in_time() {
    let results = check(
        "2026-03-02T09:00 UTC",
        &[r#"
tickets = [{ id = "a", at = "0s", severity = "Sev2", acknowledges = { primary = ["5m"] } }]
[severities.Sev1]
[severities.Sev2]
first_response = "5m"
[services.web]
ack_counts = true
[rules.p]
when = { created = true }
then = [{ notify = ["primary"] }]
[people.ann]
team = "front"
shift = "late"
[schedules.primary]
members = ["ann"]
[on_call]
get_to_desk = "10m"
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
[teams.front.shifts.late]
hours = { "Mon-Sun" = "20:00-22:00" }
headcount = 0
"#],
        "09:00:00 a created
         09:00:00 a rule:p
         09:00:00 a paged ann
         09:05:00 a acknowledged ann
         09:15:00 a start ann
         10:15:00 a resolved ann
         = a first_response due 09:05:00 met",
    );
    assert_eq!(metric(&results, "breach_rate_first_response"), 0.0);
}

#[test]
fn a_solution_on_the_deadline_of_a_linked_ticket_is_in_time() {
    let results = check(
        "2026-03-02T09:00 UTC",
        &[
            r#"
tickets = [{ id = "p", at = "0s", severity = "Sev2", work = { L1 = "30m" }, incident = "out" }, { id = "c", at = "0s", severity = "Sev2", incident = "out", linked_after = "1m" }]
[severities.Sev1]
[severities.Sev2]
first_response = "30m"
[incidents.out]
[incidents.out.linking]
share = 1.0
"#,
            ONE_PERSON,
        ],
        "09:00:00 p created
         09:00:00 p declared
         09:00:00 c created
         09:00:00 p start front/1
         09:01:00 c linked p
         09:30:00 p resolved front/1
         09:30:00 p restored
         09:30:00 c resolved front/1
         = p first_response due 09:30:00 met
         = c first_response due 09:30:00 met",
    );
    assert_eq!(metric(&results, "breach_rate_first_response"), 0.0);
}

#[test]
fn the_silence_of_a_linked_ticket_counts() {
    check(
        "2026-03-02T09:00 UTC",
        &[r#"
tickets = [{ id = "p", at = "0s", severity = "Sev2", work = { L1 = "150m" }, incident = "out" }, { id = "c", at = "0s", severity = "Sev2", incident = "out", linked_after = "12m", work = { L1 = "3h" } }]
[severities.Sev1]
[severities.Sev2]
update = "30m"
[incidents.out]
[incidents.out.linking]
share = 1.0
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
         09:12:00 c taken front/2
         09:12:00 c worked_in_vain
         09:12:00 c linked p
         11:30:00 p resolved front/1
         11:30:00 p restored
         11:30:00 c updates_missed:4
         11:30:00 c resolved front/1",
    );
}

#[test]
fn the_silence_behind_a_gate_counts() {
    check(
        "2026-03-02T09:00 UTC",
        &[r#"
tickets = [{ id = "p", at = "0s", severity = "Sev2", work = { L1 = "10m" }, change = "normal" }]
[severities.Sev1]
[severities.Sev2]
update = "30m"
[changes.normal]
share = 0.0
gate = "cab"
[gates.cab]
approvers = ["boss"]
decision_work = { deterministic = "150m" }
[roles.boss]
team = "bosses"
[teams.bosses]
tier = "L1"
headcount = 1
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 2
"#],
        "09:00:00 p created
         09:00:00 p start bosses/1
         09:10:00 p gate_requested cab
         09:10:00 p solved bosses/1
         11:40:00 p gate_decided:approved cab
         11:40:00 p updates_missed:4
         11:40:00 p resolved bosses/1",
    );
}

#[test]
fn the_silence_of_who_is_given_up_counts() {
    check(
        "2026-03-02T09:00 UTC",
        &[
            r#"
tickets = [{ id = "a", at = "0s", severity = "Sev2", work = { L1 = "10m" }, legs = [{ answer_after = "20h", then_work = "5m" }] }]
[severities.Sev1]
[severities.Sev2]
update = "30m"
[rules.close]
when = { pending = "170m" }
then = [{ close = "x" }]
"#,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         09:10:00 a pending front/1
         12:00:00 a rule:close
         12:00:00 a updates_missed:5
         12:00:00 a closed_unanswered",
    );
}

#[test]
fn rules_go_on_while_a_ticket_is_read() {
    check(
        "2026-03-02T09:00 UTC",
        &[r#"
tickets = [{ id = "a", at = "0s", severity = "Sev2" }]
[severities.Sev1]
[severities.Sev2]
first_response = "20m"
resolve = "4h"
[rules.w]
when = { consumed = { of = "first_response", share = 0.5 } }
then = [{ alert = "x" }]
[rules.b]
when = { breached = "first_response" }
then = [{ alert = "x" }]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
[triage.manual]
team = "desk"
work = { deterministic = "30m" }
[tiers.reading]
work = { deterministic = "1h" }
[teams.desk]
tier = "reading"
headcount = 1
"#],
        "09:00:00 a created
         09:10:00 a rule:w
         09:20:00 a breach:first_response
         09:20:00 a rule:b
         09:30:00 a start front/1
         10:30:00 a resolved front/1
         = a first_response due 09:20:00 breached | resolve due 13:00:00 met",
    );
}

#[test]
fn who_reads_a_ticket_has_no_time_in_a_team() {
    check(
        "2026-03-02T09:00 UTC",
        &[r#"
tickets = [{ id = "a", at = "0s", severity = "Sev2" }]
[severities.Sev1]
[severities.Sev2]
first_response = "20m"
resolve = "4h"
[rules.c]
when = { created = true }
then = [{ lower = 1 }]
[rules.w]
when = { in_team = "10m" }
then = [{ alert = "x" }]
[rules.b]
when = { in_tier = "15m" }
then = [{ transfer = "other" }]
[severities.Sev3]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 0
[triage.manual]
team = "desk"
work = { deterministic = "30m" }
[tiers.reading]
work = { deterministic = "1h" }
[teams.desk]
tier = "reading"
headcount = 1
[teams.other]
tier = "reading"
headcount = 0
"#],
        "09:00:00 a created
         09:00:00 a rule:c
         09:00:00 a severity:Sev3
         09:40:00 a rule:w
         09:45:00 a rule:b
         09:45:00 a transferred other
         09:55:00 a rule:w
         10:00:00 a rule:b",
    );
}

#[test]
fn what_waits_for_office_hours_fires_while_a_ticket_is_read() {
    check(
        "2026-03-02T08:00 UTC",
        &[r#"
tickets = [{ id = "a", at = "0s", severity = "Sev2", work = { L1 = "1h" } }]
[severities.Sev1]
[severities.Sev2]
[rules.c]
when = { created = true }
if = { open = "business" }
hold = true
then = [{ alert = "x" }]
[triage.manual]
team = "desk"
work = { deterministic = "2h" }
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
[calendars.business]
hours = { "Mon-Fri" = "09:00-17:00" }
[tiers.reading]
work = { deterministic = "1h" }
[teams.desk]
tier = "reading"
headcount = 1
"#],
        "08:00:00 a created
         09:00:00 a rule:c
         10:00:00 a start front/1
         11:00:00 a resolved front/1",
    );
}

#[test]
fn the_time_with_an_owner_begins_with_the_first_work() {
    check(
        "2026-03-02T09:00 UTC",
        &[r#"
tickets = [{ id = "z", at = "0s", severity = "Sev2", work = { L1 = "50m" } }, { id = "a", at = "0s", severity = "Sev2", work = { L1 = "1h" } }]
[severities.Sev1]
[severities.Sev2]
[severities.Sev3]
[rules.q]
when = { with_owner = "30m" }
then = [{ alert = "x" }]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
[teams.front.routing]
assign = "push"
"#],
        "09:00:00 z created
         09:00:00 a created
         09:00:00 z start front/1
         09:30:00 z rule:q
         09:50:00 z resolved front/1
         09:50:00 a start front/1
         10:20:00 a rule:q
         10:50:00 a resolved front/1",
    );
}

#[test]
fn the_time_with_a_primary_begins_with_the_first_work() {
    check(
        "2026-03-02T09:00 UTC",
        &[r#"
tickets = [{ id = "z", at = "0s", severity = "Sev2", work = { L1 = "50m" } }, { id = "a", at = "0s", severity = "Sev2", work = { L1 = "1h" } }]
[severities.Sev1]
[severities.Sev2]
[rules.q]
when = { with_owner = "30m" }
then = [{ alert = "x" }]
[rules.iq]
when = { in_queue = "30m" }
then = [{ alert = "x" }]
[services.web]
primary = "ann"
[people.ann]
team = "front"
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 0
"#],
        "09:00:00 z created
         09:00:00 a created
         09:00:00 z start ann
         09:30:00 z rule:q
         09:50:00 z resolved ann
         09:50:00 a start ann
         10:20:00 a rule:q
         10:50:00 a resolved ann",
    );
}

#[test]
fn a_transfer_of_a_pending_ticket_changes_hands_once() {
    let results = check(
        "2026-03-02T09:00 UTC",
        &[r#"
tickets = [{ id = "a", at = "0s", severity = "Sev2", team = "front", work = { L1 = "1h" }, legs = [{ answer_after = "3h", then_work = "20m" }] }, { id = "b", at = "30m", severity = "Sev2", work = { L1 = "4h" }, team = "other" }, { id = "c", at = "40m", severity = "Sev2", work = { L1 = "1h" }, team = "other" }]
[severities.Sev1]
[severities.Sev2]
[severities.Sev3]
[rules.t]
when = { pending = "1h" }
then = [{ transfer = "other" }]
[teams.other]
tier = "L1"
headcount = 1
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
"#],
        "09:00:00 a created
         09:00:00 a start front/1
         09:30:00 b created
         09:30:00 b start other/1
         09:40:00 c created
         10:00:00 a pending front/1
         11:00:00 a rule:t
         11:00:00 a transferred other
         13:00:00 a customer_answered
         13:30:00 b resolved other/1
         13:30:00 c start other/1
         14:30:00 c resolved other/1
         14:30:00 a resumed other/1
         14:50:00 a resolved other/1",
    );
    assert_eq!(results.tickets[0].handoffs, 1);
}

#[test]
fn a_transfer_of_a_gated_ticket_changes_hands_once() {
    let results = check(
        "2026-03-02T09:00 UTC",
        &[r#"
tickets = [{ id = "a", at = "0s", severity = "Sev2", team = "front", work = { L1 = "1h" } }]
[severities.Sev1]
[severities.Sev2]
[severities.Sev3]
[rules.g]
when = { in_team = "30m" }
if = { team = ["front"] }
then = [{ open_gate = "g" }]
[rules.t]
when = { in_team = "60m" }
if = { team = ["front"] }
then = [{ transfer = "other" }]
[gates.g]
approvers = ["boss"]
decision_work = { deterministic = "60m" }
[roles.boss]
team = "bosses"
[tiers.top]
work = { deterministic = "1h" }
[teams.bosses]
tier = "top"
headcount = 1
[teams.other]
tier = "L1"
headcount = 1
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
"#],
        "09:00:00 a created
         09:00:00 a start front/1
         09:30:00 a rule:g
         09:30:00 a gated front/1
         09:30:00 a gate_requested g
         10:00:00 a rule:t
         10:00:00 a transferred other
         10:30:00 a gate_decided:approved g
         10:30:00 a resumed other/1
         11:00:00 a resolved other/1",
    );
    assert_eq!(results.tickets[0].handoffs, 1);
}

#[test]
fn articles_help_a_swarm_too() {
    check(
        "2026-03-02T09:00 UTC",
        &[
            r#"
tickets = [{ id = "a", at = "0s", severity = "Sev2", able_from = "L2", kind = "k", work = { L1 = "1h", L2 = "1h" } }, { id = "b", at = "10h", severity = "Sev2", able_from = "L1", kind = "k", work = { L1 = "1h", L2 = "1h" } }]
[severities.Sev1]
[severities.Sev2]
[severities.Sev3]
[kinds.k]
share = 0
[knowledge.articles]
live = ["k"]
p_write = 0.0
work = { deterministic = "10m" }
p_find = 1.0
saves = 0.5
half_life = "1000w"
[swarming]
join_work = "0s"
[swarming.speed]
linear = true
[rules.s]
when = { in_team = "10m" }
max = 1
if = { team = ["front"] }
then = [{ add_responders = { count = 1, from = "second" } }]
"#,
            TWO_TIERS,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         09:10:00 a rule:s
         09:10:00 a joined second/1
         09:20:00 a resolved front/1
         19:00:00 b created
         19:00:00 b start front/1
         19:10:00 b rule:s
         19:10:00 b joined second/1
         19:20:00 b resolved front/1",
    );
}

#[test]
fn what_was_worked_on_in_vain_is_worked_on_when_it_is_the_parent() {
    check(
        "2026-03-02T09:00 UTC",
        &[
            r#"
tickets = [{ id = "p", at = "0s", severity = "Sev2", team = "front", work = { L1 = "10m" }, incident = "out", legs = [{ answer_after = "20h", then_work = "5m" }] }, { id = "c", at = "11m", severity = "Sev2", team = "front", incident = "out", work = { L1 = "1h" } }, { id = "d", at = "12m", severity = "Sev2", team = "front", incident = "out", work = { L1 = "1h" } }]
[severities.Sev1]
[severities.Sev2]
[rules.close]
when = { pending = "3h" }
then = [{ close = "x" }]
[incidents.out]
[incidents.out.linking]
share = 0.0
after_work = 1.0
"#,
            ONE_PERSON,
        ],
        "09:00:00 p created
         09:00:00 p declared
         09:00:00 p start front/1
         09:10:00 p pending front/1
         09:11:00 c created
         09:11:00 c start front/1
         09:12:00 d created
         10:11:00 c worked_in_vain
         10:11:00 c linked p
         10:11:00 d start front/1
         11:11:00 d worked_in_vain
         11:11:00 d linked p
         12:10:00 p rule:close
         12:10:00 p closed_unanswered
         12:10:00 c start front/1
         13:10:00 c resolved front/1
         13:10:00 c restored
         13:10:00 d start front/1
         14:10:00 d resolved front/1",
    );
}

#[test]
fn an_update_is_news_to_who_waits() {
    check(
        "2026-03-02T09:00 UTC",
        &[r#"
tickets = [{ id = "z", at = "0s", severity = "Sev1", team = "front", work = { L1 = "4h" } }, { id = "a", at = "1m", severity = "Sev2", team = "front", work = { L1 = "1h" } }]
[severities.Sev1]
[severities.Sev2]
[communications]
update_work = { deterministic = "1m" }
by = "pr"
[roles.pr]
team = "pr"
[teams.pr]
tier = "L1"
headcount = 1
[rules.u]
when = { in_team = "1h" }
if = { severity = ["Sev2"] }
every = "1h"
then = [{ update = true }]
[chasers]
after = "2h"
every = { deterministic = "30m" }
work = { deterministic = "5m" }
at_most = 2
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
"#],
        "09:00:00 z created
         09:00:00 z start front/1
         09:01:00 a created
         10:01:00 a rule:u
         10:02:00 a update_sent pr/1
         11:01:00 a rule:u
         11:02:00 a update_sent pr/1
         12:01:00 a rule:u
         12:02:00 a update_sent pr/1
         13:00:00 z resolved front/1
         13:00:00 a start front/1
         13:01:00 a rule:u
         13:02:00 a update_sent pr/1
         14:00:00 a resolved front/1",
    );
}

#[test]
fn rules_on_the_creation_run_in_the_order_of_the_file_like_all_others_of_the_instant() {
    // Of four that are due as the ticket comes, the queue's is first, the target's third.
    check(
        "2026-03-02T09:00 UTC",
        &[
            r#"
tickets = [{ id = "a", at = "0s", severity = "Sev2", work = { L1 = "1h" } }]
[severities.Sev1]
[severities.Sev2]
resolve = "4h"
[rules.full]
when = { queue_length = { team = "front", at_least = 1 } }
then = [{ flag = "full" }]
[rules.on-full]
when = { created = true }
if = { flags = ["full"] }
then = [{ flag = "seen" }]
[rules.close]
when = { left = { of = "resolve", time = "8h" } }
if = { flags = ["seen"] }
then = [{ alert = "lead" }]
[rules.last]
when = { created = true }
then = [{ alert = "lead" }]
"#,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 a rule:full
         09:00:00 a rule:on-full
         09:00:00 a rule:close
         09:00:00 a rule:last
         09:00:00 a start front/1
         10:00:00 a resolved front/1
         = a resolve due 13:00:00 met",
    );
}

#[test]
fn a_rule_that_ends_the_pass_keeps_rules_on_the_creation_from_running() {
    check(
        "2026-03-02T09:00 UTC",
        &[
            r#"
tickets = [{ id = "a", at = "0s", severity = "Sev2", work = { L1 = "1h" } }]
[severities.Sev1]
[severities.Sev2]
[rules.full]
when = { queue_length = { team = "front", at_least = 1 } }
stop = true
then = [{ alert = "lead" }]
[rules.never]
when = { created = true }
then = [{ alert = "nobody" }]
"#,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 a rule:full
         09:00:00 a start front/1
         10:00:00 a resolved front/1",
    );
}

/// Resolved at 10:00, in time for Sev2; graded up afterwards.
const GRADED_AFTERWARDS: &str = r#"
[severities.Sev1]
resolve = "30m"
[severities.Sev2]
resolve = "4h"
[rules.up]
when = { resolved = true }
if = { reopenings = { at_most = 0 } }
then = [{ raise = 1 }]
"#;

#[test]
fn a_severity_given_after_the_resolution_does_not_judge_it() {
    let results = check(
        "2026-03-02T09:00 UTC",
        &[
            r#"tickets = [{ id = "a", at = "0s", severity = "Sev2", work = { L1 = "1h" } }]"#,
            GRADED_AFTERWARDS,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         10:00:00 a resolved front/1
         10:00:00 a rule:up
         10:00:00 a severity:Sev1
         = a resolve due 13:00:00 met",
    );
    assert_eq!(metric(&results, "breach_rate_resolve"), 0.0);
}

#[test]
fn a_severity_given_after_the_resolution_counts_when_the_ticket_comes_back() {
    // An hour has been counted by the resolution, twice as much as Sev1 has: breached as it comes back, not before.
    check(
        "2026-03-02T09:00 UTC",
        &[
            r#"tickets = [{ id = "a", at = "0s", severity = "Sev2", work = { L1 = "1h" }, reopens_after = ["2h"] }]"#,
            GRADED_AFTERWARDS,
            ONE_PERSON,
            r#"
[rules.raised]
when = { severity_raised = {} }
then = [{ alert = "lead" }]
"#,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         10:00:00 a resolved front/1
         10:00:00 a rule:up
         10:00:00 a severity:Sev1
         12:00:00 a reopened
         12:00:00 a severity:Sev1
         12:00:00 a breach:resolve
         12:00:00 a rule:raised
         12:00:00 a start front/1
         13:00:00 a resolved front/1
         = a resolve due 09:30:00 breached",
    );
}

#[test]
fn a_breach_that_is_kept_is_one_of_the_deadline_that_was_missed() {
    // Sev1 had until 10:00. Lowered at 10:30, with a target of eight hours or with none; resolved at 12:00, two hours late.
    for (target, due) in [("resolve = \"8h\"", "17:00:00"), ("", "10:00:00")] {
        let results = check(
            "2026-03-02T09:00 UTC",
            &[
                r#"tickets = [{ id = "a", at = "0s", severity = "Sev1", work = { L1 = "3h" } }]
                [severities.Sev1]
                resolve = "1h"
                [severities.Sev2]"#,
                target,
                r#"[rules.down]
                when = { with_owner = "90m" }
                then = [{ lower = 1 }]"#,
                ONE_PERSON,
            ],
            &format!(
                "09:00:00 a created
                 09:00:00 a start front/1
                 10:00:00 a breach:resolve
                 10:30:00 a rule:down
                 10:30:00 a severity:Sev2
                 12:00:00 a resolved front/1
                 = a resolve due {due} breached"
            ),
        );
        assert_eq!(metric(&results, "lateness_resolve_mean_s"), 7200.0);
        assert_eq!(metric(&results, "breach_rate_resolve"), 1.0);
    }
}

#[test]
fn a_breach_that_is_kept_is_late_by_what_the_calendar_of_its_target_counts() {
    // Sev1 had one hour of business: until 10:00. Lowered at 10:30; the customer is asked from 11:00 to 12:00, which does not count;
    // resolved at 18:00, an hour after closing: six hours of business after 10:00.
    let results = check(
        "2026-03-02T09:00 UTC",
        &[
            r#"tickets = [{ id = "a", at = "0s", severity = "Sev1", work = { L1 = "2h" }, legs = [{ answer_after = "1h", then_work = "6h" }] }]
            [severities.Sev1]
            resolve = "1bh"
            [severities.Sev2]
            resolve = "24h"
            [rules.down]
            when = { in_team = "90m" }
            then = [{ lower = 1 }]
            [calendars.business]
            hours = { "Mon-Fri" = "09:00-17:00" }"#,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         10:00:00 a breach:resolve
         10:30:00 a rule:down
         10:30:00 a severity:Sev2
         11:00:00 a pending front/1
         12:00:00 a customer_answered
         12:00:00 a resumed front/1
         18:00:00 a resolved front/1
         = a resolve due Tue 03-03 10:00:00 breached",
    );
    assert_eq!(metric(&results, "lateness_resolve_mean_s"), 6.0 * 3600.0);
}

#[test]
fn a_breach_that_is_kept_counts_from_a_new_start_where_the_severity_brings_one() {
    // Lowered at 10:30 to a target of an hour that starts anew then: missed at 10:00, and by half an hour at 12:00.
    let results = check(
        "2026-03-02T09:00 UTC",
        &[
            r#"tickets = [{ id = "a", at = "0s", severity = "Sev1", work = { L1 = "3h" } }]
            [severities.Sev1]
            resolve = "1h"
            [severities.Sev2]
            resolve = { within = "1h", on_severity_change = "restart" }
            [rules.down]
            when = { with_owner = "90m" }
            then = [{ lower = 1 }]"#,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         10:00:00 a breach:resolve
         10:30:00 a rule:down
         10:30:00 a severity:Sev2
         11:30:00 a breach:resolve
         12:00:00 a resolved front/1
         = a resolve due 11:30:00 breached",
    );
    assert_eq!(metric(&results, "lateness_resolve_mean_s"), 1800.0);
}

#[test]
fn what_was_spent_stays_so_when_a_ticket_comes_back_graded() {
    check(
        "2026-03-02T09:00 UTC",
        &[
            r#"
[severities.Sev1]
resolve = "8h"
[severities.Sev2]
resolve = "8h"
[rules.half]
when = { consumed = { of = "resolve", share = 0.5 } }
if = { severity = ["Sev1"] }
then = [{ alert = "lead" }]
[rules.up]
when = { resolved = true }
then = [{ raise = 1 }]
[[tickets]]
id = "a"
at = "0s"
severity = "Sev2"
work = { L1 = "5h" }
reopens_after = ["1h"]
"#,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         14:00:00 a resolved front/1
         14:00:00 a rule:up
         14:00:00 a severity:Sev1
         15:00:00 a reopened
         15:00:00 a severity:Sev1
         15:00:00 a start front/1
         18:00:00 a breach:resolve
         20:00:00 a resolved front/1
         20:00:00 a rule:up
         = a resolve due 18:00:00 breached",
    );
}

#[test]
fn a_clock_begins_anew_when_a_ticket_comes_back_graded_if_its_target_says_so() {
    check(
        "2026-03-02T09:00 UTC",
        &[
            r#"
[severities.Sev1]
resolve = { within = "4h", on_severity_change = "restart" }
[severities.Sev2]
resolve = { within = "8h", on_severity_change = "restart" }
[rules.up]
when = { resolved = true }
then = [{ raise = 1 }]
[rules.up2]
when = { severity_raised = {} }
then = [{ alert = "lead" }]
[[tickets]]
id = "a"
at = "0s"
severity = "Sev2"
work = { L1 = "5h" }
reopens_after = ["1h"]
"#,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         14:00:00 a resolved front/1
         14:00:00 a rule:up
         14:00:00 a severity:Sev1
         15:00:00 a reopened
         15:00:00 a severity:Sev1
         15:00:00 a rule:up2
         15:00:00 a start front/1
         19:00:00 a breach:resolve
         20:00:00 a resolved front/1
         20:00:00 a rule:up
         = a resolve due 19:00:00 breached",
    );
}

#[test]
fn what_a_ticket_was_interrupted_by_does_not_outlive_its_resolution() {
    check(
        "2026-03-02T09:00 UTC",
        &[
            r#"
tickets = [
 { id = "p", at = "0s", severity = "Sev3", team = "second", work = { L1 = "1h" }, incident = "out" },
 { id = "c", at = "0s", severity = "Sev3", team = "front", work = { L1 = "30m" }, legs = [{ answer_after = "30m", then_work = "30m" }], incident = "out", linked_after = "15m", reopens_after = ["1h"] },
 { id = "s", at = "10m", severity = "Sev1", team = "front", work = { L1 = "20m" } },
]
[incidents.out]
[incidents.out.linking]
share = 1.0
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
preemption = { switch_cost = "10m" }
[teams.second]
tier = "L1"
headcount = 1
"#,
            NO_TARGETS,
        ],
        "09:00:00 p created
         09:00:00 p declared
         09:00:00 c created
         09:00:00 p start second/1
         09:00:00 c start front/1
         09:10:00 s created
         09:10:00 c preempted front/1
         09:10:00 s start front/1
         09:15:00 c worked_in_vain
         09:15:00 c linked p
         09:30:00 s resolved front/1
         10:00:00 p resolved second/1
         10:00:00 p restored
         10:00:00 c resolved second/1
         11:00:00 c reopened
         11:00:00 c start front/1
         11:30:00 c pending front/1
         12:00:00 c customer_answered
         12:00:00 c resumed front/1
         12:30:00 c resolved front/1",
    );
}

#[test]
fn a_ticket_that_comes_back_is_pushed_anew() {
    check(
        "2026-03-02T09:00 UTC",
        &[
            r#"
tickets = [
 { id = "x", at = "0s", severity = "Sev3", work = { L1 = "1h" } },
 { id = "y", at = "0s", severity = "Sev3", work = { L1 = "90m" } },
 { id = "a", at = "1m", severity = "Sev3", work = { L1 = "10m" }, reopens_after = ["30m"] },
 { id = "z", at = "75m", severity = "Sev3", work = { L1 = "3h" } },
 { id = "z2", at = "91m", severity = "Sev3", work = { L1 = "15m" } },
]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 2
routing = { assign = "push", return_after = "20m" }
[rules.q]
when = { in_team = "1m" }
if = { owned = true }
fires = "each"
then = [{ alert = "owned" }]
[rules.n]
when = { in_team = "1m" }
if = { owned = false }
fires = "each"
then = [{ alert = "free" }]
[rules.q2]
when = { reopened = true }
then = [{ alert = "owned" }]
"#,
            NO_TARGETS,
        ],
        "09:00:00 x created
         09:00:00 y created
         09:00:00 x start front/1
         09:00:00 y start front/2
         09:01:00 x rule:q
         09:01:00 y rule:q
         09:01:00 a created
         09:02:00 a rule:q
         10:00:00 x resolved front/1
         10:00:00 a start front/1
         10:10:00 a resolved front/1
         10:15:00 z created
         10:15:00 z start front/1
         10:16:00 z rule:q
         10:30:00 y resolved front/2
         10:31:00 z2 created
         10:31:00 z2 start front/2
         10:32:00 z2 rule:q
         10:40:00 a reopened
         10:40:00 a rule:q2
         10:41:00 a rule:q
         10:46:00 z2 resolved front/2
         11:00:00 a start front/2
         11:10:00 a resolved front/2
         13:15:00 z resolved front/1",
    );
}

#[test]
fn a_ticket_in_the_queue_goes_to_the_secondary_who_once_began_it() {
    check(
        "2026-03-02T09:00 UTC",
        &[
            r#"
tickets = [
 { id = "v", at = "0s", severity = "Sev3", service = "shop", work = { L1 = "4h" } },
 { id = "w", at = "1m", severity = "Sev2", service = "other", work = { L1 = "2h" } },
 { id = "s", at = "10m", severity = "Sev1", service = "other", work = { L1 = "5h" } },
]
[tiers.L1]
work = { deterministic = "1h" }
[teams.ops]
tier = "L1"
headcount = 0
preemption = { resume = "team" }
[people]
ben = { team = "ops" }
cy = { team = "ops" }
dan = { team = "ops" , leave = [{ from = "2026-03-01T12:00", to = "2026-03-22T09:05" }]}
[services.other]
[services.shop]
primary = "dan"
secondary = "ben"
[rules.r]
when = { in_queue = "30m" }
if = { severity = ["Sev3"] }
then = [{ to_secondary = true }]
"#,
            NO_TARGETS,
        ],
        "09:00:00 v created
         09:00:00 v start ben
         09:01:00 w created
         09:01:00 w start cy
         09:10:00 s created
         09:10:00 v preempted ben
         09:10:00 s start ben
         09:40:00 v rule:r
         11:01:00 w resolved cy
         14:10:00 s resolved ben
         14:10:00 v resumed ben
         18:05:00 v resolved ben",
    );
}
