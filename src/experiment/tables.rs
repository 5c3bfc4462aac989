//! Results as tidy rows: what every output (terminal, CSV, Parquet, a notebook) is made from.
//!
//! One struct a table, one field a column, units in the names. The rows hold numbers and names only; how they are laid
//! out is the report's business, how they are estimated is `stats`'.

use super::precision::Reached as Precision;
use super::select::Selection;
use crate::measure::Row;
use crate::measure::metrics::Estimator;
use crate::stats::verdict::Verdict;
use crate::time::Instant;
use std::sync::Arc;

/// One line of `summary`: candidate × metric × slice.
#[derive(Debug, Clone, PartialEq)]
pub struct SummaryRow {
    /// Index into [`Results::candidates`].
    pub candidate: usize,
    /// Metric name, as in the metrics dictionary (`breach_rate_resolve`, `first_response_p90_s`, …).
    pub metric: &'static str,
    /// `all`, or what the slice is by: `severity`, `true_severity`, `service`, `customer_tier`, `support_tier`, `team`, `rule`,
    /// `hour_of_week`.
    pub by: &'static str,
    /// The slice's value; empty for `all`.
    pub group: String,
    /// The estimate; `None` if there was nothing to observe.
    pub estimate: Option<f64>,
    /// Lower end of the 95 % interval; `None` if none can be given.
    pub low: Option<f64>,
    /// Upper end of the 95 % interval.
    pub high: Option<f64>,
    /// Observations behind the estimate over all replications (a ratio's denominator).
    pub n: u64,
    /// Replications behind the interval.
    pub replications: u32,
}

/// One line of `comparison`: a pair of candidates × metric × slice.
#[derive(Debug, Clone, PartialEq)]
pub struct ComparisonRow {
    /// Index of the candidate.
    pub candidate: usize,
    /// Index of the candidate that it is compared with.
    pub against: usize,
    /// Metric name.
    pub metric: &'static str,
    /// As in [`SummaryRow::by`].
    pub by: &'static str,
    /// As in [`SummaryRow::group`].
    pub group: String,
    /// Candidate minus the other, on the same tickets.
    pub difference: Option<f64>,
    /// Lower end of the 95 % paired interval.
    pub low: Option<f64>,
    /// Upper end of the 95 % paired interval.
    pub high: Option<f64>,
    /// Two-sided p-value, adjusted (Holm) over the pairs of the table for this metric and slice.
    pub p_adjusted: Option<f64>,
    /// The verdict in words.
    pub verdict: String,
    /// The same for programs; `None` if there was nothing to compare.
    pub told: Option<Verdict>,
    /// Observations behind the difference.
    pub n: u64,
    /// Replications behind the interval: those that both played.
    pub replications: u32,
    /// (Variance of the difference with tickets of one's own) / (variance with the same tickets): how many times fewer
    /// replications than independent ones. Below 1 the same tickets hurt. `None` where the differences do not vary.
    pub variance_reduction: Option<f64>,
    /// Replications in all after which the verdict could be told, if the estimate stays; `None` where it is told, or where no
    /// number would be enough.
    pub replications_to_tell: Option<u64>,
}

/// One line of `replications`: the raw value of one replication, so that anyone can redo the statistics.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplicationRow {
    /// Index of the candidate.
    pub candidate: usize,
    /// Replication number, from 0.
    pub replication: u32,
    /// Metric name.
    pub metric: &'static str,
    /// As in [`SummaryRow::by`].
    pub by: &'static str,
    /// As in [`SummaryRow::group`].
    pub group: Arc<str>,
    /// The replication's value; `None` if there was nothing to observe.
    pub value: Option<f64>,
    /// Numerator of a ratio (the value itself for quantiles and time averages).
    pub numerator: f64,
    /// Denominator of a ratio (1 for time averages; the count for quantiles).
    pub denominator: f64,
}

/// The rows of `replications`: of each candidate and row of `summary`, one a replication.
///
/// There are millions of them in a long run. So they are put together as they are read; what is kept is their numbers alone, and
/// what they share once.
#[derive(Debug, Clone, Default)]
pub struct ReplicationRows {
    parts: Vec<Part>,
}

/// The replications of one candidate and row.
#[derive(Debug, Clone)]
struct Part {
    candidate: usize,
    metric: &'static str,
    is_quantile: bool,
    by: &'static str,
    group: Arc<str>,
    /// The value itself for quantiles, `NAN` of nothing.
    numerators: Box<[f64]>,
    denominators: Box<[f64]>,
}

impl ReplicationRows {
    /// Adds one row of a candidate: `NAN` for the quantile of nothing, and for each number its denominator.
    pub(crate) fn add(&mut self, candidate: usize, row: &Row, numerators: Vec<f64>, denominators: Vec<f64>) {
        self.parts.push(Part {
            candidate,
            metric: row.metric().name,
            is_quantile: matches!(row.metric().estimator, Estimator::Quantile(_)),
            by: row.by,
            group: row.group.as_str().into(),
            numerators: numerators.into(),
            denominators: denominators.into(),
        });
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.parts.iter().map(|part| part.numerators.len()).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All of them: by candidate, row and replication.
    pub fn iter(&self) -> impl Iterator<Item = ReplicationRow> {
        self.parts.iter().flat_map(Part::rows)
    }
}

/// Two are equal if their rows are.
impl PartialEq for ReplicationRows {
    fn eq(&self, other: &ReplicationRows) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Part {
    fn rows(&self) -> impl Iterator<Item = ReplicationRow> {
        let numbers = self.numerators.iter().zip(&self.denominators).enumerate();
        numbers.map(move |(number, (numerator, denominator))| ReplicationRow {
            candidate: self.candidate,
            replication: number as u32,
            metric: self.metric,
            by: self.by,
            group: Arc::clone(&self.group),
            value: (*denominator > 0.0).then(|| match self.is_quantile {
                true => *numerator,
                false => numerator / denominator,
            }),
            numerator: if numerator.is_nan() { 0.0 } else { *numerator },
            denominator: *denominator,
        })
    }
}

/// One line of `timeline`: candidate × hour of the horizon × (whole organisation or team), means over replications.
#[derive(Debug, Clone, PartialEq)]
pub struct TimelineRow {
    /// Index of the candidate.
    pub candidate: usize,
    /// Hour since the start of the run, 0 first (warm-up included).
    pub hour: u32,
    /// Local hour of the week in the run's zone at its start, Monday 00 = 0.
    pub hour_of_week: u8,
    /// Team name; empty for the whole organisation.
    pub team: String,
    /// Tickets created in the hour (whole organisation) or entering the team's queue.
    pub arrivals: f64,
    /// Open tickets at the end of the hour: of the whole organisation, or held by the team.
    pub backlog: f64,
    /// First-response, mitigate and resolve targets whose deadline passed unmet in the hour (whole organisation only).
    pub breaches: Option<f64>,
    /// Share of the staffed time spent handling; `None` where nobody was on duty (teams only).
    pub occupancy_share: Option<f64>,
    /// Mean people on duty (teams only).
    pub staffed: Option<f64>,
}

/// One line of `tickets`: everything that happened to one ticket, in milliseconds from the start of the run.
#[derive(Debug, Clone, PartialEq)]
pub struct TicketRow {
    /// Index of the candidate.
    pub candidate: usize,
    /// Replication number.
    pub replication: u32,
    /// Number in order of creation (from 1), or the id written in the scenario.
    pub ticket: String,
    /// Service name.
    pub service: String,
    /// Customer tier name; empty if there are none.
    pub customer_tier: String,
    /// True severity.
    pub true_severity: String,
    /// First reported severity.
    pub first_severity: String,
    /// Last reported severity.
    pub severity: String,
    /// Lowest tier that can solve it.
    pub able_from: String,
    /// Creation.
    pub created: Instant,
    /// First human response.
    pub first_response: Option<Instant>,
    /// When a workaround was in place; `None` if it was resolved without one.
    pub worked_around: Option<Instant>,
    /// Last resolution.
    pub resolved: Option<Instant>,
    /// Deadline of the first response under the last target.
    pub first_response_due: Option<Instant>,
    /// Deadline of the resolution under the last target, pauses included.
    pub resolve_due: Option<Instant>,
    /// Deadline of the mitigation under the last target, pauses included.
    pub mitigate_due: Option<Instant>,
    /// Whether the first-response target was breached; `None` without a target or while undecided.
    pub first_response_breached: Option<bool>,
    /// Whether the resolve target was breached.
    pub resolve_breached: Option<bool>,
    /// Whether the mitigate target was breached.
    pub mitigate_breached: Option<bool>,
    /// Time waiting for the customer.
    pub pending_ms: i64,
    /// Handling time of all people.
    pub touch_ms: i64,
    /// Functional escalations.
    pub escalations: u32,
    /// Changes of team or owner after the first.
    pub reassignments: u32,
    /// Changes of team after the first.
    pub group_changes: u32,
    /// Changes of owner after the first.
    pub owner_changes: u32,
    /// Changes of hands, at a shift's end or before.
    pub handoffs: u32,
    /// Interruptions by more severe tickets.
    pub preemptions: u32,
    /// Status updates that fell due, the one that a solution spares included.
    pub updates_due: u32,
    /// How many of them were missed.
    pub updates_missed: u32,
    /// Reopenings.
    pub reopenings: u32,
    /// Team that holds it last.
    pub team: String,
    /// `open`, `pending` or `resolved` at the end of the run.
    pub state: &'static str,
}

/// One line of `events`: the open event-log form that process-mining tools read.
#[derive(Debug, Clone, PartialEq)]
pub struct EventRow {
    /// Index of the candidate.
    pub candidate: usize,
    /// Replication number.
    pub replication: u32,
    /// The ticket (case), as in [`TicketRow::ticket`]; empty for events of a person alone (shift start and end).
    pub ticket: String,
    /// When.
    pub at: Instant,
    /// What: `created`, `start`, `resumed`, `preempted`, `escalated`, `transferred`, `handed_off`, `held`, `pending`,
    /// `customer_answered`, `alert:KIND:SHARE`, `breach:KIND`, `severity:NAME`, `resolved`, `reopened`, `shift_start`,
    /// `shift_end`, …
    pub activity: String,
    /// Who: the agent (`team/number` or `team/shift/number`), the receiving team of `transferred`; empty if nobody.
    pub resource: String,
}

/// What is known of a candidate.
#[derive(Debug, Clone, PartialEq)]
pub struct CandidateInfo {
    /// Its name; `base` is the scenario as written.
    pub name: String,
    /// Its description, if written.
    pub description: Option<String>,
}

/// All that a run found out.
#[derive(Debug, Clone, PartialEq)]
pub struct Results {
    /// The candidates, base first, in the order of the file.
    pub candidates: Vec<CandidateInfo>,
    /// Severity names, most severe first.
    pub severities: Vec<String>,
    /// Tier names, lowest first.
    pub tiers: Vec<String>,
    /// What the unit of money is called; `None` if no candidate counts in money.
    pub currency: Option<String>,
    /// Replications played.
    pub replications: u32,
    /// The seed.
    pub seed: u64,
    /// Tickets created over all candidates and replications, unmeasured ones included.
    pub tickets_simulated: u64,
    /// Rows of `summary`.
    pub summary: Vec<SummaryRow>,
    /// Rows of `comparison`.
    pub comparison: Vec<ComparisonRow>,
    /// Rows of `replications`.
    pub replication_rows: ReplicationRows,
    /// Rows of `timeline`.
    pub timeline: Vec<TimelineRow>,
    /// Rows of `tickets`, if asked for.
    pub tickets: Vec<TicketRow>,
    /// Rows of `events`, if asked for.
    pub events: Vec<EventRow>,
    /// Things that a reader must know: overload, censoring, warm-up, few replications.
    pub warnings: Vec<String>,
    /// How a run for a precision ended, if it was one.
    pub precision: Option<Precision>,
    /// How a selection ended, if the run was one.
    pub selection: Option<Selection>,
}

impl Results {
    /// The row of a metric and slice.
    pub fn find(&self, candidate: usize, metric: &str, by: &str, group: &str) -> Option<&SummaryRow> {
        self.summary
            .iter()
            .find(|row| row.candidate == candidate && row.metric == metric && row.by == by && row.group == group)
    }
}
