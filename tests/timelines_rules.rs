//! Timelines of the rule language, made by hand: what each trigger waits for, how often a rule fires, what holds it back.

mod timelines_support;

use timelines_support::*;

/// One ticket of Sev3 with four hours to solve it, which nobody works on.
const FOUR_HOURS: &str = r#"tickets = [{ id = "a", at = "0s", severity = "Sev3" }]
[severities.Sev1]
resolve = "1h"
[severities.Sev2]
resolve = "2h"
[severities.Sev3]
resolve = "4h""#;

const ONE_SEVERITY: &str = "[severities.Sev1]";

/// Ends what nobody works on: everything goes to a person who solves it within a minute.
const IN_THE_END: &str = r#"
[rules.end]
when = { in_tier = "5h" }
then = [{ transfer = "L2" }]
[tiers.L2]
work = { deterministic = "1m" }
[teams.second]
tier = "L2"
headcount = 1
"#;

// Triggers.

#[test]
fn a_breach_sets_off_a_rule_at_its_instant() {
    check(
        "2026-03-02T09:00",
        &[
            FOUR_HOURS,
            NOBODY,
            r#"[rules.late]
            when = { breached = "resolve" }
            then = [{ transfer = "L2" }]
            [tiers.L2]
            work = { deterministic = "1m" }
            [teams.second]
            tier = "L2"
            headcount = 1"#,
        ],
        "09:00:00 a created
         13:00:00 a breach:resolve
         13:00:00 a rule:late
         13:00:00 a transferred second
         13:00:00 a start second/1
         13:01:00 a resolved second/1
         = a resolve due 13:00:00 breached",
    );
}

#[test]
fn a_change_of_severity_sets_off_rules_after_the_last_action_of_whoever_changed_it() {
    check(
        "2026-03-02T09:00",
        &[
            FOUR_HOURS,
            NOBODY,
            r#"[rules.watch]
            when = { severity_raised = { to = "Sev1" } }
            then = [{ alert = "duty manager" }]
            [rules.not-this-one]
            when = { severity_raised = { from = "Sev2" } }
            then = [{ alert = "nobody" }]
            [rules.up]
            when = { in_tier = "30m" }
            then = [{ raise = 2 }, { transfer = "L2" }]
            [rules.down]
            when = { severity_lowered = {} }
            then = [{ alert = "nobody" }]
            [rules.much-later]
            when = { in_tier = "9h" }
            then = [{ lower = 1 }]
            [tiers.L2]
            work = { deterministic = "1m" }
            [teams.second]
            tier = "L2"
            headcount = 1"#,
        ],
        "09:00:00 a created
         09:30:00 a rule:up
         09:30:00 a severity:Sev1
         09:30:00 a transferred second
         09:30:00 a rule:watch
         09:30:00 a start second/1
         09:31:00 a resolved second/1
         = a resolve due 10:00:00 met",
    );
}

#[test]
fn the_second_change_of_team_and_the_first_return_are_counted() {
    check(
        "2026-03-02T09:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", able_from = "L2", work = { L1 = "10m", L2 = "20m" }, reopens_after = ["1h"] }]"#,
            ONE_SEVERITY,
            r#"[rules.moved]
            when = { reassignments = 2 }
            then = [{ alert = "lead" }]
            [rules.back]
            when = { reopenings = 1 }
            then = [{ alert = "lead" }]
            [rules.again]
            when = { reopened = true }
            then = [{ transfer = "L1" }]
            [rules.done]
            when = { resolved = true }
            then = [{ alert = "customer" }]"#,
            TWO_TIERS,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         09:10:00 a escalated front/1
         09:10:00 a start second/1
         09:30:00 a resolved second/1
         09:30:00 a rule:done
         10:30:00 a reopened
         10:30:00 a rule:back
         10:30:00 a rule:again
         10:30:00 a transferred front
         10:30:00 a rule:moved
         10:30:00 a start front/1
         10:40:00 a escalated front/1
         10:40:00 a start second/1
         11:00:00 a resolved second/1
         11:00:00 a rule:done",
    );
}

#[test]
fn a_reminder_comes_in_each_wait_for_the_customer() {
    check(
        "2026-03-02T09:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", work = { L1 = "10m" }, legs = [
                { answer_after = "3h", then_work = "10m" },
                { answer_after = "1h", then_work = "10m" },
                { answer_after = "2h", then_work = "10m" },
            ] }]"#,
            ONE_SEVERITY,
            ONE_PERSON,
            r#"[rules.remind]
            when = { pending = "2h" }
            then = [{ alert = "customer" }]"#,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         09:10:00 a pending front/1
         11:10:00 a rule:remind
         12:10:00 a customer_answered
         12:10:00 a resumed front/1
         12:20:00 a pending front/1
         13:20:00 a customer_answered
         13:20:00 a resumed front/1
         13:30:00 a pending front/1
         15:30:00 a customer_answered
         15:30:00 a resumed front/1
         15:40:00 a resolved front/1",
    );
}

#[test]
fn silence_is_counted_from_the_last_message_and_not_while_the_ticket_is_pending() {
    check(
        "2026-03-02T09:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", work = { L1 = "10m" }, legs = [{ answer_after = "50m", then_work = "3h" }] }]"#,
            ONE_SEVERITY,
            ONE_PERSON,
            r#"[rules.silent]
            when = { no_update = "1h" }
            then = [{ alert = "owner" }]
            [rules.silent-with-waits]
            when = { no_update = { after = "1h", count_pending = true } }
            then = [{ alert = "owner" }]"#,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         09:10:00 a pending front/1
         10:00:00 a customer_answered
         10:00:00 a rule:silent-with-waits
         10:00:00 a resumed front/1
         10:50:00 a rule:silent
         13:00:00 a resolved front/1",
    );
}

#[test]
fn the_first_words_begin_a_new_silence() {
    check(
        "2026-03-02T09:00",
        &[
            r#"tickets = [
                { id = "a", at = "0s", work = { L1 = "45m" } },
                { id = "b", at = "0s", work = { L1 = "1h" } },
            ]"#,
            ONE_SEVERITY,
            ONE_PERSON,
            r#"[rules.silent]
            when = { no_update = "30m" }
            then = [{ alert = "owner" }]"#,
        ],
        "09:00:00 a created
         09:00:00 b created
         09:00:00 a start front/1
         09:30:00 a rule:silent
         09:30:00 b rule:silent
         09:45:00 a resolved front/1
         09:45:00 b start front/1
         10:15:00 b rule:silent
         10:45:00 b resolved front/1",
    );
}

#[test]
fn a_long_queue_sets_off_a_rule_once_until_it_is_short_again() {
    check(
        "2026-03-02T09:00",
        &[
            r#"tickets = [
                { id = "a", at = "0s", work = { L1 = "30m" } },
                { id = "b", at = "1m", work = { L1 = "1m" } },
                { id = "c", at = "2m", work = { L1 = "1m" } },
                { id = "d", at = "3m", work = { L1 = "1m" } },
                { id = "e", at = "40m", work = { L1 = "10m" } },
                { id = "f", at = "41m", work = { L1 = "1m" } },
                { id = "g", at = "42m", work = { L1 = "1m" } },
            ]"#,
            ONE_SEVERITY,
            ONE_PERSON,
            r#"[rules.long]
            when = { queue_length = { team = "front", at_least = 2, hysteresis = 2 } }
            then = [{ alert = "lead" }]"#,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         09:01:00 b created
         09:02:00 c created
         09:02:00 c rule:long
         09:03:00 d created
         09:30:00 a resolved front/1
         09:30:00 b start front/1
         09:31:00 b resolved front/1
         09:31:00 c start front/1
         09:32:00 c resolved front/1
         09:32:00 d start front/1
         09:33:00 d resolved front/1
         09:40:00 e created
         09:40:00 e start front/1
         09:41:00 f created
         09:42:00 g created
         09:42:00 g rule:long
         09:50:00 e resolved front/1
         09:50:00 f start front/1
         09:51:00 f resolved front/1
         09:51:00 g start front/1
         09:52:00 g resolved front/1",
    );
}

#[test]
fn an_old_queue_sets_off_a_rule_on_its_oldest_ticket_once_until_nobody_is_as_old() {
    check(
        "2026-03-02T09:00",
        &[
            r#"tickets = [
                { id = "a", at = "0s", work = { L1 = "30m" } },
                { id = "b", at = "1m", work = { L1 = "40m" } },
                { id = "c", at = "2m", work = { L1 = "1m" } },
                { id = "d", at = "75m", work = { L1 = "30m" } },
                { id = "e", at = "76m", work = { L1 = "1m" } },
            ]"#,
            ONE_SEVERITY,
            ONE_PERSON,
            r#"[rules.old]
            when = { queue_age = { team = "front", at_least = "20m" } }
            then = [{ alert = "lead" }]"#,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         09:01:00 b created
         09:02:00 c created
         09:21:00 b rule:old
         09:30:00 a resolved front/1
         09:30:00 b start front/1
         10:10:00 b resolved front/1
         10:10:00 c start front/1
         10:11:00 c resolved front/1
         10:15:00 d created
         10:15:00 d start front/1
         10:16:00 e created
         10:36:00 e rule:old
         10:45:00 d resolved front/1
         10:45:00 e start front/1
         10:46:00 e resolved front/1",
    );
}

// How often.

#[test]
fn a_rule_repeats_while_its_trigger_and_conditions_hold() {
    check(
        "2026-03-02T09:00",
        &[
            FOUR_HOURS,
            NOBODY,
            r#"[rules.nag]
            when = { consumed = { of = "resolve", share = 0.5 } }
            if = { severity = ["Sev3"] }
            then = [{ alert = "lead" }]
            every = "30m"
            [rules.up]
            when = { in_tier = "200m" }
            then = [{ raise = 1 }]"#,
            IN_THE_END,
        ],
        "09:00:00 a created
         11:00:00 a rule:nag
         11:30:00 a rule:nag
         12:00:00 a rule:nag
         12:20:00 a rule:up
         12:20:00 a severity:Sev2
         12:20:00 a breach:resolve
         14:00:00 a rule:end
         14:00:00 a transferred second
         14:00:00 a start second/1
         14:01:00 a resolved second/1
         = a resolve due 11:00:00 breached",
    );
}

#[test]
fn a_rule_fires_at_most_as_often_as_it_says() {
    check(
        "2026-03-02T09:00",
        &[
            FOUR_HOURS,
            NOBODY,
            r#"[rules.nag]
            when = { in_tier = "1h" }
            then = [{ alert = "lead" }]
            every = "30m"
            max = 3"#,
            IN_THE_END,
        ],
        "09:00:00 a created
         10:00:00 a rule:nag
         10:30:00 a rule:nag
         11:00:00 a rule:nag
         13:00:00 a breach:resolve
         14:00:00 a rule:end
         14:00:00 a transferred second
         14:00:00 a start second/1
         14:01:00 a resolved second/1
         = a resolve due 13:00:00 breached",
    );
}

#[test]
fn a_rule_on_a_visit_fires_each_time_unless_it_says_once() {
    let rules = |fires: &str| {
        format!(
            r#"[rules.there]
            when = {{ in_team = "10m" }}
            if = {{ team = ["front"] }}
            then = [{{ transfer = "second" }}]
            [rules.back]
            when = {{ in_team = "10m" }}
            if = {{ team = ["second"] }}
            then = [{{ transfer = "front" }}]
            max = 1
            [rules.seen]
            when = {{ in_team = "5m" }}
            if = {{ team = ["front"] }}
            then = [{{ alert = "lead" }}]
            {fires}
            [tiers.L2]
            work = {{ deterministic = "1m" }}
            [teams.second]
            tier = "L2"
            headcount = 0
            [teams.third]
            tier = "L2"
            headcount = 1
            [rules.end]
            when = {{ in_team = "15m" }}
            then = [{{ transfer = "third" }}]"#
        )
    };
    let ticket = r#"tickets = [{ id = "a", at = "0s" }]"#;
    check(
        "2026-03-02T09:00",
        &[ticket, ONE_SEVERITY, NOBODY, &rules("")],
        "09:00:00 a created
         09:05:00 a rule:seen
         09:10:00 a rule:there
         09:10:00 a transferred second
         09:20:00 a rule:back
         09:20:00 a transferred front
         09:25:00 a rule:seen
         09:30:00 a rule:there
         09:30:00 a transferred second
         09:45:00 a rule:end
         09:45:00 a transferred third
         09:45:00 a start third/1
         09:46:00 a resolved third/1",
    );
    check(
        "2026-03-02T09:00",
        &[ticket, ONE_SEVERITY, NOBODY, &rules("fires = \"once\"")],
        "09:00:00 a created
         09:05:00 a rule:seen
         09:10:00 a rule:there
         09:10:00 a transferred second
         09:20:00 a rule:back
         09:20:00 a transferred front
         09:30:00 a rule:there
         09:30:00 a transferred second
         09:45:00 a rule:end
         09:45:00 a transferred third
         09:45:00 a start third/1
         09:46:00 a resolved third/1",
    );
}

#[test]
fn a_firing_within_the_cooldown_is_lost_and_not_delayed() {
    check(
        "2026-03-02T09:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", severity = "Sev3" }]"#,
            NO_TARGETS,
            NOBODY,
            r#"[rules.first]
            when = { in_tier = "10m" }
            then = [{ raise = 1 }]
            [rules.second]
            when = { in_tier = "20m" }
            then = [{ lower = 1 }]
            [rules.third]
            when = { in_tier = "30m" }
            then = [{ raise = 1 }]
            [rules.fourth]
            when = { in_tier = "80m" }
            then = [{ raise = 1 }]
            [rules.watch]
            when = { severity_raised = {} }
            then = [{ alert = "lead" }]
            cooldown = "1h""#,
            IN_THE_END,
        ],
        "09:00:00 a created
         09:10:00 a rule:first
         09:10:00 a severity:Sev2
         09:10:00 a rule:watch
         09:20:00 a rule:second
         09:20:00 a severity:Sev3
         09:30:00 a rule:third
         09:30:00 a severity:Sev2
         10:20:00 a rule:fourth
         10:20:00 a severity:Sev1
         10:20:00 a rule:watch
         14:00:00 a rule:end
         14:00:00 a transferred second
         14:00:00 a start second/1
         14:01:00 a resolved second/1",
    );
}

#[test]
fn a_share_that_is_given_back_can_be_crossed_again_if_the_rule_says_each() {
    let rules = |fires: &str| {
        format!(
            r#"[rules.half]
            when = {{ consumed = {{ of = "resolve", share = 0.5 }} }}
            then = [{{ alert = "lead" }}]
            {fires}
            [rules.down]
            when = {{ in_tier = "45m" }}
            then = [{{ lower = 1 }}]"#
        )
    };
    let expected = |again: &str| {
        format!(
            "09:00:00 a created
             09:30:00 a rule:half
             09:45:00 a rule:down
             09:45:00 a severity:Sev2
             {again}
             11:00:00 a breach:resolve
             14:00:00 a rule:end
             14:00:00 a transferred second
             14:00:00 a start second/1
             14:01:00 a resolved second/1
             = a resolve due 11:00:00 breached"
        )
    };
    let four_hours = FOUR_HOURS.replace("Sev3\" }]", "Sev1\" }]");
    let parts = |fires: &str| [four_hours.clone(), NOBODY.into(), rules(fires), IN_THE_END.into()];
    let once = parts("");
    check("2026-03-02T09:00", &once.each_ref().map(String::as_str), &expected(""));
    let each = parts("fires = \"each\"");
    let again = "10:00:00 a rule:half";
    check(
        "2026-03-02T09:00",
        &each.each_ref().map(String::as_str),
        &expected(again),
    );
}

// What holds a rule back.

#[test]
fn a_rule_for_office_hours_is_spent_at_night_unless_it_holds() {
    let rules = |hold: &str| {
        format!(
            r#"[rules.warn]
            when = {{ consumed = {{ of = "resolve", share = 0.75 }} }}
            if.hours = {{ "Mon-Fri" = "08:00-18:00" }}
            then = [{{ alert = "lead" }}]
            {hold}
            [rules.end]
            when = {{ in_tier = "9h" }}
            then = [{{ transfer = "L2" }}]
            [tiers.L2]
            work = {{ deterministic = "1m" }}
            [teams.second]
            tier = "L2"
            headcount = 1"#
        )
    };
    let ticket = r#"tickets = [{ id = "a", at = "0s" }]
        [severities.Sev1]
        resolve = "12h""#;
    check(
        "2026-03-02T18:00",
        &[ticket, NOBODY, &rules("")],
        "18:00:00 a created
         Tue 03-03 03:00:00 a rule:end
         Tue 03-03 03:00:00 a transferred second
         Tue 03-03 03:00:00 a start second/1
         Tue 03-03 03:01:00 a resolved second/1
         = a resolve due Tue 03-03 06:00:00 met",
    );
    let night = r#"tickets = [{ id = "a", at = "0s" }]
        [severities.Sev1]
        resolve = "20h""#;
    let later = rules("hold = true").replace("9h", "16h");
    check(
        "2026-03-02T12:00",
        &[night, NOBODY, &later],
        "12:00:00 a created
         Tue 03-03 04:00:00 a rule:end
         Tue 03-03 04:00:00 a transferred second
         Tue 03-03 04:00:00 a start second/1
         Tue 03-03 04:01:00 a resolved second/1
         = a resolve due Tue 03-03 08:00:00 met",
    );
    let held = rules("hold = true").replace("9h", "21h");
    check(
        "2026-03-02T12:00",
        &[night, NOBODY, &held],
        "12:00:00 a created
         Tue 03-03 08:00:00 a breach:resolve
         Tue 03-03 08:00:00 a rule:warn
         Tue 03-03 09:00:00 a rule:end
         Tue 03-03 09:00:00 a transferred second
         Tue 03-03 09:00:00 a start second/1
         Tue 03-03 09:01:00 a resolved second/1
         = a resolve due Tue 03-03 08:00:00 breached",
    );
}

#[test]
fn a_rule_that_holds_fires_as_soon_as_the_ticket_is_as_it_asks() {
    check(
        "2026-03-02T09:00",
        &[
            FOUR_HOURS,
            NOBODY,
            r#"[rules.wait]
            when = { in_tier = "30m" }
            if = { severity = ["Sev1", "Sev2"] }
            then = [{ alert = "lead" }]
            hold = true
            [rules.up]
            when = { in_tier = "1h" }
            then = [{ raise = 1 }]
            [rules.end]
            when = { in_tier = "90m" }
            then = [{ transfer = "L2" }]
            [tiers.L2]
            work = { deterministic = "1m" }
            [teams.second]
            tier = "L2"
            headcount = 1"#,
        ],
        "09:00:00 a created
         10:00:00 a rule:up
         10:00:00 a severity:Sev2
         10:00:00 a rule:wait
         10:30:00 a rule:end
         10:30:00 a transferred second
         10:30:00 a start second/1
         10:31:00 a resolved second/1
         = a resolve due 11:00:00 met",
    );
}

#[test]
fn a_crossing_that_comes_before_the_ticket_is_as_a_rule_asks_is_gone_for_good() {
    // Half of four hours is used up at 11:00, while the ticket is of Sev3 and with the first team: neither rule on that has
    // anything to do. At 11:30 it is raised and handed over, too late for both; what falls due after that fires. At 11:30
    // itself `first` comes before the rule that raises, in the order of the file, and `last` after it.
    check(
        "2026-03-02T09:00",
        &[
            &FOUR_HOURS.replace("\"1h\"", "\"4h\"").replace("\"2h\"", "\"4h\""),
            NOBODY,
            r#"[rules.half-of-sev2]
            when = { consumed = { of = "resolve", share = 0.5 } }
            if = { severity = ["Sev2"] }
            then = [{ alert = "nobody" }]
            [rules.half-with-the-second]
            when = { left = { of = "resolve", time = "2h" } }
            if = { team = ["second"] }
            then = [{ alert = "nobody" }]
            [rules.first]
            when = { in_tier = "2h 30m" }
            if = { severity = ["Sev2"] }
            then = [{ alert = "nobody" }]
            [rules.up]
            when = { in_tier = "2h 30m" }
            then = [{ raise = 1 }, { transfer = "second" }]
            [rules.last]
            when = { consumed = { of = "resolve", share = 0.625 } }
            if = { severity = ["Sev2"], team = ["second"] }
            then = [{ alert = "lead" }]
            [rules.later]
            when = { left = { of = "resolve", time = "1h" } }
            if = { severity = ["Sev2"], team = ["second"] }
            then = [{ transfer = "L2" }]
            [teams.second]
            tier = "L1"
            headcount = 0
            [tiers.L2]
            work = { deterministic = "1m" }
            [teams.third]
            tier = "L2"
            headcount = 1"#,
        ],
        "09:00:00 a created
         11:30:00 a rule:up
         11:30:00 a severity:Sev2
         11:30:00 a transferred second
         11:30:00 a rule:last
         12:00:00 a rule:later
         12:00:00 a transferred third
         12:00:00 a start third/1
         12:01:00 a resolved third/1
         = a resolve due 13:00:00 met",
    );
}

#[test]
fn exceptions_hold_a_rule_back_and_while_ends_its_repetition() {
    check(
        "2026-03-02T09:00",
        &[
            r#"tickets = [
                { id = "a", at = "0s", severity = "Sev3" },
                { id = "b", at = "0s", severity = "Sev4" },
            ]"#,
            NO_TARGETS,
            NOBODY,
            r#"[rules.mark]
            when = { in_tier = "10m" }
            if = { severity = ["Sev4"] }
            then = [{ flag = "known" }]
            [rules.warn]
            when = { in_tier = "20m" }
            unless = { flags = ["known"] }
            then = [{ alert = "lead" }]
            [rules.nag]
            when = { in_tier = "30m" }
            while = { severity = ["Sev3"] }
            then = [{ alert = "lead" }]
            every = "10m"
            [rules.up]
            when = { in_tier = "55m" }
            if = { no_flags = ["known"] }
            then = [{ raise = 1 }]"#,
            IN_THE_END,
        ],
        "09:00:00 a created
         09:00:00 b created
         09:10:00 b rule:mark
         09:20:00 a rule:warn
         09:30:00 a rule:nag
         09:40:00 a rule:nag
         09:50:00 a rule:nag
         09:55:00 a rule:up
         09:55:00 a severity:Sev2
         14:00:00 a rule:end
         14:00:00 a transferred second
         14:00:00 b rule:end
         14:00:00 b transferred second
         14:00:00 a start second/1
         14:01:00 a resolved second/1
         14:01:00 b start second/1
         14:02:00 b resolved second/1",
    );
}

#[test]
fn a_rule_that_stops_ends_the_pass_of_its_instant() {
    check(
        "2026-03-02T09:00",
        &[
            FOUR_HOURS,
            NOBODY,
            r#"[rules.first]
            when = { in_tier = "1h" }
            then = [{ alert = "lead" }]
            stop = true
            [rules.second]
            when = { consumed = { of = "resolve", share = 0.25 } }
            then = [{ alert = "nobody" }]
            [rules.third]
            when = { in_tier = "61m" }
            then = [{ alert = "lead" }]"#,
            IN_THE_END,
        ],
        "09:00:00 a created
         10:00:00 a rule:first
         10:01:00 a rule:third
         13:00:00 a breach:resolve
         14:00:00 a rule:end
         14:00:00 a transferred second
         14:00:00 a start second/1
         14:01:00 a resolved second/1
         = a resolve due 13:00:00 breached",
    );
}

#[test]
fn of_a_group_only_the_highest_fires_when_a_late_raise_passes_several() {
    let warning = |name: &str, share: &str| {
        format!(
            "[rules.{name}]\nwhen = {{ consumed = {{ of = \"resolve\", share = {share} }} }}\n\
             then = [{{ alert = \"lead\" }}]\ngroup = \"warnings\"\non_jump = \"highest\"\n"
        )
    };
    check(
        "2026-03-02T09:00",
        &[
            FOUR_HOURS,
            NOBODY,
            &warning("a-quarter", "0.25"),
            &warning("half", "0.5"),
            &warning("three-quarters", "0.75"),
            r#"[rules.up]
            when = { in_tier = "50m" }
            then = [{ raise = "Sev1" }]"#,
            IN_THE_END,
        ],
        "09:00:00 a created
         09:50:00 a rule:up
         09:50:00 a severity:Sev1
         09:50:00 a rule:three-quarters
         10:00:00 a breach:resolve
         14:00:00 a rule:end
         14:00:00 a transferred second
         14:00:00 a start second/1
         14:01:00 a resolved second/1
         = a resolve due 10:00:00 breached",
    );
}

#[test]
fn rules_that_set_each_other_off_are_cut_after_sixteen() {
    let mut rules = String::new();
    for number in 0..12 {
        for (name, change, act) in [("up", "lowered", "raise"), ("down", "raised", "lower")] {
            rules.push_str(&format!(
                "[rules.{name}-{number}]\nwhen = {{ severity_{change} = {{}} }}\nthen = [{{ {act} = 1 }}]\n"
            ));
        }
    }
    let results = check_quietly(
        "2026-03-02T09:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", severity = "Sev3", work = { L1 = "1h" } }]"#,
            NO_TARGETS,
            ONE_PERSON,
            &rules,
            r#"[rules.start]
            when = { in_tier = "10m" }
            then = [{ raise = 1 }]"#,
        ],
    );
    let consequence = |activity: &str| activity.starts_with("rule:up") || activity.starts_with("rule:down");
    let fired = results
        .events
        .iter()
        .filter(|event| consequence(&event.activity))
        .count();
    assert_eq!(fired, 16);
    assert!(results.events.iter().any(|event| event.activity == "rule_storm"));
}

// Handing over.

#[test]
fn a_rule_says_how_it_hands_over() {
    let parts = |handoff: &str| {
        format!(
            r#"[rules.on]
            when = {{ with_owner = "30m" }}
            then = [{{ transfer = {{ to = "other", handoff = "{handoff}" }} }}]
            max = 1
            [handoff]
            overlap = "5m"
            [teams.other]
            tier = "L1"
            headcount = 1"#
        )
    };
    let ticket = r#"tickets = [{ id = "a", at = "0s", work = { L1 = "1h" } }]"#;
    let expected = |end: &str| {
        format!(
            "09:00:00 a created
             09:00:00 a start front/1
             09:30:00 a rule:on
             09:30:00 a taken front/1
             09:30:00 a transferred other
             09:30:00 a resumed other/1
             {end} a resolved other/1"
        )
    };
    // Cold: 30 min are left, and 0.3 of the 30 that were done are done again.
    check(
        "2026-03-02T09:00",
        &[ticket, ONE_SEVERITY, ONE_PERSON, &parts("cold")],
        &expected("10:09:00"),
    );
    // Warm: 30 min are left, after 5 that both spend.
    check(
        "2026-03-02T09:00",
        &[ticket, ONE_SEVERITY, ONE_PERSON, &parts("warm")],
        &expected("10:05:00"),
    );
}

#[test]
fn what_a_cold_escalation_loses_is_what_is_written() {
    let lost = |written: &str, end: &str| {
        let rules = format!(
            "[handoff]\n{written}\n[rules.on]\nwhen = {{ with_owner = \"30m\" }}\nif.tier = [\"L1\"]\n\
             then = [{{ transfer = {{ to = \"second\", handoff = \"cold\" }} }}]"
        );
        check(
            "2026-03-02T09:00",
            &[
                r#"tickets = [{ id = "a", at = "0s", able_from = "L2", work = { L1 = "1h", L2 = "1h" } }]"#,
                ONE_SEVERITY,
                TWO_TIERS,
                &rules,
            ],
            &format!(
                "09:00:00 a created
                 09:00:00 a start front/1
                 09:30:00 a rule:on
                 09:30:00 a taken front/1
                 09:30:00 a transferred second
                 09:30:00 a start second/1
                 {end} a resolved second/1"
            ),
        );
    };
    lost("", "10:39:00");
    lost("escalation_loss = 0.0", "10:30:00");
    lost("escalation_loss = 0.5", "11:00:00");
}

#[test]
fn a_ticket_that_is_put_forward_overtakes_more_severe_ones() {
    check(
        "2026-03-02T09:00",
        &[
            r#"tickets = [
                { id = "a", at = "0s", severity = "Sev2", work = { L1 = "30m" } },
                { id = "b", at = "1m", severity = "Sev3", work = { L1 = "30m" } },
                { id = "c", at = "2m", severity = "Sev2", work = { L1 = "30m" } },
            ]"#,
            NO_TARGETS,
            ONE_PERSON,
            r#"[rules.forward]
            when = { in_queue = "20m" }
            if = { severity = ["Sev3"] }
            then = [{ set_priority = 2 }]"#,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         09:01:00 b created
         09:02:00 c created
         09:21:00 b rule:forward
         09:30:00 a resolved front/1
         09:30:00 b start front/1
         10:00:00 b resolved front/1
         10:00:00 c start front/1
         10:30:00 c resolved front/1",
    );
}

#[test]
fn a_transfer_within_a_tier_costs_what_the_handoff_costs_even_if_the_rule_does_not_say_so() {
    check(
        "2026-03-02T09:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", work = { L1 = "1h" } }]"#,
            ONE_SEVERITY,
            ONE_PERSON,
            r#"[rules.on]
            when = { with_owner = "30m" }
            then = [{ transfer = "other" }]
            max = 1
            [handoff]
            shift_end = "cold"
            context_loss = 0.5
            [teams.other]
            tier = "L1"
            headcount = 1"#,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         09:30:00 a rule:on
         09:30:00 a taken front/1
         09:30:00 a transferred other
         09:30:00 a resumed other/1
         10:15:00 a resolved other/1",
    );
}

#[test]
fn whoever_gives_a_ticket_away_in_the_middle_of_a_shift_explains_it_in_working_time() {
    let results = check(
        "2026-03-02T09:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", work = { L1 = "1h" } }, { id = "b", at = "31m", work = { L1 = "10m" } }]"#,
            ONE_SEVERITY,
            ONE_PERSON,
            r#"[rules.on]
            when = { with_owner = "30m" }
            then = [{ transfer = { to = "other", handoff = "warm" } }]
            max = 1
            [handoff]
            overlap = "5m"
            [teams.other]
            tier = "L1"
            headcount = 1"#,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         09:30:00 a rule:on
         09:30:00 a taken front/1
         09:30:00 a transferred other
         09:30:00 a resumed other/1
         09:31:00 b created
         09:35:00 b start front/1
         09:45:00 b resolved front/1
         10:05:00 a resolved other/1",
    );
    assert_eq!(metric(&results, "overtime_h"), 0.0);
    // 30 and 35 minutes on the first and the 5 of explaining it, 10 on the second.
    assert_eq!(metric(&results, "touch_time_mean_s"), 2400.0);
}

// Updates.

#[test]
fn each_silence_is_a_clock_of_its_own_and_none_runs_while_somebody_keeps_in_touch() {
    check(
        "2026-03-02T09:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", work = { L1 = "1h" }, legs = [
                { answer_after = "3h", then_work = "1h" }, { answer_after = "1h", then_work = "1h" },
            ] }]
            [severities.Sev1]
            update = "1h""#,
            ONE_PERSON,
            r#"[rules.silent]
            when = { consumed = { of = "update", share = 0.5 } }
            then = [{ alert = "owner" }]"#,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         10:00:00 a pending front/1
         10:30:00 a rule:silent
         13:00:00 a customer_answered
         13:00:00 a resumed front/1
         13:00:00 a updates_missed:3
         14:00:00 a pending front/1
         14:30:00 a rule:silent
         15:00:00 a customer_answered
         15:00:00 a resumed front/1
         15:00:00 a updates_missed:1
         16:00:00 a resolved front/1",
    );
}

// What was said once and holds on.

#[test]
fn a_rule_on_an_event_goes_on_as_long_as_its_while_holds() {
    check(
        "2026-03-02T09:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", severity = "Sev2" }]
            [severities.Sev1]
            [severities.Sev2]"#,
            NOBODY,
            r#"[rules.up]
            when = { in_queue = "1h" }
            then = [{ raise = 1 }]
            [rules.brief]
            when = { severity_raised = {} }
            while = { severity = ["Sev1"] }
            every = "30m"
            then = [{ alert = "executives" }]
            [rules.down]
            when = { in_queue = "130m" }
            then = [{ lower = 1 }]"#,
            IN_THE_END,
        ],
        "09:00:00 a created
         10:00:00 a rule:up
         10:00:00 a severity:Sev1
         10:00:00 a rule:brief
         10:30:00 a rule:brief
         11:00:00 a rule:brief
         11:10:00 a rule:down
         11:10:00 a severity:Sev2
         14:00:00 a rule:end
         14:00:00 a transferred second
         14:00:00 a start second/1
         14:01:00 a resolved second/1",
    );
}

#[test]
fn a_breach_is_forgiven_as_the_severity_is_lowered_where_the_target_says_so() {
    let parts = |on_lower: &str| {
        format!(
            r#"tickets = [{{ id = "a", at = "0s", severity = "Sev1" }}]
            [severities.Sev1]
            resolve = {{ within = "1h", on_lower = "{on_lower}" }}
            [severities.Sev2]
            resolve = "8h"
            [rules.down]
            when = {{ in_queue = "90m" }}
            then = [{{ lower = 1 }}]"#
        )
    };
    let expected = |outcome: &str| {
        format!(
            "09:00:00 a created
             10:00:00 a breach:resolve
             10:30:00 a rule:down
             10:30:00 a severity:Sev2
             14:00:00 a rule:end
             14:00:00 a transferred second
             14:00:00 a start second/1
             14:01:00 a resolved second/1
             = a resolve due {outcome}"
        )
    };
    for (on_lower, outcome) in [("keep", "17:00:00 breached"), ("forgive", "17:00:00 met")] {
        check(
            "2026-03-02T09:00",
            &[&parts(on_lower), NOBODY, IN_THE_END],
            &expected(outcome),
        );
    }
}

#[test]
fn who_is_wrong_about_a_severity_that_was_right_takes_it_for_the_next_one() {
    check(
        "2026-03-02T10:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", severity = "Sev1", work = { L1 = "20m" } }]
            [severities.Sev1]
            [severities.Sev2]
            [triage.override]
            over = 0.0
            under = 0.0
            wrong = 1.0
            work = "2m""#,
            ONE_PERSON,
        ],
        "10:00:00 a created
         10:00:00 a start front/1
         10:02:00 a severity:Sev2
         10:22:00 a resolved front/1",
    );
}

#[test]
fn what_a_cooldown_suppresses_is_lost_and_the_next_repetition_is_not() {
    check(
        "2026-03-02T09:00",
        &[
            r#"tickets = [
                { id = "a", at = "0s", severity = "Sev3", work = { L1 = "4h" } },
            ]"#,
            NO_TARGETS,
            r#"[rules.e]
            when = { in_team = "1h" }
            every = "30m"
            cooldown = "45m"
            then = [{ alert = "x" }]"#,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         10:00:00 a rule:e
         11:00:00 a rule:e
         12:00:00 a rule:e
         13:00:00 a resolved front/1",
    );
}

#[test]
fn rules_of_one_instant_run_in_the_order_of_the_file_after_a_jump() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [{ id = "a", at = "0s", severity = "Sev3" }]
[severities.Sev1]
resolve = "2h"
[severities.Sev2]
resolve = "3h"
[severities.Sev3]
resolve = "8h"
[tiers.L1]
work = { deterministic = "1h" }
[tiers.L2]
work = { deterministic = "1m" }
[teams.front]
tier = "L1"
headcount = 0
[teams.second]
tier = "L2"
headcount = 1
[rules.up]
when = { in_tier = "1h" }
then = [{ raise = 2 }]
[rules.page-manager]
when = { severity_raised = { to = "Sev1" } }
then = [{ alert = "duty manager" }]
[rules.quarter]
when = { consumed = { of = "resolve", share = 0.25 } }
then = [{ alert = "lead" }]
stop = true
[rules.end]
when = { in_tier = "4h" }
then = [{ transfer = "L2" }]
"#],
        "09:00:00 a created
         10:00:00 a rule:up
         10:00:00 a severity:Sev1
         10:00:00 a rule:page-manager
         10:00:00 a rule:quarter
         11:00:00 a breach:resolve
         13:00:00 a rule:end
         13:00:00 a transferred second
         13:00:00 a start second/1
         13:01:00 a resolved second/1
         = a resolve due 11:00:00 breached",
    );
}

#[test]
fn a_repetition_goes_on_after_a_pass_that_was_ended() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [{ id = "a", at = "0s" }]
[severities.Sev1]
[tiers.L1]
work = { deterministic = "1h" }
[tiers.L2]
work = { deterministic = "1m" }
[teams.front]
tier = "L1"
headcount = 0
[teams.second]
tier = "L2"
headcount = 1
[rules.once-at-eleven]
when = { in_tier = "2h" }
then = [{ alert = "lead" }]
stop = true
[rules.nag]
when = { in_tier = "1h" }
then = [{ alert = "owner" }]
every = "30m"
[rules.end]
when = { in_tier = "3h 15m" }
then = [{ transfer = "L2" }]
"#],
        "09:00:00 a created
         10:00:00 a rule:nag
         10:30:00 a rule:nag
         11:00:00 a rule:once-at-eleven
         11:30:00 a rule:nag
         12:00:00 a rule:nag
         12:15:00 a rule:end
         12:15:00 a transferred second
         12:15:00 a start second/1
         12:16:00 a resolved second/1",
    );
}

#[test]
fn a_rule_fires_once_an_instant() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [{ id = "a", at = "0s", severity = "Sev2" }]
[severities.Sev1]
[severities.Sev2]
[severities.Sev3]
[tiers.L1]
work = { deterministic = "1h" }
[tiers.L2]
work = { deterministic = "30m" }
[teams.front]
tier = "L1"
headcount = 1
[teams.second]
tier = "L2"
headcount = 1
[rules.seen]
when = { in_team = "0s" }
then = [{ alert = "lead" }]
[rules.on]
when = { in_tier = "0s" }
if = { team = ["front"] }
then = [{ transfer = "second" }]
"#],
        "09:00:00 a created
         09:00:00 a rule:seen
         09:00:00 a rule:on
         09:00:00 a transferred second
         09:00:00 a start second/1
         09:30:00 a resolved second/1",
    );
}

#[test]
fn conditions_on_a_clock_look_at_where_it_stopped() {
    check(
        "2026-03-02T09:00",
        &[
            r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", work = { L1 = "2h" }, workaround_after = "90m" }]
[severities.Sev1]
first_response = "10m"
mitigate = "30m"
resolve = "1h"
[rules.review]
when = { resolved = true }
if = { breached = ["resolve"] }
then = [{ alert = "quality manager" }]
[rules.close-call]
when = { resolved = true }
if = { consumed = { of = "resolve", at_least = 0.8 } }
then = [{ alert = "quality manager" }]
[rules.late-fix]
when = { mitigated = true }
if = { breached = ["mitigate"] }
then = [{ alert = "quality manager" }]
[rules.ok]
when = { resolved = true }
if = { not_breached = ["resolve"] }
then = [{ alert = "nobody" }]
"#,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         09:30:00 a breach:mitigate
         10:00:00 a breach:resolve
         10:30:00 a mitigated front/1
         10:30:00 a rule:late-fix
         11:00:00 a resolved front/1
         11:00:00 a rule:review
         11:00:00 a rule:close-call
         = a first_response due 09:10:00 met | mitigate due 09:30:00 breached | resolve due 10:00:00 breached",
    );
}

#[test]
fn a_higher_rule_of_a_group_that_does_not_fire_silences_nobody() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [{ id = "a", at = "0s", severity = "Sev3" }]
[severities.Sev1]
resolve = "1h"
[severities.Sev3]
resolve = "8h"
[tiers.L1]
work = { deterministic = "1h" }
[tiers.L2]
work = { deterministic = "1m" }
[teams.front]
tier = "L1"
headcount = 0
[teams.second]
tier = "L2"
headcount = 1
[rules.up]
when = { in_tier = "50m" }
then = [{ raise = "Sev1" }]
[rules.half]
when = { consumed = { of = "resolve", share = 0.5 } }
then = [{ alert = "lead" }]
group = "w"
on_jump = "highest"
[rules.three]
when = { consumed = { of = "resolve", share = 0.75 } }
if = { owned = true }
then = [{ alert = "manager" }]
group = "w"
on_jump = "highest"
[rules.end]
when = { in_tier = "4h" }
then = [{ transfer = "L2" }]
"#],
        "09:00:00 a created
         09:50:00 a rule:up
         09:50:00 a severity:Sev1
         09:50:00 a rule:half
         10:00:00 a breach:resolve
         13:00:00 a rule:end
         13:00:00 a transferred second
         13:00:00 a start second/1
         13:01:00 a resolved second/1
         = a resolve due 10:00:00 breached",
    );
}

#[test]
fn repetitions_stand_still_with_their_clock() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [{ id = "a", at = "0s", severity = "Sev2", work = { L1 = "2h" }, legs = [{ answer_after = "2h", then_work = "30m" }] }]
[severities.Sev1]
resolve = "8h"
[severities.Sev2]
resolve = "8h"
[tiers.L1]
work = { deterministic = "3h" }
[teams.front]
tier = "L1"
headcount = 1
[rules.tier]
when = { in_tier = "90m" }
every = "30m"
then = [{ alert = "lead" }]
[rules.quarter]
when = { consumed = { of = "resolve", share = 0.25 } }
every = "40m"
then = [{ alert = "lead" }]
"#],
        "09:00:00 a created
         09:00:00 a start front/1
         10:30:00 a rule:tier
         11:00:00 a pending front/1
         11:00:00 a rule:quarter
         13:00:00 a customer_answered
         13:00:00 a rule:tier
         13:00:00 a resumed front/1
         13:30:00 a resolved front/1
         = a resolve due 19:00:00 met",
    );
}

#[test]
fn a_closed_ticket_changes_no_more() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [{ id = "a", at = "0s", severity = "Sev2", work = { L1 = "10m" }, legs = [{ answer_after = "9h", then_work = "10m" }] }, { id = "b", at = "90m", severity = "Sev2", work = { L1 = "30m" } }]
[severities.Sev1]
[severities.Sev2]
[severities.Sev3]
[tiers.L1]
work = { deterministic = "1h" }
[tiers.L2]
work = { deterministic = "30m" }
[teams.front]
tier = "L1"
headcount = 1
[teams.second]
tier = "L2"
headcount = 1
[teams.boss]
tier = "L2"
headcount = 1
[roles.director]
team = "boss"
work = { deterministic = "20m" }
[gates.go]
approvers = ["director"]
decision_work = { deterministic = "10m" }
timeout = "30m"
[rules.shut]
when = { pending = "1h" }
then = [{ close = "silent" }, { raise = 1 }]
[rules.sr]
when = { severity_raised = {} }
then = [{ escalate_to = "director" }, { transfer = "second" }]
"#],
        "09:00:00 a created
         09:00:00 a start front/1
         09:10:00 a pending front/1
         10:10:00 a rule:shut
         10:10:00 a closed_unanswered
         10:30:00 b created
         10:30:00 b start front/1
         11:00:00 b resolved front/1",
    );
}

#[test]
fn what_was_due_while_a_ticket_was_linked_is_spent() {
    check(
        "2026-03-02T09:00",
        &[
            r#"
tickets = [ { id = "p", at = "0s", severity = "Sev1", incident = "out", work = { L1 = "10m" }, legs = [{ answer_after = "9d", then_work = "1h" }] }, { id = "y", at = "1m", severity = "Sev1", work = { L1 = "5h" } }, { id = "c", at = "10m", severity = "Sev2", incident = "out", linked_after = "20m", work = { L1 = "30m" } }]
[severities.Sev1]
[severities.Sev2]
resolve = "9h"
first_response = "1h"
[incidents.out]
[incidents.out.linking]
share = 1.0
[rules.shut]
when = { pending = "3h" }
then = [{ close = "x" }]
[rules.team]
when = { in_team = "1h" }
if = { severity = ["Sev2"] }
then = [{ alert = "x" }]
[rules.nu]
when = { no_update = "45m" }
if = { severity = ["Sev2"] }
then = [{ alert = "x" }]
[rules.iq]
when = { in_queue = "25m" }
if = { severity = ["Sev2"] }
then = [{ alert = "x" }]
[rules.fr]
when = { consumed = { of = "first_response", share = 0.75 } }
if = { severity = ["Sev2"] }
then = [{ alert = "x" }]
[rules.frb]
when = { breached = "first_response" }
if = { severity = ["Sev2"] }
then = [{ alert = "x" }]
[rules.cr]
when = { created = true }
every = "50m"
while = { severity = ["Sev2"] }
then = [{ alert = "x" }]
[rules.h]
when = { in_team = "5m" }
if = { answered = true, severity = ["Sev2"] }
hold = true
then = [{ alert = "x" }]
"#,
            ONE_PERSON,
        ],
        "09:00:00 p created
         09:00:00 p declared
         09:00:00 p start front/1
         09:01:00 y created
         09:10:00 p pending front/1
         09:10:00 c created
         09:10:00 c rule:cr
         09:10:00 y start front/1
         09:30:00 c linked p
         10:10:00 c breach:first_response
         12:10:00 p rule:shut
         12:10:00 p closed_unanswered
         12:35:00 c rule:iq
         14:10:00 y resolved front/1
         14:10:00 c start front/1
         14:40:00 c resolved front/1
         14:40:00 c restored
         = c first_response due 10:10:00 breached | resolve due 18:10:00 met",
    );
}

#[test]
fn a_ticket_that_comes_back_has_been_silent_to_since_its_resolution() {
    check(
        "2026-03-02T09:00",
        &[
            r#"
tickets = [
    { id = "a", at = "0s", severity = "Sev1", work = { L1 = "40m" }, reopens_after = ["1h"] }, { id = "b", at = "41m", severity = "Sev1", work = { L1 = "4h" } },
]
[severities.Sev1]
[rules.upd]
when = { no_update = "30m" }
then = [{ alert = "lead" }]
"#,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         09:30:00 a rule:upd
         09:40:00 a resolved front/1
         09:41:00 b created
         09:41:00 b start front/1
         10:11:00 b rule:upd
         10:40:00 a reopened
         11:10:00 a rule:upd
         13:41:00 b resolved front/1
         13:41:00 a start front/1
         14:21:00 a resolved front/1",
    );
}

#[test]
fn a_ticket_in_the_queue_is_nobodys() {
    check(
        "2026-03-02T16:00",
        &[r#"
tickets = [ { id = "a", at = "0s", severity = "Sev1", work = { L1 = "3h" } } ]
[severities.Sev1]
[severities.Sev2]
[severities.Sev3]
[severities.Sev4]
[tiers.L1]
work = { deterministic = "1h" }
[teams.ops]
tier = "L1"
shift_end = "hand-off"
shifts.day = { headcount = 1, hours = { "Mon-Sun" = "09:00-17:00" } }
[teams.other]
tier = "L1"
headcount = 0
[rules.tb]
when = { with_owner = "2h" }
then = [{ transfer = "other" }]
"#],
        "16:00:00 a created
         16:00:00 a start ops/day/1
         17:00:00 a handed_off ops/day/1
         Tue 03-03 09:00:00 a resumed ops/day/1
         Tue 03-03 11:00:00 a resolved ops/day/1",
    );
}

#[test]
fn rules_that_do_not_fire_are_no_chain() {
    let customers = |number: usize| format!("[customer_tiers.c{number}]\nshare = 0.0625\n");
    let rule = |number: usize| {
        format!(
            "[rules.n{number}]\nwhen = {{ severity_raised = {{}} }}\nif = {{ customer_tier = [\"c{number}\"] }}\nthen = [{{ alert = \"manager\" }}]\n"
        )
    };
    check(
        "2026-03-02T09:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", severity = "Sev2", customer_tier = "c0", work = { L1 = "2h" } }]
            [customer_tiers.c0]
            share = 0.0
            [rules.up]
            when = { with_owner = "1h" }
            then = [{ raise = 1 }]"#,
            &(1..=16).map(customers).collect::<String>(),
            &(1..=16).map(rule).collect::<String>(),
            r#"[rules.last]
            when = { severity_raised = {} }
            then = [{ alert = "duty manager" }]"#,
            NO_TARGETS,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         10:00:00 a rule:up
         10:00:00 a severity:Sev1
         10:00:00 a rule:last
         11:00:00 a resolved front/1",
    );
}

#[test]
fn a_repetition_is_put_off_by_what_it_waited_itself() {
    check(
        "2026-03-02T09:00 UTC",
        &[
            r#"
[severities.Sev1]
resolve = "2h"
[severities.Sev2]
resolve = "24h"
[rules.warn]
when = { consumed = { of = "resolve", share = 0.5 } }
every = "30m"
max = 4
then = [{ alert = "lead" }]
[rules.up]
when = { in_team = { after = "5h", count_pending = true } }
then = [{ raise = 1 }]
[[tickets]]
id = "a"
at = "0s"
severity = "Sev2"
work = { L1 = "1h" }
legs = [{ answer_after = "5h", then_work = "9h" }]
"#,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         10:00:00 a pending front/1
         14:00:00 a rule:up
         14:00:00 a severity:Sev1
         14:00:00 a rule:warn
         15:00:00 a customer_answered
         15:00:00 a resumed front/1
         15:30:00 a rule:warn
         16:00:00 a breach:resolve
         16:00:00 a rule:warn
         16:30:00 a rule:warn
         Tue 03-03 00:00:00 a resolved front/1
         = a resolve due 16:00:00 breached",
    );
}

#[test]
fn nothing_follows_on_a_ticket_that_is_closed() {
    check(
        "2026-03-02T09:00 UTC",
        &[
            r#"
[severities.Sev1]
[severities.Sev2]
[rules.a]
when = { pending = "1h" }
then = [{ raise = 1 }, { close = "x" }, { flag = "f" }]
[rules.b]
when = { severity_raised = {} }
then = [{ alert = "z" }]
[[tickets]]
id = "a"
at = "0s"
severity = "Sev2"
work = { L1 = "10m" }
legs = [{ answer_after = "4h", then_work = "2h" }]
"#,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         09:10:00 a pending front/1
         10:10:00 a rule:a
         10:10:00 a severity:Sev1
         10:10:00 a closed_unanswered",
    );
}

#[test]
fn repetitions_stand_still_while_a_vendor_is_waited_for_if_their_clock_does() {
    check(
        "2026-03-02T09:00 UTC",
        &[r#"
tickets = [{ id = "a", at = "0s", severity = "Sev2", work = { L1 = "150m" }, legs = [{ by = "vendor", answer_after = "5h", then_work = "60m" }] }]
[severities.Sev1]
[severities.Sev2]
resolve = { within = "4h", pauses = ["customer", "vendor"] }
[rules.r]
when = { consumed = { of = "resolve", share = 0.5 } }
every = "1h"
then = [{ alert = "lead" }]
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
headcount = 1
"#],
        "09:00:00 a created
         09:00:00 a start front/1
         11:00:00 a rule:r
         11:30:00 a on_hold front/1
         16:30:00 a vendor_answered
         16:30:00 a resumed front/1
         17:00:00 a rule:r
         17:30:00 a resolved front/1
         = a resolve due 18:00:00 met",
    );
}

#[test]
fn a_wait_that_a_link_ends_has_put_repetitions_off() {
    check(
        "2026-03-02T09:00 UTC",
        &[r#"
tickets = [
 { id = "p", at = "0s", severity = "Sev2", work = { L1 = "12h" }, incident = "out" },
 { id = "c", at = "0s", severity = "Sev2", work = { L1 = "150m" }, legs = [{ answer_after = "9h", then_work = "60m" }], incident = "out", linked_after = "6h" },
]
[incidents.out]
[incidents.out.linking]
share = 1.0
[severities.Sev1]
[severities.Sev2]
resolve = { within = "4h" }
[rules.r]
when = { consumed = { of = "resolve", share = 0.5 } }
every = "1h"
then = [{ alert = "lead" }]
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
         11:00:00 p rule:r
         11:00:00 c rule:r
         11:30:00 c pending front/2
         12:00:00 p rule:r
         13:00:00 p breach:resolve
         13:00:00 p rule:r
         14:00:00 p rule:r
         15:00:00 c worked_in_vain
         15:00:00 c linked p
         15:00:00 p rule:r
         15:30:00 c rule:r
         16:00:00 p rule:r
         16:30:00 c breach:resolve
         16:30:00 c rule:r
         17:00:00 p rule:r
         17:30:00 c rule:r
         18:00:00 p rule:r
         18:30:00 c rule:r
         19:00:00 p rule:r
         19:30:00 c rule:r
         20:00:00 p rule:r
         20:30:00 c rule:r
         21:00:00 p resolved front/1
         21:00:00 p restored
         21:00:00 c resolved front/1
         = p resolve due 13:00:00 breached
         = c resolve due 16:30:00 breached",
    );
}

/// A ticket that worsens twice; who begins it sees that after ten minutes. What Sev2 promises is left open.
const UP_AND_DOWN: &str = r#"
tickets = [ { id = "t", at = "0s", severity = "Sev3", reported = "Sev3", worsens_after = ["4m", "6m"], work = { L1 = "60m" } } ]
[severities.Sev1]
resolve = "10m"
[severities.Sev2]"#;

/// Whatever is raised is lowered by one, and somebody hears of breaches.
const RAISED_AND_LOWERED: &str = r#"
[severities.Sev3]
resolve = "1h"
[rules.wake]
when = { in_team = "5m" }
then = [{ lower = 1 }]
[rules.r1]
when = { severity_raised = {} }
then = [{ lower = 1 }]
[rules.r2]
when = { severity_lowered = {} }
then = [{ alert = "x" }]
[rules.b]
when = { breached = "resolve" }
then = [{ alert = "y" }]
[severities.Sev4]
resolve = "2h"
[tiers.L1]
work = { deterministic = "1h" }
[teams.front]
tier = "L1"
shifts.a = { headcount = 1, hours = { "Mon-Sun" = "09:05-18:00" } }
[triage.override]
over = 1.0
under = 1.0
work = "10m"
"#;

#[test]
fn a_rule_on_a_breach_that_is_kept_runs_after_the_change() {
    check(
        "2026-03-02T09:00 UTC",
        &[UP_AND_DOWN, "resolve = \"20m\"", RAISED_AND_LOWERED],
        "09:00:00 t created
         09:04:00 t worsened:Sev2
         09:05:00 t rule:wake
         09:05:00 t severity:Sev4
         09:05:00 t rule:r2
         09:05:00 t start front/a/1
         09:10:00 t worsened:Sev1
         09:15:00 t severity:Sev1
         09:15:00 t breach:resolve
         09:15:00 t rule:r1
         09:15:00 t severity:Sev2
         09:15:00 t rule:r2
         09:15:00 t rule:b
         10:15:00 t resolved front/a/1
         = t resolve due 09:20:00 breached",
    );
}

#[test]
fn a_rule_on_a_breach_runs_though_there_is_no_target_any_more() {
    check(
        "2026-03-02T09:00 UTC",
        &[UP_AND_DOWN, RAISED_AND_LOWERED],
        "09:00:00 t created
         09:04:00 t worsened:Sev2
         09:05:00 t rule:wake
         09:05:00 t severity:Sev4
         09:05:00 t rule:r2
         09:05:00 t start front/a/1
         09:10:00 t worsened:Sev1
         09:15:00 t severity:Sev1
         09:15:00 t breach:resolve
         09:15:00 t rule:r1
         09:15:00 t severity:Sev2
         09:15:00 t rule:r2
         09:15:00 t rule:b
         10:15:00 t resolved front/a/1
         = t resolve due 09:10:00 breached",
    );
}

const TWO_PROMISES: &str = r#"
[severities.Sev1]
resolve = "2h"
[severities.Sev2]
resolve = "4h"
[severities.Sev3]
"#;

#[test]
fn a_rule_that_stops_others_asks_before_those_between_have_changed_the_answer() {
    let by_severity = r#"
tickets = [{ id = "a", at = "0s", severity = "Sev2", work = { L1 = "90m" } }]
[severities.Sev1]
[severities.Sev2]
[rules.first]
when = { in_tier = "1h" }
if = { severity = ["Sev1"] }
stop = true
then = [{ alert = "x" }]
[rules.between]
when = { in_tier = "1h" }
then = [{ raise = 1 }]
[rules.later]
when = { in_tier = "1h" }
if = { severity = ["Sev1"] }
then = [{ alert = "x" }]
"#;
    check(
        "2026-03-02T09:00",
        &[by_severity, ONE_PERSON],
        "09:00:00 a created
         09:00:00 a start front/1
         10:00:00 a rule:between
         10:00:00 a severity:Sev1
         10:00:00 a rule:later
         10:30:00 a resolved front/1",
    );
    let by_flag = by_severity
        .replace(r#"severity = ["Sev1"]"#, r#"flags = ["f"]"#)
        .replace("raise = 1", r#"flag = "f""#);
    check(
        "2026-03-02T09:00",
        &[&by_flag, ONE_PERSON],
        "09:00:00 a created
         09:00:00 a start front/1
         10:00:00 a rule:between
         10:00:00 a rule:later
         10:30:00 a resolved front/1",
    );
}

#[test]
fn a_rule_that_repeats_has_its_turn_after_one_that_stops_it_the_first_time() {
    check(
        "2026-03-02T09:00",
        &[
            r#"
tickets = [{ id = "a", at = "0s", work = { L1 = "2h 10m" } }]
[severities.Sev1]
[rules.first]
when = { in_tier = "1h" }
then = [{ alert = "x" }]
stop = true
[rules.later]
when = { in_tier = "1h" }
then = [{ alert = "x" }]
every = "30m"
"#,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         10:00:00 a rule:first
         10:30:00 a rule:later
         11:00:00 a rule:later
         11:10:00 a resolved front/1",
    );
}

#[test]
fn conditions_may_ask_for_a_breach_that_a_lowered_ticket_keeps() {
    let rules = r#"
[rules.lower]
when = { in_tier = "5h" }
if = { breached = ["resolve"] }
then = [{ lower = 1 }]
[rules.tell]
when = { severity_lowered = { to = "Sev3" } }
if = { severity = ["Sev3"], breached = ["resolve"] }
then = [{ alert = "x" }]
"#;
    let ticket = r#"tickets = [{ id = "a", at = "0s", severity = "Sev2", work = { L1 = "6h" } }]"#;
    check(
        "2026-03-02T09:00",
        &[ticket, TWO_PROMISES, ONE_PERSON, rules],
        "09:00:00 a created
         09:00:00 a start front/1
         13:00:00 a breach:resolve
         14:00:00 a rule:lower
         14:00:00 a severity:Sev3
         14:00:00 a rule:tell
         15:00:00 a resolved front/1
         = a resolve due 13:00:00 breached",
    );
}

#[test]
fn a_rule_on_a_breach_may_ask_for_the_severity_to_which_the_ticket_is_lowered_then() {
    let rules = r#"
[rules.lower]
when = { in_tier = "4h" }
then = [{ lower = 1 }]
[rules.tell]
when = { breached = "resolve" }
if = { severity = ["Sev3"] }
then = [{ alert = "x" }]
"#;
    let ticket = r#"tickets = [{ id = "a", at = "0s", severity = "Sev2", work = { L1 = "6h" } }]"#;
    check(
        "2026-03-02T09:00",
        &[ticket, TWO_PROMISES, ONE_PERSON, rules],
        "09:00:00 a created
         09:00:00 a start front/1
         13:00:00 a breach:resolve
         13:00:00 a rule:lower
         13:00:00 a severity:Sev3
         13:00:00 a rule:tell
         15:00:00 a resolved front/1
         = a resolve due 13:00:00 breached",
    );
    // Of the longer time that it has now, a fifth is used up.
    check(
        "2026-03-02T09:00",
        &[
            ticket,
            TWO_PROMISES,
            "resolve = \"20h\"",
            ONE_PERSON,
            &rules.replace(
                r#"severity = ["Sev3"]"#,
                r#"consumed = { of = "resolve", below = 0.9 }"#,
            ),
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         13:00:00 a breach:resolve
         13:00:00 a rule:lower
         13:00:00 a severity:Sev3
         13:00:00 a rule:tell
         15:00:00 a resolved front/1
         = a resolve due Tue 03-03 05:00:00 breached",
    );
}

#[test]
fn a_rule_on_a_raise_may_ask_for_what_one_before_it_has_made_of_the_severity() {
    check(
        "2026-03-02T09:00",
        &[
            r#"tickets = [{ id = "a", at = "0s", severity = "Sev2", work = { L1 = "2h" } }]"#,
            NO_TARGETS,
            ONE_PERSON,
            r#"
[rules.up]
when = { in_tier = "1h" }
then = [{ raise = "Sev1" }]
[rules.soften]
when = { severity_raised = { to = "Sev1" } }
if = { answered = true }
then = [{ lower = 2 }]
[rules.tell]
when = { severity_raised = { to = "Sev1" } }
if = { severity = ["Sev3"] }
then = [{ alert = "x" }]
"#,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         10:00:00 a rule:up
         10:00:00 a severity:Sev1
         10:00:00 a rule:soften
         10:00:00 a severity:Sev3
         10:00:00 a rule:tell
         11:00:00 a resolved front/1",
    );
}

#[test]
fn a_rule_on_a_queue_may_ask_for_the_team_to_which_one_before_it_has_handed_the_ticket() {
    check(
        "2026-03-02T09:00",
        &[
            r#"
tickets = [{ id = "a", at = "0s", work = { L1 = "1h" } }]
[severities.Sev1]
[rules.relieve]
when = { queue_length = { team = "front", at_least = 1 } }
then = [{ transfer = "L2" }]
[rules.tell]
when = { queue_length = { team = "front", at_least = 1 } }
if = { team = ["second"] }
then = [{ alert = "x" }]
"#,
            TWO_TIERS,
        ],
        "09:00:00 a created
         09:00:00 a rule:relieve
         09:00:00 a transferred second
         09:00:00 a rule:tell
         09:00:00 a start second/1
         10:00:00 a resolved second/1",
    );
}

#[test]
fn a_clock_in_its_customers_zone_runs_while_the_calendar_at_home_is_closed() {
    check(
        "2026-03-02T09:00",
        &[
            r#"
tickets = [{ id = "a", at = "0s", work = { L1 = "13h" } }]
[customer_tiers.us]
zone = "America/New_York"
share = 1.0
[severities.Sev1]
resolve = { within = "6h", calendar = "business", zone = "customer" }
[rules.late]
when = { breached = "resolve" }
if = { hours = { "Mon-Fri" = "18:00-23:00" } }
then = [{ alert = "x" }]
"#,
            BUSINESS,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         21:00:00 a breach:resolve
         21:00:00 a rule:late
         22:00:00 a resolved front/1
         = a resolve due 21:00:00 breached",
    );
}

#[test]
fn what_is_handed_down_again_pays_for_no_escalation() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [{ id = "a", at = "0s", work = { L1 = "40m", L2 = "1h" } }]
[severities.Sev1]
[handoff]
escalation_loss = 0.5
[rules.up]
when = { in_tier = "10m" }
if = { tier = ["L1"] }
then = [{ transfer = "L2" }]
max = 1
[rules.down]
when = { in_tier = "10m" }
if = { tier = ["L2"] }
then = [{ transfer = "L1" }]
max = 1
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
"#],
        "09:00:00 a created
         09:00:00 a start front/1
         09:10:00 a rule:up
         09:10:00 a taken front/1
         09:10:00 a transferred second
         09:10:00 a start second/1
         09:20:00 a rule:down
         09:20:00 a taken second/1
         09:20:00 a transferred front
         09:20:00 a start front/1
         10:00:00 a resolved front/1",
    );
}

#[test]
fn a_ticket_that_is_being_read_is_transferred_when_it_has_been() {
    check(
        "2026-03-02T09:00",
        &[r#"
tickets = [{ id = "r0", at = "0s", severity = "Sev2", work = { L1 = "5m" } }, { id = "a", at = "0s", severity = "Sev2", work = { L1 = "1h", L2 = "1h" } }]
[severities.Sev2]
first_response = "2h"
[triage.manual]
team = "readers"
work = { deterministic = "90m" }
[tiers.reading]
work = { deterministic = "1h" }
[rules.c]
when = { consumed = { of = "first_response", share = 0.5 } }
then = [{ transfer = "L2" }]
[routes.r]
to = "L1"
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
[teams.readers]
tier = "reading"
headcount = 1
"#],
        "09:00:00 r0 created
         09:00:00 a created
         10:00:00 r0 rule:c
         10:00:00 a rule:c
         10:30:00 r0 transferred second
         10:30:00 r0 start second/1
         11:00:00 a breach:first_response
         11:30:00 r0 resolved second/1
         12:00:00 a transferred second
         12:00:00 a start second/1
         13:00:00 a resolved second/1
         = r0 first_response due 11:00:00 met
         = a first_response due 11:00:00 breached",
    );
}

#[test]
fn a_ticket_that_comes_back_is_on_a_new_visit_to_its_team() {
    check(
        "2026-03-02T09:00",
        &[
            r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", work = { L1 = "40m" }, reopens_after = ["20m"] }, { id = "b", at = "50m", severity = "Sev2", work = { L1 = "1h" } }]
[severities.Sev1]
[severities.Sev2]
[rules.early]
when = { in_team = "30m" }
if = { severity = ["Sev1"] }
then = [{ alert = "lead" }]
[rules.late]
when = { in_tier = "50m" }
if = { severity = ["Sev1"] }
then = [{ alert = "lead" }]
"#,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         09:30:00 a rule:early
         09:40:00 a resolved front/1
         09:50:00 b created
         09:50:00 b start front/1
         10:00:00 a reopened
         10:30:00 a rule:early
         10:50:00 b resolved front/1
         10:50:00 a rule:late
         10:50:00 a start front/1
         11:30:00 a resolved front/1",
    );
}

#[test]
fn what_is_asked_for_the_work_on_a_linked_ticket_is_its_parents_affair() {
    check(
        "2026-03-02T09:00",
        &[
            r#"
tickets = [
    { id = "p", at = "0s", severity = "Sev1", work = { L1 = "1h" }, incident = "out" },
    { id = "c", at = "1m", severity = "Sev2", incident = "out", linked_after = "3m" },
    { id = "x", at = "15m", severity = "Sev1", team = "second", work = { L2 = "30m" } },
]
[severities.Sev1]
[severities.Sev2]
resolve = "100m"
[incidents.out]
linking.share = 1.0
[rules.involve]
when = { consumed = { of = "resolve", share = 0.1 } }
then = [{ involve = { teams = ["second"] } }, { add_responders = { count = 1, from = "second" } }, { set_priority = 1 }]
"#,
            TWO_TIERS,
        ],
        "09:00:00 p created
         09:00:00 p declared
         09:00:00 p start front/1
         09:01:00 c created
         09:04:00 c linked p
         09:11:00 c rule:involve
         09:15:00 x created
         09:15:00 x start second/1
         09:45:00 x resolved second/1
         10:00:00 p resolved front/1
         10:00:00 p restored
         10:00:00 c resolved front/1
         = c resolve due 10:41:00 met",
    );
}

#[test]
fn the_workaround_of_a_parent_is_an_event_of_what_is_linked_to_it() {
    check(
        "2026-03-02T09:00",
        &[
            r#"
tickets = [
    { id = "p", at = "0s", severity = "Sev1", work = { L1 = "2h" }, incident = "out", workaround_after = "30m" },
    { id = "c", at = "1m", severity = "Sev2", incident = "out", linked_after = "5m" },
]
[severities.Sev1]
[severities.Sev2]
[incidents.out]
linking.share = 1.0
[rules.calm]
when = { mitigated = true }
then = [{ alert = "lead" }]
"#,
            ONE_PERSON,
        ],
        "09:00:00 p created
         09:00:00 p declared
         09:00:00 p start front/1
         09:01:00 c created
         09:06:00 c linked p
         09:30:00 p mitigated front/1
         09:30:00 c mitigated
         09:30:00 p restored
         09:30:00 p rule:calm
         09:30:00 c rule:calm
         11:00:00 p resolved front/1
         11:00:00 c resolved front/1",
    );
}

#[test]
fn nobody_takes_command_of_what_is_mitigated_if_that_ends_it() {
    check(
        "2026-03-02T09:00",
        &[
            r#"
tickets = [{ id = "a", at = "0s", severity = "Sev1", work = { L1 = "3h" }, workaround_after = "30m" }, { id = "b", at = "70m", severity = "Sev2", team = "second", work = { L2 = "20m" } }]
[severities.Sev1]
[severities.Sev2]
[roles.commander]
duty = "commander"
team = "second"
[rules.command]
when = { in_team = "1h" }
if = { severity = ["Sev1"] }
then = [{ assign_commander = true }]
"#,
            TWO_TIERS,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         09:30:00 a mitigated front/1
         10:00:00 a rule:command
         10:10:00 b created
         10:10:00 b start second/1
         10:30:00 b resolved second/1
         12:00:00 a resolved front/1",
    );
}

/// Three thresholds of one clock, not in their order, and a jump over all of them.
const LEAPT_OVER: &str = r#"
tickets = [{ id = "a", at = "0s", severity = "Sev2" }]
[severities.Sev1]
resolve = "4h"
[severities.Sev2]
resolve = "24h"
[rules.left]
when = { left = { of = "resolve", time = "50m" } }
then = [{ alert = "lead" }]
GROUP
[rules.late]
when = { consumed = { of = "resolve", share = 0.75 } }
then = [{ alert = "lead" }]
GROUP
[rules.early]
when = { consumed = { of = "resolve", share = 0.25 } }
then = [{ alert = "lead" }]
GROUP
[rules.up]
when = { in_tier = "210m" }
then = [{ raise = "Sev1" }]
"#;

#[test]
fn of_one_clock_the_lowest_threshold_goes_first_whether_used_or_left() {
    check(
        "2026-03-02T09:00",
        &[&LEAPT_OVER.replace("GROUP", ""), NOBODY],
        "09:00:00 a created
         12:30:00 a rule:up
         12:30:00 a severity:Sev1
         12:30:00 a rule:early
         12:30:00 a rule:late
         12:30:00 a rule:left
         13:00:00 a breach:resolve
         = a resolve due 13:00:00 breached",
    );
    check(
        "2026-03-02T09:00",
        &[
            &LEAPT_OVER.replace("GROUP", "group = \"warnings\"\non_jump = \"highest\""),
            NOBODY,
        ],
        "09:00:00 a created
         12:30:00 a rule:up
         12:30:00 a severity:Sev1
         12:30:00 a rule:left
         13:00:00 a breach:resolve
         = a resolve due 13:00:00 breached",
    );
}

#[test]
fn what_waits_for_the_breach_of_a_visit_has_its_turn_though_another_rule_ends_the_visit() {
    let rules = |first: &str, second: &str| {
        format!(
            r#"
tickets = [{{ id = "a", at = "0s", severity = "Sev1", work = {{ L1 = "1h", L2 = "2h" }} }}]
[severities.Sev1]
own = "30m"
[tiers.L1]
work = {{ deterministic = "1h" }}
[tiers.L2]
work = {{ deterministic = "1h" }}
[teams.front]
tier = "L1"
headcount = 1
[teams.second]
tier = "L2"
headcount = 1
{first}
{second}
"#
        )
    };
    let hand_over = r#"
[rules.hand-over]
when = { breached = "own" }
if.team = ["front"]
then = [{ transfer = "second" }]
"#;
    let tell = r#"
[rules.tell]
when = { breached = "own" }
then = [{ flag = "told" }]
"#;
    let expected = "09:00:00 a created
         09:00:00 a start front/1
         09:30:00 a breach:own front
         09:30:00 a rule:FIRST
         TAKEN
         09:30:00 a rule:SECOND
         LATER
         10:00:00 a breach:own second
         10:00:00 a rule:tell
         11:30:00 a resolved second/1";
    let (taken, moved) = (
        "09:30:00 a taken front/1\n09:30:00 a transferred second",
        "09:30:00 a start second/1",
    );
    let first = expected.replace("FIRST", "hand-over").replace("SECOND", "tell");
    check(
        "2026-03-03T09:00",
        &[&rules(hand_over, tell)],
        &first.replace("TAKEN", taken).replace("LATER", moved),
    );
    let second = expected.replace("FIRST", "tell").replace("SECOND", "hand-over");
    check(
        "2026-03-03T09:00",
        &[&rules(tell, hand_over)],
        &second
            .replace("TAKEN", "")
            .replace("LATER", &format!("{taken}\n{moved}")),
    );
}

#[test]
fn a_breach_that_a_raise_puts_on_its_own_instant_comes_before_what_waits_for_it() {
    check(
        "2026-03-03T09:00",
        &[
            r#"
tickets = [{ id = "a", at = "0s", severity = "Sev2", work = { L1 = "1h" } }]
[severities.Sev1]
resolve = "30m"
[severities.Sev2]
resolve = "4h"
[rules.up]
when = { in_team = "30m" }
then = [{ raise = 1 }]
[rules.late]
when = { breached = "resolve" }
then = [{ flag = "late" }]
"#,
            ONE_PERSON,
        ],
        "09:00:00 a created
         09:00:00 a start front/1
         09:30:00 a rule:up
         09:30:00 a severity:Sev1
         09:30:00 a breach:resolve
         09:30:00 a rule:late
         10:00:00 a resolved front/1
         = a resolve due 09:30:00 breached",
    );
}
