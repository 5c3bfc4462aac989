//! Timelines of decisions, messages and learning: the worked examples of the domain reference on gates, updates, partial
//! resolution, reviews and knowledge, to the millisecond.

mod timelines_support;

use escalade::experiment::tables::TicketRow;
use timelines_support::{NO_TARGETS, NOBODY, ONE_PERSON, TWO_TIERS, check, check_quietly, metric};

/// Puts the desk of one person before the severities, so that it comes before the teams after them: the first team of a tier
/// gets its tickets.
fn with_desk(text: &str) -> String {
    text.replacen("[severities.Sev1]", &format!("{ONE_PERSON}\n[severities.Sev1]"), 1)
}

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
    // 46 min on `b`; an hour on `a`, and ten minutes of deciding about it.
    assert_eq!(metric(&results, "touch_time_mean_s"), (46.0 + 70.0) * 60.0 / 2.0);
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
fn a_request_that_the_deputy_leaves_too_has_timed_out_once() {
    let results = check_quietly(
        "2026-03-03T16:00",
        &[&gate("90m", &format!("{DEPUTY}\ndeputy_timeout = \"10m\""))],
    );
    let timeouts = results.events.iter().filter(|event| event.activity == "gate_timeout");
    assert_eq!(timeouts.count(), 2);
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
    let timed = |limit: &str| gate("56m", "on_timeout = \"decline\"\nmax_rounds = 1").replace("30m", limit);
    let results = check(
        "2026-03-03T16:00",
        &[&timed("26m")],
        "16:00:00 b created
         16:00:00 b start owners/day/1
         16:40:00 a created
         16:40:00 a rule:ask
         16:40:00 a gate_requested go
         16:56:00 b resolved owners/day/1
         17:06:00 a gate_decided:approved go
         17:06:00 a start front/1
         18:06:00 a resolved front/1",
    );
    assert_eq!(metric(&results, "gate_timeout_share"), 0.0);
    // A millisecond less, and the decision under way is taken back.
    check(
        "2026-03-03T16:00",
        &[&timed("25m 59s 999ms")],
        "16:00:00 b created
         16:00:00 b start owners/day/1
         16:40:00 a created
         16:40:00 a rule:ask
         16:40:00 a gate_requested go
         16:56:00 b resolved owners/day/1
         17:05:59.999 a gate_timeout go
         17:05:59.999 a gate_decided:declined go
         17:05:59.999 a start front/1
         18:05:59.999 a resolved front/1",
    );
}

/// One desk of one person, whose fixes are changes that the board decides on at its meetings.
fn board(at: &str, board: &str) -> String {
    format!(
        r#"
tickets = [{{ id = "a", at = "{at}", work = {{ L1 = "1h" }}, change = "normal" }}]
[severities.Sev1]
resolve = "2d"
[calendars.board]
hours = {{ Wed = "14:00-15:00" }}
[roles.manager]
team = "front"
[gates.board]
approvers = ["manager"]
meeting = {{ calendar = "board", cutoff = "1d" }}
{board}
[changes.normal]
share = 0
gate = "board"
release = {{ deterministic = "30m" }}
record = {{ deterministic = "15m" }}
"#
    )
}

#[test]
fn a_board_decides_at_its_next_meeting_if_it_was_asked_a_day_before() {
    check(
        "2026-03-03T09:00",
        &[&board("4h", ""), ONE_PERSON],
        "13:00:00 a created
         13:00:00 a start front/1
         14:00:00 a gate_requested board
         14:00:00 a solved front/1
         Wed 03-04 14:00:00 a gate_decided:approved board
         Wed 03-04 14:00:00 a resumed front/1
         Wed 03-04 14:30:00 a resolved front/1
         = a resolve due Thu 03-05 13:00:00 met",
    );
}

#[test]
fn a_request_after_the_cutoff_waits_for_the_meeting_after() {
    let results = check(
        "2026-03-03T09:00",
        &[&board("5h", ""), ONE_PERSON],
        "14:00:00 a created
         14:00:00 a start front/1
         15:00:00 a gate_requested board
         15:00:00 a solved front/1
         Thu 03-05 14:00:00 a breach:resolve
         Wed 03-11 14:00:00 a gate_decided:approved board
         Wed 03-11 14:00:00 a resumed front/1
         Wed 03-11 14:30:00 a resolved front/1
         = a resolve due Thu 03-05 14:00:00 breached",
    );
    assert_eq!(metric(&results, "gate_wait_mean_s"), (8.0 * 24.0 - 1.0) * 3600.0);
    // The hour of solving and the half of releasing; the record is work of the team's, not of the ticket.
    assert_eq!(results.tickets[0].touch_ms, 5_400_000);
}

#[test]
fn whoever_declines_three_times_is_overruled() {
    let results = check(
        "2026-03-03T09:00",
        &[&with_desk(
            r#"
tickets = [{ id = "a", at = "0s", work = { L1 = "1h" }, change = "risky" }]
[severities.Sev1]
[teams.managers]
tier = "L1"
headcount = 1
[teams.directors]
tier = "L1"
headcount = 1
[roles.manager]
team = "managers"
[roles.director]
team = "directors"
work = { deterministic = "20m" }
[gates.safe]
approvers = ["manager"]
decision_work = { deterministic = "10m" }
p_decline = 1.0
rework = { deterministic = "30m" }
escalate_to = "director"
[changes.risky]
share = 0
gate = "safe"
"#,
        )],
        "09:00:00 a created
         09:00:00 a start front/1
         10:00:00 a gate_requested safe
         10:00:00 a solved front/1
         10:10:00 a gate_decided:declined safe
         10:40:00 a gate_requested safe
         10:50:00 a gate_decided:declined safe
         11:20:00 a gate_requested safe
         11:30:00 a gate_decided:declined safe
         11:30:00 a escalated_to director
         11:50:00 a resolved front/1",
    );
    assert_eq!(metric(&results, "gate_declined_share"), 1.0);
    assert_eq!(metric(&results, "hierarchical_per_ticket"), 1.0);
}

/// Two roles decide; the second one needs longer.
fn two_approvers(parallel: &str) -> String {
    format!(
        r#"
tickets = [{{ id = "a", at = "0s", work = {{ L1 = "1h" }} }}, {{ id = "b", at = "0s", team = "slow", work = {{ L1 = "25m" }} }}]
[severities.Sev1]
[teams.quick]
tier = "L1"
headcount = 1
[teams.slow]
tier = "L1"
headcount = 1
[roles.manager]
team = "quick"
[roles.owner]
team = "slow"
[gates.both]
approvers = ["manager", "owner"]
parallel = {parallel}
decision_work = {{ deterministic = "10m" }}
[rules.ask]
when = {{ consumed = {{ of = "resolve", share = 0.25 }} }}
if.team = ["front"]
then = [{{ open_gate = "both" }}]
[severities.Sev1.resolve]
within = "80m"
"#
    )
}

#[test]
fn work_stops_until_all_approvers_have_decided() {
    check(
        "2026-03-03T09:00",
        &[&with_desk(&two_approvers("\"all\""))],
        "09:00:00 a created
         09:00:00 b created
         09:00:00 b start slow/1
         09:00:00 a start front/1
         09:20:00 a rule:ask
         09:20:00 a gated front/1
         09:20:00 a gate_requested both
         09:25:00 b resolved slow/1
         09:35:00 a gate_decided:approved both
         09:35:00 a resumed front/1
         10:15:00 a resolved front/1
         = a resolve due 10:20:00 met
         = b resolve due 10:20:00 met",
    );
}

#[test]
fn the_first_of_any_approvers_is_enough() {
    check(
        "2026-03-03T09:00",
        &[&with_desk(&two_approvers("\"any\""))],
        "09:00:00 a created
         09:00:00 b created
         09:00:00 b start slow/1
         09:00:00 a start front/1
         09:20:00 a rule:ask
         09:20:00 a gated front/1
         09:20:00 a gate_requested both
         09:25:00 b resolved slow/1
         09:30:00 a gate_decided:approved both
         09:30:00 a resumed front/1
         10:10:00 a resolved front/1
         = a resolve due 10:20:00 met
         = b resolve due 10:20:00 met",
    );
}

/// A communications lead who is busy with `b` from 10:00 to 12:00; updates are due every half an hour.
fn updates(misses: &str) -> String {
    format!(
        r#"
tickets = [
    {{ id = "a", at = "0s", severity = "Sev1", work = {{ L1 = "190m" }} }},
    {{ id = "b", at = "28m", severity = "Sev2", team = "press", work = {{ L1 = "2h" }} }},
]
[severities.Sev1]
update = "30m"
[severities.Sev2]
[teams.press]
tier = "L1"
headcount = 1
[roles.communications]
team = "press"
[communications]
by = "communications"
update_work = {{ deterministic = "5m" }}
{misses}
"#
    )
}

#[test]
fn a_silence_misses_an_update_at_every_multiple_of_the_cadence() {
    let results = check(
        "2026-03-03T09:30",
        &[&with_desk(&updates(""))],
        "09:30:00 a created
         09:30:00 a start front/1
         09:58:00 b created
         10:00:00 a update_sent press/1
         10:00:00 b start press/1
         12:00:00 b resolved press/1
         12:05:00 a updates_missed:4
         12:05:00 a update_sent press/1
         12:35:00 a update_sent press/1
         12:40:00 a resolved front/1",
    );
    // Due at 10:00, 10:30, 11:00, 11:30, 12:00 and 12:35; the solution is in time for the next.
    assert_eq!(metric(&results, "missed_update_share"), 4.0 / 7.0);
    assert_eq!(metric(&results, "breach_rate_update"), 4.0 / 7.0);
    assert_eq!(metric(&results, "breaches_per_1000"), 2000.0);
    // Fifteen minutes of writing beside 190 of work on `a` and 120 on `b`.
    assert_eq!(metric(&results, "update_work_share"), 15.0 / 325.0);
}

#[test]
fn a_silence_may_count_once() {
    let results = check_quietly("2026-03-03T09:30", &[&with_desk(&updates("misses = \"once\""))]);
    assert_eq!(metric(&results, "missed_update_share"), 1.0 / 4.0);
}

/// A ticket whose updates are due every day, and a lead who writes them.
const AN_UPDATE_A_DAY: &str = r#"
[severities.Sev1]
update = "1d"
[roles.lead]
team = "press"
[teams.press]
tier = "L1"
headcount = 1
[communications]
by = "lead"
update_work = { deterministic = "5m" }
"#;

#[test]
fn an_update_that_a_solution_spares_is_due_and_met() {
    let solved = "tickets = [{ id = \"a\", at = \"0s\", severity = \"Sev1\", work = { L1 = \"5h\" } }]";
    let by_owner = "[severities.Sev1]\nupdate = \"1d\"";
    for updates in [AN_UPDATE_A_DAY, by_owner] {
        let results = check_quietly("2026-03-02T09:00", &[solved, updates, ONE_PERSON]);
        let row = &results.tickets[0];
        assert_eq!((row.updates_due, row.updates_missed), (1, 0), "{updates}");
        assert_eq!(metric(&results, "breach_rate_update"), 0.0, "{updates}");
    }
}

#[test]
fn an_update_that_nobody_waits_for_any_more_is_not_due() {
    // The customer is asked at ten and does not answer: the ticket is closed two hours later.
    let left = r#"
pending = { share = 0.0, wait = { deterministic = "1h" }, close_after = "2h" }
tickets = [{ id = "a", at = "0s", severity = "Sev1", work = { L1 = "1h" }, legs = [{ answer_after = "5h", then_work = "1h" }] }]"#;
    let results = check_quietly("2026-03-02T09:00", &[left, AN_UPDATE_A_DAY, ONE_PERSON]);
    assert_eq!(results.tickets[0].updates_due, 0);
    assert_eq!(metric(&results, "unanswered_close_rate"), 1.0);
}

#[test]
fn an_owner_puts_the_ticket_aside_to_write_its_updates() {
    let results = check(
        "2026-03-03T09:00",
        &[
            r#"
tickets = [{ id = "a", at = "0s", work = { L1 = "70m" } }]
[severities.Sev1]
update = "30m"
[communications]
update_work = { deterministic = "5m" }
"#,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         09:25:00 a put_aside front/1
         09:30:00 a update_sent front/1
         09:30:00 a resumed front/1
         09:55:00 a put_aside front/1
         10:00:00 a update_sent front/1
         10:00:00 a resumed front/1
         10:20:00 a resolved front/1",
    );
    assert_eq!(metric(&results, "missed_update_share"), 0.0);
    // Two updates of five minutes, and the work itself.
    assert_eq!(results.tickets[0].touch_ms, 80 * 60_000);
}

#[test]
fn updates_of_an_alert_begin_with_its_acknowledgement() {
    let results = check(
        "2026-03-03T09:00",
        &[r#"
tickets = [{ id = "a", at = "0s", service = "alarms", acknowledges = { watch = ["1m"] }, work = { L1 = "30m" } }]
[services.alarms]
kind = "alert"
needs = ["alarms"]
[severities.Sev1]
update = "1h"
[rules.page]
when = { created = true }
then = [{ page = "ladder" }]
[people.ann]
team = "front"
shift = "evening"
[schedules.watch]
members = ["ann"]
[escalation_policies.ladder]
levels = [{ targets = ["watch"], timeout = "5m" }]
[on_call]
get_to_desk = "2h"
[roles.communications]
team = "press"
[communications]
by = "communications"
update_work = { deterministic = "2m" }
[tiers.L1]
work = { deterministic = "1h" }
[teams.press]
tier = "L1"
headcount = 1
skills = []
[teams.front]
tier = "L1"
[teams.front.shifts.evening]
headcount = 0
hours = { "Mon-Fri" = "20:00-22:00" }
"#],
        "09:00:00 a created
         09:00:00 a rule:page
         09:00:00 a paged ann
         09:01:00 a acknowledged ann
         10:01:00 a update_sent press/1
         11:01:00 a start ann
         11:01:00 a update_sent press/1
         11:31:00 a resolved ann",
    );
    assert_eq!(metric(&results, "missed_update_share"), 0.0);
}

#[test]
fn who_is_linked_before_the_first_words_has_no_updates_to_miss() {
    let results = check(
        "2026-03-02T09:00",
        &[
            r#"tickets = [
                { id = "p", at = "0s", incident = "outage", work = { L1 = "30m" } },
                { id = "c", at = "2m", incident = "outage" },
            ]
            severities.Sev1.update = "10m"
            communications.update_work.deterministic = "1m"
            [incidents.outage]
            declared.tickets = 2
            [incidents.outage.linking]
            share = 1.0
            delay.deterministic = "5m""#,
            ONE_PERSON,
        ],
        "09:00:00 p created
         09:00:00 p start front/1
         09:02:00 c created
         09:02:00 p declared
         09:07:00 c linked p
         09:09:00 p put_aside front/1
         09:10:00 p update_sent front/1
         09:10:00 p resumed front/1
         09:19:00 p put_aside front/1
         09:20:00 p update_sent front/1
         09:20:00 p resumed front/1
         09:29:00 p put_aside front/1
         09:30:00 p update_sent front/1
         09:30:00 p resumed front/1
         09:33:00 p resolved front/1
         09:33:00 p restored
         09:33:00 c resolved front/1",
    );
    // The solution is in time for the next update of p. c waits for it without a word; the first is that it is solved.
    let updates = |row: &TicketRow| (row.updates_due, row.updates_missed);
    assert_eq!(
        results.tickets.iter().map(updates).collect::<Vec<_>>(),
        [(4, 0), (0, 0)]
    );
}

/// Promised: a workaround in half an hour, the fix in four.
const PROMISED: &str = r#"
[severities.Sev1]
mitigate = "30m"
resolve = "4h"
[severities.Sev2]
mitigate = "10m"
resolve = "8h"
"#;

#[test]
fn a_workaround_stops_the_clock_of_mitigation_and_the_severity_falls() {
    let results = check(
        "2026-03-03T09:00",
        &[
            r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", work = { L1 = "2h" }, workaround_after = "25m" }]
[rules.relax]
when = { mitigated = true }
then = [{ lower = 1 }]
"#,
            PROMISED,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         09:25:00 a mitigated front/1
         09:25:00 a rule:relax
         09:25:00 a severity:Sev2
         11:00:00 a resolved front/1
         = a mitigate due 09:30:00 met | resolve due 17:00:00 met",
    );
    assert_eq!(metric(&results, "time_to_mitigate_mean_s"), 25.0 * 60.0);
    assert_eq!(metric(&results, "partial_resolution_share"), 1.0);
}

#[test]
fn the_resolution_mitigates_what_had_no_workaround() {
    let results = check(
        "2026-03-03T09:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", severity = "Sev1", work = { L1 = "31m" } }]"#,
            PROMISED,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         09:30:00 a breach:mitigate
         09:31:00 a resolved front/1
         = a mitigate due 09:30:00 breached | resolve due 13:00:00 met",
    );
    assert_eq!(metric(&results, "lateness_mitigate_mean_s"), 60.0);
    assert_eq!(metric(&results, "partial_resolution_share"), 0.0);
}

#[test]
fn a_workaround_may_resolve_the_ticket_and_leave_the_rest_as_work() {
    check(
        "2026-03-03T09:00",
        &[
            r#"
tickets = [
    { id = "a", at = "0s", severity = "Sev1", work = { L1 = "1h" }, workaround_after = "20m" },
    { id = "b", at = "30m", severity = "Sev1", work = { L1 = "5m" } },
]
[workaround]
share = 0
resolve_on = "mitigation"
"#,
            PROMISED,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         09:20:00 a mitigated front/1
         09:20:00 a resolved front/1
         09:30:00 b created
         10:00:00 a fix_live
         10:00:00 b breach:mitigate
         10:00:00 b start front/1
         10:05:00 b resolved front/1
         = a mitigate due 09:30:00 met | resolve due 13:00:00 met
         = b mitigate due 10:00:00 breached | resolve due 13:30:00 met",
    );
}

#[test]
fn an_owner_works_more_slowly_until_somebody_takes_command() {
    check(
        "2026-03-03T09:00",
        &[&with_desk(
            r#"
tickets = [{ id = "a", at = "0s", work = { L1 = "1h" } }, { id = "b", at = "70m", team = "managers", work = { L1 = "10m" } }]
[severities.Sev1]
[teams.managers]
tier = "L1"
headcount = 1
[roles.commander]
duty = "commander"
team = "managers"
reaction = { deterministic = "20m" }
[rules.major]
when = { created = true }
if.team = ["front"]
then = [{ assign_commander = true }]
"#,
        )],
        // Twenty minutes at three quarters are fifteen of work; forty-five are left. The commander is free at 10:05, before
        // `b` comes.
        "09:00:00 a created
         09:00:00 a rule:major
         09:00:00 a start front/1
         09:20:00 a commander_named managers/1
         10:05:00 a resolved front/1
         10:10:00 b created
         10:10:00 b start managers/1
         10:20:00 b resolved managers/1",
    );
}

#[test]
fn whoever_commands_an_incident_decides_at_its_gates_one_after_another() {
    // Three decisions at ten past: five minutes each of the first gate, then twenty. Nobody else is in command meanwhile.
    check(
        "2026-03-03T09:00",
        &[r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", team = "front", work = { L1 = "1h" } }]
[severities.Sev1]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
[teams.mgmt]
tier = "L1"
headcount = 1
[roles.commander]
duty = "commander"
team = "mgmt"
[roles.lead]
team = "mgmt"
[gates.failover]
approvers = ["commander", "lead"]
decision_work = { deterministic = "5m" }
[gates.notice]
approvers = ["lead"]
decision_work = { deterministic = "20m" }
blocks = "release"
[rules.major]
when.created = true
then = [{ assign_commander = true }]
[rules.stuck]
when.with_owner = "10m"
then = [{ open_gate = "failover" }, { open_gate = "notice" }]
"#],
        "09:00:00 a created
         09:00:00 a rule:major
         09:00:00 a commander_named mgmt/1
         09:00:00 a start front/1
         09:10:00 a rule:stuck
         09:10:00 a gated front/1
         09:10:00 a gate_requested failover
         09:10:00 a gate_requested notice
         09:20:00 a gate_decided:approved failover
         09:20:00 a resumed front/1
         09:40:00 a gate_decided:approved notice
         10:10:00 a resolved front/1",
    );
}

/// Three pieces of work for a director at once: to take note of `a` and of `b`, then to decide on `c`.
const DIRECTED: &str = r#"
tickets = [
    { id = "a", at = "0s", severity = "Low", team = "front", acknowledges = { direction = ["10s"] } },
    { id = "b", at = "1m", severity = "Low", team = "front", acknowledges = { direction = ["10s"] } },
    { id = "c", at = "2m", severity = "High", team = "front", acknowledges = { direction = ["10s"] } },
]
[severities.High]
[severities.Low]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 0
[gates.go]
approvers = ["director"]
decision_work = { deterministic = "5m" }
[rules.tell]
when = { created = true }
if.severity = ["Low"]
then = [{ escalate_to = "director" }]
[rules.ask]
when = { created = true }
if.severity = ["High"]
then = [{ open_gate = "go" }]
"#;

#[test]
fn a_decision_goes_before_what_somebody_is_only_to_know() {
    // Ten minutes for `a`, which has been begun, five for the decision on `c`, then ten for `b`.
    let team = r#"
[schedules.direction]
members = ["hana"]
[people.hana]
team = "mgmt"
[teams.mgmt]
tier = "L1"
DISCIPLINE
headcount = 0
[roles.director]
team = "mgmt"
work = { deterministic = "10m" }
"#;
    let decided = "09:00:00 a created
         09:00:00 a rule:tell
         09:00:00 a escalated_to director
         09:01:00 b created
         09:01:00 b rule:tell
         09:01:00 b escalated_to director
         09:02:00 c created
         09:02:00 c rule:ask
         09:02:00 c gate_requested go
         09:15:00 c gate_decided:approved go";
    // Queues by bands, by keys and in lanes.
    for discipline in [
        "",
        "discipline = \"severity-customer\"",
        "discipline = \"deadline\"",
        "routing = { mode = \"round-robin\" }",
    ] {
        check(
            "2026-03-03T09:00",
            &[DIRECTED, &team.replace("DISCIPLINE", discipline)],
            decided,
        );
    }
}

#[test]
fn a_decision_goes_first_in_the_line_of_whoever_is_called() {
    let called = r#"
[schedules.direction]
members = ["hana"]
[teams.mgmt]
tier = "L1"
shifts.day = { headcount = 0, hours = { "Mon-Sun" = "09:00-17:00" } }
[people.hana]
team = "mgmt"
shift = "day"
[roles.director]
schedule = "direction"
work = { deterministic = "10m" }
"#;
    for hour in ["09", "20"] {
        let decided = "{h}:00:00 a created
         {h}:00:00 a rule:tell
         {h}:00:00 a escalated_to director
         {h}:00:00 a paged:director hana
         {h}:00:10 a acknowledged:director hana
         {h}:01:00 b created
         {h}:01:00 b rule:tell
         {h}:01:00 b escalated_to director
         {h}:01:00 b paged:director hana
         {h}:01:10 b acknowledged:director hana
         {h}:02:00 c created
         {h}:02:00 c rule:ask
         {h}:02:00 c gate_requested go
         {h}:02:00 c paged:director hana
         {h}:02:10 c acknowledged:director hana
         {h}:15:10 c gate_decided:approved go";
        check(
            &format!("2026-03-03T{hour}:00"),
            &[DIRECTED, called],
            &decided.replace("{h}", hour),
        );
    }
}

#[test]
fn a_commander_completes_the_decision_that_they_have_begun_when_their_shift_ends() {
    // The request has waited for them since 9:01. From 9:25 on the owner commands, at half the pace.
    check(
        "2026-03-03T09:00",
        &[r#"
tickets = [{ id = "b", at = "0s", severity = "Sev2", team = "mgmt", work = { L1 = "20m" } }, { id = "a", at = "1m", severity = "Sev1", team = "front", work = { L1 = "1h" } }]
[severities.Sev1]
[severities.Sev2]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
[teams.mgmt]
tier = "L1"
shift_end = "hand-off"
shifts.day = { headcount = 1, hours = { "Mon-Sun" = "09:00-09:22" } }
[roles.commander]
duty = "commander"
team = "mgmt"
owner_penalty = 0.5
[gates.failover]
approvers = ["commander"]
decision_work = { deterministic = "5m" }
[rules.major]
when.created = true
if.severity = ["Sev1"]
then = [{ assign_commander = true }, { open_gate = "failover" }]
"#],
        "09:00:00 b created
         09:00:00 b start mgmt/day/1
         09:01:00 a created
         09:01:00 a rule:major
         09:01:00 a gate_requested failover
         09:20:00 b resolved mgmt/day/1
         09:20:00 a commander_named mgmt/day/1
         09:25:00 a gate_decided:approved failover
         09:25:00 a start front/1
         11:25:00 a resolved front/1",
    );
}

#[test]
fn a_commander_whom_the_workaround_frees_decides_before_anything_else() {
    check(
        "2026-03-03T09:00",
        &[r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", team = "front", workaround_after = "12m", work = { L1 = "1h" } }, { id = "b", at = "12m", severity = "Sev2", team = "mgmt", work = { L1 = "20m" } }]
[severities.Sev1]
[severities.Sev2]
[tiers.L1]
work = { deterministic = "1h" }
[workaround]
share = 1.0
[teams.front]
tier = "L1"
headcount = 1
[teams.mgmt]
tier = "L1"
headcount = 1
[roles.commander]
duty = "commander"
team = "mgmt"
[gates.failover]
approvers = ["commander"]
decision_work = { deterministic = "5m" }
blocks = "release"
[rules.major]
when.created = true
if.severity = ["Sev1"]
then = [{ assign_commander = true }]
[rules.stuck]
when.with_owner = "10m"
if.severity = ["Sev1"]
then = [{ open_gate = "failover" }]
"#],
        "09:00:00 a created
         09:00:00 a rule:major
         09:00:00 a commander_named mgmt/1
         09:00:00 a start front/1
         09:10:00 a rule:stuck
         09:10:00 a gate_requested failover
         09:12:00 a mitigated front/1
         09:12:00 b created
         09:15:00 a gate_decided:approved failover
         09:15:00 b start mgmt/1
         09:35:00 b resolved mgmt/1
         10:00:00 a resolved front/1",
    );
}

#[test]
fn whoever_commands_decides_for_their_role_though_somebody_else_is_on_call_by_then() {
    // The second one is on call from 9:05 on, and nobody is paged.
    check(
        "2026-03-03T09:00",
        &[r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", team = "front", work = { L1 = "1h" } }, { id = "b", at = "12m", severity = "Sev2", team = "mgmt", work = { L1 = "20m" } }]
[severities.Sev1]
[severities.Sev2]
[tiers.L1]
work = { deterministic = "1h" }
[workaround]
share = 1.0
[teams.front]
tier = "L1"
headcount = 1
[teams.mgmt]
shifts.day = { headcount = 2, hours = { "Mon-Sun" = "18:00-20:00" } }
tier = "L1"

[roles.commander]
duty = "commander"
schedule = "mgmt"
[gates.failover]
approvers = ["commander"]
decision_work = { deterministic = "5m" }
blocks = "release"
[rules.major]
when.created = true
if.severity = ["Sev1"]
then = [{ assign_commander = true }]
[rules.stuck]
when.with_owner = "10m"
if.severity = ["Sev1"]
then = [{ open_gate = "failover" }]
[schedules.mgmt]
members = ["mgmt/day/1", "mgmt/day/2"]
turn = "1d"
handoff = "09:05"
acknowledges = { delay = { deterministic = "1m" }, never = 0.0 }
"#],
        "09:00:00 a created
         09:00:00 a rule:major
         09:00:00 a paged:commander mgmt/day/1
         09:00:00 a start front/1
         09:01:00 a acknowledged:commander mgmt/day/1
         09:01:00 a commander_named mgmt/day/1
         09:10:00 a rule:stuck
         09:10:00 a gate_requested failover
         09:12:00 b created
         09:15:00 a gate_decided:approved failover
         10:00:15 a resolved front/1
         18:00:00 b start mgmt/day/1
         18:20:00 b resolved mgmt/day/1",
    );
}

#[test]
fn a_review_finds_the_cause_and_its_fix_prevents_what_would_come() {
    let results = check(
        "2026-03-03T09:00",
        &[&with_desk(
            r#"
tickets = [
    { id = "a", at = "0s", work = { L1 = "1h" }, kind = "cache" },
    { id = "b", at = "7h", work = { L1 = "1h" }, kind = "cache" },
    { id = "c", at = "9h", work = { L1 = "1h" }, kind = "cache" },
    { id = "d", at = "9h", work = { L1 = "1h" } },
]
[severities.Sev1]
[teams.reviewers]
tier = "L1"
headcount = 2
[kinds.cache]
share = 0
problem = { fix = { deterministic = "1h" }, effect = 1.0, team = "reviewers", gate = "board" }
[calendars.board]
hours = { Tue = "17:00-18:00" }
[roles.manager]
team = "reviewers"
[gates.board]
approvers = ["manager"]
meeting = { calendar = "board" }
[reviews]
severity = ["Sev1"]
due = "5d"
team = "reviewers"
people = 3
work = { deterministic = "6h" }
p_root = 1.0
"#,
        )],
        // Three parts of two hours, two people: the last part is done at 14:00, the fix at 15:00, live at the board's
        // meeting at 17:00. `b` comes before that, `c` after it. Their reviewers then do one part after the other.
        "09:00:00 a created
         09:00:00 a start front/1
         10:00:00 a resolved front/1
         10:00:00 a review_scheduled
         14:00:00 a review_done reviewers/1
         14:00:00 a cause_found cache
         15:00:00 a gate_requested board
         16:00:00 b created
         16:00:00 b start front/1
         17:00:00 a gate_decided:approved board
         17:00:00 a fix_live cache
         17:00:00 b resolved front/1
         17:00:00 b review_scheduled
         18:00:00 c prevented cache
         18:00:00 d created
         18:00:00 d start front/1
         19:00:00 d resolved front/1
         19:00:00 d review_scheduled
         21:00:00 b review_done reviewers/1
         23:00:00 d review_done reviewers/2",
    );
    assert_eq!(metric(&results, "review_done_share"), 1.0);
    // Of three tickets, `b` came when the problem had been reviewed, and before it was mended.
    assert_eq!(metric(&results, "recurrence_rate"), 1.0 / 3.0);
}

#[test]
fn a_review_that_nobody_gets_to_in_time_is_dropped() {
    let results = check(
        "2026-03-03T09:00",
        &[
            r#"
tickets = [{ id = "a", at = "0s", work = { L1 = "1h" } }]
[severities.Sev1]
[reviews]
severity = ["Sev1"]
due = "2h"
people = 2
work = { deterministic = "5h" }
"#,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         10:00:00 a resolved front/1
         10:00:00 a review_scheduled
         12:00:00 a review_dropped",
    );
    assert_eq!(metric(&results, "review_done_share"), 0.0);
}

#[test]
fn an_article_saves_work_and_practice_saves_more() {
    check(
        "2026-03-03T09:00",
        &[
            r#"
tickets = [
    { id = "a", at = "0s", work = { L1 = "40m" }, kind = "reset" },
    { id = "b", at = "1h", work = { L1 = "40m" }, kind = "reset" },
    { id = "c", at = "2h", work = { L1 = "40m" }, kind = "reset" },
]
[severities.Sev1]
[kinds.reset]
share = 0
[knowledge.articles]
p_write = 1.0
work = { deterministic = "10m" }
review_delay = "20m"
p_find = 1.0
saves = 0.25
[knowledge.learning]
rate = 0.9
"#,
            ONE_PERSON,
        ],
        // The article is live at 10:10. `c` is the third: two are solved, so the work is 40 min x 0.75 x 0.9.
        "09:00:00 a created
         09:00:00 a start front/1
         09:40:00 a resolved front/1
         09:50:00 a article_written reset
         10:00:00 b created
         10:00:00 b start front/1
         10:40:00 b resolved front/1
         11:00:00 c created
         11:00:00 c start front/1
         11:27:00 c resolved front/1",
    );
}

#[test]
fn an_old_article_is_reviewed_and_as_good_as_new() {
    // An article whose use halves every minute: of no use after an hour. `a` does not find it; solved at 12:00, it has the article
    // reviewed, which is three hours old. At 12:10 the article is new, and `b` finds it: 30 min. At 12:40 it is half an hour
    // old: nothing is done. `c` does not find it any more, and has it reviewed again.
    check(
        "2026-03-03T09:00",
        &[
            r#"
tickets = [
    { id = "a", at = "2h", work = { L1 = "1h" }, kind = "reset" },
    { id = "b", at = "3h 10m", work = { L1 = "1h" }, kind = "reset" },
    { id = "c", at = "5h", work = { L1 = "1h" }, kind = "reset" },
]
[severities.Sev1]
[kinds.reset]
share = 0
[knowledge.articles]
live = ["reset"]
p_write = 0.0
work = { deterministic = "30m" }
renew_after = "1h"
renew_work = { deterministic = "10m" }
half_life = "1m"
p_find = 1.0
saves = 0.5
"#,
            ONE_PERSON,
        ],
        "11:00:00 a created
         11:00:00 a start front/1
         12:00:00 a resolved front/1
         12:10:00 a article_renewed reset
         12:10:00 b created
         12:10:00 b start front/1
         12:40:00 b resolved front/1
         14:00:00 c created
         14:00:00 c start front/1
         15:00:00 c resolved front/1
         15:10:00 c article_renewed reset",
    );
}

#[test]
fn nobody_of_the_process_is_there_to_work_on_nothing() {
    check(
        "2026-03-03T09:00",
        &[
            r#"
tickets = [{ id = "a", at = "0s" }]
[severities.Sev1]
update = "1h"
[communications]
update_work = { deterministic = "5m" }
"#,
            NOBODY,
        ],
        // Without a first response no update is due.
        "09:00:00 a created",
    );
}

#[test]
fn a_second_call_for_teams_that_are_there_already_leaves_what_is_needed_alone() {
    check(
        "2026-03-02T09:00",
        &[r#"tickets = [
                { id = "a", at = "0s", severity = "Sev1", work = { L1 = "3h" } },
                { id = "n", at = "0s", team = "network", severity = "Sev2", work = { L1 = "1h" } },
            ]
            [severities.Sev1]
            mitigate = "2h"
            [severities.Sev2]
            [tiers.L1]
            work = { deterministic = "90m" }
            [teams.front]
            tier = "L1"
            headcount = 1
            [teams.network]
            tier = "L1"
            headcount = 1
            [teams.database]
            tier = "L1"
            headcount = 1
            [rules.inv]
            when = { in_team = "20m" }
            if.team = ["front"]
            then = [{ involve = { teams = ["network", "database"], need = "all" } }]
            [rules.inv2]
            when = { in_team = "30m" }
            if.team = ["front"]
            then = [{ involve = { teams = ["database"] } }]"#],
        "09:00:00 a created
         09:00:00 n created
         09:00:00 n start network/1
         09:00:00 a start front/1
         09:20:00 a rule:inv
         09:20:00 a involved network
         09:20:00 a involved database
         09:30:00 a rule:inv2
         10:00:00 n resolved network/1
         11:00:00 a breach:mitigate
         11:30:00 a mitigated front/1
         12:00:00 a resolved front/1
         = a mitigate due 11:00:00 breached",
    );
}

/// A review of 16 hours, begun half an hour before the end of the shift of the only one who can do it.
fn long_review(shift_end: &str) -> [String; 3] {
    [
        r#"tickets = [{ id = "a", at = "0s", severity = "Sev1", work = { L1 = "30m" } }]"#.to_owned(),
        NO_TARGETS.to_owned(),
        format!(
            r#"
[reviews]
severity = ["Sev1"]
due = "5d"
work = {{ deterministic = "16h" }}
people = 1
[tiers.L1]
work = {{ deterministic = "1h" }}
[teams.front.shifts.day]
headcount = 1
hours = {{ "Mon-Fri" = "09:00-17:00" }}
[teams.front]
tier = "L1"
{shift_end}
"#
        ),
    ]
}

#[test]
fn a_review_goes_by_the_end_of_shifts_that_its_team_has_agreed_on() {
    for (shift_end, done, overtime) in [
        // 30 minutes on Thursday, eight hours on Friday, the rest on Monday.
        ("shift_end = \"hold\"", "16:30:00", 0.0),
        ("shift_end = \"hand-off\"", "16:30:00", 0.0),
        // An hour more on two evenings.
        ("shift_end = \"finish\"\nmax_overtime = \"1h\"", "14:30:00", 2.0),
    ] {
        let parts = long_review(shift_end);
        let results = check(
            "2026-03-05T16:00",
            &parts.each_ref().map(String::as_str),
            &format!(
                "16:00:00 a created
                 16:00:00 a start front/day/1
                 16:30:00 a resolved front/day/1
                 16:30:00 a review_scheduled
                 Mon 03-09 {done} a review_done front/day/1"
            ),
        );
        assert_eq!(metric(&results, "overtime_h"), overtime);
    }
}

#[test]
fn an_update_goes_on_at_the_team_when_the_owner_goes_home() {
    check(
        "2026-03-02T16:05",
        &[r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", work = { L1 = "2h" } }]
[severities.Sev1]
update = "1h"
[tiers.L1]
work = { deterministic = "1h" }
[teams.ops]
tier = "L1"
shift_end = "hand-off"
shifts.day = { headcount = 1, hours = { "Mon-Sun" = "09:00-17:00" } }
shifts.late = { headcount = 1, hours = { "Mon-Sun" = "17:00-01:00" } }
[communications]
update_work = { deterministic = "10m" }
"#],
        "16:05:00 a created
         16:05:00 a start ops/day/1
         16:55:00 a put_aside ops/day/1
         17:00:00 a handed_off ops/day/1
         17:05:00 a update_sent ops/late/1
         17:05:00 a resumed ops/late/1
         17:55:00 a put_aside ops/late/1
         18:05:00 a update_sent ops/late/1
         18:05:00 a resumed ops/late/1
         18:25:00 a resolved ops/late/1",
    );
}

#[test]
fn a_page_does_not_move_what_is_only_to_go_live() {
    check(
        "2026-03-02T12:00",
        &[
            r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", change = "c", work = { L1 = "1h" }, acknowledges = { primary = ["2m"] } }]
[tiers.L1]
work = { deterministic = "1h" }
[tiers.L2]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
[teams.ops]
tier = "L2"
[people]
ada = { team = "ops" }
[schedules.primary]
members = ["ada"]
[teams.boss]
tier = "L2"
headcount = 1
[roles.director]
team = "boss"
reaction = { deterministic = "2h" }
[gates.g]
approvers = ["director"]
decision_work = { deterministic = "10m" }
blocks = "release"
[changes.c]
share = 0.0
gate = "g"
release = { deterministic = "15m" }
[rules.r]
when = { in_team = "90m" }
then = [{ notify = ["primary"] }]
"#,
            NO_TARGETS,
        ],
        "12:00:00 a created
         12:00:00 a start front/1
         13:00:00 a gate_requested g
         13:00:00 a solved front/1
         13:30:00 a rule:r
         13:30:00 a paged ada
         13:32:00 a acknowledged ada
         15:10:00 a gate_decided:approved g
         15:10:00 a resumed front/1
         15:25:00 a resolved front/1",
    );
}

#[test]
fn a_fix_that_follows_a_workaround_is_released_and_written_down() {
    let results = check(
        "2026-03-02T12:00",
        &[
            r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", change = "c", work = { L1 = "1h" }, workaround_after = "20m" }]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
[workaround]
share = 0.0
resolve_on = "mitigation"
[roles.cm]
team = "front"
[gates.g]
approvers = ["cm"]
decision_work = { deterministic = "10m" }
blocks = "release"
[changes.c]
share = 0.0
gate = "g"
release = { deterministic = "15m" }
record = { deterministic = "30m" }
"#,
            NO_TARGETS,
        ],
        "12:00:00 a created
         12:00:00 a start front/1
         12:20:00 a mitigated front/1
         12:20:00 a resolved front/1
         13:00:00 a gate_requested g
         13:10:00 a gate_decided:approved g
         13:25:00 a fix_live",
    );
    // 20 min, the other 40, 10 of deciding, 15 of release and 30 of writing, of three weeks.
    assert_eq!(metric(&results, "occupancy_share"), 115.0 / (21.0 * 24.0 * 60.0));
}

#[test]
fn no_update_is_written_while_its_clock_stands_still() {
    check(
        "2026-03-02T12:00",
        &[r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", work = { L1 = "30m" }, legs = [{ answer_after = "5h", then_work = "2h" }] }]
[severities.Sev1]
update = { within = "1h", pauses = ["customer"] }
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
[teams.press]
tier = "L1"
headcount = 1
[roles.cl]
team = "press"
[communications]
by = "cl"
update_work = { deterministic = "5m" }
"#],
        "12:00:00 a created
         12:00:00 a start front/1
         12:30:00 a pending front/1
         17:30:00 a customer_answered
         17:30:00 a resumed front/1
         18:00:00 a update_sent press/1
         19:00:00 a update_sent press/1
         19:30:00 a resolved front/1",
    );
}

#[test]
fn a_cause_is_found_once_while_its_fix_is_on_the_way() {
    check(
        "2026-03-02T12:00",
        &[
            r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", kind = "k", work = { L1 = "1h" } }, { id = "b", at = "1m", severity = "Sev1", kind = "k", work = { L1 = "1h" } }]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 2
[kinds.k]
share = 0.0
problem = { fix = { deterministic = "4h" }, effect = 1.0 }
[reviews]
severity = ["Sev1"]
due = "5d"
work = { deterministic = "1h" }
people = 1
p_root = 1.0
"#,
            NO_TARGETS,
        ],
        "12:00:00 a created
         12:00:00 a start front/1
         12:01:00 b created
         12:01:00 b start front/2
         13:00:00 a resolved front/1
         13:00:00 a review_scheduled
         13:01:00 b resolved front/2
         13:01:00 b review_scheduled
         14:00:00 a review_done front/1
         14:00:00 a cause_found k
         14:01:00 b review_done front/2
         18:00:00 a fix_live k",
    );
}

#[test]
fn helpers_of_a_ticket_that_its_workaround_resolves_are_free() {
    check(
        "2026-01-05T08:00 UTC",
        &[r#"
[severities.Sev1]
[severities.Sev2]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 2
[swarming]
join_work = "0s"
[rules.help]
when = { created = true }
if = { severity = ["Sev1"] }
then = [{ add_responders = { count = 1, from = "front" } }]
[workaround]
share = 0
resolve_on = "mitigation"
[[tickets]]
id = "a"
at = "0s"
severity = "Sev1"
work = { L1 = "60m" }
workaround_after = "20m"
[[tickets]]
id = "b"
at = "2h"
severity = "Sev2"
work = { L1 = "60m" }
[[tickets]]
id = "c"
at = "2h"
severity = "Sev2"
work = { L1 = "60m" }
"#],
        "08:00:00 a created
         08:00:00 a rule:help
         08:00:00 a start front/1
         08:00:00 a joined front/2
         08:13:24 a mitigated front/1
         08:13:24 a resolved front/1
         08:53:24 a fix_live
         10:00:00 b created
         10:00:00 c created
         10:00:00 b start front/2
         10:00:00 c start front/1
         11:00:00 b resolved front/2
         11:00:00 c resolved front/1",
    );
}

#[test]
fn a_fix_that_somebody_who_joined_made_possible_is_released_and_not_escalated() {
    check(
        "2026-01-05T08:00 UTC",
        &[r#"
[severities.Sev1]
[tiers.L1]
work = { deterministic = "1h" }
[tiers.L2]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
[teams.second]
tier = "L2"
[teams.second.shifts.d]
headcount = 1
hours = { "Mon-Sun" = "08:00-10:00" }
[swarming]
join_work = "0s"
[teams.bosses]
tier = "L1"
headcount = 1
[roles.boss]
team = "bosses"
[gates.cab]
approvers = ["boss"]
decision_work = { deterministic = "2h" }
blocks = "release"
[changes.n]
share = 0
gate = "cab"
release = { deterministic = "30m" }
[rules.help]
when = { created = true }
then = [{ add_responders = { count = 1, from = "second" } }]
[[tickets]]
id = "a"
at = "0s"
able_from = "L2"
work = { L1 = "1h", L2 = "1h" }
change = "n"
"#],
        "08:00:00 a created
         08:00:00 a rule:help
         08:00:00 a start front/1
         08:00:00 a joined second/d/1
         08:40:12 a gate_requested cab
         08:40:12 a solved front/1
         10:40:12 a gate_decided:approved cab
         10:40:12 a resumed front/1
         11:10:12 a resolved front/1",
    );
}

#[test]
fn a_release_is_not_given_to_another_team() {
    // An hour of the release is left when the rule comes.
    check(
        "2026-01-05T08:00 UTC",
        &[
            r#"
[severities.Sev1]
[changes.n]
share = 0
release = { deterministic = "2h" }
[rules.move]
when = { in_team = "2h" }
then = [{ transfer = "second" }]
[[tickets]]
id = "a"
at = "0s"
work = { L1 = "1h", L2 = "5h" }
change = "n"
"#,
            TWO_TIERS,
        ],
        "08:00:00 a created
         08:00:00 a start front/1
         09:00:00 a solved front/1
         09:00:00 a resumed front/1
         10:00:00 a rule:move
         11:00:00 a resolved front/1",
    );
}

#[test]
fn a_gate_in_the_middle_of_a_release_holds_up_the_rest_of_it() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", change = "c", work = { L1 = "1h" } }]
[severities.Sev1]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
[teams.boss]
tier = "L1"
headcount = 1
[roles.director]
team = "boss"
[gates.g]
approvers = ["director"]
decision_work = { deterministic = "10m" }
[gates.h]
approvers = ["director"]
decision_work = { deterministic = "10m" }
[changes.c]
share = 0.0
gate = "g"
release = { deterministic = "2h" }
[rules.r]
when = { in_team = "90m" }
if = { team = ["front"] }
then = [{ open_gate = "h" }]
"#],
        "09:00:00 a created
         09:00:00 a start front/1
         10:00:00 a gate_requested g
         10:00:00 a solved front/1
         10:10:00 a gate_decided:approved g
         10:10:00 a resumed front/1
         10:30:00 a rule:r
         10:30:00 a gated front/1
         10:30:00 a gate_requested h
         10:40:00 a gate_decided:approved h
         10:40:00 a resumed front/1
         12:20:00 a resolved front/1",
    );
}

#[test]
fn whoever_joins_and_is_able_may_find_a_workaround() {
    // Two people are 1.493 as fast as one.
    check(
        "2026-01-05T08:00 UTC",
        &[
            r#"
[severities.Sev1]
[swarming]
join_work = "0s"
[rules.help]
when = { created = true }
then = [{ add_responders = { count = 1, from = "second" } }]
[workaround]
share = 0
[[tickets]]
id = "a"
at = "0s"
able_from = "L2"
work = { L1 = "1h", L2 = "2h" }
workaround_after = "30m"
"#,
            TWO_TIERS,
        ],
        "08:00:00 a created
         08:00:00 a rule:help
         08:00:00 a start front/1
         08:00:00 a joined second/1
         08:20:06 a mitigated front/1
         09:20:24 a resolved front/1",
    );
}

#[test]
fn a_ticket_of_an_incident_is_of_its_kind() {
    check(
        "2026-01-05T08:00 UTC",
        &[
            r#"
[severities.Sev1]
[incidents.outage]
service = "desk"
severity = "Sev1"
[kinds.net]
share = 0
problem = { fix = { deterministic = "1h" }, effect = 1.0 }
[reviews]
severity = ["Sev1"]
due = "2d"
work = { deterministic = "1h" }
people = 1
p_root = 1
[[tickets]]
id = "a"
at = "0s"
incident = "outage"
kind = "net"
work = { L1 = "30m" }
[[tickets]]
id = "b"
at = "1d"
kind = "net"
work = { L1 = "30m" }
"#,
            TWO_TIERS,
        ],
        "08:00:00 a created
         08:00:00 a declared
         08:00:00 a start front/1
         08:30:00 a resolved front/1
         08:30:00 a restored
         08:30:00 a review_scheduled
         09:30:00 a review_done front/1
         09:30:00 a cause_found net
         10:30:00 a fix_live net
         Tue 01-06 08:00:00 b prevented net",
    );
}

#[test]
fn what_is_left_after_a_workaround_is_worked_at_its_persons_pace() {
    check(
        "2026-01-05T08:00 UTC",
        &[r#"
[severities.Sev1]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
[teams.front.shifts.day]
headcount = 0
hours = "24x7"
[people.ann]
team = "front"
shift = "day"
proficiency = 0.5
[workaround]
share = 0
resolve_on = "mitigation"
[[tickets]]
id = "a"
at = "0s"
work = { L1 = "60m" }
workaround_after = "30m"
"#],
        "08:00:00 a created
         08:00:00 a start ann
         09:00:00 a mitigated ann
         09:00:00 a resolved ann
         10:00:00 a fix_live",
    );
}

#[test]
fn an_article_saves_work_of_every_leg() {
    check(
        "2026-01-05T08:00 UTC",
        &[r#"
[severities.Sev1]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 2
[kinds.net]
share = 0
[knowledge.articles]
p_write = 0
work = { deterministic = "1h" }
live = ["net"]
p_find = 1
saves = 0.5
[[tickets]]
id = "a"
at = "0s"
work = { L1 = "20m" }
kind = "net"
legs = [{ answer_after = "10m", then_work = "20m" }, { answer_after = "10m", then_work = "20m" }]
"#],
        "08:00:00 a created
         08:00:00 a start front/1
         08:10:00 a pending front/1
         08:20:00 a customer_answered
         08:20:00 a resumed front/1
         08:30:00 a pending front/1
         08:40:00 a customer_answered
         08:40:00 a resumed front/1
         08:50:00 a resolved front/1",
    );
}

#[test]
fn a_workaround_by_a_team_that_was_involved_resolves_where_workarounds_do() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [
    { id = "a", at = "0s", severity = "Sev1", team = "front", work = { L1 = "4h" } },
]
[severities.Sev1]
[tiers.L1]
work = { deterministic = "30m" }
[teams.front]
tier = "L1"
headcount = 1
[teams.network]
tier = "L1"
headcount = 1
[workaround]
share = 0.0
resolve_on = "mitigation"
[rules.inv]
when = { in_team = "20m" }
if = { team = ["front"] }
then = [{ involve = { teams = ["network"] } }]
"#],
        "09:00:00 a created
         09:00:00 a start front/1
         09:20:00 a rule:inv
         09:20:00 a involved network
         09:50:00 a mitigated front/1
         09:50:00 a resolved front/1
         13:00:00 a fix_live",
    );
}

#[test]
fn a_team_is_involved_anew_in_a_ticket_that_comes_back() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [
    { id = "a", at = "0s", severity = "Sev1", team = "front", work = { L1 = "2h" }, reopens_after = ["1h"] },
]
[severities.Sev1]
[tiers.L1]
work = { deterministic = "30m" }
[teams.front]
tier = "L1"
headcount = 1
[teams.network]
tier = "L1"
headcount = 1
[rules.i0]
when = { in_team = "10m" }
if = { reopenings = { at_most = 0 } }
then = [{ involve = { teams = ["network"], need = "all" } }]
[rules.i1]
when = { reopened = true }
then = [{ involve = { teams = ["network"], need = "all" } }]
"#],
        "09:00:00 a created
         09:00:00 a start front/1
         09:10:00 a rule:i0
         09:10:00 a involved network
         09:40:00 a mitigated front/1
         11:00:00 a resolved front/1
         12:00:00 a reopened
         12:00:00 a rule:i1
         12:00:00 a involved network
         12:00:00 a start front/1
         14:00:00 a resolved front/1",
    );
}

#[test]
fn nobody_works_on_a_part_of_a_ticket_that_was_left() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [
    { id = "a", at = "0s", severity = "Sev1", team = "front", leaves_after = "30m" }, { id = "o", at = "31m", severity = "Sev1", team = "net", work = { L1 = "10m" } },
]
[severities.Sev1]
[tiers.L1]
work = { deterministic = "90m" }
[teams.front]
tier = "L1"
headcount = 0
[teams.net]
tier = "L1"
headcount = 1
[rules.inv]
when = { in_team = "20m" }
if = { team = ["front"] }
then = [{ involve = { teams = ["net"] } }]
"#],
        "09:00:00 a created
         09:20:00 a rule:inv
         09:20:00 a involved net
         09:30:00 a abandoned
         09:31:00 o created
         09:31:00 o start net/1
         09:41:00 o resolved net/1",
    );
}

#[test]
fn the_owner_commands_again_when_the_commander_has_gone() {
    // An hour at the full pace, then three at half of it.
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", team = "front", work = { L1 = "4h" } }]
[severities.Sev1]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
[teams.mgmt]
tier = "L1"
shift_end = "hand-off"
shifts.day = { headcount = 1, hours = { "Mon-Sun" = "09:00-10:00" } }
[roles.c]
duty = "commander"
team = "mgmt"
owner_penalty = 0.5
[rules.m]
when.created = true
then = [{ assign_commander = true }]
"#],
        "09:00:00 a created
         09:00:00 a rule:m
         09:00:00 a commander_named mgmt/day/1
         09:00:00 a start front/1
         16:00:00 a resolved front/1",
    );
}

#[test]
fn the_commander_of_a_linked_ticket_is_free() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [
    { id = "p", at = "0s", severity = "Sev2", team = "front", incident = "f", work = { L1 = "5h" } }, { id = "c", at = "1m", severity = "Sev1", team = "net", incident = "f", linked_after = "10m", work = { L1 = "1h" } }, { id = "n", at = "30m", severity = "Sev1", team = "net", work = { L1 = "1h" } },
]
[severities.Sev1]
[severities.Sev2]
[incidents.f]
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
duty = "commander"
team = "mgmt"
owner_penalty = 0.5
[rules.m]
when.created = true
if.severity = ["Sev1"]
then = [{ assign_commander = true }]
"#],
        "09:00:00 p created
         09:00:00 p declared
         09:00:00 p start front/1
         09:01:00 c created
         09:01:00 c rule:m
         09:01:00 c commander_named mgmt/1
         09:01:00 c start net/1
         09:11:00 c taken net/1
         09:11:00 c worked_in_vain
         09:11:00 c linked p
         09:30:00 n created
         09:30:00 n rule:m
         09:30:00 n commander_named mgmt/1
         09:30:00 n start net/1
         10:30:00 n resolved net/1
         14:00:00 p resolved front/1
         14:00:00 p restored
         14:00:00 c resolved front/1",
    );
}

#[test]
fn an_update_follows_its_ticket_to_another_team() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [{ id = "a", at = "30m", severity = "Sev1", team = "front", work = { L1 = "4h" } }]
[severities.Sev1]
update = "30m"
[tiers.L1]
work = { deterministic = "90m" }
[teams.front]
tier = "L1"
shift_end = "hand-off"
shifts.d = { headcount = 1, hours = { "Mon-Sun" = "09:00-10:00" } }
[teams.night]
tier = "L1"
headcount = 1
[communications]
update_work = { deterministic = "6m" }
[rules.r]
when = { in_team = "60m" }
if = { team = ["front"] }
then = [{ transfer = "night" }]
"#],
        "09:30:00 a created
         09:30:00 a start front/d/1
         09:54:00 a put_aside front/d/1
         10:00:00 a handed_off front/d/1
         10:30:00 a rule:r
         10:30:00 a transferred night
         10:36:00 a updates_missed:2
         10:36:00 a update_sent night/1
         10:36:00 a resumed night/1
         11:00:00 a put_aside night/1
         11:06:00 a update_sent night/1
         11:06:00 a resumed night/1
         11:30:00 a put_aside night/1
         11:36:00 a update_sent night/1
         11:36:00 a resumed night/1
         12:00:00 a put_aside night/1
         12:06:00 a update_sent night/1
         12:06:00 a resumed night/1
         12:30:00 a put_aside night/1
         12:36:00 a update_sent night/1
         12:36:00 a resumed night/1
         13:00:00 a put_aside night/1
         13:06:00 a update_sent night/1
         13:06:00 a resumed night/1
         13:30:00 a put_aside night/1
         13:36:00 a update_sent night/1
         13:36:00 a resumed night/1
         14:00:00 a put_aside night/1
         14:06:00 a update_sent night/1
         14:06:00 a resumed night/1
         14:30:00 a put_aside night/1
         14:36:00 a update_sent night/1
         14:36:00 a resumed night/1
         15:00:00 a resolved night/1",
    );
}

#[test]
fn a_gate_of_the_release_holds_up_the_rest_that_follows_a_workaround() {
    // Resolved by the workaround after twenty minutes; the rest is done at nine, and may go live at eleven.
    check(
        "2026-01-05T08:00 UTC",
        &[
            r#"
tickets = [{ id = "a", at = "0s", work = { L1 = "1h" }, workaround_after = "20m" }]
[severities.Sev1]
[roles.boss]
team = "bosses"
[gates.cab]
approvers = ["boss"]
decision_work = { deterministic = "3h" }
blocks = "release"
[rules.g]
when = { created = true }
then = [{ open_gate = "cab" }]
[workaround]
share = 0
resolve_on = "mitigation"
"#,
            ONE_PERSON,
            "[teams.bosses]\ntier = \"L1\"\nheadcount = 1\n",
        ],
        "08:00:00 a created
         08:00:00 a rule:g
         08:00:00 a gate_requested cab
         08:00:00 a start front/1
         08:20:00 a mitigated front/1
         08:20:00 a resolved front/1
         11:00:00 a gate_decided:approved cab
         11:00:00 a fix_live",
    );
}

#[test]
fn a_review_goes_by_what_the_resolution_made_of_the_severity() {
    check(
        "2026-03-02T09:00 UTC",
        &[
            r#"
[severities.Sev1]
[severities.Sev2]
[reviews]
severity = ["Sev1"]
due = "2d"
work = { deterministic = "1h" }
people = 1
[rules.up]
when = { resolved = true }
then = [{ raise = 1 }]
[[tickets]]
id = "a"
at = "0s"
severity = "Sev2"
work = { L1 = "1h" }
"#,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         10:00:00 a resolved front/1
         10:00:00 a rule:up
         10:00:00 a severity:Sev1
         10:00:00 a review_scheduled
         11:00:00 a review_done front/1",
    );
}

#[test]
fn a_release_at_another_pace_ends() {
    check(
        "2026-03-02T00:00 UTC",
        &[r#"
tickets = [{ at = "9h", severity = "S", work = { L1 = "1h" }, change = "norm" } ]
[severities.S]
[tiers.L1]
work.deterministic = "1h"
[teams.main]
tier = "L1"
headcount = 1
proficiency = 2.1
[changes.norm]
share = 0.5
release = { deterministic = "1000s" }
"#],
        "09:00:00 1 created
         09:00:00 1 start main/1
         09:28:34.286 1 solved main/1
         09:28:34.286 1 resumed main/1
         09:36:30.476 1 resolved main/1",
    );
}

#[test]
fn getting_into_a_ticket_again_brings_no_workaround_nearer() {
    check(
        "2026-03-02T09:00 UTC",
        &[
            r#"
tickets = [
 { id = "a", at = "0s", severity = "Sev3", work = { L1 = "60m" }, workaround_after = "30m" },
 { id = "b", at = "10m", severity = "Sev1", work = { L1 = "10m" } },
]
[workaround]
share = 0.0
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
preemption = { switch_cost = "10m" }
"#,
            NO_TARGETS,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         09:10:00 b created
         09:10:00 a preempted front/1
         09:10:00 b start front/1
         09:20:00 b resolved front/1
         09:20:00 a resumed front/1
         09:50:00 a mitigated front/1
         10:20:00 a resolved front/1",
    );
}

#[test]
fn context_that_is_lost_brings_no_workaround_nearer() {
    check(
        "2026-03-02T16:30 UTC",
        &[
            r#"
handoff = { shift_end = "cold", context_loss = 0.5 }
tickets = [
 { id = "a", at = "0s", severity = "Sev3", work = { L1 = "60m" }, workaround_after = "40m" },
]
[workaround]
share = 0.0
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
shift_end = "hand-off"
shifts.day = { headcount = 1, hours = { "Mon-Sun" = "09:00-17:00" } }
shifts.eve = { headcount = 1, hours = { "Mon-Sun" = "17:00-23:00" } }
"#,
            NO_TARGETS,
        ],
        "16:30:00 a created
         16:30:00 a start front/day/1
         17:00:00 a handed_off front/day/1
         17:00:00 a resumed front/eve/1
         17:25:00 a mitigated front/eve/1
         17:45:00 a resolved front/eve/1",
    );
}

#[test]
fn seeing_that_a_severity_is_wrong_brings_no_workaround_nearer() {
    check(
        "2026-03-02T09:00 UTC",
        &[
            r#"
tickets = [
 { id = "a", at = "0s", severity = "Sev3", reported = "Sev2", work = { L1 = "60m" }, workaround_after = "10m" },
]
[triage.override]
over = 1.0
under = 1.0
work = "20m"
[workaround]
share = 0.0
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
"#,
            NO_TARGETS,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         09:20:00 a severity:Sev3
         09:30:00 a mitigated front/1
         10:20:00 a resolved front/1",
    );
}

#[test]
fn who_joins_finds_done_what_was_done_of_the_work_itself() {
    check(
        "2026-03-02T09:00 UTC",
        &[
            r#"
tickets = [
 { id = "a", at = "0s", severity = "Sev3", able_from = "L2", work = { L1 = "60m", L2 = "60m" } },
 { id = "b", at = "10m", severity = "Sev1", work = { L1 = "10m" } },
 { id = "c", at = "0s", severity = "Sev3", team = "second", able_from = "L2", work = { L2 = "30m" } },
]
[swarming]
join_work = "0s"
speed = { linear = true }
[rules.r]
when = { created = true }
if = { severity = ["Sev3"], team = ["front"] }
then = [{ add_responders = { count = 1, from = "second" } }]
[tiers.L1]
work = { deterministic = "1h" }
[tiers.L2]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
preemption = { switch_cost = "10m" }
[teams.second]
tier = "L2"
headcount = 1
"#,
            NO_TARGETS,
        ],
        "09:00:00 a created
         09:00:00 a rule:r
         09:00:00 c created
         09:00:00 c start second/1
         09:00:00 a start front/1
         09:10:00 b created
         09:10:00 a preempted front/1
         09:10:00 b start front/1
         09:20:00 b resolved front/1
         09:20:00 a resumed front/1
         09:30:00 c resolved second/1
         09:30:00 a joined second/1
         09:55:00 a resolved front/1",
    );
}

#[test]
fn an_update_that_a_rule_asked_for_ends_with_its_ticket() {
    check(
        "2026-03-02T09:00 UTC",
        &[
            r#"
tickets = [
 { id = "a", at = "0s", severity = "Sev3", work = { L1 = "30m" } },
 { id = "y", at = "241m", severity = "Sev1", team = "second", work = { L2 = "1h" } },
 { id = "z", at = "0s", severity = "Sev1", team = "second", work = { L2 = "4h" } },
]
[communications]
by = "lead"
update_work = { deterministic = "10m" }
[roles.lead]
team = "second"
[rules.r]
when = { in_team = "20m" }
if = { severity = ["Sev3"] }
then = [{ update = true }]
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
"#,
            NO_TARGETS,
        ],
        "09:00:00 a created
         09:00:00 z created
         09:00:00 z start second/1
         09:00:00 a start front/1
         09:20:00 a rule:r
         09:30:00 a resolved front/1
         13:00:00 z resolved second/1
         13:01:00 y created
         13:01:00 y start second/1
         14:01:00 y resolved second/1",
    );
}

#[test]
fn a_break_that_is_due_comes_after_the_update_that_is_written_at_once() {
    check(
        "2026-03-02T09:00 UTC",
        &[r#"
tickets = [ { id = "a", at = "0s", severity = "Sev3", work = { L1 = "6h" } } ]
[severities.Sev1]
[severities.Sev2]
[severities.Sev3]
update = "1h"
[communications]
update_work = { deterministic = "10m" }
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
shrinkage = { breaks = 0.125, break_count = 1, break_slip = "45m" }
shifts.day = { headcount = 1, hours = { "Mon-Sun" = "09:00-17:00" } }
[teams.second]
tier = "L1"
headcount = 1
"#],
        "09:00:00 a created
         09:00:00 a start front/day/1
         09:50:00 a put_aside front/day/1
         10:00:00 a update_sent front/day/1
         10:00:00 a resumed front/day/1
         10:50:00 a put_aside front/day/1
         11:00:00 a update_sent front/day/1
         11:00:00 a resumed front/day/1
         11:50:00 a put_aside front/day/1
         12:00:00 a update_sent front/day/1
         12:00:00 a resumed front/day/1
         12:50:00 a put_aside front/day/1
         13:00:00 a update_sent front/day/1
         14:10:00 a updates_missed:1
         14:10:00 a update_sent front/day/1
         14:10:00 a resumed front/day/1
         15:00:00 a put_aside front/day/1
         15:10:00 a update_sent front/day/1
         15:10:00 a resumed front/day/1
         16:00:00 a put_aside front/day/1
         16:10:00 a update_sent front/day/1
         16:10:00 a resumed front/day/1
         17:00:00 a put_aside front/day/1
         17:10:00 a update_sent front/day/1
         17:10:00 a resumed front/day/1
         17:20:00 a resolved front/day/1",
    );
}

#[test]
fn nobody_writes_in_the_middle_of_another_conversation() {
    check(
        "2026-03-02T09:00 UTC",
        &[r#"
tickets = [
 { id = "a", at = "0s", severity = "Sev3", work = { L1 = "3h" } },
 { id = "b", at = "10m", severity = "Sev4", work = { L1 = "4h" } },
]
[severities.Sev1]
[severities.Sev2]
[severities.Sev3]
update = "1h"
[severities.Sev4]
[communications]
update_work = { deterministic = "10m" }
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
concurrency = { most = 2, slowdown = 0.0 }
"#],
        "09:00:00 a created
         09:00:00 a start front/1
         09:10:00 b created
         09:10:00 b start front/1
         12:00:00 a updates_missed:2
         12:00:00 a resolved front/1
         13:10:00 b resolved front/1",
    );
}

/// A ticket that its second team looks at and rejects once; three minutes of solving it bring a workaround.
const LOOKED_AT_AND_REJECTED: &str = r#"
handoff = { rejected = 1.0, reject_work = "5m" }
tickets = [ { id = "t", at = "0s", severity = "Sev1", able_from = "L2", work = { L1 = "10m", L2 = "1h" }, workaround_after = "3m" } ]
[severities.Sev1]
resolve = "4h"
mitigate = "2h"
[severities.Sev2]
resolve = "8h"
[severities.Sev3]
resolve = "24h"
[tiers.L1]
work = { deterministic = "1h" }
diagnosis = { deterministic = "10m" }
escalates.L2 = 0.5
[tiers.L2]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
[teams.back]
tier = "L2"
headcount = 1
"#;

#[test]
fn looking_at_a_ticket_finds_no_workaround() {
    check(
        "2026-03-02T09:00 UTC",
        &[LOOKED_AT_AND_REJECTED, "[workaround]\nshare = 0.0"],
        "09:00:00 t created
         09:00:00 t start front/1
         09:10:00 t escalated front/1
         09:10:00 t start back/1
         09:15:00 t rejected back
         09:15:00 t sent_back back/1
         09:15:00 t start front/1
         09:20:00 t escalated front/1
         09:20:00 t start back/1
         09:23:00 t mitigated back/1
         10:20:00 t resolved back/1
         = t mitigate due 11:00:00 met | resolve due 13:00:00 met",
    );
}

#[test]
fn looking_at_a_ticket_resolves_nothing() {
    check(
        "2026-03-02T09:00 UTC",
        &[
            LOOKED_AT_AND_REJECTED,
            "[workaround]\nshare = 0.0\nresolve_on = \"mitigation\"",
        ],
        "09:00:00 t created
         09:00:00 t start front/1
         09:10:00 t escalated front/1
         09:10:00 t start back/1
         09:15:00 t rejected back
         09:15:00 t sent_back back/1
         09:15:00 t start front/1
         09:20:00 t escalated front/1
         09:20:00 t start back/1
         09:23:00 t mitigated back/1
         09:23:00 t resolved back/1
         10:20:00 t fix_live
         = t mitigate due 11:00:00 met | resolve due 13:00:00 met",
    );
}

#[test]
fn nobody_joins_who_only_looks_at_a_ticket() {
    check(
        "2026-03-02T09:00 UTC",
        &[r#"
handoff = { rejected = 1.0, reject_work = "5m" }
swarming = { join_work = "1m", speed = { linear = true } }
tickets = [ { id = "t", at = "0s", severity = "Sev1", able_from = "L3", work = { L1 = "10m", L2 = "20m", L3 = "1h" } } ]
[severities.Sev1]
resolve = "4h"
mitigate = "2h"
[severities.Sev2]
resolve = "8h"
[severities.Sev3]
resolve = "24h"
[tiers.L1]
work = { deterministic = "1h" }
diagnosis = { deterministic = "10m" }
escalates.L2 = 0.5
[tiers.L2]
work = { deterministic = "1h" }
diagnosis = { deterministic = "20m" }
escalates.L3 = 0.5
[tiers.L3]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
[teams.back]
tier = "L2"
headcount = 1
[teams.eng]
tier = "L3"
headcount = 1
[rules.swarm]
when = { in_tier = "2m" }
if = { tier = ["L2"] }
then = [{ add_responders = { count = 1, from = "eng" } }]
"#],
        "09:00:00 t created
         09:00:00 t start front/1
         09:10:00 t escalated front/1
         09:10:00 t start back/1
         09:12:00 t rule:swarm
         09:15:00 t rejected back
         09:15:00 t sent_back back/1
         09:15:00 t start front/1
         09:20:00 t escalated front/1
         09:20:00 t start back/1
         09:20:00 t joined eng/1
         09:22:00 t rule:swarm
         09:50:30 t resolved back/1
         = t mitigate due 11:00:00 met | resolve due 13:00:00 met",
    );
}

#[test]
fn a_workaround_comes_of_a_ticket_that_is_its_own_again() {
    check(
        "2026-03-02T09:00 UTC",
        &[r#"
tickets = [ { id = "p", at = "0s", severity = "Sev2", incident = "f", work = { L1 = "10m" }, legs = [{ answer_after = "90d", then_work = "1h" }] },
 { id = "c", at = "0s", severity = "Sev1", incident = "f", linked_after = "30m", work = { L1 = "2h" }, workaround_after = "60m" } ]
[pending]
share = 0.0
wait = { deterministic = "1h" }
close_after = "30m"
[workaround]
share = 0.0
[incidents.f]
linking = { share = 0.0 }
[severities.Sev1]
mitigate = "80m"
[severities.Sev2]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 2
"#],
        "09:00:00 p created
         09:00:00 p declared
         09:00:00 c created
         09:00:00 c start front/1
         09:00:00 p start front/2
         09:10:00 p pending front/2
         09:30:00 c taken front/1
         09:30:00 c worked_in_vain
         09:30:00 c linked p
         09:40:00 p closed_unanswered
         09:40:00 c resumed front/2
         10:10:00 c mitigated front/2
         10:10:00 c restored
         11:10:00 c resolved front/2
         = c mitigate due 10:20:00 met",
    );
}

#[test]
fn updates_go_on_for_a_ticket_that_was_linked_while_it_waited() {
    check(
        "2026-03-02T09:00 UTC",
        &[r#"
tickets = [ { id = "p", at = "0s", severity = "Sev2", incident = "f", work = { L1 = "3h" } },
 { id = "c", at = "0s", severity = "Sev1", incident = "f", linked_after = "20m", work = { L1 = "10m" }, legs = [{ answer_after = "90d", then_work = "1h" }] },
 { id = "d", at = "0s", severity = "Sev1", incident = "f", linked_after = "20m", work = { L1 = "90m" } } ]
[communications]
by = "lead"
update_work = { deterministic = "6m" }
[roles.lead]
team = "comm"
[incidents.f]
linking = { share = 0.0 }
[severities.Sev1]
update = { within = "30m", pauses = ["customer"] }
[severities.Sev2]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 3
[teams.comm]
tier = "L1"
headcount = 2
skills = []
"#],
        "09:00:00 p created
         09:00:00 p declared
         09:00:00 c created
         09:00:00 d created
         09:00:00 c start front/1
         09:00:00 d start front/2
         09:00:00 p start front/3
         09:10:00 c pending front/1
         09:20:00 c worked_in_vain
         09:20:00 c linked p
         09:20:00 d taken front/2
         09:20:00 d worked_in_vain
         09:20:00 d linked p
         09:30:00 d update_sent comm/1
         09:40:00 c update_sent comm/2
         10:00:00 d update_sent comm/1
         10:10:00 c update_sent comm/2
         10:30:00 d update_sent comm/1
         10:40:00 c update_sent comm/2
         11:00:00 d update_sent comm/1
         11:10:00 c update_sent comm/2
         11:30:00 d update_sent comm/1
         11:40:00 c update_sent comm/2
         12:00:00 p resolved front/3
         12:00:00 p restored
         12:00:00 c resolved front/3
         12:00:00 d resolved front/3",
    );
}

#[test]
fn a_mended_cause_keeps_whole_faults_from_coming() {
    let results = check(
        "2026-03-03T09:00",
        &[r#"
[severities.Sev1]
[incidents.outage]
at = ["0s", "5d"]
severity = "Sev1"
children = { after = ["10m", "20m"], mix = { Sev1 = 1.0 } }
linking = { share = 1.0 }
[kinds.net]
share = { Sev1 = 1.0, other = 0.0 }
problem = { effect = 1.0 }
[reviews]
severity = ["Sev1"]
due = "5d"
work = { deterministic = "2h" }
people = 1
p_root = 1.0
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
"#],
        "09:00:00 1 created
         09:00:00 1 declared
         09:00:00 1 start front/1
         09:10:00 2 created
         09:10:00 2 linked 1
         09:20:00 3 created
         09:20:00 3 linked 1
         10:00:00 1 resolved front/1
         10:00:00 1 restored
         10:00:00 2 resolved front/1
         10:00:00 3 resolved front/1
         10:00:00 1 review_scheduled
         12:00:00 1 review_done front/1
         12:00:00 1 cause_found net
         12:00:00 1 fix_live net",
    );
    assert_eq!(metric(&results, "prevented_share"), 1.0 / 4.0);
}

#[test]
fn an_owner_writes_while_nobody_is_on_call_to_do_it() {
    let results = check(
        "2026-03-03T09:00",
        &[r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", work = { L1 = "1h" }, acknowledges = { press = ["1m"] } }]
[severities.Sev1]
update = "20m"
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
[teams.press]
tier = "L1"
headcount = 0
[people.lea]
team = "press"
[schedules.press]
members = ["lea"]
restriction = { "Mon-Sun" = "09:20-18:00" }
[roles.lead]
schedule = "press"
[communications]
by = "lead"
update_work = { deterministic = "5m" }
lead_time = "8m"
"#],
        "09:00:00 a created
         09:00:00 a start front/1
         09:12:00 a uncovered
         09:12:00 a put_aside front/1
         09:17:00 a update_sent front/1
         09:17:00 a resumed front/1
         09:29:00 a paged:lead lea
         09:30:00 a acknowledged:lead lea
         09:35:00 a update_sent lea
         09:52:00 a update_sent lea
         10:05:00 a resolved front/1",
    );
    assert_eq!(metric(&results, "missed_update_share"), 0.0);
}
