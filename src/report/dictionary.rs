//! The metrics dictionary: what every value of the column `metric` means, as `docs/metrics.md` shows it.
//!
//! Made from [`METRICS`], the only place that knows the metrics; nothing is written here but the words around them.

use crate::measure::metrics::{Better, Estimator, METRICS, Source, Timing};

/// The metrics dictionary in Markdown, which `docs/metrics.md` holds.
pub fn markdown() -> String {
    let mut text =
        String::from("| metric | definition | slices | estimator | better |\n| --- | --- | --- | --- | --- |\n");
    for metric in METRICS {
        text.push_str(&format!(
            "| `{}` | {} | {} | {} | {} |\n",
            metric.name,
            metric.about,
            slices(metric.source),
            estimator(metric.estimator),
            better(metric.better),
        ));
    }
    text
}

/// The letter of the slices, as the text of `docs/metrics.md` explains them.
fn slices(source: Source) -> &'static str {
    match source {
        Source::Occasions(..) => "tickets",
        Source::Gates(_) | Source::Times(Timing::GateWait) => "gates",
        Source::Teams(_) | Source::SomeTeams(..) | Source::CalledTeams(_) => "teams",
        Source::Times(Timing::QueueWait | Timing::QueueAge) => "teams",
        Source::Tickets(_) | Source::SomeTickets(..) | Source::Calls(_) | Source::SomeCalls(..) => "tickets",
        Source::Samples(_) | Source::Times(_) => "tickets",
        Source::Queues(_) => "queues",
        Source::Schedules(_) => "schedules",
        Source::Rules(_) => "rules",
        Source::HoursOfWeek(_) => "hours",
    }
}

fn estimator(estimator: Estimator) -> String {
    match estimator {
        Estimator::Share => "share".to_owned(),
        Estimator::Ratio => "ratio".to_owned(),
        Estimator::TimeRatio => "ratio of times".to_owned(),
        Estimator::PerReplication => "mean a replication".to_owned(),
        Estimator::Count => "count a replication".to_owned(),
        Estimator::Quantile(q) => format!("quantile {q}"),
    }
}

fn better(better: Better) -> &'static str {
    match better {
        Better::Lower => "less",
        Better::Higher => "more",
        Better::Neither => "–",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEGIN: &str = "<!-- metrics: generated from src/measure/metrics.rs, do not edit -->\n\n";
    const END: &str = "\n<!-- end of metrics -->";

    /// `UPDATE_DOCS=1 cargo test --release dictionary` writes the table anew.
    #[test]
    fn the_documentation_holds_exactly_these_metrics() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/metrics.md");
        let text = std::fs::read_to_string(path).expect("docs/metrics.md is part of the repository");
        let (before, rest) = text.split_once(BEGIN).expect("the marker before the table");
        let (written, after) = rest.split_once(END).expect("the marker after the table");
        if std::env::var("UPDATE_DOCS").is_ok_and(|wish| wish == "1") {
            let text = format!("{before}{BEGIN}{}{END}{after}", markdown());
            std::fs::write(path, text).expect("docs/metrics.md can be written");
        } else {
            assert!(
                written == markdown(),
                "docs/metrics.md is out of date: UPDATE_DOCS=1 cargo test --release dictionary"
            );
        }
    }

    #[test]
    fn every_metric_has_a_name_of_its_own_and_a_definition() {
        let mut names: Vec<_> = METRICS.iter().map(|metric| metric.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), METRICS.len());
        assert!(
            METRICS
                .iter()
                .all(|metric| !metric.about.is_empty() && !metric.about.contains('|'))
        );
    }
}
