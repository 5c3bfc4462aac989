//! Timelines of what people go on with off duty, because they were paged for it: tickets, decisions, command, updates. To the
//! millisecond, as in `timelines`.

mod timelines_support;

use timelines_support::{NO_TARGETS, check, metric};

const TIER: &str = r#"
[tiers.L1]
work = { deterministic = "1h" }
"#;

const PRIMARY: &str = r#"
[schedules.primary]
members = ["ada"]
"#;

const LADDER: &str = r#"
[escalation_policies.p]
levels = [{ targets = ["primary"], timeout = "15m" }]
"#;

/// Every ticket is paged for as it comes.
const PAGE: &str = r#"
[rules.page]
when = { created = true }
then = [{ page = "p" }]
"#;

/// Ada would be at her desk at 07:05, but is there at seven, as her shift begins.
#[test]
fn whoever_is_called_begins_when_their_shift_does() {
    check(
        "2026-03-02T06:55",
        &[
            r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", acknowledges = { primary = ["2m"] } }, { id = "b", at = "30m", severity = "Sev3", acknowledges = {} }]
[teams.front]
tier = "L1"
shifts.day = { headcount = 0, hours = { "Mon-Sun" = "07:00-15:00" } }
[people]
ada = { team = "front", shift = "day" }
[on_call]
get_to_desk_at_night = "8m"
[rules.page]
when = { created = true }
if = { severity = ["Sev1"] }
then = [{ page = "p" }]
"#,
            NO_TARGETS,
            TIER,
            PRIMARY,
            LADDER,
        ],
        "06:55:00 a created
         06:55:00 a rule:page
         06:55:00 a paged ada
         06:57:00 a acknowledged ada
         07:00:00 a start ada
         07:25:00 b created
         08:03:00 a resolved ada
         08:03:00 b start ada
         09:06:00 b resolved ada",
    );
}

#[test]
fn what_is_held_over_night_is_begun_when_its_owner_is_paged() {
    check(
        "2026-03-02T16:30",
        &[
            r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", acknowledges = { primary = ["2m"] } }]
[teams.front]
tier = "L1"
shift_end = "hold"
shifts.day = { headcount = 0, hours = { "Mon-Sun" = "09:00-17:00" } }
[people]
ada = { team = "front", shift = "day" }
[rules.page]
when = { in_team = "1h" }
then = [{ page = "p" }]
"#,
            NO_TARGETS,
            TIER,
            PRIMARY,
            LADDER,
        ],
        "16:30:00 a created
         16:30:00 a start ada
         17:00:00 a held ada
         17:30:00 a rule:page
         17:30:00 a paged ada
         17:32:00 a acknowledged ada
         17:32:00 a resumed ada
         18:02:00 a resolved ada",
    );
}

#[test]
fn what_somebody_is_called_for_off_duty_goes_by_the_discipline() {
    // By severity: the last one called for is begun before the second.
    check(
        "2026-03-02T20:00",
        &[r#"
tickets = [{ id = "x", at = "0s", severity = "Sev2", work={L1="1h"}, acknowledges={primary=["1m"]} },
 { id = "y", at = "10m", severity = "Sev3", work={L1="3h"}, acknowledges={primary=["1m"]} },
 { id = "z", at = "20m", severity = "Sev1", work={L1="1h"}, acknowledges={primary=["1m"]} }]
[severities.Sev1]
[severities.Sev2]
[severities.Sev3]
[tiers.L1]
work = { deterministic = "1h" }
[teams.ops]
tier = "L1"
shifts.day = { headcount = 0, hours = { "Mon-Fri" = "09:00-17:00" } }
[people]
ada = { team = "ops", shift="day" }
[schedules.primary]
members = ["ada"]
[escalation_policies.p]
levels = [{targets=["primary"],timeout="15m"}]
[rules.page]
when = { created = true }
then = [{ page = "p" }]
"#],
        "20:00:00 x created
         20:00:00 x rule:page
         20:00:00 x paged ada
         20:01:00 x acknowledged ada
         20:01:00 x start ada
         20:10:00 y created
         20:10:00 y rule:page
         20:10:00 y paged ada
         20:11:00 y acknowledged ada
         20:20:00 z created
         20:20:00 z rule:page
         20:20:00 z paged ada
         20:21:00 z acknowledged ada
         21:01:00 x resolved ada
         21:01:00 z start ada
         22:01:00 z resolved ada
         22:01:00 y start ada
         Tue 03-03 01:01:00 y resolved ada",
    );
}

#[test]
fn what_somebody_acknowledges_at_work_comes_in_the_order_of_the_acknowledgements() {
    check(
        "2026-03-02T10:00",
        &[r#"
tickets = [{ id = "x", at = "0s", severity = "Sev2", work={L1="1h"}, acknowledges={primary=["1m"]} },
 { id = "y", at = "10m", severity = "Sev2", work={L1="3h"}, acknowledges={primary=["1m"]} },
 { id = "z", at = "20m", severity = "Sev2", work={L1="1h"}, acknowledges={primary=["1m"]} }]
[severities.Sev1]
[severities.Sev2]
[severities.Sev3]
[tiers.L1]
work = { deterministic = "1h" }
[teams.ops]
tier = "L1"
shifts.day = { headcount = 0, hours = { "Mon-Fri" = "09:00-17:00" } }
[people]
ada = { team = "ops", shift="day" }
[schedules.primary]
members = ["ada"]
[escalation_policies.p]
levels = [{targets=["primary"],timeout="15m"}]
[rules.page]
when = { created = true }
then = [{ page = "p" }]
"#],
        "10:00:00 x created
         10:00:00 x rule:page
         10:00:00 x paged ada
         10:00:00 x start ada
         10:01:00 x acknowledged ada
         10:10:00 y created
         10:10:00 y rule:page
         10:10:00 y paged ada
         10:11:00 y acknowledged ada
         10:20:00 z created
         10:20:00 z rule:page
         10:20:00 z paged ada
         10:21:00 z acknowledged ada
         11:00:00 x resolved ada
         11:00:00 y start ada
         14:00:00 y resolved ada
         14:00:00 z start ada
         15:00:00 z resolved ada",
    );
}

/// Whoever works on `a` commands too for two minutes, at half the pace; Emil has no time for `b` until it is solved.
#[test]
fn a_commander_stays_in_command_when_their_shift_ends() {
    check(
        "2026-03-02T16:30",
        &[
            r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", work = { L1 = "20h" }, acknowledges = { duty = ["2m"] } }, { id = "b", at = "40m", severity = "Sev2", work = { L1 = "1h", L2 = "1h" }, acknowledges = { duty = ["2m"] } }]
[tiers.L1]
work = { deterministic = "1h" }
[tiers.L2]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
[teams.eng]
tier = "L2"
shift_end = "finish"
shifts.day = { headcount = 0, hours = { "Mon-Sun" = "09:00-17:00" } }
[people]
emil = { team = "eng", shift = "day" }
[schedules.duty]
members = ["emil"]
[roles.commander]
duty = "commander"
schedule = "duty"
owner_penalty = 0.5
[rules.r]
when = { created = true }
if = { severity = ["Sev1"] }
then = [{ assign_commander = true }]
[rules.s]
when = { created = true }
if = { severity = ["Sev2"] }
then = [{ notify = ["duty"] }]
"#,
            NO_TARGETS,
        ],
        "16:30:00 a created
         16:30:00 a rule:r
         16:30:00 a paged:commander emil
         16:30:00 a start front/1
         16:32:00 a acknowledged:commander emil
         16:32:00 a commander_named emil
         17:10:00 b created
         17:10:00 b rule:s
         17:10:00 b paged emil
         17:12:00 b acknowledged emil
         17:12:00 b transferred eng
         Tue 03-03 12:31:00 a resolved front/1
         Tue 03-03 12:31:00 b start emil
         Tue 03-03 13:31:00 b resolved emil",
    );
}

/// The overtime that `w` takes ends at seven; then Emil decides.
#[test]
fn a_decision_is_taken_on_call_when_the_shift_is_over() {
    check(
        "2026-03-02T16:30",
        &[
            r#"
tickets = [{ id = "w", at = "0s", severity = "Sev3", team = "eng", able_from = "L2", work = { L2 = "3h" } }, { id = "a", at = "20m", severity = "Sev1", work = { L1 = "4h" }, acknowledges = { duty = ["2m"] } }]
[tiers.L1]
work = { deterministic = "1h" }
[tiers.L2]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
[teams.eng]
tier = "L2"
shift_end = "finish"
shifts.day = { headcount = 0, hours = { "Mon-Sun" = "09:00-17:00" } }
[people]
emil = { team = "eng", shift = "day" }
[schedules.duty]
members = ["emil"]
[roles.director]
schedule = "duty"
[gates.g]
approvers = ["director"]
decision_work = { deterministic = "10m" }
[rules.r]
when = { created = true }
if = { severity = ["Sev1"] }
then = [{ open_gate = "g" }]
"#,
            NO_TARGETS,
        ],
        "16:30:00 w created
         16:30:00 w start emil
         16:50:00 a created
         16:50:00 a rule:r
         16:50:00 a gate_requested g
         16:50:00 a paged:director emil
         16:52:00 a acknowledged:director emil
         19:00:00 w handed_off emil
         19:10:00 a gate_decided:approved g
         19:10:00 a start front/1
         23:10:00 a resolved front/1
         Tue 03-03 09:00:00 w resumed emil
         Tue 03-03 09:30:00 w resolved emil",
    );
}

#[test]
fn an_owner_on_call_writes_briefs_and_updates() {
    let results = check(
        "2026-03-02T20:00",
        &[
            r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", work = { L1 = "4h" }, acknowledges = { primary = ["2m"] } }]
[severities.Sev1]
update = "1h"
[teams.ops]
tier = "L1"
shifts.day = { headcount = 0, hours = { "Mon-Sun" = "09:00-17:00" } }
[people]
ada = { team = "ops", shift = "day" }
[communications]
update_work = { deterministic = "5m" }
[rules.page]
when = { created = true }
then = [{ page = "p" }, { brief = true }]
"#,
            TIER,
            PRIMARY,
            LADDER,
        ],
        "20:00:00 a created
         20:00:00 a rule:page
         20:00:00 a paged ada
         20:02:00 a acknowledged ada
         20:02:00 a start ada
         20:02:00 a put_aside ada
         20:07:00 a brief_sent ada
         20:07:00 a resumed ada
         20:57:00 a put_aside ada
         21:02:00 a update_sent ada
         21:02:00 a resumed ada
         21:57:00 a put_aside ada
         22:02:00 a update_sent ada
         22:02:00 a resumed ada
         22:57:00 a put_aside ada
         23:02:00 a update_sent ada
         23:02:00 a resumed ada
         23:57:00 a put_aside ada
         Tue 03-03 00:02:00 a update_sent ada
         Tue 03-03 00:02:00 a resumed ada
         Tue 03-03 00:27:00 a resolved ada",
    );
    assert_eq!(metric(&results, "missed_update_share"), 0.0);
}

#[test]
fn an_owner_on_call_works_over_what_was_declined() {
    check(
        "2026-03-02T18:00",
        &[
            r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", change = "c", work = { L1 = "1h" }, acknowledges = { primary = ["2m"] } }]
[tiers.L1]
work = { deterministic = "1h" }
[teams.ops]
tier = "L1"
shifts.day = { headcount = 0, hours = { "Mon-Sun" = "09:00-17:00" } }
[people]
ada = { team = "ops", shift = "day" }
[tiers.L2]
work = { deterministic = "1h" }
[teams.boss]
tier = "L2"
headcount = 1
[roles.director]
team = "boss"
[gates.g]
approvers = ["director"]
decision_work = { deterministic = "10m" }
p_decline = 1.0
max_rounds = 2
rework = { deterministic = "20m" }
blocks = "release"
[changes.c]
share = 0.0
gate = "g"
release = { deterministic = "15m" }
"#,
            NO_TARGETS,
            PRIMARY,
            LADDER,
            PAGE,
        ],
        "18:00:00 a created
         18:00:00 a rule:page
         18:00:00 a paged ada
         18:02:00 a acknowledged ada
         18:02:00 a start ada
         19:02:00 a gate_requested g
         19:02:00 a solved ada
         19:12:00 a gate_decided:declined g
         19:32:00 a gate_requested g
         19:42:00 a gate_decided:declined g
         19:42:00 a resumed ada
         19:57:00 a resolved ada",
    );
}

#[test]
fn who_acknowledged_during_a_gate_begins_after_it() {
    check(
        "2026-03-02T12:00",
        &[
            r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", work = { L1 = "10m" }, acknowledges = { primary = ["2m"] } }]
[tiers.L1]
work = { deterministic = "1h" }
[tiers.L2]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
[teams.ops]
tier = "L1"
headcount = 1
[people]
ada = { team = "ops" }
[teams.boss]
tier = "L2"
headcount = 1
[roles.director]
team = "boss"
reaction = { deterministic = "2h" }
[gates.g]
approvers = ["director"]
decision_work = { deterministic = "10m" }
[rules.r]
when = { created = true }
then = [{ open_gate = "g" }, { notify = ["primary"] }]
"#,
            NO_TARGETS,
            PRIMARY,
        ],
        "12:00:00 a created
         12:00:00 a rule:r
         12:00:00 a gate_requested g
         12:00:00 a paged ada
         12:02:00 a acknowledged ada
         12:02:00 a transferred ops
         14:10:00 a gate_decided:approved g
         14:10:00 a start ada
         14:20:00 a resolved ada",
    );
}

#[test]
fn who_acknowledged_during_a_wait_goes_on_after_it() {
    check(
        "2026-03-02T12:00",
        &[
            r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", able_from = "L1", work = { L1 = "10m", L2 = "1h" }, legs = [{ answer_after = "2h", then_work = "1h" }], acknowledges = { primary = ["2m"] } }]
[tiers.L1]
work = { deterministic = "1h" }
[tiers.L2]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
[teams.ops]
tier = "L2"
headcount = 1
[people]
ada = { team = "ops" }
[rules.r]
when = { pending = "1h" }
then = [{ notify = ["primary"] }]
"#,
            NO_TARGETS,
            PRIMARY,
        ],
        "12:00:00 a created
         12:00:00 a start front/1
         12:10:00 a pending front/1
         13:10:00 a rule:r
         13:10:00 a paged ada
         13:12:00 a acknowledged ada
         13:12:00 a transferred ops
         14:10:00 a customer_answered
         14:10:00 a start ada
         15:10:00 a resolved ada",
    );
}

#[test]
fn who_is_only_on_call_does_the_rest_after_a_workaround() {
    check(
        "2026-03-02T12:00",
        &[
            r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", work = { L1 = "1h" }, workaround_after = "20m", acknowledges = { primary = ["2m"] } }]
[teams.ops]
tier = "L1"
[people]
ada = { team = "ops" }
[workaround]
share = 1.0
resolve_on = "mitigation"
"#,
            NO_TARGETS,
            TIER,
            PRIMARY,
            LADDER,
            PAGE,
        ],
        "12:00:00 a created
         12:00:00 a rule:page
         12:00:00 a paged ada
         12:02:00 a acknowledged ada
         12:02:00 a start ada
         12:22:00 a mitigated ada
         12:22:00 a resolved ada
         13:02:00 a fix_live",
    );
}

#[test]
fn what_comes_back_belongs_to_nobody_because_of_an_earlier_page() {
    check(
        "2026-03-02T13:30",
        &[
            r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", work = { L1 = "2h" }, reopens_after = ["24h"], acknowledges = { primary = ["1m", "1m"] } }]
[tiers.L1]
work = { deterministic = "2h" }
[teams.front]
tier = "L1"
shift_end = "hold"
shifts.day = { headcount = 0, hours = { "Mon-Sun" = "09:00-17:00" } }
[people]
ada = { team = "front", shift = "day" }
"#,
            NO_TARGETS,
            PRIMARY,
            LADDER,
            PAGE,
        ],
        "13:30:00 a created
         13:30:00 a rule:page
         13:30:00 a paged ada
         13:30:00 a start ada
         13:31:00 a acknowledged ada
         15:30:00 a resolved ada
         Tue 03-03 15:30:00 a reopened
         Tue 03-03 15:30:00 a start ada
         Tue 03-03 17:00:00 a held ada
         Wed 03-04 09:00:00 a resumed ada
         Wed 03-04 09:30:00 a resolved ada",
    );
}

#[test]
fn rest_goes_on_into_the_second_part_of_a_shift() {
    check(
        "2026-03-02T02:00",
        &[r#"
tickets = [
    { id = "a", at = "0s", severity = "Sev1", acknowledges = { primary = ["1m"] } }, { id = "b", at = "1h", severity = "Sev3" }, { id = "c", at = "1h", severity = "Sev3" },
]
[severities.Sev1]
[severities.Sev2]
[severities.Sev3]
[severities.Sev4]
[tiers.L1]
work = { deterministic = "1h" }
[teams.ops]
tier = "L1"
shifts.day = { headcount = 0, hours = { "Mon-Sun" = "08:00-12:00, 13:00-17:00" } }
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
[on_call]
rest_after = 1
fatigue = 0
"#],
        "02:00:00 a created
         02:00:00 a rule:page
         02:00:00 a paged ada
         02:01:00 a acknowledged ada
         02:06:00 a start ada
         03:00:00 b created
         03:00:00 c created
         03:06:00 a resolved ada
         14:06:00 b start ada
         15:06:00 b resolved ada
         15:06:00 c start ada
         16:06:00 c resolved ada",
    );
}

#[test]
fn rest_begins_with_the_end_of_what_the_night_began() {
    check(
        "2026-03-02T06:30",
        &[r#"
tickets = [
    { id = "a", at = "0s", severity = "Sev1", acknowledges = { primary = ["1m"] }, work = { L1 = "4h" } }, { id = "b", at = "1h", severity = "Sev3" },
]
[severities.Sev1]
[severities.Sev2]
[severities.Sev3]
[severities.Sev4]
[tiers.L1]
work = { deterministic = "1h" }
[teams.ops]
tier = "L1"
shifts.day = { headcount = 0, hours = { "Mon-Sun" = "08:00-22:00" } }
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
[on_call]
rest_after = 1
fatigue = 0
"#],
        "06:30:00 a created
         06:30:00 a rule:page
         06:30:00 a paged ada
         06:31:00 a acknowledged ada
         06:36:00 a start ada
         07:30:00 b created
         10:36:00 a resolved ada
         21:36:00 b start ada
         22:36:00 b resolved ada",
    );
}

#[test]
fn a_call_by_day_does_not_begin_the_nights_rest_anew() {
    check(
        "2026-03-02T01:00",
        &[r#"
tickets = [
    { id = "a", at = "0s", severity = "Sev1", work = { L1 = "30m" }, acknowledges = { primary = ["1m"] } }, { id = "b", at = "14h", severity = "Sev1", work = { L1 = "1h" }, acknowledges = { primary = ["1m"] } }, { id = "c", at = "14h", severity = "Sev3", work = { L1 = "1h" } },
]
[severities.Sev1]
[severities.Sev3]
[tiers.L1]
work = { deterministic = "1h" }
[teams.ops]
tier = "L1"
shifts.eve = { headcount = 0, hours = { "Mon-Fri" = "18:00-23:00" } }
[people]
ada = { team = "ops", shift = "eve" }
[schedules.primary]
members = ["ada"]
[escalation_policies.s]
levels = [{ targets = ["primary"], timeout = "5m" }]
[rules.page]
when = { created = true }
if = { severity = ["Sev1"] }
then = [{ page = "s" }]
[on_call]
rest_after = 1
fatigue = 0
"#],
        "01:00:00 a created
         01:00:00 a rule:page
         01:00:00 a paged ada
         01:01:00 a acknowledged ada
         01:06:00 a start ada
         01:36:00 a resolved ada
         15:00:00 b created
         15:00:00 b rule:page
         15:00:00 b paged ada
         15:00:00 c created
         15:01:00 b acknowledged ada
         15:01:00 b start ada
         16:01:00 b resolved ada
         18:00:00 c start ada
         19:00:00 c resolved ada",
    );
}

#[test]
fn somebody_on_call_goes_on_where_nobody_of_the_next_shift_is_there() {
    check(
        "2026-03-02T16:30",
        &[r#"
tickets = [ { id = "a", at = "0s", severity = "Sev1", work = { L1 = "2h" }, acknowledges = { primary = ["1m"] } } ]
[severities.Sev1]
[severities.Sev2]
[severities.Sev3]
[severities.Sev4]
[tiers.L1]
work = { deterministic = "1h" }
[teams.ops]
tier = "L1"
shift_end = "hand-off"
shrinkage = { absent = 0.0 }
shifts.day = { headcount = 0, hours = { "Mon-Sun" = "09:00-17:00" } }
shifts.eve = { headcount = 0, hours = { "Mon-Sun" = "17:00-23:00" } }
[people]
ada = { team = "ops", shift = "day" }
eva = { team = "ops", shift = "eve", leave = [{ from = "2026-03-01", to = "2026-03-08" }] }
[schedules.primary]
members = ["ada"]
[rules.page]
when = { created = true }
then = [{ notify = ["primary"] }]
"#],
        "16:30:00 a created
         16:30:00 a rule:page
         16:30:00 a paged ada
         16:30:00 a start ada
         16:31:00 a acknowledged ada
         18:30:00 a resolved ada",
    );
}

#[test]
fn who_takes_a_ticket_over_by_an_acknowledgement_has_to_get_into_it() {
    // Two hundred minutes were left, and half of the forty that were done are lost.
    check(
        "2026-03-02T02:00",
        &[r#"
handoff = { shift_end = "cold", context_loss = 0.5 }
tickets = [ { id = "a", at = "0s", severity = "Sev1", acknowledges = { ada = ["1m","never"], ben = ["10m"] }, work = { L1 = "4h" } } ]
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
[escalation_policies.standard]
levels = [{ targets = ["ada"], timeout = "5m" }, { targets = ["ben"], timeout = "15m" }]
ack_timeout = "30m"
[rules.page]
when = { created = true }
then = [{ page = "standard" }]
"#],
        "02:00:00 a created
         02:00:00 a rule:page
         02:00:00 a paged ada
         02:01:00 a acknowledged ada
         02:06:00 a start ada
         02:31:00 a paged ada
         02:36:00 a timeout level 1
         02:36:00 a paged ben
         02:46:00 a acknowledged ben
         02:46:00 a taken ada
         02:51:00 a resumed ben
         03:16:00 a paged ada
         03:16:00 a paged ben
         03:21:00 a timeout level 1
         03:21:00 a paged ben
         03:36:00 a timeout level 2
         06:31:00 a resolved ben",
    );
}

#[test]
fn who_acknowledges_a_ticket_in_its_release_goes_on_with_it() {
    check(
        "2026-03-02T09:00 UTC",
        &[r#"
[severities.Sev1]
resolve = "9h"
[tiers.L1]
work = { deterministic = "1h" }
[teams.ops]
tier = "L1"
shift_end = "hand-off"
shifts.day = { headcount = 0, hours = { "Mon-Sun" = "08:00-17:00" } }
[people]
ada = { team = "ops", shift = "day" }
[changes.n]
share = 0
release = { deterministic = "2h" }
[schedules.primary]
members = ["ada"]
[escalation_policies.standard]
levels = [{ targets = ["primary"], timeout = "5m" }]
[rules.late]
when = { breached = "resolve" }
then = [{ page = "standard" }]
[[tickets]]
id = "a"
at = "0s"
work = { L1 = "7h" }
change = "n"
acknowledges = { primary = ["1m"] }
"#],
        "09:00:00 a created
         09:00:00 a start ada
         16:00:00 a solved ada
         16:00:00 a resumed ada
         17:00:00 a handed_off ada
         18:00:00 a breach:resolve
         18:00:00 a rule:late
         18:00:00 a paged ada
         18:01:00 a acknowledged ada
         18:01:00 a resumed ada
         19:01:00 a resolved ada
         = a resolve due 18:00:00 breached",
    );
}

const FINISHES: &str = r#"
[tiers.L1]
work = { deterministic = "1h" }
[teams.ops]
tier = "L1"
shift_end = "finish"
shifts.day = { headcount = 1, hours = { "Mon-Sun" = "09:00-17:00" } }
[communications]
update_work = { deterministic = "10m" }
"#;

#[test]
fn an_owner_on_overtime_writes_updates_and_goes_on() {
    let results = check(
        "2026-03-02T16:30",
        &[
            r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", work = { L1 = "2h" } }]
[severities.Sev1]
update = "1h"
"#,
            FINISHES,
        ],
        "16:30:00 a created
         16:30:00 a start ops/day/1
         17:20:00 a put_aside ops/day/1
         17:30:00 a update_sent ops/day/1
         17:30:00 a resumed ops/day/1
         18:20:00 a put_aside ops/day/1
         18:30:00 a update_sent ops/day/1
         18:30:00 a resumed ops/day/1
         18:50:00 a resolved ops/day/1",
    );
    assert_eq!(metric(&results, "missed_update_share"), 0.0);
}

#[test]
fn overtime_is_limited_though_its_work_is_put_aside() {
    check(
        "2026-03-02T16:30",
        &[
            r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", work = { L1 = "2h" } }]
[severities.Sev1]
update = "1h"
"#,
            &FINISHES.replace("\"finish\"", "\"finish\"\nmax_overtime = \"25m\""),
        ],
        "16:30:00 a created
         16:30:00 a start ops/day/1
         17:20:00 a put_aside ops/day/1
         17:25:00 a handed_off ops/day/1
         Tue 03-03 09:05:00 a updates_missed:16
         Tue 03-03 09:05:00 a update_sent ops/day/1
         Tue 03-03 09:05:00 a resumed ops/day/1
         Tue 03-03 09:55:00 a put_aside ops/day/1
         Tue 03-03 10:05:00 a update_sent ops/day/1
         Tue 03-03 10:05:00 a resumed ops/day/1
         Tue 03-03 10:25:00 a resolved ops/day/1",
    );
}

#[test]
fn an_update_that_spans_the_end_of_the_shift_is_written_and_its_ticket_finished() {
    check(
        "2026-03-02T16:00",
        &[
            r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", work = { L1 = "2h" } }]
[severities.Sev1]
update = { within = "65m" }
"#,
            FINISHES,
        ],
        "16:00:00 a created
         16:00:00 a start ops/day/1
         16:55:00 a put_aside ops/day/1
         17:05:00 a update_sent ops/day/1
         17:05:00 a resumed ops/day/1
         18:00:00 a put_aside ops/day/1
         18:10:00 a update_sent ops/day/1
         18:10:00 a resumed ops/day/1
         18:20:00 a resolved ops/day/1",
    );
}

// Deadlines: what somebody is called to begins with the event that calls them, and not in dispatch.

/// Ada is on call and never on shift; the first response is due after ten minutes.
const CALLED_FOR_WORDS: &str = r#"
[severities]
Sev1 = { first_response = "10m" }
Sev2 = { first_response = "10m" }
[teams.front]
tier = "L1"
shifts.day = { headcount = 0, hours = { "Mon-Sun" = "07:00-15:00" } }
[people]
ada = { team = "front" }
"#;

/// An acknowledgement, and the arrival at the desk, come before breaches of their instant.
#[test]
fn a_first_response_that_being_called_begins_on_its_deadline_is_in_time() {
    for (acknowledges, way, acknowledged) in [("10m", "0s", "02:10:00"), ("4m", "6m", "02:04:00")] {
        let results = check(
            "2026-03-02T02:00",
            &[
                &format!(
                    "tickets = [{{ id = \"a\", at = \"0s\", severity = \"Sev1\", acknowledges = {{ primary = [\"{acknowledges}\"] }} }}]"
                ),
                CALLED_FOR_WORDS,
                TIER,
                PRIMARY,
                LADDER,
                PAGE,
                &format!("[on_call]\nget_to_desk_at_night = \"{way}\""),
            ],
            &format!(
                "02:00:00 a created
                 02:00:00 a rule:page
                 02:00:00 a paged ada
                 {acknowledged} a acknowledged ada
                 02:10:00 a start ada
                 03:10:00 a resolved ada
                 = a first_response due 02:10:00 met"
            ),
        );
        assert_eq!(metric(&results, "breach_rate_first_response"), 0.0);
        assert_eq!(metric(&results, "attainment_first_response"), 1.0);
    }
}

/// She is called for `b`, due at 02:11, while she works on `a`. If `a` is done at 02:11, she begins `b` in time. If a rule takes `a` away from her
/// then, `b` has breached before: a rule's time comes later.
#[test]
fn what_a_rule_lets_somebody_begin_on_its_deadline_has_breached() {
    let away = r#"
[teams.other]
tier = "L1"
shifts.day = { headcount = 1, hours = { "Mon-Sun" = "07:00-15:00" } }
[rules.away]
when = { in_team = "11m" }
if = { severity = ["Sev1"], team = ["front"] }
then = [{ transfer = "other" }]
"#;
    for (work, away, breached, expected) in [
        (
            "10m",
            "",
            0.0,
            "02:11:00 a resolved ada
             02:11:00 b start ada
             03:11:00 b resolved ada
             = a first_response due 02:10:00 met
             = b first_response due 02:11:00 met",
        ),
        (
            "1h",
            away,
            0.5,
            "02:11:00 b breach:first_response
             02:11:00 a rule:away
             02:11:00 a taken ada
             02:11:00 b start ada
             02:11:00 a transferred other
             03:11:00 b resolved ada
             07:00:00 a resumed other/day/1
             07:50:00 a resolved other/day/1
             = a first_response due 02:10:00 met
             = b first_response due 02:11:00 breached",
        ),
    ] {
        let results = check(
            "2026-03-02T02:00",
            &[
                &format!(
                    "tickets = [{{ id = \"a\", at = \"0s\", severity = \"Sev1\", work = {{ L1 = \"{work}\" }}, acknowledges = {{ primary = [\"1m\"] }} }},
                                {{ id = \"b\", at = \"1m\", severity = \"Sev2\", acknowledges = {{ primary = [\"2m\"] }} }}]"
                ),
                CALLED_FOR_WORDS,
                TIER,
                PRIMARY,
                LADDER,
                PAGE,
                "[on_call]\nget_to_desk_at_night = \"0s\"",
                away,
            ],
            &format!(
                "02:00:00 a created
                 02:00:00 a rule:page
                 02:00:00 a paged ada
                 02:01:00 a acknowledged ada
                 02:01:00 a start ada
                 02:01:00 b created
                 02:01:00 b rule:page
                 02:01:00 b paged ada
                 02:03:00 b acknowledged ada
                 {expected}"
            ),
        );
        assert_eq!(metric(&results, "breach_rate_first_response"), breached);
    }
}
