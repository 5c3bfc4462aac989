//! Reading the scenario that a command was given, and showing what is wrong with it.

use std::io;
use std::path::Path;

use super::exit::Failure;
use super::output;
use crate::scenario::{Document, Problems, render};

/// Reads a scenario file; what is wrong *in* it is in its problems.
pub(super) fn read(path: &Path) -> Result<Document, Failure> {
    Document::read(path).map_err(|error| {
        let help = match error.kind() {
            io::ErrorKind::NotFound => "; is the path right? `escalade init NAME` writes a scenario to start from",
            io::ErrorKind::IsADirectory => "; name a scenario file",
            _ => "",
        };
        Failure::Wrong(format!("cannot read {}: {error}{help}", path.display()))
    })
}

/// Draws problems on standard error, each with its place in the file. Nothing if there are none.
pub(super) fn show(document: &Document, problems: &Problems) {
    if !problems.is_empty() {
        output::note(render(document, problems, true).trim_end());
    }
}

/// The scenario, if it can be run; what is odd about it is shown unless `quiet`.
pub(super) fn readable(path: &Path, quiet: bool) -> Result<Document, Failure> {
    let document = read(path)?;
    let broken = document.problems().any_error();
    if broken || !quiet {
        show(&document, document.problems());
    }
    if broken { Err(Failure::Explained) } else { Ok(document) }
}
