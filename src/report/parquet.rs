//! Tables as Parquet: one file a table, zstd, built column by column.
//!
//! Texts are UTF-8 strings, whole numbers 64-bit integers, numbers 64-bit floats, flags booleans; nothing to say is null.
//! Timestamps are milliseconds in integers, with the unit in the column's name, so that no reader has to agree on a
//! time zone. The bytes depend on the rows alone, not on the number of threads. What the columns are is `columns`'
//! business.

use std::io::Write;

use polars::prelude::{DataFrame, IntoColumn, NamedFrom, ParquetCompression, ParquetWriter, PolarsResult, Series};

/// Rows of a row group: what polars takes unless told otherwise.
const GROUP: usize = 512 * 512;

use super::columns::{self, Column, Context, EVENTS, REPLICATIONS, Read, SUMMARY, TICKETS, TIMELINE};

/// Writes `summary.parquet`.
pub fn write_summary(out: impl Write, context: Context<'_>) -> PolarsResult<()> {
    write(out, SUMMARY, &context.results.summary, context)
}

/// Writes `replications.parquet`.
pub fn write_replications(out: impl Write, context: Context<'_>) -> PolarsResult<()> {
    let rows = &context.results.replication_rows;
    write_in_parts(out, REPLICATIONS, rows.len(), rows.iter(), context)
}

/// Writes `timeline.parquet`.
pub fn write_timeline(out: impl Write, context: Context<'_>) -> PolarsResult<()> {
    write(out, TIMELINE, &context.results.timeline, context)
}

/// Writes `tickets.parquet`.
pub fn write_tickets(out: impl Write, context: Context<'_>) -> PolarsResult<()> {
    write(out, TICKETS, &context.results.tickets, context)
}

/// Writes `events.parquet`.
pub fn write_events(out: impl Write, context: Context<'_>) -> PolarsResult<()> {
    write(out, EVENTS, &context.results.events, context)
}

/// Writes a table by its columns.
pub(super) fn write<R>(out: impl Write, columns: &[Column<R>], rows: &[R], context: Context<'_>) -> PolarsResult<()> {
    writer(out).finish(&mut frame(columns, rows, &context)?)?;
    Ok(())
}

/// Writes a table of so many rows, put together as they are written: in memory is one row group at a time. The bytes are those of
/// the table written at once.
fn write_in_parts<R>(
    out: impl Write,
    columns: &[Column<R>],
    length: usize,
    mut rows: impl Iterator<Item = R>,
    context: Context<'_>,
) -> PolarsResult<()> {
    let mut writer = writer(out).batched(frame(columns, &[], &context)?.schema())?;
    let groups = (length / GROUP).max(1);
    for group in 1..=groups {
        let size = if group < groups { length / groups } else { usize::MAX };
        let rows: Vec<R> = rows.by_ref().take(size).collect();
        writer.write_batch(&frame(columns, &rows, &context)?)?;
    }
    writer.finish()?;
    Ok(())
}

/// One thread: the tables are small, and a run that was given one thread should use one.
fn writer<W: Write>(out: W) -> ParquetWriter<W> {
    ParquetWriter::new(out)
        .with_compression(ParquetCompression::Zstd(None))
        .set_parallel(false)
}

fn frame<R>(columns: &[Column<R>], rows: &[R], context: &Context<'_>) -> PolarsResult<DataFrame> {
    let columns = columns.iter().map(|column| series(column, rows, context).into_column());
    DataFrame::new(rows.len(), columns.collect())
}

fn series<R>(column: &Column<R>, rows: &[R], context: &Context<'_>) -> Series {
    let name = column.name.into();
    match column.read {
        Read::Text(read) => Series::new(name, rows.iter().map(|row| read(row, context)).collect::<Vec<_>>()),
        Read::Whole(read) => Series::new(name, rows.iter().map(read).collect::<Vec<_>>()),
        Read::Number(read) => Series::new(
            name,
            rows.iter().map(|row| columns::finite(read(row))).collect::<Vec<_>>(),
        ),
        Read::Flag(read) => Series::new(name, rows.iter().map(read).collect::<Vec<_>>()),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use polars::prelude::{AnyValue, ParquetReader, SerReader};

    use super::super::samples;
    use super::*;
    use crate::experiment::tables::{ReplicationRow, Results};

    fn read_back(results: &Results, write: impl FnOnce(&mut Vec<u8>, Context<'_>) -> PolarsResult<()>) -> DataFrame {
        let origin = samples::origin();
        let mut bytes = Vec::new();
        let context = Context {
            results,
            origin: &origin,
        };
        write(&mut bytes, context).expect("a vector can be written to");
        ParquetReader::new(Cursor::new(bytes))
            .finish()
            .expect("what was written can be read")
    }

    #[test]
    fn a_summary_written_and_read_again_is_the_same() {
        let results = samples::three_candidates();
        let frame = read_back(&results, |out, context| write_summary(out, context));
        assert_eq!(frame.height(), results.summary.len());
        assert!(
            frame
                .get_column_names()
                .into_iter()
                .eq(SUMMARY.iter().map(|column| column.name))
        );
        let estimates = frame
            .column("estimate")
            .and_then(|column| column.f64().cloned())
            .expect("numbers");
        assert!(estimates.iter().eq(results.summary.iter().map(|row| row.estimate)));
        let counts = frame
            .column("n")
            .and_then(|column| column.i64().cloned())
            .expect("whole numbers");
        assert!(
            counts
                .iter()
                .eq(results.summary.iter().map(|row| i64::try_from(row.n).ok()))
        );
        let names = frame
            .column("candidate")
            .and_then(|column| column.str().cloned())
            .expect("texts");
        assert!(
            names.iter().eq(results
                .summary
                .iter()
                .map(|row| Some(results.candidates[row.candidate].name.as_str())))
        );
    }

    #[test]
    fn every_table_has_its_columns_and_rows() {
        fn check<R>(frame: &DataFrame, columns: &[Column<R>], rows: &[R]) {
            assert_eq!(frame.height(), rows.len());
            assert!(
                frame
                    .get_column_names()
                    .into_iter()
                    .eq(columns.iter().map(|column| column.name))
            );
        }
        let all = samples::three_candidates();
        check(
            &read_back(&all, |out, of| write_replications(out, of)),
            REPLICATIONS,
            &all.replication_rows.iter().collect::<Vec<_>>(),
        );
        check(
            &read_back(&all, |out, of| write_timeline(out, of)),
            TIMELINE,
            &all.timeline,
        );
        check(
            &read_back(&all, |out, of| write_tickets(out, of)),
            TICKETS,
            &all.tickets,
        );
        check(&read_back(&all, |out, of| write_events(out, of)), EVENTS, &all.events);
    }

    #[test]
    fn a_table_written_in_parts_is_the_same_bytes() {
        let all = samples::three_candidates();
        let origin = samples::origin();
        let context = Context {
            results: &all,
            origin: &origin,
        };
        for length in [0, 1, GROUP - 1, GROUP, 2 * GROUP - 1, 2 * GROUP + 1] {
            let some: Vec<ReplicationRow> = all.replication_rows.iter().collect();
            let rows = some.iter().cycle().take(length).enumerate();
            let rows: Vec<ReplicationRow> = rows
                .map(|(number, row)| ReplicationRow {
                    replication: number as u32,
                    ..row.clone()
                })
                .collect();
            let [mut at_once, mut in_parts] = [Vec::new(), Vec::new()];
            write(&mut at_once, REPLICATIONS, &rows, context).expect("a vector can be written to");
            write_in_parts(&mut in_parts, REPLICATIONS, length, rows.into_iter(), context)
                .expect("a vector can be written to");
            assert!(at_once == in_parts, "{length} rows");
        }
    }

    #[test]
    fn what_did_not_happen_is_null_and_what_happened_keeps_its_time() {
        let frame = read_back(&samples::three_candidates(), |out, of| write_tickets(out, of));
        let cell = |name: &str, row: usize| frame.column(name).expect(name).get(row).expect("a row").into_static();
        assert_eq!(cell("resolved_ms", 0), AnyValue::Int64(3_600_000));
        assert_eq!(cell("resolved_ms", 1), AnyValue::Null);
        assert_eq!(cell("resolve_breached", 0), AnyValue::Boolean(false));
        assert_eq!(cell("resolve_breached", 1), AnyValue::Null);
        assert_eq!(
            frame
                .column("created_at")
                .and_then(|all| all.str().map(|all| all.get(0).map(str::to_owned)))
                .expect("text")
                .as_deref(),
            Some("2026-03-02T00:01:00+01:00")
        );
    }

    #[test]
    fn a_table_without_rows_keeps_its_columns_and_types() {
        let mut results = samples::three_candidates();
        results.tickets.clear();
        let frame = read_back(&results, |out, of| write_tickets(out, of));
        assert_eq!((frame.height(), frame.width()), (0, TICKETS.len()));
        frame
            .column("created_ms")
            .and_then(|column| column.i64().map(|_| ()))
            .expect("whole numbers");
    }
}
