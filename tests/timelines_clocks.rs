//! Timelines of clocks that not every ticket has, or that it has more than once: later responses, visits to teams; and of what
//! clocks run on: zones, cycles, waits for others. See `timelines`.

mod timelines_support;

use timelines_support::*;

// Own targets: what teams promise each other.

/// One severity, whose tickets each team is to finish or hand on within half an hour.
const HALF_AN_HOUR_EACH: &str = "[severities.Sev1]\nown = \"30m\"\n";

/// Two teams above each other, of one person each; the second has a promise of its own.
const SECOND_WITHIN_AN_HOUR: &str = r#"
[tiers.L1]
work = { deterministic = "1h" }
[tiers.L2]
work = { deterministic = "1h" }
own = { Sev1 = "1h" }
[teams.front]
tier = "L1"
headcount = 1
[teams.second]
tier = "L2"
headcount = 1
"#;

#[test]
fn each_visit_to_a_team_is_a_clock_of_its_own() {
    // `front` has it from 10:00 to 10:30: handed on at the very deadline, which is in time. `second` has it from 10:30 on, by
    // its tier until 11:30, and resolves it at 11:50: 20 minutes late. Two visits, one breached.
    let results = check(
        "2026-03-02T10:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", able_from = "L2", work = { L1 = "30m", L2 = "1h 20m" } }]"#,
            HALF_AN_HOUR_EACH,
            SECOND_WITHIN_AN_HOUR,
            "[rules.warn]\nwhen = { consumed = { of = \"own\", share = 0.5 } }\nthen = [{ alert = \"lead\" }]",
        ],
        "10:00:00 a created
         10:00:00 a start front/1
         10:15:00 a alert:own:0.5
         10:30:00 a escalated front/1
         10:30:00 a start second/1
         11:00:00 a alert:own:0.5
         11:30:00 a breach:own second
         11:50:00 a resolved second/1",
    );
    let of = |team: &str| slice(&results, "breach_rate_own", "team", team);
    assert_eq!((of("front"), of("second")), (Some(0.0), Some(1.0)));
    assert_eq!(metric(&results, "breach_rate_own"), 0.5);
    assert_eq!(metric(&results, "attainment_own"), 0.5);
    assert_eq!(metric(&results, "lateness_own_mean_s"), 20.0 * 60.0);
    assert_eq!(slice(&results, "rule_then_breached_share", "rule", "warn"), Some(1.0));
}

#[test]
fn a_team_is_not_charged_with_the_wait_for_the_customer() {
    // Received 10:00, asked after 20 minutes, answered an hour later, 5 minutes more: 25 of 30 minutes. The deadline moves from
    // 10:30 to 11:30.
    let results = check(
        "2026-03-02T10:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", work = { L1 = "20m" }, legs = [{ answer_after = "1h", then_work = "5m" }] },
                          { id = "b", at = "2h", work = { L1 = "20m" }, legs = [{ answer_after = "1h", then_work = "15m" }] }]"#,
            HALF_AN_HOUR_EACH,
            ONE_PERSON,
        ],
        "10:00:00 a created
         10:00:00 a start front/1
         10:20:00 a pending front/1
         11:20:00 a customer_answered
         11:20:00 a resumed front/1
         11:25:00 a resolved front/1
         12:00:00 b created
         12:00:00 b start front/1
         12:20:00 b pending front/1
         13:20:00 b customer_answered
         13:20:00 b resumed front/1
         13:30:00 b breach:own front
         13:35:00 b resolved front/1",
    );
    assert_eq!(metric(&results, "breach_rate_own"), 0.5);
    assert_eq!(metric(&results, "lateness_own_mean_s"), 5.0 * 60.0);
}

#[test]
fn a_rule_that_takes_a_ticket_away_at_the_deadline_comes_after_its_breach() {
    // Nobody is in the team. The breach at 10:30 has rank 5, the rule's transfer rank 6: `front` is late by nothing. `second`
    // is done at 11:30, at its deadline: in time.
    let results = check(
        "2026-03-02T10:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", work = { L2 = "1h" } }]"#,
            HALF_AN_HOUR_EACH,
            &SECOND_WITHIN_AN_HOUR.replacen("headcount = 1", "headcount = 0", 1),
            "[rules.away]\nwhen = { breached = \"own\" }\nthen = [{ transfer = \"L2\" }]",
        ],
        "10:00:00 a created
         10:30:00 a breach:own front
         10:30:00 a alert:own:1
         10:30:00 a transferred second
         10:30:00 a start second/1
         11:30:00 a resolved second/1",
    );
    let of = |team: &str| slice(&results, "breach_rate_own", "team", team);
    assert_eq!((of("front"), of("second")), (Some(1.0), Some(0.0)));
}

#[test]
fn a_reopened_ticket_is_received_anew() {
    // 10:00 to 10:20; comes back at 12:00, resolved at 12:40: the second visit is 10 minutes late.
    let results = check(
        "2026-03-02T10:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", work = { L1 = "20m" }, reopens_after = ["1h 40m"] },
                          { id = "b", at = "1h 55m", work = { L1 = "25m" } }]"#,
            HALF_AN_HOUR_EACH,
            ONE_PERSON,
        ],
        "10:00:00 a created
         10:00:00 a start front/1
         10:20:00 a resolved front/1
         11:55:00 b created
         11:55:00 b start front/1
         12:00:00 a reopened
         12:20:00 b resolved front/1
         12:20:00 a start front/1
         12:30:00 a breach:own front
         12:40:00 a resolved front/1",
    );
    assert!((metric(&results, "breach_rate_own") - 1.0 / 3.0).abs() < 1e-12);
    assert_eq!(metric(&results, "lateness_own_mean_s"), 10.0 * 60.0);
}

// Responses after the first.

#[test]
fn an_answer_waits_for_whoever_goes_on_with_the_work() {
    // `a` is answered at 10:40, while its owner is at work on `b` until 11:30: the response is 50 minutes after the
    // customer's message, 20 too late. `b` is never written about.
    let results = check(
        "2026-03-02T10:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", work = { L1 = "10m" }, legs = [{ answer_after = "30m", then_work = "5m" }] },
                          { id = "b", at = "10m", work = { L1 = "1h 20m" } }]"#,
            "[severities.Sev1]\nnext_response = \"30m\"\n",
            ONE_PERSON,
            "[rules.warn]\nwhen = { left = { of = \"next_response\", time = \"10m\" } }\nthen = [{ alert = \"lead\" }]",
        ],
        "10:00:00 a created
         10:00:00 a start front/1
         10:10:00 a pending front/1
         10:10:00 b created
         10:10:00 b start front/1
         10:40:00 a customer_answered
         11:00:00 a rule:warn
         11:10:00 a breach:next_response
         11:30:00 b resolved front/1
         11:30:00 a resumed front/1
         11:35:00 a resolved front/1",
    );
    assert_eq!(metric(&results, "breach_rate_next_response"), 1.0);
    assert_eq!(metric(&results, "lateness_next_response_mean_s"), 20.0 * 60.0);
}

#[test]
fn work_that_dispatch_begins_at_the_deadline_answers_too_late_and_a_finished_answer_in_time() {
    // The same with `b` done at 11:10, the deadline: dispatch has rank 8, after the breach of rank 5.
    let results = check_quietly(
        "2026-03-02T10:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", work = { L1 = "10m" }, legs = [{ answer_after = "30m", then_work = "5m" }] },
                          { id = "b", at = "10m", work = { L1 = "1h" } }]"#,
            "[severities.Sev1]\nnext_response = \"30m\"\n",
            ONE_PERSON,
        ],
    );
    assert_eq!(metric(&results, "breach_rate_next_response"), 1.0);
    // One who comes back at 11:00 after 10:20; the team is at work on `b` until 11:30, the deadline to the second.
    let results = check_quietly(
        "2026-03-02T10:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", work = { L1 = "20m" }, reopens_after = ["40m"] },
                          { id = "b", at = "50m", work = { L1 = "39m 59s" } }]"#,
            "[severities.Sev1]\nnext_response = \"30m\"\n",
            ONE_PERSON,
        ],
    );
    assert_eq!(metric(&results, "breach_rate_next_response"), 0.0);
    assert_eq!(metric(&results, "attainment_next_response"), 1.0);
}

#[test]
fn who_asks_again_is_to_be_answered_from_the_first_time_on() {
    // `a` is begun at 10:00 and interrupted at 10:05 by the urgent `u`, which takes the only person until 11:35. Its customer
    // takes half an hour of silence and then asks every 20 minutes, at 10:55 and 11:15. Tasks go first: the first of the two is
    // answered at 11:38, three minutes too late after 43; the second at 11:41 answers nothing that is still open.
    let results = check(
        "2026-03-02T10:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", severity = "Sev2", work = { L1 = "1h" } },
                          { id = "u", at = "5m", severity = "Sev1", work = { L1 = "1h 30m" } }]"#,
            "[severities.Sev1]\n[severities.Sev2]\nnext_response = \"40m\"\n",
            ONE_PERSON,
            "preemption = { switch_cost = \"0s\" }\n\
             [chasers]\nafter = \"30m\"\nevery = { deterministic = \"20m\" }\nwork = { deterministic = \"3m\" }\nat_most = 2\n",
        ],
        "10:00:00 a created
         10:00:00 a start front/1
         10:05:00 u created
         10:05:00 a preempted front/1
         10:05:00 u start front/1
         10:55:00 a chaser:1
         11:15:00 a chaser:2
         11:35:00 u resolved front/1
         11:35:00 a breach:next_response
         11:41:00 a resumed front/1
         12:36:00 a resolved front/1",
    );
    assert_eq!(metric(&results, "breach_rate_next_response"), 1.0);
    assert_eq!(metric(&results, "lateness_next_response_mean_s"), 3.0 * 60.0);
}

// Zones.

/// Office hours of Berlin, where the desk is.
const OFFICE: &str = "[calendars.office]\nhours = { \"Mon-Fri\" = \"09:00-17:00\" }\n";

#[test]
fn a_clock_in_the_zone_of_the_customer_counts_their_office_hours() {
    // Two office hours from Monday 16:00 in Berlin. There one hour is left of the day: due on Tuesday at 10:00. In New York it is
    // 10:00 (09:00 to 17:00 is 15:00 to 23:00 in Berlin): due at 18:00. Who has no zone goes by the calendar's.
    check(
        "2026-03-02T16:00",
        &[
            r#"tickets = [{ id = "ny", at = "0s", customer_tier = "overseas" }, { id = "b", at = "0s", customer_tier = "local" }]"#,
            "[severities.Sev1]\nresolve = { within = \"2bh\", zone = \"customer\" }\n",
            "[customer_tiers]\noverseas = { share = 0.5, zone = \"America/New_York\" }\nlocal = { share = 0.5 }\n",
            OFFICE,
            NOBODY,
        ],
        "16:00:00 ny created
         16:00:00 b created
         18:00:00 ny breach:resolve
         Tue 03-03 10:00:00 b breach:resolve
         = ny resolve due 18:00:00 breached
         = b resolve due Tue 03-03 10:00:00 breached",
    );
}

#[test]
fn a_clock_in_the_zone_of_the_owner_keeps_it_when_the_owner_changes() {
    // Office hours of the owner, settled when the clock starts. Created on Monday at 16:30 in Berlin, for `front`, whose zone that
    // is: the clock of the resolution has half an hour there, and then half an hour from Tuesday 09:00 on, wherever the ticket is
    // meanwhile. The visit to `front` ends at 16:45. `second` is in New York, where it is 10:45: its own clock of an hour ends at
    // 17:45 in Berlin, and so does its work: in time.
    let results = check(
        "2026-03-02T16:30",
        &[
            r#"tickets = [{ id = "a", at = "0s", able_from = "L2", work = { L1 = "15m", L2 = "1h" } }]"#,
            "[severities.Sev1]\nresolve = { within = \"1bh\", zone = \"owner\" }\nown = { within = \"1bh\", zone = \"owner\" }\n",
            OFFICE,
            TWO_TIERS,
            "zone = \"America/New_York\"\n",
            "[rules.half]\nwhen = { consumed = { of = \"own\", share = 0.5 } }\nthen = [{ alert = \"lead\" }]",
        ],
        "16:30:00 a created
         16:30:00 a start front/1
         16:45:00 a escalated front/1
         16:45:00 a start second/1
         17:15:00 a alert:own:0.5
         17:45:00 a resolved second/1
         = a resolve due Tue 03-03 09:30:00 met",
    );
    assert_eq!(metric(&results, "attainment_own"), 1.0);
}

#[test]
fn shifts_and_clocks_of_a_team_go_by_its_zone() {
    // A shift from 09:00 in New York begins at 15:00 in Berlin.
    check(
        "2026-03-02T12:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", work = { L1 = "1h" } }]
            [severities.Sev1]"#,
            DAY_ONLY,
            "zone = \"America/New_York\"\n",
        ],
        "12:00:00 a created
         15:00:00 a start front/day/1
         16:00:00 a resolved front/day/1",
    );
}
