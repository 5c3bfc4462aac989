//! Tables as CSV: a header of column names, then a line a row; UTF-8, comma, `\n`, quotes only where needed.
//!
//! Numbers are written in the shortest form that reads back to the same bits, so that no precision is lost and the same
//! run is the same bytes on every machine. Nothing to say is an empty field. What the columns are is `columns`' business.

use std::io::{self, Write};

use super::columns::{COMPARISON, Column, Context, EVENTS, SUMMARY, Value};

/// Writes `summary.csv`.
pub fn write_summary(out: impl Write, context: Context<'_>) -> io::Result<()> {
    write(out, SUMMARY, &context.results.summary, context)
}

/// Writes `comparison.csv`.
pub fn write_comparison(out: impl Write, context: Context<'_>) -> io::Result<()> {
    write(out, COMPARISON, &context.results.comparison, context)
}

/// Writes `events.csv`: the events of tickets. Events of a person alone (start and end of a shift) are left out, since
/// process-mining tools want a case on every line; `events.parquet` has them all.
pub fn write_events(out: impl Write, context: Context<'_>) -> io::Result<()> {
    let of_tickets = context.results.events.iter().filter(|row| !row.ticket.is_empty());
    write(out, EVENTS, of_tickets, context)
}

/// Writes a table by its columns.
pub(super) fn write<'a, R: 'a>(
    out: impl Write,
    columns: &[Column<R>],
    rows: impl IntoIterator<Item = &'a R>,
    context: Context<'a>,
) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(columns.iter().map(|column| column.name))
        .map_err(in_io)?;
    for row in rows {
        for column in columns {
            csv.write_field(field(&column.value(row, &context))).map_err(in_io)?;
        }
        csv.write_record(None::<&[u8]>).map_err(in_io)?;
    }
    csv.flush()
}

/// The error below one of CSV: whoever asks whether a reader has gone asks for its kind.
pub(super) fn in_io(error: csv::Error) -> io::Error {
    let words = error.to_string();
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        _ => io::Error::other(words),
    }
}

fn field(value: &Value<'_>) -> String {
    match value {
        Value::Missing => String::new(),
        Value::Text(text) => text.to_string(),
        Value::Whole(number) => number.to_string(),
        Value::Number(number) => shortest(*number),
        Value::Flag(flag) => flag.to_string(),
    }
}

/// The shortest decimal that reads back to the same bits; with an exponent where the plain one would be all zeros.
fn shortest(number: f64) -> String {
    match number.abs() {
        0.0 | 1e-5..1e16 => number.to_string(),
        _ => format!("{number:e}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    fn lines(write: impl FnOnce(&mut Vec<u8>, Context<'_>) -> io::Result<()>) -> Vec<String> {
        let results = samples::three_candidates();
        let origin = samples::origin();
        let mut bytes = Vec::new();
        let context = Context {
            results: &results,
            origin: &origin,
        };
        write(&mut bytes, context).expect("a vector can be written to");
        String::from_utf8(bytes)
            .expect("UTF-8")
            .lines()
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn the_header_is_the_table_of_columns() {
        let summary = lines(|out, context| write_summary(out, context));
        assert_eq!(summary[0], "candidate,metric,by,group,estimate,low,high,n,replications");
        assert!(summary[0].split(',').eq(SUMMARY.iter().map(|column| column.name)));
        let comparison = lines(|out, context| write_comparison(out, context));
        assert!(comparison[0].split(',').eq(COMPARISON.iter().map(|column| column.name)));
        let events = lines(|out, context| write_events(out, context));
        assert!(events[0].starts_with("case,activity,timestamp,resource,candidate,replication,"));
    }

    #[test]
    fn a_reader_that_has_gone_is_known_by_the_error() {
        let error = in_io(csv::Error::from(io::Error::from(io::ErrorKind::BrokenPipe)));
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    }

    #[test]
    fn nothing_to_observe_is_an_empty_field() {
        let summary = lines(|out, context| write_summary(out, context));
        let unseen: Vec<_> = summary.iter().filter(|line| line.contains(",,,,0,")).collect();
        assert_eq!(unseen, ["base,attainment_update,all,,,,,0,20"]);
    }

    #[test]
    fn numbers_are_short_and_read_back_to_the_same_bits() {
        for number in [0.1, 1.0 / 3.0, 5e-324, 1e300, 123_456_789.125, -2.5e-7, 1e16, 0.0] {
            let text = shortest(number);
            assert!(text.len() <= 24, "{text}");
            assert_eq!(text.parse(), Ok(number), "{text}");
        }
        assert_eq!(shortest(20.0), "20");
    }

    #[test]
    fn an_event_log_has_a_unique_case_a_time_with_its_offset_and_no_events_without_a_case() {
        let events = lines(|out, context| write_events(out, context));
        assert_eq!(events[1], "base/0/1,created,2026-03-02T00:01:00+01:00,,base,0,1,60000");
        assert_eq!(
            events[2],
            "base/0/1,start,2026-03-02T00:01:30.500+01:00,frontline/1,base,0,1,90500"
        );
        assert!(!events.iter().any(|line| line.contains("shift_start")));
    }
}
