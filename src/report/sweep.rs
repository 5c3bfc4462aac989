//! The output folder of a sweep: points, estimates, effects, response curves, the front, and how it all came to be.
//!
//! It is written as a run's folder is, whole or not at all, by the same writers. What the columns are stands here, beside the
//! columns of a run, and in `docs/outputs.md`.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use serde_json::{Value, json};

use super::columns::{Column, Context, Page, Read, columns, page, whole};
use super::folder::OutputFolder;
use super::manifest::{self, Provenance};
use super::{ReportError, csv, fill, json, parquet};
use crate::experiment::sweep::{EffectRow, FrontRow, PointRow, ResponseRow, SweepResults, SweepRow};
use crate::stats::front::Membership;

/// The key of its manifest that no other command's has.
pub const MARK: &str = "sweep";

/// Every file of a sweep's folder.
const FILES: &[&str] = &[
    "points.csv",
    "points.parquet",
    "sweep.csv",
    "sweep.parquet",
    "effects.csv",
    "response.csv",
    "pareto.csv",
    manifest::FILE,
];

columns! {
    /// `points.csv`, `points.parquet`: point × value that it sets.
    POINTS of PointRow:

    "point" ["number"] Whole(|row| whole(row.point as u64))
        "Number of the point, from 0."
    "axis" ["–"] Text(|row, _| row.axis.as_str().into())
        "The axis."
    "path" ["–"] Text(|row, _| row.path.as_str().into())
        "Path of the value in the scenario; several of one axis move together."
    "value" ["–"] Text(|row, _| row.value.as_str().into())
        "The value that the point sets."
    "number" ["the value's"] Number(|row| row.number)
        "The same as a number in its own unit; missing if it is none."
}

columns! {
    /// `sweep.csv`, `sweep.parquet`: point × metric × slice.
    SWEEP of SweepRow:

    "point" ["number"] Whole(|row| whole(row.point as u64))
        "Number of the point, as in `points`."
    "metric" ["–"] Text(|row, _| row.metric().into())
        "What is measured, by its name in the metrics dictionary."
    "by" ["–"] Text(|row, _| row.by().into())
        "As in `summary`."
    "group" ["–"] Text(|row, _| row.group().into())
        "As in `summary`."
    "estimate" ["the metric's"] Number(SweepRow::estimate)
        "The estimate over the point's replications; missing if there was nothing to observe."
    "low" ["the metric's"] Number(SweepRow::low)
        "Lower end of the 95 % confidence interval; missing if none can be given."
    "high" ["the metric's"] Number(SweepRow::high)
        "Upper end of the 95 % confidence interval."
    "n" ["observations"] Whole(|row| whole(row.n()))
        "Observations behind the estimate: a ratio's denominator."
    "replications" ["replications"] Whole(|row| Some(row.replications.into()))
        "Replications of the point."
}

columns! {
    /// `effects.csv`: metric × slice × effect.
    EFFECTS of EffectRow:

    "metric" ["–"] Text(|row, _| row.metric.into())
        "What is moved, by its name in the metrics dictionary."
    "by" ["–"] Text(|row, _| row.by.into())
        "As in `summary`."
    "group" ["–"] Text(|row, _| row.group.as_str().into())
        "As in `summary`."
    "effect" ["–"] Text(|row, _| row.effect.into())
        "`main`: the change from `from` to `to`, the other axes in the middle of their ranges; `level`: the same between two kinds; `interaction`: half of what two axes do together beyond what each does alone; `curvature`: what the ends of the range have more than its middle."
    "axis" ["–"] Text(|row, _| row.axis.as_str().into())
        "The axis."
    "with_axis" ["–"] Text(|row, _| row.with_axis.as_str().into())
        "The other axis of an interaction; empty otherwise."
    "from" ["–"] Text(|row, _| row.from.as_str().into())
        "The axis' value that is measured from: the low end, or the first kind."
    "to" ["–"] Text(|row, _| row.to.as_str().into())
        "The axis' value that is measured to."
    "estimate" ["the metric's"] Number(|row| Some(row.estimate))
        "The effect."
    "low" ["the metric's"] Number(|row| row.low)
        "Lower end of its 95 % interval, over replications."
    "high" ["the metric's"] Number(|row| row.high)
        "Upper end."
    "p_adjusted" ["probability"] Number(|row| row.p_adjusted)
        "Two-sided p-value, adjusted (Holm) over the effects on this metric and slice."
    "r_squared" ["share"] Number(|row| Some(row.r_squared))
        "Share of the variance between the points that all effects together explain."
    "residual" ["the metric's"] Number(|row| Some(row.residual))
        "Root mean square of what they do not explain."
    "points" ["points"] Whole(|row| whole(row.points as u64))
        "Points behind the effect."
    "replications" ["replications"] Whole(|row| Some(row.replications.into()))
        "Replications behind the interval."
}

columns! {
    /// `response.csv`: axis × level × metric × slice.
    RESPONSE of ResponseRow:

    "axis" ["–"] Text(|row, _| row.axis.as_str().into())
        "The axis."
    "level" ["–"] Text(|row, _| row.level.as_str().into())
        "The axis' value, or the range of values that were taken together."
    "number" ["the value's"] Number(|row| row.number)
        "The same as a number, the middle of a range; missing if it is none."
    "metric" ["–"] Text(|row, _| row.metric.into())
        "What responds, by its name in the metrics dictionary."
    "by" ["–"] Text(|row, _| row.by.into())
        "As in `summary`."
    "group" ["–"] Text(|row, _| row.group.as_str().into())
        "As in `summary`."
    "estimate" ["the metric's"] Number(|row| Some(row.estimate))
        "Mean over the points of this level; what the effects say that the other axes do is evened out between the levels."
    "low" ["the metric's"] Number(|row| row.low)
        "Lower end of the 95 % band, which holds at all levels of the curve at once."
    "high" ["the metric's"] Number(|row| row.high)
        "Upper end."
    "knee" ["–"] Flag(|row| Some(row.knee))
        "Whether the curve has its knee here: the level farthest from the chord between the ends."
    "knee_share" ["share"] Number(|row| Some(row.knee_share))
        "Share of the bootstrap samples in which the knee is here."
    "points" ["points"] Whole(|row| whole(row.points as u64))
        "Points of this level."
    "replications" ["replications"] Whole(|row| Some(row.replications.into()))
        "Replications behind the band."
}

columns! {
    /// `pareto.csv`: point, by two metrics.
    PARETO of FrontRow:

    "point" ["number"] Whole(|row| whole(row.point as u64))
        "Number of the point, as in `points`."
    "x_metric" ["–"] Text(|row, _| row.x_metric.into())
        "The first metric: a cost, or people on duty."
    "x" ["the metric's"] Number(|row| row.x[0])
        "Its estimate."
    "x_low" ["the metric's"] Number(|row| row.x[1])
        "Lower end of its 95 % interval."
    "x_high" ["the metric's"] Number(|row| row.x[2])
        "Upper end."
    "y_metric" ["–"] Text(|row, _| row.y_metric.into())
        "The second metric."
    "y" ["the metric's"] Number(|row| row.y[0])
        "Its estimate."
    "y_low" ["the metric's"] Number(|row| row.y[1])
        "Lower end of its 95 % interval."
    "y_high" ["the metric's"] Number(|row| row.y[2])
        "Upper end."
    "on_front" ["–"] Flag(|row| Some(row.on_front))
        "Whether no other point's estimates are at least as good in both and better in one."
    "membership" ["–"] Text(|row, _| Cow::Borrowed(word(row.membership)))
        "`on`: nothing else can be better, on the same tickets; `off`: something else is, for certain (95 % over all pairs); `maybe`."
    "front_share" ["share"] Number(|row| Some(row.front_share))
        "Share of the bootstrap samples in which the point is on the front."
    "n" ["observations"] Whole(|row| whole(row.n))
        "Observations behind the second metric's estimate."
    "replications" ["replications"] Whole(|row| Some(row.replications.into()))
        "Replications of the point."
}

/// `on`, `maybe`, `off`.
fn word(membership: Membership) -> &'static str {
    match membership {
        Membership::On => "on",
        Membership::Maybe => "maybe",
        Membership::Off => "off",
    }
}

/// The pages of the documentation.
pub(super) fn pages() -> Vec<Page> {
    vec![
        page(
            "`points.csv`, `points.parquet` (`escalade sweep`)",
            "point × value that it sets",
            POINTS,
        ),
        page("`sweep.csv`, `sweep.parquet`", "point × metric × slice", SWEEP),
        page("`effects.csv`", "metric × slice × effect", EFFECTS),
        page("`response.csv`", "axis × level × metric × slice", RESPONSE),
        page("`pareto.csv`", "point", PARETO),
    ]
}

/// Writes the whole folder, or nothing.
pub fn write(
    folder: OutputFolder,
    results: &SweepResults,
    provenance: &Provenance<'_>,
    interrupted: &dyn Fn() -> bool,
) -> Result<(), ReportError> {
    let write_one = |path: &Path, file: &str| write_file(path, file, results, provenance);
    fill(folder, FILES.iter().copied(), &write_one, interrupted)
}

fn write_file(path: &Path, file: &str, results: &SweepResults, provenance: &Provenance<'_>) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    let of = Context {
        results: &results.run,
        origin: provenance.origin,
    };
    match file {
        "points.csv" => csv::write(&mut out, POINTS, &results.points, of)?,
        "points.parquet" => parquet::write(&mut out, POINTS, &results.points, of).map_err(io::Error::other)?,
        "sweep.csv" => csv::write(&mut out, SWEEP, &results.rows, of)?,
        "sweep.parquet" => parquet::write(&mut out, SWEEP, &results.rows, of).map_err(io::Error::other)?,
        "effects.csv" => csv::write(&mut out, EFFECTS, &results.effects, of)?,
        "response.csv" => csv::write(&mut out, RESPONSE, &results.responses, of)?,
        "pareto.csv" => csv::write(&mut out, PARETO, &results.front, of)?,
        manifest::FILE => {
            let own = Some((MARK, facts(results)));
            manifest::write_with(&mut out, &results.run, provenance, own, FILES.iter().copied())?;
        }
        _ => unreachable!("{file} is in FILES and has no writer"),
    }
    out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
}

/// What was swept.
fn facts(results: &SweepResults) -> Value {
    let axis = |axis: &crate::experiment::sweep::Axis| {
        json!({
            "name": axis.name,
            "written": axis.written(),
            "paths": axis.paths().map(ToString::to_string).collect::<Vec<_>>(),
            "levels": axis.levels(),
        })
    };
    json!({
        "candidate": results.candidate,
        "design": results.design.name(),
        "points": results.point_count,
        "axes": results.axes.iter().map(axis).collect::<Value>(),
    })
}

/// The rows of `sweep.csv`.
pub fn write_csv(out: impl Write, results: &SweepResults, context: Context<'_>) -> io::Result<()> {
    csv::write(out, SWEEP, &results.rows, context)
}

/// All tables as one JSON document.
pub fn document(results: &SweepResults, context: Context<'_>) -> Value {
    json!({
        "escalade": env!("CARGO_PKG_VERSION"),
        "sweep": facts(results),
        "replications": results.run.replications,
        "seed": results.run.seed,
        "tickets_simulated": results.run.tickets_simulated,
        "points": json::rows(POINTS, &results.points, context),
        "estimates": json::rows(SWEEP, &results.rows, context),
        "effects": json::rows(EFFECTS, &results.effects, context),
        "response": json::rows(RESPONSE, &results.responses, context),
        "pareto": json::rows(PARETO, &results.front, context),
        "warnings": results.run.warnings,
    })
}
