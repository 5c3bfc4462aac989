//! Candidates that change nothing: their tickets are the base's, row by row, and so is what is measured of them.
//!
//! Each file is a scenario in which such a candidate once changed something.

use escalade::experiment::tables::{Results, TicketRow};
use escalade::experiment::{RunOptions, run};
use escalade::kernel::{World, replicate};
use escalade::measure::Trace;
use escalade::model::{Window, compile};
use escalade::scenario::{Document, Problems, render};
use escalade::time::Instant;
use std::collections::BTreeSet;
use std::path::Path;

fn play(name: &str, candidates: Option<&[&str]>) -> Results {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/identities/{name}.toml"));
    let document = Document::read(&path).expect("the scenario stands beside the test");
    assert!(
        !document.problems().any_error(),
        "{}",
        render(&document, document.problems(), false)
    );
    let options = RunOptions {
        threads: Some(1),
        tickets: true,
        trace_replications: 1,
        candidates: candidates.map(|names| names.iter().map(|name| (*name).to_owned()).collect()),
        ..RunOptions::default()
    };
    run(&document, &options, &()).expect("it can be played")
}

fn tickets(results: &Results, candidate: usize) -> Vec<TicketRow> {
    let rows = results.tickets.iter().filter(|row| row.candidate == candidate);
    rows.map(|row| TicketRow {
        candidate: 0,
        ..row.clone()
    })
    .collect()
}

/// The candidate's tickets are the base's.
#[track_caller]
fn changes_no_ticket(name: &str) -> Results {
    let results = play(name, None);
    let (base, other) = (tickets(&results, 0), tickets(&results, 1));
    assert!(!base.is_empty() && base.len() == other.len(), "{name}");
    for (base, other) in base.iter().zip(&other) {
        assert_eq!(base, other, "{name}");
    }
    results
}

/// Nor does any metric that both have differ, but for those of rules themselves.
#[track_caller]
fn changes_nothing(name: &str) {
    let results = changes_no_ticket(name);
    for row in &results.comparison {
        let is_of_rules = row.metric.starts_with("rule_");
        let is_same = row.difference.is_none_or(|difference| difference == 0.0);
        assert!(is_of_rules || is_same, "{name}: {row:?}");
    }
}

#[test]
fn whoever_leaves_with_others_is_given_nothing_of_theirs() {
    changes_nothing("shifts_that_end_together");
    changes_nothing("a_role_that_nobody_asks");
    changes_nothing("kinds_that_teach_nothing");
}

#[test]
fn desks_that_differ_in_nothing_serve_in_the_same_order() {
    changes_nothing("more_places_than_tickets");
    changes_nothing("an_overflow_that_never_comes");
    changes_nothing("conversations_that_all_take_a_person_alone");
}

#[test]
fn a_rank_that_is_given_anew_keeps_its_place() {
    changes_nothing("priority_by_nothing");
    changes_nothing("priority_by_nothing_at_many_instants");
    changes_nothing("more_places_and_a_raised_severity");
    changes_nothing("priority_by_nothing_interrupts");
}

#[test]
fn rules_that_only_flag_change_nothing() {
    changes_nothing("rules_that_only_flag");
    changes_nothing("a_rule_that_flags_at_shared_instants");
    changes_nothing("turns_by_number");
}

#[test]
fn what_is_measured_does_not_depend_on_what_could_have_happened() {
    changes_nothing("a_transfer_to_the_same_team");
    changes_nothing("linking_that_nobody_does");
}

#[test]
fn telling_one_role_redraws_no_work_of_another() {
    changes_no_ticket("a_role_that_is_only_told");
}

#[test]
fn traces_of_a_candidate_do_not_depend_on_those_before_it() {
    let all = play("a_candidate_between", None);
    let alone = play("a_candidate_between", Some(&["base", "four"]));
    assert_eq!(tickets(&all, 2), tickets(&alone, 1));

    let name = "candidates_with_more_customers_and_severities";
    let all = play(name, None);
    for (place, candidate) in ["customers", "severities"].into_iter().enumerate() {
        let alone = play(name, Some(&["base", candidate]));
        assert_eq!(tickets(&all, place + 1), tickets(&alone, 1), "{candidate}");
    }
}

#[test]
fn a_world_that_has_been_played_is_as_a_new_one() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let files = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path());
    let mut files: Vec<_> = files
        .filter(|file| file.extension().is_some_and(|end| end == "toml"))
        .collect();
    files.sort();
    let mut used = World::new();
    for file in files {
        let document = Document::read(&file).expect("it is shipped");
        let scenario = document.base().expect("it is right");
        let mut model = compile(scenario, &mut Problems::new()).expect("it compiles");
        let day = |number: i64| Instant::from_ms(number * 86_400_000);
        model.window = Window {
            from: day(7),
            until: day(56),
            last: day(63),
        };
        for replication in 0..2 {
            let mut seen = [Trace::new(&model), Trace::new(&model)];
            replicate(&model, 1, replication, &mut used, &mut seen[0]);
            replicate(&model, 1, replication, &mut World::new(), &mut seen[1]);
            let [used, new] = seen.map(|trace| trace.events);
            assert!(!new.is_empty() && used == new, "{} {replication}", file.display());
        }
    }
}

#[test]
fn a_ticket_without_a_name_has_its_number() {
    let results = play("a_ticket_without_a_name", None);
    let names: BTreeSet<&str> = results.tickets.iter().map(|row| row.ticket.as_str()).collect();
    assert_eq!(names.len(), results.tickets.len());
}
