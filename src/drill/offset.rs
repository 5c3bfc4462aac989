//! Times of an exercise as people write them: `+01:05:00` from its start, or a local date and time.

/// `+hh:mm:ss`; hours go on beyond 24. Seconds are rounded.
pub fn offset(seconds: f64) -> String {
    let whole = seconds.abs().round() as i64;
    let sign = if seconds < 0.0 && whole > 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60)
}

/// `offset`, or `never` where there is none.
pub fn offset_or_never(seconds: Option<f64>) -> String {
    seconds.map_or_else(|| "never".to_owned(), offset)
}

/// Reads `+hh:mm:ss`, `hh:mm:ss` or `hh:mm`, in seconds. `None` if it is no such time.
pub fn read_offset(text: &str) -> Option<f64> {
    let text = text.trim().trim_start_matches('+');
    let parts: Vec<&str> = text.split(':').collect();
    let whole = |part: &str| {
        let digits = !part.is_empty() && part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| part.parse::<u32>().ok()).flatten().map(f64::from)
    };
    let sixty = |part: &str| whole(part).filter(|value| part.len() == 2 && *value < 60.0);
    match parts[..] {
        [hours, minutes, seconds] => Some(whole(hours)? * 3600.0 + sixty(minutes)? * 60.0 + sixty(seconds)?),
        [hours, minutes] => Some(whole(hours)? * 3600.0 + sixty(minutes)? * 60.0),
        _ => None,
    }
}

/// What is wrong with a text that should be a time of the exercise.
pub fn unreadable(text: &str) -> String {
    format!("`{text}` is not a time of the exercise: write `+00:12:30` from its start, or `2026-05-14T09:12:30+02:00`")
}

/// A time in words, two units at most: `45 s`, `4 min 10 s`, `2 h 5 min`, `3 days 4 h`.
pub fn words(seconds: f64) -> String {
    let whole = seconds.max(0.0).round() as i64;
    let units = [(86_400, "days"), (3600, "h"), (60, "min"), (1, "s")];
    let first = units.iter().position(|(size, _)| whole >= *size).unwrap_or(3);
    let (size, unit) = units[first];
    let name = |count: i64, unit: &str| match (count, unit) {
        (1, "days") => "1 day".to_owned(),
        _ => format!("{count} {unit}"),
    };
    let head = name(whole / size, unit);
    match units.get(first + 1) {
        Some((next, unit)) if whole % size / next > 0 => format!("{head} {}", name(whole % size / next, unit)),
        _ => head,
    }
}

/// `words`, or `never` where there is none.
pub fn words_or_never(seconds: Option<f64>) -> String {
    seconds.map_or_else(|| "never".to_owned(), words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for seconds in [0.0, 1.0, 59.0, 61.0, 3599.0, 3600.0, 86_399.0, 90_061.0, 359_999.0] {
            assert_eq!(read_offset(&offset(seconds)), Some(seconds));
        }
        assert_eq!((offset(-5.0), offset(0.4)), ("-00:00:05".into(), "+00:00:00".into()));
        assert_eq!(read_offset("1:30"), Some(5400.0));
    }

    #[test]
    fn what_is_no_time_is_not_read() {
        for text in [
            "",
            "+",
            "12",
            "1:2:3",
            "00:60:00",
            "-00:01:00",
            "a:bc",
            "+00:00:61",
            "1:00:00:00",
            "99999:00:00",
        ] {
            assert_eq!(read_offset(text), None, "{text}");
        }
    }

    #[test]
    fn words_have_two_units_at_most() {
        for (seconds, text) in [
            (0.0, "0 s"),
            (250.0, "4 min 10 s"),
            (7500.0, "2 h 5 min"),
            (3600.0, "1 h"),
            (86_400.0 + 4.0 * 3600.0, "1 day 4 h"),
            (3.0 * 86_400.0 + 60.0, "3 days"),
        ] {
            assert_eq!(words(seconds), text);
        }
    }
}
