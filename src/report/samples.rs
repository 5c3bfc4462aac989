//! Results made by hand for the tests of the report: small, deterministic, and with every odd case in them.

use std::time::Duration;

use serde_json::Map;

use super::manifest::{Change, Provenance, Timings};
use crate::experiment::tables::{
    CandidateInfo, ComparisonRow, EventRow, ReplicationRows, Results, SummaryRow, TicketRow, TimelineRow,
};
use crate::measure::{METRICS, Row};
use crate::stats::verdict::Verdict;
use crate::time::{Instant, Origin, Zone};

/// Monday, midnight, in Berlin.
pub(super) fn origin() -> Origin {
    let berlin: Zone = "Europe/Berlin".parse().expect("a zone");
    Origin::read("2026-03-02", &berlin).expect("a start")
}

pub(super) fn provenance(origin: &Origin) -> Provenance<'_> {
    let change = Change {
        path: "rules.warn.when.consumed.share".to_owned(),
        before: Some("0.75".to_owned()),
        after: Some("0.5".to_owned()),
    };
    Provenance {
        scenario_file: "helpdesk.toml",
        scenario_text: "name = \"helpdesk\"\n",
        origin,
        changes: vec![Vec::new(), vec![change]],
        tickets: false,
        events: false,
        trace_replications: 1,
        options: Map::from_iter([("seed".to_owned(), 7.into())]),
        timings: Timings {
            started_at: "2026-01-01T00:00:00Z".to_owned(),
            wall: Duration::from_millis(1_250),
            threads: 2,
        },
    }
}

pub(super) fn one_candidate() -> Results {
    let mut results = of(&["base"]);
    results.replications = 1;
    for row in &mut results.summary {
        (row.low, row.high, row.replications) = (None, None, 1);
    }
    results.warnings = vec!["one replication: no interval can be given".to_owned()];
    results
}

pub(super) fn three_candidates() -> Results {
    let mut results = of(&["base", "alert-at-half", "sev1-to-l2"]);
    results.warnings = vec![
        "team `engineering`: offered load 5.9 erlangs exceeds its capacity of 5.2 on Mondays 09:00-12:00, so that its backlog grows".to_owned(),
    ];
    results
}

pub(super) fn six_candidates() -> Results {
    of(&[
        "base",
        "escalate-at-half-of-the-resolution-target",
        "escalate-at-three-quarters-of-the-resolution-target",
        "two_more_in_the_early_shift",
        "WithoutSeparatorsButVeryLongIndeed",
        "fifo",
    ])
}

/// Metrics with their base value, half-width, and how much better (or worse) each further candidate is, as a share.
fn of(names: &[&str]) -> Results {
    let mut results = Results {
        candidates: names.iter().map(|name| candidate(name)).collect(),
        severities: ["Sev1", "Sev2", "Sev3", "Sev4"].map(str::to_owned).into(),
        tiers: ["L1", "L2", "L3"].map(str::to_owned).into(),
        currency: None,
        replications: 20,
        seed: 1,
        tickets_simulated: 1_234_567,
        summary: Vec::new(),
        comparison: Vec::new(),
        replication_rows: ReplicationRows::default(),
        timeline: Vec::new(),
        tickets: tickets(),
        events: events(),
        warnings: Vec::new(),
        precision: None,
        selection: None,
    };
    for candidate in 0..names.len() {
        metrics(&mut results, candidate);
        results
            .replication_rows
            .add(candidate, &breach_rate(), vec![6.0; 3], vec![60.0, 60.0, 0.0]);
        results
            .timeline
            .extend(["", "frontline"].map(|team| timeline_row(candidate, team)));
    }
    results.summary.push(SummaryRow {
        estimate: None,
        low: None,
        high: None,
        n: 0,
        ..summary_row(0, "attainment_update", "all", "")
    });
    results
}

fn candidate(name: &str) -> CandidateInfo {
    CandidateInfo {
        name: name.to_owned(),
        description: (name != "base").then(|| format!("what {name} changes")),
    }
}

fn metrics(results: &mut Results, candidate: usize) {
    // (metric, by, group, value, half-width, n, effect of a candidate as a share of the value)
    let rows: [(&'static str, &'static str, &str, f64, f64, u64, f64); 17] = [
        (
            "breach_rate_first_response",
            "severity",
            "Sev1",
            0.124,
            0.013,
            1_234,
            -0.20,
        ),
        (
            "breach_rate_first_response",
            "severity",
            "Sev2",
            0.062,
            0.004,
            7_404,
            -0.10,
        ),
        (
            "breach_rate_first_response",
            "severity",
            "Sev3",
            0.021,
            0.0009,
            40_722,
            0.0001,
        ),
        (
            "breach_rate_first_response",
            "severity",
            "Sev4",
            0.0,
            0.000_3,
            74_040,
            0.0,
        ),
        ("breach_rate_resolve", "severity", "Sev1", 0.322, 0.031, 1_230, -0.18),
        ("breach_rate_resolve", "severity", "Sev2", 0.143, 0.011, 7_398, 0.09),
        ("breach_rate_resolve", "severity", "Sev3", 0.081, 0.006, 40_715, 0.001),
        ("first_response_p50_s", "all", "", 744.0, 21.0, 123_400, -0.05),
        ("first_response_p90_s", "all", "", 5_100.0, 310.0, 123_400, 0.002),
        ("time_to_resolve_p50_s", "all", "", 24_300.0, 660.0, 123_316, -0.12),
        ("time_to_resolve_p90_s", "all", "", 251_000.0, 14_500.0, 123_316, 0.1),
        ("escalations_per_ticket", "all", "", 0.312, 0.0041, 123_400, 0.14),
        ("occupancy_share", "support_tier", "L1", 0.713, 0.008, 20, -0.04),
        ("occupancy_share", "support_tier", "L2", 0.804, 0.013, 20, 0.06),
        ("occupancy_share", "support_tier", "L3", 0.871, 0.017, 20, 0.0),
        ("first_response_mean_s", "all", "", 1_944.0, 21.0, 123_400, -0.05),
        ("tickets_created", "all", "", 6_170.0, 35.0, 123_400, 0.0),
    ];
    for (metric, by, group, value, half, n, effect) in rows {
        // Every second candidate goes the other way, and the last does nothing at all.
        let sign = if candidate.is_multiple_of(2) { -1.0 } else { 1.0 };
        let shift = if candidate == 5 {
            0.0
        } else {
            effect * value * sign * candidate as f64 / 2.0
        };
        let value_here = value + shift;
        let low = (value_here - half).max(if value == 0.0 { 0.0 } else { f64::MIN });
        results.summary.push(SummaryRow {
            estimate: Some(value_here),
            low: Some(low),
            high: Some(value_here + half),
            n,
            ..summary_row(candidate, metric, by, group)
        });
        if candidate > 0 {
            results
                .comparison
                .push(comparison_row(candidate, metric, by, group, shift, half / 5.0, n));
        }
    }
}

fn summary_row(candidate: usize, metric: &'static str, by: &'static str, group: &str) -> SummaryRow {
    SummaryRow {
        candidate,
        metric,
        by,
        group: group.to_owned(),
        estimate: None,
        low: None,
        high: None,
        n: 0,
        replications: 20,
    }
}

fn comparison_row(
    candidate: usize,
    metric: &'static str,
    by: &'static str,
    group: &str,
    shift: f64,
    half: f64,
    n: u64,
) -> ComparisonRow {
    let half = if shift == 0.0 { 0.0 } else { half };
    ComparisonRow {
        candidate,
        against: 0,
        metric,
        by,
        group: group.to_owned(),
        difference: Some(shift),
        low: Some(shift - half),
        high: Some(shift + half),
        p_adjusted: Some(if shift.abs() > half { 1e-7 } else { 0.4 }),
        told: Some(match shift {
            0.0 => Verdict::Identical,
            _ if shift.abs() <= half => Verdict::CannotTellYet,
            _ if shift < 0.0 => Verdict::Lower,
            _ => Verdict::Higher,
        }),
        verdict: (if shift.abs() > half { "clear" } else { "cannot tell yet" }).to_owned(),
        n,
        replications: 20,
        variance_reduction: (shift != 0.0).then_some(12.5),
        replications_to_tell: (shift != 0.0 && shift.abs() <= half).then_some(240),
    }
}

fn breach_rate() -> Row {
    let metric = METRICS.iter().position(|metric| metric.name == "breach_rate_resolve");
    Row {
        metric: metric.expect("there is such a metric"),
        by: "severity",
        group: "Sev1".to_owned(),
    }
}

fn timeline_row(candidate: usize, team: &str) -> TimelineRow {
    TimelineRow {
        candidate,
        hour: 9,
        hour_of_week: 9,
        team: team.to_owned(),
        arrivals: 12.5,
        backlog: 80.25,
        breaches: team.is_empty().then_some(0.5),
        occupancy_share: (!team.is_empty()).then_some(0.75),
        staffed: (!team.is_empty()).then_some(9.0),
    }
}

fn tickets() -> Vec<TicketRow> {
    let solved = TicketRow {
        candidate: 0,
        replication: 0,
        ticket: "1".to_owned(),
        service: "mail".to_owned(),
        customer_tier: String::new(),
        true_severity: "Sev2".to_owned(),
        first_severity: "Sev3".to_owned(),
        severity: "Sev2".to_owned(),
        able_from: "L2".to_owned(),
        created: Instant::from_ms(60_000),
        first_response: Some(Instant::from_ms(90_500)),
        worked_around: None,
        resolved: Some(Instant::from_ms(3_600_000)),
        first_response_due: Some(Instant::from_ms(1_860_000)),
        resolve_due: Some(Instant::from_ms(14_460_000)),
        mitigate_due: None,
        first_response_breached: Some(false),
        resolve_breached: Some(false),
        mitigate_breached: None,
        pending_ms: 0,
        touch_ms: 900_000,
        escalations: 1,
        reassignments: 1,
        group_changes: 1,
        owner_changes: 1,
        handoffs: 0,
        preemptions: 0,
        updates_due: 4,
        updates_missed: 1,
        reopenings: 0,
        team: "engineering".to_owned(),
        state: "resolved",
    };
    let open = TicketRow {
        ticket: "2".to_owned(),
        resolved: None,
        resolve_due: None,
        resolve_breached: None,
        state: "open",
        ..solved.clone()
    };
    vec![solved, open]
}

fn events() -> Vec<EventRow> {
    let event = |ticket: &str, ms: i64, activity: &str, resource: &str| EventRow {
        candidate: 0,
        replication: 0,
        ticket: ticket.to_owned(),
        at: Instant::from_ms(ms),
        activity: activity.to_owned(),
        resource: resource.to_owned(),
    };
    vec![
        event("", 0, "shift_start", "frontline/1"),
        event("1", 60_000, "created", ""),
        event("1", 90_500, "start", "frontline/1"),
        event("1", 3_600_000, "resolved", "engineering/2"),
    ]
}
