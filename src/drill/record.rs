//! The record of drills: what has been rehearsed, when and how well, in a file that people may edit.

use super::archetype::Archetype;
use super::moment::When;
use crate::time::Date;
use serde::{Deserialize, Serialize};

/// One drill that was held.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// The day, `2026-05-14`.
    pub date: String,
    /// The drill's id.
    pub drill: String,
    /// The service that failed.
    pub service: String,
    /// The archetype.
    pub archetype: String,
    /// When the story happened.
    pub when: When,
    /// The true severity.
    pub severity: String,
    /// Whether it was announced.
    #[serde(default = "announced")]
    pub announced: bool,
    /// Points out of 1; none if it was not scored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
}

fn announced() -> bool {
    true
}

/// The file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The drills, in the order of the file.
    #[serde(default)]
    pub drills: Vec<Held>,
}

impl Record {
    /// Reads a record. Errors name line and column, or the drill.
    pub fn read(name: &str, text: &str) -> Result<Record, String> {
        let record: Record = toml::from_str(text).map_err(|error| {
            let place = error.span().map(|span| text.get(..span.start).unwrap_or(text));
            let line = place.map(|before| before.matches('\n').count() + 1);
            let line = line.map(|line| format!(":{line}")).unwrap_or_default();
            format!("{name}{line}: {}", error.message())
        })?;
        for held in &record.drills {
            held.day()
                .map_err(|why| format!("{name}: drill {}: {why}", held.drill))?;
        }
        Ok(record)
    }

    /// The lines that add a drill to the file's end.
    pub fn line(held: &Held) -> Result<String, String> {
        let one = Record {
            drills: vec![held.clone()],
        };
        toml::to_string(&one).map_err(|error| error.to_string())
    }

    /// The file's text with a drill's incidents in it: in place of those that it has of that drill, else at its end. All else
    /// stays as it stands. Errors: the file has the drill in a form that is not known here.
    pub fn with(text: &str, held: &[Held]) -> Result<String, String> {
        let lines: Vec<String> = held.iter().map(Record::line).collect::<Result<_, _>>()?;
        let is_same = |block: &str| {
            let read: Option<Record> = toml::from_str(block).ok();
            let drills = read.map(|record| record.drills).unwrap_or_default();
            drills.iter().any(|old| held.iter().any(|new| new.drill == old.drill))
        };
        let (mut parts, mut place) = (Vec::new(), None);
        for block in blocks(text) {
            let (body, rest) = block.split_at(body_length(block));
            if is_same(body) {
                place.get_or_insert(parts.len());
                parts.push(rest.to_owned());
            } else {
                parts.push(block.to_owned());
            }
        }
        let text = match place {
            Some(place) => {
                parts.insert(place, lines.join("\n"));
                parts.concat()
            }
            None => {
                let gap = match text {
                    "" => "",
                    text if text.ends_with('\n') => "\n",
                    _ => "\n\n",
                };
                format!("{text}{gap}{}", lines.join("\n"))
            }
        };
        let count = |record: Record| {
            let drills = record.drills.iter();
            drills
                .filter(|one| held.iter().any(|new| new.drill == one.drill))
                .count()
        };
        match toml::from_str(&text).map(count) {
            Ok(found) if found == held.len() => Ok(text),
            _ => Err(
                "the drill cannot be added: write every drill of the record as a table of its own, `[[drills]]`".into(),
            ),
        }
    }

    /// Quarters from the last drill that fits to `day`; `None` if there is none.
    pub(super) fn quarters_since(&self, day: Date, fits: impl Fn(&Held) -> bool) -> Option<i32> {
        let theirs = self
            .drills
            .iter()
            .filter(|held| fits(held))
            .filter_map(|held| held.day().ok());
        theirs
            .filter(|held| *held <= day)
            .max()
            .map(|held| quarter(day) - quarter(held))
    }
}

/// The file in pieces, each of which begins with a `[[drills]]`; the first one need not.
fn blocks(text: &str) -> Vec<&str> {
    let mut blocks = Vec::new();
    let (mut from, mut at) = (0, 0);
    for line in text.split_inclusive('\n') {
        if line.trim_start().starts_with("[[") && at > from {
            blocks.push(&text[from..at]);
            from = at;
        }
        at += line.len();
    }
    blocks.push(&text[from..]);
    blocks
}

/// Up to the last line that is neither empty nor a comment: what comes after it belongs to the next block.
fn body_length(block: &str) -> usize {
    let (mut at, mut length) = (0, 0);
    for line in block.split_inclusive('\n') {
        at += line.len();
        let line = line.trim();
        if !line.is_empty() && !line.starts_with('#') {
            length = at;
        }
    }
    length
}

impl Held {
    /// The day.
    pub fn day(&self) -> Result<Date, String> {
        self.date
            .parse()
            .map_err(|misread: crate::time::Misread| misread.to_string())
    }

    /// The time condition that the drill has covered. One of no known hour, or of an evening, has covered none.
    pub fn condition(&self) -> When {
        match self.when {
            When::Holiday => When::Weekend,
            when => when,
        }
    }
}

/// Quarters are counted through the years.
pub(super) fn quarter(day: Date) -> i32 {
    i32::from(day.year()) * 4 + (i32::from(day.month()) - 1) / 3
}

/// An archetype's true severity, by name.
pub(super) fn severity(archetype: &Archetype, severities: &[String]) -> String {
    let index = super::choose::severity_of_rank(archetype.true_severity, severities.len());
    severities.get(index).cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_drill_in_working_hours_has_covered_them() {
        for (when, covers) in [
            (When::Office, When::Office),
            (When::Night, When::Night),
            (When::Weekend, When::Weekend),
            (When::Holiday, When::Weekend),
            (When::ShiftChange, When::ShiftChange),
            (When::Any, When::Any),
        ] {
            let text = format!(
                "[[drills]]\ndate = \"2026-05-14\"\ndrill = \"x\"\nservice = \"app\"\narchetype = \"ddos\"\n\
                 when = \"{}\"\nseverity = \"Sev1\"\n",
                when.word()
            );
            let record = Record::read("drills.toml", &text).expect("sound");
            assert_eq!(record.drills[0].condition(), covers);
        }
    }

    #[test]
    fn a_drill_that_is_recorded_again_takes_its_own_place() {
        let held = |drill: &str, score: f64| Held {
            date: "2026-05-14".into(),
            drill: drill.into(),
            service: "app".into(),
            archetype: "ddos".into(),
            when: When::Office,
            severity: "Sev1".into(),
            announced: true,
            score: Some(score),
        };
        let add = |text: &str, drill: &str, score: f64| Record::with(text, &[held(drill, score)]).expect("sound");
        let text = add(&add("# ours\n", "a", 0.25), "b", 0.5) + "\n# the third\n";
        let again = add(&add(&text, "a", 0.75), "b", 1.0);
        let expected = text.replace("0.25", "0.75").replace("0.5", "1.0");
        assert_eq!(again, expected);
        // Two incidents in place of one.
        let two = Record::with(&text, &[held("a", 0.1), held("a", 0.1)]).expect("sound");
        let ids: Vec<String> = Record::read("x", &two)
            .expect("sound")
            .drills
            .into_iter()
            .map(|one| one.drill)
            .collect();
        assert_eq!(ids, ["a", "a", "b"]);
        assert!(Record::with("drills = []\n", &[held("a", 1.0)]).is_err());
    }

    #[test]
    fn a_drill_that_was_added_is_read_again() {
        let held = Held {
            date: "2026-05-14".into(),
            drill: "7f3a".into(),
            service: "app \"x\"".into(),
            archetype: "ddos".into(),
            when: When::ShiftChange,
            severity: "Sev1".into(),
            announced: false,
            score: Some(0.75),
        };
        let alone = Record::with("", std::slice::from_ref(&held)).expect("written");
        assert_eq!(alone, Record::line(&held).expect("written"));
        let text = alone.repeat(2);
        let record = Record::read("drills.toml", &text).expect("sound");
        assert_eq!(record.drills, [held.clone(), held]);
        let day = |text: &str| text.parse::<Date>().expect("a date");
        assert_eq!(record.quarters_since(day("2026-12-31"), |_| true), Some(2));
        assert_eq!(record.quarters_since(day("2026-05-13"), |_| true), None);
        let error =
            Record::read("drills.toml", &text.replacen("2026-05-14", "2026-05-34", 1)).expect_err("no such day");
        assert!(
            error.starts_with("drills.toml: drill 7f3a: there is no date `2026-05-34`"),
            "{error}"
        );
        assert!(
            Record::read("drills.toml", "[[drills]]\ndate = 3\n")
                .expect_err("a number")
                .starts_with("drills.toml:2: ")
        );
    }
}
