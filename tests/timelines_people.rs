//! Timelines of people: routing, skills, overflow, waiting places, conversations at once, swarms, ping-pong, proficiency,
//! leave. Made by hand, as those of `timelines`.

mod timelines_support;

use timelines_support::*;

/// One tier of an hour's work.
const AN_HOUR: &str = "[tiers.L1]\nwork = { deterministic = \"1h\" }\n";

/// One tier of ten minutes' work.
const TEN_MINUTES: &str = "[tiers.L1]\nwork = { deterministic = \"10m\" }\n";

// Conversations at once.

const CHAT: &str = r#"
[teams.chat]
tier = "L1"
headcount = 1
concurrency = { most = 3, exclusive = ["Sev1"] }
"#;

#[test]
fn two_conversations_slow_each_other_down() {
    check(
        "2026-03-02T00:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", severity = "Sev3" }, { id = "b", at = "4m", severity = "Sev3" }]"#,
            NO_TARGETS,
            TEN_MINUTES,
            CHAT,
        ],
        "00:00:00 a created
         00:00:00 a start chat/1
         00:04:00 b created
         00:04:00 b start chat/1
         00:12:06 a resolved chat/1
         00:16:06 b resolved chat/1",
    );
}

#[test]
fn a_customer_who_is_waited_for_is_no_conversation() {
    // Both begin at 1/1.35: a's 10 min take 13:30, and b has then done 10 of its 30. Its other 20 go at full speed.
    check(
        "2026-03-02T00:00",
        &[
            r#"tickets = [
                { id = "a", at = "0s", severity = "Sev3", work = { L1 = "10m" }, legs = [{ answer_after = "1h", then_work = "5m" }] },
                { id = "b", at = "0s", severity = "Sev3", work = { L1 = "30m" } },
            ]"#,
            NO_TARGETS,
            TEN_MINUTES,
            CHAT,
        ],
        "00:00:00 a created
         00:00:00 b created
         00:00:00 a start chat/1
         00:00:00 b start chat/1
         00:13:30 a pending chat/1
         00:33:30 b resolved chat/1
         01:13:30 a customer_answered
         01:13:30 a resumed chat/1
         01:18:30 a resolved chat/1",
    );
}

#[test]
fn a_severity_that_takes_a_person_alone_waits_for_them_and_keeps_them_from_beginning_anything_else() {
    // From 1:00 on a and b slow each other: a's 9 min take 12:09, b has then done 9 of its 10 min.
    check(
        "2026-03-02T00:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", severity = "Sev3" }, { id = "b", at = "1m", severity = "Sev3" },
                          { id = "c", at = "2m", severity = "Sev1" }, { id = "d", at = "3m", severity = "Sev3" }]"#,
            NO_TARGETS,
            TEN_MINUTES,
            CHAT,
        ],
        "00:00:00 a created
         00:00:00 a start chat/1
         00:01:00 b created
         00:01:00 b start chat/1
         00:02:00 c created
         00:03:00 d created
         00:13:09 a resolved chat/1
         00:14:09 b resolved chat/1
         00:14:09 c start chat/1
         00:24:09 c resolved chat/1
         00:24:09 d start chat/1
         00:34:09 d resolved chat/1",
    );
}

#[test]
fn at_the_end_of_a_shift_all_conversations_change_hands() {
    check(
        "2026-03-02T16:56",
        &[
            r#"tickets = [{ id = "a", at = "0s", work = { L1 = "10m" } }, { id = "b", at = "0s", work = { L1 = "10m" } }]
            [severities.Sev1]"#,
            DAY_AND_EVENING,
            "shift_end = \"hand-off\"\nconcurrency = { most = 2, slowdown = 1.0 }",
        ],
        "16:56:00 a created
         16:56:00 b created
         16:56:00 a start front/day/1
         16:56:00 b start front/day/1
         17:00:00 b handed_off front/day/1
         17:00:00 a handed_off front/day/1
         17:00:00 a resumed front/evening/1
         17:00:00 b resumed front/evening/1
         17:16:00 b resolved front/evening/1
         17:16:00 a resolved front/evening/1",
    );
}

// Swarms.

const OWNER_AND_TWO: &str = r#"
[teams.front]
tier = "L1"
headcount = 1
[teams.second]
tier = "L1"
headcount = 2
"#;

const HELP_AFTER_TEN_MINUTES: &str = r#"
[severities.Sev1]
[rules.help]
when = { with_owner = "10m" }
then = [{ add_responders = { count = 2, from = "second" } }]
"#;

#[test]
fn two_who_join_after_ten_minutes_save_twenty_and_cost_thirty_six() {
    let results = check(
        "2026-03-02T00:00",
        &[
            r#"tickets = [{ id = "a", at = "0s" }]
            swarming.join_work = "0s""#,
            HELP_AFTER_TEN_MINUTES,
            AN_HOUR,
            OWNER_AND_TWO,
        ],
        "00:00:00 a created
         00:00:00 a start front/1
         00:10:00 a rule:help
         00:10:00 a joined second/1
         00:10:00 a joined second/2
         00:38:40 a resolved front/1",
    );
    // 10 + 3 × 28 min 40 s of people's time.
    assert_eq!(metric(&results, "touch_time_mean_s"), 5760.0);
}

#[test]
fn those_who_join_do_not_count_while_they_are_briefed() {
    check(
        "2026-03-02T00:00",
        &[
            r#"tickets = [{ id = "a", at = "0s" }]"#,
            HELP_AFTER_TEN_MINUTES,
            AN_HOUR,
            OWNER_AND_TWO,
        ],
        "00:00:00 a created
         00:00:00 a start front/1
         00:10:00 a rule:help
         00:10:00 a joined second/1
         00:10:00 a joined second/2
         00:39:56.800 a resolved front/1",
    );
}

#[test]
fn by_amdahls_law_three_are_five_thirds_as_fast() {
    check(
        "2026-03-02T00:00",
        &[
            r#"tickets = [{ id = "a", at = "0s" }]
            swarming = { join_work = "0s", speed = { amdahl = { parallel = 0.6 } } }"#,
            HELP_AFTER_TEN_MINUTES,
            AN_HOUR,
            OWNER_AND_TWO,
        ],
        "00:00:00 a created
         00:00:00 a start front/1
         00:10:00 a rule:help
         00:10:00 a joined second/1
         00:10:00 a joined second/2
         00:40:00 a resolved front/1",
    );
}

#[test]
fn who_is_not_free_joins_when_they_are_before_their_own_queue() {
    // second/1 is on x until 0:20 and joins then; y, which waits in their queue, is begun when a is solved.
    check(
        "2026-03-02T00:00",
        &[
            r#"tickets = [{ id = "a", at = "0s" }, { id = "x", at = "0s", team = "second", work = { L1 = "20m" } },
                          { id = "z", at = "0s", team = "second", work = { L1 = "9m" } },
                          { id = "y", at = "15m", team = "second", work = { L1 = "5m" } }]
            swarming.join_work = "0s""#,
            r#"[severities.Sev1]
            [rules.help]
            when = { with_owner = "10m" }
            if = { team = ["front"] }
            then = [{ add_responders = { count = 2, from = "second" } }]"#,
            AN_HOUR,
            OWNER_AND_TWO,
        ],
        "00:00:00 a created
         00:00:00 x created
         00:00:00 z created
         00:00:00 x start second/1
         00:00:00 z start second/2
         00:00:00 a start front/1
         00:09:00 z resolved second/2
         00:10:00 a rule:help
         00:10:00 a joined second/2
         00:15:00 y created
         00:20:00 x resolved second/1
         00:20:00 a joined second/1
         00:40:06.567 a resolved front/1
         00:40:06.567 y start second/1
         00:45:06.567 y resolved second/1",
    );
}

#[test]
fn a_swarm_is_able_if_one_of_its_members_is() {
    let results = check(
        "2026-03-02T00:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", able_from = "L2", work = { L1 = "10m", L2 = "1h" } }]
            swarming.join_work = "0s""#,
            r#"[severities.Sev1]
            [rules.together]
            when = { created = true }
            then = [{ add_responders = { count = 1, from = "second" } }]"#,
            TWO_TIERS,
        ],
        "00:00:00 a created
         00:00:00 a rule:together
         00:00:00 a start front/1
         00:00:00 a joined second/1
         00:40:12 a resolved front/1",
    );
    assert_eq!(metric(&results, "escalation_rate"), 0.0);
    assert_eq!(metric(&results, "touch_time_mean_s"), 2.0 * 2412.0);
}

// Involving other teams.

const THREE_TEAMS: &str = r#"
[teams.front]
tier = "L1"
headcount = 1
[teams.network]
tier = "L1"
headcount = 1
[teams.database]
tier = "L1"
headcount = 1
"#;

const THREE_HOURS_AND_A_BUSY_DATABASE: &str = r#"
tickets = [{ id = "x", at = "0s", team = "database", work = { L1 = "30m" } }, { id = "a", at = "0s", work = { L1 = "3h" } }]
[severities.Sev1]
"#;

#[test]
fn what_takes_longer_than_time_lasts_is_never_done() {
    // Two thousand years of work at a quarter of the pace, and a drift of one step in as many as a million.
    check(
        "2026-03-02T00:00",
        &[r#"
tickets = [{ id = "a", at = "0s", severity = "Sev2", work = { L1 = "730000d" } }]
[severities.Sev1]
[severities.Sev2]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
proficiency = 0.25
[drift]
per_hour = 1e-13
"#],
        "00:00:00 a created
         00:00:00 a start front/1",
    );
}

#[test]
fn of_the_teams_involved_the_first_one_done_mitigates_and_the_others_stop() {
    check(
        "2026-03-02T00:00",
        &[
            THREE_HOURS_AND_A_BUSY_DATABASE,
            r#"[rules.all-hands]
            when = { in_team = "5m" }
            if = { team = ["front"] }
            then = [{ involve = { teams = ["network", "database"] } }]"#,
            AN_HOUR,
            THREE_TEAMS,
        ],
        "00:00:00 x created
         00:00:00 a created
         00:00:00 x start database/1
         00:00:00 a start front/1
         00:05:00 a rule:all-hands
         00:05:00 a involved network
         00:05:00 a involved database
         00:30:00 x resolved database/1
         01:05:00 a mitigated front/1
         03:00:00 a resolved front/1",
    );
}

#[test]
fn where_all_teams_are_needed_the_last_one_done_mitigates() {
    check(
        "2026-03-02T00:00",
        &[
            THREE_HOURS_AND_A_BUSY_DATABASE,
            r#"[rules.all-hands]
            when = { in_team = "5m" }
            if = { team = ["front"] }
            then = [{ involve = { teams = ["network", "database"], need = "all" } }]"#,
            AN_HOUR,
            THREE_TEAMS,
        ],
        "00:00:00 x created
         00:00:00 a created
         00:00:00 x start database/1
         00:00:00 a start front/1
         00:05:00 a rule:all-hands
         00:05:00 a involved network
         00:05:00 a involved database
         00:30:00 x resolved database/1
         01:30:00 a mitigated front/1
         03:00:00 a resolved front/1",
    );
}

#[test]
fn the_clock_of_mitigation_stops_when_a_team_that_was_involved_is_done() {
    let results = check(
        "2026-03-02T00:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", work = { L1 = "3h" } }]
            [severities.Sev1]
            mitigate = "90m""#,
            r#"[rules.all-hands]
            when = { in_team = "5m" }
            if = { team = ["front"] }
            then = [{ involve = { teams = ["network"] } }]"#,
            AN_HOUR,
            THREE_TEAMS,
        ],
        "00:00:00 a created
         00:00:00 a start front/1
         00:05:00 a rule:all-hands
         00:05:00 a involved network
         01:05:00 a mitigated front/1
         03:00:00 a resolved front/1
         = a mitigate due 01:30:00 met",
    );
    assert_eq!(metric(&results, "time_to_mitigate_mean_s"), 3900.0);
    assert_eq!(metric(&results, "partial_resolution_share"), 1.0);
}

// Skills, preference, overflow.

/// `two` helps `one`, but prefers its own.
const N_MODEL: &str = r#"
[services.billing]
needs = ["billing"]
[services.network]
needs = ["network"]
[teams.one]
tier = "L1"
headcount = 1
skills = ["billing"]
overflow = { to = "two", after = "0s" }
[teams.two]
tier = "L1"
headcount = 1
skills = ["billing", "network"]
preference = ["network", "billing"]
"#;

#[test]
fn a_team_that_helps_takes_what_it_prefers_before_what_has_waited_longer() {
    let results = check(
        "2026-03-02T00:00",
        &[
            r#"tickets = [
                { id = "a", at = "0s", service = "billing" }, { id = "b", at = "1m", service = "billing" },
                { id = "c", at = "2m", service = "billing" }, { id = "e", at = "2m 30s", service = "billing" },
                { id = "d", at = "3m", service = "network" },
            ]
            [severities.Sev1]"#,
            TEN_MINUTES,
            N_MODEL,
        ],
        "00:00:00 a created
         00:00:00 a start one/1
         00:01:00 b created
         00:01:00 b overflowed two
         00:01:00 b start two/1
         00:02:00 c created
         00:02:30 e created
         00:03:00 d created
         00:10:00 a resolved one/1
         00:10:00 c start one/1
         00:11:00 b resolved two/1
         00:11:00 d start two/1
         00:20:00 c resolved one/1
         00:20:00 e start one/1
         00:21:00 d resolved two/1
         00:30:00 e resolved one/1",
    );
    assert_eq!(metric(&results, "overflow_rate"), 0.2);
    assert_eq!(metric(&results, "reassignments_per_ticket"), 0.0);
}

#[test]
fn only_who_has_the_skill_works_the_ticket_and_as_fast_as_they_can() {
    check(
        "2026-03-02T00:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", service = "data" }, { id = "b", at = "1m", service = "data" },
                          { id = "c", at = "2m", service = "desk" }]
            [severities.Sev1]"#,
            AN_HOUR,
            r#"[services.data]
            needs = ["database"]
            [people.ana]
            team = "front"
            skills = ["network"]
            [people.ben]
            team = "front"
            skills = { network = 1.5, database = 0.5 }
            [teams.front]
            tier = "L1"
            headcount = 0"#,
        ],
        "00:00:00 a created
         00:00:00 a start ben
         00:01:00 b created
         00:02:00 c created
         00:02:00 c start ana
         01:02:00 c resolved ana
         02:00:00 a resolved ben
         02:00:00 b start ben
         04:00:00 b resolved ben",
    );
}

const TWO_TEAMS_OF_ONE: &str = r#"
[teams.two]
tier = "L1"
headcount = 1
[teams.one]
tier = "L1"
headcount = 1
"#;

#[test]
fn after_a_while_a_ticket_is_offered_to_the_other_team_and_whoever_is_free_first_takes_it() {
    // b and c are offered at 0:21 and 0:22; `two` takes b when it is free at 0:30, `one` c at 1:00.
    check(
        "2026-03-02T00:00",
        &[
            r#"tickets = [
                { id = "a", at = "0s", team = "one" }, { id = "x", at = "0s", team = "two", work = { L1 = "30m" } },
                { id = "b", at = "1m", team = "one" }, { id = "c", at = "2m", team = "one" },
            ]
            [severities.Sev1]"#,
            AN_HOUR,
            TWO_TEAMS_OF_ONE,
            "overflow = { to = \"two\", after = \"20m\" }",
        ],
        "00:00:00 a created
         00:00:00 x created
         00:00:00 a start one/1
         00:00:00 x start two/1
         00:01:00 b created
         00:02:00 c created
         00:30:00 x resolved two/1
         00:30:00 b overflowed two
         00:30:00 b start two/1
         01:00:00 a resolved one/1
         01:00:00 c start one/1
         01:30:00 b resolved two/1
         02:00:00 c resolved one/1",
    );
}

#[test]
fn what_moves_waits_in_the_other_teams_queue_alone() {
    // b moves at 0:21; `one` is free at 1:00 and has nothing to do, `two` begins b at 1:10.
    check(
        "2026-03-02T00:00",
        &[
            r#"tickets = [
                { id = "a", at = "0s", team = "one" }, { id = "x", at = "0s", team = "two", work = { L1 = "70m" } },
                { id = "b", at = "1m", team = "one" },
            ]
            [severities.Sev1]"#,
            AN_HOUR,
            TWO_TEAMS_OF_ONE,
            "overflow = { to = \"two\", after = \"20m\", move = true }",
        ],
        "00:00:00 a created
         00:00:00 x created
         00:00:00 a start one/1
         00:00:00 x start two/1
         00:01:00 b created
         00:21:00 b overflowed two
         01:00:00 a resolved one/1
         01:10:00 x resolved two/1
         01:10:00 b start two/1
         02:10:00 b resolved two/1",
    );
}

// Waiting places.

#[test]
fn what_finds_no_place_is_turned_away_and_its_clocks_are_void() {
    // d comes as a is done: b is begun, its place is free.
    let results = check(
        "2026-03-02T00:00",
        &[
            r#"tickets = [{ id = "a", at = "0s" }, { id = "b", at = "1m" }, { id = "c", at = "2m" }, { id = "d", at = "1h" }]
            [severities.Sev1]
            resolve = "4h""#,
            AN_HOUR,
            "[teams.front]\ntier = \"L1\"\nheadcount = 1\nplaces = 1",
        ],
        "00:00:00 a created
         00:00:00 a start front/1
         00:01:00 b created
         00:02:00 c created
         00:02:00 c turned_away front
         01:00:00 a resolved front/1
         01:00:00 d created
         01:00:00 b start front/1
         02:00:00 b resolved front/1
         02:00:00 d start front/1
         03:00:00 d resolved front/1
         = a resolve due 04:00:00 met
         = b resolve due 04:01:00 met
         = c resolve due 04:02:00 undecided
         = d resolve due 05:00:00 met",
    );
    assert_eq!(metric(&results, "turned_away_rate"), 0.25);
    assert_eq!(metric(&results, "breach_rate_resolve"), 0.0);
}

#[test]
fn what_finds_a_group_full_goes_to_the_next_and_away_where_that_is_full_too() {
    check(
        "2026-03-02T00:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", team = "one" }, { id = "b", at = "1m", team = "one" }, { id = "c", at = "2m", team = "one" }]
            [severities.Sev1]"#,
            AN_HOUR,
            "[teams.two]\ntier = \"L1\"\nheadcount = 1\nplaces = 0
            [teams.one]\ntier = \"L1\"\nheadcount = 1\nplaces = 0\nwhen_full = \"overflow\"\noverflow.to = \"two\"",
        ],
        "00:00:00 a created
         00:00:00 a start one/1
         00:01:00 b created
         00:01:00 b overflowed two
         00:01:00 b start two/1
         00:02:00 c created
         00:02:00 c overflowed two
         00:02:00 c turned_away two
         01:00:00 a resolved one/1
         01:01:00 b resolved two/1",
    );
}

// Routing.

const TWO_PEOPLE: &str = "[severities.Sev1]\n[teams.front]\ntier = \"L1\"\nheadcount = 2";

#[test]
fn pushed_tickets_wait_for_their_person_though_another_is_free_earlier() {
    check(
        "2026-03-02T00:00",
        &[
            r#"tickets = [{ id = "a", at = "0s" }, { id = "b", at = "1m", work = { L1 = "5m" } },
                          { id = "c", at = "2m" }, { id = "d", at = "3m" }]"#,
            AN_HOUR,
            TWO_PEOPLE,
            "routing.assign = \"push\"",
        ],
        "00:00:00 a created
         00:00:00 a start front/1
         00:01:00 b created
         00:01:00 b start front/2
         00:02:00 c created
         00:03:00 d created
         00:06:00 b resolved front/2
         00:06:00 d start front/2
         01:00:00 a resolved front/1
         01:00:00 c start front/1
         01:06:00 d resolved front/2
         02:00:00 c resolved front/1",
    );
}

#[test]
fn a_person_who_holds_as_much_as_they_may_leaves_the_rest_to_the_queue() {
    check(
        "2026-03-02T00:00",
        &[
            r#"tickets = [{ id = "a", at = "0s" }, { id = "b", at = "1m", work = { L1 = "5m" } }, { id = "c", at = "2m" }]"#,
            AN_HOUR,
            TWO_PEOPLE,
            "routing = { assign = \"push\", holds = 1 }",
        ],
        "00:00:00 a created
         00:00:00 a start front/1
         00:01:00 b created
         00:01:00 b start front/2
         00:02:00 c created
         00:06:00 b resolved front/2
         00:06:00 c start front/2
         01:00:00 a resolved front/1
         01:06:00 c resolved front/2",
    );
}

const PUSHED_BEFORE_THE_SHIFT_ENDS: &str = r#"
tickets = [{ id = "a", at = "0s" }, { id = "b", at = "10m" }]
[severities.Sev1]
"#;

#[test]
fn a_persons_absence_strands_what_waits_for_them() {
    check(
        "2026-03-02T16:30",
        &[
            PUSHED_BEFORE_THE_SHIFT_ENDS,
            DAY_AND_EVENING,
            "routing.assign = \"push\"",
        ],
        "16:30:00 a created
         16:30:00 a start front/day/1
         16:40:00 b created
         17:30:00 a resolved front/day/1
         Tue 03-03 09:00:00 b start front/day/1
         Tue 03-03 10:00:00 b resolved front/day/1",
    );
}

#[test]
fn what_has_waited_for_its_person_long_enough_goes_back_to_the_team() {
    let results = check(
        "2026-03-02T16:30",
        &[
            PUSHED_BEFORE_THE_SHIFT_ENDS,
            DAY_AND_EVENING,
            "routing = { assign = \"push\", return_after = \"30m\" }",
        ],
        "16:30:00 a created
         16:30:00 a start front/day/1
         16:40:00 b created
         17:10:00 b start front/evening/1
         17:30:00 a resolved front/day/1
         18:10:00 b resolved front/evening/1",
    );
    assert_eq!(metric(&results, "queue_wait_mean_s"), 900.0);
    assert_eq!(metric(&results, "handoffs_per_ticket"), 0.0);
}

#[test]
fn round_robin_skips_who_is_busy_and_goes_on_after_who_was_last_assigned() {
    // At 1:00:30 both are free, front/2 for longer; the turn is front/1's.
    check(
        "2026-03-02T00:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", work = { L1 = "1h" } }, { id = "b", at = "1m" }, { id = "c", at = "20m" },
                          { id = "d", at = "60m 30s" }]"#,
            TEN_MINUTES,
            TWO_PEOPLE,
            "routing.mode = \"round-robin\"",
        ],
        "00:00:00 a created
         00:00:00 a start front/1
         00:01:00 b created
         00:01:00 b start front/2
         00:11:00 b resolved front/2
         00:20:00 c created
         00:20:00 c start front/2
         00:30:00 c resolved front/2
         01:00:00 a resolved front/1
         01:00:30 d created
         01:00:30 d start front/1
         01:10:30 d resolved front/1",
    );
}

#[test]
fn the_least_loaded_has_the_fewest_open_tickets_those_that_wait_for_the_customer_too() {
    // At 0:20 front/1 has been idle longer, but a, which they own, waits for its customer.
    check(
        "2026-03-02T00:00",
        &[
            r#"tickets = [
                { id = "a", at = "0s", legs = [{ answer_after = "5h", then_work = "10m" }] },
                { id = "b", at = "1m" }, { id = "c", at = "20m" },
            ]"#,
            TEN_MINUTES,
            TWO_PEOPLE,
            "routing.mode = \"least-loaded\"",
        ],
        "00:00:00 a created
         00:00:00 a start front/1
         00:01:00 b created
         00:01:00 b start front/2
         00:10:00 a pending front/1
         00:11:00 b resolved front/2
         00:20:00 c created
         00:20:00 c start front/2
         00:30:00 c resolved front/2
         05:10:00 a customer_answered
         05:10:00 a resumed front/1
         05:20:00 a resolved front/1",
    );
}

#[test]
fn the_most_proficient_in_what_the_ticket_needs_gets_it() {
    check(
        "2026-03-02T00:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", service = "data" }, { id = "b", at = "1m", service = "data" }]
            [severities.Sev1]"#,
            AN_HOUR,
            r#"[services.data]
            needs = ["database"]
            [people.ana]
            team = "front"
            skills = { database = 0.8 }
            [people.ben]
            team = "front"
            skills = { database = 1.25 }
            [teams.front]
            tier = "L1"
            headcount = 0
            routing.mode = "best-skill""#,
        ],
        "00:00:00 a created
         00:00:00 a start ben
         00:01:00 b created
         00:01:00 b start ana
         00:48:00 a resolved ben
         01:16:00 b resolved ana",
    );
}

const COMES_BACK_WHILE_ITS_SOLVER_IS_BUSY: &str = r#"
tickets = [
    { id = "a", at = "0s", reopens_after = ["30m"] },
    { id = "b", at = "5m", work = { L1 = "20m" } },
    { id = "c", at = "15m", work = { L1 = "30m" } },
]
"#;

#[test]
fn what_comes_back_waits_for_whoever_solved_it() {
    check(
        "2026-03-02T00:00",
        &[
            COMES_BACK_WHILE_ITS_SOLVER_IS_BUSY,
            TEN_MINUTES,
            TWO_PEOPLE,
            "routing = { sticky = true, sticky_wait = \"10m\" }",
        ],
        "00:00:00 a created
         00:00:00 a start front/1
         00:05:00 b created
         00:05:00 b start front/2
         00:10:00 a resolved front/1
         00:15:00 c created
         00:15:00 c start front/1
         00:25:00 b resolved front/2
         00:40:00 a reopened
         00:45:00 c resolved front/1
         00:45:00 a start front/1
         00:55:00 a resolved front/1",
    );
}

#[test]
fn it_does_not_wait_longer_than_it_should() {
    check(
        "2026-03-02T00:00",
        &[
            COMES_BACK_WHILE_ITS_SOLVER_IS_BUSY,
            TEN_MINUTES,
            TWO_PEOPLE,
            "routing = { sticky = true, sticky_wait = \"2m\" }",
        ],
        "00:00:00 a created
         00:00:00 a start front/1
         00:05:00 b created
         00:05:00 b start front/2
         00:10:00 a resolved front/1
         00:15:00 c created
         00:15:00 c start front/1
         00:25:00 b resolved front/2
         00:40:00 a reopened
         00:42:00 a start front/2
         00:45:00 c resolved front/1
         00:52:00 a resolved front/2",
    );
}

#[test]
fn it_goes_to_whoever_solved_it_if_they_are_free_though_another_is_for_longer() {
    check(
        "2026-03-02T00:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", reopens_after = ["30m"] }]"#,
            TEN_MINUTES,
            TWO_PEOPLE,
            "routing.sticky = true",
        ],
        "00:00:00 a created
         00:00:00 a start front/1
         00:10:00 a resolved front/1
         00:40:00 a reopened
         00:40:00 a start front/1
         00:50:00 a resolved front/1",
    );
}

#[test]
fn following_the_sun_the_zone_whose_day_ends_first_gets_the_ticket() {
    check(
        "2026-03-02T08:00",
        &[
            r#"tickets = [{ id = "a", at = "2h" }]
            [severities.Sev1]"#,
            AN_HOUR,
            r#"[teams.front.shifts.long]
            headcount = 1
            hours = { "Mon-Sun" = "08:00-20:00" }
            [teams.front.shifts.short]
            headcount = 1
            hours = { "Mon-Sun" = "10:00-18:00" }
            zone = "Europe/Athens"
            [teams.front]
            tier = "L1"
            routing.follow_the_sun = true"#,
        ],
        "10:00:00 a created
         10:00:00 a start front/short/1
         11:00:00 a resolved front/short/1",
    );
}

// Ping-pong.

#[test]
fn a_ticket_that_is_not_accepted_costs_both_teams_a_look_and_comes_again() {
    let results = check(
        "2026-03-02T00:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", able_from = "L2", work = { L1 = "8m", L2 = "30m" } }]
            handoff.rejected = 1.0
            [severities.Sev1]"#,
            TWO_TIERS,
        ],
        "00:00:00 a created
         00:00:00 a start front/1
         00:08:00 a escalated front/1
         00:08:00 a start second/1
         00:13:00 a rejected second
         00:13:00 a sent_back second/1
         00:13:00 a start front/1
         00:18:00 a escalated front/1
         00:18:00 a start second/1
         00:48:00 a resolved second/1",
    );
    assert_eq!(metric(&results, "bounce_rate"), 1.0);
    assert_eq!(metric(&results, "reassignments_per_ticket"), 3.0);
}

#[test]
fn a_ticket_that_rules_hand_to_and_fro_bounces() {
    let results = check(
        "2026-03-02T00:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", team = "one" }, { id = "b", at = "0s", team = "one" }]
            [severities.Sev1]
            [rules.over]
            when = { in_team = "10m" }
            if = { team = ["one"], reassignments = { at_most = 0 } }
            then = [{ transfer = "two" }]
            [rules.back]
            when = { in_queue = "10m" }
            if = { team = ["two"], reassignments = { at_most = 1 } }
            then = [{ transfer = "one" }]"#,
            AN_HOUR,
            TWO_TEAMS_OF_ONE,
        ],
        "00:00:00 a created
         00:00:00 b created
         00:00:00 a start one/1
         00:10:00 a rule:over
         00:10:00 a taken one/1
         00:10:00 a transferred two
         00:10:00 b rule:over
         00:10:00 b transferred two
         00:10:00 a resumed two/1
         00:20:00 b rule:back
         00:20:00 b transferred one
         00:20:00 b start one/1
         01:00:00 a resolved two/1
         01:20:00 b resolved one/1",
    );
    assert_eq!(metric(&results, "bounce_rate"), 0.5);
}

// How fast people are, and whether they are there.

#[test]
fn somebody_new_begins_at_half_their_proficiency_and_learns() {
    // Read at the start of each stretch of work: 1 h / (2 × 0.5); after one time constant 1 h / (2 × (1 − 0.5 e⁻¹)).
    check(
        "2026-03-02T00:00",
        &[
            r#"tickets = [{ id = "a", at = "0s" }, { id = "b", at = "336h" }]
            [severities.Sev1]"#,
            AN_HOUR,
            r#"[teams.front]
            tier = "L1"
            headcount = 1
            proficiency = 2.0
            training = { time_constant = "2w" }"#,
        ],
        "00:00:00 a created
         00:00:00 a start front/1
         01:00:00 a resolved front/1
         Mon 03-16 00:00:00 b created
         Mon 03-16 00:00:00 b start front/1
         Mon 03-16 00:36:45.719 b resolved front/1",
    );
}

#[test]
fn a_person_on_leave_is_not_there() {
    check(
        "2026-03-02T09:00",
        &[
            r#"tickets = [{ id = "a", at = "0s" }]
            [severities.Sev1]"#,
            AN_HOUR,
            r#"[people.ana]
            team = "front"
            leave = [{ from = "2026-03-02", to = "2026-03-03" }]
            [people.ben]
            team = "front"
            shift = "late"
            leave = [{ from = "2026-03-01", to = "2026-03-02T18:00" }]
            [teams.front.shifts.late]
            headcount = 0
            hours = { "Mon-Sun" = "17:00-19:00" }
            [teams.front]
            tier = "L1""#,
        ],
        "09:00:00 a created
         Tue 03-03 17:00:00 a start ben
         Tue 03-03 18:00:00 a resolved ben",
    );
}

#[test]
fn people_with_names_are_always_there_but_for_their_leave_where_a_team_is_counted() {
    check(
        "2026-03-02T09:00",
        &[
            r#"tickets = [{ id = "a", at = "0s" }]
            [severities.Sev1]"#,
            AN_HOUR,
            r#"[people.ana]
            team = "front"
            leave = [{ from = "2026-03-02", to = "2026-03-03" }]
            [teams.front]
            tier = "L1"
            headcount = 0"#,
        ],
        "09:00:00 a created
         Wed 03-04 00:00:00 a start ana
         Wed 03-04 01:00:00 a resolved ana",
    );
}

#[test]
fn leave_after_the_run_changes_nothing_and_leave_within_it_keeps_the_order_of_people() {
    for leave in [
        "",
        "leave = [{ from = \"2027-03-02\", to = \"2027-03-09\" }]",
        "leave = [{ from = \"2026-03-12\", to = \"2026-03-13\" }]",
    ] {
        check(
            "2026-03-02T09:00",
            &[
                r#"tickets = [{ id = "a", at = "0s" }, { id = "b", at = "10m" }]
                [severities.Sev1]"#,
                AN_HOUR,
                r#"[teams.front]
                tier = "L1"
                headcount = 0
                [people.ana]
                team = "front""#,
                leave,
                r#"[people.ben]
                team = "front""#,
            ],
            "09:00:00 a created
             09:00:00 a start ana
             09:10:00 b created
             09:10:00 b start ben
             10:00:00 a resolved ana
             10:10:00 b resolved ben",
        );
    }
}

#[test]
fn a_manager_who_acknowledges_leaves_the_work_to_whoever_knows_it() {
    check(
        "2026-03-02T09:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", service = "data", reopens_after = ["1h"], acknowledges = { boss = ["1m"] } }]
            [severities.Sev1]"#,
            TEN_MINUTES,
            r#"[services.data]
            needs = ["database"]
            [people.ana]
            team = "front"
            skills = ["database"]
            [people.max]
            team = "managers"
            [teams.front]
            tier = "L1"
            headcount = 0
            [teams.managers]
            tier = "L1"
            skills = []
            [schedules.boss]
            members = ["max"]
            [rules.page]
            when = { created = true }
            then = [{ notify = ["boss"] }]"#,
        ],
        "09:00:00 a created
         09:00:00 a rule:page
         09:00:00 a paged max
         09:00:00 a start ana
         09:01:00 a acknowledged max
         09:10:00 a resolved ana
         10:10:00 a reopened
         10:10:00 a start ana
         10:20:00 a resolved ana",
    );
}

#[test]
fn shrinkage_that_is_divided_out_makes_everybody_a_fraction_of_a_person() {
    // (1 - 0.25)(1 - 0.2) = 0.6: 36 minutes of work take an hour, at any hour of the shift, and nobody is absent or on a break.
    let staff = format!("{DAY_ONLY}shrinkage = {{ absent = 0.25, breaks = 0.2 }}\n");
    let thin = "[candidates.thin]\nset.run.shrinkage = \"thin\"\n";
    let tickets =
        r#"tickets = [{ id = "a", at = "0s", work = { L1 = "36m" } }, { id = "b", at = "1d", work = { L1 = "18m" } }]"#;
    let results = check_quietly("2026-03-02T09:00", &[tickets, "[severities.Sev1]\n", &staff, thin]);
    let row = results.find(1, "time_to_resolve_mean_s", "all", "").expect("a row");
    assert_eq!(row.estimate, Some((3600.0 + 1800.0) / 2.0));
}

#[test]
fn what_takes_a_person_alone_and_waits_for_them_keeps_them_free_for_it() {
    check(
        "2026-03-02T12:00",
        &[r#"
tickets = [{ id = "x", at = "50m", severity = "Sev1", team = "other", work = { L1 = "1h" }, acknowledges = { ada = ["2m"] } },
 { id = "b", at = "30m", severity = "Sev2", work = { L1 = "40m" } },
 { id = "c", at = "60m", severity = "Sev2", work = { L1 = "40m" } },
 { id = "d", at = "90m", severity = "Sev2", work = { L1 = "40m" } },
 { id = "e", at = "120m", severity = "Sev2", work = { L1 = "40m" } },
 { id = "f", at = "150m", severity = "Sev2", work = { L1 = "40m" } },
 { id = "g", at = "180m", severity = "Sev2", work = { L1 = "40m" } }]
[severities.Sev1]
[severities.Sev2]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 0
concurrency = { most = 2, slowdown = 0.0, exclusive = ["Sev1"] }
[teams.other]
tier = "L1"
headcount = 0
[people]
ada = { team = "front" }
[schedules.primary]
members = ["ada"]
[rules.r]
when = { created = true }
if = { severity = ["Sev1"] }
then = [{ notify = ["primary"] }]
"#],
        "12:30:00 b created
         12:30:00 b start ada
         12:50:00 x created
         12:50:00 x rule:r
         12:50:00 x paged ada
         12:52:00 x acknowledged ada
         12:52:00 x transferred front
         13:00:00 c created
         13:10:00 b resolved ada
         13:10:00 x start ada
         13:30:00 d created
         14:00:00 e created
         14:10:00 x resolved ada
         14:10:00 c start ada
         14:10:00 d start ada
         14:30:00 f created
         14:50:00 d resolved ada
         14:50:00 c resolved ada
         14:50:00 e start ada
         14:50:00 f start ada
         15:00:00 g created
         15:30:00 f resolved ada
         15:30:00 e resolved ada
         15:30:00 g start ada
         16:10:00 g resolved ada",
    );
}

#[test]
fn a_ticket_that_waited_for_one_person_stays_behind_its_gate() {
    check(
        "2026-03-02T12:00",
        &[
            r#"
tickets = [{ id = "w", at = "0s", severity = "Sev1", work = { L1 = "30m" } }, { id = "a", at = "1m", severity = "Sev2", work = { L1 = "1h" } }]
[tiers.L1]
work = { deterministic = "1h" }
[tiers.L2]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
routing = { assign = "push", mode = "least-loaded", return_after = "10m" }
[teams.boss]
tier = "L2"
headcount = 1
[roles.director]
team = "boss"
reaction = { deterministic = "60m" }
[gates.g]
approvers = ["director"]
decision_work = { deterministic = "10m" }
[rules.r]
when = { in_team = "5m" }
if = { severity = ["Sev2"] }
then = [{ open_gate = "g" }]
"#,
            NO_TARGETS,
        ],
        "12:00:00 w created
         12:00:00 w start front/1
         12:01:00 a created
         12:06:00 a rule:r
         12:06:00 a gate_requested g
         12:30:00 w resolved front/1
         13:16:00 a gate_decided:approved g
         13:16:00 a start front/1
         14:16:00 a resolved front/1",
    );
}

#[test]
fn a_ticket_that_waited_for_one_person_stays_linked() {
    check(
        "2026-03-02T12:00",
        &[
            r#"
tickets = [{ id = "w", at = "0s", severity = "Sev1", work = { L1 = "20m" } }, { id = "p", at = "10s", severity = "Sev1", team = "ops", able_from = "L2", work = { L2 = "3h" }, incident = "i" }, { id = "a", at = "1m", severity = "Sev2", work = { L1 = "1h" }, incident = "i", linked_after = "5m" }]
[tiers.L1]
work = { deterministic = "1h" }
[tiers.L2]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
routing = { assign = "push", mode = "least-loaded", return_after = "10m" }
[teams.ops]
tier = "L2"
headcount = 1
[incidents.i]
linking = { share = 1.0 }
"#,
            NO_TARGETS,
        ],
        "12:00:00 w created
         12:00:00 w start front/1
         12:00:10 p created
         12:00:10 p declared
         12:00:10 p start ops/1
         12:01:00 a created
         12:06:00 a linked p
         12:20:00 w resolved front/1
         15:00:10 p resolved ops/1
         15:00:10 p restored
         15:00:10 a resolved ops/1",
    );
}

#[test]
fn an_interruption_does_not_spare_a_cold_handoff() {
    // A hundred minutes are left, five go to the switch, and half of the twenty that were done are lost.
    check(
        "2026-03-02T16:00",
        &[r#"
handoff = { shift_end = "cold", overlap = "10m", context_loss = 0.5 }
tickets = [ { id = "a", at = "0s", severity = "Sev2", work = { L1 = "2h" } }, { id = "b", at = "20m", severity = "Sev1", work = { L1 = "2h" } } ]
[severities.Sev1]
[severities.Sev2]
[severities.Sev3]
[severities.Sev4]
[tiers.L1]
work = { deterministic = "1h" }
[teams.ops]
tier = "L1"
shift_end = "hand-off"
preemption = { switch_cost = "5m" }
shifts.day = { headcount = 1, hours = { "Mon-Sun" = "09:00-17:00" } }
shifts.eve = { headcount = 1, hours = { "Mon-Sun" = "17:00-23:00" } }
"#],
        "16:00:00 a created
         16:00:00 a start ops/day/1
         16:20:00 b created
         16:20:00 a preempted ops/day/1
         16:20:00 b start ops/day/1
         17:00:00 b handed_off ops/day/1
         17:00:00 a handed_off ops/day/1
         17:00:00 b resumed ops/eve/1
         18:40:00 b resolved ops/eve/1
         18:40:00 a resumed ops/eve/1
         20:35:00 a resolved ops/eve/1",
    );
}

#[test]
fn whoever_is_absent_is_so_all_day() {
    // Two tickets a working day, one in each part of the shift: where the first one waits for another day, so does the second.
    let mut tickets = String::from("tickets = [\n");
    for day in (0..14).filter(|day| day % 7 < 5) {
        for (part, hour) in [("m", 8), ("n", 13)] {
            tickets.push_str(&format!(
                "{{ id = \"{part}{day}\", at = \"{day}d {hour}h\", work = {{ L1 = \"10m\" }} }},\n"
            ));
        }
    }
    let results = check_quietly(
        "2026-03-02T00:00 UTC",
        &[
            &(tickets + "]"),
            r#"
[severities.Sev1]
[tiers.L1]
work = { deterministic = "1h" }
[teams.ops]
tier = "L1"
shrinkage = { absent = 0.5 }
shifts.day = { headcount = 1, hours = { "Mon-Fri" = "08:00-12:00, 13:00-17:00" } }
"#,
        ],
    );
    let begins = |part: &str, day: i64| {
        let name = format!("{part}{day}");
        let row = results.tickets.iter().find(|row| row.ticket == name).expect("a ticket");
        row.first_response.expect("an answer").ms() / 86_400_000
    };
    let days = (0..14).filter(|day| day % 7 < 5);
    let waits: Vec<[bool; 2]> = days.map(|day| ["m", "n"].map(|part| begins(part, day) > day)).collect();
    assert!(
        waits.iter().all(|[morning, afternoon]| morning == afternoon),
        "{waits:?}"
    );
    assert!(waits.contains(&[true, true]) && waits.contains(&[false, false]));
}

#[test]
fn shifts_that_touch_are_days_of_their_own() {
    // Somebody who is there round the clock from Monday to Friday is absent for days, not for weeks, and goes on at midnight where
    // they are not. Breaks are those of a day: two of 72 minutes.
    let parts = |shrinkage: &str| {
        let tickets: String = (0..19)
            .filter(|day| day % 7 < 5)
            .map(|day| format!("{{ id = \"d{day}\", at = \"{day}d 23h 30m\", work = {{ L1 = \"1h\" }} }},\n"))
            .collect();
        format!(
            r#"tickets = [{tickets}]
            [severities.Sev1]
            [tiers.L1]
            work = {{ deterministic = "1h" }}
            [teams.ops]
            tier = "L1"
            shift_end = "hand-off"
            shrinkage = {{ {shrinkage} }}
            shifts.day = {{ headcount = 1, hours = {{ "Mon-Fri" = "00:00-24:00" }} }}"#
        )
    };
    let results = check_quietly("2026-03-02T00:00 UTC", &[&parts("absent = 0.3")]);
    let starts = |day: usize| {
        let name = format!("d{day}");
        results.tickets.iter().find(|row| row.ticket == name).expect("a ticket")
    };
    let there: Vec<bool> = (0..19)
        .filter(|day| day % 7 < 5)
        .map(|day| {
            starts(day).first_response.expect("an answer").ms() == (day as i64 * 24 + 23) * 3_600_000 + 1_800_000
        })
        .collect();
    assert!(there.contains(&true) && there.contains(&false), "{there:?}");
    let weeks: Vec<bool> = there
        .chunks(5)
        .map(|week| week.iter().all(|there| *there == week[0]))
        .collect();
    assert!(weeks.contains(&false), "{there:?}");
    let breaks = check_quietly(
        "2026-03-02T00:00 UTC",
        &[&parts("breaks = 0.1, break_count = 2, break_slip = \"0s\"")],
    );
    let handed = breaks.events.iter().filter(|event| event.activity == "handed_off");
    assert_eq!(handed.count(), 3, "on three Friday nights");
    let paused = breaks
        .events
        .iter()
        .filter(|event| event.activity.starts_with("paused"));
    assert_eq!(
        paused.count(),
        0,
        "breaks are early and late in the day, not at midnight"
    );
}

#[test]
fn who_explains_a_ticket_stays_until_it_is_explained() {
    check(
        "2026-03-02T16:00 UTC",
        &[
            r#"
handoff = { overlap = "10m" }
tickets = [
 { id = "a", at = "0s", severity = "Sev2", work = { L1 = "3h" } },
 { id = "n", at = "17h1m", severity = "Sev3", team = "front", work = { L1 = "30m" } },
]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
shift_end = "hand-off"
shifts.day = { headcount = 1, hours = { "Mon-Sun" = "09:00-17:00" } }
[teams.second]
tier = "L1"
headcount = 1
[rules.r]
when = { in_team = "58m" }
if = { severity = ["Sev2"], team = ["front"] }
max = 1
then = [{ transfer = "second" }]
"#,
            NO_TARGETS,
        ],
        "16:00:00 a created
         16:00:00 a start front/day/1
         16:58:00 a rule:r
         16:58:00 a taken front/day/1
         16:58:00 a transferred second
         16:58:00 a resumed second/1
         19:10:00 a resolved second/1
         Tue 03-03 09:01:00 n created
         Tue 03-03 09:01:00 n start front/day/1
         Tue 03-03 09:31:00 n resolved front/day/1",
    );
}

#[test]
fn whoever_may_have_to_explain_begins_nothing_else_before_a_shift_has_begun() {
    check(
        "2026-03-02T09:00 UTC",
        &[
            r#"
handoff = { overlap = "10m" }
tickets = [
 { id = "q", at = "0s", severity = "Sev3", team = "second", work = { L1 = "30m" } },
 { id = "a", at = "0s", severity = "Sev2", work = { L1 = "3h" } },
 { id = "b", at = "1m", severity = "Sev3", work = { L1 = "2h" } },
]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
[teams.second]
tier = "L1"
shifts.late = { headcount = 2, hours = { "Mon-Sun" = "10:00-18:00" } }
[rules.r]
when = { in_team = "1h" }
if = { severity = ["Sev2"], team = ["front"] }
max = 1
then = [{ transfer = "second" }]
"#,
            NO_TARGETS,
        ],
        "09:00:00 q created
         09:00:00 a created
         09:00:00 a start front/1
         09:01:00 b created
         10:00:00 a rule:r
         10:00:00 a taken front/1
         10:00:00 a transferred second
         10:00:00 a resumed second/late/1
         10:00:00 q start second/late/2
         10:10:00 b start front/1
         10:30:00 q resolved second/late/2
         12:10:00 a resolved second/late/1
         12:10:00 b resolved front/1",
    );
}

#[test]
fn whoever_has_to_explain_a_ticket_begins_nothing_else() {
    check(
        "2026-03-02T09:00 UTC",
        &[
            r#"
handoff = { overlap = "10m" }
tickets = [
 { id = "x", at = "0s", severity = "Sev3", team = "second", work = { L1 = "30m" }, reopens_after = ["30m"] },
 { id = "a", at = "0s", severity = "Sev2", work = { L1 = "3h" } },
 { id = "b", at = "1m", severity = "Sev3", work = { L1 = "2h" } },
]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
[teams.second]
tier = "L1"
headcount = 2
[rules.r]
when = { in_team = "1h" }
if = { severity = ["Sev2"], team = ["front"] }
max = 1
then = [{ transfer = "second" }]
"#,
            NO_TARGETS,
        ],
        "09:00:00 x created
         09:00:00 a created
         09:00:00 x start second/1
         09:00:00 a start front/1
         09:01:00 b created
         09:30:00 x resolved second/1
         10:00:00 x reopened
         10:00:00 a rule:r
         10:00:00 a taken front/1
         10:00:00 a transferred second
         10:00:00 a resumed second/2
         10:00:00 x start second/1
         10:10:00 b start front/1
         10:30:00 x resolved second/1
         12:10:00 a resolved second/2
         12:10:00 b resolved front/1",
    );
}

/// A primary and a secondary owner, who write about Sev2 each hour.
const OWNERS_WHO_WRITE: &str = r#"
[severities.Sev1]
[severities.Sev2]
update = "1h"
[severities.Sev3]
[communications]
update_work = { deterministic = "10m" }
[tiers.L1]
work = { deterministic = "1h" }
[teams.ops]
tier = "L1"
headcount = 0
[people]
ana = { team = "ops" }
ben = { team = "ops" }
[services.shop]
primary = "ana"
secondary = "ben"
overload = 2
"#;

#[test]
fn writing_an_update_does_not_make_a_primary_overloaded() {
    check(
        "2026-03-02T09:00 UTC",
        &[
            r#"
tickets = [
 { id = "t1", service = "shop", at = "0s", severity = "Sev2", work = { L1 = "3h" } },
 { id = "t2", service = "shop", at = "1m", severity = "Sev2", work = { L1 = "1h" } },
]
"#,
            OWNERS_WHO_WRITE,
        ],
        "09:00:00 t1 created
         09:00:00 t1 start ana
         09:01:00 t2 created
         09:50:00 t1 put_aside ana
         10:00:00 t1 update_sent ana
         10:00:00 t1 resumed ana
         10:50:00 t1 put_aside ana
         11:00:00 t1 update_sent ana
         11:00:00 t1 resumed ana
         11:50:00 t1 put_aside ana
         12:00:00 t1 update_sent ana
         12:00:00 t1 resumed ana
         12:30:00 t1 resolved ana
         12:30:00 t2 start ana
         13:20:00 t2 put_aside ana
         13:30:00 t2 update_sent ana
         13:30:00 t2 resumed ana
         13:40:00 t2 resolved ana",
    );
}

#[test]
fn a_task_in_hand_does_not_make_a_primary_overloaded() {
    check(
        "2026-03-02T09:00 UTC",
        &[
            r#"
tickets = [
 { id = "t1", service = "shop", at = "0s", severity = "Sev2", work = { L1 = "3h" } },
 { id = "t2", service = "shop", at = "55m", severity = "Sev3", work = { L1 = "1h" } },
]
"#,
            OWNERS_WHO_WRITE,
        ],
        "09:00:00 t1 created
         09:00:00 t1 start ana
         09:50:00 t1 put_aside ana
         09:55:00 t2 created
         10:00:00 t1 update_sent ana
         10:00:00 t1 resumed ana
         10:50:00 t1 put_aside ana
         11:00:00 t1 update_sent ana
         11:00:00 t1 resumed ana
         11:50:00 t1 put_aside ana
         12:00:00 t1 update_sent ana
         12:00:00 t1 resumed ana
         12:30:00 t1 resolved ana
         12:30:00 t2 start ana
         13:30:00 t2 resolved ana",
    );
}

#[test]
fn tasks_are_none_of_the_tickets_that_a_person_holds() {
    check(
        "2026-03-02T09:00 UTC",
        &[r#"
tickets = [
 { id = "t1", at = "0s", severity = "Sev2", work = { L1 = "3h" } },
 { id = "t2", at = "55m", severity = "Sev3", work = { L1 = "1h" } },
]
[severities.Sev1]
[severities.Sev2]
update = "1h"
[severities.Sev3]
[communications]
update_work = { deterministic = "10m" }
[rules.warn]
when = { in_queue = "1h" }
then = [{ alert = "x" }]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
routing = { assign = "push", holds = 2 }
"#],
        "09:00:00 t1 created
         09:00:00 t1 start front/1
         09:50:00 t1 put_aside front/1
         09:55:00 t2 created
         10:00:00 t1 update_sent front/1
         10:00:00 t1 resumed front/1
         10:50:00 t1 put_aside front/1
         10:55:00 t2 rule:warn
         11:00:00 t1 update_sent front/1
         11:00:00 t1 resumed front/1
         11:50:00 t1 put_aside front/1
         12:00:00 t1 update_sent front/1
         12:00:00 t1 resumed front/1
         12:30:00 t1 resolved front/1
         12:30:00 t2 start front/1
         13:30:00 t2 resolved front/1",
    );
}

#[test]
fn tickets_that_wait_for_their_customers_count_for_overload() {
    check(
        "2026-03-02T09:00 UTC",
        &[
            r#"
tickets = [
 { id = "t1", service = "shop", at = "0s", severity = "Sev2", work = { L1 = "10m" }, legs = [{ answer_after = "9h", then_work = "30m" }] },
 { id = "t2", service = "shop", at = "11m", severity = "Sev2", work = { L1 = "10m" }, legs = [{ answer_after = "9h", then_work = "30m" }] },
 { id = "t3", service = "shop", at = "30m", severity = "Sev3", work = { L1 = "1h" } },
]
[tiers.L1]
work = { deterministic = "1h" }
[teams.ops]
tier = "L1"
headcount = 0
[people]
ana = { team = "ops" }
ben = { team = "ops" }
[services.shop]
primary = "ana"
secondary = "ben"
overload = 2
"#,
            NO_TARGETS,
        ],
        "09:00:00 t1 created
         09:00:00 t1 start ana
         09:10:00 t1 pending ana
         09:11:00 t2 created
         09:11:00 t2 start ana
         09:21:00 t2 pending ana
         09:30:00 t3 created
         09:30:00 t3 start ben
         10:30:00 t3 resolved ben
         18:10:00 t1 customer_answered
         18:10:00 t1 resumed ana
         18:21:00 t2 customer_answered
         18:40:00 t1 resolved ana
         18:40:00 t2 resumed ana
         19:10:00 t2 resolved ana",
    );
}

#[test]
fn an_owner_who_cannot_work_on_a_ticket_does_not_get_it() {
    check(
        "2026-03-02T09:00 UTC",
        &[
            r#"
tickets = [{ id = "a", service = "shop", at = "0s", severity = "Sev1" }]
[services.shop]
needs = ["db"]
primary = "ana"
[tiers.L1]
work = { deterministic = "30m" }
[teams.desk]
tier = "L1"
headcount = 1
[people.ana]
team = "desk"
skills = ["other"]
"#,
            NO_TARGETS,
        ],
        "09:00:00 a created
         09:00:00 a start desk/1
         09:30:00 a resolved desk/1",
    );
}

#[test]
fn a_ticket_that_was_passed_does_not_interrupt_because_another_arrives() {
    check(
        "2026-03-02T00:00 UTC",
        &[
            r#"
tickets = [
 { id = "least", at = "1h", severity = "Sev3", work = { L1 = "5h" } },
 { id = "worst", at = "2h", severity = "Sev1", work = { L1 = "1h" } },
 { id = "other", at = "9h", severity = "Sev3", work = { L1 = "1h" } },
]
[tiers.L1]
work = { deterministic = "1h" }
[teams.desk]
tier = "L1"
shifts = { day = { headcount = 1, hours = { Mon-Sun = "08:00-20:00" } } }
discipline = "fifo"
preemption = { switch_cost = "0s" }
"#,
            NO_TARGETS,
        ],
        "01:00:00 least created
         02:00:00 worst created
         08:00:00 least start desk/day/1
         09:00:00 other created
         13:00:00 least resolved desk/day/1
         13:00:00 worst start desk/day/1
         14:00:00 worst resolved desk/day/1
         14:00:00 other start desk/day/1
         15:00:00 other resolved desk/day/1",
    );
}

#[test]
fn a_ticket_that_is_offered_to_another_team_interrupts_nobody_there() {
    check(
        "2026-03-02T09:00 UTC",
        &[
            r#"
tickets = [
 { id = "h", at = "0s", severity = "Sev3", team = "helper", work = { L1 = "2h" } },
 { id = "x", at = "0s", severity = "Sev1", work = { L1 = "3h" } },
 { id = "y", at = "1m", severity = "Sev1", work = { L1 = "1h" } },
]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
overflow = { to = "helper", after = "10m" }
[teams.helper]
tier = "L1"
headcount = 1
preemption = { switch_cost = "5m" }
"#,
            NO_TARGETS,
        ],
        "09:00:00 h created
         09:00:00 x created
         09:00:00 h start helper/1
         09:00:00 x start front/1
         09:01:00 y created
         11:00:00 h resolved helper/1
         11:00:00 y overflowed helper
         11:00:00 y start helper/1
         12:00:00 x resolved front/1
         12:00:00 y resolved helper/1",
    );
}

#[test]
fn an_overlap_after_a_shift_is_overtime_of_whoever_explains() {
    // Half an hour of work after the shift, and ten minutes of explaining.
    let results = check(
        "2026-03-03T09:00",
        &[r#"
tickets = [{ id = "a", at = "7h", severity = "Sev3", work = { L1 = "3h" } }]
[severities.Sev3]
[handoff]
overlap = "10m"
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
shift_end = "finish"
shifts.day = { headcount = 1, hours = { "Mon-Sun" = "09:00-17:00" } }
[teams.second]
tier = "L1"
headcount = 1
[rules.r]
when = { with_owner = "90m" }
if.team = ["front"]
then = [{ transfer = "second" }]
"#],
        "16:00:00 a created
         16:00:00 a start front/day/1
         17:30:00 a rule:r
         17:30:00 a taken front/day/1
         17:30:00 a transferred second
         17:30:00 a resumed second/1
         19:10:00 a resolved second/1",
    );
    let overtime = |team: &str| slice(&results, "overtime_h", "team", team).map(|hours| (hours * 60.0).round());
    assert_eq!((overtime("front"), overtime("second")), (Some(40.0), Some(0.0)));
}

#[test]
fn whoever_went_home_hours_ago_explains_nothing() {
    let results = check(
        "2026-03-03T09:00",
        &[r#"
tickets = [{ id = "a", at = "7h", severity = "Sev3", work = { L1 = "2h" } }]
[severities.Sev3]
[handoff]
overlap = "10m"
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
shift_end = "hold"
shifts.day = { headcount = 1, hours = { "Mon-Sun" = "09:00-17:00" } }
[teams.second]
tier = "L1"
headcount = 1
[rules.r]
when = { in_team = "8h" }
if.team = ["front"]
then = [{ transfer = "second" }]
"#],
        "16:00:00 a created
         16:00:00 a start front/day/1
         17:00:00 a held front/day/1
         Wed 03-04 00:00:00 a rule:r
         Wed 03-04 00:00:00 a transferred second
         Wed 03-04 00:00:00 a resumed second/1
         Wed 03-04 01:00:00 a resolved second/1",
    );
    assert_eq!(metric(&results, "overtime_h"), 0.0);
    assert_eq!(results.tickets[0].handoffs, 1);
}

/// Whoever has had a ticket for half an hour gives it to the second team and explains it; their break is due at 12:45.
const BREAK_AND_EXPLANATION: &str = r#"
[severities.Sev3]
[handoff]
overlap = "20m"
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
shrinkage = { breaks = 0.0625, break_count = 1, break_slip = "1h" }
shifts.day = { headcount = 1, hours = { "Mon-Sun" = "09:00-17:00" } }
[teams.second]
tier = "L1"
headcount = 1
[rules.r]
when = { with_owner = "30m" }
if.team = ["front"]
then = [{ transfer = "second" }]
"#;

#[test]
fn a_break_that_is_due_comes_after_explaining() {
    // The break is due at 12:45: twenty minutes of both from 13:00 on, then half an hour of it.
    let results = check(
        "2026-03-03T09:00",
        &[
            r#"
tickets = [
 { id = "a", at = "3h 30m", severity = "Sev3", team = "front", work = { L1 = "35m" } },
 { id = "z", at = "3h 40m", severity = "Sev3", team = "front", work = { L1 = "10m" } },
]
"#,
            BREAK_AND_EXPLANATION,
        ],
        "12:30:00 a created
         12:30:00 a start front/day/1
         12:40:00 z created
         13:00:00 a rule:r
         13:00:00 a taken front/day/1
         13:00:00 a transferred second
         13:00:00 a resumed second/1
         13:25:00 a resolved second/1
         13:50:00 z start front/day/1
         14:00:00 z resolved front/day/1",
    );
    // 30 before, the overlap of both, 5 that remained.
    assert_eq!(
        slice(&results, "touch_time_mean_s", "team", "second"),
        Some((30.0 + 20.0 + 20.0 + 5.0) * 60.0)
    );
}

#[test]
fn a_break_that_is_due_begins_at_once_if_nobody_listens() {
    check(
        "2026-03-03T09:00",
        &[
            r#"
tickets = [
 { id = "x", at = "3h", severity = "Sev3", team = "second", work = { L1 = "2h" } },
 { id = "a", at = "3h 30m", severity = "Sev3", team = "front", work = { L1 = "35m" } },
 { id = "z", at = "3h 40m", severity = "Sev3", team = "front", work = { L1 = "10m" } },
]
"#,
            BREAK_AND_EXPLANATION,
        ],
        "12:00:00 x created
         12:00:00 x start second/1
         12:30:00 a created
         12:30:00 a start front/day/1
         12:40:00 z created
         13:00:00 a rule:r
         13:00:00 a taken front/day/1
         13:00:00 a transferred second
         13:30:00 z start front/day/1
         13:40:00 z resolved front/day/1
         14:00:00 x resolved second/1
         14:00:00 a resumed second/1
         14:05:00 a resolved second/1",
    );
}

#[test]
fn whoever_takes_a_ticket_over_owes_nothing_of_what_others_had_to_get_into_it() {
    // Five of the first twenty minutes of listening have passed; the third listens for twenty, and works the ninety that are left.
    check(
        "2026-03-03T09:00",
        &[r#"
tickets = [{ id = "a", at = "1h", severity = "Sev3", team = "front", work = { L1 = "2h" } }]
[severities.Sev3]
[handoff]
overlap = "20m"
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
[rules.on]
when = { with_owner = "30m" }
if.team = ["front"]
then = [{ transfer = "second" }]
[rules.further]
when = { with_owner = "5m" }
if.team = ["second"]
then = [{ transfer = "third" }]
"#],
        "10:00:00 a created
         10:00:00 a start front/1
         10:30:00 a rule:on
         10:30:00 a taken front/1
         10:30:00 a transferred second
         10:30:00 a resumed second/1
         10:35:00 a rule:further
         10:35:00 a taken second/1
         10:35:00 a transferred third
         10:35:00 a resumed third/1
         12:25:00 a resolved third/1",
    );
}

#[test]
fn a_cold_handoff_loses_a_share_of_the_work_whatever_was_owed_on_top_of_it() {
    // 24 minutes are done, 3 of 5 of getting back into it are owed: the next one has 36 and 0.3 of 24.
    check(
        "2026-03-03T09:00",
        &[r#"
tickets = [
 { id = "a", at = "7h 24m", severity = "Sev3", work = { L1 = "1h" } },
 { id = "s", at = "7h 48m", severity = "Sev1", work = { L1 = "10m" } },
]
[severities.Sev1]
[severities.Sev3]
[handoff]
shift_end = "cold"
context_loss = 0.3
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
shift_end = "hand-off"
preemption = { switch_cost = "5m" }
shifts.day = { headcount = 1, hours = { "Mon-Sun" = "09:00-17:00" } }
shifts.eve = { headcount = 1, hours = { "Mon-Sun" = "17:00-23:00" } }
"#],
        "16:24:00 a created
         16:24:00 a start front/day/1
         16:48:00 s created
         16:48:00 a preempted front/day/1
         16:48:00 s start front/day/1
         16:58:00 s resolved front/day/1
         16:58:00 a resumed front/day/1
         17:00:00 a handed_off front/day/1
         17:00:00 a resumed front/eve/1
         17:43:12 a resolved front/eve/1",
    );
}

#[test]
fn what_is_offered_to_a_team_that_assigns_is_for_whoever_is_free_first() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [
 { id = "x1", at = "0s", team = "a", work = { L1 = "30m" } },
 { id = "x2", at = "0s", team = "b", work = { L1 = "2h" } },
 { id = "w", at = "1m", team = "a", work = { L1 = "20m" } },
]
[severities.Sev1]
[tiers.L1]
work = { deterministic = "1h" }
[teams.a]
tier = "L1"
headcount = 1
overflow = { to = "b", after = "10m" }
[teams.b]
tier = "L1"
headcount = 1
routing = { assign = "push" }
"#],
        "09:00:00 x1 created
         09:00:00 x2 created
         09:00:00 x2 start b/1
         09:00:00 x1 start a/1
         09:01:00 w created
         09:30:00 x1 resolved a/1
         09:30:00 w start a/1
         09:50:00 w resolved a/1
         11:00:00 x2 resolved b/1",
    );
}

#[test]
fn what_is_offered_holds_up_nothing_that_is_assigned() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [
 { id = "x1", at = "0s", team = "a", work = { L1 = "3h" } },
 { id = "x2", at = "0s", team = "b", work = { L1 = "2h" } },
 { id = "w", at = "1m", team = "a", work = { L1 = "20m" } },
 { id = "o", at = "30m", team = "b", work = { L1 = "20m" } },
]
[severities.Sev1]
[rules.r]
when = { queue_length = { team = "b", at_least = 1 } }
then = [{ alert = "x" }]
[rules.q]
when = { in_queue = "1h" }
then = [{ alert = "x" }]
[tiers.L1]
work = { deterministic = "1h" }
[teams.a]
tier = "L1"
headcount = 1
overflow = { to = "b", after = "10m" }
[teams.b]
tier = "L1"
headcount = 1
routing = { assign = "push", return_after = "45m" }
"#],
        "09:00:00 x1 created
         09:00:00 x2 created
         09:00:00 x2 rule:r
         09:00:00 x2 start b/1
         09:00:00 x1 start a/1
         09:01:00 w created
         09:30:00 o created
         09:30:00 o rule:r
         10:01:00 w rule:q
         10:15:00 o rule:r
         10:30:00 o rule:q
         11:00:00 x2 resolved b/1
         11:00:00 w overflowed b
         11:00:00 w start b/1
         11:20:00 w resolved b/1
         11:20:00 o start b/1
         11:40:00 o resolved b/1
         12:00:00 x1 resolved a/1",
    );
}

#[test]
fn it_does_not_wait_at_all_for_whoever_gets_something_more_severe() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [
 { id = "a", at = "0s", severity = "Sev2", work = { L1 = "10m" }, reopens_after = ["20m"] },
 { id = "x", at = "11m", severity = "Sev2", work = { L1 = "24m" } },
 { id = "s", at = "30m", severity = "Sev1", work = { L1 = "2h" } },
]
[severities.Sev1]
[severities.Sev2]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 2
routing = { sticky = true }
"#],
        "09:00:00 a created
         09:00:00 a start front/1
         09:10:00 a resolved front/1
         09:11:00 x created
         09:11:00 x start front/2
         09:30:00 a reopened
         09:30:00 s created
         09:30:00 s start front/1
         09:35:00 x resolved front/2
         09:35:00 a start front/2
         09:45:00 a resolved front/2
         11:30:00 s resolved front/1",
    );
}

#[test]
fn it_does_not_wait_for_whoever_has_gone_home() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [{ id = "a", at = "0s", work = { L1 = "30m" }, reopens_after = ["2h 20m"] }, { id = "x", at = "2h 10m", work = { L1 = "1h" } }]
[severities.Sev1]
[tiers.L1]
work = { deterministic = "1h" }
[teams.ops]
tier = "L1"
shift_end = "hold"
routing = { sticky = true, sticky_wait = "3h" }
[teams.ops.shifts.day]
headcount = 1
hours = { "Mon-Sun" = "06:00-12:00" }
[teams.ops.shifts.late]
headcount = 1
hours = { "Mon-Sun" = "11:00-20:00" }
"#],
        "09:00:00 a created
         09:00:00 a start ops/day/1
         09:30:00 a resolved ops/day/1
         11:10:00 x created
         11:10:00 x start ops/day/1
         11:50:00 a reopened
         12:00:00 x held ops/day/1
         12:00:00 a start ops/late/1
         12:30:00 a resolved ops/late/1
         Tue 03-03 06:00:00 x resumed ops/day/1
         Tue 03-03 06:10:00 x resolved ops/day/1",
    );
}

#[test]
fn what_takes_a_person_alone_is_not_overtaken_by_what_waits_in_their_line() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [
 { id = "b", at = "15m", severity = "Sev3", service = "vip", work = { L1 = "40m" } },
 { id = "s", at = "20m", severity = "Sev1", service = "main", work = { L1 = "10m" } },
 { id = "c", at = "31m", severity = "Sev3", service = "vip", work = { L1 = "60m" } },
 { id = "d", at = "61m", severity = "Sev3", service = "vip", work = { L1 = "60m" } },
]
[severities.Sev1]
[severities.Sev3]
[services.main]
[services.vip]
primary = "front/1"
overload = 9
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
concurrency = { most = 2, slowdown = 0.0, exclusive = ["Sev1"] }
"#],
        "09:15:00 b created
         09:15:00 b start front/1
         09:20:00 s created
         09:31:00 c created
         09:55:00 b resolved front/1
         09:55:00 s start front/1
         10:01:00 d created
         10:05:00 s resolved front/1
         10:05:00 c start front/1
         10:05:00 d start front/1
         11:05:00 d resolved front/1
         11:05:00 c resolved front/1",
    );
}

#[test]
fn nor_by_what_comes_back_to_them() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [
 { id = "a", at = "0s", severity = "Sev3", work = { L1 = "10m" }, reopens_after = ["20m"] },
 { id = "b", at = "15m", severity = "Sev3", work = { L1 = "40m" } },
 { id = "s", at = "20m", severity = "Sev1", work = { L1 = "10m" } },
 { id = "c", at = "31m", severity = "Sev3", work = { L1 = "60m" } },
]
[severities.Sev1]
[severities.Sev3]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
routing = { sticky = true }
concurrency = { most = 2, slowdown = 0.0, exclusive = ["Sev1"] }
"#],
        "09:00:00 a created
         09:00:00 a start front/1
         09:10:00 a resolved front/1
         09:15:00 b created
         09:15:00 b start front/1
         09:20:00 s created
         09:30:00 a reopened
         09:31:00 c created
         09:55:00 b resolved front/1
         09:55:00 s start front/1
         10:05:00 s resolved front/1
         10:05:00 a start front/1
         10:05:00 c start front/1
         10:15:00 a resolved front/1
         11:05:00 c resolved front/1",
    );
}

#[test]
fn what_somebody_else_has_begun_finds_no_place_either() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [
 { id = "x1", at = "0s", team = "b", work = { L1 = "5h" } },
 { id = "w1", at = "1m", team = "b", work = { L1 = "1h" } },
 { id = "t", at = "5m", team = "a", work = { L1 = "10m" } },
]
[severities.Sev1]
[tiers.L1]
work = { deterministic = "1h" }
[teams.a]
tier = "L1"
headcount = 1
[teams.b]
tier = "L1"
headcount = 1
places = 1
[rules.tr]
when = { in_team = "3m" }
if = { team = ["a"] }
then = [{ transfer = "b" }]
"#],
        "09:00:00 x1 created
         09:00:00 x1 start b/1
         09:01:00 w1 created
         09:05:00 t created
         09:05:00 t start a/1
         09:08:00 t rule:tr
         09:08:00 t taken a/1
         09:08:00 t transferred b
         09:08:00 t turned_away b
         14:00:00 x1 resolved b/1
         14:00:00 w1 start b/1
         15:00:00 w1 resolved b/1",
    );
}

#[test]
fn nor_does_what_has_come_back_and_is_sent_on() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [
 { id = "x1", at = "0s", team = "b", work = { L1 = "5h" } },
 { id = "w1", at = "1m", team = "b", work = { L1 = "1h" } },
 { id = "t", at = "5m", team = "a", work = { L1 = "10m" }, reopens_after = ["5m"] },
]
[severities.Sev1]
[tiers.L1]
work = { deterministic = "1h" }
[teams.a]
tier = "L1"
headcount = 1
[teams.b]
tier = "L1"
headcount = 1
places = 1
when_full = "overflow"
overflow = { to = "c" }
[rules.tr]
when = { reopened = true }
if = { team = ["a"] }
then = [{ transfer = "b" }]
[teams.c]
tier = "L1"
headcount = 1
"#],
        "09:00:00 x1 created
         09:00:00 x1 start b/1
         09:01:00 w1 created
         09:05:00 t created
         09:05:00 t start a/1
         09:15:00 t resolved a/1
         09:20:00 t reopened
         09:20:00 t rule:tr
         09:20:00 t transferred b
         09:20:00 t overflowed c
         09:20:00 t start c/1
         09:30:00 t resolved c/1
         14:00:00 x1 resolved b/1
         14:00:00 w1 start b/1
         15:00:00 w1 resolved b/1",
    );
}

#[test]
fn what_can_wait_is_interrupted_by_any_ticket_that_may_interrupt() {
    let results = check(
        "2026-03-03T09:00",
        &[r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", work = { L1 = "1h" } }, { id = "s", at = "90m", severity = "Sev2", work = { L1 = "1h" } }, { id = "t", at = "150m", severity = "Sev3", work = { L1 = "1h" } }]
[severities.Sev1]
[severities.Sev2]
[severities.Sev3]
[reviews]
severity = ["Sev1"]
due = "4d"
work = { deterministic = "4h" }
people = 1
p_root = 0.0
[teams.front]
tier = "L1"
headcount = 1
preemption = { switch_cost = "5m", by = ["Sev2"] }
[tiers.L1]
work = { deterministic = "1h" }
"#],
        "09:00:00 a created
         09:00:00 a start front/1
         10:00:00 a resolved front/1
         10:00:00 a review_scheduled
         10:30:00 s created
         10:30:00 s start front/1
         11:30:00 s resolved front/1
         11:30:00 t created
         11:30:00 t start front/1
         12:30:00 t resolved front/1
         16:05:00 a review_done front/1",
    );
    assert!(metric(&results, "interrupts_per_agent_shift") > 0.0);
}

#[test]
fn who_helps_leaves_a_swarm_for_something_more_severe_and_its_owner_goes_on() {
    check(
        "2026-03-03T09:00",
        &[r#"
tickets = [{ id = "a", at = "0s", severity = "Sev3", work = { L1 = "4h" } }, { id = "s", at = "20m", severity = "Sev1", work = { L1 = "1h" } }]
[severities.Sev1]
[severities.Sev2]
[severities.Sev3]
[swarming]
join_work = "0s"
speed = { linear = true }
[rules.swarm]
when = { created = true }
if = { severity = ["Sev3"] }
then = [{ add_responders = { count = 1, from = "front" } }]
[teams.front]
tier = "L1"
headcount = 2
preemption = {}
[tiers.L1]
work = { deterministic = "1h" }
"#],
        "09:00:00 a created
         09:00:00 a rule:swarm
         09:00:00 a start front/1
         09:00:00 a joined front/2
         09:20:00 s created
         09:20:00 s start front/2
         10:20:00 s resolved front/2
         10:20:00 a joined front/2
         11:30:00 a resolved front/1",
    );
}

#[test]
fn the_least_loaded_counts_what_waits_at_a_gate() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [
 { id = "g", at = "0s", service = "gs", work = { L1 = "10m" } },
 { id = "p", at = "30m", service = "ps", work = { L1 = "10m" } },
 { id = "q", at = "45m", service = "ps", work = { L1 = "10m" } },
]
[severities.Sev1]
[services.gs]
[services.ps]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 2
routing = { mode = "least-loaded" }
[teams.boss]
tier = "L1"
headcount = 1
[roles.boss]
team = "boss"
[routes.r]
to = "front"
[gates.g]
approvers = ["boss"]
decision_work = { deterministic = "3h" }
[rules.o]
when = { in_team = "5m" }
if = { service = ["gs"] }
then = [{ open_gate = "g" }]
max = 1
"#],
        "09:00:00 g created
         09:00:00 g start front/1
         09:05:00 g rule:o
         09:05:00 g gated front/1
         09:05:00 g gate_requested g
         09:30:00 p created
         09:30:00 p start front/2
         09:40:00 p resolved front/2
         09:45:00 q created
         09:45:00 q start front/2
         09:55:00 q resolved front/2
         12:05:00 g gate_decided:approved g
         12:05:00 g resumed front/1
         12:10:00 g resolved front/1",
    );
}

#[test]
fn following_the_sun_the_mode_chooses_among_all_of_the_zone() {
    check(
        "2026-03-02T07:00",
        &[r#"
tickets = [{ id = "x", at = "10m", work = { L1 = "5m" } }, { id = "y", at = "20m", work = { L1 = "5m" } }, { id = "z", at = "6h 30m", work = { L1 = "5m" } }, { id = "z2", at = "7h", work = { L1 = "5m" } }]
[severities.Sev1]
[tiers.L1]
work = { deterministic = "1h" }
[teams.ops]
tier = "L1"
routing = { follow_the_sun = true, mode = "round-robin" }
[teams.ops.shifts.early]
headcount = 2
hours = { "Mon-Fri" = "07:00-15:00" }
[teams.ops.shifts.late]
headcount = 2
hours = { "Mon-Fri" = "13:00-21:00" }
[teams.ops.shifts.ny]
headcount = 1
hours = { "Mon-Fri" = "08:00-17:00" }
zone = "America/New_York"
"#],
        "07:10:00 x created
         07:10:00 x start ops/early/1
         07:15:00 x resolved ops/early/1
         07:20:00 y created
         07:20:00 y start ops/early/2
         07:25:00 y resolved ops/early/2
         13:30:00 z created
         13:30:00 z start ops/late/1
         13:35:00 z resolved ops/late/1
         14:00:00 z2 created
         14:00:00 z2 start ops/late/2
         14:05:00 z2 resolved ops/late/2",
    );
}

#[test]
fn round_robin_goes_on_after_whoever_was_interrupted_for_a_ticket() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [
 { id = "a", at = "0s", severity = "Sev4", work = { L1 = "60m" } },
 { id = "b", at = "1m", severity = "Sev3", work = { L1 = "60m" } },
 { id = "c", at = "2m", severity = "Sev3", work = { L1 = "60m" } },
 { id = "s", at = "10m", severity = "Sev1", work = { L1 = "10m" } },
 { id = "z", at = "5h", severity = "Sev3", work = { L1 = "10m" } },
]
[severities.Sev1]
[severities.Sev3]
[severities.Sev4]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 3
routing = { mode = "round-robin" }
preemption = { switch_cost = "5m" }
"#],
        "09:00:00 a created
         09:00:00 a start front/1
         09:01:00 b created
         09:01:00 b start front/2
         09:02:00 c created
         09:02:00 c start front/3
         09:10:00 s created
         09:10:00 a preempted front/1
         09:10:00 s start front/1
         09:20:00 s resolved front/1
         09:20:00 a resumed front/1
         10:01:00 b resolved front/2
         10:02:00 c resolved front/3
         10:15:00 a resolved front/1
         14:00:00 z created
         14:00:00 z start front/2
         14:10:00 z resolved front/2",
    );
}
