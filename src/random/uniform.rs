//! From random words to uniforms in (0, 1) and to categories.
//!
//! Both forms are midpoints of equal cells, so neither 0 nor 1 ever comes out, the smallest and the largest value are
//! equally far from the ends, and `1 − u` is exact. Nothing is drawn here: a word comes from `philox`.

/// The uniform of a 64-bit word: `((w >> 12) + ½)·2⁻⁵²`, in [2⁻⁵³, 1 − 2⁻⁵³].
///
/// The low 12 bits do not matter. Every value is exact, and so is its complement: `1 − open01(w) = open01(!w)`, without
/// rounding. The form is that of methods.md 3.1.
///
/// ```
/// use escalade::random::open01;
/// assert_eq!(open01(0), 0.5f64.powi(53));
/// assert_eq!(1.0 - open01(42 << 40), open01(!(42 << 40)));
/// ```
#[inline]
pub const fn open01(word: u64) -> f64 {
    const ONE: u64 = 0x3ff0_0000_0000_0000;
    const ALMOST_ONE: f64 = f64::from_bits(ONE - 1);
    // 1 + k·2⁻⁵² made by bits, less (1 − 2⁻⁵³): one exact subtraction, no conversion from integer.
    f64::from_bits(ONE | (word >> 12)) - ALMOST_ONE
}

/// The uniform of a 32-bit word, for categories: `(w + ½)·2⁻³²`, in [2⁻³³, 1 − 2⁻³³], exact.
///
/// Too coarse for durations (the longest exponential would be 23 means); a category does not notice.
#[inline]
pub const fn open01_32(word: u32) -> f64 {
    const CELL: f64 = 1.0 / (1u64 << 32) as f64;
    (word as f64 + 0.5) * CELL
}

/// A word's two halves, high one first: two categories for one word.
///
/// ```
/// assert_eq!(escalade::random::halves(0x0123_4567_89ab_cdef), [0x0123_4567, 0x89ab_cdef]);
/// ```
#[inline]
pub const fn halves(word: u64) -> [u32; 2] {
    [(word >> 32) as u32, word as u32]
}

/// The category that `u` falls into: the first whose cumulated share is above `u`; the last catches the rest.
///
/// `cumulative` are cumulated shares, ascending; its last element is not read, so it need not be exactly 1. A category
/// of no share (its cumulated share equals the one before) is never chosen, unless it is the last and the ones before
/// do not add up to 1. An empty list answers 0. Scans, as lists are short (severities, services, support tiers).
///
/// ```
/// use escalade::random::category;
/// let severities = [0.05, 0.20, 0.60, 1.0];
/// assert_eq!(category(&severities, 0.04), 0);
/// assert_eq!(category(&severities, 0.60), 3);
/// ```
#[inline]
pub fn category(cumulative: &[f64], u: f64) -> usize {
    let last = cumulative.len().saturating_sub(1);
    cumulative[..last].iter().position(|&share| u < share).unwrap_or(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_and_the_largest_uniform_are_inside_the_unit_interval() {
        let half_cell = f64::EPSILON / 2.0;
        assert_eq!(open01(0), half_cell);
        assert_eq!(open01(0xfff), half_cell);
        assert_eq!(open01(u64::MAX), 1.0 - half_cell);
        assert_eq!(open01_32(0) * 2f64.powi(33), 1.0);
        assert_eq!((1.0 - open01_32(u32::MAX)) * 2f64.powi(33), 1.0);
    }

    #[test]
    fn a_uniform_is_the_midpoint_of_its_cell() {
        for word in [0u64, 1 << 12, 0x8000 << 48, 0x0123_4567_89ab_cdef, u64::MAX] {
            assert_eq!(open01(word), ((word >> 12) as f64 + 0.5) * f64::EPSILON);
        }
    }

    #[test]
    fn the_complement_of_a_uniform_is_exact() {
        let mut word = 1u64;
        for _ in 0..10_000 {
            word = word.wrapping_mul(0xd1342543de82ef95).wrapping_add(1);
            assert_eq!(1.0 - open01(word), open01(!word));
            assert_eq!(1.0 - open01_32(word as u32), open01_32(!word as u32));
        }
    }

    #[test]
    fn a_category_is_chosen_by_its_share_and_the_last_catches_the_rest() {
        let shares = [0.25, 0.25, 0.75, 0.8];
        let chosen: Vec<usize> = [0.1, 0.25, 0.74, 0.75, 0.9]
            .iter()
            .map(|&u| category(&shares, u))
            .collect();
        assert_eq!(chosen, [0, 2, 2, 3, 3]);
        assert_eq!(category(&[], 0.5), 0);
        assert_eq!(category(&[0.0], 0.5), 0);
    }
}
