//! The output folder of a robustness table: the comparison in every world, and how it all came to be.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use serde_json::{Value, json};

use super::columns::{Column, Context, Page, Read, columns, page, whole};
use super::folder::OutputFolder;
use super::manifest::{self, Provenance};
use super::{ReportError, csv, fill, json};
use crate::experiment::robustness::{RobustnessResults, RobustnessRow};

/// The key of its manifest that no other command's has.
pub const MARK: &str = "robustness";

/// Every file of the folder.
const FILES: &[&str] = &["robustness.csv", manifest::FILE];

columns! {
    /// `robustness.csv`: world × candidate × metric × slice.
    ROBUSTNESS of RobustnessRow:

    "stress" ["–"] Text(|row, _| row.stress.as_str().into())
        "The world: `none` is the scenario as it is; `inputs redrawn` are its estimates, drawn anew; others are in the manifest."
    "candidate" ["–"] Text(|row, of| of.candidate(row.comparison.candidate))
        "The candidate."
    "against" ["–"] Text(|row, of| of.candidate(row.comparison.against))
        "The candidate that it is compared with, on the same tickets."
    "metric" ["–"] Text(|row, _| row.comparison.metric.into())
        "What is compared, by its name in the metrics dictionary."
    "by" ["–"] Text(|row, _| row.comparison.by.into())
        "As in `summary`."
    "group" ["–"] Text(|row, _| row.comparison.group.as_str().into())
        "As in `summary`."
    "difference" ["the metric's"] Number(|row| row.comparison.difference)
        "Estimate of `candidate` minus estimate of `against` in that world; of redrawn inputs, the mean over the draws."
    "low" ["the metric's"] Number(|row| row.comparison.low)
        "Lower end of the 95 % interval; of redrawn inputs, the least of the draws."
    "high" ["the metric's"] Number(|row| row.comparison.high)
        "Upper end; of redrawn inputs, the greatest of the draws."
    "p_adjusted" ["probability"] Number(|row| row.comparison.p_adjusted)
        "Two-sided p-value, adjusted (Holm) over the candidates; missing for redrawn inputs."
    "verdict" ["–"] Text(|row, _| row.comparison.verdict.as_str().into())
        "What the interval says in that world, in words."
    "plain_verdict" ["–"] Text(|row, _| row.holds.words().into())
        "What becomes of the verdict on the scenario as it is: `holds`, `reverses`, `is no longer certain`, `becomes certain`, `no certain difference either`."
    "input_share" ["share"] Number(|row| row.input_share)
        "Share of the error of the plain difference that comes from the inputs, which more replications cannot remove; redrawn inputs only."
    "draws" ["draws"] Whole(|row| row.draws.map(i64::from))
        "How often the inputs were redrawn; redrawn inputs only."
    "n" ["observations"] Whole(|row| whole(row.comparison.n))
        "Observations behind the difference; of redrawn inputs, those behind the plain one."
    "replications" ["replications"] Whole(|row| Some(row.comparison.replications.into()))
        "Replications behind the interval."
}

/// The pages of the documentation.
pub(super) fn pages() -> Vec<Page> {
    vec![page(
        "`robustness.csv` (`escalade robustness`)",
        "world × candidate × metric × slice",
        ROBUSTNESS,
    )]
}

/// Writes the whole folder, or nothing.
pub fn write(
    folder: OutputFolder,
    results: &RobustnessResults,
    provenance: &Provenance<'_>,
    interrupted: &dyn Fn() -> bool,
) -> Result<(), ReportError> {
    let write_one = |path: &Path, file: &str| write_file(path, file, results, provenance);
    fill(folder, FILES.iter().copied(), &write_one, interrupted)
}

fn write_file(path: &Path, file: &str, results: &RobustnessResults, provenance: &Provenance<'_>) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    let of = Context {
        results: &results.run,
        origin: provenance.origin,
    };
    match file {
        "robustness.csv" => write_csv(&mut out, results, of)?,
        manifest::FILE => {
            let own = Some((MARK, facts(results)));
            manifest::write_with(&mut out, &results.run, provenance, own, FILES.iter().copied())?;
        }
        _ => unreachable!("{file} is in FILES and has no writer"),
    }
    out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
}

fn facts(results: &RobustnessResults) -> Value {
    let worlds = results
        .worlds
        .iter()
        .map(|world| json!({ "stress": world.name, "about": world.about }));
    json!({ "worlds": worlds.collect::<Value>(), "tickets_simulated": results.tickets_simulated })
}

/// The rows of `robustness.csv`.
pub fn write_csv(out: impl Write, results: &RobustnessResults, context: Context<'_>) -> io::Result<()> {
    csv::write(out, ROBUSTNESS, &results.rows, context)
}

/// The table as one JSON document.
pub fn document(results: &RobustnessResults, context: Context<'_>) -> Value {
    json!({
        "escalade": env!("CARGO_PKG_VERSION"),
        "robustness": facts(results),
        "replications": results.run.replications,
        "seed": results.run.seed,
        "rows": json::rows(ROBUSTNESS, &results.rows, context),
        "warnings": results.run.warnings,
    })
}
