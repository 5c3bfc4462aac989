//! `escalade check FILE`: is the scenario right, and what will be simulated?
//!
//! What is wrong goes to standard error, as a compiler would say it; the explanation of what is right, to standard output.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::Value;

use super::exit::Failure;
use super::{output, scenario_file};
use crate::report::{Explanation, explain};
use crate::scenario::{Document, Level, Problems, to_json};

/// The least that is asked of a terminal.
const WIDTH: usize = 80;

const EXAMPLES: &str = "\
Examples:
  escalade check desk.toml
  escalade check desk.toml --format json    the same as data, problems with line and column

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
    /// For programs: problems, and all that the text says, as one JSON document on standard output
    Json,
}

/// Checks the scenario and explains it.
pub(super) fn check(arguments: &Arguments) -> Result<(), Failure> {
    let document = scenario_file::read(&arguments.scenario)?;
    let (explanation, problems) = explain(&document);
    match (arguments.format, &explanation) {
        (Format::Json, explanation) => {
            let json = as_json(&document, &problems, explanation.as_ref());
            output::result(&format!("{json:#}\n"))?;
        }
        (Format::Text, explanation) => {
            scenario_file::show(&document, &problems);
            if let Some(explanation) = explanation {
                output::result(&(opening(&document, &problems) + &explanation.text(WIDTH)))?;
            }
        }
    }
    match problems.any_error() {
        true => Err(Failure::Explained),
        false => Ok(()),
    }
}

/// Whether the scenario is sound, in one line.
fn opening(document: &Document, problems: &Problems) -> String {
    let name = document.base().map_or("", |scenario| &scenario.name);
    format!("{name}: {}.\n", soundness(problems))
}

fn soundness(problems: &Problems) -> String {
    match problems.count(Level::Warning) {
        0 => "nothing is wrong".to_owned(),
        1 => "it can be run, with 1 warning".to_owned(),
        many => format!("it can be run, with {many} warnings"),
    }
}

/// As `to_json` of the scenario layer, and the explanation, if the scenario can be run.
fn as_json(document: &Document, problems: &Problems, explanation: Option<&Explanation>) -> Value {
    let mut json = to_json(document, problems);
    if let (Value::Object(json), Some(Value::Object(explained))) = (&mut json, explanation.map(Explanation::json)) {
        json.extend(explained);
    }
    json
}
