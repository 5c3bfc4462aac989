//! Selection of the best candidate with a promise, on whole runs of candidates whose order is known by formula.

use escalade::experiment::{Amount, AskedError, Results, RunError, RunOptions, Select, run};
use escalade::scenario::Document;
use escalade::stats::erlang::mean_wait;

/// M/M/2 with six tickets an hour. Each candidate's work is longer than that of `fast`.
const DESK: &str = r#"
name = "who is fastest"
[run]
start = "2026-01-05"
horizon = "12h"
warm_up = "1d"
[severities]
Sev1 = { first_response = "10m", resolve = "2h" }
[services.desk]
arrivals.rate = "6/h"
mix = { Sev1 = 1.0 }
[tiers.L1]
work = { exponential = "11m" }
[teams.front]
tier = "L1"
headcount = 2
discipline = "fifo"
[candidates.slow]
set.tiers.L1.work.exponential = "13m"
[candidates.slower]
set.tiers.L1.work.exponential = "14m"
[candidates.fast]
set.tiers.L1.work.exponential = "10m"
[candidates.near]
set.tiers.L1.work.exponential = "10.5m"
[candidates.fair]
set.tiers.L1.work.exponential = "12m"
"#;

fn select(figure: &str, zone: Option<&str>) -> Select {
    Select {
        figure: figure.parse().unwrap_or_else(|never| match never {}),
        promise: 0.95,
        zone: zone.map(|zone| zone.parse().expect("an amount")),
        most: None,
    }
}

fn options(select: Select, seed: u64) -> RunOptions {
    RunOptions {
        select: Some(select),
        seed: Some(seed),
        ..RunOptions::default()
    }
}

fn played(options: &RunOptions) -> Result<Results, RunError> {
    let document = Document::parse("selection.toml", DESK);
    assert!(!document.problems().any_error(), "{:?}", document.problems());
    run(&document, options, &())
}

/// The zone is a second less than the distance from the best to the second: the hardest case that the promise covers.
fn zone() -> String {
    let wait = |minutes: f64| mean_wait(2, minutes / 10.0, 60.0 * minutes).expect("two people are enough");
    let distance = wait(10.5) - wait(10.0);
    assert!((30.0..60.0).contains(&distance), "{distance}");
    format!("{:.0}s", distance - 1.0)
}

fn name(results: &Results, candidate: usize) -> &str {
    &results.candidates[candidate].name
}

#[test]
fn the_best_wins_and_the_hopeless_are_dropped_early() {
    // A finer zone than the promise needs, so that the race is long enough to drop somebody on the way.
    let results = played(&options(select("queue_wait_mean_s", Some("10s")), 1)).expect("it runs");
    let selection = results.selection.as_ref().expect("asked for");
    assert_eq!(selection.winner.map(|winner| name(&results, winner)), Some("fast"));
    let replications = |wanted: &str| {
        let place = (0..results.candidates.len())
            .find(|one| name(&results, *one) == wanted)
            .expect("there");
        assert_eq!(selection.racers[place].beaten_by.is_none(), wanted == "fast");
        selection.racers[place].replications
    };
    // Who goes when hangs on the variance of the difference as well as on its size: `near` is the first, for it varies with `fast`.
    assert!(replications("near") < replications("fair") && replications("fair") < replications("slow"));
    let spent: u32 = selection.racers.iter().map(|racer| racer.replications).sum();
    assert!(spent < selection.racers.len() as u32 * replications("fast"));
    for row in results.comparison.iter().filter(|row| row.by == "all") {
        let [a, b] = [row.candidate, row.against].map(|one| selection.racers[one].replications);
        assert_eq!(row.replications, a.min(b), "{} {}", row.candidate, row.against);
    }
}

#[test]
fn a_selection_does_not_depend_on_the_threads() {
    let with = |threads| {
        let wanted = options(select("breach_rate_first_response", Some("1pp")), 3);
        played(&RunOptions {
            threads: Some(threads),
            ..wanted
        })
        .expect("it runs")
    };
    let one = with(1);
    assert!(one == with(2) && one == with(7));
}

#[test]
fn where_more_is_better_the_highest_wins() {
    let results = played(&options(select("attainment_first_response", Some("1pp")), 1)).expect("it runs");
    let selection = results.selection.as_ref().expect("asked for");
    assert_eq!(selection.winner.map(|winner| name(&results, winner)), Some("fast"));
    assert!(!selection.lowest && selection.racers.iter().all(|racer| (0.0..=1.0).contains(&racer.level)));
}

#[test]
fn a_budget_that_ends_a_selection_names_nobody() {
    let wanted = Select {
        most: Some(24),
        ..select("queue_wait_mean_s", Some("100ms"))
    };
    let results = played(&options(wanted, 1)).expect("it runs");
    let selection = results.selection.expect("asked for");
    assert_eq!((selection.winner, results.replications), (None, 24));
    assert!(
        selection
            .decided_after
            .is_some_and(|(likely, at_most)| likely > 24 && at_most >= likely)
    );
    let bold = played(&options(select("queue_wait_mean_s", Some("1ms")), 1)).expect("it runs");
    assert_eq!(
        bold.replications, 20,
        "what cannot be decided within the default budget is not begun"
    );
}

#[test]
fn what_cannot_be_selected_by_is_refused() {
    let refused = |figure: &str, zone: Option<&str>| match played(&options(select(figure, zone), 1)) {
        Err(RunError::Asked(error)) => error,
        other => panic!("{figure}: {other:?}"),
    };
    assert_eq!(
        refused("first_response_p90_s", Some("1m")),
        AskedError::Percentile("first_response_p90_s")
    );
    assert_eq!(
        refused("occupancy_share", None),
        AskedError::NoDirection("occupancy_share")
    );
    assert!(matches!(refused("queue_wait_mean_s", None), AskedError::NoZone { .. }));
    assert!(matches!(
        refused("queue_wait_mean_s", Some("5%")),
        AskedError::NoZone { .. }
    ));
    assert!(matches!(
        refused("backlog", Some("1pp")),
        AskedError::WrongUnit {
            amount: Amount::Points(_),
            ..
        }
    ));
    assert!(matches!(refused("bakclog", None), AskedError::UnknownMetric { .. }));
}

fn right(seeds: std::ops::RangeInclusive<u64>) -> (usize, u64) {
    let (mut right, mut replications) = (0, 0);
    for seed in seeds {
        let wanted = Select {
            most: Some(20_000),
            ..select("queue_wait_mean_s", Some(&zone()))
        };
        let results = played(&options(wanted, seed)).expect("it runs");
        let selection = results.selection.as_ref().expect("asked for");
        right += usize::from(selection.winner.map(|winner| name(&results, winner)) == Some("fast"));
        replications += selection
            .racers
            .iter()
            .map(|racer| u64::from(racer.replications))
            .sum::<u64>();
    }
    (right, replications)
}

/// Promised: 95 in 100. Fewer than 17 of 20 have a probability of 0.016 where the promise is just kept.
#[test]
fn twenty_selections_keep_the_promise() {
    let (right, _) = right(1..=20);
    assert!(right >= 17, "{right} of 20");
}

/// Recorded: 200 of 200 right, 40.6 replications of a candidate on average (20 are the first stage).
#[test]
#[ignore = "200 selections: a minute"]
fn two_hundred_selections_keep_the_promise() {
    let (right, replications) = right(1..=200);
    println!("{right} of 200, {replications} replications of a candidate in all");
    assert!(right >= 179, "{right} of 200");
}
