//! How a command ends: its exit code, and what is said on standard error.

use std::process::ExitCode;

use super::output;

/// Why a command was not done.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// The input is wrong: a file, a value, a place. Exit code 2.
    Wrong(String),
    /// The input is wrong, and what is wrong has been said already. Exit code 2.
    Explained,
    /// Something failed on the way. Exit code 1.
    Failed(String),
    /// The user stopped it. Exit code 130.
    Interrupted,
    /// The user stopped it, and what has been done so far is kept. Exit code 130.
    Stopped,
    /// The user stopped it, and what has been done is kept: where. Exit code 130.
    Kept(String),
    /// Whoever read standard output has gone (`| head`): there is nobody to say anything to, and nothing is wrong.
    NobodyReads,
}

/// 128 and the number of SIGINT, as shells have it.
pub(super) const INTERRUPTED: u8 = 130;

/// The exit code; says what there is to say.
pub(super) fn code(done: Result<(), Failure>) -> ExitCode {
    match done {
        Ok(()) | Err(Failure::NobodyReads) => ExitCode::SUCCESS,
        Err(Failure::Failed(message)) => say(&message, 1),
        Err(Failure::Wrong(message)) => say(&message, 2),
        Err(Failure::Explained) => ExitCode::from(2),
        Err(Failure::Stopped) => ExitCode::from(INTERRUPTED),
        Err(Failure::Interrupted) => {
            output::note("interrupted: nothing has been written");
            ExitCode::from(INTERRUPTED)
        }
        Err(Failure::Kept(message)) => {
            output::note(&message);
            ExitCode::from(INTERRUPTED)
        }
    }
}

fn say(message: &str, code: u8) -> ExitCode {
    output::error(message);
    ExitCode::from(code)
}
