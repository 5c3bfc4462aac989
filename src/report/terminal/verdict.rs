//! One sentence a candidate: in what it clearly differs from the base, and by how much.
//!
//! Clearly means that the paired interval excludes zero and that the p-value, adjusted for the number of candidates, is at
//! most 0.05: stricter than the marks of the table, since a sentence is what people remember. The absence of a clear difference is never called "no
//! difference": it is said that none can be told yet.

use crate::experiment::tables::Results;

use super::figures::{Estimate, Format, Unit};
use super::grid::{FIXED_SPACE, wrap_text};
use super::{Better, Block, Headline};

/// The sentences in lines, one candidate after the other; none for the base.
pub(super) fn sentences(results: &Results, blocks: &[Block<'_>], width: usize) -> Vec<String> {
    let headlines: Vec<_> = blocks
        .iter()
        .flat_map(|block| &block.headlines)
        .filter(|headline| headline.better != Better::Neither)
        .collect();
    let sentence = |candidate| wrap_text(&sentence(results, &headlines, candidate), width, 2);
    (1..results.candidates.len()).flat_map(sentence).collect()
}

fn sentence(results: &Results, headlines: &[&Headline<'_>], candidate: usize) -> String {
    let (name, base) = (&results.candidates[candidate].name, &results.candidates[0].name);
    let clauses: Vec<_> = VERBS
        .iter()
        .filter_map(|verb| verb.clause(results, headlines, candidate))
        .collect();
    if !clauses.is_empty() {
        return format!("{name} against {base}: {}.", clauses.join("; "));
    }
    let compared: Vec<_> = headlines
        .iter()
        .filter_map(|headline| headline.against_base(results, candidate))
        .collect();
    if compared.is_empty() {
        return format!("{name} against {base}: not compared.");
    }
    match compared
        .iter()
        .all(|row| row.difference.is_none_or(|difference| difference == 0.0))
    {
        true => format!("{name} against {base}: exactly the same in all of the above."),
        false => {
            format!("{name} against {base}: no difference can be told with certainty yet; more --replications may.")
        }
    }
}

/// What is said of a group of metrics on one side of zero.
struct Verb {
    metrics: &'static [&'static str],
    side: i8,
    text: &'static str,
}

const BREACHES: &[&str] = &["breach_rate_first_response", "breach_rate_resolve"];
const RESPONSE: &[&str] = &["first_response_p50_s", "first_response_p90_s"];
const RESOLUTION: &[&str] = &["time_to_resolve_p50_s", "time_to_resolve_p90_s"];
const ESCALATIONS: &[&str] = &["escalations_per_ticket"];

const VERBS: &[Verb] = &[
    verb(BREACHES, -1, "breaches less in"),
    verb(BREACHES, 1, "breaches more in"),
    verb(RESPONSE, -1, "responds sooner in the"),
    verb(RESPONSE, 1, "responds later in the"),
    verb(RESOLUTION, -1, "resolves sooner in the"),
    verb(RESOLUTION, 1, "resolves later in the"),
    verb(ESCALATIONS, -1, "escalates less"),
    verb(ESCALATIONS, 1, "escalates more"),
];

const fn verb(metrics: &'static [&'static str], side: i8, text: &'static str) -> Verb {
    Verb { metrics, side, text }
}

impl Verb {
    /// `breaches less in first response Sev1 (−2.1 ±0.4 pp), Sev2 (…) and resolution Sev1 (…)`.
    fn clause(&self, results: &Results, headlines: &[&Headline<'_>], candidate: usize) -> Option<String> {
        let mut parts = Vec::new();
        let mut last = "";
        for headline in headlines
            .iter()
            .filter(|headline| self.metrics.contains(&headline.metric))
        {
            if headline.certain_side(results, candidate) != self.side {
                continue;
            }
            let size = size(results, headline, candidate)?;
            let what = what(headline, last);
            last = headline.metric;
            parts.push(format!("{what}({size})"));
        }
        (!parts.is_empty()).then(|| format!("{} {}", self.text, enumerated(&parts)))
    }
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
        "escalations_per_ticket" => String::new(),
        _ => format!("{} ", headline.heading.last().map_or("", String::as_str)),
    }
}

fn size(results: &Results, headline: &Headline<'_>, candidate: usize) -> Option<String> {
    let difference = headline
        .against_base(results, candidate)
        .and_then(Estimate::of_difference)?;
    let text = Format::of_difference(headline.unit, difference).difference(difference);
    let text = match headline.unit {
        Unit::Percent => format!("{text} pp"),
        Unit::Seconds => text,
        Unit::Plain => format!("{text} a ticket"),
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
            (row.difference, row.low, row.high) = (Some(0.0), Some(0.0), Some(0.0));
        }
        check(
            &results,
            "alert-at-half",
            "alert-at-half against base: exactly the same in all of the above.",
        );
    }

    #[test]
    fn what_cannot_be_told_is_not_called_no_difference() {
        let mut results = samples::three_candidates();
        for row in &mut results.comparison {
            (row.low, row.high) = (Some(-1e9), Some(1e9));
        }
        check(
            &results,
            "alert-at-half",
            "alert-at-half against base: no difference can be told with certainty yet; more --replications may.",
        );
    }

    #[test]
    fn what_may_be_chance_among_so_many_candidates_is_marked_and_not_claimed() {
        let mut results = samples::three_candidates();
        for row in &mut results.comparison {
            row.p_adjusted = Some(0.2);
        }
        check(
            &results,
            "alert-at-half",
            "alert-at-half against base: no difference can be told with certainty yet; more --replications may.",
        );
        let table = super::super::comparison(&results, None, 80, super::super::Style::Plain);
        assert!(table.contains("±1.3▼"), "{table}");
    }
}
