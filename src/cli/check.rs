//! `escalade check FILE`: is the scenario right, and what will be simulated?
//!
//! What is wrong goes to standard error, as a compiler would say it; the explanation of what is right, to standard output.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::exit::Failure;
use super::{output, scenario_file};
use crate::scenario::{Difference, Document, Level, to_json};

const EXAMPLES: &str = "\
Examples:
  escalade check desk.toml
  escalade check desk.toml --format json    problems with line and column

Exit code: 0 if the scenario can be run (there may be warnings), 2 if not.";

/// Check a scenario, and explain what will be simulated
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The scenario file (TOML)
    #[arg(value_name = "FILE")]
    scenario: PathBuf,
    /// How to say it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs: problems and candidates as one JSON document on standard output
    Json,
}

/// Checks the scenario and explains it.
pub(super) fn check(arguments: &Arguments) -> Result<(), Failure> {
    let document = scenario_file::read(&arguments.scenario)?;
    match arguments.format {
        Format::Text => as_text(&document)?,
        Format::Json => output::result(&format!("{:#}\n", as_json(&document)))?,
    }
    match document.problems().any_error() {
        true => Err(Failure::Explained),
        false => Ok(()),
    }
}

fn as_text(document: &Document) -> Result<(), Failure> {
    scenario_file::show(document, document.problems());
    if document.problems().any_error() {
        return Ok(());
    }
    output::result(&(opening(document) + &load(document) + &candidates(document)))
}

/// What the scenario is, in two lines.
fn opening(document: &Document) -> String {
    let Some(scenario) = document.base() else {
        return String::new();
    };
    let mut text = format!("{}: {}.\n", scenario.name, soundness(document));
    if let Some(description) = &scenario.description {
        text.push_str(&format!("{}\n", description.trim()));
    }
    text
}

fn soundness(document: &Document) -> String {
    match document.problems().count(Level::Warning) {
        0 => "nothing is wrong".to_owned(),
        1 => "it can be run, with 1 warning".to_owned(),
        many => format!("it can be run, with {many} warnings"),
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// The explanation of the load (offered load against capacity by team and hour, calendars) is the model's: `model::explain`
// will say it, and its text goes here, with an empty line before it.

fn load(_document: &Document) -> String {
    String::new()
}
// ---------------------------------------------------------------------------------------------------------------------

/// The candidates as differences from the base.
fn candidates(document: &Document) -> String {
    let mut text = String::from("\nCandidates, by what they change:\n  base: the scenario as written\n");
    for (name, _) in document.scenarios().skip(1) {
        let description = description(document, name)
            .map(|text| format!(": {}", text.trim()))
            .unwrap_or_default();
        text.push_str(&format!("  {name}{description}\n"));
        let differences = document.differences(name);
        differences
            .iter()
            .for_each(|difference| text.push_str(&format!("    {}\n", in_words(difference))));
    }
    text
}

fn description<'a>(document: &'a Document, candidate: &str) -> Option<&'a str> {
    document.base()?.candidates.get(candidate)?.description.as_deref()
}

fn in_words(difference: &Difference) -> String {
    let path = &difference.path;
    match (&difference.before, &difference.after) {
        (Some(before), Some(after)) => format!("{path}: {before} → {after}"),
        (None, Some(after)) => format!("{path}: {after} (new)"),
        (Some(before), None) => format!("{path}: {before} → nothing"),
        (None, None) => path.to_string(),
    }
}

/// As `to_json` of the scenario layer, and the candidates with what they change.
fn as_json(document: &Document) -> Value {
    let mut json = to_json(document, document.problems());
    let candidates = document.scenarios().map(|(name, _)| {
        let changes = document.differences(name);
        let change = |change: &Difference| json!({ "path": change.path.to_string(), "before": change.before, "after": change.after });
        json!({
            "name": name,
            "description": description(document, name),
            "changes": changes.iter().map(change).collect::<Value>(),
        })
    });
    json["candidates"] = candidates.collect();
    json
}
