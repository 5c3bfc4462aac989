//! How a selection ended: who won, what is promised, what it cost, who was dropped when.

use serde_json::{Value, json};

use super::screen::{left, width};
use super::terminal::wrapped;
use crate::experiment::Unit;
use crate::experiment::select::{Racer, Selection};
use crate::experiment::tables::Results;
use crate::measure::metrics::metric;

/// The whole selection as text in lines of at most `width` columns (but for names that are longer); nothing if the run was
/// none.
pub fn lines(results: &Results, width: usize) -> Vec<String> {
    let Some(selection) = &results.selection else {
        return Vec::new();
    };
    let mut lines = wrapped(&outcome(results, selection), width);
    lines.push(String::new());
    lines.extend(table(results, selection));
    lines.push(String::new());
    lines.extend(wrapped(&cost(selection), width));
    lines
}

/// The object `selection` of `manifest.json` and of the JSON on standard output; `null` if the run was none.
pub fn document(results: &Results) -> Value {
    let Some(selection) = &results.selection else {
        return Value::Null;
    };
    let name = |candidate: usize| &results.candidates[candidate].name;
    let racers = selection.racers.iter().enumerate().map(|(candidate, racer)| {
        json!({
            "candidate": name(candidate),
            "replications": racer.replications,
            "level": racer.level,
            "dropped_by": racer.beaten_by.map(name),
        })
    });
    json!({
        "metric": selection.metric,
        "by": selection.by,
        "group": selection.group,
        "best_is": if selection.lowest { "lowest" } else { "highest" },
        "promise": selection.promise,
        "indifference": selection.zone,
        "winner": selection.winner.map(name),
        "most_replications": selection.most,
        "decided_after": selection.decided_after.map(|(likely, at_most)| json!({ "likely": likely, "at_most": at_most })),
        "candidates": racers.collect::<Value>(),
    })
}

fn figure(selection: &Selection) -> String {
    match selection.by {
        "all" => selection.metric.to_owned(),
        _ => format!("{} {}", selection.metric, selection.group),
    }
}

fn level(selection: &Selection, value: f64) -> String {
    match metric(selection.metric).map(Unit::of) {
        Some(Unit::Share) => format!("{:.3} %", value * 100.0),
        Some(Unit::Seconds) => format!("{value:.1} s"),
        Some(Unit::Plain) | None => format!("{value:.4}"),
    }
}

fn zone(selection: &Selection) -> String {
    let digits = |number: f64| (number * 1e6).round() / 1e6;
    match metric(selection.metric).map(Unit::of) {
        Some(Unit::Share) => format!("{} pp", digits(selection.zone * 100.0)),
        Some(Unit::Seconds) => format!("{} s", digits(selection.zone)),
        Some(Unit::Plain) | None => digits(selection.zone).to_string(),
    }
}

fn outcome(results: &Results, selection: &Selection) -> String {
    let (side, figure, zone) = (
        if selection.lowest { "lowest" } else { "highest" },
        figure(selection),
        zone(selection),
    );
    let promise = (selection.promise * 1e6).round() / 1e4;
    let racing = selection
        .racers
        .iter()
        .filter(|racer| racer.beaten_by.is_none())
        .count();
    match selection.winner {
        Some(winner) => format!(
            "Best by the {side} {figure}: {}. With a probability of {promise} % or more it is the best, if the second is worse by {zone} or \
             more; otherwise it is the best or within {zone} of it.",
            results.candidates[winner].name
        ),
        None => {
            let (likely, at_most) = selection.decided_after.unwrap_or_default();
            format!(
                "Not decided: {racing} of {} candidates may still be best by the {side} {figure}, to within {zone} at {promise} %. It is \
                 likely to be decided after {likely} replications, {at_most} at most; {} were allowed (--max-replications). A wider \
                 --indifference takes fewer.",
                selection.racers.len(),
                selection.most
            )
        }
    }
}

/// The candidates, the best level first among those that are left, then the dropped, the last to go first.
fn table(results: &Results, selection: &Selection) -> Vec<String> {
    let mut order: Vec<usize> = (0..selection.racers.len()).collect();
    order.sort_by(|&a, &b| {
        let key = |racer: &Racer| (racer.beaten_by.is_some(), u32::MAX - racer.replications);
        let side = if selection.lowest { 1.0 } else { -1.0 };
        let [a, b] = [a, b].map(|one| &selection.racers[one]);
        key(a).cmp(&key(b)).then((side * a.level).total_cmp(&(side * b.level)))
    });
    let names = results.candidates.iter().map(|one| width(&one.name));
    let most = names.max().unwrap_or(0).max("candidate".len());
    let mut lines = vec![format!(
        "{}  {:>12}  {:>12}  fate",
        left("candidate", most),
        "level",
        "replications"
    )];
    lines.extend(order.into_iter().map(|candidate| {
        let racer = &selection.racers[candidate];
        let fate = match racer.beaten_by {
            Some(by) => format!("dropped, beaten by {}", results.candidates[by].name),
            None if selection.winner == Some(candidate) => "best".to_owned(),
            None => "still in the race".to_owned(),
        };
        let level = level(selection, racer.level);
        let name = &results.candidates[candidate].name;
        format!("{}  {level:>12}  {:>12}  {fate}", left(name, most), racer.replications)
    }));
    lines
}

fn cost(selection: &Selection) -> String {
    let spent: u64 = selection.racers.iter().map(|racer| u64::from(racer.replications)).sum();
    let longest = selection
        .racers
        .iter()
        .map(|racer| racer.replications)
        .max()
        .unwrap_or(0);
    let without = u64::from(longest) * selection.racers.len() as u64;
    format!(
        "{spent} replications were played; {without} if nobody had been dropped. The level of the best was seen in the replications \
         that chose it, so it may be a little better here than it is: play it with another --seed to know."
    )
}
