//! Laws and shares, by severity where they differ.

use super::Compiler;
use crate::random::{Law, Sampler};
use crate::scenario::{self, LawBySeverity, ShareBySeverity};

impl Compiler<'_> {
    pub(super) fn law(&mut self, law: &scenario::Law, path: &str) -> Option<Sampler> {
        let ms = |this: &mut Self, text: &str| this.length(text, path).map(|length| length.ms() as f64);
        let built = match law {
            scenario::Law::Deterministic(value) => Law::deterministic(ms(self, value)?),
            scenario::Law::Exponential(mean) => Law::exponential(ms(self, mean)?),
            scenario::Law::Lognormal { median, sigma } => Law::lognormal(ms(self, median)?, *sigma),
            scenario::Law::Gamma { mean, shape } => Law::gamma(ms(self, mean)?, *shape),
            scenario::Law::Weibull { scale, shape } => Law::weibull(ms(self, scale)?, *shape),
            scenario::Law::Erlang { mean, stages } => Law::erlang(ms(self, mean)?, *stages),
            scenario::Law::Hyperexponential(phases) => {
                let mut branches = Vec::with_capacity(phases.len());
                for phase in phases {
                    branches.push((phase.share, ms(self, &phase.mean)?));
                }
                Law::hyperexponential(branches)
            }
            scenario::Law::Empirical(sample) => {
                let mut values = Vec::with_capacity(sample.len());
                for value in sample {
                    values.push(ms(self, value)?);
                }
                Law::empirical(values)
            }
        };
        match built {
            Ok(law) => Some(Sampler::of(&law)),
            Err(wrong) => {
                self.problems.error("E907", path, wrong.to_string());
                None
            }
        }
    }

    pub(super) fn optional_law(&mut self, law: Option<&scenario::Law>, path: &str) -> Option<Sampler> {
        law.and_then(|law| self.law(law, path))
    }

    pub(super) fn laws(&mut self, laws: &LawBySeverity, path: &str) -> Vec<Sampler> {
        let severities = self.names.severities.clone();
        match laws {
            LawBySeverity::All(law) => match self.law(law, path) {
                Some(sampler) => vec![sampler; severities.len()],
                None => Vec::new(),
            },
            LawBySeverity::By(laws) => {
                let mut samplers = Vec::with_capacity(severities.len());
                for severity in &severities {
                    match laws.get(severity).or_else(|| laws.get("other")) {
                        Some(law) => samplers.extend(self.law(law, path)),
                        None => {
                            self.problems
                                .error("E908", path, format!("no law for severity `{severity}`"))
                                .help("add one, or `other` for the severities that are not named");
                        }
                    }
                }
                samplers
            }
        }
    }

    pub(super) fn shares(&self, shares: &ShareBySeverity) -> Vec<f64> {
        let severities = &self.names.severities;
        match shares {
            ShareBySeverity::All(share) => vec![*share; severities.len()],
            ShareBySeverity::By(shares) => severities
                .iter()
                .map(|severity| {
                    shares
                        .get(severity)
                        .or_else(|| shares.get("other"))
                        .copied()
                        .unwrap_or(0.0)
                })
                .collect(),
        }
    }
}
