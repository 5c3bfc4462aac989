//! The texts of a scenario that follow a grammar of their own: lengths of time, zones, dates, hours, rates.
//!
//! Which key holds which is said by the schema's `x-format`; the grammars are the time layer's, except the rate's.

use crate::time::{Date, Days, HandoffTime, Misread, OpenHours, Origin, Written, Zone};

/// A mistake in such a text: its code, what is wrong in all, in detail, and what would be right.
#[derive(Debug)]
pub(super) struct Mistake {
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) label: Option<String>,
    pub(super) help: String,
}

/// Checks `text` against the grammar of that name; a name that is not known takes anything.
pub(super) fn check(format: &str, text: &str) -> Result<(), Mistake> {
    match format {
        "duration" | "durations" => match read::<Written>(text) {
            Ok(Written::Clock(_)) => Ok(()),
            Ok(Written::Business(_)) => Err(business_time(text)),
            Err(misread) => Err(mistake("E107", text, "a length of time", misread)),
        },
        "target" => read::<Written>(text)
            .map(drop)
            .map_err(|misread| mistake("E107", text, "a length of time", misread)),
        "zone" => read::<Zone>(text)
            .map(drop)
            .map_err(|misread| mistake("E108", text, "a time zone", misread)),
        "start" => Origin::read(text, &Zone::utc())
            .map(drop)
            .map_err(|misread| mistake("E109", text, "a date or a date and time", misread)),
        "dates" => read::<Date>(text)
            .map(drop)
            .map_err(|misread| mistake("E109", text, "a date", misread)),
        "days" => read::<Days>(text)
            .map(drop)
            .map_err(|misread| mistake("E110", text, "a set of weekdays", misread)),
        "hours" => OpenHours::read_day(text)
            .map(drop)
            .map_err(|misread| mistake("E110", text, "opening hours of a day", misread)),
        "handoff" => read::<HandoffTime>(text)
            .map(drop)
            .map_err(|misread| mistake("E116", text, "a time of handoff", misread)),
        "answers" if text.trim() == super::NEVER => Ok(()),
        "answers" => check("duration", text),
        "always" if text == "24x7" => Ok(()),
        "always" => Err(mistake("E110", text, "opening hours", not_always())),
        "rate" => rate_per_hour(text)
            .map(drop)
            .map_err(|misread| mistake("E111", text, "a rate", misread)),
        _ => Ok(()),
    }
}

fn read<T: std::str::FromStr<Err = Misread>>(text: &str) -> Result<T, Misread> {
    text.parse()
}

/// The time layer's own message names the text or only what it lacks: then it is the label of ours.
fn mistake(code: &'static str, text: &str, what: &str, misread: Misread) -> Mistake {
    let says_all = misread.message.contains(&format!("`{}`", text.trim()));
    let (message, label) = match says_all {
        true => (misread.message, None),
        false => (format!("`{text}` is not {what}"), Some(misread.message)),
    };
    Mistake {
        code,
        message,
        label,
        help: misread.help,
    }
}

fn business_time(text: &str) -> Mistake {
    Mistake {
        code: "E113",
        message: format!("`{text}` is business time, which has no fixed length"),
        label: Some("elapsed time is needed here".into()),
        help: "write elapsed time, such as \"8h\"; only targets and the clocks of triggers run on a calendar".into(),
    }
}

fn not_always() -> Misread {
    Misread {
        message: "expected `24x7` or a table of days".into(),
        help: "write `\"24x7\"` or a table such as `{ \"Mon-Fri\" = \"09:00-17:00\" }`".into(),
    }
}

/// Reads a rate such as `60/h`, `45/day` or `0.5/min` as tickets an hour, a finite number ≥ 0.
///
/// The units are minute, hour, day (24 hours) and week, in full or by their first letters.
pub fn rate_per_hour(text: &str) -> Result<f64, Misread> {
    let (number, unit) = text
        .split_once('/')
        .ok_or_else(|| not_a_rate("expected a number, a slash and a unit"))?;
    let number: f64 = number
        .trim()
        .parse()
        .map_err(|_| not_a_rate("expected a number before the slash"))?;
    if !number.is_finite() || !(0.0..=1e9).contains(&number) {
        return Err(not_a_rate("a rate is a number from 0 to 1000000000"));
    }
    let hours = match unit.trim().to_ascii_lowercase().as_str() {
        "m" | "min" | "minute" => 1.0 / 60.0,
        "h" | "hr" | "hour" => 1.0,
        "d" | "day" => 24.0,
        "w" | "wk" | "week" => 168.0,
        _ => {
            return Err(not_a_rate("expected `min`, `h`, `day` or `week` after the slash"));
        }
    };
    Ok(number / hours)
}

/// The date of a text that is a date without a time of the day; `None` if it is anything else.
pub fn date_alone(text: &str) -> Option<Date> {
    text.trim().parse().ok()
}

fn not_a_rate(message: &str) -> Misread {
    Misread {
        message: message.into(),
        help: r#"write it like "60/h", "45/day" or "2/week""#.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_tickets_an_hour() {
        for (text, per_hour) in [
            ("60/h", 60.0),
            ("48 / day", 2.0),
            ("0.5/min", 30.0),
            ("168/week", 1.0),
            ("0/h", 0.0),
        ] {
            assert_eq!(rate_per_hour(text), Ok(per_hour), "{text}");
        }
        for text in ["60", "/h", "-1/h", "nan/h", "inf/h", "1e300/h", "5/month"] {
            assert!(rate_per_hour(text).is_err(), "{text}");
        }
    }
}
