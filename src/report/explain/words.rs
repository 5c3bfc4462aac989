//! Numbers, times and lists in words.

use super::layout::FIXED_SPACE as NB;
use crate::scenario::words::in_thousands;
use crate::time::{Instant, Origin, Written, Zone};

const SECOND_MS: i64 = 1000;
const MINUTE_MS: i64 = 60 * SECOND_MS;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;
const WEEK_MS: i64 = 7 * DAY_MS;

/// An exact length of time: `30 min`, `1 h 30 min`, `24 h`, `3 days`, `52 weeks`.
pub(super) fn length(ms: i64) -> String {
    match ms {
        0 => format!("0{NB}s"),
        ms if ms % WEEK_MS == 0 => many(ms / WEEK_MS, "week"),
        ms if ms >= 2 * DAY_MS && ms % DAY_MS == 0 => many(ms / DAY_MS, "day"),
        ms if ms > 4 * DAY_MS => format!("{}{NB}{}", many(ms / DAY_MS, "day"), clock(ms % DAY_MS)),
        ms => clock(ms),
    }
}

/// A time that a calendar counts, in hours and less: `40 h`, `30 min`.
pub(super) fn clock(ms: i64) -> String {
    let parts = [
        (ms / HOUR_MS, "h"),
        (ms % HOUR_MS / MINUTE_MS, "min"),
        (ms % MINUTE_MS / SECOND_MS, "s"),
        (ms % SECOND_MS, "ms"),
    ];
    let parts = parts.into_iter().filter(|(count, _)| *count > 0);
    let parts: Vec<String> = parts
        .map(|(count, unit)| format!("{}{NB}{unit}", grouped(count as f64)))
        .collect();
    match parts.is_empty() {
        true => format!("0{NB}s"),
        false => parts.join(&NB.to_string()),
    }
}

/// A mean length of time, rounded: `45 s`, `16.5 min`, `2.3 h`, `4.1 days`.
pub(super) fn about(ms: f64) -> String {
    let (value, unit) = match ms {
        ms if ms < 90.0 * SECOND_MS as f64 => (ms / SECOND_MS as f64, "s"),
        ms if ms < 120.0 * MINUTE_MS as f64 => (ms / MINUTE_MS as f64, "min"),
        ms if ms < 48.0 * HOUR_MS as f64 => (ms / HOUR_MS as f64, "h"),
        ms => (ms / DAY_MS as f64, "days"),
    };
    format!("{}{NB}{unit}", trimmed(value))
}

fn many(count: i64, unit: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{}{NB}{unit}{s}", grouped(count as f64))
}

/// A length as somebody wrote it, in our words; as it stands if it cannot be read.
pub(super) fn as_written(text: &str) -> String {
    match text.parse::<Written>() {
        Ok(Written::Clock(time)) => length(time.ms()),
        Ok(Written::Business(worked)) => format!("{} of open time", clock(worked.ms())),
        Err(_) => text.to_owned(),
    }
}

/// One decimal unless it is zero: `16.5`, `20`.
fn trimmed(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

/// A share of one as a percentage: `83 %` from 10 % on, else with a decimal.
pub(super) fn percent(share: f64) -> String {
    let value = share * 100.0;
    match value {
        value if !value.is_finite() => "endless".to_owned(),
        value if value >= 9.95 => format!("{}{NB}%", grouped(value)),
        value if value > 0.0 && value < 0.05 => format!("<0.1{NB}%"),
        value => format!("{}{NB}%", trimmed(value)),
    }
}

/// A percentage with one decimal, for small differences.
pub(super) fn fine_percent(share: f64) -> String {
    match share.is_finite() {
        true => format!("{:.1}{NB}%", share * 100.0),
        false => percent(share),
    }
}

/// A whole number with commas between thousands.
pub(super) fn grouped(value: f64) -> String {
    if !value.is_finite() || value.abs() > 1e15 {
        return format!("{value:.0}");
    }
    let text = in_thousands(&format!("{:.0}", value.abs()));
    if value <= -0.5 { format!("-{text}") } else { text }
}

/// A count that may be small: whole from 10 on, else one decimal.
pub(super) fn amount(value: f64) -> String {
    match value {
        value if value >= 9.95 => grouped(value),
        value if value > 0.0 && value < 0.05 => "less than 0.1".to_owned(),
        value => trimmed(value),
    }
}

/// Three digits of a large number: `534,000`, `10.7 million`.
pub(super) fn roughly(value: f64) -> String {
    let digits = |value: f64| {
        let scale = libm::pow(10.0, libm::floor(libm::log10(value.max(1.0))) - 2.0).max(1.0);
        libm::round(value / scale) * scale
    };
    match digits(value) {
        value if value >= 1e9 => format!("{}{NB}billion", trimmed(value / 1e9)),
        value if value >= 1e6 => format!("{}{NB}million", trimmed(value / 1e6)),
        value => grouped(value),
    }
}

/// `1 person`, `12 people`.
pub(super) fn people(count: usize) -> String {
    match count {
        1 => format!("1{NB}person"),
        count => format!("{}{NB}people", grouped(count as f64)),
    }
}

/// `1 ticket`, `12 tickets`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    many(count as i64, noun)
}

/// `a, b and c`, or with another word at the end.
pub(super) fn listed(items: &[impl AsRef<str>], last: &str) -> String {
    let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
    match items.split_last() {
        Some((end, start)) if !start.is_empty() => format!("{} {last} {end}", start.join(", ")),
        Some((only, _)) => (*only).to_owned(),
        None => String::new(),
    }
}

/// One value for all, or each with the names (of severities) that have it: `60 min (Sev1) or 45 min (Sev2, Sev3)`.
pub(super) fn each_with(names: &[String], values: &[String]) -> String {
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for (name, value) in names.iter().zip(values) {
        match groups.iter_mut().find(|(known, _)| known == value) {
            Some((_, who)) => who.push(name),
            None => groups.push((value, vec![name])),
        }
    }
    match groups.as_slice() {
        [(value, _)] => (*value).to_owned(),
        groups => {
            let parts = groups
                .iter()
                .map(|(value, who)| format!("{value} ({})", who.join(", ")));
            listed(&parts.collect::<Vec<_>>(), "or")
        }
    }
}

/// A list cut to `most` items, the number of the others at its end.
pub(super) fn shortened(mut items: Vec<String>, most: usize) -> String {
    let more = items.len().saturating_sub(most);
    if more > 1 {
        items.truncate(most);
        items.push(format!("{more}{NB}more"));
    }
    listed(&items, "and")
}

/// `Mon 2026-01-05 00:00`, as clocks of `zone` show it.
pub(super) fn moment(origin: &Origin, zone: &Zone, at: Instant) -> String {
    let local = origin.local_in(zone, at);
    format!(
        "{}{NB}{}{NB}{:02}:{:02}",
        local.weekday, local.date, local.hour, local.minute
    )
}

/// An hour of the week: `Mon 09:00`.
pub(super) fn hour_of_week(hour: usize) -> String {
    let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    format!("{}{NB}{:02}:00", days[hour / 24 % 7], hour % 24)
}

/// The first letter large.
pub(in crate::report) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::layout::plain;
    use super::*;

    #[test]
    fn times_and_numbers_read_as_people_say_them() {
        for (ms, words) in [
            (30 * MINUTE_MS, "30 min"),
            (90 * MINUTE_MS, "1 h 30 min"),
            (24 * HOUR_MS, "24 h"),
            (3 * DAY_MS, "3 days"),
            (252 * HOUR_MS, "10 days 12 h"),
            (52 * WEEK_MS, "52 weeks"),
            (WEEK_MS, "1 week"),
        ] {
            assert_eq!(plain(&length(ms)), words);
        }
        assert_eq!(plain(&about(991_000.0)), "16.5 min");
        assert_eq!(plain(&roughly(10_684_800.0)), "10.7 million");
        assert_eq!(plain(&roughly(534_240.0)), "534,000");
        assert_eq!(plain(&percent(0.0167)), "1.7 %");
        assert_eq!(plain(&percent(0.8333)), "83 %");
        assert_eq!(grouped(1_234_567.0), "1,234,567");
        assert_eq!(listed(&["a", "b", "c"], "and"), "a, b and c");
    }
}
