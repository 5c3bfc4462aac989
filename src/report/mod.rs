//! Results out: the output folder, the tables in it, and the comparison that people read.
//!
//! Everything here is a function of [`Results`] and of where they come from ([`Provenance`]); nothing here estimates,
//! simulates, or prints. What the columns of a table are stands in [`columns`]; a new format is one file beside `csv` and
//! `parquet`, and a new output file one line in `FILES` and one in `write_file`.

pub mod columns;
pub mod csv;
pub mod dictionary;
pub mod explain;
pub mod folder;
pub mod json;
pub mod manifest;
pub mod parquet;
pub mod precision;
pub mod robustness;
#[cfg(test)]
mod samples;
pub mod screen;
pub mod selection;
mod sha256;
pub mod staffing;
pub mod sweep;
pub mod terminal;

pub use columns::Context;
pub use explain::{Explanation, explain};
pub use folder::{FolderError, OutputFolder};
pub use manifest::{Change, Provenance, Timings};
pub use staffing::StaffingProvenance;
pub use terminal::{Style, comparison, staffing_plan};

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use crate::experiment::tables::Results;

/// When a file of the output folder is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    Always,
    Tickets,
    Events,
}

/// Every file of an output folder. `report.html` has its place here, after the tables it is made from.
const FILES: &[(&str, When)] = &[
    ("summary.csv", When::Always),
    ("summary.parquet", When::Always),
    ("comparison.csv", When::Always),
    ("replications.parquet", When::Always),
    ("timeline.parquet", When::Always),
    ("tickets.parquet", When::Tickets),
    ("events.parquet", When::Events),
    ("events.csv", When::Events),
    (manifest::FILE, When::Always),
];

/// Why an output folder could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The folder could not be made, or put in its place.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// A file could not be written.
    #[error("cannot write {file}: {source}; is the disk full?")]
    File {
        /// Its name in the folder.
        file: String,
        /// What went wrong.
        source: io::Error,
    },
    /// The user asked to stop; nothing has been left behind.
    #[error("interrupted: nothing has been written")]
    Interrupted,
}

/// Writes the whole output folder, or nothing: what stood there before stays until all of the new one is on the disk.
/// `interrupted` is asked between files.
pub fn write(
    folder: OutputFolder,
    results: &Results,
    provenance: &Provenance<'_>,
    interrupted: &dyn Fn() -> bool,
) -> Result<(), ReportError> {
    let names = files(provenance).map(|(file, _)| *file);
    let write_one = |path: &Path, file: &str| write_file(path, file, results, provenance);
    fill(folder, names, &write_one, interrupted)
}

/// Fills a folder file by file and puts it in its place.
fn fill(
    folder: OutputFolder,
    files: impl Iterator<Item = &'static str>,
    write_one: &dyn Fn(&Path, &str) -> io::Result<()>,
    interrupted: &dyn Fn() -> bool,
) -> Result<(), ReportError> {
    let new = folder.begin()?;
    for file in files {
        write_one(&new.path().join(file), file).map_err(|source| ReportError::File {
            file: file.to_owned(),
            source,
        })?;
        if interrupted() {
            return Err(ReportError::Interrupted);
        }
    }
    Ok(new.put_in_place()?)
}

/// Writes files that were made in memory, by their paths in the folder: all of them, or nothing. `interrupted` is asked
/// between files.
pub fn write_files(
    folder: OutputFolder,
    files: &[(String, Vec<u8>)],
    interrupted: &dyn Fn() -> bool,
) -> Result<(), ReportError> {
    let new = folder.begin()?;
    for (path, bytes) in files {
        let target = new.path().join(path);
        let written = target.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| {
            let mut out = File::create(&target)?;
            out.write_all(bytes)?;
            out.sync_all()
        });
        written.map_err(|source| ReportError::File {
            file: path.clone(),
            source,
        })?;
        if interrupted() {
            return Err(ReportError::Interrupted);
        }
    }
    Ok(new.put_in_place()?)
}

/// The files that this run writes.
fn files(provenance: &Provenance<'_>) -> impl Iterator<Item = &'static (&'static str, When)> {
    let (tickets, events) = (provenance.tickets, provenance.events);
    FILES.iter().filter(move |(_, when)| match when {
        When::Always => true,
        When::Tickets => tickets,
        When::Events => events,
    })
}

fn write_file(path: &Path, file: &str, results: &Results, provenance: &Provenance<'_>) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    let of = Context {
        results,
        origin: provenance.origin,
    };
    match file {
        "summary.csv" => csv::write_summary(&mut out, of)?,
        "summary.parquet" => parquet::write_summary(&mut out, of).map_err(io::Error::other)?,
        "comparison.csv" => csv::write_comparison(&mut out, of)?,
        "replications.parquet" => parquet::write_replications(&mut out, of).map_err(io::Error::other)?,
        "timeline.parquet" => parquet::write_timeline(&mut out, of).map_err(io::Error::other)?,
        "tickets.parquet" => parquet::write_tickets(&mut out, of).map_err(io::Error::other)?,
        "events.parquet" => parquet::write_events(&mut out, of).map_err(io::Error::other)?,
        "events.csv" => csv::write_events(&mut out, of)?,
        manifest::FILE => manifest::write(&mut out, results, provenance, files(provenance).map(|(file, _)| *file))?,
        _ => unreachable!("{file} is in FILES and has no writer"),
    }
    out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn write_to(target: &Path, tickets: bool, interrupted: bool) -> Result<(), ReportError> {
        let results = samples::three_candidates();
        let origin = samples::origin();
        let mut provenance = samples::provenance(&origin);
        provenance.tickets = tickets;
        let folder = OutputFolder::check(target).expect("free");
        write(folder, &results, &provenance, &|| interrupted)
    }

    fn names(folder: &Path) -> BTreeSet<String> {
        let entries = std::fs::read_dir(folder).expect("a folder");
        entries
            .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
            .collect()
    }

    #[test]
    fn a_folder_holds_what_was_asked_for_and_is_written_again_in_place() {
        let home = tempfile::tempdir().expect("a folder");
        let target = home.path().join("out").join("run");
        write_to(&target, true, false).expect("written");
        assert!(names(&target).contains("tickets.parquet") && !names(&target).contains("events.csv"));
        write_to(&target, false, false).expect("written again");
        let always: BTreeSet<_> = FILES
            .iter()
            .filter(|(_, when)| *when == When::Always)
            .map(|(file, _)| (*file).to_owned())
            .collect();
        assert_eq!(names(&target), always);
        assert_eq!(names(&home.path().join("out")).len(), 1, "nothing is left beside it");
    }

    #[test]
    fn an_interrupted_write_leaves_nothing_and_keeps_the_old() {
        let home = tempfile::tempdir().expect("a folder");
        let target = home.path().join("run");
        assert!(matches!(write_to(&target, false, true), Err(ReportError::Interrupted)));
        assert!(names(home.path()).is_empty());
        write_to(&target, true, false).expect("written");
        let before = names(&target);
        assert!(matches!(write_to(&target, false, true), Err(ReportError::Interrupted)));
        assert_eq!(names(&target), before);
        assert_eq!(names(home.path()).len(), 1);
    }

    #[test]
    fn the_same_results_are_the_same_bytes() {
        let home = tempfile::tempdir().expect("a folder");
        let (one, two) = (home.path().join("one"), home.path().join("two"));
        write_to(&one, true, false).expect("written");
        write_to(&two, true, false).expect("written");
        for file in names(&one) {
            let read = |folder: &Path| std::fs::read(folder.join(&file)).expect("a file");
            assert!(read(&one) == read(&two), "{file}");
        }
    }
}
