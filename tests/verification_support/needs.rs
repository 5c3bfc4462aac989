//! Which cases run: those all of whose needed words our language has.

/// The words of `needs`, of cases and traces, that the language has.
///
/// `staffing-search` is here for what the cases ask of it: the least head count by the program's own formula, and the
/// simulation at that count and beside it.
const SUPPORTED: &[&str] = &[
    "168h",
    "abandonment",
    "calendar-clock",
    "clock-24x7",
    "cold-handoff",
    "deterministic-work",
    "direct-routing",
    "dst",
    "erlang-work",
    "escalation-by-elapsed-time",
    "escalation-by-need",
    "exponential-work",
    "fifo",
    "finite-waiting-places",
    "gamma-mixed-arrivals",
    "general-patience",
    "holidays",
    "hour-marks",
    "hour-of-week-profile",
    "lognormal-work",
    "multi-server",
    "nhpp-arrivals",
    "overflow",
    "overnight-hours",
    "override",
    "overtime",
    "pauses",
    "per-severity-work",
    "poisson-arrivals",
    "preemption",
    "reopening",
    "severity-priority",
    "share-of-target-alert",
    "shift-end-finish",
    "shift-end-hand-off",
    "shift-end-hold",
    "shifts",
    "skills",
    "staffing-search",
    "storms",
    "switch-cost",
    "terminating-run",
    "time-average-distribution",
    "triage-confusion-matrix",
];

/// The cases and traces that wait, with the words that they wait for.
pub const WAITING: &[(&str, &[&str])] = &[
    ("f1", &["on-call", "ack-timeout", "sequential-levels", "void-late-ack"]),
    ("f2", &["on-call", "ack-timeout", "sequential-levels", "late-ack"]),
    (
        "f3",
        &["on-call", "ack-timeout", "simultaneous-paging", "void-late-ack"],
    ),
    ("k10a", &["on-call", "ack-timeout"]),
    ("k10b", &["on-call", "ack-timeout", "late-ack"]),
    ("k10c", &["on-call", "ack-timeout"]),
    ("k10d", &["on-call", "ack-timeout", "sequential-paging"]),
];

/// The needed words that the language lacks.
pub fn missing(needs: &[String]) -> Vec<&str> {
    let lacks = |word: &&str| !SUPPORTED.contains(word);
    needs.iter().map(String::as_str).filter(lacks).collect()
}
