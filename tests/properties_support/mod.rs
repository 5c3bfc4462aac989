//! What the properties stand on: random scenarios as text, a log of everything that can be seen of a replication, and a
//! second implementation of the clocks that knows nothing of the first.

#![allow(dead_code, reason = "each program of properties uses its part")]

pub mod clocks;
pub mod log;
pub mod scenarios;

use escalade::kernel::{World, replicate};
use escalade::model::{Model, compile};
use escalade::scenario::{Document, Problems, render};
use log::Log;
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};

/// What a property says of one case.
pub type Verdict = Result<(), TestCaseError>;

/// How many cases are asked for: `PROPTEST_CASES`, 24 without it.
pub fn cases() -> u32 {
    variable("PROPTEST_CASES").map_or(24, |cases| cases as u32)
}

fn variable(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

/// Tries a property on random cases. How many is [`cases`], which ones is `PROPTEST_RNG_SEED` (always the same ones without
/// it, so that a failure is somebody's change and not the weather).
pub fn for_all<S: Strategy>(strategy: S, property: impl Fn(S::Value) -> Verdict) {
    if let Err(failure) = try_cases(cases(), 400, strategy, property) {
        panic!("{failure}");
    }
}

/// Tries a property on so many cases, and cuts a failing one down in so many steps: what fails, in words.
pub fn try_cases<S: Strategy>(
    cases: u32,
    steps: u32,
    strategy: S,
    property: impl Fn(S::Value) -> Verdict,
) -> Result<(), String> {
    let config = Config {
        cases,
        rng_seed: RngSeed::Fixed(variable("PROPTEST_RNG_SEED").unwrap_or(1)),
        max_shrink_iters: steps,
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new(config)
        .run(&strategy, property)
        .map_err(|failure| failure.to_string())
}

/// Reads a text that the generator promises to be right.
pub fn read(text: &str) -> Document {
    let document = Document::parse("random.toml", text);
    let told = render(&document, document.problems(), false);
    assert!(
        !document.problems().any_error(),
        "the generator wrote a wrong scenario:\n{told}"
    );
    document
}

/// Compiles one candidate.
pub fn model(document: &Document, candidate: &str) -> Model {
    let scenario = document.scenario(candidate).expect("the candidate is there");
    let mut problems = Problems::new();
    compile(scenario, &mut problems).unwrap_or_else(|| panic!("{}", render(document, &problems, false)))
}

/// Plays a replication and logs everything; breaches are seen if `BREACHES`.
pub fn play<const BREACHES: bool>(model: &Model, seed: u64, replication: u32) -> (World, Log<BREACHES>) {
    let (mut world, mut log) = (World::new(), Log::default());
    replicate(model, seed, replication, &mut world, &mut log);
    (world, log)
}
