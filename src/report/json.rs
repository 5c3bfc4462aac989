//! The results as one JSON document, for machines that read standard output: `summary` and `comparison` whole.
//!
//! Rows are objects with the columns of `columns`; nothing to say is `null`.

use serde_json::{Map, Value, json};

use super::columns::{COMPARISON, Column, Context, SUMMARY, Value as Cell};
use super::{precision, selection};

/// `{"candidates": […], "currency": …, "replications": …, "seed": …, "tickets_simulated": …, "summary": […], "comparison": […], "warnings": […]}`.
pub fn document(context: Context<'_>) -> Value {
    let results = context.results;
    let candidates = results
        .candidates
        .iter()
        .map(|candidate| json!({ "name": candidate.name, "description": candidate.description }));
    json!({
        "escalade": env!("CARGO_PKG_VERSION"),
        "candidates": candidates.collect::<Value>(),
        "currency": results.currency,
        "replications": results.replications,
        "seed": results.seed,
        "precision": precision::document(results),
        "selection": selection::document(results),
        "tickets_simulated": results.tickets_simulated,
        "summary": rows(SUMMARY, &results.summary, context),
        "comparison": rows(COMPARISON, &results.comparison, context),
        "warnings": results.warnings,
    })
}

/// Rows as objects.
pub(super) fn rows<R>(columns: &[Column<R>], rows: &[R], context: Context<'_>) -> Value {
    let object = |row: &R| {
        columns
            .iter()
            .map(|column| (column.name.to_owned(), cell(column.value(row, &context))))
            .collect::<Map<_, _>>()
    };
    rows.iter().map(|row| Value::Object(object(row))).collect()
}

fn cell(value: Cell<'_>) -> Value {
    match value {
        Cell::Missing => Value::Null,
        Cell::Text(text) => text.into(),
        Cell::Whole(number) => number.into(),
        Cell::Number(number) => number.into(),
        Cell::Flag(flag) => flag.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    #[test]
    fn every_row_is_there_with_its_columns() {
        let (results, origin) = (samples::three_candidates(), samples::origin());
        let document = document(Context {
            results: &results,
            origin: &origin,
        });
        assert_eq!(
            document["summary"].as_array().map(Vec::len),
            Some(results.summary.len())
        );
        assert_eq!(
            document["comparison"].as_array().map(Vec::len),
            Some(results.comparison.len())
        );
        let row = document["summary"][0].as_object().expect("an object");
        assert!(row.keys().eq(SUMMARY.iter().map(|column| column.name)));
        assert_eq!(row["candidate"], "base");
    }
}
