//! Family l: the statistics on small inputs, without any simulation.
//!
//! Each vector is answered as a table of named values, every one of which the file expects must be there and agree. A figure
//! named `…_which_is_not_it` is a common mistake: the estimate must differ from it.

use escalade::stats::mean::Moments;
use escalade::stats::multiple::{bonferroni_t, holm};
use escalade::stats::paired::{Difference, Sums, paired_mean, paired_ratio};
use escalade::stats::quantile::{Sections, order_statistics, quantile_of};
use escalade::stats::ratio::{exact_high, ratio, share};
use escalade::stats::special::t_quantile;
use escalade::stats::time_average::TimeAverage;
use escalade::stats::{Confidence, Interval};
use indexmap::IndexMap;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// One small input with what follows from it.
#[derive(Debug, Deserialize)]
pub struct Vector {
    pub id: String,
    pub title: String,
    inputs: Value,
    expected: IndexMap<String, Value>,
    tolerance: Tolerance,
}

#[derive(Debug, Deserialize)]
struct Tolerance {
    relative: f64,
}

type Found = IndexMap<&'static str, Value>;

macro_rules! found {
    ($($name:literal: $value:expr),* $(,)?) => { IndexMap::from([$(($name, json!($value))),*]) };
}

/// Answers a vector; says what differs.
pub fn check(vector: &Vector) -> Result<(), String> {
    let found = answer(vector).ok_or_else(|| format!("{}: no answer", vector.id))?;
    for (name, expected) in &vector.expected {
        if name.ends_with("_which_is_not_it") {
            let estimate = found.get("estimate").or(found.get("pooled_quantile"));
            if estimate.is_none_or(|estimate| agree(estimate, expected, 1e-4)) {
                return Err(format!("{}: the estimate is {name}", vector.id));
            }
            continue;
        }
        let value = found
            .get(name.as_str())
            .ok_or_else(|| format!("{}: what is `{name}`?", vector.id))?;
        if !agree(value, expected, vector.tolerance.relative) {
            return Err(format!(
                "{} ({}): {name} is {value}, not {expected}",
                vector.id, vector.title
            ));
        }
    }
    Ok(())
}

fn agree(found: &Value, expected: &Value, relative: f64) -> bool {
    match (found, expected) {
        (Value::Array(found), Value::Array(expected)) => {
            found.len() == expected.len()
                && found
                    .iter()
                    .zip(expected)
                    .all(|(found, expected)| agree(found, expected, relative))
        }
        (Value::Number(found), Value::Number(expected)) => {
            let (found, expected) = (
                found.as_f64().unwrap_or(f64::NAN),
                expected.as_f64().unwrap_or(f64::NAN),
            );
            (found - expected).abs() <= relative * expected.abs()
        }
        _ => found == expected,
    }
}

impl Vector {
    fn input<T: DeserializeOwned>(&self, name: &str) -> T {
        serde_json::from_value(self.inputs[name].clone()).unwrap_or_else(|error| panic!("{}: {name}: {error}", self.id))
    }
}

const SURE: Confidence = Confidence::P95;

fn answer(vector: &Vector) -> Option<Found> {
    let kind = vector.id.split('-').next()?;
    match kind {
        "l1" => mean(vector),
        "l2" => {
            let levels: Vec<f64> = vector.input("p");
            let degrees: Vec<f64> = vector.input("df");
            let row = |p: f64| degrees.iter().map(|df| t_quantile(p, *df)).collect::<Vec<_>>();
            Some(found! { "t_.975": row(levels[0]), "t_.995": row(levels[1]) })
        }
        "l3" => paired(vector),
        "l4" => breach_rate(vector),
        "l5" => delta(&vector.input::<Vec<f64>>("sum_h"), &vector.input::<Vec<f64>>("tickets")),
        "l6" => ratios(vector),
        "l7" => quantile(vector),
        "l8" => {
            let adjusted = holm(&vector.input::<Vec<f64>>("p"));
            let rejected: Vec<bool> = adjusted.iter().map(|p| *p <= 0.05).collect();
            Some(found! { "adjusted": adjusted, "rejected_at_.05": rejected })
        }
        "l9" => {
            let (breached, due): (Vec<u64>, Vec<u64>) = (vector.input("breached"), vector.input("due"));
            let share = share(&breached, &due)?;
            let interval = share.interval(SURE)?;
            Some(found! {
                "estimate": share.estimate(),
                "low_wilson_t": interval.low,
                "high_wilson_t": interval.high,
                "one_sided_exact_95_high": exact_high(share.hits as f64, share.of as f64, SURE),
            })
        }
        "l10" => {
            let rows: Vec<(u64, f64)> = vector.input("n_q");
            let ranks: Vec<_> = rows.iter().map(|(n, q)| order_statistics(*n, *q, SURE)).collect();
            Some(found! {
                "l": ranks.iter().map(|ranks| ranks.low).collect::<Vec<_>>(),
                "u": ranks.iter().map(|ranks| ranks.high).collect::<Vec<_>>(),
            })
        }
        "l11" => {
            let steps: Vec<(i64, f64)> = vector.input("value_duration");
            let mut level = TimeAverage::starting(0, 0);
            let mut at = 0;
            for (value, hours) in steps {
                level.set(at, value);
                at += (hours * 3_600_000.0) as i64;
            }
            Some(found! { "time_average": level.until(at)? })
        }
        "l12" => delta(
            &vector.input::<Vec<f64>>("busy_h"),
            &vector.input::<Vec<f64>>("staffed_h"),
        ),
        "l13" => {
            let (comparisons, df): (Vec<usize>, f64) = (vector.input("m"), vector.input("df"));
            let factors: Vec<f64> = comparisons.iter().map(|m| bonferroni_t(*m, df, SURE)).collect();
            Some(found! { "t": factors })
        }
        _ => None,
    }
}

fn mean(vector: &Vector) -> Option<Found> {
    let values: Vec<f64> = vector.input("x");
    let moments: Moments = values.iter().collect();
    let interval = moments.interval(SURE)?;
    let df = moments.count() as f64 - 1.0;
    Some(found! {
        "mean": moments.mean()?,
        "sd": moments.sd()?,
        "se": moments.standard_error()?,
        "df": df,
        "t": SURE.t(df),
        "half_width": interval.half_width(),
        "low": interval.low,
        "high": interval.high,
    })
}

fn paired(vector: &Vector) -> Option<Found> {
    let (first, second): (Vec<f64>, Vec<f64>) = (vector.input("A"), vector.input("B"));
    let paired = paired_mean(&first, &second, SURE)?;
    let evidence = paired.difference.evidence?;
    let differences: Moments = first.iter().zip(&second).map(|(a, b)| a - b).collect();
    let variance = |values: &[f64]| values.iter().collect::<Moments>().variance();
    let (df, n) = (first.len() as f64 - 1.0, first.len() as f64);
    // Two independent samples of equal size have the degrees of freedom of both.
    let unpaired = SURE.t(2.0 * df) * ((variance(&first)? + variance(&second)?) / n).sqrt();
    let mut found = difference(&paired.difference)?;
    found.extend(found! {
        "mean_difference": paired.difference.estimate,
        "sd_difference": differences.sd()?,
        "se": evidence.standard_error,
        "df": df,
        "correlation": paired.correlation?,
        "variance_reduction_factor": paired.variance_reduction?,
        "half_width_if_unpaired_equal_df": unpaired,
    });
    Some(found)
}

fn difference(difference: &Difference) -> Option<Found> {
    let evidence = difference.evidence?;
    let Interval { low, high, .. } = evidence.interval;
    Some(found! {
        "difference": difference.estimate,
        "se": evidence.standard_error,
        "half_width": evidence.interval.half_width(),
        "low": low,
        "high": high,
        "t": evidence.t(),
        "p": evidence.p,
    })
}

/// A ratio of sums by the delta method.
fn delta(numerators: &[f64], denominators: &[f64]) -> Option<Found> {
    let ratio = ratio(numerators, denominators)?;
    let interval = ratio.delta_interval(SURE)?;
    Some(found! {
        "estimate": ratio.estimate,
        "se": ratio.standard_error?,
        "df": ratio.replications as f64 - 1.0,
        "half_width_delta_t": interval.half_width(),
        "low_delta_t": interval.low,
        "high_delta_t": interval.high,
    })
}

fn breach_rate(vector: &Vector) -> Option<Found> {
    let (breached, due): (Vec<u64>, Vec<u64>) = (vector.input("breached"), vector.input("due"));
    let share = share(&breached, &due)?;
    let interval = share.interval(SURE)?;
    let mut found = delta(&vector.input::<Vec<f64>>("breached"), &vector.input::<Vec<f64>>("due"))?;
    found.extend(found! {
        "raw_deff": share.raw_deff?,
        "deff": share.deff(),
        "low_wilson_t": interval.low,
        "high_wilson_t": interval.high,
    });
    Some(found)
}

fn ratios(vector: &Vector) -> Option<Found> {
    #[derive(Deserialize)]
    struct Row {
        breached: Vec<f64>,
        due: Vec<f64>,
    }
    let (first, second): (Row, Row) = (vector.input("first"), vector.input("second"));
    let sums = |row: &Row| ratio(&row.breached, &row.due).map(|ratio| ratio.estimate);
    let paired = paired_ratio(
        Sums {
            numerators: &first.breached,
            denominators: &first.due,
        },
        Sums {
            numerators: &second.breached,
            denominators: &second.due,
        },
        SURE,
    )?;
    let mut found = difference(&paired.difference)?;
    found.extend(found! { "first": sums(&first)?, "second": sums(&second)? });
    Some(found)
}

fn quantile(vector: &Vector) -> Option<Found> {
    let (mut replications, q): (Vec<Vec<u64>>, f64) = (vector.input("replications"), vector.input("q"));
    let mut pool: Vec<u64> = replications.iter().flatten().copied().collect();
    let pooled = quantile_of(&mut pool, q)? as f64;
    let own: Vec<f64> = replications
        .iter_mut()
        .filter_map(|values| quantile_of(values, q))
        .map(|value| value as f64)
        .collect();
    let sections = Sections {
        pooled,
        quantiles: &own,
    };
    let interval = sections.interval(SURE)?;
    Some(found! {
        "pooled_quantile": pooled,
        "replication_quantiles": own,
        "se": sections.standard_error()?,
        "df": own.len() as f64 - 1.0,
        "half_width": interval.half_width(),
        "low": interval.low,
        "high": interval.high,
    })
}
