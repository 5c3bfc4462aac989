//! Words on standard output and standard error; colour only on a terminal, and never where `NO_COLOR` is set.

use std::io::{self, ErrorKind, Write};

use super::exit::Failure;

/// Prints a result. A reader that has gone is not an error.
pub(super) fn result(text: &str) -> Result<(), Failure> {
    let mut out = anstream::stdout().lock();
    said(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
}

/// Prints what a person at a terminal is to see at once, without an end of line of its own.
pub(super) fn terminal(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    said(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
}

/// Prints a result that is written piece by piece and has no colour.
pub(super) fn result_by(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    said(write(&mut out).and_then(|()| out.flush()))
}

/// Prints a result as JSON.
pub(super) fn json(document: &serde_json::Value) -> Result<(), Failure> {
    result_by(|out| {
        serde_json::to_writer_pretty(&mut *out, document)?;
        out.write_all(b"\n")
    })
}

fn said(written: io::Result<()>) -> Result<(), Failure> {
    match written {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Err(Failure::NobodyReads),
        Err(error) => Err(Failure::Failed(format!("cannot write to standard output: {error}"))),
    }
}

/// Says something beside the result. That standard error cannot be written to is nothing that one could say anywhere.
pub(super) fn note(text: &str) {
    let _ = writeln!(anstream::stderr(), "{text}");
}

/// Says what went wrong.
pub(super) fn error(message: &str) {
    let _ = writeln!(anstream::stderr(), "\u{1b}[1;31merror\u{1b}[0m: {message}");
}

/// Says what is odd.
pub(super) fn warning(message: &str) {
    let _ = writeln!(anstream::stderr(), "\u{1b}[1;33mwarning\u{1b}[0m: {message}");
}
