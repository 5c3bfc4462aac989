//! `escalade schema`: the JSON Schema of scenario files.

use clap::Args;

use super::exit::Failure;
use super::output;
use crate::scenario;

const EXAMPLES: &str = "\
Example:
  escalade schema > escalade.schema.json
  … and as the first line of a scenario, for editors that complete TOML (Even Better TOML, taplo):
  #:schema ./escalade.schema.json";

/// Print the JSON Schema of scenario files, for editors
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {}

/// Prints the schema.
pub(super) fn schema(_: &Arguments) -> Result<(), Failure> {
    output::result(&format!("{:#}\n", scenario::schema()))
}
