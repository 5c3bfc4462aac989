//! A histogram on a logarithmic scale, whose quantiles have a bounded *relative* error, and which merges exactly.
//!
//! The mapping is DDSketch's (Masson, Rim & Lee 2019): with γ = (1+a)/(1−a), a value x > 0 falls into bucket ⌈ln x / ln γ⌉,
//! and the value 2γ^i/(γ+1) stands for all of bucket i, off by a relative error of `a` at most. Zero has a bucket of its own.
//! Counts are integers, so merging is addition: any sharding and any order give the same bytes. It is not the full DDSketch:
//! no negative values, no collapsing, one fixed mapping for whole milliseconds up to 2^47.
//!
//! Three types: [`Buckets`] is the mapping, built once and shared; [`LogHistogram`] is only counts, and [`Tally`] the same in half the
//! memory while they are being counted. Bucket *indices* are dense:
//! index 0 is the zero bucket and index i + 1 the formula's bucket i. [`Buckets::index`] does not compute a logarithm: the
//! leading bits of the value choose a cell so narrow that at most one border lies within, and one comparison with that border
//! decides.

use super::quantile::rank;
use std::ops::AddAssign;

/// The largest value told apart, 2^47 ms (4,400 years); larger ones are counted with it.
pub const LARGEST_MS: u64 = 1 << 47;
/// The relative accuracy used unless said otherwise: a half per cent.
pub const ACCURACY: f64 = 0.005;
/// Accuracies that [`Buckets::with_accuracy`] accepts: finer ones would need more than 2^16 buckets.
const ACCURACIES: std::ops::RangeInclusive<f64> = 0.0005..=0.25;
/// Bits of the mantissa of an f64.
const MANTISSA_BITS: u32 = 52;

/// The mapping from milliseconds to buckets and back.
///
/// ```
/// use escalade::stats::sketch::Buckets;
/// let buckets = Buckets::new();
/// let hour = buckets.value(buckets.index(3_600_000));
/// assert!((hour / 3_600_000.0 - 1.0).abs() <= 0.005);
/// assert_eq!(buckets.value(buckets.index(0)), 0.0);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Buckets {
    accuracy: f64,
    /// How far the bits of an f64 are shifted to leave its exponent and the mantissa bits that choose a cell.
    shift: u32,
    /// The shifted bits of 1.0, less one: zero is cell 0, one millisecond is cell 1.
    base: u64,
    /// For each cell, the index that its least value has.
    lowest: Box<[u16]>,
    /// For each index, the largest whole number of milliseconds in it or below.
    largest: Box<[u64]>,
    /// For each index, the value that stands for it, in milliseconds.
    value: Box<[f64]>,
}

impl Default for Buckets {
    fn default() -> Self {
        Buckets::new()
    }
}

impl Buckets {
    /// The mapping of [`ACCURACY`]: 3,260 buckets, 64 kB.
    pub fn new() -> Self {
        Buckets::build(ACCURACY)
    }

    /// The mapping with relative accuracy `accuracy`; none unless it is from 0.0005 to 0.25.
    pub fn with_accuracy(accuracy: f64) -> Option<Self> {
        ACCURACIES.contains(&accuracy).then(|| Buckets::build(accuracy))
    }

    fn build(accuracy: f64) -> Self {
        let gamma = (1.0 + accuracy) / (1.0 - accuracy);
        let largest = borders(gamma);
        let value = representatives(gamma, largest.len());
        // Cells are narrower than buckets: 2^-bits ≤ γ − 1.
        let bits = (1..=MANTISSA_BITS)
            .find(|&bits| libm::exp2(-f64::from(bits)) <= gamma - 1.0)
            .unwrap_or(MANTISSA_BITS);
        let shift = MANTISSA_BITS - bits;
        let base = (1.0_f64.to_bits() >> shift) - 1;
        let lowest = lowest_of_cells(&largest, shift, base);
        Buckets {
            accuracy,
            shift,
            base,
            lowest,
            largest,
            value,
        }
    }

    /// The relative accuracy a: the value of a bucket is within a factor 1 ± a of all in it.
    pub fn accuracy(&self) -> f64 {
        self.accuracy
    }

    /// The number of buckets, the zero bucket included; indices are below it.
    pub fn count(&self) -> usize {
        self.largest.len()
    }

    /// The bucket index of `ms` milliseconds: 0 for 0, otherwise 1 + ⌈ln ms / ln γ⌉. Above [`LARGEST_MS`], that of it.
    #[inline]
    pub fn index(&self, ms: u64) -> usize {
        // Exact: below 2^53, and as a signed number the conversion is one instruction.
        let ms = ms.min(LARGEST_MS);
        let bits = (ms as i64 as f64).to_bits();
        let cell = (bits >> self.shift).saturating_sub(self.base);
        let lowest = usize::from(self.lowest[cell as usize]);
        lowest + usize::from(ms > self.largest[lowest])
    }

    /// The value in milliseconds that stands for a bucket: 0 for index 0, otherwise 2γ^i/(γ+1) with i = `index` − 1.
    /// That of the last bucket for an index beyond.
    pub fn value(&self, index: usize) -> f64 {
        self.value[index.min(self.value.len() - 1)]
    }
}

/// ⌈ln ms / ln γ⌉ for `ms` ≥ 1, as the sources define it; with ln by `libm`, so that all platforms agree.
fn formula(ms: u64, ln_gamma: f64) -> usize {
    (libm::log(ms as f64) / ln_gamma).ceil() as usize
}

/// For each index the largest value in it or below; the first is the zero bucket's. A bucket that holds no whole number (there
/// are some below 1/(2a) ms) repeats the border of the one before.
fn borders(gamma: f64) -> Box<[u64]> {
    let ln_gamma = libm::log(gamma);
    let last = formula(LARGEST_MS, ln_gamma);
    let mut borders = vec![0];
    for bucket in 0..=last {
        let guess = libm::exp(bucket as f64 * ln_gamma) as u64;
        let mut border = guess.clamp(1, LARGEST_MS);
        while border < LARGEST_MS && formula(border + 1, ln_gamma) <= bucket {
            border += 1;
        }
        while border > 1 && formula(border, ln_gamma) > bucket {
            border -= 1;
        }
        borders.push(border);
    }
    borders.into()
}

fn representatives(gamma: f64, count: usize) -> Box<[f64]> {
    let of = |bucket: usize| 2.0 * libm::pow(gamma, bucket as f64) / (gamma + 1.0);
    std::iter::once(0.0).chain((0..count - 1).map(of)).collect()
}

fn lowest_of_cells(largest: &[u64], shift: u32, base: u64) -> Box<[u16]> {
    let cells = ((LARGEST_MS as f64).to_bits() >> shift) - base;
    let least = |cell: u64| f64::from_bits((cell + base) << shift).ceil() as u64;
    let index = |ms: u64| largest.partition_point(|&border| border < ms) as u16;
    std::iter::once(0)
        .chain((1..=cells).map(|cell| index(least(cell))))
        .collect()
}

/// Counts of durations by the buckets of a [`Buckets`], which it does not hold: whoever reads it must use the mapping that
/// whoever filled it used.
///
/// Its memory reaches to the highest index seen, 8 bytes each (26 kB at most with the default mapping); an empty one has none.
///
/// ```
/// use escalade::stats::sketch::{Buckets, LogHistogram};
/// let buckets = Buckets::new();
/// let mut waits = LogHistogram::new();
/// for ms in [0, 0, 1_000, 2_000, 60_000] {
///     waits.add(buckets.index(ms));
/// }
/// assert_eq!(waits.count(), 5);
/// assert_eq!(waits.quantile(0.4, &buckets), Some(0.0));
/// let p90 = waits.quantile(0.9, &buckets).unwrap();
/// assert!((p90 / 60_000.0 - 1.0).abs() <= 0.005);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogHistogram {
    /// The last one is above zero, so that equal contents are equal vectors.
    counts: Vec<u64>,
    /// Their sum.
    total: u64,
}

impl LogHistogram {
    /// An empty one, without memory.
    pub fn new() -> Self {
        LogHistogram::default()
    }

    /// One with these counts by index: what [`counts`](LogHistogram::counts) gave.
    pub fn from_counts(mut counts: Vec<u64>) -> Self {
        let used = counts.iter().rposition(|&n| n > 0).map_or(0, |last| last + 1);
        counts.truncate(used);
        let total = counts.iter().fold(0, |sum: u64, &count| sum.saturating_add(count));
        LogHistogram { counts, total }
    }

    /// Counts one value in bucket `index`, which [`Buckets::index`] gave.
    #[inline]
    pub fn add(&mut self, index: usize) {
        self.total += 1;
        count_one(&mut self.counts, index);
    }

    /// Adds the other's counts: exact, and the same in any order.
    pub fn merge(&mut self, other: &LogHistogram) {
        if self.counts.len() < other.counts.len() {
            self.counts.resize(other.counts.len(), 0);
        }
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            *mine = mine.saturating_add(*theirs);
        }
        self.total = self.total.saturating_add(other.total);
    }

    /// Adds what was tallied: exact, and the same in any order.
    pub fn add_all(&mut self, tally: &Tally) {
        if self.counts.len() < tally.counts.len() {
            self.counts.resize(tally.counts.len(), 0);
        }
        for (mine, theirs) in self.counts.iter_mut().zip(&tally.counts) {
            *mine += u64::from(*theirs);
        }
        self.total += tally.count();
    }

    /// Takes away another's counts, which are among its own.
    pub fn take_away(&mut self, other: &LogHistogram) {
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            *mine = mine.saturating_sub(*theirs);
        }
        self.total = self.total.saturating_sub(other.total);
        let used = self.counts.iter().rposition(|&n| n > 0).map_or(0, |last| last + 1);
        self.counts.truncate(used);
    }

    /// Empties it and keeps its memory for the next replication.
    pub fn clear(&mut self) {
        self.counts.clear();
        self.total = 0;
    }

    /// Counts by index, up to the last that is not zero.
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// How many values were counted.
    pub fn count(&self) -> u64 {
        self.total
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// The index of the bucket that holds the value of `rank`, counted from 1 in ascending order; none beyond the last.
    pub fn index_of_rank(&self, rank: u64) -> Option<usize> {
        let mut seen = 0_u64;
        self.counts.iter().position(|&count| {
            seen = seen.saturating_add(count);
            count > 0 && seen >= rank
        })
    }

    /// The q-quantile `x_(⌈qN⌉)` in milliseconds, within the relative accuracy of `buckets`; none of nothing.
    pub fn quantile(&self, q: f64, buckets: &Buckets) -> Option<f64> {
        let rank = rank(q, self.count())?;
        self.index_of_rank(rank).map(|index| buckets.value(index))
    }

    /// Several quantiles in ascending order, in one pass.
    pub fn quantiles<const N: usize>(&self, q: [f64; N], buckets: &Buckets) -> Option<[f64; N]> {
        let count = self.count();
        let mut found = [0.0; N];
        let (mut seen, mut index) = (0_u64, 0);
        for (place, q) in found.iter_mut().zip(q) {
            let rank = rank(q, count)?;
            while index < self.counts.len() && (seen < rank || index == 0) {
                seen = seen.saturating_add(self.counts[index]);
                index += 1;
            }
            *place = buckets.value(index.saturating_sub(1));
        }
        Some(found)
    }
}

impl From<&Tally> for LogHistogram {
    fn from(tally: &Tally) -> LogHistogram {
        LogHistogram {
            counts: tally.counts.iter().map(|count| u64::from(*count)).collect(),
            total: tally.count(),
        }
    }
}

/// Counts one more in a bucket, making room up to it.
#[inline]
fn count_one<N: Clone + From<u8> + AddAssign>(counts: &mut Vec<N>, index: usize) {
    match counts.get_mut(index) {
        Some(count) => *count += N::from(1),
        None => reach(counts, index),
    }
}

#[cold]
#[inline(never)]
fn reach<N: Clone + From<u8>>(counts: &mut Vec<N>, index: usize) {
    counts.resize(index, N::from(0));
    counts.push(N::from(1));
}

/// Counts as those of a [`LogHistogram`], while there are few: less than 2^32 in each bucket, 4 bytes each.
///
/// It can be added to, emptied and read into a [`LogHistogram`], no more.
///
/// ```
/// use escalade::stats::sketch::{LogHistogram, Tally};
/// let mut tally = Tally::new();
/// [3, 700, 3].into_iter().for_each(|bucket| tally.add(bucket));
/// let mut histogram = LogHistogram::from(&tally);
/// histogram.add_all(&tally);
/// assert_eq!(histogram.counts()[3], 4);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The last one is above zero.
    counts: Vec<u32>,
}

impl Tally {
    /// An empty one, without memory.
    pub fn new() -> Self {
        Tally::default()
    }

    /// Counts one value in bucket `index`, which [`Buckets::index`] gave.
    #[inline]
    pub fn add(&mut self, index: usize) {
        count_one(&mut self.counts, index);
    }

    /// Empties it and keeps its memory for the next replication.
    pub fn clear(&mut self) {
        self.counts.clear();
    }

    /// Whether nothing was counted.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    fn count(&self) -> u64 {
        self.counts.iter().map(|count| u64::from(*count)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::quantile::quantile_of;
    use crate::stats::testing::Draws;

    const TRIED: [f64; 7] = [0.0005, 0.001, 0.005, 0.01, 0.02, 0.1, 0.25];

    fn by_formula(ms: u64, accuracy: f64) -> usize {
        let gamma = (1.0 + accuracy) / (1.0 - accuracy);
        if ms == 0 { 0 } else { 1 + formula(ms, libm::log(gamma)) }
    }

    fn draw_log_uniform(draws: &mut Draws) -> u64 {
        draws.word() >> (17 + draws.below(47))
    }

    #[test]
    fn the_mapping_is_that_of_methods_10_1() {
        let buckets = Buckets::with_accuracy(0.01).unwrap();
        for (ms, bucket, value) in [
            (1, 0, 0.99),
            (1000, 346, 1_002.428_008_52),
            (123_456, 587, 124_286.047_295_56),
        ] {
            assert_eq!(buckets.index(ms), bucket + 1);
            assert!((buckets.value(bucket + 1) - value).abs() < 6e-9);
        }
    }

    #[test]
    fn buckets_up_to_115_days_are_as_many_as_methods_1_4_counts() {
        let days_115 = 115 * 86_400_000;
        for (accuracy, count) in [(0.01, 1_153), (0.005, 2_304)] {
            let buckets = Buckets::with_accuracy(accuracy).unwrap();
            let found = buckets.index(days_115).abs_diff(count);
            assert!(found <= 2, "{} buckets", buckets.index(days_115));
        }
    }

    #[test]
    fn the_table_agrees_with_the_formula_around_every_border() {
        for accuracy in TRIED {
            let buckets = Buckets::with_accuracy(accuracy).unwrap();
            for &border in &buckets.largest {
                let from = border.saturating_sub(3);
                for ms in from..=(border + 3).min(LARGEST_MS) {
                    assert_eq!(buckets.index(ms), by_formula(ms, accuracy), "{ms} ms, {accuracy}");
                }
            }
        }
    }

    #[test]
    fn the_table_agrees_with_the_formula_around_every_cell_border() {
        for accuracy in TRIED {
            let buckets = Buckets::with_accuracy(accuracy).unwrap();
            for cell in 1..buckets.lowest.len() as u64 {
                let least = f64::from_bits((cell + buckets.base) << buckets.shift) as u64;
                for ms in least.saturating_sub(2)..=(least + 2).min(LARGEST_MS) {
                    assert_eq!(buckets.index(ms), by_formula(ms, accuracy), "{ms} ms, {accuracy}");
                }
            }
        }
    }

    #[test]
    fn the_table_agrees_with_the_formula_in_between() {
        let mut draws = Draws::seeded();
        for accuracy in TRIED {
            let buckets = Buckets::with_accuracy(accuracy).unwrap();
            for ms in 0..20_000 {
                assert_eq!(buckets.index(ms), by_formula(ms, accuracy), "{ms} ms, {accuracy}");
            }
            for _ in 0..50_000 {
                let ms = draw_log_uniform(&mut draws).min(LARGEST_MS);
                assert_eq!(buckets.index(ms), by_formula(ms, accuracy), "{ms} ms, {accuracy}");
            }
        }
    }

    #[test]
    fn the_value_of_a_bucket_is_within_the_accuracy_of_all_in_it() {
        let mut draws = Draws::seeded();
        for accuracy in TRIED {
            let buckets = Buckets::with_accuracy(accuracy).unwrap();
            for _ in 0..20_000 {
                let ms = draw_log_uniform(&mut draws).clamp(1, LARGEST_MS);
                let value = buckets.value(buckets.index(ms));
                let error = (value / ms as f64 - 1.0).abs();
                assert!(error <= accuracy * (1.0 + 1e-9), "{ms} ms: {value}");
            }
        }
    }

    #[test]
    fn what_is_longer_than_4400_years_counts_as_that() {
        let buckets = Buckets::new();
        let last = buckets.count() - 1;
        assert_eq!(buckets.index(LARGEST_MS), last);
        assert_eq!(buckets.index(u64::MAX), last);
        assert_eq!(buckets.value(usize::MAX), buckets.value(last));
    }

    #[test]
    fn an_accuracy_out_of_range_is_refused() {
        for accuracy in [0.0, -0.1, 0.0004, 0.3, 1.0, f64::NAN] {
            assert!(Buckets::with_accuracy(accuracy).is_none());
        }
    }

    #[test]
    fn merging_in_any_order_gives_the_same_counts() {
        let mut draws = Draws::seeded();
        let buckets = Buckets::new();
        let parts: Vec<LogHistogram> = (0..6)
            .map(|part| {
                let mut histogram = LogHistogram::new();
                for _ in 0..part * 100 {
                    histogram.add(buckets.index(draw_log_uniform(&mut draws)));
                }
                histogram
            })
            .collect();
        let merged = |parts: &[LogHistogram]| {
            let mut all = LogHistogram::new();
            parts.iter().for_each(|part| all.merge(part));
            all
        };
        let expected = merged(&parts);
        assert_eq!(expected.count(), 1_500);
        for _ in 0..20 {
            assert_eq!(merged(&draws.shuffled(&parts)), expected);
        }
    }

    #[test]
    fn a_sketched_quantile_is_the_exact_one_within_the_accuracy() {
        let mut draws = Draws::seeded();
        let buckets = Buckets::new();
        let mut histogram = LogHistogram::new();
        let mut values: Vec<u64> = (0..5_001).map(|_| draw_log_uniform(&mut draws)).collect();
        values.iter().for_each(|&ms| histogram.add(buckets.index(ms)));
        for q in [0.001, 0.1, 0.5, 0.9, 0.99, 1.0] {
            let exact = quantile_of(&mut values, q).unwrap();
            let expected = buckets.value(buckets.index(exact));
            assert_eq!(histogram.quantile(q, &buckets), Some(expected));
        }
        let several = [0.001, 0.5, 0.5, 0.9, 1.0];
        let expected = several.map(|q| histogram.quantile(q, &buckets).unwrap());
        assert_eq!(histogram.quantiles(several, &buckets), Some(expected));
        assert_eq!(LogHistogram::new().quantiles(several, &buckets), None);
    }

    #[test]
    fn a_cleared_histogram_is_empty_and_keeps_its_memory() {
        let mut histogram = LogHistogram::new();
        histogram.add(2_000);
        let memory = histogram.counts.capacity();
        histogram.clear();
        assert_eq!(histogram, LogHistogram::new());
        assert!(histogram.is_empty());
        assert_eq!(histogram.counts.capacity(), memory);
        histogram.add(7);
        assert_eq!(histogram.count(), 1);
        assert_eq!(histogram.index_of_rank(1), Some(7));
    }

    #[test]
    fn what_is_taken_away_was_never_counted() {
        let [mut all, mut some] = [LogHistogram::new(), LogHistogram::new()];
        for index in [3, 5, 5, 900] {
            all.add(index);
        }
        for index in [5, 900] {
            some.add(index);
        }
        all.take_away(&some);
        let mut rest = LogHistogram::new();
        rest.add(3);
        rest.add(5);
        assert_eq!(all, rest);
        all.take_away(&rest);
        assert!(all.is_empty());
        assert_eq!(all, LogHistogram::new());
    }

    #[test]
    fn a_tally_reads_as_the_histogram_of_the_same_values() {
        let mut draws = Draws::seeded();
        let [mut tally, mut cleared] = [Tally::new(), Tally::new()];
        let mut histogram = LogHistogram::new();
        (0..50).for_each(|_| cleared.add(draws.below(3_000) as usize));
        cleared.clear();
        assert!(cleared.is_empty());
        for _ in 0..2_000 {
            let index = draws.below(500) as usize;
            tally.add(index);
            cleared.add(index);
            histogram.add(index);
        }
        assert_eq!(tally, cleared);
        assert_eq!(LogHistogram::from(&tally), histogram);
        assert_eq!(histogram.count(), 2_000);
        let mut twice = histogram.clone();
        twice.merge(&histogram);
        histogram.add_all(&tally);
        assert_eq!(histogram, twice);
        assert!(LogHistogram::from(&Tally::new()).is_empty());
    }

    #[test]
    fn an_empty_histogram_has_no_quantile() {
        assert_eq!(LogHistogram::new().quantile(0.5, &Buckets::new()), None);
        assert_eq!(LogHistogram::new().index_of_rank(1), None);
    }

    #[test]
    fn counts_come_back_as_they_were_written() {
        let mut histogram = LogHistogram::new();
        [0, 5, 5, 9].into_iter().for_each(|index| histogram.add(index));
        let mut written = histogram.counts().to_vec();
        written.extend([0, 0]);
        assert_eq!(LogHistogram::from_counts(written), histogram);
    }

    #[test]
    fn constant_values_have_one_quantile() {
        let buckets = Buckets::new();
        let mut histogram = LogHistogram::new();
        (0..100).for_each(|_| histogram.add(buckets.index(86_400_000)));
        for q in [0.0, 0.3, 1.0] {
            let expected = buckets.value(buckets.index(86_400_000));
            assert_eq!(histogram.quantile(q, &buckets), Some(expected));
        }
    }
}
