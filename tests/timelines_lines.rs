//! Timelines of whose a ticket is and what it waits behind: lines of people, assignments, breaks and overtime, preemption, teams that
//! send back, swarms. To the millisecond, as in `timelines`.

mod timelines_support;

use timelines_support::{ONE_PERSON, TWO_TIERS, check, metric};

#[test]
fn a_team_that_looks_at_a_ticket_and_sends_it_back_has_not_begun_it() {
    check(
        "2026-03-02T00:00",
        &[r#"
tickets = [{ id = "a", at = "1m", severity = "Sev1", work = { L1 = "60m" } }, { id = "x", at = "0s", severity = "Sev1", work = { L1 = "30m" } }]
[severities.Sev1]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
[teams.other]
tier = "L1"
headcount = 1
[handoff]
rejected = 1.0
reject_work = "5m"
[rules.send]
when = { in_queue = { after = "10m" } }
if = { team = ["front"] }
then = [{ transfer = "other" }]
max = 1
"#],
        "00:00:00 x created
         00:00:00 x start front/1
         00:01:00 a created
         00:11:00 a rule:send
         00:11:00 a transferred other
         00:11:00 a start other/1
         00:16:00 a rejected other
         00:16:00 a sent_back other/1
         00:30:00 x resolved front/1
         00:30:00 a start front/1
         00:35:00 a sent_back front/1
         00:35:00 a start other/1
         01:35:00 a resolved other/1",
    );
}

#[test]
fn what_waits_for_somebody_on_overtime_goes_to_their_team() {
    check(
        "2026-03-02T16:00",
        &[r#"
tickets = [
 { id = "a", at = "0s", severity = "Sev1", work = { L1 = "10m" }, legs = [{ answer_after = "30m", then_work = "10m" }] },
 { id = "x", at = "11m", severity = "Sev3", work = { L1 = "3h" } },
]
[severities.Sev1]
[severities.Sev3]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
[teams.front.shifts.day]
headcount = 1
hours = { "Mon-Sun" = "09:00-17:00" }
[teams.front.shifts.evening]
headcount = 1
hours = { "Mon-Sun" = "17:00-01:00" }
"#],
        "16:00:00 a created
         16:00:00 a start front/day/1
         16:10:00 a pending front/day/1
         16:11:00 x created
         16:11:00 x start front/day/1
         16:40:00 a customer_answered
         17:00:00 a handed_off front/day/1
         17:00:00 a resumed front/evening/1
         17:10:00 a resolved front/evening/1
         19:00:00 x handed_off front/day/1
         19:00:00 x resumed front/evening/1
         19:11:00 x resolved front/evening/1",
    );
}

#[test]
fn whoever_is_preempted_takes_a_break_that_is_due_afterwards() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [
 { id = "a", at = "1s", severity = "Sev4", work = { L1 = "6h" } },
 { id = "s", at = "4h", severity = "Sev1", work = { L1 = "10m" } },
]
[severities.Sev1]
[severities.Sev4]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
preemption = { switch_cost = "5m" }
shrinkage = { breaks = 0.125, break_count = 1, break_slip = "2h" }
[teams.front.shifts.day]
headcount = 1
hours = { "Mon-Sun" = "09:00-17:00" }
"#],
        "09:00:01 a created
         09:00:01 a start front/day/1
         13:00:00 s created
         13:00:00 a preempted front/day/1
         13:00:00 s start front/day/1
         13:10:00 s resolved front/day/1
         14:10:00 a resumed front/day/1
         16:15:01 a resolved front/day/1",
    );
}

#[test]
fn one_more_severe_ticket_interrupts_one_person() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [
 { id = "a", at = "1s", severity = "Sev4", work = { L1 = "6h" } },
 { id = "b", at = "2s", severity = "Sev3", work = { L1 = "6h" } },
 { id = "s", at = "2h 10m", severity = "Sev1", work = { L1 = "10m" } },
]
[severities.Sev1]
[severities.Sev3]
[severities.Sev4]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
preemption = { switch_cost = "5m" }
shrinkage = { breaks = 0.125, break_count = 1, break_slip = "2h" }
[teams.front.shifts.day]
headcount = 2
hours = { "Mon-Sun" = "09:00-17:00" }
"#],
        "09:00:01 a created
         09:00:01 a start front/day/1
         09:00:02 b created
         09:00:02 b start front/day/2
         11:10:00 s created
         11:10:00 a preempted front/day/1
         11:10:00 s start front/day/1
         11:20:00 s resolved front/day/1
         12:20:00 a resumed front/day/1
         15:00:02 b resolved front/day/2
         16:15:01 a resolved front/day/1",
    );
}

#[test]
fn a_ticket_that_waits_for_its_customer_counts_for_its_new_owner() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [
 { id = "a", at = "0s", service = "vip", severity = "Sev1", work = { L1 = "10m" }, legs = [{ answer_after = "2h", then_work = "10m" }] },
 { id = "n1", service = "main", at = "10h", severity = "Sev1", work = { L1 = "10m" } },
 { id = "n2", service = "main", at = "11h", severity = "Sev1", work = { L1 = "10m" } },
 { id = "n3", service = "main", at = "12h", severity = "Sev1", work = { L1 = "10m" } },
 { id = "n4", service = "main", at = "13h", severity = "Sev1", work = { L1 = "10m" } },
]
[severities.Sev1]
[services.main]
[services.vip]
primary = "front/1"
secondary = "front/2"
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 2
routing = { mode = "least-loaded" }
[rules.t]
when = { pending = "1h" }
then = [{ to_secondary = true }]
"#],
        "09:00:00 a created
         09:00:00 a start front/1
         09:10:00 a pending front/1
         10:10:00 a rule:t
         11:10:00 a customer_answered
         11:10:00 a resumed front/2
         11:20:00 a resolved front/2
         19:00:00 n1 created
         19:00:00 n1 start front/1
         19:10:00 n1 resolved front/1
         20:00:00 n2 created
         20:00:00 n2 start front/2
         20:10:00 n2 resolved front/2
         21:00:00 n3 created
         21:00:00 n3 start front/1
         21:10:00 n3 resolved front/1
         22:00:00 n4 created
         22:00:00 n4 start front/2
         22:10:00 n4 resolved front/2",
    );
}

#[test]
fn a_ticket_raised_in_a_line_interrupts_its_person() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [
 { id = "a", at = "0s", service = "up", severity = "Sev3", work = { L1 = "10m" }, legs = [{ answer_after = "30m", then_work = "30m" }] },
 { id = "x", service = "main", at = "11m", severity = "Sev3", work = { L1 = "5h" } },
]
[severities.Sev1]
[severities.Sev2]
[severities.Sev3]
[services.main]
[services.up]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
preemption = { switch_cost = "5m" }
[rules.up]
when = { in_tier = { after = "1h", count_pending = true } }
if = { service = ["up"] }
then = [{ raise = "Sev1" }]
"#],
        "09:00:00 a created
         09:00:00 a start front/1
         09:10:00 a pending front/1
         09:11:00 x created
         09:11:00 x start front/1
         09:40:00 a customer_answered
         10:00:00 a rule:up
         10:00:00 a severity:Sev1
         10:00:00 x preempted front/1
         10:00:00 a resumed front/1
         10:30:00 a resolved front/1
         10:30:00 x resumed front/1
         14:46:00 x resolved front/1",
    );
}

#[test]
fn a_ticket_raised_in_a_line_stands_further_ahead() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [
 { id = "x", service = "main", at = "0s", severity = "Sev3", work = { L1 = "2h" } },
 { id = "b", service = "main", at = "1m", severity = "Sev3", work = { L1 = "1h" } },
 { id = "c", service = "other", at = "2m", severity = "Sev3", work = { L1 = "1h" } },
]
[severities.Sev1]
[severities.Sev2]
[severities.Sev3]
[services.main]
[services.other]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
routing = { assign = "push" }
[rules.up]
when = { in_queue = { after = "30m" } }
if = { service = ["other"] }
then = [{ raise = "Sev1" }]
"#],
        "09:00:00 x created
         09:00:00 x start front/1
         09:01:00 b created
         09:02:00 c created
         09:32:00 c rule:up
         09:32:00 c severity:Sev1
         11:00:00 x resolved front/1
         11:00:00 c start front/1
         12:00:00 c resolved front/1
         12:00:00 b start front/1
         13:00:00 b resolved front/1",
    );
}

#[test]
fn the_discipline_chooses_among_all_that_waits_for_a_person() {
    check(
        "2026-03-02T09:00",
        &[
            r#"
tickets = [
 { id = "a", at = "0s", severity = "Sev4", work = { L1 = "10m" }, legs = [{ answer_after = "30m", then_work = "30m" }] },
 { id = "b", at = "10m", severity = "Sev1", work = { L1 = "10m" }, legs = [{ answer_after = "30m", then_work = "30m" }] },
 { id = "x", at = "20m", severity = "Sev4", work = { L1 = "1h" } },
 { id = "q", at = "25m", severity = "Sev3", work = { L1 = "1h" } },
]
[severities.Sev1]
[severities.Sev3]
[severities.Sev4]
"#,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         09:10:00 a pending front/1
         09:10:00 b created
         09:10:00 b start front/1
         09:20:00 b pending front/1
         09:20:00 x created
         09:20:00 x start front/1
         09:25:00 q created
         09:40:00 a customer_answered
         09:50:00 b customer_answered
         10:20:00 x resolved front/1
         10:20:00 b resumed front/1
         10:50:00 b resolved front/1
         10:50:00 q start front/1
         11:50:00 q resolved front/1
         11:50:00 a resumed front/1
         12:20:00 a resolved front/1",
    );
}

#[test]
fn what_comes_back_goes_to_the_primary_and_the_discipline_orders_their_line() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [
 { id = "x", service = "main", at = "0s", severity = "Sev4", work = { L1 = "1h" }, reopens_after = ["30m"] },
 { id = "a", service = "main", at = "10m", severity = "Sev4", work = { L1 = "1h" } },
 { id = "b", service = "main", at = "20m", severity = "Sev1", work = { L1 = "1h" } },
]
[severities.Sev1]
[severities.Sev4]
[services.main]
primary = "front/1"
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 2
"#],
        "09:00:00 x created
         09:00:00 x start front/1
         09:10:00 a created
         09:20:00 b created
         10:00:00 x resolved front/1
         10:00:00 b start front/1
         10:30:00 x reopened
         11:00:00 b resolved front/1
         11:00:00 a start front/1
         12:00:00 a resolved front/1
         12:00:00 x start front/1
         13:00:00 x resolved front/1",
    );
}

#[test]
fn somebody_who_joins_does_not_make_a_piece_of_work_younger() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [
 { id = "a", at = "0s", service = "help", severity = "Sev3", work = { L1 = "10h" } },
 { id = "b", service = "main", at = "30m", severity = "Sev3", work = { L1 = "10h" } },
 { id = "s", service = "main", at = "90m", severity = "Sev1", work = { L1 = "10m" } },
]
[severities.Sev1]
[severities.Sev3]
[services.main]
[services.help]
[tiers.L1]
work = { deterministic = "1h" }
[tiers.L2]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 2
preemption = { switch_cost = "5m" }
[teams.second]
tier = "L2"
headcount = 1
[rules.help]
when = { with_owner = { after = "1h" } }
if = { service = ["help"] }
then = [{ add_responders = { count = 1, from = "second" } }]
"#],
        "09:00:00 a created
         09:00:00 a start front/1
         09:30:00 b created
         09:30:00 b start front/2
         10:00:00 a rule:help
         10:00:00 a joined second/1
         10:30:00 s created
         10:30:00 b preempted front/2
         10:30:00 s start front/2
         10:40:00 s resolved front/2
         10:40:00 b resumed front/2
         16:02:47.400 a resolved front/1
         19:45:00 b resolved front/2",
    );
}

#[test]
fn a_ticket_is_given_back_by_the_team_that_assigned_it_only() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [
 { id = "x", at = "0s", severity = "Sev3", work = { L1 = "10m" } },
 { id = "y1", at = "0s", severity = "Sev3", team = "second", able_from = "L2", work = { L2 = "10h" } },
 { id = "y2", at = "0s", severity = "Sev3", team = "second", able_from = "L2", work = { L2 = "2h" } },
 { id = "a", at = "1m", severity = "Sev3", able_from = "L2", work = { L1 = "5m", L2 = "1h" } },
]
[severities.Sev3]
[tiers.L1]
work = { deterministic = "1h" }
[tiers.L2]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
routing = { assign = "push", return_after = "30m" }
[teams.second]
tier = "L2"
headcount = 2
routing = { assign = "push" }
"#],
        "09:00:00 x created
         09:00:00 y1 created
         09:00:00 y2 created
         09:00:00 y1 start second/1
         09:00:00 y2 start second/2
         09:00:00 x start front/1
         09:01:00 a created
         09:10:00 x resolved front/1
         09:10:00 a start front/1
         09:15:00 a escalated front/1
         11:00:00 y2 resolved second/2
         19:00:00 y1 resolved second/1
         19:00:00 a start second/1
         20:00:00 a resolved second/1",
    );
}

#[test]
fn what_was_given_back_is_assigned_again_in_the_next_team() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [
 { id = "x", at = "0s", severity = "Sev3", work = { L1 = "40m" } },
 { id = "y1", at = "0s", severity = "Sev3", team = "second", able_from = "L2", work = { L2 = "10h" } },
 { id = "y2", at = "0s", severity = "Sev3", team = "second", able_from = "L2", work = { L2 = "2h" } },
 { id = "a", at = "1m", severity = "Sev3", able_from = "L2", work = { L1 = "5m", L2 = "1h" } },
]
[severities.Sev3]
[tiers.L1]
work = { deterministic = "1h" }
[tiers.L2]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
routing = { assign = "push", return_after = "30m" }
[teams.second]
tier = "L2"
headcount = 2
routing = { assign = "push" }
"#],
        "09:00:00 x created
         09:00:00 y1 created
         09:00:00 y2 created
         09:00:00 y1 start second/1
         09:00:00 y2 start second/2
         09:00:00 x start front/1
         09:01:00 a created
         09:40:00 x resolved front/1
         09:40:00 a start front/1
         09:45:00 a escalated front/1
         11:00:00 y2 resolved second/2
         19:00:00 y1 resolved second/1
         19:00:00 a start second/1
         20:00:00 a resolved second/1",
    );
}

#[test]
fn nobody_explains_what_was_answered_after_they_went_home() {
    let results = check(
        "2026-03-02T09:00",
        &[r#"
tickets = [
 { id = "a", at = "0s", severity = "Sev3", work = { L1 = "10m" }, legs = [{ answer_after = "10h", then_work = "30m" }] },
]
[severities.Sev3]
[handoff]
overlap = "5m"
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
shift_end = "hand-off"
[teams.front.shifts.day]
headcount = 1
hours = { "Mon-Sun" = "09:00-17:00" }
[teams.front.shifts.evening]
headcount = 1
hours = { "Mon-Sun" = "17:00-01:00" }
"#],
        "09:00:00 a created
         09:00:00 a start front/day/1
         09:10:00 a pending front/day/1
         19:10:00 a customer_answered
         19:10:00 a resumed front/evening/1
         19:40:00 a resolved front/evening/1",
    );
    assert_eq!(metric(&results, "overtime_h"), 0.0);
}

#[test]
fn nobody_on_a_break_is_assigned_a_ticket() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [
 { id = "a", at = "1h 50m", severity = "Sev3", work = { L1 = "10m" } },
 { id = "b", at = "1h 51m", severity = "Sev3", work = { L1 = "10m" } },
 { id = "c", at = "1h 52m", severity = "Sev3", work = { L1 = "10m" } },
]
[severities.Sev3]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
routing = { assign = "push", mode = "round-robin" }
shrinkage = { breaks = 0.125, break_count = 1 }
[teams.front.shifts.day]
headcount = 3
hours = { "Mon-Sun" = "09:00-17:00" }
"#],
        "10:50:00 a created
         10:50:00 a start front/day/2
         10:51:00 b created
         10:51:00 b start front/day/3
         10:52:00 c created
         11:00:00 a resolved front/day/2
         11:00:00 c start front/day/2
         11:01:00 b resolved front/day/3
         11:10:00 c resolved front/day/2",
    );
}

#[test]
fn what_a_tier_cannot_solve_asks_no_question() {
    check(
        "2026-03-02T09:00",
        &[
            r#"
tickets = [
 { id = "a", at = "0s", severity = "Sev3", able_from = "L2", team = "second", work = { L1 = "30m", L2 = "40m" }, legs = [{ answer_after = "1h", then_work = "20m" }] },
]
[severities.Sev3]
[rules.t]
when = { with_owner = { after = "20m" } }
if = { team = ["second"] }
then = [{ transfer = "front" }]
max = 1
"#,
            TWO_TIERS,
        ],
        "09:00:00 a created
         09:00:00 a start second/1
         09:20:00 a rule:t
         09:20:00 a taken second/1
         09:20:00 a transferred front
         09:20:00 a start front/1
         09:50:00 a escalated front/1
         09:50:00 a start second/1
         10:30:00 a pending second/1
         11:30:00 a customer_answered
         11:30:00 a resumed second/1
         11:50:00 a resolved second/1",
    );
}

#[test]
fn a_swarm_is_able_in_each_attempt_anew() {
    check(
        "2026-03-02T00:00",
        &[
            r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", able_from = "L2", work = { L1 = "10m", L2 = "60m" }, reopens_after = ["10h"] }]
[severities.Sev1]
[swarming]
join_work = "0s"
speed = { linear = true }
[rules.help]
when = { created = true }
then = [{ add_responders = { count = 1, from = "second" } }]
[rules.again]
when = { reopened = true }
then = [{ add_responders = { count = 1, from = "second" } }]
"#,
            TWO_TIERS,
        ],
        "00:00:00 a created
         00:00:00 a rule:help
         00:00:00 a start front/1
         00:00:00 a joined second/1
         00:30:00 a resolved front/1
         10:30:00 a reopened
         10:30:00 a rule:again
         10:30:00 a start front/1
         10:30:00 a joined second/1
         11:00:00 a resolved front/1",
    );
}

#[test]
fn an_owner_whose_able_helper_has_left_escalates() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [
 { id = "a", at = "0s", severity = "Sev1", able_from = "L2", work = { L1 = "2h", L2 = "4h" } },
]
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
shift_end = "hand-off"
[teams.second.shifts.day]
headcount = 1
hours = { "Mon-Sun" = "09:00-10:00" }
[swarming]
join_work = "0s"
speed = { linear = true }
[rules.help]
when = { created = true }
then = [{ add_responders = { count = 1, from = "second" } }]
"#],
        "09:00:00 a created
         09:00:00 a rule:help
         09:00:00 a start front/1
         09:00:00 a joined second/day/1
         12:00:00 a escalated front/1
         Tue 03-03 09:00:00 a start second/day/1
         Tue 03-03 10:00:00 a handed_off second/day/1
         Wed 03-04 09:00:00 a resumed second/day/1
         Wed 03-04 10:00:00 a handed_off second/day/1
         Thu 03-05 09:00:00 a resumed second/day/1
         Thu 03-05 10:00:00 a handed_off second/day/1
         Fri 03-06 09:00:00 a resumed second/day/1
         Fri 03-06 10:00:00 a handed_off second/day/1
         Sat 03-07 09:00:00 a resumed second/day/1
         Sat 03-07 09:00:00 a resolved second/day/1",
    );
}

#[test]
fn what_was_handed_back_stays_first_of_its_rank_as_its_severity_changes() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [
    { id = "h", at = "0s", severity = "Sev3", team = "front", work = { L1 = "90m" } }, { id = "u", at = "10m", severity = "Sev2", team = "front", work = { L1 = "30m" } },
]
[severities.Sev1]
[severities.Sev2]
[severities.Sev3]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
shift_end = "hand-off"
discipline = "fifo"
shifts.day = { headcount = 1, hours = { "Mon-Sun" = "09:00-10:00" } }
shifts.eve = { headcount = 1, hours = { "Mon-Sun" = "11:00-15:00" } }
[rules.r]
when.in_team = "90m"
if.severity = ["Sev3"]
then = [{ raise = "Sev2" }]
"#],
        "09:00:00 h created
         09:00:00 h start front/day/1
         09:10:00 u created
         10:00:00 h handed_off front/day/1
         10:30:00 h rule:r
         10:30:00 h severity:Sev2
         11:00:00 h resumed front/eve/1
         11:30:00 h resolved front/eve/1
         11:30:00 u start front/eve/1
         12:00:00 u resolved front/eve/1",
    );
}

#[test]
fn what_rises_to_a_rank_stands_behind_what_was_handed_back() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [
    { id = "h", at = "0s", severity = "Sev2", team = "front", work = { L1 = "90m" } }, { id = "w", at = "5m", severity = "Sev3", team = "front", work = { L1 = "30m" } }, { id = "u", at = "10m", severity = "Sev2", team = "front", work = { L1 = "30m" } },
]
[severities.Sev1]
[severities.Sev2]
[severities.Sev3]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
shift_end = "hand-off"
discipline = "severity"
shifts.day = { headcount = 1, hours = { "Mon-Sun" = "09:00-10:00" } }
shifts.eve = { headcount = 1, hours = { "Mon-Sun" = "11:00-15:00" } }
[rules.r]
when.in_team = "90m"
if.severity = ["Sev3"]
then = [{ raise = "Sev2" }]
"#],
        "09:00:00 h created
         09:00:00 h start front/day/1
         09:05:00 w created
         09:10:00 u created
         10:00:00 h handed_off front/day/1
         10:35:00 w rule:r
         10:35:00 w severity:Sev2
         11:00:00 h resumed front/eve/1
         11:30:00 h resolved front/eve/1
         11:30:00 w start front/eve/1
         12:00:00 w resolved front/eve/1
         12:00:00 u start front/eve/1
         12:30:00 u resolved front/eve/1",
    );
}

#[test]
fn overload_is_more_than_somebody_works_on_at_once() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [ { id = "a", service = "vip", at = "0s", severity = "Sev4", work = { L1 = "10m" } }, { id = "b", service = "vip", at = "1m", severity = "Sev4", work = { L1 = "10m" } }, { id = "c", service = "vip", at = "2m", severity = "Sev4", work = { L1 = "10m" } }, { id = "d", service = "vip", at = "3m", severity = "Sev4", work = { L1 = "10m" } }, { id = "e", service = "vip", at = "4m", severity = "Sev4", work = { L1 = "10m" } } ]
[severities.Sev1]
[severities.Sev2]
[severities.Sev3]
[severities.Sev4]
[services.vip]
primary = "ops/1"
secondary = "ops/2"
[tiers.L1]
work = { deterministic = "1h" }
[teams.ops]
tier = "L1"
headcount = 2
concurrency = { most = 3, slowdown = 0.0 }
"#],
        "09:00:00 a created
         09:00:00 a start ops/1
         09:01:00 b created
         09:01:00 b start ops/1
         09:02:00 c created
         09:02:00 c start ops/1
         09:03:00 d created
         09:03:00 d start ops/2
         09:04:00 e created
         09:04:00 e start ops/2
         09:10:00 a resolved ops/1
         09:11:00 b resolved ops/1
         09:12:00 c resolved ops/1
         09:13:00 d resolved ops/2
         09:14:00 e resolved ops/2",
    );
}

/// The first ticket is resolved at 02:00 with a record to write, while the second waits.
const A_RECORD_AND_A_TICKET: &str = r#"
tickets = [{ id = "a", at = "1h", change = "c", work = { L1 = "1h" } }, { id = "b", at = "1h 10m", work = { L1 = "1h" } }]
[severities.Sev1]
[changes.c]
share = 0.0
record = { deterministic = "10m" }
"#;

#[test]
fn what_can_wait_does_so_whatever_the_team_is_like() {
    for extra in ["", "places = 1000\n", "routing = { mode = \"round-robin\" }\n"] {
        check(
            "2026-01-05T00:00 UTC",
            &[A_RECORD_AND_A_TICKET, ONE_PERSON, extra],
            "01:00:00 a created
             01:00:00 a start front/1
             01:10:00 b created
             02:00:00 a resolved front/1
             02:00:00 b start front/1
             03:00:00 b resolved front/1",
        );
    }
}

#[test]
fn a_priority_that_comes_and_goes_leaves_a_ticket_where_it_stood() {
    // `a` was handed back, and goes before the two that nobody has begun, in the order in which these came.
    check(
        "2026-01-05T00:00 UTC",
        &[r#"
tickets = [
    { id = "a", at = "1h", work = { L1 = "10m" }, legs = [{ answer_after = "1h", then_work = "30m" }] },
    { id = "b", at = "90m", work = { L1 = "3h" } },
    { id = "c", at = "95m", work = { L1 = "1h" } },
    { id = "d", at = "140m", work = { L1 = "1h" } },
]
[severities.Sev1]
[tiers.L1]
work = { deterministic = "1h" }
[teams.desk]
tier = "L1"
shifts = { early = { headcount = 1, hours = { "Mon-Sun" = "00:00-01:30" } }, late = { headcount = 1, hours = { "Mon-Sun" = "01:30-12:00" } } }
[rules.nothing]
when = { in_queue = "10m" }
then = [{ set_priority = 1 }, { set_priority = -1 }]
"#],
        "01:00:00 a created
         01:00:00 a start desk/early/1
         01:10:00 a pending desk/early/1
         01:30:00 b created
         01:30:00 b start desk/late/1
         01:35:00 c created
         01:45:00 c rule:nothing
         02:10:00 a customer_answered
         02:20:00 a rule:nothing
         02:20:00 d created
         02:30:00 d rule:nothing
         04:30:00 b resolved desk/late/1
         04:30:00 a resumed desk/late/1
         05:00:00 a resolved desk/late/1
         05:00:00 c start desk/late/1
         06:00:00 c resolved desk/late/1
         06:00:00 d start desk/late/1
         07:00:00 d resolved desk/late/1",
    );
}

#[test]
fn a_ticket_that_was_held_up_before_anybody_began_it_goes_to_its_services_owner() {
    check(
        "2026-01-05T00:00 UTC",
        &[r#"
tickets = [{ id = "a", service = "shop", at = "1h", work = { L1 = "1h" } }, { id = "b", service = "shop", at = "65m", work = { L1 = "1h" } }]
[severities.Sev1]
[services.shop]
primary = "ana"
overload = 9
[tiers.L1]
work = { deterministic = "1h" }
[teams.desk]
tier = "L1"
headcount = 1
[teams.boss]
tier = "L1"
headcount = 1
[people.ana]
team = "desk"
[roles.b]
team = "boss"
[gates.g]
approvers = ["b"]
decision_work = { deterministic = "5m" }
[routes.r]
to = "desk"
[rules.ask]
when = { created = true }
then = [{ open_gate = "g" }]
"#],
        "01:00:00 a created
         01:00:00 a rule:ask
         01:00:00 a gate_requested g
         01:05:00 a gate_decided:approved g
         01:05:00 b created
         01:05:00 b rule:ask
         01:05:00 b gate_requested g
         01:05:00 a start ana
         01:10:00 b gate_decided:approved g
         02:05:00 a resolved ana
         02:05:00 b start ana
         03:05:00 b resolved ana",
    );
}

#[test]
fn what_was_handed_back_goes_first_by_deadline_too() {
    check(
        "2026-03-02T09:00 UTC",
        &[r#"
[severities.Sev1]
[tiers.L1]
work = { deterministic = "1h" }
[teams.ops]
tier = "L1"
shift_end = "hand-off"
discipline = "deadline"
shifts.day = { headcount = 1, hours = { "Mon-Sun" = "08:00-12:00" } }
[[tickets]]
id = "a"
at = "0s"
work = { L1 = "4h" }
[[tickets]]
id = "b"
at = "1h"
work = { L1 = "1h" }
"#],
        "09:00:00 a created
         09:00:00 a start ops/day/1
         10:00:00 b created
         12:00:00 a handed_off ops/day/1
         Tue 03-03 08:00:00 a resumed ops/day/1
         Tue 03-03 09:00:00 a resolved ops/day/1
         Tue 03-03 09:00:00 b start ops/day/1
         Tue 03-03 10:00:00 b resolved ops/day/1",
    );
}

#[test]
fn requests_for_responders_end_with_the_resolution() {
    // One helper ten minutes after each beginning, however often it has come back.
    check(
        "2026-03-03T09:00",
        &[r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", work = { L1 = "1h" }, reopens_after = ["1h", "1h"] }]
[severities.Sev1]
[swarming]
join_work = "0s"
speed = { linear = true }
[rules.help]
when = { with_owner = "10m" }
then = [{ add_responders = { count = 1, from = "second" } }]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
[teams.second]
tier = "L1"
headcount = 3
"#],
        "09:00:00 a created
         09:00:00 a start front/1
         09:10:00 a rule:help
         09:10:00 a joined second/1
         09:35:00 a resolved front/1
         10:35:00 a reopened
         10:35:00 a start front/1
         10:45:00 a rule:help
         10:45:00 a joined second/2
         11:10:00 a resolved front/1
         12:10:00 a reopened
         12:10:00 a start front/1
         12:20:00 a rule:help
         12:20:00 a joined second/3
         12:45:00 a resolved front/1",
    );
}

#[test]
fn what_is_in_work_as_the_run_ends_has_been_worked_on_until_then() {
    let results = check(
        "2026-03-02T00:00 UTC",
        &[r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", work = { L1 = "1000h" } }]
[severities.Sev1]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
"#],
        "00:00:00 a created
         00:00:00 a start front/1",
    );
    assert_eq!(results.tickets[0].touch_ms, 5 * 7 * 86_400_000);
}

#[test]
fn what_nobody_has_begun_goes_to_the_queue_behind_what_is_handed_over() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [
 { id = "a", at = "0s", service = "vip", work = { L1 = "2h" } },
 { id = "b", at = "10m", service = "vip", work = { L1 = "30m" } },
]
[severities.Sev1]
[services.vip]
primary = "ana"
overload = 9
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
shift_end = "hand-off"
[teams.front.shifts.day]
headcount = 0
hours = { "Mon-Sun" = "08:00-10:00" }
[teams.front.shifts.late]
headcount = 1
hours = { "Mon-Sun" = "10:00-18:00" }
[people.ana]
team = "front"
shift = "day"
"#],
        "09:00:00 a created
         09:00:00 a start ana
         09:10:00 b created
         10:00:00 a handed_off ana
         10:00:00 a resumed front/late/1
         11:00:00 a resolved front/late/1
         11:00:00 b start front/late/1
         11:30:00 b resolved front/late/1",
    );
}

#[test]
fn what_waited_in_a_line_stands_in_the_queue_by_its_time_of_entering() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [
 { id = "a", at = "0s", service = "vip", work = { L1 = "3h" } },
 { id = "z", at = "1m", service = "x", work = { L1 = "3h" } },
 { id = "q", at = "5m", service = "x", work = { L1 = "30m" } },
 { id = "b", at = "50m", service = "vip", work = { L1 = "30m" } },
]
[severities.Sev1]
[services.x]
[services.vip]
primary = "ana"
overload = 9
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
shift_end = "finish"
[teams.front.shifts.day]
headcount = 0
hours = { "Mon-Sun" = "08:00-10:00" }
[teams.front.shifts.all]
headcount = 1
hours = { "Mon-Sun" = "08:00-18:00" }
[people.ana]
team = "front"
shift = "day"
"#],
        "09:00:00 a created
         09:00:00 a start ana
         09:01:00 z created
         09:01:00 z start front/all/1
         09:05:00 q created
         09:50:00 b created
         12:00:00 a handed_off ana
         12:01:00 z resolved front/all/1
         12:01:00 a resumed front/all/1
         12:01:00 a resolved front/all/1
         12:01:00 q start front/all/1
         12:31:00 q resolved front/all/1
         12:31:00 b start front/all/1
         13:01:00 b resolved front/all/1",
    );
}

#[test]
fn what_was_handed_to_a_secondary_who_has_gone_is_first_when_it_is_answered() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [
 { id = "a", at = "0s", service = "vip", work = { L1 = "10m" }, legs = [{ answer_after = "4h", then_work = "10m" }] },
 { id = "x", at = "3h 50m", service = "main", work = { L1 = "1h" } },
 { id = "y", at = "3h 55m", service = "main", work = { L1 = "1h" } },
]
[severities.Sev1]
[services.main]
[services.vip]
primary = "ana"
secondary = "ben"
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
shift_end = "hand-off"
[teams.front.shifts.day]
headcount = 0
hours = { "Mon-Sun" = "08:00-12:00" }
[teams.front.shifts.late]
headcount = 1
hours = { "Mon-Sun" = "12:00-20:00" }
[people.ana]
team = "front"
shift = "day"
[people.ben]
team = "front"
shift = "day"
[rules.t]
enabled = true
when = { pending = "1h" }
then = [{ to_secondary = true }]
"#],
        "09:00:00 a created
         09:00:00 a start ana
         09:10:00 a pending ana
         10:10:00 a rule:t
         12:50:00 x created
         12:50:00 x start front/late/1
         12:55:00 y created
         13:10:00 a customer_answered
         13:50:00 x resolved front/late/1
         13:50:00 a resumed front/late/1
         14:00:00 a resolved front/late/1
         14:00:00 y start front/late/1
         15:00:00 y resolved front/late/1",
    );
}

#[test]
fn what_is_handed_over_keeps_its_age() {
    check(
        "2026-03-02T09:00",
        &[r#"
[severities.Sev1]
[severities.Sev2]
[tiers.L1]
work = { deterministic = "1h" }
[teams.ops]
tier = "L1"
shift_end = "hand-off"
discipline = "ageing"
shifts.day = { headcount = 1, hours = { "Mon-Sun" = "08:00-12:00" } }
[[tickets]]
id = "a"
at = "0s"
severity = "Sev1"
work = { L1 = "4h" }
[[tickets]]
id = "b"
at = "1h"
severity = "Sev1"
work = { L1 = "1h" }
[[tickets]]
id = "c"
at = "2h"
severity = "Sev2"
work = { L1 = "1h" }
"#],
        "09:00:00 a created
         09:00:00 a start ops/day/1
         10:00:00 b created
         11:00:00 c created
         12:00:00 a handed_off ops/day/1
         Tue 03-03 08:00:00 a resumed ops/day/1
         Tue 03-03 09:00:00 a resolved ops/day/1
         Tue 03-03 09:00:00 b start ops/day/1
         Tue 03-03 10:00:00 b resolved ops/day/1
         Tue 03-03 10:00:00 c start ops/day/1
         Tue 03-03 11:00:00 c resolved ops/day/1",
    );
}

#[test]
fn what_is_interrupted_keeps_its_age() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [{ id = "a", at = "0s", severity = "Sev2", work = { L1 = "2h" } }, { id = "w", at = "10m", severity = "Sev2", work = { L1 = "1h" } }, { id = "s", at = "1h", severity = "Sev1", work = { L1 = "10m" } }]
[severities.Sev1]
[severities.Sev2]
[tiers.L1]
work = { deterministic = "1h" }
[teams.ops]
tier = "L1"
headcount = 1
preemption = { switch_cost = "5m", resume = "owner" }
discipline = "ageing"
"#],
        "09:00:00 a created
         09:00:00 a start ops/1
         09:10:00 w created
         10:00:00 s created
         10:00:00 a preempted ops/1
         10:00:00 s start ops/1
         10:10:00 s resolved ops/1
         10:10:00 a resumed ops/1
         11:15:00 a resolved ops/1
         11:15:00 w start ops/1
         12:15:00 w resolved ops/1",
    );
}

#[test]
fn what_rises_in_a_line_stands_there_by_its_time_of_entering() {
    check(
        "2026-03-02T09:00",
        &[r#"
[severities.Sev1]
[severities.Sev2]
[severities.Sev3]
[tiers.L1]
work = { deterministic = "1h" }
[teams.ops]
tier = "L1"
headcount = 1
routing = { assign = "push" }
[[tickets]]
id = "x"
at = "0s"
severity = "Sev1"
service = "desk"
work = { L1 = "1h" }
[[tickets]]
id = "a"
at = "5m"
severity = "Sev3"
service = "vip"
work = { L1 = "1h" }
[[tickets]]
id = "b"
at = "10m"
severity = "Sev2"
service = "desk"
work = { L1 = "1h" }
[services.vip]
[rules.u]
when = { in_queue = "10m" }
if = { service = ["vip"] }
then = [{ raise = 1 }]
"#],
        "09:00:00 x created
         09:00:00 x start ops/1
         09:05:00 a created
         09:10:00 b created
         09:15:00 a rule:u
         09:15:00 a severity:Sev2
         10:00:00 x resolved ops/1
         10:00:00 a start ops/1
         11:00:00 a resolved ops/1
         11:00:00 b start ops/1
         12:00:00 b resolved ops/1",
    );
}

#[test]
fn what_waited_for_one_person_in_vain_goes_before_what_was_assigned_after_it_came() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [
    { id = "x", at = "0s", work = { L1 = "3h" } },
    { id = "a", at = "5m", work = { L1 = "30m" } },
    { id = "b", at = "70m", work = { L1 = "30m" } },
]
[severities.Sev1]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
routing = { assign = "push", return_after = "1h" }
"#],
        "09:00:00 x created
         09:00:00 x start front/1
         09:05:00 a created
         10:10:00 b created
         12:00:00 x resolved front/1
         12:00:00 a start front/1
         12:30:00 a resolved front/1
         12:30:00 b start front/1
         13:00:00 b resolved front/1",
    );
}
