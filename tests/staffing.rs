//! The staffing search: it recovers what theory knows, keeps to its bounds, is the same on any number of threads, and says
//! what cannot be had.

use escalade::experiment::staffing::{Staffing, StaffingError, StaffingOptions, Status, staff};
use escalade::report::staffing::{candidate, document as json, write_plan};
use escalade::scenario::{Document, render};
use escalade::stats::erlang::{least_agents, wait_longer_than};

/// A queue with Poisson arrivals, exponential work and people who are always there.
fn queue(rate: f64, work_m: u32, within: &str, more: &str) -> String {
    format!(
        "name = \"queue\"\n[run]\nstart = \"2026-01-05\"\nhorizon = \"2w\"\nwarm_up = \"2d\"\ndrain = \"3d\"\n\
         [severities]\nSev1 = {{ first_response = \"{within}\" }}\n[services.desk]\narrivals.rate = \"{rate}/h\"\n\
         [tiers.L1]\nwork = {{ exponential = \"{work_m}m\" }}\n\
         [teams.desk]\ntier = \"L1\"\nheadcount = 1\ndiscipline = \"fifo\"\n{more}"
    )
}

/// Two sites in turn, on weekdays, and tickets in proportion.
const SHIFTS: &str = r#"
name = "shifts"
[run]
start = "2026-01-05"
horizon = "4w"
warm_up = "1w"
drain = "2w"
[severities]
Sev1 = { first_response = "30m", resolve = "8h" }
Sev2 = { first_response = "4h", resolve = "2d" }
[services.desk]
mix = { Sev1 = 0.2, Sev2 = 0.8 }
[services.desk.arrivals]
per_week = 900
by_weekday = [1, 1, 1, 1, 1, 0, 0]
by_hour = [0, 0, 0, 0, 0, 0, 1, 3, 6, 8, 8, 8, 6, 8, 8, 8, 6, 4, 3, 2, 0, 0, 0, 0]
[tiers.L1]
work = { exponential = "15m" }
escalates.L2 = 0.2
[tiers.L2]
work = { exponential = "45m" }
[teams.desk]
tier = "L1"
[teams.desk.shifts]
early = { headcount = 4, min_headcount = 2, hours = { "Mon-Fri" = "06:00-14:00" } }
late = { headcount = 4, hours = { "Mon-Fri" = "12:00-20:00" } }
[teams.experts]
tier = "L2"
shifts.day = { headcount = 4, max_headcount = 6, hours = { "Mon-Fri" = "08:00-18:00" } }
"#;

const TARGETS: [&str; 2] = [
    "SEV1 first response within target >= 95%",
    "sev2 resolve within target >= 98%",
];

fn document(text: &str) -> Document {
    let document = Document::parse("t.toml", text);
    let told = render(&document, document.problems(), false);
    assert!(!document.problems().any_error(), "{told}");
    document
}

fn options(targets: &[&str]) -> StaffingOptions {
    StaffingOptions {
        targets: targets.iter().map(|target| (*target).to_owned()).collect(),
        confidence: 0.95,
        budget: None,
        candidate: None,
        seed: Some(1),
        threads: None,
    }
}

fn found(text: &str, targets: &[&str]) -> Staffing {
    staff(&document(text), &options(targets), &()).unwrap_or_else(|error| panic!("{error}"))
}

#[track_caller]
fn wrong(text: &str, target: &str, says: &[&str]) {
    let error = staff(&document(text), &options(&[target]), &()).expect_err("a wrong target");
    let told = error.to_string();
    for word in says {
        assert!(told.contains(word), "{told}\nlacks {word}");
    }
}

#[test]
fn a_steady_queue_has_the_people_of_erlang() {
    // (arrivals an hour, minutes of work, minutes of the target, level): the right count is well above, the one below well below.
    for (rate, work, within, level) in [
        (20.0, 12, 3, 0.8),
        (30.0, 30, 10, 0.9),
        (60.0, 10, 1, 0.7),
        (6.0, 40, 20, 0.95),
        (12.0, 5, 2, 0.9),
    ] {
        let (load, mean) = (rate * f64::from(work) / 60.0, f64::from(work));
        let agents = least_agents(level, f64::from(within), load, mean).expect("a count");
        let met = |agents: u32| 1.0 - wait_longer_than(f64::from(within), agents, load, mean);
        assert!(
            met(agents) - level > 0.01 && level - met(agents - 1) > 0.01,
            "{rate}: too close to call"
        );
        let text = queue(rate, work, &format!("{within}m"), "");
        let staffing = found(&text, &[&format!("first response within target >= {level}")]);
        let plan = staffing.plan.as_ref().expect("a plan");
        assert_eq!(
            (plan.heads.as_slice(), plan.status),
            (&[agents][..], Status::Confirmed),
            "{rate} an hour"
        );
        let standing = &plan.standings[0];
        let error = (standing.high.expect("an interval") - standing.low.expect("an interval")) / 2.0;
        assert!(
            (standing.estimate - met(agents)).abs() < 2.0 * error,
            "{} is not {}",
            standing.estimate,
            met(agents)
        );
    }
}

#[test]
fn two_teams_that_share_nothing_have_the_people_of_each() {
    let two = |more: &str| {
        queue(20.0, 12, "3m", "skills = [\"a\"]\n").replace("[services.desk]", "[services.desk]\nneeds = [\"a\"]")
            + more
    };
    let other = "[services.shop]\narrivals.rate = \"30/h\"\nneeds = [\"b\"]\nwork_factor = 2.5\n\
                 targets.Sev1.first_response = \"10m\"\n[teams.shop]\ntier = \"L1\"\nheadcount = 1\ndiscipline = \"fifo\"\nskills = [\"b\"]\n";
    let targets = [
        "desk first response within target >= 80%",
        "shop first response within target >= 90%",
    ];
    let staffing = found(&two(other), &targets);
    let desk = least_agents(0.8, 3.0, 4.0, 12.0).expect("a count");
    let shop = least_agents(0.9, 10.0, 15.0, 30.0).expect("a count");
    assert_eq!(staffing.plan.expect("a plan").heads, [desk, shop]);
}

#[test]
fn a_plan_is_within_its_bounds_and_the_same_on_any_number_of_threads() {
    let document = document(SHIFTS);
    let with = |threads| {
        let options = StaffingOptions {
            threads: Some(threads),
            ..options(&TARGETS)
        };
        staff(&document, &options, &()).unwrap_or_else(|error| panic!("{error}"))
    };
    let one = with(1);
    assert_eq!(one, with(3));
    assert_eq!(json(&one).to_string(), json(&with(2)).to_string());
    let plan = one.plan.as_ref().expect("a plan");
    assert_eq!(plan.status, Status::Confirmed);
    for (unit, heads) in one.units.iter().zip(&plan.heads) {
        assert!((unit.min..=unit.max).contains(heads), "{}: {heads}", unit.name());
    }
    assert!(plan.standings.iter().all(|standing| standing.slack >= 0.0));
    assert!(
        one.runners_up
            .iter()
            .all(|other| other.cost >= plan.cost || other.status != Status::Likely)
    );
    assert!(
        one.one_less.iter().any(|less| less.breaks.is_some() || less.overloaded),
        "every head is needed"
    );
    let higher = one.higher.iter().filter_map(|higher| higher.plan.as_ref());
    assert!(
        higher.into_iter().all(|(_, more)| *more >= 0.0),
        "a harder target never costs less"
    );
}

#[test]
fn the_plan_is_a_candidate_that_can_be_pasted() {
    let staffing = found(SHIFTS, &TARGETS);
    let pasted = document(&format!("{SHIFTS}\n{}", candidate(&staffing)));
    let scenario = pasted.scenario("staffed").expect("the candidate");
    let heads = [
        scenario.teams["desk"].shifts["early"].headcount,
        scenario.teams["desk"].shifts["late"].headcount,
        scenario.teams["experts"].shifts["day"].headcount,
    ];
    assert_eq!(staffing.plan.as_ref().expect("a plan").heads, heads);
    let mut csv = Vec::new();
    write_plan(&mut csv, &staffing).expect("a vector takes it");
    assert_eq!(String::from_utf8(csv).expect("UTF-8").lines().count(), 4);
}

#[test]
fn what_nobody_can_promise_is_called_out_of_reach_with_its_reason() {
    let night = SHIFTS.replace("0, 0, 0, 0, 0, 0, 1", "8, 8, 8, 0, 0, 0, 1");
    let staffing = found(&night, &["Sev1 first response within target >= 99%"]);
    assert!(staffing.plan.is_none() && !staffing.is_met());
    let out = &staffing.out_of_reach[0];
    assert!(out.standing.high.expect("an interval") < 0.99);
    assert!(
        out.why
            .iter()
            .any(|why| why.contains("no shift of any team is on duty")),
        "{:?}",
        out.why
    );
    assert!(candidate(&staffing).starts_with('#'));
}

#[test]
fn most_people_that_are_written_bind_and_are_named() {
    let few = queue(30.0, 30, "10m", "max_headcount = 16\n");
    let staffing = found(&few, &["first response within target >= 90%"]);
    assert!(staffing.plan.is_none());
    let why = staffing.out_of_reach[0].why.join("; ");
    assert!(why.contains("`max_headcount` binds desk"), "{why}");
}

#[test]
fn a_budget_says_what_it_buys() {
    let text = queue(20.0, 12, "3m", "[costs]\ncurrency = \"EUR\"\nrates.desk = 10\n");
    let mut options = options(&["first response within target >= 80%"]);
    let a_head = 10.0 * 24.0 * 30.4375;
    options.budget = Some(5.5 * a_head);
    let staffing = staff(&document(&text), &options, &()).expect("an answer");
    let plan = staffing.plan.as_ref().expect("a plan");
    assert_eq!(plan.heads, [6]);
    assert!((plan.cost - 6.0 * a_head).abs() < 1e-6);
    let buys = staffing
        .budget
        .as_ref()
        .and_then(|budget| budget.buys.as_ref())
        .expect("less than the plan");
    assert_eq!((buys.heads.as_slice(), buys.status), (&[5][..], Status::Misses));
    assert!(!staffing.is_met());
    options.budget = Some(6.5 * a_head);
    assert!(staff(&document(&text), &options, &()).expect("an answer").is_met());
}

#[test]
fn a_candidate_can_be_staffed_too() {
    let text = queue(
        20.0,
        12,
        "3m",
        "[candidates.busy]\nset.services.desk.arrivals.rate = \"40/h\"\n",
    );
    let options = StaffingOptions {
        candidate: Some("busy".to_owned()),
        ..options(&["first response within target >= 80%"])
    };
    let staffing = staff(&document(&text), &options, &()).expect("an answer");
    let agents = least_agents(0.8, 3.0, 8.0, 12.0).expect("a count");
    assert_eq!(staffing.plan.expect("a plan").heads, [agents]);
}

#[test]
fn a_quantile_is_a_share_of_the_values() {
    let text = queue(20.0, 12, "3m", "");
    let by_clock = found(&text, &["first response within target >= 90%"]);
    let by_quantile = found(&text, &["queue_wait_p90_s(team=desk) <= 3m"]);
    let heads = |staffing: &Staffing| staffing.plan.as_ref().map(|plan| plan.heads.clone());
    assert_eq!(heads(&by_clock), heads(&by_quantile));
    assert_eq!(by_quantile.targets[0].figure.as_deref(), Some("share within 3m"));
    let mean = found(&text, &["queue_wait_mean_s <= 90", "occupancy_share(team=DESK) <= 85%"]);
    assert!(mean.is_met());
}

#[test]
fn clocks_that_not_every_ticket_has_can_be_asked_for() {
    let heads = |staffing: &Staffing| staffing.plan.as_ref().map(|plan| plan.heads.clone());
    // Where a ticket has one team, which never waits for anybody, its visit is the time to resolve it.
    let of_team = queue(20.0, 12, "3m", "own = { Sev1 = \"45m\" }\n");
    let of_ticket = queue(20.0, 12, "3m\", resolve = \"45m", "");
    let by_own = found(&of_team, &["Sev1 own within target >= 90%"]);
    assert!(by_own.is_met());
    assert_eq!(
        heads(&by_own),
        heads(&found(&of_ticket, &["resolve within target >= 90%"]))
    );
    assert_eq!(
        heads(&by_own),
        heads(&found(&of_team, &["breach_rate_own(service=desk) <= 10%"]))
    );
    let asked = queue(
        20.0,
        12,
        "3m\", next_response = \"5m",
        "[pending]\nshare = 0.5\nwait = { exponential = \"1h\" }\n",
    );
    let by_answer = found(&asked, &["desk next response within target >= 90%"]);
    assert!(by_answer.is_met());
    assert_eq!(
        heads(&by_answer),
        heads(&found(&asked, &["breach_rate_next_response <= 10%"]))
    );
}

#[test]
fn a_target_that_cannot_be_read_is_told_what_there_is() {
    wrong(
        SHIFTS,
        "Sev1 first response within target",
        &["no `>=` or `<=`", "Sev1 first response within target >= 99%"],
    );
    wrong(
        SHIFTS,
        "Sve1 first response within target >= 95%",
        &["`sve1`", "did you mean `Sev1`", "services: desk"],
    );
    wrong(
        SHIFTS,
        "Sev1 Sev2 resolve within target >= 95%",
        &["more than one severity"],
    );
    wrong(
        SHIFTS,
        "Sev1 solve within target >= 95%",
        &["names no clock", "`first response`, `next response`", "or `own`"],
    );
    wrong(SHIFTS, "Sev1 resolve soon >= 95%", &["`within target`"]);
    wrong(
        SHIFTS,
        "Sev1 update within target >= 95%",
        &["these tickets have no update target"],
    );
    wrong(
        SHIFTS,
        "Sev1 own within target >= 95%",
        &["these tickets have no own target", "`tiers` or `teams`"],
    );
    wrong(
        SHIFTS,
        "Sev1 resolve within target >= 100%",
        &["no staff can promise all"],
    );
    wrong(SHIFTS, "Sev1 resolve within target >= 950", &["between 0% and 100%"]);
    wrong(SHIFTS, "Sev1 resolve within target <= 95%", &["write `>=`"]);
    wrong(
        SHIFTS,
        "queue_wait_p900_s(team=desk) <= 600",
        &["no metric is called", "did you mean `queue_wait_p90_s`"],
    );
    wrong(
        SHIFTS,
        "queue_wait_p90_s(team=dsek) <= 600",
        &["no team is called `dsek`", "did you mean `desk`"],
    );
    wrong(
        SHIFTS,
        "queue_wait_p90_s(severity=Sev1) <= 600",
        &["no slices by `severity`", "support_tier, team"],
    );
    wrong(SHIFTS, "queue_wait_p90_s(team=desk) >= 600", &["write `<=`"]);
    wrong(SHIFTS, "queue_wait_p90_s(team=desk <= 600", &["parenthesis"]);
    wrong(
        SHIFTS,
        "queue_wait_p90_s(team=desk, Sev1) <= 600",
        &["`Sev1` is no slice"],
    );
    wrong(SHIFTS, "queue_wait_p90_s(team=desk) <= soon", &["not a time"]);
    wrong(SHIFTS, "cost <= 100000", &["has no `cost`", "[costs]"]);
}

#[test]
fn an_unknown_candidate_is_named() {
    let options = StaffingOptions {
        candidate: Some("nobody".to_owned()),
        ..options(&TARGETS)
    };
    let error = staff(&document(SHIFTS), &options, &()).expect_err("no such candidate");
    assert!(
        matches!(error, StaffingError::Run(_)) && error.to_string().contains("nobody"),
        "{error}"
    );
}
