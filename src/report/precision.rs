//! How a run for a precision ended: in words for people, as an object for machines.
//!
//! A precision that was not reached is never passed over: the widest figure, the reason and the price are said. What a
//! replication costs in time is the machine's affair and stands in [`price`] alone, apart from everything that repeats.

use std::time::Duration;

use serde_json::{Value, json};

use crate::experiment::precision::{End, Headline, MOST, Reached, State, Subject};
use crate::experiment::tables::Results;
use crate::experiment::{Amount, Unit};
use crate::measure::metrics::metric;

/// One paragraph; nothing if no precision was asked for.
pub fn sentence(results: &Results) -> Option<String> {
    let reached = results.precision.as_ref()?;
    let parts = [
        outcome(results, reached),
        open(results, reached),
        left_out(results, reached),
        needed(reached),
    ];
    Some(parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
}

/// The time that the asked precision would take at this run's pace; nothing if it was reached or cannot be told.
pub fn price(results: &Results, wall: Duration) -> Option<String> {
    let reached = results.precision.as_ref()?;
    let needed = reached.needed?;
    let each = wall.as_secs_f64() / f64::from(reached.replications.max(1));
    let time = |replications: u64| people_time(each * replications as f64);
    Some(format!(
        "At this run's pace that takes {} in all, prudently {}.",
        time(needed.likely),
        time(needed.prudent)
    ))
}

/// The object `precision` of `manifest.json` and of the JSON on standard output; `null` if no precision was asked for.
pub fn document(results: &Results) -> Value {
    let Some(reached) = &results.precision else {
        return Value::Null;
    };
    let projection = |needed: Option<crate::experiment::precision::Needed>| {
        needed.map(|needed| json!({ "likely": needed.likely, "prudent": needed.prudent }))
    };
    let figures = reached.figures.iter().map(|one| {
        json!({
            "candidate": results.candidates[one.candidate].name,
            "against": one.against.map(|against| &results.candidates[against].name),
            "metric": one.metric,
            "by": one.by,
            "group": one.group,
            "wider_side": one.side,
            "allowed": one.allowed,
            "state": state(one.state),
            "replications_needed": projection(one.needed),
        })
    });
    json!({
        "within": reached.within.to_string(),
        "of": match reached.of { Subject::Levels => "levels", Subject::Differences => "differences" },
        "simultaneous": reached.simultaneous,
        "end": end(reached.end),
        "reached": is_met(reached.end),
        "replications": reached.replications,
        "most_replications": reached.most,
        "most_time_s": reached.time_s,
        "replications_needed": projection(reached.needed),
        "figures": figures.collect::<Value>(),
    })
}

fn is_met(end: End) -> bool {
    matches!(end, End::Met | End::MetUnconfirmed)
}

fn end(end: End) -> &'static str {
    match end {
        End::Met => "met",
        End::MetUnconfirmed => "met, not confirmed",
        End::Replications => "budget of replications",
        End::Time => "budget of time",
        End::Refused => "more than the default budget",
    }
}

fn state(state: State) -> &'static str {
    match state {
        State::Met => "met",
        State::Wide => "wide",
        State::NoInterval => "no interval",
        State::NothingSeen => "nothing seen",
    }
}

fn outcome(results: &Results, reached: &Reached) -> Option<String> {
    let counted = |one: &&Headline| one.state != State::NothingSeen;
    let all = reached.figures.iter().filter(counted).count();
    let open = reached.figures.iter().filter(|one| is_open(one)).count();
    let what = match reached.of {
        Subject::Levels => "figures".to_owned(),
        Subject::Differences => format!("differences from {}", results.candidates[0].name),
    };
    let within = match reached.within {
        Amount::Percent(_) => format!("±{} of the level", reached.within),
        _ => format!("±{}", reached.within),
    };
    let (at, most) = (reached.replications, reached.most);
    Some(match reached.end {
        End::Met => format!("Precision {within}: reached by all {all} {what}, with {at} replications."),
        End::MetUnconfirmed => format!(
            "Precision {within}: reached by all {all} {what}, with {at} replications, but the budget did not allow the second \
             look that is due after a first stop or on skewed values."
        ),
        End::Replications => {
            format!("Precision {within}: NOT reached by {open} of {all} {what} within the {most} replications allowed.")
        }
        End::Time => {
            format!(
                "Precision {within}: NOT reached by {open} of {all} {what} within the time allowed ({at} replications)."
            )
        }
        End::Refused => format!(
            "Precision {within}: NOT reached by {open} of {all} {what}, and out of reach of the {MOST} replications that are \
             played without being asked for; stopped after {at}. Say --max-replications or --max-time to go on."
        ),
    })
}

fn is_open(one: &Headline) -> bool {
    matches!(one.state, State::Wide | State::NoInterval)
}

/// The widest figure, and those without an interval.
fn open(results: &Results, reached: &Reached) -> Option<String> {
    let ratio = |one: &Headline| one.side.map_or(0.0, |side| side / one.allowed.max(f64::MIN_POSITIVE));
    let wide = reached.figures.iter().filter(|one| one.state == State::Wide);
    let widest = wide.max_by(|a, b| ratio(a).total_cmp(&ratio(b)));
    let widest = widest.map(|one| {
        let side = one.side.unwrap_or(f64::NAN);
        format!("Widest: {}, ±{}.", name(results, one), amount(one.metric, side))
    });
    let without: Vec<String> = reached
        .figures
        .iter()
        .filter(|one| one.state == State::NoInterval)
        .map(|one| name(results, one))
        .collect();
    let without = (!without.is_empty()).then(|| {
        format!(
            "No interval can be given yet for {}: breaches come in few bad replications, or there are too few tickets.",
            some_of(&without)
        )
    });
    let both: Vec<String> = widest.into_iter().chain(without).collect();
    (!both.is_empty()).then(|| both.join(" "))
}

fn left_out(results: &Results, reached: &Reached) -> Option<String> {
    let unseen = reached.figures.iter().filter(|one| one.state == State::NothingSeen);
    let names: Vec<String> = unseen.map(|one| name(results, one)).collect();
    (!names.is_empty()).then(|| {
        format!(
            "Left out, since none was seen and a share of nothing means nothing: {}.",
            some_of(&names)
        )
    })
}

fn needed(reached: &Reached) -> Option<String> {
    let needed = reached.needed?;
    let what = match reached.figures.iter().any(|one| one.state == State::NoInterval) {
        true => "What has an interval",
        false => "All of it",
    };
    Some(format!(
        "{what} is likely to take {} replications, prudently {}.",
        needed.likely, needed.prudent
    ))
}

/// `breach_rate_resolve Sev1 of sooner`.
fn name(results: &Results, one: &Headline) -> String {
    let slice = if one.by == "all" {
        String::new()
    } else {
        format!(" {}", one.group)
    };
    format!("{}{slice} of {}", one.metric, results.candidates[one.candidate].name)
}

/// So many names are written out.
const NAMED: usize = 3;

fn some_of(names: &[String]) -> String {
    match names.len().checked_sub(NAMED) {
        None | Some(0) => names.join(", "),
        Some(more) => format!("{} and {more} more", names[..NAMED].join(", ")),
    }
}

/// In the unit of the metric, to three digits.
fn amount(name: &str, size: f64) -> String {
    match metric(name).map(Unit::of) {
        Some(Unit::Share) => format!("{} pp", three_digits(size * 100.0)),
        Some(Unit::Seconds) => people_time(size),
        Some(Unit::Plain) | None => three_digits(size),
    }
}

fn three_digits(number: f64) -> String {
    let decimals = (0..6)
        .find(|decimals| number * 10_f64.powi(*decimals) >= 99.5)
        .unwrap_or(6);
    format!("{number:.*}", decimals as usize)
}

fn people_time(seconds: f64) -> String {
    match seconds {
        _ if seconds < 1.0 => format!("{} s", three_digits(seconds)),
        _ if seconds < 99.5 => format!("{seconds:.0} s"),
        _ if seconds < 99.5 * 60.0 => format!("{:.0} min", seconds / 60.0),
        _ => format!("{:.1} h", seconds / 3600.0),
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;
    use crate::experiment::precision::Needed;

    fn with(end: End, states: &[State]) -> Results {
        let mut results = samples::three_candidates();
        let figure = |(number, state): (usize, &State)| Headline {
            candidate: 1 + number % 2,
            against: Some(0),
            metric: "breach_rate_resolve",
            by: "severity",
            group: format!("Sev{}", 1 + number / 2),
            side: (*state != State::NoInterval).then_some(0.001 * (1 + number) as f64),
            allowed: 0.002,
            state: *state,
            needed: Some(Needed {
                likely: 601,
                prudent: 868,
            }),
        };
        results.precision = Some(Reached {
            within: Amount::Points(0.002),
            of: Subject::Differences,
            simultaneous: false,
            end,
            replications: 40,
            most: 40,
            time_s: None,
            needed: (end != End::Met).then_some(Needed {
                likely: 601,
                prudent: 868,
            }),
            figures: states.iter().enumerate().map(figure).collect(),
        });
        results
    }

    #[test]
    fn a_precision_that_is_reached_is_one_sentence() {
        let results = with(End::Met, &[State::Met, State::Met]);
        assert_eq!(
            sentence(&results).as_deref(),
            Some("Precision ±0.2 pp: reached by all 2 differences from base, with 40 replications.")
        );
        assert_eq!(price(&results, Duration::from_secs(4)), None);
    }

    #[test]
    fn a_budget_that_ends_it_says_what_is_open_and_what_it_would_cost() {
        let results = with(
            End::Replications,
            &[
                State::Met,
                State::Met,
                State::Wide,
                State::NoInterval,
                State::NothingSeen,
            ],
        );
        assert_eq!(
            sentence(&results).as_deref(),
            Some(
                "Precision ±0.2 pp: NOT reached by 2 of 4 differences from base within the 40 replications allowed. Widest: \
                 breach_rate_resolve Sev2 of alert-at-half, ±0.300 pp. No interval can be given yet for breach_rate_resolve \
                 Sev2 of sev1-to-l2: breaches come in few bad replications, or there are too few tickets. Left out, since \
                 none was seen and a share of nothing means nothing: breach_rate_resolve Sev3 of alert-at-half. What has an \
                 interval is likely to take 601 replications, prudently 868."
            )
        );
        assert_eq!(
            price(&results, Duration::from_secs(4)).as_deref(),
            Some("At this run's pace that takes 60 s in all, prudently 87 s.")
        );
        assert_eq!(document(&results)["figures"][3]["state"], "no interval");
    }

    #[test]
    fn without_a_wish_nothing_is_said() {
        let results = samples::three_candidates();
        assert_eq!((sentence(&results), document(&results)), (None, Value::Null));
    }
}
