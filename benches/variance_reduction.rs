//! What variance reduction is worth: common random numbers for differences, a control variate for levels.
//!
//! `cargo bench --bench variance_reduction` plays the scenarios of the repository and prints, for each candidate, how many times
//! fewer replications the same tickets need (`comparison.csv` has the same), and for the base, by how much knowing the
//! expected number of tickets narrows a level. It measures and asserts nothing.

use escalade::experiment::{Results, RunOptions, run};
use escalade::model::{Load, compile};
use escalade::scenario::{Document, Problems};
use escalade::stats::control::{controlled_mean, expected_gain};

const FIGURES: &[(&str, &str)] = &[
    ("breach_rate_first_response", "all"),
    ("breach_rate_resolve", "all"),
    ("first_response_mean_s", "all"),
    ("time_to_resolve_mean_s", "all"),
    ("time_to_resolve_p90_s", "all"),
    ("escalations_per_ticket", "all"),
    ("backlog", "all"),
    ("throughput_per_day", "all"),
    ("queue_wait_mean_s", "all"),
    ("occupancy_share", "all"),
    ("overtime_h", "all"),
];

const SCENARIOS: &[&str] = &["it-incidents", "saas-helpdesk", "sre-follow-the-sun"];
const REPLICATIONS: u32 = 40;

fn main() {
    for name in SCENARIOS {
        let path = format!("{}/scenarios/{name}.toml", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let document = Document::parse(&path, &text);
        let options = RunOptions {
            replications: Some(REPLICATIONS),
            ..RunOptions::default()
        };
        let results = run(&document, &options, &()).unwrap_or_else(|error| panic!("{name}: {error}"));
        println!("{name}, {REPLICATIONS} replications");
        common_tickets(&results);
        control(&results, &document);
    }
}

/// Var(independent difference) / Var(paired difference), against the base.
fn common_tickets(results: &Results) {
    let names: Vec<&str> = results.candidates.iter().skip(1).map(|one| one.name.as_str()).collect();
    println!("  same tickets, against base: {}", names.join(", "));
    for (metric, by) in FIGURES {
        let rows = results
            .comparison
            .iter()
            .filter(|row| row.against == 0 && row.metric == *metric && row.by == *by);
        let factors = rows.map(|row| {
            row.variance_reduction
                .map_or("    equal".to_owned(), |x| format!("{x:>9.1}"))
        });
        println!("    {metric:<28} {}", factors.collect::<Vec<_>>().join(" "));
    }
}

/// Variance of the base's level with the number of tickets as a control / without.
fn control(results: &Results, document: &Document) {
    let Some(scenario) = document.base() else { return };
    let Some(model) = compile(scenario, &mut Problems::of(None)) else {
        return;
    };
    let load = Load::of(&model);
    let created = values(results, "tickets_created");
    println!("  tickets as a control, level of base: correlation, variance left");
    for (metric, _) in FIGURES {
        let found = controlled_mean(&values(results, metric), &created, load.tickets() * load.weeks);
        match found {
            None => println!("    {metric:<28} does not vary"),
            Some(found) => {
                let left = expected_gain(found.correlation, found.replications).unwrap_or(1.0);
                println!("    {metric:<28} {:>6.2} {left:>6.2}", found.correlation);
            }
        }
    }
}

fn values(results: &Results, metric: &str) -> Vec<f64> {
    let rows = results.replication_rows.iter();
    rows.filter(|row| row.candidate == 0 && row.metric == metric && row.by == "all")
        .filter_map(|row| row.value)
        .collect()
}
