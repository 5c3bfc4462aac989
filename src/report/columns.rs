//! The columns of every table that a run writes: name, unit, meaning, and how the value is read from its row.
//!
//! This is the only place that knows them. The CSV, Parquet and JSON writers walk these lists, and `docs/outputs.md` is
//! generated from them ([`markdown`]), so a new column is two lines here. It says nothing of metrics: what a value of the
//! column `metric` means is the metrics dictionary's business.
//!
//! Column names are stable: a column may be added, but never changes its meaning, its unit or its name.

use std::borrow::Cow;

use crate::experiment::tables::{ComparisonRow, EventRow, ReplicationRow, Results, SummaryRow, TicketRow, TimelineRow};
use crate::time::{Instant, Origin};

/// What a row needs besides itself to be written: the names behind its indices, and the date behind its instants.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The results that the row belongs to.
    pub results: &'a Results,
    /// When, on the wall, the run starts.
    pub origin: &'a Origin,
}

impl<'a> Context<'a> {
    /// The name of the candidate at `index`.
    pub(super) fn candidate(&self, index: usize) -> Cow<'a, str> {
        Cow::Borrowed(&self.results.candidates[index].name)
    }

    /// ISO 8601 with the offset of the run's zone; empty for never.
    fn iso(&self, at: Option<Instant>) -> Cow<'a, str> {
        Cow::Owned(at.map(|at| self.origin.iso(at)).unwrap_or_default())
    }
}

/// How a column reads its row; the variant is the column's type in every format.
pub enum Read<R> {
    /// Text, never missing; an empty one stands for "none".
    Text(for<'a> fn(&'a R, &Context<'a>) -> Cow<'a, str>),
    /// Whole numbers: 64 bits with sign in Parquet.
    Whole(fn(&R) -> Option<i64>),
    /// 64-bit floating point.
    Number(fn(&R) -> Option<f64>),
    /// `true` or `false`.
    Flag(fn(&R) -> Option<bool>),
}

/// One column of a table whose rows are `R`.
pub struct Column<R: 'static> {
    /// Its name in every format. A unit is part of the name, except where the unit depends on the metric.
    pub name: &'static str,
    /// Its unit; `–` for names and flags.
    pub unit: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// How it is read.
    pub read: Read<R>,
}

/// One value, for the writers that go row by row.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// Nothing to say.
    Missing,
    /// A text.
    Text(Cow<'a, str>),
    /// A whole number.
    Whole(i64),
    /// A number; finite.
    Number(f64),
    /// A flag.
    Flag(bool),
}

impl<R> Column<R> {
    /// The value of this column in `row`. Numbers that are not finite are missing.
    pub fn value<'a>(&self, row: &'a R, context: &Context<'a>) -> Value<'a> {
        match self.read {
            Read::Text(read) => Value::Text(read(row, context)),
            Read::Whole(read) => read(row).map_or(Value::Missing, Value::Whole),
            Read::Number(read) => finite(read(row)).map_or(Value::Missing, Value::Number),
            Read::Flag(read) => read(row).map_or(Value::Missing, Value::Flag),
        }
    }

    /// Its type in words.
    fn kind(&self) -> &'static str {
        match self.read {
            Read::Text(_) => "text",
            Read::Whole(_) => "whole number",
            Read::Number(_) => "number",
            Read::Flag(_) => "true or false",
        }
    }
}

/// A number that says something: not NaN, not infinite, and zero without a sign.
pub(super) fn finite(number: Option<f64>) -> Option<f64> {
    number.filter(|number| number.is_finite()).map(|number| number + 0.0)
}

/// A table of columns, two lines each: name, unit, how it is read; then what it means.
macro_rules! columns {
    ($(#[$doc:meta])* $table:ident of $row:ty: $($name:literal [$unit:literal] $kind:ident($read:expr) $meaning:literal)*) => {
        $(#[$doc])*
        pub static $table: &[Column<$row>] = &[$(
            Column {
                name: $name,
                unit: $unit,
                meaning: $meaning,
                read: Read::$kind($read),
            },
        )*];
    };
}

pub(super) use columns;

columns! {
    /// `summary.csv`, `summary.parquet`: candidate × metric × slice.
    SUMMARY of SummaryRow:

    "candidate" ["–"] Text(|row, of| of.candidate(row.candidate))
        "The candidate; `base` is the scenario as written."
    "metric" ["–"] Text(|row, _| row.metric.into())
        "What is measured, by its name in the metrics dictionary."
    "by" ["–"] Text(|row, _| row.by.into())
        "`all`, or what the slice is by: `severity`, `service`, `support_tier`, …"
    "group" ["–"] Text(|row, _| row.group.as_str().into())
        "The slice: a severity, a service, …; empty for `all`."
    "estimate" ["the metric's"] Number(|row| row.estimate)
        "The estimate over all replications; missing if there was nothing to observe."
    "low" ["the metric's"] Number(|row| row.low)
        "Lower end of the 95 % confidence interval; missing if none can be given."
    "high" ["the metric's"] Number(|row| row.high)
        "Upper end of the 95 % confidence interval."
    "n" ["observations"] Whole(|row| whole(row.n))
        "Observations behind the estimate over all replications: a ratio's denominator."
    "replications" ["replications"] Whole(|row| Some(row.replications.into()))
        "Replications behind the interval."
}

columns! {
    /// `comparison.csv`: pair of candidates × metric × slice.
    COMPARISON of ComparisonRow:

    "candidate" ["–"] Text(|row, of| of.candidate(row.candidate))
        "The candidate."
    "against" ["–"] Text(|row, of| of.candidate(row.against))
        "The candidate that it is compared with, on the same tickets."
    "metric" ["–"] Text(|row, _| row.metric.into())
        "What is compared, by its name in the metrics dictionary."
    "by" ["–"] Text(|row, _| row.by.into())
        "As in `summary`."
    "group" ["–"] Text(|row, _| row.group.as_str().into())
        "As in `summary`."
    "difference" ["the metric's"] Number(|row| row.difference)
        "Estimate of `candidate` minus estimate of `against`."
    "low" ["the metric's"] Number(|row| row.low)
        "Lower end of the 95 % interval of the difference, paired by replication."
    "high" ["the metric's"] Number(|row| row.high)
        "Upper end of the 95 % interval of the difference."
    "p_adjusted" ["probability"] Number(|row| row.p_adjusted)
        "Two-sided p-value, adjusted (Holm) over the pairs of this metric and slice."
    "verdict" ["–"] Text(|row, _| row.verdict.as_str().into())
        "What the interval says, in words."
    "n" ["observations"] Whole(|row| whole(row.n))
        "Observations behind the difference."
    "replications" ["replications"] Whole(|row| Some(row.replications.into()))
        "Replications behind the interval: those that both played."
    "variance_reduction" ["factor"] Number(|row| row.variance_reduction)
        "Variance of the difference with tickets of one's own / variance with the same tickets: so many times fewer replications. Missing where the differences do not vary."
    "replications_to_tell" ["replications"] Whole(|row| row.replications_to_tell.and_then(whole))
        "Replications in all after which the verdict could be told, if the estimate stays; missing where it is told."
}

columns! {
    /// `replications.parquet`: candidate × replication × metric × slice.
    REPLICATIONS of ReplicationRow:

    "candidate" ["–"] Text(|row, of| of.candidate(row.candidate))
        "The candidate."
    "replication" ["number"] Whole(|row| Some(row.replication.into()))
        "Number of the replication, from 0. The same number is the same tickets for every candidate."
    "metric" ["–"] Text(|row, _| row.metric.into())
        "What is measured, by its name in the metrics dictionary."
    "by" ["–"] Text(|row, _| row.by.into())
        "As in `summary`."
    "group" ["–"] Text(|row, _| (&*row.group).into())
        "As in `summary`."
    "value" ["the metric's"] Number(|row| row.value)
        "The replication's value; missing if it had nothing to observe."
    "numerator" ["the metric's"] Number(|row| Some(row.numerator))
        "Numerator of a ratio; the value itself for quantiles and time averages."
    "denominator" ["observations"] Number(|row| Some(row.denominator))
        "Denominator of a ratio; 1 for time averages, the count for quantiles."
}

columns! {
    /// `timeline.parquet`: candidate × hour of the horizon × the whole organisation or one team.
    TIMELINE of TimelineRow:

    "candidate" ["–"] Text(|row, of| of.candidate(row.candidate))
        "The candidate."
    "hour" ["hours"] Whole(|row| Some(row.hour.into()))
        "Hour since the start of the run, 0 first, warm-up included."
    "hour_of_week" ["hours"] Whole(|row| Some(row.hour_of_week.into()))
        "Local hour of the week in which it begins, in the run's zone; Monday 00:00 is 0."
    "team" ["–"] Text(|row, _| row.team.as_str().into())
        "The team; empty for the whole organisation."
    "arrivals" ["tickets"] Number(|row| Some(row.arrivals))
        "Tickets created in the hour, or entering the team's queue; mean over replications."
    "backlog" ["tickets"] Number(|row| Some(row.backlog))
        "Tickets open at the end of the hour, or held by the team; mean over replications."
    "breaches" ["clocks"] Number(|row| row.breaches)
        "First-response, mitigate and resolve targets whose deadline passed unmet in the hour; whole organisation only."
    "occupancy_share" ["share"] Number(|row| row.occupancy_share)
        "Share of the staffed time spent handling; teams only, missing where nobody is on duty."
    "staffed" ["people"] Number(|row| row.staffed)
        "Mean people on duty; teams only."
}

columns! {
    /// `tickets.parquet`: candidate × replication × ticket.
    TICKETS of TicketRow:

    "candidate" ["–"] Text(|row, of| of.candidate(row.candidate))
        "The candidate."
    "replication" ["number"] Whole(|row| Some(row.replication.into()))
        "Number of the replication, from 0."
    "ticket" ["–"] Text(|row, _| row.ticket.as_str().into())
        "Number in order of creation, from 1, or the id written in the scenario."
    "service" ["–"] Text(|row, _| row.service.as_str().into())
        "Service."
    "customer_tier" ["–"] Text(|row, _| row.customer_tier.as_str().into())
        "Customer tier; empty if there are none."
    "true_severity" ["–"] Text(|row, _| row.true_severity.as_str().into())
        "True severity."
    "first_severity" ["–"] Text(|row, _| row.first_severity.as_str().into())
        "Severity first reported."
    "severity" ["–"] Text(|row, _| row.severity.as_str().into())
        "Severity last reported."
    "able_from" ["–"] Text(|row, _| row.able_from.as_str().into())
        "Lowest support tier that is able to solve it."
    "created_at" ["ISO 8601"] Text(|row, of| of.iso(Some(row.created)))
        "Creation, local time of the run's zone with its offset."
    "created_ms" ["ms"] Whole(|row| Some(row.created.ms()))
        "Creation, from the start of the run."
    "first_response_ms" ["ms"] Whole(|row| ms(row.first_response))
        "First human response, from the start of the run; missing if there was none."
    "resolved_ms" ["ms"] Whole(|row| ms(row.resolved))
        "Last resolution, from the start of the run; missing if there was none, or it has come back and is open."
    "first_response_due_ms" ["ms"] Whole(|row| ms(row.first_response_due))
        "Deadline of the first response under the last target, from the start of the run."
    "resolve_due_ms" ["ms"] Whole(|row| ms(row.resolve_due))
        "Deadline of the resolution under the last target, pauses included, from the start of the run."
    "first_response_breached" ["–"] Flag(|row| row.first_response_breached)
        "Whether the first response was late; missing without a target or while undecided."
    "resolve_breached" ["–"] Flag(|row| row.resolve_breached)
        "Whether the resolution was late; missing without a target or while undecided."
    "worked_around_ms" ["ms"] Whole(|row| ms(row.worked_around))
        "When a workaround was in place, from the start of the run; missing if it was resolved without one."
    "mitigate_due_ms" ["ms"] Whole(|row| ms(row.mitigate_due))
        "Deadline of the mitigation under the last target, pauses included, from the start of the run."
    "mitigate_breached" ["–"] Flag(|row| row.mitigate_breached)
        "Whether workaround and resolution were late; missing without a target or while undecided."
    "pending_ms" ["ms"] Whole(|row| Some(row.pending_ms))
        "Time waiting for the customer."
    "touch_ms" ["ms"] Whole(|row| Some(row.touch_ms))
        "Handling time of all people."
    "escalations" ["count"] Whole(|row| Some(row.escalations.into()))
        "Functional escalations."
    "reassignments" ["count"] Whole(|row| Some(row.reassignments.into()))
        "Changes of team or owner after the first; the first owner in another team comes with the change of team."
    "group_changes" ["count"] Whole(|row| Some(row.group_changes.into()))
        "Changes of team after the first."
    "owner_changes" ["count"] Whole(|row| Some(row.owner_changes.into()))
        "Changes of owner after the first, whether the team changes or not."
    "handoffs" ["count"] Whole(|row| Some(row.handoffs.into()))
        "Changes of hands, at the end of a shift or before."
    "preemptions" ["count"] Whole(|row| Some(row.preemptions.into()))
        "Interruptions by more severe tickets."
    "updates_due" ["count"] Whole(|row| Some(row.updates_due.into()))
        "Status updates that fell due, the one that a solution spares included."
    "updates_missed" ["count"] Whole(|row| Some(row.updates_missed.into()))
        "How many of them were missed."
    "reopenings" ["count"] Whole(|row| Some(row.reopenings.into()))
        "Reopenings."
    "team" ["–"] Text(|row, _| row.team.as_str().into())
        "Team that holds it last."
    "state" ["–"] Text(|row, _| row.state.into())
        "At the end of the run: `open`, `pending` (it waits for its customer), `resolved`; or closed without a resolution: `abandoned` (its customer left), `unanswered` (its customer did not answer), `turned_away` (there was no place for it)."
}

columns! {
    /// `events.parquet` and `events.csv`: an event log for process-mining tools.
    EVENTS of EventRow:

    "case" ["–"] Text(case)
        "`candidate/replication/ticket`: unique in the file; empty for events of a person alone."
    "activity" ["–"] Text(|row, _| row.activity.as_str().into())
        "What happened: see [What happens to tickets](#what-happens-to-tickets)."
    "timestamp" ["ISO 8601"] Text(|row, of| of.iso(Some(row.at)))
        "When, local time of the run's zone with its offset."
    "resource" ["–"] Text(|row, _| row.resource.as_str().into())
        "Who did it, or what the table of activities says; empty if nobody."
    "candidate" ["–"] Text(|row, of| of.candidate(row.candidate))
        "The candidate."
    "replication" ["number"] Whole(|row| Some(row.replication.into()))
        "Number of the replication, from 0."
    "ticket" ["–"] Text(|row, _| row.ticket.as_str().into())
        "The ticket, as in `tickets`."
    "at_ms" ["ms"] Whole(|row| Some(row.at.ms()))
        "When, from the start of the run."
}

pub(super) fn whole(count: u64) -> Option<i64> {
    i64::try_from(count).ok()
}

fn ms(at: Option<Instant>) -> Option<i64> {
    at.map(Instant::ms)
}

fn case<'a>(row: &'a EventRow, of: &Context<'a>) -> Cow<'a, str> {
    match row.ticket.is_empty() {
        true => Cow::Borrowed(""),
        false => Cow::Owned(format!(
            "{}/{}/{}",
            of.candidate(row.candidate),
            row.replication,
            row.ticket
        )),
    }
}

/// A table as the documentation shows it.
pub(super) struct Page {
    files: &'static str,
    rows: &'static str,
    columns: Vec<[&'static str; 4]>,
}

pub(super) fn page<R>(files: &'static str, rows: &'static str, columns: &'static [Column<R>]) -> Page {
    let columns = columns
        .iter()
        .map(|column| [column.name, column.kind(), column.unit, column.meaning])
        .collect();
    Page { files, rows, columns }
}

/// The reference of all tables in Markdown, which `docs/outputs.md` holds.
pub fn markdown() -> String {
    let pages = [
        page(
            "`summary.csv`, `summary.parquet`",
            "candidate × metric × slice",
            SUMMARY,
        ),
        page("`comparison.csv`", "pair of candidates × metric × slice", COMPARISON),
        page(
            "`replications.parquet`",
            "candidate × replication × metric × slice",
            REPLICATIONS,
        ),
        page(
            "`timeline.parquet`",
            "candidate × hour × whole organisation or team",
            TIMELINE,
        ),
        page(
            "`tickets.parquet` (with `--tickets`)",
            "candidate × replication × ticket",
            TICKETS,
        ),
        page(
            "`events.parquet`, `events.csv` (with `--events`)",
            "candidate × replication × event",
            EVENTS,
        ),
    ];
    let pages = pages
        .into_iter()
        .chain(super::sweep::pages())
        .chain(super::robustness::pages());
    pages.map(|page| page.markdown()).collect::<Vec<_>>().join("\n")
}

impl Page {
    fn markdown(&self) -> String {
        let mut text = format!("### {}\n\nOne row per {}.\n\n", self.files, self.rows);
        text.push_str("| column | type | unit | meaning |\n| --- | --- | --- | --- |\n");
        for [name, kind, unit, meaning] in &self.columns {
            text.push_str(&format!("| `{name}` | {kind} | {unit} | {meaning} |\n"));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEGIN: &str = "<!-- columns: generated from src/report/columns.rs, do not edit -->\n\n";
    const END: &str = "\n<!-- end of columns -->";

    /// `UPDATE_DOCS=1 cargo test --release columns` writes the tables anew.
    #[test]
    fn the_documentation_holds_exactly_these_columns() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/outputs.md");
        let text = std::fs::read_to_string(path).expect("docs/outputs.md is part of the repository");
        let (before, rest) = text.split_once(BEGIN).expect("the marker before the tables");
        let (written, after) = rest.split_once(END).expect("the marker after the tables");
        if std::env::var("UPDATE_DOCS").is_ok_and(|wish| wish == "1") {
            let text = format!("{before}{BEGIN}{}{END}{after}", markdown());
            std::fs::write(path, text).expect("docs/outputs.md can be written");
        } else {
            assert!(
                written == markdown(),
                "docs/outputs.md is out of date: UPDATE_DOCS=1 cargo test --release columns"
            );
        }
    }

    #[test]
    fn no_table_has_a_column_twice() {
        fn check<R>(columns: &[Column<R>]) {
            let mut names: Vec<_> = columns.iter().map(|column| column.name).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), columns.len());
        }
        check(SUMMARY);
        check(COMPARISON);
        check(REPLICATIONS);
        check(TIMELINE);
        check(TICKETS);
        check(EVENTS);
    }

    #[test]
    fn what_is_not_a_number_is_missing_and_zero_has_no_sign() {
        assert_eq!(finite(Some(f64::NAN)), None);
        assert_eq!(finite(Some(f64::INFINITY)), None);
        assert_eq!(finite(Some(-0.0)).map(f64::to_bits), Some(0.0_f64.to_bits()));
    }
}
