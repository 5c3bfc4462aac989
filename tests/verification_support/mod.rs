//! What `tests/verification.rs` is made of, from the shared files to the verdicts.
//!
//! | room | holds |
//! | --- | --- |
//! | `cases` | `cases.json` as it is written |
//! | `needs` | which words our language has, and so which cases wait |
//! | `language` | a workload as the text of a scenario file |
//! | `tally` | the observer that counts a replication |
//! | `figures` | which sums of a tally estimate a figure |
//! | `judge` | whether an estimate is the exact figure |
//! | `runs` | how long to run, in parallel, and the second chance |
//! | `log` | the observer that writes down every event |
//! | `traces` | family k, event by event |
//! | `clocks` | family g, exactly |
//! | `vectors` | family l, the statistics alone |

pub mod cases;
pub mod clocks;
pub mod figures;
pub mod judge;
pub mod language;
pub mod log;
pub mod needs;
pub mod runs;
pub mod tally;
pub mod traces;
pub mod vectors;
