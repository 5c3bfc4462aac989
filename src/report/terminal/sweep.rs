//! A sweep for people: the strongest effects, the knee of each axis and the front, with their intervals, in 80 columns.
//!
//! It shows a selection; everything is in the files. It prints nothing itself.

use std::path::Path;

use super::figures::{Estimate, Format, Unit, count};
use super::grid::{FIXED_SPACE, width, wrap_text};
use super::style::{Ink, Style};
use crate::experiment::sweep::{Design, EffectRow, FrontRow, ResponseRow, SweepResults};
use crate::measure::metrics::{Estimator, metric};
use crate::stats::front::Membership;

/// Metrics that are shown, if the sweep has them, after those of the front.
const SHOWN: [&str; 3] = [
    "breach_rate_first_response",
    "breach_rate_resolve",
    "time_to_resolve_p90_s",
];
/// Effects shown of one metric.
const EFFECTS: usize = 5;
/// Curves shown, and levels that a curve that is shown has at most.
const CURVES: usize = 4;
const LEVELS: usize = 12;
/// Points shown of the front.
const FRONT: usize = 12;
/// Below this share of explained variance the effects are a poor description.
const EXPLAINED: f64 = 0.8;
/// An effect is shown as certain at this adjusted p.
const CERTAIN: f64 = 0.05;

/// The whole summary as text of at most `columns` columns (80 is what it is made for; the least is 60).
pub fn summary(results: &SweepResults, files: Option<&Path>, columns: usize, style: Style) -> String {
    let most = columns.max(60);
    let mut lines = opening(results, most);
    lines.extend(effects(results, most, style));
    lines.extend(curves(results, most, style));
    lines.extend(knees(results, most, style));
    lines.extend(front(results, most, style));
    lines.extend(wrap_text(
        "± is half of the 95 % interval over replications; all points meet the same tickets, so what they share is in no \
         interval of an effect.",
        most,
        0,
    ));
    for warning in &results.run.warnings {
        lines.extend(wrap_text(&format!("warning: {warning}"), most, 2));
    }
    if let Some(files) = files {
        lines.push(format!(
            "All points, effects, curves and the front: {}",
            files.display()
        ));
    }
    lines.join("\n") + "\n"
}

fn opening(results: &SweepResults, most: usize) -> Vec<String> {
    let text = format!(
        "Sweep of {}: {} points ({}) of {} replications each; {} tickets simulated, seed {}.",
        results.candidate,
        count(results.point_count as u64),
        results.design.name(),
        results.run.replications,
        count(results.run.tickets_simulated),
        results.run.seed
    );
    let mut lines = wrap_text(&text, most, 0);
    for axis in &results.axes {
        lines.extend(set_in(axis.written(), most, 2, 4));
    }
    lines.push(String::new());
    lines
}

/// Text set in by `first`, its further lines by `rest`.
pub(super) fn set_in(text: &str, most: usize, first: usize, rest: usize) -> Vec<String> {
    let indent: String = std::iter::repeat_n(FIXED_SPACE, first).collect();
    wrap_text(&format!("{indent}{text}"), most, rest)
}

/// The unit of a metric.
pub(super) fn unit(name: &str) -> Unit {
    match metric(name).map(|metric| metric.estimator) {
        Some(Estimator::Share | Estimator::TimeRatio) => Unit::Percent,
        _ if name.ends_with("_s") => Unit::Seconds,
        _ => Unit::Plain,
    }
}

fn estimate(value: f64, low: Option<f64>, high: Option<f64>) -> Estimate {
    Estimate {
        value,
        interval: low.zip(high),
    }
}

fn shown(results: &SweepResults) -> Vec<&'static str> {
    let of_front = results.front.first().map(|row| [row.x_metric, row.y_metric]);
    let mut names: Vec<&'static str> = SHOWN.to_vec();
    names.extend(of_front.into_iter().flatten());
    // A sweep of other metrics shows its own.
    if !results.effects.iter().any(|row| names.contains(&row.metric)) {
        names.extend(results.effects.iter().map(|row| row.metric).take(1));
    }
    let mut seen = Vec::new();
    names.retain(|name| {
        let new = !seen.contains(name);
        seen.push(*name);
        new
    });
    names
}

fn effects(results: &SweepResults, most: usize, style: Style) -> Vec<String> {
    let mut lines = Vec::new();
    for name in shown(results) {
        let of_metric: Vec<&EffectRow> = results
            .effects
            .iter()
            .filter(|row| row.metric == name && row.by == "all")
            .collect();
        let Some(first) = of_metric.first() else { continue };
        lines.push(style.paint(Ink::Bold, &format!("What moves {name}{}", in_unit(name))));
        let mut certain: Vec<&EffectRow> = of_metric
            .iter()
            .copied()
            .filter(|row| row.p_adjusted.is_none_or(|p| p <= CERTAIN))
            .collect();
        certain.sort_by(|a, b| b.estimate.abs().total_cmp(&a.estimate.abs()));
        if of_metric.iter().all(|row| row.estimate == 0.0) {
            lines.push("  nothing: it is the same at every point".to_owned());
        } else if certain.is_empty() {
            lines.push("  nothing that can be told with certainty; more --replications may".to_owned());
        }
        for row in certain.iter().take(EFFECTS) {
            lines.extend(effect_line(row, most));
        }
        if certain.len() > EFFECTS {
            lines.push(format!("  … and {} more in effects.csv", certain.len() - EFFECTS));
        }
        if first.r_squared < EXPLAINED {
            let text = format!(
                "These effects explain {:.0} % of what differs between the points: read response.csv too.",
                100.0 * first.r_squared
            );
            lines.extend(set_in(&text, most, 2, 2));
        }
        lines.push(String::new());
    }
    lines
}

fn in_unit(name: &str) -> &'static str {
    match unit(name) {
        Unit::Percent => ", percentage points",
        Unit::Seconds | Unit::Plain | Unit::Money => "",
    }
}

/// What is moved, then the figure at the right, on the same line if there is room.
fn effect_line(row: &EffectRow, most: usize) -> Vec<String> {
    let what = match row.effect {
        "interaction" => format!("{} together with {}", row.axis, row.with_axis),
        "curvature" => format!("{}: the ends against the middle", row.axis),
        _ => format!("{}: {} → {}", row.axis, row.from, row.to),
    };
    let estimate = estimate(row.estimate, row.low, row.high);
    let figure = Format::of_difference(unit(row.metric), estimate).difference(estimate);
    let mut lines = set_in(&what, most, 2, 4);
    let last = lines.last().map_or(0, |line| width(line));
    match lines.last_mut() {
        Some(line) if last + 2 + width(&figure) <= most => {
            let gap = most - last - width(&figure);
            line.push_str(&" ".repeat(gap));
            line.push_str(&figure);
        }
        _ => lines.push(format!("{figure:>most$}")),
    }
    lines
}

/// How what is shown goes along the axes that move it for certain.
fn curves(results: &SweepResults, most: usize, style: Style) -> Vec<String> {
    let mut found: Vec<Vec<String>> = Vec::new();
    for name in shown(results) {
        for axis in &results.axes {
            let of = |row: &&ResponseRow| row.metric == name && row.by == "all" && row.axis == axis.name;
            let curve: Vec<&ResponseRow> = results.responses.iter().filter(of).collect();
            if (2..=LEVELS).contains(&curve.len()) && moves(results, name, &axis.name) {
                let mut lines = set_in(&format!("{name} along {}", axis.name), most, 2, 4);
                lines.extend(curve_lines(name, &curve));
                found.push(lines);
            }
        }
    }
    if found.is_empty() {
        return Vec::new();
    }
    let more = found.len().saturating_sub(CURVES);
    let title = "Curves: means over the points of a level, with bands that hold at all levels";
    let mut lines = vec![style.paint(Ink::Bold, title)];
    found.truncate(CURVES);
    lines.extend(found.into_iter().flatten());
    if more > 0 {
        lines.push(format!("  … and {more} more in response.csv"));
    }
    lines.push(String::new());
    lines
}

/// Whether an axis moves a metric for certain, alone; outside of a grid, where the points of two levels differ in the other
/// axes too, only if those are understood.
fn moves(results: &SweepResults, name: &str, axis: &str) -> bool {
    let of = |row: &EffectRow| row.metric == name && row.by == "all" && row.axis == axis && row.effect != "interaction";
    let mut effects = results.effects.iter().filter(|row| of(row));
    effects.any(|row| row.p_adjusted.is_some_and(|p| p <= CERTAIN) && is_understood(results, row))
}

/// The levels one below the other, their figures in a column.
fn curve_lines(name: &str, curve: &[&ResponseRow]) -> Vec<String> {
    let estimates = curve.iter().map(|row| estimate(row.estimate, row.low, row.high));
    let format = Format::of(unit(name), estimates.clone());
    let percent = if unit(name) == Unit::Percent { " %" } else { "" };
    let figures: Vec<String> = estimates
        .map(|estimate| format.figure(Some(estimate)))
        .map(|figure| format!("{} {}{percent}", figure.value, figure.spread))
        .collect();
    let widest = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or(0);
    let level = widest(&mut curve.iter().map(|row| width(&row.level)));
    let figure = widest(&mut figures.iter().map(|text| width(text)));
    let gap = |text: &str, most: usize| " ".repeat(most - width(text));
    let lines = curve.iter().zip(&figures).map(|(row, text)| {
        let level = format!("{}{}", gap(&row.level, level), row.level);
        format!("    {level}  {}{text}", gap(text, figure))
    });
    lines.collect()
}

fn knees(results: &SweepResults, most: usize, style: Style) -> Vec<String> {
    let mut lines = Vec::new();
    for name in shown(results) {
        for axis in &results.axes {
            let of = |row: &&ResponseRow| row.metric == name && row.by == "all" && row.axis == axis.name;
            let curve: Vec<&ResponseRow> = results.responses.iter().filter(of).collect();
            let knee = curve.iter().find(|row| row.knee);
            if let Some(knee) = knee.filter(|_| bends(results, name, &axis.name)) {
                let text = knee_line(name, knee, &curve);
                lines.extend(set_in(&text, most, 2, 4));
            }
        }
    }
    if !lines.is_empty() {
        let title = "Knees: where a curve bends most, and the values that 95 % of resamples give";
        lines.insert(0, style.paint(Ink::Bold, title));
        lines.push(String::new());
    }
    lines
}

/// Whether the curve is certainly not a straight line, and is that of the axis.
fn bends(results: &SweepResults, name: &str, axis: &str) -> bool {
    let certain = |row: &EffectRow| row.p_adjusted.is_some_and(|p| p <= CERTAIN);
    let of = |row: &&EffectRow| row.metric == name && row.by == "all" && row.axis == axis && row.effect == "curvature";
    let found = results.effects.iter().find(of).filter(|row| certain(row));
    found.is_some_and(|row| is_understood(results, row))
}

/// Whether the points of two levels differ in nothing else, or the effects say what that does.
fn is_understood(results: &SweepResults, row: &EffectRow) -> bool {
    results.design == Design::Grid || row.r_squared >= EXPLAINED
}

fn knee_line(name: &str, knee: &ResponseRow, curve: &[&ResponseRow]) -> String {
    let estimate = estimate(knee.estimate, knee.low, knee.high);
    let figure = Format::of(unit(name), [estimate]).figure(Some(estimate));
    let percent = if unit(name) == Unit::Percent { " %" } else { "" };
    let (least, greatest) = knee_range(curve);
    let range = match least == greatest {
        true => String::new(),
        false => format!(" ({least} to {greatest})"),
    };
    format!(
        "{name} along {}: {}{range}, where it is {} {}{percent}",
        knee.axis, knee.level, figure.value, figure.spread
    )
}

/// The levels between which the knee lies in 95 % of the resamples.
fn knee_range<'a>(curve: &[&'a ResponseRow]) -> (&'a str, &'a str) {
    let mut below = 0.0;
    let (mut least, mut greatest) = (None, None);
    for row in curve {
        below += row.knee_share;
        if least.is_none() && below > 0.025 {
            least = Some(row.level.as_str());
        }
        if greatest.is_none() && below >= 0.975 {
            greatest = Some(row.level.as_str());
        }
    }
    let last = curve.last().map_or("", |row| &row.level);
    (least.unwrap_or(last), greatest.unwrap_or(last))
}

fn front(results: &SweepResults, most: usize, style: Style) -> Vec<String> {
    let Some(first) = results.front.first() else {
        return Vec::new();
    };
    let mut on: Vec<&FrontRow> = results.front.iter().filter(|row| row.on_front).collect();
    on.sort_by(|a, b| a.x[0].unwrap_or(0.0).total_cmp(&b.x[0].unwrap_or(0.0)));
    let (x, y) = (first.x_metric, first.y_metric);
    let mut lines = vec![style.paint(
        Ink::Bold,
        &format!("Front of {x} against {y}: nobody is better in both"),
    )];
    let figures = |name: &str, of: &dyn Fn(&FrontRow) -> [Option<f64>; 3]| -> Vec<String> {
        let estimates: Vec<Option<Estimate>> = on
            .iter()
            .map(|row| of(row))
            .map(|[value, low, high]| Some(estimate(value?, low, high)))
            .collect();
        let format = Format::of(unit(name), estimates.iter().copied().flatten());
        let text = |estimate: &Option<Estimate>| {
            let figure = format.figure(*estimate);
            let percent = if unit(name) == Unit::Percent { " %" } else { "" };
            format!("{} {}{percent}", figure.value, figure.spread)
        };
        estimates.iter().map(text).collect()
    };
    let (xs, ys) = (figures(x, &|row| row.x), figures(y, &|row| row.y));
    for (index, row) in on.iter().enumerate().take(FRONT) {
        let sure = match row.membership {
            Membership::On => "certain".to_owned(),
            Membership::Maybe | Membership::Off => format!("{:.0} % sure", 100.0 * row.front_share),
        };
        lines.push(format!(
            "  point {:>4}  {:>20}  {:>24}  {sure}",
            row.point, xs[index], ys[index]
        ));
        lines.extend(set_in(&settings(results, row.point), most, 6, 6));
    }
    if on.len() > FRONT {
        lines.push(format!("  … and {} more points in pareto.csv", on.len() - FRONT));
    }
    let maybe = results
        .front
        .iter()
        .filter(|row| !row.on_front && row.membership == Membership::Maybe)
        .count();
    if maybe > 0 {
        lines.push(format!(
            "  {} other points could be on it too (membership `maybe`)",
            count(maybe as u64)
        ));
    }
    lines.push(String::new());
    lines
}

fn settings(results: &SweepResults, point: usize) -> String {
    let mut settings: Vec<String> = Vec::new();
    let mut axes = Vec::new();
    for row in results.points.iter().filter(|row| row.point == point) {
        if !axes.contains(&&row.axis) {
            settings.push(format!("{} = {}", row.axis, row.value));
            axes.push(&row.axis);
        }
    }
    settings.join(", ")
}
