//! Timelines of tickets that share a page, made by hand: one ladder a group, and whose the tickets then are.
//!
//! Most start in the night of 2 March 2026, a Monday, in Berlin. Everybody is on call only and needs five minutes from the
//! acknowledgement to the desk; an hour's work each, unless a ticket says otherwise.

mod timelines_support;

use timelines_support::{NO_TARGETS, check, metric};

const NIGHT: &str = "2026-03-02T02:00";

const ON_CALL_ONLY: &str = r#"
[tiers.L1]
work = { deterministic = "1h" }
[teams.ops]
tier = "L1"
[people]
ada = { team = "ops" }
ben = { team = "ops" }
[schedules.primary]
members = ["ada"]
[schedules.secondary]
members = ["ben"]
[rules.page]
when = { created = true }
then = [{ page = "standard" }]
"#;

/// The primary alone, once; and with the secondary after five minutes.
const PRIMARY: &str = "[escalation_policies.standard]\nlevels = [{ targets = [\"primary\"], timeout = \"5m\" }]\n";
const BOTH: &str = "[escalation_policies.standard]\nlevels = [{ targets = [\"primary\"], timeout = \"5m\" }, \
                    { targets = [\"secondary\"], timeout = \"10m\" }]\n";

/// Tickets written out: name, and the rest of the table.
fn tickets(written: &[(&str, &str)]) -> String {
    let rows = written
        .iter()
        .map(|(id, rest)| format!("    {{ id = \"{id}\", {rest} }},\n"));
    format!("tickets = [\n{}]\n", rows.collect::<String>())
}

#[test]
fn a_group_waits_is_paged_for_once_and_at_ticks_for_what_joins_later() {
    // Alertmanager's: the first notice after 30 s, for a and b; c comes at 02:03 and is in the notice of the tick at 02:05:30,
    // five minutes after the first. What is over within the 30 s, d, is never sent.
    let written = tickets(&[
        (
            "a",
            "at = \"0s\", severity = \"Sev1\", acknowledges = { primary = [\"2m\"] }",
        ),
        ("b", "at = \"20s\", severity = \"Sev1\""),
        (
            "c",
            "at = \"3m\", severity = \"Sev1\", acknowledges = { primary = [\"1m\"] }",
        ),
        (
            "d",
            "at = \"1m\", severity = \"Sev1\", service = \"desk\", leaves_after = \"29s\"",
        ),
    ]);
    let group = "group = { by = \"service\", wait = \"30s\", interval = \"5m\", repeat = \"4h\" }\n";
    let results = check(
        NIGHT,
        &[&written, NO_TARGETS, ON_CALL_ONLY, PRIMARY, group, "[services.other]"],
        "02:00:00 a created
         02:00:00 a rule:page
         02:00:20 b created
         02:00:20 b rule:page
         02:00:20 b grouped a
         02:00:30 a paged ada
         02:01:00 d created
         02:01:00 d rule:page
         02:01:29 d never_paged
         02:01:29 d abandoned
         02:02:30 a acknowledged ada
         02:02:30 b acknowledged ada
         02:03:00 c created
         02:03:00 c rule:page
         02:03:00 c grouped a
         02:05:30 c paged ada
         02:06:30 c acknowledged ada
         02:07:30 a start ada
         03:07:30 a resolved ada
         03:07:30 b start ada
         04:07:30 b resolved ada
         04:07:30 c start ada
         05:07:30 c resolved ada",
    );
    // Two pages for three tickets, asked for from 02:00:30 and 02:05:30 on.
    assert_eq!(metric(&results, "pages_per_paged_ticket"), 2.0 / 3.0);
    assert_eq!(
        metric(&results, "time_to_acknowledge_mean_s"),
        (120.0 + 120.0 + 60.0) / 3.0
    );
    assert_eq!(metric(&results, "grouped_tickets"), 2.0);
    assert_eq!(metric(&results, "never_paged_tickets"), 1.0);
    assert_eq!(metric(&results, "acknowledged_share"), 1.0);
}

#[test]
fn what_is_unsolved_is_repeated_at_the_tick_after_its_time() {
    // Paged at 02:00:30; four hours later is the 48th tick. Of 12 minutes, the tick of 15.
    let expected = |again: &str| {
        format!(
            "02:00:00 a created
             02:00:00 a rule:page
             02:00:30 a paged ada
             02:01:30 a acknowledged ada
             02:06:30 a start ada
             {again}"
        )
    };
    let written = |work: &str| {
        let rest = "at = \"0s\", severity = \"Sev1\", acknowledges = { primary = [\"1m\", \"1m\", \"1m\"] }";
        tickets(&[("a", &format!("{rest}, work = {{ L1 = \"{work}\" }}"))])
    };
    let group = |repeat: &str| {
        format!("group = {{ by = \"service\", wait = \"30s\", interval = \"5m\", repeat = \"{repeat}\" }}\n")
    };
    check(
        NIGHT,
        &[&written("5h"), NO_TARGETS, ON_CALL_ONLY, PRIMARY, &group("4h")],
        &expected("06:00:30 a paged ada\n06:01:30 a acknowledged ada\n07:06:30 a resolved ada"),
    );
    check(
        NIGHT,
        &[&written("20m"), NO_TARGETS, ON_CALL_ONLY, PRIMARY, &group("12m")],
        &expected("02:15:30 a paged ada\n02:16:30 a acknowledged ada\n02:26:30 a resolved ada"),
    );
}

#[test]
fn who_acknowledges_owns_all_the_most_severe_first_and_what_joins_later_falls_to_them() {
    let written = tickets(&[
        (
            "a",
            "at = \"0s\", severity = \"Sev2\", acknowledges = { primary = [\"3m\"] }",
        ),
        ("b", "at = \"1m\", severity = \"Sev1\""),
        ("c", "at = \"30m\", severity = \"Sev3\""),
    ]);
    let results = check(
        NIGHT,
        &[
            &written,
            NO_TARGETS,
            ON_CALL_ONLY,
            PRIMARY,
            "group = { by = \"policy\" }\n",
        ],
        "02:00:00 a created
         02:00:00 a rule:page
         02:00:00 a paged ada
         02:01:00 b created
         02:01:00 b rule:page
         02:01:00 b grouped a
         02:03:00 a acknowledged ada
         02:03:00 b acknowledged ada
         02:08:00 b start ada
         02:30:00 c created
         02:30:00 c rule:page
         02:30:00 c grouped a
         03:08:00 b resolved ada
         03:08:00 a start ada
         04:08:00 a resolved ada
         04:08:00 c start ada
         05:08:00 c resolved ada",
    );
    // b was asked for from its own beginning on; nobody was paged for c.
    assert_eq!(metric(&results, "time_to_acknowledge_mean_s"), (180.0 + 120.0) / 2.0);
    assert_eq!(metric(&results, "pages_per_paged_ticket"), 0.5);
}

#[test]
fn the_ladder_goes_on_for_the_others_when_its_ticket_is_gone() {
    let written = |answers: &str| {
        tickets(&[
            (
                "a",
                &format!("at = \"0s\", severity = \"Sev1\", leaves_after = \"4m\", acknowledges = {{ {answers} }}"),
            ),
            (
                "b",
                "at = \"1m\", severity = \"Sev1\", acknowledges = { secondary = [\"2m\"] }",
            ),
        ])
    };
    let group = "group = { by = \"service\" }\n";
    let begins = "02:00:00 a created
         02:00:00 a rule:page
         02:00:00 a paged ada
         02:01:00 b created
         02:01:00 b rule:page
         02:01:00 b grouped a
         02:04:00 a abandoned
         02:05:00 b timeout level 1
         02:05:00 b paged ben";
    let results = check(
        NIGHT,
        &[&written(""), NO_TARGETS, ON_CALL_ONLY, BOTH, group],
        &format!(
            "{begins}
         02:07:00 b acknowledged ben
         02:12:00 b start ben
         03:12:00 b resolved ben"
        ),
    );
    assert_eq!(metric(&results, "time_to_acknowledge_mean_s"), 360.0);
    // The page that was out for a is b's: Ada answers it at 02:06.
    check(
        NIGHT,
        &[&written("primary = [\"6m\"]"), NO_TARGETS, ON_CALL_ONLY, BOTH, group],
        &format!(
            "{begins}
         02:06:00 b acknowledged ada
         02:11:00 b start ada
         03:11:00 b resolved ada"
        ),
    );
}

#[test]
fn a_ticket_that_is_not_severe_enough_any_more_leaves_its_group() {
    let written = tickets(&[
        ("a", "at = \"0s\", severity = \"Sev2\", acknowledges = {}"),
        (
            "b",
            "at = \"1m\", severity = \"Sev1\", acknowledges = { secondary = [\"2m\"] }",
        ),
    ]);
    let calm = "severity = \"Sev2\"\ngroup = { by = \"service\" }\n\
                [rules.calm]\nwhen = { in_team = \"3m\" }\nif = { severity = [\"Sev2\"] }\nthen = [{ lower = \"Sev3\" }]\n";
    check(
        NIGHT,
        &[&written, NO_TARGETS, ON_CALL_ONLY, BOTH, calm],
        "02:00:00 a created
         02:00:00 a rule:page
         02:00:00 a paged ada
         02:01:00 b created
         02:01:00 b rule:page
         02:01:00 b grouped a
         02:03:00 a rule:calm
         02:03:00 a severity:Sev3
         02:05:00 b timeout level 1
         02:05:00 b paged ben
         02:07:00 b acknowledged ben
         02:12:00 b start ben
         03:12:00 b resolved ben",
    );
}

#[test]
fn a_group_takes_in_tickets_for_a_time_and_the_next_begins_another() {
    let written = tickets(&[
        ("a", "at = \"0s\", severity = \"Sev1\", acknowledges = {}"),
        ("b", "at = \"4m 59s\", severity = \"Sev1\""),
        (
            "c",
            "at = \"5m\", severity = \"Sev1\", acknowledges = { primary = [\"1m\"] }",
        ),
    ]);
    check(
        NIGHT,
        &[
            &written,
            NO_TARGETS,
            ON_CALL_ONLY,
            PRIMARY,
            "group = { by = \"service\", within = \"5m\" }\n",
        ],
        "02:00:00 a created
         02:00:00 a rule:page
         02:00:00 a paged ada
         02:04:59 b created
         02:04:59 b rule:page
         02:04:59 b grouped a
         02:05:00 a timeout level 1
         02:05:00 c created
         02:05:00 c rule:page
         02:05:00 c paged ada
         02:06:00 c acknowledged ada
         02:11:00 c start ada
         03:11:00 c resolved ada",
    );
}

#[test]
fn tickets_of_one_fault_share_a_page_and_those_of_none_have_their_own() {
    let written = tickets(&[
        (
            "a",
            "at = \"0s\", severity = \"Sev1\", incident = \"outage\", acknowledges = { primary = [\"1m\"] }",
        ),
        ("b", "at = \"30s\", severity = \"Sev1\", incident = \"outage\""),
        (
            "c",
            "at = \"40s\", severity = \"Sev1\", acknowledges = { primary = [\"2m\"] }",
        ),
        (
            "d",
            "at = \"50s\", severity = \"Sev1\", acknowledges = { primary = [\"3m\"] }",
        ),
    ]);
    check(
        NIGHT,
        &[
            &written,
            NO_TARGETS,
            ON_CALL_ONLY,
            PRIMARY,
            "group = { by = \"incident\" }\n[incidents.outage]\nservice = \"desk\"\nseverity = \"Sev1\"\n",
        ],
        "02:00:00 a created
         02:00:00 a rule:page
         02:00:00 a paged ada
         02:00:00 a declared
         02:00:30 b created
         02:00:30 b rule:page
         02:00:30 b grouped a
         02:00:40 c created
         02:00:40 c rule:page
         02:00:40 c paged ada
         02:00:50 d created
         02:00:50 d rule:page
         02:00:50 d paged ada
         02:01:00 a acknowledged ada
         02:01:00 b acknowledged ada
         02:02:40 c acknowledged ada
         02:03:50 d acknowledged ada
         02:06:00 a start ada
         03:06:00 a resolved ada
         03:06:00 a restored
         03:06:00 b start ada
         04:06:00 b resolved ada
         04:06:00 c start ada
         05:06:00 c resolved ada
         05:06:00 d start ada
         06:06:00 d resolved ada",
    );
}

#[test]
fn what_is_still_open_long_after_its_acknowledgement_shares_the_next_page_too() {
    // a and b are acknowledged at 02:01; at 02:31 neither is done: one page to the primary, who is whoever acknowledged.
    let written = tickets(&[
        (
            "a",
            "at = \"0s\", severity = \"Sev1\", acknowledges = { primary = [\"1m\", \"2m\"] }, work = { L1 = \"30m\" }",
        ),
        ("b", "at = \"10s\", severity = \"Sev1\", work = { L1 = \"10m\" }"),
    ]);
    let results = check(
        NIGHT,
        &[
            &written,
            NO_TARGETS,
            ON_CALL_ONLY,
            PRIMARY,
            "ack_timeout = \"30m\"\ngroup = { by = \"service\" }\n",
        ],
        "02:00:00 a created
         02:00:00 a rule:page
         02:00:00 a paged ada
         02:00:10 b created
         02:00:10 b rule:page
         02:00:10 b grouped a
         02:01:00 a acknowledged ada
         02:01:00 b acknowledged ada
         02:06:00 a start ada
         02:31:00 a paged ada
         02:33:00 a acknowledged ada
         02:33:00 b acknowledged ada
         02:36:00 a resolved ada
         02:36:00 b start ada
         02:46:00 b resolved ada",
    );
    assert_eq!(metric(&results, "pages_per_paged_ticket"), 1.0);
}

#[test]
fn on_duty_they_go_on_in_the_order_in_which_they_joined() {
    let by_day = r#"
[tiers.L1]
work = { deterministic = "1h" }
[teams.ops]
tier = "L1"
shifts.day = { headcount = 0, hours = { "Mon-Sun" = "08:00-20:00" } }
[people]
ada = { team = "ops", shift = "day" }
[schedules.primary]
members = ["ada"]
[rules.page]
when = { created = true }
then = [{ page = "standard" }]
"#;
    let written = tickets(&[
        (
            "a",
            "at = \"0s\", severity = \"Sev1\", acknowledges = { primary = [\"3m\"] }",
        ),
        ("b", "at = \"1m\", severity = \"Sev1\""),
        ("c", "at = \"2m\", severity = \"Sev1\""),
        ("d", "at = \"4m\", severity = \"Sev1\""),
        ("e", "at = \"5m\", severity = \"Sev1\""),
    ]);
    check(
        "2026-03-02T09:00",
        &[&written, NO_TARGETS, by_day, PRIMARY, "group = { by = \"service\" }\n"],
        "09:00:00 a created
         09:00:00 a rule:page
         09:00:00 a paged ada
         09:00:00 a start ada
         09:01:00 b created
         09:01:00 b rule:page
         09:01:00 b grouped a
         09:02:00 c created
         09:02:00 c rule:page
         09:02:00 c grouped a
         09:03:00 a acknowledged ada
         09:03:00 b acknowledged ada
         09:03:00 c acknowledged ada
         09:04:00 d created
         09:04:00 d rule:page
         09:04:00 d grouped a
         09:05:00 e created
         09:05:00 e rule:page
         09:05:00 e grouped a
         10:00:00 a resolved ada
         10:00:00 b start ada
         11:00:00 b resolved ada
         11:00:00 c start ada
         12:00:00 c resolved ada
         12:00:00 d start ada
         13:00:00 d resolved ada
         13:00:00 e start ada
         14:00:00 e resolved ada",
    );
}
