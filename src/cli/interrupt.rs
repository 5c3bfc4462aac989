//! Ctrl-C: the first asks the work to stop cleanly, the second ends the process at once.
//!
//! SIGTERM and SIGHUP are taken likewise, so that a batch system's stop leaves nothing half-written either.

use std::process;
use std::sync::atomic::{AtomicBool, Ordering};

use super::exit::INTERRUPTED;
use super::output;

static ASKED: AtomicBool = AtomicBool::new(false);

/// From now on, an interrupt is a question. Without a handler (the system may refuse one) it ends the process as ever.
pub(super) fn listen() {
    let _ = ctrlc::set_handler(|| {
        if ASKED.swap(true, Ordering::Relaxed) {
            process::exit(INTERRUPTED.into());
        }
        output::note("stopping; interrupt again to stop at once");
    });
}

/// Whether it was asked to stop.
pub(super) fn asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}
