//! Calendar files (RFC 5545): events in UTC, each with a reminder.

use jiff::Timestamp;

/// One event.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Never changes for the same event, so that a second import replaces the first.
    pub uid: String,
    /// Begin.
    pub start: Timestamp,
    /// End.
    pub end: Timestamp,
    /// One line.
    pub summary: String,
    /// More lines.
    pub description: String,
}

/// Octets on a line, its end not counted.
const WIDTH: usize = 75;

/// A calendar of events. `stamp` is when it was made: the same drill has the same stamp.
pub fn calendar(events: &[Event], stamp: Timestamp) -> String {
    let mut out = String::new();
    let mut line = |name: &str, value: &str| fold(&format!("{name}:{value}"), &mut out);
    line("BEGIN", "VCALENDAR");
    line("VERSION", "2.0");
    line("PRODID", "-//Escalade//Drills//EN");
    line("CALSCALE", "GREGORIAN");
    line("METHOD", "PUBLISH");
    for event in events {
        line("BEGIN", "VEVENT");
        line("UID", &text(&event.uid));
        line("DTSTAMP", &utc(stamp));
        line("DTSTART", &utc(event.start));
        line("DTEND", &utc(event.end));
        line("SUMMARY", &text(&event.summary));
        line("DESCRIPTION", &text(&event.description));
        line("CATEGORIES", "DRILL");
        line("BEGIN", "VALARM");
        line("ACTION", "DISPLAY");
        line("DESCRIPTION", &text(&event.summary));
        line("TRIGGER", "-PT15M");
        line("END", "VALARM");
        line("END", "VEVENT");
    }
    line("END", "VCALENDAR");
    out
}

fn utc(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// Backslash, semicolon, comma and line ends escaped; other control characters left out.
fn text(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for letter in value.chars() {
        match letter {
            '\\' => out.push_str("\\\\"),
            ';' => out.push_str("\\;"),
            ',' => out.push_str("\\,"),
            '\n' => out.push_str("\\n"),
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
    out
}

/// Adds a content line, folded at 75 octets between characters, with CRLF. No line ends with a space that belongs to the
/// text: some readers cut it off. After a space there is room for one more character, of four octets at most.
fn fold(line: &str, out: &mut String) {
    let mut octets = 0;
    for letter in line.chars() {
        let most = if letter == ' ' { WIDTH - 4 } else { WIDTH };
        if octets + letter.len_utf8() > most {
            out.push_str("\r\n ");
            octets = 1;
        }
        out.push(letter);
        octets += letter.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use ical::IcalParser;

    #[test]
    fn a_calendar_is_read_back_by_another_program() {
        let at = |second| Timestamp::from_second(second).expect("a time");
        let description = "Bring: laptop, charger; no \\ slides\nAnd ü, twice as long as a line may be.".repeat(3);
        let event = Event {
            uid: "7f3a-1@escalade".into(),
            start: at(1_778_742_720),
            end: at(1_778_748_120),
            summary: "[DRILL] Drill 7f3a, part 1".into(),
            description: description.clone(),
        };
        let text = calendar(&[event.clone(), event], at(0));
        assert!(text.split("\r\n").all(|line| line.len() <= WIDTH), "{text}");
        assert!(!text.replace("\r\n", "").contains(['\r', '\n']));
        let calendars: Vec<_> = IcalParser::new(text.as_bytes())
            .collect::<Result<_, _>>()
            .expect("well formed");
        assert_eq!((calendars.len(), calendars[0].events.len()), (1, 2));
        let read = |name: &str| {
            let found = calendars[0].events[0].properties.iter().find(|one| one.name == name);
            found.and_then(|one| one.value.clone()).unwrap_or_default()
        };
        assert_eq!(read("DTSTART"), "20260514T071200Z");
        let unescaped = read("DESCRIPTION")
            .replace("\\n", "\n")
            .replace("\\,", ",")
            .replace("\\;", ";")
            .replace("\\\\", "\\");
        assert_eq!(unescaped, description);
        assert_eq!(calendars[0].events[0].alarms.len(), 1);
    }
}
