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
         10:15:00 a rule:warn
         10:30:00 a escalated front/1
         10:30:00 a start second/1
         11:00:00 a rule:warn
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
         10:30:00 a rule:away
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
         17:15:00 a rule:half
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

// Cycles.

const COMES_BACK: &str = r#"tickets = [{ id = "a", at = "0s", work = { L1 = "3h" }, reopens_after = ["1h"] }]"#;

/// Resolved at 12:00 an hour too late, comes back at 13:00, resolved at 16:00, again after three hours.
const COMES_BACK_SEEN: &str = "09:00:00 a created
         09:00:00 a start front/1
         11:00:00 a breach:resolve
         12:00:00 a resolved front/1
         13:00:00 a reopened
         13:00:00 a start front/1
         15:00:00 a breach:resolve
         16:00:00 a resolved front/1
         = a resolve due 15:00:00 breached";

#[test]
fn each_cycle_is_a_due_item_where_the_target_says_so() {
    // Two hours a cycle: due at 11:00 and at 15:00, an hour late each. One ticket is one due item; by the cycle there are two.
    let of = |unit: &str| {
        let target = format!(
            "[severities.Sev1]\nresolve = {{ within = \"2h\", on_reopen = \"restart\", sla_unit = \"{unit}\" }}\n"
        );
        let costs = "[costs]\ncurrency = \"EUR\"\nrates.front = 30\npenalties.Sev1.resolve = 100\n";
        let results = check(
            "2026-03-02T09:00",
            &[COMES_BACK, &target, ONE_PERSON, costs],
            COMES_BACK_SEEN,
        );
        let late = results.find(0, "lateness_resolve_mean_s", "all", "").expect("a row").n;
        assert_eq!(metric(&results, "lateness_resolve_mean_s"), 3600.0);
        assert_eq!(metric(&results, "breach_rate_resolve"), 1.0);
        (late, metric(&results, "breaches_per_1000"), metric(&results, "penalty"))
    };
    let ((ticket, once, paid), (cycle, twice, paid_twice)) = (of("ticket"), of("cycle"));
    assert_eq!((ticket, cycle), (1, 2));
    assert_eq!((once, twice), (1000.0, 2000.0));
    assert!((paid_twice - 2.0 * paid).abs() < 1e-9 && paid > 0.0);
}

#[test]
fn a_cycle_that_was_in_time_does_not_make_the_next_one_so() {
    // Three hours a cycle: the first is resolved at its deadline, in time. The second, begun at 13:00, takes three hours as well.
    // With two and a half, by the cycle: both late. With the first in time and the second late: half.
    let target = "[severities.Sev1]\nresolve = { within = \"3h\", on_reopen = \"restart\", sla_unit = \"cycle\" }\n";
    let blocked = r#"tickets = [{ id = "a", at = "0s", work = { L1 = "3h" }, reopens_after = ["1h"] },
                               { id = "b", at = "3h 30m", work = { L1 = "1h" } }]"#;
    let results = check(
        "2026-03-02T09:00",
        &[blocked, target, ONE_PERSON],
        "09:00:00 a created
         09:00:00 a start front/1
         12:00:00 a resolved front/1
         12:30:00 b created
         12:30:00 b start front/1
         13:00:00 a reopened
         13:30:00 b resolved front/1
         13:30:00 a start front/1
         16:00:00 a breach:resolve
         16:30:00 a resolved front/1
         = a resolve due 16:00:00 breached
         = b resolve due 15:30:00 met",
    );
    // a's first cycle and b are met, a's second cycle is not.
    assert!((metric(&results, "breach_rate_resolve") - 1.0 / 3.0).abs() < 1e-12);
}

// Resolved at first contact.

#[test]
fn who_comes_back_after_the_days_that_count_was_helped_at_first_contact() {
    // `a` comes back after two days, `b` after eight; `c` never. Of three, seven days leave two, and one day all of them.
    let tickets = r#"tickets = [{ id = "a", at = "0s", reopens_after = ["2d"] }, { id = "b", at = "0s", reopens_after = ["8d"] },
                               { id = "c", at = "0s" }]"#;
    let stricter = "[candidates.a_day]\nset.run.fcr_days = 1\n";
    let results = check_quietly(
        "2026-03-02T09:00",
        &[tickets, "[severities.Sev1]\n", ONE_PERSON, stricter],
    );
    let share = |candidate| {
        let row = results.find(candidate, "first_contact_resolution_share", "all", "");
        row.expect("a row").estimate.expect("an estimate")
    };
    assert!((share(0) - 2.0 / 3.0).abs() < 1e-12);
    assert_eq!(share(1), 1.0);
}

// Waits for vendors.

/// An hour of work, two hours of waiting for a vendor, half an hour of work.
const ON_HOLD: &str = r#"tickets = [{ id = "a", at = "0s", work = { L1 = "1h" }, legs = [{ by = "vendor", answer_after = "2h", then_work = "30m" }] }]"#;

#[test]
fn a_wait_for_a_vendor_stops_only_the_clock_that_says_so() {
    // 09:00 to 12:30. Requester wait: all of it but for the customer's waits, 3 h 30 min: due at 11:00. Agent work: 1 h 30 min, due
    // at 13:00. Only vendors' waits: the same here. No pause at all: as the first.
    let seen = |pauses: &str, due_hours: i64| {
        let target = format!("[severities.Sev1]\nresolve = {{ within = \"2h\", pauses = {pauses} }}\n");
        let results = check_quietly("2026-03-02T09:00", &[ON_HOLD, &target, ONE_PERSON]);
        let row = &results.tickets[0];
        let due = row.resolve_due.expect("a deadline") - escalade::time::Instant::START;
        assert_eq!(due.ms(), due_hours * 3_600_000, "{pauses}");
        row.resolve_breached
    };
    assert_eq!(seen("true", 2), Some(true));
    assert_eq!(seen("[\"customer\"]", 2), Some(true));
    assert_eq!(seen("false", 2), Some(true));
    assert_eq!(seen("[\"customer\", \"vendor\"]", 4), Some(false));
    assert_eq!(seen("[\"vendor\"]", 4), Some(false));
}

#[test]
fn waits_for_both_are_told_apart() {
    // 30 min of work, asked 09:30, answered 10:30; 30 min, vendor 11:00 to 12:00; 30 min: done 12:30. Agent work: 1 h 30 min;
    // requester wait (clock `mitigate`): 2 h 30 min. The net time leaves the customer's hour out: 2 h 30 min of 3 h 30 min.
    let results = check(
        "2026-03-02T09:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", work = { L1 = "30m" }, legs = [
                { answer_after = "1h", then_work = "30m" }, { by = "vendor", answer_after = "1h", then_work = "30m" }] }]"#,
            "[severities.Sev1]\nmitigate = { within = \"2h\" }\n\
             resolve = { within = \"1h 20m\", pauses = [\"customer\", \"vendor\"] }\n",
            ONE_PERSON,
            "[rules.hold]\nwhen = { pending = \"30m\" }\nthen = [{ flag = \"asked\" }]\n",
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         09:30:00 a pending front/1
         10:00:00 a rule:hold
         10:30:00 a customer_answered
         10:30:00 a resumed front/1
         11:00:00 a on_hold front/1
         12:00:00 a vendor_answered
         12:00:00 a breach:mitigate
         12:00:00 a resumed front/1
         12:20:00 a breach:resolve
         12:30:00 a resolved front/1
         = a mitigate due 12:00:00 breached | resolve due 12:20:00 breached",
    );
    assert_eq!(metric(&results, "time_to_resolve_net_mean_s"), 2.5 * 3600.0);
}

#[test]
fn a_drawn_ticket_waits_for_its_vendor_in_the_middle_of_its_work() {
    // Every ticket: half of an hour's work, then two hours, then the rest. Nobody else is there.
    let results = check_quietly(
        "2026-03-02T09:00",
        &[
            "[severities.Sev1]\nresolve = { within = \"1h\", pauses = [\"customer\", \"vendor\"] }\n",
            &ONE_PERSON.replace("headcount = 1", "headcount = 50"),
            "[vendor_waits]\nshare = 1.0\nwait = { deterministic = \"2h\" }\n[services.desk.arrivals]\nrate = \"1/h\"\n",
        ],
    );
    assert_eq!(metric(&results, "time_to_resolve_mean_s"), 3.0 * 3600.0);
    assert_eq!(metric(&results, "touch_time_mean_s"), 3600.0);
    assert_eq!(metric(&results, "breach_rate_resolve"), 0.0);
}

#[test]
fn the_customer_asks_again_while_a_vendor_is_waited_for() {
    // On hold from 10:00 to 12:00. The customer takes half an hour of silence from then on and asks 20 minutes later, at 10:50,
    // which is answered at 10:53; the next silence begins there.
    check(
        "2026-03-02T09:00",
        &[
            ON_HOLD,
            "[severities.Sev1]\n",
            ONE_PERSON,
            "[chasers]\nafter = \"30m\"\nevery = { deterministic = \"20m\" }\nwork = { deterministic = \"3m\" }\nat_most = 2\n",
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         10:00:00 a on_hold front/1
         10:50:00 a chaser:1
         11:43:00 a chaser:2
         12:00:00 a vendor_answered
         12:00:00 a resumed front/1
         12:30:00 a resolved front/1",
    );
}

#[test]
fn a_breach_stays_recorded_where_the_lower_severity_has_no_such_target() {
    let results = check(
        "2026-03-02T09:00",
        &[
            r#"tickets = [
                { id = "x", at = "0s", severity = "Sev1", work = { L1 = "5h" } },
                { id = "a", at = "0s", severity = "Sev2", work = { L1 = "1h" } },
            ]
            [severities.Sev1]
            [severities.Sev2]
            resolve = "1h"
            [severities.Sev3]
            [rules.low]
            when = { in_queue = "2h" }
            if.severity = ["Sev2"]
            then = [{ lower = 1 }]"#,
            ONE_PERSON,
        ],
        "09:00:00 x created
         09:00:00 a created
         09:00:00 x start front/1
         10:00:00 a breach:resolve
         11:00:00 a rule:low
         11:00:00 a severity:Sev3
         14:00:00 x resolved front/1
         14:00:00 a start front/1
         15:00:00 a resolved front/1
         = a resolve due 10:00:00 breached",
    );
    assert_eq!(metric(&results, "breach_rate_resolve"), 1.0);
    assert_eq!(metric(&results, "breaches_per_1000"), 500.0);
}

#[test]
fn so_does_that_of_a_visit_to_a_team() {
    let results = check(
        "2026-03-02T09:00",
        &[
            r#"tickets = [
                { id = "x", at = "0s", severity = "Sev1", work = { L1 = "5h" } },
                { id = "a", at = "0s", severity = "Sev2", work = { L1 = "1h" } },
            ]
            [severities.Sev1]
            [severities.Sev2]
            own = "1h"
            [severities.Sev3]
            [rules.low]
            when = { in_queue = "2h" }
            if.severity = ["Sev2"]
            then = [{ lower = 1 }]"#,
            ONE_PERSON,
        ],
        "09:00:00 x created
         09:00:00 a created
         09:00:00 x start front/1
         10:00:00 a breach:own front
         11:00:00 a rule:low
         11:00:00 a severity:Sev3
         14:00:00 x resolved front/1
         14:00:00 a start front/1
         15:00:00 a resolved front/1",
    );
    assert_eq!(metric(&results, "breach_rate_own"), 1.0);
}

#[test]
fn a_ticket_that_is_linked_while_it_waits_for_its_customer_breaches_on_time() {
    check(
        "2026-03-02T09:00",
        &[r#"tickets = [
                { id = "p", at = "0s", severity = "Sev2", incident = "f", work = { L1 = "8h" } },
                { id = "c", at = "0s", severity = "Sev3", incident = "f", linked_after = "45m", work = { L1 = "20m" }, legs = [{ answer_after = "2h", then_work = "10m" }] },
            ]
            [severities.Sev2]
            [severities.Sev3]
            resolve = "1h"
            [incidents.f]
            service = "desk"
            [incidents.f.declared]
            tickets = 2
            [incidents.f.linking]
            share = 1.0
            [rules.b]
            when = { breached = "resolve" }
            then = [{ alert = "x" }]
            [costs]
            currency = "EUR"
            penalties.Sev3.resolve = 100
            [tiers.L1]
            work = { deterministic = "1h" }
            [teams.front]
            tier = "L1"
            headcount = 2"#],
        "09:00:00 p created
         09:00:00 c created
         09:00:00 p declared
         09:00:00 p start front/1
         09:00:00 c start front/2
         09:20:00 c pending front/2
         09:45:00 c worked_in_vain
         09:45:00 c linked p
         10:25:00 c breach:resolve
         10:25:00 c rule:b
         17:00:00 p resolved front/1
         17:00:00 p restored
         17:00:00 c resolved front/1
         = c resolve due 10:25:00 breached",
    );
}

#[test]
fn updates_that_were_missed_stay_missed_as_the_severity_is_lowered() {
    check(
        "2026-03-02T09:00",
        &[
            r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", work = { L1 = "10m" }, legs = [{ answer_after = "3h", then_work = "30m" }] }]
[severities.Sev1]
update = { within = "30m", on_lower = "keep" }
[severities.Sev2]
[rules.b]
when = { breached = "update" }
then = [{ alert = "lead" }]
[rules.r]
when = { in_team = { after = "90m", count_pending = true } }
then = [{ lower = "Sev2" }]
"#,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         09:10:00 a pending front/1
         09:40:00 a rule:b
         10:30:00 a rule:r
         10:30:00 a updates_missed:2
         10:30:00 a severity:Sev2
         12:10:00 a customer_answered
         12:10:00 a resumed front/1
         12:40:00 a resolved front/1",
    );
}

#[test]
fn the_cadence_of_updates_begins_anew_where_the_target_says_so() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [{ id = "a", at = "0s", severity = "Sev2", work = { L1 = "4h" } }]
[severities.Sev1]
update = { within = "30m", on_severity_change = "restart" }
[severities.Sev2]
update = "2h"
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
update_work = { deterministic = "10m" }
[rules.r]
when = { in_team = "50m" }
then = [{ raise = "Sev1" }]
max = 1
"#],
        "09:00:00 a created
         09:00:00 a start front/1
         09:50:00 a rule:r
         09:50:00 a severity:Sev1
         10:20:00 a update_sent press/1
         10:50:00 a update_sent press/1
         11:20:00 a update_sent press/1
         11:50:00 a update_sent press/1
         12:20:00 a update_sent press/1
         12:50:00 a update_sent press/1
         13:00:00 a resolved front/1",
    );
}

#[test]
fn updates_that_were_missed_stay_missed_as_a_ticket_is_linked_to_the_parents_clock() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [
    { id = "p", at = "0s", severity = "Sev2", team = "front", incident = "f", work = { L1 = "5h" } }, { id = "c", at = "0s", severity = "Sev1", team = "net", incident = "f", linked_after = "100m", work = { L1 = "5m" }, legs = [{ answer_after = "3h", then_work = "30m" }] },
]
[severities.Sev1]
update = "30m"
resolve = "1h"
[severities.Sev2]
[incidents.f]
linking = { share = 0.0, clocks = "parent" }
[rules.b]
when = { breached = "update" }
then = [{ alert = "x" }]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
[teams.net]
tier = "L1"
headcount = 1
"#],
        "09:00:00 p created
         09:00:00 p declared
         09:00:00 c created
         09:00:00 c start net/1
         09:00:00 p start front/1
         09:05:00 c pending net/1
         09:35:00 c rule:b
         10:40:00 c worked_in_vain
         10:40:00 c updates_missed:3
         10:40:00 c linked p
         14:00:00 p resolved front/1
         14:00:00 p restored
         14:00:00 c resolved front/1
         = c resolve due 11:35:00 undecided",
    );
}

#[test]
fn a_cadence_does_not_begin_before_the_first_words() {
    check(
        "2026-03-02T09:00 UTC",
        &[r#"
first_reply = "10m"
[severities.Sev1]
update = { within = "30m", on_severity_change = "restart" }
[severities.Sev2]
update = "2h"
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
lead_time = "5m"
[rules.up]
when = { in_team = "2m" }
then = [{ raise = 1 }]
[rules.b]
when = { breached = "update" }
then = [{ alert = "x" }]
max = 1
[[tickets]]
id = "a"
at = "0s"
severity = "Sev2"
work = { L1 = "1h" }
"#],
        "09:00:00 a created
         09:00:00 a start front/1
         09:02:00 a rule:up
         09:02:00 a severity:Sev1
         09:40:00 a update_sent press/1
         10:00:00 a resolved front/1",
    );
}

#[test]
fn words_that_come_in_time_are_in_time_though_the_severity_changes_meanwhile() {
    check(
        "2026-03-02T00:00 UTC",
        &[r#"
first_reply = "10m"
tickets = [{ id = "a", at = "9h", severity = "Sev2", work = { L1 = "3h" } } ]
[severities.Sev1]
first_response = "1h"
[severities.Sev2]
first_response = "1h"
[tiers.L1]
work.deterministic = "3h"
[teams.tm]
tier = "L1"
headcount = 1
[rules.r]
when = { in_team = "4m" }
then = [{ raise = 1 }]
"#],
        "09:00:00 a created
         09:00:00 a start tm/1
         09:04:00 a rule:r
         09:04:00 a severity:Sev1
         12:00:00 a resolved tm/1
         = a first_response due 10:00:00 met",
    );
}

#[test]
fn a_correction_comes_later_between_two_conversations() {
    check(
        "2026-03-02T09:00 UTC",
        &[
            r#"
tickets = [
 { id = "a", at = "0s", severity = "Sev3", reported = "Sev4", work = { L1 = "60m" } },
 { id = "b", at = "5m", severity = "Sev4", work = { L1 = "60m" } },
]
[triage.override]
over = 1.0
under = 1.0
work = "10m"
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
concurrency = { most = 2, slowdown = 1.0 }
"#,
            NO_TARGETS,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         09:05:00 b created
         09:05:00 b start front/1
         09:15:00 a severity:Sev3
         11:05:00 b resolved front/1
         11:10:00 a resolved front/1",
    );
}

#[test]
fn a_correction_comes_sooner_in_a_swarm() {
    check(
        "2026-03-02T09:00 UTC",
        &[
            r#"
tickets = [
 { id = "a", at = "0s", severity = "Sev3", reported = "Sev4", work = { L1 = "60m" } },
]
[triage.override]
over = 1.0
under = 1.0
work = "40m"
[swarming]
join_work = "0s"
speed = { linear = true }
[rules.r]
when = { created = true }
then = [{ add_responders = { count = 1, from = "second" } }]
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
         09:00:00 a rule:r
         09:00:00 a start front/1
         09:00:00 a joined second/1
         09:20:00 a severity:Sev3
         09:50:00 a resolved front/1",
    );
}

#[test]
fn a_workaround_after_a_reopening_changes_nothing_of_a_clock_that_was_met() {
    // The first resolution ends `mitigate`; what the involved team finds later is another workaround.
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", team = "front", work = { L1 = "25m", L2 = "20m" }, reopens_after = ["2h"] }]
[severities.Sev1]
mitigate = "30m"
resolve = "8h"
[tiers.L1]
work = { deterministic = "1h" }
[tiers.L2]
work = { deterministic = "20m" }
[teams.front]
tier = "L1"
headcount = 1
[teams.eng]
tier = "L2"
headcount = 1
[rules.again]
when = { reopened = true }
then = [{ involve = { teams = ["eng"] } }]
"#],
        "09:00:00 a created
         09:00:00 a start front/1
         09:25:00 a resolved front/1
         11:25:00 a reopened
         11:25:00 a rule:again
         11:25:00 a involved eng
         11:25:00 a start front/1
         11:45:00 a mitigated front/1
         11:50:00 a resolved front/1
         = a mitigate due 09:30:00 met | resolve due 19:00:00 met",
    );
}

#[test]
fn pauses_do_not_move_a_deadline_whose_clock_has_stopped() {
    // Workarounds after twenty minutes; the resolved ticket's two hours and the customer's five come later.
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [
    { id = "a", at = "0s", severity = "Sev1", work = { L1 = "1h" }, workaround_after = "20m", reopens_after = ["2h"] },
    { id = "b", at = "12h", severity = "Sev1", work = { L1 = "30m" }, workaround_after = "20m", legs = [{ answer_after = "5h", then_work = "10m" }] },
]
[severities.Sev1]
mitigate = "90m"
resolve = "8h"
[tiers.L1]
work = { deterministic = "1h" }
[workaround]
share = 1.0
[teams.front]
tier = "L1"
headcount = 1
"#],
        "09:00:00 a created
         09:00:00 a start front/1
         09:20:00 a mitigated front/1
         10:00:00 a resolved front/1
         12:00:00 a reopened
         12:00:00 a start front/1
         13:00:00 a resolved front/1
         21:00:00 b created
         21:00:00 b start front/1
         21:20:00 b mitigated front/1
         21:30:00 b pending front/1
         Tue 03-03 02:30:00 b customer_answered
         Tue 03-03 02:30:00 b resumed front/1
         Tue 03-03 02:40:00 b resolved front/1
         = a mitigate due 10:30:00 met | resolve due 19:00:00 met
         = b mitigate due 22:30:00 met | resolve due Tue 03-03 10:00:00 met",
    );
}

#[test]
fn a_clock_that_is_replaced_as_it_breaches_is_not_late() {
    let results = check(
        "2026-03-02T09:00",
        &[
            r#"
tickets = [{ id = "a", at = "0s", severity = "Sev3", work = { L1 = "10h" } }]
[severities.Sev1]
resolve = { within = "8h", on_severity_change = "restart" }
[severities.Sev3]
resolve = "4h"
[rules.late]
when = { breached = "resolve" }
then = [{ raise = "Sev1" }]
"#,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         13:00:00 a breach:resolve
         13:00:00 a rule:late
         13:00:00 a severity:Sev1
         19:00:00 a resolved front/1
         = a resolve due 21:00:00 breached",
    );
    assert_eq!(metric(&results, "lateness_resolve_mean_s"), 0.0);
}
