//! Laws of durations, and values that may differ by severity, as written.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

/// The law of a duration: one of these, e.g. `{ lognormal = { median = "30m", sigma = 1.0 } }`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Law {
    /// Always the same: `{ deterministic = "12m" }`.
    Deterministic(#[schemars(extend("x-format" = "duration"))] String),
    /// Exponential, by its mean: `{ exponential = "10m" }`.
    Exponential(#[schemars(extend("x-format" = "duration"))] String),
    /// Log-normal: `{ lognormal = { median = "30m", sigma = 1.0 } }`, sigma of the natural logarithm.
    Lognormal {
        /// The median (half are shorter).
        #[schemars(extend("x-format" = "duration"))]
        median: String,
        /// Standard deviation of the natural logarithm, above 0.
        #[schemars(range(min = 0.000001, max = 10.0))]
        sigma: f64,
    },
    /// Gamma: `{ gamma = { mean = "20m", shape = 2.0 } }`.
    Gamma {
        /// The mean.
        #[schemars(extend("x-format" = "duration"))]
        mean: String,
        /// Shape, above 0: 1 is exponential, larger is less variable.
        #[schemars(range(min = 0.01, max = 10000.0))]
        shape: f64,
    },
    /// Weibull: `{ weibull = { scale = "20m", shape = 1.5 } }`.
    Weibull {
        /// Scale: 63.2 % are shorter.
        #[schemars(extend("x-format" = "duration"))]
        scale: String,
        /// Shape, above 0: 1 is exponential.
        #[schemars(range(min = 0.05, max = 100.0))]
        shape: f64,
    },
    /// Erlang: a sum of equal exponential stages, `{ erlang = { mean = "24m", stages = 3 } }` (mean of the whole).
    Erlang {
        /// Mean of the whole.
        #[schemars(extend("x-format" = "duration"))]
        mean: String,
        /// Number of stages.
        #[schemars(range(min = 1, max = 1000))]
        stages: u32,
    },
    /// Phase type, a mixture of exponentials: `{ hyperexponential = [{ share = 0.7, mean = "5m" }, { share = 0.3, mean = "1h" }] }`.
    Hyperexponential(Vec<Phase>),
    /// Drawn from a sample, straight lines between its sorted values: `{ empirical = ["3m", "7m", "7m", "22m"] }`.
    Empirical(#[schemars(extend("x-format" = "durations"))] Vec<String>),
}

/// One branch of a hyperexponential law.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Phase {
    /// Share of the draws that take this branch; the shares add to 1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub share: f64,
    /// Mean of the branch.
    #[schemars(extend("x-format" = "duration"))]
    pub mean: String,
}

/// One law for all, or one by severity: `{ Sev1 = { exponential = "30m" }, other = { exponential = "15m" } }`, where
/// `other` stands for the severities that are not named. Every severity must have a law.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum LawBySeverity {
    /// The same law for every severity.
    All(Law),
    /// A law by severity (and `other`).
    By(#[schemars(extend("x-ref-keys" = "severities", "x-other" = true))] IndexMap<String, Law>),
}

/// One share for all, or one by severity: `0.3` or `{ Sev1 = 0.8, Sev2 = 0.5, other = 0.1 }`. A severity that is not
/// named has the share of `other`; without `other`, 0.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum ShareBySeverity {
    /// The same share for every severity.
    All(#[schemars(range(min = 0.0, max = 1.0))] f64),
    /// A share by severity (and `other`).
    By(
        #[schemars(extend("x-ref-keys" = "severities", "x-other" = true, "x-share-values" = true))]
        IndexMap<String, f64>,
    ),
}
