//! The generator: Philox2x64-10, a pure function from (key, counter) to two words.
//!
//! There is no state and no set-up: a stream is a position in the counter space, so a ticket's numbers can be had in any
//! order, on any thread, without touching anybody else's. Streams cannot overlap, because the counter holds purpose,
//! replication, entity and block in bits of their own, and Philox is a bijection of the counter under each key:
//!
//! | word | bits | what |
//! | --- | --- | --- |
//! | high | 63…48 | purpose, 16 bits |
//! | high | 47…24 | replication, 24 bits |
//! | high | 23…0 | block, 24 bits: 2²⁵ words a stream |
//! | low | 63…0 | entity: a ticket's number, or what else the purpose says |
//!
//! **This layout is never to be changed again**: every number of every version hangs on it. (High word = the first word
//! of Random123's counter.) It is not a cryptographic generator.
//!
//! Chosen over Philox4x32-10 by measurement (one core, x86-64 without AVX, best of 9), ns a block of two words: one at
//! a time 6.4 against 15.0, waiting for each 14.7 against 16.1, a loop over 64 entities 5.2 against 8.5. Only a loop
//! compiled for AVX-512 turns that round (4.5 against 1.7), which a portable binary is not.
//!
//! Source: Salmon, Moraes, Dror & Shaw 2011, *Parallel random numbers: as easy as 1, 2, 3*, SC'11.

use super::Purpose;
use rand::TryRng;
use std::convert::Infallible;

/// How many replications a seed has: 2²⁴, numbered from 0.
pub const REPLICATIONS: u32 = 1 << 24;
/// The first replication of the fresh half that is kept for confirmation; searches stay below it (methods.md section 0).
pub const CONFIRMATION: u32 = 1 << 23;
/// How many blocks of two words a stream has: 2²⁴, numbered from 0.
pub const BLOCKS: u32 = 1 << 24;

const MULTIPLIER: u64 = 0xd2b7_4407_b1ce_6e93;
const WEYL: u64 = 0x9e37_79b9_7f4a_7c15;
const ROUNDS: u32 = 10;

/// A seed made into a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key(u64);

impl Key {
    /// The key of a seed: SplitMix64's first output, so that neighbouring seeds have unrelated keys. A bijection: no two
    /// seeds share a key. Source: Steele, Lea & Flood 2014.
    pub const fn of_seed(seed: u64) -> Key {
        let mut z = seed.wrapping_add(WEYL);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        Key(z ^ (z >> 31))
    }
}

/// The numbers of one (purpose, replication, entity): 2²⁴ blocks of two words, each a pure function of its number.
///
/// ```
/// use escalade::random::{Key, Purpose, Stream};
/// let ticket = Stream::new(Key::of_seed(42), Purpose::TICKET_CORE, 3, 1_000);
/// assert_eq!(ticket.block(7), ticket.block(7));
/// assert_ne!(ticket.block(7), ticket.block(8));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stream {
    key: u64,
    high: u64,
    entity: u64,
}

impl Stream {
    /// The stream of an entity. Costs nothing: a block is computed when it is asked for.
    ///
    /// # Panics
    /// If `replication` is not below [`REPLICATIONS`]: two replications would share their numbers.
    #[inline]
    pub const fn new(key: Key, purpose: Purpose, replication: u32, entity: u64) -> Stream {
        assert!(
            replication < REPLICATIONS,
            "replications are numbered from 0 to 2^24 - 1"
        );
        Stream {
            key: key.0,
            high: (purpose.number() as u64) << 48 | (replication as u64) << 24,
            entity,
        }
    }

    /// Block number `b`: two independent uniform words.
    ///
    /// # Panics
    /// If `b` is not below [`BLOCKS`].
    #[inline]
    pub const fn block(&self, b: u32) -> [u64; 2] {
        philox2x64(self.key, self.counter(b))
    }

    /// The same numbers as a generator for rand and rand_distr, from the first word of block 0 on.
    pub const fn rng(self) -> StreamRng {
        StreamRng {
            stream: self,
            position: 0,
            block: [0; 2],
        }
    }

    #[inline]
    const fn counter(&self, b: u32) -> [u64; 2] {
        assert!(b < BLOCKS, "blocks are numbered from 0 to 2^24 - 1");
        [self.high | b as u64, self.entity]
    }
}

/// The bijection itself: ten rounds of one multiplication 64 × 64 → 128.
#[inline]
const fn philox2x64(mut key: u64, mut counter: [u64; 2]) -> [u64; 2] {
    let mut round = 0;
    while round < ROUNDS {
        let product = counter[0] as u128 * MULTIPLIER as u128;
        counter = [(product >> 64) as u64 ^ key ^ counter[1], product as u64];
        key = key.wrapping_add(WEYL);
        round += 1;
    }
    counter
}

/// A stream read word by word, for what wants rand's traits. The loop uses [`Stream::block`].
///
/// A 32-bit word is the high half of a 64-bit word; bytes are little-endian words, the last one cut.
///
/// ```
/// use escalade::random::{Key, Purpose, Stream};
/// use rand::Rng;
/// let stream = Stream::new(Key::of_seed(42), Purpose::STORM, 0, 0);
/// let mut rng = stream.rng();
/// assert_eq!([rng.next_u64(), rng.next_u64()], stream.block(0));
/// assert_eq!(rng.position(), 2);
/// ```
#[derive(Clone, Debug)]
pub struct StreamRng {
    stream: Stream,
    position: u64,
    block: [u64; 2],
}

impl StreamRng {
    /// How many 64-bit words have been taken.
    pub const fn position(&self) -> u64 {
        self.position
    }

    /// # Panics
    /// After 2²⁵ words, when the stream is used up.
    #[inline]
    fn next_word(&mut self) -> u64 {
        if self.position.is_multiple_of(2) {
            // Never truncates: `block` refuses 2²⁴ already.
            self.block = self.stream.block((self.position / 2) as u32);
        }
        let word = self.block[(self.position % 2) as usize];
        self.position += 1;
        word
    }
}

impl TryRng for StreamRng {
    type Error = Infallible;

    #[inline]
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.next_word() >> 32) as u32)
    }

    #[inline]
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.next_word())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for piece in bytes.chunks_mut(8) {
            let word = self.next_word().to_le_bytes();
            piece.copy_from_slice(&word[..piece.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::open01;
    use super::*;
    use rand::Rng;

    const SEED_42: Key = Key::of_seed(42);

    #[test]
    fn philox_gives_the_known_answers_of_random123() {
        let known = [
            (0, [0, 0], [0xca00a0459843d731, 0x66c24222c9a845b5]),
            (u64::MAX, [u64::MAX; 2], [0x65b021d60cd8310f, 0x4d02f3222f86df20]),
            (
                0xa4093822299f31d0,
                [0x243f6a8885a308d3, 0x13198a2e03707344],
                [0x0a5e742c2997341c, 0xb0f883d38000de5d],
            ),
        ];
        for (key, counter, answer) in known {
            assert_eq!(philox2x64(key, counter), answer);
        }
    }

    #[test]
    fn the_key_is_the_first_output_of_splitmix64() {
        assert_eq!(SEED_42, Key(0xbdd732262feb6e95));
        assert_eq!(Key::of_seed(0), Key(0xe220a8397b1dcdaf));
    }

    #[test]
    fn no_two_draws_share_a_counter() {
        let edges = [0, 1, 2, (1 << 24) - 1];
        for purpose in [
            Purpose::ARRIVAL_GAPS,
            Purpose::CUSTOMER,
            Purpose::work(0),
            Purpose::diagnosis(255),
        ] {
            for replication in edges {
                for entity in [0, 1, u64::MAX] {
                    for block in edges {
                        let [high, low] = Stream::new(SEED_42, purpose, replication, entity).counter(block);
                        let read_back = (high >> 48, high >> 24 & 0xff_ffff, high & 0xff_ffff, low);
                        let written = (purpose.number() as u64, replication as u64, block as u64, entity);
                        assert_eq!(read_back, written);
                    }
                }
            }
        }
    }

    #[test]
    #[should_panic(expected = "replications are numbered")]
    fn a_replication_beyond_its_bits_is_refused() {
        Stream::new(SEED_42, Purpose::PAGE, REPLICATIONS, 0);
    }

    #[test]
    #[should_panic(expected = "blocks are numbered")]
    fn a_block_beyond_its_bits_is_refused() {
        Stream::new(SEED_42, Purpose::PAGE, 0, 0).block(BLOCKS);
    }

    #[test]
    #[should_panic(expected = "blocks are numbered")]
    fn a_stream_that_is_used_up_does_not_run_into_the_next() {
        let mut rng = Stream::new(SEED_42, Purpose::PAGE, 0, 0).rng();
        rng.position = 2 * BLOCKS as u64;
        rng.next_u64();
    }

    #[test]
    fn the_generator_reads_the_blocks_in_order() {
        let stream = Stream::new(SEED_42, Purpose::STORM, 5, 9);
        let mut rng = stream.rng();
        let words: Vec<u64> = (0..6).map(|_| rng.next_u64()).collect();
        assert_eq!(words, [stream.block(0), stream.block(1), stream.block(2)].concat());
        let (mut halves, mut bytes) = (stream.rng(), [0; 11]);
        assert_eq!(halves.next_u32(), (words[0] >> 32) as u32);
        halves.fill_bytes(&mut bytes);
        assert_eq!(bytes[..8], words[1].to_le_bytes());
        assert_eq!(bytes[8..], words[2].to_le_bytes()[..3]);
        assert_eq!(halves.position(), 3);
    }

    #[test]
    fn neighbouring_streams_are_uncorrelated() {
        let n = 100_000;
        let first =
            |purpose, replication, entity| open01(Stream::new(SEED_42, purpose, replication, entity).block(0)[0]);
        let second = |entity| open01(Stream::new(SEED_42, Purpose::TICKET_CORE, 0, entity).block(0)[1]);
        let next_block = |entity| open01(Stream::new(SEED_42, Purpose::TICKET_CORE, 0, entity).block(1)[0]);
        let next_seed = |e| open01(Stream::new(Key::of_seed(43), Purpose::TICKET_CORE, 0, e).block(0)[0]);
        let base: Vec<f64> = (0..n).map(|e| first(Purpose::TICKET_CORE, 0, e)).collect();
        let neighbours: [(&str, Vec<f64>); 6] = [
            (
                "entity",
                (0..n).map(|e| first(Purpose::TICKET_CORE, 0, e + 1)).collect(),
            ),
            (
                "replication",
                (0..n).map(|e| first(Purpose::TICKET_CORE, 1, e)).collect(),
            ),
            ("purpose", (0..n).map(|e| first(Purpose::DAY_FACTOR, 0, e)).collect()),
            ("word", (0..n).map(second).collect()),
            ("block", (0..n).map(next_block).collect()),
            ("seed", (0..n).map(next_seed).collect()),
        ];
        for (what, other) in neighbours {
            let rho = correlation(&base, &other);
            assert!(
                rho.abs() < 4.0 / (n as f64).sqrt(),
                "neighbouring {what}: correlation {rho}"
            );
        }
    }

    fn correlation(a: &[f64], b: &[f64]) -> f64 {
        let products: f64 = a.iter().zip(b).map(|(a, b)| (a - 0.5) * (b - 0.5)).sum();
        12.0 * products / a.len() as f64
    }

    #[test]
    fn words_fill_256_cells_evenly_at_every_byte() {
        let across = |e: u64| Stream::new(SEED_42, Purpose::TICKET_CORE, 0, e).block(0)[0];
        let mut rng = Stream::new(SEED_42, Purpose::TICKET_CORE, 0, 0).rng();
        let words: Vec<u64> = (0..1 << 17).map(across).collect();
        let along: Vec<u64> = (0..1 << 17).map(|_| rng.next_u64()).collect();
        for (what, words) in [("across entities", words), ("along a stream", along)] {
            for byte in 0..8 {
                let chi2 = chi_square(&words, 8 * byte);
                // χ² with 255 degrees of freedom: 160 … 381 holds 99.9999 %, for 16 looks.
                assert!((160.0..381.0).contains(&chi2), "{what}, byte {byte}: {chi2}");
            }
        }
    }

    fn chi_square(words: &[u64], shift: u32) -> f64 {
        let mut counts = [0.0; 256];
        words.iter().for_each(|w| counts[(w >> shift & 0xff) as usize] += 1.0);
        let expected = words.len() as f64 / 256.0;
        counts.iter().map(|n| (n - expected) * (n - expected) / expected).sum()
    }

    /// These values belong to what a version promises; they change only on purpose, with a line in CHANGELOG.
    #[test]
    fn value_stability_of_the_streams() {
        let first_four = |purpose, replication, entity| {
            let stream = Stream::new(SEED_42, purpose, replication, entity);
            [stream.block(0), stream.block(1)].concat()
        };
        let pinned = [
            0xd7b1e963fd9ca54b,
            0xb665109429e22f7c,
            0x162dc09e573bf4fa,
            0x62ff9daf6374ee25,
        ];
        assert_eq!(first_four(Purpose::ARRIVAL_GAPS, 0, 0), pinned);
        let pinned = [
            0xe76dff9a0b61fc82,
            0x94d5b4670577b63e,
            0x6242377db83bad6c,
            0xe7f73334fa210298,
        ];
        assert_eq!(first_four(Purpose::TICKET_CORE, 3, 1_000), pinned);
        let pinned = [
            0xb87daa383a7097de,
            0xe5ff5329b3a896ae,
            0x31a7ca35a432ab5e,
            0x8ff230ebaeab54fc,
        ];
        assert_eq!(first_four(Purpose::PAGE, 7, 1 << 32 | 2 << 16 | 1), pinned);
        let pinned = [
            0x1b04837f5676a6e8,
            0x4c23fcbcef91caa6,
            0xa4d386e399026f89,
            0x34ae5f0fea731b02,
        ];
        assert_eq!(first_four(Purpose::work(2), 0, 1_000), pinned);
        let pinned = [
            0xffdc6ae9406f38d0,
            0x2ed48046d542f97a,
            0x51f77a04bb0e2452,
            0xc9528612d50b7794,
        ];
        assert_eq!(first_four(Purpose::diagnosis(1), CONFIRMATION, 5), pinned);
    }
}
