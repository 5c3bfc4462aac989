//! The progress of a run on standard error: a bar, if it takes longer than a second and somebody can see it.
//!
//! It only counts what the experiment reports. When standard error is no terminal, nothing is drawn.

use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant as Stopwatch};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::interrupt;
use crate::experiment::Watch;

/// Shorter runs need no bar.
const SHORT: Duration = Duration::from_secs(1);

const TEMPLATE: &str = "{wide_bar} {pos} of {len} replications, {eta} left";

/// Watches a run for the user.
pub(super) struct Progress {
    quiet: bool,
    since: Stopwatch,
    bar: OnceLock<ProgressBar>,
}

impl Progress {
    /// `quiet`: never draw.
    #[expect(
        clippy::disallowed_methods,
        reason = "a bar, and a budget of time that the user sets"
    )]
    pub fn new(quiet: bool) -> Progress {
        Progress {
            quiet,
            since: Stopwatch::now(),
            bar: OnceLock::new(),
        }
    }

    /// Takes the bar away, so that what follows stands alone.
    pub fn done(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}

impl Watch for Progress {
    fn planned(&self, replications: u64) {
        let bar = self.bar.get_or_init(|| {
            let bar = ProgressBar::with_draw_target(Some(replications), ProgressDrawTarget::hidden());
            if !self.quiet {
                show_later(bar.clone());
            }
            bar
        });
        bar.set_length(replications);
    }

    fn played(&self, _candidates: u64) {
        if let Some(bar) = self.bar.get() {
            bar.inc(1);
        }
    }

    fn interrupted(&self) -> bool {
        interrupt::asked()
    }

    fn elapsed(&self) -> Option<Duration> {
        Some(self.since.elapsed())
    }
}

/// Draws the bar from the second second on: also while the first replication is still being played.
fn show_later(bar: ProgressBar) {
    thread::spawn(move || {
        thread::sleep(SHORT);
        if !bar.is_finished() {
            bar.set_style(ProgressStyle::with_template(TEMPLATE).unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(10));
            bar.enable_steady_tick(Duration::from_millis(200));
        }
    });
}
