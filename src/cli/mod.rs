//! The command line: one file a subcommand, and the only place that prints, draws progress or exits.
//!
//! Results go to standard output, everything else to standard error. The exit code is 0 if it was done, 1 if it failed, 2 if
//! the input is wrong, and 130 if it was interrupted. What the subcommands do is in the library; nothing here decides
//! anything about a simulation.

mod check;
mod drill;
mod exit;
mod given;
mod init;
mod interrupt;
mod names;
mod output;
mod progress;
mod robustness;
mod run;
mod scenario_file;
mod schema;
mod staff;
mod sweep;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

const EXAMPLES: &str = "\
Examples:
  escalade init desk          write desk.toml, a commented scenario to start from
  escalade check desk.toml    is it right, and what will be simulated?
  escalade run desk.toml      play all its candidates and compare them
  escalade drill desk.toml    make a drill pack from it
  escalade sweep --help       vary any of its values, and see what moves what
  escalade staff --help       the least people that meet a target
  escalade run --help         what else can be asked of a run";

/// Plan how support tickets are escalated: simulate candidate policies on the same tickets, and see which breaches less.
#[derive(Debug, Parser)]
#[command(name = "escalade", version, after_help = EXAMPLES)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Run(Box<run::Arguments>),
    Sweep(Box<sweep::Arguments>),
    Robustness(robustness::Arguments),
    Check(check::Arguments),
    Init(init::Arguments),
    Drill(Box<drill::Arguments>),
    Schema(schema::Arguments),
    Staff(staff::Arguments),
}

/// Does what the command line of this process says.
pub fn main() -> ExitCode {
    let done = match CommandLine::parse().command {
        Command::Run(arguments) => run::run(&arguments),
        Command::Robustness(arguments) => robustness::run_all(&arguments),
        Command::Sweep(arguments) => sweep::sweep(&arguments),
        Command::Check(arguments) => check::check(&arguments),
        Command::Init(arguments) => init::init(&arguments),
        Command::Drill(arguments) => drill::drill(&arguments),
        Command::Schema(arguments) => schema::schema(&arguments),
        Command::Staff(arguments) => staff::staff(&arguments),
    };
    exit::code(done)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        CommandLine::command().debug_assert();
    }
}
