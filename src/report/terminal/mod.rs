//! The comparison for people: what every candidate breaches, how fast it answers and resolves, what it escalates and how
//! busy it keeps the tiers, each figure with its half-width, in 80 columns.
//!
//! A row is a candidate. A figure that differs from the base's carries a mark where the *paired* interval of the difference
//! excludes zero, which may be so although the two intervals shown overlap. It shows a selection; everything is in the
//! files. It prints nothing itself.

mod figures;
mod grid;
pub mod robustness;
mod staffing;
mod style;
pub mod sweep;
mod verdict;

pub use staffing::staffing as staffing_plan;
pub use style::Style;

use std::path::Path;

use super::{precision, selection};
use crate::experiment::tables::{ComparisonRow, Results, SummaryRow};

use figures::{Estimate, Format, Unit, count};
use grid::{Cell, Column, Grid, wrap_text};
use style::Ink;

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Better {
    Lower,
    Neither,
}

/// A metric and slice that has a column.
#[derive(Debug, Clone)]
struct Headline<'a> {
    metric: &'static str,
    by: &'static str,
    group: &'a str,
    unit: Unit,
    better: Better,
    heading: Vec<String>,
}

/// Columns under one title.
struct Block<'a> {
    title: String,
    /// What it shows, in two words.
    short: &'static str,
    observed: &'static str,
    headlines: Vec<Headline<'a>>,
}

/// The whole comparison as text of at most `width` columns (80 is what it is made for; the least is 60), ending in a
/// line's end. `files` is where the output folder is, if there is one.
pub fn comparison(results: &Results, files: Option<&Path>, width: usize, style: Style) -> String {
    let width = width.max(60);
    if results.selection.is_some() {
        return selected(results, files, width);
    }
    let severity = severity_slice(results);
    let blocks = blocks(results, severity);
    let mut lines = Vec::new();
    for block in &blocks {
        lines.extend(block_lines(block, results, width, style));
        lines.push(String::new());
    }
    if results.candidates.len() > 1 {
        lines.extend(legend(results, width, style));
        lines.push(String::new());
        lines.extend(verdict::sentences(results, &blocks, width));
        lines.push(String::new());
        if let Some(saved) = saved(results, &blocks) {
            lines.extend(wrap_text(&saved, width, 0));
            lines.push(String::new());
        }
    }
    lines.extend(footer(results, severity, files, width));
    lines.join("\n") + "\n"
}

/// The outcome of a selection: candidates were played unequally often, so that a table of all figures would mislead.
fn selected(results: &Results, files: Option<&Path>, width: usize) -> String {
    let mut lines = selection::lines(results, width);
    lines.extend(notes(results, files, width));
    lines.join("\n") + "\n"
}

/// Words in lines of at most `most` columns.
pub(super) fn wrapped(text: &str, most: usize) -> Vec<String> {
    wrap_text(text, most, 0)
}

/// The slice by severity that compares like with like: tickets of the same *reported* severity, unless candidates report
/// differently (triage, rules that raise), so that the same name means other tickets: then the true severity.
fn severity_slice(results: &Results) -> &'static str {
    let truly = results
        .summary
        .iter()
        .any(|row| row.by == "true_severity" && row.metric.starts_with("breach_rate"));
    let moved = results.severities.iter().any(|severity| moves(results, severity));
    if truly && moved { "true_severity" } else { "severity" }
}

/// Whether candidates have clearly different numbers of tickets in a reported severity (more than 2 % apart).
fn moves(results: &Results, severity: &str) -> bool {
    let row = |candidate| {
        let of = |metric| results.find(candidate, metric, "severity", severity);
        of("tickets_created").or_else(|| of("breach_rate_resolve"))
    };
    let counts = (0..results.candidates.len()).map(|candidate| row(candidate).map_or(0, |row| row.n));
    let (least, most) = range(counts);
    most as f64 > 1.02 * least as f64
}

/// The least and the most; the least of none is `u64::MAX`.
fn range(counts: impl Iterator<Item = u64>) -> (u64, u64) {
    counts.fold((u64::MAX, 0), |(least, most), n| (least.min(n), most.max(n)))
}

fn blocks<'a>(results: &'a Results, severity: &'static str) -> Vec<Block<'a>> {
    let kinds = [
        ("breach_rate_first_response", "first response"),
        ("breach_rate_resolve", "resolution"),
    ];
    let breaches = kinds.map(|(metric, kind)| breach_block(results, severity, metric, kind));
    let blocks = breaches
        .into_iter()
        .chain([times_block(), work_block(results), cost_block(results)]);
    let blocks = blocks.map(|mut block| {
        block.headlines.retain(|headline| seen(results, headline));
        block
    });
    blocks.filter(|block| !block.headlines.is_empty()).collect()
}

/// Whether any candidate has anything to show there.
fn seen(results: &Results, headline: &Headline<'_>) -> bool {
    (0..results.candidates.len()).any(|candidate| headline.row(results, candidate).and_then(Estimate::of).is_some())
}

fn breach_block<'a>(
    results: &'a Results,
    severity: &'static str,
    metric: &'static str,
    kind: &'static str,
) -> Block<'a> {
    let by = if severity == "severity" {
        "severity"
    } else {
        "true severity"
    };
    let headlines = results.severities.iter().map(|name| Headline {
        metric,
        by: severity,
        group: name,
        unit: Unit::Percent,
        better: Better::Lower,
        heading: vec![name.clone()],
    });
    Block {
        title: format!("Breach rate of the {kind}, % of the tickets due, by {by}"),
        short: kind,
        observed: "tickets due",
        headlines: headlines.collect(),
    }
}

fn times_block() -> Block<'static> {
    let columns = [
        ("first_response_p50_s", "first response", "median"),
        ("first_response_p90_s", "first response", "p90"),
        ("time_to_resolve_p50_s", "resolution", "median"),
        ("time_to_resolve_p90_s", "resolution", "p90"),
    ];
    let headlines = columns.map(|(metric, what, quantile)| Headline {
        metric,
        by: "all",
        group: "",
        unit: Unit::Seconds,
        better: Better::Lower,
        heading: vec![what.to_owned(), quantile.to_owned()],
    });
    Block {
        title: "Time from creation to the first response and to the resolution".to_owned(),
        short: "times",
        observed: "tickets",
        headlines: headlines.into(),
    }
}

fn work_block(results: &Results) -> Block<'_> {
    let escalations = Headline {
        metric: "escalations_per_ticket",
        by: "all",
        group: "",
        unit: Unit::Plain,
        better: Better::Lower,
        heading: vec!["escalations".to_owned(), "a ticket".to_owned()],
    };
    let occupancy = results.tiers.iter().map(|tier| Headline {
        metric: "occupancy_share",
        by: "support_tier",
        group: tier,
        unit: Unit::Percent,
        better: Better::Neither,
        heading: vec!["occupancy".to_owned(), format!("{tier}, %")],
    });
    Block {
        title: "Functional escalations, and share of the time on duty spent handling".to_owned(),
        short: "work",
        observed: "n",
        headlines: std::iter::once(escalations).chain(occupancy).collect(),
    }
}

/// What a month costs; without columns where nothing is counted in money.
fn cost_block(results: &Results) -> Block<'_> {
    let columns = [
        ("cost", "in all"),
        ("overtime_cost", "overtime"),
        ("on_call_cost", "on call"),
        ("penalty", "penalties"),
        ("cost_per_ticket", "a ticket resolved"),
    ];
    let headlines = columns.map(|(metric, heading)| Headline {
        metric,
        by: "all",
        group: "",
        unit: Unit::Money,
        better: Better::Lower,
        heading: vec![heading.to_owned()],
    });
    let currency = results.currency.as_deref().unwrap_or("money");
    Block {
        title: format!("Cost in {currency} a month of 30.4375 days, people and penalties, and cost a ticket"),
        short: "cost",
        observed: "n",
        headlines: headlines.into(),
    }
}

impl Headline<'_> {
    fn row<'r>(&self, results: &'r Results, candidate: usize) -> Option<&'r SummaryRow> {
        results.find(candidate, self.metric, self.by, self.group)
    }

    /// The comparison of a candidate with the base.
    fn against_base<'r>(&self, results: &'r Results, candidate: usize) -> Option<&'r ComparisonRow> {
        self.of_pair(results, (candidate, 0))
    }

    /// The comparison of a pair: candidate, against.
    fn of_pair<'r>(&self, results: &'r Results, pair: (usize, usize)) -> Option<&'r ComparisonRow> {
        results.comparison.iter().find(|row| {
            (row.candidate, row.against) == pair
                && row.metric == self.metric
                && row.by == self.by
                && row.group == self.group
        })
    }

    /// −1 if the candidate is clearly below the base, 1 if clearly above, 0 if that cannot be told.
    fn side(&self, results: &Results, candidate: usize) -> i8 {
        let row = self.against_base(results, candidate);
        match row.and_then(|row| row.low.zip(row.high)) {
            Some((_, high)) if high < 0.0 => -1,
            Some((low, _)) if low > 0.0 => 1,
            _ => 0,
        }
    }

    fn mark(&self, results: &Results, candidate: usize) -> Option<(char, Ink)> {
        match (self.better, self.side(results, candidate)) {
            (_, 0) => None,
            (Better::Lower, -1) => Some(('▼', Ink::Better)),
            (Better::Lower, _) => Some(('▲', Ink::Worse)),
            (Better::Neither, -1) => Some(('↓', Ink::Neutral)),
            (Better::Neither, _) => Some(('↑', Ink::Neutral)),
        }
    }

    fn column(&self, results: &Results) -> Column {
        let rows: Vec<_> = (0..results.candidates.len())
            .map(|candidate| self.row(results, candidate))
            .collect();
        let estimates: Vec<_> = rows.iter().map(|row| row.and_then(Estimate::of)).collect();
        let format = Format::of(self.unit, estimates.iter().copied().flatten());
        let cells = estimates.into_iter().enumerate().map(|(candidate, estimate)| Cell {
            figure: format.figure(estimate),
            mark: self.mark(results, candidate),
        });
        Column {
            heading: self.heading.clone(),
            observations: observations(rows.iter().flatten().map(|row| row.n)),
            cells: cells.collect(),
        }
    }
}

/// What playing the same tickets saves, by block: the range of the variance-reduction factors of the differences from the base.
fn saved(results: &Results, blocks: &[Block<'_>]) -> Option<String> {
    let of_block = |block: &Block<'_>| {
        let pairs = (1..results.candidates.len()).flat_map(|candidate| {
            let rows = block
                .headlines
                .iter()
                .filter_map(move |one| one.against_base(results, candidate));
            rows.filter_map(|row| row.variance_reduction)
        });
        let (least, most) = pairs.fold((f64::INFINITY, 0.0_f64), |(least, most), x| (least.min(x), most.max(x)));
        least
            .is_finite()
            .then(|| format!("{} ×{}", block.short, factors(least, most)).replace(' ', "\u{a0}"))
    };
    let parts: Vec<String> = blocks.iter().filter_map(of_block).collect();
    (!parts.is_empty()).then(|| {
        format!(
            "Playing the same tickets saves replications: for equally sure differences from {}, as many times more would be needed with \
             tickets of their own: {}.",
            results.candidates[0].name,
            parts.join(", ")
        )
    })
}

/// `12` or `3.4–210`: from the least to the most.
fn factors(least: f64, most: f64) -> String {
    let text = |factor: f64| match factor {
        _ if factor < 9.95 => format!("{factor:.1}"),
        _ if factor < 9_999.5 => format!("{factor:.0}"),
        _ => ">9999".to_owned(),
    };
    match (text(least), text(most)) {
        (least, most) if least == most => least,
        (least, most) => format!("{least}–{most}"),
    }
}

/// The number of observations of each candidate; where they differ, the smallest.
fn observations(counts: impl Iterator<Item = u64>) -> String {
    let (least, most) = range(counts);
    match least {
        u64::MAX => String::new(),
        _ if least == most => count(least),
        _ => format!("≥{}", count(least)),
    }
}

fn block_lines(block: &Block<'_>, results: &Results, width: usize, style: Style) -> Vec<String> {
    let grid = Grid {
        names: results
            .candidates
            .iter()
            .map(|candidate| candidate.name.as_str())
            .collect(),
        observed: block.observed,
        columns: block
            .headlines
            .iter()
            .map(|headline| headline.column(results))
            .collect(),
    };
    let title = style.paint(Ink::Bold, &block.title);
    std::iter::once(title).chain(grid.lines(width, style)).collect()
}

fn legend(results: &Results, width: usize, style: Style) -> Vec<String> {
    let base = &results.candidates[0].name;
    let text = format!(
        "▼ less, better and ▲ more, worse than {base}; ↓ ↑ less or more, neither good nor bad: marked where the 95 % interval of \
         the difference, paired by replication, excludes zero. The sentences call certain what also holds among all pairs (Holm); behind what cannot be told \
         yet: the replications in all that might tell."
    );
    let marks = [
        ("▼", Ink::Better),
        ("▲", Ink::Worse),
        ("↓", Ink::Neutral),
        ("↑", Ink::Neutral),
    ];
    let painted = |line: String| {
        marks
            .iter()
            .fold(line, |line, (mark, ink)| line.replace(mark, &style.paint(*ink, mark)))
    };
    wrap_text(&text, width, 0).into_iter().map(painted).collect()
}

fn footer(results: &Results, severity: &str, files: Option<&Path>, width: usize) -> Vec<String> {
    let mut lines = wrap_text(&how_sure(results), width, 0);
    if let Some(text) = precision::sentence(results) {
        lines.extend(wrap_text(&text, width, 2));
    }
    if severity == "true_severity" {
        let text = "Candidates report severities differently, so breaches are shown by true severity, where all have the same tickets.";
        lines.extend(wrap_text(text, width, 0));
    }
    lines.extend(notes(results, files, width));
    lines
}

/// Warnings, and where the files are.
fn notes(results: &Results, files: Option<&Path>, width: usize) -> Vec<String> {
    let warnings = results.warnings.iter();
    let mut lines: Vec<String> = warnings
        .flat_map(|warning| wrap_text(&format!("warning: {warning}"), width, 2))
        .collect();
    lines.extend(files.map(|files| format!("Exact numbers, intervals and counts: {}", files.display())));
    lines
}

fn how_sure(results: &Results) -> String {
    let replications = match results.replications {
        1 => "One replication, so no intervals (±?)".to_owned(),
        many => format!(
            "± is half of the 95 % interval (≤ or ≥ its end, where few or nearly all were seen), over {} replications",
            count(many.into())
        ),
    };
    let same = match results.candidates.len() {
        1 => String::new(),
        many => format!(" of {many} candidates, each against the same tickets"),
    };
    let tickets = count(results.tickets_simulated);
    format!(
        "{replications}{same}; {tickets} tickets simulated, seed {}.",
        results.seed
    )
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    fn drawn(results: &Results) -> String {
        let text = comparison(results, Some(Path::new("out/helpdesk")), 80, Style::Plain);
        for line in text.lines() {
            assert!(grid::width(line) <= 80, "{} columns: {line}", grid::width(line));
            assert_eq!(line.trim_end(), line, "no space at a line's end");
        }
        text
    }

    #[test]
    fn one_candidate() {
        insta::assert_snapshot!(drawn(&samples::one_candidate()));
    }

    #[test]
    fn three_candidates() {
        insta::assert_snapshot!(drawn(&samples::three_candidates()));
    }

    #[test]
    fn six_candidates_with_long_names() {
        insta::assert_snapshot!(drawn(&samples::six_candidates()));
    }

    #[test]
    fn colour_changes_nothing_but_the_colour() {
        let results = samples::six_candidates();
        let coloured = comparison(&results, None, 80, Style::Colour);
        assert!(coloured.contains("\u{1b}[32m"));
        let mut plain = String::new();
        for piece in coloured.split("\u{1b}[") {
            plain.push_str(
                piece
                    .split_once('m')
                    .filter(|(code, _)| code.parse::<u8>().is_ok())
                    .map_or(piece, |(_, rest)| rest),
            );
        }
        assert_eq!(plain, comparison(&results, None, 80, Style::Plain));
    }

    #[test]
    fn candidates_that_report_severities_differently_are_compared_by_the_true_one() {
        let mut results = samples::three_candidates();
        assert_eq!(severity_slice(&results), "severity");
        let row = results
            .summary
            .iter_mut()
            .find(|row| row.candidate == 1 && row.metric == "breach_rate_resolve" && row.group == "Sev1");
        row.expect("there").n *= 2;
        assert_eq!(severity_slice(&results), "severity", "no true severities to compare by");
        let truly = results
            .summary
            .iter()
            .filter(|row| row.by == "severity")
            .cloned()
            .map(|row| SummaryRow {
                by: "true_severity",
                ..row
            });
        let truly: Vec<_> = truly.collect();
        results.summary.extend(truly);
        assert!(drawn(&results).contains("by true severity"));
    }

    #[test]
    fn a_mark_needs_an_interval_that_excludes_zero() {
        let mut results = samples::three_candidates();
        for row in &mut results.comparison {
            (row.low, row.high) = (
                row.difference.map(|d| d - 10.0 * d.abs() - 1e-9),
                row.difference.map(|d| d + 10.0 * d.abs() + 1e-9),
            );
        }
        let text = drawn(&results);
        let table = text.split("▼ less").next().expect("the legend");
        assert!(!table.contains(['▼', '▲', '↓', '↑']), "{table}");
    }

    #[test]
    fn nothing_to_show_is_still_a_text() {
        let mut results = samples::three_candidates();
        results.summary.clear();
        results.comparison.clear();
        assert!(drawn(&results).contains("20 replications"));
    }
}
