//! What the unit tests of this layer share: closeness, a seeded generator, and the draws made from it.
//!
//! Not the program's random numbers (those are `random/`, which this layer may not import): SplitMix64, seed 1 everywhere.

/// Panics unless `found` is within `relative` of `expected` (absolutely, where `expected` is zero).
#[track_caller]
pub fn assert_close(found: f64, expected: f64, relative: f64) {
    let scale = if expected == 0.0 { 1.0 } else { expected.abs() };
    let error = (found - expected).abs() / scale;
    assert!(
        error <= relative,
        "found {found:.15e}, expected {expected:.15e}, relative error {error:.2e}"
    );
}

/// Panics unless `found` agrees with `expected` to the ten decimals that methods.md prints.
#[track_caller]
pub fn assert_printed(found: f64, expected: f64) {
    assert!(
        (found - expected).abs() <= 0.500_001e-10,
        "found {found:.13}, methods.md prints {expected}"
    );
}

/// SplitMix64 (Steele, Lea & Flood 2014).
pub struct Draws(u64);

impl Draws {
    pub fn seeded() -> Self {
        Draws(1)
    }

    pub fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform in (0, 1).
    pub fn uniform(&mut self) -> f64 {
        ((self.word() >> 12) as f64 + 0.5) / (1_u64 << 52) as f64
    }

    pub fn below(&mut self, bound: u64) -> u64 {
        self.word() % bound
    }

    pub fn exponential(&mut self) -> f64 {
        -libm::log(self.uniform())
    }

    pub fn normal(&mut self) -> f64 {
        super::special::normal_quantile(self.uniform())
    }

    /// Gamma with mean 1 and a whole `shape`.
    pub fn gamma(&mut self, shape: u32) -> f64 {
        (0..shape).map(|_| self.exponential()).sum::<f64>() / f64::from(shape)
    }

    /// Poisson, by counting exponential gaps.
    pub fn poisson(&mut self, mean: f64) -> u64 {
        let mut at = self.exponential();
        let mut count = 0;
        while at < mean {
            count += 1;
            at += self.exponential();
        }
        count
    }

    pub fn shuffled<T: Clone>(&mut self, values: &[T]) -> Vec<T> {
        let mut values = values.to_vec();
        for last in (1..values.len()).rev() {
            let other = self.below(last as u64 + 1) as usize;
            values.swap(last, other);
        }
        values
    }
}

/// The order of `n` things, shuffled: to permute several columns alike.
pub fn shuffled_order(draws: &mut Draws, n: usize) -> Vec<usize> {
    draws.shuffled(&(0..n).collect::<Vec<_>>())
}

pub fn pick<T: Copy>(values: &[T], order: &[usize]) -> Vec<T> {
    order.iter().map(|&at| values[at]).collect()
}
