//! Redrawn inputs: what the scenario's estimates could have been as well.
//!
//! An `empirical` law is a sample, so it is resampled with replacement (the bootstrap). A rate or a work time with a relative
//! standard error written in `[uncertainty]` is multiplied by a log-normal factor of mean 1 and that deviation. Draws are
//! keyed by (seed, number of the draw, path): every candidate gets the same redrawn world. It plays nothing.

use super::stress::{scaled_arrivals, scaled_work};
use crate::random::{Key, Purpose, Stream, exp, ln, normal_quantile, open01};
use crate::scenario::{BASE, Document, Scenario, Setting};

/// Whether the scenario holds anything to redraw: in words, what.
pub(super) fn what(document: &Document, scenario: &Scenario) -> Vec<String> {
    let mut found = Vec::new();
    let samples = document.samples(BASE).len();
    if samples > 0 {
        found.push(match samples {
            1 => "1 empirical law, resampled".to_owned(),
            many => format!("{many} empirical laws, resampled"),
        });
    }
    for (error, noun) in [(arrivals_error(scenario), "arrivals"), (work_error(scenario), "work")] {
        if error > 0.0 {
            found.push(format!("{noun} known to ±{:.0} %", 100.0 * error));
        }
    }
    found
}

fn arrivals_error(scenario: &Scenario) -> f64 {
    scenario
        .uncertainty
        .as_ref()
        .and_then(|known| known.arrivals)
        .unwrap_or(0.0)
}

fn work_error(scenario: &Scenario) -> f64 {
    scenario
        .uncertainty
        .as_ref()
        .and_then(|known| known.work)
        .unwrap_or(0.0)
}

/// What draw `number` sets over a candidate (or `base`).
pub(super) fn redrawn(document: &Document, candidate: &str, seed: u64, number: u32) -> Vec<Setting> {
    let Some(scenario) = document.scenario(candidate) else {
        return Vec::new();
    };
    let stream = |name: &str| Stream::new(Key::of_seed(seed), Purpose::INPUTS, number, hash(name));
    let samples = document.samples(candidate).into_iter();
    let mut settings: Vec<Setting> = samples
        .map(|(path, sample)| Setting {
            value: resampled(&sample, &stream(&path.to_string())),
            path,
        })
        .collect();
    let (arrivals, work) = (arrivals_error(scenario), work_error(scenario));
    if arrivals > 0.0 {
        settings.extend(scaled_arrivals(scenario, &mut |name| {
            factor(arrivals, &stream(&format!("arrivals of {name}")))
        }));
    }
    if work > 0.0 {
        settings.extend(scaled_work(scenario, &mut |name| {
            factor(work, &stream(&format!("work of {name}")))
        }));
    }
    settings
}

/// FNV-1a, 64 bits: the entity of a name.
fn hash(name: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    name.bytes().fold(0xcbf2_9ce4_8422_2325, step)
}

/// Log-normal of mean 1 with the relative deviation `error`.
fn factor(error: f64, stream: &Stream) -> f64 {
    let [word, _] = stream.block(0);
    let variance = ln(1.0 + error * error);
    exp(variance.sqrt() * normal_quantile(open01(word)) - 0.5 * variance)
}

/// As many values, drawn with replacement.
fn resampled(sample: &[String], stream: &Stream) -> toml::Value {
    let draw = |index: usize| {
        let [word, _] = stream.block(index as u32);
        let at = (u128::from(word) * sample.len() as u128) >> 64;
        toml::Value::String(sample[at as usize].clone())
    };
    toml::Value::Array((0..sample.len()).map(draw).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Path, starter};

    fn desk(more: &str) -> Document {
        let text = starter("desk").replacen("[tiers.L1]", &format!("{more}\n[tiers.L1]"), 1);
        Document::parse("desk.toml", text)
    }

    #[test]
    fn without_samples_and_errors_there_is_nothing_to_redraw() {
        let document = desk("");
        let base = document.base().expect("read");
        assert!(what(&document, base).is_empty() && redrawn(&document, BASE, 1, 0).is_empty());
    }

    #[test]
    fn a_factor_has_mean_one_and_the_error_that_was_written() {
        let factors: Vec<f64> = (0..4_000)
            .map(|number| factor(0.2, &Stream::new(Key::of_seed(1), Purpose::INPUTS, number, 7)))
            .collect();
        let mean = factors.iter().sum::<f64>() / 4_000.0;
        let deviation = (factors.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 3_999.0).sqrt();
        // Standard errors of mean and deviation: 0.2/√4000 = 0.0032 and about 0.0026.
        assert!(
            (mean - 1.0).abs() < 0.01 && (deviation - 0.2).abs() < 0.01,
            "{mean} {deviation}"
        );
    }

    #[test]
    fn a_sample_is_resampled_at_its_place_and_every_draw_is_another() {
        let document = desk(
            "[uncertainty]\narrivals = 0.1\nwork = 0.05\n[pending]\nshare = 0.1\nwait = { empirical = [\"1h\", \"2h\", \"3h\", \"9h\"] }\n",
        );
        let base = document.base().expect("read");
        assert_eq!(
            what(&document, base),
            [
                "1 empirical law, resampled",
                "arrivals known to ±10 %",
                "work known to ±5 %"
            ]
        );
        let [one, again, other] = [0, 0, 1].map(|number| redrawn(&document, BASE, 1, number));
        assert_eq!(one, again);
        assert_ne!(one, other);
        assert_eq!(one[0].path, Path::from("pending.wait.empirical"));
        for settings in [one, other] {
            let variant = document.variant(BASE, &settings).expect("the base");
            assert!(!variant.problems.any_error(), "{:?}", variant.problems);
        }
    }
}
