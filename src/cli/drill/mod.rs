//! `escalade drill`: rehearse an incident. Without a further word it makes a pack; `play` runs one, `score` compares what
//! happened with what was expected, `plan` spreads drills over a quarter.

mod keys;
mod make;
mod plan;
mod play;
mod score;
mod webhook;

use clap::{Args, Subcommand};

use super::exit::Failure;
use crate::drill::DrillError;
use crate::scenario::Document;

const EXAMPLES: &str = "\
Examples:
  escalade drill desk.toml                              a tabletop of 90 minutes, into out/desk-drill
  escalade drill desk.toml --when night --severity Sev1 --rehearse paging,communications
  escalade drill desk.toml --at 2026-03-14T02:20 --archetype expired-certificate
  escalade drill desk.toml --hardest --kind functional  where the policy fails most
  escalade drill play out/desk-drill --speed 10         run it, ten times as fast
  escalade drill score out/desk-drill observed.csv      what the team did against the model
  escalade drill plan desk.toml --quarter 2026-Q2       a quarter's drills

The same scenario, options, seed and version make the same pack.
Exit code: 0 done, 1 failed, 2 the input is wrong, 130 interrupted.";

/// Make a drill pack from a scenario, run it, score it, plan a quarter's drills
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    make: make::Arguments,
}

#[derive(Debug, Subcommand)]
enum Command {
    Play(play::Arguments),
    Score(score::Arguments),
    Plan(plan::Arguments),
}

/// Does what was asked for.
pub(super) fn drill(arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.command {
        Some(Command::Play(arguments)) => play::play(arguments),
        Some(Command::Score(arguments)) => score::score_drill(arguments),
        Some(Command::Plan(arguments)) => plan::plan_quarter(arguments),
        None => make::make(&arguments.make),
    }
}

/// What is said of a drill that cannot be made.
fn of_drill(error: DrillError, document: &Document) -> Failure {
    match error {
        DrillError::Wrong(message) => Failure::Wrong(message),
        DrillError::Run(error) => super::run::of_run(error, document),
    }
}
