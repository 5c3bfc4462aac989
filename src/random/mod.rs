//! Randomness: keyed streams of numbers, and the laws that durations are drawn from.
//!
//! A number here is a pure function of (seed, purpose, replication, entity, block): nothing is drawn from a shared
//! generator, so neither the thread count, nor the order of events, nor what a candidate decides shifts anybody else's
//! numbers. That is what makes two candidates comparable ticket by ticket (common random numbers).
//!
//! | room | what it holds |
//! | --- | --- |
//! | `purpose` | what a draw is for: the list of purposes and their numbers, never reused |
//! | `philox` | the generator, Philox2x64-10: [`Key`], [`Stream`], [`StreamRng`] |
//! | `uniform` | words to uniforms in (0, 1) and to categories |
//! | `maths` | ln, exp and the normal quantile, the same bits on every machine |
//! | `law` | [`Law`]: what a duration's distribution *is* (mean, variance, cdf, quantile), for fitting and for theory |
//! | `sampler` | [`Sampler`]: a law compiled for the loop, one uniform in, one duration out |
//! | `curve`, `gamma`, `table` | private: the laws whose quantile has no closed form, and their tables |
//!
//! It is not a library of distributions: there is what durations and day factors need, sampled by inversion *only*, so
//! that the same uniform under a longer law gives a longer duration. It knows no tickets, no scenario and no clock, and
//! it holds no state. The values are part of what a version promises: the same seed gives the same bytes on every
//! machine, so no `std` logarithm or exponential may enter here (the platform's differ in the last bit), and the
//! "value stability" tests pin literal outputs.
//!
//! ```
//! use escalade::random::{Key, Law, Purpose, Sampler, Stream, open01};
//!
//! let key = Key::of_seed(42);
//! let work = Sampler::of(&Law::lognormal(20.0 * 60_000.0, 0.8)?);
//! let ticket = Stream::new(key, Purpose::work(1), 0, 1_000); // tier 1, replication 0, ticket 1,000
//! let [word, _] = ticket.block(0);
//! let longer = Sampler::of(&Law::lognormal(25.0 * 60_000.0, 0.8)?);
//! assert!(work.draw(open01(word)) < longer.draw(open01(word)));
//! # Ok::<(), escalade::random::LawError>(())
//! ```

mod curve;
mod gamma;
mod law;
mod maths;
mod philox;
mod purpose;
mod sampler;
mod table;
mod uniform;

pub use law::{Family, LONGEST_MS, Law, LawError};
pub use maths::{exp, ln, normal_quantile};
pub use philox::{BLOCKS, CONFIRMATION, Key, REPLICATIONS, Stream, StreamRng};
pub use purpose::Purpose;
pub use sampler::Sampler;
pub use uniform::{category, halves, open01, open01_32};
