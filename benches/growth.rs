//! How the cost of a ticket grows with the organisation: ten times the people (and the tickets), ten times the rules, ten
//! times the horizon, each against the same scenario without.
//!
//! `cargo bench --bench growth` prints nanoseconds a ticket and the ratio, everything measured. Rules are multiplied in two
//! ways: twenty for each of ten services instead of twenty for all, so that a ticket is watched by as many as before, as in
//! organisations with many rules; and two hundred on every ticket, which then also fire ten times as often. Nothing is
//! asserted.

use escalade::kernel::{World, replicate};
use escalade::measure::Measure;
use escalade::model::{Model, compile};
use escalade::scenario::{Document, Problems};
use escalade::stats::sketch::Buckets;
use std::fmt::Write;
use std::hint::black_box;
use std::time::Instant;

const ROUNDS: usize = 5;

fn main() {
    // `cargo test --benches` runs this too, with `--test`: one short round is enough to know that it works.
    let (rounds, weeks) = match std::env::args().any(|arg| arg == "--test") {
        true => (1, 1),
        false => (ROUNDS, 26),
    };
    let buckets = Buckets::new();
    let cost = |scenario: &str| cost(&model(scenario), &buckets, rounds);
    println!("cost of a ticket, one thread, best of {rounds} rounds, everything measured");
    let row = |what: &str, from: f64, to: f64| {
        println!(
            "  {what:<34} {from:>6.0} -> {to:>6.0} ns a ticket  {:.2} times",
            to / from
        );
    };
    let of = |size, rules, weeks| cost(&organisation(size, rules, weeks));
    let base = of(1, Rules::OnAll(20), weeks);
    row(
        "ten times the people and tickets",
        base,
        of(10, Rules::OnAll(20), weeks),
    );
    row(
        "ten times the rules, by service",
        base,
        of(1, Rules::ByService(20), weeks),
    );
    row(
        "ten times the rules on each ticket",
        base,
        of(1, Rules::OnAll(200), weeks),
    );
    row("ten times the horizon", base, of(1, Rules::OnAll(20), 10 * weeks));
}

const SERVICES: u32 = 10;

/// So many rules on every ticket, or on those of each service.
#[derive(Clone, Copy)]
enum Rules {
    OnAll(u32),
    ByService(u32),
}

fn model(text: &str) -> Model {
    let document = Document::parse("growth.toml", text);
    let scenario = document.base().expect("the scenario is valid");
    compile(scenario, &mut Problems::new()).expect("the scenario compiles")
}

/// Nanoseconds a ticket in the fastest round.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn cost(model: &Model, buckets: &Buckets, rounds: usize) -> f64 {
    let (mut world, mut measure) = (World::new(), Measure::new(model, buckets, false));
    let rounds = (0..rounds).map(|seed| {
        measure.clear();
        let start = Instant::now();
        replicate(model, seed as u64 + 1, 0, &mut world, &mut measure);
        let seconds = start.elapsed().as_secs_f64();
        black_box(measure.values());
        1e9 * seconds / f64::from(world.created())
    });
    rounds.fold(f64::INFINITY, f64::min)
}

/// Ten services and three tiers of always-staffed teams at four fifths of their capacity; rules are warnings at shares of
/// both targets and times in queue and tier.
fn organisation(size: u32, rules: Rules, weeks: u32) -> String {
    let heads = [15, 13, 10].map(|heads| heads * size);
    let mut text = format!(
        r#"
name = "growth"
run = {{ start = "2026-01-05", horizon = "{weeks}w", drain = "1w" }}
[severities]
Sev1 = {{ first_response = "15m", resolve = "4h" }}
Sev2 = {{ first_response = "1h", resolve = "8h" }}
Sev3 = {{ first_response = "4h", resolve = "2d" }}
[tiers.L1]
work.exponential = "12m"
escalates.L2 = 0.25
[tiers.L2]
work.exponential = "40m"
escalates.L3 = 0.25
[tiers.L3]
work.exponential = "2h"
[teams]
front = {{ tier = "L1", headcount = {} }}
second = {{ tier = "L2", headcount = {} }}
third = {{ tier = "L3", headcount = {} }}
"#,
        heads[0], heads[1], heads[2]
    );
    let mut add = |line: String| writeln!(text, "{line}").expect("a string grows");
    for service in 0..SERVICES {
        add(format!("[services.s{service}]\narrivals.rate = \"{}/h\"", 6 * size));
        add("mix = { Sev1 = 0.05, Sev2 = 0.25, Sev3 = 0.7 }".to_owned());
    }
    let (count, services) = match rules {
        Rules::OnAll(count) => (count, 1),
        Rules::ByService(count) => (count, SERVICES),
    };
    for (number, service) in (0..count).flat_map(|number| (0..services).map(move |service| (number, service))) {
        let place = f64::from(number / 4 + 1) / f64::from(count / 4 + 1);
        let when = match number % 4 {
            0 => format!("consumed = {{ of = \"first_response\", share = {place} }}"),
            1 => format!("consumed = {{ of = \"resolve\", share = {place} }}"),
            2 => format!("in_queue = \"{}s\"", (7200.0 * place) as u32),
            _ => format!("in_tier = \"{}s\"", (14_400.0 * place) as u32),
        };
        add(format!(
            "[rules.r{number}-{service}]\nwhen = {{ {when} }}\nthen = [{{ alert = \"lead\" }}]"
        ));
        if services > 1 {
            add(format!("if.service = [\"s{service}\"]"));
        }
    }
    text
}
