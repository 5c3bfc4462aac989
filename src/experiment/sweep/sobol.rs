//! Sobol' points, and Owen's scrambling of them.
//!
//! The sequence is that of Joe & Kuo (2008), *Constructing Sobol sequences with better two-dimensional projections*, with the
//! first rows of their table `new-joe-kuo-6.21201`; the points come in the order of the index, not of its Gray code: the
//! first 2ᵏ are the same set. Scrambled with the hash of Burley (2020), *Practical hash-based Owen scrambling*, which keeps
//! every stratum of a power of two filled exactly once. Seeds come from the caller.

/// As many dimensions as the table has rows, and the first, which needs none.
pub(super) const DIMENSIONS: usize = DIRECTIONS.len() + 1;

/// Bits of a coordinate.
const BITS: u32 = 32;

/// A row of the table: the coefficients a of the primitive polynomial, and the initial numbers m₁, m₂, …
type Row = (u32, &'static [u32]);

#[rustfmt::skip] // a table: as it is published, one row a dimension from the second on
const DIRECTIONS: [Row; 20] = [
    (0, &[1]),
    (1, &[1, 3]),
    (1, &[1, 3, 1]),
    (2, &[1, 1, 1]),
    (1, &[1, 1, 3, 3]),
    (4, &[1, 3, 5, 13]),
    (2, &[1, 1, 5, 5, 17]),
    (4, &[1, 1, 5, 5, 5]),
    (7, &[1, 1, 7, 11, 19]),
    (11, &[1, 1, 5, 1, 1]),
    (13, &[1, 1, 1, 3, 11]),
    (14, &[1, 3, 5, 5, 31]),
    (1, &[1, 3, 3, 9, 7, 49]),
    (13, &[1, 1, 1, 15, 21, 21]),
    (16, &[1, 3, 1, 13, 27, 49]),
    (19, &[1, 1, 1, 15, 7, 5]),
    (22, &[1, 3, 1, 15, 13, 25]),
    (25, &[1, 1, 5, 5, 19, 61]),
    (1, &[1, 3, 7, 11, 23, 15, 103]),
    (4, &[1, 3, 7, 13, 13, 15, 69]),
];

/// The direction numbers of a dimension, from 0, below [`DIMENSIONS`].
fn directions(dimension: usize) -> [u32; BITS as usize] {
    let mut v = [0; BITS as usize];
    let Some((a, m)) = dimension.checked_sub(1).and_then(|row| DIRECTIONS.get(row)) else {
        return std::array::from_fn(|bit| 1 << (BITS - 1 - bit as u32));
    };
    let degree = m.len();
    for (bit, m) in m.iter().enumerate() {
        v[bit] = m << (BITS - 1 - bit as u32);
    }
    for bit in degree..v.len() {
        v[bit] = v[bit - degree] ^ (v[bit - degree] >> degree);
        for k in 1..degree {
            if a >> (degree - 1 - k) & 1 == 1 {
                v[bit] ^= v[bit - k];
            }
        }
    }
    v
}

/// The coordinates of the first `points` points in one dimension, as 32-bit fractions.
pub(super) fn coordinates(dimension: usize, points: u32) -> Vec<u32> {
    let v = directions(dimension);
    let of = |index: u32| {
        let bits = (0..BITS).filter(|bit| index >> bit & 1 == 1);
        bits.fold(0, |x, bit| x ^ v[bit as usize])
    };
    (0..points).map(of).collect()
}

/// Owen's nested uniform scrambling of a coordinate: a different permutation for each `seed`.
pub(super) fn scrambled(coordinate: u32, seed: u32) -> u32 {
    let mut x = coordinate.reverse_bits().wrapping_add(seed);
    for factor in [0x6c50_b47c, 0xb82f_1e52, 0xc7af_e638, 0x8d22_f6e6] {
        x ^= x.wrapping_mul(factor);
    }
    x.reverse_bits()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// The example of Joe & Kuo's page: ten points in three dimensions, in the order of the Gray code.
    #[test]
    fn the_points_are_those_that_joe_and_kuo_publish() {
        let published = [
            [0.0, 0.0, 0.0],
            [0.5, 0.5, 0.5],
            [0.75, 0.25, 0.25],
            [0.25, 0.75, 0.75],
            [0.375, 0.375, 0.625],
            [0.875, 0.875, 0.125],
            [0.625, 0.125, 0.875],
            [0.125, 0.625, 0.375],
            [0.1875, 0.3125, 0.9375],
            [0.6875, 0.8125, 0.4375],
        ];
        for dimension in 0..3 {
            let coordinates = coordinates(dimension, 16);
            for (index, point) in published.iter().enumerate() {
                let gray = index ^ (index >> 1);
                assert_eq!(
                    f64::from(coordinates[gray]) / 4_294_967_296.0,
                    point[dimension],
                    "{index}"
                );
            }
        }
    }

    #[test]
    fn every_row_of_the_table_is_one_of_a_primitive_polynomial_with_odd_small_numbers() {
        for (row, (a, m)) in DIRECTIONS.iter().enumerate() {
            let degree = m.len() as u32;
            assert!(
                m.iter().enumerate().all(|(i, m)| m % 2 == 1 && *m < 2 << i),
                "row {row}"
            );
            // x has the order 2^degree − 1 modulo the polynomial, and no smaller one.
            let polynomial = 1 << degree | a << 1 | 1;
            let (mut power, mut order) = (1_u32, 0);
            loop {
                power <<= 1;
                if power >> degree & 1 == 1 {
                    power ^= polynomial;
                }
                order += 1;
                if power == 1 {
                    break;
                }
            }
            assert_eq!(order, (1 << degree) - 1, "row {row}");
        }
        assert_eq!(DIRECTIONS.iter().collect::<BTreeSet<_>>().len(), DIRECTIONS.len());
    }

    #[test]
    fn a_power_of_two_fills_every_stratum_once_scrambled_or_not() {
        for dimension in 0..DIMENSIONS {
            for seed in [None, Some(1), Some(0xdead_beef)] {
                let of = |x: u32| seed.map_or(x, |seed| scrambled(x, seed)) >> (BITS - 7);
                let strata: BTreeSet<u32> = coordinates(dimension, 128).into_iter().map(of).collect();
                assert_eq!(strata.len(), 128, "dimension {dimension}, seed {seed:?}");
            }
        }
    }

    #[test]
    fn scrambling_keeps_the_pairs_of_dimensions_balanced() {
        let (a, b) = (coordinates(1, 64), coordinates(2, 64));
        let cell = |i: usize| (scrambled(a[i], 11) >> 29, scrambled(b[i], 12) >> 29);
        let cells: BTreeSet<(u32, u32)> = (0..64).map(cell).collect();
        let plain: BTreeSet<(u32, u32)> = (0..64).map(|i| (a[i] >> 29, b[i] >> 29)).collect();
        assert_eq!(cells.len(), plain.len());
    }
}
