//! What if the inputs are wrong: stresses on every candidate, and how well the inputs are known, as written.

use schemars::JsonSchema;
use serde::Deserialize;

/// A world in which the candidates are compared once more: values of the scenario that may turn out otherwise.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stress {
    /// What happens, in one sentence.
    #[serde(default)]
    pub description: Option<String>,
    /// The patch, as a candidate's: `set.services.mail.arrivals.per_week = 900`. It comes over the base and over each
    /// candidate, after the candidate's own changes.
    #[serde(default)]
    #[schemars(with = "serde_json::Map<String, serde_json::Value>", extend("x-patch" = true))]
    pub set: toml::Table,
}

/// How well the inputs are known, where they are estimates: relative standard errors, `0.05` for 5 %.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Uncertainty {
    /// Of the rate of arrivals: of each service's and each kind of fault's own, or of the organisation's (default 0: known
    /// exactly).
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub arrivals: Option<f64>,
    /// Of the work and diagnosis times of each service (default 0).
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub work: Option<f64>,
}
