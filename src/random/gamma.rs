//! The incomplete gamma function: how much of a gamma law lies below and above a point.
//!
//! Private to the layer: cold code, called when a law is asked for its cdf or a table is built, never in the loop.
//! Accuracy is relative on both sides, also far out, which the quantile's Newton steps need.

use super::maths::{exp, ln};

/// P and Q: the regularised incomplete gamma functions, below and above `x`, and the density there, for `shape` > 0.
///
/// Below `shape + 1` by the power series (DLMF 8.11.4), above by the continued fraction (DLMF 8.9.2) with Lentz's
/// method; each gives the smaller side with full relative accuracy, about 14 digits, losing one for every tenfold of
/// `shape` beyond 100. `ln_gamma` is ln Γ(shape), handed in as it is the same for every `x`. For `x` ≤ 0: (0, 1, 0); at ∞ (1, 0, 0).
pub(super) fn below_above_density(shape: f64, ln_gamma: f64, x: f64) -> (f64, f64, f64) {
    if x <= 0.0 {
        return (0.0, 1.0, 0.0);
    }
    if x.is_infinite() {
        return (1.0, 0.0, 0.0);
    }
    let front = exp(shape * ln(x) - x - ln_gamma); // x^shape e^-x / Γ(shape)
    let density = front / x;
    if x < shape + 1.0 {
        let below = (front * series(shape, x)).min(1.0);
        (below, 1.0 - below, density)
    } else {
        let above = (front * continued_fraction(shape, x)).min(1.0);
        (1.0 - above, above, density)
    }
}

/// Enough for the largest shape, 10⁶, which takes some ten thousand steps; the series stop long before.
const STEPS_MAX: u32 = 1_000_000;

fn series(shape: f64, x: f64) -> f64 {
    let mut term = 1.0 / shape;
    let mut sum = term;
    for n in 1..STEPS_MAX {
        term *= x / (shape + f64::from(n));
        sum += term;
        if term < sum * (f64::EPSILON / 4.0) {
            break;
        }
    }
    sum
}

fn continued_fraction(shape: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let mut b = x + 1.0 - shape;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / b;
    let mut value = d;
    for n in 1..STEPS_MAX {
        let n = f64::from(n);
        let a = -n * (n - shape);
        b += 2.0;
        d = 1.0 / away_from_zero(a * d + b, TINY);
        c = away_from_zero(b + a / c, TINY);
        value *= d * c;
        if (d * c - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    value
}

fn away_from_zero(x: f64, tiny: f64) -> f64 {
    if x.abs() < tiny { tiny } else { x }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_incomplete_gamma_function_agrees_with_closed_forms() {
        for x in [1e-6, 0.1, 1.0, 1.99, 2.01, 5.0, 40.0, 300.0] {
            let (e, root) = (libm::exp(-x), libm::sqrt(x));
            let cases = [
                (0.5, libm::erf(root), libm::erfc(root)),
                (1.0, -libm::expm1(-x), e),
                (2.0, f64::NAN, e * (1.0 + x)),
                (3.0, f64::NAN, e * (1.0 + x + x * x / 2.0)),
            ];
            for (shape, p, q) in cases {
                let (below, above, _) = below_above_density(shape, libm::lgamma(shape), x);
                assert!(
                    (above / q - 1.0).abs() < 1e-12,
                    "shape {shape} at {x}: {above} against {q}"
                );
                assert!(
                    p.is_nan() || (below / p - 1.0).abs() < 1e-12,
                    "shape {shape} at {x}: {below} against {p}"
                );
            }
        }
    }

    #[test]
    fn the_density_is_the_slope_of_the_part_below() {
        for (shape, x) in [(0.05, 0.01), (0.7, 2.0), (9.0, 8.0), (1e4, 1.01e4)] {
            let at = |x| below_above_density(shape, libm::lgamma(shape), x);
            let step = x * 1e-6;
            let slope = (at(x + step).0 - at(x - step).0) / (2.0 * step);
            assert!(
                (slope / at(x).2 - 1.0).abs() < 1e-5,
                "shape {shape}: {slope} against {}",
                at(x).2
            );
        }
    }
}
