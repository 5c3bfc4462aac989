//! What a person asks a run for: a figure of the results, and an amount of it. `breach_rate_resolve:Sev1`, `0.2pp`, `5%`.
//!
//! Only reading and looking up; what is done about it is for [`precision`](super::precision) and [`select`](super::select).

use std::fmt;
use std::str::FromStr;

use crate::measure::metrics::{Estimator, METRICS, Metric};
use crate::measure::{Layout, Row};
use crate::stats::sequential::Target;
use crate::time::Written;

/// Why a run cannot do what it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AskedError {
    /// A text that is no amount.
    #[error(
        "`{0}` is not an amount: write percentage points (0.2pp), per cent (5%), a time (30s) or a plain number (0.5)"
    )]
    NotAnAmount(String),
    /// There is no such metric.
    #[error("there is no metric `{name}`{}", near.as_ref().map_or(String::new(), |near| format!("; did you mean `{near}`?")))]
    UnknownMetric {
        /// The name asked for.
        name: String,
        /// The nearest there is, if one is near.
        near: Option<String>,
    },
    /// The metric has no such slice in this scenario.
    #[error("`{metric}` has no slice `{slice}` in this scenario; it has {}", known.join(", "))]
    UnknownSlice {
        /// The metric.
        metric: String,
        /// The slice asked for.
        slice: String,
        /// Slices that there are.
        known: Vec<String>,
    },
    /// The amount is in another unit than the metric.
    #[error("{amount} is no amount of `{metric}`, which is {}", unit.in_words())]
    WrongUnit {
        /// The amount asked for.
        amount: Amount,
        /// The metric.
        metric: &'static str,
        /// The metric's unit.
        unit: Unit,
    },
    /// No figure of those asked for was ever observed.
    #[error("there is nothing to be precise about: no breach rate was observed (has the scenario targets?)")]
    NothingObserved,
    /// Differences were asked for, of one candidate.
    #[error("a difference needs two candidates, and there is one")]
    OneCandidate,
    /// Nobody knows which way is better.
    #[error(
        "`{0}` is neither good nor bad, so that no candidate is best by it; select by a rate of breaches, a time or a backlog"
    )]
    NoDirection(&'static str),
    /// Selection needs one value a replication.
    #[error(
        "candidates cannot be selected by the percentile `{0}`: its replications' values are biased; select by a mean or a rate"
    )]
    Percentile(&'static str),
    /// Selection by a metric that has no zone by default.
    #[error("say which difference of `{metric}` matters, with --indifference; it is {}", unit.in_words())]
    NoZone {
        /// The metric.
        metric: &'static str,
        /// Its unit.
        unit: Unit,
    },
}

/// What a metric is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A share in [0, 1], of which people speak in percentage points.
    Share,
    /// Seconds.
    Seconds,
    /// A number.
    Plain,
}

impl Unit {
    /// Of a metric.
    pub fn of(metric: &Metric) -> Unit {
        match metric.estimator {
            Estimator::Share | Estimator::TimeRatio => Unit::Share,
            _ if metric.name.ends_with("_s") => Unit::Seconds,
            _ => Unit::Plain,
        }
    }

    fn in_words(self) -> &'static str {
        match self {
            Unit::Share => "a share: write percentage points, 0.2pp, or per cent of its level, 5%",
            Unit::Seconds => "a time: write 30s or 5m, or per cent of its level, 5%",
            Unit::Plain => "a number: write 0.5, or per cent of its level, 5%",
        }
    }
}

/// An amount of some metric, above zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Amount {
    /// Of a share, as a fraction: `0.2pp` is 0.002.
    Points(f64),
    /// Of any metric's level, as a fraction: `5%` is 0.05.
    Percent(f64),
    /// Of a time.
    Seconds(f64),
    /// Of a plain number.
    Plain(f64),
}

/// Amounts are numbers, never NaN.
impl Eq for Amount {}

impl FromStr for Amount {
    type Err = AskedError;

    /// ```
    /// use escalade::experiment::Amount;
    /// assert_eq!("0.5pp".parse(), Ok(Amount::Points(0.005)));
    /// assert_eq!("5 %".parse(), Ok(Amount::Percent(0.05)));
    /// assert_eq!("2m".parse(), Ok(Amount::Seconds(120.0)));
    /// assert!("0pp".parse::<Amount>().is_err());
    /// ```
    fn from_str(text: &str) -> Result<Amount, AskedError> {
        let refused = || AskedError::NotAnAmount(text.to_owned());
        let number = |digits: &str| -> Result<f64, AskedError> {
            let digits = digits.trim();
            let plain = digits.chars().all(|c| c.is_ascii_digit() || c == '.');
            let number: f64 = digits.parse().map_err(|_| refused())?;
            if plain && number > 0.0 && number < 1e12 {
                Ok(number)
            } else {
                Err(refused())
            }
        };
        let whole = text.trim();
        if let Some(digits) = whole.strip_suffix("pp") {
            return Ok(Amount::Points(number(digits)? / 100.0));
        }
        if let Some(digits) = whole.strip_suffix('%') {
            return Ok(Amount::Percent(number(digits)? / 100.0));
        }
        if let Ok(plain) = number(whole) {
            return Ok(Amount::Plain(plain));
        }
        let written: Written = whole.parse().map_err(|_| refused())?;
        let length = written.elapsed().filter(|length| length.ms() > 0).ok_or_else(refused)?;
        Ok(Amount::Seconds(length.ms() as f64 / 1000.0))
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Hundredfold and back is exact to the digits that were written.
        let tidy = |number: f64| (number * 1e10).round() / 1e10;
        match self {
            Amount::Points(share) => write!(f, "{} pp", tidy(share * 100.0)),
            Amount::Percent(share) => write!(f, "{} %", tidy(share * 100.0)),
            Amount::Seconds(seconds) => write!(f, "{} s", tidy(*seconds)),
            Amount::Plain(number) => write!(f, "{number}"),
        }
    }
}

impl Amount {
    /// As a precision target of a metric.
    pub fn target(self, metric: &Metric) -> Result<Target, AskedError> {
        let unit = Unit::of(metric);
        match (self, unit) {
            (Amount::Percent(share), _) => Ok(Target::Relative(share)),
            (Amount::Points(amount), Unit::Share)
            | (Amount::Seconds(amount), Unit::Seconds)
            | (Amount::Plain(amount), Unit::Plain) => Ok(Target::Absolute(amount)),
            _ => Err(AskedError::WrongUnit {
                amount: self,
                metric: metric.name,
                unit,
            }),
        }
    }
}

/// A figure of the results by name: a metric, and a slice of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    metric: String,
    by: Option<String>,
    group: Option<String>,
}

impl FromStr for Figure {
    type Err = std::convert::Infallible;

    /// `METRIC`, `METRIC:GROUP` (the first slice that has such a group) or `METRIC:BY=GROUP`. Whether there is one shows only
    /// when it is looked up.
    fn from_str(text: &str) -> Result<Figure, Self::Err> {
        let (metric, slice) = match text.split_once(':') {
            None => (text, None),
            Some((metric, slice)) => (metric, Some(slice)),
        };
        let (by, group) = match slice.map(|slice| slice.split_once('=').ok_or(slice)) {
            None => (None, None),
            Some(Ok((by, group))) => (Some(by.to_owned()), Some(group.to_owned())),
            Some(Err(group)) => (None, Some(group.to_owned())),
        };
        Ok(Figure {
            metric: metric.trim().to_owned(),
            by,
            group,
        })
    }
}

impl Figure {
    /// The place of the figure's row in a layout.
    pub(super) fn find(&self, layout: &Layout) -> Result<usize, AskedError> {
        let of_metric = |row: &Row| row.metric().name == self.metric;
        if !METRICS.iter().any(|metric| metric.name == self.metric) {
            return Err(self.unknown_metric());
        }
        let is = |row: &Row| match (&self.by, &self.group) {
            (by, Some(group)) => *group == row.group && by.as_ref().is_none_or(|by| by == row.by),
            (_, None) => row.by == "all",
        };
        let found = layout.rows.iter().position(|row| of_metric(row) && is(row));
        found.ok_or_else(|| AskedError::UnknownSlice {
            metric: self.metric.clone(),
            slice: self.slice(),
            known: layout
                .rows
                .iter()
                .filter(|row| of_metric(row))
                .take(KNOWN_SHOWN)
                .map(slice_name)
                .collect(),
        })
    }

    fn slice(&self) -> String {
        match (&self.by, &self.group) {
            (Some(by), Some(group)) => format!("{by}={group}"),
            (_, group) => group.clone().unwrap_or_else(|| "all".to_owned()),
        }
    }

    fn unknown_metric(&self) -> AskedError {
        let distance = |name: &str| strsim::damerau_levenshtein(&self.metric, name);
        let near = METRICS.iter().min_by_key(|metric| distance(metric.name));
        let near = near.filter(|metric| distance(metric.name) <= 1 + self.metric.chars().count() / 3);
        AskedError::UnknownMetric {
            name: self.metric.clone(),
            near: near.map(|metric| metric.name.to_owned()),
        }
    }
}

/// So many slices are named where one is unknown.
const KNOWN_SHOWN: usize = 12;

fn slice_name(row: &Row) -> String {
    match row.by {
        "all" => "all".to_owned(),
        by => format!("{by}={}", row.group),
    }
}

/// Below which a difference does not matter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Indifference {
    /// Of shares, as a fraction.
    pub share: f64,
    /// Of everything else, as a fraction of the level of the candidate compared with.
    pub relative: f64,
}

impl Default for Indifference {
    /// A tenth of a percentage point; one per cent of the level.
    fn default() -> Self {
        Indifference {
            share: 0.001,
            relative: 0.01,
        }
    }
}

impl Indifference {
    /// The zone δ of a metric at a level.
    pub fn zone(self, metric: &Metric, level: Option<f64>) -> Option<f64> {
        match Unit::of(metric) {
            Unit::Share => Some(self.share),
            Unit::Seconds | Unit::Plain => level.map(|level| self.relative * level.abs()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str) -> Amount {
        text.parse().unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn amounts_are_written_as_people_write_them() {
        assert_eq!(amount("0.2pp").to_string(), "0.2 pp");
        assert_eq!(amount(" 5% ").to_string(), "5 %");
        assert_eq!(amount("1h 30m"), Amount::Seconds(5400.0));
        assert_eq!(amount("0.05"), Amount::Plain(0.05));
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in [
            "", "pp", "-1pp", "0%", "1e3pp", "nan%", "inf", "2bh", "few", "0s", "1.2.3pp", "1e13",
        ] {
            let refused = text.parse::<Amount>().expect_err(text);
            assert!(refused.to_string().contains("0.2pp"), "{refused}");
        }
    }

    #[test]
    fn an_amount_fits_the_metrics_of_its_unit_only() {
        let metric = |name| crate::measure::metrics::metric(name).expect(name);
        let (rate, time, backlog) = (
            metric("breach_rate_resolve"),
            metric("first_response_mean_s"),
            metric("backlog"),
        );
        assert_eq!(amount("0.2pp").target(rate), Ok(Target::Absolute(0.002)));
        assert_eq!(amount("30s").target(time), Ok(Target::Absolute(30.0)));
        assert_eq!(amount("3").target(backlog), Ok(Target::Absolute(3.0)));
        for metric in [rate, time, backlog] {
            assert_eq!(amount("5%").target(metric), Ok(Target::Relative(0.05)));
        }
        for (text, metric) in [("0.2pp", time), ("30s", rate), ("3", rate), ("30s", backlog)] {
            assert!(amount(text).target(metric).is_err(), "{text} of {}", metric.name);
        }
    }

    #[test]
    fn a_misspelt_metric_is_answered_with_the_one_that_was_meant() {
        let figure: Figure = "breach_rate_resolv:Sev1".parse().expect("any text is a name");
        let said = figure.unknown_metric().to_string();
        assert!(said.contains("did you mean `breach_rate_resolve`?"), "{said}");
    }
}
