//! A few sentences a pair of candidates: in what they certainly differ and by how much, where they do not differ by what
//! matters, and what cannot be told yet.
//!
//! Certain means that the paired interval excludes zero and that the p-value, adjusted for all pairs of candidates, is at most
//! 0.05: stricter than the marks of the table, since a sentence is what people remember. That no difference was found is
//! never called "no difference": it is said that it cannot be told yet, and how many replications in all might tell.

use crate::experiment::tables::{ComparisonRow, Results};
use crate::stats::verdict::Verdict;

use super::super::explain::capital;
use super::figures::{Estimate, Format, Unit, count};
use super::grid::{FIXED_SPACE, wrap_text};
use super::{Better, Block, Headline};

/// With more candidates than this, only their differences from the base are spelt out.
const PAIRS_SPELT_OUT: usize = 4;

/// The sentences in lines: every candidate against the base, then the other pairs.
pub(super) fn sentences(results: &Results, blocks: &[Block<'_>], width: usize) -> Vec<String> {
    let overtime = overtime();
    let headlines: Vec<_> = blocks
        .iter()
        .flat_map(|block| &block.headlines)
        .filter(|headline| headline.better != Better::Neither)
        .chain([&overtime])
        .collect();
    let candidates = results.candidates.len();
    let base = (1..candidates).map(|candidate| (candidate, 0));
    let mut texts: Vec<String> = base
        .map(|pair| Sentence::of(results, &headlines, pair).whole())
        .collect();
    if candidates <= PAIRS_SPELT_OUT {
        let others = (1..candidates).flat_map(|against| (against + 1..candidates).map(move |one| (one, against)));
        texts.extend(others.filter_map(|pair| Sentence::of(results, &headlines, pair).certain_alone()));
    } else if results.comparison.iter().any(|row| row.against > 0) {
        let pairs = (candidates - 1) * (candidates - 2) / 2;
        texts.push(format!("The other {pairs} pairs are in comparison.csv."));
    }
    texts.iter().flat_map(|text| wrap_text(text, width, 2)).collect()
}

/// Overtime has no column, but people ask for it.
fn overtime() -> Headline<'static> {
    Headline {
        metric: OVERTIME[0],
        by: "all",
        group: "",
        unit: Unit::Plain,
        better: Better::Lower,
        heading: vec!["overtime".to_owned()],
    }
}

/// What is said of one pair.
struct Sentence<'a> {
    results: &'a Results,
    headlines: &'a [&'a Headline<'a>],
    /// Candidate, against.
    pair: (usize, usize),
}

impl<'a> Sentence<'a> {
    fn of(results: &'a Results, headlines: &'a [&'a Headline<'a>], pair: (usize, usize)) -> Sentence<'a> {
        Sentence {
            results,
            headlines,
            pair,
        }
    }

    fn subject(&self) -> String {
        let name = |candidate: usize| &self.results.candidates[candidate].name;
        format!("{} against {}", name(self.pair.0), name(self.pair.1))
    }

    fn row(&self, headline: &Headline<'_>) -> Option<&'a ComparisonRow> {
        headline.of_pair(self.results, self.pair)
    }

    /// Everything.
    fn whole(&self) -> String {
        let rows: Vec<_> = self.headlines.iter().filter_map(|one| self.row(one)).collect();
        if rows.is_empty() {
            return format!("{}: not compared.", self.subject());
        }
        if rows
            .iter()
            .all(|row| row.told.is_none_or(|told| told == Verdict::Identical))
        {
            return format!("{}: exactly the same in all of the above.", self.subject());
        }
        let no_matter = |told| matches!(told, Verdict::NoDifferenceThatMatters | Verdict::Identical);
        let parts = [
            self.certain(),
            self.list("no difference that matters: ", no_matter),
            self.list("cannot tell yet: ", |told| told == Verdict::CannotTellYet),
        ];
        let mut parts = parts.into_iter().flatten();
        let first = parts.next().unwrap_or_default();
        let more: String = parts.map(|part| format!(". {}", capital(&part))).collect();
        format!("{}: {first}{more}.", self.subject())
    }

    /// Only what is certain; nothing if nothing is.
    fn certain_alone(&self) -> Option<String> {
        Some(format!("{}: {}.", self.subject(), self.certain()?))
    }

    fn certain(&self) -> Option<String> {
        let clauses: Vec<_> = VERBS.iter().filter_map(|verb| self.clause(verb)).collect();
        (!clauses.is_empty()).then(|| format!("certainly {}", clauses.join("; ")))
    }

    /// `breaches less in first response Sev1 (−2.1 ±0.4 pp), Sev2 (…) and resolution Sev1 (…)`.
    fn clause(&self, verb: &Verb) -> Option<String> {
        let (mut parts, mut last) = (Vec::new(), "");
        for headline in self.headlines.iter().filter(|one| verb.metrics.contains(&one.metric)) {
            let Some(row) = self.row(headline).filter(|row| row.told == Some(verb.side)) else {
                continue;
            };
            parts.push(format!(
                "{}({})",
                what(headline, last),
                size(self.results, headline, row)?
            ));
            last = headline.metric;
        }
        (!parts.is_empty()).then(|| format!("{} {}", verb.text, enumerated(&parts)))
    }

    /// `cannot tell yet: first response Sev2 (240), p90`: the figures that have such a verdict, with the replications that
    /// might tell.
    fn list(&self, opening: &str, is: impl Fn(Verdict) -> bool) -> Option<String> {
        let (mut parts, mut last) = (Vec::new(), "");
        for headline in self.headlines {
            let Some(row) = self.row(headline).filter(|row| row.told.is_some_and(&is)) else {
                continue;
            };
            let wait = row.replications_to_tell.map(|many| format!("({})", few_digits(many)));
            let what = format!("{}{}", full(headline, last), wait.unwrap_or_default());
            parts.push(what.trim_end().to_owned());
            last = headline.metric;
        }
        (!parts.is_empty()).then(|| format!("{opening}{}", parts.join(", ")))
    }
}

/// What is said of a group of metrics that are certainly lower, or higher.
struct Verb {
    metrics: &'static [&'static str],
    side: Verdict,
    text: &'static str,
}

const BREACHES: &[&str] = &["breach_rate_first_response", "breach_rate_resolve"];
const RESPONSE: &[&str] = &["first_response_p50_s", "first_response_p90_s"];
const RESOLUTION: &[&str] = &["time_to_resolve_p50_s", "time_to_resolve_p90_s"];
const COST: &[&str] = &["cost"];
const ESCALATIONS: &[&str] = &["escalations_per_ticket"];
const OVERTIME: &[&str] = &["overtime_h"];

const VERBS: &[Verb] = &[
    verb(BREACHES, Verdict::Lower, "breaches less in"),
    verb(BREACHES, Verdict::Higher, "breaches more in"),
    verb(RESPONSE, Verdict::Lower, "responds sooner in the"),
    verb(RESPONSE, Verdict::Higher, "responds later in the"),
    verb(RESOLUTION, Verdict::Lower, "resolves sooner in the"),
    verb(RESOLUTION, Verdict::Higher, "resolves later in the"),
    verb(ESCALATIONS, Verdict::Lower, "escalates less"),
    verb(ESCALATIONS, Verdict::Higher, "escalates more"),
    verb(OVERTIME, Verdict::Lower, "works less overtime"),
    verb(OVERTIME, Verdict::Higher, "works more overtime"),
    verb(COST, Verdict::Lower, "costs less"),
    verb(COST, Verdict::Higher, "costs more"),
];

const fn verb(metrics: &'static [&'static str], side: Verdict, text: &'static str) -> Verb {
    Verb { metrics, side, text }
}

/// Which figure is meant, with a space behind it; the kind of breach is not repeated.
fn what(headline: &Headline<'_>, last: &str) -> String {
    match headline.metric {
        "breach_rate_first_response" if last != headline.metric => {
            format!("first response {} ", headline.group)
        }
        "breach_rate_resolve" if last != headline.metric => {
            format!("resolution {} ", headline.group)
        }
        "breach_rate_first_response" | "breach_rate_resolve" => format!("{} ", headline.group),
        "escalations_per_ticket" | "overtime_h" | "cost" => String::new(),
        _ => format!("{} ", headline.heading.last().map_or("", String::as_str)),
    }
}

/// As [`what`], where no verb says of what kind it is.
fn full(headline: &Headline<'_>, last: &str) -> String {
    match headline.metric {
        "escalations_per_ticket" => "escalations ".to_owned(),
        "overtime_h" => "overtime ".to_owned(),
        "cost" => "cost ".to_owned(),
        "overtime_cost" => "pay of overtime ".to_owned(),
        "on_call_cost" => "pay of being on call ".to_owned(),
        "penalty" => "penalties ".to_owned(),
        "cost_per_ticket" => "cost a ticket ".to_owned(),
        metric if RESPONSE.contains(&metric) || RESOLUTION.contains(&metric) => {
            let quantile = headline.heading.last().map_or("", String::as_str);
            let of = if RESPONSE.contains(&metric) {
                "response"
            } else {
                "resolution"
            };
            format!("{quantile} {of} ")
        }
        metric if BREACHES.contains(&metric) && last != metric => {
            let of = if metric == BREACHES[0] {
                "first response"
            } else {
                "resolution"
            };
            format!("breaches of {of} {} ", headline.group)
        }
        _ => what(headline, last),
    }
}

/// A projection, no more precise than it is.
fn few_digits(many: u64) -> String {
    let coarse = [1_000_000, 100_000, 10_000, 1_000, 100, 10]
        .into_iter()
        .find(|coarse| many >= coarse * 100);
    let coarse = coarse.unwrap_or(1);
    count(many.div_ceil(coarse) * coarse)
}

fn size(results: &Results, headline: &Headline<'_>, row: &ComparisonRow) -> Option<String> {
    let difference = Estimate::of_difference(row)?;
    let text = Format::of_difference(headline.unit, difference).difference(difference);
    let text = match headline.unit {
        Unit::Percent => format!("{text} pp"),
        Unit::Seconds => text,
        Unit::Plain if OVERTIME.contains(&headline.metric) => format!("{text} h"),
        Unit::Plain => format!("{text} a ticket"),
        Unit::Money => {
            let each = match headline.metric {
                "cost_per_ticket" => "ticket",
                _ => "month",
            };
            format!("{text} {} a {each}", results.currency.as_deref().unwrap_or_default())
        }
    };
    Some(text.replace(' ', &FIXED_SPACE.to_string()))
}

fn enumerated(parts: &[String]) -> String {
    match parts {
        [most @ .., last] if !most.is_empty() => format!("{} and {last}", most.join(", ")),
        _ => parts.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::samples;
    use super::super::{blocks, severity_slice};
    use super::*;

    fn check(results: &Results, candidate: &str, expected: &str) {
        let blocks = blocks(results, severity_slice(results));
        let text = sentences(results, &blocks, 10_000);
        let sentence = text.iter().find(|line| line.starts_with(candidate));
        assert_eq!(sentence.map(String::as_str), Some(expected));
    }

    #[test]
    fn identical_results_are_called_so() {
        let mut results = samples::three_candidates();
        for row in &mut results.comparison {
            (row.difference, row.told) = (Some(0.0), Some(Verdict::Identical));
        }
        check(
            &results,
            "alert-at-half",
            "alert-at-half against base: exactly the same in all of the above.",
        );
    }

    fn all_are(told: Verdict) -> Results {
        let mut results = samples::three_candidates();
        for row in &mut results.comparison {
            row.told = Some(told);
            row.replications_to_tell = (told == Verdict::CannotTellYet).then_some(12_345);
        }
        results
    }

    #[test]
    fn what_cannot_be_told_is_not_called_no_difference() {
        check(
            &all_are(Verdict::CannotTellYet),
            "alert-at-half",
            "alert-at-half against base: cannot tell yet: breaches of first response Sev1 (12,400), Sev2 (12,400), Sev3 (12,400), \
             Sev4 (12,400), breaches of resolution Sev1 (12,400), Sev2 (12,400), Sev3 (12,400), median response (12,400), p90 \
             response (12,400), median resolution (12,400), p90 resolution (12,400), escalations (12,400).",
        );
    }

    #[test]
    fn a_difference_too_small_to_matter_is_called_so() {
        let text = {
            let results = all_are(Verdict::NoDifferenceThatMatters);
            let blocks = blocks(&results, severity_slice(&results));
            sentences(&results, &blocks, 10_000).join("\n")
        };
        assert!(
            text.contains("against base: no difference that matters: breaches of first response Sev1, Sev2,"),
            "{text}"
        );
        assert!(!text.contains("certainly"), "{text}");
    }

    #[test]
    fn what_may_be_chance_among_so_many_pairs_is_marked_and_not_claimed() {
        let results = all_are(Verdict::CannotTellYet);
        let table = super::super::comparison(&results, None, 80, super::super::Style::Plain);
        assert!(table.contains("±1.3▼") && !table.contains(": certainly"), "{table}");
    }

    #[test]
    fn the_other_pairs_are_spelt_out_if_they_are_few() {
        let mut results = samples::three_candidates();
        let pairs: Vec<_> = results
            .comparison
            .iter()
            .filter(|row| row.candidate == 2)
            .cloned()
            .collect();
        let pairs = pairs.into_iter().map(|row| ComparisonRow { against: 1, ..row });
        results.comparison.extend(pairs);
        let blocks = blocks(&results, severity_slice(&results));
        let text = sentences(&results, &blocks, 10_000);
        assert_eq!(text.len(), 3, "{text:?}");
        assert!(
            text[2].starts_with("sev1-to-l2 against alert-at-half: certainly breaches less in"),
            "{}",
            text[2]
        );
    }

    #[test]
    fn a_projection_is_no_more_precise_than_it_is() {
        for (many, text) in [
            (7, "7"),
            (999, "999"),
            (1_001, "1,010"),
            (12_345, "12,400"),
            (1_234_567, "1,240,000"),
        ] {
            assert_eq!(few_digits(many), text);
        }
    }
}
