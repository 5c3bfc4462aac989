//! Money, counted by hand: schedules with premiums, overtime, penalties, and who is charged for them.

use escalade::experiment::{self, Results, RunOptions};
use escalade::model::costs::{MONTH_DAYS, scheduled_a_month};
use escalade::model::{Model, compile};
use escalade::scenario::{Document, Problems, render};
use proptest::prelude::*;

/// A week of one desk from Monday, with two tickets: the first is resolved 45 minutes late, the second in half an hour of
/// overtime.
const WEEK: &str = r#"
name = "week"
[run]
start = "2026-01-05"
horizon = "1w"
replications = 2
[calendars.feast]
hours = "24x7"
holidays = ["2026-01-07"]
[severities]
Sev1 = { first_response = "10m", resolve = "15m" }
Sev2 = { resolve = "2h" }
[customer_tiers]
gold.share = 0.5
plain.share = 0.5
[services.shop]
[tiers.L1]
work = { deterministic = "1h" }
[teams.desk]
tier = "L1"
[teams.desk.shifts]
day = { headcount = 2, hours = { "Mon-Fri" = "08:00-16:00" } }
night = { headcount = 1, hours = { "Mon-Fri" = "20:00-24:00" } }
[costs]
currency = "EUR"
rates.desk = { hour = 30, shifts = { night = 40 } }
night = { hours = { "Mon-Sun" = "22:00-06:00" }, factor = 1.25 }
holiday = { calendar = "feast", factor = 2 }
customer_factor.gold = 2
[costs.penalties.Sev1]
first_response = 1000
resolve = { fixed = 100, per_hour_late = 20 }
[[tickets]]
at = "9h"
severity = "Sev1"
customer_tier = "gold"
[[tickets]]
at = "15h 30m"
severity = "Sev2"
customer_tier = "plain"
"#;

fn document(text: &str) -> Document {
    let document = Document::parse("week.toml", text);
    let told = render(&document, document.problems(), false);
    assert!(!document.problems().any_error(), "{told}");
    document
}

fn results(text: &str) -> Results {
    experiment::run(&document(text), &RunOptions::default(), &()).expect("a run")
}

fn model(text: &str) -> Model {
    compile(document(text).base().expect("a base"), &mut Problems::new()).expect("a model")
}

/// An amount of the week as one of a month.
fn a_month(of_the_week: f64) -> f64 {
    of_the_week * MONTH_DAYS / 7.0
}

#[track_caller]
fn says(results: &Results, metric: &str, by: &str, group: &str, expected: f64) {
    let row = results.find(0, metric, by, group).expect("a row");
    let found = row.estimate.expect("an estimate");
    assert!(
        (found - expected).abs() < 1e-6,
        "{metric} {by} {group}: {found}, expected {expected}"
    );
}

// Day: two people, five days of eight hours, the holiday's double: 2 × 8 × 30 × (4 + 2). Night: two hours plain and two at
// 1.25 on four days; all four double on the holiday, which is more than the night's premium.
const SCHEDULE: f64 = 2.0 * 8.0 * 30.0 * 6.0 + 4.0 * (2.0 + 2.0 * 1.25) * 40.0 + 4.0 * 2.0 * 40.0;
const OVERTIME: f64 = 0.5 * 30.0 * 1.5;
const PENALTY: f64 = 2.0 * (100.0 + 20.0 * 0.75);

#[test]
fn a_week_costs_its_hours_its_overtime_and_its_breaches() {
    let results = results(WEEK);
    assert_eq!(results.currency.as_deref(), Some("EUR"));
    says(&results, "overtime_cost", "all", "", a_month(OVERTIME));
    says(&results, "penalty", "all", "", a_month(PENALTY));
    says(&results, "cost", "all", "", a_month(SCHEDULE + OVERTIME + PENALTY));
    says(
        &results,
        "cost_per_ticket",
        "all",
        "",
        (SCHEDULE + OVERTIME + PENALTY) / 2.0,
    );
    let of_schedule = scheduled_a_month(&model(WEEK)).expect("costs");
    assert!((of_schedule - a_month(SCHEDULE)).abs() < 1e-6);
}

#[test]
fn penalties_are_those_of_their_severity_and_customer() {
    let results = results(WEEK);
    says(&results, "penalty", "severity", "Sev1", a_month(PENALTY));
    says(&results, "penalty", "severity", "Sev2", 0.0);
    says(&results, "penalty", "customer_tier", "gold", a_month(PENALTY));
    says(&results, "cost", "team", "desk", a_month(SCHEDULE + OVERTIME + PENALTY));
}

#[test]
fn a_clock_that_never_stops_is_late_up_to_the_end_of_the_run() {
    // Nobody works: both clocks of the Sev1 ticket of Monday 09:00 run out within 15 minutes and go on for the drain's week too.
    let text = WEEK
        .replace("headcount = 2", "headcount = 0")
        .replace("headcount = 1", "headcount = 0");
    let results = results(&(text + "[candidates.capped]\nset.costs.penalties.Sev1.resolve.most = 500\n"));
    let hours_late = 14.0 * 24.0 - 9.25;
    says(
        &results,
        "penalty",
        "all",
        "",
        a_month(2.0 * (1000.0 + 100.0 + 20.0 * hours_late)),
    );
    let capped = results
        .find(1, "penalty", "all", "")
        .and_then(|row| row.estimate)
        .expect("an estimate");
    assert!((capped - a_month(2.0 * (1000.0 + 500.0))).abs() < 1e-6);
    assert_eq!(
        results
            .find(0, "cost_per_ticket", "all", "")
            .and_then(|row| row.estimate),
        None
    );
}

#[test]
fn who_counts_no_money_sees_no_money() {
    let (before, after) = WEEK.split_once("[costs]").expect("costs");
    let (_, tickets) = after.split_once("[[tickets]]").expect("tickets");
    let results = results(&format!("{before}[[tickets]]{tickets}"));
    assert_eq!(results.currency, None);
    let money = |metric: &str| metric.contains("cost") || metric == "penalty";
    assert!(!results.summary.iter().any(|row| money(row.metric)));
    assert!(!results.replication_rows.iter().any(|row| money(row.metric)));
}

#[test]
fn candidates_are_compared_in_money_too() {
    let results = results(&format!(
        "{WEEK}[candidates.three]\nset.teams.desk.shifts.day.headcount = 3\n"
    ));
    let row = results
        .comparison
        .iter()
        .find(|row| row.metric == "cost" && row.by == "all")
        .expect("a row");
    assert!((row.difference.expect("a difference") - a_month(8.0 * 30.0 * 6.0)).abs() < 1e-6);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn more_people_never_cost_less(day in 0u32..20, night in 0u32..20, more in 0u32..5, which in 0usize..2) {
        let staffed = |day: u32, night: u32| {
            let text = WEEK.replace("day = { headcount = 2", &format!("day = {{ headcount = {day}"));
            let text = text.replace("night = { headcount = 1", &format!("night = {{ headcount = {night}"));
            scheduled_a_month(&model(&text)).expect("costs")
        };
        let added = if which == 0 { staffed(day + more, night) } else { staffed(day, night + more) };
        prop_assert!(added >= staffed(day, night));
    }
}

/// A week of two people on call round the clock, one at 2 an hour, the other at 1, and two pages: one by day, at work, which
/// costs nothing more, and one at night.
const ON_CALL: &str = r#"
name = "on call"
[run]
start = "2026-01-05"
horizon = "1w"
replications = 2
[severities.Sev1]
[services.shop]
[tiers.L1]
work = { deterministic = "10m" }
[teams.desk]
tier = "L1"
[teams.desk.shifts]
day = { headcount = 0, hours = { "Mon-Sun" = "08:00-16:00" } }
[people]
ada = { team = "desk", shift = "day" }
ben = { team = "desk", shift = "day" }
[schedules]
primary = { members = ["ada"] }
backup = { members = ["ben"] }
[on_call.acknowledges]
asleep = { delay = { deterministic = "1m" }, never = 0 }
awake = { delay = { deterministic = "1m" }, never = 0 }
[rules.tell]
when = { created = true }
then = [{ notify = { schedules = ["primary"], inform = true } }]
[costs]
currency = "EUR"
on_call = { hour = 2, schedules = { backup = 1 }, page = 15 }
[[tickets]]
at = "10h"
[[tickets]]
at = "2h"
"#;

#[test]
fn being_on_call_costs_its_hours_and_each_page_off_duty() {
    let results = results(ON_CALL);
    let pay = 168.0 * (2.0 + 1.0) + 15.0;
    says(&results, "on_call_cost", "all", "", a_month(pay));
    // Nobody has a rate, so called work is paid with nothing.
    says(&results, "cost", "all", "", a_month(pay));
}

// Clocks that not every ticket has, or that it has more than once.

/// One severity with such clocks and without others, and what breaching them costs.
const OCCASIONS: &str = r#"
name = "occasions"
[run]
start = "2026-01-05T02:00"
horizon = "1w"
drain = "1w"
replications = 2
[severities.Sev1]
own = "30m"
next_response = "30m"
acknowledge = "10m"
[services.shop]
[tiers.L1]
work = { deterministic = "1h" }
[costs]
currency = "EUR"
rates = { front = 0 }
[costs.penalties.Sev1]
own = { fixed = 100, per_hour_late = 30 }
next_response = { fixed = 20, per_hour_late = 60 }
acknowledge = { fixed = 10, per_hour_late = 60 }
"#;

#[test]
fn a_visit_to_a_team_that_lasts_too_long_is_paid_for() {
    // `front` hands the first ticket on after 30 minutes, at its deadline; `second`, whose tier has an hour, resolves it after 80
    // minutes, 20 too late. The second ticket is done in time.
    let results = results(&format!(
        r#"{OCCASIONS}
        [tiers.L2]
        work = {{ deterministic = "1h" }}
        own = {{ Sev1 = "1h" }}
        [teams.front]
        tier = "L1"
        headcount = 1
        [teams.second]
        tier = "L2"
        headcount = 1
        [[tickets]]
        at = "0s"
        able_from = "L2"
        work = {{ L1 = "30m", L2 = "1h 20m" }}
        [[tickets]]
        at = "1d"
        work = {{ L1 = "30m" }}"#
    ));
    says(&results, "penalty", "all", "", a_month(110.0));
    says(&results, "penalty", "severity", "Sev1", a_month(110.0));
    says(&results, "penalty", "team", "second", a_month(110.0));
    says(&results, "penalty", "team", "front", 0.0);
    says(&results, "cost", "all", "", a_month(110.0));
}

#[test]
fn a_visit_that_never_ends_is_late_up_to_the_end_of_the_run() {
    let results = results(&format!(
        "{OCCASIONS}\n[teams.front]\ntier = \"L1\"\nheadcount = 0\n[[tickets]]\nat = \"0s\"\n"
    ));
    let hours_late = 14.0 * 24.0 - 0.5;
    says(&results, "penalty", "all", "", a_month(100.0 + 30.0 * hours_late));
}

#[test]
fn each_later_response_that_comes_too_late_is_paid_for() {
    // The customer answers the first ticket after 40 minutes, while its owner is at work on the other one until 90: 20 minutes
    // too late. That ticket is resolved 80 minutes after it came, 50 too late for its team; the first, without its wait, after 65:
    // 35 too late.
    let results = results(&format!(
        r#"{OCCASIONS}
        [teams.front]
        tier = "L1"
        headcount = 1
        [[tickets]]
        at = "0s"
        work = {{ L1 = "10m" }}
        legs = [{{ answer_after = "30m", then_work = "5m" }}]
        [[tickets]]
        at = "10m"
        work = {{ L1 = "1h 20m" }}"#
    ));
    let answer = 20.0 + 60.0 / 3.0;
    let visits = (100.0 + 25.0) + (100.0 + 17.5);
    says(&results, "penalty", "all", "", a_month(answer + visits));
}

#[test]
fn an_acknowledgement_that_comes_too_late_is_paid_for() {
    // Paged at once and acknowledged after 16 minutes, six too late; begun five minutes later and done in eight: in time for the
    // team, which has had it for 29.
    let on_call = format!(
        r#"{OCCASIONS}
        [teams.front]
        tier = "L1"
        [people.ada]
        team = "front"
        [schedules.primary]
        members = ["ada"]
        [escalation_policies.standard]
        levels = [{{ targets = ["primary"], timeout = "30m" }}]
        [rules.page]
        when = {{ created = true }}
        then = [{{ page = "standard" }}]
        [[tickets]]
        at = "0s"
        work = {{ L1 = "8m" }}
        acknowledges = {{ primary = ["16m"] }}"#
    );
    let late = results(&on_call);
    says(&late, "penalty", "all", "", a_month(10.0 + 6.0));
    // In time it costs nothing.
    let in_time = results(&on_call.replace("16m", "10m"));
    says(&in_time, "penalty", "all", "", 0.0);
}

/// A week from Monday at eight with a desk of one person that costs nothing but what it promises.
const PROMISES: &str = r#"
name = "promises"
run = { start = "2026-01-05T08:00", horizon = "1w", drain = "2w", replications = 1 }
[services.shop]
[tiers.L1]
work = { deterministic = "1h" }
[costs]
currency = "EUR"
rates = {}
"#;

const DESK: &str = "[teams.desk]\ntier = \"L1\"\nheadcount = 1\n";

#[test]
fn a_breach_that_is_kept_is_paid_for_whatever_its_ticket_becomes() {
    // Both clocks breach at nine, under Sev1; lowered at ten, to targets that are not missed.
    let results = results(&format!(
        r#"{PROMISES}{DESK}
        [severities.Sev1]
        own = "1h"
        resolve = "1h"
        [severities.Sev3]
        own = "10d"
        resolve = "10d"
        [workaround]
        share = 0
        [rules.lower]
        when = {{ mitigated = true }}
        then = [{{ lower = "Sev3" }}]
        [costs.penalties.Sev1]
        own = 100
        resolve = {{ fixed = 1000, per_hour_late = 10 }}
        [[tickets]]
        at = "0s"
        severity = "Sev1"
        work = {{ L1 = "3h" }}
        workaround_after = "2h""#
    ));
    says(&results, "penalty", "all", "", a_month(100.0 + 1000.0 + 20.0));
}

#[test]
fn a_late_resolution_is_paid_for_though_its_ticket_comes_back() {
    // Comes at nine, due at ten, resolved at half past three; what comes back an hour later takes half an hour, in which it is in
    // time where its clock has begun anew.
    for (on_reopen, hours) in [("restart", 5.5), ("resume", 6.0)] {
        let results = results(&format!(
            r#"{PROMISES}{DESK}
            [severities.Sev1]
            resolve = {{ within = "1h", on_reopen = "{on_reopen}" }}
            [severities.Sev2]
            [costs.penalties.Sev1]
            resolve = {{ per_hour_late = 10 }}
            [[tickets]]
            at = "0s"
            severity = "Sev2"
            work = {{ L1 = "7h" }}
            [[tickets]]
            at = "1h"
            severity = "Sev1"
            work = {{ L1 = "30m" }}
            reopens_after = ["1h"]"#
        ));
        says(&results, "penalty", "all", "", a_month(10.0 * hours));
    }
}

#[test]
fn lateness_stands_still_while_the_customer_is_waited_for() {
    // An hour late when the customer is asked, who never answers.
    let results = results(&format!(
        r#"{PROMISES}{DESK}
        [severities.Sev1]
        resolve = "1h"
        [rules.give-up]
        when = {{ pending = "5d" }}
        then = [{{ close = "unanswered" }}]
        [costs.penalties.Sev1]
        resolve = {{ per_hour_late = 10 }}
        [[tickets]]
        at = "0s"
        work = {{ L1 = "2h" }}
        legs = [{{ answer_after = "30d", then_work = "1h" }}]"#
    ));
    says(&results, "penalty", "all", "", a_month(10.0));
}

#[test]
fn a_child_is_late_until_its_clocks_are_its_parents() {
    // The parent works 50 minutes and, four hours later, another hour: 50 minutes late. The child is due at nine, and linked two
    // hours later.
    let results = results(&format!(
        r#"{PROMISES}
        [teams.desk]
        tier = "L1"
        headcount = 2
        [severities.Sev1]
        resolve = "1h"
        [incidents.outage]
        service = "shop"
        severity = "Sev1"
        [incidents.outage.declared]
        tickets = 2
        [incidents.outage.linking]
        share = 1
        clocks = "parent"
        [costs.penalties.Sev1]
        resolve = {{ fixed = 1000, per_hour_late = 12 }}
        [[tickets]]
        at = "0s"
        incident = "outage"
        work = {{ L1 = "50m" }}
        legs = [{{ answer_after = "4h", then_work = "1h" }}]
        [[tickets]]
        at = "0s"
        incident = "outage"
        work = {{ L1 = "10h" }}
        linked_after = "3h""#
    ));
    says(&results, "penalty", "all", "", a_month(1000.0 + 10.0 + 1000.0 + 24.0));
}

#[test]
fn updates_are_paid_for_by_the_severity_that_missed_them() {
    // Asked from 08:10 to 12:10: eight updates of half an hour are missed. Lowered at the workaround, half an hour later.
    let results = results(&format!(
        r#"{PROMISES}{DESK}
        [severities.Sev1]
        update = "30m"
        [severities.Sev3]
        [workaround]
        share = 0
        [rules.lower]
        when = {{ mitigated = true }}
        then = [{{ lower = "Sev3" }}]
        [costs.penalties.Sev1]
        update = 100
        [[tickets]]
        at = "0s"
        severity = "Sev1"
        work = {{ L1 = "10m" }}
        legs = [{{ answer_after = "4h", then_work = "1h" }}]
        workaround_after = "40m""#
    ));
    says(&results, "penalty", "all", "", a_month(800.0));
}

#[test]
fn leave_is_paid_whatever_the_hours_of_a_shift_are() {
    for hours in ["\"24x7\"", "{ \"Mon-Sun\" = \"00:00-24:00\" }"] {
        let results = results(&format!(
            r#"
            name = "leave"
            run = {{ start = "2026-01-05", horizon = "1w", drain = "1d", replications = 1 }}
            [severities.Sev1]
            [services.shop]
            [tiers.L1]
            work = {{ deterministic = "1h" }}
            [teams.desk]
            tier = "L1"
            [teams.desk.shifts.day]
            headcount = 0
            hours = {hours}
            [people.ann]
            team = "desk"
            shift = "day"
            leave = [{{ from = "2026-01-06", to = "2026-01-08" }}]
            [costs]
            currency = "EUR"
            rates.desk = 10
            [[tickets]]
            at = "0s""#
        ));
        says(&results, "cost", "all", "", a_month(10.0 * 24.0 * 7.0));
    }
}
