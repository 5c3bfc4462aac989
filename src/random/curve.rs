//! The laws whose quantile has no closed form, brought to mean 1: gamma and mixtures of exponentials.
//!
//! A curve knows its cdf from both sides and its density, and inverts them by safeguarded Newton steps. Private to the
//! layer and cold: `law` answers planners with it, `table` tabulates it for the loop.

use super::gamma;
use super::maths::{exp, ln, normal_quantile};

/// A law on (0, ∞) with mean 1.
#[derive(Clone, Debug)]
pub(super) enum Curve {
    Gamma { shape: f64, ln_gamma: f64 },
    Mixture { branches: Vec<(f64, f64)> },
}

/// A law seen from a point: the shares below and above (each with its own relative accuracy) and the density.
pub(super) struct View {
    pub(super) below: f64,
    pub(super) above: f64,
    pub(super) density: f64,
}

impl Curve {
    /// Gamma of a shape in the range that `law` admits.
    pub(super) fn gamma(shape: f64) -> Curve {
        Curve::Gamma {
            shape,
            ln_gamma: libm::lgamma(shape),
        }
    }

    /// With probability `share` an exponential of that `mean`; shares add up to 1. The means are divided by `mean`.
    pub(super) fn mixture(branches: &[(f64, f64)], mean: f64) -> Curve {
        Curve::Mixture {
            branches: branches.iter().map(|&(share, m)| (share, m / mean)).collect(),
        }
    }

    pub(super) fn view(&self, x: f64) -> View {
        match self {
            Curve::Gamma { shape, ln_gamma } => {
                let (below, above, density) = gamma::below_above_density(*shape, *ln_gamma, shape * x);
                View {
                    below,
                    above,
                    density: density * shape,
                }
            }
            Curve::Mixture { branches } => mixture_view(branches, x),
        }
    }

    /// The point that a share `u` lies below, relative error about 1e-13; 0 for `u` ≤ 0, ∞ for `u` ≥ 1. Not for NaN.
    pub(super) fn quantile(&self, u: f64) -> f64 {
        if u <= 0.0 || u >= 1.0 {
            return if u <= 0.0 { 0.0 } else { f64::INFINITY };
        }
        let view_of = Side { u };
        let (mut low, mut high) = (0.0, f64::INFINITY);
        let mut x = self.guess(u);
        for _ in 0..200 {
            let view = self.view(x);
            if view_of.is_too_low(&view) {
                low = x
            } else {
                high = x
            }
            let next = view_of.newton(x, &view);
            if (next - x).abs() <= 1e-11 * x {
                return next; // Newton doubles the digits, so `next` is as good as it gets
            }
            x = if next > low && next < high {
                next
            } else {
                between(low, high)
            };
        }
        x
    }

    /// Where to start; anything positive would do, this saves steps.
    fn guess(&self, u: f64) -> f64 {
        let exponential = -libm::log1p(-u);
        match self {
            Curve::Gamma { shape, ln_gamma } => {
                // Wilson & Hilferty 1931; where it fails (small shapes, far below) the cdf's leading term.
                let root = 1.0 - 1.0 / (9.0 * shape) + normal_quantile(u) / (3.0 * shape.sqrt());
                if *shape > 0.5 && root > 0.2 {
                    root * root * root
                } else if u < 0.5 {
                    exp((ln(u) + ln_gamma + ln(*shape)) / shape).max(f64::MIN_POSITIVE) / shape
                } else {
                    exponential
                }
            }
            Curve::Mixture { .. } => exponential,
        }
    }
}

fn mixture_view(branches: &[(f64, f64)], x: f64) -> View {
    if x <= 0.0 {
        return View {
            below: 0.0,
            above: 1.0,
            density: 0.0,
        };
    }
    let mut view = View {
        below: 0.0,
        above: 0.0,
        density: 0.0,
    };
    for &(share, mean) in branches {
        let above = exp(-x / mean);
        view.below -= share * libm::expm1(-x / mean);
        view.above += share * above;
        view.density += share * above / mean;
    }
    view
}

/// The side that a quantile is sought from: the smaller one, so that a far quantile keeps its digits.
pub(super) struct Side {
    pub(super) u: f64,
}

impl Side {
    pub(super) fn is_too_low(&self, view: &View) -> bool {
        if self.u < 0.5 {
            view.below < self.u
        } else {
            view.above > 1.0 - self.u
        }
    }

    /// One Newton step: for ln(below) against ln x, or for ln(above) against x; both are nearly straight lines.
    fn newton(&self, x: f64, view: &View) -> f64 {
        if self.u < 0.5 {
            x * exp(ln(self.u / view.below) * view.below / (x * view.density))
        } else {
            x + ln(view.above / (1.0 - self.u)) * view.above / view.density
        }
    }
}

/// A point inside a bracket, in proportion; also when one end is still open.
fn between(low: f64, high: f64) -> f64 {
    if high.is_infinite() {
        low * 2.0
    } else if low == 0.0 {
        high * 1e-3
    } else {
        low.sqrt() * high.sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_where_the_cdf_says_from_far_below_to_far_above() {
        let spread = Curve::mixture(&[(0.5, 1e-4), (0.3, 1.0), (0.2, 50.0)], 10.30005);
        for curve in [0.05, 0.3, 1.0, 2.5, 40.0, 1e4, 1e6]
            .map(Curve::gamma)
            .into_iter()
            .chain([spread])
        {
            for u in [
                1.2e-16,
                1e-9,
                1e-3,
                0.2,
                0.4999,
                0.5,
                0.7,
                0.999,
                1.0 - 1e-9,
                1.0 - 1.2e-16,
            ] {
                let x = curve.quantile(u);
                if x < 1e-290 {
                    continue; // among subnormal numbers there are no 8 digits to compare
                }
                let view = curve.view(x);
                let (got, wanted) = if u < 0.5 {
                    (view.below, u)
                } else {
                    (view.above, 1.0 - u)
                };
                assert!(
                    (got / wanted - 1.0).abs() < 2e-8,
                    "{curve:?} at {u}: {got} against {wanted}"
                );
            }
        }
    }

    #[test]
    fn gamma_of_shape_one_is_exponential() {
        for u in [1.2e-16, 1e-5, 0.3, 0.5, 0.9, 1.0 - 1e-12] {
            let exact = -libm::log1p(-u);
            for curve in [Curve::gamma(1.0), Curve::mixture(&[(0.25, 3.0), (0.75, 3.0)], 3.0)] {
                assert!((curve.quantile(u) / exact - 1.0).abs() < 1e-13, "at {u}");
            }
        }
    }
}
