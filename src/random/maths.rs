//! ln, exp and the normal quantile: cheap, and the same bits on every machine.
//!
//! Samples may not call `std`'s ln and exp: those are the platform's, which differ in the last bit, and bytes are
//! promised. What is here uses only operations that IEEE 754 rounds exactly (+ − × ÷ √), never a fused multiply-add, in
//! a written order. `libm` would do as well (and answers at the edges, where speed does not matter), but costs about
//! twice as much, and a simulated ticket takes a logarithm or two.
//!
//! ln and exp follow one plan (Tang 1989 and 1990): reduce the argument to the neighbourhood of one of 128 points, look
//! that point's value up, add a short polynomial for the rest. The tables are computed at compile time, in integers, so
//! there are no literals to mistype and no rounding to argue about. This is not a mathematics library: it holds what
//! sampling needs.

const SMALLEST_NORMAL: u64 = 0x0010_0000_0000_0000;
const INFINITE: u64 = 0x7ff0_0000_0000_0000;
const FRACTION: u64 = SMALLEST_NORMAL - 1;

/// ln 2, with its low part: high has zeros behind 2⁻⁴², so that a whole multiple below 2¹⁰ is exact.
const LN_2: Fixed = ln_of(2, 1);
const LN_2_HIGH: f64 = LN_2.high();
const LN_2_LOW: f64 = LN_2.low();

// ---- ln ---------------------------------------------------------------------------------------------------------------

/// The bits of 0.6875, the first point of the table: the binade runs from there to 1.375, so that 1 lies inside.
const FIRST_POINT: u64 = 0x3fe6_0000_0000_0000;
const POINTS: usize = 128;
/// A point's cell in bits of the fraction: 2⁵² / 128.
const CELL_BITS: u32 = 45;
/// Points sit in the middle of their cells.
const FIRST_CELL: u64 = FIRST_POINT - (1 << (CELL_BITS - 1));

#[derive(Clone, Copy)]
#[repr(align(32))]
struct Point {
    at: f64,
    inverse: f64,
    ln_high: f64,
    ln_low: f64,
}

static LN_POINTS: [Point; POINTS] = ln_points();

/// The natural logarithm of a positive normal number, the same bits everywhere. Errs by less than 1 unit in the last
/// place: the largest error found is 0.75, near 1, elsewhere 0.52.
///
/// `x = z·2^k` with z in [0.6855, 1.371), c the nearest of 128 points, r = (z − c)/c in ±2⁻⁸, then
/// `ln x = k ln 2 + ln c + r − r²/2 + … + r⁷/7`, where z − c is exact and the leading parts of k ln 2 + ln c add
/// exactly. Around 1, c = 1 and ln c = 0, so that the error stays relative. Method: Tang 1990, *Table-driven
/// implementation of the logarithm function in IEEE floating-point arithmetic*.
///
/// Zero, negative, subnormal and infinite numbers and NaN are answered as `libm::log` does (−∞, NaN, …).
///
/// ```
/// use escalade::random::ln;
/// assert_eq!(ln(1.0), 0.0);
/// assert_eq!(ln(0.5), -std::f64::consts::LN_2);
/// ```
#[inline]
pub fn ln(x: f64) -> f64 {
    let bits = x.to_bits();
    if bits.wrapping_sub(SMALLEST_NORMAL) >= INFINITE - SMALLEST_NORMAL {
        return ln_at_the_edges(x);
    }
    let from_first = bits.wrapping_sub(FIRST_CELL);
    let exponent = ((from_first as i64) >> 52) as f64;
    let within = from_first & FRACTION;
    let z = f64::from_bits(within + FIRST_CELL);
    let point = &LN_POINTS[(within >> CELL_BITS) as usize];

    let r = (z - point.at) * point.inverse;
    let rr = r * r;
    let (a, b, c) = (
        -0.5 + r * (1.0 / 3.0),
        -0.25 + r * (1.0 / 5.0),
        -1.0 / 6.0 + r * (1.0 / 7.0),
    );
    let tail = (a + rr * b) + rr * rr * c;
    let high = exponent * LN_2_HIGH + point.ln_high;
    let sum = high + r;
    let low = (high - sum) + r + (exponent * LN_2_LOW + point.ln_low);
    sum + (low + rr * tail)
}

#[cold]
#[inline(never)]
fn ln_at_the_edges(x: f64) -> f64 {
    libm::log(x)
}

const fn ln_points() -> [Point; POINTS] {
    let mut points = [Point {
        at: 1.0,
        inverse: 1.0,
        ln_high: 0.0,
        ln_low: 0.0,
    }; POINTS];
    let mut i = 0;
    while i < POINTS {
        let at = f64::from_bits(FIRST_POINT + ((i as u64) << CELL_BITS));
        let ln = ln_of((at * 256.0) as i128, 256); // every point is a multiple of 1/256
        points[i] = Point {
            at,
            inverse: 1.0 / at,
            ln_high: ln.high(),
            ln_low: ln.low(),
        };
        i += 1;
    }
    points
}

// ---- exp --------------------------------------------------------------------------------------------------------------

/// 2^(j/128): its nearest f64, and what that lacks, as a share of it.
#[derive(Clone, Copy)]
struct Power {
    bits: u64,
    lack: f64,
}

static POWERS: [Power; POINTS] = powers();

const STEPS_PER_UNIT: f64 = 128.0 / std::f64::consts::LN_2;
const STEP_HIGH: f64 = LN_2.over_128().high();
const STEP_LOW: f64 = LN_2.over_128().low();
/// 1.5·2⁵²: adding it rounds to a whole number, which then stands in the low bits.
const ROUNDER: f64 = 6_755_399_441_055_744.0;

/// e to the power `x`, within 0.55 units in the last place; the same bits everywhere.
///
/// `x = n·(ln 2)/128 + r` with n whole and |r| ≤ 0.0028, then `exp x = 2^(n/128) (1 + r + … + r⁵/120)`. Method: Tang
/// 1989, *Table-driven implementation of the exponential function in IEEE floating-point arithmetic*.
///
/// Beyond ±708 (where results near the ends of the number range) and for NaN: as `libm::exp` (0, ∞, NaN, subnormals).
///
/// ```
/// use escalade::random::exp;
/// assert_eq!(exp(0.0), 1.0);
/// assert_eq!(exp(1.0), std::f64::consts::E);
/// ```
#[inline]
pub fn exp(x: f64) -> f64 {
    if x.is_nan() || x.abs() > 708.0 {
        return exp_at_the_edges(x);
    }
    let rounded = x * STEPS_PER_UNIT + ROUNDER;
    let steps = rounded.to_bits().wrapping_sub(ROUNDER.to_bits());
    let count = rounded - ROUNDER;
    let power = &POWERS[(steps % POINTS as u64) as usize];
    let scale = f64::from_bits(power.bits.wrapping_add((steps >> 7) << 52));

    let r = (x - count * STEP_HIGH) - count * STEP_LOW;
    let rr = r * r;
    let tail = rr * ((0.5 + r * (1.0 / 6.0)) + rr * (1.0 / 24.0 + r * (1.0 / 120.0)));
    scale + scale * (power.lack + (r + tail))
}

#[cold]
#[inline(never)]
fn exp_at_the_edges(x: f64) -> f64 {
    libm::exp(x)
}

const fn powers() -> [Power; POINTS] {
    let mut powers = [Power { bits: 0, lack: 0.0 }; POINTS];
    let mut j = 0;
    while j < POINTS {
        let exact = exp_in_63_bits(LN_2.times_in_63_bits(j as i128, POINTS as i128));
        let nearest = exact as f64; // rounds to 53 bits; a whole number below 2⁶⁴
        let lack = (exact as i128 - nearest as i128) as f64 / nearest;
        powers[j] = Power {
            bits: (nearest / (1u64 << 63) as f64).to_bits(),
            lack,
        };
        j += 1;
    }
    powers
}

/// exp of t/2⁶³ for t in [0, 2⁶³), as a multiple of 2⁻⁶³, by its power series; errs by less than 30 units.
const fn exp_in_63_bits(t: u128) -> u128 {
    let (mut term, mut sum, mut n) = (1u128 << 63, 0, 1);
    while term > 0 {
        sum += term;
        term = ((term * t) >> 63) / n;
        n += 1;
    }
    sum
}

// ---- integers for the tables ------------------------------------------------------------------------------------------

/// A number as a multiple of 2⁻¹¹⁰, for compile time.
#[derive(Clone, Copy)]
struct Fixed(i128);

/// ln(numerator/denominator) = 2 artanh s with s = (n − d)/(n + d), by its power series; errs by less than 2⁻¹⁰⁰.
const fn ln_of(numerator: i128, denominator: i128) -> Fixed {
    let (p, q) = (numerator - denominator, numerator + denominator);
    let (mut power, mut sum, mut n) = ((p << 110) / q, 0, 1);
    while power != 0 {
        sum += power / n;
        power = power * (p * p) / (q * q);
        n += 2;
    }
    Fixed(2 * sum)
}

impl Fixed {
    /// The leading part, a multiple of 2⁻⁴².
    const fn high(self) -> f64 {
        self.leading() as f64 / (1u64 << 42) as f64
    }

    /// What `high` lacks.
    const fn low(self) -> f64 {
        (self.0 - (self.leading() << 68)) as f64 / (1u128 << 110) as f64
    }

    const fn leading(self) -> i128 {
        (self.0 + (1 << 67)) >> 68
    }

    const fn over_128(self) -> Fixed {
        Fixed(self.0 >> 7)
    }

    /// The number times n/d, as a multiple of 2⁻⁶³.
    const fn times_in_63_bits(self, n: i128, d: i128) -> u128 {
        ((self.0 * n / d) >> 47) as u128
    }
}

// ---- the normal quantile ----------------------------------------------------------------------------------------------

/// The standard normal's quantile, Φ⁻¹(u), about 16 digits: algorithm AS 241, PPND16 (Wichura 1988, *Applied
/// Statistics* 37, 477–484), with the logarithm of this file.
///
/// `u` in (0, 1). At 0 and 1 the answer is −∞ and ∞; outside, and for NaN, NaN.
///
/// ```
/// use escalade::random::normal_quantile;
/// assert_eq!(normal_quantile(0.5), 0.0);
/// assert!((normal_quantile(0.975) - 1.959963984540054).abs() < 1e-15);
/// ```
#[inline]
pub fn normal_quantile(u: f64) -> f64 {
    let q = u - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180625 - q * q;
        q * (polynomial(r, &AS241_CENTRE.0) / polynomial(r, &AS241_CENTRE.1))
    } else {
        normal_tail(u, q)
    }
}

fn normal_tail(u: f64, q: f64) -> f64 {
    let tail = if q < 0.0 { u } else { 1.0 - u };
    if tail <= 0.0 || tail.is_nan() {
        return if tail == 0.0 {
            f64::INFINITY.copysign(q)
        } else {
            f64::NAN
        };
    }
    let r = (-ln(tail)).sqrt();
    let (shifted, (above, below)) = if r <= 5.0 {
        (r - 1.6, &AS241_TAIL)
    } else {
        (r - 5.0, &AS241_FAR)
    };
    (polynomial(shifted, above) / polynomial(shifted, below)).copysign(q)
}

/// A polynomial, constant term first, summed in pairs (Estrin): half as long to wait for as Horner's chain.
#[inline]
fn polynomial(x: f64, coefficients: &[f64; 8]) -> f64 {
    let [a, b, c, d, e, f, g, h] = coefficients;
    let x2 = x * x;
    let low = (a + b * x) + (c + d * x) * x2;
    let high = (e + f * x) + (g + h * x) * x2;
    low + high * (x2 * x2)
}

#[expect(clippy::excessive_precision, reason = "as printed in AS 241")]
const AS241_CENTRE: ([f64; 8], [f64; 8]) = (
    [
        3.3871328727963666080e0,
        1.3314166789178437745e+2,
        1.9715909503065514427e+3,
        1.3731693765509461125e+4,
        4.5921953931549871457e+4,
        6.7265770927008700853e+4,
        3.3430575583588128105e+4,
        2.5090809287301226727e+3,
    ],
    [
        1.0,
        4.2313330701600911252e+1,
        6.8718700749205790830e+2,
        5.3941960214247511077e+3,
        2.1213794301586595867e+4,
        3.9307895800092710610e+4,
        2.8729085735721942674e+4,
        5.2264952788528545610e+3,
    ],
);

#[expect(clippy::excessive_precision, reason = "as printed in AS 241")]
const AS241_TAIL: ([f64; 8], [f64; 8]) = (
    [
        1.42343711074968357734e0,
        4.63033784615654529590e0,
        5.76949722146069140550e0,
        3.64784832476320460504e0,
        1.27045825245236838258e0,
        2.41780725177450611770e-1,
        2.27238449892691845833e-2,
        7.74545014278341407640e-4,
    ],
    [
        1.0,
        2.05319162663775882187e0,
        1.67638483018380384940e0,
        6.89767334985100004550e-1,
        1.48103976427480074590e-1,
        1.51986665636164571966e-2,
        5.47593808499534494600e-4,
        1.05075007164441684324e-9,
    ],
);

#[expect(clippy::excessive_precision, reason = "as printed in AS 241")]
const AS241_FAR: ([f64; 8], [f64; 8]) = (
    [
        6.65790464350110377720e0,
        5.46378491116411436990e0,
        1.78482653991729133580e0,
        2.96560571828504891230e-1,
        2.65321895265761230930e-2,
        1.24266094738807843860e-3,
        2.71155556874348757815e-5,
        2.01033439929228813265e-7,
    ],
    [
        1.0,
        5.99832206555887937690e-1,
        1.36929880922735805310e-1,
        1.48753612908506148525e-2,
        7.86869131145613259100e-4,
        1.84631831751005468180e-5,
        1.42151175831644588870e-7,
        2.04426310338993978564e-15,
    ],
);

#[cfg(test)]
mod tests {
    use super::super::{Key, Purpose, Stream, open01};
    use super::*;

    /// Words enough for millions of points, without a table of them.
    fn uniforms(n: u64) -> impl Iterator<Item = f64> {
        let key = Key::of_seed(1);
        (0..n)
            .flat_map(move |e| Stream::new(key, Purpose::TICKET_CORE, 0, e).block(0))
            .map(open01)
    }

    /// |a − b| in units of b's last place.
    fn ulps(a: f64, b: f64) -> f64 {
        let unit = f64::from_bits(b.abs().to_bits() + 1) - b.abs();
        ((a - b) / unit).abs()
    }

    /// libm's log and exp err by less than 1 unit themselves, so two wholly right answers can be 1 apart.
    fn at_most_one_ulp_apart(ours: impl Fn(f64) -> f64, reference: impl Fn(f64) -> f64, x: f64) {
        let (a, b) = (ours(x), reference(x));
        assert!(a == b || ulps(a, b) <= 1.0, "at {x:e}: {a:e} against {b:e}");
    }

    #[test]
    fn ln_agrees_with_libm_over_the_unit_interval_and_beyond() {
        for u in uniforms(1_000_000) {
            at_most_one_ulp_apart(ln, libm::log, u);
            at_most_one_ulp_apart(
                ln,
                libm::log,
                f64::from_bits(((u * INFINITE as f64) as u64).max(SMALLEST_NORMAL)),
            );
        }
    }

    #[test]
    fn ln_keeps_its_relative_accuracy_around_one() {
        for u in uniforms(200_000) {
            for width in [0.1, 0.02, 1e-3, 1e-9, 1e-15] {
                at_most_one_ulp_apart(ln, libm::log, 1.0 + (u - 0.5) * width);
            }
        }
        assert_eq!(ln(1.0).to_bits(), 0);
        assert_eq!(
            ln(1.0 - f64::EPSILON / 2.0),
            -f64::EPSILON / 2.0 * (1.0 + f64::EPSILON / 4.0)
        );
    }

    #[test]
    fn ln_is_right_where_its_cells_meet_and_at_the_ends_of_the_range() {
        let meetings = (0..=POINTS as u64).map(|i| FIRST_CELL + (i << CELL_BITS));
        for bits in meetings.chain([SMALLEST_NORMAL, SMALLEST_NORMAL + 1, INFINITE - 1]) {
            for near in [bits - 1, bits, bits + 1] {
                let x = f64::from_bits(near);
                at_most_one_ulp_apart(ln, libm::log, x);
            }
        }
        assert_eq!(ln(0.0), f64::NEG_INFINITY);
        assert_eq!(ln(f64::INFINITY), f64::INFINITY);
        assert!(ln(-1.0).is_nan() && ln(f64::NAN).is_nan());
    }

    #[test]
    fn exp_agrees_with_libm_from_the_smallest_to_the_largest_result() {
        for u in uniforms(300_000) {
            for width in [1400.0, 60.0, 1.0, 1e-6] {
                at_most_one_ulp_apart(exp, libm::exp, (u - 0.5) * width);
            }
        }
        for (x, answer) in [
            (710.0, f64::INFINITY),
            (-800.0, 0.0),
            (f64::INFINITY, f64::INFINITY),
            (-0.0, 1.0),
        ] {
            assert_eq!(exp(x), answer);
        }
        assert!(exp(f64::NAN).is_nan());
    }

    #[test]
    fn exp_undoes_ln() {
        for u in uniforms(100_000) {
            assert!(ulps(exp(ln(u)), u) < 40.0); // |ln u| ≤ 37 carries its rounding into the exponent
        }
    }

    #[test]
    fn ln_never_falls_from_one_uniform_to_the_next() {
        for u in uniforms(500_000) {
            assert!(ln(u) <= ln(u + f64::EPSILON), "at {u}");
        }
    }

    #[test]
    fn the_normal_quantile_gives_the_published_values() {
        let published = [
            (0.25, -0.6744897501960817),
            (0.001, -3.090232306167813),
            (1e-20, -9.262340089798408),
            (0.975, 1.959963984540054),
        ];
        for (u, z) in published {
            assert!(
                (normal_quantile(u) / z - 1.0).abs() <= 2.0 * f64::EPSILON,
                "at {u}: {}",
                normal_quantile(u)
            );
        }
        assert_eq!([0.0, 1.0].map(normal_quantile), [f64::NEG_INFINITY, f64::INFINITY]);
        assert!([-0.1, 1.1, f64::NAN].map(normal_quantile).iter().all(|z| z.is_nan()));
    }

    #[test]
    fn the_normal_quantile_undoes_the_normal_distribution() {
        for u in uniforms(100_000) {
            let z = normal_quantile(u);
            let back = 0.5 * libm::erfc(-z / std::f64::consts::SQRT_2);
            assert!((back / u - 1.0).abs() < 1e-14 * (1.0 + z * z), "at {u}: {back}");
            assert_eq!(normal_quantile(1.0 - u), -z);
        }
    }

    #[test]
    fn the_normal_quantile_grows_with_u() {
        for u in uniforms(200_000).chain([0.075, 0.925, 1.4e-11]) {
            assert!(normal_quantile(u) < normal_quantile(u + 4.0 * f64::EPSILON), "at {u}");
        }
    }

    /// These bits belong to what a version promises; they change only on purpose, with a line in CHANGELOG.
    #[test]
    fn value_stability_of_ln_exp_and_the_normal_quantile() {
        let bits = |f: fn(f64) -> f64, xs: [f64; 6]| xs.map(|x| f(x).to_bits());
        let pinned = [
            0xc034b927f32bffb8,
            0xc0026bb1bbb55515,
            0xbff34378fcbda721,
            0xbfd6d3c324e13f50,
            0xbf5064670d979b73,
            0x4022d79559791e31,
        ];
        assert_eq!(bits(ln, [1e-9, 0.1, 0.3, 0.7, 0.999, 12345.678]), pinned);
        let pinned = [
            0x00c4ff475c68ca02,
            0x3fd78b56362cef38,
            0x3ff000000044b830,
            0x3ff599058c8c1a96,
            0x40a140b22bfe1dac,
            0x7f18625c7d4f56c2,
        ];
        assert_eq!(bits(exp, [-700.5, -1.0, 1e-9, 0.3, 7.7, 700.5]), pinned);
        let pinned = [
            0xc01e9a3e40341034,
            0xc017fdc11f44b5a7,
            0xbff4813c36e26d34,
            0xbfe0c7e39582c5fb,
            0x3fe0c7e39582c5f9,
            0x4008b8cbb7204471,
        ];
        assert_eq!(bits(normal_quantile, [1e-14, 1e-9, 0.1, 0.3, 0.7, 0.999]), pinned);
    }
}
