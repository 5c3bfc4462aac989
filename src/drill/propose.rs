//! Corrected parameters: what a drill's observations say about the scenario's own numbers, as a patch.
//!
//! An observation of one team on one day weighs little: the factor on a parameter is `exp(n / (n + 5) · mean ln(x / p50))`,
//! as if five earlier observations had agreed with the model. The patch is a candidate, and is never applied by itself.

use super::milestone::Milestone;
use super::observed::Observed;
use super::offset::words;
use super::pack::Opened;
use super::parameters::of_process;
use crate::random::{exp, ln};
use crate::scenario::{Document, Law, LawBySeverity, Scenario};
use crate::time::{Length, Written};

/// Earlier observations that a parameter counts as.
pub const PRIOR: f64 = 5.0;

/// A parameter with what was observed of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// What it is.
    pub what: String,
    /// Where it stands: a path of the scenario, or of the archetype's file.
    pub path: String,
    /// The simulated median, in seconds.
    pub median_s: f64,
    /// What was observed, in seconds.
    pub observed_s: Vec<f64>,
    /// By how much to lengthen it.
    pub factor: f64,
    /// The new value as TOML; `None` where no scenario holds it.
    pub value: Option<String>,
    /// The old value as TOML.
    pub old: String,
}

/// `exp(n / (n + k) · mean ln(x / p50))`, k = 5. 1 of no observations. Values and median above 0.
///
/// ```
/// use escalade::drill::propose::factor;
/// let minutes = [4.0, 6.0, 9.0];
/// assert!((factor(&minutes, 3.0) - 1.297).abs() < 0.0005);
/// ```
pub fn factor(observed: &[f64], median: f64) -> f64 {
    let n = observed.len() as f64;
    if observed.is_empty() || median <= 0.0 {
        return 1.0;
    }
    let mean = observed.iter().map(|value| ln(value.max(1.0) / median)).sum::<f64>() / n;
    exp(n / (n + PRIOR) * mean)
}

/// The time between two milestones, simulated in the median and as observed. `None` if either is unknown or takes no time.
/// What always comes with the first symptom in the simulation need not have been written down.
pub(super) fn between(opened: &Opened, observed: &Observed, from: &str, until: &str) -> Option<(f64, Vec<f64>)> {
    let column = |key: &str| {
        let index = opened.drill.bands.iter().position(|band| band.key() == key)?;
        opened.simulated.get(index)
    };
    let mut both: Vec<f64> = column(from)?
        .iter()
        .zip(column(until)?)
        .filter_map(|(from, until)| Some((*until)? - (*from)?))
        .filter(|time| *time > 0.0)
        .collect();
    both.sort_by(f64::total_cmp);
    let median = *both.get(both.len().saturating_sub(1) / 2)?;
    let at_once = opened.drill.band(from).is_some_and(|band| band.p90.value == Some(0.0));
    let start = observed.at(from).or(at_once.then_some(0.0))?;
    let seen: Vec<f64> = observed
        .all(until)
        .into_iter()
        .map(|at| at - start)
        .filter(|time| *time > 0.0)
        .collect();
    (median > 0.0 && !seen.is_empty()).then_some((median, seen))
}

/// What the observations say of the scenario's parameters.
pub fn proposals(opened: &Opened, observed: &Observed, document: &Document) -> Vec<Proposal> {
    let Some(scenario) = document.scenario(&opened.drill.source.candidate) else {
        return Vec::new();
    };
    let mut all = of_process(opened, observed, scenario);
    all.extend(first_reply(opened, observed, scenario));
    all.extend(diagnosis(opened, observed, scenario));
    all.extend(repair(opened, observed));
    all
}

fn first_reply(opened: &Opened, observed: &Observed, scenario: &Scenario) -> Option<Proposal> {
    let (median_s, observed_s) = between(opened, observed, "engaged", "responded")?;
    let old = scenario.first_reply.as_ref()?;
    let factor = factor(&observed_s, median_s);
    let value = format!("\"{}\"", scaled(old, factor)?);
    Some(Proposal {
        what: "time from the first work to the first words to the customer".into(),
        path: "first_reply".into(),
        median_s,
        observed_s,
        factor,
        value: Some(value),
        old: format!("\"{old}\""),
    })
}

/// From the first work to the handing up: the diagnosis of the tier that takes new tickets of the service. What it is handed up to
/// is the lowest tier that the simulated ones are.
fn diagnosis(opened: &Opened, observed: &Observed, scenario: &Scenario) -> Option<Proposal> {
    let mut tiers = Milestone::ESCALATED.into_iter();
    let next = tiers.find(|milestone| opened.drill.band(milestone.word()).is_some())?;
    let (median_s, observed_s) = between(opened, observed, "engaged", next.word())?;
    let story = opened.drill.stories.first()?;
    let service = scenario.services.get(&story.service)?;
    let entry = service.starts_at.as_ref().or(service.needs_at_least.as_ref());
    let (name, tier) = match entry {
        Some(name) => scenario.tiers.get_key_value(name)?,
        None => scenario.tiers.first()?,
    };
    let factor = factor(&observed_s, median_s);
    let law = tier.diagnosis.as_ref().unwrap_or(&tier.work);
    Some(Proposal {
        what: format!("work of {name} until it knows that it cannot solve a ticket"),
        path: format!("tiers.{}.diagnosis", key(name)),
        median_s,
        observed_s,
        factor,
        value: laws(law, factor),
        old: laws(law, 1.0)?,
    })
}

/// From the last change of hands to the end: the repair, which the archetype holds and no scenario.
fn repair(opened: &Opened, observed: &Observed) -> Option<Proposal> {
    let story = opened.drill.stories.first()?;
    let end = ["mitigated", "resolved"]
        .into_iter()
        .find(|key| opened.drill.band(key).is_some())?;
    let mut tiers = Milestone::ESCALATED.into_iter().rev();
    let handed_up = tiers.find_map(|milestone| between(opened, observed, milestone.word(), end));
    let (median_s, observed_s) = handed_up.or_else(|| between(opened, observed, "engaged", end))?;
    let factor = factor(&observed_s, median_s);
    let old = format!("\"{}\"", whole_seconds(story.repair_median_s));
    Some(Proposal {
        what: format!(
            "the repair of this kind of incident; in the archetype it would be `median = \"{}\"`",
            whole_seconds(story.repair_median_s * factor)
        ),
        path: format!("{}.toml, repair.median", story.archetype),
        median_s,
        observed_s,
        factor,
        value: None,
        old,
    })
}

/// The patch: a candidate with every proposal that a scenario can hold; `None` if there is none. Its comments say n, k and
/// the old values.
pub fn patch(opened: &Opened, proposals: &[Proposal]) -> Option<String> {
    let lines: Vec<&Proposal> = proposals
        .iter()
        .filter(|one| one.value.is_some() && (one.factor - 1.0).abs() > 0.005)
        .collect();
    if lines.is_empty() {
        return None;
    }
    let short = &opened.drill.id[..4.min(opened.drill.id.len())];
    let mut text = format!(
        "# From {} ({}): what a team did, weighed against the model. Add it to the scenario and compare it with `escalade run`;\n\
         # nothing is changed by itself.\n[candidates.after-drill-{short}]\ndescription = \"As slow or fast as the team of {}\"\n",
        opened.drill.name(),
        opened.drill.id,
        opened.drill.name()
    );
    for one in lines {
        text += &format!(
            "\n# {}: simulated median {}, observed {}; n = {}, k = {PRIOR}, factor {:.3}.\n# Old: {}\nset.{} = {}\n",
            one.what,
            words(one.median_s),
            one.observed_s
                .iter()
                .map(|seen| words(*seen))
                .collect::<Vec<_>>()
                .join(", "),
            one.observed_s.len(),
            one.factor,
            one.old,
            one.path,
            one.value.as_deref().unwrap_or_default()
        );
    }
    Some(text)
}

/// A key as TOML wants it.
pub(super) fn key(name: &str) -> String {
    let bare = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    if bare {
        name.to_owned()
    } else {
        toml::Value::from(name).to_string()
    }
}

fn whole_seconds(seconds: f64) -> Length {
    Length::from_secs(seconds.round().max(1.0) as i64)
}

/// A written time, longer by a factor, in whole seconds.
fn scaled(text: &str, factor: f64) -> Option<String> {
    let time = text.parse::<Written>().ok()?.elapsed()?;
    Some(if factor == 1.0 {
        time.to_string()
    } else {
        whole_seconds(time.secs_f64() * factor).to_string()
    })
}

/// Laws as an inline table, their times longer by a factor.
fn laws(laws: &LawBySeverity, factor: f64) -> Option<String> {
    match laws {
        LawBySeverity::All(one) => law(one, factor),
        LawBySeverity::By(by) => {
            let parts = by
                .iter()
                .map(|(name, one)| Some(format!("{} = {}", key(name), law(one, factor)?)));
            Some(format!("{{ {} }}", parts.collect::<Option<Vec<_>>>()?.join(", ")))
        }
    }
}

/// A law as an inline table, its times longer by a factor.
pub(super) fn law(law: &Law, factor: f64) -> Option<String> {
    let time = |text: &str| scaled(text, factor);
    Some(match law {
        Law::Deterministic(text) => format!("{{ deterministic = \"{}\" }}", time(text)?),
        Law::Exponential(text) => format!("{{ exponential = \"{}\" }}", time(text)?),
        Law::Lognormal { median, sigma } => format!(
            "{{ lognormal = {{ median = \"{}\", sigma = {sigma} }} }}",
            time(median)?
        ),
        Law::Gamma { mean, shape } => format!("{{ gamma = {{ mean = \"{}\", shape = {shape} }} }}", time(mean)?),
        Law::Weibull { scale, shape } => format!("{{ weibull = {{ scale = \"{}\", shape = {shape} }} }}", time(scale)?),
        Law::Erlang { mean, stages } => format!("{{ erlang = {{ mean = \"{}\", stages = {stages} }} }}", time(mean)?),
        Law::Hyperexponential(phases) => {
            let parts = phases.iter().map(|phase| {
                Some(format!(
                    "{{ share = {}, mean = \"{}\" }}",
                    phase.share,
                    time(&phase.mean)?
                ))
            });
            format!(
                "{{ hyperexponential = [{}] }}",
                parts.collect::<Option<Vec<_>>>()?.join(", ")
            )
        }
        Law::Empirical(sample) => {
            let parts = sample.iter().map(|text| Some(format!("\"{}\"", time(text)?)));
            format!("{{ empirical = [{}] }}", parts.collect::<Option<Vec<_>>>()?.join(", "))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_slow_acknowledgements_lengthen_the_median_by_three_tenths() {
        let factor = factor(&[240.0, 360.0, 540.0], 180.0);
        assert!((factor - 1.2969).abs() < 0.001, "{factor}");
        assert_eq!(scaled("3m", factor), Some("3m 53s".into()));
        assert_eq!(super::factor(&[], 3.0), 1.0);
    }

    #[test]
    fn a_law_keeps_its_shape_and_gets_longer() {
        let lognormal = Law::Lognormal {
            median: "10m".into(),
            sigma: 1.25,
        };
        assert_eq!(
            law(&lognormal, 1.5).as_deref(),
            Some("{ lognormal = { median = \"15m\", sigma = 1.25 } }")
        );
        let sample = Law::Empirical(vec!["1m".into(), "2m".into()]);
        assert_eq!(law(&sample, 2.0).as_deref(), Some("{ empirical = [\"2m\", \"4m\"] }"));
    }
}
