//! Runs that answer with decisions: replications added until the answer is precise enough, and what ends them otherwise.
//!
//! The rules themselves are tested where they are (`stats::sequential`); here, that a run keeps them on any number of
//! threads, and that the intervals of whole runs cover a truth that is known by formula.

use escalade::experiment::precision::{End, Precision, State, Subject};
use escalade::experiment::{Amount, AskedError, Figure, Results, RunError, RunOptions, Watch, run};
use escalade::scenario::Document;
use escalade::stats::erlang::mean_wait;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

const DESK: &str = r#"
name = "two at a desk"
[run]
start = "2026-01-05"
horizon = "2d"
warm_up = "1d"
[severities]
Sev1 = { first_response = "5m", resolve = "30m" }
Sev2 = { first_response = "30m", resolve = "2h" }
[services.desk]
arrivals.rate = "6/h"
mix = { Sev1 = 0.3, Sev2 = 0.7 }
[tiers.L1]
work = { exponential = "12m" }
[teams.front]
tier = "L1"
headcount = 2
discipline = "fifo"
[candidates.three]
set.teams.front.headcount = 3
[candidates.four]
set.teams.front.headcount = 4
"#;

fn document(text: &str) -> Document {
    let document = Document::parse("precision.toml", text);
    assert!(!document.problems().any_error(), "{:?}", document.problems());
    document
}

fn precision(within: &str) -> Precision {
    Precision {
        within: within.parse().expect("an amount"),
        of: None,
        figures: Vec::new(),
        simultaneous: false,
        most: None,
        time: None,
    }
}

fn asked(precision: Precision, threads: usize) -> RunOptions {
    RunOptions {
        precision: Some(precision),
        threads: Some(threads),
        ..RunOptions::default()
    }
}

fn played(options: &RunOptions, watch: &dyn Watch) -> Results {
    run(&document(DESK), options, watch).unwrap_or_else(|error| panic!("{error}"))
}

fn figures(names: &[&str]) -> Vec<Figure> {
    names
        .iter()
        .map(|name| name.parse().unwrap_or_else(|never| match never {}))
        .collect()
}

#[test]
fn a_precision_is_reached_with_the_same_replications_on_any_number_of_threads() {
    let one = played(&asked(precision("2pp"), 1), &());
    let reached = one.precision.as_ref().expect("a precision was asked for");
    assert_eq!((reached.end, reached.of), (End::Met, Subject::Differences));
    assert!(
        one.replications >= 40 && one.replications.is_multiple_of(8),
        "{}",
        one.replications
    );
    assert!(
        reached
            .figures
            .iter()
            .all(|one| one.state == State::Met && one.side <= Some(0.02))
    );
    for threads in [2, 7] {
        assert!(
            one == played(&asked(precision("2pp"), threads), &()),
            "{threads} threads"
        );
    }
}

#[test]
fn as_many_replications_without_a_precision_give_the_same_numbers() {
    let mut reached = played(&asked(precision("2pp"), 2), &());
    let plain = RunOptions {
        replications: Some(reached.replications),
        ..RunOptions::default()
    };
    reached.precision = None;
    assert!(reached == played(&plain, &()));
}

#[test]
fn levels_need_more_than_differences_on_the_same_tickets() {
    let of = |of| Precision {
        of: Some(of),
        figures: figures(&["first_response_mean_s"]),
        ..precision("10s")
    };
    let [levels, differences] =
        [Subject::Levels, Subject::Differences].map(|subject| played(&asked(of(subject), 2), &()).replications);
    assert!(levels > 32 && differences >= 32, "{levels} and {differences}");
    assert_eq!(
        played(&asked(of(Subject::Levels), 2), &())
            .precision
            .map(|one| one.figures.len()),
        Some(3)
    );
}

#[test]
fn a_budget_that_ends_it_leaves_a_price() {
    let results = played(
        &asked(
            Precision {
                most: Some(50),
                ..precision("0.2pp")
            },
            2,
        ),
        &(),
    );
    let reached = results.precision.expect("asked for");
    assert_eq!((reached.end, results.replications), (End::Replications, 50));
    let needed = reached.needed.expect("it is within reach of numbers");
    assert!(needed.likely > 50 && needed.prudent > needed.likely);
}

#[test]
fn the_price_is_about_what_it_takes() {
    let of = |most| {
        let wanted = Precision {
            of: Some(Subject::Levels),
            figures: figures(&["breach_rate_first_response"]),
            most,
            ..precision("0.5pp")
        };
        played(&asked(wanted, 2), &())
    };
    let needed = of(Some(64)).precision.and_then(|one| one.needed).expect("not met");
    let reached = of(Some(5_000));
    assert_eq!(reached.precision.map(|one| one.end), Some(End::Met));
    let share = needed.likely as f64 / f64::from(reached.replications);
    assert!(
        (0.6..=1.4).contains(&share),
        "{needed:?} against {}",
        reached.replications
    );
}

#[test]
fn without_a_budget_what_is_out_of_reach_is_not_begun() {
    let results = played(&asked(precision("0.001pp"), 2), &());
    let reached = results.precision.expect("asked for");
    assert_eq!((reached.end, results.replications), (End::Refused, 32));
    assert!(reached.needed.is_some_and(|needed| needed.likely > 2_000));
}

/// A clock that is one minute further each time it is looked at.
#[derive(Default)]
struct Ticking(AtomicU64);

impl Watch for Ticking {
    fn elapsed(&self) -> Option<Duration> {
        Some(Duration::from_secs(60 * (1 + self.0.fetch_add(1, Ordering::Relaxed))))
    }
}

#[test]
fn a_budget_of_time_ends_at_a_boundary_and_can_be_repeated() {
    let in_time = |minutes| Precision {
        time: Some(Duration::from_secs(60 * minutes)),
        ..precision("0.001pp")
    };
    // A minute for each look: after 8 the next 8 would take two, and so on.
    for (minutes, replications) in [(1_u64, 8), (2, 16), (4, 32)] {
        let results = played(&asked(in_time(minutes), 2), &Ticking::default());
        let reached = results.precision.clone().expect("asked for");
        assert_eq!(
            (reached.end, results.replications),
            (End::Time, replications),
            "{minutes} minutes"
        );
        assert_eq!(reached.time_s, Some(60.0 * minutes as f64));
        let plain = RunOptions {
            replications: Some(replications),
            ..RunOptions::default()
        };
        assert_eq!(played(&plain, &()).summary, results.summary);
    }
}

#[test]
fn a_share_of_nothing_is_left_out_and_said() {
    let text = DESK.replace("first_response = \"30m\"", "first_response = \"9h\"");
    let wanted = Precision {
        of: Some(Subject::Levels),
        most: Some(40),
        ..precision("30%")
    };
    let results = run(&document(&text), &asked(wanted, 2), &()).expect("it runs");
    let figures = results.precision.expect("asked for").figures;
    let state = |group: &str| figures.iter().find(|one| one.group == group).map(|one| one.state);
    assert_eq!(state("Sev2"), Some(State::NothingSeen));
    assert_ne!(state("Sev1"), Some(State::NothingSeen));
}

#[test]
fn what_cannot_be_asked_is_refused_before_it_takes_long() {
    let refused = |precision: Precision, candidates: Option<&str>| {
        let options = RunOptions {
            candidates: candidates.map(|name| vec![name.to_owned()]),
            ..asked(precision, 2)
        };
        match run(&document(DESK), &options, &()) {
            Err(RunError::Asked(error)) => error,
            other => panic!("{other:?}"),
        }
    };
    let of = |names: &[&str]| Precision {
        figures: figures(names),
        ..precision("0.2pp")
    };
    let wrong = |error: &AskedError, word: &str| assert!(error.to_string().contains(word), "{error}");
    wrong(
        &refused(of(&["breach_rate_resolv"]), None),
        "did you mean `breach_rate_resolve`?",
    );
    wrong(&refused(of(&["breach_rate_resolve:Sev9"]), None), "severity=Sev1");
    wrong(&refused(of(&["backlog"]), None), "0.2 pp");
    let differences = Precision {
        of: Some(Subject::Differences),
        ..precision("0.2pp")
    };
    assert_eq!(refused(differences, Some("base")), AskedError::OneCandidate);
}

#[test]
fn no_targets_no_precision() {
    let text = DESK
        .replace("Sev1 = { first_response = \"5m\", resolve = \"30m\" }", "Sev1 = {}")
        .replace("Sev2 = { first_response = \"30m\", resolve = \"2h\" }", "Sev2 = {}");
    let found = run(&document(&text), &asked(precision("1pp"), 2), &());
    assert!(
        matches!(found, Err(RunError::Asked(AskedError::NothingObserved))),
        "{found:?}"
    );
}

#[test]
fn amounts_and_figures_are_read_as_documented() {
    assert_eq!("0.2pp".parse(), Ok(Amount::Points(0.002)));
    for text in ["breach_rate_resolve:Sev1", "breach_rate_resolve:severity=Sev1"] {
        let wanted = Precision {
            of: Some(Subject::Levels),
            figures: figures(&[text]),
            most: Some(8),
            ..precision("50pp")
        };
        let reached = played(&asked(wanted, 2), &()).precision.expect("asked for");
        assert_eq!(
            (reached.figures[0].by, reached.figures[0].group.as_str()),
            ("severity", "Sev1")
        );
        assert_eq!(reached.end, End::MetUnconfirmed, "8 replications allow no second look");
    }
}

/// M/M/2: six an hour, twelve minutes each. The mean wait over whole runs of 30 replications, against Erlang's formula.
fn runs_that_cover_erlangs_wait(runs: u64) -> u64 {
    // Long enough for a replication's mean to be nearly normal: the waits of two days are not.
    let document = document(&DESK.replace("horizon = \"2d\"", "horizon = \"8d\""));
    let wait_s = mean_wait(2, 1.2, 720.0).expect("two people for the work of 1.2");
    let covers = |seed: &u64| {
        let options = RunOptions {
            seed: Some(*seed),
            replications: Some(30),
            candidates: Some(vec!["base".to_owned()]),
            ..RunOptions::default()
        };
        let results = run(&document, &options, &()).expect("it runs");
        let row = results.find(0, "queue_wait_mean_s", "all", "").expect("measured");
        row.low
            .zip(row.high)
            .is_some_and(|(low, high)| low <= wait_s && wait_s <= high)
    };
    (1..=runs).filter(covers).count() as u64
}

/// Of 200, 95 % is 190; 180 to 199 is where all but two in a thousand such experiments end.
#[test]
fn whole_runs_cover_what_queueing_theory_knows() {
    let covered = runs_that_cover_erlangs_wait(200);
    assert!((180..=199).contains(&covered), "{covered} of 200");
}

/// Recorded: 1,884 of 2,000 (94.2 %; a standard error is half a point).
#[test]
#[ignore = "2,000 runs: a minute"]
fn whole_runs_cover_in_the_long_run() {
    let covered = runs_that_cover_erlangs_wait(2_000);
    println!("{covered} of 2,000");
    assert!((1_860..=1_950).contains(&covered), "{covered} of 2,000");
}
