//! A robustness table for people: for every candidate and metric, the difference in each world and whether the verdict holds.
//!
//! It shows what is certain somewhere; everything is in the file. It prints nothing itself.

use std::path::Path;

use super::figures::{Estimate, Format, Unit, count};
use super::grid::wrap_text;
use super::style::{Ink, Style};
use super::sweep::{set_in, unit};
use crate::experiment::robustness::{Holds, RobustnessResults, RobustnessRow};
use crate::report::screen::left;

/// The whole table as text of at most `columns` columns (80 is what it is made for; the least is 60).
pub fn table(results: &RobustnessResults, files: Option<&Path>, columns: usize, style: Style) -> String {
    let most = columns.max(60);
    let mut lines = vec![style.paint(Ink::Bold, "Worlds")];
    for world in &results.worlds {
        lines.extend(set_in(&format!("{}: {}", world.name, world.about), most, 2, 4));
    }
    lines.push(String::new());
    for (candidate, info) in results.run.candidates.iter().enumerate().skip(1) {
        lines.extend(of_candidate(results, candidate, &info.name, most, style));
    }
    lines.extend(wrap_text(&best(results), most, 0));
    lines.extend(wrap_text(&how(results), most, 0));
    for warning in &results.run.warnings {
        lines.extend(wrap_text(&format!("warning: {warning}"), most, 2));
    }
    if let Some(files) = files {
        lines.push(format!("Every metric and slice: {}", files.display()));
    }
    lines.join("\n") + "\n"
}

fn of_candidate(results: &RobustnessResults, candidate: usize, name: &str, most: usize, style: Style) -> Vec<String> {
    let base = &results.run.candidates[0].name;
    let mut lines = vec![style.paint(Ink::Bold, &format!("{name} against {base}"))];
    let of = |row: &&RobustnessRow| row.comparison.candidate == candidate && row.holds == Holds::Plain;
    for plain in results.rows.iter().filter(of) {
        let rows: Vec<&RobustnessRow> = results.rows.iter().filter(|row| same(row, plain)).collect();
        if rows.iter().any(|row| is_certain(row)) {
            lines.extend(of_metric(&rows, most));
        }
    }
    if lines.len() == 1 {
        lines.push("  no difference is certain in any world; more --replications may tell".to_owned());
    }
    lines.push(String::new());
    lines
}

fn same(row: &RobustnessRow, plain: &RobustnessRow) -> bool {
    let (a, b) = (&row.comparison, &plain.comparison);
    (a.candidate, a.metric, a.by) == (b.candidate, b.metric, b.by) && a.group == b.group
}

fn is_certain(row: &RobustnessRow) -> bool {
    row.comparison.told.is_some_and(|verdict| verdict.is_certain())
}

fn of_metric(rows: &[&RobustnessRow], most: usize) -> Vec<String> {
    let plain = &rows[0].comparison;
    let slice = if plain.group.is_empty() {
        String::new()
    } else {
        format!(" {}", plain.group)
    };
    let points = if unit(plain.metric) == Unit::Percent {
        ", percentage points"
    } else {
        ""
    };
    let mut lines = set_in(&format!("{}{slice}{points}", plain.metric), most, 2, 4);
    for row in rows {
        let figure = Estimate::of_difference(&row.comparison).map_or_else(
            || super::figures::NOTHING.to_owned(),
            |estimate| Format::of_difference(unit(plain.metric), estimate).difference(estimate),
        );
        let words = match row.holds {
            Holds::Plain => row.comparison.verdict.as_str(),
            other => other.words(),
        };
        let inputs = row
            .input_share
            .map(|share| format!(" ({:.0} % of the error is the inputs')", 100.0 * share));
        lines.push(format!("    {}{figure:>20}  {words}", left(&row.stress, 18)));
        lines.extend(inputs.into_iter().map(|text| format!("    {:<18}{text}", "")));
    }
    lines
}

/// Who breaches least in each world: where that changes, the choice hangs on the inputs.
fn best(results: &RobustnessResults) -> String {
    let metric = "breach_rate_resolve";
    let of_world = |world: &str| {
        let rows = results
            .rows
            .iter()
            .filter(|row| row.stress == world && row.comparison.metric == metric && row.comparison.by == "all");
        let least = rows.min_by(|a, b| {
            let difference = |row: &RobustnessRow| row.comparison.difference.unwrap_or(0.0);
            difference(a).total_cmp(&difference(b))
        })?;
        let below = least.comparison.difference.is_some_and(|difference| difference < 0.0);
        Some(
            results.run.candidates[if below { least.comparison.candidate } else { 0 }]
                .name
                .as_str(),
        )
    };
    let worlds: Vec<(&str, &str)> = results
        .worlds
        .iter()
        .filter_map(|world| Some((world.name.as_str(), of_world(&world.name)?)))
        .collect();
    let Some((_, first)) = worlds.first() else {
        return String::new();
    };
    let mut others: Vec<(&str, Vec<&str>)> = Vec::new();
    for (world, best) in worlds.iter().filter(|(_, best)| best != first) {
        match others.iter_mut().find(|(name, _)| name == best) {
            Some((_, worlds)) => worlds.push(world),
            None => others.push((best, vec![world])),
        }
    }
    let others: Vec<String> = others
        .iter()
        .map(|(best, worlds)| format!("{best} with {}", worlds.join(", ")))
        .collect();
    match others.is_empty() {
        true => format!("Least {metric} by the estimates alone: {first}, in every world."),
        false => format!(
            "Least {metric} by the estimates alone: {first}; but {}.",
            others.join("; ")
        ),
    }
}

fn how(results: &RobustnessResults) -> String {
    let inputs = results.rows.iter().any(|row| row.draws.is_some());
    let redrawn = match inputs {
        true => "",
        false => {
            " No input is an estimate (an empirical law, or a standard error under `[uncertainty]`), so none was redrawn."
        }
    };
    format!(
        "± is half of the 95 % interval of the difference, paired by replication; {} replications of {} candidates in each world, \
         the same seeds in all but the redrawn ones; {} tickets simulated, seed {}.{redrawn}",
        results.run.replications,
        results.run.candidates.len(),
        count(results.tickets_simulated),
        results.run.seed
    )
}
