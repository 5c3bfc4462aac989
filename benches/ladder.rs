//! The ladder workload: the kernel beside a hand-written loop for this workload alone.
//!
//! `cargo bench --bench ladder` prints tickets per second of both and their ratio: the loop by hand knows nothing but
//! three tiers, four severities and exponential work (a `BinaryHeap`, four rings a tier, ziggurat exponentials from one
//! xoshiro generator, and nothing measured but means); the kernel plays `scenarios/ladder.toml` with nothing observed,
//! and with everything that `escalade run` measures. Beside them `scenarios/playbook.toml`, in which every feature is on, and
//! its speed as a share of the ladder's. Nothing is asserted: speed is measured, never tested.

use escalade::kernel::{World, replicate};
use escalade::measure::Measure;
use escalade::model::{Model, compile};
use escalade::scenario::{Document, Problems};
use escalade::stats::sketch::Buckets;
use rand_distr::{Distribution, Exp1};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::convert::Infallible;
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

const WEEKS: i64 = 53;
const REPLICATIONS: u32 = 4;
const ROUNDS: usize = 5;

fn main() {
    // `cargo test --benches` runs this too, with `--test`: one short round is enough to know that it works.
    let rounds = if std::env::args().any(|arg| arg == "--test") {
        1
    } else {
        ROUNDS
    };
    let model = shipped("ladder");
    let playbook = shipped("playbook");
    let buckets = Buckets::new();
    let by_hand = best(rounds, by_hand);
    let bare = best(rounds, |seed| kernel(&model, seed));
    let of = |model: &Model| best(rounds, |seed| measured(model, &buckets, seed));
    let (measured, playbook) = (of(&model), of(&playbook));
    println!("ladder, one thread, best of {rounds} rounds of {REPLICATIONS} x {WEEKS} weeks");
    let row = |name: &str, rate: f64| {
        println!(
            "  {name:<22} {:>6.2} million tickets/s  {:>6.1} ns a ticket  ratio {:.2}",
            rate / 1e6,
            1e9 / rate,
            rate / by_hand
        );
    };
    row("by hand", by_hand);
    row("kernel, nothing seen", bare);
    row("kernel, all measured", measured);
    println!(
        "playbook, every feature on, {REPLICATIONS} replications of its own horizon\n  {:<22} {:>6.3} million tickets/s  {:>6.0} ns a ticket  {:.3} of the ladder's",
        "kernel, all measured",
        playbook / 1e6,
        1e9 / playbook,
        playbook / measured
    );
}

/// A shipped scenario's base.
fn shipped(name: &str) -> Model {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("scenarios/{name}.toml"));
    let document = Document::read(&path).expect("the scenario is shipped with the benches");
    let scenario = document.base().expect("the shipped scenario is valid");
    compile(scenario, &mut Problems::new()).expect("the shipped scenario compiles")
}

/// Tickets a second in the fastest round.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn best(rounds: usize, mut round: impl FnMut(u64) -> u64) -> f64 {
    let timed = (0..rounds).map(|seed| {
        let start = Instant::now();
        let tickets = round(seed as u64 + 1);
        tickets as f64 / start.elapsed().as_secs_f64()
    });
    timed.fold(0.0, f64::max)
}

fn kernel(model: &Model, seed: u64) -> u64 {
    let mut world = World::new();
    let play = |replication| {
        replicate(model, seed, replication, &mut world, &mut ());
        u64::from(world.created())
    };
    (0..REPLICATIONS).map(play).sum()
}

fn measured(model: &Model, buckets: &Buckets, seed: u64) -> u64 {
    let (mut world, mut measure) = (World::new(), Measure::new(model, buckets, false));
    let play = |replication| {
        measure.clear();
        replicate(model, seed, replication, &mut world, &mut measure);
        black_box(measure.values());
        u64::from(world.created())
    };
    (0..REPLICATIONS).map(play).sum()
}

/// xoshiro256++ (Blackman and Vigna), for the loop by hand.
struct Xoshiro([u64; 4]);

impl rand::TryRng for Xoshiro {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.try_next_u64().map(|word| (word >> 32) as u32)
    }

    #[inline]
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let s = &mut self.0;
        let result = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = s[3].rotate_left(45);
        Ok(result)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            let word = self.try_next_u64()?.to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
        Ok(())
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Done {
    at: i64,
    tier: u8,
    severity: u8,
    created: i64,
}

/// The same workload by hand. Returns the tickets created.
fn by_hand(seed: u64) -> u64 {
    const MEAN_MS: [f64; 3] = [600_000.0, 2_400_000.0, 7_200_000.0];
    const ESCALATES: [[f64; 4]; 2] = [[0.8, 0.5, 0.3, 0.1], [0.25; 4]];
    const SEVERITIES: [f64; 4] = [1.0 / 60.0, 5.0 / 60.0, 25.0 / 60.0, 1.0];
    let mut rng = Xoshiro([
        seed,
        0x9E37_79B9_7F4A_7C15,
        0xBF58_476D_1CE4_E5B9,
        0x94D0_49BB_1331_11EB,
    ]);
    let mut created_count = 0;
    let (mut waited, mut resolved) = ([[0i64; 4]; 3], [0i64; 4]);
    for _ in 0..REPLICATIONS {
        let mut heap: BinaryHeap<Reverse<Done>> = BinaryHeap::new();
        let mut queues: [[VecDeque<(i64, i64)>; 4]; 3] = Default::default();
        let mut free = [12i32, 10, 8];
        let (mut next, end) = (0i64, WEEKS * 7 * 24 * 3_600_000);
        loop {
            let done = heap.peek().map_or(i64::MAX, |done| done.0.at);
            let now = done.min(next);
            if now > end {
                break;
            }
            let (tier, severity, created) = if done <= next {
                let Some(Reverse(done)) = heap.pop() else { break };
                let tier = done.tier as usize;
                let taken = queues[tier]
                    .iter_mut()
                    .enumerate()
                    .find_map(|(severity, queue)| Some((severity, queue.pop_front()?)));
                match taken {
                    None => free[tier] += 1,
                    Some((severity, (entered, created))) => {
                        waited[tier][severity] += now - entered;
                        let work: f64 = Exp1.sample(&mut rng);
                        let at = now + (work * MEAN_MS[tier]) as i64;
                        heap.push(Reverse(Done {
                            at,
                            tier: done.tier,
                            severity: severity as u8,
                            created,
                        }));
                    }
                }
                if tier == 2 || unit(&mut rng) >= ESCALATES[tier][done.severity as usize] {
                    resolved[done.severity as usize] += now - done.created;
                    continue;
                }
                (tier + 1, done.severity as usize, done.created)
            } else {
                created_count += 1;
                let gap: f64 = Exp1.sample(&mut rng);
                next += (gap * 60_000.0) as i64;
                let u = unit(&mut rng);
                (0, SEVERITIES.iter().position(|share| u < *share).unwrap_or(3), now)
            };
            if free[tier] > 0 {
                free[tier] -= 1;
                let work: f64 = Exp1.sample(&mut rng);
                let at = now + (work * MEAN_MS[tier]) as i64;
                heap.push(Reverse(Done {
                    at,
                    tier: tier as u8,
                    severity: severity as u8,
                    created,
                }));
            } else {
                queues[tier][severity].push_back((now, created));
            }
        }
    }
    black_box((waited, resolved));
    created_count
}

fn unit(rng: &mut Xoshiro) -> f64 {
    use rand::Rng;
    (rng.next_u64() >> 11) as f64 / (1u64 << 53) as f64
}
