//! Samplers: laws compiled for the loop.
//!
//! Inversion only: one uniform in, one duration out, longer for a larger uniform and for a larger scale. So a candidate
//! or a sweep that makes work a little longer makes every ticket's work a little longer, which is what common random
//! numbers, antithetic draws and smooth sweeps live on; rejection and ziggurat methods would not. A sampler keeps nothing
//! of the law that the loop does not read, and draws nothing by itself: the uniform comes from a `Stream`.

use super::curve::Curve;
use super::law::{Family, LONGEST_MS, Law, sample_quantile};
use super::maths::{exp, ln, normal_quantile};
use super::table::QuantileTable;
use std::sync::Arc;

/// A compiled law. Cheap to clone: tables are shared.
///
/// A draw never falls as `u` grows, but for the last bits of the f64 where neighbouring uniforms differ by less than its
/// rounding (1e-13 of itself); for the same `u` it is the scale times a number that the scale does not enter, so it never
/// falls as the scale grows, exactly.
#[derive(Clone, Debug)]
pub struct Sampler(Kind);

/// Small, so that a table of samplers stays in the cache; what is large is behind a pointer.
#[derive(Clone, Debug)]
enum Kind {
    Deterministic { value: f64 },
    Exponential { mean: f64 },
    LogNormal { median: f64, sigma: f64 },
    Weibull { scale: f64, inverse_shape: f64 },
    Table { mean: f64, unit: Arc<QuantileTable> },
    Empirical { factor: f64, sample: Arc<Vec<f64>> },
}
const _: () = assert!(size_of::<Sampler>() <= 24);

impl Sampler {
    /// Compiles a law. Closed forms cost nothing; gamma, Erlang and hyperexponential laws build a table of 1,025 knots
    /// (milliseconds), so compile a law once a model, not once a ticket.
    ///
    /// ```
    /// use escalade::random::{Law, Sampler};
    /// let work = Sampler::of(&Law::gamma(600_000.0, 2.0)?);
    /// assert!(work.draw(0.2) < work.draw(0.3));
    /// # Ok::<(), escalade::random::LawError>(())
    /// ```
    pub fn of(law: &Law) -> Sampler {
        let table = |curve| Kind::Table {
            mean: law.mean(),
            unit: Arc::new(QuantileTable::of(curve)),
        };
        Sampler(match law.family() {
            Family::Deterministic(value) => Kind::Deterministic { value: *value },
            Family::Exponential { mean } => Kind::Exponential { mean: *mean },
            Family::LogNormal { median, sigma } => Kind::LogNormal {
                median: *median,
                sigma: *sigma,
            },
            Family::Weibull { scale, shape } => Kind::Weibull {
                scale: *scale,
                inverse_shape: 1.0 / shape,
            },
            Family::Gamma { shape, .. } => table(Curve::gamma(*shape)),
            Family::Erlang { stages, .. } => table(Curve::gamma(f64::from(*stages))),
            Family::Hyperexponential(branches) => table(Curve::mixture(branches, law.mean())),
            Family::Empirical(sample) => Kind::Empirical {
                factor: 1.0,
                sample: Arc::new(sample.clone()),
            },
        })
    }

    /// The duration at a uniform, in milliseconds (or the law's own unit): the law's quantile at `u`.
    ///
    /// `u` in (0, 1), as `open01` makes it; outside, the answer is an end of the law or NaN. Exponential and Weibull
    /// draws take −ln(1 − u), not −ln u, so that a larger uniform is a longer duration; the complement of what `open01`
    /// gives is exact (it is the uniform of the complemented word), so nothing is lost. Gamma, Erlang and
    /// hyperexponential draws are within 1e-6 of themselves or 1e-7 of the mean, the others within rounding.
    ///
    /// ```
    /// use escalade::random::{Law, Sampler};
    /// let gap = Sampler::of(&Law::exponential(60_000.0)?);
    /// assert!((gap.draw(1.0 - 1.0f64.exp().recip()) - 60_000.0).abs() < 1e-9);
    /// # Ok::<(), escalade::random::LawError>(())
    /// ```
    #[inline]
    pub fn draw(&self, u: f64) -> f64 {
        match &self.0 {
            Kind::Deterministic { value } => *value,
            Kind::Exponential { mean } => mean * standard_exponential(u),
            Kind::LogNormal { median, sigma } => median * exp(sigma * normal_quantile(u)),
            Kind::Weibull { scale, inverse_shape } => scale * exp(ln(standard_exponential(u)) * inverse_shape),
            Kind::Table { mean, unit } => mean * unit.quantile(u),
            Kind::Empirical { factor, sample } => factor * sample_quantile(sample, u),
        }
    }

    /// The duration at a uniform as a whole number of milliseconds: the nearest (halves up), from 0 to 2⁴⁶.
    #[inline]
    pub fn draw_ms(&self, u: f64) -> i64 {
        ((self.draw(u) + 0.5) as i64).clamp(0, LONGEST_MS)
    }

    /// The same of so many times the duration.
    #[inline]
    pub fn draw_ms_times(&self, u: f64, factor: f64) -> i64 {
        ((self.draw(u) * factor).round() as i64).clamp(0, LONGEST_MS)
    }

    /// The mean of what is drawn, in the law's unit; of the law, not of what `draw_ms` rounds and cuts.
    pub fn mean(&self) -> f64 {
        match &self.0 {
            Kind::Deterministic { value } => *value,
            Kind::Exponential { mean } | Kind::Table { mean, .. } => *mean,
            Kind::LogNormal { median, sigma } => median * exp(sigma * sigma / 2.0),
            Kind::Weibull { scale, inverse_shape } => scale * libm::tgamma(1.0 + inverse_shape),
            Kind::Empirical { factor, sample } => factor * sample.iter().sum::<f64>() / sample.len() as f64,
        }
    }

    /// The sampler of `factor` times the duration, sharing its table: what a candidate that only makes work longer or
    /// shorter needs. `factor` finite, > 0; nothing is checked, as nothing breaks (`draw_ms` saturates).
    pub fn scaled(&self, factor: f64) -> Sampler {
        Sampler(match self.0.clone() {
            Kind::Deterministic { value } => Kind::Deterministic { value: value * factor },
            Kind::Exponential { mean } => Kind::Exponential { mean: mean * factor },
            Kind::LogNormal { median, sigma } => Kind::LogNormal {
                median: median * factor,
                sigma,
            },
            Kind::Weibull { scale, inverse_shape } => Kind::Weibull {
                scale: scale * factor,
                inverse_shape,
            },
            Kind::Table { mean, unit } => Kind::Table {
                mean: mean * factor,
                unit,
            },
            Kind::Empirical { factor: before, sample } => Kind::Empirical {
                factor: before * factor,
                sample,
            },
        })
    }
}

#[inline]
fn standard_exponential(u: f64) -> f64 {
    -ln(1.0 - u)
}

#[cfg(test)]
mod tests {
    use super::super::{Key, Purpose, Stream, StreamRng, open01};
    use super::*;
    use rand_distr::Distribution;

    type Draw = Box<dyn Fn(&mut StreamRng) -> f64>;

    fn uniform(entity: u64) -> f64 {
        open01(Stream::new(Key::of_seed(42), Purpose::work(1), 0, entity).block(0)[0])
    }

    fn laws() -> Vec<Law> {
        let made = [
            Law::deterministic(1_500.0),
            Law::exponential(60_000.0),
            Law::lognormal(900_000.0, 1.0),
            Law::weibull(1e5, 0.7),
            Law::gamma(1.0, 33.3),
            Law::gamma(5e6, 0.3),
            Law::erlang(3.6e6, 4),
            Law::hyperexponential(vec![(0.8, 3e5), (0.2, 7.2e6)]),
            Law::empirical(vec![9.0, 2.0, 4.0, 4.5, 30.0]),
        ];
        made.into_iter().map(|law| law.expect("a valid law")).collect()
    }

    #[test]
    fn draws_have_the_mean_and_the_variance_of_the_law() {
        for law in laws() {
            let sampler = Sampler::of(&law);
            let n = 100_000.0;
            let draws: Vec<f64> = (0..100_000).map(|e| sampler.draw(uniform(e))).collect();
            let moment = |power: i32| draws.iter().map(|x| (x - law.mean()).powi(power)).sum::<f64>() / n;
            let (bias, variance, fourth) = (moment(1), moment(2), moment(4));
            let error_of_mean = (law.variance() / n).sqrt();
            let error_of_variance = ((fourth - variance * variance) / n).sqrt();
            assert!(bias.abs() <= 4.0 * error_of_mean, "{law:?}: mean off by {bias}");
            let off = variance - law.variance();
            assert!(
                off.abs() <= 4.0 * error_of_variance,
                "{law:?}: variance {variance}, off by {off}"
            );
        }
    }

    #[test]
    fn draws_are_distributed_as_the_law_says() {
        for law in laws() {
            let sampler = Sampler::of(&law);
            let mut draws: Vec<f64> = (0..100_000).map(|e| sampler.draw(uniform(e))).collect();
            draws.sort_by(f64::total_cmp);
            let distance = kolmogorov_distance(&draws, |x| law.cdf(x));
            assert!(distance * 100_000f64.sqrt() < 1.95, "{law:?}: {distance}"); // exceeded once in 1,000
        }
    }

    /// The largest distance at the draws, counted where the draws step up (so that a law with jumps is judged too).
    fn kolmogorov_distance(sorted: &[f64], cdf: impl Fn(f64) -> f64) -> f64 {
        let n = sorted.len();
        let steps = (0..n).filter(|&i| i + 1 == n || sorted[i] < sorted[i + 1]);
        steps
            .map(|i| ((i + 1) as f64 / n as f64 - cdf(sorted[i])).abs())
            .fold(0.0, f64::max)
    }

    #[test]
    fn draws_agree_with_those_of_rand_distr() {
        let mut rng = Stream::new(Key::of_seed(7), Purpose::CUSTOMER, 0, 0).rng();
        let rng = &mut rng;
        let reference: [(usize, Draw); 5] = [
            (
                1,
                Box::new(|r| rand_distr::Exp::new(1.0 / 60_000.0).expect("valid").sample(r)),
            ),
            (
                2,
                Box::new(|r| {
                    rand_distr::LogNormal::new(libm::log(900_000.0), 1.0)
                        .expect("valid")
                        .sample(r)
                }),
            ),
            (
                3,
                Box::new(|r| rand_distr::Weibull::new(1e5, 0.7).expect("valid").sample(r)),
            ),
            (
                4,
                Box::new(|r| rand_distr::Gamma::new(33.3, 1.0 / 33.3).expect("valid").sample(r)),
            ),
            (
                5,
                Box::new(|r| rand_distr::Gamma::new(0.3, 5e6 / 0.3).expect("valid").sample(r)),
            ),
        ];
        for (law, sample) in reference {
            let law = &laws()[law];
            let mut theirs: Vec<f64> = (0..100_000).map(|_| sample(rng)).collect();
            theirs.sort_by(f64::total_cmp);
            let distance = kolmogorov_distance(&theirs, |x| law.cdf(x));
            assert!(distance * 100_000f64.sqrt() < 1.95, "{law:?}: {distance}");
        }
    }

    #[test]
    fn a_draw_is_the_quantile_of_the_law() {
        for law in laws() {
            let sampler = Sampler::of(&law);
            for u in (0..2_000).map(uniform).chain([0.5f64.powi(53), 1.0 - 0.5f64.powi(53)]) {
                let (drawn, exact) = (sampler.draw(u), law.quantile(u));
                let is_tabulated = matches!(sampler.0, Kind::Table { .. });
                let allowed = if is_tabulated {
                    1e-6 * exact + 1e-7 * law.mean()
                } else {
                    1e-13 * exact
                };
                assert!(
                    (drawn - exact).abs() <= allowed,
                    "{law:?} at {u}: {drawn} against {exact}"
                );
            }
        }
    }

    #[test]
    fn a_larger_uniform_is_a_longer_duration() {
        for law in laws() {
            let sampler = Sampler::of(&law);
            let mut uniforms: Vec<f64> = (0..50_000).map(uniform).collect();
            uniforms.sort_by(f64::total_cmp);
            let draws: Vec<f64> = uniforms.iter().map(|&u| sampler.draw(u)).collect();
            assert!(draws.is_sorted(), "{law:?}");
        }
    }

    #[test]
    fn a_longer_law_makes_every_draw_longer() {
        for law in laws() {
            let sampler = Sampler::of(&law);
            let longer = [
                sampler.scaled(1.01),
                Sampler::of(&law.scaled(1.01).expect("a factor in range")),
            ];
            for u in (0..2_000).map(uniform) {
                for longer in &longer {
                    assert!(
                        longer.draw(u) > sampler.draw(u) || sampler.draw(u) < 1e-300,
                        "{law:?} at {u}"
                    );
                }
            }
            assert!((longer[0].mean() / law.mean() - 1.01).abs() < 1e-12);
        }
    }

    #[test]
    fn a_sampler_knows_the_mean_of_its_law() {
        for law in laws() {
            assert!((Sampler::of(&law).mean() / law.mean() - 1.0).abs() < 1e-15, "{law:?}");
        }
    }

    #[test]
    fn whole_milliseconds_are_the_nearest_and_stay_in_range() {
        let always = |value| Sampler::of(&Law::deterministic(value).expect("a length"));
        let rounded = [0.0, 0.4, 0.5, 1.49, 1.5, LONGEST_MS as f64].map(|value| always(value).draw_ms(0.5));
        assert_eq!(rounded, [0, 0, 1, 1, 2, LONGEST_MS]);
        let endless = Sampler::of(&Law::lognormal(1e13, 10.0).expect("valid"));
        assert_eq!(
            [1e-15, 0.9, 1.0].map(|u| endless.draw_ms(u)),
            [0, LONGEST_MS, LONGEST_MS]
        );
    }

    /// These bits belong to what a version promises; they change only on purpose, with a line in CHANGELOG.
    #[test]
    fn value_stability_of_the_samplers() {
        let first_four = |law: &Law| [0, 1, 2, 3].map(|e| Sampler::of(law).draw(uniform(e)));
        let pinned: Vec<[f64; 4]> = laws().iter().map(first_four).collect();
        let values: [[f64; 4]; 9] = [
            [1500.0, 1500.0, 1500.0, 1500.0],
            [
                312223.36994815466,
                115816.82372417179,
                7100.6270347868885,
                3707.070880945698,
            ],
            [
                11445405.377120432,
                2591636.5404312965,
                266235.4922420632,
                189977.09836258882,
            ],
            [
                1055129.918902006,
                255875.75825419134,
                4741.568982125667,
                1873.6359014380391,
            ],
            [
                1.495039252470838,
                1.183574640724318,
                0.7947389727368789,
                0.7456634647514212,
            ],
            [
                52339270.08074197,
                10779927.043554092,
                7781.71051235447,
                978.0863605665025,
            ],
            [
                9766513.198706884,
                5462565.267982783,
                1636153.9069638248,
                1307939.2581512178,
            ],
            [
                25878851.42402499,
                2327066.408589249,
                44539.5717602563,
                23094.314566115572,
            ],
            [30.0, 25.263711943353805, 2.1160941428160918, 2.0],
        ];
        assert_eq!(pinned, values);
    }
}
