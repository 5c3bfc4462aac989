//! Drills: incidents as they could happen in a scenario's organisation, for people to rehearse.
//!
//! A drill is chosen (`choose`: which incident, where, when; or `hardest`: by search), played by the simulated organisation
//! thousands of times (`stage`), and written as a pack of files (`pack`) that a facilitator runs without preparation. What
//! a team then did is compared with the simulated bands and with the targets (`score`), and `agenda` spreads drills over a
//! quarter. Everything here makes texts and numbers in memory: files, terminals and clocks belong to `cli`.

mod additions;
pub mod after_action;
pub mod agenda;
pub mod archetype;
pub mod bands;
pub mod chart;
pub mod choose;
mod duty;
pub mod exercise;
pub mod goal;
pub mod guide;
pub mod handout;
pub mod hardest;
pub mod ical;
pub mod make;
pub mod met;
pub mod milestone;
pub mod moment;
mod moved;
pub mod msel;
pub mod observed;
pub mod offset;
pub mod pack;
pub mod paper;
mod parameters;
pub mod payload;
pub mod play;
pub mod propose;
pub mod record;
pub mod rehearsed;
mod resting;
pub mod role;
pub mod score;
pub mod script;
pub mod shell;
pub mod stage;

use crate::experiment::RunError;

/// Why there is no drill.
#[derive(Debug, thiserror::Error)]
pub enum DrillError {
    /// What was asked for cannot be done: what is wrong, and what would be right.
    #[error("{0}")]
    Wrong(String),
    /// The simulation stopped.
    #[error("{0}")]
    Run(#[from] RunError),
}
