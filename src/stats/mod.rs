//! Estimators on plain numbers: what a row of replication values says, and how sure that is.
//!
//! Every function here takes slices and gives numbers. It knows no tickets, no scenario, no clock and no threads, and it
//! imports nothing of ours. The *replication* is the only independent unit: a slice holds one value (or one pair of sums)
//! a replication, in replication order, and no standard error is ever computed from pooled observations. Sums of floats run
//! in index order, so the same slice gives the same bytes. Transcendental functions come from the crate `libm`, never from
//! `std`, whose last bit differs between platforms.
//!
//! Nothing to report is reported: no data is `None`, fewer than two replications have an estimate and no interval. Finite
//! values below 1e150 in size (so that squares stay finite) never give NaN and never panic.
//!
//! | room | question |
//! | --- | --- |
//! | [`interval`] | what an answer looks like: an estimate between two bounds, at a confidence |
//! | [`mean`] | the mean of replication values; how many replications would be enough |
//! | [`time_average`] | the average over time of a level that moves in steps |
//! | [`ratio`] | ratios of sums: shares (breach rates), means over observations, occupancy |
//! | [`quantile`] | percentiles, by sectioning; order statistics |
//! | [`sketch`] | a mergeable histogram with a bounded relative error |
//! | [`effects`], [`curve`], [`front`] | a sweep: what moves a response, along one factor, and two responses at once |
//! | [`paired`] | two candidates on the same random numbers |
//! | [`multiple`] | many comparisons at once |
//! | [`best`] | who can still be the best of many |
//! | [`selection`] | the best of many, the hopeless dropped early |
//! | [`control`] | a mean made surer by what is known of the input |
//! | [`verdict`] | a comparison in words |
//! | [`sequential`] | when to stop adding replications, and what more would cost |
//! | [`warm_up`] | whether the warm-up was long enough |
//! | [`erlang`] | closed forms of queues, to check against |
//! | [`special`] | the distribution functions behind all of these |
//!
//! Formulas and their measured coverage: the project's `methods.md`, sections 0 to 4.1.

pub mod best;
pub mod control;
pub mod curve;
pub mod effects;
pub mod erlang;
pub mod front;
pub mod interval;
pub mod mean;
pub mod multiple;
pub mod paired;
pub mod quantile;
pub mod ratio;
pub mod selection;
pub mod sequential;
pub mod sketch;
pub mod special;
pub mod time_average;
pub mod verdict;
pub mod warm_up;

pub use interval::{Confidence, Interval};

#[cfg(test)]
mod coverage;
#[cfg(test)]
mod testing;
