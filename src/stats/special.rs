//! Distribution functions: normal, Student, χ², beta, gamma, binomial, and their inverses.
//!
//! Not a library of special functions: only what the estimators of this layer and the fitting of logs ask for, to about
//! 1e-12 relative in the body and 1e-10 far into the tails. Three rules are not visible in the single functions:
//!
//! * A density is computed from its *saddle point* (Loader 2000, *Fast and accurate computation of binomial
//!   probabilities*), not from differences of ln Γ, which lose a digit for every power of ten of the sample size.
//! * A tail is computed as that tail, never as one minus the other.
//! * Quantiles of t, χ² and beta are found by Newton's method on the *logarithm of the nearer tail*, in a variable (ln t,
//!   ln x, logit x) in which all three densities are log-concave. Then the logarithm of either tail is concave too, and
//!   Newton's method cannot miss.
//!
//! Outside its domain a function answers with the limit it approaches, or with NaN for NaN; each says so.

use std::f64::consts::{FRAC_1_SQRT_2, PI, SQRT_2};

const TWO_PI: f64 = 2.0 * PI;
const HALF_LN_TWO_PI: f64 = 0.918_938_533_204_672_7;
/// Where a continued fraction or a series has settled.
const SETTLED: f64 = 4e-16;
/// A continued fraction settles in about √max(a, b) steps: this allows for parameters up to some 1e9.
const MOST_STEPS: u32 = 500_000;
/// From here on Student's distribution is the normal one, to 1e-12.
const NORMAL_FROM_DF: f64 = 1e12;

/// Natural logarithm of the gamma function, for `x` > 0; +∞ at 0.
///
/// ```
/// use escalade::stats::special::ln_gamma;
/// assert!((ln_gamma(5.0) - 3.178053830347946).abs() < 1e-14);
/// ```
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// Φ(x), the standard normal distribution function: `erfc(−x/√2)/2`, so that the lower tail keeps its digits.
///
/// ```
/// use escalade::stats::special::normal_cdf;
/// assert!((normal_cdf(1.959963984540054) - 0.975).abs() < 1e-15);
/// ```
pub fn normal_cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x * FRAC_1_SQRT_2)
}

/// φ(x), the standard normal density.
pub fn normal_density(x: f64) -> f64 {
    libm::exp(-0.5 * x * x) / (SQRT_2 * PI.sqrt())
}

/// Φ⁻¹(p), the standard normal quantile; −∞ for `p` ≤ 0 and +∞ for `p` ≥ 1.
///
/// Relative accuracy about 1e-16. Source: Wichura 1988, Algorithm AS 241 (PPND16).
///
/// ```
/// use escalade::stats::special::normal_quantile;
/// assert!((normal_quantile(0.975) - 1.959963984540054).abs() < 1e-14);
/// ```
pub fn normal_quantile(p: f64) -> f64 {
    if p <= 0.0 {
        return f64::NEG_INFINITY;
    }
    if p >= 1.0 {
        return f64::INFINITY;
    }
    let from_middle = p - 0.5;
    if from_middle.abs() <= 0.425 {
        let r = 0.180_625 - from_middle * from_middle;
        return from_middle * horner(&CENTRE.0, r) / horner(&CENTRE.1, r);
    }
    let tail = if from_middle < 0.0 { p } else { 1.0 - p };
    let r = (-libm::log(tail)).sqrt();
    let size = if r <= 5.0 {
        horner(&MIDDLE.0, r - 1.6) / horner(&MIDDLE.1, r - 1.6)
    } else {
        horner(&FAR.0, r - 5.0) / horner(&FAR.1, r - 5.0)
    };
    if from_middle < 0.0 { -size } else { size }
}

/// P(T ≤ t) for Student's t with `df` > 0 degrees of freedom (not necessarily whole).
///
/// `½ I_x(df/2, ½)` with `x = df/(df + t²)` is the farther tail. The normal distribution from `df` = 1e12 on. For `df` ≤ 0
/// the limit df → 0: one half, as all the mass has gone to ±∞.
pub fn t_cdf(t: f64, df: f64) -> f64 {
    let tail = 0.5 * t_two_sided(t, df);
    if t > 0.0 { 1.0 - tail } else { tail }
}

/// P(|T| ≥ |t|) for Student's t with `df` > 0 degrees of freedom: the two-sided p-value of `t`, which may be infinite
/// (then 0). For `df` ≤ 0 the limit df → 0, which is 1.
///
/// ```
/// use escalade::stats::special::t_two_sided;
/// assert!((t_two_sided(12.706204736174694, 1.0) - 0.05).abs() < 1e-13);
/// ```
pub fn t_two_sided(t: f64, df: f64) -> f64 {
    if t.is_infinite() {
        return 0.0;
    }
    if df >= NORMAL_FROM_DF {
        return 2.0 * normal_cdf(-t.abs());
    }
    if df <= 0.0 {
        return 1.0;
    }
    let (x, y) = t_as_beta(t, df);
    beta_tails(0.5 * df, 0.5, x, y).0
}

/// Student's t quantile: the t with P(T ≤ t) = `p`, for `df` > 0 degrees of freedom; ∓∞ at `p` ≤ 0 and `p` ≥ 1.
///
/// For a small upper tail pass the lower one and change the sign: `-t_quantile(0.025, df)` loses nothing to `1 - 0.025`.
/// For `df` ≤ 0 the limit df → 0: ±∞.
///
/// ```
/// use escalade::stats::special::t_quantile;
/// assert!((t_quantile(0.975, 11.0) - 2.200985160091640).abs() < 1e-12);
/// ```
pub fn t_quantile(p: f64, df: f64) -> f64 {
    if p == 0.5 {
        return 0.0;
    }
    if p > 0.5 {
        return upper_t(1.0 - p, df);
    }
    -upper_t(p, df)
}

/// The t > 0 whose upper tail is `tail` < ½.
fn upper_t(tail: f64, df: f64) -> f64 {
    let start = -normal_quantile(tail);
    if start.is_infinite() || df >= NORMAL_FROM_DF {
        return start;
    }
    if df <= 0.0 {
        return f64::INFINITY;
    }
    let falling = |u: f64| {
        let (x, y) = t_as_beta(libm::exp(u), df);
        let (a, b) = (0.5 * df, 0.5);
        (beta_tails(a, b, x, y).0, 2.0 * beta_mass(a, b, x, y))
    };
    libm::exp(solve(libm::log(start), 2.0 * tail, Slope::Falling, falling))
}

/// `df/(df + t²)` and `t²/(df + t²)`, both with all their digits, whatever the size of `t`.
fn t_as_beta(t: f64, df: f64) -> (f64, f64) {
    let scaled = t.abs() / df.sqrt();
    if scaled <= 1.0 {
        let square = scaled * scaled;
        (1.0 / (1.0 + square), square / (1.0 + square))
    } else {
        let inverse = 1.0 / (scaled * scaled);
        (inverse / (1.0 + inverse), 1.0 / (1.0 + inverse))
    }
}

/// P(X ≤ x) for χ² with `df` > 0 degrees of freedom; 0 for `x` ≤ 0.
pub fn chi_square_cdf(x: f64, df: f64) -> f64 {
    regularised_gamma(0.5 * df, 0.5 * x)
}

/// The x with P(X ≤ x) = `p` for χ² with `df` > 0 degrees of freedom; 0 for `p` ≤ 0, +∞ for `p` ≥ 1.
///
/// For `df` ≤ 0 the limit df → 0, which is 0.
///
/// ```
/// use escalade::stats::special::chi_square_quantile;
/// assert!((chi_square_quantile(0.95, 1.0) - 3.841458820694124).abs() < 1e-12);
/// ```
pub fn chi_square_quantile(p: f64, df: f64) -> f64 {
    if p <= 0.0 || df <= 0.0 {
        return 0.0;
    }
    if p >= 1.0 {
        return f64::INFINITY;
    }
    let a = 0.5 * df;
    let start = gamma_start(p, a);
    let u = if p <= 0.5 {
        let rising = |u: f64| gamma_at(a, libm::exp(u), |tails| tails.0);
        solve(start, p, Slope::Rising, rising)
    } else {
        let falling = |u: f64| gamma_at(a, libm::exp(u), |tails| tails.1);
        solve(start, 1.0 - p, Slope::Falling, falling)
    };
    2.0 * libm::exp(u)
}

/// ln of a first guess of the gamma quantile: Wilson & Hilferty's (1931) where it is sound, otherwise the lower bound
/// from `P(a, x) ≤ x^a / Γ(a + 1)`.
fn gamma_start(p: f64, a: f64) -> f64 {
    let below = (libm::log(p) + ln_gamma(a + 1.0)) / a;
    let ninth = 1.0 / (9.0 * a);
    let root = 1.0 - ninth + normal_quantile(p) * ninth.sqrt();
    if root <= 0.1 {
        return below;
    }
    below.max(libm::log(a * root * root * root))
}

fn gamma_at(a: f64, x: f64, side: impl Fn((f64, f64)) -> f64) -> (f64, f64) {
    (side(gamma_tails(a, x)), gamma_mass(a, x))
}

/// P(a, x), the regularised lower incomplete gamma function, for `a` > 0; 0 for `x` ≤ 0. For `a` ≤ 0 the limit a → 0, 1.
pub fn regularised_gamma(a: f64, x: f64) -> f64 {
    gamma_tails(a, x).0
}

/// Q(a, x) = 1 − P(a, x), with its own digits: an upper tail of 1e-200 is not lost.
pub fn regularised_gamma_upper(a: f64, x: f64) -> f64 {
    gamma_tails(a, x).1
}

/// (P, Q): by series below `a + 1`, by Lentz's continued fraction above, the other one by difference.
fn gamma_tails(a: f64, x: f64) -> (f64, f64) {
    if x <= 0.0 {
        return (0.0, 1.0);
    }
    if a <= 0.0 || x.is_infinite() {
        return (1.0, 0.0);
    }
    let mass = gamma_mass(a, x);
    if x < a + 1.0 {
        let lower = (mass * gamma_series(a, x)).min(1.0);
        (lower, 1.0 - lower)
    } else {
        let upper = (mass * gamma_fraction(a, x)).min(1.0);
        (1.0 - upper, upper)
    }
}

/// `x^a e^(−x) / Γ(a)`: the gamma density in the variable ln x.
fn gamma_mass(a: f64, x: f64) -> f64 {
    let gap = a * log_gap((x - a) / a, x / a);
    (a / TWO_PI).sqrt() * libm::exp(-stirling_rest(a) - gap)
}

fn gamma_series(a: f64, x: f64) -> f64 {
    let mut term = 1.0 / a;
    let mut sum = term;
    for step in 1..MOST_STEPS {
        term *= x / (a + f64::from(step));
        sum += term;
        if term <= sum * SETTLED {
            break;
        }
    }
    sum
}

fn gamma_fraction(a: f64, x: f64) -> f64 {
    let mut b = x + 1.0 - a;
    let mut c = f64::MAX;
    let mut d = 1.0 / b;
    let mut product = d;
    for step in 1..MOST_STEPS {
        let k = f64::from(step);
        let numerator = -k * (k - a);
        b += 2.0;
        d = 1.0 / away_from_zero(numerator * d + b);
        c = away_from_zero(b + numerator / c);
        product *= d * c;
        if (d * c - 1.0).abs() <= SETTLED {
            break;
        }
    }
    product
}

/// I_x(a, b), the regularised incomplete beta function, for `a`, `b` > 0; 0 for `x` ≤ 0 and 1 for `x` ≥ 1.
///
/// In between, `a` ≤ 0 gives the limit a → 0 (all the mass at zero: 1) and otherwise `b` ≤ 0 the limit b → 0 (0).
///
/// ```
/// use escalade::stats::special::regularised_beta;
/// assert!((regularised_beta(2.0, 3.0, 0.5) - 0.6875).abs() < 1e-15);
/// ```
pub fn regularised_beta(a: f64, b: f64, x: f64) -> f64 {
    beta_tails(a, b, x, 1.0 - x).0
}

/// The x in [0, 1] with I_x(a, b) = `p`, for `a`, `b` > 0; 0 for `p` ≤ 0 and 1 for `p` ≥ 1. Limits as in
/// [`regularised_beta`].
pub fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    beta_quantile_sides(p, a, b).0
}

/// The x in [0, 1] above which the share `tail` of a beta distribution lies: `beta_quantile(1 − tail, a, b)`, without the
/// digits that `1 − tail` would lose.
pub fn beta_upper_quantile(tail: f64, a: f64, b: f64) -> f64 {
    beta_quantile_sides(tail, b, a).1
}

/// The quantile x and 1 − x, both with all their digits.
fn beta_quantile_sides(p: f64, a: f64, b: f64) -> (f64, f64) {
    if p <= 0.0 || a <= 0.0 {
        return (0.0, 1.0);
    }
    if p >= 1.0 || b <= 0.0 {
        return (1.0, 0.0);
    }
    let start = libm::log(a / b) + normal_quantile(p) * (1.0 / a + 1.0 / b).sqrt().min(3.0);
    let at = |u: f64, upper: bool| {
        let (x, y) = from_logit(u);
        let tails = beta_tails(a, b, x, y);
        let tail = if upper { tails.1 } else { tails.0 };
        (tail, beta_mass(a, b, x, y))
    };
    let u = if p <= 0.5 {
        solve(start, p, Slope::Rising, |u| at(u, false))
    } else {
        solve(start, 1.0 - p, Slope::Falling, |u| at(u, true))
    };
    from_logit(u)
}

/// x and 1 − x from ln(x / (1 − x)), both with all their digits.
fn from_logit(u: f64) -> (f64, f64) {
    let small = libm::exp(-u.abs());
    let (near, far) = (1.0 / (1.0 + small), small / (1.0 + small));
    if u >= 0.0 { (near, far) } else { (far, near) }
}

/// P(X ≤ k) for X binomial with `n` trials of probability `p` (taken into [0, 1]): `I_{1−p}(n − k, k + 1)`, exact for any
/// `n` (no normal approximation). 1 for `k` ≥ `n`.
///
/// ```
/// use escalade::stats::special::binomial_cdf;
/// assert!((binomial_cdf(1, 3, 0.5) - 0.5).abs() < 1e-15);
/// ```
pub fn binomial_cdf(k: u64, n: u64, p: f64) -> f64 {
    binomial_tails(k, n, p).0
}

/// P(X > k), with its own digits; 0 for `k` ≥ `n`.
pub fn binomial_above(k: u64, n: u64, p: f64) -> f64 {
    binomial_tails(k, n, p).1
}

fn binomial_tails(k: u64, n: u64, p: f64) -> (f64, f64) {
    if k >= n {
        return (1.0, 0.0);
    }
    let p = p.clamp(0.0, 1.0);
    beta_tails((n - k) as f64, k as f64 + 1.0, 1.0 - p, p)
}

/// (I_x(a, b), I_y(b, a)) with `x + y = 1`: the tail on the nearer side by Lentz's continued fraction.
fn beta_tails(a: f64, b: f64, x: f64, y: f64) -> (f64, f64) {
    if x <= 0.0 {
        return (0.0, 1.0);
    }
    if y <= 0.0 || a <= 0.0 {
        return (1.0, 0.0);
    }
    if b <= 0.0 {
        return (0.0, 1.0);
    }
    let mass = beta_mass(a, b, x, y);
    if x * (a + b + 2.0) <= a + 1.0 {
        let lower = (mass * beta_fraction(a, b, x, y)).min(1.0);
        (lower, 1.0 - lower)
    } else {
        let upper = (mass * beta_fraction(b, a, y, x)).min(1.0);
        (1.0 - upper, upper)
    }
}

/// `x^a y^b / B(a, b)` with `x + y = 1`: the beta density in the variable logit x.
fn beta_mass(a: f64, b: f64, x: f64, y: f64) -> f64 {
    if x <= 0.0 || y <= 0.0 {
        return 0.0;
    }
    let n = a + b;
    let (x0, y0) = (a / n, b / n);
    // One distance from the mean for both sides, taken where it has more digits: the first-order terms then cancel exactly.
    let distance = if x <= y { x - x0 } else { y0 - y };
    let gap = a * log_gap(distance / x0, x / x0) + b * log_gap(-distance / y0, y / y0);
    let rest = stirling_rest(n) - stirling_rest(a) - stirling_rest(b);
    (a / TWO_PI * y0).sqrt() * libm::exp(rest - gap)
}

/// I_x(a, b) over [`beta_mass`]: the even part of the usual continued fraction, written so that it never forms `1 − x`, which
/// for a Student tail of many degrees of freedom would be all rounding (Didonato & Morris 1992, BFRAC).
fn beta_fraction(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let surplus = a * y - b * x + 1.0;
    let mut fraction = away_from_zero(a * surplus / (a + 1.0));
    let (mut c, mut d) = (fraction, 0.0);
    for step in 1..MOST_STEPS {
        let m = f64::from(step);
        let at = a + 2.0 * m;
        let shared = m * (b - m) * x / (at - 1.0);
        let numerator = (a + m - 1.0) * (a + b + m - 1.0) * x / (at - 1.0) * shared;
        let denominator = m + shared + (a + m) * (surplus + m * (1.0 + y)) / (at + 1.0);
        d = 1.0 / away_from_zero(denominator + numerator * d);
        c = away_from_zero(denominator + numerator / c);
        fraction *= c * d;
        if (c * d - 1.0).abs() <= SETTLED {
            break;
        }
    }
    1.0 / fraction
}

/// Lentz's method divides by this: an exact zero is replaced by a tiny number (Thompson & Barnett 1986).
fn away_from_zero(x: f64) -> f64 {
    if x.abs() < 1e-300 { 1e-300 } else { x }
}

/// ln Γ(z) minus Stirling's `(z − ½) ln z − z + ½ ln 2π`.
fn stirling_rest(z: f64) -> f64 {
    if z < 10.0 {
        return ln_gamma(z) - ((z - 0.5) * libm::log(z) - z + HALF_LN_TWO_PI);
    }
    horner(&STIRLING, 1.0 / (z * z)) / z
}

/// `u − ln(1 + u)`, given `1 + u` as well: without cancellation near u = 0, where it is u²/2.
fn log_gap(u: f64, one_plus_u: f64) -> f64 {
    if u.abs() > 0.25 {
        return u - libm::log(one_plus_u);
    }
    // ln(1 + u) = 2 artanh(v)
    let v = u / (2.0 + u);
    u * v - 2.0 * v * v * v * horner(&ARTANH, v * v)
}

#[derive(Clone, Copy, PartialEq)]
enum Slope {
    Rising,
    Falling,
}

/// The u at which `tail(u).0` is `target`, by Newton's method on its logarithm; `tail(u).1` is the density in u.
///
/// ln tail is concave in u (see the file's header), so after one step the iterates are on the steep side of the root and
/// move towards it without passing it. Where the tail has underflowed to zero, half the way back to the last sound place.
fn solve(start: f64, target: f64, slope: Slope, tail: impl Fn(f64) -> (f64, f64)) -> f64 {
    let sign = if slope == Slope::Rising { 1.0 } else { -1.0 };
    let mut u = start;
    let mut sound = None;
    let mut previous = f64::INFINITY;
    for _ in 0..200 {
        let (value, density) = tail(u);
        if value <= 0.0 || density <= 0.0 {
            u = sound.map_or(u + sign, |place: f64| 0.5 * (place + u));
            continue;
        }
        sound = Some(u);
        let step = sign * libm::log(target / value) * value / density;
        let step = step.clamp(-50.0, 50.0);
        let stalled = step.abs() < 1e-6 && step.abs() >= previous;
        if step == 0.0 || stalled {
            break;
        }
        u += step;
        previous = step.abs();
    }
    u
}

fn horner(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

/// B₂ₖ / (2k(2k − 1)), k = 1…7.
const STIRLING: [f64; 7] = [
    1.0 / 12.0,
    -1.0 / 360.0,
    1.0 / 1260.0,
    -1.0 / 1680.0,
    1.0 / 1188.0,
    -691.0 / 360_360.0,
    1.0 / 156.0,
];

/// 1/3, 1/5, 1/7, …
const ARTANH: [f64; 10] = [
    1.0 / 3.0,
    1.0 / 5.0,
    1.0 / 7.0,
    1.0 / 9.0,
    1.0 / 11.0,
    1.0 / 13.0,
    1.0 / 15.0,
    1.0 / 17.0,
    1.0 / 19.0,
    1.0 / 21.0,
];

// AS 241: numerator and denominator of the three ranges, lowest power first.
const CENTRE: ([f64; 8], [f64; 8]) = (
    [
        3.387_132_872_796_366_5,
        133.141_667_891_784_38,
        1_971.590_950_306_551_3,
        13_731.693_765_509_46,
        45_921.953_931_549_87,
        67_265.770_927_008_7,
        33_430.575_583_588_13,
        2_509.080_928_730_122_7,
    ],
    [
        1.0,
        42.313_330_701_600_91,
        687.187_007_492_057_9,
        5_394.196_021_424_751,
        21_213.794_301_586_597,
        39_307.895_800_092_71,
        28_729.085_735_721_943,
        5_226.495_278_852_854,
    ],
);
const MIDDLE: ([f64; 8], [f64; 8]) = (
    [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        0.241_780_725_177_450_6,
        0.022_723_844_989_269_184,
        0.000_774_545_014_278_341_4,
    ],
    [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        0.689_767_334_985_1,
        0.148_103_976_427_480_08,
        0.015_198_666_563_616_457,
        0.000_547_593_808_499_534_5,
        1.050_750_071_644_416_9e-9,
    ],
);
const FAR: ([f64; 8], [f64; 8]) = (
    [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        0.296_560_571_828_504_87,
        0.026_532_189_526_576_124,
        0.001_242_660_947_388_078_4,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ],
    [
        1.0,
        0.599_832_206_555_888,
        0.136_929_880_922_735_8,
        0.014_875_361_290_850_615,
        0.000_786_869_131_145_613_3,
        1.846_318_317_510_054_8e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ],
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::testing::{Draws, assert_close, assert_printed};

    #[test]
    fn student_quantiles_are_those_of_vector_l2() {
        let df = [1.0, 2.0, 3.0, 5.0, 7.0, 9.0, 11.0, 19.0, 29.0, 49.0, 99.0, 999.0];
        let t_975 = [
            12.70620473617,
            4.302652729749,
            3.182446305284,
            2.570581835636,
            2.364624251593,
            2.262157162798,
            2.200985160092,
            2.093024054408,
            2.045229642133,
            2.009575237129,
            1.984216951586,
            1.962341461133,
        ];
        let t_995 = [
            63.65674116287,
            9.924843200918,
            5.840909309733,
            4.032142983555,
            3.49948329735,
            3.249835541592,
            3.105806515539,
            2.860934606465,
            2.756385903671,
            2.679951973632,
            2.626405457281,
            2.580759637268,
        ];
        for (at, df) in df.into_iter().enumerate() {
            assert_close(t_quantile(0.975, df), t_975[at], 1e-12);
            assert_close(t_quantile(0.995, df), t_995[at], 1e-12);
        }
    }

    #[test]
    fn student_quantiles_are_those_of_methods_10_1() {
        for (df, expected) in [
            (1.0, 12.706_204_736_2),
            (4.0, 2.776_445_105_2),
            (9.0, 2.262_157_162_8),
            (19.0, 2.093_024_054_4),
            (29.0, 2.045_229_642_1),
            (99.0, 1.984_216_951_6),
        ] {
            assert_printed(t_quantile(0.975, df), expected);
        }
    }

    // Below, the expected values were computed with mpmath 1.3 at 40 digits.

    #[test]
    fn student_quantiles_hold_far_into_the_tail_and_for_broken_degrees_of_freedom() {
        for (p, df, upper) in [
            (0.025, 1.0, 12.706_204_736_174_705),
            (0.000_5, 3.0, 12.923_978_636_687_483),
            (1e-6, 10.0, 9.751_995_490_940_58),
            (0.1, 0.5, 10.270_324_410_234_506),
            (0.4, 7.3, 0.262_756_805_250_719_3),
            (0.002_5, 1000.0, 2.813_277_860_485_545_7),
            (1e-9, 2.0, 22_360.679_741_456_877),
        ] {
            assert_close(-t_quantile(p, df), upper, 1e-12);
        }
    }

    #[test]
    fn two_sided_student_tails_keep_their_digits() {
        for (t, df, expected) in [
            (2.5, 7.0, 0.040_992_218_585_752_87),
            (40.0, 3.0, 3.438_068_078_915_852_8e-5),
            (0.01, 12.0, 0.992_185_614_988_503_6),
            (1.96, 1e6, 0.049_996_067_585_269_79),
            (-6.0, 50.0, 2.188_939_485_079_992_7e-7),
        ] {
            assert_close(t_two_sided(t, df), expected, 1e-12);
        }
        assert_close(t_cdf(2.5, 7.0), 1.0 - 0.020_496_109_292_876_43, 1e-14);
        assert_close(t_cdf(-2.5, 7.0), 0.020_496_109_292_876_43, 1e-12);
    }

    #[test]
    fn student_with_endless_degrees_of_freedom_is_normal() {
        for df in [1e11, 1e13, f64::INFINITY] {
            assert_close(t_quantile(0.975, df), normal_quantile(0.975), 1e-10);
            assert_close(t_cdf(-1.5, df), normal_cdf(-1.5), 1e-10);
        }
    }

    #[test]
    fn normal_tails_and_quantiles_keep_their_digits() {
        for (x, expected) in [
            (-1.0, 0.158_655_253_931_457_05),
            (-5.5, 1.898_956_246_588_772e-8),
            (-20.0, 2.753_624_118_606_233_7e-89),
            (-37.0, 5.725_571_222_524_577e-300),
            (2.3, 0.989_275_889_978_324_2),
        ] {
            assert_close(normal_cdf(x), expected, 1e-12);
        }
        for (p, expected) in [
            (0.3, -0.524_400_512_708_040_8),
            (0.01, -2.326_347_874_040_841),
            (1e-10, -6.361_340_902_404_056),
            (1e-100, -21.273_453_560_965_324),
            (1e-300, -37.047_096_299_361_2),
            (0.999, 3.090_232_306_167_813_5),
        ] {
            assert_close(normal_quantile(p), expected, 2e-15);
        }
    }

    #[test]
    fn chi_square_quantiles_hold_for_few_and_many_degrees_of_freedom() {
        for (p, df, expected) in [
            (0.10, 31.0, 21.433_564_500_310_78),
            (0.95, 1.0, 3.841_458_820_694_126),
            (0.001, 2.5, 0.008_815_875_243_366_963),
            (0.999, 10.0, 29.588_298_445_074_42),
            (0.5, 0.3, 0.012_469_611_517_980_433),
            (0.9, 0.1, 0.152_634_227_818_376_93),
            (0.975, 100.0, 129.561_197_185_836_6),
            (0.01, 5.0, 0.554_298_076_728_277_1),
        ] {
            assert_close(chi_square_quantile(p, df), expected, 1e-12);
        }
    }

    #[test]
    fn incomplete_gamma_has_both_tails() {
        for (a, x, lower, upper) in [
            (0.5, 0.3, 0.561_421_973_919_000_1, 0.438_578_026_080_999_9),
            (10.0, 3.0, 0.001_102_488_130_115_479_7, 0.998_897_511_869_884_5),
            (100.0, 120.0, 0.972_136_260_109_479_3, 0.027_863_739_890_520_66),
            (3.0, 50.0, 1.0, 2.509_303_552_201_057e-19),
            (1000.0, 900.0, 0.000_549_902_265_711_782_9, 0.999_450_097_734_288_2),
            (0.01, 1e-5, 0.896_336_798_267_197_2, 0.103_663_201_732_802_8),
        ] {
            assert_close(regularised_gamma(a, x), lower, 1e-12);
            assert_close(regularised_gamma_upper(a, x), upper, 1e-12);
        }
    }

    #[test]
    fn beta_quantiles_hold_at_both_ends() {
        for (p, a, b, expected) in [
            (0.95, 1.0, 50.0, 0.058_155_079_116_972_27),
            (0.975, 8.0, 113.0, 0.116_498_379_645_614_63),
            (0.025, 7.0, 114.0, 0.023_772_023_790_519_08),
            (0.5, 2.0, 3.0, 0.385_727_568_132_389_55),
            (0.95, 3.5, 1996.5, 0.003_514_556_448_889_047_3),
            (0.01, 0.4, 0.7, 1.612_544_681_201_607e-5),
            (0.99, 20.5, 0.5, 0.999_996_121_590_460_3),
        ] {
            assert_close(beta_quantile(p, a, b), expected, 1e-12);
        }
    }

    #[test]
    fn the_binomial_distribution_is_exact() {
        for (k, n, p, below, above) in [
            (40, 100, 0.5, 0.028_443_966_820_490_396, 0.971_556_033_179_509_6),
            (3, 2000, 0.001, 0.857_213_766_793_324, 0.142_786_233_206_675_95),
            (90, 100, 0.95, 0.028_188_294_163_416_11, 0.971_811_705_836_583_9),
            (0, 10_000, 0.000_5, 0.006_729_527_022_142_96, 0.993_270_472_977_857),
            (4900, 10_000, 0.5, 0.023_292_763_852_473_695, 0.976_707_236_147_526_3),
        ] {
            assert_close(binomial_cdf(k, n, p), below, 1e-12);
            assert_close(binomial_above(k, n, p), above, 1e-12);
        }
        assert_eq!(binomial_cdf(5, 5, 0.3), 1.0);
        assert_eq!(binomial_cdf(0, 5, 0.0), 1.0);
        assert_eq!(binomial_cdf(4, 5, 1.0), 0.0);
    }

    #[test]
    fn a_million_trials_lose_no_digits() {
        let found = binomial_cdf(499_000, 1_000_000, 0.5);
        assert_close(found, 0.022_804_149_932_691_04, 1e-11);
        let rare = binomial_cdf(900, 1_000_000_000, 1e-6);
        assert_close(rare, 0.000_697_763_569_325_748_4, 1e-11);
        let none_seen = beta_upper_quantile(0.05, 1.0, 1e9);
        assert_close(none_seen, 2.995_732_269_066_785e-9, 1e-13);
    }

    #[test]
    fn a_student_tail_of_many_degrees_of_freedom_loses_no_digits() {
        assert_close(t_two_sided(1.96, 1e11), 0.049_995_790_299_213_755, 1e-13);
        assert_close(t_two_sided(3.0, 1e11), 0.002_699_796_063_924_966_3, 1e-13);
    }

    #[test]
    fn a_symmetric_binomial_of_a_billion_trials_has_its_median_in_the_middle() {
        assert_close(binomial_cdf(500_000_000, 1_000_000_001, 0.5), 0.5, 1e-10);
    }

    #[test]
    fn ln_gamma_is_that_of_the_tables() {
        for (x, expected) in [
            (0.5, 0.572_364_942_924_700_1),
            (1e-8, 18.420_680_738_180_21),
            (3.7, 1.428_072_326_665_388),
            (171.5, 709.143_163_030_928_2),
            (1e6, 12_815_504.569_147_612),
        ] {
            assert_close(ln_gamma(x), expected, 1e-14);
        }
    }

    #[test]
    fn quantiles_are_the_inverses_of_their_distributions() {
        let mut draws = Draws::seeded();
        for _ in 0..2_000 {
            let p = draws.uniform();
            let a = libm::exp(8.0 * draws.uniform() - 3.0);
            let b = libm::exp(8.0 * draws.uniform() - 3.0);
            assert_close(t_cdf(t_quantile(p, a), a), p, 1e-11);
            assert_close(chi_square_cdf(chi_square_quantile(p, a), a), p, 1e-11);
            let x = beta_quantile(p, a, b);
            if x > 1e-300 && x < 0.999 {
                assert_close(regularised_beta(a, b, x), p, 1e-10);
            }
        }
    }

    #[test]
    fn outside_the_domain_the_answer_is_a_limit_and_never_nan() {
        let odd = [
            f64::MIN,
            -1e9,
            -1.0,
            -1e-300,
            0.0,
            1e-300,
            1e-9,
            0.5,
            1.0,
            2.0,
            1e9,
            1e300,
            f64::MAX,
        ];
        for x in odd {
            assert!(!normal_cdf(x).is_nan() && !normal_quantile(x).is_nan());
            assert!(!normal_density(x).is_nan());
            for df in odd {
                assert!(!t_cdf(x, df).is_nan(), "t_cdf({x}, {df})");
                assert!(!t_quantile(x, df).is_nan(), "t_quantile({x}, {df})");
                assert!(!chi_square_quantile(x, df.min(1e9)).is_nan(), "χ²({x}, {df})");
                assert!(!regularised_gamma(df.min(1e9), x).is_nan(), "P({df}, {x})");
                for p in [-1.0, 0.0, 1e-300, 0.3, 1.0, 2.0] {
                    let df = df.min(1e9);
                    assert!(!regularised_beta(x.min(1e9), df, p).is_nan(), "I_{p}({x}, {df})");
                    assert!(!beta_quantile(p, x.min(1e9), df).is_nan(), "I⁻¹({p}, {x}, {df})");
                }
            }
        }
    }
}
