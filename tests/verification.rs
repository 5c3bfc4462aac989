//! The exact cases: what the simulator must reproduce, from the scenario file to the last figure.
//!
//! `tests/verification/` holds unchanged copies of the shared files: workloads whose answers are known by formula or by
//! solving a Markov chain, timelines made by hand, clocks, and inputs of the statistics. The tests read them, put each
//! workload into our language, simulate it and judge the figures as the README there says: no tolerance of our own, no
//! number copied. How is in `verification_support`; here is what is claimed, family by family.
//!
//! The simulated families take minutes: run them in release, `cargo test --release --test verification`.

#![expect(clippy::disallowed_methods, reason = "says how long it took; theory may use any exp")]

mod verification_support;

use rayon::prelude::*;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;
use verification_support::cases::{Case, cases, read};
use verification_support::needs::{WAITING, missing};
use verification_support::runs::{Done, verify};
use verification_support::traces::{Trace, Traces};
use verification_support::vectors::Vector;
use verification_support::{clocks, traces, vectors};

/// Families one after the other: each has all processors, and its time is its own.
static TURN: Mutex<()> = Mutex::new(());

/// The cases of a family that do not wait.
fn ready(family: &str) -> Vec<Case> {
    let mut cases = cases();
    cases.retain(|case| case.family == family && missing(&case.needs).is_empty());
    assert!(!cases.is_empty(), "family {family} has no case that can run");
    cases
}

fn ready_traces() -> Vec<Trace> {
    let Traces { mut traces } = read("traces.json");
    traces.retain(|trace| missing(&trace.needs).is_empty());
    traces
}

/// Simulates and judges a family.
fn check_family(family: &str) {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let started = Instant::now();
    let verdicts: Vec<(Case, Result<Done, Vec<String>>, f64)> = ready(family)
        .into_par_iter()
        .map(|case| {
            let started = Instant::now();
            let verdict = verify(&case);
            (case, verdict, started.elapsed().as_secs_f64())
        })
        .collect();
    let mut failures = Vec::new();
    for (case, verdict, seconds) in &verdicts {
        match verdict {
            Ok(Done { figures, tickets }) => {
                assert_eq!(*figures, case.expected.len(), "{}: figures that nobody judged", case.id);
                println!(
                    "  {:<32} {figures:>3} figures {tickets:>11} tickets {seconds:>6.1} s",
                    case.id
                );
            }
            Err(messages) => failures.extend(messages.iter().cloned()),
        }
    }
    let seconds = started.elapsed().as_secs_f64();
    println!("family {family}: {} cases in {seconds:.1} s", verdicts.len());
    assert!(
        failures.is_empty(),
        "{} figures are wrong:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

/// Checks each of several exact things and tells all that differ.
fn check_each<T>(what: &str, things: &[T], check: impl Fn(&T) -> Result<(), String>) {
    let started = Instant::now();
    let failures: Vec<String> = things.iter().filter_map(|thing| check(thing).err()).collect();
    println!("{what}: {} in {:.2} s", things.len(), started.elapsed().as_secs_f64());
    assert!(
        failures.is_empty(),
        "{} of {}:\n{}",
        failures.len(),
        things.len(),
        failures.join("\n")
    );
}

#[test]
fn a_case_waits_exactly_if_the_language_lacks_a_word_that_it_needs() {
    let Traces { traces } = read("traces.json");
    let of_traces = traces
        .iter()
        .map(|trace| (trace.id.as_str(), trace.title.as_str(), &trace.needs));
    let cases = cases();
    let of_cases = cases
        .iter()
        .map(|case| (case.id.as_str(), case.title.as_str(), &case.needs));
    let mut waiting = Vec::new();
    for (id, title, needs) in of_cases.chain(of_traces) {
        let lacking = missing(needs);
        let state = if lacking.is_empty() {
            "runs".into()
        } else {
            format!("waits for {}", lacking.join(", "))
        };
        println!("{id:<32} {state:<60} {title}");
        if !lacking.is_empty() {
            waiting.push((id.split('-').next().unwrap_or(id).to_owned(), lacking.join(", ")));
        }
    }
    let known: Vec<(String, String)> = WAITING
        .iter()
        .map(|(id, words)| (id.to_string(), words.join(", ")))
        .collect();
    assert_eq!(waiting, known, "the table of waiting cases is out of date");
}

#[test]
#[cfg_attr(not(optimised), ignore = "minutes in release, hours without")]
fn queues_of_exponential_work_wait_as_erlang_says() {
    check_family("a");
}

#[test]
#[cfg_attr(not(optimised), ignore = "minutes in release, hours without")]
fn work_of_any_law_makes_wait_as_its_variance_says() {
    check_family("b");
}

#[test]
#[cfg_attr(not(optimised), ignore = "minutes in release, hours without")]
fn severity_order_and_preemption_share_the_wait_out_exactly() {
    check_family("c");
}

#[test]
#[cfg_attr(not(optimised), ignore = "minutes in release, hours without")]
fn tickets_climb_the_ladder_at_their_rates() {
    check_family("d");
}

#[test]
#[cfg_attr(not(optimised), ignore = "minutes in release, hours without")]
fn a_day_with_shifts_follows_its_own_load_and_not_the_mean() {
    check_family("e");
}

#[test]
#[cfg_attr(not(optimised), ignore = "minutes in release, hours without")]
fn alerts_and_transfers_come_after_their_time() {
    check_family("f");
}

#[test]
#[cfg_attr(not(optimised), ignore = "minutes in release, hours without")]
fn skills_overflow_and_waiting_places_share_the_load_out_exactly() {
    check_family("h");
}

#[test]
#[cfg_attr(not(optimised), ignore = "minutes in release, hours without")]
fn triage_errors_and_reopenings_have_their_shares() {
    check_family("i");
}

#[test]
#[cfg_attr(not(optimised), ignore = "minutes in release, hours without")]
fn arrivals_have_the_mean_and_the_variance_of_their_hour() {
    check_family("j");
}

#[test]
#[cfg_attr(not(optimised), ignore = "minutes in release, hours without")]
fn one_agent_more_or_less_serves_as_the_staffing_formula_says() {
    check_family("m");
}

#[test]
fn every_event_of_a_trace_comes_at_its_millisecond() {
    check_each("traces", &ready_traces(), traces::check);
}

#[test]
fn a_business_clock_is_due_at_its_instant() {
    check_each("clocks", &ready("g"), clocks::check_arithmetic);
}

#[test]
fn a_ticket_breaches_and_alerts_at_the_instants_of_its_clock() {
    check_each("clocks of tickets", &ready("g"), clocks::check_in_a_run);
}

#[test]
fn the_statistics_are_those_of_the_vectors() {
    check_each("vectors", &read::<Vec<Vector>>("stats.json"), vectors::check);
}
