//! Escalade: a discrete-event simulator for planning how support tickets and incidents are escalated.

#[cfg(feature = "cli")]
pub mod cli;
pub mod drill;
pub mod experiment;
pub mod kernel;
pub mod measure;
pub mod model;
pub mod random;
pub mod report;
pub mod scenario;
pub mod stats;
pub mod time;
