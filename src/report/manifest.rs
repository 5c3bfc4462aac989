//! `manifest.json`: how a run came to be, so that it can be repeated and be told from others.
//!
//! It holds the scenario's whole text, so that a folder explains itself without the file it was made from. All of it but
//! the object `timings` depends on the scenario, the options and the version alone: not on the machine, the time of day,
//! the number of threads or the path of the file.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::{precision, selection, sha256};
use crate::experiment::tables::Results;
use crate::time::{Instant, Origin, tzdb_version};

/// Its name in the output folder.
pub const FILE: &str = "manifest.json";

/// The key that holds our version, by which a folder is known as ours.
pub(super) const OURS: &str = "escalade";

/// Where results come from.
#[derive(Debug, Clone)]
pub struct Provenance<'a> {
    /// The scenario's file name, without its folder.
    pub scenario_file: &'a str,
    /// The scenario's text.
    pub scenario_text: &'a str,
    /// When, on the wall, the run starts.
    pub origin: &'a Origin,
    /// What each candidate changes, in the order of [`Results::candidates`]; nothing for `base`.
    pub changes: Vec<Vec<Change>>,
    /// Whether tickets were asked for.
    pub tickets: bool,
    /// Whether events were asked for.
    pub events: bool,
    /// Replications, the first ones, whose tickets and events are written.
    pub trace_replications: u32,
    /// What was asked for on the command line, as it is called there; nothing that the results do not depend on.
    pub options: Map<String, Value>,
    /// What may differ between two equal runs.
    pub timings: Timings,
}

/// A value that a candidate changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The value's path in the scenario.
    pub path: String,
    /// What the base says; `None`: nothing.
    pub before: Option<String>,
    /// What the candidate says; `None`: nothing.
    pub after: Option<String>,
}

/// What may differ between two equal runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Timings {
    /// When the run was started, RFC 3339 in UTC.
    pub started_at: String,
    /// How long it took, from its start until the results were there.
    pub wall: Duration,
    /// Threads that simulated.
    pub threads: usize,
}

/// Keys by which the manifests of other commands are known.
const MARKS: &[&str] = &["drill_pack", "drill_score", "drill_plan", "sweep", "robustness"];

/// What an earlier manifest says of its folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Earlier {
    /// The key that tells which command wrote it; none: a run.
    pub mark: Option<String>,
    /// The files that were written.
    pub files: Vec<String>,
}

/// Reads the manifest at `path`, if it is one of ours.
pub(super) fn read(path: &Path) -> Option<Earlier> {
    let manifest = serde_json::from_slice::<Value>(&fs::read(path).ok()?).ok()?;
    manifest.get(OURS).filter(|version| version.is_string())?;
    let files = manifest.get("files").and_then(Value::as_array).into_iter().flatten();
    Some(Earlier {
        mark: MARKS
            .iter()
            .find(|mark| manifest.get(**mark).is_some())
            .map(|mark| (*mark).to_owned()),
        files: files.filter_map(Value::as_str).map(str::to_owned).collect(),
    })
}

/// Writes the manifest of a run that wrote `files`.
pub fn write(
    out: impl Write,
    results: &Results,
    provenance: &Provenance<'_>,
    files: impl Iterator<Item = &'static str>,
) -> io::Result<()> {
    write_with(out, results, provenance, None, files)
}

/// The same with an object of a command of its own, by its name.
pub(super) fn write_with(
    mut out: impl Write,
    results: &Results,
    provenance: &Provenance<'_>,
    own: Option<(&str, Value)>,
    files: impl Iterator<Item = &'static str>,
) -> io::Result<()> {
    let mut manifest = manifest(results, provenance);
    if results.precision.is_some() {
        manifest["precision"] = precision::document(results);
    }
    if results.selection.is_some() {
        manifest["selection"] = selection::document(results);
    }
    if let Some((name, value)) = own {
        manifest[name] = value;
    }
    manifest["files"] = files.collect();
    // Last, so that two equal runs differ in the last lines only.
    manifest["timings"] = timings(&provenance.timings);
    serde_json::to_writer_pretty(&mut out, &manifest)?;
    out.write_all(b"\n")
}

fn manifest(results: &Results, provenance: &Provenance<'_>) -> Value {
    json!({
        OURS: env!("CARGO_PKG_VERSION"),
        "zone_database": tzdb_version(),
        "scenario": {
            "file": provenance.scenario_file,
            "sha256": sha256::hex(provenance.scenario_text.as_bytes()),
            "text": provenance.scenario_text,
        },
        "options": provenance.options,
        "seed": results.seed,
        "replications": results.replications,
        "start": provenance.origin.iso(Instant::START),
        "candidates": candidates(results, provenance),
        "severities": results.severities,
        "tiers": results.tiers,
        "tickets_simulated": results.tickets_simulated,
        "traces": {
            "tickets": provenance.tickets,
            "events": provenance.events,
            "replications": provenance.trace_replications,
        },
        "warnings": results.warnings,
    })
}

fn candidates(results: &Results, provenance: &Provenance<'_>) -> Value {
    let changes = provenance
        .changes
        .iter()
        .map(Vec::as_slice)
        .chain(std::iter::repeat(&[][..]));
    let candidates = results.candidates.iter().zip(changes).map(|(candidate, changes)| {
        json!({
            "name": candidate.name,
            "description": candidate.description,
            "changes": changes.iter().map(change).collect::<Value>(),
        })
    });
    candidates.collect()
}

fn change(change: &Change) -> Value {
    json!({ "path": change.path, "before": change.before, "after": change.after })
}

pub(super) fn timings(timings: &Timings) -> Value {
    json!({
        "started_at": timings.started_at,
        "wall_s": timings.wall.as_secs_f64(),
        "threads": timings.threads,
    })
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    fn written(threads: usize) -> String {
        let origin = samples::origin();
        let mut provenance = samples::provenance(&origin);
        provenance.timings.threads = threads;
        let mut bytes = Vec::new();
        write(
            &mut bytes,
            &samples::three_candidates(),
            &provenance,
            ["summary.csv", FILE].into_iter(),
        )
        .expect("written");
        String::from_utf8(bytes).expect("UTF-8")
    }

    #[test]
    fn a_manifest_says_how_the_run_came_to_be() {
        let quoted = |text: &str| format!("\"{text}\"");
        let text = written(2).replacen(&quoted(env!("CARGO_PKG_VERSION")), "[version]", 1);
        insta::assert_snapshot!(text.replacen(&quoted(&tzdb_version()), "[version]", 1));
    }

    #[test]
    fn equal_runs_differ_in_their_timings_only() {
        let before = |text: &str| text.split_once("\"timings\"").expect("timings").0.to_owned();
        assert_ne!(written(1), written(8));
        assert_eq!(before(&written(1)), before(&written(8)));
    }
}
